// SPDX-License-Identifier: GPL-2.0
/*
 * monitor: one line per event, until it is stopped.
 */
#include <errno.h>
#include <string.h>

#include <linux/vswitch.h>

#include "cmd.h"
#include "nl_names.h"

const struct arg args_monitor[] = {
	[NLX_GROUP_SWITCH] = { .word = "switch", .kind = ARG_BARE, .doc = "Events of switches." },
	[NLX_GROUP_PORT] = { .word = "port", .kind = ARG_BARE, .doc = "Events of ports." },
	[NLX_GROUP_FDB] = { .word = "fdb", .kind = ARG_BARE, .doc = "Events of forwarding entries." },
	[NLX_GROUP_MDB] = { .word = "mdb", .kind = ARG_BARE, .doc = "Events of multicast groups." },
	{ 0 }
};

struct monitor {
	struct ctx *ctx;
	const char *op;
};

static void print_words(struct out *o, struct json_object *event, bool first)
{
	char buf[OUT_TEXT_MAX];

	json_object_object_foreach(event, key, val) {
		/* Counters of the moment are not what happened. */
		if (!strcmp(key, "stats"))
			continue;
		if (json_object_is_type(val, json_type_object)) {
			print_words(o, val, false);
			continue;
		}
		out_text(key, val, buf, sizeof(buf));
		if (first)
			fprintf(o->out, "%s", buf);
		else
			fprintf(o->out, " %s %s", key, buf);
		first = false;
	}
}

static void print_line(struct out *o, struct json_object *event)
{
	print_words(o, event, true);
	fputc('\n', o->out);
}

/* Prints "cmd" and the members of @obj; takes the reference over. */
static void print_event(struct json_object *obj, void *arg)
{
	struct json_object *event = json_object_new_object();
	struct monitor *m = arg;
	struct out *o = &m->ctx->out;

	json_object_object_add(event, "cmd", json_object_new_string(m->op));
	json_object_object_foreach(obj, key, val)
		json_object_object_add(event, key, json_object_get(val));
	if (o->json)
		out_line(o, json_object_get(event));
	else
		print_line(o, event);
	fflush(o->out);
	json_object_put(event);
	json_object_put(obj);
}

/* Of the FDB or of multicast groups: many entries in a message. */
static void print_entries(struct monitor *m, struct json_object *obj)
{
	struct json_object *lost = out_find(obj, "overrun"), *head;

	if (lost) {
		head = json_object_new_object();
		json_object_object_foreach(obj, key, val)
			if (!json_object_is_type(val, json_type_array))
				json_object_object_add(head, key, json_object_get(val));
		print_event(head, m);
	}
	cmd_fdb_split(obj, print_event, m);
}

static int take_event(const struct nlmsghdr *nlh, void *arg)
{
	struct monitor *m = arg;
	struct json_object *obj;
	uint8_t op;
	int err;

	obj = cmd_decode(nlh, &op, &err);
	if (!obj)
		return err;
	m->op = nl_cmds[op].name;
	if (nl_cmds[op].set == &nl_set_fdb || nl_cmds[op].set == &nl_set_mdb)
		print_entries(m, obj);
	else
		print_event(obj, m);
	return ferror(m->ctx->out.out) ? -EPIPE : 0;
}

static int join_groups(struct ctx *ctx, const struct arg_val *vals)
{
	bool all = true;
	int i, err;

	for (i = 0; i < NLX_GROUPS; i++)
		all &= !vals[i].given;
	for (i = 0; i < NLX_GROUPS; i++) {
		err = all || vals[i].given ? nlx_join(&ctx->nl, i) : 0;
		if (err)
			return err;
	}
	return 0;
}

int cmd_monitor_loop(struct ctx *ctx)
{
	struct monitor m = { .ctx = ctx };
	int err;

	do {
		err = nlx_listen(&ctx->nl, take_event, &m);
		if (err == -ENOBUFS) {
			out_warning(&ctx->out, "events were lost, they came faster than they were read");
			m.op = "overrun";
			if (ctx->out.json)
				print_event(json_object_new_object(), &m);
		}
	} while (err == -ENOBUFS);
	return ferror(ctx->out.out) ? ST_REFUSED : nlx_fail(&ctx->nl, "monitor");
}

int cmd_monitor(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	(void)args;
	if (join_groups(ctx, vals))
		return nlx_fail(&ctx->nl, "monitor");
	return cmd_monitor_loop(ctx);
}
