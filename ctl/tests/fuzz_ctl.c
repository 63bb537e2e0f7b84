// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of vswctl: words, batch files, files of entries and the kernel's replies,
 * all of them hostile, without a kernel.
 *
 *   fuzz_ctl [--seed N] [--first N] [--count N | --time SEC]
 *   fuzz_ctl --input HEX            run one input again and show what it prints
 *   fuzz_ctl --write DIR --count N  write inputs as files, the corpus of libFuzzer
 *
 * Input I of seed S is always the same.  With -DLIBFUZZER there is no main() and
 * libFuzzer makes the inputs.
 *
 * An input is a byte of flags (enum flag), and then pieces, each with its length
 * in two bytes, the low one first: the words of the command line, each ended by a
 * 0; what is in every file that is opened; and datagrams, where a length of 0xffNN
 * stands for the errno NN instead.
 *
 * Besides what the sanitizers find: see check_run().
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>

#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <linux/vswitch.h>

#include "cmd.h"
#include "fuzz_make.h"
#include "messages.h"
#include "nl_names.h"

/* Of sanitizer/allocator_interface.h, which gcc does not have. */
size_t __sanitizer_get_current_allocated_bytes(void);

#define WORDS_MAX 256
/* Of nl.c: what may be received at once. */
#define RECV_SIZE (256 * 1024)

struct piece {
	const unsigned char *data;
	size_t len;
	int err;
};

static const unsigned char *input;	/* the one that runs */
static size_t input_len;
static unsigned long long seed = 1, number;
static bool show;

/* ---- when something is wrong ---- */

/* Called by the sanitizers, too, before they end the program. */
static void __attribute__((unused)) print_input(void)
{
	size_t i;

	fprintf(stderr, "fuzz_ctl: seed %llu, input %llu:\n", seed, number);
	for (i = 0; i < input_len; i++)
		fprintf(stderr, "%02x", input[i]);
	fputc('\n', stderr);
}

static void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "fuzz_ctl: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
#ifdef LIBFUZZER
	abort();
#else
	print_input();
	_exit(1);
#endif
}

/* ---- the input ---- */

static const unsigned char *rest;
static size_t rest_len;
static unsigned int flags;
static struct piece file;

static bool next_piece(struct piece *p)
{
	size_t len;

	memset(p, 0, sizeof(*p));
	if (rest_len < 2)
		return false;
	len = rest[0] | rest[1] << 8;
	rest += 2;
	rest_len -= 2;
	if (len >> 8 == 0xff) {
		p->err = len & 0xff;
		return true;
	}
	p->len = len < rest_len ? len : rest_len;
	p->data = rest;
	rest += p->len;
	rest_len -= p->len;
	return true;
}

/* ---- what the tool would get from the system ---- */

static FILE *open_piece(void)
{
	static char text[INPUT_MAX + 1];

	/* Not of size 0, which fmemopen() need not take. */
	memcpy(text, file.data ?: (const unsigned char *)"", file.len);
	text[file.len] = '\n';
	return fmemopen(text, file.len + 1, "r");
}

/* libFuzzer opens files between runs. */
static bool running;

FILE *__real_fopen(const char *name, const char *mode);
int __real_open(const char *name, int how, ...);
FILE *__wrap_fopen(const char *name, const char *mode);
int __wrap_open(const char *name, int how, ...);
int __wrap_setns(int fd, int type);
struct if_nameindex *__wrap_if_nameindex(void);
void __wrap_if_freenameindex(struct if_nameindex *all);

FILE *__wrap_fopen(const char *name, const char *mode)
{
	if (!running)
		return __real_fopen(name, mode);
	errno = ENOENT;
	return flags & FLAG_FILES ? open_piece() : NULL;
}

int __wrap_open(const char *name, int how, ...)
{
	if (!running)
		return __real_open(name, how, 0666);
	errno = ENOENT;
	return flags & FLAG_NETNS ? dup(STDERR_FILENO) : -1;
}

int __wrap_setns(int fd, int type)
{
	(void)fd;
	(void)type;
	errno = EPERM;
	return flags & FLAG_FILES ? 0 : -1;
}

/* Its only device has the name that the file has in its first bytes. */
struct if_nameindex *__wrap_if_nameindex(void)
{
	static struct if_nameindex all[2];
	static char name[IFNAMSIZ];

	memset(name, 0, sizeof(name));
	memcpy(name, file.data ?: (const unsigned char *)"",
	       file.len < sizeof(name) - 1 ? file.len : sizeof(name) - 1);
	all[0].if_name = name;
	return all;
}

void __wrap_if_freenameindex(struct if_nameindex *all)
{
	(void)all;
}

/* ---- what the tool would get from the kernel ---- */

static struct nlmsghdr last;		/* of the last request */
static bool owe_family, owe_ack;

static uint64_t number_in(const struct nlattr *nla)
{
	uint64_t v = 0;

	memcpy(&v, nla_data(nla), nla_len(nla) < (int)sizeof(v) ? (size_t)nla_len(nla) : sizeof(v));
	return v;
}

/* Some, and neither 0 nor 4095. */
static bool vlans_are(const uint8_t *vlans)
{
	static const uint8_t none[VSWITCH_VLAN_LIST_LEN];

	return memcmp(vlans, none, sizeof(none)) && !(vlans[0] & 1) &&
	       !(vlans[VSWITCH_VLAN_LIST_LEN - 1] & 0x80);
}

/* One at least, and zeroes behind the last. */
static bool pairs_are(const uint8_t *data)
{
	uint16_t num[VSWITCH_TRANSLATE_LEN / sizeof(uint16_t)];
	unsigned int i, used = 0;

	memcpy(num, data, sizeof(num));
	for (i = 0; i < VSWITCH_TRANSLATE_LEN / sizeof(*num); i++) {
		if (num[i] > VSWITCH_VLAN_MAX || (num[i] && used < i))
			return false;
		used += num[i] != 0;
	}
	return used && used % 2 == 0;
}

/* What is taken back (@any) is what the kernel said before, right or wrong. */
static bool fits(const struct nl_attr *d, const struct nlattr *nla, bool any)
{
	static const uint16_t sizes[NL_T_NEST] = {
		[NL_T_U8] = 1, [NL_T_U16] = 2, [NL_T_U32] = 4, [NL_T_U64] = 8, [NL_T_MAC] = 6, [NL_T_IP] = 16,
		[NL_T_VLANS] = VSWITCH_VLAN_LIST_LEN, [NL_T_PAIRS] = VSWITCH_TRANSLATE_LEN,
	};
	size_t len = nla_len(nla);

	if (d->type == NL_T_STRING)
		return len && strnlen(nla_data(nla), len) == len - 1 && (!d->max || len - 1 <= d->max);
	if (len != sizes[d->type])
		return false;
	if (any || d->type == NL_T_MAC || d->type == NL_T_IP || d->type == NL_T_FLAG)
		return true;
	if (d->type == NL_T_VLANS)
		return vlans_are(nla_data(nla));
	if (d->type == NL_T_PAIRS)
		return pairs_are(nla_data(nla));
	if (d->values && !d->values->flags)
		return number_in(nla) < d->values->count;
	return number_in(nla) >= d->min && number_in(nla) <= d->max;
}

static void check_attrs(const struct nl_set *set, const void *data, size_t len, bool any)
{
	struct nlattr *head = (struct nlattr *)data, *nla;
	const struct nl_attr *d;
	int rem;

	nla_for_each_attr(nla, head, (int)len, rem) {
		d = nla_type(nla) <= (int)set->max ? &set->attrs[nla_type(nla)] : NULL;
		if (!d || !d->name)
			fail("a request with attribute %d in '%s'", nla_type(nla), set->name);
		if (d->type == NL_T_NEST)
			check_attrs(d->nested, nla_data(nla), nla_len(nla), any);
		else if (!fits(d, nla, any))
			fail("a request whose '%s' is not as the spec says", d->name);
	}
	if (rem > 0)
		fail("a request with %d bytes too many", rem);
}

/* All that is sent must be as the spec has it. */
static void check_request(const struct nlmsghdr *req, enum nlx_proto proto)
{
	const struct nl_set *set = &nl_set_link;
	size_t hdr = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct ifinfomsg)), len;
	bool any = req->nlmsg_type == RTM_SETLINK;
	uint8_t cmd;

	if (req->nlmsg_len > NLX_MSG_MAX)
		fail("a request of %u bytes", req->nlmsg_len);
	if (proto == NLX_GENL) {
		if (!nlx_attrs(req, &cmd, &len) || cmd > nl_cmds_max)
			fail("a request without an operation");
		hdr = NLMSG_HDRLEN + GENL_HDRLEN;
		set = nl_cmds[cmd].set;
		any = cmd == VSWITCH_CMD_SWITCH_SET;
	}
	check_attrs(set, (const char *)req + hdr, req->nlmsg_len - hdr, any);
}

static int fuzz_send(struct nlx *nl, enum nlx_proto proto, const struct nlmsghdr *req)
{
	bool ctrl = proto == NLX_GENL && req->nlmsg_type == GENL_ID_CTRL && !nl->family;

	if (!ctrl && req->nlmsg_type != GENL_ID_CTRL)
		check_request(req, proto);
	last = *req;
	owe_family = ctrl && flags & FLAG_FAMILY;
	owe_ack = owe_family || flags & FLAG_ACK;
	return 0;
}

/* A sequence number of 0 stands for the right one. */
static void number_messages(void *buf, size_t len)
{
	struct nlmsghdr *h = buf;
	int left = len;

	for (; nlmsg_ok(h, left); h = nlmsg_next(h, &left))
		if (!h->nlmsg_seq)
			h->nlmsg_seq = last.nlmsg_seq;
}

static ssize_t take_msg(struct nl_msg *msg, void *buf)
{
	size_t len = nlmsg_hdr(msg)->nlmsg_len;

	memcpy(buf, nlmsg_hdr(msg), len);
	nlmsg_free(msg);
	return len;
}

static ssize_t receive(void *buf, size_t size)
{
	bool refuse = flags & FLAG_REFUSE && !owe_family;
	struct piece p;

	if (owe_family) {
		owe_family = false;
		return take_msg(a_family(&last), buf);
	}
	if (next_piece(&p)) {
		if (p.err)
			return -p.err;
		if (p.len > size)
			fail("room for %zu bytes only", size);
		memcpy(buf, p.data ?: (const unsigned char *)"", p.len);
		return p.len;
	}
	if (!owe_ack)
		return -EAGAIN;
	owe_ack = false;
	return take_msg(an_ack(&last, refuse ? EBUSY : 0, refuse ? "busy" : NULL, 0), buf);
}

/* Behind the datagram nothing may be read, though there is room in the buffer. */
static ssize_t fuzz_recv(struct nlx *nl, enum nlx_proto proto, void *buf, size_t size)
{
	ssize_t n;

	(void)nl;
	(void)proto;
	ASAN_UNPOISON_MEMORY_REGION(buf, size);
	n = receive(buf, size);
	if (n < 0)
		return n;
	number_messages(buf, n);
	ASAN_POISON_MEMORY_REGION((char *)buf + n, size - n);
	return n;
}

static int fuzz_join(struct nlx *nl, uint32_t group)
{
	(void)nl;
	(void)group;
	return 0;
}

static const struct nlx_io fuzz_io = { fuzz_send, fuzz_recv, fuzz_join };

/* ---- what must be so after every run ---- */

struct result {
	int status;
	bool json;
	bool complete;
	char *out, *err;
	size_t out_len, err_len;
};

/* Bytes of the printable character at @s; 0, it is not one. */
static size_t printable(const unsigned char *s)
{
	size_t i, n;

	if (s[0] < 0x80)
		return s[0] >= 0x20 && s[0] != 0x7f;
	/* U+0080 to U+009F are control characters, too. */
	if (s[0] == 0xc2)
		return s[1] >= 0xa0 && s[1] < 0xc0 ? 2 : 0;
	n = s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
	for (i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

static void check_printable(const char *what, const char *text, size_t len)
{
	size_t i, n;

	for (i = 0; i < len; i += n) {
		n = text[i] == '\n' ? 1 : printable((const unsigned char *)text + i);
		if (!n)
			fail("%s has byte %02x at %zu", what, (unsigned char)text[i], i);
	}
	if (len && text[len - 1] != '\n')
		fail("%s does not end with a line's end", what);
}

/* "vswctl: " or "FILE:LINE: " and then what is said; NULL, it is not so. */
static const char *skip_place(const char *line)
{
	const char *p;

	if (!strncmp(line, "vswctl: ", 8))
		return line + 8;
	for (p = strchr(line, ':'); p && *p != '\n'; p = strpbrk(p + 1, ":\n")) {
		size_t digits = strspn(p + 1, "0123456789");

		if (digits && !strncmp(p + 1 + digits, ": ", 2))
			return p + 3 + digits;
	}
	return NULL;
}

/* One complaint when it failed, none when it did not; with usage after it. */
static void check_complaints(const struct result *r)
{
	const char *line, *said;
	int complaints = 0;

	for (line = r->err; *line; line = strchr(line, '\n') + 1) {
		if (!strncmp(line, "usage: vswctl ", 14) &&
		    (r->status == ST_USAGE || r->complete))
			continue;
		said = skip_place(line);
		if (!said)
			fail("a line of complaints without a place");
		complaints += strncmp(said, "warning: ", 9) != 0;
	}
	/* Completion complains, but that does no harm to a shell. */
	if (complaints != (r->status != ST_OK) && !r->complete)
		fail("%d complaints with status %d", complaints, r->status);
}

/* Any number of values; help is for people, whatever was asked for. */
static void check_json(const struct result *r)
{
	struct json_tokener *tok = json_tokener_new();
	const char *p = r->out, *end = r->out + r->out_len;
	struct json_object *obj;

	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS |
			       JSON_TOKENER_VALIDATE_UTF8);
	while (p < end && strncmp(p, "vswctl ", 7)) {
		json_tokener_reset(tok);
		obj = json_tokener_parse_ex(tok, p, end - p);
		if (json_tokener_get_error(tok) != json_tokener_success)
			fail("no JSON from byte %zu on", p - r->out);
		json_object_put(obj);
		/* The blanks behind it included. */
		p += json_tokener_get_parse_end(tok);
		if (p[-1] != '\n')
			fail("no end of line behind JSON at byte %zu", p - r->out);
	}
	json_tokener_free(tok);
}

static void check_run(const struct result *r)
{
	if (r->status < ST_OK || r->status > ST_USAGE)
		fail("status %d", r->status);
	check_printable("standard output", r->out, r->out_len);
	check_printable("standard error", r->err, r->err_len);
	check_complaints(r);
	if (r->json && !r->complete)
		check_json(r);
}

/* ---- running the tool ---- */

#define GAP 16

/* Nothing may be read before or behind a word, so they are kept apart. */
static int split_words(const struct piece *p, char **argv)
{
	static char copy[INPUT_MAX + 2 * GAP * (WORDS_MAX + 1)] __attribute__((aligned(8)));
	size_t from = 0, at = GAP, n;
	int argc = 0;

	ASAN_POISON_MEMORY_REGION(copy, sizeof(copy));
	for (; from < p->len && argc < WORDS_MAX; from += n + 1) {
		n = strnlen((const char *)p->data + from, p->len - from);
		ASAN_UNPOISON_MEMORY_REGION(copy + at, n + 1);
		memcpy(copy + at, p->data + from, n);
		copy[at + n] = '\0';
		argv[argc++] = copy + at;
		at += (n + 1 + GAP) / 8 * 8 + 8;
	}
	argv[argc] = NULL;
	return argc;
}

static bool has(const struct piece *p, const char *word)
{
	return p->len && memmem(p->data, p->len, word, strlen(word));
}

static void run_words(const struct piece *words, struct result *r)
{
	static char *argv[WORDS_MAX + 1];
	static void *buf;
	struct ctx ctx = { 0 };
	FILE *std = stdin;
	int argc = split_words(words, argv);

	/* Kept: what takes so much memory is slow to get. */
	buf = buf ?: malloc(RECV_SIZE);
	ctx.out.out = open_memstream(&r->out, &r->out_len);
	ctx.out.err = open_memstream(&r->err, &r->err_len);
	stdin = open_piece();
	nlx_init(&ctx.nl, &ctx.out);
	ctx.nl.io = &fuzz_io;
	ctx.nl.family = flags & FLAG_RESOLVED ? FAMILY : 0;
	ctx.nl.buf = buf;
	running = true;
	r->status = vswctl_run(&ctx, argc, argv);
	running = false;
	ctx.nl.buf = NULL;
	nlx_close(&ctx.nl);
	ASAN_UNPOISON_MEMORY_REGION(buf, RECV_SIZE);
	fclose(stdin);
	stdin = std;
	fclose(ctx.out.out);
	fclose(ctx.out.err);
	r->json = ctx.out.json;
}

static void run_once(const unsigned char *data, size_t len)
{
	struct result r = { 0 };
	struct piece words;

	flags = len ? data[0] : 0;
	rest = data + !!len;
	rest_len = len - !!len;
	owe_family = owe_ack = false;
	memset(&last, 0, sizeof(last));
	next_piece(&words);
	next_piece(&file);
	run_words(&words, &r);
	r.complete = has(&words, "complete") || has(&file, "complete");
	if (show)
		fprintf(stderr, "status %d\n---- out\n%s---- err\n%s----\n", r.status, r.out, r.err);
	check_run(&r);
	free(r.out);
	free(r.err);
}

/*
 * What is allocated must be freed.  Some things are made once and kept, so that
 * only what grows again and again is a leak.
 */
static void run_input(const unsigned char *data, size_t len)
{
	size_t before, after;
	int tries = 0;

	input = data;
	input_len = len;
	do {
		before = __sanitizer_get_current_allocated_bytes();
		run_once(data, len);
		after = __sanitizer_get_current_allocated_bytes();
	} while (after > before && ++tries < 4);
	if (after > before)
		fail("%zu bytes are not freed", after - before);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	if (len <= INPUT_MAX)
		run_input(data, len);
	return 0;
}

#ifndef LIBFUZZER

/* ---- main ---- */

static unsigned char made[INPUT_MAX];
static size_t made_len;

const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "handle_abort=1:detect_leaks=1";
}

static void too_slow(int sig)
{
	(void)sig;
	fail("it does not come to its end");
}

static void write_input(const char *dir)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%llu", dir, number);
	f = fdopen(creat(path, 0666), "w");
	if (!f || fwrite(made, made_len, 1, f) != 1 || fclose(f)) {
		perror(path);
		exit(2);
	}
}

static int run_hex(const char *hex)
{
	unsigned int byte;

	for (; sscanf(hex, "%2x", &byte) == 1 && made_len < sizeof(made); hex += 2)
		made[made_len++] = byte;
	show = true;
	run_input(made, made_len);
	return 0;
}

/* "90", "5m", "1h" */
static unsigned long long duration(const char *word)
{
	char *unit;
	unsigned long long v = strtoull(word, &unit, 10);

	return *unit == 'h' ? v * 3600 : *unit == 'm' ? v * 60 : v;
}

static int usage(void)
{
	fprintf(stderr, "usage: fuzz_ctl [--seed N] [--first N] [--count N | --time SEC] "
			"[--write DIR] | --input HEX\n");
	return 2;
}

int main(int argc, char **argv)
{
	unsigned long long first = 0, count = 1000, seconds = 0, i;
	const char *dir = NULL;
	time_t begin = time(NULL);
	int n;

	__sanitizer_set_death_callback(print_input);
	signal(SIGALRM, too_slow);
	for (n = 1; n + 1 < argc; n += 2) {
		unsigned long long v = strtoull(argv[n + 1], NULL, 0);

		if (!strcmp(argv[n], "--input"))
			return run_hex(argv[n + 1]);
		else if (!strcmp(argv[n], "--write"))
			dir = argv[n + 1];
		else if (!strcmp(argv[n], "--seed"))
			seed = v;
		else if (!strcmp(argv[n], "--first"))
			first = v;
		else if (!strcmp(argv[n], "--count"))
			count = v;
		else if (!strcmp(argv[n], "--time"))
			seconds = duration(argv[n + 1]);
		else
			return usage();
	}
	if (n != argc)
		return usage();
	printf("# fuzz_ctl: seed %llu\n", seed);
	fflush(stdout);
	for (i = 0; seconds ? (unsigned long long)(time(NULL) - begin) < seconds : i < count; i++) {
		if (i % 256 == 0)
			alarm(60);
		number = first + i;
		made_len = fuzz_make(made, seed, number);
		if (dir)
			write_input(dir);
		else
			run_input(made, made_len);
	}
	alarm(0);
	printf("# fuzz_ctl: %llu inputs, %ld s\n", i, (long)(time(NULL) - begin));
	return 0;
}

#endif /* LIBFUZZER */
