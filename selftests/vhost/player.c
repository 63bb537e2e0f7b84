// SPDX-License-Identifier: GPL-2.0
/*
 * Plays guests: opens taps and /dev/vhost-net as QEMU does, and fills virtqueues
 * as the driver of a guest does, well or badly.  What vhost.sh tells the switch
 * through it, a guest could.
 *
 * Lines of standard input are "COMMAND ARGUMENT...", each answered by one line:
 * "ok", what was asked for, or what went wrong.  NAME stands for a guest's NIC;
 * where MAC is asked for, NAME stands for its address, too, and "all" for
 * broadcast.  There is one frame that is made, sent and waited for.
 *
 *   open NAME MAC PATH [OPTION...]  PATH as in guest.h; options: num=N buf=N
 *                             sndbuf=N offload=MASK nomrg mq
 *   close NAME | stop NAME | start NAME      stop and start: vhost's backend
 *   drop-tap NAME             close the tap, which vhost has still
 *   close-all PREFIX FIRST LAST              many at once
 *   offload NAME MASK | sndbuf NAME BYTES
 *   frame eth|tcp4|tcp6 DST SRC LEN [vlan=N] [mss=N] [port=N]
 *   hex HEX                   the frame, byte by byte, behind an empty header
 *   header [HEX]              its virtio_net header, which may be too short
 *   send NAME [OPTION...]     times=N cut=N,N... indirect fault=N ms=N
 *   expect NAME [MS]          "whole" or "N segments"
 *   find NAME                 "whole", whatever else comes before it
 *   nothing NAME MS           "ok" when no frame comes
 *   count NAME MS             how many come until none does for so long
 *   stream FROM TO NUM LEN [free]  numbered frames: how many came, and whether in
 *                             order; free: whether there is room for them or not
 *   gather NAME PREFIX FIRST LAST  each sends to NAME
 *   chain PREFIX FIRST LAST   each sends to the next one
 *   flood NAME PREFIX FIRST LAST   NAME sends to all, who get it once
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "frame.h"

#define WORDS_MAX	24
#define CLOSERS		32
/* Sending and receiving on a slow machine under load. */
#define PATIENCE_MS	20000
/* Frames of a stream that are sent together, room for each, and how many may be on
 * their way: less than a ring of a tap has.
 */
#define BATCH		32
#define WINDOW		256
#define SLOT		2048

static struct guest *guests;
static struct frame current;
static uint8_t got[FRAME_MAX];
static char answer[256];

static const char *say_errno(int err)
{
	return err ? strerrorname_np(-err) : "ok";
}

static struct guest *find(const char *name)
{
	struct guest *g;

	for (g = guests; g; g = g->next)
		if (!strcmp(g->name, name))
			return g;
	return NULL;
}

static bool parse_mac(uint8_t *mac, const char *word)
{
	struct guest *g = find(word);

	if (g)
		memcpy(mac, g->mac, 6);
	else if (!strcmp(word, "all"))
		memset(mac, 0xff, 6);
	else
		return sscanf(word, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1,
			      mac + 2, mac + 3, mac + 4, mac + 5) == 6;
	return true;
}

/* The value of "KEY=VALUE" or, when there is none of this key, NULL. */
static const char *option(char **words, const char *key)
{
	size_t len = strlen(key);

	for (; *words; words++)
		if (!strncmp(*words, key, len) && (*words)[len] == '=')
			return *words + len + 1;
	return NULL;
}

static int number(char **words, const char *key, int otherwise)
{
	const char *value = option(words, key);

	return value ? strtol(value, NULL, 0) : otherwise;
}

static bool flag(char **words, const char *key)
{
	for (; *words; words++)
		if (!strcmp(*words, key))
			return true;
	return false;
}

static int parse_hex(uint8_t *to, size_t size, const char *hex)
{
	size_t i;

	for (i = 0; hex[2 * i]; i++)
		if (i == size || sscanf(hex + 2 * i, "%2hhx", to + i) != 1)
			return -EINVAL;
	return i;
}

/* --- commands; words[0] is the command, a NULL follows the last one -------- */

static const char *do_open(char **words)
{
	struct guest_config config = {
		.path = words[3],
		.num = number(words, "num", 256),
		.buf = number(words, "buf", 4096),
		.mergeable = !flag(words, "nomrg"),
		.multi_queue = flag(words, "mq"),
		.sndbuf = number(words, "sndbuf", INT_MAX),
		.offload = number(words, "offload", 0),
	};
	struct guest *g = calloc(1, sizeof(*g));
	int err;

	if (!g || !parse_mac(g->mac, words[2]))
		return "what MAC?";
	snprintf(g->name, sizeof(g->name), "%s", words[1]);
	err = guest_open(g, &config);
	g->config.path = NULL;
	if (err) {
		guest_close(g);
		free(g);
		return say_errno(err);
	}
	g->next = guests;
	guests = g;
	return "ok";
}

static const char *do_close(char **words)
{
	struct guest *g = find(words[1]), **p;

	for (p = &guests; *p != g; p = &(*p)->next)
		;
	*p = g->next;
	guest_close(g);
	free(g);
	return "ok";
}

static struct guest *find_numbered(const char *prefix, int n)
{
	char name[32];

	snprintf(name, sizeof(name), "%s%d", prefix, n);
	return find(name);
}

/**
 * struct closer - One of those who close guests together.
 * @prefix: of their names
 * @first: the first one's number
 * @last: the last one's
 * @thread: who does it
 */
struct closer {
	const char *prefix;
	int first, last;
	pthread_t thread;
};

static void *close_some(void *arg)
{
	struct closer *c = arg;
	struct guest *g;
	int i;

	for (i = c->first; i <= c->last; i += CLOSERS) {
		g = find_numbered(c->prefix, i);
		if (g)
			guest_close(g);
	}
	return NULL;
}

/* Each waits some times until all CPUs have forgotten it, so one does not wait for
 * the other.
 */
static const char *do_close_all(char **words)
{
	int i, first = atoi(words[2]), last = atoi(words[3]);
	struct closer closer[CLOSERS];
	struct guest **p, *g;

	for (i = 0; i < CLOSERS; i++) {
		closer[i] = (struct closer){ words[1], first + i, last };
		if (pthread_create(&closer[i].thread, NULL, close_some, closer + i))
			exit(1);
	}
	for (i = 0; i < CLOSERS; i++)
		pthread_join(closer[i].thread, NULL);
	for (i = first; i <= last; i++) {
		g = find_numbered(words[1], i);
		for (p = &guests; *p && *p != g; p = &(*p)->next)
			;
		if (!*p)
			continue;
		*p = g->next;
		free(g);
	}
	return "ok";
}

static const char *do_stop(char **words)
{
	return say_errno(guest_stop(find(words[1])));
}

static const char *do_start(char **words)
{
	return say_errno(guest_start(find(words[1])));
}

static const char *do_drop_tap(char **words)
{
	struct guest *g = find(words[1]);

	close(g->tap);
	g->tap = -1;
	return "ok";
}

static const char *do_offload(char **words)
{
	return say_errno(guest_offload(find(words[1]), strtoul(words[2], NULL, 0)));
}

static const char *do_sndbuf(char **words)
{
	int sndbuf = strtol(words[2], NULL, 0);

	return say_errno(guest_sndbuf(find(words[1]), sndbuf));
}

static const char *do_frame(char **words)
{
	static const char *const kinds[] = {
		[FRAME_ETH] = "eth", [FRAME_TCP4] = "tcp4", [FRAME_TCP6] = "tcp6",
	};
	uint8_t dst[6], src[6];
	struct frame_spec spec = {
		.dst = dst,
		.src = src,
		.len = strtoul(words[4], NULL, 0),
		.vlan = number(words, "vlan", 0),
		.mss = number(words, "mss", 0),
		.port = number(words, "port", 40000),
	};
	enum frame_kind kind;

	if (!parse_mac(dst, words[2]) || !parse_mac(src, words[3]))
		return "what MAC?";
	for (kind = FRAME_ETH; kind <= FRAME_TCP6; kind++)
		if (!strcmp(kinds[kind], words[1]))
			return say_errno(frame_make(&current, kind, &spec));
	return "what frame?";
}

static const char *do_hex(char **words)
{
	int len = parse_hex(current.data + HDR_LEN, FRAME_MAX - HDR_LEN, words[1]);

	if (len < 0)
		return "what frame?";
	memset(current.data, 0, HDR_LEN);
	current.kind = FRAME_RAW;
	current.hdr_len = HDR_LEN;
	current.len = len;
	return "ok";
}

/* A header that is too short moves what follows: what is sent starts with it. */
static const char *do_header(char **words)
{
	uint8_t header[HDR_LEN] = { 0 };
	int len = parse_hex(header, HDR_LEN, words[1] ? words[1] : "");

	if (len < 0)
		return "what header?";
	memcpy(current.data, header, HDR_LEN);
	current.hdr_len = len;
	return "ok";
}

static bool parse_chain(struct chain *chain, char **words)
{
	const char *cut = option(words, "cut");
	char *end;

	*chain = (struct chain){
		.indirect = flag(words, "indirect"),
		.fault = number(words, "fault", FAULT_NONE),
	};
	for (; cut; cut = *end ? end + 1 : NULL) {
		if (chain->pieces == PIECES_MAX - 1)
			return false;
		chain->piece[chain->pieces++] = strtoul(cut, &end, 0);
		if (*end && *end != ',')
			return false;
	}
	return true;
}

static const char *do_send(char **words)
{
	/* Only a header that was cut short is not where the frame begins. */
	static uint8_t data[FRAME_MAX];
	struct chain chain;
	int err;

	if (!parse_chain(&chain, words))
		return "what chain?";
	memcpy(data, current.data, current.hdr_len);
	memcpy(data + current.hdr_len, current.data + HDR_LEN, current.len);
	err = guest_send(find(words[1]), data, current.hdr_len + current.len,
			 number(words, "times", 1), &chain,
			 number(words, "ms", PATIENCE_MS));
	return err == -ETIME ? "stuck" : say_errno(err);
}

static int receive(struct guest *g, int ms)
{
	return guest_receive(g, got, sizeof(got), ms);
}

static const char *expect_segments(struct guest *g, int len, int ms)
{
	struct reassembly r = { .f = &current };
	const char *bad;

	while (!(bad = frame_segment(&r, got, len))) {
		if (current.payload + r.done == current.len) {
			snprintf(answer, sizeof(answer), "%u segments", r.segments);
			return answer;
		}
		len = receive(g, ms);
		if (len <= 0) {
			snprintf(answer, sizeof(answer),
				 "%u segments with %zu bytes, then %s", r.segments,
				 r.done, len ? say_errno(len) : "nothing");
			return answer;
		}
	}
	return bad;
}

static const char *do_expect(char **words)
{
	struct guest *g = find(words[1]);
	int ms = words[2] ? atoi(words[2]) : PATIENCE_MS;
	int len = receive(g, ms);
	const char *bad;

	if (len <= 0)
		return len ? say_errno(len) : "nothing";
	bad = frame_compare(&current, got, len);
	if (!bad)
		return "whole";
	if (current.kind >= FRAME_TCP4 && (size_t)len < HDR_LEN + current.len)
		return expect_segments(g, len, ms);
	return bad;
}

static const char *do_find(char **words)
{
	struct guest *g = find(words[1]);
	long end = now_ms() + PATIENCE_MS;
	int len;

	do {
		len = receive(g, PATIENCE_MS);
		if (len <= 0)
			return len ? say_errno(len) : "nothing";
	} while (frame_compare(&current, got, len) && now_ms() < end);
	return frame_compare(&current, got, len) ? "only others" : "whole";
}

static const char *do_nothing(char **words)
{
	int len = receive(find(words[1]), atoi(words[2]));

	if (!len)
		return "ok";
	snprintf(answer, sizeof(answer), "%d bytes came", len);
	return answer;
}

static const char *do_count(char **words)
{
	struct guest *g = find(words[1]);
	int num = 0, len;

	while ((len = receive(g, atoi(words[2]))) > 0)
		num++;
	if (len < 0)
		return say_errno(len);
	snprintf(answer, sizeof(answer), "%d", num);
	return answer;
}

/* --- many ------------------------------------------------------------------ */

/**
 * struct stream - Numbered frames from one guest to another.
 * @from: who sends
 * @to: who receives
 * @len: bytes of each
 * @came: how many have come
 * @next: number that is higher than that of the last one
 * @disordered: how many came after one with a higher number
 * @bad: how many came otherwise than they were sent
 */
struct stream {
	struct guest *from, *to;
	size_t len;
	unsigned int came, next, disordered, bad;
};

static void stream_take(struct stream *s, int ms)
{
	int len = receive(s->to, ms);
	uint8_t *frame = got + HDR_LEN;
	unsigned int number;

	for (; len > 0; len = receive(s->to, 0)) {
		number = frame[14] << 24 | frame[15] << 16 | frame[16] << 8 | frame[17];
		s->disordered += number < s->next;
		s->next = number + 1;
		frame_number(current.data + HDR_LEN, number);
		s->bad += !!frame_compare(&current, got, len);
		s->came++;
	}
}

/* Puts @num frames into the ring, numbered from @first on, and sends them. */
static int stream_send(struct stream *s, unsigned int first, unsigned int num)
{
	static const struct chain whole;
	unsigned int i;

	for (i = 0; i < num; i++) {
		uint8_t *at = s->from->tx_data + i * SLOT;

		memcpy(at, current.data, HDR_LEN + s->len);
		frame_number(at + HDR_LEN, first + i);
		guest_put(s->from, i, i * SLOT, HDR_LEN + s->len, &whole);
	}
	return guest_flush(s->from, num, PATIENCE_MS);
}

static const char *do_stream(char **words)
{
	struct stream s = {
		.from = find(words[1]),
		.to = find(words[2]),
		.len = strtoul(words[4], NULL, 0),
	};
	struct frame_spec spec = { s.to->mac, s.from->mac, s.len };
	unsigned int i, num = strtoul(words[3], NULL, 0), batch, late;
	bool wait = !flag(words, "free");
	int err = s.len < 18 || s.len + HDR_LEN > SLOT ? -EMSGSIZE :
		  frame_make(&current, FRAME_ETH, &spec);

	for (i = 0; !err && i < num; i += batch) {
		batch = num - i < BATCH ? num - i : BATCH;
		err = stream_send(&s, i, batch);
		do {
			late = s.came;
			stream_take(&s, wait && i + batch - s.came > WINDOW ? 2000 : 0);
		} while (wait && i + batch - s.came > WINDOW && s.came > late);
	}
	if (err)
		return err == -ETIME ? "stuck" : say_errno(err);
	/* What is under way still. */
	do {
		late = s.came;
		if (s.came < num)
			stream_take(&s, wait ? PATIENCE_MS : 1000);
	} while (s.came < num && s.came > late);
	snprintf(answer, sizeof(answer), "%u %s", s.came,
		 s.bad ? "bad" : s.disordered ? "disordered" : "ordered");
	return answer;
}

/* Sends the current frame from one guest, which another one is to get. */
static const char *pass(struct guest *from, struct guest *to, const uint8_t *dst)
{
	static const struct chain whole;
	struct frame_spec spec = { dst, from->mac, 60 };
	int err = frame_make(&current, FRAME_ETH, &spec);

	if (!err)
		err = guest_send(from, current.data, HDR_LEN + current.len, 1, &whole,
				 PATIENCE_MS);
	if (err || !to)
		return err ? say_errno(err) : NULL;
	err = receive(to, PATIENCE_MS);
	if (err <= 0)
		return err ? say_errno(err) : "nothing came";
	return frame_compare(&current, got, err);
}

static const char *failed_at(int i, const char *what)
{
	snprintf(answer, sizeof(answer), "%d: %s", i, what);
	return answer;
}

static const char *do_gather(char **words)
{
	struct guest *from, *to = find(words[1]);
	const char *bad;
	int i;

	for (i = atoi(words[3]); i <= atoi(words[4]); i++) {
		from = find_numbered(words[2], i);
		if (!from || from == to)
			continue;
		bad = pass(from, to, to->mac);
		if (bad)
			return failed_at(i, bad);
	}
	return "ok";
}

static const char *do_chain(char **words)
{
	int i, first = atoi(words[2]), last = atoi(words[3]);
	struct guest *from = find_numbered(words[1], first), *to;
	const char *bad;

	for (i = first + 1; from && i <= last; i++, from = to) {
		to = find_numbered(words[1], i);
		bad = to ? pass(from, to, to->mac) : "there is no such guest";
		if (bad)
			return failed_at(i, bad);
	}
	return "ok";
}

static const char *do_flood(char **words)
{
	static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct guest *from = find(words[1]), *to;
	const char *bad = pass(from, NULL, all);
	int i, len;

	for (i = atoi(words[3]); !bad && i <= atoi(words[4]); i++) {
		to = find_numbered(words[2], i);
		if (!to || to == from)
			continue;
		len = receive(to, PATIENCE_MS);
		bad = len <= 0 ? "nothing came" : frame_compare(&current, got, len);
		if (bad)
			return failed_at(i, bad);
	}
	return bad ? bad : "ok";
}

/* --- the lines ------------------------------------------------------------- */

/* @words: at least; @guests: how many of the first are names that must exist. */
static const struct command {
	const char *name;
	int words, guests;
	const char *(*run)(char **words);
} commands[] = {
	{ "open", 4, 0, do_open },
	{ "close", 2, 1, do_close },
	{ "close-all", 4, 0, do_close_all },
	{ "stop", 2, 1, do_stop },
	{ "start", 2, 1, do_start },
	{ "drop-tap", 2, 1, do_drop_tap },
	{ "offload", 3, 1, do_offload },
	{ "sndbuf", 3, 1, do_sndbuf },
	{ "frame", 5, 0, do_frame },
	{ "hex", 2, 0, do_hex },
	{ "header", 1, 0, do_header },
	{ "send", 2, 1, do_send },
	{ "expect", 2, 1, do_expect },
	{ "find", 2, 1, do_find },
	{ "nothing", 3, 1, do_nothing },
	{ "count", 3, 1, do_count },
	{ "stream", 5, 2, do_stream },
	{ "gather", 5, 1, do_gather },
	{ "chain", 4, 0, do_chain },
	{ "flood", 5, 1, do_flood },
};

static const char *run(char *line)
{
	char *words[WORDS_MAX + 1] = { NULL }, *rest = NULL, *word;
	const struct command *c;
	int i, num = 0;

	for (word = strtok_r(line, " \n", &rest); word && num < WORDS_MAX;
	     word = strtok_r(NULL, " \n", &rest))
		words[num++] = word;
	for (c = commands; c < commands + sizeof(commands) / sizeof(*commands); c++) {
		if (!num || strcmp(c->name, words[0]))
			continue;
		if (num < c->words)
			return "words are missing";
		for (i = 1; i <= c->guests; i++)
			if (!find(words[i]))
				return "there is no such guest";
		return c->run(words);
	}
	return "what?";
}

/* A guest has six descriptors. */
static void raise_limits(void)
{
	struct rlimit limit = { 1 << 16, 1 << 16 };

	if (setrlimit(RLIMIT_NOFILE, &limit))
		perror("RLIMIT_NOFILE");
}

int main(void)
{
	size_t size = 0;
	char *line = NULL;

	raise_limits();
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (getline(&line, &size, stdin) > 0)
		puts(run(line));
	return 0;
}
