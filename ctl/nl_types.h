/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The types of the tables that gen_names.py writes into nl_names.c.
 */
#ifndef NL_TYPES_H
#define NL_TYPES_H

#include <stdbool.h>
#include <stdint.h>

/** enum nl_type - How the payload of an attribute is read and written. */
enum nl_type {
	NL_T_UNKNOWN,
	NL_T_PAD,
	NL_T_FLAG,
	NL_T_U8,
	NL_T_U16,
	NL_T_U32,
	NL_T_U64,
	NL_T_STRING,
	NL_T_BINARY,
	NL_T_MAC,
	/** @NL_T_IP: An IPv6 address, or an IPv4 one mapped into it. */
	NL_T_IP,
	/** @NL_T_VLANS: A list of VLANs, a bit for each. */
	NL_T_VLANS,
	/** @NL_T_PAIRS: Pairs of VLAN numbers. */
	NL_T_PAIRS,
	NL_T_NEST,
};

/** struct nl_value - One value of an enum. */
struct nl_value {
	const char *name;
	const char *doc;
};

/**
 * struct nl_enum - The values of an enum, indexed by number.
 * @name: Its name.
 * @count: How many there are.
 * @values: The values.
 * @flags: They are bits, indexed by the number of the bit, and go together.
 */
struct nl_enum {
	const char *name;
	unsigned int count;
	const struct nl_value *values;
	bool flags;
};

/**
 * struct nl_attr - One attribute of a set.
 * @name: Name in the spec, which is the JSON key; NULL, no such attribute.
 * @doc: Its description, one line.
 * @type: How its payload is read.
 * @multi: It may come many times.
 * @min: Smallest number.
 * @max: Largest number; longest string.
 * @nested: The set of a nest.
 * @values: The enum of a number.
 */
struct nl_attr {
	const char *name;
	const char *doc;
	enum nl_type type;
	bool multi;
	uint64_t min;
	uint64_t max;
	const struct nl_set *nested;
	const struct nl_enum *values;
};

/** struct nl_set - An attribute set; attrs[] has the numbers 0 to max. */
struct nl_set {
	const char *name;
	unsigned int max;
	const struct nl_attr *attrs;
};

/** struct nl_cmd - An operation and the set its messages carry. */
struct nl_cmd {
	const char *name;
	const char *doc;
	const struct nl_set *set;
};

#endif /* NL_TYPES_H */
