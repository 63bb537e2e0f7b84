/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The frame fuzzer: requests to the module.
 */
#ifndef _VSW_FUZZ_FRAMES_NL_H
#define _VSW_FUZZ_FRAMES_NL_H

#include "frames.h"

struct request {
	unsigned int len;
	u8 buf[512] __attribute__((aligned(8)));
};

struct port_count {
	int ifindex;
	u64 rx, tx;
};

void nl_open(void);
void nl_begin(struct request *r, u8 cmd);
void nl_put(struct request *r, u16 type, const void *data, unsigned int len);
void nl_u8(struct request *r, u16 type, u8 value);
void nl_u16(struct request *r, u16 type, u16 value);
void nl_u32(struct request *r, u16 type, u32 value);
unsigned int nl_nest(struct request *r, u16 type);
void nl_nest_end(struct request *r, unsigned int at);
int nl_do(struct request *r);
void nl_ports(struct port_count *c);

#endif /* _VSW_FUZZ_FRAMES_NL_H */
