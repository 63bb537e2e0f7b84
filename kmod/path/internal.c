// SPDX-License-Identifier: GPL-2.0
/*
 * The two ends of the way at an internal port: what its stack sends comes in by
 * the transmit function of the netdev, and what the port gets, the netdev
 * receives.
 */
#include "../vport.h"
#include "dp.h"

/**
 * vsw_internal_xmit() - The stack behind an internal port sends a frame.
 * @skb: the frame, its data at the Ethernet header
 * @dev: netdev of the port
 *
 * Context: BH off.
 * Return: NETDEV_TX_OK; the frame is always taken.
 */
netdev_tx_t vsw_internal_xmit(struct sk_buff *skb, struct net_device *dev)
{
	const struct vsw_vport *vp = netdev_priv(dev);
	struct vsw_port *port;

	port = rcu_dereference_bh(vp->port);
	if (likely(port)) {
		/* Nothing of a container's marks, connections and priorities
		 * counts where the host sends the frame on.
		 */
		if (vsw_port_is_away(port)) {
			skb_scrub_packet(skb, true);
			skb->priority = 0;
		}
		vsw_frame_xmit(port, skb);
	} else {
		dev_core_stats_tx_dropped_inc(dev);
		kfree_skb(skb);
	}
	return NETDEV_TX_OK;
}

/**
 * vsw_out_internal() - Let the netdev of an internal port receive a frame.
 * @port: the port
 * @skb: the frame, its data at the Ethernet header; consumed
 *
 * By way of a queue of the CPU, for what runs now may be the transmit function of
 * the same stack; GRO then joins what a guest had to send in pieces.
 *
 * Context: path.
 * Return: VSW_TAKEN, or a reason; the frame is gone in either case, and the caller
 * counts.
 */
VSW_STAGE noinline vsw_verdict_t vsw_out_internal(const struct vsw_port *port,
						  struct sk_buff *skb)
{
	struct vsw_vport *vp = netdev_priv(port->dev);

	if (unlikely(skb_orphan_frags(skb, GFP_ATOMIC) ||
		     !vsw_xmit_owns_headers(skb)))
		return vsw_out_no_memory(port, skb);
	vsw_stack_prepare(port->dev, skb);
	return likely(gro_cells_receive(&vp->cells, skb) == NET_RX_SUCCESS) ?
	       VSW_TAKEN : VSW_DROP(EGRESS_QUEUE);
}
