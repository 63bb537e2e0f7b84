// SPDX-License-Identifier: GPL-2.0
/*
 * Requests, replies, dumps and events.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include <linux/genetlink.h>
#include <linux/vswitch.h>

#include "nl.h"
#include "nl_ack.h"
#include "nl_names.h"
#include "out.h"

/* More than the kernel ever puts in one datagram of a dump. */
#define RECV_SIZE (256 * 1024)
/* What a burst of events may take before some are lost. */
#define SOCKET_SIZE (4 * 1024 * 1024)

int nlx_set_error(struct nlx *nl, int code, const char *fmt, ...)
{
	va_list ap;

	memset(&nl->err, 0, sizeof(nl->err));
	nl->err.code = code;
	nl->err.entry = -1;
	va_start(ap, fmt);
	vsnprintf(nl->err.msg, sizeof(nl->err.msg), fmt, ap);
	va_end(ap);
	return -code;
}

static int no_memory(struct nlx *nl)
{
	return nlx_set_error(nl, ENOMEM, "out of memory");
}

static void warn_on_success(struct nlx *nl)
{
	if (!nl->err.code && *nl->err.msg)
		out_warning(nl->out, "%s", nl->err.msg);
}

/* ---- taking replies ---- */

static int process_one(struct nlx *nl, const struct nlmsghdr *req, const struct nlmsghdr *nlh,
		       nlx_reply_fn fn, void *arg)
{
	int err;

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		nl->intr = true;
	switch (nlh->nlmsg_type) {
	case NLMSG_NOOP:
		return 1;
	case NLMSG_OVERRUN:
		return nlx_set_error(nl, ENOBUFS, "the kernel lost a part of its reply");
	case NLMSG_ERROR:
		err = nl_ack_error(nl, req, nlh);
		if (err == -EBADMSG && !nl->err.code)
			return nlx_set_error(nl, EBADMSG, "the kernel's reply is malformed");
		warn_on_success(nl);
		return err;
	case NLMSG_DONE:
		err = nl_ack_done(nl, req, nlh);
		warn_on_success(nl);
		return err;
	}
	err = fn ? fn(nlh, arg) : 0;
	if (err < 0 && !nl->err.code)
		nlx_set_error(nl, -err, "%s", err == -EBADMSG ? "the kernel's reply is malformed" : "");
	return err < 0 ? err : 1;
}

int nlx_process(struct nlx *nl, const struct nlmsghdr *req, const void *buf, size_t len,
		nlx_reply_fn fn, void *arg)
{
	const struct nlmsghdr *nlh = buf;
	int rem = len, err;

	for (; nlmsg_ok(nlh, rem); nlh = nlmsg_next((struct nlmsghdr *)nlh, &rem)) {
		/* Of an earlier request that was given up. */
		if (nlh->nlmsg_seq != req->nlmsg_seq)
			continue;
		err = process_one(nl, req, nlh, fn, arg);
		if (err <= 0)
			return err;
	}
	if (rem > 0)
		return nlx_set_error(nl, EBADMSG, "the kernel's reply is truncated");
	return 1;
}

const void *nlx_attrs(const struct nlmsghdr *nlh, uint8_t *cmd, size_t *len)
{
	const struct genlmsghdr *genl = NLMSG_DATA(nlh);

	if (nlh->nlmsg_len < NLMSG_HDRLEN + GENL_HDRLEN)
		return NULL;
	*cmd = genl->cmd;
	*len = nlh->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	return (const char *)genl + GENL_HDRLEN;
}

/* ---- sockets ---- */

static void set_options(int fd)
{
	int on = 1, size = SOCKET_SIZE;

	/* Kernels that lack one of these answer with the errno alone. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	/* Strict checking makes the kernel refuse what it would overlook. */
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	/* Who may change a switch may also have a larger buffer than others. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

static int open_socket(struct nlx *nl, enum nlx_proto proto)
{
	struct nl_sock *sk;
	int err;

	if (nl->sk[proto])
		return 0;
	sk = nl_socket_alloc();
	if (!sk)
		return no_memory(nl);
	err = nl_connect(sk, proto == NLX_ROUTE ? NETLINK_ROUTE : NETLINK_GENERIC);
	if (err < 0) {
		nl_socket_free(sk);
		return nlx_set_error(nl, EIO, "cannot open a netlink socket: %s", nl_geterror(err));
	}
	set_options(nl_socket_get_fd(sk));
	nl->sk[proto] = sk;
	return 0;
}

static int socket_send(struct nlx *nl, enum nlx_proto proto, const struct nlmsghdr *nlh)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	ssize_t n;
	int err;

	err = open_socket(nl, proto);
	if (err)
		return err;
	do {
		n = sendto(nl_socket_get_fd(nl->sk[proto]), nlh, nlh->nlmsg_len, 0,
			   (struct sockaddr *)&kernel, sizeof(kernel));
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

static ssize_t socket_recv(struct nlx *nl, enum nlx_proto proto, void *buf, size_t size)
{
	struct sockaddr_nl from;
	struct iovec iov = { buf, size };
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	ssize_t n;

	for (;;) {
		msg.msg_namelen = sizeof(from);
		n = recvmsg(nl_socket_get_fd(nl->sk[proto]), &msg, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (msg.msg_flags & MSG_TRUNC)
			return -EMSGSIZE;
		/* Any process may send to the socket: only the kernel is believed. */
		if (msg.msg_namelen == sizeof(from) && !from.nl_pid)
			return n;
	}
}

/* A socket that was given up is opened anew: the number of the group is kept. */
static int socket_join(struct nlx *nl, uint32_t group)
{
	int err;

	err = open_socket(nl, NLX_GENL);
	if (err)
		return err;
	if (nl_socket_add_membership(nl->sk[NLX_GENL], group) < 0)
		return nlx_set_error(nl, errno ?: EIO, "cannot listen to its events");
	return 0;
}

static const struct nlx_io socket_io = { socket_send, socket_recv, socket_join };

void nlx_init(struct nlx *nl, struct out *out)
{
	memset(nl, 0, sizeof(*nl));
	nl->io = &socket_io;
	nl->out = out;
	nl->err.entry = -1;
}

void nlx_close(struct nlx *nl)
{
	int i;

	for (i = 0; i < NLX_PROTOS; i++)
		nl_socket_free(nl->sk[i]);
	free(nl->buf);
	memset(nl->sk, 0, sizeof(nl->sk));
	nl->buf = NULL;
}

static bool get_buffer(struct nlx *nl)
{
	if (!nl->buf)
		nl->buf = malloc(RECV_SIZE);
	return nl->buf;
}

static int io_error(struct nlx *nl, int err)
{
	/* The opener of the socket may have left a better sentence. */
	if (!*nl->err.msg)
		nlx_set_error(nl, -err, "%s", err == -EMSGSIZE ? "the kernel's reply is too long" : "");
	return err;
}

static int receive_all(struct nlx *nl, enum nlx_proto proto, const struct nlmsghdr *req,
		       nlx_reply_fn fn, void *arg)
{
	ssize_t n;
	int err;

	do {
		n = nl->io->recv(nl, proto, nl->buf, RECV_SIZE);
		if (n < 0)
			return io_error(nl, n);
		err = nlx_process(nl, req, nl->buf, n, fn, arg);
	} while (err > 0);
	return err;
}

/* The replies of a call that was given up half way must not be met again. */
static void drop_socket(struct nlx *nl, enum nlx_proto proto)
{
	nl_socket_free(nl->sk[proto]);
	nl->sk[proto] = NULL;
}

static bool gave_up(const struct nlx *nl)
{
	switch (nl->err.code) {
	case EBADMSG:
	case EMSGSIZE:
	case ENOBUFS:
	case ENOMEM:
	case EPIPE:
		return true;
	}
	return false;
}

int nlx_call(struct nlx *nl, enum nlx_proto proto, struct nl_msg *msg, nlx_reply_fn fn, void *arg)
{
	struct nlmsghdr *nlh;
	int err;

	nl->intr = false;
	nl->proto = proto;
	memset(&nl->err, 0, sizeof(nl->err));
	nl->err.entry = -1;
	if (!msg || !get_buffer(nl)) {
		nlmsg_free(msg);
		return no_memory(nl);
	}
	nlh = nlmsg_hdr(msg);
	nlh->nlmsg_seq = ++nl->seq;
	nlh->nlmsg_flags |= NLM_F_REQUEST;
	/* Both bits: NLM_F_DUMP shares one with NLM_F_REPLACE. */
	if ((nlh->nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		nlh->nlmsg_flags |= NLM_F_ACK;
	err = nl->io->send(nl, proto, nlh);
	if (err < 0)
		io_error(nl, err);
	else
		err = receive_all(nl, proto, nlh, fn, arg);
	if (err < 0 && gave_up(nl))
		drop_socket(nl, proto);
	nlmsg_free(msg);
	return err;
}

/* ---- the family ---- */

static void note_groups(struct nlx *nl, struct nlattr *groups)
{
	static const char *const names[NLX_GROUPS] = {
		[NLX_GROUP_SWITCH] = VSWITCH_MCGRP_SWITCH,
		[NLX_GROUP_PORT] = VSWITCH_MCGRP_PORT,
		[NLX_GROUP_FDB] = VSWITCH_MCGRP_FDB,
		[NLX_GROUP_MDB] = VSWITCH_MCGRP_MDB,
	};
	static struct nla_policy policy[CTRL_ATTR_MCAST_GRP_MAX + 1] = {
		[CTRL_ATTR_MCAST_GRP_NAME] = { .type = NLA_STRING },
		[CTRL_ATTR_MCAST_GRP_ID] = { .type = NLA_U32 },
	};
	struct nlattr *tb[CTRL_ATTR_MCAST_GRP_MAX + 1], *nla;
	int rem, i;

	nla_for_each_nested(nla, groups, rem) {
		if (nla_parse_nested(tb, CTRL_ATTR_MCAST_GRP_MAX, nla, policy) < 0 ||
		    !tb[CTRL_ATTR_MCAST_GRP_NAME] || !tb[CTRL_ATTR_MCAST_GRP_ID])
			continue;
		for (i = 0; i < NLX_GROUPS; i++)
			if (!nla_strcmp(tb[CTRL_ATTR_MCAST_GRP_NAME], names[i]))
				nl->groups[i] = nla_get_u32(tb[CTRL_ATTR_MCAST_GRP_ID]);
	}
}

static int take_family(const struct nlmsghdr *nlh, void *arg)
{
	static struct nla_policy policy[CTRL_ATTR_MAX + 1] = {
		[CTRL_ATTR_FAMILY_ID] = { .type = NLA_U16 },
		[CTRL_ATTR_VERSION] = { .type = NLA_U32 },
		[CTRL_ATTR_MCAST_GROUPS] = { .type = NLA_NESTED },
	};
	struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct nlx *nl = arg;
	uint8_t cmd;
	size_t len;
	const void *attrs = nlx_attrs(nlh, &cmd, &len);

	if (!attrs || nla_parse(tb, CTRL_ATTR_MAX, (struct nlattr *)attrs, len, policy) < 0 ||
	    !tb[CTRL_ATTR_FAMILY_ID])
		return -EBADMSG;
	nl->family = nla_get_u16(tb[CTRL_ATTR_FAMILY_ID]);
	nl->version = tb[CTRL_ATTR_VERSION] ? nla_get_u32(tb[CTRL_ATTR_VERSION]) : 0;
	if (tb[CTRL_ATTR_MCAST_GROUPS])
		note_groups(nl, tb[CTRL_ATTR_MCAST_GROUPS]);
	return 0;
}

static int not_loaded(struct nlx *nl)
{
	return nlx_set_error(nl, ENOENT, "the vswitch module is not loaded (modprobe vswitch)");
}

int nlx_resolve(struct nlx *nl)
{
	struct nl_msg *msg;
	int err;

	if (nl->family)
		return 0;
	msg = nlmsg_alloc();
	if (!msg || !genlmsg_put(msg, 0, 0, GENL_ID_CTRL, 0, 0, CTRL_CMD_GETFAMILY, 1) ||
	    nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, VSWITCH_FAMILY_NAME) < 0) {
		nlmsg_free(msg);
		return no_memory(nl);
	}
	err = nlx_call(nl, NLX_GENL, msg, take_family, nl);
	if (err == -ENOENT)
		return not_loaded(nl);
	if (!err && !nl->family)
		return nlx_set_error(nl, EBADMSG, "the kernel's reply is malformed");
	return err;
}

struct nl_msg *nlx_request(struct nlx *nl, uint8_t cmd, unsigned int flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(NLX_MSG_MAX);

	if (msg && !genlmsg_put(msg, 0, 0, nl->family, 0, flags, cmd, VSWITCH_FAMILY_VERSION)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

/* ---- events ---- */

int nlx_join(struct nlx *nl, enum nlx_group group)
{
	if (!nl->groups[group])
		return nlx_set_error(nl, ENOENT, "the module has no such events");
	return nl->io->join(nl, nl->groups[group]);
}

int nlx_listen(struct nlx *nl, nlx_reply_fn fn, void *arg)
{
	const struct nlmsghdr *nlh;
	ssize_t n;
	int rem, err;

	memset(&nl->err, 0, sizeof(nl->err));
	nl->err.entry = -1;
	if (!get_buffer(nl))
		return no_memory(nl);
	for (;;) {
		n = nl->io->recv(nl, NLX_GENL, nl->buf, RECV_SIZE);
		if (n < 0)
			return io_error(nl, n);
		for (nlh = nl->buf, rem = n; nlmsg_ok(nlh, rem);
		     nlh = nlmsg_next((struct nlmsghdr *)nlh, &rem)) {
			if (nlh->nlmsg_type != nl->family)
				continue;
			err = fn(nlh, arg);
			if (err < 0)
				return io_error(nl, err);
		}
	}
}

/* ---- saying why ---- */

/* The kernel's core refuses with an errno alone, which says too little here. */
static const char *sentence(const struct nlx *nl)
{
	const struct nlx_error *e = &nl->err;

	if (*e->msg)
		return e->msg;
	if (e->code == EPERM)
		return "not permitted, this needs CAP_NET_ADMIN over the network namespace, as root has it";
	if (e->code == EEXIST && nl->proto == NLX_ROUTE)
		return "a network device of this name exists already";
	return strerror(e->code);
}

int nlx_fail(struct nlx *nl, const char *fmt, ...)
{
	const struct nlx_error *e = &nl->err;
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (*e->object)
		out_error(nl->out, "%s: %s", e->object, sentence(nl));
	else if (*e->attr)
		out_error(nl->out, "%s: %s (attribute %s%s)", what, sentence(nl), e->attr,
			  e->missing ? " is missing" : "");
	else
		out_error(nl->out, "%s: %s", what, sentence(nl));
	return ST_REFUSED;
}
