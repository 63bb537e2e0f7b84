// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: the VLANs of the ends, and what they are to do with a frame.
 */
#include <linux/if_vlan.h>
#include <linux/mm.h>
#include <linux/unaligned.h>
#include "../table/private_vlan.h"
#include "fuzz.h"

/* Numbers that are in tags of the fuzzer's frames, in some order or other. */
static const u16 vsw_fuzz_vlans[VSW_FUZZ_VLANS] = { 7, 8, 100, 4094 };

/* What a VLAN is among private ones. */
static u32 vsw_fuzz_private(const struct vsw_fuzz *fz, u16 vlan)
{
	unsigned int i;

	for (i = 0; i < VSW_FUZZ_VLANS; i++)
		if (vsw_fuzz_vlans[i] == vlan)
			return fz->private[i];
	return VSWITCH_PRIVATE_VLAN_NONE;
}

static u16 vsw_fuzz_primary(const struct vsw_fuzz *fz)
{
	unsigned int i;

	for (i = 0; i < VSW_FUZZ_VLANS; i++)
		if (fz->private[i] == VSWITCH_PRIVATE_VLAN_PRIMARY)
			return vsw_fuzz_vlans[i];
	return 0;
}

/* The VLAN of a port or frame counts as this one, for who is known where. */
static u16 vsw_fuzz_fid_of(const struct vsw_fuzz *fz, u16 vlan)
{
	return fz->aware && vsw_fuzz_private(fz, vlan) != VSWITCH_PRIVATE_VLAN_NONE ?
	       vsw_fuzz_primary(fz) : vlan;
}

/**
 * vsw_fuzz_fid() - VLAN that the FDB has the frame's addresses in.
 * @fz: the round
 *
 * Return: the VLAN.
 */
u16 vsw_fuzz_fid(const struct vsw_fuzz *fz)
{
	return vsw_fuzz_fid_of(fz, fz->vlan);
}

/* RFC 5517: whether who is in one VLAN hears what is said in another, or the same. */
static bool vsw_fuzz_hears(const struct vsw_fuzz *fz, u16 own, u16 vlan)
{
	u32 mine = vsw_fuzz_private(fz, own), its = vsw_fuzz_private(fz, vlan);

	if (mine == VSWITCH_PRIVATE_VLAN_NONE || its == VSWITCH_PRIVATE_VLAN_NONE)
		return own == vlan;
	if (mine == VSWITCH_PRIVATE_VLAN_PRIMARY || its == VSWITCH_PRIVATE_VLAN_PRIMARY)
		return true;
	return own == vlan && mine == VSWITCH_PRIVATE_VLAN_COMMUNITY;
}

/**
 * vsw_fuzz_vlan_apart() - Whether a private VLAN keeps the frame from an end.
 * @fz: the round
 * @end: number of the end
 *
 * Return: whether the end could else have it.
 */
bool vsw_fuzz_vlan_apart(const struct vsw_fuzz *fz, unsigned int end)
{
	const struct vsw_fuzz_vlan *v = &fz->end[end].vlans;

	return fz->aware && v->mode != VSWITCH_VLAN_MODE_TRUNK && v->vid &&
	       vsw_fuzz_fid_of(fz, v->vid) == vsw_fuzz_fid(fz) &&
	       !vsw_fuzz_hears(fz, v->vid, fz->vlan);
}

static bool vsw_fuzz_private_refused(const struct vsw_fuzz *fz, const u8 *private)
{
	const struct vsw_fuzz_vlan *v;
	unsigned int i, end;

	for (end = 0; end < VSW_FUZZ_ENDS; end++) {
		v = &fz->end[end].vlans;
		for (i = 0; i < VSW_FUZZ_VLANS; i++)
			if (v->mode == VSWITCH_VLAN_MODE_TRUNK && private[i] &&
			    v->vid == vsw_fuzz_vlans[i])
				return true;
	}
	return false;
}

/**
 * vsw_fuzz_set_private() - Make some VLANs private, or none.
 * @fz: the round
 */
void vsw_fuzz_set_private(struct vsw_fuzz *fz)
{
	unsigned int primary = vsw_fuzz_rnd(fz, VSW_FUZZ_VLANS), i;
	bool some = !vsw_fuzz_one_in(fz, 4), isolated = false;
	struct vsw_private_change ch[VSW_FUZZ_VLANS] = {};
	u8 private[VSW_FUZZ_VLANS] = {};
	u32 bad;
	int err;

	for (i = 0; i < VSW_FUZZ_VLANS; i++) {
		ch[i].vlan = vsw_fuzz_vlans[i];
		if (some && i == primary)
			private[i] = VSWITCH_PRIVATE_VLAN_PRIMARY;
		else if (some && !isolated && vsw_fuzz_one_in(fz, 3))
			private[i] = VSWITCH_PRIVATE_VLAN_ISOLATED;
		else if (some && vsw_fuzz_one_in(fz, 2))
			private[i] = VSWITCH_PRIVATE_VLAN_COMMUNITY;
		isolated |= private[i] == VSWITCH_PRIVATE_VLAN_ISOLATED;
		ch[i].type = private[i];
		if (private[i] > VSWITCH_PRIVATE_VLAN_PRIMARY)
			ch[i].primary = vsw_fuzz_vlans[primary];
	}
	rtnl_lock();
	err = vsw_private_vlans_set(fz->t->sw, ch, VSW_FUZZ_VLANS, &bad, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(fz->t->test, err,
			vsw_fuzz_private_refused(fz, private) ? -EINVAL : 0);
	if (!err)
		memcpy(fz->private, private, sizeof(private));
}

/* Some VLANs for a trunk; with other numbers in their tags, if rot is not 0. */
static void vsw_fuzz_some_trunk(struct vsw_fuzz *fz, struct vsw_fuzz_vlan *v,
				unsigned int rot)
{
	unsigned int i;

	for (i = 0; i < VSW_FUZZ_VLANS; i++) {
		u16 wire = vsw_fuzz_vlans[(i + rot) % VSW_FUZZ_VLANS];
		u16 vlan = vsw_fuzz_vlans[i];

		if (vsw_fuzz_one_in(fz, 4) || (rot && vlan == v->vid))
			continue;
		v->vlan[v->num] = vlan;
		v->tag[v->num] = VSW_TAG(vsw_fuzz_one_in(fz, 3) ? ETH_P_8021AD :
					 ETH_P_8021Q, wire);
		v->num++;
	}
}

static struct vsw_vlans *vsw_fuzz_trunk(struct vsw_fuzz *fz,
					const struct vsw_fuzz_vlan *v)
{
	struct vsw_vlans *vlans;
	unsigned int i;

	vlans = kvzalloc(struct_size(vlans, map, 2 * VLAN_N_VID), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(fz->t->test, vlans);
	vlans->plain = true;
	for (i = 0; i < v->num; i++) {
		u16 wire = v->tag[i];

		__set_bit(v->vlan[i], vlans->member);
		vlans->map[wire] = v->vlan[i];
		vlans->map[VLAN_N_VID + v->vlan[i]] = wire;
		if (v->tag[i] >> 16 == ETH_P_8021AD)
			__set_bit(v->vlan[i], vlans->service);
		if (wire != v->vlan[i])
			vlans->num++;
	}
	if (vlans->num || !bitmap_empty(vlans->service, VLAN_N_VID))
		vlans->plain = false;
	return vlans;
}

/**
 * vsw_fuzz_set_vlans() - Give an end other VLANs.
 * @fz: the round
 * @end: number of the end
 */
void vsw_fuzz_set_vlans(struct vsw_fuzz *fz, unsigned int end)
{
	struct vsw_port_cfg cfg = { .set = BIT_ULL(VSWITCH_A_PORT_VLAN_MODE) };
	struct vsw_fuzz_vlan v = {};

	v.mode = vsw_fuzz_rnd(fz, VSWITCH_VLAN_MODE_DOT1Q_TUNNEL + 1);
	if (v.mode == VSWITCH_VLAN_MODE_TRUNK) {
		v.vid = vsw_fuzz_one_in(fz, 2) ?
			vsw_fuzz_vlans[vsw_fuzz_rnd(fz, VSW_FUZZ_VLANS)] : 0;
		/* That would be refused. */
		if (vsw_fuzz_private(fz, v.vid) != VSWITCH_PRIVATE_VLAN_NONE)
			v.vid = 0;
		vsw_fuzz_some_trunk(fz, &v, vsw_fuzz_rnd(fz, 2) *
				    vsw_fuzz_rnd(fz, VSW_FUZZ_VLANS));
		cfg.vlan.vlans = vsw_fuzz_trunk(fz, &v);
	} else if (v.mode != VSWITCH_VLAN_MODE_NONE) {
		v.vid = vsw_fuzz_vlans[vsw_fuzz_rnd(fz, 2)];
	}
	cfg.vlan.mode = v.mode;
	cfg.vlan.vid = v.vid;
	vsw_test_set(fz->t, end, &cfg);
	kvfree(cfg.vlan.vlans);
	fz->end[end].vlans = v;
}

/**
 * vsw_fuzz_set_aware() - Make the switch VLAN-aware, or not.
 * @fz: the round
 * @aware: whether it is to be
 */
void vsw_fuzz_set_aware(struct vsw_fuzz *fz, bool aware)
{
	int err;

	rtnl_lock();
	err = vsw_vlan_set_aware(fz->t->sw, aware, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(fz->t->test, err, 0);
	fz->aware = aware;
}

static int vsw_fuzz_enter(struct vsw_fuzz *fz, u16 vlan, unsigned int skip)
{
	fz->vlan = vlan;
	fz->skip = skip;
	return 0;
}

static int vsw_fuzz_vlan_tagged(struct vsw_fuzz *fz, u32 tag)
{
	const struct vsw_fuzz_vlan *v = &fz->end[fz->shape.from].vlans;
	u16 next = fz->t->len >= 18 ? get_unaligned_be16(fz->t->data + 16) : 0;
	bool more = next == ETH_P_8021Q || next == ETH_P_8021AD;
	unsigned int i;

	if (v->mode == VSWITCH_VLAN_MODE_NONE)
		return VSWITCH_A_DROPS_VLAN_NONE;
	if (fz->t->len < VLAN_ETH_HLEN)
		return VSWITCH_A_DROPS_RUNT;
	fz->pcp = tag & 0xf000;
	tag &= ~0xf000U;
	if (v->mode == VSWITCH_VLAN_MODE_DOT1Q_TUNNEL)
		return tag >> 16 == ETH_P_8021Q ? vsw_fuzz_enter(fz, v->vid, 0) :
		       VSWITCH_A_DROPS_VLAN_TAGGED;
	if (v->mode == VSWITCH_VLAN_MODE_ACCESS)
		return tag == VSW_TAG(ETH_P_8021Q, 0) && !more ?
		       vsw_fuzz_enter(fz, v->vid, VLAN_HLEN) :
		       VSWITCH_A_DROPS_VLAN_TAGGED;
	if (tag == VSW_TAG(ETH_P_8021Q, 0))
		return v->vid ? vsw_fuzz_enter(fz, v->vid, VLAN_HLEN) :
		       VSWITCH_A_DROPS_VLAN_UNTAGGED;
	for (i = 0; i < v->num; i++)
		if (v->tag[i] == tag)
			return vsw_fuzz_enter(fz, v->vlan[i], VLAN_HLEN);
	return VSWITCH_A_DROPS_VLAN_INGRESS;
}

/**
 * vsw_fuzz_predict_vlan() - What stage in_vlan is to say.
 * @fz: the round; vlan, pcp and skip are set
 *
 * Return: 0, or the reason for a drop.
 */
int vsw_fuzz_predict_vlan(struct vsw_fuzz *fz)
{
	const struct vsw_fuzz_vlan *v = &fz->end[fz->shape.from].vlans;
	u16 type = get_unaligned_be16(fz->t->data + 12);

	fz->pcp = 0;
	fz->skip = 0;
	fz->vlan = type == ETH_P_8021Q && fz->t->len >= VLAN_ETH_HLEN ?
		   get_unaligned_be16(fz->t->data + 14) & VLAN_VID_MASK : 0;
	if (!fz->aware)
		return 0;
	if (type == ETH_P_8021Q || type == ETH_P_8021AD)
		return vsw_fuzz_vlan_tagged(fz, type << 16 |
				(fz->t->len >= 16 ?
				 get_unaligned_be16(fz->t->data + 14) : 0));
	if (v->vid)
		return vsw_fuzz_enter(fz, v->vid, 0);
	return v->mode ? VSWITCH_A_DROPS_VLAN_UNTAGGED : VSWITCH_A_DROPS_VLAN_NONE;
}

/**
 * vsw_fuzz_vlan_out() - How an end is to get the frame.
 * @fz: the round
 * @end: number of the end
 * @tag: where the tag is written that it is to have, 0 for none
 *
 * Return: whether it is to get it.
 */
bool vsw_fuzz_vlan_out(const struct vsw_fuzz *fz, unsigned int end, u32 *tag)
{
	const struct vsw_fuzz_vlan *v = &fz->end[end].vlans;
	unsigned int i;

	*tag = 0;
	if (!fz->aware)
		return true;
	if (v->vid && vsw_fuzz_hears(fz, v->vid, fz->vlan))
		return true;
	for (i = 0; i < v->num; i++) {
		if (v->vlan[i] != fz->vlan)
			continue;
		*tag = v->tag[i] | fz->pcp;
		return true;
	}
	return false;
}

/**
 * vsw_fuzz_vlan_hops() - Whether a frame would leave a trunk in the wrong VLAN.
 * @fz: the round
 * @end: number of the end
 *
 * Return: whether it has a tag where its VLAN has none.
 */
bool vsw_fuzz_vlan_hops(const struct vsw_fuzz *fz, unsigned int end)
{
	const struct vsw_fuzz_vlan *v = &fz->end[end].vlans;
	u16 type = get_unaligned_be16(fz->t->data + 2 * ETH_ALEN + fz->skip);

	return fz->aware && v->mode == VSWITCH_VLAN_MODE_TRUNK &&
	       v->vid == fz->vlan &&
	       (type == ETH_P_8021Q || type == ETH_P_8021AD);
}

/**
 * vsw_fuzz_vlan_bytes() - The frame as an end is to get it.
 * @fz: the round; the frame is written to want
 * @end: number of the end
 *
 * Return: its length.
 */
unsigned int vsw_fuzz_vlan_bytes(struct vsw_fuzz *fz, unsigned int end)
{
	const struct vsw_test *t = fz->t;
	unsigned int pos = 2 * ETH_ALEN;
	u32 tag;

	vsw_fuzz_vlan_out(fz, end, &tag);
	memcpy(fz->want, t->data, pos);
	if (tag) {
		put_unaligned_be32(tag, fz->want + pos);
		pos += VLAN_HLEN;
	}
	memcpy(fz->want + pos, t->data + 2 * ETH_ALEN + fz->skip,
	       t->len - 2 * ETH_ALEN - fz->skip);
	return pos + t->len - 2 * ETH_ALEN - fz->skip;
}
