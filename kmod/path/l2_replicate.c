// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 6: to one port, or to many.
 */
#include "dp.h"

static VSW_HOT vsw_verdict_t
vsw_replicate_unicast(const struct vsw_frame *f)
{
	struct vsw_port *port = f->dst;
	vsw_verdict_t v;

	v = vsw_out_filter(f, port);
	if (unlikely(v != VSW_NEXT)) {
		/* What is wrong with the port is counted there. */
		if (v != VSW_DROP(UPLINK_TO_UPLINK)) {
			vsw_frame_drop(port, f->skb, v);
			return VSW_TAKEN;
		}
		return v;
	}

	return vsw_out_xmit(f, port, f->skb, false);
}

/*
 * Whether flooding reaches this port.  A refusal for size is counted there, one
 * step behind as well: the frame that nobody gets is dropped by the last port
 * that refused it.
 */
static noinline bool vsw_flood_wants(const struct vsw_frame *f,
				     const struct vsw_port *port,
				     const struct vsw_port **too_big)
{
	vsw_verdict_t v;

	if (port == f->in)
		return false;
	v = vsw_out_filter(f, port);
	if (unlikely(v == VSW_DROP(EGRESS_MTU))) {
		if (*too_big)
			vsw_frame_count_drop(*too_big, f->skb, v);
		*too_big = port;
	}
	return v == VSW_NEXT;
}

/* The host listens to groups; to others' unicast only when promiscuous. */
static bool vsw_flood_wants_host(const struct vsw_frame *f,
				 const struct vsw_port **too_big)
{
	if (f->in == f->sw->host)
		return false;
	if (f->kind == VSW_UNICAST && !(READ_ONCE(f->sw->dev->flags) & IFF_PROMISC))
		return false;
	return vsw_flood_wants(f, f->sw->host, too_big);
}

/* Nobody got it: counted on a port it was too big for, or where it came in. */
static vsw_verdict_t vsw_flood_none(const struct vsw_frame *f,
				    const struct vsw_port *too_big)
{
	if (!too_big)
		return VSW_DROP(NO_EGRESS);
	vsw_frame_drop(too_big, f->skb, VSW_DROP(EGRESS_MTU));
	return VSW_TAKEN;
}

static noinline vsw_verdict_t vsw_flood_send(const struct vsw_frame *f,
					     const struct vsw_port *port,
					     struct sk_buff *skb)
{
	return vsw_out_xmit(f, port, skb, true);
}

static void vsw_flood_copy(const struct vsw_frame *f,
			   const struct vsw_port *port)
{
	struct sk_buff *skb = skb_clone(f->skb, GFP_ATOMIC);

	if (unlikely(!skb)) {
		vsw_frame_count_drop(port, f->skb, VSW_DROP(NO_MEMORY));
		return;
	}
	vsw_flood_send(f, port, skb);
}

/*
 * One step behind: a port gets its copy when the next one is known, so that the
 * last one gets the original, and n ports cost n - 1 copies.
 */
static noinline vsw_verdict_t
vsw_replicate_flood(const struct vsw_frame frame)
{
	const struct vsw_frame *f = &frame;
	const struct vsw_port_set *set = rcu_dereference_bh(f->sw->ports);
	const struct vsw_port *prev = NULL, *too_big = NULL;
	bool host;
	u32 i;

	for (i = 0; i < set->count; i++) {
		const struct vsw_port *port = READ_ONCE(set->slot[set->size + i]);

		if (!port || !vsw_flood_wants(f, port, &too_big))
			continue;
		if (prev)
			vsw_flood_copy(f, prev);
		prev = port;
	}

	host = vsw_flood_wants_host(f, &too_big);
	if (!prev && !host)
		return vsw_flood_none(f, too_big);
	if (unlikely(too_big))
		vsw_frame_count_drop(too_big, f->skb, VSW_DROP(EGRESS_MTU));

	if (host) {
		if (prev)
			vsw_flood_copy(f, prev);
		prev = f->sw->host;
	}
	return vsw_flood_send(f, prev, f->skb);
}

/**
 * vsw_l2_replicate() - Send the frame where it is to go.
 * @f: frame
 *
 * Context: path.
 * Return: VSW_TAKEN, VSW_TO_HOST, or a reason counted on the port it came in.
 */
VSW_STAGE VSW_HOT vsw_verdict_t vsw_l2_replicate(struct vsw_frame *f)
{
	if (likely(f->dst))
		return vsw_replicate_unicast(f);
	return vsw_replicate_flood(*f);
}
