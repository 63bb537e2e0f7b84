// SPDX-License-Identifier: GPL-2.0
/*
 * Printing of rows straight from the attributes of a message.  Where there may be a
 * million of them, JSON objects would be nearly all of the work.
 */
#include <string.h>

#include "out.h"
#include "out_attrs.h"

/* What is longer is not plain(). */
#define PLAIN_MAX 32

/* A part of the row, as it is printed. */
struct row {
	FILE *out;
	size_t len;
	char text[1024];
};

static void flush(struct row *r)
{
	fwrite(r->text, 1, r->len, r->out);
	r->len = 0;
}

/* Where @len bytes can be put, which are fewer than the buffer has. */
static char *room(struct row *r, size_t len)
{
	char *at;

	if (len > sizeof(r->text) - r->len)
		flush(r);
	at = r->text + r->len;
	r->len += len;
	return at;
}

static void put(struct row *r, const char *s, size_t len)
{
	memcpy(room(r, len), s, len);
}

static void put_char(struct row *r, char c)
{
	*room(r, 1) = c;
}

static void put_string(struct row *r, const char *s)
{
	put(r, s, strlen(s));
}

static void put_blanks(struct row *r, int n)
{
	if (n > 0)
		memset(room(r, n), ' ', n);
}

static size_t plain_mac(const unsigned char *mac, char *buf)
{
	static const char digits[] = "0123456789abcdef";
	char *p = buf;
	int i;

	for (i = 0; i < 6; i++) {
		*p++ = digits[mac[i] >> 4];
		*p++ = digits[mac[i] & 15];
		*p++ = ':';
	}
	return p - buf - 1;
}

/* Only what neither JSON nor a terminal takes in another way. */
static size_t plain_string(const char *s, size_t len, char *buf)
{
	size_t i;

	for (i = 0; i < len && s[i]; i++) {
		if (i == PLAIN_MAX || s[i] < ' ' || s[i] > '~' || s[i] == '"' || s[i] == '\\')
			return 0;
		buf[i] = s[i];
	}
	return i;
}

static size_t plain_number(uint64_t v, char *buf)
{
	char digits[20];
	size_t n = 0, i;

	do
		digits[n++] = '0' + v % 10;
	while (v /= 10);
	for (i = 0; i < n; i++)
		buf[i] = digits[n - 1 - i];
	return n;
}

static size_t plain_value(const struct nl_attr *d, uint64_t v, char *buf, bool *quoted)
{
	*quoted = d->values && v < d->values->count;
	if (*quoted)
		return plain_string(d->values->values[v].name, PLAIN_MAX, buf);
	return plain_number(v, buf);
}

/*
 * The text of a value that is the same in a table and, but for quotes, in JSON.
 * Its length; 0, this is no such value.
 */
static size_t plain(const struct out_attr *a, char *buf, bool *quoted)
{
	*quoted = true;
	if (a->desc->type == NL_T_MAC)
		return plain_mac(a->data, buf);
	if (a->desc->type == NL_T_STRING)
		return plain_string(a->data, a->len, buf);
	if (!out_is_number(a->desc))
		return 0;
	return plain_value(a->desc, out_number(a->data, a->len), buf, quoted);
}

static void put_cell(struct row *r, const struct out_col *c, const char *s, size_t len)
{
	bool last = !c[1].key;

	put_blanks(r, c->width - (int)len);
	put(r, s, len);
	/* Nothing is padded at the end of a line. */
	put_blanks(r, last ? 0 : -c->width - (int)len);
	put_char(r, last ? '\n' : ' ');
}

static void put_cell_of(struct row *r, const struct out_col *c, const struct out_attr *a)
{
	struct json_object *val;
	char buf[sizeof(r->text)];
	bool quoted;
	size_t len = plain(a, buf, &quoted);

	if (len) {
		put_cell(r, c, buf, len);
		return;
	}
	val = out_value(a->desc, a->data, a->len);
	out_text(c->key, val, buf, sizeof(buf));
	put_cell(r, c, buf, strlen(buf));
	json_object_put(val);
}

static const struct out_attr *find(const struct out_attr *attrs, size_t n, const char *key)
{
	const char *name;
	size_t i;

	for (i = 0; i < n; i++) {
		name = attrs[i].desc->name;
		/* Most differ in their first letter. */
		if (*name == *key && !strcmp(name, key))
			return &attrs[i];
	}
	return NULL;
}

static void put_cells(struct row *r, const struct out_col *c, const struct out_attr *attrs,
		      size_t n)
{
	const struct out_attr *a;

	for (; c->key; c++) {
		a = find(attrs, n, c->key);
		if (a)
			put_cell_of(r, c, a);
		else
			put_cell(r, c, "-", 1);
	}
}

static void put_member(struct row *r, struct out *o, const struct out_attr *a)
{
	struct json_object *val;
	char buf[PLAIN_MAX];
	bool quoted;
	size_t len = plain(a, buf, &quoted);

	put_string(r, o->pretty ? "\n  \"" : "\"");
	put_string(r, a->desc->name);
	put_string(r, o->pretty ? "\": " : "\":");
	if (!len) {
		flush(r);
		val = out_value(a->desc, a->data, a->len);
		out_json(o, val, o->pretty);
		json_object_put(val);
		return;
	}
	if (quoted)
		put_char(r, '"');
	put(r, buf, len);
	if (quoted)
		put_char(r, '"');
}

static void put_members(struct row *r, struct out *o, const struct out_attr *attrs, size_t n)
{
	size_t i;

	put_char(r, '{');
	for (i = 0; i < n; i++) {
		if (i)
			put_char(r, ',');
		put_member(r, o, &attrs[i]);
	}
	put_string(r, o->pretty ? "\n}" : "}");
}

void out_attrs_row(struct out *o, const struct out_attr *attrs, size_t n)
{
	struct row r;

	r.out = o->out;
	r.len = 0;
	out_next(o);
	if (o->json)
		put_members(&r, o, attrs, n);
	else
		put_cells(&r, o->cols, attrs, n);
	flush(&r);
}
