// SPDX-License-Identifier: BSD-2-Clause
// Tests of the growable array.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <stdbool.h>

#include "array.h"

/* 28 bytes, as a socket: does not divide a page. */
struct element {
	uint32_t word[7];
};

static void
test_append_keeps_and_zeroes(void **state)
{
	struct array array = ARRAY_OF(struct element);

	(void)state;
	assert_null(array.data);
	for (uint32_t i = 0; i < 20000; i++) {
		struct element *element = array_append(&array, 1);

		assert_non_null(element);
		for (size_t k = 0; k < 7; k++)
			assert_int_equal(element->word[k], 0);
		element->word[0] = i;
		element->word[6] = ~i;
	}
	assert_int_equal(array.n, 20000);
	assert_int_equal(array_bytes(&array), 20000 * sizeof(struct element));
	for (uint32_t i = 0; i < 20000; i++) {
		const struct element *element = array_at(&array, i);

		assert_int_equal(element->word[0], i);
		assert_int_equal(element->word[6], ~i);
	}
	array_free(&array);
}

static void
test_append_many_at_once(void **state)
{
	struct array array = ARRAY_OF(uint16_t);
	uint16_t *first = array_append(&array, 5), *more;

	(void)state;
	first[4] = 4;
	more = array_append(&array, 100000);
	assert_non_null(more);
	assert_int_equal(array.n, 100005);
	assert_ptr_equal(more, array_at(&array, 5));
	assert_int_equal(*(uint16_t *)array_at(&array, 4), 4);
	assert_int_equal(more[99999], 0);
	array_free(&array);
}

static void
test_reserve(void **state)
{
	struct array array = ARRAY_OF(struct element);
	const void *data;

	(void)state;
	assert_int_equal(array_reserve(&array, 1000), 0);
	assert_int_equal(array.n, 0);
	assert_true(array.capacity >= 1000);
	data = array.data;
	for (int i = 0; i < 1000; i++)
		assert_non_null(array_append(&array, 1));
	assert_ptr_equal(array.data, data);
	assert_int_equal(array_reserve(&array, 10), 0);
	assert_int_equal(array.n, 1000);
	array_free(&array);
}

static void
test_without_memory_nothing_changes(void **state)
{
	struct array array = ARRAY_OF(struct element);
	struct element *element = array_append(&array, 3);
	size_t capacity = array.capacity;

	(void)state;
	element[2].word[3] = 7;
	assert_int_equal(array_reserve(&array, SIZE_MAX / sizeof(struct element)), -ENOMEM);
	/* Mappable sizes end at 2^47 bytes or so. */
	assert_int_equal(array_reserve(&array, (size_t)1 << 55), -ENOMEM);
	assert_null(array_append(&array, (size_t)1 << 55));
	assert_int_equal(array.n, 3);
	assert_int_equal(array.capacity, capacity);
	assert_ptr_equal(array.data, element);
	assert_int_equal(element[2].word[3], 7);
	array_free(&array);
}

static void
test_trim(void **state)
{
	struct array array = ARRAY_OF(struct element);

	(void)state;
	for (uint32_t i = 0; i < 1000; i++)
		((struct element *)array_append(&array, 1))->word[1] = i;
	assert_int_equal(array_reserve(&array, 1000000), 0);
	array_trim(&array);
	assert_int_equal(array.n, 1000);
	assert_true(array.capacity >= 1000 && array.capacity < 2000);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(((struct element *)array_at(&array, i))->word[1], i);
	/* It grows again. */
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(((struct element *)array_append(&array, 1))->word[1], 0);
	array_free(&array);

	assert_int_equal(array_reserve(&array, 100), 0);
	array_trim(&array);
	assert_null(array.data);
	assert_int_equal(array.capacity, 0);
}

static void
test_recast(void **state)
{
	struct array array = ARRAY_OF(uint64_t);
	uint32_t *half;

	(void)state;
	for (uint64_t i = 0; i < 5000; i++)
		*(uint64_t *)array_append(&array, 1) = i;
	half = array.data;
	for (uint32_t i = 0; i < 5000; i++)
		half[i] = i * 3;
	array_recast(&array, sizeof(uint32_t));
	assert_int_equal(array.n, 5000);
	assert_int_equal(array_bytes(&array), 20000);
	assert_true(array.capacity >= 5000 && array.capacity < 7000);
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(*(uint32_t *)array_at(&array, i), i * 3);
	assert_non_null(array_append(&array, 5000));
	array_free(&array);
	array_recast(&array, sizeof(uint16_t));
	assert_null(array.data);
}

static void
test_copy(void **state)
{
	struct array from = ARRAY_OF(struct element), copy = ARRAY_OF(struct element);

	(void)state;
	/* Nothing takes nothing. */
	assert_int_equal(array_copy(&copy, &from), 0);
	assert_null(copy.data);
	for (uint32_t i = 0; i < 5000; i++)
		((struct element *)array_append(&from, 1))->word[6] = i;
	assert_int_equal(array_copy(&copy, &from), 0);
	assert_int_equal(copy.n, 5000);
	assert_int_equal(copy.size, sizeof(struct element));
	assert_memory_equal(copy.data, from.data, array_bytes(&from));
	/* It is its own: neither changes with the other. */
	((struct element *)array_at(&from, 7))->word[6] = 77;
	assert_int_equal(((struct element *)array_at(&copy, 7))->word[6], 7);
	array_free(&from);
	assert_int_equal(((struct element *)array_at(&copy, 4999))->word[6], 4999);
	assert_non_null(array_append(&copy, 5000));
	assert_int_equal(((struct element *)array_at(&copy, 4999))->word[6], 4999);
	array_free(&copy);
}

static void
test_copy_without_memory(void **state)
{
	struct array copy = ARRAY_OF(struct element);
	const struct array from = { .n = (size_t)1 << 55, .size = sizeof(struct element) };

	(void)state;
	assert_int_equal(array_copy(&copy, &from), -ENOMEM);
	assert_null(copy.data);
	assert_int_equal(copy.n, 0);
}

static void
test_free_and_use_again(void **state)
{
	struct array array = ARRAY_OF(uint32_t);

	(void)state;
	array_free(&array);
	*(uint32_t *)array_append(&array, 1) = 9;
	array_free(&array);
	assert_null(array.data);
	assert_int_equal(array.n, 0);
	assert_int_equal(array.capacity, 0);
	assert_int_equal(*(uint32_t *)array_append(&array, 1), 0);
	array_free(&array);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_append_keeps_and_zeroes),
		cmocka_unit_test(test_append_many_at_once),
		cmocka_unit_test(test_reserve),
		cmocka_unit_test(test_without_memory_nothing_changes),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_recast),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_copy_without_memory),
		cmocka_unit_test(test_free_and_use_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
