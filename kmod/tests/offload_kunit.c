// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that the core is to segment or to fragment, as guests make them up:
 * what the frame fuzzer has found.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/unaligned.h>
#include "helpers.h"

#define VSW_HDRS	(ETH_HLEN + sizeof(struct ipv6hdr) + sizeof(struct udphdr))

/* A guest says where the TCP header is, and where the linear part ends. */
static void vsw_offload_tcp_header_not_linear(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct sk_buff *skb;

	vsw_test_teach(t, 2, VSW_STATION(2), 0);
	vsw_test_frame(t, VSW_STATION(2), VSW_STATION(1), 3000, NULL, 0);
	skb = vsw_test_skb(t, 60);
	skb_set_transport_header(skb, 1000);
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV6;
	skb_shinfo(skb)->gso_size = 100;
	skb_shinfo(skb)->gso_segs = 20;
	vsw_test_send_skb(t, 1, skb);
	vsw_expect(t, 1, .rx = 1, .rx_bytes = 3000, .learned = 1);
	vsw_expect(t, 2, .drop = VSWITCH_A_DROPS_EGRESS_MTU);
	vsw_expect_quiet(t);
}

/* A UDP datagram over IPv6 that is larger than the MTU of all ports. */
static void vsw_send_datagram(struct vsw_test *t, u64 dest, unsigned int len)
{
	struct ipv6hdr ip = {
		.version = 6,
		.payload_len = htons(len - ETH_HLEN - sizeof(ip)),
		.nexthdr = IPPROTO_UDP,
		.hop_limit = 64,
	};
	struct sk_buff *skb;

	vsw_test_frame(t, dest, VSW_STATION(1), len, NULL, 0);
	put_unaligned_be16(ETH_P_IPV6, t->data + 2 * ETH_ALEN);
	memcpy(t->data + ETH_HLEN, &ip, sizeof(ip));
	skb = vsw_test_skb(t, VSW_HDRS);
	skb_partial_csum_set(skb, VSW_HDRS - sizeof(struct udphdr),
			     offsetof(struct udphdr, check));
	skb_shinfo(skb)->gso_type = SKB_GSO_UDP | SKB_GSO_DODGY;
	skb_shinfo(skb)->gso_size = 1000;
	vsw_test_send_skb(t, 1, skb);
}

/* To make fragments for one port is not to change them for the next one. */
static void vsw_offload_flooded_fragments(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct sk_buff *skb;
	int i;

	vsw_send_datagram(t, VSW_STATION(9), 3 * 1000 + VSW_HDRS);
	for (i = 2; i <= VSW_TEST_PORTS_USUAL; i++) {
		KUNIT_EXPECT_EQ(test, skb_queue_len(&t->end[i].got), 4U);
		while ((skb = skb_dequeue(&t->end[i].got))) {
			KUNIT_EXPECT_MEMEQ(test, skb->data, t->data, ETH_HLEN);
			KUNIT_EXPECT_LE(test, skb->len, 1514U);
			kfree_skb(skb);
		}
	}
}

/* To TCP whose checksum is said to be good the core gives one to be filled in. */
static void vsw_offload_checksum_not_for_others(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct ipv6hdr ip = {
		.version = 6,
		.payload_len = htons(3000 - ETH_HLEN - sizeof(ip)),
		.nexthdr = IPPROTO_TCP,
		.hop_limit = 64,
	};
	struct tcphdr tcp = { .doff = 5, .check = htons(0x1234) };
	const unsigned int hdrs = ETH_HLEN + sizeof(ip) + sizeof(tcp);
	struct sk_buff *skb, *other;

	vsw_test_teach(t, 2, VSW_STATION(2), 0);
	vsw_test_frame(t, VSW_STATION(2), VSW_STATION(1), 3000, NULL, 0);
	put_unaligned_be16(ETH_P_IPV6, t->data + 2 * ETH_ALEN);
	memcpy(t->data + ETH_HLEN, &ip, sizeof(ip));
	memcpy(t->data + ETH_HLEN + sizeof(ip), &tcp, sizeof(tcp));
	skb = vsw_test_skb(t, hdrs);
	skb_set_transport_header(skb, ETH_HLEN + sizeof(ip));
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV6 | SKB_GSO_DODGY;
	skb_shinfo(skb)->gso_size = 1000;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	t->end[2].dev->features &= ~NETIF_F_ALL_TSO;
	other = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, other);
	vsw_test_send_skb(t, 1, skb);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&t->end[2].got), 3U);
	KUNIT_EXPECT_MEMEQ(test, other->data, t->data, hdrs);
	kfree_skb(other);
}

/* The switch counts no tag against the MTU, wherever they are, up to two. */
static void vsw_offload_two_tags_in_data(struct kunit *test)
{
	static const u32 tags[] = {
		VSW_TAG(ETH_P_8021Q, 7), VSW_TAG(ETH_P_8021Q, 8),
		VSW_TAG(ETH_P_8021Q, 9),
	};
	const unsigned int most = ETH_FRAME_LEN + 2 * VLAN_HLEN;
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 2, VSW_STATION(2), 7);
	vsw_test_frame(t, VSW_STATION(2), VSW_TEST_SWITCH, most, tags, 3);
	vsw_test_send_skb(t, 0, vsw_test_skb(t, ETH_HLEN));
	vsw_expect(t, 0, .rx = 1, .rx_bytes = most);
	vsw_expect_got(t, 2);
	vsw_expect(t, 2, .tx = 1, .tx_bytes = most);

	vsw_test_frame(t, VSW_STATION(2), VSW_TEST_SWITCH, most + 1, tags, 3);
	vsw_test_send_skb(t, 0, vsw_test_skb(t, ETH_HLEN));
	vsw_expect(t, 0, .rx = 1, .rx_bytes = most + 1);
	vsw_expect(t, 2, .drop = VSWITCH_A_DROPS_EGRESS_MTU);
	vsw_expect_quiet(t);
}

/* What dev_queue_xmit() would have to do something to, is not put into a tun tap's
 * ring by ourselves; each case makes one such frame of an ordinary one.
 */
static void vsw_short_nothing(struct sk_buff *skb, struct net_device *dev)
{
}

static void vsw_short_gso(struct sk_buff *skb, struct net_device *dev)
{
	skb_shinfo(skb)->gso_size = 100;
}

static void vsw_short_time_stamp(struct sk_buff *skb, struct net_device *dev)
{
	skb_shinfo(skb)->tx_flags = SKBTX_SW_TSTAMP;
}

static void vsw_short_partial(struct sk_buff *skb, struct net_device *dev)
{
	skb->ip_summed = CHECKSUM_PARTIAL;
}

static void vsw_short_partial_unwanted(struct sk_buff *skb,
				       struct net_device *dev)
{
	skb->ip_summed = CHECKSUM_PARTIAL;
	dev->features &= ~NETIF_F_HW_CSUM;
}

/* Without SCTP, the kernel does not know of its checksum. */
#if IS_ENABLED(CONFIG_IP_SCTP)
static void vsw_short_partial_sctp(struct sk_buff *skb, struct net_device *dev)
{
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_not_inet = 1;
}
#endif

static void vsw_short_partial_inner(struct sk_buff *skb, struct net_device *dev)
{
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->encapsulation = 1;
}

static void vsw_short_partial_mpls(struct sk_buff *skb, struct net_device *dev)
{
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->protocol = htons(ETH_P_MPLS_UC);
}

static void vsw_short_tag_unwanted(struct sk_buff *skb, struct net_device *dev)
{
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 7);
	dev->features &= ~NETIF_F_HW_VLAN_CTAG_TX;
}

static void vsw_short_tag(struct sk_buff *skb, struct net_device *dev)
{
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 7);
}

static void vsw_short_pages_unwanted(struct sk_buff *skb, struct net_device *dev)
{
	dev->features &= ~NETIF_F_SG;
}

static const struct vsw_short_case {
	const char *name;
	void (*make)(struct sk_buff *skb, struct net_device *dev);
	bool takes;
} vsw_short_cases[] = {
	{ "ordinary", vsw_short_nothing, true },
	{ "GSO", vsw_short_gso, false },
	{ "time stamp", vsw_short_time_stamp, false },
	{ "open checksum", vsw_short_partial, true },
	{ "open checksum, unwanted", vsw_short_partial_unwanted, false },
#if IS_ENABLED(CONFIG_IP_SCTP)
	{ "open checksum of SCTP", vsw_short_partial_sctp, false },
#endif
	{ "open checksum, encapsulated", vsw_short_partial_inner, false },
	{ "open checksum, MPLS", vsw_short_partial_mpls, false },
	{ "tag", vsw_short_tag, true },
	{ "tag, unwanted", vsw_short_tag_unwanted, false },
	{ "pages, unwanted", vsw_short_pages_unwanted, false },
};

static void vsw_offload_short_way(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct net_device *dev = t->end[2].dev;
	netdev_features_t features = dev->features;
	const struct vsw_short_case *c;
	struct sk_buff *skb;

	vsw_test_frame(t, VSW_STATION(2), VSW_STATION(1), 200, NULL, 0);
	for (c = vsw_short_cases;
	     c < vsw_short_cases + ARRAY_SIZE(vsw_short_cases); c++) {
		dev->features = NETIF_F_HW_CSUM | NETIF_F_SG |
				NETIF_F_HW_VLAN_CTAG_TX;
		skb = vsw_test_skb(t, 60);
		c->make(skb, dev);
		KUNIT_EXPECT_EQ_MSG(test, vsw_tun_takes(dev, skb), c->takes,
				    "%s", c->name);
		kfree_skb(skb);
	}
	dev->features = features;
}

static struct kunit_case vsw_offload_cases[] = {
	KUNIT_CASE(vsw_offload_tcp_header_not_linear),
	KUNIT_CASE(vsw_offload_flooded_fragments),
	KUNIT_CASE(vsw_offload_checksum_not_for_others),
	KUNIT_CASE(vsw_offload_two_tags_in_data),
	KUNIT_CASE(vsw_offload_short_way),
	{}
};

static struct kunit_suite vsw_offload_suite = {
	.name = "vswitch_offload",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_offload_cases,
};

kunit_test_suite(vsw_offload_suite);
