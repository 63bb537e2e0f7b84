// SPDX-License-Identifier: GPL-2.0
/*
 * What user space is told without having asked: multicast to the groups of the
 * generic netlink family, in the network namespace of the switch.
 *
 * Nothing is built when nobody listens.  When a message cannot be built or
 * sent, listeners get ENOBUFS and know that they have to look for themselves.
 */
#include "genl.h"
#include "notify.h"
#include "vswitch_nl.h"
#include "../table/port.h"

/* Events in one message; it stays below a page. */
#define VSW_NOTIFY_BATCH	32

/**
 * vsw_notify_send() - Send a message to who listens.
 * @net: network namespace
 * @skb: message, or NULL; consumed
 * @err: not 0 if it could not be made: then listeners are told that they miss it
 * @group: VSWITCH_NLGRP_*
 *
 * Context: process context.
 */
void vsw_notify_send(struct net *net, struct sk_buff *skb, int err,
		     unsigned int group)
{
	if (err) {
		nlmsg_free(skb);
		genl_set_err(&vsw_genl_family, net, 0, group, -ENOBUFS);
		return;
	}
	genlmsg_multicast_netns(&vsw_genl_family, net, skb, 0, group,
				GFP_KERNEL);
}

/**
 * vsw_notify_switch() - Tell that a switch was made, changed or deleted.
 * @sw: switch
 * @cmd: VSWITCH_CMD_SWITCH_NTF or VSWITCH_CMD_SWITCH_DEL_NTF
 *
 * Context: RTNL, may sleep.
 */
void vsw_notify_switch(const struct vsw_switch *sw, u8 cmd)
{
	const struct vsw_genl_msg msg = { .cmd = cmd };
	struct net *net = dev_net(sw->dev);
	struct sk_buff *skb;
	int err = -ENOMEM;

	if (!genl_has_listeners(&vsw_genl_family, net, VSWITCH_NLGRP_SWITCH))
		return;
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (skb)
		err = vsw_nl_switch_fill(skb, sw, &msg);
	vsw_notify_send(net, skb, err, VSWITCH_NLGRP_SWITCH);
}

/**
 * vsw_notify_port() - Tell that a port was attached or changed, or has left.
 * @port: port
 * @cmd: VSWITCH_CMD_PORT_NTF or VSWITCH_CMD_PORT_DEL_NTF
 *
 * Context: RTNL, may sleep.
 */
void vsw_notify_port(const struct vsw_port *port, u8 cmd)
{
	const struct vsw_genl_msg msg = { .cmd = cmd };
	struct net *net = dev_net(port->sw->dev);
	struct sk_buff *skb;
	int err = -ENOMEM;

	if (!genl_has_listeners(&vsw_genl_family, net, VSWITCH_NLGRP_PORT))
		return;
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (skb)
		err = vsw_nl_port_fill(skb, port, &msg);
	vsw_notify_send(net, skb, err, VSWITCH_NLGRP_PORT);
}

static const struct vsw_switch *vsw_notify_fdb_switch(const struct vsw_fdb *fdb)
{
	return container_of(fdb, struct vsw_switch, fdb);
}

/**
 * vsw_notify_fdb_wanted() - Whether anybody listens to changes of an FDB.
 * @fdb: forwarding database
 *
 * Context: Any, also softirq and under vsw_fdb.lock.
 * Return: true if so.
 */
bool vsw_notify_fdb_wanted(const struct vsw_fdb *fdb)
{
	struct net *net = dev_net(vsw_notify_fdb_switch(fdb)->dev);

	return genl_has_listeners(&vsw_genl_family, net, VSWITCH_NLGRP_FDB);
}

/**
 * vsw_notify_port_rcu() - Port of a number in an event.
 * @sw: switch
 * @number: number of the port
 *
 * Context: RCU read section.
 * Return: the port, or NULL if it has gone.
 */
const struct vsw_port *vsw_notify_port_rcu(const struct vsw_switch *sw,
					   u16 number)
{
	if (number == VSW_HOST_PORT)
		return sw->host;
	return vsw_port_by_number_rcu(rcu_dereference(sw->ports), number);
}

/* Not under RTNL: a port may have gone since, and then it is not named. */
static int vsw_notify_put_event(struct sk_buff *skb,
				const struct vsw_switch *sw,
				const struct vsw_fdb_event *ev)
{
	struct vsw_nl_fdb_entry e = {
		.key = ev->key,
		.type = vsw_fdb_type(ev->val),
		.age = -1,
		.event = ev->what,
		.limit = ev->more,
	};
	int err;

	rcu_read_lock();
	e.port = vsw_notify_port_rcu(sw, vsw_fdb_port(ev->val));
	if (ev->what == VSWITCH_FDB_EVENT_TYPE_HELD)
		e.from = vsw_notify_port_rcu(sw, ev->more);
	err = vsw_nl_fdb_put_entry(skb, &e);
	rcu_read_unlock();
	return err;
}

static int vsw_notify_fdb_fill(struct sk_buff *skb, const struct vsw_switch *sw,
			       const struct vsw_fdb_event *ev, u32 num,
			       u32 lost)
{
	const struct vsw_genl_msg msg = { .cmd = VSWITCH_CMD_FDB_NTF };
	void *hdr;
	u32 i;

	hdr = vsw_genl_begin(skb, &msg);
	if (!hdr || vsw_nl_fdb_put_switch(skb, sw))
		return -EMSGSIZE;
	if (lost && nla_put_u32(skb, VSWITCH_A_FDB_OVERRUN, lost))
		return -EMSGSIZE;
	for (i = 0; i < num; i++)
		if (vsw_notify_put_event(skb, sw, &ev[i]))
			return -EMSGSIZE;
	vsw_genl_end(skb, hdr, &msg);
	return 0;
}

static void vsw_notify_fdb_send(const struct vsw_switch *sw,
				const struct vsw_fdb_event *ev, u32 num,
				u32 lost)
{
	struct net *net = dev_net(sw->dev);
	struct sk_buff *skb;
	int err = -ENOMEM;

	skb = genlmsg_new(nla_total_size(sizeof(u32)) +	/* SWITCH_IFINDEX */
			  nla_total_size(IFNAMSIZ) +	/* SWITCH_NAME */
			  nla_total_size(sizeof(u32)) +	/* OVERRUN */
			  num * vsw_nl_fdb_entry_size(), GFP_KERNEL);
	if (skb)
		err = vsw_notify_fdb_fill(skb, sw, ev, num, lost);
	WARN_ON_ONCE(err == -EMSGSIZE);
	vsw_notify_send(net, skb, err, VSWITCH_NLGRP_FDB);
}

/**
 * vsw_notify_fdb() - Tell what happened to FDB entries since the last call.
 * @fdb: forwarding database
 *
 * Does not take RTNL: whoever deletes the switch waits for this under RTNL.  For
 * the same reason it ends after as many events as the ring holds, however fast
 * guests make new ones.
 *
 * Context: Process context, work item of the FDB.
 * Return: whether there may be more to tell.
 */
bool vsw_notify_fdb(struct vsw_fdb *fdb)
{
	const struct vsw_switch *sw = vsw_notify_fdb_switch(fdb);
	struct vsw_fdb_event ev[VSW_NOTIFY_BATCH];
	u32 lost, num, told = 0;

	do {
		lost = 0;
		num = vsw_fdb_take_events(fdb, ev, ARRAY_SIZE(ev), &lost);
		if ((num || lost) && vsw_notify_fdb_wanted(fdb))
			vsw_notify_fdb_send(sw, ev, num, lost);
		told += num;
		cond_resched();
	} while ((num || lost) && told < VSW_FDB_EVENTS);
	return num || lost;
}
