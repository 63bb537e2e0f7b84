// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: a new input from an old one.  Most changes know what the
 * bytes mean; a frame that is wrong everywhere gets nowhere.
 */
#include <netinet/in.h>
#include <string.h>
#include "frames.h"

static const u16 interesting[] = {
	0, 1, 2, 4, 8, 13, 14, 15, 17, 18, 19, 20, 22, 34, 40, 54, 60, 64, 100,
	127, 128, 255, 256, 511, 512, 1024, 1280, 1460, 1480, 1499, 1500, 1501,
	1504, 1508, 1514, 1518, 2048, 4095, 4096, 8191, 9000, 16384, 32767, 32768,
	65000, 65514, 65534, 65535,
};

static const u16 ethertypes[] = {
	ETH_P_IP, ETH_P_IPV6, ETH_P_ARP, ETH_P_8021Q, ETH_P_8021AD, ETH_P_MPLS_UC,
	ETH_P_PPP_SES, ETH_P_LLDP, ETH_P_PAUSE, ETH_P_TEB, ETH_P_QINQ1, 0, 46,
	1500, 1536, 0xffff,
};

static const u8 protocols[] = {
	IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_IPIP,
	IPPROTO_IPV6, IPPROTO_GRE, IPPROTO_FRAGMENT, IPPROTO_HOPOPTS,
	IPPROTO_ROUTING, IPPROTO_DSTOPTS, IPPROTO_NONE, IPPROTO_SCTP, IPPROTO_ESP,
};

static const u8 gso_types[] = {
	VIRTIO_NET_HDR_GSO_TCPV4, VIRTIO_NET_HDR_GSO_TCPV6,
	VIRTIO_NET_HDR_GSO_UDP, VIRTIO_NET_HDR_GSO_UDP_L4,
};

static u16 some16(void)
{
	return one_in(3) ? rnd(65536) : interesting[rnd(ARRAY_SIZE(interesting))];
}

/* A frame within an operation. */
struct view {
	struct op *op;
	struct wire *w;
	u8 *data;
	unsigned int len;
};

static struct view view_of(struct op *op)
{
	struct view v = { .op = op, .w = (struct wire *)op->data };

	if (op->len < sizeof(*v.w)) {
		memset(op->data + op->len, 0, sizeof(*v.w) - op->len);
		op->len = sizeof(*v.w);
	}
	v.data = op->data + sizeof(*v.w);
	v.len = op->len - sizeof(*v.w);
	return v;
}

static void set_len(struct view *v, unsigned int len)
{
	if (len > DATA_MAX - sizeof(*v->w))
		len = DATA_MAX - sizeof(*v->w);
	if (len > v->len)
		memset(v->data + v->len, rnd(256), len - v->len);
	v->len = len;
	v->op->len = sizeof(*v->w) + len;
}

/* Behind all tags; what is there is type. */
static unsigned int network_at(const struct view *v, u16 *type)
{
	unsigned int at = ETH_HLEN;

	*type = v->len < ETH_HLEN ? 0 : get16(v->data + at - 2);
	while ((*type == ETH_P_8021Q || *type == ETH_P_8021AD) &&
	       v->len >= at + 4) {
		at += 4;
		*type = get16(v->data + at - 2);
	}
	return at;
}

/* Where TCP or UDP begins, or 0. */
static unsigned int transport_at(const struct view *v, u8 *proto)
{
	unsigned int at;
	u16 type;

	at = network_at(v, &type);
	if (type == ETH_P_IP && v->len >= at + 20) {
		*proto = v->data[at + 9];
		at += (v->data[at] & 15) * 4;
	} else if (type == ETH_P_IPV6 && v->len >= at + 40) {
		*proto = v->data[at + 6];
		at += 40;
	} else {
		return 0;
	}
	return at + 8 <= v->len ? at : 0;
}

/* Makes the virtio-net header one that fits the frame, as far as possible. */
static void vnet_fit(struct view *v, u8 gso)
{
	struct virtio_net_hdr *h = &v->w->vnet;
	u8 proto = 0;
	unsigned int at = transport_at(v, &proto);

	memset(h, 0, sizeof(*h));
	if (!at)
		return;
	h->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	h->csum_start = at;
	h->csum_offset = proto == IPPROTO_TCP ? 16 : 6;
	h->hdr_len = at + (proto == IPPROTO_TCP && v->len > at + 12 ?
			   v->data[at + 12] / 16 * 4 : 8);
	h->gso_type = gso;
	if (gso)
		h->gso_size = one_in(3) ? some16() : 1448;
}

/* The same, from outside, for a frame that is to be segmented. */
void vnet_good(struct op *op, u8 gso)
{
	struct view v = view_of(op);

	vnet_fit(&v, gso);
	if (gso)
		v.w->vnet.gso_size = 1400;
}

static void change_vnet(struct view *v)
{
	struct virtio_net_hdr *h = &v->w->vnet;
	u16 at;

	switch (rnd(9)) {
	case 0:
	case 1:
		vnet_fit(v, one_in(3) ? 0 : gso_types[rnd(4)]);
		break;
	case 2:
		h->gso_type = one_in(8) ? rnd(256) : gso_types[rnd(4)];
		break;
	case 3:
		h->gso_type ^= VIRTIO_NET_HDR_GSO_ECN;
		break;
	case 4:
		h->flags = one_in(8) ? rnd(256) : rnd(8);
		break;
	case 5:
		h->gso_size = some16();
		break;
	case 6:
		/* What is not headers is in pages. */
		h->hdr_len = one_in(2) ? rnd(v->len + 1) : some16();
		break;
	case 7:
		at = h->csum_start + rnd(9) - 4;
		h->csum_start = one_in(2) ? at : some16();
		break;
	case 8:
		h->csum_offset = one_in(2) ? rnd(24) : some16();
		break;
	}
}

static void some_address(u8 *at)
{
	static const u8 reserved[] = { 0x01, 0x80, 0xc2, 0, 0, 0 };
	static const u8 probe[] = PROBE_MAC;

	switch (rnd(9)) {
	case 0:
		memset(at, 0xff, ETH_ALEN);
		break;
	case 1:
		memcpy(at, reserved, ETH_ALEN);
		at[5] = rnd(20);
		break;
	case 2:
		memcpy(at, switch_mac, ETH_ALEN);
		break;
	case 3:
		at[rnd(ETH_ALEN)] = rnd(256);
		break;
	case 4:
		memset(at, 0, ETH_ALEN);
		at[5] = rnd(2);
		break;
	case 5:
		at[0] ^= 1;
		break;
	case 6:
		memcpy(at, probe, ETH_ALEN);
		break;
	default:
		/* The stations: few, so that they meet. */
		memset(at, 0, ETH_ALEN);
		at[0] = 2;
		at[5] = rnd(PORTS * 2);
	}
}

static void add_tags(struct view *v)
{
	unsigned int num = one_in(8) ? 1 + rnd(40) : 1 + rnd(2), old = v->len;

	while (num-- && old >= ETH_HLEN) {
		set_len(v, old + 4);
		if (v->len < old + 4)
			return;
		memmove(v->data + 16, v->data + 12, old - 12);
		put16(v->data + 12, one_in(3) ? ETH_P_8021AD : ETH_P_8021Q);
		put16(v->data + 14, one_in(3) ? some16() : rnd(4));
		old += 4;
	}
}

/* To another frame's sender, or to an address that is in the FDB, in its VLAN. */
static void other_address(struct view *v, const struct prog *p)
{
	const struct op *op = &p->op[rnd(p->num)];

	if (op->kind == OP_FRAME && op->len >= sizeof(*v->w) + ETH_HLEN)
		memmove(v->data, op->data + sizeof(*v->w) + ETH_ALEN, ETH_ALEN);
	if (op->kind != OP_STATIC || op->len < ETH_ALEN)
		return;
	memcpy(v->data, op->data, ETH_ALEN);
	if (!op->arg || one_in(4))
		return;
	if (get16(v->data + 12) != ETH_P_8021Q)
		add_tags(v);
	if (v->len >= ETH_HLEN + 4)
		put16(v->data + 14, op->arg);
}

static void remove_tag(struct view *v)
{
	if (v->len < ETH_HLEN + 4)
		return;
	memmove(v->data + 12, v->data + 16, v->len - 16);
	set_len(v, v->len - 4);
}

static void change_ethernet(struct view *v, const struct prog *p)
{
	if (v->len < ETH_HLEN)
		return;
	switch (rnd(7)) {
	case 0:
		some_address(v->data);
		break;
	case 1:
		some_address(v->data + ETH_ALEN);
		break;
	case 2:
		other_address(v, p);
		break;
	case 3:
		put16(v->data + 12, ethertypes[rnd(ARRAY_SIZE(ethertypes))]);
		break;
	case 4:
	case 5:
		add_tags(v);
		break;
	case 6:
		remove_tag(v);
		break;
	}
}

static void change_ip(struct view *v)
{
	unsigned int at, left;
	u16 type;
	u8 *ip;

	at = network_at(v, &type);
	if (v->len < at + 20)
		return;
	ip = v->data + at;
	left = v->len - at + v->op->arg;
	switch (rnd(6)) {
	case 0:
		ip[0] = one_in(2) ? rnd(256) : (ip[0] & 0xf0) | rnd(16);
		break;
	case 1:
		put16(ip + (type == ETH_P_IPV6 ? 4 : 2), some16());
		break;
	case 2:
		put16(ip + (type == ETH_P_IPV6 ? 4 : 2),
		      type == ETH_P_IPV6 ? left - 40 : left);
		break;
	case 3:
		ip[type == ETH_P_IPV6 ? 6 : 9] =
			protocols[rnd(ARRAY_SIZE(protocols))];
		break;
	case 4:
		put16(ip + 6, some16());
		break;
	case 5:
		put16(v->data + at - 2, type == ETH_P_IP ? ETH_P_IPV6 : ETH_P_IP);
		break;
	}
}

static void change_transport(struct view *v)
{
	u8 proto = 0;
	unsigned int at = transport_at(v, &proto);

	if (!at || v->len < at + 14)
		return;
	if (proto == IPPROTO_TCP) {
		v->data[at + 12] = one_in(2) ? rnd(256) : rnd(16) << 4;
		v->data[at + 13] = rnd(256);
	} else {
		put16(v->data + at + 4, one_in(2) ? some16() : v->len - at);
	}
}

static void change_bytes(struct view *v)
{
	unsigned int at;

	if (!v->len)
		return;
	at = rnd(v->len);
	switch (rnd(4)) {
	case 0:
		v->data[at] ^= 1 << rnd(8);
		break;
	case 1:
		v->data[at] = rnd(256);
		break;
	case 2:
		at &= ~1;
		if (at + 2 <= v->len)
			put16(v->data + at, some16());
		break;
	case 3:
		/* The headers, with which most is decided. */
		v->data[rnd(v->len < 64 ? v->len : 64)] ^= 1 << rnd(8);
		break;
	}
}

/* As much as fits a port, with tags or without, or about as much. */
static void fit_length(struct view *v, const struct prog *p)
{
	const struct op *op = &p->op[rnd(p->num)];
	unsigned int mtu = op->kind == OP_MTU ? op->arg : ETH_DATA_LEN;
	unsigned int len = mtu + ETH_HLEN + 4 * rnd(4);

	if (one_in(2))
		len += rnd(3) - 1;
	if (len > v->len)
		v->op->arg = len - v->len;
	else
		set_len(v, len);
}

static void change_length(struct view *v, const struct prog *p)
{
	switch (rnd(6)) {
	case 0:
		set_len(v, rnd(v->len + 1));
		v->op->arg = 0;
		break;
	case 1:
		set_len(v, v->len - (v->len > 0));
		break;
	case 2:
		set_len(v, v->len + 1 + rnd(16));
		break;
	case 3:
		v->op->arg = some16();
		break;
	default:
		fit_length(v, p);
		break;
	}
}

static void change_sender(struct view *v)
{
	switch (rnd(4)) {
	case 0:
		v->op->who = rnd(PORTS) | (one_in(4) ? rnd(8) << 3 : 0);
		break;
	case 1:
		v->op->who = FRAGS;
		v->w->cut = one_in(2) ? ETH_HLEN + rnd(8) : rnd(256);
		break;
	case 2:
		/* A header in pages from the host, too, where tags are data. */
		v->op->who = HOST;
		v->w->vnet.hdr_len = one_in(2) ? 0 : ETH_HLEN + rnd(8);
		break;
	case 3:
		v->op->who = 1 + rnd(2);
		break;
	}
}

static void change_frame(struct op *op, const struct prog *p)
{
	struct view v = view_of(op);

	switch (rnd(13)) {
	case 0:
	case 1:
	case 2:
		change_vnet(&v);
		break;
	case 3:
	case 4:
	case 5:
		change_ethernet(&v, p);
		break;
	case 6:
		change_ip(&v);
		break;
	case 7:
		change_transport(&v);
		break;
	case 8:
		change_bytes(&v);
		break;
	case 9:
	case 10:
		change_length(&v, p);
		break;
	case 11:
		change_sender(&v);
		break;
	case 12:
		message_change(v.data, v.len);
		break;
	}
}

static void one_change(struct prog *p, const struct prog *other)
{
	unsigned int at = rnd(p->num);
	struct op op;

	switch (rnd(16)) {
	case 0:
	case 1:
		if (one_in(4))
			some_vlans(&op);
		else if (one_in(4))
			some_message(&op);
		else
			some_setting(&op);
		prog_add(p, at, &op);
		break;
	case 2:
		if (p->num > 1)
			prog_remove(p, at);
		break;
	case 3:
		op = p->op[at];
		prog_add(p, at, &op);
		break;
	case 4:
		op = other->op[rnd(other->num)];
		prog_add(p, rnd(p->num + 1), &op);
		break;
	default:
		if (p->op[at].kind == OP_FRAME)
			change_frame(&p->op[at], p);
		else if (p->op[at].kind == OP_VLANS && !one_in(4))
			other_vlans(&p->op[at]);
		else if (one_in(2))
			some_setting(&p->op[at]);
		else
			p->op[at].who = rnd(PORTS);
	}
}

/* Changes an input, in a few places, with parts of another one. */
void mutate(struct prog *p, const struct prog *other)
{
	unsigned int changes = 1 << rnd(4);

	while (changes--)
		one_change(p, other);
}
