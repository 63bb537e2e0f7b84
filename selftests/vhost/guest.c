// SPDX-License-Identifier: GPL-2.0
/*
 * Tap, /dev/vhost-net and virtqueues of one NIC (see guest.h).  A queue pair has
 * a /dev/vhost-net of its own, as with QEMU; several on one tap are its queues.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/vhost.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "the rings are written as they are in virtio 1");

/* Guest addresses begin here: none of ours is one by chance. */
#define GUEST_BASE	0x100000000ULL
#define RING_ALIGN	4096

long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000L + ts.tv_nsec / 1000000;
}

static uint64_t guest_addr(const struct guest *g, const void *p)
{
	return GUEST_BASE + ((const uint8_t *)p - g->mem);
}

static size_t align_up(size_t n)
{
	return (n + RING_ALIGN - 1) & ~(size_t)(RING_ALIGN - 1);
}

/* --- the tap --------------------------------------------------------------- */

int guest_offload(struct guest *g, unsigned int offload)
{
	return ioctl(g->tap, TUNSETOFFLOAD, (unsigned long)offload) ? -errno : 0;
}

/* INT_MAX, which is QEMU's default, makes vhost send in batches. */
int guest_sndbuf(struct guest *g, int bytes)
{
	return ioctl(g->tap, TUNSETSNDBUF, &bytes) ? -errno : 0;
}

static int tap_open(struct guest *g)
{
	const struct guest_config *c = &g->config;
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	bool direct;
	int size = HDR_LEN;

	if (!c->path) {
		g->tap = dup(c->tap);
		return g->tap < 0 ? -errno : 0;
	}
	direct = c->path[0] == '/';
	g->tap = open(direct ? c->path : "/dev/net/tun",
		      O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (g->tap < 0)
		return -errno;
	if (!direct)
		strncpy(ifr.ifr_name, c->path, sizeof(ifr.ifr_name) - 1);
	if (c->multi_queue)
		ifr.ifr_flags |= IFF_MULTI_QUEUE;
	if (ioctl(g->tap, TUNSETIFF, &ifr) ||
	    ioctl(g->tap, TUNSETVNETHDRSZ, &size) ||
	    ioctl(g->tap, TUNSETSNDBUF, &c->sndbuf))
		return -errno;
	return guest_offload(g, c->offload);
}

/* --- the memory ------------------------------------------------------------ */

static int memory_make(struct guest *g)
{
	const struct guest_config *c = &g->config;
	size_t ring = align_up(vring_size(c->num, RING_ALIGN));
	size_t table = align_up(PIECES_MAX * sizeof(struct vring_desc));
	size_t rx = align_up((size_t)c->num * c->buf);

	g->size = QUEUES * ring + table + rx + align_up(FRAME_MAX);
	g->mem = mmap(NULL, g->size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (g->mem == MAP_FAILED) {
		g->mem = NULL;
		return -errno;
	}
	vring_init(&g->q[RX].ring, c->num, g->mem, RING_ALIGN);
	vring_init(&g->q[TX].ring, c->num, g->mem + ring, RING_ALIGN);
	g->table = (void *)(g->mem + QUEUES * ring);
	g->rx_data = g->mem + QUEUES * ring + table;
	g->tx_data = g->rx_data + rx;
	return 0;
}

/* --- vhost ----------------------------------------------------------------- */

static int vhost_features(struct guest *g)
{
	uint64_t have, want;

	want = 1ULL << VIRTIO_F_VERSION_1 | 1ULL << VIRTIO_RING_F_INDIRECT_DESC;
	if (g->config.mergeable)
		want |= 1ULL << VIRTIO_NET_F_MRG_RXBUF;
	if (ioctl(g->vhost, VHOST_GET_FEATURES, &have))
		return -errno;
	if ((have & want) != want)
		return -EOPNOTSUPP;
	return ioctl(g->vhost, VHOST_SET_FEATURES, &want) ? -errno : 0;
}

static int vhost_memory(struct guest *g)
{
	struct {
		struct vhost_memory head;
		struct vhost_memory_region region;
	} table = {
		.head.nregions = 1,
		.region = {
			.guest_phys_addr = GUEST_BASE,
			.memory_size = g->size,
			.userspace_addr = (uintptr_t)g->mem,
		},
	};

	return ioctl(g->vhost, VHOST_SET_MEM_TABLE, &table) ? -errno : 0;
}

static int vhost_queue(struct guest *g, unsigned int index)
{
	struct queue *q = &g->q[index];
	struct vhost_vring_state num = { index, g->config.num };
	struct vhost_vring_file kick = { index, q->kick };
	struct vhost_vring_file call = { index, q->call };
	struct vhost_vring_addr addr = {
		.index = index,
		.desc_user_addr = (uintptr_t)q->ring.desc,
		.avail_user_addr = (uintptr_t)q->ring.avail,
		.used_user_addr = (uintptr_t)q->ring.used,
	};

	if (ioctl(g->vhost, VHOST_SET_VRING_NUM, &num) ||
	    ioctl(g->vhost, VHOST_SET_VRING_ADDR, &addr) ||
	    ioctl(g->vhost, VHOST_SET_VRING_KICK, &kick) ||
	    ioctl(g->vhost, VHOST_SET_VRING_CALL, &call))
		return -errno;
	return 0;
}

static int vhost_open(struct guest *g)
{
	int i, err;

	g->vhost = open("/dev/vhost-net", O_RDWR | O_CLOEXEC);
	if (g->vhost < 0 || ioctl(g->vhost, VHOST_SET_OWNER))
		return -errno;
	err = vhost_features(g);
	if (!err)
		err = vhost_memory(g);
	for (i = 0; !err && i < QUEUES; i++) {
		g->q[i].kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		g->q[i].call = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (g->q[i].kick < 0 || g->q[i].call < 0)
			return -errno;
		err = vhost_queue(g, i);
	}
	return err;
}

static int vhost_backend(struct guest *g, int fd)
{
	int i;

	for (i = 0; i < QUEUES; i++) {
		struct vhost_vring_file file = { i, fd };

		if (ioctl(g->vhost, VHOST_NET_SET_BACKEND, &file))
			return -errno;
	}
	return 0;
}

/* --- starting and ending --------------------------------------------------- */

/**
 * guest_kick() - Tell vhost that there is something in a queue.
 * @q: the queue
 *
 * Return: 0 or a negative errno.
 */
int guest_kick(struct queue *q)
{
	uint64_t one = 1;

	return write(q->kick, &one, sizeof(one)) == sizeof(one) ? 0 : -errno;
}

/* Makes @num more chains, whose heads are in place, available. */
static void publish(struct queue *q, unsigned int num)
{
	__atomic_store_n(&q->ring.avail->idx, q->ring.avail->idx + num,
			 __ATOMIC_RELEASE);
}

static void post_buffer(struct guest *g, unsigned int id)
{
	struct queue *q = &g->q[RX];

	q->ring.avail->ring[q->ring.avail->idx % q->ring.num] = id;
	publish(q, 1);
}

static void fill_receive_queue(struct guest *g)
{
	struct queue *q = &g->q[RX];
	unsigned int i;

	for (i = 0; i < q->ring.num; i++) {
		q->ring.desc[i] = (struct vring_desc){
			.addr = guest_addr(g, g->rx_data + i * g->config.buf),
			.len = g->config.buf,
			.flags = VRING_DESC_F_WRITE,
		};
		post_buffer(g, i);
	}
}

int guest_stop(struct guest *g)
{
	return vhost_backend(g, -1);
}

/* As after a reset of the device: both rings are new. */
int guest_start(struct guest *g)
{
	int i, err;

	memset(g->mem, 0, (uint8_t *)g->table - g->mem);
	for (i = 0; i < QUEUES; i++) {
		struct vhost_vring_state base = { i, 0 };

		g->q[i].last_used = 0;
		if (ioctl(g->vhost, VHOST_SET_VRING_BASE, &base))
			return -errno;
	}
	fill_receive_queue(g);
	err = vhost_backend(g, g->tap);
	return err ? err : guest_kick(&g->q[RX]);
}

void guest_close(struct guest *g)
{
	int fds[] = { g->vhost, g->tap, g->q[RX].kick, g->q[RX].call,
		      g->q[TX].kick, g->q[TX].call };
	unsigned int i;

	for (i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	if (g->mem)
		munmap(g->mem, g->size);
}

/* The caller closes it also when this fails. */
int guest_open(struct guest *g, const struct guest_config *config)
{
	int err;

	g->config = *config;
	g->tap = g->vhost = -1;
	g->q[RX].kick = g->q[RX].call = g->q[TX].kick = g->q[TX].call = -1;
	err = tap_open(g);
	if (!err)
		err = memory_make(g);
	if (!err)
		err = vhost_open(g);
	return err ? err : guest_start(g);
}

/* --- sending --------------------------------------------------------------- */

static void chain_spoil(struct guest *g, struct vring_desc *first,
			unsigned int slot, enum fault fault)
{
	unsigned int num = g->config.num;

	switch (fault) {
	case FAULT_ADDRESS:
		first->addr = GUEST_BASE + g->size - 4;
		break;
	case FAULT_LOOP:
		first->flags |= VRING_DESC_F_NEXT;
		first->next = slot;
		break;
	case FAULT_NEXT:
		first->flags |= VRING_DESC_F_NEXT;
		first->next = num + 5;
		break;
	case FAULT_WRITE:
		first->flags |= VRING_DESC_F_WRITE;
		break;
	case FAULT_NESTED:
		first->flags |= VRING_DESC_F_INDIRECT;
		break;
	case FAULT_INDEX:
		publish(&g->q[TX], num + 1);
		break;
	case FAULT_NONE:
		break;
	}
}

/* Describes @len bytes at offset @at of the data by descriptors of which the
 * first one has index @base.  Returns their number.
 */
static unsigned int describe(struct guest *g, struct vring_desc *desc,
			     unsigned int base, size_t at, size_t len,
			     const struct chain *chain)
{
	unsigned int i;

	for (i = 0; i <= chain->pieces; i++) {
		size_t piece = i < chain->pieces ? chain->piece[i] : len;

		if (piece > len)
			piece = len;
		desc[i] = (struct vring_desc){
			.addr = guest_addr(g, g->tx_data + at),
			.len = piece,
			.flags = i < chain->pieces ? VRING_DESC_F_NEXT : 0,
			.next = base + i + 1,
		};
		at += piece;
		len -= piece;
	}
	return i;
}

/**
 * guest_put() - Put a frame into the transmit queue, without telling.
 * @g: guest
 * @slot: first descriptor to use
 * @at: where its header begins in the data to send
 * @len: bytes, those of the header included
 * @chain: how it lies in descriptors
 *
 * Return: the number of descriptors used.
 */
int guest_put(struct guest *g, unsigned int slot, size_t at, size_t len,
	      const struct chain *chain)
{
	struct queue *q = &g->q[TX];
	struct vring_desc *first = q->ring.desc + slot;
	unsigned int used;

	if (chain->indirect) {
		used = describe(g, g->table, 0, at, len, chain);
		*first = (struct vring_desc){
			.addr = guest_addr(g, g->table),
			.len = used * sizeof(*first),
			.flags = VRING_DESC_F_INDIRECT,
		};
		first = g->table;
		used = 1;
	} else {
		used = describe(g, first, slot, at, len, chain);
	}
	q->ring.avail->ring[q->ring.avail->idx % q->ring.num] = slot;
	publish(q, 1);
	chain_spoil(g, first, slot, chain->fault);
	return used;
}

static uint16_t used_index(const struct queue *q)
{
	return __atomic_load_n(&q->ring.used->idx, __ATOMIC_ACQUIRE);
}

/**
 * guest_wait() - Wait until more chains are used.
 * @q: the queue
 * @num: how many more than we have seen
 * @ms: how long
 *
 * Return: 0, or -ETIME.
 */
int guest_wait(struct queue *q, unsigned int num, int ms)
{
	long end = now_ms() + ms;
	uint64_t calls;

	while ((uint16_t)(used_index(q) - q->last_used) < num) {
		struct pollfd call = { .fd = q->call, .events = POLLIN };
		long left = end - now_ms();

		if (left < 0)
			return -ETIME;
		poll(&call, 1, left);
		if (call.revents && read(q->call, &calls, sizeof(calls)) < 0 &&
		    errno != EAGAIN)
			return -errno;
	}
	return 0;
}

/**
 * guest_flush() - Tell that there are frames to send, and wait until they are.
 * @g: guest
 * @num: how many were put there
 * @ms: time it may take
 *
 * Return: 0, or -ETIME.
 */
int guest_flush(struct guest *g, unsigned int num, int ms)
{
	struct queue *q = &g->q[TX];
	int err = guest_kick(q);

	if (!err)
		err = guest_wait(q, num, ms);
	if (!err)
		q->last_used += num;
	return err;
}

/**
 * guest_send() - Send a frame some times, and wait until vhost has done with it.
 * @g: guest
 * @data: header and frame
 * @len: bytes of both
 * @count: how often
 * @chain: how it lies in descriptors
 * @ms: time that a ring of them may take
 *
 * Return: 0 or a negative errno; -ETIME when vhost does not.
 */
int guest_send(struct guest *g, const void *data, size_t len, unsigned int count,
	       const struct chain *chain, int ms)
{
	unsigned int per = chain->indirect ? 1 : chain->pieces + 1;
	unsigned int i, batch;
	int err = 0;

	memcpy(g->tx_data, data, len);
	for (; !err && count; count -= batch) {
		batch = g->config.num / per < count ? g->config.num / per : count;
		for (i = 0; i < batch; i++)
			guest_put(g, i * per, 0, len, chain);
		err = guest_flush(g, batch, ms);
	}
	return err;
}

/* --- receiving ------------------------------------------------------------- */

/* Takes what is in one buffer, and gives the buffer back. */
static size_t take_buffer(struct guest *g, void *data, size_t size)
{
	struct queue *q = &g->q[RX];
	struct vring_used_elem *e = &q->ring.used->ring[q->last_used++ % q->ring.num];
	size_t len = e->len;

	if (len > g->config.buf)
		len = g->config.buf;
	if (len > size)
		len = size;
	memcpy(data, g->rx_data + (size_t)e->id % q->ring.num * g->config.buf, len);
	post_buffer(g, e->id % q->ring.num);
	return len;
}

/* How many buffers the next frame fills, of which the first one has come. */
static unsigned int num_buffers(const struct guest *g)
{
	const struct queue *q = &g->q[RX];
	unsigned int at = offsetof(struct virtio_net_hdr_v1, num_buffers), byte[2];
	uint16_t used = q->last_used;
	unsigned int i;

	if (!g->config.mergeable)
		return 1;
	/* Buffers may be so small that even this is spread over them. */
	for (i = 0; i < 2; i++) {
		unsigned int n = (at + i) / g->config.buf;
		uint32_t id = q->ring.used->ring[(uint16_t)(used + n) % q->ring.num].id;

		byte[i] = g->rx_data[(size_t)id % q->ring.num * g->config.buf +
				     (at + i) % g->config.buf];
	}
	return byte[0] | byte[1] << 8;
}

/**
 * guest_receive() - Wait for a frame.
 * @g: guest
 * @data: where to put its header and the frame
 * @size: room there
 * @ms: how long to wait
 *
 * Return: bytes of both, 0 when nothing came, or a negative errno.
 */
int guest_receive(struct guest *g, void *data, size_t size, int ms)
{
	struct queue *q = &g->q[RX];
	unsigned int i, num;
	size_t len = 0;

	if (guest_wait(q, 1, ms))
		return 0;
	num = num_buffers(g);
	if (!num || num > q->ring.num || guest_wait(q, num, 0))
		return -EBADMSG;
	for (i = 0; i < num; i++)
		len += take_buffer(g, (uint8_t *)data + len, size - len);
	guest_kick(q);
	return len;
}
