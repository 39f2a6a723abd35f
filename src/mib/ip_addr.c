// SPDX-License-Identifier: BSD-2-Clause
// ipAddrTable, 1.3.6.1.2.1.4.20 (RFC 4293, deprecated): IPv4 addresses, for older managers.
#include "addresses.h"
#include "columns.h"
#include "tables.h"

#define REASM_MAX 65535 /* octets: all that IPv4 can carry */

static bool
is_ipv4(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return !address_is_ipv6(row);
}

static uint32_t
address(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct address_row *)row)->local;
}

static bool
read_address(const struct cell *cell, struct value *ret)
{
	ret->number = address(cell->snapshot, cell->row);
	return true;
}

static bool
read_mask(const struct cell *cell, struct value *ret)
{
	uint8_t length = ((const struct address_row *)cell->row)->length;

	ret->number = length ? UINT32_MAX << (32 - length) : 0;
	return true;
}

/* Its low bit; 1 is the standard's. */
static bool
read_broadcast(const struct cell *cell, struct value *ret)
{
	const struct address_row *row = cell->row;

	ret->integer = row->options & ADDRESS_BROADCAST ? (int32_t)(row->broadcast & 1) : 0;
	return true;
}

static const struct index_part index_parts[] = {
	{ .kind = INDEX_IPADDRESS, .number = address },
};

static const struct column columns[] = {
	{
	    .number = 1,
	    .name = "ipAdEntAddr",
	    .type = VALUE_IPADDRESS,
	    .read = read_address,
	},
	{
	    .number = 2,
	    .name = "ipAdEntIfIndex",
	    .type = VALUE_INTEGER,
	    .read = address_read_ifindex,
	},
	{
	    .number = 3,
	    .name = "ipAdEntNetMask",
	    .type = VALUE_IPADDRESS,
	    .read = read_mask,
	},
	{
	    .number = 4,
	    .name = "ipAdEntBcastAddr",
	    .type = VALUE_INTEGER,
	    .read = read_broadcast,
	},
	{
	    .number = 5,
	    .name = "ipAdEntReasmMaxSize",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = REASM_MAX,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 4, 20 };

const struct table table_ip_addr = {
	.name = "ipAddrTable",
	.group = "ip",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.by_column = true,
	.source = &source_addresses,
	.index = index_parts,
	.n_index = ARRAY_LENGTH(index_parts),
	.shows = is_ipv4,
	.prefers = address_prefers,
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
