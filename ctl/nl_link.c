// SPDX-License-Identifier: GPL-2.0
/*
 * Links of rtnetlink: their attributes, and requests about them.
 */
#include <sys/socket.h>

#include <netlink/msg.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/vswitch.h>

#include "nl.h"
#include "nl_names.h"

static const struct nl_attr linkinfo_attrs[] = {
	[IFLA_INFO_KIND] = { .name = "kind", .type = NL_T_STRING },
	[IFLA_INFO_DATA] = { .name = "data", .type = NL_T_NEST, .nested = &nl_set_switch },
};

const struct nl_set nl_set_linkinfo = { "linkinfo", IFLA_INFO_DATA, linkinfo_attrs };

/* The MTU's range is Ethernet's: what any driver may be asked for. */
static const struct nl_attr link_attrs[] = {
	[IFLA_ADDRESS] = { .name = "address", .type = NL_T_MAC,
			   .doc = "Address of the host port. Random by default." },
	[IFLA_IFNAME] = { .name = "name", .type = NL_T_STRING, .max = VSWITCH_NAME_MAX,
			  .doc = "Name of the switch." },
	[IFLA_MTU] = { .name = "mtu", .type = NL_T_U32, .min = 68, .max = 65535,
		       .doc = "MTU of the host port in bytes. 1500 by default." },
	[IFLA_LINKINFO] = { .name = "linkinfo", .type = NL_T_NEST, .nested = &nl_set_linkinfo },
};

/* Named like what the tool's links are. */
const struct nl_set nl_set_link = { "switch", IFLA_LINKINFO, link_attrs };

struct nl_msg *nlx_link_request(uint16_t type, unsigned int flags, int ifindex)
{
	struct ifinfomsg ifi = { .ifi_family = AF_UNSPEC, .ifi_index = ifindex };
	struct nl_msg *msg = nlmsg_alloc_simple(type, flags);

	if (msg && nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO) < 0) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}
