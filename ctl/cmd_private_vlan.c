// SPDX-License-Identifier: GPL-2.0
/*
 * vlan set, unset, private: private VLANs of a switch; vlan stats.
 */
#include <stdio.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include <linux/vswitch.h>

#include "cmd.h"
#include "nl_names.h"

#define VLAN_ATTR(name) .set = &nl_set_vlan, .attr = VSWITCH_A_VLAN_##name
#define ENTRY_ATTR(name) .set = &nl_set_vlan_entry, .attr = VSWITCH_A_VLAN_ENTRY_##name
#define PRIVATE(name) .num = VSWITCH_PRIVATE_VLAN_##name

#define VLAN_SWITCH \
	{ .value = "SWITCH", .kind = ARG_SWITCH, .required = true, VLAN_ATTR(SWITCH_NAME) }
#define VLAN_VID \
	{ .value = "VID", .required = true, ENTRY_ATTR(VLAN), .doc = "Number of the VLAN." }

enum { A_SWITCH, A_VID };

const struct arg args_vlan_set[] = {
	VLAN_SWITCH,
	VLAN_VID,
	{ .word = "primary", .kind = ARG_BARE, .required = true, .excl = 1,
	  ENTRY_ATTR(PRIVATE), PRIVATE(PRIMARY),
	  .doc = "Its ports are promiscuous: they speak to all in its secondary VLANs." },
	{ .word = "isolated", .value = "PRIMARY", .required = true, .excl = 1, ENTRY_ATTR(PRIMARY),
	  .with = VSWITCH_A_VLAN_ENTRY_PRIVATE, PRIVATE(ISOLATED),
	  .doc = "Secondary VLAN of this one; its ports speak to promiscuous ones alone." },
	{ .word = "community", .value = "PRIMARY", .required = true, .excl = 1, ENTRY_ATTR(PRIMARY),
	  .with = VSWITCH_A_VLAN_ENTRY_PRIVATE, PRIVATE(COMMUNITY),
	  .doc = "Secondary VLAN of this one; its ports speak to each other, too." },
	{ 0 }
};

const struct arg args_vlan_unset[] = { VLAN_SWITCH, VLAN_VID, { 0 } };

const struct arg args_vlan_private[] = {
	{ .value = "SWITCH", .kind = ARG_SWITCH, VLAN_ATTR(SWITCH_NAME),
	  .doc = "Only VLANs of this switch." },
	{ 0 }
};

static const struct out_col cols[] = {
	{ "switch-name", "SWITCH", -15 },
	{ "vlan", "VLAN", 4 },
	{ "private", "PRIVATE", -9 },
	{ "primary", "PRIMARY", 7 },
	{ 0 }
};

static struct nl_msg *set_request(struct ctx *ctx, const struct arg *args,
				  const struct arg_val *vals, bool unset)
{
	struct nl_msg *msg = nlx_request(&ctx->nl, VSWITCH_CMD_VLAN_SET, 0);
	struct nlattr *nest;

	if (!msg || args_put(msg, args, vals, &nl_set_vlan) < 0)
		goto fail;
	nest = nla_nest_start(msg, VSWITCH_A_VLAN_ENTRY);
	if (!nest || args_put(msg, args, vals, &nl_set_vlan_entry) < 0)
		goto fail;
	if (unset && nla_put_u32(msg, VSWITCH_A_VLAN_ENTRY_PRIVATE, VSWITCH_PRIVATE_VLAN_NONE) < 0)
		goto fail;
	nla_nest_end(msg, nest);
	return msg;
fail:
	nlmsg_free(msg);
	return NULL;
}

static int set(struct ctx *ctx, const struct arg *args, const struct arg_val *vals, bool unset)
{
	if (nlx_call(&ctx->nl, NLX_GENL, set_request(ctx, args, vals, unset), NULL, NULL))
		return nlx_fail(&ctx->nl, "switch %s, VLAN %s", vals[A_SWITCH].str, vals[A_VID].str);
	return ST_OK;
}

int cmd_vlan_set(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	return set(ctx, args, vals, false);
}

int cmd_vlan_unset(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	return set(ctx, args, vals, true);
}

static void append(struct json_object *entry, void *arg)
{
	json_object_array_add(arg, entry);
}

/* Flat entries, each with its switch, of what was dumped; which goes. */
static struct json_object *split(struct json_object *list)
{
	struct json_object *entries = json_object_new_array();
	size_t i;

	for (i = 0; i < json_object_array_length(list); i++)
		cmd_fdb_split(json_object_get(json_object_array_get_idx(list, i)), append, entries);
	json_object_put(list);
	return entries;
}

int cmd_vlan_private(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	struct json_object *list;

	if (cmd_collect(ctx, VSWITCH_CMD_VLAN_GET, NLM_F_DUMP, args, vals, &list))
		return nlx_fail(&ctx->nl, "vlan private");
	cmd_print(ctx, cols, split(list));
	return ST_OK;
}

const struct arg args_vlan_stats[] = {
	{ .value = "SWITCH", .kind = ARG_SWITCH, VLAN_ATTR(SWITCH_NAME),
	  .doc = "Only ports of this switch." },
	{ .word = "port", .value = "DEV", .kind = ARG_PORT, VLAN_ATTR(PORT_NAME) },
	{ .word = "vlan", .value = "VID", VLAN_ATTR(VLAN) },
	{ 0 }
};

static const struct out_col stats_cols[] = {
	{ "port-name", "PORT", -15 },
	{ "vlan", "VLAN", 4 },
	{ "rx-packets", "RX-PACKETS", 12 },
	{ "rx-bytes", "RX-BYTES", 15 },
	{ "tx-packets", "TX-PACKETS", 12 },
	{ "tx-bytes", "TX-BYTES", 15 },
	{ "switch-name", "SWITCH", -15 },
	{ 0 }
};

int cmd_vlan_stats(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	struct json_object *list;

	if (cmd_collect(ctx, VSWITCH_CMD_VLAN_STATS_GET, NLM_F_DUMP, args, vals, &list))
		return nlx_fail(&ctx->nl, "vlan stats");
	cmd_print(ctx, stats_cols, split(list));
	return ST_OK;
}

static bool same(struct json_object *a, struct json_object *b, const char *key)
{
	struct json_object *x = out_find(a, key), *y = out_find(b, key);

	return x && y && json_object_get_int64(x) == json_object_get_int64(y);
}

/* The private VLAN that a port is in; one of its tags would not make it what that is. */
static struct json_object *find(struct json_object *entries, struct json_object *port)
{
	struct json_object *mode = out_find(port, "vlan-mode"), *entry;
	size_t i;

	if (!mode || !strcmp(json_object_get_string(mode), "trunk"))
		return NULL;
	for (i = 0; i < json_object_array_length(entries); i++) {
		entry = json_object_array_get_idx(entries, i);
		if (same(entry, port, "vlan") && same(entry, port, "switch-ifindex"))
			return entry;
	}
	return NULL;
}

int cmd_vlan_add_private(struct ctx *ctx, struct json_object *ports, bool *any)
{
	static const struct arg none[] = { { 0 } };
	static const struct arg_val no_vals[ARGS_MAX];
	struct json_object *list, *port, *entry, *primary;
	size_t i;
	int err;

	*any = false;
	err = cmd_collect(ctx, VSWITCH_CMD_VLAN_GET, NLM_F_DUMP, none, no_vals, &list);
	if (err)
		return err;
	list = split(list);
	for (i = 0; i < json_object_array_length(ports); i++) {
		port = json_object_array_get_idx(ports, i);
		entry = find(list, port);
		if (!entry)
			continue;
		*any = true;
		json_object_object_add(port, "private", json_object_get(out_find(entry, "private")));
		primary = out_find(entry, "primary");
		if (primary)
			json_object_object_add(port, "primary", json_object_get(primary));
	}
	json_object_put(list);
	return 0;
}
