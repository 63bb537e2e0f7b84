// SPDX-License-Identifier: GPL-2.0
/*
 * What "bridge fdb" does on the switch: RTM_NEWNEIGH, RTM_DELNEIGH and dumps of
 * RTM_GETNEIGH for AF_BRIDGE, with NTF_SELF.
 *
 * The port of an entry is NDA_IFINDEX ("via"); without, it is the host port.
 * A static entry is NUD_NOARP, a sticky one the same with NTF_STICKY, a dynamic one
 * NUD_REACHABLE, and the switch's own address NUD_PERMANENT.  All callbacks run
 * under RTNL.
 */
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/neighbour.h>
#include "genl.h"
#include "netdev.h"
#include "../table/port.h"

/**
 * struct vsw_ndo_fdb_out - Where a walk writes entries to.
 * @skb: message buffer
 * @cb: the dump
 * @sw: switch
 * @filter: entries that are wanted
 */
struct vsw_ndo_fdb_out {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	struct vsw_switch *sw;
	struct vsw_fdb_filter filter;
};

static int vsw_ndo_fdb_check(const struct ndmsg *ndm, struct nlattr *tb[],
			     struct netlink_ext_ack *extack)
{
	int i;

	if (ndm->ndm_flags & ~(NTF_SELF | NTF_MASTER | NTF_STICKY)) {
		NL_SET_ERR_MSG(extack,
			       "an entry of a vswitch takes no flag but sticky");
		return -EOPNOTSUPP;
	}
	for (i = 1; i <= NDA_MAX; i++) {
		if (!tb[i] || i == NDA_LLADDR || i == NDA_VLAN ||
		    i == NDA_IFINDEX)
			continue;
		NL_SET_ERR_MSG_ATTR(extack, tb[i],
				    "an entry of a vswitch has vlan and via, no more");
		return -EOPNOTSUPP;
	}
	return 0;
}

static struct vsw_port *vsw_ndo_fdb_port(struct vsw_switch *sw,
					 struct nlattr *tb[],
					 struct netlink_ext_ack *extack)
{
	struct nlattr *attr = tb[NDA_IFINDEX];
	struct net_device *dev;
	struct vsw_port *port;

	if (!attr)
		return sw->host;
	if (nla_len(attr) != sizeof(u32)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "an interface index must have four bytes");
		return ERR_PTR(-EINVAL);
	}
	dev = __dev_get_by_index(dev_net(sw->dev), nla_get_u32(attr));
	if (!dev) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "no such network device");
		return ERR_PTR(-ENODEV);
	}
	port = vsw_genl_port_of(dev, sw);
	if (!port || port->sw != sw) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the device given with via is not a port of the switch");
		return ERR_PTR(-EINVAL);
	}
	return port;
}

/* The entry a request names, with all that is refused whatever it asks for. */
static int vsw_ndo_fdb_parse(struct vsw_fdb_change *ch, struct vsw_switch *sw,
			     const struct ndmsg *ndm, struct nlattr *tb[],
			     const u8 *addr, u16 vid, bool add,
			     struct netlink_ext_ack *extack)
{
	const struct vsw_port *port;
	int ret;

	ret = vsw_ndo_fdb_check(ndm, tb, extack);
	if (ret)
		return ret;
	ret = vsw_nl_fdb_check_addr(sw, addr, add, tb[NDA_LLADDR], extack);
	if (ret)
		return ret;
	if (vid > VSWITCH_VLAN_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, tb[NDA_VLAN],
				    "the VLAN must be 4094 at most");
		return -EINVAL;
	}
	port = vsw_ndo_fdb_port(sw, tb, extack);
	if (IS_ERR(port))
		return PTR_ERR(port);

	ch->key = vsw_fdb_key(addr, vid);
	ch->port = port->number;
	ch->sticky = ndm->ndm_flags & NTF_STICKY;
	return add ? vsw_nl_fdb_add_vlan(&ch->key, port, tb[NDA_VLAN], NULL,
					 extack) : 0;
}

static int vsw_ndo_fdb_check_add(struct vsw_switch *sw, u64 key,
				 const struct ndmsg *ndm, struct nlattr *tb[],
				 u16 flags, struct netlink_ext_ack *extack)
{
	u32 val;

	/* "static" is REACHABLE and NOARP, "dynamic" is REACHABLE alone. */
	if (!(ndm->ndm_state & (NUD_PERMANENT | NUD_NOARP))) {
		NL_SET_ERR_MSG(extack,
			       "only static and sticky entries can be added");
		return -EINVAL;
	}
	if (flags & NLM_F_APPEND) {
		NL_SET_ERR_MSG(extack, "an address has one port, none to append");
		return -EOPNOTSUPP;
	}
	if (flags & NLM_F_CREATE)
		return 0;

	rcu_read_lock();
	val = vsw_fdb_find_rcu(&sw->fdb, key);
	rcu_read_unlock();
	if (val)
		return 0;
	vsw_nl_fdb_refused(sw, key, -ENOENT, tb[NDA_LLADDR], extack);
	return -ENOENT;
}

/**
 * vsw_ndo_fdb_add() - Add or replace a static or sticky entry.
 * @ndm: header of the request
 * @tb: its attributes, NDA_*
 * @dev: the switch
 * @addr: address
 * @vid: VLAN, 0 for untagged
 * @flags: NLM_F_*; without NLM_F_REPLACE only a dynamic one may exist
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_ndo_fdb_add(struct ndmsg *ndm, struct nlattr *tb[],
		    struct net_device *dev, const unsigned char *addr, u16 vid,
		    u16 flags, struct netlink_ext_ack *extack)
{
	struct vsw_switch *sw = netdev_priv(dev);
	struct vsw_fdb_change ch = {};
	u32 bad;
	int err;

	err = vsw_ndo_fdb_parse(&ch, sw, ndm, tb, addr, vid, true, extack);
	if (!err)
		err = vsw_ndo_fdb_check_add(sw, ch.key, ndm, tb, flags, extack);
	if (err)
		return err;

	err = vsw_fdb_add(&sw->fdb, &ch, 1, flags & NLM_F_REPLACE, &bad);
	if (err)
		vsw_nl_fdb_refused(sw, ch.key, err, tb[NDA_LLADDR], extack);
	return err;
}

/**
 * vsw_ndo_fdb_del() - Delete an entry of any type.
 * @ndm: header of the request
 * @tb: its attributes, NDA_*
 * @dev: the switch
 * @addr: address
 * @vid: VLAN, 0 for untagged
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_ndo_fdb_del(struct ndmsg *ndm, struct nlattr *tb[],
		    struct net_device *dev, const unsigned char *addr, u16 vid,
		    struct netlink_ext_ack *extack)
{
	struct vsw_switch *sw = netdev_priv(dev);
	struct vsw_fdb_change ch = {};
	u32 bad;
	int err;

	err = vsw_ndo_fdb_parse(&ch, sw, ndm, tb, addr, vid, false, extack);
	if (!err && tb[NDA_IFINDEX])
		err = vsw_nl_fdb_check_port(sw, ch.key, ch.port,
					    tb[NDA_IFINDEX], extack);
	if (err)
		return err;

	err = vsw_fdb_del(&sw->fdb, &ch, 1, &bad);
	if (err)
		vsw_nl_fdb_refused(sw, ch.key, err, tb[NDA_LLADDR], extack);
	return err;
}

static int vsw_ndo_fdb_put(struct sk_buff *skb, const struct vsw_switch *sw,
			   u64 key, u16 number)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	u16 vlan = vsw_fdb_key_vlan(key);
	const struct vsw_port *port;
	u8 addr[ETH_ALEN];

	vsw_fdb_key_addr(key, addr);
	if (nla_put(skb, NDA_LLADDR, ETH_ALEN, addr) ||
	    (vlan && nla_put_u16(skb, NDA_VLAN, vlan)))
		return -EMSGSIZE;

	/* As when an entry is added, without is the host port. */
	if (number == VSW_HOST_PORT)
		return 0;
	port = vsw_port_by_number_rcu(set, number);
	/* The index of a netdev that is away means another one here. */
	if (!port || vsw_port_is_away(port))
		return 0;
	return nla_put_u32(skb, NDA_IFINDEX, port->dev->ifindex);
}

static int vsw_ndo_fdb_put_age(struct sk_buff *skb, const struct vsw_switch *sw,
			       u32 val)
{
	struct nda_cacheinfo ci = {};

	ci.ndm_used = vsw_fdb_age(&sw->fdb, val) * USER_HZ;
	ci.ndm_updated = ci.ndm_used;
	return nla_put(skb, NDA_CACHEINFO, sizeof(ci), &ci);
}

/* One message; val is 0 for the switch's own address. */
static int vsw_ndo_fdb_fill(const struct vsw_ndo_fdb_out *out, u64 key, u32 val)
{
	bool dynamic = val && !(val & VSW_FDB_FIXED);
	struct sk_buff *skb = out->skb;
	struct nlmsghdr *nlh;
	struct ndmsg *ndm;

	nlh = nlmsg_put(skb, NETLINK_CB(out->cb->skb).portid,
			out->cb->nlh->nlmsg_seq, RTM_NEWNEIGH, sizeof(*ndm),
			NLM_F_MULTI);
	if (!nlh)
		return -EMSGSIZE;
	nl_dump_check_consistent(out->cb, nlh);
	ndm = nlmsg_data(nlh);
	memset(ndm, 0, sizeof(*ndm));
	ndm->ndm_family = AF_BRIDGE;
	ndm->ndm_ifindex = out->sw->dev->ifindex;
	ndm->ndm_flags = NTF_SELF | (val & VSW_FDB_STICKY ? NTF_STICKY : 0);
	ndm->ndm_state = NUD_PERMANENT;
	if (val)
		ndm->ndm_state = dynamic ? NUD_REACHABLE : NUD_NOARP;

	if (vsw_ndo_fdb_put(skb, out->sw, key, vsw_fdb_port(val)) ||
	    (dynamic && vsw_ndo_fdb_put_age(skb, out->sw, val))) {
		nlmsg_cancel(skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(skb, nlh);
	return 0;
}

static int vsw_ndo_fdb_visit(const struct vsw_fdb *fdb, u64 key, u32 val,
			     void *arg)
{
	struct vsw_ndo_fdb_out *out = arg;

	if (!vsw_fdb_match(&out->filter, key, val))
		return 0;
	return vsw_ndo_fdb_fill(out, key, val);
}

/* From place pos on: 0 is the local entry, n is slot n - 1 of the walk. */
static int vsw_ndo_fdb_dump_from(struct vsw_ndo_fdb_out *out, u64 *pos)
{
	struct vsw_fdb_cursor cur = {};
	int err;

	if (!*pos) {
		if (out->filter.port <= VSW_HOST_PORT) {
			err = vsw_ndo_fdb_fill(out, vsw_fdb_key(out->sw->dev->dev_addr, 0),
					       0);
			if (err)
				return err;
		}
		*pos = 1;
	}

	cur.pos = *pos - 1;
	do {
		rcu_read_lock();
		err = vsw_fdb_walk(&out->sw->fdb, &cur, vsw_ndo_fdb_visit, out);
		rcu_read_unlock();
		cond_resched();
	} while (err == -EAGAIN);
	*pos = cur.pos + 1;
	return err;
}

/**
 * vsw_ndo_fdb_dump() - Dump the entries of a switch.
 * @skb: where messages are written
 * @cb: the dump
 * @dev: the switch
 * @filter_dev: NULL; the core names a port only if it is one of the Linux bridge
 * @idx: place in the dump; counts slots of the FDB and not entries, so that
 *	 going on costs nothing
 *
 * Another dump callback may have counted in @idx before: places of this one
 * follow those.  The dump may be of all switches.
 *
 * Context: RTNL.
 * Return: 0 at the end, or -EMSGSIZE if @skb is full.
 */
int vsw_ndo_fdb_dump(struct sk_buff *skb, struct netlink_callback *cb,
		     struct net_device *dev, struct net_device *filter_dev,
		     int *idx)
{
	struct vsw_ndo_fdb_out out = {
		.skb = skb,
		.cb = cb,
		.sw = netdev_priv(dev),
		.filter = { -1, -1, -1 },
	};
	const struct vsw_genl_cursor all = {};
	long resume;
	u64 pos;
	int err;

	cb->seq = vsw_nl_fdb_dump_seq(vsw_net(dev_net(dev)), &all);
	resume = vsw_compat_fdb_dump_idx(cb);
	pos = resume > *idx ? resume - *idx : 0;
	err = vsw_ndo_fdb_dump_from(&out, &pos);
	*idx += pos;
	return err;
}
