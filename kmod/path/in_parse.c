// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 1: Ethernet header and outer tag.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include "dp.h"

/*
 * The core takes an outer tag off before the receive handler runs, so a tag
 * inside the data comes from the host alone, or is a second one, which does not
 * count.
 */
static vsw_verdict_t vsw_parse_tag(struct vsw_frame *f)
{
	struct sk_buff *skb = f->skb;

	if (skb_vlan_tag_present(skb)) {
		f->len += VLAN_HLEN;
		/* To an 802.1Q switch, an 802.1ad tag is payload. */
		if (skb->vlan_proto == htons(ETH_P_8021Q))
			f->vid = skb_vlan_tag_get_id(skb);
		return VSW_NEXT;
	}

	if (eth_hdr(skb)->h_proto == htons(ETH_P_8021Q)) {
		if (unlikely(!pskb_may_pull(skb, VLAN_HLEN)))
			return VSW_DROP(RUNT);
		f->vid = ntohs(((struct vlan_hdr *)skb->data)->h_vlan_TCI) &
			 VLAN_VID_MASK;
	}
	return VSW_NEXT;
}

static enum vsw_frame_kind vsw_parse_kind(const u8 *dest)
{
	if (likely(!is_multicast_ether_addr(dest)))
		return VSW_UNICAST;
	return is_broadcast_ether_addr(dest) ? VSW_BROADCAST : VSW_MULTICAST;
}

/**
 * vsw_in_parse() - Read the Ethernet header and the outer tag.
 * @f: frame; sets len, vid, kind and reserved
 *
 * A source address that no station can have would only fill the FDB with
 * lies (IEEE 802.1Q-2018 8.7).
 *
 * Context: path.
 * Return: VSW_NEXT, or RUNT, BAD_SOURCE or OWN_SOURCE.
 */
vsw_verdict_t vsw_in_parse(struct vsw_frame *f)
{
	const struct ethhdr *eth = eth_hdr(f->skb);
	vsw_verdict_t v;

	f->len = f->skb->len + ETH_HLEN;
	f->kind = vsw_parse_kind(eth->h_dest);
	f->reserved = is_link_local_ether_addr(eth->h_dest);

	v = vsw_parse_tag(f);
	if (unlikely(v != VSW_NEXT))
		return v;

	eth = eth_hdr(f->skb);
	if (unlikely(!is_valid_ether_addr(eth->h_source)))
		return VSW_DROP(BAD_SOURCE);
	if (unlikely(ether_addr_equal_64bits(eth->h_source,
					     f->sw->dev->dev_addr) &&
		     f->in != f->sw->host))
		return VSW_DROP(OWN_SOURCE);
	return VSW_NEXT;
}
