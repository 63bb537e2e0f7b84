// SPDX-License-Identifier: GPL-2.0
/*
 * How a netdev is given to a switch as a port, and back: whether it may be one,
 * what the core is told, and who gets its frames.
 */
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include "../vport.h"
#include "port.h"

/* Says what holds a netdev, by the kind of its master. */
static void vsw_port_refuse_held(const struct net_device *master,
				 struct netlink_ext_ack *extack)
{
	if (vsw_dev_is_switch(master))
		NL_SET_ERR_MSG(extack, "the device is already a port of a vswitch");
	else if (netif_is_bridge_master(master))
		NL_SET_ERR_MSG(extack, "the device is held by a Linux bridge");
	else if (netif_is_bond_master(master))
		NL_SET_ERR_MSG(extack, "the device is held by a bond");
	else if (netif_is_team_master(master))
		NL_SET_ERR_MSG(extack, "the device is held by a team");
	else if (netif_is_ovs_master(master))
		NL_SET_ERR_MSG(extack, "the device is held by Open vSwitch");
	else if (netif_is_l3_master(master))
		NL_SET_ERR_MSG(extack, "the device is held by a VRF");
	else
		vsw_compat_err_name(extack, "the device has another master",
				    "the device is held by its master %s",
				    master->name);
}

/* A netdev without master whose frames something takes, and who that may be. */
static void vsw_port_refuse_handler(const struct net_device *dev,
				    struct netlink_ext_ack *extack)
{
	if (netif_is_macvlan_port(dev))
		NL_SET_ERR_MSG(extack, "the device is held by macvlan or macvtap devices on it");
	else
		NL_SET_ERR_MSG(extack, "another driver takes the device's frames, such as ipvlan");
}

static int vsw_port_check_dev(struct vsw_switch *sw, struct net_device *dev,
			      struct netlink_ext_ack *extack)
{
	if (dev == sw->dev) {
		NL_SET_ERR_MSG(extack, "a switch cannot be a port of itself");
		return -ELOOP;
	}
	if (dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "the loopback device cannot be a port");
		return -EINVAL;
	}
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN ||
	    !is_valid_ether_addr(dev->dev_addr)) {
		NL_SET_ERR_MSG(extack, "only an Ethernet device can be a port");
		return -EINVAL;
	}
	if (vsw_dev_is_vport(dev)) {
		NL_SET_ERR_MSG(extack, "the device is already a port of a vswitch");
		return -EBUSY;
	}
	if (dev->priv_flags & (IFF_DONT_BRIDGE | IFF_NO_RX_HANDLER)) {
		NL_SET_ERR_MSG(extack, "the device's driver does not let it be bridged");
		return -EOPNOTSUPP;
	}
	if (dev->reg_state != NETREG_REGISTERED) {
		NL_SET_ERR_MSG(extack, "the device is going away");
		return -ENODEV;
	}
	return 0;
}

static int vsw_port_check_free(struct vsw_switch *sw, struct net_device *dev,
			       struct netlink_ext_ack *extack)
{
	struct net_device *master = netdev_master_upper_dev_get(dev);
	bool loop;

	if (master) {
		vsw_port_refuse_held(master, extack);
		return -EBUSY;
	}
	if (netdev_is_rx_handler_busy(dev)) {
		vsw_port_refuse_handler(dev, extack);
		return -EBUSY;
	}

	rcu_read_lock();
	loop = netdev_has_upper_dev_all_rcu(sw->dev, dev);
	rcu_read_unlock();
	if (loop) {
		NL_SET_ERR_MSG(extack, "the device is stacked on the switch: this would be a loop");
		return -ELOOP;
	}
	return 0;
}

/* Whether a netdev is a port of a switch of a namespace, its host port maybe. */
static bool vsw_port_is_in(const struct net_device *dev, const struct net *net)
{
	const struct vsw_port *port = vsw_port_get_rtnl(dev);

	return vsw_dev_is_switch(dev) ||
	       (port && net_eq(dev_net(port->sw->dev), net));
}

/* Its name here, by which a request may name it, must be its own. */
static int vsw_port_check_name(const struct vsw_switch *sw,
			       const struct net_device *dev,
			       struct netlink_ext_ack *extack)
{
	struct net *net = dev_net(sw->dev);
	const struct net_device *here = __dev_get_by_name(net, dev->name);
	struct vsw_port *port;

	if (vsw_port_away(net, NULL, dev->name, &port)) {
		NL_SET_ERR_MSG(extack,
			       "a port that is in another network namespace has this name");
		return -EEXIST;
	}
	if (here && here != dev && vsw_port_is_in(here, net)) {
		NL_SET_ERR_MSG(extack,
			       "a port that is in the switch's network namespace has this name");
		return -EEXIST;
	}
	return 0;
}

/**
 * vsw_port_check() - Whether a netdev may become a port of a switch.
 * @sw: switch
 * @dev: netdev
 * @type: as of struct vsw_port
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0, or an errno as of vsw_port_attach().
 */
int vsw_port_check(struct vsw_switch *sw, struct net_device *dev, u32 type,
		   struct netlink_ext_ack *extack)
{
	int err = 0;

	if (type == VSWITCH_PORT_TYPE_ATTACHED)
		err = vsw_port_check_dev(sw, dev, extack);
	return err ?: vsw_port_check_free(sw, dev, extack) ?:
		      vsw_port_check_name(sw, dev, extack);
}

/* A vport is made to be one: nothing but memory can be missing. */
static int vsw_port_hook_tap(struct vsw_port *port,
			     struct netlink_ext_ack *extack)
{
	struct vsw_vport *vp = netdev_priv(port->dev);
	int err;

	err = netdev_master_upper_dev_link(port->dev, port->sw->dev, port, NULL,
					   extack);
	if (err)
		return err;
	/* The library finds its queues by what is registered here. */
	err = netdev_rx_handler_register(port->dev, vsw_tap_rx_handler,
					 &vp->tap);
	if (err) {
		netdev_upper_dev_unlink(port->dev, port->sw->dev);
		return err;
	}
	rcu_assign_pointer(vp->port, port);
	return 0;
}

static int vsw_port_hook_internal(struct vsw_port *port,
				  struct netlink_ext_ack *extack)
{
	struct net_device *dev = port->dev;
	struct vsw_vport *vp = netdev_priv(dev);
	int err;

	err = vsw_port_check_addr(port, dev->dev_addr, extack);
	if (!err)
		err = vsw_port_link(vp, port, extack);
	if (err)
		return err;
	err = vsw_port_claim(vp, port, dev->dev_addr, extack);
	if (err) {
		vsw_port_unlink(vp, port);
		return err;
	}
	rcu_assign_pointer(vp->port, port);
	return 0;
}

static int vsw_port_hook_attached(struct vsw_port *port,
				  struct netlink_ext_ack *extack)
{
	struct net_device *dev = port->dev;
	int err;

	err = dev_set_promiscuity(dev, 1);
	if (err) {
		NL_SET_ERR_MSG(extack, "the device refused to become promiscuous");
		return err;
	}
	err = netdev_master_upper_dev_link(dev, port->sw->dev, port, NULL,
					   extack);
	if (err) {
		NL_SET_ERR_MSG_WEAK(extack, "the device cannot be linked below the switch");
		goto err_promiscuity;
	}
	/* What LRO has merged cannot be sent on. */
	dev_disable_lro(dev);
	if (dev->features & NETIF_F_LRO) {
		NL_SET_ERR_MSG(extack, "the device's driver does not turn LRO off");
		err = -EOPNOTSUPP;
		goto err_link;
	}
	/* Last: from here on addresses are learned, which nothing undoes. */
	err = netdev_rx_handler_register(dev, vsw_rx_handler, port);
	if (err) {
		NL_SET_ERR_MSG(extack, "another driver takes the device's frames");
		goto err_link;
	}
	return 0;

err_link:
	netdev_upper_dev_unlink(dev, port->sw->dev);
err_promiscuity:
	dev_set_promiscuity(dev, -1);
	return err;
}

/**
 * vsw_port_hook() - Give the netdev of a new port to its switch.
 * @port: port, not in the set yet
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_port_hook(struct vsw_port *port, struct netlink_ext_ack *extack)
{
	switch (port->type) {
	case VSWITCH_PORT_TYPE_TAP:
		return vsw_port_hook_tap(port, extack);
	case VSWITCH_PORT_TYPE_INTERNAL:
		return vsw_port_hook_internal(port, extack);
	default:
		return vsw_port_hook_attached(port, extack);
	}
}

/**
 * vsw_port_unhook() - Undo vsw_port_hook().
 * @port: port, not in the set any more
 *
 * Waits for a grace period: then nothing comes in any more, and nobody who has
 * found the port in the set is still sending to it.
 *
 * Context: RTNL.
 */
void vsw_port_unhook(struct vsw_port *port)
{
	struct vsw_vport *vp = netdev_priv(port->dev);

	if (port->type != VSWITCH_PORT_TYPE_ATTACHED)
		RCU_INIT_POINTER(vp->port, NULL);
	if (port->type == VSWITCH_PORT_TYPE_INTERNAL) {
		synchronize_net();
		vsw_port_unlink(vp, port);
		return;
	}
	netdev_rx_handler_unregister(port->dev);	/* and waits */
	netdev_upper_dev_unlink(port->dev, port->sw->dev);
	if (port->type == VSWITCH_PORT_TYPE_ATTACHED)
		dev_set_promiscuity(port->dev, -1);
}
