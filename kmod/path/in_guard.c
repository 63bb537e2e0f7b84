// SPDX-License-Identifier: GPL-2.0
/*
 * Of stage 2: what keeps one port from harming the others.  And of stage 6: how much
 * unicast it may have flooded.
 */
#include "../table/guard.h"
#include "dp.h"

/* Frames that it is on a wire.  A guest says how large they are. */
static u32 vsw_guard_frames(const struct sk_buff *skb)
{
	u32 size = skb_shinfo(skb)->gso_size;

	return size ? DIV_ROUND_UP(skb->len, size) : 1;
}

static noinline vsw_verdict_t vsw_guard_storm_slow(const struct vsw_frame f)
{
	static const vsw_verdict_t drop[VSW_STORM_NUM] = {
		[VSW_UNICAST] = VSW_DROP(STORM_UNICAST),
		[VSW_MULTICAST] = VSW_DROP(STORM_MULTICAST),
		[VSW_BROADCAST] = VSW_DROP(STORM_BROADCAST),
	};

	if (vsw_storm_pass(&this_cpu_ptr(f.in->stats)->storm[f.kind],
			   &f.in->storm[f.kind], &f.policy->storm[f.kind],
			   vsw_guard_frames(f.skb), vsw_storm_now()))
		return VSW_NEXT;
	if (f.policy->is.guard.storm_guard == VSWITCH_STORM_GUARD_QUARANTINE)
		vsw_guard_note_storm(f.in, div_u64(get_jiffies_64(), HZ));
	return drop[f.kind];
}

/**
 * vsw_guard_storm() - Decide whether a frame is one too many to be flooded.
 * @f: frame to a group, or to a station whose port is not known
 *
 * Context: path.
 * Return: VSW_NEXT, or STORM_UNICAST, STORM_MULTICAST or STORM_BROADCAST.
 */
static VSW_HOT vsw_verdict_t vsw_guard_storm(const struct vsw_frame *f)
{
	u32 chunk = f->policy->storm[f->kind].chunk;
	u32 *left;

	if (!chunk)
		return VSW_NEXT;
	left = &this_cpu_ptr(f->in->stats)->storm[f->kind];
	/* None left, or more than there can be, is as good as above it. */
	if (likely(*left - 1 < chunk && !skb_is_gso(f->skb))) {
		--*left;
		return VSW_NEXT;
	}
	return vsw_guard_storm_slow(*f);
}

/*
 * A port that does not forward.  On one that is learning, the frame goes no further than
 * to where its source is learned.
 */
static noinline vsw_verdict_t vsw_guard_port(struct vsw_frame f)
{
	u8 state = READ_ONCE(f.in->state);
	vsw_verdict_t v;

	if (state == VSW_STATE_FORWARDING)
		return VSW_NEXT;
	if (state != VSW_STATE_LEARNING)
		return VSW_DROP(PORT_BLOCKED);
	v = vsw_in_vlan(&f);
	if (v == VSW_NEXT)
		v = vsw_l2_learn(&f);
	return v == VSW_NEXT ? VSW_DROP(PORT_BLOCKED) : v;
}

/* A spanning tree frame from where no bridge is to be. */
static vsw_verdict_t vsw_guard_bpdu(const struct vsw_frame *f)
{
	if (f->policy->is.guard.bpdu == VSWITCH_BPDU_GUARD_QUARANTINE)
		vsw_guard_note(f->in, VSWITCH_QUARANTINE_REASON_BPDU);
	return VSW_DROP(BPDU_GUARD);
}
