// SPDX-License-Identifier: GPL-2.0
/*
 * Plugin for ip(8): the words and the "ip -d link show" text of the link kinds
 * "vswitch" and "vport" (IFLA_INFO_DATA), and "vswitch_slave"
 * (IFLA_INFO_SLAVE_DATA).
 *
 * ip opens link_KIND.so in its library folder, or in $IP_LIB_DIR, and looks up
 * KIND_link_util there.  There is no header for this, so what is used of it is
 * declared here: the first six members of struct link_util, which have been
 * the same since iproute2 4.x, and three functions of ip, of which the two for
 * JSON (since 4.16) are weak so that their lack costs JSON only.  Tried with
 * 6.1.  Names, types and ranges are the spec's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ctype.h>
#include <errno.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/vswitch.h>

#include "nl_names.h"
#include "vlans.h"

#define EXPORT __attribute__((visibility("default")))
#define WEAK __attribute__((weak))

/* What ip has room for in its request; its own plugins use this number. */
#define REQUEST_MAX 1024

/* Values of ip's enums output_type and color_attr. */
#define PRINT_JSON 2
#define COLOR_NONE 6

struct link_util {
	struct link_util *next;
	const char *id;
	int maxattr;
	int (*parse_opt)(struct link_util *lu, int argc, char **argv, struct nlmsghdr *n);
	void (*print_opt)(struct link_util *lu, FILE *f, struct rtattr *tb[]);
	void (*print_xstats)(struct link_util *lu, FILE *f, struct rtattr *xstats);
	void (*print_help)(struct link_util *lu, int argc, char **argv, FILE *f);
	/* Later members are for statistics; none of ours. */
	void *unused[8];
};

int addattr_l(struct nlmsghdr *n, int maxlen, int type, const void *data, int alen);
WEAK _Bool is_json_context(void);
WEAK int print_color_uint(int type, int color, const char *key, const char *fmt, unsigned int v);
WEAK int print_color_string(int type, int color, const char *key, const char *fmt, const char *v);
WEAK int print_color_bool(int type, int color, const char *key, const char *fmt, _Bool v);

/*
 * One kind: its attributes, those that can be set first.  Lists of VLANs are shown
 * only: two of them are more than ip has room for in its request.  And so are nests,
 * into which ip's plugins cannot put what comes word by word.
 */
struct kind {
	const char *id;
	const struct nl_set *set;
	unsigned int settable;
	const unsigned char attrs[40];
};

static const struct kind kinds[] = { {
	.id = "vswitch",
	.set = &nl_set_switch,
	.settable = 13,
	.attrs = {
		VSWITCH_A_SWITCH_AGEING, VSWITCH_A_SWITCH_FDB_LIMIT, VSWITCH_A_SWITCH_PORT_LIMIT,
		VSWITCH_A_SWITCH_VLAN_AWARE,
		VSWITCH_A_SWITCH_MOVE_LIMIT, VSWITCH_A_SWITCH_MOVE_WINDOW,
		VSWITCH_A_SWITCH_MOVE_HOLD, VSWITCH_A_SWITCH_QUARANTINE_TIME,
		VSWITCH_A_SWITCH_LOOP_INTERVAL,
		VSWITCH_A_SWITCH_MCAST_SNOOPING, VSWITCH_A_SWITCH_MCAST_QUERIER,
		VSWITCH_A_SWITCH_MCAST_QUERY_INTERVAL,
		VSWITCH_A_SWITCH_VLAN_STATS,
		VSWITCH_A_SWITCH_FDB_COUNT, VSWITCH_A_SWITCH_FDB_STATIC, VSWITCH_A_SWITCH_PORT_COUNT,
	},
}, {
	.id = "vport",
	.set = &nl_set_port,
	.settable = 17,
	.attrs = {
		VSWITCH_A_PORT_TYPE, VSWITCH_A_PORT_QUEUES, VSWITCH_A_PORT_OWNER,
		VSWITCH_A_PORT_GROUP, VSWITCH_A_PORT_ROLE, VSWITCH_A_PORT_LEARNING,
		VSWITCH_A_PORT_MAC_LIMIT, VSWITCH_A_PORT_GROUP_FORWARD, VSWITCH_A_PORT_GROUP_HOST,
		VSWITCH_A_PORT_VLAN_MODE, VSWITCH_A_PORT_VLAN,
		VSWITCH_A_PORT_LOCKED, VSWITCH_A_PORT_STICKY, VSWITCH_A_PORT_FLOOD,
		VSWITCH_A_PORT_HAIRPIN, VSWITCH_A_PORT_ISOLATED, VSWITCH_A_PORT_COMMUNITY,
		VSWITCH_A_PORT_NODE,
	},
}, {
	.id = "vswitch_slave",
	.set = &nl_set_port,
	.settable = 13,
	.attrs = {
		VSWITCH_A_PORT_ROLE, VSWITCH_A_PORT_LEARNING, VSWITCH_A_PORT_MAC_LIMIT,
		VSWITCH_A_PORT_GROUP_FORWARD, VSWITCH_A_PORT_GROUP_HOST,
		VSWITCH_A_PORT_VLAN_MODE, VSWITCH_A_PORT_VLAN,
		VSWITCH_A_PORT_LOCKED, VSWITCH_A_PORT_STICKY, VSWITCH_A_PORT_FLOOD,
		VSWITCH_A_PORT_HAIRPIN, VSWITCH_A_PORT_ISOLATED, VSWITCH_A_PORT_COMMUNITY,
		VSWITCH_A_PORT_TRUNK, VSWITCH_A_PORT_SERVICE, VSWITCH_A_PORT_TRANSLATE,
		VSWITCH_A_PORT_VLAN_AWARE, VSWITCH_A_PORT_GUARD,
		VSWITCH_A_PORT_MCAST,
		VSWITCH_A_PORT_NUMBER, VSWITCH_A_PORT_STATE, VSWITCH_A_PORT_FDB_COUNT,
	},
} };

static const struct kind *kind_of(const struct link_util *lu)
{
	const struct kind *k = kinds;

	while (strcmp(k->id, lu->id))
		k++;
	return k;
}

static int is_on_off(const struct nl_attr *d)
{
	return d->type == NL_T_U8 && d->max == 1;
}

/* A bit for each group address, all of which may be set; other u16s are numbers. */
static int is_mask(const struct nl_attr *d)
{
	return d->type == NL_T_U16 && d->max == 0xffff;
}

static int is_flags(const struct nl_attr *d)
{
	return d->values && d->values->flags;
}

static void print_choices(FILE *f, const struct nl_attr *d)
{
	unsigned int i;

	if (is_on_off(d)) {
		fprintf(f, "{ on | off }");
	} else if (is_flags(d)) {
		fprintf(f, "none | all | LIST of");
		for (i = 0; i < d->values->count; i++)
			fprintf(f, "%s %s", i ? "," : "", d->values->values[i].name);
	} else if (d->values) {
		for (i = 0; i < d->values->count; i++)
			fprintf(f, "%s %s", i ? " |" : "{", d->values->values[i].name);
		fprintf(f, " }");
	} else {
		fprintf(f, "%llu..%llu", (unsigned long long)d->min, (unsigned long long)d->max);
	}
}

static void print_help(struct link_util *lu, int argc, char **argv, FILE *f)
{
	const struct kind *k = kind_of(lu);
	unsigned int i;

	(void)argc;
	(void)argv;
	for (i = 0; i < k->settable; i++) {
		const struct nl_attr *d = &k->set->attrs[k->attrs[i]];

		fprintf(f, "%s [ %s ", i ? "            " : "Usage: ...", d->name);
		print_choices(f, d);
		fprintf(f, " ]\n");
	}
}

static int parse_number(const char *word, unsigned long long *v)
{
	char *end;

	errno = 0;
	*v = strtoull(word, &end, 0);
	return isdigit((unsigned char)*word) && !*end && !errno;
}

static int parse_flags(const struct nl_attr *d, const char *word, unsigned long long *v)
{
	const struct nl_enum *e = d->values;
	unsigned int i;
	size_t n;

	*v = !strcmp(word, "all") ? d->max : 0;
	if (*v || !strcmp(word, "none"))
		return 1;
	for (;; word += n + 1) {
		n = strcspn(word, ",");
		for (i = 0; i < e->count; i++)
			if (strlen(e->values[i].name) == n && !strncmp(word, e->values[i].name, n))
				break;
		if (i == e->count)
			return 0;
		*v |= 1ull << i;
		if (!word[n])
			return 1;
	}
}

static int parse_value(const struct nl_attr *d, const char *word, unsigned long long *v)
{
	if (is_on_off(d)) {
		*v = !strcmp(word, "on");
		return *v || !strcmp(word, "off");
	}
	if (is_flags(d))
		return parse_flags(d, word, v);
	for (*v = 0; d->values && *v < d->values->count; ++*v)
		if (!strcmp(word, d->values->values[*v].name))
			return 1;
	return !d->values && parse_number(word, v) && *v >= d->min && *v <= d->max;
}

static int add_value(struct nlmsghdr *n, const struct nl_attr *d, int type, unsigned long long v)
{
	unsigned char v8 = v;
	unsigned short v16 = v;
	unsigned int v32 = v;

	if (d->type == NL_T_U8)
		return addattr_l(n, REQUEST_MAX, type, &v8, sizeof(v8));
	if (d->type == NL_T_U16)
		return addattr_l(n, REQUEST_MAX, type, &v16, sizeof(v16));
	return addattr_l(n, REQUEST_MAX, type, &v32, sizeof(v32));
}

/* Number of the settable attribute that a word names, or 0. */
static int find_attr(const struct kind *k, const char *word)
{
	unsigned int i;

	for (i = 0; i < k->settable; i++)
		if (!strcmp(k->set->attrs[k->attrs[i]].name, word))
			return k->attrs[i];
	return 0;
}

static int refuse(struct link_util *lu, const struct nl_attr *d, const char *word)
{
	if (d) {
		fprintf(stderr, "%s: %s must be ", lu->id, d->name);
		print_choices(stderr, d);
		fprintf(stderr, ", not \"%s\"\n", word);
	} else {
		if (strcmp(word, "help"))
			fprintf(stderr, "%s: unknown word \"%s\"\n", lu->id, word);
		print_help(lu, 0, NULL, stderr);
	}
	return -1;
}

static int parse_opt(struct link_util *lu, int argc, char **argv, struct nlmsghdr *n)
{
	const struct kind *k = kind_of(lu);
	const struct nl_attr *d;
	unsigned long long v;
	int type;

	for (; argc > 0; argc -= 2, argv += 2) {
		type = find_attr(k, argv[0]);
		if (!type)
			return refuse(lu, NULL, argv[0]);
		d = &k->set->attrs[type];
		if (argc < 2 || !parse_value(d, argv[1], &v))
			return refuse(lu, d, argc < 2 ? "" : argv[1]);
		if (add_value(n, d, type, v))
			return -1;
	}
	return 0;
}

static int is_text(const struct nl_attr *d)
{
	return d->type == NL_T_STRING || d->type == NL_T_VLANS || d->type == NL_T_PAIRS;
}

static int get_value(const struct nl_attr *d, const struct rtattr *rta, unsigned int *v)
{
	size_t want = d->type == NL_T_U8 ? 1 : d->type == NL_T_U16 ? 2 : 4;
	unsigned short v16;

	if (RTA_PAYLOAD(rta) != want)
		return 0;
	if (want == 1) {
		*v = *(unsigned char *)RTA_DATA(rta);
	} else if (want == 2) {
		memcpy(&v16, RTA_DATA(rta), sizeof(v16));
		*v = v16;
	} else {
		memcpy(v, RTA_DATA(rta), sizeof(*v));
	}
	return 1;
}

static void print_json(const struct nl_attr *d, const char *text, unsigned int v)
{
	if (is_on_off(d) && print_color_bool)
		print_color_bool(PRINT_JSON, COLOR_NONE, d->name, NULL, v);
	else if (text && print_color_string)
		print_color_string(PRINT_JSON, COLOR_NONE, d->name, NULL, text);
	else if (print_color_uint)
		print_color_uint(PRINT_JSON, COLOR_NONE, d->name, NULL, v);
}

static void flags_text(const struct nl_attr *d, unsigned int v, char *buf, size_t size)
{
	unsigned int i;
	size_t n = 0;

	snprintf(buf, size, "%s", v ? "all" : "none");
	if (!v || v == d->max)
		return;
	for (i = 0; i < d->values->count && n < size; i++)
		if (v & 1u << i)
			n += snprintf(buf + n, size - n, "%s%s", n ? "," : "",
				      d->values->values[i].name);
}

static void print_attr(FILE *f, const struct nl_attr *d, unsigned int v)
{
	const char *text = NULL;
	char buf[128];

	if (is_flags(d) && v <= d->max) {
		flags_text(d, v, buf, sizeof(buf));
		text = buf;
	} else if (d->values && !is_flags(d) && v < d->values->count)
		text = d->values->values[v].name;
	if (is_on_off(d))
		text = v ? "on" : "off";
	if (is_json_context && is_json_context())
		print_json(d, text, v);
	else if (text)
		fprintf(f, "%s %s ", d->name, text);
	else
		fprintf(f, is_mask(d) ? "%s 0x%04x " : "%s %u ", d->name, v);
}

/* As text: a string that ends in the attribute, or a list; NULL, it is neither. */
static const char *text_of(const struct nl_attr *d, const struct rtattr *rta)
{
	static char text[VLANS_TEXT_MAX];
	size_t len = RTA_PAYLOAD(rta);

	if (d->type == NL_T_STRING)
		return strnlen(RTA_DATA(rta), len) < len ? RTA_DATA(rta) : NULL;
	if (d->type == NL_T_VLANS && len == VLANS_LEN)
		vlans_text(RTA_DATA(rta), text, sizeof(text));
	else if (d->type == NL_T_PAIRS && len == PAIRS_LEN)
		pairs_text(RTA_DATA(rta), text, sizeof(text));
	else
		return NULL;
	return text;
}

static void print_text(FILE *f, const struct nl_attr *d, const char *s)
{
	if (is_json_context && is_json_context())
		print_json(d, s, 0);
	else
		fprintf(f, "%s %s ", d->name, s);
}

static void print_one(FILE *f, const struct nl_attr *d, const struct rtattr *rta)
{
	const char *text = is_text(d) ? text_of(d, rta) : NULL;
	unsigned int v;

	if (text)
		print_text(f, d, text);
	else if (!is_text(d) && get_value(d, rta, &v))
		print_attr(f, d, v);
}

/* What is in a nest is shown like the rest. */
static void print_nest(FILE *f, const struct nl_set *set, const struct rtattr *nest)
{
	const struct rtattr *rta = RTA_DATA(nest);
	unsigned int len = RTA_PAYLOAD(nest), type;

	for (; RTA_OK(rta, len); rta = RTA_NEXT(rta, len)) {
		type = rta->rta_type & NLA_TYPE_MASK;
		if (type <= set->max && set->attrs[type].name)
			print_one(f, &set->attrs[type], rta);
	}
}

static void print_opt(struct link_util *lu, FILE *f, struct rtattr *tb[])
{
	const struct kind *k = kind_of(lu);
	const struct nl_attr *d;
	unsigned int i;

	for (i = 0; tb && i < sizeof(k->attrs) && k->attrs[i]; i++) {
		d = &k->set->attrs[k->attrs[i]];
		if (tb[k->attrs[i]] && d->type == NL_T_NEST)
			print_nest(f, d->nested, tb[k->attrs[i]]);
		else if (tb[k->attrs[i]])
			print_one(f, d, tb[k->attrs[i]]);
	}
}

EXPORT struct link_util vswitch_link_util = {
	.id = "vswitch",
	.maxattr = VSWITCH_A_SWITCH_MAX,
	.parse_opt = parse_opt,
	.print_opt = print_opt,
	.print_help = print_help,
};

EXPORT struct link_util vport_link_util = {
	.id = "vport",
	.maxattr = VSWITCH_A_PORT_MAX,
	.parse_opt = parse_opt,
	.print_opt = print_opt,
	.print_help = print_help,
};

EXPORT struct link_util vswitch_slave_link_util = {
	.id = "vswitch_slave",
	.maxattr = VSWITCH_A_PORT_MAX,
	.parse_opt = parse_opt,
	.print_opt = print_opt,
	.print_help = print_help,
};
