// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 4: where the sender is.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include "dp.h"

static noinline void vsw_learn_slow(const struct vsw_frame f, u64 key)
{
	static const u8 counter[] = {
		[VSW_FDB_NEW] = VSWITCH_A_STATS_LEARNED,
		[VSW_FDB_MOVED] = VSWITCH_A_STATS_MOVED,
		[VSW_FDB_REFUSED] = VSWITCH_A_STATS_LEARN_REFUSED,
	};
	enum vsw_fdb_learned l;

	/* VLAN 4095 is reserved (IEEE 802.1Q-2018 table 9-2): it has no entries. */
	if (f.vlan == VLAN_VID_MASK)
		return;
	/* The host's own address is not in the FDB. */
	if (f.in == f.sw->host && f.source == READ_ONCE(f.sw->addr))
		return;

	l = vsw_fdb_learn(&f.sw->fdb, key, f.in->number, f.policy->mac_limit);
	if (l != VSW_FDB_KNOWN)
		vsw_stats_inc(f.in->stats, counter[l]);
}

/**
 * vsw_l2_learn() - Note that the source address was seen on this port.
 * @f: frame
 *
 * Context: path.  Takes vsw_fdb.lock for an address that is new or has moved.
 */
VSW_STAGE VSW_HOT void vsw_l2_learn(struct vsw_frame *f)
{
	const struct vsw_fdb *fdb = &f->sw->fdb;
	struct vsw_fdb_hit hit;
	u64 key;

	if (!f->policy->learning)
		return;

	key = vsw_fdb_key_of(f->source, f->vlan);
	hit = vsw_fdb_find_rcu(fdb, key);
	if (unlikely(!hit.val)) {
		vsw_learn_slow(*f, key);
		return;
	}
	if (hit.val & VSW_FDB_STATIC)
		return;
	if (unlikely(vsw_fdb_port(hit.val) != f->in->number)) {
		vsw_learn_slow(*f, key);
		return;
	}
	vsw_fdb_refresh(&hit, vsw_fdb_stamp_now(fdb));
}
