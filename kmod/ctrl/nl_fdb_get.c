// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink: getting FDB entries, one or many to a message.
 *
 * The switch's own address is not in the FDB; it is shown as an entry of type
 * local, untagged, on the host port.
 */
#include <net/sock.h>
#include <linux/jhash.h>
#include "genl.h"
#include "vswitch_nl.h"
#include "../table/port.h"

/**
 * struct vsw_nl_fdb_dump - State of a dump.
 * @cur: switch at which it goes on
 * @begun: the request was looked at
 * @local_done: the local entry of that switch was passed
 * @filter: entries that are wanted
 * @walk: place in its FDB
 */
struct vsw_nl_fdb_dump {
	struct vsw_genl_cursor cur;
	bool begun;
	bool local_done;
	struct vsw_fdb_filter filter;
	struct vsw_fdb_cursor walk;
};

/**
 * struct vsw_nl_fdb_out - Message that a walk writes entries into.
 * @skb: where it is written
 * @sw: switch
 * @filter: entries that are wanted
 * @num: number of entries written
 */
struct vsw_nl_fdb_out {
	struct sk_buff *skb;
	const struct vsw_switch *sw;
	const struct vsw_fdb_filter *filter;
	u32 num;
};

/**
 * vsw_nl_fdb_entry_size() - Largest size of an entry in a message.
 *
 * Return: bytes.
 */
size_t vsw_nl_fdb_entry_size(void)
{
	return nla_total_size(nla_total_size(ETH_ALEN) +	/* MAC */
			      nla_total_size(sizeof(u16)) +	/* VLAN */
			      nla_total_size(sizeof(u32)) +	/* PORT_IFINDEX */
			      nla_total_size(IFNAMSIZ) +	/* PORT_NAME */
			      nla_total_size(sizeof(u32)) +	/* TYPE */
			      nla_total_size(sizeof(u32)) +	/* AGE */
			      nla_total_size(sizeof(u32)) +	/* EVENT */
			      nla_total_size(sizeof(u32)) +	/* FROM_PORT_IFINDEX */
			      nla_total_size(IFNAMSIZ) +	/* FROM_PORT_NAME */
			      nla_total_size(sizeof(u32)));	/* LIMIT */
}

/*
 * Not all callers hold RTNL, so the name may change while it is read.  The index
 * of a netdev that is away means another one here.
 */
static int vsw_nl_fdb_put_port(struct sk_buff *skb, int index, int name,
			       const struct vsw_port *port)
{
	char copy[IFNAMSIZ];

	strscpy(copy, vsw_port_name(port), sizeof(copy));
	if (nla_put_string(skb, name, copy))
		return -EMSGSIZE;
	return vsw_port_is_away(port) ? 0 :
	       nla_put_u32(skb, index, port->dev->ifindex);
}

/**
 * vsw_nl_fdb_put_switch() - Name the switch in a message.
 * @skb: message
 * @sw: switch
 *
 * Return: 0, or -EMSGSIZE; then the caller cancels the message.
 */
int vsw_nl_fdb_put_switch(struct sk_buff *skb, const struct vsw_switch *sw)
{
	return vsw_nl_fdb_put_port(skb, VSWITCH_A_FDB_SWITCH_IFINDEX,
				   VSWITCH_A_FDB_SWITCH_NAME, sw->host);
}

static int vsw_nl_fdb_put_attrs(struct sk_buff *skb,
				const struct vsw_nl_fdb_entry *e)
{
	u16 vlan = vsw_fdb_key_vlan(e->key);
	u8 mac[ETH_ALEN];

	vsw_fdb_key_addr(e->key, mac);
	if (nla_put(skb, VSWITCH_A_FDB_ENTRY_MAC, ETH_ALEN, mac))
		return -EMSGSIZE;
	if (vlan && nla_put_u16(skb, VSWITCH_A_FDB_ENTRY_VLAN, vlan))
		return -EMSGSIZE;
	if (e->port &&
	    vsw_nl_fdb_put_port(skb, VSWITCH_A_FDB_ENTRY_PORT_IFINDEX,
				VSWITCH_A_FDB_ENTRY_PORT_NAME, e->port))
		return -EMSGSIZE;
	if (nla_put_u32(skb, VSWITCH_A_FDB_ENTRY_TYPE, e->type))
		return -EMSGSIZE;
	if (e->age >= 0 && nla_put_u32(skb, VSWITCH_A_FDB_ENTRY_AGE, e->age))
		return -EMSGSIZE;
	if (e->event >= 0 &&
	    nla_put_u32(skb, VSWITCH_A_FDB_ENTRY_EVENT, e->event))
		return -EMSGSIZE;
	if (e->from &&
	    vsw_nl_fdb_put_port(skb, VSWITCH_A_FDB_ENTRY_FROM_PORT_IFINDEX,
				VSWITCH_A_FDB_ENTRY_FROM_PORT_NAME, e->from))
		return -EMSGSIZE;
	if (e->event == VSWITCH_FDB_EVENT_TYPE_LIMIT &&
	    nla_put_u32(skb, VSWITCH_A_FDB_ENTRY_LIMIT, e->limit))
		return -EMSGSIZE;
	return 0;
}

/**
 * vsw_nl_fdb_put_entry() - Put an entry into a message.
 * @skb: message
 * @e: entry
 *
 * Context: RTNL or RCU read section, for the netdev of its port.
 * Return: 0, or -EMSGSIZE if it does not fit; then nothing is written.
 */
int vsw_nl_fdb_put_entry(struct sk_buff *skb, const struct vsw_nl_fdb_entry *e)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, VSWITCH_A_FDB_ENTRY);
	if (!nest)
		return -EMSGSIZE;
	if (vsw_nl_fdb_put_attrs(skb, e)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int vsw_nl_fdb_put_local(struct sk_buff *skb,
				const struct vsw_switch *sw)
{
	const struct vsw_nl_fdb_entry e = {
		.key = vsw_fdb_key(sw->dev->dev_addr, 0),
		.port = sw->host,
		.type = VSWITCH_FDB_TYPE_LOCAL,
		.age = -1,
		.event = -1,
	};

	return vsw_nl_fdb_put_entry(skb, &e);
}

static int vsw_nl_fdb_put_val(struct sk_buff *skb, const struct vsw_switch *sw,
			      u64 key, u32 val)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	struct vsw_nl_fdb_entry e = {
		.key = key,
		.type = vsw_fdb_type(val),
		.age = -1,
		.event = -1,
	};
	u16 number = vsw_fdb_port(val);

	e.port = number ? vsw_port_by_number_rcu(set, number) : sw->host;
	if (e.type == VSWITCH_FDB_TYPE_DYNAMIC)
		e.age = vsw_fdb_age(&sw->fdb, val);
	return vsw_nl_fdb_put_entry(skb, &e);
}

/* The one entry of a request, by its key. */
static int vsw_nl_fdb_get_key(u64 *key, struct genl_info *info)
{
	struct nlattr *tb[VSWITCH_A_FDB_ENTRY_MAX + 1];
	struct nlattr *entry, *attr;
	int err;
	int i;

	entry = vsw_genl_one(info, VSWITCH_A_FDB_ENTRY);
	if (IS_ERR(entry))
		return PTR_ERR(entry);
	for (i = VSWITCH_A_FDB_PORT_IFINDEX; i <= VSWITCH_A_FDB_TYPE; i++) {
		attr = info->attrs[i];
		if (!attr)
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "port, VLAN and type are for dumps only");
		return -EINVAL;
	}

	err = vsw_genl_parse_nest(tb, VSWITCH_A_FDB_ENTRY_MAX, entry,
				  vsw_fdb_entry_nl_policy, info->extack);
	if (err)
		return err;
	for (i = VSWITCH_A_FDB_ENTRY_VLAN + 1; i < ARRAY_SIZE(tb); i++) {
		if (!tb[i])
			continue;
		NL_SET_ERR_MSG_ATTR(info->extack, tb[i],
				    "an entry is named by mac and vlan alone");
		return -EINVAL;
	}
	return vsw_nl_fdb_parse_key(key, tb, entry, info->extack);
}

static int vsw_nl_fdb_get_put(struct sk_buff *reply,
			      const struct vsw_switch *sw, u64 key, u32 val,
			      const struct vsw_genl_msg *msg)
{
	void *hdr;
	int err;

	hdr = vsw_genl_begin(reply, msg);
	if (!hdr)
		return -EMSGSIZE;
	err = vsw_nl_fdb_put_switch(reply, sw);
	if (!err && val)
		err = vsw_nl_fdb_put_val(reply, sw, key, val);
	else if (!err)
		err = vsw_nl_fdb_put_local(reply, sw);
	vsw_genl_end(reply, hdr, msg);
	return err;
}

static int vsw_nl_fdb_get(struct sk_buff *reply, struct genl_info *info)
{
	struct vsw_genl_msg msg = vsw_genl_reply_msg(info);
	struct vsw_switch *sw;
	u64 key;
	u32 val;
	int err;

	sw = vsw_genl_switch(genl_info_net(info), info->attrs,
			     VSWITCH_A_FDB_SWITCH_IFINDEX,
			     VSWITCH_A_FDB_SWITCH_NAME, info->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	err = vsw_nl_fdb_get_key(&key, info);
	if (err)
		return err;

	rcu_read_lock();
	val = vsw_fdb_find_rcu(&sw->fdb, key);
	rcu_read_unlock();
	if (key == vsw_fdb_key(sw->dev->dev_addr, 0)) {
		val = 0;
	} else if (!val) {
		vsw_nl_fdb_refused(sw, key, -ENOENT,
				   info->attrs[VSWITCH_A_FDB_ENTRY],
				   info->extack);
		return -ENOENT;
	}
	return vsw_nl_fdb_get_put(reply, sw, key, val, &msg);
}

/**
 * vsw_nl_fdb_get_doit() - Answer VSWITCH_CMD_FDB_GET.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_fdb_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_genl_answer(info, vsw_nl_fdb_get);
}

static int vsw_nl_fdb_dump_begin(struct vsw_nl_fdb_dump *ctx, struct net *net,
				 struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_compat_dump_attrs(cb);
	struct vsw_switch *sw;
	int err;

	err = vsw_genl_check_dump_once(cb);
	if (err)
		return err;
	if (attrs[VSWITCH_A_FDB_ENTRY]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[VSWITCH_A_FDB_ENTRY],
				    "a dump takes port, VLAN and type, no entry");
		return -EINVAL;
	}
	sw = vsw_nl_fdb_scope(&ctx->filter, net, attrs, cb->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	if (sw) {
		ctx->cur.ifindex = sw->dev->ifindex;
		ctx->cur.only = true;
	}
	ctx->begun = true;
	return 0;
}

/**
 * vsw_nl_fdb_dump_seq() - What netlink_callback.seq of a dump of FDBs is.
 * @vn: network namespace
 * @cur: cursor of the dump
 *
 * Context: RTNL.
 * Return: a number that changes whenever the list of switches does, or entries
 * of an FDB that is dumped change place.
 */
u32 vsw_nl_fdb_dump_seq(const struct vsw_net *vn,
			const struct vsw_genl_cursor *cur)
{
	struct vsw_switch *sw;
	u32 seq = vn->gen;

	list_for_each_entry(sw, &vn->switches, node)
		if (!cur->only || sw->dev->ifindex == cur->ifindex)
			seq = jhash_1word(vsw_fdb_gen(&sw->fdb), seq);
	return seq ?: 1;		/* 0 stands for "no check" */
}

static bool vsw_nl_fdb_wants_local(const struct vsw_fdb_filter *f)
{
	return f->port <= VSW_HOST_PORT && f->vlan <= 0 &&
	       (f->type < 0 || f->type == VSWITCH_FDB_TYPE_LOCAL);
}

static int vsw_nl_fdb_visit(const struct vsw_fdb *fdb, u64 key, u32 val,
			    void *arg)
{
	struct vsw_nl_fdb_out *out = arg;
	int err;

	if (!vsw_fdb_match(out->filter, key, val))
		return 0;
	err = vsw_nl_fdb_put_val(out->skb, out->sw, key, val);
	if (!err)
		out->num++;
	return err;
}

static int vsw_nl_fdb_dump_entries(struct vsw_nl_fdb_out *out,
				   struct vsw_nl_fdb_dump *ctx,
				   struct vsw_switch *sw)
{
	int err;

	if (!ctx->local_done && vsw_nl_fdb_wants_local(&ctx->filter)) {
		err = vsw_nl_fdb_put_local(out->skb, sw);
		if (err)
			return err;
		out->num++;
	}
	ctx->local_done = true;
	if (ctx->filter.type == VSWITCH_FDB_TYPE_LOCAL)
		return 0;

	rcu_read_lock();
	err = vsw_fdb_walk(&sw->fdb, &ctx->walk, vsw_nl_fdb_visit, out);
	rcu_read_unlock();
	return err;
}

/* One message with as many entries of a switch as fit, or none at all. */
static int vsw_nl_fdb_dump_switch(struct sk_buff *skb,
				  struct vsw_nl_fdb_dump *ctx,
				  struct vsw_switch *sw,
				  const struct vsw_genl_msg *msg)
{
	struct vsw_nl_fdb_out out = {
		.skb = skb,
		.sw = sw,
		.filter = &ctx->filter,
	};
	void *hdr;
	int err;

	hdr = vsw_genl_begin(skb, msg);
	if (!hdr)
		return -EMSGSIZE;
	err = vsw_nl_fdb_put_switch(skb, sw);
	if (!err)
		err = vsw_nl_fdb_dump_entries(&out, ctx, sw);
	if (out.num)
		vsw_genl_end(skb, hdr, msg);
	else
		genlmsg_cancel(skb, hdr);
	return err;
}

static int vsw_nl_fdb_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vsw_genl_msg msg = vsw_genl_dump_msg(cb, VSWITCH_CMD_FDB_GET);
	struct vsw_nl_fdb_dump *ctx = (void *)cb->ctx;
	struct net *net = sock_net(skb->sk);
	struct vsw_net *vn = vsw_net(net);
	struct vsw_switch *sw;
	int err;

	if (!ctx->begun) {
		err = vsw_nl_fdb_dump_begin(ctx, net, cb);
		if (err)
			return err;
	}
	cb->seq = vsw_nl_fdb_dump_seq(vn, &ctx->cur);
	for (sw = vsw_genl_dump_switch(vn, &ctx->cur); sw;
	     sw = vsw_genl_dump_next(vn, &ctx->cur, sw)) {
		err = vsw_nl_fdb_dump_switch(skb, ctx, sw, &msg);
		if (err) {
			ctx->cur.ifindex = sw->dev->ifindex;
			return skb->len ?: err;
		}
		memset(&ctx->walk, 0, sizeof(ctx->walk));
		ctx->local_done = false;
	}
	return skb->len;
}

/**
 * vsw_nl_fdb_get_dumpit() - Go on with a dump of VSWITCH_CMD_FDB_GET.
 * @skb: where messages are written
 * @cb: the dump
 *
 * RTNL is held for one part of the walk at a time, so that port numbers stand
 * for the ports they stood for when the part was begun.
 *
 * Context: Process context, takes RTNL.
 * Return: length of @skb while there is more, 0 at the end, or a negative
 * errno.
 */
int vsw_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	int ret;

	BUILD_BUG_ON(sizeof(struct vsw_nl_fdb_dump) > sizeof(cb->ctx));

	/* Parts in which nothing was wanted leave nothing to send. */
	do {
		rtnl_lock();
		ret = vsw_nl_fdb_dump(skb, cb);
		rtnl_unlock();
		cond_resched();
	} while (ret == -EAGAIN);
	return ret;
}
