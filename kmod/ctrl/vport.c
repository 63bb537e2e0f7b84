// SPDX-License-Identifier: GPL-2.0
/*
 * The life of vports of all types, and a direct tap as a netdev: its statistics,
 * and what the host may do with it.
 */
#include <linux/capability.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <net/rtnetlink.h>
#include "../stats.h"
#include "../table/port.h"
#include "netdev.h"
#include "tap.h"

static int vsw_tap_ndo_init(struct net_device *dev)
{
	netdev_lockdep_set_classes(dev);
	return 0;
}

/*
 * Whoever has the device node open may ask for this, as with any tap; but the
 * address is the administrator's.
 */
static int vsw_tap_ndo_set_mac_address(struct net_device *dev, void *addr)
{
	if (!ns_capable(dev_net(dev)->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	return eth_mac_addr(dev, addr);
}

/**
 * vsw_vport_stats() - Add up the counters of a vport.
 * @vp: the vport
 * @sum: where they are added; nothing while it is no port
 *
 * Context: any.
 */
void vsw_vport_stats(const struct vsw_vport *vp, struct vsw_stats *sum)
{
	const struct vsw_port *port;

	rcu_read_lock();
	port = rcu_dereference(vp->port);
	if (port)
		vsw_stats_add(sum, port->stats);
	rcu_read_unlock();
}

/* Seen from the guest's NIC: what the switch takes from it, it transmits. */
static void vsw_tap_ndo_get_stats64(struct net_device *dev,
				    struct rtnl_link_stats64 *s)
{
	struct vsw_stats sum = {};

	vsw_vport_stats(netdev_priv(dev), &sum);
	vsw_netdev_stats64(s, &sum);
}

static const struct net_device_ops vsw_tap_netdev_ops = {
	.ndo_init		= vsw_tap_ndo_init,
	.ndo_start_xmit		= vsw_tap_xmit,
	.ndo_get_stats64	= vsw_tap_ndo_get_stats64,
	.ndo_set_mac_address	= vsw_tap_ndo_set_mac_address,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_features_check	= passthru_features_check,
};

static const struct ethtool_ops vsw_tap_ethtool_ops = {
	.get_drvinfo		= vsw_netdev_drvinfo,
	.get_link		= ethtool_op_get_link,
};

/*
 * The host never speaks through a guest's NIC: without a header its stack cannot
 * send, be it ARP, IPv6 autoconfiguration or a stray route.
 */
static int vsw_tap_header_create(struct sk_buff *skb, struct net_device *dev,
				 unsigned short type, const void *daddr,
				 const void *saddr, unsigned int len)
{
	return -EOPNOTSUPP;
}

static const struct header_ops vsw_tap_header_ops = {
	.create		= vsw_tap_header_create,
	.parse		= eth_header_parse,
	.parse_protocol	= eth_header_parse_protocol,
};

static void vsw_tap_setup(struct vsw_vport *vp,
			  const struct vsw_vport_cfg *vcfg)
{
	struct net_device *dev = vp->dev;

	dev->netdev_ops = &vsw_tap_netdev_ops;
	dev->ethtool_ops = &vsw_tap_ethtool_ops;
	dev->header_ops = &vsw_tap_header_ops;
	dev->priv_flags |= VSW_COMPAT_IFF_NO_ADDRCONF;
	/* Else vhost does not copy: its zero copy would lend the sender's pages
	 * to rings.
	 */
	dev->hw_features &= ~NETIF_F_HIGHDMA;
	dev->features &= ~NETIF_F_HIGHDMA;
	/* As its switch does, it stays where it was made. */
	vsw_compat_set_netns_immutable(dev);
	netif_carrier_off(dev);

	INIT_LIST_HEAD(&vp->tap.queue_list);
	vp->tap.dev = dev;
	vp->tap.count_tx_dropped = vsw_tap_count_tx_dropped;
	vp->tap.count_rx_dropped = vsw_tap_count_rx_dropped;
	vp->queues = vcfg->queues;
	vp->owner = vcfg->owner;
	vp->group = vcfg->group;
}

/**
 * vsw_vport_setup() - Prepare the netdev of a new vport, of which the type is not
 * known yet.
 * @dev: netdev
 */
void vsw_vport_setup(struct net_device *dev)
{
	vsw_netdev_setup_any(dev);
	dev->tx_queue_len = TUN_READQ_SIZE;
}

/**
 * vsw_vport_register() - Make a new netdev a port.
 * @dev: netdev of kind "vport", not registered yet
 * @sw: switch
 * @cfg: settings, as of vsw_port_attach(), but for the type
 * @vcfg: settings of the vport
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0 or a negative errno; then it is as before, or being unregistered, and
 * the caller calls free_netdev() in either case.
 */
int vsw_vport_register(struct net_device *dev, struct vsw_switch *sw,
		       struct vsw_port_cfg *cfg,
		       const struct vsw_vport_cfg *vcfg,
		       struct netlink_ext_ack *extack)
{
	struct vsw_vport *vp = netdev_priv(dev);
	struct vsw_port *port;
	int err;

	vp->dev = dev;
	vp->type = vcfg->type;
	if (vp->type == VSWITCH_PORT_TYPE_TAP)
		vsw_tap_setup(vp, vcfg);
	else
		vsw_internal_setup(dev);

	err = register_netdevice(dev);
	if (err) {
		NL_SET_ERR_MSG_WEAK(extack, "the device cannot be registered");
		return err;
	}
	/* Now it has its name, which may have been asked for as "in%d". */
	strscpy(vp->name, dev->name, sizeof(vp->name));
	cfg->type = vp->type;
	port = vsw_port_attach(sw, dev, cfg, extack);
	if (!IS_ERR(port))
		return 0;
	unregister_netdevice(dev);
	return PTR_ERR(port);
}

/**
 * vsw_vport_dellink() - Delete a vport.
 * @dev: its netdev
 * @head: list for unregister_netdevice_queue()
 *
 * Context: RTNL.
 */
void vsw_vport_dellink(struct net_device *dev, struct list_head *head)
{
	struct vsw_vport *vp = netdev_priv(dev);
	struct vsw_port *port = rtnl_dereference(vp->port);

	/* With its namespace, it is deleted once more with its switch. */
	if (port) {
		vsw_port_detach(port);
		if (vp->type == VSWITCH_PORT_TYPE_TAP)
			vsw_tap_shut_down(vp);
	}
	unregister_netdevice_queue(dev, head);
}

/*
 * What is stacked on it, a VLAN device or macvlan, would take what the guest is
 * to get, and send as if it were the guest.
 */
static int vsw_tap_check_upper(struct netdev_notifier_info *info)
{
	const struct netdev_notifier_changeupper_info *change;

	change = container_of(info, struct netdev_notifier_changeupper_info, info);
	if (!change->linking || vsw_dev_is_switch(change->upper_dev))
		return 0;
	NL_SET_ERR_MSG(netdev_notifier_info_to_extack(info),
		       "the device is a guest's: nothing can be stacked on it");
	return -EOPNOTSUPP;
}

static int vsw_tap_event(struct vsw_vport *vp, unsigned long event,
			 struct netdev_notifier_info *info)
{
	switch (event) {
	case NETDEV_REGISTER:
		return vsw_tap_node_add(vp);
	case NETDEV_UNREGISTER:
		vsw_tap_node_del(vp);
		break;
	case NETDEV_PRECHANGEUPPER:
		return vsw_tap_check_upper(info);
	case NETDEV_CHANGE_TX_QUEUE_LEN:
		return tap_queue_resize(&vp->tap);
	}
	return 0;
}

/**
 * vsw_vport_event() - Something happens to the netdev of a vport.
 * @dev: its netdev
 * @event: NETDEV_*
 * @info: what the core says of it
 *
 * Context: RTNL.
 * Return: NOTIFY_DONE, or why it must not happen.
 */
int vsw_vport_event(struct net_device *dev, unsigned long event,
		    struct netdev_notifier_info *info)
{
	struct vsw_vport *vp = netdev_priv(dev);

	if (vp->type == VSWITCH_PORT_TYPE_TAP)
		return notifier_from_errno(vsw_tap_event(vp, event, info));
	return notifier_from_errno(vsw_internal_event(vp, event, info));
}
