// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 6, for a frame that goes to many ports.
 *
 * The ports whose guests have a ring, the taps, come last in the set.  A frame that
 * needs nothing done for any of them is made ready for all of them once: tun taps
 * get copies of that, and direct taps share it.
 */
#include <linux/if_vlan.h>
#include "dp.h"

/**
 * struct vsw_flood - Flooding of one frame.
 * @f: the frame
 * @next: place in the set of ports of the one to be asked next
 * @too_big: port that it was too big for, and that this is not yet counted on
 * @kind: its bit in the settings of ports, VSWITCH_FLOOD_*
 * @off: a port would have got it if it had frames of this kind flooded
 *
 * One step behind: a port gets its copy when the next one is known, so that the
 * last one gets the original, and n ports cost n - 1 copies.  So it is with a
 * refusal for size: the frame that nobody gets is dropped by the last port that
 * refused it.
 */
struct vsw_flood {
	const struct vsw_frame *f;
	struct vsw_port *const *next;
	const struct vsw_port *too_big;
	u8 kind;
	bool off;
};

/* The settings of ports have the kinds of frames in the same order. */
static u8 vsw_flood_bit(enum vsw_frame_kind kind)
{
	BUILD_BUG_ON(BIT(VSW_UNICAST) != VSWITCH_FLOOD_UNICAST ||
		     BIT(VSW_MULTICAST) != VSWITCH_FLOOD_MULTICAST ||
		     BIT(VSW_BROADCAST) != VSWITCH_FLOOD_BROADCAST);
	return BIT(kind);
}

static bool vsw_flood_has_vlan(const struct vsw_frame *f)
{
	return f->mode & VSW_MODE_VLAN;
}

/* vlan: the switch is VLAN-aware; who knows that it is not, asks for nothing. */
static VSW_HOT bool vsw_flood_wants(struct vsw_flood *fl,
				    const struct vsw_port *port, bool vlan)
{
	vsw_verdict_t v;

	if (port == fl->f->in && !fl->f->policy->is.hairpin)
		return false;
	if (vlan && !vsw_out_is_member(fl->f, port))
		return false;
	v = vsw_out_filter(fl->f, port);
	if (unlikely(!(READ_ONCE(port->flood) & fl->kind))) {
		fl->off |= v == VSW_NEXT;
		return false;
	}
	if (likely(v == VSW_NEXT))
		return true;
	if (v == VSW_DROP(EGRESS_MTU)) {
		if (fl->too_big)
			vsw_frame_count_drop(fl->too_big, fl->f->skb, v);
		fl->too_big = port;
	}
	return false;
}

/* The host listens to groups; to others' unicast only when promiscuous. */
static bool vsw_flood_wants_host(struct vsw_flood *fl)
{
	const struct vsw_switch *sw = fl->f->sw;

	if (fl->f->kind == VSW_UNICAST &&
	    !(READ_ONCE(sw->dev->flags) & IFF_PROMISC))
		return false;
	return vsw_flood_wants(fl, sw->host, vsw_flood_has_vlan(fl->f));
}

/* The next port that is to get the frame, before place end; NULL if there is none. */
static VSW_HOT const struct vsw_port *
vsw_flood_next(struct vsw_flood *fl, struct vsw_port *const *end, bool vlan)
{
	while (fl->next < end) {
		const struct vsw_port *port = READ_ONCE(*fl->next++);

		if (likely(port) && vsw_flood_wants(fl, port, vlan))
			return port;
	}
	return NULL;
}

static noinline void vsw_flood_copy(const struct vsw_frame *f,
				    const struct vsw_port *port)
{
	struct sk_buff *skb = skb_clone(f->skb, GFP_ATOMIC);

	if (likely(skb))
		vsw_out_xmit(f, port, skb, true);
	else
		vsw_frame_count_drop(port, f->skb, VSW_DROP(NO_MEMORY));
}

/* Any tap takes it as it is, and it holds no memory of who has sent it. */
static bool vsw_flood_is_ready(const struct sk_buff *skb)
{
	return vsw_tun_is_plain(skb) && skb->ip_summed < CHECKSUM_COMPLETE &&
	       !skb_is_nonlinear(skb) && !skb_vlan_tag_present(skb) &&
	       !(skb_shinfo(skb)->flags & SKBFL_ZEROCOPY_ENABLE);
}

/* Other than the others get it: with a tag, on a copy of its own. */
static noinline void vsw_flood_tagged(const struct vsw_frame *f,
				      const struct vsw_port *port,
				      struct sk_buff *skb, bool last)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (likely(copy)) {
		__skb_pull(copy, ETH_HLEN);
		vsw_out_xmit(f, port, copy, true);
	} else {
		vsw_frame_count_drop(port, skb, VSW_DROP(NO_MEMORY));
	}
	if (last)
		consume_skb(skb);
}

static VSW_HOT void vsw_flood_tap(const struct vsw_frame *f,
				  const struct vsw_port *port,
				  struct sk_buff *skb, bool last, bool vlan)
{
	vsw_verdict_t v;

	if (vlan && !vsw_out_is_untagged(f, port)) {
		vsw_flood_tagged(f, port, skb, last);
		return;
	}
	if (port->tun)
		v = vsw_out_tun_ready(port, skb, last);
	else
		v = vsw_out_tap_ready(port, skb, last);
	vsw_count_out(port, f->len, v, true);
	if (vlan)
		vsw_vlan_count_out(f, port, v);
}

/* There is no memory for a copy that is made ready for port, and those behind. */
static noinline void vsw_flood_lost(struct vsw_flood *fl,
				    struct vsw_port *const *end,
				    const struct vsw_port *port)
{
	do {
		vsw_frame_count_drop(port, fl->f->skb, VSW_DROP(NO_MEMORY));
		port = vsw_flood_next(fl, end, vsw_flood_has_vlan(fl->f));
	} while (port);
}

/* To port, and to all taps behind it that want the frame; consumes skb. */
static VSW_HOT void vsw_flood_all_taps(struct vsw_flood *fl,
				       struct vsw_port *const *end,
				       const struct vsw_port *port,
				       struct sk_buff *skb, bool vlan)
{
	const struct vsw_port *next;

	vsw_out_tag(skb, true);
	/* Cannot fail: what it would have to copy is not ready. */
	vsw_tap_disown(skb);
	skb_set_queue_mapping(skb, 0);
	/* The last one that reads it may do so when the netdev has gone.  From the
	 * first ring on, it is others' as well, and but its references stay as is.
	 */
	skb->dev = NULL;
	while ((next = vsw_flood_next(fl, end, vlan))) {
		vsw_flood_tap(fl->f, port, skb, false, vlan);
		port = next;
	}
	if (unlikely(fl->too_big)) {
		vsw_frame_count_drop(fl->too_big, skb, VSW_DROP(EGRESS_MTU));
		fl->too_big = NULL;
	}
	vsw_flood_tap(fl->f, port, skb, true, vlan);
}

static noinline void vsw_flood_taps(struct vsw_flood *fl,
				    struct vsw_port *const *end,
				    const struct vsw_port *port,
				    struct sk_buff *skb)
{
	vsw_flood_all_taps(fl, end, port, skb, false);
}

static noinline void vsw_flood_taps_vlan(struct vsw_flood *fl,
					 struct vsw_port *const *end,
					 const struct vsw_port *port,
					 struct sk_buff *skb)
{
	vsw_flood_all_taps(fl, end, port, skb, true);
}

/* Nobody got it: counted on a port it was too big for, or where it came in. */
static vsw_verdict_t vsw_flood_none(const struct vsw_flood *fl)
{
	if (!fl->too_big)
		return fl->off ? VSW_DROP(FLOOD_OFF) : VSW_DROP(NO_EGRESS);
	vsw_frame_drop(fl->too_big, fl->f->skb, VSW_DROP(EGRESS_MTU));
	return VSW_TAKEN;
}

/**
 * vsw_replicate_flood() - Send a frame to all ports that want it.
 * @f: frame
 *
 * The host gets the frame itself, by what we return.
 *
 * Context: path.
 * Return: VSW_TAKEN, VSW_TO_HOST, NO_EGRESS, FLOOD_OFF or STORM_UNICAST.
 */
VSW_STAGE noinline vsw_verdict_t vsw_replicate_flood(const struct vsw_frame f)
{
	const struct vsw_port_set *set = rcu_dereference_bh(f.sw->ports);
	struct vsw_port *const *end = set->slot + set->size + set->count;
	struct vsw_port *const *taps = vsw_flood_is_ready(f.skb) ?
				       set->slot + set->size + set->taps : end;
	struct vsw_flood fl = {
		.f = &f,
		.next = set->slot + set->size,
		.kind = vsw_flood_bit(f.kind),
	};
	const struct vsw_port *prev = NULL, *port;
	bool vlan = vsw_flood_has_vlan(&f);
	struct sk_buff *skb = f.skb;
	vsw_verdict_t v;

	/* Groups were asked about before they taught anything. */
	v = f.kind == VSW_UNICAST ? vsw_guard_storm(&f) : VSW_NEXT;
	if (v != VSW_NEXT)
		return v;
	while ((port = vsw_flood_next(&fl, taps, vlan))) {
		if (prev)
			vsw_flood_copy(&f, prev);
		prev = port;
	}
	if (vsw_flood_wants_host(&fl)) {
		if (prev)
			vsw_flood_copy(&f, prev);
		prev = f.sw->host;
	}

	port = vsw_flood_next(&fl, end, vlan);
	if (!port && !prev)
		return vsw_flood_none(&fl);
	if (port && prev)
		skb = skb_clone(f.skb, GFP_ATOMIC);
	if (port && likely(skb) && vlan)
		vsw_flood_taps_vlan(&fl, end, port, skb);
	else if (port && likely(skb))
		vsw_flood_taps(&fl, end, port, skb);
	else if (port)
		vsw_flood_lost(&fl, end, port);
	if (unlikely(fl.too_big))
		vsw_frame_count_drop(fl.too_big, f.skb, VSW_DROP(EGRESS_MTU));
	return prev ? vsw_out_xmit(&f, prev, f.skb, true) : VSW_TAKEN;
}
