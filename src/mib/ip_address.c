// SPDX-License-Identifier: BSD-2-Clause
// ipAddressTable, 1.3.6.1.2.1.4.34 (RFC 4293): the addresses of the interfaces.
#include "addresses.h"
#include "columns.h"
#include "inet.h"
#include "tables.h"

/* IpAddressOriginTC. */
enum {
	ORIGIN_MANUAL = 2,
	ORIGIN_DHCP = 4,
	ORIGIN_LINKLAYER = 5,
	ORIGIN_RANDOM = 6,
};

/* IpAddressStatusTC. */
enum {
	STATUS_PREFERRED = 1,
	STATUS_DEPRECATED = 2,
	STATUS_INACCESSIBLE = 4,
	STATUS_TENTATIVE = 6,
	STATUS_DUPLICATE = 7,
	STATUS_OPTIMISTIC = 8,
};

static void
local(const struct snapshot *snapshot, const void *row, struct inet_address *ret)
{
	const struct address_row *address = row;

	if (address_is_ipv6(address))
		inet_put_ipv6z(snapshot, address->local, address->ifindex, ret);
	else
		inet_put_ipv4(address->local, ret);
}

/* The row of ipAddressPrefixTable: its first column, and its INDEX. */
static bool
read_prefix(const struct cell *cell, struct value *ret)
{
	static const uint32_t first[] = { 1, 3, 6, 1, 2, 1, 4, 32, 1, 5 };
	struct index_key key;
	size_t n = 0;

	index_encode(address_prefix_index, ARRAY_LENGTH(address_prefix_index),
	    cell->snapshot, cell->row, SIZE_MAX, &key);
	for (size_t i = 0; i < ARRAY_LENGTH(first); i++)
		ret->object_id.subid[n++] = first[i];
	for (size_t i = 0; i < key.n; i++)
		ret->object_id.subid[n++] = key.subid[i];
	ret->object_id.n = (uint8_t)n;
	return true;
}

static bool
read_origin(const struct cell *cell, struct value *ret)
{
	const struct address_row *row = cell->row;

	if (row->flags & ADDRESS_STABLE_PRIVACY ||
	    (address_is_ipv6(row) ? row->flags & ADDRESS_TEMPORARY
				  : address_is_for_link(cell->snapshot, row)))
		ret->integer = ORIGIN_RANDOM;
	else if (address_is_advertised(row) || row->protocol == ADDRESS_FOR_LINK)
		ret->integer = ORIGIN_LINKLAYER;
	else
		ret->integer = row->flags & ADDRESS_PERMANENT ? ORIGIN_MANUAL : ORIGIN_DHCP;
	return true;
}

static bool
read_status(const struct cell *cell, struct value *ret)
{
	const struct address_row *row = cell->row;

	if (row->flags & ADDRESS_DAD_FAILED)
		ret->integer = STATUS_DUPLICATE;
	else if (row->flags & ADDRESS_TENTATIVE)
		ret->integer = row->flags & ADDRESS_OPTIMISTIC ? STATUS_OPTIMISTIC
							       : STATUS_TENTATIVE;
	else if (row->flags & ADDRESS_DEPRECATED)
		ret->integer = STATUS_DEPRECATED;
	else
		ret->integer = row->inaccessible ? STATUS_INACCESSIBLE : STATUS_PREFERRED;
	return true;
}

static bool
read_created(const struct cell *cell, struct value *ret)
{
	ret->moment = column_moment(
	    ((const struct address_row *)cell->row)->created, cell->snapshot->time);
	return true;
}

static bool
read_changed(const struct cell *cell, struct value *ret)
{
	ret->moment = column_moment(
	    ((const struct address_row *)cell->row)->changed, cell->snapshot->time);
	return true;
}

static const struct label types[] = {
	{ 1, "unicast" },
	{ 2, "anycast" },
	{ 3, "broadcast" },
	{ 0, NULL },
};

static const struct label origins[] = {
	{ 1, "other" },
	{ ORIGIN_MANUAL, "manual" },
	{ ORIGIN_DHCP, "dhcp" },
	{ ORIGIN_LINKLAYER, "linklayer" },
	{ ORIGIN_RANDOM, "random" },
	{ 0, NULL },
};

static const struct label statuses[] = {
	{ STATUS_PREFERRED, "preferred" },
	{ STATUS_DEPRECATED, "deprecated" },
	{ 3, "invalid" },
	{ STATUS_INACCESSIBLE, "inaccessible" },
	{ 5, "unknown" },
	{ STATUS_TENTATIVE, "tentative" },
	{ STATUS_DUPLICATE, "duplicate" },
	{ STATUS_OPTIMISTIC, "optimistic" },
	{ 0, NULL },
};

static const struct index_part index_parts[] = {
	{ .kind = INDEX_INET, .inet = local },
};

static const struct column columns[] = {
	{
	    .number = 3,
	    .name = "ipAddressIfIndex",
	    .type = VALUE_INTEGER,
	    .read = address_read_ifindex,
	},
	{
	    .number = 4,
	    .name = "ipAddressType",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = 1,
	    .labels = types,
	},
	{
	    .number = 5,
	    .name = "ipAddressPrefix",
	    .type = VALUE_OBJECT_ID,
	    .read = read_prefix,
	},
	{
	    .number = 6,
	    .name = "ipAddressOrigin",
	    .type = VALUE_INTEGER,
	    .read = read_origin,
	    .labels = origins,
	},
	{
	    .number = 7,
	    .name = "ipAddressStatus",
	    .type = VALUE_INTEGER,
	    .read = read_status,
	    .labels = statuses,
	},
	{
	    .number = 8,
	    .name = "ipAddressCreated",
	    .type = VALUE_TIMETICKS,
	    .read = read_created,
	},
	{
	    .number = 9,
	    .name = "ipAddressLastChanged",
	    .type = VALUE_TIMETICKS,
	    .read = read_changed,
	},
	{
	    .number = 10,
	    .name = "ipAddressRowStatus",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROW_STATUS_ACTIVE,
	    .labels = row_states,
	},
	{
	    .number = 11,
	    .name = "ipAddressStorageType",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = STORAGE_VOLATILE,
	    .labels = storage_types,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 4, 34 };

const struct table table_ip_address = {
	.name = "ipAddressTable",
	.group = "ip",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.source = &source_addresses,
	.index = index_parts,
	.n_index = ARRAY_LENGTH(index_parts),
	.prefers = address_prefers,
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
