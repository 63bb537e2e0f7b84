// SPDX-License-Identifier: GPL-2.0
/*
 * port add, set, del, show.
 */
#include <linux/vswitch.h>

#include "cmd.h"
#include "nl_names.h"

#define PORT_ATTR(name) .set = &nl_set_port, .attr = VSWITCH_A_PORT_##name

#define PORT_SETTINGS \
	{ .word = "role", PORT_ATTR(ROLE) }, \
	{ .word = "learning", PORT_ATTR(LEARNING), \
	  .doc = "Whether source addresses are learned. on by default." }, \
	{ .word = "mac-limit", .value = "N", PORT_ATTR(MAC_LIMIT), \
	  .doc = "Largest number of dynamic entries; 0, no limit. By default that of the role." }, \
	{ .word = "group-forward", .value = "LIST", .kind = ARG_GROUPS, PORT_ATTR(GROUP_FORWARD), \
	  .doc = "Reserved group addresses that are forwarded. none by default." }, \
	{ .word = "group-host", .value = "LIST", .kind = ARG_GROUPS, PORT_ATTR(GROUP_HOST), \
	  .doc = "Reserved group addresses that the host gets. All but pause by default." }

const struct arg args_port_add[] = {
	{ .value = "SWITCH", .kind = ARG_SWITCH, .required = true, PORT_ATTR(SWITCH_NAME) },
	{ .value = "DEV", .kind = ARG_DEV, .required = true, PORT_ATTR(NAME),
	  .doc = "Name of the device, which becomes that of the port." },
	PORT_SETTINGS,
	{ 0 }
};

const struct arg args_port_set[] = {
	{ .value = "DEV", .kind = ARG_ATTACHED, .required = true, PORT_ATTR(NAME) },
	PORT_SETTINGS,
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

int cmd_port_add(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	struct json_object *list;

	if (cmd_collect(ctx, VSWITCH_CMD_PORT_NEW, 0, args, vals, &list))
		return nlx_fail(&ctx->nl, "port %s", vals[1].str);
	/* People see that it worked; scripts get the new port. */
	if (ctx->out.json && json_object_array_length(list))
		out_object(&ctx->out, json_object_get(json_object_array_get_idx(list, 0)));
	json_object_put(list);
	return ST_OK;
}

int cmd_port_set_check(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	int i;

	(void)args;
	for (i = 1; i < ARGS_MAX && !vals[i].given; i++)
		;
	if (i == ARGS_MAX) {
		out_error(&ctx->out, "port set: there is nothing to change");
		return ST_USAGE;
	}
	return ST_OK;
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
	{ "role", "ROLE", -6 },
	{ "state", "STATE", -10 },
	{ "mtu", "MTU", 5 },
	{ "learning", "LEARNING", -8 },
	{ "fdb-count", "FDB", 8 },
	{ "mac-limit", "LIMIT", 8 },
	{ 0 }
};

int cmd_port_show(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	bool one = vals[0].given;
	struct json_object *list;

	if (cmd_collect(ctx, VSWITCH_CMD_PORT_GET, one ? 0 : NLM_F_DUMP, args, vals, &list))
		return one ? nlx_fail(&ctx->nl, "port %s", vals[0].str) :
			     nlx_fail(&ctx->nl, "port show");
	cmd_print(ctx, one ? NULL : port_cols, list);
	return ST_OK;
}
