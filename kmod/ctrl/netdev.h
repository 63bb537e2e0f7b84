/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The switch as a netdev, and what its ports' netdevs ask of it.
 */
#ifndef _VSW_CTRL_NETDEV_H
#define _VSW_CTRL_NETDEV_H

#include "../vsw.h"

struct netlink_ext_ack;
struct vsw_stats;

/**
 * struct vsw_switch_cfg - Settings wanted for a switch.
 * @set: which of the others are given, a mask of BIT(VSWITCH_A_SWITCH_*)
 * @ageing: ageing time in seconds, 0 for never
 * @fdb_limit: largest number of FDB entries
 * @port_limit: largest number of ports
 * @vlan_aware: whether frames are switched in the VLANs of their ports
 * @mtu: VSWITCH_A_SWITCH_MTU, or NULL
 * @vlan_stats: whether frames are counted by VLAN
 * @move_limit: how often an address may move within @move_window, 0 for any number
 * @move_window: seconds
 * @move_hold: seconds that an address is held which moves more often
 * @quarantine_time: seconds that a port is in quarantine the first time
 * @loop_interval: seconds between two probes
 * @mcast_snooping: whether frames to multicast groups go to members alone
 * @mcast_querier: whether the switch asks for members itself
 * @mcast_query_interval: seconds from one of its questions to the next
 */
struct vsw_switch_cfg {
	u32 set;
	u32 ageing;
	u32 fdb_limit;
	u32 port_limit;
	bool vlan_aware;
	bool vlan_stats;
	const struct nlattr *mtu;
	u32 move_limit;
	u32 move_window;
	u32 move_hold;
	u32 quarantine_time;
	u32 loop_interval;
	bool mcast_snooping;
	bool mcast_querier;
	u32 mcast_query_interval;
};

void vsw_netdev_stats64(struct rtnl_link_stats64 *s, const struct vsw_stats *sum);
void vsw_netdev_stack_stats64(struct rtnl_link_stats64 *s,
			      const struct vsw_stats *sum);
void vsw_netdev_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info);
void vsw_netdev_setup_any(struct net_device *dev);
void vsw_netdev_setup(struct net_device *dev);
int vsw_switch_set(struct vsw_switch *sw, const struct vsw_switch_cfg *cfg,
		   struct netlink_ext_ack *extack);
void vsw_switch_stats(const struct vsw_switch *sw, struct vsw_stats *sum);
u32 vsw_switch_port_count(const struct vsw_switch *sw);
void vsw_switch_dellink(struct net_device *dev, struct list_head *head);

extern struct notifier_block vsw_netdev_notifier;

/* ctrl/link.c */
int vsw_link_validate(struct nlattr *tb[], struct nlattr *data[],
		      struct netlink_ext_ack *extack);

/* ctrl/ndo_fdb.c: what "bridge fdb" does on the switch */
int vsw_ndo_fdb_add(struct ndmsg *ndm, struct nlattr *tb[],
		    struct net_device *dev, const unsigned char *addr, u16 vid,
		    u16 flags, struct netlink_ext_ack *extack);
int vsw_ndo_fdb_del(struct ndmsg *ndm, struct nlattr *tb[],
		    struct net_device *dev, const unsigned char *addr, u16 vid,
		    struct netlink_ext_ack *extack);
int vsw_ndo_fdb_dump(struct sk_buff *skb, struct netlink_callback *cb,
		     struct net_device *dev, struct net_device *filter_dev,
		     int *idx);

#endif /* _VSW_CTRL_NETDEV_H */
