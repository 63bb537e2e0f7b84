// SPDX-License-Identifier: GPL-2.0
/*
 * What an internal port has of its switch: its address in the FDB, which nobody
 * else may have, and its place on top of the switch.
 */
#include <linux/etherdevice.h>
#include "../vport.h"
#include "port.h"

/* Value of the entry of an address, 0 if there is none. */
static u32 vsw_port_addr_val(const struct vsw_switch *sw, u64 key)
{
	u32 val;

	rcu_read_lock();
	val = vsw_fdb_find_rcu(&sw->fdb, key);
	rcu_read_unlock();
	return val;
}

/* The port that an address is static at, in the VLAN of a port's untagged frames. */
static const struct vsw_port *vsw_port_static_at(const struct vsw_port *port,
						 const u8 *addr, int vlan)
{
	const struct vsw_port_set *set = rtnl_dereference(port->sw->ports);
	u32 val = 0;

	if (vlan >= 0)
		val = vsw_port_addr_val(port->sw, vsw_fdb_key(addr, vlan));
	return val & VSW_FDB_STATIC ?
	       vsw_port_by_number_rcu(set, vsw_fdb_port(val)) : NULL;
}

/* An internal port, in whatever VLAN, that has an address. */
static const struct vsw_port *vsw_port_internal_of(const struct vsw_switch *sw,
						   const u8 *addr)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	const struct vsw_port *port;
	const struct vsw_vport *vp;
	u32 i;

	for (i = 1; i < set->size; i++) {
		port = set->slot[i];
		if (!port || port->type != VSWITCH_PORT_TYPE_INTERNAL)
			continue;
		vp = netdev_priv(port->dev);
		if (vp->owns == ether_addr_to_u64(addr))
			return port;
	}
	return NULL;
}

static int vsw_port_check_addr_in(const struct vsw_port *port, const u8 *addr,
				  int vlan, struct netlink_ext_ack *extack)
{
	const struct vsw_port *has = vsw_port_static_at(port, addr, vlan);

	/* Frames to it go to the host, whatever their VLAN is. */
	if (port->number == VSW_HOST_PORT && vsw_switch_is_vlan_aware(port->sw))
		has = vsw_port_internal_of(port->sw, addr);
	if (port->number != VSW_HOST_PORT &&
	    ether_addr_equal(addr, port->sw->dev->dev_addr)) {
		NL_SET_ERR_MSG(extack, "the address is the switch's");
		return -EADDRINUSE;
	}
	if (!has || has == port || (port->number == VSW_HOST_PORT &&
				    has->type != VSWITCH_PORT_TYPE_INTERNAL))
		return 0;
	NL_SET_ERR_MSG(extack, "the address is static at another port");
	return -EADDRINUSE;
}

/**
 * vsw_port_check_addr() - Whether the netdev of a port may have an address.
 * @port: internal port, or host port
 * @addr: address
 * @extack: where a refusal is explained
 *
 * Context: RTNL, which keeps static entries as they are.
 * Return: 0, or -EADDRINUSE if the switch or an internal port has it; nor can an
 * internal port have one that is static at another port.
 */
int vsw_port_check_addr(const struct vsw_port *port, const u8 *addr,
			struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	return vsw_port_check_addr_in(port, addr, vsw_vlan_untagged(port), extack);
}

static int vsw_port_claim_in(struct vsw_vport *vp, const struct vsw_port *port,
			     const u8 *addr, int vlan,
			     struct netlink_ext_ack *extack)
{
	struct vsw_fdb_change ch = { .port = port->number };
	u32 bad;
	int err;

	if (vlan < 0) {
		vp->claim = 0;
		return 0;
	}
	ch.key = vsw_fdb_key(addr, vlan);
	/* At this port already: claimed, or the administrator's. */
	if (vsw_port_addr_val(port->sw, ch.key) & VSW_FDB_STATIC) {
		if (vp->claim != ch.key)
			vp->claim = 0;
		return 0;
	}
	vp->claim = 0;
	/* Not static elsewhere; but a guest may have made it sticky. */
	err = vsw_fdb_add(&port->sw->fdb, &ch, 1, true, &bad);
	if (!err)
		vp->claim = ch.key;
	else if (err == -ENOSPC)
		NL_SET_ERR_MSG(extack, "the FDB has no room for the address");
	else
		NL_SET_ERR_MSG(extack, "out of memory");
	return err;
}

/**
 * vsw_port_claim() - Make the address of an internal port known to be its own.
 * @vp: internal port
 * @port: the same
 * @addr: address of its netdev, for which vsw_port_check_addr() has returned 0
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0, -ENOSPC if the FDB is full, -ENOMEM.
 */
int vsw_port_claim(struct vsw_vport *vp, const struct vsw_port *port,
		   const u8 *addr, struct netlink_ext_ack *extack)
{
	vp->owns = ether_addr_to_u64(addr);
	return vsw_port_claim_in(vp, port, addr, vsw_vlan_untagged(port), extack);
}

static void vsw_port_unclaim_key(const struct vsw_port *port, u64 key)
{
	struct vsw_fdb_change ch = { key };
	u32 val, bad;

	val = vsw_port_addr_val(port->sw, key);
	if (val & VSW_FDB_STATIC && vsw_fdb_port(val) == port->number)
		vsw_fdb_del(&port->sw->fdb, &ch, 1, &bad);
}

/**
 * vsw_port_unclaim() - Undo vsw_port_claim(), if nobody else has.
 * @vp: internal port
 * @port: the same
 *
 * Context: RTNL.
 */
void vsw_port_unclaim(struct vsw_vport *vp, const struct vsw_port *port)
{
	if (vp->claim)
		vsw_port_unclaim_key(port, vp->claim);
	vp->claim = 0;
	vp->owns = 0;
}

/**
 * vsw_port_reclaim() - Claim the address of an internal port in another VLAN.
 * @port: internal port
 * @vlan: VLAN that its untagged frames are to be switched in, -1 for none
 * @extack: where a refusal is explained
 *
 * An address that its netdev has got in another namespace is not claimed.
 *
 * Context: RTNL.
 * Return: 0, -EADDRINUSE as of vsw_port_check_addr(), -ENOSPC if the FDB is full,
 * -ENOMEM; then its claim is what it was.
 */
int vsw_port_reclaim(struct vsw_port *port, int vlan,
		     struct netlink_ext_ack *extack)
{
	struct vsw_vport *vp = netdev_priv(port->dev);
	u64 old = vp->claim;
	u8 addr[ETH_ALEN];
	int err;

	ASSERT_RTNL();
	if (!vp->owns)
		return 0;
	u64_to_ether_addr(vp->owns, addr);
	err = vsw_port_check_addr_in(port, addr, vlan, extack) ?:
	      vsw_port_claim_in(vp, port, addr, vlan, extack);
	if (err)
		vp->claim = old;
	else if (old && old != vp->claim)
		vsw_port_unclaim_key(port, old);
	return err;
}

/**
 * vsw_port_link() - Stack the netdev of an internal port on its switch.
 * @vp: internal port
 * @port: the same
 * @extack: where a refusal is explained
 *
 * Stacked, not enslaved: it may have a master of its own.  And in the switch's
 * namespace alone: what a container stacks on it is not to count against what can
 * be stacked here.
 *
 * Context: RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_port_link(struct vsw_vport *vp, const struct vsw_port *port,
		  struct netlink_ext_ack *extack)
{
	int err;

	if (vp->linked || vsw_port_is_away(port))
		return 0;
	err = netdev_upper_dev_link(port->sw->dev, port->dev, extack);
	if (err)
		NL_SET_ERR_MSG_WEAK(extack, "the device cannot be stacked on the switch");
	vp->linked = !err;
	return err;
}

/**
 * vsw_port_unlink() - Undo vsw_port_link().
 * @vp: internal port
 * @port: the same
 *
 * Context: RTNL.
 */
void vsw_port_unlink(struct vsw_vport *vp, const struct vsw_port *port)
{
	if (vp->linked)
		netdev_upper_dev_unlink(port->sw->dev, port->dev);
	vp->linked = false;
}
