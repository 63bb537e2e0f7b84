// SPDX-License-Identifier: GPL-2.0
/*
 * qemu-args: how QEMU is told of the port that its guest is to have.
 */
#include <ctype.h>
#include <linux/if_tun.h>
#include <linux/vswitch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "nl_names.h"

#define PORT_ATTR(name) .set = &nl_set_port, .attr = VSWITCH_A_PORT_##name

enum { ARG_DEVICE, ARG_QUEUES, ARG_FD, ARG_VHOST };

/* The first that a shell leaves to others, and the last that is worth a try. */
#define FD_MIN 3
#define FD_MAX 999
/* As many as a tun device can have: MAX_TAP_QUEUES of the kernel. */
#define QUEUES_MAX 256

const struct arg args_qemu_args[] = {
	[ARG_DEVICE] = { .value = "DEV", .kind = ARG_ATTACHED, .required = true, PORT_ATTR(NAME) },
	[ARG_QUEUES] = { .word = "queues", .value = "N", .kind = ARG_WORD,
			 .doc = "How many the guest is to have. All of a direct tap, 1 of a tun tap by default." },
	[ARG_FD] = { .word = "fd", .value = "N", .kind = ARG_WORD,
		     .doc = "Of a direct tap: its first descriptor in the shell. 3 by default." },
	[ARG_VHOST] = { .word = "vhost", .value = "on|off", .kind = ARG_WORD,
			.doc = "Whether vhost-net carries the frames. on by default." },
	{ 0 }
};

/**
 * struct guest - What the arguments are made of.
 * @dev: Name of the port.
 * @node: Device node of a direct tap, or NULL for a tun tap.
 * @mac: Address of the guest, or NULL if the port does not say.
 * @mtu: Largest packet that the port takes.
 * @queues: Queues of the guest, 0 if nobody has said.
 * @fd: First descriptor of a direct tap.
 * @vhost: "on" or "off".
 */
struct guest {
	const char *dev;
	const char *node;
	const char *mac;
	int mtu;
	int queues;
	int fd;
	const char *vhost;
};

/* These words are for nobody but us, so no attribute has their ranges. */
static int check_number(struct ctx *ctx, const char *what, const struct arg_val *val, int min,
			int max)
{
	const char *s = val->str;

	if (!val->given || (*s && strlen(s) < 4 && strspn(s, "0123456789") == strlen(s) &&
			    atoi(s) >= min && atoi(s) <= max))
		return ST_OK;
	out_error(&ctx->out, "qemu-args: %s must be %d to %d, not '%s'", what, min, max, s);
	return ST_USAGE;
}

int cmd_qemu_args_check(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	const char *vhost = vals[ARG_VHOST].str;

	(void)args;
	if (check_number(ctx, "queues", &vals[ARG_QUEUES], 1, QUEUES_MAX) ||
	    check_number(ctx, "fd", &vals[ARG_FD], FD_MIN, FD_MAX))
		return ST_USAGE;
	if (vals[ARG_VHOST].given && strcmp(vhost, "on") && strcmp(vhost, "off")) {
		out_error(&ctx->out, "qemu-args: vhost must be one of on, off, not '%s'", vhost);
		return ST_USAGE;
	}
	return ST_OK;
}

/* A shell and QEMU read these characters as they are; others may mean anything. */
static bool name_is_harmless(const char *name)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._-", *name))
			return false;
	return true;
}

/* What sysfs says of a device, or -1. */
static int sysfs_number(const char *dev, const char *what)
{
	int number = -1;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/sys/class/net/%s/%s", dev, what);
	f = fopen(path, "re");
	if (!f)
		return -1;
	if (fscanf(f, "%i", &number) != 1)
		number = -1;
	fclose(f);
	return number;
}

static const char *member(struct json_object *port, const char *key)
{
	struct json_object *value = out_find(port, key);

	return value ? json_object_get_string(value) : NULL;
}

static int guest_of_tap(struct ctx *ctx, struct guest *g, struct json_object *port)
{
	int queues = json_object_get_int(out_find(port, "queues"));

	g->mac = member(port, "address");
	g->queues = g->queues ?: queues;
	if (g->fd + g->queues - 1 > FD_MAX) {
		out_error(&ctx->out, "port %s: the last descriptor would be above %d", g->dev, FD_MAX);
		return ST_REFUSED;
	}
	if (g->queues > queues) {
		out_error(&ctx->out, "port %s: it has %d queues, fewer than %d", g->dev, queues,
			  g->queues);
		return ST_REFUSED;
	}
	return cmd_port_check_node(ctx, g->dev, g->node);
}

static int guest_of_tun(struct ctx *ctx, struct guest *g, struct json_object *port)
{
	unsigned int index = json_object_get_int(out_find(port, "ifindex"));
	int flags = -1;

	/* A port that is in another network namespace may have this name, too. */
	if (index && sysfs_number(g->dev, "ifindex") == (int)index)
		flags = sysfs_number(g->dev, "tun_flags");
	if (flags < 0 || !(flags & IFF_TAP)) {
		out_error(&ctx->out, "port %s: QEMU can use direct taps and tun taps; this is neither",
			  g->dev);
		return ST_REFUSED;
	}
	g->queues = g->queues ?: 1;
	if ((g->queues > 1) != !!(flags & IFF_MULTI_QUEUE)) {
		out_error(&ctx->out, g->queues > 1 ?
			  "port %s: the tun device was made without multi_queue" :
			  "port %s: the tun device was made with multi_queue: say queues 2 or more",
			  g->dev);
		return ST_REFUSED;
	}
	return ST_OK;
}

static int guest_of_port(struct ctx *ctx, struct guest *g, struct json_object *port)
{
	if (!name_is_harmless(g->dev)) {
		out_error(&ctx->out, "port %s: the name has characters that a shell or QEMU would not take as they are",
			  g->dev);
		return ST_REFUSED;
	}
	g->node = member(port, "node");
	g->mtu = json_object_get_int(out_find(port, "mtu"));
	return g->node ? guest_of_tap(ctx, g, port) : guest_of_tun(ctx, g, port);
}

static void put_netdev(const struct guest *g, FILE *f)
{
	int i;

	fprintf(f, "tap,id=net-%s", g->dev);
	if (!g->node)
		fprintf(f, ",ifname=%s,script=no,downscript=no", g->dev);
	if (!g->node && g->queues > 1)
		fprintf(f, ",queues=%d", g->queues);
	for (i = 0; g->node && i < g->queues; i++)
		fprintf(f, i ? ":%d" : g->queues > 1 ? ",fds=%d" : ",fd=%d", g->fd + i);
	fprintf(f, ",vhost=%s", g->vhost);
}

/* The guest learns its MTU, and with mq one vector for each ring, two more. */
static void put_device(const struct guest *g, FILE *f)
{
	fprintf(f, "virtio-net-pci,netdev=net-%s", g->dev);
	if (g->mac)
		fprintf(f, ",mac=%s", g->mac);
	fprintf(f, ",host_mtu=%d", g->mtu);
	if (g->queues > 1)
		fprintf(f, ",mq=on,vectors=%d", 2 * g->queues + 2);
}

static struct json_object *string_of(const struct guest *g,
				     void (*put)(const struct guest *g, FILE *f))
{
	struct json_object *obj;
	char *text = NULL;
	size_t size = 0;
	FILE *f;

	f = open_memstream(&text, &size);
	put(g, f);
	fclose(f);
	obj = json_object_new_string(text);
	free(text);
	return obj;
}

static void print_json(struct ctx *ctx, const struct guest *g)
{
	struct json_object *obj = json_object_new_object(), *open, *list;
	int i;

	json_object_object_add(obj, "netdev", string_of(g, put_netdev));
	json_object_object_add(obj, "device", string_of(g, put_device));
	list = json_object_new_array();
	for (i = 0; g->node && i < g->queues; i++) {
		open = json_object_new_object();
		json_object_object_add(open, "fd", json_object_new_int(g->fd + i));
		json_object_object_add(open, "path", json_object_new_string(g->node));
		json_object_array_add(list, open);
	}
	json_object_object_add(obj, "open", list);
	out_object(&ctx->out, obj);
}

static void print_text(struct ctx *ctx, const struct guest *g)
{
	FILE *f = ctx->out.out;
	int i;

	fprintf(f, "-netdev ");
	put_netdev(g, f);
	fprintf(f, " -device ");
	put_device(g, f);
	for (i = 0; g->node && i < g->queues; i++)
		fprintf(f, " %d<>%s", g->fd + i, g->node);
	fputc('\n', f);
}

int cmd_qemu_args(struct ctx *ctx, const struct arg *args, const struct arg_val *vals)
{
	struct guest g = {
		.dev = vals[ARG_DEVICE].str,
		.queues = vals[ARG_QUEUES].given ? atoi(vals[ARG_QUEUES].str) : 0,
		.fd = vals[ARG_FD].given ? atoi(vals[ARG_FD].str) : FD_MIN,
		.vhost = vals[ARG_VHOST].given ? vals[ARG_VHOST].str : "on",
	};
	struct json_object *list;
	int err = ST_REFUSED;

	if (cmd_collect(ctx, VSWITCH_CMD_PORT_GET, 0, args, vals, &list))
		return nlx_fail(&ctx->nl, "port %s", g.dev);
	if (json_object_array_length(list))
		err = guest_of_port(ctx, &g, json_object_array_get_idx(list, 0));
	else
		out_error(&ctx->out, "port %s: the kernel's answer is empty", g.dev);
	if (!err && ctx->out.json)
		print_json(ctx, &g);
	else if (!err)
		print_text(ctx, &g);
	json_object_put(list);
	return err;
}
