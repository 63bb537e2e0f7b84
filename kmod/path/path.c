// SPDX-License-Identifier: GPL-2.0
/*
 * The path as one translation unit, its files in the order of the way of a frame,
 * as kernel/sched/build_policy.c does it: a frame pays for no calls between the
 * stages.
 */
#include "dp.c"
#include "in_parse.c"
#include "in_guard.c"
#include "in_policy.c"
#include "private_vlan.c"
#include "vlan_stats.c"
#include "in_vlan.c"
#include "l2_learn.c"
#include "l2_lookup.c"
#include "l2_replicate.c"
#include "l2_flood.c"
#include "l2_snoop.c"
#include "l2_group.c"
#include "out_filter.c"
#include "out_tag.c"
#include "out_xmit.c"
#include "out_tun.c"
#include "tap.c"
#include "internal.c"
