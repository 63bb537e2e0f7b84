// SPDX-License-Identifier: GPL-2.0
/*
 * mdb show, add, del: multicast groups and who is in them.
 */
#include <netlink/attr.h>
#include <netlink/msg.h>

#include <linux/vswitch.h>

#include "cmd.h"
#include "nl_names.h"

#define MDB_ATTR(name) .set = &nl_set_mdb, .attr = VSWITCH_A_MDB_##name
#define ENTRY_ATTR(name) .set = &nl_set_mdb_entry, .attr = VSWITCH_A_MDB_ENTRY_##name

#define MDB_MEMBER \
	{ .value = "SWITCH", .kind = ARG_SWITCH, .required = true, MDB_ATTR(SWITCH_NAME) }, \
	{ .value = "GROUP", .required = true, ENTRY_ATTR(GROUP), \
	  .doc = "Its IPv4 or IPv6 address." }, \
	{ .word = "dev", .value = "DEV", .kind = ARG_PORT, .required = true, ENTRY_ATTR(PORT_NAME) }, \
	{ .word = "vlan", .value = "VID", ENTRY_ATTR(VLAN), \
	  .doc = "Its VLAN; that of the untagged frames of DEV by default." }

enum { A_SWITCH, A_GROUP };

const struct arg args_mdb_show[] = {
	{ .value = "SWITCH", .kind = ARG_SWITCH, MDB_ATTR(SWITCH_NAME), .doc = "Only this switch." },
	{ 0 }
};

const struct arg args_mdb_add[] = { MDB_MEMBER, { 0 } };
const struct arg args_mdb_del[] = { MDB_MEMBER, { 0 } };

static const struct out_col mdb_cols[] = {
	{ "group", "GROUP", -15 },
	{ "vlan", "VLAN", 4 },
	{ "port-name", "PORT", -15 },
	{ "type", "TYPE", -7 },
	{ "expires", "EXPIRES", 7 },
	{ "switch-name", "SWITCH", -15 },
	{ "querier", "QUERIER", -15 },
	{ 0 }
};

static void append(struct json_object *entry, void *arg)
{
	json_object_array_add(arg, entry);
}

int cmd_mdb_show(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	struct json_object *list, *flat;
	size_t i;

	if (cmd_collect(ctx, VSWITCH_CMD_MDB_GET, NLM_F_DUMP, args, vals, &list))
		return nlx_fail(&ctx->nl, "mdb show");
	flat = json_object_new_array();
	for (i = 0; i < json_object_array_length(list); i++)
		cmd_fdb_split(json_object_get(json_object_array_get_idx(list, i)), append, flat);
	json_object_put(list);
	cmd_print(ctx, mdb_cols, flat);
	return ST_OK;
}

static struct nl_msg *request(struct ctx *ctx, uint8_t op, const struct arg *args,
			      const struct arg_val *vals)
{
	struct nl_msg *msg = nlx_request(&ctx->nl, op, 0);
	struct nlattr *nest;

	if (!msg || args_put(msg, args, vals, &nl_set_mdb) < 0)
		goto fail;
	nest = nla_nest_start(msg, VSWITCH_A_MDB_ENTRY);
	if (!nest || args_put(msg, args, vals, &nl_set_mdb_entry) < 0)
		goto fail;
	nla_nest_end(msg, nest);
	return msg;
fail:
	nlmsg_free(msg);
	return NULL;
}

static int change(struct ctx *ctx, uint8_t op, const struct arg *args, const struct arg_val *vals)
{
	if (nlx_call(&ctx->nl, NLX_GENL, request(ctx, op, args, vals), NULL, NULL))
		return nlx_fail(&ctx->nl, "mdb %s %s", vals[A_SWITCH].str, vals[A_GROUP].str);
	return ST_OK;
}

int cmd_mdb_add(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	return change(ctx, VSWITCH_CMD_MDB_ADD, args, vals);
}

int cmd_mdb_del(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	return change(ctx, VSWITCH_CMD_MDB_DEL, args, vals);
}
