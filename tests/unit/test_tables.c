// SPDX-License-Identifier: BSD-2-Clause
// Tests of the list of all tables: its order, its groups, and that all of it can be served.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "helpers.h"
#include "mib/sources.h"
#include "mib/tables.h"
#include "walk.h"

static size_t
count_tables(void)
{
	size_t n = 0;

	while (tables_all[n])
		n++;
	return n;
}

/* The OID of the first object. */
static size_t
first_object(const struct table *table, uint32_t *subid)
{
	memcpy(subid, table->root, table->root_length * sizeof(*subid));
	subid[table->root_length] = table->scalars ? table->columns[0].number : 1;
	return table->root_length + 1;
}

static void
test_order(void **state)
{
	(void)state;
	for (size_t i = 1; tables_all[i]; i++) {
		uint32_t before[OID_MAX], subid[OID_MAX];
		size_t n_before = first_object(tables_all[i - 1], before);
		size_t n = first_object(tables_all[i], subid);

		if (model_compare(before, n_before, subid, n) >= 0)
			fail_msg("%s is not behind %s", tables_all[i]->name,
			    tables_all[i - 1]->name);
	}
}

static void
test_columns(void **state)
{
	(void)state;
	for (const struct table *const *table = tables_all; *table; table++) {
		assert_true((*table)->n_columns > 0);
		assert_int_equal((*table)->scalars, (*table)->n_index == 0);
		for (size_t i = 0; i < (*table)->n_columns; i++) {
			const struct column *column = &(*table)->columns[i];

			assert_non_null(column->name);
			assert_non_null(column->read);
			assert_true(i == 0 || column->number > column[-1].number);
		}
	}
}

/* Names are what -p takes. */
static void
test_names(void **state)
{
	(void)state;
	for (size_t i = 0; tables_all[i]; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(tables_all[i]->name, tables_all[k]->name);
}

/* The first of each group, and no other; they are told in this order. */
static void
test_groups(void **state)
{
	static const char *const groups[] = { "interface", "ip", "route", "tcp", "udp" };
	size_t n = 0;

	(void)state;
	for (const struct table *const *table = tables_all; *table; table++) {
		bool known = false;

		for (size_t i = 0; i < n; i++)
			known = known || strcmp(groups[i], (*table)->group) == 0;
		assert_int_equal(tables_begin_group(table), !known);
		if (known)
			continue;
		assert_true(n < sizeof(groups) / sizeof(groups[0]));
		assert_string_equal((*table)->group, groups[n++]);
	}
	assert_int_equal(n, sizeof(groups) / sizeof(groups[0]));
}

static bool
is_listed(const struct source_kind *kind)
{
	for (const struct source_kind *const *source = sources_all; *source; source++)
		if (strcmp((*source)->name, kind->name) == 0)
			return true;
	return false;
}

/* A table that goes on another has its rows and its INDEX. */
static void
test_augments(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct table *const *table = tables_all; *table; table++) {
		const struct table *base = (*table)->augments;

		assert_true(is_listed((*table)->source));
		assert_true(!(*table)->join || is_listed((*table)->join));
		assert_true((*table)->set <= SNAPSHOT_MORE);
		if (!base)
			continue;
		n++;
		assert_ptr_equal((*table)->source, base->source);
		assert_int_equal((*table)->set, base->set);
		assert_ptr_equal((*table)->index, base->index);
		assert_int_equal((*table)->n_index, base->n_index);
		assert_null(base->augments);
	}
	assert_int_equal(n, 1);
}

/* There is room for readers of all of them in one collector, and for a walk. */
static void
test_room(void **state)
{
	struct collector *collector = collector_new(&freshness_default);
	struct reader *readers[WALK_READERS_MAX];
	size_t n = count_tables();

	(void)state;
	assert_in_range(n, 1, WALK_READERS_MAX);
	for (size_t i = 0; i < n; i++) {
		readers[i] = reader_new(collector, tables_all[i]);
		assert_non_null(readers[i]);
	}
	for (size_t i = 0; i < n; i++)
		reader_free(readers[i]);
	collector_free(collector);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_augments),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
