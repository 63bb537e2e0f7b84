// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 3: the VLAN a frame is switched in.
 */
#include "dp.h"

/**
 * vsw_in_vlan() - Classify the frame.
 * @f: frame
 *
 * A switch without VLAN configuration carries every tag untouched and filters
 * by none.  It does keep the addresses of different VLANs apart, so that one
 * that is in several of them at different ports, as a VRRP address may be, does
 * not wander.
 *
 * Context: path.
 * Return: VSW_NEXT.
 */
VSW_STAGE VSW_HOT vsw_verdict_t vsw_in_vlan(struct vsw_frame *f)
{
	return VSW_NEXT;
}
