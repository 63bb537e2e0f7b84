/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The words of a command.  A command's arguments are a table; parsing, usage
 * lines, help, completion and the attributes of the request come from it.
 * Types and ranges are the spec's.
 */
#ifndef ARGS_H
#define ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nl_types.h"

struct out;
struct nl_msg;

#define ARGS_MAX 64

/** enum arg_kind - What a word stands for, where the spec does not say. */
enum arg_kind {
	/** @ARG_ATTR: Whatever the attribute's type is. */
	ARG_ATTR,
	/** @ARG_BARE: A word without a value. */
	ARG_BARE,
	/** @ARG_NEW: The name of a device that is to be made. */
	ARG_NEW,
	/** @ARG_SWITCH: The name of a switch. */
	ARG_SWITCH,
	/** @ARG_DEV: The name of a device. */
	ARG_DEV,
	/** @ARG_PORT: The name of a port, or of a switch for its host port. */
	ARG_PORT,
	/** @ARG_ATTACHED: The name of a port other than a host port. */
	ARG_ATTACHED,
	/** @ARG_GROUPS: A list of reserved group addresses. */
	ARG_GROUPS,
	/** @ARG_USER: A user, by name or number. */
	ARG_USER,
	/** @ARG_GROUP: A group of users, by name or number. */
	ARG_GROUP,
	/** @ARG_WORD: Any word, a file's name for example. */
	ARG_WORD,
};

/**
 * struct arg - One argument of a command.
 * @word: Its keyword; NULL, it is known by its position.
 * @value: What its value is called in usage lines; NULL, the spec's enum.
 * @kind: What its value is.
 * @required: The command makes no sense without it, or without another one of @excl.
 * @excl: Of those with the same number other than 0, one at most.
 * @set: Attribute set it is sent in, or NULL; that may be one that is nested in the
 *	 set of the command.
 * @attr: Its attribute there.
 * @with: Another attribute of the set that is sent along, once; 0, none.
 * @num: Value of @with; of a word without a value, that of @attr.
 * @doc: What it means, in few words; NULL, the spec's sentence says it.
 */
struct arg {
	const char *word;
	const char *value;
	enum arg_kind kind;
	bool required;
	unsigned char excl;
	const struct nl_set *set;
	uint16_t attr;
	uint16_t with;
	uint32_t num;
	const char *doc;
};

/**
 * struct arg_val - What was given for an argument.
 * @given: It was given at all.
 * @str: The word.
 * @num: Number, enum, mask or on/off.
 * @mac: MAC address.
 * @ip: IP address.
 */
struct arg_val {
	bool given;
	const char *str;
	uint64_t num;
	uint8_t mac[6];
	uint8_t ip[16];
};

/**
 * args_parse - Turn words into values.
 * @o: Where to complain; the complaint begins with @what.
 * @what: The command, "port set".
 * @args: Its arguments, ended by an entry that is all zero.
 * @argc: Number of words.
 * @argv: The words; the values point into them.
 * @vals: Result, ARGS_MAX entries.
 *
 * Required positional words are taken as they come, so a device may be called
 * like a keyword; optional ones only where the word is no keyword.
 *
 * Return: ST_OK or ST_USAGE.
 */
int args_parse(struct out *o, const char *what, const struct arg *args, int argc, char **argv,
	       struct arg_val *vals);

/**
 * args_value - Turn one word into a value.
 * @o: Where to complain.
 * @what: Begin of the complaint.
 * @a: The argument.
 * @word: The word.
 * @v: Result.
 *
 * Return: ST_OK or ST_USAGE.
 */
int args_value(struct out *o, const char *what, const struct arg *a, const char *word,
	       struct arg_val *v);

/**
 * args_put - Append the given values of one attribute set to a request, and those of
 * the sets that are nested in it once.
 * @msg: The request.
 * @args: The command's arguments.
 * @vals: Their values.
 * @set: The set.
 *
 * Return: number of attributes, or -1 when the request is full.
 */
int args_put(struct nl_msg *msg, const struct arg *args, const struct arg_val *vals,
	     const struct nl_set *set);

/**
 * args_usage - The arguments of a command as a usage line has them.
 * @args: The arguments.
 * @buf: Where to write it.
 * @size: Size of @buf.
 *
 * Return: @buf.
 */
const char *args_usage(const struct arg *args, char *buf, size_t size);

/**
 * args_choices - The words that a value can be, or its name in usage lines.
 * @a: The argument.
 * @sep: What separates choices.
 * @buf: Where to write it.
 * @size: Size of @buf.
 *
 * Return: whether there is a fixed choice.
 */
bool args_choices(const struct arg *a, const char *sep, char *buf, size_t size);

/**
 * args_desc - The spec's entry of an argument.
 * @a: The argument.
 *
 * Return: the entry, or NULL.
 */
const struct nl_attr *args_desc(const struct arg *a);

/**
 * args_is_number - Whether a value is a number of the spec's range.
 * @a: The argument.
 *
 * Return: whether it is.
 */
bool args_is_number(const struct arg *a);

/**
 * args_pending - Follow words without complaint, for completion.
 * @args: The command's arguments.
 * @argc: Number of words.
 * @argv: The words.
 * @vals: Set to which arguments were given, ARGS_MAX entries.
 *
 * Return: the argument whose value comes next; NULL, a new one begins.
 */
const struct arg *args_pending(const struct arg *args, int argc, char **argv,
			       struct arg_val *vals);

/**
 * args_excluded - Whether what was given shuts an argument out.
 * @args: The command's arguments.
 * @vals: What was given.
 * @a: The argument.
 *
 * Return: whether it does.
 */
bool args_excluded(const struct arg *args, const struct arg_val *vals, const struct arg *a);

/**
 * args_group_names - The names of reserved group addresses.
 * @sep: What separates them.
 * @buf: Where to write them.
 * @size: Size of @buf.
 */
void args_group_names(const char *sep, char *buf, size_t size);

/**
 * args_group_text - Write a mask of reserved group addresses as words.
 * @mask: Bit n stands for 01:80:c2:00:00:0n.
 * @buf: Where to write it.
 * @size: Size of @buf.
 */
void args_group_text(unsigned int mask, char *buf, size_t size);

/**
 * args_enum_names - The names of all values of an enum, or of all flags.
 * @e: The enum.
 * @sep: What separates them.
 * @buf: Where to write them.
 * @size: Size of @buf.
 */
void args_enum_names(const struct nl_enum *e, const char *sep, char *buf, size_t size);

/**
 * args_flags_text - Write flags as the words that stand for them.
 * @e: The flags.
 * @mask: Which of them are set.
 * @buf: Where to write it.
 * @size: Size of @buf.
 */
void args_flags_text(const struct nl_enum *e, uint64_t mask, char *buf, size_t size);

/**
 * args_ifname_error - Check a device name as the kernel would.
 * @name: The name.
 *
 * Return: what is wrong with it, or NULL.
 */
const char *args_ifname_error(const char *name);

/**
 * args_mac - Parse an address, six octets of two hexadecimal digits.
 * @word: The word.
 * @mac: Result.
 *
 * Return: whether it is one.
 */
bool args_mac(const char *word, uint8_t mac[6]);

/* Room for any address. */
#define ARGS_IP_TEXT 46

/**
 * args_ip - Parse an IP address.
 * @word: The word.
 * @ip: Result, an IPv6 address; of IPv4, one mapped into it.
 *
 * Return: whether it is one.
 */
bool args_ip(const char *word, uint8_t ip[16]);

/**
 * args_ip_text - Write an IP address.
 * @ip: The address.
 * @buf: Where to write it.
 * @size: Size of @buf, ARGS_IP_TEXT.
 */
void args_ip_text(const uint8_t ip[16], char *buf, size_t size);

#endif /* ARGS_H */
