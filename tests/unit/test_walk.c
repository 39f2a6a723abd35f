// SPDX-License-Identifier: BSD-2-Clause
// Tests of printing a walk.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "helpers.h"
#include "walk.h"

/* Prints tables into text that the caller frees. Returns walk_print()'s result. */
static int
print(const struct table *const *tables, size_t n, char **ret_text)
{
	struct collector *collector = collector_new(&freshness_default);
	struct reader *readers[4];
	size_t size;
	FILE *out = open_memstream(ret_text, &size);
	int error;

	for (size_t i = 0; i < n; i++) {
		readers[i] = reader_new(collector, tables[i]);
		assert_non_null(readers[i]);
	}
	error = walk_print(readers, n, out);
	fclose(out);
	for (size_t i = 0; i < n; i++)
		reader_free(readers[i]);
	collector_free(collector);
	return error;
}

/* Prints scalars below .1.3 and another number; the caller frees the text. */
static char *
print_scalars(uint32_t below, const struct column *columns, size_t n)
{
	const uint32_t root[] = { 1, 3, below };
	static const struct fake_row row;
	struct table table = fake_tables[FAKE_SCALARS];
	const struct table *tables[] = { &table };
	char *text;

	table.root = root;
	table.root_length = 3;
	table.columns = columns;
	table.n_columns = n;
	fake_source_set(&row, 1, 0);
	assert_int_equal(print(tables, 1, &text), 0);
	return text;
}

static bool
read_type(const struct cell *cell, struct value *ret)
{
	switch (cell->column->type) {
	case VALUE_INTEGER:
		ret->integer = -2147483647 - 1;
		break;
	case VALUE_COUNTER64:
		ret->counter64 = UINT64_MAX;
		break;
	default:
		ret->number = cell->column->type == VALUE_IPADDRESS ? 0xc0000281
								    : UINT32_MAX;
	}
	return cell->column->number != 9;
}

static void
test_types(void **state)
{
	static const struct column columns[] = {
		{ .number = 1, .type = VALUE_INTEGER, .read = read_type },
		{ .number = 2, .type = VALUE_COUNTER32, .read = read_type },
		{ .number = 3, .type = VALUE_GAUGE32, .read = read_type },
		{ .number = 4, .type = VALUE_COUNTER64, .read = read_type },
		{ .number = 5, .type = VALUE_IPADDRESS, .read = read_type },
		{ .number = 9, .type = VALUE_GAUGE32, .read = read_type },
	};
	char *text;

	(void)state;
	text = print_scalars(UINT32_MAX, columns, 6);
	assert_string_equal(text,
	    ".1.3.4294967295.1.0 = INTEGER: -2147483648\n"
	    ".1.3.4294967295.2.0 = Counter32: 4294967295\n"
	    ".1.3.4294967295.3.0 = Gauge32: 4294967295\n"
	    ".1.3.4294967295.4.0 = Counter64: 18446744073709551615\n"
	    ".1.3.4294967295.5.0 = IpAddress: 192.0.2.129\n");
	free(text);
}

#define OCTETS(text) \
	{ \
		(const uint8_t *)(text), sizeof(text) - 1 \
	}

/* Octets and what is printed of them, as snmpwalk -On prints them. */
static const struct {
	struct octets octets;
	const char *text;
} strings[] = {
	{ { NULL, 0 }, "\"\"" },
	{ OCTETS("eth0"), "STRING: \"eth0\"" },
	{ OCTETS(" "), "STRING: \" \"" },
	{ OCTETS("~!"), "STRING: \"~!\"" },
	{ OCTETS("say \"no\""), "STRING: \"say \\\"no\\\"\"" },
	{ OCTETS("a\\b\\"), "STRING: \"a\\\\b\\\\\"" },
	{ OCTETS("tab\there"), "STRING: \"tab\there\"" },
	{ OCTETS("\2\0\0\0\0\1"), "Hex-STRING: 02 00 00 00 00 01 " },
	{ OCTETS("\0"), "Hex-STRING: 00 " },
	{ OCTETS("eth0\0"), "Hex-STRING: 65 74 68 30 00 " },
	{ OCTETS("\303\274"), "Hex-STRING: C3 BC " },
	{ OCTETS("\177"), "Hex-STRING: 7F " },
	{ OCTETS("\33[31m"), "Hex-STRING: 1B 5B 33 31 6D " },
};

#define STRINGS (sizeof(strings) / sizeof(strings[0]))

static bool
read_string(const struct cell *cell, struct value *ret)
{
	ret->octets = strings[cell->column->argument].octets;
	return true;
}

/* By scalars, one a string. */
static void
test_octets(void **state)
{
	struct column columns[STRINGS];
	char *text, *line;

	(void)state;
	for (unsigned i = 0; i < STRINGS; i++)
		columns[i] = (struct column){
			.number = i + 1,
			.type = VALUE_OCTETS,
			.read = read_string,
			.argument = i,
		};
	line = text = print_scalars(5, columns, STRINGS);
	for (unsigned i = 0; i < STRINGS; i++) {
		char expected[128];
		size_t n = (size_t)snprintf(expected, sizeof(expected),
		    ".1.3.5.%u.0 = %s\n", i + 1, strings[i].text);

		assert_true(strlen(line) >= n);
		assert_memory_equal(line, expected, n);
		line += n;
	}
	assert_string_equal(line, "");
	free(text);
}

static bool
read_moment(const struct cell *cell, struct value *ret)
{
	ret->moment = cell->column->number == 1 ? 0 : monotonic_now();
	return true;
}

/* Without an agent there is no sysUpTime that they could be told in: all are of before. */
static void
test_moments(void **state)
{
	static const struct column columns[] = {
		{ .number = 1, .type = VALUE_TIMETICKS, .read = read_moment },
		{ .number = 2, .type = VALUE_TIMETICKS, .read = read_moment },
	};
	char *text;

	(void)state;
	text = print_scalars(5, columns, 2);
	assert_string_equal(text,
	    ".1.3.5.1.0 = Timeticks: (0) 0:00:00.00\n"
	    ".1.3.5.2.0 = Timeticks: (0) 0:00:00.00\n");
	free(text);
}

/* Scalars stand before and behind a table of the same parent. */
static void
test_in_order_of_oids(void **state)
{
	static const uint32_t parent[] = { 1, 5 }, inner[] = { 1, 5, 7 };
	static const struct fake_row rows[] = {
		{ .local_port = 9, .value = 90, .rank = 1 },
		{ .local_port = 3, .value = 30, .rank = 2 },
		{ .local_port = 9, .value = 70, .rank = 0, .holes = 1 << 1 },
	};
	struct table scalars = fake_tables[FAKE_SCALARS], ports = fake_tables[FAKE_PORT];
	const struct table *tables[] = { &ports, &scalars };
	struct column columns[2] = { scalars.columns[0], scalars.columns[2] };
	char *text;

	(void)state;
	scalars.root = parent;
	scalars.root_length = 2;
	scalars.columns = columns;
	scalars.n_columns = 2;
	ports.root = inner;
	ports.root_length = 3;
	fake_source_set(rows, 3, 0);
	assert_int_equal(print(tables, 2, &text), 0);
	assert_string_equal(text,
	    ".1.5.2.0 = Gauge32: 90\n"
	    ".1.5.7.1.2.3 = Gauge32: 30\n"
	    ".1.5.7.1.2.9 = Gauge32: 70\n"
	    ".1.5.7.1.7.3 = Gauge32: 31\n"
	    ".1.5.7.1.8.3 = Gauge32: 32\n"
	    ".1.5.7.1.8.9 = Gauge32: 72\n"
	    ".1.5.8.0 = Gauge32: 92\n");
	free(text);
}

static void
test_empty(void **state)
{
	const struct table *tables[] = { &fake_tables[FAKE_PORT], &fake_tables[FAKE_IPV4] };
	char *text;

	(void)state;
	fake_source_set(NULL, 0, 0);
	assert_int_equal(print(tables, 2, &text), 0);
	assert_string_equal(text, "");
	free(text);
	assert_int_equal(print(tables, 0, &text), 0);
	assert_string_equal(text, "");
	free(text);
}

static void
test_no_data(void **state)
{
	const struct table *tables[] = { &fake_tables[FAKE_PORT] };
	char *text;

	(void)state;
	fake_source_set(NULL, 0, -EIO);
	assert_int_equal(print(tables, 1, &text), -EAGAIN);
	assert_string_equal(text, "");
	free(text);
}

static void
test_full_device(void **state)
{
	static const struct fake_row row;
	struct collector *collector = collector_new(&freshness_default);
	struct reader *reader = reader_new(collector, &fake_tables[FAKE_PORT]);
	FILE *out = fopen("/dev/full", "we");

	(void)state;
	assert_non_null(out);
	fake_source_set(&row, 1, 0);
	assert_int_equal(walk_print(&reader, 1, out), -EIO);
	fclose(out);
	reader_free(reader);
	collector_free(collector);
}

/* A whole random table is what the model says, line by line. */
static void
test_random_table(void **state)
{
	const struct table *tables[] = { &fake_tables[FAKE_CONNECTION] };
	struct random random = random_from_environment();
	struct array rows, instances;
	size_t lines = 0;
	char *text;

	(void)state;
	fake_make_rows(&random, FAKE_POOL, 1000, &rows);
	model_build(FAKE_CONNECTION, rows.data, rows.n, &instances);
	fake_source_set(rows.data, rows.n, 0);
	assert_int_equal(print(tables, 1, &text), 0);
	for (const char *line = text; *line; line = strchr(line, '\n') + 1, lines++) {
		const struct model_instance *instance = array_at(&instances, lines);
		const char *value = strstr(line, " = Gauge32: ");

		assert_true(lines < instances.n);
		assert_int_equal(strtoul(value + 12, NULL, 10), instance->value);
	}
	assert_int_equal(lines, instances.n);
	free(text);
	array_free(&rows);
	array_free(&instances);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_octets),
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_in_order_of_oids),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_no_data),
		cmocka_unit_test(test_full_device),
		cmocka_unit_test(test_random_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
