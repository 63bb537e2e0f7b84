// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 9, the short way to a tun tap: into its guest's ring.
 *
 * The transmit function of a tun tap wants no lock of its queue and comes back to
 * nobody: it puts the frame into the ring, or drops it.  What dev_queue_xmit() does
 * before it calls that is for others; where nobody has asked for it, we call it
 * ourselves.
 */
#include <linux/if_vlan.h>
#include <net/mpls.h>
#include <net/sch_generic.h>
#include "../trace.h"
#include "dp.h"

/*
 * A queueing discipline that somebody has set up has a handle. The default one has
 * none, and is passed by when it is empty (__dev_xmit_skb()). As long as a frame of
 * this flow is in it, or on its way out, another one must not overtake.
 */
static VSW_HOT bool vsw_tun_qdisc_is_idle(const struct netdev_queue *txq)
{
	struct Qdisc *q = rcu_dereference_bh(txq->qdisc);

	if (!q->enqueue)
		return true;
	return !q->handle &&
	       (q->flags & (TCQ_F_CAN_BYPASS | TCQ_F_NOLOCK)) == TCQ_F_CAN_BYPASS &&
	       vsw_compat_qdisc_is_idle(q);
}

static noinline bool vsw_tun_takes_csum(const struct net_device *dev,
					const struct sk_buff *skb)
{
	return skb->ip_summed != CHECKSUM_PARTIAL ||
	       (READ_ONCE(dev->features) & NETIF_F_HW_CSUM &&
		!skb_csum_is_sctp((struct sk_buff *)skb) && !skb->encapsulation &&
		!eth_p_mpls(skb->protocol));
}

static bool vsw_tun_takes_frags(const struct net_device *dev,
				const struct sk_buff *skb)
{
	return !skb_has_frag_list(skb) && vsw_compat_frags_readable(skb) &&
	       READ_ONCE(dev->features) & NETIF_F_SG;
}

/**
 * vsw_tun_is_plain() - Whether a frame needs nothing that a feature tells of.
 * @skb: the frame
 *
 * Nobody waits for a time stamp, no stack of the host has routed it, and it is not
 * to be made into several.
 *
 * Context: path.
 * Return: true if so.
 */
VSW_STAGE VSW_HOT bool vsw_tun_is_plain(const struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);

	return !(info->gso_size || info->tx_flags || skb_dst(skb)) &&
	       !vsw_compat_is_decrypted(skb);
}

/**
 * vsw_tun_takes() - Whether dev_queue_xmit() would leave a frame as it is.
 * @dev: the tun tap
 * @skb: the frame, its data at the Ethernet header
 *
 * What validate_xmit_skb() would have to do something to, takes that way.
 *
 * Context: path.
 * Return: true if so.
 */
VSW_STAGE VSW_HOT bool vsw_tun_takes(const struct net_device *dev,
				     const struct sk_buff *skb)
{
	return vsw_tun_is_plain(skb) &&
	       (skb->ip_summed < CHECKSUM_COMPLETE ||
		vsw_tun_takes_csum(dev, skb)) &&
	       (!skb_is_nonlinear(skb) || vsw_tun_takes_frags(dev, skb)) &&
	       (!skb_vlan_tag_present(skb) ||
		vlan_hw_offload_capable(READ_ONCE(dev->features),
					skb->vlan_proto));
}

/*
 * Who listens to the device, with tcpdump, tc or netfilter, is served by
 * dev_queue_xmit().
 */
static VSW_HOT bool vsw_tun_is_open(const struct net_device *dev)
{
	const struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);

	return vsw_tun_qdisc_is_idle(txq) &&
	       !netif_xmit_frozen_or_stopped(txq) &&
	       !vsw_compat_has_egress(dev) && !vsw_compat_nit_active(dev);
}

/*
 * The driver keeps the time of the last transmission itself, as all do that take
 * no lock of their queue.
 */
static VSW_HOT vsw_verdict_t vsw_tun_put(struct net_device *dev,
					 struct sk_buff *skb)
{
	int ret;

	skb->dev = dev;
	ret = __netdev_start_xmit(dev->netdev_ops, skb, dev, false);
	if (likely(ret == NETDEV_TX_OK))
		return VSW_TAKEN;
	if (unlikely(!dev_xmit_complete(ret))) {
		dev_core_stats_tx_dropped_inc(dev);
		kfree_skb(skb);
	}
	return VSW_DROP(EGRESS_QUEUE);
}

/**
 * vsw_out_tun() - Put a frame into the ring of a tun tap.
 * @port: an attached tun tap with one queue
 * @skb: frame, its data behind the Ethernet header; consumed
 *
 * Context: path.
 * Return: VSW_TAKEN, or a reason; the frame is gone in either case, and the caller
 * counts.
 */
VSW_STAGE VSW_HOT vsw_verdict_t
vsw_out_tun(const struct vsw_port *port, struct sk_buff *skb)
{
	struct net_device *dev = port->dev;

	vsw_out_tag(skb, true);
	if (unlikely(!vsw_tun_takes(dev, skb) || !vsw_tun_is_open(dev)))
		return vsw_out_queue(port, skb);
	skb_set_queue_mapping(skb, 0);
	return vsw_tun_put(dev, skb);
}

/**
 * vsw_out_tun_ready() - Put a frame that is ready for any tap into a tun tap's ring.
 * @port: an attached tun tap with one queue
 * @skb: frame, its data at the Ethernet header, of queue 0; a copy is sent
 * @last: no copy, but the frame itself
 *
 * Context: path.
 * Return: VSW_TAKEN, or a reason; the frame or its copy is gone in either case, and
 * the caller counts.
 */
VSW_STAGE VSW_HOT vsw_verdict_t
vsw_out_tun_ready(const struct vsw_port *port, struct sk_buff *skb, bool last)
{
	struct sk_buff *copy = last ? skb : skb_clone(skb, GFP_ATOMIC);
	struct net_device *dev = port->dev;

	if (unlikely(!copy)) {
		trace_vsw_drop(skb, port, VSWITCH_A_DROPS_NO_MEMORY);
		return VSW_DROP(NO_MEMORY);
	}
	if (likely(vsw_tun_is_open(dev)))
		return vsw_tun_put(dev, copy);
	return vsw_out_queue(port, copy);
}
