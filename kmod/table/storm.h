/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Storm limits: how many frames per second a port may have flooded.
 *
 * A guest with many queues sends on many CPUs, and nothing that they share is
 * written for each frame.  So a bucket has one word for all CPUs, the time until
 * which frames have been let through already (the generic cell rate algorithm, ITU-T
 * I.371), and a CPU takes a chunk of frames from it at a time, some hundredth of a
 * second's.  What it has not used of its chunk it keeps.  In any time a port has let
 * through at most what its limit allows for it, one second's more, and a chunk for
 * each CPU; and none is refused that keeps to its limit, however many CPUs it uses.
 *
 * Time is in fractions of a jiffy, so that the cost of a chunk is a whole number.
 */
#ifndef _VSW_TABLE_STORM_H
#define _VSW_TABLE_STORM_H

#include <linux/atomic.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/minmax.h>

/* Unicast whose port is not known, multicast, broadcast; as enum vsw_frame_kind. */
#define VSW_STORM_NUM		3
#define VSW_STORM_SHIFT		20
/* What a port that was silent may send at once. */
#define VSW_STORM_BURST		((u64)HZ << VSW_STORM_SHIFT)
#define VSW_STORM_CHUNKS	100

/**
 * struct vsw_storm_limit - A limit, as the path reads it.
 * @cost: time that a chunk stands for
 * @chunk: frames a CPU takes at a time, 0 for no limit
 */
struct vsw_storm_limit {
	u64 cost;
	u32 chunk;
};

/**
 * vsw_storm_limit() - A limit of so many frames per second.
 * @rate: frames per second, 0 for no limit
 *
 * Return: the limit.
 */
static inline struct vsw_storm_limit vsw_storm_limit(u32 rate)
{
	struct vsw_storm_limit l = {};

	if (rate) {
		l.chunk = max(rate / VSW_STORM_CHUNKS, 1U);
		l.cost = div_u64(VSW_STORM_BURST * l.chunk, rate);
	}
	return l;
}

/**
 * vsw_storm_now() - The time.
 *
 * Return: it, as of vsw_storm_take().
 */
static inline u64 vsw_storm_now(void)
{
	u64 now = get_jiffies_64();

	return now << VSW_STORM_SHIFT;
}

/**
 * vsw_storm_take() - Take frames from the bucket that all CPUs share.
 * @bucket: bucket
 * @cost: what they cost
 * @now: the time
 *
 * A bucket that is full gives even more than it holds, so that no frame is too large
 * for it; this is paid back before there is more.
 *
 * Context: any.
 * Return: true if there were as many.
 */
static inline bool vsw_storm_take(atomic64_t *bucket, u64 cost, u64 now)
{
	s64 until = atomic64_read(bucket);
	u64 next;

	do {
		next = max_t(u64, until, now) + cost;
		if ((u64)until > now && next > now + VSW_STORM_BURST)
			return false;
	} while (!atomic64_try_cmpxchg(bucket, &until, next));
	return true;
}

/**
 * vsw_storm_pass() - Whether frames are within a limit.
 * @left: frames that this CPU has taken and not used
 * @bucket: bucket
 * @l: limit, which is one
 * @num: number of frames
 * @now: the time
 *
 * Context: any; the CPU's alone.
 * Return: true if so; they are used then.
 */
static inline bool vsw_storm_pass(u32 *left, atomic64_t *bucket,
				  const struct vsw_storm_limit *l, u32 num,
				  u64 now)
{
	/* Taken while the limit was a higher one. */
	u32 have = min(*left, l->chunk);
	u32 chunks = num > have ? DIV_ROUND_UP(num - have, l->chunk) : 0;

	if (chunks && !vsw_storm_take(bucket, chunks * l->cost, now))
		return false;
	*left = have + chunks * l->chunk - num;
	return true;
}

#endif /* _VSW_TABLE_STORM_H */
