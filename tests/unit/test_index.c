// SPDX-License-Identifier: BSD-2-Clause
// Tests of INDEX clauses: encoding, comparing, the sort form.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "helpers.h"

#define FORM_SIZE 64 /* octets; no sort form of the made-up tables is longer */

static struct random chance;

static void
encode(enum fake_table table, const struct fake_row *row, struct index_key *ret_key)
{
	table_key(&fake_tables[table], NULL, row, ret_key);
}

/* The encoded INDEX of a row is exactly these sub-identifiers. */
static void
encodes_to(
    enum fake_table table, const struct fake_row *row, const uint32_t *subid, size_t n)
{
	struct index_key key;

	encode(table, row, &key);
	assert_int_equal(key.n, n);
	assert_memory_equal(key.subid, subid, n * sizeof(*subid));
}

static void
test_encode(void **state)
{
	static const struct fake_row row = {
		.local = { .type = INET_ADDRESS_IPV4,
		    .length = 4,
		    .octets = { 127, 0, 0, 1 } },
		.remote = { .type = INET_ADDRESS_UNKNOWN },
		.local_ipv4 = 0xc0000201,
		.remote_ipv4 = 0xfffefdfc,
		.local_port = 22,
		.remote_port = 65535,
	};
	static const uint32_t connection[] = { 1, 4, 127, 0, 0, 1, 22, 0, 0, 65535 };
	static const uint32_t ipv4[] = { 192, 0, 2, 1, 22, 255, 254, 253, 252, 65535 };
	static const uint32_t station[] = { 0xfffefdfc, 0 };

	(void)state;
	encodes_to(FAKE_CONNECTION, &row, connection, 10);
	encodes_to(FAKE_IPV4, &row, ipv4, 10);
	encodes_to(FAKE_ENDPOINT, &row, connection, 7);
	encodes_to(FAKE_PORT, &row, connection + 6, 1);
	encodes_to(FAKE_STATION, &row, station, 2);
}

static void
test_encode_zone(void **state)
{
	static const struct fake_row row = {
		.local = { .type = INET_ADDRESS_IPV6Z,
		    .length = 20,
		    .octets = { 0xfe, 0x80, [15] = 1, 0, 0, 1, 2 } },
		.local_port = 80,
	};
	static const uint32_t endpoint[] = { 4, 20, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 1, 0, 0, 1, 2, 80 };

	(void)state;
	encodes_to(FAKE_ENDPOINT, &row, endpoint, 23);
}

static void
test_encode_equals_model(void **state)
{
	struct array rows;
	uint32_t subid[OID_MAX];

	(void)state;
	fake_make_rows(&chance, FAKE_RANDOM, 1000, &rows);
	for (size_t i = 0; i < rows.n; i++)
		for (enum fake_table table = 0; table < FAKE_SCALARS; table++)
			encodes_to(table, array_at(&rows, i), subid,
			    model_index(table, array_at(&rows, i), subid));
	array_free(&rows);
}

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static void
test_compare_with_any_oid(void **state)
{
	struct array rows, instances;
	struct index_key key;
	uint32_t subid[OID_MAX];
	size_t n;

	(void)state;
	fake_make_rows(&chance, FAKE_POOL, 300, &rows);
	model_build(FAKE_CONNECTION, rows.data, rows.n, &instances);
	for (int i = 0; i < 20000; i++) {
		encode(FAKE_CONNECTION, array_at(&rows, random_below(&chance, 300)), &key);
		n = model_random_oid(&chance, &instances, subid);
		/* Below the column, as the reader hands it on; or as it is. */
		if (n > 2 && random_below(&chance, 4) > 0)
			memmove(subid, subid + 2, (n -= 2) * sizeof(*subid));
		assert_int_equal(sign(index_compare(&key, subid, n)),
		    model_compare(key.subid, key.n, subid, n));
	}
	array_free(&rows);
	array_free(&instances);
}

static void
test_compare_edges(void **state)
{
	static const struct fake_row row = { .local_port = 65535 };
	static const uint32_t more[] = { 65535, 0 }, most = UINT32_MAX, same = 65535,
			      less = 0;
	struct index_key key;

	(void)state;
	encode(FAKE_PORT, &row, &key);
	assert_true(index_compare(&key, &same, 1) == 0);
	assert_true(index_compare(&key, &most, 1) < 0);
	assert_true(index_compare(&key, &less, 1) > 0);
	assert_true(index_compare(&key, more, 2) < 0);
	assert_true(index_compare(&key, more, 0) > 0);
}

/* The sort form orders any two rows as their OIDs are ordered. */
static void
test_window_orders_as_oids(void **state)
{
	uint8_t form[2][FORM_SIZE];
	struct index_key key[2];
	struct array rows;
	size_t length[2];

	(void)state;
	for (enum fake_style style = 0; style < FAKE_STYLES; style++) {
		fake_make_rows(&chance, style, 200, &rows);
		for (int i = 0; i < 5000; i++) {
			enum fake_table table = random_below(&chance, FAKE_SCALARS);

			for (int k = 0; k < 2; k++) {
				encode(table, array_at(&rows, random_below(&chance, 200)),
				    &key[k]);
				length[k] = index_window(&key[k], 0, form[k], FORM_SIZE);
				assert_in_range(length[k], 1, FORM_SIZE);
			}
			assert_int_equal(sign(memcmp(form[0], form[1], FORM_SIZE)),
			    sign(index_compare(&key[0], key[1].subid, key[1].n)));
		}
		array_free(&rows);
	}
}

/* Every window is a piece of the whole form, and zeros behind it. */
static void
test_window_in_pieces(void **state)
{
	uint8_t form[FORM_SIZE], piece[12];
	struct index_key key;
	struct array rows;
	size_t length;

	(void)state;
	fake_make_rows(&chance, FAKE_RANDOM, 50, &rows);
	for (size_t i = 0; i < rows.n; i++) {
		encode(FAKE_CONNECTION, array_at(&rows, i), &key);
		length = index_window(&key, 0, form, sizeof(form));
		for (size_t from = 0; from + sizeof(piece) <= sizeof(form); from++) {
			memset(piece, 0xaa, sizeof(piece));
			assert_int_equal(
			    index_window(&key, from, piece, sizeof(piece)), length);
			assert_memory_equal(piece, form + from, sizeof(piece));
		}
	}
	array_free(&rows);
}

static void
test_window_bytes(void **state)
{
	static const struct fake_row row = {
		.local = { .type = INET_ADDRESS_IPV4,
		    .length = 4,
		    .octets = { 10, 0, 0, 255 } },
		.local_port = 0x1234,
	};
	static const uint8_t expected[] = { 1, 10, 0, 0, 255, 0x12, 0x34, 0, 0 };
	uint8_t form[sizeof(expected)];
	struct index_key key;

	(void)state;
	encode(FAKE_ENDPOINT, &row, &key);
	assert_int_equal(index_window(&key, 0, form, sizeof(form)), 7);
	assert_memory_equal(form, expected, sizeof(form));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_encode_zone),
		cmocka_unit_test(test_encode_equals_model),
		cmocka_unit_test(test_compare_with_any_oid),
		cmocka_unit_test(test_compare_edges),
		cmocka_unit_test(test_window_orders_as_oids),
		cmocka_unit_test(test_window_in_pieces),
		cmocka_unit_test(test_window_bytes),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
