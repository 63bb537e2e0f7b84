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
#include "private_vlan.h"

#define VSW_FILTER_FEATURES	(NETIF_F_HW_VLAN_CTAG_FILTER | \
				 NETIF_F_HW_VLAN_STAG_FILTER)

/* So often is a NIC told in one go, whatever it says to it. */
#define VSW_FILTER_ROUNDS	3

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
 * @stuck: what has to be off cannot be turned off, which was said
 * @busy: the NIC is being told, and what it tells meanwhile has to wait
 * @again: it has told something
 */
struct vsw_vlan_filter {
	DECLARE_BITMAP(have[VSW_FILTER_KINDS], VLAN_N_VID);
	DECLARE_BITMAP(want[VSW_FILTER_KINDS], VLAN_N_VID);
	netdev_features_t off;
	bool stuck;
	bool busy;
	bool again;
};

static __be16 vsw_filter_proto(unsigned int kind)
{
	return kind == VSW_FILTER_CTAG ? htons(ETH_P_8021Q) : htons(ETH_P_8021AD);
}

static netdev_features_t vsw_filter_feature(unsigned int kind)
{
	return kind == VSW_FILTER_CTAG ? NETIF_F_HW_VLAN_CTAG_FILTER :
					 NETIF_F_HW_VLAN_STAG_FILTER;
}

/* In all VLANs that another port is in, too, with the numbers they have there.  What
 * comes in a private one, may be for a port in another one.
 */
static void vsw_filter_want(const struct vsw_port *port)
{
	const struct vsw_policy *pol = rtnl_dereference(port->policy);
	const struct vsw_vlans *vlans = pol->vlans;
	struct vsw_vlan_filter *fl = port->filter;
	const struct vsw_private_vlans *pv;
	unsigned int vlan;
	__be16 proto;
	u16 vid;

	bitmap_zero(fl->want[VSW_FILTER_CTAG], VLAN_N_VID);
	bitmap_zero(fl->want[VSW_FILTER_STAG], VLAN_N_VID);
	if (!vlans || !vsw_switch_is_vlan_aware(port->sw))
		return;
	pv = rtnl_dereference(port->sw->private_vlans);
	for_each_set_bit(vlan, vlans->member, VLAN_N_VID) {
		if (port->sw->vlan_ports[vlan] < 2 && !vsw_private_vlan_has(pv, vlan))
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

/* Adds those that fit. */
static int vsw_filter_add(const struct vsw_port *port, unsigned int kind)
{
	struct vsw_vlan_filter *fl = port->filter;
	unsigned int vid;
	int err;

	for_each_set_bit(vid, fl->want[kind], VLAN_N_VID) {
		if (test_bit(vid, fl->have[kind]))
			continue;
		err = vlan_vid_add(port->dev, vsw_filter_proto(kind), vid);
		if (err)
			return err;
		__set_bit(vid, fl->have[kind]);
	}
	return 0;
}

/*
 * Of features, those that can be turned off, and that help when they are: the filters
 * of the NICs below a bond are their own.
 */
static netdev_features_t vsw_filter_switchable(const struct net_device *dev,
					       netdev_features_t features)
{
	if (!list_empty(&dev->adj_list.lower))
		return 0;
	return features & dev->features & dev->hw_features;
}

static void vsw_filter_say(struct vsw_port *port, bool is_off,
			   struct netlink_ext_ack *extack)
{
	if (is_off) {
		netdev_warn(port->dev, "the VLAN filter does not take all VLANs in use: it is off\n");
		NL_SET_ERR_MSG(extack,
			       "the VLAN filter of the device does not take all VLANs in use: it is turned off");
		return;
	}
	netdev_warn(port->dev, "the VLAN filter cannot be turned off: some frames will not come in\n");
	NL_SET_ERR_MSG(extack,
		       "the VLAN filter of the device cannot be turned off: some frames will not come in");
}

/* What a driver does not turn off, is as if nobody had asked. */
static void vsw_filter_turn_off(struct vsw_port *port, netdev_features_t bad)
{
	netdev_features_t off = vsw_filter_switchable(port->dev, bad);
	netdev_features_t kept;

	if (!off)
		return;
	port->dev->wanted_features &= ~off;
	netdev_update_features(port->dev);
	kept = port->dev->features & off;
	port->dev->wanted_features |= kept;
	port->filter->off |= off & ~kept;
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

/* Its tags are not of VLANs of ours. */
static bool vsw_filter_is_tunnel(const struct vsw_port *port)
{
	return vsw_switch_is_vlan_aware(port->sw) &&
	       rtnl_dereference(port->policy)->vlan_mode ==
	       VSWITCH_VLAN_MODE_DOT1Q_TUNNEL;
}

/* Return: features that should be off, for they do not let in what is wanted. */
static netdev_features_t vsw_filter_program(struct vsw_port *port)
{
	struct vsw_vlan_filter *fl = port->filter;
	netdev_features_t bad = 0;
	unsigned int kind;

	vsw_filter_want(port);
	for (kind = 0; kind < VSW_FILTER_KINDS; kind++) {
		if (!(port->dev->features & vsw_filter_feature(kind)))
			bitmap_zero(fl->want[kind], VLAN_N_VID);
		vsw_filter_del(port, kind);
	}
	for (kind = 0; kind < VSW_FILTER_KINDS; kind++)
		if (vsw_filter_add(port, kind))
			bad |= vsw_filter_feature(kind);
	if (vsw_filter_is_tunnel(port))
		bad = port->dev->features & VSW_FILTER_FEATURES;
	return bad;
}

/* Whoever has turned it on again meanwhile is obeyed, as far as it goes. */
static void vsw_filter_run(struct vsw_port *port, struct netlink_ext_ack *extack)
{
	struct vsw_vlan_filter *fl = port->filter;
	netdev_features_t bad;

	fl->off &= ~port->dev->features;
	bad = vsw_filter_program(port);
	if (!bad || fl->stuck)
		return;
	vsw_filter_turn_off(port, bad);
	fl->stuck = port->dev->features & bad;
	if (fl->stuck || !vsw_filter_is_tunnel(port))
		vsw_filter_say(port, !fl->stuck, extack);
	/* What it has been told, is to be taken back. */
	fl->again = true;
}

/*
 * A NIC may tell of its features while it is told of VLANs, and while they are turned
 * on and off; that is looked at when this is done, or else one would come on top of
 * the other.
 */
static void vsw_filter_update(struct vsw_port *port,
			      struct netlink_ext_ack *extack)
{
	struct vsw_vlan_filter *fl = port->filter;
	int rounds = 0;

	if (port->type != VSWITCH_PORT_TYPE_ATTACHED)
		return;
	if (!fl && !(port->dev->features & VSW_FILTER_FEATURES))
		return;
	if (!fl)
		fl = kzalloc(sizeof(*fl), GFP_KERNEL_ACCOUNT);
	port->filter = fl;
	if (!fl) {
		NL_SET_ERR_MSG(extack, "out of memory: the VLAN filter of the device is as it was");
		return;
	}
	fl->again = true;
	if (fl->busy)
		return;
	fl->busy = true;
	while (fl->again && rounds++ < VSW_FILTER_ROUNDS) {
		fl->again = false;
		vsw_filter_run(port, extack);
	}
	fl->busy = false;
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
 * @port: port whose VLANs have changed; vsw_vlan_filter_update() is to follow
 *
 * Context: RTNL.
 */
void vsw_vlan_filter_retry(struct vsw_port *port)
{
	struct vsw_vlan_filter *fl = port->filter;

	if (!fl || fl->busy)
		return;
	fl->stuck = false;
	fl->busy = true;
	vsw_filter_turn_on(port);
	fl->busy = false;
}

/**
 * vsw_vlan_filter_exit() - Leave the filter of a NIC as it was found.
 * @port: port that leaves
 *
 * Context: RTNL.
 */
void vsw_vlan_filter_exit(struct vsw_port *port)
{
	struct vsw_vlan_filter *fl = port->filter;
	unsigned int kind;

	if (!fl)
		return;
	fl->busy = true;
	for (kind = 0; kind < VSW_FILTER_KINDS; kind++) {
		bitmap_zero(fl->want[kind], VLAN_N_VID);
		vsw_filter_del(port, kind);
	}
	vsw_filter_turn_on(port);
	port->filter = NULL;
	kfree(fl);
}
