// SPDX-License-Identifier: BSD-2-Clause
// The source of neighbours: when to read them, and the times of their changes.
#include <errno.h>
#include <stdlib.h>

#include "../kernel/events.h"
#include "ip.h"
#include "neighbours.h"

#define NEIGHBOUR_GROUP 3 /* RTNLGRP_NEIGH */

/* ns; the kernel's clock and its ages are in ticks, of 10 ms at most. */
#define SAME INT64_C(60000000)

struct neighbours_state {
	struct events events;
	bool stale;   /* some may go on to another state without a word (NEIGHBOUR_DELAY) */
	int64_t took; /* ns, the last dump: so much too early are the times of its last */
};

static bool
neighbours_unchanged(void *state)
{
	static const int groups[] = { NEIGHBOUR_GROUP };
	struct neighbours_state *neighbours_state = state;

	return !events_happened(&neighbours_state->events, groups, 1) &&
	    !neighbours_state->stale;
}

static void
free_state(void *state)
{
	struct neighbours_state *neighbours_state = state;

	events_close(&neighbours_state->events);
}

/* Leaves the neighbours on interfaces that are shown. */
static int
keep_shown(
    struct array *rows, const struct link_settings *settings, const struct pause *pause)
{
	struct neighbour_row *row = rows->data;
	struct array links;
	size_t n = 0;
	int error;

	if (settings->include.n == 0 && settings->exclude.n == 0)
		return 0;
	error = shown_links_read(&links, settings, pause);
	for (size_t i = 0; error == 0 && i < rows->n; i++)
		if (shown_links_find(&links, row[i].ifindex))
			row[n++] = row[i];
	array_free(&links);
	rows->n = error ? rows->n : n;
	return error;
}

/* --- times --- */

/* A row and the pool of its IPv6 address. */
struct placed {
	const struct neighbour_row *row;
	const struct array *side;
};

/* By interface, then by address. */
static int
compare(struct placed a, struct placed b)
{
	const struct neighbour_row *x = a.row, *y = b.row;

	if (x->ifindex != y->ifindex)
		return x->ifindex < y->ifindex ? -1 : 1;
	if (x->ipv6 != y->ipv6)
		return x->ipv6 < y->ipv6 ? -1 : 1;
	return address_compare(x->ipv6, a.side, x->address, b.side, y->address);
}

static int
compare_rows(const void *a, const void *b, void *side)
{
	return compare((struct placed){ a, side }, (struct placed){ b, side });
}

/* What did not change keeps the very time it had: an age that is measured again differs, by
 * as much as `same`. Both snapshots are in order. */
static void
keep_times(
    const struct snapshot *old, struct array *rows, const struct array *side, int64_t same)
{
	size_t i = 0;

	for (size_t k = 0; k < rows->n && i < old->rows.n;) {
		const struct neighbour_row *before = array_at(&old->rows, i);
		struct neighbour_row *row = array_at(rows, k);
		int order = compare(
		    (struct placed){ before, &old->side }, (struct placed){ row, side });

		if (order == 0 && before->state == row->state &&
		    llabs(before->updated - row->updated) < same)
			row->updated = before->updated;
		i += order <= 0;
		k += order >= 0;
	}
}

static bool
any_stale(const struct array *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		if (((const struct neighbour_row *)array_at(rows, i))->state ==
		    NEIGHBOUR_STALE)
			return true;
	return false;
}

/* --- reading --- */

static int
read_neighbours(struct reading *reading)
{
	const struct pause pause = { reading_pause, reading };
	struct neighbours_state *state = reading->state;
	struct neighbours neighbours;
	int64_t took, longest;
	int error;

	neighbours_init(&neighbours, monotonic_now());
	error = neighbours_read(&neighbours, &pause);
	took = monotonic_now() - neighbours.now;
	longest = took > state->took ? took : state->took;
	if (error == 0)
		error = keep_shown(&neighbours.rows, reading->settings, &pause);
	reading->malformed = neighbours.malformed;
	if (error) {
		neighbours_free(&neighbours);
		return error;
	}
	if (neighbours.rows.n > 1)
		qsort_r(neighbours.rows.data, neighbours.rows.n, neighbours.rows.size,
		    compare_rows, &neighbours.pool.addresses);
	if (reading->old)
		keep_times(reading->old, &neighbours.rows, &neighbours.pool.addresses,
		    SAME + longest);
	state->took = took;
	state->stale = any_stale(&neighbours.rows);
	reading->new->rows = neighbours.rows;
	reading->new->side = neighbours.pool.addresses;
	return 0;
}

const struct source_kind source_neighbours = {
	.name = "neighbours",
	.max_age = 1000,
	.state_size = sizeof(struct neighbours_state),
	.settings_size = sizeof(struct link_settings),
	.init_settings = link_settings_init,
	.read = read_neighbours,
	.unchanged = neighbours_unchanged,
	.free_state = free_state,
};
