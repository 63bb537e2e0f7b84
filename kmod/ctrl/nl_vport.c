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
#include "vswitch_nl.h"

#define VSW_VPORT_REJECT { .type = NLA_REJECT, \
	.reject_message = "this attribute of a vport cannot be set here" }

/* Those of VSWITCH_CMD_PORT_NEW without the names, which rtnetlink has itself. */
static const struct nla_policy vsw_vport_policy[VSWITCH_A_PORT_MAX + 1] = {
	[VSWITCH_A_PORT_PAD] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_IFINDEX] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_NAME] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_SWITCH_IFINDEX] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_SWITCH_NAME] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_NUMBER] = VSW_VPORT_REJECT,
	VSW_NL_PORT_SETTINGS,
	[VSWITCH_A_PORT_STATE] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_MTU] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_FDB_COUNT] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_STATS] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_TYPE] = NLA_POLICY_MAX(NLA_U32, VSWITCH_PORT_TYPE_INTERNAL),
	[VSWITCH_A_PORT_QUEUES] = NLA_POLICY_RANGE(NLA_U32, 1, VSWITCH_QUEUES_MAX),
	[VSWITCH_A_PORT_OWNER] = { .type = NLA_U32 },
	[VSWITCH_A_PORT_GROUP] = { .type = NLA_U32 },
	[VSWITCH_A_PORT_ADDRESS] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_NODE] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_GUEST] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_NETNS_ID] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_NETNS_DEVICE] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_VLAN_AWARE] = VSW_VPORT_REJECT,
	[VSWITCH_A_PORT_TRUNK_CHANGE] = VSW_VPORT_REJECT,
};

/**
 * vsw_nl_vport_check_tap() - Refuse what only a direct tap has.
 * @attrs: attributes for a port that is none
 * @extack: where a refusal is explained
 *
 * Return: 0 or -EINVAL.
 */
int vsw_nl_vport_check_tap(struct nlattr **attrs,
			   struct netlink_ext_ack *extack)
{
	static const int only[] = {
		VSWITCH_A_PORT_QUEUES, VSWITCH_A_PORT_OWNER,
		VSWITCH_A_PORT_GROUP,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(only); i++) {
		if (!attrs[only[i]])
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attrs[only[i]],
				    "only a port of type tap has this");
		return -EINVAL;
	}
	return 0;
}

/* What the attributes say of a direct tap; the ids are those of the namespace. */
static int vsw_nl_vport_cfg_tap(struct vsw_vport_cfg *cfg, struct net *net,
				struct nlattr **attrs,
				struct netlink_ext_ack *extack)
{
	struct nlattr *attr;

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
			       u32 type, struct nlattr **attrs,
			       struct netlink_ext_ack *extack)
{
	struct vsw_vport_cfg vcfg = { .type = type };
	struct vsw_port_cfg cfg;
	int err;

	if (type == VSWITCH_PORT_TYPE_TAP)
		err = vsw_nl_vport_cfg_tap(&vcfg, dev_net(dev), attrs, extack);
	else
		err = vsw_nl_vport_check_tap(attrs, extack);
	if (err)
		return err;
	err = vsw_nl_port_cfg(&cfg, attrs, extack);
	if (!err)
		err = vsw_vport_register(dev, sw, &cfg, &vcfg, extack);
	vsw_nl_port_cfg_free(&cfg);
	return err;
}

/* What is stacked on a switch is internal, what is enslaved to one a tap. */
static int vsw_vport_type(struct nlattr *tb[], struct nlattr *data[],
			  struct netlink_ext_ack *extack)
{
	u32 type = tb[IFLA_LINK] ? VSWITCH_PORT_TYPE_INTERNAL :
				   VSWITCH_PORT_TYPE_TAP;
	struct nlattr *attr = data[VSWITCH_A_PORT_TYPE];

	if (!tb[IFLA_LINK] && !tb[IFLA_MASTER]) {
		NL_SET_ERR_MSG(extack,
			       "a vport is made as a port of a switch: name it with master for a tap, with link for an internal port");
		return -EINVAL;
	}
	if (attr && nla_get_u32(attr) != type) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "with a master a vport is of type tap, with a link internal");
		return -EINVAL;
	}
	return type;
}

/* The switch; that of a tap rtnetlink makes its master afterwards: it is then. */
static struct vsw_switch *vsw_vport_switch(struct net *net, struct nlattr *attr,
					   struct netlink_ext_ack *extack)
{
	struct net_device *dev = __dev_get_by_index(net, nla_get_u32(attr));

	if (dev && vsw_dev_is_switch(dev))
		return netdev_priv(dev);
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "a vport can be a port of a vswitch only");
	return ERR_PTR(-EINVAL);
}

static int vsw_vport_create(struct net *net, struct net_device *dev,
			    struct nlattr *tb[], struct nlattr *data[],
			    struct netlink_ext_ack *extack)
{
	struct nlattr *none[VSWITCH_A_PORT_MAX + 1] = {};
	struct vsw_switch *sw;
	int type;

	data = data ?: none;
	type = vsw_vport_type(tb, data, extack);
	if (type < 0)
		return type;
	if (type == VSWITCH_PORT_TYPE_INTERNAL)
		sw = vsw_vport_switch(net, tb[IFLA_LINK], extack);
	else
		sw = vsw_vport_switch(dev_net(dev), tb[IFLA_MASTER], extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	if (!tb[IFLA_ADDRESS])
		eth_hw_addr_random(dev);
	if (!tb[IFLA_MTU])
		dev->mtu = sw->dev->mtu;
	return vsw_nl_vport_create(dev, sw, type, data, extack);
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

	if (nla_put_u32(skb, VSWITCH_A_PORT_TYPE, vp->type))
		return -EMSGSIZE;
	if (vp->type != VSWITCH_PORT_TYPE_TAP)
		return 0;
	if (nla_put_u32(skb, VSWITCH_A_PORT_QUEUES, vp->queues) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_OWNER,
			from_kuid_munged(ns, vp->owner)) ||
	    (gid_valid(vp->group) &&
	     nla_put_u32(skb, VSWITCH_A_PORT_GROUP,
			 from_kgid_munged(ns, vp->group))) ||
	    vsw_tap_put_node(skb, vp))
		return -EMSGSIZE;
	return 0;
}

/* Rtnetlink shows the switch by the index that ndo_get_iflink() has. */
static struct net *vsw_vport_get_link_net(const struct net_device *dev)
{
	const struct vsw_vport *vp = netdev_priv(dev);
	const struct vsw_port *port;
	struct net *net;

	rcu_read_lock();
	port = rcu_dereference(vp->port);
	net = dev_net(port ? port->sw->dev : dev);
	rcu_read_unlock();
	return net;
}

/* Where a netdev is that has gone to another namespace. */
static int vsw_nl_vport_put_netns(struct sk_buff *skb,
				  const struct vsw_port *port)
{
	int id;

	if (!vsw_port_is_away(port))
		return 0;
	id = peernet2id_alloc(dev_net(port->sw->dev), dev_net(port->dev),
			      GFP_KERNEL);
	if ((id >= 0 && nla_put_u32(skb, VSWITCH_A_PORT_NETNS_ID, id)) ||
	    nla_put_string(skb, VSWITCH_A_PORT_NETNS_DEVICE, port->dev->name))
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
	    nla_put(skb, VSWITCH_A_PORT_ADDRESS, ETH_ALEN, port->dev->dev_addr))
		return -EMSGSIZE;
	return port->type == VSWITCH_PORT_TYPE_TAP ?
	       vsw_tap_put_guest(skb, netdev_priv(port->dev)) :
	       vsw_nl_vport_put_netns(skb, port);
}

/**
 * vsw_nl_tun_put() - Put what is known of a tun tap's guest into a message.
 * @skb: message
 * @dev: netdev of an attached port
 *
 * Its offloads are features of the netdev, and it has a queue in use for each of
 * the guest's while there is a carrier.  The rest is tun's own.
 *
 * Context: RTNL.
 * Return: 0, or -EMSGSIZE; then the caller cancels the message.
 */
int vsw_nl_tun_put(struct sk_buff *skb, const struct net_device *dev)
{
	u32 active = netif_carrier_ok(dev) ? dev->real_num_tx_queues : 0;
	struct nlattr *nest;

	if (!dev->rtnl_link_ops || strcmp(dev->rtnl_link_ops->kind, "tun"))
		return 0;
	nest = nla_nest_start(skb, VSWITCH_A_PORT_GUEST);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, VSWITCH_A_GUEST_ACTIVE, active) ||
	    vsw_tap_put_offloads(skb, dev->features) ||
	    nla_put_u32(skb, VSWITCH_A_GUEST_RING_SIZE,
			active * dev->tx_queue_len))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
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

/*
 * A tap is ready for use: who asks over this family wants a port and not a
 * netdev.  A stack is not let into the network before it was told how to behave
 * there.
 */
static int vsw_nl_vport_up(struct net_device *dev, u32 type,
			   struct netlink_ext_ack *extack)
{
	int err;

	err = rtnl_configure_link(dev, NULL, 0, NULL);
	if (err || type != VSWITCH_PORT_TYPE_TAP)
		return err;
	return dev_open(dev, extack);
}

/**
 * vsw_nl_vport_new() - Make a vport, as VSWITCH_CMD_PORT_NEW asks.
 * @net: network namespace
 * @sw: switch
 * @attrs: attributes of the request, checked by policy; the type among them
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: the port or ERR_PTR.
 */
struct vsw_port *vsw_nl_vport_new(struct net *net, struct vsw_switch *sw,
				  struct nlattr **attrs,
				  struct netlink_ext_ack *extack)
{
	u32 type = nla_get_u32(attrs[VSWITCH_A_PORT_TYPE]);
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

	err = vsw_nl_vport_create(dev, sw, type, attrs, extack);
	if (err) {
		free_netdev(dev);
		return ERR_PTR(err);
	}
	err = vsw_nl_vport_up(dev, type, extack);
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
	.get_link_net	= vsw_vport_get_link_net,
};
