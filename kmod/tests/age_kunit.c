// SPDX-License-Identifier: GPL-2.0
/*
 * The FDB: ageing, in real time (in which User-Mode Linux need not wait), and
 * the ring of changes to be told.  KUnit ends a test after 300 s of it.
 */
#include <linux/delay.h>
#include <linux/net.h>
#include <net/genetlink.h>
#include <net/sock.h>
#include "../ctrl/genl.h"
#include "../ctrl/vswitch_nl.h"
#include "../table/fdb_table.h"
#include "helpers.h"

#define VSW_KEY(n)	vsw_test_key(VSW_STATION(n), 0)

/* An entry stays at most 1/32 of the time, at least a second, longer.  In ms. */
static unsigned int vsw_age_bound(unsigned int seconds)
{
	return 1000 * seconds + max(1000 * seconds / 32, 1000U);
}

/* Exactly: msleep() may take an eighth longer. */
static void vsw_sleep(unsigned int ms)
{
	usleep_range(1000UL * ms, 1000UL * ms + 100);
}

static bool vsw_has(struct vsw_test *t, u32 station)
{
	return vsw_test_find(t, VSW_KEY(station));
}

static bool vsw_ageing_at_work(struct vsw_test *t)
{
	return work_busy(&t->sw->fdb.age_work.work);
}

static void vsw_learn(struct vsw_test *t, u32 station)
{
	vsw_test_learn(t, VSW_KEY(station), 1, 0);
}

/* Learns many.  One for which there is no place is refused until the table has
 * grown; its next frame teaches it.
 */
static void vsw_learn_growing(struct vsw_test *t, u32 num)
{
	u32 i;

	for (i = 0; i < num; i++) {
		vsw_learn(t, i);
		if (vsw_has(t, i) && i % 64)
			continue;
		flush_delayed_work(&t->sw->fdb.resize_work);
		vsw_learn(t, i);
	}
	flush_delayed_work(&t->sw->fdb.resize_work);
}

/* What a frame from the station does. */
static void vsw_refresh(struct vsw_test *t, u32 station)
{
	u64 key = VSW_KEY(station);
	u32 val;

	local_bh_disable();
	val = vsw_fdb_find_rcu(&t->sw->fdb, key);
	if (val)
		vsw_fdb_learn(&t->sw->fdb, key, val, vsw_fdb_port(val), 0,
			      false);
	local_bh_enable();
}

static int vsw_add_static(struct vsw_test *t, u32 station)
{
	struct vsw_fdb_change ch = { .key = VSW_KEY(station), .port = 1 };
	u32 bad;

	return vsw_test_add(t, &ch, 1, false, &bad);
}

/* Also that it does not depend on where in a tick the address was seen. */
static void vsw_age_not_early_and_not_late(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	vsw_fdb_set_ageing(&t->sw->fdb, 1);
	KUNIT_EXPECT_EQ(test, vsw_fdb_ageing(&t->sw->fdb), 1);
	for (i = 0; i < 20; i++) {
		vsw_learn(t, i);
		vsw_sleep(1000);
		KUNIT_EXPECT_TRUE(test, vsw_has(t, i));
		vsw_sleep(vsw_age_bound(1) - 1000);
		KUNIT_EXPECT_FALSE(test, vsw_has(t, i));
		vsw_sleep(30);
	}
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 0);
	KUNIT_EXPECT_EQ(test, vsw_fdb_port_count(&t->sw->fdb, 1), 0);
}

static void vsw_age_long_bound_holds(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	unsigned long begin = jiffies;
	unsigned int took;

	/* Enough for several slices in a run; seconds, where code is emulated. */
	vsw_learn_growing(t, 30000);
	took = jiffies_to_msecs(jiffies - begin);
	KUNIT_ASSERT_LT(test, took, 199 * 1000);
	vsw_fdb_set_ageing(&t->sw->fdb, 200);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 30000);
	vsw_sleep(199 * 1000 - took);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 30000);
	vsw_sleep(vsw_age_bound(200) - 199 * 1000 + took);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 0);
}

static void vsw_age_refreshed_stays(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	vsw_fdb_set_ageing(&t->sw->fdb, 1);
	vsw_learn(t, 1);
	vsw_learn(t, 2);
	for (i = 0; i < 10; i++) {
		vsw_sleep(500);
		vsw_refresh(t, 1);
		KUNIT_EXPECT_TRUE(test, vsw_has(t, 1));
	}
	KUNIT_EXPECT_FALSE(test, vsw_has(t, 2));
	vsw_sleep(vsw_age_bound(1));
	KUNIT_EXPECT_FALSE(test, vsw_has(t, 1));
}

static void vsw_age_refreshed_by_frames(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	t->end[1].dev = vsw_mock_new(&t->end[1]);
	KUNIT_ASSERT_NOT_NULL(test, t->end[1].dev);
	KUNIT_ASSERT_EQ(test, vsw_test_attach(t, 1), 0);
	vsw_fdb_set_ageing(&t->sw->fdb, 1);
	for (i = 0; i < 10; i++) {
		vsw_test_send(t, 1, VSW_TEST_SWITCH, VSW_STATION(1));
		vsw_sleep(500);
		KUNIT_EXPECT_TRUE(test, vsw_has(t, 1));
	}
	vsw_expect(t, 1, .rx = 10, .rx_bytes = 10 * VSW_TEST_LEN, .learned = 1);
	vsw_sleep(vsw_age_bound(1));
	KUNIT_EXPECT_FALSE(test, vsw_has(t, 1));
}

static void vsw_age_reported_in_seconds(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	u32 age;

	vsw_learn(t, 1);
	age = vsw_fdb_age(&t->sw->fdb, vsw_test_find(t, VSW_KEY(1)));
	KUNIT_EXPECT_EQ(test, age, 0);
	vsw_sleep(100 * 1000);
	age = vsw_fdb_age(&t->sw->fdb, vsw_test_find(t, VSW_KEY(1)));
	KUNIT_EXPECT_GE(test, age, 99);
	KUNIT_EXPECT_LE(test, age, 101);
}

static void vsw_age_static_stays(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_fdb_set_ageing(&t->sw->fdb, 1);
	KUNIT_EXPECT_EQ(test, vsw_add_static(t, 1), 0);
	vsw_learn(t, 2);
	KUNIT_EXPECT_EQ(test, vsw_add_static(t, 2), 0);
	vsw_learn(t, 3);
	vsw_sleep(10 * vsw_age_bound(1));
	KUNIT_EXPECT_TRUE(test, vsw_has(t, 1));
	KUNIT_EXPECT_TRUE(test, vsw_has(t, 2));
	KUNIT_EXPECT_FALSE(test, vsw_has(t, 3));
}

static void vsw_age_zero_is_never(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_learn(t, 1);
	vsw_fdb_set_ageing(&t->sw->fdb, 0);
	vsw_learn(t, 2);
	KUNIT_EXPECT_EQ(test, vsw_fdb_ageing(&t->sw->fdb), 0);
	KUNIT_EXPECT_FALSE(test, vsw_ageing_at_work(t));
	vsw_sleep(100 * 1000);
	KUNIT_EXPECT_TRUE(test, vsw_has(t, 1));
	KUNIT_EXPECT_TRUE(test, vsw_has(t, 2));

	vsw_fdb_set_ageing(&t->sw->fdb, 1);
	vsw_sleep(vsw_age_bound(1));
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 0);
}

/* Sets the ageing time in the background. */
struct vsw_setter {
	struct work_struct work;
	struct vsw_fdb *fdb;
	u32 seconds;
};

static void vsw_setter_work(struct work_struct *work)
{
	struct vsw_setter *s = container_of(work, struct vsw_setter, work);

	vsw_fdb_set_ageing(s->fdb, s->seconds);
}

/* Ageing that was begun while another time is being set knows no old one. */
static void vsw_age_zero_set_while_learning(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_fdb *fdb = &t->sw->fdb;
	struct vsw_setter s = { .fdb = fdb };

	vsw_learn(t, 1);
	vsw_sleep(10 * 1000);
	INIT_WORK_ONSTACK(&s.work, vsw_setter_work);
	/* A resize would make it wait as this does. */
	mutex_lock(&fdb->resize_lock);
	schedule_work(&s.work);
	vsw_sleep(100);
	vsw_learn(t, 2);
	mutex_unlock(&fdb->resize_lock);
	flush_work(&s.work);
	destroy_work_on_stack(&s.work);
	KUNIT_EXPECT_EQ(test, vsw_fdb_ageing(fdb), 0);
	vsw_sleep(10 * 1000);
	KUNIT_EXPECT_TRUE(test, vsw_has(t, 1));
	KUNIT_EXPECT_TRUE(test, vsw_has(t, 2));
}

/* While there is no memory for one table, a chain stays; its entries do not. */
static void vsw_age_reaches_the_whole_chain(struct kunit *test)
{
	struct vsw_fdb_table *next = vsw_fdb_table_alloc(0);
	struct vsw_test *t = test->priv;
	struct vsw_fdb *fdb = &t->sw->fdb;
	bool first, second;

	KUNIT_ASSERT_NOT_NULL(test, next);
	vsw_fdb_set_ageing(fdb, 1);
	/* Nobody makes one table out of two meanwhile. */
	mutex_lock(&fdb->resize_lock);
	vsw_learn(t, 1);
	spin_lock_bh(&fdb->lock);
	rcu_assign_pointer(vsw_fdb_locked_table(fdb)->next, next);
	spin_unlock_bh(&fdb->lock);
	vsw_learn(t, 2);
	vsw_sleep(vsw_age_bound(1));
	first = vsw_has(t, 1);
	second = vsw_has(t, 2);
	mutex_unlock(&fdb->resize_lock);
	KUNIT_EXPECT_FALSE(test, first);
	KUNIT_EXPECT_FALSE(test, second);
}

/* Stamps of one tick length mean something else in another. */
static void vsw_age_survives_other_ticks(struct kunit *test)
{
	static const u32 ageing[] = { 1000000, 300, 1000000, 10000, 300 };
	struct vsw_test *t = test->priv;
	struct vsw_fdb *fdb = &t->sw->fdb;
	u8 shift = fdb->tick_shift;
	int i, s;
	u32 age;

	KUNIT_EXPECT_EQ(test, vsw_add_static(t, 1000), 0);
	vsw_learn_growing(t, 100);
	for (i = 0; i < ARRAY_SIZE(ageing); i++) {
		vsw_fdb_set_ageing(fdb, ageing[i]);
		KUNIT_EXPECT_EQ(test, vsw_fdb_ageing(fdb), ageing[i]);
		KUNIT_EXPECT_EQ(test, fdb->tick_shift == shift,
				ageing[i] == 300);
		/* As if seen now: the next tick may begin in between. */
		for (s = 0; s < 100; s++) {
			age = vsw_fdb_age(fdb, vsw_test_find(t, VSW_KEY(s)));
			KUNIT_EXPECT_LE(test, age, (2 << fdb->tick_shift) / HZ);
		}
		vsw_sleep(10 * 1000);
		KUNIT_EXPECT_EQ(test, fdb->count, 101);
	}
	vsw_sleep(200 * 1000);
	for (s = 0; s < 100; s++)
		KUNIT_EXPECT_TRUE(test, vsw_has(t, s));
	vsw_fdb_set_ageing(fdb, 1);
	vsw_sleep(vsw_age_bound(1));
	KUNIT_EXPECT_EQ(test, fdb->count, 1);
	KUNIT_EXPECT_TRUE(test, vsw_test_find(t, VSW_KEY(1000)) & VSW_FDB_STATIC);
}

static void vsw_age_work_rests(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_fdb_set_ageing(&t->sw->fdb, 1);
	KUNIT_EXPECT_FALSE(test, vsw_ageing_at_work(t));
	KUNIT_EXPECT_EQ(test, vsw_add_static(t, 1), 0);
	KUNIT_EXPECT_FALSE(test, vsw_ageing_at_work(t));
	vsw_learn(t, 2);
	KUNIT_EXPECT_TRUE(test, vsw_ageing_at_work(t));
	vsw_sleep(2 * vsw_age_bound(1));
	KUNIT_EXPECT_FALSE(test, vsw_has(t, 2));
	KUNIT_EXPECT_FALSE(test, vsw_ageing_at_work(t));

	vsw_learn(t, 3);
	KUNIT_EXPECT_TRUE(test, vsw_ageing_at_work(t));
	vsw_sleep(vsw_age_bound(1));
	KUNIT_EXPECT_FALSE(test, vsw_has(t, 3));
}

static void vsw_age_shrinks_the_table(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	u64 small = vsw_fdb_memory(&t->sw->fdb);

	vsw_learn_growing(t, 20000);
	KUNIT_EXPECT_GT(test, vsw_fdb_memory(&t->sw->fdb), 2 * small);
	vsw_fdb_set_ageing(&t->sw->fdb, 1);
	vsw_sleep(2 * vsw_age_bound(1));
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 0);
	KUNIT_EXPECT_EQ(test, vsw_fdb_memory(&t->sw->fdb), small);
}

/* A socket that listens to the changes of FDBs; nobody reads it. */
static struct socket *vsw_listen(struct kunit *test)
{
	int group = vsw_genl_family.mcgrp_offset + VSWITCH_NLGRP_FDB;
	struct socket *sock;
	int err;

	err = sock_create_kern(&init_net, AF_NETLINK, SOCK_RAW, NETLINK_GENERIC,
			       &sock);
	KUNIT_ASSERT_EQ(test, err, 0);
	err = sock->ops->setsockopt(sock, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
				    KERNEL_SOCKPTR(&group), sizeof(group));
	if (err)
		sock_release(sock);
	KUNIT_ASSERT_EQ(test, err, 0);
	return sock;
}

/* Takes all changes, with BH off, so that the work does not.  Return: how many
 * there were; *lost_at is where some were missing.
 */
static u32 vsw_take_all(struct vsw_test *t, struct vsw_fdb_event *ev, u32 max,
			u32 *lost, u32 *lost_at)
{
	u32 n, num = 0, now;

	*lost = 0;
	do {
		now = 0;
		n = vsw_fdb_take_events(&t->sw->fdb, ev + num,
					min(max - num, 100U), &now);
		if (now) {
			*lost += now;
			*lost_at = num;
		}
		num += n;
	} while ((n || now) && num < max);
	return num;
}

static void vsw_events_none_without_listener(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_learn(t, 1);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.event_head, 0);
	KUNIT_EXPECT_FALSE(test, work_busy(&t->sw->fdb.event_work.work));
}

static void vsw_events_in_order(struct kunit *test)
{
	static const u8 what[] = {
		VSWITCH_FDB_EVENT_TYPE_LEARNED, VSWITCH_FDB_EVENT_TYPE_MOVED,
		VSWITCH_FDB_EVENT_TYPE_LEARNED, VSWITCH_FDB_EVENT_TYPE_ADDED,
		VSWITCH_FDB_EVENT_TYPE_DELETED, VSWITCH_FDB_EVENT_TYPE_AGED,
	};
	static const u8 station[] = { 1, 1, 2, 2, 2, 1 };
	static const u8 port[] = { 1, 3, 1, 1, 1, 3 };
	struct vsw_test *t = test->priv;
	struct vsw_fdb_change ch = { .key = VSW_KEY(2) };
	struct socket *sock = vsw_listen(test);
	struct vsw_fdb_event *e;
	u32 i, bad;

	vsw_fdb_set_ageing(&t->sw->fdb, 1);
	vsw_learn(t, 1);
	vsw_test_learn(t, VSW_KEY(1), 3, 0);
	vsw_learn(t, 2);
	KUNIT_EXPECT_EQ(test, vsw_add_static(t, 2), 0);
	KUNIT_EXPECT_EQ(test, vsw_test_del(t, &ch, 1, &bad), 0);
	vsw_sleep(vsw_age_bound(1));

	/* They were told meanwhile; the ring still has them. */
	KUNIT_EXPECT_EQ(test, t->sw->fdb.event_head, ARRAY_SIZE(what));
	KUNIT_EXPECT_EQ(test, t->sw->fdb.event_tail, ARRAY_SIZE(what));
	for (i = 0; i < ARRAY_SIZE(what); i++) {
		e = &t->sw->fdb.events[i];
		KUNIT_EXPECT_EQ(test, e->what, what[i]);
		KUNIT_EXPECT_EQ(test, e->key, VSW_KEY(station[i]));
		KUNIT_EXPECT_EQ(test, vsw_fdb_port(e->val), port[i]);
	}
	sock_release(sock);
}

/* Another CPU's time may be ahead of ours. */
static void vsw_age_stamp_ahead_is_now(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_fdb *fdb = &t->sw->fdb;
	u32 now = vsw_fdb_stamp_now(fdb);
	u32 ahead = VSW_FDB_VALID | ((now + 5) & VSW_FDB_STAMP_MASK);
	u32 behind = VSW_FDB_VALID | ((now - 80) & VSW_FDB_STAMP_MASK);

	KUNIT_EXPECT_EQ(test, vsw_fdb_age(fdb, ahead), 0);
	KUNIT_EXPECT_GE(test, vsw_fdb_age(fdb, behind),
			(80UL << fdb->tick_shift) / HZ);
}

static void vsw_events_overrun_told_once_in_place(struct kunit *test)
{
	const u32 extra = 10, max = VSW_FDB_EVENTS + extra;
	struct socket *sock = vsw_listen(test);
	u32 i, n, again, lost, at = 0, none, wrong = 0;
	struct vsw_test *t = test->priv;
	struct vsw_fdb_event *ev;

	ev = kunit_kcalloc(test, max, sizeof(*ev), GFP_KERNEL);
	if (ev) {
		vsw_fdb_set_limit(&t->sw->fdb, 4 * VSW_FDB_EVENTS);
		vsw_fdb_set_move(&t->sw->fdb, 0, 1, 1);
		local_bh_disable();
		/* A table that cannot grow now has no place for so many, but an
		 * address that moves is a change, too.
		 */
		for (i = 0; i < max; i++)
			vsw_test_learn(t, VSW_KEY(i % 100), 1 + i / 100, 0);
		n = vsw_take_all(t, ev, max, &lost, &at);
		for (i = 0; i < n; i++)
			wrong += ev[i].key != VSW_KEY(i % 100) ||
				 vsw_fdb_port(ev[i].val) != 1 + i / 100;
		/* The next one is told again. */
		vsw_test_learn(t, VSW_KEY(200), 1, 0);
		again = vsw_take_all(t, ev, max, &none, &i);
		local_bh_enable();

		KUNIT_EXPECT_EQ(test, n, VSW_FDB_EVENTS);
		KUNIT_EXPECT_EQ(test, wrong, 0);
		KUNIT_EXPECT_EQ(test, lost, extra);
		KUNIT_EXPECT_EQ(test, at, VSW_FDB_EVENTS);
		KUNIT_EXPECT_EQ(test, again, 1);
		KUNIT_EXPECT_EQ(test, ev[0].key, VSW_KEY(200));
		KUNIT_EXPECT_EQ(test, none, 0);
	}
	sock_release(sock);
	KUNIT_ASSERT_NOT_NULL(test, ev);
}

/* What is lost is not told after what came later. */
static void vsw_events_none_before_overrun_was_told(struct kunit *test)
{
	struct socket *sock = vsw_listen(test);
	struct vsw_test *t = test->priv;
	struct vsw_fdb_event ev[4];
	u32 i, n, lost, left;

	vsw_fdb_set_move(&t->sw->fdb, 0, 1, 1);
	local_bh_disable();
	for (i = 0; i < VSW_FDB_EVENTS + 1; i++)
		vsw_test_learn(t, VSW_KEY(i % 100), 1 + i / 100, 0);
	n = vsw_fdb_take_events(&t->sw->fdb, ev, 4, &lost);
	/* There is room, but what comes now comes after the lost one. */
	vsw_test_learn(t, VSW_KEY(200), 1, 0);
	left = t->sw->fdb.event_lost;
	local_bh_enable();

	KUNIT_EXPECT_EQ(test, n, 4);
	KUNIT_EXPECT_EQ(test, lost, 0);
	KUNIT_EXPECT_EQ(test, left, 2);
	for (i = 0; i < 100 && READ_ONCE(t->sw->fdb.event_lost); i++)
		vsw_sleep(100);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.event_lost, 0);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.event_tail, t->sw->fdb.event_head);
	sock_release(sock);
}

static struct kunit_case vsw_age_cases[] = {
	KUNIT_CASE_SLOW(vsw_age_not_early_and_not_late),
	KUNIT_CASE_SLOW(vsw_age_long_bound_holds),
	KUNIT_CASE_SLOW(vsw_age_refreshed_stays),
	KUNIT_CASE_SLOW(vsw_age_refreshed_by_frames),
	KUNIT_CASE_SLOW(vsw_age_reported_in_seconds),
	KUNIT_CASE_SLOW(vsw_age_static_stays),
	KUNIT_CASE_SLOW(vsw_age_zero_is_never),
	KUNIT_CASE_SLOW(vsw_age_zero_set_while_learning),
	KUNIT_CASE_SLOW(vsw_age_reaches_the_whole_chain),
	KUNIT_CASE_SLOW(vsw_age_survives_other_ticks),
	KUNIT_CASE_SLOW(vsw_age_work_rests),
	KUNIT_CASE_SLOW(vsw_age_shrinks_the_table),
	{}
};

static struct kunit_suite vsw_age_suite = {
	.name = "vswitch_age",
	.init = vsw_test_init_bare,
	.exit = vsw_test_exit,
	.test_cases = vsw_age_cases,
};

static struct kunit_case vsw_events_cases[] = {
	KUNIT_CASE(vsw_events_none_without_listener),
	KUNIT_CASE_SLOW(vsw_events_in_order),
	KUNIT_CASE(vsw_age_stamp_ahead_is_now),
	KUNIT_CASE(vsw_events_overrun_told_once_in_place),
	KUNIT_CASE(vsw_events_none_before_overrun_was_told),
	{}
};

static struct kunit_suite vsw_events_suite = {
	.name = "vswitch_events",
	.init = vsw_test_init_bare,
	.exit = vsw_test_exit,
	.test_cases = vsw_events_cases,
};

kunit_test_suites(&vsw_age_suite, &vsw_events_suite);
