// SPDX-License-Identifier: GPL-2.0
/*
 * What keeps one port from harming the others: storm limits on the path.  See
 * storm_kunit.c for how much passes them.
 */
#include <linux/if_ether.h>
#include "helpers.h"

#define VSW_LEN		VSW_TEST_LEN
#define VSW_GROUP	0x01005e000001ULL

static void vsw_guard_limit(struct vsw_test *t, int end, enum vsw_frame_kind kind,
			    u32 rate)
{
	struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_GUARD),
		.guard = BIT(VSW_STORM_ATTR(kind)),
	};

	cfg.to.guard.storm[kind] = rate;
	vsw_test_set(t, end, &cfg);
}

static const struct vsw_guard *vsw_guard_of(struct vsw_test *t, int end)
{
	return &rcu_dereference_protected(t->end[end].port->policy, 1)->is.guard;
}

static void vsw_guard_defaults(struct kunit *test)
{
	static const u32 guest[VSW_STORM_NUM] = { 20000, 100000, 2000 };
	struct vsw_test *t = test->priv;
	int i;

	for (i = 0; i < VSW_STORM_NUM; i++) {
		KUNIT_EXPECT_EQ(test, vsw_guard_of(t, 0)->storm[i], 0U);
		KUNIT_EXPECT_EQ(test, vsw_guard_of(t, 1)->storm[i], guest[i]);
	}
	vsw_guard_limit(t, 1, VSW_BROADCAST, 7);
	vsw_test_role(t, 1, VSWITCH_ROLE_GUEST);
	KUNIT_EXPECT_EQ(test, vsw_guard_of(t, 1)->storm[VSW_BROADCAST], 7U);
	vsw_test_role(t, 1, VSWITCH_ROLE_UPLINK);
	for (i = 0; i < VSW_STORM_NUM; i++)
		KUNIT_EXPECT_EQ(test, vsw_guard_of(t, 1)->storm[i], 0U);
	vsw_test_role(t, 1, VSWITCH_ROLE_GUEST);
	KUNIT_EXPECT_EQ(test, vsw_guard_of(t, 1)->storm[VSW_BROADCAST], 2000U);
}

/* A frame that is one too many is counted, and teaches nothing. */
static void vsw_guard_storm_drops(struct kunit *test, u64 dest,
				  enum vsw_frame_kind kind, u32 reason)
{
	struct vsw_test *t = test->priv;

	vsw_guard_limit(t, 1, kind, 1);
	vsw_test_send(t, 1, dest, VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1,
		   .multicast = kind == VSW_MULTICAST,
		   .broadcast = kind == VSW_BROADCAST);
	vsw_test_reset(t);
	vsw_test_send(t, 1, dest, VSW_STATION(2));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .drop = reason,
		   .learned = kind == VSW_UNICAST,
		   .multicast = kind == VSW_MULTICAST,
		   .broadcast = kind == VSW_BROADCAST);
	vsw_expect_quiet(t);

	/* It is this port's limit, and no other's. */
	vsw_test_send(t, 2, dest, VSW_STATION(3));
	vsw_expect_got(t, 1);
	vsw_expect(t, 1, .tx = 1, .tx_bytes = VSW_LEN, .flooded = 1);
	vsw_test_reset(t);

	vsw_guard_limit(t, 1, kind, 0);
	vsw_test_send(t, 1, dest, VSW_STATION(1));
	vsw_expect_got(t, 3);
	vsw_test_reset(t);
}

static void vsw_guard_storm_broadcast(struct kunit *test)
{
	vsw_guard_storm_drops(test, VSW_TEST_BROADCAST, VSW_BROADCAST,
			      VSWITCH_A_DROPS_STORM_BROADCAST);
}

static void vsw_guard_storm_multicast(struct kunit *test)
{
	vsw_guard_storm_drops(test, VSW_GROUP, VSW_MULTICAST,
			      VSWITCH_A_DROPS_STORM_MULTICAST);
}

static void vsw_guard_storm_unicast(struct kunit *test)
{
	vsw_guard_storm_drops(test, VSW_STATION(9), VSW_UNICAST,
			      VSWITCH_A_DROPS_STORM_UNICAST);
}

/* Neither a station that is known, nor what goes to a daemon. */
static void vsw_guard_storm_others_pass(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	for (i = 0; i < VSW_STORM_NUM; i++)
		vsw_guard_limit(t, 1, i, 1);
	vsw_test_teach(t, 2, VSW_STATION(2), 0);
	for (i = 0; i < 10; i++) {
		vsw_test_send(t, 1, VSW_STATION(2), VSW_STATION(1));
		vsw_expect_got(t, 2);
		vsw_test_send(t, 1, VSW_ADDR_RESERVED | 0xe, VSW_STATION(1));
		vsw_expect_got_up(t, 1);
	}
	vsw_test_reset(t);
}

static struct kunit_case vsw_guard_cases[] = {
	KUNIT_CASE(vsw_guard_defaults),
	KUNIT_CASE(vsw_guard_storm_broadcast),
	KUNIT_CASE(vsw_guard_storm_multicast),
	KUNIT_CASE(vsw_guard_storm_unicast),
	KUNIT_CASE(vsw_guard_storm_others_pass),
	{}
};

static struct kunit_suite vsw_guard_suite = {
	.name = "vswitch_guard",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_guard_cases,
};

kunit_test_suite(vsw_guard_suite);
