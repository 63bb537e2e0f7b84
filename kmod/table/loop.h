/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Probes that a switch sends out of its ports, to see whether they come back.
 */
#ifndef _VSW_TABLE_LOOP_H
#define _VSW_TABLE_LOOP_H

#include "../vsw.h"

/* A group that bridges forward, locally administered. */
#define VSW_ADDR_PROBE		0x037673776c70ULL
/* IEEE Std 802 local experimental EtherType, of which ours begin with this. */
#define VSW_PROBE_ETHERTYPE	0x88b5
#define VSW_PROBE_MAGIC		0x76736c70
/* A probe that is older, in seconds, has waited somewhere. */
#define VSW_PROBE_VALID		5
/* Bytes of a frame, padding included. */
#define VSW_PROBE_LEN		60

/**
 * struct vsw_probe - What is in a probe, behind the EtherType.
 * @magic: VSW_PROBE_MAGIC
 * @port: number of the port it was sent out of
 * @id: of the switch
 * @time: when it was sent, in seconds
 * @ifindex: of the netdev of the port: another port may have its number since
 * @mac: of all that, with the key of the switch, so that nobody else makes one
 */
struct vsw_probe {
	__be32 magic;
	__be32 port;
	__be64 id;
	__be64 time;
	__be32 ifindex;
	__be64 mac;
} __packed;

u64 vsw_loop_now(void);
void vsw_loop_init(struct vsw_switch *sw);
void vsw_loop_stop(struct vsw_switch *sw);
void vsw_loop_start(struct vsw_switch *sw);
struct sk_buff *vsw_loop_make(const struct vsw_switch *sw, u32 port, int ifindex,
			      u64 time);
void vsw_loop_send(struct vsw_port *port, u64 time);

/* path/in_guard.c */
void vsw_guard_xmit(struct vsw_port *port, struct sk_buff *skb);

/* Fast path */

int vsw_loop_check(const struct vsw_switch *sw, const struct vsw_probe *p,
		   u64 now);

#endif /* _VSW_TABLE_LOOP_H */
