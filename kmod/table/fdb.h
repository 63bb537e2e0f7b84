/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Forwarding database: (VLAN, address) to port.
 *
 * A table is an array of buckets of one cache line, and an entry is in one of
 * two buckets, so a look-up touches at most two lines.  Readers take no lock.
 * Writers hold vsw_fdb.lock.  A table that gets too full or too empty is
 * replaced while frames are forwarded: a new one is chained behind the old one,
 * entries go over bucket by bucket, and readers follow the chain.
 *
 * fdb.c has the look-up and the changes of one entry, fdb_table.c the table and
 * its replacement, fdb_age.c ageing and flushing, fdb_move.c what moves too often,
 * fdb_event.c what is told to user space.
 */
#ifndef _VSW_TABLE_FDB_H
#define _VSW_TABLE_FDB_H

#include <linux/cache.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <uapi/linux/vswitch.h>

struct mem_cgroup;
struct vsw_fdb_movers;

/* Fast path */

#define VSW_FDB_SLOTS		5
#define VSW_FDB_KEY_VALID	BIT_ULL(63)

/* A value: port number, flags, and the tick its address was last seen in. */
#define VSW_FDB_STAMP_MASK	0x00007fffU
#define VSW_FDB_STATIC		BIT(15)
#define VSW_FDB_VALID		BIT(16)
#define VSW_FDB_STICKY		BIT(17)
/* What neither ages nor moves. */
#define VSW_FDB_FIXED		(VSW_FDB_STATIC | VSW_FDB_STICKY)
#define VSW_FDB_PORT_SHIFT	19
#define VSW_FDB_PORTS		BIT(32 - VSW_FDB_PORT_SHIFT)

/**
 * struct vsw_fdb_bucket - Five entries in one cache line.
 * @key: VALID bit, VLAN in bits 48 to 59, address in bits 0 to 47; 0 if free
 * @val: port, flags and stamp
 * @seq: goes up before and after an entry is written, so that a reader notices
 *	 that what it read does not belong together
 *
 * To write an entry, its key must be 0: @seq up, @val, @key, @seq up, each
 * visible before the next.  To remove one, its key is set to 0.  Only the stamp
 * of a live entry changes in place.  A reader never waits: it reads again only
 * if @seq has changed, so it may run above a writer that was preempted.
 */
struct vsw_fdb_bucket {
	u64 key[VSW_FDB_SLOTS];
	u32 val[VSW_FDB_SLOTS];
	u32 seq;
} ____cacheline_aligned;

/**
 * struct vsw_fdb_table - One table of the chain.
 * @bucket: its buckets
 * @num: number of buckets
 * @secret: key of the hash, its second and third word odd; addresses are chosen by
 *	    guests
 * @next: table that takes this one's place, or NULL
 * @free_work: frees the table from process context, after the last reader
 */
struct vsw_fdb_table {
	struct vsw_fdb_bucket *bucket;
	u32 num;
	u64 secret[3];
	struct vsw_fdb_table __rcu *next;
	struct rcu_work free_work;
};

/**
 * struct vsw_fdb_event - One change, to be told to user space.
 * @key: the entry's key
 * @val: its value
 * @more: of an entry that is held, number of the other port; of one that was not
 *	  learned, enum vswitch_fdb_limit_type
 * @what: enum vswitch_fdb_event_type
 */
struct vsw_fdb_event {
	u64 key;
	u32 val;
	u16 more;
	u8 what;
};

/* Twice what one request can change. */
#define VSW_FDB_EVENTS		(2 * VSWITCH_FDB_ENTRIES_MAX)

/**
 * struct vsw_fdb - Forwarding database of a switch.
 * @table: head of the chain of tables; written under @lock
 * @tick_shift: a tick of a stamp is 2^@tick_shift jiffies
 * @lock: protects all that follows, and the tables
 * @ageing: ageing time in jiffies, 0 for never
 * @limit: largest number of entries; the last sixteenth is for static ones
 * @count: number of entries
 * @count_static: of @count, the static ones
 * @count_sticky: of @count, the sticky ones
 * @port_count: all entries by port number
 * @port_dynamic: those that are not static, which the port's limit is about
 * @port_told: bits by port number: that the port's limit is reached was told
 * @full_told: that @limit is reached was told
 * @told: how many of these are set
 * @gen: goes up whenever entries change place, so that a dump can say that it
 *	 is inconsistent
 * @grow_above: with more entries than that the last table is too small
 * @shrink_below: with fewer, it is too large
 * @move_limit: how often an entry may move within @move_window; 0 for any number
 * @move_window: in jiffies
 * @move_hold: how long an entry is held that has moved more often, in jiffies
 * @movers: entries that have moved lately
 * @last_hold: when the last hold has begun, in jiffies, if @holds
 * @holds: entries have been held
 * @full: an entry found no place since the last resize
 * @ages: the ageing work is queued, or runs and will be queued again if need be
 * @closing: no work is queued any more
 * @events: ring of VSW_FDB_EVENTS changes
 * @event_head: number of changes put in
 * @event_tail: number of changes taken out
 * @event_lost: number of changes that found the ring full
 * @age_pos: bucket at which ageing goes on, counted over the chain; the ageing
 *	     work's own
 * @age_work: ages some buckets each time
 * @resize_work: replaces the table
 * @memcg: memory cgroup that larger tables are charged to
 * @resize_lock: held while the chain of tables changes or must not change
 * @event_work: tells user space
 */
struct vsw_fdb {
	struct vsw_fdb_table __rcu *table;
	u8 tick_shift;

	spinlock_t lock ____cacheline_aligned_in_smp;
	unsigned long ageing;
	u32 limit;
	u32 count;
	u32 count_static;
	u32 count_sticky;
	u32 *port_count;
	u32 *port_dynamic;
	unsigned long *port_told;
	bool full_told;
	u32 told;
	unsigned int gen;
	u32 grow_above;
	u32 shrink_below;
	u32 move_limit;
	unsigned long move_window;
	unsigned long move_hold;
	struct vsw_fdb_movers *movers;
	unsigned long last_hold;
	bool holds;
	bool full;
	bool ages;
	bool closing;
	struct vsw_fdb_event *events;
	u32 event_head;
	u32 event_tail;
	u32 event_lost;
	u32 age_pos;
	struct delayed_work age_work;
	struct delayed_work resize_work;
	struct mem_cgroup *memcg;
	struct mutex resize_lock;	/* the chain of tables */
	struct delayed_work event_work;
};

/**
 * vsw_fdb_key_of() - Key of an address in a VLAN.
 * @addr: address as a number
 * @vlan: VLAN identifier, 0 for untagged
 *
 * Return: the key, never 0.
 */
static inline u64 vsw_fdb_key_of(u64 addr, u16 vlan)
{
	return VSW_FDB_KEY_VALID | (u64)vlan << 48 | addr;
}

/**
 * vsw_fdb_key() - Key of an address in a VLAN.
 * @addr: address
 * @vlan: VLAN identifier, 0 for untagged
 *
 * Return: the key, never 0.
 */
static inline u64 vsw_fdb_key(const u8 *addr, u16 vlan)
{
	return vsw_fdb_key_of(ether_addr_to_u64(addr), vlan);
}

/**
 * vsw_fdb_key_vlan() - VLAN of a key.
 * @key: key
 *
 * Return: VLAN identifier, 0 for untagged.
 */
static inline u16 vsw_fdb_key_vlan(u64 key)
{
	return key >> 48 & VLAN_VID_MASK;
}

/**
 * vsw_fdb_key_number() - Address of a key as a number.
 * @key: key
 *
 * Return: the address.
 */
static inline u64 vsw_fdb_key_number(u64 key)
{
	return key & GENMASK_ULL(47, 0);
}

/**
 * vsw_fdb_key_addr() - Address of a key.
 * @key: key
 * @addr: where it is written
 */
static inline void vsw_fdb_key_addr(u64 key, u8 *addr)
{
	u64_to_ether_addr(vsw_fdb_key_number(key), addr);
}

/**
 * vsw_fdb_port() - Port number of a value.
 * @val: value of an entry
 *
 * Return: port number.
 */
static inline u16 vsw_fdb_port(u32 val)
{
	return val >> VSW_FDB_PORT_SHIFT;
}

/**
 * vsw_fdb_val() - Value of an entry.
 * @port: port number
 * @flags: VSW_FDB_STATIC, VSW_FDB_STICKY or 0
 * @stamp: stamp of a dynamic entry
 *
 * Return: the value, never 0.
 */
static inline u32 vsw_fdb_val(u16 port, u32 flags, u32 stamp)
{
	return (u32)port << VSW_FDB_PORT_SHIFT | flags | VSW_FDB_VALID | stamp;
}

/**
 * vsw_fdb_type() - Type of an entry.
 * @val: its value
 *
 * Return: enum vswitch_fdb_type.
 */
static inline u32 vsw_fdb_type(u32 val)
{
	if (val & VSW_FDB_STATIC)
		return VSWITCH_FDB_TYPE_STATIC;
	return val & VSW_FDB_STICKY ? VSWITCH_FDB_TYPE_STICKY :
				      VSWITCH_FDB_TYPE_DYNAMIC;
}

/**
 * vsw_fdb_stamp_now() - Stamp of this moment.
 * @fdb: forwarding database
 *
 * Return: stamp.
 */
static inline u32 vsw_fdb_stamp_now(const struct vsw_fdb *fdb)
{
	unsigned long now = jiffies;

	return now >> READ_ONCE(fdb->tick_shift) & VSW_FDB_STAMP_MASK;
}

/**
 * vsw_fdb_hash() - Hash a key.
 * @t: table
 * @key: key
 *
 * Multiplied by an odd number that nobody knows, each bit of the key reaches the
 * upper half of the product; the two halves, one on the other, are no longer
 * linear in the key, or consecutive addresses would be far from evenly spread.
 * Different keys have different hashes.
 *
 * Return: the hash.
 */
static inline u64 vsw_fdb_hash(const struct vsw_fdb_table *t, u64 key)
{
	u64 p = (key ^ t->secret[0]) * t->secret[1];

	return p ^ p >> 32;
}

/**
 * vsw_fdb_bucket_a() - First bucket of a hash.
 * @t: table
 * @hash: hash of a key
 *
 * Return: the bucket.
 */
static inline struct vsw_fdb_bucket *
vsw_fdb_bucket_a(const struct vsw_fdb_table *t, u64 hash)
{
	return &t->bucket[(u64)(u32)hash * t->num >> 32];
}

/**
 * vsw_fdb_bucket_b() - Second bucket of a hash; may be the first.
 * @t: table
 * @hash: hash of a key
 *
 * Of few frames alone: it may cost another multiplication.
 *
 * Return: the bucket.
 */
static inline struct vsw_fdb_bucket *
vsw_fdb_bucket_b(const struct vsw_fdb_table *t, u64 hash)
{
	return &t->bucket[((hash * t->secret[2]) >> 32) * t->num >> 32];
}

/**
 * vsw_fdb_bucket_find() - Look into one bucket.
 * @b: bucket
 * @key: key
 *
 * An entry that is taken out and another put into its slot while we read would
 * give us the wrong value: then seq has changed.
 *
 * Return: the slot of the key; -1 if the key is not there.
 */
static __always_inline int
vsw_fdb_bucket_find(const struct vsw_fdb_bucket *b, u64 key)
{
	int i;

#pragma GCC unroll 5
	for (i = 0; i < VSW_FDB_SLOTS; i++) {
		if (READ_ONCE(b->key[i]) == key) {
			/* The value is read after the key that promises it. */
			smp_rmb();
			return i;
		}
	}
	return -1;
}

/**
 * vsw_fdb_bucket_same() - Whether a bucket is as it was.
 * @b: bucket
 * @seq: what was read from it before
 *
 * Return: true if so.
 */
static __always_inline bool vsw_fdb_bucket_same(const struct vsw_fdb_bucket *b,
						u32 seq)
{
	/* What was read from the bucket was read before seq is read again. */
	smp_rmb();
	return READ_ONCE(b->seq) == seq;
}

u32 vsw_fdb_find_slow(const struct vsw_fdb_table *t, u64 key);

/**
 * __vsw_fdb_find_rcu() - Look an address up.
 * @fdb: forwarding database
 * @key: vsw_fdb_key()
 * @val: where the value of the entry is written
 *
 * Most entries are in their first bucket, for an entry that comes takes that if
 * there is room.
 *
 * Context: RCU read section, or BH off.
 * Return: whether there is such an entry.
 */
static __always_inline bool
__vsw_fdb_find_rcu(const struct vsw_fdb *fdb, u64 key, u32 *val)
{
	const struct vsw_fdb_table *t;
	struct vsw_fdb_bucket *a;
	u32 seq;
	int i;

	t = rcu_dereference_check(fdb->table, rcu_read_lock_bh_held());
	a = vsw_fdb_bucket_a(t, vsw_fdb_hash(t, key));
	/* Before what is read from the bucket. */
	seq = smp_load_acquire(&a->seq);
	i = vsw_fdb_bucket_find(a, key);
	if (likely(i >= 0)) {
		*val = READ_ONCE(a->val[i]);
		if (likely(vsw_fdb_bucket_same(a, seq)))
			return true;
	}
	*val = vsw_fdb_find_slow(t, key);
	return *val;
}

/**
 * vsw_fdb_find_rcu() - Look an address up.
 * @fdb: forwarding database
 * @key: vsw_fdb_key()
 *
 * Context: RCU read section, or BH off.
 * Return: the value of the entry; 0 if there is none.
 */
static inline u32 vsw_fdb_find_rcu(const struct vsw_fdb *fdb, u64 key)
{
	u32 val;

	return __vsw_fdb_find_rcu(fdb, key, &val) ? val : 0;
}

/**
 * enum vsw_fdb_learned - What came of learning an address.
 * @VSW_FDB_KNOWN: it was known on this port, or is static or sticky on another
 * @VSW_FDB_NEW: it is a new entry
 * @VSW_FDB_MOVED: it was on another port
 * @VSW_FDB_REFUSED: a limit was reached, or there was no place
 * @VSW_FDB_HELD: it has moved too often, and is held on another port
 */
enum vsw_fdb_learned {
	VSW_FDB_KNOWN,
	VSW_FDB_NEW,
	VSW_FDB_MOVED,
	VSW_FDB_REFUSED,
	VSW_FDB_HELD,
};

enum vsw_fdb_learned vsw_fdb_learn(struct vsw_fdb *fdb, u64 key, u32 val,
				   u16 port, u32 port_limit, bool sticky);
void vsw_fdb_refresh(const struct vsw_fdb *fdb, u64 key, u16 port);

/* Control path */

/**
 * struct vsw_fdb_change - One of several entries to add or delete.
 * @key: key
 * @port: port number
 * @sticky: it is to be sticky, not static
 * @old: value before, 0 if there was none; set by the call
 */
struct vsw_fdb_change {
	u64 key;
	u16 port;
	bool sticky;
	u32 old;
};

/**
 * struct vsw_fdb_filter - Which entries are meant.
 * @port: port number, or -1 for any
 * @vlan: VLAN identifier, or -1 for any
 * @type: enum vswitch_fdb_type, or -1 for any
 * @not_in: VLANs whose entries are not meant, a bit for each; NULL for none
 */
struct vsw_fdb_filter {
	int port;
	int vlan;
	int type;
	const unsigned long *not_in;
};

/**
 * struct vsw_fdb_cursor - Place in a walk over all entries.
 * @pos: slots passed so far, over all tables of the chain
 */
struct vsw_fdb_cursor {
	u64 pos;
};

typedef int (*vsw_fdb_visit_t)(const struct vsw_fdb *fdb, u64 key, u32 val,
			       void *arg);

int vsw_fdb_init(struct vsw_fdb *fdb);
void vsw_fdb_stop(struct vsw_fdb *fdb);
void vsw_fdb_exit(struct vsw_fdb *fdb);
int vsw_fdb_add(struct vsw_fdb *fdb, struct vsw_fdb_change *ch, u32 num,
		bool replace, u32 *bad);
int vsw_fdb_del(struct vsw_fdb *fdb, struct vsw_fdb_change *ch, u32 num,
		u32 *bad);
u32 vsw_fdb_flush(struct vsw_fdb *fdb, const struct vsw_fdb_filter *filter);
bool vsw_fdb_match(const struct vsw_fdb_filter *filter, u64 key, u32 val);
int vsw_fdb_walk(struct vsw_fdb *fdb, struct vsw_fdb_cursor *cur,
		 vsw_fdb_visit_t visit, void *arg);
unsigned int vsw_fdb_gen(struct vsw_fdb *fdb);

/**
 * vsw_fdb_port_count() - Number of entries of a port.
 * @fdb: forwarding database
 * @port: port number
 *
 * Return: that number.
 */
static inline u32 vsw_fdb_port_count(const struct vsw_fdb *fdb, u16 port)
{
	return READ_ONCE(fdb->port_count[port]);
}

void vsw_fdb_set_ageing(struct vsw_fdb *fdb, u32 seconds);
u32 vsw_fdb_ageing(const struct vsw_fdb *fdb);
u32 vsw_fdb_age(const struct vsw_fdb *fdb, u32 val);
void vsw_fdb_set_move(struct vsw_fdb *fdb, u32 limit, u32 window, u32 hold);
int vsw_fdb_set_limit(struct vsw_fdb *fdb, u32 limit);
void vsw_fdb_restore_limit(struct vsw_fdb *fdb, u32 limit);
u64 vsw_fdb_memory(struct vsw_fdb *fdb);
u32 vsw_fdb_take_events(struct vsw_fdb *fdb, struct vsw_fdb_event *ev, u32 num,
			u32 *lost);

extern struct workqueue_struct *vsw_wq;

#endif /* _VSW_TABLE_FDB_H */
