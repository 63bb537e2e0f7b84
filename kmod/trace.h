/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: a frame that is dropped, an FDB entry that changes.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vswitch

#if !defined(_VSW_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _VSW_TRACE_H

#include <linux/tracepoint.h>
#include <linux/skbuff.h>
#include "vsw.h"
#include "drop.h"
#include "table/port.h"

TRACE_EVENT(vsw_drop,
	TP_PROTO(const struct sk_buff *skb, const struct vsw_port *port,
		 unsigned int reason),
	TP_ARGS(skb, port, reason),
	TP_STRUCT__entry(
		__field(const void *, skbaddr)
		__field(int, ifindex)
		__field(unsigned int, len)
		__field(unsigned int, reason)
		__array(char, name, IFNAMSIZ)
	),
	TP_fast_assign(
		__entry->skbaddr = skb;
		__entry->ifindex = vsw_port_is_away(port) ? 0 : port->dev->ifindex;
		__entry->len = skb->len - (skb_mac_header_was_set(skb) ?
					   skb_mac_offset(skb) : 0);
		__entry->reason = reason;
		strscpy(__entry->name, vsw_port_name(port), IFNAMSIZ);
	),
	TP_printk("port=%s ifindex=%d skbaddr=%p len=%u reason=%s",
		  __entry->name, __entry->ifindex, __entry->skbaddr,
		  __entry->len, vsw_drop_name(__entry->reason))
);

TRACE_EVENT(vsw_fdb,
	TP_PROTO(u64 key, u32 val, unsigned int what),
	TP_ARGS(key, val, what),
	TP_STRUCT__entry(
		__field(u64, key)
		__field(u32, val)
		__field(unsigned int, what)
	),
	TP_fast_assign(
		__entry->key = key;
		__entry->val = val;
		__entry->what = what;
	),
	TP_printk("addr=%012llx vlan=%u port=%u event=%u",
		  __entry->key & GENMASK_ULL(47, 0),
		  vsw_fdb_key_vlan(__entry->key), vsw_fdb_port(__entry->val),
		  __entry->what)
);

#endif /* _VSW_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
