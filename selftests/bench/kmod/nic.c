// SPDX-License-Identifier: GPL-2.0
/*
 * A NIC that is like a real one in what it does with skbs: it makes them of pages
 * in its NAPI poll, and passes them through GRO.  What it is to send it keeps, to be
 * looked at.  "ip link add ... type vsw_bench" makes one.
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <net/rtnetlink.h>
#include "bench.h"

/**
 * struct bench_nic - Private part of the netdev.
 * @napi: its only one
 * @sent: what it was told to send
 * @run: measurement whose frames come in, or NULL
 * @left: how many of them are still to come in
 * @err: why one did not
 */
struct bench_nic {
	struct napi_struct napi;
	struct sk_buff_head sent;
	struct bench_run *run;
	u32 left;
	int err;
};

static int bench_nic_poll(struct napi_struct *napi, int budget)
{
	struct bench_nic *nic = container_of(napi, struct bench_nic, napi);
	struct sk_buff *skb;
	int done = 0;

	while (done < budget && nic->left) {
		skb = bench_skb(nic->run);
		if (IS_ERR(skb)) {
			nic->err = PTR_ERR(skb);
			nic->left = 0;
			break;
		}
		skb->protocol = eth_type_trans(skb, napi->dev);
		napi_gro_receive(napi, skb);
		nic->left--;
		done++;
	}
	if (done < budget)
		napi_complete_done(napi, done);
	return done;
}

static netdev_tx_t bench_nic_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct bench_nic *nic = netdev_priv(dev);

	skb_orphan(skb);
	__skb_queue_tail(&nic->sent, skb);
	return NETDEV_TX_OK;
}

static int bench_nic_open(struct net_device *dev)
{
	struct bench_nic *nic = netdev_priv(dev);

	napi_enable(&nic->napi);
	netif_start_queue(dev);
	return 0;
}

static int bench_nic_stop(struct net_device *dev)
{
	struct bench_nic *nic = netdev_priv(dev);

	netif_stop_queue(dev);
	napi_disable(&nic->napi);
	__skb_queue_purge(&nic->sent);
	return 0;
}

static const struct net_device_ops bench_nic_ops = {
	.ndo_open = bench_nic_open,
	.ndo_stop = bench_nic_stop,
	.ndo_start_xmit = bench_nic_xmit,
};

static void bench_nic_setup(struct net_device *dev)
{
	struct bench_nic *nic = netdev_priv(dev);

	ether_setup(dev);
	eth_hw_addr_random(dev);
	dev->netdev_ops = &bench_nic_ops;
	dev->needs_free_netdev = true;
	__skb_queue_head_init(&nic->sent);
	netif_napi_add(dev, &nic->napi, bench_nic_poll);
}

static struct rtnl_link_ops bench_nic_link = {
	.kind = "vsw_bench",
	.priv_size = sizeof(struct bench_nic),
	.setup = bench_nic_setup,
};

/**
 * bench_nic_send() - Let frames come in.
 * @run: measurement
 * @num: how many, no more than a poll takes
 *
 * Return: 0, or an error.
 */
int bench_nic_send(struct bench_run *run, u32 num)
{
	struct bench_nic *nic = netdev_priv(run->from.dev);

	nic->run = run;
	nic->left = num;
	nic->err = 0;
	local_bh_disable();
	napi_schedule(&nic->napi);
	local_bh_enable();
	return nic->err;
}

/**
 * bench_nic_receive() - Take what the NIC has sent.
 * @run: measurement; @got has the frames afterwards, @arrived counts them
 * @end: the NIC
 * @num: how many there is room for
 *
 * Return: 0, or an error; EMSGSIZE if one had another size.
 */
int bench_nic_receive(struct bench_run *run, const struct bench_end *end, u32 num)
{
	struct bench_nic *nic = netdev_priv(end->dev);
	u32 len = run->len - run->hdr_len;
	struct sk_buff *skb;
	int err = 0;

	while (!err && (skb = __skb_dequeue(&nic->sent))) {
		u8 *got = run->got + run->len * min(run->arrived, num - 1);

		if (skb->len != len)
			err = -EMSGSIZE;
		else
			err = skb_copy_bits(skb, 0, got + run->hdr_len, len);
		consume_skb(skb);
		run->arrived++;
	}
	return err;
}

/**
 * bench_nic_get() - Take a NIC.
 * @ifindex: of it
 *
 * Return: the netdev, or an error.
 */
struct net_device *bench_nic_get(int ifindex)
{
	struct net_device *dev = dev_get_by_index(&init_net, ifindex);

	if (!dev)
		return ERR_PTR(-ENODEV);
	if (dev->netdev_ops == &bench_nic_ops && netif_running(dev))
		return dev;
	dev_put(dev);
	return ERR_PTR(-EINVAL);
}

int bench_nic_register(void)
{
	return rtnl_link_register(&bench_nic_link);
}

void bench_nic_unregister(void)
{
	rtnl_link_unregister(&bench_nic_link);
}
