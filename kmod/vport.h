/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Vports: netdevs that the module makes itself, each of them a port from its
 * first to its last moment.
 *
 * A direct tap is the NIC of a guest, seen from the host: its netdev transmits
 * what the guest sends, and receives what the guest gets.  Its other side is a
 * device node of the kernel's tap library, which QEMU and vhost-net open.
 *
 * An internal port is a NIC of the host's own stack, or of a container's when it
 * has been moved to another network namespace.
 */
#ifndef _VSW_VPORT_H
#define _VSW_VPORT_H

#include <linux/if_tap.h>
#include <linux/uidgid.h>
#include <net/gro_cells.h>
#include "vsw.h"

struct netlink_ext_ack;
struct vsw_port_cfg;

/**
 * struct vsw_vport - Private data of a vport's netdev.
 * @port: the port, NULL before it is one and when it leaves; written under RTNL
 * @tap: of a direct tap, for the tap library
 * @cells: of an internal port, what it receives before GRO and the stack
 * @dev: the netdev
 * @type: enum vswitch_port_type
 * @name: of an internal port, its name in the network namespace of its switch,
 *	  by which it is known there wherever it is; written under RTNL
 * @claim: FDB key of its address if it has a static entry for that, or 0; under
 *	   RTNL
 * @owns: its address as a number if it may have such an entry, or 0: one that it was
 *	  given in another namespace is nobody's; under RTNL
 * @linked: it is stacked on its switch; under RTNL
 * @queues: of a direct tap, largest number of open descriptors
 * @owner: who owns its device node
 * @group: who else may open that, or INVALID_GID
 * @node: the device node, NULL while there is none; under RTNL
 * @list: in the list of all direct taps; under RTNL
 */
struct vsw_vport {
	struct vsw_port __rcu *port;
	union {
		struct tap_dev tap;
		struct gro_cells cells;
	};

	struct net_device *dev;
	u32 type;
	char name[IFNAMSIZ];
	u64 claim;
	u64 owns;
	bool linked;
	u32 queues;
	kuid_t owner;
	kgid_t group;
	struct device *node;
	struct list_head list;
};

extern struct rtnl_link_ops vsw_vport_link_ops;

/**
 * vsw_dev_is_vport() - Whether a netdev is a vport.
 * @dev: netdev
 *
 * Return: true if it is.
 */
static inline bool vsw_dev_is_vport(const struct net_device *dev)
{
	return dev->rtnl_link_ops == &vsw_vport_link_ops;
}

/**
 * struct vsw_vport_cfg - Settings of a new vport.
 * @type: enum vswitch_port_type
 * @queues: of a direct tap, largest number of open descriptors
 * @owner: who owns its device node
 * @group: who else may open that, or INVALID_GID
 */
struct vsw_vport_cfg {
	u32 type;
	u32 queues;
	kuid_t owner;
	kgid_t group;
};

void vsw_vport_setup(struct net_device *dev);
int vsw_vport_register(struct net_device *dev, struct vsw_switch *sw,
		       struct vsw_port_cfg *cfg,
		       const struct vsw_vport_cfg *vcfg,
		       struct netlink_ext_ack *extack);
int vsw_vport_event(struct net_device *dev, unsigned long event,
		    struct netdev_notifier_info *info);
void vsw_vport_stats(const struct vsw_vport *vp, struct vsw_stats *sum);
void vsw_vport_dellink(struct net_device *dev, struct list_head *head);

/* table/internal.c */
int vsw_port_check_addr(const struct vsw_port *port, const u8 *addr,
			struct netlink_ext_ack *extack);
int vsw_port_claim(struct vsw_vport *vp, const struct vsw_port *port,
		   const u8 *addr, struct netlink_ext_ack *extack);
int vsw_port_reclaim(struct vsw_port *port, int vlan,
		     struct netlink_ext_ack *extack);
void vsw_port_unclaim(struct vsw_vport *vp, const struct vsw_port *port);
int vsw_port_link(struct vsw_vport *vp, const struct vsw_port *port,
		  struct netlink_ext_ack *extack);
void vsw_port_unlink(struct vsw_vport *vp, const struct vsw_port *port);

/* ctrl/internal.c */
void vsw_internal_setup(struct net_device *dev);
int vsw_internal_event(struct vsw_vport *vp, unsigned long event,
		       struct netdev_notifier_info *info);

/* path/tap.c */
netdev_tx_t vsw_tap_xmit(struct sk_buff *skb, struct net_device *dev);
rx_handler_result_t vsw_tap_rx_handler(struct sk_buff **pskb);
void vsw_tap_count_tx_dropped(struct tap_dev *tap);
void vsw_tap_count_rx_dropped(struct tap_dev *tap);

/* path/internal.c */
netdev_tx_t vsw_internal_xmit(struct sk_buff *skb, struct net_device *dev);

#endif /* _VSW_VPORT_H */
