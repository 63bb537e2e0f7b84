// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 8, per egress port: the headers as the port is to get them.
 */
#include <linux/if_vlan.h>
#include "dp.h"

/**
 * vsw_out_tag() - Prepare a frame's headers for transmission by a port.
 * @f: frame
 * @port: egress port
 * @skb: the frame, or the copy for this port
 *
 * Tags stay as they are.  A device that segments or checksums in software finds
 * the network header behind tags inside the data.
 *
 * Context: path.
 */
void vsw_out_tag(const struct vsw_frame *f, const struct vsw_port *port,
		 struct sk_buff *skb)
{
	int depth;

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
	if (skb->ip_summed == CHECKSUM_PARTIAL &&
	    eth_type_vlan(skb->protocol) &&
	    vlan_get_protocol_and_depth(skb, skb->protocol, &depth))
		skb_set_network_header(skb, depth);
}
