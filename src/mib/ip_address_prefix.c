// SPDX-License-Identifier: BSD-2-Clause
// ipAddressPrefixTable, 1.3.6.1.2.1.4.32 (RFC 4293): the prefixes that addresses are of.
#include "addresses.h"
#include "columns.h"
#include "inet.h"
#include "tables.h"

/* IpAddressPrefixOriginTC. */
enum {
	PREFIX_MANUAL = 2,
	PREFIX_WELLKNOWN = 3,
	PREFIX_DHCP = 4,
	PREFIX_ROUTERADV = 5,
};

static uint32_t
ifindex(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct address_row *)row)->ifindex;
}

static uint32_t
length(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct address_row *)row)->length;
}

static void
prefix(const struct snapshot *snapshot, const void *row, struct inet_address *ret)
{
	const struct address_row *address = row;

	if (address_is_ipv6(address))
		inet_put_ipv6(snapshot, address->prefix, address->ifindex, ret);
	else
		inet_put_ipv4(address->prefix, ret);
}

const struct index_part address_prefix_index[3] = {
	{ .kind = INDEX_UINT32, .number = ifindex },
	{ .kind = INDEX_INET, .inet = prefix },
	{ .kind = INDEX_UINT32, .number = length },
};

/* Of the addresses with one prefix the one that lives longest tells of it. */
static bool
prefers(const void *row, const void *other)
{
	const struct address_row *a = row, *b = other;

	if (a->valid != b->valid)
		return a->valid > b->valid;
	return a->preferred > b->preferred;
}

static bool
read_prefix_origin(const struct cell *cell, struct value *ret)
{
	const struct address_row *row = cell->row;

	if (address_is_for_link(cell->snapshot, row))
		ret->integer = PREFIX_WELLKNOWN;
	else if (address_is_advertised(row))
		ret->integer = PREFIX_ROUTERADV;
	else
		ret->integer = row->flags & ADDRESS_PERMANENT ? PREFIX_MANUAL : PREFIX_DHCP;
	return true;
}

/* Addresses are made of advertised prefixes. */
static bool
read_autonomous(const struct cell *cell, struct value *ret)
{
	ret->integer = address_is_advertised(cell->row) ? TRUTH_TRUE : TRUTH_FALSE;
	return true;
}

static bool
read_preferred(const struct cell *cell, struct value *ret)
{
	ret->number = column_left(
	    ((const struct address_row *)cell->row)->preferred, cell->snapshot);
	return true;
}

static bool
read_valid(const struct cell *cell, struct value *ret)
{
	ret->number = column_left(
	    ((const struct address_row *)cell->row)->valid, cell->snapshot);
	return true;
}

static const struct label prefix_origins[] = {
	{ 1, "other" },
	{ PREFIX_MANUAL, "manual" },
	{ PREFIX_WELLKNOWN, "wellknown" },
	{ PREFIX_DHCP, "dhcp" },
	{ PREFIX_ROUTERADV, "routeradv" },
	{ 0, NULL },
};

static const struct column columns[] = {
	{
	    .number = 5,
	    .name = "ipAddressPrefixOrigin",
	    .type = VALUE_INTEGER,
	    .read = read_prefix_origin,
	    .labels = prefix_origins,
	},
	/* Linux does not say; a prefix that is not on the link has a route that says so. */
	{
	    .number = 6,
	    .name = "ipAddressPrefixOnLinkFlag",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = TRUTH_TRUE,
	    .labels = truth_values,
	},
	{
	    .number = 7,
	    .name = "ipAddressPrefixAutonomousFlag",
	    .type = VALUE_INTEGER,
	    .read = read_autonomous,
	    .labels = truth_values,
	},
	{
	    .number = 8,
	    .name = "ipAddressPrefixAdvPreferredLifetime",
	    .type = VALUE_GAUGE32,
	    .read = read_preferred,
	},
	{
	    .number = 9,
	    .name = "ipAddressPrefixAdvValidLifetime",
	    .type = VALUE_GAUGE32,
	    .read = read_valid,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 4, 32 };

const struct table table_ip_address_prefix = {
	.name = "ipAddressPrefixTable",
	.group = "ip",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.source = &source_addresses,
	.index = address_prefix_index,
	.n_index = ARRAY_LENGTH(address_prefix_index),
	.prefers = prefers,
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
