/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vswitch.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_VSWITCH_H
#define _UAPI_LINUX_VSWITCH_H

#define VSWITCH_FAMILY_NAME	"vswitch"
#define VSWITCH_FAMILY_VERSION	1

#define VSWITCH_NAME_MAX	15
#define VSWITCH_AGEING_MAX	1000000
#define VSWITCH_FDB_LIMIT_MAX	16777216
#define VSWITCH_FDB_ENTRIES_MAX	2048
#define VSWITCH_PORT_LIMIT_MAX	4095
#define VSWITCH_MOVE_LIMIT_MAX	1000
#define VSWITCH_MOVE_TIME_MAX	3600
#define VSWITCH_VLAN_MAX	4094
#define VSWITCH_VLAN_LIST_LEN	512
#define VSWITCH_TRANSLATE_LEN	256

/**
 * enum vswitch_vlan_mode - What a port of a VLAN-aware switch does with VLANs.
 *   Without effect while its switch is not VLAN-aware.
 * @VSWITCH_VLAN_MODE_NONE: It is in no VLAN, and carries nothing.
 * @VSWITCH_VLAN_MODE_ACCESS: It is in one VLAN, whose frames are untagged on
 *   the wire.
 * @VSWITCH_VLAN_MODE_TRUNK: It is in many VLANs, whose frames are tagged on
 *   the wire but for those of one, the native VLAN.
 * @VSWITCH_VLAN_MODE_DOT1Q_TUNNEL: It is in one VLAN, a service VLAN, whose
 *   frames are on the wire as the customer sends them, untagged or with his
 *   own IEEE 802.1Q tags.
 */
enum vswitch_vlan_mode {
	VSWITCH_VLAN_MODE_NONE,
	VSWITCH_VLAN_MODE_ACCESS,
	VSWITCH_VLAN_MODE_TRUNK,
	VSWITCH_VLAN_MODE_DOT1Q_TUNNEL,
};

#define VSWITCH_COMMUNITY_MAX		65534
#define VSWITCH_MDB_GROUPS_MAX		4096
#define VSWITCH_MCAST_INTERVAL_MAX	125

/**
 * enum vswitch_mcast_router - Whether there is a multicast router at a port.
 * @VSWITCH_MCAST_ROUTER_AUTO: There is while one is heard (a query, or a hello
 *   of PIM).
 * @VSWITCH_MCAST_ROUTER_NEVER: There is none, and what sounds like one is not
 *   believed.
 * @VSWITCH_MCAST_ROUTER_ALWAYS: There is; the port gets all groups.
 */
enum vswitch_mcast_router {
	VSWITCH_MCAST_ROUTER_AUTO,
	VSWITCH_MCAST_ROUTER_NEVER,
	VSWITCH_MCAST_ROUTER_ALWAYS,
};

/**
 * enum vswitch_mdb_type - What an entry of the multicast database is.
 * @VSWITCH_MDB_TYPE_DYNAMIC: A member that was heard; it is forgotten when it
 *   is not heard again.
 * @VSWITCH_MDB_TYPE_STATIC: A member that an administrator has set.
 * @VSWITCH_MDB_TYPE_ROUTER: A router, or querier, that was heard; its port
 *   gets all groups.
 * @VSWITCH_MDB_TYPE_QUERIER: The querier of the VLAN; without one, nothing is
 *   pruned.
 */
enum vswitch_mdb_type {
	VSWITCH_MDB_TYPE_DYNAMIC,
	VSWITCH_MDB_TYPE_STATIC,
	VSWITCH_MDB_TYPE_ROUTER,
	VSWITCH_MDB_TYPE_QUERIER,
};

/**
 * enum vswitch_mdb_event_type - What happened to a member.
 * @VSWITCH_MDB_EVENT_TYPE_JOINED: It was heard of for the first time.
 * @VSWITCH_MDB_EVENT_TYPE_LEFT: It said that it leaves, on a port with fast
 *   leave.
 * @VSWITCH_MDB_EVENT_TYPE_EXPIRED: It was not heard again.
 * @VSWITCH_MDB_EVENT_TYPE_ADDED: An administrator has set it.
 * @VSWITCH_MDB_EVENT_TYPE_DELETED: An administrator has deleted it, its port
 *   has left or gone down, or the VLANs of the switch mean something else now.
 * @VSWITCH_MDB_EVENT_TYPE_LIMIT: It was not taken because of the mcast-limit
 *   of the port; told of the first one only.
 */
enum vswitch_mdb_event_type {
	VSWITCH_MDB_EVENT_TYPE_JOINED,
	VSWITCH_MDB_EVENT_TYPE_LEFT,
	VSWITCH_MDB_EVENT_TYPE_EXPIRED,
	VSWITCH_MDB_EVENT_TYPE_ADDED,
	VSWITCH_MDB_EVENT_TYPE_DELETED,
	VSWITCH_MDB_EVENT_TYPE_LIMIT,
};

/**
 * enum vswitch_role - What a port is attached to; sets the defaults of its
 *   other settings.
 * @VSWITCH_ROLE_GUEST: A virtual machine or container (mac-limit 4096).
 * @VSWITCH_ROLE_HOST: A further leg of the host itself (no mac-limit).
 * @VSWITCH_ROLE_UPLINK: The physical network (no mac-limit). A frame never
 *   goes from one uplink to another.
 */
enum vswitch_role {
	VSWITCH_ROLE_GUEST,
	VSWITCH_ROLE_HOST,
	VSWITCH_ROLE_UPLINK,
};

/**
 * enum vswitch_port_type - What a port is made of; the host port has no type.
 * @VSWITCH_PORT_TYPE_ATTACHED: A netdev that someone else has made.
 * @VSWITCH_PORT_TYPE_TAP: A direct tap: a netdev of the switch whose other
 *   side is the device node that QEMU or vhost-net opens. It lives and dies as
 *   a port.
 * @VSWITCH_PORT_TYPE_INTERNAL: A NIC of the host's own stack, or of a
 *   container's when it has been moved to another network namespace. It lives
 *   and dies as a port.
 */
enum vswitch_port_type {
	VSWITCH_PORT_TYPE_ATTACHED,
	VSWITCH_PORT_TYPE_TAP,
	VSWITCH_PORT_TYPE_INTERNAL,
};

#define VSWITCH_NODE_MAX	31
#define VSWITCH_QUEUES_MAX	16

/**
 * enum vswitch_port_state - Whether a port takes part in forwarding.
 * @VSWITCH_PORT_STATE_DOWN: Its netdev is administratively down or has no
 *   carrier.
 * @VSWITCH_PORT_STATE_FORWARDING: Frames are taken from it and sent to it.
 * @VSWITCH_PORT_STATE_LEARNING: By its stp-state, addresses are learned, and
 *   nothing goes through it.
 * @VSWITCH_PORT_STATE_BLOCKING: By its stp-state, nothing is learned, and
 *   nothing goes through it but reserved groups to the host.
 * @VSWITCH_PORT_STATE_QUARANTINED: Nothing is taken from it nor sent to it,
 *   see quarantine-reason.
 */
enum vswitch_port_state {
	VSWITCH_PORT_STATE_DOWN,
	VSWITCH_PORT_STATE_FORWARDING,
	VSWITCH_PORT_STATE_LEARNING,
	VSWITCH_PORT_STATE_BLOCKING,
	VSWITCH_PORT_STATE_QUARANTINED,
};

/**
 * enum vswitch_storm_guard - What becomes of frames above the storm limits,
 *   and of the port.
 * @VSWITCH_STORM_GUARD_DROP: They are dropped.
 * @VSWITCH_STORM_GUARD_QUARANTINE: They are dropped, and the port is
 *   quarantined when there were some in five seconds in a row.
 */
enum vswitch_storm_guard {
	VSWITCH_STORM_GUARD_DROP,
	VSWITCH_STORM_GUARD_QUARANTINE,
};

/**
 * enum vswitch_stp_state - What a spanning tree daemon wants of a port.
 * @VSWITCH_STP_STATE_FORWARDING: Frames go through it.
 * @VSWITCH_STP_STATE_LEARNING: Addresses are learned, and nothing goes through
 *   it.
 * @VSWITCH_STP_STATE_BLOCKING: Nothing is learned, and nothing goes through
 *   it.
 */
enum vswitch_stp_state {
	VSWITCH_STP_STATE_FORWARDING,
	VSWITCH_STP_STATE_LEARNING,
	VSWITCH_STP_STATE_BLOCKING,
};

/**
 * enum vswitch_quarantine_reason - Why a port is in quarantine.
 * @VSWITCH_QUARANTINE_REASON_NONE: It is in none.
 * @VSWITCH_QUARANTINE_REASON_ADMIN: An administrator has put it there, and
 *   takes it out.
 * @VSWITCH_QUARANTINE_REASON_BPDU: A spanning tree frame (BPDU) came from it,
 *   against its bpdu-guard.
 * @VSWITCH_QUARANTINE_REASON_STORM: Its storm limits were exceeded in five
 *   seconds in a row.
 * @VSWITCH_QUARANTINE_REASON_LOOP: It is part of a loop, see loop-detect.
 */
enum vswitch_quarantine_reason {
	VSWITCH_QUARANTINE_REASON_NONE,
	VSWITCH_QUARANTINE_REASON_ADMIN,
	VSWITCH_QUARANTINE_REASON_BPDU,
	VSWITCH_QUARANTINE_REASON_STORM,
	VSWITCH_QUARANTINE_REASON_LOOP,
};

#define VSWITCH_QUARANTINE_TIME_MAX	3600
#define VSWITCH_LOOP_INTERVAL_MAX	60

/**
 * enum vswitch_flood - Kinds of frames that are flooded.
 * @VSWITCH_FLOOD_UNICAST: To one station whose port is not known.
 * @VSWITCH_FLOOD_MULTICAST: To a group.
 * @VSWITCH_FLOOD_BROADCAST: To all.
 */
enum vswitch_flood {
	VSWITCH_FLOOD_UNICAST = 1,
	VSWITCH_FLOOD_MULTICAST = 2,
	VSWITCH_FLOOD_BROADCAST = 4,
};

/**
 * enum vswitch_bpdu_guard - What becomes of spanning tree frames (BPDUs) that
 *   come in on a port.
 * @VSWITCH_BPDU_GUARD_OFF: What group-forward and group-host of the port say.
 * @VSWITCH_BPDU_GUARD_DROP: They are dropped.
 * @VSWITCH_BPDU_GUARD_QUARANTINE: They are dropped, and the port is
 *   quarantined.
 */
enum vswitch_bpdu_guard {
	VSWITCH_BPDU_GUARD_OFF,
	VSWITCH_BPDU_GUARD_DROP,
	VSWITCH_BPDU_GUARD_QUARANTINE,
};

#define VSWITCH_STORM_MAX	100000000

/**
 * enum vswitch_fdb_type - How an FDB entry came to be.
 * @VSWITCH_FDB_TYPE_DYNAMIC: Learned from a source address; ages, and moves
 *   with its station.
 * @VSWITCH_FDB_TYPE_STATIC: Set by an administrator; neither ages nor moves.
 * @VSWITCH_FDB_TYPE_LOCAL: The switch's own address; its frames go to the
 *   host.
 * @VSWITCH_FDB_TYPE_STICKY: Learned on a port that is sticky, or set by an
 *   administrator; neither ages nor moves, and counts against the mac-limit of
 *   its port.
 */
enum vswitch_fdb_type {
	VSWITCH_FDB_TYPE_DYNAMIC,
	VSWITCH_FDB_TYPE_STATIC,
	VSWITCH_FDB_TYPE_LOCAL,
	VSWITCH_FDB_TYPE_STICKY,
};

/**
 * enum vswitch_fdb_limit_type - Which limit kept an address from being
 *   learned.
 * @VSWITCH_FDB_LIMIT_TYPE_MAC_LIMIT: That of the port.
 * @VSWITCH_FDB_LIMIT_TYPE_FDB_LIMIT: That of the switch, as far as it is for
 *   what is learned.
 */
enum vswitch_fdb_limit_type {
	VSWITCH_FDB_LIMIT_TYPE_MAC_LIMIT,
	VSWITCH_FDB_LIMIT_TYPE_FDB_LIMIT,
};

/**
 * enum vswitch_fdb_event_type - What happened to an FDB entry.
 * @VSWITCH_FDB_EVENT_TYPE_LEARNED: A new source address was seen, or a known
 *   one became sticky.
 * @VSWITCH_FDB_EVENT_TYPE_MOVED: A dynamic entry's source address was seen on
 *   another port.
 * @VSWITCH_FDB_EVENT_TYPE_AGED: Its source address was not seen for the ageing
 *   time.
 * @VSWITCH_FDB_EVENT_TYPE_ADDED: An administrator added it.
 * @VSWITCH_FDB_EVENT_TYPE_DELETED: An administrator deleted or flushed it, or
 *   its port left.
 * @VSWITCH_FDB_EVENT_TYPE_HELD: It has moved too often between its port and
 *   the one in from-port-name, and stays at its port for the move-hold of the
 *   switch.
 * @VSWITCH_FDB_EVENT_TYPE_LIMIT: It was not learned at the port because of a
 *   limit; told of the first one only, until the limit was no longer nearly
 *   reached.
 */
enum vswitch_fdb_event_type {
	VSWITCH_FDB_EVENT_TYPE_LEARNED,
	VSWITCH_FDB_EVENT_TYPE_MOVED,
	VSWITCH_FDB_EVENT_TYPE_AGED,
	VSWITCH_FDB_EVENT_TYPE_ADDED,
	VSWITCH_FDB_EVENT_TYPE_DELETED,
	VSWITCH_FDB_EVENT_TYPE_HELD,
	VSWITCH_FDB_EVENT_TYPE_LIMIT,
};

#define VSWITCH_VLAN_ENTRIES_MAX	4094

/**
 * enum vswitch_private_vlan - What a VLAN is among private VLANs (RFC 5517).
 * @VSWITCH_PRIVATE_VLAN_NONE: It is not private.
 * @VSWITCH_PRIVATE_VLAN_PRIMARY: Its ports are promiscuous: they get the
 *   frames of all its secondary VLANs, and who is in one of those gets theirs.
 * @VSWITCH_PRIVATE_VLAN_ISOLATED: A secondary VLAN whose ports speak to
 *   promiscuous ones alone; a primary VLAN has one at most.
 * @VSWITCH_PRIVATE_VLAN_COMMUNITY: A secondary VLAN whose ports speak to each
 *   other and to promiscuous ones.
 */
enum vswitch_private_vlan {
	VSWITCH_PRIVATE_VLAN_NONE,
	VSWITCH_PRIVATE_VLAN_PRIMARY,
	VSWITCH_PRIVATE_VLAN_ISOLATED,
	VSWITCH_PRIVATE_VLAN_COMMUNITY,
};

enum {
	VSWITCH_A_DROPS_RUNT = 1,
	VSWITCH_A_DROPS_BAD_SOURCE,
	VSWITCH_A_DROPS_OWN_SOURCE,
	VSWITCH_A_DROPS_RESERVED_GROUP,
	VSWITCH_A_DROPS_PORT_DOWN,
	VSWITCH_A_DROPS_VLAN_NONE,
	VSWITCH_A_DROPS_VLAN_UNTAGGED,
	VSWITCH_A_DROPS_VLAN_TAGGED,
	VSWITCH_A_DROPS_VLAN_INGRESS,
	VSWITCH_A_DROPS_HOST_FRAME,
	VSWITCH_A_DROPS_BAD_HEADER,
	VSWITCH_A_DROPS_SAME_PORT,
	VSWITCH_A_DROPS_UPLINK_TO_UPLINK,
	VSWITCH_A_DROPS_ISOLATED,
	VSWITCH_A_DROPS_NO_EGRESS,
	VSWITCH_A_DROPS_FLOOD_OFF,
	VSWITCH_A_DROPS_NO_MEMORY,
	VSWITCH_A_DROPS_LOCKED,
	VSWITCH_A_DROPS_STORM_UNICAST,
	VSWITCH_A_DROPS_STORM_MULTICAST,
	VSWITCH_A_DROPS_STORM_BROADCAST,
	VSWITCH_A_DROPS_PORT_BLOCKED,
	VSWITCH_A_DROPS_BPDU_GUARD,
	VSWITCH_A_DROPS_LOOP,
	VSWITCH_A_DROPS_MCAST_PRUNED,
	VSWITCH_A_DROPS_EGRESS_DOWN,
	VSWITCH_A_DROPS_EGRESS_MTU,
	VSWITCH_A_DROPS_EGRESS_QUEUE,
	VSWITCH_A_DROPS_EGRESS_VLAN,
	VSWITCH_A_DROPS_EGRESS_BLOCKED,

	__VSWITCH_A_DROPS_MAX,
	VSWITCH_A_DROPS_MAX = (__VSWITCH_A_DROPS_MAX - 1)
};

enum {
	VSWITCH_A_STATS_PAD = 1,
	VSWITCH_A_STATS_RX_PACKETS,
	VSWITCH_A_STATS_RX_BYTES,
	VSWITCH_A_STATS_RX_MULTICAST,
	VSWITCH_A_STATS_RX_BROADCAST,
	VSWITCH_A_STATS_TX_PACKETS,
	VSWITCH_A_STATS_TX_BYTES,
	VSWITCH_A_STATS_TX_FLOODED,
	VSWITCH_A_STATS_LEARNED,
	VSWITCH_A_STATS_MOVED,
	VSWITCH_A_STATS_LEARN_REFUSED,
	VSWITCH_A_STATS_MOVE_HELD,
	VSWITCH_A_STATS_DROPS,

	__VSWITCH_A_STATS_MAX,
	VSWITCH_A_STATS_MAX = (__VSWITCH_A_STATS_MAX - 1)
};

enum {
	VSWITCH_A_SWITCH_IFINDEX = 1,
	VSWITCH_A_SWITCH_NAME,
	VSWITCH_A_SWITCH_ADDRESS,
	VSWITCH_A_SWITCH_MTU,
	VSWITCH_A_SWITCH_AGEING,
	VSWITCH_A_SWITCH_FDB_LIMIT,
	VSWITCH_A_SWITCH_FDB_COUNT,
	VSWITCH_A_SWITCH_FDB_STATIC,
	VSWITCH_A_SWITCH_FDB_MEMORY,
	VSWITCH_A_SWITCH_PORT_LIMIT,
	VSWITCH_A_SWITCH_PORT_COUNT,
	VSWITCH_A_SWITCH_STATS,
	VSWITCH_A_SWITCH_VLAN_AWARE,
	VSWITCH_A_SWITCH_MOVE_LIMIT,
	VSWITCH_A_SWITCH_MOVE_WINDOW,
	VSWITCH_A_SWITCH_MOVE_HOLD,
	VSWITCH_A_SWITCH_QUARANTINE_TIME,
	VSWITCH_A_SWITCH_LOOP_INTERVAL,
	VSWITCH_A_SWITCH_MCAST_SNOOPING,
	VSWITCH_A_SWITCH_MCAST_QUERIER,
	VSWITCH_A_SWITCH_MCAST_QUERY_INTERVAL,
	VSWITCH_A_SWITCH_VLAN_STATS,

	__VSWITCH_A_SWITCH_MAX,
	VSWITCH_A_SWITCH_MAX = (__VSWITCH_A_SWITCH_MAX - 1)
};

enum {
	VSWITCH_A_PORT_PAD = 1,
	VSWITCH_A_PORT_IFINDEX,
	VSWITCH_A_PORT_NAME,
	VSWITCH_A_PORT_SWITCH_IFINDEX,
	VSWITCH_A_PORT_SWITCH_NAME,
	VSWITCH_A_PORT_NUMBER,
	VSWITCH_A_PORT_ROLE,
	VSWITCH_A_PORT_STATE,
	VSWITCH_A_PORT_MTU,
	VSWITCH_A_PORT_LEARNING,
	VSWITCH_A_PORT_MAC_LIMIT,
	VSWITCH_A_PORT_FDB_COUNT,
	VSWITCH_A_PORT_GROUP_FORWARD,
	VSWITCH_A_PORT_GROUP_HOST,
	VSWITCH_A_PORT_STATS,
	VSWITCH_A_PORT_TYPE,
	VSWITCH_A_PORT_QUEUES,
	VSWITCH_A_PORT_OWNER,
	VSWITCH_A_PORT_GROUP,
	VSWITCH_A_PORT_ADDRESS,
	VSWITCH_A_PORT_NODE,
	VSWITCH_A_PORT_GUEST,
	VSWITCH_A_PORT_NETNS_ID,
	VSWITCH_A_PORT_NETNS_DEVICE,
	VSWITCH_A_PORT_VLAN_MODE,
	VSWITCH_A_PORT_VLAN,
	VSWITCH_A_PORT_TRUNK,
	VSWITCH_A_PORT_SERVICE,
	VSWITCH_A_PORT_TRANSLATE,
	VSWITCH_A_PORT_VLAN_AWARE,
	VSWITCH_A_PORT_FLOOD,
	VSWITCH_A_PORT_HAIRPIN,
	VSWITCH_A_PORT_ISOLATED,
	VSWITCH_A_PORT_COMMUNITY,
	VSWITCH_A_PORT_LOCKED,
	VSWITCH_A_PORT_STICKY,
	VSWITCH_A_PORT_GUARD,
	VSWITCH_A_PORT_TRUNK_CHANGE,
	VSWITCH_A_PORT_MCAST,

	__VSWITCH_A_PORT_MAX,
	VSWITCH_A_PORT_MAX = (__VSWITCH_A_PORT_MAX - 1)
};

enum {
	VSWITCH_A_TRUNK_CHANGE_ADD = 1,
	VSWITCH_A_TRUNK_CHANGE_DEL,

	__VSWITCH_A_TRUNK_CHANGE_MAX,
	VSWITCH_A_TRUNK_CHANGE_MAX = (__VSWITCH_A_TRUNK_CHANGE_MAX - 1)
};

enum {
	VSWITCH_A_GUARD_BPDU_GUARD = 1,
	VSWITCH_A_GUARD_STORM_UNICAST,
	VSWITCH_A_GUARD_STORM_MULTICAST,
	VSWITCH_A_GUARD_STORM_BROADCAST,
	VSWITCH_A_GUARD_STORM_GUARD,
	VSWITCH_A_GUARD_STP_STATE,
	VSWITCH_A_GUARD_QUARANTINE,
	VSWITCH_A_GUARD_QUARANTINE_REASON,
	VSWITCH_A_GUARD_QUARANTINE_LEFT,
	VSWITCH_A_GUARD_QUARANTINE_COUNT,
	VSWITCH_A_GUARD_LOOP_DETECT,

	__VSWITCH_A_GUARD_MAX,
	VSWITCH_A_GUARD_MAX = (__VSWITCH_A_GUARD_MAX - 1)
};

enum {
	VSWITCH_A_MCAST_MCAST_ROUTER = 1,
	VSWITCH_A_MCAST_MCAST_FAST_LEAVE,
	VSWITCH_A_MCAST_MCAST_LIMIT,

	__VSWITCH_A_MCAST_MAX,
	VSWITCH_A_MCAST_MAX = (__VSWITCH_A_MCAST_MAX - 1)
};

enum {
	VSWITCH_A_GUEST_OPEN = 1,
	VSWITCH_A_GUEST_ACTIVE,
	VSWITCH_A_GUEST_VNET_HEADER,
	VSWITCH_A_GUEST_CSUM,
	VSWITCH_A_GUEST_TSO4,
	VSWITCH_A_GUEST_TSO6,
	VSWITCH_A_GUEST_TSO_ECN,
	VSWITCH_A_GUEST_USO,
	VSWITCH_A_GUEST_RING_SIZE,
	VSWITCH_A_GUEST_RING_USED,

	__VSWITCH_A_GUEST_MAX,
	VSWITCH_A_GUEST_MAX = (__VSWITCH_A_GUEST_MAX - 1)
};

enum {
	VSWITCH_A_FDB_ENTRY_MAC = 1,
	VSWITCH_A_FDB_ENTRY_VLAN,
	VSWITCH_A_FDB_ENTRY_PORT_IFINDEX,
	VSWITCH_A_FDB_ENTRY_PORT_NAME,
	VSWITCH_A_FDB_ENTRY_TYPE,
	VSWITCH_A_FDB_ENTRY_AGE,
	VSWITCH_A_FDB_ENTRY_EVENT,
	VSWITCH_A_FDB_ENTRY_FROM_PORT_IFINDEX,
	VSWITCH_A_FDB_ENTRY_FROM_PORT_NAME,
	VSWITCH_A_FDB_ENTRY_LIMIT,

	__VSWITCH_A_FDB_ENTRY_MAX,
	VSWITCH_A_FDB_ENTRY_MAX = (__VSWITCH_A_FDB_ENTRY_MAX - 1)
};

enum {
	VSWITCH_A_FDB_SWITCH_IFINDEX = 1,
	VSWITCH_A_FDB_SWITCH_NAME,
	VSWITCH_A_FDB_ENTRY,
	VSWITCH_A_FDB_PORT_IFINDEX,
	VSWITCH_A_FDB_PORT_NAME,
	VSWITCH_A_FDB_VLAN,
	VSWITCH_A_FDB_TYPE,
	VSWITCH_A_FDB_COUNT,
	VSWITCH_A_FDB_OVERRUN,
	VSWITCH_A_FDB_REPLACE,

	__VSWITCH_A_FDB_MAX,
	VSWITCH_A_FDB_MAX = (__VSWITCH_A_FDB_MAX - 1)
};

enum {
	VSWITCH_A_VLAN_ENTRY_VLAN = 1,
	VSWITCH_A_VLAN_ENTRY_PRIVATE,
	VSWITCH_A_VLAN_ENTRY_PRIMARY,
	VSWITCH_A_VLAN_ENTRY_PORT_IFINDEX,
	VSWITCH_A_VLAN_ENTRY_PORT_NAME,
	VSWITCH_A_VLAN_ENTRY_RX_PACKETS,
	VSWITCH_A_VLAN_ENTRY_RX_BYTES,
	VSWITCH_A_VLAN_ENTRY_TX_PACKETS,
	VSWITCH_A_VLAN_ENTRY_TX_BYTES,

	__VSWITCH_A_VLAN_ENTRY_MAX,
	VSWITCH_A_VLAN_ENTRY_MAX = (__VSWITCH_A_VLAN_ENTRY_MAX - 1)
};

enum {
	VSWITCH_A_VLAN_SWITCH_IFINDEX = 1,
	VSWITCH_A_VLAN_SWITCH_NAME,
	VSWITCH_A_VLAN_ENTRY,
	VSWITCH_A_VLAN_PORT_IFINDEX,
	VSWITCH_A_VLAN_PORT_NAME,
	VSWITCH_A_VLAN_VLAN,

	__VSWITCH_A_VLAN_MAX,
	VSWITCH_A_VLAN_MAX = (__VSWITCH_A_VLAN_MAX - 1)
};

enum {
	VSWITCH_A_MDB_ENTRY_GROUP = 1,
	VSWITCH_A_MDB_ENTRY_VLAN,
	VSWITCH_A_MDB_ENTRY_PORT_IFINDEX,
	VSWITCH_A_MDB_ENTRY_PORT_NAME,
	VSWITCH_A_MDB_ENTRY_TYPE,
	VSWITCH_A_MDB_ENTRY_EXPIRES,
	VSWITCH_A_MDB_ENTRY_QUERIER,
	VSWITCH_A_MDB_ENTRY_EVENT,

	__VSWITCH_A_MDB_ENTRY_MAX,
	VSWITCH_A_MDB_ENTRY_MAX = (__VSWITCH_A_MDB_ENTRY_MAX - 1)
};

enum {
	VSWITCH_A_MDB_SWITCH_IFINDEX = 1,
	VSWITCH_A_MDB_SWITCH_NAME,
	VSWITCH_A_MDB_ENTRY,
	VSWITCH_A_MDB_OVERRUN,

	__VSWITCH_A_MDB_MAX,
	VSWITCH_A_MDB_MAX = (__VSWITCH_A_MDB_MAX - 1)
};

enum {
	VSWITCH_CMD_SWITCH_GET = 1,
	VSWITCH_CMD_SWITCH_SET,
	VSWITCH_CMD_SWITCH_NTF,
	VSWITCH_CMD_SWITCH_DEL_NTF,
	VSWITCH_CMD_PORT_NEW,
	VSWITCH_CMD_PORT_SET,
	VSWITCH_CMD_PORT_DEL,
	VSWITCH_CMD_PORT_GET,
	VSWITCH_CMD_PORT_NTF,
	VSWITCH_CMD_PORT_DEL_NTF,
	VSWITCH_CMD_FDB_ADD,
	VSWITCH_CMD_FDB_DEL,
	VSWITCH_CMD_FDB_FLUSH,
	VSWITCH_CMD_FDB_GET,
	VSWITCH_CMD_FDB_NTF,
	VSWITCH_CMD_VLAN_SET,
	VSWITCH_CMD_VLAN_GET,
	VSWITCH_CMD_MDB_ADD,
	VSWITCH_CMD_MDB_DEL,
	VSWITCH_CMD_MDB_GET,
	VSWITCH_CMD_MDB_NTF,
	VSWITCH_CMD_VLAN_STATS_GET,

	__VSWITCH_CMD_MAX,
	VSWITCH_CMD_MAX = (__VSWITCH_CMD_MAX - 1)
};

#define VSWITCH_MCGRP_SWITCH	"switch"
#define VSWITCH_MCGRP_PORT	"port"
#define VSWITCH_MCGRP_FDB	"fdb"
#define VSWITCH_MCGRP_MDB	"mdb"

#endif /* _UAPI_LINUX_VSWITCH_H */
