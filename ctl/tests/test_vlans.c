// SPDX-License-Identifier: GPL-2.0
/*
 * VLANs of ports: words, requests, and how they are printed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include <linux/vswitch.h>

#include "fake.h"
#include "messages.h"
#include "vlans.h"

/* ---- lists ---- */

/* What is written, and how it is printed; NULL, it is no list. */
static const struct { const char *word, *text; } lists[] = {
	{ "1", "1" },
	{ "4094", "4094" },
	{ "00010", "10" },
	{ "all", "1-4094" },
	{ "1-4094", "1-4094" },
	{ "10,20-30", "10,20-30" },
	{ "20-30,10", "10,20-30" },
	{ "10-10", "10" },
	{ "10,11", "10-11" },
	{ "10,10,9-12,11-14", "9-14" },
	{ "7,8,15,16,4093-4094", "7-8,15-16,4093-4094" },
	{ "", NULL }, { " ", NULL }, { ",", NULL }, { "-", NULL }, { "0", NULL }, { "4095", NULL },
	{ "0-10", NULL }, { "10-4095", NULL }, { "10-5", NULL }, { "10,", NULL }, { ",10", NULL },
	{ "10,,20", NULL }, { "10-", NULL }, { "-10", NULL }, { "10--20", NULL }, { "10-20-30", NULL },
	{ " 10", NULL }, { "10 ", NULL }, { "10, 20", NULL }, { "10\t", NULL }, { "10\n", NULL },
	{ "+10", NULL }, { "0x10", NULL }, { "10.", NULL }, { "10;20", NULL }, { "10:20", NULL },
	{ "ten", NULL }, { "ALL", NULL }, { "all,10", NULL }, { "10,all", NULL }, { "none", NULL },
	{ "000010", NULL }, { "65546", NULL }, { "4294967306", NULL },
	{ "18446744073709551626", NULL }, { "99999999999999999999999999999999", NULL },
};

static const struct { const char *word, *text; } pair_lists[] = {
	{ "100:10", "100:10" },
	{ "4094:1,1:4094", "4094:1,1:4094" },
	{ "10:20,20:10,30:30", "10:20,20:10,30:30" },
	{ "", NULL }, { "100", NULL }, { ":", NULL }, { "100:", NULL }, { ":10", NULL },
	{ "0:10", NULL }, { "100:0", NULL }, { "4095:10", NULL }, { "100:4095", NULL },
	{ "100:10,", NULL }, { ",100:10", NULL }, { "100:10,,1:2", NULL }, { "100:10:1", NULL },
	{ "100: 10", NULL }, { "100:10 ", NULL }, { "100-101:10-11", NULL }, { "all", NULL },
	{ "all:10", NULL }, { "65636:10", NULL }, { "-100:10", NULL },
};

static void check_list(const char *word, bool good, const char *got, const char *want)
{
	char name[256];

	snprintf(name, sizeof(name), "%s list: '%s'", want ? "reads the" : "is no", word);
	/* TAP has one line for a test. */
	for (char *p = name; *p; p++)
		*p = *p == '\n' ? '?' : *p;
	check(good == !!want && (!want || !strcmp(got, want)), name, "# printed: %s\n", got);
}

static void test_lists(void)
{
	uint16_t pairs[PAIRS_MAX][2];
	uint8_t vlans[VLANS_LEN];
	char text[VLANS_TEXT_MAX];
	bool good;
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		*text = '\0';
		good = vlans_parse(lists[i].word, vlans);
		if (good)
			vlans_text(vlans, text, sizeof(text));
		check_list(lists[i].word, good, text, lists[i].text);
	}
	for (i = 0; i < sizeof(pair_lists) / sizeof(pair_lists[0]); i++) {
		*text = '\0';
		good = pairs_parse(pair_lists[i].word, pairs);
		if (good)
			pairs_text(pairs, text, sizeof(text));
		check_list(pair_lists[i].word, good, text, pair_lists[i].text);
	}
}

/* As many as fit in, and one more. */
static void test_many_pairs(void)
{
	char word[PAIRS_MAX * 12] = "", text[1024];
	uint16_t pairs[PAIRS_MAX][2];
	unsigned int i, n = 0;

	for (i = 0; i < PAIRS_MAX; i++)
		n += snprintf(word + n, sizeof(word) - n, "%s%u:%u", i ? "," : "", 1000 + i, 2000 + i);
	check(pairs_parse(word, pairs), "reads 64 pairs", "");
	pairs_text(pairs, text, sizeof(text));
	check_text("and writes them", text, word);
	snprintf(word + n, sizeof(word) - n, ",1:2");
	check(!pairs_parse(word, pairs), "does not take a 65th", "");
}

/* With a buffer that is too short, whatever its size: ASan looks at what is written. */
static void test_short_text(void)
{
	uint16_t pairs[PAIRS_MAX][2];
	uint8_t vlans[VLANS_LEN];
	bool ended = true;
	size_t size;
	char *buf;

	vlans_parse("1,3-5,100-200,4094", vlans);
	pairs_parse("1:2,300:400", pairs);
	for (size = 1; size < 32; size++) {
		buf = malloc(size);
		vlans_text(vlans, buf, size);
		ended &= strnlen(buf, size) < size;
		pairs_text(pairs, buf, size);
		ended &= strnlen(buf, size) < size;
		free(buf);
	}
	check(ended, "a text that does not fit in is cut off", "");
}

/* ---- words ---- */

static const struct { const char *line, *says; } bad_words[] = {
	{ "port set web0 access", "'access' needs a value (VID)" },
	{ "port set web0 access 0", "access must be a whole number from 1 to 4094, not '0'" },
	{ "port set web0 access 4095", "from 1 to 4094, not '4095'" },
	{ "port set web0 access 10,20", "from 1 to 4094, not '10,20'" },
	{ "port set web0 native 0", "native must be a whole number from 1 to 4094" },
	{ "port set web0 dot1q-tunnel 4095", "dot1q-tunnel must be a whole number from 1 to 4094" },
	{ "port set web0 trunk", "'trunk' needs a value (LIST)" },
	{ "port set web0 trunk 10-5",
	  "port set: trunk must be all or a list like 10,20-30 of numbers from 1 to 4094, not '10-5'" },
	{ "port set web0 trunk ", "not ''" },
	{ "port set web0 trunk 10, 20", "not '10,'" },
	{ "port set web0 trunk none", "not 'none'" },
	{ "port set web0 service 4095", "service must be all or a list" },
	{ "port set web0 trunk 10 translate 100",
	  "port set: translate must be a list like 100:10,200:20, tag and VLAN, of at most 64 pairs of numbers from 1 to 4094, not '100'" },
	{ "port set web0 trunk 10 translate", "'translate' needs a value (A:B,...)" },
	{ "port add vsw0 web0 access 0", "port add: access must be" },
	{ "port add vsw0 web0 trunk x", "port add: trunk must be" },
	{ "port set web0 access 10 access 20", "'access' is given twice" },
	{ "port set web0 no-vlan no-vlan", "'no-vlan' is given twice" },
	{ "port set web0 no-vlan 10", "unknown word '10'" },
	{ "port set web0 vlan 10", "unknown word 'vlan'" },
	{ "port set web0 switch vsw0", "port set: there is nothing to change" },
	{ "switch add vsw0 vlan-aware", "'vlan-aware' needs a value (on|off)" },
	{ "switch set vsw0 vlan-aware 1", "vlan-aware must be one of on, off, not '1'" },
	{ "vlan", "vlan: a verb is missing, one of show" },
	{ "vlan show vsw0 port web0", "'port' does not go with SWITCH" },
	{ "port set eth0 trunk-add 10 trunk 20", "'trunk-add' does not go with trunk" },
	{ "port set eth0 trunk-del 10 service 20", "'trunk-del' does not go with service" },
	{ "port set eth0 native 7 trunk-del 10", "'trunk-del' does not go with native" },
	{ "port set eth0 trunk-del 10-", "list like 10,20-30" },
	{ "port add vsw0 eth0 trunk-add 10", "unknown word 'trunk-add'" },
	{ "vlan show a b", "unknown word 'b'" },
	{ "vlan set vsw0", "VID is missing" },
	{ "vlan set vsw0 100", "primary, isolated or community is missing" },
	{ "vlan set vsw0 0 primary", "from 1 to 4094" },
	{ "vlan set vsw0 200 isolated", "'isolated' needs a value (PRIMARY)" },
	{ "vlan set vsw0 200 isolated 4095", "from 1 to 4094" },
	{ "vlan set vsw0 200 isolated 100 primary", "'primary' does not go with isolated" },
	{ "vlan unset vsw0 200 primary", "unknown word 'primary'" },
};

/* Words that make a setting, with a value. */
static const char *const settings[] = { "access 10", "dot1q-tunnel 10", "no-vlan", "trunk 10,20" };
static const char *const of_trunk[] = { "native 5", "service 100", "translate 7:10" };

static void refuses(const char *line, const char *says)
{
	char name[256];
	int err;

	reset();
	err = run(line);
	snprintf(name, sizeof(name), "refuses: %s", line);
	check(err == ST_USAGE && strstr(err_text_, says) && !*out_text_ && !*requests, name,
	      "# status %d, said:\n%s# want:\n%s\n", err, err_text_, says);
}

static const char *first_word(const char *words)
{
	static char word[32];

	snprintf(word, sizeof(word), "%.*s", (int)strcspn(words, " "), words);
	return word;
}

/* Either order, and both commands. */
static void refuse_pair(const char *a, const char *b, const char *says)
{
	static const char *const commands[] = { "port set web0", "port add vsw0 web0" };
	char line[128];
	int i;

	for (i = 0; i < 4; i++) {
		snprintf(line, sizeof(line), "%s %s %s", commands[i / 2], i % 2 ? b : a, i % 2 ? a : b);
		refuses(line, says);
	}
}

/* Two settings at once, and what only a trunk has with one that is none. */
static void test_combinations(void)
{
	char says[128];
	size_t i, j;

	for (i = 0; i < 4; i++)
		for (j = 0; j < i; j++)
			refuse_pair(settings[i], settings[j], "' does not go with ");
	for (i = 0; i < 3; i++) {
		for (j = 0; j < 3; j++) {
			snprintf(says, sizeof(says), "'%s' does not go with ", first_word(of_trunk[i]));
			strncat(says, first_word(settings[j]), sizeof(says) - strlen(says) - 1);
			refuse_pair(of_trunk[i], settings[j], says);
		}
	}
	refuses("port set web0 native 5", "'native' needs the trunk's VLANs: trunk LIST");
	refuses("port set web0 translate 7:10", "'translate' needs the trunk's VLANs: trunk LIST");
	refuses("port add vsw0 web0 native 5 translate 7:10", "needs the trunk's VLANs: trunk LIST");
}

static const struct { const char *line, *sends; } good_words[] = {
	{ "switch add vsw0 vlan-aware on",
	  "newlink create {\"name\":\"vsw0\",\"linkinfo\":{\"kind\":\"vswitch\",\"data\":{\"vlan-aware\":true}}}\n" },
	{ "port set web0 access 10",
	  "port-set {\"name\":\"web0\",\"vlan\":10,\"vlan-mode\":\"access\"}\n" },
	{ "port set web0 dot1q-tunnel 4094",
	  "port-set {\"name\":\"web0\",\"vlan\":4094,\"vlan-mode\":\"dot1q-tunnel\"}\n" },
	{ "port set web0 no-vlan", "port-set {\"name\":\"web0\",\"vlan-mode\":\"none\"}\n" },
	{ "port set vsw0 trunk 10,20-30",
	  "port-set {\"name\":\"vsw0\",\"trunk\":\"10,20-30\",\"vlan-mode\":\"trunk\"}\n" },
	{ "port set vsw1 switch vsw1 access 10",
	  "port-set {\"name\":\"vsw1\",\"switch-name\":\"vsw1\",\"vlan\":10,\"vlan-mode\":\"access\"}\n" },
	{ "port set eth0 service 100", "port-set {\"name\":\"eth0\",\"service\":\"100\",\"vlan-mode\":\"trunk\"}\n" },
	{ "port set eth0 native 5 service 100",
	  "port-set {\"name\":\"eth0\",\"vlan\":5,\"service\":\"100\",\"vlan-mode\":\"trunk\"}\n" },
	{ "port set eth0 translate 7:100 service 100",
	  "port-set {\"name\":\"eth0\",\"service\":\"100\",\"vlan-mode\":\"trunk\",\"translate\":\"7:100\"}\n" },
	{ "port set eth0 translate 7:10,8:20 service 200-4094 native 5 trunk 10,20 role uplink",
	  "port-set {\"name\":\"eth0\",\"role\":\"uplink\",\"trunk\":\"10,20\",\"vlan-mode\":\"trunk\","
	  "\"vlan\":5,\"service\":\"200-4094\",\"translate\":\"7:10,8:20\"}\n" },
	{ "port add vsw0 web0 type tap access 10",
	  "port-new {\"switch-name\":\"vsw0\",\"name\":\"web0\",\"type\":\"tap\",\"vlan\":10,\"vlan-mode\":\"access\"}\n" },
	{ "port add vsw0 trunk trunk all",
	  "port-new {\"switch-name\":\"vsw0\",\"name\":\"trunk\",\"trunk\":\"1-4094\",\"vlan-mode\":\"trunk\"}\n" },
	{ "port set eth0 trunk-add 10,20-30",
	  "port-set {\"name\":\"eth0\",\"trunk-change\":{\"add\":\"10,20-30\"}}\n" },
	{ "port set eth0 learning off trunk-del 10 trunk-add all",
	  "port-set {\"name\":\"eth0\",\"learning\":false,"
	  "\"trunk-change\":{\"add\":\"1-4094\",\"del\":\"10\"}}\n" },
	{ "vlan show", "port-get dump {}\nvlan-get dump {}\n" },
	{ "vlan show vsw0", "port-get dump {\"switch-name\":\"vsw0\"}\nvlan-get dump {}\n" },
	{ "vlan show port web0", "port-get {\"name\":\"web0\"}\nvlan-get dump {}\n" },
	{ "vlan set vsw0 100 primary",
	  "vlan-set {\"switch-name\":\"vsw0\",\"entry\":[{\"vlan\":100,\"private\":\"primary\"}]}\n" },
	{ "vlan set vsw0 200 isolated 100",
	  "vlan-set {\"switch-name\":\"vsw0\",\"entry\":[{\"vlan\":200,\"primary\":100,\"private\":\"isolated\"}]}\n" },
	{ "vlan set vsw0 201 community 100",
	  "vlan-set {\"switch-name\":\"vsw0\",\"entry\":[{\"vlan\":201,\"primary\":100,\"private\":\"community\"}]}\n" },
	{ "vlan unset vsw0 200",
	  "vlan-set {\"switch-name\":\"vsw0\",\"entry\":[{\"vlan\":200,\"private\":\"none\"}]}\n" },
	{ "vlan private", "vlan-get dump {}\n" },
	{ "vlan stats", "vlan-stats-get dump {}\n" },
	{ "vlan stats vsw0 port web0 vlan 10",
	  "vlan-stats-get dump {\"switch-name\":\"vsw0\",\"port-name\":\"web0\",\"vlan\":10}\n" },
	{ "vlan private vsw0", "vlan-get dump {\"switch-name\":\"vsw0\"}\n" },
};

static void test_vlan_words(void)
{
	char name[256];
	size_t i;
	int err;

	for (i = 0; i < sizeof(bad_words) / sizeof(bad_words[0]); i++)
		refuses(bad_words[i].line, bad_words[i].says);
	for (i = 0; i < sizeof(good_words) / sizeof(good_words[0]); i++) {
		reset();
		err = run(good_words[i].line);
		snprintf(name, sizeof(name), "sends: %s", good_words[i].line);
		check(!err && !strcmp(requests, good_words[i].sends) && !*err_text_, name,
		      "# status %d, sent:\n%s# said:\n%s\n", err, requests, err_text_);
	}
}

/* Byte for byte: a bit for each VLAN, the lowest first. */
static void test_sent(void)
{
	uint8_t vlans[VSWITCH_VLAN_LIST_LEN] = { 0 };
	uint16_t pairs[VSWITCH_TRANSLATE_LEN / 2] = { 100, 10, 4094, 4 };
	char name[8] = "eth0";
	struct nl_msg *msg;
	size_t hdr = NLMSG_HDRLEN + GENL_HDRLEN, len;

	reset();
	run("port set eth0 trunk 1,10,4094,4 native 5 translate 100:10,4094:4");
	msg = reply_to(NULL, VSWITCH_CMD_PORT_SET);
	nla_put(msg, VSWITCH_A_PORT_NAME, strlen(name) + 1, name);
	vlans[0] = 1 << 1 | 1 << 4;
	vlans[1] = 1 << 2;
	vlans[511] = 1 << 6;
	nla_put(msg, VSWITCH_A_PORT_TRUNK, sizeof(vlans), vlans);
	nla_put_u32(msg, VSWITCH_A_PORT_VLAN_MODE, VSWITCH_VLAN_MODE_TRUNK);
	nla_put_u16(msg, VSWITCH_A_PORT_VLAN, 5);
	nla_put(msg, VSWITCH_A_PORT_TRANSLATE, sizeof(pairs), pairs);
	len = nlmsg_hdr(msg)->nlmsg_len;
	check(last_request->nlmsg_len == len &&
	      !memcmp((char *)last_request + hdr, (char *)nlmsg_hdr(msg) + hdr, len - hdr),
	      "lists are sent as the spec has them", "# %u bytes, not %zu\n", last_request->nlmsg_len,
	      len);
	nlmsg_free(msg);
}

/* The only word given: that must not be taken for nothing. */
static void test_switch_aware(void)
{
	reset();
	answer = a_switch;
	check(!run("switch set vsw0 vlan-aware on"), "makes a switch VLAN-aware", "# %s", err_text_);
	check_text("and sends that", requests,
		   "switch-get {\"name\":\"vsw0\"}\nswitch-set {\"name\":\"vsw0\",\"vlan-aware\":true}\n");
}

/* ---- printing ---- */

static struct nl_msg *begin_port(const struct nlmsghdr *req, const char *name, bool aware, int mode)
{
	struct nl_msg *msg = reply_to(req, VSWITCH_CMD_PORT_GET);

	nla_put_string(msg, VSWITCH_A_PORT_NAME, name);
	nla_put_string(msg, VSWITCH_A_PORT_SWITCH_NAME, "vsw0");
	nla_put_u8(msg, VSWITCH_A_PORT_VLAN_AWARE, aware);
	nla_put_u32(msg, VSWITCH_A_PORT_VLAN_MODE, mode);
	return msg;
}

static struct nl_msg *with_vlan(const struct nlmsghdr *req, const char *name, bool aware, int mode,
				int vlan)
{
	struct nl_msg *msg = begin_port(req, name, aware, mode);

	nla_put_u16(msg, VSWITCH_A_PORT_VLAN, vlan);
	return msg;
}

static void put_list(struct nl_msg *msg, int type, const char *word)
{
	uint8_t vlans[VLANS_LEN];

	vlans_parse(word, vlans);
	nla_put(msg, type, sizeof(vlans), vlans);
}

static struct nl_msg *a_service_trunk(const struct nlmsghdr *req)
{
	struct nl_msg *msg = begin_port(req, "svc0", true, VSWITCH_VLAN_MODE_TRUNK);

	put_list(msg, VSWITCH_A_PORT_SERVICE, "100");
	return msg;
}

/* Ports of all kinds; those of the other switch are not VLAN-aware. */
static struct nl_msg *all_kinds(const struct nlmsghdr *req)
{
	struct nl_msg *msg;

	push_msg(begin_port(req, "new0", true, VSWITCH_VLAN_MODE_NONE));
	push_msg(with_vlan(req, "acc0", true, VSWITCH_VLAN_MODE_ACCESS, 10));
	push_msg(with_vlan(req, "tun0", true, VSWITCH_VLAN_MODE_DOT1Q_TUNNEL, 100));
	push_msg(a_trunk(req));
	push_msg(a_service_trunk(req));
	push_msg(begin_port(req, "new1", false, VSWITCH_VLAN_MODE_NONE));
	push_msg(with_vlan(req, "acc1", false, VSWITCH_VLAN_MODE_ACCESS, 10));
	/* Of a newer module. */
	push_msg(begin_port(req, "odd0", true, 77));
	msg = begin_port(req, "trk1", false, VSWITCH_VLAN_MODE_TRUNK);
	put_list(msg, VSWITCH_A_PORT_TRUNK, "10,20-30");
	return msg;
}

static void test_tables(void)
{
	reset();
	answer = all_kinds;
	run("port show");
	check_text("port show says what a port does with VLANs", out_text_,
		   "PORT            SWITCH          NUMBER TYPE     ROLE   STATE         MTU LEARNING      FDB    LIMIT VLAN\n"
		   "new0            vsw0                 - -        -      -               - -               -        - none: carries nothing\n"
		   "acc0            vsw0                 - -        -      -               - -               -        - access 10\n"
		   "tun0            vsw0                 - -        -      -               - -               -        - dot1q-tunnel 100\n"
		   "eth0            vsw0                 - -        -      -               - -               -        - trunk 20-30 native 5 service 4094 translate 100:20,101:21\n"
		   "svc0            vsw0                 - -        -      -               - -               -        - service 100\n"
		   "new1            vsw0                 - -        -      -               - -               -        - any\n"
		   "acc1            vsw0                 - -        -      -               - -               -        - any (not in force: access 10)\n"
		   "odd0            vsw0                 - -        -      -               - -               -        - 77\n"
		   "trk1            vsw0                 - -        -      -               - -               -        - any (not in force: trunk 10,20-30)\n");
	run("vlan show");
	check_text("vlan show prints a table", out_text_,
		   "PORT            SWITCH          AWARE MODE         UNTAGGED TAGGED       SERVICE-TAGGED TRANSLATE\n"
		   "new0            vsw0            on    none                - -            -              -\n"
		   "acc0            vsw0            on    access             10 -            -              -\n"
		   "tun0            vsw0            on    dot1q-tunnel      100 -            -              -\n"
		   "eth0            vsw0            on    trunk               5 20-30        4094           100:20,101:21\n"
		   "svc0            vsw0            on    trunk               - -            100            -\n"
		   "new1            vsw0            off   none                - -            -              -\n"
		   "acc1            vsw0            off   access             10 -            -              -\n"
		   "odd0            vsw0            on    77                  - -            -              -\n"
		   "trk1            vsw0            off   trunk               - 10,20-30     -              -\n");
}

static void test_one(void)
{
	reset();
	answer = a_trunk;
	run("port show eth0");
	check_text("port show prints lists of a port", out_text_,
		   "name                 eth0\nswitch-name          vsw0\nvlan-aware           on\n"
		   "vlan-mode            trunk\nvlan                 5\ntrunk                20-30\n"
		   "service              4094\ntranslate            100:20,101:21\n");
	run("-j port show");
	check_text("port show prints JSON with lists as strings", out_text_,
		   "[{\"name\":\"eth0\",\"switch-name\":\"vsw0\",\"vlan-aware\":true,\"vlan-mode\":\"trunk\","
		   "\"vlan\":5,\"trunk\":\"20-30\",\"service\":\"4094\",\"translate\":\"100:20,101:21\"}]\n");
	run("-j vlan show port eth0");
	check_text("vlan show prints JSON of VLANs alone", out_text_,
		   "[{\"name\":\"eth0\",\"switch-name\":\"vsw0\",\"vlan-aware\":true,\"vlan-mode\":\"trunk\","
		   "\"vlan\":5,\"trunk\":\"20-30\",\"service\":\"4094\",\"translate\":\"100:20,101:21\"}]\n");
	answer = a_port;
	run("-j vlan show port veth0");
	check_text("a port without any has its name", out_text_,
		   "[{\"name\":\"veth\\u001b\xef\xbf\xbd\\\"\",\"switch-name\":\"vsw0\"}]\n");
}

/* ---- the longest lists ---- */

/* Two of every three VLANs: no list is longer. */
static const char *longest(void)
{
	static char word[VLANS_TEXT_MAX];
	size_t n = 0;
	unsigned int i;

	for (i = 1; i + 1 <= VSWITCH_VLAN_MAX; i += 3)
		n += snprintf(word + n, sizeof(word) - n, "%s%u-%u", n ? "," : "", i, i + 1);
	return word;
}

/* Every other VLAN. */
static const char *most_entries(void)
{
	static char word[VLANS_TEXT_MAX];
	size_t n = 0;
	unsigned int i;

	for (i = 1; i <= VSWITCH_VLAN_MAX; i += 2)
		n += snprintf(word + n, sizeof(word) - n, "%s%u", n ? "," : "", i);
	return word;
}

static const char *long_list;

static struct nl_msg *a_long_trunk(const struct nlmsghdr *req)
{
	struct nl_msg *msg = begin_port(req, "eth0", true, VSWITCH_VLAN_MODE_TRUNK);
	uint8_t vlans[VLANS_LEN];
	unsigned int i;

	put_list(msg, VSWITCH_A_PORT_TRUNK, long_list);
	vlans_parse(long_list, vlans);
	for (i = 0; i < VLANS_LEN; i++)
		vlans[i] = ~vlans[i];
	vlans[0] &= ~1;
	vlans[VLANS_LEN - 1] &= 0x7f;
	nla_put(msg, VSWITCH_A_PORT_SERVICE, sizeof(vlans), vlans);
	return msg;
}

static void prints_all(const char *line)
{
	const char *end;
	char name[128];

	run(line);
	snprintf(name, sizeof(name), "%s prints the longest list (%zu bytes)", line, strlen(long_list));
	end = strstr(out_text_, long_list);
	/* The last VLANs are in the other list, which is another line or member. */
	check(end && strchr(" \n\"", end[strlen(long_list)]) && strstr(end, ",4089,4092"), name,
	      "# %zu bytes\n", strlen(out_text_));
}

static struct nl_msg *a_long_event(void)
{
	struct nl_msg *msg = a_long_trunk(NULL);

	((struct genlmsghdr *)nlmsg_data(nlmsg_hdr(msg)))->cmd = VSWITCH_CMD_PORT_NTF;
	return msg;
}

static int monitor(struct nl_msg *first, struct nl_msg *second, bool json)
{
	struct ctx ctx = { .out = { .json = json } };
	size_t n1, n2;
	int err;

	reset();
	free(out_text_);
	free(err_text_);
	ctx.out.out = open_memstream(&out_text_, &n1);
	ctx.out.err = open_memstream(&err_text_, &n2);
	nlx_init(&ctx.nl, &ctx.out);
	ctx.nl.io = &(struct nlx_io){ fake_send, fake_recv, fake_join };
	ctx.nl.family = FAMILY;
	push_msg(first);
	if (second)
		push_msg(second);
	push_error(-EIO);
	err = cmd_monitor_loop(&ctx);
	nlx_close(&ctx.nl);
	fclose(ctx.out.out);
	fclose(ctx.out.err);
	reset();
	return err;
}

static void test_long(void)
{
	uint8_t vlans[VLANS_LEN];
	char text[VLANS_TEXT_MAX], line[VLANS_TEXT_MAX + 64];

	check(strlen(longest()) < VLANS_TEXT_MAX - 1 && strlen(most_entries()) < strlen(longest()),
	      "there is room for the longest list", "# %zu bytes\n", strlen(longest()));
	vlans_parse(longest(), vlans);
	vlans_text(vlans, text, sizeof(text));
	check_text("which is written as it is read", text, longest());
	reset();
	snprintf(line, sizeof(line), "port set eth0 trunk %s", longest());
	check(!run(line) && strstr(requests, longest()), "sends it", "# %s", err_text_);
	snprintf(line, sizeof(line), "port set eth0 trunk %s\n", longest());
	check(!run_file(line, "-b %s") && strstr(requests, longest()), "takes it from a file", "# %s",
	      err_text_);
	answer = a_long_trunk;
	long_list = most_entries();
	run("vlan show");
	check(strstr(out_text_, long_list) && strstr(out_text_, ",4092,4094"), "vlan show prints every other VLAN",
	      "# %zu bytes\n", strlen(out_text_));
	long_list = longest();
	answer = a_long_trunk;
	prints_all("port show");
	prints_all("port show eth0");
	prints_all("vlan show");
	prints_all("vlan show port eth0");
	prints_all("-j port show");
	prints_all("-jp vlan show");
	monitor(a_long_event(), NULL, false);
	check(strstr(out_text_, long_list), "monitor prints the longest list", "# %zu bytes\n",
	      strlen(out_text_));
}

/* ---- events ---- */

static void test_vlan_events(void)
{
	struct nl_msg *port = a_trunk(NULL), *sw = reply_to(NULL, VSWITCH_CMD_SWITCH_NTF);

	((struct genlmsghdr *)nlmsg_data(nlmsg_hdr(port)))->cmd = VSWITCH_CMD_PORT_NTF;
	nla_put_string(sw, VSWITCH_A_SWITCH_NAME, "vsw0");
	nla_put_u8(sw, VSWITCH_A_SWITCH_VLAN_AWARE, 1);
	monitor(port, sw, false);
	check_text("monitor tells of VLANs", out_text_,
		   "port-ntf name eth0 switch-name vsw0 vlan-aware on vlan-mode trunk vlan 5 trunk 20-30 "
		   "service 4094 translate 100:20,101:21\n"
		   "switch-ntf name vsw0 vlan-aware on\n");
	port = with_vlan(NULL, "web0", false, VSWITCH_VLAN_MODE_ACCESS, 10);
	((struct genlmsghdr *)nlmsg_data(nlmsg_hdr(port)))->cmd = VSWITCH_CMD_PORT_NTF;
	monitor(port, NULL, true);
	check_text("and as JSON", out_text_,
		   "{\"cmd\":\"port-ntf\",\"name\":\"web0\",\"switch-name\":\"vsw0\",\"vlan-aware\":false,"
		   "\"vlan-mode\":\"access\",\"vlan\":10}\n");
}

/* A list of another length than the spec's is no list. */
static struct nl_msg *a_short_list(const struct nlmsghdr *req)
{
	struct nl_msg *msg = begin_port(req, "eth0", true, VSWITCH_VLAN_MODE_TRUNK);

	nla_put(msg, VSWITCH_A_PORT_TRUNK, 511, memset((char[511]){ 0 }, 255, 511));
	return msg;
}

static void test_malformed(void)
{
	reset();
	answer = a_short_list;
	check(run("vlan show port eth0") == ST_REFUSED && !*out_text_, "refuses a short list", "");
	check_text("and says so", err_text_, "vswctl: port eth0: the kernel's reply is malformed\n");
}

void test_vlans(void)
{
	test_lists();
	test_many_pairs();
	test_short_text();
	test_vlan_words();
	test_combinations();
	test_sent();
	test_switch_aware();
	test_tables();
	test_one();
	test_long();
	test_vlan_events();
	test_malformed();
	reset();
}
