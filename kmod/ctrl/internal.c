// SPDX-License-Identifier: GPL-2.0
/*
 * An internal port as a netdev: a NIC of the host's stack, stacked on the switch
 * as a macvlan is on its device.  It may be moved to another network namespace,
 * as the NIC of a container, and stays a port.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include "../stats.h"
#include "../table/port.h"
#include "../vport.h"
#include "netdev.h"

static int vsw_internal_ndo_init(struct net_device *dev)
{
	struct vsw_vport *vp = netdev_priv(dev);

	netdev_lockdep_set_classes(dev);
	return gro_cells_init(&vp->cells, dev);
}

static void vsw_internal_ndo_uninit(struct net_device *dev)
{
	struct vsw_vport *vp = netdev_priv(dev);

	gro_cells_destroy(&vp->cells);
}

/*
 * What the administrator of the switch sets is known at once, and no guest can
 * take it.  Whoever has got the netdev in another namespace is a guest: its
 * address is learned from what it sends.
 */
static int vsw_internal_ndo_set_mac_address(struct net_device *dev, void *addr)
{
	struct vsw_vport *vp = netdev_priv(dev);
	struct vsw_port *port = rtnl_dereference(vp->port);
	int err;

	err = eth_prepare_mac_addr_change(dev, addr);
	if (err)
		return err;
	if (port)
		vsw_port_unclaim(vp, port);
	eth_commit_mac_addr_change(dev, addr);
	/* If there is no room for it, it is learned like any other. */
	if (port && !vsw_port_is_away(port))
		vsw_port_claim(vp, port, dev->dev_addr, NULL);
	return 0;
}

/* As its user sees it: what the switch takes from it, it transmits. */
static void vsw_internal_ndo_get_stats64(struct net_device *dev,
					 struct rtnl_link_stats64 *s)
{
	struct vsw_stats sum = {};

	vsw_vport_stats(netdev_priv(dev), &sum);
	vsw_netdev_stack_stats64(s, &sum);
}

static int vsw_internal_ndo_get_iflink(const struct net_device *dev)
{
	const struct vsw_vport *vp = netdev_priv(dev);
	const struct vsw_port *port;
	int ifindex;

	rcu_read_lock();
	port = rcu_dereference(vp->port);
	ifindex = port ? READ_ONCE(port->sw->dev->ifindex) : dev->ifindex;
	rcu_read_unlock();
	return ifindex;
}

static const struct net_device_ops vsw_internal_netdev_ops = {
	.ndo_init		= vsw_internal_ndo_init,
	.ndo_uninit		= vsw_internal_ndo_uninit,
	.ndo_start_xmit		= vsw_internal_xmit,
	.ndo_get_stats64	= vsw_internal_ndo_get_stats64,
	.ndo_set_mac_address	= vsw_internal_ndo_set_mac_address,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_features_check	= passthru_features_check,
	.ndo_get_iflink		= vsw_internal_ndo_get_iflink,
};

static const struct ethtool_ops vsw_internal_ethtool_ops = {
	.get_drvinfo		= vsw_netdev_drvinfo,
	.get_link		= ethtool_op_get_link,
};

/**
 * vsw_internal_setup() - Make a new vport's netdev an internal port.
 * @dev: netdev, not registered yet
 */
void vsw_internal_setup(struct net_device *dev)
{
	dev->netdev_ops = &vsw_internal_netdev_ops;
	dev->ethtool_ops = &vsw_internal_ethtool_ops;
}

/* It has come to a namespace, its own again or another one. */
static void vsw_internal_arrived(struct vsw_vport *vp,
				 const struct vsw_port *port)
{
	vsw_net(dev_net(port->sw->dev))->gen++;
	if (vsw_port_is_away(port))
		return;
	if (vsw_port_link(vp, port, NULL))
		netdev_warn(vp->dev, "cannot be stacked on %s, of which it is a port\n",
			    netdev_name(port->sw->dev));
	if (!vsw_port_check_addr(port, vp->dev->dev_addr, NULL))
		vsw_port_claim(vp, port, vp->dev->dev_addr, NULL);
}

static int vsw_internal_check_addr(struct vsw_port *port,
				   struct netdev_notifier_info *info)
{
	const struct netdev_notifier_pre_changeaddr_info *change;

	if (vsw_port_is_away(port))
		return 0;
	change = container_of(info, struct netdev_notifier_pre_changeaddr_info,
			      info);
	return vsw_port_check_addr(port, change->dev_addr,
				   netdev_notifier_info_to_extack(info));
}

/**
 * vsw_internal_event() - Something happens to the netdev of an internal port.
 * @vp: the vport
 * @event: NETDEV_*
 * @info: what the core says of it
 *
 * It is known by the name it has in the namespace of its switch, and keeps that
 * when it goes to another one, where it may well become eth0.
 *
 * Context: RTNL.
 * Return: 0, or why it must not happen.
 */
int vsw_internal_event(struct vsw_vport *vp, unsigned long event,
		       struct netdev_notifier_info *info)
{
	struct vsw_port *port = rtnl_dereference(vp->port);

	if (!port)
		return 0;
	switch (event) {
	case NETDEV_PRE_CHANGEADDR:
		return vsw_internal_check_addr(port, info);
	case NETDEV_UNREGISTER:
		vsw_port_unlink(vp, port);
		return 0;
	case NETDEV_REGISTER:
		vsw_internal_arrived(vp, port);
		break;
	case NETDEV_CHANGENAME:
		break;
	default:
		return 0;
	}
	if (!vsw_port_is_away(port))
		strscpy(vp->name, vp->dev->name, sizeof(vp->name));
	return 0;
}
