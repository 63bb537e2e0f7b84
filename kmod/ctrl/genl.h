/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the handlers of the generic netlink family share: how a message names a
 * switch or a port, how a reply begins and ends, and where a dump goes on.
 */
#ifndef _VSW_CTRL_GENL_H
#define _VSW_CTRL_GENL_H

#include <net/genetlink.h>
#include "../vsw.h"

struct vsw_port_cfg;
struct vsw_vlan_cfg;
struct vsw_vlans;
struct vsw_stats;

extern struct genl_family vsw_genl_family;

/**
 * struct vsw_genl_msg - What the header of a message says.
 * @portid: netlink port it goes to, 0 for a notification
 * @seq: sequence number of the request, 0 for a notification
 * @flags: NLM_F_*
 * @cmd: VSWITCH_CMD_*
 * @cb: the dump it is part of, or NULL
 */
struct vsw_genl_msg {
	u32 portid;
	u32 seq;
	int flags;
	u8 cmd;
	struct netlink_callback *cb;
};

/**
 * struct vsw_genl_cursor - Switch at which a dump goes on.
 * @ifindex: interface index of the switch; 0, the first one
 * @only: the dump is of this switch alone
 * @done: there is nothing left
 */
struct vsw_genl_cursor {
	int ifindex;
	bool only;
	bool done;
};

/**
 * struct vsw_nl_fdb_entry - An FDB entry, as a message shows it.
 * @key: its key
 * @port: its port, or NULL if that is gone
 * @type: enum vswitch_fdb_type
 * @age: seconds since it was seen, or -1 not to say
 * @event: enum vswitch_fdb_event_type, or -1 for none
 * @from: of an entry that is held, the other port, or NULL
 * @limit: with event VSWITCH_FDB_EVENT_TYPE_LIMIT, enum vswitch_fdb_limit_type
 */
struct vsw_nl_fdb_entry {
	u64 key;
	const struct vsw_port *port;
	u32 type;
	s64 age;
	int event;
	const struct vsw_port *from;
	u32 limit;
};

int vsw_genl_init(void);
void vsw_genl_exit(void);

/* Who is meant; all under RTNL. */
struct net_device *vsw_genl_dev(struct net *net, struct nlattr **attrs,
				int index, int name,
				struct netlink_ext_ack *extack);
struct vsw_switch *vsw_genl_switch(struct net *net, struct nlattr **attrs,
				   int index, int name,
				   struct netlink_ext_ack *extack);
struct vsw_port *vsw_genl_port_of(const struct net_device *dev,
				  const struct vsw_switch *sw);
struct vsw_port *vsw_genl_port(struct net *net, const struct vsw_switch *sw,
			       struct nlattr **attrs, int index, int name,
			       struct netlink_ext_ack *extack);

int vsw_genl_parse_nest(struct nlattr **tb, int max, const struct nlattr *nest,
			const struct nla_policy *policy,
			struct netlink_ext_ack *extack);
struct nlattr *vsw_genl_nth(const struct genl_info *info, int type, u32 n, u32 *num);
struct nlattr *vsw_genl_one(struct genl_info *info, int type);
int vsw_genl_answer(struct genl_info *info,
		    int (*get)(struct sk_buff *reply, struct genl_info *info));
int vsw_genl_check_dump_once(const struct netlink_callback *cb);

/* Messages */
struct vsw_genl_msg vsw_genl_reply_msg(const struct genl_info *info);
struct vsw_genl_msg vsw_genl_dump_msg(struct netlink_callback *cb, u8 cmd);
void *vsw_genl_begin(struct sk_buff *skb, const struct vsw_genl_msg *msg);
void vsw_genl_end(struct sk_buff *skb, void *hdr,
		  const struct vsw_genl_msg *msg);

/* Dumps; all under RTNL. */
struct vsw_switch *vsw_genl_dump_switch(const struct vsw_net *vn,
					const struct vsw_genl_cursor *cur);
struct vsw_switch *vsw_genl_dump_next(const struct vsw_net *vn,
				      struct vsw_genl_cursor *cur,
				      struct vsw_switch *sw);

/* nl_switch.c */
int vsw_nl_switch_act(struct vsw_switch *sw, struct nlattr **attrs,
		      struct netlink_ext_ack *extack);
int vsw_nl_switch_put_move(struct sk_buff *skb, const struct vsw_switch *sw);
int vsw_nl_switch_put_mcast(struct sk_buff *skb, const struct vsw_switch *sw);
int vsw_nl_put_stats(struct sk_buff *skb, int attrtype,
		     const struct vsw_stats *sum);
int vsw_nl_switch_fill(struct sk_buff *skb, const struct vsw_switch *sw,
		       const struct vsw_genl_msg *msg);

/* nl_port.c */
int vsw_nl_port_act(struct vsw_port *port, struct nlattr **attrs,
		    struct netlink_ext_ack *extack);
int vsw_nl_port_put_info(struct sk_buff *skb, const struct vsw_port *port);
int vsw_nl_port_fill(struct sk_buff *skb, const struct vsw_port *port,
		     const struct vsw_genl_msg *msg);

/*
 * Policy of the settings of a port, for the places where rtnetlink takes them; the
 * one of the family is generated from the same spec.
 */
extern const struct netlink_range_validation vsw_nl_mac_limit_range;
extern const struct netlink_range_validation vsw_nl_community_range;

#define VSW_NL_PORT_SETTINGS						\
	[VSWITCH_A_PORT_ROLE] =						\
		NLA_POLICY_MAX(NLA_U32, VSWITCH_ROLE_UPLINK),		\
	[VSWITCH_A_PORT_LEARNING] = NLA_POLICY_MAX(NLA_U8, 1),		\
	[VSWITCH_A_PORT_MAC_LIMIT] =					\
		NLA_POLICY_FULL_RANGE(NLA_U32, &vsw_nl_mac_limit_range), \
	[VSWITCH_A_PORT_GROUP_FORWARD] = { .type = NLA_U16 },		\
	[VSWITCH_A_PORT_GROUP_HOST] = { .type = NLA_U16 },		\
	[VSWITCH_A_PORT_VLAN_MODE] =					\
		NLA_POLICY_MAX(NLA_U32, VSWITCH_VLAN_MODE_DOT1Q_TUNNEL), \
	[VSWITCH_A_PORT_VLAN] =						\
		NLA_POLICY_RANGE(NLA_U16, 1, VSWITCH_VLAN_MAX),		\
	[VSWITCH_A_PORT_TRUNK] =					\
		NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_LIST_LEN),		\
	[VSWITCH_A_PORT_SERVICE] =					\
		NLA_POLICY_EXACT_LEN(VSWITCH_VLAN_LIST_LEN),		\
	[VSWITCH_A_PORT_TRANSLATE] =					\
		NLA_POLICY_EXACT_LEN(VSWITCH_TRANSLATE_LEN),		\
	[VSWITCH_A_PORT_FLOOD] = NLA_POLICY_MASK(NLA_U8, VSW_FLOOD_ALL), \
	[VSWITCH_A_PORT_HAIRPIN] = NLA_POLICY_MAX(NLA_U8, 1),		\
	[VSWITCH_A_PORT_ISOLATED] = NLA_POLICY_MAX(NLA_U8, 1),		\
	[VSWITCH_A_PORT_COMMUNITY] =					\
		NLA_POLICY_FULL_RANGE(NLA_U16, &vsw_nl_community_range), \
	[VSWITCH_A_PORT_LOCKED] = NLA_POLICY_MAX(NLA_U8, 1),		\
	[VSWITCH_A_PORT_STICKY] = NLA_POLICY_MAX(NLA_U8, 1),		\
	[VSWITCH_A_PORT_GUARD] = NLA_POLICY_NESTED(vsw_guard_nl_policy), \
	[VSWITCH_A_PORT_MCAST] = NLA_POLICY_NESTED(vsw_mcast_nl_policy)

int vsw_nl_port_cfg(struct vsw_port_cfg *cfg, struct nlattr **attrs,
		    struct netlink_ext_ack *extack);
void vsw_nl_port_cfg_free(struct vsw_port_cfg *cfg);

/* nl_vport.c */
int vsw_nl_vport_check_tap(struct nlattr **attrs,
			   struct netlink_ext_ack *extack);
struct vsw_port *vsw_nl_vport_new(struct net *net, struct vsw_switch *sw,
				  struct nlattr **attrs,
				  struct netlink_ext_ack *extack);
int vsw_nl_tun_put(struct sk_buff *skb, const struct net_device *dev);
int vsw_nl_vport_put(struct sk_buff *skb, const struct vsw_port *port);

/* nl_fdb.c */
int vsw_nl_fdb_check_addr(const struct vsw_switch *sw, const u8 *addr,
			  bool add, const struct nlattr *attr,
			  struct netlink_ext_ack *extack);
int vsw_nl_fdb_check_port(struct vsw_switch *sw, u64 key, u16 port,
			  const struct nlattr *attr,
			  struct netlink_ext_ack *extack);
void vsw_nl_fdb_refused(const struct vsw_switch *sw, u64 key, int err,
			const struct nlattr *attr,
			struct netlink_ext_ack *extack);
int vsw_nl_fdb_parse_key(u64 *key, struct nlattr **tb,
			 const struct nlattr *entry,
			 struct netlink_ext_ack *extack);
int vsw_nl_fdb_add_vlan(u64 *key, const struct vsw_port *port,
			const struct nlattr *attr, const struct nlattr *entry,
			struct netlink_ext_ack *extack);
struct vsw_switch *vsw_nl_fdb_scope(struct vsw_fdb_filter *filter,
				    struct net *net, struct nlattr **attrs,
				    struct netlink_ext_ack *extack);

/* nl_fdb_get.c */
u32 vsw_nl_fdb_dump_seq(const struct vsw_net *vn,
			const struct vsw_genl_cursor *cur);
size_t vsw_nl_fdb_entry_size(void);
int vsw_nl_fdb_put_switch(struct sk_buff *skb, const struct vsw_switch *sw);
int vsw_nl_fdb_put_entry(struct sk_buff *skb, const struct vsw_nl_fdb_entry *e);

/* ctrl/nl_vlan.c */
int vsw_nl_vlan_cfg(struct vsw_vlan_cfg *cfg, struct nlattr **attrs,
		    struct netlink_ext_ack *extack);
int vsw_nl_vlan_list(unsigned long *list, const struct nlattr *attr,
		     struct netlink_ext_ack *extack);
int vsw_nl_vlan_map(struct vsw_vlans *vlans, const struct nlattr *attr,
		    struct netlink_ext_ack *extack);
size_t vsw_nl_vlan_size(void);
int vsw_nl_vlan_put(struct sk_buff *skb, const struct vsw_port *port);

/* ctrl/nl_private_vlan.c */
int vsw_nl_vlan_put_switch(struct sk_buff *skb, const struct vsw_switch *sw);

/* ctrl/nl_trunk.c */
int vsw_nl_trunk_change(struct vsw_port_cfg *cfg, const struct vsw_port *port,
			const struct nlattr *nest, struct netlink_ext_ack *extack);

/* ctrl/nl_guard.c */
int vsw_nl_guard_cfg(struct vsw_port_cfg *cfg, const struct nlattr *nest,
		     struct netlink_ext_ack *extack);
size_t vsw_nl_guard_size(void);
int vsw_nl_guard_put(struct sk_buff *skb, const struct vsw_port *port);

/* ctrl/nl_mdb.c */
int vsw_nl_mcast_cfg(struct vsw_port_cfg *cfg, const struct nlattr *nest,
		     struct netlink_ext_ack *extack);
size_t vsw_nl_mcast_size(void);
int vsw_nl_mcast_put(struct sk_buff *skb, const struct vsw_port *port);

#endif /* _VSW_CTRL_GENL_H */
