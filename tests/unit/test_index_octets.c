// SPDX-License-Identifier: BSD-2-Clause
// Tests of an OCTET STRING and of numbers of 32 bits in an INDEX clause: encoding, order,
// any OID a client sends.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

#define LONGEST 64 /* octets; see INDEX_OCTETS */

static struct random chance;

/* INDEX { before, octets, after }; no two rows are equal in it. */
struct row {
	uint32_t before, after, value;
	uint8_t n, octets[LONGEST];
};

static uint32_t
get_before(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct row *)row)->before;
}

static void
get_octets(const struct snapshot *snapshot, const void *row, struct octets *ret)
{
	const struct row *own = row;

	(void)snapshot;
	*ret = (struct octets){ own->n > 0 ? own->octets : NULL, own->n };
}

static uint32_t
get_after(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct row *)row)->after;
}

static bool
read_value(const struct cell *cell, struct value *ret)
{
	ret->number = ((const struct row *)cell->row)->value;
	return true;
}

/* What is read. */
static struct row rows[1000];
static size_t n_rows;

static int
read_rows(struct reading *reading)
{
	reading->new->rows = ARRAY_OF(struct row);
	if (n_rows == 0)
		return 0;
	if (!array_append(&reading->new->rows, n_rows))
		return -ENOMEM;
	memcpy(reading->new->rows.data, rows, n_rows * sizeof(rows[0]));
	return 0;
}

static const struct source_kind kind = {
	.name = "rows", .max_age = 1000000, .read = read_rows
};

static const struct index_part parts[] = {
	{ .kind = INDEX_UINT32, .number = get_before },
	{ .kind = INDEX_OCTETS, .octets = get_octets },
	{ .kind = INDEX_UINT32, .number = get_after },
};

static const struct column columns[] = {
	{ .number = 1, .name = "value", .type = VALUE_GAUGE32, .read = read_value },
};

static const uint32_t root[] = { 1, 3, 6, 1, 4, 1, 8072, 9996 };

static const struct table table = {
	.name = "table",
	.root = root,
	.root_length = sizeof(root) / sizeof(root[0]),
	.source = &kind,
	.index = parts,
	.n_index = 3,
	.columns = columns,
	.n_columns = 1,
};

/* The index the plain way, below the column. */
static size_t
encode_plainly(const struct row *row, uint32_t *subid)
{
	size_t n = 0;

	subid[n++] = row->before;
	subid[n++] = row->n;
	for (size_t i = 0; i < row->n; i++)
		subid[n++] = row->octets[i];
	subid[n++] = row->after;
	return n;
}

/* --- random rows
 * -------------------------------------------------------------------------------- */

static uint32_t
random_number(void)
{
	static const uint32_t edges[] = { 0, 1, 127, 128, 255, 256, 65535, 65536,
		0x7fffffff, 0x80000000, 0xff000000, UINT32_MAX };

	if (random_below(&chance, 4) == 0)
		return (uint32_t)random_next(&chance);
	return edges[random_below(&chance, sizeof(edges) / sizeof(edges[0]))];
}

/* Often alike up to the last octets; often as long as a link-layer address. */
static struct row
random_row(uint32_t value)
{
	static const uint8_t lengths[] = { 0, 1, 6, 6, 6, 8, 20, 32, LONGEST };
	struct row row = {
		.before = random_below(&chance, 3) ? 2 : random_number(),
		.n = lengths[random_below(&chance, sizeof(lengths))],
		.after = random_below(&chance, 2) ? 0 : random_number(),
		.value = value,
	};

	for (size_t i = 0; i < row.n; i++)
		row.octets[i] = random_below(&chance, 8) ? 2
							 : (uint8_t)random_next(&chance);
	return row;
}

static int
compare_rows(const void *a, const void *b)
{
	uint32_t x[OID_MAX], y[OID_MAX];
	size_t n = encode_plainly(a, x);

	return model_compare(x, n, y, encode_plainly(b, y));
}

/* Fills rows, in random order and without equals, and *instances in the order of a walk. */
static void
make_rows(size_t n, struct array *instances)
{
	n_rows = 0;
	for (size_t i = 0; i < n; i++)
		rows[i] = random_row((uint32_t)i);
	qsort(rows, n, sizeof(rows[0]), compare_rows);
	*instances = ARRAY_OF(struct model_instance);
	for (size_t i = 0; i < n; i++) {
		struct model_instance *instance;

		if (i > 0 && compare_rows(&rows[i], &rows[n_rows - 1]) == 0)
			continue;
		rows[n_rows++] = rows[i];
		instance = array_append(instances, 1);
		instance->name.subid[0] = instance->name.subid[1] = 1;
		instance->name.n = 2 + encode_plainly(&rows[i], instance->name.subid + 2);
		instance->value = rows[i].value;
	}
	for (size_t i = n_rows; i > 1; i--) {
		size_t k = random_below(&chance, (uint32_t)i);
		struct row row = rows[i - 1];

		rows[i - 1] = rows[k];
		rows[k] = row;
	}
}

/* --- tests
 * -------------------------------------------------------------------------------------- */

static void
encodes_to(const struct row *row, const uint32_t *subid, size_t n)
{
	struct index_key key;

	table_key(&table, NULL, row, &key);
	assert_int_equal(key.n, n);
	assert_memory_equal(key.subid, subid, n * sizeof(*subid));
}

/* ifRcvAddressTable: the interface, the length, the octets. */
static void
test_encode(void **state)
{
	static const struct row row = {
		.before = 70000, .n = 6, .octets = { 1, 0, 94, 0, 0, 251 }, .after = 7
	};
	static const uint32_t expected[] = { 70000, 6, 1, 0, 94, 0, 0, 251, 7 };

	(void)state;
	encodes_to(&row, expected, 9);
}

static void
test_encode_empty(void **state)
{
	static const struct row row = { .before = UINT32_MAX };
	static const uint32_t expected[] = { UINT32_MAX, 0, 0 };

	(void)state;
	encodes_to(&row, expected, 3);
}

static void
test_encode_longest(void **state)
{
	struct row row = { .before = 1, .n = LONGEST, .after = UINT32_MAX };
	uint32_t expected[LONGEST + 3];

	(void)state;
	for (uint8_t i = 0; i < LONGEST; i++)
		row.octets[i] = (uint8_t)(255 - i);
	assert_int_equal(encode_plainly(&row, expected), LONGEST + 3);
	assert_int_equal(expected[1], LONGEST);
	encodes_to(&row, expected, LONGEST + 3);
}

static void
test_sort_form(void **state)
{
	static const struct row row = {
		.before = 0x01020304, .n = 2, .octets = { 0xff, 0 }, .after = 0x80000001
	};
	static const uint8_t expected[] = { 1, 2, 3, 4, 2, 0xff, 0, 0x80, 0, 0, 1, 0, 0 };
	uint8_t form[sizeof(expected)];
	struct index_key key;

	(void)state;
	table_key(&table, NULL, &row, &key);
	assert_int_equal(index_window(&key, 0, form, sizeof(form)), 11);
	assert_memory_equal(form, expected, sizeof(form));
}

/* The shorter string is before the longer one, whatever is in it. */
static void
test_length_comes_first(void **state)
{
	static const struct row lower = { .before = 2, .n = 1, .octets = { 255 } };
	static const struct row higher = { .before = 2, .n = 2, .octets = { 0, 0 } };
	struct index_key key;
	uint32_t subid[OID_MAX];

	(void)state;
	table_key(&table, NULL, &lower, &key);
	assert_true(index_compare(&key, subid, encode_plainly(&higher, subid)) < 0);
}

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static void
test_orders_as_oids(void **state)
{
	uint8_t form[2][96];
	struct index_key key[2];
	struct row pair[2];

	(void)state;
	for (uint32_t i = 0; i < 20000; i++) {
		for (int k = 0; k < 2; k++) {
			pair[k] = random_row(i);
			table_key(&table, NULL, &pair[k], &key[k]);
			assert_in_range(index_window(&key[k], 0, form[k], sizeof(form[k])),
			    9, 9 + LONGEST);
		}
		assert_int_equal(sign(memcmp(form[0], form[1], sizeof(form[0]))),
		    sign(compare_rows(&pair[0], &pair[1])));
		assert_int_equal(sign(index_compare(&key[0], key[1].subid, key[1].n)),
		    sign(compare_rows(&pair[0], &pair[1])));
	}
}

static void
test_walk(void **state)
{
	(void)state;
	for (size_t n = 0; n <= 1000; n = n * 2 + 1) {
		struct array instances;

		make_rows(n, &instances);
		assert_int_equal(instances.n, n_rows);
		model_check_walk(&table, &instances);
		array_free(&instances);
	}
}

/* Octets of more than 255, lengths that are wrong, strings that are cut off. */
static void
test_any_oid(void **state)
{
	struct array instances;

	(void)state;
	make_rows(300, &instances);
	model_check_any_oid(&table, &instances, &chance, 20000);
	array_free(&instances);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_encode_empty),
		cmocka_unit_test(test_encode_longest),
		cmocka_unit_test(test_sort_form),
		cmocka_unit_test(test_length_comes_first),
		cmocka_unit_test(test_orders_as_oids),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_any_oid),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
