// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: which code of the module a frame has reached.  Only the
 * module is built to tell (see Kbuild), and only what this thread does counts: a
 * tap hands a frame over in the call that writes it.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include "frames.h"

#define KCOV_INIT_TRACE	_IOR('c', 1, unsigned long)
#define KCOV_ENABLE	_IO('c', 100)
#define KCOV_TRACE_PC	0

#define ENTRIES		BIT(16)
#define EDGES		BIT(18)
#define POINTS		8192

struct point {
	u64 pc;
	char file[24];
	char func[40];
	bool seen;
	bool path;	/* in a file of kmod/path/ */
	bool guides;	/* a new way through it makes an input one to keep */
};

static u64 *cover;
static u8 edge[EDGES];
static unsigned int edges;
static u8 way[EDGES];
static unsigned int ways;
static u64 this_way;	/* all that the last frame reached, in one number */
static struct point point[POINTS];
static unsigned int points;
static unsigned int unknown;	/* times at places that are not listed */

static int by_pc(const void *a, const void *b)
{
	const struct point *p = a, *q = b;

	return p->pc < q->pc ? -1 : p->pc > q->pc;
}

/* The list of points.py. */
static void read_points(const char *file)
{
	FILE *in = fopen(file, "r");
	struct point *p = point;

	if (!in)
		err(1, "%s", file);
	while (points < POINTS &&
	       fscanf(in, "%23s %39s %lx", p->file, p->func, &p->pc) == 3) {
		p->path = !strncmp(p->file, "path/", 5);
		/* The FDB depends on a secret and the clock, not on the seed. */
		p->guides = p->path && !strstr(p->file, "/l2_l");
		p++;
		points++;
	}
	fclose(in);
	if (!points || points == POINTS)
		errx(1, "%s has %s places of the module", file,
		     points ? "too many" : "no");
	qsort(point, points, sizeof(*point), by_pc);
}

/* Gets KCOV ready, for this thread and until it ends. */
void cov_open(const char *points_file)
{
	int fd = open("/sys/kernel/debug/kcov", O_RDWR);

	if (fd < 0 || ioctl(fd, KCOV_INIT_TRACE, ENTRIES))
		err(1, "kcov");
	cover = mmap(NULL, ENTRIES * sizeof(u64), PROT_READ | PROT_WRITE,
		     MAP_SHARED, fd, 0);
	if (cover == MAP_FAILED || ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC))
		err(1, "kcov");
	read_points(points_file);
}

void cov_begin(void)
{
	__atomic_store_n(&cover[0], 0, __ATOMIC_RELAXED);
}

static struct point *point_at(u64 pc)
{
	struct point key = { .pc = pc };

	return bsearch(&key, point, points, sizeof(key), by_pc);
}

static unsigned int mix(u64 value)
{
	return (value * 0x9e3779b97f4a7c15ULL >> 40) % EDGES;
}

/* Returns how many edges there were that no frame had before. */
unsigned int cov_end(void)
{
	u64 num = __atomic_load_n(&cover[0], __ATOMIC_RELAXED), i, prev = 0;
	unsigned int before = edges, at;
	struct point *p;

	this_way = 0;
	for (i = 1; i <= num && i < ENTRIES; i++) {
		p = point_at(cover[i]);
		unknown += !p;
		if (p)
			p->seen = true;
		if (!p || !p->guides)
			continue;
		/* A hash of two, of which the order counts. */
		at = mix(p->pc ^ prev << 7);
		prev = p->pc;
		this_way = (this_way ^ at) * 0x100000001b3ULL;
		if (edge[at])
			continue;
		edge[at] = 1;
		edges++;
	}
	return edges - before;
}

/*
 * Whether no frame before reached the same in the same order, with the same
 * result: much is decided in the core, which does not tell where it was.
 */
bool cov_is_new(u64 result)
{
	unsigned int at = mix(this_way ^ result);
	bool is_new = !way[at];

	way[at] = 1;
	ways += is_new;
	return is_new;
}

unsigned int cov_ways(void)
{
	return ways;
}

unsigned int cov_edges(void)
{
	return edges;
}

/* How many places of kmod/path/ were reached, of how many. */
unsigned int cov_path(unsigned int *total)
{
	unsigned int i, num = 0;

	*total = 0;
	for (i = 0; i < points; i++) {
		*total += point[i].path;
		num += point[i].path && point[i].seen;
	}
	return num;
}

static void print_file(const char *file)
{
	unsigned int i, num = 0, total = 0;

	for (i = 0; i < points; i++) {
		if (strcmp(point[i].file, file))
			continue;
		total++;
		num += point[i].seen;
	}
	if (num)
		printf("# %-22s %3u of %3u places\n", file, num, total);
}

static bool is_first_of_file(unsigned int i)
{
	unsigned int j;

	for (j = 0; j < i; j++)
		if (!strcmp(point[j].file, point[i].file))
			return false;
	return true;
}

/* What was reached, and if all, what was not. */
void cov_print(bool all)
{
	unsigned int i;

	for (i = 0; i < points; i++)
		if (is_first_of_file(i))
			print_file(point[i].file);
	if (unknown)
		printf("# %u times at places that are not on the list\n",
		       unknown);
	for (i = 0; all && i < points; i++)
		if (point[i].path && !point[i].seen)
			printf("# not reached: %s %s %#lx\n", point[i].file,
			       point[i].func, point[i].pc);
}
