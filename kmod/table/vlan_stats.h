/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of a port by VLAN, for switches that have them.
 *
 * A port may be in thousands of VLANs, so there is memory for those alone that it is
 * in, in chunks of some VLANs.
 */
#ifndef _VSW_TABLE_VLAN_STATS_H
#define _VSW_TABLE_VLAN_STATS_H

#include <linux/if_vlan.h>
#include <linux/u64_stats_sync.h>
#include "../vsw.h"

struct netlink_ext_ack;

#define VSW_VLAN_CHUNK		16
#define VSW_VLAN_CHUNKS		(VLAN_N_VID / VSW_VLAN_CHUNK)

/**
 * enum vsw_vlan_counter - What is counted, in the order of VSWITCH_A_VLAN_ENTRY_*.
 * @VSW_VLAN_RX_PACKETS: frames taken from the port
 * @VSW_VLAN_RX_BYTES: their bytes
 * @VSW_VLAN_TX_PACKETS: frames sent to the port
 * @VSW_VLAN_TX_BYTES: their bytes
 * @VSW_VLAN_COUNTERS: number of the others
 */
enum vsw_vlan_counter {
	VSW_VLAN_RX_PACKETS,
	VSW_VLAN_RX_BYTES,
	VSW_VLAN_TX_PACKETS,
	VSW_VLAN_TX_BYTES,
	VSW_VLAN_COUNTERS,
};

/**
 * struct vsw_vlan_chunk - Counters of some VLANs of one port on one CPU.
 * @cnt: counters, by VLAN and enum vsw_vlan_counter
 * @syncp: makes 64-bit counters whole for readers on 32-bit machines
 *
 * Written with BH off by the CPU that owns it.
 */
struct vsw_vlan_chunk {
	u64_stats_t cnt[VSW_VLAN_CHUNK][VSW_VLAN_COUNTERS];
	struct u64_stats_sync syncp;
};

/**
 * struct vsw_vlan_stats - Counters of one port, by VLAN.
 * @rcu: for kfree_rcu() and call_rcu()
 * @chunk: counters of VLANs n * VSW_VLAN_CHUNK and on, NULL where the port has none
 *
 * A port that gets into other VLANs has a new one with the chunks of the old.
 */
struct vsw_vlan_stats {
	struct rcu_head rcu;
	struct vsw_vlan_chunk __percpu *chunk[VSW_VLAN_CHUNKS];
};

int vsw_vlan_stats_grow(struct vsw_port *port, const struct vsw_policy *pol,
			struct netlink_ext_ack *extack);
void vsw_vlan_stats_left(struct vsw_port *port, const struct vsw_policy *old);
void vsw_vlan_stats_free(struct vsw_vlan_stats *stats);
int vsw_vlan_stats_set(struct vsw_switch *sw, bool on,
		       struct netlink_ext_ack *extack);
bool vsw_vlan_stats_sum(const struct vsw_port *port, u16 vlan, u64 *sum);

#endif /* _VSW_TABLE_VLAN_STATS_H */
