// SPDX-License-Identifier: GPL-2.0
/*
 * The extended acks of the kernel, and the attribute of the request that one is
 * about.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include <linux/genetlink.h>
#include <linux/rtnetlink.h>

#include "nl.h"
#include "nl_ack.h"
#include "nl_names.h"

/* Numbers of the two interfaces' messages overlap: RTM_NEWLINK is GENL_ID_CTRL. */
static size_t header_len(enum nlx_proto proto)
{
	return NLMSG_HDRLEN + (proto == NLX_ROUTE ? NLMSG_ALIGN(sizeof(struct ifinfomsg)) :
						    GENL_HDRLEN);
}

static const struct nl_set *request_set(const struct nlmsghdr *req, enum nlx_proto proto)
{
	const struct genlmsghdr *genl = NLMSG_DATA(req);

	if (proto == NLX_ROUTE)
		return &nl_set_link;
	if (req->nlmsg_type == GENL_ID_CTRL || req->nlmsg_len < header_len(proto))
		return NULL;
	return genl->cmd <= nl_cmds_max ? nl_cmds[genl->cmd].set : NULL;
}

static const struct nl_attr *set_attr(const struct nl_set *set, unsigned int type)
{
	return set && type <= set->max && set->attrs[type].name ? &set->attrs[type] : NULL;
}

struct walk {
	const struct nlmsghdr *req;
	enum nlx_proto proto;
	size_t offs;
	struct nlx_error *err;
	const struct nl_set *in;
};

static void walk_name(struct walk *w, const struct nl_attr *d, int ordinal, bool top)
{
	struct nlx_error *e = w->err;
	size_t n = strlen(e->attr);

	if (d->multi)
		snprintf(e->attr + n, sizeof(e->attr) - n, "%s%s[%d]", n ? "." : "", d->name,
			 ordinal);
	else
		snprintf(e->attr + n, sizeof(e->attr) - n, "%s%s", n ? "." : "", d->name);
	if (d->multi && top)
		e->entry = ordinal;
}

/*
 * The spec's names tell what an attribute names: "switch-name" a switch, "name"
 * what its set is about.
 */
static void walk_object(struct walk *w, const struct nl_set *set, const struct nl_attr *d,
			const struct nlattr *nla)
{
	size_t len = strlen(d->name), suffix = strlen("-name");
	const char *noun = NULL;

	if (d->type != NL_T_STRING)
		return;
	if (!strcmp(d->name, "name")) {
		noun = set->name;
		len = strlen(noun);
	} else if (len > suffix && !strcmp(d->name + len - suffix, "-name")) {
		noun = d->name;
		len -= suffix;
	}
	if (noun)
		snprintf(w->err->object, sizeof(w->err->object), "%.*s %.*s", (int)len, noun,
			 nla_len(nla), (const char *)nla_data(nla));
}

/*
 * Descends to the attribute at w->offs of the request.  Nests around it give
 * its path; "linkinfo" and "data" mean nothing to people and are left out.
 */
static bool walk_attrs(struct walk *w, const struct nl_set *set, const struct nlattr *head,
		       int len, bool top)
{
	const struct nlattr *nla;
	int rem, seen = 0;

	for (nla = head, rem = len; nla_ok(nla, rem); nla = nla_next(nla, &rem)) {
		size_t start = (const char *)nla - (const char *)w->req;
		const struct nl_attr *d = set_attr(set, nla_type(nla));

		if (d && d->multi)
			seen++;
		if (!d || w->offs < start || w->offs >= start + NLA_ALIGN(nla->nla_len))
			continue;
		if (!d->nested || (d->nested != &nl_set_linkinfo && set != &nl_set_linkinfo))
			walk_name(w, d, seen - 1, top);
		w->in = set;
		if (w->offs == start || !d->nested) {
			walk_object(w, set, d, nla);
			w->in = d->nested;
			return true;
		}
		return walk_attrs(w, d->nested, nla_data(nla), nla_len(nla), false);
	}
	return false;
}

static bool find_attr(struct walk *w)
{
	size_t hdr = header_len(w->proto);

	*w->err->attr = '\0';
	*w->err->object = '\0';
	w->err->entry = -1;
	if (w->req->nlmsg_len < hdr)
		return false;
	return walk_attrs(w, request_set(w->req, w->proto),
			  (const struct nlattr *)((const char *)w->req + hdr),
			  w->req->nlmsg_len - hdr, true);
}

static void note_missing(struct nlx *nl, const struct nlmsghdr *req, struct nlattr **tb)
{
	struct nlx_error *e = &nl->err;
	struct walk w = { .req = req, .proto = nl->proto, .err = e };
	const struct nl_set *set = request_set(req, nl->proto);
	const struct nl_attr *d;
	size_t n;

	*e->attr = '\0';
	if (tb[NLMSGERR_ATTR_MISS_NEST]) {
		w.offs = nla_get_u32(tb[NLMSGERR_ATTR_MISS_NEST]);
		set = find_attr(&w) ? w.in : NULL;
	}
	d = set_attr(set, nla_get_u32(tb[NLMSGERR_ATTR_MISS_TYPE]));
	if (!d)
		return;
	n = strlen(e->attr);
	snprintf(e->attr + n, sizeof(e->attr) - n, "%s%s", n ? "." : "", d->name);
	e->missing = true;
}

static void parse_tlvs(struct nlx *nl, const struct nlmsghdr *req, const void *tlvs, int len)
{
	static struct nla_policy policy[NLMSGERR_ATTR_MAX + 1] = {
		[NLMSGERR_ATTR_OFFS] = { .type = NLA_U32 },
		[NLMSGERR_ATTR_MISS_TYPE] = { .type = NLA_U32 },
		[NLMSGERR_ATTR_MISS_NEST] = { .type = NLA_U32 },
	};
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];
	struct nlx_error *e = &nl->err;
	struct walk w = { .req = req, .proto = nl->proto, .err = e };

	if (nla_parse(tb, NLMSGERR_ATTR_MAX, (struct nlattr *)tlvs, len, policy) < 0)
		return;
	/* Not as a string of the policy: the end need not be there. */
	if (tb[NLMSGERR_ATTR_MSG])
		snprintf(e->msg, sizeof(e->msg), "%.*s", nla_len(tb[NLMSGERR_ATTR_MSG]),
			 (char *)nla_data(tb[NLMSGERR_ATTR_MSG]));
	if (tb[NLMSGERR_ATTR_OFFS]) {
		w.offs = nla_get_u32(tb[NLMSGERR_ATTR_OFFS]);
		if (!find_attr(&w))
			*e->attr = '\0';
	}
	if (tb[NLMSGERR_ATTR_MISS_TYPE] && !*e->attr)
		note_missing(nl, req, tb);
}

/* The request follows the code unless it was capped. */
int nl_ack_error(struct nlx *nl, const struct nlmsghdr *req, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = NLMSG_DATA(nlh);
	size_t len = nlh->nlmsg_len - NLMSG_HDRLEN, skip = sizeof(*err);
	struct nlx_error *e = &nl->err;

	memset(e, 0, sizeof(*e));
	e->entry = -1;
	if (len < sizeof(*err))
		return -EBADMSG;
	e->code = err->error > 0 || err->error < -4095 ? EPROTO : -err->error;
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return -e->code;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED)) {
		if (err->msg.nlmsg_len < NLMSG_HDRLEN || err->msg.nlmsg_len > len)
			return -e->code;
		skip += NLMSG_ALIGN(err->msg.nlmsg_len - NLMSG_HDRLEN);
	}
	if (skip < len)
		parse_tlvs(nl, req, (const char *)err + skip, len - skip);
	return -e->code;
}

int nl_ack_done(struct nlx *nl, const struct nlmsghdr *req, const struct nlmsghdr *nlh)
{
	size_t len = nlh->nlmsg_len - NLMSG_HDRLEN;
	struct nlx_error *e = &nl->err;
	int code = 0;

	memset(e, 0, sizeof(*e));
	e->entry = -1;
	if (len < sizeof(code))
		return 0;
	memcpy(&code, NLMSG_DATA(nlh), sizeof(code));
	e->code = code >= 0 ? 0 : code < -4095 ? EPROTO : -code;
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && len > NLMSG_ALIGN(sizeof(code)))
		parse_tlvs(nl, req, (const char *)NLMSG_DATA(nlh) + NLMSG_ALIGN(sizeof(code)),
			   len - NLMSG_ALIGN(sizeof(code)));
	return -e->code;
}
