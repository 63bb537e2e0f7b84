/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What keeps one port from harming the others: whether it takes part in forwarding,
 * as a spanning tree daemon says or because it is in quarantine.
 */
#ifndef _VSW_TABLE_GUARD_H
#define _VSW_TABLE_GUARD_H

#include "../vsw.h"

struct vsw_port_cfg;

void vsw_guard_init(struct vsw_switch *sw);
void vsw_guard_stop(struct vsw_switch *sw);
void vsw_guard_port_leaves(struct vsw_port *port);
void vsw_guard_apply(struct vsw_port *port, const struct vsw_port_cfg *cfg);
void vsw_guard_changed(struct vsw_port *port);
void vsw_guard_put(struct vsw_port *port, u8 reason, unsigned long now);
void vsw_guard_release(struct vsw_port *port);
void vsw_guard_run(struct vsw_switch *sw, unsigned long now);
u32 vsw_guard_left(const struct vsw_port *port, unsigned long now);
u32 vsw_guard_times(const struct vsw_port *port, unsigned long now);

/* Fast path */

void vsw_guard_note(struct vsw_port *port, u8 reason);
void vsw_guard_note_storm(struct vsw_port *port, u32 second);

#endif /* _VSW_TABLE_GUARD_H */
