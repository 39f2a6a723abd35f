// SPDX-License-Identifier: BSD-2-Clause
// Tests of the view: which rows, in which order, which are duplicates.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "helpers.h"
#include "table/view.h"

static struct random chance;

/* Checks the view of one table over rows against its definition. */
static void
check_view(enum fake_table table, const struct array *rows)
{
	struct snapshot snapshot = { .rows = *rows };
	size_t shown = 0, duplicates = 0;
	uint8_t *met = calloc(rows->n + 1, 1);
	uint32_t subid[OID_MAX];
	struct view view;

	assert_int_equal(view_build(&fake_tables[table], &snapshot, &view), 0);
	assert_true(view.built);
	for (size_t i = 0; i < rows->n; i++)
		shown += !((struct fake_row *)array_at(rows, i))->hidden;
	assert_int_equal(view.order.n, shown);
	for (size_t i = 0; i < view.order.n; i++) {
		const struct fake_row *row = table_row(&snapshot, &view, i);
		bool duplicate = table_is_duplicate(&view, i);
		struct index_key key;
		int order;

		assert_false(row->hidden);
		assert_int_equal(met[row->value / 16]++, 0);
		assert_true(i > 0 || !duplicate);
		duplicates += duplicate;
		if (i == 0)
			continue;
		/* Against the row before: behind it, or the same index and marked. */
		table_key(&fake_tables[table], &snapshot, row, &key);
		order = model_compare(key.subid, key.n, subid,
		    model_index(table, table_row(&snapshot, &view, i - 1), subid));
		assert_int_equal(order, duplicate ? 0 : 1);
	}
	assert_int_equal(view.duplicates, duplicates);
	array_free(&view.order);
	free(met);
}

/* The row that stands for a run of duplicates is the preferred one. */
static void
check_preferred(enum fake_table table, const struct array *rows)
{
	struct snapshot snapshot = { .rows = *rows };
	const struct fake_row *first = NULL;
	struct view view;

	assert_int_equal(view_build(&fake_tables[table], &snapshot, &view), 0);
	for (size_t i = 0; i < view.order.n; i++) {
		const struct fake_row *row = table_row(&snapshot, &view, i);

		if (!table_is_duplicate(&view, i))
			first = row;
		else
			assert_true(first->rank < row->rank);
	}
	array_free(&view.order);
}

static void
check_size(size_t n)
{
	struct array rows;

	for (enum fake_style style = 0; style < FAKE_STYLES; style++) {
		fake_make_rows(&chance, style, n, &rows);
		for (enum fake_table table = 0; table < FAKE_SCALARS; table++) {
			check_view(table, &rows);
			check_preferred(table, &rows);
		}
		array_free(&rows);
	}
}

/* Around the size from which runs are distributed rather than inserted. */
static void
test_small(void **state)
{
	(void)state;
	for (size_t n = 0; n < 80; n++)
		check_size(n);
}

static void
test_random_sizes(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++)
		check_size(random_below(&chance, 5000));
}

/* All rows have the same first octets, and differ in the last ones only. */
static void
test_common_prefix(void **state)
{
	struct array rows;

	(void)state;
	fake_make_rows(&chance, FAKE_ONE_LOCAL, 5000, &rows);
	check_view(FAKE_CONNECTION, &rows);
	check_preferred(FAKE_CONNECTION, &rows);
	array_free(&rows);
}

static void
test_scalars(void **state)
{
	struct array rows;
	struct snapshot snapshot = { .generation = 1 };
	struct view view;

	(void)state;
	fake_make_rows(&chance, FAKE_RANDOM, 1, &rows);
	snapshot.rows = rows;
	assert_int_equal(view_build(&fake_tables[FAKE_SCALARS], &snapshot, &view), 0);
	assert_int_equal(view.order.n, 1);
	assert_false(table_is_duplicate(&view, 0));
	array_free(&view.order);
	array_free(&rows);
}

static void
test_too_many_rows(void **state)
{
	struct snapshot snapshot = { .rows = {
					 .n = (size_t)VIEW_ROWS_MAX + 1, .size = 1 } };
	struct view view = { .duplicates = 17 };

	(void)state;
	assert_int_equal(view_build(&fake_tables[FAKE_PORT], &snapshot, &view), -EOVERFLOW);
	assert_int_equal(view.duplicates, 17);
	assert_false(view.built);
}

/* A table that shows all and does not care which of two rows stands for both. */
static void
test_without_callbacks(void **state)
{
	struct table table = fake_tables[FAKE_PORT];
	struct snapshot snapshot = { .generation = 1 };
	struct view view;
	struct array rows;

	(void)state;
	table.shows = NULL;
	table.prefers = NULL;
	fake_make_rows(&chance, FAKE_IDENTICAL, 1000, &rows);
	snapshot.rows = rows;
	assert_int_equal(view_build(&table, &snapshot, &view), 0);
	assert_int_equal(view.order.n, 1000);
	assert_int_equal(view.duplicates, 999);
	assert_false(table_is_duplicate(&view, 0));
	array_free(&view.order);
	array_free(&rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_random_sizes),
		cmocka_unit_test(test_common_prefix),
		cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_too_many_rows),
		cmocka_unit_test(test_without_callbacks),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
