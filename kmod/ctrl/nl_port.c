// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink: attaching, setting, detaching and getting ports.
 *
 * The port table tells listeners of ports that come and go, because they also
 * do so over rtnetlink; a change of settings is told of here.
 */
#include <linux/mm.h>
#include <net/sock.h>
#include "genl.h"
#include "notify.h"
#include "vswitch_nl.h"
#include "../stats.h"
#include "../table/port.h"
#include "../vport.h"

const struct netlink_range_validation vsw_nl_mac_limit_range = {
	.max = VSWITCH_FDB_LIMIT_MAX,
};

const struct netlink_range_validation vsw_nl_community_range = {
	.max = VSWITCH_COMMUNITY_MAX,
};

/**
 * struct vsw_nl_port_dump - State of a dump.
 * @cur: switch at which it goes on
 * @number: port number at which it goes on
 * @begun: the request was looked at
 */
struct vsw_nl_port_dump {
	struct vsw_genl_cursor cur;
	u32 number;
	bool begun;
};

static int vsw_nl_port_cfg_community(struct vsw_port_cfg *cfg,
				     struct nlattr **attrs,
				     struct netlink_ext_ack *extack)
{
	if (attrs[VSWITCH_A_PORT_ISOLATED]) {
		cfg->isolated = nla_get_u8(attrs[VSWITCH_A_PORT_ISOLATED]);
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_ISOLATED);
	}
	if (attrs[VSWITCH_A_PORT_COMMUNITY]) {
		cfg->to.community = nla_get_u16(attrs[VSWITCH_A_PORT_COMMUNITY]);
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_COMMUNITY);
	}
	if (!cfg->isolated || !cfg->to.community)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attrs[VSWITCH_A_PORT_COMMUNITY],
			    "a port is isolated or in a community, not both");
	return -EINVAL;
}

static int vsw_nl_port_settings(struct vsw_port_cfg *cfg, struct nlattr **attrs,
				struct netlink_ext_ack *extack)
{
	/* Where rtnetlink asks, it has an attribute for it itself. */
	cfg->mtu = attrs[VSWITCH_A_PORT_MTU];
	if (attrs[VSWITCH_A_PORT_ROLE]) {
		cfg->to.role = nla_get_u32(attrs[VSWITCH_A_PORT_ROLE]);
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_ROLE);
	}
	if (attrs[VSWITCH_A_PORT_LEARNING]) {
		cfg->to.learning = nla_get_u8(attrs[VSWITCH_A_PORT_LEARNING]);
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_LEARNING);
	}
	if (attrs[VSWITCH_A_PORT_MAC_LIMIT]) {
		cfg->to.mac_limit = nla_get_u32(attrs[VSWITCH_A_PORT_MAC_LIMIT]);
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_MAC_LIMIT);
	}
	if (attrs[VSWITCH_A_PORT_GROUP_FORWARD]) {
		cfg->to.group_forward =
			nla_get_u16(attrs[VSWITCH_A_PORT_GROUP_FORWARD]);
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_GROUP_FORWARD);
	}
	if (attrs[VSWITCH_A_PORT_GROUP_HOST]) {
		cfg->to.group_host = nla_get_u16(attrs[VSWITCH_A_PORT_GROUP_HOST]);
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_GROUP_HOST);
	}
	if (attrs[VSWITCH_A_PORT_FLOOD]) {
		cfg->to.flood = nla_get_u8(attrs[VSWITCH_A_PORT_FLOOD]);
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_FLOOD);
	}
	if (attrs[VSWITCH_A_PORT_HAIRPIN]) {
		cfg->to.hairpin = nla_get_u8(attrs[VSWITCH_A_PORT_HAIRPIN]);
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_HAIRPIN);
	}
	if (attrs[VSWITCH_A_PORT_LOCKED]) {
		cfg->to.locked = nla_get_u8(attrs[VSWITCH_A_PORT_LOCKED]);
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_LOCKED);
	}
	if (attrs[VSWITCH_A_PORT_STICKY]) {
		cfg->to.sticky = nla_get_u8(attrs[VSWITCH_A_PORT_STICKY]);
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_STICKY);
	}
	return vsw_nl_port_cfg_community(cfg, attrs, extack);
}

/**
 * vsw_nl_port_cfg() - Read the settings of a port out of a request.
 * @cfg: where they are written; of a port attached
 * @attrs: attributes, VSWITCH_A_PORT_*, checked by policy
 * @extack: where a refusal is explained
 *
 * Return: 0 or a negative errno; the caller calls vsw_nl_port_cfg_free() in either
 * case.
 */
int vsw_nl_port_cfg(struct vsw_port_cfg *cfg, struct nlattr **attrs,
		    struct netlink_ext_ack *extack)
{
	int ret;

	memset(cfg, 0, sizeof(*cfg));
	ret = vsw_nl_port_settings(cfg, attrs, extack) ?:
	      vsw_nl_guard_cfg(cfg, attrs[VSWITCH_A_PORT_GUARD], extack) ?:
	      vsw_nl_mcast_cfg(cfg, attrs[VSWITCH_A_PORT_MCAST], extack);
	if (ret)
		return ret;
	ret = vsw_nl_vlan_cfg(&cfg->vlan, attrs, extack);
	if (ret > 0)
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_VLAN_MODE);
	return min(ret, 0);
}

/**
 * vsw_nl_port_cfg_free() - Free what vsw_nl_port_cfg() has made.
 * @cfg: settings, which were copied to where they are wanted
 */
void vsw_nl_port_cfg_free(struct vsw_port_cfg *cfg)
{
	kvfree(cfg->vlan.vlans);
}

/* Its role and protection are fixed: all it has of a port are VLANs. */
static int vsw_nl_port_check_host(const struct vsw_port *port,
				  const struct vsw_port_cfg *cfg,
				  struct netlink_ext_ack *extack)
{
	if (port->number != VSW_HOST_PORT ||
	    !(cfg->set & ~BIT_ULL(VSWITCH_A_PORT_VLAN_MODE) || cfg->mtu))
		return 0;
	NL_SET_ERR_MSG(extack, "of the host port of a switch, only VLANs can be set");
	return -EINVAL;
}

/**
 * vsw_nl_port_act() - Change settings of a port, and tell of it.
 * @port: port
 * @attrs: settings, VSWITCH_A_PORT_*, checked by policy
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0 or a negative errno; then nothing has changed.
 */
int vsw_nl_port_act(struct vsw_port *port, struct nlattr **attrs,
		    struct netlink_ext_ack *extack)
{
	struct vsw_port_cfg cfg;
	int err;

	err = vsw_nl_port_cfg(&cfg, attrs, extack) ?:
	      vsw_nl_trunk_change(&cfg, port, attrs[VSWITCH_A_PORT_TRUNK_CHANGE],
				  extack) ?:
	      vsw_nl_port_check_host(port, &cfg, extack);
	if (!err && (cfg.set || cfg.mtu)) {
		err = vsw_port_set(port, &cfg, extack);
		if (!err)
			vsw_notify_port(port, VSWITCH_CMD_PORT_NTF);
	}
	vsw_nl_port_cfg_free(&cfg);
	return err;
}

static int vsw_nl_port_put_name(struct sk_buff *skb,
				const struct vsw_port *port)
{
	const struct net_device *sw_dev = port->sw->dev;

	/* The index of a netdev that is away means another one here. */
	if (!vsw_port_is_away(port) &&
	    nla_put_u32(skb, VSWITCH_A_PORT_IFINDEX, port->dev->ifindex))
		return -EMSGSIZE;
	if (nla_put_string(skb, VSWITCH_A_PORT_NAME, vsw_port_name(port)) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_SWITCH_IFINDEX, sw_dev->ifindex) ||
	    nla_put_string(skb, VSWITCH_A_PORT_SWITCH_NAME, sw_dev->name))
		return -EMSGSIZE;
	return 0;
}

static u32 vsw_nl_port_state(const struct vsw_port *port)
{
	static const u8 state[] = {
		[VSW_STATE_FORWARDING] = VSWITCH_PORT_STATE_FORWARDING,
		[VSW_STATE_LEARNING] = VSWITCH_PORT_STATE_LEARNING,
		[VSW_STATE_BLOCKING] = VSWITCH_PORT_STATE_BLOCKING,
		[VSW_STATE_QUARANTINED] = VSWITCH_PORT_STATE_QUARANTINED,
	};

	return vsw_port_is_up(port) ? state[port->state] : VSWITCH_PORT_STATE_DOWN;
}

/**
 * vsw_nl_port_put_info() - Put what is particular to a port into a message.
 * @skb: message
 * @port: port
 *
 * Context: RTNL.
 * Return: 0, or -EMSGSIZE; then the caller cancels the message.
 */
int vsw_nl_port_put_info(struct sk_buff *skb, const struct vsw_port *port)
{
	const struct vsw_policy *pol = rtnl_dereference(port->policy);
	bool isolated = pol->is.community == VSW_ISOLATED;
	u32 fdb_count, state;

	fdb_count = vsw_fdb_port_count(&port->sw->fdb, port->number);
	state = vsw_nl_port_state(port);
	if (nla_put_u32(skb, VSWITCH_A_PORT_NUMBER, port->number) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_ROLE, pol->is.role) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_STATE, state) ||
	    nla_put_u8(skb, VSWITCH_A_PORT_LEARNING, pol->is.learning) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_MAC_LIMIT, pol->is.mac_limit) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_FDB_COUNT, fdb_count) ||
	    nla_put_u16(skb, VSWITCH_A_PORT_GROUP_FORWARD, pol->is.group_forward) ||
	    nla_put_u16(skb, VSWITCH_A_PORT_GROUP_HOST, pol->is.group_host) ||
	    nla_put_u8(skb, VSWITCH_A_PORT_FLOOD, pol->is.flood) ||
	    nla_put_u8(skb, VSWITCH_A_PORT_HAIRPIN, pol->is.hairpin) ||
	    nla_put_u8(skb, VSWITCH_A_PORT_ISOLATED, isolated) ||
	    nla_put_u16(skb, VSWITCH_A_PORT_COMMUNITY,
			isolated ? 0 : pol->is.community) ||
	    nla_put_u8(skb, VSWITCH_A_PORT_LOCKED, pol->is.locked) ||
	    nla_put_u8(skb, VSWITCH_A_PORT_STICKY, pol->is.sticky))
		return -EMSGSIZE;
	return vsw_nl_guard_put(skb, port) ?: vsw_nl_mcast_put(skb, port) ?:
	       vsw_nl_vlan_put(skb, port);
}

static int vsw_nl_port_put(struct sk_buff *skb, const struct vsw_port *port)
{
	if (vsw_nl_port_put_info(skb, port) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_MTU, READ_ONCE(port->dev->mtu)))
		return -EMSGSIZE;
	switch (port->type) {
	case VSWITCH_PORT_TYPE_TAP:
	case VSWITCH_PORT_TYPE_INTERNAL:
		return vsw_nl_vport_put(skb, port);
	case VSWITCH_PORT_TYPE_ATTACHED:
		return nla_put_u32(skb, VSWITCH_A_PORT_TYPE, port->type) ?:
		       vsw_nl_tun_put(skb, port->dev);
	}
	return 0;
}

static int vsw_nl_port_put_stats(struct sk_buff *skb,
				 const struct vsw_port *port)
{
	struct vsw_stats sum = {};

	vsw_stats_add(&sum, port->stats);
	return vsw_nl_put_stats(skb, VSWITCH_A_PORT_STATS, &sum);
}

/**
 * vsw_nl_port_fill() - Write a message about a port.
 * @skb: where it is written
 * @port: port
 * @msg: its header; a port that left is named and no more, and counters are
 *	 told to who has asked
 *
 * Context: RTNL.
 * Return: 0, or -EMSGSIZE if it does not fit; then nothing is written.
 */
int vsw_nl_port_fill(struct sk_buff *skb, const struct vsw_port *port,
		     const struct vsw_genl_msg *msg)
{
	void *hdr;

	hdr = vsw_genl_begin(skb, msg);
	if (!hdr)
		return -EMSGSIZE;
	if (vsw_nl_port_put_name(skb, port))
		goto err_cancel;
	if (msg->cmd == VSWITCH_CMD_PORT_DEL_NTF) {
		if (nla_put_u32(skb, VSWITCH_A_PORT_NUMBER, port->number))
			goto err_cancel;
	} else if (vsw_nl_port_put(skb, port) ||
		   (msg->cmd != VSWITCH_CMD_PORT_NTF &&
		    vsw_nl_port_put_stats(skb, port))) {
		goto err_cancel;
	}
	vsw_genl_end(skb, hdr, msg);
	return 0;

err_cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

static struct vsw_port *vsw_nl_port_find(struct genl_info *info,
					 const struct vsw_switch *sw)
{
	return vsw_genl_port(genl_info_net(info), sw, info->attrs,
			     VSWITCH_A_PORT_IFINDEX, VSWITCH_A_PORT_NAME,
			     info->extack);
}

static struct vsw_switch *vsw_nl_port_switch(struct net *net,
					     struct nlattr **attrs,
					     struct netlink_ext_ack *extack)
{
	return vsw_genl_switch(net, attrs, VSWITCH_A_PORT_SWITCH_IFINDEX,
			       VSWITCH_A_PORT_SWITCH_NAME, extack);
}

/* A port that may be taken away; the host port comes and goes with its switch. */
static struct vsw_port *vsw_nl_port_find_own(struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct vsw_port *port;

	port = vsw_nl_port_find(info, NULL);
	if (IS_ERR(port) || port->number != VSW_HOST_PORT)
		return port;

	NL_SET_ERR_MSG_ATTR(info->extack, attrs[VSWITCH_A_PORT_IFINDEX] ?:
					  attrs[VSWITCH_A_PORT_NAME],
			    "the host port of a switch cannot be detached");
	return ERR_PTR(-EINVAL);
}

static struct net_device *vsw_nl_port_new_dev(struct genl_info *info)
{
	if (!info->attrs[VSWITCH_A_PORT_IFINDEX] &&
	    !info->attrs[VSWITCH_A_PORT_NAME]) {
		NL_SET_ERR_MSG(info->extack,
			       "a device must be given, by interface index or name");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL,
				     VSWITCH_A_PORT_IFINDEX);
		return ERR_PTR(-EINVAL);
	}
	return vsw_genl_dev(genl_info_net(info), info->attrs,
			    VSWITCH_A_PORT_IFINDEX, VSWITCH_A_PORT_NAME,
			    info->extack);
}

/* What only a port that is made has. */
static int vsw_nl_port_check_attached(struct genl_info *info)
{
	struct nlattr *addr = info->attrs[VSWITCH_A_PORT_ADDRESS];

	if (!addr)
		return vsw_nl_vport_check_tap(info->attrs, info->extack);
	NL_SET_ERR_MSG_ATTR(info->extack, addr,
			    "an attached device keeps its address");
	return -EINVAL;
}

static struct vsw_port *vsw_nl_port_attach(struct vsw_switch *sw,
					   struct genl_info *info)
{
	struct vsw_port_cfg cfg;
	struct net_device *dev;
	struct vsw_port *port;
	int err;

	err = vsw_nl_port_check_attached(info);
	if (err)
		return ERR_PTR(err);
	dev = vsw_nl_port_new_dev(info);
	if (IS_ERR(dev))
		return ERR_CAST(dev);
	err = vsw_nl_port_cfg(&cfg, info->attrs, info->extack);
	port = err ? ERR_PTR(err) :
		     vsw_port_attach(sw, dev, &cfg, info->extack);
	vsw_nl_port_cfg_free(&cfg);
	return port;
}

static int vsw_nl_port_new(struct sk_buff *reply, struct genl_info *info)
{
	struct vsw_genl_msg msg = vsw_genl_reply_msg(info);
	struct nlattr *type = info->attrs[VSWITCH_A_PORT_TYPE];
	struct net *net = genl_info_net(info);
	struct vsw_switch *sw;
	struct vsw_port *port;

	sw = vsw_nl_port_switch(net, info->attrs, info->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	if (!type || nla_get_u32(type) == VSWITCH_PORT_TYPE_ATTACHED)
		port = vsw_nl_port_attach(sw, info);
	else
		port = vsw_nl_vport_new(net, sw, info->attrs, info->extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	/* The message has a size known beforehand, and there is room for it. */
	WARN_ON_ONCE(vsw_nl_port_fill(reply, port, &msg));
	return 0;
}

/**
 * vsw_nl_port_new_doit() - Do VSWITCH_CMD_PORT_NEW.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_port_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_genl_answer(info, vsw_nl_port_new);
}

/* With a switch, the port is one of that: a switch may be a port of another one. */
static struct vsw_port *vsw_nl_port_find_in(struct genl_info *info)
{
	struct vsw_switch *sw = NULL;

	if (info->attrs[VSWITCH_A_PORT_SWITCH_IFINDEX] ||
	    info->attrs[VSWITCH_A_PORT_SWITCH_NAME])
		sw = vsw_nl_port_switch(genl_info_net(info), info->attrs,
					info->extack);
	return IS_ERR(sw) ? ERR_CAST(sw) : vsw_nl_port_find(info, sw);
}

static int vsw_nl_port_set(struct genl_info *info)
{
	struct vsw_port *port;

	port = vsw_nl_port_find_in(info);
	if (IS_ERR(port))
		return PTR_ERR(port);
	return vsw_nl_port_act(port, info->attrs, info->extack);
}

/**
 * vsw_nl_port_set_doit() - Do VSWITCH_CMD_PORT_SET.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	rtnl_lock();
	err = vsw_nl_port_set(info);
	rtnl_unlock();
	return err;
}

/* The netdev goes with it. */
static void vsw_nl_vport_del(struct vsw_port *port)
{
	LIST_HEAD(list);

	vsw_vport_dellink(port->dev, &list);
	unregister_netdevice_many(&list);
}

/**
 * vsw_nl_port_del_doit() - Do VSWITCH_CMD_PORT_DEL.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vsw_port *port;

	rtnl_lock();
	port = vsw_nl_port_find_own(info);
	if (!IS_ERR(port) && port->type == VSWITCH_PORT_TYPE_ATTACHED)
		vsw_port_detach(port);
	else if (!IS_ERR(port))
		vsw_nl_vport_del(port);
	rtnl_unlock();
	return PTR_ERR_OR_ZERO(port);
}

static int vsw_nl_port_get(struct sk_buff *reply, struct genl_info *info)
{
	struct vsw_genl_msg msg = vsw_genl_reply_msg(info);
	struct vsw_port *port;

	port = vsw_nl_port_find_in(info);
	if (IS_ERR(port))
		return PTR_ERR(port);
	return vsw_nl_port_fill(reply, port, &msg);
}

/**
 * vsw_nl_port_get_doit() - Answer VSWITCH_CMD_PORT_GET.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_genl_answer(info, vsw_nl_port_get);
}

static int vsw_nl_port_dump_begin(struct vsw_nl_port_dump *ctx, struct net *net,
				  struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_compat_dump_attrs(cb);
	struct nlattr *attr;
	struct vsw_switch *sw;
	int err;

	err = vsw_genl_check_dump_once(cb);
	if (err)
		return err;
	attr = attrs[VSWITCH_A_PORT_IFINDEX] ?: attrs[VSWITCH_A_PORT_NAME];
	if (attr) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attr,
				    "a dump is of all ports, or of one switch's");
		return -EINVAL;
	}

	ctx->begun = true;
	if (!attrs[VSWITCH_A_PORT_SWITCH_IFINDEX] &&
	    !attrs[VSWITCH_A_PORT_SWITCH_NAME])
		return 0;

	sw = vsw_nl_port_switch(net, attrs, cb->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	ctx->cur.ifindex = sw->dev->ifindex;
	ctx->cur.only = true;
	return 0;
}

/* Ports from ctx->number on, which is left at the first that does not fit. */
static int vsw_nl_port_dump_switch(struct sk_buff *skb,
				   struct vsw_nl_port_dump *ctx,
				   const struct vsw_switch *sw,
				   const struct vsw_genl_msg *msg)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	const struct vsw_port *port;
	int err;

	for (; !ctx->number || ctx->number < set->size; ctx->number++) {
		port = ctx->number ? set->slot[ctx->number] : sw->host;
		if (!port)
			continue;
		err = vsw_nl_port_fill(skb, port, msg);
		if (err)
			return err;
	}
	ctx->number = 0;
	return 0;
}

static int vsw_nl_port_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vsw_genl_msg msg = vsw_genl_dump_msg(cb, VSWITCH_CMD_PORT_GET);
	struct vsw_nl_port_dump *ctx = (void *)cb->ctx;
	struct net *net = sock_net(skb->sk);
	struct vsw_net *vn = vsw_net(net);
	struct vsw_switch *sw;
	int err;

	cb->seq = vn->gen ?: 1;		/* 0 stands for "no check" */
	if (!ctx->begun) {
		err = vsw_nl_port_dump_begin(ctx, net, cb);
		if (err)
			return err;
	}
	for (sw = vsw_genl_dump_switch(vn, &ctx->cur); sw;
	     sw = vsw_genl_dump_next(vn, &ctx->cur, sw)) {
		err = vsw_nl_port_dump_switch(skb, ctx, sw, &msg);
		if (err) {
			ctx->cur.ifindex = sw->dev->ifindex;
			return skb->len ?: err;
		}
	}
	return skb->len;
}

/**
 * vsw_nl_port_get_dumpit() - Go on with a dump of VSWITCH_CMD_PORT_GET.
 * @skb: where messages are written
 * @cb: the dump
 *
 * Context: Process context, takes RTNL.
 * Return: length of @skb while there is more, 0 at the end, or a negative
 * errno.
 */
int vsw_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	int ret;

	BUILD_BUG_ON(sizeof(struct vsw_nl_port_dump) > sizeof(cb->ctx));

	rtnl_lock();
	ret = vsw_nl_port_dump(skb, cb);
	rtnl_unlock();
	return ret;
}
