// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 3: the VLAN a frame is switched in.
 *
 * Through a VLAN-aware switch a frame goes without the tag of its VLAN, which is
 * noted beside it: most ports are to get it without one, and to put one on costs
 * little.
 */
#include <linux/if_vlan.h>
#include "../table/vlan_stats.h"
#include "dp.h"

/* What is found out about a tag: a VLAN in key form, and in the lower half the tag's
 * priority and drop eligibility.  Or, without VSW_FDB_KEY_VALID, a verdict.
 */
#define VSW_TAG_PCP		(VLAN_PRIO_MASK | VLAN_CFI_MASK)
#define VSW_TAG_REFUSED(v)	((__force u64)(v))

static bool vsw_vlan_frame_is_tagged(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) || eth_type_vlan(eth_hdr(skb)->h_proto);
}

/* A checksum of all that is received does not outlive a change of the header. */
static void vsw_vlan_forget_csum(struct sk_buff *skb)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
}

/* Takes the tag off the frame. */
static int vsw_vlan_pop(struct sk_buff *skb, __be16 *proto, u16 *tci)
{
	int err;

	if (likely(skb_vlan_tag_present(skb))) {
		*proto = skb->vlan_proto;
		*tci = skb_vlan_tag_get(skb);
		__vlan_hwaccel_clear_tag(skb);
		return 0;
	}
	*proto = eth_hdr(skb)->h_proto;
	vsw_vlan_forget_csum(skb);
	__skb_push(skb, ETH_HLEN);
	err = __skb_vlan_pop(skb, tci);
	__skb_pull(skb, ETH_HLEN);
	return err;
}

/* The customer's own tag becomes a part of what is carried. */
static int vsw_vlan_wrap(struct sk_buff *skb)
{
	int err;

	if (!skb_vlan_tag_present(skb))
		return 0;
	vsw_vlan_forget_csum(skb);
	__skb_push(skb, ETH_HLEN);
	err = __vlan_insert_tag(skb, skb->vlan_proto, skb_vlan_tag_get(skb));
	__skb_pull(skb, ETH_HLEN);
	if (err)
		return err;
	skb->protocol = skb->vlan_proto;
	__vlan_hwaccel_clear_tag(skb);
	return 0;
}

static u64 vsw_vlan_tunnel(struct sk_buff *skb, const struct vsw_policy *policy)
{
	__be16 proto = eth_hdr(skb)->h_proto;
	u16 tci;

	if (skb_vlan_tag_present(skb))
		proto = skb->vlan_proto;
	if (proto != htons(ETH_P_8021Q))
		return VSW_TAG_REFUSED(VSW_DROP(VLAN_TAGGED));
	/* The service tag has the priority that the customer's has. */
	tci = skb_vlan_tag_present(skb) ? skb_vlan_tag_get(skb) :
	      ntohs(((struct vlan_hdr *)skb->data)->h_vlan_TCI);
	if (vsw_vlan_wrap(skb))
		return VSW_TAG_REFUSED(VSW_DROP(NO_MEMORY));
	return policy->untagged | (tci & VSW_TAG_PCP);
}

/* By the number in the tag; a priority tag has none, and counts as no tag.  Behind
 * one, who is on an access port must not hide another: where the VLAN is untagged, on
 * a trunk, that would be taken for the tag of the frame.
 */
static u64 vsw_vlan_classify(const struct sk_buff *skb,
			     const struct vsw_policy *policy, __be16 proto,
			     u16 tci)
{
	bool access = policy->vlan_mode == VSWITCH_VLAN_MODE_ACCESS;
	u16 vid = tci & VLAN_VID_MASK;
	u16 vlan;

	if (!vid && proto == htons(ETH_P_8021Q) &&
	    !(access && eth_type_vlan(eth_hdr(skb)->h_proto)))
		return policy->untagged ? policy->untagged | (tci & VSW_TAG_PCP) :
		       VSW_TAG_REFUSED(VSW_DROP(VLAN_UNTAGGED));
	if (access)
		return VSW_TAG_REFUSED(VSW_DROP(VLAN_TAGGED));
	vlan = vid && policy->vlans ? vsw_vlans_in(policy->vlans, proto, vid) : 0;
	return vlan ? vsw_fdb_key_of(0, vlan) | (tci & VSW_TAG_PCP) :
	       VSW_TAG_REFUSED(VSW_DROP(VLAN_INGRESS));
}

static noinline u64 vsw_vlan_tagged(struct sk_buff *skb,
				    const struct vsw_policy *policy)
{
	__be16 proto;
	u16 tci;

	if (policy->vlan_mode == VSWITCH_VLAN_MODE_NONE)
		return VSW_TAG_REFUSED(VSW_DROP(VLAN_NONE));
	if (!skb_vlan_tag_present(skb) && !pskb_may_pull(skb, VLAN_HLEN))
		return VSW_TAG_REFUSED(VSW_DROP(RUNT));
	if (policy->vlan_mode == VSWITCH_VLAN_MODE_DOT1Q_TUNNEL)
		return vsw_vlan_tunnel(skb, policy);
	if (vsw_vlan_pop(skb, &proto, &tci))
		return VSW_TAG_REFUSED(VSW_DROP(NO_MEMORY));
	return vsw_vlan_classify(skb, policy, proto, tci);
}

/* A frame without a tag, on a port that has no VLAN for those. */
static noinline vsw_verdict_t vsw_vlan_homeless(const struct vsw_policy *policy)
{
	return policy->vlan_mode ? VSW_DROP(VLAN_UNTAGGED) : VSW_DROP(VLAN_NONE);
}

/**
 * vsw_in_vlan() - Classify the frame.
 * @f: frame; on a VLAN-aware switch sets fid, tci and len anew
 *
 * A switch that is not VLAN-aware carries every tag untouched and filters by none.
 * It does keep the addresses of different VLANs apart, so that one that is in
 * several of them at different ports, as a VRRP address may be, does not wander.
 *
 * Context: path.
 * Return: VSW_NEXT, or VLAN_NONE, VLAN_UNTAGGED, VLAN_TAGGED, VLAN_INGRESS, RUNT or
 * NO_MEMORY.
 */
VSW_STAGE VSW_HOT vsw_verdict_t vsw_in_vlan(struct vsw_frame *f)
{
	u64 vlan;

	if (!(f->mode & VSW_MODE_VLAN))
		return VSW_NEXT;
	f->tci = 0;
	if (likely(!vsw_vlan_frame_is_tagged(f->skb))) {
		f->fid = f->policy->untagged;
		if (unlikely(!f->fid))
			return vsw_vlan_homeless(f->policy);
	} else {
		vlan = vsw_vlan_tagged(f->skb, f->policy);
		if (unlikely(!(vlan & VSW_FDB_KEY_VALID)))
			return (__force vsw_verdict_t)vlan;
		f->fid = vlan & ~(u64)VSW_TAG_PCP;
		f->tci = vlan & VSW_TAG_PCP;
		f->len = f->skb->len + ETH_HLEN;
	}
	if (f->mode & VSW_MODE_VLAN_EXTRA) {
		f->tci |= vsw_fdb_key_vlan(f->fid);
		vsw_vlan_count(f->in, VSW_VLAN_RX_PACKETS,
			       vsw_fdb_key_vlan(f->fid), f->len);
		f->fid = vsw_private_fid(f->sw, f->fid);
	}
	return VSW_NEXT;
}
