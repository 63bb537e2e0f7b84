// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: requests to the module, and the counters of ports.
 */
#include <err.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "frames_nl.h"

static int sock = -1;
static u16 family = GENL_ID_CTRL;

static struct nlattr *put(struct request *r, u16 type, const void *data,
			  unsigned int len)
{
	struct nlattr *a = (void *)(r->buf + r->len);

	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	memcpy((u8 *)a + NLA_HDRLEN, data, len);
	r->len += NLA_ALIGN(a->nla_len);
	return a;
}

void nl_put(struct request *r, u16 type, const void *data, unsigned int len)
{
	put(r, type, data, len);
}

void nl_u8(struct request *r, u16 type, u8 value)
{
	put(r, type, &value, sizeof(value));
}

void nl_u16(struct request *r, u16 type, u16 value)
{
	put(r, type, &value, sizeof(value));
}

void nl_u32(struct request *r, u16 type, u32 value)
{
	put(r, type, &value, sizeof(value));
}

/* What is put until nl_nest_end() is within an attribute. */
unsigned int nl_nest(struct request *r, u16 type)
{
	unsigned int at = r->len;

	put(r, type | NLA_F_NESTED, "", 0);
	return at;
}

void nl_nest_end(struct request *r, unsigned int at)
{
	((struct nlattr *)(r->buf + at))->nla_len = r->len - at;
}

void nl_begin(struct request *r, u8 cmd)
{
	struct genlmsghdr g = { .cmd = cmd, .version = 1 };

	memset(r, 0, sizeof(*r));
	memcpy(r->buf + NLMSG_HDRLEN, &g, sizeof(g));
	r->len = NLMSG_HDRLEN + GENL_HDRLEN;
}

static void send_request(struct request *r, u16 flags)
{
	struct nlmsghdr *h = (void *)r->buf;

	h->nlmsg_len = r->len;
	h->nlmsg_type = family;
	h->nlmsg_flags = NLM_F_REQUEST | flags;
	if (send(sock, r->buf, r->len, 0) < 0)
		err(1, "netlink");
}

/* Reads to the end of the answer; each message of it goes to take. */
static int answer(void (*take)(const struct nlmsghdr *h, void *arg), void *arg)
{
	static u8 buf[65536] __attribute__((aligned(8)));
	const struct nlmsghdr *h;
	ssize_t len;

	for (;;) {
		len = recv(sock, buf, sizeof(buf), 0);
		if (len < 0)
			err(1, "netlink");
		for (h = (void *)buf; NLMSG_OK(h, len);
		     h = NLMSG_NEXT(h, len)) {
			if (h->nlmsg_type == NLMSG_ERROR ||
			    h->nlmsg_type == NLMSG_DONE)
				return *(int *)NLMSG_DATA(h);
			if (take)
				take(h, arg);
		}
	}
}

/* Returns 0 or a negative errno. */
int nl_do(struct request *r)
{
	send_request(r, NLM_F_ACK);
	return answer(NULL, NULL);
}

static const struct nlattr *find(const void *from, int len, u16 type)
{
	const struct nlattr *a = from;

	while (len >= NLA_HDRLEN && a->nla_len >= NLA_HDRLEN) {
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
		len -= NLA_ALIGN(a->nla_len);
		a = (void *)((u8 *)a + NLA_ALIGN(a->nla_len));
	}
	return NULL;
}

static const void *value(const struct nlattr *a)
{
	return (u8 *)a + NLA_HDRLEN;
}

static const struct nlattr *find_in(const struct nlmsghdr *h, u16 type)
{
	return find((u8 *)h + NLMSG_HDRLEN + GENL_HDRLEN,
		    h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN, type);
}

static void take_family(const struct nlmsghdr *h, void *arg)
{
	const struct nlattr *id = find_in(h, CTRL_ATTR_FAMILY_ID);

	if (id)
		*(u16 *)arg = *(u16 *)value(id);
}

void nl_open(void)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	u16 id = 0;
	struct request r;

	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (sock < 0 || connect(sock, (void *)&to, sizeof(to)))
		err(1, "netlink");
	nl_begin(&r, CTRL_CMD_GETFAMILY);
	nl_put(&r, CTRL_ATTR_FAMILY_NAME, VSWITCH_FAMILY_NAME,
	       sizeof(VSWITCH_FAMILY_NAME));
	send_request(&r, NLM_F_ACK);
	answer(take_family, &id);
	if (!id)
		errx(1, "the kernel has no vswitch");
	family = id;
}

static u64 counter(const struct nlattr *stats, u16 type)
{
	const struct nlattr *a;
	u64 num = 0;

	a = find(value(stats), stats->nla_len - NLA_HDRLEN, type);
	if (a)
		memcpy(&num, value(a), sizeof(num));
	return num;
}

static void take_port(const struct nlmsghdr *h, void *arg)
{
	const struct nlattr *number = find_in(h, VSWITCH_A_PORT_IFINDEX);
	const struct nlattr *stats = find_in(h, VSWITCH_A_PORT_STATS);
	struct port_count *c = arg;

	if (!number || !stats)
		return;
	for (; c->ifindex; c++) {
		if (c->ifindex != *(int *)value(number))
			continue;
		c->rx = counter(stats, VSWITCH_A_STATS_RX_PACKETS);
		c->tx = counter(stats, VSWITCH_A_STATS_TX_PACKETS);
	}
}

/* Fills in the counters of the ports named; the last one has no number. */
void nl_ports(struct port_count *c)
{
	struct request r;

	nl_begin(&r, VSWITCH_CMD_PORT_GET);
	send_request(&r, NLM_F_DUMP);
	answer(take_port, c);
}
