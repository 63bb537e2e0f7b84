// SPDX-License-Identifier: GPL-2.0
/*
 * What several commands share.
 */
#include <errno.h>
#include <stdio.h>

#include <netlink/msg.h>

#include <linux/vswitch.h>

#include "cmd.h"
#include "nl_names.h"

/* A switch whose ports come and go this fast cannot be listed truthfully. */
#define DUMP_TRIES 5

const void *cmd_attrs(const struct nlmsghdr *nlh, uint8_t *op, size_t *len)
{
	const void *attrs = nlx_attrs(nlh, op, len);

	if (!attrs || !*op || *op > nl_cmds_max || !out_fits(nl_cmds[*op].set, attrs, *len))
		return NULL;
	return attrs;
}

struct json_object *cmd_decode(const struct nlmsghdr *nlh, uint8_t *op, int *err)
{
	const void *attrs;
	size_t len;

	attrs = cmd_attrs(nlh, op, &len);
	*err = attrs ? 0 : -EBADMSG;
	return attrs ? out_decode(nl_cmds[*op].set, attrs, len) : NULL;
}

static int collect_one(const struct nlmsghdr *nlh, void *arg)
{
	struct json_object *list = arg, *obj;
	uint8_t op;
	int err;

	obj = cmd_decode(nlh, &op, &err);
	if (obj)
		json_object_array_add(list, obj);
	return err;
}

static struct nl_msg *make_request(struct ctx *ctx, uint8_t op, unsigned int flags,
				   const struct arg *args, const struct arg_val *vals)
{
	struct nl_msg *msg = nlx_request(&ctx->nl, op, flags);

	if (msg && args_put(msg, args, vals, nl_cmds[op].set) < 0) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

int cmd_simple(struct ctx *ctx, uint8_t op, const struct arg *args, const struct arg_val *vals)
{
	return nlx_call(&ctx->nl, NLX_GENL, make_request(ctx, op, 0, args, vals), NULL, NULL);
}

int cmd_collect(struct ctx *ctx, uint8_t op, unsigned int flags, const struct arg *args,
		const struct arg_val *vals, struct json_object **list)
{
	int err, tries = 0;

	do {
		*list = json_object_new_array();
		err = nlx_call(&ctx->nl, NLX_GENL, make_request(ctx, op, flags, args, vals),
			       collect_one, *list);
		if (err) {
			json_object_put(*list);
			*list = NULL;
			return err;
		}
		if (!ctx->nl.intr)
			return 0;
		if (++tries < DUMP_TRIES)
			json_object_put(*list);
	} while (tries < DUMP_TRIES);
	out_warning(&ctx->out, "there were changes while the list was read, it may be incomplete");
	return 0;
}

void cmd_print(struct ctx *ctx, const struct out_col *cols, struct json_object *list)
{
	size_t i, n = json_object_array_length(list);
	struct out_col fit[OUT_COLS_MAX];

	if (cols && !ctx->out.json) {
		out_fit(fit, cols, list);
		cols = fit;
	}
	out_begin(&ctx->out, cols);
	for (i = 0; i < n; i++)
		out_row(&ctx->out, json_object_get(json_object_array_get_idx(list, i)));
	out_end(&ctx->out);
	json_object_put(list);
}

const char *cmd_title(const struct cmd *cmd, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s", cmd->noun, cmd->verb ? " " : "", cmd->verb ?: "");
	return buf;
}
