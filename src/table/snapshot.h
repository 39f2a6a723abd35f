// SPDX-License-Identifier: BSD-2-Clause
// What one reading of a source found: rows that never change, shared by counting
// references.
#ifndef NETMIB_SNAPSHOT_H
#define NETMIB_SNAPSHOT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../array.h"

/* Tables that can stand on one source. */
#define SNAPSHOT_VIEWS 8

/* Sets of rows beside the first that one reading can make. */
#define SNAPSHOT_MORE 2

/* What the configuration asked for when the snapshot was built. */
#define SNAPSHOT_STRICT_ADDRESSES 0x01 /* netmibInetAddress strict */

/*
 * The rows of one table in INDEX order: four bytes a row. Rows with the same index stand
 * side by side, the one that is shown first, the others marked.
 */
struct view {
	struct array order; /* of uint32_t: a row's number, VIEW_DUPLICATE set in all but
			       the first */
	unsigned set;	    /* of the rows: as table.set */
	size_t duplicates;  /* how many are marked */
	bool built;	    /* false: nobody asked for this table */
};

#define VIEW_DUPLICATE 0x80000000u
#define VIEW_ROWS_MAX 0x7fffffffu

/*
 * Built by the collector alone, whole, and then published; from then on nobody writes to
 * it. Lives until the last reference is released, which gives its pages back.
 */
struct snapshot {
	atomic_uint references;
	uint64_t generation; /* of its source: 1, 2, 3 … */
	uint64_t
	    base; /* generation of the snapshot it was made from; 0: of the kernel itself */
	int64_t time;	   /* CLOCK_MONOTONIC, ns: when reading it began */
	unsigned options;  /* SNAPSHOT_… */
	unsigned max_age;  /* ms; of its source, when it was read */
	uint64_t settings; /* version of its source's settings it was read with */
	uint64_t
	    version; /* the source's own, for kind->outdated(): what it was read from */
	struct array rows; /* what the source reads; fixed-size rows */
	struct array
	    more[SNAPSHOT_MORE]; /* rows of other kinds, made of the same reading */
	struct array side;	 /* what rows refer to: IPv6 addresses; may be empty */
	struct view views[SNAPSHOT_VIEWS];
};

/* A set of rows: 0 is rows, 1 the first of more, and so on. */
static inline const struct array *
snapshot_set(const struct snapshot *snapshot, unsigned set)
{
	return set == 0 ? &snapshot->rows : &snapshot->more[set - 1];
}

/* A new, empty snapshot with one reference, the caller's; NULL without memory. */
struct snapshot *snapshot_new(void);

/* Another reference to the same snapshot, which is returned. */
struct snapshot *snapshot_hold(struct snapshot *);

/* Drops one reference; NULL is allowed. */
void snapshot_release(struct snapshot *);

#endif
