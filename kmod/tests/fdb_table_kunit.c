// SPDX-License-Identifier: GPL-2.0
/*
 * The FDB's table: many entries, growth, moves, collisions, walks.
 *
 * The work that replaces a table cannot run while BH are off: that is how a
 * test fills a table that would like to be larger.
 */
#include <linux/etherdevice.h>
#include <linux/hrtimer.h>
#include <linux/random.h>
#include "helpers.h"

#define VSW_MANY	200000
/* Between two looks of a reader. */
#define VSW_READER_PERIOD	ns_to_ktime(100 * NSEC_PER_USEC)
/* Size of the smallest table. */
#define VSW_MIN_SLOTS	(64 * VSW_FDB_SLOTS)

static const struct vsw_fdb_filter vsw_filter_all = { -1, -1, -1 };

/* A one-to-one function of 24 bits, so that no address comes twice. */
static u32 vsw_mix24(u32 n)
{
	n = n * 0x9e3779 & 0xffffff;
	n ^= n >> 12;
	n = n * 0x85ebcb & 0xffffff;
	return n ^ n >> 11;
}

/* Addresses as they come in nature, by number. */
typedef u64 (*vsw_addr_t)(u32 n);

static u64 vsw_addr_sequential(u32 n)
{
	return VSW_STATION(n);
}

/* As many as there are bits in use; the lower half never comes twice. */
static u64 vsw_addr_random(u32 n)
{
	return VSW_STATION((u64)(vsw_mix24(~n) & 0x3fff) << 24 | vsw_mix24(n));
}

/* One maker, the rest without order. */
static u64 vsw_addr_same_oui(u32 n)
{
	return 0x525400000000ULL | vsw_mix24(n);
}

static u16 vsw_port_of(u32 n)
{
	return 1 + n % 500;
}

/* Learns entries from to end; the table may grow in between. */
static void vsw_learn_many(struct vsw_test *t, vsw_addr_t addr, u32 from,
			   u32 end)
{
	struct vsw_fdb *fdb = &t->sw->fdb;
	enum vsw_fdb_learned l;
	u32 i;

	for (i = from; i < end; i++) {
		u64 key = vsw_test_key(addr(i), 0);

		l = vsw_test_learn(t, key, vsw_port_of(i), 0);
		if (l == VSW_FDB_REFUSED || i % 128 == 0)
			flush_delayed_work(&fdb->resize_work);
		if (l == VSW_FDB_REFUSED)
			l = vsw_test_learn(t, key, vsw_port_of(i), 0);
		if (l != VSW_FDB_NEW)
			break;
	}
	flush_delayed_work(&fdb->resize_work);
	KUNIT_ASSERT_EQ(t->test, i, end);
}

/* How many of the entries are not found, or with the wrong port. */
static u32 vsw_missing(struct vsw_test *t, vsw_addr_t addr, u32 from, u32 end)
{
	u32 i, val, num = 0;

	for (i = from; i < end; i++) {
		val = vsw_test_find(t, vsw_test_key(addr(i), 0));
		num += !val || vsw_fdb_port(val) != vsw_port_of(i);
	}
	return num;
}

static u32 vsw_slots(struct vsw_test *t)
{
	u32 num;

	rcu_read_lock();
	num = rcu_dereference(t->sw->fdb.table)->num * VSW_FDB_SLOTS;
	rcu_read_unlock();
	return num;
}

static void vsw_many_case(struct vsw_test *t, vsw_addr_t addr)
{
	struct vsw_fdb *fdb = &t->sw->fdb;

	KUNIT_ASSERT_EQ(t->test, vsw_fdb_set_limit(fdb, 2 * VSW_MANY), 0);
	vsw_learn_many(t, addr, 0, VSW_MANY);
	KUNIT_EXPECT_EQ(t->test, fdb->count, VSW_MANY);
	KUNIT_EXPECT_EQ(t->test, vsw_missing(t, addr, 0, VSW_MANY), 0);
	KUNIT_EXPECT_EQ(t->test, vsw_fdb_port_count(fdb, 1), VSW_MANY / 500);
	KUNIT_EXPECT_LE(t->test, vsw_fdb_memory(fdb), 32ULL * VSW_MANY);
	kunit_info(t->test, "%llu bytes for %d entries", vsw_fdb_memory(fdb),
		   VSW_MANY);
	KUNIT_EXPECT_EQ(t->test, vsw_test_find(t, vsw_test_key(addr(0), 1)), 0);

	KUNIT_EXPECT_EQ(t->test, vsw_fdb_flush(fdb, &vsw_filter_all), VSW_MANY);
	flush_delayed_work(&fdb->resize_work);
	KUNIT_EXPECT_EQ(t->test, fdb->count, 0);
	KUNIT_EXPECT_EQ(t->test, vsw_slots(t), VSW_MIN_SLOTS);
}

static void vsw_table_holds_many_sequential(struct kunit *test)
{
	vsw_many_case(test->priv, vsw_addr_sequential);
}

static void vsw_table_holds_many_random(struct kunit *test)
{
	vsw_many_case(test->priv, vsw_addr_random);
}

static void vsw_table_holds_many_of_one_maker(struct kunit *test)
{
	vsw_many_case(test->priv, vsw_addr_same_oui);
}

static void vsw_table_adds_many_static_at_once(struct kunit *test)
{
	const u32 num = 20000;
	struct vsw_test *t = test->priv;
	struct vsw_fdb_change *ch;
	u32 i, bad;

	ch = kvcalloc(num, sizeof(*ch), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ch);
	for (i = 0; i < num; i++) {
		ch[i].key = vsw_test_key(vsw_addr_sequential(i), 0);
		ch[i].port = vsw_port_of(i);
	}
	KUNIT_EXPECT_EQ(test, vsw_test_add(t, ch, num, false, &bad), 0);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count_static, num);
	KUNIT_EXPECT_EQ(test, vsw_missing(t, vsw_addr_sequential, 0, num), 0);
	KUNIT_EXPECT_EQ(test, vsw_test_del(t, ch, num, &bad), 0);
	flush_delayed_work(&t->sw->fdb.resize_work);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count, 0);
	KUNIT_EXPECT_EQ(test, vsw_slots(t), VSW_MIN_SLOTS);
	kvfree(ch);
}

/* Looks entries up while the table is being replaced: from a timer, so at any
 * moment in which BH are on.
 */
struct vsw_reader {
	struct hrtimer timer;
	struct vsw_test *t;
	u32 num;
	u32 next;
	u32 missing;
	u32 looked;
	u32 chained;
	bool stop;
};

static enum hrtimer_restart vsw_reader_run(struct hrtimer *timer)
{
	struct vsw_reader *r = container_of(timer, struct vsw_reader, timer);
	int i;

	rcu_read_lock();
	r->chained += !!rcu_access_pointer(rcu_dereference(r->t->sw->fdb.table)->next);
	rcu_read_unlock();
	for (i = 0; i < 32; i++) {
		r->missing += vsw_missing(r->t, vsw_addr_same_oui, r->next,
					  r->next + 1);
		r->next = (r->next + 7919) % r->num;
		r->looked++;
	}
	if (READ_ONCE(r->stop))
		return HRTIMER_NORESTART;
	hrtimer_forward_now(timer, VSW_READER_PERIOD);
	return HRTIMER_RESTART;
}

static void vsw_table_finds_all_while_resized(struct kunit *test)
{
	const u32 keep = 1000, most = 60000;
	struct vsw_test *t = test->priv;
	struct vsw_fdb *fdb = &t->sw->fdb;
	struct vsw_fdb_filter extra = { .port = -1, .vlan = 9, .type = -1 };
	struct vsw_reader r = { .t = t, .num = keep };
	u32 i, round, refused = 0;

	vsw_learn_many(t, vsw_addr_same_oui, 0, keep);
	hrtimer_init_on_stack(&r.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	r.timer.function = vsw_reader_run;
	hrtimer_start(&r.timer, VSW_READER_PERIOD, HRTIMER_MODE_REL_SOFT);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < most; i++) {
			u64 key = vsw_test_key(vsw_addr_sequential(i), 9);

			refused += vsw_test_learn(t, key, 600, 0) ==
				   VSW_FDB_REFUSED;
			if (i % 128 == 0)
				flush_delayed_work(&fdb->resize_work);
		}
		vsw_fdb_flush(fdb, &extra);
		flush_delayed_work(&fdb->resize_work);
	}
	WRITE_ONCE(r.stop, true);
	hrtimer_cancel(&r.timer);
	destroy_hrtimer_on_stack(&r.timer);

	kunit_info(test, "%u looked up, %u times during a resize, %u refused",
		   r.looked, r.chained, refused);
	KUNIT_EXPECT_EQ(test, r.missing, 0);
	KUNIT_EXPECT_GT(test, r.looked, 0);
	KUNIT_EXPECT_EQ(test, fdb->count, keep);
	KUNIT_EXPECT_EQ(test, vsw_missing(t, vsw_addr_same_oui, 0, keep), 0);
}

static void vsw_table_shrinks_and_keeps_the_rest(struct kunit *test)
{
	struct vsw_fdb_filter filter = { .vlan = -1, .type = -1 };
	struct vsw_test *t = test->priv;
	struct vsw_fdb *fdb = &t->sw->fdb;
	u32 i, found = 0;
	u64 large;

	vsw_learn_many(t, vsw_addr_random, 0, 50000);
	large = vsw_fdb_memory(fdb);
	for (filter.port = 2; filter.port <= 500; filter.port++)
		KUNIT_EXPECT_EQ(test, vsw_fdb_flush(fdb, &filter), 100);
	flush_delayed_work(&fdb->resize_work);
	KUNIT_EXPECT_EQ(test, fdb->count, 100);
	for (i = 0; i < 50000; i += 500)
		found += !vsw_missing(t, vsw_addr_random, i, i + 1);
	KUNIT_EXPECT_EQ(test, found, 100);
	/* Not the smallest one, if it was replaced a moment before the last flush. */
	KUNIT_EXPECT_LE(test, vsw_slots(t), 2 * VSW_MIN_SLOTS);
	KUNIT_EXPECT_GE(test, fdb->count, fdb->shrink_below);
	KUNIT_EXPECT_LT(test, vsw_fdb_memory(fdb), large / 4);
	filter.port = 1;
	KUNIT_EXPECT_EQ(test, vsw_fdb_flush(fdb, &filter), 100);
	flush_delayed_work(&fdb->resize_work);
	KUNIT_EXPECT_EQ(test, vsw_slots(t), VSW_MIN_SLOTS);
}

static void vsw_table_moves_entries_at_high_load(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_fdb *fdb = &t->sw->fdb;
	u32 num, missing, slots, count;
	unsigned int gen;

	/* Without the work the table stays small, until nothing goes in. */
	local_bh_disable();
	gen = vsw_fdb_gen(fdb);
	for (num = 0; num < 2 * VSW_MIN_SLOTS; num++)
		if (vsw_test_learn(t, vsw_test_key(vsw_addr_sequential(num), 0),
				   vsw_port_of(num), 0) != VSW_FDB_NEW)
			break;
	gen = vsw_fdb_gen(fdb) - gen;
	missing = vsw_missing(t, vsw_addr_sequential, 0, num);
	slots = vsw_slots(t);
	count = fdb->count;
	local_bh_enable();

	kunit_info(test, "%u entries in %u slots, %u moves", num, slots, gen);
	KUNIT_EXPECT_EQ(test, slots, VSW_MIN_SLOTS);
	/* The search is bounded, so chance says how full: 86 percent was seen. */
	KUNIT_EXPECT_GT(test, num, VSW_MIN_SLOTS * 75 / 100);
	KUNIT_EXPECT_LE(test, num, VSW_MIN_SLOTS);
	KUNIT_EXPECT_GT(test, gen, 0);
	KUNIT_EXPECT_EQ(test, count, num);
	KUNIT_EXPECT_EQ(test, missing, 0);

	/* The one refused has called for a larger table. */
	flush_delayed_work(&fdb->resize_work);
	KUNIT_EXPECT_GT(test, vsw_slots(t), VSW_MIN_SLOTS);
	KUNIT_EXPECT_EQ(test, vsw_missing(t, vsw_addr_sequential, 0, num), 0);
	vsw_learn_many(t, vsw_addr_sequential, num, num + 1);
	KUNIT_EXPECT_EQ(test, fdb->count, num + 1);
}

/* Whether a key has the same two buckets as another one. */
static bool vsw_collides(struct vsw_test *t, u64 key, u64 with)
{
	const struct vsw_fdb_bucket *a, *b, *c, *d;
	const struct vsw_fdb_table *table;
	bool same;

	rcu_read_lock();
	table = rcu_dereference(t->sw->fdb.table);
	a = vsw_fdb_bucket_a(table, vsw_fdb_hash(table, key));
	b = vsw_fdb_bucket_b(table, vsw_fdb_hash(table, key));
	c = vsw_fdb_bucket_a(table, vsw_fdb_hash(table, with));
	d = vsw_fdb_bucket_b(table, vsw_fdb_hash(table, with));
	same = (a == c && b == d) || (a == d && b == c);
	rcu_read_unlock();
	return same;
}

#define VSW_COLLIDING	30

static void vsw_table_survives_collisions(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_fdb *fdb = &t->sw->fdb;
	enum vsw_fdb_learned l = VSW_FDB_NEW;
	u64 key[VSW_COLLIDING];
	u32 i, n, room = 0, found = 0;

	for (i = 0, n = 0; n < VSW_COLLIDING && i < 1000000; i++) {
		key[n] = vsw_test_key(vsw_addr_sequential(i), 0);
		n += vsw_collides(t, key[n], key[0]);
	}
	KUNIT_ASSERT_EQ(test, n, VSW_COLLIDING);

	local_bh_disable();
	for (n = 0; n < VSW_COLLIDING && l == VSW_FDB_NEW; n++) {
		l = vsw_test_learn(t, key[n], 1, 0);
		room += l == VSW_FDB_NEW;
	}
	for (i = 0; i < VSW_COLLIDING; i++)
		found += !!vsw_test_find(t, key[i]);
	local_bh_enable();
	/* Ten, or five if both halves of the hashes choose the same bucket. */
	KUNIT_EXPECT_TRUE(test, room == 10 || room == 5);
	KUNIT_EXPECT_EQ(test, found, room);
	KUNIT_EXPECT_EQ(test, (int)l, VSW_FDB_REFUSED);
	KUNIT_EXPECT_EQ(test, fdb->count, room);

	/* In the next table they have other hashes. */
	flush_delayed_work(&fdb->resize_work);
	for (n = 0; n < VSW_COLLIDING; n++)
		vsw_test_learn(t, key[n], 1, 0);
	for (n = 0, found = 0; n < VSW_COLLIDING; n++)
		found += !!vsw_test_find(t, key[n]);
	KUNIT_EXPECT_EQ(test, found, VSW_COLLIDING);
	KUNIT_EXPECT_EQ(test, fdb->count, VSW_COLLIDING);
}

static void vsw_table_adds_static_despite_collisions(struct kunit *test)
{
	struct vsw_fdb_change ch[VSW_COLLIDING] = {};
	struct vsw_test *t = test->priv;
	u32 i, n, bad;

	for (i = 0, n = 0; n < VSW_COLLIDING && i < 1000000; i++) {
		ch[n].key = vsw_test_key(vsw_addr_sequential(i), 0);
		ch[n].port = 1;
		n += vsw_collides(t, ch[n].key, ch[0].key);
	}
	KUNIT_ASSERT_EQ(test, n, VSW_COLLIDING);
	KUNIT_EXPECT_EQ(test, vsw_test_add(t, ch, n, false, &bad), 0);
	for (i = 0; i < n; i++)
		KUNIT_EXPECT_NE(test, vsw_test_find(t, ch[i].key), 0);
	KUNIT_EXPECT_EQ(test, t->sw->fdb.count_static, VSW_COLLIDING);
}

#define VSW_WALKED	3000

/* Counts the visits of each entry; says stop after some, none for never. */
struct vsw_walk {
	u8 *visits;
	u32 stop_after;
	u32 left;
};

static int vsw_walk_visit(const struct vsw_fdb *fdb, u64 key, u32 val, void *arg)
{
	struct vsw_walk *w = arg;

	if (w->stop_after && !w->left--)
		return 1;
	w->visits[key % (2 * VSW_WALKED)]++;
	return 0;
}

static void vsw_walk_case(struct vsw_test *t, u32 stop_after)
{
	struct vsw_walk w = { .stop_after = stop_after };
	struct vsw_fdb_cursor cur = {};
	u32 i, wrong = 0, parts = 0;
	unsigned int gen;
	int ret;

	w.visits = kunit_kcalloc(t->test, 2 * VSW_WALKED, 1, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(t->test, w.visits);
	gen = vsw_fdb_gen(&t->sw->fdb);
	do {
		w.left = stop_after;
		rcu_read_lock();
		ret = vsw_fdb_walk(&t->sw->fdb, &cur, vsw_walk_visit, &w);
		rcu_read_unlock();
	} while (ret == 1 && ++parts <= VSW_WALKED);
	KUNIT_EXPECT_EQ(t->test, ret, 0);
	KUNIT_EXPECT_EQ(t->test, vsw_fdb_gen(&t->sw->fdb), gen);
	/* The last part ends because the entries do. */
	KUNIT_EXPECT_EQ(t->test, parts,
			stop_after ? (VSW_WALKED - 1) / stop_after : 0);
	for (i = 0; i < VSW_WALKED; i++)
		wrong += w.visits[vsw_test_key(VSW_STATION(i), 0) %
				  (2 * VSW_WALKED)] != 1;
	KUNIT_EXPECT_EQ(t->test, wrong, 0);
}

static int vsw_walk_nothing(const struct vsw_fdb *fdb, u64 key, u32 val,
			    void *arg)
{
	++*(u32 *)arg;
	return 0;
}

/* Nobody is held up while a walk finds nothing to do. */
static void vsw_table_walk_pauses(struct kunit *test)
{
	struct vsw_test *t = test->priv;
	struct vsw_fdb_cursor cur = {};
	u32 visits = 0, parts = 0;
	int ret;

	t->sw->fdb.limit = 200000;
	vsw_learn_many(t, vsw_addr_sequential, 0, 100000);
	do {
		rcu_read_lock();
		ret = vsw_fdb_walk(&t->sw->fdb, &cur, vsw_walk_nothing,
				   &visits);
		rcu_read_unlock();
	} while (ret == -EAGAIN && ++parts < 100);
	KUNIT_EXPECT_EQ(test, ret, 0);
	KUNIT_EXPECT_EQ(test, visits, 100000);
	/* A slot and a third for an entry at least. */
	KUNIT_EXPECT_GE(test, parts, 2);
}

static void vsw_table_walk_meets_each_once(struct kunit *test)
{
	struct vsw_test *t = test->priv;

	vsw_learn_many(t, vsw_addr_sequential, 0, VSW_WALKED);
	vsw_walk_case(t, 0);
	vsw_walk_case(t, 1);
	vsw_walk_case(t, 7);
	vsw_walk_case(t, 1000);
	vsw_walk_case(t, VSW_WALKED);
}

static struct kunit_case vsw_table_cases[] = {
	KUNIT_CASE_SLOW(vsw_table_holds_many_sequential),
	KUNIT_CASE_SLOW(vsw_table_holds_many_random),
	KUNIT_CASE_SLOW(vsw_table_holds_many_of_one_maker),
	KUNIT_CASE(vsw_table_adds_many_static_at_once),
	KUNIT_CASE(vsw_table_finds_all_while_resized),
	KUNIT_CASE(vsw_table_shrinks_and_keeps_the_rest),
	KUNIT_CASE(vsw_table_moves_entries_at_high_load),
	KUNIT_CASE(vsw_table_survives_collisions),
	KUNIT_CASE(vsw_table_adds_static_despite_collisions),
	KUNIT_CASE(vsw_table_walk_meets_each_once),
	KUNIT_CASE_SLOW(vsw_table_walk_pauses),
	{}
};

static struct kunit_suite vsw_table_suite = {
	.name = "vswitch_fdb_table",
	.init = vsw_test_init_bare,
	.exit = vsw_test_exit,
	.test_cases = vsw_table_cases,
};

kunit_test_suite(vsw_table_suite);
