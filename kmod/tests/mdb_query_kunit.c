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

/* The next frame that VSW_HEARER got, at its network header; NULL for none. */
static struct sk_buff *vsw_query_next(struct vsw_test *t)
{
	struct sk_buff *skb = skb_dequeue(&t->end[VSW_HEARER].got);

	if (!skb)
		return NULL;
	skb_reset_mac_header(skb);
	skb_pull(skb, ETH_HLEN);
	skb_reset_network_header(skb);
	return skb;
}

static void vsw_query_check_igmp(struct kunit *test, struct sk_buff *skb,
				 __be32 group, u8 code)
{
	const u8 *option = skb_network_header(skb) + sizeof(struct iphdr);
	__be32 to = group ?: htonl(INADDR_ALLHOSTS_GROUP);
	const struct igmphdr *ih;
	u8 mac[ETH_ALEN];

	KUNIT_EXPECT_EQ(test, ip_mc_check_igmp(skb), 0);
	ih = igmp_hdr(skb);
	KUNIT_EXPECT_EQ(test, ip_transport_len(skb), sizeof(*ih));
	KUNIT_EXPECT_EQ(test, ih->type, IGMP_HOST_MEMBERSHIP_QUERY);
	KUNIT_EXPECT_EQ(test, ih->code, code);
	KUNIT_EXPECT_EQ(test, ih->group, group);
	/* RFC 2236 2, RFC 2113, RFC 4541 2.1.1 */
	KUNIT_EXPECT_EQ(test, ip_hdr(skb)->ttl, 1);
	KUNIT_EXPECT_EQ(test, ip_hdrlen(skb), sizeof(struct iphdr) + 4);
	KUNIT_EXPECT_EQ(test, option[0], IPOPT_RA);
	KUNIT_EXPECT_EQ(test, option[1], 4);
	KUNIT_EXPECT_EQ(test, ip_hdr(skb)->saddr, 0);
	KUNIT_EXPECT_EQ(test, ip_hdr(skb)->daddr, to);
	ip_eth_mc_map(to, mac);
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(eth_hdr(skb)->h_dest, mac));
}

static void vsw_query_check_mld(struct kunit *test, struct sk_buff *skb,
				const struct in6_addr *group, u16 delay)
{
	const u8 *option = skb_network_header(skb) + sizeof(struct ipv6hdr);
	struct in6_addr all = IN6ADDR_LINKLOCAL_ALLNODES_INIT;
	const struct in6_addr *to = ipv6_addr_any(group) ? &all : group;
	const struct mld_msg *mld;
	u8 mac[ETH_ALEN];

	KUNIT_EXPECT_EQ(test, ipv6_mc_check_mld(skb), 0);
	mld = (const void *)skb_transport_header(skb);
	KUNIT_EXPECT_EQ(test, ipv6_transport_len(skb), sizeof(*mld));
	KUNIT_EXPECT_EQ(test, mld->mld_type, ICMPV6_MGM_QUERY);
	KUNIT_EXPECT_EQ(test, ntohs(mld->mld_maxdelay), delay);
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&mld->mld_mca, group));
	/* RFC 2710 3, RFC 2711 */
	KUNIT_EXPECT_EQ(test, ipv6_hdr(skb)->hop_limit, 1);
	KUNIT_EXPECT_EQ(test, option[2], IPV6_TLV_ROUTERALERT);
	KUNIT_EXPECT_EQ(test, option[3], 2);
	KUNIT_EXPECT_EQ(test, ipv6_addr_type(&ipv6_hdr(skb)->saddr) &
			IPV6_ADDR_LINKLOCAL, IPV6_ADDR_LINKLOCAL);
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&ipv6_hdr(skb)->daddr, to));
	ipv6_eth_mc_map(to, mac);
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(eth_hdr(skb)->h_dest, mac));
}

/* The next questions are one with each protocol, about these groups. */
static void vsw_query_check(struct kunit *test, __be32 group,
			    const struct in6_addr *group6, unsigned int seconds)
{
	struct sk_buff *skb;
	int mld = 0, igmp = 0;

	while ((skb = vsw_query_next(test->priv))) {
		if (eth_hdr(skb)->h_proto == htons(ETH_P_IP)) {
			vsw_query_check_igmp(test, skb, group,
					     seconds * IGMP_TIMER_SCALE);
			igmp++;
		} else {
			vsw_query_check_mld(test, skb, group6,
					    seconds * MSEC_PER_SEC);
			mld++;
		}
		kfree_skb(skb);
	}
	KUNIT_EXPECT_EQ(test, mld, 1);
	KUNIT_EXPECT_EQ(test, igmp, 1);
}

/* The kernel's own checks take them: about all groups, and who has left one. */
static void vsw_query_is_right(struct kunit *test)
{
	const struct vsw_settings is = {};
	struct vsw_test *t = test->priv;
	struct vsw_mdb *mdb = rcu_dereference_protected(t->sw->mdb, 1);
	struct vsw_mdb_key key = {}, key6 = {};

	vsw_query_on(t, true, VSW_MDB_QUERY_INTERVAL);
	schedule_timeout_uninterruptible(VSW_SOON);
	vsw_query_check(test, 0, &key6.addr, VSW_MDB_RESPONSE);

	ipv6_addr_set_v4mapped(htonl(0xef010203), &key.addr);
	ipv6_addr_set(&key6.addr, htonl(0xff050000), 0, 0, htonl(0x1234));
	local_bh_disable();
	vsw_mdb_join(mdb, t->end[1].port, &is, &key);
	vsw_mdb_join(mdb, t->end[1].port, &is, &key6);
	vsw_mdb_leave(mdb, t->end[1].port, &is, &key);
	vsw_mdb_leave(mdb, t->end[1].port, &is, &key6);
	local_bh_enable();
	schedule_timeout_uninterruptible(VSW_SOON);
	vsw_query_check(test, htonl(0xef010203), &key6.addr, 1);
	vsw_query_on(t, false, VSW_MDB_QUERY_INTERVAL);
}

/* In which VLANs a question was heard, with each protocol. */
static void vsw_query_heard(struct vsw_test *t, unsigned long *igmp, unsigned long *mld)
{
	struct sk_buff *skb;
	u16 vid;

	while ((skb = vsw_query_next(t))) {
		vid = skb_vlan_tag_present(skb) ? skb_vlan_tag_get_id(skb) :
		      ntohs(*(__be16 *)skb->data) & VLAN_VID_MASK;
		if (skb_vlan_tag_present(skb) ?
		    eth_hdr(skb)->h_proto == htons(ETH_P_IP) :
		    *(__be16 *)(skb->data + 2) == htons(ETH_P_IP))
			__set_bit(vid, igmp);
		else
			__set_bit(vid, mld);
		kfree_skb(skb);
	}
}

static void vsw_query_trunk(struct vsw_test *t, unsigned int first, unsigned int num)
{
	struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_VLAN_MODE),
		.vlan = { .mode = VSWITCH_VLAN_MODE_TRUNK },
	};

	cfg.vlan.vlans = kvzalloc(sizeof(*cfg.vlan.vlans), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(t->test, cfg.vlan.vlans);
	cfg.vlan.vlans->plain = true;
	bitmap_set(cfg.vlan.vlans->member, first, num);
	vsw_test_set(t, VSW_HEARER, &cfg);
	kvfree(cfg.vlan.vlans);
}

/* Not all at once, and all in the shortest interval; also if that was longer before. */
static void vsw_query_many_vlans(struct kunit *test)
{
	unsigned long *igmp = bitmap_zalloc(VLAN_N_VID, GFP_KERNEL);
	unsigned long *mld = bitmap_zalloc(VLAN_N_VID, GFP_KERNEL);
	struct vsw_test *t = test->priv;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, igmp);
	KUNIT_ASSERT_NOT_NULL(test, mld);
	vsw_query_trunk(t, 1, VSWITCH_VLAN_MAX);
	vsw_query_aware(t, true);
	vsw_query_on(t, true, VSW_MDB_QUERY_INTERVAL);
	schedule_timeout_uninterruptible(HZ / 10);
	vsw_query_heard(t, igmp, mld);
	KUNIT_EXPECT_GT(test, bitmap_weight(igmp, VLAN_N_VID), 0u);
	KUNIT_EXPECT_LT(test, bitmap_weight(igmp, VLAN_N_VID), VSWITCH_VLAN_MAX / 4);
	ssleep(2 * VSW_MDB_QUERY_INTERVAL);
	for (i = 0; i < 2; i++) {
		vsw_query_num(t, VSW_HEARER);
		bitmap_zero(igmp, VLAN_N_VID);
		bitmap_zero(mld, VLAN_N_VID);
		vsw_query_on(t, true, 10);
		ssleep(15);
		vsw_query_heard(t, igmp, mld);
		KUNIT_EXPECT_EQ(test, bitmap_weight(igmp, VLAN_N_VID), VSWITCH_VLAN_MAX);
		KUNIT_EXPECT_EQ(test, bitmap_weight(mld, VLAN_N_VID), VSWITCH_VLAN_MAX);
	}
	vsw_query_on(t, false, VSW_MDB_QUERY_INTERVAL);
	vsw_query_num(t, VSW_HEARER);
	bitmap_free(igmp);
	bitmap_free(mld);
}

/* Who is in secondary VLANs is asked in the primary one; a trunk that is not in that is
 * asked in those that it has.  There is but one querier.
 */
static void vsw_query_private_vlans(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_mdb *mdb = rcu_dereference_protected(t->sw->mdb, 1);
	int i;

	vsw_query_access(t, 0, 100);
	vsw_query_access(t, 1, 200);
	vsw_query_trunk(t, 201, 1);
	vsw_query_access(t, 3, 201);
	vsw_query_aware(t, true);
	vsw_query_private(t, 100, 0, VSWITCH_PRIVATE_VLAN_PRIMARY);
	vsw_query_private(t, 200, 100, VSWITCH_PRIVATE_VLAN_ISOLATED);
	vsw_query_private(t, 201, 100, VSWITCH_PRIVATE_VLAN_COMMUNITY);
	vsw_query_on(t, true, VSW_MDB_QUERY_INTERVAL);
	schedule_timeout_uninterruptible(VSW_SOON);
	for (i = 1; i <= 3; i++)
		KUNIT_EXPECT_GE_MSG(test, vsw_query_num(t, i), 2u, "end %d", i);
	KUNIT_EXPECT_TRUE(test, rcu_access_pointer(mdb->vlan[100]));
	KUNIT_EXPECT_FALSE(test, rcu_access_pointer(mdb->vlan[200]));
	KUNIT_EXPECT_FALSE(test, rcu_access_pointer(mdb->vlan[201]));
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
