// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 6, for a frame to a multicast group on a switch that snoops: to its members
 * and to routers.  They are few where pruning is of use, so each gets a copy.
 */
#include "../table/mdb.h"
#include "dp.h"

/* Known to want it: then it gets it even if groups are not flooded to it. */
static bool vsw_group_is_known(const struct vsw_snoop_to *to, u16 number)
{
	return to->all || test_bit(number, to->talk->routers) ||
	       (to->group && test_bit(number, to->group->ports));
}

static bool vsw_group_has(const struct vsw_snoop_to *to, u16 number)
{
	return vsw_group_is_known(to, number) ||
	       test_bit(number, to->report ? to->mdb->said : to->mdb->open);
}

/* The host listens to all groups if it says so. */
static bool vsw_group_has_host(const struct vsw_snoop_to *to,
			       const struct vsw_switch *sw)
{
	return vsw_group_has(to, VSW_HOST_PORT) ||
	       READ_ONCE(sw->dev->flags) & (IFF_PROMISC | IFF_ALLMULTI);
}

/* Nobody got it, and no other port is in the group: then it is not for one that was
 * down, or too small.
 */
static vsw_verdict_t vsw_group_none(const struct vsw_flood *fl, bool any)
{
	return any ? vsw_flood_none(fl) : VSW_DROP(MCAST_PRUNED);
}

static noinline vsw_verdict_t vsw_group_send(const struct vsw_frame *f,
					     const struct vsw_snoop_to *to)
{
	const struct vsw_port_set *set = rcu_dereference_bh(f->sw->ports);
	struct vsw_port *const *end = set->slot + set->size + set->count;
	struct vsw_flood fl = {
		.f = f,
		.next = set->slot + set->size,
	};
	const struct vsw_port *prev = NULL, *port;
	bool vlan = vsw_flood_has_vlan(f);
	bool any = to->all;

	while (fl.next < end) {
		port = READ_ONCE(*fl.next++);
		if (!port || !vsw_group_has(to, port->number))
			continue;
		any |= port != f->in;
		fl.kind = vsw_group_is_known(to, port->number) ?
			  VSW_FLOOD_MEMBER : vsw_flood_bit(f->kind);
		if (!vsw_flood_wants(&fl, port, vlan))
			continue;
		if (prev)
			vsw_flood_copy(f, prev);
		prev = port;
	}
	if (vsw_group_has_host(to, f->sw)) {
		any |= f->sw->host != f->in;
		fl.kind = VSW_FLOOD_MEMBER;
		if (vsw_flood_wants_host(&fl)) {
			if (prev)
				vsw_flood_copy(f, prev);
			prev = f->sw->host;
		}
	}
	if (!prev)
		return vsw_group_none(&fl, any);
	if (unlikely(fl.too_big))
		vsw_frame_count_drop(fl.too_big, f->skb, VSW_DROP(EGRESS_MTU));
	return vsw_out_xmit(f, prev, f->skb, true);
}

/**
 * vsw_replicate_group() - Send a frame to those who want it of a multicast group.
 * @f: frame, its kind VSW_MULTICAST
 *
 * Context: path.
 * Return: as of vsw_replicate_flood(), or MCAST_PRUNED.
 */
VSW_STAGE noinline vsw_verdict_t vsw_replicate_group(const struct vsw_frame f)
{
	struct vsw_snoop_to to;

	if (!vsw_l2_snoop(&f, &to))
		return vsw_replicate_flood(f);
	return vsw_group_send(&f, &to);
}

/**
 * vsw_mdb_inject() - Ask all ports of a VLAN, and the host.
 * @sw: switch
 * @skb: the question, its data at the Ethernet header; consumed
 * @vlan: VLAN, 0 on a switch that is not VLAN-aware
 *
 * Context: process context.
 */
void vsw_mdb_inject(struct vsw_switch *sw, struct sk_buff *skb, u16 vlan)
{
	/* The host hears it as well, by the port that it comes from. */
	static const struct vsw_policy policy = { .is.hairpin = true };
	static const struct vsw_snoop_to to = { .all = true };
	struct vsw_frame f = {
		.skb = skb,
		.sw = sw,
		.in = sw->host,
		.policy = &policy,
		.fid = vsw_fdb_key_of(0, vlan),
		.kind = VSW_MULTICAST,
	};
	vsw_verdict_t v = VSW_DROP(PORT_DOWN);

	local_bh_disable();
	f.mode = READ_ONCE(sw->mode);
	if (f.mode & VSW_MODE_VLAN_EXTRA) {
		f.tci = vlan;
		f.fid = vsw_private_fid(sw, f.fid);
	}
	skb_reset_mac_header(skb);
	f.len = skb->len;
	__skb_pull(skb, ETH_HLEN);
	/* It may have become VLAN-aware, or not, since. */
	if (f.mode & VSW_MODE_UP && !(f.mode & VSW_MODE_VLAN) == !vlan)
		v = vsw_group_send(&f, &to);
	if (v != VSW_TAKEN)
		kfree_skb(skb);
	local_bh_enable();
}
