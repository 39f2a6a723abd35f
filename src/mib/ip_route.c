// SPDX-License-Identifier: BSD-2-Clause
// ipRouteTable, 1.3.6.1.2.1.4.21 (RFC 1213): IPv4 routes, one a destination, for the oldest
// managers.
#include "columns.h"
#include "routes.h"
#include "tables.h"

/* Of the routes with one destination the most specific is shown, and of those the best. */
static bool
prefers(const void *a, const void *b)
{
	uint8_t length = ((const struct route_row *)a)->length;
	uint8_t other = ((const struct route_row *)b)->length;

	return length != other ? length > other : route_prefers(a, b);
}

static bool
read_type(const struct cell *cell, struct value *ret)
{
	static const uint8_t types[] = {
		[ROUTE_REJECT] = 1, /* other; invalid would mean that it is not in use */
		[ROUTE_BLACKHOLE] = 1,
		[ROUTE_LOCAL] = 3,
		[ROUTE_REMOTE] = 4,
	};

	ret->integer = types[route_type(cell->row)];
	return true;
}

static const struct label types[] = {
	{ 1, "other" },
	{ 2, "invalid" },
	{ 3, "direct" },
	{ 4, "indirect" },
	{ 0, NULL },
};

static const struct label protocols[] = {
	{ 1, "other" },
	{ 2, "local" },
	{ 3, "netmgmt" },
	{ 4, "icmp" },
	{ 5, "egp" },
	{ 6, "ggp" },
	{ 7, "hello" },
	{ 8, "rip" },
	{ 9, "is-is" },
	{ 10, "es-is" },
	{ 11, "ciscoIgrp" },
	{ 12, "bbnSpfIgp" },
	{ 13, "ospf" },
	{ 14, "bgp" },
	{ 0, NULL },
};

#define LAST_PROTOCOL 14

static const struct index_part index_parts[] = {
	{ .kind = INDEX_IPADDRESS, .number = route_destination4 },
};

static const struct column columns[] = {
	{
	    .number = 1,
	    .name = "ipRouteDest",
	    .type = VALUE_IPADDRESS,
	    .read = route_read_destination4,
	},
	{
	    .number = 2,
	    .name = "ipRouteIfIndex",
	    .type = VALUE_INTEGER,
	    .read = route_read_ifindex,
	},
	{
	    .number = 3,
	    .name = "ipRouteMetric1",
	    .type = VALUE_INTEGER,
	    .read = route_read_metric,
	},
	{
	    .number = 4,
	    .name = "ipRouteMetric2",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROUTE_UNUSED_METRIC,
	},
	{
	    .number = 5,
	    .name = "ipRouteMetric3",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROUTE_UNUSED_METRIC,
	},
	{
	    .number = 6,
	    .name = "ipRouteMetric4",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROUTE_UNUSED_METRIC,
	},
	{
	    .number = 7,
	    .name = "ipRouteNextHop",
	    .type = VALUE_IPADDRESS,
	    .read = route_read_next_hop4,
	},
	{
	    .number = 8,
	    .name = "ipRouteType",
	    .type = VALUE_INTEGER,
	    .read = read_type,
	    .labels = types,
	},
	{
	    .number = 9,
	    .name = "ipRouteProto",
	    .type = VALUE_INTEGER,
	    .read = route_read_protocol,
	    .argument = LAST_PROTOCOL,
	    .labels = protocols,
	},
	{
	    .number = 10,
	    .name = "ipRouteAge",
	    .type = VALUE_INTEGER,
	    .read = route_read_age,
	},
	{
	    .number = 11,
	    .name = "ipRouteMask",
	    .type = VALUE_IPADDRESS,
	    .read = route_read_mask4,
	},
	{
	    .number = 12,
	    .name = "ipRouteMetric5",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROUTE_UNUSED_METRIC,
	},
	{
	    .number = 13,
	    .name = "ipRouteInfo",
	    .type = VALUE_OBJECT_ID,
	    .read = column_zero_object_id,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 4, 21 };

const struct table table_ip_route = {
	.name = "ipRouteTable",
	.group = "route",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.by_column = true,
	.source = &source_routes,
	.index = index_parts,
	.n_index = ARRAY_LENGTH(index_parts),
	.shows = route_is_ipv4,
	.prefers = prefers,
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
