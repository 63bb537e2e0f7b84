/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fuzzer of vswctl: its inputs, see fuzz_ctl.c.
 */
#ifndef FUZZ_MAKE_H
#define FUZZ_MAKE_H

#include <stddef.h>

#define INPUT_MAX 65536

/**
 * enum flag - The first byte of an input.
 * @FLAG_RESOLVED: The family's number is known.
 * @FLAG_FAMILY: Who asks for it is told properly.
 * @FLAG_ACK: Requests are done when there is no datagram left.
 * @FLAG_REFUSE: They are refused.
 * @FLAG_FILES: Files can be opened.
 * @FLAG_NETNS: Network namespaces can be entered.
 */
enum flag {
	FLAG_RESOLVED = 0x01,
	FLAG_FAMILY = 0x02,
	FLAG_ACK = 0x04,
	FLAG_REFUSE = 0x08,
	FLAG_FILES = 0x10,
	FLAG_NETNS = 0x20,
};

/**
 * fuzz_make - Make an input.
 * @to: INPUT_MAX bytes for it.
 * @seed: Inputs of another seed are others.
 * @i: Its number; with the same seed and number it is the same.
 *
 * Return: its length.
 */
size_t fuzz_make(unsigned char *to, unsigned long long seed, unsigned long long i);

#endif /* FUZZ_MAKE_H */
