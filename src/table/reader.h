// SPDX-License-Identifier: BSD-2-Clause
// Reading a table by object identifier: get and next over the snapshot that is current.
#ifndef NETMIB_READER_H
#define NETMIB_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index.h"
#include "table.h"

struct collector;
struct reader;

/* An instance below a table's root: 1.column.INDEX, or column.0 of scalars. */
struct instance {
	size_t n;
	uint32_t subid[INDEX_MAX + 2];
};

enum read_result {
	READ_FOUND,
	READ_NO_OBJECT,	  /* there is no such column */
	READ_NO_INSTANCE, /* there is no such row, or it has no value in this column */
	READ_END,	  /* nothing follows in this table */
	READ_NO_DATA,	  /* the kernel has not been read in time, or cannot be */
};

/* A reader of the table, whose sources are added to the collector if need be. Before
 * collector_start(). The collector outlives it. NULL without memory or room. */
struct reader *reader_new(struct collector *, const struct table *);
void reader_free(struct reader *);

const struct table *reader_table(const struct reader *);

/*
 * Everything between begin and end is answered from one snapshot. begin itself does
 * nothing: the snapshot is taken by the first get or next, which may wait as
 * source_acquire() does. One thread uses a reader.
 */
void reader_begin(struct reader *);
void reader_end(struct reader *);

/* Whether columns that need the second source get it; true at first. Without it they read
 * as if nothing was found there. */
void reader_set_joins(struct reader *, bool joins);

/*
 * The value of exactly this instance, given by its n sub-identifiers below the root (any).
 */
enum read_result
reader_get(struct reader *, const uint32_t *subid, size_t n, struct value *ret_value);

/*
 * The first instance behind this one (or at it, with inclusive) and its value. A binary
 * search, or two comparisons when the instance is the one that was asked for last, or the
 * one behind it.
 */
enum read_result reader_next(struct reader *, const uint32_t *subid, size_t n,
    bool inclusive, struct instance *ret_instance, struct value *ret_value);

#endif
