// SPDX-License-Identifier: GPL-2.0
/*
 * help and complete: the table of commands, for people and for the shell.
 */
#include <dirent.h>
#include <inttypes.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include <linux/vswitch.h>

#include "cmd.h"

const struct arg args_help[] = {
	{ .value = "NOUN", .kind = ARG_WORD, .doc = "First word of a command." },
	{ .value = "VERB", .kind = ARG_WORD, .doc = "Second word of a command." },
	{ 0 }
};

const struct arg args_complete[] = { { 0 } };

static bool wanted(const struct cmd *c, const struct arg_val *vals)
{
	if (c->hidden)
		return false;
	if (vals[0].given && strcmp(c->noun, vals[0].str))
		return false;
	return !vals[1].given || (c->verb && !strcmp(c->verb, vals[1].str));
}

/* A word with its value, what it means, and which numbers or names it takes. */
static void help_arg(FILE *f, const struct arg *a)
{
	const struct nl_attr *d = args_desc(a);
	const struct nl_enum *values = d && a->kind != ARG_BARE ? d->values : NULL;
	char value[256], words[320];
	unsigned int i;

	args_choices(a, "|", value, sizeof(value));
	if (!a->word || a->kind == ARG_BARE || (values && !values->flags))
		snprintf(words, sizeof(words), "%s", a->word ?: value);
	else
		snprintf(words, sizeof(words), "%s %s", a->word, value);
	fprintf(f, "  %-18s %s", words, a->doc ?: d->doc);
	if (args_is_number(a))
		fprintf(f, " (%" PRIu64 " to %" PRIu64 ")", d->min, d->max);
	fputc('\n', f);
	for (i = 0; values && i < values->count; i++)
		fprintf(f, "    %-16s %s\n", values->values[i].name, values->values[i].doc);
}

/* With a verb, what each word means. */
static void help_args(FILE *f, const struct cmd *c)
{
	const struct arg *a;
	bool groups = false;
	char names[256];

	fprintf(f, "  %s\n", c->doc);
	for (a = c->args; a->word || a->value; a++) {
		help_arg(f, a);
		groups |= a->kind == ARG_GROUPS;
	}
	args_group_names(", ", names, sizeof(names));
	if (groups)
		fprintf(f, "  %-18s none, all, or a comma-separated list of 00 to 0f, %s\n", "GROUPS",
			names);
}

int cmd_help(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	char title[64], usage[2048];
	const struct cmd *c;
	bool found = false;

	(void)args;
	if (!vals[0].given)
		fprintf(ctx->out.out, "vswctl [-j] [-p] [-n NETNS] {COMMAND | -b FILE}\n");
	for (c = cmds; c->noun; c++) {
		if (!wanted(c, vals))
			continue;
		found = true;
		args_usage(c->args, usage, sizeof(usage));
		fprintf(ctx->out.out, "vswctl %s%s%s\n", cmd_title(c, title, sizeof(title)),
			*usage ? " " : "", usage);
		if (vals[1].given || (vals[0].given && !c->verb))
			help_args(ctx->out.out, c);
	}
	if (found)
		return ST_OK;
	out_error(&ctx->out, "help: there is no command '%s%s%s'", vals[0].str,
		  vals[1].given ? " " : "", vals[1].given ? vals[1].str : "");
	return ST_USAGE;
}

/* ---- completion ---- */

/* A name that would not be shown as it is cannot be typed either. */
static void offer(struct ctx *ctx, const char *name)
{
	if (out_is_plain(name))
		fprintf(ctx->out.out, "%s\n", name);
}

static void list_netns(struct ctx *ctx)
{
	struct dirent *e;
	DIR *dir = opendir("/run/netns");

	while (dir && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			offer(ctx, e->d_name);
	if (dir)
		closedir(dir);
}

/* Not from /sys, which shows the namespace that it was mounted in. */
static void list_devices(struct ctx *ctx)
{
	struct if_nameindex *all = if_nameindex(), *i;

	for (i = all; i && i->if_name; i++)
		offer(ctx, i->if_name);
	if_freenameindex(all);
}

/* Names of the switches or ports that a dump has, of host ports if wanted. */
static void list_names(struct ctx *ctx, uint8_t op, bool host_ports)
{
	static const struct arg none[] = { { 0 } };
	static const struct arg_val no_vals[ARGS_MAX];
	struct json_object *list, *obj, *name, *number;
	size_t i;

	/* A press of the tab key must not load the module. */
	if (access("/sys/module/vswitch", F_OK) && !ctx->nl.family)
		return;
	if (nlx_resolve(&ctx->nl) || cmd_collect(ctx, op, NLM_F_DUMP, none, no_vals, &list))
		return;
	for (i = 0; i < json_object_array_length(list); i++) {
		obj = json_object_array_get_idx(list, i);
		name = out_find(obj, "name");
		number = out_find(obj, "number");
		if (name && (host_ports || json_object_get_int(number)))
			offer(ctx, json_object_get_string(name));
	}
	json_object_put(list);
}

static void list_values(struct ctx *ctx, const struct arg *a)
{
	const struct nl_attr *d = args_desc(a);
	char choices[256];

	switch (a->kind) {
	case ARG_SWITCH:
		list_names(ctx, VSWITCH_CMD_SWITCH_GET, true);
		break;
	case ARG_PORT:
	case ARG_ATTACHED:
		list_names(ctx, VSWITCH_CMD_PORT_GET, a->kind == ARG_PORT);
		break;
	case ARG_DEV:
		list_devices(ctx);
		break;
	case ARG_GROUPS:
		args_group_names("\n", choices, sizeof(choices));
		fprintf(ctx->out.out, "none\nall\n%s\n", choices);
		break;
	default:
		if (d && d->type == NL_T_VLANS)
			fprintf(ctx->out.out, "all\n");
		else if (d && d->values && d->values->flags) {
			args_enum_names(d->values, "\n", choices, sizeof(choices));
			fprintf(ctx->out.out, "none\nall\n%s\n", choices);
		} else if (args_choices(a, "\n", choices, sizeof(choices))) {
			fprintf(ctx->out.out, "%s\n", choices);
		}
	}
}

static void list_nouns(struct ctx *ctx)
{
	const struct cmd *c;
	const char *last = "";

	for (c = cmds; c->noun; c++) {
		if (!c->hidden && strcmp(c->noun, last))
			fprintf(ctx->out.out, "%s\n", c->noun);
		last = c->noun;
	}
}

static void list_verbs(struct ctx *ctx, const char *noun)
{
	const struct cmd *c;

	for (c = cmds; c->noun; c++)
		if (!c->hidden && c->verb && !c->select && !strcmp(c->noun, noun))
			fprintf(ctx->out.out, "%s\n", c->verb);
}

static void list_args(struct ctx *ctx, const struct cmd *c, int argc, char **argv)
{
	struct arg_val vals[ARGS_MAX];
	const struct arg *a, *next;
	bool required;

	next = args_pending(c->args, argc, argv, vals);
	if (next) {
		list_values(ctx, next);
		return;
	}
	required = false;
	for (a = c->args; a->word || a->value; a++) {
		if (a->word || vals[a - c->args].given)
			continue;
		list_values(ctx, a);
		required = a->required;
		break;
	}
	for (a = c->args; !required && (a->word || a->value); a++)
		if (a->word && !vals[a - c->args].given && !args_excluded(c->args, vals, a))
			fprintf(ctx->out.out, "%s\n", a->word);
}

/* The options before the command: how many to skip, -1 when nothing may follow. */
static int skip_options(struct ctx *ctx, int argc, char **argv)
{
	struct options opt = { 0 };
	const char *last;
	int used;

	if (!vswctl_options(ctx, &opt, argc - 1, argv, &used))
		return opt.batch || (opt.netns && vswctl_enter_netns(ctx, opt.netns)) ? -1 : used;
	last = argv[argc - 2];
	if (*last == '-' && last[strlen(last) - 1] == 'n')
		list_netns(ctx);
	return -1;
}

int vswctl_complete(struct ctx *ctx, int argc, char **argv)
{
	int skip = skip_options(ctx, argc, argv), used = 0;
	const struct cmd *c, *alt;

	if (skip < 0)
		return ST_OK;
	argc -= skip;
	argv += skip;
	if (argc <= 1) {
		list_nouns(ctx);
		return ST_OK;
	}
	/* The last word is being typed and does not count. */
	c = vswctl_find(argc - 1, argv, &used);
	if (!c) {
		if (argc == 2)
			list_verbs(ctx, argv[0]);
		return ST_OK;
	}
	list_args(ctx, c, argc - 1 - used, argv + used);
	for (alt = cmds; alt->noun; alt++)
		if (alt->select && alt->fn != c->fn && !strcmp(alt->noun, c->noun) &&
		    !strcmp(alt->verb, c->verb ?: "") && argc - 1 - used == 1)
			fprintf(ctx->out.out, "%s\n", alt->select);
	return ST_OK;
}
