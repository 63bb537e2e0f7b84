// SPDX-License-Identifier: GPL-2.0
/*
 * Coverage-guided fuzzing of the way of a frame: see frames.sh.  As root in a
 * kernel with KCOV whose network may be lost.
 *
 * Inputs are programs of a few operations, settings and frames (frames.h).  One
 * that makes the module take a way which no input took before is kept, and later
 * ones are made from those kept.  Each starts with all settings as usual and an
 * empty FDB, so that it can be run again alone.
 */
#include <assert.h>
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "frames.h"

#define CORPUS		4096
#define SLOT		4096	/* bytes, of the file with the latest inputs */
#define SLOTS		64
#define MAGIC		0x46575356	/* VSWF */

/* Frames that come out of an input; what is made of one with more is slow. */
#define OUTS_MAX	200

/*
 * How much of the path must be reached, of 100; 6500 inputs reach 66.  Nearly a third
 * cannot be: what lockdep asks for and warns of, lack of memory, devices that taps are
 * not, what the switch sends itself.
 */
#define FLOOR		60
/* So many inputs reach it; a run that ends by the clock may have fewer. */
#define ENOUGH		1500

struct slot {
	u32 magic;
	u32 len;
	u64 number;
	u8 prog[SLOT - 16];
};

static_assert(sizeof(struct slot) == SLOT, "slot");
static_assert(sizeof(((struct slot *)0)->prog) >= PROG_MAX, "input");

static struct world world;
static struct prog corpus[CORPUS];
static unsigned int corpus_num;
static u64 seed, state, count = 6500, number, frames, digest;
static unsigned int failures;
static int last_fd = -1;
static const char *out_dir = ".", *points_file, *seeds_file, *replay_file, *until_file;
static bool all_points;

u32 rnd(u32 num)
{
	u64 z = state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	z ^= z >> 31;
	return (z >> 32) * num >> 32;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int open_out(const char *name, int flags)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", out_dir, name);
	fd = open(path, O_CREAT | O_WRONLY | flags, 0644);
	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static void fill_slot(struct slot *s, const struct prog *p)
{
	memset(s, 0, sizeof(*s));
	s->magic = MAGIC;
	s->number = number;
	s->len = prog_write(p, s->prog);
}

/*
 * The input is with the host before it runs: this kernel may not live to write
 * what is in its cache.  The host's cache is good enough.
 */
static void note_input(const struct prog *p)
{
	static struct slot s;
	off_t at = (off_t)(number % SLOTS) * SLOT;
	unsigned int i;

	fill_slot(&s, p);
	for (i = 0; i < s.len; i++)
		digest = (digest ^ s.prog[i]) * 0x100000001b3ULL;
	if (pwrite(last_fd, &s, SLOT, at) != SLOT ||
	    sync_file_range(last_fd, at, SLOT, SYNC_FILE_RANGE_WRITE |
			    SYNC_FILE_RANGE_WAIT_AFTER))
		err(1, "cannot note the input");
}

static void keep_failed(const struct prog *p)
{
	char name[32];
	struct slot s;
	int fd;

	fill_slot(&s, p);
	snprintf(name, sizeof(name), "failed-%u", failures);
	fd = open_out(name, O_TRUNC);
	if (write(fd, &s, sizeof(s)) != sizeof(s))
		err(1, "%s", name);
	close(fd);
	printf("# input %lu, with seed %lu, is in %s:\n", number, seed, name);
	prog_print(p);
	fflush(stdout);
}

static void print_result(bool sent)
{
	unsigned int i;

	printf("#   %s; came out, by port:", sent ? "sent" : "not taken");
	for (i = 0; i < PORTS; i++)
		printf(" %u", world.port[i].got);
	printf("; counted: %lu in, %lu out\n", world.delta[ST_RX_PACKETS],
	       world.delta[ST_TX_PACKETS]);
}

/* Runs an input; returns how much of what came of it is new. */
static unsigned int run_prog(const struct prog *p)
{
	static struct frame f;
	unsigned int i, edges = 0, ways = 0;
	u64 outs = world.outs;
	bool sent;

	note_input(p);
	number++;
	world_reset(&world);
	world_count(&world);
	for (i = 0; i < p->num; i++) {
		if (p->op[i].kind == OP_ECHO) {
			if (!world_echo(&world, &f, &p->op[i]))
				continue;
		} else if (p->op[i].kind != OP_FRAME) {
			world_do(&world, &p->op[i]);
			continue;
		} else {
			frame_of(&f, &p->op[i]);
		}
		cov_begin();
		sent = world_send(&world, &f);
		edges += cov_end();
		check_frame(&world, &f, sent);
		ways += cov_is_new(world_signature(&world));
		frames++;
		if (replay_file)
			print_result(sent);
		world_after(&world);
	}
	world_check_ports(&world);
	if (failed()) {
		failures++;
		keep_failed(p);
		failed_clear();
	}
	return world.outs - outs < OUTS_MAX ? edges + ways : edges;
}

static void run_and_keep(const struct prog *p)
{
	unsigned int at;

	if (!run_prog(p))
		return;
	at = corpus_num < CORPUS ? corpus_num++ : rnd(CORPUS);
	corpus[at] = *p;
}

/* A captured frame through a switch with VLANs. */
static void take_vlan_seed(const struct op *frame)
{
	static struct prog p;
	struct op op;

	p.num = 0;
	some_vlans(&op);
	prog_add(&p, 0, &op);
	prog_add(&p, 1, frame);
	run_and_keep(&p);
}

/*
 * A captured frame as it is, with VLANs and without, and as a guest would leave it to be
 * segmented.
 */
static void take_seed(const u8 *data, unsigned int len, unsigned int more)
{
	static const u8 gso[] = {
		0, VIRTIO_NET_HDR_GSO_TCPV4, VIRTIO_NET_HDR_GSO_TCPV6,
		VIRTIO_NET_HDR_GSO_UDP, VIRTIO_NET_HDR_GSO_UDP_L4,
	};
	static struct prog p;
	struct op op;
	unsigned int i;

	p.num = 0;
	op_frame(&op, corpus_num % PORTS, data, len, more);
	prog_add(&p, 0, &op);
	run_and_keep(&p);
	take_vlan_seed(&op);
	for (i = 0; i < ARRAY_SIZE(gso); i++) {
		op_frame(&op, 1 + i % (PORTS - 1), data, len, gso[i] ? 4000 : more);
		vnet_good(&op, gso[i]);
		p.num = 0;
		prog_add(&p, 0, &op);
		run_and_keep(&p);
	}
}

static void add_simple(struct prog *p, u8 kind, unsigned int who, u16 arg)
{
	struct op op;

	simple_op(&op, kind, who, arg);
	prog_add(p, p->num, &op);
}

static void add_message(struct prog *p, unsigned int kind, bool six, unsigned int who)
{
	struct op op;

	message_of(&op, kind, six);
	op.who = who;
	prog_add(p, p->num, &op);
}

/* A router asks, a host answers, and all kinds of messages, and data, come after it. */
static void take_messages(bool six, u8 how, bool vlans)
{
	static struct prog p;
	unsigned int kind;
	struct op op;

	for (kind = 0; kind < 8; kind++) {
		p.num = 0;
		if (vlans) {
			private_vlans(&op);
			prog_add(&p, 0, &op);
			add_simple(&p, OP_PRIVATE, 0, 1);
			add_simple(&p, OP_COUNT, 0, 1);
		}
		add_simple(&p, OP_SNOOP, 0, how);
		usual_port(&op, 1, VSWITCH_MCAST_ROUTER_AUTO, false);
		prog_add(&p, p.num, &op);
		add_message(&p, 1, six, 1);
		add_message(&p, 2 + 2 * rnd(2), six, 2);
		add_simple(&p, OP_WAIT, 0, how & SNOOP_ASK ? 1 : 0);
		add_message(&p, kind, six, 2 + rnd(2));
		add_message(&p, 0, six, 3);
		run_and_keep(&p);
	}
}

/* A probe goes out of a port and comes back by it, or by another one. */
static void take_probes(void)
{
	static struct prog p;
	unsigned int who;
	struct op op;

	for (who = 0; who < PORTS; who++) {
		p.num = 0;
		usual_port(&op, 1, VSWITCH_MCAST_ROUTER_NEVER, true);
		prog_add(&p, 0, &op);
		add_simple(&p, OP_ECHO, who, 0);
		run_and_keep(&p);
	}
}

/* What is seldom met by chance. */
static void take_others(void)
{
	unsigned int i;

	for (i = 0; i < 8; i++)
		take_messages(i & 1, i & 2 ? SNOOP_ON | SNOOP_ASK : SNOOP_ON, i & 4);
	take_probes();
}

static void fuzz(void)
{
	static struct prog p;

	while (number < count && failures < 10) {
		/* The host knows what time it is: the clock here jumps. */
		if (until_file && number % 64 == 0 && !access(until_file, F_OK))
			return;
		/* What was found lately is more likely to lead on. */
		p = corpus[one_in(2) ? rnd(corpus_num) :
			   corpus_num - 1 - rnd(corpus_num / 4 + 1)];
		mutate(&p, &corpus[rnd(corpus_num)]);
		run_and_keep(&p);
	}
}

static int by_number(const void *a, const void *b)
{
	const struct slot *s = a, *t = b;

	return s->number < t->number ? -1 : s->number > t->number;
}

/* Runs what is in a file once more, in the order in which it ran. */
static void replay(void)
{
	static struct slot s[SLOTS];
	static struct prog p;
	int fd = open(replay_file, O_RDONLY);
	ssize_t len = fd < 0 ? -1 : read(fd, s, sizeof(s));
	unsigned int i, num = len / SLOT;

	if (len < SLOT)
		err(1, "%s", replay_file);
	qsort(s, num, SLOT, by_number);
	for (i = 0; i < num; i++) {
		if (s[i].magic != MAGIC)
			continue;
		if (s[i].len > sizeof(s[i].prog) ||
		    !prog_read(&p, s[i].prog, s[i].len))
			errx(1, "%s: not an input", replay_file);
		printf("# input %lu\n", s[i].number);
		if (i == num - 1)
			prog_print(&p);
		fflush(stdout);
		run_prog(&p);
	}
}

static unsigned int tests, bad;

static void result(bool ok, const char *name)
{
	tests++;
	bad += !ok;
	printf("%sok %u %s\n", ok ? "" : "not ", tests, name);
}

static void run_all(void)
{
	unsigned int from, seeds, path, total;
	double begin = now();

	if (seeds_read(seeds_file, take_seed) <= 0)
		errx(1, "no frames to start from");
	take_others();
	from = cov_edges();
	seeds = corpus_num;
	fuzz();

	path = cov_path(&total);
	printf("# %lu inputs with %lu frames, %lu in, %lu out, in %.0f s of this kernel\n",
	       number, frames, world.ins, world.outs, now() - begin);
	printf("# %u edges, %u of them from the seeds; %u ways; %u inputs kept, %u of them seeds\n",
	       cov_edges(), from, cov_ways(), corpus_num, seeds);
	printf("# seed %lu, digest of the inputs %016lx\n", seed, digest);
	cov_print(all_points);
	printf("# %u of %u places of kmod/path/, %u of 100; at least %u wanted\n",
	       path, total, path * 100 / total, FLOOR);
	if (!until_file || number >= ENOUGH)
		result(path * 100 >= total * FLOOR, "the way of a frame is reached");
	result(cov_edges() > from, "coverage grew beyond the seeds");
	result(!failures, "frames are conserved");
}

static void usage(void)
{
	fprintf(stderr, "frames --points FILE --seeds FILE [--out DIR] [--seed N]\n"
		"       [--count N] [--until FILE] [--missing] [--replay FILE]\n");
	exit(2);
}

static void option(int c)
{
	switch (c) {
	case 'p':
		points_file = optarg;
		break;
	case 'i':
		seeds_file = optarg;
		break;
	case 'o':
		out_dir = optarg;
		break;
	case 's':
		seed = strtoull(optarg, NULL, 0);
		break;
	case 'c':
		count = strtoull(optarg, NULL, 0);
		break;
	case 'u':
		until_file = optarg;
		count = -1;
		break;
	case 'r':
		replay_file = optarg;
		break;
	case 'm':
		all_points = true;
		break;
	default:
		usage();
	}
}

static void options(int argc, char **argv)
{
	static const struct option list[] = {
		{ "points", required_argument, NULL, 'p' },
		{ "seeds", required_argument, NULL, 'i' },
		{ "out", required_argument, NULL, 'o' },
		{ "seed", required_argument, NULL, 's' },
		{ "count", required_argument, NULL, 'c' },
		{ "until", required_argument, NULL, 'u' },
		{ "replay", required_argument, NULL, 'r' },
		{ "missing", no_argument, NULL, 'm' },
		{}
	};
	int c;

	while ((c = getopt_long(argc, argv, "", list, NULL)) != -1)
		option(c);
	if (!points_file || (!seeds_file && !replay_file) || optind < argc)
		usage();
}

int main(int argc, char **argv)
{
	options(argc, argv);
	state = seed;
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("# seed %lu\n", seed);
	last_fd = open_out("last", O_TRUNC);
	world_make(&world);
	cov_open(points_file);
	if (replay_file) {
		replay();
		result(!failures, "frames are conserved");
	} else {
		run_all();
	}
	return bad ? 1 : 0;
}
