// SPDX-License-Identifier: GPL-2.0
/*
 * The least that a switch of skbs can cost: what one netdev receives, another
 * one sends, without a look at it.
 */
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include "bench.h"

/**
 * struct bench_floor_pair - Two netdevs that are connected.
 * @dev: the two
 */
struct bench_floor_pair {
	struct net_device *dev[2];
};

static rx_handler_result_t bench_floor_handler(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct net_device *dev = rcu_dereference(skb->dev->rx_handler_data);
	struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);
	netdev_tx_t ret;

	__skb_push(skb, ETH_HLEN);
	skb->dev = dev;
	skb_set_queue_mapping(skb, 0);
	HARD_TX_LOCK(dev, txq, smp_processor_id());
	ret = netdev_start_xmit(skb, dev, txq, false);
	HARD_TX_UNLOCK(dev, txq);
	if (unlikely(!dev_xmit_complete(ret)))
		kfree_skb(skb);
	return RX_HANDLER_CONSUMED;
}

static void bench_floor_put(struct bench_floor_pair *pair)
{
	dev_put(pair->dev[0]);
	dev_put(pair->dev[1]);
	kfree(pair);
}

static int bench_floor_connect(struct bench_floor_pair *pair)
{
	int err;

	err = netdev_rx_handler_register(pair->dev[0], bench_floor_handler,
					 pair->dev[1]);
	if (err)
		return err;
	err = netdev_rx_handler_register(pair->dev[1], bench_floor_handler,
					 pair->dev[0]);
	if (err)
		netdev_rx_handler_unregister(pair->dev[0]);
	return err;
}

/**
 * bench_floor_add() - Connect two netdevs.
 * @floor: the two
 *
 * Whoever connects them disconnects them before they go.
 *
 * Return: the pair, or an error.
 */
struct bench_floor_pair *bench_floor_add(const struct bench_floor *floor)
{
	struct bench_floor_pair *pair = kzalloc(sizeof(*pair), GFP_KERNEL);
	int err = -ENODEV;

	if (!pair)
		return ERR_PTR(-ENOMEM);
	pair->dev[0] = dev_get_by_index(&init_net, floor->ifindex[0]);
	pair->dev[1] = dev_get_by_index(&init_net, floor->ifindex[1]);
	if (pair->dev[0] && pair->dev[1]) {
		rtnl_lock();
		err = bench_floor_connect(pair);
		rtnl_unlock();
	}
	if (!err)
		return pair;
	bench_floor_put(pair);
	return ERR_PTR(err);
}

/**
 * bench_floor_del() - Disconnect them.
 * @pair: what bench_floor_add() returned, or NULL
 */
void bench_floor_del(struct bench_floor_pair *pair)
{
	if (!pair)
		return;
	rtnl_lock();
	netdev_rx_handler_unregister(pair->dev[0]);
	netdev_rx_handler_unregister(pair->dev[1]);
	rtnl_unlock();
	bench_floor_put(pair);
}
