// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of table/vlan_filter.c: what NICs with a VLAN filter are told.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include "helpers.h"

/* The uplink, and a guest. */
#define VSW_NIC		1
#define VSW_GUEST	2
#define VSW_STAG(vid)	(VLAN_N_VID + (vid))

static void vsw_filter_aware(struct vsw_test *t, bool aware)
{
	int err;

	rtnl_lock();
	err = vsw_vlan_set_aware(t->sw, aware, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(t->test, err, 0);
}

static int vsw_filter_init(struct kunit *test)
{
	struct vsw_test *t;

	vsw_test_init(test);
	t = test->priv;
	t->end[VSW_NIC].vid_room = 8;
	vsw_mock_features(t, VSW_NIC, NETIF_F_HW_VLAN_CTAG_FILTER |
				      NETIF_F_HW_VLAN_STAG_FILTER);
	vsw_filter_aware(t, true);
	return 0;
}

static void vsw_filter_set(struct vsw_test *t, int end, u8 mode, u16 vid,
			   struct vsw_vlans *vlans, struct netlink_ext_ack *extack)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_VLAN_MODE),
		.vlan = { .mode = mode, .vid = vid, .vlans = vlans },
	};
	int err;

	rtnl_lock();
	err = vsw_port_set(t->end[end].port, &cfg, extack);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(t->test, err, 0);
}

static void vsw_filter_access(struct vsw_test *t, int end, u16 vid)
{
	vsw_filter_set(t, end, VSWITCH_VLAN_MODE_ACCESS, vid, NULL, NULL);
}

/* In all VLANs; those from 3000 on have service tags, and 5 is 105 on the wire. */
static void vsw_filter_trunk(struct vsw_test *t, struct netlink_ext_ack *extack)
{
	struct vsw_vlans *vlans;
	unsigned int i;

	vlans = kunit_kzalloc(t->test, struct_size(vlans, map, 2 * VLAN_N_VID),
			      GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(t->test, vlans);
	bitmap_set(vlans->member, 1, VSWITCH_VLAN_MAX);
	bitmap_set(vlans->service, 3000, VSWITCH_VLAN_MAX - 2999);
	__clear_bit(105, vlans->member);
	vlans->num = 1;
	vlans->pair[0] = (struct vsw_translation){ 105, 5 };
	for (i = 1; i <= VSWITCH_VLAN_MAX; i++)
		vlans->map[VLAN_N_VID + i] = i == 5 ? 105 : i;
	for (i = 1; i <= VSWITCH_VLAN_MAX; i++)
		vlans->map[vlans->map[VLAN_N_VID + i]] = i;
	vsw_filter_set(t, VSW_NIC, VSWITCH_VLAN_MODE_TRUNK, 0, vlans, extack);
}

/* These numbers are in the filter, and no others. */
static void vsw_filter_expect(struct vsw_test *t, const u16 *vids, unsigned int num)
{
	const unsigned long *have = t->end[VSW_NIC].vids;
	unsigned int i;

	for (i = 0; i < num; i++)
		KUNIT_EXPECT_TRUE_MSG(t->test, test_bit(vids[i], have), "%u",
				      vids[i]);
	KUNIT_EXPECT_EQ(t->test, bitmap_weight(have, 2 * VLAN_N_VID), num);
}

#define vsw_expect_vids(t, ...) do {					\
	static const u16 vids[] = { __VA_ARGS__ };			\
									\
	vsw_filter_expect(t, vids, ARRAY_SIZE(vids));			\
} while (0)

static bool vsw_filter_on(const struct vsw_test *t)
{
	return t->end[VSW_NIC].dev->features & NETIF_F_HW_VLAN_CTAG_FILTER;
}

static void vsw_filter_in_use(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_filter_trunk(t, NULL);
	vsw_expect_vids(t);
	vsw_filter_access(t, VSW_GUEST, 10);
	vsw_expect_vids(t, 10);
	vsw_filter_access(t, VSW_HOST_PORT, 20);
	vsw_expect_vids(t, 10, 20);
	vsw_filter_access(t, 3, 10);
	vsw_filter_access(t, VSW_GUEST, 3500);
	vsw_expect_vids(t, 10, 20, VSW_STAG(3500));
	vsw_filter_access(t, 3, 5);
	vsw_expect_vids(t, 105, 20, VSW_STAG(3500));
	vsw_test_detach(t, VSW_GUEST);
	vsw_expect_vids(t, 105, 20);
	/* Without VLANs, it is as if there were no switch. */
	vsw_filter_aware(t, false);
	vsw_expect_vids(t);
	vsw_filter_aware(t, true);
	vsw_expect_vids(t, 105, 20);
	/* An access port has no tags. */
	vsw_filter_access(t, VSW_NIC, 20);
	vsw_expect_vids(t);
}

static void vsw_filter_left_as_found(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_filter_trunk(t, NULL);
	vsw_filter_access(t, VSW_GUEST, 10);
	vsw_expect_vids(t, 10);
	vsw_test_detach(t, VSW_NIC);
	vsw_expect_vids(t);
	KUNIT_EXPECT_EQ(test, t->end[VSW_NIC].vid_room, 8U);
	KUNIT_EXPECT_TRUE(test, vsw_filter_on(t));
}

static void vsw_filter_full(struct kunit *test)
{
	struct netlink_ext_ack extack = {};
	struct vsw_test *t = test->priv;

	t->end[VSW_NIC].vid_room = 1;
	vsw_filter_trunk(t, &extack);
	vsw_filter_access(t, VSW_GUEST, 10);
	KUNIT_EXPECT_TRUE(test, vsw_filter_on(t));
	KUNIT_EXPECT_NULL(test, extack._msg);
	vsw_filter_set(t, VSW_HOST_PORT, VSWITCH_VLAN_MODE_ACCESS, 20, NULL,
		       &extack);
	KUNIT_ASSERT_NOT_NULL(test, extack._msg);
	KUNIT_EXPECT_NOT_NULL(test, strstr(extack._msg, "turned off"));
	KUNIT_EXPECT_FALSE(test, vsw_filter_on(t));
	vsw_expect_vids(t);
	/* It is not tried again for others, but when it has other VLANs itself. */
	vsw_filter_set(t, VSW_HOST_PORT, VSWITCH_VLAN_MODE_NONE, 0, NULL, NULL);
	KUNIT_EXPECT_FALSE(test, vsw_filter_on(t));
	vsw_filter_trunk(t, NULL);
	KUNIT_EXPECT_TRUE(test, vsw_filter_on(t));
	vsw_expect_vids(t, 10);
}

static void vsw_filter_full_left_as_found(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	t->end[VSW_NIC].vid_room = 0;
	vsw_filter_trunk(t, NULL);
	vsw_filter_access(t, VSW_GUEST, 10);
	KUNIT_EXPECT_FALSE(test, vsw_filter_on(t));
	vsw_test_detach(t, VSW_NIC);
	KUNIT_EXPECT_TRUE(test, vsw_filter_on(t));
	vsw_expect_vids(t);
}

/* What a customer has in his tags is his. */
static void vsw_filter_tunnel(struct kunit *test)
{
	struct netlink_ext_ack extack = {};
	struct vsw_test *t = test->priv;

	vsw_filter_set(t, VSW_NIC, VSWITCH_VLAN_MODE_DOT1Q_TUNNEL, 10, NULL,
		       &extack);
	KUNIT_EXPECT_FALSE(test, vsw_filter_on(t));
	KUNIT_EXPECT_NULL(test, extack._msg);
	vsw_filter_access(t, VSW_NIC, 10);
	KUNIT_EXPECT_TRUE(test, vsw_filter_on(t));
}

/* How many changes of features are on top of each other. */
static int vsw_filter_depth, vsw_filter_deepest;

static int vsw_filter_enter(struct notifier_block *nb, unsigned long event,
			    void *ptr)
{
	if (event == NETDEV_FEAT_CHANGE)
		vsw_filter_deepest = max(vsw_filter_deepest, ++vsw_filter_depth);
	return NOTIFY_DONE;
}

static int vsw_filter_leave(struct notifier_block *nb, unsigned long event,
			    void *ptr)
{
	if (event == NETDEV_FEAT_CHANGE)
		vsw_filter_depth--;
	return NOTIFY_DONE;
}

/* Many NICs are turned off one after the other, and not one within the other. */
static void vsw_filter_many(struct kunit *test)
{
	static struct notifier_block enter = {
		.notifier_call = vsw_filter_enter, .priority = 1,
	}, leave = {
		.notifier_call = vsw_filter_leave, .priority = -1,
	};
	struct vsw_test *t = test->priv;
	int i;

	vsw_filter_aware(t, false);
	for (i = 1; i <= VSW_TEST_PORTS_USUAL; i++) {
		vsw_mock_features(t, i, NETIF_F_HW_VLAN_CTAG_FILTER);
		vsw_filter_set(t, i, VSWITCH_VLAN_MODE_DOT1Q_TUNNEL, 10, NULL,
			       NULL);
	}
	vsw_filter_depth = 0;
	vsw_filter_deepest = 0;
	register_netdevice_notifier(&enter);
	register_netdevice_notifier(&leave);
	vsw_filter_aware(t, true);
	unregister_netdevice_notifier(&leave);
	unregister_netdevice_notifier(&enter);
	for (i = 1; i <= VSW_TEST_PORTS_USUAL; i++)
		KUNIT_EXPECT_FALSE(test, t->end[i].dev->features &
					 NETIF_F_HW_VLAN_CTAG_FILTER);
	KUNIT_EXPECT_GT(test, vsw_filter_deepest, 0);
	KUNIT_EXPECT_LE(test, vsw_filter_deepest, 2);
}

/* What a driver does not let us turn off goes on with what fits. */
static void vsw_filter_fixed(struct kunit *test)
{
	struct netlink_ext_ack extack = {};
	struct vsw_test *t = test->priv;

	t->end[VSW_NIC].dev->hw_features &= ~(NETIF_F_HW_VLAN_CTAG_FILTER |
					      NETIF_F_HW_VLAN_STAG_FILTER);
	t->end[VSW_NIC].vid_room = 1;
	vsw_filter_trunk(t, NULL);
	vsw_filter_access(t, VSW_GUEST, 10);
	vsw_filter_set(t, 3, VSWITCH_VLAN_MODE_ACCESS, 20, NULL, &extack);
	KUNIT_ASSERT_NOT_NULL(test, extack._msg);
	KUNIT_EXPECT_NOT_NULL(test, strstr(extack._msg, "cannot be turned off"));
	KUNIT_EXPECT_TRUE(test, vsw_filter_on(t));
	vsw_expect_vids(t, 10);
	/* It was said once; and a place that is free is used. */
	extack._msg = NULL;
	vsw_filter_set(t, 4, VSWITCH_VLAN_MODE_ACCESS, 30, NULL, &extack);
	KUNIT_EXPECT_NULL(test, extack._msg);
	vsw_filter_access(t, 4, 20);
	vsw_filter_access(t, VSW_GUEST, 20);
	vsw_expect_vids(t, 20);
	vsw_test_detach(t, VSW_NIC);
	vsw_expect_vids(t);
	KUNIT_EXPECT_FALSE(test, t->end[VSW_NIC].dev->wanted_features &
				 NETIF_F_HW_VLAN_STAG_FILTER & ~t->end[VSW_NIC].dev->features);
}

/* What a driver refuses to turn off, it is not asked for again and again. */
static void vsw_filter_refused(struct kunit *test)
{
	struct netlink_ext_ack extack = {};
	struct vsw_test *t = test->priv;
	struct net_device *dev = t->end[VSW_NIC].dev;
	netdev_features_t wanted = dev->wanted_features;

	t->end[VSW_NIC].vid_room = 1;
	t->end[VSW_NIC].keep = true;
	vsw_filter_trunk(t, NULL);
	vsw_filter_access(t, VSW_GUEST, 10);
	vsw_filter_set(t, 3, VSWITCH_VLAN_MODE_ACCESS, 20, NULL, &extack);
	KUNIT_ASSERT_NOT_NULL(test, extack._msg);
	KUNIT_EXPECT_NOT_NULL(test, strstr(extack._msg, "cannot be turned off"));
	KUNIT_EXPECT_TRUE(test, vsw_filter_on(t));
	KUNIT_EXPECT_EQ(test, dev->wanted_features, wanted);
	vsw_expect_vids(t, 10);
	extack._msg = NULL;
	vsw_filter_set(t, VSW_NIC, VSWITCH_VLAN_MODE_DOT1Q_TUNNEL, 10, NULL,
		       &extack);
	KUNIT_EXPECT_NOT_NULL(test, extack._msg);
	KUNIT_EXPECT_TRUE(test, vsw_filter_on(t));
	/* Next time it may. */
	t->end[VSW_NIC].keep = false;
	vsw_filter_set(t, VSW_NIC, VSWITCH_VLAN_MODE_DOT1Q_TUNNEL, 11, NULL, NULL);
	KUNIT_EXPECT_FALSE(test, vsw_filter_on(t));
}

/* A driver that tells of its features while it is told of a VLAN. */
static void vsw_filter_talks(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	t->end[VSW_NIC].vid_talk = true;
	vsw_filter_trunk(t, NULL);
	vsw_filter_access(t, VSW_GUEST, 10);
	vsw_filter_access(t, 3, 3500);
	vsw_expect_vids(t, 10, VSW_STAG(3500));
	KUNIT_EXPECT_EQ(test, t->end[VSW_NIC].vid_room, 6U);
	vsw_test_detach(t, VSW_NIC);
	vsw_expect_vids(t);
	KUNIT_EXPECT_EQ(test, t->end[VSW_NIC].vid_room, 8U);
}

/* One kind can be turned off, the other not. */
static void vsw_filter_one_kind(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	t->end[VSW_NIC].dev->hw_features &= ~NETIF_F_HW_VLAN_STAG_FILTER;
	t->end[VSW_NIC].vid_room = 2;
	vsw_filter_access(t, VSW_GUEST, 3500);
	vsw_filter_access(t, 3, 10);
	vsw_filter_trunk(t, NULL);
	vsw_expect_vids(t, 10, VSW_STAG(3500));
	vsw_filter_access(t, 4, 20);
	KUNIT_EXPECT_FALSE(test, vsw_filter_on(t));
	vsw_expect_vids(t, VSW_STAG(3500));
	vsw_filter_access(t, 4, 3600);
	vsw_expect_vids(t, VSW_STAG(3500), VSW_STAG(3600));
}

/* After we have turned it off, somebody turns it on again. */
static void vsw_filter_on_again(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	t->end[VSW_NIC].vid_room = 1;
	vsw_filter_trunk(t, NULL);
	vsw_filter_access(t, VSW_GUEST, 10);
	vsw_filter_access(t, 3, 20);
	KUNIT_EXPECT_FALSE(test, vsw_filter_on(t));
	vsw_filter_access(t, 3, 10);
	vsw_mock_features(t, VSW_NIC, NETIF_F_HW_VLAN_CTAG_FILTER);
	KUNIT_EXPECT_TRUE(test, vsw_filter_on(t));
	vsw_expect_vids(t, 10);
}

/* Who turns it on or off is obeyed. */
static void vsw_filter_of_user(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_filter_trunk(t, NULL);
	vsw_filter_access(t, VSW_GUEST, 10);
	vsw_mock_features(t, VSW_NIC, 0);
	vsw_filter_access(t, VSW_GUEST, 11);
	vsw_expect_vids(t);
	vsw_mock_features(t, VSW_NIC, NETIF_F_HW_VLAN_CTAG_FILTER);
	vsw_expect_vids(t, 11);
	vsw_filter_access(t, VSW_GUEST, 3500);
	vsw_expect_vids(t);
}

static struct kunit_case vsw_filter_cases[] = {
	KUNIT_CASE(vsw_filter_in_use),
	KUNIT_CASE(vsw_filter_left_as_found),
	KUNIT_CASE(vsw_filter_full),
	KUNIT_CASE(vsw_filter_full_left_as_found),
	KUNIT_CASE(vsw_filter_tunnel),
	KUNIT_CASE(vsw_filter_many),
	KUNIT_CASE(vsw_filter_fixed),
	KUNIT_CASE(vsw_filter_refused),
	KUNIT_CASE(vsw_filter_talks),
	KUNIT_CASE(vsw_filter_one_kind),
	KUNIT_CASE(vsw_filter_on_again),
	KUNIT_CASE(vsw_filter_of_user),
	{}
};

static struct kunit_suite vsw_filter_suite = {
	.name = "vswitch_vlan_filter",
	.init = vsw_filter_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_filter_cases,
};

kunit_test_suite(vsw_filter_suite);
