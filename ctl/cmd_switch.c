// SPDX-License-Identifier: GPL-2.0
/*
 * switch add, set, del, show.  A switch is a link: rtnetlink makes and deletes
 * it and has its address, and the MTU it is made with; the family has its other
 * settings, and the MTU that is set later, for it warns where ports have another.
 */
#include <errno.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/vswitch.h>

#include "cmd.h"
#include "nl_names.h"

#define SWITCH_SETTINGS(mtu_set, mtu_attr) \
	{ .word = "ageing", .value = "SEC", .set = &nl_set_switch, .attr = VSWITCH_A_SWITCH_AGEING, \
	  .doc = "Seconds that silent stations are remembered; 0, for ever. 300 by default." }, \
	{ .word = "fdb-limit", .value = "N", .set = &nl_set_switch, .attr = VSWITCH_A_SWITCH_FDB_LIMIT }, \
	{ .word = "port-limit", .value = "N", .set = &nl_set_switch, .attr = VSWITCH_A_SWITCH_PORT_LIMIT }, \
	{ .word = "move-limit", .value = "N", .set = &nl_set_switch, .attr = VSWITCH_A_SWITCH_MOVE_LIMIT, \
	  .doc = "Moves of an address within move-window, after which it is held; 0, any. 5 by default." }, \
	{ .word = "move-window", .value = "SEC", .set = &nl_set_switch, .attr = VSWITCH_A_SWITCH_MOVE_WINDOW, \
	  .doc = "Seconds over which moves are counted. 10 by default." }, \
	{ .word = "move-hold", .value = "SEC", .set = &nl_set_switch, .attr = VSWITCH_A_SWITCH_MOVE_HOLD, \
	  .doc = "Seconds that an address is held. 10 by default." }, \
	{ .word = "quarantine-time", .value = "SEC", .set = &nl_set_switch, \
	  .attr = VSWITCH_A_SWITCH_QUARANTINE_TIME, \
	  .doc = "Seconds that a port is in quarantine the first time; 0, until it is taken out. 30 by default." }, \
	{ .word = "loop-interval", .value = "SEC", .set = &nl_set_switch, \
	  .attr = VSWITCH_A_SWITCH_LOOP_INTERVAL, \
	  .doc = "Seconds between two probes of ports with loop-detect. 2 by default." }, \
	{ .word = "vlan-aware", .set = &nl_set_switch, .attr = VSWITCH_A_SWITCH_VLAN_AWARE, \
	  .doc = "Whether frames stay in the VLANs of their ports. off by default: tags are carried." }, \
	{ .word = "mcast-snooping", .set = &nl_set_switch, .attr = VSWITCH_A_SWITCH_MCAST_SNOOPING, \
	  .doc = "Whether frames to multicast groups go to members alone, while a querier is heard. off by default." }, \
	{ .word = "mcast-querier", .set = &nl_set_switch, .attr = VSWITCH_A_SWITCH_MCAST_QUERIER, \
	  .doc = "Whether the switch asks for members where nobody else does. off by default." }, \
	{ .word = "mcast-query-interval", .value = "SEC", .set = &nl_set_switch, \
	  .attr = VSWITCH_A_SWITCH_MCAST_QUERY_INTERVAL, \
	  .doc = "Seconds from one of its questions to the next. 125 by default." }, \
	{ .word = "vlan-stats", .set = &nl_set_switch, .attr = VSWITCH_A_SWITCH_VLAN_STATS, \
	  .doc = "Whether frames are counted by port and VLAN. off by default." }, \
	{ .word = "mtu", .value = "N", .set = mtu_set, .attr = mtu_attr }, \
	{ .word = "address", .value = "MAC", .set = &nl_set_link, .attr = IFLA_ADDRESS }

enum {
	A_NAME, A_AGEING, A_FDB_LIMIT, A_PORT_LIMIT, A_MOVE_LIMIT, A_MOVE_WINDOW, A_MOVE_HOLD,
	A_QUARANTINE_TIME, A_LOOP_INTERVAL, A_VLAN_AWARE, A_VLAN_STATS, A_MCAST_SNOOPING, \
	A_MCAST_QUERIER, A_MCAST_INTERVAL, A_MTU, A_ADDRESS
};

const struct arg args_switch_add[] = {
	{ .value = "NAME", .kind = ARG_NEW, .required = true, .set = &nl_set_link, .attr = IFLA_IFNAME },
	SWITCH_SETTINGS(&nl_set_link, IFLA_MTU),
	{ 0 }
};

const struct arg args_switch_set[] = {
	{ .value = "NAME", .kind = ARG_SWITCH, .required = true,
	  .set = &nl_set_switch, .attr = VSWITCH_A_SWITCH_NAME },
	SWITCH_SETTINGS(&nl_set_switch, VSWITCH_A_SWITCH_MTU),
	{ 0 }
};

const struct arg args_switch_del[] = {
	{ .value = "NAME", .kind = ARG_SWITCH, .required = true,
	  .set = &nl_set_switch, .attr = VSWITCH_A_SWITCH_NAME },
	{ 0 }
};

const struct arg args_switch_show[] = {
	{ .value = "NAME", .kind = ARG_SWITCH, .set = &nl_set_switch, .attr = VSWITCH_A_SWITCH_NAME },
	{ 0 }
};

static int check_address(struct ctx *ctx, const char *what, const struct arg_val *v)
{
	static const uint8_t zero[6];

	if (!v->given || (!(v->mac[0] & 1) && memcmp(v->mac, zero, sizeof(zero))))
		return ST_OK;
	out_error(&ctx->out, "%s: address must not be a group address or all zero, as '%s' is", what,
		  v->str);
	return ST_USAGE;
}

static int put_info(struct nl_msg *msg, const struct arg *args, const struct arg_val *vals)
{
	struct nlattr *info, *data;

	info = nla_nest_start(msg, IFLA_LINKINFO);
	if (!info || nla_put_string(msg, IFLA_INFO_KIND, "vswitch") < 0)
		return -1;
	data = nla_nest_start(msg, IFLA_INFO_DATA);
	if (!data || args_put(msg, args, vals, &nl_set_switch) < 0)
		return -1;
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);
	return 0;
}

/*
 * The kernel asks modprobe for a kind it does not know; when that did not help
 * its answer is about device types, and people need to hear of the module.
 */
static bool kind_unknown(struct ctx *ctx)
{
	struct nlx_error saved = ctx->nl.err;
	bool unknown;

	if (saved.code != EOPNOTSUPP)
		return false;
	unknown = nlx_resolve(&ctx->nl) == -ENOENT;
	if (!unknown)
		ctx->nl.err = saved;
	return unknown;
}

int cmd_switch_add_check(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	(void)args;
	return check_address(ctx, "switch add", &vals[A_ADDRESS]);
}

int cmd_switch_add(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	struct nl_msg *msg;

	msg = nlx_link_request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
	if (msg && (args_put(msg, args, vals, &nl_set_link) < 0 || put_info(msg, args, vals) < 0)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	if (!nlx_call(&ctx->nl, NLX_ROUTE, msg, NULL, NULL))
		return ST_OK;
	if (kind_unknown(ctx)) {
		out_error(&ctx->out, "%s", ctx->nl.err.msg);
		return ST_REFUSED;
	}
	return nlx_fail(&ctx->nl, "switch %s", vals[A_NAME].str);
}

/* The switch as it is now; NULL, it was reported why there is none. */
static struct json_object *get_switch(struct ctx *ctx, const struct arg_val *vals)
{
	struct json_object *list, *obj;

	if (cmd_collect(ctx, VSWITCH_CMD_SWITCH_GET, 0, args_switch_show, vals, &list)) {
		nlx_fail(&ctx->nl, "switch %s", vals[A_NAME].str);
		return NULL;
	}
	obj = json_object_get(json_object_array_get_idx(list, 0));
	json_object_put(list);
	if (!obj || !out_find(obj, "ifindex")) {
		nlx_set_error(&ctx->nl, EBADMSG, "the kernel's reply is malformed");
		nlx_fail(&ctx->nl, "switch %s", vals[A_NAME].str);
		json_object_put(obj);
		return NULL;
	}
	return obj;
}

static int ifindex_of(struct json_object *sw)
{
	return json_object_get_int(out_find(sw, "ifindex"));
}

static bool any_given(const struct arg_val *vals, int first, int last)
{
	for (; first <= last; first++)
		if (vals[first].given)
			return true;
	return false;
}

static int set_link(struct ctx *ctx, int ifindex, const struct arg *args, const struct arg_val *vals)
{
	struct nl_msg *msg = nlx_link_request(RTM_SETLINK, 0, ifindex);

	if (msg && args_put(msg, args, vals, &nl_set_link) < 0) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return nlx_call(&ctx->nl, NLX_ROUTE, msg, NULL, NULL);
}

/* What the settings that are to be changed were before. */
static void old_values(struct json_object *sw, const struct arg *args, const struct arg_val *vals,
		       struct arg_val *old)
{
	struct json_object *val;
	int i;

	memset(old, 0, ARGS_MAX * sizeof(*old));
	old[A_NAME] = vals[A_NAME];
	for (i = A_AGEING; i <= A_ADDRESS; i++) {
		val = out_find(sw, args[i].word);
		if (!vals[i].given || !val)
			continue;
		old[i].given = true;
		if (i == A_ADDRESS)
			old[i].given = args_mac(json_object_get_string(val), old[i].mac);
		else
			old[i].num = json_object_get_uint64(val);
	}
}

/*
 * Two requests, and the second may be refused: then the first is taken back, as
 * is what rtnetlink did of the second before it came to the refused attribute.
 */
static int change_switch(struct ctx *ctx, struct json_object *sw, const struct arg *args,
			 const struct arg_val *vals)
{
	bool family = any_given(vals, A_AGEING, A_MTU);
	struct arg_val old[ARGS_MAX];
	struct nlx_error why;

	if (family && cmd_simple(ctx, VSWITCH_CMD_SWITCH_SET, args, vals))
		return nlx_fail(&ctx->nl, "switch %s", vals[A_NAME].str);
	if (!vals[A_ADDRESS].given || !set_link(ctx, ifindex_of(sw), args, vals))
		return ST_OK;
	why = ctx->nl.err;
	old_values(sw, args, vals, old);
	set_link(ctx, ifindex_of(sw), args, old);
	if (family && cmd_simple(ctx, VSWITCH_CMD_SWITCH_SET, args, old))
		out_warning(&ctx->out, "switch %s: not all settings could be restored",
			    vals[A_NAME].str);
	ctx->nl.err = why;
	return nlx_fail(&ctx->nl, "switch %s", vals[A_NAME].str);
}

int cmd_switch_set_check(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	(void)args;
	if (!any_given(vals, A_AGEING, A_ADDRESS)) {
		out_error(&ctx->out, "switch set: there is nothing to change");
		return ST_USAGE;
	}
	return check_address(ctx, "switch set", &vals[A_ADDRESS]);
}

int cmd_switch_set(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	struct json_object *sw;
	int err;

	sw = get_switch(ctx, vals);
	if (!sw)
		return ST_REFUSED;
	err = change_switch(ctx, sw, args, vals);
	json_object_put(sw);
	return err;
}

int cmd_switch_del(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	struct json_object *sw;
	int err;

	(void)args;
	/* RTM_DELLINK deletes any link: ask the module whether it is a switch. */
	sw = get_switch(ctx, vals);
	if (!sw)
		return ST_REFUSED;
	err = nlx_call(&ctx->nl, NLX_ROUTE, nlx_link_request(RTM_DELLINK, 0, ifindex_of(sw)),
		       NULL, NULL);
	json_object_put(sw);
	return err ? nlx_fail(&ctx->nl, "switch %s", vals[A_NAME].str) : ST_OK;
}

static const struct out_col switch_cols[] = {
	{ "name", "SWITCH", -15 },
	{ "address", "ADDRESS", -17 },
	{ "mtu", "MTU", 5 },
	{ "ageing", "AGEING", 7 },
	{ "port-count", "PORTS", 5 },
	{ "port-limit", "LIMIT", 5 },
	{ "fdb-count", "FDB", 8 },
	{ "fdb-limit", "LIMIT", 8 },
	{ "fdb-static", "STATIC", 8 },
	{ "fdb-memory", "KIB", 7 },
	{ "vlan-aware", "VLAN-AWARE", -10 },
	{ 0 }
};

int cmd_switch_show(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	bool one = vals[A_NAME].given;
	struct json_object *list;

	if (cmd_collect(ctx, VSWITCH_CMD_SWITCH_GET, one ? 0 : NLM_F_DUMP, args, vals, &list))
		return one ? nlx_fail(&ctx->nl, "switch %s", vals[A_NAME].str) :
			     nlx_fail(&ctx->nl, "switch show");
	cmd_print(ctx, one ? NULL : switch_cols, list);
	return ST_OK;
}
