/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VLANs of the ports of a VLAN-aware switch.
 *
 * A VLAN is its number: how a port says it on the wire, with no tag, with an IEEE
 * 802.1Q or an 802.1ad one, or with another number, is the port's own.
 */
#ifndef _VSW_TABLE_VLAN_H
#define _VSW_TABLE_VLAN_H

#include <linux/bitmap.h>
#include <linux/if_vlan.h>
#include "../vsw.h"

struct netlink_ext_ack;

#define VSW_TRANSLATIONS	64

/**
 * struct vsw_translation - A VLAN that has another number on the wire.
 * @wire: number in tags
 * @vlan: VLAN of the switch
 */
struct vsw_translation {
	u16 wire;
	u16 vlan;
};

/**
 * struct vsw_vlans - VLANs of a trunk that have tags there.
 * @rcu: for kvfree_rcu()
 * @member: the VLANs, a bit for each
 * @service: of @member, those whose tags are IEEE 802.1ad ones
 * @plain: no VLAN is translated, and none has service tags
 * @num: number of translations
 * @pair: the translations
 * @map: where any is translated, the VLAN of each number in tags (0 for none), and
 *	 behind them the number of each VLAN
 *
 * Never changed once published.
 */
struct vsw_vlans {
	struct rcu_head rcu;
	DECLARE_BITMAP(member, VLAN_N_VID);
	DECLARE_BITMAP(service, VLAN_N_VID);
	bool plain;
	u8 num;
	struct vsw_translation pair[VSW_TRANSLATIONS];
	u16 map[];
};

/* Fast path */

/**
 * vsw_vlans_in() - VLAN of a tag.
 * @vlans: VLANs of the port
 * @proto: protocol of the tag
 * @vid: number in the tag, not 0
 *
 * Return: the VLAN; 0 if the port is not in it, or not with such tags.
 */
static inline u16 vsw_vlans_in(const struct vsw_vlans *vlans, __be16 proto,
			       u16 vid)
{
	bool service = proto != htons(ETH_P_8021Q);

	if (likely(vlans->plain))
		return test_bit(vid, vlans->member) && !service ? vid : 0;
	if (vlans->num)
		vid = vlans->map[vid];
	return test_bit(vid, vlans->member) &&
	       test_bit(vid, vlans->service) == service ? vid : 0;
}

/**
 * vsw_vlans_out() - Tag of a VLAN.
 * @vlans: VLANs of the port
 * @vlan: VLAN that the port is in
 * @proto: where the protocol of the tag is written
 *
 * Return: number in the tag.
 */
static inline u16 vsw_vlans_out(const struct vsw_vlans *vlans, u16 vlan,
				__be16 *proto)
{
	*proto = htons(ETH_P_8021Q);
	if (likely(vlans->plain))
		return vlan;
	if (test_bit(vlan, vlans->service))
		*proto = htons(ETH_P_8021AD);
	return vlans->num ? vlans->map[VLAN_N_VID + vlan] : vlan;
}

/* Control path */

/**
 * struct vsw_vlan_cfg - VLANs wanted for a port.
 * @mode: enum vswitch_vlan_mode
 * @vid: VLAN of untagged frames, 0 for none
 * @vlans: VLANs of tagged frames, or NULL; the caller's, who frees them
 */
struct vsw_vlan_cfg {
	u8 mode;
	u16 vid;
	struct vsw_vlans *vlans;
};

size_t vsw_vlans_size(const struct vsw_vlans *vlans);
int vsw_vlan_set_policy(struct vsw_policy *pol, const struct vsw_vlan_cfg *cfg);
int vsw_vlan_prepare(struct vsw_port *port, const struct vsw_policy *pol,
		     struct netlink_ext_ack *extack);
void vsw_vlan_changed(struct vsw_port *port, const struct vsw_policy *old,
		      struct netlink_ext_ack *extack);
void vsw_vlan_join(struct vsw_port *port, struct netlink_ext_ack *extack);
void vsw_vlan_leave(struct vsw_port *port);
int vsw_vlan_reclaim(struct vsw_switch *sw, bool aware,
		     const struct vsw_private_vlans *pv,
		     struct netlink_ext_ack *extack);
void vsw_vlan_update_mode(struct vsw_switch *sw);
int vsw_vlan_set_aware(struct vsw_switch *sw, bool aware,
		       struct netlink_ext_ack *extack);
int vsw_vlan_untagged(const struct vsw_port *port);
void vsw_vlan_members(const struct vsw_policy *pol, unsigned long *members);
bool vsw_vlan_has(const struct vsw_port *port, u16 vlan);

/* vlan_filter.c */
void vsw_vlan_filter_update(struct vsw_switch *sw, struct netlink_ext_ack *extack);
void vsw_vlan_filter_port(struct vsw_port *port);
void vsw_vlan_filter_retry(struct vsw_port *port);
void vsw_vlan_filter_exit(struct vsw_port *port);

#endif /* _VSW_TABLE_VLAN_H */
