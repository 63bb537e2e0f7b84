/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tables of the FDB, for the files of the FDB alone.  Everything here that
 * changes something wants vsw_fdb.lock.
 */
#ifndef _VSW_TABLE_FDB_TABLE_H
#define _VSW_TABLE_FDB_TABLE_H

#include <linux/sched.h>
#include "fdb.h"

/* Buckets or entries gone through at once under the lock: some microseconds. */
#define VSW_FDB_SLICE		64

/**
 * struct vsw_fdb_place - Where an entry is.
 * @t: table; if the entry was not found, the last one
 * @hash: hash of the key in that table, after vsw_fdb_place_find()
 * @b: bucket
 * @i: slot
 */
struct vsw_fdb_place {
	struct vsw_fdb_table *t;
	u64 hash;
	struct vsw_fdb_bucket *b;
	unsigned int i;
};

struct vsw_fdb_table *vsw_fdb_table_alloc(u32 num);
void vsw_fdb_table_free(struct vsw_fdb_table *t);
bool vsw_fdb_place_find(struct vsw_fdb *fdb, u64 key,
			struct vsw_fdb_place *p);
int vsw_fdb_place_new(struct vsw_fdb *fdb, struct vsw_fdb_place *p, u64 key,
		      u32 val);
void vsw_fdb_place_write(struct vsw_fdb_place *p, u64 key, u32 val);
void vsw_fdb_place_clear(struct vsw_fdb_place *p);
int vsw_fdb_reserve(struct vsw_fdb *fdb, u32 entries);
void vsw_fdb_resize_check(struct vsw_fdb *fdb, u32 more);
void vsw_fdb_set_marks(struct vsw_fdb *fdb);
void vsw_fdb_resize_work(struct work_struct *work);

/**
 * vsw_fdb_locked_table() - Head of the chain, for who holds the lock.
 * @fdb: forwarding database
 *
 * Return: the table.
 */
static inline struct vsw_fdb_table *vsw_fdb_locked_table(struct vsw_fdb *fdb)
{
	return rcu_dereference_protected(fdb->table,
					 lockdep_is_held(&fdb->lock));
}

/**
 * vsw_fdb_locked_next() - Next table of the chain, for who holds the lock.
 * @fdb: forwarding database
 * @t: table
 *
 * Return: the table, or NULL.
 */
static inline struct vsw_fdb_table *
vsw_fdb_locked_next(struct vsw_fdb *fdb, struct vsw_fdb_table *t)
{
	return rcu_dereference_protected(t->next, lockdep_is_held(&fdb->lock));
}

/**
 * vsw_fdb_pause() - Let go of the lock for a moment after each slice.
 * @fdb: forwarding database
 * @i: buckets or entries gone through so far
 *
 * Context: process context, vsw_fdb.lock.  May sleep.
 */
static inline void vsw_fdb_pause(struct vsw_fdb *fdb, u32 i)
{
	if (i % VSW_FDB_SLICE)
		return;
	spin_unlock_bh(&fdb->lock);
	cond_resched();
	spin_lock_bh(&fdb->lock);
}

/* fdb.c */
void vsw_fdb_count(struct vsw_fdb *fdb, u32 val, int by);
void vsw_fdb_remove(struct vsw_fdb *fdb, struct vsw_fdb_place *p, u8 what);

/* fdb_age.c */
void vsw_fdb_age_work(struct work_struct *work);
void vsw_fdb_age_start(struct vsw_fdb *fdb);

/**
 * enum vsw_fdb_move - What is to be done with an entry seen at another port.
 * @VSW_FDB_MOVE: it moves
 * @VSW_FDB_MOVE_AND_HOLD: it moves, and is held there from now on
 * @VSW_FDB_HOLD: it is held where it is from now on
 * @VSW_FDB_STAY: it is held already
 */
enum vsw_fdb_move {
	VSW_FDB_MOVE,
	VSW_FDB_MOVE_AND_HOLD,
	VSW_FDB_HOLD,
	VSW_FDB_STAY,
};

/* fdb_move.c */
bool vsw_fdb_is_held(const struct vsw_fdb *fdb, u64 key);
enum vsw_fdb_move vsw_fdb_move(struct vsw_fdb *fdb, u64 key, u16 from, u16 to);
int vsw_fdb_movers_init(struct vsw_fdb *fdb);
void vsw_fdb_movers_exit(struct vsw_fdb *fdb);
u32 vsw_fdb_movers_memory(void);

/* fdb_event.c */
void vsw_fdb_tell(struct vsw_fdb *fdb, u64 key, u32 val, u8 what);
void vsw_fdb_tell_more(struct vsw_fdb *fdb, u64 key, u32 val, u8 what, u16 more);
void vsw_fdb_event_work(struct work_struct *work);

#endif /* _VSW_TABLE_FDB_TABLE_H */
