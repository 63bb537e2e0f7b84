/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vswitch.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_VSWITCH_GEN_H
#define _LINUX_VSWITCH_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/vswitch.h>

/* Common nested types */
extern const struct nla_policy vsw_fdb_entry_nl_policy[VSWITCH_A_FDB_ENTRY_LIMIT + 1];
extern const struct nla_policy vsw_guard_nl_policy[VSWITCH_A_GUARD_LOOP_DETECT + 1];
extern const struct nla_policy vsw_mcast_nl_policy[VSWITCH_A_MCAST_MCAST_LIMIT + 1];
extern const struct nla_policy vsw_mdb_entry_nl_policy[VSWITCH_A_MDB_ENTRY_EVENT + 1];
extern const struct nla_policy vsw_trunk_change_nl_policy[VSWITCH_A_TRUNK_CHANGE_DEL + 1];
extern const struct nla_policy vsw_vlan_entry_nl_policy[VSWITCH_A_VLAN_ENTRY_TX_BYTES + 1];

extern const struct nla_policy vsw_switch_get_nl_policy[VSWITCH_A_SWITCH_NAME + 1];

extern const struct nla_policy vsw_switch_set_nl_policy[VSWITCH_A_SWITCH_VLAN_STATS + 1];

extern const struct nla_policy vsw_port_new_nl_policy[VSWITCH_A_PORT_MCAST + 1];

extern const struct nla_policy vsw_port_set_nl_policy[VSWITCH_A_PORT_MCAST + 1];

extern const struct nla_policy vsw_port_del_nl_policy[VSWITCH_A_PORT_NAME + 1];

extern const struct nla_policy vsw_port_get_nl_policy[VSWITCH_A_PORT_SWITCH_NAME + 1];

extern const struct nla_policy vsw_fdb_add_nl_policy[VSWITCH_A_FDB_REPLACE + 1];

extern const struct nla_policy vsw_fdb_del_nl_policy[VSWITCH_A_FDB_ENTRY + 1];

extern const struct nla_policy vsw_fdb_flush_nl_policy[VSWITCH_A_FDB_TYPE + 1];

extern const struct nla_policy vsw_fdb_get_nl_policy[VSWITCH_A_FDB_TYPE + 1];

extern const struct nla_policy vsw_vlan_set_nl_policy[VSWITCH_A_VLAN_ENTRY + 1];

extern const struct nla_policy vsw_vlan_get_nl_policy[VSWITCH_A_VLAN_ENTRY + 1];

extern const struct nla_policy vsw_mdb_add_nl_policy[VSWITCH_A_MDB_ENTRY + 1];

extern const struct nla_policy vsw_mdb_del_nl_policy[VSWITCH_A_MDB_ENTRY + 1];

extern const struct nla_policy vsw_mdb_get_nl_policy[VSWITCH_A_MDB_ENTRY + 1];

extern const struct nla_policy vsw_vlan_stats_get_nl_policy[VSWITCH_A_VLAN_VLAN + 1];

/* Ops table for vswitch */
extern const struct genl_ops vsw_nl_ops[16];

int vsw_nl_switch_get_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_switch_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int vsw_nl_switch_set_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_port_new_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_port_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int vsw_nl_fdb_add_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_fdb_del_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_fdb_flush_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_fdb_get_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_fdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vsw_nl_vlan_set_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_vlan_get_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_vlan_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int vsw_nl_mdb_add_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_mdb_del_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_mdb_get_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_mdb_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vsw_nl_vlan_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int vsw_nl_vlan_stats_get_dumpit(struct sk_buff *skb,
				     struct netlink_callback *cb);

enum {
	VSWITCH_NLGRP_SWITCH,
	VSWITCH_NLGRP_PORT,
	VSWITCH_NLGRP_FDB,
	VSWITCH_NLGRP_MDB,
};

#endif /* _LINUX_VSWITCH_GEN_H */
