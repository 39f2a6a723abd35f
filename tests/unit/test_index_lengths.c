// SPDX-License-Identifier: BSD-2-Clause
// Tests of an OCTET STRING and an OBJECT IDENTIFIER in an INDEX clause, and of numbers of
// 32 bits beside them: encoding, order, any OID a client sends.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define LONGEST 64 /* octets; see INDEX_OCTETS */

static struct random chance;

/* INDEX { before, octets, after } or { before, object_id, address }; no two rows are equal
 * in it. */
struct row {
	uint32_t before, after, value;
	uint8_t n, octets[LONGEST];
	struct object_id object_id;
	struct inet_address address;
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

static void
get_object_id(const struct snapshot *snapshot, const void *row, struct object_id *ret)
{
	(void)snapshot;
	*ret = ((const struct row *)row)->object_id;
}

static void
get_address(const struct snapshot *snapshot, const void *row, struct inet_address *ret)
{
	(void)snapshot;
	*ret = ((const struct row *)row)->address;
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

static const struct index_part octets_parts[] = {
	{ .kind = INDEX_UINT32, .number = get_before },
	{ .kind = INDEX_OCTETS, .octets = get_octets },
	{ .kind = INDEX_UINT32, .number = get_after },
};

static const struct index_part object_id_parts[] = {
	{ .kind = INDEX_UINT16, .number = get_before },
	{ .kind = INDEX_OBJECT_ID, .object_id = get_object_id },
	{ .kind = INDEX_INET, .inet = get_address },
};

static const struct column columns[] = {
	{ .number = 1, .name = "value", .type = VALUE_GAUGE32, .read = read_value },
};

static const uint32_t root[] = { 1, 3, 6, 1, 4, 1, 8072, 9997 };

#define TABLE(parts) \
	{ \
		.name = "table", .root = root, .root_length = LENGTH(root), \
		.source = &kind, .index = (parts), .n_index = 3, .columns = columns, \
		.n_columns = 1, \
	}

static const struct table octets_table = TABLE(octets_parts);
static const struct table object_id_table = TABLE(object_id_parts);

/* The index the plain way, below the column. */
static size_t
encode_octets(const struct row *row, uint32_t *subid)
{
	size_t n = 0;

	subid[n++] = row->before;
	subid[n++] = row->n;
	for (size_t i = 0; i < row->n; i++)
		subid[n++] = row->octets[i];
	subid[n++] = row->after;
	return n;
}

static size_t
encode_object_id(const struct row *row, uint32_t *subid)
{
	size_t n = 0;

	subid[n++] = row->before;
	subid[n++] = row->object_id.n;
	for (size_t i = 0; i < row->object_id.n; i++)
		subid[n++] = row->object_id.subid[i];
	subid[n++] = row->address.type;
	subid[n++] = row->address.length;
	for (size_t i = 0; i < row->address.length; i++)
		subid[n++] = row->address.octets[i];
	return n;
}

/* --- random rows ---------------------------------------------------------------------- */

static uint32_t
random_number(void)
{
	static const uint32_t edges[] = { 0, 1, 127, 128, 255, 256, 65535, 65536,
		0x7fffffff, 0x80000000, 0xff000000, UINT32_MAX };

	if (random_below(&chance, 4) == 0)
		return (uint32_t)random_next(&chance);
	return edges[random_below(&chance, LENGTH(edges))];
}

/* Often alike up to the last octets; often as long as a link-layer address. */
static struct row
random_octets(uint32_t value)
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

/* Often alike up to the last one or two sub-identifiers. */
static struct row
random_object_id(uint32_t value)
{
	static const struct inet_address forms[] = {
		{ .type = INET_ADDRESS_UNKNOWN, .length = 0 },
		{ .type = INET_ADDRESS_IPV4, .length = 4 },
		{ .type = INET_ADDRESS_IPV6, .length = 16 },
	};
	struct row row = {
		.before = random_below(&chance, 2),
		.object_id.n = (uint8_t)random_below(&chance, 9),
		.address = forms[random_below(&chance, 3)],
		.value = value,
	};
	struct inet_address *address = &row.address;

	for (size_t i = 0; i < row.object_id.n; i++)
		row.object_id.subid[i] = random_below(&chance, 3) ? 0 : random_number();
	if (address->length > 0)
		address->octets[address->length - 1] = (uint8_t)random_below(&chance, 3);
	return row;
}

/* The table under test. */
static const struct subject {
	const struct table *table;
	size_t (*encode)(const struct row *, uint32_t *subid);
	struct row (*random)(uint32_t value);
	size_t form_min, form_max; /* octets */
} of_octets = { &octets_table, encode_octets, random_octets, 9, 9 + LONGEST },
  of_object_id = { &object_id_table, encode_object_id, random_object_id, 4, 96 }, *subject;

static int
start_octets(void **state)
{
	(void)state;
	subject = &of_octets;
	return 0;
}

static int
start_object_id(void **state)
{
	(void)state;
	subject = &of_object_id;
	return 0;
}

static int
compare_rows(const void *a, const void *b)
{
	uint32_t x[OID_MAX], y[OID_MAX];
	size_t n = subject->encode(a, x);

	return model_compare(x, n, y, subject->encode(b, y));
}

/* Fills rows, in random order and without equals, and *instances in the order of a walk. */
static void
make_rows(size_t n, struct array *instances)
{
	n_rows = 0;
	for (size_t i = 0; i < n; i++)
		rows[i] = subject->random((uint32_t)i);
	qsort(rows, n, sizeof(rows[0]), compare_rows);
	*instances = ARRAY_OF(struct model_instance);
	for (size_t i = 0; i < n; i++) {
		struct model_instance *instance;

		if (i > 0 && compare_rows(&rows[i], &rows[n_rows - 1]) == 0)
			continue;
		rows[n_rows++] = rows[i];
		instance = array_append(instances, 1);
		instance->name.subid[0] = instance->name.subid[1] = 1;
		instance->name.n = 2 + subject->encode(&rows[i], instance->name.subid + 2);
		instance->value = rows[i].value;
	}
	for (size_t i = n_rows; i > 1; i--) {
		size_t k = random_below(&chance, (uint32_t)i);
		struct row row = rows[i - 1];

		rows[i - 1] = rows[k];
		rows[k] = row;
	}
}

/* --- octets --------------------------------------------------------------------------- */

static void
encodes_to(const struct row *row, const uint32_t *subid, size_t n)
{
	check_index(subject->table, NULL, row, subid, n);
}

/* A row's sort form is that long; its octets, with zeros behind them, are these. */
static void
sorts_as(const struct row *row, size_t length, const uint8_t *expected, size_t n)
{
	uint8_t form[32];
	struct index_key key;

	assert_true(n <= sizeof(form));
	table_key(subject->table, NULL, row, &key);
	assert_int_equal(index_window(&key, 0, form, n), length);
	assert_memory_equal(form, expected, n);
}

/* ifRcvAddressTable: the interface, the length, the octets. */
static void
test_octets(void **state)
{
	static const struct row row = {
		.before = 70000, .n = 6, .octets = { 1, 0, 94, 0, 0, 251 }, .after = 7
	};
	static const uint32_t expected[] = { 70000, 6, 1, 0, 94, 0, 0, 251, 7 };

	(void)state;
	encodes_to(&row, expected, 9);
}

static void
test_no_octets(void **state)
{
	static const struct row row = { .before = UINT32_MAX };
	static const uint32_t expected[] = { UINT32_MAX, 0, 0 };

	(void)state;
	encodes_to(&row, expected, 3);
}

static void
test_most_octets(void **state)
{
	struct row row = { .before = 1, .n = LONGEST, .after = UINT32_MAX };
	uint32_t expected[LONGEST + 3];

	(void)state;
	for (uint8_t i = 0; i < LONGEST; i++)
		row.octets[i] = (uint8_t)(255 - i);
	assert_int_equal(encode_octets(&row, expected), LONGEST + 3);
	assert_int_equal(expected[1], LONGEST);
	encodes_to(&row, expected, LONGEST + 3);
}

static void
test_sort_form_of_octets(void **state)
{
	static const struct row row = {
		.before = 0x01020304, .n = 2, .octets = { 0xff, 0 }, .after = 0x80000001
	};
	static const uint8_t expected[] = { 1, 2, 3, 4, 2, 0xff, 0, 0x80, 0, 0, 1, 0, 0 };

	(void)state;
	sorts_as(&row, 11, expected, sizeof(expected));
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
	table_key(&octets_table, NULL, &lower, &key);
	assert_true(index_compare(&key, subid, encode_octets(&higher, subid)) < 0);
}

/* --- an object identifier ------------------------------------------------------------- */

static void
test_object_id(void **state)
{
	static const struct row row = {
		.before = 24,
		.object_id = { .n = 3, .subid = { 0, 0, UINT32_MAX, 99 } },
		.address = { .type = INET_ADDRESS_IPV4,
		    .length = 4,
		    .octets = { 192, 0, 2, 1 } },
	};
	static const uint32_t expected[] = { 24, 3, 0, 0, UINT32_MAX, 1, 4, 192, 0, 2, 1 };

	(void)state;
	encodes_to(&row, expected, 11);
}

static void
test_empty_object_id(void **state)
{
	static const struct row row = { .before = 1,
		.address = { .type = INET_ADDRESS_UNKNOWN } };
	static const uint32_t expected[] = { 1, 0, 0, 0 };

	(void)state;
	encodes_to(&row, expected, 4);
}

static void
test_sort_form_of_object_id(void **state)
{
	static const struct row row = {
		.before = 0x0102,
		.object_id = { .n = 2, .subid = { 0x80000001, 256 } },
		.address = { .type = INET_ADDRESS_UNKNOWN },
	};
	static const uint8_t expected[] = { 1, 2, 2, 0x80, 0, 0, 1, 0, 0, 1, 0, 0, 0 };

	(void)state;
	sorts_as(&row, 12, expected, sizeof(expected));
}

/* --- either --------------------------------------------------------------------------- */

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
			pair[k] = subject->random(i);
			table_key(subject->table, NULL, &pair[k], &key[k]);
			assert_in_range(index_window(&key[k], 0, form[k], sizeof(form[k])),
			    subject->form_min, subject->form_max);
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
		model_check_walk(subject->table, &instances);
		array_free(&instances);
	}
}

/* Octets of more than 255, lengths that are wrong or lie among them, strings that are cut
 * off. */
static void
test_any_oid(void **state)
{
	struct array instances;

	(void)state;
	make_rows(300, &instances);
	model_check_any_oid(subject->table, &instances, &chance, 20000);
	array_free(&instances);
}

#define OCTETS(name) cmocka_unit_test_setup(name, start_octets)
#define OBJECT_ID(name) cmocka_unit_test_setup(name, start_object_id)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		OCTETS(test_octets),
		OCTETS(test_no_octets),
		OCTETS(test_most_octets),
		OCTETS(test_sort_form_of_octets),
		OCTETS(test_length_comes_first),
		OCTETS(test_orders_as_oids),
		OCTETS(test_walk),
		OCTETS(test_any_oid),
		OBJECT_ID(test_object_id),
		OBJECT_ID(test_empty_object_id),
		OBJECT_ID(test_sort_form_of_object_id),
		OBJECT_ID(test_orders_as_oids),
		OBJECT_ID(test_walk),
		OBJECT_ID(test_any_oid),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
