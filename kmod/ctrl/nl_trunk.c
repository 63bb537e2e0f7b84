// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink: adding VLANs to the list of a trunk, and taking some from it.
 *
 * Under RTNL the list is as it is until it is replaced, so two who change it at
 * the same time do not undo what the other has done.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include "genl.h"
#include "vswitch_nl.h"
#include "../table/port.h"

/**
 * struct vsw_nl_trunk - A change of the list of a trunk.
 * @add: VLANs to be added
 * @del: VLANs to be taken away
 * @add_attr: attribute with the former, or NULL
 * @del_attr: attribute with the latter, or NULL
 */
struct vsw_nl_trunk {
	DECLARE_BITMAP(add, VLAN_N_VID);
	DECLARE_BITMAP(del, VLAN_N_VID);
	const struct nlattr *add_attr;
	const struct nlattr *del_attr;
};

static int vsw_nl_trunk_parse(struct vsw_nl_trunk *c, const struct nlattr *nest,
			      struct netlink_ext_ack *extack)
{
	struct nlattr *tb[VSWITCH_A_TRUNK_CHANGE_MAX + 1];
	int err;

	err = vsw_genl_parse_nest(tb, VSWITCH_A_TRUNK_CHANGE_MAX, nest,
				  vsw_trunk_change_nl_policy, extack);
	if (err)
		return err;
	c->add_attr = tb[VSWITCH_A_TRUNK_CHANGE_ADD];
	c->del_attr = tb[VSWITCH_A_TRUNK_CHANGE_DEL];
	err = vsw_nl_vlan_list(c->add, c->add_attr, extack) ?:
	      vsw_nl_vlan_list(c->del, c->del_attr, extack);
	if (err || !bitmap_intersects(c->add, c->del, VLAN_N_VID))
		return err;
	NL_SET_ERR_MSG_ATTR(extack, c->del_attr,
			    "a VLAN is to be added and taken away");
	return -EINVAL;
}

/* Whether the change makes sense with what the trunk has. */
static int vsw_nl_trunk_check(const struct vsw_nl_trunk *c,
			      const struct vsw_vlans *old,
			      struct netlink_ext_ack *extack)
{
	DECLARE_BITMAP(left, VLAN_N_VID);

	if (bitmap_intersects(c->add, old->service, VLAN_N_VID)) {
		NL_SET_ERR_MSG_ATTR(extack, c->add_attr,
				    "a VLAN has service tags at this port, and cannot have others");
		return -EINVAL;
	}
	if (bitmap_intersects(c->del, old->service, VLAN_N_VID)) {
		NL_SET_ERR_MSG_ATTR(extack, c->del_attr,
				    "a VLAN has service tags at this port: it is not in the list of the trunk");
		return -EINVAL;
	}
	if (!bitmap_subset(c->del, old->member, VLAN_N_VID)) {
		NL_SET_ERR_MSG_ATTR(extack, c->del_attr,
				    "a VLAN is not in the list of the trunk");
		return -ENOENT;
	}
	bitmap_andnot(left, old->member, c->del, VLAN_N_VID);
	if (!bitmap_empty(left, VLAN_N_VID) || !bitmap_empty(c->add, VLAN_N_VID))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, c->del_attr,
			    "a trunk needs a VLAN, and none would be left");
	return -EINVAL;
}

/* Those of the trunk, changed; the caller frees cfg->vlans in any case. */
static int vsw_nl_trunk_make(struct vsw_vlan_cfg *cfg, const struct vsw_nl_trunk *c,
			     const struct vsw_vlans *old,
			     struct netlink_ext_ack *extack)
{
	struct vsw_vlans *new;
	unsigned int i;

	new = kvzalloc(vsw_vlans_size(old), GFP_KERNEL_ACCOUNT);
	cfg->vlans = new;
	if (!new) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	}
	bitmap_copy(new->service, old->service, VLAN_N_VID);
	bitmap_andnot(new->member, old->member, c->del, VLAN_N_VID);
	bitmap_or(new->member, new->member, c->add, VLAN_N_VID);
	for (i = 0; i < old->num; i++)
		if (test_bit(old->pair[i].vlan, new->member))
			new->pair[new->num++] = old->pair[i];
	new->plain = !new->num && bitmap_empty(new->service, VLAN_N_VID);
	return new->num ? vsw_nl_vlan_map(new, c->add_attr, extack) : 0;
}

/**
 * vsw_nl_trunk_change() - Read a change of a trunk's list out of a request.
 * @cfg: settings wanted, which get the VLANs of the port as they are to be
 * @port: port
 * @nest: VSWITCH_A_PORT_TRUNK_CHANGE, or NULL
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0 or a negative errno; the caller calls vsw_nl_port_cfg_free() in either
 * case.
 */
int vsw_nl_trunk_change(struct vsw_port_cfg *cfg, const struct vsw_port *port,
			const struct nlattr *nest, struct netlink_ext_ack *extack)
{
	const struct vsw_policy *pol = rtnl_dereference(port->policy);
	struct vsw_nl_trunk *c;
	int err;

	if (!nest)
		return 0;
	if (cfg->set & BIT_ULL(VSWITCH_A_PORT_VLAN_MODE)) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "VLANs are set anew or changed, not both");
		return -EINVAL;
	}
	if (pol->vlan_mode != VSWITCH_VLAN_MODE_TRUNK || !pol->vlans) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "the port is not a trunk");
		return -EINVAL;
	}
	c = kzalloc(sizeof(*c), GFP_KERNEL_ACCOUNT);
	if (!c) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	}
	cfg->vlan.mode = VSWITCH_VLAN_MODE_TRUNK;
	cfg->vlan.vid = vsw_fdb_key_vlan(pol->untagged);
	err = vsw_nl_trunk_parse(c, nest, extack) ?:
	      vsw_nl_trunk_check(c, pol->vlans, extack) ?:
	      vsw_nl_trunk_make(&cfg->vlan, c, pol->vlans, extack);
	kfree(c);
	if (!err)
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_VLAN_MODE);
	return err;
}
