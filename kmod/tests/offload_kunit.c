// SPDX-License-Identifier: GPL-2.0
/*
 * Frames that the core is to segment or to fragment, as guests make them up:
 * what the frame fuzzer has found.
 */
#include <linux/etherdevice.h>
#include "helpers.h"

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

static struct kunit_case vsw_offload_cases[] = {
	KUNIT_CASE(vsw_offload_tcp_header_not_linear),
	{}
};

static struct kunit_suite vsw_offload_suite = {
	.name = "vswitch_offload",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_offload_cases,
};

kunit_test_suite(vsw_offload_suite);
