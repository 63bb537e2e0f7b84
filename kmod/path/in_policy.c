// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 2: what the port may say.
 */
#include <linux/if_ether.h>
#include "dp.h"

/*
 * IEEE 802.1Q-2018 8.6.3 and table 8-1: a customer bridge relays none of the
 * reserved addresses.  Their frames are meant for whoever is at the other end
 * of the wire, which is this port's own device: a daemon of the host listens
 * there.  There is no wire where a stack of the host's speaks itself.
 */
static noinline vsw_verdict_t
vsw_policy_reserved(const struct vsw_frame f)
{
	u16 bit = BIT(f.dest & 0x0f);

	if (READ_ONCE(f.in->state) == VSW_STATE_QUARANTINED)
		return VSW_DROP(PORT_BLOCKED);
	if (f.policy->is.group_forward & bit)
		return VSW_NEXT;
	if (bit == VSW_GROUP_BPDU && f.policy->is.guard.bpdu)
		return vsw_guard_bpdu(&f);
	if (f.policy->is.group_host & bit && f.in != f.sw->host &&
	    f.in->type != VSWITCH_PORT_TYPE_INTERNAL)
		return VSW_TO_PORT_DEV;
	return VSW_DROP(RESERVED_GROUP);
}

/*
 * A source address that no station can have would only fill the FDB with lies
 * (IEEE 802.1Q-2018 8.7), and the host's own is not a guest's to use.
 */
static VSW_HOT vsw_verdict_t vsw_policy_source(const struct vsw_frame *f)
{
	if (unlikely(f->source & VSW_ADDR_GROUP || !f->source))
		return VSW_DROP(BAD_SOURCE);
	if (unlikely(f->source == READ_ONCE(f->sw->addr) &&
		     f->in != f->sw->host))
		return VSW_DROP(OWN_SOURCE);
	return VSW_NEXT;
}

/**
 * vsw_in_policy() - Decide whether the port may send this frame.
 * @f: frame
 *
 * Context: path.
 * Return: VSW_NEXT, VSW_TO_PORT_DEV, or BAD_SOURCE, OWN_SOURCE, PORT_DOWN,
 * RESERVED_GROUP, BPDU_GUARD, LOOP, STORM_MULTICAST, STORM_BROADCAST or PORT_BLOCKED,
 * and on a port that only learns, as of vsw_in_vlan() and vsw_l2_learn().
 */
VSW_STAGE VSW_HOT vsw_verdict_t vsw_in_policy(struct vsw_frame *f)
{
	vsw_verdict_t v = vsw_policy_source(f);

	if (unlikely(v != VSW_NEXT))
		return v;
	/*
	 * A tap takes frames even while its cable is said to be out.  And a frame
	 * may be here since before the port was set down: to learn from it after
	 * the flush that comes with that would keep the station from moving.
	 */
	if (unlikely(!(f->mode & VSW_MODE_UP) || !vsw_dev_is_up(f->in->dev)))
		return VSW_DROP(PORT_DOWN);
	if (f->kind == VSW_MULTICAST && (f->dest & ~0xfULL) == VSW_ADDR_RESERVED) {
		v = vsw_policy_reserved(*f);
		if (v != VSW_NEXT)
			return v;
	}
	if (unlikely(f->mode & VSW_MODE_STATES)) {
		v = vsw_guard_port(*f);
		if (v != VSW_NEXT)
			return v;
	}
	if (f->kind == VSW_UNICAST)
		return VSW_NEXT;
	/* Before the storm that comes with the loop is held up. */
	if (unlikely(f->dest == VSW_ADDR_PROBE)) {
		v = vsw_guard_probe(*f);
		if (v != VSW_NEXT)
			return v;
	}
	return vsw_guard_storm(f);
}
