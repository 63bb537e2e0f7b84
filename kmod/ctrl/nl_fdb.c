// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink: adding, deleting and flushing FDB entries.
 *
 * A request may have many entries.  A first pass checks them all and turns them
 * into an array, then one call changes all of them or none.
 */
#include <linux/mm.h>
#include "genl.h"
#include "vswitch_nl.h"
#include "../table/port.h"
#include "../table/private_vlan.h"

/**
 * struct vsw_nl_fdb_req - A request to add or delete entries.
 * @sw: switch
 * @ch: entries
 * @num: number of entries
 * @named: attribute that has named a port last, or NULL
 * @port: that port
 */
struct vsw_nl_fdb_req {
	struct vsw_switch *sw;
	struct vsw_fdb_change *ch;
	u32 num;
	const struct nlattr *named;
	const struct vsw_port *port;
};

/**
 * vsw_nl_fdb_check_addr() - Whether an address may be added or deleted.
 * @sw: switch
 * @addr: address
 * @add: it is to be added; an entry that was there before the switch got its
 *	 address can be deleted
 * @attr: attribute that a refusal is about
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0 or -EINVAL.
 */
int vsw_nl_fdb_check_addr(const struct vsw_switch *sw, const u8 *addr,
			  bool add, const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	if (!is_valid_ether_addr(addr)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the address must be unicast and not all zero");
		return -EINVAL;
	}
	if (add && ether_addr_equal(addr, sw->dev->dev_addr)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the switch's own address is always local");
		return -EINVAL;
	}
	return 0;
}

/**
 * vsw_nl_fdb_check_port() - Whether an entry is on the port it is said to be.
 * @sw: switch
 * @key: key of the entry
 * @port: number of the port
 * @attr: attribute that a refusal is about
 * @extack: where a refusal is explained
 *
 * An entry that does not exist passes: deleting it is refused anyway.
 *
 * Context: Process context.
 * Return: 0 or -ENOENT.
 */
int vsw_nl_fdb_check_port(struct vsw_switch *sw, u64 key, u16 port,
			  const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	u32 val;

	rcu_read_lock();
	val = vsw_fdb_find_rcu(&sw->fdb, key);
	rcu_read_unlock();
	if (!val || vsw_fdb_port(val) == port)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "the entry is on another port");
	return -ENOENT;
}

static void vsw_nl_fdb_no_entry(const struct vsw_switch *sw, u64 key,
				struct netlink_ext_ack *extack)
{
	if (vsw_fdb_key_vlan(key))
		NL_SET_ERR_MSG(extack, "no such entry in this VLAN");
	else if (vsw_switch_is_vlan_aware(sw))
		NL_SET_ERR_MSG(extack,
			       "no such entry: on a VLAN-aware switch its VLAN must be named");
	else
		NL_SET_ERR_MSG(extack, "no such entry");
}

/**
 * vsw_nl_fdb_refused() - Explain why the FDB refused a change.
 * @sw: switch
 * @key: key of the entry
 * @err: negative errno it returned
 * @attr: attribute of the entry that was refused
 * @extack: where it is explained
 *
 * Context: RTNL.
 */
void vsw_nl_fdb_refused(const struct vsw_switch *sw, u64 key, int err,
			const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	NL_SET_BAD_ATTR(extack, attr);
	switch (err) {
	case -EEXIST:
		NL_SET_ERR_MSG(extack,
			       "a static or sticky entry exists; it must be replaced or deleted");
		break;
	case -ENOENT:
		vsw_nl_fdb_no_entry(sw, key, extack);
		break;
	case -ENOSPC:
		NL_SET_ERR_MSG(extack, "the FDB limit of the switch is reached");
		break;
	case -ENOMEM:
		NL_SET_ERR_MSG(extack, "no memory for a larger FDB");
		break;
	default:
		NL_SET_ERR_MSG(extack, "the FDB cannot take the entry");
		break;
	}
}

/**
 * vsw_nl_fdb_parse_key() - Key of an entry that a message names.
 * @key: where it is written
 * @tb: attributes of the entry
 * @entry: the attribute that nests them
 * @extack: where a refusal is explained
 *
 * Return: 0 or -EINVAL.
 */
int vsw_nl_fdb_parse_key(u64 *key, struct nlattr **tb,
			 const struct nlattr *entry,
			 struct netlink_ext_ack *extack)
{
	u16 vlan = 0;

	if (!tb[VSWITCH_A_FDB_ENTRY_MAC]) {
		NL_SET_ERR_MSG(extack, "an entry must have an address (mac)");
		NL_SET_ERR_ATTR_MISS(extack, entry, VSWITCH_A_FDB_ENTRY_MAC);
		return -EINVAL;
	}
	if (tb[VSWITCH_A_FDB_ENTRY_VLAN])
		vlan = nla_get_u16(tb[VSWITCH_A_FDB_ENTRY_VLAN]);
	*key = vsw_fdb_key(nla_data(tb[VSWITCH_A_FDB_ENTRY_MAC]), vlan);
	return 0;
}

/**
 * vsw_nl_fdb_add_vlan() - See to the VLAN of an entry that is to be added.
 * @key: key of the entry; without a VLAN, it gets that of the port's untagged frames
 * @port: its port
 * @attr: attribute of the VLAN, or NULL
 * @entry: attribute that nests it, or NULL
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0 or -EINVAL.
 */
int vsw_nl_fdb_add_vlan(u64 *key, const struct vsw_port *port,
			const struct nlattr *attr, const struct nlattr *entry,
			struct netlink_ext_ack *extack)
{
	int vlan = vsw_fdb_key_vlan(*key);

	if (!vsw_switch_is_vlan_aware(port->sw))
		return 0;
	if (!vlan) {
		vlan = vsw_vlan_untagged(port);
		if (vlan < 0) {
			NL_SET_ERR_MSG(extack,
				       "the entry must name a VLAN: the port has none for untagged frames");
			NL_SET_ERR_ATTR_MISS(extack, entry,
					     VSWITCH_A_FDB_ENTRY_VLAN);
			return -EINVAL;
		}
		*key = vsw_fdb_key_of(vsw_fdb_key_number(*key), vlan);
	}
	if (vsw_private_vlan_of(rtnl_dereference(port->sw->private_vlans), vlan) != vlan) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a secondary VLAN has no entries: they are in its primary VLAN");
		return -EINVAL;
	}
	if (vsw_vlan_has(port, vlan))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "the port is not in this VLAN");
	return -EINVAL;
}

/* Of an entry that is added, its type may be said, and of one deleted nothing. */
static int vsw_nl_fdb_check_extra(struct nlattr **tb, bool add,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *type = tb[VSWITCH_A_FDB_ENTRY_TYPE];
	const struct nlattr *attr;

	attr = tb[VSWITCH_A_FDB_ENTRY_AGE] ?: tb[VSWITCH_A_FDB_ENTRY_EVENT] ?:
	       tb[VSWITCH_A_FDB_ENTRY_FROM_PORT_IFINDEX] ?:
	       tb[VSWITCH_A_FDB_ENTRY_FROM_PORT_NAME] ?:
	       tb[VSWITCH_A_FDB_ENTRY_LIMIT];
	if (attr) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "what is only told of an entry, such as its age, cannot be set");
		return -EINVAL;
	}
	if (type && !add) {
		NL_SET_ERR_MSG_ATTR(extack, type,
				    "an entry to delete is named without its type");
		return -EINVAL;
	}
	if (type && nla_get_u32(type) != VSWITCH_FDB_TYPE_STATIC &&
	    nla_get_u32(type) != VSWITCH_FDB_TYPE_STICKY) {
		NL_SET_ERR_MSG_ATTR(extack, type,
				    "only static and sticky entries can be added");
		return -EINVAL;
	}
	return 0;
}

/* Many entries in a row have the same port, and to find one by its name takes long. */
static bool vsw_nl_fdb_same_port(const struct vsw_nl_fdb_req *req,
				 struct nlattr **tb, const struct nlattr *attr)
{
	/* With both attributes, both are looked at. */
	return req->named && req->named->nla_type == attr->nla_type &&
	       req->named->nla_len == attr->nla_len &&
	       !memcmp(nla_data(req->named), nla_data(attr), nla_len(attr)) &&
	       !(tb[VSWITCH_A_FDB_ENTRY_PORT_IFINDEX] &&
		 tb[VSWITCH_A_FDB_ENTRY_PORT_NAME]);
}

static int vsw_nl_fdb_parse_entry_port(struct vsw_nl_fdb_req *req,
				       struct vsw_fdb_change *ch,
				       struct nlattr **tb,
				       const struct nlattr *attr,
				       struct netlink_ext_ack *extack)
{
	struct vsw_port *port;

	if (!vsw_nl_fdb_same_port(req, tb, attr)) {
		port = vsw_genl_port(dev_net(req->sw->dev), req->sw, tb,
				     VSWITCH_A_FDB_ENTRY_PORT_IFINDEX,
				     VSWITCH_A_FDB_ENTRY_PORT_NAME, extack);
		if (IS_ERR(port))
			return PTR_ERR(port);
		req->named = attr;
		req->port = port;
	}
	ch->port = req->port->number;
	return 0;
}

static int vsw_nl_fdb_parse_entry(struct vsw_nl_fdb_req *req,
				  struct vsw_fdb_change *ch, bool add,
				  const struct nlattr *entry,
				  struct netlink_ext_ack *extack)
{
	struct nlattr *tb[VSWITCH_A_FDB_ENTRY_MAX + 1];
	struct vsw_switch *sw = req->sw;
	struct nlattr *mac, *port;
	int err;

	err = vsw_genl_parse_nest(tb, VSWITCH_A_FDB_ENTRY_MAX, entry, NULL,
				  extack);
	if (!err)
		err = vsw_nl_fdb_check_extra(tb, add, extack);
	if (!err)
		err = vsw_nl_fdb_parse_key(&ch->key, tb, entry, extack);
	if (err)
		return err;
	if (tb[VSWITCH_A_FDB_ENTRY_TYPE])
		ch->sticky = nla_get_u32(tb[VSWITCH_A_FDB_ENTRY_TYPE]) ==
			     VSWITCH_FDB_TYPE_STICKY;
	mac = tb[VSWITCH_A_FDB_ENTRY_MAC];
	err = vsw_nl_fdb_check_addr(sw, nla_data(mac), add, mac, extack);
	if (err)
		return err;

	port = tb[VSWITCH_A_FDB_ENTRY_PORT_IFINDEX] ?:
	       tb[VSWITCH_A_FDB_ENTRY_PORT_NAME];
	if (!port && !add)
		return 0;
	if (!port) {
		NL_SET_ERR_MSG(extack, "an entry must have a port");
		NL_SET_ERR_ATTR_MISS(extack, entry,
				     VSWITCH_A_FDB_ENTRY_PORT_IFINDEX);
		return -EINVAL;
	}
	err = vsw_nl_fdb_parse_entry_port(req, ch, tb, port, extack);
	if (err)
		return err;
	if (add)
		return vsw_nl_fdb_add_vlan(&ch->key, req->port,
					   tb[VSWITCH_A_FDB_ENTRY_VLAN], entry,
					   extack);
	return vsw_nl_fdb_check_port(sw, ch->key, ch->port, port, extack);
}

static struct vsw_switch *vsw_nl_fdb_switch(struct genl_info *info)
{
	return vsw_genl_switch(genl_info_net(info), info->attrs,
			       VSWITCH_A_FDB_SWITCH_IFINDEX,
			       VSWITCH_A_FDB_SWITCH_NAME, info->extack);
}

static int vsw_nl_fdb_req_alloc(struct vsw_nl_fdb_req *req,
				struct genl_info *info)
{
	vsw_genl_nth(info, VSWITCH_A_FDB_ENTRY, 0, &req->num);
	if (!req->num) {
		NL_SET_ERR_MSG(info->extack,
			       "the request must have at least one entry");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VSWITCH_A_FDB_ENTRY);
		return -EINVAL;
	}
	/* All other configuration waits for RTNL meanwhile. */
	if (req->num > VSWITCH_FDB_ENTRIES_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    vsw_genl_nth(info, VSWITCH_A_FDB_ENTRY,
						 VSWITCH_FDB_ENTRIES_MAX,
						 &req->num),
				    "a request can have at most 2048 entries");
		return -E2BIG;
	}
	req->ch = kvcalloc(req->num, sizeof(*req->ch), GFP_KERNEL_ACCOUNT);
	if (!req->ch) {
		NL_SET_ERR_MSG(info->extack, "no memory for the request");
		return -ENOMEM;
	}
	return 0;
}

/* The caller frees req->ch in any case. */
static int vsw_nl_fdb_req_init(struct vsw_nl_fdb_req *req, bool add,
			       struct genl_info *info)
{
	struct nlattr *attr;
	u32 i = 0;
	int err;
	int rem;

	req->sw = vsw_nl_fdb_switch(info);
	if (IS_ERR(req->sw))
		return PTR_ERR(req->sw);
	err = vsw_nl_fdb_req_alloc(req, info);
	if (err)
		return err;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != VSWITCH_A_FDB_ENTRY)
			continue;
		err = vsw_nl_fdb_parse_entry(req, &req->ch[i++], add, attr,
					     info->extack);
		if (err)
			return err;
		/* There may be thousands. */
		cond_resched();
	}
	return 0;
}

static int vsw_nl_fdb_change(struct genl_info *info, bool add)
{
	/* The other operations have no such attribute, nor room for it. */
	bool replace = add && info->attrs[VSWITCH_A_FDB_REPLACE];
	struct vsw_nl_fdb_req req = {};
	u32 bad = 0;
	u32 num;
	int err;

	err = vsw_nl_fdb_req_init(&req, add, info);
	if (err)
		goto out;

	if (add)
		err = vsw_fdb_add(&req.sw->fdb, req.ch, req.num, replace, &bad);
	else
		err = vsw_fdb_del(&req.sw->fdb, req.ch, req.num, &bad);
	if (err)
		vsw_nl_fdb_refused(req.sw, req.ch[bad].key, err,
				   vsw_genl_nth(info, VSWITCH_A_FDB_ENTRY, bad, &num),
				   info->extack);
out:
	kvfree(req.ch);
	return err;
}

/**
 * vsw_nl_fdb_add_doit() - Do VSWITCH_CMD_FDB_ADD.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_fdb_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	rtnl_lock();
	err = vsw_nl_fdb_change(info, true);
	rtnl_unlock();
	return err;
}

/**
 * vsw_nl_fdb_del_doit() - Do VSWITCH_CMD_FDB_DEL.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_fdb_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	rtnl_lock();
	err = vsw_nl_fdb_change(info, false);
	rtnl_unlock();
	return err;
}

/**
 * vsw_nl_fdb_scope() - Entries that a request to flush or dump is about.
 * @filter: where port, VLAN and type are written, -1 for any
 * @net: network namespace of the request
 * @attrs: its attributes
 * @extack: where a refusal is explained
 *
 * A port alone names its switch, too.
 *
 * Context: RTNL.
 * Return: the switch, NULL if none is named, or an ERR_PTR().
 */
struct vsw_switch *vsw_nl_fdb_scope(struct vsw_fdb_filter *filter,
				    struct net *net, struct nlattr **attrs,
				    struct netlink_ext_ack *extack)
{
	struct vsw_switch *sw = NULL;
	struct vsw_port *port;

	*filter = (struct vsw_fdb_filter) { -1, -1, -1 };
	if (attrs[VSWITCH_A_FDB_VLAN])
		filter->vlan = nla_get_u16(attrs[VSWITCH_A_FDB_VLAN]);
	if (attrs[VSWITCH_A_FDB_TYPE])
		filter->type = nla_get_u32(attrs[VSWITCH_A_FDB_TYPE]);

	if (attrs[VSWITCH_A_FDB_SWITCH_IFINDEX] ||
	    attrs[VSWITCH_A_FDB_SWITCH_NAME])
		sw = vsw_genl_switch(net, attrs, VSWITCH_A_FDB_SWITCH_IFINDEX,
				     VSWITCH_A_FDB_SWITCH_NAME, extack);
	if (IS_ERR(sw) || (!attrs[VSWITCH_A_FDB_PORT_IFINDEX] &&
			   !attrs[VSWITCH_A_FDB_PORT_NAME]))
		return sw;

	port = vsw_genl_port(net, sw, attrs, VSWITCH_A_FDB_PORT_IFINDEX,
			     VSWITCH_A_FDB_PORT_NAME, extack);
	if (IS_ERR(port))
		return ERR_CAST(port);
	filter->port = port->number;
	return port->sw;
}

static int vsw_nl_fdb_flush(struct sk_buff *reply, struct genl_info *info)
{
	struct vsw_genl_msg msg = vsw_genl_reply_msg(info);
	struct vsw_fdb_filter filter;
	struct vsw_switch *sw;
	void *hdr;
	u32 count;

	sw = vsw_nl_fdb_scope(&filter, genl_info_net(info), info->attrs,
			      info->extack);
	if (!sw)
		sw = vsw_nl_fdb_switch(info);	/* says what is missing */
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	if (filter.type == VSWITCH_FDB_TYPE_LOCAL) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[VSWITCH_A_FDB_TYPE],
				    "local entries cannot be flushed");
		return -EINVAL;
	}
	if (filter.type < 0)
		filter.type = VSWITCH_FDB_TYPE_DYNAMIC;

	count = vsw_fdb_flush(&sw->fdb, &filter);

	/* The message is empty, so both fit. */
	hdr = vsw_genl_begin(reply, &msg);
	WARN_ON_ONCE(!hdr || nla_put_u32(reply, VSWITCH_A_FDB_COUNT, count));
	vsw_genl_end(reply, hdr, &msg);
	return 0;
}

/**
 * vsw_nl_fdb_flush_doit() - Do VSWITCH_CMD_FDB_FLUSH.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_fdb_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	int err;

	/* First of all, so that lack of memory leaves everything as it was. */
	reply = genlmsg_new(nla_total_size(sizeof(u32)), GFP_KERNEL);
	if (!reply)
		return -ENOMEM;

	rtnl_lock();
	err = vsw_nl_fdb_flush(reply, info);
	rtnl_unlock();
	if (err) {
		nlmsg_free(reply);
		return err;
	}
	return genlmsg_reply(reply, info);
}
