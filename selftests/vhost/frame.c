// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/virtio_net.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>

#include "frame.h"

#define VLAN_LEN	4
#define FIRST_SEQ	1
/* Experiments of everybody (IEEE 802). */
#define ETHERTYPE_TEST	0x88b5

static char wrong[160];

/* No period of a power of two: a page or buffer too many or too few shows. */
static uint8_t pattern(size_t i)
{
	return i * 7 % 251;
}

static void put16(uint8_t *p, unsigned int v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static unsigned int get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

/* The sum of the internet checksum, folded, not inverted. */
static unsigned int sum(const uint8_t *p, size_t len, unsigned int start)
{
	unsigned long total = start;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		total += get16(p + i);
	if (len & 1)
		total += p[len - 1] << 8;
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

/* Of the addresses, which come last in both IP headers, protocol and length. */
static unsigned int pseudo_sum(const uint8_t *trans, bool v6, size_t len)
{
	size_t addrs = v6 ? 32 : 8;

	return sum(trans - addrs, addrs, IPPROTO_TCP + len);
}

/* --- making ---------------------------------------------------------------- */

static size_t put_ipv4(uint8_t *p, size_t len)
{
	static const uint8_t head[20] = {
		0x45, 0, 0, 0, 0, 7, 0x40, 0, 64, IPPROTO_TCP, 0, 0,
		192, 0, 2, 1, 192, 0, 2, 2,
	};

	memcpy(p, head, sizeof(head));
	put16(p + 2, sizeof(head) + len);
	put16(p + 10, ~sum(p, sizeof(head), 0));
	return sizeof(head);
}

static size_t put_ipv6(uint8_t *p, size_t len)
{
	static const uint8_t net[4] = { 0x20, 0x01, 0x0d, 0xb8 };

	memset(p, 0, 40);
	p[0] = 0x60;
	put16(p + 4, len);
	p[6] = IPPROTO_TCP;
	p[7] = 64;
	memcpy(p + 8, net, sizeof(net));
	p[23] = 1;
	memcpy(p + 24, net, sizeof(net));
	p[39] = 2;
	return 40;
}

/* The checksum is that of the pseudo header: who sends it completes it. */
static size_t put_tcp(uint8_t *p, bool v6, unsigned int port, size_t len)
{
	memset(p, 0, 20);
	put16(p, port);
	put16(p + 2, 80);
	put16(p + 6, FIRST_SEQ);
	p[12] = 5 << 4;
	p[13] = TH_ACK;
	put16(p + 14, 64);
	put16(p + 16, pseudo_sum(p, v6, 20 + len));
	return 20;
}

static void put_header(struct frame *f, const struct frame_spec *s)
{
	struct virtio_net_hdr_v1 h = {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.hdr_len = f->payload,
		.csum_start = f->trans,
		.csum_offset = 16,
	};

	if (s->mss) {
		h.gso_size = s->mss;
		h.gso_type = f->kind == FRAME_TCP4 ? VIRTIO_NET_HDR_GSO_TCPV4 :
						     VIRTIO_NET_HDR_GSO_TCPV6;
	}
	memcpy(f->data, &h, sizeof(h));
}

static size_t put_ethernet(uint8_t *p, const struct frame_spec *s, unsigned int type)
{
	size_t at = 2 * ETH_ALEN;

	memcpy(p, s->dst, ETH_ALEN);
	memcpy(p + ETH_ALEN, s->src, ETH_ALEN);
	if (s->vlan) {
		put16(p + at, ETH_P_8021Q);
		put16(p + at + 2, s->vlan);
		at += VLAN_LEN;
	}
	put16(p + at, type);
	return at + 2;
}

/**
 * frame_make() - Make a frame, and the header that says what is to be done with it.
 * @f: where to
 * @kind: what is in it
 * @s: what it is to be
 *
 * Return: 0, or -EMSGSIZE.
 */
int frame_make(struct frame *f, enum frame_kind kind, const struct frame_spec *s)
{
	static const unsigned int types[] = {
		[FRAME_ETH] = ETHERTYPE_TEST,
		[FRAME_TCP4] = ETH_P_IP,
		[FRAME_TCP6] = ETH_P_IPV6,
	};
	uint8_t *p = f->data + HDR_LEN;
	bool v6 = kind == FRAME_TCP6;
	size_t i;

	if (s->len + HDR_LEN + 128 > FRAME_MAX)
		return -EMSGSIZE;
	memset(f->data, 0, HDR_LEN);
	f->kind = kind;
	f->hdr_len = HDR_LEN;
	f->net = put_ethernet(p, s, types[kind]);
	f->payload = f->net;
	f->len = s->len;
	if (kind != FRAME_ETH) {
		f->trans = f->net + (v6 ? put_ipv6(p + f->net, 20 + s->len) :
					  put_ipv4(p + f->net, 20 + s->len));
		f->payload = f->trans + put_tcp(p + f->trans, v6, s->port, s->len);
		f->len += f->payload;
		put_header(f, s);
	}
	for (i = f->payload; i < f->len; i++)
		p[i] = pattern(i - f->payload);
	return 0;
}

/**
 * frame_number() - Write a number into a FRAME_ETH, over the first of its data.
 * @frame: the frame
 * @number: the number
 */
void frame_number(uint8_t *frame, uint32_t number)
{
	put16(frame + ETH_HLEN, number >> 16);
	put16(frame + ETH_HLEN + 2, number);
}

/* --- comparing ------------------------------------------------------------- */

/**
 * frame_compare() - Whether this frame has come, as it was sent.
 * @f: the frame
 * @got: header and frame that came
 * @len: bytes of both
 *
 * hdr_len is a hint that the kernel makes anew; num_buffers is the receiver's.
 *
 * Return: NULL if so, or what is not.
 */
const char *frame_compare(const struct frame *f, const uint8_t *got, size_t len)
{
	const struct virtio_net_hdr *a = (void *)f->data, *b = (void *)got;
	size_t i;

	for (i = 0; i < f->len && i + HDR_LEN < len; i++)
		if (f->data[HDR_LEN + i] != got[HDR_LEN + i])
			break;
	if (i < f->len || len != HDR_LEN + f->len)
		snprintf(wrong, sizeof(wrong), "%zu bytes of %zu, other from %zu on",
			 len - HDR_LEN, f->len, i);
	else if ((b->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) != a->flags ||
		 b->gso_type != a->gso_type || b->gso_size != a->gso_size ||
		 b->csum_start != a->csum_start || b->csum_offset != a->csum_offset)
		snprintf(wrong, sizeof(wrong),
			 "header: flags %u type %u size %u checksum %u+%u",
			 b->flags, b->gso_type, b->gso_size, b->csum_start,
			 b->csum_offset);
	else
		return NULL;
	return wrong;
}

static const char *bad_segment(const struct reassembly *r, const char *what)
{
	snprintf(wrong, sizeof(wrong), "segment %u: %s", r->segments, what);
	return wrong;
}

/* Complete, or that of the pseudo header if the virtio_net header says so. */
static bool checksum_ok(const uint8_t *got, size_t trans, size_t len, bool v6)
{
	const struct virtio_net_hdr *h = (void *)got;
	const uint8_t *p = got + HDR_LEN + trans;
	unsigned int pseudo = pseudo_sum(p, v6, len);

	if (h->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
		return h->csum_start == trans && h->csum_offset == 16 &&
		       get16(p + 16) == pseudo;
	return sum(p, len, pseudo) == 0xffff;
}

/**
 * frame_segment() - Add a segment of a frame of TCP to those that have come.
 * @r: those
 * @got: header and frame that came
 * @len: bytes of both
 *
 * Return: NULL, or what is wrong with it.
 */
const char *frame_segment(struct reassembly *r, const uint8_t *got, size_t len)
{
	const struct frame *f = r->f;
	const uint8_t *p = got + HDR_LEN, *sent = f->data + HDR_LEN;
	bool v6 = f->kind == FRAME_TCP6;
	size_t size, data;

	if (len < HDR_LEN + f->payload || memcmp(p, sent, f->net))
		return bad_segment(r, "it is not of this frame");
	size = get16(p + f->net + (v6 ? 4 : 2)) - (v6 ? 0 : 20);
	data = size - 20;
	if (size < 20 || len < HDR_LEN + f->trans + size || r->done + data > f->len)
		return bad_segment(r, "its length");
	if (!v6 && sum(p + f->net, 20, 0) != 0xffff)
		return bad_segment(r, "checksum of its IP header");
	if (memcmp(p + f->trans, sent + f->trans, 4) ||
	    get32(p + f->trans + 4) != FIRST_SEQ + r->done)
		return bad_segment(r, "its sequence number");
	if (!checksum_ok(got, f->trans, size, v6))
		return bad_segment(r, "its checksum");
	if (memcmp(p + f->payload, sent + f->payload + r->done, data))
		return bad_segment(r, "its data");
	r->done += data;
	r->segments++;
	return NULL;
}
