/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest's NIC without a guest: a tap, an open /dev/vhost-net, and the memory
 * with the two split virtqueues that both sides share.
 */
#ifndef _VHOST_GUEST_H
#define _VHOST_GUEST_H

#include <linux/virtio_ring.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* struct virtio_net_hdr_v1, before each frame. */
#define HDR_LEN		12
/* What a frame and its header may be at most, with room for what is too much. */
#define FRAME_MAX	(65535 + HDR_LEN + 4096)
#define PIECES_MAX	64

enum { RX, TX, QUEUES };

struct queue {
	struct vring ring;
	int kick, call;
	uint16_t last_used;	/* up to here we have seen */
};

/**
 * struct guest_config - How a NIC is to be.
 * @path: node of a direct tap, or the name of a tun tap; NULL, it is open
 * @tap: then, its descriptor, which stays open
 * @num: entries of each virtqueue, a power of two
 * @buf: bytes of each receive buffer
 * @mergeable: a frame may fill several of them
 * @multi_queue: one of several queues of a tun tap
 * @sndbuf: of the tap's socket; INT_MAX makes vhost send in batches
 * @offload: TUN_F_*
 */
struct guest_config {
	const char *path;
	int tap;
	unsigned int num;
	unsigned int buf;
	bool mergeable;
	bool multi_queue;
	int sndbuf;
	unsigned int offload;
};

struct guest {
	struct guest *next;
	char name[16];
	uint8_t mac[6];
	struct guest_config config;
	int tap, vhost;
	uint8_t *mem;
	size_t size;
	struct queue q[QUEUES];
	uint8_t *rx_data, *tx_data;
	struct vring_desc *table;	/* for indirect descriptors */
};

/* What is wrong with a chain on purpose. */
enum fault {
	FAULT_NONE,
	FAULT_ADDRESS,	/* data where the guest has no memory */
	FAULT_LOOP,	/* a descriptor that goes on with itself */
	FAULT_NEXT,	/* a descriptor that goes on with none of the ring */
	FAULT_WRITE,	/* data to be sent that is to be written */
	FAULT_NESTED,	/* an indirect table with another one in it */
	FAULT_INDEX,	/* more chains than the ring can have */
};

/**
 * struct chain - How a frame lies in descriptors.
 * @piece: bytes of each descriptor but the last, which has what is left
 * @pieces: how many are given
 * @indirect: they are in a table of their own
 * @fault: what is wrong with it
 */
struct chain {
	unsigned int piece[PIECES_MAX];
	unsigned int pieces;
	bool indirect;
	enum fault fault;
};

int guest_open(struct guest *g, const struct guest_config *config);
void guest_close(struct guest *g);
int guest_start(struct guest *g);
int guest_stop(struct guest *g);
int guest_offload(struct guest *g, unsigned int offload);
int guest_sndbuf(struct guest *g, int bytes);

int guest_kick(struct queue *q);
int guest_wait(struct queue *q, unsigned int num, int ms);
int guest_put(struct guest *g, unsigned int slot, size_t at, size_t len,
	      const struct chain *chain);
int guest_flush(struct guest *g, unsigned int num, int ms);
int guest_send(struct guest *g, const void *data, size_t len, unsigned int count,
	       const struct chain *chain, int ms);
int guest_receive(struct guest *g, void *data, size_t size, int ms);

long now_ms(void);

#endif /* _VHOST_GUEST_H */
