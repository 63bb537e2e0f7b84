/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a stage says about a frame.
 *
 * A stage of the path returns a verdict and never frees; path/dp.c acts on the
 * verdict, and is the one place that drops, counts and traces.  The type is
 * __bitwise, so that sparse keeps verdicts and errno values apart.
 */
#ifndef _VSW_DROP_H
#define _VSW_DROP_H

#include <linux/types.h>
#include <uapi/linux/vswitch.h>

typedef unsigned int __bitwise vsw_verdict_t;

/* Go on with the next stage. */
#define VSW_NEXT	((__force vsw_verdict_t)0x10000)
/* The frame has left: it was sent, or a helper has consumed it. */
#define VSW_TAKEN	((__force vsw_verdict_t)0x20000)
/* The frame is for the host: it goes up the stack as received by the switch. */
#define VSW_TO_HOST	((__force vsw_verdict_t)0x30000)
/* The frame is for who listens to the port's own device, and not for the stack. */
#define VSW_TO_PORT_DEV	((__force vsw_verdict_t)0x40000)
/* The frame is not delivered; reason is the suffix of a VSWITCH_A_DROPS_*. */
#define VSW_DROP(reason) ((__force vsw_verdict_t)VSWITCH_A_DROPS_##reason)

#define VSW_DROPS_NUM	(VSWITCH_A_DROPS_MAX + 1)

/**
 * vsw_verdict_is_drop() - Whether a verdict drops the frame.
 * @v: verdict
 *
 * Return: true if so, and vsw_verdict_reason() says why.
 */
static inline bool vsw_verdict_is_drop(vsw_verdict_t v)
{
	return (__force unsigned int)v < VSW_DROPS_NUM;
}

/**
 * vsw_verdict_reason() - Reason of a dropping verdict.
 * @v: verdict for which vsw_verdict_is_drop() is true
 *
 * Return: VSWITCH_A_DROPS_*.
 */
static inline unsigned int vsw_verdict_reason(vsw_verdict_t v)
{
	return (__force unsigned int)v;
}

const char *vsw_drop_name(unsigned int reason);

#endif /* _VSW_DROP_H */
