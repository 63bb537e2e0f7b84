// SPDX-License-Identifier: GPL-2.0
/*
 * Storm limits, by a clock of the test's and on CPUs of its own: what passes in a time
 * is known in advance, whoever sends how much when.
 */
#include <kunit/test.h>
#include <linux/prandom.h>
#include "../table/storm.h"

#define VSW_STORM_CPUS	8

/**
 * struct vsw_storm_test - A limit, and what has passed it.
 * @rate: frames per second
 * @limit: the same
 * @bucket: what CPUs share
 * @left: what each has of its own
 * @now: the time
 * @passed: frames that passed
 */
struct vsw_storm_test {
	u32 rate;
	struct vsw_storm_limit limit;
	atomic64_t bucket;
	u32 left[VSW_STORM_CPUS];
	u64 now;
	u64 passed;
};

static void vsw_storm_start(struct vsw_storm_test *s, u32 rate)
{
	memset(s, 0, sizeof(*s));
	s->rate = rate;
	s->limit = vsw_storm_limit(rate);
	s->now = 1000 * VSW_STORM_BURST;
}

/* The time is n parts of so many of a second. */
static void vsw_storm_wait(struct vsw_storm_test *s, u64 n, u64 parts)
{
	s->now += div64_u64(VSW_STORM_BURST * n, parts);
}

static bool vsw_storm_send(struct vsw_storm_test *s, unsigned int cpu, u32 num)
{
	bool pass = vsw_storm_pass(&s->left[cpu], &s->bucket, &s->limit, num, s->now);

	if (pass)
		s->passed += num;
	return pass;
}

/* A CPU sends as long as it may. */
static void vsw_storm_send_all(struct vsw_storm_test *s, unsigned int cpu)
{
	while (vsw_storm_send(s, cpu, 1))
		;
}

static const u32 vsw_storm_rates[] = {
	1, 2, 7, 99, 100, 101, 199, 200, 2000, 20000, 100000, 123457,
};

static void vsw_storm_none_is_no_limit(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, vsw_storm_limit(0).chunk, 0U);
}

/* A port that was silent may send what its limit is for a second, within a chunk. */
static void vsw_storm_burst(struct kunit *test)
{
	struct vsw_storm_test s;
	int i;

	for (i = 0; i < ARRAY_SIZE(vsw_storm_rates); i++) {
		vsw_storm_start(&s, vsw_storm_rates[i]);
		vsw_storm_send_all(&s, 0);
		KUNIT_EXPECT_LE(test, s.passed, (u64)s.rate);
		KUNIT_EXPECT_GT(test, s.passed + s.limit.chunk, (u64)s.rate);
	}
}

/* Who sends all the time gets his limit, not less and not more. */
static void vsw_storm_rate(struct kunit *test)
{
	struct vsw_storm_test s;
	int i, n;

	for (i = 0; i < ARRAY_SIZE(vsw_storm_rates); i++) {
		vsw_storm_start(&s, vsw_storm_rates[i]);
		vsw_storm_send_all(&s, 0);
		s.passed = 0;
		for (n = 0; n < 2000; n++) {
			vsw_storm_wait(&s, 1, 200);
			vsw_storm_send_all(&s, 0);
		}
		KUNIT_EXPECT_LE(test, s.passed, 10ULL * s.rate + s.limit.chunk);
		KUNIT_EXPECT_GE(test, s.passed + 1 + s.limit.chunk, 10ULL * s.rate);
	}
}

/* However CPUs take turns, more than a chunk for each does not pass besides. */
static void vsw_storm_cpus(struct kunit *test)
{
	struct vsw_storm_test s;
	struct rnd_state rnd;
	u64 most;
	int i, n;

	prandom_seed_state(&rnd, 7);
	for (i = 0; i < ARRAY_SIZE(vsw_storm_rates); i++) {
		vsw_storm_start(&s, vsw_storm_rates[i]);
		for (n = 0; n < 1000; n++) {
			vsw_storm_wait(&s, prandom_u32_state(&rnd) % 20, 1000);
			vsw_storm_send_all(&s, prandom_u32_state(&rnd) %
					       VSW_STORM_CPUS);
		}
		most = div64_u64((s.now - 1000 * VSW_STORM_BURST) * s.rate,
				 VSW_STORM_BURST) + s.rate +
		       VSW_STORM_CPUS * s.limit.chunk;
		KUNIT_EXPECT_LE(test, s.passed, most);
		KUNIT_EXPECT_GE(test, s.passed + 3 * (s.limit.chunk + s.rate / 50 + 1),
				most - s.rate - VSW_STORM_CPUS * s.limit.chunk);
	}
}

/* Who keeps to his limit is never refused: one frame at a time, on any CPU. */
static void vsw_storm_within(struct kunit *test)
{
	struct vsw_storm_test s;
	struct rnd_state rnd;
	int i, n;

	prandom_seed_state(&rnd, 8);
	for (i = 0; i < ARRAY_SIZE(vsw_storm_rates); i++) {
		vsw_storm_start(&s, vsw_storm_rates[i]);
		for (n = 0; n < 5000; n++) {
			/* A millionth less than the limit, for what is rounded. */
			vsw_storm_wait(&s, 1000001, 1000000ULL * s.rate);
			if (!vsw_storm_send(&s, prandom_u32_state(&rnd) %
						VSW_STORM_CPUS, 1))
				break;
		}
		KUNIT_EXPECT_EQ_MSG(test, n, 5000, "rate %u", s.rate);
	}
}

/* What a CPU has taken when more was allowed, is not used when less is. */
static void vsw_storm_lowered(struct kunit *test)
{
	struct vsw_storm_test s;

	vsw_storm_start(&s, 100000);
	KUNIT_EXPECT_TRUE(test, vsw_storm_send(&s, 0, 1));
	KUNIT_EXPECT_EQ(test, s.left[0], 999U);
	s.limit = vsw_storm_limit(200);
	s.passed = 0;
	vsw_storm_send_all(&s, 0);
	KUNIT_EXPECT_LE(test, s.passed, 202ULL);
}

/* A frame of many segments counts as many, and one larger than all passes, once. */
static void vsw_storm_large(struct kunit *test)
{
	struct vsw_storm_test s;

	vsw_storm_start(&s, 1000);
	KUNIT_EXPECT_TRUE(test, vsw_storm_send(&s, 0, 995));
	KUNIT_EXPECT_FALSE(test, vsw_storm_send(&s, 0, 45));
	KUNIT_EXPECT_TRUE(test, vsw_storm_send(&s, 0, 5));

	vsw_storm_start(&s, 10);
	KUNIT_EXPECT_TRUE(test, vsw_storm_send(&s, 0, 45));
	vsw_storm_wait(&s, 35, 10);
	KUNIT_EXPECT_FALSE(test, vsw_storm_send(&s, 0, 1));
	vsw_storm_wait(&s, 2, 10);
	KUNIT_EXPECT_TRUE(test, vsw_storm_send(&s, 0, 1));
}

/* The largest numbers do not wrap. */
static void vsw_storm_extremes(struct kunit *test)
{
	struct vsw_storm_test s;

	vsw_storm_start(&s, U32_MAX);
	KUNIT_EXPECT_TRUE(test, vsw_storm_send(&s, 0, 1));
	KUNIT_EXPECT_EQ(test, s.left[0], U32_MAX / 100 - 1);
	KUNIT_EXPECT_TRUE(test, vsw_storm_send(&s, 0, 1 << 20));

	vsw_storm_start(&s, 1);
	KUNIT_EXPECT_TRUE(test, vsw_storm_send(&s, 0, 1 << 20));
	vsw_storm_wait(&s, 1000, 1);
	KUNIT_EXPECT_FALSE(test, vsw_storm_send(&s, 1, 1));
	vsw_storm_wait(&s, 1 << 20, 1);
	KUNIT_EXPECT_TRUE(test, vsw_storm_send(&s, 1, 1));
}

static struct kunit_case vsw_storm_cases[] = {
	KUNIT_CASE(vsw_storm_none_is_no_limit),
	KUNIT_CASE(vsw_storm_burst),
	KUNIT_CASE(vsw_storm_rate),
	KUNIT_CASE(vsw_storm_cpus),
	KUNIT_CASE(vsw_storm_within),
	KUNIT_CASE(vsw_storm_lowered),
	KUNIT_CASE(vsw_storm_large),
	KUNIT_CASE(vsw_storm_extremes),
	{}
};

static struct kunit_suite vsw_storm_suite = {
	.name = "vswitch_storm",
	.test_cases = vsw_storm_cases,
};

kunit_test_suite(vsw_storm_suite);
