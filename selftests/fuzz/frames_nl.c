// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: requests to the module, and the counters of ports.
 */
#include <err.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <string.h>
#include "frames_nl.h"

static struct nl_sock *sock;
static int family;

void request_open(void)
{
	sock = nl_socket_alloc();
	if (!sock || genl_connect(sock))
		errx(1, "netlink");
	family = genl_ctrl_resolve(sock, VSWITCH_FAMILY_NAME);
	if (family < 0)
		errx(1, "the kernel has no vswitch");
}

static struct nl_msg *begin(u8 cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0,
				 flags, cmd, VSWITCH_FAMILY_VERSION))
		errx(1, "no memory for a request");
	return msg;
}

/* The message has room for more than any request of ours. */
struct nl_msg *request_begin(u8 cmd)
{
	return begin(cmd, 0);
}

static int ended(struct nl_msg *msg, void *arg)
{
	(void)msg;
	*(int *)arg = 1;
	return NL_STOP;
}

static int refused(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	(void)from;
	*(int *)arg = e->error;
	return NL_STOP;
}

/*
 * Sends and takes the whole answer, each message of it with take.  Not
 * nl_send_sync(), which leaves the ack behind where it follows a reply.
 */
static int call(struct nl_msg *msg, nl_recvmsg_msg_cb_t take, void *arg)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int end = 0;

	if (!cb || nl_send_auto(sock, msg) < 0)
		errx(1, "cannot send a request");
	nlmsg_free(msg);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, ended, &end);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, ended, &end);
	nl_cb_err(cb, NL_CB_CUSTOM, refused, &end);
	if (take)
		nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, take, arg);
	while (!end)
		if (nl_recvmsgs(sock, cb) < 0 && !end)
			errx(1, "cannot read an answer");
	nl_cb_put(cb);
	return end < 0 ? end : 0;
}

/* Returns 0 or a negative errno. */
int request_send(struct nl_msg *msg)
{
	return call(msg, NULL, NULL);
}

static u64 counter(struct nlattr *stats, int type)
{
	struct nlattr *a = nla_find(nla_data(stats), nla_len(stats), type);

	return a ? nla_get_u64(a) : 0;
}

static int take_port(struct nl_msg *msg, void *arg)
{
	struct genlmsghdr *g = nlmsg_data(nlmsg_hdr(msg));
	struct nlattr *tb[VSWITCH_A_PORT_MAX + 1];
	struct port_count *c = arg;

	if (nla_parse(tb, VSWITCH_A_PORT_MAX, genlmsg_attrdata(g, 0),
		      genlmsg_attrlen(g, 0), NULL) ||
	    !tb[VSWITCH_A_PORT_IFINDEX] || !tb[VSWITCH_A_PORT_STATS])
		errx(1, "a port without number or counters");
	for (; c->ifindex; c++) {
		if (c->ifindex != (int)nla_get_u32(tb[VSWITCH_A_PORT_IFINDEX]))
			continue;
		c->rx = counter(tb[VSWITCH_A_PORT_STATS],
				VSWITCH_A_STATS_RX_PACKETS);
		c->tx = counter(tb[VSWITCH_A_PORT_STATS],
				VSWITCH_A_STATS_TX_PACKETS);
		c->quarantined = tb[VSWITCH_A_PORT_STATE] &&
				 nla_get_u32(tb[VSWITCH_A_PORT_STATE]) ==
				 VSWITCH_PORT_STATE_QUARANTINED;
	}
	return NL_OK;
}

/* Fills in the counters and states of the ports named; the last one has no number. */
void request_counts(struct port_count *c)
{
	int ret = call(begin(VSWITCH_CMD_PORT_GET, NLM_F_DUMP), take_port, c);

	if (ret)
		errx(1, "counters of ports: %s", strerror(-ret));
}
