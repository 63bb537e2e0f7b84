// SPDX-License-Identifier: GPL-2.0
/*
 * Private VLANs: who gets whose frames, and with which tags, as RFC 5517 has it; what
 * is refused; and what follows in the FDB.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/mm.h>
#include "../table/private_vlan.h"
#include "helpers.h"

#define VSW_PV_ENDS		9
#define VSW_PV_TRUNK		7	/* in all of them */
#define VSW_PV_SHORT		8	/* in the primary one and one community */
#define VSW_PV_PRIMARY		100
#define VSW_PV_ISOLATED		200
#define VSW_PV_COMMUNITY	201
#define VSW_PV_OTHER		202

/* VLANs of the ends that are no trunks: two promiscuous, two isolated, three of
 * communities.
 */
static const u16 vsw_pv_access[VSW_PV_TRUNK] = {
	100, 100, 200, 200, 201, 201, 202,
};

/**
 * struct vsw_pv_row - Who gets frames of a VLAN.
 * @vlan: the VLAN
 * @ends: ends that get them, a bit for each
 */
struct vsw_pv_row {
	u16 vlan;
	u16 ends;
};

static const struct vsw_pv_row vsw_pv_rows[] = {
	{ VSW_PV_PRIMARY, 0x1ff },
	{ VSW_PV_ISOLATED, BIT(0) | BIT(1) | BIT(7) },
	{ VSW_PV_COMMUNITY, BIT(0) | BIT(1) | BIT(4) | BIT(5) | BIT(7) | BIT(8) },
	{ VSW_PV_OTHER, BIT(0) | BIT(1) | BIT(6) | BIT(7) },
};

static const struct vsw_private_change vsw_pv_usual[] = {
	{ VSW_PV_COMMUNITY, VSW_PV_PRIMARY, VSWITCH_PRIVATE_VLAN_COMMUNITY },
	{ VSW_PV_PRIMARY, 0, VSWITCH_PRIVATE_VLAN_PRIMARY },
	{ VSW_PV_ISOLATED, VSW_PV_PRIMARY, VSWITCH_PRIVATE_VLAN_ISOLATED },
	{ VSW_PV_OTHER, VSW_PV_PRIMARY, VSWITCH_PRIVATE_VLAN_COMMUNITY },
};

static int vsw_pv_set(struct vsw_test *t, const struct vsw_private_change *ch, u32 num,
		      u32 *bad)
{
	int err;

	rtnl_lock();
	err = vsw_private_vlans_set(t->sw, ch, num, bad, NULL);
	rtnl_unlock();
	return err;
}

static int vsw_pv_one(struct vsw_test *t, u16 vlan, u32 type, u16 primary)
{
	const struct vsw_private_change ch = { vlan, primary, type };
	u32 bad;

	return vsw_pv_set(t, &ch, 1, &bad);
}

static void vsw_pv_access_port(struct vsw_test *t, int end, u16 vlan)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_VLAN_MODE),
		.vlan = { .mode = VSWITCH_VLAN_MODE_ACCESS, .vid = vlan },
	};

	vsw_test_set(t, end, &cfg);
}

static int vsw_pv_try_trunk(struct vsw_test *t, int end, const u16 *list, u16 native)
{
	struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_VLAN_MODE),
		.vlan = { .mode = VSWITCH_VLAN_MODE_TRUNK, .vid = native },
	};
	int err;

	cfg.vlan.vlans = kvzalloc(sizeof(*cfg.vlan.vlans), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(t->test, cfg.vlan.vlans);
	cfg.vlan.vlans->plain = true;
	for (; *list; list++)
		__set_bit(*list, cfg.vlan.vlans->member);
	rtnl_lock();
	err = vsw_port_set(t->end[end].port, &cfg, NULL);
	rtnl_unlock();
	kvfree(cfg.vlan.vlans);
	return err;
}

static int vsw_pv_init(struct kunit *test)
{
	static const u16 all[] = { 100, 200, 201, 202, 0 }, some[] = { 100, 201, 0 };
	struct vsw_test *t;
	u32 bad;
	int i;

	vsw_test_init(test);
	t = test->priv;
	for (i = VSW_TEST_PORTS_USUAL + 1; i < VSW_PV_ENDS; i++) {
		t->end[i].dev = vsw_mock_new(&t->end[i]);
		KUNIT_ASSERT_NOT_NULL(test, t->end[i].dev);
		KUNIT_ASSERT_EQ(test, vsw_test_attach(t, i), 0);
	}
	for (i = 0; i < VSW_PV_TRUNK; i++)
		vsw_pv_access_port(t, i, vsw_pv_access[i]);
	KUNIT_ASSERT_EQ(test, vsw_pv_try_trunk(t, VSW_PV_TRUNK, all, 0), 0);
	KUNIT_ASSERT_EQ(test, vsw_pv_try_trunk(t, VSW_PV_SHORT, some, 0), 0);
	rtnl_lock();
	i = vsw_vlan_set_aware(t->sw, true, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, i, 0);
	KUNIT_ASSERT_EQ(test, vsw_pv_set(t, vsw_pv_usual, ARRAY_SIZE(vsw_pv_usual), &bad), 0);
	return 0;
}

static u64 vsw_pv_station(int end)
{
	return end ? VSW_STATION(end) : VSW_TEST_SWITCH;
}

/* All but the tag is the same, if there is one. */
static void vsw_pv_make(struct vsw_test *t, u64 dest, u64 source, u16 vlan)
{
	unsigned int head = ETH_HLEN + (vlan ? VLAN_HLEN : 0), i;
	u32 tag = VSW_TAG(ETH_P_8021Q, vlan);

	vsw_test_frame(t, dest, source, VSW_TEST_LEN + (vlan ? VLAN_HLEN : 0), &tag, !!vlan);
	for (i = head; i < t->len; i++)
		t->data[i] = i - head;
}

/* An end has got it, a trunk with the tag of the frame's VLAN. */
static void vsw_pv_expect_got(struct vsw_test *t, int end, u64 dest, u64 source,
			      u16 vlan)
{
	vsw_pv_make(t, dest, source, end < VSW_PV_TRUNK ? 0 : vlan);
	vsw_expect_got(t, end);
	vsw_expect(t, end, .tx = 1, .tx_bytes = t->len,
		   .flooded = dest == VSW_TEST_BROADCAST);
}

static void vsw_pv_send(struct vsw_test *t, int from, u64 dest, u16 vlan)
{
	vsw_pv_make(t, dest, vsw_pv_station(from), from < VSW_PV_TRUNK ? 0 : vlan);
	vsw_test_send_skb(t, from, vsw_test_skb(t, t->len));
}

static void vsw_pv_to_all(struct vsw_test *t, int from, const struct vsw_pv_row *row)
{
	unsigned int len;
	int i;

	vsw_pv_send(t, from, VSW_TEST_BROADCAST, row->vlan);
	len = t->len;
	for (i = 0; i < VSW_PV_ENDS; i++)
		if (i != from && row->ends & BIT(i))
			vsw_pv_expect_got(t, i, VSW_TEST_BROADCAST,
					  vsw_pv_station(from), row->vlan);
	vsw_expect(t, from, .rx = 1, .rx_bytes = len, .broadcast = 1);
	vsw_expect_quiet(t);
}

/* To one whose place is known. */
static void vsw_pv_to_one(struct vsw_test *t, int from, int to,
			  const struct vsw_pv_row *row)
{
	bool gets = row->ends & BIT(to);
	u32 drop = 0;
	unsigned int len;

	vsw_pv_send(t, from, vsw_pv_station(to), row->vlan);
	len = t->len;
	if (gets)
		vsw_pv_expect_got(t, to, vsw_pv_station(to), vsw_pv_station(from),
				  row->vlan);
	else if (to < VSW_PV_TRUNK)
		drop = VSWITCH_A_DROPS_ISOLATED;
	else
		vsw_expect(t, to, .drop = VSWITCH_A_DROPS_EGRESS_VLAN);
	vsw_expect(t, from, .rx = 1, .rx_bytes = len, .drop = drop);
	vsw_expect_quiet(t);
}

static void vsw_pv_teach(struct vsw_test *t)
{
	int i;

	for (i = 1; i < VSW_PV_ENDS; i++)
		vsw_test_learn(t, vsw_test_key(VSW_STATION(i), VSW_PV_PRIMARY), i, 0);
}

/* Whether an end sends frames in the VLAN of a row. */
static bool vsw_pv_sends(int end, const struct vsw_pv_row *row)
{
	if (end < VSW_PV_TRUNK)
		return vsw_pv_access[end] == row->vlan;
	return row->ends & BIT(end);
}

static void vsw_pv_all_ways(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	const struct vsw_pv_row *row;
	int from, to;

	vsw_pv_teach(t);
	for (row = vsw_pv_rows; row < vsw_pv_rows + ARRAY_SIZE(vsw_pv_rows); row++) {
		for (from = 0; from < VSW_PV_ENDS; from++) {
			if (!vsw_pv_sends(from, row))
				continue;
			vsw_pv_to_all(t, from, row);
			for (to = 0; to < VSW_PV_ENDS; to++)
				if (to != from)
					vsw_pv_to_one(t, from, to, row);
			if (test->status != KUNIT_SUCCESS) {
				kunit_err(test, "from %d in VLAN %u", from, row->vlan);
				return;
			}
		}
	}
}

/* The tag has the priority that the frame came with. */
static void vsw_pv_priority(struct kunit *test)
{
	u32 in = VSW_TAG(ETH_P_8021Q, 0xb000 | VSW_PV_COMMUNITY);
	struct vsw_test *t = test->priv;
	unsigned int len;

	vsw_pv_teach(t);
	vsw_test_frame(t, VSW_STATION(VSW_PV_SHORT), VSW_STATION(VSW_PV_TRUNK),
		       VSW_TEST_LEN, &in, 1);
	vsw_test_send_skb(t, VSW_PV_TRUNK, vsw_test_skb(t, t->len));
	len = t->len;
	vsw_expect_got(t, VSW_PV_SHORT);
	vsw_expect(t, VSW_PV_SHORT, .tx = 1, .tx_bytes = len);
	vsw_expect(t, VSW_PV_TRUNK, .rx = 1, .rx_bytes = len);
	vsw_expect_quiet(t);
}

/* What is sent in a secondary VLAN is learned in the primary one. */
static void vsw_pv_learns(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	u32 val;

	vsw_pv_send(t, 2, VSW_TEST_BROADCAST, 0);
	val = vsw_test_find(t, vsw_test_key(VSW_STATION(2), VSW_PV_PRIMARY));
	KUNIT_EXPECT_EQ(test, (int)vsw_fdb_port(val), 2);
	val = vsw_test_find(t, vsw_test_key(VSW_STATION(2), VSW_PV_ISOLATED));
	KUNIT_EXPECT_EQ(test, val, 0U);
	vsw_pv_send(t, VSW_PV_TRUNK, VSW_TEST_BROADCAST, VSW_PV_OTHER);
	val = vsw_test_find(t, vsw_test_key(VSW_STATION(VSW_PV_TRUNK), VSW_PV_PRIMARY));
	KUNIT_EXPECT_EQ(test, (int)vsw_fdb_port(val), VSW_PV_TRUNK);
}

/* A frame does not go back to an isolated port, wherever it wants to. */
static void vsw_pv_hairpin(struct kunit *test)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_HAIRPIN),
		.to.hairpin = true,
	};
	struct vsw_test *t = test->priv;
	unsigned int len;

	vsw_pv_teach(t);
	vsw_test_learn(t, vsw_test_key(VSW_STATION(22), VSW_PV_PRIMARY), 2, 0);
	vsw_test_learn(t, vsw_test_key(VSW_STATION(44), VSW_PV_PRIMARY), 4, 0);
	vsw_test_set(t, 2, &cfg);
	vsw_test_set(t, 4, &cfg);
	vsw_pv_send(t, 2, VSW_STATION(22), 0);
	len = t->len;
	vsw_expect(t, 2, .rx = 1, .rx_bytes = len, .drop = VSWITCH_A_DROPS_ISOLATED);
	vsw_pv_send(t, 4, VSW_STATION(44), 0);
	vsw_expect_got(t, 4);
	vsw_expect(t, 4, .rx = 1, .rx_bytes = len, .tx = 1, .tx_bytes = len);
	vsw_expect_quiet(t);
}

static void vsw_pv_refusals(struct kunit *test)
{
	static const u16 list[] = { 10, 0 };
	const struct vsw_private_change two[] = {
		{ 300, 0, VSWITCH_PRIVATE_VLAN_PRIMARY },
		{ 301, 300, VSWITCH_PRIVATE_VLAN_ISOLATED },
		{ 302, 300, VSWITCH_PRIVATE_VLAN_ISOLATED },
	};
	const struct vsw_private_vlans *before;
	struct vsw_test *t = test->priv;
	u32 bad;

	before = rcu_access_pointer(t->sw->private_vlans);
	KUNIT_EXPECT_EQ(test, vsw_pv_one(t, 203, VSWITCH_PRIVATE_VLAN_ISOLATED, 100), -EEXIST);
	KUNIT_EXPECT_EQ(test, vsw_pv_one(t, 203, VSWITCH_PRIVATE_VLAN_COMMUNITY, 300), -EINVAL);
	KUNIT_EXPECT_EQ(test, vsw_pv_one(t, 203, VSWITCH_PRIVATE_VLAN_COMMUNITY, 200), -EINVAL);
	KUNIT_EXPECT_EQ(test, vsw_pv_one(t, 100, VSWITCH_PRIVATE_VLAN_NONE, 0), -EBUSY);
	KUNIT_EXPECT_EQ(test, vsw_pv_one(t, 100, VSWITCH_PRIVATE_VLAN_COMMUNITY, 100), -EBUSY);
	KUNIT_EXPECT_EQ(test, vsw_pv_set(t, two, 3, &bad), -EEXIST);
	KUNIT_EXPECT_EQ(test, bad, 1U);
	KUNIT_EXPECT_EQ(test, vsw_pv_try_trunk(t, 1, list, 100), -EINVAL);
	KUNIT_EXPECT_EQ(test, vsw_pv_try_trunk(t, 1, list, 201), -EINVAL);
	KUNIT_EXPECT_PTR_EQ(test, before,
			    (const struct vsw_private_vlans *)
			    rcu_access_pointer(t->sw->private_vlans));
	KUNIT_EXPECT_EQ(test, vsw_pv_try_trunk(t, 1, list, 300), 0);
	KUNIT_EXPECT_EQ(test, vsw_pv_set(t, two, 2, &bad), -EINVAL);
	KUNIT_EXPECT_EQ(test, bad, 2U);
	/* One after the other is as good as all at once. */
	KUNIT_EXPECT_EQ(test, vsw_pv_one(t, 200, VSWITCH_PRIVATE_VLAN_COMMUNITY, 100), 0);
	KUNIT_EXPECT_EQ(test, vsw_pv_one(t, 203, VSWITCH_PRIVATE_VLAN_ISOLATED, 100), 0);
}

/* Whether there is an entry of station n in a VLAN. */
static bool vsw_pv_knows(struct vsw_test *t, unsigned int n, u16 vlan)
{
	return vsw_test_find(t, vsw_test_key(VSW_STATION(n), vlan));
}

static void vsw_pv_forgets(struct kunit *test)
{
	struct vsw_fdb_change ch[] = {
		{ .key = vsw_test_key(VSW_STATION(51), 100), .port = 1 },
		{ .key = vsw_test_key(VSW_STATION(52), 203), .port = 1 },
	};
	struct vsw_test *t = test->priv;
	u32 bad;

	KUNIT_ASSERT_EQ(test, vsw_test_add(t, ch, 2, false, &bad), 0);
	vsw_test_learn(t, vsw_test_key(VSW_STATION(61), 100), 1, 0);
	vsw_test_learn(t, vsw_test_key(VSW_STATION(62), 203), 1, 0);
	vsw_test_learn(t, vsw_test_key(VSW_STATION(63), 300), 1, 0);
	/* They share their entries as before. */
	KUNIT_ASSERT_EQ(test, vsw_pv_one(t, 200, VSWITCH_PRIVATE_VLAN_COMMUNITY, 100), 0);
	KUNIT_EXPECT_TRUE(test, vsw_pv_knows(t, 61, 100));
	KUNIT_EXPECT_TRUE(test, vsw_pv_knows(t, 62, 203));
	/* Nothing is found there any more. */
	KUNIT_ASSERT_EQ(test, vsw_pv_one(t, 203, VSWITCH_PRIVATE_VLAN_COMMUNITY, 100), 0);
	KUNIT_EXPECT_FALSE(test, vsw_pv_knows(t, 61, 100));
	KUNIT_EXPECT_TRUE(test, vsw_pv_knows(t, 51, 100));
	KUNIT_EXPECT_FALSE(test, vsw_pv_knows(t, 62, 203));
	KUNIT_EXPECT_FALSE(test, vsw_pv_knows(t, 52, 203));
	KUNIT_EXPECT_TRUE(test, vsw_pv_knows(t, 63, 300));
	/* Stations of it may be at ports that are not in the primary one now. */
	vsw_test_learn(t, vsw_test_key(VSW_STATION(61), 100), 1, 0);
	KUNIT_ASSERT_EQ(test, vsw_pv_one(t, 203, VSWITCH_PRIVATE_VLAN_NONE, 0), 0);
	KUNIT_EXPECT_FALSE(test, vsw_pv_knows(t, 61, 100));
	KUNIT_EXPECT_TRUE(test, vsw_pv_knows(t, 51, 100));
}

/* Without private VLANs, and on a switch without VLANs, the path has nothing to do. */
static void vsw_pv_mode(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	KUNIT_EXPECT_TRUE(test, t->sw->mode & VSW_MODE_VLAN_EXTRA);
	rtnl_lock();
	vsw_vlan_set_aware(t->sw, false, NULL);
	KUNIT_EXPECT_FALSE(test, t->sw->mode & VSW_MODE_VLAN_EXTRA);
	vsw_vlan_set_aware(t->sw, true, NULL);
	rtnl_unlock();
	KUNIT_EXPECT_TRUE(test, t->sw->mode & VSW_MODE_VLAN_EXTRA);
	vsw_pv_one(t, 200, VSWITCH_PRIVATE_VLAN_NONE, 0);
	vsw_pv_one(t, 201, VSWITCH_PRIVATE_VLAN_NONE, 0);
	vsw_pv_one(t, 202, VSWITCH_PRIVATE_VLAN_NONE, 0);
	KUNIT_EXPECT_TRUE(test, t->sw->mode & VSW_MODE_VLAN_EXTRA);
	vsw_pv_one(t, 100, VSWITCH_PRIVATE_VLAN_NONE, 0);
	KUNIT_EXPECT_FALSE(test, t->sw->mode & VSW_MODE_VLAN_EXTRA);
	KUNIT_EXPECT_NULL(test, rcu_access_pointer(t->sw->private_vlans));
}

static struct kunit_case vsw_pv_cases[] = {
	KUNIT_CASE(vsw_pv_all_ways),
	KUNIT_CASE(vsw_pv_priority),
	KUNIT_CASE(vsw_pv_learns),
	KUNIT_CASE(vsw_pv_hairpin),
	KUNIT_CASE(vsw_pv_refusals),
	KUNIT_CASE(vsw_pv_forgets),
	KUNIT_CASE(vsw_pv_mode),
	{}
};

static struct kunit_suite vsw_pv_suite = {
	.name = "vswitch_private_vlan",
	.init = vsw_pv_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_pv_cases,
};

kunit_test_suite(vsw_pv_suite);
