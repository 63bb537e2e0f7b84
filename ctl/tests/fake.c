// SPDX-License-Identifier: GPL-2.0
/*
 * The tool without a kernel: what it sends is kept, and answered from here.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/vswitch.h>

#include "fake.h"
#include "messages.h"
#include "nl_names.h"

static int passed;
int failed;

void check(bool ok, const char *name, const char *fmt, ...)
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

void check_text(const char *name, const char *got, const char *want)
{
	check(!strcmp(got, want), name, "# got:\n%s\n# want:\n%s\n", got, want);
}

/* ---- the kernel's part ---- */

struct queued queue[QUEUE];
int queued;
static int taken;
char requests[65536];
struct nlmsghdr *last_request;
int refuse_type, refuse_errno, refuse_attr;
const char *refuse_msg;
struct nl_msg *(*answer)(const struct nlmsghdr *req);

static void push(const void *data, size_t len)
{
	queue[queued].data = malloc(len ?: 1);
	memcpy(queue[queued].data, data, len);
	queue[queued].err = 0;
	queue[queued++].len = len;
}

void push_error(int err)
{
	queue[queued].data = NULL;
	queue[queued++].err = err;
}

void push_msg(struct nl_msg *msg)
{
	push(nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
}

void push_ack(const struct nlmsghdr *req, int code, const char *text, int offs)
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
	if (entries && json_object_array_length(entries) > 2)
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

int fake_send(struct nlx *nl, enum nlx_proto proto, const struct nlmsghdr *req)
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

ssize_t fake_recv(struct nlx *nl, enum nlx_proto proto, void *buf, size_t size)
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

int fake_join(struct nlx *nl, uint32_t group)
{
	(void)nl;
	(void)group;
	return 0;
}

static const struct nlx_io fake_io = { fake_send, fake_recv, fake_join };

void reset(void)
{
	while (taken < queued)
		free(queue[taken++].data);
	queued = taken = 0;
	refuse_type = refuse_errno = refuse_attr = 0;
	refuse_msg = NULL;
	answer = NULL;
}

/* ---- running the tool ---- */

char *out_text_, *err_text_;
bool family_known;

int run(const char *line)
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

int run_file(const char *text, const char *what)
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
