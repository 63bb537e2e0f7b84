// SPDX-License-Identifier: GPL-2.0
/*
 * A measurement: batch by batch, frames are sent and received, which is counted,
 * and then looked at, which is not.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/virtio_net.h>
#include "bench.h"

/* What virtio_net headers say may be said in several ways, but for these. */
static bool bench_header_is_right(const u8 *got, const u8 *sent)
{
	const struct virtio_net_hdr *a = (const void *)got;
	const struct virtio_net_hdr *b = (const void *)sent;

	return (a->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) ==
	       (b->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) &&
	       a->gso_type == b->gso_type && a->gso_size == b->gso_size;
}

/**
 * bench_is_right() - Look whether frames have arrived.
 * @run: measurement; @got has what was received
 * @num: how many there should be
 *
 * Return: whether those are the last that were sent, in order.
 */
bool bench_is_right(const struct bench_run *run, u32 num)
{
	const u8 *got = run->got;
	u32 i;

	for (i = 0; i < num; i++, got += run->len) {
		bench_mark(run, run->frame + run->hdr_len, run->next - num + i);
		if (!bench_header_is_right(got, run->frame) ||
		    memcmp(got + run->hdr_len, run->frame + run->hdr_len,
			   run->len - run->hdr_len))
			return false;
	}
	return true;
}

/*
 * Linux before v6.3 leaves what came in by a backlog, as with macvtap, to
 * ksoftirqd while that one is about to run, which is not before we sleep.
 */
static int bench_wait(struct bench_run *run, const struct bench_end *end, u32 num)
{
	int err = 0, ms;

	for (ms = 0; !err && run->arrived < num && ms < 2000; ms += 20) {
		msleep(20);
		err = bench_receive(run, end, num);
	}
	return err;
}

/* What one port gets of a batch.  EAGAIN: it is right, but came too late. */
static int bench_collect(struct bench_run *run, const struct bench_end *end, u32 num,
			 u64 *ticks)
{
	bool late;
	u64 begin;
	int err;

	run->arrived = 0;
	begin = bench_clock();
	err = bench_receive(run, end, num);
	*ticks += bench_clock() - begin;
	late = run->arrived < num;
	if (!err && late)
		err = bench_wait(run, end, num);
	if (err)
		return err;
	if (run->arrived != num)
		return -ENODATA;
	if (!bench_is_right(run, num))
		return -EBADMSG;
	memset(run->got, 0, num * run->len);
	return late ? -EAGAIN : 0;
}

/* Whether frames are such as are sent here, but for the number and who sent them. */
static bool bench_is_alike(const struct bench_run *run, u32 num)
{
	const u8 *sent = run->frame + run->hdr_len, *got = run->got + run->hdr_len;
	u32 from = 2 * ETH_ALEN, to = run->len - run->hdr_len - sizeof(run->next);
	u32 i;

	for (i = 0; i < num; i++, got += run->len)
		if (memcmp(got, sent, ETH_ALEN) ||
		    memcmp(got + from, sent + from, to - from))
			return false;
	return true;
}

/* What is there of all those who send to this port at the same time. */
static int bench_collect_shared(struct bench_run *run, u32 num, u64 *ticks)
{
	u64 begin = bench_clock();
	int err;

	run->arrived = 0;
	err = bench_receive(run, &run->to[0], num);
	*ticks += bench_clock() - begin;
	run->total += run->arrived;
	if (err)
		return err;
	return bench_is_alike(run, min(run->arrived, num)) ? 0 : -EBADMSG;
}

/* One batch there and then here.  EAGAIN as above. */
static int bench_batch(struct bench_run *run, u32 num, u64 *sent, u64 *received)
{
	bool late = false;
	int err;
	u32 i;

	*received = 0;
	*sent = bench_clock();
	err = bench_send(run, num);
	*sent = bench_clock() - *sent;
	if (!err && run->shared)
		return bench_collect_shared(run, num, received);
	for (i = 0; !err && i < run->ports; i++) {
		err = bench_collect(run, &run->to[i], num, received);
		if (err == -EAGAIN) {
			late = true;
			err = 0;
		}
	}
	return !err && late ? -EAGAIN : err;
}

/* Of those that come too late there may be as many as of the others. */
static int bench_batches(struct bench_run *run, const struct bench_request *req,
			 u64 *sent, u64 *received)
{
	u32 i = 0, late = 0;
	int err;

	while (i < req->batches) {
		err = bench_batch(run, req->batch, &sent[i], &received[i]);
		if (!err)
			i++;
		else if (err != -EAGAIN || ++late > req->batches)
			return err;
		if (req->pause)
			msleep(req->pause);
		cond_resched();
	}
	return 0;
}

/* Measures, and tells user space. */
static int bench_measure(struct bench_run *run, const struct bench_request *req)
{
	size_t size = array_size(req->batches, sizeof(u64));
	u64 *sent = kvzalloc(size, GFP_KERNEL);
	u64 *received = kvzalloc(size, GFP_KERNEL);
	int err = -ENOMEM;

	if (sent && received)
		err = bench_batches(run, req, sent, received);
	if (!err && (copy_to_user(u64_to_user_ptr(req->sent), sent, size) ||
		     copy_to_user(u64_to_user_ptr(req->received), received, size)))
		err = -EFAULT;
	kvfree(sent);
	kvfree(received);
	return err;
}

/**
 * bench_run_free() - Let go of what bench_run_init() has taken, also if it failed.
 * @run: measurement, freed
 */
void bench_run_free(struct bench_run *run)
{
	u32 i;

	bench_end_put(&run->from);
	for (i = 0; i < run->ports; i++)
		bench_end_put(&run->to[i]);
	page_frag_cache_drain(&run->frags);
	kvfree(run->address);
	kvfree(run->frame);
	kvfree(run->got);
	kvfree(run);
}

/* Those that receive. */
static int bench_run_ports(struct bench_run *run, const struct bench_request *req)
{
	const s32 __user *to = u64_to_user_ptr(req->to);
	int err = 0;
	s32 fd;

	while (!err && run->ports < req->ports) {
		if (get_user(fd, &to[run->ports]))
			return -EFAULT;
		err = bench_end_get(&run->to[run->ports++], fd);
	}
	return err;
}

static int bench_run_frame(struct bench_run *run, const struct bench_request *req)
{
	size_t size = array_size(req->addresses, sizeof(*run->address));

	run->hdr_len = req->hdr_len;
	run->len = req->len;
	run->addresses = req->addresses;
	run->shared = req->shared;
	run->got = kvcalloc(req->batch, req->len, GFP_KERNEL);
	run->frame = kvmalloc(req->len, GFP_KERNEL);
	run->address = kvmalloc(size, GFP_KERNEL);
	if (!run->got || !run->frame || !run->address)
		return -ENOMEM;
	if (copy_from_user(run->frame, u64_to_user_ptr(req->frame), req->len) ||
	    copy_from_user(run->address, u64_to_user_ptr(req->address), size))
		return -EFAULT;
	return 0;
}

/**
 * bench_run_init() - Take what a measurement needs.
 * @run: measurement, all zero
 * @req: what user space asks for
 *
 * Return: 0, or an error.
 */
int bench_run_init(struct bench_run *run, const struct bench_request *req)
{
	int err;

	err = bench_run_frame(run, req);
	if (!err)
		err = bench_end_get(&run->from, req->from);
	if (!err)
		err = bench_run_ports(run, req);
	if (!err)
		bench_run_layout(run);
	return err;
}

/**
 * bench_request_is_valid() - Look at a request before anything is done.
 * @req: what user space asks for
 *
 * Return: whether it can be done.
 */
bool bench_request_is_valid(const struct bench_request *req)
{
	return req->batch && req->batch <= BENCH_BATCH_MAX &&
	       req->batches && req->batches <= BENCH_BATCHES_MAX &&
	       req->ports && req->ports <= BENCH_PORTS_MAX &&
	       (!req->shared || req->ports == 1) &&
	       req->addresses <= BENCH_ADDRESSES_MAX && !req->pad &&
	       req->hdr_len >= sizeof(struct virtio_net_hdr) &&
	       req->hdr_len <= sizeof(struct virtio_net_hdr_mrg_rxbuf) &&
	       req->len >= req->hdr_len + ETH_ZLEN && req->len <= BENCH_FRAME_MAX;
}

/**
 * bench_run() - Send frames from one tap to others, and count.
 * @req: what user space asks for
 *
 * Return: how many frames have come to a shared port, else 0; or an error, one of
 * BENCH_RUN's if a frame did not arrive as it was sent.
 */
long bench_run(const struct bench_request *req)
{
	struct bench_run *run;
	long err;

	if (!bench_request_is_valid(req))
		return -EINVAL;
	run = kvzalloc(sizeof(*run), GFP_KERNEL);
	if (!run)
		return -ENOMEM;
	err = bench_run_init(run, req);
	if (!err)
		err = bench_measure(run, req);
	if (!err)
		err = run->total;
	bench_run_free(run);
	return err;
}
