// SPDX-License-Identifier: BSD-2-Clause
// The source of UDP sockets, and the numbers that tell those with one tuple apart.
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "sockets.h"

/* --- order --- */

/* A row and the pool of its IPv6 addresses. */
struct placed {
	const struct endpoint_row *row;
	const struct array *side;
};

static int
compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* An address of both, which are of one family. The link of a link-local one does not count:
 * the INDEX need not have it. */
static int
compare_addresses(struct placed a, uint32_t x, struct placed b, uint32_t y)
{
	return address_compare(a.row->socket.flags & SOCKET_IPV6, a.side, x, b.side, y);
}

/* What the INDEX tells of the family: unknown(0), ipv4(1), ipv6(2). */
static int
family(struct placed placed)
{
	const struct socket_row *socket = &placed.row->socket;

	if (!(socket->flags & SOCKET_IPV6))
		return INET_ADDRESS_IPV4;
	if (socket->state != SOCKET_CONNECTED && socket_is_on_any(placed.side, socket))
		return INET_ADDRESS_UNKNOWN;
	return INET_ADDRESS_IPV6;
}

/* By the INDEX of udpEndpointTable, the number left out. */
static int
compare_tuples(struct placed a, struct placed b)
{
	const struct socket_row *x = &a.row->socket, *y = &b.row->socket;
	bool connected = x->state == SOCKET_CONNECTED;
	int order = family(a) - family(b);

	if (order == 0)
		order = compare_addresses(a, x->local, b, y->local);
	if (order == 0)
		order = compare_numbers(x->local_port, y->local_port);
	if (order == 0)
		order = connected - (y->state == SOCKET_CONNECTED);
	if (order == 0 && connected)
		order = compare_addresses(a, x->remote, b, y->remote);
	if (order == 0 && connected)
		order = compare_numbers(x->remote_port, y->remote_port);
	return order;
}

static uint64_t
cookie_of(const struct endpoint_row *row)
{
	return (uint64_t)row->socket.cookie[1] << 32 | row->socket.cookie[0];
}

static int
compare_rows(const void *a, const void *b, void *side)
{
	int order = compare_tuples((struct placed){ a, side }, (struct placed){ b, side });

	return order ? order : compare_numbers(cookie_of(a), cookie_of(b));
}

/* --- numbers --- */

/* Rows of one tuple, which stand together. */
struct group {
	struct endpoint_row *first;
	size_t n;
};

/* The group of so many rows at most that begins with the first. */
static struct group
group_at(struct endpoint_row *first, size_t n_rows, const struct array *side)
{
	struct group group = { first, 1 };

	while (group.n < n_rows &&
	    compare_tuples((struct placed){ first, side },
		(struct placed){ first + group.n, side }) == 0)
		group.n++;
	return group;
}

/* Who was here before keeps its number; both groups are in the order of cookies. */
static void
keep_numbers(struct group group, struct group old)
{
	for (size_t i = 0, k = 0; i < group.n && k < old.n;) {
		int order = compare_numbers(
		    cookie_of(&group.first[i]), cookie_of(&old.first[k]));

		if (order == 0)
			group.first[i].instance = old.first[k].instance;
		i += order <= 0;
		k += order > 0;
	}
}

static int
compare_instances(const void *a, const void *b)
{
	return compare_numbers(*(const uint32_t *)a, *(const uint32_t *)b);
}

/* Gives the others the lowest numbers that are free. A socket that the kernel told of twice
 * is one. */
static int
number_rest(struct group group)
{
	struct array taken = ARRAY_OF(uint32_t);
	uint32_t next = 1;
	size_t k = 0;

	for (size_t i = 0; i < group.n; i++) {
		uint32_t *instance;

		if (group.first[i].instance == 0)
			continue;
		instance = array_append(&taken, 1);
		if (!instance)
			goto fail;
		*instance = group.first[i].instance;
	}
	if (taken.n > 1)
		qsort(taken.data, taken.n, taken.size, compare_instances);
	for (size_t i = 0; i < group.n; i++) {
		struct endpoint_row *row = &group.first[i];

		if (row->instance != 0)
			continue;
		if (i > 0 && cookie_of(row) == cookie_of(row - 1)) {
			row->instance = row[-1].instance;
			continue;
		}
		for (; k < taken.n && *(uint32_t *)array_at(&taken, k) <= next; k++)
			if (*(uint32_t *)array_at(&taken, k) == next)
				next++;
		row->instance = next++;
	}
	array_free(&taken);
	return 0;
fail:
	array_free(&taken);
	return -ENOMEM;
}

int
endpoints_number(struct array *rows, const struct array *side, const struct snapshot *old)
{
	struct endpoint_row *row = rows->data, *old_row = old ? old->rows.data : NULL;
	size_t n_old = old ? old->rows.n : 0, k = 0;
	int error = 0;

	if (rows->n > 1)
		qsort_r(row, rows->n, rows->size, compare_rows, (void *)(uintptr_t)side);
	for (size_t i = 0; error == 0 && i < rows->n;) {
		struct group group = group_at(&row[i], rows->n - i, side);
		struct placed here = { &row[i], side };

		while (k < n_old &&
		    compare_tuples((struct placed){ &old_row[k], &old->side }, here) < 0)
			k++;
		if (k < n_old &&
		    compare_tuples((struct placed){ &old_row[k], &old->side }, here) == 0)
			keep_numbers(group, group_at(&old_row[k], n_old - k, &old->side));
		if (group.n == 1 && row[i].instance == 0)
			row[i].instance = 1;
		else if (group.n > 1)
			error = number_rest(group);
		i += group.n;
	}
	return error;
}

/* --- reading --- */

/* Rows of endpoints, without numbers yet. */
static int
make_rows(const struct array *sockets, struct array *ret_rows)
{
	struct endpoint_row *row;

	*ret_rows = ARRAY_OF(struct endpoint_row);
	row = array_append(ret_rows, sockets->n);
	for (size_t i = 0; row && i < sockets->n; i++)
		row[i].socket = *(const struct socket_row *)array_at(sockets, i);
	return row || sockets->n == 0 ? 0 : -ENOMEM;
}

static int
read_endpoints(struct reading *reading)
{
	struct snapshot *new = reading->new;
	struct sockets sockets;
	int error = sockets_source_read(reading, IPPROTO_UDP, &sockets);

	if (error)
		return error;
	error = make_rows(&sockets.rows, &new->rows);
	array_free(&sockets.rows);
	new->side = sockets.pool.addresses;
	return error ? error : endpoints_number(&new->rows, &new->side, reading->old);
}

const struct source_kind source_endpoints = {
	.name = "endpoints",
	.max_age = 2000,
	.state_size = sizeof(struct sockets_state),
	.read = read_endpoints,
};
