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

	if (eth_type_vlan(skb->protocol) &&
	    vlan_get_protocol_and_depth(skb, skb->protocol, &depth))
		skb_set_network_header(skb, depth);
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
 * receive time would be taken for the time to send it at.  Tags stay as they are.
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
