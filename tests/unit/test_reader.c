// SPDX-License-Identifier: BSD-2-Clause
// Tests of get and next against a naive model: random tables, random OIDs.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "helpers.h"

static struct random chance;

/* One made-up table over random rows, and what it must answer. */
struct subject {
	struct collector *collector;
	struct reader *reader;
	struct array rows, instances;
};

static void
open_subject(
    struct subject *subject, enum fake_table table, enum fake_style style, size_t n)
{
	fake_make_rows(&chance, style, n, &subject->rows);
	fake_source_set(subject->rows.data, n, 0);
	model_build(table, subject->rows.data, n, &subject->instances);
	subject->collector = collector_new(&freshness_default);
	assert_non_null(subject->collector);
	subject->reader = reader_new(subject->collector, &fake_tables[table]);
	assert_non_null(subject->reader);
	assert_ptr_equal(reader_table(subject->reader), &fake_tables[table]);
	reader_begin(subject->reader);
}

static void
close_subject(struct subject *subject)
{
	reader_end(subject->reader);
	reader_free(subject->reader);
	collector_free(subject->collector);
	array_free(&subject->rows);
	array_free(&subject->instances);
}

/* Asks for what follows an OID; it must be the i-th instance. */
static void
check_next(const struct subject *subject, const uint32_t *subid, size_t n, bool inclusive,
    size_t i)
{
	const struct model_instance *expected;
	struct instance instance;
	struct value value;
	enum read_result result =
	    reader_next(subject->reader, subid, n, inclusive, &instance, &value);

	if (i >= subject->instances.n) {
		assert_int_equal(result, READ_END);
		return;
	}
	assert_int_equal(result, READ_FOUND);
	expected = array_at(&subject->instances, i);
	assert_int_equal(instance.n, expected->name.n);
	assert_memory_equal(
	    instance.subid, expected->name.subid, instance.n * sizeof(uint32_t));
	assert_int_equal(value.type, VALUE_GAUGE32);
	assert_int_equal(value.number, expected->value);
}

/* Gets exactly this OID; the i-th instance is the first at or behind it. */
static void
check_get(const struct subject *subject, const uint32_t *subid, size_t n, size_t i)
{
	const struct model_instance *at = i < subject->instances.n
	    ? array_at(&subject->instances, i)
	    : NULL;
	struct value value = { .number = 4711 };
	enum read_result result = reader_get(subject->reader, subid, n, &value);

	if (at && model_compare(at->name.subid, at->name.n, subid, n) == 0) {
		assert_int_equal(result, READ_FOUND);
		assert_int_equal(value.type, VALUE_GAUGE32);
		assert_int_equal(value.number, at->value);
	} else {
		assert_true(result == READ_NO_OBJECT || result == READ_NO_INSTANCE);
	}
}

/* From the i-th instance on, at most count steps: each meets the next instance, and GET
 * agrees. */
static void
check_walk(const struct subject *subject, size_t i, size_t count)
{
	for (; count > 0 && i < subject->instances.n; count--, i++) {
		const struct model_instance *at = array_at(&subject->instances, i);

		check_next(subject, at->name.subid, at->name.n, false, i + 1);
		check_next(subject, at->name.subid, at->name.n, true, i);
		check_get(subject, at->name.subid, at->name.n, i);
	}
}

static void
check_random_oids(const struct subject *subject, int count)
{
	uint32_t subid[OID_MAX];

	for (; count > 0; count--) {
		size_t n = model_random_oid(&chance, &subject->instances, subid);
		size_t at = model_after(&subject->instances, subid, n, true);
		size_t after = model_after(&subject->instances, subid, n, false);

		check_get(subject, subid, n, at);
		check_next(subject, subid, n, false, after);
		check_next(subject, subid, n, true, at);
		check_walk(subject, after, random_below(&chance, 20));
	}
}

static void
check_table(enum fake_table table, enum fake_style style, size_t n, int oids)
{
	struct subject subject;

	open_subject(&subject, table, style, n);
	check_next(&subject, NULL, 0, false, 0);
	check_walk(&subject, 0, SIZE_MAX);
	check_random_oids(&subject, oids);
	close_subject(&subject);
}

static void
test_small_tables(void **state)
{
	(void)state;
	for (size_t n = 0; n < 40; n++)
		for (enum fake_table table = 0; table < FAKE_SCALARS; table++)
			check_table(table, n % FAKE_STYLES, n, 100);
}

static void
test_large_tables(void **state)
{
	(void)state;
	for (enum fake_style style = 0; style < FAKE_STYLES; style++)
		for (enum fake_table table = 0; table < FAKE_SCALARS; table++)
			check_table(table, style, 500 + random_below(&chance, 4500), 100);
}

static void
test_scalars(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++)
		check_table(FAKE_SCALARS, FAKE_RANDOM, 1, 200);
	check_table(FAKE_SCALARS, FAKE_RANDOM, 0, 200);
}

/* The result of a GET of 1.NUMBER.1.… or NUMBER.0. */
static enum read_result
get(const struct subject *subject, size_t n, const uint32_t *subid)
{
	struct value value;

	return reader_get(subject->reader, subid, n, &value);
}

#define GET(subject, ...) \
	get(subject, sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t), \
	    (const uint32_t[]){ __VA_ARGS__ })

static void
test_no_object_or_no_instance(void **state)
{
	struct subject subject;

	(void)state;
	open_subject(&subject, FAKE_PORT, FAKE_RANDOM, 0);
	assert_int_equal(get(&subject, 0, NULL), READ_NO_OBJECT);
	assert_int_equal(GET(&subject, 1), READ_NO_OBJECT);
	assert_int_equal(GET(&subject, 1, 3), READ_NO_OBJECT);
	assert_int_equal(GET(&subject, 1, 3, 22), READ_NO_OBJECT);
	assert_int_equal(GET(&subject, 1, UINT32_MAX, 22), READ_NO_OBJECT);
	assert_int_equal(GET(&subject, 0, 2, 22), READ_NO_OBJECT);
	assert_int_equal(GET(&subject, 2, 2, 22), READ_NO_OBJECT);
	assert_int_equal(GET(&subject, 1, 2), READ_NO_INSTANCE);
	assert_int_equal(GET(&subject, 1, 2, 22), READ_NO_INSTANCE);
	assert_int_equal(GET(&subject, 1, 2, 65536 + 22), READ_NO_INSTANCE);
	close_subject(&subject);
}

static void
test_scalar_instances(void **state)
{
	static const struct fake_row row = { .value = 40, .holes = 1 << 1 };
	struct subject subject;

	(void)state;
	open_subject(&subject, FAKE_SCALARS, FAKE_RANDOM, 0);
	fake_source_set(&row, 1, 0);
	assert_int_equal(GET(&subject, 2, 0), READ_FOUND);
	assert_int_equal(GET(&subject, 2), READ_NO_INSTANCE);
	assert_int_equal(GET(&subject, 2, 1), READ_NO_INSTANCE);
	assert_int_equal(GET(&subject, 2, 0, 0), READ_NO_INSTANCE);
	assert_int_equal(GET(&subject, 7, 0), READ_NO_INSTANCE);
	assert_int_equal(GET(&subject, 3, 0), READ_NO_OBJECT);
	assert_int_equal(GET(&subject, 1, 2, 0), READ_NO_OBJECT);
	close_subject(&subject);
}

/* Duplicates by the thousand: the hidden ones are passed over, the lowest rank is shown. */
static void
test_identical_rows(void **state)
{
	struct subject subject;

	(void)state;
	open_subject(&subject, FAKE_CONNECTION, FAKE_IDENTICAL, 5000);
	assert_true(subject.instances.n <= FAKE_COLUMNS);
	check_walk(&subject, 0, SIZE_MAX);
	close_subject(&subject);
}

/* --- snapshots ------------------------------------------------------------------------ */

static uint32_t
next_value(struct reader *reader)
{
	struct instance instance;
	struct value value;

	assert_int_equal(
	    reader_next(reader, NULL, 0, false, &instance, &value), READ_FOUND);
	return value.number;
}

/* What begin took stays until end, whatever is read meanwhile. */
static void
test_one_snapshot_a_request(void **state)
{
	static const struct fake_row old = { .value = 10 }, new = { .value = 20 };
	struct collector *collector = collector_new(&freshness_default);
	struct reader *reader = reader_new(collector, &fake_tables[FAKE_PORT]);

	(void)state;
	collector_set_max_age(collector, "fake", 0);
	fake_source_set(&old, 1, 0);
	reader_begin(reader);
	assert_int_equal(next_value(reader), 10);
	fake_source_set(&new, 1, 0);
	assert_int_equal(next_value(reader), 10);
	reader_end(reader);
	reader_begin(reader);
	assert_int_equal(next_value(reader), 20);
	reader_end(reader);
	reader_free(reader);
	collector_free(collector);
}

/* A reader remembers where it was; the table behind it may shrink and change. */
static void
test_shrinking_table(void **state)
{
	struct subject subject;
	struct array fewer;

	(void)state;
	open_subject(&subject, FAKE_IPV4, FAKE_RANDOM, 1000);
	collector_set_max_age(subject.collector, "fake", 0);
	check_walk(&subject, 0, SIZE_MAX);
	for (size_t n = 20; n < 21; n--) {
		reader_end(subject.reader);
		fake_make_rows(&chance, FAKE_RANDOM, n, &fewer);
		fake_source_set(fewer.data, n, 0);
		array_free(&subject.instances);
		model_build(FAKE_IPV4, fewer.data, n, &subject.instances);
		reader_begin(subject.reader);
		check_random_oids(&subject, 20);
		check_walk(
		    &subject, subject.instances.n > 3 ? subject.instances.n - 3 : 0, 3);
		array_free(&fewer);
	}
	close_subject(&subject);
}

static void
test_no_data(void **state)
{
	struct subject subject;
	struct instance instance;
	struct value value;

	(void)state;
	open_subject(&subject, FAKE_PORT, FAKE_RANDOM, 0);
	fake_source_set(NULL, 0, -EIO);
	assert_int_equal(GET(&subject, 1, 2, 22), READ_NO_DATA);
	assert_int_equal(reader_next(subject.reader, NULL, 0, false, &instance, &value),
	    READ_NO_DATA);
	/* What does not exist at all needs no data. */
	assert_int_equal(GET(&subject, 1, 3, 22), READ_NO_OBJECT);
	reader_end(subject.reader);
	fake_source_set(NULL, 0, 0);
	reader_begin(subject.reader);
	assert_int_equal(GET(&subject, 1, 2, 22), READ_NO_INSTANCE);
	close_subject(&subject);
}

static void
test_room_for_tables(void **state)
{
	struct collector *collector = collector_new(&freshness_default);
	struct reader *readers[SNAPSHOT_VIEWS];
	struct table copies[SNAPSHOT_VIEWS + 1];

	(void)state;
	fake_source_set(NULL, 0, 0);
	for (int i = 0; i <= SNAPSHOT_VIEWS; i++)
		copies[i] = fake_tables[FAKE_PORT];
	for (int i = 0; i < SNAPSHOT_VIEWS; i++) {
		readers[i] = reader_new(collector, &copies[i]);
		assert_non_null(readers[i]);
	}
	assert_null(reader_new(collector, &copies[SNAPSHOT_VIEWS]));
	for (int i = 0; i < SNAPSHOT_VIEWS; i++)
		reader_free(readers[i]);
	reader_free(NULL);
	collector_free(collector);
}

/* Tables over one snapshot are built when they are asked for, each in its own order. */
static void
test_tables_over_one_source(void **state)
{
	struct collector *collector = collector_new(&freshness_default);
	struct subject subjects[FAKE_SCALARS];
	struct array rows;

	(void)state;
	fake_make_rows(&chance, FAKE_POOL, 500, &rows);
	fake_source_set(rows.data, rows.n, 0);
	for (enum fake_table table = 0; table < FAKE_SCALARS; table++) {
		subjects[table].reader = reader_new(collector, &fake_tables[table]);
		model_build(table, rows.data, rows.n, &subjects[table].instances);
	}
	for (enum fake_table table = 0; table < FAKE_SCALARS; table++) {
		reader_begin(subjects[table].reader);
		check_walk(&subjects[table], 0, SIZE_MAX);
		check_random_oids(&subjects[table], 50);
		reader_end(subjects[table].reader);
	}
	for (enum fake_table table = 0; table < FAKE_SCALARS; table++) {
		reader_free(subjects[table].reader);
		array_free(&subjects[table].instances);
	}
	collector_free(collector);
	array_free(&rows);
}

/* --- joins ---------------------------------------------------------------------------- */

static const struct source_kind joined_source;

static bool
read_joined(const struct cell *cell, struct value *ret)
{
	ret->number = cell->joined ? (uint32_t)cell->joined->base : 0;
	return true;
}

static bool
read_not_joined(const struct cell *cell, struct value *ret)
{
	ret->number = cell->joined != NULL;
	return true;
}

static int
read_nothing(struct reading *reading)
{
	reading->new->rows = ARRAY_OF(uint32_t);
	return 0;
}

static const struct source_kind joined_source = {
	.name = "joined",
	.max_age = 3600 * 1000,
	.base = &fake_source,
	.read = read_nothing,
};

static void
test_joins(void **state)
{
	static const struct column columns[] = {
		{ .number = 1, .type = VALUE_GAUGE32, .read = read_not_joined },
		{ .number = 2, .type = VALUE_GAUGE32, .read = read_joined, .joins = true },
	};
	static const uint32_t first[] = { 1, 1, 0 }, second[] = { 1, 2, 0 };
	static const struct fake_row row;
	struct table table = fake_tables[FAKE_PORT];
	struct collector *collector = collector_new(&freshness_default);
	struct reader *reader;
	struct value value;

	(void)state;
	table.columns = columns;
	table.n_columns = 2;
	table.join = &joined_source;
	fake_source_set(&row, 1, 0);
	reader = reader_new(collector, &table);
	collector_set_max_age(collector, "fake", 0);
	for (uint32_t generation = 1; generation < 4; generation++) {
		reader_begin(reader);
		assert_int_equal(reader_get(reader, first, 3, &value), READ_FOUND);
		assert_int_equal(value.number, 0);
		/* The second source knows the snapshot that the rows are from. */
		assert_int_equal(reader_get(reader, second, 3, &value), READ_FOUND);
		assert_int_equal(value.number, generation);
		reader_end(reader);
	}
	reader_set_joins(reader, false);
	assert_int_equal(reader_get(reader, second, 3, &value), READ_FOUND);
	assert_int_equal(value.number, 0);
	reader_end(reader);
	reader_set_joins(reader, true);
	assert_int_equal(reader_get(reader, second, 3, &value), READ_FOUND);
	assert_true(value.number > 0);
	reader_free(reader);
	collector_free(collector);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small_tables),
		cmocka_unit_test(test_large_tables),
		cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_no_object_or_no_instance),
		cmocka_unit_test(test_scalar_instances),
		cmocka_unit_test(test_identical_rows),
		cmocka_unit_test(test_one_snapshot_a_request),
		cmocka_unit_test(test_shrinking_table),
		cmocka_unit_test(test_no_data),
		cmocka_unit_test(test_room_for_tables),
		cmocka_unit_test(test_tables_over_one_source),
		cmocka_unit_test(test_joins),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
