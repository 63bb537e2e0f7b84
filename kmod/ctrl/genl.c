// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family, and what its handlers share.
 *
 * The family has parallel_ops, so that no handler waits for another family.
 * Each takes RTNL itself, looks up, checks and acts under it, and answers.
 */
#include <linux/module.h>
#include "genl.h"
#include "vswitch_nl.h"
#include "../table/port.h"

/* The generated array of the same content cannot be reached from here. */
static const struct genl_multicast_group vsw_genl_mcgrps[] = {
	[VSWITCH_NLGRP_SWITCH] = { .name = VSWITCH_MCGRP_SWITCH },
	[VSWITCH_NLGRP_PORT] = { .name = VSWITCH_MCGRP_PORT },
	[VSWITCH_NLGRP_FDB] = { .name = VSWITCH_MCGRP_FDB },
	[VSWITCH_NLGRP_MDB] = { .name = VSWITCH_MCGRP_MDB },
};

/*
 * The parser takes the last one, and the sender may have meant the first.  Multi is the
 * attribute that may be given many times, or -1.
 */
static int vsw_genl_check_once(const struct nlattr *head, int len, int multi,
			       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	u64 seen = 0;
	int rem, type;

	BUILD_BUG_ON(VSWITCH_A_SWITCH_MAX >= 64 || VSWITCH_A_PORT_MAX >= 64 ||
		     VSWITCH_A_FDB_MAX >= 64 || VSWITCH_A_VLAN_MAX >= 64);

	nla_for_each_attr(attr, head, len, rem) {
		type = nla_type(attr);
		if (type == multi || type >= 64)
			continue;
		if (seen & BIT_ULL(type)) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "the attribute is given twice");
			return -EINVAL;
		}
		seen |= BIT_ULL(type);
	}
	return 0;
}

/**
 * vsw_genl_parse_nest() - Take a nest apart, of which each attribute is given once.
 * @tb: where its attributes are written, @max + 1 of them
 * @max: highest type
 * @nest: nest
 * @policy: its policy; NULL, that of the request has it, and was applied to it
 * @extack: where a refusal is explained
 *
 * Without a policy this goes over a nest once, for those of which a request has
 * thousands.
 *
 * Return: 0 or -EINVAL, or as the policy says.
 */
int vsw_genl_parse_nest(struct nlattr **tb, int max, const struct nlattr *nest,
			const struct nla_policy *policy,
			struct netlink_ext_ack *extack)
{
	struct nlattr *attr;
	int rem, type, err;

	if (policy) {
		err = nla_parse_nested(tb, max, nest, policy, extack);
		if (err)
			return err;
	}
	memset(tb, 0, sizeof(*tb) * (max + 1));
	nla_for_each_nested(attr, nest, rem) {
		type = nla_type(attr);
		if (type > max)
			continue;
		if (tb[type]) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "the attribute is given twice");
			return -EINVAL;
		}
		tb[type] = attr;
	}
	return 0;
}

/* The attribute that a request may have many of, or -1. */
static int vsw_genl_multi(u8 cmd)
{
	/* VLANs and groups, which come last. */
	BUILD_BUG_ON((int)VSWITCH_A_MDB_ENTRY != (int)VSWITCH_A_VLAN_ENTRY);
	if (cmd >= VSWITCH_CMD_VLAN_SET)
		return VSWITCH_A_VLAN_ENTRY;
	return cmd >= VSWITCH_CMD_FDB_ADD ? VSWITCH_A_FDB_ENTRY : -1;
}

static int vsw_genl_check_msg_once(const struct nlmsghdr *nlh, u8 cmd,
				   struct netlink_ext_ack *extack)
{
	return vsw_genl_check_once(nlmsg_attrdata(nlh, GENL_HDRLEN),
				   nlmsg_attrlen(nlh, GENL_HDRLEN),
				   vsw_genl_multi(cmd), extack);
}

/**
 * vsw_genl_check_dump_once() - Refuse a dump that gives an attribute twice.
 * @cb: the dump
 *
 * Return: 0 or -EINVAL.
 */
int vsw_genl_check_dump_once(const struct netlink_callback *cb)
{
	const struct genlmsghdr *hdr = nlmsg_data(cb->nlh);

	return vsw_genl_check_msg_once(cb->nlh, hdr->cmd, cb->extack);
}

/**
 * vsw_genl_nth() - The n-th attribute of a kind in a request, and their number.
 * @info: the request
 * @type: number of the attribute
 * @n: which one, from 0
 * @num: where the number of them is written
 *
 * Return: the attribute, or NULL if there are not as many.
 */
struct nlattr *vsw_genl_nth(const struct genl_info *info, int type, u32 n, u32 *num)
{
	struct nlattr *found = NULL;
	struct nlattr *attr;
	int rem;

	*num = 0;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		if (nla_type(attr) == type && (*num)++ == n)
			found = attr;
	return found;
}

/**
 * vsw_genl_one() - The entry of a request that must have exactly one.
 * @info: the request
 * @type: number of the attribute that nests it
 *
 * Return: the attribute, or ERR_PTR(-EINVAL) if there is none or more.
 */
struct nlattr *vsw_genl_one(struct genl_info *info, int type)
{
	struct nlattr *attr;
	u32 num;

	attr = vsw_genl_nth(info, type, 0, &num);
	if (num == 1)
		return attr;
	NL_SET_ERR_MSG(info->extack, "exactly one entry must be given");
	if (num)
		NL_SET_BAD_ATTR(info->extack, attr);
	else
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, type);
	return ERR_PTR(-EINVAL);
}

/**
 * vsw_genl_answer() - Do what a request wants, and send its reply.
 * @info: the request
 * @get: writes the reply, with RTNL held
 *
 * The memory comes first, so that lack of it leaves everything as it was.
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_genl_answer(struct genl_info *info,
		    int (*get)(struct sk_buff *reply, struct genl_info *info))
{
	struct sk_buff *reply = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	int err;

	if (!reply)
		return -ENOMEM;

	rtnl_lock();
	err = get(reply, info);
	rtnl_unlock();
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	return genlmsg_reply(reply, info);
}

static int vsw_genl_pre_doit(const struct vsw_compat_genl_ops *ops,
			     struct sk_buff *skb, struct genl_info *info)
{
	return vsw_genl_check_msg_once(info->nlhdr, info->genlhdr->cmd,
				       info->extack);
}

struct genl_family vsw_genl_family __ro_after_init = {
	.name		= VSWITCH_FAMILY_NAME,
	.version	= VSWITCH_FAMILY_VERSION,
	.module		= THIS_MODULE,
	.netnsok	= true,
	.parallel_ops	= true,
	.ops		= vsw_nl_ops,
	.n_ops		= ARRAY_SIZE(vsw_nl_ops),
	.pre_doit	= vsw_genl_pre_doit,
	/* All of them: flags and fields that mean nothing are refused. */
	.resv_start_op	= VSWITCH_CMD_SWITCH_GET,
	.mcgrps		= vsw_genl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(vsw_genl_mcgrps),
};

/**
 * vsw_genl_init() - Register the family.
 *
 * Context: Process context, module init.
 * Return: 0 or a negative errno.
 */
int __init vsw_genl_init(void)
{
	return genl_register_family(&vsw_genl_family);
}

/**
 * vsw_genl_exit() - Unregister the family.
 *
 * Context: Process context.
 */
void vsw_genl_exit(void)
{
	genl_unregister_family(&vsw_genl_family);
}

/**
 * vsw_genl_dev() - Netdev that a message names.
 * @net: network namespace of the request
 * @attrs: attributes of the request
 * @index: attribute with its interface index
 * @name: attribute with its name
 * @extack: where a refusal is explained
 *
 * At least one of the two attributes is present; if both are, they agree.
 *
 * Context: RTNL.
 * Return: the netdev, or an ERR_PTR().
 */
struct net_device *vsw_genl_dev(struct net *net, struct nlattr **attrs,
				int index, int name,
				struct netlink_ext_ack *extack)
{
	struct nlattr *attr = attrs[index] ?: attrs[name];
	struct net_device *dev;

	ASSERT_RTNL();

	if (attrs[index])
		dev = __dev_get_by_index(net, nla_get_u32(attr));
	else
		dev = __dev_get_by_name(net, nla_data(attr));
	if (!dev) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "no such network device");
		return ERR_PTR(-ENODEV);
	}

	if (attrs[index] && attrs[name] &&
	    dev != __dev_get_by_name(net, nla_data(attrs[name]))) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[name],
				    "the name is not that of the interface index");
		return ERR_PTR(-EINVAL);
	}
	return dev;
}

/**
 * vsw_genl_switch() - Switch that a message names.
 * @net: network namespace of the request
 * @attrs: attributes of the request
 * @index: attribute with its interface index
 * @name: attribute with its name
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: the switch, or an ERR_PTR().
 */
struct vsw_switch *vsw_genl_switch(struct net *net, struct nlattr **attrs,
				   int index, int name,
				   struct netlink_ext_ack *extack)
{
	struct net_device *dev;

	if (!attrs[index] && !attrs[name]) {
		NL_SET_ERR_MSG(extack,
			       "a switch must be given, by interface index or name");
		NL_SET_ERR_ATTR_MISS(extack, NULL, index);
		return ERR_PTR(-EINVAL);
	}

	dev = vsw_genl_dev(net, attrs, index, name, extack);
	if (IS_ERR(dev))
		return ERR_CAST(dev);
	if (!vsw_dev_is_switch(dev)) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[index] ?: attrs[name],
				    "the device is not a vswitch");
		return ERR_PTR(-EINVAL);
	}
	return netdev_priv(dev);
}

/**
 * vsw_genl_port_of() - Port of a netdev.
 * @dev: netdev
 * @sw: switch it is looked for in, or NULL for any
 *
 * A switch is its own host port, and may be a port of another switch.  It is
 * meant as the latter unless it is looked for in itself.
 *
 * Context: RTNL.
 * Return: the port, which may be one of another switch, or NULL.
 */
struct vsw_port *vsw_genl_port_of(const struct net_device *dev,
				  const struct vsw_switch *sw)
{
	struct vsw_port *port = NULL;

	if (!sw || dev != sw->dev)
		port = vsw_port_get_rtnl(dev);
	if (port || !vsw_dev_is_switch(dev))
		return port;

	sw = netdev_priv(dev);
	return sw->host;
}

/* One that is here, or one that is away; of two, none is meant. */
static struct vsw_port *vsw_genl_port_by_name(struct net *net,
					      const struct vsw_switch *sw,
					      const struct nlattr *name,
					      struct netlink_ext_ack *extack)
{
	const struct net_device *dev = __dev_get_by_name(net, nla_data(name));
	struct vsw_port *here = dev ? vsw_genl_port_of(dev, sw) : NULL;
	struct vsw_port *port = NULL;
	unsigned int num;

	num = vsw_port_away(net, sw, nla_data(name), &port);
	/* Who has got the netdev of another namespace's switch is a guest. */
	if (here && net_eq(dev_net(here->sw->dev), net) &&
	    (!sw || here->sw == sw)) {
		port = here;
		num++;
	}
	if (num < 2)
		return port;
	if (port == here)
		NL_SET_ERR_MSG_ATTR(extack, name,
				    "more than one port has this name, which those in other network namespaces keep: rename the one that is here");
	else
		NL_SET_ERR_MSG_ATTR(extack, name,
				    "more than one port in other network namespaces has this name: rename one of them there");
	return ERR_PTR(-ENOTUNIQ);
}

/**
 * vsw_genl_port() - Port that a message names.
 * @net: network namespace of the request
 * @sw: switch whose port it must be, or NULL for any
 * @attrs: attributes of the request
 * @index: attribute with its interface index
 * @name: attribute with its name
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: the port, which may be a host port, or an ERR_PTR().
 */
struct vsw_port *vsw_genl_port(struct net *net, const struct vsw_switch *sw,
			       struct nlattr **attrs, int index, int name,
			       struct netlink_ext_ack *extack)
{
	struct vsw_port *port = NULL;
	struct net_device *dev;

	if (!attrs[index] && !attrs[name]) {
		NL_SET_ERR_MSG(extack,
			       "a port must be given, by interface index or name");
		NL_SET_ERR_ATTR_MISS(extack, NULL, index);
		return ERR_PTR(-EINVAL);
	}

	if (!attrs[index])
		port = vsw_genl_port_by_name(net, sw, attrs[name], extack);
	if (IS_ERR(port))
		return port;
	if (!port) {
		dev = vsw_genl_dev(net, attrs, index, name, extack);
		if (IS_ERR(dev))
			return ERR_CAST(dev);
		port = vsw_genl_port_of(dev, sw);
	}
	if (!port || !net_eq(dev_net(port->sw->dev), net)) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[index] ?: attrs[name],
				    "the device is not a port of a vswitch");
		return ERR_PTR(-ENOENT);
	}
	if (sw && port->sw != sw) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[index] ?: attrs[name],
				    "the port belongs to another switch");
		return ERR_PTR(-EINVAL);
	}
	return port;
}

/**
 * vsw_genl_reply_msg() - Header of the answer to a request.
 * @info: the request
 *
 * Return: the header.
 */
struct vsw_genl_msg vsw_genl_reply_msg(const struct genl_info *info)
{
	return (struct vsw_genl_msg) {
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = info->genlhdr->cmd,
	};
}

/**
 * vsw_genl_dump_msg() - Header of the messages of a dump.
 * @cb: the dump
 * @cmd: VSWITCH_CMD_*_GET
 *
 * Return: the header.
 */
struct vsw_genl_msg vsw_genl_dump_msg(struct netlink_callback *cb, u8 cmd)
{
	return (struct vsw_genl_msg) {
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.flags = NLM_F_MULTI,
		.cmd = cmd,
		.cb = cb,
	};
}

/**
 * vsw_genl_begin() - Begin a message.
 * @skb: where it is written
 * @msg: its header
 *
 * Return: what vsw_genl_end() and genlmsg_cancel() want, or NULL if it does not
 * fit.
 */
void *vsw_genl_begin(struct sk_buff *skb, const struct vsw_genl_msg *msg)
{
	return genlmsg_put(skb, msg->portid, msg->seq, &vsw_genl_family,
			   msg->flags, msg->cmd);
}

/**
 * vsw_genl_end() - End a message.
 * @skb: where it was written
 * @hdr: what vsw_genl_begin() returned
 * @msg: its header
 *
 * Consistency is checked here and not at the beginning: a message that is
 * cancelled would take the mark with it, and the dump would look consistent.
 */
void vsw_genl_end(struct sk_buff *skb, void *hdr,
		  const struct vsw_genl_msg *msg)
{
	if (msg->cb)
		genl_dump_check_consistent(msg->cb, hdr);
	genlmsg_end(skb, hdr);
}

/**
 * vsw_genl_dump_switch() - Switch at which a dump begins or goes on.
 * @vn: switches of the network namespace
 * @cur: place of the dump
 *
 * If the switch was deleted since, the dump ends; its sequence number has
 * changed, so user space is told that it is not consistent.
 *
 * Context: RTNL.
 * Return: the switch, or NULL at the end.
 */
struct vsw_switch *vsw_genl_dump_switch(const struct vsw_net *vn,
					const struct vsw_genl_cursor *cur)
{
	struct vsw_switch *sw;

	ASSERT_RTNL();

	if (cur->done)
		return NULL;
	list_for_each_entry(sw, &vn->switches, node)
		if (!cur->ifindex || sw->dev->ifindex == cur->ifindex)
			return sw;
	return NULL;
}

/**
 * vsw_genl_dump_next() - Go on to the next switch of a dump.
 * @vn: switches of the network namespace
 * @cur: place of the dump; set to the next switch
 * @sw: switch that was dumped
 *
 * Context: RTNL.
 * Return: the switch, or NULL at the end.
 */
struct vsw_switch *vsw_genl_dump_next(const struct vsw_net *vn,
				      struct vsw_genl_cursor *cur,
				      struct vsw_switch *sw)
{
	if (cur->only || list_is_last(&sw->node, &vn->switches)) {
		cur->done = true;
		return NULL;
	}
	sw = list_next_entry(sw, node);
	cur->ifindex = sw->dev->ifindex;
	return sw;
}
