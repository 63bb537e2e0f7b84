// SPDX-License-Identifier: GPL-2.0
/*
 * port add, set, del, show.
 */
#include <linux/vswitch.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "cmd.h"
#include "nl_names.h"

#define PORT_ATTR(name) .set = &nl_set_port, .attr = VSWITCH_A_PORT_##name

#define GUARD_ATTR(name) .set = &nl_set_guard, .attr = VSWITCH_A_GUARD_##name

/* What a word says of the mode, and what the attribute of its value. */
#define PORT_MODE(name) .with = VSWITCH_A_PORT_VLAN_MODE, .num = VSWITCH_VLAN_MODE_##name

#define PORT_VLANS \
	{ .word = "access", .value = "VID", .excl = 2, PORT_ATTR(VLAN), PORT_MODE(ACCESS), \
	  .doc = "In this VLAN, whose frames are untagged on the wire." }, \
	{ .word = "trunk", .value = "LIST", .excl = 2, PORT_ATTR(TRUNK), PORT_MODE(TRUNK), \
	  .doc = "In these VLANs, whose frames are tagged on the wire; or all." }, \
	{ .word = "dot1q-tunnel", .value = "VID", .excl = 2, PORT_ATTR(VLAN), PORT_MODE(DOT1Q_TUNNEL), \
	  .doc = "In this service VLAN, which carries the frames with all 802.1Q tags of the customer's." }, \
	{ .word = "no-vlan", .kind = ARG_BARE, .excl = 2, PORT_ATTR(VLAN_MODE), \
	  .doc = "In no VLAN, as a new port is." }, \
	{ .word = "native", .value = "VID", PORT_ATTR(VLAN), \
	  .doc = "Of a trunk: VLAN of untagged frames. None by default." }, \
	{ .word = "service", .value = "LIST", PORT_ATTR(SERVICE), PORT_MODE(TRUNK), \
	  .doc = "Of a trunk: VLANs with IEEE 802.1ad tags." }, \
	{ .word = "translate", .value = "A:B,...", PORT_ATTR(TRANSLATE), \
	  .doc = "Of a trunk: VLAN B of the switch is A in tags." }

#define TRUNK_CHANGE(name) .set = &nl_set_trunk_change, .attr = VSWITCH_A_TRUNK_CHANGE_##name

#define PORT_GUARD \
	{ .word = "bpdu-guard", GUARD_ATTR(BPDU_GUARD) }, \
	{ .word = "storm-unicast", .value = "N", GUARD_ATTR(STORM_UNICAST) }, \
	{ .word = "storm-multicast", .value = "N", GUARD_ATTR(STORM_MULTICAST) }, \
	{ .word = "storm-broadcast", .value = "N", GUARD_ATTR(STORM_BROADCAST) }, \
	{ .word = "storm-guard", GUARD_ATTR(STORM_GUARD) }, \
	{ .word = "loop-detect", GUARD_ATTR(LOOP_DETECT), \
	  .doc = "Whether probes are sent out of it; when one comes back, a guest's port in the loop is quarantined. off by default." }, \
	{ .word = "stp-state", GUARD_ATTR(STP_STATE) }, \
	{ .word = "quarantine", GUARD_ATTR(QUARANTINE), \
	  .doc = "Whether it is in quarantine: on puts it there until off, and off takes it out." }

#define MCAST_ATTR(name) .set = &nl_set_mcast, .attr = VSWITCH_A_MCAST_MCAST_##name

#define PORT_MCAST \
	{ .word = "mcast-router", MCAST_ATTR(ROUTER), \
	  .doc = "Whether there is a multicast router. auto by default: when one is heard; never for guests." }, \
	{ .word = "mcast-fast-leave", MCAST_ATTR(FAST_LEAVE), \
	  .doc = "Whether who leaves a multicast group is the last one there. off by default." }, \
	{ .word = "mcast-limit", .value = "N", MCAST_ATTR(LIMIT), \
	  .doc = "Largest number of multicast groups that hosts join; 0, no limit. 256 for guests by default." }

#define PORT_SETTINGS \
	{ .word = "role", PORT_ATTR(ROLE) }, \
	{ .word = "mtu", .value = "N", PORT_ATTR(MTU), \
	  .doc = "MTU of the device. As it is by default; that of the switch for one that is made." }, \
	{ .word = "learning", PORT_ATTR(LEARNING), \
	  .doc = "Whether source addresses are learned. on by default." }, \
	{ .word = "mac-limit", .value = "N", PORT_ATTR(MAC_LIMIT), \
	  .doc = "Largest number of entries that are learned; 0, no limit. By default that of the role." }, \
	{ .word = "group-forward", .value = "GROUPS", .kind = ARG_GROUPS, PORT_ATTR(GROUP_FORWARD), \
	  .doc = "Reserved group addresses that are forwarded. none by default." }, \
	{ .word = "group-host", .value = "GROUPS", .kind = ARG_GROUPS, PORT_ATTR(GROUP_HOST), \
	  .doc = "Reserved group addresses that the host gets. All but pause by default." }, \
	{ .word = "locked", PORT_ATTR(LOCKED), \
	  .doc = "Whether only stations that are entries of the port may send. off by default." }, \
	{ .word = "sticky", PORT_ATTR(STICKY), \
	  .doc = "Whether addresses that are learned stay at the port for ever. off by default." }, \
	{ .word = "flood", .value = "KINDS", PORT_ATTR(FLOOD), \
	  .doc = "Frames that leave by the port when they are flooded: none, all or a list. all by default." }, \
	{ .word = "hairpin", PORT_ATTR(HAIRPIN), \
	  .doc = "Whether frames may leave by the port they came in by. off by default." }, \
	{ .word = "isolated", PORT_ATTR(ISOLATED), \
	  .doc = "Whether it speaks to promiscuous ports only: those neither isolated nor in a community. off by default." }, \
	{ .word = "community", .value = "N", PORT_ATTR(COMMUNITY), \
	  .doc = "It speaks to ports of the same community, and to promiscuous ones; 0, all (the default)." }, \
	PORT_GUARD, \
	PORT_MCAST, \
	PORT_VLANS

const struct arg args_port_add[] = {
	{ .value = "SWITCH", .kind = ARG_SWITCH, .required = true, PORT_ATTR(SWITCH_NAME) },
	{ .value = "DEV", .kind = ARG_DEV, .required = true, PORT_ATTR(NAME),
	  .doc = "Name of the device, which becomes that of the port." },
	{ .word = "type", PORT_ATTR(TYPE),
	  .doc = "What DEV is: tap makes it, for QEMU to open by its node, and internal, for a stack of the host. attached by default." },
	{ .word = "queues", .value = "N", PORT_ATTR(QUEUES),
	  .doc = "Of a tap: largest number of queues. 1 by default." },
	{ .word = "owner", .value = "USER", .kind = ARG_USER, PORT_ATTR(OWNER),
	  .doc = "Of a tap: who may open its node. root by default." },
	{ .word = "group", .value = "GROUP", .kind = ARG_GROUP, PORT_ATTR(GROUP),
	  .doc = "Of a tap: who else may. Nobody by default." },
	{ .word = "address", .value = "MAC", PORT_ATTR(ADDRESS),
	  .doc = "Of a device that is made. Random by default." },
	PORT_SETTINGS,
	{ 0 }
};

const struct arg args_port_set[] = {
	{ .value = "DEV", .kind = ARG_PORT, .required = true, PORT_ATTR(NAME) },
	{ .word = "switch", .value = "SWITCH", .kind = ARG_SWITCH, PORT_ATTR(SWITCH_NAME),
	  .doc = "Its switch. Only needed for the host port of a switch that is a port of another one, too." },
	PORT_SETTINGS,
	{ .word = "trunk-add", .value = "LIST", TRUNK_CHANGE(ADD),
	  .doc = "Of a trunk: VLANs that it is to have as well." },
	{ .word = "trunk-del", .value = "LIST", TRUNK_CHANGE(DEL),
	  .doc = "Of a trunk: VLANs of its list that it is to leave." },
	{ 0 }
};

const struct arg args_port_del[] = {
	{ .value = "DEV", .kind = ARG_ATTACHED, .required = true, PORT_ATTR(NAME) },
	{ 0 }
};

const struct arg args_port_show[] = {
	{ .value = "DEV", .kind = ARG_PORT, .excl = 1, PORT_ATTR(NAME), .doc = "Only this port." },
	{ .word = "switch", .value = "SWITCH", .kind = ARG_SWITCH, .excl = 1, PORT_ATTR(SWITCH_NAME),
	  .doc = "Only ports of this switch." },
	{ 0 }
};

/*
 * /dev is one for all network namespaces, and in another one a macvtap may have
 * had the same interface index before: then the path is that of its node.  What
 * sysfs of this namespace says of the device is true.
 */
static bool node_is_taken(const char *dev, const char *node)
{
	const char *base = strrchr(node, '/');
	unsigned int major = 0, minor = 0;
	char path[256];
	struct stat st;
	FILE *file;
	int num;

	snprintf(path, sizeof(path), "/sys/class/net/%s/%s/dev", dev, base ? base + 1 : node);
	file = fopen(path, "re");
	if (!file)
		return false;
	num = fscanf(file, "%u:%u", &major, &minor);
	fclose(file);
	return num == 2 && !stat(node, &st) && st.st_rdev != makedev(major, minor);
}

int cmd_port_check_node(struct ctx *ctx, const char *dev, const char *node)
{
	if (!node_is_taken(dev, node))
		return ST_OK;
	out_error(&ctx->out, "port %s: it is a port, but %s is not its node: "
		  "another device had the name before. Delete the port, and add it again.",
		  dev, node);
	return ST_REFUSED;
}

/* Where QEMU finds a direct tap. */
static int print_node(struct ctx *ctx, const char *dev, struct json_object *port)
{
	struct json_object *value;
	const char *node;

	if (!json_object_object_get_ex(port, "node", &value))
		return ST_OK;
	node = json_object_get_string(value);
	if (cmd_port_check_node(ctx, dev, node))
		return ST_REFUSED;
	if (!ctx->out.json)
		fprintf(ctx->out.out, "%s\n", node);
	return ST_OK;
}

/* The argument of a word, or NULL if it is not given. */
static const struct arg *given(const struct arg *args, const struct arg_val *vals, const char *word)
{
	int i;

	for (i = 0; args[i].word || args[i].value; i++)
		if (vals[i].given && args[i].word && !strcmp(args[i].word, word))
			return &args[i];
	return NULL;
}

/* What belongs to a trunk is given with one. */
static int check_trunk(struct ctx *ctx, const char *what, const struct arg *args,
		       const struct arg_val *vals)
{
	static const char *const of_trunk[] = { "native", "service", "translate" };
	static const char *const others[] = { "access", "dot1q-tunnel", "no-vlan" };
	unsigned int i, j;

	for (i = 0; i < 3; i++) {
		if (!given(args, vals, of_trunk[i]))
			continue;
		for (j = 0; j < 3; j++) {
			if (!given(args, vals, others[j]))
				continue;
			out_error(&ctx->out, "%s: '%s' does not go with %s", what, of_trunk[i],
				  others[j]);
			return ST_USAGE;
		}
		if (!given(args, vals, "trunk") && !given(args, vals, "service")) {
			out_error(&ctx->out, "%s: '%s' needs the trunk's VLANs: trunk LIST", what,
				  of_trunk[i]);
			return ST_USAGE;
		}
	}
	return ST_OK;
}

int cmd_port_add_check(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	return check_trunk(ctx, "port add", args, vals);
}

int cmd_port_add(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	struct json_object *list, *port;
	int status = ST_OK;

	if (cmd_collect(ctx, VSWITCH_CMD_PORT_NEW, 0, args, vals, &list))
		return nlx_fail(&ctx->nl, "port %s", vals[1].str);
	/* People see that it worked, and what they cannot know; scripts get all. */
	if (json_object_array_length(list)) {
		port = json_object_array_get_idx(list, 0);
		status = print_node(ctx, vals[1].str, port);
		if (ctx->out.json)
			out_object(&ctx->out, json_object_get(port));
	}
	json_object_put(list);
	return status;
}

/* A list is set anew, or changed. */
static int check_change(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	static const char *const anew[] = {
		"access", "trunk", "dot1q-tunnel", "no-vlan", "native", "service", "translate",
	};
	const struct arg *change = given(args, vals, "trunk-add") ?:
				   given(args, vals, "trunk-del");
	unsigned int i;

	for (i = 0; change && i < sizeof(anew) / sizeof(*anew); i++) {
		if (!given(args, vals, anew[i]))
			continue;
		out_error(&ctx->out, "port set: '%s' does not go with %s", change->word, anew[i]);
		return ST_USAGE;
	}
	return ST_OK;
}

int cmd_port_set_check(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	int i;

	/* What names the port, and its switch, changes nothing. */
	for (i = 2; i < ARGS_MAX && !vals[i].given; i++)
		;
	if (i == ARGS_MAX) {
		out_error(&ctx->out, "port set: there is nothing to change");
		return ST_USAGE;
	}
	return check_change(ctx, args, vals) ?: check_trunk(ctx, "port set", args, vals);
}

int cmd_port_set(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	if (cmd_simple(ctx, VSWITCH_CMD_PORT_SET, args, vals))
		return nlx_fail(&ctx->nl, "port %s", vals[0].str);
	return ST_OK;
}

int cmd_port_del(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	if (cmd_simple(ctx, VSWITCH_CMD_PORT_DEL, args, vals))
		return nlx_fail(&ctx->nl, "port %s", vals[0].str);
	return ST_OK;
}

static const struct out_col port_cols[] = {
	{ "name", "PORT", -15 },
	{ "switch-name", "SWITCH", -15 },
	{ "number", "NUMBER", 6 },
	{ "type", "TYPE", -8 },
	{ "role", "ROLE", -6 },
	{ "state", "STATE", -11 },
	{ "mtu", "MTU", 5 },
	{ "learning", "LEARNING", -8 },
	{ "fdb-count", "FDB", 8 },
	{ "mac-limit", "LIMIT", 8 },
	{ "vlans", "VLAN", -4 },
	{ 0 }
};

int cmd_port_show(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	bool one = vals[0].given;
	struct json_object *list;
	size_t i;

	if (cmd_collect(ctx, VSWITCH_CMD_PORT_GET, one ? 0 : NLM_F_DUMP, args, vals, &list))
		return one ? nlx_fail(&ctx->nl, "port %s", vals[0].str) :
			     nlx_fail(&ctx->nl, "port show");
	for (i = 0; !one && !ctx->out.json && i < json_object_array_length(list); i++)
		cmd_vlan_describe(json_object_array_get_idx(list, i));
	cmd_print(ctx, one ? NULL : port_cols, list);
	return ST_OK;
}
