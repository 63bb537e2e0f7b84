// SPDX-License-Identifier: GPL-2.0
/*
 * FDB: addresses that move too often.
 *
 * A station that moves is seen at another port once: it migrates, or a standby takes
 * over.  An address that goes back and forth is a loop, or two who claim it, and each
 * of its moves takes the lock and leads frames astray.  It is held for a while.
 *
 * There is no room for that in an entry, so those that have moved lately are in a
 * table of their own, of a fixed size: guests choose addresses, and how many move.
 * Its hash is keyed, and who has moved most often stays, so that nobody can push
 * others out of it with many addresses that move once.
 */
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include "../vsw.h"
#include "fdb_table.h"

#define VSW_FDB_MOVER_SETS	32
#define VSW_FDB_MOVER_WAYS	8
/* In the place of a number of moves. */
#define VSW_FDB_MOVER_HELD	U16_MAX

/**
 * struct vsw_fdb_mover_set - Some addresses that have moved lately.
 * @key: keys of their entries, 0 if a place is free; in one cache line
 * @since: when the first of the moves that are counted was, or the hold began
 * @last: when an entry moved last, or was to
 * @home: port number the entry was at before, and for long
 * @moves: moves since, or VSW_FDB_MOVER_HELD
 */
struct vsw_fdb_mover_set {
	u64 key[VSW_FDB_MOVER_WAYS];
	unsigned long since[VSW_FDB_MOVER_WAYS];
	unsigned long last[VSW_FDB_MOVER_WAYS];
	u16 home[VSW_FDB_MOVER_WAYS];
	u16 moves[VSW_FDB_MOVER_WAYS];
} ____cacheline_aligned;

/**
 * struct vsw_fdb_movers - All addresses that have moved lately.
 * @secret: key of the hash
 * @set: an address is in one of these, by its hash
 */
struct vsw_fdb_movers {
	siphash_key_t secret;
	struct vsw_fdb_mover_set set[VSW_FDB_MOVER_SETS];
};

static struct vsw_fdb_mover_set *vsw_fdb_mover_set(const struct vsw_fdb *fdb,
						   u64 key)
{
	u64 hash = siphash_1u64(key, &fdb->movers->secret);

	return &fdb->movers->set[hash % VSW_FDB_MOVER_SETS];
}

/* Return: the place of an address, or -1. */
static int vsw_fdb_mover_find(const struct vsw_fdb_mover_set *set, u64 key)
{
	int i;

	for (i = 0; i < VSW_FDB_MOVER_WAYS; i++)
		if (READ_ONCE(set->key[i]) == key)
			return i;
	return -1;
}

static bool vsw_fdb_hold_lasts(const struct vsw_fdb *fdb, unsigned long since)
{
	return READ_ONCE(fdb->move_limit) &&
	       jiffies - since < READ_ONCE(fdb->move_hold);
}

/**
 * vsw_fdb_is_held() - Whether an entry may not move now.
 * @fdb: forwarding database
 * @key: its key
 *
 * The answer of a moment in which the table changes may be wrong: the frame is then
 * one that comes a moment earlier or later.
 *
 * Context: Any.  Takes no lock: frames of an address that is held may be many.
 * Return: true if it is held.
 */
bool vsw_fdb_is_held(const struct vsw_fdb *fdb, u64 key)
{
	const struct vsw_fdb_mover_set *set;
	int i;

	if (likely(!READ_ONCE(fdb->holds) ||
		   !vsw_fdb_hold_lasts(fdb, READ_ONCE(fdb->last_hold))))
		return false;
	set = vsw_fdb_mover_set(fdb, key);
	i = vsw_fdb_mover_find(set, key);
	/* The time is read after what says that it is that of a hold. */
	return i >= 0 && smp_load_acquire(&set->moves[i]) == VSW_FDB_MOVER_HELD &&
	       vsw_fdb_hold_lasts(fdb, READ_ONCE(set->since[i]));
}

/*
 * How much would be lost with a place: nothing if its time is over, else more the more
 * moves it has, and most if it is held.
 */
static u32 vsw_fdb_mover_worth(const struct vsw_fdb *fdb,
			       const struct vsw_fdb_mover_set *set, int i)
{
	bool held = set->moves[i] == VSW_FDB_MOVER_HELD;

	if (!set->key[i] ||
	    jiffies - set->since[i] >= (held ? fdb->move_hold : fdb->move_window))
		return 0;
	return set->moves[i];
}

/* A place for an address, which has none.  Among equals, the oldest one goes. */
static int vsw_fdb_mover_take(const struct vsw_fdb *fdb,
			      struct vsw_fdb_mover_set *set, u64 key)
{
	u32 worth, least = U32_MAX;
	int i, place = 0;

	for (i = 0; i < VSW_FDB_MOVER_WAYS; i++) {
		worth = vsw_fdb_mover_worth(fdb, set, i);
		if (worth < least ||
		    (worth == least &&
		     time_before(set->since[i], set->since[place]))) {
			least = worth;
			place = i;
		}
	}
	WRITE_ONCE(set->moves[place], 0);
	set->last[place] = jiffies - fdb->move_window;
	/* Who finds the new key finds nothing of the old one. */
	smp_store_release(&set->key[place], key);
	return place;
}

static void vsw_fdb_mover_hold(struct vsw_fdb *fdb,
			       struct vsw_fdb_mover_set *set, int i)
{
	WRITE_ONCE(set->since[i], jiffies);
	/* Pairs with vsw_fdb_is_held(). */
	smp_store_release(&set->moves[i], VSW_FDB_MOVER_HELD);
	WRITE_ONCE(fdb->last_hold, jiffies);
	WRITE_ONCE(fdb->holds, true);
}

/**
 * vsw_fdb_move() - Decide whether an entry may move.
 * @fdb: forwarding database
 * @key: its key
 * @from: number of the port it is at
 * @to: number of the port where its address was seen
 *
 * If it has moved too often, it is held where it was before the first of these moves,
 * if it is or would be there: of a station and a loop, that is the station.  Who has
 * taken the address and waits for the window to end does not get to be where it was:
 * for that, it must have rested there for a whole one.
 *
 * Context: vsw_fdb.lock.
 * Return: what is to be done.
 */
enum vsw_fdb_move vsw_fdb_move(struct vsw_fdb *fdb, u64 key, u16 from, u16 to)
{
	struct vsw_fdb_mover_set *set;
	bool rested;
	int i;

	lockdep_assert_held(&fdb->lock);
	if (!fdb->move_limit)
		return VSW_FDB_MOVE;
	set = vsw_fdb_mover_set(fdb, key);
	i = vsw_fdb_mover_find(set, key);
	if (i < 0)
		i = vsw_fdb_mover_take(fdb, set, key);
	rested = jiffies - set->last[i] >= fdb->move_window;
	set->last[i] = jiffies;

	if (!set->moves[i] || !vsw_fdb_mover_worth(fdb, set, i)) {
		WRITE_ONCE(set->moves[i], 1);
		WRITE_ONCE(set->since[i], jiffies);
		if (rested)
			set->home[i] = from;
		return VSW_FDB_MOVE;
	}
	if (set->moves[i] == VSW_FDB_MOVER_HELD)
		return VSW_FDB_STAY;
	if (set->moves[i] < fdb->move_limit) {
		WRITE_ONCE(set->moves[i], set->moves[i] + 1);
		return VSW_FDB_MOVE;
	}
	vsw_fdb_mover_hold(fdb, set, i);
	return to == set->home[i] ? VSW_FDB_MOVE_AND_HOLD : VSW_FDB_HOLD;
}

static void vsw_fdb_movers_forget(struct vsw_fdb *fdb)
{
	int s, i;

	WRITE_ONCE(fdb->holds, false);
	for (s = 0; s < VSW_FDB_MOVER_SETS; s++)
		for (i = 0; i < VSW_FDB_MOVER_WAYS; i++)
			WRITE_ONCE(fdb->movers->set[s].key[i], 0);
}

/**
 * vsw_fdb_set_move() - Set how often entries may move.
 * @fdb: forwarding database
 * @limit: number of moves within the window; 0 for any, which ends all holds
 * @window: seconds
 * @hold: seconds that an entry is held which has moved more often
 *
 * Context: process context.
 */
void vsw_fdb_set_move(struct vsw_fdb *fdb, u32 limit, u32 window, u32 hold)
{
	spin_lock_bh(&fdb->lock);
	WRITE_ONCE(fdb->move_limit, limit);
	WRITE_ONCE(fdb->move_window, window * (unsigned long)HZ);
	WRITE_ONCE(fdb->move_hold, hold * (unsigned long)HZ);
	if (!limit)
		vsw_fdb_movers_forget(fdb);
	spin_unlock_bh(&fdb->lock);
}

/**
 * vsw_fdb_movers_init() - Make an empty table.
 * @fdb: forwarding database
 *
 * Context: process context.
 * Return: 0 or -ENOMEM.
 */
int vsw_fdb_movers_init(struct vsw_fdb *fdb)
{
	fdb->movers = kvzalloc(sizeof(*fdb->movers), GFP_KERNEL_ACCOUNT);
	if (!fdb->movers)
		return -ENOMEM;
	get_random_bytes(&fdb->movers->secret, sizeof(fdb->movers->secret));
	vsw_fdb_set_move(fdb, VSW_MOVE_LIMIT_DEFAULT, VSW_MOVE_WINDOW_DEFAULT,
			 VSW_MOVE_HOLD_DEFAULT);
	return 0;
}

/**
 * vsw_fdb_movers_exit() - Free the table.
 * @fdb: forwarding database
 *
 * Context: process context.
 */
void vsw_fdb_movers_exit(struct vsw_fdb *fdb)
{
	kvfree(fdb->movers);
}

/**
 * vsw_fdb_movers_memory() - Size of the table.
 *
 * Return: bytes.
 */
u32 vsw_fdb_movers_memory(void)
{
	return sizeof(struct vsw_fdb_movers);
}
