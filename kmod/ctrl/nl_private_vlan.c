// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink: setting and getting private VLANs, one or many to a message.
 */
#include <linux/mm.h>
#include <net/sock.h>
#include "genl.h"
#include "vswitch_nl.h"
#include "../table/private_vlan.h"

/**
 * struct vsw_nl_vlan_dump - State of a dump.
 * @cur: switch at which it goes on
 * @begun: the request was looked at
 * @vlan: VLAN at which it goes on
 */
struct vsw_nl_vlan_dump {
	struct vsw_genl_cursor cur;
	bool begun;
	u16 vlan;
};

static struct vsw_switch *vsw_nl_vlan_switch(struct net *net, struct nlattr **attrs,
					     struct netlink_ext_ack *extack)
{
	return vsw_genl_switch(net, attrs, VSWITCH_A_VLAN_SWITCH_IFINDEX,
			       VSWITCH_A_VLAN_SWITCH_NAME, extack);
}

/* Attributes of an entry, whose policy has been applied; it names a VLAN. */
static int vsw_nl_vlan_parse(struct nlattr **tb, const struct nlattr *entry,
			     struct netlink_ext_ack *extack)
{
	int err, i;

	err = vsw_genl_parse_nest(tb, VSWITCH_A_VLAN_ENTRY_MAX, entry, NULL, extack);
	if (err)
		return err;
	for (i = VSWITCH_A_VLAN_ENTRY_PRIMARY + 1; i <= VSWITCH_A_VLAN_ENTRY_MAX; i++) {
		if (!tb[i])
			continue;
		NL_SET_ERR_MSG_ATTR(extack, tb[i],
				    "this of a VLAN is told by vlan-stats-get, and cannot be given");
		return -EINVAL;
	}
	if (tb[VSWITCH_A_VLAN_ENTRY_VLAN])
		return 0;
	NL_SET_ERR_MSG(extack, "an entry must have a number (vlan)");
	NL_SET_ERR_ATTR_MISS(extack, entry, VSWITCH_A_VLAN_ENTRY_VLAN);
	return -EINVAL;
}

/* --- set ------------------------------------------------------------------ */

static int vsw_nl_vlan_change(struct vsw_private_change *ch,
			      const struct nlattr *entry,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[VSWITCH_A_VLAN_ENTRY_MAX + 1];
	struct nlattr *primary, *type;
	bool secondary;
	int err;

	err = vsw_nl_vlan_parse(tb, entry, extack);
	if (err)
		return err;
	type = tb[VSWITCH_A_VLAN_ENTRY_PRIVATE];
	primary = tb[VSWITCH_A_VLAN_ENTRY_PRIMARY];
	if (!type) {
		NL_SET_ERR_MSG(extack, "an entry must say what the VLAN is (private)");
		NL_SET_ERR_ATTR_MISS(extack, entry, VSWITCH_A_VLAN_ENTRY_PRIVATE);
		return -EINVAL;
	}
	ch->vlan = nla_get_u16(tb[VSWITCH_A_VLAN_ENTRY_VLAN]);
	ch->type = nla_get_u32(type);
	ch->primary = primary ? nla_get_u16(primary) : 0;
	secondary = ch->type == VSWITCH_PRIVATE_VLAN_ISOLATED ||
		    ch->type == VSWITCH_PRIVATE_VLAN_COMMUNITY;
	if (secondary && !primary) {
		NL_SET_ERR_MSG(extack, "a secondary VLAN must have a primary one");
		NL_SET_ERR_ATTR_MISS(extack, entry, VSWITCH_A_VLAN_ENTRY_PRIMARY);
		return -EINVAL;
	}
	if (primary && !secondary) {
		NL_SET_ERR_MSG_ATTR(extack, primary,
				    "only an isolated or community VLAN has a primary one");
		return -EINVAL;
	}
	if (!secondary || ch->primary != ch->vlan)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, primary, "a VLAN cannot be its own primary VLAN");
	return -EINVAL;
}

static int vsw_nl_vlan_changes(struct vsw_private_change *ch,
			       struct genl_info *info)
{
	struct nlattr *attr;
	int err;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != VSWITCH_A_VLAN_ENTRY)
			continue;
		err = vsw_nl_vlan_change(ch++, attr, info->extack);
		if (err)
			return err;
	}
	return 0;
}

static int vsw_nl_vlan_check_num(struct genl_info *info, u32 *num)
{
	struct nlattr *first = vsw_genl_nth(info, VSWITCH_A_VLAN_ENTRY, 0, num);

	if (!first) {
		NL_SET_ERR_MSG(info->extack,
			       "the request must have at least one entry");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VSWITCH_A_VLAN_ENTRY);
		return -EINVAL;
	}
	if (*num <= VSWITCH_VLAN_ENTRIES_MAX)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, first,
			    "a request can have at most 4094 entries");
	return -E2BIG;
}

static int vsw_nl_vlan_set(struct genl_info *info)
{
	struct vsw_private_change *ch;
	struct vsw_switch *sw;
	u32 num, bad;
	int err;

	sw = vsw_nl_vlan_switch(genl_info_net(info), info->attrs, info->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	err = vsw_nl_vlan_check_num(info, &num);
	if (err)
		return err;
	ch = kvcalloc(num, sizeof(*ch), GFP_KERNEL_ACCOUNT);
	if (!ch) {
		NL_SET_ERR_MSG(info->extack, "no memory for the request");
		return -ENOMEM;
	}
	err = vsw_nl_vlan_changes(ch, info);
	if (!err) {
		err = vsw_private_vlans_set(sw, ch, num, &bad, info->extack);
		if (err && bad < num)
			NL_SET_BAD_ATTR(info->extack,
					vsw_genl_nth(info, VSWITCH_A_VLAN_ENTRY,
						     bad, &num));
	}
	kvfree(ch);
	return err;
}

/**
 * vsw_nl_vlan_set_doit() - Do VSWITCH_CMD_VLAN_SET.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_vlan_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	rtnl_lock();
	err = vsw_nl_vlan_set(info);
	rtnl_unlock();
	return err;
}

/* --- get ------------------------------------------------------------------ */

/**
 * vsw_nl_vlan_put_switch() - Name the switch in a message about VLANs.
 * @skb: message
 * @sw: switch
 *
 * Context: RTNL.
 * Return: 0, or -EMSGSIZE; then the caller cancels the message.
 */
int vsw_nl_vlan_put_switch(struct sk_buff *skb, const struct vsw_switch *sw)
{
	if (nla_put_u32(skb, VSWITCH_A_VLAN_SWITCH_IFINDEX, sw->dev->ifindex) ||
	    nla_put_string(skb, VSWITCH_A_VLAN_SWITCH_NAME, sw->dev->name))
		return -EMSGSIZE;
	return 0;
}

static int vsw_nl_vlan_put_entry(struct sk_buff *skb,
				 const struct vsw_private_vlans *pv, u16 vlan)
{
	u16 primary = vsw_private_vlan_of(pv, vlan);
	struct nlattr *nest;

	nest = nla_nest_start(skb, VSWITCH_A_VLAN_ENTRY);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u16(skb, VSWITCH_A_VLAN_ENTRY_VLAN, vlan) ||
	    nla_put_u32(skb, VSWITCH_A_VLAN_ENTRY_PRIVATE,
			vsw_private_vlan_type(pv, vlan)) ||
	    (primary != vlan &&
	     nla_put_u16(skb, VSWITCH_A_VLAN_ENTRY_PRIMARY, primary))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int vsw_nl_vlan_get_number(u16 *vlan, struct genl_info *info)
{
	struct nlattr *tb[VSWITCH_A_VLAN_ENTRY_MAX + 1];
	struct nlattr *entry, *extra;
	int err;

	entry = vsw_genl_one(info, VSWITCH_A_VLAN_ENTRY);
	if (IS_ERR(entry))
		return PTR_ERR(entry);
	err = vsw_nl_vlan_parse(tb, entry, info->extack);
	if (err)
		return err;
	extra = tb[VSWITCH_A_VLAN_ENTRY_PRIVATE] ?: tb[VSWITCH_A_VLAN_ENTRY_PRIMARY];
	if (extra) {
		NL_SET_ERR_MSG_ATTR(info->extack, extra,
				    "a VLAN is named by its number alone");
		return -EINVAL;
	}
	*vlan = nla_get_u16(tb[VSWITCH_A_VLAN_ENTRY_VLAN]);
	return 0;
}

static int vsw_nl_vlan_get(struct sk_buff *reply, struct genl_info *info)
{
	struct vsw_genl_msg msg = vsw_genl_reply_msg(info);
	struct vsw_switch *sw;
	void *hdr;
	u16 vlan;
	int err;

	sw = vsw_nl_vlan_switch(genl_info_net(info), info->attrs, info->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	err = vsw_nl_vlan_get_number(&vlan, info);
	if (err)
		return err;
	hdr = vsw_genl_begin(reply, &msg);
	if (!hdr)
		return -EMSGSIZE;
	err = vsw_nl_vlan_put_switch(reply, sw) ?:
	      vsw_nl_vlan_put_entry(reply, rtnl_dereference(sw->private_vlans), vlan);
	vsw_genl_end(reply, hdr, &msg);
	return err;
}

/**
 * vsw_nl_vlan_get_doit() - Answer VSWITCH_CMD_VLAN_GET.
 * @skb: the request
 * @info: the request, parsed
 *
 * Context: Process context, takes RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_nl_vlan_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vsw_genl_answer(info, vsw_nl_vlan_get);
}

static int vsw_nl_vlan_dump_begin(struct vsw_nl_vlan_dump *ctx, struct net *net,
				  struct netlink_callback *cb)
{
	struct nlattr **attrs = vsw_compat_dump_attrs(cb);
	struct vsw_switch *sw;
	int err;

	err = vsw_genl_check_dump_once(cb);
	if (err)
		return err;
	if (attrs[VSWITCH_A_VLAN_ENTRY]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[VSWITCH_A_VLAN_ENTRY],
				    "a dump is of all private VLANs, or of one switch's");
		return -EINVAL;
	}
	ctx->begun = true;
	if (!attrs[VSWITCH_A_VLAN_SWITCH_IFINDEX] &&
	    !attrs[VSWITCH_A_VLAN_SWITCH_NAME])
		return 0;
	sw = vsw_nl_vlan_switch(net, attrs, cb->extack);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	ctx->cur.ifindex = sw->dev->ifindex;
	ctx->cur.only = true;
	return 0;
}

/* Private VLANs from ctx->vlan on, which is left at the first that does not fit. */
static int vsw_nl_vlan_dump_entries(struct sk_buff *skb, struct vsw_nl_vlan_dump *ctx,
				    const struct vsw_switch *sw, u32 *num)
{
	const struct vsw_private_vlans *pv = rtnl_dereference(sw->private_vlans);
	int err;

	for (; pv && ctx->vlan <= VSWITCH_VLAN_MAX; ctx->vlan++) {
		if (!vsw_private_vlan_has(pv, ctx->vlan))
			continue;
		err = vsw_nl_vlan_put_entry(skb, pv, ctx->vlan);
		if (err)
			return err;
		(*num)++;
	}
	ctx->vlan = 0;
	return 0;
}

/* One message with as many VLANs of a switch as fit, or none at all. */
static int vsw_nl_vlan_dump_switch(struct sk_buff *skb, struct vsw_nl_vlan_dump *ctx,
				   const struct vsw_switch *sw,
				   const struct vsw_genl_msg *msg)
{
	u32 num = 0;
	void *hdr;
	int err;

	hdr = vsw_genl_begin(skb, msg);
	if (!hdr)
		return -EMSGSIZE;
	err = vsw_nl_vlan_put_switch(skb, sw) ?:
	      vsw_nl_vlan_dump_entries(skb, ctx, sw, &num);
	if (num)
		vsw_genl_end(skb, hdr, msg);
	else
		genlmsg_cancel(skb, hdr);
	return err;
}

static int vsw_nl_vlan_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vsw_genl_msg msg = vsw_genl_dump_msg(cb, VSWITCH_CMD_VLAN_GET);
	struct vsw_nl_vlan_dump *ctx = (void *)cb->ctx;
	struct net *net = sock_net(skb->sk);
	struct vsw_net *vn = vsw_net(net);
	struct vsw_switch *sw;
	int err;

	cb->seq = vn->gen ?: 1;		/* 0 stands for "no check" */
	if (!ctx->begun) {
		err = vsw_nl_vlan_dump_begin(ctx, net, cb);
		if (err)
			return err;
	}
	for (sw = vsw_genl_dump_switch(vn, &ctx->cur); sw;
	     sw = vsw_genl_dump_next(vn, &ctx->cur, sw)) {
		err = vsw_nl_vlan_dump_switch(skb, ctx, sw, &msg);
		if (err) {
			ctx->cur.ifindex = sw->dev->ifindex;
			return skb->len ?: err;
		}
	}
	return skb->len;
}

/**
 * vsw_nl_vlan_get_dumpit() - Go on with a dump of VSWITCH_CMD_VLAN_GET.
 * @skb: where messages are written
 * @cb: the dump
 *
 * Context: Process context, takes RTNL.
 * Return: length of @skb while there is more, 0 at the end, or a negative
 * errno.
 */
int vsw_nl_vlan_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	int ret;

	BUILD_BUG_ON(sizeof(struct vsw_nl_vlan_dump) > sizeof(cb->ctx));

	rtnl_lock();
	ret = vsw_nl_vlan_dump(skb, cb);
	rtnl_unlock();
	return ret;
}
