// SPDX-License-Identifier: GPL-2.0
/*
 * The MTU of a switch and those of its ports: set over netlink, and compared.
 *
 * Nothing is set for anybody: a path whose MTUs differ works for small frames, and
 * the large ones are counted where they do not fit.  But it is said when they do.
 *
 * All functions run under RTNL.
 */
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include "mtu.h"
#include "port.h"

/**
 * vsw_mtu_set() - Set the MTU of a netdev.
 * @dev: netdev of a port, or to become one, or of a switch
 * @attr: the attribute with the MTU, checked by policy
 * @extack: where a refusal is explained
 *
 * The core tells the log alone what is wrong with a number: so that is looked at here.
 *
 * Context: RTNL.
 * Return: 0 or a negative errno, that of the driver if it is the one that refuses.
 */
int vsw_mtu_set(struct net_device *dev, const struct nlattr *attr,
		struct netlink_ext_ack *extack)
{
	u32 mtu = nla_get_u32(attr);
	int err;

	ASSERT_RTNL();
	if (mtu < dev->min_mtu) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the MTU is smaller than the device takes");
		return -EINVAL;
	}
	if (dev->max_mtu && mtu > dev->max_mtu) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the MTU is larger than the device takes");
		return -EINVAL;
	}
	err = dev_set_mtu(dev, mtu);
	if (err)
		NL_SET_ERR_MSG_ATTR(extack, attr, "the device refused the MTU");
	return err;
}

/**
 * vsw_mtu_warn_port() - Say so if a port has another MTU than its switch.
 * @port: port
 * @extack: where it is said
 *
 * Context: RTNL.
 */
void vsw_mtu_warn_port(const struct vsw_port *port,
		       struct netlink_ext_ack *extack)
{
	if (port->dev->mtu != port->sw->dev->mtu)
		NL_SET_ERR_MSG_WEAK(extack, "the MTU of the port and that of the switch differ");
}

/**
 * vsw_mtu_warn_switch() - Say so if a switch has another MTU than one of its ports.
 * @sw: switch
 * @extack: where it is said
 *
 * Context: RTNL.
 */
void vsw_mtu_warn_switch(const struct vsw_switch *sw,
			 struct netlink_ext_ack *extack)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	u32 i;

	for (i = 1; i < set->size; i++) {
		if (!set->slot[i] || set->slot[i]->dev->mtu == sw->dev->mtu)
			continue;
		NL_SET_ERR_MSG(extack, "the MTU of the switch and that of a port differ");
		return;
	}
}
