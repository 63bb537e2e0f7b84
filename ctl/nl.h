/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Talking to the kernel: requests, replies, dumps, events, and the extended
 * acks that say why something was refused.  libnl builds messages and owns the
 * sockets; receiving is done here because libnl 3.7 drops extended acks.
 */
#ifndef NL_H
#define NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/netlink.h>

#include "nl_types.h"

struct nl_msg;
struct nl_sock;
struct out;

/** NLX_MSG_MAX - Largest request that is sent, bulk entries included. */
#define NLX_MSG_MAX 32768

/** enum nlx_proto - Which of the kernel's two interfaces is talked to. */
enum nlx_proto {
	NLX_GENL,
	NLX_ROUTE,
	NLX_PROTOS,
};

/** enum nlx_group - Multicast groups of the family. */
enum nlx_group {
	NLX_GROUP_SWITCH,
	NLX_GROUP_PORT,
	NLX_GROUP_FDB,
	NLX_GROUP_MDB,
	NLX_GROUPS,
};

/**
 * struct nlx_error - Why the last request failed.
 * @code: errno, positive; 0, it did not fail.
 * @msg: The kernel's or the tool's sentence; empty, there is none.
 * @attr: Path of the attribute that it is about, "entry[3].mac", or empty.
 * @object: What that attribute names, "switch vsw0", or empty.
 * @missing: @attr is missing rather than wrong.
 * @entry: Which of many like attributes @attr begins with, from 0; -1, none.
 */
struct nlx_error {
	int code;
	char msg[256];
	char attr[128];
	char object[64];
	bool missing;
	int entry;
};

struct nlx;

/**
 * struct nlx_io - How bytes go to the kernel and back; tests put their own here.
 * @send: Send a complete request; 0 or a negative errno.
 * @recv: Receive one datagram; its length or a negative errno.
 * @join: Join a multicast group of the family; 0 or a negative errno.
 */
struct nlx_io {
	int (*send)(struct nlx *nl, enum nlx_proto proto, const struct nlmsghdr *nlh);
	ssize_t (*recv)(struct nlx *nl, enum nlx_proto proto, void *buf, size_t size);
	int (*join)(struct nlx *nl, uint32_t group);
};

/**
 * struct nlx - The connection; sockets are opened when first used and kept.
 * @io: How bytes travel.
 * @sk: Sockets, NULL while not open.
 * @out: Where warnings go.
 * @buf: Receive buffer, NULL while not needed.
 * @seq: Sequence number of the last request.
 * @family: Number of the generic netlink family, 0 while not known.
 * @version: Its version.
 * @groups: Numbers of its multicast groups.
 * @proto: Whom the last request was sent to.
 * @err: Why the last request failed.
 * @intr: What the last dump reported changed while it was read.
 */
struct nlx {
	const struct nlx_io *io;
	struct nl_sock *sk[NLX_PROTOS];
	struct out *out;
	void *buf;
	uint32_t seq;
	uint16_t family;
	uint32_t version;
	uint32_t groups[NLX_GROUPS];
	enum nlx_proto proto;
	struct nlx_error err;
	bool intr;
};

/**
 * typedef nlx_reply_fn - Takes one message of a reply.
 * @nlh: The message; its length was checked against what was received.
 * @arg: The caller's.
 *
 * Return: 0, or a negative errno to give up.
 */
typedef int (*nlx_reply_fn)(const struct nlmsghdr *nlh, void *arg);

/**
 * nl_set_link - The attributes of rtnetlink's links that the tool uses, with
 * the set "switch" inside IFLA_INFO_DATA.
 */
extern const struct nl_set nl_set_link;

/** nl_set_linkinfo - What is inside IFLA_LINKINFO of those. */
extern const struct nl_set nl_set_linkinfo;

/**
 * nlx_init - Prepare a connection; opens nothing.
 * @nl: The connection.
 * @out: Where warnings go.
 */
void nlx_init(struct nlx *nl, struct out *out);

/**
 * nlx_close - Close what was opened.
 * @nl: The connection.
 */
void nlx_close(struct nlx *nl);

/**
 * nlx_resolve - Learn the number of the family, once.
 * @nl: The connection.
 *
 * Return: 0 or a negative errno, with the sentence in @nl->err.
 */
int nlx_resolve(struct nlx *nl);

/**
 * nlx_request - Start a request to the family, which must be resolved.
 * @nl: The connection.
 * @cmd: VSWITCH_CMD_x.
 * @flags: NLM_F_DUMP or 0.
 *
 * Return: the message, which nlx_call() frees; NULL without memory.
 */
struct nl_msg *nlx_request(struct nlx *nl, uint8_t cmd, unsigned int flags);

/**
 * nlx_link_request - Start a request to rtnetlink.
 * @type: RTM_x.
 * @flags: NLM_F_CREATE and the like.
 * @ifindex: The link, or 0.
 *
 * Return: the message, which nlx_call() frees; NULL without memory.
 */
struct nl_msg *nlx_link_request(uint16_t type, unsigned int flags, int ifindex);

/**
 * nlx_call - Send a request and take its whole reply.
 * @nl: The connection.
 * @proto: Whom to send it to.
 * @msg: The request, freed in any case; NULL is reported as no memory.
 * @fn: Takes the messages of the reply; may be NULL.
 * @arg: Passed to @fn.
 *
 * Return: 0 or a negative errno, with the sentence in @nl->err.
 */
int nlx_call(struct nlx *nl, enum nlx_proto proto, struct nl_msg *msg, nlx_reply_fn fn, void *arg);

/**
 * nlx_join - Join a multicast group of the family, which must be resolved.
 * @nl: The connection.
 * @group: The group.
 *
 * Return: 0 or a negative errno, with the sentence in @nl->err.
 */
int nlx_join(struct nlx *nl, enum nlx_group group);

/**
 * nlx_listen - Take events until something fails.
 * @nl: The connection.
 * @fn: Takes an event.
 * @arg: Passed to @fn.
 *
 * Return: a negative errno; -ENOBUFS, events were lost and it may be called
 * again.
 */
int nlx_listen(struct nlx *nl, nlx_reply_fn fn, void *arg);

/**
 * nlx_process - Take one datagram of a reply; the half of nlx_call() that needs
 * no socket.
 * @nl: The connection.
 * @req: The request that was sent.
 * @buf: What was received.
 * @len: Its length.
 * @fn: Takes the messages.
 * @arg: Passed to @fn.
 *
 * Return: 1 when more is to come, 0 at the end, a negative errno on failure.
 */
int nlx_process(struct nlx *nl, const struct nlmsghdr *req, const void *buf, size_t len,
		nlx_reply_fn fn, void *arg);

/**
 * nlx_attrs - The attributes of a message of the family.
 * @nlh: The message.
 * @cmd: Set to its operation.
 * @len: Set to the length of the attributes.
 *
 * Return: the first attribute; NULL when the message is too short.
 */
const void *nlx_attrs(const struct nlmsghdr *nlh, uint8_t *cmd, size_t *len);

/**
 * nlx_fail - Report why a request failed.
 * @nl: The connection.
 * @fmt: What was being done or to what, "port veth0"; the object that the
 *	refused attribute names, if it names one, is put in its place.
 *
 * Return: ST_REFUSED.
 */
int nlx_fail(struct nlx *nl, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * nlx_set_error - Note why something failed.
 * @nl: The connection.
 * @code: errno, positive.
 * @fmt: The sentence.
 *
 * Return: -@code.
 */
int nlx_set_error(struct nlx *nl, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* NL_H */
