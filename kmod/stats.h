/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Per-port counters, one set per CPU.
 *
 * Both arrays are indexed by the attribute number of the counter, so that the
 * spec is the one list of counters: VSWITCH_A_STATS_* and VSWITCH_A_DROPS_*.
 */
#ifndef _VSW_STATS_H
#define _VSW_STATS_H

#include <linux/u64_stats_sync.h>
#include <linux/percpu.h>
#include "drop.h"
#include "table/storm.h"

#define VSW_STATS_NUM	VSWITCH_A_STATS_DROPS	/* the nest comes after the counters */

/**
 * struct vsw_pcpu_stats - Counters of one port on one CPU.
 * @cnt: counters, by VSWITCH_A_STATS_*
 * @drops: frames not delivered, by VSWITCH_A_DROPS_*
 * @syncp: makes 64-bit counters whole for readers on 32-bit machines
 * @storm: frames that this CPU may have flooded still, by enum vsw_frame_kind
 *
 * Written with BH off by the CPU that owns it.
 */
struct vsw_pcpu_stats {
	u64_stats_t cnt[VSW_STATS_NUM];
	u64_stats_t drops[VSW_DROPS_NUM];
	struct u64_stats_sync syncp;
	u32 storm[VSW_STORM_NUM];
};

/**
 * struct vsw_stats - Counters summed over CPUs.
 * @cnt: counters, by VSWITCH_A_STATS_*
 * @drops: frames not delivered, by VSWITCH_A_DROPS_*
 */
struct vsw_stats {
	u64 cnt[VSW_STATS_NUM];
	u64 drops[VSW_DROPS_NUM];
};

/**
 * vsw_stats_frame() - Count a frame and its bytes.
 * @pcpu: counters of the port
 * @packets: VSWITCH_A_STATS_RX_PACKETS or _TX_PACKETS; that of bytes follows it
 * @also: further counter that goes up by one, or 0
 * @len: bytes, Ethernet header and tag included
 *
 * Context: BH off.
 */
static inline void vsw_stats_frame(struct vsw_pcpu_stats __percpu *pcpu,
				   unsigned int packets, unsigned int also,
				   u64 len)
{
	struct vsw_pcpu_stats *s = this_cpu_ptr(pcpu);

	u64_stats_update_begin(&s->syncp);
	u64_stats_inc(&s->cnt[packets]);
	u64_stats_add(&s->cnt[packets + 1], len);
	if (also)
		u64_stats_inc(&s->cnt[also]);
	u64_stats_update_end(&s->syncp);
}

/**
 * vsw_stats_inc() - Count one event.
 * @pcpu: counters of the port
 * @what: VSWITCH_A_STATS_*
 *
 * Context: BH off.
 */
static inline void vsw_stats_inc(struct vsw_pcpu_stats __percpu *pcpu,
				 unsigned int what)
{
	struct vsw_pcpu_stats *s = this_cpu_ptr(pcpu);

	u64_stats_update_begin(&s->syncp);
	u64_stats_inc(&s->cnt[what]);
	u64_stats_update_end(&s->syncp);
}

/**
 * vsw_stats_drop() - Count a frame that is not delivered.
 * @pcpu: counters of the port
 * @reason: VSWITCH_A_DROPS_*
 *
 * Context: BH off.
 */
static inline void vsw_stats_drop(struct vsw_pcpu_stats __percpu *pcpu,
				  unsigned int reason)
{
	struct vsw_pcpu_stats *s = this_cpu_ptr(pcpu);

	u64_stats_update_begin(&s->syncp);
	u64_stats_inc(&s->drops[reason]);
	u64_stats_update_end(&s->syncp);
}

struct vsw_pcpu_stats __percpu *vsw_stats_alloc(void);
void vsw_stats_add(struct vsw_stats *sum, struct vsw_pcpu_stats __percpu *pcpu);
const char *vsw_stats_name(unsigned int what);

#endif /* _VSW_STATS_H */
