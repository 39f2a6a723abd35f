// SPDX-License-Identifier: BSD-2-Clause
// A growable array of fixed-size elements on pages of its own, which go back to the system
// whole.
#ifndef NETMIB_ARRAY_H
#define NETMIB_ARRAY_H

#include <stddef.h>

/*
 * Elements are zeroed when appended, but where n was lowered before, and may move when the
 * array grows. malloc() would keep the pages of a dead snapshot; an array's are unmapped by
 * array_free(), and untouched capacity costs address space only.
 */
struct array {
	void *data;	 /* n elements; NULL while nothing was appended */
	size_t n;	 /* elements in use */
	size_t capacity; /* elements that fit without growing */
	size_t size;	 /* bytes of one element, not 0 */
};

#define ARRAY_OF(type) ((struct array){ .size = sizeof(type) })

/* Appends count zeroed elements and returns the first, or NULL without memory (the array is
 * as it was then). */
void *array_append(struct array *, size_t count);

/* Makes room for at least n elements in all. Returns 0 or -ENOMEM. */
int array_reserve(struct array *, size_t n);

/* Element i, which must be below n. */
static inline void *
array_at(const struct array *array, size_t i)
{
	return (char *)array->data + i * array->size;
}

/* Bytes of memory the elements in use take. */
static inline size_t
array_bytes(const struct array *array)
{
	return array->n * array->size;
}

/* Makes an array, which is empty, a copy of another with elements of its size. Returns 0 or
 * -ENOMEM. */
int array_copy(struct array *, const struct array *from);

/* Gives the pages behind the last element back. */
void array_trim(struct array *);

/* Makes the first bytes, as many as n elements of the new size take, the elements: a
 * divisor of the old size. The pages behind them are given back. */
void array_recast(struct array *, size_t size);

/* Gives everything back; the array is empty afterwards and may be used again. */
void array_free(struct array *);

#endif
