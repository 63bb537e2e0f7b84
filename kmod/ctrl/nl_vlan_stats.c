// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink: getting counters by port and VLAN, one or many to a message.
 */
#include <net/sock.h>
#include "genl.h"
#include "vswitch_nl.h"
#include "../table/port.h"
#include "../table/vlan_stats.h"

/**
 * struct vsw_nl_vlan_scope - What is wanted.
 * @sw: switch, or NULL for all
 * @port: port, or NULL for all
 * @vlan: VLAN, or 0 for all
 */
struct vsw_nl_vlan_scope {
	struct vsw_switch *sw;
	const struct vsw_port *port;
	u16 vlan;
};

/**
 * struct vsw_nl_vlan_stats_dump - State of a dump.
 * @cur: switch at which it goes on
 * @begun: the request was looked at
 * @one: it is of one port, that at which it goes on
 * @only: the one VLAN it is of, or 0
 * @vlan: VLAN at which it goes on
 * @number: port number at which it goes on
 */
struct vsw_nl_vlan_stats_dump {
	struct vsw_genl_cursor cur;
	bool begun;
	bool one;
	u16 only;
	u16 vlan;
	u32 number;
};

static int vsw_nl_vlan_scope(struct vsw_nl_vlan_scope *scope, struct net *net,
			     struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	struct vsw_port *port;

	memset(scope, 0, sizeof(*scope));
	if (attrs[VSWITCH_A_VLAN_VLAN])
		scope->vlan = nla_get_u16(attrs[VSWITCH_A_VLAN_VLAN]);
	if (attrs[VSWITCH_A_VLAN_SWITCH_IFINDEX] || attrs[VSWITCH_A_VLAN_SWITCH_NAME]) {
		scope->sw = vsw_genl_switch(net, attrs, VSWITCH_A_VLAN_SWITCH_IFINDEX,
					    VSWITCH_A_VLAN_SWITCH_NAME, extack);
		if (IS_ERR(scope->sw))
			return PTR_ERR(scope->sw);
	}
	if (!attrs[VSWITCH_A_VLAN_PORT_IFINDEX] && !attrs[VSWITCH_A_VLAN_PORT_NAME])
		return 0;
	port = vsw_genl_port(net, scope->sw, attrs, VSWITCH_A_VLAN_PORT_IFINDEX,
			     VSWITCH_A_VLAN_PORT_NAME, extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	scope->port = port;
	scope->sw = port->sw;
	return 0;
}

static int vsw_nl_vlan_stats_put(struct sk_buff *skb, const struct vsw_port *port,
				 u16 vlan, const u64 *sum)
{
	struct nlattr *nest;
	unsigned int i;
	int err = 0;

	BUILD_BUG_ON(VSWITCH_A_VLAN_ENTRY_RX_PACKETS + VSW_VLAN_TX_BYTES !=
		     VSWITCH_A_VLAN_ENTRY_TX_BYTES);

	nest = nla_nest_start(skb, VSWITCH_A_VLAN_ENTRY);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u16(skb, VSWITCH_A_VLAN_ENTRY_VLAN, vlan) ||
	    nla_put_string(skb, VSWITCH_A_VLAN_ENTRY_PORT_NAME, vsw_port_name(port)) ||
	    /* The index of a netdev that is away means another one here. */
	    (!vsw_port_is_away(port) &&
	     nla_put_u32(skb, VSWITCH_A_VLAN_ENTRY_PORT_IFINDEX, port->dev->ifindex)))
		err = -EMSGSIZE;
	/* The set has no attribute for padding: readers copy, as they must anyway. */
	for (i = 0; i < VSW_VLAN_COUNTERS && !err; i++)
		err = nla_put(skb, VSWITCH_A_VLAN_ENTRY_RX_PACKETS + i, sizeof(u64),
			      &sum[i]);
	if (err)
		nla_nest_cancel(skb, nest);
	else
		nla_nest_end(skb, nest);
	return err;
}

static int vsw_nl_vlan_stats_find(struct vsw_nl_vlan_scope *scope, u64 *sum,
				  struct genl_info *info)
{
	struct netlink_ext_ack *extack = info->extack;
	DECLARE_BITMAP(members, VLAN_N_VID);
	int err;

	err = vsw_nl_vlan_scope(scope, genl_info_net(info), info->attrs, extack);
	if (err)
		return err;
	if (!scope->port) {
		NL_SET_ERR_MSG(extack, "a port must be given, by interface index or name");
		NL_SET_ERR_ATTR_MISS(extack, NULL, VSWITCH_A_VLAN_PORT_IFINDEX);
		return -EINVAL;
	}
	if (!scope->vlan) {
		NL_SET_ERR_MSG(extack, "a VLAN must be given");
		NL_SET_ERR_ATTR_MISS(extack, NULL, VSWITCH_A_VLAN_VLAN);
		return -EINVAL;
	}
	vsw_vlan_members(rtnl_dereference(scope->port->policy), members);
	if (!test_bit(scope->vlan, members)) {
		NL_SET_ERR_MSG_ATTR(extack, info->attrs[VSWITCH_A_VLAN_VLAN],
				    "the port is not in this VLAN");
		return -ENOENT;
	}
	if (vsw_vlan_stats_sum(scope->port, scope->vlan, sum))
		return 0;
	NL_SET_ERR_MSG(extack, "the switch does not count by VLAN: vlan-stats is off");
	return -ENOENT;
}

static int vsw_nl_vlan_stats_get(struct sk_buff *reply, struct genl_info *info)
{
	struct vsw_genl_msg msg = vsw_genl_reply_msg(info);
	struct vsw_nl_vlan_scope scope;
	u64 sum[VSW_VLAN_COUNTERS];
	void *hdr;
	int err;

	err = vsw_nl_vlan_stats_find(&scope, sum, info);
	if (err)
		return err;
	hdr = vsw_genl_begin(reply, &msg);
	if (!hdr)
		return -EMSGSIZE;
	err = vsw_nl_vlan_put_switch(reply, scope.sw) ?:
	      vsw_nl_vlan_stats_put(reply, scope.port, scope.vlan, sum);
	vsw_genl_end(reply, hdr, &msg);
	return err;
}

/**
 * vsw_nl_vlan_stats_get_doit() - Answer VSWITCH_CMD_VLAN_STATS_GET.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_vlan_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_genl_answer(info, vsw_nl_vlan_stats_get);
}

static int vsw_nl_vlan_stats_begin(struct vsw_nl_vlan_stats_dump *ctx, struct net *net,
				   struct netlink_callback *cb)
{
	struct vsw_nl_vlan_scope scope;
	int err;

	err = vsw_genl_check_dump_once(cb) ?:
	      vsw_nl_vlan_scope(&scope, net, vsw_compat_dump_attrs(cb), cb->extack);
	if (err)
		return err;
	ctx->begun = true;
	ctx->only = scope.vlan;
	ctx->vlan = scope.vlan;
	if (scope.sw) {
		ctx->cur.ifindex = scope.sw->dev->ifindex;
		ctx->cur.only = true;
	}
	if (scope.port) {
		ctx->one = true;
		ctx->number = scope.port->number;
	}
	return 0;
}

/* VLANs of a port from ctx->vlan on, which is left at the first that does not fit. */
static int vsw_nl_vlan_stats_port(struct sk_buff *skb, struct vsw_nl_vlan_stats_dump *ctx,
				  const struct vsw_port *port, u32 *num)
{
	DECLARE_BITMAP(members, VLAN_N_VID);
	u64 sum[VSW_VLAN_COUNTERS];
	unsigned int vlan;
	int err;

	vsw_vlan_members(rtnl_dereference(port->policy), members);
	for (vlan = find_next_bit(members, VLAN_N_VID, ctx->vlan); vlan < VLAN_N_VID;
	     vlan = find_next_bit(members, VLAN_N_VID, vlan + 1)) {
		if (ctx->only && vlan != ctx->only)
			break;
		ctx->vlan = vlan;
		if (!vsw_vlan_stats_sum(port, vlan, sum))
			break;
		err = vsw_nl_vlan_stats_put(skb, port, vlan, sum);
		if (err)
			return err;
		(*num)++;
	}
	ctx->vlan = ctx->only;
	return 0;
}

/* Ports from ctx->number on, which is left at the first that does not fit. */
static int vsw_nl_vlan_stats_ports(struct sk_buff *skb, struct vsw_nl_vlan_stats_dump *ctx,
				   const struct vsw_switch *sw, u32 *num)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	int err = 0;

	for (; ctx->number < set->size; ctx->number++) {
		if (set->slot[ctx->number])
			err = vsw_nl_vlan_stats_port(skb, ctx, set->slot[ctx->number], num);
		if (err || ctx->one)
			return err;
	}
	ctx->number = 0;
	return 0;
}

/* One message with as many VLANs of a switch as fit, or none at all. */
static int vsw_nl_vlan_stats_switch(struct sk_buff *skb, struct vsw_nl_vlan_stats_dump *ctx,
				    const struct vsw_switch *sw,
				    const struct vsw_genl_msg *msg)
{
	u32 num = 0;
	void *hdr;
	int err;

	if (!sw->vlan_stats) {
		/* It may have been on when the dump began with it. */
		ctx->number = 0;
		ctx->vlan = ctx->only;
		return 0;
	}
	hdr = vsw_genl_begin(skb, msg);
	if (!hdr)
		return -EMSGSIZE;
	err = vsw_nl_vlan_put_switch(skb, sw) ?:
	      vsw_nl_vlan_stats_ports(skb, ctx, sw, &num);
	if (num)
		vsw_genl_end(skb, hdr, msg);
	else
		genlmsg_cancel(skb, hdr);
	return err;
}

static int vsw_nl_vlan_stats_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vsw_genl_msg msg = vsw_genl_dump_msg(cb, VSWITCH_CMD_VLAN_STATS_GET);
	struct vsw_nl_vlan_stats_dump *ctx = (void *)cb->ctx;
	struct net *net = sock_net(skb->sk);
	struct vsw_net *vn = vsw_net(net);
	struct vsw_switch *sw;
	int err;

	cb->seq = vn->gen ?: 1;		/* 0 stands for "no check" */
	if (!ctx->begun) {
		err = vsw_nl_vlan_stats_begin(ctx, net, cb);
		if (err)
			return err;
	}
	for (sw = vsw_genl_dump_switch(vn, &ctx->cur); sw;
	     sw = vsw_genl_dump_next(vn, &ctx->cur, sw)) {
		err = vsw_nl_vlan_stats_switch(skb, ctx, sw, &msg);
		if (err) {
			ctx->cur.ifindex = sw->dev->ifindex;
			return skb->len ?: err;
		}
	}
	return skb->len;
}

/**
 * vsw_nl_vlan_stats_get_dumpit() - Go on with a dump of VSWITCH_CMD_VLAN_STATS_GET.
 * @skb: where messages are written
 * @cb: the dump
 *
 * Context: Process context, takes RTNL.
 * Return: length of @skb while there is more, 0 at the end, or a negative
 * errno.
 */
int vsw_nl_vlan_stats_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	int ret;

	BUILD_BUG_ON(sizeof(struct vsw_nl_vlan_stats_dump) > sizeof(cb->ctx));

	rtnl_lock();
	ret = vsw_nl_vlan_stats_dump(skb, cb);
	rtnl_unlock();
	return ret;
}
