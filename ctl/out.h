/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one printer.  A reply becomes a JSON object by way of the spec's tables
 * (out_decode()); text and JSON are two ways to print that object.
 */
#ifndef OUT_H
#define OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <json-c/json.h>
#include <linux/netlink.h>

#include "nl_types.h"
#include "vlans.h"

/** OUT_COLS_MAX - Most columns of a table, its end included. */
#define OUT_COLS_MAX 16

/** OUT_TEXT_MAX - Room for the text of any value: that of all VLANs of a port. */
#define OUT_TEXT_MAX (3 * VLANS_TEXT_MAX)

/** enum status - Exit status of a command and of the tool. */
enum status {
	ST_OK = 0,
	ST_REFUSED = 1,
	ST_USAGE = 2,
};

/**
 * struct out_col - A column of a text table.
 * @key: Where its value is in the object; "stats.rx-packets" looks into nests.
 *	An object's value is the sum of its numbers.
 * @head: Heading.
 * @width: Least width; negative, aligned to the left.
 */
struct out_col {
	const char *key;
	const char *head;
	int width;
};

/**
 * struct out - Where and how things are printed.
 * @json: JSON instead of text.
 * @pretty: Indented JSON.
 * @out: Results.
 * @err: Complaints.
 * @file: Batch file that is being read, or NULL.
 * @line: Its line.
 * @cols: Columns of the table between out_begin() and out_end().
 * @rows: Number of rows printed so far.
 */
struct out {
	bool json;
	bool pretty;
	FILE *out;
	FILE *err;
	const char *file;
	unsigned int line;
	const struct out_col *cols;
	unsigned long rows;
};

/**
 * struct out_attr - An attribute of a message.
 * @desc: What the spec says of it.
 * @data: Its payload, in the message.
 * @len: Size of that.
 */
struct out_attr {
	const struct nl_attr *desc;
	const void *data;
	size_t len;
};

/**
 * out_fits - Check that attributes are as the spec has them.
 * @set: The attribute set they belong to.
 * @data: First attribute.
 * @len: Bytes from there on.
 *
 * Attributes that the set does not know are passed over: a newer module may send
 * more.  Every length is checked, so any bytes may be given.
 *
 * Return: whether the payload of each, in nests as well, fits its type.
 */
bool out_fits(const struct nl_set *set, const void *data, size_t len);

/**
 * out_decode - Make a JSON object of a run of attributes.
 * @set: The attribute set they belong to.
 * @data: First attribute.
 * @len: Bytes from there on.
 *
 * Return: the object, which the caller puts; NULL when out_fits() does not hold.
 */
struct json_object *out_decode(const struct nl_set *set, const void *data, size_t len);

/**
 * out_collect - Find the attributes that the set knows.
 * @set: The attribute set, in which nothing comes many times.
 * @data: First attribute.
 * @len: Bytes from there on; out_fits() holds for them.
 * @attrs: Result, in the order of the message.
 * @max: Size of that.
 *
 * Return: their number.
 */
size_t out_collect(const struct nl_set *set, const void *data, size_t len,
		   struct out_attr *attrs, size_t max);

/**
 * out_string - Make a JSON string of bytes that may not be UTF-8.
 * @s: The bytes.
 * @len: Their number.
 *
 * Return: the string, which the caller puts; its first 255 characters at least.
 */
struct json_object *out_string(const char *s, size_t len);

/**
 * out_fit - Make the columns of a table as wide as what comes into them.
 * @fit: The columns, OUT_COLS_MAX at most.
 * @cols: Columns, with their least widths.
 * @list: Array of what will be the rows.
 *
 * Very long values widen no column: they push the rest of their line aside.
 */
void out_fit(struct out_col *fit, const struct out_col *cols, struct json_object *list);

/**
 * out_begin - Start an array of rows.
 * @o: Printer.
 * @cols: Columns of the text table, ended by a NULL key; NULL, the rows are
 *	printed in long form.
 *
 * A table has its headings even if no row follows.
 */
void out_begin(struct out *o, const struct out_col *cols);

/**
 * out_row - Print one row at once; nothing is kept.
 * @o: Printer.
 * @obj: The row; the reference is taken over.
 */
void out_row(struct out *o, struct json_object *obj);

/**
 * out_attrs_row - Print a row as out_row() does, in a tenth of the time.
 * @o: Printer; text has columns, none of which looks into a nest.
 * @attrs: The row's values, without nests; out_fits() holds for them.
 * @n: Their number.
 */
void out_attrs_row(struct out *o, const struct out_attr *attrs, size_t n);

/**
 * out_end - End an array of rows.
 * @o: Printer.
 */
void out_end(struct out *o);

/**
 * out_object - Print one JSON object outside of an array.
 * @o: Printer.
 * @obj: The object; the reference is taken over.
 */
void out_object(struct out *o, struct json_object *obj);

/**
 * out_line - Print one JSON object on one line, even if indented JSON is wanted.
 * @o: Printer.
 * @obj: The object; the reference is taken over.
 */
void out_line(struct out *o, struct json_object *obj);

/**
 * out_find - Look up a value of an object.
 * @obj: The object.
 * @path: Key; a dot leads into a nested object.
 *
 * Return: a borrowed reference, or NULL.
 */
struct json_object *out_find(struct json_object *obj, const char *path);

/**
 * out_is_plain - Whether a name is printed as it is.
 * @s: The name.
 *
 * Return: it has no control characters, and nothing that is not UTF-8.
 */
bool out_is_plain(const char *s);

/**
 * out_text - The text form of a value.
 * @key: Its key, which decides how masks are written.
 * @val: The value, or NULL.
 * @buf: Where to write it.
 * @size: Size of @buf; what is longer is cut off, nothing is at OUT_TEXT_MAX.
 *
 * Return: @buf.
 */
const char *out_text(const char *key, struct json_object *val, char *buf, size_t size);

/**
 * out_error - Complain, with the place in the batch file if there is one.
 * @o: Printer.
 * @fmt: Sentence without an end.
 */
void out_error(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * out_warning - Say something that does not change the exit status.
 * @o: Printer.
 * @fmt: Sentence without an end.
 */
void out_warning(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif /* OUT_H */
