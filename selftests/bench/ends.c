// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts what frames cost from end to end: from the virtqueue of one guest's NIC, by
 * vhost-net, two taps and vhost-net again, into that of another one.  There are no
 * guests: this fills the rings (see selftests/vhost/guest.h).
 *
 *	ends FROM TO LENGTH BATCH BATCHES <FRAME
 *
 * FROM and TO are descriptors of taps.  The frame, LENGTH bytes with its virtio_net
 * header, gets a number into its last four bytes.  Prints a line for each batch: ticks
 * from the kick until the last frame is in the other ring, and 0.
 */
#include <err.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <x86intrin.h>

#include "guest.h"

#define ENTRIES		256
#define PATIENCE_MS	60000
/* Between batches, in microseconds: until everybody sleeps again. */
#define REST		2000

static const struct chain whole;

static void number(uint8_t *frame, size_t len, uint32_t n)
{
	memcpy(frame + len - sizeof(n), &n, sizeof(n));
}

static void nic_open(struct guest *g, int tap)
{
	const struct guest_config config = {
		.tap = tap, .num = ENTRIES, .buf = 4096, .mergeable = true,
		.sndbuf = INT_MAX,
	};
	int error = guest_open(g, &config);

	if (error)
		errx(1, "vhost-net: %s", strerror(-error));
	/* Nobody waits for frames to be sent. */
	g->q[TX].ring.avail->flags = VRING_AVAIL_F_NO_INTERRUPT;
}

static void check_batch(struct guest *to, uint8_t *frame, size_t len, uint32_t first,
			unsigned int batch)
{
	static uint8_t got[FRAME_MAX];
	unsigned int i;

	for (i = 0; i < batch; i++) {
		number(frame, len, first + i);
		if (guest_receive(to, got, sizeof(got), 0) != (int)len ||
		    memcmp(got + HDR_LEN, frame + HDR_LEN, len - HDR_LEN))
			errx(1, "frame %u of a batch is another one", i);
	}
}

static uint64_t one_batch(struct guest *from, struct guest *to, uint8_t *frame, size_t len,
			  uint32_t first, unsigned int batch)
{
	uint64_t begin, end;
	unsigned int i;

	for (i = 0; i < batch; i++) {
		number(frame, len, first + i);
		memcpy(from->tx_data + i * len, frame, len);
		guest_put(from, i, i * len, len, &whole);
	}
	usleep(REST);
	begin = __rdtsc();
	if (guest_kick(&from->q[TX]) || guest_wait(&to->q[RX], batch, PATIENCE_MS))
		errx(1, "not all frames come");
	end = __rdtsc();
	if (guest_wait(&from->q[TX], batch, PATIENCE_MS))
		errx(1, "frames have come, and are not sent");
	from->q[TX].last_used += batch;
	check_batch(to, frame, len, first, batch);
	return end - begin;
}

int main(int argc, char **argv)
{
	unsigned int batch, batches, i;
	struct guest from, to;
	uint8_t *frame;
	size_t len;

	if (argc != 6)
		errx(2, "usage: ends FROM TO LENGTH BATCH BATCHES");
	len = strtoul(argv[3], NULL, 10);
	batch = atoi(argv[4]);
	batches = atoi(argv[5]);
	frame = malloc(len);
	if (!frame || fread(frame, 1, len, stdin) != len)
		err(1, "no frame");
	if (batch > ENTRIES || batch * len > FRAME_MAX)
		errx(2, "%u frames of %zu bytes are too many for a batch", batch, len);
	nic_open(&from, atoi(argv[1]));
	nic_open(&to, atoi(argv[2]));
	for (i = 0; i < batches; i++)
		printf("%llu 0\n", (unsigned long long)
		       one_batch(&from, &to, frame, len, i * batch, batch));
	guest_close(&from);
	guest_close(&to);
	return 0;
}
