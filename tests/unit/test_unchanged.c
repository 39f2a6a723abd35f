// SPDX-License-Identifier: BSD-2-Clause
// Tests of sources that can tell that nothing has changed, and of settings of a source.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "collecting.h"
#include "log.h"
#include "table/table.h"

struct settings {
	uint32_t number;
	char text[12];
};

/* The source: what it is told to do, and what was done with it. */
static struct {
	atomic_int looks; /* unchanged() was called so often */
	atomic_int reads;
	atomic_int error;    /* of read() */
	atomic_bool changed; /* until the next look; at first nothing is known */
	atomic_int frees;
	char thread[16]; /* that looked */
} fake;

static bool
fake_unchanged(void *state)
{
	++*(int *)state;
	pthread_getname_np(pthread_self(), fake.thread, sizeof(fake.thread));
	atomic_fetch_add(&fake.looks, 1);
	return !atomic_exchange(&fake.changed, false);
}

/* One row: the settings. */
static int
read_fake(struct reading *reading)
{
	struct settings *row;

	/* It was asked before. */
	assert_true(*(int *)reading->state > 0);
	atomic_fetch_add(&fake.reads, 1);
	reading->new->rows = ARRAY_OF(struct settings);
	row = array_append(&reading->new->rows, 1);
	memcpy(row, reading->settings, sizeof(*row));
	return atomic_load(&fake.error);
}

static void
free_fake(void *state)
{
	assert_int_equal(*(int *)state, atomic_load(&fake.looks));
	atomic_fetch_add(&fake.frees, 1);
}

static void
init_settings(void *settings)
{
	*(struct settings *)settings = (struct settings){ 7, "default" };
}

static const struct source_kind kind = {
	.name = "fake",
	.max_age = 0, /* every request looks */
	.state_size = sizeof(int),
	.settings_size = sizeof(struct settings),
	.init_settings = init_settings,
	.read = read_fake,
	.unchanged = fake_unchanged,
	.free_state = free_fake,
};

/* The same, which cannot tell. */
static int
read_plain(struct reading *reading)
{
	atomic_fetch_add(&fake.reads, 1);
	reading->new->rows = ARRAY_OF(uint32_t);
	return array_append(&reading->new->rows, 1) ? 0 : -ENOMEM;
}

static const struct source_kind plain = { .name = "plain", .read = read_plain };

static const struct table tables[] = { { .name = "one" }, { .name = "two" } };

/* --- helpers
 * ------------------------------------------------------------------------------------ */

static void
reset_fake(void)
{
	memset(&fake, 0, sizeof(fake));
	fake.changed = true;
}

static int
start(void **state)
{
	(void)state;
	reset_fake();
	collecting_start();
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	collecting_stop();
	return 0;
}

static uint64_t
ask_view(int view)
{
	struct snapshot *snapshot = source_acquire(source, view, 0);
	uint64_t generation = snapshot ? snapshot->generation : 0;

	snapshot_release(snapshot);
	return generation;
}

/* Asks; returns the generation of the answer, 0 for none. */
static uint64_t
ask(void)
{
	return ask_view(-1);
}

/* The settings an answer was read with; number 0: no answer. */
static struct settings
ask_settings(void)
{
	struct snapshot *snapshot = source_acquire(source, -1, 0);
	struct settings settings = { 0 };

	if (snapshot)
		settings = *(const struct settings *)array_at(&snapshot->rows, 0);
	snapshot_release(snapshot);
	return settings;
}

/* Asks until the answer is of this generation. Returns when the last request that was
 * answered from the one before began. */
static int64_t
ask_until(uint64_t generation)
{
	int64_t end = monotonic_now() + PATIENCE, last = 0, now;

	for (;;) {
		now = monotonic_now();
		if (ask() == generation)
			return last;
		assert_true(now < end);
		last = now;
		nap(MS);
	}
}

/* --- what is unchanged is not read
 * --------------------------------------------------------------- */

static void
test_unchanged_is_not_read(void **state)
{
	(void)state;
	run(&kind);
	for (int i = 1; i <= 50; i++) {
		assert_int_equal(ask(), 1);
		assert_int_equal(fake.looks, i);
	}
	assert_int_equal(fake.reads, 1);
}

static void
test_changed_is_read(void **state)
{
	(void)state;
	run(&kind);
	for (uint64_t generation = 1; generation < 10; generation++) {
		fake.changed = true;
		assert_int_equal(ask(), generation);
		assert_int_equal(ask(), generation);
	}
	assert_int_equal(fake.reads, 9);
	assert_int_equal(fake.looks, 18);
}

/* A look says that what is published is the truth: within the maxAge nobody looks again. */
static void
test_a_look_makes_it_fresh(void **state)
{
	(void)state;
	run(&kind);
	ask();
	ask();
	assert_int_equal(fake.looks, 2);
	collector_set_max_age(collector, "fake", 1000000);
	fake.changed = true;
	for (int i = 0; i < 10; i++)
		assert_int_equal(ask(), 1);
	assert_int_equal(fake.looks, 2);
	collector_set_max_age(collector, "fake", 0);
	assert_int_equal(ask(), 2);
}

static void
test_one_that_cannot_tell(void **state)
{
	(void)state;
	run(&kind);
	source = collector_source(collector, &plain);
	for (uint64_t i = 1; i < 10; i++)
		assert_int_equal(ask(), i);
	assert_int_equal(fake.reads, 9);
	assert_int_equal(fake.looks, 0);
}

static void
test_state_is_freed(void **state)
{
	(void)state;
	run(&kind);
	ask();
	ask();
	collector_free(collector);
	collector = NULL;
	assert_int_equal(fake.frees, 1);
}

/* --- settling, safety
 * ---------------------------------------------------------------------------- */

/* What a change brings with it may come without a word: one more reading when things have
 * settled. */
static void
test_settled_is_read_once_more(void **state)
{
	(void)state;
	freshness.settle = 0;
	run(&kind);
	assert_int_equal(ask(), 1);
	for (int i = 0; i < 10; i++)
		assert_int_equal(ask(), 2);
	fake.changed = true;
	assert_int_equal(ask(), 3);
	for (int i = 0; i < 10; i++)
		assert_int_equal(ask(), 4);
	assert_int_equal(fake.reads, 4);
}

/* Not before, and counted from the last change. */
static void
test_settling_takes_its_time(void **state)
{
	int64_t first, second;

	(void)state;
	freshness.settle = 50 * MS;
	run(&kind);
	ask();
	ask_until(2);
	first = monotonic_now();
	fake.changed = true;
	assert_int_equal(ask(), 3);
	fake.changed = true;
	second = monotonic_now();
	assert_int_equal(ask(), 4);
	ask_until(5);
	assert_true(monotonic_now() - first >= 50 * MS);
	assert_true(monotonic_now() - second >= 50 * MS);
	assert_int_equal(fake.reads, 5);
}

static void
test_not_settled_yet(void **state)
{
	(void)state;
	run(&kind); /* settle is long */
	fake.changed = true;
	assert_int_equal(ask(), 1);
	for (int i = 0; i < 10; i++)
		assert_int_equal(ask(), 1);
}

/* Even what does not change is read now and then. */
static void
test_safety(void **state)
{
	int64_t before;

	(void)state;
	freshness.safety = 50 * MS;
	run(&kind);
	for (uint64_t generation = 1; generation < 4; generation++) {
		before = monotonic_now();
		ask_until(generation);
		assert_true(generation == 1 || monotonic_now() - before < PATIENCE);
	}
	assert_int_equal(fake.reads, 3);
	before = monotonic_now();
	ask_until(4);
	ask_until(5);
	assert_true(monotonic_now() - before >= 50 * MS);
}

/* --- what else makes it read
 * --------------------------------------------------------------------- */

static void
test_another_table(void **state)
{
	(void)state;
	run(&kind);
	assert_int_equal(source_add_table(source, &tables[0]), 0);
	assert_int_equal(source_add_table(source, &tables[1]), 1);
	assert_int_equal(source_add_table(source, &tables[0]), 0);
	assert_int_equal(ask_view(0), 1);
	assert_int_equal(ask_view(0), 1);
	/* The view is not there yet. */
	assert_int_equal(ask_view(1), 2);
	assert_int_equal(ask_view(0), 2);
	assert_int_equal(ask_view(1), 2);
	assert_int_equal(ask(), 2);
	assert_int_equal(fake.reads, 2);
}

static void
test_options(void **state)
{
	(void)state;
	run(&kind);
	ask();
	collector_set_options(collector, SNAPSHOT_STRICT_ADDRESSES);
	assert_int_equal(ask(), 2);
	assert_int_equal(ask(), 2);
	collector_set_options(collector, SNAPSHOT_STRICT_ADDRESSES);
	assert_int_equal(ask(), 2);
	collector_set_options(collector, 0);
	assert_int_equal(ask(), 3);
}

/* A change whose reading failed is not forgotten, however often it fails. */
static void
test_failed_is_read_again(void **state)
{
	static const int64_t settles[] = { 0, LONG };
	int reads = 0;

	(void)state;
	for (int k = 0; k < 2; k++) {
		freshness.settle = settles[k];
		run(&kind);
		ask();
		reads = fake.reads;
		told[0] = '\0';
		fake.changed = true;
		fake.error = -ENOBUFS;
		for (int i = 1; i <= 5; i++) {
			assert_int_equal(ask(), 1); /* the old one is better than none */
			assert_int_equal(fake.reads, reads + i);
		}
		fake.error = 0;
		assert_int_equal(ask(), 2);
		log_flush();
		assert_string_equal(told,
		    "cannot read fake: No buffer space available\n"
		    "reading fake again\n");
		collector_free(collector);
		reset_fake();
	}
	collector = NULL;
}

static void
test_failed_first(void **state)
{
	(void)state;
	run(&kind);
	fake.error = -ENOBUFS;
	assert_int_equal(ask(), 0);
	assert_int_equal(ask(), 0);
	fake.error = 0;
	assert_int_equal(ask(), 1);
	assert_int_equal(fake.reads, 3);
}

/* --- by the collector's thread
 * ------------------------------------------------------------------- */

/* While it is asked for, it is looked at by itself, not all the time, and read only if
 * something changed. */
static void
test_looks_by_itself(void **state)
{
	int64_t start_time = monotonic_now(), end = start_time + PATIENCE;
	int looks;

	(void)state;
	freshness.max_stale = 200 * MS;
	run_threaded(&kind);
	assert_int_equal(ask(), 1);
	while (fake.looks < 4 && monotonic_now() < end)
		nap(MS);
	looks = fake.looks;
	assert_true(looks >= 4);
	assert_true(looks <= 4 + (monotonic_now() - start_time) / (20 * MS));
	assert_int_equal(fake.reads, 1);
	fake.changed = true;
	while (fake.reads < 2 && monotonic_now() < end)
		nap(MS);
	assert_int_equal(fake.reads, 2);
	collector_free(collector);
	collector = NULL;
	assert_string_equal(fake.thread, "collector");
}

/* What nobody asked for is let go; then it does not matter that nothing changed. */
static void
test_idle_is_read_again(void **state)
{
	int64_t end = monotonic_now() + PATIENCE;

	(void)state;
	freshness.idle = 10 * MS;
	run_threaded(&kind);
	assert_int_equal(ask(), 1);
	while (fake.reads < 2 && monotonic_now() < end) {
		for (int i = 0; i < 20; i++)
			nap(MS);
		assert_true(ask() > 0);
	}
	assert_int_equal(fake.reads, 2);
}

/* A change before a request is in the answer. */
static void
test_change_is_in_the_answer(void **state)
{
	(void)state;
	run_threaded(&kind);
	for (uint64_t generation = 1; generation < 50; generation++) {
		fake.changed = true;
		assert_int_equal(ask(), generation);
		assert_int_equal(ask(), generation);
	}
}

/* --- settings
 * ------------------------------------------------------------------------------------ */

static void
set_settings(uint32_t number, const char *text)
{
	struct settings settings;

	memset(&settings, 0, sizeof(settings));
	settings.number = number;
	snprintf(settings.text, sizeof(settings.text), "%s", text);
	collector_set_settings(collector, &kind, &settings);
	memset(&settings, 0xff, sizeof(settings)); /* it was copied */
}

static void
reads_with(uint32_t number, const char *text)
{
	struct settings settings = ask_settings();

	assert_int_equal(settings.number, number);
	assert_string_equal(settings.text, text);
}

static void
test_settings(void **state)
{
	(void)state;
	run(&kind);
	reads_with(7, "default");
	assert_int_equal(fake.reads, 1);
	set_settings(1, "one");
	reads_with(1, "one");
	assert_int_equal(fake.reads, 2);
	/* The same again is no change. */
	set_settings(1, "one");
	reads_with(1, "one");
	assert_int_equal(fake.reads, 2);
	set_settings(2, "two");
	set_settings(1, "one");
	reads_with(1, "one");
	assert_int_equal(fake.reads, 3);
}

/* Within the maxAge, too: what was read with others is not served. */
static void
test_settings_and_max_age(void **state)
{
	(void)state;
	run(&kind);
	collector_set_max_age(collector, "fake", 1000000);
	reads_with(7, "default");
	set_settings(1, "one");
	reads_with(1, "one");
	fake.error = -ENOBUFS;
	set_settings(2, "two");
	assert_int_equal(ask(), 0);
	fake.error = 0;
	reads_with(2, "two");
}

static void
test_settings_of_others(void **state)
{
	const struct settings settings = { 3, "three" };

	(void)state;
	collector = collector_new(&freshness);
	assert_non_null(collector);
	collector_set_settings(
	    collector, &kind, &settings); /* there is no such source yet */
	source = collector_source(collector, &plain);
	assert_int_equal(ask(), 1);
	source = collector_source(collector, &kind);
	reads_with(7, "default");
	collector_set_max_age(collector, "plain", 1000000);
	set_settings(1, "one");
	source = collector_source(collector, &plain);
	assert_int_equal(ask(), 1);
}

static atomic_bool enough;

static void *
ask_on(void *argument)
{
	(void)argument;
	while (!atomic_load(&enough))
		ask_settings();
	return NULL;
}

/* Settings that change while another thread asks: an answer is of the last ones. */
static void
test_settings_while_reading(void **state)
{
	pthread_t thread;
	char text[12];

	(void)state;
	enough = false;
	freshness.first_wait = 5 * MS; /* of the other thread, which may miss a change */
	run_threaded(&kind);
	assert_int_equal(pthread_create(&thread, NULL, ask_on, NULL), 0);
	for (uint32_t i = 1; i < 200; i++) {
		int64_t end = monotonic_now() + PATIENCE;
		struct settings answer = { 0 };

		snprintf(text, sizeof(text), "%u", i);
		set_settings(i, text);
		while (answer.number == 0 && monotonic_now() < end)
			answer = ask_settings();
		assert_int_equal(answer.number, i);
		assert_string_equal(answer.text, text);
	}
	enough = true;
	pthread_join(thread, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_unchanged_is_not_read),
		TEST(test_changed_is_read),
		TEST(test_a_look_makes_it_fresh),
		TEST(test_one_that_cannot_tell),
		TEST(test_state_is_freed),
		TEST(test_settled_is_read_once_more),
		TEST(test_settling_takes_its_time),
		TEST(test_not_settled_yet),
		TEST(test_safety),
		TEST(test_another_table),
		TEST(test_options),
		TEST(test_failed_is_read_again),
		TEST(test_failed_first),
		TEST(test_looks_by_itself),
		TEST(test_idle_is_read_again),
		TEST(test_change_is_in_the_answer),
		TEST(test_settings),
		TEST(test_settings_and_max_age),
		TEST(test_settings_of_others),
		TEST(test_settings_while_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
