// SPDX-License-Identifier: GPL-2.0
/*
 * Decoding of replies by the spec's tables, and printing as text and JSON.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <netlink/attr.h>

#include "args.h"
#include "out.h"
#include "out_attrs.h"

/* U+FFFD, which stands for what is not UTF-8. */
#define REPLACEMENT "\xef\xbf\xbd"

/* Length of the well-formed UTF-8 sequence at @s, or 0. */
static size_t utf8_len(const unsigned char *s, size_t left)
{
	size_t need, i;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		need = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		need = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		need = 4;
	else
		return 0;
	if (need > left)
		return 0;
	for (i = 1; i < need; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return need;
}

/*
 * A device name may hold any bytes but blanks, '/' and ':'.  JSON must be
 * UTF-8, so bytes that are not become U+FFFD; json-c escapes control bytes.
 */
struct json_object *out_string(const char *s, size_t len)
{
	char buf[3 * 256];
	size_t i = 0, n = 0, seq;

	while (i < len && n + 4 <= sizeof(buf)) {
		seq = utf8_len((const unsigned char *)s + i, len - i);
		if (seq)
			memcpy(buf + n, s + i, seq);
		else
			memcpy(buf + n, REPLACEMENT, 3);
		n += seq ?: 3;
		i += seq ?: 1;
	}
	return json_object_new_string_len(buf, n);
}

static struct json_object *hex_object(const unsigned char *p, size_t len, const char *sep)
{
	char buf[3 * 64 + 1] = "";
	size_t i, n = 0;

	for (i = 0; i < len && i < 64; i++)
		n += snprintf(buf + n, sizeof(buf) - n, "%s%02x", i ? sep : "", p[i]);
	return json_object_new_string(buf);
}

/* It is printed as words. */
static bool is_mask(const char *key)
{
	return !strncmp(key, "group-", 6);
}

static bool is_on_off(const struct nl_attr *desc)
{
	return desc->type == NL_T_U8 && desc->max == 1;
}

bool out_is_number(const struct nl_attr *desc)
{
	return desc->type >= NL_T_U8 && desc->type <= NL_T_U64 && !is_on_off(desc) &&
	       !is_mask(desc->name);
}

static struct json_object *number_object(const struct nl_attr *desc, uint64_t v)
{
	char text[256];

	if (desc->values && desc->values->flags && !(v >> desc->values->count)) {
		args_flags_text(desc->values, v, text, sizeof(text));
		return json_object_new_string(text);
	}
	if (desc->values && desc->values->flags)
		return json_object_new_uint64(v);
	if (desc->values && v < desc->values->count)
		return json_object_new_string(desc->values->values[v].name);
	if (is_on_off(desc) && v <= 1)
		return json_object_new_boolean(v);
	return json_object_new_uint64(v);
}

uint64_t out_number(const void *data, size_t len)
{
	uint64_t v64;
	uint32_t v32;
	uint16_t v16;

	switch (len) {
	case 1:
		return *(const uint8_t *)data;
	case 2:
		memcpy(&v16, data, sizeof(v16));
		return v16;
	case 4:
		memcpy(&v32, data, sizeof(v32));
		return v32;
	default:
		memcpy(&v64, data, sizeof(v64));
		return v64;
	}
}

static bool value_fits(const struct nl_attr *desc, const void *p, size_t len)
{
	switch (desc->type) {
	case NL_T_FLAG:
	case NL_T_STRING:
	case NL_T_BINARY:
		return true;
	case NL_T_U8:
		return len == 1;
	case NL_T_U16:
		return len == 2;
	case NL_T_U32:
		return len == 4;
	case NL_T_U64:
		return len == 8;
	case NL_T_MAC:
		return len == 6;
	case NL_T_IP:
		return len == 16;
	case NL_T_VLANS:
		return len == VLANS_LEN;
	case NL_T_PAIRS:
		return len == PAIRS_LEN;
	case NL_T_NEST:
		return out_fits(desc->nested, p, len);
	default:
		return false;
	}
}

static struct json_object *decode(const struct nl_set *set, const void *data, size_t len);

struct json_object *out_value(const struct nl_attr *desc, const void *data, size_t len)
{
	char text[VLANS_TEXT_MAX];

	switch (desc->type) {
	case NL_T_FLAG:
		return json_object_new_boolean(1);
	case NL_T_STRING:
		return out_string(data, strnlen(data, len));
	case NL_T_MAC:
		return hex_object(data, len, ":");
	case NL_T_BINARY:
		return hex_object(data, len, "");
	case NL_T_IP:
		args_ip_text(data, text, ARGS_IP_TEXT);
		return json_object_new_string(text);
	case NL_T_VLANS:
		vlans_text(data, text, sizeof(text));
		return json_object_new_string(text);
	case NL_T_PAIRS:
		pairs_text(data, text, sizeof(text));
		return json_object_new_string(text);
	case NL_T_NEST:
		return decode(desc->nested, data, len);
	default:
		return number_object(desc, out_number(data, len));
	}
}

static void add_value(struct json_object *obj, const struct nl_attr *desc, struct json_object *val)
{
	struct json_object *list;

	if (!desc->multi) {
		json_object_object_add(obj, desc->name, val);
		return;
	}
	if (!json_object_object_get_ex(obj, desc->name, &list)) {
		list = json_object_new_array();
		json_object_object_add(obj, desc->name, list);
	}
	json_object_array_add(list, val);
}

/* What the spec says of an attribute; NULL, nothing that is of use. */
static const struct nl_attr *find_desc(const struct nl_set *set, const struct nlattr *nla)
{
	unsigned int type = nla_type(nla);
	const struct nl_attr *desc = type <= set->max ? &set->attrs[type] : NULL;

	return desc && desc->name && desc->type != NL_T_PAD ? desc : NULL;
}

bool out_fits(const struct nl_set *set, const void *data, size_t len)
{
	struct nlattr *head = (struct nlattr *)data, *nla;
	const struct nl_attr *desc;
	int rem;

	nla_for_each_attr(nla, head, (int)len, rem) {
		desc = find_desc(set, nla);
		if (desc && !value_fits(desc, nla_data(nla), nla_len(nla)))
			return false;
	}
	return true;
}

static struct json_object *decode(const struct nl_set *set, const void *data, size_t len)
{
	struct nlattr *head = (struct nlattr *)data, *nla;
	struct json_object *obj = json_object_new_object();
	const struct nl_attr *desc;
	int rem;

	nla_for_each_attr(nla, head, (int)len, rem) {
		desc = find_desc(set, nla);
		if (desc)
			add_value(obj, desc, out_value(desc, nla_data(nla), nla_len(nla)));
	}
	return obj;
}

struct json_object *out_decode(const struct nl_set *set, const void *data, size_t len)
{
	return out_fits(set, data, len) ? decode(set, data, len) : NULL;
}

size_t out_collect(const struct nl_set *set, const void *data, size_t len,
		   struct out_attr *attrs, size_t max)
{
	struct nlattr *head = (struct nlattr *)data, *nla;
	const struct nl_attr *desc;
	size_t n = 0, i;
	int rem;

	nla_for_each_attr(nla, head, (int)len, rem) {
		desc = find_desc(set, nla);
		if (!desc)
			continue;
		/* The last of its kind counts, in the place of the first, as in a JSON object. */
		for (i = 0; i < n && attrs[i].desc != desc; i++)
			;
		if (i == max)
			continue;
		attrs[i] = (struct out_attr){ desc, nla_data(nla), nla_len(nla) };
		n += i == n;
	}
	return n;
}

struct json_object *out_find(struct json_object *obj, const char *path)
{
	struct json_object *val = obj;
	char key[64];
	size_t n;

	while (*path) {
		n = strcspn(path, ".");
		if (n >= sizeof(key))
			return NULL;
		memcpy(key, path, n);
		key[n] = '\0';
		if (!json_object_is_type(val, json_type_object) ||
		    !json_object_object_get_ex(val, key, &val))
			return NULL;
		path += n + (path[n] == '.');
	}
	return val;
}

static uint64_t sum_of(struct json_object *obj)
{
	uint64_t sum = 0;

	json_object_object_foreach(obj, key, val) {
		(void)key;
		sum += json_object_get_uint64(val);
	}
	return sum;
}

/* Those of ASCII, and U+0080 to U+009F, which terminals obey as well. */
static bool is_control(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	return u[0] < 0x20 || u[0] == 0x7f || (u[0] == 0xc2 && u[1] < 0xa0);
}

/*
 * Control characters must not reach a terminal, nor bytes that are not UTF-8, which
 * may be control characters of another character set.
 */
static void copy_printable(char *buf, size_t size, const char *s)
{
	size_t left = strlen(s), n = 0, seq;

	for (; left; s += seq, left -= seq) {
		seq = utf8_len((const unsigned char *)s, left);
		if (n + (seq ?: 1) >= size)
			break;
		if (!seq || is_control(s)) {
			buf[n++] = '?';
			seq = seq ?: 1;
			continue;
		}
		memcpy(buf + n, s, seq);
		n += seq;
	}
	buf[n] = '\0';
}

bool out_is_plain(const char *s)
{
	char text[256];

	copy_printable(text, sizeof(text), s);
	return !strcmp(text, s) && !strstr(s, REPLACEMENT);
}

const char *out_text(const char *key, struct json_object *val, char *buf, size_t size)
{
	switch (json_object_get_type(val)) {
	case json_type_null:
		snprintf(buf, size, "-");
		break;
	case json_type_boolean:
		snprintf(buf, size, "%s", json_object_get_boolean(val) ? "on" : "off");
		break;
	case json_type_int:
		if (is_mask(key))
			args_group_text(json_object_get_uint64(val), buf, size);
		else
			snprintf(buf, size, "%" PRIu64, json_object_get_uint64(val));
		break;
	case json_type_object:
		snprintf(buf, size, "%" PRIu64, sum_of(val));
		break;
	default:
		copy_printable(buf, size, json_object_get_string(val));
	}
	return buf;
}

/* JSON need not escape control characters above ASCII's first, and json-c does not. */
void out_json(struct out *o, struct json_object *val, bool pretty)
{
	int flags = pretty ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED :
			     JSON_C_TO_STRING_PLAIN;
	const char *s = json_object_to_json_string_ext(val, flags | JSON_C_TO_STRING_NOSLASHESCAPE);
	size_t n;

	for (;;) {
		n = strcspn(s, "\x7f\xc2");
		fwrite(s, 1, n, o->out);
		s += n;
		if (!*s)
			return;
		if (*s == 0x7f)
			fputs("\\u007f", o->out);
		else if (is_control(s))
			fprintf(o->out, "\\u%04x", (unsigned char)*++s);
		else
			fputc(*s, o->out);
		s++;
	}
}

/* A value longer than this, a list of VLANs, does not push all lines aside. */
#define FIT_MAX 45

static int longest(struct json_object *list, const struct out_col *c)
{
	size_t i, len, n = json_object_array_length(list);
	char buf[OUT_TEXT_MAX];
	size_t most = 0;

	for (i = 0; i < n; i++) {
		struct json_object *obj = json_object_array_get_idx(list, i);

		len = strlen(out_text(c->key, out_find(obj, c->key), buf, sizeof(buf)));
		if (len > most && len <= FIT_MAX)
			most = len;
	}
	return most;
}

void out_fit(struct out_col *fit, const struct out_col *cols, struct json_object *list)
{
	const struct out_col *c;
	int most;

	for (c = cols; c->key; c++, fit++) {
		*fit = *c;
		most = longest(list, c);
		if (most > abs(c->width))
			fit->width = c->width < 0 ? -most : most;
	}
	*fit = *c;
}

static void print_cells(struct out *o, struct json_object *obj)
{
	const struct out_col *c;
	char buf[OUT_TEXT_MAX];

	for (c = o->cols; c->key; c++) {
		const char *s = obj ? out_text(c->key, out_find(obj, c->key), buf, sizeof(buf)) :
				      c->head;

		/* Nothing is padded at the end of a line. */
		if (!c[1].key && c->width < 0)
			fprintf(o->out, "%s", s);
		else
			fprintf(o->out, "%*s", c->width, s);
		fputc(c[1].key ? ' ' : '\n', o->out);
	}
}

static void print_long(struct out *o, struct json_object *obj, int indent)
{
	char buf[OUT_TEXT_MAX];

	json_object_object_foreach(obj, key, val) {
		if (json_object_is_type(val, json_type_object)) {
			fprintf(o->out, "%*s%s\n", indent, "", key);
			print_long(o, val, indent + 2);
			continue;
		}
		fprintf(o->out, "%*s%-*s %s\n", indent, "", 20 - indent, key,
			out_text(key, val, buf, sizeof(buf)));
	}
}

void out_begin(struct out *o, const struct out_col *cols)
{
	o->cols = cols;
	o->rows = 0;
	if (o->json)
		fputc('[', o->out);
	else if (cols)
		print_cells(o, NULL);
}

void out_next(struct out *o)
{
	if (o->json) {
		if (o->rows)
			fputc(',', o->out);
		if (o->pretty)
			fputc('\n', o->out);
	} else if (!o->cols && o->rows) {
		fputc('\n', o->out);
	}
	o->rows++;
}

void out_row(struct out *o, struct json_object *obj)
{
	out_next(o);
	if (o->json)
		out_json(o, obj, o->pretty);
	else if (o->cols)
		print_cells(o, obj);
	else
		print_long(o, obj, 0);
	json_object_put(obj);
}

void out_end(struct out *o)
{
	if (o->json)
		fprintf(o->out, "%s]\n", o->pretty && o->rows ? "\n" : "");
	o->cols = NULL;
}

void out_object(struct out *o, struct json_object *obj)
{
	out_json(o, obj, o->pretty);
	fputc('\n', o->out);
	json_object_put(obj);
}

void out_line(struct out *o, struct json_object *obj)
{
	out_json(o, obj, false);
	fputc('\n', o->out);
	json_object_put(obj);
}

static void complain(struct out *o, const char *what, const char *fmt, va_list ap)
{
	char raw[1024], text[1024], file[1024];

	vsnprintf(raw, sizeof(raw), fmt, ap);
	copy_printable(text, sizeof(text), raw);
	copy_printable(file, sizeof(file), o->file ?: "");
	/* What was printed so far comes first, whatever the two streams are. */
	fflush(o->out);
	if (o->file)
		fprintf(o->err, "%s:%u: %s%s\n", file, o->line, what, text);
	else
		fprintf(o->err, "vswctl: %s%s\n", what, text);
}

void out_error(struct out *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(o, "", fmt, ap);
	va_end(ap);
}

void out_warning(struct out *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(o, "warning: ", fmt, ap);
	va_end(ap);
}
