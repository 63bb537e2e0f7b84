// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: the bytes of frames.  A frame is made anew or taken from
 * the corpus, then damaged.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jhash.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/unaligned.h>
#include "fuzz.h"

#define VSW_GROUP	0x01005e000001ULL
#define VSW_RESERVED(n)	(0x0180c2000000ULL + (n))
#define VSW_STATIONS	6

/* Stacks of tags, the outer one first; 0 ends one. */
static const u32 vsw_fuzz_tags[][4] = {
	{ VSW_TAG(ETH_P_8021Q, 7) },
	{ VSW_TAG(ETH_P_8021Q, 0xa000) },
	{ VSW_TAG(ETH_P_8021Q, 0x1fff) },
	{ VSW_TAG(ETH_P_8021AD, 100) },
	{ VSW_TAG(ETH_P_8021Q, 8) },
	{ VSW_TAG(ETH_P_8021Q, 0xb064) },
	{ VSW_TAG(ETH_P_8021Q, 4094) },
	{ VSW_TAG(ETH_P_8021AD, 0) },
	{ VSW_TAG(ETH_P_8021AD, 0xe007) },
	{ VSW_TAG(ETH_P_8021AD, 8) },
	{ VSW_TAG(ETH_P_8021AD, 4094) },
	{ VSW_TAG(ETH_P_8021Q, 7), VSW_TAG(ETH_P_8021Q, 8) },
	{ VSW_TAG(ETH_P_8021Q, 0), VSW_TAG(ETH_P_8021Q, 8) },
	{ VSW_TAG(ETH_P_8021AD, 100), VSW_TAG(ETH_P_8021Q, 7) },
	{ VSW_TAG(ETH_P_8021Q, 7), VSW_TAG(ETH_P_8021AD, 8) },
	{ VSW_TAG(ETH_P_8021Q, 7), VSW_TAG(ETH_P_8021Q, 0),
	  VSW_TAG(ETH_P_8021Q, 9) },
};

/* What is in a frame. */
static const struct vsw_fuzz_seed {
	u16 type;
	u8 proto;
	u8 ext;		/* further headers before that of proto */
} vsw_fuzz_seeds[] = {
	{ VSW_TEST_ETHERTYPE },
	{ ETH_P_ARP },
	{ ETH_P_LLDP },
	{ ETH_P_IP, IPPROTO_UDP },
	{ ETH_P_IP, IPPROTO_TCP },
	{ ETH_P_IP, IPPROTO_TCP },
	{ ETH_P_IPV6, IPPROTO_UDP },
	{ ETH_P_IPV6, IPPROTO_TCP },
	{ ETH_P_IPV6, IPPROTO_TCP },
	{ ETH_P_IPV6, IPPROTO_TCP, 1 },
	{ ETH_P_IPV6, IPPROTO_UDP, 3 },
	{ 46 },		/* IEEE 802.3: a length */
};

static u64 vsw_fuzz_odd_address(struct vsw_fuzz *fz)
{
	switch (vsw_fuzz_rnd(fz, 8)) {
	case 0:
		return VSW_TEST_SWITCH;
	case 1:
		return VSW_GROUP;
	case 2:
		return VSW_TEST_BROADCAST;
	case 3:
		return 0;
	case 4:
		return VSW_STATION(100 + vsw_fuzz_rnd(fz, 1000));
	default:
		return VSW_RESERVED(vsw_fuzz_rnd(fz, 17));
	}
}

static void vsw_fuzz_addresses(struct vsw_fuzz *fz)
{
	u64 dest, source;

	dest = vsw_fuzz_one_in(fz, 2) ? vsw_fuzz_odd_address(fz) :
	       VSW_STATION(1 + vsw_fuzz_rnd(fz, VSW_STATIONS));
	if (vsw_fuzz_one_in(fz, 16))
		source = vsw_fuzz_odd_address(fz);
	else if (!fz->shape.from && vsw_fuzz_one_in(fz, 2))
		source = VSW_TEST_SWITCH;
	else
		source = VSW_STATION(1 + vsw_fuzz_rnd(fz, VSW_STATIONS));
	u64_to_ether_addr(dest, fz->t->data);
	u64_to_ether_addr(source, fz->t->data + ETH_ALEN);
}

/* Returns where the Ethertype goes. */
static unsigned int vsw_fuzz_put_tags(struct vsw_fuzz *fz)
{
	unsigned int pos = 2 * ETH_ALEN;
	const u32 *tag;
	u32 num;

	if (vsw_fuzz_one_in(fz, 2))
		return pos;
	if (vsw_fuzz_one_in(fz, 16)) {
		/* More than anybody looks at. */
		for (num = vsw_fuzz_rnd(fz, 24); num; num--, pos += VLAN_HLEN) {
			put_unaligned_be16(num & 1 ? ETH_P_8021Q : ETH_P_8021AD,
					   fz->t->data + pos);
			put_unaligned_be16(vsw_fuzz_rnd(fz, 1 << 16),
					   fz->t->data + pos + 2);
		}
		return pos;
	}
	tag = vsw_fuzz_tags[vsw_fuzz_rnd(fz, ARRAY_SIZE(vsw_fuzz_tags))];
	for (; *tag; tag++, pos += VLAN_HLEN)
		put_unaligned_be32(*tag, fz->t->data + pos);
	return pos;
}

static unsigned int vsw_fuzz_put_ipv4(struct vsw_fuzz *fz, unsigned int pos,
				      const struct vsw_fuzz_seed *seed)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = vsw_fuzz_one_in(fz, 8) ? 15 : 5,
		.tot_len = htons(fz->t->len - pos),
		.ttl = 64,
		.protocol = seed->proto,
		.saddr = htonl(0x0a000001),
		.daddr = htonl(0x0a000002),
	};

	memcpy(fz->t->data + pos, &ip, sizeof(ip));
	return pos + ip.ihl * 4;
}

/* Destination options may be as long as a guest wants them to be. */
static unsigned int vsw_fuzz_put_ipv6(struct vsw_fuzz *fz, unsigned int pos,
				      const struct vsw_fuzz_seed *seed)
{
	struct ipv6hdr ip = {
		.version = 6,
		.payload_len = htons(fz->t->len - pos - sizeof(ip)),
		.nexthdr = seed->ext ? IPPROTO_DSTOPTS : seed->proto,
		.hop_limit = 64,
		.saddr.s6_addr = { 0xfd, [15] = 1 },
		.daddr.s6_addr = { 0xfd, [15] = 2 },
	};
	unsigned int i, words;

	memcpy(fz->t->data + pos, &ip, sizeof(ip));
	pos += sizeof(ip);
	for (i = 1; i <= seed->ext; i++) {
		words = vsw_fuzz_rnd(fz, vsw_fuzz_one_in(fz, 2) ? 256 : 8);
		fz->t->data[pos] = i < seed->ext ? IPPROTO_DSTOPTS : seed->proto;
		fz->t->data[pos + 1] = words;
		pos += (words + 1) * 8;
	}
	return pos;
}

static unsigned int vsw_fuzz_put_transport(struct vsw_fuzz *fz,
					   unsigned int pos, u8 proto)
{
	struct tcphdr th = {
		.source = htons(1024),
		.dest = htons(80),
		.doff = vsw_fuzz_one_in(fz, 8) ? vsw_fuzz_rnd(fz, 16) : 5,
		.ack = 1,
	};
	struct udphdr uh = {
		.source = htons(1024),
		.dest = htons(53),
		.len = htons(fz->t->len > pos ? fz->t->len - pos : 0),
	};

	if (pos + sizeof(th) > VSW_TEST_FRAME)
		return pos;
	if (proto == IPPROTO_TCP)
		memcpy(fz->t->data + pos, &th, sizeof(th));
	else
		memcpy(fz->t->data + pos, &uh, sizeof(uh));
	return pos;
}

/*
 * An offload state that suits the frame, mostly; vsw_fuzz_vnet_damage() sees to
 * it that it does not always.
 */
static void vsw_fuzz_vnet(struct vsw_fuzz *fz, const struct vsw_fuzz_seed *seed,
			  unsigned int transport)
{
	struct virtio_net_hdr *h = &fz->shape.vnet;

	memset(h, 0, sizeof(*h));
	fz->shape.use_vnet = vsw_fuzz_one_in(fz, 2);
	if (!fz->shape.use_vnet)
		return;
	if (!vsw_fuzz_one_in(fz, 4))
		h->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	h->csum_start = transport;
	h->csum_offset = seed->proto == IPPROTO_TCP ?
			 offsetof(struct tcphdr, check) :
			 offsetof(struct udphdr, check);
	h->gso_size = 1 + vsw_fuzz_rnd(fz, vsw_fuzz_one_in(fz, 8) ? 65535 : 1448);
	if (seed->proto == IPPROTO_TCP)
		h->gso_type = seed->type == ETH_P_IP ?
			      VIRTIO_NET_HDR_GSO_TCPV4 : VIRTIO_NET_HDR_GSO_TCPV6;
	else if (seed->proto == IPPROTO_UDP)
		h->gso_type = vsw_fuzz_one_in(fz, 2) ?
			      VIRTIO_NET_HDR_GSO_UDP : VIRTIO_NET_HDR_GSO_UDP_L4;
	if (vsw_fuzz_one_in(fz, 2))
		h->gso_type = VIRTIO_NET_HDR_GSO_NONE;
}

static void vsw_fuzz_vnet_damage(struct vsw_fuzz *fz)
{
	static const u8 types[] = {
		VIRTIO_NET_HDR_GSO_NONE, VIRTIO_NET_HDR_GSO_TCPV4,
		VIRTIO_NET_HDR_GSO_UDP, VIRTIO_NET_HDR_GSO_TCPV6,
		VIRTIO_NET_HDR_GSO_UDP_L4,
		VIRTIO_NET_HDR_GSO_TCPV4 | VIRTIO_NET_HDR_GSO_ECN,
		VIRTIO_NET_HDR_GSO_TCPV6 | VIRTIO_NET_HDR_GSO_ECN,
		VIRTIO_NET_HDR_GSO_NONE | VIRTIO_NET_HDR_GSO_ECN,
	};
	struct virtio_net_hdr *h = &fz->shape.vnet;

	switch (vsw_fuzz_rnd(fz, 6)) {
	case 0:
		h->gso_type = types[vsw_fuzz_rnd(fz, ARRAY_SIZE(types))];
		break;
	case 1:
		h->gso_size = vsw_fuzz_rnd(fz, 1 << 16);
		break;
	case 2:
		h->csum_start = vsw_fuzz_rnd(fz, fz->t->len + 4);
		break;
	case 3:
		h->csum_offset = vsw_fuzz_rnd(fz, fz->t->len + 4);
		break;
	case 4:
		h->flags ^= VIRTIO_NET_HDR_F_NEEDS_CSUM;
		break;
	case 5:
		prandom_bytes_state(&fz->rnd, h, sizeof(*h));
		break;
	}
	fz->shape.use_vnet = true;
}

static unsigned int vsw_fuzz_len(struct vsw_fuzz *fz)
{
	static const u16 len[] = {
		14, 60, 64, 1294, 1298, 1514, 1515, 1518, 1519, 1522, 1523, 1526,
	};

	switch (vsw_fuzz_rnd(fz, 32)) {
	case 0:
	case 1:
		return len[vsw_fuzz_rnd(fz, ARRAY_SIZE(len))];
	case 2:
		return 14 + vsw_fuzz_rnd(fz, VSW_TEST_FRAME - 13);
	case 3:
		return 1500 + vsw_fuzz_rnd(fz, 4000);
	default:
		return 60 + vsw_fuzz_rnd(fz, 200);
	}
}

static void vsw_fuzz_new(struct vsw_fuzz *fz)
{
	const struct vsw_fuzz_seed *seed;
	struct vsw_test *t = fz->t;
	unsigned int pos;

	seed = &vsw_fuzz_seeds[vsw_fuzz_rnd(fz, ARRAY_SIZE(vsw_fuzz_seeds))];
	t->len = vsw_fuzz_len(fz);
	if (seed->ext && vsw_fuzz_one_in(fz, 8))
		t->len = VSW_TEST_FRAME - vsw_fuzz_rnd(fz, 4000);
	vsw_fuzz_addresses(fz);
	pos = vsw_fuzz_put_tags(fz);
	put_unaligned_be16(seed->type, t->data + pos);
	pos += 2;
	if (seed->type == ETH_P_IP)
		pos = vsw_fuzz_put_ipv4(fz, pos, seed);
	else if (seed->type == ETH_P_IPV6)
		pos = vsw_fuzz_put_ipv6(fz, pos, seed);
	if (seed->proto)
		vsw_fuzz_put_transport(fz, pos, seed->proto);
	vsw_fuzz_vnet(fz, seed, pos);
}

static void vsw_fuzz_damage(struct vsw_fuzz *fz)
{
	unsigned int shortest = fz->shape.from ? ETH_HLEN : 1;
	struct vsw_test *t = fz->t;
	u32 i;

	if (vsw_fuzz_one_in(fz, 4))
		t->len = shortest + vsw_fuzz_rnd(fz, min(t->len, 160U) -
						 shortest + 1);
	if (vsw_fuzz_one_in(fz, 4))
		for (i = 1 + vsw_fuzz_rnd(fz, 4); i; i--)
			t->data[vsw_fuzz_rnd(fz, min(t->len, 80U))] ^=
				BIT(vsw_fuzz_rnd(fz, 8));
	if (vsw_fuzz_one_in(fz, 8))
		vsw_fuzz_vnet_damage(fz);
}

static void vsw_fuzz_shape(struct vsw_fuzz *fz)
{
	static const u8 headroom[] = { 0, 2, 18, 64 };
	struct vsw_fuzz_shape *s = &fz->shape;

	s->layout = vsw_fuzz_rnd(fz, VSW_FUZZ_LAYOUTS);
	s->headroom = headroom[vsw_fuzz_rnd(fz, ARRAY_SIZE(headroom))];
	s->cloned = vsw_fuzz_one_in(fz, 4);
	/* Who sends through the switch gives its only reference away. */
	s->shared = s->from && vsw_fuzz_one_in(fz, 8);
	s->beside = vsw_fuzz_one_in(fz, 2);
	s->gro = s->from && vsw_fuzz_one_in(fz, 16);
}

/* A port whose device is down receives nothing. */
static u8 vsw_fuzz_from(struct vsw_fuzz *fz)
{
	u8 from = vsw_fuzz_rnd(fz, VSW_FUZZ_ENDS);

	return fz->end[from].up ? from : 0;
}

/**
 * vsw_fuzz_frame() - Make the next frame.
 * @fz: the round; sets shape, and the bytes in t
 */
void vsw_fuzz_frame(struct vsw_fuzz *fz)
{
	const struct vsw_fuzz_kept *k;

	if (fz->corpus_num && vsw_fuzz_one_in(fz, 4)) {
		k = &fz->corpus[vsw_fuzz_rnd(fz, fz->corpus_num)];
		fz->shape = k->shape;
		fz->t->len = k->len;
		memcpy(fz->t->data, k->data, min(k->len, VSW_FUZZ_KEPT));
		fz->shape.from = vsw_fuzz_from(fz);
		if (fz->t->len < ETH_HLEN)
			fz->t->len = ETH_HLEN;
		if (vsw_fuzz_one_in(fz, 2))
			vsw_fuzz_shape(fz);
		fz->shape.shared &= !!fz->shape.from;
		fz->shape.gro &= !!fz->shape.from;
	} else {
		fz->shape.from = vsw_fuzz_from(fz);
		vsw_fuzz_new(fz);
		vsw_fuzz_shape(fz);
	}
	vsw_fuzz_damage(fz);
}

/* What a frame did, as far as it makes one worth changing further. */
static u32 vsw_fuzz_signature(const struct vsw_fuzz *fz)
{
	const struct vsw_fuzz_shape *s = &fz->shape;
	u32 sig = s->layout | s->beside << 2 | s->cloned << 3 | s->shared << 4 |
		  fz->gso << 5 | fz->partial << 6 | !!s->from << 7;
	unsigned int i, r;

	for (i = 0; i < VSW_FUZZ_ENDS; i++) {
		const struct vsw_stats *d = &fz->delta[i];

		for (r = VSWITCH_A_STATS_RX_PACKETS; r < VSW_STATS_NUM; r++)
			if (d->cnt[r])
				sig = jhash_1word(r, sig);
		for (r = 1; r < VSW_DROPS_NUM; r++)
			if (d->drops[r])
				sig = jhash_1word(r << 8, sig);
	}
	return sig;
}

/**
 * vsw_fuzz_keep() - Add the frame to the corpus if it did something new.
 * @fz: the round, after the frame
 */
void vsw_fuzz_keep(struct vsw_fuzz *fz)
{
	u32 bit = jhash_1word(vsw_fuzz_signature(fz), 0) % VSW_FUZZ_SEEN;
	struct vsw_fuzz_kept *k;

	if (__test_and_set_bit(bit, fz->seen))
		return;
	fz->corpus_new++;
	if (fz->corpus_num < VSW_FUZZ_CORPUS)
		k = &fz->corpus[fz->corpus_num++];
	else
		k = &fz->corpus[vsw_fuzz_rnd(fz, VSW_FUZZ_CORPUS)];
	k->shape = fz->shape;
	k->len = fz->t->len;
	memcpy(k->data, fz->t->data, min(k->len, VSW_FUZZ_KEPT));
}
