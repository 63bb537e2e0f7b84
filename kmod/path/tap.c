// SPDX-License-Identifier: GPL-2.0
/*
 * The two ends of the way at a direct tap: what its guest sends comes in by the
 * transmit function of the netdev, and what its guest gets goes straight into
 * the ring of the tap library (drivers/net/tap.c).
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netfilter.h>
#include "../trace.h"
#include "../vport.h"
#include "dp.h"

/* An XDP program may send back what a direct tap receives, and the switch that to
 * another one: so often on top of each other, and no more.
 */
#define VSW_TAP_DEPTH	4

/**
 * struct vsw_tap_pass - What the core or the library does for us on this CPU.
 * @up: netdev that the core receives a frame of the guest on, or NULL
 * @target: direct tap that the switch hands a frame over to; NULL when there is
 *	    none, and when it has dropped the frame
 * @depth: how many receptions by the core are on top of each other
 *
 * tc or XDP where a netdev receives may send another frame on its way meanwhile:
 * who writes here puts back what was there.
 */
struct vsw_tap_pass {
	const struct net_device *up;
	const struct tap_dev *target;
	u8 depth;
};

static DEFINE_PER_CPU(struct vsw_tap_pass, vsw_tap_pass);

/*
 * The library's sockets have no family; those of the host do.  The stack cannot
 * send at all, for the netdev makes no headers: what remains is who writes whole
 * frames to a packet socket.
 */
static bool vsw_tap_from_guest(const struct sk_buff *skb)
{
	return !skb->sk || skb->sk->sk_family == AF_UNSPEC;
}

/**
 * vsw_tap_xmit() - The guest of a direct tap sends a frame.
 * @skb: the frame, its data at the Ethernet header
 * @dev: netdev of the direct tap
 *
 * Context: BH off, in a process: that of the guest, or vhost's.
 * Return: NETDEV_TX_OK; the frame is always taken.
 */
netdev_tx_t vsw_tap_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vsw_vport *vp = netdev_priv(dev);
	struct vsw_port *port;

	port = rcu_dereference_bh(vp->port);
	if (unlikely(!port)) {
		dev_core_stats_tx_dropped_inc(dev);
		kfree_skb(skb);
	} else if (unlikely(!vsw_tap_from_guest(skb))) {
		vsw_frame_drop(port, skb, VSW_DROP(HOST_FRAME));
	} else {
		vsw_frame_xmit_inline(port, skb);
	}
	return NETDEV_TX_OK;
}

/**
 * vsw_tap_count_rx_dropped() - The library has dropped a frame for the guest.
 * @tap: the direct tap's
 *
 * Of a frame of the switch, vsw_out_tap() counts it; others may come because tc
 * sends them where the netdev receives.
 *
 * Context: path; called from tap_handle_frame().
 */
void vsw_tap_count_rx_dropped(struct tap_dev *tap)
{
	if (this_cpu_read(vsw_tap_pass.target) == tap)
		this_cpu_write(vsw_tap_pass.target, NULL);
	else
		dev_core_stats_rx_dropped_inc(tap->dev);
}

static noinline bool vsw_tap_disown_slow(struct sk_buff *skb)
{
	skb_orphan(skb);
	nf_reset_ct(skb);
	return !skb_orphan_frags_rx(skb, GFP_ATOMIC);
}

/**
 * vsw_tap_disown() - Make a frame one that a ring may hold for long.
 * @skb: the frame
 *
 * Nothing in it belongs to who has sent it, or a guest that sleeps would hold up the
 * others.
 *
 * Context: path.
 * Return: whether there was memory enough.
 */
VSW_STAGE VSW_HOT bool vsw_tap_disown(struct sk_buff *skb)
{
	if (likely(!skb->destructor && !skb_nfct(skb) &&
		   !(skb_shinfo(skb)->flags & SKBFL_ZEROCOPY_ENABLE)))
		return true;
	return vsw_tap_disown_slow(skb);
}

/* The core receives a frame, its data behind the Ethernet header. */
static void vsw_tap_receive(struct sk_buff *skb, const struct net_device *up)
{
	struct vsw_tap_pass *pass = this_cpu_ptr(&vsw_tap_pass);
	const struct net_device *old = pass->up;
	struct vsw_vport *vp = netdev_priv(skb->dev);

	if (unlikely(pass->depth == VSW_TAP_DEPTH)) {
		vsw_tap_count_rx_dropped(&vp->tap);
		kfree_skb(skb);
		return;
	}
	pass->depth++;
	pass->up = up;
	netif_receive_skb_core(skb);
	pass->up = old;
	pass->depth--;
}

/**
 * vsw_tap_up() - Hand a guest's frame to who listens to the tap's own device.
 * @port: the direct tap
 * @skb: the frame, its data behind the Ethernet header; consumed
 *
 * Context: path.
 */
VSW_STAGE noinline void vsw_tap_up(const struct vsw_port *port,
				   struct sk_buff *skb)
{
	skb_orphan(skb);
	__skb_push(skb, ETH_HLEN);
	skb->protocol = eth_type_trans(skb, port->dev);
	vsw_tap_receive(skb, port->dev);
}

/* Somebody wants to see, or to change, what the netdev receives. */
static bool vsw_tap_is_watched(const struct net_device *dev)
{
	return vsw_compat_nit_active(dev) ||
	       vsw_compat_has_ingress(dev);
}

/* The queue of a tap that has but one, and that nobody watches. */
static VSW_HOT struct tap_queue *vsw_tap_queue(const struct tap_dev *tap,
					       const struct net_device *dev)
{
	struct tap_queue *q = rcu_dereference_bh(tap->taps[0]);

	return READ_ONCE(tap->numvtaps) == 1 && likely(q) &&
	       likely(!vsw_tap_is_watched(dev)) ? q : NULL;
}

/*
 * What tap_handle_frame() does with a frame that any guest can take, where there
 * is one queue; but who reads is woken only if somebody waits, as tun does it.
 */
static VSW_HOT vsw_verdict_t vsw_tap_put(const struct vsw_port *port,
					 struct tap_queue *q,
					 struct sk_buff *skb)
{
	if (unlikely(ptr_ring_produce(&q->ring, skb))) {
		trace_vsw_drop(skb, port, VSWITCH_A_DROPS_EGRESS_QUEUE);
		kfree_skb_reason(skb, SKB_DROP_REASON_FULL_RING);
		return VSW_DROP(EGRESS_QUEUE);
	}
	if (skwq_has_sleeper(rcu_dereference_bh(q->sk.sk_wq)))
		wake_up_interruptible_poll(sk_sleep(&q->sk), EPOLLIN |
					   EPOLLRDNORM | EPOLLRDBAND);
	return VSW_TAKEN;
}

/* Hands a frame, or a segment of one, to the library, which looks at its data
 * from the Ethernet header on.
 */
static void vsw_tap_produce(struct sk_buff *skb)
{
	struct vsw_vport *vp = netdev_priv(skb->dev);
	rx_handler_result_t ret;

	/* BH off is enough, but the library cannot tell lockdep. */
	rcu_read_lock();
	ret = tap_handle_frame(&skb);
	rcu_read_unlock();
	/* There is no queue: the guest has gone a moment ago. */
	if (unlikely(ret == RX_HANDLER_PASS)) {
		vsw_tap_count_rx_dropped(&vp->tap);
		kfree_skb(skb);
	}
}

/**
 * vsw_tap_rx_handler() - The core has a frame received by a direct tap's netdev.
 * @pskb: the frame
 *
 * What the netdev receives is for the guest, but for what vsw_tap_up() has from
 * there, and for what the host's stack says to itself.
 *
 * Context: softirq or BH off, RCU read section of the core.
 * Return: what the core is to do with the frame.
 */
rx_handler_result_t vsw_tap_rx_handler(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;

	if (skb->pkt_type == PACKET_LOOPBACK)
		return RX_HANDLER_PASS;
	if (this_cpu_read(vsw_tap_pass.up) == skb->dev)
		return RX_HANDLER_EXACT;

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;
	/* tc may send here what has no Ethernet header. */
	if (unlikely(skb->data - skb_mac_header(skb) != ETH_HLEN ||
		     !vsw_tap_disown(skb))) {
		dev_core_stats_rx_dropped_inc(skb->dev);
		kfree_skb(skb);
		return RX_HANDLER_CONSUMED;
	}
	vsw_tap_produce(skb);
	return RX_HANDLER_CONSUMED;
}

/* A frame, or a segment of one, its data behind the Ethernet header. */
static void vsw_tap_hand_over(struct sk_buff *skb)
{
	if (unlikely(vsw_tap_is_watched(skb->dev))) {
		skb_forward_csum(skb);
		skb_clear_tstamp(skb);
		__skb_push(skb, ETH_HLEN);
		skb->protocol = eth_type_trans(skb, skb->dev);
		vsw_tap_receive(skb, NULL);
		return;
	}
	vsw_tap_produce(skb);
}

/* What the guest takes; frames that no virtio_net header describes, it does not. */
static netdev_features_t vsw_tap_features(const struct tap_dev *tap,
					  const struct sk_buff *skb)
{
	netdev_features_t features = NETIF_F_GSO | NETIF_F_SG | NETIF_F_FRAGLIST;

	features |= READ_ONCE(tap->tap_features);
	if (unlikely(skb->len >= GSO_LEGACY_MAX_SIZE))
		features &= ~NETIF_F_GSO_MASK;
	return features;
}

/*
 * A guest that cannot take large frames gets their segments.  The library would
 * make them, too, but not say when some of them found no room.
 */
static struct sk_buff *vsw_tap_segments(struct sk_buff *skb,
					netdev_features_t features)
{
	struct sk_buff *segs, *seg;

	/* What LRO has merged can neither be segmented nor described. */
	if (unlikely(!skb_shinfo(skb)->gso_type))
		return ERR_PTR(-EPROTONOSUPPORT);
	if (!netif_needs_gso(skb, features))
		return skb;
	if (unlikely(!vsw_xmit_owns_headers(skb)))
		return ERR_PTR(-ENOMEM);
	skb_forward_csum(skb);
	__skb_push(skb, ETH_HLEN);
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		vsw_tag_pass_over(skb);
	segs = skb_gso_segment(skb, features);
	if (IS_ERR(segs))
		return segs;
	if (segs)
		consume_skb(skb);
	else
		segs = skb;
	for (seg = segs; seg; seg = seg->next)
		__skb_pull(seg, ETH_HLEN);
	return segs;
}

/* The frames that the guest gets for one, or an ERR_PTR. */
static struct sk_buff *vsw_tap_prepare(struct sk_buff *skb,
				       const struct tap_dev *tap)
{
	if (skb_is_gso(skb))
		return vsw_tap_segments(skb, vsw_tap_features(tap, skb));
	/* Neither the library nor virtio_net knows its checksum. */
	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_csum_is_sctp(skb) &&
	    skb_csum_hwoffload_help(skb, 0))
		return ERR_PTR(-ENOMEM);
	return skb;
}

/* By way of the library, and of who watches. */
static noinline vsw_verdict_t vsw_tap_hand_over_all(struct sk_buff *skb,
						    const struct tap_dev *tap)
{
	struct vsw_tap_pass *pass = this_cpu_ptr(&vsw_tap_pass);
	const struct tap_dev *old = pass->target;
	struct sk_buff *list, *next;
	bool all = true;

	list = vsw_tap_prepare(skb, tap);
	if (IS_ERR(list)) {
		kfree_skb(skb);
		return VSW_DROP(NO_MEMORY);
	}
	skb_list_walk_safe(list, skb, next) {
		skb_mark_not_on_list(skb);
		pass->target = tap;
		vsw_tap_hand_over(skb);
		all &= pass->target == tap;
	}
	pass->target = old;
	return all ? VSW_TAKEN : VSW_DROP(EGRESS_QUEUE);
}

/**
 * vsw_out_tap() - Send a frame to the guest of a direct tap.
 * @port: the direct tap
 * @skb: frame, its data behind the Ethernet header; consumed
 *
 * Context: path.
 * Return: VSW_TAKEN if it has got the whole frame, else a reason; the frame is
 * gone in either case, and the caller counts.
 */
VSW_STAGE VSW_HOT vsw_verdict_t
vsw_out_tap(const struct vsw_port *port, struct sk_buff *skb)
{
	const struct vsw_vport *vp = netdev_priv(port->dev);
	struct tap_queue *q;

	skb->dev = port->dev;
	if (unlikely(!vsw_tap_disown(skb)))
		return vsw_out_no_memory(port, skb);
	if (skb_is_gso(skb) || skb->ip_summed == CHECKSUM_PARTIAL)
		return vsw_tap_hand_over_all(skb, &vp->tap);
	q = vsw_tap_queue(&vp->tap, port->dev);
	if (unlikely(!q))
		return vsw_tap_hand_over_all(skb, &vp->tap);
	__skb_push(skb, ETH_HLEN);
	return vsw_tap_put(port, q, skb);
}

/* By way of the library, which wants a frame of its own. */
static noinline vsw_verdict_t vsw_out_tap_copy(const struct vsw_port *port,
					       struct sk_buff *skb, bool last)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);
	vsw_verdict_t v = VSW_DROP(NO_MEMORY);

	if (likely(copy)) {
		__skb_pull(copy, ETH_HLEN);
		v = vsw_out_tap(port, copy);
	} else {
		trace_vsw_drop(skb, port, VSWITCH_A_DROPS_NO_MEMORY);
	}
	if (last)
		consume_skb(skb);
	return v;
}

/**
 * vsw_out_tap_ready() - Send a frame that is ready for any tap to a direct tap.
 * @port: the direct tap
 * @skb: frame, its data at the Ethernet header; nobody's, and of no netdev
 * @last: the caller's reference to it goes, too
 *
 * The library only reads what it takes out of a ring, so that one frame can be in
 * the rings of many taps, but not in those of tun.
 *
 * Context: path.
 * Return: VSW_TAKEN, or a reason; the caller counts.
 */
VSW_STAGE VSW_HOT vsw_verdict_t
vsw_out_tap_ready(const struct vsw_port *port, struct sk_buff *skb, bool last)
{
	const struct vsw_vport *vp = netdev_priv(port->dev);
	struct tap_queue *q = vsw_tap_queue(&vp->tap, port->dev);

	if (unlikely(!q))
		return vsw_out_tap_copy(port, skb, last);
	if (!last)
		skb_get(skb);
	return vsw_tap_put(port, q, skb);
}

/**
 * vsw_tap_count_tx_dropped() - The library has not taken a frame of the guest.
 * @tap: the direct tap's
 *
 * Context: process context, RCU read section.
 */
void vsw_tap_count_tx_dropped(struct tap_dev *tap)
{
	struct vsw_vport *vp = container_of(tap, struct vsw_vport, tap);
	const struct vsw_port *port = rcu_dereference(vp->port);

	if (!port)
		return;
	local_bh_disable();
	vsw_stats_drop(port->stats, VSWITCH_A_DROPS_BAD_HEADER);
	local_bh_enable();
}
