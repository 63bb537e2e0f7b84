// SPDX-License-Identifier: GPL-2.0
/*
 * version: of the tool, the loaded module and the netlink family.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

#ifndef VSWCTL_VERSION
#define VSWCTL_VERSION "unknown"
#endif

const struct arg args_version[] = { { 0 } };

/* NULL: not loaded.  A module need not have a version. */
static const char *module_version(char *buf, int size)
{
	FILE *f = fopen("/sys/module/vswitch/version", "r");

	if (!f)
		return access("/sys/module/vswitch", F_OK) ? NULL : "unknown";
	if (!fgets(buf, size, f))
		*buf = '\0';
	fclose(f);
	buf[strcspn(buf, "\n")] = '\0';
	return buf;
}

int cmd_version(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	struct json_object *obj = json_object_new_object();
	char buf[64], text[256];
	const char *module;

	(void)args;
	(void)vals;
	module = module_version(buf, sizeof(buf));
	json_object_object_add(obj, "vswctl", json_object_new_string(VSWCTL_VERSION));
	if (module)
		json_object_object_add(obj, "module", out_string(module, strlen(module)));
	/* Only of a loaded module: asking for a family loads it. */
	if (module && !nlx_resolve(&ctx->nl))
		json_object_object_add(obj, "family", json_object_new_int(ctx->nl.version));
	if (ctx->out.json) {
		out_object(&ctx->out, obj);
		return ST_OK;
	}
	fprintf(ctx->out.out, "vswctl %s\nmodule %s\n", VSWCTL_VERSION,
		module ? out_text("module", out_find(obj, "module"), text, sizeof(text)) : "not loaded");
	if (ctx->nl.family)
		fprintf(ctx->out.out, "family %u\n", ctx->nl.version);
	json_object_put(obj);
	return ST_OK;
}
