// SPDX-License-Identifier: BSD-2-Clause
// Making rows of interfaces of what the kernel tells, and comparing them with older ones.
#include "interface_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ALIAS_MAX 64 /* ifAlias, SIZE (0..64) */

/* --- counters --- */

static uint64_t
less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

void
interface_count(struct interface_row *row, const struct link_counters *counters)
{
	const uint64_t values[IF_COUNTERS] = {
		[IF_IN_OCTETS] = counters->rx_bytes,
		[IF_IN_UCAST] = less(counters->rx_packets, counters->multicast),
		[IF_IN_MULTICAST] = counters->multicast,
		[IF_IN_DISCARDS] = counters->rx_dropped + counters->rx_missed_errors,
		[IF_IN_ERRORS] = counters->rx_errors,
		[IF_OUT_OCTETS] = counters->tx_bytes,
		[IF_OUT_UCAST] = counters->tx_packets,
		[IF_OUT_DISCARDS] = counters->tx_dropped,
		[IF_OUT_ERRORS] = counters->tx_errors,
	};

	memcpy(row->counter, values, sizeof(values));
	row->flags &= (uint8_t)~IF_SPLIT;
}

void
interface_split(struct interface_row *row, const struct ethtool_frames *frames)
{
	uint64_t *counter = row->counter;

	counter[IF_IN_BROADCAST] = frames->rx_broadcast;
	counter[IF_IN_UCAST] = less(counter[IF_IN_UCAST], frames->rx_broadcast);
	counter[IF_OUT_MULTICAST] = frames->tx_multicast;
	counter[IF_OUT_BROADCAST] = frames->tx_broadcast;
	counter[IF_OUT_UCAST] = less(
	    counter[IF_OUT_UCAST], frames->tx_multicast + frames->tx_broadcast);
	row->flags |= IF_SPLIT;
}

static bool
is_difference(enum interface_counter counter)
{
	return counter == IF_IN_UCAST || counter == IF_OUT_UCAST;
}

void
interface_compare(const struct interface_row *old, struct interface_row *new, int64_t now)
{
	bool back = (old->flags ^ new->flags) & IF_SPLIT;

	for (enum interface_counter i = 0; i < IF_COUNTERS; i++)
		if (!is_difference(i) && new->counter[i] < old->counter[i])
			back = true;
	if (back)
		new->discontinuity = now;
	else if (old->discontinuity > new->discontinuity)
		new->discontinuity = old->discontinuity;
	for (enum interface_counter i = 0; !back && i < IF_COUNTERS; i++)
		if (is_difference(i) && new->counter[i] < old->counter[i])
			new->counter[i] = old->counter[i];
}

/* --- devices --- */

/* Appends octets, at most max of them; a character of UTF-8 is not cut. Returns 0 or
 * -ENOMEM. */
static int
keep(struct array *side, struct octets octets, size_t max, uint8_t *ret_length)
{
	size_t n = octets.n < max ? octets.n : max;
	void *place;

	while (n > 0 && n < octets.n && (octets.at[n] & 0xc0) == 0x80)
		n--;
	*ret_length = (uint8_t)n;
	if (n == 0)
		return 0;
	place = array_append(side, n);
	if (!place)
		return -ENOMEM;
	memcpy(place, octets.at, n);
	return 0;
}

int
interface_add(struct array *rows, struct array *side, const struct link *link)
{
	struct interface_row *row = array_append(rows, 1);

	if (!row)
		return -ENOMEM;
	*row = (struct interface_row){
		.ifindex = link->ifindex,
		.mtu = link->mtu,
		.above = link_above(link),
		.below = link_below(link),
		.carrier_ups = link->carrier_ups,
		.type = (uint16_t)link_type(link),
		.admin = link_admin_status(link),
		.oper = link_oper_status(link),
		.flags = (link->promiscuity > 0 ? IF_PROMISCUOUS : 0) |
		    (link->has_parent ? IF_CONNECTOR : 0),
		.octets = (uint32_t)side->n,
	};
	octets_to_text(link->name, row->name, sizeof(row->name));
	interface_count(row, &link->counters);
	if (keep(side, link_address(link), UINT8_MAX, &row->address_length) < 0)
		return -ENOMEM;
	return keep(side, link->alias, ALIAS_MAX, &row->alias_length);
}

static int
compare_rows(const void *a, const void *b)
{
	uint32_t x = ((const struct interface_row *)a)->ifindex;
	uint32_t y = ((const struct interface_row *)b)->ifindex;

	return (x > y) - (x < y);
}

static bool
is_sorted(const struct array *rows)
{
	size_t i = 1;

	while (i < rows->n && compare_rows(array_at(rows, i - 1), array_at(rows, i)) < 0)
		i++;
	return i >= rows->n;
}

void
interface_sort(struct array *rows)
{
	size_t n = 0;

	/* Kernels since 6.9 tell of them in order. */
	if (is_sorted(rows))
		return;
	qsort(rows->data, rows->n, rows->size, compare_rows);
	for (size_t i = 0; i < rows->n; i++)
		if (n == 0 || compare_rows(array_at(rows, n - 1), array_at(rows, i)) != 0)
			memmove(array_at(rows, n++), array_at(rows, i), rows->size);
	rows->n = n;
}

struct interface_row *
interface_find(const struct array *rows, uint32_t ifindex, size_t *hint)
{
	const struct interface_row wanted = { .ifindex = ifindex };
	struct interface_row *row = NULL;

	if (*hint < rows->n)
		row = array_at(rows, *hint);
	if (!row || row->ifindex != ifindex)
		row = rows->n == 0
		    ? NULL
		    : bsearch(&wanted, rows->data, rows->n, rows->size, compare_rows);
	if (row)
		*hint = (size_t)(row - (struct interface_row *)rows->data) + 1;
	return row;
}
