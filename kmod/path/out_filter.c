// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 7, per egress port: whether the frame may and can leave there.
 */
#include <linux/if_vlan.h>
#include <linux/tcp.h>
#include "dp.h"

/* Tags in the data that are not counted: two, with the one beside the data. */
static unsigned int vsw_out_tags(const struct sk_buff *skb)
{
	int offset = skb_mac_offset(skb) + ETH_HLEN;
	struct vlan_hdr copy, *tag;

	if (!eth_type_vlan(eth_hdr(skb)->h_proto))
		return 0;
	if (skb_vlan_tag_present(skb))
		return VLAN_HLEN;
	tag = skb_header_pointer(skb, offset, sizeof(copy), &copy);
	return tag && eth_type_vlan(tag->h_vlan_encapsulated_proto) ?
	       2 * VLAN_HLEN : VLAN_HLEN;
}

/*
 * The core reads the length of a TCP header from the linear part.  It is not
 * there in every frame a guest can make up; those are not TCP from any stack.
 */
static bool vsw_out_segments_fit(const struct sk_buff *skb, unsigned int max)
{
	int tcp = skb->encapsulation ? skb_inner_transport_offset(skb) :
				       skb_transport_offset(skb);

	if (skb_shinfo(skb)->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6) &&
	    skb_headlen(skb) < tcp + sizeof(struct tcphdr))
		return false;
	return skb_gso_validate_mac_len(skb, max);
}

/*
 * The size that counts is that of the frame on the wire: of a GSO frame, that
 * of its segments.  An outer tag is not counted against the MTU, beside the data
 * or in them, nor is a second one behind it: VLAN devices have the MTU of the
 * device they are stacked on.
 */
static noinline bool vsw_out_large_fits(const struct sk_buff *skb,
					unsigned int max)
{
	max += vsw_out_tags(skb);
	if (skb->len - skb_mac_offset(skb) <= max)
		return true;
	return skb_is_gso(skb) && vsw_out_segments_fit(skb, max);
}

/*
 * Both ports are uplinks, or both are not promiscuous in the sense of RFC 5517.  A
 * frame goes back to its own port where that was asked for ("hairpin"): to an uplink,
 * and to one that speaks to others of its community, but not to an isolated one.
 */
static noinline vsw_verdict_t
vsw_out_confined(const struct vsw_settings *in, const struct vsw_settings *out,
		 bool back)
{
	if (in->role == VSWITCH_ROLE_UPLINK &&
	    out->role == VSWITCH_ROLE_UPLINK && !back)
		return VSW_DROP(UPLINK_TO_UPLINK);
	if (in->community && out->community &&
	    (in->community != out->community || in->community == VSW_ISOLATED))
		return VSW_DROP(ISOLATED);
	return VSW_NEXT;
}

/**
 * vsw_out_is_member() - Whether a port is in the VLAN of a frame.
 * @f: frame on a VLAN-aware switch
 * @port: egress port
 *
 * Context: path.
 * Return: true if it is.
 */
VSW_STAGE VSW_HOT bool vsw_out_is_member(const struct vsw_frame *f,
					 const struct vsw_port *port)
{
	const struct vsw_policy *policy = rcu_dereference_bh(port->policy);

	/* Of private VLANs, this is the primary, and the port is in all of them: no
	 * trunk has it as its native one.
	 */
	if (policy->untagged == f->fid)
		return true;
	if (f->mode & VSW_MODE_VLAN_EXTRA)
		return vsw_private_is_member(f->sw, policy, f->fid,
					     f->tci & VLAN_VID_MASK);
	return policy->vlans &&
	       test_bit(vsw_fdb_key_vlan(f->fid), policy->vlans->member);
}

/**
 * vsw_out_filter() - Decide whether the frame leaves by a port.
 * @f: frame
 * @port: egress port
 *
 * Context: path.
 * Return: VSW_NEXT, or UPLINK_TO_UPLINK, ISOLATED, EGRESS_DOWN, EGRESS_BLOCKED or
 * EGRESS_MTU.
 */
VSW_STAGE VSW_HOT vsw_verdict_t
vsw_out_filter(const struct vsw_frame *f, const struct vsw_port *port)
{
	const struct net_device *dev = port->dev;
	const struct vsw_policy *out;
	unsigned int mtu;
	vsw_verdict_t v;

	if (f->policy->confined) {
		out = rcu_dereference_bh(port->policy);
		if (unlikely(f->policy->confined & out->confined)) {
			v = vsw_out_confined(&f->policy->is, &out->is,
					     port == f->in);
			if (v != VSW_NEXT)
				return v;
		}
	}
	if (unlikely(!vsw_dev_is_up(dev)))
		return VSW_DROP(EGRESS_DOWN);
	if (unlikely(f->mode & VSW_MODE_STATES) && READ_ONCE(port->state))
		return VSW_DROP(EGRESS_BLOCKED);
	mtu = READ_ONCE(dev->mtu);
	/* With a tag beside the data it may look larger than it is. */
	if (f->len > mtu + ETH_HLEN &&
	    !vsw_out_large_fits(f->skb, mtu + ETH_HLEN))
		return VSW_DROP(EGRESS_MTU);
	return VSW_NEXT;
}
