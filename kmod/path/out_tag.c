// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 8, per egress port: the headers as the port is to get them.
 */
#include <linux/if_vlan.h>
#include "dp.h"

/* A device that segments or checksums in software finds the network header behind
 * tags inside the data, which begin with the Ethernet header.
 */
VSW_STAGE void vsw_tag_pass_over(struct sk_buff *skb)
{
	int depth;

	/* Or else the tags are looked for where it says that the header ends. */
	skb->mac_len = 0;
	if (eth_type_vlan(skb->protocol) &&
	    vlan_get_protocol_and_depth(skb, skb->protocol, &depth))
		skb_set_network_header(skb, depth);
}

/*
 * A tag, beside the data, or on a trunk that has the VLAN as its native one, none.  A
 * tag that was behind it, or is a customer's, would then be taken for that of the
 * frame, and who has sent it would have chosen the VLAN.
 *
 * The port may have left the VLAN since it was asked.
 */
static noinline int vsw_tag_put(struct sk_buff *skb,
				const struct vsw_policy *policy, u64 fid, u16 tci)
{
	u16 vlan = vsw_fdb_key_vlan(fid);
	__be16 proto;
	u16 vid;

	if (policy->untagged == fid)
		return eth_type_vlan(eth_hdr(skb)->h_proto) ? -EPERM : 0;
	if (!policy->vlans || !test_bit(vlan, policy->vlans->member))
		return -ENOENT;
	vid = vsw_vlans_out(policy->vlans, vlan, &proto);
	__vlan_hwaccel_put_tag(skb, proto, vid | tci);
	return VLAN_HLEN;
}

/**
 * vsw_out_is_untagged() - Whether a port gets a frame without a tag of its VLAN.
 * @f: frame on a VLAN-aware switch
 * @port: egress port
 *
 * Context: path.
 * Return: true if so; else it gets it with one, or has to be asked further.
 */
VSW_STAGE VSW_HOT bool vsw_out_is_untagged(const struct vsw_frame *f,
					   const struct vsw_port *port)
{
	const struct vsw_policy *policy = rcu_dereference_bh(port->policy);

	if (likely(policy->untagged_out == f->fid))
		return true;
	return f->mode & VSW_MODE_VLAN_EXTRA && policy->untagged_out &&
	       vsw_private_is_member(f->sw, policy, f->fid,
				     f->tci & VLAN_VID_MASK);
}

/* The same where there are private VLANs: a tag has the number of the frame's own. */
static noinline int vsw_tag_private(struct sk_buff *skb,
				    const struct vsw_switch *sw,
				    const struct vsw_policy *policy, u64 fid,
				    u16 tci)
{
	u16 vlan = tci & VLAN_VID_MASK;

	if (policy->untagged_out)
		return vsw_private_is_member(sw, policy, fid, vlan) ? 0 : -ENOENT;
	return vsw_tag_put(skb, policy, vsw_fdb_key_of(0, vlan),
			   tci & ~VLAN_VID_MASK);
}

/**
 * vsw_out_vlan() - Give a frame the tag of its VLAN, if the port wants one.
 * @f: frame on a VLAN-aware switch
 * @port: egress port
 * @skb: the frame, or the copy for this port
 *
 * Context: path.
 * Return: bytes of the tag; -ENOENT if the port is not in the VLAN, -EPERM if the
 * frame would look as if it were in another one.
 */
VSW_STAGE VSW_HOT int vsw_out_vlan(const struct vsw_frame *f,
				   const struct vsw_port *port,
				   struct sk_buff *skb)
{
	const struct vsw_policy *policy = rcu_dereference_bh(port->policy);

	if (likely(policy->untagged_out == f->fid))
		return 0;
	if (f->mode & VSW_MODE_VLAN_EXTRA)
		return vsw_tag_private(skb, f->sw, policy, f->fid, f->tci);
	return vsw_tag_put(skb, policy, f->fid, f->tci);
}

static noinline void vsw_tag_csum(struct sk_buff *skb, bool wire)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		vsw_tag_pass_over(skb);
	else if (wire)
		skb_forward_csum(skb);
}

/**
 * vsw_out_tag() - Give a frame its Ethernet header and tags back.
 * @skb: the frame, or the copy for this port; its data begin with the Ethernet
 *	 header afterwards
 * @wire: it goes out, not to a stack that wants to know what the NIC that has
 *	  received it said of it
 *
 * A checksum the NIC made of a received frame is of no use outwards, and its
 * receive time would be taken for the time to send it at.
 *
 * Context: path.
 */
VSW_STAGE VSW_HOT void vsw_out_tag(struct sk_buff *skb, bool wire)
{
	if (wire)
		skb_clear_tstamp(skb);
	__skb_push(skb, ETH_HLEN);
	if (skb->ip_summed >= CHECKSUM_COMPLETE)
		vsw_tag_csum(skb, wire);
}
