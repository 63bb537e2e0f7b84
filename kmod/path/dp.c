// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a frame, from the receive handler of an attached port or the
 * transmit function of a netdev of our own through the stages, and the one place
 * that acts on what they say.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include "../trace.h"
#include "dp.h"

/*
 * The core's reasons are a closed list, in which a module cannot have its own;
 * the nearest one keeps dropwatch useful.
 */
static enum skb_drop_reason vsw_core_reason(unsigned int reason)
{
	switch (reason) {
	case VSWITCH_A_DROPS_EGRESS_MTU:
		return SKB_DROP_REASON_PKT_TOO_BIG;
	case VSWITCH_A_DROPS_NO_MEMORY:
		return SKB_DROP_REASON_NOMEM;
	case VSWITCH_A_DROPS_RUNT:
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	case VSWITCH_A_DROPS_EGRESS_DOWN:
		return SKB_DROP_REASON_DEV_READY;
	default:
		return SKB_DROP_REASON_NOT_SPECIFIED;
	}
}

/**
 * vsw_frame_count_drop() - Count and trace a frame that is not delivered.
 * @port: port on which it is counted
 * @skb: the frame, or what was left of it
 * @v: verdict with the reason
 *
 * Context: path.
 */
VSW_STAGE noinline void
vsw_frame_count_drop(const struct vsw_port *port, const struct sk_buff *skb,
		     vsw_verdict_t v)
{
	unsigned int reason = vsw_verdict_reason(v);

	vsw_stats_drop(port->stats, reason);
	trace_vsw_drop(skb, port, reason);
}

/**
 * vsw_frame_drop() - Drop a frame: count it, trace it, free it.
 * @port: port on which it is counted
 * @skb: the frame
 * @v: verdict with the reason
 *
 * Context: path.
 */
VSW_STAGE noinline void vsw_frame_drop(const struct vsw_port *port,
				       struct sk_buff *skb, vsw_verdict_t v)
{
	vsw_frame_count_drop(port, skb, v);
	kfree_skb_reason(skb, vsw_core_reason(vsw_verdict_reason(v)));
}

static VSW_HOT void vsw_count_in(const struct vsw_frame *f)
{
	static const u8 also[] = {
		[VSW_MULTICAST] = VSWITCH_A_STATS_RX_MULTICAST,
		[VSW_BROADCAST] = VSWITCH_A_STATS_RX_BROADCAST,
	};

	vsw_stats_frame(f->in->stats, VSWITCH_A_STATS_RX_PACKETS,
			f->kind == VSW_UNICAST ? 0 : also[f->kind], f->len);
}

/* The stages, in the order in which every frame goes through them.  Of the frame,
 * what is not set before the first one is set by the stage that its comment names.
 */
static VSW_HOT vsw_verdict_t vsw_frame_stages(struct vsw_frame *f)
{
	vsw_verdict_t v;

	v = vsw_in_parse(f);		/* header and tag */
	vsw_count_in(f);
	if (v != VSW_NEXT)
		return v;
	v = vsw_in_policy(f);		/* may this port say this */
	if (v != VSW_NEXT)
		return v;
	v = vsw_in_vlan(f);		/* the VLAN it is switched in */
	if (v != VSW_NEXT)
		return v;
	v = vsw_l2_learn(f);		/* only now: what is filtered teaches nothing */
	if (v != VSW_NEXT)
		return v;
	v = vsw_l2_lookup(f);		/* a port, the host, or flood */
	if (v != VSW_NEXT)
		return v;
	return vsw_l2_replicate(f);	/* per port: out_filter, out_xmit */
}

static noinline vsw_verdict_t vsw_frame_group(struct vsw_frame f)
{
	return vsw_frame_stages(&f);
}

/*
 * Unicast has a copy of the stages, in which nobody asks what kind it is.  And so
 * have the usual modes of a switch, up, VLAN-aware or not: see vsw_rx_handler().
 */
static VSW_HOT vsw_verdict_t vsw_frame_run(struct vsw_frame *f)
{
	vsw_in_dest(f);
	if (likely(f->kind == VSW_UNICAST))
		return vsw_frame_stages(f);
	return vsw_frame_group(*f);
}

static noinline struct sk_buff *vsw_rx_unshare(struct sk_buff *skb)
{
	const struct vsw_port *in = rcu_dereference_bh(skb->dev->rx_handler_data);

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		vsw_stats_drop(in->stats, VSWITCH_A_DROPS_NO_MEMORY);
	return skb;
}

static noinline rx_handler_result_t vsw_rx_end(const struct vsw_frame f,
					       vsw_verdict_t v)
{
	if (v == VSW_TO_HOST)
		return RX_HANDLER_ANOTHER;
	if (v == VSW_TO_PORT_DEV)
		return RX_HANDLER_EXACT;
	vsw_frame_drop(f.in, f.skb, v);
	return RX_HANDLER_CONSUMED;
}

static VSW_HOT rx_handler_result_t vsw_rx(struct sk_buff **pskb,
					  struct vsw_port *in, u8 mode)
{
	struct vsw_frame f __uninitialized;
	vsw_verdict_t v;

	f.skb = *pskb;
	if (unlikely(f.skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;

	if (unlikely(skb_shared(f.skb))) {
		f.skb = vsw_rx_unshare(f.skb);
		if (!f.skb)
			return RX_HANDLER_CONSUMED;
		*pskb = f.skb;
	}
	f.in = in;
	f.sw = in->sw;
	f.mode = mode;
	f.policy = rcu_dereference_bh(in->policy);

	v = vsw_frame_run(&f);
	if (likely(v == VSW_TAKEN))
		return RX_HANDLER_CONSUMED;
	return vsw_rx_end(f, v);
}

/**
 * vsw_rx_handler() - A frame comes in on an attached port.
 * @pskb: the frame; may be replaced
 *
 * Context: softirq or BH off.
 * Return: what the core is to do with the frame.
 */
rx_handler_result_t vsw_rx_handler(struct sk_buff **pskb)
{
	struct vsw_port *in = rcu_dereference_bh((*pskb)->dev->rx_handler_data);
	u8 mode = READ_ONCE(in->sw->mode);

	/* Not the same thrice: in the first ones, the mode is a constant. */
	if (likely(mode == VSW_MODE_UP))
		return vsw_rx(pskb, in, VSW_MODE_UP);
	if (likely(mode == (VSW_MODE_UP | VSW_MODE_VLAN)))
		return vsw_rx(pskb, in, VSW_MODE_UP | VSW_MODE_VLAN);
	return vsw_rx(pskb, in, mode);
}

/* What to do with a frame that came in by a transmit function. */
static noinline void vsw_xmit_end(const struct vsw_frame f, vsw_verdict_t v)
{
	if (vsw_verdict_is_drop(v))
		vsw_frame_drop(f.in, f.skb, v);
	else if (v == VSW_TO_PORT_DEV)
		vsw_tap_up(f.in, f.skb);
}

static VSW_HOT void vsw_xmit(struct vsw_port *in, struct sk_buff *skb, u8 mode)
{
	struct vsw_frame f __uninitialized;
	vsw_verdict_t v;

	if (unlikely(!pskb_may_pull(skb, ETH_HLEN))) {
		vsw_frame_drop(in, skb, VSW_DROP(RUNT));
		return;
	}
	skb_reset_mac_header(skb);
	__skb_pull(skb, ETH_HLEN);
	f.skb = skb;
	f.sw = in->sw;
	f.in = in;
	f.mode = mode;
	f.policy = rcu_dereference_bh(in->policy);

	v = vsw_frame_run(&f);
	if (unlikely(v != VSW_TAKEN))
		vsw_xmit_end(f, v);
}

/**
 * vsw_frame_xmit() - A frame comes in by the transmit function of a netdev.
 * @in: port of the netdev
 * @skb: the frame, its data at the Ethernet header; consumed
 *
 * Context: path.
 */
VSW_STAGE noinline void vsw_frame_xmit(struct vsw_port *in, struct sk_buff *skb)
{
	vsw_xmit(in, skb, READ_ONCE(in->sw->mode));
}

/* Apart, so that nothing of it is in the way of the usual modes. */
static noinline void vsw_frame_xmit_mode(struct vsw_port *in,
					 struct sk_buff *skb, u8 mode)
{
	vsw_xmit(in, skb, mode);
}

/* The usual modes are in one piece with the transmit function of direct taps. */
static VSW_HOT void vsw_frame_xmit_inline(struct vsw_port *in,
					  struct sk_buff *skb)
{
	u8 mode = READ_ONCE(in->sw->mode);

	if (likely(mode == VSW_MODE_UP))
		vsw_xmit(in, skb, VSW_MODE_UP);
	else if (likely(mode == (VSW_MODE_UP | VSW_MODE_VLAN)))
		vsw_xmit(in, skb, VSW_MODE_UP | VSW_MODE_VLAN);
	else
		vsw_frame_xmit_mode(in, skb, mode);
}

/**
 * vsw_host_xmit() - The host sends a frame through the switch's netdev.
 * @skb: the frame, its data at the Ethernet header
 * @dev: netdev of the switch
 *
 * Context: BH off.
 * Return: NETDEV_TX_OK; the frame is always taken.
 */
netdev_tx_t vsw_host_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vsw_switch *sw = netdev_priv(dev);

	vsw_frame_xmit(sw->host, skb);
	return NETDEV_TX_OK;
}
