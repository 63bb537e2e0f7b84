// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink: getting and setting switches.
 */
#include <net/sock.h>
#include "genl.h"
#include "netdev.h"
#include "notify.h"
#include "vswitch_nl.h"
#include "../stats.h"
#include "../table/mdb.h"

static void vsw_nl_switch_cfg_mcast(struct vsw_switch_cfg *cfg,
				    struct nlattr **attrs)
{
	struct nlattr *attr = attrs[VSWITCH_A_SWITCH_MCAST_SNOOPING];

	if (attr) {
		cfg->mcast_snooping = nla_get_u8(attr);
		cfg->set |= BIT(VSWITCH_A_SWITCH_MCAST_SNOOPING);
	}
	attr = attrs[VSWITCH_A_SWITCH_MCAST_QUERIER];
	if (attr) {
		cfg->mcast_querier = nla_get_u8(attr);
		cfg->set |= BIT(VSWITCH_A_SWITCH_MCAST_QUERIER);
	}
	attr = attrs[VSWITCH_A_SWITCH_MCAST_QUERY_INTERVAL];
	if (attr) {
		cfg->mcast_query_interval = nla_get_u32(attr);
		cfg->set |= BIT(VSWITCH_A_SWITCH_MCAST_QUERY_INTERVAL);
	}
}

/* The attributes have been checked by policy. */
static void vsw_nl_switch_cfg(struct vsw_switch_cfg *cfg, struct nlattr **attrs)
{
	memset(cfg, 0, sizeof(*cfg));

	/* Where rtnetlink asks, it has an attribute for it itself. */
	cfg->mtu = attrs[VSWITCH_A_SWITCH_MTU];
	if (attrs[VSWITCH_A_SWITCH_AGEING]) {
		cfg->ageing = nla_get_u32(attrs[VSWITCH_A_SWITCH_AGEING]);
		cfg->set |= BIT(VSWITCH_A_SWITCH_AGEING);
	}
	if (attrs[VSWITCH_A_SWITCH_FDB_LIMIT]) {
		cfg->fdb_limit = nla_get_u32(attrs[VSWITCH_A_SWITCH_FDB_LIMIT]);
		cfg->set |= BIT(VSWITCH_A_SWITCH_FDB_LIMIT);
	}
	if (attrs[VSWITCH_A_SWITCH_PORT_LIMIT]) {
		cfg->port_limit = nla_get_u32(attrs[VSWITCH_A_SWITCH_PORT_LIMIT]);
		cfg->set |= BIT(VSWITCH_A_SWITCH_PORT_LIMIT);
	}
	if (attrs[VSWITCH_A_SWITCH_VLAN_AWARE]) {
		cfg->vlan_aware = nla_get_u8(attrs[VSWITCH_A_SWITCH_VLAN_AWARE]);
		cfg->set |= BIT(VSWITCH_A_SWITCH_VLAN_AWARE);
	}
	if (attrs[VSWITCH_A_SWITCH_MOVE_LIMIT]) {
		cfg->move_limit = nla_get_u32(attrs[VSWITCH_A_SWITCH_MOVE_LIMIT]);
		cfg->set |= BIT(VSWITCH_A_SWITCH_MOVE_LIMIT);
	}
	if (attrs[VSWITCH_A_SWITCH_MOVE_WINDOW]) {
		cfg->move_window = nla_get_u32(attrs[VSWITCH_A_SWITCH_MOVE_WINDOW]);
		cfg->set |= BIT(VSWITCH_A_SWITCH_MOVE_WINDOW);
	}
	if (attrs[VSWITCH_A_SWITCH_MOVE_HOLD]) {
		cfg->move_hold = nla_get_u32(attrs[VSWITCH_A_SWITCH_MOVE_HOLD]);
		cfg->set |= BIT(VSWITCH_A_SWITCH_MOVE_HOLD);
	}
	if (attrs[VSWITCH_A_SWITCH_QUARANTINE_TIME]) {
		cfg->quarantine_time =
			nla_get_u32(attrs[VSWITCH_A_SWITCH_QUARANTINE_TIME]);
		cfg->set |= BIT(VSWITCH_A_SWITCH_QUARANTINE_TIME);
	}
	if (attrs[VSWITCH_A_SWITCH_LOOP_INTERVAL]) {
		cfg->loop_interval =
			nla_get_u32(attrs[VSWITCH_A_SWITCH_LOOP_INTERVAL]);
		cfg->set |= BIT(VSWITCH_A_SWITCH_LOOP_INTERVAL);
	}
	if (attrs[VSWITCH_A_SWITCH_VLAN_STATS]) {
		cfg->vlan_stats = nla_get_u8(attrs[VSWITCH_A_SWITCH_VLAN_STATS]);
		cfg->set |= BIT(VSWITCH_A_SWITCH_VLAN_STATS);
	}
	vsw_nl_switch_cfg_mcast(cfg, attrs);
}

/**
 * vsw_nl_switch_act() - Change settings of a switch, and tell of it.
 * @sw: switch
 * @attrs: settings, VSWITCH_A_SWITCH_*, checked by policy
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0 or a negative errno; then nothing has changed.
 */
int vsw_nl_switch_act(struct vsw_switch *sw, struct nlattr **attrs,
		      struct netlink_ext_ack *extack)
{
	struct vsw_switch_cfg cfg;
	int err;

	vsw_nl_switch_cfg(&cfg, attrs);
	if (!cfg.set && !cfg.mtu)
		return 0;
	err = vsw_switch_set(sw, &cfg, extack);
	if (!err)
		vsw_notify_switch(sw, VSWITCH_CMD_SWITCH_NTF);
	return err;
}

/**
 * vsw_nl_switch_put_move() - Put what is set about moves, quarantine and loops into a
 * message.
 * @skb: message
 * @sw: switch
 *
 * Context: RTNL.
 * Return: 0, or -EMSGSIZE; then the caller cancels the message.
 */
int vsw_nl_switch_put_move(struct sk_buff *skb, const struct vsw_switch *sw)
{
	const struct vsw_fdb *fdb = &sw->fdb;

	if (nla_put_u32(skb, VSWITCH_A_SWITCH_MOVE_LIMIT, fdb->move_limit) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_MOVE_WINDOW,
			fdb->move_window / HZ) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_MOVE_HOLD, fdb->move_hold / HZ) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_QUARANTINE_TIME,
			sw->quarantine_time / HZ) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_LOOP_INTERVAL, sw->loop.interval))
		return -EMSGSIZE;
	return 0;
}

/**
 * vsw_nl_switch_put_mcast() - Put what is set about multicast into a message.
 * @skb: message
 * @sw: switch
 *
 * Context: RTNL.
 * Return: 0, or -EMSGSIZE; then the caller cancels the message.
 */
int vsw_nl_switch_put_mcast(struct sk_buff *skb, const struct vsw_switch *sw)
{
	const struct vsw_mdb *mdb = rtnl_dereference(sw->mdb);

	if (nla_put_u8(skb, VSWITCH_A_SWITCH_MCAST_SNOOPING, !!mdb) ||
	    nla_put_u8(skb, VSWITCH_A_SWITCH_MCAST_QUERIER,
		       mdb && mdb->querier) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_MCAST_QUERY_INTERVAL,
			mdb ? mdb->interval : VSW_MDB_QUERY_INTERVAL))
		return -EMSGSIZE;
	return 0;
}

/* The set has no attribute for padding: readers copy, as they must anyway. */
static int vsw_nl_put_drops(struct sk_buff *skb, const struct vsw_stats *sum)
{
	struct nlattr *nest;
	unsigned int i;

	nest = nla_nest_start(skb, VSWITCH_A_STATS_DROPS);
	if (!nest)
		return -EMSGSIZE;
	for (i = 1; i < VSW_DROPS_NUM; i++)
		if (nla_put(skb, i, sizeof(u64), &sum->drops[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vsw_nl_put_stats() - Put counters into a message.
 * @skb: message
 * @attrtype: attribute that nests them
 * @sum: counters
 *
 * Return: 0, or -EMSGSIZE; then the caller cancels the message.
 */
int vsw_nl_put_stats(struct sk_buff *skb, int attrtype,
		     const struct vsw_stats *sum)
{
	struct nlattr *nest;
	unsigned int i;

	nest = nla_nest_start(skb, attrtype);
	if (!nest)
		return -EMSGSIZE;
	for (i = VSWITCH_A_STATS_PAD + 1; i < VSW_STATS_NUM; i++)
		if (nla_put_u64_64bit(skb, i, sum->cnt[i], VSWITCH_A_STATS_PAD))
			return -EMSGSIZE;
	if (vsw_nl_put_drops(skb, sum))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int vsw_nl_switch_put_name(struct sk_buff *skb,
				  const struct vsw_switch *sw)
{
	if (nla_put_u32(skb, VSWITCH_A_SWITCH_IFINDEX, sw->dev->ifindex) ||
	    nla_put_string(skb, VSWITCH_A_SWITCH_NAME, sw->dev->name))
		return -EMSGSIZE;
	return 0;
}

static int vsw_nl_switch_put(struct sk_buff *skb, const struct vsw_switch *sw)
{
	/* Summing up does not change the forwarding database. */
	struct vsw_fdb *fdb = (struct vsw_fdb *)&sw->fdb;
	const struct net_device *dev = sw->dev;
	u32 kib;

	kib = min_t(u64, DIV_ROUND_UP_ULL(vsw_fdb_memory(fdb), 1024), U32_MAX);
	if (nla_put(skb, VSWITCH_A_SWITCH_ADDRESS, ETH_ALEN, dev->dev_addr) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_MTU, READ_ONCE(dev->mtu)) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_AGEING, vsw_fdb_ageing(fdb)) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_FDB_LIMIT, READ_ONCE(fdb->limit)) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_FDB_COUNT, READ_ONCE(fdb->count)) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_FDB_STATIC,
			READ_ONCE(fdb->count_static)) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_FDB_MEMORY, kib) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_PORT_LIMIT, sw->port_limit) ||
	    nla_put_u32(skb, VSWITCH_A_SWITCH_PORT_COUNT,
			vsw_switch_port_count(sw)) ||
	    nla_put_u8(skb, VSWITCH_A_SWITCH_VLAN_AWARE, vsw_switch_is_vlan_aware(sw)) ||
	    nla_put_u8(skb, VSWITCH_A_SWITCH_VLAN_STATS, sw->vlan_stats))
		return -EMSGSIZE;
	return vsw_nl_switch_put_move(skb, sw) ?:
	       vsw_nl_switch_put_mcast(skb, sw);
}

static int vsw_nl_switch_put_stats(struct sk_buff *skb,
				   const struct vsw_switch *sw)
{
	struct vsw_stats sum;

	vsw_switch_stats(sw, &sum);
	return vsw_nl_put_stats(skb, VSWITCH_A_SWITCH_STATS, &sum);
}

/**
 * vsw_nl_switch_fill() - Write a message about a switch.
 * @skb: where it is written
 * @sw: switch
 * @msg: its header; a deleted switch is named and no more, and counters are
 *	 told to who has asked, as summing them up takes its time
 *
 * Context: RTNL.
 * Return: 0, or -EMSGSIZE if it does not fit; then nothing is written.
 */
int vsw_nl_switch_fill(struct sk_buff *skb, const struct vsw_switch *sw,
		       const struct vsw_genl_msg *msg)
{
	void *hdr;

	hdr = vsw_genl_begin(skb, msg);
	if (!hdr)
		return -EMSGSIZE;
	if (vsw_nl_switch_put_name(skb, sw))
		goto err_cancel;
	if (msg->cmd != VSWITCH_CMD_SWITCH_DEL_NTF && vsw_nl_switch_put(skb, sw))
		goto err_cancel;
	if (msg->cmd == VSWITCH_CMD_SWITCH_GET &&
	    vsw_nl_switch_put_stats(skb, sw))
		goto err_cancel;
	vsw_genl_end(skb, hdr, msg);
	return 0;

err_cancel:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

static int vsw_nl_switch_get(struct sk_buff *reply, struct genl_info *info)
{
	struct vsw_genl_msg msg = vsw_genl_reply_msg(info);
	struct vsw_switch *sw;

	sw = vsw_genl_switch(genl_info_net(info), info->attrs,
			     VSWITCH_A_SWITCH_IFINDEX, VSWITCH_A_SWITCH_NAME,
			     info->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	return vsw_nl_switch_fill(reply, sw, &msg);
}

/**
 * vsw_nl_switch_get_doit() - Answer VSWITCH_CMD_SWITCH_GET.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_switch_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_genl_answer(info, vsw_nl_switch_get);
}

static int vsw_nl_switch_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vsw_genl_msg msg = vsw_genl_dump_msg(cb, VSWITCH_CMD_SWITCH_GET);
	const struct vsw_net *vn = vsw_net(sock_net(skb->sk));
	struct vsw_genl_cursor *cur = (void *)cb->ctx;
	struct vsw_switch *sw;
	int err;

	cb->seq = vn->gen ?: 1;		/* 0 stands for "no check" */
	for (sw = vsw_genl_dump_switch(vn, cur); sw;
	     sw = vsw_genl_dump_next(vn, cur, sw)) {
		err = vsw_nl_switch_fill(skb, sw, &msg);
		if (err) {
			cur->ifindex = sw->dev->ifindex;
			return skb->len ?: err;
		}
	}
	return skb->len;
}

/**
 * vsw_nl_switch_get_dumpit() - Go on with a dump of VSWITCH_CMD_SWITCH_GET.
 * @skb: where messages are written
 * @cb: the dump
 *
 * Context: Process context, takes RTNL.
 * Return: length of @skb while there is more, 0 at the end, or a negative
 * errno.
 */
int vsw_nl_switch_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_compat_dump_attrs(cb);
	struct nlattr *attr;
	int ret;

	BUILD_BUG_ON(sizeof(struct vsw_genl_cursor) > sizeof(cb->ctx));

	attr = attrs[VSWITCH_A_SWITCH_IFINDEX] ?: attrs[VSWITCH_A_SWITCH_NAME];
	if (attr) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attr,
				    "a dump is of all switches");
		return -EINVAL;
	}

	rtnl_lock();
	ret = vsw_nl_switch_dump(skb, cb);
	rtnl_unlock();
	return ret;
}

static int vsw_nl_switch_set(struct genl_info *info)
{
	struct vsw_switch *sw;

	sw = vsw_genl_switch(genl_info_net(info), info->attrs,
			     VSWITCH_A_SWITCH_IFINDEX, VSWITCH_A_SWITCH_NAME,
			     info->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	return vsw_nl_switch_act(sw, info->attrs, info->extack);
}

/**
 * vsw_nl_switch_set_doit() - Do VSWITCH_CMD_SWITCH_SET.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_switch_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	rtnl_lock();
	err = vsw_nl_switch_set(info);
	rtnl_unlock();
	return err;
}
