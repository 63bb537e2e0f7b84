// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: skbs.  The same bytes come as all the layouts in which
 * drivers, GRO and packet sockets hand them over.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/unaligned.h>
#include "fuzz.h"

/* Skbs of the fuzzer that are not freed yet. */
static atomic_t vsw_fuzz_living = ATOMIC_INIT(0);

/**
 * vsw_fuzz_alive() - Number of skbs made and not freed yet.
 *
 * Return: that number; copies the module made do not count.
 */
unsigned int vsw_fuzz_alive(void)
{
	return atomic_read(&vsw_fuzz_living);
}

static void vsw_fuzz_freed(struct sk_buff *skb)
{
	atomic_dec(&vsw_fuzz_living);
}

static struct sk_buff *vsw_fuzz_alloc(struct vsw_fuzz *fz, const u8 *data,
				      unsigned int len)
{
	struct sk_buff *skb;

	skb = alloc_skb(fz->shape.headroom + len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fz->t->test, skb);
	skb_reserve(skb, fz->shape.headroom);
	skb_put_data(skb, data, len);
	skb->destructor = vsw_fuzz_freed;
	atomic_inc(&vsw_fuzz_living);
	return skb;
}

/* The rest, in parts of one piece of memory; it must not be written to. */
static void vsw_fuzz_add_pages(struct vsw_fuzz *fz, struct sk_buff *skb,
			       unsigned int pos)
{
	unsigned int rest = fz->t->len - pos;
	unsigned int part, off = 3, i = 0;

	memcpy(page_address(fz->pages) + off, fz->t->data + pos, rest);
	for (; rest; rest -= part, off += part) {
		part = i < 4 ? 1 + vsw_fuzz_rnd(fz, rest) : rest;
		get_page(fz->pages);
		skb_add_rx_frag(skb, i++, fz->pages, off, part, part);
	}
}

/* The rest, in parts of at most some bytes, as a list of skbs. */
static void vsw_fuzz_add_list(struct vsw_fuzz *fz, struct sk_buff *skb,
			      unsigned int pos, unsigned int max)
{
	struct sk_buff **next = &skb_shinfo(skb)->frag_list;
	struct sk_buff *one;
	unsigned int part;

	for (; pos < fz->t->len; pos += part) {
		part = min(fz->t->len - pos, max);
		one = vsw_fuzz_alloc(fz, fz->t->data + pos, part);
		*next = one;
		next = &one->next;
		skb->len += part;
		skb->data_len += part;
		skb->truesize += one->truesize;
	}
}

/* What GRO makes of some TCP segments of one size, whatever the frame was. */
static struct sk_buff *vsw_fuzz_gro(struct vsw_fuzz *fz)
{
	const unsigned int head = ETH_HLEN + sizeof(struct iphdr) +
				  sizeof(struct tcphdr);
	unsigned int mss = 100 + vsw_fuzz_rnd(fz, 1500);
	unsigned int num = 2 + vsw_fuzz_rnd(fz, 3);
	struct vsw_test *t = fz->t;
	struct iphdr *ip = (void *)(t->data + ETH_HLEN);
	struct tcphdr *th = (void *)(ip + 1);
	struct sk_buff *skb;

	t->len = head + num * mss - vsw_fuzz_rnd(fz, mss);
	put_unaligned_be16(ETH_P_IP, t->data + 2 * ETH_ALEN);
	memset(ip, 0, head - ETH_HLEN);
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 64;
	ip->protocol = IPPROTO_TCP;
	ip->tot_len = htons(t->len - ETH_HLEN);
	th->doff = 5;
	th->ack = 1;

	skb = vsw_fuzz_alloc(fz, t->data, head + mss);
	vsw_fuzz_add_list(fz, skb, head + mss, mss);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, ETH_HLEN + sizeof(*ip));
	skb_partial_csum_set(skb, ETH_HLEN + sizeof(*ip),
			     offsetof(struct tcphdr, check));
	skb_shinfo(skb)->gso_size = mss;
	skb_shinfo(skb)->gso_segs = num;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	fz->shape.use_vnet = false;
	return skb;
}

static struct sk_buff *vsw_fuzz_lay(struct vsw_fuzz *fz)
{
	const unsigned int least = min_t(unsigned int, fz->t->len, ETH_HLEN);
	unsigned int linear = fz->t->len;
	struct sk_buff *skb;

	if (fz->shape.layout == VSW_FUZZ_BARE)
		linear = least;
	else if (fz->shape.layout != VSW_FUZZ_LINEAR)
		linear = least + vsw_fuzz_rnd(fz, min(linear, 160U) - least + 1);
	skb = vsw_fuzz_alloc(fz, fz->t->data, linear);
	if (fz->shape.layout == VSW_FUZZ_LIST) {
		/* No guest can do that. */
		fz->shape.use_vnet = false;
		vsw_fuzz_add_list(fz, skb, linear, 1 + fz->t->len / 3);
	} else if (linear < fz->t->len) {
		vsw_fuzz_add_pages(fz, skb, linear);
	}
	skb_reset_mac_header(skb);
	return skb;
}

/* As packet_snd() and tun_get_user() do; false if they would refuse it. */
static bool vsw_fuzz_offload(struct vsw_fuzz *fz, struct sk_buff *skb)
{
	skb->dev = fz->t->end[fz->shape.from].dev;
	if (!fz->shape.from && skb->len >= ETH_HLEN) {
		skb->protocol = eth_hdr(skb)->h_proto;
		skb_set_network_header(skb, ETH_HLEN);
		skb_probe_transport_header(skb);
	}
	if (fz->shape.use_vnet &&
	    virtio_net_hdr_to_skb(skb, &fz->shape.vnet, true))
		return false;
	fz->gso = skb_is_gso(skb);
	fz->partial = skb->ip_summed == CHECKSUM_PARTIAL;
	if (fz->partial) {
		fz->csum_start = skb_checksum_start_offset(skb);
		fz->csum_at = fz->csum_start + skb->csum_offset;
	}
	return true;
}

/* As a NIC does; one that is too short for it leaves the frame alone. */
static void vsw_fuzz_tag_beside(struct vsw_fuzz *fz, struct sk_buff *skb)
{
	fz->shape.beside &= fz->t->len >= VLAN_ETH_HLEN + 2 &&
			    eth_type_vlan(eth_hdr(skb)->h_proto);
	if (!fz->shape.beside)
		return;
	skb->protocol = eth_hdr(skb)->h_proto;
	vsw_test_skb_tag(fz->t, skb);
}

static void vsw_fuzz_receive(struct vsw_fuzz *fz, struct sk_buff *skb)
{
	skb->protocol = eth_type_trans(skb, skb->dev);
	if (fz->shape.use_vnet) {
		skb_reset_network_header(skb);
		skb_probe_transport_header(skb);
	}
	if (fz->shape.shared)
		fz->skb = skb_get(skb);
	netif_receive_skb(skb);
}

/**
 * vsw_fuzz_send() - Send the frame as its shape says.
 * @fz: the round
 *
 * Return: false if the frame cannot come to the switch.
 */
bool vsw_fuzz_send(struct vsw_fuzz *fz)
{
	struct sk_buff *skb;

	fz->skb = NULL;
	fz->held = NULL;
	skb = fz->shape.gro ? vsw_fuzz_gro(fz) : vsw_fuzz_lay(fz);
	if (!vsw_fuzz_offload(fz, skb)) {
		fz->refused++;
		kfree_skb(skb);
		return false;
	}
	vsw_fuzz_tag_beside(fz, skb);
	if (fz->shape.cloned)
		fz->held = skb_clone(skb, GFP_KERNEL);
	fz->sent++;

	local_bh_disable();
	if (fz->shape.from)
		vsw_fuzz_receive(fz, skb);
	else
		dev_queue_xmit(skb);
	local_bh_enable();
	return true;
}
