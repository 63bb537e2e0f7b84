// SPDX-License-Identifier: GPL-2.0
/*
 * What keeps one port from harming the others: storm limits on the path (see
 * storm_kunit.c for how much passes them), states of ports, quarantine, by a clock of
 * the test's, and probes.
 */
#include <linux/if_ether.h>
#include "../table/guard.h"
#include "../table/loop.h"
#include "helpers.h"

#define VSW_LEN		VSW_TEST_LEN
#define VSW_GROUP	0x01005e000001ULL

static void vsw_guard_limit(struct vsw_test *t, int end, enum vsw_frame_kind kind,
			    u32 rate)
{
	struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_GUARD),
		.guard = BIT(VSW_STORM_ATTR(kind)),
	};

	cfg.to.guard.storm[kind] = rate;
	vsw_test_set(t, end, &cfg);
}

static const struct vsw_guard *vsw_guard_of(struct vsw_test *t, int end)
{
	return &rcu_dereference_protected(t->end[end].port->policy, 1)->is.guard;
}

static void vsw_guard_defaults(struct kunit *test)
{
	static const u32 guest[VSW_STORM_NUM] = { 20000, 100000, 2000 };
	struct vsw_test *t = test->priv;
	int i;

	for (i = 0; i < VSW_STORM_NUM; i++) {
		KUNIT_EXPECT_EQ(test, vsw_guard_of(t, 0)->storm[i], 0U);
		KUNIT_EXPECT_EQ(test, vsw_guard_of(t, 1)->storm[i], guest[i]);
	}
	vsw_guard_limit(t, 1, VSW_BROADCAST, 7);
	vsw_test_role(t, 1, VSWITCH_ROLE_GUEST);
	KUNIT_EXPECT_EQ(test, vsw_guard_of(t, 1)->storm[VSW_BROADCAST], 7U);
	vsw_test_role(t, 1, VSWITCH_ROLE_UPLINK);
	for (i = 0; i < VSW_STORM_NUM; i++)
		KUNIT_EXPECT_EQ(test, vsw_guard_of(t, 1)->storm[i], 0U);
	vsw_test_role(t, 1, VSWITCH_ROLE_GUEST);
	KUNIT_EXPECT_EQ(test, vsw_guard_of(t, 1)->storm[VSW_BROADCAST], 2000U);
}

/* A frame that is one too many is counted, and teaches nothing. */
static void vsw_guard_storm_drops(struct kunit *test, u64 dest,
				  enum vsw_frame_kind kind, u32 reason)
{
	struct vsw_test *t = test->priv;

	vsw_guard_limit(t, 1, kind, 1);
	vsw_test_send(t, 1, dest, VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1,
		   .multicast = kind == VSW_MULTICAST,
		   .broadcast = kind == VSW_BROADCAST);
	vsw_test_reset(t);
	vsw_test_send(t, 1, dest, VSW_STATION(2));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .drop = reason,
		   .learned = kind == VSW_UNICAST,
		   .multicast = kind == VSW_MULTICAST,
		   .broadcast = kind == VSW_BROADCAST);
	vsw_expect_quiet(t);

	/* It is this port's limit, and no other's. */
	vsw_test_send(t, 2, dest, VSW_STATION(3));
	vsw_expect_got(t, 1);
	vsw_expect(t, 1, .tx = 1, .tx_bytes = VSW_LEN, .flooded = 1);
	vsw_test_reset(t);

	vsw_guard_limit(t, 1, kind, 0);
	vsw_test_send(t, 1, dest, VSW_STATION(1));
	vsw_expect_got(t, 3);
	vsw_test_reset(t);
}

static void vsw_guard_storm_broadcast(struct kunit *test)
{
	vsw_guard_storm_drops(test, VSW_TEST_BROADCAST, VSW_BROADCAST,
			      VSWITCH_A_DROPS_STORM_BROADCAST);
}

static void vsw_guard_storm_multicast(struct kunit *test)
{
	vsw_guard_storm_drops(test, VSW_GROUP, VSW_MULTICAST,
			      VSWITCH_A_DROPS_STORM_MULTICAST);
}

static void vsw_guard_storm_unicast(struct kunit *test)
{
	vsw_guard_storm_drops(test, VSW_STATION(9), VSW_UNICAST,
			      VSWITCH_A_DROPS_STORM_UNICAST);
}

/* Neither a station that is known, nor what goes to a daemon. */
static void vsw_guard_storm_others_pass(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	for (i = 0; i < VSW_STORM_NUM; i++)
		vsw_guard_limit(t, 1, i, 1);
	vsw_test_teach(t, 2, VSW_STATION(2), 0);
	for (i = 0; i < 10; i++) {
		vsw_test_send(t, 1, VSW_STATION(2), VSW_STATION(1));
		vsw_expect_got(t, 2);
		vsw_test_send(t, 1, VSW_ADDR_RESERVED | 0xe, VSW_STATION(1));
		vsw_expect_got_up(t, 1);
	}
	vsw_test_reset(t);
}

/* States, as a spanning tree daemon sets them. */

static void vsw_guard_set_stp(struct vsw_test *t, int end, u8 state)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_GUARD),
		.guard = BIT(VSWITCH_A_GUARD_STP_STATE),
		.to.guard.stp_state = state,
	};

	vsw_test_set(t, end, &cfg);
}

static void vsw_guard_set_bpdu(struct vsw_test *t, int end, u8 guard)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_GUARD),
		.guard = BIT(VSWITCH_A_GUARD_BPDU_GUARD),
		.to.guard.bpdu = guard,
	};

	vsw_test_set(t, end, &cfg);
}

static void vsw_guard_set_quarantine(struct vsw_test *t, int end, bool on)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_GUARD),
		.guard = BIT(VSWITCH_A_GUARD_QUARANTINE),
		.quarantine = on,
	};

	vsw_test_set(t, end, &cfg);
}

/* Nothing goes in or out by end 1 but what is learned there, or not. */
static void vsw_guard_expect_shut(struct vsw_test *t, bool learns)
{
	KUNIT_EXPECT_TRUE(t->test, t->sw->mode & VSW_MODE_STATES);
	vsw_test_reset(t);
	vsw_test_send(t, 1, VSW_TEST_BROADCAST, VSW_STATION(11));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .broadcast = 1,
		   .learned = learns, .drop = VSWITCH_A_DROPS_PORT_BLOCKED);
	vsw_test_send(t, 1, VSW_STATION(12), VSW_STATION(11));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN,
		   .drop = VSWITCH_A_DROPS_PORT_BLOCKED);
	KUNIT_EXPECT_EQ(t->test, !!vsw_test_find(t, vsw_test_key(VSW_STATION(11), 0)),
			learns);
	/* Passed over when frames are flooded; the others get them. */
	vsw_test_send(t, 2, VSW_TEST_BROADCAST, VSW_STATION(2));
	vsw_expect_got(t, 3);
	vsw_expect(t, 1, .rx = 0);
	vsw_test_reset(t);
	vsw_expect_quiet(t);
}

static void vsw_guard_expect_open(struct vsw_test *t)
{
	KUNIT_EXPECT_EQ(t->test, t->sw->mode, VSW_MODE_UP);
	vsw_test_reset(t);
	vsw_test_send(t, 1, VSW_TEST_BROADCAST, VSW_STATION(11));
	vsw_expect_got(t, 2);
	vsw_test_send(t, 2, VSW_STATION(11), VSW_STATION(2));
	vsw_expect_got(t, 1);
	vsw_test_reset(t);
}

static void vsw_guard_states(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 1, VSW_STATION(12), 0);
	vsw_guard_set_stp(t, 1, VSWITCH_STP_STATE_BLOCKING);
	KUNIT_EXPECT_EQ(test, vsw_test_find(t, vsw_test_key(VSW_STATION(12), 0)), 0U);
	vsw_guard_expect_shut(t, false);
	vsw_guard_set_stp(t, 1, VSWITCH_STP_STATE_LEARNING);
	vsw_guard_expect_shut(t, true);
	vsw_guard_set_stp(t, 1, VSWITCH_STP_STATE_FORWARDING);
	vsw_guard_expect_open(t);

	/* A change of role is none of state. */
	vsw_guard_set_stp(t, 1, VSWITCH_STP_STATE_BLOCKING);
	vsw_test_role(t, 1, VSWITCH_ROLE_UPLINK);
	vsw_guard_expect_shut(t, false);
	vsw_guard_set_stp(t, 1, VSWITCH_STP_STATE_FORWARDING);
	vsw_guard_expect_open(t);
}

/* A static entry leads there all the same, and the frame is counted there. */
static void vsw_guard_known_at_blocked(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_fdb_change ch = {
		.key = vsw_test_key(VSW_STATION(1), 0),
		.port = 1,
	};
	u32 bad;

	KUNIT_ASSERT_EQ(test, vsw_test_add(t, &ch, 1, false, &bad), 0);
	vsw_guard_set_stp(t, 1, VSWITCH_STP_STATE_LEARNING);
	vsw_test_reset(t);
	vsw_test_send(t, 2, VSW_STATION(1), VSW_STATION(2));
	vsw_expect(t, 2, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
	vsw_expect(t, 1, .drop = VSWITCH_A_DROPS_EGRESS_BLOCKED);
	vsw_expect_quiet(t);
}

/* When nobody else is left, there is nobody, and nothing is wrong with the port. */
static void vsw_guard_no_egress(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_guard_set_stp(t, 1, VSWITCH_STP_STATE_BLOCKING);
	vsw_guard_set_stp(t, 3, VSWITCH_STP_STATE_LEARNING);
	vsw_guard_set_quarantine(t, 4, true);
	vsw_test_reset(t);
	vsw_test_send(t, 2, VSW_STATION(9), VSW_STATION(2));
	vsw_expect(t, 2, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1,
		   .drop = VSWITCH_A_DROPS_NO_EGRESS);
	vsw_expect_quiet(t);
}

/* The daemon hears of its neighbours what state there is; not so of a quarantine. */
static void vsw_guard_reserved(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	vsw_guard_set_bpdu(t, 1, VSWITCH_BPDU_GUARD_OFF);
	for (i = VSWITCH_STP_STATE_FORWARDING; i <= VSWITCH_STP_STATE_BLOCKING; i++) {
		vsw_guard_set_stp(t, 1, i);
		vsw_test_send(t, 1, VSW_ADDR_RESERVED, VSW_STATION(1));
		vsw_expect_got_up(t, 1);
	}
	vsw_guard_set_quarantine(t, 1, true);
	vsw_test_reset(t);
	vsw_test_send(t, 1, VSW_ADDR_RESERVED, VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .multicast = 1,
		   .drop = VSWITCH_A_DROPS_PORT_BLOCKED);
	vsw_expect_quiet(t);
}

/* The guard of a guest; what is forwarded is forwarded, and others are as they are. */
static void vsw_guard_bpdu(struct kunit *test)
{
	const struct vsw_port_cfg forward = {
		.set = BIT_ULL(VSWITCH_A_PORT_GROUP_FORWARD),
		.to.group_forward = VSW_GROUP_BPDU,
	};
	struct vsw_test *t = test->priv;

	vsw_test_send(t, 1, VSW_ADDR_RESERVED, VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .multicast = 1,
		   .drop = VSWITCH_A_DROPS_BPDU_GUARD);
	vsw_expect_quiet(t);
	vsw_test_send(t, 1, VSW_ADDR_RESERVED | 0xe, VSW_STATION(1));
	vsw_expect_got_up(t, 1);
	KUNIT_EXPECT_EQ(test, t->end[1].port->quarantine.noted, 0U);

	vsw_test_set(t, 1, &forward);
	vsw_test_send(t, 1, VSW_ADDR_RESERVED, VSW_STATION(1));
	vsw_expect_got(t, 2);
	vsw_test_role(t, 2, VSWITCH_ROLE_UPLINK);
	vsw_test_send(t, 2, VSW_ADDR_RESERVED, VSW_STATION(2));
	vsw_expect_got_up(t, 2);
	vsw_test_reset(t);
}

/* The work item tries again while somebody else has RTNL. */
static void vsw_guard_wait(struct vsw_test *t, int end)
{
	while (READ_ONCE(t->end[end].port->quarantine.noted))
		flush_delayed_work(&t->sw->guard_work);
}

static void vsw_guard_bpdu_quarantines(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	vsw_test_teach(t, 1, VSW_STATION(12), 0);
	vsw_guard_set_bpdu(t, 1, VSWITCH_BPDU_GUARD_QUARANTINE);
	for (i = 0; i < 3; i++)
		vsw_test_send(t, 1, VSW_ADDR_RESERVED, VSW_STATION(1));
	vsw_guard_wait(t, 1);
	KUNIT_EXPECT_EQ(test, t->end[1].port->state, VSW_STATE_QUARANTINED);
	KUNIT_EXPECT_EQ(test, t->end[1].port->quarantine.reason,
			VSWITCH_QUARANTINE_REASON_BPDU);
	KUNIT_EXPECT_EQ(test, t->end[1].port->quarantine.times, 1U);
	KUNIT_EXPECT_EQ(test, vsw_test_find(t, vsw_test_key(VSW_STATION(12), 0)), 0U);
	vsw_guard_expect_shut(t, false);
	vsw_guard_set_quarantine(t, 1, false);
	vsw_guard_expect_open(t);
}

static bool vsw_guard_is_in(struct vsw_test *t, unsigned long now)
{
	rtnl_lock();
	vsw_guard_run(t->sw, now);
	rtnl_unlock();
	return t->end[1].port->state == VSW_STATE_QUARANTINED;
}

static void vsw_guard_put_in(struct vsw_test *t, u8 reason, unsigned long now)
{
	rtnl_lock();
	vsw_guard_put(t->end[1].port, reason, now);
	rtnl_unlock();
}

/* Each time in a row is twice as long, up to an hour. */
static void vsw_guard_back_off(struct kunit *test)
{
	static const u16 wait[] = { 30, 60, 120, 240, 480, 960, 1920, 3600, 3600 };
	struct vsw_test *t = test->priv;
	/* Far from where the work item is, which runs meanwhile. */
	unsigned long now = jiffies + 1000000UL * HZ;
	int i;

	for (i = 0; i < ARRAY_SIZE(wait); i++) {
		vsw_guard_put_in(t, VSWITCH_QUARANTINE_REASON_BPDU, now);
		KUNIT_EXPECT_EQ(test, vsw_guard_times(t->end[1].port, now), i + 1U);
		KUNIT_EXPECT_EQ(test, vsw_guard_left(t->end[1].port, now), (u32)wait[i]);
		now += wait[i] * HZ - 1;
		KUNIT_EXPECT_TRUE(test, vsw_guard_is_in(t, now));
		KUNIT_EXPECT_EQ(test, vsw_guard_left(t->end[1].port, now), 1U);
		KUNIT_EXPECT_FALSE(test, vsw_guard_is_in(t, ++now));
		vsw_guard_expect_open(t);
		now += 2 * wait[i] * HZ - 1;
	}
	/* Well for long enough, by now. */
	now += 2;
	KUNIT_EXPECT_EQ(test, vsw_guard_times(t->end[1].port, now), 0U);
	vsw_guard_put_in(t, VSWITCH_QUARANTINE_REASON_STORM, now);
	KUNIT_EXPECT_EQ(test, vsw_guard_left(t->end[1].port, now), 30U);
	vsw_guard_set_quarantine(t, 1, false);
}

/* What an administrator has put there stays, and so does all with no time. */
static void vsw_guard_stays(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	unsigned long now = jiffies + 1000000UL * HZ;

	vsw_guard_set_quarantine(t, 1, true);
	KUNIT_EXPECT_TRUE(test, vsw_guard_is_in(t, now));
	KUNIT_EXPECT_EQ(test, vsw_guard_left(t->end[1].port, now), 0U);
	vsw_guard_note(t->end[1].port, VSWITCH_QUARANTINE_REASON_BPDU);
	vsw_guard_wait(t, 1);
	KUNIT_EXPECT_EQ(test, t->end[1].port->quarantine.reason,
			VSWITCH_QUARANTINE_REASON_ADMIN);
	vsw_guard_set_quarantine(t, 1, false);

	t->sw->quarantine_time = 0;
	vsw_guard_put_in(t, VSWITCH_QUARANTINE_REASON_BPDU, now);
	KUNIT_EXPECT_TRUE(test, vsw_guard_is_in(t, now + 1000000UL * HZ));
	vsw_guard_set_quarantine(t, 1, false);
	vsw_guard_expect_open(t);
}

/* What the daemon wants in the meantime is done afterwards. */
static void vsw_guard_state_after(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_guard_set_quarantine(t, 1, true);
	vsw_guard_set_stp(t, 1, VSWITCH_STP_STATE_LEARNING);
	vsw_guard_expect_shut(t, false);
	vsw_guard_set_quarantine(t, 1, false);
	vsw_guard_expect_shut(t, true);
}

static bool vsw_guard_storm_noted(struct vsw_test *t, u32 second)
{
	struct vsw_port *port = t->end[1].port;
	bool noted;

	/* Any number of frames in a second is one second. */
	vsw_guard_note_storm(port, second);
	vsw_guard_note_storm(port, second);
	noted = READ_ONCE(port->quarantine.noted) ||
		port->quarantine.reason == VSWITCH_QUARANTINE_REASON_STORM;
	return noted;
}

static void vsw_guard_storm_lasts(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	u32 s;

	for (s = 1000; s < 1004; s++)
		KUNIT_EXPECT_FALSE(test, vsw_guard_storm_noted(t, s));
	/* A second without. */
	for (s = 1005; s < 1009; s++)
		KUNIT_EXPECT_FALSE(test, vsw_guard_storm_noted(t, s));
	KUNIT_EXPECT_TRUE(test, vsw_guard_storm_noted(t, 1009));
	vsw_guard_wait(t, 1);
	KUNIT_EXPECT_EQ(test, t->end[1].port->quarantine.reason,
			VSWITCH_QUARANTINE_REASON_STORM);
	/* And all from the beginning. */
	vsw_guard_set_quarantine(t, 1, false);
	for (s = 1010; s < 1014; s++)
		KUNIT_EXPECT_FALSE(test, vsw_guard_storm_noted(t, s));
}

/* A port that leaves takes its state along. */
static void vsw_guard_leaves(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_guard_set_quarantine(t, 4, true);
	vsw_guard_set_stp(t, 3, VSWITCH_STP_STATE_BLOCKING);
	vsw_test_detach(t, 4);
	KUNIT_EXPECT_TRUE(test, t->sw->mode & VSW_MODE_STATES);
	vsw_test_detach(t, 3);
	KUNIT_EXPECT_EQ(test, t->sw->mode, VSW_MODE_UP);
	KUNIT_ASSERT_EQ(test, vsw_test_attach(t, 4), 0);
	vsw_guard_expect_open(t);
}

/* Probes: what comes back has gone round. */

static void vsw_guard_probe_of(struct vsw_test *t, int out, int ifindex, int in,
			       u64 time, int change)
{
	struct sk_buff *skb;

	skb = vsw_loop_make(t->sw, out, ifindex, time);
	KUNIT_ASSERT_NOT_NULL(t->test, skb);
	if (change >= 0)
		skb->data[change] ^= 1;
	/* As that which the test sends, to be compared with what comes out. */
	t->len = skb->len + ETH_HLEN;
	memcpy(t->data, skb_mac_header(skb), t->len);
	kfree_skb(skb);
	vsw_test_send_skb(t, in, vsw_test_skb(t, t->len));
}

/* The probe of end out comes in at end in. */
static void vsw_guard_probe_comes(struct vsw_test *t, int out, int in, u64 time,
				  int change)
{
	vsw_guard_probe_of(t, out, t->end[out].dev->ifindex, in, time, change);
}

static u8 vsw_guard_reason(struct vsw_test *t, int end)
{
	vsw_guard_wait(t, end);
	return t->end[end].port->quarantine.reason;
}

static void vsw_guard_loop_of_guest(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_guard_probe_comes(t, 1, 2, vsw_loop_now(), -1);
	vsw_expect(t, 2, .rx = 1, .rx_bytes = VSW_PROBE_LEN, .multicast = 1,
		   .drop = VSWITCH_A_DROPS_LOOP);
	vsw_expect_quiet(t);
	KUNIT_EXPECT_EQ(test, vsw_guard_reason(t, 2), VSWITCH_QUARANTINE_REASON_LOOP);
	KUNIT_EXPECT_EQ(test, vsw_guard_reason(t, 1), VSWITCH_QUARANTINE_REASON_NONE);
}

/* Two probes, one each way, and one port that goes. */
static void vsw_guard_loop_both_ways(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_guard_probe_comes(t, 2, 1, vsw_loop_now(), -1);
	KUNIT_EXPECT_EQ(test, vsw_guard_reason(t, 2), VSWITCH_QUARANTINE_REASON_LOOP);
	KUNIT_EXPECT_EQ(test, vsw_guard_reason(t, 1), VSWITCH_QUARANTINE_REASON_NONE);
	vsw_guard_probe_comes(t, 1, 2, vsw_loop_now(), -1);
	KUNIT_EXPECT_EQ(test, vsw_guard_reason(t, 1), VSWITCH_QUARANTINE_REASON_NONE);
	/* By the same port. */
	vsw_guard_probe_comes(t, 3, 3, vsw_loop_now(), -1);
	KUNIT_EXPECT_EQ(test, vsw_guard_reason(t, 3), VSWITCH_QUARANTINE_REASON_LOOP);
}

/* An uplink stays; the guest goes whose probe has come back by it. */
static void vsw_guard_loop_by_uplink(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_role(t, 2, VSWITCH_ROLE_UPLINK);
	vsw_test_role(t, 3, VSWITCH_ROLE_UPLINK);
	vsw_guard_probe_comes(t, 1, 2, vsw_loop_now(), -1);
	KUNIT_EXPECT_EQ(test, vsw_guard_reason(t, 1), VSWITCH_QUARANTINE_REASON_LOOP);
	KUNIT_EXPECT_EQ(test, vsw_guard_reason(t, 2), VSWITCH_QUARANTINE_REASON_NONE);
	vsw_test_reset(t);
	vsw_guard_probe_comes(t, 3, 2, vsw_loop_now(), -1);
	vsw_expect(t, 2, .rx = 1, .rx_bytes = VSW_PROBE_LEN, .multicast = 1,
		   .drop = VSWITCH_A_DROPS_LOOP);
	vsw_expect_quiet(t);
	KUNIT_EXPECT_EQ(test, vsw_guard_reason(t, 3), VSWITCH_QUARANTINE_REASON_NONE);
	/* A port that is no more, and one whose number another guest has got. */
	vsw_guard_probe_of(t, 77, 77, 2, vsw_loop_now(), -1);
	vsw_expect(t, 2, .rx = 1, .rx_bytes = VSW_PROBE_LEN, .multicast = 1,
		   .drop = VSWITCH_A_DROPS_LOOP);
	vsw_expect_quiet(t);
	vsw_guard_probe_of(t, 4, t->end[1].dev->ifindex, 2, vsw_loop_now(), -1);
	vsw_expect(t, 2, .rx = 1, .rx_bytes = VSW_PROBE_LEN, .multicast = 1,
		   .drop = VSWITCH_A_DROPS_LOOP);
	vsw_expect_quiet(t);
	KUNIT_EXPECT_EQ(test, vsw_guard_reason(t, 4), VSWITCH_QUARANTINE_REASON_NONE);
}

/* What is old says nothing, but goes no further. */
static void vsw_guard_loop_too_old(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	u64 now = vsw_loop_now();

	vsw_guard_probe_comes(t, 1, 2, now - VSW_PROBE_VALID - 1, -1);
	vsw_guard_probe_comes(t, 1, 2, now + 2 * VSW_PROBE_VALID, -1);
	vsw_expect(t, 2, .rx = 2, .rx_bytes = 2 * VSW_PROBE_LEN, .multicast = 2,
		   .drop = VSWITCH_A_DROPS_LOOP, .drops = 2);
	vsw_expect_quiet(t);
	KUNIT_EXPECT_EQ(test, vsw_guard_reason(t, 2), VSWITCH_QUARANTINE_REASON_NONE);
}

/* What a guest has made up is a group like any other: whichever bit is another. */
static void vsw_guard_loop_forged(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	unsigned int i;

	for (i = 0; i < sizeof(struct vsw_probe); i++) {
		vsw_guard_probe_comes(t, 1, 2, vsw_loop_now(), i);
		vsw_expect_got(t, 1);
		vsw_expect_got(t, 3);
		vsw_test_reset(t);
	}
	vsw_test_frame(t, VSW_ADDR_PROBE, VSW_STATION(2), 20, NULL, 0);
	vsw_test_send_skb(t, 2, vsw_test_skb(t, 20));
	vsw_expect_got(t, 1);
	vsw_test_reset(t);
	KUNIT_EXPECT_EQ(test, vsw_guard_reason(t, 2), VSWITCH_QUARANTINE_REASON_NONE);
}

/* It comes out of the port that was asked for, and is what comes back. */
static void vsw_guard_loop_sent(struct kunit *test)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_GUARD),
		.guard = BIT(VSWITCH_A_GUARD_LOOP_DETECT),
		.to.guard.loop_detect = true,
	};
	struct vsw_test *t = test->priv;
	struct sk_buff *skb;

	vsw_test_set(t, 1, &cfg);
	flush_delayed_work(&t->sw->loop.work);
	skb = skb_dequeue(&t->end[1].got);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	t->len = vsw_test_bytes(skb, t->data);
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, t->len, (unsigned int)VSW_PROBE_LEN);
	vsw_expect(t, 1, .tx = 1, .tx_bytes = VSW_PROBE_LEN);
	vsw_expect_quiet(t);
	vsw_test_send_skb(t, 3, vsw_test_skb(t, t->len));
	KUNIT_EXPECT_EQ(test, vsw_guard_reason(t, 3), VSWITCH_QUARANTINE_REASON_LOOP);

	/* Not out of one that does not forward, nor while the switch is down. */
	vsw_guard_set_stp(t, 1, VSWITCH_STP_STATE_BLOCKING);
	vsw_test_reset(t);
	vsw_loop_start(t->sw);
	flush_delayed_work(&t->sw->loop.work);
	vsw_guard_set_stp(t, 1, VSWITCH_STP_STATE_FORWARDING);
	vsw_test_up(t, 0, false);
	vsw_loop_start(t->sw);
	flush_delayed_work(&t->sw->loop.work);
	vsw_expect_quiet(t);
}

static struct kunit_case vsw_guard_cases[] = {
	KUNIT_CASE(vsw_guard_defaults),
	KUNIT_CASE(vsw_guard_storm_broadcast),
	KUNIT_CASE(vsw_guard_storm_multicast),
	KUNIT_CASE(vsw_guard_storm_unicast),
	KUNIT_CASE(vsw_guard_storm_others_pass),
	KUNIT_CASE(vsw_guard_states),
	KUNIT_CASE(vsw_guard_known_at_blocked),
	KUNIT_CASE(vsw_guard_no_egress),
	KUNIT_CASE(vsw_guard_reserved),
	KUNIT_CASE(vsw_guard_bpdu),
	KUNIT_CASE(vsw_guard_bpdu_quarantines),
	KUNIT_CASE(vsw_guard_back_off),
	KUNIT_CASE(vsw_guard_stays),
	KUNIT_CASE(vsw_guard_state_after),
	KUNIT_CASE(vsw_guard_storm_lasts),
	KUNIT_CASE(vsw_guard_leaves),
	KUNIT_CASE(vsw_guard_loop_of_guest),
	KUNIT_CASE(vsw_guard_loop_both_ways),
	KUNIT_CASE(vsw_guard_loop_by_uplink),
	KUNIT_CASE(vsw_guard_loop_too_old),
	KUNIT_CASE(vsw_guard_loop_forged),
	KUNIT_CASE(vsw_guard_loop_sent),
	{}
};

static struct kunit_suite vsw_guard_suite = {
	.name = "vswitch_guard",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_guard_cases,
};

kunit_test_suite(vsw_guard_suite);
