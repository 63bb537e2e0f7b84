// SPDX-License-Identifier: GPL-2.0
/*
 * The state of ports beside that of their netdevs: what a spanning tree daemon says,
 * and quarantine.
 *
 * The path notes that a port has broken a rule, once, and a work item of the switch
 * does the rest, under RTNL: it puts the port into quarantine, and takes it out again
 * when its time is over.  It walks the ports that there are, so a port that leaves
 * needs nothing waited for.  It only tries to take RTNL: who deletes the switch waits
 * for it with RTNL held.
 */
#include <linux/jiffies.h>
#include <linux/rtnetlink.h>
#include <linux/workqueue.h>
#include "../ctrl/notify.h"
#include "guard.h"
#include "loop.h"
#include "mdb.h"
#include "port.h"

/* Longest time of a port in quarantine, but for one that is to stay. */
#define VSW_GUARD_TIME_MAX	(3600UL * HZ)
/* Seconds in a row with a storm after which the port is quarantined. */
#define VSW_GUARD_STORM_RUN	5
/* Of vsw_quarantine.storm: the seconds in a row, below the second. */
#define VSW_GUARD_RUN_BITS	8

/**
 * vsw_guard_note() - Note that a port has broken a rule, and is to be quarantined.
 * @port: port
 * @reason: enum vswitch_quarantine_reason
 *
 * Context: path.
 */
void vsw_guard_note(struct vsw_port *port, u8 reason)
{
	if (!READ_ONCE(port->quarantine.noted) &&
	    !cmpxchg(&port->quarantine.noted, 0, reason))
		mod_delayed_work(vsw_wq, &port->sw->guard_work, 0);
}

/**
 * vsw_guard_note_storm() - Note that a frame was one too many.
 * @port: port whose storm is not to last
 * @second: the time
 *
 * Once in a second, the first CPU to come counts it.
 *
 * Context: path.
 */
void vsw_guard_note_storm(struct vsw_port *port, u32 second)
{
	s64 old = atomic64_read(&port->quarantine.storm);
	u32 last = (u64)old >> VSW_GUARD_RUN_BITS;
	u8 run = old;

	if (last == second && old)
		return;
	run = last == second - 1 && old ? min(run + 1, VSW_GUARD_STORM_RUN) : 1;
	if (atomic64_try_cmpxchg(&port->quarantine.storm, &old,
				 (u64)second << VSW_GUARD_RUN_BITS | run) &&
	    run == VSW_GUARD_STORM_RUN)
		vsw_guard_note(port, VSWITCH_QUARANTINE_REASON_STORM);
}

static u8 vsw_guard_state(const struct vsw_port *port)
{
	if (port->quarantine.reason)
		return VSW_STATE_QUARANTINED;
	switch (rtnl_dereference(port->policy)->is.guard.stp_state) {
	case VSWITCH_STP_STATE_BLOCKING:
		return VSW_STATE_BLOCKING;
	case VSWITCH_STP_STATE_LEARNING:
		return VSW_STATE_LEARNING;
	default:
		return VSW_STATE_FORWARDING;
	}
}

static bool vsw_guard_learns(u8 state)
{
	return state <= VSW_STATE_LEARNING;
}

/* Return: true if what was learned at the port is to be forgotten. */
static bool vsw_guard_set_state(struct vsw_port *port, u8 state)
{
	struct vsw_switch *sw = port->sw;
	u8 old = port->state;

	/* Who is to know of a port that does not forward does so before it is one. */
	if (state && !old && !sw->blocked++)
		vsw_switch_set_mode(sw, VSW_MODE_STATES, VSW_MODE_STATES);
	WRITE_ONCE(port->state, state);
	if (!state && old && !--sw->blocked)
		vsw_switch_set_mode(sw, VSW_MODE_STATES, 0);
	return vsw_guard_learns(old) && !vsw_guard_learns(state);
}

static void vsw_guard_flush(struct vsw_port *port)
{
	const struct vsw_fdb_filter filter = {
		.port = port->number,
		.vlan = -1,
		.type = VSWITCH_FDB_TYPE_DYNAMIC,
	};

	vsw_fdb_flush(&port->sw->fdb, &filter);
}

/**
 * vsw_guard_changed() - Have a port take the state that it is to be in.
 * @port: port, whose settings or quarantine have changed
 *
 * Once this has returned, nothing goes through a port that is not to forward, and
 * what was learned at one that is not to learn is forgotten.
 *
 * Context: RTNL.  May sleep.
 */
void vsw_guard_changed(struct vsw_port *port)
{
	u8 state = vsw_guard_state(port);
	bool flush;

	ASSERT_RTNL();
	if (state == port->state)
		return;
	flush = vsw_guard_set_state(port, state);
	/* Frames that go by the old state, and what they learn. */
	if (state)
		synchronize_net();
	if (flush)
		vsw_guard_flush(port);
	/* As when its cable is plugged out or in. */
	vsw_mdb_port_link(port);
}

/**
 * vsw_guard_port_leaves() - A port that leaves is none that does not forward.
 * @port: port; no frame is on its way through it
 *
 * Context: RTNL.
 */
void vsw_guard_port_leaves(struct vsw_port *port)
{
	ASSERT_RTNL();
	vsw_guard_set_state(port, VSW_STATE_FORWARDING);
}

/* The first time in a row is that of the switch, each further one twice as long. */
static unsigned long vsw_guard_time(const struct vsw_port *port)
{
	unsigned long time = port->sw->quarantine_time;
	u32 i;

	for (i = 1; i < port->quarantine.times && time < VSW_GUARD_TIME_MAX; i++)
		time *= 2;
	return min(time, VSW_GUARD_TIME_MAX);
}

/**
 * vsw_guard_times() - How many times in a row a port was put into quarantine.
 * @port: port
 * @now: jiffies
 *
 * This is forgotten when it was well for twice as long as it was in there last.
 *
 * Context: RTNL.
 * Return: the number.
 */
u32 vsw_guard_times(const struct vsw_port *port, unsigned long now)
{
	const struct vsw_quarantine *q = &port->quarantine;

	if (!q->reason && q->times &&
	    time_after(now, q->until + 2 * vsw_guard_time(port)))
		return 0;
	return q->times;
}

/**
 * vsw_guard_left() - How long a port stays in quarantine.
 * @port: port
 * @now: jiffies
 *
 * Context: RTNL.
 * Return: seconds, rounded up; 0, it is in none, or until an administrator takes it
 * out.
 */
u32 vsw_guard_left(const struct vsw_port *port, unsigned long now)
{
	const struct vsw_quarantine *q = &port->quarantine;

	if (!q->reason || !q->timed)
		return 0;
	return time_after(q->until, now) ? DIV_ROUND_UP(q->until - now, HZ) : 1;
}

/* What was noted of frames that are no more on their way is of no use now. */
static void vsw_guard_forget(struct vsw_port *port)
{
	WRITE_ONCE(port->quarantine.noted, 0);
	atomic64_set(&port->quarantine.storm, 0);
}

/**
 * vsw_guard_put() - Put a port into quarantine, or into that of another reason.
 * @port: port, not the host port
 * @reason: enum vswitch_quarantine_reason; what an administrator puts there, he
 *	    takes out
 * @now: jiffies
 *
 * Context: RTNL.  May sleep.
 */
void vsw_guard_put(struct vsw_port *port, u8 reason, unsigned long now)
{
	struct vsw_quarantine *q = &port->quarantine;

	ASSERT_RTNL();
	q->timed = false;
	if (reason != VSWITCH_QUARANTINE_REASON_ADMIN) {
		q->times = vsw_guard_times(port, now) + 1;
		q->until = now + vsw_guard_time(port);
		q->timed = port->sw->quarantine_time;
	}
	q->reason = reason;
	vsw_guard_changed(port);
	vsw_guard_forget(port);
	if (q->timed)
		mod_delayed_work(vsw_wq, &port->sw->guard_work, 0);
}

static void vsw_guard_end(struct vsw_port *port, unsigned long now)
{
	port->quarantine.reason = VSWITCH_QUARANTINE_REASON_NONE;
	port->quarantine.until = now;
	vsw_guard_forget(port);
	vsw_guard_changed(port);
}

/**
 * vsw_guard_release() - An administrator takes a port out of quarantine.
 * @port: port
 *
 * How often it was there is forgotten.
 *
 * Context: RTNL.  May sleep.
 */
void vsw_guard_release(struct vsw_port *port)
{
	ASSERT_RTNL();
	port->quarantine.times = 0;
	if (port->quarantine.reason)
		vsw_guard_end(port, jiffies);
}

/**
 * vsw_guard_apply() - Do what an administrator or a daemon says of the state of a port.
 * @port: port, whose settings are in force already
 * @cfg: what was said
 *
 * Context: RTNL.  May sleep.
 */
void vsw_guard_apply(struct vsw_port *port, const struct vsw_port_cfg *cfg)
{
	if (cfg->guard & BIT(VSWITCH_A_GUARD_QUARANTINE) && cfg->quarantine)
		vsw_guard_put(port, VSWITCH_QUARANTINE_REASON_ADMIN, jiffies);
	else if (cfg->guard & BIT(VSWITCH_A_GUARD_QUARANTINE))
		vsw_guard_release(port);
	vsw_guard_changed(port);
	if (cfg->guard & BIT(VSWITCH_A_GUARD_LOOP_DETECT) && cfg->to.guard.loop_detect)
		vsw_loop_start(port->sw);
}

/* Return: jiffies until the port is to be looked at again, 0 if it is not. */
static unsigned long vsw_guard_run_port(struct vsw_port *port, unsigned long now)
{
	struct vsw_quarantine *q = &port->quarantine;
	u32 noted = READ_ONCE(q->noted);

	if (noted && q->reason) {
		vsw_guard_forget(port);
	} else if (noted) {
		vsw_guard_put(port, noted, now);
		vsw_notify_port(port, VSWITCH_CMD_PORT_NTF);
	} else if (q->reason && q->timed && time_after_eq(now, q->until)) {
		vsw_guard_end(port, now);
		vsw_notify_port(port, VSWITCH_CMD_PORT_NTF);
	}
	if (!q->reason || !q->timed)
		return 0;
	return time_after(q->until, now) ? q->until - now : 1;
}

/**
 * vsw_guard_run() - Do what is due to the ports of a switch.
 * @sw: switch
 * @now: jiffies
 *
 * Context: RTNL.  May sleep.
 */
void vsw_guard_run(struct vsw_switch *sw, unsigned long now)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	unsigned long next = 0, left;
	u32 i;

	for (i = 1; i < set->size; i++) {
		if (!set->slot[i])
			continue;
		left = vsw_guard_run_port(set->slot[i], now);
		if (left && (!next || left < next))
			next = left;
	}
	if (next)
		queue_delayed_work(vsw_wq, &sw->guard_work, next);
}

static void vsw_guard_work(struct work_struct *work)
{
	struct vsw_switch *sw = container_of(to_delayed_work(work),
					     struct vsw_switch, guard_work);

	if (!rtnl_trylock()) {
		queue_delayed_work(vsw_wq, &sw->guard_work, 1);
		return;
	}
	vsw_guard_run(sw, jiffies);
	rtnl_unlock();
}

/**
 * vsw_guard_init() - Prepare the quarantine of a new switch.
 * @sw: switch
 */
void vsw_guard_init(struct vsw_switch *sw)
{
	sw->quarantine_time = VSW_QUARANTINE_TIME_DEFAULT * HZ;
	INIT_DELAYED_WORK(&sw->guard_work, vsw_guard_work);
}

/**
 * vsw_guard_stop() - Nobody comes into quarantine any more, nor out of it.
 * @sw: switch, without ports
 *
 * Context: RTNL.  May sleep.
 */
void vsw_guard_stop(struct vsw_switch *sw)
{
	cancel_delayed_work_sync(&sw->guard_work);
}
