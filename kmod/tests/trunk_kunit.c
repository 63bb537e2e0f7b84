// SPDX-License-Identifier: GPL-2.0
/*
 * Adding to the list of a trunk and taking from it: what comes of it, what stays, and
 * what is refused.
 */
#include <linux/if_vlan.h>
#include <linux/mm.h>
#include <net/netlink.h>
#include "../ctrl/genl.h"
#include "helpers.h"

#define VSW_TRUNK_VLANS		4

/**
 * struct vsw_trunk_case - A change, and what it leads to.
 * @add: VLANs to be added, ended by 0
 * @del: VLANs to be taken away
 * @err: a refusal
 * @says: words of it
 * @member: VLANs afterwards, those with service tags included
 * @pairs: translations afterwards
 */
struct vsw_trunk_case {
	u16 add[VSW_TRUNK_VLANS];
	u16 del[VSW_TRUNK_VLANS];
	int err;
	const char *says;
	u16 member[2 * VSW_TRUNK_VLANS];
	unsigned int pairs;
};

/* Of a trunk with 10, 20 and, as 1030, 30; native 5, service 100. */
static const struct vsw_trunk_case vsw_trunk_changes[] = {
	{ { 40 }, {}, 0, NULL, { 10, 20, 30, 40, 100 }, 1 },
	{ { 10 }, {}, 0, NULL, { 10, 20, 30, 100 }, 1 },
	{ { 5, 4094 }, { 10, 20 }, 0, NULL, { 5, 30, 100, 4094 }, 1 },
	{ {}, { 30 }, 0, NULL, { 10, 20, 100 }, 0 },
	{ { 1030 }, { 30 }, 0, NULL, { 10, 20, 100, 1030 }, 0 },
	{ {}, { 10, 20, 30 }, 0, NULL, { 100 }, 0 },
	{ {}, {}, 0, NULL, { 10, 20, 30, 100 }, 1 },
	{ { 1030 }, {}, -EINVAL, "the same number" },
	{ { 100 }, {}, -EINVAL, "has service tags" },
	{ {}, { 100 }, -EINVAL, "has service tags" },
	{ {}, { 10, 40 }, -ENOENT, "is not in the list" },
	{ { 40 }, { 40 }, -EINVAL, "added and taken away" },
	{ { 4095 }, {}, -EINVAL, "are no VLANs" },
};

static void vsw_trunk_put(struct sk_buff *msg, int type, const u16 *vlans)
{
	u8 list[VSWITCH_VLAN_LIST_LEN] = {};

	if (!*vlans)
		return;
	for (; *vlans; vlans++)
		list[*vlans / 8] |= BIT(*vlans % 8);
	nla_put(msg, type, sizeof(list), list);
}

/* As netlink would do it. */
static int vsw_trunk_try(struct vsw_test *t, const struct vsw_trunk_case *c, bool anew,
			 struct netlink_ext_ack *extack)
{
	struct sk_buff *msg = alloc_skb(NLMSG_GOODSIZE, GFP_KERNEL);
	struct vsw_port_cfg cfg = {};
	struct nlattr *nest;
	int err;

	KUNIT_ASSERT_NOT_NULL(t->test, msg);
	nest = nla_nest_start(msg, VSWITCH_A_PORT_TRUNK_CHANGE);
	vsw_trunk_put(msg, VSWITCH_A_TRUNK_CHANGE_ADD, c->add);
	vsw_trunk_put(msg, VSWITCH_A_TRUNK_CHANGE_DEL, c->del);
	nla_nest_end(msg, nest);
	if (anew)
		cfg.set = BIT_ULL(VSWITCH_A_PORT_VLAN_MODE);
	rtnl_lock();
	err = vsw_nl_trunk_change(&cfg, t->end[1].port, nest, extack) ?:
	      vsw_port_set(t->end[1].port, &cfg, extack);
	rtnl_unlock();
	vsw_nl_port_cfg_free(&cfg);
	kfree_skb(msg);
	return err;
}

static void vsw_trunk_start(struct vsw_test *t)
{
	struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_VLAN_MODE),
		.vlan = { .mode = VSWITCH_VLAN_MODE_TRUNK, .vid = 5 },
	};
	struct vsw_vlans *vlans;

	vlans = kvzalloc(struct_size(vlans, map, 2 * VLAN_N_VID), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(t->test, vlans);
	__set_bit(10, vlans->member);
	__set_bit(20, vlans->member);
	__set_bit(30, vlans->member);
	__set_bit(100, vlans->member);
	__set_bit(100, vlans->service);
	vlans->num = 1;
	vlans->pair[0] = (struct vsw_translation){ .wire = 1030, .vlan = 30 };
	KUNIT_ASSERT_EQ(t->test, vsw_nl_vlan_map(vlans, NULL, NULL), 0);
	cfg.vlan.vlans = vlans;
	vsw_test_set(t, 1, &cfg);
	kvfree(vlans);
}

/* The tags of each VLAN, which are its own unless it is translated. */
static void vsw_trunk_expect(struct vsw_test *t, const struct vsw_trunk_case *c)
{
	const struct vsw_policy *pol;
	const struct vsw_vlans *vlans;
	DECLARE_BITMAP(want, VLAN_N_VID) = {};
	unsigned int i;
	__be16 proto;
	u16 wire;

	rtnl_lock();
	pol = rtnl_dereference(t->end[1].port->policy);
	vlans = pol->vlans;
	for (i = 0; c->member[i]; i++)
		__set_bit(c->member[i], want);
	KUNIT_EXPECT_EQ(t->test, (int)pol->vlan_mode, VSWITCH_VLAN_MODE_TRUNK);
	KUNIT_EXPECT_EQ(t->test, vsw_fdb_key_vlan(pol->untagged), 5);
	KUNIT_EXPECT_TRUE(t->test, bitmap_equal(want, vlans->member, VLAN_N_VID));
	KUNIT_EXPECT_EQ(t->test, (unsigned int)vlans->num, c->pairs);
	for_each_set_bit(i, want, VLAN_N_VID) {
		wire = vsw_vlans_out(vlans, i, &proto);
		KUNIT_EXPECT_EQ(t->test, (unsigned int)wire, i == 30 ? 1030 : i);
		KUNIT_EXPECT_EQ(t->test, proto, i == 100 ? htons(ETH_P_8021AD) :
							   htons(ETH_P_8021Q));
		KUNIT_EXPECT_EQ(t->test, (unsigned int)vsw_vlans_in(vlans, proto, wire), i);
	}
	rtnl_unlock();
}

static void vsw_trunk_changed(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	const struct vsw_trunk_case *c;
	const struct vsw_policy *before;
	int err;

	for (c = vsw_trunk_changes; c < vsw_trunk_changes + ARRAY_SIZE(vsw_trunk_changes); c++) {
		struct netlink_ext_ack extack = {};

		vsw_trunk_start(t);
		before = rcu_access_pointer(t->end[1].port->policy);
		err = vsw_trunk_try(t, c, false, &extack);
		KUNIT_EXPECT_EQ(test, err, c->err);
		if (!err)
			vsw_trunk_expect(t, c);
		else
			KUNIT_EXPECT_PTR_EQ(test, before, (const struct vsw_policy *)
					    rcu_access_pointer(t->end[1].port->policy));
		if (c->says)
			KUNIT_EXPECT_TRUE(test, extack._msg && extack.bad_attr &&
					  strstr(extack._msg, c->says));
		if (test->status != KUNIT_SUCCESS) {
			kunit_err(test, "case %d: %s", (int)(c - vsw_trunk_changes),
				  extack._msg);
			return;
		}
	}
}

static void vsw_trunk_refused(struct kunit *test)
{
	static const struct vsw_trunk_case last = { .del = { 10 } };
	const struct vsw_port_cfg access = {
		.set = BIT_ULL(VSWITCH_A_PORT_VLAN_MODE),
		.vlan = { .mode = VSWITCH_VLAN_MODE_ACCESS, .vid = 10 },
	};
	struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_VLAN_MODE),
		.vlan.mode = VSWITCH_VLAN_MODE_TRUNK,
	};
	struct netlink_ext_ack extack = {};
	struct vsw_test *t = test->priv;

	vsw_trunk_start(t);
	KUNIT_EXPECT_EQ(test, vsw_trunk_try(t, &last, true, &extack), -EINVAL);
	KUNIT_EXPECT_TRUE(test, strstr(extack._msg, "not both"));
	cfg.vlan.vlans = kvzalloc(sizeof(*cfg.vlan.vlans), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, cfg.vlan.vlans);
	cfg.vlan.vlans->plain = true;
	__set_bit(10, cfg.vlan.vlans->member);
	vsw_test_set(t, 1, &cfg);
	kvfree(cfg.vlan.vlans);
	KUNIT_EXPECT_EQ(test, vsw_trunk_try(t, &last, false, &extack), -EINVAL);
	KUNIT_EXPECT_TRUE(test, strstr(extack._msg, "none would be left"));
	vsw_test_set(t, 1, &access);
	KUNIT_EXPECT_EQ(test, vsw_trunk_try(t, &last, false, &extack), -EINVAL);
	KUNIT_EXPECT_TRUE(test, strstr(extack._msg, "is not a trunk"));
}

static struct kunit_case vsw_trunk_cases[] = {
	KUNIT_CASE(vsw_trunk_changed),
	KUNIT_CASE(vsw_trunk_refused),
	{}
};

static struct kunit_suite vsw_trunk_suite = {
	.name = "vswitch_trunk",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_trunk_cases,
};

kunit_test_suite(vsw_trunk_suite);
