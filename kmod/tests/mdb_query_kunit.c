// SPDX-License-Identifier: GPL-2.0
/*
 * The questions of our own querier, and the VLANs that it asks in.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/igmp.h>
#include <linux/ip.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/mld.h>
#include "../table/mdb.h"
#include "../table/private_vlan.h"
#include "../table/vlan.h"
#include "helpers.h"

/* Where questions are looked at. */
#define VSW_HEARER	2
/* It comes after the shortest time, and not at the same one. */
#define VSW_SOON	(HZ / 4)

static int vsw_query_init(struct kunit *test)
{
	struct vsw_test *t;
	int err = vsw_test_init(test);

	if (err)
		return err;
	t = test->priv;
	rtnl_lock();
	err = vsw_mdb_set(t->sw, true, NULL);
	rtnl_unlock();
	return err;
}

static void vsw_query_on(struct vsw_test *t, bool on, u32 interval)
{
	rtnl_lock();
	vsw_mdb_set_querier(t->sw, on, interval);
	rtnl_unlock();
}

static void vsw_query_aware(struct vsw_test *t, bool aware)
{
	rtnl_lock();
	KUNIT_EXPECT_EQ(t->test, vsw_vlan_set_aware(t->sw, aware, NULL), 0);
	rtnl_unlock();
}

static void vsw_query_access(struct vsw_test *t, int end, u16 vlan)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_VLAN_MODE),
		.vlan = { .mode = VSWITCH_VLAN_MODE_ACCESS, .vid = vlan },
	};

	vsw_test_set(t, end, &cfg);
}

static void vsw_query_private(struct vsw_test *t, u16 vlan, u16 primary, u32 type)
{
	const struct vsw_private_change ch = { vlan, primary, type };
	u32 bad;

	rtnl_lock();
	KUNIT_EXPECT_EQ(t->test, vsw_private_vlans_set(t->sw, &ch, 1, &bad, NULL), 0);
	rtnl_unlock();
}

/* Number of frames that an end got since the last time. */
static u32 vsw_query_num(struct vsw_test *t, int end)
{
	u32 num = skb_queue_len(&t->end[end].got);

	skb_queue_purge(&t->end[end].got);
	return num;
}

static void vsw_query_check_igmp(struct kunit *test, struct sk_buff *skb,
				 __be32 group, u8 code)
{
	const struct igmpv3_query *q;

	KUNIT_ASSERT_EQ(test, ip_mc_check_igmp(skb), 0);
	q = igmpv3_query_hdr(skb);
	KUNIT_EXPECT_EQ(test, ip_transport_len(skb), sizeof(*q));
	KUNIT_EXPECT_EQ(test, q->type, IGMP_HOST_MEMBERSHIP_QUERY);
	KUNIT_EXPECT_EQ(test, q->code, code);
	KUNIT_EXPECT_EQ(test, q->group, group);
	KUNIT_EXPECT_EQ(test, (u8)q->qrv, VSW_MDB_ROBUSTNESS);
	KUNIT_EXPECT_EQ(test, q->qqic, VSW_MDB_QUERY_INTERVAL);
	KUNIT_EXPECT_EQ(test, q->nsrcs, 0);
	/* RFC 3376 4 */
	KUNIT_EXPECT_EQ(test, ip_hdr(skb)->ttl, 1);
	KUNIT_EXPECT_EQ(test, ip_hdrlen(skb), sizeof(struct iphdr) + 4);
	KUNIT_EXPECT_EQ(test, ip_hdr(skb)->daddr,
			group ?: htonl(INADDR_ALLHOSTS_GROUP));
}

static void vsw_query_check_mld(struct kunit *test, struct sk_buff *skb)
{
	const struct mld2_query *q;

	KUNIT_ASSERT_EQ(test, ipv6_mc_check_mld(skb), 0);
	q = (const void *)skb_transport_header(skb);
	KUNIT_EXPECT_EQ(test, ipv6_transport_len(skb), sizeof(*q));
	KUNIT_EXPECT_EQ(test, q->mld2q_type, ICMPV6_MGM_QUERY);
	KUNIT_EXPECT_EQ(test, ntohs(q->mld2q_mrc), VSW_MDB_RESPONSE * MSEC_PER_SEC);
	KUNIT_EXPECT_TRUE(test, ipv6_addr_any(&q->mld2q_mca));
	KUNIT_EXPECT_EQ(test, (u8)q->mld2q_qrv, VSW_MDB_ROBUSTNESS);
	KUNIT_EXPECT_EQ(test, q->mld2q_qqic, VSW_MDB_QUERY_INTERVAL);
	KUNIT_EXPECT_EQ(test, ipv6_hdr(skb)->hop_limit, 1);
}

/* The kernel's own checks take them, of the newest version of each protocol. */
static void vsw_query_is_right(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct sk_buff *skb;
	int mld = 0, igmp = 0;

	vsw_query_on(t, true, VSW_MDB_QUERY_INTERVAL);
	schedule_timeout_uninterruptible(VSW_SOON);
	while ((skb = skb_dequeue(&t->end[VSW_HEARER].got))) {
		skb_reset_mac_header(skb);
		skb_pull(skb, ETH_HLEN);
		skb_reset_network_header(skb);
		if (eth_hdr(skb)->h_proto == htons(ETH_P_IP)) {
			vsw_query_check_igmp(test, skb, 0,
					     VSW_MDB_RESPONSE * IGMP_TIMER_SCALE);
			igmp++;
		} else {
			vsw_query_check_mld(test, skb);
			mld++;
		}
		kfree_skb(skb);
	}
	KUNIT_EXPECT_EQ(test, mld, 1);
	KUNIT_EXPECT_EQ(test, igmp, 1);
	vsw_query_on(t, false, VSW_MDB_QUERY_INTERVAL);
}

/* Not all at once, and nevertheless in time, with the shortest interval. */
static void vsw_query_many_vlans(struct kunit *test)
{
	const u32 all = 2 * VSWITCH_VLAN_MAX;
	struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_VLAN_MODE),
		.vlan = { .mode = VSWITCH_VLAN_MODE_TRUNK },
	};
	struct vsw_test *t = test->priv;
	u32 num;

	cfg.vlan.vlans = kvzalloc(sizeof(*cfg.vlan.vlans), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, cfg.vlan.vlans);
	cfg.vlan.vlans->plain = true;
	bitmap_set(cfg.vlan.vlans->member, 1, VSWITCH_VLAN_MAX);
	vsw_test_set(t, VSW_HEARER, &cfg);
	kvfree(cfg.vlan.vlans);
	vsw_query_aware(t, true);
	vsw_query_on(t, true, 10);
	schedule_timeout_uninterruptible(VSW_SOON);
	num = vsw_query_num(t, VSW_HEARER);
	KUNIT_EXPECT_GT(test, num, 0);
	KUNIT_EXPECT_LT(test, num, all / 4);
	ssleep(9);
	/* Some have been asked for the second time. */
	KUNIT_EXPECT_GE(test, num + vsw_query_num(t, VSW_HEARER), all);
	vsw_query_on(t, false, VSW_MDB_QUERY_INTERVAL);
	vsw_query_num(t, VSW_HEARER);
}

/* Who is in secondary VLANs is asked in the primary one, and once. */
static void vsw_query_private_vlans(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	vsw_query_access(t, 1, 100);
	vsw_query_access(t, 2, 200);
	vsw_query_access(t, 3, 201);
	vsw_query_aware(t, true);
	vsw_query_private(t, 100, 0, VSWITCH_PRIVATE_VLAN_PRIMARY);
	vsw_query_private(t, 200, 100, VSWITCH_PRIVATE_VLAN_ISOLATED);
	vsw_query_private(t, 201, 100, VSWITCH_PRIVATE_VLAN_COMMUNITY);
	vsw_query_on(t, true, VSW_MDB_QUERY_INTERVAL);
	schedule_timeout_uninterruptible(VSW_SOON);
	for (i = 1; i <= 3; i++)
		KUNIT_EXPECT_EQ_MSG(test, vsw_query_num(t, i), 2, "end %d", i);
	vsw_query_on(t, false, VSW_MDB_QUERY_INTERVAL);
}

/* A group set by hand in a VLAN that has no groups of its own any more. */
static void vsw_query_static_is_lost(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_mdb *mdb = rcu_dereference_protected(t->sw->mdb, 1);
	struct vsw_mdb_key key = { .vlan = 100 };

	ipv6_addr_set_v4mapped(htonl(0xef010203), &key.addr);
	vsw_query_aware(t, true);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vsw_mdb_add(mdb, 1, &key), 0);
	key.vlan = 200;
	KUNIT_EXPECT_EQ(test, vsw_mdb_add(mdb, 1, &key), 0);
	key.vlan = 201;
	KUNIT_EXPECT_EQ(test, vsw_mdb_add(mdb, 1, &key), 0);
	rtnl_unlock();
	vsw_query_private(t, 100, 0, VSWITCH_PRIVATE_VLAN_PRIMARY);
	KUNIT_EXPECT_EQ(test, mdb->count, 3);
	vsw_query_private(t, 200, 100, VSWITCH_PRIVATE_VLAN_ISOLATED);
	KUNIT_EXPECT_EQ(test, mdb->count, 2);
	/* What is private matters on a VLAN-aware switch alone. */
	vsw_query_aware(t, false);
	vsw_query_private(t, 201, 100, VSWITCH_PRIVATE_VLAN_COMMUNITY);
	KUNIT_EXPECT_EQ(test, mdb->count, 2);
	vsw_query_aware(t, true);
	KUNIT_EXPECT_EQ(test, mdb->count, 1);
	key.vlan = 100;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vsw_mdb_del(mdb, 1, &key), 0);
	rtnl_unlock();
}

static struct kunit_case vsw_query_cases[] = {
	KUNIT_CASE_SLOW(vsw_query_is_right),
	KUNIT_CASE_SLOW(vsw_query_many_vlans),
	KUNIT_CASE_SLOW(vsw_query_private_vlans),
	KUNIT_CASE(vsw_query_static_is_lost),
	{}
};

static struct kunit_suite vsw_query_suite = {
	.name = "vswitch_mdb_query",
	.init = vsw_query_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_query_cases,
};

kunit_test_suite(vsw_query_suite);
