/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lists of VLANs and of translations, as people write them: "10,20-30" and
 * "100:10,200:20".
 */
#ifndef VLANS_H
#define VLANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VLANS_LEN 512
#define PAIRS_MAX 64
#define PAIRS_LEN (PAIRS_MAX * 2 * sizeof(uint16_t))
/* Room for the longest list: two of every three VLANs, in 12,911 bytes. */
#define VLANS_TEXT_MAX 13312

/**
 * vlans_parse - Read a list of VLANs.
 * @word: Numbers and ranges, separated by commas; or "all".
 * @vlans: Result, bit n % 8 of byte n / 8 for VLAN n.
 *
 * Return: whether it is one.
 */
bool vlans_parse(const char *word, uint8_t vlans[VLANS_LEN]);

/**
 * vlans_text - Write a list of VLANs.
 * @vlans: The list.
 * @buf: Where to write it.
 * @size: Size of @buf.
 */
void vlans_text(const uint8_t vlans[VLANS_LEN], char *buf, size_t size);

/**
 * pairs_parse - Read a list of translations.
 * @word: Pairs of the number in tags, ':' and the VLAN, separated by commas.
 * @pairs: Result, ended by zeroes.
 *
 * Return: whether it is one.
 */
bool pairs_parse(const char *word, uint16_t pairs[PAIRS_MAX][2]);

/**
 * pairs_text - Write a list of translations.
 * @data: The pairs.
 * @buf: Where to write it.
 * @size: Size of @buf.
 */
void pairs_text(const void *data, char *buf, size_t size);

#endif /* VLANS_H */
