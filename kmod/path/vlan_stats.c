// SPDX-License-Identifier: GPL-2.0
/*
 * Counting by VLAN, on switches that do.
 */
#include "../table/vlan_stats.h"
#include "dp.h"

/**
 * vsw_vlan_count() - Count a frame and its bytes in a VLAN of a port.
 * @port: port
 * @packets: VSW_VLAN_RX_PACKETS or _TX_PACKETS; that of bytes follows it
 * @vlan: VLAN of the frame
 * @len: bytes without the tag of the VLAN
 *
 * A port that is no trunk is in one VLAN, and gets frames of others if that is a
 * private one: they count there.
 *
 * Context: path.
 */
VSW_STAGE noinline void vsw_vlan_count(const struct vsw_port *port,
				       unsigned int packets, u16 vlan, u64 len)
{
	const struct vsw_vlan_stats *stats = rcu_dereference_bh(port->vlan_stats);
	const struct vsw_policy *policy = rcu_dereference_bh(port->policy);
	struct vsw_vlan_chunk __percpu *chunk;
	struct vsw_vlan_chunk *c;

	if (!stats)
		return;
	if (policy->untagged_out)
		vlan = vsw_fdb_key_vlan(policy->untagged_out);
	/* It may have left the VLAN a moment ago. */
	chunk = stats->chunk[vlan / VSW_VLAN_CHUNK];
	if (unlikely(!chunk))
		return;
	c = this_cpu_ptr(chunk);
	u64_stats_update_begin(&c->syncp);
	u64_stats_inc(&c->cnt[vlan % VSW_VLAN_CHUNK][packets]);
	u64_stats_add(&c->cnt[vlan % VSW_VLAN_CHUNK][packets + 1], len);
	u64_stats_update_end(&c->syncp);
}

/**
 * vsw_vlan_count_out() - Count a frame that was sent, if it was.
 * @f: frame
 * @port: egress port
 * @v: as vsw_count_out() has it
 *
 * Context: path.
 */
VSW_STAGE VSW_HOT void vsw_vlan_count_out(const struct vsw_frame *f,
					  const struct vsw_port *port,
					  vsw_verdict_t v)
{
	if (f->mode & VSW_MODE_VLAN_EXTRA && !vsw_verdict_is_drop(v))
		vsw_vlan_count(port, VSW_VLAN_TX_PACKETS, f->tci & VLAN_VID_MASK,
			       f->len);
}
