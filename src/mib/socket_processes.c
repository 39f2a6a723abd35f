// SPDX-License-Identifier: BSD-2-Clause
// The source of socket owners: what is known is kept by cookie, /proc is scanned for the
// rest.
#include <errno.h>
#include <stdlib.h>

#include "../kernel/processes.h"
#include "sockets.h"

/*
 * How long an owner is believed while its process lives: sockets are handed on and dropped.
 */
#define VERIFY_INTERVAL INT64_C(60000000000) /* ns */

/*
 * Not found, but looked for only once: accept() may have been about to hand the socket out.
 */
#define MISSED_ONCE UINT32_MAX

/* A row, found by cookie; they are in rising order. */
struct process_row {
	uint32_t cookie[2];
	uint32_t pid; /* 0: none; or MISSED_ONCE */
};

struct processes_state {
	int64_t verified; /* when all owners were looked for; 0: never */
};

/* One refresh as it goes. */
struct search {
	const struct snapshot *sockets,
	    *known;	     /* known: NULL when all are looked for anew */
	struct array pids;   /* of uint32_t, rising: the processes there are */
	struct array owners; /* of struct socket_owner: who is looked for */
	struct array *rows;  /* of struct process_row: the result */
};

static uint64_t
cookie_of(const uint32_t cookie[2])
{
	return (uint64_t)cookie[1] << 32 | cookie[0];
}

static int
compare_rows(const void *a, const void *b)
{
	uint64_t x = cookie_of(((const struct process_row *)a)->cookie);
	uint64_t y = cookie_of(((const struct process_row *)b)->cookie);

	return (x > y) - (x < y);
}

/* An inode or a process id, which both structures begin with or are. */
static int
compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static const void *
find(const struct array *array, const void *key, int (*compare)(const void *, const void *))
{
	return array->n ? bsearch(key, array->data, array->n, array->size, compare) : NULL;
}

static void
sort(struct array *array, int (*compare)(const void *, const void *))
{
	if (array->n > 1)
		qsort(array->data, array->n, array->size, compare);
}

/* The owner as the last refresh left it, if it still lives. */
static bool
recall(const struct search *search, const uint32_t cookie[2], uint32_t *ret_pid)
{
	struct process_row key = { .cookie = { cookie[0], cookie[1] } };
	const struct process_row *row;

	row = search->known ? find(&search->known->rows, &key, compare_rows) : NULL;
	if (!row || row->pid == MISSED_ONCE)
		return false;
	if (row->pid != 0 && !find(&search->pids, &row->pid, compare_numbers))
		return false;
	*ret_pid = row->pid;
	return true;
}

/* Lists the sockets that have a file: known owners are filled in, the others are to be
 * found. */
static int
list_sockets(struct search *search)
{
	for (size_t i = 0; i < search->sockets->rows.n; i++) {
		const struct socket_row *socket = array_at(&search->sockets->rows, i);
		struct socket_owner *owner;
		struct process_row *row;

		if (socket->inode == 0)
			continue;
		row = array_append(search->rows, 1);
		if (!row)
			return -ENOMEM;
		row->cookie[0] = socket->cookie[0];
		row->cookie[1] = socket->cookie[1];
		if (recall(search, socket->cookie, &row->pid))
			continue;
		owner = array_append(&search->owners, 1);
		if (!owner)
			return -ENOMEM;
		owner->inode = socket->inode;
		row->pid = MISSED_ONCE;
	}
	return 0;
}

/* One owner an inode: subflows of an MPTCP socket share theirs. */
static void
unite_owners(struct array *owners)
{
	struct socket_owner *owner = owners->data;
	size_t n = 0;

	sort(owners, compare_numbers);
	for (size_t i = 0; i < owners->n; i++)
		if (n == 0 || owner[n - 1].inode != owner[i].inode)
			owner[n++] = owner[i];
	owners->n = n;
}

/*
 * Was this socket missed by the scan before, too? Then it has no process that can be seen.
 */
static bool
was_missed(const struct search *search, const struct process_row *row)
{
	const struct process_row *before = search->known
	    ? find(&search->known->rows, row, compare_rows)
	    : NULL;

	return before && before->pid == MISSED_ONCE;
}

/* Puts what was found into the rows, which stand in the order of the sockets. */
static void
fill_in(const struct search *search)
{
	struct process_row *row = search->rows->data;

	for (size_t i = 0; i < search->sockets->rows.n; i++) {
		const struct socket_row *socket = array_at(&search->sockets->rows, i);
		const struct socket_owner *owner;

		if (socket->inode == 0)
			continue;
		if (row->pid == MISSED_ONCE) {
			owner = find(&search->owners, &socket->inode, compare_numbers);
			if (owner && owner->pid != 0)
				row->pid = owner->pid;
			else if (was_missed(search, row))
				row->pid = 0;
		}
		row++;
	}
}

static int
look_up(struct search *search, const struct pause *pause)
{
	int error = processes_list(&search->pids);

	if (error == 0)
		error = list_sockets(search);
	if (error)
		return error;
	unite_owners(&search->owners);
	error = processes_find(search->owners.data, search->owners.n, &search->pids, pause);
	if (error)
		return error;
	fill_in(search);
	return 0;
}

static int
read_processes(struct reading *reading)
{
	const struct pause pause = { reading_pause, reading };
	struct processes_state *state = reading->state;
	bool verify = reading->new->time - state->verified >= VERIFY_INTERVAL;
	struct search search = {
		.sockets = reading->base,
		.known = verify ? NULL : reading->old,
		.pids = ARRAY_OF(uint32_t),
		.owners = ARRAY_OF(struct socket_owner),
		.rows = &reading->new->rows,
	};
	int error;

	reading->new->rows = ARRAY_OF(struct process_row);
	error = look_up(&search, &pause);
	array_free(&search.pids);
	array_free(&search.owners);
	if (error)
		return error;
	sort(search.rows, compare_rows);
	if (verify)
		state->verified = reading->new->time;
	return 0;
}

const struct source_kind source_processes = {
	.name = "processes",
	.max_age = 2000,
	.base = &source_sockets,
	.state_size = sizeof(struct processes_state),
	.read = read_processes,
};

const struct source_kind source_endpoint_processes = {
	.name = "processes",
	.max_age = 2000,
	.base = &source_endpoints,
	.state_size = sizeof(struct processes_state),
	.read = read_processes,
};

/* The process that holds one socket; 0: none. */
static uint32_t
holder(const struct snapshot *processes, const struct socket_row *socket)
{
	struct process_row key = { .cookie = { socket->cookie[0], socket->cookie[1] } };
	const struct process_row *row;

	if (socket->inode == 0)
		return 0;
	row = find(&processes->rows, &key, compare_rows);
	return row && row->pid != MISSED_ONCE ? row->pid : 0;
}

uint32_t
process_of(const struct cell *cell)
{
	uint32_t lowest = 0;
	size_t i = cell->position;

	if (!cell->joined)
		return 0;
	do {
		uint32_t pid = holder(
		    cell->joined, table_row(cell->snapshot, cell->view, i));

		if (pid != 0 && (lowest == 0 || pid < lowest))
			lowest = pid;
		i++;
	} while (i < cell->view->order.n && table_is_duplicate(cell->view, i));
	return lowest;
}
