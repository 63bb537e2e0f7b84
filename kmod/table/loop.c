// SPDX-License-Identifier: GPL-2.0
/*
 * Loops: a switch sends probes out of its ports, and what comes back has gone round.
 *
 * A probe says out of which port it was sent, and when, and is authenticated with a key
 * that the switch alone has.  So a guest can send no other probes than those it got, and
 * those are of its own port: it may have itself put into quarantine, and nobody else.
 */
#include <linux/etherdevice.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/workqueue.h>
#include "loop.h"

/**
 * vsw_loop_now() - The time of probes.
 *
 * Return: seconds.
 */
u64 vsw_loop_now(void)
{
	return div_u64(get_jiffies_64(), HZ);
}

static u64 vsw_loop_mac(const struct vsw_switch *sw, const struct vsw_probe *p)
{
	return siphash(p, offsetof(struct vsw_probe, mac), &sw->loop.key);
}

/**
 * vsw_loop_check() - Whether a probe is one of a switch.
 * @sw: switch
 * @p: what is in the probe
 * @now: the time
 *
 * Context: any.
 * Return: number of the port it was sent out of; -ESTALE if that was too long ago,
 * -ENOENT if it is of another switch or of nobody.
 */
int vsw_loop_check(const struct vsw_switch *sw, const struct vsw_probe *p,
		   u64 now)
{
	if (p->magic != htonl(VSW_PROBE_MAGIC) ||
	    p->id != cpu_to_be64(sw->loop.id) ||
	    p->mac != cpu_to_be64(vsw_loop_mac(sw, p)))
		return -ENOENT;
	if (now - be64_to_cpu(p->time) > VSW_PROBE_VALID)
		return -ESTALE;
	return be32_to_cpu(p->port);
}

/**
 * vsw_loop_make() - Make a probe.
 * @sw: switch
 * @port: number of the port it is sent out of
 * @ifindex: of its netdev
 * @time: the time
 *
 * Context: any.
 * Return: a frame as if it had been received, or NULL.
 */
struct sk_buff *vsw_loop_make(const struct vsw_switch *sw, u32 port, int ifindex,
			      u64 time)
{
	struct sk_buff *skb = netdev_alloc_skb(sw->dev, VSW_PROBE_LEN + VLAN_HLEN);
	struct vsw_probe p = {
		.magic = htonl(VSW_PROBE_MAGIC),
		.port = htonl(port),
		.id = cpu_to_be64(sw->loop.id),
		.time = cpu_to_be64(time),
		.ifindex = cpu_to_be32(ifindex),
	};
	struct ethhdr *eth;

	if (!skb)
		return NULL;
	p.mac = cpu_to_be64(vsw_loop_mac(sw, &p));
	eth = skb_put_zero(skb, VSW_PROBE_LEN);
	u64_to_ether_addr(VSW_ADDR_PROBE, eth->h_dest);
	ether_addr_copy(eth->h_source, sw->loop.addr);
	eth->h_proto = htons(VSW_PROBE_ETHERTYPE);
	memcpy(eth + 1, &p, sizeof(p));
	skb->protocol = eth->h_proto;
	skb_reset_mac_header(skb);
	__skb_pull(skb, ETH_HLEN);
	skb_reset_network_header(skb);
	return skb;
}

/**
 * vsw_loop_send() - Send a probe out of a port.
 * @port: port
 * @time: the time
 *
 * Context: process context or BH off.
 */
void vsw_loop_send(struct vsw_port *port, u64 time)
{
	struct sk_buff *skb = vsw_loop_make(port->sw, port->number,
					    port->dev->ifindex, time);

	if (skb)
		vsw_guard_xmit(port, skb);
}

/* Return: whether there is any port that is probed. */
static bool vsw_loop_probe_rcu(struct vsw_switch *sw)
{
	const struct vsw_port_set *set = rcu_dereference(sw->ports);
	struct vsw_port *port;
	bool any = false;
	u32 i;

	for (i = 1; i < set->size; i++) {
		port = READ_ONCE(set->slot[i]);
		if (!port || !rcu_dereference(port->policy)->is.guard.loop_detect)
			continue;
		any = true;
		vsw_loop_send(port, vsw_loop_now());
	}
	return any;
}

static void vsw_loop_work(struct work_struct *work)
{
	struct vsw_loop *loop = container_of(to_delayed_work(work),
					     struct vsw_loop, work);
	struct vsw_switch *sw = container_of(loop, struct vsw_switch, loop);
	bool any;

	rcu_read_lock();
	any = vsw_loop_probe_rcu(sw);
	rcu_read_unlock();
	if (any)
		queue_delayed_work(vsw_wq, &loop->work,
				   READ_ONCE(loop->interval) * HZ);
}

/**
 * vsw_loop_start() - Send probes, now and after each interval.
 * @sw: switch, of which a port is to be probed
 *
 * It ends when there is no such port any more.
 *
 * Context: RTNL.
 */
void vsw_loop_start(struct vsw_switch *sw)
{
	mod_delayed_work(vsw_wq, &sw->loop.work, 0);
}

/**
 * vsw_loop_init() - Prepare the probes of a new switch.
 * @sw: switch
 */
void vsw_loop_init(struct vsw_switch *sw)
{
	struct vsw_loop *loop = &sw->loop;

	get_random_bytes(&loop->key, sizeof(loop->key));
	loop->id = get_random_u64();
	eth_random_addr(loop->addr);
	loop->interval = VSW_LOOP_INTERVAL_DEFAULT;
	INIT_DELAYED_WORK(&loop->work, vsw_loop_work);
}

/**
 * vsw_loop_stop() - Send no more probes.
 * @sw: switch, without ports
 *
 * Context: process context.  May sleep.
 */
void vsw_loop_stop(struct vsw_switch *sw)
{
	cancel_delayed_work_sync(&sw->loop.work);
}
