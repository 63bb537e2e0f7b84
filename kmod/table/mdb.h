/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Multicast: which ports are to get the frames of which groups.
 *
 * Only a switch with multicast snooping has this.  The path (path/l2_snoop.c) notes
 * what hosts and routers say, and asks by VLAN and IP address of a group.
 */
#ifndef _VSW_TABLE_MDB_H
#define _VSW_TABLE_MDB_H

#include <linux/in6.h>
#include <linux/siphash.h>
#include <linux/workqueue.h>
#include <net/ipv6.h>
#include "../vsw.h"

struct netlink_ext_ack;

/* Numbers of ports are below this. */
#define VSW_MDB_PORTS		(VSWITCH_PORT_LIMIT_MAX + 1)
#define VSW_MDB_BUCKETS		1024
#define VSW_MDB_EVENTS		1024
/* So many buckets are looked at before the lock is given back. */
#define VSW_MDB_RUN		64

/* RFC 3376 section 8 and RFC 3810 section 9, with robustness 2. */
#define VSW_MDB_MEMBERSHIP	260	/* s */
#define VSW_MDB_OTHER_QUERIER	255	/* s */
#define VSW_MDB_QUERY_INTERVAL	125	/* s */
#define VSW_MDB_RESPONSE	10	/* s */
#define VSW_MDB_ROBUSTNESS	2
/* A membership after a "leave": two questions, a second apart, and the answer. */
#define VSW_MDB_LAST_MEMBER	3	/* s */

/**
 * enum vsw_mdb_family - Of the protocol that speaks about groups.
 * @VSW_MDB_IP4: IGMP
 * @VSW_MDB_IP6: MLD
 * @VSW_MDB_FAMILIES: how many there are
 */
enum vsw_mdb_family {
	VSW_MDB_IP4,
	VSW_MDB_IP6,
	VSW_MDB_FAMILIES,
};

/**
 * struct vsw_mdb_key - A group in a VLAN.
 * @addr: its address; that of IPv4 is mapped into IPv6
 * @vlan: VLAN, 0 on a switch that is not VLAN-aware
 *
 * Without padding: it is hashed and compared as bytes.
 */
struct vsw_mdb_key {
	struct in6_addr addr;
	u32 vlan;
};

/**
 * struct vsw_mdb_member - A port that is to get the frames of a group.
 * @node: in the list of the group; for a router, in that of the VLAN
 * @expires: when it is forgotten (jiffies)
 * @port: number of the port
 * @fixed: an administrator has said so: it is not forgotten
 *
 * Under vsw_mdb.lock.
 */
struct vsw_mdb_member {
	struct hlist_node node;
	unsigned long expires;
	u16 port;
	bool fixed;
};

/**
 * struct vsw_mdb_group - A group that has members.
 * @node: in its bucket
 * @key: VLAN and address
 * @members: its members; under vsw_mdb.lock
 * @ports: the same as numbers of ports, for the path
 * @asks: how often our querier has still to ask who is left; under vsw_mdb.lock
 * @ask: not before then (jiffies)
 * @rcu: for kfree_rcu()
 */
struct vsw_mdb_group {
	struct hlist_node node;
	struct vsw_mdb_key key;
	struct hlist_head members;
	DECLARE_BITMAP(ports, VSW_MDB_PORTS);
	u8 asks;
	unsigned long ask;
	struct rcu_head rcu;
};

/**
 * struct vsw_mdb_talk - What routers say in a VLAN, with one protocol.
 * @asked: somebody asks who is a member; only then there is pruning
 * @from: pruning begins when there was time for an answer (jiffies)
 * @other: a querier is heard
 * @own: our querier asks
 * @querier: address of the one that is heard
 * @port: its port
 * @until: when it counts as gone (jiffies)
 * @next: when our querier asks again (jiffies)
 * @asks: how often it has asked
 * @list: routers that were heard; struct vsw_mdb_member
 * @routers: the same as numbers of ports, for the path
 *
 * Under vsw_mdb.lock; the path reads @asked, @from and @routers.
 */
struct vsw_mdb_talk {
	bool asked;
	bool other;
	bool own;
	u8 asks;
	u16 port;
	unsigned long from;
	unsigned long until;
	unsigned long next;
	struct in6_addr querier;
	struct hlist_head list;
	DECLARE_BITMAP(routers, VSW_MDB_PORTS);
};

/**
 * struct vsw_mdb_event - Something that is to be told.
 * @key: the group
 * @port: number of the port
 * @what: enum vswitch_mdb_event_type
 * @fixed: an administrator has added it
 */
struct vsw_mdb_event {
	struct vsw_mdb_key key;
	u16 port;
	u8 what;
	bool fixed;
};

/**
 * struct vsw_mdb - The groups of a switch.
 * @sw: the switch
 * @lock: who writes
 * @secret: of the hash
 * @bucket: groups
 * @vlan: what is heard in each VLAN, NULL for nothing; stays until all go
 * @open: ports that get all groups: those said to be routers, and new ones, of which
 *	  nobody knows yet
 * @said: of these, those said to be routers, who get reports as well
 * @up: ports that were up, and forwarding, when they were looked at; under RTNL
 * @fresh: new ports, under @lock
 * @fresh_until: when a port is new no more (jiffies)
 * @num: groups that each port has joined
 * @full: ports that have been refused a group because of their limit
 * @count: number of groups
 * @blind: a member found no room: no pruning until @blind_until
 * @blind_until: (jiffies)
 * @querier: our querier is switched on
 * @interval: seconds from one of its questions to the next
 * @at: VLAN that it has asked in last; for @work
 * @closing: nothing is queued any more
 * @soon: @work is queued to be done soon
 * @work: what expires, what is asked, what is told
 * @events: ring of what is to be told
 * @head: where the next one goes
 * @tail: the oldest one
 * @lost: how many found no place
 */
struct vsw_mdb {
	struct vsw_switch *sw;
	spinlock_t lock;	/* of who writes, see vsw.h */
	siphash_key_t secret;
	struct hlist_head bucket[VSW_MDB_BUCKETS];
	struct vsw_mdb_talk __rcu *vlan[VLAN_N_VID];
	DECLARE_BITMAP(open, VSW_MDB_PORTS);
	DECLARE_BITMAP(said, VSW_MDB_PORTS);
	DECLARE_BITMAP(up, VSW_MDB_PORTS);
	DECLARE_BITMAP(fresh, VSW_MDB_PORTS);
	unsigned long fresh_until[VSW_MDB_PORTS];
	u16 num[VSW_MDB_PORTS];
	DECLARE_BITMAP(full, VSW_MDB_PORTS);
	u32 count;
	bool blind;
	unsigned long blind_until;
	bool querier;
	u32 interval;
	u16 at;
	bool closing;
	bool soon;
	struct delayed_work work;
	struct vsw_mdb_event events[VSW_MDB_EVENTS];
	u32 head;
	u32 tail;
	u32 lost;
};

/**
 * struct vsw_mdb_view - An entry, as it is shown.
 * @key: group and VLAN; of a router or querier, an address of its family that is all
 *	 zero
 * @querier: address of a querier, or NULL
 * @port: number of the port
 * @type: enum vswitch_mdb_type
 * @expires: seconds, or -1
 */
struct vsw_mdb_view {
	struct vsw_mdb_key key;
	const struct in6_addr *querier;
	u16 port;
	u32 type;
	int expires;
};

/**
 * struct vsw_mdb_cursor - Place in a walk.
 * @at: VLAN, or VLAN_N_VID and a bucket
 * @skip: entries there that were passed
 */
struct vsw_mdb_cursor {
	u32 at;
	u32 skip;
};

/**
 * vsw_mdb_family() - Family of an address.
 * @addr: address, that of IPv4 mapped
 *
 * Return: its family.
 */
static inline enum vsw_mdb_family vsw_mdb_family(const struct in6_addr *addr)
{
	return ipv6_addr_v4mapped(addr) ? VSW_MDB_IP4 : VSW_MDB_IP6;
}

/**
 * vsw_mdb_distrusts() - Whether routers at a port are not believed any more.
 * @old: policy it had
 * @pol: policy it gets
 *
 * Return: true if so; what was heard is to be forgotten.
 */
static inline bool vsw_mdb_distrusts(const struct vsw_policy *old,
				     const struct vsw_policy *pol)
{
	return pol->is.mcast.router == VSWITCH_MCAST_ROUTER_NEVER &&
	       old->is.mcast.router != VSWITCH_MCAST_ROUTER_NEVER;
}

/* Fast path */

/**
 * vsw_mdb_talk_rcu() - What routers say in a VLAN.
 * @mdb: groups of the switch
 * @vlan: VLAN
 * @family: enum vsw_mdb_family
 *
 * Context: BH off, or vsw_mdb.lock.
 * Return: it, or NULL for nothing.
 */
static inline struct vsw_mdb_talk *
vsw_mdb_talk_rcu(const struct vsw_mdb *mdb, u16 vlan, enum vsw_mdb_family family)
{
	struct vsw_mdb_talk *talk = rcu_dereference_bh(mdb->vlan[vlan]);

	return talk ? talk + family : NULL;
}

/**
 * vsw_mdb_prunes() - Whether frames go to members alone.
 * @mdb: groups of the switch
 * @talk: what routers say in the VLAN, or NULL
 *
 * Context: path.
 * Return: true if so, false if they go to all.
 */
static inline bool vsw_mdb_prunes(const struct vsw_mdb *mdb,
				  const struct vsw_mdb_talk *talk)
{
	return talk && READ_ONCE(talk->asked) && !READ_ONCE(mdb->blind) &&
	       time_after_eq(jiffies, READ_ONCE(talk->from));
}

const struct vsw_mdb_group *vsw_mdb_find_rcu(const struct vsw_mdb *mdb,
					     const struct vsw_mdb_key *key);
void vsw_mdb_join(struct vsw_mdb *mdb, const struct vsw_port *port,
		  const struct vsw_settings *is, const struct vsw_mdb_key *key);
void vsw_mdb_leave(struct vsw_mdb *mdb, const struct vsw_port *port,
		   const struct vsw_settings *is, const struct vsw_mdb_key *key);
void vsw_mdb_query(struct vsw_mdb *mdb, const struct vsw_port *port, u16 vlan,
		   const struct in6_addr *from, unsigned long delay);
void vsw_mdb_query_group(struct vsw_mdb *mdb, const struct vsw_mdb_key *key,
			 unsigned long delay);
void vsw_mdb_router(struct vsw_mdb *mdb, const struct vsw_port *port, u16 vlan,
		    enum vsw_mdb_family family);

/* path/ has it: a frame of our own goes out of all ports in a VLAN, and to the host. */
void vsw_mdb_inject(struct vsw_switch *sw, struct sk_buff *skb, u16 vlan);

/* Control path */
int vsw_mdb_set(struct vsw_switch *sw, bool on, struct netlink_ext_ack *extack);
void vsw_mdb_set_querier(struct vsw_switch *sw, bool on, u32 interval);
void vsw_mdb_forget(struct vsw_switch *sw);
void vsw_mdb_forget_vlans(struct vsw_switch *sw, const unsigned long *not_in);
void vsw_mdb_port_changed(const struct vsw_port *port);
void vsw_mdb_port_link(const struct vsw_port *port);
void vsw_mdb_port_fresh(const struct vsw_port *port);
void vsw_mdb_port_gone(const struct vsw_port *port);
int vsw_mdb_add(struct vsw_mdb *mdb, u16 port, const struct vsw_mdb_key *key);
int vsw_mdb_del(struct vsw_mdb *mdb, u16 port, const struct vsw_mdb_key *key);
int vsw_mdb_walk(struct vsw_mdb *mdb, struct vsw_mdb_cursor *cur,
		 int (*visit)(const struct vsw_mdb_view *view, void *arg),
		 void *arg);
void vsw_mdb_flush_events(struct vsw_switch *sw);
u32 vsw_mdb_take_events(struct vsw_mdb *mdb, struct vsw_mdb_event *ev, u32 num,
			u32 *lost);

/* Between mdb.c, mdb_router.c, mdb_query.c, mdb_work.c */
void vsw_mdb_tell(struct vsw_mdb *mdb, const struct vsw_mdb_key *key,
		  const struct vsw_mdb_member *m, u8 what);
void vsw_mdb_expire(struct vsw_mdb *mdb);
bool vsw_mdb_take_ask(struct vsw_mdb *mdb, u32 *bucket, struct vsw_mdb_key *key);
void vsw_mdb_routers_expire(struct vsw_mdb *mdb);
void vsw_mdb_routers_flush(struct vsw_mdb *mdb, int port);
struct vsw_mdb_talk *vsw_mdb_talk_get(struct vsw_mdb *mdb, u16 vlan,
				      enum vsw_mdb_family family);
void vsw_mdb_talk_start(struct vsw_mdb_talk *talk, unsigned long delay);
int vsw_mdb_routers_walk(struct vsw_mdb *mdb, struct vsw_mdb_cursor *cur,
			 int (*visit)(const struct vsw_mdb_view *view, void *arg),
			 void *arg);
void vsw_mdb_ask(struct vsw_mdb *mdb);
void vsw_mdb_own_addr(const struct vsw_switch *sw, enum vsw_mdb_family family,
		      struct in6_addr *addr);
void vsw_mdb_work(struct work_struct *work);
void vsw_mdb_kick(struct vsw_mdb *mdb, bool soon);
void vsw_mdb_go_blind(struct vsw_mdb *mdb);

#endif /* _VSW_TABLE_MDB_H */
