// SPDX-License-Identifier: GPL-2.0
/*
 * Where frames go, and that every counter says so.  See carry_kunit.c for what
 * is in them, ports_kunit.c for ports that come and go.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include "helpers.h"

#define VSW_LAST	VSW_TEST_PORTS_USUAL
#define VSW_LEN		VSW_TEST_LEN

/* One frame flooded out of an end. */
static void vsw_expect_flood(struct vsw_test *t, int end)
{
	vsw_expect_got(t, end);
	vsw_expect(t, end, .tx = 1, .tx_bytes = t->len, .flooded = 1);
}

static void vsw_expect_flood_ports(struct vsw_test *t, int from, int to)
{
	for (; from <= to; from++)
		vsw_expect_flood(t, from);
}

/* One frame sent out of an end because it was the right one. */
static void vsw_expect_unicast(struct vsw_test *t, int end)
{
	vsw_expect_got(t, end);
	vsw_expect(t, end, .tx = 1, .tx_bytes = t->len);
}

static void vsw_flood_unknown_unicast(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_send(t, 2, VSW_STATION(9), VSW_STATION(2));
	vsw_expect(t, 2, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
	vsw_expect_flood(t, 1);
	vsw_expect_flood_ports(t, 3, VSW_LAST);
	/* Not to the host: it is for somebody else. */
	vsw_expect_quiet(t);
}

static void vsw_flood_broadcast_with_host(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct sk_buff *skb;

	vsw_test_send(t, 1, VSW_TEST_BROADCAST, VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .broadcast = 1,
		   .learned = 1);
	skb = skb_peek(&t->end[0].got);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, (int)skb->pkt_type, PACKET_BROADCAST);
	vsw_expect_flood(t, 0);
	vsw_expect_flood_ports(t, 2, VSW_LAST);
	vsw_expect_quiet(t);
}

static void vsw_flood_multicast_with_host(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_send(t, 1, 0x01005e000001ULL, VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .multicast = 1,
		   .learned = 1);
	vsw_expect_flood(t, 0);
	vsw_expect_flood_ports(t, 2, VSW_LAST);
	vsw_expect_quiet(t);
}

static void vsw_flood_unicast_to_promiscuous_host(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct sk_buff *skb;

	rtnl_lock();
	dev_set_promiscuity(t->sw->dev, 1);
	rtnl_unlock();
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
	skb = skb_peek(&t->end[0].got);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	/* It may look at it, but the frame is not its own. */
	KUNIT_EXPECT_EQ(test, (int)skb->pkt_type, PACKET_OTHERHOST);
	vsw_expect_flood(t, 0);
	vsw_expect_flood_ports(t, 2, VSW_LAST);
	vsw_expect_quiet(t);
}

static void vsw_flood_original_goes_last(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_send(t, 2, VSW_STATION(9), VSW_STATION(2));
	KUNIT_EXPECT_FALSE(test, vsw_expect_got(t, 1));
	KUNIT_EXPECT_FALSE(test, vsw_expect_got(t, 3));
	KUNIT_EXPECT_TRUE(test, vsw_expect_got(t, 4));

	/* The last one is the last that gets it. */
	vsw_test_up(t, 4, false);
	vsw_test_send(t, 2, VSW_STATION(9), VSW_STATION(2));
	KUNIT_EXPECT_FALSE(test, vsw_expect_got(t, 1));
	KUNIT_EXPECT_TRUE(test, vsw_expect_got(t, 3));

	/* The host comes after the ports. */
	vsw_test_send(t, 2, VSW_TEST_BROADCAST, VSW_STATION(2));
	KUNIT_EXPECT_FALSE(test, vsw_expect_got(t, 1));
	KUNIT_EXPECT_FALSE(test, vsw_expect_got(t, 3));
	KUNIT_EXPECT_TRUE(test, vsw_expect_got(t, 0));
}

static void vsw_unicast_to_one_port(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 3, VSW_STATION(3), 0);
	vsw_test_send(t, 1, VSW_STATION(3), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
	KUNIT_EXPECT_TRUE(test, vsw_expect_got(t, 3));
	vsw_expect(t, 3, .tx = 1, .tx_bytes = VSW_LEN);
	vsw_expect_quiet(t);

	/* What the first one taught leads back. */
	vsw_test_send(t, 3, VSW_STATION(1), VSW_STATION(3));
	vsw_expect(t, 3, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect_unicast(t, 1);
	vsw_expect_quiet(t);
}

static void vsw_unicast_of_other_vlan_floods(struct kunit *test)
{
	static const u32 tag[] = { VSW_TAG(ETH_P_8021Q, 7) };
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 3, VSW_STATION(3), 0);
	vsw_test_frame(t, VSW_STATION(3), VSW_STATION(1), VSW_LEN, tag, 1);
	vsw_test_send_skb(t, 1, vsw_test_skb(t, VSW_LEN));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
	vsw_expect_flood_ports(t, 2, VSW_LAST);

	vsw_test_teach(t, 4, VSW_STATION(3), 7);
	vsw_test_send_skb(t, 1, vsw_test_skb(t, VSW_LEN));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect_unicast(t, 4);
	vsw_expect_quiet(t);
}

static void vsw_unicast_follows_a_move(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 1, VSW_STATION(1), 0);
	vsw_test_teach(t, 2, VSW_STATION(2), 0);
	vsw_test_send(t, 3, VSW_STATION(2), VSW_STATION(1));
	vsw_expect(t, 3, .rx = 1, .rx_bytes = VSW_LEN, .moved = 1);
	vsw_expect_unicast(t, 2);
	vsw_test_send(t, 2, VSW_STATION(1), VSW_STATION(2));
	vsw_expect(t, 2, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect_unicast(t, 3);
	vsw_expect_quiet(t);
}

static void vsw_unicast_to_same_port_dropped(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 1, VSW_STATION(9), 0);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1,
		   .drop = VSWITCH_A_DROPS_SAME_PORT);
	vsw_expect_quiet(t);
}

static void vsw_host_receives_its_unicast(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct sk_buff *skb;

	vsw_test_send(t, 1, VSW_TEST_SWITCH, VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
	skb = skb_peek(&t->end[0].got);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, (int)skb->pkt_type, PACKET_HOST);
	KUNIT_EXPECT_TRUE(test, vsw_expect_got(t, 0));
	vsw_expect(t, 0, .tx = 1, .tx_bytes = VSW_LEN);
	vsw_expect_quiet(t);
}

static void vsw_host_sends(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 2, VSW_STATION(2), 0);
	vsw_test_send(t, 0, VSW_STATION(2), VSW_TEST_SWITCH);
	vsw_expect(t, 0, .rx = 1, .rx_bytes = VSW_LEN);
	KUNIT_EXPECT_TRUE(test, vsw_expect_got(t, 2));
	vsw_expect(t, 2, .tx = 1, .tx_bytes = VSW_LEN);

	vsw_test_send(t, 0, VSW_TEST_BROADCAST, VSW_TEST_SWITCH);
	vsw_expect(t, 0, .rx = 1, .rx_bytes = VSW_LEN, .broadcast = 1);
	vsw_expect_flood_ports(t, 1, VSW_LAST);
	vsw_expect_quiet(t);
	/* Its own address needs no entry. */
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 1);
}

static void vsw_host_sends_for_others(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	u32 val;

	/* A macvlan or a VM behind the switch's netdev has its own address. */
	vsw_test_send(t, 0, VSW_TEST_BROADCAST, VSW_STATION(5));
	vsw_expect(t, 0, .rx = 1, .rx_bytes = VSW_LEN, .broadcast = 1,
		   .learned = 1);
	vsw_expect_flood_ports(t, 1, VSW_LAST);
	val = vsw_test_find(t, vsw_test_key(VSW_STATION(5), 0));
	KUNIT_EXPECT_NE(test, val, 0);
	KUNIT_EXPECT_EQ(test, vsw_fdb_port(val), VSW_HOST_PORT);

	vsw_test_send(t, 1, VSW_STATION(5), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
	vsw_expect_unicast(t, 0);

	vsw_test_send(t, 0, VSW_STATION(5), VSW_TEST_SWITCH);
	vsw_expect(t, 0, .rx = 1, .rx_bytes = VSW_LEN,
		   .drop = VSWITCH_A_DROPS_SAME_PORT);
	vsw_test_send(t, 0, VSW_TEST_SWITCH, VSW_TEST_SWITCH);
	vsw_expect(t, 0, .rx = 1, .rx_bytes = VSW_LEN,
		   .drop = VSWITCH_A_DROPS_SAME_PORT);
	vsw_expect_quiet(t);
}

/* The core takes the outer tag off; the second one is inside the data. */
static void vsw_egress_mtu_boundary(struct kunit *test)
{
	static const u32 tags[] = {
		VSW_TAG(ETH_P_8021Q, 0), VSW_TAG(ETH_P_8021Q, 7),
	};
	struct vsw_test *t = test->priv;
	unsigned int num, most;

	vsw_test_teach(t, 1, VSW_STATION(1), 0);
	vsw_test_teach(t, 2, VSW_STATION(2), 0);
	vsw_test_mtu(t, 2, 1000);
	for (num = 0; num <= ARRAY_SIZE(tags); num++) {
		most = 1000 + ETH_HLEN + num * VLAN_HLEN;
		vsw_test_frame(t, VSW_STATION(2), VSW_STATION(1), most, tags,
			       num);
		vsw_test_send_skb(t, 1, vsw_test_skb(t, most));
		vsw_expect(t, 1, .rx = 1, .rx_bytes = most);
		vsw_expect_got(t, 2);
		vsw_expect(t, 2, .tx = 1, .tx_bytes = most);

		vsw_test_frame(t, VSW_STATION(2), VSW_STATION(1), most + 1,
			       tags, num);
		vsw_test_send_skb(t, 1, vsw_test_skb(t, most + 1));
		vsw_expect(t, 1, .rx = 1, .rx_bytes = most + 1);
		vsw_expect(t, 2, .drop = VSWITCH_A_DROPS_EGRESS_MTU);
		vsw_expect_quiet(t);
	}
}

/* Counted where it is too big, and not a second time where it came in. */
static void vsw_egress_mtu_of_all(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	for (i = 0; i <= VSW_LAST; i++)
		vsw_test_mtu(t, i, 1000);
	vsw_test_frame(t, VSW_TEST_BROADCAST, VSW_STATION(1), 1500, NULL, 0);
	vsw_test_send_skb(t, 1, vsw_test_skb(t, 1500));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = 1500, .broadcast = 1,
		   .learned = 1);
	for (i = 0; i <= VSW_LAST; i++)
		if (i != 1)
			vsw_expect(t, i, .drop = VSWITCH_A_DROPS_EGRESS_MTU);
	vsw_expect_quiet(t);
}

static void vsw_egress_mtu_in_flood(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_mtu(t, 2, 1000);
	vsw_test_mtu(t, 4, 1000);
	vsw_test_frame(t, VSW_TEST_BROADCAST, VSW_STATION(1), 1500, NULL, 0);
	vsw_test_send_skb(t, 1, vsw_test_skb(t, 1500));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = 1500, .broadcast = 1,
		   .learned = 1);
	vsw_expect(t, 2, .drop = VSWITCH_A_DROPS_EGRESS_MTU);
	vsw_expect_flood(t, 3);
	vsw_expect(t, 4, .drop = VSWITCH_A_DROPS_EGRESS_MTU);
	vsw_expect_flood(t, 0);
	vsw_expect_quiet(t);

	/* To the host, too. */
	vsw_test_mtu(t, 0, 1000);
	vsw_test_frame(t, VSW_TEST_SWITCH, VSW_STATION(1), 1500, NULL, 0);
	vsw_test_send_skb(t, 1, vsw_test_skb(t, 1500));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = 1500);
	vsw_expect(t, 0, .drop = VSWITCH_A_DROPS_EGRESS_MTU);
	vsw_expect_quiet(t);
}

/* A TCP frame of several segments, as a guest's virtio NIC sends it. */
static void vsw_send_gso(struct vsw_test *t, u64 dest, unsigned int gso_size)
{
	const unsigned int hdrs = sizeof(struct iphdr) + sizeof(struct tcphdr);
	const unsigned int len = ETH_HLEN + hdrs + 3 * gso_size;
	struct sk_buff *skb;
	struct iphdr *ip;
	struct tcphdr *tcp;

	vsw_test_frame(t, dest, VSW_STATION(1), len, NULL, 0);
	((struct ethhdr *)t->data)->h_proto = htons(ETH_P_IP);
	ip = (struct iphdr *)(t->data + ETH_HLEN);
	*ip = (struct iphdr){
		.version = 4, .ihl = 5, .protocol = IPPROTO_TCP, .ttl = 64,
		.tot_len = htons(len - ETH_HLEN), .frag_off = htons(IP_DF),
	};
	tcp = (struct tcphdr *)(ip + 1);
	*tcp = (struct tcphdr){ .doff = 5, .ack = 1 };

	skb = vsw_test_skb(t, ETH_HLEN + hdrs);
	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, ETH_HLEN + sizeof(*ip));
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	skb_shinfo(skb)->gso_size = gso_size;
	skb_shinfo(skb)->gso_segs = 3;
	vsw_test_send_skb(t, 1, skb);
}

static void vsw_egress_mtu_of_gso_is_of_segments(struct kunit *test)
{
	const int most = 1000 - sizeof(struct iphdr) - sizeof(struct tcphdr);
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 2, VSW_STATION(2), 0);
	vsw_test_mtu(t, 2, 1000);
	vsw_send_gso(t, VSW_STATION(2), most);
	vsw_expect(t, 1, .rx = 1, .rx_bytes = t->len, .learned = 1);
	vsw_expect_unicast(t, 2);

	vsw_send_gso(t, VSW_STATION(2), most + 1);
	vsw_expect(t, 1, .rx = 1, .rx_bytes = t->len);
	vsw_expect(t, 2, .drop = VSWITCH_A_DROPS_EGRESS_MTU);
	vsw_expect_quiet(t);

	vsw_send_gso(t, VSW_STATION(3), most + 1);
	vsw_expect(t, 1, .rx = 1, .rx_bytes = t->len);
	vsw_expect(t, 2, .drop = VSWITCH_A_DROPS_EGRESS_MTU);
	vsw_expect_flood_ports(t, 3, VSW_LAST);
	vsw_expect_quiet(t);
}

/* The core tells of a lost carrier some time later: here, at once. */
static void vsw_test_unplug(struct vsw_test *t, int port)
{
	vsw_test_carrier(t, port, false);
	rtnl_lock();
	netdev_state_change(t->end[port].dev);
	rtnl_unlock();
}

/* A static entry leads to a port that is down; a learned one is forgotten. */
static void vsw_egress_down_or_unplugged(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_fdb_change fixed = {
		.key = VSW_FDB_KEY_VALID | VSW_STATION(2),
		.port = 2,
	};
	int unplug;
	u32 bad;

	vsw_test_teach(t, 1, VSW_STATION(1), 0);
	KUNIT_ASSERT_EQ(test, vsw_test_add(t, &fixed, 1, false, &bad), 0);
	for (unplug = 0; unplug < 2; unplug++) {
		vsw_test_teach(t, 2, VSW_STATION(8), 0);
		if (unplug)
			vsw_test_unplug(t, 2);
		else
			vsw_test_up(t, 2, false);
		vsw_test_send(t, 1, VSW_STATION(2), VSW_STATION(1));
		vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN);
		vsw_expect(t, 2, .drop = VSWITCH_A_DROPS_EGRESS_DOWN);

		/* Flooding just leaves it out. */
		vsw_test_send(t, 1, VSW_STATION(8), VSW_STATION(1));
		vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN);
		vsw_expect_flood_ports(t, 3, VSW_LAST);
		vsw_expect_quiet(t);
		vsw_test_carrier(t, 2, true);
		vsw_test_up(t, 2, true);
	}
	vsw_test_send(t, 1, VSW_STATION(2), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect_unicast(t, 2);
	vsw_expect_quiet(t);
}

static void vsw_egress_queue_refuses(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 2, VSW_STATION(2), 0);
	vsw_mock_refuse(t, 2, true);
	vsw_test_send(t, 1, VSW_STATION(2), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
	vsw_expect(t, 2, .drop = VSWITCH_A_DROPS_EGRESS_QUEUE);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect(t, 2, .drop = VSWITCH_A_DROPS_EGRESS_QUEUE);
	vsw_expect_flood_ports(t, 3, VSW_LAST);
	vsw_expect_quiet(t);
}

/*
 * A device whose carrier has just come has no queue until link watch, which
 * needs RTNL, gives it one; what it gets meanwhile is thrown away.
 */
static void vsw_egress_queue_not_there(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_up(t, 2, false);
	vsw_test_carrier(t, 2, false);
	vsw_test_up(t, 2, true);
	rtnl_lock();
	vsw_test_carrier(t, 2, true);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
	vsw_expect(t, 2, .drop = VSWITCH_A_DROPS_EGRESS_QUEUE);
	vsw_expect_flood_ports(t, 3, VSW_LAST);
	vsw_expect_quiet(t);
	rtnl_unlock();
}

static void vsw_egress_nobody(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	for (i = 2; i <= VSW_LAST; i++)
		vsw_test_up(t, i, false);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1,
		   .drop = VSWITCH_A_DROPS_NO_EGRESS);
	vsw_test_up(t, 1, false);
	vsw_test_send(t, 0, VSW_TEST_BROADCAST, VSW_TEST_SWITCH);
	vsw_expect(t, 0, .rx = 1, .rx_bytes = VSW_LEN, .broadcast = 1,
		   .drop = VSWITCH_A_DROPS_NO_EGRESS);
	vsw_expect_quiet(t);
}

static void vsw_uplink_not_to_uplink(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_role(t, 1, VSWITCH_ROLE_UPLINK);
	vsw_test_role(t, 2, VSWITCH_ROLE_UPLINK);
	vsw_test_teach(t, 2, VSW_STATION(2), 0);
	vsw_test_send(t, 1, VSW_STATION(2), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1,
		   .drop = VSWITCH_A_DROPS_UPLINK_TO_UPLINK);

	/* Flooding just leaves it out. */
	vsw_test_send(t, 1, VSW_TEST_BROADCAST, VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .broadcast = 1);
	vsw_expect_flood(t, 0);
	vsw_expect_flood_ports(t, 3, VSW_LAST);
	vsw_test_send(t, 2, VSW_STATION(9), VSW_STATION(2));
	vsw_expect(t, 2, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect_flood_ports(t, 3, VSW_LAST);

	/* The others reach both. */
	vsw_test_send(t, 3, VSW_STATION(2), VSW_STATION(3));
	vsw_expect(t, 3, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
	vsw_expect_unicast(t, 2);
	vsw_test_send(t, 3, VSW_STATION(9), VSW_STATION(3));
	vsw_expect(t, 3, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect_flood_ports(t, 1, 2);
	vsw_expect_flood(t, 4);
	vsw_expect_quiet(t);
}

static struct kunit_case vsw_forward_cases[] = {
	KUNIT_CASE(vsw_flood_unknown_unicast),
	KUNIT_CASE(vsw_flood_broadcast_with_host),
	KUNIT_CASE(vsw_flood_multicast_with_host),
	KUNIT_CASE(vsw_flood_unicast_to_promiscuous_host),
	KUNIT_CASE(vsw_flood_original_goes_last),
	KUNIT_CASE(vsw_unicast_to_one_port),
	KUNIT_CASE(vsw_unicast_of_other_vlan_floods),
	KUNIT_CASE(vsw_unicast_follows_a_move),
	KUNIT_CASE(vsw_unicast_to_same_port_dropped),
	KUNIT_CASE(vsw_host_receives_its_unicast),
	KUNIT_CASE(vsw_host_sends),
	KUNIT_CASE(vsw_host_sends_for_others),
	KUNIT_CASE(vsw_egress_mtu_boundary),
	KUNIT_CASE(vsw_egress_mtu_in_flood),
	KUNIT_CASE(vsw_egress_mtu_of_all),
	KUNIT_CASE(vsw_egress_mtu_of_gso_is_of_segments),
	KUNIT_CASE(vsw_egress_down_or_unplugged),
	KUNIT_CASE(vsw_egress_queue_refuses),
	KUNIT_CASE(vsw_egress_queue_not_there),
	KUNIT_CASE(vsw_egress_nobody),
	KUNIT_CASE(vsw_uplink_not_to_uplink),
	{}
};

static struct kunit_suite vsw_forward_suite = {
	.name = "vswitch_forward",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_forward_cases,
};

kunit_test_suite(vsw_forward_suite);
