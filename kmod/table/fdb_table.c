// SPDX-License-Identifier: GPL-2.0
/*
 * FDB: the table, places in it, and its replacement by a larger or smaller one.
 *
 * Cuckoo hashing with two buckets of five slots for each key: a new entry whose
 * buckets are both full makes one of theirs go to its other bucket.  The search
 * for a chain of such moves is breadth first over a fixed number of buckets, so
 * the work per entry is bounded whatever the addresses are.
 */
#include <linux/random.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "fdb_table.h"

#define VSW_FDB_MIN_BUCKETS	64
/* Slots used, in percent: above the first a table grows, below the other it
 * shrinks, to the third.  At 50 an entry has 25.6 bytes of table.
 */
#define VSW_FDB_GROW_ABOVE	75
#define VSW_FDB_SHRINK_BELOW	15
#define VSW_FDB_RESIZE_TO	52
/* After this time without memory for another table, it is tried again. */
#define VSW_FDB_RETRY_DELAY	HZ
/* Both buckets, their ten neighbours, and fifty of theirs. */
#define VSW_FDB_SEARCH		(2 + 2 * 5 + 2 * 5 * 5)

/* Number of buckets for a number of entries. */
static u32 vsw_fdb_buckets_for(u32 entries)
{
	u64 slots = div_u64((u64)entries * 100, VSW_FDB_RESIZE_TO);

	return max_t(u32, VSW_FDB_MIN_BUCKETS,
		     div_u64(slots, VSW_FDB_SLOTS) + 1);
}

/**
 * vsw_fdb_table_alloc() - Allocate an empty table.
 * @num: number of buckets; 0 for the smallest table
 *
 * How large it gets is for guests to say, within the limit: better no larger
 * table than another process killed for it.
 *
 * Return: the table or NULL.
 */
struct vsw_fdb_table *vsw_fdb_table_alloc(u32 num)
{
	const gfp_t gfp = GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL |
			  __GFP_NOWARN;
	struct vsw_fdb_table *t = kzalloc(sizeof(*t), gfp);

	if (!t)
		return NULL;
	t->num = max_t(u32, num, VSW_FDB_MIN_BUCKETS);
	t->bucket = kvcalloc(t->num, sizeof(*t->bucket), gfp);
	if (!t->bucket) {
		kfree(t);
		return NULL;
	}
	get_random_bytes(t->secret, sizeof(t->secret));
	/* An even factor would lose a bit. */
	t->secret[1] |= 1;
	t->secret[2] |= 1;
	return t;
}

/**
 * vsw_fdb_table_free() - Free a table that nobody reads.
 * @t: table or NULL
 *
 * Context: process context.
 */
void vsw_fdb_table_free(struct vsw_fdb_table *t)
{
	if (!t)
		return;
	kvfree(t->bucket);
	kfree(t);
}

static void vsw_fdb_table_free_work(struct work_struct *work)
{
	vsw_fdb_table_free(container_of(to_rcu_work(work), struct vsw_fdb_table,
					free_work));
}

/**
 * vsw_fdb_place_write() - Write an entry into a free slot.
 * @p: slot
 * @key: key
 * @val: value
 *
 * Context: vsw_fdb.lock.
 */
void vsw_fdb_place_write(struct vsw_fdb_place *p, u64 key, u32 val)
{
	struct vsw_fdb_bucket *b = p->b;

	WRITE_ONCE(b->seq, b->seq + 1);
	/* All three pair with the reads of vsw_fdb_table_find(): a reader that
	 * sees a later write sees the earlier ones.
	 */
	smp_wmb();
	WRITE_ONCE(b->val[p->i], val);
	/* The value before the key that promises it. */
	smp_wmb();
	WRITE_ONCE(b->key[p->i], key);
	/* The entry before the end of its writing. */
	smp_wmb();
	WRITE_ONCE(b->seq, b->seq + 1);
}

/**
 * vsw_fdb_place_clear() - Free a slot.
 * @p: slot
 *
 * Context: vsw_fdb.lock.
 */
void vsw_fdb_place_clear(struct vsw_fdb_place *p)
{
	/* What made this entry superfluous, such as a copy of it elsewhere, is
	 * seen before it goes...
	 */
	smp_store_release(&p->b->key[p->i], 0);
	/* ...and what is written into its slot later is seen after that. */
	smp_wmb();
}

static bool vsw_fdb_bucket_place(struct vsw_fdb_bucket *b, u64 key,
				 struct vsw_fdb_place *p)
{
	unsigned int i;

	for (i = 0; i < VSW_FDB_SLOTS; i++) {
		if (b->key[i] == key) {
			p->b = b;
			p->i = i;
			return true;
		}
	}
	return false;
}

/**
 * vsw_fdb_place_find() - Find where a key is.
 * @fdb: forwarding database
 * @key: key
 * @p: where its place is written
 *
 * Context: vsw_fdb.lock.
 * Return: whether there is such an entry.
 */
bool vsw_fdb_place_find(struct vsw_fdb *fdb, u64 key, struct vsw_fdb_place *p)
{
	struct vsw_fdb_table *t;

	lockdep_assert_held(&fdb->lock);
	for (t = vsw_fdb_locked_table(fdb); t; t = vsw_fdb_locked_next(fdb, t)) {
		p->t = t;
		p->hash = vsw_fdb_hash(t, key);
		if (vsw_fdb_bucket_place(vsw_fdb_bucket_a(t, p->hash), key, p) ||
		    vsw_fdb_bucket_place(vsw_fdb_bucket_b(t, p->hash), key, p))
			return true;
	}
	return false;
}

/* A bucket met in the search, and the entry that would have to go to it. */
struct vsw_fdb_node {
	struct vsw_fdb_bucket *b;
	s16 parent;
	u8 slot;
};

/* Moves entries along the chain that ends at node n, the last one first: each
 * goes to a free slot and is never absent.  Ends with a free slot in one of the
 * first two buckets.
 */
static void vsw_fdb_shift(struct vsw_fdb *fdb, struct vsw_fdb_place *free,
			  const struct vsw_fdb_node *node, int n)
{
	while (node[n].parent >= 0) {
		struct vsw_fdb_place from = {
			.t = free->t,
			.b = node[node[n].parent].b,
			.i = node[n].slot,
		};

		vsw_fdb_place_write(free, from.b->key[from.i],
				    READ_ONCE(from.b->val[from.i]));
		vsw_fdb_place_clear(&from);
		*free = from;
		n = node[n].parent;
		WRITE_ONCE(fdb->gen, fdb->gen + 1);
	}
}

static struct vsw_fdb_bucket *vsw_fdb_other(const struct vsw_fdb_table *t,
					    const struct vsw_fdb_bucket *b,
					    u64 key)
{
	u64 hash = vsw_fdb_hash(t, key);
	struct vsw_fdb_bucket *a = vsw_fdb_bucket_a(t, hash);

	return a == b ? vsw_fdb_bucket_b(t, hash) : a;
}

static bool vsw_fdb_on_way(const struct vsw_fdb_node *node, int n,
			   const struct vsw_fdb_bucket *b)
{
	for (; n >= 0; n = node[n].parent)
		if (node[n].b == b)
			return true;
	return false;
}

/* Makes a free slot in one of two full buckets, by moves of other entries. */
static noinline bool vsw_fdb_search(struct vsw_fdb *fdb,
				    struct vsw_fdb_place *p)
{
	struct vsw_fdb_node node[VSW_FDB_SEARCH];
	int head, tail = 2;
	unsigned int i;

	node[0] = (struct vsw_fdb_node){ vsw_fdb_bucket_a(p->t, p->hash), -1, 0 };
	node[1] = (struct vsw_fdb_node){ vsw_fdb_bucket_b(p->t, p->hash), -1, 0 };
	for (head = 0; head < tail; head++) {
		if (vsw_fdb_bucket_place(node[head].b, 0, p)) {
			vsw_fdb_shift(fdb, p, node, head);
			return true;
		}
		for (i = 0; i < VSW_FDB_SLOTS && tail < VSW_FDB_SEARCH; i++) {
			struct vsw_fdb_bucket *b;

			b = vsw_fdb_other(p->t, node[head].b,
					  node[head].b->key[i]);
			/* A chain that came back would move a moved entry. */
			if (vsw_fdb_on_way(node, head, b))
				continue;
			node[tail++] = (struct vsw_fdb_node){ b, head, i };
		}
	}
	return false;
}

/* Finds or makes a free slot in the table of p for what has its hash. */
static bool vsw_fdb_make_room(struct vsw_fdb *fdb, struct vsw_fdb_place *p)
{
	return vsw_fdb_bucket_place(vsw_fdb_bucket_a(p->t, p->hash), 0, p) ||
	       vsw_fdb_bucket_place(vsw_fdb_bucket_b(p->t, p->hash), 0, p) ||
	       vsw_fdb_search(fdb, p);
}

/* The table to which new entries go. */
static struct vsw_fdb_table *vsw_fdb_locked_last(struct vsw_fdb *fdb)
{
	struct vsw_fdb_table *t = vsw_fdb_locked_table(fdb);
	struct vsw_fdb_table *next;

	while ((next = vsw_fdb_locked_next(fdb, t)))
		t = next;
	return t;
}

/**
 * vsw_fdb_set_marks() - Say at which numbers of entries the last table is replaced.
 * @fdb: forwarding database, with another last table than before
 *
 * Context: vsw_fdb.lock.
 */
void vsw_fdb_set_marks(struct vsw_fdb *fdb)
{
	const struct vsw_fdb_table *t = vsw_fdb_locked_last(fdb);
	u64 slots = (u64)t->num * VSW_FDB_SLOTS;

	fdb->grow_above = div_u64(slots * VSW_FDB_GROW_ABOVE, 100);
	fdb->shrink_below = t->num == VSW_FDB_MIN_BUCKETS ? 0 :
			    div_u64(slots * VSW_FDB_SHRINK_BELOW, 100);
}

/* The size the table should have now, 0 if it may stay as it is. */
static u32 vsw_fdb_resize_to(struct vsw_fdb *fdb, u32 more)
{
	u32 want = fdb->count + more;
	u32 num;

	if (fdb->full) {
		num = vsw_fdb_locked_last(fdb)->num;
		return max(vsw_fdb_buckets_for(want), num + num / 2);
	}
	if (want > fdb->grow_above || (!more && want < fdb->shrink_below))
		return vsw_fdb_buckets_for(want);
	return 0;
}

/**
 * vsw_fdb_resize_check() - Have the table replaced if its size does not fit.
 * @fdb: forwarding database
 * @more: entries that come; if any do, the table may grow, but not shrink
 *
 * Context: vsw_fdb.lock.
 */
void vsw_fdb_resize_check(struct vsw_fdb *fdb, u32 more)
{
	lockdep_assert_held(&fdb->lock);
	/* A chain that is left over, for want of memory, is to become one. */
	if (likely(!rcu_access_pointer(vsw_fdb_locked_table(fdb)->next) &&
		   !vsw_fdb_resize_to(fdb, more)))
		return;
	if (!fdb->closing)
		queue_delayed_work(vsw_wq, &fdb->resize_work, 0);
}

/**
 * vsw_fdb_place_new() - Write an entry that is not there yet.
 * @fdb: forwarding database
 * @p: what vsw_fdb_place_find() has left
 * @key: key
 * @val: value
 *
 * Entries go to the last table of the chain, so that a resize comes to an end.
 *
 * Context: vsw_fdb.lock.
 * Return: 0, or -EAGAIN if there is no place; a larger table is on its way.
 */
int vsw_fdb_place_new(struct vsw_fdb *fdb, struct vsw_fdb_place *p, u64 key,
		      u32 val)
{
	if (!vsw_fdb_make_room(fdb, p)) {
		fdb->full = true;
		vsw_fdb_resize_check(fdb, 1);
		return -EAGAIN;
	}
	vsw_fdb_place_write(p, key, val);
	vsw_fdb_resize_check(fdb, 1);
	return 0;
}

/* Moves the entries of one bucket to the last table.  Return: whether all. */
static bool vsw_fdb_move_bucket(struct vsw_fdb *fdb, struct vsw_fdb_table *from,
				struct vsw_fdb_bucket *b,
				struct vsw_fdb_table *to)
{
	struct vsw_fdb_place src = { .t = from, .b = b };
	struct vsw_fdb_place dst = { .t = to };

	for (src.i = 0; src.i < VSW_FDB_SLOTS; src.i++) {
		if (!b->key[src.i])
			continue;
		dst.hash = vsw_fdb_hash(to, b->key[src.i]);
		if (!vsw_fdb_make_room(fdb, &dst))
			return false;
		vsw_fdb_place_write(&dst, b->key[src.i],
				    READ_ONCE(b->val[src.i]));
		vsw_fdb_place_clear(&src);
		WRITE_ONCE(fdb->gen, fdb->gen + 1);
	}
	return true;
}

/* Moves all entries of a table to the last one.  Return: whether all. */
static bool vsw_fdb_move_table(struct vsw_fdb *fdb, struct vsw_fdb_table *from,
			       struct vsw_fdb_table *to)
{
	bool ok = true;
	u32 i;

	for (i = 0; ok && i < from->num; i++) {
		vsw_fdb_pause(fdb, i);
		ok = vsw_fdb_move_bucket(fdb, from, &from->bucket[i], to);
	}
	return ok;
}

/* Takes the empty head off the chain. */
static void vsw_fdb_retire(struct vsw_fdb *fdb, struct vsw_fdb_table *t)
{
	rcu_assign_pointer(fdb->table, vsw_fdb_locked_next(fdb, t));
	WRITE_ONCE(fdb->gen, fdb->gen + 1);
	INIT_RCU_WORK(&t->free_work, vsw_fdb_table_free_work);
	queue_rcu_work(vsw_wq, &t->free_work);
}

/*
 * Empties the tables of the chain into the last one.  An entry that finds no
 * place even there stays where it is, and asks for a larger table.
 */
static void vsw_fdb_drain(struct vsw_fdb *fdb)
{
	struct vsw_fdb_table *last = vsw_fdb_locked_last(fdb);
	struct vsw_fdb_table *t;

	while ((t = vsw_fdb_locked_table(fdb)) != last) {
		if (!vsw_fdb_move_table(fdb, t, last)) {
			fdb->full = true;
			return;
		}
		vsw_fdb_retire(fdb, t);
	}
}

/*
 * Puts a table at the end of the chain, if another size is wanted, and empties
 * those before it into it, until there is one table that fits.  No entry is ever
 * lost: each table has other hashes.
 */
static int vsw_fdb_resize(struct vsw_fdb *fdb, u32 more)
{
	struct vsw_fdb_table *new;
	struct mem_cgroup *old;
	u32 num;

	lockdep_assert_held(&fdb->resize_lock);
	for (;;) {
		spin_lock_bh(&fdb->lock);
		vsw_fdb_drain(fdb);
		num = vsw_fdb_resize_to(fdb, more);
		spin_unlock_bh(&fdb->lock);
		if (!num)
			return 0;

		/* Whoever runs here: the worker's memory is nobody's. */
		old = set_active_memcg(fdb->memcg);
		new = vsw_fdb_table_alloc(num);
		set_active_memcg(old);
		if (!new)
			return -ENOMEM;

		spin_lock_bh(&fdb->lock);
		rcu_assign_pointer(vsw_fdb_locked_last(fdb)->next, new);
		vsw_fdb_set_marks(fdb);
		fdb->full = false;
		WRITE_ONCE(fdb->gen, fdb->gen + 1);
		spin_unlock_bh(&fdb->lock);
	}
}

/**
 * vsw_fdb_resize_work() - Replace the table if its size does not fit.
 * @work: vsw_fdb.resize_work
 *
 * Context: process context.
 */
void vsw_fdb_resize_work(struct work_struct *work)
{
	struct vsw_fdb *fdb = container_of(work, struct vsw_fdb,
					   resize_work.work);
	int err;

	mutex_lock(&fdb->resize_lock);
	err = vsw_fdb_resize(fdb, 0);
	mutex_unlock(&fdb->resize_lock);
	if (!err)
		return;
	/* Without memory the old table goes on.  While this is queued, no change
	 * tries sooner: guests may make new addresses as fast as they like, and
	 * have had it queued again while it ran.
	 */
	spin_lock_bh(&fdb->lock);
	if (!fdb->closing)
		mod_delayed_work(vsw_wq, &fdb->resize_work,
				 VSW_FDB_RETRY_DELAY);
	spin_unlock_bh(&fdb->lock);
}

/**
 * vsw_fdb_reserve() - Make room for entries that are to be added.
 * @fdb: forwarding database
 * @entries: how many
 *
 * Context: process context.  May sleep.
 * Return: 0 or -ENOMEM.
 */
int vsw_fdb_reserve(struct vsw_fdb *fdb, u32 entries)
{
	int err;

	mutex_lock(&fdb->resize_lock);
	err = vsw_fdb_resize(fdb, entries);
	mutex_unlock(&fdb->resize_lock);
	return err;
}

/**
 * vsw_fdb_memory() - Memory of the FDB.
 * @fdb: forwarding database
 *
 * Return: bytes of all its tables and counts.
 */
u64 vsw_fdb_memory(struct vsw_fdb *fdb)
{
	u64 bytes = 2 * VSW_FDB_PORTS * sizeof(u32) + VSW_FDB_PORTS / 8;
	struct vsw_fdb_table *t;

	rcu_read_lock();
	for (t = rcu_dereference(fdb->table); t; t = rcu_dereference(t->next))
		bytes += sizeof(*t) + (u64)t->num * sizeof(*t->bucket);
	rcu_read_unlock();
	bytes += VSW_FDB_EVENTS * sizeof(struct vsw_fdb_event);
	bytes += vsw_fdb_movers_memory();
	return bytes;
}

/**
 * vsw_fdb_gen() - Generation of the places of entries.
 * @fdb: forwarding database
 *
 * Return: a number that changes when entries change place.
 */
unsigned int vsw_fdb_gen(struct vsw_fdb *fdb)
{
	return READ_ONCE(fdb->gen);
}

