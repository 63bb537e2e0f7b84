/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way of a frame: what the stages share, and the stages in their order.
 *
 * A stage reads and fills struct vsw_frame, returns a verdict and never frees.
 * A helper that may replace or consume the skb writes f->skb; who gets the frame by
 * value may do so only if it returns VSW_TAKEN.  Pointers into the frame's headers
 * are read anew after anything that can move them.
 */
#ifndef _VSW_PATH_DP_H
#define _VSW_PATH_DP_H

#include <linux/skbuff.h>
#include <linux/if_ether.h>
#include "../drop.h"
#include "../stats.h"
#include "../vsw.h"
#include "../table/port.h"

/**
 * enum vsw_frame_kind - Whom a frame is for, by its destination address.
 * @VSW_UNICAST: one station
 * @VSW_MULTICAST: a group
 * @VSW_BROADCAST: all
 */
enum vsw_frame_kind {
	VSW_UNICAST,
	VSW_MULTICAST,
	VSW_BROADCAST,
};

/* Of an address as a number. */
#define VSW_ADDR_GROUP		BIT_ULL(40)
#define VSW_ADDR_BROADCAST	GENMASK_ULL(47, 0)
#define VSW_ADDR_RESERVED	0x0180c2000000ULL

/**
 * struct vsw_frame - A frame on its way.
 * @skb: the frame; its data begin behind the Ethernet header, the MAC header
 *	 offset is set, an outer tag that the device has taken off is beside it
 * @sw: the switch
 * @in: port it came in on
 * @policy: settings of @in
 * @dst: port it is for, NULL to flood it; set by l2_lookup
 * @dest: its destination address as a number
 * @source: its source address; set by in_parse
 * @len: bytes with Ethernet header and tags, in_parse sets it; from in_vlan on,
 *	 on a VLAN-aware switch, without the tag of the VLAN
 * @fid: VLAN it is switched in, as keys of the FDB have it: that of its outer IEEE
 *	 802.1Q tag, 0 if there is none, as in_parse sets it; on a VLAN-aware switch
 *	 that which in_vlan sets
 * @tci: on a VLAN-aware switch, priority and drop eligibility of its tag; set by
 *	 in_vlan.  In VSW_MODE_VLAN_EXTRA also the number of its VLAN: the VLANs of a
 *	 private one have one @fid, that of the primary
 * @mode: of the switch; when it is VLAN-aware, @skb has no tag of its VLAN from
 *	  in_vlan on
 * @kind: whom it is for
 */
struct vsw_frame {
	struct sk_buff *skb;
	struct vsw_switch *sw;
	struct vsw_port *in;
	const struct vsw_policy *policy;
	struct vsw_port *dst;
	u64 dest;
	u64 source;
	u64 fid;
	u64 len;
	u16 tci;
	u8 mode;
	enum vsw_frame_kind kind;
};

struct vsw_mdb;
struct vsw_mdb_group;
struct vsw_mdb_talk;

/**
 * struct vsw_snoop_to - To whom a frame to a multicast group goes.
 * @mdb: groups of the switch, with the ports that get all of them
 * @talk: routers of its VLAN
 * @group: its group, NULL if that has no member, or does not matter
 * @all: it is a question about groups, which goes to all ports, also to those to which
 *	 groups are not flooded: @mdb, @talk and @group do not matter
 * @report: it is what a host says about groups, which others must not hear
 */
struct vsw_snoop_to {
	const struct vsw_mdb *mdb;
	const struct vsw_mdb_talk *talk;
	const struct vsw_mdb_group *group;
	bool report;
	bool all;
};

/**
 * vsw_dev_is_up() - Whether a netdev is set up and has a carrier.
 * @dev: netdev
 *
 * netif_running() and netif_carrier_ok() in one look.
 *
 * Return: true if both.
 */
static inline bool vsw_dev_is_up(const struct net_device *dev)
{
	const unsigned long mask = BIT(__LINK_STATE_START) |
				   BIT(__LINK_STATE_NOCARRIER);

	return (READ_ONCE(dev->state) & mask) == BIT(__LINK_STATE_START);
}

/*
 * The path is one translation unit (path.c): what every frame goes through is made
 * one piece, and what few go through is kept out of it, and gets the frame by value:
 * if nobody knows its address, a frame is in registers for all the others.  Unit
 * tests call some of the stages.
 */
#if IS_ENABLED(CONFIG_VSWITCH_KUNIT_TEST)
#define VSW_STAGE
#else
#define VSW_STAGE	static
#endif
/* Where it is told what code is reached, code is in one place. */
#if IS_ENABLED(CONFIG_KCOV)
#define VSW_HOT		noinline
#else
#define VSW_HOT		__always_inline
#endif

VSW_STAGE void vsw_frame_xmit(struct vsw_port *in, struct sk_buff *skb);
VSW_STAGE void vsw_frame_drop(const struct vsw_port *port, struct sk_buff *skb,
			      vsw_verdict_t v);
VSW_STAGE void vsw_frame_count_drop(const struct vsw_port *port,
				    const struct sk_buff *skb, vsw_verdict_t v);

VSW_STAGE void vsw_in_dest(struct vsw_frame *f);
VSW_STAGE vsw_verdict_t vsw_in_parse(struct vsw_frame *f);
VSW_STAGE vsw_verdict_t vsw_in_policy(struct vsw_frame *f);
VSW_STAGE vsw_verdict_t vsw_in_vlan(struct vsw_frame *f);
VSW_STAGE vsw_verdict_t vsw_l2_learn(struct vsw_frame *f);
VSW_STAGE vsw_verdict_t vsw_l2_lookup(struct vsw_frame *f);
VSW_STAGE vsw_verdict_t vsw_l2_replicate(struct vsw_frame *f);
VSW_STAGE vsw_verdict_t vsw_replicate_flood(const struct vsw_frame f);
VSW_STAGE bool vsw_l2_snoop(const struct vsw_frame *f, struct vsw_snoop_to *to);
VSW_STAGE vsw_verdict_t vsw_replicate_group(const struct vsw_frame f);
VSW_STAGE vsw_verdict_t vsw_out_filter(const struct vsw_frame *f,
				       const struct vsw_port *port);
VSW_STAGE void vsw_vlan_count(const struct vsw_port *port, unsigned int packets,
			      u16 vlan, u64 len);
VSW_STAGE void vsw_vlan_count_out(const struct vsw_frame *f,
				  const struct vsw_port *port, vsw_verdict_t v);
VSW_STAGE u64 vsw_private_fid(const struct vsw_switch *sw, u64 vlan);
VSW_STAGE bool vsw_private_is_member(const struct vsw_switch *sw,
				     const struct vsw_policy *policy, u64 fid,
				     u16 vlan);
VSW_STAGE bool vsw_private_is_apart(const struct vsw_switch *sw,
				    const struct vsw_policy *policy, u64 fid,
				    u16 vlan);
VSW_STAGE bool vsw_out_is_member(const struct vsw_frame *f,
				 const struct vsw_port *port);
VSW_STAGE bool vsw_out_is_untagged(const struct vsw_frame *f,
				   const struct vsw_port *port);
VSW_STAGE int vsw_out_vlan(const struct vsw_frame *f,
			   const struct vsw_port *port, struct sk_buff *skb);
VSW_STAGE void vsw_out_tag(struct sk_buff *skb, bool wire);
VSW_STAGE vsw_verdict_t vsw_out_xmit(const struct vsw_frame *f,
				     const struct vsw_port *port,
				     struct sk_buff *skb, bool flooded);
VSW_STAGE void vsw_count_out(const struct vsw_port *port, u64 len,
			     vsw_verdict_t v, bool flooded);
VSW_STAGE vsw_verdict_t vsw_out_tap(const struct vsw_port *port,
				    struct sk_buff *skb);
VSW_STAGE vsw_verdict_t vsw_out_tap_ready(const struct vsw_port *port,
					  struct sk_buff *skb, bool last);
VSW_STAGE bool vsw_tap_disown(struct sk_buff *skb);
VSW_STAGE bool vsw_tun_is_plain(const struct sk_buff *skb);
VSW_STAGE bool vsw_tun_takes(const struct net_device *dev,
			     const struct sk_buff *skb);
VSW_STAGE vsw_verdict_t vsw_out_tun_ready(const struct vsw_port *port,
					  struct sk_buff *skb, bool last);
VSW_STAGE vsw_verdict_t vsw_out_tun(const struct vsw_port *port,
				    struct sk_buff *skb);
VSW_STAGE vsw_verdict_t vsw_out_queue(const struct vsw_port *port,
				      struct sk_buff *skb);
VSW_STAGE vsw_verdict_t vsw_out_internal(const struct vsw_port *port,
					 struct sk_buff *skb);
VSW_STAGE void vsw_tag_pass_over(struct sk_buff *skb);
VSW_STAGE void vsw_stack_prepare(struct net_device *dev, struct sk_buff *skb);
VSW_STAGE void vsw_tap_up(const struct vsw_port *port, struct sk_buff *skb);

#endif /* _VSW_PATH_DP_H */
