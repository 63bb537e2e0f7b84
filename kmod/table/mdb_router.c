// SPDX-License-Identifier: GPL-2.0
/*
 * Queriers and routers that are heard.
 *
 * A snooping switch sees who is a member because hosts answer a querier.  Where none
 * asks, members are forgotten one after the other though they still listen: so there
 * is pruning only while one is heard, and had its answers.
 */
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include "mdb.h"
#include "port.h"

/**
 * vsw_mdb_talk_get() - What routers say in a VLAN, made if it is not there.
 * @mdb: groups of the switch
 * @vlan: VLAN
 * @family: enum vsw_mdb_family
 *
 * Context: vsw_mdb.lock.
 * Return: it, or NULL if there is no memory.
 */
struct vsw_mdb_talk *vsw_mdb_talk_get(struct vsw_mdb *mdb, u16 vlan,
				      enum vsw_mdb_family family)
{
	struct vsw_mdb_talk *talk = vsw_mdb_talk_rcu(mdb, vlan, family);

	lockdep_assert_held(&mdb->lock);
	if (talk)
		return talk;
	talk = kcalloc(VSW_MDB_FAMILIES, sizeof(*talk),
		       GFP_ATOMIC | __GFP_ACCOUNT | __GFP_NOWARN);
	if (!talk)
		return NULL;
	rcu_assign_pointer(mdb->vlan[vlan], talk);
	return talk + family;
}

/**
 * vsw_mdb_talk_start() - Somebody asks who is a member.
 * @talk: what routers say in the VLAN
 * @delay: time that hosts have for an answer, in jiffies
 *
 * Context: vsw_mdb.lock.
 */
void vsw_mdb_talk_start(struct vsw_mdb_talk *talk, unsigned long delay)
{
	if (talk->asked)
		return;
	WRITE_ONCE(talk->from, jiffies + delay);
	WRITE_ONCE(talk->asked, true);
}

/*
 * RFC 4541 2.1.1: all groups go where a router is heard.  Return: whether they do; for want
 * of memory nothing is pruned.
 */
static bool vsw_mdb_mark(struct vsw_mdb *mdb, struct vsw_mdb_talk *talk, u16 port)
{
	struct vsw_mdb_member *m;

	hlist_for_each_entry(m, &talk->list, node)
		if (m->port == port)
			goto found;
	m = kzalloc(sizeof(*m), GFP_ATOMIC | __GFP_ACCOUNT | __GFP_NOWARN);
	if (!m) {
		vsw_mdb_go_blind(mdb);
		vsw_mdb_kick(mdb, false);
		return false;
	}
	m->port = port;
	hlist_add_head(&m->node, &talk->list);
	set_bit(port, talk->routers);
	vsw_mdb_kick(mdb, false);
found:
	m->expires = jiffies + VSW_MDB_OTHER_QUERIER * HZ;
	return true;
}

/**
 * vsw_mdb_router() - A router is heard.
 * @mdb: groups of the switch
 * @port: its port, which may be one
 * @vlan: VLAN
 * @family: of its protocol
 *
 * Context: path.  Takes vsw_mdb.lock.
 */
void vsw_mdb_router(struct vsw_mdb *mdb, const struct vsw_port *port, u16 vlan,
		    enum vsw_mdb_family family)
{
	struct vsw_mdb_talk *talk;

	spin_lock(&mdb->lock);
	talk = vsw_mdb_talk_get(mdb, vlan, family);
	if (talk)
		vsw_mdb_mark(mdb, talk, port->number);
	spin_unlock(&mdb->lock);
}

/*
 * RFC 3376 6.6.2, RFC 3810 7.6.2: the lower address asks.  One without an address,
 * as ours is with IGMP, gives way to any that has one (RFC 4541 2.1.1).
 */
static bool vsw_mdb_gives_way(const struct in6_addr *to, const struct in6_addr *from)
{
	bool anon = ipv6_addr_v4mapped(to) && !to->s6_addr32[3];

	if (ipv6_addr_v4mapped(from) && !from->s6_addr32[3])
		return !anon;
	return !anon && memcmp(to, from, sizeof(*to)) < 0;
}

/**
 * vsw_mdb_query() - A querier asks for all groups.
 * @mdb: groups of the switch
 * @port: its port, which may be one of a router
 * @vlan: VLAN
 * @from: its address
 * @delay: time that hosts have for an answer, in jiffies
 *
 * Context: path.  Takes vsw_mdb.lock.
 */
void vsw_mdb_query(struct vsw_mdb *mdb, const struct vsw_port *port, u16 vlan,
		   const struct in6_addr *from, unsigned long delay)
{
	enum vsw_mdb_family family = vsw_mdb_family(from);
	struct vsw_mdb_talk *talk;
	struct in6_addr own;

	vsw_mdb_own_addr(mdb->sw, family, &own);
	spin_lock(&mdb->lock);
	talk = vsw_mdb_talk_get(mdb, vlan, family);
	if (!talk || !vsw_mdb_mark(mdb, talk, port->number))
		goto out;
	if (!talk->own || vsw_mdb_gives_way(from, &own)) {
		talk->own = false;
		talk->other = true;
		talk->querier = *from;
		talk->port = port->number;
		talk->until = jiffies + VSW_MDB_OTHER_QUERIER * HZ;
		vsw_mdb_talk_start(talk, delay);
	}
	vsw_mdb_kick(mdb, false);
out:
	spin_unlock(&mdb->lock);
}

static void vsw_mdb_unmark(struct vsw_mdb_talk *talk, struct vsw_mdb_member *m)
{
	clear_bit(m->port, talk->routers);
	hlist_del(&m->node);
	kfree(m);
}

static void vsw_mdb_other_gone(struct vsw_mdb_talk *talk)
{
	talk->other = false;
	WRITE_ONCE(talk->asked, talk->own);
}

static void vsw_mdb_talk_expire(struct vsw_mdb_talk *talk)
{
	struct vsw_mdb_member *m;
	struct hlist_node *n;

	hlist_for_each_entry_safe(m, n, &talk->list, node)
		if (time_after_eq(jiffies, m->expires))
			vsw_mdb_unmark(talk, m);
	if (talk->other && time_after_eq(jiffies, talk->until))
		vsw_mdb_other_gone(talk);
}

/* Ports that are new no more. */
static void vsw_mdb_fresh_expire(struct vsw_mdb *mdb)
{
	const struct vsw_port_set *set = rcu_dereference_bh(mdb->sw->ports);
	const struct vsw_policy *pol;
	const struct vsw_port *port;
	u32 i;

	for_each_set_bit(i, mdb->fresh, VSW_MDB_PORTS) {
		if (time_before(jiffies, mdb->fresh_until[i]))
			continue;
		__clear_bit(i, mdb->fresh);
		port = vsw_port_by_number_rcu(set, i);
		pol = port ? rcu_dereference_bh(port->policy) : NULL;
		if (!pol || pol->is.mcast.router != VSWITCH_MCAST_ROUTER_ALWAYS)
			clear_bit(i, mdb->open);
	}
}

/**
 * vsw_mdb_routers_expire() - Forget queriers and routers not heard of for long.
 * @mdb: groups of the switch
 *
 * Context: process context.  Takes vsw_mdb.lock.
 */
void vsw_mdb_routers_expire(struct vsw_mdb *mdb)
{
	struct vsw_mdb_talk *talk;
	u32 i, f;

	for (i = 0; i < VLAN_N_VID; i++) {
		if (!rcu_access_pointer(mdb->vlan[i]))
			continue;
		spin_lock_bh(&mdb->lock);
		for (f = 0; f < VSW_MDB_FAMILIES; f++) {
			talk = vsw_mdb_talk_rcu(mdb, i, f);
			vsw_mdb_talk_expire(talk);
		}
		spin_unlock_bh(&mdb->lock);
	}
	spin_lock_bh(&mdb->lock);
	vsw_mdb_fresh_expire(mdb);
	spin_unlock_bh(&mdb->lock);
}

static void vsw_mdb_talk_flush(struct vsw_mdb_talk *talk, int port)
{
	struct vsw_mdb_member *m;
	struct hlist_node *n;

	hlist_for_each_entry_safe(m, n, &talk->list, node)
		if (port < 0 || m->port == port)
			vsw_mdb_unmark(talk, m);
	if (talk->other && (port < 0 || talk->port == port))
		vsw_mdb_other_gone(talk);
	if (port < 0) {
		talk->own = false;
		talk->asks = 0;
		WRITE_ONCE(talk->asked, false);
	}
}

/**
 * vsw_mdb_routers_flush() - Forget what was heard of queriers and routers.
 * @mdb: groups of the switch
 * @port: number of the port, or -1 for all
 *
 * Context: process context.  Takes vsw_mdb.lock.
 */
void vsw_mdb_routers_flush(struct vsw_mdb *mdb, int port)
{
	u32 i, f;

	for (i = 0; i < VLAN_N_VID; i++) {
		if (!rcu_access_pointer(mdb->vlan[i]))
			continue;
		spin_lock_bh(&mdb->lock);
		for (f = 0; f < VSW_MDB_FAMILIES; f++)
			vsw_mdb_talk_flush(vsw_mdb_talk_rcu(mdb, i, f), port);
		spin_unlock_bh(&mdb->lock);
	}
}

static void vsw_mdb_view_any(struct vsw_mdb_view *view, u16 vlan,
			     enum vsw_mdb_family family)
{
	memset(view, 0, sizeof(*view));
	view->key.vlan = vlan;
	if (family == VSW_MDB_IP4)
		ipv6_addr_set_v4mapped(0, &view->key.addr);
}

static int vsw_mdb_seconds(unsigned long until)
{
	return max_t(long, until - jiffies, 0) / HZ;
}

/* The querier, ours or another one, then the routers. */
static int vsw_mdb_walk_talk(struct vsw_mdb *mdb, struct vsw_mdb_talk *talk,
			     struct vsw_mdb_view *view, struct vsw_mdb_cursor *cur,
			     u32 *n, int (*visit)(const struct vsw_mdb_view *view,
						  void *arg), void *arg)
{
	const struct vsw_mdb_member *m;
	struct in6_addr own;
	int err;

	if ((talk->other || talk->own) && (*n)++ >= cur->skip) {
		vsw_mdb_own_addr(mdb->sw, vsw_mdb_family(&view->key.addr), &own);
		view->type = VSWITCH_MDB_TYPE_QUERIER;
		view->querier = talk->other ? &talk->querier : &own;
		view->port = talk->other ? talk->port : VSW_HOST_PORT;
		view->expires = talk->other ? vsw_mdb_seconds(talk->until) : -1;
		err = visit(view, arg);
		if (err)
			return err;
		cur->skip = *n;
	}
	view->querier = NULL;
	view->type = VSWITCH_MDB_TYPE_ROUTER;
	hlist_for_each_entry(m, &talk->list, node) {
		if ((*n)++ < cur->skip)
			continue;
		view->port = m->port;
		view->expires = vsw_mdb_seconds(m->expires);
		err = visit(view, arg);
		if (err)
			return err;
		cur->skip = *n;
	}
	return 0;
}

/**
 * vsw_mdb_routers_walk() - Call a function for queriers and routers of a VLAN.
 * @mdb: groups of the switch
 * @cur: the VLAN, and what of it was passed
 * @visit: as of vsw_mdb_walk()
 * @arg: for the function
 *
 * Context: vsw_mdb.lock.
 * Return: 0 at the end, or what the function has returned.
 */
int vsw_mdb_routers_walk(struct vsw_mdb *mdb, struct vsw_mdb_cursor *cur,
			 int (*visit)(const struct vsw_mdb_view *view, void *arg),
			 void *arg)
{
	struct vsw_mdb_talk *talk;
	struct vsw_mdb_view view;
	int err = 0;
	u32 n = 0;
	u32 f;

	for (f = 0; !err && f < VSW_MDB_FAMILIES; f++) {
		talk = vsw_mdb_talk_rcu(mdb, cur->at, f);
		if (!talk)
			return 0;
		vsw_mdb_view_any(&view, cur->at, f);
		err = vsw_mdb_walk_talk(mdb, talk, &view, cur, &n, visit, arg);
	}
	return err;
}
