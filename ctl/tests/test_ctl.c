// SPDX-License-Identifier: GPL-2.0
/*
 * Replies, extended acks, batches and events, and the main program of the tests of
 * the tool that need no kernel.  Prints TAP lines; check.sh adds the plan.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/vswitch.h>

#include "fake.h"
#include "messages.h"
#include "nl_names.h"

/* ---- what the kernel answers ---- */

static struct nl_msg *odd_name(const struct nlmsghdr *req)
{
	struct nl_msg *msg = reply_to(req, VSWITCH_CMD_SWITCH_GET);

	nla_put_string(msg, VSWITCH_A_SWITCH_NAME, "a\xc2\x9b" "1m\x7f\xc2\xa0");
	return msg;
}

static struct nl_msg *bad_mac(const struct nlmsghdr *req)
{
	struct nl_msg *msg = reply_to(req, VSWITCH_CMD_SWITCH_GET);

	nla_put(msg, VSWITCH_A_SWITCH_ADDRESS, 5, "12345");
	return msg;
}

/* What is not printed as it is, what comes twice, and what nobody knows. */
static struct nl_msg *odd_entries(const struct nlmsghdr *req)
{
	struct nl_msg *msg = reply_to(req, VSWITCH_CMD_FDB_GET);
	struct nlattr *nest;

	nla_put_string(msg, VSWITCH_A_FDB_SWITCH_NAME, "v\"\\/");
	nest = nla_nest_start(msg, VSWITCH_A_FDB_ENTRY);
	nla_put_string(msg, VSWITCH_A_FDB_ENTRY_PORT_NAME, "first");
	nla_put(msg, VSWITCH_A_FDB_ENTRY_MAC, 6, "\x02\xab\0\x9f\xff\x01");
	nla_put_string(msg, VSWITCH_A_FDB_ENTRY_PORT_NAME, "a\x1b\xff\x7f\xc2\x9b");
	nla_put_u16(msg, VSWITCH_A_FDB_ENTRY_VLAN, 0);
	nla_put_u32(msg, VSWITCH_A_FDB_ENTRY_TYPE, 77);
	nla_put_u32(msg, VSWITCH_A_FDB_ENTRY_AGE, 4294967295u);
	nla_put_u32(msg, VSWITCH_A_FDB_ENTRY_EVENT, VSWITCH_FDB_EVENT_TYPE_MOVED);
	nla_put_u32(msg, 200, 1);
	nla_nest_end(msg, nest);
	nest = nla_nest_start(msg, VSWITCH_A_FDB_ENTRY);
	nla_put_string(msg, VSWITCH_A_FDB_ENTRY_PORT_NAME, "0123456789abcdef0123456789ABCDEFg");
	nla_nest_end(msg, nest);
	nest = nla_nest_start(msg, VSWITCH_A_FDB_ENTRY);
	nla_put(msg, VSWITCH_A_FDB_ENTRY_PORT_NAME, 0, NULL);
	nla_nest_end(msg, nest);
	return msg;
}

static struct nl_msg *empty_entry(const struct nlmsghdr *req)
{
	struct nl_msg *msg = reply_to(req, VSWITCH_CMD_FDB_GET);

	nla_put(msg, VSWITCH_A_FDB_ENTRY, 0, NULL);
	return msg;
}

/* An address that is wider than its column, and what is narrower. */
static struct nl_msg *wide_groups(const struct nlmsghdr *req)
{
	struct nl_msg *msg = reply_to(req, VSWITCH_CMD_MDB_GET);
	struct nlattr *nest;

	nla_put_string(msg, VSWITCH_A_MDB_SWITCH_NAME, "vsw0");
	nest = nla_nest_start(msg, VSWITCH_A_MDB_ENTRY);
	nla_put(msg, VSWITCH_A_MDB_ENTRY_GROUP, 16, "\xff\x15\x22\x22\x33\x33\x44\x44"
						  "\x55\x55\x66\x66\x77\x77\x88\x88");
	nla_put_string(msg, VSWITCH_A_MDB_ENTRY_PORT_NAME, "veth0");
	nla_nest_end(msg, nest);
	nest = nla_nest_start(msg, VSWITCH_A_MDB_ENTRY);
	nla_put(msg, VSWITCH_A_MDB_ENTRY_GROUP, 16,
		"\0\0\0\0\0\0\0\0\0\0\xff\xff\xef\x01\x01\x01");
	nla_put_u16(msg, VSWITCH_A_MDB_ENTRY_VLAN, 10);
	nla_nest_end(msg, nest);
	return msg;
}

/* The last of them is malformed. */
static struct nl_msg *bad_entry(const struct nlmsghdr *req)
{
	struct nl_msg *msg = two_entries(req);
	struct nlattr *nest = nla_nest_start(msg, VSWITCH_A_FDB_ENTRY);

	nla_put_u16(msg, VSWITCH_A_FDB_ENTRY_AGE, 1);
	nla_nest_end(msg, nest);
	return msg;
}

/* ---- replies ---- */

#define DROPS_ALL "{\"runt\":3,\"same-port\":0,\"egress-queue\":4}"

static const struct {
	const char *line;
	struct nl_msg *(*answer)(const struct nlmsghdr *req);
	const char *prints;
} golden[] = {
	{ "-j switch show", NULL, "[]\n" },
	{ "switch show", NULL,
	  "SWITCH          ADDRESS             MTU  AGEING PORTS LIMIT      FDB    LIMIT   STATIC     KIB VLAN-AWARE\n" },
	{ "port show", NULL,
	  "PORT            SWITCH          NUMBER TYPE     ROLE   STATE         MTU LEARNING      FDB    LIMIT VLAN\n" },
	{ "fdb show", NULL, "MAC               VLAN PORT            TYPE        AGE SWITCH\n" },
	{ "stats show", NULL,
	  "PORT              RX-PACKETS        RX-BYTES   TX-PACKETS        TX-BYTES      FLOODED        DROPS\n" },
	{ "drops show", NULL, "PORT            REASON                 FRAMES MEANING\n" },
	{ "-j switch show", a_switch,
	  "[{\"ifindex\":5,\"name\":\"vsw0\",\"address\":\"02:00:00:00:00:01\",\"mtu\":1500,"
	  "\"ageing\":300,\"fdb-limit\":65536,\"fdb-count\":2}]\n" },
	{ "switch show vsw0", a_switch,
	  "ifindex              5\nname                 vsw0\naddress              02:00:00:00:00:01\n"
	  "mtu                  1500\nageing               300\nfdb-limit            65536\n"
	  "fdb-count            2\n" },
	{ "switch show", a_switch,
	  "SWITCH          ADDRESS             MTU  AGEING PORTS LIMIT      FDB    LIMIT   STATIC     KIB VLAN-AWARE\n"
	  "vsw0            02:00:00:00:00:01  1500     300     -     -        2    65536        -       - -\n" },
	{ "-j port show", a_port,
	  "[{\"ifindex\":7,\"name\":\"veth\\u001b\xef\xbf\xbd\\\"\",\"switch-ifindex\":5,"
	  "\"switch-name\":\"vsw0\",\"number\":1,\"role\":\"uplink\",\"state\":77,\"learning\":false,"
	  "\"group-forward\":16417,\"group-host\":0,\"flood\":\"unicast,broadcast\",\"stats\":{\"rx-packets\":18446744073709551615,"
	  "\"tx-packets\":7,\"drops\":" DROPS_ALL "}}]\n" },
	{ "port show veth0", a_port,
	  "ifindex              7\nname                 veth?\xef\xbf\xbd\"\nswitch-ifindex       5\n"
	  "switch-name          vsw0\nnumber               1\nrole                 uplink\n"
	  "state                77\nlearning             off\ngroup-forward        stp,05,lldp\n"
	  "group-host           none\nflood                unicast,broadcast\nstats\n  rx-packets         18446744073709551615\n"
	  "  tx-packets         7\n  drops\n    runt             3\n    same-port        0\n"
	  "    egress-queue     4\n" },
	{ "-j fdb show", two_entries,
	  "[{\"mac\":\"02:00:00:00:00:01\",\"vlan\":10,\"port-name\":\"veth0\",\"type\":\"dynamic\","
	  "\"age\":12,\"switch-ifindex\":5,\"switch-name\":\"vsw0\"},"
	  "{\"mac\":\"02:00:00:00:00:02\",\"port-name\":\"veth0\",\"type\":\"static\","
	  "\"switch-ifindex\":5,\"switch-name\":\"vsw0\"}]\n" },
	{ "fdb show", two_entries,
	  "MAC               VLAN PORT            TYPE        AGE SWITCH\n"
	  "02:00:00:00:00:01   10 veth0           dynamic      12 vsw0\n"
	  "02:00:00:00:00:02    - veth0           static        - vsw0\n" },
	{ "-jp fdb show", two_entries,
	  "[\n{\n  \"mac\": \"02:00:00:00:00:01\",\n  \"vlan\": 10,\n  \"port-name\": \"veth0\",\n"
	  "  \"type\": \"dynamic\",\n  \"age\": 12,\n  \"switch-ifindex\": 5,\n"
	  "  \"switch-name\": \"vsw0\"\n},\n"
	  "{\n  \"mac\": \"02:00:00:00:00:02\",\n  \"port-name\": \"veth0\",\n"
	  "  \"type\": \"static\",\n  \"switch-ifindex\": 5,\n  \"switch-name\": \"vsw0\"\n}\n]\n" },
	{ "-j fdb show", odd_entries,
	  "[{\"port-name\":\"a\\u001b\xef\xbf\xbd\\u007f\\u009b\",\"mac\":\"02:ab:00:9f:ff:01\","
	  "\"vlan\":0,\"type\":77,\"age\":4294967295,\"event\":\"moved\",\"switch-name\":\"v\\\"\\\\/\"},"
	  "{\"port-name\":\"0123456789abcdef0123456789ABCDEFg\",\"switch-name\":\"v\\\"\\\\/\"},"
	  "{\"port-name\":\"\",\"switch-name\":\"v\\\"\\\\/\"}]\n" },
	{ "fdb show", odd_entries,
	  "MAC               VLAN PORT            TYPE        AGE SWITCH\n"
	  "02:ab:00:9f:ff:01    0 a?\xef\xbf\xbd??         77      4294967295 v\"\\/\n"
	  "-                    - 0123456789abcdef0123456789ABCDEFg -             - v\"\\/\n"
	  "-                    -                 -             - v\"\\/\n" },
	{ "-j fdb show", empty_entry, "[{}]\n" },
	{ "-jp fdb show", empty_entry, "[\n{\n}\n]\n" },
	{ "fdb show", empty_entry,
	  "MAC               VLAN PORT            TYPE        AGE SWITCH\n"
	  "-                    - -               -             - -\n" },
	{ "-j fdb show", NULL, "[]\n" },
	{ "fdb flush vsw0", a_count, "17\n" },
	{ "-j fdb flush vsw0", a_count, "{\"count\":17}\n" },
	{ "port add vsw0 veth0", a_port, "" },
	{ "-j drops show", a_port,
	  "[{\"ifindex\":7,\"name\":\"veth\\u001b\xef\xbf\xbd\\\"\",\"switch-ifindex\":5,"
	  "\"switch-name\":\"vsw0\",\"number\":1,\"stats\":{\"drops\":{\"runt\":3,\"egress-queue\":4}}}]\n" },
	{ "drops show", a_port,
	  "PORT            REASON                 FRAMES MEANING\n"
	  "veth?\xef\xbf\xbd\"       runt                        3 Shorter than its Ethernet header, or than the tag it announces.\n"
	  "veth?\xef\xbf\xbd\"       egress-queue                4 Egress, the device or its queueing discipline refused the frame.\n" },
	{ "stats show", a_port,
	  "PORT              RX-PACKETS        RX-BYTES   TX-PACKETS        TX-BYTES      FLOODED        DROPS\n"
	  "veth?\xef\xbf\xbd\"       18446744073709551615               -            7               -            -            7\n" },
	{ "-j stats show veth0", a_port,
	  "[{\"ifindex\":7,\"name\":\"veth\\u001b\xef\xbf\xbd\\\"\",\"switch-ifindex\":5,"
	  "\"switch-name\":\"vsw0\",\"number\":1,\"stats\":{\"rx-packets\":18446744073709551615,"
	  "\"tx-packets\":7,\"drops\":" DROPS_ALL "}}]\n" },
	{ "qemu-args web0", a_tap,
	  "-netdev tap,id=net-web0,fds=3:4,vhost=on "
	  "-device virtio-net-pci,netdev=net-web0,mac=02:00:00:00:00:09,host_mtu=1400,mq=on,vectors=6 "
	  "3<>/dev/tap7 4<>/dev/tap7\n" },
	{ "qemu-args web0 queues 1 fd 17 vhost off", a_tap,
	  "-netdev tap,id=net-web0,fd=17,vhost=off "
	  "-device virtio-net-pci,netdev=net-web0,mac=02:00:00:00:00:09,host_mtu=1400 "
	  "17<>/dev/tap7\n" },
	{ "-j qemu-args web0 queues 1", a_tap,
	  "{\"netdev\":\"tap,id=net-web0,fd=3,vhost=on\","
	  "\"device\":\"virtio-net-pci,netdev=net-web0,mac=02:00:00:00:00:09,host_mtu=1400\","
	  "\"open\":[{\"fd\":3,\"path\":\"/dev/tap7\"}]}\n" },
	{ "mdb show", wide_groups,
	  "GROUP                                   VLAN PORT            TYPE    EXPIRES SWITCH          QUERIER\n"
	  "ff15:2222:3333:4444:5555:6666:7777:8888    - veth0           -             - vsw0            -\n"
	  "239.1.1.1                                 10 -               -             - vsw0            -\n" },
	{ "-jp switch show", NULL, "[]\n" },
	{ "switch show vsw0", odd_name, "name                 a?1m?\xc2\xa0\n" },
	{ "-j switch show", odd_name, "[{\"name\":\"a\\u009b1m\\u007f\xc2\xa0\"}]\n" },
};

static void test_golden(void)
{
	char name[256];
	size_t i;

	for (i = 0; i < sizeof(golden) / sizeof(golden[0]); i++) {
		reset();
		answer = golden[i].answer;
		snprintf(name, sizeof(name), "prints: %s (%zu)", golden[i].line, i);
		if (run(golden[i].line))
			check(false, name, "# refused: %s\n", err_text_);
		else
			check_text(name, out_text_, golden[i].prints);
	}
}

static void test_no_qemu_args(void)
{
	static const struct { const char *line; struct nl_msg *(*answer)(const struct nlmsghdr *req);
			      const char *says; } no[] = {
		{ "qemu-args web0 queues 3", a_tap, "vswctl: port web0: it has 2 queues, fewer than 3\n" },
		{ "qemu-args web0 fd 999", a_tap, "vswctl: port web0: the last descriptor would be above 999\n" },
		{ "qemu-args a;b", a_tap, "vswctl: port a;b: the name has characters that a shell "
					  "or QEMU would not take as they are\n" },
		{ "qemu-args a,b", a_tap, "vswctl: port a,b: the name has characters that a shell "
					  "or QEMU would not take as they are\n" },
		{ "qemu-args veth0", a_port, "vswctl: port veth0: QEMU can use direct taps and tun taps; "
					     "this is neither\n" },
		{ "qemu-args web0", NULL, "vswctl: port web0: the kernel's answer is empty\n" },
	};
	size_t i;

	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		reset();
		answer = no[i].answer;
		check(run(no[i].line) == ST_REFUSED, no[i].line, "");
		check_text("prints nothing", out_text_, "");
		check_text("says why", err_text_, no[i].says);
	}
}

static void test_malformed_reply(void)
{
	reset();
	answer = bad_mac;
	check(run("switch show vsw0") == ST_REFUSED, "refuses a short address", "");
	check_text("says that a reply is malformed", err_text_,
		   "vswctl: switch vsw0: the kernel's reply is malformed\n");
	reset();
	answer = bad_entry;
	check(run("fdb show") == ST_REFUSED && !*out_text_, "prints nothing of a malformed message",
	      "# %s\n", out_text_);
	check_text("and says so", err_text_, "vswctl: fdb show: the kernel's reply is malformed\n");
}

/* ---- switch set and del: several requests ---- */

static void test_switch_set(void)
{
	reset();
	answer = a_switch;
	check(!run("switch set vsw0 ageing 7 mtu 9000 address 02:00:00:00:00:07"), "sets both kinds", "# %s", err_text_);
	check_text("asks, sets here, sets there", requests,
		   "switch-get {\"name\":\"vsw0\"}\nswitch-set {\"name\":\"vsw0\",\"ageing\":7,\"mtu\":9000}\n"
		   "setlink {\"address\":\"02:00:00:00:00:07\"}\n");
	refuse_type = RTM_SETLINK;
	refuse_errno = EINVAL;
	refuse_msg = "the address is in use";
	check(run("switch set vsw0 ageing 7 mtu 9000 address 02:00:00:00:00:07") == ST_REFUSED, "rtnetlink may refuse", "");
	check_text("takes back what was set", requests,
		   "switch-get {\"name\":\"vsw0\"}\nswitch-set {\"name\":\"vsw0\",\"ageing\":7,\"mtu\":9000}\n"
		   "setlink {\"address\":\"02:00:00:00:00:07\"}\n"
		   "setlink {\"address\":\"02:00:00:00:00:01\"}\n"
		   "switch-set {\"name\":\"vsw0\",\"ageing\":300,\"mtu\":1500}\n");
	check_text("says why it was refused", err_text_,
		   "vswctl: switch vsw0: the address is in use\n");
}

static void test_switch_del(void)
{
	reset();
	answer = a_switch;
	check(!run("switch del vsw0") && last_request->nlmsg_type == RTM_DELLINK &&
	      ((struct ifinfomsg *)NLMSG_DATA(last_request))->ifi_index == 5,
	      "deletes the link it was told of", "# %s", err_text_);
	reset();
	refuse_errno = ENODEV;
	check(run("switch del eth0") == ST_REFUSED && !strstr(requests, "dellink"),
	      "deletes no link that is not a switch", "# %s", requests);
	check_text("an errno alone is a sentence", err_text_, "vswctl: switch eth0: No such device\n");
}

static void test_errno_alone(void)
{
	reset();
	refuse_errno = EEXIST;
	check(run("switch add vsw0") == ST_REFUSED, "a name that is taken is refused", "");
	check_text("says that the name is taken", err_text_,
		   "vswctl: switch vsw0: a network device of this name exists already\n");
	refuse_errno = EPERM;
	check(run("port set veth0 role host") == ST_REFUSED, "lack of privilege is refused", "");
	check_text("says what privilege is lacking", err_text_,
		   "vswctl: port veth0: not permitted, this needs CAP_NET_ADMIN over the network "
		   "namespace, as root has it\n");
	run("switch add vsw0");
	check(strstr(err_text_, "CAP_NET_ADMIN"), "rtnetlink refuses it alike", "# %s", err_text_);
	refuse_msg = "not you";
	run("port del veth0");
	check_text("prefers the kernel's sentence", err_text_, "vswctl: port veth0: not you\n");
}

static void test_refused_dump(void)
{
	reset();
	refuse_errno = ENODEV;
	refuse_msg = "No such switch";
	check(run("-j fdb show vsw9") == ST_REFUSED && !*out_text_, "a refused dump prints nothing",
	      "# %s", out_text_);
	check_text("the end of a dump has a sentence", err_text_, "vswctl: fdb show: No such switch\n");
}

/* The object in a message is the one that the refused attribute names. */
static const struct { const char *line; int attr; const char *says; } blamed[] = {
	{ "port add nope web0", VSWITCH_A_PORT_SWITCH_NAME, "switch nope" },
	{ "port add vsw0 nope", VSWITCH_A_PORT_NAME, "port nope" },
	{ "port add vsw0 nope", 0, "port nope" },
	{ "fdb show vsw0 port nope", 0, "fdb show" },
	{ "fdb get vsw0 02:00:00:00:00:01", 0, "fdb vsw0 02:00:00:00:00:01" },
	{ "port show switch nope", VSWITCH_A_PORT_SWITCH_NAME, "switch nope" },
	{ "drops show nope", VSWITCH_A_PORT_NAME, "port nope" },
	{ "stats show switch nope", VSWITCH_A_PORT_SWITCH_NAME, "switch nope" },
	{ "switch show nope", VSWITCH_A_SWITCH_NAME, "switch nope" },
	{ "fdb show nope", VSWITCH_A_FDB_SWITCH_NAME, "switch nope" },
	{ "fdb show vsw0 port nope", VSWITCH_A_FDB_PORT_NAME, "port nope" },
	{ "fdb flush vsw0 port nope", VSWITCH_A_FDB_PORT_NAME, "port nope" },
	{ "fdb add nope 02:00:00:00:00:01 dev web0", VSWITCH_A_FDB_SWITCH_NAME, "switch nope" },
};

static void test_blamed(void)
{
	char name[256], want[256];
	size_t i;

	for (i = 0; i < sizeof(blamed) / sizeof(blamed[0]); i++) {
		reset();
		refuse_errno = ENODEV;
		refuse_msg = "no such network device";
		refuse_attr = blamed[i].attr;
		run(blamed[i].line);
		snprintf(name, sizeof(name), "blames %s: %s (%zu)", blamed[i].says, blamed[i].line, i);
		snprintf(want, sizeof(want), "vswctl: %s: no such network device\n", blamed[i].says);
		check_text(name, err_text_, want);
	}
}

static void test_warning(void)
{
	struct ctx ctx = { .out = { .out = stdout } };
	struct nlmsghdr req = { .nlmsg_len = NLMSG_HDRLEN, .nlmsg_type = FAMILY, .nlmsg_seq = 1 };
	size_t n;

	reset();
	free(err_text_);
	ctx.out.err = open_memstream(&err_text_, &n);
	nlx_init(&ctx.nl, &ctx.out);
	push_ack(&req, 0, "deprecated", 0);
	check(!nlx_process(&ctx.nl, &req, queue[0].data, queue[0].len, NULL, NULL),
	      "a warning is no error", "");
	fclose(ctx.out.err);
	check_text("prints the warning", err_text_, "vswctl: warning: deprecated\n");
	reset();
}

/* ---- a dump that was disturbed ---- */

static int intr_left;

static int intr_send(struct nlx *nl, enum nlx_proto proto, const struct nlmsghdr *req)
{
	int err = fake_send(nl, proto, req);
	struct nlmsghdr *done = queue[queued - 1].data;

	if (req->nlmsg_type == FAMILY && intr_left-- > 0)
		done->nlmsg_flags |= NLM_F_DUMP_INTR;
	return err;
}

static int run_intr(const char *line, int times)
{
	struct ctx ctx = { 0 };
	char *copy = strdup(line), *next = copy, *argv[16];
	static const struct nlx_io io = { intr_send, fake_recv, fake_join };
	size_t n1, n2;
	int argc = 0, err;

	while (next)
		argv[argc++] = strsep(&next, " ");
	free(out_text_);
	free(err_text_);
	ctx.out.out = open_memstream(&out_text_, &n1);
	ctx.out.err = open_memstream(&err_text_, &n2);
	nlx_init(&ctx.nl, &ctx.out);
	ctx.nl.io = &io;
	*requests = '\0';
	intr_left = times;
	err = vswctl_run(&ctx, argc, argv);
	nlx_close(&ctx.nl);
	fclose(ctx.out.out);
	fclose(ctx.out.err);
	free(copy);
	return err;
}

static void test_intr(void)
{
	reset();
	answer = a_switch;
	check(!run_intr("-j switch show", 2) && !*err_text_, "a disturbed dump is made again",
	      "# %s", err_text_);
	check_text("as often as needed", requests,
		   "switch-get dump {}\nswitch-get dump {}\nswitch-get dump {}\n");
	reset();
	answer = two_entries;
	run_intr("-j fdb show", 1);
	check_text("a streamed dump warns", err_text_,
		   "vswctl: warning: the table changed while it was read\n");
	check_text("and is made once", requests, "fdb-get dump {}\n");
}

/* ---- extended acks ---- */

static size_t offset_of(const struct nlmsghdr *req, const void *attr)
{
	return (const char *)attr - (const char *)req;
}

/* Processes an error about @req and returns what is said. */
static enum nlx_proto explain_proto;

static const char *explain(struct nl_msg *req, struct nl_msg *ack, size_t cut)
{
	struct ctx ctx = { .out = { .out = stdout } };
	size_t len = nlmsg_hdr(ack)->nlmsg_len - cut, n;
	struct nlmsghdr *copy = malloc(len);

	memcpy(copy, nlmsg_hdr(ack), len);
	if (cut)
		copy->nlmsg_len = len;
	free(err_text_);
	ctx.out.err = open_memstream(&err_text_, &n);
	nlx_init(&ctx.nl, &ctx.out);
	ctx.nl.proto = explain_proto;
	nlx_process(&ctx.nl, nlmsg_hdr(req), copy, len, NULL, NULL);
	if (ctx.nl.err.code)
		nlx_fail(&ctx.nl, "port veth0");
	fclose(ctx.out.err);
	free(copy);
	return err_text_;
}

static struct nl_msg *new_request(struct nlattr **entry, struct nlattr **mac)
{
	struct nl_msg *req = reply_to(NULL, VSWITCH_CMD_FDB_ADD);
	int i;

	nla_put_string(req, VSWITCH_A_FDB_SWITCH_NAME, "vsw0");
	for (i = 0; i < 3; i++) {
		*entry = nla_nest_start(req, VSWITCH_A_FDB_ENTRY);
		*mac = nlmsg_tail(nlmsg_hdr(req));
		nla_put(req, VSWITCH_A_FDB_ENTRY_MAC, 6, "\x01\0\0\0\0");
		nla_nest_end(req, *entry);
	}
	return req;
}

static void test_extack(void)
{
	struct nlattr *entry, *mac;
	struct nl_msg *req = new_request(&entry, &mac), *ack;
	size_t cut, whole;
	int capped;

	for (capped = 0; capped < 2; capped++) {
		ack = ack_with_request(req, capped);
		nla_put_string(ack, NLMSGERR_ATTR_MSG, "a group address");
		nla_put_u32(ack, NLMSGERR_ATTR_OFFS, offset_of(nlmsg_hdr(req), mac));
		check_text("names a nested attribute", explain(req, ack, 0),
			   "vswctl: port veth0: a group address (attribute entry[2].mac)\n");
		whole = nlmsg_hdr(ack)->nlmsg_len - NLMSG_HDRLEN;
		for (cut = 1; cut <= whole; cut++)
			explain(req, ack, cut);
		nlmsg_free(ack);
	}
	check(true, "survives an ack cut at every byte", "");

	ack = ack_with_request(req, true);
	check_text("an errno alone is a sentence", explain(req, ack, 0),
		   "vswctl: port veth0: Invalid argument\n");
	nla_put_u32(ack, NLMSGERR_ATTR_MISS_NEST, offset_of(nlmsg_hdr(req), entry));
	nla_put_u32(ack, NLMSGERR_ATTR_MISS_TYPE, VSWITCH_A_FDB_ENTRY_PORT_NAME);
	check_text("names a missing attribute of a nest", explain(req, ack, 0),
		   "vswctl: port veth0: Invalid argument (attribute entry[2].port-name is missing)\n");
	nlmsg_free(ack);

	ack = ack_with_request(req, true);
	nla_put_u32(ack, NLMSGERR_ATTR_MISS_TYPE, VSWITCH_A_FDB_SWITCH_NAME);
	check_text("names a missing attribute", explain(req, ack, 0),
		   "vswctl: port veth0: Invalid argument (attribute switch-name is missing)\n");
	nlmsg_free(ack);

	ack = ack_with_request(req, true);
	nla_put_string(ack, NLMSGERR_ATTR_MSG, "no");
	nla_put_u32(ack, NLMSGERR_ATTR_OFFS, 0xfffffff0);
	check_text("an offset beyond the request names nothing", explain(req, ack, 0),
		   "vswctl: port veth0: no\n");
	nlmsg_free(ack);

	ack = ack_with_request(req, true);
	nla_put_string(ack, NLMSGERR_ATTR_MSG, "evil \x1b[2J\n");
	check_text("control bytes do not reach a terminal", explain(req, ack, 0),
		   "vswctl: port veth0: evil ?[2J?\n");
	nlmsg_free(ack);

	ack = ack_with_request(req, true);
	nla_put_string(ack, NLMSGERR_ATTR_MSG, "evil \xc2\x9b" "2J \x9b" "2J \x7f \xe2\x82, \xe2\x82\xac");
	check_text("nor those above ASCII, nor what is not UTF-8", explain(req, ack, 0),
		   "vswctl: port veth0: evil ?2J ?2J ? ??, \xe2\x82\xac\n");
	nlmsg_free(ack);
	nlmsg_free(req);
}

/* The port in an entry; the name of a switch is an attribute of the link. */
static void test_extack_names(void)
{
	struct nl_msg *req = reply_to(NULL, VSWITCH_CMD_FDB_ADD), *ack;
	struct nlattr *entry = nla_nest_start(req, VSWITCH_A_FDB_ENTRY), *name;

	name = nlmsg_tail(nlmsg_hdr(req));
	nla_put_string(req, VSWITCH_A_FDB_ENTRY_PORT_NAME, "veth9");
	nla_nest_end(req, entry);
	ack = ack_with_request(req, true);
	nla_put_string(ack, NLMSGERR_ATTR_MSG, "no such network device");
	nla_put_u32(ack, NLMSGERR_ATTR_OFFS, offset_of(nlmsg_hdr(req), name));
	check_text("names the port of an entry", explain(req, ack, 0),
		   "vswctl: port veth9: no such network device\n");
	nlmsg_free(ack);
	nlmsg_free(req);

	req = nlx_link_request(RTM_NEWLINK, 0, 0);
	name = nlmsg_tail(nlmsg_hdr(req));
	nla_put_string(req, IFLA_IFNAME, "vsw9");
	ack = ack_with_request(req, true);
	nla_put_string(ack, NLMSGERR_ATTR_MSG, "no");
	nla_put_u32(ack, NLMSGERR_ATTR_OFFS, offset_of(nlmsg_hdr(req), name));
	explain_proto = NLX_ROUTE;
	check_text("names the link as a switch", explain(req, ack, 0), "vswctl: switch vsw9: no\n");
	explain_proto = NLX_GENL;
	nlmsg_free(ack);
	nlmsg_free(req);
}

static void test_extack_link(void)
{
	struct nl_msg *req = nlx_link_request(RTM_NEWLINK, 0, 0), *ack;
	struct nlattr *info, *data, *limit;

	nla_put_string(req, IFLA_IFNAME, "vsw0");
	info = nla_nest_start(req, IFLA_LINKINFO);
	nla_put_string(req, IFLA_INFO_KIND, "vswitch");
	data = nla_nest_start(req, IFLA_INFO_DATA);
	limit = nlmsg_tail(nlmsg_hdr(req));
	nla_put_u32(req, VSWITCH_A_SWITCH_FDB_LIMIT, 0);
	nla_nest_end(req, data);
	nla_nest_end(req, info);
	ack = ack_with_request(req, true);
	nla_put_string(ack, NLMSGERR_ATTR_MSG, "integer out of range");
	nla_put_u32(ack, NLMSGERR_ATTR_OFFS, offset_of(nlmsg_hdr(req), limit));
	explain_proto = NLX_ROUTE;
	check_text("names an attribute inside link info", explain(req, ack, 0),
		   "vswctl: port veth0: integer out of range (attribute fdb-limit)\n");
	nlmsg_free(ack);
	nlmsg_free(req);
}

/* ---- hostile replies ---- */

static int decode_one(const struct nlmsghdr *nlh, void *arg)
{
	struct json_object *obj;
	uint8_t op;
	int err;

	(void)arg;
	obj = cmd_decode(nlh, &op, &err);
	json_object_put(obj);
	return err;
}

static void feed(const struct nl_msg *msg, const void *buf, size_t len)
{
	struct ctx ctx = { .out = { .out = stdout, .err = stderr } };
	void *copy = malloc(len ?: 1);

	memcpy(copy, buf, len);
	ctx.out.err = fopen("/dev/null", "w");
	nlx_init(&ctx.nl, &ctx.out);
	nlx_process(&ctx.nl, nlmsg_hdr((struct nl_msg *)msg), copy, len, decode_one, NULL);
	fclose(ctx.out.err);
	free(copy);
}

static void test_hostile(struct nl_msg *msg, const char *name)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);
	size_t len = h->nlmsg_len, i;
	unsigned char *buf = malloc(len);
	unsigned int seed = 1, n;

	for (i = 0; i <= len; i++)
		feed(msg, h, i);
	for (i = NLMSG_HDRLEN; i <= len; i++) {
		memcpy(buf, h, len);
		((struct nlmsghdr *)buf)->nlmsg_len = i;
		feed(msg, buf, i);
	}
	for (n = 0; n < 20000; n++) {
		memcpy(buf, h, len);
		for (i = 0; i < 1 + n % 4; i++) {
			seed = seed * 1664525 + 1013904223;
			/* The sequence number stays, or nothing is looked at. */
			if ((seed >> 8) % len < 8 || (seed >> 8) % len >= 12)
				buf[(seed >> 8) % len] = seed >> 24;
		}
		feed(msg, buf, len);
	}
	free(buf);
	nlmsg_free(msg);
	check(true, name, "");
}

/* ---- batch and bulk ---- */

static void test_batch(void)
{
	reset();
	check(!run_file("# comment\n\n  port del veth0 # x\nport\tdel veth1\n", "-b %s"),
	      "runs a batch", "# %s", err_text_);
	check_text("every line of it", requests,
		   "port-del {\"name\":\"veth0\"}\nport-del {\"name\":\"veth1\"}\n");
	check(run_file("port del veth0\nport dl veth1\nport del veth2\n", "-b %s") == ST_USAGE,
	      "stops a batch at wrong words", "");
	check(!strncmp(err_text_, "F:2: port: unknown word 'dl'", 28), "says in which line", "# %s",
	      err_text_);
	check_text("and goes no further", requests, "port-del {\"name\":\"veth0\"}\n");
	check(!run_file("port del -j\nport del --help\n", "-b %s"), "takes words of a batch as they are",
	      "# %s", err_text_);
	check_text("as names of devices", requests,
		   "port-del {\"name\":\"-j\"}\nport-del {\"name\":\"--help\"}\n");
	refuse_errno = ENODEV;
	check(run_file("\nport del veth0\nport del veth1\n", "-b %s") == ST_REFUSED,
	      "stops a batch at a refusal", "");
	check_text("and says where", err_text_, "F:2: port veth0: No such device\n");
	check(run("-b /nonexistent/x") == ST_REFUSED, "wants a batch file that is there", "");
	check(run("-n nonexistent-netns switch show") == ST_REFUSED && !*requests,
	      "wants a namespace that is there", "# %s", err_text_);
}

static void test_file_name(void)
{
	char path[] = "/tmp/vswctl-\x1b[2J-XXXXXX", line[64];
	FILE *f = fdopen(mkstemp(path), "w");

	fputs("foo\n", f);
	fclose(f);
	snprintf(line, sizeof(line), "-b %s", path);
	run(line);
	remove(path);
	check(!strncmp(err_text_, "/tmp/vswctl-?[2J-", 17), "says without control bytes which file it is",
	      "# %s", err_text_);
}

static void test_bulk(void)
{
	char *text, *p;
	int i;

	reset();
	check(!run_file("# x\n02:00:00:00:00:01 veth0\n02:00:00:00:00:02 veth1 7 # y\n",
			"fdb add vsw0 file %s replace"), "reads entries", "# %s", err_text_);
	check_text("and sends them together", requests,
		   "fdb-add {\"switch-name\":\"vsw0\",\"replace\":true,\"entry\":[{\"mac\":\"02:00:00:00:00:01\",\"port-name\":\"veth0\"},"
		   "{\"mac\":\"02:00:00:00:00:02\",\"vlan\":7,\"port-name\":\"veth1\"}]}\n");
	check(run_file("02:00:00:00:00:01 veth0\n02:00:00:00:00:02 veth0 4095\n",
		       "fdb add vsw0 file %s") == ST_USAGE && !*requests,
	      "sends nothing when a line is wrong", "# %s", requests);
	check_text("and says which", err_text_,
		   "F:2: fdb add: VLAN must be a whole number from 0 to 4094, not '4095'\n");
	check(!run_file("\t02:00:00:00:0a:0B  veth0\t0 \r\n \n#\n02:00:00:00:00:02\tveth1#7\n",
			"fdb add vsw0 file %s"), "takes blanks of all kinds", "# %s", err_text_);
	check_text("and reads what is between them", requests,
		   "fdb-add {\"switch-name\":\"vsw0\",\"entry\":[{\"mac\":\"02:00:00:00:0a:0b\",\"vlan\":0,\"port-name\":\"veth0\"},"
		   "{\"mac\":\"02:00:00:00:00:02\",\"port-name\":\"veth1\"}]}\n");
	run_file("02:00:00:00:00:01 veth0\n02:00:00:00:00:02 veth0\n02:00:00:00:00:03 a/b\n",
		 "fdb add vsw0 file %s");
	check_text("checks the name of a port that is another one", err_text_,
		   "F:3: fdb add: DEV: the name 'a/b' has a blank, '/', ':' or '%' in it\n");
	run_file("02:00:00:00:00:02 b 7 static\n02:00:00:00:00:03 c 8 sticky # x\n",
		 "fdb add vsw0 file %s");
	check_text("reads types of entries", requests,
		   "fdb-add {\"switch-name\":\"vsw0\",\"entry\":["
		   "{\"mac\":\"02:00:00:00:00:02\",\"vlan\":7,\"port-name\":\"b\"},"
		   "{\"mac\":\"02:00:00:00:00:03\",\"vlan\":8,\"port-name\":\"c\",\"type\":\"sticky\"}]}\n");
	run_file("02:00:00:00:00:01 sticky\n02:00:00:00:00:02 static sticky\n", "fdb add vsw0 file %s");
	check_text("knows a port by its place", requests,
		   "fdb-add {\"switch-name\":\"vsw0\",\"entry\":[{\"mac\":\"02:00:00:00:00:01\",\"port-name\":\"sticky\"},"
		   "{\"mac\":\"02:00:00:00:00:02\",\"port-name\":\"static\",\"type\":\"sticky\"}]}\n");
	check(run_file("02:00:00:00:00:01 a sticky 7\n", "fdb add vsw0 file %s") == ST_USAGE,
	      "wants the type last", "");
	check(run("fdb add vsw0 file /nonexistent/x") == ST_REFUSED && !*requests,
	      "wants a file of entries that is there", "# %s", err_text_);
	check(run_file("02:00:00:00:00:01 veth0 1 2\n", "fdb add vsw0 file %s") == ST_USAGE,
	      "refuses a fourth word", "");
	text = p = malloc(3000 * 40);
	for (i = 0; i < 3000; i++)
		p += sprintf(p, "02:00:00:00:%02x:%02x abcdefghijklmno 4094\n", i >> 8, i & 255);
	check(!run_file(text, "fdb add vsw0 file %s"), "reads many", "# %s", err_text_);
	for (i = 0, p = requests; (p = strchr(p, '\n')); p++)
		i++;
	check(i == 5 && last_request->nlmsg_len <= NLX_MSG_MAX, "in few messages", "# %d\n", i);
	free(text);
	refuse_errno = EEXIST;
	run_file("#\n02:00:00:00:00:01 veth0\n", "fdb add vsw0 file %s");
	check_text("says which line began a refused message", err_text_,
		   "F:2: fdb vsw0: File exists\n");
}

/* It is what the tool calls a reader of its own that went away, too. */
static void test_refused_with_epipe(void)
{
	reset();
	refuse_errno = EPIPE;
	check(run("fdb show vsw0") == ST_REFUSED, "EPIPE of the kernel is a failure", "");
	check_text("and is reported", err_text_, "vswctl: fdb show: Broken pipe\n");
	reset();
}

/* ---- events ---- */

static void run_events(bool json)
{
	struct ctx ctx = { .out = { .json = json } };
	size_t n1, n2;

	reset();
	free(out_text_);
	free(err_text_);
	ctx.out.out = open_memstream(&out_text_, &n1);
	ctx.out.err = open_memstream(&err_text_, &n2);
	nlx_init(&ctx.nl, &ctx.out);
	ctx.nl.io = &(struct nlx_io){ fake_send, fake_recv, fake_join };
	ctx.nl.family = FAMILY;
	push_msg(an_event());
	push_error(-ENOBUFS);
	push_error(-EIO);
	cmd_monitor_loop(&ctx);
	nlx_close(&ctx.nl);
	fclose(ctx.out.out);
	fclose(ctx.out.err);
	reset();
}

static void test_events(void)
{
	run_events(true);
	check_text("prints events as JSON", out_text_,
		   "{\"cmd\":\"fdb-ntf\",\"switch-ifindex\":5,\"switch-name\":\"vsw0\",\"overrun\":3}\n"
		   "{\"cmd\":\"fdb-ntf\",\"mac\":\"02:00:00:00:00:01\",\"vlan\":10,\"port-name\":\"veth0\","
		   "\"type\":\"dynamic\",\"age\":12,\"event\":\"moved\",\"switch-ifindex\":5,\"switch-name\":\"vsw0\"}\n"
		   "{\"cmd\":\"overrun\"}\n");
	run_events(false);
	check_text("prints events as text", out_text_,
		   "fdb-ntf switch-ifindex 5 switch-name vsw0 overrun 3\n"
		   "fdb-ntf mac 02:00:00:00:00:01 vlan 10 port-name veth0 type dynamic age 12 event moved "
		   "switch-ifindex 5 switch-name vsw0\n");
	check_text("says that events were lost", err_text_,
		   "vswctl: warning: events were lost, they came faster than they were read\n"
		   "vswctl: monitor: Input/output error\n");
}

/* With real sockets: one that was given up before is opened anew. */
static void test_join(void)
{
	struct nlx nl;

	nlx_init(&nl, NULL);
	nl.groups[NLX_GROUP_FDB] = 0x7fffffff;
	check(nlx_join(&nl, NLX_GROUP_FDB) < 0 && *nl.err.msg, "a group that is not there is refused",
	      "# %s\n", nl.err.msg);
	nlx_close(&nl);
}

int main(void)
{
	test_words();
	test_vlans();
	test_golden();
	test_no_qemu_args();
	test_malformed_reply();
	test_switch_set();
	test_switch_del();
	test_errno_alone();
	test_refused_dump();
	test_blamed();
	test_warning();
	test_intr();
	test_extack();
	test_extack_names();
	test_extack_link();
	test_hostile(a_switch(NULL), "survives a hostile switch");
	test_hostile(a_port(NULL), "survives a hostile port");
	test_hostile(two_entries(NULL), "survives hostile entries");
	test_batch();
	test_file_name();
	test_bulk();
	test_refused_with_epipe();
	test_events();
	test_join();
	reset();
	free(out_text_);
	free(err_text_);
	free(last_request);
	return failed ? 1 : 0;
}
