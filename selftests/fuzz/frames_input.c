// SPDX-License-Identifier: GPL-2.0
/*
 * The frame fuzzer: its inputs in files and in print, and the frames it starts
 * from.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>
#include "frames.h"

static unsigned int op_size(const struct op *op)
{
	return OP_HEAD + op->len;
}

/* The bytes of a program; returns their number, at most PROG_MAX. */
unsigned int prog_write(const struct prog *p, u8 *to)
{
	unsigned int i, len = 0;

	for (i = 0; i < p->num; i++) {
		memcpy(to + len, &p->op[i], op_size(&p->op[i]));
		len += op_size(&p->op[i]);
	}
	return len;
}

/* The program of some bytes; false if they are none. */
bool prog_read(struct prog *p, const u8 *from, unsigned int len)
{
	struct op *op;

	for (p->num = 0; len; p->num++) {
		op = &p->op[p->num];
		if (p->num == OPS_MAX || len < OP_HEAD)
			return false;
		memcpy(op, from, OP_HEAD);
		if (op->kind >= OP_KINDS || op->len > DATA_MAX ||
		    len < op_size(op))
			return false;
		memcpy(op->data, from + OP_HEAD, op->len);
		from += op_size(op);
		len -= op_size(op);
	}
	return p->num;
}

/* Puts an operation before another; false if there is no room. */
bool prog_add(struct prog *p, unsigned int at, const struct op *op)
{
	unsigned int i;

	if (p->num == OPS_MAX)
		return false;
	for (i = p->num++; i > at; i--)
		p->op[i] = p->op[i - 1];
	p->op[at] = *op;
	return true;
}

void prog_remove(struct prog *p, unsigned int at)
{
	p->num--;
	memmove(&p->op[at], &p->op[at + 1],
		(p->num - at) * sizeof(p->op[0]));
}

static void print_hex(const u8 *data, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		printf("%s%02x", i % 32 ? "" : "\n#     ", data[i]);
	printf("\n");
}

static void print_frame(const struct op *op)
{
	static struct frame f;

	frame_of(&f, op);
	printf("frame from port %u, %u bytes", f.from, f.len);
	if (f.times > 1)
		printf(", %u times", f.times);
	printf(", flags %u, gso type %#x size %u, headers %u, checksum %u at %u",
	       f.vnet.flags, f.vnet.gso_type, f.vnet.gso_size, f.vnet.hdr_len,
	       f.vnet.csum_start, f.vnet.csum_offset);
	if (f.from == FRAGS)
		printf(", %u linear", f.cut);
	print_hex(f.data, f.len < 128 ? f.len : 128);
}

/* What the operations are, for people. */
void prog_print(const struct prog *p)
{
	static const char * const name[] = {
		[OP_MTU] = "mtu", [OP_UP] = "up", [OP_CARRIER] = "carrier",
		[OP_ATTACHED] = "attached", [OP_PORT] = "port settings",
		[OP_STATIC] = "static address, VLAN", [OP_FLUSH] = "flush",
		[OP_OFFLOAD] = "offload", [OP_HDRSZ] = "header size",
		[OP_PROMISC] = "promiscuous", [OP_VLANS] = "VLANs, in force",
		[OP_PRIVATE] = "private VLANs", [OP_COUNT] = "counters by VLAN",
		[OP_SNOOP] = "multicast snooping", [OP_MEMBER] = "member, VLAN",
		[OP_WAIT] = "wait", [OP_ECHO] = "echo of a probe",
	};
	unsigned int i;

	for (i = 0; i < p->num; i++) {
		const struct op *op = &p->op[i];

		printf("#   ");
		if (op->kind == OP_FRAME) {
			print_frame(op);
			continue;
		}
		printf("port %u: %s %u", op->who % PORTS, name[op->kind],
		       op->arg);
		print_hex(op->data, op->len);
	}
}

/* The frame that an operation sends.  All that can be in an input is one. */
void frame_of(struct frame *f, const struct op *op)
{
	struct wire w = {};
	unsigned int len = op->len, i;

	memcpy(&w, op->data, len < sizeof(w) ? len : sizeof(w));
	f->from = (op->who & 7) % PORTS;
	f->times = 1 + (op->who >> 3) % 8;
	f->vnet = w.vnet;
	f->len = len > sizeof(w) ? len - sizeof(w) : 0;
	memcpy(f->data, op->data + sizeof(w), f->len);
	for (i = 0; i < op->arg && f->len < FRAME_MAX - 1; i++)
		f->data[f->len++] = i * 7 + (i >> 8);
	f->cut = w.cut < f->len ? w.cut : f->len;
}

/* The operation that sends a frame, with more bytes to come after those given. */
void op_frame(struct op *op, unsigned int from, const u8 *data,
	      unsigned int len, unsigned int more)
{
	const struct wire w = { .cut = 128 };

	if (len > DATA_MAX - sizeof(w)) {
		more += len - (DATA_MAX - sizeof(w));
		len = DATA_MAX - sizeof(w);
	}
	op->kind = OP_FRAME;
	op->who = from;
	op->arg = more < FRAME_MAX / 2 ? more : FRAME_MAX / 2;
	op->len = sizeof(w) + len;
	memcpy(op->data, &w, sizeof(w));
	memcpy(op->data + sizeof(w), data, len);
}

/* Hands out all frames of a file; returns how many, or -1. */
int seeds_read(const char *file, void (*take)(const u8 *data, unsigned int len,
					      unsigned int more))
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *in = pcap_open_offline(file, why);
	struct pcap_pkthdr *h;
	const u8 *data;
	int num = 0;

	if (!in || pcap_datalink(in) != DLT_EN10MB) {
		fprintf(stderr, "%s: %s\n", file, in ? "not Ethernet" : why);
		return -1;
	}
	for (; pcap_next_ex(in, &h, &data) == 1; num++)
		take(data, h->caplen, h->len - h->caplen);
	pcap_close(in);
	return num;
}
