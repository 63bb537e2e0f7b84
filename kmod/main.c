// SPDX-License-Identifier: GPL-2.0
/*
 * vswitch, a virtual Ethernet switch: loading and unloading.
 */
#include <linux/module.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/rtnetlink.h>
#include "ctrl/genl.h"
#include "ctrl/netdev.h"
#include "ctrl/tap.h"

static unsigned int vsw_net_id __read_mostly;

/* Ageing, resizing and telling of all switches; flushed before unloading. */
struct workqueue_struct *vsw_wq;

/**
 * vsw_net() - What a network namespace has.
 * @net: network namespace
 *
 * Return: the namespace's private data.
 */
struct vsw_net *vsw_net(const struct net *net)
{
	return net_generic(net, vsw_net_id);
}

static int __net_init vsw_net_init(struct net *net)
{
	INIT_LIST_HEAD(&vsw_net(net)->switches);
	return 0;
}

static struct pernet_operations vsw_net_ops = {
	.init = vsw_net_init,
	.id = &vsw_net_id,
	.size = sizeof(struct vsw_net),
};

static int __init vsw_init(void)
{
	int err = -ENOMEM;

	vsw_wq = alloc_workqueue("vswitch", WQ_UNBOUND, 0);
	if (!vsw_wq)
		return err;
	err = register_pernet_subsys(&vsw_net_ops);
	if (err)
		goto err_wq;
	err = vsw_tap_init();
	if (err)
		goto err_pernet;
	err = register_netdevice_notifier(&vsw_netdev_notifier);
	if (err)
		goto err_tap;
	err = vsw_genl_init();
	if (err)
		goto err_notifier;
	err = rtnl_link_register(&vsw_vport_link_ops);
	if (err)
		goto err_genl;
	/* Last: without a switch there is nothing of the others. */
	err = rtnl_link_register(&vsw_link_ops);
	if (err)
		goto err_vport;
	return 0;

err_vport:
	rtnl_link_unregister(&vsw_vport_link_ops);
err_genl:
	vsw_genl_exit();
err_notifier:
	unregister_netdevice_notifier(&vsw_netdev_notifier);
err_tap:
	vsw_tap_exit();
err_pernet:
	unregister_pernet_subsys(&vsw_net_ops);
err_wq:
	destroy_workqueue(vsw_wq);
	return err;
}

/*
 * The switches go first, and with them every receive handler and every frame
 * under way; then who could ask for them; then what is freed after a grace
 * period, and what that leaves to the work queue.
 */
static void __exit vsw_exit(void)
{
	rtnl_link_unregister(&vsw_vport_link_ops);
	rtnl_link_unregister(&vsw_link_ops);
	vsw_genl_exit();
	unregister_netdevice_notifier(&vsw_netdev_notifier);
	vsw_tap_exit();
	unregister_pernet_subsys(&vsw_net_ops);
	rcu_barrier();
	destroy_workqueue(vsw_wq);
}

module_init(vsw_init);
module_exit(vsw_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("the vswitch developers");
MODULE_DESCRIPTION("Virtual Ethernet switch");
MODULE_VERSION(VSW_VERSION);
MODULE_ALIAS_RTNL_LINK("vswitch");
MODULE_ALIAS_RTNL_LINK("vport");
MODULE_ALIAS_GENL_FAMILY("vswitch");
