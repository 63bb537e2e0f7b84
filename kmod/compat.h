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

/* Added in v6.2; drop with 6.1. */
#ifndef NL_SET_ERR_MSG_FMT
#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {			\
	static const char __msg[] = fmt;				\
	(void)__msg;							\
	NL_SET_ERR_MSG(extack, __msg);					\
} while (0)
#endif

/* net_device.lltx and .netns_local were feature bits until v6.12. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define vsw_compat_dev_flags(dev)					\
	((dev)->features |= NETIF_F_LLTX | NETIF_F_NETNS_LOCAL)
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
#define vsw_compat_dev_flags(dev) do {					\
	(dev)->lltx = true;						\
	(dev)->netns_local = true;					\
} while (0)
#else
#define vsw_compat_dev_flags(dev) do {					\
	(dev)->lltx = true;						\
	(dev)->netns_immutable = true;					\
} while (0)
#endif

#endif /* _VSW_COMPAT_H */
