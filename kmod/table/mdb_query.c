// SPDX-License-Identifier: GPL-2.0
/*
 * Our own querier, for networks that have no multicast router.
 *
 * It asks with IGMPv2 and MLDv1, which every host answers, and routers and switches that
 * know nothing newer understand, in each VLAN that has ports, and stops where another one
 * is to ask.
 */
#include <linux/etherdevice.h>
#include <linux/igmp.h>
#include <linux/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/mld.h>
#include "mdb.h"
#include "port.h"
#include "private_vlan.h"

/* RFC 2113 and RFC 2711: routers are to look at it. */
#define VSW_ALERT_IP4		0x94040000
#define VSW_ALERT_IP6		0x05020000

/* VLANs that are asked in one run of the work: queues have room for so many questions. */
#define VSW_ASKS_RUN		128

/* struct vsw_mdb_igmp - A question of IGMPv2. */
struct vsw_mdb_igmp {
	struct ethhdr eth;
	struct iphdr ip;
	__be32 alert;
	struct igmphdr igmp;
} __packed;

/* struct vsw_mdb_mld - A question of MLDv1. */
struct vsw_mdb_mld {
	struct ethhdr eth;
	struct ipv6hdr ip;
	u8 next;
	u8 len;
	__be32 alert;
	__be16 pad;
	struct mld_msg mld;
} __packed;

/**
 * vsw_mdb_own_addr() - Address that our querier asks with.
 * @sw: switch
 * @family: enum vsw_mdb_family
 * @addr: where it is written: none with IGMP (RFC 4541 2.1.1), and with MLD the
 *	  link-local one of the switch's MAC address
 *
 * Context: any.
 */
void vsw_mdb_own_addr(const struct vsw_switch *sw, enum vsw_mdb_family family,
		      struct in6_addr *addr)
{
	u8 mac[ETH_ALEN];

	if (family == VSW_MDB_IP4) {
		ipv6_addr_set_v4mapped(0, addr);
		return;
	}
	u64_to_ether_addr(READ_ONCE(sw->addr), mac);
	ipv6_addr_set(addr, htonl(0xfe800000), 0, 0, 0);
	memcpy(addr->s6_addr + 8, mac, 3);
	addr->s6_addr[8] ^= 2;
	addr->s6_addr[11] = 0xff;
	addr->s6_addr[12] = 0xfe;
	memcpy(addr->s6_addr + 13, mac + 3, 3);
}

static struct sk_buff *vsw_mdb_skb(const struct vsw_switch *sw, size_t size,
				   u16 proto)
{
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + size, GFP_KERNEL);
	struct ethhdr *eth;

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	eth = skb_put_zero(skb, size);
	u64_to_ether_addr(READ_ONCE(sw->addr), eth->h_source);
	eth->h_proto = htons(proto);
	skb->protocol = htons(proto);
	skb->dev = sw->dev;
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	return skb;
}

/* group: 0, all of them */
static struct sk_buff *vsw_mdb_igmp_query(const struct vsw_switch *sw,
					  __be32 group, unsigned int seconds)
{
	__be32 to = group ?: htonl(INADDR_ALLHOSTS_GROUP);
	struct vsw_mdb_igmp *q;
	struct sk_buff *skb;

	skb = vsw_mdb_skb(sw, sizeof(*q), ETH_P_IP);
	if (!skb)
		return NULL;
	q = (void *)skb->data;
	ip_eth_mc_map(to, q->eth.h_dest);
	q->ip.version = 4;
	q->ip.ihl = (sizeof(q->ip) + sizeof(q->alert)) / 4;
	q->ip.tos = 0xc0;
	q->ip.tot_len = htons(sizeof(*q) - ETH_HLEN);
	q->ip.frag_off = htons(IP_DF);
	q->ip.ttl = 1;
	q->ip.protocol = IPPROTO_IGMP;
	q->ip.daddr = to;
	q->alert = htonl(VSW_ALERT_IP4);
	q->ip.check = ip_compute_csum(&q->ip, sizeof(q->ip) + sizeof(q->alert));
	q->igmp.type = IGMP_HOST_MEMBERSHIP_QUERY;
	q->igmp.code = seconds * IGMP_TIMER_SCALE;
	q->igmp.group = group;
	q->igmp.csum = ip_compute_csum(&q->igmp, sizeof(q->igmp));
	return skb;
}

static struct sk_buff *vsw_mdb_mld_query(const struct vsw_switch *sw,
					 const struct in6_addr *group,
					 unsigned int seconds)
{
	struct vsw_mdb_mld *q;
	struct in6_addr to;
	struct sk_buff *skb;

	skb = vsw_mdb_skb(sw, sizeof(*q), ETH_P_IPV6);
	if (!skb)
		return NULL;
	q = (void *)skb->data;
	if (ipv6_addr_any(group))
		ipv6_addr_set(&to, htonl(0xff020000), 0, 0, htonl(1));
	else
		to = *group;
	ipv6_eth_mc_map(&to, q->eth.h_dest);
	q->ip.version = 6;
	q->ip.payload_len = htons(sizeof(*q) - ETH_HLEN - sizeof(q->ip));
	q->ip.nexthdr = IPPROTO_HOPOPTS;
	q->ip.hop_limit = 1;
	vsw_mdb_own_addr(sw, VSW_MDB_IP6, &q->ip.saddr);
	q->ip.daddr = to;
	q->next = IPPROTO_ICMPV6;
	q->alert = htonl(VSW_ALERT_IP6);
	q->pad = htons(0x0100);		/* PadN, of no bytes */
	q->mld.mld_type = ICMPV6_MGM_QUERY;
	q->mld.mld_maxdelay = htons(seconds * MSEC_PER_SEC);
	q->mld.mld_mca = *group;
	q->mld.mld_cksum = csum_ipv6_magic(&q->ip.saddr, &q->ip.daddr,
					   sizeof(q->mld), IPPROTO_ICMPV6,
					   csum_partial(&q->mld, sizeof(q->mld), 0));
	return skb;
}

static void vsw_mdb_send_in(struct vsw_switch *sw, const struct vsw_mdb_key *key,
			    u16 vlan, unsigned int seconds)
{
	struct sk_buff *skb;

	if (vsw_mdb_family(&key->addr) == VSW_MDB_IP4)
		skb = vsw_mdb_igmp_query(sw, key->addr.s6_addr32[3], seconds);
	else
		skb = vsw_mdb_mld_query(sw, &key->addr, seconds);
	if (skb)
		vsw_mdb_inject(sw, skb, vlan);
	cond_resched();
}

/* Primary VLAN of a secondary one, else the same. */
static u16 vsw_mdb_primary(const struct vsw_switch *sw, u16 vlan)
{
	u16 primary;

	rcu_read_lock();
	primary = vsw_private_vlan_of(rcu_dereference(sw->private_vlans), vlan);
	rcu_read_unlock();
	return primary;
}

static bool vsw_mdb_is_primary(const struct vsw_switch *sw, u16 vlan)
{
	const struct vsw_private_vlans *pv;
	bool is;

	rcu_read_lock();
	pv = rcu_dereference(sw->private_vlans);
	is = pv && test_bit(vlan, pv->primary);
	rcu_read_unlock();
	return is;
}

/* In secondary VLANs as well: a trunk may be in these alone. */
static void vsw_mdb_send(struct vsw_switch *sw, const struct vsw_mdb_key *key,
			 unsigned int seconds)
{
	u32 i;

	vsw_mdb_send_in(sw, key, key->vlan, seconds);
	if (!vsw_mdb_is_primary(sw, key->vlan))
		return;
	for (i = 1; i <= VSWITCH_VLAN_MAX; i++)
		if (i != key->vlan && READ_ONCE(sw->vlan_ports[i]) &&
		    vsw_mdb_primary(sw, i) == key->vlan)
			vsw_mdb_send_in(sw, key, i, seconds);
}

/* Whether our querier is to ask for all groups in a VLAN now. */
static bool vsw_mdb_is_due(struct vsw_mdb *mdb, u16 vlan,
			   enum vsw_mdb_family family)
{
	struct vsw_mdb_talk *talk;
	bool due = false;

	spin_lock_bh(&mdb->lock);
	talk = vsw_mdb_talk_get(mdb, vlan, family);
	if (!talk || talk->other)
		goto out;
	if (!talk->own) {
		talk->own = true;
		talk->asks = 0;
		talk->next = jiffies;
		/* The last answer is under way then. */
		vsw_mdb_talk_start(talk, (VSW_MDB_RESPONSE + 1) * HZ);
	}
	/* The interval may have become shorter. */
	if (time_after(talk->next, jiffies + mdb->interval * HZ))
		talk->next = jiffies + mdb->interval * HZ;
	due = time_after_eq(jiffies, talk->next);
	if (due) {
		/* Twice at first, the second time early. */
		talk->asks = min(talk->asks + 1, VSW_MDB_ROBUSTNESS);
		talk->next = jiffies + (talk->asks < VSW_MDB_ROBUSTNESS ?
					mdb->interval * HZ / 4 :
					mdb->interval * HZ);
	}
out:
	spin_unlock_bh(&mdb->lock);
	return due;
}

/* Return: whether there was anything to ask. */
static bool vsw_mdb_ask_vlan(struct vsw_mdb *mdb, u16 vlan)
{
	bool ip6 = vsw_mdb_is_due(mdb, vlan, VSW_MDB_IP6);
	bool ip4 = vsw_mdb_is_due(mdb, vlan, VSW_MDB_IP4);
	struct vsw_mdb_key key = { .vlan = vlan };

	if (ip6)
		vsw_mdb_send(mdb->sw, &key, VSW_MDB_RESPONSE);
	ipv6_addr_set_v4mapped(0, &key.addr);
	if (ip4)
		vsw_mdb_send(mdb->sw, &key, VSW_MDB_RESPONSE);
	return ip6 || ip4;
}

/* Each run goes on where the last one has ended, so that all have their turn.  When
 * there have been enough, the next run is soon.
 */
static void vsw_mdb_ask_vlans(struct vsw_mdb *mdb)
{
	struct vsw_switch *sw = mdb->sw;
	u32 num = 0;
	u32 i;

	for (i = 0; i < VSWITCH_VLAN_MAX && num < VSW_ASKS_RUN; i++) {
		mdb->at = mdb->at % VSWITCH_VLAN_MAX + 1;
		if (READ_ONCE(sw->vlan_ports[mdb->at]))
			num += vsw_mdb_ask_vlan(mdb, vsw_mdb_primary(sw, mdb->at));
	}
	if (num < VSW_ASKS_RUN)
		return;
	spin_lock_bh(&mdb->lock);
	vsw_mdb_kick(mdb, true);
	spin_unlock_bh(&mdb->lock);
}

/* Not any more where it was switched off. */
static void vsw_mdb_ask_no_more(struct vsw_mdb *mdb)
{
	struct vsw_mdb_talk *talk;
	u32 i, f;

	for (i = 0; i < VLAN_N_VID; i++) {
		if (!rcu_access_pointer(mdb->vlan[i]))
			continue;
		spin_lock_bh(&mdb->lock);
		for (f = 0; f < VSW_MDB_FAMILIES; f++) {
			talk = vsw_mdb_talk_rcu(mdb, i, f);
			talk->own = false;
			WRITE_ONCE(talk->asked, talk->other);
		}
		spin_unlock_bh(&mdb->lock);
	}
}

/**
 * vsw_mdb_ask() - Ask what is to be asked now.
 * @mdb: groups of the switch
 *
 * Context: process context.  Takes vsw_mdb.lock.
 */
void vsw_mdb_ask(struct vsw_mdb *mdb)
{
	struct vsw_switch *sw = mdb->sw;
	u8 mode = READ_ONCE(sw->mode);
	struct vsw_mdb_key key;
	u32 bucket = 0;

	/* When it is down there is nobody to answer, and later all are to be asked anew. */
	if (!READ_ONCE(mdb->querier) || !(mode & VSW_MODE_UP)) {
		vsw_mdb_ask_no_more(mdb);
		return;
	}
	/* Who has left a group is waited for. */
	while (vsw_mdb_take_ask(mdb, &bucket, &key))
		vsw_mdb_send(sw, &key, 1);
	if (mode & VSW_MODE_VLAN)
		vsw_mdb_ask_vlans(mdb);
	else
		vsw_mdb_ask_vlan(mdb, 0);
}

/**
 * vsw_mdb_set_querier() - Switch our querier on or off.
 * @sw: switch, with multicast snooping
 * @on: whether it is on
 * @interval: seconds from one of its questions to the next
 *
 * Context: RTNL.
 */
void vsw_mdb_set_querier(struct vsw_switch *sw, bool on, u32 interval)
{
	struct vsw_mdb *mdb = rtnl_dereference(sw->mdb);

	spin_lock_bh(&mdb->lock);
	mdb->interval = interval;
	WRITE_ONCE(mdb->querier, on);
	vsw_mdb_kick(mdb, true);
	spin_unlock_bh(&mdb->lock);
}
