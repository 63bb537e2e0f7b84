/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What user space is told without having asked.  The one header of ctrl/ that
 * table/ may include.
 */
#ifndef _VSW_CTRL_NOTIFY_H
#define _VSW_CTRL_NOTIFY_H

#include "../vsw.h"

void vsw_notify_switch(const struct vsw_switch *sw, u8 cmd);
void vsw_notify_port(const struct vsw_port *port, u8 cmd);
bool vsw_notify_fdb_wanted(const struct vsw_fdb *fdb);
bool vsw_notify_fdb(struct vsw_fdb *fdb);
bool vsw_notify_mdb_wanted(const struct vsw_switch *sw);
void vsw_notify_mdb(struct vsw_mdb *mdb);

/* notify.c, for nl_mdb.c */
void vsw_notify_send(struct net *net, struct sk_buff *skb, int err,
		     unsigned int group);
const struct vsw_port *vsw_notify_port_rcu(const struct vsw_switch *sw,
					   u16 number);

#endif /* _VSW_CTRL_NOTIFY_H */
