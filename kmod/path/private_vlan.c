// SPDX-License-Identifier: GPL-2.0
/*
 * Private VLANs (RFC 5517), on the way in and on the way out: a frame is in its VLAN
 * for tags and for who gets it, and in the primary one for the FDB.
 *
 * Without private VLANs, nobody comes here.
 */
#include "../table/private_vlan.h"
#include "dp.h"

/**
 * vsw_private_fid() - VLAN that has the FDB entries of a VLAN.
 * @sw: switch
 * @vlan: VLAN, as keys of the FDB have it
 *
 * Context: path.
 * Return: the primary VLAN of a secondary one, else the same, in the same form.
 */
VSW_STAGE noinline u64 vsw_private_fid(const struct vsw_switch *sw, u64 vlan)
{
	const struct vsw_private_vlans *pv = rcu_dereference_bh(sw->private_vlans);

	return vsw_fdb_key_of(0, vsw_private_vlan_of(pv, vsw_fdb_key_vlan(vlan)));
}

/**
 * vsw_private_is_member() - Whether a port gets frames of a VLAN.
 * @sw: switch
 * @policy: settings of the port
 * @fid: VLAN that has the FDB entries of @vlan, as keys have it
 * @vlan: VLAN
 *
 * A trunk gets those of the VLANs that it is in: who is behind it has private VLANs
 * of his own.  Another port is of one VLAN.  In the primary one it is promiscuous,
 * and gets all.  In a secondary one it gets those of the primary, and, unless that
 * is an isolated one, those of its own.
 *
 * Context: path.
 * Return: true if it does.
 */
VSW_STAGE noinline bool vsw_private_is_member(const struct vsw_switch *sw,
					      const struct vsw_policy *policy,
					      u64 fid, u16 vlan)
{
	const struct vsw_private_vlans *pv = rcu_dereference_bh(sw->private_vlans);
	u16 own = vsw_fdb_key_vlan(policy->untagged);

	if (policy->vlan_mode == VSWITCH_VLAN_MODE_TRUNK)
		return own == vlan ||
		       (policy->vlans && test_bit(vlan, policy->vlans->member));
	if (!own)
		return false;
	if (own == vlan)
		return !pv || !test_bit(vlan, pv->isolated);
	if (own == vsw_fdb_key_vlan(fid))
		return true;
	return vlan == vsw_fdb_key_vlan(fid) &&
	       vlan == vsw_private_vlan_of(pv, own);
}

/**
 * vsw_private_is_apart() - Whether a private VLAN keeps a frame from a port.
 * @sw: switch
 * @policy: settings of the port
 * @fid: VLAN that has the FDB entries of @vlan, as keys have it
 * @vlan: VLAN of the frame
 *
 * Context: path.
 * Return: true if the port is in another VLAN of the same primary one, or in the
 * same isolated one.
 */
VSW_STAGE noinline bool vsw_private_is_apart(const struct vsw_switch *sw,
					     const struct vsw_policy *policy,
					     u64 fid, u16 vlan)
{
	if (policy->vlan_mode == VSWITCH_VLAN_MODE_TRUNK || !policy->untagged ||
	    vsw_private_is_member(sw, policy, fid, vlan))
		return false;
	return vsw_private_fid(sw, policy->untagged) == fid;
}
