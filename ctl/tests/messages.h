/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages as the kernel sends them, for tests without one.  Each is the answer
 * to a request, or to none (NULL): then its sequence number is 0.
 */
#ifndef MESSAGES_H
#define MESSAGES_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/netlink.h>

struct nl_msg;

/** FAMILY - Number of the generic netlink family. */
#define FAMILY 0x20

/**
 * reply_to - Begin a message of the family.
 * @req: The request, or NULL.
 * @cmd: VSWITCH_CMD_x.
 *
 * Return: the message, without attributes.
 */
struct nl_msg *reply_to(const struct nlmsghdr *req, uint8_t cmd);

/**
 * an_ack - NLMSG_ERROR with an extended ack.
 * @req: The request; not NULL.
 * @code: errno, positive; 0, it was done.
 * @text: The sentence, or NULL.
 * @offs: Where the attribute is that it is about, or 0.
 *
 * Return: the message.
 */
struct nl_msg *an_ack(const struct nlmsghdr *req, int code, const char *text, int offs);

/**
 * a_done - NLMSG_DONE, the end of a dump; like an_ack().
 * @req: The request; not NULL.
 * @code: errno, positive; 0, the dump is complete.
 * @text: The sentence, or NULL.
 * @offs: Where the attribute is that it is about, or 0.
 *
 * Return: the message.
 */
struct nl_msg *a_done(const struct nlmsghdr *req, int code, const char *text, int offs);

/**
 * ack_with_request - NLMSG_ERROR (EINVAL) to which attributes can be added.
 * @req: The request.
 * @capped: Only the request's header is in it.
 *
 * Return: the message.
 */
struct nl_msg *ack_with_request(struct nl_msg *req, bool capped);

/**
 * put_entry - Add an entry to an fdb message.
 * @msg: The message.
 * @n: Last octet of its address; 1 is dynamic with a VLAN, others are static.
 * @event: What happened to it; negative, nothing.
 */
void put_entry(struct nl_msg *msg, int n, int event);

/** a_family - The controller's description of the family. */
struct nl_msg *a_family(const struct nlmsghdr *req);

/** a_switch - A switch, with an attribute of a newer module. */
struct nl_msg *a_switch(const struct nlmsghdr *req);

/** a_tap - A direct tap with two queues. */
struct nl_msg *a_tap(const struct nlmsghdr *req);

/** a_port - A port with counters, whose name has control bytes and no UTF-8. */
struct nl_msg *a_port(const struct nlmsghdr *req);

/** a_trunk - A port with lists of VLANs of each kind, on a VLAN-aware switch. */
struct nl_msg *a_trunk(const struct nlmsghdr *req);

/** two_entries - Two forwarding entries. */
struct nl_msg *two_entries(const struct nlmsghdr *req);

/** a_count - The answer to a flush. */
struct nl_msg *a_count(const struct nlmsghdr *req);

/** an_event - A notification of an entry that moved, and of lost ones. */
struct nl_msg *an_event(void);

#endif /* MESSAGES_H */
