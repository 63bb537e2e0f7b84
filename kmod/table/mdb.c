// SPDX-License-Identifier: GPL-2.0
/*
 * Groups and their members.
 *
 * Guests choose the addresses of groups, so the hash is keyed, and the number of
 * groups has a limit, for the switch and for each port.  What finds no room because of
 * the switch must not lose frames: then there is no pruning for a while.
 */
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include "mdb.h"
#include "port.h"

static u32 vsw_mdb_hash(const struct vsw_mdb *mdb, const struct vsw_mdb_key *key)
{
	return siphash(key, sizeof(*key), &mdb->secret) % VSW_MDB_BUCKETS;
}

static struct vsw_mdb_group *vsw_mdb_find(const struct vsw_mdb *mdb,
					  const struct vsw_mdb_key *key)
{
	struct vsw_mdb_group *g;

	hlist_for_each_entry_rcu(g, &mdb->bucket[vsw_mdb_hash(mdb, key)], node,
				 rcu_read_lock_bh_held())
		if (!memcmp(&g->key, key, sizeof(*key)))
			return g;
	return NULL;
}

/**
 * vsw_mdb_find_rcu() - Find a group.
 * @mdb: groups of the switch
 * @key: VLAN and address
 *
 * Context: BH off.
 * Return: the group, or NULL if it has no member.
 */
const struct vsw_mdb_group *vsw_mdb_find_rcu(const struct vsw_mdb *mdb,
					     const struct vsw_mdb_key *key)
{
	return vsw_mdb_find(mdb, key);
}

static struct vsw_mdb_member *vsw_mdb_member(const struct vsw_mdb_group *g,
					     u16 port)
{
	struct vsw_mdb_member *m;

	if (!test_bit(port, g->ports))
		return NULL;
	hlist_for_each_entry(m, &g->members, node)
		if (m->port == port)
			return m;
	return NULL;
}

/**
 * vsw_mdb_go_blind() - Prune nothing for a while.
 * @mdb: groups of the switch; a member or router found no room, and would be pruned away
 *
 * Context: vsw_mdb.lock.
 */
void vsw_mdb_go_blind(struct vsw_mdb *mdb)
{
	lockdep_assert_held(&mdb->lock);
	mdb->blind_until = jiffies + VSW_MDB_MEMBERSHIP * HZ;
	WRITE_ONCE(mdb->blind, true);
}

static struct vsw_mdb_group *vsw_mdb_group_new(struct vsw_mdb *mdb,
					       const struct vsw_mdb_key *key)
{
	struct vsw_mdb_group *g;

	if (mdb->count >= VSWITCH_MDB_GROUPS_MAX)
		return NULL;
	g = kzalloc(sizeof(*g), GFP_ATOMIC | __GFP_ACCOUNT | __GFP_NOWARN);
	if (!g)
		return NULL;
	g->key = *key;
	g->ask = jiffies;
	hlist_add_head_rcu(&g->node, &mdb->bucket[vsw_mdb_hash(mdb, key)]);
	mdb->count++;
	return g;
}

static void vsw_mdb_group_put(struct vsw_mdb *mdb, struct vsw_mdb_group *g)
{
	if (!hlist_empty(&g->members))
		return;
	hlist_del_rcu(&g->node);
	mdb->count--;
	kfree_rcu(g, rcu);
}

/* Return: the new member, or NULL if there is no room for it. */
static struct vsw_mdb_member *
vsw_mdb_member_new(struct vsw_mdb *mdb, struct vsw_mdb_group *g, u16 port)
{
	struct vsw_mdb_member *m;

	m = kzalloc(sizeof(*m), GFP_ATOMIC | __GFP_ACCOUNT | __GFP_NOWARN);
	if (!m)
		return NULL;
	m->port = port;
	hlist_add_head(&m->node, &g->members);
	mdb->num[port]++;
	set_bit(port, g->ports);
	return m;
}

static void vsw_mdb_member_del(struct vsw_mdb *mdb, struct vsw_mdb_group *g,
			       struct vsw_mdb_member *m, u8 what)
{
	vsw_mdb_tell(mdb, &g->key, m, what);
	clear_bit(m->port, g->ports);
	hlist_del(&m->node);
	if (!m->fixed)
		mdb->num[m->port]--;
	__clear_bit(m->port, mdb->full);
	kfree(m);
}

static struct vsw_mdb_member *
vsw_mdb_member_get(struct vsw_mdb *mdb, u16 port, const struct vsw_mdb_key *key)
{
	struct vsw_mdb_group *g = vsw_mdb_find(mdb, key) ?:
				  vsw_mdb_group_new(mdb, key);
	struct vsw_mdb_member *m;

	if (!g)
		return NULL;
	m = vsw_mdb_member(g, port) ?: vsw_mdb_member_new(mdb, g, port);
	if (!m)
		vsw_mdb_group_put(mdb, g);
	return m;
}

/* Told of once until there is room again. */
static bool vsw_mdb_at_limit(struct vsw_mdb *mdb, u16 port, u32 limit,
			     const struct vsw_mdb_key *key)
{
	const struct vsw_mdb_member m = { .port = port };

	if (!limit || mdb->num[port] < limit)
		return false;
	if (!__test_and_set_bit(port, mdb->full))
		vsw_mdb_tell(mdb, key, &m, VSWITCH_MDB_EVENT_TYPE_LIMIT);
	return true;
}

/**
 * vsw_mdb_join() - A host says that it is a member of a group.
 * @mdb: groups of the switch
 * @port: its port
 * @is: settings of the port
 * @key: VLAN and address of the group
 *
 * Context: path.  Takes vsw_mdb.lock.
 */
void vsw_mdb_join(struct vsw_mdb *mdb, const struct vsw_port *port,
		  const struct vsw_settings *is, const struct vsw_mdb_key *key)
{
	struct vsw_mdb_group *g;
	struct vsw_mdb_member *m;

	spin_lock(&mdb->lock);
	g = vsw_mdb_find(mdb, key);
	m = g ? vsw_mdb_member(g, port->number) : NULL;
	if (!m && !vsw_mdb_at_limit(mdb, port->number, is->mcast.limit, key)) {
		m = vsw_mdb_member_get(mdb, port->number, key);
		if (m)
			vsw_mdb_tell(mdb, key, m, VSWITCH_MDB_EVENT_TYPE_JOINED);
		else
			vsw_mdb_go_blind(mdb);
		vsw_mdb_kick(mdb, false);
	}
	if (m)
		m->expires = jiffies + VSW_MDB_MEMBERSHIP * HZ;
	spin_unlock(&mdb->lock);
}

static void vsw_mdb_shorten(struct vsw_mdb_member *m, unsigned long until)
{
	if (time_after(m->expires, until))
		m->expires = until;
}

/**
 * vsw_mdb_leave() - A host says that it is not a member of a group any more.
 * @mdb: groups of the switch
 * @port: its port
 * @is: settings of the port
 * @key: VLAN and address of the group
 *
 * There may be others at the port.  A querier that hears it asks who is left, and
 * vsw_mdb_query_group() notices; if it is our own, that is for us to do.
 *
 * Context: path.  Takes vsw_mdb.lock.
 */
void vsw_mdb_leave(struct vsw_mdb *mdb, const struct vsw_port *port,
		   const struct vsw_settings *is, const struct vsw_mdb_key *key)
{
	const struct vsw_mdb_talk *talk;
	struct vsw_mdb_group *g;
	struct vsw_mdb_member *m;

	spin_lock(&mdb->lock);
	g = vsw_mdb_find(mdb, key);
	m = g ? vsw_mdb_member(g, port->number) : NULL;
	if (!m || m->fixed)
		goto out;
	talk = vsw_mdb_talk_rcu(mdb, key->vlan, vsw_mdb_family(&key->addr));
	if (is->mcast.fast_leave) {
		vsw_mdb_member_del(mdb, g, m, VSWITCH_MDB_EVENT_TYPE_LEFT);
		vsw_mdb_group_put(mdb, g);
	} else if (talk && talk->own) {
		vsw_mdb_shorten(m, jiffies + VSW_MDB_LAST_MEMBER * HZ);
		g->asks = VSW_MDB_ROBUSTNESS;
		vsw_mdb_kick(mdb, true);
	}
out:
	spin_unlock(&mdb->lock);
}

/**
 * vsw_mdb_query_group() - A querier asks who is a member of a group.
 * @mdb: groups of the switch
 * @key: VLAN and address of the group
 * @delay: time that hosts have for an answer, in jiffies
 *
 * Context: path.  Takes vsw_mdb.lock.
 */
void vsw_mdb_query_group(struct vsw_mdb *mdb, const struct vsw_mdb_key *key,
			 unsigned long delay)
{
	unsigned long until = jiffies + HZ + VSW_MDB_ROBUSTNESS * delay;
	struct vsw_mdb_member *m;
	struct vsw_mdb_group *g;

	spin_lock(&mdb->lock);
	g = vsw_mdb_find(mdb, key);
	if (g)
		hlist_for_each_entry(m, &g->members, node)
			vsw_mdb_shorten(m, until);
	spin_unlock(&mdb->lock);
}

/* Which members are to go: of a port, or all (-1); those set by hand as well, or not;
 * or what has expired; all but those in some VLANs.
 */
struct vsw_mdb_filter {
	int port;
	bool fixed;
	bool expired;
	const unsigned long *not_in;
};

static bool vsw_mdb_match(const struct vsw_mdb_filter *filter,
			  const struct vsw_mdb_group *g,
			  const struct vsw_mdb_member *m)
{
	if (filter->not_in && test_bit(g->key.vlan, filter->not_in))
		return false;
	return (filter->port < 0 || m->port == filter->port) &&
	       (filter->fixed || !m->fixed) &&
	       (!filter->expired || time_after_eq(jiffies, m->expires));
}

static void vsw_mdb_purge_bucket(struct vsw_mdb *mdb, struct hlist_head *bucket,
				 const struct vsw_mdb_filter *filter)
{
	u8 what = filter->expired ? VSWITCH_MDB_EVENT_TYPE_EXPIRED :
				    VSWITCH_MDB_EVENT_TYPE_DELETED;
	struct vsw_mdb_member *m;
	struct vsw_mdb_group *g;
	struct hlist_node *n, *n2;

	hlist_for_each_entry_safe(g, n, bucket, node) {
		hlist_for_each_entry_safe(m, n2, &g->members, node)
			if (vsw_mdb_match(filter, g, m))
				vsw_mdb_member_del(mdb, g, m, what);
		vsw_mdb_group_put(mdb, g);
	}
}

static void vsw_mdb_purge(struct vsw_mdb *mdb, const struct vsw_mdb_filter *filter)
{
	u32 run, i;

	for (run = 0; run < VSW_MDB_BUCKETS; run += VSW_MDB_RUN) {
		spin_lock_bh(&mdb->lock);
		for (i = run; i < run + VSW_MDB_RUN; i++)
			vsw_mdb_purge_bucket(mdb, &mdb->bucket[i], filter);
		spin_unlock_bh(&mdb->lock);
		cond_resched();
	}
}

/**
 * vsw_mdb_expire() - Forget members that were not heard of for long.
 * @mdb: groups of the switch
 *
 * Context: process context.  Takes vsw_mdb.lock.
 */
void vsw_mdb_expire(struct vsw_mdb *mdb)
{
	static const struct vsw_mdb_filter expired = {
		.port = -1,
		.expired = true,
	};

	vsw_mdb_purge(mdb, &expired);
	spin_lock_bh(&mdb->lock);
	if (mdb->blind && time_after_eq(jiffies, mdb->blind_until))
		WRITE_ONCE(mdb->blind, false);
	spin_unlock_bh(&mdb->lock);
}

/**
 * vsw_mdb_take_ask() - Next group that our querier is to ask about.
 * @mdb: groups of the switch
 * @bucket: where to go on; 0 at first
 * @key: where its key is written
 *
 * Context: process context.  Takes vsw_mdb.lock.
 * Return: true if there is one; it counts as asked about.
 */
bool vsw_mdb_take_ask(struct vsw_mdb *mdb, u32 *bucket, struct vsw_mdb_key *key)
{
	struct vsw_mdb_group *g;

	for (; *bucket < VSW_MDB_BUCKETS; ++*bucket) {
		if (hlist_empty(&mdb->bucket[*bucket]))
			continue;
		spin_lock_bh(&mdb->lock);
		hlist_for_each_entry(g, &mdb->bucket[*bucket], node) {
			if (!g->asks || time_before(jiffies, g->ask))
				continue;
			g->asks--;
			g->ask = jiffies + HZ;
			*key = g->key;
			spin_unlock_bh(&mdb->lock);
			return true;
		}
		spin_unlock_bh(&mdb->lock);
	}
	return false;
}

static void vsw_mdb_flush(struct vsw_mdb *mdb, int port, bool fixed)
{
	const struct vsw_mdb_filter filter = { .port = port, .fixed = fixed };

	vsw_mdb_purge(mdb, &filter);
	vsw_mdb_routers_flush(mdb, port);
}

/**
 * vsw_mdb_port_gone() - Forget all of a port that goes.
 * @port: port
 *
 * Context: RTNL.
 */
void vsw_mdb_port_gone(const struct vsw_port *port)
{
	struct vsw_mdb *mdb = rtnl_dereference(port->sw->mdb);

	if (!mdb)
		return;
	vsw_mdb_flush(mdb, port->number, true);
	__clear_bit(port->number, mdb->up);
	spin_lock_bh(&mdb->lock);
	clear_bit(port->number, mdb->open);
	clear_bit(port->number, mdb->said);
	__clear_bit(port->number, mdb->fresh);
	__clear_bit(port->number, mdb->full);
	spin_unlock_bh(&mdb->lock);
}

/**
 * vsw_mdb_forget() - Forget all that was heard.
 * @sw: switch; VLANs mean something else from now on
 *
 * Context: RTNL.
 */
void vsw_mdb_forget(struct vsw_switch *sw)
{
	struct vsw_mdb *mdb = rtnl_dereference(sw->mdb);

	if (mdb)
		vsw_mdb_flush(mdb, -1, false);
}

/**
 * vsw_mdb_forget_vlans() - Forget all groups of VLANs, with what was set by hand.
 * @sw: switch
 * @not_in: VLANs that are spared, a bit for each
 *
 * Context: RTNL.
 */
void vsw_mdb_forget_vlans(struct vsw_switch *sw, const unsigned long *not_in)
{
	const struct vsw_mdb_filter filter = {
		.port = -1,
		.fixed = true,
		.not_in = not_in,
	};
	struct vsw_mdb *mdb = rtnl_dereference(sw->mdb);

	if (mdb)
		vsw_mdb_purge(mdb, &filter);
}

/**
 * vsw_mdb_port_changed() - The settings of a port have changed.
 * @port: port
 *
 * Context: RTNL.
 */
void vsw_mdb_port_changed(const struct vsw_port *port)
{
	const struct vsw_policy *pol = rtnl_dereference(port->policy);
	struct vsw_mdb *mdb = rtnl_dereference(port->sw->mdb);
	u16 number = port->number;

	if (!mdb)
		return;
	spin_lock_bh(&mdb->lock);
	if (pol->is.mcast.router == VSWITCH_MCAST_ROUTER_ALWAYS)
		set_bit(number, mdb->said);
	else
		clear_bit(number, mdb->said);
	if (pol->is.mcast.router == VSWITCH_MCAST_ROUTER_ALWAYS ||
	    test_bit(number, mdb->fresh))
		set_bit(number, mdb->open);
	else
		clear_bit(number, mdb->open);
	spin_unlock_bh(&mdb->lock);
	if (pol->is.mcast.router == VSWITCH_MCAST_ROUTER_NEVER)
		vsw_mdb_routers_flush(mdb, number);
}

static bool vsw_mdb_port_is_up(const struct vsw_port *port)
{
	return netif_running(port->dev) && netif_carrier_ok(port->dev) &&
	       port->state == VSW_STATE_FORWARDING;
}

/* Who is behind it may be a member since long, as a guest is that was migrated, and
 * says so only when asked: until then the port gets all groups.
 */
static void vsw_mdb_port_new(struct vsw_mdb *mdb, u16 number)
{
	spin_lock_bh(&mdb->lock);
	mdb->fresh_until[number] = jiffies + VSW_MDB_MEMBERSHIP * HZ;
	__set_bit(number, mdb->fresh);
	set_bit(number, mdb->open);
	vsw_mdb_kick(mdb, false);
	spin_unlock_bh(&mdb->lock);
}

/**
 * vsw_mdb_port_fresh() - A port is as one that is new.
 * @port: port, which has got into other VLANs: who is behind it may be a member of
 *	  groups there
 *
 * Context: RTNL.
 */
void vsw_mdb_port_fresh(const struct vsw_port *port)
{
	struct vsw_mdb *mdb = rtnl_dereference(port->sw->mdb);

	if (mdb && test_bit(port->number, mdb->up))
		vsw_mdb_port_new(mdb, port->number);
}

/**
 * vsw_mdb_port_link() - A port has come, or its cable was plugged in or out.
 * @port: port
 *
 * Context: RTNL.
 */
void vsw_mdb_port_link(const struct vsw_port *port)
{
	struct vsw_mdb *mdb = rtnl_dereference(port->sw->mdb);
	bool up = vsw_mdb_port_is_up(port);

	if (!mdb || up == test_bit(port->number, mdb->up))
		return;
	__assign_bit(port->number, mdb->up, up);
	if (up)
		vsw_mdb_port_new(mdb, port->number);
	else
		vsw_mdb_flush(mdb, port->number, false);
}

/**
 * vsw_mdb_add() - An administrator makes a port a member of a group.
 * @mdb: groups of the switch
 * @port: number of the port
 * @key: VLAN and address of the group
 *
 * Context: RTNL.
 * Return: 0, -EEXIST if it is so already, -ENOSPC if there are too many groups or
 * -ENOMEM.
 */
int vsw_mdb_add(struct vsw_mdb *mdb, u16 port, const struct vsw_mdb_key *key)
{
	struct vsw_mdb_member *m;
	int err = 0;

	spin_lock_bh(&mdb->lock);
	m = vsw_mdb_member_get(mdb, port, key);
	if (!m)
		err = mdb->count >= VSWITCH_MDB_GROUPS_MAX ? -ENOSPC : -ENOMEM;
	else if (m->fixed)
		err = -EEXIST;
	if (!err) {
		m->fixed = true;
		/* The limit is about what hosts say. */
		mdb->num[port]--;
		vsw_mdb_tell(mdb, key, m, VSWITCH_MDB_EVENT_TYPE_ADDED);
	}
	spin_unlock_bh(&mdb->lock);
	return err;
}

/**
 * vsw_mdb_del() - An administrator takes a port out of a group.
 * @mdb: groups of the switch
 * @port: number of the port
 * @key: VLAN and address of the group
 *
 * Context: RTNL.
 * Return: 0, or -ENOENT if it is not in it.
 */
int vsw_mdb_del(struct vsw_mdb *mdb, u16 port, const struct vsw_mdb_key *key)
{
	struct vsw_mdb_member *m;
	struct vsw_mdb_group *g;

	spin_lock_bh(&mdb->lock);
	g = vsw_mdb_find(mdb, key);
	m = g ? vsw_mdb_member(g, port) : NULL;
	if (m) {
		vsw_mdb_member_del(mdb, g, m, VSWITCH_MDB_EVENT_TYPE_DELETED);
		vsw_mdb_group_put(mdb, g);
	}
	spin_unlock_bh(&mdb->lock);
	return m ? 0 : -ENOENT;
}

static int vsw_mdb_walk_bucket(struct vsw_mdb *mdb, struct vsw_mdb_cursor *cur,
			       int (*visit)(const struct vsw_mdb_view *view,
					    void *arg), void *arg)
{
	const struct vsw_mdb_member *m;
	const struct vsw_mdb_group *g;
	struct vsw_mdb_view view = {};
	u32 n = 0;
	int err;

	hlist_for_each_entry(g, &mdb->bucket[cur->at - VLAN_N_VID], node) {
		hlist_for_each_entry(m, &g->members, node) {
			if (n++ < cur->skip)
				continue;
			view.key = g->key;
			view.port = m->port;
			view.type = m->fixed ? VSWITCH_MDB_TYPE_STATIC :
					       VSWITCH_MDB_TYPE_DYNAMIC;
			view.expires = m->fixed ? -1 :
				       max_t(long, m->expires - jiffies, 0) / HZ;
			err = visit(&view, arg);
			if (err)
				return err;
			cur->skip = n;
		}
	}
	return 0;
}

/**
 * vsw_mdb_walk() - Call a function for all that is known.
 * @mdb: groups of the switch
 * @cur: where to begin; all zero at first
 * @visit: the function; it must not sleep.  If it does not return 0 the walk ends,
 *	   and goes on later with the same entry
 * @arg: for the function
 *
 * Context: RTNL.  Takes vsw_mdb.lock.
 * Return: 0 at the end, or what the function has returned.
 */
int vsw_mdb_walk(struct vsw_mdb *mdb, struct vsw_mdb_cursor *cur,
		 int (*visit)(const struct vsw_mdb_view *view, void *arg),
		 void *arg)
{
	int err = 0;

	while (!err && cur->at < VLAN_N_VID + VSW_MDB_BUCKETS) {
		spin_lock_bh(&mdb->lock);
		if (cur->at < VLAN_N_VID)
			err = vsw_mdb_routers_walk(mdb, cur, visit, arg);
		else
			err = vsw_mdb_walk_bucket(mdb, cur, visit, arg);
		spin_unlock_bh(&mdb->lock);
		if (!err) {
			cur->at++;
			cur->skip = 0;
		}
	}
	return err;
}

static struct vsw_mdb *vsw_mdb_alloc(struct vsw_switch *sw)
{
	struct vsw_mdb *mdb = kvzalloc(sizeof(*mdb), GFP_KERNEL_ACCOUNT);

	if (!mdb)
		return NULL;
	mdb->sw = sw;
	mdb->interval = VSW_MDB_QUERY_INTERVAL;
	spin_lock_init(&mdb->lock);
	get_random_bytes(&mdb->secret, sizeof(mdb->secret));
	INIT_DELAYED_WORK(&mdb->work, vsw_mdb_work);
	return mdb;
}

/* Nobody reads it any more. */
static void vsw_mdb_free(struct vsw_mdb *mdb)
{
	u32 i;

	spin_lock_bh(&mdb->lock);
	mdb->closing = true;
	spin_unlock_bh(&mdb->lock);
	cancel_delayed_work_sync(&mdb->work);
	vsw_mdb_flush(mdb, -1, true);
	for (i = 0; i < VLAN_N_VID; i++)
		kfree(rcu_dereference_protected(mdb->vlan[i], 1));
	kvfree(mdb);
}

/**
 * vsw_mdb_set() - Switch multicast snooping on or off.
 * @sw: switch
 * @on: whether it is on
 * @extack: where a refusal is explained
 *
 * Context: RTNL.  May sleep.
 * Return: 0 or -ENOMEM.
 */
int vsw_mdb_set(struct vsw_switch *sw, bool on, struct netlink_ext_ack *extack)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	struct vsw_mdb *mdb = rtnl_dereference(sw->mdb);
	u32 i;

	if (on == !!mdb)
		return 0;
	if (!on) {
		vsw_switch_set_mode(sw, VSW_MODE_MCAST, 0);
		RCU_INIT_POINTER(sw->mdb, NULL);
		synchronize_net();
		vsw_mdb_free(mdb);
		return 0;
	}
	mdb = vsw_mdb_alloc(sw);
	if (!mdb) {
		NL_SET_ERR_MSG(extack, "no memory for groups");
		return -ENOMEM;
	}
	rcu_assign_pointer(sw->mdb, mdb);
	for (i = 0; i < set->size; i++) {
		if (!set->slot[i])
			continue;
		__assign_bit(i, mdb->up, vsw_mdb_port_is_up(set->slot[i]));
		vsw_mdb_port_changed(set->slot[i]);
	}
	vsw_switch_set_mode(sw, VSW_MODE_MCAST, VSW_MODE_MCAST);
	return 0;
}
