// SPDX-License-Identifier: GPL-2.0
/*
 * What the tests share: frames that go in, and what is expected to come of them.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/unaligned.h>
#include "helpers.h"

/**
 * vsw_test_frame() - Make up the frame that is sent next.
 * @t: the test
 * @dest: destination address
 * @source: source address
 * @len: bytes of the frame, its header and tags included
 * @tags: its tags, the outer one first
 * @num: number of tags
 */
void vsw_test_frame(struct vsw_test *t, u64 dest, u64 source,
		    unsigned int len, const u32 *tags, unsigned int num)
{
	unsigned int pos = 2 * ETH_ALEN;
	unsigned int i;

	KUNIT_ASSERT_LE(t->test, len, (unsigned int)VSW_TEST_FRAME);
	u64_to_ether_addr(dest, t->data);
	u64_to_ether_addr(source, t->data + ETH_ALEN);
	for (i = 0; i < num; i++, pos += VLAN_HLEN)
		put_unaligned_be32(tags[i], t->data + pos);
	put_unaligned_be16(VSW_TEST_ETHERTYPE, t->data + pos);
	for (pos += 2; pos < len; pos++)
		t->data[pos] = pos ^ pos >> 8;
	t->len = len;
}

/**
 * vsw_test_skb() - Make an skb of the frame.
 * @t: the test
 * @linear: bytes in its linear part; the rest goes to pages
 *
 * Return: the skb, its data at the Ethernet header.
 */
struct sk_buff *vsw_test_skb(struct vsw_test *t, unsigned int linear)
{
	unsigned int pos, part, i = 0;
	struct sk_buff *skb;
	struct page *page;

	linear = min(linear, t->len);
	skb = alloc_skb(linear + NET_SKB_PAD, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(t->test, skb);
	skb_reserve(skb, NET_SKB_PAD);
	skb_put_data(skb, t->data, linear);
	/* Not aligned, and more than one. */
	for (pos = linear; pos < t->len; pos += part) {
		part = min_t(unsigned int, t->len - pos, 1000);
		page = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(t->test, page);
		memcpy(page_address(page) + 3, t->data + pos, part);
		skb_add_rx_frag(skb, i++, page, 3, part, PAGE_SIZE);
	}
	skb_reset_mac_header(skb);
	if (t->len >= ETH_HLEN)
		skb->protocol = eth_hdr(skb)->h_proto;
	return skb;
}

/**
 * vsw_test_skb_tag() - Take the outer tag off, as a NIC does.
 * @t: the test
 * @skb: skb of the frame; it is beside the skb then
 */
void vsw_test_skb_tag(struct vsw_test *t, struct sk_buff *skb)
{
	__be16 proto = skb->protocol;
	u16 tci;

	KUNIT_ASSERT_EQ(t->test, __skb_vlan_pop(skb, &tci), 0);
	__vlan_hwaccel_put_tag(skb, proto, tci);
}

/**
 * vsw_test_send_skb() - Have an end send an skb.
 * @t: the test
 * @end: number of the end
 * @skb: skb, its data at the Ethernet header; consumed
 */
void vsw_test_send_skb(struct vsw_test *t, int end, struct sk_buff *skb)
{
	t->skb = skb;
	skb->dev = t->end[end].dev;
	local_bh_disable();
	if (end == VSW_HOST_PORT) {
		dev_queue_xmit(skb);
	} else {
		skb->protocol = eth_type_trans(skb, skb->dev);
		netif_receive_skb(skb);
	}
	local_bh_enable();
}

/**
 * vsw_test_send() - Have an end send an untagged frame of VSW_TEST_LEN bytes.
 * @t: the test
 * @end: number of the end
 * @dest: destination address
 * @source: source address
 */
void vsw_test_send(struct vsw_test *t, int end, u64 dest, u64 source)
{
	vsw_test_frame(t, dest, source, VSW_TEST_LEN, NULL, 0);
	vsw_test_send_skb(t, end, vsw_test_skb(t, VSW_TEST_LEN));
}

/**
 * vsw_test_teach() - Have the switch know where a station is.
 * @t: the test
 * @end: number of the end
 * @addr: address of the station
 * @vlan: VLAN
 */
void vsw_test_teach(struct vsw_test *t, int end, u64 addr, u16 vlan)
{
	enum vsw_fdb_learned l;

	l = vsw_test_learn(t, vsw_test_key(addr, vlan), end, 0);
	/* By chance, a bucket may be full until the table has grown. */
	if (l == VSW_FDB_REFUSED) {
		flush_delayed_work(&t->sw->fdb.resize_work);
		l = vsw_test_learn(t, vsw_test_key(addr, vlan), end, 0);
	}
	KUNIT_ASSERT_EQ(t->test, (int)l, VSW_FDB_NEW);
}

/**
 * vsw_test_key() - Key of an address.
 * @addr: address
 * @vlan: VLAN
 *
 * Return: the key.
 */
u64 vsw_test_key(u64 addr, u16 vlan)
{
	u8 bytes[ETH_ALEN];

	u64_to_ether_addr(addr, bytes);
	return vsw_fdb_key(bytes, vlan);
}

/**
 * vsw_test_find() - Look an entry up.
 * @t: the test
 * @key: its key
 *
 * Return: its value, 0 if there is none.
 */
u32 vsw_test_find(struct vsw_test *t, u64 key)
{
	u32 val;

	rcu_read_lock();
	val = vsw_fdb_find_rcu(&t->sw->fdb, key);
	rcu_read_unlock();
	return val;
}

/**
 * vsw_test_learn() - Learn an address.
 * @t: the test
 * @key: its key
 * @port: number of the port
 * @limit: largest number of dynamic entries of the port, or 0
 *
 * Return: what came of it.
 */
enum vsw_fdb_learned vsw_test_learn(struct vsw_test *t, u64 key, u16 port,
				    u32 limit)
{
	enum vsw_fdb_learned l;

	local_bh_disable();
	rcu_read_lock();
	l = vsw_fdb_learn(&t->sw->fdb, key, vsw_fdb_find_rcu(&t->sw->fdb, key),
			  port, limit, false);
	rcu_read_unlock();
	local_bh_enable();
	return l;
}

/**
 * vsw_test_add() - vsw_fdb_add() under RTNL.
 * @t: the test
 * @ch: entries
 * @num: number of entries
 * @replace: an existing static entry is replaced
 * @bad: where the index of the entry that was refused is written
 *
 * Return: as vsw_fdb_add().
 */
int vsw_test_add(struct vsw_test *t, struct vsw_fdb_change *ch, u32 num,
		 bool replace, u32 *bad)
{
	int err;

	rtnl_lock();
	err = vsw_fdb_add(&t->sw->fdb, ch, num, replace, bad);
	rtnl_unlock();
	return err;
}

/**
 * vsw_test_del() - vsw_fdb_del() under RTNL.
 * @t: the test
 * @ch: entries
 * @num: number of entries
 * @bad: where the index of the entry that was refused is written
 *
 * Return: as vsw_fdb_del().
 */
int vsw_test_del(struct vsw_test *t, struct vsw_fdb_change *ch, u32 num,
		 u32 *bad)
{
	int err;

	rtnl_lock();
	err = vsw_fdb_del(&t->sw->fdb, ch, num, bad);
	rtnl_unlock();
	return err;
}

/* All counters, so that one which should not have moved is noticed. */
static void vsw_test_want(const struct vsw_want *w, struct vsw_stats *s)
{
	memset(s, 0, sizeof(*s));
	s->cnt[VSWITCH_A_STATS_RX_PACKETS] = w->rx;
	s->cnt[VSWITCH_A_STATS_RX_BYTES] = w->rx_bytes;
	s->cnt[VSWITCH_A_STATS_RX_MULTICAST] = w->multicast;
	s->cnt[VSWITCH_A_STATS_RX_BROADCAST] = w->broadcast;
	s->cnt[VSWITCH_A_STATS_TX_PACKETS] = w->tx;
	s->cnt[VSWITCH_A_STATS_TX_BYTES] = w->tx_bytes;
	s->cnt[VSWITCH_A_STATS_TX_FLOODED] = w->flooded;
	s->cnt[VSWITCH_A_STATS_LEARNED] = w->learned;
	s->cnt[VSWITCH_A_STATS_MOVED] = w->moved;
	s->cnt[VSWITCH_A_STATS_LEARN_REFUSED] = w->refused;
	s->cnt[VSWITCH_A_STATS_MOVE_HELD] = w->held;
	if (w->drop)
		s->drops[w->drop] = w->drops ?: 1;
}

/**
 * vsw_test_stats() - Compare the counters of an end; see vsw_expect().
 * @t: the test
 * @end: number of the end
 * @want: by how much they are to have gone up
 * @line: line of the caller
 */
void vsw_test_stats(struct vsw_test *t, int end, const struct vsw_want *want,
		    int line)
{
	struct vsw_test_end *e = &t->end[end];
	struct vsw_stats w, now = {};
	unsigned int i;

	vsw_test_want(want, &w);
	vsw_stats_add(&now, e->port->stats);
	for (i = 0; i < VSW_STATS_NUM; i++)
		KUNIT_EXPECT_EQ_MSG(t->test, now.cnt[i] - e->seen.cnt[i],
				    w.cnt[i], "line %d, end %d, %s", line, end,
				    vsw_stats_name(i));
	for (i = 0; i < VSW_DROPS_NUM; i++)
		KUNIT_EXPECT_EQ_MSG(t->test, now.drops[i] - e->seen.drops[i],
				    w.drops[i], "line %d, end %d, %s", line,
				    end, vsw_drop_name(i));
	e->seen = now;
}

/**
 * vsw_test_bytes() - The bytes as they are on the wire: with the outer tag in
 * its place.
 * @skb: skb of a frame; its data begin at the Ethernet header afterwards
 * @to: where they are written; has room for VSW_TEST_FRAME bytes
 *
 * Return: their number; if it is greater than that, nothing is written.
 */
unsigned int vsw_test_bytes(struct sk_buff *skb, u8 *to)
{
	unsigned int len, pos = 0;

	/* What was received is past its header, what is sent is not. */
	__skb_push(skb, skb->data - skb_mac_header(skb));
	len = skb->len + (skb_vlan_tag_present(skb) ? VLAN_HLEN : 0);
	if (len > VSW_TEST_FRAME)
		return len;
	if (skb_vlan_tag_present(skb)) {
		pos = 2 * ETH_ALEN;
		skb_copy_bits(skb, 0, to, pos);
		put_unaligned(skb->vlan_proto, (__be16 *)(to + pos));
		put_unaligned_be16(skb_vlan_tag_get(skb), to + pos + 2);
		to += VLAN_HLEN;
	}
	skb_copy_bits(skb, pos, to + pos, skb->len - pos);
	return len;
}

static bool vsw_test_same(struct vsw_test *t, int end, struct sk_buff *skb,
			  int line)
{
	bool original = skb && skb == t->skb;
	unsigned int len;

	KUNIT_EXPECT_NOT_NULL_MSG(t->test, skb, "line %d, end %d", line, end);
	if (!skb)
		return false;
	KUNIT_EXPECT_PTR_EQ_MSG(t->test, skb->dev, t->end[end].dev,
				"line %d, end %d", line, end);
	len = vsw_test_bytes(skb, t->room);
	KUNIT_EXPECT_EQ_MSG(t->test, len, t->len, "line %d, end %d", line, end);
	if (len == t->len)
		KUNIT_EXPECT_MEMEQ_MSG(t->test, t->room, t->data, len,
				       "line %d, end %d", line, end);
	kfree_skb(skb);
	return original;
}

/**
 * vsw_test_got() - Compare the next frame out; see vsw_expect_got().
 * @t: the test
 * @end: number of the end
 * @line: line of the caller
 *
 * Return: whether it is the skb that went in and no copy.
 */
bool vsw_test_got(struct vsw_test *t, int end, int line)
{
	return vsw_test_same(t, end, skb_dequeue(&t->end[end].got), line);
}

/**
 * vsw_test_got_up() - Compare the next frame received by who listens to a port.
 * @t: the test
 * @end: number of the end
 * @line: line of the caller
 */
void vsw_test_got_up(struct vsw_test *t, int end, int line)
{
	vsw_test_same(t, end, skb_dequeue(&t->end[end].up), line);
}

/**
 * vsw_test_quiet() - See that nothing else happened; see vsw_expect_quiet().
 * @t: the test
 * @line: line of the caller
 */
void vsw_test_quiet(struct vsw_test *t, int line)
{
	static const struct vsw_want none;
	int i;

	for (i = 0; i <= VSW_TEST_PORTS; i++) {
		if (t->end[i].port)
			vsw_test_stats(t, i, &none, line);
		KUNIT_EXPECT_EQ_MSG(t->test, skb_queue_len(&t->end[i].got), 0U,
				    "line %d, end %d", line, i);
		KUNIT_EXPECT_EQ_MSG(t->test, skb_queue_len(&t->end[i].up), 0U,
				    "line %d, end %d, up", line, i);
	}
	KUNIT_EXPECT_EQ_MSG(t->test, t->strays, 0U, "line %d", line);
	vsw_test_reset(t);
}

/**
 * vsw_test_reset() - Forget what came out and what was counted so far.
 * @t: the test
 */
void vsw_test_reset(struct vsw_test *t)
{
	struct vsw_test_end *e;

	t->strays = 0;
	for (e = t->end; e <= &t->end[VSW_TEST_PORTS]; e++) {
		skb_queue_purge(&e->got);
		skb_queue_purge(&e->up);
		memset(&e->seen, 0, sizeof(e->seen));
		if (e->port)
			vsw_stats_add(&e->seen, e->port->stats);
	}
}
