// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts what frames cost that are written to one tap and read from another, as
 * by a hypervisor without vhost-net.
 *
 *	syscalls FROM TO LENGTH BATCH BATCHES <FRAME
 *
 * FROM and TO are descriptors of taps that do not block.  The frame, LENGTH bytes
 * with its virtio_net header, gets a number into its last four bytes.  Prints a
 * line for each batch: ticks to write it, and to read it.
 */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <x86intrin.h>

#define HDR_LEN		12
#define PATIENCE_MS	60000

struct run {
	int from, to;
	size_t len;
	unsigned int batch;
	uint32_t next;
	unsigned char *frame, *got;
};

static void number(unsigned char *frame, size_t len, uint32_t n)
{
	memcpy(frame + len - sizeof(n), &n, sizeof(n));
}

static void write_batch(struct run *r)
{
	for (unsigned int i = 0; i < r->batch; i++) {
		number(r->frame, r->len, r->next++);
		if (write(r->from, r->frame, r->len) != (ssize_t)r->len)
			err(1, "write");
	}
}

/* Returns how many have been read until none was there, from the @from-th on. */
static unsigned int read_batch(struct run *r, unsigned int from)
{
	for (unsigned int i = from; i < r->batch; i++) {
		ssize_t len = read(r->to, r->got + i * r->len, r->len);

		if (len < 0 && errno == EAGAIN)
			return i;
		if (len != (ssize_t)r->len)
			errx(1, "read %zd of %zu bytes", len, r->len);
	}
	return r->batch;
}

static void read_rest(struct run *r, unsigned int from)
{
	struct pollfd pfd = { .fd = r->to, .events = POLLIN };

	while (from < r->batch) {
		if (poll(&pfd, 1, PATIENCE_MS) != 1)
			errx(1, "%u frames of %u", from, r->batch);
		from = read_batch(r, from);
	}
}

static void check_batch(struct run *r)
{
	for (unsigned int i = 0; i < r->batch; i++) {
		number(r->frame, r->len, r->next - r->batch + i);
		if (memcmp(r->got + i * r->len + HDR_LEN, r->frame + HDR_LEN,
			   r->len - HDR_LEN))
			errx(1, "frame %u of a batch is another one", i);
	}
}

/* Returns false for a batch that came too late to be counted. */
static int one_batch(struct run *r)
{
	uint64_t begin, middle, end;
	unsigned int arrived;

	memset(r->got, 0, r->batch * r->len);
	begin = __rdtsc();
	write_batch(r);
	middle = __rdtsc();
	arrived = read_batch(r, 0);
	end = __rdtsc();
	read_rest(r, arrived);
	check_batch(r);
	if (arrived < r->batch)
		return 0;
	printf("%llu %llu\n", (unsigned long long)(middle - begin),
	       (unsigned long long)(end - middle));
	return 1;
}

int main(int argc, char **argv)
{
	struct run r = { 0 };
	int batches, late = 0;

	if (argc != 6)
		errx(2, "usage: syscalls FROM TO LENGTH BATCH BATCHES");
	r.from = atoi(argv[1]);
	r.to = atoi(argv[2]);
	r.len = strtoul(argv[3], NULL, 10);
	r.batch = strtoul(argv[4], NULL, 10);
	batches = atoi(argv[5]);
	r.frame = malloc(r.len);
	r.got = calloc(r.batch, r.len);
	if (!r.frame || !r.got || fread(r.frame, 1, r.len, stdin) != r.len)
		err(1, "no frame");
	for (int i = 0; i < batches;) {
		if (one_batch(&r))
			i++;
		else if (++late > batches)
			errx(1, "most frames come too late");
	}
	return 0;
}
