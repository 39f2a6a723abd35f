// SPDX-License-Identifier: BSD-2-Clause
// Building a view: which rows of a snapshot a table shows, in the order of its INDEX.
#include "view.h"

#include <errno.h>
#include <string.h>

#include "snapshot.h"
#include "table.h"

/*
 * A radix sort by the octets of the sort form, most significant first, in place. Each entry
 * holds the octets from `depth` on that fit; when a run of rows agrees in all of them, the
 * next ones are fetched for that run alone. No input makes it slower than the length of the
 * keys.
 */
#define WINDOW 12
#define FEW 24 /* so few are sorted by insertion */

struct entry {
	uint8_t window[WINDOW];
	uint32_t row;
};

struct sort {
	const struct table *table;
	const struct snapshot *snapshot;
	const struct array *rows; /* of the snapshot */
};

static const void *
row_of(const struct sort *sort, const struct entry *entry)
{
	return array_at(sort->rows, entry->row & ~VIEW_DUPLICATE);
}

/* Fetches the octets from depth on. Returns whether there are more behind them. */
static bool
fill_window(const struct sort *sort, struct entry *entry, size_t depth)
{
	const struct table *table = sort->table;
	struct index_key key;

	index_encode(table->index, table->n_index, sort->snapshot, row_of(sort, entry),
	    depth + WINDOW + 1, &key);
	return index_window(&key, depth, entry->window, WINDOW) > depth + WINDOW;
}

/*
 * Puts the preferred row first and marks the others. The runs are short: a REUSEPORT group.
 */
static void
mark_duplicates(const struct sort *sort, struct entry *run, size_t n)
{
	struct entry best;
	size_t first = 0;

	for (size_t i = 1; sort->table->prefers && i < n; i++)
		if (sort->table->prefers(row_of(sort, &run[i]), row_of(sort, &run[first])))
			first = i;
	best = run[first];
	run[first] = run[0];
	run[0] = best;
	for (size_t i = 1; i < n; i++)
		run[i].row |= VIEW_DUPLICATE;
}

static void
sort_octet(const struct sort *, struct entry *run, size_t n, size_t depth, unsigned octet);

/* A run that agrees in all octets of the window at depth. Equal so far means the same
 * types, and so the same length. */
static void
sort_next_window(const struct sort *sort, struct entry *run, size_t n, size_t depth)
{
	if (n < 2)
		return;
	if (!fill_window(sort, &run[0], depth)) {
		mark_duplicates(sort, run, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		fill_window(sort, &run[i], depth + WINDOW);
	sort_octet(sort, run, n, depth + WINDOW, 0);
}

static int
compare_from(const struct entry *a, const struct entry *b, unsigned octet)
{
	return memcmp(a->window + octet, b->window + octet, WINDOW - octet);
}

/* Sorts by insertion. Returns false when that takes more than so many moves: the run is in
 * some order then. */
static bool
insert_all(struct entry *run, size_t n, unsigned octet, size_t moves)
{
	for (size_t i = 1; i < n; i++) {
		struct entry entry = run[i];
		size_t j = i, most = i < moves ? i : moves;

		for (; i - j < most && compare_from(&entry, &run[j - 1], octet) < 0; j--)
			run[j] = run[j - 1];
		run[j] = entry;
		moves -= i - j;
		if (moves == 0)
			return false;
	}
	return true;
}

/* Sorts on where entries agree in the whole window; the run is sorted by it. */
static void
sort_ties(
    const struct sort *sort, struct entry *run, size_t n, size_t depth, unsigned octet)
{
	size_t start = 0;

	/* The windows of ties that are done are refilled: compare with the next before. */
	for (size_t i = 1; i <= n; i++) {
		if (i < n && compare_from(&run[i - 1], &run[i], octet) == 0)
			continue;
		sort_next_window(sort, &run[start], i - start, depth);
		start = i;
	}
}

/* Moves each entry into the part of the run that belongs to its octet. */
static void
distribute(struct entry *run, unsigned octet, const uint32_t start[257])
{
	uint32_t next[256];

	memcpy(next, start, sizeof(next));
	for (unsigned value = 0; value < 256; value++) {
		while (next[value] < start[value + 1]) {
			struct entry *entry = &run[next[value]];
			unsigned home = entry->window[octet];
			struct entry other;

			if (home != value) {
				other = run[next[home]];
				run[next[home]] = *entry;
				*entry = other;
			}
			next[home]++;
		}
	}
}

/* The first octet from `octet` on in which the run is not all the same; WINDOW if there is
 * none. */
static unsigned
first_difference(const struct entry *run, size_t n, unsigned octet)
{
	uint8_t differs[WINDOW] = { 0 };

	for (size_t i = 1; i < n; i++)
		for (unsigned k = octet; k < WINDOW; k++)
			differs[k] |= run[i].window[k] ^ run[0].window[k];
	while (octet < WINDOW && differs[octet] == 0)
		octet++;
	return octet;
}

static void
sort_octet(
    const struct sort *sort, struct entry *run, size_t n, size_t depth, unsigned octet)
{
	uint32_t start[257] = { 0 };

	if (n <= FEW) {
		insert_all(run, n, octet, SIZE_MAX);
		sort_ties(sort, run, n, depth, octet);
		return;
	}
	octet = first_difference(run, n, octet);
	if (octet == WINDOW) {
		sort_next_window(sort, run, n, depth);
		return;
	}
	for (size_t i = 0; i < n; i++)
		start[run[i].window[octet] + 1]++;
	for (unsigned value = 0; value < 256; value++)
		start[value + 1] += start[value];
	distribute(run, octet, start);
	for (unsigned value = 0; value < 256; value++) {
		size_t count = start[value + 1] - start[value];

		if (count > 1)
			sort_octet(sort, run + start[value], count, depth, octet + 1);
	}
}

/* Entries for the rows the table shows. */
static int
select_rows(const struct sort *sort, struct array *entries)
{
	/* At once: to move pages as it grows costs more than to fill them. */
	if (array_reserve(entries, sort->rows->n) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < sort->rows->n; i++) {
		struct entry *entry;

		if (sort->table->shows &&
		    !sort->table->shows(sort->snapshot, array_at(sort->rows, i)))
			continue;
		entry = array_append(entries, 1);
		if (!entry)
			return -ENOMEM;
		entry->row = (uint32_t)i;
		fill_window(sort, entry, 0);
	}
	return 0;
}

/*
 * Leaves of each entry its row only, in the same pages: a second array beside this one
 * would be the peak of a refresh. Returns how many are duplicates.
 */
static size_t
shrink_to_order(struct array *entries)
{
	uint32_t *order = entries->data;
	size_t duplicates = 0;

	for (size_t i = 0; i < entries->n; i++) {
		uint32_t row = ((const struct entry *)array_at(entries, i))->row;

		memcpy(&order[i], &row, sizeof(row));
		duplicates += row & VIEW_DUPLICATE ? 1 : 0;
	}
	array_recast(entries, sizeof(*order));
	return duplicates;
}

int
view_build(
    const struct table *table, const struct snapshot *snapshot, struct view *ret_view)
{
	struct array entries = ARRAY_OF(struct entry);
	struct sort sort = {
		.table = table,
		.snapshot = snapshot,
		.rows = snapshot_set(snapshot, table->set),
	};
	int error;

	if (sort.rows->n > VIEW_ROWS_MAX)
		return -EOVERFLOW;
	error = select_rows(&sort, &entries);
	if (error) {
		array_free(&entries);
		return error;
	}
	/* The kernel's order of routes is nearly that of the index. */
	if (insert_all(entries.data, entries.n, 0, entries.n + 1))
		sort_ties(&sort, entries.data, entries.n, 0, 0);
	else
		sort_octet(&sort, entries.data, entries.n, 0, 0);
	*ret_view = (struct view){ .built = true, .set = table->set };
	ret_view->duplicates = shrink_to_order(&entries);
	ret_view->order = entries;
	return 0;
}
