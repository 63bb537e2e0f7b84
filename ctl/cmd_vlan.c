// SPDX-License-Identifier: GPL-2.0
/*
 * vlan show, and how the VLANs of a port look in a table.
 */
#include <linux/vswitch.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "nl_names.h"
#include "vlans.h"

const struct arg args_vlan_show[] = {
	{ .value = "SWITCH", .kind = ARG_SWITCH, .excl = 1, .set = &nl_set_port,
	  .attr = VSWITCH_A_PORT_SWITCH_NAME, .doc = "Only ports of this switch." },
	{ .word = "port", .value = "DEV", .kind = ARG_PORT, .excl = 1, .set = &nl_set_port,
	  .attr = VSWITCH_A_PORT_NAME, .doc = "Only this port." },
	{ 0 }
};

static const char *const keys[] = {
	"name", "switch-name", "vlan-aware", "vlan-mode", "vlan", "trunk", "service", "translate",
};

static const struct out_col vlan_cols[] = {
	{ "name", "PORT", -15 },
	{ "switch-name", "SWITCH", -15 },
	{ "vlan-aware", "AWARE", -5 },
	{ "vlan-mode", "MODE", -12 },
	{ "vlan", "UNTAGGED", 8 },
	{ "trunk", "TAGGED", -12 },
	{ "service", "SERVICE-TAGGED", -14 },
	{ "translate", "TRANSLATE", -9 },
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

/* As the words that would set them; a port that carries nothing is to be noticed. */
void cmd_vlan_describe(struct json_object *port)
{
	const char *mode = str(port, "vlan-mode") ?: "none";
	const char *vlan = str(port, "vlan"), *trunk = str(port, "trunk");
	const char *service = str(port, "service"), *pairs = str(port, "translate");
	char text[2 * VLANS_TEXT_MAX + 1024];
	bool is_trunk = !strcmp(mode, "trunk");

	if (!strcmp(mode, "none")) {
		snprintf(text, sizeof(text), "%s", is_aware(port) ? "none: carries nothing" : "any");
	} else {
		snprintf(text, sizeof(text), "%s%s%s%s%s%s%s%s%s%s", is_aware(port) ? "" : "any, not ",
			 is_trunk && !trunk ? "" : mode,
			 is_trunk ? trunk ? " " : "" : " ", is_trunk ? trunk ?: "" : vlan ?: "",
			 is_trunk && vlan ? " native " : "", is_trunk ? vlan ?: "" : "",
			 service ? trunk || vlan ? " service " : "service " : "", service ?: "",
			 pairs ? " translate " : "", pairs ?: "");
	}
	json_object_object_add(port, "vlans", json_object_new_string(text));
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
	bool one = vals[1].given;
	size_t i;

	if (cmd_collect(ctx, VSWITCH_CMD_PORT_GET, one ? 0 : NLM_F_DUMP, args, vals, &list))
		return one ? nlx_fail(&ctx->nl, "port %s", vals[1].str) :
			     nlx_fail(&ctx->nl, "vlan show");
	picked = json_object_new_array();
	for (i = 0; i < json_object_array_length(list); i++)
		json_object_array_add(picked, pick(json_object_array_get_idx(list, i)));
	json_object_put(list);
	cmd_print(ctx, vlan_cols, picked);
	return ST_OK;
}
