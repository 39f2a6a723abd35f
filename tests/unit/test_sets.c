// SPDX-License-Identifier: BSD-2-Clause
// Tests of several sets of rows of one reading, and of tables that go on others (AUGMENTS).
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "checks.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static struct random chance;

/* --- a source of three kinds of rows
 * ------------------------------------------------------------- */

struct first {
	uint32_t index, value;
};

struct second {
	uint16_t value, index;
};

struct third {
	uint64_t value;
};

/* What is read: first rows, with odd indexes; a second one for each of three of them; the
 * third has always one row, which tells how often there was a reading. */
static struct {
	size_t n;
	int error;
	uint64_t reads;
} made_up;

static int
read_sets(struct reading *reading)
{
	struct snapshot *new = reading->new;
	struct third *third;

	new->rows = ARRAY_OF(struct first);
	new->more[0] = ARRAY_OF(struct second);
	new->more[1] = ARRAY_OF(struct third);
	for (uint32_t i = 0; i < made_up.n; i++) {
		/* Not in order. */
		uint32_t index = 1 + 2 * (i * 7919 % (uint32_t)made_up.n);
		struct first *first = array_append(&new->rows, 1);

		*first = (struct first){ index, index * 10 };
		if (index % 3 == 0)
			*(struct second *)array_append(&new->more[0],
			    1) = (struct second){ (uint16_t)(index / 3), (uint16_t)index };
	}
	third = array_append(&new->more[1], 1);
	third->value = ++made_up.reads;
	return made_up.error;
}

static const struct source_kind kind = {
	.name = "sets", .max_age = 1000000, .read = read_sets
};

static uint32_t
first_index(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct first *)row)->index;
}

static uint32_t
second_index(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct second *)row)->index;
}

static bool
read_first(const struct cell *cell, struct value *ret)
{
	ret->number = ((const struct first *)cell->row)->value + cell->column->argument;
	/* Holes, in the table that goes on the other. */
	return cell->column->argument < 2 ||
	    ((const struct first *)cell->row)->index % 5 != 0;
}

static bool
read_second(const struct cell *cell, struct value *ret)
{
	ret->number = ((const struct second *)cell->row)->value;
	return true;
}

static bool
read_third(const struct cell *cell, struct value *ret)
{
	ret->counter64 = ((const struct third *)cell->row)->value;
	return true;
}

static bool
read_count(const struct cell *cell, struct value *ret)
{
	assert_null(cell->row);
	ret->number = (uint32_t)(cell->view->order.n - cell->view->duplicates);
	return true;
}

static const struct index_part first_parts[] = {
	{ .kind = INDEX_UINT32, .number = first_index },
};
static const struct index_part second_parts[] = {
	{ .kind = INDEX_UINT32, .number = second_index },
};

#define GAUGE(arc, function, number_to_add) \
	{ \
		.number = (arc), .name = "gauge", .type = VALUE_GAUGE32, \
		.read = (function), .argument = (number_to_add) \
	}

static const struct column base_columns[] = {
	GAUGE(1, read_first, 0),
	GAUGE(2, read_first, 1),
};
static const struct column more_columns[] = {
	GAUGE(3, read_first, 2),
	GAUGE(4, read_first, 3),
};
static const struct column second_columns[] = { GAUGE(1, read_second, 0) };
static const struct column third_columns[] = {
	{ .number = 5, .name = "reads", .type = VALUE_COUNTER64, .read = read_third },
};
static const struct column count_columns[] = { GAUGE(6, read_count, 0) };

static const uint32_t root[] = { 1, 3, 6, 1, 4, 1, 8072, 9995 };

#define TABLE(set_of, parts, n_parts, all) \
	.name = "table", .root = root, .root_length = LENGTH(root), .source = &kind, \
	.set = (set_of), .index = (parts), .n_index = (n_parts), .columns = (all), \
	.n_columns = LENGTH(all)

static const struct table base = { TABLE(0, first_parts, 1, base_columns) };
static const struct table more = { TABLE(0, first_parts, 1, more_columns),
	.augments = &base };
static const struct table second = { TABLE(1, second_parts, 1, second_columns) };
static const struct table third = { TABLE(2, NULL, 0, third_columns), .scalars = true };
static const struct table count_of_first = { TABLE(0, NULL, 0, count_columns),
	.scalars = true, .counted = &base };
static const struct table count_of_second = { TABLE(0, NULL, 0, count_columns),
	.scalars = true, .counted = &second };

/* --- helpers
 * ------------------------------------------------------------------------------------ */

static struct collector *collector;

static int
start(void **state)
{
	(void)state;
	memset(&made_up, 0, sizeof(made_up));
	collector = collector_new(&freshness_default);
	return collector ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	collector_free(collector);
	return 0;
}

static struct reader *
open_reader(const struct table *table)
{
	struct reader *reader = reader_new(collector, table);

	assert_non_null(reader);
	assert_ptr_equal(reader_table(reader), table);
	return reader;
}

/* The next instance is 1.column.index, with this value; GET agrees. */
static void
step(struct reader *reader, struct instance *instance, uint32_t column, uint32_t index,
    uint32_t number)
{
	struct value value;

	assert_int_equal(
	    reader_next(reader, instance->subid, instance->n, false, instance, &value),
	    READ_FOUND);
	assert_int_equal(instance->n, 3);
	assert_int_equal(instance->subid[0], 1);
	assert_int_equal(instance->subid[1], column);
	assert_int_equal(instance->subid[2], index);
	assert_int_equal(value.type, VALUE_GAUGE32);
	assert_int_equal(value.number, number);
	value.number = ~number;
	assert_int_equal(
	    reader_get(reader, instance->subid, instance->n, &value), READ_FOUND);
	assert_int_equal(value.number, number);
}

static void
ends(struct reader *reader, struct instance *instance)
{
	struct value value;

	assert_int_equal(
	    reader_next(reader, instance->subid, instance->n, false, instance, &value),
	    READ_END);
}

/* Walks the first rows, in a table with two columns from this one on, of value + argument;
 * the rows with a hole are passed over. */
static void
walk_first(const struct table *table, uint32_t column, uint32_t argument)
{
	struct reader *reader = open_reader(table);
	struct instance instance = { 0 };

	reader_begin(reader);
	for (uint32_t i = 0; i < 2; i++)
		for (uint32_t index = 1; index < 2 * made_up.n; index += 2)
			if (argument < 2 || index % 5 != 0)
				step(reader, &instance, column + i, index,
				    index * 10 + argument + i);
	ends(reader, &instance);
	reader_free(reader);
}

static void
walk_second(void)
{
	struct reader *reader = open_reader(&second);
	struct instance instance = { 0 };

	reader_begin(reader);
	for (uint32_t index = 3; index < 2 * made_up.n; index += 6)
		step(reader, &instance, 1, index, index / 3);
	ends(reader, &instance);
	reader_free(reader);
}

/* The value of a scalar. */
static struct value
scalar(const struct table *table)
{
	const uint32_t subid[] = { table->columns[0].number, 0 };
	struct reader *reader = open_reader(table);
	struct instance instance;
	struct value value = { 0 }, next = { 0 };

	reader_begin(reader);
	assert_int_equal(reader_get(reader, subid, 2, &value), READ_FOUND);
	assert_int_equal(reader_next(reader, NULL, 0, false, &instance, &next), READ_FOUND);
	assert_int_equal(instance.n, 2);
	assert_memory_equal(instance.subid, subid, sizeof(subid));
	assert_memory_equal(&next, &value, sizeof(value));
	ends(reader, &instance);
	reader_free(reader);
	return value;
}

/* --- tests
 * -------------------------------------------------------------------------------------- */

static void
test_sets(void **state)
{
	static const size_t sizes[] = { 0, 1, 2, 3, 30, 1000 };

	for (size_t i = 0; i < LENGTH(sizes); i++) {
		stop(state);
		start(state);
		made_up.n = sizes[i];
		/* In any order: of each table the view is built when it is asked for. */
		if (i % 2)
			walk_second();
		walk_first(&base, 1, 0);
		walk_first(&more, 3, 2);
		walk_second();
		assert_int_equal(scalar(&count_of_first).number, sizes[i]);
		assert_int_equal(scalar(&count_of_second).number, (sizes[i] + 1) / 3);
		assert_true(scalar(&third).counter64 == made_up.reads);
	}
}

/* A table that goes on another has its view: there is no room for so many of its own, and
 * nothing more to build. */
static void
test_augments_share_the_view(void **state)
{
	struct table copies[3 * SNAPSHOT_VIEWS];
	struct reader *readers[3 * SNAPSHOT_VIEWS];

	(void)state;
	made_up.n = 20;
	for (size_t i = 0; i < LENGTH(copies); i++) {
		copies[i] = more;
		readers[i] = open_reader(&copies[i]);
	}
	walk_first(&base, 1, 0);
	for (size_t i = 0; i < LENGTH(copies); i++)
		walk_first(&copies[i], 3, 2);
	assert_true(made_up.reads == 1);
	for (size_t i = 0; i < LENGTH(copies); i++)
		reader_free(readers[i]);
}

/* Asked for alone: the other one need not be served. */
static void
test_augments_alone(void **state)
{
	(void)state;
	made_up.n = 20;
	walk_first(&more, 3, 2);
	assert_true(made_up.reads == 1);
	walk_first(&base, 1, 0);
	assert_true(made_up.reads == 1);
}

/* All tables of one request tell of one reading. */
static void
test_one_reading(void **state)
{
	(void)state;
	made_up.n = 5;
	assert_non_null(collector_source(collector, &kind));
	collector_set_max_age(collector, "sets", 0);
	for (uint64_t i = 1; i < 5; i++)
		assert_true(scalar(&third).counter64 == i);
	collector_set_max_age(collector, "sets", 1000000);
	made_up.n = 7;
	assert_true(scalar(&third).counter64 == 4);
	/* Nobody has asked for this one yet, so its view is not there. */
	assert_int_equal(scalar(&count_of_first).number, 7);
	assert_true(scalar(&third).counter64 == 5);
}

/* Of a reading that fails nothing is kept, in no set. */
static void
test_failed_reading(void **state)
{
	struct reader *reader;
	struct value value;
	static const uint32_t subid[] = { 5, 0 };

	(void)state;
	made_up.n = 1000;
	made_up.error = -ENOBUFS;
	reader = open_reader(&third);
	assert_int_equal(reader_get(reader, subid, 2, &value), READ_NO_DATA);
	reader_free(reader);
	made_up.error = 0;
	made_up.n = 4;
	assert_int_equal(scalar(&count_of_first).number, 4);
	assert_int_equal(scalar(&count_of_second).number, 1);
}

/* Any OID, in the table that goes on the other and has holes. */
static void
test_any_oid(void **state)
{
	struct array instances = ARRAY_OF(struct model_instance);

	(void)state;
	made_up.n = 100;
	for (uint32_t column = 3; column <= 4; column++) {
		for (uint32_t index = 1; index < 200; index += 2) {
			struct model_instance *one;

			if (index % 5 == 0)
				continue;
			one = array_append(&instances, 1);
			one->name = (struct instance){ 3, { 1, column, index } };
			one->value = index * 10 + column - 1;
		}
	}
	model_check_any_oid(&more, &instances, &chance, 20000);
	array_free(&instances);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sets),
		TEST(test_augments_share_the_view),
		TEST(test_augments_alone),
		TEST(test_one_reading),
		TEST(test_failed_reading),
		TEST(test_any_oid),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
