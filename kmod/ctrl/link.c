// SPDX-License-Identifier: GPL-2.0
/*
 * The rtnetlink kind "vswitch": "ip link add", "set", "del" and "show" for
 * switches, and the kind "vswitch_slave" for the settings of their ports.
 *
 * All callbacks run under RTNL.
 */
#include <linux/etherdevice.h>
#include <net/rtnetlink.h>
#include "genl.h"
#include "netdev.h"
#include "vswitch_nl.h"
#include "../table/port.h"

#define VSW_LINK_REJECT { .type = NLA_REJECT, \
	.reject_message = "this attribute of a switch cannot be set here" }
#define VSW_LINK_SLAVE_REJECT { .type = NLA_REJECT, \
	.reject_message = "this attribute of a port cannot be set here" }

static const struct netlink_range_validation vsw_link_ageing_range = {
	.max = VSWITCH_AGEING_MAX,
};

static const struct netlink_range_validation vsw_link_fdb_limit_range = {
	.min = 1,
	.max = VSWITCH_FDB_LIMIT_MAX,
};

static const struct nla_policy vsw_link_policy[VSWITCH_A_SWITCH_MAX + 1] = {
	[VSWITCH_A_SWITCH_IFINDEX] = VSW_LINK_REJECT,
	[VSWITCH_A_SWITCH_NAME] = VSW_LINK_REJECT,
	[VSWITCH_A_SWITCH_ADDRESS] = VSW_LINK_REJECT,
	[VSWITCH_A_SWITCH_MTU] = VSW_LINK_REJECT,
	[VSWITCH_A_SWITCH_AGEING] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_link_ageing_range),
	[VSWITCH_A_SWITCH_FDB_LIMIT] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_link_fdb_limit_range),
	[VSWITCH_A_SWITCH_FDB_COUNT] = VSW_LINK_REJECT,
	[VSWITCH_A_SWITCH_FDB_STATIC] = VSW_LINK_REJECT,
	[VSWITCH_A_SWITCH_FDB_MEMORY] = VSW_LINK_REJECT,
	[VSWITCH_A_SWITCH_PORT_LIMIT] =
		NLA_POLICY_RANGE(NLA_U32, 1, VSWITCH_PORT_LIMIT_MAX),
	[VSWITCH_A_SWITCH_PORT_COUNT] = VSW_LINK_REJECT,
	[VSWITCH_A_SWITCH_STATS] = VSW_LINK_REJECT,
	[VSWITCH_A_SWITCH_VLAN_AWARE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_MOVE_LIMIT] =
		NLA_POLICY_MAX(NLA_U32, VSWITCH_MOVE_LIMIT_MAX),
	[VSWITCH_A_SWITCH_MOVE_WINDOW] =
		NLA_POLICY_RANGE(NLA_U32, 1, VSWITCH_MOVE_TIME_MAX),
	[VSWITCH_A_SWITCH_MOVE_HOLD] =
		NLA_POLICY_RANGE(NLA_U32, 1, VSWITCH_MOVE_TIME_MAX),
	[VSWITCH_A_SWITCH_QUARANTINE_TIME] =
		NLA_POLICY_MAX(NLA_U32, VSWITCH_QUARANTINE_TIME_MAX),
	[VSWITCH_A_SWITCH_LOOP_INTERVAL] =
		NLA_POLICY_RANGE(NLA_U32, 1, VSWITCH_LOOP_INTERVAL_MAX),
	[VSWITCH_A_SWITCH_MCAST_SNOOPING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_MCAST_QUERIER] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_MCAST_QUERY_INTERVAL] =
		NLA_POLICY_RANGE(NLA_U32, 10, VSWITCH_MCAST_INTERVAL_MAX),
	[VSWITCH_A_SWITCH_VLAN_STATS] = NLA_POLICY_MAX(NLA_U8, 1),
};

static const struct nla_policy vsw_link_slave_policy[VSWITCH_A_PORT_MAX + 1] = {
	[VSWITCH_A_PORT_PAD] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_IFINDEX] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_NAME] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_SWITCH_IFINDEX] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_SWITCH_NAME] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_NUMBER] = VSW_LINK_SLAVE_REJECT,
	VSW_NL_PORT_SETTINGS,
	[VSWITCH_A_PORT_STATE] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_MTU] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_FDB_COUNT] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_STATS] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_TYPE] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_QUEUES] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_OWNER] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_GROUP] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_ADDRESS] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_NODE] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_GUEST] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_NETNS_ID] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_NETNS_DEVICE] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_VLAN_AWARE] = VSW_LINK_SLAVE_REJECT,
	[VSWITCH_A_PORT_TRUNK_CHANGE] =
		NLA_POLICY_NESTED(vsw_trunk_change_nl_policy),
};

/**
 * vsw_link_validate() - Check what rtnetlink does not of a new netdev of ours.
 * @tb: its attributes, IFLA_*
 * @data: those of its kind
 * @extack: where a refusal is explained
 *
 * Return: 0 or a negative errno.
 */
int vsw_link_validate(struct nlattr *tb[], struct nlattr *data[],
		      struct netlink_ext_ack *extack)
{
	struct nlattr *addr = tb[IFLA_ADDRESS];

	if (!addr)
		return 0;
	if (nla_len(addr) != ETH_ALEN) {
		NL_SET_ERR_MSG_ATTR(extack, addr,
				    "the address must have six bytes");
		return -EINVAL;
	}
	if (!is_valid_ether_addr(nla_data(addr))) {
		NL_SET_ERR_MSG_ATTR(extack, addr,
				    "the address must be unicast and not all zero");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

static int vsw_link_create(struct net *net, struct net_device *dev,
			   struct nlattr *tb[], struct nlattr *data[],
			   struct netlink_ext_ack *extack)
{
	struct vsw_switch *sw = netdev_priv(dev);
	int err;

	/* Marked as random, so that udev may put a persistent one in its place. */
	if (!tb[IFLA_ADDRESS])
		eth_hw_addr_random(dev);

	err = register_netdevice(dev);
	if (err) {
		NL_SET_ERR_MSG_WEAK(extack, "the device cannot be registered");
		return err;
	}
	/* Listeners were told of the new netdev, without these settings. */
	err = data ? vsw_nl_switch_act(sw, data, extack) : 0;
	if (err)
		unregister_netdevice(dev);
	return err;
}

VSW_COMPAT_NEWLINK(vsw_link_newlink, vsw_link_create)

static int vsw_link_changelink(struct net_device *dev, struct nlattr *tb[],
			       struct nlattr *data[],
			       struct netlink_ext_ack *extack)
{
	return data ? vsw_nl_switch_act(netdev_priv(dev), data, extack) : 0;
}

static size_t vsw_link_get_size(const struct net_device *dev)
{
	return nla_total_size(sizeof(u32)) +	/* VSWITCH_A_SWITCH_AGEING */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_SWITCH_FDB_LIMIT */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_SWITCH_FDB_COUNT */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_SWITCH_FDB_STATIC */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_SWITCH_PORT_LIMIT */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_SWITCH_PORT_COUNT */
	       nla_total_size(sizeof(u8)) +	/* VSWITCH_A_SWITCH_VLAN_AWARE */
	       nla_total_size(sizeof(u8)) +	/* VSWITCH_A_SWITCH_VLAN_STATS */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_SWITCH_MOVE_LIMIT */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_SWITCH_MOVE_WINDOW */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_SWITCH_MOVE_HOLD */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_SWITCH_QUARANTINE_TIME */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_SWITCH_LOOP_INTERVAL */
	       nla_total_size(sizeof(u8)) +	/* VSWITCH_A_SWITCH_MCAST_SNOOPING */
	       nla_total_size(sizeof(u8)) +	/* VSWITCH_A_SWITCH_MCAST_QUERIER */
	       nla_total_size(sizeof(u32));	/* ..._MCAST_QUERY_INTERVAL */
}

static int vsw_link_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	const struct vsw_switch *sw = netdev_priv(dev);
	const struct vsw_fdb *fdb = &sw->fdb;

	if (nla_put_u32(skb, VSWITCH_A_SWITCH_AGEING, vsw_fdb_ageing(fdb)) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_FDB_LIMIT, READ_ONCE(fdb->limit)) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_FDB_COUNT, READ_ONCE(fdb->count)) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_FDB_STATIC,
			READ_ONCE(fdb->count_static)) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_PORT_LIMIT, sw->port_limit) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_PORT_COUNT,
			vsw_switch_port_count(sw)) ||
	    nla_put_u8(skb, VSWITCH_A_SWITCH_VLAN_AWARE, vsw_switch_is_vlan_aware(sw)) ||
	    nla_put_u8(skb, VSWITCH_A_SWITCH_VLAN_STATS, sw->vlan_stats))
		return -EMSGSIZE;
	return vsw_nl_switch_put_move(skb, sw) ?:
	       vsw_nl_switch_put_mcast(skb, sw);
}

static int vsw_link_slave_changelink(struct net_device *dev,
				     struct net_device *slave_dev,
				     struct nlattr *tb[], struct nlattr *data[],
				     struct netlink_ext_ack *extack)
{
	struct vsw_port *port = vsw_port_get_rtnl(slave_dev);

	if (!port) {
		NL_SET_ERR_MSG(extack, "the device is not a port of a vswitch");
		return -ENOENT;
	}
	return data ? vsw_nl_port_act(port, data, extack) : 0;
}

static size_t vsw_link_get_slave_size(const struct net_device *dev,
				      const struct net_device *slave_dev)
{
	return vsw_nl_vlan_size() + vsw_nl_guard_size() + vsw_nl_mcast_size() +
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_PORT_NUMBER */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_PORT_ROLE */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_PORT_STATE */
	       nla_total_size(sizeof(u8)) +	/* VSWITCH_A_PORT_LEARNING */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_PORT_MAC_LIMIT */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_PORT_FDB_COUNT */
	       nla_total_size(sizeof(u16)) +	/* VSWITCH_A_PORT_GROUP_FORWARD */
	       nla_total_size(sizeof(u16)) +	/* VSWITCH_A_PORT_GROUP_HOST */
	       nla_total_size(sizeof(u8)) +	/* VSWITCH_A_PORT_FLOOD */
	       nla_total_size(sizeof(u8)) +	/* VSWITCH_A_PORT_HAIRPIN */
	       nla_total_size(sizeof(u8)) +	/* VSWITCH_A_PORT_ISOLATED */
	       nla_total_size(sizeof(u16)) +	/* VSWITCH_A_PORT_COMMUNITY */
	       nla_total_size(sizeof(u8)) +	/* VSWITCH_A_PORT_LOCKED */
	       nla_total_size(sizeof(u8));	/* VSWITCH_A_PORT_STICKY */
}

static int vsw_link_fill_slave_info(struct sk_buff *skb,
				    const struct net_device *dev,
				    const struct net_device *slave_dev)
{
	const struct vsw_port *port = vsw_port_get_rtnl(slave_dev);

	/* While it comes or goes it is linked to the switch, but no port. */
	if (!port)
		return 0;
	return vsw_nl_port_put_info(skb, port);
}

struct rtnl_link_ops vsw_link_ops __read_mostly = {
	.kind			= "vswitch",
	.priv_size		= sizeof(struct vsw_switch),
	.setup			= vsw_netdev_setup,
	.maxtype		= VSWITCH_A_SWITCH_MAX,
	.policy			= vsw_link_policy,
	.validate		= vsw_link_validate,
	.newlink		= vsw_link_newlink,
	.changelink		= vsw_link_changelink,
	.dellink		= vsw_switch_dellink,
	.get_size		= vsw_link_get_size,
	.fill_info		= vsw_link_fill_info,
	.slave_maxtype		= VSWITCH_A_PORT_MAX,
	.slave_policy		= vsw_link_slave_policy,
	.slave_changelink	= vsw_link_slave_changelink,
	.get_slave_size		= vsw_link_get_slave_size,
	.fill_slave_info	= vsw_link_fill_slave_info,
};
