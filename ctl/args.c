// SPDX-License-Identifier: GPL-2.0
/*
 * Parsing of words by the tables of the commands.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include <linux/vswitch.h>

#include "args.h"
#include "out.h"
#include "vlans.h"

/* Reserved group addresses that go by a name, by last octet. */
static const char *const group_names[16] = {
	[0x0] = "stp",
	[0x1] = "pause",
	[0x2] = "lacp",
	[0x3] = "pae",
	[0xe] = "lldp",
};

const struct nl_attr *args_desc(const struct arg *a)
{
	return a->set && a->attr && a->attr <= a->set->max ? &a->set->attrs[a->attr] : NULL;
}

static bool is_on_off(const struct nl_attr *d)
{
	return d && d->type == NL_T_U8 && d->max == 1;
}

bool args_is_number(const struct arg *a)
{
	const struct nl_attr *d = args_desc(a);

	return a->kind == ARG_ATTR && d && d->type >= NL_T_U8 && d->type <= NL_T_U64 &&
	       !d->values && !is_on_off(d);
}

static const char *label(const struct arg *a)
{
	return a->word ?: a->value;
}

static bool is_end(const struct arg *a)
{
	return !a->word && !a->value;
}

static bool same_group(const struct arg *a, const struct arg *b)
{
	return a->excl && a->excl == b->excl;
}

static size_t __attribute__((format(printf, 4, 5)))
append(char *buf, size_t size, size_t n, const char *fmt, ...)
{
	va_list ap;
	int len;

	if (n >= size)
		return n;
	va_start(ap, fmt);
	len = vsnprintf(buf + n, size - n, fmt, ap);
	va_end(ap);
	return n + len;
}

const char *args_ifname_error(const char *name)
{
	const char *p;

	if (!*name)
		return "is empty";
	if (strlen(name) > VSWITCH_NAME_MAX)
		return "is longer than 15 bytes";
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return "is not a device name";
	for (p = name; *p; p++)
		if (*p == '/' || *p == ':' || *p == '%' || isspace((unsigned char)*p))
			return "has a blank, '/', ':' or '%' in it";
	return NULL;
}

/* /proc/sys/net/ipv4/conf has a folder of each device, and two of these names. */
static const char *new_name_error(const char *name)
{
	if (!strcmp(name, "all") || !strcmp(name, "default"))
		return "is reserved by the kernel";
	return args_ifname_error(name);
}

/* The value of a hexadecimal digit, or -1. */
static int hex_digit(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* As the kernel has them, IPv4 mapped into IPv6; so it is not written by people. */
bool args_ip(const char *word, uint8_t ip[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, 0xff };

	memcpy(ip, mapped, sizeof(mapped));
	if (inet_pton(AF_INET, word, ip + sizeof(mapped)) == 1)
		return true;
	return inet_pton(AF_INET6, word, ip) == 1 && memcmp(ip, mapped, sizeof(mapped));
}

void args_ip_text(const uint8_t ip[16], char *buf, size_t size)
{
	if (IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)ip))
		inet_ntop(AF_INET, ip + 12, buf, size);
	else
		inet_ntop(AF_INET6, ip, buf, size);
}

bool args_mac(const char *word, uint8_t mac[6])
{
	int i, high, low;

	/* A word that ends early has no digit there, so nothing behind it is read. */
	for (i = 0; i < 6; i++, word += 3) {
		high = hex_digit(word[0]);
		low = high < 0 ? -1 : hex_digit(word[1]);
		if (low < 0 || word[2] != (i < 5 ? ':' : '\0'))
			return false;
		mac[i] = high << 4 | low;
	}
	return true;
}

static bool parse_number(const char *word, uint64_t *num)
{
	uint64_t v = 0;

	if (!*word)
		return false;
	for (; *word; word++) {
		unsigned int digit = (unsigned char)*word - '0';

		if (digit > 9 || v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*num = v;
	return true;
}

static int group_bit(const void *names, const char *s, size_t n)
{
	const char *const *name = names;
	unsigned int i;

	for (i = 0; i < 16; i++)
		if (name[i] && strlen(name[i]) == n && !memcmp(s, name[i], n))
			return i;
	if (n == 2 && *s == '0') {
		s++;
		n--;
	}
	return n == 1 ? hex_digit(*s) : -1;
}

void args_group_names(const char *sep, char *buf, size_t size)
{
	size_t n = 0;
	unsigned int i;

	*buf = '\0';
	for (i = 0; i < 16 && n < size; i++)
		if (group_names[i])
			n += snprintf(buf + n, size - n, "%s%s", n ? sep : "", group_names[i]);
}

/* A list of words that stand for bits, or none, or all; @bit_of says -1 of a wrong one. */
static bool parse_bits(const char *word, uint64_t all,
		       int (*bit_of)(const void *names, const char *s, size_t n),
		       const void *names, uint64_t *mask)
{
	size_t n;
	int bit;

	*mask = !strcmp(word, "all") ? all : 0;
	if (*mask || !strcmp(word, "none"))
		return true;
	for (;; word += n + 1) {
		n = strcspn(word, ",");
		bit = bit_of(names, word, n);
		if (bit < 0)
			return false;
		*mask |= 1ull << bit;
		if (!word[n])
			return true;
	}
}

void args_group_text(unsigned int mask, char *buf, size_t size)
{
	size_t n = 0;
	unsigned int i;

	if (!mask || mask == 0xffff) {
		snprintf(buf, size, "%s", mask ? "all" : "none");
		return;
	}
	*buf = '\0';
	for (i = 0; i < 16 && n < size; i++) {
		if (!(mask & 1u << i))
			continue;
		if (group_names[i])
			n += snprintf(buf + n, size - n, "%s%s", n ? "," : "", group_names[i]);
		else
			n += snprintf(buf + n, size - n, "%s%02x", n ? "," : "", i);
	}
}

static bool parse_enum(const struct nl_enum *e, const char *word, uint64_t *num)
{
	for (*num = 0; *num < e->count; (*num)++)
		if (!strcmp(word, e->values[*num].name))
			return true;
	return false;
}

static int flag_bit(const void *names, const char *s, size_t n)
{
	const struct nl_enum *e = names;
	unsigned int i;

	for (i = 0; i < e->count; i++)
		if (strlen(e->values[i].name) == n && !memcmp(s, e->values[i].name, n))
			return i;
	return -1;
}

static bool parse_flags(const struct nl_enum *e, const char *word, uint64_t *mask)
{
	return parse_bits(word, (1ull << e->count) - 1, flag_bit, e, mask);
}

void args_flags_text(const struct nl_enum *e, uint64_t mask, char *buf, size_t size)
{
	uint64_t all = (1ull << e->count) - 1;
	unsigned int i;
	size_t n = 0;

	if (!mask || mask == all) {
		snprintf(buf, size, "%s", mask ? "all" : "none");
		return;
	}
	*buf = '\0';
	for (i = 0; i < e->count && n < size; i++)
		if (mask & 1ull << i)
			n += snprintf(buf + n, size - n, "%s%s", n ? "," : "", e->values[i].name);
}

static bool is_flags(const struct nl_attr *d)
{
	return d && d->values && d->values->flags;
}

void args_enum_names(const struct nl_enum *e, const char *sep, char *buf, size_t size)
{
	size_t n = 0;
	unsigned int i;

	*buf = '\0';
	for (i = 0; i < e->count && n < size; i++)
		n += snprintf(buf + n, size - n, "%s%s", i ? sep : "", e->values[i].name);
}

static int check_name(struct out *o, const char *what, const struct arg *a, const char *word)
{
	const char *wrong = a->kind == ARG_NEW ? new_name_error(word) : args_ifname_error(word);

	if (!wrong)
		return ST_OK;
	out_error(o, "%s: %s: the name '%s' %s", what, label(a), word, wrong);
	return ST_USAGE;
}

static int bad_value(struct out *o, const char *what, const struct arg *a, const char *word)
{
	const struct nl_attr *d = args_desc(a);
	char choices[256];

	if (a->kind == ARG_GROUPS) {
		args_group_names(", ", choices, sizeof(choices));
		out_error(o, "%s: %s must be none, all or a list of 00 to 0f, %s, not '%s'", what,
			  label(a), choices, word);
	} else if (a->kind == ARG_USER || a->kind == ARG_GROUP) {
		out_error(o, "%s: %s: there is no %s '%s'", what, label(a),
			  a->kind == ARG_USER ? "user" : "group", word);
	} else if (is_flags(d)) {
		args_enum_names(d->values, ", ", choices, sizeof(choices));
		out_error(o, "%s: %s must be none, all or a list of %s, not '%s'", what, label(a),
			  choices, word);
	} else if (args_choices(a, ", ", choices, sizeof(choices))) {
		out_error(o, "%s: %s must be one of %s, not '%s'", what, label(a), choices, word);
	} else if (d->type == NL_T_VLANS) {
		out_error(o, "%s: %s must be all or a list like 10,20-30 of numbers from 1 to 4094, not '%s'",
			  what, label(a), word);
	} else if (d->type == NL_T_PAIRS) {
		out_error(o, "%s: %s must be a list like 100:10,200:20, tag and VLAN, of at most 64 pairs of numbers from 1 to 4094, not '%s'",
			  what, label(a), word);
	} else if (d->type == NL_T_IP) {
		out_error(o, "%s: %s must be an address like 239.1.1.1 or ff05::1, not '%s'", what,
			  label(a), word);
	} else if (d->type == NL_T_MAC) {
		out_error(o, "%s: %s must be six octets like 02:00:00:00:00:01, not '%s'", what,
			  label(a), word);
	} else {
		out_error(o, "%s: %s must be a whole number from %" PRIu64 " to %" PRIu64 ", not '%s'",
			  what, label(a), d->min, d->max, word);
	}
	return ST_USAGE;
}

static bool parse_attr(const struct nl_attr *d, const char *word, struct arg_val *v)
{
	uint16_t pairs[PAIRS_MAX][2];
	uint8_t vlans[VLANS_LEN];

	if (d->values)
		return (is_flags(d) ? parse_flags : parse_enum)(d->values, word, &v->num);
	if (d->type == NL_T_MAC)
		return args_mac(word, v->mac);
	if (d->type == NL_T_IP)
		return args_ip(word, v->ip);
	if (d->type == NL_T_VLANS)
		return vlans_parse(word, vlans);
	if (d->type == NL_T_PAIRS)
		return pairs_parse(word, pairs);
	if (is_on_off(d)) {
		v->num = !strcmp(word, "on");
		return v->num || !strcmp(word, "off");
	}
	return parse_number(word, &v->num) && v->num >= d->min && v->num <= d->max;
}

/* The largest number stands for nobody at all. */
static bool parse_user(enum arg_kind kind, const char *word, uint64_t *id)
{
	const struct passwd *pw;
	const struct group *gr;

	if (parse_number(word, id))
		return *id < UINT32_MAX;
	if (kind == ARG_USER) {
		pw = getpwnam(word);
		*id = pw ? pw->pw_uid : 0;
		return pw;
	}
	gr = getgrnam(word);
	*id = gr ? gr->gr_gid : 0;
	return gr;
}

int args_value(struct out *o, const char *what, const struct arg *a, const char *word,
	       struct arg_val *v)
{
	bool ok = true;

	v->given = true;
	v->str = word;
	switch (a->kind) {
	case ARG_BARE:
		v->num = a->num;
		break;
	case ARG_WORD:
		if (!*word) {
			out_error(o, "%s: %s is empty", what, label(a));
			return ST_USAGE;
		}
		break;
	case ARG_NEW:
	case ARG_SWITCH:
	case ARG_DEV:
	case ARG_PORT:
	case ARG_ATTACHED:
		return check_name(o, what, a, word);
	case ARG_GROUPS:
		ok = parse_bits(word, 0xffff, group_bit, group_names, &v->num);
		break;
	case ARG_USER:
	case ARG_GROUP:
		ok = parse_user(a->kind, word, &v->num);
		break;
	case ARG_ATTR:
		ok = parse_attr(args_desc(a), word, v);
		break;
	}
	return ok ? ST_OK : bad_value(o, what, a, word);
}

static int find_keyword(const struct arg *args, const char *word)
{
	int i;

	for (i = 0; !is_end(&args[i]); i++)
		if (args[i].word && !strcmp(args[i].word, word))
			return i;
	return -1;
}

/* The argument that a word belongs to: its index, or -1. */
static int find_arg(const struct arg *args, const struct arg_val *vals, const char *word)
{
	int i, key = find_keyword(args, word);

	for (i = 0; !is_end(&args[i]); i++) {
		if (args[i].word || vals[i].given)
			continue;
		return args[i].required || key < 0 ? i : key;
	}
	return key;
}

/* The one given already that shuts out @i, or -1. */
static int find_rival(const struct arg *args, const struct arg_val *vals, int i)
{
	int j;

	for (j = 0; args[i].excl && !is_end(&args[j]); j++)
		if (j != i && vals[j].given && args[j].excl == args[i].excl)
			return j;
	return -1;
}

static int check_arg(struct out *o, const char *what, const struct arg *args,
		     const struct arg_val *vals, int i, const char *word)
{
	int rival;

	if (i < 0) {
		out_error(o, "%s: unknown word '%s'", what, word);
		return ST_USAGE;
	}
	if (vals[i].given) {
		out_error(o, "%s: '%s' is given twice", what, word);
		return ST_USAGE;
	}
	rival = find_rival(args, vals, i);
	if (rival >= 0) {
		out_error(o, "%s: '%s' does not go with %s", what, word, label(&args[rival]));
		return ST_USAGE;
	}
	return ST_OK;
}

/* "primary, isolated or community": the one, or those that shut each other out. */
static void list_rivals(const struct arg *args, int i, char *buf, size_t size)
{
	size_t n = append(buf, size, 0, "%s", label(&args[i]));

	for (; !is_end(&args[i + 1]) && same_group(&args[i], &args[i + 1]); i++)
		n = append(buf, size, n, "%s%s",
			   !is_end(&args[i + 2]) && same_group(&args[i], &args[i + 2]) ? ", " : " or ",
			   label(&args[i + 1]));
}

static int check_required(struct out *o, const char *what, const struct arg *args,
			  const struct arg_val *vals)
{
	char choice[256];
	int i;

	for (i = 0; !is_end(&args[i]); i++) {
		if (!args[i].required || vals[i].given || find_rival(args, vals, i) >= 0)
			continue;
		list_rivals(args, i, choice, sizeof(choice));
		out_error(o, "%s: %s is missing", what, choice);
		return ST_USAGE;
	}
	return ST_OK;
}

int args_parse(struct out *o, const char *what, const struct arg *args, int argc, char **argv,
	       struct arg_val *vals)
{
	char choices[256];
	int n, i, err;

	memset(vals, 0, ARGS_MAX * sizeof(*vals));
	for (n = 0; n < argc; n++) {
		i = find_arg(args, vals, argv[n]);
		err = check_arg(o, what, args, vals, i, argv[n]);
		if (err)
			return err;
		if (args[i].word && args[i].kind != ARG_BARE && ++n == argc) {
			args_choices(&args[i], "|", choices, sizeof(choices));
			out_error(o, "%s: '%s' needs a value (%s)", what, args[i].word, choices);
			return ST_USAGE;
		}
		err = args_value(o, what, &args[i], argv[n], &vals[i]);
		if (err)
			return err;
	}
	return check_required(o, what, args, vals);
}

const struct arg *args_pending(const struct arg *args, int argc, char **argv,
			       struct arg_val *vals)
{
	int n, i;

	memset(vals, 0, ARGS_MAX * sizeof(*vals));
	for (n = 0; n < argc; n++) {
		i = find_arg(args, vals, argv[n]);
		if (i < 0)
			continue;
		vals[i].given = true;
		if (args[i].word && args[i].kind != ARG_BARE && ++n == argc)
			return &args[i];
	}
	return NULL;
}

bool args_excluded(const struct arg *args, const struct arg_val *vals, const struct arg *a)
{
	return find_rival(args, vals, a - args) >= 0;
}

static int put_value(struct nl_msg *msg, const struct arg *a, const struct arg_val *v)
{
	const struct nl_attr *d = args_desc(a);
	uint16_t pairs[PAIRS_MAX][2];
	uint8_t vlans[VLANS_LEN];

	switch (d->type) {
	case NL_T_FLAG:
		return nla_put_flag(msg, a->attr);
	case NL_T_U8:
		return nla_put_u8(msg, a->attr, v->num);
	case NL_T_U16:
		return nla_put_u16(msg, a->attr, v->num);
	case NL_T_U32:
		return nla_put_u32(msg, a->attr, v->num);
	case NL_T_U64:
		return nla_put_u64(msg, a->attr, v->num);
	case NL_T_MAC:
		return nla_put(msg, a->attr, sizeof(v->mac), v->mac);
	case NL_T_IP:
		return nla_put(msg, a->attr, sizeof(v->ip), v->ip);
	case NL_T_VLANS:
		vlans_parse(v->str, vlans);
		return nla_put(msg, a->attr, sizeof(vlans), vlans);
	case NL_T_PAIRS:
		pairs_parse(v->str, pairs);
		return nla_put(msg, a->attr, sizeof(pairs), pairs);
	case NL_T_STRING:
		return nla_put_string(msg, a->attr, v->str);
	default:
		return -1;
	}
}

static int put_flat(struct nl_msg *msg, const struct arg *args, const struct arg_val *vals,
	     const struct nl_set *set)
{
	uint16_t with = 0;
	int i, n = 0;

	for (i = 0; !is_end(&args[i]); i++) {
		if (!vals[i].given || args[i].set != set)
			continue;
		if (put_value(msg, &args[i], &vals[i]) < 0)
			return -1;
		n++;
		if (!args[i].with || args[i].with == with)
			continue;
		with = args[i].with;
		if (nla_put_u32(msg, with, args[i].num) < 0)
			return -1;
		n++;
	}
	return n;
}

static bool any_given(const struct arg *args, const struct arg_val *vals, const struct nl_set *set)
{
	int i;

	for (i = 0; !is_end(&args[i]); i++)
		if (vals[i].given && args[i].set == set)
			return true;
	return false;
}

int args_put(struct nl_msg *msg, const struct arg *args, const struct arg_val *vals,
	     const struct nl_set *set)
{
	int n = put_flat(msg, args, vals, set);
	const struct nl_attr *d;
	struct nlattr *nest;
	unsigned int i;

	for (i = 1; n >= 0 && i <= set->max; i++) {
		d = &set->attrs[i];
		/* A nest that comes many times is for who knows how many. */
		if (d->type != NL_T_NEST || d->multi || !any_given(args, vals, d->nested))
			continue;
		nest = nla_nest_start(msg, i);
		if (!nest || put_flat(msg, args, vals, d->nested) < 0)
			return -1;
		nla_nest_end(msg, nest);
		n++;
	}
	return n;
}

bool args_choices(const struct arg *a, const char *sep, char *buf, size_t size)
{
	const struct nl_attr *d = args_desc(a);

	*buf = '\0';
	if (a->kind == ARG_ATTR && is_on_off(d)) {
		snprintf(buf, size, "on%soff", sep);
		return true;
	}
	if (a->kind != ARG_ATTR || !d || !d->values || is_flags(d)) {
		snprintf(buf, size, "%s", a->value ?: "");
		return false;
	}
	args_enum_names(d->values, sep, buf, size);
	return true;
}

const char *args_usage(const struct arg *args, char *buf, size_t size)
{
	const struct arg *a;
	char value[256];
	size_t n = 0;

	*buf = '\0';
	for (a = args; !is_end(a); a++) {
		bool more = a > args && same_group(a, a - 1);
		bool last = is_end(a + 1) || !same_group(a, a + 1);
		bool choice = more || !last;

		args_choices(a, "|", value, sizeof(value));
		n = append(buf, size, n, "%s%s", more ? " | " : a > args ? " " : "",
			   more ? "" : !a->required ? "[" : choice ? "{" : "");
		n = append(buf, size, n, "%s%s%s", a->word ?: "",
			   a->word && a->kind != ARG_BARE ? " " : "",
			   a->kind != ARG_BARE ? value : "");
		n = append(buf, size, n, "%s",
			   !last ? "" : !a->required ? "]" : choice ? "}" : "");
	}
	return buf;
}
