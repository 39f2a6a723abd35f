// SPDX-License-Identifier: BSD-2-Clause
// Reading a table by object identifier: get and next over the snapshot that is current.
#include "reader.h"

#include <stdlib.h>
#include <string.h>

#include "source.h"

#define ENTRY_ARC 1  /* xTable.1 is xEntry */
#define SCALAR_ARC 0 /* x.0 is the instance of a scalar */

struct reader {
	const struct table *table;
	struct source *source, *join; /* join may be NULL */
	int view;
	bool joins;
	bool tried, tried_join; /* since begin */
	struct snapshot *snapshot, *joined;
	size_t cursor; /* where the last next() was asked from */
};

struct reader *
reader_new(struct collector *collector, const struct table *table)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	const struct table *viewed = table;

	if (!reader)
		return NULL;
	reader->table = table;
	reader->joins = true;
	reader->source = collector_source(collector, table->source);
	if (table->join)
		reader->join = collector_source(collector, table->join);
	if (!reader->source || (table->join && !reader->join))
		goto fail;
	if (table->augments)
		viewed = table->augments;
	else if (table->counted)
		viewed = table->counted;
	reader->view = source_add_table(reader->source, viewed);
	if (reader->view < 0)
		goto fail;
	return reader;
fail:
	free(reader);
	return NULL;
}

void
reader_free(struct reader *reader)
{
	if (reader)
		reader_end(reader);
	free(reader);
}

const struct table *
reader_table(const struct reader *reader)
{
	return reader->table;
}

void
reader_begin(struct reader *reader)
{
	reader_end(reader);
}

void
reader_end(struct reader *reader)
{
	snapshot_release(reader->snapshot);
	snapshot_release(reader->joined);
	reader->snapshot = reader->joined = NULL;
	reader->tried = reader->tried_join = false;
}

void
reader_set_joins(struct reader *reader, bool joins)
{
	reader->joins = joins;
}

/* Takes the snapshot once in a request. */
static const struct view *
take_view(struct reader *reader)
{
	if (!reader->tried)
		reader->snapshot = source_acquire(reader->source, reader->view, 0);
	reader->tried = true;
	return reader->snapshot ? &reader->snapshot->views[reader->view] : NULL;
}

static const struct snapshot *
take_joined(struct reader *reader)
{
	if (!reader->tried_join && reader->join && reader->joins)
		reader->joined = source_acquire(
		    reader->join, -1, reader->snapshot->generation);
	reader->tried_join = true;
	return reader->joined;
}

static bool
read_cell(struct reader *reader, const struct view *view, size_t position,
    const struct column *column, struct value *ret_value)
{
	struct cell cell = {
		.snapshot = reader->snapshot,
		.view = view,
		.position = position,
		.row = reader->table->counted ? NULL
					      : table_row(reader->snapshot, view, position),
		.joined = column->joins ? take_joined(reader) : NULL,
		.column = column,
	};

	ret_value->type = column->type;
	return column->read(&cell, ret_value);
}

/* How many positions have a row. */
static size_t
positions(const struct reader *reader, const struct view *view)
{
	return reader->table->counted ? 1 : view->order.n;
}

/* Compares the row at a position with an index as a client wrote it. */
static int
compare_at(const struct reader *reader, const struct view *view, size_t position,
    const uint32_t *index, size_t n)
{
	struct index_key key;

	table_key(reader->table, reader->snapshot,
	    table_row(reader->snapshot, view, position), &key);
	return index_compare(&key, index, n);
}

/* The first position whose row is not before the index; order.n if all are. */
static size_t
lower_bound(
    const struct reader *reader, const struct view *view, const uint32_t *index, size_t n)
{
	size_t low = 0, high = view->order.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_at(reader, view, middle, index, n) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t
skip_duplicates(const struct view *view, size_t position)
{
	while (position < view->order.n && table_is_duplicate(view, position))
		position++;
	return position;
}

/* The position of the row with exactly this index, trying first where a walk would be. */
static size_t
locate(const struct reader *reader, const struct view *view, const uint32_t *index,
    size_t n, bool *ret_exact)
{
	size_t position = skip_duplicates(view, reader->cursor);

	*ret_exact = true;
	for (int i = 0; i < 2 && position < view->order.n; i++) {
		if (compare_at(reader, view, position, index, n) == 0)
			return position;
		position = skip_duplicates(view, position + 1);
	}
	position = lower_bound(reader, view, index, n);
	*ret_exact = position < view->order.n &&
	    compare_at(reader, view, position, index, n) == 0;
	return position;
}

static const struct column *
find_column(const struct table *table, uint32_t number)
{
	for (size_t i = 0; i < table->n_columns; i++)
		if (table->columns[i].number == number)
			return &table->columns[i];
	return NULL;
}

enum read_result
reader_get(struct reader *reader, const uint32_t *subid, size_t n, struct value *ret_value)
{
	const struct table *table = reader->table;
	size_t fixed = table->scalars ? 1 : 2, position = 0;
	const struct column *column;
	const struct view *view;
	bool exact;

	if (n < fixed || (!table->scalars && subid[0] != ENTRY_ARC))
		return READ_NO_OBJECT;
	column = find_column(table, subid[fixed - 1]);
	if (!column)
		return READ_NO_OBJECT;
	view = take_view(reader);
	if (!view)
		return READ_NO_DATA;
	if (table->scalars) {
		exact = positions(reader, view) > 0 && n == 2 && subid[1] == SCALAR_ARC;
	} else {
		position = locate(reader, view, subid + fixed, n - fixed, &exact);
		reader->cursor = exact ? position : reader->cursor;
	}
	if (!exact || !read_cell(reader, view, position, column, ret_value))
		return READ_NO_INSTANCE;
	return READ_FOUND;
}

/* Where next() starts to look: a column, and a position in its rows. */
struct start {
	size_t column; /* in table->columns */
	size_t position;
};

/* The column to start in: the first not below the number that was asked for. Sets
 * *ret_inside when it is exactly that one, and the index counts. */
static size_t
start_column(const struct table *table, uint32_t number, bool *ret_inside)
{
	size_t i = 0;

	while (i < table->n_columns && table->columns[i].number < number)
		i++;
	*ret_inside = i < table->n_columns && table->columns[i].number == number;
	return i;
}

/* The position in a column behind (or at) an index that may be cut off or make no sense. */
static size_t
start_position(struct reader *reader, const struct view *view, const uint32_t *index,
    size_t n, bool inclusive)
{
	size_t position;
	bool exact;

	if (n == 0)
		return 0;
	if (reader->table->scalars) {
		/* The one instance is 0: only 0 itself, and what is longer or more, is
		 * behind it. */
		exact = n == 1 && index[0] == SCALAR_ARC;
		return exact && inclusive ? 0 : positions(reader, view);
	}
	position = locate(reader, view, index, n, &exact);
	if (!exact)
		return position;
	reader->cursor = position;
	return inclusive ? position : skip_duplicates(view, position + 1);
}

static struct start
find_start(struct reader *reader, const struct view *view, const uint32_t *subid, size_t n,
    bool inclusive)
{
	const struct table *table = reader->table;
	size_t fixed = table->scalars ? 0 : 1;
	struct start start = { 0, 0 };
	bool inside;

	if (n == 0 || (fixed && subid[0] < ENTRY_ARC))
		return start;
	if (fixed && subid[0] > ENTRY_ARC) {
		start.column = table->n_columns;
		return start;
	}
	if (n == fixed)
		return start;
	start.column = start_column(table, subid[fixed], &inside);
	if (inside)
		start.position = start_position(
		    reader, view, subid + fixed + 1, n - fixed - 1, inclusive);
	return start;
}

static void
name_instance(const struct reader *reader, const struct view *view, size_t position,
    const struct column *column, struct instance *ret_instance)
{
	struct index_key key;
	uint32_t *subid = ret_instance->subid;

	if (reader->table->scalars) {
		*subid++ = column->number;
		*subid++ = SCALAR_ARC;
	} else {
		table_key(reader->table, reader->snapshot,
		    table_row(reader->snapshot, view, position), &key);
		*subid++ = ENTRY_ARC;
		*subid++ = column->number;
		memcpy(subid, key.subid, key.n * sizeof(*subid));
		subid += key.n;
	}
	ret_instance->n = (size_t)(subid - ret_instance->subid);
}

enum read_result
reader_next(struct reader *reader, const uint32_t *subid, size_t n, bool inclusive,
    struct instance *ret_instance, struct value *ret_value)
{
	const struct table *table = reader->table;
	const struct view *view = take_view(reader);
	struct start start;

	if (!view)
		return READ_NO_DATA;
	start = find_start(reader, view, subid, n, inclusive);
	for (; start.column < table->n_columns; start.column++, start.position = 0) {
		const struct column *column = &table->columns[start.column];

		while (start.position < positions(reader, view)) {
			if (read_cell(reader, view, start.position, column, ret_value)) {
				name_instance(
				    reader, view, start.position, column, ret_instance);
				return READ_FOUND;
			}
			start.position = skip_duplicates(view, start.position + 1);
		}
	}
	return READ_END;
}
