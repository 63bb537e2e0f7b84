// SPDX-License-Identifier: GPL-2.0
/*
 * vlan show, and how the VLANs of a port look in a table.
 */
#include <linux/vswitch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "nl_names.h"

const struct arg args_vlan_show[] = {
	{ .value = "SWITCH", .kind = ARG_SWITCH, .excl = 1, .set = &nl_set_port,
	  .attr = VSWITCH_A_PORT_SWITCH_NAME, .doc = "Only ports of this switch." },
	{ .word = "port", .value = "DEV", .kind = ARG_PORT, .excl = 1, .set = &nl_set_port,
	  .attr = VSWITCH_A_PORT_NAME, .doc = "Only this port." },
	{ 0 }
};

static const char *const keys[] = {
	"name", "switch-name", "vlan-aware", "vlan-mode", "vlan", "trunk", "service", "translate",
	"private", "primary",
};

#define VLAN_COLS \
	{ "name", "PORT", -15 }, \
	{ "switch-name", "SWITCH", -15 }, \
	{ "vlan-aware", "AWARE", -5 }, \
	{ "vlan-mode", "MODE", -12 }, \
	{ "vlan", "UNTAGGED", 8 }, \
	{ "trunk", "TAGGED", -12 }, \
	{ "service", "SERVICE-TAGGED", -14 }, \
	{ "translate", "TRANSLATE", -9 }

static const struct out_col vlan_cols[] = { VLAN_COLS, { 0 } };

static const struct out_col private_cols[] = {
	VLAN_COLS,
	{ "private", "PRIVATE", -9 },
	{ "primary", "PRIMARY", 7 },
	{ 0 }
};

static const char *str(struct json_object *port, const char *key)
{
	struct json_object *val;

	return json_object_object_get_ex(port, key, &val) ? json_object_get_string(val) : NULL;
}

static bool is_aware(struct json_object *port)
{
	struct json_object *val;

	return json_object_object_get_ex(port, "vlan-aware", &val) && json_object_get_boolean(val);
}

/* A word and its value, if it has one. */
static void put_words(FILE *f, const char *word, const char *val)
{
	if (val)
		fprintf(f, " %s %s", word, val);
}

/* As the words that would set them, each with a blank before it. */
static void put_setting(FILE *f, struct json_object *port, const char *mode)
{
	if (strcmp(mode, "trunk")) {
		fprintf(f, " %s", mode);
		if (str(port, "vlan"))
			fprintf(f, " %s", str(port, "vlan"));
		return;
	}
	put_words(f, "trunk", str(port, "trunk"));
	put_words(f, "native", str(port, "vlan"));
	put_words(f, "service", str(port, "service"));
	put_words(f, "translate", str(port, "translate"));
}

/*
 * What the port does comes first: one that carries nothing, and a setting that is not
 * in force, are to be noticed.
 */
void cmd_vlan_describe(struct json_object *port)
{
	const char *mode = str(port, "vlan-mode") ?: "none";
	bool aware = is_aware(port);
	char *text = NULL;
	size_t len;
	FILE *f;

	f = open_memstream(&text, &len);
	if (!f)
		return;
	if (!strcmp(mode, "none")) {
		fputs(aware ? " none: carries nothing" : " any", f);
	} else {
		fputs(aware ? "" : " any (not in force:", f);
		put_setting(f, port, mode);
		fputs(aware ? "" : ")", f);
	}
	fclose(f);
	/* Without the first blank. */
	json_object_object_add(port, "vlans", json_object_new_string(text + !!*text));
	free(text);
}

/* The port's name and its VLANs, and nothing else. */
static struct json_object *pick(struct json_object *port)
{
	struct json_object *obj = json_object_new_object(), *val;
	unsigned int i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (json_object_object_get_ex(port, keys[i], &val))
			json_object_object_add(obj, keys[i], json_object_get(val));
	return obj;
}

int cmd_vlan_show(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	struct json_object *list, *picked;
	bool one = vals[1].given, any;
	size_t i;

	if (cmd_collect(ctx, VSWITCH_CMD_PORT_GET, one ? 0 : NLM_F_DUMP, args, vals, &list))
		return one ? nlx_fail(&ctx->nl, "port %s", vals[1].str) :
			     nlx_fail(&ctx->nl, "vlan show");
	if (cmd_vlan_add_private(ctx, list, &any)) {
		json_object_put(list);
		return nlx_fail(&ctx->nl, "vlan show");
	}
	picked = json_object_new_array();
	for (i = 0; i < json_object_array_length(list); i++)
		json_object_array_add(picked, pick(json_object_array_get_idx(list, i)));
	json_object_put(list);
	cmd_print(ctx, any ? private_cols : vlan_cols, picked);
	return ST_OK;
}
