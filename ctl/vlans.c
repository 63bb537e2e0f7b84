// SPDX-License-Identifier: GPL-2.0
/*
 * Lists of VLANs and of translations.
 */
#include <linux/vswitch.h>
#include <stdio.h>
#include <string.h>

#include "vlans.h"

_Static_assert(VLANS_LEN == VSWITCH_VLAN_LIST_LEN, "as the spec has it");
_Static_assert(PAIRS_LEN == VSWITCH_TRANSLATE_LEN, "as the spec has it");

/* A number at *p, which goes on behind it; 0, there is none. */
static unsigned int number(const char **p)
{
	unsigned int num = 0, digits = 0;

	for (; **p >= '0' && **p <= '9' && digits < 5; (*p)++, digits++)
		num = num * 10 + (**p - '0');
	return digits && num <= VSWITCH_VLAN_MAX ? num : 0;
}

/* Whether *p is at a comma, behind which it goes on; if not, the list should be over. */
static bool more(const char **p)
{
	if (**p != ',')
		return false;
	(*p)++;
	return true;
}

static void set_range(uint8_t *vlans, unsigned int from, unsigned int to)
{
	for (; from <= to; from++)
		vlans[from / 8] |= 1u << from % 8;
}

bool vlans_parse(const char *word, uint8_t vlans[VLANS_LEN])
{
	unsigned int from, to;

	memset(vlans, 0, VLANS_LEN);
	if (!strcmp(word, "all")) {
		set_range(vlans, 1, VSWITCH_VLAN_MAX);
		return true;
	}
	do {
		from = number(&word);
		to = from;
		if (*word == '-') {
			word++;
			to = number(&word);
		}
		if (!from || to < from)
			return false;
		set_range(vlans, from, to);
	} while (more(&word));
	return !*word;
}

static bool has(const uint8_t *vlans, unsigned int vlan)
{
	return vlan <= VSWITCH_VLAN_MAX && vlans[vlan / 8] & 1u << vlan % 8;
}

void vlans_text(const uint8_t vlans[VLANS_LEN], char *buf, size_t size)
{
	unsigned int from, to;
	size_t n = 0;

	*buf = '\0';
	for (from = 1; from <= VSWITCH_VLAN_MAX && n < size; from = to + 1) {
		to = from;
		if (!has(vlans, from))
			continue;
		while (has(vlans, to + 1))
			to++;
		n += snprintf(buf + n, size - n, "%s%u", n ? "," : "", from);
		if (to > from && n < size)
			n += snprintf(buf + n, size - n, "-%u", to);
	}
}

bool pairs_parse(const char *word, uint16_t pairs[PAIRS_MAX][2])
{
	unsigned int i = 0;

	memset(pairs, 0, PAIRS_LEN);
	do {
		if (i == PAIRS_MAX)
			return false;
		pairs[i][0] = number(&word);
		if (!pairs[i][0] || *word++ != ':')
			return false;
		pairs[i][1] = number(&word);
		if (!pairs[i++][1])
			return false;
	} while (more(&word));
	return !*word;
}

void pairs_text(const void *data, char *buf, size_t size)
{
	uint16_t pairs[PAIRS_MAX][2];
	unsigned int i;
	size_t n = 0;

	memcpy(pairs, data, PAIRS_LEN);
	*buf = '\0';
	for (i = 0; i < PAIRS_MAX && n < size; i++)
		if (pairs[i][0])
			n += snprintf(buf + n, size - n, "%s%u:%u", n ? "," : "", pairs[i][0],
				      pairs[i][1]);
}
