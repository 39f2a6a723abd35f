// SPDX-License-Identifier: BSD-2-Clause
// Tests of sources that are told when what was read is out of date, and of letting a source
// go that nobody asks for.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "collecting.h"
#include "log.h"
#include "table/table.h"

/* The source: what there is to read, and what was done with it. */
static struct {
	atomic_int version; /* of what there is; another one is an event */
	atomic_int reads, looks;
	atomic_int error; /* of read() */
	atomic_int sleep; /* ms */
	atomic_int work;  /* ms of the processor */
	atomic_bool shut; /* read() does not end while this is set */
} fake;

static bool
is_outdated(const void *state, const struct snapshot *snapshot)
{
	(void)state;
	fake.looks++;
	return snapshot->version != (uint64_t)fake.version;
}

/* One row: the version, as it was when reading began. */
static int
read_fake(struct reading *reading)
{
	int version = fake.version;
	int *row;

	fake.reads++;
	while (fake.shut)
		nap(MS / 2);
	nap(fake.sleep * MS);
	toil(fake.work * MS);
	reading->new->rows = ARRAY_OF(int);
	row = array_append(&reading->new->rows, 1);
	*row = version;
	reading->new->version = (uint64_t)version;
	return fake.error;
}

static const struct source_kind kind = {
	.name = "fake",
	.max_age = 1000000,
	.read = read_fake,
	.outdated = is_outdated,
};

/* The same, which is never told. */
static const struct source_kind deaf = {
	.name = "deaf",
	.max_age = 1000000,
	.read = read_fake,
};

/* --- helpers
 * ------------------------------------------------------------------------------------ */

static int
start(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.version = 1;
	collecting_start();
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	fake.shut = false;
	collecting_stop();
	return 0;
}

/* Asks; returns the version that is the answer, 0 for none. */
static int
ask(void)
{
	struct snapshot *snapshot = source_acquire(source, -1, 0);
	int version = snapshot ? *(const int *)array_at(&snapshot->rows, 0) : 0;

	snapshot_release(snapshot);
	return version;
}

/* --- without a thread
 * ---------------------------------------------------------------------------- */

static void
test_read_when_outdated(void **state)
{
	(void)state;
	run(&kind);
	for (int version = 1; version < 10; version++) {
		fake.version = version;
		for (int i = 0; i < 5; i++)
			assert_int_equal(ask(), version);
		assert_int_equal(fake.reads, version);
	}
}

/* What cannot be told is as old as it may be. */
static void
test_never_told(void **state)
{
	(void)state;
	run(&deaf);
	assert_int_equal(ask(), 1);
	fake.version = 2;
	assert_int_equal(ask(), 1);
	assert_int_equal(fake.reads, 1);
	assert_int_equal(fake.looks, 0);
	collector_set_max_age(collector, "deaf", 0);
	assert_int_equal(ask(), 2);
}

/* What is not outdated may be too old all the same. */
static void
test_max_age(void **state)
{
	(void)state;
	run(&kind);
	ask();
	collector_set_max_age(collector, "fake", 0);
	for (int i = 2; i < 6; i++) {
		assert_int_equal(ask(), 1);
		assert_int_equal(fake.reads, i);
	}
}

/* Another table needs another view, whether outdated or not. */
static void
test_views(void **state)
{
	static const struct table tables[] = { { .name = "one" }, { .name = "two" } };

	(void)state;
	run(&kind);
	for (int i = 0; i < 2; i++) {
		struct snapshot *snapshot;

		assert_int_equal(source_add_table(source, &tables[i]), i);
		snapshot = source_acquire(source, i, 0);
		assert_non_null(snapshot);
		assert_true(snapshot->views[i].built);
		snapshot_release(snapshot);
	}
	assert_int_equal(fake.reads, 2);
}

/* Until a reading succeeds it stays outdated, and is served. */
static void
test_failed(void **state)
{
	(void)state;
	run(&kind);
	assert_int_equal(ask(), 1);
	fake.version = 2;
	fake.error = -ENOBUFS;
	for (int i = 2; i < 6; i++) {
		assert_int_equal(ask(), 1);
		assert_int_equal(fake.reads, i);
	}
	fake.error = 0;
	assert_int_equal(ask(), 2);
	assert_int_equal(ask(), 2);
	assert_int_equal(fake.reads, 6);
	log_flush();
	assert_string_equal(told,
	    "cannot read fake: No buffer space available\n"
	    "reading fake again\n");
}

/* --- by the collector's thread
 * ------------------------------------------------------------------- */

/* An event before a request is in the answer. */
static void
test_event_is_in_the_answer(void **state)
{
	(void)state;
	run_threaded(&kind);
	for (int version = 1; version < 200; version++) {
		fake.version = version;
		assert_int_equal(ask(), version);
		assert_int_equal(ask(), version);
	}
	assert_int_equal(fake.reads, 199);
}

static void *
ask_once(void *ret)
{
	*(int *)ret = ask();
	return NULL;
}

/* Also when a reading goes on that began before it: that one is not waited for alone. */
static void
test_event_while_reading(void **state)
{
	pthread_t first, second;
	int answers[2], looks;

	(void)state;
	run_threaded(&kind);
	assert_int_equal(ask(), 1);
	fake.shut = true;
	fake.version = 2;
	assert_int_equal(pthread_create(&first, NULL, ask_once, &answers[0]), 0);
	AWAIT(fake.reads == 2);
	fake.version = 3;
	looks = fake.looks;
	assert_int_equal(pthread_create(&second, NULL, ask_once, &answers[1]), 0);
	/* It has seen that it must wait: the reading cannot end before it does. */
	AWAIT(fake.looks > looks);
	fake.shut = false;
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	assert_true(answers[0] >= 2);
	assert_int_equal(answers[1], 3);
}

/* Nothing is read because of an event alone. */
static void
test_nobody_asks(void **state)
{
	(void)state;
	run_threaded(&kind);
	assert_int_equal(ask(), 1);
	for (int version = 2; version < 50; version++) {
		fake.version = version;
		nap(MS);
	}
	assert_int_equal(fake.reads, 1);
	assert_int_equal(ask(), 49);
}

/* What is not cheap is read behind the answer. */
static void
test_not_cheap(void **state)
{
	(void)state;
	freshness.cheap = 0;
	run_threaded(&kind);
	assert_int_equal(ask(), 1);
	fake.version = 2;
	fake.shut = true;
	for (int i = 0; i < 5; i++)
		assert_int_equal(ask(), 1);
	fake.shut = false;
	AWAIT(ask() == 2);
	/* Those that came while it was read may have wanted another one. */
	assert_in_range(fake.reads, 2, 3);
}

/* Nor is it waited for longer than that is worth. */
static void
test_waits_in_vain(void **state)
{
	int64_t before;

	(void)state;
	freshness.wait = 30 * MS;
	run_threaded(&kind);
	assert_int_equal(ask(), 1);
	fake.version = 2;
	fake.shut = true;
	before = monotonic_now();
	assert_int_equal(ask(), 1);
	assert_true(monotonic_now() - before >= 30 * MS);
	/* Two of them need not wait twice as long. */
	before = monotonic_now();
	assert_int_equal(ask(), 1);
	assert_true(monotonic_now() - before >= 30 * MS);
	fake.shut = false;
	AWAIT(ask() == 2);
}

/* However many events there are, reading takes its share and no more. */
static void
test_spacing(void **state)
{
	int64_t began = monotonic_now(), end = began + 300 * MS;

	(void)state;
	freshness.spacing = 10;
	freshness.wait = 0;
	fake.work = 5;
	run_threaded(&kind);
	assert_int_equal(ask(), 1);
	while (monotonic_now() < end ||
	    (fake.reads < 2 && monotonic_now() < began + PATIENCE)) {
		fake.version++;
		assert_true(ask() > 0);
		nap(MS);
	}
	assert_true(fake.reads >= 2);
	assert_true(fake.reads <= 1 + (monotonic_now() - began) / (10 * 5 * MS));
}

static atomic_bool enough;

static void *
ask_on(void *ret_error)
{
	int last = 0;

	while (!enough) {
		int version = ask();

		if (version < last)
			*(bool *)ret_error = true;
		last = version;
	}
	return NULL;
}

/* Many ask while much happens: time does not go back, and in the end all is told. */
static void
test_many_ask(void **state)
{
	pthread_t threads[3];
	bool errors[3] = { false };
	int missed = 0;

	(void)state;
	enough = false;
	run_threaded(&kind);
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask_on, &errors[i]), 0);
	for (int version = 2; version < 300; version++) {
		fake.version = version;
		missed += ask() != version;
	}
	enough = true;
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		assert_false(errors[i]);
	}
	assert_int_equal(missed, 0);
}

/* --- nobody asks for it
 * -------------------------------------------------------------------------- */

/* It is let go when the time is over; the thread, which sleeps for longer than that, hears
 * of another time. */
static void
test_idle_is_let_go(void **state)
{
	struct snapshot *snapshot;
	int64_t asked;

	(void)state;
	run_threaded(&kind);
	snapshot = source_acquire(source, -1, 0);
	asked = monotonic_now();
	assert_non_null(snapshot);
	assert_int_equal(snapshot->references, 2);
	collector_set_idle(collector, 1);
	AWAIT(snapshot->references == 1);
	assert_true(monotonic_now() - asked >= SECOND - 100 * MS);
	assert_int_equal(*(const int *)array_at(&snapshot->rows, 0), 1);
	snapshot_release(snapshot);
	assert_int_equal(ask(), 1);
	assert_int_equal(fake.reads, 2);
}

/* The time that is set counts, not the one before. */
static void
test_longer_idle(void **state)
{
	int64_t end;

	(void)state;
	freshness.idle = SECOND;
	run_threaded(&kind);
	collector_set_idle(collector, 86400);
	assert_int_equal(ask(), 1);
	for (end = monotonic_now() + 3 * SECOND / 2; monotonic_now() < end;)
		nap(10 * MS);
	assert_int_equal(ask(), 1);
	assert_int_equal(fake.reads, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_read_when_outdated),
		TEST(test_never_told),
		TEST(test_max_age),
		TEST(test_views),
		TEST(test_failed),
		TEST(test_event_is_in_the_answer),
		TEST(test_event_while_reading),
		TEST(test_nobody_asks),
		TEST(test_not_cheap),
		TEST(test_waits_in_vain),
		TEST(test_spacing),
		TEST(test_many_ask),
		TEST(test_idle_is_let_go),
		TEST(test_longer_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
