/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between kernels. */
#ifndef _BENCH_COMPAT_H
#define _BENCH_COMPAT_H

#define pr_fmt(fmt)	"vsw_bench: " fmt

#include <linux/gfp.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/timex.h>
#include <linux/version.h>

/*
 * The last argument of page_frag_alloc_align() is an alignment since v6.9, and
 * was a mask; an alignment taken for a mask makes every frame cost a new page.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
#define bench_compat_frag_alloc(nc, size, gfp, align) \
	page_frag_alloc_align(nc, size, gfp, ~((align) - 1))

static inline void page_frag_cache_drain(struct page_frag_cache *nc)
{
	if (!nc->va)
		return;
	__page_frag_cache_drain(virt_to_head_page(nc->va), nc->pagecnt_bias);
	nc->va = NULL;
}
#else
#define bench_compat_frag_alloc(nc, size, gfp, align) \
	page_frag_alloc_align(nc, size, gfp, align)
#endif

/*
 * Ticks are the CPU's where they count instructions.  User-Mode Linux has none, and
 * is there to measure time.
 */
#ifdef CONFIG_UML
#include <os.h>
#define bench_clock()	((u64)os_nsecs())
#define bench_ns()	((u64)os_nsecs())
#else
#define bench_clock()	get_cycles()
#define bench_ns()	ktime_get_ns()
#endif

#endif /* _BENCH_COMPAT_H */
