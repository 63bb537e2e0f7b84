// SPDX-License-Identifier: GPL-2.0
/*
 * What is done for the groups of a switch in process context: to forget, to ask, and
 * to tell user space.
 *
 * One work item does all, once a second while there is anything that expires.
 * Changes go into a ring and are told many at a time; what finds the ring full is
 * lost, and told as a number.
 */
#include "../ctrl/notify.h"
#include "mdb.h"

/* What is to be done soon waits this long for company. */
#define VSW_MDB_SOON		(HZ / 20)

/**
 * vsw_mdb_kick() - Have the work done.
 * @mdb: groups of the switch
 * @soon: not only within a second; however often this is said, it is not put off
 *
 * Context: vsw_mdb.lock.
 */
void vsw_mdb_kick(struct vsw_mdb *mdb, bool soon)
{
	lockdep_assert_held(&mdb->lock);
	if (mdb->closing)
		return;
	if (!soon) {
		queue_delayed_work(vsw_wq, &mdb->work, HZ);
	} else if (!mdb->soon) {
		mdb->soon = true;
		mod_delayed_work(vsw_wq, &mdb->work, VSW_MDB_SOON);
	}
}

/**
 * vsw_mdb_tell() - Have a change told to user space.
 * @mdb: groups of the switch
 * @key: VLAN and address of the group
 * @m: its member; of one that is refused, its port alone
 * @what: enum vswitch_mdb_event_type
 *
 * Context: vsw_mdb.lock.
 */
void vsw_mdb_tell(struct vsw_mdb *mdb, const struct vsw_mdb_key *key,
		  const struct vsw_mdb_member *m, u8 what)
{
	struct vsw_mdb_event *ev;

	lockdep_assert_held(&mdb->lock);
	if (mdb->closing || !vsw_notify_mdb_wanted(mdb->sw))
		return;
	/* Nothing goes in before the loss was told, or it could not be placed. */
	if (mdb->lost || mdb->head - mdb->tail == VSW_MDB_EVENTS) {
		mdb->lost++;
		return;
	}
	ev = &mdb->events[mdb->head++ % VSW_MDB_EVENTS];
	ev->key = *key;
	ev->port = m->port;
	ev->fixed = m->fixed;
	ev->what = what;
	vsw_mdb_kick(mdb, true);
}

/**
 * vsw_mdb_take_events() - Take changes out of the ring.
 * @mdb: groups of the switch
 * @ev: where they are written
 * @num: how many at most
 * @lost: where the number of changes lost at this point is written
 *
 * Context: process context.  Takes vsw_mdb.lock.
 * Return: number of changes taken; 0 with @lost not 0, some were lost here.
 */
u32 vsw_mdb_take_events(struct vsw_mdb *mdb, struct vsw_mdb_event *ev, u32 num,
			u32 *lost)
{
	u32 n = 0;

	spin_lock_bh(&mdb->lock);
	while (n < num && mdb->tail != mdb->head)
		ev[n++] = mdb->events[mdb->tail++ % VSW_MDB_EVENTS];
	*lost = n ? 0 : mdb->lost;
	mdb->lost -= *lost;
	spin_unlock_bh(&mdb->lock);
	return n;
}

/**
 * vsw_mdb_flush_events() - Have what has happened told now.
 * @sw: switch; the number of a port of it means that port still
 *
 * Context: RTNL.  May sleep.
 */
void vsw_mdb_flush_events(struct vsw_switch *sw)
{
	struct vsw_mdb *mdb = rtnl_dereference(sw->mdb);

	if (mdb)
		flush_delayed_work(&mdb->work);
}

/* Whether there is anything that the next second may change. */
static bool vsw_mdb_has_more(const struct vsw_mdb *mdb)
{
	u32 i;

	if (mdb->count || mdb->blind || mdb->querier ||
	    !bitmap_empty(mdb->fresh, VSW_MDB_PORTS))
		return true;
	for (i = 0; i < VLAN_N_VID; i++)
		if (rcu_access_pointer(mdb->vlan[i]))
			return true;
	return false;
}

/**
 * vsw_mdb_work() - Forget, ask and tell.
 * @work: vsw_mdb.work
 *
 * Does not take RTNL: who switches snooping off waits for this under RTNL.
 *
 * Context: process context.
 */
void vsw_mdb_work(struct work_struct *work)
{
	struct vsw_mdb *mdb = container_of(work, struct vsw_mdb, work.work);

	spin_lock_bh(&mdb->lock);
	mdb->soon = false;
	spin_unlock_bh(&mdb->lock);
	vsw_mdb_expire(mdb);
	vsw_mdb_routers_expire(mdb);
	vsw_mdb_ask(mdb);
	vsw_notify_mdb(mdb);
	spin_lock_bh(&mdb->lock);
	if (mdb->head != mdb->tail || mdb->lost)
		vsw_mdb_kick(mdb, true);
	else if (vsw_mdb_has_more(mdb))
		vsw_mdb_kick(mdb, false);
	spin_unlock_bh(&mdb->lock);
}
