// SPDX-License-Identifier: GPL-2.0
/*
 * FDB: what is told to user space.  Changes go into a ring and are told many at
 * a time from process context, so that a learning storm costs the path little;
 * what finds the ring full is lost, and told as a number.
 */
#include "../ctrl/notify.h"
#include "../trace.h"
#include "fdb_table.h"

/* Changes wait this long for company. */
#define VSW_FDB_EVENT_DELAY	(HZ / 20)

/**
 * vsw_fdb_tell() - Have a change told to user space.
 * @fdb: forwarding database
 * @key: key of the entry
 * @val: its value, the last one if it is gone
 * @what: enum vswitch_fdb_event_type
 *
 * Context: vsw_fdb.lock.
 */
void vsw_fdb_tell(struct vsw_fdb *fdb, u64 key, u32 val, u8 what)
{
	vsw_fdb_tell_more(fdb, key, val, what, 0);
}

/**
 * vsw_fdb_tell_more() - The same, of an event about which there is more to tell.
 * @fdb: forwarding database
 * @key: key of the entry
 * @val: its value
 * @what: enum vswitch_fdb_event_type
 * @more: as of struct vsw_fdb_event
 *
 * Context: vsw_fdb.lock.
 */
void vsw_fdb_tell_more(struct vsw_fdb *fdb, u64 key, u32 val, u8 what, u16 more)
{
	struct vsw_fdb_event *ev;

	lockdep_assert_held(&fdb->lock);
	trace_vsw_fdb(key, val, what);
	if (fdb->closing || !vsw_notify_fdb_wanted(fdb))
		return;

	/* Nothing goes in before the loss was told, or it could not be placed. */
	if (fdb->event_lost ||
	    fdb->event_head - fdb->event_tail == VSW_FDB_EVENTS) {
		fdb->event_lost++;
		return;
	}
	ev = &fdb->events[fdb->event_head++ % VSW_FDB_EVENTS];
	ev->key = key;
	ev->val = val;
	ev->more = more;
	ev->what = what;

	if (fdb->event_head - fdb->event_tail == VSW_FDB_EVENTS / 2)
		mod_delayed_work(vsw_wq, &fdb->event_work, 0);
	else
		queue_delayed_work(vsw_wq, &fdb->event_work,
				   VSW_FDB_EVENT_DELAY);
}

/**
 * vsw_fdb_take_events() - Take changes out of the ring.
 * @fdb: forwarding database
 * @ev: where they are written
 * @num: how many at most
 * @lost: where the number of changes lost at this point is written
 *
 * Context: process context.
 * Return: number of changes taken; 0 with @lost not 0, some were lost here.
 */
u32 vsw_fdb_take_events(struct vsw_fdb *fdb, struct vsw_fdb_event *ev, u32 num,
			u32 *lost)
{
	u32 n = 0;

	spin_lock_bh(&fdb->lock);
	while (n < num && fdb->event_tail != fdb->event_head)
		ev[n++] = fdb->events[fdb->event_tail++ % VSW_FDB_EVENTS];
	/* The lost ones came after those in the ring, and before any later one. */
	*lost = n ? 0 : fdb->event_lost;
	fdb->event_lost -= *lost;
	spin_unlock_bh(&fdb->lock);
	return n;
}

/**
 * vsw_fdb_event_work() - Tell user space.
 * @work: vsw_fdb.event_work
 *
 * Context: process context.
 */
void vsw_fdb_event_work(struct work_struct *work)
{
	struct vsw_fdb *fdb = container_of(work, struct vsw_fdb, event_work.work);

	if (!vsw_notify_fdb(fdb))
		return;
	spin_lock_bh(&fdb->lock);
	if (!fdb->closing)
		queue_delayed_work(vsw_wq, &fdb->event_work, 0);
	spin_unlock_bh(&fdb->lock);
}
