// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: coming, going, and settings.
 */
#include <linux/slab.h>
#include <net/rtnetlink.h>
#include "../ctrl/notify.h"
#include "../stats.h"
#include "../vport.h"
#include "guard.h"
#include "loop.h"
#include "mtu.h"
#include "mdb.h"
#include "port.h"
#include "private_vlan.h"
#include "vlan_stats.h"

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

static unsigned int vsw_port_away_of(const struct vsw_switch *sw,
				     const char *name, struct vsw_port **found)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	unsigned int num = 0;
	struct vsw_port *port;
	u32 i;

	for (i = 1; i < set->size; i++) {
		port = set->slot[i];
		/* An attached device that goes leaves the switch. */
		if (!port || port->type != VSWITCH_PORT_TYPE_INTERNAL ||
		    !vsw_port_is_away(port) || strcmp(vsw_port_name(port), name))
			continue;
		*found = port;
		num++;
	}
	return num;
}

/**
 * vsw_port_away() - Ports of a name whose netdevs are in other namespaces.
 * @net: network namespace of their switches
 * @sw: switch they are looked for in, or NULL for any
 * @name: their name in @net
 * @found: one of them, if there is one
 *
 * Context: RTNL.
 * Return: how many there are.
 */
unsigned int vsw_port_away(struct net *net, const struct vsw_switch *sw,
			   const char *name, struct vsw_port **found)
{
	unsigned int num = 0;

	if (sw)
		return vsw_port_away_of(sw, name, found);
	list_for_each_entry(sw, &vsw_net(net)->switches, node)
		num += vsw_port_away_of(sw, name, found);
	return num;
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

/* The order of ports for flooding. */
enum vsw_port_out {
	VSW_OUT_OTHER,
	VSW_OUT_TUN,
	VSW_OUT_TAP,
	VSW_OUT_NUM,
};

static enum vsw_port_out vsw_port_out(const struct vsw_port *port)
{
	if (port->tun)
		return VSW_OUT_TUN;
	return port->type == VSWITCH_PORT_TYPE_TAP ? VSW_OUT_TAP : VSW_OUT_OTHER;
}

/* Fills the places for flooding. */
static void vsw_port_set_sort(struct vsw_port_set *set)
{
	u32 num[VSW_OUT_NUM] = {}, place[VSW_OUT_NUM];
	u32 i;

	for (i = 1; i < set->size; i++)
		if (set->slot[i])
			num[vsw_port_out(set->slot[i])]++;
	set->taps = num[VSW_OUT_OTHER];
	place[VSW_OUT_OTHER] = set->size;
	place[VSW_OUT_TUN] = set->size + set->taps;
	place[VSW_OUT_TAP] = set->size + set->taps + num[VSW_OUT_TUN];
	for (i = 1; i < set->size; i++)
		if (set->slot[i])
			set->slot[place[vsw_port_out(set->slot[i])]++] =
				set->slot[i];
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
	set->count = count;
	vsw_port_set_sort(set);
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

/* A policy that nobody reads. */
static void vsw_policy_free(struct vsw_policy *pol)
{
	if (pol)
		kvfree(pol->vlans);
	kfree(pol);
}

static void vsw_port_free(struct vsw_port *port)
{
	vsw_policy_free(rcu_dereference_protected(port->policy, 1));
	free_percpu(port->stats);
	vsw_vlan_stats_free(rcu_dereference_protected(port->vlan_stats, 1));
	kfree(port);
}

static void vsw_port_free_rcu(struct rcu_head *rcu)
{
	struct vsw_port *port = container_of(rcu, struct vsw_port, rcu);

	if (port->number != VSW_HOST_PORT)
		netdev_put(port->dev, &port->tracker);
	vsw_port_free(port);
}

/* A port that is isolated is in no community, nor the other way round. */
static void vsw_policy_set_community(struct vsw_settings *is,
				     const struct vsw_port_cfg *cfg)
{
	if (cfg->set & BIT_ULL(VSWITCH_A_PORT_ISOLATED)) {
		if (cfg->isolated)
			is->community = VSW_ISOLATED;
		else if (is->community == VSW_ISOLATED)
			is->community = 0;
	}
	if (cfg->set & BIT_ULL(VSWITCH_A_PORT_COMMUNITY) &&
	    (cfg->to.community || is->community != VSW_ISOLATED))
		is->community = cfg->to.community;
}

/* Who could make a guest a router, could make others lose what they listen to. */
static void vsw_policy_default_mcast(struct vsw_settings *is)
{
	bool guest = is->role == VSWITCH_ROLE_GUEST;

	is->mcast.router = guest ? VSWITCH_MCAST_ROUTER_NEVER :
				   VSWITCH_MCAST_ROUTER_AUTO;
	is->mcast.limit = guest ? VSW_GUEST_MCAST_LIMIT : 0;
}

static void vsw_policy_set_guard(struct vsw_guard *is,
				 const struct vsw_port_cfg *cfg)
{
	const struct vsw_guard *to = &cfg->to.guard;
	unsigned int i;

	if (cfg->guard & BIT(VSWITCH_A_GUARD_BPDU_GUARD))
		is->bpdu = to->bpdu;
	for (i = 0; i < VSW_STORM_NUM; i++)
		if (cfg->guard & BIT(VSW_STORM_ATTR(i)))
			is->storm[i] = to->storm[i];
	if (cfg->guard & BIT(VSWITCH_A_GUARD_STORM_GUARD))
		is->storm_guard = to->storm_guard;
	if (cfg->guard & BIT(VSWITCH_A_GUARD_STP_STATE))
		is->stp_state = to->stp_state;
	if (cfg->guard & BIT(VSWITCH_A_GUARD_LOOP_DETECT))
		is->loop_detect = to->loop_detect;
}

static void vsw_policy_set_mcast(struct vsw_mcast *is,
				 const struct vsw_port_cfg *cfg)
{
	const struct vsw_mcast *to = &cfg->to.mcast;

	if (cfg->mcast & BIT(VSWITCH_A_MCAST_MCAST_ROUTER))
		is->router = to->router;
	if (cfg->mcast & BIT(VSWITCH_A_MCAST_MCAST_FAST_LEAVE))
		is->fast_leave = to->fast_leave;
	if (cfg->mcast & BIT(VSWITCH_A_MCAST_MCAST_LIMIT))
		is->limit = to->limit;
}

/* What an administrator has said, but for the role and what comes of that. */
static void vsw_policy_set(struct vsw_settings *is,
			   const struct vsw_port_cfg *cfg)
{
	if (cfg->set & BIT_ULL(VSWITCH_A_PORT_LEARNING))
		is->learning = cfg->to.learning;
	if (cfg->set & BIT_ULL(VSWITCH_A_PORT_MAC_LIMIT))
		is->mac_limit = cfg->to.mac_limit;
	if (cfg->set & BIT_ULL(VSWITCH_A_PORT_GROUP_FORWARD))
		is->group_forward = cfg->to.group_forward;
	if (cfg->set & BIT_ULL(VSWITCH_A_PORT_GROUP_HOST))
		is->group_host = cfg->to.group_host;
	if (cfg->set & BIT_ULL(VSWITCH_A_PORT_FLOOD))
		is->flood = cfg->to.flood;
	if (cfg->set & BIT_ULL(VSWITCH_A_PORT_HAIRPIN))
		is->hairpin = cfg->to.hairpin;
	if (cfg->set & BIT_ULL(VSWITCH_A_PORT_LOCKED))
		is->locked = cfg->to.locked;
	if (cfg->set & BIT_ULL(VSWITCH_A_PORT_STICKY))
		is->sticky = cfg->to.sticky;
	vsw_policy_set_community(is, cfg);
	vsw_policy_set_guard(&is->guard, cfg);
	vsw_policy_set_mcast(&is->mcast, cfg);
}

/* What the path would otherwise find out anew for each frame. */
static void vsw_policy_derive(struct vsw_policy *pol)
{
	unsigned int i;

	pol->confined = 0;
	if (pol->is.role == VSWITCH_ROLE_UPLINK)
		pol->confined |= VSW_CONFINED_UPLINK;
	if (pol->is.community)
		pol->confined |= VSW_CONFINED_COMMUNITY;
	pol->learns = pol->is.learning && !pol->is.locked;
	for (i = 0; i < VSW_STORM_NUM; i++)
		pol->storm[i] = vsw_storm_limit(pol->is.guard.storm[i]);
}

/* What the role brings along, for what an administrator does not say. */
static void vsw_policy_set_role(struct vsw_settings *is)
{
	static const struct vsw_guard guest = {
		.bpdu = VSWITCH_BPDU_GUARD_DROP,
		.storm = {
			VSW_GUEST_STORM_UNICAST,
			VSW_GUEST_STORM_MULTICAST,
			VSW_GUEST_STORM_BROADCAST,
		},
	};
	static const struct vsw_guard none;
	bool is_guest = is->role == VSWITCH_ROLE_GUEST;
	u8 stp_state = is->guard.stp_state;

	is->mac_limit = is_guest ? VSW_GUEST_MAC_LIMIT : 0;
	vsw_policy_default_mcast(is);
	is->guard = is_guest ? guest : none;
	/* What a daemon says is of no role. */
	is->guard.stp_state = stp_state;
}

/* The settings of old, or of a new port, changed as cfg says. */
static struct vsw_policy *vsw_policy_make(const struct vsw_policy *old,
					  const struct vsw_port_cfg *cfg)
{
	struct vsw_policy *pol = kzalloc(sizeof(*pol), GFP_KERNEL_ACCOUNT);

	if (!pol)
		return NULL;
	if (old) {
		*pol = *old;
	} else {
		pol->is.learning = true;
		pol->is.flood = VSW_FLOOD_ALL;
		pol->is.group_host = VSW_GROUP_HOST_DEFAULT;
	}

	if (cfg->set & BIT_ULL(VSWITCH_A_PORT_ROLE))
		pol->is.role = cfg->to.role;
	if (!old || pol->is.role != old->is.role)
		vsw_policy_set_role(&pol->is);
	vsw_policy_set(&pol->is, cfg);
	vsw_policy_derive(pol);
	if (cfg->set & BIT_ULL(VSWITCH_A_PORT_VLAN_MODE) &&
	    vsw_vlan_set_policy(pol, &cfg->vlan)) {
		kfree(pol);
		return NULL;
	}
	return pol;
}

/* The path calls its transmit function, which is right without a lock only. */
static bool vsw_dev_is_tun(const struct net_device *dev)
{
	return dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, "tun") &&
	       dev->num_tx_queues == 1 && vsw_compat_is_lltx(dev);
}

static struct vsw_port *vsw_port_alloc(struct vsw_switch *sw,
				       struct net_device *dev, u16 number,
				       const struct vsw_port_cfg *cfg)
{
	struct vsw_port *port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT);
	struct vsw_policy *pol;

	if (!port)
		return NULL;
	port->dev = dev;
	port->sw = sw;
	port->number = number;
	port->fdb_val = vsw_fdb_val(number, 0, 0);
	port->type = cfg->type;
	port->tun = vsw_dev_is_tun(dev);
	port->stats = vsw_stats_alloc();
	pol = vsw_policy_make(NULL, cfg);
	RCU_INIT_POINTER(port->policy, pol);
	if (!port->stats || !pol) {
		vsw_port_free(port);
		return NULL;
	}
	port->flood = pol->is.flood | VSW_FLOOD_MEMBER;
	return port;
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

/* Gives the netdev to the switch with the MTU that is wanted, or leaves it as it is. */
static int vsw_port_hook_mtu(struct vsw_port *port,
			     const struct vsw_port_cfg *cfg,
			     struct netlink_ext_ack *extack)
{
	unsigned int mtu = port->dev->mtu;
	int err;

	err = cfg->mtu ? vsw_mtu_set(port->dev, cfg->mtu, extack) : 0;
	if (err)
		return err;
	err = vsw_port_hook(port, extack);
	/* What it had a moment ago, it takes again. */
	if (err && cfg->mtu)
		dev_set_mtu(port->dev, mtu);
	return err;
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
 * cannot be a port, -EEXIST if a port has its name, -ENOSPC if the limit is
 * reached, -ENOMEM.
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
	err = vsw_port_check(sw, dev, cfg->type, extack) ?:
	      vsw_private_check_port(sw, cfg->vlan.mode, cfg->vlan.vid, extack);
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
	/* Before it takes the first frame. */
	vsw_guard_apply(port, cfg);
	err = sw->vlan_stats ?
	      vsw_vlan_stats_grow(port, rtnl_dereference(port->policy), extack) : 0;
	err = err ?: vsw_port_hook_mtu(port, cfg, extack);
	if (err) {
		vsw_guard_port_leaves(port);
		kvfree(set);
		vsw_port_free(port);
		return ERR_PTR(err);
	}

	netdev_hold(dev, &port->tracker, GFP_KERNEL);
	vsw_port_set_publish(sw, set);
	vsw_mdb_port_changed(port);
	vsw_mdb_port_link(port);
	/* Not earlier: who sends probes ends when there is no port that has any. */
	if (cfg->guard & BIT(VSWITCH_A_GUARD_LOOP_DETECT) && cfg->to.guard.loop_detect)
		vsw_loop_start(sw);
	vsw_vlan_join(port, extack);
	vsw_net(dev_net(sw->dev))->gen++;
	vsw_netdev_update(sw);
	vsw_mtu_warn_port(port, extack);
	if (vsw_switch_is_vlan_aware(sw) && !rtnl_dereference(port->policy)->vlan_mode)
		NL_SET_ERR_MSG(extack, "the port is in no VLAN: it carries nothing until it is");
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
	vsw_mdb_flush_events(sw);
	vsw_notify_port(port, VSWITCH_CMD_PORT_DEL_NTF);
	vsw_port_set_remove(sw, port);
	vsw_vlan_leave(port);
	vsw_port_unhook(port);
	vsw_guard_port_leaves(port);
	/* Nobody counts on it any more. */
	vsw_stats_add(&sw->gone, port->stats);
	/* Its number may be used again only when no entry points to it. */
	while (vsw_fdb_port_count(&sw->fdb, port->number))
		vsw_fdb_flush(&sw->fdb, &filter);
	vsw_mdb_port_gone(port);
	flush_delayed_work(&sw->fdb.event_work);
	vsw_mdb_flush_events(sw);
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

/* All that can be refused.  VLANs last: what an administrator has done to its entries
 * since is not undone.
 */
static int vsw_port_prepare(struct vsw_port *port, const struct vsw_policy *pol,
			    const struct vsw_port_cfg *cfg,
			    struct netlink_ext_ack *extack)
{
	unsigned int mtu = port->dev->mtu;
	int err;

	err = cfg->mtu ? vsw_mtu_set(port->dev, cfg->mtu, extack) : 0;
	if (err || !(cfg->set & BIT_ULL(VSWITCH_A_PORT_VLAN_MODE)))
		return err;
	err = vsw_vlan_prepare(port, pol, extack);
	/* What it had a moment ago, it takes again. */
	if (err && cfg->mtu)
		dev_set_mtu(port->dev, mtu);
	return err;
}

/**
 * vsw_port_set() - Change settings of a port, all or none.
 * @port: port
 * @cfg: settings to change
 * @extack: where a refusal, or a warning, is explained
 *
 * Once this has returned, a port that is to learn no more learns nothing: what is
 * flushed then does not come back.
 *
 * Context: RTNL.  May sleep.
 * Return: 0 or a negative errno; then nothing has changed.
 */
int vsw_port_set(struct vsw_port *port, const struct vsw_port_cfg *cfg,
		 struct netlink_ext_ack *extack)
{
	bool vlans = cfg->set & BIT_ULL(VSWITCH_A_PORT_VLAN_MODE);
	struct vsw_policy *old = rtnl_dereference(port->policy);
	struct vsw_policy *pol = vsw_policy_make(old, cfg);
	unsigned int i;
	int err;

	if (!pol) {
		NL_SET_ERR_MSG(extack, "out of memory");
		return -ENOMEM;
	}
	err = vsw_port_prepare(port, pol, cfg, extack);
	if (err) {
		if (vlans)
			vsw_policy_free(pol);
		else
			kfree(pol);
		return err;
	}
	rcu_assign_pointer(port->policy, pol);
	if (vlans) {
		vsw_vlan_changed(port, old, extack);
		kvfree_rcu((struct vsw_vlans *)old->vlans, rcu);
	}
	WRITE_ONCE(port->flood, pol->is.flood | VSW_FLOOD_MEMBER);
	/* What is owed, is owed to the old limit. */
	for (i = 0; i < VSW_STORM_NUM; i++)
		if (pol->is.guard.storm[i] != old->is.guard.storm[i])
			atomic64_set(&port->storm[i], 0);
	/* Frames that still go by the old settings. */
	if ((old->learns && !pol->learns) || (old->is.sticky && !pol->is.sticky) ||
	    vsw_mdb_distrusts(old, pol))
		synchronize_net();
	if (pol->is.mcast.router != old->is.mcast.router)
		vsw_mdb_port_changed(port);
	kfree_rcu(old, rcu);
	vsw_guard_apply(port, cfg);
	if (cfg->mtu)
		vsw_mtu_warn_port(port, extack);
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
		.set = BIT_ULL(VSWITCH_A_PORT_ROLE),
		.to.role = VSWITCH_ROLE_HOST,
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
	vsw_private_vlans_exit(sw);
	vsw_port_free(sw->host);
}
