// SPDX-License-Identifier: GPL-2.0
/*
 * FDB: what goes through many entries: ageing, flushing, dumping.
 *
 * All of it takes the lock for some buckets at a time only, so that a frame
 * that waits to teach an address waits microseconds, whatever the table's size.
 */
#include <linux/log2.h>
#include "fdb_table.h"

/* An ageing time has at most this many ticks, of the 32768 a stamp can tell. */
#define VSW_FDB_AGE_TICKS	8192
/* The shortest tick, an eighth to a quarter of a second. */
#define VSW_FDB_TICK_SHIFT	(ilog2(HZ) - 2)
/* A pass of the ageing takes this part of the ageing time... */
#define VSW_FDB_PASSES		64
/* ...in this many runs. */
#define VSW_FDB_RUNS		16
/* Slots that a walk passes at once: about a millisecond. */
#define VSW_FDB_WALK		65536

static unsigned long vsw_fdb_age_interval(const struct vsw_fdb *fdb)
{
	unsigned long pass = max(fdb->ageing / VSW_FDB_PASSES, HZ / 2UL);

	return pass / VSW_FDB_RUNS;
}

/*
 * No entry gets so old that its stamp is nearly as far behind as it can be: such
 * a one is ahead, made by a CPU that had seen a later time, or ticks of another
 * length.
 */
static u32 vsw_fdb_age_ticks(const struct vsw_fdb *fdb, u32 val)
{
	u32 ticks = (vsw_fdb_stamp_now(fdb) - val) & VSW_FDB_STAMP_MASK;

	return ticks > VSW_FDB_STAMP_MASK / 4 * 3 ? 0 : ticks;
}

/*
 * Never early: a stamp may have been made at the end of its tick.  And not at
 * all without an ageing time: the work may have been queued when there was one.
 */
static bool vsw_fdb_is_old(const struct vsw_fdb *fdb, u32 val)
{
	return fdb->ageing && !(val & VSW_FDB_FIXED) &&
	       vsw_fdb_age_ticks(fdb, val) >
	       DIV_ROUND_UP(fdb->ageing, 1UL << fdb->tick_shift);
}

/**
 * vsw_fdb_match() - Whether a filter means an entry.
 * @filter: which entries are meant
 * @key: key of the entry
 * @val: its value
 *
 * Return: true if it does.
 */
bool vsw_fdb_match(const struct vsw_fdb_filter *filter, u64 key, u32 val)
{
	return (filter->port < 0 || filter->port == vsw_fdb_port(val)) &&
	       (filter->vlan < 0 || filter->vlan == vsw_fdb_key_vlan(key)) &&
	       (filter->type < 0 || filter->type == (int)vsw_fdb_type(val)) &&
	       !(filter->not_in &&
		 test_bit(vsw_fdb_key_vlan(key), filter->not_in));
}

/*
 * The table in which ageing goes on.  Its place counts buckets over the whole
 * chain: without memory there may be a chain for long.
 */
static struct vsw_fdb_table *vsw_fdb_age_table(struct vsw_fdb *fdb, u32 *pos)
{
	struct vsw_fdb_table *t;

	*pos = fdb->age_pos;
	for (t = vsw_fdb_locked_table(fdb); t; t = vsw_fdb_locked_next(fdb, t)) {
		if (*pos < t->num)
			return t;
		*pos -= t->num;
	}
	fdb->age_pos = 0;
	*pos = 0;
	return vsw_fdb_locked_table(fdb);
}

/* Ages up to a slice of buckets.  Return: whether a pass ends with them. */
static bool vsw_fdb_age_slice(struct vsw_fdb *fdb)
{
	struct vsw_fdb_place p;
	u32 pos, end;

	p.t = vsw_fdb_age_table(fdb, &pos);
	end = min(pos + VSW_FDB_SLICE, p.t->num);
	fdb->age_pos += end - pos;
	for (; pos < end; pos++) {
		p.b = &p.t->bucket[pos];
		for (p.i = 0; p.i < VSW_FDB_SLOTS; p.i++)
			if (p.b->key[p.i] &&
			    vsw_fdb_is_old(fdb, READ_ONCE(p.b->val[p.i])))
				vsw_fdb_remove(fdb, &p,
					       VSWITCH_FDB_EVENT_TYPE_AGED);
	}
	return pos == p.t->num && !vsw_fdb_locked_next(fdb, p.t);
}

static bool vsw_fdb_none_ages(const struct vsw_fdb *fdb)
{
	return fdb->count == fdb->count_static + fdb->count_sticky;
}

static u32 vsw_fdb_buckets(struct vsw_fdb *fdb)
{
	struct vsw_fdb_table *t;
	u32 num = 0;

	for (t = vsw_fdb_locked_table(fdb); t; t = vsw_fdb_locked_next(fdb, t))
		num += t->num;
	return num;
}

/**
 * vsw_fdb_age_start() - See to it that entries are aged.
 * @fdb: forwarding database
 *
 * Context: vsw_fdb.lock.
 */
void vsw_fdb_age_start(struct vsw_fdb *fdb)
{
	lockdep_assert_held(&fdb->lock);
	if (likely(fdb->ages))
		return;
	fdb->ages = fdb->ageing && !vsw_fdb_none_ages(fdb) && !fdb->closing;
	if (fdb->ages)
		queue_delayed_work(vsw_wq, &fdb->age_work,
				   vsw_fdb_age_interval(fdb));
}

/**
 * vsw_fdb_age_work() - Age some of the buckets.
 * @work: vsw_fdb.age_work
 *
 * Runs while there are dynamic entries.
 *
 * Context: process context.
 */
void vsw_fdb_age_work(struct work_struct *work)
{
	struct vsw_fdb *fdb = container_of(work, struct vsw_fdb, age_work.work);
	u32 done = 0;

	spin_lock_bh(&fdb->lock);
	do {
		/* Entries that change place may be passed over: what the ageing
		 * leaves half empty is replaced between two passes.
		 */
		if (vsw_fdb_age_slice(fdb) || vsw_fdb_none_ages(fdb))
			vsw_fdb_resize_check(fdb, 0);
		done += VSW_FDB_SLICE;
		/* The tables may be others afterwards. */
		vsw_fdb_pause(fdb, done);
	} while (done < vsw_fdb_buckets(fdb) / VSW_FDB_RUNS);

	fdb->ages = false;
	vsw_fdb_age_start(fdb);
	spin_unlock_bh(&fdb->lock);
}

/* Removes what the filter means from one table.  Return: how many. */
static u32 vsw_fdb_flush_table(struct vsw_fdb *fdb, struct vsw_fdb_table *t,
			       const struct vsw_fdb_filter *filter)
{
	struct vsw_fdb_place p = { .t = t };
	u32 num = 0;
	u32 i;

	for (i = 0; i < t->num; i++) {
		vsw_fdb_pause(fdb, i);
		p.b = &t->bucket[i];
		for (p.i = 0; p.i < VSW_FDB_SLOTS; p.i++) {
			if (!p.b->key[p.i] ||
			    !vsw_fdb_match(filter, p.b->key[p.i],
					   READ_ONCE(p.b->val[p.i])))
				continue;
			vsw_fdb_remove(fdb, &p, VSWITCH_FDB_EVENT_TYPE_DELETED);
			num++;
		}
	}
	return num;
}

static bool vsw_fdb_flush_needed(const struct vsw_fdb *fdb,
				 const struct vsw_fdb_filter *filter)
{
	return filter->port < 0 ? fdb->count : fdb->port_count[filter->port];
}

/**
 * vsw_fdb_flush() - Remove all entries that a filter means.
 * @fdb: forwarding database
 * @filter: which entries
 *
 * An entry that changes place between two slices can be passed over; then there
 * is another pass.  If nothing teaches the filter's port any more, none of its
 * entries is left afterwards.
 *
 * Context: process context.  May sleep.
 * Return: number of entries removed.
 */
u32 vsw_fdb_flush(struct vsw_fdb *fdb, const struct vsw_fdb_filter *filter)
{
	struct vsw_fdb_table *t;
	unsigned int gen;
	int passes = 0;
	u32 num = 0;

	mutex_lock(&fdb->resize_lock);
	spin_lock_bh(&fdb->lock);
	while (vsw_fdb_flush_needed(fdb, filter)) {
		gen = fdb->gen;
		for (t = vsw_fdb_locked_table(fdb); t;
		     t = vsw_fdb_locked_next(fdb, t))
			num += vsw_fdb_flush_table(fdb, t, filter);
		if (gen == fdb->gen || ++passes == 8)
			break;
	}
	vsw_fdb_resize_check(fdb, 0);
	spin_unlock_bh(&fdb->lock);
	mutex_unlock(&fdb->resize_lock);
	return num;
}

/* Reads a slot as one.  Return: its key, 0 if it is free. */
static u64 vsw_fdb_read_slot(const struct vsw_fdb_bucket *b, unsigned int i,
			     u32 *val)
{
	u64 key;
	u32 seq;

	do {
		/* Before what is read from the slot. */
		seq = smp_load_acquire(&b->seq);
		key = READ_ONCE(b->key[i]);
		/* Both pair with vsw_fdb_place_write(). */
		smp_rmb();
		*val = READ_ONCE(b->val[i]);
		/* What was read before what is compared. */
		smp_rmb();
	} while (READ_ONCE(b->seq) != seq);
	return key;
}

static int vsw_fdb_walk_table(struct vsw_fdb *fdb,
			      const struct vsw_fdb_table *t, u64 base,
			      struct vsw_fdb_cursor *cur, u64 stop,
			      vsw_fdb_visit_t visit, void *arg)
{
	u64 end = (u64)t->num * VSW_FDB_SLOTS;
	u32 bucket, i;
	u64 key;
	u32 val;
	int err;

	for (; cur->pos - base < end; cur->pos++) {
		if (cur->pos == stop)
			return -EAGAIN;
		bucket = div_u64_rem(cur->pos - base, VSW_FDB_SLOTS, &i);
		key = vsw_fdb_read_slot(&t->bucket[bucket], i, &val);
		if (!key)
			continue;
		err = visit(fdb, key, val, arg);
		if (err)
			return err;
	}
	return 0;
}

/**
 * vsw_fdb_walk() - Visit all entries, in parts if need be.
 * @fdb: forwarding database
 * @cur: where the walk goes on; all zero at its beginning
 * @visit: called for each entry; what it returns, if not 0, ends this part, and
 *	   the next one begins with the same entry
 * @arg: for @visit
 *
 * A part also ends after VSW_FDB_WALK slots, so that a walk on which @visit has
 * nothing to do holds nobody up.
 *
 * Entries that come, go or change place meanwhile are met or not;
 * vsw_fdb_gen() tells whether some have changed place.
 *
 * Context: RCU read section, which protects the entries that are visited.
 * Return: 0 at the end, -EAGAIN at the end of a part, or what @visit returned.
 */
int vsw_fdb_walk(struct vsw_fdb *fdb, struct vsw_fdb_cursor *cur,
		 vsw_fdb_visit_t visit, void *arg)
{
	u64 stop = cur->pos + VSW_FDB_WALK;
	const struct vsw_fdb_table *t;
	u64 base = 0;
	int err;

	for (t = rcu_dereference(fdb->table); t; t = rcu_dereference(t->next)) {
		u64 slots = (u64)t->num * VSW_FDB_SLOTS;

		if (cur->pos < base + slots) {
			err = vsw_fdb_walk_table(fdb, t, base, cur, stop, visit,
						 arg);
			if (err)
				return err;
		}
		base += slots;
	}
	return 0;
}

static void vsw_fdb_restamp_table(struct vsw_fdb *fdb, struct vsw_fdb_table *t)
{
	u32 i, s, val;

	for (i = 0; i < t->num; i++) {
		vsw_fdb_pause(fdb, i);
		for (s = 0; s < VSW_FDB_SLOTS; s++) {
			val = READ_ONCE(t->bucket[i].val[s]);
			if (!(val & VSW_FDB_FIXED))
				WRITE_ONCE(t->bucket[i].val[s],
					   (val & ~VSW_FDB_STAMP_MASK) |
					   vsw_fdb_stamp_now(fdb));
		}
	}
}

/*
 * Lets all dynamic entries have been seen now, in ticks of the new length; again
 * if some have changed place and may have been passed over.
 */
static void vsw_fdb_restamp(struct vsw_fdb *fdb)
{
	struct vsw_fdb_table *t;
	unsigned int gen;
	int passes = 0;

	lockdep_assert_held(&fdb->resize_lock);
	do {
		gen = fdb->gen;
		for (t = vsw_fdb_locked_table(fdb); t;
		     t = vsw_fdb_locked_next(fdb, t))
			vsw_fdb_restamp_table(fdb, t);
	} while (gen != fdb->gen && ++passes < 8);
}

/**
 * vsw_fdb_set_ageing() - Set the ageing time.
 * @fdb: forwarding database
 * @seconds: 0 for never, at most VSWITCH_AGEING_MAX
 *
 * Context: process context.  May sleep.
 */
void vsw_fdb_set_ageing(struct vsw_fdb *fdb, u32 seconds)
{
	unsigned long ageing = seconds * (unsigned long)HZ;
	u8 shift = VSW_FDB_TICK_SHIFT;

	while (ageing >> shift > VSW_FDB_AGE_TICKS)
		shift++;

	cancel_delayed_work_sync(&fdb->age_work);
	mutex_lock(&fdb->resize_lock);
	spin_lock_bh(&fdb->lock);
	if (shift != fdb->tick_shift) {
		/* The lock is let go of in between: nothing may be taken for
		 * old by a stamp in ticks of the old length.
		 */
		WRITE_ONCE(fdb->ageing, 0);
		WRITE_ONCE(fdb->tick_shift, shift);
		vsw_fdb_restamp(fdb);
	}
	WRITE_ONCE(fdb->ageing, ageing);
	/* What was learned meanwhile has queued it by the old time. */
	cancel_delayed_work(&fdb->age_work);
	fdb->ages = false;
	vsw_fdb_age_start(fdb);
	spin_unlock_bh(&fdb->lock);
	mutex_unlock(&fdb->resize_lock);
}

/**
 * vsw_fdb_ageing() - Ageing time.
 * @fdb: forwarding database
 *
 * Return: seconds, 0 for never.
 */
u32 vsw_fdb_ageing(const struct vsw_fdb *fdb)
{
	return READ_ONCE(fdb->ageing) / HZ;
}

/**
 * vsw_fdb_age() - Age of an entry.
 * @fdb: forwarding database
 * @val: value of a dynamic entry
 *
 * Return: seconds since its address was last seen.
 */
u32 vsw_fdb_age(const struct vsw_fdb *fdb, u32 val)
{
	return ((u64)vsw_fdb_age_ticks(fdb, val) << READ_ONCE(fdb->tick_shift)) / HZ;
}
