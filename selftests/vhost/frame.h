/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames as a guest makes them, and whether what came is what was sent.
 */
#ifndef _VHOST_FRAME_H
#define _VHOST_FRAME_H

#include "guest.h"

enum frame_kind { FRAME_RAW, FRAME_ETH, FRAME_TCP4, FRAME_TCP6 };

/**
 * struct frame - A frame and its virtio_net header.
 * @kind: what is in it
 * @hdr_len: bytes of the header that are sent
 * @len: bytes of the frame
 * @net: where the IP header begins
 * @trans: where that of TCP begins
 * @payload: where the data begin, which frame_pattern() makes
 * @data: header and frame
 */
struct frame {
	enum frame_kind kind;
	size_t hdr_len, len;
	size_t net, trans, payload;
	uint8_t data[FRAME_MAX];
};

/**
 * struct frame_spec - What a frame is to be.
 * @dst: destination
 * @src: source
 * @len: bytes of a FRAME_ETH, of the data of the others
 * @vlan: VID of a tag, or 0
 * @mss: data in each segment when it is cut, or 0: then it is not to be
 * @port: source port
 */
struct frame_spec {
	const uint8_t *dst, *src;
	size_t len;
	unsigned int vlan, mss, port;
};

int frame_make(struct frame *f, enum frame_kind kind, const struct frame_spec *s);
void frame_number(uint8_t *frame, uint32_t number);
const char *frame_compare(const struct frame *f, const uint8_t *got, size_t len);

/**
 * struct reassembly - What has come of a frame that was cut into segments.
 * @f: the frame
 * @segments: how many have come
 * @done: bytes of data that have come
 */
struct reassembly {
	const struct frame *f;
	unsigned int segments;
	size_t done;
};

const char *frame_segment(struct reassembly *r, const uint8_t *got, size_t len);

#endif /* _VHOST_FRAME_H */
