// SPDX-License-Identifier: GPL-2.0
/*
 * What the settings of ports let out: which frames are flooded where, which may go
 * back where they came from, and which ports may speak to each other.
 */
#include "helpers.h"

#define VSW_LAST	VSW_TEST_PORTS_USUAL
#define VSW_LEN		VSW_TEST_LEN
#define VSW_GROUP	0x01005e000001ULL

static void vsw_set_flood(struct vsw_test *t, int end, u8 flood)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_FLOOD),
		.to.flood = flood,
	};

	vsw_test_set(t, end, &cfg);
}

/* One frame flooded out of each of these ends, a mask; nothing came out elsewhere. */
static void vsw_expect_flooded(struct vsw_test *t, unsigned int ends)
{
	int i;

	for (i = 0; i <= VSW_LAST; i++) {
		if (!(ends & BIT(i)))
			continue;
		vsw_expect_got(t, i);
		vsw_expect(t, i, .tx = 1, .tx_bytes = t->len, .flooded = 1);
	}
	vsw_expect_quiet(t);
}

/* A frame of each kind comes in on end 1. */
static void vsw_expect_kinds(struct vsw_test *t, unsigned int unicast,
			     unsigned int multicast, unsigned int broadcast)
{
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect_flooded(t, unicast);
	vsw_test_send(t, 1, VSW_GROUP, VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .multicast = 1);
	vsw_expect_flooded(t, multicast);
	vsw_test_send(t, 1, VSW_TEST_BROADCAST, VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .broadcast = 1);
	vsw_expect_flooded(t, broadcast);
}

/* Each end leaves one kind out, or all, or none. */
static void vsw_flood_by_kind(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 1, VSW_STATION(1), 0);
	vsw_expect_kinds(t, 0x1c, 0x1d, 0x1d);
	vsw_set_flood(t, 2, VSW_FLOOD_ALL & ~VSWITCH_FLOOD_UNICAST);
	vsw_expect_kinds(t, 0x18, 0x1d, 0x1d);
	vsw_set_flood(t, 3, VSW_FLOOD_ALL & ~VSWITCH_FLOOD_MULTICAST);
	vsw_expect_kinds(t, 0x18, 0x15, 0x1d);
	vsw_set_flood(t, 4, VSW_FLOOD_ALL & ~VSWITCH_FLOOD_BROADCAST);
	vsw_expect_kinds(t, 0x18, 0x15, 0x0d);
	vsw_set_flood(t, 2, 0);
	vsw_expect_kinds(t, 0x18, 0x11, 0x09);
	vsw_set_flood(t, 2, VSW_FLOOD_ALL);
	vsw_set_flood(t, 3, VSW_FLOOD_ALL);
	vsw_set_flood(t, 4, VSW_FLOOD_ALL);
	vsw_expect_kinds(t, 0x1c, 0x1d, 0x1d);
}

/* What comes in there is flooded, and a known station there is reached. */
static void vsw_flood_off_is_for_egress(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 1, VSW_STATION(1), 0);
	vsw_test_teach(t, 2, VSW_STATION(2), 0);
	vsw_set_flood(t, 1, 0);
	vsw_expect_kinds(t, 0x1c, 0x1d, 0x1d);
	vsw_test_send(t, 2, VSW_STATION(1), VSW_STATION(2));
	vsw_expect(t, 2, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect_got(t, 1);
	vsw_expect(t, 1, .tx = 1, .tx_bytes = VSW_LEN);
	vsw_expect_quiet(t);
}

/* It is said when nobody got it because of that, and only then. */
static void vsw_flood_off_for_all(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	vsw_test_teach(t, 1, VSW_STATION(1), 0);
	for (i = 2; i <= VSW_LAST; i++)
		vsw_set_flood(t, i, VSW_FLOOD_ALL & ~VSWITCH_FLOOD_UNICAST);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN,
		   .drop = VSWITCH_A_DROPS_FLOOD_OFF);
	vsw_expect_quiet(t);

	/* One that is too small for it would not have got it anyway. */
	for (i = 2; i <= VSW_LAST; i++)
		vsw_test_mtu(t, i, VSW_LEN - ETH_HLEN - 1);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN,
		   .drop = VSWITCH_A_DROPS_NO_EGRESS);
	vsw_expect_quiet(t);

	/* One that would flood it counts that it is too small. */
	vsw_set_flood(t, 3, VSW_FLOOD_ALL);
	vsw_test_mtu(t, 2, ETH_DATA_LEN);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect(t, 3, .drop = VSWITCH_A_DROPS_EGRESS_MTU);
	vsw_expect_quiet(t);

	for (i = 2; i <= VSW_LAST; i++)
		vsw_test_up(t, i, false);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN,
		   .drop = VSWITCH_A_DROPS_NO_EGRESS);
	vsw_expect_quiet(t);
}

/* The settings of a port that is new, and of one that gets another role. */
static void vsw_flood_default(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, t->end[0].port->flood, VSW_FLOOD_ALL);
	KUNIT_EXPECT_EQ(test, t->end[2].port->flood, VSW_FLOOD_ALL);
	vsw_set_flood(t, 2, VSWITCH_FLOOD_BROADCAST);
	vsw_test_role(t, 2, VSWITCH_ROLE_UPLINK);
	KUNIT_EXPECT_EQ(test, t->end[2].port->flood, VSWITCH_FLOOD_BROADCAST);
}

static void vsw_set_hairpin(struct vsw_test *t, int end, bool on)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_HAIRPIN),
		.to.hairpin = on,
	};

	vsw_test_set(t, end, &cfg);
}

static void vsw_hairpin_unicast(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 1, VSW_STATION(9), 0);
	vsw_set_hairpin(t, 1, true);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	KUNIT_EXPECT_TRUE(test, vsw_expect_got(t, 1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .tx = 1,
		   .tx_bytes = VSW_LEN, .learned = 1);
	vsw_expect_quiet(t);
	/* It does not come from anywhere else for that. */
	vsw_test_send(t, 1, VSW_STATION(1), VSW_STATION(9));
	KUNIT_EXPECT_TRUE(test, vsw_expect_got(t, 1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .tx = 1,
		   .tx_bytes = VSW_LEN);
	vsw_expect_quiet(t);

	vsw_set_hairpin(t, 1, false);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN,
		   .drop = VSWITCH_A_DROPS_SAME_PORT);
	vsw_expect_quiet(t);
}

/* The port that sent it may be the first, the last, or the only one. */
static void vsw_hairpin_flood(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int from, i;

	for (from = 1; from <= VSW_LAST; from++)
		vsw_test_teach(t, from, VSW_STATION(from), 0);
	for (from = 1; from <= VSW_LAST; from++) {
		vsw_set_hairpin(t, from, true);
		vsw_test_send(t, from, VSW_STATION(9), VSW_STATION(from));
		for (i = 1; i <= VSW_LAST; i++) {
			KUNIT_EXPECT_EQ(test, vsw_expect_got(t, i),
					i == VSW_LAST);
			vsw_expect(t, i, .rx = i == from,
				   .rx_bytes = i == from ? VSW_LEN : 0,
				   .tx = 1, .tx_bytes = VSW_LEN, .flooded = 1);
		}
		vsw_expect_quiet(t);
		vsw_set_hairpin(t, from, false);
	}

	vsw_set_hairpin(t, 2, true);
	for (i = 1; i <= VSW_LAST; i++)
		vsw_set_flood(t, i, i == 2 ? VSW_FLOOD_ALL : 0);
	vsw_test_send(t, 2, VSW_STATION(9), VSW_STATION(2));
	KUNIT_EXPECT_TRUE(test, vsw_expect_got(t, 2));
	vsw_expect(t, 2, .rx = 1, .rx_bytes = VSW_LEN, .tx = 1,
		   .tx_bytes = VSW_LEN, .flooded = 1);
	vsw_expect_quiet(t);
	vsw_set_flood(t, 2, 0);
	vsw_test_send(t, 2, VSW_STATION(9), VSW_STATION(2));
	vsw_expect(t, 2, .rx = 1, .rx_bytes = VSW_LEN,
		   .drop = VSWITCH_A_DROPS_FLOOD_OFF);
	vsw_expect_quiet(t);
}

/* Where hairpin is on, others than who has it do not get their frames back. */
static void vsw_hairpin_is_of_one_port(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 1, VSW_STATION(1), 0);
	vsw_set_hairpin(t, 2, true);
	vsw_expect_kinds(t, 0x1c, 0x1d, 0x1d);
}

/* To an uplink that asks for it, and not to the others. */
static void vsw_hairpin_uplink(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_role(t, 1, VSWITCH_ROLE_UPLINK);
	vsw_test_role(t, 2, VSWITCH_ROLE_UPLINK);
	vsw_test_teach(t, 1, VSW_STATION(1), 0);
	vsw_test_teach(t, 1, VSW_STATION(8), 0);
	vsw_set_hairpin(t, 1, true);
	vsw_test_send(t, 1, VSW_STATION(8), VSW_STATION(1));
	vsw_expect_got(t, 1);
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .tx = 1,
		   .tx_bytes = VSW_LEN);
	vsw_expect_quiet(t);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect_got(t, 1);
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .tx = 1,
		   .tx_bytes = VSW_LEN, .flooded = 1);
	vsw_expect_flooded(t, BIT(3) | BIT(4));
}

static struct kunit_case vsw_egress_cases[] = {
	KUNIT_CASE(vsw_flood_by_kind),
	KUNIT_CASE(vsw_flood_off_is_for_egress),
	KUNIT_CASE(vsw_flood_off_for_all),
	KUNIT_CASE(vsw_flood_default),
	KUNIT_CASE(vsw_hairpin_unicast),
	KUNIT_CASE(vsw_hairpin_flood),
	KUNIT_CASE(vsw_hairpin_is_of_one_port),
	KUNIT_CASE(vsw_hairpin_uplink),
	{}
};

static struct kunit_suite vsw_egress_suite = {
	.name = "vswitch_egress",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_egress_cases,
};

kunit_test_suite(vsw_egress_suite);
