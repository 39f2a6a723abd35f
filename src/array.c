// SPDX-License-Identifier: BSD-2-Clause
// A growable array of fixed-size elements on pages of its own, which go back to the system
// whole.
#include "array.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

static size_t
whole_pages(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

static size_t
mapped_bytes(const struct array *array)
{
	return array->data ? whole_pages(array->capacity * array->size) : 0;
}

/* Maps room for n elements, keeping what is there. */
static int
resize(struct array *array, size_t n)
{
	size_t bytes, old = mapped_bytes(array);
	void *data;

	if (n > SIZE_MAX / 2 / array->size)
		return -ENOMEM;
	bytes = whole_pages(n * array->size);
	if (bytes == old)
		data = array->data;
	else if (array->data)
		data = mremap(array->data, old, bytes, MREMAP_MAYMOVE);
	else
		data = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (data == MAP_FAILED)
		return -ENOMEM;
	array->data = data;
	array->capacity = bytes / array->size;
	return 0;
}

int
array_reserve(struct array *array, size_t n)
{
	return n <= array->capacity ? 0 : resize(array, n);
}

void *
array_append(struct array *array, size_t count)
{
	size_t n = array->n + count;

	/* Half as much again: pages that are not touched do not count. */
	if (n > array->capacity && resize(array, n + array->capacity / 2) < 0)
		return NULL;
	array->n = n;
	return array_at(array, n - count);
}

int
array_copy(struct array *array, const struct array *from)
{
	if (from->n == 0)
		return 0;
	if (!array_append(array, from->n))
		return -ENOMEM;
	/* All pages are filled: fetched at once they cost one entry into the kernel, not
	 * one each. Where that cannot be they come one by one. */
	(void)madvise(array->data, whole_pages(array_bytes(array)), MADV_POPULATE_WRITE);
	memcpy(array->data, from->data, array_bytes(from));
	return 0;
}

void
array_trim(struct array *array)
{
	if (array->n == 0)
		array_free(array);
	else
		(void)resize(array, array->n); /* shrinking in place cannot fail */
}

void
array_recast(struct array *array, size_t size)
{
	array->capacity *= array->size / size;
	array->size = size;
	array_trim(array);
}

void
array_free(struct array *array)
{
	if (array->data)
		munmap(array->data, mapped_bytes(array));
	array->data = NULL;
	array->n = array->capacity = 0;
}
