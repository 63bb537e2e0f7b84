/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one file that knows kernel versions.  It is included before everything
 * else and gives older kernels what the newest one has, under the newest names.
 * Stable kernels take newer interfaces over, so a macro is tested for wherever
 * there is one, and a version only as the last resort.
 */
#ifndef _VSW_COMPAT_H
#define _VSW_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "vswitch needs Linux 6.1 or newer"
#endif

#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/ethtool.h>
#include <net/genetlink.h>

/*
 * A message with a name in it.  NL_SET_ERR_MSG_FMT() was added in v6.2; before,
 * a message must be a string that outlives the request, so the name is left out.
 */
#ifdef NL_SET_ERR_MSG_FMT
#define vsw_compat_err_name(extack, without, with, name) \
	NL_SET_ERR_MSG_FMT(extack, with, name)
#else
#define vsw_compat_err_name(extack, without, with, name) \
	NL_SET_ERR_MSG(extack, without)
#endif

/*
 * net_device.lltx was a feature bit until v6.12, .netns_immutable until v6.15
 * (as .netns_local from v6.14 on).
 */
#ifdef NETIF_F_LLTX
#define vsw_compat_set_lltx(dev)	((dev)->features |= NETIF_F_LLTX)
#else
#define vsw_compat_set_lltx(dev)	((dev)->lltx = true)
#endif

#ifdef NETIF_F_NETNS_LOCAL
#define vsw_compat_set_netns_immutable(dev) \
	((dev)->features |= NETIF_F_NETNS_LOCAL)
#else
#define vsw_compat_set_netns_immutable(dev) ((dev)->netns_immutable = true)
#endif

#endif /* _VSW_COMPAT_H */
