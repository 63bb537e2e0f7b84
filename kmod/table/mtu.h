/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The MTU of a switch and those of its ports.
 */
#ifndef _VSW_TABLE_MTU_H
#define _VSW_TABLE_MTU_H

#include "../vsw.h"

struct netlink_ext_ack;
struct nlattr;

int vsw_mtu_set(struct net_device *dev, const struct nlattr *attr,
		struct netlink_ext_ack *extack);
void vsw_mtu_warn_port(const struct vsw_port *port,
		       struct netlink_ext_ack *extack);
void vsw_mtu_warn_switch(const struct vsw_switch *sw,
			 struct netlink_ext_ack *extack);

#endif /* _VSW_TABLE_MTU_H */
