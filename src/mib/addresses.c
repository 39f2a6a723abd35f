// SPDX-License-Identifier: BSD-2-Clause
// What the tables over IP addresses have in common.
#include "addresses.h"

#include "inet.h"

bool
address_is_for_link(const struct snapshot *snapshot, const struct address_row *row)
{
	return address_is_ipv6(row) ? is_link_local(inet_ipv6(snapshot, row->local)->octets)
				    : row->local >> 16 == 0xa9fe;
}

bool
address_is_advertised(const struct address_row *row)
{
	return row->protocol == ADDRESS_BY_RA ||
	    (address_is_ipv6(row) &&
		row->flags & (ADDRESS_HAS_TEMPORARY | ADDRESS_TEMPORARY));
}

bool
address_read_ifindex(const struct cell *cell, struct value *ret)
{
	ret->integer = (int32_t)((const struct address_row *)cell->row)->ifindex;
	return true;
}

/* An address that another host had first is of no use here. */
static bool
is_reachable(const struct address_row *row)
{
	return !row->inaccessible &&
	    !(address_is_ipv6(row) && row->flags & ADDRESS_DAD_FAILED);
}

bool
address_prefers(const void *row, const void *other)
{
	const struct address_row *a = row, *b = other;

	if (is_reachable(a) != is_reachable(b))
		return is_reachable(a);
	return a->ifindex < b->ifindex;
}
