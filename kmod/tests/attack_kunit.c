// SPDX-License-Identifier: GPL-2.0
/*
 * The FDB against guests that choose their addresses: whatever they know but the
 * secret of the table, they fill it as chance would, and no other way.
 *
 * A guest sends from any unicast address, and knows the code and the sizes, so it
 * can make tables of its own.  Secrets differ, and with some of them a set of
 * addresses may happen to lie badly, after which the table gets another one: what
 * is asked of the hash is asked of most secrets.
 */
#include <linux/bitops.h>
#include <linux/sort.h>
#include "helpers.h"
#include "../table/fdb_table.h"

/* Addresses of an attack. */
#define VSW_ATTACK		65536
/* Buckets that their spread is looked at in; as many pairs of groups of them. */
#define VSW_CELLS		4096
#define VSW_SIDE		64
/* Secrets that a spread is looked at with; the median counts. */
#define VSW_SECRETS		15
/* Chance gives as many as there are cells, 90 more or less; an even spread fewer. */
#define VSW_CHI_MOST		(2 * VSW_CELLS)
/* Addresses of an attack that are made for one bucket. */
#define VSW_AIMED		1024
#define VSW_AIMED_CELLS		64
/* Stations that were there before, and those that come later. */
#define VSW_OTHERS		100
#define VSW_ATTACKER		1
#define VSW_NEIGHBOUR		2
/* Slots for an entry: 1.92 after a replacement, and one that was bad luck. */
#define VSW_SLOTS_MOST		4

/**
 * struct vsw_attack - A set of addresses.
 * @name: of the set
 * @bits: gives 47 bits of an address for each number, and 12 of a VLAN above
 *	  them, never the same twice
 * @arg: for @bits
 */
struct vsw_attack {
	const char *name;
	u64 (*bits)(u32 n, u32 arg);
	u32 arg;
};

/* Unicast: bit 40 is left out. */
static u64 vsw_attack_key(const struct vsw_attack *a, u32 n)
{
	u64 bits = a->bits(n, a->arg);

	return vsw_fdb_key_of((bits & GENMASK_ULL(39, 0)) |
			      (bits & GENMASK_ULL(46, 40)) << 1, bits >> 47);
}

static u64 vsw_bits_stride(u32 n, u32 shift)
{
	return (u64)n << shift;
}

/* The lower half of the number into the lowest bits, the other into the highest. */
static u64 vsw_bits_ends(u32 n, u32 unused)
{
	return (n & 0xff) | (u64)(n >> 8) << 39;
}

/* The same again and again. */
static u64 vsw_bits_repeated(u32 n, u32 unused)
{
	return (n | (u64)n << 16 | (u64)n << 32) & GENMASK_ULL(46, 0);
}

/* With nothing but zeroes between the bits, or ones. */
static u64 vsw_bits_apart(u32 n, u32 ones)
{
	u64 bits = 0;
	u32 i;

	for (i = 0; i < 16; i++)
		bits |= (u64)(n >> i & 1) << 3 * i;
	return ones ? ~bits & GENMASK_ULL(46, 0) : bits;
}

/* Steps of a number that is odd, and no power of two. */
static u64 vsw_bits_odd(u32 n, u32 step)
{
	return (u64)n * step;
}

/* Few addresses, each in all VLANs. */
static u64 vsw_bits_vlans(u32 n, u32 unused)
{
	return (n & 0xf) | (u64)(n >> 4) << 47;
}

static const struct vsw_attack vsw_attacks[] = {
	{ "one after the other", vsw_bits_stride, 0 },
	{ "steps of 2^1", vsw_bits_stride, 1 },
	{ "steps of 2^5", vsw_bits_stride, 5 },
	{ "steps of 2^8", vsw_bits_stride, 8 },
	{ "steps of 2^12", vsw_bits_stride, 12 },
	{ "steps of 2^16", vsw_bits_stride, 16 },
	{ "steps of 2^20", vsw_bits_stride, 20 },
	{ "steps of 2^24", vsw_bits_stride, 24 },
	{ "high bits alone", vsw_bits_stride, 31 },
	{ "lowest and highest bits", vsw_bits_ends },
	{ "the same repeated", vsw_bits_repeated },
	{ "few bits", vsw_bits_apart, 0 },
	{ "few zeroes", vsw_bits_apart, 1 },
	{ "odd steps", vsw_bits_odd, 1000003 },
	{ "all VLANs", vsw_bits_vlans },
};

/* A bucket, or a pair of them, by number. */
typedef u32 (*vsw_cell_t)(const struct vsw_fdb_table *t, u64 key);

static u32 vsw_cell_first(const struct vsw_fdb_table *t, u64 key)
{
	return vsw_fdb_bucket_a(t, vsw_fdb_hash(t, key)) - t->bucket;
}

static u32 vsw_cell_second(const struct vsw_fdb_table *t, u64 key)
{
	return vsw_fdb_bucket_b(t, vsw_fdb_hash(t, key)) - t->bucket;
}

/* Of a table with VSW_CELLS buckets. */
static u32 vsw_cell_pair(const struct vsw_fdb_table *t, u64 key)
{
	return vsw_cell_first(t, key) / VSW_SIDE * VSW_SIDE +
	       vsw_cell_second(t, key) / VSW_SIDE;
}

static const vsw_cell_t vsw_cells[] = {
	vsw_cell_first, vsw_cell_second, vsw_cell_pair,
};

static struct vsw_fdb_table *vsw_attack_table(struct kunit *test, u32 num)
{
	struct vsw_fdb_table *t = vsw_fdb_table_alloc(num);

	KUNIT_ASSERT_NOT_NULL(test, t);
	KUNIT_ASSERT_EQ(test, t->num, num);
	return t;
}

static u64 *vsw_attack_keys(struct kunit *test, const struct vsw_attack *a)
{
	u64 *key = kunit_kmalloc_array(test, VSW_ATTACK, sizeof(*key),
				       GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, key);
	for (i = 0; i < VSW_ATTACK; i++)
		key[i] = vsw_attack_key(a, i);
	return key;
}

/* The chi-square of how keys are spread with one secret; num is a power of two. */
static u32 vsw_chi(struct kunit *test, const u64 *key, u32 keys, u32 num,
		   vsw_cell_t cell)
{
	struct vsw_fdb_table *t = vsw_attack_table(test, num);
	u32 *count = kunit_kcalloc(test, num, sizeof(*count), GFP_KERNEL);
	u64 sum = 0;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, count);
	for (i = 0; i < keys; i++)
		count[cell(t, key[i])]++;
	for (i = 0; i < num; i++)
		sum += (u64)count[i] * count[i];
	kunit_kfree(test, count);
	vsw_fdb_table_free(t);
	return div_u64(sum * num, keys) - keys;
}

static int vsw_compare(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return (x > y) - (x < y);
}

static u32 vsw_chi_median(struct kunit *test, const u64 *key, u32 keys, u32 num,
			  vsw_cell_t cell)
{
	u32 chi[VSW_SECRETS];
	u32 i;

	for (i = 0; i < VSW_SECRETS; i++)
		chi[i] = vsw_chi(test, key, keys, num, cell);
	sort(chi, VSW_SECRETS, sizeof(*chi), vsw_compare, NULL);
	return chi[VSW_SECRETS / 2];
}

static void vsw_attack_spreads(struct kunit *test)
{
	u32 i, c, chi[ARRAY_SIZE(vsw_cells)];
	u64 *key;

	for (i = 0; i < ARRAY_SIZE(vsw_attacks); i++) {
		key = vsw_attack_keys(test, &vsw_attacks[i]);
		for (c = 0; c < ARRAY_SIZE(vsw_cells); c++) {
			chi[c] = vsw_chi_median(test, key, VSW_ATTACK, VSW_CELLS,
						vsw_cells[c]);
			KUNIT_EXPECT_LE_MSG(test, chi[c], VSW_CHI_MOST, "%s",
					    vsw_attacks[i].name);
		}
		kunit_info(test, "%s: first %u, second %u, pairs %u of %u cells",
			   vsw_attacks[i].name, chi[0], chi[1], chi[2], VSW_CELLS);
		kunit_kfree(test, key);
	}
}

/* Keys that have the same two buckets in a table that the attacker has made. */
static u64 *vsw_aim(struct kunit *test)
{
	u64 *key = kunit_kmalloc_array(test, VSW_AIMED, sizeof(*key), GFP_KERNEL);
	struct vsw_fdb_table *own = vsw_attack_table(test, VSW_AIMED_CELLS);
	u32 a, b, n, num = 0;

	KUNIT_ASSERT_NOT_NULL(test, key);
	a = vsw_cell_first(own, vsw_attack_key(vsw_attacks, 0));
	b = vsw_cell_second(own, vsw_attack_key(vsw_attacks, 0));
	for (n = 0; n < U32_MAX && num < VSW_AIMED; n++) {
		key[num] = vsw_attack_key(vsw_attacks, n);
		num += vsw_cell_first(own, key[num]) == a &&
		       vsw_cell_second(own, key[num]) == b;
	}
	vsw_fdb_table_free(own);
	KUNIT_ASSERT_EQ(test, num, VSW_AIMED);
	return key;
}

/* What collides in one table does not in those of others. */
static void vsw_attack_cannot_aim(struct kunit *test)
{
	u64 *key = vsw_aim(test);
	u32 c, chi;

	for (c = 0; c < 2; c++) {
		chi = vsw_chi_median(test, key, VSW_AIMED, VSW_AIMED_CELLS,
				     vsw_cells[c]);
		kunit_info(test, "aimed: %u of %u cells", chi, VSW_AIMED_CELLS);
		KUNIT_EXPECT_LE(test, chi, 2 * VSW_AIMED_CELLS);
	}
}

/* Stations of others: their maker is in no attack. */
static u64 vsw_other(u32 n)
{
	return vsw_test_key(0x525400100000ULL + n, 0);
}

static void vsw_others_learn(struct vsw_test *t, u32 from)
{
	u32 i;

	for (i = from; i < from + VSW_OTHERS; i++)
		KUNIT_EXPECT_EQ(t->test, VSW_FDB_NEW,
				vsw_test_learn(t, vsw_other(i), VSW_NEIGHBOUR, 0));
}

static void vsw_others_found(struct vsw_test *t, u32 num)
{
	u32 i, found = 0;

	for (i = 0; i < num; i++)
		found += vsw_fdb_port(vsw_test_find(t, vsw_other(i))) ==
			 VSW_NEIGHBOUR;
	KUNIT_EXPECT_EQ(t->test, found, num);
}

/* Every entry is in one of its two buckets, in one table: no look-up is longer. */
static void vsw_look_up_is_bounded(struct vsw_test *t)
{
	struct vsw_fdb *fdb = &t->sw->fdb;
	const struct vsw_fdb_table *table;
	u32 b, i, found = 0;
	u64 key;

	spin_lock_bh(&fdb->lock);
	table = vsw_fdb_locked_table(fdb);
	KUNIT_EXPECT_PTR_EQ(t->test, rcu_access_pointer(table->next), NULL);
	for (b = 0; b < table->num; b++) {
		for (i = 0; i < VSW_FDB_SLOTS; i++) {
			key = table->bucket[b].key[i];
			found += key && (vsw_cell_first(table, key) == b ||
					 vsw_cell_second(table, key) == b);
		}
	}
	KUNIT_EXPECT_EQ(t->test, found, fdb->count);
	KUNIT_EXPECT_LE(t->test, table->num * VSW_FDB_SLOTS,
			VSW_SLOTS_MOST * fdb->count);
	spin_unlock_bh(&fdb->lock);
}

/* A frame from each address.  Return: how many found no place, even in the table
 * that came because of that.
 */
static u32 vsw_attack_learn(struct vsw_test *t, const u64 *key, u32 num,
			    u32 limit)
{
	struct vsw_fdb *fdb = &t->sw->fdb;
	u32 most = fdb->limit - fdb->limit / 16;
	enum vsw_fdb_learned l;
	u32 i, lost = 0;

	for (i = 0; i < num; i++) {
		l = vsw_test_learn(t, key[i], VSW_ATTACKER, limit);
		if (l == VSW_FDB_NEW && i % 128)
			continue;
		if (limit ? fdb->port_dynamic[VSW_ATTACKER] == limit :
			    fdb->count == most)
			break;
		flush_delayed_work(&fdb->resize_work);
		if (l == VSW_FDB_REFUSED)
			l = vsw_test_learn(t, key[i], VSW_ATTACKER, limit);
		lost += l != VSW_FDB_NEW;
	}
	flush_delayed_work(&fdb->resize_work);
	return lost;
}

static void vsw_attack_forget(struct vsw_test *t)
{
	const struct vsw_fdb_filter all = { -1, -1, -1 };

	vsw_fdb_flush(&t->sw->fdb, &all);
	flush_delayed_work(&t->sw->fdb.resize_work);
	KUNIT_EXPECT_EQ(t->test, t->sw->fdb.count, 0);
}

/* One port takes its share, and no more of the others' than that. */
static void vsw_attack_port_case(struct vsw_test *t, const u64 *key, u32 num)
{
	struct vsw_fdb *fdb = &t->sw->fdb;
	u32 lost;

	vsw_others_learn(t, 0);
	lost = vsw_attack_learn(t, key, num, VSW_GUEST_MAC_LIMIT);
	KUNIT_EXPECT_LE(t->test, lost, VSW_GUEST_MAC_LIMIT / 1000);
	KUNIT_EXPECT_EQ(t->test, fdb->port_dynamic[VSW_ATTACKER],
			min(num - lost, VSW_GUEST_MAC_LIMIT));
	vsw_others_learn(t, VSW_OTHERS);
	vsw_others_found(t, 2 * VSW_OTHERS);
	vsw_look_up_is_bounded(t);
	vsw_attack_forget(t);
}

/* Without a limit for the port, all that dynamic entries get. */
static void vsw_attack_limit_case(struct vsw_test *t, const u64 *key)
{
	struct vsw_fdb_change ch[VSW_OTHERS];
	struct vsw_fdb *fdb = &t->sw->fdb;
	u32 i, bad, lost;

	vsw_others_learn(t, 0);
	lost = vsw_attack_learn(t, key, VSW_ATTACK, 0);
	KUNIT_EXPECT_LE(t->test, lost, VSW_ATTACK / 1000);
	KUNIT_EXPECT_EQ(t->test, fdb->count, fdb->limit - fdb->limit / 16);
	for (i = 0; i < VSW_OTHERS; i++) {
		ch[i].key = vsw_other(VSW_OTHERS + i);
		ch[i].port = VSW_NEIGHBOUR;
	}
	KUNIT_EXPECT_EQ(t->test, vsw_test_add(t, ch, VSW_OTHERS, false, &bad), 0);
	vsw_others_found(t, 2 * VSW_OTHERS);
	vsw_look_up_is_bounded(t);
	vsw_attack_forget(t);
}

static void vsw_attack_fills_port(struct kunit *test)
{
	u64 *key;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(vsw_attacks); i++) {
		key = vsw_attack_keys(test, &vsw_attacks[i]);
		vsw_attack_port_case(test->priv, key, VSW_ATTACK);
		kunit_kfree(test, key);
	}
	vsw_attack_port_case(test->priv, vsw_aim(test), VSW_AIMED);
}

static void vsw_attack_fills_fdb(struct kunit *test)
{
	u64 *key;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(vsw_attacks); i++) {
		key = vsw_attack_keys(test, &vsw_attacks[i]);
		vsw_attack_limit_case(test->priv, key);
		kunit_kfree(test, key);
	}
}

static struct kunit_case vsw_attack_cases[] = {
	KUNIT_CASE_SLOW(vsw_attack_spreads),
	KUNIT_CASE_SLOW(vsw_attack_cannot_aim),
	KUNIT_CASE_SLOW(vsw_attack_fills_port),
	KUNIT_CASE_SLOW(vsw_attack_fills_fdb),
	{}
};

static struct kunit_suite vsw_attack_suite = {
	.name = "vswitch_attack",
	.init = vsw_test_init_bare,
	.exit = vsw_test_exit,
	.test_cases = vsw_attack_cases,
};

kunit_test_suite(vsw_attack_suite);
