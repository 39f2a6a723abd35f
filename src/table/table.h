// SPDX-License-Identifier: BSD-2-Clause
// What a table is: OID, INDEX, columns, and the source of its rows; all of it data.
#ifndef NETMIB_TABLE_H
#define NETMIB_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "index.h"
#include "snapshot.h"

struct source_kind;

/* SYNTAX on the wire (RFC 2578, 7.1). Unsigned32 is Gauge32 there; enumerations are
 * INTEGER. */
enum value_type {
	VALUE_INTEGER,
	VALUE_COUNTER32,
	VALUE_GAUGE32,
	VALUE_COUNTER64,
	VALUE_IPADDRESS,
	VALUE_OBJECT_ID,
	VALUE_OCTETS,
	VALUE_TIMETICKS,
};

#define VALUE_OCTETS_MAX 255

struct value {
	enum value_type type;
	union {
		int32_t integer;
		uint32_t number; /* COUNTER32, GAUGE32; IPADDRESS in host order */
		uint64_t counter64;
		struct object_id object_id;
		struct octets octets; /* at most VALUE_OCTETS_MAX; in the snapshot */
		/* TIMETICKS: CLOCK_MONOTONIC, ns, of what happened; the agent turns it into
		 * sysUpTime. 0: not since it was started. */
		int64_t moment;
	};
};

/* Where a value is read: one row of one table. */
struct cell {
	const struct snapshot *snapshot;
	const struct view *view;
	size_t position; /* in view->order, of the row that is shown */
	const void *row;
	/* Of table->join; NULL: not asked for or not to be had. */
	const struct snapshot *joined;
	const struct column *column;
};

/* The name of an enumerated value; arrays of them end with a NULL name. */
struct label {
	int32_t value;
	const char *name;
};

struct column {
	uint32_t number; /* the last arc of the object's OID */
	const char *name;
	enum value_type type;
	/* Sets the union of *ret (its type is set). false: no such instance. */
	bool (*read)(const struct cell *, struct value *ret);
	unsigned argument;	    /* for read, which may serve several columns */
	bool joins;		    /* read needs cell->joined */
	const struct label *labels; /* of an enumeration, else NULL */
};

/* A table, or a group of scalars: a table of one row without an INDEX. */
struct table {
	const char *name;
	const char *group; /* netmibServe's word for it */
	const uint32_t *root;
	size_t root_length; /* of the table, or of the scalars' parent */
	bool scalars;	    /* instances are column.0, not 1.column.INDEX */
	bool by_column;	    /* to be registered column by column, as snmpd's own is; scalars
			       one by one */
	const struct source_kind *source;
	unsigned set; /* which of the source's sets of rows: as snapshot_set() */
	/* The table whose rows this one goes on (AUGMENTS, RFC 2578, 7.8): it has the same
	 * rows and INDEX. Else NULL. */
	const struct table *augments;
	/* Scalars that tell of a table, how many rows it has say: cell->view is that
	 * table's, cell->row is NULL, and the instance is always there. Else NULL. */
	const struct table *counted;
	/* A second source that some columns need; or NULL. */
	const struct source_kind *join;
	const struct index_part *index;
	size_t n_index;
	/* Which rows of the source are rows of the table; NULL: all. */
	bool (*shows)(const struct snapshot *, const void *row);
	/*
	 * Of two rows with the same index: does a come before b? NULL: it does not matter.
	 */
	bool (*prefers)(const void *a, const void *b);
	const struct column *columns; /* in rising order */
	size_t n_columns;
};

/* The row behind a position of the view. */
static inline const void *
table_row(const struct snapshot *snapshot, const struct view *view, size_t position)
{
	uint32_t entry = *(const uint32_t *)array_at(&view->order, position);

	return array_at(snapshot_set(snapshot, view->set), entry & ~VIEW_DUPLICATE);
}

/* Is this a row that is hidden behind the one before it, which has the same index? */
static inline bool
table_is_duplicate(const struct view *view, size_t position)
{
	return *(const uint32_t *)array_at(&view->order, position) & VIEW_DUPLICATE;
}

/* Encodes the instance identifier of a row. */
static inline void
table_key(const struct table *table, const struct snapshot *snapshot, const void *row,
    struct index_key *ret_key)
{
	index_encode(table->index, table->n_index, snapshot, row, SIZE_MAX, ret_key);
}

#endif
