// SPDX-License-Identifier: GPL-2.0
/*
 * Of stage 2: what keeps one port from harming the others.  And of stage 6: how much
 * unicast it may have flooded.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include "../table/guard.h"
#include "../table/loop.h"
#include "dp.h"

/* Frames that it is on a wire.  A guest says how large they are. */
static u32 vsw_guard_frames(const struct sk_buff *skb)
{
	u32 size = skb_shinfo(skb)->gso_size;

	return size ? DIV_ROUND_UP(skb->len, size) : 1;
}

static noinline vsw_verdict_t vsw_guard_storm_slow(const struct vsw_frame f)
{
	static const vsw_verdict_t drop[VSW_STORM_NUM] = {
		[VSW_UNICAST] = VSW_DROP(STORM_UNICAST),
		[VSW_MULTICAST] = VSW_DROP(STORM_MULTICAST),
		[VSW_BROADCAST] = VSW_DROP(STORM_BROADCAST),
	};

	if (vsw_storm_pass(&this_cpu_ptr(f.in->stats)->storm[f.kind],
			   &f.in->storm[f.kind], &f.policy->storm[f.kind],
			   vsw_guard_frames(f.skb), vsw_storm_now()))
		return VSW_NEXT;
	if (f.policy->is.guard.storm_guard == VSWITCH_STORM_GUARD_QUARANTINE)
		vsw_guard_note_storm(f.in, div_u64(get_jiffies_64(), HZ));
	return drop[f.kind];
}

/**
 * vsw_guard_storm() - Decide whether a frame is one too many to be flooded.
 * @f: frame to a group, or to a station whose port is not known
 *
 * Context: path.
 * Return: VSW_NEXT, or STORM_UNICAST, STORM_MULTICAST or STORM_BROADCAST.
 */
static VSW_HOT vsw_verdict_t vsw_guard_storm(const struct vsw_frame *f)
{
	u32 chunk = f->policy->storm[f->kind].chunk;
	u32 *left;

	if (!chunk)
		return VSW_NEXT;
	left = &this_cpu_ptr(f->in->stats)->storm[f->kind];
	/* None left, or more than there can be, is as good as above it. */
	if (likely(*left - 1 < chunk && !skb_is_gso(f->skb))) {
		--*left;
		return VSW_NEXT;
	}
	return vsw_guard_storm_slow(*f);
}

/*
 * A port that does not forward.  On one that is learning, the frame goes no further than
 * to where its source is learned.
 */
static noinline vsw_verdict_t vsw_guard_port(struct vsw_frame f)
{
	u8 state = READ_ONCE(f.in->state);
	vsw_verdict_t v;

	if (state == VSW_STATE_FORWARDING)
		return VSW_NEXT;
	if (state != VSW_STATE_LEARNING)
		return VSW_DROP(PORT_BLOCKED);
	v = vsw_in_vlan(&f);
	if (v == VSW_NEXT)
		v = vsw_l2_learn(&f);
	return v == VSW_NEXT ? VSW_DROP(PORT_BLOCKED) : v;
}

/* A spanning tree frame from where no bridge is to be. */
static vsw_verdict_t vsw_guard_bpdu(const struct vsw_frame *f)
{
	if (f->policy->is.guard.bpdu == VSWITCH_BPDU_GUARD_QUARANTINE)
		vsw_guard_note(f->in, VSWITCH_QUARANTINE_REASON_BPDU);
	return VSW_DROP(BPDU_GUARD);
}

static bool vsw_guard_is_guest(const struct vsw_port *port)
{
	return rcu_dereference_bh(port->policy)->is.role == VSWITCH_ROLE_GUEST;
}

/* The guest's port that a probe was sent out of, if it is there still. */
static struct vsw_port *vsw_guard_sender(const struct vsw_frame *f, u32 number,
					 int ifindex)
{
	const struct vsw_port_set *set = rcu_dereference_bh(f->sw->ports);
	struct vsw_port *out;

	out = number < set->size ? READ_ONCE(set->slot[number]) : NULL;
	return out && out->dev->ifindex == ifindex && vsw_guard_is_guest(out) ?
	       out : NULL;
}

/* Of what came back, one is to go: the one it came in by, or the one it went out of.  Of
 * two guests' ports, that with the higher number: the other way round a probe says the
 * same, and not both go.
 */
static void vsw_guard_loop(const struct vsw_frame *f, struct vsw_port *out)
{
	if (vsw_guard_is_guest(f->in) && (!out || out->number <= f->in->number))
		out = f->in;
	if (out)
		vsw_guard_note(out, VSWITCH_QUARANTINE_REASON_LOOP);
}

/*
 * A frame to the group of probes.  One of this switch has gone round, if it is not too
 * old to say so; any other is for whoever it is for.
 */
static noinline vsw_verdict_t vsw_guard_probe(const struct vsw_frame f)
{
	unsigned int offset = eth_type_vlan(eth_hdr(f.skb)->h_proto) ? VLAN_HLEN : 0;
	const struct vsw_probe *p;
	struct vsw_probe copy;
	int port;

	p = skb_header_pointer(f.skb, offset, sizeof(copy), &copy);
	if (!p)
		return VSW_NEXT;
	port = vsw_loop_check(f.sw, p, vsw_loop_now());
	if (port == -ENOENT)
		return VSW_NEXT;
	if (port >= 0)
		vsw_guard_loop(&f, vsw_guard_sender(&f, port,
						    be32_to_cpu(p->ifindex)));
	return VSW_DROP(LOOP);
}

/* The VLAN that a probe is in: one in which the port gets it untagged, or else the
 * first one that it is in.  Return: as keys of the FDB have it, 0 for none.
 */
static u64 vsw_guard_probe_vlan(const struct vsw_policy *policy)
{
	u32 vlan;

	if (policy->untagged || !policy->vlans)
		return policy->untagged;
	vlan = find_first_bit(policy->vlans->member, VLAN_N_VID);
	return vlan < VLAN_N_VID ? vsw_fdb_key_of(0, vlan) : 0;
}

/**
 * vsw_guard_xmit() - Send a probe out of a port.
 * @port: port
 * @skb: probe, consumed
 *
 * Context: BH on or off.  RCU.
 */
void vsw_guard_xmit(struct vsw_port *port, struct sk_buff *skb)
{
	struct vsw_frame f = {
		.skb = skb,
		.sw = port->sw,
		.in = port->sw->host,
		.dst = port,
		.dest = VSW_ADDR_PROBE,
		.len = VSW_PROBE_LEN,
		.mode = READ_ONCE(port->sw->mode),
		.kind = VSW_MULTICAST,
	};
	bool sends;

	local_bh_disable();
	f.policy = rcu_dereference_bh(f.in->policy);
	f.fid = vsw_guard_probe_vlan(rcu_dereference_bh(port->policy));
	/* Where there are private VLANs, a frame has the number of its own here. */
	if (f.mode & VSW_MODE_VLAN_EXTRA)
		f.tci = vsw_fdb_key_vlan(f.fid);
	sends = f.mode & VSW_MODE_UP && (f.fid || !(f.mode & VSW_MODE_VLAN)) &&
		vsw_out_filter(&f, port) == VSW_NEXT;
	if (sends)
		vsw_out_xmit(&f, port, skb, false);
	else
		kfree_skb(skb);
	local_bh_enable();
}
