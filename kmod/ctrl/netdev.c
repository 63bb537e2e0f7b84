// SPDX-License-Identifier: GPL-2.0
/*
 * The switch as a netdev: its life, its features, its statistics, and what
 * happens to the netdevs of its ports.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include "../table/guard.h"
#include "../table/loop.h"
#include "../table/mdb.h"
#include "../table/mtu.h"
#include "../table/port.h"
#include "../table/vlan_stats.h"
#include "../vport.h"
#include "netdev.h"
#include "notify.h"

/* Not GSO_PARTIAL: the core would make partial segments even of what must be
 * segmented whole, fragments of a UDP datagram for one.
 */
#define VSW_FEATURES	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA | \
			 (NETIF_F_GSO_MASK & ~NETIF_F_GSO_PARTIAL) | \
			 NETIF_F_HW_CSUM)
#define VSW_TAG_FEATURES (NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX)

/**
 * vsw_switch_stats() - Sum the counters of all ports, those that left included.
 * @sw: switch
 * @sum: where the sum is written
 *
 * So they never run backwards, which a monitor would take for a restart.
 *
 * Context: RTNL.
 */
void vsw_switch_stats(const struct vsw_switch *sw, struct vsw_stats *sum)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	u32 i;

	*sum = sw->gone;
	for (i = 0; i < set->size; i++)
		if (set->slot[i])
			vsw_stats_add(sum, set->slot[i]->stats);
}

/**
 * vsw_switch_port_count() - Number of ports, the host port not counted.
 * @sw: switch
 *
 * Context: RTNL.
 *
 * Return: that number.
 */
u32 vsw_switch_port_count(const struct vsw_switch *sw)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	u32 num = 0;
	u32 i;

	for (i = 1; i < set->size; i++)
		num += !!set->slot[i];
	return num;
}

static void vsw_switch_set_move(struct vsw_switch *sw,
				const struct vsw_switch_cfg *cfg)
{
	u32 limit = sw->fdb.move_limit;
	u32 window = sw->fdb.move_window / HZ;
	u32 hold = sw->fdb.move_hold / HZ;

	if (cfg->set & BIT(VSWITCH_A_SWITCH_MOVE_LIMIT))
		limit = cfg->move_limit;
	if (cfg->set & BIT(VSWITCH_A_SWITCH_MOVE_WINDOW))
		window = cfg->move_window;
	if (cfg->set & BIT(VSWITCH_A_SWITCH_MOVE_HOLD))
		hold = cfg->move_hold;
	vsw_fdb_set_move(&sw->fdb, limit, window, hold);
}

static int vsw_switch_check_mcast(const struct vsw_switch *sw,
				  const struct vsw_switch_cfg *cfg,
				  struct netlink_ext_ack *extack)
{
	bool on = rtnl_dereference(sw->mdb);

	if (cfg->set & BIT(VSWITCH_A_SWITCH_MCAST_SNOOPING))
		on = cfg->mcast_snooping;
	if (on || (!(cfg->set & BIT(VSWITCH_A_SWITCH_MCAST_QUERY_INTERVAL)) &&
		   !(cfg->set & BIT(VSWITCH_A_SWITCH_MCAST_QUERIER) &&
		     cfg->mcast_querier)))
		return 0;
	NL_SET_ERR_MSG(extack, "mcast-querier and mcast-query-interval need mcast-snooping");
	return -EINVAL;
}

static int vsw_switch_set_vlan(struct vsw_switch *sw,
			       const struct vsw_switch_cfg *cfg,
			       struct netlink_ext_ack *extack)
{
	bool counts = sw->vlan_stats;
	int err = 0;

	if (cfg->set & BIT(VSWITCH_A_SWITCH_VLAN_STATS) && cfg->vlan_stats)
		err = vsw_vlan_stats_set(sw, true, extack);
	if (!err && cfg->set & BIT(VSWITCH_A_SWITCH_VLAN_AWARE)) {
		err = vsw_vlan_set_aware(sw, cfg->vlan_aware, extack);
		if (err)
			vsw_vlan_stats_set(sw, counts, NULL);
	}
	/* This cannot fail. */
	if (!err && cfg->set & BIT(VSWITCH_A_SWITCH_VLAN_STATS))
		vsw_vlan_stats_set(sw, cfg->vlan_stats, NULL);
	return err;
}

/* What it is to do with frames: all or nothing. */
static int vsw_switch_set_modes(struct vsw_switch *sw,
				const struct vsw_switch_cfg *cfg,
				struct netlink_ext_ack *extack)
{
	bool snooped = rtnl_dereference(sw->mdb);
	bool snoop = snooped;
	int err;

	if (cfg->set & BIT(VSWITCH_A_SWITCH_MCAST_SNOOPING))
		snoop = cfg->mcast_snooping;
	err = snoop ? vsw_mdb_set(sw, true, extack) : 0;
	if (!err)
		err = vsw_switch_set_vlan(sw, cfg, extack);
	/* Off cannot fail. */
	if (err ? !snooped : !snoop)
		vsw_mdb_set(sw, false, NULL);
	return err;
}

static void vsw_switch_set_querier(struct vsw_switch *sw,
				   const struct vsw_switch_cfg *cfg)
{
	const struct vsw_mdb *mdb = rtnl_dereference(sw->mdb);
	u32 interval;
	bool on;

	if (!mdb)
		return;
	on = mdb->querier;
	interval = mdb->interval;
	if (cfg->set & BIT(VSWITCH_A_SWITCH_MCAST_QUERIER))
		on = cfg->mcast_querier;
	if (cfg->set & BIT(VSWITCH_A_SWITCH_MCAST_QUERY_INTERVAL))
		interval = cfg->mcast_query_interval;
	if (on != mdb->querier || interval != mdb->interval)
		vsw_mdb_set_querier(sw, on, interval);
}

/**
 * vsw_switch_set() - Change settings of a switch, all or none.
 * @sw: switch
 * @cfg: settings to change
 * @extack: where a refusal, or a warning, is explained
 *
 * Context: RTNL.
 * Return: 0, -EBUSY if a limit is below what there is now, or as of
 * vsw_vlan_set_aware(), or why the MTU is refused.
 */
int vsw_switch_set(struct vsw_switch *sw, const struct vsw_switch_cfg *cfg,
		   struct netlink_ext_ack *extack)
{
	u32 old_limit = READ_ONCE(sw->fdb.limit);
	unsigned int mtu = sw->dev->mtu;
	int err;

	ASSERT_RTNL();
	if (cfg->set & BIT(VSWITCH_A_SWITCH_PORT_LIMIT) &&
	    cfg->port_limit < vsw_switch_port_count(sw)) {
		NL_SET_ERR_MSG(extack, "the switch has more ports than that");
		return -EBUSY;
	}
	err = vsw_switch_check_mcast(sw, cfg, extack);
	if (err)
		return err;
	err = cfg->mtu ? vsw_mtu_set(sw->dev, cfg->mtu, extack) : 0;
	if (err)
		return err;
	if (cfg->set & BIT(VSWITCH_A_SWITCH_FDB_LIMIT) &&
	    vsw_fdb_set_limit(&sw->fdb, cfg->fdb_limit)) {
		NL_SET_ERR_MSG(extack, "the FDB has more entries than that");
		err = -EBUSY;
		goto err_mtu;
	}
	err = vsw_switch_set_modes(sw, cfg, extack);
	if (err) {
		vsw_fdb_restore_limit(&sw->fdb, old_limit);
		goto err_mtu;
	}
	if (cfg->set & BIT(VSWITCH_A_SWITCH_PORT_LIMIT))
		sw->port_limit = cfg->port_limit;
	if (cfg->set & BIT(VSWITCH_A_SWITCH_AGEING))
		vsw_fdb_set_ageing(&sw->fdb, cfg->ageing);
	if (cfg->set & BIT(VSWITCH_A_SWITCH_QUARANTINE_TIME))
		sw->quarantine_time = cfg->quarantine_time * HZ;
	if (cfg->set & BIT(VSWITCH_A_SWITCH_LOOP_INTERVAL)) {
		WRITE_ONCE(sw->loop.interval, cfg->loop_interval);
		/* Not only when the old one is over. */
		if (delayed_work_pending(&sw->loop.work))
			vsw_loop_start(sw);
	}
	vsw_switch_set_move(sw, cfg);
	vsw_switch_set_querier(sw, cfg);
	if (cfg->mtu)
		vsw_mtu_warn_switch(sw, extack);
	return 0;

err_mtu:
	/* What it had a moment ago, it takes again. */
	if (cfg->mtu)
		dev_set_mtu(sw->dev, mtu);
	return err;
}

static int vsw_ndo_init(struct net_device *dev)
{
	struct vsw_switch *sw = netdev_priv(dev);
	struct vsw_net *vn = vsw_net(dev_net(dev));
	int err;

	netdev_lockdep_set_classes(dev);
	sw->dev = dev;
	sw->addr = ether_addr_to_u64(dev->dev_addr);
	sw->port_limit = VSW_PORT_LIMIT_DEFAULT;
	vsw_guard_init(sw);
	vsw_loop_init(sw);
	err = vsw_fdb_init(&sw->fdb);
	if (err)
		return err;
	err = vsw_port_set_init(sw);
	if (err) {
		vsw_fdb_exit(&sw->fdb);
		return err;
	}
	list_add_tail(&sw->node, &vn->switches);
	vn->gen++;
	return 0;
}

static void vsw_ndo_uninit(struct net_device *dev)
{
	struct vsw_switch *sw = netdev_priv(dev);

	list_del_init(&sw->node);
	vsw_mdb_set(sw, false, NULL);
	vsw_net(dev_net(dev))->gen++;
	vsw_loop_stop(sw);
	vsw_guard_stop(sw);
	vsw_fdb_stop(&sw->fdb);
}

/*
 * When the last reference is gone: until then who has one may ask for counters,
 * say Open vSwitch, or still be about to send.
 */
static void vsw_netdev_free(struct net_device *dev)
{
	struct vsw_switch *sw = netdev_priv(dev);

	vsw_fdb_exit(&sw->fdb);
	vsw_port_set_exit(sw);
}

/**
 * vsw_switch_dellink() - Delete a switch.
 * @dev: its netdev
 * @head: list for unregister_netdevice_queue()
 *
 * Context: RTNL.
 */
void vsw_switch_dellink(struct net_device *dev, struct list_head *head)
{
	vsw_port_detach_all(netdev_priv(dev), head);
	unregister_netdevice_queue(dev, head);
}

static int vsw_ndo_open(struct net_device *dev)
{
	struct vsw_switch *sw = netdev_priv(dev);

	netdev_update_features(dev);
	vsw_switch_set_mode(sw, VSW_MODE_UP, VSW_MODE_UP);
	netif_tx_start_all_queues(dev);
	return 0;
}

static int vsw_ndo_stop(struct net_device *dev)
{
	netif_tx_stop_all_queues(dev);
	return 0;
}

static int vsw_ndo_set_mac_address(struct net_device *dev, void *addr)
{
	struct vsw_switch *sw = netdev_priv(dev);
	int err = eth_mac_addr(dev, addr);

	if (!err)
		WRITE_ONCE(sw->addr, ether_addr_to_u64(dev->dev_addr));
	return err;
}

static u64 vsw_drops_sum(const struct vsw_stats *s, unsigned int from,
			 unsigned int to)
{
	u64 sum = 0;

	for (; from <= to; from++)
		sum += s->drops[from];
	return sum;
}

/**
 * vsw_netdev_stats64() - Counters of a port as those of a netdev of our own.
 * @s: where they are written
 * @sum: counters of the port
 *
 * As its user sees it: what the switch takes from it, it transmits.
 */
void vsw_netdev_stats64(struct rtnl_link_stats64 *s, const struct vsw_stats *sum)
{
	s->rx_packets = sum->cnt[VSWITCH_A_STATS_TX_PACKETS];
	s->rx_bytes = sum->cnt[VSWITCH_A_STATS_TX_BYTES];
	s->tx_packets = sum->cnt[VSWITCH_A_STATS_RX_PACKETS];
	s->tx_bytes = sum->cnt[VSWITCH_A_STATS_RX_BYTES];
	s->tx_dropped = vsw_drops_sum(sum, VSWITCH_A_DROPS_RUNT,
				      VSWITCH_A_DROPS_EGRESS_DOWN - 1);
	s->rx_dropped = vsw_drops_sum(sum, VSWITCH_A_DROPS_EGRESS_DOWN,
				      VSWITCH_A_DROPS_MAX);
}

/**
 * vsw_netdev_stack_stats64() - The same, of a netdev that the host's stack uses.
 * @s: where they are written
 * @sum: counters of the port
 *
 * The core has counted itself what its queue had no room for, and adds that.
 */
void vsw_netdev_stack_stats64(struct rtnl_link_stats64 *s,
			      const struct vsw_stats *sum)
{
	vsw_netdev_stats64(s, sum);
	s->rx_dropped -= sum->drops[VSWITCH_A_DROPS_EGRESS_QUEUE];
}

static void vsw_ndo_get_stats64(struct net_device *dev,
				struct rtnl_link_stats64 *s)
{
	const struct vsw_switch *sw = netdev_priv(dev);
	struct vsw_stats sum = {};

	vsw_stats_add(&sum, sw->host->stats);
	vsw_netdev_stack_stats64(s, &sum);
}

/* What a stack behind an internal port receives, is everything, whatever it has
 * switched off for what it sends.
 */
static netdev_features_t vsw_port_features(const struct vsw_port *port,
					   netdev_features_t all)
{
	return port->type == VSWITCH_PORT_TYPE_INTERNAL ? all :
							  port->dev->features;
}

/*
 * What one port can do, the switch's netdev can: when a frame leaves by another,
 * the core does it in software.  What all must be able to, all must.
 */
static netdev_features_t vsw_ndo_fix_features(struct net_device *dev,
					      netdev_features_t features)
{
	const struct vsw_switch *sw = netdev_priv(dev);
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	netdev_features_t mask = features;
	bool any = false;
	u32 i;

	for (i = 1; i < set->size; i++) {
		if (!set->slot[i])
			continue;
		if (!any)
			features &= ~NETIF_F_ONE_FOR_ALL;
		any = true;
		features = netdev_increment_features(features,
						     vsw_port_features(set->slot[i], mask),
						     mask);
	}
	return any ? netdev_add_tso_features(features, mask) : features;
}

/**
 * vsw_netdev_update() - Compute anew what depends on the ports.
 * @sw: switch
 *
 * Context: RTNL.
 */
void vsw_netdev_update(struct vsw_switch *sw)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	unsigned short headroom = 0, tailroom = 0;
	u32 i;

	for (i = 1; i < set->size; i++) {
		if (!set->slot[i] ||
		    set->slot[i]->type == VSWITCH_PORT_TYPE_INTERNAL)
			continue;
		headroom = max(headroom, set->slot[i]->dev->needed_headroom);
		tailroom = max(tailroom, set->slot[i]->dev->needed_tailroom);
	}
	/* Who sends through it reads them at any time. */
	WRITE_ONCE(sw->dev->needed_headroom, headroom);
	WRITE_ONCE(sw->dev->needed_tailroom, tailroom);
	for (i = 1; i < set->size; i++) {
		if (!set->slot[i] ||
		    set->slot[i]->type != VSWITCH_PORT_TYPE_INTERNAL)
			continue;
		WRITE_ONCE(set->slot[i]->dev->needed_headroom, headroom);
		WRITE_ONCE(set->slot[i]->dev->needed_tailroom, tailroom);
	}
	netdev_update_features(sw->dev);
}

static int vsw_ndo_add_slave(struct net_device *dev, struct net_device *slave,
			     struct netlink_ext_ack *extack)
{
	static const struct vsw_port_cfg cfg = {
		.type = VSWITCH_PORT_TYPE_ATTACHED,
	};

	return PTR_ERR_OR_ZERO(vsw_port_attach(netdev_priv(dev), slave, &cfg,
					       extack));
}

static int vsw_ndo_del_slave(struct net_device *dev, struct net_device *slave)
{
	struct vsw_port *port = vsw_port_get_rtnl(slave);

	if (!port || port->sw->dev != dev)
		return -EINVAL;
	/* A vport is a port or nothing. */
	if (port->type != VSWITCH_PORT_TYPE_ATTACHED)
		return -EOPNOTSUPP;
	vsw_port_detach(port);
	return 0;
}

VSW_COMPAT_FDB_ADD(vsw_netdev_fdb_add, vsw_ndo_fdb_add)
VSW_COMPAT_FDB_DEL(vsw_netdev_fdb_del, vsw_ndo_fdb_del)

static const struct net_device_ops vsw_netdev_ops = {
	.ndo_init		= vsw_ndo_init,
	.ndo_uninit		= vsw_ndo_uninit,
	.ndo_open		= vsw_ndo_open,
	.ndo_stop		= vsw_ndo_stop,
	.ndo_start_xmit		= vsw_host_xmit,
	.ndo_get_stats64	= vsw_ndo_get_stats64,
	.ndo_set_mac_address	= vsw_ndo_set_mac_address,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_fix_features	= vsw_ndo_fix_features,
	.ndo_features_check	= passthru_features_check,
	.ndo_add_slave		= vsw_ndo_add_slave,
	.ndo_del_slave		= vsw_ndo_del_slave,
	.ndo_fdb_add		= vsw_netdev_fdb_add,
	.ndo_fdb_del		= vsw_netdev_fdb_del,
	.ndo_fdb_dump		= vsw_ndo_fdb_dump,
};

/**
 * vsw_netdev_drvinfo() - Who makes a netdev of our own.
 * @dev: netdev
 * @info: where it is written
 */
void vsw_netdev_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "vswitch", sizeof(info->driver));
	strscpy(info->version, VSW_VERSION, sizeof(info->version));
}

/* All counters, then all reasons; the numbers in between have no name. */
static int vsw_get_sset_count(struct net_device *dev, int sset)
{
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return VSW_STATS_NUM - VSWITCH_A_STATS_RX_PACKETS +
	       VSW_DROPS_NUM - VSWITCH_A_DROPS_RUNT;
}

static void vsw_get_strings(struct net_device *dev, u32 sset, u8 *data)
{
	unsigned int i;

	if (sset != ETH_SS_STATS)
		return;
	for (i = VSWITCH_A_STATS_RX_PACKETS; i < VSW_STATS_NUM; i++)
		ethtool_puts(&data, vsw_stats_name(i));
	for (i = VSWITCH_A_DROPS_RUNT; i < VSW_DROPS_NUM; i++)
		ethtool_sprintf(&data, "drop-%s", vsw_drop_name(i));
}

static void vsw_get_ethtool_stats(struct net_device *dev,
				  struct ethtool_stats *stats, u64 *data)
{
	struct vsw_stats sum;
	unsigned int i;

	vsw_switch_stats(netdev_priv(dev), &sum);
	for (i = VSWITCH_A_STATS_RX_PACKETS; i < VSW_STATS_NUM; i++)
		*data++ = sum.cnt[i];
	for (i = VSWITCH_A_DROPS_RUNT; i < VSW_DROPS_NUM; i++)
		*data++ = sum.drops[i];
}

static const struct ethtool_ops vsw_ethtool_ops = {
	.get_drvinfo		= vsw_netdev_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_sset_count		= vsw_get_sset_count,
	.get_strings		= vsw_get_strings,
	.get_ethtool_stats	= vsw_get_ethtool_stats,
};

/**
 * vsw_netdev_setup_any() - Prepare what all netdevs of our own have in common.
 * @dev: netdev
 */
void vsw_netdev_setup_any(struct net_device *dev)
{
	ether_setup(dev);
	dev->needs_free_netdev = true;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU;
	dev->priv_flags |= IFF_NO_QUEUE | IFF_LIVE_ADDR_CHANGE;
	/* netpoll sends with interrupts off, which forwarding must not. */
	dev->priv_flags |= IFF_DISABLE_NETPOLL;
	/* A frame is changed on its way. */
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->hw_features = VSW_FEATURES | VSW_TAG_FEATURES;
	dev->features = dev->hw_features;
	dev->vlan_features = VSW_FEATURES;
	vsw_compat_set_lltx(dev);
}

/**
 * vsw_netdev_setup() - Prepare the netdev of a new switch.
 * @dev: netdev
 */
void vsw_netdev_setup(struct net_device *dev)
{
	vsw_netdev_setup_any(dev);
	dev->netdev_ops = &vsw_netdev_ops;
	dev->ethtool_ops = &vsw_ethtool_ops;
	dev->priv_destructor = vsw_netdev_free;
	/* It stays where its attached ports are. */
	vsw_compat_set_netns_immutable(dev);
}

/* A port forwards while its switch is up: each has another state now. */
static void vsw_event_switch_state(const struct vsw_switch *sw)
{
	const struct vsw_port_set *set = rtnl_dereference(sw->ports);
	u32 i;

	for (i = 0; i < set->size; i++)
		if (set->slot[i])
			vsw_notify_port(set->slot[i], VSWITCH_CMD_PORT_NTF);
}

static void vsw_event_switch(struct net_device *dev, unsigned long event)
{
	struct vsw_switch *sw = netdev_priv(dev);

	switch (event) {
	case NETDEV_UNREGISTER:
		/* Repeated while somebody holds a reference on a dead switch. */
		if (!list_empty(&sw->node))
			vsw_notify_switch(sw, VSWITCH_CMD_SWITCH_DEL_NTF);
		break;
	case NETDEV_REGISTER:
	case NETDEV_CHANGENAME:
	case NETDEV_CHANGEMTU:
	case NETDEV_CHANGEADDR:
		vsw_notify_switch(sw, VSWITCH_CMD_SWITCH_NTF);
		break;
	case NETDEV_GOING_DOWN:
		/* Before the core waits for who is on his way. */
		vsw_switch_set_mode(sw, VSW_MODE_UP, 0);
		break;
	case NETDEV_UP:
	case NETDEV_DOWN:
		vsw_mdb_port_link(sw->host);
		vsw_notify_switch(sw, VSWITCH_CMD_SWITCH_NTF);
		vsw_event_switch_state(sw);
		break;
	}
}

/*
 * Stations of a port that has gone down may be reached through another one:
 * what was learned about them would only lead their frames to the dead end.
 */
static void vsw_port_forget(struct vsw_port *port)
{
	const struct vsw_fdb_filter filter = {
		.port = port->number,
		.vlan = -1,
		.type = VSWITCH_FDB_TYPE_DYNAMIC,
	};

	if (!netif_running(port->dev) || !netif_carrier_ok(port->dev))
		vsw_fdb_flush(&port->sw->fdb, &filter);
}

static int vsw_event_port(struct vsw_port *port, unsigned long event)
{
	switch (event) {
	case NETDEV_UNREGISTER:
		/* Also when it goes to another network namespace. */
		if (port->type == VSWITCH_PORT_TYPE_ATTACHED)
			vsw_port_detach(port);
		break;
	case NETDEV_PRE_TYPE_CHANGE:
		/* Only Ethernet can be a port. */
		return NOTIFY_BAD;
	case NETDEV_FEAT_CHANGE:
		if (port->type != VSWITCH_PORT_TYPE_INTERNAL)
			vsw_netdev_update(port->sw);
		vsw_vlan_filter_port(port);
		break;
	case NETDEV_CHANGE:
	case NETDEV_DOWN:
		vsw_port_forget(port);
		fallthrough;
	case NETDEV_UP:
		vsw_mdb_port_link(port);
		vsw_notify_port(port, VSWITCH_CMD_PORT_NTF);
		break;
	case NETDEV_REGISTER:
	case NETDEV_CHANGENAME:
	case NETDEV_CHANGEMTU:
	case NETDEV_CHANGEADDR:
		vsw_notify_port(port, VSWITCH_CMD_PORT_NTF);
		break;
	}
	return NOTIFY_DONE;
}

static int vsw_event_check_addr(const struct net_device *dev,
				struct netdev_notifier_info *info)
{
	const struct netdev_notifier_pre_changeaddr_info *change;
	const struct vsw_switch *sw = netdev_priv(dev);

	change = container_of(info, struct netdev_notifier_pre_changeaddr_info,
			      info);
	return vsw_port_check_addr(sw->host, change->dev_addr,
				   netdev_notifier_info_to_extack(info));
}

static int vsw_netdev_event(struct notifier_block *nb, unsigned long event,
			    void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct vsw_port *port;
	int ret;

	if (vsw_dev_is_switch(dev) && event == NETDEV_PRE_CHANGEADDR) {
		ret = notifier_from_errno(vsw_event_check_addr(dev, ptr));
		if (ret != NOTIFY_DONE && ret != NOTIFY_OK)
			return ret;
	}
	if (vsw_dev_is_switch(dev))
		vsw_event_switch(dev, event);
	if (vsw_dev_is_vport(dev)) {
		ret = vsw_vport_event(dev, event, ptr);
		if (ret != NOTIFY_DONE && ret != NOTIFY_OK)
			return ret;
	}
	/* A switch may be a port of another one. */
	port = vsw_port_get_rtnl(dev);
	return port ? vsw_event_port(port, event) : NOTIFY_DONE;
}

struct notifier_block vsw_netdev_notifier = {
	.notifier_call = vsw_netdev_event,
};
