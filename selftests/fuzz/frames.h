/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The coverage-guided frame fuzzer: what its parts share.  frames.c says what it
 * does.
 */
#ifndef _VSW_FUZZ_FRAMES_H
#define _VSW_FUZZ_FRAMES_H

#include <linux/if_ether.h>
#include <linux/virtio_net.h>
#include <linux/vswitch.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

/* Newer than Debian's headers for programs. */
#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4	5
#endif

#define FLOOD_ALL	(VSWITCH_FLOOD_UNICAST | VSWITCH_FLOOD_MULTICAST | \
			 VSWITCH_FLOOD_BROADCAST)
#define BIT(n)		(1U << (n))
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define PORTS		6	/* the host's own, then taps */
#define HOST		0
#define FRAGS		3	/* the tap that makes frames of parts of pages */
#define NARROW		4	/* the tap without a queue, and with a short ring */
#define DIRECT		5	/* the direct tap */
#define VLANS		3	/* their numbers are 1 to 3, here and in tags */
#define VLANS_ALL	(BIT(VLANS + 1) - 2)
#define QUEUE_FULL	900	/* frames that, with some others, fill another's */

#define OPS_MAX		10
#define DATA_MAX	384	/* bytes of an operation; even */
#define PROG_MAX	(OPS_MAX * sizeof(struct op))	/* bytes of an input */
#define FRAME_MAX	65536

/*
 * An input is a program: operations one after the other, in files as they are
 * here, but with as many bytes of data as they have.
 */
enum op_kind {
	OP_FRAME,	/* who sends; arg: bytes after those given; data: struct wire */
	OP_MTU,		/* of who, arg */
	OP_UP,		/* who is up, or not: arg */
	OP_CARRIER,	/* likewise */
	OP_ATTACHED,	/* likewise */
	OP_PORT,	/* settings of who; data: struct settings */
	OP_STATIC,	/* arg: VLAN; data: address, which is behind who */
	OP_FLUSH,	/* the FDB forgets what it has learned */
	OP_OFFLOAD,	/* what who takes: TUN_F_*, arg */
	OP_HDRSZ,	/* size of the virtio-net header at who, arg */
	OP_PROMISC,	/* the switch's netdev is promiscuous, or not: arg */
	OP_VLANS,	/* of all ports; in force, or not: arg; data: struct vlans[PORTS] */
	OP_PRIVATE,	/* which VLANs are private, arg of the ways that there are */
	OP_COUNT,	/* frames are counted by VLAN, or not: arg */
	OP_SNOOP,	/* multicast snooping: arg: SNOOP_* */
	OP_MEMBER,	/* arg: VLAN; data: group, of which who is made a member */
	OP_WAIT,	/* a while, arg of those that there are */
	OP_ECHO,	/* who sends the probe for loops that was seen last */
	OP_KINDS,
};

struct op {
	u8 kind;
	u8 who;		/* OP_FRAME: and from bit 3 on how many times more */
	u16 arg;
	u16 len;
	u8 data[DATA_MAX];
};

#define OP_HEAD		offsetof(struct op, data)

/* The beginning of an OP_FRAME's data; the frame follows. */
struct wire {
	struct virtio_net_hdr vnet;
	u16 cut;	/* bytes of the frame in its linear part, at FRAGS */
};

/* The data of an OP_PORT. */
struct settings {
	u8 role;
	u8 learning;
	u16 mac_limit;
	u16 group_forward;
	u16 group_host;
	u8 flood;
	u8 hairpin;
	u8 isolated;
	u8 community;	/* if not isolated; 0 for none */
	u8 locked;
	u8 bpdu;	/* 1, there is a bpdu-guard, that drops; 2, and puts into quarantine */
	u8 shut;	/* enum shut */
	u8 storm;	/* limit of what is flooded; 0, none that is reached */
	u8 probe;	/* loops are looked for */
	u8 router;	/* enum vswitch_mcast_router */
	u8 fast_leave;
	u8 mcast_limit;
};

enum shut {
	SHUT_NOT,
	SHUT_BLOCKING,
	SHUT_QUARANTINE,
	SHUT_LEARNING,
	SHUTS,
};

#define SNOOP_ON	1
#define SNOOP_ASK	2	/* with a querier of the switch's own */

/* The VLANs of a port: of a switch that is VLAN-aware, they are in force. */
struct vlans {
	u8 mode;	/* enum vswitch_vlan_mode */
	u8 vid;		/* of untagged frames; 0 for none, at a trunk */
	u8 trunk;	/* bit n for VLAN n, with an 802.1Q tag */
	u8 service;	/* with an 802.1ad one */
	u8 rotate;	/* so much is added to the numbers in tags, round and round */
	u8 pad;
};

struct prog {
	unsigned int num;
	struct op op[OPS_MAX];
};

/* A frame as it is sent. */
struct frame {
	unsigned int from;
	unsigned int times;
	struct virtio_net_hdr vnet;
	unsigned int cut;
	unsigned int len;
	u16 vlan;		/* that it is in */
	u16 fid;		/* and that has its addresses and groups */
	u16 pcp;		/* priority in the tag that it came with */
	unsigned int skip;	/* bytes of that tag, which does not go with it */
	u8 data[FRAME_MAX];
};

/* Counters of the switch, over all ports, in the order of ethtool -S. */
enum {
	ST_RX_PACKETS,
	ST_RX_BYTES,
	ST_RX_MULTICAST,
	ST_RX_BROADCAST,
	ST_TX_PACKETS,
	ST_TX_BYTES,
	ST_TX_FLOODED,
	ST_LEARNED,
	ST_MOVED,
	ST_LEARN_REFUSED,
	ST_MOVE_HELD,
	ST_DROPS,	/* and on: VSWITCH_A_DROPS_RUNT and so on */
	ST_NUM = ST_DROPS + VSWITCH_A_DROPS_MAX,
};

#define ST_DROP(reason)	(ST_DROPS + VSWITCH_A_DROPS_##reason - 1)

struct port {
	char name[16];
	int fd;			/* of the tap, or the socket that sends */
	int in_fd;		/* what comes out is read from here */
	int ifindex;
	bool up;
	bool carrier;
	bool attached;
	bool changed;		/* not as at the start */
	bool spoke;		/* of groups: it may be that of a member or router */
	bool fresh;		/* may get all groups for a while */
	u16 mtu;
	u16 hdrsz;
	u16 offload;
	struct settings set;
	struct vlans vlans;
	unsigned int got;	/* frames that came out, of the one that was sent */
	unsigned int part;	/* bytes of the first of these */
	u64 tx;			/* counted until the end of the last input */
	u64 outs;		/* frames that came out since */
};

#define STATIC_MAX	8
#define LEARNED_MAX	64
#define MEMBER_MAX	8
#define GROUP_LEN	16	/* of IPv4, mapped */
#define PROBE_MAC	{ 0x03, 0x76, 0x73, 0x77, 0x6c, 0x70 }
#define PROBE_LEN	46	/* of a probe, what is not padding */
#define PROBE_MAX	64

struct entry {
	u8 mac[ETH_ALEN];
	u16 vlan;
	u8 port;
};

struct member {
	u8 group[GROUP_LEN];
	u16 vlan;
	u8 port;
};

struct world {
	struct port port[PORTS];
	struct member member[MEMBER_MAX];
	unsigned int member_num;
	struct entry fixed[STATIC_MAX];
	unsigned int fixed_num;
	struct entry learned[LEARNED_MAX];
	unsigned int learned_num;
	bool learned_unsure;	/* there may be fewer, or others */
	bool promisc;
	bool aware;
	u8 private;		/* which of the ways */
	bool counts;		/* by VLAN */
	bool snoops;
	bool asks;		/* has a querier */
	bool heard;		/* maybe a querier: there may be pruning */
	bool noisy;		/* it may send frames itself */
	unsigned int noise;	/* so many, since the frame was sent */
	u8 probe[PROBE_MAX];
	unsigned int probe_len;
	bool unsure;		/* counters of ports need not be those of frames */
	u64 seen[ST_NUM];	/* counters before the frame */
	u64 gone_rx;		/* counted by ports that have left */
	u64 gone_tx;
	u64 delta[ST_NUM];	/* by how much they went up with it */
	u64 ins, outs;		/* frames since the start */
};

extern const u8 switch_mac[ETH_ALEN];

u32 rnd(u32 num);	/* less than num */

static inline bool one_in(u32 num)
{
	return !rnd(num);
}

static inline u16 get16(const u8 *at)
{
	return at[0] << 8 | at[1];
}

static inline void put16(u8 *at, u16 value)
{
	at[0] = value >> 8;
	at[1] = value;
}

/* frames_input.c */
unsigned int prog_write(const struct prog *p, u8 *to);
bool prog_read(struct prog *p, const u8 *from, unsigned int len);
void prog_print(const struct prog *p);
bool prog_add(struct prog *p, unsigned int at, const struct op *op);
void prog_remove(struct prog *p, unsigned int at);
void frame_of(struct frame *f, const struct op *op);
void op_frame(struct op *op, unsigned int from, const u8 *data,
	      unsigned int len, unsigned int more);
int seeds_read(const char *file, void (*take)(const u8 *data, unsigned int len,
					      unsigned int more));

/* frames_mutate.c */
void mutate(struct prog *p, const struct prog *other);
void vnet_good(struct op *op, u8 gso);

/* frames_mcast.c */
enum group_kind {
	GROUP_NONE,	/* not of a group, or of one that all get */
	GROUP_DATA,
	GROUP_MESSAGE,
};

void some_message(struct op *op);
void message_of(struct op *op, unsigned int kind, bool six);
void message_change(u8 *data, unsigned int len);
void some_group(u8 *group);
enum group_kind group_of(const struct world *w, const struct frame *f, u8 *group);
bool group_speaks(const struct world *w, const struct frame *f);
bool group_has(const struct world *w, const struct frame *f, unsigned int port,
	       const u8 *group);
bool is_noise(const struct world *w, const struct frame *f, const u8 *data,
	      unsigned int len);

/* frames_setting.c */
void some_setting(struct op *op);
void some_vlans(struct op *op);
void other_vlans(struct op *op);
void usual_port(struct op *op, unsigned int who, u8 router, bool probe);
void simple_op(struct op *op, u8 kind, unsigned int who, u16 arg);
void private_vlans(struct op *op);

/* frames_world.c */
void world_make(struct world *w);
void world_reset(struct world *w);
void world_do(struct world *w, const struct op *op);
void world_count(struct world *w);
u64 world_signature(const struct world *w);
void world_check_ports(struct world *w);
void world_after(struct world *w);
bool world_echo(const struct world *w, struct frame *f, const struct op *op);

/* frames_vlan.c */
int vlan_in(const struct world *w, struct frame *f);
bool vlan_is_member(const struct world *w, const struct frame *f,
		    unsigned int port);
u32 vlan_tag(const struct world *w, const struct frame *f, unsigned int port);
bool vlan_hops(const struct world *w, const struct frame *f, unsigned int port);
unsigned int vlan_frame(const struct world *w, const struct frame *f,
			unsigned int port, u8 *to);
void world_set_vlans(struct world *w, const struct vlans *v, bool aware);
void world_set_private(struct world *w, unsigned int way);
void world_set_counts(struct world *w, bool on);
u16 vlan_fid(const struct world *w, u16 vlan);

/* frames_io.c */
bool world_send(struct world *w, const struct frame *f);
bool world_ready(struct world *w, bool *ready);
int world_receive(struct world *w, unsigned int port, u8 *buf,
		  struct virtio_net_hdr *vnet);

/* frames_check.c */
void check_frame(struct world *w, struct frame *f, bool sent);
void check_noise(struct world *w);
__attribute__((format(printf, 1, 2))) void fail(const char *fmt, ...);
bool failed(void);
void failed_clear(void);

/* frames_cov.c */
void cov_open(const char *points);
void cov_begin(void);
unsigned int cov_end(void);
bool cov_is_new(u64 result);
unsigned int cov_edges(void);
unsigned int cov_ways(void);
unsigned int cov_path(unsigned int *total);
void cov_print(bool all);

#endif /* _VSW_FUZZ_FRAMES_H */
