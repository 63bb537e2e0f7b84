/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ends a reply: a code, and an extended ack that says why.
 */
#ifndef NL_ACK_H
#define NL_ACK_H

#include <linux/netlink.h>

struct nlx;

/**
 * nl_ack_error - Take an NLMSG_ERROR, which acknowledges or refuses.
 * @nl: The connection; its error is set to what the kernel says.
 * @req: The request that was sent.
 * @nlh: The message; its length was checked against what was received.
 *
 * Return: 0 or a negative errno; -EBADMSG without a code in the error, the
 * message is too short.
 */
int nl_ack_error(struct nlx *nl, const struct nlmsghdr *req, const struct nlmsghdr *nlh);

/**
 * nl_ack_done - Take an NLMSG_DONE, which ends a dump with a code and, since
 * Linux 4.20, an extended ack.
 * @nl: The connection; its error is set to what the kernel says.
 * @req: The request that was sent.
 * @nlh: The message; its length was checked against what was received.
 *
 * Return: 0 or a negative errno.
 */
int nl_ack_done(struct nlx *nl, const struct nlmsghdr *req, const struct nlmsghdr *nlh);

#endif /* NL_ACK_H */
