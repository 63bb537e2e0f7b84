// SPDX-License-Identifier: GPL-2.0
/*
 * VLANs of ports: their change, and what follows from it in the FDB.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include "../vport.h"
#include "port.h"

/**
 * vsw_vlans_size() - Bytes of the VLANs of a trunk.
 * @vlans: VLANs
 *
 * Return: that number.
 */
size_t vsw_vlans_size(const struct vsw_vlans *vlans)
{
	return struct_size(vlans, map, vlans->num ? 2 * VLAN_N_VID : 0);
}

/**
 * vsw_vlan_set_policy() - Put VLANs into a policy that is not published yet.
 * @pol: policy
 * @cfg: VLANs wanted
 *
 * Context: process context.
 * Return: 0 or -ENOMEM.
 */
int vsw_vlan_set_policy(struct vsw_policy *pol, const struct vsw_vlan_cfg *cfg)
{
	struct vsw_vlans *vlans = NULL;

	if (cfg->vlans) {
		vlans = kvmalloc(vsw_vlans_size(cfg->vlans), GFP_KERNEL_ACCOUNT);
		if (!vlans)
			return -ENOMEM;
		memcpy(vlans, cfg->vlans, vsw_vlans_size(cfg->vlans));
	}
	pol->vlan_mode = cfg->mode;
	pol->untagged = cfg->vid ? vsw_fdb_key_of(0, cfg->vid) : 0;
	pol->untagged_out = cfg->mode == VSWITCH_VLAN_MODE_TRUNK ? 0 :
								  pol->untagged;
	pol->vlans = vlans;
	return 0;
}

/* VLAN of untagged frames as keys of the FDB have it; -1 if they are not carried. */
static int vsw_vlan_of_untagged(const struct vsw_policy *pol, bool aware)
{
	if (!aware)
		return 0;
	return pol->untagged ? vsw_fdb_key_vlan(pol->untagged) : -1;
}

/**
 * vsw_vlan_untagged() - VLAN that untagged frames of a port are switched in.
 * @port: port
 *
 * Context: RTNL.
 * Return: the VLAN, 0 if the switch is not VLAN-aware; -1 if the port carries no
 * untagged frames.
 */
int vsw_vlan_untagged(const struct vsw_port *port)
{
	return vsw_vlan_of_untagged(rtnl_dereference(port->policy),
				    vsw_switch_is_vlan_aware(port->sw));
}

/* The VLANs of a policy, a bit for each. */
static void vsw_vlan_members(const struct vsw_policy *pol, unsigned long *members)
{
	if (pol->vlans)
		bitmap_copy(members, pol->vlans->member, VLAN_N_VID);
	else
		bitmap_zero(members, VLAN_N_VID);
	if (pol->untagged)
		__set_bit(vsw_fdb_key_vlan(pol->untagged), members);
}

/**
 * vsw_vlan_has() - Whether a port is in a VLAN.
 * @port: port
 * @vlan: VLAN
 *
 * Context: RTNL.
 * Return: true if it is, tagged or not.
 */
bool vsw_vlan_has(const struct vsw_port *port, u16 vlan)
{
	const struct vsw_policy *pol = rtnl_dereference(port->policy);

	return pol->untagged == vsw_fdb_key_of(0, vlan) ||
	       (pol->vlans && test_bit(vlan, pol->vlans->member));
}

/**
 * vsw_vlan_prepare() - Do what can fail before a port gets another policy.
 * @port: port
 * @pol: policy that it is to get; its VLANs may be other ones
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0 or a negative errno; then nothing has changed.
 */
int vsw_vlan_prepare(struct vsw_port *port, const struct vsw_policy *pol,
		     struct netlink_ext_ack *extack)
{
	if (port->type != VSWITCH_PORT_TYPE_INTERNAL)
		return 0;
	return vsw_port_reclaim(port,
				vsw_vlan_of_untagged(pol, vsw_switch_is_vlan_aware(port->sw)),
				extack);
}

/* Ports in each VLAN: by is 1 or -1. */
static void vsw_vlan_count(struct vsw_switch *sw, const struct vsw_policy *pol,
			   int by)
{
	DECLARE_BITMAP(members, VLAN_N_VID);
	unsigned int vlan;

	ASSERT_RTNL();
	vsw_vlan_members(pol, members);
	for_each_set_bit(vlan, members, VLAN_N_VID)
		sw->vlan_ports[vlan] += by;
}

/**
 * vsw_vlan_join() - A port is there, with the VLANs that its policy has.
 * @port: port
 * @extack: where a warning is written
 *
 * Context: RTNL.
 */
void vsw_vlan_join(struct vsw_port *port, struct netlink_ext_ack *extack)
{
	vsw_vlan_count(port->sw, rtnl_dereference(port->policy), 1);
	vsw_vlan_filter_update(port->sw, extack);
}

/**
 * vsw_vlan_leave() - A port goes.
 * @port: port, not in the set any more, whose netdev is not given back yet
 *
 * Context: RTNL.
 */
void vsw_vlan_leave(struct vsw_port *port)
{
	vsw_vlan_count(port->sw, rtnl_dereference(port->policy), -1);
	vsw_vlan_filter_exit(port);
	vsw_vlan_filter_update(port->sw, NULL);
}

/*
 * Stations in a VLAN that a port has left cannot be reached there any more; frames
 * that came in before may still teach that until a grace period has passed.
 */
static void vsw_vlan_forget(struct vsw_port *port, const struct vsw_policy *old)
{
	DECLARE_BITMAP(kept, VLAN_N_VID);
	DECLARE_BITMAP(now, VLAN_N_VID);
	const struct vsw_fdb_filter filter = {
		.port = port->number,
		.vlan = -1,
		.type = -1,
		.not_in = kept,
	};

	if (!vsw_switch_is_vlan_aware(port->sw))
		return;
	vsw_vlan_members(old, kept);
	vsw_vlan_members(rtnl_dereference(port->policy), now);
	/* Those that it has left; of what is static elsewhere, it says nothing. */
	if (!bitmap_andnot(kept, kept, now, VLAN_N_VID))
		return;
	bitmap_complement(kept, kept, VLAN_N_VID);
	synchronize_net();
	vsw_fdb_flush(&port->sw->fdb, &filter);
}

/**
 * vsw_vlan_changed() - A port has got other VLANs.
 * @port: port
 * @old: its policy before
 * @extack: where a warning is written
 *
 * Context: RTNL.
 */
void vsw_vlan_changed(struct vsw_port *port, const struct vsw_policy *old,
		      struct netlink_ext_ack *extack)
{
	vsw_vlan_count(port->sw, old, -1);
	vsw_vlan_count(port->sw, rtnl_dereference(port->policy), 1);
	vsw_vlan_filter_retry(port);
	vsw_vlan_filter_update(port->sw, extack);
	vsw_vlan_forget(port, old);
}

/* Claims the addresses of the internal ports before a place, as the mode wants it. */
static int vsw_vlan_reclaim_all(struct vsw_switch *sw, bool aware, u32 end,
				u32 *done, struct netlink_ext_ack *extack)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	struct vsw_port *port;
	int err;

	for (*done = 1; *done < end; (*done)++) {
		port = set->slot[*done];
		if (!port || port->type != VSWITCH_PORT_TYPE_INTERNAL)
			continue;
		err = vsw_port_reclaim(port,
				       vsw_vlan_of_untagged(rtnl_dereference(port->policy),
							    aware),
				       extack);
		if (err)
			return err;
	}
	return 0;
}

/**
 * vsw_vlan_set_aware() - Make a switch VLAN-aware, or not.
 * @sw: switch
 * @aware: whether it is to be
 * @extack: where a refusal is explained
 *
 * What was learned is forgotten: it was learned in other VLANs.
 *
 * Context: RTNL.
 * Return: 0 or a negative errno; then nothing has changed.
 */
int vsw_vlan_set_aware(struct vsw_switch *sw, bool aware,
		       struct netlink_ext_ack *extack)
{
	const struct vsw_fdb_filter dynamic = {
		.port = -1,
		.vlan = -1,
		.type = VSWITCH_FDB_TYPE_DYNAMIC,
	};
	u32 done, undone;
	int err;

	ASSERT_RTNL();
	if (vsw_switch_is_vlan_aware(sw) == aware)
		return 0;
	err = vsw_vlan_reclaim_all(sw, aware, rtnl_dereference(sw->ports)->size,
				   &done, extack);
	if (err) {
		/* There was room for these a moment ago. */
		vsw_vlan_reclaim_all(sw, !aware, done, &undone, NULL);
		return err;
	}
	vsw_switch_set_mode(sw, VSW_MODE_VLAN, aware);
	synchronize_net();
	vsw_fdb_flush(&sw->fdb, &dynamic);
	vsw_vlan_filter_update(sw, extack);
	return 0;
}
