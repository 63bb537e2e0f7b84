// SPDX-License-Identifier: GPL-2.0
/*
 * The FDB: what becomes of single entries.  See fdb_table_kunit.c for many.
 */
#include <linux/etherdevice.h>
#include "helpers.h"

/* Keys of the tests, in no VLAN and in VLAN 7. */
#define VSW_KEY(n)	vsw_test_key(VSW_STATION(n), 0)
#define VSW_KEY7(n)	vsw_test_key(VSW_STATION(n), 7)

static void vsw_expect_port(struct vsw_test *t, u64 key, int port, bool is_static)
{
	u32 val = vsw_test_find(t, key);

	KUNIT_EXPECT_NE(t->test, val, 0);
	KUNIT_EXPECT_EQ(t->test, (int)vsw_fdb_port(val), port);
	KUNIT_EXPECT_EQ(t->test, !!(val & VSW_FDB_STATIC), is_static);
}

static void vsw_expect_count(struct vsw_test *t, u32 count, u32 count_static)
{
	KUNIT_EXPECT_EQ(t->test, t->sw->fdb.count, count);
	KUNIT_EXPECT_EQ(t->test, t->sw->fdb.count_static, count_static);
}

static void vsw_expect_port_count(struct vsw_test *t, int port, u32 all,
				  u32 dynamic)
{
	KUNIT_EXPECT_EQ(t->test, vsw_fdb_port_count(&t->sw->fdb, port), all);
	KUNIT_EXPECT_EQ(t->test, t->sw->fdb.port_dynamic[port], dynamic);
}

static void vsw_expect_learn(struct vsw_test *t, u64 key, u16 port, u32 limit,
			     enum vsw_fdb_learned want)
{
	KUNIT_EXPECT_EQ(t->test, (int)vsw_test_learn(t, key, port, limit),
			(int)want);
}

/* Adds one static entry. */
static int vsw_add_one(struct vsw_test *t, u64 key, u16 port, bool replace)
{
	struct vsw_fdb_change ch = { .key = key, .port = port };
	u32 bad;

	return vsw_test_add(t, &ch, 1, replace, &bad);
}

/* Deletes one entry. */
static int vsw_del_one(struct vsw_test *t, u64 key)
{
	struct vsw_fdb_change ch = { .key = key };
	u32 bad;

	return vsw_test_del(t, &ch, 1, &bad);
}

static void vsw_fdb_key_holds_addr_and_vlan(struct kunit *test)
{
	static const u8 addr[ETH_ALEN] = { 0x02, 0x34, 0x56, 0x78, 0x9a, 0xbc };
	u64 key = vsw_fdb_key(addr, 4094);
	u8 back[ETH_ALEN];

	vsw_fdb_key_addr(key, back);
	KUNIT_EXPECT_MEMEQ(test, back, addr, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, vsw_fdb_key_vlan(key), 4094);
	KUNIT_EXPECT_TRUE(test, key & VSW_FDB_KEY_VALID);
	KUNIT_EXPECT_NE(test, key, vsw_fdb_key(addr, 4093));
	KUNIT_EXPECT_NE(test, key, vsw_test_key(0x0234569a78bcULL, 4094));
}

static void vsw_fdb_val_holds_largest_port(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_expect_learn(t, VSW_KEY(1), VSW_FDB_PORTS - 1, 0, VSW_FDB_NEW);
	vsw_expect_port(t, VSW_KEY(1), VSW_FDB_PORTS - 1, false);
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(2), VSW_FDB_PORTS - 1,
					  false), 0);
	vsw_expect_port(t, VSW_KEY(2), VSW_FDB_PORTS - 1, true);
	vsw_expect_port_count(t, VSW_FDB_PORTS - 1, 2, 1);
}

static void vsw_fdb_learns_and_finds(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, vsw_test_find(t, VSW_KEY(1)), 0);
	vsw_expect_learn(t, VSW_KEY(1), 3, 0, VSW_FDB_NEW);
	vsw_expect_port(t, VSW_KEY(1), 3, false);
	vsw_expect_learn(t, VSW_KEY(1), 3, 0, VSW_FDB_KNOWN);
	vsw_expect_count(t, 1, 0);
	vsw_expect_port_count(t, 3, 1, 1);
}

static void vsw_fdb_keeps_vlans_apart(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_expect_learn(t, VSW_KEY(1), 1, 0, VSW_FDB_NEW);
	vsw_expect_learn(t, VSW_KEY7(1), 2, 0, VSW_FDB_NEW);
	vsw_expect_port(t, VSW_KEY(1), 1, false);
	vsw_expect_port(t, VSW_KEY7(1), 2, false);
}

static void vsw_fdb_moves_dynamic(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_expect_learn(t, VSW_KEY(1), 1, 0, VSW_FDB_NEW);
	vsw_expect_learn(t, VSW_KEY(1), 2, 0, VSW_FDB_MOVED);
	vsw_expect_port(t, VSW_KEY(1), 2, false);
	vsw_expect_count(t, 1, 0);
	vsw_expect_port_count(t, 1, 0, 0);
	vsw_expect_port_count(t, 2, 1, 1);
}

static void vsw_fdb_static_is_not_moved(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(1), 1, false), 0);
	vsw_expect_learn(t, VSW_KEY(1), 2, 0, VSW_FDB_KNOWN);
	vsw_expect_port(t, VSW_KEY(1), 1, true);
	vsw_expect_count(t, 1, 1);
	vsw_expect_port_count(t, 1, 1, 0);
	vsw_expect_port_count(t, 2, 0, 0);
}

static void vsw_fdb_switch_limit_holds(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	KUNIT_ASSERT_EQ(test, vsw_fdb_set_limit(&t->sw->fdb, 2), 0);
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(1), 1, false), 0);
	vsw_expect_learn(t, VSW_KEY(2), 1, 0, VSW_FDB_NEW);
	vsw_expect_learn(t, VSW_KEY(3), 1, 0, VSW_FDB_REFUSED);
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(3), 1, false), -ENOSPC);
	vsw_expect_count(t, 2, 1);

	/* What is there may still move, and become static. */
	vsw_expect_learn(t, VSW_KEY(2), 2, 0, VSW_FDB_MOVED);
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(2), 3, false), 0);
	vsw_expect_count(t, 2, 2);
	vsw_expect_learn(t, VSW_KEY(2), 1, 0, VSW_FDB_KNOWN);
}

/* However many addresses guests make up. */
static void vsw_fdb_keeps_room_for_static(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	KUNIT_ASSERT_EQ(test, vsw_fdb_set_limit(&t->sw->fdb, 32), 0);
	for (i = 0; i < 40; i++)
		vsw_expect_learn(t, VSW_KEY(i), 1, 0,
				 i < 30 ? VSW_FDB_NEW : VSW_FDB_REFUSED);
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(50), 1, false), 0);
	vsw_expect_learn(t, VSW_KEY(30), 1, 0, VSW_FDB_REFUSED);
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(51), 1, false), 0);
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(52), 1, false), -ENOSPC);
	vsw_expect_count(t, 32, 2);

	/* What goes from there is not the guests' either. */
	KUNIT_EXPECT_EQ(test, vsw_del_one(t, VSW_KEY(0)), 0);
	KUNIT_EXPECT_EQ(test, vsw_del_one(t, VSW_KEY(1)), 0);
	vsw_expect_learn(t, VSW_KEY(30), 1, 0, VSW_FDB_REFUSED);
	KUNIT_EXPECT_EQ(test, vsw_del_one(t, VSW_KEY(2)), 0);
	vsw_expect_learn(t, VSW_KEY(30), 1, 0, VSW_FDB_NEW);
	vsw_expect_count(t, 30, 2);
}

static void vsw_fdb_limit_not_below_count(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_expect_learn(t, VSW_KEY(1), 1, 0, VSW_FDB_NEW);
	vsw_expect_learn(t, VSW_KEY(2), 1, 0, VSW_FDB_NEW);
	KUNIT_EXPECT_EQ(test, vsw_fdb_set_limit(&t->sw->fdb, 1), -EBUSY);
	vsw_expect_learn(t, VSW_KEY(3), 1, 0, VSW_FDB_NEW);
	KUNIT_EXPECT_EQ(test, vsw_fdb_set_limit(&t->sw->fdb, 3), 0);
	vsw_expect_learn(t, VSW_KEY(4), 1, 0, VSW_FDB_REFUSED);
}

static void vsw_fdb_port_limit_counts_dynamic_only(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(1), 1, false), 0);
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(2), 1, false), 0);
	vsw_expect_learn(t, VSW_KEY(3), 1, 2, VSW_FDB_NEW);
	vsw_expect_learn(t, VSW_KEY(4), 1, 2, VSW_FDB_NEW);
	vsw_expect_learn(t, VSW_KEY(5), 1, 2, VSW_FDB_REFUSED);
	vsw_expect_port_count(t, 1, 4, 2);

	/* An address on another port may not come over either. */
	vsw_expect_learn(t, VSW_KEY(6), 2, 2, VSW_FDB_NEW);
	vsw_expect_learn(t, VSW_KEY(6), 1, 2, VSW_FDB_REFUSED);
	vsw_expect_port(t, VSW_KEY(6), 2, false);

	/* One that goes makes room, and so does one that becomes static. */
	vsw_expect_learn(t, VSW_KEY(3), 2, 2, VSW_FDB_MOVED);
	vsw_expect_learn(t, VSW_KEY(5), 1, 2, VSW_FDB_NEW);
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(4), 1, false), 0);
	vsw_expect_learn(t, VSW_KEY(7), 1, 2, VSW_FDB_NEW);
	vsw_expect_learn(t, VSW_KEY(8), 1, 2, VSW_FDB_REFUSED);
}

static void vsw_fdb_add_makes_dynamic_static(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_expect_learn(t, VSW_KEY(1), 1, 0, VSW_FDB_NEW);
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(1), 2, false), 0);
	vsw_expect_port(t, VSW_KEY(1), 2, true);
	vsw_expect_count(t, 1, 1);
	vsw_expect_port_count(t, 1, 0, 0);
	vsw_expect_port_count(t, 2, 1, 0);
}

static void vsw_fdb_add_refuses_or_replaces_static(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(1), 1, false), 0);
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(1), 2, false), -EEXIST);
	vsw_expect_port(t, VSW_KEY(1), 1, true);
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(1), 2, true), 0);
	vsw_expect_port(t, VSW_KEY(1), 2, true);
	vsw_expect_count(t, 1, 1);
	vsw_expect_port_count(t, 1, 0, 0);
}

static void vsw_fdb_add_all_or_nothing(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_fdb_change ch[] = {
		{ .key = VSW_KEY(1), .port = 5 },	/* new */
		{ .key = VSW_KEY(2), .port = 5 },	/* dynamic */
		{ .key = VSW_KEY(3), .port = 5 },	/* static: refused */
		{ .key = VSW_KEY(4), .port = 5 },
	};
	u32 bad = 99;
	u32 before;

	vsw_expect_learn(t, VSW_KEY(2), 1, 0, VSW_FDB_NEW);
	before = vsw_test_find(t, VSW_KEY(2));
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(3), 2, false), 0);
	KUNIT_EXPECT_EQ(test, vsw_test_add(t, ch, ARRAY_SIZE(ch), false, &bad),
			-EEXIST);
	KUNIT_EXPECT_EQ(test, bad, 2);
	KUNIT_EXPECT_EQ(test, vsw_test_find(t, VSW_KEY(1)), 0);
	KUNIT_EXPECT_EQ(test, vsw_test_find(t, VSW_KEY(2)), before);
	vsw_expect_port(t, VSW_KEY(3), 2, true);
	KUNIT_EXPECT_EQ(test, vsw_test_find(t, VSW_KEY(4)), 0);
	vsw_expect_count(t, 2, 1);
	vsw_expect_port_count(t, 1, 1, 1);
	vsw_expect_port_count(t, 5, 0, 0);

	KUNIT_EXPECT_EQ(test, vsw_test_add(t, ch, ARRAY_SIZE(ch), true, &bad), 0);
	vsw_expect_count(t, 4, 4);
	vsw_expect_port_count(t, 5, 4, 0);
	KUNIT_EXPECT_EQ(test, ch[0].old, 0);
	KUNIT_EXPECT_EQ(test, ch[1].old, before);
}

/* More than one slice of the lock: what is undone lies in several. */
static void vsw_fdb_add_undoes_many(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_fdb_change *ch;
	const u32 num = 300;
	u32 bad = 999;
	u32 i;

	ch = kunit_kcalloc(test, num, sizeof(*ch), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ch);
	for (i = 0; i < num; i++) {
		ch[i].key = VSW_KEY(i + 1);
		ch[i].port = 5;
		if (i % 3 == 0)
			vsw_expect_learn(t, ch[i].key, 1, 0, VSW_FDB_NEW);
	}
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, ch[num - 1].key, 2, false), 0);
	KUNIT_EXPECT_EQ(test, vsw_test_add(t, ch, num, false, &bad), -EEXIST);
	KUNIT_EXPECT_EQ(test, bad, num - 1);
	vsw_expect_count(t, num / 3 + 1, 1);
	vsw_expect_port_count(t, 1, num / 3, num / 3);
	vsw_expect_port_count(t, 5, 0, 0);
	for (i = 0; i < num - 1; i += 3)
		vsw_expect_port(t, ch[i].key, 1, false);
	KUNIT_EXPECT_EQ(test, vsw_test_add(t, ch, num, true, &bad), 0);
	vsw_expect_count(t, num, num);
	vsw_expect_port_count(t, 5, num, 0);

	/* One that is missing keeps all others. */
	i = num - 1;
	ch[i].key = VSW_KEY(num + 1);
	KUNIT_EXPECT_EQ(test, vsw_test_del(t, ch, num, &bad), -ENOENT);
	KUNIT_EXPECT_EQ(test, bad, i);
	vsw_expect_count(t, num, num);
	KUNIT_EXPECT_EQ(test, vsw_test_del(t, ch, i, &bad), 0);
	vsw_expect_count(t, 1, 1);
}

static void vsw_fdb_add_undoes_the_same_twice(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_fdb_change ch[] = {
		{ .key = VSW_KEY(1), .port = 5 },
		{ .key = VSW_KEY(1), .port = 6 },
		{ .key = VSW_KEY(2), .port = 5 },
		{ .key = VSW_KEY(2), .port = 6 },
		{ .key = VSW_KEY(3), .port = 5 },	/* over the limit */
	};
	u32 bad = 99;

	KUNIT_ASSERT_EQ(test, vsw_fdb_set_limit(&t->sw->fdb, 2), 0);
	vsw_expect_learn(t, VSW_KEY(2), 1, 0, VSW_FDB_NEW);
	KUNIT_EXPECT_EQ(test, vsw_test_add(t, ch, ARRAY_SIZE(ch), true, &bad),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, bad, 4);
	KUNIT_EXPECT_EQ(test, vsw_test_find(t, VSW_KEY(1)), 0);
	vsw_expect_port(t, VSW_KEY(2), 1, false);
	vsw_expect_count(t, 1, 0);
	vsw_expect_port_count(t, 5, 0, 0);
	vsw_expect_port_count(t, 6, 0, 0);
}

static void vsw_fdb_del_all_or_nothing(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_fdb_change ch[] = {
		{ .key = VSW_KEY(1) },
		{ .key = VSW_KEY(2) },
		{ .key = VSW_KEY7(1) },			/* there is none */
	};
	u32 bad = 99;

	vsw_expect_learn(t, VSW_KEY(1), 1, 0, VSW_FDB_NEW);
	KUNIT_EXPECT_EQ(test, vsw_add_one(t, VSW_KEY(2), 2, false), 0);
	KUNIT_EXPECT_EQ(test, vsw_test_del(t, ch, 3, &bad), -ENOENT);
	KUNIT_EXPECT_EQ(test, bad, 2);
	vsw_expect_port(t, VSW_KEY(1), 1, false);
	vsw_expect_port(t, VSW_KEY(2), 2, true);
	vsw_expect_count(t, 2, 1);

	/* Named twice is deleted once. */
	ch[2].key = VSW_KEY(1);
	KUNIT_EXPECT_EQ(test, vsw_test_del(t, ch, 3, &bad), 0);
	KUNIT_EXPECT_EQ(test, vsw_test_find(t, VSW_KEY(1)), 0);
	KUNIT_EXPECT_EQ(test, vsw_test_find(t, VSW_KEY(2)), 0);
	vsw_expect_count(t, 0, 0);
	vsw_expect_port_count(t, 1, 0, 0);
	vsw_expect_port_count(t, 2, 0, 0);
}

/* Entries by port 1 and 2, VLAN 0 and 7, dynamic and static: ten of each. */
static void vsw_fill_eight_kinds(struct vsw_test *t)
{
	u16 port, vlan;
	u32 i;

	for (i = 0; i < 80; i++) {
		port = 1 + i % 2;
		vlan = i / 2 % 2 * 7;
		if (i / 4 % 2)
			vsw_add_one(t, vsw_test_key(VSW_STATION(i), vlan), port,
				    false);
		else
			vsw_expect_learn(t, vsw_test_key(VSW_STATION(i), vlan),
					 port, 0, VSW_FDB_NEW);
	}
	vsw_expect_count(t, 80, 40);
}

static void vsw_flush_case(struct vsw_test *t, struct vsw_fdb_filter filter,
			   u32 num)
{
	static const struct vsw_fdb_filter all = { -1, -1, -1 };
	u64 key;
	u32 i, val;

	vsw_fill_eight_kinds(t);
	KUNIT_EXPECT_EQ(t->test, vsw_fdb_flush(&t->sw->fdb, &filter), num);
	KUNIT_EXPECT_EQ(t->test, t->sw->fdb.count, 80 - num);
	for (i = 0; i < 80; i++) {
		bool meant;

		key = vsw_test_key(VSW_STATION(i), i / 2 % 2 * 7);
		val = vsw_test_find(t, key);
		meant = (filter.port < 0 || filter.port == 1 + i % 2) &&
			(filter.vlan < 0 || filter.vlan == i / 2 % 2 * 7) &&
			(filter.type < 0 ||
			 (filter.type == VSWITCH_FDB_TYPE_STATIC) ==
			 (i / 4 % 2));
		KUNIT_EXPECT_EQ(t->test, !val, meant);
	}
	vsw_fdb_flush(&t->sw->fdb, &all);
	vsw_expect_count(t, 0, 0);
	vsw_expect_port_count(t, 1, 0, 0);
	vsw_expect_port_count(t, 2, 0, 0);
}

static void vsw_fdb_flushes_what_is_meant(struct kunit *test)
{
	const int dynamic = VSWITCH_FDB_TYPE_DYNAMIC;
	const int fixed = VSWITCH_FDB_TYPE_STATIC;
	struct vsw_test *t = test->priv;

	vsw_flush_case(t, (struct vsw_fdb_filter){ 1, -1, -1 }, 40);
	vsw_flush_case(t, (struct vsw_fdb_filter){ -1, 7, -1 }, 40);
	vsw_flush_case(t, (struct vsw_fdb_filter){ -1, 0, -1 }, 40);
	vsw_flush_case(t, (struct vsw_fdb_filter){ -1, -1, dynamic }, 40);
	vsw_flush_case(t, (struct vsw_fdb_filter){ -1, -1, fixed }, 40);
	vsw_flush_case(t, (struct vsw_fdb_filter){ 2, 7, dynamic }, 10);
	vsw_flush_case(t, (struct vsw_fdb_filter){ 1, 0, fixed }, 10);
	vsw_flush_case(t, (struct vsw_fdb_filter){ 3, -1, -1 }, 0);
	vsw_flush_case(t, (struct vsw_fdb_filter){ -1, 8, -1 }, 0);
	vsw_flush_case(t, (struct vsw_fdb_filter){ -1, -1, -1 }, 80);
}

static struct kunit_case vsw_fdb_cases[] = {
	KUNIT_CASE(vsw_fdb_key_holds_addr_and_vlan),
	KUNIT_CASE(vsw_fdb_val_holds_largest_port),
	KUNIT_CASE(vsw_fdb_learns_and_finds),
	KUNIT_CASE(vsw_fdb_keeps_vlans_apart),
	KUNIT_CASE(vsw_fdb_moves_dynamic),
	KUNIT_CASE(vsw_fdb_static_is_not_moved),
	KUNIT_CASE(vsw_fdb_switch_limit_holds),
	KUNIT_CASE(vsw_fdb_keeps_room_for_static),
	KUNIT_CASE(vsw_fdb_limit_not_below_count),
	KUNIT_CASE(vsw_fdb_port_limit_counts_dynamic_only),
	KUNIT_CASE(vsw_fdb_add_makes_dynamic_static),
	KUNIT_CASE(vsw_fdb_add_refuses_or_replaces_static),
	KUNIT_CASE(vsw_fdb_add_all_or_nothing),
	KUNIT_CASE(vsw_fdb_add_undoes_many),
	KUNIT_CASE(vsw_fdb_add_undoes_the_same_twice),
	KUNIT_CASE(vsw_fdb_del_all_or_nothing),
	KUNIT_CASE(vsw_fdb_flushes_what_is_meant),
	{}
};

static struct kunit_suite vsw_fdb_suite = {
	.name = "vswitch_fdb",
	.init = vsw_test_init_bare,
	.exit = vsw_test_exit,
	.test_cases = vsw_fdb_cases,
};

kunit_test_suite(vsw_fdb_suite);
