// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: coming, going, and settings.
 */
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/slab.h>
#include <net/rtnetlink.h>
#include "../ctrl/notify.h"
#include "../stats.h"
#include "../vport.h"
#include "port.h"

/**
 * vsw_port_get_rtnl() - Port of a netdev that is attached to a switch, or of a
 * vport.
 * @dev: netdev
 *
 * Context: RTNL.
 * Return: the port, or NULL if the netdev is not one.
 */
struct vsw_port *vsw_port_get_rtnl(const struct net_device *dev)
{
	const struct vsw_vport *vp = netdev_priv(dev);

	ASSERT_RTNL();
	if (vsw_dev_is_vport(dev))
		return rtnl_dereference(vp->port);
	if (rtnl_dereference(dev->rx_handler) != vsw_rx_handler)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

/**
 * vsw_port_name() - Name of a port in the network namespace of its switch.
 * @port: port
 *
 * Return: the name; it may change while it is read by who does not hold RTNL.
 */
const char *vsw_port_name(const struct vsw_port *port)
{
	const struct vsw_vport *vp = netdev_priv(port->dev);

	return port->type == VSWITCH_PORT_TYPE_INTERNAL ? vp->name :
							  port->dev->name;
}

/**
 * vsw_port_is_up() - Whether a port takes part in forwarding.
 * @port: port
 *
 * Return: true if it does.
 */
bool vsw_port_is_up(const struct vsw_port *port)
{
	return netif_running(port->dev) && netif_carrier_ok(port->dev) &&
	       netif_running(port->sw->dev);
}

/* A set of the ports there are, and add if it is given. */
static struct vsw_port_set *vsw_port_set_build(const struct vsw_switch *sw,
					       struct vsw_port *add, gfp_t gfp)
{
	const struct vsw_port_set *old = rtnl_dereference(sw->ports);
	struct vsw_port_set *set;
	u32 size = 1, count = 0;
	u32 i;

	for (i = 1; i < old->size; i++) {
		if (old->slot[i]) {
			size = i + 1;
			count++;
		}
	}
	if (add) {
		size = max(size, add->number + 1U);
		count++;
	}

	set = kvzalloc(struct_size(set, slot, size + count), gfp);
	if (!set)
		return NULL;
	set->size = size;
	for (i = 0; i < size; i++)
		set->slot[i] = i < old->size ? old->slot[i] : NULL;
	if (add)
		set->slot[add->number] = add;
	for (i = 1; i < size; i++)
		if (set->slot[i])
			set->slot[size + set->count++] = set->slot[i];
	return set;
}

static void vsw_port_set_publish(struct vsw_switch *sw,
				 struct vsw_port_set *set)
{
	struct vsw_port_set *old = rtnl_dereference(sw->ports);

	rcu_assign_pointer(sw->ports, set);
	kvfree_rcu(old, rcu);
}

/* Takes a port out of the set without needing memory. */
static void vsw_port_set_remove(struct vsw_switch *sw, struct vsw_port *port)
{
	struct vsw_port_set *set = rtnl_dereference(sw->ports);
	u32 i;

	WRITE_ONCE(set->slot[port->number], NULL);
	for (i = set->size; i < set->size + set->count; i++)
		if (set->slot[i] == port)
			WRITE_ONCE(set->slot[i], NULL);

	set = vsw_port_set_build(sw, NULL, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (set)
		vsw_port_set_publish(sw, set);
}

static void vsw_port_free(struct vsw_port *port)
{
	kfree(rcu_dereference_protected(port->policy, 1));
	free_percpu(port->stats);
	kfree(port);
}

static void vsw_port_free_rcu(struct rcu_head *rcu)
{
	struct vsw_port *port = container_of(rcu, struct vsw_port, rcu);

	if (port->number != VSW_HOST_PORT)
		netdev_put(port->dev, &port->tracker);
	vsw_port_free(port);
}

/* The settings of old, or of a new port, changed as cfg says. */
static struct vsw_policy *vsw_policy_make(const struct vsw_policy *old,
					  const struct vsw_port_cfg *cfg)
{
	struct vsw_policy *pol = kzalloc(sizeof(*pol), GFP_KERNEL_ACCOUNT);

	if (!pol)
		return NULL;
	if (old) {
		pol->role = old->role;
		pol->learning = old->learning;
		pol->mac_limit = old->mac_limit;
		pol->group_forward = old->group_forward;
		pol->group_host = old->group_host;
	} else {
		pol->learning = true;
		pol->group_host = VSW_GROUP_HOST_DEFAULT;
	}

	if (cfg->set & BIT(VSWITCH_A_PORT_ROLE))
		pol->role = cfg->role;
	if (!old || pol->role != old->role)
		pol->mac_limit = pol->role == VSWITCH_ROLE_GUEST ?
				 VSW_GUEST_MAC_LIMIT : 0;
	if (cfg->set & BIT(VSWITCH_A_PORT_LEARNING))
		pol->learning = cfg->learning;
	if (cfg->set & BIT(VSWITCH_A_PORT_MAC_LIMIT))
		pol->mac_limit = cfg->mac_limit;
	if (cfg->set & BIT(VSWITCH_A_PORT_GROUP_FORWARD))
		pol->group_forward = cfg->group_forward;
	if (cfg->set & BIT(VSWITCH_A_PORT_GROUP_HOST))
		pol->group_host = cfg->group_host;
	return pol;
}

static struct vsw_port *vsw_port_alloc(struct vsw_switch *sw,
				       struct net_device *dev, u16 number,
				       const struct vsw_port_cfg *cfg)
{
	struct vsw_port *port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);

	if (!port)
		return NULL;
	port->dev = dev;
	port->sw = sw;
	port->number = number;
	port->type = cfg->type;
	port->stats = vsw_stats_alloc();
	RCU_INIT_POINTER(port->policy, vsw_policy_make(NULL, cfg));
	if (!port->stats || !rcu_access_pointer(port->policy)) {
		vsw_port_free(port);
		return NULL;
	}
	return port;
}

/* Says what holds a netdev, by the kind of its master. */
static void vsw_port_refuse_held(const struct net_device *master,
				 struct netlink_ext_ack *extack)
{
	if (vsw_dev_is_switch(master))
		NL_SET_ERR_MSG(extack, "the device is already a port of a vswitch");
	else if (netif_is_bridge_master(master))
		NL_SET_ERR_MSG(extack, "the device is held by a Linux bridge");
	else if (netif_is_bond_master(master))
		NL_SET_ERR_MSG(extack, "the device is held by a bond");
	else if (netif_is_team_master(master))
		NL_SET_ERR_MSG(extack, "the device is held by a team");
	else if (netif_is_ovs_master(master))
		NL_SET_ERR_MSG(extack, "the device is held by Open vSwitch");
	else if (netif_is_l3_master(master))
		NL_SET_ERR_MSG(extack, "the device is held by a VRF");
	else
		vsw_compat_err_name(extack, "the device has another master",
				    "the device is held by its master %s",
				    master->name);
}

/* A netdev without master whose frames something takes, and who that may be. */
static void vsw_port_refuse_handler(const struct net_device *dev,
				    struct netlink_ext_ack *extack)
{
	if (netif_is_macvlan_port(dev))
		NL_SET_ERR_MSG(extack, "the device is held by macvlan or macvtap devices on it");
	else
		NL_SET_ERR_MSG(extack, "another driver takes the device's frames, such as ipvlan");
}

static int vsw_port_check_dev(struct vsw_switch *sw, struct net_device *dev,
			      struct netlink_ext_ack *extack)
{
	if (dev == sw->dev) {
		NL_SET_ERR_MSG(extack, "a switch cannot be a port of itself");
		return -ELOOP;
	}
	if (dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "the loopback device cannot be a port");
		return -EINVAL;
	}
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN ||
	    !is_valid_ether_addr(dev->dev_addr)) {
		NL_SET_ERR_MSG(extack, "only an Ethernet device can be a port");
		return -EINVAL;
	}
	if (vsw_dev_is_vport(dev)) {
		NL_SET_ERR_MSG(extack, "the device is already a port of a vswitch");
		return -EBUSY;
	}
	if (dev->priv_flags & (IFF_DONT_BRIDGE | IFF_NO_RX_HANDLER)) {
		NL_SET_ERR_MSG(extack, "the device's driver does not let it be bridged");
		return -EOPNOTSUPP;
	}
	if (dev->reg_state != NETREG_REGISTERED) {
		NL_SET_ERR_MSG(extack, "the device is going away");
		return -ENODEV;
	}
	return 0;
}

static int vsw_port_check_free(struct vsw_switch *sw, struct net_device *dev,
			       struct netlink_ext_ack *extack)
{
	struct net_device *master = netdev_master_upper_dev_get(dev);
	bool loop;

	if (master) {
		vsw_port_refuse_held(master, extack);
		return -EBUSY;
	}
	if (netdev_is_rx_handler_busy(dev)) {
		vsw_port_refuse_handler(dev, extack);
		return -EBUSY;
	}

	rcu_read_lock();
	loop = netdev_has_upper_dev_all_rcu(sw->dev, dev);
	rcu_read_unlock();
	if (loop) {
		NL_SET_ERR_MSG(extack, "the device is stacked on the switch: this would be a loop");
		return -ELOOP;
	}
	return 0;
}

/* The lowest number that is free.  Return: 0 if the limit is reached. */
static u16 vsw_port_free_number(const struct vsw_switch *sw)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	u32 used = 0, number = 0;
	u32 i;

	for (i = 1; i < set->size; i++) {
		if (set->slot[i])
			used++;
		else if (!number)
			number = i;
	}
	if (used >= sw->port_limit)
		return 0;
	return number ?: set->size;
}

/* A vport is made to be one: nothing but memory can be missing. */
static int vsw_port_hook_tap(struct vsw_port *port,
			     struct netlink_ext_ack *extack)
{
	struct vsw_vport *vp = netdev_priv(port->dev);
	int err;

	err = netdev_master_upper_dev_link(port->dev, port->sw->dev, port, NULL,
					   extack);
	if (err)
		return err;
	/* The library finds its queues by what is registered here. */
	err = netdev_rx_handler_register(port->dev, vsw_tap_rx_handler,
					 &vp->tap);
	if (err) {
		netdev_upper_dev_unlink(port->dev, port->sw->dev);
		return err;
	}
	rcu_assign_pointer(vp->port, port);
	return 0;
}

/* Value of the entry of an address for untagged frames, 0 if there is none. */
static u32 vsw_port_addr_val(const struct vsw_switch *sw, const u8 *addr)
{
	u32 val;

	rcu_read_lock();
	val = vsw_fdb_find_rcu(&sw->fdb, vsw_fdb_key(addr, 0)).val;
	rcu_read_unlock();
	return val;
}

/**
 * vsw_port_check_addr() - Whether the netdev of a port may have an address.
 * @port: internal port, or host port
 * @addr: address
 * @extack: where a refusal is explained
 *
 * Context: RTNL, which keeps static entries as they are.
 * Return: 0, or -EADDRINUSE if the switch or an internal port has it; nor can an
 * internal port have one that is static at another port.
 */
int vsw_port_check_addr(const struct vsw_port *port, const u8 *addr,
			struct netlink_ext_ack *extack)
{
	const struct vsw_port_set *set = rtnl_dereference(port->sw->ports);
	u32 val = vsw_port_addr_val(port->sw, addr);
	const struct vsw_port *has = NULL;

	ASSERT_RTNL();
	if (val & VSW_FDB_STATIC)
		has = vsw_port_by_number_rcu(set, vsw_fdb_port(val));
	if (port->number != VSW_HOST_PORT &&
	    ether_addr_equal(addr, port->sw->dev->dev_addr)) {
		NL_SET_ERR_MSG(extack, "the address is the switch's");
		return -EADDRINUSE;
	}
	if (!has || has == port || (port->number == VSW_HOST_PORT &&
				    has->type != VSWITCH_PORT_TYPE_INTERNAL))
		return 0;
	NL_SET_ERR_MSG(extack, "the address is static at another port");
	return -EADDRINUSE;
}

/**
 * vsw_port_claim() - Make the address of an internal port known to be its own.
 * @vp: internal port
 * @port: the same
 * @addr: address of its netdev, for which vsw_port_check_addr() has returned 0
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0, -ENOSPC if the FDB is full, -ENOMEM.
 */
int vsw_port_claim(struct vsw_vport *vp, const struct vsw_port *port,
		   const u8 *addr, struct netlink_ext_ack *extack)
{
	struct vsw_fdb_change ch = { vsw_fdb_key(addr, 0), port->number };
	u32 bad;
	int err;

	/* At this port already: claimed, or the administrator's. */
	if (vsw_port_addr_val(port->sw, addr) & VSW_FDB_STATIC) {
		if (vp->claim != ch.key)
			vp->claim = 0;
		return 0;
	}
	vp->claim = 0;
	err = vsw_fdb_add(&port->sw->fdb, &ch, 1, false, &bad);
	if (!err)
		vp->claim = ch.key;
	else if (err == -ENOSPC)
		NL_SET_ERR_MSG(extack, "the FDB has no room for the address");
	else
		NL_SET_ERR_MSG(extack, "out of memory");
	return err;
}

/**
 * vsw_port_unclaim() - Undo vsw_port_claim(), if nobody else has.
 * @vp: internal port
 * @port: the same
 *
 * Context: RTNL.
 */
void vsw_port_unclaim(struct vsw_vport *vp, const struct vsw_port *port)
{
	struct vsw_fdb_change ch = { vp->claim };
	u8 addr[ETH_ALEN];
	u32 val, bad;

	if (!vp->claim)
		return;
	vsw_fdb_key_addr(vp->claim, addr);
	vp->claim = 0;
	val = vsw_port_addr_val(port->sw, addr);
	if (val & VSW_FDB_STATIC && vsw_fdb_port(val) == port->number)
		vsw_fdb_del(&port->sw->fdb, &ch, 1, &bad);
}

/**
 * vsw_port_link() - Stack the netdev of an internal port on its switch.
 * @vp: internal port
 * @port: the same
 * @extack: where a refusal is explained
 *
 * Stacked, not enslaved: it may have a master of its own.  And in the switch's
 * namespace alone: what a container stacks on it is not to count against what can
 * be stacked here.
 *
 * Context: RTNL.
 * Return: 0 or a negative errno.
 */
int vsw_port_link(struct vsw_vport *vp, const struct vsw_port *port,
		  struct netlink_ext_ack *extack)
{
	int err;

	if (vp->linked || vsw_port_is_away(port))
		return 0;
	err = netdev_upper_dev_link(port->sw->dev, port->dev, extack);
	if (err)
		NL_SET_ERR_MSG_WEAK(extack, "the device cannot be stacked on the switch");
	vp->linked = !err;
	return err;
}

/**
 * vsw_port_unlink() - Undo vsw_port_link().
 * @vp: internal port
 * @port: the same
 *
 * Context: RTNL.
 */
void vsw_port_unlink(struct vsw_vport *vp, const struct vsw_port *port)
{
	if (vp->linked)
		netdev_upper_dev_unlink(port->sw->dev, port->dev);
	vp->linked = false;
}

static int vsw_port_hook_internal(struct vsw_port *port,
				  struct netlink_ext_ack *extack)
{
	struct net_device *dev = port->dev;
	struct vsw_vport *vp = netdev_priv(dev);
	int err;

	err = vsw_port_check_addr(port, dev->dev_addr, extack);
	if (!err)
		err = vsw_port_link(vp, port, extack);
	if (err)
		return err;
	err = vsw_port_claim(vp, port, dev->dev_addr, extack);
	if (err) {
		vsw_port_unlink(vp, port);
		return err;
	}
	rcu_assign_pointer(vp->port, port);
	return 0;
}

static int vsw_port_hook_attached(struct vsw_port *port,
				  struct netlink_ext_ack *extack)
{
	struct net_device *dev = port->dev;
	int err;

	err = dev_set_promiscuity(dev, 1);
	if (err) {
		NL_SET_ERR_MSG(extack, "the device refused to become promiscuous");
		return err;
	}
	err = netdev_master_upper_dev_link(dev, port->sw->dev, port, NULL,
					   extack);
	if (err) {
		NL_SET_ERR_MSG_WEAK(extack, "the device cannot be linked below the switch");
		goto err_promiscuity;
	}
	/* What LRO has merged cannot be sent on. */
	dev_disable_lro(dev);
	if (dev->features & NETIF_F_LRO) {
		NL_SET_ERR_MSG(extack, "the device's driver does not turn LRO off");
		err = -EOPNOTSUPP;
		goto err_link;
	}
	/* Last: from here on addresses are learned, which nothing undoes. */
	err = netdev_rx_handler_register(dev, vsw_rx_handler, port);
	if (err) {
		NL_SET_ERR_MSG(extack, "another driver takes the device's frames");
		goto err_link;
	}
	return 0;

err_link:
	netdev_upper_dev_unlink(dev, port->sw->dev);
err_promiscuity:
	dev_set_promiscuity(dev, -1);
	return err;
}

/* Gives the netdev to the switch; undone by vsw_port_unhook(). */
static int vsw_port_hook(struct vsw_port *port, struct netlink_ext_ack *extack)
{
	switch (port->type) {
	case VSWITCH_PORT_TYPE_TAP:
		return vsw_port_hook_tap(port, extack);
	case VSWITCH_PORT_TYPE_INTERNAL:
		return vsw_port_hook_internal(port, extack);
	default:
		return vsw_port_hook_attached(port, extack);
	}
}

/*
 * Waits for a grace period: then nothing comes in any more, and nobody who has
 * found the port in the set is still sending to it.
 */
static void vsw_port_unhook(struct vsw_port *port)
{
	struct vsw_vport *vp = netdev_priv(port->dev);

	if (port->type != VSWITCH_PORT_TYPE_ATTACHED)
		RCU_INIT_POINTER(vp->port, NULL);
	if (port->type == VSWITCH_PORT_TYPE_INTERNAL) {
		synchronize_net();
		vsw_port_unlink(vp, port);
		return;
	}
	netdev_rx_handler_unregister(port->dev);	/* and waits */
	netdev_upper_dev_unlink(port->dev, port->sw->dev);
	if (port->type == VSWITCH_PORT_TYPE_ATTACHED)
		dev_set_promiscuity(port->dev, -1);
}

/**
 * vsw_port_attach() - Make a netdev a port of a switch.
 * @sw: switch
 * @dev: netdev; if it is a vport, @cfg says so
 * @cfg: settings; those not given get the defaults of the role
 * @extack: where a refusal, or a warning, is explained
 *
 * Context: RTNL.
 * Return: the port, or ERR_PTR: -EBUSY if something else holds the netdev,
 * -ELOOP if it is, or is stacked on, the switch, -EINVAL or -EOPNOTSUPP if it
 * cannot be a port, -ENOSPC if the limit is reached, -ENOMEM.
 */
struct vsw_port *vsw_port_attach(struct vsw_switch *sw, struct net_device *dev,
				 const struct vsw_port_cfg *cfg,
				 struct netlink_ext_ack *extack)
{
	struct vsw_port_set *set;
	struct vsw_port *port;
	u16 number;
	int err;

	ASSERT_RTNL();
	err = cfg->type == VSWITCH_PORT_TYPE_ATTACHED ?
	      vsw_port_check_dev(sw, dev, extack) : 0;
	if (!err)
		err = vsw_port_check_free(sw, dev, extack);
	if (err)
		return ERR_PTR(err);
	number = vsw_port_free_number(sw);
	if (!number) {
		NL_SET_ERR_MSG(extack, "the port limit of the switch is reached");
		return ERR_PTR(-ENOSPC);
	}

	port = vsw_port_alloc(sw, dev, number, cfg);
	if (!port)
		goto err_nomem;
	set = vsw_port_set_build(sw, port, GFP_KERNEL_ACCOUNT);
	if (!set)
		goto err_port;
	err = vsw_port_hook(port, extack);
	if (err) {
		kvfree(set);
		vsw_port_free(port);
		return ERR_PTR(err);
	}

	netdev_hold(dev, &port->tracker, GFP_KERNEL);
	vsw_port_set_publish(sw, set);
	vsw_net(dev_net(sw->dev))->gen++;
	vsw_netdev_update(sw);
	if (dev->mtu != sw->dev->mtu)
		NL_SET_ERR_MSG(extack, "the MTU of the port and that of the switch differ");
	vsw_notify_port(port, VSWITCH_CMD_PORT_NTF);
	return port;

err_port:
	vsw_port_free(port);
err_nomem:
	NL_SET_ERR_MSG(extack, "out of memory");
	return ERR_PTR(-ENOMEM);
}

/**
 * vsw_port_detach() - Give the netdev of a port back.
 * @port: port, not the host port; freed after a grace period
 *
 * Context: RTNL.  Cannot fail.
 */
void vsw_port_detach(struct vsw_port *port)
{
	struct vsw_fdb_filter filter = { port->number, -1, -1 };
	struct vsw_switch *sw = port->sw;

	ASSERT_RTNL();
	/* What has happened is told while the port's number is its own. */
	flush_delayed_work(&sw->fdb.event_work);
	vsw_notify_port(port, VSWITCH_CMD_PORT_DEL_NTF);
	vsw_port_set_remove(sw, port);
	vsw_port_unhook(port);
	/* Nobody counts on it any more. */
	vsw_stats_add(&sw->gone, port->stats);
	/* Its number may be used again only when no entry points to it. */
	while (vsw_fdb_port_count(&sw->fdb, port->number))
		vsw_fdb_flush(&sw->fdb, &filter);
	flush_delayed_work(&sw->fdb.event_work);
	vsw_net(dev_net(sw->dev))->gen++;
	vsw_netdev_update(sw);
	call_rcu(&port->rcu, vsw_port_free_rcu);
}

/**
 * vsw_port_detach_all() - Give the netdevs of all ports back, delete vports.
 * @sw: switch
 * @head: list for unregister_netdevice_queue()
 *
 * Context: RTNL.
 */
void vsw_port_detach_all(struct vsw_switch *sw, struct list_head *head)
{
	const struct vsw_fdb_filter all = { -1, -1, -1 };
	const struct vsw_port_set *set;
	u32 i;

	/* Once for all, instead of the whole table for each port. */
	vsw_fdb_flush(&sw->fdb, &all);
	/* Each one may leave another set behind. */
	for (i = 1; set = rtnl_dereference(sw->ports), i < set->size; i++) {
		if (!set->slot[i])
			continue;
		if (set->slot[i]->type == VSWITCH_PORT_TYPE_ATTACHED)
			vsw_port_detach(set->slot[i]);
		else
			vsw_vport_dellink(set->slot[i]->dev, head);
	}
}

/**
 * vsw_port_set() - Change settings of a port.
 * @port: port
 * @cfg: settings to change
 * @extack: where a refusal is explained
 *
 * Context: RTNL.
 * Return: 0 or -ENOMEM.
 */
int vsw_port_set(struct vsw_port *port, const struct vsw_port_cfg *cfg,
		 struct netlink_ext_ack *extack)
{
	struct vsw_policy *old = rtnl_dereference(port->policy);
	struct vsw_policy *pol = vsw_policy_make(old, cfg);

	if (!pol) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	}
	rcu_assign_pointer(port->policy, pol);
	kfree_rcu(old, rcu);
	return 0;
}

/**
 * vsw_port_set_init() - Make the host port of a new switch.
 * @sw: switch
 *
 * Context: process context.
 * Return: 0 or -ENOMEM.
 */
int vsw_port_set_init(struct vsw_switch *sw)
{
	static const struct vsw_port_cfg cfg = {
		.set = BIT(VSWITCH_A_PORT_ROLE),
		.role = VSWITCH_ROLE_HOST,
		.type = VSW_PORT_TYPE_HOST,
	};
	struct vsw_port_set *set;

	set = kvzalloc(struct_size(set, slot, 1), GFP_KERNEL_ACCOUNT);
	sw->host = vsw_port_alloc(sw, sw->dev, VSW_HOST_PORT, &cfg);
	if (!set || !sw->host) {
		kvfree(set);
		if (sw->host)
			vsw_port_free(sw->host);
		return -ENOMEM;
	}
	set->size = 1;
	set->slot[VSW_HOST_PORT] = sw->host;
	RCU_INIT_POINTER(sw->ports, set);
	return 0;
}

/**
 * vsw_port_set_exit() - Free the host port.
 * @sw: switch; it has no other port, and nobody reads it any more
 *
 * Context: process context.
 */
void vsw_port_set_exit(struct vsw_switch *sw)
{
	kvfree(rcu_dereference_protected(sw->ports, 1));
	vsw_port_free(sw->host);
}
