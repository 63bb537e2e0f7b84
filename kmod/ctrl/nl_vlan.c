// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink: the VLANs of a port, in requests and in messages.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include "genl.h"
#include "vswitch_nl.h"
#include "../table/port.h"

/**
 * vsw_nl_vlan_list() - Read a list of VLANs out of an attribute.
 * @list: where it is written, a bit for each
 * @attr: the attribute; one that is missing is empty
 * @extack: where a refusal is explained
 *
 * Return: 0 or -EINVAL.
 */
int vsw_nl_vlan_list(unsigned long *list, const struct nlattr *attr,
		     struct netlink_ext_ack *extack)
{
	const u8 *byte;
	unsigned int i;

	bitmap_zero(list, VLAN_N_VID);
	if (!attr)
		return 0;
	byte = nla_data(attr);
	for (i = 0; i < VLAN_N_VID; i++)
		if (byte[i / BITS_PER_BYTE] & BIT(i % BITS_PER_BYTE))
			__set_bit(i, list);
	if (!test_bit(0, list) && !test_bit(VLAN_VID_MASK, list))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "0 and 4095 are no VLANs");
	return -EINVAL;
}

static int vsw_nl_vlan_put_list(struct sk_buff *skb, int attrtype,
				const unsigned long *list)
{
	struct nlattr *attr;
	unsigned int i;
	u8 *byte;

	if (bitmap_empty(list, VLAN_N_VID))
		return 0;
	attr = nla_reserve(skb, attrtype, VSWITCH_VLAN_LIST_LEN);
	if (!attr)
		return -EMSGSIZE;
	byte = nla_data(attr);
	memset(byte, 0, VSWITCH_VLAN_LIST_LEN);
	for_each_set_bit(i, list, VLAN_N_VID)
		byte[i / BITS_PER_BYTE] |= BIT(i % BITS_PER_BYTE);
	return 0;
}

static int vsw_nl_vlan_lists(struct vsw_vlans *vlans, struct nlattr **attrs,
			     struct netlink_ext_ack *extack)
{
	struct nlattr *service = attrs[VSWITCH_A_PORT_SERVICE];
	int err;

	err = vsw_nl_vlan_list(vlans->member, attrs[VSWITCH_A_PORT_TRUNK],
			       extack) ?:
	      vsw_nl_vlan_list(vlans->service, service, extack);
	if (err)
		return err;
	if (bitmap_intersects(vlans->member, vlans->service, VLAN_N_VID)) {
		NL_SET_ERR_MSG_ATTR(extack, service,
				    "a VLAN has tags of one kind: it is in both lists");
		return -EINVAL;
	}
	vlans->plain = bitmap_empty(vlans->service, VLAN_N_VID);
	bitmap_or(vlans->member, vlans->member, vlans->service, VLAN_N_VID);
	if (!bitmap_empty(vlans->member, VLAN_N_VID))
		return 0;
	NL_SET_ERR_MSG(extack, "a trunk needs VLANs: trunk or service must name one");
	return -EINVAL;
}

static int vsw_nl_vlan_check_pair(const struct vsw_vlans *vlans,
				  const struct vsw_translation *pair, u16 native,
				  const struct nlattr *attr,
				  struct netlink_ext_ack *extack)
{
	u16 i;

	if (!pair->wire || pair->wire > VSWITCH_VLAN_MAX || !pair->vlan ||
	    pair->vlan > VSWITCH_VLAN_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "numbers of VLANs are 1 to 4094");
		return -EINVAL;
	}
	if (pair->vlan == native) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the native VLAN has no tag that could be translated");
		return -EINVAL;
	}
	if (!test_bit(pair->vlan, vlans->member)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a VLAN that is translated must be one of the trunk");
		return -EINVAL;
	}
	for (i = 0; i < vlans->num; i++) {
		if (vlans->pair[i].vlan != pair->vlan)
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attr, "a VLAN is translated twice");
		return -EINVAL;
	}
	return 0;
}

/**
 * vsw_nl_vlan_map() - Fill in the numbers on the wire, which must be different ones.
 * @vlans: VLANs of a trunk, some of which are translated; its map is all zero
 * @attr: attribute that a refusal is about
 * @extack: where a refusal is explained
 *
 * Return: 0 or -EINVAL.
 */
int vsw_nl_vlan_map(struct vsw_vlans *vlans, const struct nlattr *attr,
		    struct netlink_ext_ack *extack)
{
	u16 *in = vlans->map, *out = vlans->map + VLAN_N_VID;
	unsigned int i;

	for_each_set_bit(i, vlans->member, VLAN_N_VID)
		out[i] = i;
	for (i = 0; i < vlans->num; i++)
		out[vlans->pair[i].vlan] = vlans->pair[i].wire;
	for_each_set_bit(i, vlans->member, VLAN_N_VID) {
		if (in[out[i]]) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "two VLANs would have the same number in their tags");
			return -EINVAL;
		}
		in[out[i]] = i;
	}
	return 0;
}

static int vsw_nl_vlan_translate(struct vsw_vlans *vlans, u16 native,
				 const struct nlattr *attr,
				 struct netlink_ext_ack *extack)
{
	struct vsw_translation pair;
	unsigned int i;
	int err;

	BUILD_BUG_ON(VSW_TRANSLATIONS * sizeof(pair) != VSWITCH_TRANSLATE_LEN);

	for (i = 0; i < VSW_TRANSLATIONS; i++) {
		memcpy(&pair, (const u8 *)nla_data(attr) + i * sizeof(pair),
		       sizeof(pair));
		if (!pair.wire && !pair.vlan)
			continue;
		err = vsw_nl_vlan_check_pair(vlans, &pair, native, attr, extack);
		if (err)
			return err;
		vlans->pair[vlans->num++] = pair;
	}
	if (!vlans->num)
		return 0;
	vlans->plain = false;
	return vsw_nl_vlan_map(vlans, attr, extack);
}

static int vsw_nl_vlan_trunk(struct vsw_vlan_cfg *cfg, struct nlattr **attrs,
			     struct netlink_ext_ack *extack)
{
	const struct nlattr *translate = attrs[VSWITCH_A_PORT_TRANSLATE];
	unsigned int map = translate ? 2 * VLAN_N_VID : 0;
	int err;

	cfg->vlans = kvzalloc(struct_size(cfg->vlans, map, map),
			      GFP_KERNEL_ACCOUNT);
	if (!cfg->vlans) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	}
	err = vsw_nl_vlan_lists(cfg->vlans, attrs, extack);
	if (err || !translate)
		return err;
	return vsw_nl_vlan_translate(cfg->vlans, cfg->vid, translate, extack);
}

/* What only a trunk has. */
static const struct nlattr *vsw_nl_vlan_of_trunk(struct nlattr **attrs)
{
	return attrs[VSWITCH_A_PORT_TRUNK] ?: attrs[VSWITCH_A_PORT_SERVICE] ?:
	       attrs[VSWITCH_A_PORT_TRANSLATE];
}

static int vsw_nl_vlan_check_mode(struct nlattr **attrs, u32 mode,
				  struct netlink_ext_ack *extack)
{
	const struct nlattr *vlan = attrs[VSWITCH_A_PORT_VLAN];
	const struct nlattr *of_trunk = vsw_nl_vlan_of_trunk(attrs);

	if (mode != VSWITCH_VLAN_MODE_TRUNK && of_trunk) {
		NL_SET_ERR_MSG_ATTR(extack, of_trunk,
				    "only a port of vlan-mode trunk has this");
		return -EINVAL;
	}
	if (mode == VSWITCH_VLAN_MODE_NONE && vlan) {
		NL_SET_ERR_MSG_ATTR(extack, vlan,
				    "a port of vlan-mode none has no VLAN");
		return -EINVAL;
	}
	if ((mode == VSWITCH_VLAN_MODE_ACCESS ||
	     mode == VSWITCH_VLAN_MODE_DOT1Q_TUNNEL) && !vlan) {
		NL_SET_ERR_MSG(extack, "a port of this vlan-mode needs a VLAN");
		NL_SET_ERR_ATTR_MISS(extack, NULL, VSWITCH_A_PORT_VLAN);
		return -EINVAL;
	}
	return 0;
}

/**
 * vsw_nl_vlan_cfg() - Read the VLANs of a port out of a request.
 * @cfg: where they are written, all zero; the caller frees cfg->vlans in any case
 * @attrs: attributes, VSWITCH_A_PORT_*, checked by policy
 * @extack: where a refusal is explained
 *
 * Return: 1 if there are any, 0 if not, or a negative errno.
 */
int vsw_nl_vlan_cfg(struct vsw_vlan_cfg *cfg, struct nlattr **attrs,
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *vlan = attrs[VSWITCH_A_PORT_VLAN];
	const struct nlattr *attr;
	int err;

	if (!attrs[VSWITCH_A_PORT_VLAN_MODE]) {
		attr = vlan ?: vsw_nl_vlan_of_trunk(attrs);
		if (!attr)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "this goes with a vlan-mode, which is missing");
		return -EINVAL;
	}
	cfg->mode = nla_get_u32(attrs[VSWITCH_A_PORT_VLAN_MODE]);
	err = vsw_nl_vlan_check_mode(attrs, cfg->mode, extack);
	if (err)
		return err;
	if (vlan)
		cfg->vid = nla_get_u16(vlan);
	if (cfg->mode == VSWITCH_VLAN_MODE_TRUNK)
		err = vsw_nl_vlan_trunk(cfg, attrs, extack);
	return err ?: 1;
}

/**
 * vsw_nl_vlan_size() - Room that vsw_nl_vlan_put() needs at most.
 *
 * The core asks without RTNL, when it makes room for a dump: what the VLANs of a port
 * are may change until they are put there.
 *
 * Return: bytes.
 */
size_t vsw_nl_vlan_size(void)
{
	return nla_total_size(sizeof(u32)) +	/* VSWITCH_A_PORT_VLAN_MODE */
	       nla_total_size(sizeof(u16)) +	/* VSWITCH_A_PORT_VLAN */
	       nla_total_size(sizeof(u8)) +	/* VSWITCH_A_PORT_VLAN_AWARE */
	       /* VSWITCH_A_PORT_TRUNK and _SERVICE */
	       2 * nla_total_size(VSWITCH_VLAN_LIST_LEN) +
	       nla_total_size(VSWITCH_TRANSLATE_LEN); /* VSWITCH_A_PORT_TRANSLATE */
}

static int vsw_nl_vlan_put_trunk(struct sk_buff *skb,
				 const struct vsw_vlans *vlans)
{
	DECLARE_BITMAP(trunk, VLAN_N_VID);

	bitmap_andnot(trunk, vlans->member, vlans->service, VLAN_N_VID);
	if (vsw_nl_vlan_put_list(skb, VSWITCH_A_PORT_TRUNK, trunk) ||
	    vsw_nl_vlan_put_list(skb, VSWITCH_A_PORT_SERVICE, vlans->service))
		return -EMSGSIZE;
	if (!vlans->num)
		return 0;
	return nla_put(skb, VSWITCH_A_PORT_TRANSLATE, sizeof(vlans->pair),
		       vlans->pair);
}

/**
 * vsw_nl_vlan_put() - Put the VLANs of a port into a message.
 * @skb: message
 * @port: port
 *
 * Context: RTNL.
 * Return: 0, or -EMSGSIZE; then the caller cancels the message.
 */
int vsw_nl_vlan_put(struct sk_buff *skb, const struct vsw_port *port)
{
	const struct vsw_policy *pol = rtnl_dereference(port->policy);

	if (nla_put_u8(skb, VSWITCH_A_PORT_VLAN_AWARE, vsw_switch_is_vlan_aware(port->sw)) ||
	    nla_put_u32(skb, VSWITCH_A_PORT_VLAN_MODE, pol->vlan_mode) ||
	    (pol->untagged && nla_put_u16(skb, VSWITCH_A_PORT_VLAN,
					  vsw_fdb_key_vlan(pol->untagged))))
		return -EMSGSIZE;
	return pol->vlans ? vsw_nl_vlan_put_trunk(skb, pol->vlans) : 0;
}
