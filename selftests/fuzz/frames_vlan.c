// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: VLANs of the switch and its ports, and what they are to do with
 * a frame (Documentation/vlans.md).
 */
#include <linux/if_ether.h>
#include <netlink/msg.h>
#include <string.h>
#include "frames_nl.h"

#define TAG_LEN		4

/* Ways in which VLANs are private: of each, what it is, and of which primary one. */
struct private {
	u8 type;
	u8 primary;
};

static const struct private ways[][VLANS + 1] = {
	{},
	{ {}, { VSWITCH_PRIVATE_VLAN_PRIMARY, 0 },
	  { VSWITCH_PRIVATE_VLAN_ISOLATED, 1 }, { VSWITCH_PRIVATE_VLAN_COMMUNITY, 1 } },
	{ {}, { VSWITCH_PRIVATE_VLAN_PRIMARY, 0 },
	  { VSWITCH_PRIVATE_VLAN_COMMUNITY, 1 }, { VSWITCH_PRIVATE_VLAN_COMMUNITY, 1 } },
	{ {}, { VSWITCH_PRIVATE_VLAN_PRIMARY, 0 },
	  { VSWITCH_PRIVATE_VLAN_ISOLATED, 1 }, {} },
	{ {}, {}, { VSWITCH_PRIVATE_VLAN_PRIMARY, 0 },
	  { VSWITCH_PRIVATE_VLAN_ISOLATED, 2 } },
	{ {}, { VSWITCH_PRIVATE_VLAN_ISOLATED, 3 },
	  { VSWITCH_PRIVATE_VLAN_COMMUNITY, 3 }, { VSWITCH_PRIVATE_VLAN_PRIMARY, 0 } },
};

static u16 fid_of(unsigned int way, u16 vlan)
{
	return vlan <= VLANS && ways[way][vlan].primary ? ways[way][vlan].primary : vlan;
}

/* The VLAN that has the addresses and groups of another one. */
u16 vlan_fid(const struct world *w, u16 vlan)
{
	return w->aware ? fid_of(w->private, vlan) : vlan;
}

/* The number that a tag of a trunk has for a VLAN; that of the native VLAN stays. */
static u16 wire_of(const struct vlans *v, u16 vlan)
{
	if (vlan == v->vid)
		return vlan;
	return 1 + (vlan - 1 + v->rotate) % VLANS;
}

static bool is_trunk_of(const struct vlans *v, u16 vlan)
{
	return v->mode == VSWITCH_VLAN_MODE_TRUNK && vlan >= 1 && vlan <= VLANS &&
	       (v->trunk | v->service) & BIT(vlan);
}

static bool is_member(const struct vlans *v, u16 vlan)
{
	if (v->mode == VSWITCH_VLAN_MODE_NONE)
		return false;
	return (v->vid && v->vid == vlan) || is_trunk_of(v, vlan);
}

/* EtherType and number of the tag that a trunk has for one of its VLANs. */
static u32 tag_of(const struct vlans *v, u16 vlan)
{
	u32 type = v->service & BIT(vlan) ? ETH_P_8021AD : ETH_P_8021Q;

	return type << 16 | wire_of(v, vlan);
}

static bool is_tag(const struct frame *f, unsigned int at)
{
	u16 type = f->len < at + 2 ? 0 : get16(f->data + at);

	return type == ETH_P_8021Q || type == ETH_P_8021AD;
}

static int enter(struct frame *f, u16 vlan, unsigned int skip)
{
	f->vlan = vlan;
	f->skip = skip;
	return 0;
}

static int trunk_in(const struct vlans *v, struct frame *f, u32 tag)
{
	u16 vlan;

	if (tag == (u32)ETH_P_8021Q << 16)
		return v->vid ? enter(f, v->vid, TAG_LEN) :
		       VSWITCH_A_DROPS_VLAN_UNTAGGED;
	for (vlan = 1; vlan <= VLANS; vlan++)
		if (is_trunk_of(v, vlan) && tag_of(v, vlan) == tag)
			return enter(f, vlan, TAG_LEN);
	return VSWITCH_A_DROPS_VLAN_INGRESS;
}

static int tagged_in(const struct vlans *v, struct frame *f)
{
	u32 tag;

	if (v->mode == VSWITCH_VLAN_MODE_NONE)
		return VSWITCH_A_DROPS_VLAN_NONE;
	if (f->len < ETH_HLEN + TAG_LEN)
		return VSWITCH_A_DROPS_RUNT;
	tag = (u32)get16(f->data + 12) << 16 | get16(f->data + 14);
	f->pcp = tag & 0xf000;
	tag &= ~0xf000U;
	if (v->mode == VSWITCH_VLAN_MODE_TRUNK)
		return trunk_in(v, f, tag);
	if (v->mode == VSWITCH_VLAN_MODE_DOT1Q_TUNNEL)
		return tag >> 16 == ETH_P_8021Q ? enter(f, v->vid, 0) :
		       VSWITCH_A_DROPS_VLAN_TAGGED;
	/* A priority tag counts as none, but must not hide another one. */
	if (tag != (u32)ETH_P_8021Q << 16 || is_tag(f, 16))
		return VSWITCH_A_DROPS_VLAN_TAGGED;
	return enter(f, v->vid, TAG_LEN);
}

static int find_vlan(const struct world *w, struct frame *f)
{
	const struct vlans *v = &w->port[f->from].vlans;

	f->pcp = 0;
	f->skip = 0;
	f->vlan = f->len >= 16 && get16(f->data + 12) == ETH_P_8021Q ?
		  get16(f->data + 14) & 0xfff : 0;
	if (!w->aware)
		return 0;
	if (is_tag(f, 12))
		return tagged_in(v, f);
	if (v->mode == VSWITCH_VLAN_MODE_NONE)
		return VSWITCH_A_DROPS_VLAN_NONE;
	return v->vid ? enter(f, v->vid, 0) : VSWITCH_A_DROPS_VLAN_UNTAGGED;
}

/* Where the frame is switched, and what of it: returns 0, or the reason for a drop. */
int vlan_in(const struct world *w, struct frame *f)
{
	int reason = find_vlan(w, f);

	f->fid = vlan_fid(w, f->vlan);
	return reason;
}

/* RFC 5517; a trunk is in those of its list. */
static bool is_private_member(const struct world *w, const struct frame *f,
			      const struct vlans *v)
{
	if (v->mode == VSWITCH_VLAN_MODE_NONE)
		return false;
	if (v->vid == f->vlan)
		return ways[w->private][f->vlan].type != VSWITCH_PRIVATE_VLAN_ISOLATED;
	/* Promiscuous; or the frame is from one that is. */
	return v->vid == f->fid ||
	       (f->vlan == f->fid && vlan_fid(w, v->vid) == f->fid);
}

/* Whether a port gets frames of the VLAN of the frame, if there are VLANs. */
bool vlan_is_member(const struct world *w, const struct frame *f,
		    unsigned int port)
{
	const struct vlans *v = &w->port[port].vlans;

	if (!w->aware)
		return true;
	return v->mode == VSWITCH_VLAN_MODE_TRUNK ? is_member(v, f->vlan) :
						    is_private_member(w, f, v);
}

/* The tag that a port is to get the frame with, or 0. */
u32 vlan_tag(const struct world *w, const struct frame *f, unsigned int port)
{
	const struct vlans *v = &w->port[port].vlans;

	if (!w->aware || v->vid == f->vlan || !is_trunk_of(v, f->vlan))
		return 0;
	return tag_of(v, f->vlan) | f->pcp;
}

/* Whether the frame, without the tag of its VLAN, would look as if in another one. */
bool vlan_hops(const struct world *w, const struct frame *f, unsigned int port)
{
	const struct vlans *v = &w->port[port].vlans;

	return w->aware && v->mode == VSWITCH_VLAN_MODE_TRUNK &&
	       v->vid == f->vlan && is_tag(f, 12 + f->skip);
}

/* Writes the frame as a port is to get it, and returns its length. */
unsigned int vlan_frame(const struct world *w, const struct frame *f,
			unsigned int port, u8 *to)
{
	unsigned int at = 2 * ETH_ALEN, from = at + f->skip;
	u32 tag = vlan_tag(w, f, port);

	if (f->len < from) {
		memcpy(to, f->data, f->len);
		return f->len;
	}
	memcpy(to, f->data, at);
	if (tag) {
		put16(to + at, tag >> 16);
		put16(to + at + 2, tag);
		at += TAG_LEN;
	}
	memcpy(to + at, f->data + from, f->len - from);
	return at + f->len - from;
}

static void put_list(struct nl_msg *msg, int type, u8 vlans)
{
	u8 list[VSWITCH_VLAN_LIST_LEN] = { vlans };

	if (vlans)
		nla_put(msg, type, sizeof(list), list);
}

static void put_trunk(struct nl_msg *msg, const struct vlans *v)
{
	u16 pair[VSWITCH_TRANSLATE_LEN / 2] = {};
	unsigned int num = 0;
	u16 vlan;

	put_list(msg, VSWITCH_A_PORT_TRUNK, v->trunk);
	put_list(msg, VSWITCH_A_PORT_SERVICE, v->service);
	for (vlan = 1; vlan <= VLANS; vlan++) {
		if (!is_trunk_of(v, vlan) || wire_of(v, vlan) == vlan)
			continue;
		pair[num++] = wire_of(v, vlan);
		pair[num++] = vlan;
	}
	if (num)
		nla_put(msg, VSWITCH_A_PORT_TRANSLATE, sizeof(pair), pair);
}

/* The VLANs of a port in a request that sets it. */
void put_vlans(struct nl_msg *msg, const struct vlans *v)
{
	nla_put_u32(msg, VSWITCH_A_PORT_VLAN_MODE, v->mode);
	if (v->vid)
		nla_put_u16(msg, VSWITCH_A_PORT_VLAN, v->vid);
	if (v->mode == VSWITCH_VLAN_MODE_TRUNK)
		put_trunk(msg, v);
}

/* Whether a port is in a VLAN whose addresses are there. */
static bool has_fid(const struct world *w, const struct vlans *v, u16 fid)
{
	u16 vlan;

	for (vlan = 1; vlan <= VLANS; vlan++)
		if (is_member(v, vlan) && vlan_fid(w, vlan) == fid)
			return true;
	return false;
}

/* What the FDB has at the port in VLANs that it has left is gone. */
static void forget_left(const struct world *w, unsigned int port,
			const struct vlans *old, struct entry *e, unsigned int *num)
{
	const struct vlans *now = &w->port[port].vlans;
	unsigned int i;

	for (i = 0; i < *num; i++)
		if (e[i].port == port && has_fid(w, old, e[i].vlan) &&
		    !has_fid(w, now, e[i].vlan))
			e[i--] = e[--*num];
}

static void set_port(struct world *w, unsigned int port, const struct vlans *v)
{
	struct vlans old = w->port[port].vlans;
	struct nl_msg *msg;

	if (!memcmp(&old, v, sizeof(old)) || !w->port[port].attached)
		return;
	msg = request_begin(VSWITCH_CMD_PORT_SET);
	nla_put_u32(msg, VSWITCH_A_PORT_IFINDEX, w->port[port].ifindex);
	put_vlans(msg, v);
	/* Two VLANs with one number, and the like. */
	if (request_send(msg))
		return;
	w->port[port].vlans = *v;
	w->port[port].fresh = true;
	if (!w->aware)
		return;
	forget_left(w, port, &old, w->learned, &w->learned_num);
	forget_left(w, port, &old, w->fixed, &w->fixed_num);
}

static void set_switch(const struct world *w, int attr, bool on)
{
	struct nl_msg *msg = request_begin(VSWITCH_CMD_SWITCH_SET);

	nla_put_u32(msg, VSWITCH_A_SWITCH_IFINDEX, w->port[HOST].ifindex);
	nla_put_u8(msg, attr, on);
	if (request_send(msg))
		fail("setting %d of the switch cannot be %d", attr, on);
}

/* Has frames counted by VLAN, or not. */
void world_set_counts(struct world *w, bool on)
{
	if (w->counts != on)
		set_switch(w, VSWITCH_A_SWITCH_VLAN_STATS, on);
	w->counts = on;
}

static void set_aware(struct world *w, bool aware)
{
	if (w->aware == aware)
		return;
	set_switch(w, VSWITCH_A_SWITCH_VLAN_AWARE, aware);
	w->aware = aware;
	w->learned_num = 0;
	w->learned_unsure = false;
}

/* All that may be in an input becomes VLANs; some trunks are refused all the same. */
static struct vlans clean(const struct vlans *v)
{
	struct vlans to = { .mode = v->mode % (VSWITCH_VLAN_MODE_DOT1Q_TUNNEL + 1) };

	if (to.mode == VSWITCH_VLAN_MODE_NONE)
		return to;
	to.vid = v->vid % (VLANS + 1);
	if (to.mode != VSWITCH_VLAN_MODE_TRUNK) {
		to.vid = to.vid ?: 1;
		return to;
	}
	to.service = v->service & VLANS_ALL;
	to.trunk = v->trunk & VLANS_ALL & ~to.service;
	to.rotate = v->rotate % VLANS;
	return to;
}

static void put_private(struct nl_msg *msg, unsigned int way, u16 vlan)
{
	struct nlattr *nest = nla_nest_start(msg, VSWITCH_A_VLAN_ENTRY);

	nla_put_u16(msg, VSWITCH_A_VLAN_ENTRY_VLAN, vlan);
	nla_put_u32(msg, VSWITCH_A_VLAN_ENTRY_PRIVATE, ways[way][vlan].type);
	if (ways[way][vlan].primary)
		nla_put_u16(msg, VSWITCH_A_VLAN_ENTRY_PRIMARY, ways[way][vlan].primary);
	nla_nest_end(msg, nest);
}

static void forget_vlan(struct entry *e, unsigned int *num, u16 vlan)
{
	unsigned int i;

	for (i = 0; i < *num; i++)
		if (e[i].vlan == vlan)
			e[i--] = e[--*num];
}

static void forget_members(struct world *w, u16 vlan)
{
	unsigned int i;

	for (i = 0; i < w->member_num; i++)
		if (w->member[i].vlan == vlan)
			w->member[i--] = w->member[--w->member_num];
}

/* What was learned where the addresses of a VLAN were, and are, is gone; of one that
 * has become a secondary one, all, with the groups.
 */
static void forget_private(struct world *w, unsigned int old)
{
	u16 vlan, was, is;

	for (vlan = 1; vlan <= VLANS && w->aware; vlan++) {
		was = fid_of(old, vlan);
		is = fid_of(w->private, vlan);
		if (was == is)
			continue;
		forget_vlan(w->learned, &w->learned_num, was);
		forget_vlan(w->learned, &w->learned_num, is);
		if (is != vlan) {
			forget_vlan(w->fixed, &w->fixed_num, vlan);
			forget_members(w, vlan);
		}
	}
}

/* Sets the VLANs of all ports, and whether they are in force. */
void world_set_vlans(struct world *w, const struct vlans *v, bool aware)
{
	bool was = w->aware;
	struct vlans one;
	unsigned int i;

	/* Off before, and on afterwards: the FDB has to wait for less. */
	if (!aware)
		set_aware(w, false);
	for (i = 0; i < PORTS; i++) {
		one = clean(&v[i]);
		set_port(w, i, &one);
	}
	set_aware(w, aware);
	/* Private VLANs are in force from then on. */
	if (!was)
		forget_private(w, 0);
}

/* Makes VLANs private, in one of the ways. */
void world_set_private(struct world *w, unsigned int way)
{
	unsigned int old = w->private;
	struct nl_msg *msg;
	u16 vlan;

	way %= ARRAY_SIZE(ways);
	if (way == old)
		return;
	msg = request_begin(VSWITCH_CMD_VLAN_SET);
	nla_put_u32(msg, VSWITCH_A_VLAN_SWITCH_IFINDEX, w->port[HOST].ifindex);
	for (vlan = 1; vlan <= VLANS; vlan++)
		put_private(msg, way, vlan);
	/* One is the native VLAN of a trunk. */
	if (request_send(msg))
		return;
	w->private = way;
	forget_private(w, old);
}
