// SPDX-License-Identifier: BSD-2-Clause
// Tests of scalars that say how many rows a table has.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "helpers.h"

static struct random chance;

static bool
read_count(const struct cell *cell, struct value *ret)
{
	assert_null(cell->row);
	assert_non_null(cell->view);
	ret->number = (uint32_t)(cell->view->order.n - cell->view->duplicates);
	return true;
}

static const struct column number[] = {
	{ .number = 3, .name = "number", .type = VALUE_GAUGE32, .read = read_count },
};

static const uint32_t root[] = { 1, 3, 6, 1, 4, 1, 8072, 9998 };

#define COUNTED(table) \
	{ \
		.name = "number", .group = "fake", .root = root, \
		.root_length = sizeof(root) / sizeof(root[0]), .scalars = true, \
		.source = &fake_source, .counted = &fake_tables[table], .columns = number, \
		.n_columns = 1, \
	}

static const struct table counts[] = {
	[FAKE_CONNECTION] = COUNTED(FAKE_CONNECTION),
	[FAKE_IPV4] = COUNTED(FAKE_IPV4),
	[FAKE_ENDPOINT] = COUNTED(FAKE_ENDPOINT),
	[FAKE_PORT] = COUNTED(FAKE_PORT),
	[FAKE_STATION] = COUNTED(FAKE_STATION),
};

#define COUNTS 5

/* How many different indexes the rows that are shown have, by comparing all with all. */
static uint32_t
count_slowly(enum fake_table table, const struct array *rows)
{
	uint32_t(*subid)[OID_MAX] = calloc(rows->n + 1, sizeof(*subid)), found = 0;
	size_t length[300];

	for (size_t i = 0; i < rows->n; i++) {
		const struct fake_row *row = array_at(rows, i);
		uint32_t k = 0;

		if (row->hidden)
			continue;
		length[found] = model_index(table, row, subid[found]);
		while (model_compare(subid[k], length[k], subid[found], length[found]) != 0)
			k++;
		found += k == found;
	}
	free(subid);
	return found;
}

static void
is_count(struct reader *reader, uint32_t count)
{
	static const uint32_t subid[] = { 3, 0 };
	struct instance instance;
	struct value value;

	reader_begin(reader);
	assert_int_equal(reader_get(reader, subid, 2, &value), READ_FOUND);
	assert_int_equal(value.type, VALUE_GAUGE32);
	assert_int_equal(value.number, count);
	assert_int_equal(
	    reader_next(reader, NULL, 0, false, &instance, &value), READ_FOUND);
	assert_int_equal(instance.n, 2);
	assert_memory_equal(instance.subid, subid, sizeof(subid));
	assert_int_equal(value.number, count);
	assert_int_equal(reader_next(reader, subid, 2, false, &instance, &value), READ_END);
	assert_int_equal(
	    reader_next(reader, subid, 2, true, &instance, &value), READ_FOUND);
	reader_end(reader);
}

static void
test_counts(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++) {
		enum fake_style style = (enum fake_style)(i % FAKE_STYLES);
		struct collector *collector = collector_new(&freshness_default);
		struct array rows;

		fake_make_rows(&chance, style, random_below(&chance, 200), &rows);
		fake_source_set(rows.data, rows.n, 0);
		for (enum fake_table table = 0; table < COUNTS; table++) {
			struct reader *reader = reader_new(collector, &counts[table]);

			assert_non_null(reader);
			is_count(reader, count_slowly(table, &rows));
			reader_free(reader);
		}
		collector_free(collector);
		array_free(&rows);
	}
}

/* There is no row, but the scalar is there. */
static void
test_no_rows(void **state)
{
	struct collector *collector = collector_new(&freshness_default);
	struct reader *reader = reader_new(collector, &counts[FAKE_PORT]);

	(void)state;
	fake_source_set(NULL, 0, 0);
	is_count(reader, 0);
	reader_free(reader);
	collector_free(collector);
}

/* Many scalars may count one table: they share its view. */
static void
test_share_a_view(void **state)
{
	struct collector *collector = collector_new(&freshness_default);
	const struct fake_row rows[3] = { { .local_port = 1 }, { .local_port = 2 },
		{ .local_port = 1, .rank = 1 } };
	struct table copies[3 * SNAPSHOT_VIEWS];
	struct reader *readers[3 * SNAPSHOT_VIEWS];

	(void)state;
	fake_source_set(rows, 3, 0);
	for (size_t i = 0; i < 3 * SNAPSHOT_VIEWS; i++) {
		copies[i] = counts[FAKE_PORT];
		readers[i] = reader_new(
		    collector, i == 0 ? &fake_tables[FAKE_PORT] : &copies[i]);
		assert_non_null(readers[i]);
	}
	for (size_t i = 1; i < 3 * SNAPSHOT_VIEWS; i++)
		is_count(readers[i], 2);
	for (size_t i = 0; i < 3 * SNAPSHOT_VIEWS; i++)
		reader_free(readers[i]);
	collector_free(collector);
}

static void
test_any_oid(void **state)
{
	struct collector *collector = collector_new(&freshness_default);
	struct reader *reader = reader_new(collector, &counts[FAKE_PORT]);
	struct array instances = ARRAY_OF(struct model_instance);
	struct model_instance *one = array_append(&instances, 1);
	struct instance instance;
	struct value value;
	uint32_t subid[OID_MAX];

	(void)state;
	one->name = (struct instance){ .n = 2, .subid = { 3, 0 } };
	fake_source_set(NULL, 0, 0);
	for (int i = 0; i < 20000; i++) {
		size_t n = model_random_oid(&chance, &instances, subid);
		bool inclusive = random_below(&chance, 2);
		bool behind = model_after(&instances, subid, n, inclusive) == 0;
		enum read_result result;

		reader_begin(reader);
		assert_int_equal(
		    reader_next(reader, subid, n, inclusive, &instance, &value),
		    behind ? READ_FOUND : READ_END);
		result = reader_get(reader, subid, n, &value);
		reader_end(reader);
		if (n == 0 || subid[0] != 3)
			assert_int_equal(result, READ_NO_OBJECT);
		else
			assert_int_equal(result,
			    n == 2 && subid[1] == 0 ? READ_FOUND : READ_NO_INSTANCE);
	}
	array_free(&instances);
	reader_free(reader);
	collector_free(collector);
}

static void
test_no_data(void **state)
{
	static const uint32_t subid[] = { 3, 0 };
	struct collector *collector = collector_new(&freshness_default);
	struct reader *reader = reader_new(collector, &counts[FAKE_PORT]);
	struct instance instance;
	struct value value;

	(void)state;
	fake_source_set(NULL, 0, -EIO);
	reader_begin(reader);
	assert_int_equal(reader_get(reader, subid, 2, &value), READ_NO_DATA);
	assert_int_equal(
	    reader_next(reader, NULL, 0, false, &instance, &value), READ_NO_DATA);
	reader_end(reader);
	reader_free(reader);
	collector_free(collector);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_no_rows),
		cmocka_unit_test(test_share_a_view),
		cmocka_unit_test(test_any_oid),
		cmocka_unit_test(test_no_data),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
