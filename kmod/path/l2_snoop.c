// SPDX-License-Identifier: GPL-2.0
/*
 * Stage 6, for a frame to a multicast group on a switch that snoops: what hosts and
 * routers say about groups, and whether the frame goes to members alone.
 *
 * What is not plainly an IP packet to a group goes to all ports, as does what is local
 * to the link, by which IPv6 finds its neighbours, and mDNS its services.
 */
#include <linux/igmp.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/pim.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/mld.h>
#include "../table/mdb.h"
#include "dp.h"

/* MAC addresses of groups: IPv4 has 25 bits of prefix, IPv6 has 16. */
#define VSW_SNOOP_MAC4		(0x01005e000000ULL >> 23)
#define VSW_SNOOP_MAC6		0x3333ULL
/* RFC 4291 2.7: interface-local and link-local; below that it is reserved. */
#define VSW_SNOOP_SCOPE_LINK	2

/**
 * enum vsw_snooped - To whom a frame goes.
 * @VSW_SNOOPED_ALL: to all ports
 * @VSW_SNOOPED_DATA: to members of its group, and to routers
 * @VSW_SNOOPED_REPORT: to routers
 * @VSW_SNOOPED_QUERY: to all ports, whether groups are flooded to them or not
 */
enum vsw_snooped {
	VSW_SNOOPED_ALL,
	VSW_SNOOPED_DATA,
	VSW_SNOOPED_REPORT,
	VSW_SNOOPED_QUERY,
};

/**
 * struct vsw_snoop - Looking at a frame.
 * @f: the frame
 * @mdb: groups of the switch
 * @key: VLAN and group
 * @proto: protocol behind the IP header
 */
struct vsw_snoop {
	const struct vsw_frame *f;
	struct vsw_mdb *mdb;
	struct vsw_mdb_key key;
	u8 proto;
};

/* Hosts need not join these to get them. */
static bool vsw_snoop_is_link_local(const struct in6_addr *addr)
{
	if (ipv6_addr_v4mapped(addr))
		return ipv4_is_local_multicast(addr->s6_addr32[3]);
	return (addr->s6_addr[1] & 0x0f) <= VSW_SNOOP_SCOPE_LINK;
}

static bool vsw_snoop_is_group(const struct in6_addr *addr)
{
	if (ipv6_addr_v4mapped(addr))
		return ipv4_is_multicast(addr->s6_addr32[3]);
	return ipv6_addr_is_multicast(addr);
}

/* 32 groups of IPv4 have the same MAC address, so the IP address counts, if it is one
 * of these: a host that filters by the other would not get the frame anyway.
 */
static bool vsw_snoop_ip4(struct vsw_snoop *s)
{
	const struct iphdr *ip;
	struct iphdr copy;

	if (s->f->dest >> 23 != VSW_SNOOP_MAC4)
		return false;
	ip = skb_header_pointer(s->f->skb, 0, sizeof(copy), &copy);
	if (!ip || ip->version != 4 || !ipv4_is_multicast(ip->daddr) ||
	    (ntohl(ip->daddr) ^ s->f->dest) & GENMASK(22, 0))
		return false;
	ipv6_addr_set_v4mapped(ip->daddr, &s->key.addr);
	/* What a part of a message says cannot be known. */
	s->proto = ip_is_fragment(ip) ? IPPROTO_RAW : ip->protocol;
	return true;
}

static bool vsw_snoop_ip6(struct vsw_snoop *s)
{
	const struct ipv6hdr *ip;
	struct ipv6hdr copy;

	if (s->f->dest >> 32 != VSW_SNOOP_MAC6)
		return false;
	ip = skb_header_pointer(s->f->skb, 0, sizeof(copy), &copy);
	if (!ip || ip->version != 6 || !ipv6_addr_is_multicast(&ip->daddr) ||
	    ntohl(ip->daddr.s6_addr32[3]) != (u32)s->f->dest)
		return false;
	s->key.addr = ip->daddr;
	s->proto = ip->nexthdr;
	return true;
}

/* A switch that is not VLAN-aware finds tags at some ports beside the data and at
 * others in them: members would be known of some alone.
 */
static bool vsw_snoop_packet(struct vsw_snoop *s)
{
	const struct vsw_frame *f = s->f;

	if (skb_vlan_tag_present(f->skb))
		return false;
	s->key.vlan = f->mode & VSW_MODE_VLAN ? vsw_fdb_key_vlan(f->fid) : 0;
	switch (eth_hdr(f->skb)->h_proto) {
	case htons(ETH_P_IP):
		return vsw_snoop_ip4(s);
	case htons(ETH_P_IPV6):
		return vsw_snoop_ip6(s);
	}
	return false;
}

static void vsw_snoop_join(const struct vsw_snoop *s, struct vsw_mdb_key *key)
{
	if (vsw_snoop_is_group(&key->addr) && !vsw_snoop_is_link_local(&key->addr))
		vsw_mdb_join(s->mdb, s->f->in, &s->f->policy->is, key);
}

static void vsw_snoop_leave(const struct vsw_snoop *s, struct vsw_mdb_key *key)
{
	vsw_mdb_leave(s->mdb, s->f->in, &s->f->policy->is, key);
}

/* A record of a report, which are numbered alike in IGMPv3 and MLDv2.  Sources do not
 * matter: a port is a member or it is not.  One that blocks sources says neither, for
 * it may have others.
 */
static void vsw_snoop_record(const struct vsw_snoop *s, struct vsw_mdb_key *key,
			     u8 type, u16 sources)
{
	switch (type) {
	case IGMPV3_MODE_IS_INCLUDE:
	case IGMPV3_CHANGE_TO_INCLUDE:
		if (!sources)
			vsw_snoop_leave(s, key);
		else
			vsw_snoop_join(s, key);
		break;
	case IGMPV3_MODE_IS_EXCLUDE:
	case IGMPV3_CHANGE_TO_EXCLUDE:
	case IGMPV3_ALLOW_NEW_SOURCES:
		vsw_snoop_join(s, key);
		break;
	}
}

/* Whether a querier or router on the port of the frame is to be believed. */
static bool vsw_snoop_believes(const struct vsw_snoop *s)
{
	return s->f->policy->is.mcast.router != VSWITCH_MCAST_ROUTER_NEVER;
}

/* From one uplink to another nothing is sent. */
static bool vsw_snoop_has_other_uplink(const struct vsw_frame *f)
{
	const struct vsw_port_set *set = rcu_dereference_bh(f->sw->ports);
	const struct vsw_port *port;
	u32 i;

	for (i = 0; i < set->size; i++) {
		port = READ_ONCE(set->slot[i]);
		if (port && port != f->in &&
		    rcu_dereference_bh(port->policy)->is.role == VSWITCH_ROLE_UPLINK)
			return true;
	}
	return false;
}

/* Whether but some of the hosts hear a querier: by isolation, in a secondary VLAN, or
 * behind one uplink of many.
 */
static bool vsw_snoop_is_apart(const struct vsw_frame *f)
{
	if (f->mode & VSW_MODE_VLAN && f->mode & VSW_MODE_VLAN_EXTRA &&
	    (f->tci & VLAN_VID_MASK) != vsw_fdb_key_vlan(f->fid))
		return true;
	return f->policy->is.community ||
	       (f->policy->is.role == VSWITCH_ROLE_UPLINK &&
		vsw_snoop_has_other_uplink(f));
}

/* delay: what hosts have for an answer, in ms; the last one is under way then. */
static void vsw_snoop_query(const struct vsw_snoop *s, const struct in6_addr *from,
			    u32 delay)
{
	if (vsw_snoop_is_apart(s->f)) {
		vsw_mdb_router(s->mdb, s->f->in, s->key.vlan, vsw_mdb_family(from));
		return;
	}
	delay = min_t(u32, delay, VSW_MDB_MEMBERSHIP * MSEC_PER_SEC);
	vsw_mdb_query(s->mdb, s->f->in, s->key.vlan, from,
		      msecs_to_jiffies(delay) + HZ);
}

/* Hosts that answer to a question about sources do not say all. */
static void vsw_snoop_query_group(const struct vsw_snoop *s,
				  const struct vsw_mdb_key *key, u32 delay)
{
	if (vsw_snoop_is_apart(s->f))
		return;
	delay = min_t(u32, delay, VSW_MDB_MEMBERSHIP * MSEC_PER_SEC);
	vsw_mdb_query_group(s->mdb, key, msecs_to_jiffies(delay));
}

static void vsw_snoop_igmp_query(const struct vsw_snoop *s, struct sk_buff *skb,
				 struct vsw_mdb_key *key)
{
	const struct igmpv3_query *v3 = igmpv3_query_hdr(skb);
	const struct igmphdr *ih = igmp_hdr(skb);
	struct in6_addr from;
	bool partly = false;
	u32 delay;

	/* RFC 3376 4: hosts may ignore what has come from farther. */
	if (ip_hdr(skb)->ttl != 1)
		return;
	/* In tenths of a second; IGMPv1 has none, and means ten seconds. */
	delay = (ih->code ?: 100) * 100;
	if (ip_transport_len(skb) >= sizeof(*v3)) {
		delay = IGMPV3_MRC(v3->code) * 100;
		partly = v3->nsrcs || v3->suppress;
	}
	if (!ih->group) {
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &from);
		vsw_snoop_query(s, &from, delay);
	} else if (!partly) {
		ipv6_addr_set_v4mapped(ih->group, &key->addr);
		/* Who listens to it hears what is sent to it, and maybe nothing else. */
		if (ipv6_addr_equal(&key->addr, &s->key.addr))
			vsw_snoop_query_group(s, key, delay);
	}
}

static void vsw_snoop_igmp3_report(const struct vsw_snoop *s,
				   struct sk_buff *skb, struct vsw_mdb_key *key)
{
	unsigned int at = skb_transport_offset(skb);
	unsigned int end = at + ip_transport_len(skb);
	const struct igmpv3_grec *rec;
	struct igmpv3_grec copy;
	u16 num = ntohs(igmpv3_report_hdr(skb)->ngrec);
	u16 sources;

	for (at += sizeof(struct igmpv3_report); num; num--) {
		if (at + sizeof(copy) > end)
			return;
		rec = skb_header_pointer(skb, at, sizeof(copy), &copy);
		if (!rec)
			return;
		sources = ntohs(rec->grec_nsrcs);
		at += sizeof(copy) + sources * sizeof(__be32) +
		      rec->grec_auxwords * sizeof(__be32);
		if (at > end)
			return;
		ipv6_addr_set_v4mapped(rec->grec_mca, &key->addr);
		vsw_snoop_record(s, key, rec->grec_type, sources);
	}
}

static enum vsw_snooped vsw_snoop_igmp(const struct vsw_snoop *s,
				       struct sk_buff *skb)
{
	struct vsw_mdb_key key = { .vlan = s->key.vlan };

	if (ip_mc_check_igmp(skb))
		return VSW_SNOOPED_ALL;
	ipv6_addr_set_v4mapped(igmp_hdr(skb)->group, &key.addr);
	switch (igmp_hdr(skb)->type) {
	case IGMP_HOST_MEMBERSHIP_REPORT:
	case IGMPV2_HOST_MEMBERSHIP_REPORT:
		vsw_snoop_join(s, &key);
		return VSW_SNOOPED_REPORT;
	case IGMPV3_HOST_MEMBERSHIP_REPORT:
		vsw_snoop_igmp3_report(s, skb, &key);
		return VSW_SNOOPED_REPORT;
	case IGMP_HOST_LEAVE_MESSAGE:
		vsw_snoop_leave(s, &key);
		return VSW_SNOOPED_REPORT;
	case IGMP_HOST_MEMBERSHIP_QUERY:
		if (!vsw_snoop_believes(s))
			break;
		vsw_snoop_igmp_query(s, skb, &key);
		return VSW_SNOOPED_QUERY;
	}
	return VSW_SNOOPED_ALL;
}

#if IS_ENABLED(CONFIG_IPV6)

static const struct mld_msg *vsw_snoop_mld_msg(const struct sk_buff *skb)
{
	return (const struct mld_msg *)skb_transport_header(skb);
}

static void vsw_snoop_mld_query(const struct vsw_snoop *s, struct sk_buff *skb,
				struct vsw_mdb_key *key)
{
	const struct mld2_query *v2 = (const void *)skb_transport_header(skb);
	const struct mld_msg *mld = vsw_snoop_mld_msg(skb);
	u32 delay = ntohs(mld->mld_maxdelay);
	bool partly = false;

	/* RFC 3810 6.2: hosts ignore others. */
	if (ipv6_hdr(skb)->hop_limit != 1)
		return;
	if (ipv6_transport_len(skb) >= sizeof(*v2)) {
		delay = mldv2_mrc(v2);
		partly = v2->mld2q_nsrcs || v2->mld2q_suppress;
	}
	if (ipv6_addr_any(&mld->mld_mca)) {
		vsw_snoop_query(s, &ipv6_hdr(skb)->saddr, delay);
	} else if (!partly) {
		key->addr = mld->mld_mca;
		if (ipv6_addr_equal(&key->addr, &s->key.addr))
			vsw_snoop_query_group(s, key, delay);
	}
}

static void vsw_snoop_mld2_report(const struct vsw_snoop *s,
				  struct sk_buff *skb, struct vsw_mdb_key *key)
{
	const struct mld2_report *mld = (const void *)skb_transport_header(skb);
	unsigned int at = skb_transport_offset(skb);
	unsigned int end = at + ipv6_transport_len(skb);
	u16 num = ntohs(mld->mld2r_ngrec);
	const struct mld2_grec *rec;
	struct mld2_grec copy;
	u16 sources;

	for (at += sizeof(*mld); num; num--) {
		if (at + sizeof(copy) > end)
			return;
		rec = skb_header_pointer(skb, at, sizeof(copy), &copy);
		if (!rec)
			return;
		sources = ntohs(rec->grec_nsrcs);
		at += sizeof(copy) + sources * sizeof(struct in6_addr) +
		      rec->grec_auxwords * sizeof(__be32);
		if (at > end)
			return;
		key->addr = rec->grec_mca;
		/* Mapped, it would be taken for one of IPv4. */
		if (!ipv6_addr_v4mapped(&key->addr))
			vsw_snoop_record(s, key, rec->grec_type, sources);
	}
}

static enum vsw_snooped vsw_snoop_mld(const struct vsw_snoop *s,
				      struct sk_buff *skb)
{
	struct vsw_mdb_key key = { .vlan = s->key.vlan };

	BUILD_BUG_ON(MLD2_MODE_IS_INCLUDE - IGMPV3_MODE_IS_INCLUDE);
	BUILD_BUG_ON(MLD2_ALLOW_NEW_SOURCES - IGMPV3_ALLOW_NEW_SOURCES);

	if (ipv6_mc_check_mld(skb))
		return VSW_SNOOPED_ALL;
	key.addr = vsw_snoop_mld_msg(skb)->mld_mca;
	/* As in a record. */
	if (ipv6_addr_v4mapped(&key.addr))
		return VSW_SNOOPED_ALL;
	switch (vsw_snoop_mld_msg(skb)->mld_type) {
	case ICMPV6_MGM_REPORT:
		vsw_snoop_join(s, &key);
		return VSW_SNOOPED_REPORT;
	case ICMPV6_MLD2_REPORT:
		vsw_snoop_mld2_report(s, skb, &key);
		return VSW_SNOOPED_REPORT;
	case ICMPV6_MGM_REDUCTION:
		vsw_snoop_leave(s, &key);
		return VSW_SNOOPED_REPORT;
	case ICMPV6_MGM_QUERY:
		if (!vsw_snoop_believes(s))
			break;
		vsw_snoop_mld_query(s, skb, &key);
		return VSW_SNOOPED_QUERY;
	}
	return VSW_SNOOPED_ALL;
}

#else

static enum vsw_snooped vsw_snoop_mld(const struct vsw_snoop *s,
				      struct sk_buff *skb)
{
	return VSW_SNOOPED_ALL;
}

#endif

/* The kernel's checks may change what they look at: that is a copy. */
static noinline enum vsw_snooped vsw_snoop_message(const struct vsw_snoop *s)
{
	struct sk_buff *skb = skb_clone(s->f->skb, GFP_ATOMIC);
	enum vsw_snooped to;

	if (unlikely(!skb))
		return VSW_SNOOPED_ALL;
	skb_reset_network_header(skb);
	if (s->proto == IPPROTO_IGMP)
		to = vsw_snoop_igmp(s, skb);
	else
		to = vsw_snoop_mld(s, skb);
	consume_skb(skb);
	return to;
}

/* A router that is not the querier says hello to others of its kind. */
static void vsw_snoop_pim(const struct vsw_snoop *s)
{
	enum vsw_mdb_family family = vsw_mdb_family(&s->key.addr);
	const struct sk_buff *skb = s->f->skb;
	const struct pimhdr *pim;
	unsigned int at = sizeof(struct ipv6hdr);
	struct pimhdr copy;

	if (family == VSW_MDB_IP4) {
		const struct iphdr *ip;
		struct iphdr ip_copy;

		ip = skb_header_pointer(skb, 0, sizeof(ip_copy), &ip_copy);
		at = ip ? ip->ihl * 4 : 0;
	}
	pim = at ? skb_header_pointer(skb, at, sizeof(copy), &copy) : NULL;
	if (pim && pim_hdr_version(pim) == PIM_VERSION &&
	    pim_hdr_type(pim) == PIM_TYPE_HELLO && vsw_snoop_believes(s))
		vsw_mdb_router(s->mdb, s->f->in, s->key.vlan, family);
}

static bool vsw_snoop_is_message(const struct vsw_snoop *s)
{
	if (vsw_mdb_family(&s->key.addr) == VSW_MDB_IP4)
		return s->proto == IPPROTO_IGMP;
	/* That of MLD begins with an option (RFC 3810 5). */
	return s->proto == IPPROTO_HOPOPTS;
}

/*
 * Hosts send no larger ones than their MTU is.  A guest's frame may be larger, and would
 * have thousands of records to be looked up with BH off.
 */
static bool vsw_snoop_is_sane(const struct vsw_snoop *s)
{
	return !skb_is_gso(s->f->skb) &&
	       s->f->skb->len <= READ_ONCE(s->f->in->dev->mtu) + VLAN_HLEN;
}

static enum vsw_snooped vsw_snoop_classify(const struct vsw_snoop *s)
{
	enum vsw_snooped to;

	if (vsw_snoop_is_message(s)) {
		/* Not one, but made to look like it. */
		if (!vsw_snoop_is_sane(s))
			return VSW_SNOOPED_ALL;
		to = vsw_snoop_message(s);
		if (to != VSW_SNOOPED_ALL)
			return to;
		/* A question, or something else with an option. */
		if (s->proto == IPPROTO_IGMP)
			return VSW_SNOOPED_ALL;
	}
	if (vsw_snoop_is_link_local(&s->key.addr)) {
		if (s->proto == IPPROTO_PIM)
			vsw_snoop_pim(s);
		return VSW_SNOOPED_ALL;
	}
	return s->proto == IPPROTO_HOPOPTS ? VSW_SNOOPED_ALL : VSW_SNOOPED_DATA;
}

/**
 * vsw_l2_snoop() - Look at a frame to a group, and decide to whom it goes.
 * @f: frame, its kind VSW_MULTICAST
 * @to: where it is written to whom, if not to all
 *
 * Context: path.  Takes vsw_mdb.lock for a message about groups.
 * Return: true if it goes to @to alone, false if it is flooded.
 */
VSW_STAGE bool vsw_l2_snoop(const struct vsw_frame *f, struct vsw_snoop_to *to)
{
	struct vsw_snoop s = { .f = f };
	enum vsw_snooped snooped;

	s.mdb = rcu_dereference_bh(f->sw->mdb);
	if (!s.mdb || !vsw_snoop_packet(&s))
		return false;
	snooped = vsw_snoop_classify(&s);
	if (snooped == VSW_SNOOPED_ALL)
		return false;
	to->mdb = s.mdb;
	to->all = snooped == VSW_SNOOPED_QUERY;
	if (to->all)
		return true;
	to->talk = vsw_mdb_talk_rcu(s.mdb, s.key.vlan,
				    vsw_mdb_family(&s.key.addr));
	/* Hosts that hear a report of IGMPv2 or MLDv1 do not send their own. */
	to->report = snooped == VSW_SNOOPED_REPORT;
	if (to->report ? !to->talk || !READ_ONCE(to->talk->asked) :
			 !vsw_mdb_prunes(to->mdb, to->talk))
		return false;
	to->group = snooped == VSW_SNOOPED_DATA ?
		    vsw_mdb_find_rcu(s.mdb, &s.key) : NULL;
	return true;
}
