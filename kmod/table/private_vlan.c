// SPDX-License-Identifier: GPL-2.0
/*
 * Private VLANs: their change, and what follows from it.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include "mdb.h"
#include "port.h"
#include "private_vlan.h"

/**
 * vsw_private_vlan_type() - What kind of VLAN it is.
 * @pv: private VLANs of the switch, or NULL
 * @vlan: VLAN
 *
 * Return: enum vswitch_private_vlan.
 */
u32 vsw_private_vlan_type(const struct vsw_private_vlans *pv, u16 vlan)
{
	if (!vsw_private_vlan_has(pv, vlan))
		return VSWITCH_PRIVATE_VLAN_NONE;
	if (!pv->of[vlan])
		return VSWITCH_PRIVATE_VLAN_PRIMARY;
	return test_bit(vlan, pv->isolated) ? VSWITCH_PRIVATE_VLAN_ISOLATED :
					      VSWITCH_PRIVATE_VLAN_COMMUNITY;
}

/* A VLAN becomes what is said of it, whatever it was. */
static void vsw_private_change(struct vsw_private_vlans *pv,
			       const struct vsw_private_change *ch)
{
	__assign_bit(ch->vlan, pv->primary,
		     ch->type == VSWITCH_PRIVATE_VLAN_PRIMARY);
	__assign_bit(ch->vlan, pv->isolated,
		     ch->type == VSWITCH_PRIVATE_VLAN_ISOLATED);
	pv->of[ch->vlan] = ch->primary;
}

/* Whether a primary VLAN has secondary ones, or, if it is asked for, isolated ones
 * other than a given one.
 */
static bool vsw_private_has_other(const struct vsw_private_vlans *pv, u16 primary,
				  u16 isolated)
{
	unsigned int vlan;

	for (vlan = 1; vlan < VLAN_VID_MASK; vlan++)
		if (pv->of[vlan] == primary &&
		    (!isolated || (vlan != isolated &&
				   test_bit(vlan, pv->isolated))))
			return true;
	return false;
}

/* Whether a change has led to something that makes sense, with all others. */
static int vsw_private_check(const struct vsw_private_vlans *pv,
			     const struct vsw_private_change *ch,
			     struct netlink_ext_ack *extack)
{
	u16 primary = pv->of[ch->vlan];

	if (!primary && !test_bit(ch->vlan, pv->primary) &&
	    vsw_private_has_other(pv, ch->vlan, 0)) {
		NL_SET_ERR_MSG(extack,
			       "the VLAN has secondary VLANs, which must be unset first");
		return -EBUSY;
	}
	if (!primary)
		return 0;
	if (vsw_private_has_other(pv, ch->vlan, 0)) {
		NL_SET_ERR_MSG(extack,
			       "a primary VLAN that has secondary ones cannot become one");
		return -EBUSY;
	}
	if (!test_bit(primary, pv->primary)) {
		NL_SET_ERR_MSG(extack, "the VLAN it is to belong to is no primary VLAN");
		return -EINVAL;
	}
	if (!test_bit(ch->vlan, pv->isolated) ||
	    !vsw_private_has_other(pv, primary, ch->vlan))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "the primary VLAN has an isolated VLAN already, and can have but one");
	return -EEXIST;
}

/* The private VLANs there are, changed.  Return: NULL for none, or an ERR_PTR. */
static struct vsw_private_vlans *
vsw_private_make(const struct vsw_private_vlans *old,
		 const struct vsw_private_change *ch, u32 num, u32 *bad,
		 struct netlink_ext_ack *extack)
{
	struct vsw_private_vlans *pv;
	int err = 0;
	u32 i;

	pv = kvzalloc(sizeof(*pv), GFP_KERNEL_ACCOUNT);
	if (!pv) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return ERR_PTR(-ENOMEM);
	}
	if (old)
		memcpy(pv, old, sizeof(*pv));
	for (i = 0; i < num; i++)
		vsw_private_change(pv, &ch[i]);
	for (i = 0; i < num && !err; i++) {
		err = vsw_private_check(pv, &ch[i], extack);
		*bad = i;
	}
	/* A secondary one has a primary one. */
	if (err || bitmap_empty(pv->primary, VLAN_N_VID)) {
		kvfree(pv);
		return ERR_PTR(err);
	}
	return pv;
}

static int vsw_private_check_native(const struct vsw_private_vlans *pv, u8 mode,
				    u16 vid, struct netlink_ext_ack *extack)
{
	if (mode != VSWITCH_VLAN_MODE_TRUNK || !vid || !vsw_private_vlan_has(pv, vid))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "a private VLAN cannot be the native VLAN of a trunk: who sends there would not be kept apart");
	return -EINVAL;
}

/**
 * vsw_private_check_port() - Whether a port may have VLANs, for those are private.
 * @sw: switch
 * @mode: enum vswitch_vlan_mode
 * @vid: VLAN of untagged frames, or 0
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0 or -EINVAL.
 */
int vsw_private_check_port(const struct vsw_switch *sw, u8 mode, u16 vid,
			   struct netlink_ext_ack *extack)
{
	return vsw_private_check_native(rtnl_dereference(sw->private_vlans), mode,
					vid, extack);
}

static int vsw_private_check_ports(const struct vsw_switch *sw,
				   const struct vsw_private_vlans *pv,
				   struct netlink_ext_ack *extack)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	const struct vsw_policy *pol;
	int err = 0;
	u32 i;

	for (i = 0; i < set->size && !err; i++) {
		if (!set->slot[i])
			continue;
		pol = rtnl_dereference(set->slot[i]->policy);
		err = vsw_private_check_native(pv, pol->vlan_mode,
					       vsw_fdb_key_vlan(pol->untagged), extack);
	}
	return err;
}

/**
 * vsw_private_vlans_flush() - Delete entries that are in the wrong VLAN from now on.
 * @sw: switch, VLAN-aware
 * @old: private VLANs it had, or NULL
 * @new: private VLANs it has, or NULL
 *
 * What was learned in VLANs that share their entries with others than before, or
 * have them on their own now.  What is static in one that has become a secondary VLAN,
 * an address or a group, would never be found again.
 *
 * Context: RTNL.  May sleep.
 */
void vsw_private_vlans_flush(struct vsw_switch *sw,
			     const struct vsw_private_vlans *old,
			     const struct vsw_private_vlans *new)
{
	DECLARE_BITMAP(kept, VLAN_N_VID);
	DECLARE_BITMAP(left, VLAN_N_VID);
	const struct vsw_fdb_filter learned = {
		-1, -1, VSWITCH_FDB_TYPE_DYNAMIC, kept,
	};
	const struct vsw_fdb_filter all = { -1, -1, -1, left };
	u16 vlan, before, now;

	bitmap_fill(kept, VLAN_N_VID);
	bitmap_fill(left, VLAN_N_VID);
	for (vlan = 1; vlan < VLAN_VID_MASK; vlan++) {
		before = vsw_private_vlan_of(old, vlan);
		now = vsw_private_vlan_of(new, vlan);
		if (before == now)
			continue;
		__clear_bit(before, kept);
		__clear_bit(now, kept);
		if (now != vlan)
			__clear_bit(vlan, left);
	}
	if (!bitmap_full(left, VLAN_N_VID)) {
		vsw_fdb_flush(&sw->fdb, &all);
		vsw_mdb_forget_vlans(sw, left);
	}
	if (!bitmap_full(kept, VLAN_N_VID))
		vsw_fdb_flush(&sw->fdb, &learned);
}

/**
 * vsw_private_vlans_set() - Change which VLANs of a switch are private.
 * @sw: switch
 * @ch: changes, made one after the other, and looked at when all are made
 * @num: number of changes
 * @bad: which one is refused; @num if it is not one of them
 * @extack: where a refusal is explained, or a warning
 *
 * Context: RTNL.  May sleep.
 * Return: 0 or a negative errno; then nothing has changed.
 */
int vsw_private_vlans_set(struct vsw_switch *sw,
			  const struct vsw_private_change *ch, u32 num, u32 *bad,
			  struct netlink_ext_ack *extack)
{
	struct vsw_private_vlans *old = rtnl_dereference(sw->private_vlans);
	struct vsw_private_vlans *new;
	int err;

	ASSERT_RTNL();
	*bad = num;
	new = vsw_private_make(old, ch, num, bad, extack);
	if (IS_ERR(new))
		return PTR_ERR(new);
	*bad = num;
	err = vsw_private_check_ports(sw, new, extack) ?:
	      vsw_vlan_reclaim(sw, vsw_switch_is_vlan_aware(sw), new, extack);
	if (err) {
		kvfree(new);
		return err;
	}
	rcu_assign_pointer(sw->private_vlans, new);
	vsw_vlan_update_mode(sw);
	/* Frames that go by the old ones learn nothing more. */
	synchronize_net();
	if (vsw_switch_is_vlan_aware(sw))
		vsw_private_vlans_flush(sw, old, new);
	vsw_mdb_forget(sw);
	kvfree(old);
	vsw_net(dev_net(sw->dev))->gen++;
	vsw_vlan_filter_update(sw, extack);
	if (new && !vsw_switch_is_vlan_aware(sw))
		NL_SET_ERR_MSG(extack,
			       "the switch is not VLAN-aware: private VLANs keep nobody apart until it is");
	return 0;
}

/**
 * vsw_private_vlans_exit() - Free the private VLANs of a switch.
 * @sw: switch; nobody reads it any more
 *
 * Context: process context.
 */
void vsw_private_vlans_exit(struct vsw_switch *sw)
{
	kvfree(rcu_dereference_protected(sw->private_vlans, 1));
}
