// SPDX-License-Identifier: GPL-2.0
/*
 * Multicast snooping: what is heard of groups, and to whom their frames go.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/igmp.h>
#include <linux/ip.h>
#include <linux/pim.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/mld.h>
#include "../table/mdb.h"
#include "../table/vlan.h"
#include "helpers.h"

#define VSW_LAST	VSW_TEST_PORTS_USUAL
/* The port with the router. */
#define VSW_ROUTER	1
#define VSW_GROUP	0xef010203	/* 239.1.2.3 */
#define VSW_GROUP2	0xef010204
#define VSW_ALL		GENMASK(VSW_LAST, 0)

static struct vsw_mdb *vsw_mdb_of(struct vsw_test *t)
{
	return rcu_dereference_protected(t->sw->mdb, 1);
}

static void vsw_mdb_switch(struct vsw_test *t, bool on)
{
	rtnl_lock();
	KUNIT_EXPECT_EQ(t->test, vsw_mdb_set(t->sw, on, NULL), 0);
	rtnl_unlock();
}

static int vsw_mdb_test_init(struct kunit *test)
{
	int err = vsw_test_init(test);

	if (!err) {
		vsw_test_role(test->priv, VSW_ROUTER, VSWITCH_ROLE_UPLINK);
		vsw_mdb_switch(test->priv, true);
	}
	return err;
}

static void vsw_mdb_cfg(struct vsw_test *t, int end, u32 what,
			struct vsw_mcast to)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_MCAST),
		.mcast = BIT(what),
		.to.mcast = to,
	};

	vsw_test_set(t, end, &cfg);
}

static struct ethhdr *vsw_eth(struct vsw_test *t)
{
	return (void *)t->data;
}

/* The IPv4 packet that is sent next, with len bytes of payload. */
static void *vsw_ip4(struct vsw_test *t, u32 from, u32 to, u8 proto, u32 len)
{
	struct iphdr *ip = (void *)(t->data + ETH_HLEN);
	u64 mac = 0x01005e000000ULL | (to & 0x7fffff);

	vsw_test_frame(t, mac, VSW_STATION(from & 0xff),
		       ETH_HLEN + sizeof(*ip) + len, NULL, 0);
	memset(ip, 0, sizeof(*ip) + len);
	vsw_eth(t)->h_proto = htons(ETH_P_IP);
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 1;
	ip->tot_len = htons(sizeof(*ip) + len);
	ip->protocol = proto;
	ip->saddr = htonl(from);
	ip->daddr = htonl(to);
	ip->check = ip_fast_csum(ip, ip->ihl);
	return ip + 1;
}

static void vsw_igmp(struct vsw_test *t, u32 from, u32 to, u8 type, u8 code,
		     u32 group)
{
	struct igmphdr *ih = vsw_ip4(t, from, to, IPPROTO_IGMP, sizeof(*ih));

	ih->type = type;
	ih->code = code;
	ih->group = htonl(group);
	ih->csum = ip_compute_csum(ih, sizeof(*ih));
}

static void *vsw_ip6(struct vsw_test *t, const struct in6_addr *to, u8 next,
		     u32 len)
{
	struct ipv6hdr *ip = (void *)(t->data + ETH_HLEN);
	u64 mac = 0x333300000000ULL | ntohl(to->s6_addr32[3]);

	vsw_test_frame(t, mac, VSW_STATION(6), ETH_HLEN + sizeof(*ip) + len,
		       NULL, 0);
	memset(ip, 0, sizeof(*ip) + len);
	vsw_eth(t)->h_proto = htons(ETH_P_IPV6);
	ip->version = 6;
	ip->hop_limit = 1;
	ip->nexthdr = next;
	ip->payload_len = htons(len);
	ipv6_addr_set(&ip->saddr, htonl(0xfe800000), 0, 0, htonl(6));
	ip->daddr = *to;
	return ip + 1;
}

static struct in6_addr vsw_in6(u32 first, u32 last)
{
	struct in6_addr addr;

	ipv6_addr_set(&addr, htonl(first), 0, 0, htonl(last));
	return addr;
}

static void vsw_mld(struct vsw_test *t, const struct in6_addr *to, u8 type,
		    u16 delay, const struct in6_addr *group)
{
	struct ipv6hdr *ip = (void *)(t->data + ETH_HLEN);
	struct mld_msg *mld;
	u8 *hbh;

	hbh = vsw_ip6(t, to, IPPROTO_HOPOPTS, 8 + sizeof(*mld));
	hbh[0] = IPPROTO_ICMPV6;
	hbh[2] = 5;
	hbh[3] = 2;
	hbh[6] = 1;
	mld = (void *)(hbh + 8);
	mld->mld_type = type;
	mld->mld_maxdelay = htons(delay);
	mld->mld_mca = *group;
	mld->mld_cksum = csum_ipv6_magic(&ip->saddr, &ip->daddr, sizeof(*mld),
					 IPPROTO_ICMPV6,
					 csum_partial(mld, sizeof(*mld), 0));
}

/* Which ends got a frame since the last time. */
static u32 vsw_who(struct vsw_test *t)
{
	u32 who = 0;
	int i;

	for (i = 0; i <= VSW_TEST_PORTS; i++) {
		if (skb_queue_len(&t->end[i].got))
			who |= BIT(i);
		skb_queue_purge(&t->end[i].got);
	}
	return who;
}

static u32 vsw_send(struct vsw_test *t, int end)
{
	vsw_who(t);
	vsw_test_send_skb(t, end, vsw_test_skb(t, t->len));
	return vsw_who(t);
}

static u32 vsw_data(struct vsw_test *t, int end, u32 group)
{
	vsw_ip4(t, 0xc0000200 + end, group, IPPROTO_UDP, 20);
	return vsw_send(t, end);
}

static u32 vsw_data6(struct vsw_test *t, int end, const struct in6_addr *group)
{
	vsw_ip6(t, group, IPPROTO_UDP, 20);
	return vsw_send(t, end);
}

static u32 vsw_query(struct vsw_test *t, int end)
{
	vsw_igmp(t, 0xc0000200 + end, INADDR_ALLHOSTS_GROUP,
		 IGMP_HOST_MEMBERSHIP_QUERY, 10, 0);
	return vsw_send(t, end);
}

static u32 vsw_report(struct vsw_test *t, int end, u32 group)
{
	vsw_igmp(t, 0xc0000200 + end, group, IGMPV2_HOST_MEMBERSHIP_REPORT, 0,
		 group);
	return vsw_send(t, end);
}

static u32 vsw_leave(struct vsw_test *t, int end, u32 group)
{
	vsw_igmp(t, 0xc0000200 + end, INADDR_ALLRTRS_GROUP,
		 IGMP_HOST_LEAVE_MESSAGE, 0, group);
	return vsw_send(t, end);
}

/* A querier is heard, and had its answers. */
static void vsw_settle(struct vsw_test *t)
{
	vsw_query(t, VSW_ROUTER);
	ssleep(3);
}

static void vsw_mdb_floods_without_querier(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_report(t, 3, VSW_GROUP);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), VSW_ALL & ~BIT(2));
	/* Nor before there was time for an answer. */
	KUNIT_EXPECT_EQ(test, vsw_query(t, VSW_ROUTER), VSW_ALL & ~BIT(VSW_ROUTER));
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), VSW_ALL & ~BIT(2));
	ssleep(3);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER) | BIT(3));
	/* That of the querier is over. */
	ssleep(VSW_MDB_OTHER_QUERIER);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), VSW_ALL & ~BIT(2));
}

static void vsw_mdb_prunes_to_members(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_settle(t);
	/* A report is for routers. */
	KUNIT_EXPECT_EQ(test, vsw_report(t, 3, VSW_GROUP), BIT(VSW_ROUTER));
	KUNIT_EXPECT_EQ(test, vsw_report(t, 0, VSW_GROUP2), BIT(VSW_ROUTER));
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER) | BIT(3));
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP2), BIT(VSW_ROUTER) | BIT(0));
	KUNIT_EXPECT_EQ(test, vsw_data(t, VSW_ROUTER, VSW_GROUP), BIT(3));
	/* Nobody is in it. */
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP + 9), BIT(VSW_ROUTER));
	vsw_test_reset(t);
	KUNIT_EXPECT_EQ(test, vsw_data(t, VSW_ROUTER, VSW_GROUP + 9), 0);
	vsw_expect(t, VSW_ROUTER, .rx = 1, .rx_bytes = t->len, .multicast = 1,
		   .drop = VSWITCH_A_DROPS_MCAST_PRUNED);
	/* A member that is down is not the same as no member. */
	vsw_test_up(t, 3, false);
	vsw_report(t, 4, VSW_GROUP2);
	vsw_test_mtu(t, 4, 68);
	vsw_test_reset(t);
	vsw_ip4(t, 0xc0000201, VSW_GROUP2, IPPROTO_UDP, 500);
	KUNIT_EXPECT_EQ(test, vsw_send(t, VSW_ROUTER), BIT(0));
	vsw_expect(t, 4, .drop = VSWITCH_A_DROPS_EGRESS_MTU);
}

/* What a port is known to want, it gets though groups are not flooded to it. */
static void vsw_mdb_flood_off(struct kunit *test)
{
	static const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_FLOOD),
		.to.flood = VSWITCH_FLOOD_BROADCAST,
	};
	struct vsw_test *t = test->priv;

	vsw_test_set(t, 3, &cfg);
	vsw_test_set(t, 4, &cfg);
	vsw_test_set(t, VSW_ROUTER, &cfg);
	/* It is asked all the same, by us and by others. */
	rtnl_lock();
	vsw_mdb_set_querier(t->sw, true, VSW_MDB_QUERY_INTERVAL);
	rtnl_unlock();
	vsw_who(t);
	ssleep(2);
	KUNIT_EXPECT_EQ(test, vsw_who(t), VSW_ALL);
	rtnl_lock();
	vsw_mdb_set_querier(t->sw, false, VSW_MDB_QUERY_INTERVAL);
	rtnl_unlock();
	ssleep(2);
	vsw_report(t, 3, VSW_GROUP);
	/* Without a querier, it is flooding. */
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP),
			VSW_ALL & ~(BIT(2) | BIT(3) | BIT(4) | BIT(VSW_ROUTER)));
	KUNIT_EXPECT_EQ(test, vsw_query(t, VSW_ROUTER), VSW_ALL & ~BIT(VSW_ROUTER));
	vsw_settle(t);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER) | BIT(3));
}

static void vsw_mdb_spares_link_local(struct kunit *test)
{
	const struct in6_addr nodes = vsw_in6(0xff020000, 1);
	struct in6_addr solicited = vsw_in6(0xff020000, 0xff123456);
	const struct in6_addr site = vsw_in6(0xff050000, 5);
	struct vsw_test *t = test->priv;

	solicited.s6_addr[11] = 1;
	vsw_settle(t);
	vsw_mld(t, &nodes, ICMPV6_MGM_QUERY, 1000, &in6addr_any);
	vsw_send(t, VSW_ROUTER);
	ssleep(3);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, 0xe00000fb), VSW_ALL & ~BIT(2));
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, 0xe0000001), VSW_ALL & ~BIT(2));
	KUNIT_EXPECT_EQ(test, vsw_data6(t, 2, &nodes), VSW_ALL & ~BIT(2));
	KUNIT_EXPECT_EQ(test, vsw_data6(t, 2, &solicited), VSW_ALL & ~BIT(2));
	KUNIT_EXPECT_EQ(test, vsw_data6(t, 2, &site), BIT(VSW_ROUTER));
	/* Nor are they kept. */
	vsw_report(t, 3, 0xe00000fb);
	KUNIT_EXPECT_EQ(test, vsw_mdb_of(t)->count, 0u);
}

static void vsw_mdb_spares_what_is_odd(struct kunit *test)
{
	static const u32 tag[] = { VSW_TAG(ETH_P_8021Q, 7) };
	struct vsw_test *t = test->priv;
	struct iphdr *ip = (void *)(t->data + ETH_HLEN);
	struct sk_buff *skb;

	vsw_settle(t);
	/* Another group's MAC address, a group that is none, no IP at all. */
	vsw_ip4(t, 0xc0000202, VSW_GROUP, IPPROTO_UDP, 20);
	t->data[5]++;
	KUNIT_EXPECT_EQ(test, vsw_send(t, 2), VSW_ALL & ~BIT(2));
	vsw_ip4(t, 0xc0000202, VSW_GROUP, IPPROTO_UDP, 20);
	ip->daddr = htonl(0x0a010203);
	KUNIT_EXPECT_EQ(test, vsw_send(t, 2), VSW_ALL & ~BIT(2));
	vsw_test_frame(t, 0x01005e010203, VSW_STATION(2), VSW_TEST_LEN, NULL, 0);
	KUNIT_EXPECT_EQ(test, vsw_send(t, 2), VSW_ALL & ~BIT(2));
	/* Tags, beside the data and in them. */
	vsw_test_frame(t, 0x01005e010203, VSW_STATION(2), VSW_TEST_LEN, tag, 1);
	KUNIT_EXPECT_EQ(test, vsw_send(t, 0), VSW_ALL & ~BIT(0));
	vsw_ip4(t, 0xc0000202, VSW_GROUP, IPPROTO_UDP, 20);
	skb = vsw_test_skb(t, t->len);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 7);
	vsw_test_send_skb(t, 2, skb);
	KUNIT_EXPECT_EQ(test, vsw_who(t), VSW_ALL & ~BIT(2));
	/* Reports with a wrong sum, and parts of one, say nothing. */
	vsw_igmp(t, 0xc0000202, VSW_GROUP, IGMPV2_HOST_MEMBERSHIP_REPORT, 0,
		 VSW_GROUP);
	t->data[t->len - 1]++;
	KUNIT_EXPECT_EQ(test, vsw_send(t, 2), VSW_ALL & ~BIT(2));
	vsw_igmp(t, 0xc0000202, VSW_GROUP, IGMPV2_HOST_MEMBERSHIP_REPORT, 0,
		 VSW_GROUP);
	ip->frag_off = htons(IP_MF);
	ip->check = 0;
	ip->check = ip_fast_csum(ip, ip->ihl);
	vsw_send(t, 2);
	KUNIT_EXPECT_EQ(test, vsw_mdb_of(t)->count, 0u);
}

/* Large frames go to members as others do; no message is that large. */
static void vsw_mdb_large(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct udphdr *udp;
	struct sk_buff *skb;
	int i;

	vsw_settle(t);
	vsw_report(t, 3, VSW_GROUP);
	for (i = 0; i < 2; i++) {
		udp = vsw_ip4(t, 0xc0000202, VSW_GROUP + i, IPPROTO_UDP, 2 * 50 + 8);
		udp->len = htons(2 * 50 + 8);
		skb = vsw_test_skb(t, t->len);
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = skb_headroom(skb) + ETH_HLEN + sizeof(struct iphdr);
		skb->csum_offset = offsetof(struct udphdr, check);
		skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
		skb_shinfo(skb)->gso_size = 50;
		skb_shinfo(skb)->gso_segs = 2;
		vsw_test_send_skb(t, 2, skb);
		KUNIT_EXPECT_EQ(test, vsw_who(t),
				BIT(VSW_ROUTER) | (i ? 0 : BIT(3)));
	}
	vsw_igmp(t, 0xc0000202, VSW_GROUP2, IGMPV2_HOST_MEMBERSHIP_REPORT, 0,
		 VSW_GROUP2);
	skb = vsw_test_skb(t, t->len);
	skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
	skb_shinfo(skb)->gso_size = 4;
	vsw_test_send_skb(t, 2, skb);
	vsw_who(t);
	KUNIT_EXPECT_EQ(test, vsw_mdb_of(t)->num[2], 0);
}

/* A querier that not all hosts hear; it is that of a router nevertheless. */
static void vsw_mdb_asked_from_apart(struct kunit *test)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_COMMUNITY),
		.to.community = VSW_ISOLATED,
	};
	struct vsw_test *t = test->priv;

	vsw_test_set(t, 2, &cfg);
	vsw_test_set(t, 3, &cfg);
	vsw_mdb_cfg(t, 2, VSWITCH_A_MCAST_MCAST_ROUTER,
		    (struct vsw_mcast){ .router = VSWITCH_MCAST_ROUTER_AUTO });
	KUNIT_EXPECT_EQ(test, vsw_query(t, 2), VSW_ALL & ~(BIT(2) | BIT(3)));
	ssleep(3);
	KUNIT_EXPECT_EQ(test, vsw_data(t, VSW_ROUTER, VSW_GROUP),
			VSW_ALL & ~BIT(VSW_ROUTER));
	vsw_settle(t);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 4, VSW_GROUP), BIT(VSW_ROUTER) | BIT(2));
	/* Nor is it to ask who has left. */
	vsw_report(t, 4, VSW_GROUP);
	vsw_igmp(t, 0xc0000209, VSW_GROUP, IGMP_HOST_MEMBERSHIP_QUERY, 1, VSW_GROUP);
	vsw_send(t, 2);
	ssleep(4);
	KUNIT_EXPECT_EQ(test, vsw_data(t, VSW_ROUTER, VSW_GROUP), BIT(2) | BIT(4));
}

/* From an uplink nothing goes to another one: who is there is not asked. */
static void vsw_mdb_asked_from_one_uplink(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_role(t, 4, VSWITCH_ROLE_UPLINK);
	vsw_settle(t);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 3, VSW_GROUP), VSW_ALL & ~BIT(3));
	vsw_test_detach(t, 4);
	vsw_settle(t);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 3, VSW_GROUP), BIT(VSW_ROUTER));
}

static void vsw_mdb_does_not_believe_guests(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, vsw_query(t, 2), VSW_ALL & ~BIT(2));
	ssleep(3);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 3, VSW_GROUP), VSW_ALL & ~BIT(3));
	vsw_mdb_cfg(t, 2, VSWITCH_A_MCAST_MCAST_ROUTER,
		    (struct vsw_mcast){ .router = VSWITCH_MCAST_ROUTER_AUTO });
	vsw_query(t, 2);
	ssleep(3);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 3, VSW_GROUP), BIT(2));
	vsw_mdb_cfg(t, 4, VSWITCH_A_MCAST_MCAST_ROUTER,
		    (struct vsw_mcast){ .router = VSWITCH_MCAST_ROUTER_ALWAYS });
	KUNIT_EXPECT_EQ(test, vsw_data(t, 3, VSW_GROUP), BIT(2) | BIT(4));
	vsw_mdb_cfg(t, 2, VSWITCH_A_MCAST_MCAST_ROUTER,
		    (struct vsw_mcast){ .router = VSWITCH_MCAST_ROUTER_NEVER });
	KUNIT_EXPECT_EQ(test, vsw_data(t, 3, VSW_GROUP), VSW_ALL & ~BIT(3));
}

static void vsw_mdb_hears_pim(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct pimhdr *pim;

	vsw_settle(t);
	vsw_test_role(t, 4, VSWITCH_ROLE_HOST);
	pim = vsw_ip4(t, 0xc0000204, 0xe000000d, IPPROTO_PIM, 8);
	pim->type = PIM_VERSION << 4 | PIM_TYPE_HELLO;
	KUNIT_EXPECT_EQ(test, vsw_send(t, 4), VSW_ALL & ~BIT(4));
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER) | BIT(4));
}

static void vsw_mdb_forgets_members(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	vsw_settle(t);
	vsw_report(t, 3, VSW_GROUP);
	/* Queries go on, answers do not. */
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP),
				BIT(VSW_ROUTER) | BIT(3));
		ssleep(VSW_MDB_MEMBERSHIP / 3 - 1);
		vsw_query(t, VSW_ROUTER);
	}
	ssleep(6);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER));
	KUNIT_EXPECT_EQ(test, vsw_mdb_of(t)->count, 0u);
}

static void vsw_mdb_leaves(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_settle(t);
	vsw_report(t, 3, VSW_GROUP);
	vsw_report(t, 4, VSW_GROUP);
	/* The querier asks who is left, and one answers. */
	KUNIT_EXPECT_EQ(test, vsw_leave(t, 3, VSW_GROUP), BIT(VSW_ROUTER));
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP),
			BIT(VSW_ROUTER) | BIT(3) | BIT(4));
	vsw_igmp(t, 0xc0000201, VSW_GROUP, IGMP_HOST_MEMBERSHIP_QUERY, 10,
		 VSW_GROUP);
	KUNIT_EXPECT_EQ(test, vsw_send(t, VSW_ROUTER), VSW_ALL & ~BIT(VSW_ROUTER));
	vsw_report(t, 4, VSW_GROUP);
	ssleep(6);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER) | BIT(4));
	/* Who is alone there need not be asked. */
	vsw_mdb_cfg(t, 4, VSWITCH_A_MCAST_MCAST_FAST_LEAVE,
		    (struct vsw_mcast){ .fast_leave = true });
	vsw_leave(t, 4, VSW_GROUP);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER));
}

/* One record of IGMPv3, with as many sources. */
static u32 vsw_report3(struct vsw_test *t, int end, u8 type, u16 sources, u16 claim)
{
	struct igmpv3_report *r;
	struct igmpv3_grec *rec;
	u32 len = sizeof(*r) + sizeof(*rec) + sources * 4;

	r = vsw_ip4(t, 0xc0000200 + end, 0xe0000016, IPPROTO_IGMP, len);
	r->type = IGMPV3_HOST_MEMBERSHIP_REPORT;
	r->ngrec = htons(1);
	rec = r->grec;
	rec->grec_type = type;
	rec->grec_nsrcs = htons(claim);
	rec->grec_mca = htonl(VSW_GROUP);
	r->csum = ip_compute_csum(r, len);
	return vsw_send(t, end);
}

static void vsw_mdb_igmp3(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_settle(t);
	KUNIT_EXPECT_EQ(test, vsw_report3(t, 3, IGMPV3_CHANGE_TO_EXCLUDE, 0, 0),
			BIT(VSW_ROUTER));
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER) | BIT(3));
	/* One source is a member as well; to block one is neither this nor that. */
	vsw_report3(t, 4, IGMPV3_ALLOW_NEW_SOURCES, 1, 1);
	vsw_report3(t, 0, IGMPV3_BLOCK_OLD_SOURCES, 1, 1);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP),
			BIT(VSW_ROUTER) | BIT(3) | BIT(4));
	vsw_mdb_cfg(t, 3, VSWITCH_A_MCAST_MCAST_FAST_LEAVE,
		    (struct vsw_mcast){ .fast_leave = true });
	vsw_report3(t, 3, IGMPV3_CHANGE_TO_INCLUDE, 0, 0);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER) | BIT(4));
	/* More sources than there are bytes. */
	vsw_report3(t, 3, IGMPV3_CHANGE_TO_EXCLUDE, 0, 1);
	vsw_report3(t, 3, IGMPV3_CHANGE_TO_EXCLUDE, 0, 0xffff);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER) | BIT(4));
	/* More bytes than a host would send; and as many. */
	vsw_report3(t, 3, IGMPV3_CHANGE_TO_EXCLUDE, 368, 368);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER) | BIT(4));
	vsw_report3(t, 3, IGMPV3_CHANGE_TO_EXCLUDE, 366, 366);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP),
			BIT(VSW_ROUTER) | BIT(3) | BIT(4));
}

static void vsw_mdb_mld(struct kunit *test)
{
	const struct in6_addr nodes = vsw_in6(0xff020000, 1);
	const struct in6_addr routers = vsw_in6(0xff020000, 2);
	const struct in6_addr group = vsw_in6(0xff050000, 0x1234);
	struct vsw_test *t = test->priv;

	vsw_mld(t, &group, ICMPV6_MGM_REPORT, 0, &group);
	vsw_send(t, 3);
	KUNIT_EXPECT_EQ(test, vsw_data6(t, 2, &group), VSW_ALL & ~BIT(2));
	vsw_mld(t, &nodes, ICMPV6_MGM_QUERY, 1000, &in6addr_any);
	KUNIT_EXPECT_EQ(test, vsw_send(t, VSW_ROUTER), VSW_ALL & ~BIT(VSW_ROUTER));
	ssleep(3);
	KUNIT_EXPECT_EQ(test, vsw_data6(t, 2, &group), BIT(VSW_ROUTER) | BIT(3));
	/* IPv4 has no querier. */
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), VSW_ALL & ~BIT(2));
	vsw_mdb_cfg(t, 3, VSWITCH_A_MCAST_MCAST_FAST_LEAVE,
		    (struct vsw_mcast){ .fast_leave = true });
	vsw_mld(t, &routers, ICMPV6_MGM_REDUCTION, 0, &group);
	KUNIT_EXPECT_EQ(test, vsw_send(t, 3), BIT(VSW_ROUTER));
	KUNIT_EXPECT_EQ(test, vsw_data6(t, 2, &group), BIT(VSW_ROUTER));
}

static void vsw_mdb_limits(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_mdb *mdb = vsw_mdb_of(t);
	struct vsw_mdb_key key = {};
	u32 i;

	vsw_settle(t);
	vsw_mdb_cfg(t, 3, VSWITCH_A_MCAST_MCAST_LIMIT, (struct vsw_mcast){ .limit = 2 });
	for (i = 0; i < 4; i++)
		vsw_report(t, 3, VSW_GROUP + i);
	KUNIT_EXPECT_EQ(test, mdb->count, 2u);
	/* What it is in, it stays in. */
	vsw_report(t, 3, VSW_GROUP);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER) | BIT(3));
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP + 3), BIT(VSW_ROUTER));

	/* No more groups in the switch: who finds no room loses nothing. */
	rtnl_lock();
	for (i = 0; mdb->count < VSWITCH_MDB_GROUPS_MAX; i++) {
		ipv6_addr_set_v4mapped(htonl(0xef800000 + i), &key.addr);
		KUNIT_EXPECT_EQ(test, vsw_mdb_add(mdb, 4, &key), 0);
	}
	ipv6_addr_set_v4mapped(htonl(VSW_GROUP + 9), &key.addr);
	KUNIT_EXPECT_EQ(test, vsw_mdb_add(mdb, 4, &key), -ENOSPC);
	rtnl_unlock();
	vsw_mdb_cfg(t, 4, VSWITCH_A_MCAST_MCAST_LIMIT, (struct vsw_mcast){});
	vsw_report(t, 4, VSW_GROUP + 9);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP + 9), VSW_ALL & ~BIT(2));
}

static void vsw_mdb_static(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_mdb *mdb = vsw_mdb_of(t);
	struct vsw_mdb_key key = {};

	vsw_settle(t);
	ipv6_addr_set_v4mapped(htonl(VSW_GROUP), &key.addr);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vsw_mdb_add(mdb, 3, &key), 0);
	KUNIT_EXPECT_EQ(test, vsw_mdb_add(mdb, 3, &key), -EEXIST);
	rtnl_unlock();
	vsw_leave(t, 3, VSW_GROUP);
	ssleep(VSW_MDB_MEMBERSHIP + 2);
	vsw_settle(t);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER) | BIT(3));
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vsw_mdb_del(mdb, 3, &key), 0);
	KUNIT_EXPECT_EQ(test, vsw_mdb_del(mdb, 3, &key), -ENOENT);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER));
}

static void vsw_mdb_querier(struct kunit *test)
{
	const struct in6_addr group = vsw_in6(0xff050000, 0x1234);
	struct vsw_test *t = test->priv;

	rtnl_lock();
	vsw_mdb_set_querier(t->sw, true, VSW_MDB_QUERY_INTERVAL);
	rtnl_unlock();
	ssleep(1);
	/* All are asked, the host as well. */
	KUNIT_EXPECT_EQ(test, vsw_who(t), VSW_ALL);
	vsw_report(t, 3, VSW_GROUP);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), VSW_ALL & ~BIT(2));
	ssleep(VSW_MDB_RESPONSE);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(3));
	KUNIT_EXPECT_EQ(test, vsw_data6(t, 2, &group), 0u);
	/* The second question is early, the third is not. */
	ssleep(VSW_MDB_QUERY_INTERVAL / 4);
	KUNIT_EXPECT_EQ(test, vsw_who(t), VSW_ALL);
	ssleep(VSW_MDB_QUERY_INTERVAL / 2);
	KUNIT_EXPECT_EQ(test, vsw_who(t), 0u);
	/* Who leaves makes it ask who is left, twice. */
	vsw_leave(t, 3, VSW_GROUP);
	ssleep(1);
	KUNIT_EXPECT_EQ(test, vsw_who(t), VSW_ALL);
	ssleep(5);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), 0u);
	/* It gives way to a router, while that is heard. */
	vsw_query(t, VSW_ROUTER);
	ssleep(VSW_MDB_QUERY_INTERVAL);
	vsw_who(t);
	vsw_query(t, VSW_ROUTER);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER));
	rtnl_lock();
	vsw_mdb_set_querier(t->sw, false, VSW_MDB_QUERY_INTERVAL);
	rtnl_unlock();
}

static void vsw_mdb_ports_come_and_go(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_settle(t);
	vsw_report(t, 3, VSW_GROUP);
	vsw_report(t, 4, VSW_GROUP);
	/* What is behind a cable that was out, is not known at first. */
	vsw_test_carrier(t, 4, false);
	rtnl_lock();
	netdev_state_change(t->end[4].dev);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER) | BIT(3));
	vsw_test_carrier(t, 4, true);
	rtnl_lock();
	netdev_state_change(t->end[4].dev);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP2), BIT(VSW_ROUTER) | BIT(4));

	vsw_test_detach(t, 3);
	KUNIT_EXPECT_EQ(test, vsw_mdb_of(t)->num[3], 0);
	KUNIT_EXPECT_EQ(test, vsw_test_attach(t, 3), 0);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP2),
			BIT(VSW_ROUTER) | BIT(3) | BIT(4));
	ssleep(VSW_MDB_MEMBERSHIP + 2);
	vsw_settle(t);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP2), BIT(VSW_ROUTER));
	/* Where the router has gone, nobody asks. */
	vsw_test_detach(t, VSW_ROUTER);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP2), BIT(0) | BIT(3) | BIT(4));
}

/* The host is behind a cable as well: its switch that was down. */
static void vsw_mdb_host_comes(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_mdb_switch(t, false);
	vsw_test_up(t, 0, false);
	vsw_mdb_switch(t, true);
	vsw_test_up(t, 0, true);
	vsw_settle(t);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER) | BIT(0));
	ssleep(VSW_MDB_MEMBERSHIP + 2);
	vsw_settle(t);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER));
	vsw_report(t, 0, VSW_GROUP);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(VSW_ROUTER) | BIT(0));
	vsw_test_up(t, 0, false);
	KUNIT_EXPECT_EQ(test, vsw_mdb_of(t)->num[0], 0);
}

static void vsw_mdb_off(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_settle(t);
	vsw_report(t, 3, VSW_GROUP);
	vsw_mdb_switch(t, false);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), VSW_ALL & ~BIT(2));
	KUNIT_EXPECT_EQ(test, vsw_report(t, 3, VSW_GROUP), VSW_ALL & ~BIT(3));
	vsw_mdb_switch(t, true);
	KUNIT_EXPECT_EQ(test, vsw_mdb_of(t)->count, 0u);
}

/* A host that hears another's report keeps quiet, and would be pruned away. */
static void vsw_mdb_hides_reports(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_query(t, VSW_ROUTER);
	/* Asked, and not pruned yet. */
	KUNIT_EXPECT_EQ(test, vsw_report(t, 3, VSW_GROUP), BIT(VSW_ROUTER));
	ssleep(3);
	/* A port that is new gets all groups, but not this. */
	vsw_test_detach(t, 4);
	KUNIT_EXPECT_EQ(test, vsw_test_attach(t, 4), 0);
	KUNIT_EXPECT_EQ(test, vsw_report(t, 3, VSW_GROUP), BIT(VSW_ROUTER));
}

static void vsw_mdb_access(struct vsw_test *t, int end, u16 vlan)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_VLAN_MODE),
		.vlan = { .mode = VSWITCH_VLAN_MODE_ACCESS, .vid = vlan },
	};

	vsw_test_set(t, end, &cfg);
}

/* In a VLAN that a port gets into, nobody knows of its hosts. */
static void vsw_mdb_new_in_vlan(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vsw_vlan_set_aware(t->sw, true, NULL), 0);
	rtnl_unlock();
	vsw_mdb_access(t, 1, 20);
	vsw_mdb_access(t, 2, 20);
	vsw_mdb_access(t, 3, 10);
	vsw_settle(t);
	vsw_report(t, 3, VSW_GROUP);
	vsw_mdb_access(t, 3, 20);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP), BIT(1) | BIT(3));
}

/* A question about one group, put to those who listen to another one. */
static void vsw_mdb_asked_elsewhere(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_settle(t);
	vsw_report(t, 3, VSW_GROUP);
	vsw_igmp(t, 0xc0000209, 0xef7f0001, IGMP_HOST_MEMBERSHIP_QUERY, 1,
		 VSW_GROUP);
	vsw_send(t, VSW_ROUTER);
	ssleep(4);
	KUNIT_EXPECT_EQ(test, vsw_data(t, VSW_ROUTER, VSW_GROUP), BIT(3));
}

/* Who is blocked loses its groups, and gets all when it forwards again. */
static void vsw_mdb_blocked(struct kunit *test)
{
	struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_GUARD),
		.guard = BIT(VSWITCH_A_GUARD_QUARANTINE),
		.quarantine = true,
	};
	struct vsw_test *t = test->priv;

	vsw_settle(t);
	vsw_report(t, 3, VSW_GROUP);
	vsw_test_set(t, 3, &cfg);
	KUNIT_EXPECT_EQ(test, vsw_mdb_of(t)->count, 0u);
	cfg.quarantine = false;
	vsw_test_set(t, 3, &cfg);
	KUNIT_EXPECT_EQ(test, vsw_data(t, 2, VSW_GROUP2),
			BIT(VSW_ROUTER) | BIT(3));
}

static struct kunit_case vsw_mdb_cases[] = {
	KUNIT_CASE_SLOW(vsw_mdb_hides_reports),
	KUNIT_CASE_SLOW(vsw_mdb_new_in_vlan),
	KUNIT_CASE_SLOW(vsw_mdb_asked_elsewhere),
	KUNIT_CASE_SLOW(vsw_mdb_blocked),
	KUNIT_CASE_SLOW(vsw_mdb_floods_without_querier),
	KUNIT_CASE_SLOW(vsw_mdb_prunes_to_members),
	KUNIT_CASE_SLOW(vsw_mdb_flood_off),
	KUNIT_CASE_SLOW(vsw_mdb_spares_link_local),
	KUNIT_CASE_SLOW(vsw_mdb_spares_what_is_odd),
	KUNIT_CASE_SLOW(vsw_mdb_large),
	KUNIT_CASE_SLOW(vsw_mdb_asked_from_apart),
	KUNIT_CASE_SLOW(vsw_mdb_asked_from_one_uplink),
	KUNIT_CASE_SLOW(vsw_mdb_does_not_believe_guests),
	KUNIT_CASE_SLOW(vsw_mdb_hears_pim),
	KUNIT_CASE_SLOW(vsw_mdb_forgets_members),
	KUNIT_CASE_SLOW(vsw_mdb_leaves),
	KUNIT_CASE_SLOW(vsw_mdb_igmp3),
	KUNIT_CASE_SLOW(vsw_mdb_mld),
	KUNIT_CASE_SLOW(vsw_mdb_limits),
	KUNIT_CASE_SLOW(vsw_mdb_static),
	KUNIT_CASE_SLOW(vsw_mdb_querier),
	KUNIT_CASE_SLOW(vsw_mdb_ports_come_and_go),
	KUNIT_CASE_SLOW(vsw_mdb_host_comes),
	KUNIT_CASE_SLOW(vsw_mdb_off),
	{}
};

static struct kunit_suite vsw_mdb_suite = {
	.name = "vswitch_mdb",
	.init = vsw_mdb_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_mdb_cases,
};

kunit_test_suite(vsw_mdb_suite);
