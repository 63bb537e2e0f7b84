// SPDX-License-Identifier: GPL-2.0
/*
 * Counters: allocation, summing up, names.
 */
#include <linux/kernel.h>
#include "stats.h"

static const char * const vsw_stats_names[VSW_STATS_NUM] = {
	[VSWITCH_A_STATS_RX_PACKETS]	= "rx-packets",
	[VSWITCH_A_STATS_RX_BYTES]	= "rx-bytes",
	[VSWITCH_A_STATS_RX_MULTICAST]	= "rx-multicast",
	[VSWITCH_A_STATS_RX_BROADCAST]	= "rx-broadcast",
	[VSWITCH_A_STATS_TX_PACKETS]	= "tx-packets",
	[VSWITCH_A_STATS_TX_BYTES]	= "tx-bytes",
	[VSWITCH_A_STATS_TX_FLOODED]	= "tx-flooded",
	[VSWITCH_A_STATS_LEARNED]	= "learned",
	[VSWITCH_A_STATS_MOVED]		= "moved",
	[VSWITCH_A_STATS_LEARN_REFUSED]	= "learn-refused",
	[VSWITCH_A_STATS_MOVE_HELD]	= "move-held",
};

static const char * const vsw_drop_names[VSW_DROPS_NUM] = {
	[VSWITCH_A_DROPS_RUNT]			= "runt",
	[VSWITCH_A_DROPS_BAD_SOURCE]		= "bad-source",
	[VSWITCH_A_DROPS_OWN_SOURCE]		= "own-source",
	[VSWITCH_A_DROPS_RESERVED_GROUP]	= "reserved-group",
	[VSWITCH_A_DROPS_PORT_DOWN]		= "port-down",
	[VSWITCH_A_DROPS_VLAN_NONE]		= "vlan-none",
	[VSWITCH_A_DROPS_VLAN_UNTAGGED]		= "vlan-untagged",
	[VSWITCH_A_DROPS_VLAN_TAGGED]		= "vlan-tagged",
	[VSWITCH_A_DROPS_VLAN_INGRESS]		= "vlan-ingress",
	[VSWITCH_A_DROPS_HOST_FRAME]		= "host-frame",
	[VSWITCH_A_DROPS_BAD_HEADER]		= "bad-header",
	[VSWITCH_A_DROPS_SAME_PORT]		= "same-port",
	[VSWITCH_A_DROPS_UPLINK_TO_UPLINK]	= "uplink-to-uplink",
	[VSWITCH_A_DROPS_ISOLATED]		= "isolated",
	[VSWITCH_A_DROPS_NO_EGRESS]		= "no-egress",
	[VSWITCH_A_DROPS_FLOOD_OFF]		= "flood-off",
	[VSWITCH_A_DROPS_NO_MEMORY]		= "no-memory",
	[VSWITCH_A_DROPS_LOCKED]		= "locked",
	[VSWITCH_A_DROPS_STORM_UNICAST]		= "storm-unicast",
	[VSWITCH_A_DROPS_STORM_MULTICAST]	= "storm-multicast",
	[VSWITCH_A_DROPS_STORM_BROADCAST]	= "storm-broadcast",
	[VSWITCH_A_DROPS_PORT_BLOCKED]		= "port-blocked",
	[VSWITCH_A_DROPS_BPDU_GUARD]		= "bpdu-guard",
	[VSWITCH_A_DROPS_LOOP]			= "loop",
	[VSWITCH_A_DROPS_MCAST_PRUNED]		= "mcast-pruned",
	[VSWITCH_A_DROPS_EGRESS_DOWN]		= "egress-down",
	[VSWITCH_A_DROPS_EGRESS_MTU]		= "egress-mtu",
	[VSWITCH_A_DROPS_EGRESS_QUEUE]		= "egress-queue",
	[VSWITCH_A_DROPS_EGRESS_VLAN]		= "egress-vlan",
	[VSWITCH_A_DROPS_EGRESS_BLOCKED]	= "egress-blocked",
};

/**
 * vsw_stats_name() - Name of a counter, as in the spec.
 * @what: VSWITCH_A_STATS_* of a counter
 *
 * Return: its name; "?" for a number that is none.
 */
const char *vsw_stats_name(unsigned int what)
{
	return what < VSW_STATS_NUM && vsw_stats_names[what] ?
	       vsw_stats_names[what] : "?";
}

/**
 * vsw_drop_name() - Name of a reason, as in the spec.
 * @reason: VSWITCH_A_DROPS_*
 *
 * Return: its name; "?" for a number that is none.
 */
const char *vsw_drop_name(unsigned int reason)
{
	return reason < VSW_DROPS_NUM && vsw_drop_names[reason] ?
	       vsw_drop_names[reason] : "?";
}

/**
 * vsw_stats_alloc() - Allocate the counters of a port, all zero.
 *
 * Context: process context.
 * Return: counters to be freed with free_percpu(), or NULL.
 */
struct vsw_pcpu_stats __percpu *vsw_stats_alloc(void)
{
	return __netdev_alloc_pcpu_stats(struct vsw_pcpu_stats,
					 GFP_KERNEL_ACCOUNT);
}

static void vsw_stats_add_cpu(struct vsw_stats *sum,
			      const struct vsw_pcpu_stats *s)
{
	struct vsw_stats now;
	unsigned int start;
	unsigned int i;

	do {
		start = u64_stats_fetch_begin(&s->syncp);
		for (i = 0; i < VSW_STATS_NUM; i++)
			now.cnt[i] = u64_stats_read(&s->cnt[i]);
		for (i = 0; i < VSW_DROPS_NUM; i++)
			now.drops[i] = u64_stats_read(&s->drops[i]);
	} while (u64_stats_fetch_retry(&s->syncp, start));

	for (i = 0; i < VSW_STATS_NUM; i++)
		sum->cnt[i] += now.cnt[i];
	for (i = 0; i < VSW_DROPS_NUM; i++)
		sum->drops[i] += now.drops[i];
}

/**
 * vsw_stats_add() - Add the counters of a port, over all CPUs, to a sum.
 * @sum: sum
 * @pcpu: counters of the port
 */
void vsw_stats_add(struct vsw_stats *sum, struct vsw_pcpu_stats __percpu *pcpu)
{
	int cpu;

	for_each_possible_cpu(cpu)
		vsw_stats_add_cpu(sum, per_cpu_ptr(pcpu, cpu));
}
