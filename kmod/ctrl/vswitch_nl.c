// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vswitch.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "vswitch_nl.h"

#include <uapi/linux/vswitch.h>

/* Integer value ranges */
static const struct netlink_range_validation vsw_a_switch_mtu_range = {
	.min	= 68ULL,
	.max	= 65535ULL,
};

static const struct netlink_range_validation vsw_a_switch_ageing_range = {
	.max	= VSWITCH_AGEING_MAX,
};

static const struct netlink_range_validation vsw_a_switch_fdb_limit_range = {
	.min	= 1ULL,
	.max	= VSWITCH_FDB_LIMIT_MAX,
};

static const struct netlink_range_validation vsw_a_port_mtu_range = {
	.min	= 68ULL,
	.max	= 65535ULL,
};

static const struct netlink_range_validation vsw_a_port_mac_limit_range = {
	.max	= VSWITCH_FDB_LIMIT_MAX,
};

static const struct netlink_range_validation vsw_a_port_community_range = {
	.max	= VSWITCH_COMMUNITY_MAX,
};

static const struct netlink_range_validation vsw_a_guard_storm_unicast_range = {
	.max	= VSWITCH_STORM_MAX,
};

static const struct netlink_range_validation vsw_a_guard_storm_multicast_range = {
	.max	= VSWITCH_STORM_MAX,
};

static const struct netlink_range_validation vsw_a_guard_storm_broadcast_range = {
	.max	= VSWITCH_STORM_MAX,
};

/* Common nested types */
const struct nla_policy vsw_fdb_entry_nl_policy[VSWITCH_A_FDB_ENTRY_LIMIT + 1] = {
	[VSWITCH_A_FDB_ENTRY_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VSWITCH_A_FDB_ENTRY_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_VLAN_MAX),
	[VSWITCH_A_FDB_ENTRY_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_ENTRY_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_FDB_ENTRY_TYPE] = NLA_POLICY_MAX(NLA_U32, 3),
	[VSWITCH_A_FDB_ENTRY_AGE] = { .type = NLA_U32, },
	[VSWITCH_A_FDB_ENTRY_EVENT] = NLA_POLICY_MAX(NLA_U32, 6),
	[VSWITCH_A_FDB_ENTRY_FROM_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_ENTRY_FROM_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_FDB_ENTRY_LIMIT] = NLA_POLICY_MAX(NLA_U32, 1),
};

const struct nla_policy vsw_guard_nl_policy[VSWITCH_A_GUARD_LOOP_DETECT + 1] = {
	[VSWITCH_A_GUARD_BPDU_GUARD] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSWITCH_A_GUARD_STORM_UNICAST] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_guard_storm_unicast_range),
	[VSWITCH_A_GUARD_STORM_MULTICAST] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_guard_storm_multicast_range),
	[VSWITCH_A_GUARD_STORM_BROADCAST] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_guard_storm_broadcast_range),
	[VSWITCH_A_GUARD_STORM_GUARD] = NLA_POLICY_MAX(NLA_U32, 1),
	[VSWITCH_A_GUARD_STP_STATE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSWITCH_A_GUARD_QUARANTINE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_GUARD_QUARANTINE_REASON] = NLA_POLICY_MAX(NLA_U32, 4),
	[VSWITCH_A_GUARD_QUARANTINE_LEFT] = { .type = NLA_U32, },
	[VSWITCH_A_GUARD_QUARANTINE_COUNT] = { .type = NLA_U32, },
	[VSWITCH_A_GUARD_LOOP_DETECT] = NLA_POLICY_MAX(NLA_U8, 1),
};

const struct nla_policy vsw_mcast_nl_policy[VSWITCH_A_MCAST_MCAST_LIMIT + 1] = {
	[VSWITCH_A_MCAST_MCAST_ROUTER] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSWITCH_A_MCAST_MCAST_FAST_LEAVE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_MCAST_MCAST_LIMIT] = NLA_POLICY_MAX(NLA_U32, VSWITCH_MDB_GROUPS_MAX),
};

const struct nla_policy vsw_mdb_entry_nl_policy[VSWITCH_A_MDB_ENTRY_EVENT + 1] = {
	[VSWITCH_A_MDB_ENTRY_GROUP] = NLA_POLICY_EXACT_LEN(16),
	[VSWITCH_A_MDB_ENTRY_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_VLAN_MAX),
	[VSWITCH_A_MDB_ENTRY_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MDB_ENTRY_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_MDB_ENTRY_TYPE] = NLA_POLICY_MAX(NLA_U32, 3),
	[VSWITCH_A_MDB_ENTRY_EXPIRES] = { .type = NLA_U32, },
	[VSWITCH_A_MDB_ENTRY_QUERIER] = NLA_POLICY_EXACT_LEN(16),
	[VSWITCH_A_MDB_ENTRY_EVENT] = NLA_POLICY_MAX(NLA_U32, 5),
};

const struct nla_policy vsw_trunk_change_nl_policy[VSWITCH_A_TRUNK_CHANGE_DEL + 1] = {
	[VSWITCH_A_TRUNK_CHANGE_ADD] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_LIST_LEN),
	[VSWITCH_A_TRUNK_CHANGE_DEL] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_LIST_LEN),
};

const struct nla_policy vsw_vlan_entry_nl_policy[VSWITCH_A_VLAN_ENTRY_TX_BYTES + 1] = {
	[VSWITCH_A_VLAN_ENTRY_VLAN] = NLA_POLICY_RANGE(NLA_U16, 1, VSWITCH_VLAN_MAX),
	[VSWITCH_A_VLAN_ENTRY_PRIVATE] = NLA_POLICY_MAX(NLA_U32, 3),
	[VSWITCH_A_VLAN_ENTRY_PRIMARY] = NLA_POLICY_RANGE(NLA_U16, 1, VSWITCH_VLAN_MAX),
	[VSWITCH_A_VLAN_ENTRY_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_VLAN_ENTRY_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_VLAN_ENTRY_RX_PACKETS] = { .type = NLA_U64, },
	[VSWITCH_A_VLAN_ENTRY_RX_BYTES] = { .type = NLA_U64, },
	[VSWITCH_A_VLAN_ENTRY_TX_PACKETS] = { .type = NLA_U64, },
	[VSWITCH_A_VLAN_ENTRY_TX_BYTES] = { .type = NLA_U64, },
};

/* VSWITCH_CMD_SWITCH_GET - do */
const struct nla_policy vsw_switch_get_nl_policy[VSWITCH_A_SWITCH_NAME + 1] = {
	[VSWITCH_A_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
};

/* VSWITCH_CMD_SWITCH_SET - do */
const struct nla_policy vsw_switch_set_nl_policy[VSWITCH_A_SWITCH_VLAN_STATS + 1] = {
	[VSWITCH_A_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_SWITCH_MTU] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_switch_mtu_range),
	[VSWITCH_A_SWITCH_AGEING] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_switch_ageing_range),
	[VSWITCH_A_SWITCH_FDB_LIMIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_switch_fdb_limit_range),
	[VSWITCH_A_SWITCH_PORT_LIMIT] = NLA_POLICY_RANGE(NLA_U32, 1, VSWITCH_PORT_LIMIT_MAX),
	[VSWITCH_A_SWITCH_VLAN_AWARE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_MOVE_LIMIT] = NLA_POLICY_MAX(NLA_U32, VSWITCH_MOVE_LIMIT_MAX),
	[VSWITCH_A_SWITCH_MOVE_WINDOW] = NLA_POLICY_RANGE(NLA_U32, 1, VSWITCH_MOVE_TIME_MAX),
	[VSWITCH_A_SWITCH_MOVE_HOLD] = NLA_POLICY_RANGE(NLA_U32, 1, VSWITCH_MOVE_TIME_MAX),
	[VSWITCH_A_SWITCH_QUARANTINE_TIME] = NLA_POLICY_MAX(NLA_U32, VSWITCH_QUARANTINE_TIME_MAX),
	[VSWITCH_A_SWITCH_LOOP_INTERVAL] = NLA_POLICY_RANGE(NLA_U32, 1, VSWITCH_LOOP_INTERVAL_MAX),
	[VSWITCH_A_SWITCH_MCAST_SNOOPING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_MCAST_QUERIER] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_SWITCH_MCAST_QUERY_INTERVAL] = NLA_POLICY_RANGE(NLA_U32, 10, VSWITCH_MCAST_INTERVAL_MAX),
	[VSWITCH_A_SWITCH_VLAN_STATS] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VSWITCH_CMD_PORT_NEW - do */
const struct nla_policy vsw_port_new_nl_policy[VSWITCH_A_PORT_MCAST + 1] = {
	[VSWITCH_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_PORT_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_PORT_ROLE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSWITCH_A_PORT_MTU] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_port_mtu_range),
	[VSWITCH_A_PORT_LEARNING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_MAC_LIMIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_port_mac_limit_range),
	[VSWITCH_A_PORT_GROUP_FORWARD] = { .type = NLA_U16, },
	[VSWITCH_A_PORT_GROUP_HOST] = { .type = NLA_U16, },
	[VSWITCH_A_PORT_TYPE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSWITCH_A_PORT_QUEUES] = NLA_POLICY_RANGE(NLA_U32, 1, VSWITCH_QUEUES_MAX),
	[VSWITCH_A_PORT_OWNER] = { .type = NLA_U32, },
	[VSWITCH_A_PORT_GROUP] = { .type = NLA_U32, },
	[VSWITCH_A_PORT_ADDRESS] = NLA_POLICY_EXACT_LEN(6),
	[VSWITCH_A_PORT_VLAN_MODE] = NLA_POLICY_MAX(NLA_U32, 3),
	[VSWITCH_A_PORT_VLAN] = NLA_POLICY_RANGE(NLA_U16, 1, VSWITCH_VLAN_MAX),
	[VSWITCH_A_PORT_TRUNK] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_LIST_LEN),
	[VSWITCH_A_PORT_SERVICE] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_LIST_LEN),
	[VSWITCH_A_PORT_TRANSLATE] = NLA_POLICY_EXACT_LEN(VSWITCH_TRANSLATE_LEN),
	[VSWITCH_A_PORT_FLOOD] = NLA_POLICY_MASK(NLA_U8, 0x7),
	[VSWITCH_A_PORT_HAIRPIN] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_ISOLATED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_COMMUNITY] = NLA_POLICY_FULL_RANGE(NLA_U16, &vsw_a_port_community_range),
	[VSWITCH_A_PORT_LOCKED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_STICKY] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_GUARD] = NLA_POLICY_NESTED(vsw_guard_nl_policy),
	[VSWITCH_A_PORT_MCAST] = NLA_POLICY_NESTED(vsw_mcast_nl_policy),
};

/* VSWITCH_CMD_PORT_SET - do */
const struct nla_policy vsw_port_set_nl_policy[VSWITCH_A_PORT_MCAST + 1] = {
	[VSWITCH_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_PORT_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_PORT_ROLE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VSWITCH_A_PORT_MTU] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_port_mtu_range),
	[VSWITCH_A_PORT_LEARNING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_MAC_LIMIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_a_port_mac_limit_range),
	[VSWITCH_A_PORT_GROUP_FORWARD] = { .type = NLA_U16, },
	[VSWITCH_A_PORT_GROUP_HOST] = { .type = NLA_U16, },
	[VSWITCH_A_PORT_VLAN_MODE] = NLA_POLICY_MAX(NLA_U32, 3),
	[VSWITCH_A_PORT_VLAN] = NLA_POLICY_RANGE(NLA_U16, 1, VSWITCH_VLAN_MAX),
	[VSWITCH_A_PORT_TRUNK] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_LIST_LEN),
	[VSWITCH_A_PORT_SERVICE] = NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_LIST_LEN),
	[VSWITCH_A_PORT_TRANSLATE] = NLA_POLICY_EXACT_LEN(VSWITCH_TRANSLATE_LEN),
	[VSWITCH_A_PORT_FLOOD] = NLA_POLICY_MASK(NLA_U8, 0x7),
	[VSWITCH_A_PORT_HAIRPIN] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_ISOLATED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_COMMUNITY] = NLA_POLICY_FULL_RANGE(NLA_U16, &vsw_a_port_community_range),
	[VSWITCH_A_PORT_LOCKED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_STICKY] = NLA_POLICY_MAX(NLA_U8, 1),
	[VSWITCH_A_PORT_GUARD] = NLA_POLICY_NESTED(vsw_guard_nl_policy),
	[VSWITCH_A_PORT_TRUNK_CHANGE] = NLA_POLICY_NESTED(vsw_trunk_change_nl_policy),
	[VSWITCH_A_PORT_MCAST] = NLA_POLICY_NESTED(vsw_mcast_nl_policy),
};

/* VSWITCH_CMD_PORT_DEL - do */
const struct nla_policy vsw_port_del_nl_policy[VSWITCH_A_PORT_NAME + 1] = {
	[VSWITCH_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
};

/* VSWITCH_CMD_PORT_GET - do */
const struct nla_policy vsw_port_get_nl_policy[VSWITCH_A_PORT_SWITCH_NAME + 1] = {
	[VSWITCH_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_PORT_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_PORT_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
};

/* VSWITCH_CMD_FDB_ADD - do */
const struct nla_policy vsw_fdb_add_nl_policy[VSWITCH_A_FDB_REPLACE + 1] = {
	[VSWITCH_A_FDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_FDB_ENTRY] = NLA_POLICY_NESTED(vsw_fdb_entry_nl_policy),
	[VSWITCH_A_FDB_REPLACE] = { .type = NLA_FLAG, },
};

/* VSWITCH_CMD_FDB_DEL - do */
const struct nla_policy vsw_fdb_del_nl_policy[VSWITCH_A_FDB_ENTRY + 1] = {
	[VSWITCH_A_FDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_FDB_ENTRY] = NLA_POLICY_NESTED(vsw_fdb_entry_nl_policy),
};

/* VSWITCH_CMD_FDB_FLUSH - do */
const struct nla_policy vsw_fdb_flush_nl_policy[VSWITCH_A_FDB_TYPE + 1] = {
	[VSWITCH_A_FDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_FDB_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_FDB_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_VLAN_MAX),
	[VSWITCH_A_FDB_TYPE] = NLA_POLICY_MAX(NLA_U32, 3),
};

/* VSWITCH_CMD_FDB_GET - do */
const struct nla_policy vsw_fdb_get_nl_policy[VSWITCH_A_FDB_TYPE + 1] = {
	[VSWITCH_A_FDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_FDB_ENTRY] = NLA_POLICY_NESTED(vsw_fdb_entry_nl_policy),
	[VSWITCH_A_FDB_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_FDB_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_FDB_VLAN] = NLA_POLICY_MAX(NLA_U16, VSWITCH_VLAN_MAX),
	[VSWITCH_A_FDB_TYPE] = NLA_POLICY_MAX(NLA_U32, 3),
};

/* VSWITCH_CMD_VLAN_SET - do */
const struct nla_policy vsw_vlan_set_nl_policy[VSWITCH_A_VLAN_ENTRY + 1] = {
	[VSWITCH_A_VLAN_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_VLAN_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_VLAN_ENTRY] = NLA_POLICY_NESTED(vsw_vlan_entry_nl_policy),
};

/* VSWITCH_CMD_VLAN_GET - do */
const struct nla_policy vsw_vlan_get_nl_policy[VSWITCH_A_VLAN_ENTRY + 1] = {
	[VSWITCH_A_VLAN_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_VLAN_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_VLAN_ENTRY] = NLA_POLICY_NESTED(vsw_vlan_entry_nl_policy),
};

/* VSWITCH_CMD_MDB_ADD - do */
const struct nla_policy vsw_mdb_add_nl_policy[VSWITCH_A_MDB_ENTRY + 1] = {
	[VSWITCH_A_MDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_MDB_ENTRY] = NLA_POLICY_NESTED(vsw_mdb_entry_nl_policy),
};

/* VSWITCH_CMD_MDB_DEL - do */
const struct nla_policy vsw_mdb_del_nl_policy[VSWITCH_A_MDB_ENTRY + 1] = {
	[VSWITCH_A_MDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_MDB_ENTRY] = NLA_POLICY_NESTED(vsw_mdb_entry_nl_policy),
};

/* VSWITCH_CMD_MDB_GET - do */
const struct nla_policy vsw_mdb_get_nl_policy[VSWITCH_A_MDB_ENTRY + 1] = {
	[VSWITCH_A_MDB_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_MDB_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_MDB_ENTRY] = NLA_POLICY_NESTED(vsw_mdb_entry_nl_policy),
};

/* VSWITCH_CMD_VLAN_STATS_GET - do */
const struct nla_policy vsw_vlan_stats_get_nl_policy[VSWITCH_A_VLAN_VLAN + 1] = {
	[VSWITCH_A_VLAN_SWITCH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_VLAN_SWITCH_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_VLAN_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VSWITCH_A_VLAN_PORT_NAME] = { .type = NLA_NUL_STRING, .len = VSWITCH_NAME_MAX, },
	[VSWITCH_A_VLAN_VLAN] = NLA_POLICY_RANGE(NLA_U16, 1, VSWITCH_VLAN_MAX),
};

/* Ops table for vswitch */
const struct genl_ops vsw_nl_ops[16] = {
	{
		.cmd		= VSWITCH_CMD_SWITCH_GET,
		.doit		= vsw_nl_switch_get_doit,
		.dumpit		= vsw_nl_switch_get_dumpit,
		.policy		= vsw_switch_get_nl_policy,
		.maxattr	= VSWITCH_A_SWITCH_NAME,
	},
	{
		.cmd		= VSWITCH_CMD_SWITCH_SET,
		.doit		= vsw_nl_switch_set_doit,
		.policy		= vsw_switch_set_nl_policy,
		.maxattr	= VSWITCH_A_SWITCH_VLAN_STATS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VSWITCH_CMD_PORT_NEW,
		.doit		= vsw_nl_port_new_doit,
		.policy		= vsw_port_new_nl_policy,
		.maxattr	= VSWITCH_A_PORT_MCAST,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VSWITCH_CMD_PORT_SET,
		.doit		= vsw_nl_port_set_doit,
		.policy		= vsw_port_set_nl_policy,
		.maxattr	= VSWITCH_A_PORT_MCAST,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VSWITCH_CMD_PORT_DEL,
		.doit		= vsw_nl_port_del_doit,
		.policy		= vsw_port_del_nl_policy,
		.maxattr	= VSWITCH_A_PORT_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VSWITCH_CMD_PORT_GET,
		.doit		= vsw_nl_port_get_doit,
		.dumpit		= vsw_nl_port_get_dumpit,
		.policy		= vsw_port_get_nl_policy,
		.maxattr	= VSWITCH_A_PORT_SWITCH_NAME,
	},
	{
		.cmd		= VSWITCH_CMD_FDB_ADD,
		.doit		= vsw_nl_fdb_add_doit,
		.policy		= vsw_fdb_add_nl_policy,
		.maxattr	= VSWITCH_A_FDB_REPLACE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VSWITCH_CMD_FDB_DEL,
		.doit		= vsw_nl_fdb_del_doit,
		.policy		= vsw_fdb_del_nl_policy,
		.maxattr	= VSWITCH_A_FDB_ENTRY,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VSWITCH_CMD_FDB_FLUSH,
		.doit		= vsw_nl_fdb_flush_doit,
		.policy		= vsw_fdb_flush_nl_policy,
		.maxattr	= VSWITCH_A_FDB_TYPE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VSWITCH_CMD_FDB_GET,
		.doit		= vsw_nl_fdb_get_doit,
		.dumpit		= vsw_nl_fdb_get_dumpit,
		.policy		= vsw_fdb_get_nl_policy,
		.maxattr	= VSWITCH_A_FDB_TYPE,
	},
	{
		.cmd		= VSWITCH_CMD_VLAN_SET,
		.doit		= vsw_nl_vlan_set_doit,
		.policy		= vsw_vlan_set_nl_policy,
		.maxattr	= VSWITCH_A_VLAN_ENTRY,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VSWITCH_CMD_VLAN_GET,
		.doit		= vsw_nl_vlan_get_doit,
		.dumpit		= vsw_nl_vlan_get_dumpit,
		.policy		= vsw_vlan_get_nl_policy,
		.maxattr	= VSWITCH_A_VLAN_ENTRY,
	},
	{
		.cmd		= VSWITCH_CMD_MDB_ADD,
		.doit		= vsw_nl_mdb_add_doit,
		.policy		= vsw_mdb_add_nl_policy,
		.maxattr	= VSWITCH_A_MDB_ENTRY,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VSWITCH_CMD_MDB_DEL,
		.doit		= vsw_nl_mdb_del_doit,
		.policy		= vsw_mdb_del_nl_policy,
		.maxattr	= VSWITCH_A_MDB_ENTRY,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VSWITCH_CMD_MDB_GET,
		.doit		= vsw_nl_mdb_get_doit,
		.dumpit		= vsw_nl_mdb_get_dumpit,
		.policy		= vsw_mdb_get_nl_policy,
		.maxattr	= VSWITCH_A_MDB_ENTRY,
	},
	{
		.cmd		= VSWITCH_CMD_VLAN_STATS_GET,
		.doit		= vsw_nl_vlan_stats_get_doit,
		.dumpit		= vsw_nl_vlan_stats_get_dumpit,
		.policy		= vsw_vlan_stats_get_nl_policy,
		.maxattr	= VSWITCH_A_VLAN_VLAN,
	},
};

static const struct genl_multicast_group vsw_nl_mcgrps[] = {
	[VSWITCH_NLGRP_SWITCH] = { "switch", },
	[VSWITCH_NLGRP_PORT] = { "port", },
	[VSWITCH_NLGRP_FDB] = { "fdb", },
	[VSWITCH_NLGRP_MDB] = { "mdb", },
};
