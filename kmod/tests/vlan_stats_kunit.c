// SPDX-License-Identifier: GPL-2.0
/*
 * Counters by VLAN: what is counted where, and what becomes of it when ports and
 * switches change.
 */
#include <linux/if_vlan.h>
#include <linux/mm.h>
#include "../table/private_vlan.h"
#include "../table/vlan_stats.h"
#include "helpers.h"

/* 1 is a trunk, 2 and 3 are in VLAN 10, 4 is in VLAN 20. */
#define VSW_VS_TRUNK		1

static void vsw_vs_access(struct vsw_test *t, int end, u16 vlan)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_VLAN_MODE),
		.vlan = { .mode = VSWITCH_VLAN_MODE_ACCESS, .vid = vlan },
	};

	vsw_test_set(t, end, &cfg);
}

static void vsw_vs_trunk(struct vsw_test *t, u16 from, u16 to)
{
	struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_VLAN_MODE),
		.vlan.mode = VSWITCH_VLAN_MODE_TRUNK,
	};

	cfg.vlan.vlans = kvzalloc(sizeof(*cfg.vlan.vlans), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(t->test, cfg.vlan.vlans);
	cfg.vlan.vlans->plain = true;
	for (; from <= to; from++)
		__set_bit(from, cfg.vlan.vlans->member);
	vsw_test_set(t, VSW_VS_TRUNK, &cfg);
	kvfree(cfg.vlan.vlans);
}

static void vsw_vs_set(struct vsw_test *t, bool on)
{
	int err;

	rtnl_lock();
	err = vsw_vlan_stats_set(t->sw, on, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(t->test, err, 0);
}

static int vsw_vs_init(struct kunit *test)
{
	struct vsw_test *t;
	int err;

	vsw_test_init(test);
	t = test->priv;
	vsw_vs_trunk(t, 10, 30);
	vsw_vs_access(t, 2, 10);
	vsw_vs_access(t, 3, 10);
	vsw_vs_access(t, 4, 20);
	rtnl_lock();
	err = vsw_vlan_set_aware(t->sw, true, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
	vsw_vs_set(t, true);
	return 0;
}

/* The counters are these, of frames of the usual length without a tag. */
static void vsw_vs_expect(struct vsw_test *t, int end, u16 vlan, u64 rx, u64 tx)
{
	u64 sum[VSW_VLAN_COUNTERS];

	rtnl_lock();
	KUNIT_EXPECT_TRUE(t->test, vsw_vlan_stats_sum(t->end[end].port, vlan, sum));
	rtnl_unlock();
	KUNIT_EXPECT_EQ_MSG(t->test, sum[VSW_VLAN_RX_PACKETS], rx, "end %d VLAN %u", end, vlan);
	KUNIT_EXPECT_EQ(t->test, sum[VSW_VLAN_RX_BYTES], rx * VSW_TEST_LEN);
	KUNIT_EXPECT_EQ_MSG(t->test, sum[VSW_VLAN_TX_PACKETS], tx, "end %d VLAN %u", end, vlan);
	KUNIT_EXPECT_EQ(t->test, sum[VSW_VLAN_TX_BYTES], tx * VSW_TEST_LEN);
}

static void vsw_vs_tagged(struct vsw_test *t, u64 dest, u16 vlan)
{
	u32 tag = VSW_TAG(ETH_P_8021Q, vlan);

	vsw_test_frame(t, dest, VSW_STATION(VSW_VS_TRUNK), VSW_TEST_LEN + VLAN_HLEN,
		       &tag, 1);
	vsw_test_send_skb(t, VSW_VS_TRUNK, vsw_test_skb(t, t->len));
}

static void vsw_vs_counted(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_send(t, 2, VSW_TEST_BROADCAST, VSW_STATION(2));
	vsw_vs_expect(t, 2, 10, 1, 0);
	vsw_vs_expect(t, 3, 10, 0, 1);
	vsw_vs_expect(t, 1, 10, 0, 1);
	vsw_vs_expect(t, 1, 20, 0, 0);
	vsw_vs_expect(t, 4, 20, 0, 0);
	vsw_vs_tagged(t, VSW_STATION(2), 10);
	vsw_vs_expect(t, 1, 10, 1, 1);
	vsw_vs_expect(t, 2, 10, 1, 1);
	vsw_vs_tagged(t, VSW_TEST_BROADCAST, 20);
	vsw_vs_expect(t, 1, 20, 1, 0);
	vsw_vs_expect(t, 4, 20, 0, 1);
	/* Nobody else is there: it came in all the same. */
	vsw_vs_tagged(t, VSW_TEST_BROADCAST, 30);
	vsw_vs_expect(t, 1, 30, 1, 0);
	/* Not sent, not counted. */
	vsw_mock_refuse(t, 2, true);
	vsw_vs_tagged(t, VSW_STATION(2), 10);
	vsw_vs_expect(t, 1, 10, 2, 1);
	vsw_vs_expect(t, 2, 10, 1, 1);
}

static void vsw_vs_stays(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_vs_tagged(t, VSW_TEST_BROADCAST, 10);
	vsw_vs_tagged(t, VSW_TEST_BROADCAST, 20);
	/* It leaves 20, and has others now. */
	vsw_vs_trunk(t, 5, 15);
	vsw_vs_expect(t, 1, 10, 1, 0);
	vsw_vs_expect(t, 1, 5, 0, 0);
	vsw_vs_trunk(t, 10, 4000);
	vsw_vs_expect(t, 1, 10, 1, 0);
	vsw_vs_expect(t, 1, 20, 0, 0);
	vsw_vs_expect(t, 1, 4000, 0, 0);
	/* One that comes has its own. */
	vsw_test_detach(t, 3);
	KUNIT_ASSERT_EQ(test, vsw_test_attach(t, 3), 0);
	vsw_vs_access(t, 3, 10);
	vsw_vs_expect(t, 3, 10, 0, 0);
	vsw_vs_expect(t, 2, 10, 0, 1);
}

static void vsw_vs_off(struct kunit *test)
{
	u64 sum[VSW_VLAN_COUNTERS];
	struct vsw_test *t = test->priv;

	KUNIT_EXPECT_TRUE(test, t->sw->mode & VSW_MODE_VLAN_EXTRA);
	vsw_test_send(t, 2, VSW_TEST_BROADCAST, VSW_STATION(2));
	vsw_vs_set(t, false);
	KUNIT_EXPECT_FALSE(test, t->sw->mode & VSW_MODE_VLAN_EXTRA);
	rtnl_lock();
	KUNIT_EXPECT_FALSE(test, vsw_vlan_stats_sum(t->end[2].port, 10, sum));
	rtnl_unlock();
	vsw_test_send(t, 2, VSW_TEST_BROADCAST, VSW_STATION(2));
	vsw_vs_set(t, true);
	vsw_vs_expect(t, 2, 10, 0, 0);
	vsw_test_send(t, 2, VSW_TEST_BROADCAST, VSW_STATION(2));
	vsw_vs_expect(t, 2, 10, 1, 0);
}

/* An access port has all in its VLAN, also what others sent in theirs. */
static void vsw_vs_private(struct kunit *test)
{
	const struct vsw_private_change ch[] = {
		{ 10, 0, VSWITCH_PRIVATE_VLAN_PRIMARY },
		{ 20, 10, VSWITCH_PRIVATE_VLAN_ISOLATED },
	};
	struct vsw_test *t = test->priv;
	u32 bad;
	int err;

	rtnl_lock();
	err = vsw_private_vlans_set(t->sw, ch, ARRAY_SIZE(ch), &bad, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
	vsw_test_send(t, 4, VSW_TEST_BROADCAST, VSW_STATION(4));
	vsw_vs_expect(t, 4, 20, 1, 0);
	vsw_vs_expect(t, 2, 10, 0, 1);
	vsw_vs_expect(t, 1, 20, 0, 1);
	vsw_vs_expect(t, 1, 10, 0, 0);
	vsw_test_send(t, 2, VSW_TEST_BROADCAST, VSW_STATION(2));
	vsw_vs_expect(t, 4, 20, 1, 1);
}

static struct kunit_case vsw_vs_cases[] = {
	KUNIT_CASE(vsw_vs_counted),
	KUNIT_CASE(vsw_vs_stays),
	KUNIT_CASE(vsw_vs_off),
	KUNIT_CASE(vsw_vs_private),
	{}
};

static struct kunit_suite vsw_vs_suite = {
	.name = "vswitch_vlan_stats",
	.init = vsw_vs_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_vs_cases,
};

kunit_test_suite(vsw_vs_suite);
