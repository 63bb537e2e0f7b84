// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: what is to become of a frame, said once more and from the
 * documentation (Documentation/frame-walk.md), and the comparison with what did.
 *
 * The settings of the ends are those the test has made, and the bytes are those
 * it has sent.  Only where the destination is, is asked of the FDB.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/unaligned.h>
#include <net/checksum.h>
#include "fuzz.h"

#define VSW_FUZZ_LOST	(-1)	/* the core takes it for damaged: nobody sees it */
#define VSW_FUZZ_UP	(-2)	/* to the port's own device */
#define VSW_FUZZ_GO	0	/* switched; what is greater is a reason */

static bool vsw_fuzz_tag_at(const struct vsw_test *t, unsigned int pos)
{
	u16 type;

	if (t->len < pos + 2)
		return false;
	type = get_unaligned_be16(t->data + pos);
	return type == ETH_P_8021Q || type == ETH_P_8021AD;
}

static u16 vsw_fuzz_vid(const struct vsw_test *t)
{
	if (get_unaligned_be16(t->data + 12) != ETH_P_8021Q)
		return 0;
	return get_unaligned_be16(t->data + 14) & VLAN_VID_MASK;
}

static bool vsw_fuzz_port_works(const struct vsw_fuzz *fz, unsigned int end)
{
	return fz->end[end].up && fz->end[end].carrier;
}

/* What a port that is up does: forward, learn, or nothing. */
enum vsw_fuzz_state {
	VSW_FUZZ_OPEN,
	VSW_FUZZ_LEARNS,
	VSW_FUZZ_DEAF,
};

static enum vsw_fuzz_state vsw_fuzz_state(const struct vsw_fuzz *fz,
					  unsigned int end)
{
	const struct vsw_fuzz_end *e = &fz->end[end];

	if (e->shut || e->stp == VSWITCH_STP_STATE_BLOCKING)
		return VSW_FUZZ_DEAF;
	return e->stp == VSWITCH_STP_STATE_LEARNING ? VSW_FUZZ_LEARNS : VSW_FUZZ_OPEN;
}

static int vsw_fuzz_reserved(const struct vsw_fuzz *fz, u8 last)
{
	const struct vsw_fuzz_end *e = &fz->end[fz->shape.from];

	if (e->shut)
		return VSWITCH_A_DROPS_PORT_BLOCKED;
	if (e->forward & BIT(last))
		return VSW_FUZZ_GO;
	if (!last && e->bpdu)
		return VSWITCH_A_DROPS_BPDU_GUARD;
	if (e->host & BIT(last) && fz->shape.from)
		return VSW_FUZZ_UP;
	return VSWITCH_A_DROPS_RESERVED_GROUP;
}

/* A locked port learns nothing, so that what it has now it had before. */
static bool vsw_fuzz_is_locked_out(const struct vsw_fuzz *fz)
{
	u64 source = ether_addr_to_u64(fz->t->data + ETH_ALEN);
	u32 val;

	if (!fz->end[fz->shape.from].locked)
		return false;
	val = vsw_test_find(fz->t, vsw_test_key(source, vsw_fuzz_fid(fz)));
	return !val || vsw_fdb_port(val) != fz->shape.from;
}

/* What the stages in_parse, in_policy, in_vlan and l2_learn are to say. */
static int vsw_fuzz_predict(struct vsw_fuzz *fz)
{
	static const u8 reserved[5] = { 0x01, 0x80, 0xc2 };
	const struct vsw_test *t = fz->t;
	const u8 *source = t->data + ETH_ALEN;
	bool host = !fz->shape.from;
	int says = VSW_FUZZ_GO;

	if (host && !fz->end[0].up)
		return VSW_FUZZ_LOST;
	if (t->len < ETH_HLEN)
		return VSWITCH_A_DROPS_RUNT;
	if (!host && !fz->shape.beside && vsw_fuzz_tag_at(t, 12) && t->len < 20)
		return VSW_FUZZ_LOST;
	if (get_unaligned_be16(t->data + 12) == ETH_P_8021Q && t->len < 18)
		return VSWITCH_A_DROPS_RUNT;
	if (source[0] & 1 || !ether_addr_to_u64(source))
		return VSWITCH_A_DROPS_BAD_SOURCE;
	if (!host && ether_addr_to_u64(source) == VSW_TEST_SWITCH)
		return VSWITCH_A_DROPS_OWN_SOURCE;
	if (!fz->end[0].up || !fz->end[fz->shape.from].carrier)
		return VSWITCH_A_DROPS_PORT_DOWN;
	if (!memcmp(t->data, reserved, 5) && t->data[5] < 16)
		says = vsw_fuzz_reserved(fz, t->data[5]);
	if (says == VSW_FUZZ_GO && vsw_fuzz_state(fz, fz->shape.from) == VSW_FUZZ_DEAF)
		says = VSWITCH_A_DROPS_PORT_BLOCKED;
	if (says == VSW_FUZZ_GO)
		says = vsw_fuzz_predict_vlan(fz);
	if (says == VSW_FUZZ_GO && vsw_fuzz_is_locked_out(fz))
		says = VSWITCH_A_DROPS_LOCKED;
	if (says == VSW_FUZZ_GO && vsw_fuzz_state(fz, fz->shape.from))
		says = VSWITCH_A_DROPS_PORT_BLOCKED;
	return says;
}

static int vsw_fuzz_predict_tag(const struct vsw_fuzz *fz, unsigned int end)
{
	u32 tag;

	return vsw_fuzz_vlan_out(fz, end, &tag) && !vsw_fuzz_vlan_hops(fz, end) ?
	       VSW_FUZZ_GO : VSWITCH_A_DROPS_EGRESS_VLAN;
}

static bool vsw_fuzz_is_promiscuous(const struct vsw_fuzz_end *e)
{
	return !e->isolated && !e->community;
}

static bool vsw_fuzz_may_speak(const struct vsw_fuzz_end *from,
			       const struct vsw_fuzz_end *to)
{
	if (vsw_fuzz_is_promiscuous(from) || vsw_fuzz_is_promiscuous(to))
		return true;
	return !from->isolated && !to->isolated &&
	       from->community == to->community;
}

/* An end may get the frame; what keeps it from it is a reason. */
static int vsw_fuzz_predict_out(const struct vsw_fuzz *fz, unsigned int end)
{
	int size = fz->t->len - ETH_HLEN - fz->skip;
	unsigned int tags = 2 * ETH_ALEN + fz->skip;

	if (end != fz->shape.from &&
	    fz->end[end].role == VSWITCH_ROLE_UPLINK &&
	    fz->end[fz->shape.from].role == VSWITCH_ROLE_UPLINK)
		return VSWITCH_A_DROPS_UPLINK_TO_UPLINK;
	if (!vsw_fuzz_may_speak(&fz->end[fz->shape.from], &fz->end[end]))
		return VSWITCH_A_DROPS_ISOLATED;
	if (!vsw_fuzz_port_works(fz, end))
		return VSWITCH_A_DROPS_EGRESS_DOWN;
	if (vsw_fuzz_state(fz, end))
		return VSWITCH_A_DROPS_EGRESS_BLOCKED;
	if (vsw_fuzz_tag_at(fz->t, tags))
		size -= VLAN_HLEN;
	if (vsw_fuzz_tag_at(fz->t, tags) &&
	    vsw_fuzz_tag_at(fz->t, tags + VLAN_HLEN))
		size -= VLAN_HLEN;
	if (size > (int)fz->end[end].mtu)
		return VSWITCH_A_DROPS_EGRESS_MTU;
	return vsw_fuzz_predict_tag(fz, end);
}

/* Where it is for; -1 for all.  The sender has been learned by now. */
static int vsw_fuzz_dest(const struct vsw_fuzz *fz)
{
	u64 dest = ether_addr_to_u64(fz->t->data);
	u32 val;

	if (fz->t->data[0] & 1)
		return -1;
	if (dest == VSW_TEST_SWITCH)
		return 0;
	val = vsw_test_find(fz->t, vsw_test_key(dest, vsw_fuzz_fid(fz)));
	return val ? vsw_fdb_port(val) : -1;
}

static u64 vsw_fuzz_sum_drops(const struct vsw_stats *d)
{
	u64 sum = 0;
	int i;

	for (i = 1; i < VSW_DROPS_NUM; i++)
		sum += d->drops[i];
	return sum;
}

/* What one end has done with a frame that was for it. */
static void vsw_fuzz_check_end(struct vsw_fuzz *fz, unsigned int end, int want)
{
	const struct vsw_stats *d = &fz->delta[end];
	u64 tx = d->cnt[VSWITCH_A_STATS_TX_PACKETS];
	u64 queue = d->drops[VSWITCH_A_DROPS_EGRESS_QUEUE];

	/* How large the segments are is not foretold. */
	if (fz->gso && want == VSWITCH_A_DROPS_EGRESS_MTU &&
	    !d->drops[VSWITCH_A_DROPS_EGRESS_MTU])
		want = vsw_fuzz_predict_tag(fz, end);
	if (want == VSW_FUZZ_GO) {
		vsw_fuzz_check(fz, tx + queue == 1 &&
			       vsw_fuzz_sum_drops(d) == queue,
			       "end %u, tx %llu, queue %llu, drops %llu", end,
			       tx, queue, vsw_fuzz_sum_drops(d));
		vsw_fuzz_check(fz, fz->gso || queue == fz->end[end].refuse,
			       "end %u, queue %llu", end, queue);
		return;
	}
	vsw_fuzz_check(fz, !tx && d->drops[want] == 1 &&
		       vsw_fuzz_sum_drops(d) == 1,
		       "end %u, wanted %s, tx %llu, drops %llu", end,
		       vsw_drop_name(want), tx, vsw_fuzz_sum_drops(d));
}

/* Nothing went there, or in from there but the frame itself. */
static void vsw_fuzz_check_idle(struct vsw_fuzz *fz, unsigned int end, int drop)
{
	const struct vsw_stats *d = &fz->delta[end];

	vsw_fuzz_check(fz, !d->cnt[VSWITCH_A_STATS_TX_PACKETS] &&
		       vsw_fuzz_sum_drops(d) == !!drop && (!drop || d->drops[drop]),
		       "end %u, tx %llu, wanted %s, drops %llu", end,
		       d->cnt[VSWITCH_A_STATS_TX_PACKETS],
		       drop ? vsw_drop_name(drop) : "none",
		       vsw_fuzz_sum_drops(d));
}

static bool vsw_fuzz_flood_passes(const struct vsw_fuzz *fz, unsigned int end,
				  int want)
{
	u32 tag;

	if ((end == fz->shape.from && !fz->end[end].hairpin) ||
	    !vsw_fuzz_vlan_out(fz, end, &tag))
		return true;
	if (!end && !(fz->t->data[0] & 1) && !fz->promisc)
		return true;
	return want == VSWITCH_A_DROPS_UPLINK_TO_UPLINK ||
	       want == VSWITCH_A_DROPS_ISOLATED ||
	       want == VSWITCH_A_DROPS_EGRESS_DOWN ||
	       want == VSWITCH_A_DROPS_EGRESS_BLOCKED;
}

static bool vsw_fuzz_floods(const struct vsw_fuzz *fz, unsigned int end)
{
	u8 flood = fz->end[end].flood;

	if (is_broadcast_ether_addr(fz->t->data))
		return flood & VSWITCH_FLOOD_BROADCAST;
	if (fz->t->data[0] & 1)
		return flood & VSWITCH_FLOOD_MULTICAST;
	return flood & VSWITCH_FLOOD_UNICAST;
}

/* Nobody was to get it; of what is to be segmented, it is not known who could. */
static void vsw_fuzz_check_none(struct vsw_fuzz *fz, bool off, bool may_be_off)
{
	const struct vsw_stats *d = &fz->delta[fz->shape.from];

	if (may_be_off && d->drops[VSWITCH_A_DROPS_FLOOD_OFF])
		off = true;
	vsw_fuzz_check_idle(fz, fz->shape.from,
			    off ? VSWITCH_A_DROPS_FLOOD_OFF :
				  VSWITCH_A_DROPS_NO_EGRESS);
}

static void vsw_fuzz_check_flood(struct vsw_fuzz *fz)
{
	bool none = true, back = false, off = false, may_be_off = false;
	unsigned int i;
	int want;

	for (i = 0; i < VSW_FUZZ_ENDS; i++) {
		want = vsw_fuzz_predict_out(fz, i);
		if (!vsw_fuzz_flood_passes(fz, i, want)) {
			if (vsw_fuzz_floods(fz, i)) {
				none = false;
				back |= i == fz->shape.from;
				vsw_fuzz_check_end(fz, i, want);
				continue;
			}
			/* A tag that would hop is found later. */
			off |= want == VSW_FUZZ_GO ||
			       want == VSWITCH_A_DROPS_EGRESS_VLAN;
			may_be_off |= fz->gso;
		}
		if (i != fz->shape.from)
			vsw_fuzz_check_idle(fz, i, 0);
	}
	if (none)
		vsw_fuzz_check_none(fz, off, may_be_off);
	else if (!back)
		vsw_fuzz_check_idle(fz, fz->shape.from, 0);
}

static void vsw_fuzz_check_unicast(struct vsw_fuzz *fz, unsigned int dest)
{
	int want = vsw_fuzz_predict_out(fz, dest);
	int drop = 0;
	unsigned int i;

	if (dest == fz->shape.from && !fz->end[dest].hairpin)
		drop = VSWITCH_A_DROPS_SAME_PORT;
	else if (vsw_fuzz_vlan_apart(fz, dest))
		drop = VSWITCH_A_DROPS_ISOLATED;
	else if (want == VSWITCH_A_DROPS_UPLINK_TO_UPLINK ||
		 want == VSWITCH_A_DROPS_ISOLATED)
		drop = want;
	for (i = 0; i < VSW_FUZZ_ENDS; i++) {
		if (i == dest && !drop)
			vsw_fuzz_check_end(fz, i, want);
		else
			vsw_fuzz_check_idle(fz, i,
					    i == fz->shape.from ? drop : 0);
	}
}

/* Each frame is counted once where it came in, whatever becomes of it. */
static void vsw_fuzz_check_in(struct vsw_fuzz *fz, int in)
{
	const struct vsw_stats *d = &fz->delta[fz->shape.from];
	u64 rx = in != VSW_FUZZ_LOST && fz->t->len >= ETH_HLEN;
	u64 learn = d->cnt[VSWITCH_A_STATS_LEARNED] +
		    d->cnt[VSWITCH_A_STATS_MOVED] +
		    d->cnt[VSWITCH_A_STATS_LEARN_REFUSED] +
		    d->cnt[VSWITCH_A_STATS_MOVE_HELD];
	u64 group = d->cnt[VSWITCH_A_STATS_RX_MULTICAST] +
		    d->cnt[VSWITCH_A_STATS_RX_BROADCAST];
	/* As far as to where it is learned. */
	bool came = in == VSW_FUZZ_GO ||
		    (in == VSWITCH_A_DROPS_PORT_BLOCKED &&
		     vsw_fuzz_state(fz, fz->shape.from) == VSW_FUZZ_LEARNS);

	vsw_fuzz_check(fz, d->cnt[VSWITCH_A_STATS_RX_PACKETS] == rx,
		       "rx %llu", d->cnt[VSWITCH_A_STATS_RX_PACKETS]);
	vsw_fuzz_check(fz, d->cnt[VSWITCH_A_STATS_RX_BYTES] == rx * fz->t->len,
		       "rx bytes %llu", d->cnt[VSWITCH_A_STATS_RX_BYTES]);
	vsw_fuzz_check(fz, group == (rx && fz->t->data[0] & 1),
		       "to groups %llu", group);
	vsw_fuzz_check(fz, learn <= (came &&
				     fz->end[fz->shape.from].learning &&
				     !fz->end[fz->shape.from].locked),
		       "learned %llu", learn);
}

/*
 * The core segments what the host sends before the switch sees it: frames come
 * in as often as they do, and each leaves by some way.
 */
static void vsw_fuzz_check_segments(struct vsw_fuzz *fz)
{
	u64 rx = fz->delta[0].cnt[VSWITCH_A_STATS_RX_PACKETS];
	u64 sum = 0, tx;
	unsigned int i;

	for (i = 0; i < VSW_FUZZ_ENDS; i++) {
		tx = fz->delta[i].cnt[VSWITCH_A_STATS_TX_PACKETS];
		sum += tx + vsw_fuzz_sum_drops(&fz->delta[i]);
		vsw_fuzz_check(fz, tx + vsw_fuzz_sum_drops(&fz->delta[i]) <= rx,
			       "end %u, tx %llu of %llu", i, tx, rx);
	}
	vsw_fuzz_check(fz, sum >= rx, "%llu came in, %llu accounted for", rx,
		       sum);
	vsw_fuzz_check(fz, !fz->delta[0].cnt[VSWITCH_A_STATS_TX_PACKETS],
		       "back to the host");
}

static u64 vsw_fuzz_nohandler(const struct vsw_fuzz *fz)
{
	struct rtnl_link_stats64 s;

	dev_get_stats(fz->t->end[fz->shape.from].dev, &s);
	return s.rx_nohandler;
}

/* Only the core can lose it on its last steps: one more tag, and truncated. */
static void vsw_fuzz_check_up(struct vsw_fuzz *fz)
{
	unsigned int up = fz->t->end[fz->shape.from].up.qlen +
			  vsw_fuzz_nohandler(fz) - fz->nohandler;
	bool may_lose = !vsw_fuzz_vid(fz->t) || vsw_fuzz_tag_at(fz->t, 16);

	vsw_fuzz_check(fz, up == 1 || (may_lose && !up), "up %u", up);
}

static void vsw_fuzz_check_counters(struct vsw_fuzz *fz)
{
	int in = vsw_fuzz_predict(fz);
	unsigned int i;
	int dest;

	if (fz->gso && !fz->shape.from) {
		vsw_fuzz_check_segments(fz);
		return;
	}
	vsw_fuzz_check_in(fz, in);
	if (in == VSW_FUZZ_GO) {
		dest = vsw_fuzz_dest(fz);
		if (dest < 0)
			vsw_fuzz_check_flood(fz);
		else
			vsw_fuzz_check_unicast(fz, dest);
		return;
	}
	if (in == VSW_FUZZ_UP)
		vsw_fuzz_check_up(fz);
	for (i = 0; i < VSW_FUZZ_ENDS; i++)
		vsw_fuzz_check_idle(fz, i, i == fz->shape.from && in > 0 ? in : 0);
}

/* Whether a frame that the host gets begins with a tag that the core takes off, not that
 * of its VLAN but one behind it.
 */
static bool vsw_fuzz_core_untags(struct vsw_fuzz *fz, unsigned int end)
{
	u32 tag;

	return !end && fz->aware && vsw_fuzz_vlan_out(fz, end, &tag) && !tag &&
	       vsw_fuzz_vlan_bytes(fz, end) >= ETH_HLEN &&
	       eth_type_vlan(get_unaligned((__be16 *)(fz->want + 2 * ETH_ALEN)));
}

/* Of a checksum that begins in front of what is behind the tag, it then forgets that it
 * was to be completed.
 */
static bool vsw_fuzz_core_forgets(struct vsw_fuzz *fz, unsigned int end)
{
	return vsw_fuzz_core_untags(fz, end) &&
	       fz->csum_start + vsw_fuzz_vlan_bytes(fz, end) <
	       fz->t->len + VLAN_ETH_HLEN;
}

/* The bytes, but for a checksum which the core has completed meanwhile. */
static void vsw_fuzz_check_bytes(struct vsw_fuzz *fz, unsigned int end,
				 struct sk_buff *skb)
{
	struct vsw_test *t = fz->t;
	bool completed = fz->partial && skb->ip_summed != CHECKSUM_PARTIAL &&
			 !vsw_fuzz_core_forgets(fz, end);
	unsigned int len = vsw_test_bytes(skb, t->room);
	unsigned int want = vsw_fuzz_vlan_bytes(fz, end);
	u8 *at = t->room + fz->csum_at + want - t->len;
	__sum16 sum;

	if (!vsw_fuzz_check(fz, len == want, "end %u, %u bytes", end, len) ||
	    len > VSW_TEST_FRAME)
		return;
	if (completed) {
		sum = csum_fold(csum_partial(t->data + fz->csum_start,
					     t->len - fz->csum_start, 0)) ?:
		      CSUM_MANGLED_0;
		vsw_fuzz_check(fz, get_unaligned((__sum16 *)at) == sum,
			       "end %u, checksum", end);
		memcpy(at, t->data + fz->csum_at, sizeof(sum));
	}
	vsw_fuzz_check(fz, !memcmp(t->room, fz->want, len), "end %u", end);
}

static void vsw_fuzz_check_segment(struct vsw_fuzz *fz, unsigned int end,
				   struct sk_buff *skb)
{
	unsigned int max = fz->end[end].mtu + ETH_HLEN + 2 * VLAN_HLEN;
	unsigned int len = skb->len + skb->data - skb_mac_header(skb) +
			   (skb_vlan_tag_present(skb) ? VLAN_HLEN : 0);

	vsw_fuzz_check(fz, !memcmp(skb_mac_header(skb), fz->t->data,
				   2 * ETH_ALEN), "end %u, addresses", end);
	/* Who lies about the headers gets what the core makes of them. */
	vsw_fuzz_check(fz, !fz->shape.gro || skb_is_gso(skb) || len <= max,
		       "end %u, %u bytes, at most %u fit", end, len, max);
}

/* The core looks for a tag in what the host gets, and for an EtherType and the next
 * two bytes behind that.
 */
static bool vsw_fuzz_core_loses(struct vsw_fuzz *fz, unsigned int end)
{
	return vsw_fuzz_core_untags(fz, end) &&
	       vsw_fuzz_vlan_bytes(fz, end) < VLAN_ETH_HLEN + 2;
}

static void vsw_fuzz_check_out(struct vsw_fuzz *fz, unsigned int end)
{
	u64 tx = fz->delta[end].cnt[VSWITCH_A_STATS_TX_PACKETS];
	struct sk_buff_head *got = &fz->t->end[end].got;
	struct sk_buff *skb;

	if (tx && !got->qlen && vsw_fuzz_core_loses(fz, end))
		return;
	vsw_fuzz_check(fz, fz->gso ? !got->qlen || tx : got->qlen == tx,
		       "end %u, %u came out, tx %llu", end, got->qlen, tx);
	fz->outs += got->qlen;
	while ((skb = skb_dequeue(got))) {
		if (fz->gso)
			vsw_fuzz_check_segment(fz, end, skb);
		else
			vsw_fuzz_check_bytes(fz, end, skb);
		kfree_skb(skb);
	}
	skb_queue_purge(&fz->t->end[end].up);
}

/*
 * Where the core makes fragments of a UDP datagram on its way out, it writes
 * into its headers although others have them, too.
 */
static bool vsw_fuzz_core_writes(const struct vsw_fuzz *fz)
{
	u8 type = fz->shape.vnet.gso_type & ~VIRTIO_NET_HDR_GSO_ECN;

	return fz->gso && fz->shape.use_vnet && type == VIRTIO_NET_HDR_GSO_UDP;
}

static void vsw_fuzz_check_clone(struct vsw_fuzz *fz)
{
	struct vsw_test *t = fz->t;
	unsigned int len;

	vsw_fuzz_check(fz, !skb_cloned(fz->held), "a copy is not freed");
	len = vsw_test_bytes(fz->held, t->room);
	if (!vsw_fuzz_core_writes(fz))
		vsw_fuzz_check(fz, len == t->len &&
			       !memcmp(t->room, t->data, len),
			       "the clone was changed");
	kfree_skb(fz->held);
}

/* What others have of the frame is as it was, and now they have all of it. */
static void vsw_fuzz_check_held(struct vsw_fuzz *fz)
{
	if (fz->skb) {
		vsw_fuzz_check(fz, refcount_read(&fz->skb->users) == 1,
			       "%u references",
			       refcount_read(&fz->skb->users));
		kfree_skb(fz->skb);
	}
	if (fz->held)
		vsw_fuzz_check_clone(fz);
	vsw_fuzz_check(fz, !vsw_fuzz_alive(), "%u not freed", vsw_fuzz_alive());
}

/**
 * vsw_fuzz_before() - Read what is not read after every frame.
 * @fz: the round
 */
void vsw_fuzz_before(struct vsw_fuzz *fz)
{
	if (fz->t->data[0] == 1)
		fz->nohandler = vsw_fuzz_nohandler(fz);
}

static void vsw_fuzz_count(struct vsw_fuzz *fz, unsigned int end)
{
	struct vsw_stats *seen = &fz->seen_stats[end];
	struct vsw_stats *d = &fz->delta[end];
	struct vsw_stats now = {};
	unsigned int i;

	vsw_stats_add(&now, fz->t->end[end].port->stats);
	for (i = 0; i < VSW_STATS_NUM; i++)
		d->cnt[i] = now.cnt[i] - seen->cnt[i];
	for (i = 0; i < VSW_DROPS_NUM; i++)
		d->drops[i] = now.drops[i] - seen->drops[i];
	*seen = now;
}

/**
 * vsw_fuzz_after() - Check all that came of a frame.
 * @fz: the round
 */
void vsw_fuzz_after(struct vsw_fuzz *fz)
{
	unsigned int i;

	for (i = 0; i < VSW_FUZZ_ENDS; i++)
		vsw_fuzz_count(fz, i);
	vsw_fuzz_check_counters(fz);
	for (i = 0; i < VSW_FUZZ_ENDS; i++)
		vsw_fuzz_check_out(fz, i);
	vsw_fuzz_check_held(fz);
	vsw_fuzz_check(fz, page_ref_count(fz->pages) == 1, "%d references",
		       page_ref_count(fz->pages));
	vsw_fuzz_check(fz, !fz->t->strays, "%u to the stack", fz->t->strays);
}
