// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 9, per egress port: out.
 */
#include <linux/etherdevice.h>
#include <net/sch_generic.h>
#include "../trace.h"
#include "dp.h"

/*
 * The core, when it makes fragments of a UDP datagram, or segments of TCP whose
 * checksum was said to be good, writes into headers without asking whether they
 * are shared (see udp6_ufo_fragment(); skb_needs_check(), tcp4_gso_segment()).
 * Who shares them, a copy for another port or a mirror in front of us, would get
 * other bytes than those that were looked at.
 */
static bool vsw_xmit_writes_headers(const struct sk_buff *skb)
{
	unsigned int type = skb_shinfo(skb)->gso_type;

	return type & SKB_GSO_UDP ||
	       (type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6) &&
		skb->ip_summed == CHECKSUM_UNNECESSARY);
}

static bool vsw_xmit_owns_headers(struct sk_buff *skb)
{
	return likely(!vsw_xmit_writes_headers(skb)) ||
	       !skb_unclone(skb, GFP_ATOMIC);
}

/*
 * A queueing discipline answers NET_XMIT_CN when it has taken the frame and is
 * full, and so does the one that throws everything away, which a device has from
 * its getting a carrier until link watch has given it another one.  A frame that
 * the latter was given as it went counts as sent: a device that answers for one
 * below it cannot be told from one that has just got its discipline.
 */
static bool vsw_xmit_is_sent(const struct net_device *dev, int ret)
{
	return likely(ret == NET_XMIT_SUCCESS) ||
	       (ret == NET_XMIT_CN && !qdisc_tx_is_noop(dev));
}

/* Here what is refused is still there to be traced. */
static noinline vsw_verdict_t vsw_out_refuse(const struct vsw_port *port,
					     struct sk_buff *skb, vsw_verdict_t v)
{
	unsigned int reason = vsw_verdict_reason(v);

	trace_vsw_drop(skb, port, reason);
	kfree_skb_reason(skb, vsw_core_reason(reason));
	return v;
}

static vsw_verdict_t vsw_out_no_memory(const struct vsw_port *port,
				       struct sk_buff *skb)
{
	return vsw_out_refuse(port, skb, VSW_DROP(NO_MEMORY));
}

/**
 * vsw_out_queue() - Give a frame to the queue of an attached netdev.
 * @port: the port
 * @skb: frame, its data at the Ethernet header; consumed
 *
 * Context: path.
 * Return: VSW_TAKEN, or a reason; the frame is gone in either case, and the caller
 * counts.
 */
VSW_STAGE noinline vsw_verdict_t vsw_out_queue(const struct vsw_port *port,
					       struct sk_buff *skb)
{
	if (unlikely(!vsw_xmit_owns_headers(skb)))
		return vsw_out_no_memory(port, skb);
	skb->dev = port->dev;
	return vsw_xmit_is_sent(port->dev, dev_queue_xmit(skb)) ?
	       VSW_TAKEN : VSW_DROP(EGRESS_QUEUE);
}

/**
 * vsw_stack_prepare() - Make a frame one that a netdev of our own has received.
 * @dev: netdev
 * @skb: the frame, its data at the Ethernet header
 *
 * What the stack it comes from has noted on it, the route, the connection, the
 * socket, is not for the one that gets it.
 *
 * Context: path.
 */
VSW_STAGE noinline void vsw_stack_prepare(struct net_device *dev,
					  struct sk_buff *skb)
{
	skb_orphan(skb);
	skb_scrub_packet(skb, !net_eq(dev_net(skb->dev), dev_net(dev)));
	skb->priority = 0;
	/* The netdev has one queue, whatever the one it came from has. */
	skb_set_queue_mapping(skb, 0);
	skb->protocol = eth_type_trans(skb, dev);
}

/*
 * In a transmit function there is no other round: the frame goes through the
 * queue of the CPU, so that the stack of the host does not run on top of a
 * guest's.
 */
static vsw_verdict_t vsw_host_queue(const struct vsw_port *host,
				    struct sk_buff *skb)
{
	vsw_out_tag(skb, true);
	vsw_stack_prepare(host->dev, skb);
	return likely(netif_rx(skb) == NET_RX_SUCCESS) ?
	       VSW_TAKEN : VSW_DROP(EGRESS_QUEUE);
}

/*
 * The frame itself becomes one received by the switch's own netdev: the core takes
 * it for another round, which costs no stack and no queue.
 */
static vsw_verdict_t vsw_host_another(const struct vsw_frame *f,
				      struct sk_buff *skb)
{
	struct net_device *dev = f->sw->dev;

	skb->dev = dev;
	skb_set_queue_mapping(skb, 0);
	if (f->kind == VSW_UNICAST)
		skb->pkt_type = ether_addr_equal_64bits(eth_hdr(skb)->h_dest,
							dev->dev_addr) ?
				PACKET_HOST : PACKET_OTHERHOST;
	return VSW_TO_HOST;
}

/* Out of a port that is no tap. */
static noinline vsw_verdict_t vsw_out_other(const struct vsw_frame f,
					    const struct vsw_port *port,
					    struct sk_buff *skb)
{
	bool received = f.in->type == VSWITCH_PORT_TYPE_ATTACHED;

	switch (port->type) {
	case VSW_PORT_TYPE_HOST:
		return received ? vsw_host_another(&f, skb) :
				  vsw_host_queue(port, skb);
	case VSWITCH_PORT_TYPE_INTERNAL:
		vsw_out_tag(skb, !received);
		return vsw_out_internal(port, skb);
	default:
		vsw_out_tag(skb, true);
		return vsw_out_queue(port, skb);
	}
}

/**
 * vsw_count_out() - Count a frame that was sent, or was not.
 * @port: egress port
 * @len: bytes, Ethernet header and tags included
 * @v: VSW_TAKEN or VSW_TO_HOST, or why it was refused: it is gone already
 * @flooded: it was sent because of flooding
 *
 * Context: path.
 */
VSW_STAGE VSW_HOT void
vsw_count_out(const struct vsw_port *port, u64 len, vsw_verdict_t v,
	      bool flooded)
{
	if (unlikely(vsw_verdict_is_drop(v)))
		vsw_stats_drop(port->stats, vsw_verdict_reason(v));
	else
		vsw_stats_frame(port->stats, VSWITCH_A_STATS_TX_PACKETS,
				flooded ? VSWITCH_A_STATS_TX_FLOODED : 0, len);
}

/**
 * vsw_out_xmit() - Send a frame out of a port.
 * @f: frame
 * @port: egress port
 * @skb: the frame, or a copy of it, its data behind the Ethernet header; consumed,
 *	 unless it is for the host
 * @flooded: it is sent because of flooding
 *
 * Context: path.
 * Return: VSW_TAKEN or VSW_TO_HOST.
 */
VSW_STAGE VSW_HOT vsw_verdict_t
vsw_out_xmit(const struct vsw_frame *f, const struct vsw_port *port,
	     struct sk_buff *skb, bool flooded)
{
	int tag = f->mode & VSW_MODE_VLAN ? vsw_out_vlan(f, port, skb) : 0;
	vsw_verdict_t v;

	if (unlikely(tag < 0))
		v = vsw_out_refuse(port, skb, VSW_DROP(EGRESS_VLAN));
	else if (port->tun)
		v = vsw_out_tun(port, skb);
	else if (port->type == VSWITCH_PORT_TYPE_TAP)
		v = vsw_out_tap(port, skb);
	else
		v = vsw_out_other(*f, port, skb);

	vsw_count_out(port, f->len + tag, v, flooded);
	vsw_vlan_count_out(f, port, v);
	return v == VSW_TO_HOST ? v : VSW_TAKEN;
}
