/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands: the table that vswctl.c has, and what its functions share.
 */
#ifndef CMD_H
#define CMD_H

#include <stdbool.h>
#include <stdio.h>

#include "args.h"
#include "nl.h"
#include "out.h"

/**
 * struct ctx - What a command works with.
 * @nl: Connection to the kernel.
 * @out: Printer.
 */
struct ctx {
	struct nlx nl;
	struct out out;
};

/**
 * struct cmd - One command.
 * @noun: First word.
 * @verb: Second word; NULL, there is none.
 * @select: With this keyword after the first argument it is this command, and
 *	not the one of the same noun and verb that follows; or NULL.
 * @args: Arguments.
 * @fn: Does it; returns an enum status.
 * @check: Looks at the words before the kernel is asked for anything; or NULL.
 * @raw: Does it instead of @fn, with words that are not parsed.
 * @no_family: Works without the generic netlink family.
 * @hidden: Not for people.
 * @doc: One line.
 */
struct cmd {
	const char *noun;
	const char *verb;
	const char *select;
	const struct arg *args;
	int (*fn)(struct ctx *ctx, const struct arg *args, const struct arg_val *vals);
	int (*check)(struct ctx *ctx, const struct arg *args, const struct arg_val *vals);
	int (*raw)(struct ctx *ctx, int argc, char **argv);
	bool no_family;
	bool hidden;
	const char *doc;
};

/** cmds - All commands, ended by one without a noun. */
extern const struct cmd cmds[];

/**
 * vswctl_run - The tool, but for its streams.
 * @ctx: A context whose streams and connection are set up.
 * @argc: Number of words after the tool's name.
 * @argv: The words.
 *
 * Return: exit status.
 */
int vswctl_run(struct ctx *ctx, int argc, char **argv);

/**
 * struct options - The options before a command, but for those of the printer.
 * @netns: Network namespace to work in, or NULL.
 * @batch: File with commands, or NULL.
 * @help: Help is wanted.
 * @version: Versions are wanted.
 */
struct options {
	const char *netns;
	const char *batch;
	bool help;
	bool version;
};

/**
 * vswctl_options - Take the options at the begin of a command line.
 * @ctx: Context.
 * @opt: Result, all zero before.
 * @argc: Number of words.
 * @argv: The words.
 * @used: Set to how many of them are options.
 *
 * Return: ST_OK or ST_USAGE.
 */
int vswctl_options(struct ctx *ctx, struct options *opt, int argc, char **argv, int *used);

/**
 * vswctl_enter_netns - Go to a network namespace; no socket may be open yet.
 * @ctx: Context.
 * @name: Its name.
 *
 * Return: an enum status.
 */
int vswctl_enter_netns(struct ctx *ctx, const char *name);

/**
 * vswctl_command - Find and run one command, options excluded.
 * @ctx: Context.
 * @argc: Number of words.
 * @argv: The words.
 *
 * Return: an enum status.
 */
int vswctl_command(struct ctx *ctx, int argc, char **argv);

/**
 * vswctl_batch - Run the commands of a file until one fails.
 * @ctx: Context.
 * @name: Name of the file for messages.
 * @f: The file.
 *
 * Return: an enum status.
 */
int vswctl_batch(struct ctx *ctx, const char *name, FILE *f);

/**
 * cmd_collect - Get one object or dump all, as a JSON array.
 * @ctx: Context.
 * @op: VSWITCH_CMD_x.
 * @flags: NLM_F_DUMP or 0.
 * @args: Arguments that go into the request.
 * @vals: Their values.
 * @list: Result, which the caller puts.
 *
 * A dump that was disturbed by a change is made again, a few times.
 *
 * Return: 0 or a negative errno, with the sentence in the connection.
 */
int cmd_collect(struct ctx *ctx, uint8_t op, unsigned int flags, const struct arg *args,
		const struct arg_val *vals, struct json_object **list);

/**
 * cmd_print - Print what cmd_collect() collected.
 * @ctx: Context.
 * @cols: Columns, or NULL for the long form.
 * @list: The array; the reference is taken over.
 */
void cmd_print(struct ctx *ctx, const struct out_col *cols, struct json_object *list);

/**
 * cmd_attrs - The attributes of a message of the family.
 * @nlh: The message.
 * @op: Set to its operation.
 * @len: Set to their length.
 *
 * Return: the first of them; NULL, one of them is not as the spec has it.
 */
const void *cmd_attrs(const struct nlmsghdr *nlh, uint8_t *op, size_t *len);

/**
 * cmd_decode - Make a JSON object of a message of the family.
 * @nlh: The message.
 * @op: Set to its operation.
 * @err: Set to a negative errno when there is no object.
 *
 * Return: the object, which the caller puts, or NULL.
 */
struct json_object *cmd_decode(const struct nlmsghdr *nlh, uint8_t *op, int *err);

/**
 * cmd_simple - Send the given arguments with an operation that has no reply.
 * @ctx: Context.
 * @op: VSWITCH_CMD_x.
 * @args: Arguments.
 * @vals: Their values.
 *
 * Return: 0 or a negative errno, with the sentence in the connection.
 */
int cmd_simple(struct ctx *ctx, uint8_t op, const struct arg *args, const struct arg_val *vals);

/**
 * cmd_title - "noun verb" of a command.
 * @cmd: The command.
 * @buf: Where to write it.
 * @size: Size of @buf.
 *
 * Return: @buf.
 */
const char *cmd_title(const struct cmd *cmd, char *buf, size_t size);

/**
 * cmd_fdb_split - Make flat entries of an fdb or mdb message.
 * @obj: The decoded message; the reference is taken over.
 * @fn: Takes an entry with the switch's name and number put in.
 * @arg: Passed to @fn.
 */
void cmd_fdb_split(struct json_object *obj, void (*fn)(struct json_object *entry, void *arg),
		   void *arg);

/**
 * vswctl_find - The command that words begin with.
 * @argc: Number of words.
 * @argv: The words.
 * @used: Set to how many of them name it.
 *
 * Return: the command, or NULL.
 */
const struct cmd *vswctl_find(int argc, char **argv, int *used);

/**
 * vswctl_complete - Print what may come next.
 * @ctx: Context.
 * @argc: Number of words, the one being typed included.
 * @argv: The words, options included.
 *
 * Return: ST_OK.
 */
int vswctl_complete(struct ctx *ctx, int argc, char **argv);

/**
 * cmd_monitor_loop - Print events until something fails.
 * @ctx: Context; the groups were joined.
 *
 * Return: ST_REFUSED.
 */
int cmd_monitor_loop(struct ctx *ctx);

/**
 * cmd_vlan_describe - Add a line about its VLANs to a port, as "vlans".
 * @port: Port as the kernel has told of it.
 */
void cmd_vlan_describe(struct json_object *port);

/**
 * cmd_vlan_add_private - Say of ports what they are among private VLANs.
 * @ctx: Context.
 * @ports: Ports as the kernel has told of them; those in a private VLAN get "private"
 *	and "primary" of that.
 * @any: Set to whether there is such a port.
 *
 * Return: 0 or a negative errno, with the sentence in the connection.
 */
int cmd_vlan_add_private(struct ctx *ctx, struct json_object *ports, bool *any);

/**
 * cmd_port_check_node - Complain if the device node of a port is another's.
 * @ctx: Context.
 * @dev: Name of the port.
 * @node: Path of its node.
 *
 * Return: ST_OK or ST_REFUSED.
 */
int cmd_port_check_node(struct ctx *ctx, const char *dev, const char *node);

extern const struct arg args_complete[];

#define CMD(name) \
	extern const struct arg args_##name[]; \
	int cmd_##name(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)

CMD(switch_add);
CMD(switch_set);
CMD(switch_del);
CMD(switch_show);
CMD(port_add);
CMD(port_set);
CMD(port_del);
CMD(port_show);
CMD(vlan_show);
CMD(vlan_set);
CMD(vlan_unset);
CMD(vlan_private);
CMD(vlan_stats);
CMD(fdb_show);
CMD(fdb_load);
CMD(fdb_add);
CMD(fdb_del);
CMD(fdb_flush);
CMD(fdb_get);
CMD(mdb_show);
CMD(mdb_add);
CMD(mdb_del);
CMD(stats_show);
CMD(drops_show);
CMD(qemu_args);
CMD(monitor);
CMD(version);
CMD(help);

int cmd_switch_add_check(struct ctx *ctx, const struct arg *args, const struct arg_val *vals);
int cmd_switch_set_check(struct ctx *ctx, const struct arg *args, const struct arg_val *vals);
int cmd_qemu_args_check(struct ctx *ctx, const struct arg *args, const struct arg_val *vals);
int cmd_port_add_check(struct ctx *ctx, const struct arg *args, const struct arg_val *vals);
int cmd_port_set_check(struct ctx *ctx, const struct arg *args, const struct arg_val *vals);

#undef CMD

#endif /* CMD_H */
