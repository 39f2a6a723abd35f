// SPDX-License-Identifier: BSD-2-Clause
// Tests of an OBJECT IDENTIFIER in an INDEX clause: encoding, order, any OID a client
// sends.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

static struct random chance;

/* INDEX { before, object_id, after }; no two rows are equal in it. */
struct row {
	uint16_t before;
	struct object_id object_id;
	struct inet_address after;
	uint32_t value;
};

static uint32_t
get_before(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct row *)row)->before;
}

static void
get_object_id(const struct snapshot *snapshot, const void *row, struct object_id *ret)
{
	(void)snapshot;
	*ret = ((const struct row *)row)->object_id;
}

static void
get_after(const struct snapshot *snapshot, const void *row, struct inet_address *ret)
{
	(void)snapshot;
	*ret = ((const struct row *)row)->after;
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
	{ .kind = INDEX_UINT16, .number = get_before },
	{ .kind = INDEX_OBJECT_ID, .object_id = get_object_id },
	{ .kind = INDEX_INET, .inet = get_after },
};

static const struct column columns[] = {
	{ .number = 1, .name = "value", .type = VALUE_GAUGE32, .read = read_value },
};

static const uint32_t root[] = { 1, 3, 6, 1, 4, 1, 8072, 9997 };

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
	subid[n++] = row->object_id.n;
	for (size_t i = 0; i < row->object_id.n; i++)
		subid[n++] = row->object_id.subid[i];
	subid[n++] = row->after.type;
	subid[n++] = row->after.length;
	for (size_t i = 0; i < row->after.length; i++)
		subid[n++] = row->after.octets[i];
	return n;
}

/* --- random rows
 * -------------------------------------------------------------------------------- */

static uint32_t
random_subid(void)
{
	static const uint32_t edges[] = { 0, 1, 127, 128, 255, 256, 65535, 65536,
		0x7fffffff, 0x80000000, 0xff000000, UINT32_MAX };

	if (random_below(&chance, 4) == 0)
		return (uint32_t)random_next(&chance);
	return edges[random_below(&chance, sizeof(edges) / sizeof(edges[0]))];
}

static struct row
random_row(uint32_t value)
{
	static const struct inet_address forms[] = {
		{ .type = INET_ADDRESS_UNKNOWN, .length = 0 },
		{ .type = INET_ADDRESS_IPV4, .length = 4 },
		{ .type = INET_ADDRESS_IPV6, .length = 16 },
	};
	struct row row = {
		.before = (uint16_t)random_below(&chance, 2),
		.object_id.n = (uint8_t)random_below(&chance, 9),
		.after = forms[random_below(&chance, 3)],
		.value = value,
	};

	/* Often alike up to the last one or two. */
	for (size_t i = 0; i < row.object_id.n; i++)
		row.object_id.subid[i] = random_below(&chance, 3) ? 0 : random_subid();
	if (row.after.length > 0)
		row.after.octets[row.after.length - 1] = (uint8_t)random_below(&chance, 3);
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
test_encode(void **state)
{
	static const struct row row = {
		.before = 24,
		.object_id = { .n = 3, .subid = { 0, 0, UINT32_MAX, 99 } },
		.after = { .type = INET_ADDRESS_IPV4,
		    .length = 4,
		    .octets = { 192, 0, 2, 1 } },
	};
	static const uint32_t expected[] = { 24, 3, 0, 0, UINT32_MAX, 1, 4, 192, 0, 2, 1 };
	struct index_key key;

	(void)state;
	table_key(&table, NULL, &row, &key);
	assert_int_equal(key.n, 11);
	assert_memory_equal(key.subid, expected, sizeof(expected));
}

static void
test_encode_empty(void **state)
{
	static const struct row row = { .before = 1,
		.after = { .type = INET_ADDRESS_UNKNOWN } };
	static const uint32_t expected[] = { 1, 0, 0, 0 };
	struct index_key key;

	(void)state;
	table_key(&table, NULL, &row, &key);
	assert_int_equal(key.n, 4);
	assert_memory_equal(key.subid, expected, sizeof(expected));
}

static void
test_sort_form(void **state)
{
	static const struct row row = {
		.before = 0x0102,
		.object_id = { .n = 2, .subid = { 0x80000001, 256 } },
		.after = { .type = INET_ADDRESS_UNKNOWN },
	};
	static const uint8_t expected[] = { 1, 2, 2, 0x80, 0, 0, 1, 0, 0, 1, 0, 0, 0 };
	uint8_t form[sizeof(expected)];
	struct index_key key;

	(void)state;
	table_key(&table, NULL, &row, &key);
	assert_int_equal(index_window(&key, 0, form, sizeof(form)), 12);
	assert_memory_equal(form, expected, sizeof(form));
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
			assert_in_range(
			    index_window(&key[k], 0, form[k], sizeof(form[k])), 4, 96);
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

/* Lengths that lie among them. */
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
		cmocka_unit_test(test_sort_form),
		cmocka_unit_test(test_orders_as_oids),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_any_oid),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
