// SPDX-License-Identifier: BSD-2-Clause
// Tests of the freshness contract: when a source is read, who waits, what is kept.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#include "log.h"
#include "patience.h"
#include "table/table.h"

/* A source whose read() does as the test says. */
struct fake {
	atomic_int reads;	     /* begun */
	atomic_int ends;	     /* ended */
	atomic_int sleep;	     /* ms */
	atomic_int work;	     /* ms of the processor */
	atomic_int error;	     /* what it returns */
	atomic_int malformed;	     /* messages it had to skip */
	atomic_bool shut;	     /* it does not end while this is set */
	atomic_bool calls;	     /* reading_pause() while it is shut */
	_Atomic int64_t first, last; /* when the first and the last read began */
	atomic_bool signals_blocked;
	char thread[16];
};

static struct fake one, two, three;

static int
read_fake(struct fake *fake, struct reading *reading)
{
	uint32_t *row;
	sigset_t blocked;

	atomic_store(&fake->last, monotonic_now());
	if (atomic_fetch_add(&fake->reads, 1) == 0)
		atomic_store(&fake->first, atomic_load(&fake->last));
	pthread_sigmask(SIG_BLOCK, NULL, &blocked);
	atomic_store(&fake->signals_blocked, sigismember(&blocked, SIGTERM) == 1);
	pthread_getname_np(pthread_self(), fake->thread, sizeof(fake->thread));
	while (atomic_load(&fake->shut)) {
		if (atomic_load(&fake->calls))
			reading_pause(reading);
		nap(MS / 2);
	}
	nap(atomic_load(&fake->sleep) * MS);
	toil(atomic_load(&fake->work) * MS);
	reading->new->rows = ARRAY_OF(uint32_t);
	row = array_append(&reading->new->rows, 1);
	*row = (uint32_t)atomic_load(&fake->reads);
	reading->malformed = (size_t)atomic_load(&fake->malformed);
	atomic_fetch_add(&fake->ends, 1);
	return atomic_load(&fake->error);
}

static int
read_one(struct reading *reading)
{
	return read_fake(&one, reading);
}

static int
read_two(struct reading *reading)
{
	return read_fake(&two, reading);
}

static int
read_three(struct reading *reading)
{
	++*(int *)reading->state;
	return reading->base ? read_fake(&three, reading) : -EFAULT;
}

static atomic_int freed_states;

static void
free_state(void *state)
{
	freed_states += *(int *)state;
}

static const struct source_kind kind_one = {
	.name = "one", .max_age = 1000000, .read = read_one
};
static const struct source_kind kind_two = {
	.name = "two", .max_age = 1000000, .read = read_two
};
static const struct source_kind kind_three = {
	.name = "three",
	.max_age = 1000000,
	.base = &kind_one,
	.state_size = sizeof(int),
	.read = read_three,
	.free_state = free_state,
};

/* --- helpers -------------------------------------------------------------------------- */

static int
count_told(const char *text)
{
	int n = 0;

	log_flush();
	for (const char *at = told; (at = strstr(at, text)); at++)
		n++;
	return n;
}

static int
start(void **state)
{
	struct fake *fakes[] = { &one, &two, &three };

	(void)state;
	for (int i = 0; i < 3; i++)
		memset(fakes[i], 0, sizeof(*fakes[i]));
	freed_states = 0;
	hear_log();
	return 0;
}

/* A running collector with one source. */
static struct source *
run(const struct freshness *freshness, const struct source_kind *kind,
    struct collector **ret_collector)
{
	struct source *source;

	*ret_collector = collector_new(freshness);
	assert_non_null(*ret_collector);
	source = collector_source(*ret_collector, kind);
	assert_non_null(source);
	assert_int_equal(collector_start(*ret_collector), 0);
	return source;
}

/* Asks a source; returns the generation it is answered from, 0 for no data. */
static uint64_t
ask(struct source *source)
{
	struct snapshot *snapshot = source_acquire(source, -1, 0);
	uint64_t generation = snapshot ? snapshot->generation : 0;

	snapshot_release(snapshot);
	return generation;
}

/* Asks until the answer is from this generation or a later one. */
static void
ask_until(struct source *source, uint64_t generation)
{
	AWAIT(ask(source) >= generation);
}

/* --- who waits for what --------------------------------------------------------------- */

static void
test_first_request_waits(void **state)
{
	struct collector *collector;
	struct source *source = run(&patient, &kind_one, &collector);
	struct snapshot *snapshot;
	int64_t before = monotonic_now();

	(void)state;
	assert_int_equal(one.reads, 0);
	one.sleep = 20;
	snapshot = source_acquire(source, -1, 0);
	assert_non_null(snapshot);
	assert_int_equal(snapshot->generation, 1);
	assert_int_equal(snapshot->base, 0);
	assert_true(
	    snapshot->time >= before && snapshot->time <= monotonic_now() - 20 * MS);
	assert_int_equal(snapshot->rows.n, 1);
	assert_true(one.signals_blocked);
	assert_string_equal(one.thread, "collector");
	collector_free(collector);
	/* It outlives its collector. */
	assert_int_equal(*(uint32_t *)array_at(&snapshot->rows, 0), 1);
	snapshot_release(snapshot);
}

static void
test_first_request_gives_up(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector;
	struct source *source;
	int64_t before;

	(void)state;
	freshness.first_wait = 30 * MS;
	one.shut = true;
	source = run(&freshness, &kind_one, &collector);
	before = monotonic_now();
	assert_int_equal(ask(source), 0);
	assert_true(monotonic_now() - before >= 30 * MS);
	one.shut = false;
	ask_until(source, 1);
	collector_free(collector);
}

static void
test_fresh_is_served_without_reading(void **state)
{
	struct collector *collector;
	struct source *source = run(&patient, &kind_one, &collector);

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_int_equal(ask(source), 1);
	assert_int_equal(one.reads, 1);
	collector_free(collector);
}

static void
test_old_and_cheap_is_waited_for(void **state)
{
	struct collector *collector;
	struct source *source = run(&patient, &kind_one, &collector);

	(void)state;
	ask(source);
	collector_set_max_age(collector, "one", 0);
	collector_set_max_age(collector, "snow", 5000);
	for (uint64_t generation = 2; generation < 10; generation++) {
		int64_t before = monotonic_now();
		struct snapshot *snapshot = source_acquire(source, -1, 0);

		assert_int_equal(snapshot->generation, generation);
		assert_true(snapshot->time >= before);
		snapshot_release(snapshot);
	}
	collector_free(collector);
}

/* A cheap one that takes long for once: the request is served from the old one in time. */
static void
test_wait_ends(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector;
	struct source *source;
	int64_t before;

	(void)state;
	freshness.wait = 30 * MS;
	source = run(&freshness, &kind_one, &collector);
	ask(source);
	collector_set_max_age(collector, "one", 0);
	one.shut = true;
	before = monotonic_now();
	assert_int_equal(ask(source), 1);
	assert_true(monotonic_now() - before >= 30 * MS);
	one.shut = false;
	ask_until(source, 2);
	collector_free(collector);
}

static void
test_expensive_is_served_old_at_once(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector;
	struct source *source;

	(void)state;
	freshness.cheap = 0;
	source = run(&freshness, &kind_one, &collector);
	ask(source);
	collector_set_max_age(collector, "one", 0);
	one.shut = true;
	for (int i = 0; i < 10; i++)
		assert_int_equal(ask(source), 1);
	AWAIT(one.reads >= 2);
	assert_int_equal(ask(source), 1);
	one.shut = false;
	AWAIT(one.ends >= 2);
	ask_until(source, 2);
	collector_free(collector);
}

/* A held snapshot is not touched when it is replaced. */
static void
test_held_snapshot_stays(void **state)
{
	struct collector *collector;
	struct source *source = run(&patient, &kind_one, &collector);
	struct snapshot *held = source_acquire(source, -1, 0);

	(void)state;
	collector_set_max_age(collector, "one", 0);
	ask(source);
	ask(source);
	assert_int_equal(held->generation, 1);
	assert_int_equal(*(uint32_t *)array_at(&held->rows, 0), 1);
	assert_int_equal(atomic_load(&held->references), 1);
	snapshot_release(held);
	collector_free(collector);
}

/* --- when it is read ------------------------------------------------------------------ */

static void
test_spacing(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector;
	struct source *source;

	(void)state;
	freshness.spacing = 10;
	one.work = 10;
	source = run(&freshness, &kind_one, &collector);
	ask(source);
	one.work = 0;
	collector_set_max_age(collector, "one", 0);
	ask_until(source, 2);
	assert_true(one.last - one.first >= 100 * MS);
	collector_free(collector);
}

/* A reading that only had to wait, for a lock of the kernel, forbids no other. */
static void
test_waiting_is_not_spaced(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector;
	struct source *source;

	(void)state;
	freshness.spacing = 1000;
	one.sleep = 50;
	source = run(&freshness, &kind_one, &collector);
	ask(source);
	one.sleep = 0;
	collector_set_max_age(collector, "one", 0);
	ask_until(source, 2);
	assert_true(one.last - one.first < 50 * SECOND);
	collector_free(collector);
}

/* What the spacing forbids for longer than a request waits is not waited for. */
static void
test_spacing_is_not_waited_for(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector;
	struct source *source;
	int64_t before;

	(void)state;
	freshness.spacing = 100000;
	one.work = 5;
	source = run(&freshness, &kind_one, &collector);
	ask(source);
	collector_set_max_age(collector, "one", 0);
	before = monotonic_now();
	for (int i = 0; i < 100; i++)
		assert_int_equal(ask(source), 1);
	assert_true(monotonic_now() - before < PATIENCE / 2);
	assert_int_equal(one.reads, 1);
	collector_free(collector);
}

/* While it was asked for lately, it is read without requests. */
static void
test_max_stale(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector;
	struct source *source;

	(void)state;
	freshness.max_stale = 20 * MS;
	source = run(&freshness, &kind_one, &collector);
	nap(50 * MS);
	assert_int_equal(one.reads, 0);
	ask(source);
	AWAIT(one.reads >= 4);
	assert_true(one.last - one.first >= 20 * MS);
	collector_free(collector);
}

static void
test_idle_drops_the_snapshot(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector;
	struct snapshot *held;
	struct source *source;
	int64_t end = monotonic_now() + PATIENCE;

	(void)state;
	freshness.idle = 50 * MS;
	source = run(&freshness, &kind_one, &collector);
	held = source_acquire(source, -1, 0);
	while (atomic_load(&held->references) > 1) {
		assert_true(monotonic_now() < end);
		nap(MS);
	}
	snapshot_release(held);
	assert_int_equal(one.reads, 1);
	/* It comes back when asked for. */
	assert_int_equal(ask(source), 2);
	collector_free(collector);
}

static void
test_idle_is_not_read(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector;
	struct source *source;
	int reads;

	(void)state;
	freshness.max_stale = 5 * MS;
	freshness.idle = 50 * MS;
	source = run(&freshness, &kind_one, &collector);
	ask(source);
	AWAIT(one.reads >= 3);
	nap(150 * MS);
	reads = one.reads;
	nap(100 * MS);
	assert_int_equal(one.reads, reads);
	assert_true(ask(source) > 0);
	assert_true(one.reads > reads);
	collector_free(collector);
}

static void
test_options(void **state)
{
	struct collector *collector;
	struct source *source = run(&patient, &kind_one, &collector);
	struct snapshot *old = source_acquire(source, -1, 0), *new;

	(void)state;
	assert_int_equal(old->options, 0);
	collector_set_options(collector, SNAPSHOT_STRICT_ADDRESSES);
	new = source_acquire(source, -1, 0);
	assert_int_equal(new->generation, 2);
	assert_int_equal(new->options, SNAPSHOT_STRICT_ADDRESSES);
	assert_int_equal(old->options, 0);
	snapshot_release(new);
	snapshot_release(old);
	assert_int_equal(ask(source), 2);
	collector_free(collector);
}

/* What was built with other options is not served, not even when the new one cannot be
 * had. */
static void
test_options_while_it_fails(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector;
	struct source *source;

	(void)state;
	freshness.first_wait = 50 * MS;
	source = run(&freshness, &kind_one, &collector);
	ask(source);
	one.error = -EIO;
	collector_set_options(collector, SNAPSHOT_STRICT_ADDRESSES);
	assert_int_equal(ask(source), 0);
	one.error = 0;
	ask_until(source, 2);
	collector_free(collector);
}

/* --- failures ------------------------------------------------------------------------- */

static void
check_failure(int error)
{
	struct collector *collector;
	struct source *source = run(&patient, &kind_one, &collector);

	ask(source);
	collector_set_max_age(collector, "one", 0);
	one.error = error;
	for (int i = 0; i < 5; i++)
		assert_int_equal(ask(source), 1);
	AWAIT(one.reads >= 4);
	assert_int_equal(count_told("one"), 1);
	assert_int_equal(count_told(strerror(-error)), 1);
	one.error = 0;
	ask_until(source, 2);
	ask(source);
	assert_int_equal(count_told("one"), 2);
	/* And the next time it is told again. */
	one.error = error;
	ask(source);
	ask(source);
	assert_int_equal(count_told("one"), 3);
	collector_free(collector);
}

static void
test_failure_keeps_the_old(void **state)
{
	(void)state;
	check_failure(-EIO);
}

static void
test_without_memory_the_old_is_kept(void **state)
{
	(void)state;
	check_failure(-ENOMEM);
}

static void
test_interrupted_dump_keeps_the_old(void **state)
{
	(void)state;
	check_failure(-EINTR);
}

static void
test_first_read_fails(void **state)
{
	struct collector *collector;
	struct source *source = run(&patient, &kind_one, &collector);

	(void)state;
	one.error = -EIO;
	assert_int_equal(ask(source), 0);
	one.error = 0;
	ask_until(source, 1);
	assert_int_equal(count_told("one"), 2);
	collector_free(collector);
}

static void
test_retry_is_spaced(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector;
	struct source *source;

	(void)state;
	freshness.retry = 60 * MS;
	freshness.wait = MS;
	source = run(&freshness, &kind_one, &collector);
	one.error = -EIO;
	assert_int_equal(ask(source), 0);
	assert_int_equal(one.reads, 1);
	one.error = 0;
	ask_until(source, 1);
	assert_true(one.last - one.first >= 60 * MS);
	collector_free(collector);
}

/* --- several sources ------------------------------------------------------------------ */

static void *
ask_in_thread(void *source)
{
	snapshot_release(source_acquire(source, -1, 0));
	return NULL;
}

/* A cheap source is read in the middle of a long reading of another. */
static void
test_cheap_has_its_turn(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector = collector_new(&freshness);
	struct source *cheap = collector_source(collector, &kind_one);
	struct source *slow = collector_source(collector, &kind_two);
	pthread_t thread;

	(void)state;
	assert_int_equal(collector_start(collector), 0);
	ask(cheap);
	collector_set_max_age(collector, "one", 0);
	two.shut = two.calls = true;
	assert_int_equal(pthread_create(&thread, NULL, ask_in_thread, slow), 0);
	AWAIT(two.reads >= 1);
	ask_until(cheap, 5);
	assert_int_equal(two.ends, 0);
	two.shut = false;
	pthread_join(thread, NULL);
	assert_int_equal(ask(slow), 1);
	collector_free(collector);
}

/* A source is not read in the middle of its own reading, nor is one that is not cheap. */
static void
test_no_turn_for_others(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector = collector_new(&freshness);
	struct source *slow = collector_source(collector, &kind_two);
	struct source *never_read = collector_source(collector, &kind_one);
	pthread_t threads[2];

	(void)state;
	assert_int_equal(collector_start(collector), 0);
	collector_set_max_age(collector, "two", 0);
	two.shut = two.calls = true;
	assert_int_equal(pthread_create(&threads[0], NULL, ask_in_thread, slow), 0);
	AWAIT(two.reads >= 1);
	assert_int_equal(pthread_create(&threads[1], NULL, ask_in_thread, never_read), 0);
	nap(20 * MS);
	assert_int_equal(one.reads, 0);
	assert_int_equal(two.reads, 1);
	two.shut = false;
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	assert_int_equal(one.reads, 1);
	collector_free(collector);
}

static void
test_base(void **state)
{
	struct collector *collector = collector_new(&patient);
	struct source *join = collector_source(collector, &kind_three);
	struct source *base = collector_source(collector, &kind_one);
	struct snapshot *snapshot;

	(void)state;
	assert_int_equal(collector_start(collector), 0);
	/* The base is read when what is made from it is asked for. */
	snapshot = source_acquire(join, -1, 0);
	assert_int_equal(snapshot->base, 1);
	assert_int_equal(one.reads, 1);
	snapshot_release(snapshot);
	assert_int_equal(ask(base), 1);
	collector_set_max_age(collector, "one", 0);
	assert_int_equal(ask(base), 2);
	/* Its own age allows the old one, the base that is wanted does not. */
	assert_int_equal(ask(join), 1);
	snapshot = source_acquire(join, -1, 2);
	assert_true(snapshot->base >= 2);
	assert_int_equal(snapshot->generation, 2);
	snapshot_release(snapshot);
	collector_free(collector);
	assert_int_equal(freed_states, 2);
}

static void
test_base_fails(void **state)
{
	struct collector *collector = collector_new(&patient);
	struct source *join = collector_source(collector, &kind_three);

	(void)state;
	assert_int_equal(collector_start(collector), 0);
	one.error = -EIO;
	assert_int_equal(ask(join), 0);
	assert_int_equal(three.reads, 0);
	one.error = 0;
	ask_until(join, 1);
	collector_free(collector);
}

/* A snapshot whose base is too old is better than none. */
static void
test_base_too_old(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector = collector_new(&freshness);
	struct source *join = collector_source(collector, &kind_three);
	struct snapshot *snapshot;

	(void)state;
	assert_int_equal(collector_start(collector), 0);
	ask(join);
	three.error = -EIO;
	snapshot = source_acquire(join, -1, 2);
	assert_non_null(snapshot);
	assert_int_equal(snapshot->base, 1);
	snapshot_release(snapshot);
	collector_free(collector);
}

/* --- views, and no thread ------------------------------------------------------------- */

static uint32_t
row_number(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return *(const uint32_t *)row & 0xffff;
}

static const struct index_part index_parts[] = {
	{ .kind = INDEX_UINT16, .number = row_number },
};

/* As many as there is room for, and one more. */
static const struct table tables[SNAPSHOT_VIEWS + 1] = {
	[0 ... SNAPSHOT_VIEWS] = { .index = index_parts, .n_index = 1 },
};

/* A view is there for who asks for it, and not before. */
static void
test_views_are_made_when_asked_for(void **state)
{
	struct collector *collector = collector_new(&patient);
	struct source *source = collector_source(collector, &kind_one);
	struct snapshot *snapshot;
	int first = source_add_table(source, &tables[0]);
	int second = source_add_table(source, &tables[1]);

	(void)state;
	assert_int_equal(collector_start(collector), 0);
	snapshot = source_acquire(source, first, 0);
	assert_true(snapshot->views[first].built);
	assert_false(snapshot->views[second].built);
	snapshot_release(snapshot);
	snapshot = source_acquire(source, second, 0);
	assert_int_equal(snapshot->generation, 2);
	assert_true(snapshot->views[first].built);
	assert_true(snapshot->views[second].built);
	assert_int_equal(snapshot->views[second].order.n, 1);
	snapshot_release(snapshot);
	assert_int_equal(ask(source), 2);
	collector_free(collector);
}

static void
test_room_for_tables_and_sources(void **state)
{
	static struct source_kind kinds[100];
	struct collector *collector = collector_new(&patient);
	struct source *source = collector_source(collector, &kind_one);
	int n = 0;

	(void)state;
	for (int i = 0; i < SNAPSHOT_VIEWS; i++)
		assert_int_equal(source_add_table(source, &tables[i]), i);
	assert_int_equal(source_add_table(source, &tables[SNAPSHOT_VIEWS]), -ENOSPC);
	assert_ptr_equal(collector_source(collector, &kind_one), source);
	while (n < 100 && collector_source(collector, &kinds[n]))
		n++;
	assert_in_range(n, 4, 99);
	collector_free(collector);
	collector_free(NULL);
}

static void
test_without_a_thread(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector;
	struct source *source;

	(void)state;
	freshness.cheap = 0;
	freshness.wait = freshness.first_wait = 0;
	collector = collector_new(&freshness);
	source = collector_source(collector, &kind_three);
	one.sleep = three.sleep = 5;
	assert_int_equal(ask(source), 1);
	assert_int_equal(ask(source), 1);
	collector_set_max_age(collector, "three", 0);
	assert_int_equal(ask(source), 2);
	assert_int_equal(one.reads, 1);
	collector_free(collector);
}

/* --- all at once ---------------------------------------------------------------------- */

struct crowd {
	struct collector *collector;
	struct source *source, *join;
	int view;
	atomic_bool stop;
	atomic_int wrong, answers;
};

/* Asks and looks at what it is given. */
static void *
ask_on(void *argument)
{
	struct crowd *crowd = argument;
	uint64_t before = 0;

	while (!crowd->stop) {
		struct snapshot *rows = source_acquire(crowd->source, crowd->view, 0),
				*joined;

		if (!rows)
			continue;
		joined = source_acquire(crowd->join, -1, rows->generation);
		if (rows->generation < before || rows->rows.n != 1 ||
		    rows->views[crowd->view].order.n != 1 ||
		    (joined && joined->rows.n != 1))
			crowd->wrong++;
		before = rows->generation;
		crowd->answers++;
		snapshot_release(joined);
		snapshot_release(rows);
	}
	return NULL;
}

/* Threads that ask, one that configures, the collector that reads and fails now and
 * then. */
static void
test_crowd(void **state)
{
	struct freshness freshness = { .max_stale = MS,
		.idle = 20 * MS,
		.cheap = SECOND,
		.wait = 10 * MS,
		.first_wait = SECOND,
		.retry = MS,
		.spacing = 1 };
	struct crowd crowd = { .collector = collector_new(&freshness) };
	int64_t end = monotonic_now() + SECOND / 2;
	pthread_t threads[3];

	(void)state;
	crowd.join = collector_source(crowd.collector, &kind_three);
	crowd.source = collector_source(crowd.collector, &kind_one);
	crowd.view = source_add_table(crowd.source, &tables[0]);
	assert_int_equal(collector_start(crowd.collector), 0);
	collector_set_max_age(crowd.collector, "one", 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask_on, &crowd), 0);
	for (unsigned i = 0; monotonic_now() < end; i++) {
		collector_set_options(crowd.collector, i / 16 % 2);
		collector_set_max_age(crowd.collector, "three", i % 4);
		one.error = i % 16 == 0 ? -EIO : 0;
		log_flush();
		nap(MS);
	}
	one.error = 0;
	crowd.stop = true;
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(crowd.wrong, 0);
	assert_true(crowd.answers > 0);
	collector_free(crowd.collector);
}

/* Of messages that were skipped the log has one line a source, whatever comes. */
static void
test_malformed_are_told_once(void **state)
{
	struct freshness freshness = patient;
	struct collector *collector = collector_new(&freshness);
	struct source *source = collector_source(collector, &kind_one);

	(void)state;
	collector_set_max_age(collector, "one", 0);
	for (int i = 0; i < 4; i++) {
		one.malformed = i;
		snapshot_release(source_acquire(source, -1, 0));
		assert_int_equal(count_told("malformed"), i > 0);
	}
	assert_int_equal(count_told("skipped 1 malformed messages about one\n"), 1);
	assert_int_equal(one.reads, 4);
	collector_free(collector);
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_first_request_waits),
		TEST(test_first_request_gives_up),
		TEST(test_fresh_is_served_without_reading),
		TEST(test_old_and_cheap_is_waited_for),
		TEST(test_wait_ends),
		TEST(test_expensive_is_served_old_at_once),
		TEST(test_held_snapshot_stays),
		TEST(test_spacing),
		TEST(test_waiting_is_not_spaced),
		TEST(test_spacing_is_not_waited_for),
		TEST(test_max_stale),
		TEST(test_idle_drops_the_snapshot),
		TEST(test_idle_is_not_read),
		TEST(test_options),
		TEST(test_options_while_it_fails),
		TEST(test_failure_keeps_the_old),
		TEST(test_without_memory_the_old_is_kept),
		TEST(test_interrupted_dump_keeps_the_old),
		TEST(test_first_read_fails),
		TEST(test_retry_is_spaced),
		TEST(test_cheap_has_its_turn),
		TEST(test_no_turn_for_others),
		TEST(test_base),
		TEST(test_base_fails),
		TEST(test_base_too_old),
		TEST(test_views_are_made_when_asked_for),
		TEST(test_room_for_tables_and_sources),
		TEST(test_without_a_thread),
		TEST(test_malformed_are_told_once),
		TEST(test_crowd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
