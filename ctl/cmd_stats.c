// SPDX-License-Identifier: GPL-2.0
/*
 * stats show, drops show: the counters of ports.
 */
#include <string.h>

#include <linux/vswitch.h>

#include "cmd.h"
#include "nl_names.h"

#define PORT_FILTER \
	{ .value = "DEV", .kind = ARG_PORT, .excl = 1, \
	  .set = &nl_set_port, .attr = VSWITCH_A_PORT_NAME, .doc = "Only this port." }, \
	{ .word = "switch", .value = "SWITCH", .kind = ARG_SWITCH, .excl = 1, \
	  .set = &nl_set_port, .attr = VSWITCH_A_PORT_SWITCH_NAME, \
	  .doc = "Only ports of this switch." }

enum { A_DEV, A_SWITCH, A_ALL };

const struct arg args_stats_show[] = {
	PORT_FILTER,
	{ 0 }
};

const struct arg args_drops_show[] = {
	PORT_FILTER,
	{ .word = "all", .kind = ARG_BARE, .doc = "Reasons that did not occur, too." },
	{ 0 }
};

/* The port's names and numbers, and its counters; settings are port show's. */
static struct json_object *counters_of(struct json_object *port)
{
	static const char *const keys[] = {
		"ifindex", "name", "switch-ifindex", "switch-name", "number", "stats",
	};
	struct json_object *obj = json_object_new_object(), *val;
	unsigned int i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		val = out_find(port, keys[i]);
		if (val)
			json_object_object_add(obj, keys[i], json_object_get(val));
	}
	return obj;
}

static int collect_ports(struct ctx *ctx, const char *what, const struct arg *args,
			 const struct arg_val *vals, struct json_object **list)
{
	bool one = vals[A_DEV].given;

	if (!cmd_collect(ctx, VSWITCH_CMD_PORT_GET, one ? 0 : NLM_F_DUMP, args, vals, list))
		return ST_OK;
	return one ? nlx_fail(&ctx->nl, "port %s", vals[A_DEV].str) : nlx_fail(&ctx->nl, "%s", what);
}

static const struct out_col stats_cols[] = {
	{ "name", "PORT", -15 },
	{ "stats.rx-packets", "RX-PACKETS", 12 },
	{ "stats.rx-bytes", "RX-BYTES", 15 },
	{ "stats.tx-packets", "TX-PACKETS", 12 },
	{ "stats.tx-bytes", "TX-BYTES", 15 },
	{ "stats.tx-flooded", "FLOODED", 12 },
	{ "stats.drops", "DROPS", 12 },
	{ 0 }
};

int cmd_stats_show(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	struct json_object *list;
	size_t i;

	if (collect_ports(ctx, "stats show", args, vals, &list))
		return ST_REFUSED;
	out_begin(&ctx->out, vals[A_DEV].given ? NULL : stats_cols);
	for (i = 0; i < json_object_array_length(list); i++)
		out_row(&ctx->out, counters_of(json_object_array_get_idx(list, i)));
	out_end(&ctx->out);
	json_object_put(list);
	return ST_OK;
}

static const struct out_col drops_cols[] = {
	{ "name", "PORT", -15 },
	{ "reason", "REASON", -16 },
	{ "frames", "FRAMES", 12 },
	{ "meaning", "MEANING", -1 },
	{ 0 }
};

/* Drop reasons of a port, in the order of the spec, as a JSON object. */
static struct json_object *drops_of(struct json_object *port, bool all)
{
	struct json_object *drops = json_object_new_object(), *have, *val;
	const struct nl_set *set = &nl_set_drops;
	unsigned int i;

	have = out_find(port, "stats.drops");
	for (i = 1; have && i <= set->max; i++) {
		val = out_find(have, set->attrs[i].name);
		if (val && (all || json_object_get_uint64(val)))
			json_object_object_add(drops, set->attrs[i].name, json_object_get(val));
	}
	return drops;
}

static const char *meaning_of(const char *reason)
{
	unsigned int i;

	for (i = 1; i <= nl_set_drops.max; i++)
		if (!strcmp(nl_set_drops.attrs[i].name, reason))
			return nl_set_drops.attrs[i].doc;
	return "";
}

static void print_drops_text(struct ctx *ctx, struct json_object *port, struct json_object *drops)
{
	struct json_object *row;

	json_object_object_foreach(drops, reason, frames) {
		row = json_object_new_object();
		json_object_object_add(row, "name", json_object_get(out_find(port, "name")));
		json_object_object_add(row, "reason", json_object_new_string(reason));
		json_object_object_add(row, "frames", json_object_get(frames));
		json_object_object_add(row, "meaning", json_object_new_string(meaning_of(reason)));
		out_row(&ctx->out, row);
	}
	json_object_put(drops);
}

static void print_drops_json(struct ctx *ctx, struct json_object *port, struct json_object *drops)
{
	struct json_object *obj = counters_of(port), *stats = json_object_new_object();

	json_object_object_add(stats, "drops", drops);
	json_object_object_add(obj, "stats", stats);
	out_row(&ctx->out, obj);
}

int cmd_drops_show(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	struct json_object *list, *port, *drops;
	size_t i;

	if (collect_ports(ctx, "drops show", args, vals, &list))
		return ST_REFUSED;
	out_begin(&ctx->out, drops_cols);
	for (i = 0; i < json_object_array_length(list); i++) {
		port = json_object_array_get_idx(list, i);
		drops = drops_of(port, vals[A_ALL].given);
		if (ctx->out.json)
			print_drops_json(ctx, port, drops);
		else
			print_drops_text(ctx, port, drops);
	}
	out_end(&ctx->out);
	json_object_put(list);
	return ST_OK;
}
