// SPDX-License-Identifier: BSD-2-Clause
// Tests of the pool that keeps each IPv6 address once.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <string.h>
#include <time.h>

#include "helpers.h"
#include "kernel/address_pool.h"

#define ADDRESSES 20000

static struct random chance;

/* Adds an address that must be found under its number. */
static uint32_t
add(struct address_pool *pool, const uint8_t octets[16], uint32_t scope)
{
	const struct pool_address *address;
	uint32_t number = UINT32_MAX;

	assert_int_equal(address_pool_add(pool, octets, scope, &number), 0);
	assert_true(number < pool->addresses.n);
	address = array_at(&pool->addresses, number);
	assert_memory_equal(address->octets, octets, 16);
	return number;
}

/* Each of n addresses stands there once, however often it is met. */
static void
test_each_once(void **state)
{
	uint8_t octets[16] = { 0x20, 1, 0xd, 0xb8 };
	struct address_pool pool;

	(void)state;
	address_pool_init(&pool);
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 5000; i++) {
			octets[i % 5 + 8] = (uint8_t)(i / 256);
			octets[15] = (uint8_t)i;
			add(&pool, octets, 0);
		}
		assert_int_equal(pool.addresses.n, 5000);
		memset(octets + 8, 0, 8);
	}
	address_pool_seal(&pool);
	assert_int_equal(pool.slots.n, 0);
	for (size_t i = 0; i < pool.addresses.n; i++)
		for (size_t k = 0; k < i && k < 100; k++)
			assert_memory_not_equal(array_at(&pool.addresses, i),
			    array_at(&pool.addresses, k), sizeof(struct pool_address));
	address_pool_free(&pool);
}

/* The number of an address stays the same while others come. */
static void
test_numbers(void **state)
{
	uint8_t octets[16] = { 0 };
	struct address_pool pool;

	(void)state;
	address_pool_init(&pool);
	for (uint32_t i = 0; i < ADDRESSES; i++) {
		memcpy(octets + i % 13, &i, sizeof(i));
		octets[15] = 1;
		add(&pool, octets, 0);
		memset(octets, 0, sizeof(octets));
	}
	for (uint32_t i = 0; i < pool.addresses.n; i++) {
		struct pool_address address = *(struct pool_address *)array_at(
		    &pool.addresses, i);

		assert_int_equal(add(&pool, address.octets, 0), i);
	}
	address_pool_free(&pool);
}

/* A link tells link-local addresses apart, and no others. */
static void
test_scope(void **state)
{
	static const uint8_t link_local[16] = { 0xfe, 0x80, [15] = 1 };
	static const uint8_t last[16] = { 0xfe, 0xbf, [15] = 1 },
			     behind[16] = { 0xfe, 0xc0 };
	struct address_pool pool;

	(void)state;
	address_pool_init(&pool);
	assert_int_not_equal(add(&pool, link_local, 1), add(&pool, link_local, 2));
	assert_int_equal(add(&pool, link_local, 1), add(&pool, link_local, 1));
	assert_int_not_equal(add(&pool, last, 1), add(&pool, last, 2));
	assert_int_equal(add(&pool, behind, 1), add(&pool, behind, 2));
	assert_int_equal(pool.addresses.n, 5);
	address_pool_free(&pool);
}

/* Addresses of two pools; what they are numbered does not matter, nor does the scope. */
static void
test_compare(void **state)
{
	static const uint8_t low[16] = { 0xfe, 0x80, [15] = 1 };
	static const uint8_t high[16] = { 0xfe, 0x80, [15] = 2 };
	struct address_pool pool, other;
	uint32_t x, y, same;

	(void)state;
	address_pool_init(&pool);
	address_pool_init(&other);
	x = add(&pool, low, 1);
	y = add(&other, high, 1);
	same = add(&other, low, 2);
	assert_true(x == y && same != x);
	assert_true(address_compare(true, &pool.addresses, x, &other.addresses, y) < 0);
	assert_true(address_compare(true, &other.addresses, y, &pool.addresses, x) > 0);
	assert_int_equal(
	    address_compare(true, &pool.addresses, x, &other.addresses, same), 0);
	address_pool_free(&pool);
	address_pool_free(&other);
	assert_true(address_compare(false, NULL, 1, NULL, UINT32_MAX) < 0);
	assert_true(address_compare(false, NULL, UINT32_MAX, NULL, 1) > 0);
	assert_int_equal(address_compare(false, NULL, 7, NULL, 7), 0);
}

/* Processor time, in ns. */
static int64_t
processor_time(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* What it costs to add addresses of which the octets [from, to) differ. */
static int64_t
cost_of(size_t from, size_t to)
{
	uint8_t octets[16] = { 0x20, 1, 0xd, 0xb8 };
	struct address_pool pool;
	int64_t start;
	uint32_t number;

	address_pool_init(&pool);
	start = processor_time();
	for (int i = 0; i < ADDRESSES; i++) {
		for (size_t k = from; k < to; k++)
			octets[k] = (uint8_t)random_next(&chance);
		assert_int_equal(address_pool_add(&pool, octets, 0, &number), 0);
	}
	start = processor_time() - start;
	address_pool_free(&pool);
	return start;
}

/* Wherever they differ, addresses do not meet in the hash: that costs hundreds of times as
 * much. */
static void
test_neighbours_cost_no_more(void **state)
{
	int64_t scattered = cost_of(4, 16);

	(void)state;
	for (size_t from = 0; from + 2 <= 16; from++)
		assert_true(cost_of(from, from + 2) < 20 * scattered);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_once),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_neighbours_cost_no_more),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
