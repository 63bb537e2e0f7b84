// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 1: Ethernet header and outer tag.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include "dp.h"

/*
 * The core takes an outer tag off before the receive handler runs, so a tag
 * inside the data comes from the host or a guest of ours alone, or is a second
 * one, which does not count.
 */
static noinline int vsw_parse_tag(struct sk_buff *skb)
{
	/* To an 802.1Q switch, an 802.1ad tag is payload. */
	if (skb_vlan_tag_present(skb))
		return skb->vlan_proto == htons(ETH_P_8021Q) ?
		       skb_vlan_tag_get_id(skb) : 0;
	if (unlikely(!pskb_may_pull(skb, VLAN_HLEN)))
		return -EINVAL;
	return ntohs(((struct vlan_hdr *)skb->data)->h_vlan_TCI) & VLAN_VID_MASK;
}

/* The eight bytes from an address on are all in the Ethernet header. */
static VSW_HOT u64 vsw_parse_addr(const u8 *addr)
{
	return get_unaligned_be64(addr) >> 16;
}

/**
 * vsw_in_dest() - Read the destination address.
 * @f: frame; sets dest and kind
 *
 * Context: path.
 */
VSW_STAGE VSW_HOT void vsw_in_dest(struct vsw_frame *f)
{
	f->dest = vsw_parse_addr(eth_hdr(f->skb)->h_dest);
	f->kind = VSW_UNICAST;
	if (f->dest & VSW_ADDR_GROUP)
		f->kind = f->dest == VSW_ADDR_BROADCAST ? VSW_BROADCAST :
							  VSW_MULTICAST;
}

/**
 * vsw_in_parse() - Read the rest of the Ethernet header and the outer tag.
 * @f: frame; sets source, len and fid
 *
 * Context: path.
 * Return: VSW_NEXT or RUNT.
 */
VSW_STAGE VSW_HOT vsw_verdict_t vsw_in_parse(struct vsw_frame *f)
{
	const struct ethhdr *eth = eth_hdr(f->skb);

	f->source = vsw_parse_addr(eth->h_source);
	f->len = f->skb->len + ETH_HLEN;
	f->fid = vsw_fdb_key_of(0, 0);
	if (skb_vlan_tag_present(f->skb) ||
	    eth->h_proto == htons(ETH_P_8021Q)) {
		int vid = vsw_parse_tag(f->skb);

		if (unlikely(vid < 0))
			return VSW_DROP(RUNT);
		f->fid = vsw_fdb_key_of(0, vid);
		if (skb_vlan_tag_present(f->skb))
			f->len += VLAN_HLEN;
	}
	return VSW_NEXT;
}
