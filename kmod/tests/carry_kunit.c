// SPDX-License-Identifier: GPL-2.0
/*
 * Frames come out as they went in, whatever their tags and however their bytes
 * lie in memory, from each end to each other one.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include "helpers.h"

#define VSW_LAST	VSW_TEST_PORTS_USUAL
#define VSW_CARRIED	1400

/* How the tags of a frame arrive. */
static const struct vsw_carry {
	const char *name;
	unsigned int num;
	u32 tags[3];
} vsw_carries[] = {
	{ "untagged", 0, {} },
	{ "tagged", 1, { VSW_TAG(ETH_P_8021Q, 0x6007) } },
	{ "priority-tagged", 1, { VSW_TAG(ETH_P_8021Q, 0xa000) } },
	{ "with CFI", 1, { VSW_TAG(ETH_P_8021Q, 0x1fff) } },
	{ "802.1ad", 1, { VSW_TAG(ETH_P_8021AD, 0x2064) } },
	{ "802.1ad and 802.1Q", 2,
	  { VSW_TAG(ETH_P_8021AD, 100), VSW_TAG(ETH_P_8021Q, 7) } },
	{ "tagged twice", 2,
	  { VSW_TAG(ETH_P_8021Q, 7), VSW_TAG(ETH_P_8021Q, 8) } },
	{ "tagged thrice", 3,
	  { VSW_TAG(ETH_P_8021Q, 7), VSW_TAG(ETH_P_8021Q, 0),
	    VSW_TAG(ETH_P_8021Q, 9) } },
};

/* Sends the frame of t once and expects it at all ends but that one. */
static void vsw_carry_flood(struct vsw_test *t, int from, struct sk_buff *skb)
{
	int i;

	vsw_test_send_skb(t, from, skb);
	for (i = 0; i <= VSW_LAST; i++)
		if (i != from)
			vsw_expect_got(t, i);
	for (i = 0; i <= VSW_LAST; i++)
		KUNIT_EXPECT_EQ(t->test, skb_queue_len(&t->end[i].got), 0U);
	vsw_test_reset(t);
}

static void vsw_carry_unicast(struct vsw_test *t, int from, int to,
			      struct sk_buff *skb)
{
	vsw_test_send_skb(t, from, skb);
	vsw_expect_got(t, to);
	KUNIT_EXPECT_EQ(t->test, t->end[to].got.qlen, 0U);
	vsw_test_reset(t);
}

/* All sorts of tags, from and to all sorts of ends, for one layout of bytes. */
static void vsw_carry_all(struct vsw_test *t, unsigned int linear)
{
	const struct vsw_carry *c;
	int from, beside;

	for (c = vsw_carries; c < vsw_carries + ARRAY_SIZE(vsw_carries); c++) {
		for (from = 0; from <= VSW_LAST; from += 2) {
			vsw_test_frame(t, VSW_TEST_BROADCAST,
				       VSW_STATION(from), VSW_CARRIED,
				       c->tags, c->num);
			for (beside = 0; beside <= !!c->num; beside++) {
				struct sk_buff *skb = vsw_test_skb(t, linear);

				if (beside)
					vsw_test_skb_tag(t, skb);
				vsw_carry_flood(t, from, skb);
			}
		}
		/* To the host alone, and to a port alone. */
		vsw_test_frame(t, VSW_TEST_SWITCH, VSW_STATION(1), VSW_CARRIED,
			       c->tags, c->num);
		vsw_carry_unicast(t, 1, 0, vsw_test_skb(t, linear));
		vsw_test_frame(t, VSW_STATION(1), VSW_STATION(3), VSW_CARRIED,
			       c->tags, c->num);
		vsw_carry_unicast(t, 3, 1, vsw_test_skb(t, linear));
		vsw_test_frame(t, VSW_STATION(1), VSW_TEST_SWITCH, VSW_CARRIED,
			       c->tags, c->num);
		vsw_carry_unicast(t, 0, 1, vsw_test_skb(t, linear));
	}
}

static void vsw_carry_linear(struct kunit *test)
{
	vsw_carry_all(test->priv, VSW_CARRIED);
}

static void vsw_carry_header_and_pages(struct kunit *test)
{
	vsw_carry_all(test->priv, ETH_HLEN);
}

static void vsw_carry_odd_head_and_pages(struct kunit *test)
{
	vsw_carry_all(test->priv, 61);
}

/* The tag is put back by software, and all is made linear, on the way out. */
static void vsw_carry_to_simple_devices(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	vsw_mock_features(t, 1, 0);
	vsw_mock_features(t, 3, NETIF_F_SG);
	for (i = 1; i <= 3; i += 2)
		KUNIT_EXPECT_FALSE(test, t->end[i].dev->features &
				   NETIF_F_HW_VLAN_CTAG_TX);
	vsw_carry_all(t, VSW_CARRIED);
	vsw_carry_all(t, ETH_HLEN);
}

static void vsw_carry_smallest_and_largest(struct kunit *test)
{
	/* Below 20 the core itself refuses a tagged frame. */
	static const unsigned int len[] = {
		20, 60, 61, 64, 1514, 1518, 4000, VSW_TEST_FRAME,
	};
	static const u32 tag[] = { VSW_TAG(ETH_P_8021Q, 7) };
	struct vsw_test *t = test->priv;
	int i;

	for (i = 0; i <= VSW_LAST; i++)
		vsw_test_mtu(t, i, VSW_TEST_FRAME);
	for (i = 0; i < ARRAY_SIZE(len); i++) {
		vsw_test_frame(t, VSW_TEST_BROADCAST, VSW_STATION(1), len[i],
			       NULL, 0);
		vsw_carry_flood(t, 1, vsw_test_skb(t, len[i]));
		vsw_test_frame(t, VSW_TEST_BROADCAST, VSW_STATION(1), len[i],
			       tag, 1);
		vsw_carry_flood(t, 1, vsw_test_skb(t, len[i]));
	}
}

/* The sender may hold the skb, as a packet socket does: it is not changed. */
static void vsw_carry_shared(struct kunit *test)
{
	static const u32 tag[] = { VSW_TAG(ETH_P_8021Q, 7) };
	struct vsw_test *t = test->priv;
	struct sk_buff *skb, *held;

	vsw_test_frame(t, VSW_TEST_BROADCAST, VSW_STATION(1), VSW_CARRIED, tag,
		       1);
	skb = vsw_test_skb(t, 200);
	held = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, held);
	vsw_carry_flood(t, 1, skb);
	KUNIT_EXPECT_EQ(test, held->len, VSW_CARRIED);
	skb_copy_bits(held, 0, t->room, held->len);
	KUNIT_EXPECT_MEMEQ(test, t->room, t->data, VSW_CARRIED);
	kfree_skb(held);

	skb = vsw_test_skb(t, 200);
	skb_get(skb);
	vsw_carry_flood(t, 1, skb);
	KUNIT_EXPECT_EQ(test, refcount_read(&skb->users), 1);
	kfree_skb(skb);
}

static struct kunit_case vsw_carry_cases[] = {
	KUNIT_CASE(vsw_carry_linear),
	KUNIT_CASE(vsw_carry_header_and_pages),
	KUNIT_CASE(vsw_carry_odd_head_and_pages),
	KUNIT_CASE(vsw_carry_to_simple_devices),
	KUNIT_CASE(vsw_carry_smallest_and_largest),
	KUNIT_CASE(vsw_carry_shared),
	{}
};

static struct kunit_suite vsw_carry_suite = {
	.name = "vswitch_carry",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_carry_cases,
};

kunit_test_suite(vsw_carry_suite);
