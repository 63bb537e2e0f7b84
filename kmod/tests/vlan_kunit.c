// SPDX-License-Identifier: GPL-2.0
/*
 * VLANs: every kind of port as the way in and as the way out, for every kind of frame,
 * against what the documentation says of them; and what follows in the FDB.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/unaligned.h>
#include <net/checksum.h>
#include <net/netlink.h>
#include <net/tcp.h>
#include "../ctrl/genl.h"
#include "helpers.h"

#define VSW_C(tci)	VSW_TAG(ETH_P_8021Q, tci)
#define VSW_S(tci)	VSW_TAG(ETH_P_8021AD, tci)
#define VSW_VLAN_TAGS	3
#define VSW_VLAN_ENDS	9
#define VSW_VLAN_PCP	0xf000
#define VSW_VLAN_ALL	0x01005e000001ULL

/**
 * struct vsw_vlan_kind - VLANs of a port, as an administrator would say it.
 * @mode: enum vswitch_vlan_mode
 * @vid: VLAN of untagged frames, or 0
 * @tag: tags of a trunk, and the VLAN of each; ends with tag 0
 */
struct vsw_vlan_kind {
	u32 mode;
	u16 vid;
	struct {
		u32 tag;
		u16 vlan;
	} tag[5];
};

static const struct vsw_vlan_kind vsw_kinds[] = {
	{ VSWITCH_VLAN_MODE_ACCESS, 10 },
	{ VSWITCH_VLAN_MODE_ACCESS, 10 },
	{ VSWITCH_VLAN_MODE_TRUNK, 0,
	  { { VSW_C(10), 10 }, { VSW_C(20), 20 }, { VSW_C(4094), 4094 } } },
	{ VSWITCH_VLAN_MODE_TRUNK, 20,
	  { { VSW_C(10), 10 }, { VSW_C(20), 20 }, { VSW_C(30), 30 } } },
	{ VSWITCH_VLAN_MODE_TRUNK, 10,
	  { { VSW_S(20), 20 }, { VSW_C(1000), 40 }, { VSW_S(20 + 1), 30 },
	    { VSW_C(4094), 1 } } },
	{ VSWITCH_VLAN_MODE_DOT1Q_TUNNEL, 10 },
	{ VSWITCH_VLAN_MODE_ACCESS, 20 },
	{ VSWITCH_VLAN_MODE_NONE },
	{ VSWITCH_VLAN_MODE_TRUNK, 0,
	  { { VSW_S(10), 10 }, { VSW_S(40), 20 }, { VSW_S(4094), 4094 } } },
};

/**
 * struct vsw_vlan_frame - A frame, by its tags.
 * @num: how many tags it has
 * @tag: the outer one first
 */
struct vsw_vlan_frame {
	unsigned int num;
	u32 tag[VSW_VLAN_TAGS + 1];
};

static const struct vsw_vlan_frame vsw_vlan_frames[] = {
	{ 0 },
	{ 1, { VSW_C(0) } },
	{ 1, { VSW_C(0xb000) } },
	{ 1, { VSW_C(1) } },
	{ 1, { VSW_C(10) } },
	{ 1, { VSW_C(0xf00a) } },
	{ 1, { VSW_C(0x5014) } },
	{ 1, { VSW_C(30) } },
	{ 1, { VSW_C(40) } },
	{ 1, { VSW_C(1000) } },
	{ 1, { VSW_C(4094) } },
	{ 1, { VSW_C(4095) } },
	{ 1, { VSW_S(0) } },
	{ 1, { VSW_S(10) } },
	{ 1, { VSW_S(0xb014) } },
	{ 1, { VSW_S(21) } },
	{ 1, { VSW_S(40) } },
	{ 1, { VSW_S(4094) } },
	{ 1, { VSW_S(4095) } },
	{ 2, { VSW_C(0xe000), VSW_C(20) } },
	{ 2, { VSW_C(0), VSW_S(20) } },
	{ 2, { VSW_S(0), VSW_C(10) } },
	{ 2, { VSW_C(0xa00a), VSW_C(20) } },
	{ 2, { VSW_C(10), VSW_S(20) } },
	{ 2, { VSW_S(10), VSW_C(0x6014) } },
	{ 2, { VSW_S(20), VSW_S(10) } },
	{ 2, { VSW_C(4095), VSW_C(10) } },
	{ 3, { VSW_C(10), VSW_C(20), VSW_C(30) } },
	{ 3, { VSW_S(20), VSW_C(0), VSW_C(10) } },
};

/* --- settings ------------------------------------------------------------- */

static void vsw_vlan_put_bit(u8 *list, u16 vlan)
{
	list[vlan / 8] |= BIT(vlan % 8);
}

static void vsw_vlan_put_trunk(struct sk_buff *msg,
			       const struct vsw_vlan_kind *kind)
{
	u8 trunk[VSWITCH_VLAN_LIST_LEN] = {}, service[sizeof(trunk)] = {};
	u16 pairs[VSWITCH_TRANSLATE_LEN / 4][2] = {};
	unsigned int i, num = 0;

	for (i = 0; kind->tag[i].tag; i++) {
		bool is_service = kind->tag[i].tag >> 16 == ETH_P_8021AD;
		u16 vid = kind->tag[i].tag;

		vsw_vlan_put_bit(is_service ? service : trunk,
				 kind->tag[i].vlan);
		if (vid == kind->tag[i].vlan)
			continue;
		/* There may be gaps. */
		pairs[num][0] = vid;
		pairs[num][1] = kind->tag[i].vlan;
		num += 2;
	}
	nla_put(msg, VSWITCH_A_PORT_TRUNK, sizeof(trunk), trunk);
	nla_put(msg, VSWITCH_A_PORT_SERVICE, sizeof(service), service);
	nla_put(msg, VSWITCH_A_PORT_TRANSLATE, sizeof(pairs), pairs);
}

/* The attributes of a message that has nothing else. */
static void vsw_vlan_attrs(struct sk_buff *msg, struct nlattr **attrs)
{
	struct nlattr *attr;
	int rem;

	memset(attrs, 0, (VSWITCH_A_PORT_MAX + 1) * sizeof(*attrs));
	nla_for_each_attr(attr, (struct nlattr *)msg->data, msg->len, rem)
		attrs[nla_type(attr)] = attr;
}

/* As netlink would do it. */
static int vsw_vlan_try(struct vsw_test *t, int end, struct sk_buff *msg,
			struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[VSWITCH_A_PORT_MAX + 1];
	struct vsw_port_cfg cfg;
	int err;

	vsw_vlan_attrs(msg, attrs);
	err = vsw_nl_port_cfg(&cfg, attrs, extack);
	if (!err) {
		rtnl_lock();
		err = vsw_port_set(t->end[end].port, &cfg, extack);
		rtnl_unlock();
	}
	vsw_nl_port_cfg_free(&cfg);
	kfree_skb(msg);
	return err;
}

static struct sk_buff *vsw_vlan_msg(struct vsw_test *t)
{
	struct sk_buff *msg = alloc_skb(NLMSG_GOODSIZE, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(t->test, msg);
	return msg;
}

static void vsw_vlan_set(struct vsw_test *t, int end,
			 const struct vsw_vlan_kind *kind)
{
	struct sk_buff *msg = vsw_vlan_msg(t);

	nla_put_u32(msg, VSWITCH_A_PORT_VLAN_MODE, kind->mode);
	if (kind->vid)
		nla_put_u16(msg, VSWITCH_A_PORT_VLAN, kind->vid);
	if (kind->mode == VSWITCH_VLAN_MODE_TRUNK)
		vsw_vlan_put_trunk(msg, kind);
	KUNIT_ASSERT_EQ(t->test, vsw_vlan_try(t, end, msg, NULL), 0);
}

static void vsw_vlan_access(struct vsw_test *t, int end, u16 vid)
{
	const struct vsw_vlan_kind kind = { VSWITCH_VLAN_MODE_ACCESS, vid };

	vsw_vlan_set(t, end, &kind);
}

static void vsw_vlan_aware(struct vsw_test *t, bool aware)
{
	int err;

	rtnl_lock();
	err = vsw_vlan_set_aware(t->sw, aware, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(t->test, err, 0);
}

/* A port of each kind, as it is in vsw_kinds. */
static int vsw_vlan_init(struct kunit *test)
{
	struct vsw_test *t;
	int i;

	vsw_test_init(test);
	t = test->priv;
	for (i = VSW_TEST_PORTS_USUAL + 1; i < VSW_VLAN_ENDS; i++) {
		t->end[i].dev = vsw_mock_new(&t->end[i]);
		KUNIT_ASSERT_NOT_NULL(test, t->end[i].dev);
		KUNIT_ASSERT_EQ(test, vsw_test_attach(t, i), 0);
	}
	vsw_vlan_aware(t, true);
	for (i = 0; i < VSW_VLAN_ENDS; i++)
		vsw_vlan_set(t, i, &vsw_kinds[i]);
	return 0;
}

/* --- what is to become of a frame ----------------------------------------- */

/* The VLAN, or less than 0 for the reason of a drop.  rest is what is left then. */
static int vsw_vlan_model_in(const struct vsw_vlan_kind *kind,
			     const struct vsw_vlan_frame *frame,
			     struct vsw_vlan_frame *rest, u16 *pcp)
{
	u32 outer = frame->num ? frame->tag[0] : 0;
	unsigned int i;

	*rest = *frame;
	*pcp = outer & VSW_VLAN_PCP;
	if (kind->mode == VSWITCH_VLAN_MODE_NONE)
		return -VSWITCH_A_DROPS_VLAN_NONE;
	if (kind->mode == VSWITCH_VLAN_MODE_DOT1Q_TUNNEL)
		return frame->num && outer >> 16 != ETH_P_8021Q ?
		       -VSWITCH_A_DROPS_VLAN_TAGGED : kind->vid;
	if (frame->num) {
		rest->num--;
		memmove(rest->tag, rest->tag + 1, sizeof(rest->tag[0]) * VSW_VLAN_TAGS);
	}
	if (kind->mode == VSWITCH_VLAN_MODE_ACCESS && rest->num)
		return -VSWITCH_A_DROPS_VLAN_TAGGED;
	if (!frame->num || (outer & ~VSW_VLAN_PCP) == VSW_C(0))
		return kind->vid ?: -VSWITCH_A_DROPS_VLAN_UNTAGGED;
	if (kind->mode == VSWITCH_VLAN_MODE_ACCESS)
		return -VSWITCH_A_DROPS_VLAN_TAGGED;
	for (i = 0; kind->tag[i].tag; i++)
		if (kind->tag[i].tag == (outer & ~VSW_VLAN_PCP))
			return kind->tag[i].vlan;
	return -VSWITCH_A_DROPS_VLAN_INGRESS;
}

/* Whether a port is to get the frame, and how. */
static bool vsw_vlan_model_out(const struct vsw_vlan_kind *kind, u16 vlan,
			       u16 pcp, const struct vsw_vlan_frame *rest,
			       struct vsw_vlan_frame *out)
{
	unsigned int i;

	*out = *rest;
	if (kind->mode == VSWITCH_VLAN_MODE_NONE)
		return false;
	if (kind->vid == vlan)
		return true;
	for (i = 0; kind->tag[i].tag; i++) {
		if (kind->tag[i].vlan != vlan)
			continue;
		out->num++;
		out->tag[0] = kind->tag[i].tag | pcp;
		memcpy(out->tag + 1, rest->tag,
		       sizeof(rest->tag[0]) * VSW_VLAN_TAGS);
		return true;
	}
	return false;
}

/* --- frames --------------------------------------------------------------- */

/**
 * enum vsw_vlan_form - How a frame comes in.
 * @VSW_FORM_LINEAR: its tags inside the data
 * @VSW_FORM_PAGES: so, and all behind the Ethernet header in pages
 * @VSW_FORM_BESIDE: the outer tag beside the data
 * @VSW_FORM_CLONED: as linear, and somebody has a clone
 * @VSW_FORMS: number of the others
 */
enum vsw_vlan_form {
	VSW_FORM_LINEAR,
	VSW_FORM_PAGES,
	VSW_FORM_BESIDE,
	VSW_FORM_CLONED,
	VSW_FORMS,
};

/* All but the tags are the same, whatever tags there are. */
static void vsw_vlan_make(struct vsw_test *t, u64 dest, u64 source,
			  const struct vsw_vlan_frame *frame)
{
	unsigned int head = ETH_HLEN + frame->num * VLAN_HLEN;
	unsigned int i;

	vsw_test_frame(t, dest, source, VSW_TEST_LEN + frame->num * VLAN_HLEN,
		       frame->tag, frame->num);
	for (i = head; i < t->len; i++)
		t->data[i] = i - head;
}

static struct sk_buff *vsw_vlan_skb(struct vsw_test *t,
				    const struct vsw_vlan_frame *frame,
				    unsigned int form)
{
	struct sk_buff *skb;

	skb = vsw_test_skb(t, form == VSW_FORM_PAGES ? ETH_HLEN : t->len);
	if (form == VSW_FORM_BESIDE && frame->num)
		vsw_test_skb_tag(t, skb);
	return skb;
}

static void vsw_vlan_send(struct vsw_test *t, int from, u64 dest, u64 source,
			  const struct vsw_vlan_frame *frame, unsigned int form)
{
	struct sk_buff *skb, *held = NULL;
	unsigned int len;

	vsw_vlan_make(t, dest, source, frame);
	skb = vsw_vlan_skb(t, frame, form);
	if (form == VSW_FORM_CLONED)
		held = skb_clone(skb, GFP_KERNEL);
	vsw_test_send_skb(t, from, skb);
	if (!held)
		return;
	len = vsw_test_bytes(held, t->room);
	KUNIT_EXPECT_EQ(t->test, len, t->len);
	KUNIT_EXPECT_MEMEQ(t->test, t->room, t->data, t->len);
	kfree_skb(held);
}

/* --- all of them ---------------------------------------------------------- */

struct vsw_vlan_case {
	int from;
	unsigned int form;
	const struct vsw_vlan_kind *host;
	const struct vsw_vlan_frame *frame;
};

static const struct vsw_vlan_kind *vsw_vlan_kind(const struct vsw_vlan_case *c,
						 int end)
{
	return end ? &vsw_kinds[end] : c->host;
}

/* It would leave without a tag of its VLAN, and begin with another one. */
static bool vsw_vlan_model_hops(const struct vsw_vlan_kind *kind, u16 vlan,
				const struct vsw_vlan_frame *out)
{
	return kind->mode == VSWITCH_VLAN_MODE_TRUNK && kind->vid == vlan &&
	       out->num;
}

/* Who gets it gets it as it is to be, and nobody else does. */
static unsigned int vsw_vlan_expect_out(struct vsw_test *t,
					const struct vsw_vlan_case *c, u64 source,
					u16 vlan, u16 pcp,
					const struct vsw_vlan_frame *rest)
{
	struct vsw_vlan_frame out;
	unsigned int num = 0;
	int i;

	for (i = 0; i < VSW_VLAN_ENDS; i++) {
		if (i == c->from ||
		    !vsw_vlan_model_out(vsw_vlan_kind(c, i), vlan, pcp, rest, &out))
			continue;
		num++;
		if (vsw_vlan_model_hops(vsw_vlan_kind(c, i), vlan, &out)) {
			vsw_expect(t, i, .drop = VSWITCH_A_DROPS_EGRESS_VLAN);
			continue;
		}
		vsw_vlan_make(t, VSW_VLAN_ALL, source, &out);
		vsw_expect_got(t, i);
		vsw_expect(t, i, .tx = 1, .tx_bytes = t->len, .flooded = 1);
	}
	return num;
}

static void vsw_vlan_case(struct vsw_test *t, const struct vsw_vlan_case *c)
{
	u64 source = c->from ? VSW_STATION(c->from) : VSW_TEST_SWITCH;
	struct vsw_vlan_frame rest;
	unsigned int len, num = 0;
	u32 drop = 0, learned, at;
	u16 pcp;
	int in;

	in = vsw_vlan_model_in(vsw_vlan_kind(c, c->from), c->frame, &rest, &pcp);
	learned = in > 0 && c->from && !vsw_test_find(t, vsw_test_key(source, in));
	vsw_vlan_send(t, c->from, VSW_VLAN_ALL, source, c->frame, c->form);
	len = t->len;
	if (in > 0)
		num = vsw_vlan_expect_out(t, c, source, in, pcp, &rest);
	if (in < 0)
		drop = -in;
	else if (!num)
		drop = VSWITCH_A_DROPS_NO_EGRESS;
	vsw_expect(t, c->from, .rx = 1, .rx_bytes = len, .multicast = 1,
		   .learned = learned, .drop = drop);
	vsw_expect_quiet(t);
	if (!learned)
		return;
	at = vsw_fdb_port(vsw_test_find(t, vsw_test_key(source, in)));
	KUNIT_EXPECT_EQ(t->test, (int)at, c->from);
}

/* Which case it is, for who reads a failure. */
static bool vsw_vlan_told(struct vsw_test *t, const struct vsw_vlan_case *c)
{
	if (t->test->status == KUNIT_SUCCESS)
		return true;
	kunit_err(t->test, "from %d, form %u, host %d, frame %d", c->from,
		  c->form, (int)(c->host - vsw_kinds),
		  (int)(c->frame - vsw_vlan_frames));
	return false;
}

static void vsw_vlan_from_all(struct vsw_test *t, struct vsw_vlan_case *c)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vsw_vlan_frames); i++) {
		c->frame = &vsw_vlan_frames[i];
		for (c->form = 0; c->form < VSW_FORMS; c->form++)
			for (c->from = 0; c->from < VSW_VLAN_ENDS; c->from++) {
				vsw_vlan_case(t, c);
				if (!vsw_vlan_told(t, c))
					return;
			}
	}
}

/* The host has each of the kinds in turn, and can send tags inside the data. */
static void vsw_vlan_all_ways(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_vlan_case c = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vsw_kinds); i++) {
		c.host = &vsw_kinds[i];
		vsw_vlan_set(t, 0, c.host);
		vsw_vlan_from_all(t, &c);
	}
}

/* Tags that no port puts on itself, but the core. */
static void vsw_vlan_all_ways_no_offload(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	for (i = 1; i < VSW_VLAN_ENDS; i++)
		vsw_mock_features(t, i, 0);
	vsw_vlan_all_ways(test);
}

/* --- one way -------------------------------------------------------------- */

static const struct vsw_vlan_frame vsw_untagged;
static const struct vsw_vlan_frame vsw_tagged_10 = { 1, { VSW_C(10) } };

static void vsw_vlan_runts(struct kunit *test)
{
	struct vsw_vlan_frame frame = { 1 };
	struct vsw_test *t = test->priv;
	unsigned int i, len;

	for (i = 0; i < 2 * VLAN_HLEN; i++) {
		frame.tag[0] = i < VLAN_HLEN ? VSW_C(10) : VSW_S(10);
		/* Untagged there, 802.1Q and 802.1ad. */
		vsw_vlan_set(t, 0, &vsw_kinds[i < VLAN_HLEN ? 2 : 8]);
		vsw_vlan_make(t, VSW_TEST_BROADCAST, VSW_TEST_SWITCH, &frame);
		len = ETH_HLEN + i % VLAN_HLEN;
		t->len = len;
		vsw_test_send_skb(t, 0, vsw_test_skb(t, ETH_HLEN));
		vsw_expect(t, 0, .rx = 1, .rx_bytes = len, .broadcast = 1,
			   .drop = VSWITCH_A_DROPS_RUNT);
		vsw_expect_quiet(t);
	}
}

/* The Ethernet header and the tag, and nothing else. */
static void vsw_vlan_shortest(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_vlan_set(t, 0, &vsw_kinds[2]);
	vsw_test_teach(t, 1, VSW_STATION(1), 10);
	vsw_vlan_make(t, VSW_STATION(1), VSW_TEST_SWITCH, &vsw_tagged_10);
	t->len = VLAN_ETH_HLEN;
	vsw_test_send_skb(t, 0, vsw_test_skb(t, ETH_HLEN));
	vsw_expect(t, 0, .rx = 1, .rx_bytes = VLAN_ETH_HLEN);
	vsw_vlan_make(t, VSW_STATION(1), VSW_TEST_SWITCH, &vsw_untagged);
	t->len = ETH_HLEN;
	vsw_expect_got(t, 1);
	vsw_expect(t, 1, .tx = 1, .tx_bytes = ETH_HLEN);
	vsw_expect_quiet(t);
}

/* The very skb goes through, without a copy. */
static void vsw_vlan_unicast(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 2, VSW_STATION(2), 10);
	vsw_vlan_send(t, 1, VSW_STATION(2), VSW_STATION(1), &vsw_untagged, 0);
	vsw_expect(t, 1, .rx = 1, .rx_bytes = t->len, .learned = 1);
	vsw_vlan_make(t, VSW_STATION(2), VSW_STATION(1), &vsw_tagged_10);
	KUNIT_EXPECT_TRUE(test, vsw_expect_got(t, 2));
	vsw_expect(t, 2, .tx = 1, .tx_bytes = t->len);
	vsw_expect_quiet(t);

	vsw_vlan_send(t, 2, VSW_STATION(1), VSW_STATION(2), &vsw_tagged_10, 0);
	vsw_expect(t, 2, .rx = 1, .rx_bytes = t->len);
	vsw_vlan_make(t, VSW_STATION(1), VSW_STATION(2), &vsw_untagged);
	KUNIT_EXPECT_TRUE(test, vsw_expect_got(t, 1));
	vsw_expect(t, 1, .tx = 1, .tx_bytes = t->len);
	vsw_expect_quiet(t);
}

/* An address that is in two VLANs is at two ports, and does not wander. */
static void vsw_vlan_address_in_two(struct kunit *test)
{
	static const struct vsw_vlan_frame in_20 = { 1, { VSW_C(20) } };
	struct vsw_test *t = test->priv;
	int i;

	vsw_vlan_send(t, 1, VSW_VLAN_ALL, VSW_STATION(9), &vsw_untagged, 0);
	vsw_vlan_send(t, 6, VSW_VLAN_ALL, VSW_STATION(9), &vsw_untagged, 0);
	vsw_test_reset(t);
	for (i = 0; i < 2; i++) {
		vsw_vlan_send(t, 2, VSW_STATION(9), VSW_STATION(2),
			      i ? &in_20 : &vsw_tagged_10, 0);
		vsw_expect(t, 2, .rx = 1, .rx_bytes = t->len, .learned = 1);
		vsw_vlan_make(t, VSW_STATION(9), VSW_STATION(2), &vsw_untagged);
		vsw_expect_got(t, i ? 6 : 1);
		vsw_expect(t, i ? 6 : 1, .tx = 1, .tx_bytes = t->len);
		vsw_expect_quiet(t);
	}
}

/* The port that the destination is at is not in the VLAN. */
static void vsw_vlan_egress(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 6, VSW_STATION(6), 10);
	vsw_test_teach(t, 7, VSW_STATION(7), 10);
	vsw_vlan_send(t, 1, VSW_STATION(6), VSW_STATION(1), &vsw_untagged, 0);
	vsw_expect(t, 1, .rx = 1, .rx_bytes = t->len, .learned = 1);
	vsw_expect(t, 6, .drop = VSWITCH_A_DROPS_EGRESS_VLAN);
	vsw_expect_quiet(t);
	vsw_vlan_send(t, 1, VSW_STATION(7), VSW_STATION(1), &vsw_untagged, 0);
	vsw_expect(t, 1, .rx = 1, .rx_bytes = t->len);
	vsw_expect(t, 7, .drop = VSWITCH_A_DROPS_EGRESS_VLAN);
	vsw_expect_quiet(t);
	/* The switch's own address is the host's, in whatever VLAN. */
	vsw_vlan_send(t, 6, VSW_TEST_SWITCH, VSW_STATION(6), &vsw_untagged, 0);
	vsw_expect(t, 6, .rx = 1, .rx_bytes = t->len, .learned = 1);
	vsw_expect(t, 0, .drop = VSWITCH_A_DROPS_EGRESS_VLAN);
	vsw_expect_quiet(t);
}

/* Back out of a trunk a frame has the tag that its VLAN has there. */
static void vsw_vlan_hairpin(struct kunit *test)
{
	static const struct vsw_vlan_frame in_40 = { 1, { VSW_C(0xa000 | 1000) } };
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_HAIRPIN),
		.to.hairpin = true,
	};
	struct vsw_test *t = test->priv;
	u32 val;
	int i;

	vsw_test_set(t, 4, &cfg);
	vsw_test_teach(t, 4, VSW_STATION(5), 40);
	for (i = 0; i < VSW_FORMS; i++) {
		vsw_vlan_send(t, 4, VSW_STATION(5), VSW_STATION(4), &in_40, i);
		vsw_expect(t, 4, .rx = 1, .rx_bytes = t->len, .tx = 1,
			   .tx_bytes = t->len, .learned = !i);
		vsw_expect_got(t, 4);
		vsw_expect_quiet(t);
	}
	val = vsw_test_find(t, vsw_test_key(VSW_STATION(4), 40));
	KUNIT_EXPECT_EQ(test, vsw_fdb_port(val), t->end[4].port->number);
}

/* A port that is not in the VLAN has no part in why nobody got the frame. */
static void vsw_vlan_flood_off(struct kunit *test)
{
	static const struct vsw_vlan_frame in_30 = { 1, { VSW_C(30) } };
	static const struct vsw_vlan_frame in_1 = { 1, { VSW_C(4094) } };
	const struct vsw_port_cfg off = {
		.set = BIT_ULL(VSWITCH_A_PORT_FLOOD),
	};
	struct vsw_test *t = test->priv;
	int i;

	for (i = 1; i < VSW_VLAN_ENDS; i++)
		vsw_test_set(t, i, &off);
	vsw_vlan_send(t, 3, VSW_VLAN_ALL, VSW_STATION(3), &in_30, 0);
	vsw_expect(t, 3, .rx = 1, .rx_bytes = t->len, .multicast = 1, .learned = 1,
		   .drop = VSWITCH_A_DROPS_FLOOD_OFF);
	vsw_expect_quiet(t);
	vsw_vlan_send(t, 4, VSW_VLAN_ALL, VSW_STATION(4), &in_1, 0);
	vsw_expect(t, 4, .rx = 1, .rx_bytes = t->len, .multicast = 1, .learned = 1,
		   .drop = VSWITCH_A_DROPS_NO_EGRESS);
	vsw_expect_quiet(t);
}

/* A station may send in the VLAN of its entry, and in no other. */
static void vsw_vlan_locked(struct kunit *test)
{
	static const struct vsw_vlan_frame in_40 = { 1, { VSW_C(1000) } };
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_LOCKED),
		.to.locked = true,
	};
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 1, VSW_STATION(1), 10);
	vsw_test_teach(t, 4, VSW_STATION(4), 10);
	vsw_test_set(t, 4, &cfg);
	vsw_vlan_send(t, 4, VSW_STATION(1), VSW_STATION(4), &in_40, 0);
	vsw_expect(t, 4, .rx = 1, .rx_bytes = t->len,
		   .drop = VSWITCH_A_DROPS_LOCKED);
	vsw_expect_quiet(t);
	vsw_vlan_send(t, 4, VSW_STATION(1), VSW_STATION(4), &vsw_untagged, 0);
	vsw_expect(t, 4, .rx = 1, .rx_bytes = t->len);
	vsw_expect_got(t, 1);
	vsw_expect(t, 1, .tx = 1, .tx_bytes = t->len);
	vsw_expect_quiet(t);
}

/* What counts is the policy at the time that the frame gets its tag, or none. */
static void vsw_vlan_left_meanwhile(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	for (i = 0; i < VSW_VLAN_ENDS; i++) {
		struct vsw_frame f = {
			.sw = t->sw,
			.in = t->end[1].port,
			.fid = vsw_fdb_key_of(0, 50),
			.mode = VSW_MODE_UP | VSW_MODE_VLAN,
		};

		vsw_vlan_make(t, VSW_STATION(2), VSW_STATION(1), &vsw_untagged);
		f.skb = vsw_test_skb(t, t->len);
		__skb_pull(f.skb, ETH_HLEN);
		f.len = t->len;
		local_bh_disable();
		rcu_read_lock();
		KUNIT_EXPECT_FALSE(test, vsw_out_is_member(&f, t->end[i].port));
		vsw_out_xmit(&f, t->end[i].port, f.skb, i & 1);
		rcu_read_unlock();
		local_bh_enable();
		vsw_expect(t, i, .drop = VSWITCH_A_DROPS_EGRESS_VLAN);
		vsw_expect_quiet(t);
	}
}

/* What is for the next station only, is not a matter of VLANs. */
static void vsw_vlan_reserved(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	for (i = 1; i < VSW_VLAN_ENDS; i++) {
		vsw_vlan_send(t, i, 0x0180c200000eULL, VSW_STATION(i),
			      &vsw_untagged, 0);
		vsw_expect_got_up(t, i);
		vsw_expect(t, i, .rx = 1, .rx_bytes = t->len, .multicast = 1);
		vsw_expect_quiet(t);
	}
}

/* --- large frames --------------------------------------------------------- */

#define VSW_VLAN_MSS	1000
#define VSW_VLAN_IP	(sizeof(struct iphdr) + sizeof(struct tcphdr))

/* TCP over IPv4 with an open checksum, in three segments. */
static struct sk_buff *vsw_vlan_tcp(struct vsw_test *t, u64 dest, u64 source,
				    const struct vsw_vlan_frame *frame)
{
	unsigned int head = ETH_HLEN + frame->num * VLAN_HLEN;
	struct iphdr *ip = (void *)(t->data + head);
	struct tcphdr *th = (void *)(ip + 1);
	struct sk_buff *skb;

	vsw_test_frame(t, dest, source, head + VSW_VLAN_IP + 2500, frame->tag,
		       frame->num);
	put_unaligned_be16(ETH_P_IP, t->data + head - 2);
	memset(ip, 0, VSW_VLAN_IP);
	ip->version = 4;
	ip->ihl = 5;
	ip->ttl = 64;
	ip->protocol = IPPROTO_TCP;
	ip->tot_len = htons(t->len - head);
	ip->saddr = htonl(0xc0000201);
	ip->daddr = htonl(0xc0000202);
	ip_send_check(ip);
	th->doff = sizeof(*th) / 4;
	th->check = ~tcp_v4_check(t->len - head - sizeof(*ip), ip->saddr,
				  ip->daddr, 0);
	skb = vsw_test_skb(t, head + VSW_VLAN_IP);
	skb_set_network_header(skb, head);
	skb_partial_csum_set(skb, head + sizeof(*ip),
			     offsetof(struct tcphdr, check));
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	skb_shinfo(skb)->gso_size = VSW_VLAN_MSS;
	skb_shinfo(skb)->gso_segs = 3;
	return skb;
}

static void vsw_vlan_check_segment(struct vsw_test *t, struct sk_buff *skb,
				   const struct vsw_vlan_frame *want)
{
	unsigned int head = ETH_HLEN + want->num * VLAN_HLEN;
	unsigned int i, len = vsw_test_bytes(skb, t->room);
	const struct iphdr *ip = (void *)(t->room + head);

	for (i = 0; i < want->num; i++)
		KUNIT_EXPECT_EQ(t->test, get_unaligned_be32(t->room + 12 + 4 * i),
				want->tag[i]);
	KUNIT_EXPECT_EQ(t->test, get_unaligned_be16(t->room + head - 2), ETH_P_IP);
	KUNIT_EXPECT_EQ(t->test, (unsigned int)ntohs(ip->tot_len), len - head);
	KUNIT_EXPECT_EQ(t->test, ip_fast_csum(ip, ip->ihl), 0);
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return;
	KUNIT_EXPECT_EQ(t->test, tcp_v4_check(len - head - sizeof(*ip), ip->saddr,
					      ip->daddr, csum_partial(ip + 1,
					      len - head - sizeof(*ip), 0)), 0);
}

/* The port's device can neither segment nor put tags on: the core has to. */
static void vsw_vlan_expect_segments(struct vsw_test *t, int end,
				     const struct vsw_vlan_frame *want)
{
	struct sk_buff *skb;
	unsigned int num;

	for (num = 0; (skb = skb_dequeue(&t->end[end].got)); num++) {
		vsw_vlan_check_segment(t, skb, want);
		kfree_skb(skb);
	}
	KUNIT_EXPECT_EQ_MSG(t->test, num, 3, "end %d", end);
	if (t->test->status != KUNIT_SUCCESS)
		kunit_err(t->test, "end %d", end);
}

static const struct vsw_vlan_large {
	int from, to;
	u16 vlan;
	struct vsw_vlan_frame in, out;
} vsw_vlan_large[] = {
	{ 1, 2, 10, { 0 }, { 1, { VSW_C(10) } } },
	{ 2, 1, 10, { 1, { VSW_C(0xa00a) } }, { 0 } },
	{ 2, 8, 10, { 1, { VSW_C(0xa00a) } }, { 1, { VSW_S(0xa00a) } } },
	{ 2, 4, 20, { 1, { VSW_C(20) } }, { 1, { VSW_S(20) } } },
	{ 5, 8, 10, { 1, { VSW_C(0x6007) } },
	  { 2, { VSW_S(0x600a), VSW_C(0x6007) } } },
	{ 5, 1, 10, { 2, { VSW_C(7), VSW_C(8) } },
	  { 2, { VSW_C(7), VSW_C(8) } } },
	{ 5, 2, 10, { 1, { VSW_C(7) } }, { 2, { VSW_C(10), VSW_C(7) } } },
	{ 8, 5, 10, { 2, { VSW_S(10), VSW_C(7) } }, { 1, { VSW_C(7) } } },
	{ 0, 8, 10, { 1, { VSW_C(10) } }, { 1, { VSW_S(10) } } },
};

static void vsw_vlan_large_case(struct vsw_test *t, const struct vsw_vlan_large *c,
				bool beside)
{
	u64 source = c->from ? VSW_STATION(c->from) : VSW_TEST_SWITCH;
	struct sk_buff *skb;

	if (!vsw_test_find(t, vsw_test_key(VSW_STATION(c->to), c->vlan)))
		vsw_test_teach(t, c->to, VSW_STATION(c->to), c->vlan);
	skb = vsw_vlan_tcp(t, VSW_STATION(c->to), source, &c->in);
	if (beside && c->in.num)
		vsw_test_skb_tag(t, skb);
	vsw_test_send_skb(t, c->from, skb);
	vsw_vlan_expect_segments(t, c->to, &c->out);
	vsw_test_reset(t);
}

static void vsw_vlan_segments(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	unsigned int i;

	vsw_vlan_set(t, 0, &vsw_kinds[2]);
	for (i = 1; i < VSW_VLAN_ENDS; i++)
		vsw_mock_features(t, i, 0);
	for (i = 0; i < 2 * ARRAY_SIZE(vsw_vlan_large); i++) {
		vsw_vlan_large_case(t, &vsw_vlan_large[i / 2], i % 2);
		if (test->status != KUNIT_SUCCESS) {
			kunit_err(test, "case %u, beside %u", i / 2, i % 2);
			return;
		}
	}
}

/* With offloads and all ports at once: each has the tags that are its own. */
static void vsw_vlan_large_flooded(struct kunit *test)
{
	static const struct vsw_vlan_frame out[] = {
		[2] = { 2, { VSW_C(10), VSW_C(7) } },
		[3] = { 2, { VSW_C(10), VSW_C(7) } },
		[8] = { 2, { VSW_S(10), VSW_C(7) } },
	};
	static const struct vsw_vlan_frame in = { 1, { VSW_C(7) } };
	struct vsw_test *t = test->priv;
	struct sk_buff *skb;
	int i;

	for (i = 2; i < VSW_VLAN_ENDS; i += 2)
		vsw_mock_features(t, i, 0);
	skb = vsw_vlan_tcp(t, VSW_VLAN_ALL, VSW_STATION(5), &in);
	vsw_test_skb_tag(t, skb);
	vsw_test_send_skb(t, 5, skb);
	vsw_vlan_expect_segments(t, 2, &out[2]);
	vsw_vlan_expect_segments(t, 8, &out[8]);
	/* Of two tags, the core leaves nothing to a device. */
	vsw_vlan_expect_segments(t, 3, &out[3]);
	skb = skb_dequeue(&t->end[1].got);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_TRUE(test, skb_is_gso(skb));
	KUNIT_EXPECT_EQ(test, skb_checksum_start_offset(skb),
			(int)(ETH_HLEN + VLAN_HLEN + sizeof(struct iphdr)));
	kfree_skb(skb);
	/* The customer's tag would say another VLAN there. */
	KUNIT_EXPECT_EQ(test, skb_queue_len(&t->end[4].got), 0U);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&t->end[6].got), 0U);
	KUNIT_EXPECT_EQ(test, skb_queue_len(&t->end[7].got), 0U);
}

/* What the NIC has summed up is no longer what there is. */
static void vsw_vlan_complete_checksum(struct kunit *test)
{
	static const struct vsw_vlan_frame customer = { 1, { VSW_C(7) } };
	struct vsw_test *t = test->priv;
	struct sk_buff *skb;

	vsw_vlan_make(t, VSW_VLAN_ALL, VSW_STATION(5), &customer);
	skb = vsw_test_skb(t, t->len);
	skb->csum = csum_partial(t->data + ETH_HLEN, t->len - ETH_HLEN, 0);
	skb->ip_summed = CHECKSUM_COMPLETE;
	vsw_test_skb_tag(t, skb);
	vsw_test_send_skb(t, 5, skb);
	skb = skb_dequeue(&t->end[0].got);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_NE(test, (int)skb->ip_summed, CHECKSUM_COMPLETE);
	kfree_skb(skb);
}

/* A tag does not count against the MTU, whosever it is. */
static void vsw_vlan_mtu(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	unsigned int more, i;

	vsw_test_teach(t, 1, VSW_STATION(1), 10);
	vsw_test_teach(t, 8, VSW_STATION(8), 10);
	for (i = 0; i < 4; i++) {
		const struct vsw_vlan_frame *in = i & 1 ? &vsw_tagged_10 :
							  &vsw_untagged;
		int to = i & 2 ? 8 : 1;

		for (more = 0; more < 2; more++) {
			vsw_test_frame(t, VSW_STATION(to), VSW_STATION(5),
				       ETH_FRAME_LEN + in->num * VLAN_HLEN + more,
				       in->tag, in->num);
			vsw_test_send_skb(t, 5, vsw_test_skb(t, t->len));
			KUNIT_EXPECT_EQ_MSG(test, skb_queue_len(&t->end[to].got),
					    1 - more, "case %u", i);
			vsw_test_reset(t);
		}
	}
}

/* --- changes -------------------------------------------------------------- */

static void vsw_vlan_static(struct vsw_test *t, u64 addr, u16 vlan, u16 port)
{
	struct vsw_fdb_change ch = {
		.key = vsw_test_key(addr, vlan),
		.port = port,
	};
	u32 bad;

	KUNIT_ASSERT_EQ(t->test, vsw_test_add(t, &ch, 1, false, &bad), 0);
}

static bool vsw_vlan_known(struct vsw_test *t, u64 addr, u16 vlan)
{
	return vsw_test_find(t, vsw_test_key(addr, vlan));
}

/* Of the entries, those of this port in the VLANs that it leaves. */
static void vsw_vlan_flush_on_leaving(struct kunit *test)
{
	static const struct vsw_vlan_kind less = {
		VSWITCH_VLAN_MODE_TRUNK, 4094, { { VSW_S(7), 20 } }
	};
	struct vsw_test *t = test->priv;

	vsw_test_teach(t, 2, VSW_STATION(2), 10);
	vsw_test_teach(t, 2, VSW_STATION(2), 20);
	vsw_test_teach(t, 2, VSW_STATION(2), 4094);
	vsw_test_teach(t, 3, VSW_STATION(3), 10);
	vsw_vlan_static(t, VSW_STATION(12), 10, 2);
	vsw_vlan_static(t, VSW_STATION(12), 20, 2);
	/* Where it never was. */
	vsw_vlan_static(t, VSW_STATION(12), 0, 2);
	vsw_vlan_static(t, VSW_STATION(12), 50, 2);
	vsw_vlan_set(t, 2, &less);
	KUNIT_EXPECT_FALSE(test, vsw_vlan_known(t, VSW_STATION(2), 10));
	KUNIT_EXPECT_TRUE(test, vsw_vlan_known(t, VSW_STATION(2), 20));
	KUNIT_EXPECT_TRUE(test, vsw_vlan_known(t, VSW_STATION(2), 4094));
	KUNIT_EXPECT_TRUE(test, vsw_vlan_known(t, VSW_STATION(3), 10));
	KUNIT_EXPECT_FALSE(test, vsw_vlan_known(t, VSW_STATION(12), 10));
	KUNIT_EXPECT_TRUE(test, vsw_vlan_known(t, VSW_STATION(12), 20));
	vsw_vlan_set(t, 2, &vsw_kinds[7]);
	KUNIT_EXPECT_TRUE(test, vsw_vlan_known(t, VSW_STATION(12), 0));
	KUNIT_EXPECT_TRUE(test, vsw_vlan_known(t, VSW_STATION(12), 50));
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 3U);
}

static void vsw_vlan_other_setting_keeps(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	for (i = 1; i < VSW_VLAN_ENDS; i++) {
		vsw_test_role(t, i, VSWITCH_ROLE_UPLINK);
		vsw_test_role(t, i, VSWITCH_ROLE_GUEST);
	}
	vsw_vlan_all_ways(test);
}

static void vsw_vlan_toggle(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	int i;

	vsw_test_teach(t, 1, VSW_STATION(1), 10);
	vsw_vlan_static(t, VSW_STATION(12), 10, 1);
	vsw_vlan_aware(t, true);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 2U);
	vsw_vlan_aware(t, false);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 1U);
	KUNIT_EXPECT_TRUE(test, vsw_vlan_known(t, VSW_STATION(12), 10));

	/* Tags are what they were, and all ports get them. */
	vsw_vlan_send(t, 7, VSW_VLAN_ALL, VSW_STATION(7), &vsw_tagged_10, 0);
	vsw_expect(t, 7, .rx = 1, .rx_bytes = t->len, .multicast = 1, .learned = 1);
	for (i = 0; i < VSW_VLAN_ENDS; i++) {
		if (i == 7)
			continue;
		vsw_expect_got(t, i);
		vsw_expect(t, i, .tx = 1, .tx_bytes = t->len, .flooded = 1);
	}
	vsw_expect_quiet(t);
	KUNIT_EXPECT_TRUE(test, vsw_vlan_known(t, VSW_STATION(7), 10));

	vsw_vlan_aware(t, true);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 1U);
	vsw_vlan_all_ways(test);
}

/* A port that comes is in no VLAN. */
static void vsw_vlan_new_port(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_test_detach(t, 1);
	KUNIT_ASSERT_EQ(test, vsw_test_attach(t, 1), 0);
	vsw_vlan_send(t, 1, VSW_VLAN_ALL, VSW_STATION(1), &vsw_untagged, 0);
	vsw_expect(t, 1, .rx = 1, .rx_bytes = t->len, .multicast = 1,
		   .drop = VSWITCH_A_DROPS_VLAN_NONE);
	vsw_expect_quiet(t);
	vsw_vlan_access(t, 1, 77);
	vsw_vlan_send(t, 1, VSW_VLAN_ALL, VSW_STATION(1), &vsw_untagged, 0);
	vsw_expect(t, 1, .rx = 1, .rx_bytes = t->len, .multicast = 1,
		   .learned = 1, .drop = VSWITCH_A_DROPS_NO_EGRESS);
	vsw_expect_quiet(t);
}

/* --- requests that are refused -------------------------------------------- */

/* Requests that are refused: a part of the sentence; mode, or -1 for none; VLAN, or 0
 * for none; one VLAN of each list, or -1 if there is no list; translations, if any is
 * not 0.
 */
static const struct vsw_vlan_bad {
	const char *says;
	int mode;
	u16 vid;
	int trunk, service;
	u16 pair[4];
} vsw_vlan_bad[] = {
	{ "vlan-mode, which is missing", -1, 10, -1, -1 },
	{ "vlan-mode, which is missing", -1, 0, 10, -1 },
	{ "vlan-mode, which is missing", -1, 0, -1, 10 },
	{ "vlan-mode, which is missing", -1, 0, -1, -1, { 1, 2 } },
	{ "none has no VLAN", VSWITCH_VLAN_MODE_NONE, 10, -1, -1 },
	{ "needs a VLAN", VSWITCH_VLAN_MODE_ACCESS, 0, -1, -1 },
	{ "needs a VLAN", VSWITCH_VLAN_MODE_DOT1Q_TUNNEL, 0, -1, -1 },
	{ "only a port of vlan-mode trunk", VSWITCH_VLAN_MODE_NONE, 0, 10, -1 },
	{ "only a port of vlan-mode trunk", VSWITCH_VLAN_MODE_ACCESS, 1, 10, -1 },
	{ "only a port of vlan-mode trunk", VSWITCH_VLAN_MODE_ACCESS, 1, -1, 9 },
	{ "only a port of vlan-mode trunk", VSWITCH_VLAN_MODE_DOT1Q_TUNNEL, 1,
	  -1, -1, { 1, 2 } },
	{ "a trunk needs VLANs", VSWITCH_VLAN_MODE_TRUNK, 10, -1, -1 },
	{ "a trunk needs VLANs", VSWITCH_VLAN_MODE_TRUNK, 0, -1, -1, { 1, 2 } },
	{ "are no VLANs", VSWITCH_VLAN_MODE_TRUNK, 0, 0, -1 },
	{ "are no VLANs", VSWITCH_VLAN_MODE_TRUNK, 0, 4095, 10 },
	{ "are no VLANs", VSWITCH_VLAN_MODE_TRUNK, 0, 10, 0 },
	{ "are no VLANs", VSWITCH_VLAN_MODE_TRUNK, 0, -1, 4095 },
	{ "in both lists", VSWITCH_VLAN_MODE_TRUNK, 0, 10, 10 },
	{ "are 1 to 4094", VSWITCH_VLAN_MODE_TRUNK, 0, 10, -1, { 0, 10 } },
	{ "are 1 to 4094", VSWITCH_VLAN_MODE_TRUNK, 0, 10, -1, { 10, 0 } },
	{ "are 1 to 4094", VSWITCH_VLAN_MODE_TRUNK, 0, 10, -1, { 4095, 10 } },
	{ "are 1 to 4094", VSWITCH_VLAN_MODE_TRUNK, 0, 10, -1, { 10, 65535 } },
	{ "native VLAN has no tag", VSWITCH_VLAN_MODE_TRUNK, 10, 10, -1, { 5, 10 } },
	{ "one of the trunk", VSWITCH_VLAN_MODE_TRUNK, 0, 10, -1, { 5, 11 } },
	{ "translated twice", VSWITCH_VLAN_MODE_TRUNK, 0, 10, -1, { 5, 10, 6, 10 } },
	{ "same number", VSWITCH_VLAN_MODE_TRUNK, 0, 10, 11, { 11, 10 } },
	{ "same number", VSWITCH_VLAN_MODE_TRUNK, 0, 10, 11, { 5, 10, 5, 11 } },
};

static struct sk_buff *vsw_vlan_bad_msg(struct vsw_test *t,
					const struct vsw_vlan_bad *bad)
{
	u8 trunk[VSWITCH_VLAN_LIST_LEN] = {}, service[sizeof(trunk)] = {};
	u8 pairs[VSWITCH_TRANSLATE_LEN] = {};
	struct sk_buff *msg = vsw_vlan_msg(t);

	if (bad->mode >= 0)
		nla_put_u32(msg, VSWITCH_A_PORT_VLAN_MODE, bad->mode);
	if (bad->vid)
		nla_put_u16(msg, VSWITCH_A_PORT_VLAN, bad->vid);
	if (bad->trunk >= 0) {
		vsw_vlan_put_bit(trunk, bad->trunk);
		nla_put(msg, VSWITCH_A_PORT_TRUNK, sizeof(trunk), trunk);
	}
	if (bad->service >= 0) {
		vsw_vlan_put_bit(service, bad->service);
		nla_put(msg, VSWITCH_A_PORT_SERVICE, sizeof(service), service);
	}
	/* At the end, where the last ones are. */
	memcpy(pairs + sizeof(pairs) - sizeof(bad->pair), bad->pair,
	       sizeof(bad->pair));
	if (memchr_inv(pairs, 0, sizeof(pairs)))
		nla_put(msg, VSWITCH_A_PORT_TRANSLATE, sizeof(pairs), pairs);
	return msg;
}

static void vsw_vlan_refused(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	const struct vsw_policy *before = rcu_access_pointer(t->end[4].port->policy);
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(vsw_vlan_bad); i++) {
		struct netlink_ext_ack extack = {};

		err = vsw_vlan_try(t, 4, vsw_vlan_bad_msg(t, &vsw_vlan_bad[i]),
				   &extack);
		KUNIT_EXPECT_EQ_MSG(test, err, -EINVAL, "case %u", i);
		KUNIT_EXPECT_TRUE_MSG(test, extack._msg &&
				      strstr(extack._msg, vsw_vlan_bad[i].says),
				      "case %u: %s", i, extack._msg);
		KUNIT_EXPECT_TRUE_MSG(test, extack.bad_attr || extack.miss_type ||
				      !strcmp(vsw_vlan_bad[i].says,
					      "a trunk needs VLANs"),
				      "case %u: no attribute", i);
		KUNIT_EXPECT_PTR_EQ(test, before,
				    rcu_access_pointer(t->end[4].port->policy));
	}
}

/* What a message says is what the request said. */
static void vsw_vlan_said(struct kunit *test)
{
	struct nlattr *attrs[VSWITCH_A_PORT_MAX + 1];
	struct vsw_test *t = test->priv;
	struct sk_buff *msg;
	int i;

	for (i = 0; i < VSW_VLAN_ENDS; i++) {
		msg = vsw_vlan_msg(t);
		rtnl_lock();
		KUNIT_EXPECT_EQ(test, vsw_nl_vlan_put(msg, t->end[i].port), 0);
		KUNIT_EXPECT_LE(test, msg->len, vsw_nl_vlan_size());
		rtnl_unlock();
		vsw_vlan_set(t, i, &vsw_kinds[7]);
		/* Said of the switch, it cannot be set. */
		vsw_vlan_attrs(msg, attrs);
		KUNIT_EXPECT_EQ(test, nla_get_u8(attrs[VSWITCH_A_PORT_VLAN_AWARE]), 1);
		KUNIT_EXPECT_EQ(test, vsw_vlan_try(t, i, msg, NULL), 0);
	}
	vsw_vlan_all_ways(test);
}

static struct kunit_case vsw_vlan_cases[] = {
	KUNIT_CASE(vsw_vlan_all_ways),
	KUNIT_CASE(vsw_vlan_all_ways_no_offload),
	KUNIT_CASE(vsw_vlan_runts),
	KUNIT_CASE(vsw_vlan_shortest),
	KUNIT_CASE(vsw_vlan_unicast),
	KUNIT_CASE(vsw_vlan_address_in_two),
	KUNIT_CASE(vsw_vlan_egress),
	KUNIT_CASE(vsw_vlan_hairpin),
	KUNIT_CASE(vsw_vlan_flood_off),
	KUNIT_CASE(vsw_vlan_locked),
	KUNIT_CASE(vsw_vlan_left_meanwhile),
	KUNIT_CASE(vsw_vlan_reserved),
	KUNIT_CASE(vsw_vlan_segments),
	KUNIT_CASE(vsw_vlan_large_flooded),
	KUNIT_CASE(vsw_vlan_complete_checksum),
	KUNIT_CASE(vsw_vlan_mtu),
	KUNIT_CASE(vsw_vlan_flush_on_leaving),
	KUNIT_CASE(vsw_vlan_other_setting_keeps),
	KUNIT_CASE(vsw_vlan_toggle),
	KUNIT_CASE(vsw_vlan_new_port),
	KUNIT_CASE(vsw_vlan_refused),
	KUNIT_CASE(vsw_vlan_said),
	{}
};

static struct kunit_suite vsw_vlan_suite = {
	.name = "vswitch_vlan",
	.init = vsw_vlan_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_vlan_cases,
};

kunit_test_suite(vsw_vlan_suite);
