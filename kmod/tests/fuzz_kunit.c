// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: frames nobody would send, in all layouts an skb can have,
 * through the switch with ever changing settings; and after each of them
 * everything that can be known of it is checked.
 *
 * It is guided by what can be seen from outside, not by code coverage: a frame
 * that makes a set of counters move that has not moved together yet, for its
 * layout, joins a corpus from which later frames are made.
 *
 * A round has one seed, from which all in it follows, so "vsw_fuzz=SEED:COUNT"
 * on the kernel's command line (run.sh --fuzz) repeats one.  What does not follow
 * from it is the hash secret of the FDB, and when its tables are replaced.
 *
 * The parts: fuzz_frames.c makes bytes, fuzz_skb.c skbs, fuzz_model.c and
 * fuzz_vlan.c know what is to become of them.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/moduleparam.h>
#include <linux/rtnetlink.h>
#include "../table/mdb.h"
#include "fuzz.h"

/* KUnit gives up on a test after five minutes, however slow the machine. */
#define VSW_FUZZ_ROUND		50000
#define VSW_FUZZ_FRAMES		1000000
#define VSW_FUZZ_STORMS		(BIT(VSWITCH_A_GUARD_STORM_UNICAST) | \
				 BIT(VSWITCH_A_GUARD_STORM_MULTICAST) | \
				 BIT(VSWITCH_A_GUARD_STORM_BROADCAST))
/* Limits that are looked at, and not reached. */
#define VSW_FUZZ_STORM_MAX	{ VSWITCH_STORM_MAX, VSWITCH_STORM_MAX, \
				  VSWITCH_STORM_MAX }
/* Frames for which the settings stay. */
#define VSW_FUZZ_STEADY		250

static u64 vsw_fuzz_seed = 0x5eed;
static u64 vsw_fuzz_count = VSW_FUZZ_FRAMES;

/* SEED:COUNT.  As a module the fuzzer has no command line. */
static char *vsw_fuzz_arg;
#ifndef MODULE
core_param(vsw_fuzz, vsw_fuzz_arg, charp, 0);
#endif

static void vsw_fuzz_read_arg(void)
{
	u64 seed, count;

	if (!vsw_fuzz_arg)
		return;
	if (sscanf(vsw_fuzz_arg, "%lli:%llu", &seed, &count) != 2 || !count) {
		pr_err("vsw_fuzz: not SEED:COUNT: %s\n", vsw_fuzz_arg);
		return;
	}
	vsw_fuzz_seed = seed;
	vsw_fuzz_count = count;
}

/**
 * vsw_fuzz_fail() - Say what has failed, and how to see it again.
 * @fz: the round; no more frames are sent
 * @fmt: what has failed
 *
 * The first failure of a frame is the one that counts; the rest follows from it.
 */
void vsw_fuzz_fail(struct vsw_fuzz *fz, const char *fmt, ...)
{
	const struct vsw_fuzz_shape *s = &fz->shape;
	const struct vsw_test *t = fz->t;
	struct va_format vaf = { .fmt = fmt };
	unsigned int pos, len;
	va_list args;

	if (fz->failed)
		return;
	fz->failed = true;
	va_start(args, fmt);
	vaf.va = &args;
	KUNIT_FAIL(t->test, "%pV", &vaf);
	va_end(args);
	kunit_info(t->test, "again: run.sh --fuzz %#llx:%u", fz->seed,
		   fz->sent);
	kunit_info(t->test,
		   "frame %u from end %u, %u bytes, layout %u, headroom %u%s%s%s%s",
		   fz->sent, s->from, t->len, s->layout, s->headroom,
		   s->cloned ? ", cloned" : "", s->shared ? ", shared" : "",
		   s->beside ? ", tag beside" : "", s->gro ? ", GRO" : "");
	if (s->use_vnet)
		kunit_info(t->test, "virtio_net_hdr %*ph", (int)sizeof(s->vnet),
			   &s->vnet);
	for (pos = 0; pos < min(t->len, 512U); pos += len) {
		len = min(t->len - pos, 32U);
		kunit_info(t->test, "%04x: %*ph", pos, (int)len, t->data + pos);
	}
}

/* Isolated, in one of two communities, or promiscuous. */
static void vsw_fuzz_set_community(struct vsw_fuzz *fz, unsigned int end)
{
	struct vsw_fuzz_end *e = &fz->end[end];
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_ISOLATED) |
		       BIT_ULL(VSWITCH_A_PORT_COMMUNITY),
		.to.community = vsw_fuzz_rnd(fz, 3),
		.isolated = vsw_fuzz_one_in(fz, 3),
	};

	/* Over netlink it is refused. */
	if (cfg.isolated && cfg.to.community)
		return;
	vsw_test_set(fz->t, end, &cfg);
	e->isolated = cfg.isolated;
	e->community = cfg.to.community;
}

/* How many frames there are in a second does not follow from the seed. */
static void vsw_fuzz_set_storms(struct vsw_fuzz *fz, unsigned int end)
{
	static const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_GUARD),
		.guard = VSW_FUZZ_STORMS,
		.to.guard.storm = VSW_FUZZ_STORM_MAX,
	};

	vsw_test_set(fz->t, end, &cfg);
}

/* Mostly forwarding.  What a guard does on its own takes its time: that is not for here. */
static void vsw_fuzz_set_state(struct vsw_fuzz *fz, unsigned int end)
{
	struct vsw_fuzz_end *e = &fz->end[end];
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_GUARD),
		.guard = BIT(VSWITCH_A_GUARD_BPDU_GUARD) |
			 BIT(VSWITCH_A_GUARD_STP_STATE) |
			 BIT(VSWITCH_A_GUARD_QUARANTINE),
		.to.guard = {
			.bpdu = vsw_fuzz_rnd(fz, VSWITCH_BPDU_GUARD_DROP + 1),
			.stp_state = vsw_fuzz_one_in(fz, 2) ?
				     vsw_fuzz_rnd(fz, VSWITCH_STP_STATE_BLOCKING + 1) :
				     VSWITCH_STP_STATE_FORWARDING,
		},
		.quarantine = vsw_fuzz_one_in(fz, 5),
	};

	vsw_test_set(fz->t, end, &cfg);
	e->bpdu = cfg.to.guard.bpdu;
	e->stp = cfg.to.guard.stp_state;
	e->shut = cfg.quarantine;
}

static void vsw_fuzz_set_open(struct vsw_fuzz *fz, unsigned int end)
{
	static const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_GUARD),
		.guard = BIT(VSWITCH_A_GUARD_STP_STATE) |
			 BIT(VSWITCH_A_GUARD_QUARANTINE),
		.to.guard.stp_state = VSWITCH_STP_STATE_FORWARDING,
	};

	vsw_test_set(fz->t, end, &cfg);
	fz->end[end].stp = VSWITCH_STP_STATE_FORWARDING;
	fz->end[end].shut = false;
}

static void vsw_fuzz_set_port(struct vsw_fuzz *fz, unsigned int end)
{
	struct vsw_fuzz_end *e = &fz->end[end];
	const struct vsw_port_cfg cfg = {
		.set = BIT_ULL(VSWITCH_A_PORT_ROLE) |
		       BIT_ULL(VSWITCH_A_PORT_LEARNING) |
		       BIT_ULL(VSWITCH_A_PORT_MAC_LIMIT) |
		       BIT_ULL(VSWITCH_A_PORT_GROUP_FORWARD) |
		       BIT_ULL(VSWITCH_A_PORT_GROUP_HOST) |
		       BIT_ULL(VSWITCH_A_PORT_FLOOD) |
		       BIT_ULL(VSWITCH_A_PORT_HAIRPIN) |
		       BIT_ULL(VSWITCH_A_PORT_LOCKED) |
		       BIT_ULL(VSWITCH_A_PORT_STICKY) |
		       BIT_ULL(VSWITCH_A_PORT_GUARD),
		.guard = VSW_FUZZ_STORMS,
		.to = {
			.guard.storm = VSW_FUZZ_STORM_MAX,
			.role = vsw_fuzz_rnd(fz, VSWITCH_ROLE_UPLINK + 1),
			.learning = !vsw_fuzz_one_in(fz, 4),
			.mac_limit = vsw_fuzz_one_in(fz, 2) ?
				     vsw_fuzz_rnd(fz, 8) : 0,
			.group_forward = vsw_fuzz_one_in(fz, 2) ?
					 vsw_fuzz_rnd(fz, 1 << 16) : 0,
			.group_host = vsw_fuzz_rnd(fz, 1 << 16),
			.flood = vsw_fuzz_one_in(fz, 2) ?
				 vsw_fuzz_rnd(fz, VSW_FLOOD_ALL + 1) :
				 VSW_FLOOD_ALL,
			.hairpin = vsw_fuzz_one_in(fz, 4),
			.locked = vsw_fuzz_one_in(fz, 4),
			.sticky = vsw_fuzz_one_in(fz, 4),
		},
	};

	vsw_test_set(fz->t, end, &cfg);
	e->learning = cfg.to.learning;
	e->forward = cfg.to.group_forward;
	e->host = cfg.to.group_host;
	e->flood = cfg.to.flood;
	e->hairpin = cfg.to.hairpin;
	/* What the role brings along. */
	if (e->role != cfg.to.role)
		e->bpdu = cfg.to.role == VSWITCH_ROLE_GUEST ?
			  VSWITCH_BPDU_GUARD_DROP : VSWITCH_BPDU_GUARD_OFF;
	e->role = cfg.to.role;
	e->locked = cfg.to.locked;
}

/* The switch hears of it at once, not when the core comes to it. */
static void vsw_fuzz_set_carrier(struct vsw_fuzz *fz, unsigned int end, bool on)
{
	vsw_test_carrier(fz->t, end, on);
	rtnl_lock();
	ethtool_op_get_link(fz->t->end[end].dev);
	rtnl_unlock();
	fz->end[end].carrier = on;
}

static void vsw_fuzz_set_up(struct vsw_fuzz *fz, unsigned int end, bool up)
{
	vsw_test_up(fz->t, end, up);
	fz->end[end].up = up;
}

static void vsw_fuzz_set_mtu(struct vsw_fuzz *fz, unsigned int end)
{
	static const u16 mtu[] = { 1280, 1500, 1500, 4000, 8000 };

	fz->end[end].mtu = mtu[vsw_fuzz_rnd(fz, ARRAY_SIZE(mtu))];
	vsw_test_mtu(fz->t, end, fz->end[end].mtu);
}

static void vsw_fuzz_set_features(struct vsw_fuzz *fz, unsigned int end)
{
	static const netdev_features_t less[] = {
		0, ~0ULL, NETIF_F_ALL_TSO, NETIF_F_HW_CSUM | NETIF_F_ALL_TSO,
		NETIF_F_FRAGLIST, NETIF_F_SG | NETIF_F_FRAGLIST,
		NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX,
	};
	struct net_device *dev = fz->t->end[end].dev;

	vsw_mock_features(fz->t, end, dev->hw_features &
			  ~less[vsw_fuzz_rnd(fz, ARRAY_SIZE(less))]);
}

static void vsw_fuzz_set_refuse(struct vsw_fuzz *fz, unsigned int end,
				bool refuse)
{
	vsw_mock_refuse(fz->t, end, refuse);
	fz->end[end].refuse = refuse;
}

static void vsw_fuzz_set_promisc(struct vsw_fuzz *fz, bool promisc)
{
	if (promisc == fz->promisc)
		return;
	rtnl_lock();
	dev_set_promiscuity(fz->t->sw->dev, promisc ? 1 : -1);
	rtnl_unlock();
	fz->promisc = promisc;
}

/* Frames that look as if they spoke about groups are looked at.  No querier is among
 * them, for whose checksum is right by chance; so nothing is pruned.
 */
static void vsw_fuzz_set_snooping(struct vsw_fuzz *fz, bool on)
{
	rtnl_lock();
	vsw_mdb_set(fz->t->sw, on, NULL);
	rtnl_unlock();
}

static void vsw_fuzz_flush(struct vsw_fuzz *fz)
{
	const struct vsw_fdb_filter all = { .port = -1, .vlan = -1, .type = -1 };

	vsw_fdb_flush(&fz->t->sw->fdb, &all);
}

/* One setting changes. */
static void vsw_fuzz_set(struct vsw_fuzz *fz)
{
	unsigned int end = 1 + vsw_fuzz_rnd(fz, VSW_FUZZ_ENDS - 1);

	switch (vsw_fuzz_rnd(fz, 15)) {
	case 0:
		/* The switch, too. */
		end = vsw_fuzz_rnd(fz, VSW_FUZZ_ENDS);
		vsw_fuzz_set_up(fz, end, !fz->end[end].up);
		break;
	case 1:
		vsw_fuzz_set_carrier(fz, end, !fz->end[end].carrier);
		break;
	case 2:
		vsw_fuzz_set_refuse(fz, end, !fz->end[end].refuse);
		break;
	case 3:
		vsw_fuzz_set_mtu(fz, vsw_fuzz_rnd(fz, VSW_FUZZ_ENDS));
		break;
	case 4:
		vsw_fuzz_set_features(fz, end);
		break;
	case 5:
		vsw_fuzz_set_promisc(fz, vsw_fuzz_one_in(fz, 2));
		break;
	case 6:
		vsw_fuzz_flush(fz);
		break;
	case 7:
		vsw_fuzz_set_port(fz, end);
		break;
	case 8:
	case 9:
		vsw_fuzz_set_vlans(fz, vsw_fuzz_rnd(fz, VSW_FUZZ_ENDS));
		break;
	case 10:
		vsw_fuzz_set_aware(fz, vsw_fuzz_one_in(fz, 2));
		break;
	case 11:
		vsw_fuzz_set_community(fz, end);
		break;
	case 12:
		vsw_fuzz_set_state(fz, end);
		break;
	case 13:
		vsw_fuzz_set_private(fz);
		break;
	case 14:
		vsw_fuzz_set_snooping(fz, vsw_fuzz_one_in(fz, 2));
		break;
	}
}

/* What stops an end altogether does not stay for long. */
static void vsw_fuzz_mend(struct vsw_fuzz *fz)
{
	unsigned int i;

	for (i = 0; i < VSW_FUZZ_ENDS; i++) {
		if (!vsw_fuzz_one_in(fz, 4))
			continue;
		if (!fz->end[i].up)
			vsw_fuzz_set_up(fz, i, true);
		if (!fz->end[i].carrier)
			vsw_fuzz_set_carrier(fz, i, true);
		if (fz->end[i].refuse)
			vsw_fuzz_set_refuse(fz, i, false);
		if (fz->end[i].stp || fz->end[i].shut)
			vsw_fuzz_set_open(fz, i);
	}
}

static void vsw_fuzz_start(struct vsw_fuzz *fz)
{
	unsigned int i;

	for (i = 0; i < VSW_FUZZ_ENDS; i++) {
		fz->end[i] = (struct vsw_fuzz_end){
			.up = true,
			.carrier = true,
			.learning = true,
			.role = i ? VSWITCH_ROLE_GUEST : VSWITCH_ROLE_HOST,
			.mtu = ETH_DATA_LEN,
			.host = VSW_GROUP_HOST_DEFAULT,
			.flood = VSW_FLOOD_ALL,
			.bpdu = i ? VSWITCH_BPDU_GUARD_DROP :
				    VSWITCH_BPDU_GUARD_OFF,
		};
	}
	/* By the clock, which does not follow from the seed. */
	vsw_fdb_set_ageing(&fz->t->sw->fdb, 0);
	prandom_seed_state(&fz->rnd, fz->seed);
	for (i = 1; i < VSW_FUZZ_ENDS; i++)
		vsw_fuzz_set_storms(fz, i);
	for (i = 0; i < VSW_FUZZ_ENDS; i++)
		vsw_fuzz_set_vlans(fz, i);
	vsw_fuzz_set_aware(fz, vsw_fuzz_one_in(fz, 2));
	/* Where nothing else is put, the frames have this, or older frames. */
	prandom_bytes_state(&fz->rnd, fz->t->data, VSW_TEST_FRAME);
}

static void vsw_fuzz_run(struct vsw_fuzz *fz, unsigned int count)
{
	for (fz->index = 0; fz->sent < count; fz->index++) {
		if (fz->index % VSW_FUZZ_STEADY == 0) {
			vsw_fuzz_mend(fz);
			vsw_fuzz_set(fz);
			flush_workqueue(vsw_wq);
			cond_resched();
		}
		vsw_fuzz_frame(fz);
		vsw_fuzz_before(fz);
		if (!vsw_fuzz_send(fz))
			continue;
		vsw_fuzz_after(fz);
		if (fz->failed)
			return;
		vsw_fuzz_keep(fz);
	}
}

/* Rounds are told apart by the number of frames before them. */
static const void *vsw_fuzz_rounds(const void *prev, char *desc)
{
	static u64 before[2];
	u64 *p = prev == &before[0] ? &before[1] : &before[0];

	if (!prev)
		vsw_fuzz_read_arg();
	*p = prev ? *(const u64 *)prev + VSW_FUZZ_ROUND : 0;
	if (*p >= vsw_fuzz_count)
		return NULL;
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%#llx:%llu",
		 vsw_fuzz_seed + *p / VSW_FUZZ_ROUND,
		 min_t(u64, vsw_fuzz_count - *p, VSW_FUZZ_ROUND));
	return p;
}

static void vsw_fuzz_frames(struct kunit *test)
{
	u64 before = *(const u64 *)test->param_value;
	struct vsw_fuzz *fz = kunit_kzalloc(test, sizeof(*fz), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fz);
	fz->t = test->priv;
	fz->seed = vsw_fuzz_seed + before / VSW_FUZZ_ROUND;
	fz->pages = alloc_pages(GFP_KERNEL | __GFP_COMP,
				get_order(VSW_TEST_FRAME + PAGE_SIZE));
	KUNIT_ASSERT_NOT_NULL(test, fz->pages);
	kunit_info(test, "seed %#llx", fz->seed);
	vsw_fuzz_start(fz);
	vsw_fuzz_run(fz, min_t(u64, vsw_fuzz_count - before, VSW_FUZZ_ROUND));
	put_page(fz->pages);
	kunit_info(test, "%u sent, %u refused by the core, %llu came out, %u new",
		   fz->sent, fz->refused, fz->outs, fz->corpus_new);
	vsw_fuzz_set_promisc(fz, false);
}

static struct kunit_case vsw_fuzz_cases[] = {
	KUNIT_CASE_PARAM_ATTR(vsw_fuzz_frames, vsw_fuzz_rounds,
			      { .speed = KUNIT_SPEED_SLOW }),
	{}
};

static struct kunit_suite vsw_fuzz_suite = {
	.name = "vswitch_fuzz",
	.init = vsw_test_init,
	.exit = vsw_test_exit,
	.test_cases = vsw_fuzz_cases,
};

kunit_test_suite(vsw_fuzz_suite);
