/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BENCH_H
#define _BENCH_H

#include <linux/fs.h>
#include <linux/net.h>
#include <linux/ptr_ring.h>
#include <net/xdp.h>
#include "uapi.h"

/**
 * struct bench_end - A tap as vhost-net has it.
 * @file: what user space has opened
 * @sock: its socket
 * @ring: what its guest is to receive
 */
struct bench_end {
	struct file *file;
	struct socket *sock;
	struct ptr_ring *ring;
};

/**
 * struct bench_run - One measurement.
 * @from: who sends
 * @to: who receives
 * @hdr_len: bytes of the virtio_net header
 * @len: bytes of header and frame
 * @pad: bytes before a frame in its buffer
 * @buflen: bytes of its buffer
 * @frame: header and frame that are sent
 * @got: room for a batch of received ones
 * @frags: memory of the frames on their way
 * @xdp: a batch to send, as taps take it
 * @queue: a batch that was taken out of the ring
 * @next: number of the next frame to send
 * @arrived: how many of a batch have been received
 */
struct bench_run {
	struct bench_end from;
	struct bench_end to;
	u32 hdr_len;
	u32 len;
	u32 pad;
	u32 buflen;
	u8 *frame;
	u8 *got;
	struct page_frag_cache frags;
	struct xdp_buff xdp[BENCH_BATCH_MAX];
	void *queue[BENCH_BATCH_MAX];
	u32 next;
	u32 arrived;
};

int bench_end_get(struct bench_end *end, int fd);
void bench_end_put(struct bench_end *end);
void bench_run_layout(struct bench_run *run);
int bench_send(struct bench_run *run, u32 num);
int bench_receive(struct bench_run *run, u32 num);

long bench_run(const struct bench_request *req);

struct bench_floor_pair;

struct bench_floor_pair *bench_floor_add(const struct bench_floor *floor);
void bench_floor_del(struct bench_floor_pair *pair);

#endif /* _BENCH_H */
