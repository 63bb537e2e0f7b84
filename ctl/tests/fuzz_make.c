// SPDX-License-Identifier: GPL-2.0
/*
 * The fuzzer of vswctl: making an input.
 */
#include <errno.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/vswitch.h>

#include "cmd.h"
#include "fuzz_make.h"
#include "messages.h"
#include "nl_names.h"

/* ---- chance ---- */

static unsigned long long state;

static unsigned int rnd(unsigned int below)
{
	unsigned long long z;

	/* splitmix64 */
	state += 0x9e3779b97f4a7c15ull;
	z = (state ^ state >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return (z ^ z >> 31) % below;
}

static bool one_in(unsigned int n)
{
	return !rnd(n);
}

#define PICK(list) (list)[rnd(sizeof(list) / sizeof((list)[0]))]

/* ---- making an input ---- */

static unsigned char *made;	/* INPUT_MAX bytes */
static size_t made_len;

static void put(const void *data, size_t len)
{
	if (len > INPUT_MAX - made_len)
		len = INPUT_MAX - made_len;
	memcpy(made + made_len, data, len);
	made_len += len;
}

static void put_text(const char *text)
{
	put(text, strlen(text));
}

static size_t begin_piece(void)
{
	put("\0", 2);
	return made_len;
}

static void end_piece(size_t start)
{
	size_t len = made_len - start;

	if (len > 0xfeff)
		made_len = start + (len = 0xfeff);
	if (start < 2 || start > INPUT_MAX - 2)
		return;
	made[start - 2] = len;
	made[start - 1] = len >> 8;
}

/* ---- words ---- */

static const char *const names[] = {
	"vsw0", "veth0", "123456789012345", "1234567890123456", "all", "default", "..", "-j", "-h",
	"a\x1b[2J", "a\x9b" "31m", "a\xc2\x9b" "31m", "a\xff\xfe", "a\x7f", "\xe2\x82\xac", "\xe2\x82",
	"$(id)", "a%s%n", "\"\\", "", "a/b", "a:b", "\xed\xa0\x80", "\xf4\x90\x80\x80",
};

static const char *const numbers[] = {
	"0", "1", "4094", "4095", "65535", "65536", "4294967295", "4294967296", "-1", "+1", "0x10",
	"18446744073709551615", "18446744073709551616", "99999999999999999999999", "1.5", "", "00007",
};

static const char *const macs[] = {
	"02:00:00:00:00:01", "02:00:00:00:0a:0B", "01:00:00:00:00:01", "00:00:00:00:00:00",
	"02:00:00:00:00", "02:00:00:00:00:0g", "02-00-00-00-00-01", "02:00:00:00:00:01:02",
};

static const char *const groups[] = {
	"none", "all", "stp", "lldp,03", "0e,", ",", "stp,stp,pae", "10", "0,1,2,3,4,5,6,7,8,9,a,b,c,d,e,f",
};

static const char *const vlan_lists[] = {
	"10,20-30", "all", "1-4094", "4094", "0", "4095", "10-5", "10,", "", "10--20", "10:20", "all,1", "1 ",
	"99999999999", "10-", "1,1,1-3", ",",
};

static const char *const pair_lists[] = {
	"100:10", "100:10,200:20", "4094:1", "100", "100:", ":10", "0:1", "1:0", "1:4095", "1:2,", "1:2:3",
};

static const char *const options[] = {
	"-j", "-p", "-jp", "-n", "-nred", "-b", "-bF", "-h", "--help", "-V", "--version", "-x", "-", "--",
	"-jb", "-",
};

static void put_long(void)
{
	size_t i, len = one_in(8) ? rnd(5000) : rnd(1100);

	for (i = 0; i < len; i++)
		put_text(one_in(16) ? "\xc2\x85" : "x");
}

static void put_vlans(void)
{
	unsigned int n = one_in(16) ? rnd(300) : rnd(3);

	put_text(one_in(2) ? vlan_lists[rnd(4)] : PICK(vlan_lists));
	while (n--)
		put_text(one_in(2) ? ",17" : ",300-4000");
}

static void put_pairs(void)
{
	unsigned int n = one_in(8) ? rnd(70) : rnd(3);

	put_text(one_in(2) ? pair_lists[rnd(3)] : PICK(pair_lists));
	while (n--)
		put_text(",30:31");
}

static void put_value(const struct arg *a)
{
	const struct nl_attr *d = args_desc(a);
	char number[32];

	if (one_in(24))
		put_text(PICK(names));
	else if (a->kind == ARG_GROUPS)
		put_text(PICK(groups));
	else if (a->kind != ARG_ATTR)
		put_text(one_in(3) ? PICK(names) : names[rnd(2)]);
	else if (d->values)
		put_text(d->values->values[rnd(d->values->count)].name);
	else if (d->type == NL_T_MAC)
		put_text(one_in(3) ? PICK(macs) : macs[rnd(2)]);
	else if (d->type == NL_T_IP)
		put_text(one_in(2) ? "239.1.1.1" : one_in(2) ? "ff05::1:3" : "ff05::g");
	else if (d->type == NL_T_VLANS)
		put_vlans();
	else if (d->type == NL_T_PAIRS)
		put_pairs();
	else if (!args_is_number(a))
		put_text(one_in(2) ? "on" : "off");
	else if (one_in(3))
		put_text(PICK(numbers));
	else if (snprintf(number, sizeof(number), "%llu",
			  (unsigned long long)(one_in(2) ? d->min : d->max)) > 0)
		put_text(number);
}

static void put_strange_word(const char *sep)
{
	if (one_in(6))
		put_long();
	else if (!one_in(8))
		put_text(one_in(2) ? PICK(names) : one_in(2) ? PICK(options) : PICK(numbers));
	put(sep, 1);
}

/* A command of the table, with @sep behind each word. */
static void put_command(const char *sep)
{
	unsigned int n = 0;
	const struct cmd *c;
	const struct arg *a;

	for (c = cmds; c->noun; c++)
		n++;
	c = &cmds[rnd(n)];
	put_text(c->noun);
	put(sep, 1);
	if (c->verb && !one_in(64)) {
		put_text(c->verb);
		put(sep, 1);
	}
	for (a = c->args; a->word || a->value; a++) {
		if (one_in(24))
			put_strange_word(sep);
		if (a->required ? one_in(24) : !one_in(3))
			continue;
		if (a->word) {
			put_text(a->word);
			put(sep, 1);
		}
		if (a->kind == ARG_BARE)
			continue;
		put_value(a);
		put(sep, 1);
	}
	if (one_in(24))
		put_strange_word(sep);
}

static void make_completion(void)
{
	put("complete", 9);
	while (one_in(2))
		put_strange_word("");
	if (one_in(2))
		put_command("");
	if (one_in(3))
		put("", 1);
}

static void make_words(void)
{
	size_t start = begin_piece();

	if (one_in(2))
		put("-j", 3);
	while (one_in(8)) {
		put_text(PICK(options));
		put("", 1);
	}
	if (one_in(6))
		put(one_in(2) ? "-b\0F" : "-b\0-", 5);
	else if (one_in(6))
		make_completion();
	else if (!one_in(32))
		put_command("");
	end_piece(start);
}

static void put_entries(unsigned int count)
{
	while (count--) {
		put_text(one_in(count > 100 ? 5000 : 12) ? PICK(macs) : macs[0]);
		put_text(one_in(20) ? "\t" : " ");
		put_text(one_in(count > 100 ? 5000 : 12) ? PICK(names) : "veth0");
		if (one_in(3))
			put_text(one_in(count > 100 ? 5000 : 4) ? " 4095" : " 17");
		put_text("\n");
	}
}

static void put_many_words(void)
{
	unsigned int n = 50 + rnd(100);

	while (n--)
		put_text(" x");
}

static void make_file(void)
{
	unsigned int n = one_in(64) ? 64 : rnd(4);
	size_t start = begin_piece();

	if (one_in(400)) {
		put_entries(500 + rnd(1500));
	} else if (one_in(2)) {
		put_entries(n);
	} else {
		for (; n; n--) {
			put_command(" ");
			if (one_in(64))
				put_many_words();
			put_text(one_in(8) ? " # \n" : "\n");
		}
	}
	if (one_in(8))
		put_text(PICK(names));
	end_piece(start);
}

/* ---- replies ---- */

static struct nl_msg *an_extack(void)
{
	struct nl_msg *req = two_entries(NULL), *ack = ack_with_request(req, one_in(2));

	if (!one_in(4))
		nla_put_string(ack, NLMSGERR_ATTR_MSG, PICK(names));
	if (!one_in(3))
		nla_put_u32(ack, NLMSGERR_ATTR_OFFS, one_in(8) ? rnd(0xffffffff) : 4 * rnd(32));
	if (one_in(2))
		nla_put_u32(ack, NLMSGERR_ATTR_MISS_TYPE, rnd(20));
	if (one_in(2))
		nla_put_u32(ack, NLMSGERR_ATTR_MISS_NEST, 4 * rnd(32));
	nlmsg_free(req);
	return ack;
}

static struct nl_msg *a_link(void)
{
	struct nl_msg *msg = nlx_link_request(RTM_NEWLINK, 0, 5);
	struct nlattr *info, *data;

	nla_put_string(msg, IFLA_IFNAME, PICK(names));
	nla_put_u32(msg, IFLA_MTU, 1500);
	info = nla_nest_start(msg, IFLA_LINKINFO);
	nla_put_string(msg, IFLA_INFO_KIND, "vswitch");
	data = nla_nest_start(msg, IFLA_INFO_DATA);
	nla_put_u32(msg, VSWITCH_A_SWITCH_AGEING, 300);
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);
	return msg;
}

static struct nl_msg *make_msg(void)
{
	static const uint8_t codes[] = { 0, 0, 0, 1, 2, 12, 16, 17, 19, 22, 74, 95, 105 };
	struct nlmsghdr none = { .nlmsg_len = NLMSG_HDRLEN };
	const char *text = one_in(2) ? PICK(names) : NULL;

	switch (rnd(11)) {
	case 0:
	case 1:
		return a_switch(NULL);
	case 2:
	case 3:
		return one_in(2) ? a_port(NULL) : a_trunk(NULL);
	case 4:
		return two_entries(NULL);
	case 5:
		return a_count(NULL);
	case 6:
		return an_event();
	case 7:
		return one_in(2) ? a_family(NULL) : a_link();
	case 8:
		return an_ack(&none, PICK(codes), text, one_in(2) ? 4 * rnd(32) : 0);
	case 9:
		return a_done(&none, PICK(codes), text, one_in(2) ? 4 * rnd(32) : 0);
	default:
		return an_extack();
	}
}

#define ATTRS_MAX 64

/* Where attributes are, nested ones and what could be one included. */
static size_t find_attrs(const unsigned char *buf, size_t from, size_t to, size_t *at, size_t n)
{
	struct nlattr nla;

	for (; from + sizeof(nla) <= to && n < ATTRS_MAX; from += NLA_ALIGN(nla.nla_len)) {
		memcpy(&nla, buf + from, sizeof(nla));
		if (nla.nla_len < sizeof(nla) || nla.nla_len > to - from)
			break;
		at[n++] = from;
		if (nla.nla_len >= 2 * sizeof(nla))
			n = find_attrs(buf, from + sizeof(nla), from + nla.nla_len, at, n);
	}
	return n;
}

/* Makes what is around @pos, the message included, end @by bytes later. */
static void stretch(unsigned char *buf, const size_t *at, size_t n, size_t pos, int by)
{
	struct nlattr *nla;
	size_t i;

	for (i = 0; i < n; i++) {
		nla = (struct nlattr *)(buf + at[i]);
		if (at[i] < pos && at[i] + nla->nla_len > pos)
			nla->nla_len += by;
	}
	((struct nlmsghdr *)buf)->nlmsg_len += by;
}

/* The attribute once more, behind itself. */
static size_t double_attr(unsigned char *buf, size_t len, size_t size, const size_t *at, size_t n,
			  size_t pos)
{
	size_t count = NLA_ALIGN(((struct nlattr *)(buf + pos))->nla_len);

	if (pos + count > len || len + count > size)
		return len;
	stretch(buf, at, n, pos, count);
	memmove(buf + pos + count, buf + pos, len - pos);
	return len + count;
}

/*
 * The message ends inside the attribute at @pos, and so do the nests around it; it
 * may end with a text without its 0.
 */
static size_t end_in_attr(unsigned char *buf, const size_t *at, size_t n, size_t pos)
{
	struct nlattr *nla = (struct nlattr *)(buf + pos);
	size_t len = rnd(nla->nla_len - NLA_HDRLEN + 1), end = pos + NLA_HDRLEN + len, i;
	const char *text = PICK(names);

	if (strlen(text) <= len && one_in(2))
		memcpy(buf + end - strlen(text), text, strlen(text));
	for (i = 0; i < n; i++) {
		nla = (struct nlattr *)(buf + at[i]);
		if (at[i] < end && at[i] + nla->nla_len > end)
			nla->nla_len = end - at[i];
	}
	((struct nlmsghdr *)buf)->nlmsg_len = end;
	return end;
}

static void overwrite(unsigned char *payload, size_t len)
{
	const char *text = PICK(names);
	size_t i, n = strlen(text) + one_in(2);

	if (one_in(3)) {
		memset(payload, one_in(2) ? 0xff : 0, len);
	} else if (one_in(2)) {
		for (i = 0; i < len; i++)
			payload[i] = rnd(256);
	} else {
		memcpy(payload, text, n < len ? n : len);
	}
}

static size_t mutate_attr(unsigned char *buf, size_t len, size_t size, const size_t *at, size_t n)
{
	size_t pos = at[rnd(n)];
	struct nlattr *nla = (struct nlattr *)(buf + pos);
	size_t payload = nla->nla_len - NLA_HDRLEN;

	switch (rnd(7)) {
	case 0:
		nla->nla_type = one_in(8) ? rnd(65536) : rnd(40);
		break;
	case 1:
		nla->nla_len = one_in(4) ? rnd(65536) : nla->nla_len + rnd(17) - 8;
		break;
	case 2:
		nla->nla_type ^= one_in(2) ? NLA_F_NESTED : NLA_F_NET_BYTEORDER;
		break;
	case 3:
		return double_attr(buf, len, size, at, n, pos);
	case 4:
		return end_in_attr(buf, at, n, pos);
	default:
		overwrite(buf + pos + NLA_HDRLEN, payload);
	}
	return len;
}

static size_t mutate_msg(unsigned char *buf, size_t len, size_t size)
{
	struct nlmsghdr *h = (struct nlmsghdr *)buf;
	size_t hdr = h->nlmsg_type == NLMSG_ERROR ? NLMSG_HDRLEN + sizeof(struct nlmsgerr) :
		     h->nlmsg_type == RTM_NEWLINK ? NLMSG_HDRLEN + sizeof(struct ifinfomsg) :
						    NLMSG_HDRLEN + GENL_HDRLEN;
	size_t at[ATTRS_MAX], n;

	n = find_attrs(buf, hdr, len, at, 0);
	if (n && !one_in(4))
		return mutate_attr(buf, len, size, at, n);
	switch (rnd(6)) {
	case 0:
		len = one_in(2) ? rnd(len + 1) : NLMSG_HDRLEN + rnd(8);
		if (!one_in(4))
			h->nlmsg_len = len;
		break;
	case 1:
		h->nlmsg_len = one_in(2) ? rnd(2 * len) : rnd(0xffffffff);
		break;
	case 2:
		h->nlmsg_flags = rnd(65536);
		break;
	case 3:
		h->nlmsg_type = one_in(2) ? rnd(5) : rnd(65536);
		break;
	case 4:
		if (len > NLMSG_HDRLEN)
			buf[NLMSG_HDRLEN] = rnd(24);
		break;
	default:
		buf[rnd(len)] = rnd(256);
	}
	return len;
}

static void put_message(void)
{
	static unsigned char buf[8192] __attribute__((aligned(8)));
	struct nl_msg *msg = make_msg();
	size_t len = nlmsg_hdr(msg)->nlmsg_len;
	unsigned int times;

	memcpy(buf, nlmsg_hdr(msg), len);
	nlmsg_free(msg);
	for (times = one_in(3) ? 0 : 1 + rnd(4); times && len >= NLMSG_HDRLEN; times--)
		len = mutate_msg(buf, len, sizeof(buf));
	put(buf, len);
}

/* Messages begin where they are aligned, if the datagram does. */
static void make_datagram(void)
{
	static const uint8_t codes[] = { EINTR, EAGAIN, ENOBUFS, EIO, EMSGSIZE, ENOMEM };
	size_t start;
	int n = one_in(3) ? 1 + rnd(4) : 1;

	if (one_in(24)) {
		made[made_len++] = PICK(codes);
		made[made_len++] = 0xff;
		return;
	}
	start = begin_piece();
	while (n--) {
		put_message();
		while (n && (made_len - start) % NLMSG_ALIGNTO)
			put("", 1);
	}
	end_piece(start);
}

size_t fuzz_make(unsigned char *to, unsigned long long seed, unsigned long long i)
{
	unsigned int flags, n;

	made = to;
	made_len = 0;
	state = seed * 0xd1342543de82ef95ull + i * 0x2545f4914f6cdd1dull;
	flags = rnd(256);
	if (!one_in(4))
		flags |= FLAG_RESOLVED | FLAG_FAMILY | FLAG_FILES;
	made[made_len++] = flags;
	make_words();
	make_file();
	for (n = rnd(6); n && made_len < INPUT_MAX / 2; n--)
		make_datagram();
	if (one_in(16))
		made[rnd(made_len)] = rnd(256);
	return made_len;
}
