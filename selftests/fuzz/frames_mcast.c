// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: messages about multicast groups (IGMP, MLD, hellos of PIM), packets
 * to groups, and what a switch that snoops is to take them for
 * (Documentation/multicast.md).
 */
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>
#include "frames.h"

#define IP4_LEN		24	/* with the option that has routers look at it */
#define IP6_LEN		48	/* likewise */

#define IGMP_QUERY	0x11
#define IGMP1_REPORT	0x12
#define PIM4		0x13	/* not a type: a hello of PIM */
#define IGMP2_REPORT	0x16
#define IGMP_LEAVE	0x17
#define IGMP3_REPORT	0x22
#define MLD_QUERY	130
#define MLD_REPORT	131
#define MLD_DONE	132
#define MLD2_REPORT	143

static u16 fold(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static u32 add(u32 sum, const u8 *data, unsigned int len)
{
	unsigned int i;

	for (i = 0; i + 1 < len; i += 2)
		sum += get16(data + i);
	return len & 1 ? sum + (data[len - 1] << 8) : sum;
}

static void put_sum(u8 *at, u32 seed, const u8 *data, unsigned int len)
{
	put16(at, 0);
	put16(at, ~fold(add(seed, data, len)));
}

/* Behind all tags; what is there is type. */
static unsigned int ip_at(const u8 *data, unsigned int len, u16 *type)
{
	unsigned int at = ETH_HLEN;

	*type = len < at ? 0 : get16(data + at - 2);
	while ((*type == ETH_P_8021Q || *type == ETH_P_8021AD) && len >= at + 4) {
		at += 4;
		*type = get16(data + at - 2);
	}
	return at;
}

/* Lengths and checksums that fit what is there, of which as much is known as that. */
static void fix4(u8 *ip, unsigned int len)
{
	unsigned int head = (ip[0] & 15) * 4;

	if (head < 20 || len < head + 8)
		return;
	put16(ip + 2, len);
	put_sum(ip + 10, 0, ip, head);
	if (ip[9] == IPPROTO_IGMP || ip[9] == IPPROTO_PIM)
		put_sum(ip + head + 2, 0, ip + head, len - head);
}

static void fix6(u8 *ip, unsigned int len)
{
	unsigned int at = ip[6] == IPPROTO_HOPOPTS ? IP6_LEN : 40;
	u8 proto = at == 40 ? ip[6] : ip[40];

	if (len < at + 8)
		return;
	put16(ip + 4, len - 40);
	if (proto == IPPROTO_ICMPV6 || proto == IPPROTO_PIM)
		put_sum(ip + at + 2, add(len - at + proto, ip + 8, 32), ip + at,
			len - at);
}

static void fix(u8 *data, unsigned int len)
{
	u16 type;
	unsigned int at = ip_at(data, len, &type);

	if (type == ETH_P_IP && len >= at + 20)
		fix4(data + at, len - at);
	else if (type == ETH_P_IPV6 && len >= at + 40)
		fix6(data + at, len - at);
}

/* One of few, so that they meet, or one that is local to the link. */
static void group4(u8 *to)
{
	static const u8 local[] = { 1, 2, 13, 22, 251 };

	memcpy(to, (u8[]){ 239, 1, 1, 0 }, 4);
	to[3] = rnd(3);
	if (one_in(8))
		memcpy(to, (u8[]){ 224, 0, 0, local[rnd(sizeof(local))] }, 4);
}

static void group6(u8 *to)
{
	static const u8 local[] = { 1, 2, 13, 22, 251 };

	memset(to, 0, GROUP_LEN);
	to[0] = 0xff;
	to[1] = 0x0e;
	to[15] = rnd(3);
	if (!one_in(8))
		return;
	to[1] = 2;
	to[15] = local[rnd(sizeof(local))];
}

/* Of either family. */
void some_group(u8 *group)
{
	if (one_in(2)) {
		group6(group);
		return;
	}
	memset(group, 0, GROUP_LEN);
	memset(group + 10, 0xff, 2);
	group4(group + 12);
}

/* The records of a report, with sources; returns their length. */
static unsigned int records(u8 *to, unsigned int num, unsigned int addr)
{
	unsigned int at = 0, sources;

	while (num--) {
		sources = one_in(2) ? 0 : rnd(3);
		memset(to + at, 0, 4 + addr * (1 + sources));
		to[at] = one_in(8) ? rnd(256) : 1 + rnd(6);
		to[at + 1] = one_in(8) ? 1 : 0;
		put16(to + at + 2, sources);
		if (addr == 4)
			group4(to + at + 4);
		else
			group6(to + at + 4);
		memset(to + at + 4 + addr, 10, addr * sources);
		at += 4 + addr * (1 + sources) + to[at + 1] * 4;
	}
	return at;
}

/* The message and, if it is not to the group it is of, where it is to go. */
static unsigned int igmp(u8 *to, u8 type, const u8 *group, u8 *dest)
{
	static const u8 all[4] = { 224, 0, 0, 1 };

	memset(to, 0, 12);
	to[0] = type;
	memcpy(to + 4, group, 4);
	memcpy(dest, group, 4);
	switch (type) {
	case IGMP_QUERY:
		to[1] = one_in(3) ? 0 : one_in(2) ? 1 + rnd(100) : rnd(256);
		if (one_in(2)) {
			memset(to + 4, 0, 4);
			memcpy(dest, all, 4);
		}
		if (one_in(2))
			return 8;
		to[8] = one_in(4) ? 8 | rnd(8) : 2;
		to[11] = one_in(4);
		memset(to + 12, 10, 4);
		return 12 + 4 * to[11];
	case IGMP_LEAVE:
		memcpy(dest, all, 4);
		dest[3] = 2;
		return 8;
	case IGMP3_REPORT:
		memcpy(dest, all, 4);
		dest[3] = 22;
		memset(to + 4, 0, 4);
		to[7] = rnd(4);
		return 8 + records(to + 8, to[7], 4);
	}
	return 8;
}

static unsigned int mld(u8 *to, u8 type, const u8 *group, u8 *dest)
{
	static const u8 all[GROUP_LEN] = { 0xff, 2, [15] = 1 };

	memset(to, 0, 28);
	to[0] = type;
	memcpy(to + 8, group, GROUP_LEN);
	memcpy(dest, group, GROUP_LEN);
	switch (type) {
	case MLD_QUERY:
		put16(to + 4, one_in(2) ? rnd(1000) : rnd(65536));
		if (one_in(2)) {
			memset(to + 8, 0, GROUP_LEN);
			memcpy(dest, all, GROUP_LEN);
		}
		if (one_in(2))
			return 24;
		to[24] = one_in(4) ? 8 | rnd(8) : 2;
		to[27] = one_in(4);
		memset(to + 28, 0x20, GROUP_LEN);
		return 28 + GROUP_LEN * to[27];
	case MLD_DONE:
		memcpy(dest, all, GROUP_LEN);
		dest[15] = 2;
		return 24;
	case MLD2_REPORT:
		memcpy(dest, all, GROUP_LEN);
		dest[15] = 22;
		memset(to + 4, 0, 4);
		to[7] = rnd(4);
		return 8 + records(to + 8, to[7], GROUP_LEN);
	}
	return 24;
}

/* A hello, or, of another type, a packet to the group. */
static unsigned int other(u8 *to, bool hello, u8 *dest, unsigned int len)
{
	memset(to, hello ? 0 : 0x5a, 16);
	if (hello) {
		to[0] = one_in(8) ? rnd(256) : 0x20;
		memset(dest, 0, len);
		memcpy(dest, len == 4 ? "\xe0" : "\xff\x02", len == 4 ? 1 : 2);
		dest[len - 1] = 13;
		return 8;
	}
	put16(to + 4, 16);
	return 16;
}

static unsigned int make4(u8 *ip, u8 type, const u8 *group)
{
	u8 dest[4];
	unsigned int len;

	memset(ip, 0, IP4_LEN);
	memcpy(ip, (u8[]){ 0x46, 0xc0, 0, 0, 0, 0, 0x40, 0, 1, IPPROTO_IGMP }, 10);
	memcpy(ip + 20, (u8[]){ 0x94, 4, 0, 0 }, 4);
	if (!type || type == PIM4) {
		ip[9] = type ? IPPROTO_PIM : IPPROTO_UDP;
		memcpy(dest, group, 4);
		len = other(ip + IP4_LEN, type, dest, 4);
	} else {
		len = igmp(ip + IP4_LEN, type, group, dest);
	}
	if (!one_in(6))
		memcpy(ip + 12, (u8[]){ 192, 0, 2, 1 + rnd(3) }, 4);
	memcpy(ip + 16, dest, 4);
	return IP4_LEN + len;
}

static unsigned int make6(u8 *ip, u8 type, const u8 *group)
{
	u8 dest[GROUP_LEN];
	unsigned int at = IP6_LEN, len;

	memset(ip, 0, IP6_LEN);
	ip[0] = 0x60;
	ip[6] = IPPROTO_HOPOPTS;
	ip[7] = 1;
	memcpy(ip + 8, (u8[]){ 0xfe, 0x80 }, 2);
	ip[23] = 1 + rnd(3);
	memcpy(ip + 40, (u8[]){ IPPROTO_ICMPV6, 0, 5, 2, 0, 0, 1, 0 }, 8);
	if (!type || type == PIM4) {
		at = 40;
		ip[6] = type ? IPPROTO_PIM : IPPROTO_UDP;
		memcpy(dest, group, GROUP_LEN);
		len = other(ip + at, type, dest, GROUP_LEN);
	} else {
		len = mld(ip + at, type, group, dest);
	}
	memcpy(ip + 24, dest, GROUP_LEN);
	return at + len;
}

/* A message by its kind, or a packet (0), with all that is right. */
void message_of(struct op *op, unsigned int kind, bool six)
{
	static const u8 types[][2] = {
		{ 0, 0 }, { IGMP_QUERY, MLD_QUERY }, { IGMP3_REPORT, MLD2_REPORT },
		{ IGMP_LEAVE, MLD_DONE }, { IGMP2_REPORT, MLD_REPORT },
		{ PIM4, PIM4 }, { IGMP1_REPORT, MLD_REPORT },
	};
	u8 frame[DATA_MAX] = {}, *ip = frame + ETH_HLEN, group[GROUP_LEN], type;
	unsigned int len;

	type = types[kind % ARRAY_SIZE(types)][six];
	frame[6] = 2;
	frame[11] = rnd(PORTS * 2);
	put16(frame + 12, six ? ETH_P_IPV6 : ETH_P_IP);
	if (six) {
		group6(group);
		len = ETH_HLEN + make6(ip, type, group);
		memcpy(frame, (u8[]){ 0x33, 0x33 }, 2);
		memcpy(frame + 2, ip + 36, 4);
	} else {
		group4(group);
		len = ETH_HLEN + make4(ip, type, group);
		memcpy(frame, (u8[]){ 1, 0, 0x5e, ip[17] & 127, ip[18], ip[19] }, 6);
	}
	fix(frame, len);
	op_frame(op, rnd(PORTS), frame, len, 0);
}

void some_message(struct op *op)
{
	message_of(op, rnd(8), one_in(2));
}

/* Something of a message becomes wrong, or something else, most often with checksums
 * that are right: a message with others says nothing.
 */
void message_change(u8 *data, unsigned int len)
{
	static const u8 some[] = { 0, 1, 2, 3, 4, 8, 16, 127, 128, 255 };
	u16 type;
	unsigned int at = ip_at(data, len, &type), head;

	head = type == ETH_P_IPV6 ? IP6_LEN : IP4_LEN;
	if (len < at + head + 8)
		return;
	switch (rnd(4)) {
	case 0:
		/* Type, code, number of records or sources, group. */
		data[at + head + rnd(len - at - head < 32 ? len - at - head : 32)] =
			some[rnd(sizeof(some))];
		break;
	case 1:
		data[at + head + rnd(len - at - head)] = rnd(256);
		break;
	case 2:
		/* Of the header: how far it goes, what follows, who sends. */
		data[at + rnd(head)] = some[rnd(sizeof(some))];
		break;
	case 3:
		break;
	}
	if (!one_in(8))
		fix(data, len);
}

static bool is_ip4_group(const struct frame *f, const u8 *ip, u8 *group)
{
	if (memcmp(f->data, (u8[]){ 1, 0, 0x5e }, 3) || f->data[3] & 0x80 ||
	    ip[0] >> 4 != 4 || ip[16] >> 4 != 14 ||
	    (ip[17] & 127) != f->data[3] || memcmp(ip + 18, f->data + 4, 2))
		return false;
	memset(group, 0, GROUP_LEN);
	memset(group + 10, 0xff, 2);
	memcpy(group + 12, ip + 16, 4);
	return true;
}

static bool is_ip6_group(const struct frame *f, const u8 *ip, u8 *group)
{
	if (memcmp(f->data, (u8[]){ 0x33, 0x33 }, 2) || ip[0] >> 4 != 6 ||
	    ip[24] != 0xff || memcmp(ip + 36, f->data + 2, 4))
		return false;
	memcpy(group, ip + 24, GROUP_LEN);
	return true;
}

/* Whether it is to an IP group, of which family, and what it carries.  What is to be
 * segmented is not looked at, if the core does not take it for too small for that.
 */
static u16 group_packet(const struct frame *f, u8 *group, u8 *proto)
{
	const u8 *ip = f->data + f->skip + ETH_HLEN;
	unsigned int head = f->skip + ETH_HLEN;
	u16 type = f->len < head ? 0 : get16(ip - 2);

	if (type == ETH_P_IP && f->len >= head + 20 && is_ip4_group(f, ip, group)) {
		*proto = get16(ip + 6) & 0x3fff ? 255 : ip[9];
		return type;
	}
	if (type == ETH_P_IPV6 && f->len >= head + 40 && is_ip6_group(f, ip, group)) {
		*proto = ip[6];
		return type;
	}
	return 0;
}

/* What a switch that snoops takes a frame for. */
enum group_kind group_of(const struct world *w, const struct frame *f, u8 *group)
{
	u8 proto = 0;
	u16 type = w->snoops ? group_packet(f, group, &proto) : 0;

	if (!type)
		return GROUP_NONE;
	if (proto == (type == ETH_P_IP ? IPPROTO_IGMP : IPPROTO_HOPOPTS))
		return GROUP_MESSAGE;
	/* All get what is local to the link. */
	if (type == ETH_P_IP ? !memcmp(group + 12, (u8[]){ 224, 0, 0 }, 3) :
			       (group[1] & 15) <= 2)
		return GROUP_NONE;
	return GROUP_DATA;
}

/* Whether there may be a member or a router behind the port that it is from. */
bool group_speaks(const struct world *w, const struct frame *f)
{
	u8 group[GROUP_LEN], proto = 0;
	u16 type = w->snoops ? group_packet(f, group, &proto) : 0;

	return type && (proto == IPPROTO_PIM ||
			proto == (type == ETH_P_IP ? IPPROTO_IGMP : IPPROTO_HOPOPTS));
}

/* Whether an administrator has made a port a member of the group of a frame. */
bool group_has(const struct world *w, const struct frame *f, unsigned int port,
	       const u8 *group)
{
	const struct member *m = w->member;
	unsigned int num = w->member_num;

	for (; num--; m++)
		if (m->port == port && m->vlan == (w->aware ? f->fid : 0) &&
		    !memcmp(m->group, group, GROUP_LEN))
			return true;
	return false;
}

/* Whether the switch has sent it itself: a probe, or a question that is not the one that
 * was sent, as from the host.
 */
bool is_noise(const struct world *w, const struct frame *f, const u8 *data,
	      unsigned int len)
{
	static const u8 probe[ETH_ALEN] = PROBE_MAC;
	u16 type;
	unsigned int at = ip_at(data, len, &type);

	if (!memcmp(data, probe, ETH_ALEN))
		return memcmp(f->data, probe, ETH_ALEN);
	if (!w->noisy || len < at + 20 || memcmp(data + 6, switch_mac, ETH_ALEN) ||
	    !memcmp(f->data + 6, switch_mac, ETH_ALEN))
		return false;
	if (type == ETH_P_IP)
		return data[at + 9] == IPPROTO_IGMP;
	return type == ETH_P_IPV6 && data[at + 6] == IPPROTO_HOPOPTS;
}
