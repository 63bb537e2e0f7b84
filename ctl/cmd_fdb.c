// SPDX-License-Identifier: GPL-2.0
/*
 * fdb show, get, add, del, flush.  Tables of a million entries are streamed:
 * an entry is printed when it comes and kept no longer.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include <linux/vswitch.h>

#include "cmd.h"
#include "nl_names.h"

#define FDB_ATTR(name) .set = &nl_set_fdb, .attr = VSWITCH_A_FDB_##name
#define ENTRY_ATTR(name) .set = &nl_set_fdb_entry, .attr = VSWITCH_A_FDB_ENTRY_##name

#define FDB_SWITCH \
	{ .value = "SWITCH", .kind = ARG_SWITCH, .required = true, FDB_ATTR(SWITCH_NAME) }
#define FDB_MAC { .value = "MAC", .required = true, ENTRY_ATTR(MAC) }
#define FDB_VLAN { .word = "vlan", .value = "VID", ENTRY_ATTR(VLAN), \
		   .doc = "Its VLAN; needed on a VLAN-aware switch." }
#define FDB_REPLACE { .word = "replace", .kind = ARG_BARE, FDB_ATTR(REPLACE) }
#define FDB_FILTER \
	{ .word = "vlan", .value = "VID", FDB_ATTR(VLAN) }, \
	{ .word = "port", .value = "DEV", .kind = ARG_PORT, FDB_ATTR(PORT_NAME) }, \
	{ .word = "type", FDB_ATTR(TYPE) }

const struct arg args_fdb_show[] = {
	{ .value = "SWITCH", .kind = ARG_SWITCH, FDB_ATTR(SWITCH_NAME) },
	FDB_FILTER,
	{ 0 }
};

enum { A_SWITCH, A_MAC };

/* Entries that are added are static, if nothing is said. */
const struct arg args_fdb_add[] = {
	FDB_SWITCH,
	FDB_MAC,
	{ .word = "dev", .value = "DEV", .kind = ARG_PORT, .required = true, ENTRY_ATTR(PORT_NAME) },
	{ .word = "vlan", .value = "VID", ENTRY_ATTR(VLAN),
	  .doc = "Its VLAN; on a VLAN-aware switch that of the untagged frames of DEV by default." },
	{ .word = "static", .kind = ARG_BARE, .excl = 1,
	  .doc = "It neither ages nor moves; so it is without this word, too." },
	{ .word = "sticky", .kind = ARG_BARE, .excl = 1, ENTRY_ATTR(TYPE),
	  .num = VSWITCH_FDB_TYPE_STICKY,
	  .doc = "The same, but it counts against the mac-limit of the port." },
	FDB_REPLACE,
	{ 0 }
};

enum { L_SWITCH, L_FILE };

const struct arg args_fdb_load[] = {
	FDB_SWITCH,
	{ .word = "file", .value = "FILE", .kind = ARG_WORD, .required = true,
	  .doc = "File with an entry a line." },
	FDB_REPLACE,
	{ 0 }
};

const struct arg args_fdb_del[] = { FDB_SWITCH, FDB_MAC, FDB_VLAN, { 0 } };
const struct arg args_fdb_get[] = { FDB_SWITCH, FDB_MAC, FDB_VLAN, { 0 } };
const struct arg args_fdb_flush[] = { FDB_SWITCH, FDB_FILTER, { 0 } };

static const struct out_col fdb_cols[] = {
	{ "mac", "MAC", -17 },
	{ "vlan", "VLAN", 4 },
	{ "port-name", "PORT", -15 },
	{ "type", "TYPE", -7 },
	{ "age", "AGE", 7 },
	{ "switch-name", "SWITCH", -15 },
	{ 0 }
};

/* ---- show and get ---- */

struct stream {
	struct ctx *ctx;
	bool begun;
};

static void begin(struct stream *s)
{
	/* Not before the first message: a refusal prints nothing else. */
	if (!s->begun)
		out_begin(&s->ctx->out, fdb_cols);
	s->begun = true;
}

void cmd_fdb_split(struct json_object *obj, void (*fn)(struct json_object *entry, void *arg),
		   void *arg)
{
	static const char *const keys[] = { "switch-ifindex", "switch-name" };
	struct json_object *entries = out_find(obj, "entry"), *entry, *val;
	size_t i, k;

	for (i = 0; entries && i < json_object_array_length(entries); i++) {
		entry = json_object_get(json_object_array_get_idx(entries, i));
		for (k = 0; k < 2; k++) {
			val = out_find(obj, keys[k]);
			if (val)
				json_object_object_add(entry, keys[k], json_object_get(val));
		}
		fn(entry, arg);
	}
	json_object_put(obj);
}

/* The switch's name and number, in this order, if they are there: how many are. */
static size_t collect_switch(const void *attrs, size_t len, struct out_attr *sw)
{
	static const int types[] = { VSWITCH_A_FDB_SWITCH_IFINDEX, VSWITCH_A_FDB_SWITCH_NAME };
	struct nlattr *nla;
	size_t n = 0, i;

	for (i = 0; i < 2; i++) {
		nla = nla_find(attrs, len, types[i]);
		if (nla)
			sw[n++] = (struct out_attr){ &nl_set_fdb.attrs[types[i]], nla_data(nla),
						     nla_len(nla) };
	}
	return n;
}

static void print_entries(struct out *o, const void *attrs, size_t len)
{
	struct out_attr row[VSWITCH_A_FDB_ENTRY_MAX + 2], sw[2];
	size_t num = collect_switch(attrs, len, sw), n;
	struct nlattr *head = (struct nlattr *)attrs, *nla;
	int rem;

	nla_for_each_attr(nla, head, (int)len, rem) {
		if (nla_type(nla) != VSWITCH_A_FDB_ENTRY)
			continue;
		n = out_collect(&nl_set_fdb_entry, nla_data(nla), nla_len(nla), row,
				VSWITCH_A_FDB_ENTRY_MAX);
		memcpy(row + n, sw, num * sizeof(*sw));
		out_attrs_row(o, row, n + num);
	}
}

static int stream_one(const struct nlmsghdr *nlh, void *arg)
{
	struct stream *s = arg;
	const void *attrs;
	uint8_t op;
	size_t len;

	attrs = cmd_attrs(nlh, &op, &len);
	if (!attrs)
		return -EBADMSG;
	begin(s);
	if (nl_cmds[op].set == &nl_set_fdb)
		print_entries(&s->ctx->out, attrs, len);
	/* Nobody reads on: no use in reading a million entries. */
	return ferror(s->ctx->out.out) ? -EPIPE : 0;
}

static struct nl_msg *fdb_request(struct ctx *ctx, uint8_t op, unsigned int flags,
				  const struct arg *args, const struct arg_val *vals, bool entry)
{
	struct nl_msg *msg = nlx_request(&ctx->nl, op, flags);
	struct nlattr *nest;

	if (!msg || args_put(msg, args, vals, &nl_set_fdb) < 0)
		goto fail;
	if (!entry)
		return msg;
	nest = nla_nest_start(msg, VSWITCH_A_FDB_ENTRY);
	if (!nest || args_put(msg, args, vals, &nl_set_fdb_entry) < 0)
		goto fail;
	nla_nest_end(msg, nest);
	return msg;
fail:
	nlmsg_free(msg);
	return NULL;
}

static int show(struct ctx *ctx, struct nl_msg *msg, const char *what)
{
	struct stream s = { .ctx = ctx };
	int err;

	err = nlx_call(&ctx->nl, NLX_GENL, msg, stream_one, &s);
	if (!err)
		begin(&s);
	if (s.begun)
		out_end(&ctx->out);
	/* "fdb show | head" had what it wanted. */
	if (ferror(ctx->out.out))
		return ST_REFUSED;
	if (err)
		return nlx_fail(&ctx->nl, "%s", what);
	if (ctx->nl.intr)
		out_warning(&ctx->out, "the table changed while it was read");
	return ST_OK;
}

int cmd_fdb_show(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	return show(ctx, fdb_request(ctx, VSWITCH_CMD_FDB_GET, NLM_F_DUMP, args, vals, false),
		    "fdb show");
}

int cmd_fdb_get(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	char what[64];

	snprintf(what, sizeof(what), "fdb %s %s", vals[A_SWITCH].str, vals[A_MAC].str);
	return show(ctx, fdb_request(ctx, VSWITCH_CMD_FDB_GET, 0, args, vals, true), what);
}

/* ---- changes ---- */

int cmd_fdb_add(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	if (nlx_call(&ctx->nl, NLX_GENL,
		     fdb_request(ctx, VSWITCH_CMD_FDB_ADD, 0, args, vals, true), NULL, NULL))
		return nlx_fail(&ctx->nl, "fdb %s %s", vals[A_SWITCH].str, vals[A_MAC].str);
	return ST_OK;
}

int cmd_fdb_del(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	if (nlx_call(&ctx->nl, NLX_GENL,
		     fdb_request(ctx, VSWITCH_CMD_FDB_DEL, 0, args, vals, true), NULL, NULL))
		return nlx_fail(&ctx->nl, "fdb %s %s", vals[A_SWITCH].str, vals[A_MAC].str);
	return ST_OK;
}

int cmd_fdb_flush(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	struct json_object *list, *obj, *count;

	if (cmd_collect(ctx, VSWITCH_CMD_FDB_FLUSH, 0, args, vals, &list))
		return nlx_fail(&ctx->nl, "fdb %s", vals[A_SWITCH].str);
	obj = json_object_array_get_idx(list, 0);
	count = obj ? out_find(obj, "count") : NULL;
	if (ctx->out.json && obj)
		out_object(&ctx->out, json_object_get(obj));
	else if (count)
		fprintf(ctx->out.out, "%s\n", json_object_get_string(count));
	json_object_put(list);
	return ST_OK;
}

/* ---- add from a file ---- */

/* A line of the file; small, for there may be millions. */
struct bulk_entry {
	uint8_t mac[6];
	int16_t vlan;		/* -1, none is given */
	bool sticky;
	char dev[VSWITCH_NAME_MAX + 1];
	unsigned int line;
};

struct bulk {
	struct ctx *ctx;
	struct bulk_entry *entries;
	size_t count;
	size_t space;
};

/* What an entry takes in a message at most: a nest, an address, a VLAN, a name, a type. */
#define ENTRY_SPACE (NLA_HDRLEN + NLA_HDRLEN + 8 + NLA_HDRLEN + 4 + NLA_HDRLEN + 16 + \
		     NLA_HDRLEN + 4)

static struct bulk_entry *bulk_new(struct bulk *b)
{
	struct bulk_entry *more;

	if (b->count == b->space) {
		b->space = b->space ? 2 * b->space : 1024;
		more = realloc(b->entries, b->space * sizeof(*more));
		if (!more)
			return NULL;
		b->entries = more;
	}
	return &b->entries[b->count++];
}

/* Address, port, VLAN, type, and one too many. */
#define WORDS_MAX 5

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Cuts a line into words, up to one more than an entry has: their number. */
static int bulk_split(char *p, char **words)
{
	static const bool ends_word[256] = {
		['\0'] = true, ['#'] = true,
		[' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true,
	};
	int n = 0;

	for (;;) {
		while (is_blank(*p))
			*p++ = '\0';
		if (!*p || *p == '#' || n == WORDS_MAX)
			break;
		words[n++] = p;
		while (!ends_word[(unsigned char)*p])
			p++;
	}
	*p = '\0';
	return n;
}

static int bulk_parse(struct bulk *b, int n, char **words, struct arg_val *vals)
{
	static const struct arg columns[] = {
		FDB_MAC,
		{ .value = "DEV", .kind = ARG_PORT, .required = true },
		{ .value = "VLAN", ENTRY_ATTR(VLAN) },
		{ 0 }
	};
	int i;

	/* Words that are too few or too many are complained of, after wrong ones. */
	if (n < 2 || n > 3)
		return args_parse(&b->ctx->out, "fdb add", columns, n, words, vals);
	for (i = 0; i < n; i++) {
		/* Neighbours in a file are mostly of one port. */
		if (i == 1 && b->count && !strcmp(words[i], b->entries[b->count - 1].dev))
			continue;
		if (args_value(&b->ctx->out, "fdb add", &columns[i], words[i], &vals[i]))
			return ST_USAGE;
	}
	return ST_OK;
}

/* Takes the type off the end of a line, if it has one: whether it is sticky. */
static bool bulk_type(int *n, char **words)
{
	const char *last = *n > 2 ? words[*n - 1] : "";
	bool sticky = !strcmp(last, "sticky");

	if (sticky || !strcmp(last, "static"))
		--*n;
	return sticky;
}

static int bulk_line(struct bulk *b, char *text)
{
	struct arg_val vals[ARGS_MAX];
	struct bulk_entry *e;
	char *words[WORDS_MAX];
	int n = bulk_split(text, words);
	bool sticky;

	if (!n)
		return ST_OK;
	sticky = bulk_type(&n, words);
	if (bulk_parse(b, n, words, vals))
		return ST_USAGE;
	e = bulk_new(b);
	if (!e) {
		out_error(&b->ctx->out, "out of memory");
		return ST_REFUSED;
	}
	memcpy(e->mac, vals[0].mac, sizeof(e->mac));
	strcpy(e->dev, words[1]);	/* checked to fit */
	e->vlan = n == 3 ? (int)vals[2].num : -1;
	e->sticky = sticky;
	e->line = b->ctx->out.line;
	return ST_OK;
}

static int bulk_read(struct bulk *b, FILE *f)
{
	char *text = NULL;
	size_t size = 0;
	int err = ST_OK;

	b->ctx->out.line = 0;
	while (!err && getline(&text, &size, f) >= 0) {
		b->ctx->out.line++;
		err = bulk_line(b, text);
	}
	if (!err && ferror(f)) {
		out_error(&b->ctx->out, "%s", strerror(errno));
		err = ST_REFUSED;
	}
	free(text);
	return err;
}

static char *put_attr(char *at, int type, const void *data, size_t len)
{
	struct nlattr nla = { .nla_type = type, .nla_len = NLA_HDRLEN + len };

	memcpy(at, &nla, sizeof(nla));
	memcpy(at + NLA_HDRLEN, data, len);
	return at + NLA_ALIGN(nla.nla_len);
}

/* The caller knows that there is room.  With nla_put() it takes several times as long. */
static void bulk_put(struct nlmsghdr *nlh, const struct bulk_entry *e)
{
	char *nest = (char *)nlh + NLMSG_ALIGN(nlh->nlmsg_len), *end = nest + NLA_HDRLEN;
	struct nlattr nla = { .nla_type = VSWITCH_A_FDB_ENTRY | NLA_F_NESTED };
	uint32_t type = VSWITCH_FDB_TYPE_STICKY;
	uint16_t vlan = e->vlan;

	/* What is between attributes, too. */
	memset(nest, 0, ENTRY_SPACE);
	end = put_attr(end, VSWITCH_A_FDB_ENTRY_MAC, e->mac, sizeof(e->mac));
	if (e->vlan >= 0)
		end = put_attr(end, VSWITCH_A_FDB_ENTRY_VLAN, &vlan, sizeof(vlan));
	end = put_attr(end, VSWITCH_A_FDB_ENTRY_PORT_NAME, e->dev, strlen(e->dev) + 1);
	if (e->sticky)
		end = put_attr(end, VSWITCH_A_FDB_ENTRY_TYPE, &type, sizeof(type));
	nla.nla_len = end - nest;
	memcpy(nest, &nla, sizeof(nla));
	nlh->nlmsg_len = end - (char *)nlh;
}

/* Sends as many entries as fit into one message: their number, or negative. */
static ssize_t bulk_send(struct bulk *b, size_t first, const struct arg *args,
			 const struct arg_val *vals)
{
	struct nl_msg *msg = fdb_request(b->ctx, VSWITCH_CMD_FDB_ADD, 0, args, vals, false);
	struct nlmsghdr *nlh = msg ? nlmsg_hdr(msg) : NULL;
	size_t i = first;

	while (nlh && i < b->count && nlh->nlmsg_len + ENTRY_SPACE <= NLX_MSG_MAX)
		bulk_put(nlh, &b->entries[i++]);
	if (nlx_call(&b->ctx->nl, NLX_GENL, msg, NULL, NULL))
		return -1;
	return i - first;
}

static int bulk_fail(struct bulk *b, size_t first, const struct arg_val *vals)
{
	const struct nlx_error *e = &b->ctx->nl.err;

	b->ctx->out.line = b->entries[first].line;
	if (e->entry >= 0 && first + e->entry < b->count)
		b->ctx->out.line = b->entries[first + e->entry].line;
	nlx_fail(&b->ctx->nl, "fdb %s", vals[L_SWITCH].str);
	if (first)
		out_warning(&b->ctx->out, "%zu entries were added before", first);
	return ST_REFUSED;
}

/* All lines are checked before the first entry is sent. */
static int bulk_run(struct bulk *b, FILE *f, const struct arg *args, const struct arg_val *vals)
{
	size_t first;
	ssize_t n;
	int err;

	err = bulk_read(b, f);
	if (err)
		return err;
	for (first = 0; first < b->count; first += n) {
		n = bulk_send(b, first, args, vals);
		if (n < 0)
			return bulk_fail(b, first, vals);
	}
	return ST_OK;
}

int cmd_fdb_load(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	const char *name = vals[L_FILE].str, *outer = ctx->out.file;
	unsigned int outer_line = ctx->out.line;
	bool is_stdin = !strcmp(name, "-");
	struct bulk b = { .ctx = ctx };
	FILE *f = is_stdin ? stdin : fopen(name, "r");
	int err;

	if (!f) {
		out_error(&ctx->out, "fdb add: cannot read %s: %s", name, strerror(errno));
		return ST_REFUSED;
	}
	ctx->out.file = is_stdin ? "stdin" : name;
	err = bulk_run(&b, f, args, vals);
	ctx->out.file = outer;
	ctx->out.line = outer_line;
	free(b.entries);
	if (!is_stdin)
		fclose(f);
	return err;
}
