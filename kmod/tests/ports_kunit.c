// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: learning, limits, and what is left of one that has gone.
 */
#include <linux/etherdevice.h>
#include <linux/prandom.h>
#include <net/rtnetlink.h>
#include "../ctrl/netdev.h"
#include "helpers.h"

#define VSW_LEN		VSW_TEST_LEN
#define VSW_CROWD	200

static void vsw_expect_flood(struct vsw_test *t, int end)
{
	vsw_expect_got(t, end);
	vsw_expect(t, end, .tx = 1, .tx_bytes = VSW_LEN, .flooded = 1);
}

static void vsw_port_learning_off(struct kunit *test)
{
	struct vsw_port_cfg cfg = { .set = BIT_ULL(VSWITCH_A_PORT_LEARNING) };
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 2, VSW_STATION(2), 0);
	vsw_test_set(t, 1, &cfg);
	vsw_test_send(t, 1, VSW_STATION(2), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN);
	/* Nor does it take what another port has. */
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(2));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN);
	KUNIT_EXPECT_EQ(test, vsw_fdb_port_count(&t->sw->fdb, 1), 0);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 1);

	cfg.to.learning = true;
	vsw_test_set(t, 1, &cfg);
	vsw_test_send(t, 1, VSW_STATION(2), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
}

static void vsw_port_mac_limit_refuses_and_forwards(struct kunit *test)
{
	struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_MAC_LIMIT), .to.mac_limit = 2,
	};
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 2, VSW_STATION(9), 0);
	vsw_test_set(t, 1, &cfg);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(1));
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(2));
	vsw_expect(t, 1, .rx = 2, .rx_bytes = 2 * VSW_LEN, .learned = 2);
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(3));
	vsw_test_send(t, 1, VSW_STATION(9), VSW_STATION(3));
	vsw_expect(t, 1, .rx = 2, .rx_bytes = 2 * VSW_LEN, .refused = 2);
	vsw_expect(t, 2, .tx = 4, .tx_bytes = 4 * VSW_LEN);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&t->end[2].got), 4U);
	KUNIT_EXPECT_EQ(test, vsw_fdb_port_count(&t->sw->fdb, 1), 2);
}

static void vsw_port_static_source_not_counted(struct kunit *test)
{
	struct vsw_fdb_change ch = {
		.key = vsw_test_key(VSW_STATION(1), 0), .port = 3,
	};
	struct vsw_test *t = test->priv;
	u32 bad;

	KUNIT_ASSERT_EQ(test, vsw_test_add(t, &ch, 1, false, &bad), 0);
	vsw_test_send(t, 1, VSW_TEST_SWITCH, VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN);
	KUNIT_EXPECT_EQ(test, vsw_fdb_port(vsw_test_find(t, ch.key)), 3);
}

static void vsw_port_limit_of_switch(struct kunit *test)
{
	struct vsw_switch_cfg cfg = {
		.set = BIT(VSWITCH_A_SWITCH_PORT_LIMIT),
	};
	struct vsw_test *t = test->priv;
	int low, exact;

	rtnl_lock();
	cfg.port_limit = VSW_TEST_PORTS_USUAL - 1;
	low = vsw_switch_set(t->sw, &cfg, NULL);
	cfg.port_limit = VSW_TEST_PORTS_USUAL;
	exact = vsw_switch_set(t->sw, &cfg, NULL);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, low, -EBUSY);
	KUNIT_EXPECT_EQ(test, exact, 0);

	t->end[5].dev = vsw_mock_new(&t->end[5]);
	KUNIT_ASSERT_NOT_NULL(test, t->end[5].dev);
	KUNIT_EXPECT_EQ(test, vsw_test_attach(t, 5), -ENOSPC);
	vsw_test_detach(t, 2);
	KUNIT_EXPECT_EQ(test, vsw_test_attach(t, 5), 0);
}

static void vsw_port_attached_once_only(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, vsw_test_attach(t, 1), -EBUSY);
	t->end[5].dev = t->sw->dev;
	KUNIT_EXPECT_EQ(test, vsw_test_attach(t, 5), -ELOOP);
	t->end[5].dev = NULL;
}

static void vsw_port_detached_is_flooded_for(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int promiscuity;

	vsw_test_send(t, 2, VSW_TEST_SWITCH, VSW_STATION(2));
	vsw_test_teach(t, 1, VSW_STATION(1), 0);
	vsw_test_reset(t);
	vsw_test_detach(t, 2);
	promiscuity = t->end[2].dev->promiscuity;
	KUNIT_EXPECT_EQ(test, promiscuity, 0);
	KUNIT_EXPECT_EQ(test, vsw_fdb_port_count(&t->sw->fdb, 2), 0);

	vsw_test_send(t, 1, VSW_STATION(2), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect_flood(t, 3);
	vsw_expect_flood(t, 4);
	vsw_expect_quiet(t);

	/* And its device is an ordinary one again. */
	vsw_test_send(t, 2, VSW_TEST_BROADCAST, VSW_STATION(2));
	vsw_expect_got_up(t, 2);
	KUNIT_EXPECT_EQ(test, t->strays, 1U);
	t->strays = 0;
	vsw_expect_quiet(t);
}

/* Between its leaving the set and the flush, entries point to no port. */
static void vsw_port_missing_is_flooded_for(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int number;

	for (number = 5; number <= 5000; number *= 10) {
		vsw_test_teach(t, number, VSW_STATION(number), 0);
		vsw_test_send(t, 1, VSW_STATION(number), VSW_STATION(1));
		vsw_expect_flood(t, 2);
		vsw_expect_flood(t, 3);
		vsw_expect_flood(t, 4);
	}
	vsw_test_detach(t, 2);
	vsw_test_teach(t, 2, VSW_STATION(2), 0);
	vsw_test_send(t, 1, VSW_STATION(2), VSW_STATION(1));
	vsw_expect_flood(t, 3);
	vsw_expect_flood(t, 4);
}

static void vsw_port_number_reused_without_entries(struct kunit *test)
{
	struct vsw_fdb_change ch = {
		.key = vsw_test_key(VSW_STATION(22), 0), .port = 2,
	};
	struct vsw_test *t = test->priv;
	u32 bad;

	vsw_test_teach(t, 2, VSW_STATION(2), 0);
	KUNIT_ASSERT_EQ(test, vsw_test_add(t, &ch, 1, false, &bad), 0);
	vsw_test_detach(t, 2);
	t->end[5].dev = vsw_mock_new(&t->end[5]);
	KUNIT_ASSERT_NOT_NULL(test, t->end[5].dev);
	KUNIT_ASSERT_EQ(test, vsw_test_attach(t, 5), 0);
	KUNIT_EXPECT_EQ(test, (int)t->end[5].port->number, 2);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 0);
	KUNIT_EXPECT_EQ(test, vsw_fdb_port_count(&t->sw->fdb, 2), 0);

	vsw_test_send(t, 1, VSW_STATION(2), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
	vsw_expect_flood(t, 3);
	vsw_expect_flood(t, 4);
	vsw_expect_flood(t, 5);
	vsw_test_send(t, 1, VSW_STATION(22), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN);
	vsw_expect_flood(t, 3);
	vsw_expect_flood(t, 4);
	vsw_expect_flood(t, 5);
	vsw_expect_quiet(t);
}

static void vsw_port_goes_with_its_netdev(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 3, VSW_STATION(3), 0);
	t->end[3].port = NULL;
	vsw_mock_free(t->end[3].dev);
	t->end[3].dev = NULL;
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 0);
	vsw_test_send(t, 1, VSW_STATION(3), VSW_STATION(1));
	vsw_expect(t, 1, .rx = 1, .rx_bytes = VSW_LEN, .learned = 1);
	vsw_expect_flood(t, 2);
	vsw_expect_flood(t, 4);
	vsw_expect_quiet(t);
}

/* A crowd of ports, with or without a port of the switch each. */
struct vsw_crowd {
	struct vsw_test_end end[VSW_CROWD];
	u32 attached;
};

static int vsw_crowd_toggle(struct vsw_test *t, struct vsw_crowd *c, int i)
{
	static const struct vsw_port_cfg cfg;
	struct vsw_test_end *e = &c->end[i];
	int err = 0;

	rtnl_lock();
	if (e->port) {
		vsw_port_detach(e->port);
		e->port = NULL;
		c->attached--;
	} else {
		e->port = vsw_port_attach(t->sw, e->dev, &cfg, NULL);
		err = PTR_ERR_OR_ZERO(e->port);
		if (err)
			e->port = NULL;
		else
			c->attached++;
	}
	rtnl_unlock();
	return err;
}

/* Each port is at its number and once in the list for flooding, in order. */
static bool vsw_crowd_set_is_right(struct vsw_test *t, struct vsw_crowd *c)
{
	const struct vsw_port_set *set;
	u32 i, num = 0, last = 0;
	bool ok = true;

	rtnl_lock();
	set = rtnl_dereference(t->sw->ports);
	ok &= set->slot[VSW_HOST_PORT] == t->sw->host;
	for (i = 1; i < set->size; i++) {
		num += !!set->slot[i];
		ok &= !set->slot[i] || set->slot[i]->number == i;
	}
	ok &= num == c->attached && set->count == c->attached;
	for (i = 0; i < set->count; i++) {
		const struct vsw_port *port = set->slot[set->size + i];

		ok &= port && port->number > last &&
		      set->slot[port->number] == port;
		last = port ? port->number : last;
	}
	for (i = 0; i < VSW_CROWD; i++)
		ok &= !c->end[i].port ||
		      set->slot[c->end[i].port->number] == c->end[i].port;
	ok &= vsw_switch_port_count(t->sw) == c->attached;
	rtnl_unlock();
	return ok;
}

/* Each port gets a broadcast of the host once, the others none. */
static u32 vsw_crowd_wrong_floods(struct vsw_test *t, struct vsw_crowd *c)
{
	u32 wrong = 0;
	int i;

	vsw_test_send(t, VSW_HOST_PORT, VSW_TEST_BROADCAST, VSW_TEST_SWITCH);
	for (i = 0; i < VSW_CROWD; i++) {
		wrong += skb_queue_len(&c->end[i].got) != !!c->end[i].port;
		skb_queue_purge(&c->end[i].got);
	}
	return wrong;
}

static void vsw_port_crowd_comes_and_goes(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct rnd_state rnd;
	struct vsw_crowd *c;
	int i, err = 0, wrong_sets = 0, made = 0;
	u32 wrong = 0;

	for (i = 1; i <= VSW_TEST_PORTS_USUAL; i++)
		vsw_test_detach(t, i);
	c = kvzalloc(sizeof(*c), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, c);
	for (i = 0; i < VSW_CROWD; i++) {
		skb_queue_head_init(&c->end[i].got);
		c->end[i].dev = vsw_mock_new(&c->end[i]);
		made += !!c->end[i].dev;
	}

	/* No assertion before all is freed.  The same order in each run. */
	prandom_seed_state(&rnd, 20);
	for (i = 0; i < 5 * VSW_CROWD && made == VSW_CROWD && !err; i++) {
		err = vsw_crowd_toggle(t, c,
				       prandom_u32_state(&rnd) % VSW_CROWD);
		wrong_sets += !vsw_crowd_set_is_right(t, c);
		if (i % 50 == 0)
			wrong += vsw_crowd_wrong_floods(t, c);
	}
	for (i = 0; i < VSW_CROWD; i++)
		if (c->end[i].port)
			vsw_crowd_toggle(t, c, i);
	wrong_sets += !vsw_crowd_set_is_right(t, c);
	for (i = 0; i < VSW_CROWD; i++) {
		vsw_mock_free(c->end[i].dev);
		skb_queue_purge(&c->end[i].got);
	}
	kvfree(c);

	KUNIT_EXPECT_EQ(test, made, VSW_CROWD);
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, wrong_sets, 0);
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

/* What a port has counted stays in the switch's counters when it leaves. */
static void vsw_switch_counts_what_has_left(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_stats sum;
	int i;

	for (i = 0; i < 2; i++) {
		vsw_test_send(t, 1, VSW_TEST_SWITCH, VSW_STATION(1));
		vsw_test_send(t, 1, VSW_TEST_SWITCH, VSW_TEST_BROADCAST);
		vsw_test_detach(t, 1);
		rtnl_lock();
		vsw_switch_stats(t->sw, &sum);
		rtnl_unlock();
		KUNIT_EXPECT_EQ(test, sum.cnt[VSWITCH_A_STATS_RX_PACKETS],
				2ULL * (i + 1));
		KUNIT_EXPECT_EQ(test, sum.drops[VSWITCH_A_DROPS_BAD_SOURCE],
				1ULL * (i + 1));
		KUNIT_ASSERT_EQ(test, vsw_test_attach(t, 1), 0);
	}
}

/* What LRO merges cannot be sent on. */
static void vsw_port_turns_lro_off(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct net_device *dev = t->end[1].dev;

	vsw_test_detach(t, 1);
	rtnl_lock();
	dev->hw_features |= NETIF_F_LRO;
	dev->wanted_features |= NETIF_F_LRO;
	netdev_update_features(dev);
	KUNIT_EXPECT_TRUE(test, dev->features & NETIF_F_LRO);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, vsw_test_attach(t, 1), 0);
	KUNIT_EXPECT_FALSE(test, dev->features & NETIF_F_LRO);
	/* Nor is it turned on later. */
	rtnl_lock();
	dev->wanted_features |= NETIF_F_LRO;
	netdev_update_features(dev);
	rtnl_unlock();
	KUNIT_EXPECT_FALSE(test, dev->features & NETIF_F_LRO);
}

/* Who holds a reference asks for its counters while it goes, say Open vSwitch. */
static void vsw_switch_counts_to_its_end(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct net_device *dev = t->end[VSW_HOST_PORT].dev;
	struct rtnl_link_stats64 *stats;
	LIST_HEAD(list);

	stats = kunit_kzalloc(test, sizeof(*stats), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, stats);
	vsw_test_send(t, VSW_HOST_PORT, VSW_STATION(9), VSW_TEST_SWITCH);

	rtnl_lock();
	netdev_rx_handler_unregister(dev);
	vsw_link_ops.dellink(dev, &list);
	unregister_netdevice_many(&list);
	dev_get_stats(dev, stats);
	rtnl_unlock();
	t->end[VSW_HOST_PORT].dev = NULL;
	KUNIT_EXPECT_EQ(test, stats->tx_packets, 1ULL);
}

static struct kunit_case vsw_ports_cases[] = {
	KUNIT_CASE(vsw_port_learning_off),
	KUNIT_CASE(vsw_port_mac_limit_refuses_and_forwards),
	KUNIT_CASE(vsw_port_static_source_not_counted),
	KUNIT_CASE(vsw_port_limit_of_switch),
	KUNIT_CASE(vsw_port_attached_once_only),
	KUNIT_CASE(vsw_port_detached_is_flooded_for),
	KUNIT_CASE(vsw_port_missing_is_flooded_for),
	KUNIT_CASE(vsw_port_number_reused_without_entries),
	KUNIT_CASE(vsw_port_goes_with_its_netdev),
	KUNIT_CASE_SLOW(vsw_port_crowd_comes_and_goes),
	KUNIT_CASE(vsw_switch_counts_what_has_left),
	KUNIT_CASE(vsw_port_turns_lro_off),
	KUNIT_CASE(vsw_switch_counts_to_its_end),
	{}
};

static struct kunit_suite vsw_ports_suite = {
	.name = "vswitch_ports",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_ports_cases,
};

kunit_test_suite(vsw_ports_suite);
