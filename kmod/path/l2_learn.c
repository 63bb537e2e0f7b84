// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 4: where the sender is.
 */
#include <linux/if_vlan.h>
#include "dp.h"

static noinline void vsw_learn_slow(const struct vsw_port *in,
				    const struct vsw_policy *policy, u64 key,
				    u32 val)
{
	static const u8 counter[] = {
		[VSW_FDB_NEW] = VSWITCH_A_STATS_LEARNED,
		[VSW_FDB_MOVED] = VSWITCH_A_STATS_MOVED,
		[VSW_FDB_REFUSED] = VSWITCH_A_STATS_LEARN_REFUSED,
		[VSW_FDB_HELD] = VSWITCH_A_STATS_MOVE_HELD,
	};
	struct vsw_switch *sw = in->sw;
	enum vsw_fdb_learned l;

	/* VLAN 4095 is reserved (IEEE 802.1Q-2018 table 9-2): it has no entries. */
	if (vsw_fdb_key_vlan(key) == VLAN_VID_MASK)
		return;
	/* The host's own address is not in the FDB. */
	if (in == sw->host && vsw_fdb_key_number(key) == READ_ONCE(sw->addr))
		return;

	l = vsw_fdb_learn(&sw->fdb, key, val, in->number, policy->is.mac_limit,
			  policy->is.sticky);
	if (l != VSW_FDB_KNOWN)
		vsw_stats_inc(in->stats, counter[l]);
}

/*
 * IEEE 802.1X: a station that nobody has let in does not get in.  One that was
 * learned before the port was locked goes on being known while it speaks.
 */
static noinline vsw_verdict_t vsw_learn_known(const struct vsw_port *in,
					      const struct vsw_policy *policy,
					      u64 key)
{
	const struct vsw_fdb *fdb = &in->sw->fdb;
	u32 val = vsw_fdb_find_rcu(fdb, key);

	if (!val || vsw_fdb_port(val) != in->number)
		return VSW_DROP(LOCKED);
	if (policy->is.learning && val != (in->fdb_val | vsw_fdb_stamp_now(fdb)))
		vsw_fdb_refresh(fdb, key, in->number);
	return VSW_NEXT;
}

/**
 * vsw_l2_learn() - Note that the source address was seen on this port.
 * @f: frame
 *
 * One comparison is enough for an address that is known here and was seen in this
 * tick of the clock: the entry is what would be written.  Static and sticky entries
 * stay as they are.
 *
 * Context: path.  Takes vsw_fdb.lock for an address that is new or has moved.
 * Return: VSW_NEXT, or LOCKED.
 */
VSW_STAGE VSW_HOT vsw_verdict_t vsw_l2_learn(struct vsw_frame *f)
{
	const struct vsw_fdb *fdb = &f->sw->fdb;
	u64 key = f->fid | f->source;
	u32 val;

	if (!f->policy->learns) {
		if (likely(!f->policy->is.locked))
			return VSW_NEXT;
		return vsw_learn_known(f->in, f->policy, key);
	}
	__vsw_fdb_find_rcu(fdb, key, &val);
	if (unlikely(val != (f->in->fdb_val | vsw_fdb_stamp_now(fdb))) &&
	    !(val & VSW_FDB_FIXED))
		vsw_learn_slow(f->in, f->policy, key, val);
	return VSW_NEXT;
}
