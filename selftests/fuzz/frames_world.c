// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: a switch and its ports, whose settings change, and counters.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "frames_nl.h"

const u8 switch_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 0xfe };

static const struct settings usual = {
	.role = VSWITCH_ROLE_GUEST,
	.learning = 1,
	.group_host = 0xfffd,
	.flood = FLOOD_ALL,
};

static int any_socket;	/* for ioctls on devices */

static void run(const char *command)
{
	if (system(command))
		errx(1, "failed: %s", command);
}

static int dev_ioctl(const struct port *p, unsigned long request,
		     struct ifreq *ifr)
{
	memcpy(ifr->ifr_name, p->name, sizeof(ifr->ifr_name));
	return ioctl(any_socket, request, ifr);
}

static void set_flag(const struct port *p, short flag, bool on)
{
	struct ifreq ifr = {};

	if (dev_ioctl(p, SIOCGIFFLAGS, &ifr))
		err(1, "flags of %s", p->name);
	ifr.ifr_flags = on ? ifr.ifr_flags | flag : ifr.ifr_flags & ~flag;
	if (dev_ioctl(p, SIOCSIFFLAGS, &ifr))
		err(1, "flags of %s", p->name);
}

/* The FDB forgets who was there, as it does when a port goes down. */
static void forget(struct world *w, const struct port *p)
{
	unsigned int i;

	for (i = 0; i < w->learned_num; i++)
		if (&w->port[w->learned[i].port] == p)
			w->learned[i--] = w->learned[--w->learned_num];
}

static void set_up(struct port *p, bool up)
{
	set_flag(p, IFF_UP, up);
	p->up = up;
}

static void set_mtu(struct port *p, u16 mtu)
{
	struct ifreq ifr = { .ifr_mtu = mtu };

	if (!dev_ioctl(p, SIOCSIFMTU, &ifr))
		p->mtu = mtu;
}

/* The question makes the core act on it now, and not within a second. */
static void set_carrier(struct port *p, bool carrier)
{
	struct ethtool_value ask = { .cmd = ETHTOOL_GLINK };
	struct ifreq ifr = { .ifr_data = (void *)&ask };
	int on = carrier;

	if (ioctl(p->fd, TUNSETCARRIER, &on))
		err(1, "carrier");
	if (dev_ioctl(p, SIOCETHTOOL, &ifr))
		err(1, "link");
	p->carrier = carrier;
}

static void set_offload(struct port *p, u16 offload)
{
	if (!ioctl(p->fd, TUNSETOFFLOAD, (unsigned long)offload))
		p->offload = offload;
}

static void set_hdrsz(struct port *p, u16 size)
{
	int val = size;

	if (!ioctl(p->fd, TUNSETVNETHDRSZ, &val))
		p->hdrsz = size;
}

/* How many frames there are in a second does not follow from the seed: limits are
 * looked at, and not reached.
 */
static void put_guard(struct nl_msg *msg, const struct settings *s)
{
	struct nlattr *nest = nla_nest_start(msg, VSWITCH_A_PORT_GUARD);

	nla_put_u32(msg, VSWITCH_A_GUARD_STORM_UNICAST, VSWITCH_STORM_MAX);
	nla_put_u32(msg, VSWITCH_A_GUARD_STORM_MULTICAST, VSWITCH_STORM_MAX);
	nla_put_u32(msg, VSWITCH_A_GUARD_STORM_BROADCAST, VSWITCH_STORM_MAX);
	nla_put_u32(msg, VSWITCH_A_GUARD_BPDU_GUARD,
		    s->bpdu ? VSWITCH_BPDU_GUARD_DROP : VSWITCH_BPDU_GUARD_OFF);
	nla_put_u32(msg, VSWITCH_A_GUARD_STP_STATE,
		    s->shut == 1 ? VSWITCH_STP_STATE_BLOCKING :
				       VSWITCH_STP_STATE_FORWARDING);
	nla_put_u8(msg, VSWITCH_A_GUARD_QUARANTINE, s->shut == 2);
	nla_nest_end(msg, nest);
}

static void put_settings(struct nl_msg *msg, const struct settings *s)
{
	nla_put_u32(msg, VSWITCH_A_PORT_ROLE, s->role);
	nla_put_u8(msg, VSWITCH_A_PORT_LEARNING, s->learning);
	nla_put_u32(msg, VSWITCH_A_PORT_MAC_LIMIT, s->mac_limit);
	nla_put_u16(msg, VSWITCH_A_PORT_GROUP_FORWARD, s->group_forward);
	nla_put_u16(msg, VSWITCH_A_PORT_GROUP_HOST, s->group_host);
	nla_put_u8(msg, VSWITCH_A_PORT_FLOOD, s->flood);
	nla_put_u8(msg, VSWITCH_A_PORT_HAIRPIN, s->hairpin);
	nla_put_u8(msg, VSWITCH_A_PORT_ISOLATED, s->isolated);
	nla_put_u16(msg, VSWITCH_A_PORT_COMMUNITY, s->community);
	nla_put_u8(msg, VSWITCH_A_PORT_LOCKED, s->locked);
	put_guard(msg, s);
}

static void set_settings(struct world *w, struct port *p, const struct settings *s)
{
	struct nl_msg *msg;

	msg = request_begin(VSWITCH_CMD_PORT_SET);
	nla_put_u32(msg, VSWITCH_A_PORT_IFINDEX, p->ifindex);
	put_settings(msg, s);
	if (request_send(msg))
		return;
	p->set = *s;
	if (s->shut)
		forget(w, p);
}

/* The switch's counters keep what a port that leaves has counted. */
static void keep_counts(struct world *w, const struct port *p)
{
	struct port_count c[2] = { { .ifindex = p->ifindex } };

	request_counts(c);
	w->gone_rx += c[0].rx;
	w->gone_tx += c[0].tx;
}

static void set_attached(struct world *w, struct port *p, bool attached)
{
	struct nl_msg *msg;
	unsigned int i;
	int ret;

	if (p->attached == attached || p == &w->port[DIRECT])
		return;
	if (!attached)
		keep_counts(w, p);
	msg = request_begin(attached ? VSWITCH_CMD_PORT_NEW :
				       VSWITCH_CMD_PORT_DEL);
	nla_put_u32(msg, VSWITCH_A_PORT_IFINDEX, p->ifindex);
	if (attached) {
		nla_put_u32(msg, VSWITCH_A_PORT_SWITCH_IFINDEX,
			    w->port[HOST].ifindex);
		put_settings(msg, &p->set);
		put_vlans(msg, &p->vlans);
	}
	ret = request_send(msg);
	if (ret)
		errx(1, "%s %s: %s", attached ? "attach" : "detach", p->name,
		     strerror(-ret));
	p->attached = attached;
	/* Its entries are gone, and its own counters with it. */
	forget(w, p);
	w->unsure = true;
	for (i = 0; i < w->fixed_num; i++)
		if (&w->port[w->fixed[i].port] == p)
			w->fixed[i--] = w->fixed[--w->fixed_num];
	world_count(w);
}

static void flush(struct world *w, u32 type)
{
	struct nl_msg *msg;

	msg = request_begin(VSWITCH_CMD_FDB_FLUSH);
	nla_put_u32(msg, VSWITCH_A_FDB_SWITCH_IFINDEX, w->port[HOST].ifindex);
	nla_put_u32(msg, VSWITCH_A_FDB_TYPE, type);
	if (request_send(msg))
		errx(1, "the FDB does not forget");
	if (type == VSWITCH_FDB_TYPE_STATIC) {
		w->fixed_num = 0;
		return;
	}
	w->learned_num = 0;
	w->learned_unsure = false;
}

static void add_static(struct world *w, unsigned int port, const u8 *mac,
		       u16 vlan)
{
	struct nl_msg *msg;
	struct nlattr *nest;
	unsigned int i;

	if (w->fixed_num == STATIC_MAX)
		return;
	msg = request_begin(VSWITCH_CMD_FDB_ADD);
	nla_put_u32(msg, VSWITCH_A_FDB_SWITCH_IFINDEX, w->port[HOST].ifindex);
	nest = nla_nest_start(msg, VSWITCH_A_FDB_ENTRY);
	nla_put(msg, VSWITCH_A_FDB_ENTRY_MAC, ETH_ALEN, mac);
	nla_put_u16(msg, VSWITCH_A_FDB_ENTRY_VLAN, vlan);
	nla_put_u32(msg, VSWITCH_A_FDB_ENTRY_PORT_IFINDEX, w->port[port].ifindex);
	nla_nest_end(msg, nest);
	if (request_send(msg))
		return;
	/* Without a VLAN it is in that of untagged frames. */
	if (w->aware && !vlan)
		vlan = w->port[port].vlans.vid;
	/* What was learned of it was replaced. */
	for (i = 0; i < w->learned_num; i++)
		if (w->learned[i].vlan == vlan &&
		    !memcmp(w->learned[i].mac, mac, ETH_ALEN))
			w->learned[i--] = w->learned[--w->learned_num];
	i = w->fixed_num++;
	memcpy(w->fixed[i].mac, mac, ETH_ALEN);
	w->fixed[i].vlan = vlan;
	w->fixed[i].port = port;
}

static void set_promisc(struct world *w, bool on)
{
	if (w->promisc == on)
		return;
	set_flag(&w->port[HOST], IFF_PROMISC, on);
	w->promisc = on;
}

/* Does an operation that is not a frame. */
void world_do(struct world *w, const struct op *op)
{
	unsigned int who = op->who % PORTS;
	struct port *p = &w->port[who];
	struct settings s = usual;
	struct vlans v[PORTS];

	p->changed = true;
	switch (op->kind) {
	case OP_MTU:
		set_mtu(p, op->arg);
		return;
	case OP_UP:
		set_up(p, op->arg & 1);
		if (who != HOST && !p->up)
			forget(w, p);
		return;
	case OP_PORT:
		if (who == HOST)
			return;
		memcpy(&s, op->data, op->len < sizeof(s) ? op->len : sizeof(s));
		s.flood &= FLOOD_ALL;
		s.hairpin &= 1;
		s.isolated &= 1;
		s.bpdu &= 1;
		s.shut %= 3;
		set_settings(w, p, &s);
		return;
	case OP_STATIC:
		if (op->len >= ETH_ALEN)
			add_static(w, who, op->data, op->arg % 4095);
		return;
	case OP_FLUSH:
		flush(w, VSWITCH_FDB_TYPE_DYNAMIC);
		return;
	case OP_PROMISC:
		set_promisc(w, op->arg & 1);
		return;
	case OP_VLANS:
		if (op->len >= sizeof(v)) {
			memcpy(v, op->data, sizeof(v));
			world_set_vlans(w, v, op->arg & 1);
		}
		return;
	}
	if (who == HOST)
		return;
	/* A direct tap has its carrier by being open. */
	if (op->kind == OP_CARRIER && who != DIRECT) {
		set_carrier(p, op->arg & 1);
		if (!p->carrier)
			forget(w, p);
	}
	if (op->kind == OP_ATTACHED)
		set_attached(w, p, op->arg & 1);
	else if (op->kind == OP_OFFLOAD)
		set_offload(p, op->arg);
	else if (op->kind == OP_HDRSZ)
		set_hdrsz(p, op->arg);
}

static void reset_port(struct world *w, struct port *p)
{
	p->changed = false;
	if (p != &w->port[HOST]) {
		set_attached(w, p, true);
		if (!p->carrier)
			set_carrier(p, true);
		if (p->offload)
			set_offload(p, 0);
		if (p->hdrsz != 10)
			set_hdrsz(p, 10);
	}
	if (!p->up)
		set_up(p, true);
	if (p->mtu != ETH_DATA_LEN)
		set_mtu(p, ETH_DATA_LEN);
	if (p != &w->port[HOST] && memcmp(&p->set, &usual, sizeof(usual)))
		set_settings(w, p, &usual);
}

/* As at the start, so that what comes of an input does not depend on others. */
void world_reset(struct world *w)
{
	static const struct vlans none[PORTS];
	unsigned int i;

	set_promisc(w, false);
	for (i = 0; i < PORTS; i++)
		if (w->port[i].changed)
			reset_port(w, &w->port[i]);
	world_set_vlans(w, none, false);
	flush(w, VSWITCH_FDB_TYPE_DYNAMIC);
	if (w->fixed_num)
		flush(w, VSWITCH_FDB_TYPE_STATIC);
}

static void make_tap(struct port *p, unsigned int number)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };

	if (number == FRAGS)
		ifr.ifr_flags |= IFF_NAPI | IFF_NAPI_FRAGS;
	snprintf(p->name, sizeof(p->name), "tap%u", number);
	memcpy(ifr.ifr_name, p->name, sizeof(ifr.ifr_name));
	p->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (p->fd < 0 || ioctl(p->fd, TUNSETIFF, &ifr))
		err(1, "%s", p->name);
	p->in_fd = p->fd;
	if (number == NARROW) {
		ifr.ifr_qlen = 4;
		if (dev_ioctl(p, SIOCSIFTXQLEN, &ifr))
			err(1, "length of the queue");
		run("tc qdisc replace dev tap4 root noqueue");
	}
}

/* It is a port as long as it is there. */
static void make_direct(struct port *p)
{
	struct ifreq ifr = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	char node[32];

	snprintf(p->name, sizeof(p->name), "tap%u", DIRECT);
	run("ip link add tap5 master vsw0 type vport");
	snprintf(node, sizeof(node), "/dev/tap%u", if_nametoindex(p->name));
	p->fd = open(node, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (p->fd < 0 || ioctl(p->fd, TUNSETIFF, &ifr))
		err(1, "%s", node);
	p->in_fd = p->fd;
}

static int host_socket(int ifindex, u16 protocol)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(protocol),
				  .sll_ifindex = ifindex };
	int fd, on = 1, much = 1 << 23;

	fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &much, sizeof(much)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &much, sizeof(much)) ||
	    bind(fd, (void *)&at, sizeof(at)))
		err(1, "packet socket");
	return fd;
}

/* Where an address is, is foretold, but not for how long it moved. */
static void set_no_hold(const struct world *w)
{
	struct nl_msg *msg = request_begin(VSWITCH_CMD_SWITCH_SET);

	nla_put_u32(msg, VSWITCH_A_SWITCH_IFINDEX, w->port[HOST].ifindex);
	nla_put_u32(msg, VSWITCH_A_SWITCH_MOVE_LIMIT, 0);
	if (request_send(msg))
		errx(1, "addresses may not move");
}

/* Nobody but us is to say anything: no IPv6, no ARP, no addresses. */
void world_make(struct world *w)
{
	unsigned int i;
	struct port *p;

	run("echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6");
	run("ip link add vsw0 address 02:00:00:00:00:fe type vswitch");
	any_socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	request_open();
	snprintf(w->port[HOST].name, IFNAMSIZ, "vsw0");
	for (i = 0; i < PORTS; i++) {
		p = &w->port[i];
		if (i == DIRECT)
			make_direct(p);
		else if (i != HOST)
			make_tap(p, i);
		p->ifindex = if_nametoindex(p->name);
		p->attached = i == HOST || i == DIRECT;
		p->carrier = true;
		p->mtu = ETH_DATA_LEN;
		p->hdrsz = 10;
		p->set = usual;
		set_flag(p, IFF_NOARP, true);
		set_attached(w, p, true);
		if (i == DIRECT)
			set_settings(w, p, &usual);
		set_up(p, true);
	}
	set_no_hold(w);
	/* Its settings cannot be changed. */
	w->port[HOST].set.role = VSWITCH_ROLE_HOST;
	w->port[HOST].fd = host_socket(w->port[HOST].ifindex, 0);
	w->port[HOST].in_fd = host_socket(w->port[HOST].ifindex, ETH_P_ALL);
	world_count(w);
}

/* By how much the counters went up since the last time. */
void world_count(struct world *w)
{
	struct {
		struct ethtool_stats head;
		u64 num[ST_NUM];
	} s = { .head = { .cmd = ETHTOOL_GSTATS, .n_stats = ST_NUM } };
	struct ifreq ifr = { .ifr_data = (void *)&s };
	unsigned int i;

	if (dev_ioctl(&w->port[HOST], SIOCETHTOOL, &ifr) ||
	    s.head.n_stats != ST_NUM)
		err(1, "counters");
	for (i = 0; i < ST_NUM; i++) {
		w->delta[i] = s.num[i] - w->seen[i];
		w->seen[i] = s.num[i];
	}
}

/* What came of a frame, as far as it makes one worth changing further. */
u64 world_signature(const struct world *w)
{
	u64 sig = 0;
	unsigned int i;

	for (i = 0; i < ST_NUM; i++)
		if (i != ST_RX_BYTES && i != ST_TX_BYTES && w->delta[i])
			sig |= 1ULL << i;
	for (i = 0; i < PORTS; i++)
		sig |= (w->port[i].got < 3 ? w->port[i].got : 3ULL) <<
		       (ST_NUM + 2 * i);
	return sig;
}

/*
 * At the end of an input: the sums of ethtool are those of the ports that netlink
 * tells of and of those that left, and each port has counted what came out of it.
 */
void world_check_ports(struct world *w)
{
	struct port_count c[PORTS + 1] = {};
	u64 rx = w->gone_rx, tx = w->gone_tx, out;
	unsigned int i;

	for (i = 0; i < PORTS; i++)
		c[i].ifindex = w->port[i].ifindex;
	request_counts(c);
	for (i = 0; i < PORTS; i++) {
		rx += c[i].rx;
		tx += c[i].tx;
		out = c[i].tx - w->port[i].tx;
		if (!w->unsure && out != w->port[i].outs)
			fail("port %u counted %lu, %lu came out", i, out,
			     w->port[i].outs);
		w->port[i].tx = c[i].tx;
		w->port[i].outs = 0;
	}
	w->unsure = false;
	world_count(w);
	if (rx != w->seen[ST_RX_PACKETS] || tx != w->seen[ST_TX_PACKETS])
		fail("ports: %lu in and %lu out, altogether %lu and %lu", rx,
		     tx, w->seen[ST_RX_PACKETS], w->seen[ST_TX_PACKETS]);
}
