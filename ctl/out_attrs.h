/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What out_attrs.c has of out.c.
 */
#ifndef OUT_ATTRS_H
#define OUT_ATTRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include "nl_types.h"

struct out;

/**
 * out_number - Read a number.
 * @data: Payload.
 * @len: Its size: 1, 2, 4 or 8.
 *
 * Return: the number.
 */
uint64_t out_number(const void *data, size_t len);

/**
 * out_is_number - Whether an attribute is a number, or one with a name.
 * @desc: The attribute.
 *
 * Return: whether it is; neither "on" and "off" nor masks are.
 */
bool out_is_number(const struct nl_attr *desc);

/**
 * out_value - Make a JSON value of a payload that out_fits() has seen.
 * @desc: The attribute.
 * @data: Payload.
 * @len: Its size.
 *
 * Return: the value, which the caller puts.
 */
struct json_object *out_value(const struct nl_attr *desc, const void *data, size_t len);

/**
 * out_json - Print a JSON value and nothing else.
 * @o: Printer.
 * @val: The value.
 * @pretty: Indented.
 */
void out_json(struct out *o, struct json_object *val, bool pretty);

/**
 * out_next - Print what is between two rows, and count the one that follows.
 * @o: Printer.
 */
void out_next(struct out *o);

#endif /* OUT_ATTRS_H */
