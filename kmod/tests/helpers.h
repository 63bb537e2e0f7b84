/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests share: a switch whose ports are netdevs of the test, which
 * keep what they are given to send.
 *
 * A test talks about ends by number: 0 is the host, which sends and receives
 * through the switch's own netdev, the others are the ports of these numbers.
 */
#ifndef _VSW_TESTS_HELPERS_H
#define _VSW_TESTS_HELPERS_H

#include <kunit/test.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include "../path/dp.h"

/* Ports a test has at most, and those most tests want. */
#define VSW_TEST_PORTS		8
#define VSW_TEST_PORTS_USUAL	4
/* Largest frame. */
#define VSW_TEST_FRAME		8192
/* IEEE Std 802 local experimental Ethertype: nobody else takes it. */
#define VSW_TEST_ETHERTYPE	0x88b5
/* Bytes of a frame whose length does not matter. */
#define VSW_TEST_LEN		100
/* An outer tag, for vsw_test_frame(). */
#define VSW_TAG(tpid, tci)	((u32)(tpid) << 16 | (tci))
/* Station n, unicast and locally administered; the address of the switch. */
#define VSW_STATION(n)		(0x020000000000ULL + (n))
#define VSW_TEST_SWITCH		0x02ffff000001ULL
#define VSW_TEST_BROADCAST	0xffffffffffffULL

/**
 * struct vsw_test_end - An end of the switch.
 * @dev: its netdev; the switch's own for end 0
 * @port: its port, NULL while it is not attached
 * @got: frames that the switch sent there, in order
 * @up: frames that who listens to @dev itself received
 * @seen: counters as of the last vsw_expect()
 * @vids: numbers of tags that its VLAN filter lets in, those of IEEE 802.1ad ones
 *	  VLAN_N_VID behind
 * @vid_room: how many more it has room for
 * @vid_talk: its driver tells of its features whenever it takes one
 * @keep: its driver does not change its features
 */
struct vsw_test_end {
	struct net_device *dev;
	struct vsw_port *port;
	struct sk_buff_head got;
	struct sk_buff_head up;
	struct vsw_stats seen;
	DECLARE_BITMAP(vids, 2 * VLAN_N_VID);
	unsigned int vid_room;
	bool vid_talk;
	bool keep;
};

/**
 * struct vsw_test - What a test works with.
 * @test: the test
 * @sw: the switch
 * @end: its ends
 * @tap: counts what the protocols of the stack receive
 * @strays: how many that were
 * @data: bytes of the frame, its tags included
 * @len: how many
 * @room: for the bytes of a frame that came out
 * @skb: the skb that went in, to be compared and nothing else
 */
struct vsw_test {
	struct kunit *test;
	struct vsw_switch *sw;
	struct vsw_test_end end[VSW_TEST_PORTS + 1];
	struct packet_type tap;
	unsigned int strays;
	u8 data[VSW_TEST_FRAME];
	unsigned int len;
	u8 room[VSW_TEST_FRAME];
	const struct sk_buff *skb;
};

/**
 * struct vsw_want - By how much the counters of an end are to have gone up.
 * @rx: frames that came in
 * @rx_bytes: their bytes
 * @multicast: of @rx, those to groups
 * @broadcast: of @rx, those to all
 * @tx: frames that went out
 * @tx_bytes: their bytes
 * @flooded: of @tx, those because of flooding
 * @learned: addresses learned
 * @moved: addresses moved to the port
 * @refused: addresses not learned
 * @held: frames from addresses that are held elsewhere
 * @drop: VSWITCH_A_DROPS_* of a dropped frame, or 0
 * @drops: how many were dropped for this reason; 0 means 1
 */
struct vsw_want {
	u32 rx;
	u32 rx_bytes;
	u32 multicast;
	u32 broadcast;
	u32 tx;
	u32 tx_bytes;
	u32 flooded;
	u32 learned;
	u32 moved;
	u32 refused;
	u32 held;
	u32 drop;
	u32 drops;
};

int vsw_test_init(struct kunit *test);
int vsw_test_init_bare(struct kunit *test);
void vsw_test_exit(struct kunit *test);

struct net_device *vsw_mock_new(struct vsw_test_end *end);
void vsw_mock_free(struct net_device *dev);
void vsw_mock_refuse(struct vsw_test *t, int end, bool refuse);
void vsw_mock_features(struct vsw_test *t, int end, netdev_features_t features);

int vsw_test_attach(struct vsw_test *t, int end);
void vsw_test_detach(struct vsw_test *t, int end);
void vsw_test_set(struct vsw_test *t, int end, const struct vsw_port_cfg *cfg);
void vsw_test_role(struct vsw_test *t, int end, u32 role);
void vsw_test_up(struct vsw_test *t, int end, bool up);
void vsw_test_carrier(struct vsw_test *t, int end, bool on);
void vsw_test_mtu(struct vsw_test *t, int end, int mtu);

void vsw_test_frame(struct vsw_test *t, u64 dest, u64 source,
		    unsigned int len, const u32 *tags, unsigned int num);
struct sk_buff *vsw_test_skb(struct vsw_test *t, unsigned int linear);
void vsw_test_skb_tag(struct vsw_test *t, struct sk_buff *skb);
void vsw_test_send_skb(struct vsw_test *t, int end, struct sk_buff *skb);
void vsw_test_send(struct vsw_test *t, int end, u64 dest, u64 source);
void vsw_test_teach(struct vsw_test *t, int end, u64 addr, u16 vlan);

u32 vsw_test_find(struct vsw_test *t, u64 key);
enum vsw_fdb_learned vsw_test_learn(struct vsw_test *t, u64 key, u16 port,
				    u32 limit);
u64 vsw_test_key(u64 addr, u16 vlan);
int vsw_test_add(struct vsw_test *t, struct vsw_fdb_change *ch, u32 num,
		 bool replace, u32 *bad);
int vsw_test_del(struct vsw_test *t, struct vsw_fdb_change *ch, u32 num,
		 u32 *bad);

unsigned int vsw_test_bytes(struct sk_buff *skb, u8 *to);
void vsw_test_stats(struct vsw_test *t, int end, const struct vsw_want *want,
		    int line);
bool vsw_test_got(struct vsw_test *t, int end, int line);
void vsw_test_got_up(struct vsw_test *t, int end, int line);
void vsw_test_quiet(struct vsw_test *t, int line);
void vsw_test_reset(struct vsw_test *t);

/* The counters of an end have gone up by exactly this since the last time. */
#define vsw_expect(t, end, ...)						\
	vsw_test_stats(t, end, &(struct vsw_want){ __VA_ARGS__ }, __LINE__)
/* The next frame that went out there is the one that came in.  True if it is
 * the very skb, too.
 */
#define vsw_expect_got(t, end)		vsw_test_got(t, end, __LINE__)
/* The next frame the stack received from the end's own netdev is that one. */
#define vsw_expect_got_up(t, end)	vsw_test_got_up(t, end, __LINE__)
/* Nothing else came out anywhere, and nothing else was counted. */
#define vsw_expect_quiet(t)		vsw_test_quiet(t, __LINE__)

#endif /* _VSW_TESTS_HELPERS_H */
