// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink: what a port is guarded against, in requests and in messages.
 *
 * It is a nest of its own: rtnetlink takes few attributes of a port.
 */
#include "genl.h"
#include "vswitch_nl.h"
#include "../table/port.h"

/**
 * vsw_nl_guard_cfg() - Read what a port is to be guarded against out of a request.
 * @cfg: where it is written
 * @nest: VSWITCH_A_PORT_GUARD, or NULL
 * @extack: where a refusal is explained
 *
 * Return: 0 or a negative errno.
 */
int vsw_nl_guard_cfg(struct vsw_port_cfg *cfg, const struct nlattr *nest,
		     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[VSWITCH_A_GUARD_MAX + 1];
	unsigned int i;
	int err;

	if (!nest)
		return 0;
	err = nla_parse_nested(tb, VSWITCH_A_GUARD_MAX, nest, vsw_guard_nl_policy,
			       extack);
	if (err)
		return err;
	if (tb[VSWITCH_A_GUARD_BPDU_GUARD]) {
		cfg->to.guard.bpdu = nla_get_u32(tb[VSWITCH_A_GUARD_BPDU_GUARD]);
		cfg->guard |= BIT(VSWITCH_A_GUARD_BPDU_GUARD);
	}
	for (i = 0; i < VSW_STORM_NUM; i++) {
		if (!tb[VSW_STORM_ATTR(i)])
			continue;
		cfg->to.guard.storm[i] = nla_get_u32(tb[VSW_STORM_ATTR(i)]);
		cfg->guard |= BIT(VSW_STORM_ATTR(i));
	}
	if (cfg->guard)
		cfg->set |= BIT_ULL(VSWITCH_A_PORT_GUARD);
	return 0;
}

/**
 * vsw_nl_guard_size() - Room that vsw_nl_guard_put() needs at most.
 *
 * Return: bytes.
 */
size_t vsw_nl_guard_size(void)
{
	return nla_total_size(0) +		/* VSWITCH_A_PORT_GUARD */
	       nla_total_size(sizeof(u32)) +	/* VSWITCH_A_GUARD_BPDU_GUARD */
	       VSW_STORM_NUM * nla_total_size(sizeof(u32)); /* ..._STORM_* */
}

/**
 * vsw_nl_guard_put() - Put what a port is guarded against into a message.
 * @skb: message
 * @port: port
 *
 * Context: RTNL.
 * Return: 0, or -EMSGSIZE; then the caller cancels the message.
 */
int vsw_nl_guard_put(struct sk_buff *skb, const struct vsw_port *port)
{
	const struct vsw_guard *is = &rtnl_dereference(port->policy)->is.guard;
	struct nlattr *nest = nla_nest_start(skb, VSWITCH_A_PORT_GUARD);
	unsigned int i;

	if (!nest || nla_put_u32(skb, VSWITCH_A_GUARD_BPDU_GUARD, is->bpdu))
		return -EMSGSIZE;
	for (i = 0; i < VSW_STORM_NUM; i++)
		if (nla_put_u32(skb, VSW_STORM_ATTR(i), is->storm[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
