// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: changes of what is not a frame.
 */
#include <linux/if_tun.h>
#include <string.h>
#include "frames.h"

static void some_settings(struct op *op)
{
	const struct settings s = {
		.role = rnd(VSWITCH_ROLE_UPLINK + 1),
		.learning = !one_in(3),
		.mac_limit = one_in(2) ? 0 : 1 + rnd(3),
		.group_forward = one_in(2) ? 0 : rnd(65536),
		.group_host = one_in(2) ? 0xfffd : rnd(65536),
		.flood = one_in(2) ? FLOOD_ALL : rnd(FLOOD_ALL + 1),
		.hairpin = one_in(4),
		.isolated = one_in(6),
		.community = one_in(3) ? rnd(3) : 0,
		.locked = one_in(4),
		.bpdu = rnd(VSWITCH_BPDU_GUARD_QUARANTINE + 1),
		.shut = one_in(4) ? rnd(SHUTS) : SHUT_NOT,
		.storm = one_in(8) ? 1 + rnd(8) : 0,
		.probe = one_in(8),
		.router = rnd(VSWITCH_MCAST_ROUTER_ALWAYS + 1),
		.fast_leave = rnd(2),
		.mcast_limit = one_in(2) ? 0 : 1 + rnd(3),
	};

	op->len = sizeof(s);
	memcpy(op->data, &s, sizeof(s));
}

static void put_settings(struct op *op, unsigned int who, const struct settings *s)
{
	memset(op, 0, OP_HEAD);
	op->kind = OP_PORT;
	op->who = who;
	op->len = sizeof(*s);
	memcpy(op->data, s, sizeof(*s));
}

/* A port whose settings are as usual, but for one or two. */
void usual_port(struct op *op, unsigned int who, u8 router, bool probe)
{
	const struct settings s = {
		.role = VSWITCH_ROLE_GUEST,
		.learning = 1,
		.group_host = 0xfffd,
		.flood = FLOOD_ALL,
		.router = router,
		.probe = probe,
	};

	put_settings(op, who, &s);
}

static struct vlans port_vlans(void)
{
	static const u8 modes[] = {
		VSWITCH_VLAN_MODE_ACCESS, VSWITCH_VLAN_MODE_ACCESS,
		VSWITCH_VLAN_MODE_TRUNK, VSWITCH_VLAN_MODE_TRUNK,
		VSWITCH_VLAN_MODE_TRUNK, VSWITCH_VLAN_MODE_DOT1Q_TUNNEL,
		VSWITCH_VLAN_MODE_NONE,
	};

	return (struct vlans) {
		.mode = modes[rnd(ARRAY_SIZE(modes))],
		.vid = one_in(4) ? rnd(VLANS + 1) : rnd(3),
		.trunk = one_in(3) ? rnd(VLANS_ALL + 2) : VLANS_ALL,
		.service = one_in(3) ? rnd(VLANS_ALL + 2) : 0,
		.rotate = one_in(3) ? rnd(VLANS) : 0,
	};
}

/* VLANs for all ports, mostly in force. */
void some_vlans(struct op *op)
{
	struct vlans v[PORTS];
	unsigned int i;

	memset(op, 0, OP_HEAD);
	op->kind = OP_VLANS;
	op->arg = !one_in(8);
	for (i = 0; i < PORTS; i++)
		v[i] = port_vlans();
	op->len = sizeof(v);
	memcpy(op->data, v, sizeof(v));
}

/* A trunk, and access ports of a primary VLAN, an isolated one and a community. */
void private_vlans(struct op *op)
{
	static const u8 vid[PORTS] = { 1, 2, 2, 3, 3, 0 };
	struct vlans v[PORTS] = {};
	unsigned int i;

	memset(op, 0, OP_HEAD);
	op->kind = OP_VLANS;
	op->arg = 1;
	for (i = 0; i < PORTS; i++) {
		v[i].mode = vid[i] ? VSWITCH_VLAN_MODE_ACCESS : VSWITCH_VLAN_MODE_TRUNK;
		v[i].vid = vid[i];
		v[i].trunk = vid[i] ? 0 : VLANS_ALL;
	}
	op->len = sizeof(v);
	memcpy(op->data, v, sizeof(v));
}

/* Others for one of them, or the same not in force, or in force. */
void other_vlans(struct op *op)
{
	struct vlans v = port_vlans();

	if (op->len < PORTS * sizeof(v))
		some_vlans(op);
	else if (one_in(8))
		op->arg ^= 1;
	else
		memcpy(op->data + rnd(PORTS) * sizeof(v), &v, sizeof(v));
}

/* An operation that has an argument and no more. */
void simple_op(struct op *op, u8 kind, unsigned int who, u16 arg)
{
	memset(op, 0, OP_HEAD);
	op->kind = kind;
	op->who = who;
	op->arg = arg;
}

static u16 some_mtu(void)
{
	static const u16 mtu[] = {
		68, 100, 576, 1280, 1499, 1500, 1501, 1504, 4000, 9000, 65521,
	};

	return mtu[rnd(ARRAY_SIZE(mtu))];
}

/* A change of something that is not a frame. */
void some_setting(struct op *op)
{
	static const u8 sizes[] = { 10, 12, 10, 12, 16, 20, 64 };

	memset(op, 0, OP_HEAD);
	op->kind = OP_MTU + rnd(OP_KINDS - OP_MTU);
	op->who = rnd(PORTS);
	switch (op->kind) {
	case OP_MTU:
		op->arg = some_mtu();
		break;
	case OP_PORT:
		some_settings(op);
		break;
	case OP_VLANS:
		some_vlans(op);
		break;
	case OP_STATIC:
		op->arg = rnd(VLANS + 1);
		op->len = ETH_ALEN;
		memset(op->data, 0, ETH_ALEN);
		op->data[0] = 2;
		op->data[5] = rnd(PORTS * 2);
		break;
	case OP_PRIVATE:
		op->arg = rnd(8);
		break;
	case OP_SNOOP:
		op->arg = one_in(6) ? 0 : SNOOP_ON | (one_in(3) ? SNOOP_ASK : 0);
		break;
	case OP_MEMBER:
		op->arg = one_in(2) ? 0 : rnd(VLANS + 1);
		op->len = GROUP_LEN;
		some_group(op->data);
		break;
	case OP_WAIT:
		op->arg = one_in(4) ? rnd(5) : 0;
		break;
	case OP_OFFLOAD:
		op->arg = one_in(4) ? rnd(128) : TUN_F_CSUM | rnd(128);
		break;
	case OP_HDRSZ:
		op->arg = sizes[rnd(ARRAY_SIZE(sizes))];
		break;
	default:
		op->arg = rnd(2);
	}
}
