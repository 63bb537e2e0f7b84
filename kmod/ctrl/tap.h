/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The device nodes of direct taps.
 */
#ifndef _VSW_CTRL_TAP_H
#define _VSW_CTRL_TAP_H

#include "../vport.h"

int vsw_tap_init(void);
void vsw_tap_exit(void);
int vsw_tap_node_add(struct vsw_vport *vp);
void vsw_tap_node_del(struct vsw_vport *vp);
void vsw_tap_shut_down(struct vsw_vport *vp);
int vsw_tap_put_node(struct sk_buff *skb, const struct vsw_vport *vp);
int vsw_tap_put_offloads(struct sk_buff *skb, netdev_features_t f);
int vsw_tap_put_guest(struct sk_buff *skb, const struct vsw_vport *vp);

#endif /* _VSW_CTRL_TAP_H */
