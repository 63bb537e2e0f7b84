/* SPDX-License-Identifier: GPL-2.0 */
/* What is asked of /dev/vsw_bench; selftests/bench/bench.py knows it by heart. */
#ifndef _BENCH_UAPI_H
#define _BENCH_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define BENCH_BATCH_MAX		64
#define BENCH_FRAME_MAX		(68 * 1024)
#define BENCH_BATCHES_MAX	4096

/**
 * struct bench_request - Frames from one tap to another.
 * @from: descriptor of the tap that sends
 * @to: descriptor of the tap that receives
 * @hdr_len: bytes of the virtio_net header in front of each frame
 * @len: bytes of header and frame
 * @batch: frames sent at once
 * @batches: how often
 * @frame: header and frame; the last four bytes of each are a number
 * @sent: pointer to u64[@batches]: ticks it took to send each batch
 * @received: pointer to u64[@batches]: and to receive it
 */
struct bench_request {
	__s32 from;
	__s32 to;
	__u32 hdr_len;
	__u32 len;
	__u32 batch;
	__u32 batches;
	__u64 frame;
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
 * EAGAIN: too many have arrived too late to be counted.
 */
#define BENCH_RUN	_IOW('V', 0, struct bench_request)
/* Ticks of BENCH_LOOP instructions, to know how many ticks one takes. */
#define BENCH_TICKS	_IOR('V', 1, __u64)
#define BENCH_LOOP	20000
/* In force until the next one, or until the descriptor is closed. */
#define BENCH_FLOOR	_IOW('V', 2, struct bench_floor)

#endif /* _BENCH_UAPI_H */
