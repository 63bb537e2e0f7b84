/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For tests of the tool that need no kernel: the connection's functions are replaced
 * by ones that keep what is sent and answer from here.
 */
#ifndef FAKE_H
#define FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "cmd.h"

struct nl_msg;

#define QUEUE 32

/** struct queued - A datagram of the kernel's; @data is NULL, the errno @err instead. */
struct queued {
	void *data;
	size_t len;
	int err;
};

/** queue, queued - What is to be received, and how many of it. */
extern struct queued queue[QUEUE];
extern int queued;

/** requests - What was sent, as JSON, one a line. */
extern char requests[65536];

/** last_request - The last one as it was. */
extern struct nlmsghdr *last_request;

/**
 * refuse_errno - Answer with this error, 0 for none; only messages of @refuse_type if
 * that is not 0, with the sentence @refuse_msg, about the attribute @refuse_attr.
 */
extern int refuse_type, refuse_errno, refuse_attr;
extern const char *refuse_msg;

/** answer - Makes the reply to a request to the family, or NULL. */
extern struct nl_msg *(*answer)(const struct nlmsghdr *req);

/** out_text_, err_text_ - What the last run() has printed. */
extern char *out_text_, *err_text_;

/** family_known - As if the module were loaded. */
extern bool family_known;

/** failed - Number of checks that failed. */
extern int failed;

/**
 * check - Print the result of a test.
 * @ok: Whether it is good.
 * @name: What it is.
 * @fmt: Printed if it is not.
 */
void check(bool ok, const char *name, const char *fmt, ...);

/**
 * check_text - Check that a text is as it should be.
 * @name: What it is.
 * @got: The text.
 * @want: As it should be.
 */
void check_text(const char *name, const char *got, const char *want);

/** push_error - Let this errno be received, a negative number. */
void push_error(int err);

/** push_msg - Let this message be received, and free it. */
void push_msg(struct nl_msg *msg);

/** push_ack - Let an_ack() be received. */
void push_ack(const struct nlmsghdr *req, int code, const char *text, int offs);

/** fake_send, fake_recv, fake_join - The functions of struct nlx_io. */
int fake_send(struct nlx *nl, enum nlx_proto proto, const struct nlmsghdr *req);
ssize_t fake_recv(struct nlx *nl, enum nlx_proto proto, void *buf, size_t size);
int fake_join(struct nlx *nl, uint32_t group);

/** reset - Nothing is received, refused or answered any more. */
void reset(void);

/**
 * run - Run the tool.
 * @line: Words, separated by one blank; two in a row make an empty word.
 *
 * Return: exit status.
 */
int run(const char *line);

/**
 * run_file - Run the tool with a file, which is called F in what it says.
 * @text: What is in the file.
 * @what: Words with %s for its name.
 *
 * Return: exit status.
 */
int run_file(const char *text, const char *what);

/** test_words, test_vlans - Tests in files of those names. */
void test_words(void);
void test_vlans(void);

#endif /* FAKE_H */
