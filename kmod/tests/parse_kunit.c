// SPDX-License-Identifier: GPL-2.0
/*
 * What the switch reads from a frame, and what a port may not say.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/unaligned.h>
#include "helpers.h"

#define VSW_GROUP	0x01005e000001ULL
#define VSW_RESERVED(n)	(0x0180c2000000ULL + (n))

/* All that is found out on the way in, from an skb as the core would hand it over. */
static vsw_verdict_t vsw_parse(struct vsw_test *t, struct sk_buff *skb,
			       struct vsw_frame *f)
{
	vsw_verdict_t v;

	*f = (struct vsw_frame){
		.skb = skb,
		.sw = t->sw,
		.in = t->end[1].port,
		.mode = t->sw->mode,
	};
	skb_reset_mac_header(skb);
	__skb_pull(skb, ETH_HLEN);
	local_bh_disable();
	rcu_read_lock();
	f->policy = rcu_dereference(f->in->policy);
	vsw_in_dest(f);
	v = vsw_in_parse(f);
	if (v == VSW_NEXT)
		v = vsw_in_policy(f);
	if (v == VSW_NEXT)
		v = vsw_in_vlan(f);
	rcu_read_unlock();
	local_bh_enable();
	return v;
}

static void vsw_parse_kind_case(struct vsw_test *t, u64 dest,
				enum vsw_frame_kind kind, bool reserved)
{
	struct vsw_frame f;
	struct sk_buff *skb;

	vsw_test_frame(t, dest, VSW_STATION(1), VSW_TEST_LEN, NULL, 0);
	skb = vsw_test_skb(t, VSW_TEST_LEN);
	KUNIT_EXPECT_TRUE(t->test, vsw_parse(t, skb, &f) ==
				   (reserved ? VSW_TO_PORT_DEV : VSW_NEXT));
	KUNIT_EXPECT_EQ(t->test, (int)f.kind, (int)kind);
	KUNIT_EXPECT_EQ(t->test, f.len, VSW_TEST_LEN);
	KUNIT_EXPECT_EQ(t->test, f.fid, vsw_fdb_key_of(0, 0));
	kfree_skb(skb);
}

/* A guest's spanning tree is kept from the host's, see guard_kunit.c. */
static void vsw_policy_no_guard(struct vsw_test *t)
{
	static const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_GUARD),
		.guard = BIT(VSWITCH_A_GUARD_BPDU_GUARD),
		.to.guard.bpdu = VSWITCH_BPDU_GUARD_OFF,
	};

	vsw_test_set(t, 1, &cfg);
}

static void vsw_parse_kinds(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_policy_no_guard(t);
	vsw_parse_kind_case(t, VSW_STATION(2), VSW_UNICAST, false);
	vsw_parse_kind_case(t, 0x00163e000001ULL, VSW_UNICAST, false);
	vsw_parse_kind_case(t, VSW_GROUP, VSW_MULTICAST, false);
	vsw_parse_kind_case(t, 0x333300000001ULL, VSW_MULTICAST, false);
	vsw_parse_kind_case(t, 0xfffffffffffeULL, VSW_MULTICAST, false);
	vsw_parse_kind_case(t, VSW_TEST_BROADCAST, VSW_BROADCAST, false);
	vsw_parse_kind_case(t, VSW_RESERVED(0), VSW_MULTICAST, true);
	vsw_parse_kind_case(t, VSW_RESERVED(15), VSW_MULTICAST, true);
	vsw_parse_kind_case(t, VSW_RESERVED(16), VSW_MULTICAST, false);
}

/* Beside the skb or inside the data, the tag means the same. */
static void vsw_parse_tag_case(struct vsw_test *t, const u32 *tags,
			       unsigned int num, unsigned int linear, u16 vid)
{
	struct vsw_frame f;
	struct sk_buff *skb;
	int beside;

	for (beside = 0; beside < 2; beside++) {
		vsw_test_frame(t, VSW_STATION(2), VSW_STATION(1), VSW_TEST_LEN,
			       tags, num);
		skb = vsw_test_skb(t, linear);
		if (beside)
			vsw_test_skb_tag(t, skb);
		KUNIT_EXPECT_TRUE(t->test, vsw_parse(t, skb, &f) == VSW_NEXT);
		KUNIT_EXPECT_EQ(t->test, f.fid, vsw_fdb_key_of(0, vid));
		KUNIT_EXPECT_EQ(t->test, f.len, VSW_TEST_LEN);
		kfree_skb(skb);
	}
}

static void vsw_parse_vlan_of_outer_tag(struct kunit *test)
{
	static const u32 one[] = { VSW_TAG(ETH_P_8021Q, 0xb123) };
	static const u32 last[] = { VSW_TAG(ETH_P_8021Q, 4094) };
	static const u32 two[] = {
		VSW_TAG(ETH_P_8021Q, 5), VSW_TAG(ETH_P_8021Q, 6),
	};
	struct vsw_test *t = test->priv;

	vsw_parse_tag_case(t, one, 1, VSW_TEST_LEN, 0x123);
	vsw_parse_tag_case(t, last, 1, VSW_TEST_LEN, 4094);
	vsw_parse_tag_case(t, two, 2, VSW_TEST_LEN, 5);
}

static void vsw_parse_priority_tag_is_no_vlan(struct kunit *test)
{
	static const u32 tag[] = { VSW_TAG(ETH_P_8021Q, 0xe000) };

	vsw_parse_tag_case(test->priv, tag, 1, VSW_TEST_LEN, 0);
}

static void vsw_parse_8021ad_tag_is_payload(struct kunit *test)
{
	static const u32 tag[] = {
		VSW_TAG(ETH_P_8021AD, 5), VSW_TAG(ETH_P_8021Q, 6),
	};

	vsw_parse_tag_case(test->priv, tag, 1, VSW_TEST_LEN, 0);
	vsw_parse_tag_case(test->priv, tag, 2, VSW_TEST_LEN, 0);
}

static void vsw_parse_tag_outside_linear_part(struct kunit *test)
{
	static const u32 tag[] = { VSW_TAG(ETH_P_8021Q, 7) };

	vsw_parse_tag_case(test->priv, tag, 1, ETH_HLEN, 7);
	vsw_parse_tag_case(test->priv, tag, 1, ETH_HLEN + 2, 7);
}

static void vsw_parse_host_runt_dropped(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	/* Shorter than a header: not even counted as a frame. */
	vsw_test_frame(t, VSW_TEST_BROADCAST, VSW_TEST_SWITCH, ETH_HLEN, NULL,
		       0);
	t->len = ETH_HLEN - 1;
	vsw_test_send_skb(t, 0, vsw_test_skb(t, t->len));
	vsw_expect(t, 0, .drop = VSWITCH_A_DROPS_RUNT);
	vsw_expect_quiet(t);
}

static void vsw_parse_host_header_alone_passes(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	vsw_test_frame(t, VSW_TEST_BROADCAST, VSW_TEST_SWITCH, ETH_HLEN, NULL,
		       0);
	vsw_test_send_skb(t, 0, vsw_test_skb(t, t->len));
	vsw_expect(t, 0, .rx = 1, .rx_bytes = ETH_HLEN, .broadcast = 1);
	for (i = 1; i <= VSW_TEST_PORTS_USUAL; i++) {
		vsw_expect_got(t, i);
		vsw_expect(t, i, .tx = 1, .tx_bytes = ETH_HLEN, .flooded = 1);
	}
	vsw_expect_quiet(t);
}

static void vsw_parse_host_truncated_tag_dropped(struct kunit *test)
{
	static const u32 tag[] = { VSW_TAG(ETH_P_8021Q, 7) };
	struct vsw_test *t = test->priv;
	int cut;

	for (cut = 1; cut <= VLAN_HLEN; cut++) {
		vsw_test_frame(t, VSW_TEST_BROADCAST, VSW_TEST_SWITCH,
			       VLAN_ETH_HLEN, tag, 1);
		t->len -= cut;
		vsw_test_send_skb(t, 0, vsw_test_skb(t, t->len));
		vsw_expect(t, 0, .rx = 1, .rx_bytes = t->len, .broadcast = 1,
			   .drop = VSWITCH_A_DROPS_RUNT);
		vsw_expect_quiet(t);
	}
}

static void vsw_parse_bad_source_dropped(struct kunit *test)
{
	static const u64 bad[] = {
		0, VSW_GROUP, VSW_TEST_BROADCAST, VSW_RESERVED(0),
	};
	struct vsw_test *t = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		vsw_test_send(t, 1, VSW_STATION(2), bad[i]);
		vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_TEST_LEN,
			   .drop = VSWITCH_A_DROPS_BAD_SOURCE);
		vsw_expect_quiet(t);
		KUNIT_EXPECT_EQ(test, vsw_test_find(t, vsw_test_key(bad[i], 0)),
				0);

		vsw_test_send(t, 0, VSW_STATION(2), bad[i]);
		vsw_expect(t, 0, .rx = 1, .rx_bytes = VSW_TEST_LEN,
			   .drop = VSWITCH_A_DROPS_BAD_SOURCE);
		vsw_expect_quiet(t);
	}
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 0);
}

static void vsw_parse_own_source_dropped(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_send(t, 1, VSW_TEST_BROADCAST, VSW_TEST_SWITCH);
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_TEST_LEN, .broadcast = 1,
		   .drop = VSWITCH_A_DROPS_OWN_SOURCE);
	vsw_expect_quiet(t);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 0);
}

/* Dropped before it could teach anything. */
static void vsw_expect_port_down(struct vsw_test *t)
{
	vsw_test_send(t, 1, VSW_TEST_BROADCAST, VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_TEST_LEN, .broadcast = 1,
		   .drop = VSWITCH_A_DROPS_PORT_DOWN);
	vsw_expect_quiet(t);
	KUNIT_EXPECT_EQ(t->test, t->sw->fdb.count, 0);
}

/* A frame that came before the port was set down, and is here after the flush. */
static void vsw_policy_late_frame_drops(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	clear_bit(__LINK_STATE_START, &t->end[1].dev->state);
	vsw_expect_port_down(t);
	set_bit(__LINK_STATE_START, &t->end[1].dev->state);
}

static void vsw_policy_switch_down_drops(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_up(t, 0, false);
	vsw_expect_port_down(t);
}

/* A tap takes frames all the same. */
static void vsw_policy_no_carrier_drops(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_carrier(t, 1, false);
	vsw_expect_port_down(t);
	vsw_test_carrier(t, 1, true);
}

/* Flooded from port 1 to the other ports and the host. */
static void vsw_expect_flooded_group(struct vsw_test *t, u32 learned)
{
	int i;

	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_TEST_LEN, .multicast = 1,
		   .learned = learned);
	for (i = 0; i <= VSW_TEST_PORTS_USUAL; i++) {
		if (i == 1)
			continue;
		vsw_expect_got(t, i);
		vsw_expect(t, i, .tx = 1, .tx_bytes = VSW_TEST_LEN,
			   .flooded = 1);
	}
	vsw_expect_quiet(t);
}

static void vsw_policy_reserved_default(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	vsw_policy_no_guard(t);
	for (i = 0; i < 16; i++) {
		vsw_test_send(t, 1, VSW_RESERVED(i), VSW_STATION(1));
		if (i == 1) {
			vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_TEST_LEN,
				   .multicast = 1,
				   .drop = VSWITCH_A_DROPS_RESERVED_GROUP);
		} else {
			vsw_expect_got_up(t, 1);
			vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_TEST_LEN,
				   .multicast = 1);
		}
		vsw_expect_quiet(t);
	}
	/* Who speaks to the next station only, is not one of the LAN. */
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 0);

	vsw_test_send(t, 1, VSW_RESERVED(16), VSW_STATION(1));
	vsw_expect_flooded_group(t, 1);
}

static void vsw_policy_reserved_forwarded_if_set(struct kunit *test)
{
	struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_GROUP_FORWARD),
	};
	struct vsw_test *t = test->priv;
	int i;

	for (i = 0; i < 16; i++) {
		cfg.to.group_forward = BIT(i);
		vsw_test_set(t, 1, &cfg);
		vsw_test_send(t, 1, VSW_RESERVED(i), VSW_STATION(1));
		vsw_expect_flooded_group(t, i == 0);

		/* Neither another group nor another port. */
		vsw_test_send(t, 1, VSW_RESERVED(i == 2 ? 3 : 2),
			      VSW_STATION(1));
		vsw_expect_got_up(t, 1);
		vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_TEST_LEN,
			   .multicast = 1);
		vsw_test_send(t, 2, VSW_RESERVED(2), VSW_STATION(2));
		vsw_expect_got_up(t, 2);
		vsw_expect(t, 2, .rx = 1, .rx_bytes = VSW_TEST_LEN,
			   .multicast = 1);
		vsw_expect_quiet(t);
	}
}

static void vsw_policy_reserved_dropped_if_set(struct kunit *test)
{
	struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_GROUP_HOST),
	};
	struct vsw_test *t = test->priv;
	int i;

	vsw_policy_no_guard(t);
	for (i = 0; i < 16; i++) {
		cfg.to.group_host = (u16)~BIT(i);
		vsw_test_set(t, 1, &cfg);
		vsw_test_send(t, 1, VSW_RESERVED(i), VSW_STATION(1));
		vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_TEST_LEN,
			   .multicast = 1,
			   .drop = VSWITCH_A_DROPS_RESERVED_GROUP);
		vsw_expect_quiet(t);

		cfg.to.group_host = BIT(i);
		vsw_test_set(t, 1, &cfg);
		vsw_test_send(t, 1, VSW_RESERVED(i), VSW_STATION(1));
		vsw_expect_got_up(t, 1);
		vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_TEST_LEN,
			   .multicast = 1);
		vsw_expect_quiet(t);
	}
}

/* The host speaks LLDP on the port's device, not through the switch. */
static void vsw_policy_reserved_from_host_dropped(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	for (i = 0; i < 16; i++) {
		vsw_test_send(t, 0, VSW_RESERVED(i), VSW_TEST_SWITCH);
		vsw_expect(t, 0, .rx = 1, .rx_bytes = VSW_TEST_LEN,
			   .multicast = 1,
			   .drop = VSWITCH_A_DROPS_RESERVED_GROUP);
		vsw_expect_quiet(t);
	}
}

static struct kunit_case vsw_parse_cases[] = {
	KUNIT_CASE(vsw_parse_kinds),
	KUNIT_CASE(vsw_parse_vlan_of_outer_tag),
	KUNIT_CASE(vsw_parse_priority_tag_is_no_vlan),
	KUNIT_CASE(vsw_parse_8021ad_tag_is_payload),
	KUNIT_CASE(vsw_parse_tag_outside_linear_part),
	KUNIT_CASE(vsw_parse_host_runt_dropped),
	KUNIT_CASE(vsw_parse_host_header_alone_passes),
	KUNIT_CASE(vsw_parse_host_truncated_tag_dropped),
	KUNIT_CASE(vsw_parse_bad_source_dropped),
	KUNIT_CASE(vsw_parse_own_source_dropped),
	KUNIT_CASE(vsw_policy_late_frame_drops),
	KUNIT_CASE(vsw_policy_switch_down_drops),
	KUNIT_CASE(vsw_policy_no_carrier_drops),
	KUNIT_CASE(vsw_policy_reserved_default),
	KUNIT_CASE(vsw_policy_reserved_forwarded_if_set),
	KUNIT_CASE(vsw_policy_reserved_dropped_if_set),
	KUNIT_CASE(vsw_policy_reserved_from_host_dropped),
	{}
};

static struct kunit_suite vsw_parse_suite = {
	.name = "vswitch_parse",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_parse_cases,
};

kunit_test_suite(vsw_parse_suite);
