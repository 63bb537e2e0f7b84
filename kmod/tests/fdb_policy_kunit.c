// SPDX-License-Identifier: GPL-2.0
/*
 * Who may speak at a port, and what is learned there: locked ports, sticky entries,
 * addresses that move too often, and limits that are reached.
 */
#include <linux/delay.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include "../table/fdb_table.h"
#include "helpers.h"

#define VSW_LEN		VSW_TEST_LEN
#define VSW_KEY(n)	vsw_test_key(VSW_STATION(n), 0)

static void vsw_lock(struct vsw_test *t, int end, bool learning)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_LOCKED) |
		       BIT_ULL(VSWITCH_A_PORT_LEARNING),
		.to.locked = true,
		.to.learning = learning,
	};

	vsw_test_set(t, end, &cfg);
}

static void vsw_unlock(struct vsw_test *t, int end)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_LOCKED),
	};

	vsw_test_set(t, end, &cfg);
}

static void vsw_add(struct vsw_test *t, u64 key, u16 port)
{
	struct vsw_fdb_change ch = { .key = key, .port = port };
	u32 bad;

	KUNIT_ASSERT_EQ(t->test, vsw_test_add(t, &ch, 1, false, &bad), 0);
}

/* A frame of a station came in and went out at end 2, where its receiver is. */
static void vsw_expect_passes(struct vsw_test *t, int end, u64 source)
{
	vsw_test_send(t, end, VSW_STATION(20), source);
	vsw_expect(t, end, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect_got(t, 2);
	vsw_expect(t, 2, .tx = 1, .tx_bytes = VSW_LEN);
	vsw_expect_quiet(t);
}

static void vsw_expect_locked_out(struct vsw_test *t, int end, u64 dest,
				  u64 source)
{
	vsw_test_send(t, end, dest, source);
	vsw_expect(t, end, .rx = 1, .rx_bytes = VSW_LEN,
		   .broadcast = dest == VSW_TEST_BROADCAST,
		   .drop = VSWITCH_A_DROPS_LOCKED);
	vsw_expect_quiet(t);
}

static void vsw_locked_takes_its_stations_alone(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_add(t, VSW_KEY(20), 2);
	vsw_add(t, VSW_KEY(1), 1);
	vsw_add(t, VSW_KEY(3), 3);
	vsw_lock(t, 1, true);
	vsw_expect_passes(t, 1, VSW_STATION(1));
	/* Nobody knows it; and nobody does afterwards. */
	vsw_expect_locked_out(t, 1, VSW_STATION(20), VSW_STATION(5));
	vsw_expect_locked_out(t, 1, VSW_TEST_BROADCAST, VSW_STATION(5));
	KUNIT_EXPECT_EQ(test, vsw_test_find(t, VSW_KEY(5)), 0);
	/* It is another port's. */
	vsw_expect_locked_out(t, 1, VSW_STATION(20), VSW_STATION(3));
	KUNIT_EXPECT_EQ(test, vsw_fdb_port(vsw_test_find(t, VSW_KEY(3))), 3);
	/* Other ports are not concerned. */
	vsw_expect_passes(t, 3, VSW_STATION(3));

	vsw_unlock(t, 1);
	vsw_test_send(t, 1, VSW_STATION(20), VSW_STATION(5));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
}

static void vsw_locked_asks_for_the_vlan(struct kunit *test)
{
	static const u32 tag[] = { VSW_TAG(ETH_P_8021Q, 7) };
	static const u32 last[] = { VSW_TAG(ETH_P_8021Q, VLAN_VID_MASK) };
	struct vsw_test *t = test->priv;

	vsw_add(t, vsw_test_key(VSW_STATION(1), 7), 1);
	vsw_lock(t, 1, false);
	vsw_expect_locked_out(t, 1, VSW_STATION(20), VSW_STATION(1));
	vsw_test_frame(t, VSW_STATION(20), VSW_STATION(1), VSW_LEN, tag, 1);
	vsw_test_send_skb(t, 1, vsw_test_skb(t, t->len));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = t->len);
	/* The VLAN that has no entries. */
	vsw_test_frame(t, VSW_STATION(20), VSW_STATION(1), VSW_LEN, last, 1);
	vsw_test_send_skb(t, 1, vsw_test_skb(t, t->len));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = t->len,
		   .drop = VSWITCH_A_DROPS_LOCKED);
}

/* What was learned before stays, while it speaks, if the port learns otherwise. */
static void vsw_locked_keeps_what_it_has(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	u32 val;

	vsw_add(t, VSW_KEY(20), 2);
	vsw_test_send(t, 1, VSW_STATION(20), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
	vsw_expect_got(t, 2);
	vsw_expect(t, 2, .tx = 1, .tx_bytes = VSW_LEN);
	vsw_lock(t, 1, false);
	val = vsw_test_find(t, VSW_KEY(1));
	while (vsw_fdb_stamp_now(&t->sw->fdb) == (val & VSW_FDB_STAMP_MASK))
		msleep(20);
	vsw_expect_passes(t, 1, VSW_STATION(1));
	KUNIT_EXPECT_EQ(test, vsw_test_find(t, VSW_KEY(1)), val);

	vsw_lock(t, 1, true);
	vsw_expect_passes(t, 1, VSW_STATION(1));
	KUNIT_EXPECT_NE(test, vsw_test_find(t, VSW_KEY(1)), val);
	KUNIT_EXPECT_EQ(test, vsw_fdb_port(vsw_test_find(t, VSW_KEY(1))), 1);

	/* It may go to another port, and is no more let in at this one. */
	vsw_test_send(t, 3, VSW_STATION(20), VSW_STATION(1));
	vsw_expect(t, 3, .rx = 1, .rx_bytes = VSW_LEN, .moved = 1);
	vsw_expect_got(t, 2);
	vsw_expect(t, 2, .tx = 1, .tx_bytes = VSW_LEN);
	vsw_expect_locked_out(t, 1, VSW_STATION(20), VSW_STATION(1));
}

/* Or nobody could ever log in. */
static void vsw_locked_gives_reserved_groups_up(struct kunit *test)
{
	const u64 pae = VSW_ADDR_RESERVED | 3;
	struct vsw_test *t = test->priv;

	vsw_lock(t, 1, true);
	vsw_test_send(t, 1, pae, VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .multicast = 1);
	vsw_expect_got_up(t, 1);
	vsw_expect_quiet(t);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 0);
}

static void vsw_locked_is_sent_to(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_lock(t, 1, true);
	vsw_test_send(t, 2, VSW_STATION(9), VSW_STATION(2));
	vsw_expect_got(t, 1);
	vsw_expect(t, 1, .tx = 1, .tx_bytes = VSW_LEN, .flooded = 1);
}

static struct kunit_case vsw_locked_cases[] = {
	KUNIT_CASE(vsw_locked_takes_its_stations_alone),
	KUNIT_CASE(vsw_locked_asks_for_the_vlan),
	KUNIT_CASE(vsw_locked_keeps_what_it_has),
	KUNIT_CASE(vsw_locked_gives_reserved_groups_up),
	KUNIT_CASE(vsw_locked_is_sent_to),
	{}
};

static struct kunit_suite vsw_locked_suite = {
	.name = "vswitch_locked",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_locked_cases,
};

kunit_test_suite(vsw_locked_suite);

static void vsw_stick(struct vsw_test *t, int end, bool sticky, u32 limit)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_STICKY) |
		       BIT_ULL(VSWITCH_A_PORT_MAC_LIMIT),
		.to.sticky = sticky,
		.to.mac_limit = limit,
	};

	vsw_test_set(t, end, &cfg);
}

static int vsw_add_sticky(struct vsw_test *t, u64 key, u16 port, bool replace)
{
	struct vsw_fdb_change ch = { .key = key, .port = port, .sticky = true };
	u32 bad;

	return vsw_test_add(t, &ch, 1, replace, &bad);
}

static void vsw_expect_entry(struct vsw_test *t, u64 key, u16 port, u32 type)
{
	u32 val = vsw_test_find(t, key);

	KUNIT_EXPECT_NE(t->test, val, 0);
	KUNIT_EXPECT_EQ(t->test, vsw_fdb_port(val), port);
	KUNIT_EXPECT_EQ(t->test, vsw_fdb_type(val), type);
}

static void vsw_sticky_does_not_move(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_add(t, VSW_KEY(20), 2);
	KUNIT_ASSERT_EQ(test, vsw_add_sticky(t, VSW_KEY(1), 1, false), 0);
	/* Not learned, but forwarded; neither counter moves. */
	vsw_expect_passes(t, 3, VSW_STATION(1));
	vsw_expect_passes(t, 1, VSW_STATION(1));
	vsw_expect_entry(t, VSW_KEY(1), 1, VSWITCH_FDB_TYPE_STICKY);
	KUNIT_EXPECT_EQ(test, (int)vsw_test_learn(t, VSW_KEY(1), 3, 0),
			(int)VSW_FDB_KNOWN);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 2);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count_static, 1);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count_sticky, 1);

	/* And a locked port drops it. */
	vsw_lock(t, 3, true);
	vsw_expect_locked_out(t, 3, VSW_STATION(20), VSW_STATION(1));
	vsw_lock(t, 1, true);
	vsw_expect_passes(t, 1, VSW_STATION(1));
}

static void vsw_sticky_port_pins_what_it_learns(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_add(t, VSW_KEY(20), 2);
	vsw_stick(t, 1, true, 2);
	vsw_test_send(t, 1, VSW_STATION(20), VSW_STATION(1));
	vsw_test_send(t, 1, VSW_STATION(20), VSW_STATION(3));
	vsw_expect(t, 1, .rx = 2, .rx_bytes = 2 * VSW_LEN, .learned = 2);
	vsw_expect_entry(t, VSW_KEY(1), 1, VSWITCH_FDB_TYPE_STICKY);
	/* They take the places of the limit. */
	vsw_test_send(t, 1, VSW_STATION(20), VSW_STATION(4));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .refused = 1);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.port_dynamic[1], 2);
	/* First come: no other port gets it, be it sticky or not. */
	vsw_stick(t, 3, true, 0);
	vsw_test_send(t, 3, VSW_STATION(20), VSW_STATION(1));
	vsw_test_send(t, 4, VSW_STATION(20), VSW_STATION(1));
	vsw_expect(t, 3, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect(t, 4, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect_entry(t, VSW_KEY(1), 1, VSWITCH_FDB_TYPE_STICKY);

	/* What is there stays when the port is no longer so. */
	vsw_stick(t, 1, false, 0);
	vsw_test_send(t, 1, VSW_STATION(20), VSW_STATION(4));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
	vsw_expect_entry(t, VSW_KEY(4), 1, VSWITCH_FDB_TYPE_DYNAMIC);
	vsw_expect_entry(t, VSW_KEY(3), 1, VSWITCH_FDB_TYPE_STICKY);
}

static void vsw_sticky_comes_of_dynamic(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	u32 stamp;

	vsw_add(t, VSW_KEY(20), 2);
	vsw_test_send(t, 1, VSW_STATION(20), VSW_STATION(1));
	vsw_test_send(t, 1, VSW_STATION(20), VSW_STATION(3));
	vsw_expect(t, 1, .rx = 2, .rx_bytes = 2 * VSW_LEN, .learned = 2);
	/* Also where there would be no room for more. */
	vsw_stick(t, 1, true, 2);
	stamp = vsw_test_find(t, VSW_KEY(1)) & VSW_FDB_STAMP_MASK;
	while (vsw_fdb_stamp_now(&t->sw->fdb) == stamp)
		msleep(20);
	vsw_test_send(t, 1, VSW_STATION(20), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect_entry(t, VSW_KEY(1), 1, VSWITCH_FDB_TYPE_STICKY);
	vsw_expect_entry(t, VSW_KEY(3), 1, VSWITCH_FDB_TYPE_DYNAMIC);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.port_dynamic[1], 2);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count_sticky, 1);
	/* One frame does not take an address of another port for good. */
	vsw_stick(t, 3, true, 0);
	vsw_test_send(t, 3, VSW_STATION(20), VSW_STATION(3));
	vsw_expect(t, 3, .rx = 1, .rx_bytes = VSW_LEN, .refused = 1);
	vsw_expect_entry(t, VSW_KEY(3), 1, VSWITCH_FDB_TYPE_DYNAMIC);
}

static void vsw_sticky_does_not_age(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_fdb *fdb = &t->sw->fdb;

	vsw_fdb_set_ageing(fdb, 1);
	KUNIT_ASSERT_EQ(test, vsw_add_sticky(t, VSW_KEY(1), 1, false), 0);
	/* Where nothing can age, nothing looks for it. */
	KUNIT_EXPECT_FALSE(test, fdb->ages);
	vsw_test_teach(t, 3, VSW_STATION(3), 0);
	KUNIT_EXPECT_TRUE(test, fdb->ages);
	msleep(3500);
	KUNIT_EXPECT_EQ(test, vsw_test_find(t, VSW_KEY(3)), 0);
	vsw_expect_entry(t, VSW_KEY(1), 1, VSWITCH_FDB_TYPE_STICKY);
	KUNIT_EXPECT_FALSE(test, fdb->ages);
	/* Another length of the tick leaves it as it is, too. */
	vsw_fdb_set_ageing(fdb, 100000);
	vsw_expect_entry(t, VSW_KEY(1), 1, VSWITCH_FDB_TYPE_STICKY);
	KUNIT_EXPECT_EQ(test, vsw_test_find(t, VSW_KEY(1)) & VSW_FDB_STAMP_MASK, 0);
}

static void vsw_sticky_is_replaced_if_said(struct kunit *test)
{
	struct vsw_fdb_change fixed = { .key = VSW_KEY(1), .port = 3 };
	struct vsw_test *t = test->priv;
	u32 bad;

	vsw_test_teach(t, 3, VSW_STATION(1), 0);
	KUNIT_EXPECT_EQ(test, vsw_add_sticky(t, VSW_KEY(1), 1, false), 0);
	KUNIT_EXPECT_EQ(test, vsw_add_sticky(t, VSW_KEY(1), 3, false), -EEXIST);
	KUNIT_EXPECT_EQ(test, vsw_test_add(t, &fixed, 1, false, &bad), -EEXIST);
	KUNIT_EXPECT_EQ(test, vsw_test_add(t, &fixed, 1, true, &bad), 0);
	vsw_expect_entry(t, VSW_KEY(1), 3, VSWITCH_FDB_TYPE_STATIC);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count_sticky, 0);
	KUNIT_EXPECT_EQ(test, vsw_add_sticky(t, VSW_KEY(1), 1, true), 0);
	vsw_expect_entry(t, VSW_KEY(1), 1, VSWITCH_FDB_TYPE_STICKY);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count_static, 0);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.port_dynamic[1], 1);
	KUNIT_EXPECT_EQ(test, vsw_test_del(t, &fixed, 1, &bad), 0);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count_sticky, 0);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.port_dynamic[1], 0);
}

static void vsw_sticky_is_flushed_by_its_type(struct kunit *test)
{
	struct vsw_fdb_filter filter = { -1, -1, VSWITCH_FDB_TYPE_DYNAMIC };
	struct vsw_test *t = test->priv;

	KUNIT_ASSERT_EQ(test, vsw_add_sticky(t, VSW_KEY(1), 1, false), 0);
	vsw_add(t, VSW_KEY(2), 1);
	KUNIT_EXPECT_EQ(test, vsw_fdb_flush(&t->sw->fdb, &filter), 0);
	/* Nor does it go when its port goes down. */
	vsw_test_up(t, 1, false);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 2);
	filter.type = VSWITCH_FDB_TYPE_STICKY;
	KUNIT_EXPECT_EQ(test, vsw_fdb_flush(&t->sw->fdb, &filter), 1);
	vsw_expect_entry(t, VSW_KEY(2), 1, VSWITCH_FDB_TYPE_STATIC);
	KUNIT_ASSERT_EQ(test, vsw_add_sticky(t, VSW_KEY(1), 1, false), 0);
	vsw_test_detach(t, 1);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 0);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count_sticky, 0);
}

static struct kunit_case vsw_sticky_cases[] = {
	KUNIT_CASE(vsw_sticky_does_not_move),
	KUNIT_CASE(vsw_sticky_port_pins_what_it_learns),
	KUNIT_CASE(vsw_sticky_comes_of_dynamic),
	KUNIT_CASE_SLOW(vsw_sticky_does_not_age),
	KUNIT_CASE(vsw_sticky_is_replaced_if_said),
	KUNIT_CASE(vsw_sticky_is_flushed_by_its_type),
	{}
};

static struct kunit_suite vsw_sticky_suite = {
	.name = "vswitch_sticky",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_sticky_cases,
};

kunit_test_suite(vsw_sticky_suite);

/* Seen there: what comes of it. */
static void vsw_expect_seen(struct vsw_test *t, u32 station, u16 port,
			    enum vsw_fdb_learned want)
{
	KUNIT_EXPECT_EQ_MSG(t->test,
			    (int)vsw_test_learn(t, VSW_KEY(station), port, 0),
			    (int)want, "station %u at port %u", station, port);
}

static void vsw_expect_at(struct vsw_test *t, u32 station, u16 port)
{
	KUNIT_EXPECT_EQ(t->test, vsw_fdb_port(vsw_test_find(t, VSW_KEY(station))),
			port);
}

/* A station of port 1 flaps to port 3 and back, so often. */
static void vsw_flap(struct vsw_test *t, u32 station, u32 moves)
{
	u32 i;

	/* No guest waits until there is room. */
	KUNIT_ASSERT_EQ(t->test, vsw_fdb_reserve(&t->sw->fdb, 1), 0);
	vsw_test_teach(t, 1, VSW_STATION(station), 0);
	for (i = 0; i < moves; i++)
		vsw_expect_seen(t, station, i % 2 ? 1 : 3, VSW_FDB_MOVED);
}

static void vsw_move_held_where_it_was(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_fdb_set_move(&t->sw->fdb, 3, 10, 10);
	vsw_flap(t, 1, 3);
	KUNIT_EXPECT_FALSE(test, vsw_fdb_is_held(&t->sw->fdb, VSW_KEY(1)));
	/* One too many, but home: there it stays. */
	vsw_expect_seen(t, 1, 1, VSW_FDB_MOVED);
	KUNIT_EXPECT_TRUE(test, vsw_fdb_is_held(&t->sw->fdb, VSW_KEY(1)));
	vsw_expect_seen(t, 1, 3, VSW_FDB_HELD);
	vsw_expect_seen(t, 1, 1, VSW_FDB_KNOWN);
	vsw_expect_at(t, 1, 1);

	/* One too many, and away: it stays home. */
	vsw_fdb_set_move(&t->sw->fdb, 4, 10, 10);
	vsw_flap(t, 2, 4);
	vsw_expect_seen(t, 2, 3, VSW_FDB_HELD);
	vsw_expect_at(t, 2, 1);
	/* Others, and the same address in a VLAN, are not concerned. */
	vsw_flap(t, 4, 4);
	KUNIT_EXPECT_FALSE(test, vsw_fdb_is_held(&t->sw->fdb,
						 vsw_test_key(VSW_STATION(1), 7)));
}

/* Who has the address of another when a window ends is not at home there. */
static void vsw_move_is_no_home(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_fdb_set_move(&t->sw->fdb, 3, 1, 10);
	vsw_flap(t, 1, 1);
	msleep(600);
	vsw_expect_seen(t, 1, 1, VSW_FDB_MOVED);
	vsw_expect_seen(t, 1, 3, VSW_FDB_MOVED);
	msleep(600);
	vsw_expect_seen(t, 1, 1, VSW_FDB_MOVED);
	vsw_expect_seen(t, 1, 3, VSW_FDB_MOVED);
	vsw_expect_seen(t, 1, 1, VSW_FDB_MOVED);
	vsw_expect_seen(t, 1, 3, VSW_FDB_HELD);
	vsw_expect_at(t, 1, 1);
}

static void vsw_move_among_many_ports(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_fdb_set_move(&t->sw->fdb, 2, 10, 10);
	vsw_test_teach(t, 1, VSW_STATION(1), 0);
	vsw_expect_seen(t, 1, 2, VSW_FDB_MOVED);
	vsw_expect_seen(t, 1, 3, VSW_FDB_MOVED);
	/* Not where it was first: where it is. */
	vsw_expect_seen(t, 1, 4, VSW_FDB_HELD);
	vsw_expect_seen(t, 1, 1, VSW_FDB_HELD);
	vsw_expect_at(t, 1, 3);
}

static void vsw_move_hold_ends(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_fdb_set_move(&t->sw->fdb, 2, 10, 1);
	vsw_flap(t, 1, 2);
	vsw_expect_seen(t, 1, 3, VSW_FDB_HELD);
	msleep(1100);
	KUNIT_EXPECT_FALSE(test, vsw_fdb_is_held(&t->sw->fdb, VSW_KEY(1)));
	/* And is counted anew. */
	vsw_expect_seen(t, 1, 3, VSW_FDB_MOVED);
	vsw_expect_seen(t, 1, 1, VSW_FDB_MOVED);
	vsw_expect_seen(t, 1, 3, VSW_FDB_HELD);
	/* Who switches it off lets all go. */
	vsw_fdb_set_move(&t->sw->fdb, 0, 10, 1000);
	vsw_expect_seen(t, 1, 3, VSW_FDB_MOVED);
	vsw_fdb_set_move(&t->sw->fdb, 2, 10, 1000);
	vsw_expect_seen(t, 1, 1, VSW_FDB_MOVED);
	vsw_expect_seen(t, 1, 3, VSW_FDB_MOVED);
}

static void vsw_move_now_and_then(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	vsw_fdb_set_move(&t->sw->fdb, 1, 1, 10);
	vsw_test_teach(t, 1, VSW_STATION(1), 0);
	for (i = 0; i < 3; i++) {
		vsw_expect_seen(t, 1, i % 2 ? 1 : 3, VSW_FDB_MOVED);
		msleep(1100);
	}
}

/* The administrator has a say, and so has a port that goes down. */
static void vsw_move_deleted_is_let_go(struct kunit *test)
{
	struct vsw_fdb_change ch = { .key = VSW_KEY(1) };
	struct vsw_test *t = test->priv;
	u32 bad;

	vsw_fdb_set_move(&t->sw->fdb, 2, 10, 10);
	vsw_flap(t, 1, 2);
	vsw_expect_seen(t, 1, 3, VSW_FDB_HELD);
	KUNIT_ASSERT_EQ(test, vsw_test_del(t, &ch, 1, &bad), 0);
	vsw_expect_seen(t, 1, 3, VSW_FDB_NEW);
	vsw_flap(t, 2, 2);
	vsw_expect_seen(t, 2, 3, VSW_FDB_HELD);
	vsw_test_up(t, 1, false);
	vsw_expect_seen(t, 2, 3, VSW_FDB_NEW);
	/* What is fixed is not counted. */
	vsw_fdb_set_move(&t->sw->fdb, 1, 10, 10);
	vsw_add(t, VSW_KEY(5), 1);
	vsw_expect_seen(t, 5, 3, VSW_FDB_KNOWN);
	vsw_expect_seen(t, 5, 3, VSW_FDB_KNOWN);
	KUNIT_EXPECT_FALSE(test, vsw_fdb_is_held(&t->sw->fdb, VSW_KEY(5)));
}

#define VSW_MOVERS	4000

/* Many that move once push nobody out who moves more often. */
static void vsw_move_of_many(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	u32 i;

	vsw_fdb_set_move(&t->sw->fdb, 4, 1000, 1000);
	vsw_flap(t, 1, 2);
	for (i = 0; i < VSW_MOVERS; i++)
		vsw_flap(t, 100 + i, 1);
	vsw_expect_seen(t, 1, 3, VSW_FDB_MOVED);
	vsw_expect_seen(t, 1, 1, VSW_FDB_MOVED);
	vsw_expect_seen(t, 1, 3, VSW_FDB_HELD);
	/* Nor those who are held. */
	for (i = 0; i < VSW_MOVERS; i++)
		vsw_flap(t, 10000 + i, 1);
	vsw_expect_seen(t, 1, 3, VSW_FDB_HELD);
}

/* Where all are held, the next one is, too. */
static void vsw_move_more_than_there_is_room(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	u32 i;

	vsw_fdb_set_move(&t->sw->fdb, 2, 1000, 1000);
	for (i = 0; i < VSW_MOVERS; i++) {
		vsw_flap(t, 100 + i, 2);
		vsw_expect_seen(t, 100 + i, 3, VSW_FDB_HELD);
		vsw_expect_seen(t, 100 + i, 3, VSW_FDB_HELD);
	}
}

static void vsw_move_held_is_forwarded(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	vsw_add(t, VSW_KEY(20), 2);
	for (i = 0; i < VSW_MOVE_LIMIT_DEFAULT + 2; i++) {
		vsw_test_send(t, i % 2 ? 3 : 1, VSW_STATION(20), VSW_STATION(1));
		vsw_expect_got(t, 2);
	}
	vsw_expect(t, 1, .rx = 4, .rx_bytes = 4 * VSW_LEN, .learned = 1, .moved = 3);
	vsw_expect(t, 3, .rx = 3, .rx_bytes = 3 * VSW_LEN, .moved = 3);
	vsw_expect(t, 2, .tx = 7, .tx_bytes = 7 * VSW_LEN);
	vsw_test_send(t, 3, VSW_STATION(20), VSW_STATION(1));
	vsw_expect(t, 3, .rx = 1, .rx_bytes = VSW_LEN, .held = 1);
	vsw_expect_got(t, 2);
	vsw_expect(t, 2, .tx = 1, .tx_bytes = VSW_LEN);
	vsw_expect_at(t, 1, 1);
	vsw_expect_quiet(t);
}

static struct kunit_case vsw_move_cases[] = {
	KUNIT_CASE(vsw_move_held_where_it_was),
	KUNIT_CASE(vsw_move_is_no_home),
	KUNIT_CASE(vsw_move_among_many_ports),
	KUNIT_CASE_SLOW(vsw_move_hold_ends),
	KUNIT_CASE_SLOW(vsw_move_now_and_then),
	KUNIT_CASE(vsw_move_deleted_is_let_go),
	KUNIT_CASE(vsw_move_of_many),
	KUNIT_CASE(vsw_move_more_than_there_is_room),
	KUNIT_CASE(vsw_move_held_is_forwarded),
	{}
};

static struct kunit_suite vsw_move_suite = {
	.name = "vswitch_move",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_move_cases,
};

kunit_test_suite(vsw_move_suite);

#define VSW_TOLD(t, port)	test_bit(port, (t)->sw->fdb.port_told)

static void vsw_limit_of_port_told_once(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_fdb_change ch = {};
	u32 i, bad;

	for (i = 0; i < 8; i++)
		vsw_test_learn(t, VSW_KEY(i + 1), 1, 8);
	KUNIT_EXPECT_FALSE(test, VSW_TOLD(t, 1));
	KUNIT_EXPECT_EQ(test, (int)vsw_test_learn(t, VSW_KEY(9), 1, 8),
			(int)VSW_FDB_REFUSED);
	KUNIT_EXPECT_TRUE(test, VSW_TOLD(t, 1));
	KUNIT_EXPECT_FALSE(test, t->sw->fdb.full_told);
	/* One goes and another one comes: that is no news. */
	ch.key = VSW_KEY(1);
	KUNIT_ASSERT_EQ(test, vsw_test_del(t, &ch, 1, &bad), 0);
	vsw_test_learn(t, VSW_KEY(1), 1, 8);
	KUNIT_EXPECT_TRUE(test, VSW_TOLD(t, 1));
	/* Two go: the next time is another time. */
	KUNIT_ASSERT_EQ(test, vsw_test_del(t, &ch, 1, &bad), 0);
	ch.key = VSW_KEY(2);
	KUNIT_ASSERT_EQ(test, vsw_test_del(t, &ch, 1, &bad), 0);
	vsw_test_learn(t, VSW_KEY(1), 1, 8);
	KUNIT_EXPECT_FALSE(test, VSW_TOLD(t, 1));
	vsw_test_learn(t, VSW_KEY(2), 1, 8);
	vsw_test_learn(t, VSW_KEY(9), 1, 8);
	KUNIT_EXPECT_TRUE(test, VSW_TOLD(t, 1));
	/* There is no limit any more. */
	vsw_test_learn(t, VSW_KEY(10), 1, 0);
	KUNIT_EXPECT_FALSE(test, VSW_TOLD(t, 1));
}

static void vsw_limit_of_switch_told_once(struct kunit *test)
{
	const struct vsw_fdb_filter all = { -1, -1, -1 };
	struct vsw_test *t = test->priv;
	u32 i;

	KUNIT_ASSERT_EQ(test, vsw_fdb_set_limit(&t->sw->fdb, 16), 0);
	for (i = 0; i < 15; i++)
		vsw_test_teach(t, 1, VSW_STATION(i + 1), 0);
	KUNIT_EXPECT_FALSE(test, t->sw->fdb.full_told);
	vsw_expect_seen(t, 20, 3, VSW_FDB_REFUSED);
	KUNIT_EXPECT_TRUE(test, t->sw->fdb.full_told);
	KUNIT_EXPECT_FALSE(test, VSW_TOLD(t, 3));
	vsw_expect_seen(t, 20, 1, VSW_FDB_REFUSED);
	vsw_fdb_flush(&t->sw->fdb, &all);
	KUNIT_EXPECT_TRUE(test, t->sw->fdb.full_told);
	vsw_expect_seen(t, 20, 1, VSW_FDB_NEW);
	KUNIT_EXPECT_FALSE(test, t->sw->fdb.full_told);
}

static struct kunit_case vsw_limit_cases[] = {
	KUNIT_CASE(vsw_limit_of_port_told_once),
	KUNIT_CASE(vsw_limit_of_switch_told_once),
	{}
};

static struct kunit_suite vsw_limit_suite = {
	.name = "vswitch_limit",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_limit_cases,
};

kunit_test_suite(vsw_limit_suite);
