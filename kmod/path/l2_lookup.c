// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 5: where the frame is to go.
 */
#include <linux/etherdevice.h>
#include "dp.h"

/**
 * vsw_l2_lookup() - Find the port of the destination address.
 * @f: frame; sets dst, NULL to flood it
 *
 * Context: path.
 * Return: VSW_NEXT, or SAME_PORT.
 */
VSW_STAGE VSW_HOT vsw_verdict_t vsw_l2_lookup(struct vsw_frame *f)
{
	const struct vsw_port_set *set;
	u32 val;

	f->dst = NULL;
	if (f->kind != VSW_UNICAST)
		return VSW_NEXT;

	if (f->dest == READ_ONCE(f->sw->addr)) {
		f->dst = f->sw->host;
	} else {
		/* The ports before the entry: a number is used again only when
		 * no entry has it, so an entry read later is of these ports.
		 */
		set = rcu_dereference_bh(f->sw->ports);
		/* Pairs with the publishing of a new port. */
		smp_rmb();
		if (!__vsw_fdb_find_rcu(&f->sw->fdb, f->fid | f->dest, &val))
			return VSW_NEXT;
		f->dst = vsw_port_by_number_rcu(set, vsw_fdb_port(val));
	}

	if (unlikely(f->dst == f->in) && !f->policy->is.hairpin)
		return VSW_DROP(SAME_PORT);
	return VSW_NEXT;
}
