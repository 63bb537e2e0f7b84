// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 8, per egress port: the headers as the port is to get them.
 */
#include <linux/if_vlan.h>
#include "dp.h"

/* A device that segments or checksums in software finds the network header behind
 * tags inside the data, which begin with the Ethernet header.
 */
VSW_STAGE noinline void vsw_tag_pass_over(struct sk_buff *skb)
{
	int depth;

	if (eth_type_vlan(skb->protocol) &&
	    vlan_get_protocol_and_depth(skb, skb->protocol, &depth))
		skb_set_network_header(skb, depth);
}

/**
 * vsw_out_tag() - Prepare a frame's headers for transmission by a port.
 * @f: frame
 * @port: egress port
 * @skb: the frame, or the copy for this port; its data begin with the Ethernet
 *	 header afterwards, but for a direct tap
 *
 * Tags stay as they are.
 *
 * Context: path.
 */
VSW_STAGE VSW_HOT void
vsw_out_tag(const struct vsw_frame *f, const struct vsw_port *port,
	    struct sk_buff *skb)
{
	/* The library of taps, and who watches, want it as it came in. */
	if (port->type == VSWITCH_PORT_TYPE_TAP)
		return;
	/* A checksum the NIC made of a received frame is of no use outwards, and
	 * its receive time would be taken for the time to send it at.  A stack
	 * wants to know both.
	 */
	if (port->type != VSWITCH_PORT_TYPE_INTERNAL ||
	    f->in->type != VSWITCH_PORT_TYPE_ATTACHED) {
		skb_forward_csum(skb);
		skb_clear_tstamp(skb);
	}
	__skb_push(skb, ETH_HLEN);
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		vsw_tag_pass_over(skb);
}
