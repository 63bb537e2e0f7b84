/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two objects everything is about, a switch and its ports, and the rules
 * by which they are shared.
 */
#ifndef _VSW_H
#define _VSW_H

#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <linux/siphash.h>
#include <uapi/linux/vswitch.h>
#include "stats.h"
#include "table/fdb.h"

/**
 * DOC: Locking
 *
 * The path (kmod/path/) runs with BH off, which grace periods wait for: it needs
 * no rcu_read_lock(), and takes one only around what asks lockdep for it.  It takes
 * no lock but, when it learns a new or moved address, the one of the FDB, and for a
 * message about multicast groups theirs.
 * Everything that changes a switch runs in process context.
 *
 * ======================  ==================  ===========  ====================
 * data                    writers hold        readers      freed by
 * ======================  ==================  ===========  ====================
 * list of switches        RTNL                RTNL         ndo_uninit
 * vsw_switch.ports        RTNL                RCU          kvfree_rcu
 * .private_vlans          RTNL                RCU          grace period
 * struct vsw_port         RTNL                RCU          call_rcu
 * vsw_port.policy         RTNL                RCU          kfree_rcu
 * vsw_policy.vlans        nobody              RCU          kvfree_rcu
 * vsw_port.flood, .state  RTNL                READ_ONCE
 * vsw_port.storm          any, atomically     any
 * vsw_quarantine.noted,   any, atomically     any
 * .storm
 * the rest of that        RTNL                RTNL
 * vsw_port.vlan_stats     RTNL                RCU          kfree_rcu
 * their chunks            the CPU, BH off     u64_stats    call_rcu
 * vsw_vport.port          RTNL                RCU          with the port
 * vsw_vport.name          RTNL                any, copied  with the netdev
 * vsw_tap_pass            the CPU, BH off     the same
 * list, nodes of taps     RTNL                RTNL         NETDEV_UNREGISTER
 * FDB tables, slots       vsw_fdb.lock        RCU          RCU grace period
 * FDB table chain         vsw_fdb.lock and    RCU          RCU grace period
 *                         .resize_lock
 * FDB counts and limits   vsw_fdb.lock        READ_ONCE
 * FDB moves, holds        vsw_fdb.lock        READ_ONCE
 * FDB events              vsw_fdb.lock        vsw_fdb.lock
 * vsw_switch.mdb          RTNL                RCU          a grace period
 * multicast groups        vsw_mdb.lock        RCU          kfree_rcu
 * members, routers        vsw_mdb.lock        vsw_mdb.lock
 * bitmaps of these        vsw_mdb.lock        test_bit()   with the group
 * counters                the CPU, BH off     u64_stats
 * ======================  ==================  ===========  ====================
 *
 * Nesting: vsw_tap_open_mutex, RTNL, vsw_fdb.resize_lock, vsw_fdb.lock (a
 * spinlock, BH off).  Nothing sleeps under vsw_fdb.lock, and it is held for a
 * bounded number of buckets at a time.  So it is with vsw_mdb.lock; of the two,
 * none is taken under the other.
 *
 * A port goes in this order: it is taken out of vsw_switch.ports, its receive
 * handler is unregistered, a grace period passes (no frame is on its way
 * through it any more), its FDB entries are flushed, its number may be used
 * again.  The path reads the ports before the entry that names one of them, so
 * an entry never leads to a later port with the same number.
 */

#define VSW_VERSION	"0.1.0"

/* A port number has 13 bits in the FDB; 0 is the host port. */
#define VSW_HOST_PORT		0
/* The type of the host port, beside those of enum vswitch_port_type. */
#define VSW_PORT_TYPE_HOST	0xff
#define VSW_PORT_LIMIT_DEFAULT	1024
#define VSW_FDB_LIMIT_DEFAULT	65536
#define VSW_AGEING_DEFAULT	300		/* s, IEEE 802.1Q-2018 table 8-6 */
#define VSW_MOVE_LIMIT_DEFAULT	5		/* RFC 7432, 15.1 */
#define VSW_MOVE_WINDOW_DEFAULT	10		/* s */
#define VSW_MOVE_HOLD_DEFAULT	10		/* s */
#define VSW_GUEST_MAC_LIMIT	4096
/* Frames per second that a guest may have flooded, see Documentation/protection.md. */
#define VSW_GUEST_STORM_UNICAST		20000
#define VSW_GUEST_STORM_MULTICAST	100000
#define VSW_GUEST_STORM_BROADCAST	2000
#define VSW_QUARANTINE_TIME_DEFAULT	30		/* s */
#define VSW_LOOP_INTERVAL_DEFAULT	2		/* s */
/* Spanning tree, of the reserved groups. */
#define VSW_GROUP_BPDU		BIT(0)
#define VSW_GUEST_MCAST_LIMIT	256
/* Reserved groups the host gets by default: all but 01, which is for the MAC. */
#define VSW_GROUP_HOST_DEFAULT	0xfffd
/* The "community" of an isolated port, which has nobody in its own. */
#define VSW_ISOLATED		0xffff
/* Of vsw_port.flood, beside VSWITCH_FLOOD_*: it is always there, for frames to groups
 * that the port is known to want.
 */
#define VSW_FLOOD_MEMBER	BIT(7)
#define VSW_FLOOD_ALL		(VSWITCH_FLOOD_UNICAST | \
				 VSWITCH_FLOOD_MULTICAST | \
				 VSWITCH_FLOOD_BROADCAST)

/* Of the storm limit of a kind of frames, enum vsw_frame_kind. */
#define VSW_STORM_ATTR(kind)	(VSWITCH_A_GUARD_STORM_UNICAST + (kind))

/**
 * struct vsw_guard - What the switch is guarded against from a port.
 * @bpdu: enum vswitch_bpdu_guard
 * @storm: frames per second that come in and are flooded, by enum vsw_frame_kind;
 *	   0 for no limit
 * @storm_guard: enum vswitch_storm_guard
 * @stp_state: enum vswitch_stp_state
 * @loop_detect: probes are sent out of the port
 */
struct vsw_guard {
	u8 bpdu;
	u32 storm[VSW_STORM_NUM];
	u8 storm_guard;
	u8 stp_state;
	bool loop_detect;
};

/**
 * struct vsw_mcast - What is done at a port with multicast groups.
 * @router: enum vswitch_mcast_router
 * @fast_leave: who leaves a group is the last one at the port
 * @limit: largest number of groups that hosts at the port join, 0 for no limit
 */
struct vsw_mcast {
	u8 router;
	bool fast_leave;
	u16 limit;
};

/**
 * struct vsw_settings - What an administrator says of a port, and its defaults.
 * @role: enum vswitch_role
 * @learning: source addresses are learned
 * @flood: kinds of frames that leave by it when they are flooded, VSWITCH_FLOOD_*
 * @hairpin: frames that came in by it may leave by it again
 * @community: who is in one speaks to those who are in the same or in none; 0 for
 *	       none, or VSW_ISOLATED
 * @mac_limit: largest number of dynamic and sticky FDB entries, 0 for no limit
 * @group_forward: reserved groups forwarded like any other, bit n for ...:0n
 * @group_host: reserved groups given to the host on the port's own device
 * @locked: only stations that the FDB has at the port may send
 * @sticky: what is learned is sticky
 * @guard: what the switch is guarded against
 * @mcast: what is done with multicast groups
 */
struct vsw_settings {
	u8 role;
	bool learning;
	u8 flood;
	bool hairpin;
	u16 community;
	u32 mac_limit;
	u16 group_forward;
	u16 group_host;
	bool locked;
	bool sticky;
	struct vsw_guard guard;
	struct vsw_mcast mcast;
};

struct vsw_mdb;
struct vsw_vlans;
struct vsw_vlan_filter;
struct vsw_private_vlans;
struct vsw_vlan_stats;

/* Why not all frames go from one port to another: both have it. */
#define VSW_CONFINED_UPLINK	BIT(0)
#define VSW_CONFINED_COMMUNITY	BIT(1)

/**
 * struct vsw_policy - Settings of a port, as the path reads them.
 * @untagged: VLAN of untagged frames as keys of the FDB have it, 0 for none
 * @untagged_out: VLAN whose frames leave untagged without a further look, or 0; a
 *		  trunk has none
 * @vlans: VLANs of tagged frames, NULL for none; freed with the last policy that
 *	   has them
 * @vlan_mode: enum vswitch_vlan_mode
 * @is: the settings
 * @confined: VSW_CONFINED_*, as @is has it
 * @learns: addresses that are new at the port are learned
 * @storm: how many frames it may have flooded, by enum vsw_frame_kind
 * @rcu: for kfree_rcu()
 *
 * Never changed once published: a change makes a new one and swaps it, so a
 * reader sees the old settings or the new ones and never a mix.
 */
struct vsw_policy {
	u64 untagged;
	u64 untagged_out;
	const struct vsw_vlans *vlans;
	u8 vlan_mode;
	struct vsw_settings is;
	u8 confined;
	bool learns;
	struct vsw_storm_limit storm[VSW_STORM_NUM];
	struct rcu_head rcu;
};

/* States of a port whose netdev is up; what is greater lets less through. */
#define VSW_STATE_FORWARDING	0
#define VSW_STATE_LEARNING	1
#define VSW_STATE_BLOCKING	2
#define VSW_STATE_QUARANTINED	3

/**
 * struct vsw_quarantine - What a port has done to others, and what came of it.
 * @noted: enum vswitch_quarantine_reason, as the path has noted it, or 0
 * @storm: the last second with a storm, and how many in a row there were
 * @until: when it leaves quarantine, or has left it, in jiffies; under RTNL
 * @times: how many times in a row it was put there; under RTNL
 * @reason: enum vswitch_quarantine_reason, why it is there; under RTNL
 * @timed: it leaves by itself; under RTNL
 */
struct vsw_quarantine {
	u32 noted;
	atomic64_t storm;
	unsigned long until;
	u32 times;
	u8 reason;
	bool timed;
};

/**
 * struct vsw_port - A member of a switch.
 * @dev: its netdev; the switch's own for the host port
 * @sw: its switch
 * @policy: its settings; written under RTNL
 * @stats: its counters
 * @number: its number in the switch and in the FDB, 0 for the host port
 * @fdb_val: value of an entry that is learned here, without its stamp
 * @type: enum vswitch_port_type, or VSW_PORT_TYPE_HOST
 * @tun: its netdev is a tap of the tun driver with one queue
 * @filter: what its NIC has been told of VLANs, or NULL; under RTNL
 * @flood: that of @policy, and VSW_FLOOD_MEMBER: flooding has this at hand, and asks
 *	   each port; written under RTNL
 * @state: VSW_STATE_*; written under RTNL, and asked for if the mode of the switch has
 *	   VSW_MODE_STATES
 * @quarantine: of its quarantine
 * @storm: until when it has had frames flooded, by enum vsw_frame_kind
 * @vlan_stats: its counters by VLAN, NULL if its switch has none; written under RTNL
 * @rcu: frees the port after the last reader
 * @tracker: of the reference on @dev
 */
struct vsw_port {
	struct net_device *dev;
	struct vsw_switch *sw;
	struct vsw_policy __rcu *policy;
	struct vsw_pcpu_stats __percpu *stats;
	u32 fdb_val;
	u16 number;
	u8 type;
	bool tun;
	u8 flood;
	u8 state;

	struct vsw_vlan_filter *filter;
	struct vsw_quarantine quarantine;
	atomic64_t storm[VSW_STORM_NUM];
	struct vsw_vlan_stats __rcu *vlan_stats;
	struct rcu_head rcu;
	netdevice_tracker tracker;
};

/**
 * struct vsw_port_set - The ports of a switch at one moment.
 * @rcu: for kvfree_rcu()
 * @size: number of slots by port number
 * @count: number of ports behind them, the host port not among them
 * @taps: place among these of the first tap that frames can be made ready for
 * @slot: @size ports by number (NULL where there is none), then the @count
 *	  ports for flooding: those that are no taps, or tun taps with several
 *	  queues; tun taps; direct taps; of each sort in order of their numbers
 *
 * A port that comes makes a new set.  One that leaves makes its places NULL, so
 * that leaving needs no memory; a new set without the gaps comes when there is
 * some.
 */
struct vsw_port_set {
	struct rcu_head rcu;
	u32 size;
	u32 count;
	u32 taps;
	struct vsw_port *slot[];
};

/* Of a switch: its netdev is up, and not about to go down. */
#define VSW_MODE_UP		BIT(0)
/* Frames are switched in the VLANs of their ports, and nowhere else. */
#define VSW_MODE_VLAN		BIT(1)
/* Some port is learning, blocking or quarantined. */
#define VSW_MODE_STATES		BIT(2)
/* Multicast snooping is on. */
#define VSW_MODE_MCAST		BIT(3)
/* With VSW_MODE_VLAN: there are private VLANs, or counters by VLAN. */
#define VSW_MODE_VLAN_EXTRA	BIT(4)

/**
 * struct vsw_loop - How a switch looks for loops.
 * @work: sends probes
 * @key: with which they are authenticated
 * @id: that they have
 * @addr: source address that they have; the switch's own would be refused
 * @interval: seconds between two; written under RTNL
 */
struct vsw_loop {
	struct delayed_work work;
	siphash_key_t key;
	u64 id;
	u8 addr[ETH_ALEN];
	u32 interval;
};

/**
 * struct vsw_switch - A switch; private data of its netdev.
 * @dev: its netdev, which is the host port
 * @ports: its ports; written under RTNL
 * @host: the host port
 * @addr: address of @dev as a number; written under RTNL
 * @mode: VSW_MODE_*; written under RTNL
 * @fdb: forwarding database
 * @mdb: multicast groups, NULL without snooping; written under RTNL
 * @port_limit: largest number of ports; under RTNL
 * @gone: sum of the counters of ports that have left; under RTNL
 * @node: in the list of switches of the network namespace; under RTNL
 * @vlan_ports: number of ports that are in each VLAN; under RTNL
 * @guard_work: puts ports into quarantine, and takes them out
 * @quarantine_time: how long a port is there the first time, in jiffies; 0, until an
 *		     administrator takes it out; under RTNL
 * @blocked: number of ports that do not forward; under RTNL
 * @vlan_stats: its ports count by VLAN; under RTNL
 * @private_vlans: its private VLANs, NULL for none; written under RTNL
 * @loop: how it looks for loops
 */
struct vsw_switch {
	struct net_device *dev;
	struct vsw_port_set __rcu *ports;
	struct vsw_port *host;
	u64 addr;
	u8 mode;
	struct vsw_fdb fdb;
	struct vsw_mdb __rcu *mdb;

	u32 port_limit;
	struct vsw_stats gone;
	struct list_head node;
	u16 vlan_ports[VLAN_N_VID];
	struct delayed_work guard_work;
	unsigned long quarantine_time;
	u32 blocked;
	bool vlan_stats;
	struct vsw_private_vlans __rcu *private_vlans;
	struct vsw_loop loop;
};

/**
 * struct vsw_net - What a network namespace has.
 * @switches: its switches, by vsw_switch.node; under RTNL
 * @gen: goes up whenever a switch or port comes or goes, or private VLANs change,
 *	 so that a dump can say that it is inconsistent; under RTNL
 */
struct vsw_net {
	struct list_head switches;
	unsigned int gen;
};

extern struct rtnl_link_ops vsw_link_ops;

struct vsw_net *vsw_net(const struct net *net);
void vsw_netdev_update(struct vsw_switch *sw);

/**
 * vsw_switch_set_mode() - Set or clear parts of the mode of a switch, at once.
 * @sw: switch
 * @bits: VSW_MODE_*
 * @to: those of them that are set
 *
 * Context: RTNL.
 */
static inline void vsw_switch_set_mode(struct vsw_switch *sw, u8 bits, u8 to)
{
	ASSERT_RTNL();
	WRITE_ONCE(sw->mode, (sw->mode & ~bits) | to);
}

/**
 * vsw_switch_is_vlan_aware() - Whether a switch is VLAN-aware.
 * @sw: switch
 *
 * Context: RTNL.
 * Return: true if it is.
 */
static inline bool vsw_switch_is_vlan_aware(const struct vsw_switch *sw)
{
	return sw->mode & VSW_MODE_VLAN;
}

/**
 * vsw_dev_is_switch() - Whether a netdev is a switch.
 * @dev: netdev
 *
 * Return: true if it is.
 */
static inline bool vsw_dev_is_switch(const struct net_device *dev)
{
	return dev->rtnl_link_ops == &vsw_link_ops;
}

#endif /* _VSW_H */
