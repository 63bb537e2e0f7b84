// SPDX-License-Identifier: GPL-2.0
/*
 * The device nodes of direct taps: /dev/tap<ifindex>, as macvtap has them, so
 * that whoever can use one of those can use these.
 *
 * What is read and written there is the business of the tap library
 * (drivers/net/tap.c).  Here are who may open a node, and how often, and that the
 * netdev has a carrier while somebody has it open.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/if_tun.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <net/netlink.h>
#include "tap.h"

static dev_t vsw_tap_major;
static struct cdev vsw_tap_cdev;
/* Of the library; its open function is run by ours. */
static const struct file_operations *vsw_tap_lib_fops;
static void (*vsw_tap_lib_destruct)(struct sock *sk);

/* All direct taps of all network namespaces; under RTNL. */
static LIST_HEAD(vsw_taps);
/* One after the other, so that the count of descriptors is exact. */
static DEFINE_MUTEX(vsw_tap_open_mutex);

static void vsw_tap_closed_work(struct work_struct *work);
static struct rcu_work vsw_tap_closed;
/* Sockets that have gone since vsw_tap_closed_work() ran. */
static atomic_t vsw_tap_closed_num = ATOMIC_INIT(0);

/*
 * The library tells nobody that a descriptor is closed.  But then its socket
 * goes, in any context.  The module's reference for it is given back from the
 * work queue: this function has ended by then, for vsw_exit() waits for a grace
 * period before anything of the module goes.
 */
static void vsw_tap_sock_destruct(struct sock *sk)
{
	rcu_read_lock();
	READ_ONCE(vsw_tap_lib_destruct)(sk);
	atomic_inc(&vsw_tap_closed_num);
	queue_rcu_work(vsw_wq, &vsw_tap_closed);
	rcu_read_unlock();
}

static void vsw_tap_closed_work(struct work_struct *work)
{
	int num = atomic_xchg(&vsw_tap_closed_num, 0);
	struct vsw_vport *vp;

	rtnl_lock();
	list_for_each_entry(vp, &vsw_taps, list)
		if (!vp->tap.numqueues)
			netif_carrier_off(vp->dev);
	rtnl_unlock();
	while (num-- > 0)
		module_put(THIS_MODULE);
}

static int vsw_tap_opened_rtnl(struct file *file)
{
	struct tap_queue *q = file->private_data;
	struct tap_dev *tap = rtnl_dereference(q->tap);
	struct vsw_vport *vp = container_of(tap, struct vsw_vport, tap);

	ASSERT_RTNL();
	if (!tap)
		return -ENODEV;		/* deleted since */

	/* A new guest, that has not said yet what it can take. */
	if (tap->numqueues == 1)
		tap->tap_features = 0;
	__module_get(THIS_MODULE);
	/* The same each time; one that goes meanwhile reads it. */
	WRITE_ONCE(vsw_tap_lib_destruct, q->sk.sk_destruct);
	q->sk.sk_destruct = vsw_tap_sock_destruct;
	netif_carrier_on(vp->dev);
	return 0;
}

/* Before the library: it would give a queue too many its share of the frames. */
static int vsw_tap_check_open(int minor)
{
	const struct vsw_vport *vp;
	int err = 0;

	rtnl_lock();
	list_for_each_entry(vp, &vsw_taps, list)
		if (vp->tap.minor == minor && vp->tap.numqueues >= vp->queues)
			err = -EBUSY;
	rtnl_unlock();
	return err;
}

/*
 * The library's functions must be those of the file: that is how vhost-net
 * knows a tap.
 */
static int vsw_tap_open(struct inode *inode, struct file *file)
{
	const struct file_operations *fops = fops_get(vsw_tap_lib_fops);
	int err;

	if (!fops)
		return -ENXIO;
	replace_fops(file, fops);

	mutex_lock(&vsw_tap_open_mutex);
	err = vsw_tap_check_open(iminor(inode)) ?: fops->open(inode, file);
	if (!err) {
		rtnl_lock();
		err = vsw_tap_opened_rtnl(file);
		rtnl_unlock();
		if (err)
			fops->release(inode, file);
	}
	mutex_unlock(&vsw_tap_open_mutex);
	return err;
}

static const struct file_operations vsw_tap_fops = {
	.owner	= THIS_MODULE,
	.open	= vsw_tap_open,
};

static const void *vsw_tap_namespace(vsw_compat_device *node)
{
	return dev_net(to_net_dev(node->parent));
}

static struct class vsw_tap_class = {
	.name		= "vport",
	.ns_type	= &net_ns_type_operations,
	.namespace	= vsw_tap_namespace,
};

/*
 * /dev is one for all network namespaces, and so would be the node of the same
 * interface index in two of them: away from the host's they are told apart by
 * their minor number, which is unique.
 */
static char *vsw_tap_devnode(vsw_compat_device *node, umode_t *mode,
			     kuid_t *uid, kgid_t *gid)
{
	const struct net_device *dev = to_net_dev(node->parent);
	const struct vsw_vport *vp = netdev_priv(dev);

	if (mode)	/* devtmpfs asks for the name alone to delete it */
		*mode = gid_valid(vp->group) ? 0660 : 0600;
	if (uid)
		*uid = vp->owner;
	if (gid)
		*gid = gid_valid(vp->group) ? vp->group : GLOBAL_ROOT_GID;
	if (net_eq(dev_net(dev), &init_net))
		return NULL;
	return kasprintf(GFP_KERNEL, "vport/tap%u", MINOR(node->devt));
}

static const struct device_type vsw_tap_node_type = {
	.name		= "vport",
	.devnode	= vsw_tap_devnode,
};

static void vsw_tap_node_release(struct device *node)
{
	kfree(node);
}

/* The node itself, linked from the netdev's directory in sysfs as macvtap's is. */
static int vsw_tap_node_make(struct vsw_vport *vp)
{
	struct net_device *dev = vp->dev;
	struct device *node;
	int err;

	node = kzalloc(sizeof(*node), GFP_KERNEL_ACCOUNT);
	if (!node)
		return -ENOMEM;
	device_initialize(node);
	node->class = &vsw_tap_class;
	node->type = &vsw_tap_node_type;
	node->parent = &dev->dev;
	node->release = vsw_tap_node_release;
	node->devt = MKDEV(MAJOR(vsw_tap_major), vp->tap.minor);
	err = dev_set_name(node, "tap%d", dev->ifindex);
	if (!err)
		err = device_add(node);
	if (err) {
		put_device(node);
		return err;
	}
	err = sysfs_create_link(&dev->dev.kobj, &node->kobj, dev_name(node));
	if (err) {
		device_unregister(node);
		return err;
	}
	vp->node = node;
	return 0;
}

/**
 * vsw_tap_node_add() - Make the device node of a direct tap.
 * @vp: direct tap; its netdev is being registered
 *
 * Context: RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_tap_node_add(struct vsw_vport *vp)
{
	int err;

	ASSERT_RTNL();
	err = tap_get_minor(vsw_tap_major, &vp->tap);
	if (err)
		return err;
	err = vsw_tap_node_make(vp);
	if (err) {
		tap_free_minor(vsw_tap_major, &vp->tap);
		return err;
	}
	list_add(&vp->list, &vsw_taps);
	return 0;
}

/**
 * vsw_tap_node_del() - Delete the device node of a direct tap.
 * @vp: direct tap; its netdev is being unregistered
 *
 * Context: RTNL.
 */
void vsw_tap_node_del(struct vsw_vport *vp)
{
	ASSERT_RTNL();
	if (!vp->node)
		return;		/* it could not be made, or has gone already */
	list_del(&vp->list);
	sysfs_remove_link(&vp->dev->dev.kobj, dev_name(vp->node));
	device_unregister(vp->node);
	vp->node = NULL;
	tap_free_minor(vsw_tap_major, &vp->tap);
}

/**
 * vsw_tap_shut_down() - Part a direct tap from the descriptors of its node.
 * @vp: direct tap; it is no port any more
 *
 * They stay open, and nothing comes out of them again.  Who writes is told by
 * EPIPE; the library has no way to tell who only reads.
 *
 * Context: RTNL.
 */
void vsw_tap_shut_down(struct vsw_vport *vp)
{
	struct tap_queue *q;

	ASSERT_RTNL();
	list_for_each_entry(q, &vp->tap.queue_list, next)
		WRITE_ONCE(q->sk.sk_shutdown, SHUTDOWN_MASK);
	tap_del_queues(&vp->tap);
}

/**
 * vsw_tap_put_node() - Put the path of the device node into a message.
 * @skb: message
 * @vp: direct tap
 *
 * Context: RTNL.
 * Return: 0 or -EMSGSIZE.
 */
int vsw_tap_put_node(struct sk_buff *skb, const struct vsw_vport *vp)
{
	char path[VSWITCH_NODE_MAX + 1];

	if (!vp->node)
		return 0;
	if (net_eq(dev_net(vp->dev), &init_net))
		snprintf(path, sizeof(path), "/dev/tap%d", vp->dev->ifindex);
	else
		snprintf(path, sizeof(path), "/dev/vport/tap%u", vp->tap.minor);
	return nla_put_string(skb, VSWITCH_A_PORT_NODE, path);
}

/* Frames that wait in a ring; a snapshot. */
static u32 vsw_tap_ring_used(const struct ptr_ring *r)
{
	int from = READ_ONCE(r->consumer_head);
	int to = READ_ONCE(r->producer);

	if (from == to)
		return r->size && READ_ONCE(r->queue[to]) ? r->size : 0;
	return from < to ? to - from : to - from + r->size;
}

/**
 * vsw_tap_put_offloads() - Put what a guest takes into the nest of its side.
 * @skb: message
 * @f: features that its tap has because of it
 *
 * Return: 0 or -EMSGSIZE.
 */
int vsw_tap_put_offloads(struct sk_buff *skb, netdev_features_t f)
{
	if (nla_put_u8(skb, VSWITCH_A_GUEST_CSUM, !!(f & NETIF_F_HW_CSUM)) ||
	    nla_put_u8(skb, VSWITCH_A_GUEST_TSO4, !!(f & NETIF_F_TSO)) ||
	    nla_put_u8(skb, VSWITCH_A_GUEST_TSO6, !!(f & NETIF_F_TSO6)) ||
	    nla_put_u8(skb, VSWITCH_A_GUEST_TSO_ECN, !!(f & NETIF_F_TSO_ECN)) ||
	    nla_put_u8(skb, VSWITCH_A_GUEST_USO, !!(f & NETIF_F_GSO_UDP_L4)))
		return -EMSGSIZE;
	return 0;
}

/**
 * vsw_tap_put_guest() - Put what a guest has negotiated into a message.
 * @skb: message
 * @vp: direct tap
 *
 * Context: RTNL.
 * Return: 0 or -EMSGSIZE; then the caller cancels the message.
 */
int vsw_tap_put_guest(struct sk_buff *skb, const struct vsw_vport *vp)
{
	u32 header = 0, size = 0, used = 0;
	const struct tap_queue *q;
	struct nlattr *nest;

	nest = nla_nest_start(skb, VSWITCH_A_PORT_GUEST);
	if (!nest)
		return -EMSGSIZE;
	list_for_each_entry(q, &vp->tap.queue_list, next) {
		if (q->flags & IFF_VNET_HDR)
			header = READ_ONCE(q->vnet_hdr_sz);
		size += q->ring.size;
		used += vsw_tap_ring_used(&q->ring);
	}
	if (nla_put_u32(skb, VSWITCH_A_GUEST_OPEN, vp->tap.numqueues) ||
	    nla_put_u32(skb, VSWITCH_A_GUEST_ACTIVE, vp->tap.numvtaps) ||
	    nla_put_u32(skb, VSWITCH_A_GUEST_VNET_HEADER, header) ||
	    vsw_tap_put_offloads(skb, READ_ONCE(vp->tap.tap_features)) ||
	    nla_put_u32(skb, VSWITCH_A_GUEST_RING_SIZE, size) ||
	    nla_put_u32(skb, VSWITCH_A_GUEST_RING_USED, used))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vsw_tap_init() - Get ready to make direct taps.
 *
 * Context: process context.
 * Return: 0 or a negative errno.
 */
int vsw_tap_init(void)
{
	int err;

	INIT_RCU_WORK(&vsw_tap_closed, vsw_tap_closed_work);
	err = tap_create_cdev(&vsw_tap_cdev, &vsw_tap_major, "vport",
			      THIS_MODULE);
	if (err)
		return err;
	/* Nobody has a minor number yet, so nobody opens one. */
	vsw_tap_lib_fops = vsw_tap_cdev.ops;
	vsw_tap_cdev.ops = &vsw_tap_fops;

	err = class_register(&vsw_tap_class);
	if (err)
		tap_destroy_cdev(vsw_tap_major, &vsw_tap_cdev);
	return err;
}

/**
 * vsw_tap_exit() - Undo vsw_tap_init().
 *
 * Context: process context; there is no direct tap any more.
 */
void vsw_tap_exit(void)
{
	class_unregister(&vsw_tap_class);
	tap_destroy_cdev(vsw_tap_major, &vsw_tap_cdev);
}
