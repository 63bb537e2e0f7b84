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
#include <time.h>
#include <unistd.h>
#include "frames_nl.h"

const u8 switch_mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 0xfe };

static const struct settings usual = {
	.role = VSWITCH_ROLE_GUEST,
	.learning = 1,
	.group_host = 0xfffd,
	.flood = FLOOD_ALL,
	.router = VSWITCH_MCAST_ROUTER_NEVER,
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
 * looked at, and not reached, or nobody foretells what becomes of a frame.
 */
static void put_guard(struct nl_msg *msg, const struct settings *s)
{
	static const u8 states[SHUTS] = {
		[SHUT_BLOCKING] = VSWITCH_STP_STATE_BLOCKING,
		[SHUT_LEARNING] = VSWITCH_STP_STATE_LEARNING,
	};
	struct nlattr *nest = nla_nest_start(msg, VSWITCH_A_PORT_GUARD);
	u32 storm = s->storm ?: VSWITCH_STORM_MAX;

	nla_put_u32(msg, VSWITCH_A_GUARD_STORM_UNICAST, storm);
	nla_put_u32(msg, VSWITCH_A_GUARD_STORM_MULTICAST, storm);
	nla_put_u32(msg, VSWITCH_A_GUARD_STORM_BROADCAST, storm);
	nla_put_u32(msg, VSWITCH_A_GUARD_BPDU_GUARD, s->bpdu);
	nla_put_u32(msg, VSWITCH_A_GUARD_STP_STATE, states[s->shut]);
	nla_put_u8(msg, VSWITCH_A_GUARD_QUARANTINE, s->shut == SHUT_QUARANTINE);
	nla_put_u8(msg, VSWITCH_A_GUARD_LOOP_DETECT, s->probe);
	nla_nest_end(msg, nest);
}

static void put_mcast(struct nl_msg *msg, const struct settings *s)
{
	struct nlattr *nest = nla_nest_start(msg, VSWITCH_A_PORT_MCAST);

	nla_put_u32(msg, VSWITCH_A_MCAST_MCAST_ROUTER, s->router);
	nla_put_u8(msg, VSWITCH_A_MCAST_MCAST_FAST_LEAVE, s->fast_leave);
	nla_put_u32(msg, VSWITCH_A_MCAST_MCAST_LIMIT, s->mcast_limit);
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
	put_mcast(msg, s);
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
	w->noisy |= s->probe;
	if (s->shut && s->shut != SHUT_LEARNING)
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

/* What is static there goes with the port. */
static void forget_fixed(struct world *w, const struct port *p)
{
	unsigned int i;

	for (i = 0; i < w->fixed_num; i++)
		if (&w->port[w->fixed[i].port] == p)
			w->fixed[i--] = w->fixed[--w->fixed_num];
	for (i = 0; i < w->member_num; i++)
		if (&w->port[w->member[i].port] == p)
			w->member[i--] = w->member[--w->member_num];
}

static int attach(const struct world *w, const struct port *p, bool attached)
{
	struct nl_msg *msg = request_begin(attached ? VSWITCH_CMD_PORT_NEW :
						      VSWITCH_CMD_PORT_DEL);

	nla_put_u32(msg, VSWITCH_A_PORT_IFINDEX, p->ifindex);
	if (attached) {
		nla_put_u32(msg, VSWITCH_A_PORT_SWITCH_IFINDEX,
			    w->port[HOST].ifindex);
		put_settings(msg, &p->set);
		put_vlans(msg, &p->vlans);
	}
	return request_send(msg);
}

static void set_attached(struct world *w, struct port *p, bool attached)
{
	int ret;

	if (p->attached == attached || p == &w->port[DIRECT])
		return;
	if (!attached)
		keep_counts(w, p);
	ret = attach(w, p, attached);
	/* What was its native VLAN may be a private one now. */
	if (ret && attached && w->private) {
		memset(&p->vlans, 0, sizeof(p->vlans));
		ret = attach(w, p, true);
	}
	if (ret)
		errx(1, "%s %s: %s", attached ? "attach" : "detach", p->name,
		     strerror(-ret));
	p->attached = attached;
	/* Its entries are gone, and its own counters with it. */
	forget(w, p);
	forget_fixed(w, p);
	w->unsure = true;
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
		vlan = vlan_fid(w, w->port[port].vlans.vid);
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

static void set_snoop(struct world *w, u8 how)
{
	bool on = how & SNOOP_ON, ask = on && how & SNOOP_ASK;
	struct nl_msg *msg;
	unsigned int i;

	if (on == w->snoops && ask == w->asks)
		return;
	msg = request_begin(VSWITCH_CMD_SWITCH_SET);
	nla_put_u32(msg, VSWITCH_A_SWITCH_IFINDEX, w->port[HOST].ifindex);
	nla_put_u8(msg, VSWITCH_A_SWITCH_MCAST_SNOOPING, on);
	nla_put_u8(msg, VSWITCH_A_SWITCH_MCAST_QUERIER, ask);
	if (request_send(msg))
		errx(1, "no multicast snooping");
	if (on != w->snoops) {
		w->heard = false;
		w->member_num = 0;
		for (i = 0; i < PORTS; i++) {
			w->port[i].spoke = false;
			w->port[i].fresh = false;
		}
	}
	w->snoops = on;
	w->asks = ask;
	w->heard |= ask;
	w->noisy |= ask;
}

static void add_member(struct world *w, unsigned int port, const u8 *group, u16 vlan)
{
	struct nl_msg *msg;
	struct nlattr *nest;
	struct member *m;

	if (w->member_num == MEMBER_MAX)
		return;
	msg = request_begin(VSWITCH_CMD_MDB_ADD);
	nla_put_u32(msg, VSWITCH_A_MDB_SWITCH_IFINDEX, w->port[HOST].ifindex);
	nest = nla_nest_start(msg, VSWITCH_A_MDB_ENTRY);
	nla_put(msg, VSWITCH_A_MDB_ENTRY_GROUP, GROUP_LEN, group);
	if (vlan)
		nla_put_u16(msg, VSWITCH_A_MDB_ENTRY_VLAN, vlan);
	nla_put_u32(msg, VSWITCH_A_MDB_ENTRY_PORT_IFINDEX, w->port[port].ifindex);
	nla_nest_end(msg, nest);
	if (request_send(msg))
		return;
	m = &w->member[w->member_num++];
	memcpy(m->group, group, GROUP_LEN);
	m->vlan = w->aware ? vlan_fid(w, vlan ?: w->port[port].vlans.vid) : 0;
	m->port = port;
}

/*
 * Lets the module do what it does by itself, and takes what comes out.  The clock of
 * this kernel jumps to the next timer when nobody has anything to do.
 */
static void settle(struct world *w, unsigned int ms)
{
	const struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
	check_noise(w);
	w->unsure = true;
	world_count(w);
}

/* As long as hosts have for an answer, or a querier, a member, an address is known. */
static void wait_for(struct world *w, unsigned int which)
{
	static const u16 seconds[] = { 2, 12, 40, 300, 700 };
	unsigned int i = which % ARRAY_SIZE(seconds);

	settle(w, seconds[i] * 1000U);
	if (seconds[i] >= 40)
		w->learned_unsure = true;
}

/* Ports that have been put into quarantine. */
static void see_states(struct world *w)
{
	struct port_count c[PORTS + 1] = {};
	unsigned int i;

	for (i = 0; i < PORTS; i++)
		c[i].ifindex = w->port[i].ifindex;
	request_counts(c);
	for (i = 0; i < PORTS; i++) {
		if (!c[i].quarantined || w->port[i].set.shut == SHUT_QUARANTINE)
			continue;
		w->port[i].set.shut = SHUT_QUARANTINE;
		w->port[i].changed = true;
		forget(w, &w->port[i]);
	}
}

/* What comes of a frame later on: a port in quarantine, questions about who is left. */
void world_after(struct world *w)
{
	if (w->delta[ST_DROP(LOOP)] || w->delta[ST_DROP(BPDU_GUARD)]) {
		settle(w, 50);
		see_states(w);
	} else if (w->asks) {
		settle(w, 100);
	}
}

/* The probe that was seen last, as a frame; false if there is none. */
bool world_echo(const struct world *w, struct frame *f, const struct op *op)
{
	static struct op frame;

	memset(&frame, 0, OP_HEAD);
	op_frame(&frame, op->who % PORTS, w->probe, w->probe_len, 0);
	frame_of(f, &frame);
	return w->probe_len;
}

static void do_port(struct world *w, struct port *p, const struct op *op)
{
	struct settings s = usual;

	memcpy(&s, op->data, op->len < sizeof(s) ? op->len : sizeof(s));
	s.flood &= FLOOD_ALL;
	s.hairpin &= 1;
	s.isolated &= 1;
	s.bpdu %= VSWITCH_BPDU_GUARD_QUARANTINE + 1;
	s.shut %= SHUTS;
	s.probe &= 1;
	s.router %= VSWITCH_MCAST_ROUTER_ALWAYS + 1;
	s.fast_leave &= 1;
	p->fresh |= s.shut != p->set.shut;
	set_settings(w, p, &s);
}

/* Of the switch. */
static bool do_switch(struct world *w, const struct op *op)
{
	switch (op->kind) {
	case OP_PRIVATE:
		world_set_private(w, op->arg);
		return true;
	case OP_COUNT:
		world_set_counts(w, op->arg & 1);
		return true;
	case OP_SNOOP:
		set_snoop(w, op->arg);
		return true;
	case OP_WAIT:
		wait_for(w, op->arg);
		return true;
	}
	return false;
}

static void do_one(struct world *w, const struct op *op)
{
	unsigned int who = op->who % PORTS;
	struct port *p = &w->port[who];
	struct vlans v[PORTS];

	if (do_switch(w, op))
		return;
	p->changed = true;
	if (op->kind == OP_UP || op->kind == OP_CARRIER || op->kind == OP_ATTACHED)
		p->fresh = true;
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
		if (who != HOST)
			do_port(w, p, op);
		return;
	case OP_STATIC:
		if (op->len >= ETH_ALEN)
			add_static(w, who, op->data, op->arg % 4095);
		return;
	case OP_MEMBER:
		if (op->len >= GROUP_LEN)
			add_member(w, who, op->data, op->arg % (VLANS + 1));
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

/* Does an operation that is not a frame. */
void world_do(struct world *w, const struct op *op)
{
	do_one(w, op);
	/* A switch that asks does so within a second where there is something new. */
	if (w->asks)
		settle(w, 1100);
	else if (w->noisy)
		settle(w, 20);
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
	set_snoop(w, 0);
	world_set_private(w, 0);
	world_set_counts(w, false);
	for (i = 0; i < PORTS; i++)
		if (w->port[i].changed)
			reset_port(w, &w->port[i]);
	world_set_vlans(w, none, false);
	if (w->noisy)
		settle(w, 20);
	w->noisy = false;
	w->probe_len = 0;
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

/* Where an address is, is foretold, but not for how long it moved, nor how long a port
 * has been in quarantine.  Probes are seldom, but for the first ones.
 */
static void set_up_switch(const struct world *w)
{
	struct nl_msg *msg = request_begin(VSWITCH_CMD_SWITCH_SET);

	nla_put_u32(msg, VSWITCH_A_SWITCH_IFINDEX, w->port[HOST].ifindex);
	nla_put_u32(msg, VSWITCH_A_SWITCH_MOVE_LIMIT, 0);
	nla_put_u32(msg, VSWITCH_A_SWITCH_QUARANTINE_TIME, 0);
	nla_put_u32(msg, VSWITCH_A_SWITCH_LOOP_INTERVAL, VSWITCH_LOOP_INTERVAL_MAX);
	if (request_send(msg))
		errx(1, "the switch cannot be set");
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
	set_up_switch(w);
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
