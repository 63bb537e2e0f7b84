// SPDX-License-Identifier: GPL-2.0
/*
 * VLANs of ports: their change, and what follows from it in the FDB.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include "../vport.h"
#include "mdb.h"
#include "port.h"
#include "private_vlan.h"
#include "vlan_stats.h"

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
static int vsw_vlan_of_untagged(const struct vsw_policy *pol, bool aware,
				const struct vsw_private_vlans *pv)
{
	if (!aware)
		return 0;
	if (!pol->untagged)
		return -1;
	return vsw_private_vlan_of(pv, vsw_fdb_key_vlan(pol->untagged));
}

/**
 * vsw_vlan_untagged() - VLAN that has the FDB entries of a port's untagged frames.
 * @port: port
 *
 * Context: RTNL.
 * Return: the VLAN, of private ones the primary one; 0 if the switch is not
 * VLAN-aware; -1 if the port carries no untagged frames.
 */
int vsw_vlan_untagged(const struct vsw_port *port)
{
	const struct vsw_switch *sw = port->sw;

	return vsw_vlan_of_untagged(rtnl_dereference(port->policy),
				    vsw_switch_is_vlan_aware(sw),
				    rtnl_dereference(sw->private_vlans));
}

/**
 * vsw_vlan_members() - The VLANs of a policy.
 * @pol: policy
 * @members: where they are written, a bit for each
 */
void vsw_vlan_members(const struct vsw_policy *pol, unsigned long *members)
{
	if (pol->vlans)
		bitmap_copy(members, pol->vlans->member, VLAN_N_VID);
	else
		bitmap_zero(members, VLAN_N_VID);
	if (pol->untagged)
		__set_bit(vsw_fdb_key_vlan(pol->untagged), members);
}

/* The VLANs that have the FDB entries of those. */
static void vsw_vlan_fids(const struct vsw_switch *sw, const struct vsw_policy *pol,
			  unsigned long *fids)
{
	const struct vsw_private_vlans *pv = rtnl_dereference(sw->private_vlans);
	DECLARE_BITMAP(members, VLAN_N_VID);
	unsigned int vlan;

	vsw_vlan_members(pol, members);
	if (!pv) {
		bitmap_copy(fids, members, VLAN_N_VID);
		return;
	}
	bitmap_zero(fids, VLAN_N_VID);
	for_each_set_bit(vlan, members, VLAN_N_VID)
		__set_bit(vsw_private_vlan_of(pv, vlan), fids);
}

/**
 * vsw_vlan_has() - Whether the FDB may have entries of a port in a VLAN.
 * @port: port
 * @vlan: VLAN
 *
 * Context: RTNL.
 * Return: true if the port is in it, tagged or not, or in a secondary VLAN of it.
 */
bool vsw_vlan_has(const struct vsw_port *port, u16 vlan)
{
	DECLARE_BITMAP(fids, VLAN_N_VID);

	vsw_vlan_fids(port->sw, rtnl_dereference(port->policy), fids);
	return test_bit(vlan, fids);
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
	const struct vsw_switch *sw = port->sw;
	int err;

	err = vsw_private_check_port(sw, pol->vlan_mode,
				     vsw_fdb_key_vlan(pol->untagged), extack);
	if (!err && sw->vlan_stats)
		err = vsw_vlan_stats_grow(port, pol, extack);
	if (err || port->type != VSWITCH_PORT_TYPE_INTERNAL)
		return err;
	return vsw_port_reclaim(port,
				vsw_vlan_of_untagged(pol, vsw_switch_is_vlan_aware(sw),
						     rtnl_dereference(sw->private_vlans)),
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
	vsw_vlan_fids(port->sw, old, kept);
	vsw_vlan_fids(port->sw, rtnl_dereference(port->policy), now);
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
	vsw_mdb_port_fresh(port);
	vsw_vlan_stats_left(port, old);
}

/* Claims the addresses of the internal ports before a place, as the mode wants it. */
static int vsw_vlan_reclaim_all(struct vsw_switch *sw, bool aware,
				const struct vsw_private_vlans *pv, u32 end,
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
							    aware, pv),
				       extack);
		if (err)
			return err;
	}
	return 0;
}

/**
 * vsw_vlan_reclaim() - Claim the addresses of all internal ports in other VLANs.
 * @sw: switch
 * @aware: whether the switch is to be VLAN-aware
 * @pv: private VLANs that it is to have, or NULL
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0 or as of vsw_port_reclaim(); then the claims are what they were.
 */
int vsw_vlan_reclaim(struct vsw_switch *sw, bool aware,
		     const struct vsw_private_vlans *pv,
		     struct netlink_ext_ack *extack)
{
	u32 done, undone;
	int err;

	err = vsw_vlan_reclaim_all(sw, aware, pv, rtnl_dereference(sw->ports)->size,
				   &done, extack);
	if (err)
		/* There was room for these a moment ago. */
		vsw_vlan_reclaim_all(sw, vsw_switch_is_vlan_aware(sw),
				     rtnl_dereference(sw->private_vlans), done,
				     &undone, NULL);
	return err;
}

/* Both at once: for some frames the one counts on what the other does. */
static void vsw_vlan_set_mode(struct vsw_switch *sw, bool aware)
{
	u8 mode = aware ? VSW_MODE_VLAN : 0;

	if (aware && (rtnl_dereference(sw->private_vlans) || sw->vlan_stats))
		mode |= VSW_MODE_VLAN_EXTRA;
	vsw_switch_set_mode(sw, VSW_MODE_VLAN | VSW_MODE_VLAN_EXTRA, mode);
}

/**
 * vsw_vlan_update_mode() - Have the path do what only few switches need, or not.
 * @sw: switch
 *
 * Context: RTNL.
 */
void vsw_vlan_update_mode(struct vsw_switch *sw)
{
	vsw_vlan_set_mode(sw, vsw_switch_is_vlan_aware(sw));
}

/**
 * vsw_vlan_set_aware() - Make a switch VLAN-aware, or not.
 * @sw: switch
 * @aware: whether it is to be
 * @extack: where a refusal is explained
 *
 * What was learned is forgotten: it was learned in other VLANs.  And so is what was
 * set by hand in a secondary VLAN, which has no entries of its own any more.
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
	int err;

	ASSERT_RTNL();
	if (vsw_switch_is_vlan_aware(sw) == aware)
		return 0;
	err = vsw_vlan_reclaim(sw, aware, rtnl_dereference(sw->private_vlans),
			       extack);
	if (err)
		return err;
	vsw_vlan_set_mode(sw, aware);
	synchronize_net();
	vsw_fdb_flush(&sw->fdb, &dynamic);
	vsw_mdb_forget(sw);
	if (aware)
		vsw_private_vlans_flush(sw, NULL,
					rtnl_dereference(sw->private_vlans));
	vsw_vlan_filter_update(sw, extack);
	return 0;
}
