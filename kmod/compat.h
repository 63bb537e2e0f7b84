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

/* Split off linux/netdevice.h and linux/skbuff.h in v6.5. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include <net/gso.h>
#endif

/* Not everywhere before v6.9; without it, a frame costs some instructions more. */
#ifndef __uninitialized
#define __uninitialized
#endif

/* Moved from asm/ in v6.12. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

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

/* Added in v6.8; drop with 6.1. */
#ifndef ethtool_puts
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define ethtool_puts(data, str)	ethtool_sprintf(data, "%s", str)
#endif
#endif

/* Added in v6.3; drop with 6.1. */
#ifndef NL_SET_ERR_MSG_WEAK
#define NL_SET_ERR_MSG_WEAK(extack, msg) do {	\
	if ((extack) && !(extack)->_msg)	\
		NL_SET_ERR_MSG(extack, msg);	\
} while (0)
#endif

/*
 * net_device.lltx was a feature bit until v6.12, .netns_immutable until v6.15
 * (as .netns_local from v6.14 on).
 */
#ifdef NETIF_F_LLTX
#define vsw_compat_set_lltx(dev)	((dev)->features |= NETIF_F_LLTX)
#define vsw_compat_is_lltx(dev)		(!!((dev)->features & NETIF_F_LLTX))
#else
#define vsw_compat_set_lltx(dev)	((dev)->lltx = true)
#define vsw_compat_is_lltx(dev)		((dev)->lltx)
#endif

#ifdef NETIF_F_NETNS_LOCAL
#define vsw_compat_set_netns_immutable(dev) \
	((dev)->features |= NETIF_F_NETNS_LOCAL)
#else
#define vsw_compat_set_netns_immutable(dev) ((dev)->netns_immutable = true)
#endif

/* A range could not be const until v6.7. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#undef NLA_POLICY_FULL_RANGE
#define NLA_POLICY_FULL_RANGE(tp, _range) {				\
	.type = NLA_ENSURE_UINT_OR_BINARY_TYPE(tp),			\
	.validation_type = NLA_VALIDATE_RANGE_PTR,			\
	.range = (struct netlink_range_validation *)(_range),		\
}
#endif

/* What callbacks of a class and of a type of devices get is const since v6.2. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define vsw_compat_device	struct device
#else
#define vsw_compat_device	const struct device
#endif

/* Added in v6.2; a netdev that cannot send needs no addresses. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define VSW_COMPAT_IFF_NO_ADDRCONF	0
#else
#define VSW_COMPAT_IFF_NO_ADDRCONF	IFF_NO_ADDRCONF
#endif

/*
 * Whether something hooks in where a netdev receives: tc, netfilter, or XDP.  tc
 * has another field since v6.6.  All are read before one branch.
 */
#define vsw_compat_word(ptr)	((unsigned long)rcu_access_pointer(ptr))
#if IS_ENABLED(CONFIG_NET_XGRESS)
#define vsw_compat_tc_ingress(dev)	vsw_compat_word((dev)->tcx_ingress)
#define vsw_compat_tc_egress(dev)	vsw_compat_word((dev)->tcx_egress)
#elif IS_ENABLED(CONFIG_NET_CLS_ACT) && \
	LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define vsw_compat_tc_ingress(dev)	vsw_compat_word((dev)->miniq_ingress)
#define vsw_compat_tc_egress(dev)	vsw_compat_word((dev)->miniq_egress)
#else
#define vsw_compat_tc_ingress(dev)	0UL
#define vsw_compat_tc_egress(dev)	0UL
#endif
#if IS_ENABLED(CONFIG_NETFILTER_INGRESS)
#define vsw_compat_nf_ingress(dev)	vsw_compat_word((dev)->nf_hooks_ingress)
#else
#define vsw_compat_nf_ingress(dev)	0UL
#endif
#if IS_ENABLED(CONFIG_NETFILTER_EGRESS)
#define vsw_compat_nf_egress(dev)	vsw_compat_word((dev)->nf_hooks_egress)
#else
#define vsw_compat_nf_egress(dev)	0UL
#endif
#define vsw_compat_has_ingress(dev)	(!!(vsw_compat_tc_ingress(dev) | \
					    vsw_compat_nf_ingress(dev) | \
					    vsw_compat_word((dev)->xdp_prog)))

/* The same where a netdev sends, but for XDP, which is never there. */
#define vsw_compat_has_egress(dev)	(!!(vsw_compat_tc_egress(dev) | \
					    vsw_compat_nf_egress(dev)))

/*
 * Whether somebody sees all packets of a netdev.  In a frame's way a call counts; the
 * list that it looks at is there for modules from v6.9 to v6.14.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0) && \
	LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
#include <net/hotdata.h>
#define vsw_compat_nit_active(dev)	(!list_empty(&net_hotdata.ptype_all) || \
					 !list_empty(&(dev)->ptype_all))
#else
#define vsw_compat_nit_active(dev)	dev_nit_active((struct net_device *)(dev))
#endif

/*
 * Whether nothing is in a queueing discipline that has a lock, nor on its way out.
 * It is set to run before it becomes empty: without taking the lock, one can rely on
 * that where stores are seen in order.  Since v6.19, frames that wait for the lock
 * are nowhere to be seen.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0) && \
	(IS_ENABLED(CONFIG_X86) || IS_ENABLED(CONFIG_UML_X86))
#define vsw_compat_qdisc_is_idle(q)					\
	(/* First whether it is empty. */				\
	 !smp_load_acquire(&(q)->q.qlen) &&				\
	 !test_bit(__QDISC_STATE2_RUNNING, &(q)->state2))
#else
#define vsw_compat_qdisc_is_idle(q)	false
#endif

/* What dev_queue_xmit() does not let out: both functions are of v6.12. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define vsw_compat_is_decrypted(skb)	skb_is_decrypted(skb)
#define vsw_compat_frags_readable(skb)	skb_frags_readable(skb)
#else
#if IS_ENABLED(CONFIG_TLS_DEVICE)
#define vsw_compat_is_decrypted(skb)	((skb)->decrypted)
#else
#define vsw_compat_is_decrypted(skb)	false
#endif
#define vsw_compat_frags_readable(skb)	true
#endif

/* Attributes of a dump request; struct genl_info has them since v6.6. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define vsw_compat_dump_attrs(cb)	(genl_dumpit_info(cb)->attrs)
#else
#define vsw_compat_dump_attrs(cb)	(genl_info_dump(cb)->attrs)
#endif

/* What genl_family.pre_doit gets; operations were split in v6.2. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define vsw_compat_genl_ops	genl_ops
#else
#define vsw_compat_genl_ops	genl_split_ops
#endif

/* Where ndo_fdb_dump() goes on; it has a structure of its own since v6.14. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#define vsw_compat_fdb_dump_idx(cb)	((cb)->args[2])
#else
#define vsw_compat_fdb_dump_idx(cb) \
	(((struct ndo_fdb_dump_context *)(cb)->ctx)->fdb_idx)
#endif

/*
 * ndo_fdb_add() and ndo_fdb_del() say since v6.13 whether they have told
 * listeners; here they are functions that never do.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define VSW_COMPAT_FDB_ADD(name, add)					\
static int name(struct ndmsg *ndm, struct nlattr *tb[],			\
		struct net_device *dev, const unsigned char *addr,	\
		u16 vid, u16 flags, struct netlink_ext_ack *extack)	\
{									\
	return add(ndm, tb, dev, addr, vid, flags, extack);		\
}

#define VSW_COMPAT_FDB_DEL(name, del)					\
static int name(struct ndmsg *ndm, struct nlattr *tb[],			\
		struct net_device *dev, const unsigned char *addr,	\
		u16 vid, struct netlink_ext_ack *extack)		\
{									\
	return del(ndm, tb, dev, addr, vid, extack);			\
}
#else
#define VSW_COMPAT_FDB_ADD(name, add)					\
static int name(struct ndmsg *ndm, struct nlattr *tb[],			\
		struct net_device *dev, const unsigned char *addr,	\
		u16 vid, u16 flags, bool *notified,			\
		struct netlink_ext_ack *extack)				\
{									\
	return add(ndm, tb, dev, addr, vid, flags, extack);		\
}

#define VSW_COMPAT_FDB_DEL(name, del)					\
static int name(struct ndmsg *ndm, struct nlattr *tb[],			\
		struct net_device *dev, const unsigned char *addr,	\
		u16 vid, bool *notified, struct netlink_ext_ack *extack) \
{									\
	return del(ndm, tb, dev, addr, vid, extack);			\
}
#endif

/*
 * rtnl_link_ops.newlink gets its parameters in a structure since v6.15; here it
 * is a function of the namespace that interface indices are of, the netdev, the
 * link's attributes and those of its kind.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
#define VSW_COMPAT_NEWLINK(name, create)				\
static int name(struct net *src_net, struct net_device *dev,		\
		struct nlattr *tb[], struct nlattr *data[],		\
		struct netlink_ext_ack *extack)				\
{									\
	return create(src_net, dev, tb, data, extack);			\
}
#else
#define VSW_COMPAT_NEWLINK(name, create)				\
static int name(struct net_device *dev,					\
		struct rtnl_newlink_params *params,			\
		struct netlink_ext_ack *extack)				\
{									\
	return create(rtnl_newlink_link_net(params), dev, params->tb,	\
		      params->data, extack);				\
}
#endif

#endif /* _VSW_COMPAT_H */
