// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of words, requests, replies and extended acks that need no kernel: the
 * connection's two functions are replaced by ones that keep what is sent and
 * answer from here.  Prints TAP lines; check.sh adds the plan.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/vswitch.h>

#include "cmd.h"
#include "messages.h"
#include "nl_names.h"

#define QUEUE 16

static int passed, failed;

static void check(bool ok, const char *name, const char *fmt, ...)
{
	va_list ap;

	printf("%sok - %s\n", ok ? "" : "not ", name);
	*(ok ? &passed : &failed) += 1;
	if (ok)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
}

static void check_text(const char *name, const char *got, const char *want)
{
	check(!strcmp(got, want), name, "# got:\n%s\n# want:\n%s\n", got, want);
}

/* ---- the kernel's part ---- */

static struct { void *data; size_t len; int err; } queue[QUEUE];
static int queued, taken;
static char requests[65536];		/* what was sent, as JSON, one a line */
static struct nlmsghdr *last_request;
static int refuse_type, refuse_errno;	/* answer this type with this error */
static const char *refuse_msg;
static int refuse_attr;			/* pointing at this attribute */
static struct nl_msg *(*answer)(const struct nlmsghdr *req);
static unsigned int last_entries;

static void push(const void *data, size_t len)
{
	queue[queued].data = malloc(len ?: 1);
	memcpy(queue[queued].data, data, len);
	queue[queued].err = 0;
	queue[queued++].len = len;
}

static void push_error(int err)
{
	queue[queued].data = NULL;
	queue[queued++].err = err;
}

static void push_msg(struct nl_msg *msg)
{
	push(nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
}

static void push_ack(const struct nlmsghdr *req, int code, const char *text, int offs)
{
	push_msg(an_ack(req, code, text, offs));
}

static void push_done(const struct nlmsghdr *req, int code, const char *text, int offs)
{
	push_msg(a_done(req, code, text, offs));
}

static void push_family(const struct nlmsghdr *req)
{
	push_msg(a_family(req));
	push_ack(req, 0, NULL, 0);
}

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

/* The last of them is malformed. */
static struct nl_msg *bad_entry(const struct nlmsghdr *req)
{
	struct nl_msg *msg = two_entries(req);
	struct nlattr *nest = nla_nest_start(msg, VSWITCH_A_FDB_ENTRY);

	nla_put_u16(msg, VSWITCH_A_FDB_ENTRY_AGE, 1);
	nla_nest_end(msg, nest);
	return msg;
}

static void note_request(const struct nlmsghdr *req, enum nlx_proto proto)
{
	size_t hdr = NLMSG_HDRLEN + GENL_HDRLEN, n = strlen(requests);
	const struct genlmsghdr *genl = NLMSG_DATA(req);
	const struct nl_set *set = nl_cmds[genl->cmd].set;
	const char *name = nl_cmds[genl->cmd].name;
	struct json_object *obj, *entries;

	if (proto == NLX_ROUTE) {
		hdr = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct ifinfomsg));
		set = &nl_set_link;
		name = req->nlmsg_type == RTM_NEWLINK ? "newlink" :
		       req->nlmsg_type == RTM_SETLINK ? "setlink" : "dellink";
	}
	obj = out_decode(set, (const char *)req + hdr, req->nlmsg_len - hdr);
	entries = out_find(obj, "entry");
	last_entries = entries ? json_object_array_length(entries) : 0;
	if (last_entries > 2)
		json_object_object_del(obj, "entry");
	snprintf(requests + n, sizeof(requests) - n, "%s%s %s\n", name,
		 (req->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP ? " dump" :
		 req->nlmsg_flags & NLM_F_CREATE ? " create" : "",
		 json_object_to_json_string_ext(obj, JSON_C_TO_STRING_PLAIN));
	json_object_put(obj);
}

/* Where an attribute of a request to the family is, or 0. */
static int attr_offset(const struct nlmsghdr *req, int type)
{
	const struct nlattr *nla = NULL;

	if (type && req->nlmsg_type == FAMILY)
		nla = nlmsg_find_attr((struct nlmsghdr *)req, GENL_HDRLEN, type);
	return nla ? (const char *)nla - (const char *)req : 0;
}

static int fake_send(struct nlx *nl, enum nlx_proto proto, const struct nlmsghdr *req)
{
	bool dump = (req->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;

	(void)nl;
	if (proto == NLX_GENL && req->nlmsg_type == GENL_ID_CTRL) {
		push_family(req);
		return 0;
	}
	free(last_request);
	last_request = malloc(req->nlmsg_len);
	memcpy(last_request, req, req->nlmsg_len);
	note_request(req, proto);
	if (refuse_errno && (!refuse_type || refuse_type == req->nlmsg_type)) {
		if (dump)
			push_done(req, refuse_errno, refuse_msg, attr_offset(req, refuse_attr));
		else
			push_ack(req, refuse_errno, refuse_msg, attr_offset(req, refuse_attr));
		return 0;
	}
	if (answer && req->nlmsg_type == FAMILY)
		push_msg(answer(req));
	if (dump)
		push_done(req, 0, NULL, 0);
	else
		push_ack(req, 0, NULL, 0);
	return 0;
}

static ssize_t fake_recv(struct nlx *nl, enum nlx_proto proto, void *buf, size_t size)
{
	size_t len;

	(void)nl;
	(void)proto;
	if (taken == queued)
		return -EAGAIN;
	if (!queue[taken].data)
		return queue[taken++].err;
	len = queue[taken].len < size ? queue[taken].len : size;
	memcpy(buf, queue[taken].data, len);
	free(queue[taken++].data);
	return len;
}

static int fake_join(struct nlx *nl, uint32_t group)
{
	(void)nl;
	(void)group;
	return 0;
}

static const struct nlx_io fake_io = { fake_send, fake_recv, fake_join };

static void reset(void)
{
	while (taken < queued)
		free(queue[taken++].data);
	queued = taken = 0;
	refuse_type = refuse_errno = refuse_attr = 0;
	refuse_msg = NULL;
	answer = NULL;
}

/* ---- running the tool ---- */

static char *out_text_, *err_text_;
static bool family_known;		/* as if the module were loaded */

/* Words are separated by one blank; two in a row make an empty word. */
static int run(const char *line)
{
	char *copy = strdup(line), *next = copy, *argv[64];
	struct ctx ctx = { 0 };
	size_t n1, n2;
	int argc = 0, err;

	while (next && *line)
		argv[argc++] = strsep(&next, " ");
	free(out_text_);
	free(err_text_);
	ctx.out.out = open_memstream(&out_text_, &n1);
	ctx.out.err = open_memstream(&err_text_, &n2);
	nlx_init(&ctx.nl, &ctx.out);
	ctx.nl.io = &fake_io;
	ctx.nl.family = family_known ? FAMILY : 0;
	*requests = '\0';
	queued = taken = 0;
	err = vswctl_run(&ctx, argc, argv);
	while (taken < queued)
		free(queue[taken++].data);
	nlx_close(&ctx.nl);
	fclose(ctx.out.out);
	fclose(ctx.out.err);
	free(copy);
	return err;
}

/* ---- words ---- */

static const struct { const char *line, *says; } bad_words[] = {
	{ "", "a command is missing" },
	{ "foo", "unknown word 'foo', it must be one of switch, port" },
	{ "swi show", "unknown word 'swi'" },
	{ "-x switch show", "unknown option '-x'" },
	{ "-jz switch show", "unknown option '-jz'" },
	{ "-n", "option -n needs a value" },
	{ "-b", "option -b needs a value" },
	{ "-n a -n b switch show", "option -n is given twice" },
	{ "-n ../x switch show", "'../x' is not the name of a network namespace" },
	{ "-n  switch show", "'' is not the name of a network namespace" },
	{ "-b - switch show", "'switch' does not go with -b" },
	{ "switch show -j", "options such as -j come before the command" },
	{ "port show veth0 -jp", "options such as -jp come before the command" },
	{ "port add vsw0 -p", "options such as -p come before the command" },
	{ "fdb show -n red", "options such as -n come before the command" },
	{ "switch -b x", "options such as -b come before the command" },
	{ "switch show -V", "options such as -V come before the command" },
	{ "switch show --version", "options such as --version come before the command" },
	{ "foo --help", "there is no command 'foo'" },
	{ "port foo -h", "there is no command 'port foo'" },
	{ "port show veth0 -x", "unknown word '-x'" },
	{ "switch", "switch: a verb is missing, one of add, set, del, show" },
	{ "switch ad", "switch: unknown word 'ad', it must be one of add, set, del, show" },
	{ "switch add", "switch add: NAME is missing" },
	{ "switch add ", "the name '' is empty" },
	{ "switch add 1234567890123456", "is longer than 15 bytes" },
	{ "switch add a/b", "has a blank, '/', ':' or '%' in it" },
	{ "switch add a:b", "has a blank" },
	{ "switch add vsw%d", "has a blank" },
	{ "switch add ..", "is not a device name" },
	{ "switch add all", "the name 'all' is reserved by the kernel" },
	{ "switch add default", "the name 'default' is reserved" },
	{ "switch add vsw0 foo", "unknown word 'foo'" },
	{ "switch add vsw0 ", "unknown word ''" },
	{ "switch add vsw0 age 3", "unknown word 'age'" },
	{ "switch add vsw0 ageing", "'ageing' needs a value (SEC)" },
	{ "switch add vsw0 ageing ", "ageing must be a whole number from 0 to 1000000, not ''" },
	{ "switch add vsw0 ageing 1000001", "from 0 to 1000000, not '1000001'" },
	{ "switch add vsw0 ageing -1", "not '-1'" },
	{ "switch add vsw0 ageing +1", "not '+1'" },
	{ "switch add vsw0 ageing 0x10", "not '0x10'" },
	{ "switch add vsw0 ageing 3s", "not '3s'" },
	{ "switch add vsw0 ageing 1.5", "not '1.5'" },
	{ "switch add vsw0 ageing 4294967296", "not '4294967296'" },
	{ "switch add vsw0 ageing 4294967297", "not '4294967297'" },
	{ "switch add vsw0 ageing 18446744073709551616", "not '18446744073709551616'" },
	{ "switch add vsw0 ageing 18446744073709551617", "not '18446744073709551617'" },
	{ "switch add vsw0 ageing 99999999999999999999999", "not '9999" },
	{ "switch add vsw0 ageing 1 ageing 2", "'ageing' is given twice" },
	{ "switch add vsw0 fdb-limit 0", "fdb-limit must be a whole number from 1 to 16777216" },
	{ "switch add vsw0 fdb-limit 16777217", "from 1 to 16777216" },
	{ "switch add vsw0 port-limit 0", "from 1 to 4095" },
	{ "switch add vsw0 port-limit 4096", "from 1 to 4095" },
	{ "switch add vsw0 mtu 67", "from 68 to 65535" },
	{ "switch add vsw0 mtu 65536", "from 68 to 65535" },
	{ "switch add vsw0 address 02:00:00:00:00", "address must be six octets" },
	{ "switch add vsw0 address 02:00:00:00:00:0", "address must be six octets" },
	{ "switch add vsw0 address 02:00:00:00:00:0g", "address must be six octets" },
	{ "switch add vsw0 address 02-00-00-00-00-01", "address must be six octets" },
	{ "switch add vsw0 address 02:00:00:00:00:01:02", "address must be six octets" },
	{ "switch add vsw0 address 2:0:0:0:0:1", "address must be six octets" },
	{ "switch add vsw0 address 01:00:00:00:00:01", "must not be a group address" },
	{ "switch add vsw0 address 00:00:00:00:00:00", "must not be a group address" },
	{ "switch set vsw0", "there is nothing to change" },
	{ "switch set vsw0 address ff:ff:ff:ff:ff:ff", "must not be a group address" },
	{ "switch del", "NAME is missing" },
	{ "switch del a b", "unknown word 'b'" },
	{ "switch show a b", "unknown word 'b'" },
	{ "port add vsw0", "DEV is missing" },
	{ "port add vsw0 veth0 veth1", "unknown word 'veth1'" },
	{ "port add vsw0 1234567890123456", "DEV: the name '1234567890123456' is longer" },
	{ "port add vsw0 veth0 role", "'role' needs a value (guest|host|uplink)" },
	{ "port add vsw0 veth0 role gues", "role must be one of guest, host, uplink, not 'gues'" },
	{ "port add vsw0 veth0 role 0", "not '0'" },
	{ "port add vsw0 veth0 learning yes", "learning must be one of on, off, not 'yes'" },
	{ "port add vsw0 veth0 learning 1", "not '1'" },
	{ "port add vsw0 web0 type host", "type must be one of attached, tap, internal, not 'host'" },
	{ "port add vsw0 web0 queues 17", "from 1 to 16" },
	{ "qemu-args", "DEV is missing" },
	{ "qemu-args web0 fd 2", "fd must be 3 to 999, not '2'" },
	{ "qemu-args web0 fd 0x3", "not '0x3'" },
	{ "qemu-args web0 queues 257", "queues must be 1 to 256, not '257'" },
	{ "qemu-args web0 vhost yes", "vhost must be one of on, off, not 'yes'" },
	{ "port add vsw0 web0 owner no:body", "owner: there is no user 'no:body'" },
	{ "port add vsw0 web0 group 4294967295", "group: there is no group '4294967295'" },
	{ "port add vsw0 veth0 mac-limit 16777217", "from 0 to 16777216" },
	{ "port add vsw0 veth0 group-forward 10", "group-forward must be none, all or a list of 00 to 0f, stp, pause, lacp, pae, lldp, not '10'" },
	{ "port add vsw0 veth0 group-forward ,", "group-forward must be" },
	{ "port add vsw0 veth0 group-forward 0e,", "not '0e,'" },
	{ "port add vsw0 veth0 group-forward none,0e", "not 'none,0e'" },
	{ "port add vsw0 veth0 group-forward ", "not ''" },
	{ "port add vsw0 veth0 group-host 00e", "not '00e'" },
	{ "port set", "DEV is missing" },
	{ "port set veth0", "there is nothing to change" },
	{ "port set veth0 role guest role guest", "'role' is given twice" },
	{ "port del", "DEV is missing" },
	{ "port show veth0 switch vsw0", "'switch' does not go with DEV" },
	{ "port show switch vsw0 veth0", "'veth0' does not go with switch" },
	{ "port show switch", "'switch' needs a value (SWITCH)" },
	{ "fdb show vsw0 vlan 4095", "vlan must be a whole number from 0 to 4094" },
	{ "fdb show vsw0 type foo", "type must be one of dynamic, static, local" },
	{ "fdb add vsw0", "MAC is missing" },
	{ "fdb add vsw0 02:00:00:00:00:01", "dev is missing" },
	{ "fdb add vsw0 02:00:00:00:00:01 dev veth0 vlan 65546", "not '65546'" },
	{ "fdb add vsw0 02:00:00:00:00:01 dev veth0 sticky", "unknown word 'sticky'" },
	{ "fdb add vsw0 file", "'file' needs a value" },
	{ "fdb add vsw0 file ", "file is empty" },
	{ "fdb add vsw0 nonsense dev veth0", "MAC must be six octets" },
	{ "fdb del vsw0", "MAC is missing" },
	{ "fdb get vsw0", "MAC is missing" },
	{ "fdb flush", "SWITCH is missing" },
	{ "stats show a switch b", "does not go with" },
	{ "drops show all all", "'all' is given twice" },
	{ "drops show veth0 every", "unknown word 'every'" },
	{ "monitor vlan", "unknown word 'vlan'" },
	{ "monitor fdb fdb", "'fdb' is given twice" },
	{ "version 2", "unknown word '2'" },
	{ "help foo", "there is no command 'foo'" },
	{ "help port foo", "there is no command 'port foo'" },
};

static void test_bad_words(void)
{
	char name[256];
	size_t i;
	int err;

	for (i = 0; i < sizeof(bad_words) / sizeof(bad_words[0]); i++) {
		reset();
		err = run(bad_words[i].line);
		snprintf(name, sizeof(name), "refuses: %s", bad_words[i].line);
		check(err == ST_USAGE && strstr(err_text_, bad_words[i].says) && !*out_text_ &&
		      !*requests, name, "# status %d, said:\n%s\n", err, err_text_);
	}
}

static const struct { const char *line, *sends; } good_words[] = {
	{ "switch add vsw0",
	  "newlink create {\"name\":\"vsw0\",\"linkinfo\":{\"kind\":\"vswitch\"}}\n" },
	{ "switch add 123456789012345 ageing 0 fdb-limit 16777216 port-limit 4095 mtu 9000 address 02:00:00:0a:0B:0c",
	  "newlink create {\"name\":\"123456789012345\",\"mtu\":9000,\"address\":\"02:00:00:0a:0b:0c\","
	  "\"linkinfo\":{\"kind\":\"vswitch\",\"data\":{\"ageing\":0,\"fdb-limit\":16777216,\"port-limit\":4095}}}\n" },
	{ "switch add ageing ageing 5",
	  "newlink create {\"name\":\"ageing\",\"linkinfo\":{\"kind\":\"vswitch\",\"data\":{\"ageing\":5}}}\n" },
	{ "switch show all", "switch-get {\"name\":\"all\"}\n" },
	{ "port set veth0 role guest", "port-set {\"name\":\"veth0\",\"role\":\"guest\"}\n" },
	{ "port add vsw0 veth0 role uplink learning off mac-limit 0 group-forward lldp,3,0f group-host none",
	  "port-new {\"switch-name\":\"vsw0\",\"name\":\"veth0\",\"role\":\"uplink\",\"learning\":false,"
	  "\"mac-limit\":0,\"group-forward\":49160,\"group-host\":0}\n" },
	{ "port add vsw0 web0 type tap queues 16 owner root group 0 address 02:00:00:00:00:01",
	  "port-new {\"switch-name\":\"vsw0\",\"name\":\"web0\",\"type\":\"tap\",\"queues\":16,"
	  "\"owner\":0,\"group\":0,\"address\":\"02:00:00:00:00:01\"}\n" },
	{ "port add vsw0 in0 type internal",
	  "port-new {\"switch-name\":\"vsw0\",\"name\":\"in0\",\"type\":\"internal\"}\n" },
	{ "port set veth0 group-host all", "port-set {\"name\":\"veth0\",\"group-host\":65535}\n" },
	{ "port del veth0", "port-del {\"name\":\"veth0\"}\n" },
	{ "port show", "port-get dump {}\n" },
	{ "port show veth0", "port-get {\"name\":\"veth0\"}\n" },
	{ "port show switch vsw0", "port-get dump {\"switch-name\":\"vsw0\"}\n" },
	{ "switch show", "switch-get dump {}\n" },
	{ "switch show vsw0", "switch-get {\"name\":\"vsw0\"}\n" },
	{ "fdb show", "fdb-get dump {}\n" },
	{ "fdb show vsw0 vlan 0 port veth0 type static",
	  "fdb-get dump {\"switch-name\":\"vsw0\",\"vlan\":0,\"port-name\":\"veth0\",\"type\":\"static\"}\n" },
	{ "fdb show vlan 4094", "fdb-get dump {\"vlan\":4094}\n" },
	{ "fdb add vsw0 02:00:00:00:00:01 dev veth0",
	  "fdb-add {\"switch-name\":\"vsw0\",\"entry\":[{\"mac\":\"02:00:00:00:00:01\",\"port-name\":\"veth0\"}]}\n" },
	{ "fdb add vsw0 02:00:00:00:00:01 vlan 5 static dev veth0 replace",
	  "fdb-add {\"switch-name\":\"vsw0\",\"replace\":true,\"entry\":[{\"mac\":\"02:00:00:00:00:01\",\"port-name\":\"veth0\",\"vlan\":5}]}\n" },
	{ "fdb del vsw0 02:00:00:00:00:01 vlan 5",
	  "fdb-del {\"switch-name\":\"vsw0\",\"entry\":[{\"mac\":\"02:00:00:00:00:01\",\"vlan\":5}]}\n" },
	{ "fdb get vsw0 02:00:00:00:00:01",
	  "fdb-get {\"switch-name\":\"vsw0\",\"entry\":[{\"mac\":\"02:00:00:00:00:01\"}]}\n" },
	{ "fdb flush vsw0 port veth0 vlan 7 type dynamic",
	  "fdb-flush {\"switch-name\":\"vsw0\",\"vlan\":7,\"port-name\":\"veth0\",\"type\":\"dynamic\"}\n" },
	{ "stats show", "port-get dump {}\n" },
	{ "drops show switch vsw0 all", "port-get dump {\"switch-name\":\"vsw0\"}\n" },
	{ "-jp version", "" },
	{ "help", "" },
	{ "help fdb add", "" },
	{ "-h", "" },
	{ "--help", "" },
	{ "-V", "" },
	{ "--version", "" },
};

static void test_good_words(void)
{
	char name[256];
	size_t i;
	int err;

	for (i = 0; i < sizeof(good_words) / sizeof(good_words[0]); i++) {
		reset();
		err = run(good_words[i].line);
		snprintf(name, sizeof(name), "sends: %s", good_words[i].line);
		check(!err && !strcmp(requests, good_words[i].sends) && !*err_text_, name,
		      "# status %d, sent:\n%s# said:\n%s\n", err, requests, err_text_);
	}
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
	  "SWITCH          ADDRESS             MTU  AGEING PORTS LIMIT      FDB    LIMIT   STATIC     KIB\n" },
	{ "port show", NULL,
	  "PORT            SWITCH          NUMBER TYPE     ROLE   STATE        MTU LEARNING      FDB    LIMIT\n" },
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
	  "SWITCH          ADDRESS             MTU  AGEING PORTS LIMIT      FDB    LIMIT   STATIC     KIB\n"
	  "vsw0            02:00:00:00:00:01  1500     300     -     -        2    65536        -       -\n" },
	{ "-j port show", a_port,
	  "[{\"ifindex\":7,\"name\":\"veth\\u001b\xef\xbf\xbd\\\"\",\"switch-ifindex\":5,"
	  "\"switch-name\":\"vsw0\",\"number\":1,\"role\":\"uplink\",\"state\":77,\"learning\":false,"
	  "\"group-forward\":16417,\"group-host\":0,\"stats\":{\"rx-packets\":18446744073709551615,"
	  "\"tx-packets\":7,\"drops\":" DROPS_ALL "}}]\n" },
	{ "port show veth0", a_port,
	  "ifindex              7\nname                 veth?\xef\xbf\xbd\"\nswitch-ifindex       5\n"
	  "switch-name          vsw0\nnumber               1\nrole                 uplink\n"
	  "state                77\nlearning             off\ngroup-forward        stp,05,lldp\n"
	  "group-host           none\nstats\n  rx-packets         18446744073709551615\n"
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
	check(!run("switch set vsw0 ageing 7 mtu 9000"), "sets both kinds", "# %s", err_text_);
	check_text("asks, sets here, sets there", requests,
		   "switch-get {\"name\":\"vsw0\"}\nswitch-set {\"name\":\"vsw0\",\"ageing\":7}\n"
		   "setlink {\"mtu\":9000}\n");
	refuse_type = RTM_SETLINK;
	refuse_errno = EINVAL;
	refuse_msg = "mtu greater than device maximum";
	check(run("switch set vsw0 ageing 7 mtu 9000") == ST_REFUSED, "rtnetlink may refuse", "");
	check_text("takes back what was set", requests,
		   "switch-get {\"name\":\"vsw0\"}\nswitch-set {\"name\":\"vsw0\",\"ageing\":7}\n"
		   "setlink {\"mtu\":9000}\nsetlink {\"mtu\":1500}\n"
		   "switch-set {\"name\":\"vsw0\",\"ageing\":300}\n");
	check_text("says why it was refused", err_text_,
		   "vswctl: switch vsw0: mtu greater than device maximum\n");
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

static int run_file(const char *text, const char *what)
{
	char path[] = "/tmp/vswctl-test-XXXXXX", line[256];
	int fd = mkstemp(path), err;
	FILE *f = fdopen(fd, "w");
	char *p;

	fputs(text, f);
	fclose(f);
	snprintf(line, sizeof(line), what, path);
	err = run(line);
	remove(path);
	/* The name is not the same each time. */
	while ((p = strstr(err_text_, path))) {
		memcpy(p, "F", 1);
		memmove(p + 1, p + strlen(path), strlen(p + strlen(path)) + 1);
	}
	return err;
}

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
	ctx.nl.io = &fake_io;
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

static bool explains(const char *text, const struct arg *a)
{
	char begin[64];
	const char *line;

	snprintf(begin, sizeof(begin), "\n  %s ", a->word ?: a->value);
	line = strstr(text, begin);
	return line && strcspn(line + 1, "\n") > 21 && isupper((unsigned char)line[22]);
}

static void test_help(void)
{
	char title[64], line[128], name[256];
	const struct cmd *c;
	const struct arg *a;

	for (c = cmds; c->noun; c++) {
		snprintf(line, sizeof(line), "help %s", cmd_title(c, title, sizeof(title)));
		for (a = c->args; !c->hidden && (a->word || a->value); a++) {
			run(line);
			snprintf(name, sizeof(name), "%s explains %s", line, a->word ?: a->value);
			check(explains(out_text_, a), name, "# said:\n%s", out_text_);
		}
	}
	run("help port set");
	check_text("help speaks of words, not of numbers", out_text_,
		   "vswctl port set DEV [role guest|host|uplink] [learning on|off] [mac-limit N] "
		   "[group-forward LIST] [group-host LIST]\n"
		   "  Change settings of a port.\n"
		   "  DEV                Name of the port in the network namespace of its switch.\n"
		   "  role               What the port is attached to. guest by default.\n"
		   "    guest            A virtual machine or container (mac-limit 4096).\n"
		   "    host             A further leg of the host itself (no mac-limit).\n"
		   "    uplink           The physical network (no mac-limit). A frame never goes from one uplink to another.\n"
		   "  learning on|off    Whether source addresses are learned. on by default.\n"
		   "  mac-limit N        Largest number of dynamic entries; 0, no limit. By default that of the role. (0 to 16777216)\n"
		   "  group-forward LIST Reserved group addresses that are forwarded. none by default.\n"
		   "  group-host LIST    Reserved group addresses that the host gets. All but pause by default.\n"
		   "  LIST               none, all, or a comma-separated list of 00 to 0f, stp, pause, lacp, pae, lldp\n");
}

/* Help is given wherever it is asked for, and nothing else is done. */
static void test_late_help(void)
{
	static const struct { const char *line, *same; } helps[] = {
		{ "port --help", "help port" },
		{ "port add --help", "help port add" },
		{ "port add vsw0 veth0 role -h", "help port add" },
		{ "port add -j -h", "help port add" },
		{ "-h port add", "help port add" },
		{ "fdb add vsw0 file x -h", "help fdb add" },
		{ "monitor fdb --help", "help monitor" },
		{ "--help", "help" },
	};
	char name[128], *want;
	size_t i;

	reset();
	for (i = 0; i < sizeof(helps) / sizeof(helps[0]); i++) {
		run(helps[i].same);
		want = strdup(out_text_);
		snprintf(name, sizeof(name), "helps: %s", helps[i].line);
		check(!run(helps[i].line) && !strcmp(out_text_, want) && *want && !*requests,
		      name, "# said:\n%s%s\n", out_text_, err_text_);
		free(want);
	}
}

static void test_version(void)
{
	static const char *const same[] = { "-V", "--version", "-V switch show" };
	char name[64], *want;
	size_t i;

	reset();
	run("version");
	want = strdup(out_text_);
	check(!strncmp(want, "vswctl ", 7), "prints its version", "# %s", want);
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		run(same[i]);
		snprintf(name, sizeof(name), "prints its version: %s", same[i]);
		check_text(name, out_text_, want);
	}
	run("-jV");
	check(!strncmp(out_text_, "{\"vswctl\":", 10), "prints it as JSON", "# %s", out_text_);
	free(want);
}

static struct nl_msg *named_port(const struct nlmsghdr *req, const char *name, int number)
{
	struct nl_msg *msg = reply_to(req, VSWITCH_CMD_PORT_GET);

	nla_put_string(msg, VSWITCH_A_PORT_NAME, name);
	nla_put_u32(msg, VSWITCH_A_PORT_NUMBER, number);
	return msg;
}

static struct nl_msg *two_ports(const struct nlmsghdr *req)
{
	push_msg(named_port(req, "vsw0", 0));
	push_msg(named_port(req, "a\x1b[2J", 2));
	push_msg(named_port(req, "a\xff", 3));
	return named_port(req, "veth0", 1);
}

static void test_complete_names(void)
{
	static const struct { const char *line, *prints; } names[] = {
		{ "complete port del ", "veth0\n" },
		{ "complete port set ", "veth0\n" },
		{ "complete stats show ", "vsw0\nveth0\nswitch\n" },
		{ "complete fdb show vsw0 port ", "vsw0\nveth0\n" },
		{ "complete fdb add vsw0 02:00:00:00:00:01 dev ", "vsw0\nveth0\n" },
	};
	char name[128];
	size_t i;

	reset();
	answer = two_ports;
	family_known = true;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		run(names[i].line);
		snprintf(name, sizeof(name), "offers ports: %s", names[i].line);
		check_text(name, out_text_, names[i].prints);
	}
	answer = a_switch;
	run("complete switch del ");
	check_text("offers switches", out_text_, "vsw0\n");
	family_known = false;
	if (!access("/sys/module/vswitch", F_OK))
		return;
	run("complete switch del ");
	check_text("asks nothing of a module that is not there", requests, "");
}

static void test_complete(void)
{
	reset();
	run("complete port set veth0 ");
	check_text("completes words of a command", out_text_,
		   "role\nlearning\nmac-limit\ngroup-forward\ngroup-host\n");
	run("complete -jp port set veth0 learning off role ");
	check_text("completes choices", out_text_, "guest\nhost\nuplink\n");
	run("complete port set veth0 group-host ");
	check_text("completes names of groups", out_text_, "none\nall\nstp\npause\nlacp\npae\nlldp\n");
	run("complete port add a b learning off mac");
	check_text("leaves out what was given", out_text_, "type\nqueues\nowner\ngroup\naddress\n"
		   "role\nmac-limit\ngroup-forward\ngroup-host\n");
	run("complete fdb ");
	check_text("completes verbs", out_text_, "show\nget\nadd\ndel\nflush\n");
	run("complete fdb add vsw0 ");
	check_text("knows both forms of a command", out_text_, "file\n");
	check(!run("complete"), "completes nothing", "");
	run("complete -b x ");
	check_text("completes nothing beside a batch", out_text_, "");
	run("complete -n no/such/name port add vsw0 ");
	check_text("completes nothing in a namespace that is not there", out_text_, "");
}

/* The words are allocated one by one: nothing is read before an empty one. */
static void test_complete_empty(void)
{
	char *argv[] = { strdup("-x"), strdup(""), strdup("") };
	struct ctx ctx = { .out = { .out = stdout } };
	unsigned int i;

	ctx.out.err = fopen("/dev/null", "w");
	nlx_init(&ctx.nl, &ctx.out);
	check(!vswctl_complete(&ctx, 3, argv), "completes nothing after wrong options", "");
	fclose(ctx.out.err);
	for (i = 0; i < 3; i++)
		free(argv[i]);
}

int main(void)
{
	test_bad_words();
	test_good_words();
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
	test_help();
	test_late_help();
	test_version();
	test_complete();
	test_complete_empty();
	test_complete_names();
	reset();
	free(out_text_);
	free(err_text_);
	free(last_request);
	return failed ? 1 : 0;
}
