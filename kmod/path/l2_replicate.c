// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 6: to one port, or to many.
 */
#include "dp.h"

static VSW_HOT vsw_verdict_t
vsw_replicate_unicast(const struct vsw_frame *f)
{
	struct vsw_port *port = f->dst;
	vsw_verdict_t v;

	if (f->mode & VSW_MODE_VLAN_EXTRA &&
	    vsw_private_is_apart(f->sw, rcu_dereference_bh(port->policy), f->fid,
				 f->tci & VLAN_VID_MASK))
		return VSW_DROP(ISOLATED);
	v = vsw_out_filter(f, port);
	if (unlikely(v != VSW_NEXT)) {
		/* What is wrong with the port is counted there. */
		if (vsw_verdict_reason(v) >= VSWITCH_A_DROPS_EGRESS_DOWN) {
			vsw_frame_drop(port, f->skb, v);
			return VSW_TAKEN;
		}
		return v;
	}

	return vsw_out_xmit(f, port, f->skb, false);
}

/**
 * vsw_l2_replicate() - Send the frame where it is to go.
 * @f: frame
 *
 * Context: path.
 * Return: VSW_TAKEN, VSW_TO_HOST, or a reason counted on the port it came in.
 */
VSW_STAGE VSW_HOT vsw_verdict_t vsw_l2_replicate(struct vsw_frame *f)
{
	if (likely(f->dst))
		return vsw_replicate_unicast(f);
	if (f->kind == VSW_MULTICAST && f->mode & VSW_MODE_MCAST)
		return vsw_replicate_group(*f);
	return vsw_replicate_flood(*f);
}
