// SPDX-License-Identifier: GPL-2.0
/*
 * FDB: the look-up, and the changes of entries.
 */
#include <linux/bitmap.h>
#include <linux/memcontrol.h>
#include <linux/slab.h>
#include "../vsw.h"
#include "fdb_table.h"

/* Of the limit, the last of so many parts is for static entries alone. */
#define VSW_FDB_KEPT		16

/*
 * One table.  An entry may go from one of its buckets to the other while we
 * look: it is written in its new place before it leaves the old one, so it is
 * missed only if the bucket we have looked into first has changed since.
 */
static u32 *vsw_fdb_table_find(const struct vsw_fdb_table *t, u64 key, u32 *val)
{
	u64 hash = vsw_fdb_hash(t, key);
	struct vsw_fdb_bucket *a = vsw_fdb_bucket_a(t, hash);
	struct vsw_fdb_bucket *b = vsw_fdb_bucket_b(t, hash);
	struct vsw_fdb_bucket *in;
	u32 seq_a, seq;
	int i;

	do {
		in = a;
		/* Before what is read from the bucket. */
		seq_a = smp_load_acquire(&a->seq);
		seq = seq_a;
		i = vsw_fdb_bucket_find(a, key);
		if (i < 0) {
			in = b;
			/* The first bucket has been read when the second is. */
			smp_rmb();
			/* Before what is read from the bucket. */
			seq = smp_load_acquire(&b->seq);
			i = vsw_fdb_bucket_find(b, key);
		}
		if (i < 0 && likely(vsw_fdb_bucket_same(a, seq_a)))
			return NULL;
		if (i >= 0)
			*val = READ_ONCE(in->val[i]);
	} while (i < 0 || unlikely(!vsw_fdb_bucket_same(in, seq)));
	return &in->val[i];
}

/* Where the value of a key is, and the value; NULL if there is no such entry. */
static u32 *vsw_fdb_slot(const struct vsw_fdb_table *t, u64 key, u32 *val)
{
	u32 *slot;

	/* During a resize, what has left a table is in a later one. */
	do {
		slot = vsw_fdb_table_find(t, key, val);
		if (likely(slot))
			return slot;
		t = rcu_dereference_check(t->next, rcu_read_lock_bh_held());
	} while (unlikely(t));
	return NULL;
}

/**
 * vsw_fdb_find_slow() - Look an address up, in all buckets it may be in.
 * @t: first table
 * @key: vsw_fdb_key()
 *
 * Context: RCU read section, or BH off.
 * Return: the value of the entry; 0 if there is none.
 */
u32 vsw_fdb_find_slow(const struct vsw_fdb_table *t, u64 key)
{
	u32 val;

	return vsw_fdb_slot(t, key, &val) ? val : 0;
}

/**
 * vsw_fdb_count() - Keep the counts of entries.
 * @fdb: forwarding database
 * @val: value of the entry that comes or goes
 * @by: 1 or -1
 *
 * Context: vsw_fdb.lock.
 */
void vsw_fdb_count(struct vsw_fdb *fdb, u32 val, int by)
{
	u16 port = vsw_fdb_port(val);

	lockdep_assert_held(&fdb->lock);
	WRITE_ONCE(fdb->count, fdb->count + by);
	WRITE_ONCE(fdb->port_count[port], fdb->port_count[port] + by);
	if (val & VSW_FDB_STATIC)
		WRITE_ONCE(fdb->count_static, fdb->count_static + by);
	else
		WRITE_ONCE(fdb->port_dynamic[port],
			   fdb->port_dynamic[port] + by);
	/* Nothing that was told of a port is left for the next one of its number. */
	if (unlikely(by < 0 && fdb->told && !fdb->port_count[port] &&
		     test_and_clear_bit(port, fdb->port_told)))
		fdb->told--;
	if (val & VSW_FDB_STICKY)
		fdb->count_sticky += by;
}

/**
 * vsw_fdb_remove() - Remove an entry.
 * @fdb: forwarding database
 * @p: where it is
 * @what: enum vswitch_fdb_event_type to tell
 *
 * Context: vsw_fdb.lock.
 */
void vsw_fdb_remove(struct vsw_fdb *fdb, struct vsw_fdb_place *p, u8 what)
{
	u64 key = p->b->key[p->i];
	u32 val = READ_ONCE(p->b->val[p->i]);

	vsw_fdb_place_clear(p);
	vsw_fdb_count(fdb, val, -1);
	vsw_fdb_tell(fdb, key, val, what);
}

/* Gives an entry another value, seen by readers together with its key. */
static void vsw_fdb_change_val(struct vsw_fdb *fdb, struct vsw_fdb_place *p,
			       u32 val)
{
	vsw_fdb_count(fdb, READ_ONCE(p->b->val[p->i]), -1);
	/* One word: a reader has the old port or the new one. */
	WRITE_ONCE(p->b->val[p->i], val);
	vsw_fdb_count(fdb, val, 1);
}

/*
 * Guests do not fill the FDB to the last entry: the rest is for static ones, or
 * the administrator could not add any when it matters most.
 */
static u32 vsw_fdb_learn_limit(const struct vsw_fdb *fdb)
{
	u32 limit = READ_ONCE(fdb->limit);

	return limit - limit / VSW_FDB_KEPT;
}

static bool vsw_fdb_is_full(const struct vsw_fdb *fdb)
{
	return READ_ONCE(fdb->count) >= vsw_fdb_learn_limit(fdb);
}

static bool vsw_fdb_port_is_full(const struct vsw_fdb *fdb, u16 port,
				 u32 port_limit)
{
	return port_limit && READ_ONCE(fdb->port_dynamic[port]) >= port_limit;
}

/* Of a limit that was reached, so much must be free before it is told of again. */
#define VSW_FDB_TOLD_AGAIN	8

/*
 * A limit is reached with every address that a guest makes up then: it is told once, and
 * again only after it was no longer nearly reached.
 */
static noinline void vsw_fdb_limit_not_told(struct vsw_fdb *fdb, u16 port,
					    u32 port_limit)
{
	u32 limit = vsw_fdb_learn_limit(fdb);

	if (fdb->full_told && fdb->count < limit - limit / VSW_FDB_TOLD_AGAIN) {
		WRITE_ONCE(fdb->full_told, false);
		fdb->told--;
	}
	if (test_bit(port, fdb->port_told) &&
	    (!port_limit || fdb->port_dynamic[port] <
			    port_limit - port_limit / VSW_FDB_TOLD_AGAIN)) {
		clear_bit(port, fdb->port_told);
		fdb->told--;
	}
}

/* Tells that an address was not learned for a limit, if that is news. */
static void vsw_fdb_tell_limit(struct vsw_fdb *fdb, u64 key, u16 port,
			       u32 port_limit)
{
	bool own = vsw_fdb_port_is_full(fdb, port, port_limit);

	/* Meanwhile there may be room again. */
	if (own ? test_bit(port, fdb->port_told) :
		  READ_ONCE(fdb->full_told) || !vsw_fdb_is_full(fdb))
		return;
	spin_lock(&fdb->lock);
	if (own ? !test_and_set_bit(port, fdb->port_told) : !fdb->full_told) {
		if (!own)
			WRITE_ONCE(fdb->full_told, true);
		fdb->told++;
		vsw_fdb_tell_more(fdb, key, vsw_fdb_val(port, 0, 0),
				  VSWITCH_FDB_EVENT_TYPE_LIMIT,
				  own ? VSWITCH_FDB_LIMIT_TYPE_MAC_LIMIT :
					VSWITCH_FDB_LIMIT_TYPE_FDB_LIMIT);
	}
	spin_unlock(&fdb->lock);
}

/* Moves an entry, unless it has moved too often. */
static enum vsw_fdb_learned vsw_fdb_move_locked(struct vsw_fdb *fdb,
						struct vsw_fdb_place *p,
						u32 old, u32 val)
{
	u64 key = p->b->key[p->i];
	enum vsw_fdb_move m;

	m = vsw_fdb_move(fdb, key, vsw_fdb_port(old), vsw_fdb_port(val));
	if (m == VSW_FDB_HOLD)
		vsw_fdb_tell_more(fdb, key, old, VSWITCH_FDB_EVENT_TYPE_HELD,
				  vsw_fdb_port(val));
	if (m == VSW_FDB_HOLD || m == VSW_FDB_STAY)
		return VSW_FDB_HELD;

	vsw_fdb_change_val(fdb, p, val);
	vsw_fdb_tell(fdb, key, val, VSWITCH_FDB_EVENT_TYPE_MOVED);
	if (m == VSW_FDB_MOVE_AND_HOLD)
		vsw_fdb_tell_more(fdb, key, val, VSWITCH_FDB_EVENT_TYPE_HELD,
				  vsw_fdb_port(old));
	return VSW_FDB_MOVED;
}

static enum vsw_fdb_learned vsw_fdb_learn_locked(struct vsw_fdb *fdb, u64 key,
						 u16 port, u32 port_limit,
						 bool sticky)
{
	u32 val = sticky ? vsw_fdb_val(port, VSW_FDB_STICKY, 0) :
			   vsw_fdb_val(port, 0, vsw_fdb_stamp_now(fdb));
	struct vsw_fdb_place p;
	u32 old;

	if (vsw_fdb_place_find(fdb, key, &p)) {
		old = READ_ONCE(p.b->val[p.i]);
		if (old & VSW_FDB_FIXED)
			return VSW_FDB_KNOWN;
		if (vsw_fdb_port(old) == port) {
			if (sticky) {
				vsw_fdb_change_val(fdb, &p, val);
				vsw_fdb_tell(fdb, key, val,
					     VSWITCH_FDB_EVENT_TYPE_LEARNED);
			}
			return VSW_FDB_KNOWN;
		}
		if (sticky || vsw_fdb_port_is_full(fdb, port, port_limit))
			return VSW_FDB_REFUSED;
		return vsw_fdb_move_locked(fdb, &p, old, val);
	}

	if (vsw_fdb_is_full(fdb) ||
	    vsw_fdb_port_is_full(fdb, port, port_limit) ||
	    vsw_fdb_place_new(fdb, &p, key, val))
		return VSW_FDB_REFUSED;
	if (unlikely(fdb->told))
		vsw_fdb_limit_not_told(fdb, port, port_limit);
	vsw_fdb_count(fdb, val, 1);
	vsw_fdb_age_start(fdb);
	vsw_fdb_tell(fdb, key, val, VSWITCH_FDB_EVENT_TYPE_LEARNED);
	return VSW_FDB_NEW;
}

/**
 * vsw_fdb_refresh() - Note that a dynamic entry's address was seen now.
 * @fdb: forwarding database
 * @key: vsw_fdb_key()
 * @port: port number; entries of other ports, and those that do not age, stay as
 *	  they are
 *
 * If the entry changes meanwhile, or changes place, the note is lost, and the next
 * frame makes it.  If its slot has got another entry with the same port and stamp,
 * that one stays a tick longer.
 *
 * Context: BH off.
 */
void vsw_fdb_refresh(const struct vsw_fdb *fdb, u64 key, u16 port)
{
	u32 *slot, val;

	slot = vsw_fdb_slot(rcu_dereference_bh(fdb->table), key, &val);
	if (likely(slot && !(val & VSW_FDB_FIXED) && vsw_fdb_port(val) == port))
		cmpxchg(slot, val, (val & ~VSW_FDB_STAMP_MASK) |
				   vsw_fdb_stamp_now(fdb));
}

/**
 * vsw_fdb_learn() - Note that an address was seen on a port.
 * @fdb: forwarding database
 * @key: vsw_fdb_key()
 * @val: what vsw_fdb_find_rcu() has found
 * @port: port number
 * @port_limit: largest number of entries of the port that are not static, 0 for
 *		no limit
 * @sticky: what is seen on the port becomes sticky
 *
 * Only what is new since the last tick of the stamps is news: the path does not
 * call this for an entry that is as it would be written.
 *
 * Context: BH off since the look-up.  Takes vsw_fdb.lock for an
 * address that is new, has moved or becomes sticky, and to tell of a limit.
 * Return: what came of it.
 */
enum vsw_fdb_learned vsw_fdb_learn(struct vsw_fdb *fdb, u64 key, u32 val,
				   u16 port, u32 port_limit, bool sticky)
{
	bool here = val && vsw_fdb_port(val) == port;
	enum vsw_fdb_learned l;

	if (val & VSW_FDB_FIXED)
		return VSW_FDB_KNOWN;
	/* Or else one frame would be enough to take an address for good. */
	if (val && !here && sticky)
		return VSW_FDB_REFUSED;
	if (here && !sticky) {
		vsw_fdb_refresh(fdb, key, port);
		return VSW_FDB_KNOWN;
	}
	/* Where there is no room, no lock is taken: a flood of addresses, be
	 * they new or those of others, must not slow the others down.
	 */
	if (!here && (vsw_fdb_port_is_full(fdb, port, port_limit) ||
		      (!val && vsw_fdb_is_full(fdb)))) {
		vsw_fdb_tell_limit(fdb, key, port, port_limit);
		return VSW_FDB_REFUSED;
	}
	if (val && !here && vsw_fdb_is_held(fdb, key))
		return VSW_FDB_HELD;

	spin_lock(&fdb->lock);
	l = vsw_fdb_learn_locked(fdb, key, port, port_limit, sticky);
	spin_unlock(&fdb->lock);
	return l;
}

/*
 * Undoes the first num changes of vsw_fdb_add(), the latest first.  They are
 * still as they were made: nothing but RTNL's holder changes what is static or sticky.
 */
static void vsw_fdb_add_undo(struct vsw_fdb *fdb, struct vsw_fdb_change *ch,
			     u32 num)
{
	struct vsw_fdb_place p;

	while (num--) {
		vsw_fdb_pause(fdb, num);
		if (!vsw_fdb_place_find(fdb, ch[num].key, &p))
			continue;
		if (ch[num].old) {
			vsw_fdb_change_val(fdb, &p, ch[num].old);
		} else {
			vsw_fdb_count(fdb, READ_ONCE(p.b->val[p.i]), -1);
			vsw_fdb_place_clear(&p);
		}
	}
	/* It stops when it meets static entries alone, as they were meanwhile. */
	vsw_fdb_age_start(fdb);
}

static u32 vsw_fdb_change_to(const struct vsw_fdb_change *ch)
{
	return vsw_fdb_val(ch->port, ch->sticky ? VSW_FDB_STICKY : VSW_FDB_STATIC,
			   0);
}

static int vsw_fdb_add_one(struct vsw_fdb *fdb, struct vsw_fdb_change *ch,
			   bool replace)
{
	u32 val = vsw_fdb_change_to(ch);
	struct vsw_fdb_place p;
	int err;

	ch->old = 0;
	if (vsw_fdb_place_find(fdb, ch->key, &p)) {
		ch->old = READ_ONCE(p.b->val[p.i]);
		if (ch->old & VSW_FDB_FIXED && !replace)
			return -EEXIST;
		vsw_fdb_change_val(fdb, &p, val);
		return 0;
	}

	if (fdb->count >= fdb->limit)
		return -ENOSPC;
	err = vsw_fdb_place_new(fdb, &p, ch->key, val);
	if (!err)
		vsw_fdb_count(fdb, val, 1);
	return err;
}

/* Adds all or none.  Return: 0, or the error of the first one refused. */
static int vsw_fdb_add_all(struct vsw_fdb *fdb, struct vsw_fdb_change *ch,
			   u32 num, bool replace, u32 *bad)
{
	int err = 0;
	u32 i;

	for (i = 0; i < num; i++) {
		vsw_fdb_pause(fdb, i);
		err = vsw_fdb_add_one(fdb, &ch[i], replace);
		if (err) {
			*bad = i;
			vsw_fdb_add_undo(fdb, ch, i);
			return err;
		}
	}
	for (i = 0; i < num; i++) {
		vsw_fdb_pause(fdb, i);
		vsw_fdb_tell(fdb, ch[i].key, vsw_fdb_change_to(&ch[i]),
			     VSWITCH_FDB_EVENT_TYPE_ADDED);
	}
	return 0;
}

/**
 * vsw_fdb_add() - Add static or sticky entries, all or none.
 * @fdb: forwarding database
 * @ch: entries; key, port and what they are to be are given
 * @num: number of entries
 * @replace: a static or sticky entry that exists is replaced
 * @bad: where the index of the entry that was refused is written
 *
 * Context: process context, RTNL (so that the ports stay).  May sleep.
 * Return: 0; -EEXIST if an entry exists and is not dynamic, -ENOSPC if the limit is
 * reached, -ENOMEM if there is no memory for a larger table.
 */
int vsw_fdb_add(struct vsw_fdb *fdb, struct vsw_fdb_change *ch, u32 num,
		bool replace, u32 *bad)
{
	int nomem, tries;
	int err;

	ASSERT_RTNL();
	*bad = 0;
	/* A place can be missing although there is room, which a larger table
	 * with other hashes mends; more than once is next to impossible.
	 */
	for (tries = 0; tries < 4; tries++) {
		/* Without memory there may be room enough all the same. */
		nomem = vsw_fdb_reserve(fdb, num);
		spin_lock_bh(&fdb->lock);
		err = vsw_fdb_add_all(fdb, ch, num, replace, bad);
		if (err)
			vsw_fdb_resize_check(fdb, 0);
		spin_unlock_bh(&fdb->lock);
		if (err != -EAGAIN)
			return err;
		if (nomem)
			break;
	}
	return -ENOMEM;
}

/**
 * vsw_fdb_del() - Delete entries, all or none.
 * @fdb: forwarding database
 * @ch: entries; key is given
 * @num: number of entries
 * @bad: where the index of the entry that was refused is written
 *
 * Context: process context, RTNL.  May sleep.
 * Return: 0, or -ENOENT if there is no such entry.
 */
int vsw_fdb_del(struct vsw_fdb *fdb, struct vsw_fdb_change *ch, u32 num,
		u32 *bad)
{
	struct vsw_fdb_place p;
	int err = 0;
	u32 i;

	ASSERT_RTNL();
	spin_lock_bh(&fdb->lock);
	for (i = 0; i < num; i++) {
		vsw_fdb_pause(fdb, i);
		if (!vsw_fdb_place_find(fdb, ch[i].key, &p)) {
			*bad = i;
			err = -ENOENT;
			goto out;
		}
	}
	for (i = 0; i < num; i++) {
		vsw_fdb_pause(fdb, i);
		/* The same entry may be named twice, or have aged meanwhile. */
		if (vsw_fdb_place_find(fdb, ch[i].key, &p))
			vsw_fdb_remove(fdb, &p, VSWITCH_FDB_EVENT_TYPE_DELETED);
	}
	vsw_fdb_resize_check(fdb, 0);
out:
	spin_unlock_bh(&fdb->lock);
	return err;
}

/**
 * vsw_fdb_init() - Make an empty FDB.
 * @fdb: forwarding database, zeroed
 *
 * Its memory, now and as it grows, is charged to the memory cgroup of the
 * caller.
 *
 * Context: process context.
 * Return: 0 or -ENOMEM.
 */
int vsw_fdb_init(struct vsw_fdb *fdb)
{
	struct vsw_fdb_table *t;

	spin_lock_init(&fdb->lock);
	INIT_DELAYED_WORK(&fdb->age_work, vsw_fdb_age_work);
	INIT_DELAYED_WORK(&fdb->resize_work, vsw_fdb_resize_work);
	mutex_init(&fdb->resize_lock);
	INIT_DELAYED_WORK(&fdb->event_work, vsw_fdb_event_work);

	t = vsw_fdb_table_alloc(0);
	fdb->port_count = kvcalloc(VSW_FDB_PORTS, sizeof(u32),
				   GFP_KERNEL_ACCOUNT);
	fdb->port_dynamic = kvcalloc(VSW_FDB_PORTS, sizeof(u32),
				     GFP_KERNEL_ACCOUNT);
	fdb->port_told = bitmap_zalloc(VSW_FDB_PORTS, GFP_KERNEL_ACCOUNT);
	fdb->events = kvcalloc(VSW_FDB_EVENTS, sizeof(*fdb->events),
			       GFP_KERNEL_ACCOUNT);
	if (!t || !fdb->port_count || !fdb->port_dynamic || !fdb->port_told ||
	    !fdb->events || vsw_fdb_movers_init(fdb)) {
		vsw_fdb_table_free(t);
		bitmap_free(fdb->port_told);
		kvfree(fdb->events);
		kvfree(fdb->port_count);
		kvfree(fdb->port_dynamic);
		return -ENOMEM;
	}
	RCU_INIT_POINTER(fdb->table, t);
	spin_lock_bh(&fdb->lock);
	vsw_fdb_set_marks(fdb);
	spin_unlock_bh(&fdb->lock);
	fdb->memcg = get_mem_cgroup_from_mm(current->mm);
	vsw_fdb_set_ageing(fdb, VSW_AGEING_DEFAULT);
	fdb->limit = VSW_FDB_LIMIT_DEFAULT;
	return 0;
}

/**
 * vsw_fdb_stop() - End the work that an FDB has done in the background.
 * @fdb: forwarding database; it can be read and changed still
 *
 * Context: process context.  May sleep.
 */
void vsw_fdb_stop(struct vsw_fdb *fdb)
{
	spin_lock_bh(&fdb->lock);
	fdb->closing = true;
	spin_unlock_bh(&fdb->lock);
	cancel_delayed_work_sync(&fdb->age_work);
	cancel_delayed_work_sync(&fdb->resize_work);
	cancel_delayed_work_sync(&fdb->event_work);
}

/**
 * vsw_fdb_exit() - Free an FDB.
 * @fdb: forwarding database, stopped; nobody reads or changes it any more
 *
 * Context: process context.
 */
void vsw_fdb_exit(struct vsw_fdb *fdb)
{
	struct vsw_fdb_table *t, *next;

	for (t = rcu_dereference_protected(fdb->table, 1); t; t = next) {
		next = rcu_dereference_protected(t->next, 1);
		vsw_fdb_table_free(t);
	}
	vsw_fdb_movers_exit(fdb);
	bitmap_free(fdb->port_told);
	kvfree(fdb->events);
	kvfree(fdb->port_count);
	kvfree(fdb->port_dynamic);
	mem_cgroup_put(fdb->memcg);
}

/**
 * vsw_fdb_set_limit() - Set the largest number of entries.
 * @fdb: forwarding database
 * @limit: limit
 *
 * Context: process context.
 * Return: 0, or -EBUSY if there are more entries now.
 */
int vsw_fdb_set_limit(struct vsw_fdb *fdb, u32 limit)
{
	int err = 0;

	spin_lock_bh(&fdb->lock);
	if (limit < fdb->count)
		err = -EBUSY;
	else
		WRITE_ONCE(fdb->limit, limit);
	spin_unlock_bh(&fdb->lock);
	return err;
}

/**
 * vsw_fdb_restore_limit() - Undo vsw_fdb_set_limit().
 * @fdb: forwarding database
 * @limit: limit that it had before
 *
 * What was learned meanwhile stays, even if it is more than that.
 *
 * Context: process context.
 */
void vsw_fdb_restore_limit(struct vsw_fdb *fdb, u32 limit)
{
	spin_lock_bh(&fdb->lock);
	WRITE_ONCE(fdb->limit, limit);
	spin_unlock_bh(&fdb->lock);
}
