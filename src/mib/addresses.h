// SPDX-License-Identifier: BSD-2-Clause
// The source of IP addresses, and what the tables over it have in common.
#ifndef NETMIB_MIB_ADDRESSES_H
#define NETMIB_MIB_ADDRESSES_H

#include <stdbool.h>
#include <stdint.h>

#include "../kernel/addresses.h"
#include "../table/source.h"
#include "../table/table.h"

/* Rows: struct address_row, of the interfaces that are shown, with inaccessible set; side:
 * struct pool_address. Its settings are a struct link_settings. Read again only when
 * rtnetlink tells of a change. */
extern const struct source_kind source_addresses;

static inline bool
address_is_ipv6(const struct address_row *row)
{
	return row->options & ADDRESS_IPV6;
}

/* fe80::/10 or 169.254.0.0/16. */
bool address_is_for_link(const struct snapshot *, const struct address_row *);

/* Was it made of a prefix that a router told of? Kernels before 5.18 do not say; there it
 * is of addresses that are temporary, or that temporary ones are made beside. */
bool address_is_advertised(const struct address_row *);

/* INDEX of ipAddressPrefixTable, which RowPointers are made of. */
extern const struct index_part address_prefix_index[3];

/* For table.prefers where the INDEX has no interface: of an address on two, the one that
 * can be reached is shown, then that with the lower ifIndex. */
bool address_prefers(const void *a, const void *b);

/* A column: the ifIndex. */
bool address_read_ifindex(const struct cell *, struct value *ret);

#endif
