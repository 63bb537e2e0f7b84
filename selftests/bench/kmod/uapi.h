/* SPDX-License-Identifier: GPL-2.0 */
/* What is asked of /dev/vsw_bench; selftests/bench/bench.py knows it by heart. */
#ifndef _BENCH_UAPI_H
#define _BENCH_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define BENCH_BATCH_MAX		64
#define BENCH_FRAME_MAX		(68 * 1024)
#define BENCH_BATCHES_MAX	4096
#define BENCH_PORTS_MAX		64
#define BENCH_ADDRESSES_MAX	(2 * BENCH_BATCH_MAX * BENCH_BATCHES_MAX)

/**
 * struct bench_request - Frames from one tap to others.
 * @from: descriptor of the tap that sends; or, of a netdev of the kind vsw_bench,
 *        its index, negative: also in @to
 * @ports: how many taps receive each of them
 * @hdr_len: bytes of the virtio_net header in front of each frame
 * @len: bytes of header and frame
 * @batch: frames sent at once
 * @batches: how often
 * @addresses: how many pairs of addresses they have in turn; 0 if those stay
 * @pause: milliseconds between batches; nanoseconds between two of BENCH_PING
 * @shared: other runs send to the same tap; each takes what is there, no matter whose
 * @pad: zero
 * @to: pointer to s32[@ports]: descriptors of those that receive
 * @frame: header and frame; the last four bytes of each are a number
 * @address: pointer to u8[@addresses][2 * ETH_ALEN]: destination and source
 * @sent: pointer to u64[@batches]: ticks it took to send each batch
 * @received: pointer to u64[@batches]: and to receive it, by all
 */
struct bench_request {
	__s32 from;
	__u32 ports;
	__u32 hdr_len;
	__u32 len;
	__u32 batch;
	__u32 batches;
	__u32 addresses;
	__u32 pause;
	__u32 shared;
	__u32 pad;
	__u64 to;
	__u64 frame;
	__u64 address;
	__u64 sent;
	__u64 received;
};

/**
 * struct bench_floor - Two netdevs, each of which sends what the other receives.
 * @ifindex: the two, 0 for none any more
 */
struct bench_floor {
	__u32 ifindex[2];
};

/*
 * Fails if frames have not arrived as they were sent: ENODATA, fewer or more of
 * them; EMSGSIZE, of another size; EBADMSG, with other bytes or in another order.
 * EAGAIN: too many have arrived too late to be counted.  Returns how many frames
 * have come to a tap that is shared, else 0.
 */
#define BENCH_RUN	_IOW('V', 0, struct bench_request)
/* Ticks of BENCH_LOOP instructions, to know how many ticks one takes. */
#define BENCH_TICKS	_IOR('V', 1, __u64)
#define BENCH_LOOP	20000
/*
 * One frame there, and with its addresses exchanged back again, @batches times.  Each
 * is due at its own time, @pause after the one before.  @sent is how many nanoseconds
 * later than that it was sent, @received how many it took there and back.
 */
#define BENCH_PING	_IOW('V', 3, struct bench_request)
/* In force until the next one, or until the descriptor is closed. */
#define BENCH_FLOOR	_IOW('V', 2, struct bench_floor)

#endif /* _BENCH_UAPI_H */
