/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The frame fuzzer: requests to the module.
 */
#ifndef _VSW_FUZZ_FRAMES_NL_H
#define _VSW_FUZZ_FRAMES_NL_H

#include <netlink/netlink.h>
#include "frames.h"

struct port_count {
	int ifindex;
	u64 rx, tx;
	bool quarantined;
};

/* frames_vlan.c */
void put_vlans(struct nl_msg *msg, const struct vlans *v);

/* frames_nl.c */
void request_open(void);
struct nl_msg *request_begin(u8 cmd);
int request_send(struct nl_msg *msg);
void request_counts(struct port_count *c);

#endif /* _VSW_FUZZ_FRAMES_NL_H */
