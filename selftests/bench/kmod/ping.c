// SPDX-License-Identifier: GPL-2.0
/*
 * How long a frame is on its way there and back, while others do what they do.  Who
 * sends sleeps until a frame is due, and if the CPU is kept from it then, the frame
 * is late, and so are those that are due meanwhile.
 */
#include <linux/etherdevice.h>
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "bench.h"

/**
 * struct bench_pair - Both ways of a frame.
 * @run: there, and back
 * @late: nanoseconds after they were due that frames were sent
 * @trip: nanoseconds on the way
 */
struct bench_pair {
	struct bench_run *run[2];
	u64 *late;
	u64 *trip;
};

/* Not yet looked at.  What is queued on the way comes when others have run. */
static int bench_ping_one(struct bench_run *run)
{
	u64 end = bench_ns() + NSEC_PER_SEC;
	int err;

	run->arrived = 0;
	err = bench_send(run, 1);
	while (!err && !run->arrived) {
		err = bench_receive(run, &run->to[0], 1);
		if (run->arrived)
			break;
		if (bench_ns() > end)
			return -ENODATA;
		cond_resched();
	}
	return err;
}

/* It has come as it was sent, and only it. */
static int bench_ping_check(struct bench_run *run)
{
	if (run->arrived != 1)
		return -ENODATA;
	if (!bench_is_right(run, 1))
		return -EBADMSG;
	memset(run->got, 0, run->len);
	return 0;
}

static void bench_sleep_until(u64 due)
{
	u64 now = bench_ns();
	ktime_t left;

	if (now >= due)
		return;
	left = ns_to_ktime(due - now);
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_hrtimeout_range(&left, 0, HRTIMER_MODE_REL);
}

static int bench_pings(struct bench_pair *pair, const struct bench_request *req)
{
	u64 due = bench_ns(), begin;
	int err = 0;
	u32 i;

	for (i = 0; !err && i < req->batches; i++) {
		due += req->pause;
		bench_sleep_until(due);
		cond_resched();
		begin = bench_ns();
		pair->late[i] = begin - min(begin, due);
		err = bench_ping_one(pair->run[0]);
		if (!err)
			err = bench_ping_one(pair->run[1]);
		pair->trip[i] = bench_ns() - begin;
		if (!err)
			err = bench_ping_check(pair->run[0]);
		if (!err)
			err = bench_ping_check(pair->run[1]);
	}
	return err;
}

/* The second way is the first one with all exchanged. */
static int bench_pair_init(struct bench_pair *pair, const struct bench_request *req)
{
	u8 *frame;
	int err;

	err = bench_run_init(pair->run[0], req);
	if (!err)
		err = bench_run_init(pair->run[1], req);
	if (err)
		return err;
	swap(pair->run[1]->from, pair->run[1]->to[0]);
	frame = pair->run[1]->frame + req->hdr_len;
	ether_addr_copy(frame, pair->run[0]->frame + req->hdr_len + ETH_ALEN);
	ether_addr_copy(frame + ETH_ALEN, pair->run[0]->frame + req->hdr_len);
	bench_run_layout(pair->run[1]);
	return 0;
}

static int bench_pair_measure(struct bench_pair *pair, const struct bench_request *req)
{
	size_t size = array_size(req->batches, sizeof(u64));
	int err;

	err = bench_pair_init(pair, req) ?: bench_pings(pair, req);
	if (!err && (copy_to_user(u64_to_user_ptr(req->sent), pair->late, size) ||
		     copy_to_user(u64_to_user_ptr(req->received), pair->trip, size)))
		err = -EFAULT;
	return err;
}

/**
 * bench_ping() - Send a frame from one tap to another and back, again and again.
 * @req: what user space asks for
 *
 * Return: 0, or an error, as with bench_run().
 */
long bench_ping(const struct bench_request *req)
{
	struct bench_pair pair = {};
	int err = -ENOMEM, i;

	if (!bench_request_is_valid(req) || req->batch != 1 || req->ports != 1 ||
	    req->addresses || req->shared)
		return -EINVAL;
	for (i = 0; i < 2; i++)
		pair.run[i] = kvzalloc(sizeof(*pair.run[i]), GFP_KERNEL);
	pair.late = kvcalloc(req->batches, sizeof(u64), GFP_KERNEL);
	pair.trip = kvcalloc(req->batches, sizeof(u64), GFP_KERNEL);
	if (pair.run[0] && pair.run[1] && pair.late && pair.trip)
		err = bench_pair_measure(&pair, req);
	for (i = 0; i < 2; i++)
		if (pair.run[i])
			bench_run_free(pair.run[i]);
	kvfree(pair.late);
	kvfree(pair.trip);
	return err;
}
