// SPDX-License-Identifier: GPL-2.0
/*
 * VLAN filters of the NICs that are ports: which numbers of tags they let in.
 *
 * A trunk to the physical network may well be in all VLANs; its NIC is told of those
 * alone that another port is in.  A table of a NIC has few places, often 64.  When
 * it is full, or the tags are not ours to know, the filter is turned off.  Where that
 * cannot be done, what fits stays in it.
 */
#include <linux/slab.h>
#include "port.h"

#define VSW_FILTER_FEATURES	(NETIF_F_HW_VLAN_CTAG_FILTER | \
				 NETIF_F_HW_VLAN_STAG_FILTER)

/* IEEE 802.1Q and 802.1ad tags. */
enum vsw_filter_kind {
	VSW_FILTER_CTAG,
	VSW_FILTER_STAG,
	VSW_FILTER_KINDS,
};

/**
 * struct vsw_vlan_filter - What the NIC of a port has been told.
 * @have: numbers of tags that it lets in because of us, a bit for each
 * @want: those that it is to let in
 * @off: features that we have turned off
 * @told: it was said that not all is let in
 */
struct vsw_vlan_filter {
	DECLARE_BITMAP(have[VSW_FILTER_KINDS], VLAN_N_VID);
	DECLARE_BITMAP(want[VSW_FILTER_KINDS], VLAN_N_VID);
	netdev_features_t off;
	bool told;
};

static __be16 vsw_filter_proto(unsigned int kind)
{
	return kind == VSW_FILTER_CTAG ? htons(ETH_P_8021Q) : htons(ETH_P_8021AD);
}

static bool vsw_filter_is_on(const struct net_device *dev, unsigned int kind)
{
	return dev->features & (kind == VSW_FILTER_CTAG ?
				NETIF_F_HW_VLAN_CTAG_FILTER :
				NETIF_F_HW_VLAN_STAG_FILTER);
}

/* In all VLANs that another port is in, too, with the numbers they have there. */
static void vsw_filter_want(const struct vsw_port *port)
{
	const struct vsw_policy *pol = rtnl_dereference(port->policy);
	const struct vsw_vlans *vlans = pol->vlans;
	struct vsw_vlan_filter *fl = port->filter;
	unsigned int vlan;
	__be16 proto;
	u16 vid;

	bitmap_zero(fl->want[VSW_FILTER_CTAG], VLAN_N_VID);
	bitmap_zero(fl->want[VSW_FILTER_STAG], VLAN_N_VID);
	if (!vlans || !vsw_switch_is_vlan_aware(port->sw))
		return;
	for_each_set_bit(vlan, vlans->member, VLAN_N_VID) {
		if (port->sw->vlan_ports[vlan] < 2)
			continue;
		vid = vsw_vlans_out(vlans, vlan, &proto);
		__set_bit(vid, fl->want[proto == htons(ETH_P_8021Q) ?
					VSW_FILTER_CTAG : VSW_FILTER_STAG]);
	}
}

/* Takes back those that the NIC has and is not to have. */
static void vsw_filter_del(const struct vsw_port *port, unsigned int kind)
{
	struct vsw_vlan_filter *fl = port->filter;
	unsigned int vid;

	for_each_set_bit(vid, fl->have[kind], VLAN_N_VID) {
		if (test_bit(vid, fl->want[kind]))
			continue;
		vlan_vid_del(port->dev, vsw_filter_proto(kind), vid);
		__clear_bit(vid, fl->have[kind]);
	}
}

/* Adds those that fit.  Return: 0, or the error for one that does not. */
static int vsw_filter_add(const struct vsw_port *port, unsigned int kind)
{
	struct vsw_vlan_filter *fl = port->filter;
	int err, ret = 0;
	unsigned int vid;

	for_each_set_bit(vid, fl->want[kind], VLAN_N_VID) {
		if (test_bit(vid, fl->have[kind]))
			continue;
		err = vlan_vid_add(port->dev, vsw_filter_proto(kind), vid);
		if (!err)
			__set_bit(vid, fl->have[kind]);
		ret = ret ?: err;
	}
	return ret;
}

static void vsw_filter_clear(const struct vsw_port *port)
{
	unsigned int kind;

	for (kind = 0; kind < VSW_FILTER_KINDS; kind++) {
		bitmap_zero(port->filter->want[kind], VLAN_N_VID);
		vsw_filter_del(port, kind);
	}
}

static void vsw_filter_turn_on(struct vsw_port *port)
{
	netdev_features_t off = port->filter->off;

	port->filter->off = 0;
	if (!off || port->dev->reg_state != NETREG_REGISTERED)
		return;
	port->dev->wanted_features |= off;
	netdev_update_features(port->dev);
}

/*
 * The features of it that can be turned off, and that help when they are: the filters
 * of the NICs below a bond are their own.
 */
static netdev_features_t vsw_filter_switchable(const struct net_device *dev)
{
	if (!list_empty(&dev->adj_list.lower))
		return 0;
	return dev->features & dev->hw_features & VSW_FILTER_FEATURES;
}

/* Return: whether it is off. */
static bool vsw_filter_turn_off(struct vsw_port *port,
				struct netlink_ext_ack *extack)
{
	netdev_features_t off = vsw_filter_switchable(port->dev);

	if (off) {
		/* First noted: what follows comes back here. */
		port->filter->off = off;
		port->dev->wanted_features &= ~off;
		netdev_update_features(port->dev);
	}
	if (off && !(port->dev->features & off)) {
		vsw_filter_clear(port);
		return true;
	}
	port->filter->off = 0;
	if (port->filter->told)
		return false;
	port->filter->told = true;
	netdev_warn(port->dev, "the VLAN filter cannot be turned off: some frames will not come in\n");
	NL_SET_ERR_MSG(extack,
		       "the VLAN filter of the device cannot be turned off: some frames will not come in");
	return false;
}

/* Its tags are not of VLANs of ours. */
static bool vsw_filter_is_tunnel(const struct vsw_port *port)
{
	return vsw_switch_is_vlan_aware(port->sw) &&
	       rtnl_dereference(port->policy)->vlan_mode ==
	       VSWITCH_VLAN_MODE_DOT1Q_TUNNEL;
}

static void vsw_filter_program(struct vsw_port *port,
			       struct netlink_ext_ack *extack)
{
	unsigned int kind;
	int err = 0;

	vsw_filter_want(port);
	for (kind = 0; kind < VSW_FILTER_KINDS; kind++) {
		if (!vsw_filter_is_on(port->dev, kind))
			bitmap_zero(port->filter->want[kind], VLAN_N_VID);
		vsw_filter_del(port, kind);
	}
	for (kind = 0; kind < VSW_FILTER_KINDS; kind++)
		err = vsw_filter_add(port, kind) ?: err;
	if (!err || !vsw_filter_turn_off(port, extack))
		return;
	netdev_warn(port->dev, "the VLAN filter does not take all VLANs in use: it is off\n");
	NL_SET_ERR_MSG(extack,
		       "the VLAN filter of the device does not take all VLANs in use: it is turned off");
}

/* Whoever has turned it on again meanwhile is obeyed, as far as it goes. */
static void vsw_filter_update(struct vsw_port *port,
			      struct netlink_ext_ack *extack)
{
	if (port->type != VSWITCH_PORT_TYPE_ATTACHED)
		return;
	if (!port->filter && !(port->dev->features & VSW_FILTER_FEATURES))
		return;
	if (!port->filter)
		port->filter = kzalloc(sizeof(*port->filter), GFP_KERNEL_ACCOUNT);
	if (!port->filter) {
		NL_SET_ERR_MSG(extack, "out of memory: the VLAN filter of the device is as it was");
		return;
	}
	if (port->filter->off & port->dev->features)
		port->filter->off = 0;
	if (port->filter->off)
		return;
	if (vsw_filter_is_tunnel(port))
		vsw_filter_turn_off(port, extack);
	else
		vsw_filter_program(port, extack);
}

/**
 * vsw_vlan_filter_port() - Tell the NIC of a port, whose features have changed.
 * @port: port
 *
 * And no other one: each could have another one told on top of that.
 *
 * Context: RTNL.
 */
void vsw_vlan_filter_port(struct vsw_port *port)
{
	const struct vsw_port_set *set = rtnl_dereference(port->sw->ports);

	/* One that leaves is not in the set any more. */
	if (vsw_port_by_number_rcu(set, port->number) == port)
		vsw_filter_update(port, NULL);
}

/**
 * vsw_vlan_filter_update() - Tell the NICs of a switch which VLANs are in use.
 * @sw: switch
 * @extack: where a warning is written
 *
 * Context: RTNL.
 */
void vsw_vlan_filter_update(struct vsw_switch *sw, struct netlink_ext_ack *extack)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	u32 i;

	ASSERT_RTNL();
	for (i = 1; i < set->size; i++)
		if (set->slot[i])
			vsw_filter_update(set->slot[i], extack);
}

/**
 * vsw_vlan_filter_retry() - Use the filter of a NIC again that was turned off.
 * @port: port whose VLANs have changed
 *
 * Context: RTNL.
 */
void vsw_vlan_filter_retry(struct vsw_port *port)
{
	if (!port->filter)
		return;
	port->filter->told = false;
	vsw_filter_turn_on(port);
}

/**
 * vsw_vlan_filter_exit() - Leave the filter of a NIC as it was found.
 * @port: port that leaves
 *
 * Context: RTNL.
 */
void vsw_vlan_filter_exit(struct vsw_port *port)
{
	if (!port->filter)
		return;
	vsw_filter_clear(port);
	vsw_filter_turn_on(port);
	kfree(port->filter);
	port->filter = NULL;
}
