/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The frame fuzzer: what its parts share.  fuzz_kunit.c says what it does.
 */
#ifndef _VSW_TESTS_FUZZ_H
#define _VSW_TESTS_FUZZ_H

#include <linux/if_vlan.h>
#include <linux/prandom.h>
#include <linux/virtio_net.h>
#include "helpers.h"

#define VSW_FUZZ_CORPUS		64
#define VSW_FUZZ_KEPT		256	/* bytes of a frame of the corpus */
#define VSW_FUZZ_SEEN		65536	/* bits */
#define VSW_FUZZ_ENDS		(VSW_TEST_PORTS_USUAL + 1)
#define VSW_FUZZ_VLANS		4

/**
 * enum vsw_fuzz_layout - How the bytes of a frame lie in memory.
 * @VSW_FUZZ_LINEAR: one after the other
 * @VSW_FUZZ_PAGES: from some byte on in parts of pages
 * @VSW_FUZZ_BARE: all but the Ethernet header in parts of pages
 * @VSW_FUZZ_LIST: from some byte on in a list of further skbs
 * @VSW_FUZZ_LAYOUTS: number of the others
 */
enum vsw_fuzz_layout {
	VSW_FUZZ_LINEAR,
	VSW_FUZZ_PAGES,
	VSW_FUZZ_BARE,
	VSW_FUZZ_LIST,
	VSW_FUZZ_LAYOUTS,
};

/**
 * struct vsw_fuzz_shape - How a frame is sent; its bytes are vsw_test.data.
 * @from: end that sends it
 * @layout: enum vsw_fuzz_layout
 * @headroom: bytes before it
 * @cloned: somebody else has a clone
 * @shared: somebody else has a reference
 * @beside: its outer tag is beside the data
 * @gro: it is what GRO makes of several
 * @vnet: offload state, as a guest or a packet socket gives it, if use_vnet
 * @use_vnet: see @vnet
 */
struct vsw_fuzz_shape {
	u8 from;
	u8 layout;
	u8 headroom;
	bool cloned;
	bool shared;
	bool beside;
	bool gro;
	bool use_vnet;
	struct virtio_net_hdr vnet;
};

/**
 * struct vsw_fuzz_vlan - The VLANs of an end.
 * @mode: enum vswitch_vlan_mode
 * @vid: VLAN of untagged frames, or 0
 * @num: number of VLANs of a trunk
 * @vlan: those VLANs
 * @tag: their tags
 */
struct vsw_fuzz_vlan {
	u32 mode;
	u16 vid;
	unsigned int num;
	u16 vlan[VSW_FUZZ_VLANS];
	u32 tag[VSW_FUZZ_VLANS];
};

/**
 * struct vsw_fuzz_end - The settings of an end, as the test has made them.
 * @up: its netdev is up
 * @carrier: its cable is in
 * @refuse: its netdev refuses all
 * @learning: see struct vsw_policy
 * @role: see struct vsw_policy
 * @mtu: of its netdev
 * @forward: reserved groups that are forwarded
 * @host: reserved groups that go to the port's device
 * @vlans: its VLANs
 * @flood: see struct vsw_policy
 * @hairpin: see struct vsw_policy
 * @isolated: it is isolated
 * @community: it is in this one, or in none
 * @locked: only stations that the FDB has there may send
 * @stp: enum vswitch_stp_state
 * @shut: it is in quarantine
 * @bpdu: enum vswitch_bpdu_guard, off or drop
 */
struct vsw_fuzz_end {
	bool up;
	bool carrier;
	bool refuse;
	bool learning;
	u32 role;
	unsigned int mtu;
	u16 forward;
	u16 host;
	struct vsw_fuzz_vlan vlans;
	u8 flood;
	bool hairpin;
	bool isolated;
	u16 community;
	bool locked;
	u8 stp;
	bool shut;
	u8 bpdu;
};

/**
 * struct vsw_fuzz_kept - A frame of the corpus.
 * @len: number of bytes
 * @shape: how it was sent
 * @data: its bytes
 */
struct vsw_fuzz_kept {
	unsigned int len;
	struct vsw_fuzz_shape shape;
	u8 data[VSW_FUZZ_KEPT];
};

/**
 * struct vsw_fuzz - The state of a round.
 * @t: switch and ends; the frame's bytes are in its data
 * @rnd: all that is random comes from here
 * @seed: what @rnd was made of
 * @index: number of frames made before this one
 * @failed: a check has failed: no more frames
 * @promisc: the switch's netdev is promiscuous
 * @aware: the switch is VLAN-aware
 * @end: settings of the ends
 * @private: what each of the VLANs is, enum vswitch_private_vlan; one at most is
 *	     primary
 * @vlan: VLAN that the frame is in
 * @pcp: priority of its tag
 * @skip: bytes of the tag that it loses on its way
 * @want: the frame as an end is to get it
 * @shape: how the frame is sent
 * @pages: hold the bytes that are not linear
 * @skb: the frame that was sent, while somebody else has a reference
 * @held: the clone somebody else has
 * @gso: it was sent to be segmented
 * @partial: its checksum was left to be completed
 * @csum_start: from this byte on
 * @csum_at: where it belongs
 * @sent: frames sent
 * @refused: frames that virtio_net_hdr_to_skb() refused
 * @outs: frames that came out
 * @delta: by how much counters went up with the last frame
 * @seen_stats: counters after the last frame
 * @nohandler: frames nobody took at the port's own device, before it
 * @corpus: frames worth changing further
 * @corpus_num: number of them
 * @corpus_new: frames that did something new
 * @seen: what frames have done
 */
struct vsw_fuzz {
	struct vsw_test *t;
	struct rnd_state rnd;
	u64 seed;
	unsigned int index;
	bool failed;
	bool promisc;
	bool aware;
	struct vsw_fuzz_end end[VSW_FUZZ_ENDS];
	u8 private[VSW_FUZZ_VLANS];
	u16 vlan;
	u16 pcp;
	unsigned int skip;
	u8 want[VSW_TEST_FRAME + VLAN_HLEN];
	struct vsw_fuzz_shape shape;
	struct page *pages;
	struct sk_buff *skb;
	struct sk_buff *held;
	bool gso;
	bool partial;
	unsigned int csum_start;
	unsigned int csum_at;
	unsigned int sent;
	unsigned int refused;
	u64 outs;
	struct vsw_stats delta[VSW_FUZZ_ENDS];
	struct vsw_stats seen_stats[VSW_FUZZ_ENDS];
	u64 nohandler;
	struct vsw_fuzz_kept corpus[VSW_FUZZ_CORPUS];
	unsigned int corpus_num;
	unsigned int corpus_new;
	DECLARE_BITMAP(seen, VSW_FUZZ_SEEN);
};

/**
 * vsw_fuzz_rnd() - A random number.
 * @fz: the round
 * @num: it is less than this
 *
 * Return: that number.
 */
static inline u32 vsw_fuzz_rnd(struct vsw_fuzz *fz, u32 num)
{
	return (u64)prandom_u32_state(&fz->rnd) * num >> 32;
}

/**
 * vsw_fuzz_one_in() - Whether something is to happen that happens now and then.
 * @fz: the round
 * @num: once in so many times
 *
 * Return: whether now.
 */
static inline bool vsw_fuzz_one_in(struct vsw_fuzz *fz, u32 num)
{
	return !vsw_fuzz_rnd(fz, num);
}

void vsw_fuzz_frame(struct vsw_fuzz *fz);
void vsw_fuzz_keep(struct vsw_fuzz *fz);
bool vsw_fuzz_send(struct vsw_fuzz *fz);
unsigned int vsw_fuzz_alive(void);
void vsw_fuzz_set_vlans(struct vsw_fuzz *fz, unsigned int end);
void vsw_fuzz_set_private(struct vsw_fuzz *fz);
u16 vsw_fuzz_fid(const struct vsw_fuzz *fz);
bool vsw_fuzz_vlan_apart(const struct vsw_fuzz *fz, unsigned int end);
void vsw_fuzz_set_aware(struct vsw_fuzz *fz, bool aware);
int vsw_fuzz_predict_vlan(struct vsw_fuzz *fz);
bool vsw_fuzz_vlan_out(const struct vsw_fuzz *fz, unsigned int end, u32 *tag);
bool vsw_fuzz_vlan_hops(const struct vsw_fuzz *fz, unsigned int end);
unsigned int vsw_fuzz_vlan_bytes(struct vsw_fuzz *fz, unsigned int end);
void vsw_fuzz_before(struct vsw_fuzz *fz);
void vsw_fuzz_after(struct vsw_fuzz *fz);

__printf(2, 3) void vsw_fuzz_fail(struct vsw_fuzz *fz, const char *fmt, ...);

/* A check; what follows it is the message.  True if it holds. */
#define vsw_fuzz_check(fz, cond, fmt, ...) ({				\
	bool __holds = (cond);						\
									\
	if (unlikely(!__holds))						\
		vsw_fuzz_fail(fz, #cond ": " fmt, ##__VA_ARGS__);	\
	__holds;							\
})

#endif /* _VSW_TESTS_FUZZ_H */
