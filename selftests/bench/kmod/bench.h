/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BENCH_H
#define _BENCH_H

#include <linux/etherdevice.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <linux/ptr_ring.h>
#include <net/xdp.h>
#include "uapi.h"

/**
 * struct bench_end - A tap as vhost-net has it, or a NIC.
 * @dev: the NIC of nic.c, or NULL
 * @file: what user space has opened of a tap
 * @sock: its socket
 * @ring: what its guest is to receive
 */
struct bench_end {
	struct net_device *dev;
	struct file *file;
	struct socket *sock;
	struct ptr_ring *ring;
};

/**
 * struct bench_run - One measurement.
 * @from: who sends
 * @to: who receives
 * @ports: how many those are
 * @hdr_len: bytes of the virtio_net header
 * @len: bytes of header and frame
 * @pad: bytes before a frame in its buffer
 * @buflen: bytes of its buffer
 * @addresses: how many pairs of addresses the frames have in turn, or 0
 * @address: destinations and sources
 * @frame: header and frame that are sent
 * @got: room for a batch of received ones
 * @frags: memory of the frames on their way
 * @xdp: a batch to send, as taps take it
 * @queue: a batch that was taken out of the ring
 * @next: number of the next frame to send
 * @arrived: how many of a batch one port has received
 * @shared: others send to the same port, which is looked at by all of them
 * @total: frames received from such a port
 */
struct bench_run {
	struct bench_end from;
	struct bench_end to[BENCH_PORTS_MAX];
	u32 ports;
	u32 hdr_len;
	u32 len;
	u32 pad;
	u32 buflen;
	u32 addresses;
	u8 (*address)[2 * ETH_ALEN];
	u8 *frame;
	u8 *got;
	struct page_frag_cache frags;
	struct xdp_buff xdp[BENCH_BATCH_MAX];
	void *queue[BENCH_BATCH_MAX];
	u32 next;
	u32 arrived;
	bool shared;
	u32 total;
};

/**
 * bench_mark() - Write into a frame what it does not share with others.
 * @run: measurement
 * @frame: begin of the frame
 * @number: of the frame
 */
static inline void bench_mark(const struct bench_run *run, u8 *frame, u32 number)
{
	u32 end = run->len - run->hdr_len - sizeof(number);

	put_unaligned(number, (u32 *)(frame + end));
	if (run->addresses)
		memcpy(frame, run->address[number % run->addresses],
		       sizeof(*run->address));
}

int bench_end_get(struct bench_end *end, int fd);
void bench_end_put(struct bench_end *end);
void bench_run_layout(struct bench_run *run);
int bench_send(struct bench_run *run, u32 num);
int bench_receive(struct bench_run *run, const struct bench_end *end, u32 num);

struct sk_buff *bench_skb(struct bench_run *run);

int bench_nic_register(void);
void bench_nic_unregister(void);
struct net_device *bench_nic_get(int ifindex);
int bench_nic_send(struct bench_run *run, u32 num);
int bench_nic_receive(struct bench_run *run, const struct bench_end *end, u32 num);

bool bench_request_is_valid(const struct bench_request *req);
int bench_run_init(struct bench_run *run, const struct bench_request *req);
void bench_run_free(struct bench_run *run);
bool bench_is_right(const struct bench_run *run, u32 num);

long bench_run(const struct bench_request *req);
long bench_ping(const struct bench_request *req);

struct bench_floor_pair;

struct bench_floor_pair *bench_floor_add(const struct bench_floor *floor);
void bench_floor_del(struct bench_floor_pair *pair);

#endif /* _BENCH_H */
