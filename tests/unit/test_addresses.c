// SPDX-License-Identifier: BSD-2-Clause
// Tests of addresses as the kernel side has them: IPv4 numbers, link-local ones, the pool.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "helpers.h"
#include "kernel/address_pool.h"

#define MODEL 4000

static struct random chance;

static void
test_ipv4_of(void **state)
{
	static const uint8_t octets[] = { 0xfe, 0xdc, 0xba, 0x98 };

	(void)state;
	assert_true(ipv4_of(octets) == 0xfedcba98);
}

static void
test_link_local(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 65536; i++) {
		uint8_t octets[16] = { (uint8_t)(i >> 8), (uint8_t)i };

		assert_int_equal(is_link_local(octets), i >= 0xfe80 && i <= 0xfebf);
	}
}

/* An address made of few octets, with a link whether it needs one or not. */
static struct pool_address
make_address(void)
{
	struct pool_address address = { .scope = random_below(&chance, 3) };

	address.octets[0] = random_below(&chance, 2) ? 0xfe : 0x20;
	address.octets[1] = 0x80;
	address.octets[7] = (uint8_t)random_below(&chance, 6);
	address.octets[8] = (uint8_t)random_below(&chance, 6);
	address.octets[15] = (uint8_t)random_below(&chance, 12);
	return address;
}

/* The pool against a list that is searched from its beginning. */
static void
test_pool_equals_model(void **state)
{
	static struct pool_address model[MODEL];
	struct address_pool pool;
	size_t n = 0;

	(void)state;
	address_pool_init(&pool);
	for (int i = 0; i < MODEL; i++) {
		struct pool_address address = make_address();
		uint32_t number;
		size_t at = 0;

		assert_int_equal(
		    address_pool_add(&pool, address.octets, address.scope, &number), 0);
		if (!is_link_local(address.octets))
			address.scope = 0;
		while (at < n && memcmp(&model[at], &address, sizeof(address)) != 0)
			at++;
		if (at == n)
			model[n++] = address;
		assert_int_equal(number, at);
	}
	address_pool_seal(&pool);
	assert_int_equal(pool.addresses.n, n);
	assert_memory_equal(pool.addresses.data, model, n * sizeof(model[0]));
	address_pool_free(&pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4_of),
		cmocka_unit_test(test_link_local),
		cmocka_unit_test(test_pool_equals_model),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
