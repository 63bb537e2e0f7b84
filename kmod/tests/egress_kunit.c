// SPDX-License-Identifier: GPL-2.0
/*
 * What the settings of ports let out: which frames are flooded where, which may go
 * back where they came from, and which ports may speak to each other.
 */
#include <net/netlink.h>
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

	KUNIT_EXPECT_EQ(test, t->end[0].port->flood,
			VSW_FLOOD_ALL | VSW_FLOOD_MEMBER);
	KUNIT_EXPECT_EQ(test, t->end[2].port->flood,
			VSW_FLOOD_ALL | VSW_FLOOD_MEMBER);
	vsw_set_flood(t, 2, VSWITCH_FLOOD_BROADCAST);
	vsw_test_role(t, 2, VSWITCH_ROLE_UPLINK);
	KUNIT_EXPECT_EQ(test, t->end[2].port->flood,
			VSWITCH_FLOOD_BROADCAST | VSW_FLOOD_MEMBER);
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

#define VSW_ALONE	(-1)

/* Puts an end into a community, or into none, or isolates it. */
static void vsw_set_community(struct vsw_test *t, int end, int community)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_ISOLATED) |
		       BIT_ULL(VSWITCH_A_PORT_COMMUNITY),
		.to.community = community == VSW_ALONE ? 0 : community,
		.isolated = community == VSW_ALONE,
	};

	vsw_test_set(t, end, &cfg);
}

static void vsw_expect_speaks(struct vsw_test *t, int from, int to, bool may)
{
	vsw_test_send(t, from, VSW_STATION(to), VSW_STATION(from));
	vsw_expect(t, from, .rx = 1, .rx_bytes = VSW_LEN,
		   .drop = may ? 0 : VSWITCH_A_DROPS_ISOLATED);
	if (may) {
		vsw_expect_got(t, to);
		vsw_expect(t, to, .tx = 1, .tx_bytes = VSW_LEN);
	}
	vsw_expect_quiet(t);
}

/* Who speaks to whom: to one station, and by flooding. */
static void vsw_community_pairs(struct kunit *test)
{
	static const struct {
		int is[VSW_LAST + 1];
		u8 may[VSW_LAST + 1];	/* ends that each one speaks to */
	} c[] = {
		{ { 0, 0, 0, 0, 0 }, { 0x1e, 0x1d, 0x1b, 0x17, 0x0f } },
		{ { 0, VSW_ALONE, 0, 0, 0 }, { 0x1e, 0x1d, 0x1b, 0x17, 0x0f } },
		{ { 0, VSW_ALONE, VSW_ALONE, 0, 0 },
		  { 0x1e, 0x19, 0x19, 0x17, 0x0f } },
		{ { 0, VSW_ALONE, VSW_ALONE, VSW_ALONE, VSW_ALONE },
		  { 0x1e, 0x01, 0x01, 0x01, 0x01 } },
		{ { 0, 5, 5, 0, 0 }, { 0x1e, 0x1d, 0x1b, 0x17, 0x0f } },
		{ { 0, 5, 5, 6, 0 }, { 0x1e, 0x15, 0x13, 0x11, 0x0f } },
		{ { 0, 5, 5, 6, 6 }, { 0x1e, 0x05, 0x03, 0x11, 0x09 } },
		{ { 0, 5, 5, VSW_ALONE, 0 }, { 0x1e, 0x15, 0x13, 0x11, 0x0f } },
		{ { 0, 1, 65534, 1, 65534 }, { 0x1e, 0x09, 0x11, 0x03, 0x05 } },
		/* The ends are set in this order, from what they were before. */
		{ { 0, 0, VSW_ALONE, 0, 1 }, { 0x1e, 0x1d, 0x0b, 0x17, 0x0b } },
		{ { 0, 0, 0, 0, 0 }, { 0x1e, 0x1d, 0x1b, 0x17, 0x0f } },
	};
	struct vsw_test *t = test->priv;
	int n, from, to;

	for (from = 1; from <= VSW_LAST; from++)
		vsw_test_teach(t, from, VSW_STATION(from), 0);
	for (n = 0; n < ARRAY_SIZE(c); n++) {
		for (from = 1; from <= VSW_LAST; from++)
			vsw_set_community(t, from, c[n].is[from]);
		for (from = 1; from <= VSW_LAST; from++) {
			for (to = 1; to <= VSW_LAST; to++)
				if (to != from)
					vsw_expect_speaks(t, from, to,
							  c[n].may[from] & BIT(to));
			vsw_test_send(t, from, VSW_TEST_BROADCAST,
				      VSW_STATION(from));
			vsw_expect(t, from, .rx = 1, .rx_bytes = VSW_LEN,
				   .broadcast = 1);
			vsw_expect_flooded(t, c[n].may[from]);
		}
		vsw_test_send(t, 0, VSW_TEST_BROADCAST, VSW_TEST_SWITCH);
		vsw_expect(t, 0, .rx = 1, .rx_bytes = VSW_LEN, .broadcast = 1);
		vsw_expect_flooded(t, c[n].may[0]);
	}
}

/* What one setting does to the other. */
static void vsw_community_or_isolated(struct kunit *test)
{
	static const struct {
		bool has_isolated, isolated, has_community;
		u16 community, want;
	} c[] = {
		{ true, true, false, 0, VSW_ISOLATED },
		{ false, false, true, 0, VSW_ISOLATED },
		{ false, false, true, 5, 5 },
		{ true, false, false, 0, 5 },
		{ true, true, true, 0, VSW_ISOLATED },
		{ true, false, true, 9, 9 },
		{ true, true, false, 0, VSW_ISOLATED },
		{ true, false, false, 0, 0 },
		{ false, false, true, 7, 7 },
		{ false, false, true, 0, 0 },
	};
	struct vsw_test *t = test->priv;
	const struct vsw_policy *pol;
	int i;

	for (i = 0; i < ARRAY_SIZE(c); i++) {
		const struct vsw_port_cfg cfg = {
			.set = (c[i].has_isolated ?
				BIT_ULL(VSWITCH_A_PORT_ISOLATED) : 0) |
			       (c[i].has_community ?
				BIT_ULL(VSWITCH_A_PORT_COMMUNITY) : 0),
			.to.community = c[i].community,
			.isolated = c[i].isolated,
		};

		vsw_test_set(t, 1, &cfg);
		rtnl_lock();
		pol = rtnl_dereference(t->end[1].port->policy);
		KUNIT_EXPECT_EQ(test, pol->is.community, c[i].want);
		KUNIT_EXPECT_EQ(test, pol->confined,
				c[i].want ? VSW_CONFINED_COMMUNITY : 0);
		rtnl_unlock();
	}
}

/* An uplink may be confined, too, and what is wrong first is said. */
static void vsw_community_of_uplinks(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	for (i = 1; i <= VSW_LAST; i++)
		vsw_test_teach(t, i, VSW_STATION(i), 0);
	vsw_test_role(t, 1, VSWITCH_ROLE_UPLINK);
	vsw_test_role(t, 2, VSWITCH_ROLE_UPLINK);
	vsw_set_community(t, 1, 5);
	vsw_set_community(t, 2, 5);
	vsw_set_community(t, 3, VSW_ALONE);
	vsw_expect_speaks(t, 1, 3, false);
	vsw_expect_speaks(t, 1, 4, true);
	vsw_expect_speaks(t, 3, 1, false);
	vsw_test_send(t, 1, VSW_STATION(2), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN,
		   .drop = VSWITCH_A_DROPS_UPLINK_TO_UPLINK);
	vsw_expect_quiet(t);
	vsw_set_community(t, 3, 5);
	vsw_expect_speaks(t, 1, 3, true);
	vsw_expect_speaks(t, 3, 2, true);
}

/* Behind an isolated port are neighbours that do not speak to each other. */
static void vsw_hairpin_of_confined(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 1, VSW_STATION(1), 0);
	vsw_test_teach(t, 1, VSW_STATION(9), 0);
	vsw_set_hairpin(t, 1, true);
	vsw_set_community(t, 1, VSW_ALONE);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN,
		   .drop = VSWITCH_A_DROPS_ISOLATED);
	vsw_expect_quiet(t);
	vsw_test_send(t, 1, VSW_STATION(8), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect_flooded(t, 0x1c);

	vsw_set_community(t, 1, 3);
	vsw_set_community(t, 2, 4);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect_got(t, 1);
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .tx = 1,
		   .tx_bytes = VSW_LEN);
	vsw_expect_quiet(t);
	vsw_test_send(t, 1, VSW_STATION(8), VSW_STATION(1));
	vsw_expect_got(t, 1);
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .tx = 1,
		   .tx_bytes = VSW_LEN, .flooded = 1);
	vsw_expect_flooded(t, 0x18);
}

/* Nobody but isolated ones is there: not to be told from an empty switch. */
static void vsw_isolated_from_all(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	vsw_test_teach(t, 1, VSW_STATION(1), 0);
	for (i = 1; i <= VSW_LAST; i++)
		vsw_set_community(t, i, VSW_ALONE);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN,
		   .drop = VSWITCH_A_DROPS_NO_EGRESS);
	vsw_expect_quiet(t);
}

/* With a setting of the switch's own, of which it is the one that may be refused. */
static int vsw_set_mtu(struct vsw_test *t, int end, u32 mtu, u8 flood)
{
	const struct {
		struct nlattr head;
		u32 mtu;
	} attr = {
		.head = { .nla_len = NLA_HDRLEN + sizeof(u32),
			  .nla_type = VSWITCH_A_PORT_MTU },
		.mtu = mtu,
	};
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_FLOOD),
		.to.flood = flood,
		.mtu = &attr.head,
	};
	struct netlink_ext_ack extack = {};
	int err;

	rtnl_lock();
	err = vsw_port_set(t->end[end].port, &cfg, &extack);
	rtnl_unlock();
	/* A refusal is explained, and so is an MTU that is not the switch's. */
	KUNIT_EXPECT_EQ(t->test, !!extack._msg,
			err || mtu != READ_ONCE(t->sw->dev->mtu));
	return err;
}

static void vsw_mtu_with_settings(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	const struct net_device *dev = t->end[1].dev;

	KUNIT_EXPECT_EQ(test, vsw_set_mtu(t, 1, 1400, 1), 0);
	KUNIT_EXPECT_EQ(test, dev->mtu, 1400);
	KUNIT_EXPECT_EQ(test, t->end[1].port->flood,
			1 | VSW_FLOOD_MEMBER);
	KUNIT_EXPECT_EQ(test, vsw_set_mtu(t, 1, dev->max_mtu + 1, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, vsw_set_mtu(t, 1, dev->min_mtu - 1, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, vsw_set_mtu(t, 1, U32_MAX, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, dev->mtu, 1400);
	KUNIT_EXPECT_EQ(test, t->end[1].port->flood,
			1 | VSW_FLOOD_MEMBER);
	KUNIT_EXPECT_EQ(test, vsw_set_mtu(t, 1, 1500, 7), 0);
	KUNIT_EXPECT_EQ(test, dev->mtu, 1500);
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
	KUNIT_CASE(vsw_community_pairs),
	KUNIT_CASE(vsw_community_or_isolated),
	KUNIT_CASE(vsw_community_of_uplinks),
	KUNIT_CASE(vsw_hairpin_of_confined),
	KUNIT_CASE(vsw_isolated_from_all),
	KUNIT_CASE(vsw_mtu_with_settings),
	{}
};

static struct kunit_suite vsw_egress_suite = {
	.name = "vswitch_egress",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_egress_cases,
};

kunit_test_suite(vsw_egress_suite);
