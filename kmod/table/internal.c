// SPDX-License-Identifier: GPL-2.0
/*
 * What an internal port has of its switch: its address in the FDB, which nobody
 * else may have, and its place on top of the switch.
 */
#include <linux/etherdevice.h>
#include "../vport.h"
#include "port.h"

/* Value of the entry of an address for untagged frames, 0 if there is none. */
static u32 vsw_port_addr_val(const struct vsw_switch *sw, const u8 *addr)
{
	u32 val;

	rcu_read_lock();
	val = vsw_fdb_find_rcu(&sw->fdb, vsw_fdb_key(addr, 0));
	rcu_read_unlock();
	return val;
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
	const struct vsw_port_set *set = rtnl_dereference(port->sw->ports);
	u32 val = vsw_port_addr_val(port->sw, addr);
	const struct vsw_port *has = NULL;

	ASSERT_RTNL();
	if (val & VSW_FDB_STATIC)
		has = vsw_port_by_number_rcu(set, vsw_fdb_port(val));
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
	struct vsw_fdb_change ch = { vsw_fdb_key(addr, 0), port->number };
	u32 bad;
	int err;

	/* At this port already: claimed, or the administrator's. */
	if (vsw_port_addr_val(port->sw, addr) & VSW_FDB_STATIC) {
		if (vp->claim != ch.key)
			vp->claim = 0;
		return 0;
	}
	vp->claim = 0;
	err = vsw_fdb_add(&port->sw->fdb, &ch, 1, false, &bad);
	if (!err)
		vp->claim = ch.key;
	else if (err == -ENOSPC)
		NL_SET_ERR_MSG(extack, "the FDB has no room for the address");
	else
		NL_SET_ERR_MSG(extack, "out of memory");
	return err;
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
	struct vsw_fdb_change ch = { vp->claim };
	u8 addr[ETH_ALEN];
	u32 val, bad;

	if (!vp->claim)
		return;
	vsw_fdb_key_addr(vp->claim, addr);
	vp->claim = 0;
	val = vsw_port_addr_val(port->sw, addr);
	if (val & VSW_FDB_STATIC && vsw_fdb_port(val) == port->number)
		vsw_fdb_del(&port->sw->fdb, &ch, 1, &bad);
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
