/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Private VLANs of a switch (RFC 5517).
 *
 * A primary VLAN has any number of secondary ones, of which one may be isolated and
 * the others are communities.  What a port is follows from the VLAN of its untagged
 * frames: promiscuous, isolated, or of a community.
 */
#ifndef _VSW_TABLE_PRIVATE_VLAN_H
#define _VSW_TABLE_PRIVATE_VLAN_H

#include <linux/bitmap.h>
#include "../vsw.h"

struct netlink_ext_ack;

/**
 * struct vsw_private_vlans - Which VLANs are private.
 * @primary: primary VLANs, a bit for each
 * @isolated: isolated VLANs
 * @of: primary VLAN of each secondary one, isolated or community; 0 for others
 *
 * Never changed once published.
 */
struct vsw_private_vlans {
	DECLARE_BITMAP(primary, VLAN_N_VID);
	DECLARE_BITMAP(isolated, VLAN_N_VID);
	u16 of[VLAN_N_VID];
};

/**
 * struct vsw_private_change - A VLAN that is to become private, or not.
 * @vlan: the VLAN
 * @primary: primary VLAN of a secondary one, else 0
 * @type: enum vswitch_private_vlan
 */
struct vsw_private_change {
	u16 vlan;
	u16 primary;
	u32 type;
};

/**
 * vsw_private_vlan_of() - VLAN that has the FDB entries of a VLAN.
 * @pv: private VLANs of the switch, or NULL
 * @vlan: VLAN
 *
 * Return: the primary VLAN of a secondary one, else @vlan.
 */
static inline u16 vsw_private_vlan_of(const struct vsw_private_vlans *pv, u16 vlan)
{
	return pv && pv->of[vlan] ? pv->of[vlan] : vlan;
}

/**
 * vsw_private_vlan_has() - Whether a VLAN is private.
 * @pv: private VLANs of the switch, or NULL
 * @vlan: VLAN
 *
 * Return: true if it is a primary or a secondary one.
 */
static inline bool vsw_private_vlan_has(const struct vsw_private_vlans *pv, u16 vlan)
{
	return pv && (pv->of[vlan] || test_bit(vlan, pv->primary));
}

u32 vsw_private_vlan_type(const struct vsw_private_vlans *pv, u16 vlan);
int vsw_private_check_port(const struct vsw_switch *sw, u8 mode, u16 vid,
			   struct netlink_ext_ack *extack);
int vsw_private_vlans_set(struct vsw_switch *sw,
			  const struct vsw_private_change *ch, u32 num, u32 *bad,
			  struct netlink_ext_ack *extack);
void vsw_private_vlans_flush(struct vsw_switch *sw,
			     const struct vsw_private_vlans *old,
			     const struct vsw_private_vlans *new);
void vsw_private_vlans_exit(struct vsw_switch *sw);

#endif /* _VSW_TABLE_PRIVATE_VLAN_H */
