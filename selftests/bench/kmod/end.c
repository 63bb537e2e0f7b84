// SPDX-License-Identifier: GPL-2.0
/*
 * The two ends of vhost-net at a tap, without virtqueues: what its worker does
 * for frames of the guest, in batches, and for those in the tap's ring.
 */
#include <linux/file.h>
#include <linux/if_tap.h>
#include <linux/if_tun.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <linux/uio.h>
#include "bench.h"

/* Room that vhost-net leaves before a frame. */
#define BENCH_HEADROOM	(NET_IP_ALIGN + NET_SKB_PAD)

/**
 * bench_end_get() - Take a tap or a NIC.
 * @end: where it is noted
 * @fd: descriptor of a tun tap, or of a node of the tap library; negative, the
 *      index of a NIC of nic.c
 *
 * Return: 0, or an error.
 */
int bench_end_get(struct bench_end *end, int fd)
{
	if (fd < 0) {
		end->dev = bench_nic_get(-fd);
		return PTR_ERR_OR_ZERO(end->dev);
	}
	end->file = fget(fd);
	if (!end->file)
		return -EBADF;
	end->sock = tun_get_socket(end->file);
	if (IS_ERR(end->sock)) {
		end->sock = tap_get_socket(end->file);
		end->ring = tap_get_ptr_ring(end->file);
	} else {
		end->ring = tun_get_tx_ring(end->file);
	}
	if (IS_ERR(end->sock))
		return PTR_ERR(end->sock);
	return PTR_ERR_OR_ZERO(end->ring);
}

/**
 * bench_end_put() - Let go of it.
 * @end: what bench_end_get() noted
 */
void bench_end_put(struct bench_end *end)
{
	if (!IS_ERR_OR_NULL(end->dev))
		dev_put(end->dev);
	if (end->file)
		fput(end->file);
}

/**
 * bench_run_layout() - Lay out the memory around a frame.
 * @run: measurement whose taps are known; sets pad and buflen
 */
void bench_run_layout(struct bench_run *run)
{
	u32 pad = BENCH_HEADROOM + run->hdr_len;

	if (run->from.sock && sock_flag(run->from.sock->sk, SOCK_XDP))
		pad += XDP_PACKET_HEADROOM;
	run->pad = SKB_DATA_ALIGN(pad);
	run->buflen = SKB_DATA_ALIGN(run->len - run->hdr_len + run->pad) +
		      SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
}

/* A copy of the frame, @pad bytes into a buffer with room for an skb around it. */
static __always_inline u8 *bench_fill(struct bench_run *run)
{
	u8 *buf;

	buf = bench_compat_frag_alloc(&run->frags, run->buflen, GFP_ATOMIC,
				      SMP_CACHE_BYTES);
	if (unlikely(!buf))
		return NULL;
	memcpy(buf + run->pad, run->frame + run->hdr_len, run->len - run->hdr_len);
	bench_mark(run, buf + run->pad, run->next++);
	return buf;
}

/**
 * bench_skb() - Make an skb as a driver does of what a NIC has received.
 * @run: measurement
 *
 * Return: the skb, or an error.
 */
struct sk_buff *bench_skb(struct bench_run *run)
{
	struct sk_buff *skb;
	u8 *buf = bench_fill(run);

	if (unlikely(!buf))
		return ERR_PTR(-ENOMEM);
	skb = napi_build_skb(buf, run->buflen);
	if (unlikely(!skb)) {
		put_page(virt_to_head_page(buf));
		return ERR_PTR(-ENOMEM);
	}
	skb_reserve(skb, run->pad);
	__skb_put(skb, run->len - run->hdr_len);
	return skb;
}

static int bench_build(struct bench_run *run, struct xdp_buff *xdp)
{
	u8 *buf = bench_fill(run);

	if (unlikely(!buf))
		return -ENOMEM;
	/* Longer than the structure has it, by the number of buffers. */
	memcpy(buf + offsetof(struct tun_xdp_hdr, gso), run->frame, run->hdr_len);
	xdp_init_buff(xdp, run->buflen, NULL);
	xdp_prepare_buff(xdp, buf, run->pad, run->len - run->hdr_len, true);
	((struct tun_xdp_hdr *)buf)->buflen = run->buflen;
	return 0;
}

static void bench_unbuild(struct bench_run *run, u32 num)
{
	while (num--)
		put_page(virt_to_head_page(run->xdp[num].data));
}

static int bench_send_batch(struct bench_run *run, u32 num)
{
	struct tun_msg_ctl ctl = {
		.type = TUN_MSG_PTR,
		.num = num,
		.ptr = run->xdp,
	};
	struct msghdr msg = {
		.msg_flags = MSG_DONTWAIT,
		.msg_control = &ctl,
		.msg_controllen = sizeof(ctl),
	};
	int err;
	u32 i;

	for (i = 0; i < num; i++) {
		err = bench_build(run, &run->xdp[i]);
		if (err) {
			bench_unbuild(run, i);
			return err;
		}
	}
	err = run->from.sock->ops->sendmsg(run->from.sock, &msg, 0);
	if (err < 0)
		bench_unbuild(run, num);
	return err < 0 ? err : 0;
}

/* As vhost-net sends what does not fit into a page. */
static int bench_send_large(struct bench_run *run, u32 num)
{
	struct kvec vec = { .iov_base = run->frame, .iov_len = run->len };
	struct msghdr msg = { .msg_flags = MSG_DONTWAIT };
	int err;

	while (num--) {
		bench_mark(run, run->frame + run->hdr_len, run->next++);
		iov_iter_kvec(&msg.msg_iter, ITER_SOURCE, &vec, 1, run->len);
		err = run->from.sock->ops->sendmsg(run->from.sock, &msg, run->len);
		if (err < 0)
			return err;
	}
	return 0;
}

/**
 * bench_send() - Send a batch of frames.
 * @run: measurement
 * @num: how many
 *
 * Return: 0, or an error.
 */
int bench_send(struct bench_run *run, u32 num)
{
	if (run->from.dev)
		return bench_nic_send(run, num);
	return likely(run->buflen <= PAGE_SIZE) ?
	       bench_send_batch(run, num) : bench_send_large(run, num);
}

/* What the tap makes of a frame out of the ring, which it consumes. */
static int bench_receive_one(struct bench_run *run, const struct bench_end *end,
			     struct msghdr *msg, const struct kvec *to)
{
	size_t len = __skb_array_len_with_tag(msg->msg_control) + run->hdr_len;

	iov_iter_kvec(&msg->msg_iter, ITER_DEST, to, 1, to->iov_len);
	return end->sock->ops->recvmsg(end->sock, msg, len,
				       MSG_DONTWAIT | MSG_TRUNC);
}

/* Who has sent that? */
static int bench_wrong_size(const struct bench_run *run, const u8 *got, int ret)
{
	if (ret < 0)
		return ret;
	pr_err("%d bytes: %*ph\n", ret, min_t(int, 64, run->len - run->hdr_len),
	       got + run->hdr_len);
	return -EMSGSIZE;
}

/**
 * bench_receive() - Receive all that is there.
 * @run: measurement; @got has the frames afterwards, @arrived counts them
 * @end: the tap or the NIC
 * @num: how many there is room for
 *
 * Return: 0, or an error; EMSGSIZE if one had another size.
 */
int bench_receive(struct bench_run *run, const struct bench_end *end, u32 num)
{
	struct msghdr msg = {};
	struct kvec to = { .iov_len = run->len };
	int i, n, ret;

	if (end->dev)
		return bench_nic_receive(run, end, num);
	while ((n = ptr_ring_consume_batched(end->ring, run->queue,
					     BENCH_BATCH_MAX))) {
		for (i = 0; i < n; i++) {
			msg.msg_control = run->queue[i];
			to.iov_base = run->got +
				      run->len * min(run->arrived, num - 1);
			ret = bench_receive_one(run, end, &msg, &to);
			if (unlikely(ret != run->len))
				return bench_wrong_size(run, to.iov_base, ret);
			run->arrived++;
		}
	}
	return 0;
}
