// SPDX-License-Identifier: GPL-2.0
/*
 * Messages as the kernel sends them.
 */
#include <errno.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include <linux/genetlink.h>
#include <linux/vswitch.h>

#include "messages.h"

struct nl_msg *an_ack(const struct nlmsghdr *req, int code, const char *text, int offs)
{
	struct nl_msg *msg = nlmsg_alloc_simple(NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS);
	struct nlmsgerr err = { .error = -code, .msg = *req };

	nlmsg_hdr(msg)->nlmsg_seq = req->nlmsg_seq;
	nlmsg_append(msg, &err, sizeof(err), NLMSG_ALIGNTO);
	if (text)
		nla_put_string(msg, NLMSGERR_ATTR_MSG, text);
	if (offs)
		nla_put_u32(msg, NLMSGERR_ATTR_OFFS, offs);
	return msg;
}

struct nl_msg *a_done(const struct nlmsghdr *req, int code, const char *text, int offs)
{
	struct nl_msg *msg = nlmsg_alloc_simple(NLMSG_DONE, NLM_F_MULTI | NLM_F_ACK_TLVS);

	code = -code;
	nlmsg_hdr(msg)->nlmsg_seq = req->nlmsg_seq;
	nlmsg_append(msg, &code, sizeof(code), NLMSG_ALIGNTO);
	if (text)
		nla_put_string(msg, NLMSGERR_ATTR_MSG, text);
	if (offs)
		nla_put_u32(msg, NLMSGERR_ATTR_OFFS, offs);
	return msg;
}

struct nl_msg *reply_to(const struct nlmsghdr *req, uint8_t cmd)
{
	struct nl_msg *msg = nlmsg_alloc_size(4096);

	genlmsg_put(msg, 0, req ? req->nlmsg_seq : 0, req ? req->nlmsg_type : FAMILY, 0, 0, cmd, 1);
	return msg;
}

struct nl_msg *a_family(const struct nlmsghdr *req)
{
	static const char *const names[] = { "switch", "port", "fdb" };
	struct nl_msg *msg = reply_to(req, CTRL_CMD_NEWFAMILY);
	struct nlattr *groups, *nest;
	int i;

	nla_put_u16(msg, CTRL_ATTR_FAMILY_ID, FAMILY);
	nla_put_u32(msg, CTRL_ATTR_VERSION, 1);
	groups = nla_nest_start(msg, CTRL_ATTR_MCAST_GROUPS);
	for (i = 0; i < 3; i++) {
		nest = nla_nest_start(msg, i + 1);
		nla_put_string(msg, CTRL_ATTR_MCAST_GRP_NAME, names[i]);
		nla_put_u32(msg, CTRL_ATTR_MCAST_GRP_ID, 10 + i);
		nla_nest_end(msg, nest);
	}
	nla_nest_end(msg, groups);
	return msg;
}

static void put_drops(struct nl_msg *msg, uint64_t runt, uint64_t full)
{
	struct nlattr *drops = nla_nest_start(msg, VSWITCH_A_STATS_DROPS);

	nla_put_u64(msg, VSWITCH_A_DROPS_RUNT, runt);
	nla_put_u64(msg, VSWITCH_A_DROPS_SAME_PORT, 0);
	nla_put_u64(msg, VSWITCH_A_DROPS_EGRESS_QUEUE, full);
	nla_nest_end(msg, drops);
}

static void put_stats(struct nl_msg *msg, int type)
{
	struct nlattr *stats = nla_nest_start(msg, type);

	nla_put(msg, VSWITCH_A_STATS_PAD, 0, NULL);
	nla_put_u64(msg, VSWITCH_A_STATS_RX_PACKETS, 18446744073709551615ull);
	nla_put_u64(msg, VSWITCH_A_STATS_TX_PACKETS, 7);
	put_drops(msg, 3, 4);
	nla_nest_end(msg, stats);
}

struct nl_msg *a_switch(const struct nlmsghdr *req)
{
	struct nl_msg *msg = reply_to(req, VSWITCH_CMD_SWITCH_GET);

	nla_put_u32(msg, VSWITCH_A_SWITCH_IFINDEX, 5);
	nla_put_string(msg, VSWITCH_A_SWITCH_NAME, "vsw0");
	nla_put(msg, VSWITCH_A_SWITCH_ADDRESS, 6, "\x02\0\0\0\0\x01");
	nla_put_u32(msg, VSWITCH_A_SWITCH_MTU, 1500);
	nla_put_u32(msg, VSWITCH_A_SWITCH_AGEING, 300);
	nla_put_u32(msg, VSWITCH_A_SWITCH_FDB_LIMIT, 65536);
	nla_put_u32(msg, VSWITCH_A_SWITCH_FDB_COUNT, 2);
	/* Of a newer module. */
	nla_put_u32(msg, 200, 1);
	return msg;
}

struct nl_msg *a_port(const struct nlmsghdr *req)
{
	struct nl_msg *msg = reply_to(req, VSWITCH_CMD_PORT_GET);

	nla_put_u32(msg, VSWITCH_A_PORT_IFINDEX, 7);
	nla_put_string(msg, VSWITCH_A_PORT_NAME, "veth\x1b\xff\"");
	nla_put_u32(msg, VSWITCH_A_PORT_SWITCH_IFINDEX, 5);
	nla_put_string(msg, VSWITCH_A_PORT_SWITCH_NAME, "vsw0");
	nla_put_u32(msg, VSWITCH_A_PORT_NUMBER, 1);
	nla_put_u32(msg, VSWITCH_A_PORT_ROLE, VSWITCH_ROLE_UPLINK);
	nla_put_u32(msg, VSWITCH_A_PORT_STATE, 77);
	nla_put_u8(msg, VSWITCH_A_PORT_LEARNING, 0);
	nla_put_u16(msg, VSWITCH_A_PORT_GROUP_FORWARD, 0x4021);
	nla_put_u16(msg, VSWITCH_A_PORT_GROUP_HOST, 0);
	nla_put_u8(msg, VSWITCH_A_PORT_FLOOD,
		   VSWITCH_FLOOD_UNICAST | VSWITCH_FLOOD_BROADCAST);
	put_stats(msg, VSWITCH_A_PORT_STATS);
	return msg;
}

struct nl_msg *a_tap(const struct nlmsghdr *req)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 9 };
	struct nl_msg *msg = reply_to(req, VSWITCH_CMD_PORT_GET);

	nla_put_string(msg, VSWITCH_A_PORT_NAME, "web0");
	nla_put_u32(msg, VSWITCH_A_PORT_MTU, 1400);
	nla_put_u32(msg, VSWITCH_A_PORT_TYPE, VSWITCH_PORT_TYPE_TAP);
	nla_put_u32(msg, VSWITCH_A_PORT_QUEUES, 2);
	nla_put(msg, VSWITCH_A_PORT_ADDRESS, sizeof(mac), mac);
	nla_put_string(msg, VSWITCH_A_PORT_NODE, "/dev/tap7");
	return msg;
}

static void put_vlans(struct nl_msg *msg, int type, unsigned int first, unsigned int last)
{
	uint8_t vlans[VSWITCH_VLAN_LIST_LEN] = { 0 };

	for (; first <= last; first++)
		vlans[first / 8] |= 1u << first % 8;
	nla_put(msg, type, sizeof(vlans), vlans);
}

struct nl_msg *a_trunk(const struct nlmsghdr *req)
{
	struct nl_msg *msg = reply_to(req, VSWITCH_CMD_PORT_GET);
	uint16_t pairs[VSWITCH_TRANSLATE_LEN / 2] = { 100, 20, 101, 21 };

	nla_put_string(msg, VSWITCH_A_PORT_NAME, "eth0");
	nla_put_string(msg, VSWITCH_A_PORT_SWITCH_NAME, "vsw0");
	nla_put_u8(msg, VSWITCH_A_PORT_VLAN_AWARE, 1);
	nla_put_u32(msg, VSWITCH_A_PORT_VLAN_MODE, VSWITCH_VLAN_MODE_TRUNK);
	nla_put_u16(msg, VSWITCH_A_PORT_VLAN, 5);
	put_vlans(msg, VSWITCH_A_PORT_TRUNK, 20, 30);
	put_vlans(msg, VSWITCH_A_PORT_SERVICE, 4094, 4094);
	nla_put(msg, VSWITCH_A_PORT_TRANSLATE, sizeof(pairs), pairs);
	return msg;
}

void put_entry(struct nl_msg *msg, int n, int event)
{
	struct nlattr *nest = nla_nest_start(msg, VSWITCH_A_FDB_ENTRY);
	uint8_t mac[6] = { 2, 0, 0, 0, 0, n };

	nla_put(msg, VSWITCH_A_FDB_ENTRY_MAC, 6, mac);
	if (n == 1)
		nla_put_u16(msg, VSWITCH_A_FDB_ENTRY_VLAN, 10);
	nla_put_string(msg, VSWITCH_A_FDB_ENTRY_PORT_NAME, "veth0");
	nla_put_u32(msg, VSWITCH_A_FDB_ENTRY_TYPE, n == 1 ? VSWITCH_FDB_TYPE_DYNAMIC :
							    VSWITCH_FDB_TYPE_STATIC);
	if (n == 1)
		nla_put_u32(msg, VSWITCH_A_FDB_ENTRY_AGE, 12);
	if (event >= 0)
		nla_put_u32(msg, VSWITCH_A_FDB_ENTRY_EVENT, event);
	nla_nest_end(msg, nest);
}

struct nl_msg *two_entries(const struct nlmsghdr *req)
{
	struct nl_msg *msg = reply_to(req, VSWITCH_CMD_FDB_GET);

	nla_put_u32(msg, VSWITCH_A_FDB_SWITCH_IFINDEX, 5);
	nla_put_string(msg, VSWITCH_A_FDB_SWITCH_NAME, "vsw0");
	put_entry(msg, 1, -1);
	put_entry(msg, 2, -1);
	return msg;
}

struct nl_msg *a_count(const struct nlmsghdr *req)
{
	struct nl_msg *msg = reply_to(req, VSWITCH_CMD_FDB_FLUSH);

	nla_put_u32(msg, VSWITCH_A_FDB_COUNT, 17);
	return msg;
}

struct nl_msg *an_event(void)
{
	struct nl_msg *msg = reply_to(NULL, VSWITCH_CMD_FDB_NTF);

	nla_put_u32(msg, VSWITCH_A_FDB_SWITCH_IFINDEX, 5);
	nla_put_string(msg, VSWITCH_A_FDB_SWITCH_NAME, "vsw0");
	put_entry(msg, 1, VSWITCH_FDB_EVENT_TYPE_MOVED);
	nla_put_u32(msg, VSWITCH_A_FDB_OVERRUN, 3);
	return msg;
}

struct nl_msg *ack_with_request(struct nl_msg *req, bool capped)
{
	unsigned int flags = NLM_F_ACK_TLVS | (capped ? NLM_F_CAPPED : 0);
	struct nl_msg *ack = nlmsg_alloc_simple(NLMSG_ERROR, flags);
	struct nlmsghdr *h = nlmsg_hdr(req);
	int code = -EINVAL;

	nlmsg_append(ack, &code, sizeof(code), 0);
	nlmsg_append(ack, h, capped ? NLMSG_HDRLEN : h->nlmsg_len, NLMSG_ALIGNTO);
	return ack;
}
