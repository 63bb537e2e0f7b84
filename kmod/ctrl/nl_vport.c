// SPDX-License-Identifier: GPL-2.0
/*
 * How vports are asked for, over rtnetlink ("ip link add ... type vport") and
 * with VSWITCH_CMD_PORT_NEW, and what is told of them.
 *
 * All functions run under RTNL.
 */
#include <linux/etherdevice.h>
#include <net/rtnetlink.h>
#include "../table/port.h"
#include "genl.h"
#include "netdev.h"
#include "tap.h"

#define VSW_VPORT_REJECT { .type = NLA_REJECT, \
	.reject_message = "this attribute of a vport cannot be set here" }

static const struct netlink_range_validation vsw_vport_mac_limit_range = {
	.max = VSWITCH_FDB_LIMIT_MAX,
};

/* Those of VSWITCH_CMD_PORT_NEW without the names, which rtnetlink has itself. */
static const struct nla_policy vsw_vport_policy[VSWITCH_A_PORT_MAX + 1] = {
	[VSWITCH_A_PORT_PAD] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_IFINDEX] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_NAME] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_SWITCH_IFINDEX] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_SWITCH_NAME] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_NUMBER] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_ROLE] = NLA_POLICY_MAX(NLA_U32, VSWITCH_ROLE_UPLINK),
	[VSWITCH_A_PORT_STATE] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_MTU] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_LEARNING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_MAC_LIMIT] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_vport_mac_limit_range),
	[VSWITCH_A_PORT_FDB_COUNT] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_GROUP_FORWARD] = { .type = NLA_U16 },
	[VSWITCH_A_PORT_GROUP_HOST] = { .type = NLA_U16 },
	[VSWITCH_A_PORT_STATS] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_TYPE] = NLA_POLICY_MAX(NLA_U32, VSWITCH_PORT_TYPE_TAP),
	[VSWITCH_A_PORT_QUEUES] = NLA_POLICY_RANGE(NLA_U32, 1, VSWITCH_QUEUES_MAX),
	[VSWITCH_A_PORT_OWNER] = { .type = NLA_U32 },
	[VSWITCH_A_PORT_GROUP] = { .type = NLA_U32 },
	[VSWITCH_A_PORT_ADDRESS] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_NODE] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_GUEST] = VSW_VPORT_REJECT,
};

/* What the attributes say of the vport; the ids are those of the namespace. */
static int vsw_nl_vport_cfg(struct vsw_vport_cfg *cfg, struct net *net,
			    struct nlattr **attrs,
			    struct netlink_ext_ack *extack)
{
	struct nlattr *type = attrs[VSWITCH_A_PORT_TYPE];
	struct nlattr *attr;

	if (type && nla_get_u32(type) != VSWITCH_PORT_TYPE_TAP) {
		NL_SET_ERR_MSG_ATTR(extack, type, "a vport cannot be of this type");
		return -EINVAL;
	}
	cfg->queues = 1;
	if (attrs[VSWITCH_A_PORT_QUEUES])
		cfg->queues = nla_get_u32(attrs[VSWITCH_A_PORT_QUEUES]);

	attr = attrs[VSWITCH_A_PORT_OWNER];
	cfg->owner = make_kuid(net->user_ns, attr ? nla_get_u32(attr) : 0);
	if (!uid_valid(cfg->owner)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the owner is no user of this user namespace");
		return -EINVAL;
	}
	attr = attrs[VSWITCH_A_PORT_GROUP];
	cfg->group = attr ? make_kgid(net->user_ns, nla_get_u32(attr)) :
			    INVALID_GID;
	if (attr && !gid_valid(cfg->group)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the group is none of this user namespace");
		return -EINVAL;
	}
	return 0;
}

static int vsw_nl_vport_create(struct net_device *dev, struct vsw_switch *sw,
			       struct nlattr **attrs,
			       struct netlink_ext_ack *extack)
{
	struct vsw_vport_cfg vcfg;
	struct vsw_port_cfg cfg;
	int err;

	err = vsw_nl_vport_cfg(&vcfg, dev_net(dev), attrs, extack);
	if (err)
		return err;
	vsw_nl_port_cfg(&cfg, attrs);
	return vsw_vport_register(dev, sw, &cfg, &vcfg, extack);
}

/* The switch that rtnetlink will make its master afterwards: it is by then. */
static struct vsw_switch *vsw_vport_master(struct net *net, struct nlattr *tb[],
					   struct netlink_ext_ack *extack)
{
	struct net_device *master;

	if (!tb[IFLA_MASTER]) {
		NL_SET_ERR_MSG(extack,
			       "a vport is made as a port of a switch: name it with master");
		return ERR_PTR(-EINVAL);
	}
	master = __dev_get_by_index(net, nla_get_u32(tb[IFLA_MASTER]));
	if (!master || !vsw_dev_is_switch(master)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[IFLA_MASTER],
				    "the master of a vport must be a vswitch");
		return ERR_PTR(-EINVAL);
	}
	return netdev_priv(master);
}

static int vsw_vport_create(struct net_device *dev, struct nlattr *tb[],
			    struct nlattr *data[],
			    struct netlink_ext_ack *extack)
{
	struct nlattr *none[VSWITCH_A_PORT_MAX + 1] = {};
	struct vsw_switch *sw;

	sw = vsw_vport_master(dev_net(dev), tb, extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	if (!tb[IFLA_ADDRESS])
		eth_hw_addr_random(dev);
	if (!tb[IFLA_MTU])
		dev->mtu = sw->dev->mtu;
	return vsw_nl_vport_create(dev, sw, data ?: none, extack);
}

VSW_COMPAT_NEWLINK(vsw_vport_newlink, vsw_vport_create)

static size_t vsw_vport_get_size(const struct net_device *dev)
{
	return nla_total_size(sizeof(u32)) +	/* VSWITCH_A_PORT_TYPE */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_PORT_QUEUES */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_PORT_OWNER */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_PORT_GROUP */
	       nla_total_size(VSWITCH_NODE_MAX + 1);	/* VSWITCH_A_PORT_NODE */
}

static int vsw_vport_fill_info(struct sk_buff *skb,
			       const struct net_device *dev)
{
	const struct vsw_vport *vp = netdev_priv(dev);
	struct user_namespace *ns = dev_net(dev)->user_ns;

	if (nla_put_u32(skb, VSWITCH_A_PORT_TYPE, VSWITCH_PORT_TYPE_TAP) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_QUEUES, vp->queues) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_OWNER,
			from_kuid_munged(ns, vp->owner)) ||
	    (gid_valid(vp->group) &&
	     nla_put_u32(skb, VSWITCH_A_PORT_GROUP,
			 from_kgid_munged(ns, vp->group))) ||
	    vsw_tap_put_node(skb, vp))
		return -EMSGSIZE;
	return 0;
}

/**
 * vsw_nl_vport_put() - Put what is particular to a vport into a message.
 * @skb: message
 * @port: its port
 *
 * Context: RTNL.
 * Return: 0, or -EMSGSIZE; then the caller cancels the message.
 */
int vsw_nl_vport_put(struct sk_buff *skb, const struct vsw_port *port)
{
	if (vsw_vport_fill_info(skb, port->dev) ||
	    nla_put(skb, VSWITCH_A_PORT_ADDRESS, ETH_ALEN, port->dev->dev_addr) ||
	    vsw_tap_put_guest(skb, netdev_priv(port->dev)))
		return -EMSGSIZE;
	return 0;
}

static int vsw_nl_vport_check_name(struct net *net, struct nlattr **attrs,
				   struct netlink_ext_ack *extack)
{
	struct nlattr *name = attrs[VSWITCH_A_PORT_NAME];

	if (attrs[VSWITCH_A_PORT_IFINDEX]) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[VSWITCH_A_PORT_IFINDEX],
				    "a device that is made gets its index then");
		return -EINVAL;
	}
	if (!name) {
		NL_SET_ERR_MSG(extack, "the device must be given a name");
		NL_SET_ERR_ATTR_MISS(extack, NULL, VSWITCH_A_PORT_NAME);
		return -EINVAL;
	}
	if (!dev_valid_name(nla_data(name)) || strchr(nla_data(name), '%')) {
		NL_SET_ERR_MSG_ATTR(extack, name, "no device can have this name");
		return -EINVAL;
	}
	if (__dev_get_by_name(net, nla_data(name))) {
		NL_SET_ERR_MSG_ATTR(extack, name,
				    "there is a device of this name already");
		return -EEXIST;
	}
	return 0;
}

static int vsw_nl_vport_check_address(struct nlattr *addr,
				      struct netlink_ext_ack *extack)
{
	if (!addr || is_valid_ether_addr(nla_data(addr)))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, addr,
			    "the address must be unicast and not all zero");
	return -EADDRNOTAVAIL;
}

/* Ready for use: who asks over this family wants a port and not a netdev. */
static int vsw_nl_vport_up(struct net_device *dev,
			   struct netlink_ext_ack *extack)
{
	int err;

	err = rtnl_configure_link(dev, NULL, 0, NULL);
	return err ?: dev_open(dev, extack);
}

/**
 * vsw_nl_vport_new() - Make a vport, as VSWITCH_CMD_PORT_NEW asks.
 * @net: network namespace
 * @sw: switch
 * @attrs: attributes of the request, checked by policy
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: the port or ERR_PTR.
 */
struct vsw_port *vsw_nl_vport_new(struct net *net, struct vsw_switch *sw,
				  struct nlattr **attrs,
				  struct netlink_ext_ack *extack)
{
	struct nlattr *addr = attrs[VSWITCH_A_PORT_ADDRESS];
	struct nlattr *tb[IFLA_MAX + 1] = {};
	struct net_device *dev;
	int err;

	err = vsw_nl_vport_check_name(net, attrs, extack) ?:
	      vsw_nl_vport_check_address(addr, extack);
	if (err)
		return ERR_PTR(err);
	dev = rtnl_create_link(net, nla_data(attrs[VSWITCH_A_PORT_NAME]),
			       NET_NAME_USER, &vsw_vport_link_ops, tb, extack);
	if (IS_ERR(dev)) {
		NL_SET_ERR_MSG_WEAK(extack, "out of memory");
		return ERR_CAST(dev);
	}
	if (addr)
		eth_hw_addr_set(dev, nla_data(addr));
	else
		eth_hw_addr_random(dev);
	dev->mtu = sw->dev->mtu;

	err = vsw_nl_vport_create(dev, sw, attrs, extack);
	if (err) {
		free_netdev(dev);
		return ERR_PTR(err);
	}
	err = vsw_nl_vport_up(dev, extack);
	if (err) {
		vsw_vport_dellink(dev, NULL);
		return ERR_PTR(err);
	}
	return vsw_port_get_rtnl(dev);
}

struct rtnl_link_ops vsw_vport_link_ops __read_mostly = {
	.kind		= "vport",
	.priv_size	= sizeof(struct vsw_vport),
	.setup		= vsw_vport_setup,
	.maxtype	= VSWITCH_A_PORT_MAX,
	.policy		= vsw_vport_policy,
	.validate	= vsw_link_validate,
	.newlink	= vsw_vport_newlink,
	.dellink	= vsw_vport_dellink,
	.get_size	= vsw_vport_get_size,
	.fill_info	= vsw_vport_fill_info,
};
