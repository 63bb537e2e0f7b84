// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: what is to become of a frame, by Documentation/frame-walk.md,
 * the settings and the bytes, and the comparison with the counters and with what
 * came out.  Where a limit may keep the FDB from learning, a unicast frame may go
 * to one port, or to all.  Of what the core segments, only the sums are known.
 */
#include <linux/if_ether.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "frames.h"

enum {
	GO,		/* switched */
	UP,		/* to who listens to the port's device */
	LOST,		/* the core takes it for damaged */
	UNSURE,		/* switched, or locked out */
	REFUSED,	/* and on: a reason is added */
};

/* What is known of a frame before it is sent. */
struct fate {
	int in;		/* GO and so on */
	bool teaches;	/* though it is refused */
	bool loose;	/* what comes out may be more frames, or none */
	enum group_kind group;
	bool maybe_pruned;	/* goes to members alone, or to all */
	u8 to[GROUP_LEN];	/* the group */
	int dest;	/* the port it is for, or one of these */
	bool may[PORTS];	/* it may leave there, if it fits */
	bool fits[PORTS];
	bool hops[PORTS];	/* it would do so in another VLAN, and is dropped */
	u32 tag[PORTS];		/* it does so with this tag */
	bool floods[PORTS];	/* and it is not left out there when it is flooded */
};

#define MAYBE	(-1)	/* a port, or all */
#define ALL	(-2)
#define OTHERS	(-3)	/* all but the host, if it does not ask for them */

static bool has_failed;

void fail(const char *fmt, ...)
{
	va_list args;

	/* What comes after the first one follows from it. */
	if (has_failed)
		return;
	has_failed = true;
	va_start(args, fmt);
	printf("# failed: ");
	vprintf(fmt, args);
	printf("\n");
	va_end(args);
}

bool failed(void)
{
	return has_failed;
}

void failed_clear(void)
{
	has_failed = false;
}

static bool tag_at(const struct frame *f, unsigned int pos)
{
	u16 type;

	if (f->len < pos + 2)
		return false;
	type = get16(f->data + pos);
	return type == ETH_P_8021Q || type == ETH_P_8021AD;
}

static bool is_zero(const u8 *mac)
{
	static const u8 zero[ETH_ALEN];

	return !memcmp(mac, zero, ETH_ALEN);
}

static int reserved(const struct world *w, const struct frame *f)
{
	const struct settings *s = &w->port[f->from].set;
	u16 bit = BIT(f->data[5]);

	if (f->from != HOST && s->shut == SHUT_QUARANTINE)
		return REFUSED + VSWITCH_A_DROPS_PORT_BLOCKED;
	if (f->from != HOST && s->group_forward & bit)
		return GO;
	if (f->from != HOST && bit == 1 && s->bpdu)
		return REFUSED + VSWITCH_A_DROPS_BPDU_GUARD;
	if (f->from != HOST && s->group_host & bit)
		return UP;
	return REFUSED + VSWITCH_A_DROPS_RESERVED_GROUP;
}

static const struct entry *find(const struct entry *e, unsigned int num,
				const u8 *mac, u16 vlan)
{
	for (; num--; e++)
		if (e->vlan == vlan && !memcmp(e->mac, mac, ETH_ALEN))
			return e;
	return NULL;
}

/* A locked port asks whether the sender is known there. */
static int locked(const struct world *w, const struct frame *f)
{
	const u8 *mac = f->data + ETH_ALEN;
	const struct entry *e;

	if (!w->port[f->from].set.locked || f->from == HOST)
		return GO;
	e = find(w->fixed, w->fixed_num, mac, f->fid);
	if (!e && w->learned_unsure)
		return UNSURE;
	if (!e)
		e = find(w->learned, w->learned_num, mac, f->fid);
	return e && e->port == f->from ? GO : REFUSED + VSWITCH_A_DROPS_LOCKED;
}

/* A port that is not to forward.  One that learns does so in a VLAN that it is in. */
static int shut(const struct world *w, const struct frame *f, int no_vlan)
{
	int in;

	if (w->port[f->from].set.shut != SHUT_LEARNING)
		return REFUSED + VSWITCH_A_DROPS_PORT_BLOCKED;
	if (no_vlan)
		return REFUSED + no_vlan;
	in = locked(w, f);
	return in == GO ? REFUSED + VSWITCH_A_DROPS_PORT_BLOCKED : in;
}

/* A probe of the switch, behind a tag or none. */
static bool is_own_probe(const struct world *w, const struct frame *f)
{
	unsigned int at = tag_at(f, 12) ? 4 : 0, own;

	own = w->probe_len > PROBE_LEN + 14 ? 4 : 0;
	return w->probe_len && f->len >= at + PROBE_LEN &&
	       !memcmp(f->data, w->probe, ETH_ALEN) &&
	       !memcmp(f->data + at + ETH_HLEN, w->probe + own + ETH_HLEN,
		       PROBE_LEN - ETH_HLEN);
}

/* What the switch is to do with a frame before it looks where it is for. */
static int fate_in(const struct world *w, const struct frame *f, int no_vlan)
{
	static const u8 group[5] = { 1, 0x80, 0xc2 };
	const struct port *p = &w->port[f->from];
	bool host = f->from == HOST;
	/* The core has taken no tag off what comes in by a transmit function. */
	bool inside = host || f->from == DIRECT;

	if (!p->up || !p->attached)
		return LOST;
	if (!inside && tag_at(f, 12) && f->len < 20)
		return LOST;
	if (f->len < ETH_HLEN)
		return REFUSED + VSWITCH_A_DROPS_RUNT;
	if (inside && get16(f->data + 12) == ETH_P_8021Q && f->len < 18)
		return REFUSED + VSWITCH_A_DROPS_RUNT;
	if (f->data[6] & 1 || is_zero(f->data + 6))
		return REFUSED + VSWITCH_A_DROPS_BAD_SOURCE;
	if (!host && !memcmp(f->data + 6, switch_mac, ETH_ALEN))
		return REFUSED + VSWITCH_A_DROPS_OWN_SOURCE;
	if (!w->port[HOST].up || !p->carrier)
		return REFUSED + VSWITCH_A_DROPS_PORT_DOWN;
	if (!memcmp(f->data, group, 5) && f->data[5] < 16 &&
	    reserved(w, f) != GO)
		return reserved(w, f);
	if (p->set.shut)
		return shut(w, f, no_vlan);
	if (is_own_probe(w, f))
		return REFUSED + VSWITCH_A_DROPS_LOOP;
	if (p->set.storm && f->data[0] & 1)
		return UNSURE;
	if (no_vlan)
		return REFUSED + no_vlan;
	return locked(w, f);
}

/* The sender is where it was seen last, unless somebody has said otherwise. */
static void learn(struct world *w, const struct frame *f)
{
	const u8 *mac = f->data + ETH_ALEN;
	u16 vlan = f->fid;
	struct entry *e;

	if (!w->port[f->from].set.learning || w->port[f->from].set.locked ||
	    vlan == 4095 ||
	    !memcmp(mac, switch_mac, ETH_ALEN) ||
	    find(w->fixed, w->fixed_num, mac, vlan))
		return;
	e = (struct entry *)find(w->learned, w->learned_num, mac, vlan);
	if (!e && w->learned_num < LEARNED_MAX)
		e = &w->learned[w->learned_num++];
	if (!e || w->port[f->from].set.mac_limit)
		w->learned_unsure = true;
	if (!e)
		return;
	memcpy(e->mac, mac, ETH_ALEN);
	e->vlan = vlan;
	e->port = f->from;
}

static int dest_of(struct world *w, const struct frame *f)
{
	const struct entry *e;

	if (f->data[0] & 1)
		return ALL;
	if (!memcmp(f->data, switch_mac, ETH_ALEN))
		return HOST;
	e = find(w->fixed, w->fixed_num, f->data, f->fid);
	if (e)
		return e->port;
	if (w->learned_unsure)
		return MAYBE;
	e = find(w->learned, w->learned_num, f->data, f->fid);
	return e ? e->port : OTHERS;
}

static bool may_speak(const struct settings *from, const struct settings *to)
{
	if ((!from->isolated && !from->community) ||
	    (!to->isolated && !to->community))
		return true;
	return !from->isolated && !to->isolated &&
	       from->community == to->community;
}

static bool floods(const struct frame *f, const struct port *p)
{
	static const u8 all[ETH_ALEN] = { 255, 255, 255, 255, 255, 255 };

	if (!memcmp(f->data, all, ETH_ALEN))
		return p->set.flood & VSWITCH_FLOOD_BROADCAST;
	return p->set.flood & (f->data[0] & 1 ? VSWITCH_FLOOD_MULTICAST :
						VSWITCH_FLOOD_UNICAST);
}

static void fate_out(const struct world *w, const struct frame *f,
		     struct fate *t)
{
	bool up = w->port[f->from].set.role == VSWITCH_ROLE_UPLINK;
	unsigned int i, at = 12 + f->skip, size = f->len - f->skip - ETH_HLEN;
	const struct port *p;

	if (tag_at(f, at))
		size -= 4;
	if (tag_at(f, at) && tag_at(f, at + 4))
		size -= 4;
	for (i = 0; i < PORTS; i++) {
		p = &w->port[i];
		t->may[i] = (i != f->from || p->set.hairpin) &&
			    p->up && p->carrier && p->attached && !p->set.shut &&
			    !(up && p->set.role == VSWITCH_ROLE_UPLINK &&
			      i != f->from) &&
			    may_speak(&w->port[f->from].set, &p->set) &&
			    vlan_is_member(w, f, i);
		t->hops[i] = vlan_hops(w, f, i);
		t->tag[i] = vlan_tag(w, f, i);
		/* A length that tags have made less than nothing fits, too. */
		t->fits[i] = (int)size <= p->mtu;
		t->floods[i] = floods(f, p);
	}
}

/* In front of the host's stack, the core takes a tag off, and drops a frame that has
 * no type behind it.  It may be one behind the tag that the switch has taken off.
 */
static bool host_may_refuse(const struct frame *f)
{
	return tag_at(f, 12 + f->skip) && f->len < f->skip + ETH_HLEN + 4 + 2;
}

/*
 * The core segments what the host sends before the switch has it, and large frames
 * of a direct tap's guest whose checksum is complete; and it drops those whose
 * headers are not what they are said to be.
 */
static bool core_segments(const struct frame *f, const struct fate *t)
{
	if (f->from == DIRECT)
		return f->vnet.gso_type;
	return f->from == HOST && t->loose;
}

/* What a frame says of groups counts from the next one on. */
static void hear(struct world *w, const struct frame *f, struct fate *t)
{
	t->group = group_of(w, f, t->to);
	t->maybe_pruned = t->group == GROUP_MESSAGE ||
			  (t->group == GROUP_DATA && w->heard);
	if (group_speaks(w, f)) {
		w->heard = true;
		w->port[f->from].spoke = true;
	}
}

static struct fate fate_of(struct world *w, const struct frame *f, int no_vlan)
{
	struct fate t = { .in = fate_in(w, f, no_vlan) };
	bool storm = w->port[f->from].set.storm;

	t.loose = f->vnet.gso_type || host_may_refuse(f) ||
		  f->vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
	t.teaches = t.in == GO || (w->port[f->from].set.shut == SHUT_LEARNING &&
				   t.in == REFUSED + VSWITCH_A_DROPS_PORT_BLOCKED);
	if ((t.teaches && core_segments(f, &t)) || (t.in == UNSURE && storm))
		w->learned_unsure = true;
	if (t.teaches)
		learn(w, f);
	if (t.in == GO || t.in == UNSURE)
		hear(w, f, &t);
	if (t.in == GO) {
		t.dest = dest_of(w, f);
		fate_out(w, f, &t);
		if (storm && t.dest < 0)
			t.in = UNSURE;
	}
	return t;
}

static u64 drops(const struct world *w)
{
	u64 sum = 0;
	int i;

	for (i = ST_DROPS; i < ST_NUM; i++)
		sum += w->delta[i];
	return sum;
}

/* How many frames were accounted for, by whichever way. */
static void want(const struct world *w, const char *what, u64 tx, u64 dropped)
{
	u64 got = w->delta[ST_TX_PACKETS] + w->delta[ST_DROP(EGRESS_QUEUE)];

	if (got != tx || drops(w) - w->delta[ST_DROP(EGRESS_QUEUE)] != dropped)
		fail("%s: %lu sent and %lu dropped, wanted %lu and %lu", what,
		     got, drops(w) - w->delta[ST_DROP(EGRESS_QUEUE)], tx,
		     dropped);
}

static void check_refused(const struct world *w, const struct frame *f,
			  const struct fate *t)
{
	unsigned int reason = t->in - REFUSED;

	bool caught = w->port[f->from].set.bpdu == VSWITCH_BPDU_GUARD_QUARANTINE ||
		      reason == VSWITCH_A_DROPS_LOOP;

	want(w, "refused", 0, f->times);
	/* The first one may put the port into quarantine, and the next ones miss it. */
	if (w->delta[ST_DROPS + reason - 1] != f->times && !caught)
		fail("reason %u: counted %lu times, wanted %u", reason,
		     w->delta[ST_DROPS + reason - 1], f->times);
	if (w->delta[ST_LEARNED] + w->delta[ST_MOVED] && !t->teaches)
		fail("learned from a frame that was refused");
}

/*
 * What the core makes of a frame for one port, it makes for another like it.  Of
 * more than a tap's queue holds, what was in it already decides how much is lost.
 */
static void check_alike(const struct world *w, const struct fate *t)
{
	const struct port *p, *q;
	unsigned int i, j;

	for (i = 1; i < NARROW; i++) {
		for (j = i + 1; j < NARROW; j++) {
			p = &w->port[i];
			q = &w->port[j];
			if (t->may[i] && t->may[j] && t->floods[i] == t->floods[j] &&
			    t->tag[i] == t->tag[j] &&
			    t->hops[i] == t->hops[j] && p->mtu == q->mtu &&
			    p->offload == q->offload && p->got != q->got &&
			    p->got < QUEUE_FULL && q->got < QUEUE_FULL)
				fail("port %u got %u, and port %u, which is like it, %u",
				     i, p->got, j, q->got);
		}
	}
}

/* Whether a port may have a frame to a group that others do not get. */
static bool is_interested(const struct world *w, const struct frame *f,
			  const struct fate *t, unsigned int port)
{
	const struct port *p = &w->port[port];

	return p->set.router == VSWITCH_MCAST_ROUTER_ALWAYS || p->spoke || p->fresh ||
	       (port == HOST && w->promisc) || group_has(w, f, port, t->to);
}

/* Whether one gets it in any case. */
static bool is_sure(const struct world *w, const struct frame *f,
		    const struct fate *t, unsigned int port)
{
	return w->port[port].set.router == VSWITCH_MCAST_ROUTER_ALWAYS ||
	       (port == HOST && w->promisc) ||
	       (t->group == GROUP_DATA && group_has(w, f, port, t->to));
}

static void check_group_port(const struct world *w, const struct frame *f,
			     const struct fate *t, unsigned int i, bool pruned)
{
	const struct port *p = &w->port[i];

	if (p->got > f->times && !f->vnet.gso_type)
		fail("port %u got %u of %u", i, p->got, f->times);
	if (p->got && !t->may[i])
		fail("port %u got what is not for it", i);
	if (!t->loose && p->got && (!t->fits[i] || t->hops[i]))
		fail("port %u got what it cannot have", i);
	/* A question goes to all. */
	if (p->got && t->group == GROUP_DATA && (pruned || !t->floods[i]) &&
	    !is_interested(w, f, t, i))
		fail("port %u got what others want", i);
	if (!t->loose && i != NARROW && t->may[i] && t->fits[i] && !t->hops[i] &&
	    t->floods[i] && is_sure(w, f, t, i) && p->got != f->times)
		fail("port %u, which wants it, got %u of %u", i, p->got, f->times);
}

/* A frame to a group of which the switch may know who wants it. */
static void check_group(const struct world *w, const struct frame *f,
			const struct fate *t)
{
	u64 sum = w->delta[ST_TX_PACKETS] + drops(w);
	bool pruned = false;
	unsigned int i;

	for (i = 0; i < PORTS; i++)
		pruned |= i != NARROW && t->may[i] && t->fits[i] && !t->hops[i] &&
			  t->floods[i] && w->port[i].got < f->times;
	for (i = 0; i < PORTS; i++)
		check_group_port(w, f, t, i, pruned && !t->loose);
	if (sum < f->times)
		fail("%lu accounted for of %u, at least", sum, f->times);
}

/* A frame for all: each port that may have it gets it, or is too small. */
static void check_flood(const struct world *w, const struct frame *f,
			const struct fate *t)
{
	unsigned int i, fit = 0, big = 0, hop = 0;
	bool host = t->dest == ALL || w->promisc;

	check_alike(w, t);
	for (i = 0; i < PORTS; i++) {
		if (!t->may[i] || !t->floods[i] || (i == HOST && !host)) {
			if (w->port[i].got)
				fail("port %u got what is not for it", i);
			continue;
		}
		big += !t->fits[i];
		hop += t->fits[i] && t->hops[i];
		if (t->fits[i] && t->hops[i] && w->port[i].got)
			fail("port %u got it, in another VLAN", i);
		if (!t->fits[i] || t->hops[i])
			continue;
		fit++;
		if (!t->loose && i != NARROW &&
		    w->port[i].got != f->times)
			fail("port %u got %u, wanted %u", i, w->port[i].got, f->times);
	}
	if (f->vnet.gso_type) {
		/* The size of the segments counts, which is not foretold. */
		u64 sum = w->delta[ST_TX_PACKETS] + drops(w);

		if (sum != (u64)f->times * (fit + big + hop ?: 1))
			fail("%lu accounted for, wanted %u times %u", sum,
			     f->times, fit + big + hop);
		return;
	}
	want(w, "flooded", (u64)f->times * fit,
	     (u64)f->times * (fit + big + hop ? big + hop : 1));
	if (w->delta[ST_DROP(EGRESS_MTU)] != (u64)f->times * big)
		fail("%lu too big, wanted %u times %u",
		     w->delta[ST_DROP(EGRESS_MTU)], f->times, big);
	if (w->delta[ST_DROP(EGRESS_VLAN)] != (u64)f->times * hop)
		fail("%lu would have hopped, wanted %u times %u",
		     w->delta[ST_DROP(EGRESS_VLAN)], f->times, hop);
}

static void check_known(const struct world *w, const struct frame *f,
			const struct fate *t)
{
	unsigned int i;
	bool fits = t->fits[t->dest] && !t->hops[t->dest];

	for (i = 0; i < PORTS; i++)
		if (w->port[i].got && (int)i != t->dest)
			fail("port %u got it, it is for port %d", i, t->dest);
	if (w->delta[ST_TX_PACKETS] + drops(w) != f->times)
		fail("%lu sent and %lu dropped of %u",
		     w->delta[ST_TX_PACKETS], drops(w), f->times);
	if (f->vnet.gso_type)
		return;
	if (t->may[t->dest] && fits)
		want(w, "to one port", f->times, 0);
	else
		want(w, "to one port that cannot", 0, f->times);
}

static void check_unknown(const struct world *w, const struct frame *f,
			  const struct fate *t)
{
	u64 sum = w->delta[ST_TX_PACKETS] + drops(w);
	unsigned int i, ports = 0;

	if (w->delta[ST_TX_FLOODED]) {
		check_flood(w, f, t);
		return;
	}
	for (i = 0; i < PORTS; i++)
		ports += !!w->port[i].got;
	if (ports > 1)
		fail("%u ports got it, though it was not flooded", ports);
	if (!w->delta[ST_DROP(EGRESS_MTU)] && !w->delta[ST_DROP(EGRESS_QUEUE)] &&
	    !w->delta[ST_DROP(EGRESS_VLAN)] && sum != f->times)
		fail("%lu accounted for of %u", sum, f->times);
	if (sum < f->times)
		fail("%lu accounted for of %u, at least", sum, f->times);
}

static void check_counters(const struct world *w, const struct frame *f,
			   const struct fate *t)
{
	u64 rx = t->in == LOST ? 0 : f->times;

	if (core_segments(f, t) || t->in == UNSURE)
		return;
	if (w->delta[ST_RX_PACKETS] != rx ||
	    w->delta[ST_RX_BYTES] != rx * f->len)
		fail("%lu came in with %lu bytes, wanted %lu of %u",
		     w->delta[ST_RX_PACKETS], w->delta[ST_RX_BYTES], rx, f->len);
	if (w->delta[ST_RX_MULTICAST] + w->delta[ST_RX_BROADCAST] !=
	    (f->data[0] & 1 ? rx : 0))
		fail("to groups: %lu", w->delta[ST_RX_MULTICAST] +
		     w->delta[ST_RX_BROADCAST]);
	if (t->in == LOST || t->in == UP)
		want(w, "not switched", 0, 0);
	else if (t->in >= REFUSED)
		check_refused(w, f, t);
	else if (t->dest >= 0)
		check_known(w, f, t);
	else if (t->maybe_pruned)
		check_group(w, f, t);
	else if (t->dest != MAYBE)
		check_flood(w, f, t);
	else
		check_unknown(w, f, t);
}

static u16 fold(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* The checksum that the core puts where the sender has left it to do. */
static u16 checksum(const u8 *data, unsigned int len)
{
	u32 sum = 0;
	unsigned int i;

	for (i = 0; i + 1 < len; i += 2)
		sum += get16(data + i);
	if (len & 1)
		sum += data[len - 1] << 8;
	sum = (u16)~fold(sum);
	return sum ?: 0xffff;
}

/* The checksum which was left to be done, and is then as if it still were. */
static void check_sum(const struct frame *f, unsigned int port, u8 *buf,
		      const u8 *sent, unsigned int len)
{
	unsigned int start = f->vnet.csum_start + len - f->len;
	unsigned int at = start + f->vnet.csum_offset;
	u16 sum;

	if (start >= len || at + 2 > len)
		return;
	sum = checksum(sent + start, len - start);
	if (get16(buf + at) != sum)
		fail("port %u: checksum %04x, wanted %04x", port,
		     get16(buf + at), sum);
	memcpy(buf + at, sent + at, 2);
}

/* Where a checksum may begin: behind the tag that changes, and behind one that the core
 * takes off what the host gets, or the core forgets it.
 */
static unsigned int least_start(const struct frame *f, unsigned int port)
{
	unsigned int at = ETH_HLEN + 4;

	return port == HOST && f->skip && tag_at(f, 12 + f->skip) ? at + 4 : at;
}

/*
 * A frame that is as it was but for a tag and a checksum.  Who has it begin further in
 * front gets something or other.
 */
static void check_whole(const struct world *w, const struct frame *f,
			unsigned int port, u8 *buf, unsigned int len,
			const struct virtio_net_hdr *vnet)
{
	static u8 sent[FRAME_MAX + 4];
	unsigned int wanted = vlan_frame(w, f, port, sent);

	if (len != wanted) {
		fail("port %u: %u bytes came out, wanted %u of %u", port, len,
		     wanted, f->len);
		return;
	}
	if (f->vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		if ((f->skip || vlan_tag(w, f, port)) &&
		    f->vnet.csum_start < least_start(f, port))
			return;
		if (!(vnet->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM))
			check_sum(f, port, buf, sent, len);
	}
	if (memcmp(buf, sent, len))
		fail("port %u: other bytes came out", port);
}

/*
 * A segment has the addresses of the frame.  The last bytes of those that are as
 * long as the first one, so full, are from it, but for a checksum among them; of the
 * last one they may be those of a header, which the core has made.
 */
static void check_part(struct world *w, const struct frame *f,
		       unsigned int port, const u8 *buf, unsigned int len)
{
	struct port *p = &w->port[port];
	bool udp = (f->vnet.gso_type & 127) == VIRTIO_NET_HDR_GSO_UDP;
	bool other_sum = (udp && f->vnet.csum_offset != 6) ||
			 (f->vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM &&
			  f->vnet.csum_start + f->vnet.csum_offset + 2u + 8 > f->len);
	/* A tag; and a fragment of IPv6 has a header that says so. */
	unsigned int more = 4 + (udp ? 8 : 0);

	if (p->got == 1)
		p->part = len;
	if (len > f->len + more)
		fail("port %u: a part has %u bytes, the frame %u", port, len,
		     f->len);
	else if (memcmp(buf, f->data, 2 * ETH_ALEN))
		fail("port %u: other addresses came out", port);
	else if (len == p->part && len < f->len && f->vnet.gso_size >= 16 &&
		 !other_sum &&
		 !memmem(f->data, f->len, buf + len - 8, 8))
		fail("port %u: bytes came out that did not go in", port);
}

static void see_probe(struct world *w, const u8 *data, unsigned int len)
{
	static const u8 probe[ETH_ALEN] = PROBE_MAC;

	if (memcmp(data, probe, ETH_ALEN) || len < PROBE_LEN || len > PROBE_MAX)
		return;
	memcpy(w->probe, data, len);
	w->probe_len = len;
}

static void check_out(struct world *w, const struct frame *f, unsigned int port)
{
	static u8 buf[FRAME_MAX + 4];
	struct virtio_net_hdr vnet;
	int len = world_receive(w, port, buf, &vnet);

	if (len < 0)
		return;
	if (w->noisy && is_noise(w, f, buf, len)) {
		see_probe(w, buf, len);
		w->noise++;
		return;
	}
	w->port[port].got++;
	w->port[port].outs++;
	w->outs++;
	if (port == f->from && !w->port[port].set.hairpin)
		fail("port %u: it came back", port);
	if (!len && f->vnet.gso_type)
		return;
	if (f->vnet.gso_type)
		check_part(w, f, port, buf, len);
	else
		check_whole(w, f, port, buf, len, &vnet);
}

/* Returns how many frames came out. */
static u64 check_outs(struct world *w, const struct frame *f)
{
	bool ready[PORTS];
	unsigned int i;
	u64 before = w->outs;

	w->noise = 0;
	for (i = 0; i < PORTS; i++)
		w->port[i].got = 0;
	while (world_ready(w, ready))
		for (i = 0; i < PORTS; i++)
			if (ready[i])
				check_out(w, f, i);
	return w->outs - before;
}

/* Takes what the switch sends itself.  None of it is of a frame that was sent. */
void check_noise(struct world *w)
{
	static u8 buf[FRAME_MAX + 4];
	static const struct frame none = { .from = PORTS };
	struct virtio_net_hdr vnet;
	bool ready[PORTS];
	unsigned int i;
	int len;

	while (world_ready(w, ready)) {
		for (i = 0; i < PORTS; i++) {
			len = ready[i] ? world_receive(w, i, buf, &vnet) : -1;
			if (len < 0)
				continue;
			if (!is_noise(w, &none, buf, len))
				fail("port %u: %d bytes came out by themselves", i, len);
			see_probe(w, buf, len);
			w->outs++;
		}
	}
}

/* All that can be checked after a frame, whether or not it was taken. */
void check_frame(struct world *w, struct frame *f, bool sent)
{
	int no_vlan = vlan_in(w, f);
	u64 got = check_outs(w, f);
	struct fate t;

	world_count(w);
	w->delta[ST_TX_PACKETS] -= w->noise;
	w->unsure |= w->noise;
	w->ins += sent;
	if (!sent) {
		if (f->from != HOST && (got || w->delta[ST_RX_PACKETS]))
			fail("a frame that was not taken came in, or out");
		w->unsure = true;
		w->learned_unsure |= f->from == HOST;
		w->heard |= w->snoops;
		w->port[f->from].spoke = true;
		return;
	}
	t = fate_of(w, f, no_vlan);
	w->unsure |= t.loose;
	if (!t.loose && got != w->delta[ST_TX_PACKETS])
		fail("%lu came out, %lu were counted", got,
		     w->delta[ST_TX_PACKETS]);
	if (got && !w->delta[ST_TX_PACKETS])
		fail("%lu came out, none was counted", got);
	check_counters(w, f, &t);
}
