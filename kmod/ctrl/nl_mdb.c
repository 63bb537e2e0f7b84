// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink: multicast groups.  Settings of a port, which are a nest of their
 * own; members that an administrator sets; what is known, and what happens.
 */
#include <net/ipv6.h>
#include <net/sock.h>
#include "genl.h"
#include "notify.h"
#include "vswitch_nl.h"
#include "../table/mdb.h"
#include "../table/port.h"
#include "../table/private_vlan.h"

/* Events in one message; it stays below a page. */
#define VSW_NL_MDB_BATCH	24

/**
 * struct vsw_nl_mdb_entry - An entry, as a message shows it.
 * @key: group and VLAN
 * @port: its port, or NULL if that is gone
 * @querier: address of a querier, or NULL
 * @type: enum vswitch_mdb_type
 * @expires: seconds, or -1
 * @event: enum vswitch_mdb_event_type, or -1 for none
 */
struct vsw_nl_mdb_entry {
	const struct vsw_mdb_key *key;
	const struct vsw_port *port;
	const struct in6_addr *querier;
	u32 type;
	int expires;
	int event;
};

/**
 * struct vsw_nl_mdb_req - A request about one member.
 * @sw: switch
 * @mdb: its groups
 * @port: number of the port
 * @key: VLAN and group
 * @entry: attribute that nests it
 */
struct vsw_nl_mdb_req {
	struct vsw_switch *sw;
	struct vsw_mdb *mdb;
	u16 port;
	struct vsw_mdb_key key;
	struct nlattr *entry;
};

/**
 * struct vsw_nl_mdb_dump - State of a dump.
 * @cur: switch at which it goes on
 * @begun: the request was looked at
 * @walk: place in its groups
 */
struct vsw_nl_mdb_dump {
	struct vsw_genl_cursor cur;
	bool begun;
	struct vsw_mdb_cursor walk;
};

/**
 * struct vsw_nl_mdb_out - Message that a walk writes entries into.
 * @skb: where it is written
 * @sw: switch
 * @num: number of entries written
 * @only: one that is looked for, or NULL for all
 */
struct vsw_nl_mdb_out {
	struct sk_buff *skb;
	const struct vsw_switch *sw;
	u32 num;
	const struct vsw_nl_mdb_req *only;
};

/**
 * vsw_nl_mcast_cfg() - Read what is to be done with groups out of a request.
 * @cfg: where it is written
 * @nest: VSWITCH_A_PORT_MCAST, or NULL
 * @extack: where a refusal is explained
 *
 * Return: 0 or a negative errno.
 */
int vsw_nl_mcast_cfg(struct vsw_port_cfg *cfg, const struct nlattr *nest,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[VSWITCH_A_MCAST_MAX + 1];
	int err;

	if (!nest)
		return 0;
	err = vsw_genl_parse_nest(tb, VSWITCH_A_MCAST_MAX, nest,
				  vsw_mcast_nl_policy, extack);
	if (err)
		return err;
	if (tb[VSWITCH_A_MCAST_MCAST_ROUTER]) {
		cfg->to.mcast.router = nla_get_u32(tb[VSWITCH_A_MCAST_MCAST_ROUTER]);
		cfg->mcast |= BIT(VSWITCH_A_MCAST_MCAST_ROUTER);
	}
	if (tb[VSWITCH_A_MCAST_MCAST_FAST_LEAVE]) {
		cfg->to.mcast.fast_leave =
			nla_get_u8(tb[VSWITCH_A_MCAST_MCAST_FAST_LEAVE]);
		cfg->mcast |= BIT(VSWITCH_A_MCAST_MCAST_FAST_LEAVE);
	}
	if (tb[VSWITCH_A_MCAST_MCAST_LIMIT]) {
		cfg->to.mcast.limit = nla_get_u32(tb[VSWITCH_A_MCAST_MCAST_LIMIT]);
		cfg->mcast |= BIT(VSWITCH_A_MCAST_MCAST_LIMIT);
	}
	if (cfg->mcast)
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_MCAST);
	return 0;
}

/**
 * vsw_nl_mcast_size() - Room that vsw_nl_mcast_put() needs at most.
 *
 * Return: bytes.
 */
size_t vsw_nl_mcast_size(void)
{
	return nla_total_size(0) +		/* VSWITCH_A_PORT_MCAST */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_MCAST_MCAST_ROUTER */
	       nla_total_size(sizeof(u8)) +	/* ..._MCAST_FAST_LEAVE */
	       nla_total_size(sizeof(u32));	/* VSWITCH_A_MCAST_MCAST_LIMIT */
}

/**
 * vsw_nl_mcast_put() - Put what is done with groups into a message.
 * @skb: message
 * @port: port
 *
 * Context: RTNL.
 * Return: 0, or -EMSGSIZE; then the caller cancels the message.
 */
int vsw_nl_mcast_put(struct sk_buff *skb, const struct vsw_port *port)
{
	const struct vsw_mcast *is = &rtnl_dereference(port->policy)->is.mcast;
	struct nlattr *nest = nla_nest_start(skb, VSWITCH_A_PORT_MCAST);

	if (!nest ||
	    nla_put_u32(skb, VSWITCH_A_MCAST_MCAST_ROUTER, is->router) ||
	    nla_put_u8(skb, VSWITCH_A_MCAST_MCAST_FAST_LEAVE, is->fast_leave) ||
	    nla_put_u32(skb, VSWITCH_A_MCAST_MCAST_LIMIT, is->limit))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static size_t vsw_nl_mdb_entry_size(void)
{
	return nla_total_size(nla_total_size(sizeof(struct in6_addr)) + /* GROUP */
			      nla_total_size(sizeof(u16)) +	/* VLAN */
			      nla_total_size(sizeof(u32)) +	/* PORT_IFINDEX */
			      nla_total_size(IFNAMSIZ) +	/* PORT_NAME */
			      nla_total_size(sizeof(u32)) +	/* TYPE */
			      nla_total_size(sizeof(u32)) +	/* EXPIRES */
			      nla_total_size(sizeof(struct in6_addr)) + /* QUERIER */
			      nla_total_size(sizeof(u32)));	/* EVENT */
}

/* As in nl_fdb_get.c: names may change, and an index means another netdev where this
 * one is not.
 */
static int vsw_nl_mdb_put_port(struct sk_buff *skb, int index, int name,
			       const struct vsw_port *port)
{
	char copy[IFNAMSIZ];

	strscpy(copy, vsw_port_name(port), sizeof(copy));
	if (nla_put_string(skb, name, copy))
		return -EMSGSIZE;
	return vsw_port_is_away(port) ? 0 :
	       nla_put_u32(skb, index, port->dev->ifindex);
}

static int vsw_nl_mdb_put_switch(struct sk_buff *skb,
				 const struct vsw_switch *sw)
{
	return vsw_nl_mdb_put_port(skb, VSWITCH_A_MDB_SWITCH_IFINDEX,
				   VSWITCH_A_MDB_SWITCH_NAME, sw->host);
}

static int vsw_nl_mdb_put_attrs(struct sk_buff *skb,
				const struct vsw_nl_mdb_entry *e)
{
	if (nla_put(skb, VSWITCH_A_MDB_ENTRY_GROUP, sizeof(e->key->addr),
		    &e->key->addr) ||
	    (e->key->vlan &&
	     nla_put_u16(skb, VSWITCH_A_MDB_ENTRY_VLAN, e->key->vlan)) ||
	    (e->port &&
	     vsw_nl_mdb_put_port(skb, VSWITCH_A_MDB_ENTRY_PORT_IFINDEX,
				 VSWITCH_A_MDB_ENTRY_PORT_NAME, e->port)) ||
	    nla_put_u32(skb, VSWITCH_A_MDB_ENTRY_TYPE, e->type) ||
	    (e->expires >= 0 &&
	     nla_put_u32(skb, VSWITCH_A_MDB_ENTRY_EXPIRES, e->expires)) ||
	    (e->querier && nla_put(skb, VSWITCH_A_MDB_ENTRY_QUERIER,
				   sizeof(*e->querier), e->querier)) ||
	    (e->event >= 0 &&
	     nla_put_u32(skb, VSWITCH_A_MDB_ENTRY_EVENT, e->event)))
		return -EMSGSIZE;
	return 0;
}

static int vsw_nl_mdb_put_entry(struct sk_buff *skb,
				const struct vsw_nl_mdb_entry *e)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, VSWITCH_A_MDB_ENTRY);
	if (!nest)
		return -EMSGSIZE;
	if (vsw_nl_mdb_put_attrs(skb, e)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static bool vsw_nl_mdb_is(const struct vsw_nl_mdb_req *req,
			  const struct vsw_mdb_view *view)
{
	return view->type <= VSWITCH_MDB_TYPE_STATIC && view->port == req->port &&
	       !memcmp(&view->key, &req->key, sizeof(req->key));
}

static int vsw_nl_mdb_visit(const struct vsw_mdb_view *view, void *arg)
{
	struct vsw_nl_mdb_out *out = arg;
	struct vsw_nl_mdb_entry e = {
		.key = &view->key,
		.querier = view->querier,
		.type = view->type,
		.expires = view->expires,
		.event = -1,
	};
	int err;

	if (out->only && !vsw_nl_mdb_is(out->only, view))
		return 0;
	e.port = vsw_notify_port_rcu(out->sw, view->port);
	err = vsw_nl_mdb_put_entry(out->skb, &e);
	if (!err)
		out->num++;
	return err;
}

static int vsw_nl_mdb_check_group(struct vsw_nl_mdb_req *req,
				  const struct nlattr *attr,
				  struct netlink_ext_ack *extack)
{
	struct in6_addr *addr = &req->key.addr;
	bool group;

	if (!attr) {
		NL_SET_ERR_MSG(extack, "an entry must have a group");
		NL_SET_ERR_ATTR_MISS(extack, req->entry, VSWITCH_A_MDB_ENTRY_GROUP);
		return -EINVAL;
	}
	memcpy(addr, nla_data(attr), sizeof(*addr));
	if (vsw_mdb_family(addr) == VSW_MDB_IP4)
		group = ipv4_is_multicast(addr->s6_addr32[3]) &&
			!ipv4_is_local_multicast(addr->s6_addr32[3]);
	else
		group = ipv6_addr_is_multicast(addr) &&
			(addr->s6_addr[1] & 0x0f) > IPV6_ADDR_SCOPE_LINKLOCAL;
	if (group)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "the address must be that of a multicast group that is not local to the link");
	return -EINVAL;
}

static int vsw_nl_mdb_vlan(struct vsw_nl_mdb_req *req,
			   const struct vsw_port *port, const struct nlattr *attr,
			   bool add, struct netlink_ext_ack *extack)
{
	bool aware = vsw_switch_is_vlan_aware(req->sw);
	int vlan = attr ? nla_get_u16(attr) : 0;

	/* One that was added when the switch was otherwise, and is not in force now. */
	if (!add && attr && !!vlan != aware) {
		req->key.vlan = vlan;
		return 0;
	}
	if (!aware) {
		if (!vlan)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a switch that is not VLAN-aware has no groups in VLANs");
		return -EINVAL;
	}
	if (!vlan)
		vlan = vsw_vlan_untagged(port);
	if (vlan < 0) {
		NL_SET_ERR_MSG(extack,
			       "the entry must name a VLAN: the port has none for untagged frames");
		NL_SET_ERR_ATTR_MISS(extack, req->entry, VSWITCH_A_MDB_ENTRY_VLAN);
		return -EINVAL;
	}
	/* A secondary VLAN has the groups of its primary one. */
	vlan = vsw_private_vlan_of(rtnl_dereference(req->sw->private_vlans), vlan);
	if (add && !vsw_vlan_has(port, vlan)) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "the port is not in this VLAN");
		return -EINVAL;
	}
	req->key.vlan = vlan;
	return 0;
}

static int vsw_nl_mdb_check_extra(struct nlattr **tb,
				  struct netlink_ext_ack *extack)
{
	int i;

	for (i = VSWITCH_A_MDB_ENTRY_TYPE; i <= VSWITCH_A_MDB_ENTRY_MAX; i++) {
		if (!tb[i])
			continue;
		NL_SET_ERR_MSG_ATTR(extack, tb[i],
				    "an entry is named by group, vlan and port alone");
		return -EINVAL;
	}
	return 0;
}

static int vsw_nl_mdb_parse(struct vsw_nl_mdb_req *req, struct genl_info *info,
			    bool add)
{
	struct nlattr *tb[VSWITCH_A_MDB_ENTRY_MAX + 1];
	struct netlink_ext_ack *extack = info->extack;
	struct vsw_port *port;
	int err;

	err = vsw_genl_parse_nest(tb, VSWITCH_A_MDB_ENTRY_MAX, req->entry,
				  vsw_mdb_entry_nl_policy, extack) ?:
	      vsw_nl_mdb_check_extra(tb, extack) ?:
	      vsw_nl_mdb_check_group(req, tb[VSWITCH_A_MDB_ENTRY_GROUP], extack);
	if (err)
		return err;
	port = vsw_genl_port(genl_info_net(info), req->sw, tb,
			     VSWITCH_A_MDB_ENTRY_PORT_IFINDEX,
			     VSWITCH_A_MDB_ENTRY_PORT_NAME, extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	req->port = port->number;
	return vsw_nl_mdb_vlan(req, port, tb[VSWITCH_A_MDB_ENTRY_VLAN], add,
			       extack);
}

/* The switch and the one entry of a request. */
static int vsw_nl_mdb_begin(struct vsw_nl_mdb_req *req, struct genl_info *info,
			    bool add)
{
	memset(req, 0, sizeof(*req));
	req->sw = vsw_genl_switch(genl_info_net(info), info->attrs,
				  VSWITCH_A_MDB_SWITCH_IFINDEX,
				  VSWITCH_A_MDB_SWITCH_NAME, info->extack);
	if (IS_ERR(req->sw))
		return PTR_ERR(req->sw);
	req->mdb = rtnl_dereference(req->sw->mdb);
	if (!req->mdb) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VSWITCH_A_MDB_SWITCH_IFINDEX] ?:
				    info->attrs[VSWITCH_A_MDB_SWITCH_NAME],
				    "the switch has no mcast-snooping");
		return -EOPNOTSUPP;
	}
	req->entry = vsw_genl_one(info, VSWITCH_A_MDB_ENTRY);
	if (IS_ERR(req->entry))
		return PTR_ERR(req->entry);
	return vsw_nl_mdb_parse(req, info, add);
}

static void vsw_nl_mdb_refused(int err, const struct nlattr *attr,
			       struct netlink_ext_ack *extack)
{
	NL_SET_BAD_ATTR(extack, attr);
	switch (err) {
	case -EEXIST:
		NL_SET_ERR_MSG(extack, "the port is a static member already");
		break;
	case -ENOENT:
		NL_SET_ERR_MSG(extack, "the port is not a member of this group");
		break;
	case -ENOSPC:
		NL_SET_ERR_MSG(extack, "the switch has too many groups");
		break;
	default:
		NL_SET_ERR_MSG(extack, "out of memory");
		break;
	}
}

static int vsw_nl_mdb_change(struct genl_info *info, bool add)
{
	struct vsw_nl_mdb_req req;
	int err;

	rtnl_lock();
	err = vsw_nl_mdb_begin(&req, info, add);
	if (!err) {
		err = add ? vsw_mdb_add(req.mdb, req.port, &req.key) :
			    vsw_mdb_del(req.mdb, req.port, &req.key);
		if (err)
			vsw_nl_mdb_refused(err, req.entry, info->extack);
	}
	rtnl_unlock();
	return err;
}

/**
 * vsw_nl_mdb_add_doit() - Do VSWITCH_CMD_MDB_ADD.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_mdb_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_mdb_change(info, true);
}

/**
 * vsw_nl_mdb_del_doit() - Do VSWITCH_CMD_MDB_DEL.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_mdb_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_nl_mdb_change(info, false);
}

static int vsw_nl_mdb_get(struct sk_buff *reply, struct genl_info *info)
{
	struct vsw_genl_msg msg = vsw_genl_reply_msg(info);
	struct vsw_mdb_cursor cur = { .at = VLAN_N_VID };
	struct vsw_nl_mdb_out out = { .skb = reply };
	struct vsw_nl_mdb_req req;
	void *hdr;
	int err;

	err = vsw_nl_mdb_begin(&req, info, false);
	if (err)
		return err;
	out.sw = req.sw;
	out.only = &req;
	hdr = vsw_genl_begin(reply, &msg);
	if (!hdr)
		return -EMSGSIZE;
	rcu_read_lock();
	err = vsw_nl_mdb_put_switch(reply, req.sw) ?:
	      vsw_mdb_walk(req.mdb, &cur, vsw_nl_mdb_visit, &out);
	rcu_read_unlock();
	vsw_genl_end(reply, hdr, &msg);
	if (err || out.num)
		return err;
	vsw_nl_mdb_refused(-ENOENT, req.entry, info->extack);
	return -ENOENT;
}

/**
 * vsw_nl_mdb_get_doit() - Answer VSWITCH_CMD_MDB_GET.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_mdb_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_genl_answer(info, vsw_nl_mdb_get);
}

static int vsw_nl_mdb_dump_begin(struct vsw_nl_mdb_dump *ctx, struct net *net,
				 struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_compat_dump_attrs(cb);
	struct vsw_switch *sw;
	int err;

	ctx->begun = true;
	err = vsw_genl_check_dump_once(cb);
	if (err)
		return err;
	if (attrs[VSWITCH_A_MDB_ENTRY]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[VSWITCH_A_MDB_ENTRY],
				    "a dump takes no entry");
		return -EINVAL;
	}
	if (!attrs[VSWITCH_A_MDB_SWITCH_IFINDEX] &&
	    !attrs[VSWITCH_A_MDB_SWITCH_NAME])
		return 0;
	sw = vsw_genl_switch(net, attrs, VSWITCH_A_MDB_SWITCH_IFINDEX,
			     VSWITCH_A_MDB_SWITCH_NAME, cb->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	ctx->cur.ifindex = sw->dev->ifindex;
	ctx->cur.only = true;
	return 0;
}

/* One message with as many entries of a switch as fit, or none at all. */
static int vsw_nl_mdb_dump_switch(struct sk_buff *skb,
				  struct vsw_nl_mdb_dump *ctx,
				  struct vsw_switch *sw,
				  const struct vsw_genl_msg *msg)
{
	struct vsw_mdb *mdb = rtnl_dereference(sw->mdb);
	struct vsw_nl_mdb_out out = { .skb = skb, .sw = sw };
	void *hdr;
	int err;

	if (!mdb)
		return 0;
	hdr = vsw_genl_begin(skb, msg);
	if (!hdr)
		return -EMSGSIZE;
	err = vsw_nl_mdb_put_switch(skb, sw);
	rcu_read_lock();
	if (!err)
		err = vsw_mdb_walk(mdb, &ctx->walk, vsw_nl_mdb_visit, &out);
	rcu_read_unlock();
	if (out.num)
		vsw_genl_end(skb, hdr, msg);
	else
		genlmsg_cancel(skb, hdr);
	return err;
}

static int vsw_nl_mdb_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vsw_genl_msg msg = vsw_genl_dump_msg(cb, VSWITCH_CMD_MDB_GET);
	struct vsw_nl_mdb_dump *ctx = (void *)cb->ctx;
	struct net *net = sock_net(skb->sk);
	struct vsw_net *vn = vsw_net(net);
	struct vsw_switch *sw;
	int err;

	if (!ctx->begun) {
		err = vsw_nl_mdb_dump_begin(ctx, net, cb);
		if (err)
			return err;
	}
	cb->seq = vn->gen ?: 1;		/* 0 stands for "no check" */
	for (sw = vsw_genl_dump_switch(vn, &ctx->cur); sw;
	     sw = vsw_genl_dump_next(vn, &ctx->cur, sw)) {
		err = vsw_nl_mdb_dump_switch(skb, ctx, sw, &msg);
		if (err) {
			ctx->cur.ifindex = sw->dev->ifindex;
			return skb->len ?: err;
		}
		memset(&ctx->walk, 0, sizeof(ctx->walk));
	}
	return skb->len;
}

/**
 * vsw_nl_mdb_get_dumpit() - Go on with a dump of VSWITCH_CMD_MDB_GET.
 * @skb: where messages are written
 * @cb: the dump
 *
 * Context: Process context, takes RTNL.
 * Return: length of @skb while there is more, 0 at the end, or a negative
 * errno.
 */
int vsw_nl_mdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	int ret;

	BUILD_BUG_ON(sizeof(struct vsw_nl_mdb_dump) > sizeof(cb->ctx));

	rtnl_lock();
	ret = vsw_nl_mdb_dump(skb, cb);
	rtnl_unlock();
	return ret;
}

/**
 * vsw_notify_mdb_wanted() - Whether anybody listens to changes of groups.
 * @sw: switch
 *
 * Context: Any, also softirq and under vsw_mdb.lock.
 * Return: true if so.
 */
bool vsw_notify_mdb_wanted(const struct vsw_switch *sw)
{
	return genl_has_listeners(&vsw_genl_family, dev_net(sw->dev),
				  VSWITCH_NLGRP_MDB);
}

/* Not under RTNL: a port may have gone since, and then it is not named. */
static int vsw_nl_mdb_put_event(struct sk_buff *skb, const struct vsw_switch *sw,
				const struct vsw_mdb_event *ev)
{
	struct vsw_nl_mdb_entry e = {
		.key = &ev->key,
		.type = ev->fixed ? VSWITCH_MDB_TYPE_STATIC :
				    VSWITCH_MDB_TYPE_DYNAMIC,
		.expires = -1,
		.event = ev->what,
	};
	int err;

	rcu_read_lock();
	e.port = vsw_notify_port_rcu(sw, ev->port);
	err = vsw_nl_mdb_put_entry(skb, &e);
	rcu_read_unlock();
	return err;
}

static int vsw_nl_mdb_fill_events(struct sk_buff *skb,
				  const struct vsw_switch *sw,
				  const struct vsw_mdb_event *ev, u32 num,
				  u32 lost)
{
	const struct vsw_genl_msg msg = { .cmd = VSWITCH_CMD_MDB_NTF };
	void *hdr;
	u32 i;

	hdr = vsw_genl_begin(skb, &msg);
	if (!hdr || vsw_nl_mdb_put_switch(skb, sw))
		return -EMSGSIZE;
	if (lost && nla_put_u32(skb, VSWITCH_A_MDB_OVERRUN, lost))
		return -EMSGSIZE;
	for (i = 0; i < num; i++)
		if (vsw_nl_mdb_put_event(skb, sw, &ev[i]))
			return -EMSGSIZE;
	vsw_genl_end(skb, hdr, &msg);
	return 0;
}

static void vsw_notify_mdb_send(const struct vsw_switch *sw,
				const struct vsw_mdb_event *ev, u32 num, u32 lost)
{
	struct net *net = dev_net(sw->dev);
	struct sk_buff *skb;
	int err = -ENOMEM;

	skb = genlmsg_new(nla_total_size(sizeof(u32)) +	/* SWITCH_IFINDEX */
			  nla_total_size(IFNAMSIZ) +	/* SWITCH_NAME */
			  nla_total_size(sizeof(u32)) +	/* OVERRUN */
			  num * vsw_nl_mdb_entry_size(), GFP_KERNEL);
	if (skb)
		err = vsw_nl_mdb_fill_events(skb, sw, ev, num, lost);
	WARN_ON_ONCE(err == -EMSGSIZE);
	vsw_notify_send(net, skb, err, VSWITCH_NLGRP_MDB);
}

/**
 * vsw_notify_mdb() - Tell what happened to members since the last call.
 * @mdb: groups of the switch
 *
 * Does not take RTNL, and ends after as many events as the ring holds: who switches
 * snooping off waits for this under RTNL.
 *
 * Context: Process context, work item of the groups.
 */
void vsw_notify_mdb(struct vsw_mdb *mdb)
{
	struct vsw_mdb_event ev[VSW_NL_MDB_BATCH];
	u32 lost, num, told = 0;

	do {
		lost = 0;
		num = vsw_mdb_take_events(mdb, ev, ARRAY_SIZE(ev), &lost);
		if ((num || lost) && vsw_notify_mdb_wanted(mdb->sw))
			vsw_notify_mdb_send(mdb->sw, ev, num, lost);
		told += num;
		cond_resched();
	} while ((num || lost) && told < VSW_MDB_EVENTS);
}
