// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of ports by VLAN: their memory, and their sums.
 */
#include <linux/slab.h>
#include "port.h"
#include "vlan_stats.h"

static int vsw_vlan_stats_alloc(struct vsw_vlan_stats *stats, unsigned int i)
{
	if (stats->chunk[i])
		return 0;
	stats->chunk[i] = __netdev_alloc_pcpu_stats(struct vsw_vlan_chunk,
						    GFP_KERNEL_ACCOUNT);
	return stats->chunk[i] ? 0 : -ENOMEM;
}

/* Frees the chunks that old has not. */
static void vsw_vlan_stats_undo(struct vsw_vlan_stats *new,
				const struct vsw_vlan_stats *old)
{
	unsigned int i;

	for (i = 0; i < VSW_VLAN_CHUNKS; i++)
		if (!old || !old->chunk[i])
			free_percpu(new->chunk[i]);
	kfree(new);
}

/**
 * vsw_vlan_stats_grow() - Have counters for all VLANs that a port is to be in.
 * @port: port, of a switch that counts by VLAN or is about to
 * @pol: policy that it has or is to get
 * @extack: where a refusal is explained
 *
 * Context: RTNL.  May sleep.
 * Return: 0 or -ENOMEM; then nothing has changed.
 */
int vsw_vlan_stats_grow(struct vsw_port *port, const struct vsw_policy *pol,
			struct netlink_ext_ack *extack)
{
	struct vsw_vlan_stats *old = rtnl_dereference(port->vlan_stats), *new;
	DECLARE_BITMAP(members, VLAN_N_VID);
	unsigned int vlan;
	int err = 0;

	new = old ? kmemdup(old, sizeof(*old), GFP_KERNEL_ACCOUNT) :
		    kzalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
	vsw_vlan_members(pol, members);
	for_each_set_bit(vlan, members, VLAN_N_VID)
		if (new && !err)
			err = vsw_vlan_stats_alloc(new, vlan / VSW_VLAN_CHUNK);
	if (!new || err) {
		if (new)
			vsw_vlan_stats_undo(new, old);
		NL_SET_ERR_MSG(extack,
			       "no memory for the counters of the port's VLANs (vlan-stats)");
		return -ENOMEM;
	}
	rcu_assign_pointer(port->vlan_stats, new);
	if (old)
		kfree_rcu(old, rcu);
	return 0;
}

/* Nobody counts there. */
static void vsw_vlan_stats_zero(const struct vsw_vlan_stats *stats, u16 vlan)
{
	struct vsw_vlan_chunk __percpu *chunk = stats->chunk[vlan / VSW_VLAN_CHUNK];
	unsigned int i;
	int cpu;

	for_each_possible_cpu(cpu)
		for (i = 0; chunk && i < VSW_VLAN_COUNTERS; i++)
			u64_stats_set(&per_cpu_ptr(chunk, cpu)->cnt[vlan % VSW_VLAN_CHUNK][i], 0);
}

/**
 * vsw_vlan_stats_left() - Begin anew in VLANs that a port has left.
 * @port: port
 * @old: its policy before
 *
 * Context: RTNL.  May sleep.
 */
void vsw_vlan_stats_left(struct vsw_port *port, const struct vsw_policy *old)
{
	const struct vsw_vlan_stats *stats = rtnl_dereference(port->vlan_stats);
	DECLARE_BITMAP(left, VLAN_N_VID);
	DECLARE_BITMAP(now, VLAN_N_VID);
	unsigned int vlan;

	if (!stats)
		return;
	vsw_vlan_members(old, left);
	vsw_vlan_members(rtnl_dereference(port->policy), now);
	if (!bitmap_andnot(left, left, now, VLAN_N_VID))
		return;
	/* Frames that go by the old policy. */
	synchronize_net();
	for_each_set_bit(vlan, left, VLAN_N_VID)
		vsw_vlan_stats_zero(stats, vlan);
}

/**
 * vsw_vlan_stats_free() - Free counters that nobody has any more.
 * @stats: counters or NULL
 */
void vsw_vlan_stats_free(struct vsw_vlan_stats *stats)
{
	unsigned int i;

	for (i = 0; stats && i < VSW_VLAN_CHUNKS; i++)
		free_percpu(stats->chunk[i]);
	kfree(stats);
}

static void vsw_vlan_stats_free_rcu(struct rcu_head *rcu)
{
	vsw_vlan_stats_free(container_of(rcu, struct vsw_vlan_stats, rcu));
}

/* Ports before a place have none any more. */
static void vsw_vlan_stats_drop(struct vsw_switch *sw, u32 end)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	struct vsw_vlan_stats *stats;
	struct vsw_port *port;
	u32 i;

	for (i = 0; i < end; i++) {
		port = set->slot[i];
		stats = port ? rtnl_dereference(port->vlan_stats) : NULL;
		if (!stats)
			continue;
		RCU_INIT_POINTER(port->vlan_stats, NULL);
		call_rcu(&stats->rcu, vsw_vlan_stats_free_rcu);
	}
}

/**
 * vsw_vlan_stats_set() - Count by VLAN, or not.
 * @sw: switch
 * @on: whether to count
 * @extack: where a refusal is explained
 *
 * Context: RTNL.  May sleep.
 * Return: 0 or -ENOMEM; then nothing has changed.
 */
int vsw_vlan_stats_set(struct vsw_switch *sw, bool on,
		       struct netlink_ext_ack *extack)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	int err = 0;
	u32 i;

	ASSERT_RTNL();
	if (sw->vlan_stats == on)
		return 0;
	for (i = 0; on && i < set->size && !err; i++)
		if (set->slot[i])
			err = vsw_vlan_stats_grow(set->slot[i],
						  rtnl_dereference(set->slot[i]->policy),
						  extack);
	if (err) {
		vsw_vlan_stats_drop(sw, i);
		return err;
	}
	sw->vlan_stats = on;
	vsw_vlan_update_mode(sw);
	if (!on)
		vsw_vlan_stats_drop(sw, set->size);
	return 0;
}

/**
 * vsw_vlan_stats_sum() - Counters of a port in a VLAN.
 * @port: port
 * @vlan: VLAN that it is in
 * @sum: where they are written, by enum vsw_vlan_counter
 *
 * Context: RTNL.
 * Return: whether there are any.
 */
bool vsw_vlan_stats_sum(const struct vsw_port *port, u16 vlan, u64 *sum)
{
	const struct vsw_vlan_stats *stats = rtnl_dereference(port->vlan_stats);
	struct vsw_vlan_chunk __percpu *chunk;
	const struct vsw_vlan_chunk *c;
	u64 now[VSW_VLAN_COUNTERS];
	unsigned int start, i;
	int cpu;

	chunk = stats ? stats->chunk[vlan / VSW_VLAN_CHUNK] : NULL;
	memset(sum, 0, VSW_VLAN_COUNTERS * sizeof(*sum));
	for_each_possible_cpu(cpu) {
		if (!chunk)
			return false;
		c = per_cpu_ptr(chunk, cpu);
		do {
			start = u64_stats_fetch_begin(&c->syncp);
			for (i = 0; i < VSW_VLAN_COUNTERS; i++)
				now[i] = u64_stats_read(&c->cnt[vlan % VSW_VLAN_CHUNK][i]);
		} while (u64_stats_fetch_retry(&c->syncp, start));
		for (i = 0; i < VSW_VLAN_COUNTERS; i++)
			sum[i] += now[i];
	}
	return true;
}
