// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 1: Ethernet header and outer tag.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include "dp.h"

/* Of an address as a number. */
#define VSW_ADDR_GROUP		BIT_ULL(40)
#define VSW_ADDR_BROADCAST	GENMASK_ULL(47, 0)
#define VSW_ADDR_RESERVED	0x0180c2000000ULL

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

static VSW_HOT void vsw_parse_group(struct vsw_frame *f)
{
	f->kind = f->dest == VSW_ADDR_BROADCAST ? VSW_BROADCAST : VSW_MULTICAST;
	f->reserved = (f->dest & ~0xfULL) == VSW_ADDR_RESERVED;
}

/**
 * vsw_in_parse() - Read the Ethernet header and the outer tag.
 * @f: frame; sets dest, source, len, vid, kind and reserved
 *
 * A source address that no station can have would only fill the FDB with
 * lies (IEEE 802.1Q-2018 8.7).
 *
 * Context: path.
 * Return: VSW_NEXT, or RUNT, BAD_SOURCE or OWN_SOURCE.
 */
VSW_STAGE VSW_HOT vsw_verdict_t vsw_in_parse(struct vsw_frame *f)
{
	const struct ethhdr *eth = eth_hdr(f->skb);

	f->dest = vsw_parse_addr(eth->h_dest);
	f->source = vsw_parse_addr(eth->h_source);
	f->len = f->skb->len + ETH_HLEN;
	f->vid = 0;
	f->kind = VSW_UNICAST;
	f->reserved = false;
	if (f->dest & VSW_ADDR_GROUP)
		vsw_parse_group(f);
	if (skb_vlan_tag_present(f->skb) ||
	    eth->h_proto == htons(ETH_P_8021Q)) {
		int vid = vsw_parse_tag(f->skb);

		if (unlikely(vid < 0))
			return VSW_DROP(RUNT);
		f->vid = vid;
		if (skb_vlan_tag_present(f->skb))
			f->len += VLAN_HLEN;
	}

	if (unlikely(f->source & VSW_ADDR_GROUP || !f->source))
		return VSW_DROP(BAD_SOURCE);
	if (unlikely(f->source == READ_ONCE(f->sw->addr) &&
		     f->in != f->sw->host))
		return VSW_DROP(OWN_SOURCE);
	return VSW_NEXT;
}
