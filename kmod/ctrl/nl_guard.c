// SPDX-License-Identifier: GPL-2.0
/*
 * Generic netlink: what a port is guarded against, in requests and in messages.
 *
 * It is a nest of its own: rtnetlink takes few attributes of a port.
 */
#include "genl.h"
#include "vswitch_nl.h"
#include "../table/guard.h"
#include "../table/port.h"

/* What is told, and cannot be set. */
static int vsw_nl_guard_check(struct nlattr **tb, struct netlink_ext_ack *extack)
{
	struct nlattr *told = tb[VSWITCH_A_GUARD_QUARANTINE_REASON] ?:
			      tb[VSWITCH_A_GUARD_QUARANTINE_LEFT] ?:
			      tb[VSWITCH_A_GUARD_QUARANTINE_COUNT];

	if (!told)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, told, "this of a quarantine cannot be set");
	return -EINVAL;
}

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
	err = vsw_genl_parse_nest(tb, VSWITCH_A_GUARD_MAX, nest,
				  vsw_guard_nl_policy, extack);
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
	err = vsw_nl_guard_check(tb, extack);
	if (err)
		return err;
	if (tb[VSWITCH_A_GUARD_STORM_GUARD]) {
		cfg->to.guard.storm_guard =
			nla_get_u32(tb[VSWITCH_A_GUARD_STORM_GUARD]);
		cfg->guard |= BIT(VSWITCH_A_GUARD_STORM_GUARD);
	}
	if (tb[VSWITCH_A_GUARD_STP_STATE]) {
		cfg->to.guard.stp_state = nla_get_u32(tb[VSWITCH_A_GUARD_STP_STATE]);
		cfg->guard |= BIT(VSWITCH_A_GUARD_STP_STATE);
	}
	if (tb[VSWITCH_A_GUARD_QUARANTINE]) {
		cfg->quarantine = nla_get_u8(tb[VSWITCH_A_GUARD_QUARANTINE]);
		cfg->guard |= BIT(VSWITCH_A_GUARD_QUARANTINE);
	}
	if (tb[VSWITCH_A_GUARD_LOOP_DETECT]) {
		cfg->to.guard.loop_detect = nla_get_u8(tb[VSWITCH_A_GUARD_LOOP_DETECT]);
		cfg->guard |= BIT(VSWITCH_A_GUARD_LOOP_DETECT);
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
	       VSW_STORM_NUM * nla_total_size(sizeof(u32)) + /* ..._STORM_* */
	       nla_total_size(sizeof(u32)) +	/* ..._STORM_GUARD */
	       nla_total_size(sizeof(u32)) +	/* ..._STP_STATE */
	       nla_total_size(sizeof(u8)) +	/* ..._QUARANTINE */
	       nla_total_size(sizeof(u32)) +	/* ..._QUARANTINE_REASON */
	       nla_total_size(sizeof(u32)) +	/* ..._QUARANTINE_LEFT */
	       nla_total_size(sizeof(u32)) +	/* ..._QUARANTINE_COUNT */
	       nla_total_size(sizeof(u8));	/* ..._LOOP_DETECT */
}

static int vsw_nl_guard_put_quarantine(struct sk_buff *skb,
				       const struct vsw_port *port)
{
	u8 reason = port->quarantine.reason;
	u32 left = vsw_guard_left(port, jiffies);

	if (nla_put_u8(skb, VSWITCH_A_GUARD_QUARANTINE, !!reason) ||
	    nla_put_u32(skb, VSWITCH_A_GUARD_QUARANTINE_REASON, reason) ||
	    (left && nla_put_u32(skb, VSWITCH_A_GUARD_QUARANTINE_LEFT, left)) ||
	    nla_put_u32(skb, VSWITCH_A_GUARD_QUARANTINE_COUNT,
			vsw_guard_times(port, jiffies)))
		return -EMSGSIZE;
	return 0;
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
	if (nla_put_u32(skb, VSWITCH_A_GUARD_STORM_GUARD, is->storm_guard) ||
	    nla_put_u32(skb, VSWITCH_A_GUARD_STP_STATE, is->stp_state) ||
	    nla_put_u8(skb, VSWITCH_A_GUARD_LOOP_DETECT, is->loop_detect) ||
	    vsw_nl_guard_put_quarantine(skb, port))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
