// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: how frames get in and come out, through taps and, at the host,
 * packet sockets.
 */
#include <errno.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include "frames.h"

/* Writes the frame once, in two parts or more to the tap that wants them. */
static bool send_once(const struct port *p, const struct frame *f)
{
	static u8 head[256];
	struct iovec iov[20] = { { .iov_base = head, .iov_len = p->hdrsz } };
	unsigned int num = 1, at = 0, part;

	memcpy(head, &f->vnet, sizeof(f->vnet));
	if (f->from == FRAGS) {
		/* The linear part goes with the header, of which it is behind. */
		at = f->cut < 128 ? f->cut : 128;
		memcpy(head + p->hdrsz, f->data, at);
		iov[0].iov_len += at;
		for (; at < f->len && num < 17; at += part) {
			part = f->len - at < 4096 ? f->len - at : 4096;
			iov[num].iov_base = (void *)(f->data + at);
			iov[num++].iov_len = part;
		}
	} else {
		iov[num].iov_base = (void *)f->data;
		iov[num++].iov_len = f->len;
	}
	return writev(p->fd, iov, num) >= 0;
}

/* Sends the frame as often as it wants; false if the first is not taken. */
bool world_send(struct world *w, const struct frame *f)
{
	unsigned int i;

	for (i = 0; i < f->times; i++)
		if (!send_once(&w->port[f->from], f) && !i)
			return false;
	return true;
}

/* The tag that the packet socket gives beside the data goes back in. */
static int put_tag(struct msghdr *m, u8 *buf, int len)
{
	struct tpacket_auxdata aux;
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA)
			continue;
		memcpy(&aux, CMSG_DATA(c), sizeof(aux));
		if (!(aux.tp_status & TP_STATUS_VLAN_VALID) || len < 12)
			return len;
		memmove(buf + 16, buf + 12, len - 12);
		put16(buf + 12, aux.tp_vlan_tpid);
		put16(buf + 14, aux.tp_vlan_tci);
		return len + 4;
	}
	return len;
}

/*
 * The next frame that comes out of a port: returns its length, -1 if there is
 * none, or 0 for one whose offload state cannot be told to user space.
 */
int world_receive(struct world *w, unsigned int port, u8 *buf,
		  struct virtio_net_hdr *vnet)
{
	struct port *p = &w->port[port];
	u8 head[256], control[256];
	struct iovec iov[2] = { { head, p->hdrsz }, { buf, FRAME_MAX + 4 } };
	struct msghdr m = { .msg_iov = iov, .msg_iovlen = 2,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	ssize_t len;

	do {
		len = port == HOST ? recvmsg(p->in_fd, &m, 0) :
				     readv(p->in_fd, iov, 2);
		/* Said once of a device that was set down. */
	} while (len < 0 && errno == ENETDOWN);
	if (len < 0)
		return errno == EAGAIN ? -1 : 0;
	memcpy(vnet, head, sizeof(*vnet));
	len -= p->hdrsz;
	return port == HOST ? put_tag(&m, buf, len) : len;
}

/* Whether something waits to be received at one of the ports, and at which. */
bool world_ready(struct world *w, bool *ready)
{
	struct pollfd p[PORTS];
	unsigned int i;
	int num;

	for (i = 0; i < PORTS; i++)
		p[i] = (struct pollfd){ w->port[i].in_fd, POLLIN, 0 };
	num = poll(p, PORTS, 0);
	for (i = 0; i < PORTS; i++)
		ready[i] = p[i].revents & (POLLIN | POLLERR);
	return num > 0;
}
