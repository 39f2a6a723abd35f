// SPDX-License-Identifier: BSD-2-Clause
// What tests of tables check alike.
#include "checks.h"

#include <stdarg.h>
#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

static void
is_instance(const struct model_instance *expected, const struct instance *instance,
    const struct value *value)
{
	assert_int_equal(instance->n, expected->name.n);
	assert_memory_equal(
	    instance->subid, expected->name.subid, instance->n * sizeof(uint32_t));
	assert_int_equal(value->number, expected->value);
}

void
model_check_walk(const struct table *table, const struct array *instances)
{
	struct collector *collector = collector_new(&freshness_default);
	struct reader *reader = reader_new(collector, table);
	struct instance instance = { 0 };
	struct value value;

	reader_begin(reader);
	for (size_t i = 0; i < instances->n; i++) {
		assert_int_equal(reader_next(reader, instance.subid, instance.n, false,
				     &instance, &value),
		    READ_FOUND);
		is_instance(array_at(instances, i), &instance, &value);
	}
	assert_int_equal(
	    reader_next(reader, instance.subid, instance.n, false, &instance, &value),
	    READ_END);
	reader_end(reader);
	reader_free(reader);
	collector_free(collector);
}

static void
check_oid(struct reader *reader, const struct array *instances, const uint32_t *subid,
    size_t n, bool inclusive)
{
	size_t after = model_after(instances, subid, n, inclusive);
	size_t at = model_after(instances, subid, n, true);
	const struct model_instance *expected;
	struct instance instance;
	struct value value;
	bool found;

	assert_int_equal(reader_next(reader, subid, n, inclusive, &instance, &value),
	    after < instances->n ? READ_FOUND : READ_END);
	if (after < instances->n)
		is_instance(array_at(instances, after), &instance, &value);
	expected = array_at(instances, at < instances->n ? at : 0);
	found = at < instances->n &&
	    model_compare(expected->name.subid, expected->name.n, subid, n) == 0;
	assert_int_equal(reader_get(reader, subid, n, &value) == READ_FOUND, found);
}

void
model_check_any_oid(const struct table *table, const struct array *instances,
    struct random *random, unsigned times)
{
	struct collector *collector = collector_new(&freshness_default);
	struct reader *reader = reader_new(collector, table);
	uint32_t subid[OID_MAX];

	for (unsigned i = 0; i < times; i++) {
		bool inclusive = random_below(random, 2);
		size_t n = model_random_oid(random, instances, subid);

		reader_begin(reader);
		check_oid(reader, instances, subid, n, inclusive);
		reader_end(reader);
	}
	reader_free(reader);
	collector_free(collector);
}

void
check_index(const struct table *table, const struct snapshot *snapshot, const void *row,
    const uint32_t *subid, size_t n)
{
	struct index_key key;

	table_key(table, snapshot, row, &key);
	assert_int_equal(key.n, n);
	assert_memory_equal(key.subid, subid, n * sizeof(*subid));
}

bool
check_column(const struct table *table, const struct snapshot *snapshot,
    const struct view *view, size_t position, uint32_t number, struct value *ret)
{
	for (size_t i = 0; i < table->n_columns; i++) {
		struct cell cell = {
			.snapshot = snapshot,
			.view = view,
			.position = position,
			.column = &table->columns[i],
		};

		if (cell.column->number != number)
			continue;
		if (!table->counted)
			cell.row = table_row(snapshot, view, position);
		memset(ret, 0xff, sizeof(*ret));
		ret->type = cell.column->type;
		return cell.column->read(&cell, ret);
	}
	fail_msg("%s has no column %u", table->name, number);
	return false;
}
