// SPDX-License-Identifier: GPL-2.0
/*
 * What the tests share: a switch, and netdevs that keep what they are to send.
 *
 * A failed assertion ends the thread of the test, so there is none while a lock
 * is held.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>
#include <net/rtnetlink.h>
#include "../ctrl/netdev.h"
#include "helpers.h"

/* Private data of a netdev of the test. */
struct vsw_mock {
	struct vsw_test_end *end;
	struct packet_type tap;
	bool refuse;
};

#define VSW_MOCK_OFFLOADS (NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA | \
			   NETIF_F_HW_CSUM | NETIF_F_ALL_TSO)
#define VSW_MOCK_FILTERS (NETIF_F_HW_VLAN_CTAG_FILTER | \
			  NETIF_F_HW_VLAN_STAG_FILTER)
#define VSW_MOCK_FEATURES (VSW_MOCK_OFFLOADS | NETIF_F_HW_VLAN_CTAG_TX | \
			   NETIF_F_HW_VLAN_STAG_TX)

static netdev_tx_t vsw_mock_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vsw_mock *mock = netdev_priv(dev);

	if (mock->refuse) {
		kfree_skb(skb);
		/* What a queue says that is full. */
		return (__force netdev_tx_t)NET_XMIT_DROP;
	}
	skb_queue_tail(&mock->end->got, skb);
	return NETDEV_TX_OK;
}

static unsigned int vsw_mock_vid(__be16 proto, u16 vid)
{
	return vid + (proto == htons(ETH_P_8021AD) ? VLAN_N_VID : 0);
}

/* Priority tags, for which the core asks itself, always have room. */
static int vsw_mock_add_vid(struct net_device *dev, __be16 proto, u16 vid)
{
	struct vsw_mock *mock = netdev_priv(dev);

	if (!vid)
		return 0;
	if (!mock->end->vid_room)
		return -ENOSPC;
	mock->end->vid_room--;
	if (mock->end->vid_talk)
		call_netdevice_notifiers(NETDEV_FEAT_CHANGE, dev);
	__set_bit(vsw_mock_vid(proto, vid), mock->end->vids);
	return 0;
}

static int vsw_mock_kill_vid(struct net_device *dev, __be16 proto, u16 vid)
{
	struct vsw_mock *mock = netdev_priv(dev);

	if (!vid)
		return 0;
	mock->end->vid_room++;
	__clear_bit(vsw_mock_vid(proto, vid), mock->end->vids);
	return 0;
}

static int vsw_mock_set_features(struct net_device *dev,
				 netdev_features_t features)
{
	struct vsw_mock *mock = netdev_priv(dev);

	return mock->end->keep ? -EBUSY : 0;
}

static const struct net_device_ops vsw_mock_ops = {
	.ndo_set_features = vsw_mock_set_features,
	.ndo_start_xmit = vsw_mock_xmit,
	.ndo_vlan_rx_add_vid = vsw_mock_add_vid,
	.ndo_vlan_rx_kill_vid = vsw_mock_kill_vid,
};

static void vsw_mock_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &vsw_mock_ops;
	dev->priv_flags |= IFF_NO_QUEUE;
	/* It keeps what it is given. */
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->max_mtu = VSW_TEST_FRAME;
	dev->hw_features = VSW_MOCK_FEATURES | VSW_MOCK_FILTERS;
	dev->features = VSW_MOCK_FEATURES;
	dev->vlan_features = VSW_MOCK_OFFLOADS;
	vsw_compat_set_lltx(dev);
	eth_hw_addr_random(dev);
}

/* Who listens to this very netdev, as a daemon would, gets this. */
static int vsw_mock_up(struct sk_buff *skb, struct net_device *dev,
		       struct packet_type *pt, struct net_device *orig_dev)
{
	struct vsw_test_end *end = pt->af_packet_priv;

	skb_queue_tail(&end->up, skb);
	return NET_RX_SUCCESS;
}

/**
 * vsw_mock_new() - Make a netdev that is up and keeps what it is to send.
 * @end: where it keeps it
 *
 * Return: the netdev or NULL.
 */
struct net_device *vsw_mock_new(struct vsw_test_end *end)
{
	struct net_device *dev;
	struct vsw_mock *mock;

	dev = alloc_netdev(sizeof(*mock), "vswm%d", NET_NAME_ENUM,
			   vsw_mock_setup);
	if (!dev)
		return NULL;
	mock = netdev_priv(dev);
	mock->end = end;
	mock->tap.type = htons(VSW_TEST_ETHERTYPE);
	mock->tap.dev = dev;
	mock->tap.func = vsw_mock_up;
	mock->tap.af_packet_priv = end;

	rtnl_lock();
	if (register_netdevice(dev)) {
		rtnl_unlock();
		free_netdev(dev);
		return NULL;
	}
	dev_open(dev, NULL);
	rtnl_unlock();
	dev_add_pack(&mock->tap);
	return dev;
}

/**
 * vsw_mock_free() - Free a netdev of the test.
 * @dev: netdev or NULL
 */
void vsw_mock_free(struct net_device *dev)
{
	struct vsw_mock *mock;

	if (!dev)
		return;
	mock = netdev_priv(dev);
	dev_remove_pack(&mock->tap);
	unregister_netdev(dev);
	free_netdev(dev);
}

/**
 * vsw_mock_refuse() - Have a netdev of the test refuse what it is to send.
 * @t: the test
 * @end: number of the end
 * @refuse: whether it refuses
 */
void vsw_mock_refuse(struct vsw_test *t, int end, bool refuse)
{
	struct vsw_mock *mock = netdev_priv(t->end[end].dev);

	mock->refuse = refuse;
}

/**
 * vsw_mock_features() - Say what a netdev of the test can do.
 * @t: the test
 * @end: number of the end
 * @features: of VSW_MOCK_FEATURES and VSW_MOCK_FILTERS, those that it is to have
 */
void vsw_mock_features(struct vsw_test *t, int end, netdev_features_t features)
{
	struct net_device *dev = t->end[end].dev;

	rtnl_lock();
	dev->wanted_features = features;
	netdev_update_features(dev);
	rtnl_unlock();
}

/* All that the host receives as from the switch's netdev, tags and all. */
static rx_handler_result_t vsw_test_host_rx(struct sk_buff **pskb)
{
	struct vsw_test *t = rcu_dereference((*pskb)->dev->rx_handler_data);

	skb_queue_tail(&t->end[VSW_HOST_PORT].got, *pskb);
	return RX_HANDLER_CONSUMED;
}

/* What reaches the protocols of the host's stack, whatever the netdev. */
static int vsw_test_tap(struct sk_buff *skb, struct net_device *dev,
			struct packet_type *pt, struct net_device *orig_dev)
{
	struct vsw_test *t = pt->af_packet_priv;

	t->strays++;
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

/* IPv6 would speak by itself on every netdev that comes up. */
static void vsw_test_mute_ipv6(int mute)
{
#if IS_ENABLED(CONFIG_IPV6)
	WRITE_ONCE(init_net.ipv6.devconf_dflt->disable_ipv6, mute);
#endif
}

static struct net_device *vsw_test_switch_new(struct vsw_test *t)
{
	struct nlattr *tb[IFLA_MAX + 1] = {};
	struct net_device *dev;
	u8 addr[ETH_ALEN];
	int err;

	u64_to_ether_addr(VSW_TEST_SWITCH, addr);
	rtnl_lock();
	dev = rtnl_create_link(&init_net, "vswt%d", NET_NAME_ENUM,
			       &vsw_link_ops, tb, NULL);
	if (IS_ERR(dev)) {
		rtnl_unlock();
		return NULL;
	}
	eth_hw_addr_set(dev, addr);
	err = register_netdevice(dev);
	if (err) {
		rtnl_unlock();
		free_netdev(dev);
		return NULL;
	}
	err = netdev_rx_handler_register(dev, vsw_test_host_rx, t);
	dev_open(dev, NULL);
	rtnl_unlock();
	return err ? NULL : dev;
}

static void vsw_test_switch_free(struct vsw_test *t)
{
	struct net_device *dev = t->end[VSW_HOST_PORT].dev;
	LIST_HEAD(list);

	if (!dev)
		return;
	rtnl_lock();
	netdev_rx_handler_unregister(dev);
	vsw_link_ops.dellink(dev, &list);
	unregister_netdevice_many(&list);
	rtnl_unlock();
}

/**
 * vsw_test_init_bare() - Before a test: a switch without ports.
 * @test: the test; its private data become the struct vsw_test
 *
 * Return: 0; does not return if something fails.
 */
int vsw_test_init_bare(struct kunit *test)
{
	struct vsw_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->test = test;
	for (i = 0; i <= VSW_TEST_PORTS; i++) {
		skb_queue_head_init(&t->end[i].got);
		skb_queue_head_init(&t->end[i].up);
	}
	t->tap.type = htons(VSW_TEST_ETHERTYPE);
	t->tap.func = vsw_test_tap;
	t->tap.af_packet_priv = t;
	test->priv = t;

	vsw_test_mute_ipv6(1);
	dev_add_pack(&t->tap);
	t->end[VSW_HOST_PORT].dev = vsw_test_switch_new(t);
	KUNIT_ASSERT_NOT_NULL(test, t->end[VSW_HOST_PORT].dev);
	t->sw = netdev_priv(t->end[VSW_HOST_PORT].dev);
	t->end[VSW_HOST_PORT].port = t->sw->host;
	return 0;
}

/**
 * vsw_test_init() - Before a test: a switch with some ports.
 * @test: the test; its private data become the struct vsw_test
 *
 * Return: 0; does not return if something fails.
 */
int vsw_test_init(struct kunit *test)
{
	struct vsw_test *t;
	int i;

	vsw_test_init_bare(test);
	t = test->priv;
	for (i = 1; i <= VSW_TEST_PORTS_USUAL; i++) {
		t->end[i].dev = vsw_mock_new(&t->end[i]);
		KUNIT_ASSERT_NOT_NULL(test, t->end[i].dev);
		KUNIT_ASSERT_EQ(test, vsw_test_attach(t, i), 0);
		KUNIT_ASSERT_EQ(test, (int)t->end[i].port->number, i);
	}
	return 0;
}

/**
 * vsw_test_exit() - After a test: free all, however far it came.
 * @test: the test
 */
void vsw_test_exit(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	if (!t)
		return;
	vsw_test_switch_free(t);
	for (i = 1; i <= VSW_TEST_PORTS; i++)
		vsw_mock_free(t->end[i].dev);
	dev_remove_pack(&t->tap);
	for (i = 0; i <= VSW_TEST_PORTS; i++) {
		skb_queue_purge(&t->end[i].got);
		skb_queue_purge(&t->end[i].up);
	}
	vsw_test_mute_ipv6(0);
	/* Ports and tables are freed a grace period later. */
	rcu_barrier();
	flush_workqueue(vsw_wq);
}

/**
 * vsw_test_attach() - Attach an end that has a netdev.
 * @t: the test
 * @end: number of the end
 *
 * Return: 0 or an error.
 */
int vsw_test_attach(struct vsw_test *t, int end)
{
	static const struct vsw_port_cfg cfg;
	struct vsw_port *port;

	rtnl_lock();
	port = vsw_port_attach(t->sw, t->end[end].dev, &cfg, NULL);
	rtnl_unlock();
	if (IS_ERR(port))
		return PTR_ERR(port);
	t->end[end].port = port;
	memset(&t->end[end].seen, 0, sizeof(t->end[end].seen));
	return 0;
}

/**
 * vsw_test_detach() - Detach an end.
 * @t: the test
 * @end: number of the end
 */
void vsw_test_detach(struct vsw_test *t, int end)
{
	rtnl_lock();
	vsw_port_detach(t->end[end].port);
	t->end[end].port = NULL;
	rtnl_unlock();
}

/**
 * vsw_test_set() - Change settings of an end.
 * @t: the test
 * @end: number of the end
 * @cfg: settings to change
 */
void vsw_test_set(struct vsw_test *t, int end, const struct vsw_port_cfg *cfg)
{
	int err;

	rtnl_lock();
	err = vsw_port_set(t->end[end].port, cfg, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(t->test, err, 0);
}

/**
 * vsw_test_role() - Change the role of an end.
 * @t: the test
 * @end: number of the end
 * @role: enum vswitch_role
 */
void vsw_test_role(struct vsw_test *t, int end, u32 role)
{
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_ROLE),
		.to.role = role,
	};

	vsw_test_set(t, end, &cfg);
}

/**
 * vsw_test_up() - Set the netdev of an end up or down.
 * @t: the test
 * @end: number of the end
 * @up: whether up
 */
void vsw_test_up(struct vsw_test *t, int end, bool up)
{
	rtnl_lock();
	if (up)
		dev_open(t->end[end].dev, NULL);
	else
		dev_close(t->end[end].dev);
	rtnl_unlock();
}

/**
 * vsw_test_carrier() - Plug the cable of an end in or out.
 * @t: the test
 * @end: number of the end
 * @on: whether in
 */
void vsw_test_carrier(struct vsw_test *t, int end, bool on)
{
	if (on)
		netif_carrier_on(t->end[end].dev);
	else
		netif_carrier_off(t->end[end].dev);
}

/**
 * vsw_test_mtu() - Set the MTU of an end.
 * @t: the test
 * @end: number of the end
 * @mtu: MTU
 */
void vsw_test_mtu(struct vsw_test *t, int end, int mtu)
{
	int err;

	rtnl_lock();
	err = dev_set_mtu(t->end[end].dev, mtu);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(t->test, err, 0);
}
