/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ports of a switch: look-up for the path, and coming and going.
 */
#ifndef _VSW_TABLE_PORT_H
#define _VSW_TABLE_PORT_H

#include "../vsw.h"
#include "vlan.h"

struct netlink_ext_ack;

/* The ways in; path/ has the rest. */
rx_handler_result_t vsw_rx_handler(struct sk_buff **pskb);
netdev_tx_t vsw_host_xmit(struct sk_buff *skb, struct net_device *dev);

/* Fast path */

/**
 * vsw_port_by_number_rcu() - Port of a number.
 * @set: ports of the switch
 * @number: port number
 *
 * Return: the port, or NULL if there is none (any more).
 */
static inline struct vsw_port *
vsw_port_by_number_rcu(const struct vsw_port_set *set, u16 number)
{
	return likely(number < set->size) ? READ_ONCE(set->slot[number]) : NULL;
}

/**
 * vsw_port_is_away() - Whether the netdev of a port is in another namespace.
 * @port: port
 *
 * Return: true if it is not in the network namespace of the switch.
 */
static inline bool vsw_port_is_away(const struct vsw_port *port)
{
	return !net_eq(dev_net(port->dev), dev_net(port->sw->dev));
}

/* Control path */

/**
 * struct vsw_port_cfg - Settings wanted for a port.
 * @set: which of @to are given, a mask of BIT_ULL(VSWITCH_A_PORT_*); that of
 *	 VSWITCH_A_PORT_VLAN_MODE stands for all of @vlan
 * @guard: which of @to.guard are given, a mask of BIT(VSWITCH_A_GUARD_*); if any,
 *	   VSWITCH_A_PORT_GUARD is in @set
 * @mcast: the same of @to.mcast, BIT(VSWITCH_A_MCAST_*) and VSWITCH_A_PORT_MCAST
 * @to: their values
 * @quarantine: value of VSWITCH_A_GUARD_QUARANTINE, which is no setting
 * @vlan: its VLANs
 * @mtu: VSWITCH_A_PORT_MTU, or NULL; not a setting of the switch's, but one that goes
 *	 with the others
 * @isolated: value of VSWITCH_A_PORT_ISOLATED, which @to has as a community
 * @type: as of struct vsw_port; always given
 */
struct vsw_port_cfg {
	u64 set;
	u32 guard;
	u32 mcast;
	struct vsw_settings to;
	bool quarantine;
	struct vsw_vlan_cfg vlan;
	const struct nlattr *mtu;
	bool isolated;
	u32 type;
};

struct vsw_port *vsw_port_get_rtnl(const struct net_device *dev);
struct vsw_port *vsw_port_attach(struct vsw_switch *sw, struct net_device *dev,
				 const struct vsw_port_cfg *cfg,
				 struct netlink_ext_ack *extack);
void vsw_port_detach(struct vsw_port *port);
void vsw_port_detach_all(struct vsw_switch *sw, struct list_head *head);
int vsw_port_set(struct vsw_port *port, const struct vsw_port_cfg *cfg,
		 struct netlink_ext_ack *extack);
int vsw_port_set_init(struct vsw_switch *sw);
void vsw_port_set_exit(struct vsw_switch *sw);
bool vsw_port_is_up(const struct vsw_port *port);
const char *vsw_port_name(const struct vsw_port *port);
unsigned int vsw_port_away(struct net *net, const struct vsw_switch *sw,
			   const char *name, struct vsw_port **found);

/* port_hook.c, for port.c */
int vsw_port_check(struct vsw_switch *sw, struct net_device *dev, u32 type,
		   struct netlink_ext_ack *extack);
int vsw_port_hook(struct vsw_port *port, struct netlink_ext_ack *extack);
void vsw_port_unhook(struct vsw_port *port);

#endif /* _VSW_TABLE_PORT_H */
