// SPDX-License-Identifier: GPL-2.0
/*
 * vswctl: the command line of the vswitch module.  Options, the table of
 * commands, dispatch and batch files.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

#define WORDS_MAX 64

#define CMD_FN(name) .args = args_##name, .fn = cmd_##name

const struct cmd cmds[] = {
	{ "switch", "add", CMD_FN(switch_add), .check = cmd_switch_add_check,
	  .no_family = true, .doc = "Make a switch." },
	{ "switch", "set", CMD_FN(switch_set), .check = cmd_switch_set_check,
	  .doc = "Change settings of a switch." },
	{ "switch", "del", CMD_FN(switch_del), .doc = "Delete a switch." },
	{ "switch", "show", CMD_FN(switch_show), .doc = "Show all switches, or all of one." },
	{ "port", "add", CMD_FN(port_add), .check = cmd_port_add_check,
	  .doc = "Attach a device to a switch, or make one there." },
	{ "port", "set", CMD_FN(port_set), .check = cmd_port_set_check,
	  .doc = "Change settings of a port." },
	{ "port", "del", CMD_FN(port_del),
	  .doc = "Detach a device from its switch; delete a direct tap or an internal port." },
	{ "port", "show", CMD_FN(port_show), .doc = "Show ports, or all of one port." },
	{ "fdb", "show", CMD_FN(fdb_show), .doc = "Show forwarding entries." },
	{ "fdb", "get", CMD_FN(fdb_get), .doc = "Show one forwarding entry." },
	{ "fdb", "add", .select = "file", CMD_FN(fdb_load),
	  .doc = "Add entries, from lines of MAC DEV [VLAN] [static | sticky]; \"-\" is the standard input." },
	{ "fdb", "add", CMD_FN(fdb_add), .doc = "Add a static entry." },
	{ "fdb", "del", CMD_FN(fdb_del), .doc = "Delete an entry." },
	{ "fdb", "flush", CMD_FN(fdb_flush), .doc = "Delete the entries that match, dynamic ones by default." },
	{ "vlan", "show", CMD_FN(vlan_show), .doc = "Show the VLANs of ports." },
	{ "vlan", "set", CMD_FN(vlan_set), .doc = "Make a VLAN a private one." },
	{ "vlan", "unset", CMD_FN(vlan_unset), .doc = "Make a private VLAN an ordinary one." },
	{ "vlan", "private", CMD_FN(vlan_private), .doc = "Show private VLANs." },
	{ "vlan", "stats", CMD_FN(vlan_stats), .doc = "Show the counters of ports by VLAN." },
	{ "mdb", "show", CMD_FN(mdb_show), .doc = "Show members of multicast groups, routers and queriers." },
	{ "mdb", "add", CMD_FN(mdb_add), .doc = "Make a port a member of a group." },
	{ "mdb", "del", CMD_FN(mdb_del), .doc = "Take a port out of a group." },
	{ "stats", "show", CMD_FN(stats_show), .doc = "Show the counters of ports." },
	{ "drops", "show", CMD_FN(drops_show), .doc = "Show what was not delivered, and why." },
	{ "qemu-args", NULL, CMD_FN(qemu_args), .check = cmd_qemu_args_check,
	  .doc = "Print the arguments with which QEMU has a port." },
	{ "monitor", NULL, CMD_FN(monitor), .doc = "Print events as they happen." },
	{ "version", NULL, CMD_FN(version), .no_family = true, .doc = "Print versions." },
	{ "help", NULL, CMD_FN(help), .no_family = true, .doc = "Print commands, or the words of one." },
	{ "complete", NULL, .args = args_complete, .raw = vswctl_complete, .no_family = true,
	  .hidden = true, .doc = "Print what may come next, for the shell." },
	{ 0 }
};

/* A longer usage line would hide what was wrong, which is said above it. */
#define USAGE_MAX 300

static int usage(struct ctx *ctx, const struct cmd *c)
{
	char title[64], words[USAGE_MAX + 2];

	if (c)
		args_usage(c->args, words, sizeof(words));
	if (!c)
		fprintf(ctx->out.err,
			"usage: vswctl [-j] [-p] [-n NETNS] {NOUN VERB ... | -b FILE}; see vswctl help\n");
	else if (strlen(words) > USAGE_MAX)
		fprintf(ctx->out.err, "usage: vswctl %s ...; see vswctl help %s\n",
			cmd_title(c, title, sizeof(title)), title);
	else
		fprintf(ctx->out.err, "usage: vswctl %s%s%s\n", cmd_title(c, title, sizeof(title)),
			*words ? " " : "", words);
	return ST_USAGE;
}

const struct cmd *vswctl_find(int argc, char **argv, int *used)
{
	const struct cmd *c;

	for (c = cmds; argc && c->noun; c++) {
		*used = c->verb ? 2 : 1;
		if (strcmp(c->noun, argv[0]) || argc < *used)
			continue;
		if (c->verb && strcmp(c->verb, argv[1]))
			continue;
		if (c->select && (argc < 4 || strcmp(c->select, argv[3])))
			continue;
		return c;
	}
	return NULL;
}

/* Which word is wrong, and what could have been there. */
static int unknown_command(struct ctx *ctx, int argc, char **argv)
{
	const struct cmd *c;
	const char *last = "";
	char words[256];
	bool noun_known = false;
	size_t n = 0;

	for (c = cmds; argc && c->noun; c++)
		noun_known |= !strcmp(c->noun, argv[0]);
	for (c = cmds; c->noun && n < sizeof(words); c++) {
		const char *word = noun_known ? c->verb : c->noun;

		if (c->hidden || (noun_known && strcmp(c->noun, argv[0])) || !strcmp(word, last))
			continue;
		n += snprintf(words + n, sizeof(words) - n, "%s%s", n ? ", " : "", word);
		last = word;
	}
	if (!argc)
		out_error(&ctx->out, "a command is missing");
	else if (!noun_known)
		out_error(&ctx->out, "unknown word '%s', it must be one of %s", argv[0], words);
	else if (argc == 1)
		out_error(&ctx->out, "%s: a verb is missing, one of %s", argv[0], words);
	else
		out_error(&ctx->out, "%s: unknown word '%s', it must be one of %s", argv[0], argv[1],
			  words);
	return usage(ctx, NULL);
}

int vswctl_command(struct ctx *ctx, int argc, char **argv)
{
	struct arg_val vals[ARGS_MAX];
	const struct cmd *c;
	char title[64];
	int used;

	c = vswctl_find(argc, argv, &used);
	if (!c)
		return unknown_command(ctx, argc, argv);
	if (c->raw)
		return c->raw(ctx, argc - used, argv + used);
	if (args_parse(&ctx->out, cmd_title(c, title, sizeof(title)), c->args, argc - used,
		       argv + used, vals) ||
	    (c->check && c->check(ctx, c->args, vals)))
		return usage(ctx, c);
	if (!c->no_family && nlx_resolve(&ctx->nl)) {
		out_error(&ctx->out, "%s", *ctx->nl.err.msg ? ctx->nl.err.msg :
						strerror(ctx->nl.err.code));
		return ST_REFUSED;
	}
	return c->fn(ctx, c->args, vals);
}

static int split(char *text, char **words)
{
	char *save, *w;
	int n = 0;

	for (w = strtok_r(text, " \t\r\n", &save); w && *w != '#';
	     w = strtok_r(NULL, " \t\r\n", &save)) {
		if (n == WORDS_MAX)
			return -1;
		words[n++] = w;
	}
	return n;
}

int vswctl_batch(struct ctx *ctx, const char *name, FILE *f)
{
	char *words[WORDS_MAX], *text = NULL;
	size_t size = 0;
	int n, err = ST_OK;

	ctx->out.file = name;
	ctx->out.line = 0;
	while (!err && getline(&text, &size, f) >= 0) {
		ctx->out.line++;
		n = split(text, words);
		if (n < 0) {
			out_error(&ctx->out, "more than %d words", WORDS_MAX);
			err = ST_USAGE;
		} else if (n) {
			err = vswctl_command(ctx, n, words);
		}
	}
	ctx->out.file = NULL;
	if (!err && ferror(f)) {
		out_error(&ctx->out, "cannot read %s: %s", name, strerror(errno));
		err = ST_REFUSED;
	}
	free(text);
	return err;
}

static int batch_file(struct ctx *ctx, const char *name)
{
	FILE *f;
	int err;

	if (!strcmp(name, "-"))
		return vswctl_batch(ctx, "stdin", stdin);
	f = fopen(name, "r");
	if (!f) {
		out_error(&ctx->out, "cannot read %s: %s", name, strerror(errno));
		return ST_REFUSED;
	}
	err = vswctl_batch(ctx, name, f);
	fclose(f);
	return err;
}

int vswctl_enter_netns(struct ctx *ctx, const char *name)
{
	char path[256];
	int fd, err;

	if (!*name || strchr(name, '/') || *name == '.' || strlen(name) > 200) {
		out_error(&ctx->out, "-n: '%s' is not the name of a network namespace", name);
		return ST_USAGE;
	}
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		out_error(&ctx->out, "-n: %s: %s", name,
			  errno == ENOENT ? "there is no such network namespace" : strerror(errno));
		return ST_REFUSED;
	}
	err = setns(fd, CLONE_NEWNET);
	if (err)
		out_error(&ctx->out, "-n: cannot enter network namespace %s: %s", name,
			  strerror(errno));
	close(fd);
	return err ? ST_REFUSED : ST_OK;
}

/* The letters of one word; *i moves on when a value is the next word. */
static int parse_letters(struct ctx *ctx, struct options *opt, int argc, char **argv, int *i)
{
	const char *p, *value, **dest;

	for (p = argv[*i] + 1; *p; p++) {
		switch (*p) {
		case 'j':
			ctx->out.json = true;
			continue;
		case 'p':
			ctx->out.pretty = true;
			continue;
		case 'h':
			opt->help = true;
			continue;
		case 'V':
			opt->version = true;
			continue;
		case 'n':
			dest = &opt->netns;
			break;
		case 'b':
			dest = &opt->batch;
			break;
		default:
			out_error(&ctx->out, "unknown option '%s'", argv[*i]);
			return usage(ctx, NULL);
		}
		value = p[1] ? p + 1 : ++*i < argc ? argv[*i] : NULL;
		if (!value || *dest) {
			out_error(&ctx->out, "option -%c %s", *p,
				  value ? "is given twice" : "needs a value");
			return usage(ctx, NULL);
		}
		*dest = value;
		break;
	}
	return ST_OK;
}

int vswctl_options(struct ctx *ctx, struct options *opt, int argc, char **argv, int *used)
{
	int i, err;

	for (i = 0; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		if (!strcmp(argv[i], "--help")) {
			opt->help = true;
			continue;
		}
		if (!strcmp(argv[i], "--version")) {
			opt->version = true;
			continue;
		}
		err = parse_letters(ctx, opt, argc, argv, &i);
		if (err)
			return err;
	}
	*used = i;
	return ST_OK;
}

static bool is_help(const char *word)
{
	return !strcmp(word, "-h") || !strcmp(word, "--help");
}

/* With the letters of parse_letters(). */
static bool is_option(const char *word)
{
	if (!strcmp(word, "--version"))
		return true;
	return word[0] == '-' && word[1] && !word[1 + strspn(word + 1, "jpnbhV")];
}

/*
 * Options behind the command's first word.  Only help is given there: the others
 * could be names of devices.
 */
static int late_options(struct ctx *ctx, struct options *opt, int argc, char **argv)
{
	const char *late = NULL;
	const struct cmd *c;
	int i, used;

	c = vswctl_find(argc, argv, &used);
	if (c && c->raw)
		return ST_OK;
	for (i = 1; i < argc; i++) {
		opt->help |= is_help(argv[i]);
		if (!late && is_option(argv[i]))
			late = argv[i];
	}
	if (opt->help || !late)
		return ST_OK;
	out_error(&ctx->out, "options such as %s come before the command", late);
	return usage(ctx, NULL);
}

/* "port add --help" is "help port add"; what follows the command is ignored. */
static int help_of(struct ctx *ctx, int argc, char **argv)
{
	char help[] = "help", *words[3] = { help };
	int used, n;

	if (!vswctl_find(argc, argv, &used))
		used = 2;
	for (n = 0; n < used && n < argc && !is_help(argv[n]); n++)
		words[1 + n] = argv[n];
	return vswctl_command(ctx, 1 + n, words);
}

int vswctl_run(struct ctx *ctx, int argc, char **argv)
{
	char version[] = "version", *version_words[] = { version };
	struct options opt = { 0 };
	int used, err;

	err = vswctl_options(ctx, &opt, argc, argv, &used);
	if (err)
		return err;
	argc -= used;
	argv += used;
	err = late_options(ctx, &opt, argc, argv);
	if (err)
		return err;
	if (opt.help)
		return help_of(ctx, argc, argv);
	if (opt.version)
		return vswctl_command(ctx, 1, version_words);
	if (opt.batch && argc) {
		out_error(&ctx->out, "'%s' does not go with -b", argv[0]);
		return usage(ctx, NULL);
	}
	/* Before any socket: a socket stays where it was opened. */
	err = opt.netns ? vswctl_enter_netns(ctx, opt.netns) : ST_OK;
	if (err)
		return err;
	if (opt.batch)
		return batch_file(ctx, opt.batch);
	return vswctl_command(ctx, argc, argv);
}

#ifndef VSWCTL_TEST
int main(int argc, char **argv)
{
	struct ctx ctx = { .out = { .out = stdout, .err = stderr } };
	int err;

	/* A reader that went away is an error like others, not a death. */
	signal(SIGPIPE, SIG_IGN);
	nlx_init(&ctx.nl, &ctx.out);
	err = vswctl_run(&ctx, argc - 1, argv + 1);
	nlx_close(&ctx.nl);
	if (fflush(stdout) || ferror(stdout)) {
		if (errno != EPIPE)
			fprintf(stderr, "vswctl: cannot write: %s\n", strerror(errno));
		err = err ?: ST_REFUSED;
	}
	return err;
}
#endif
