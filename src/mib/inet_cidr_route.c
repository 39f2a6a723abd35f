// SPDX-License-Identifier: BSD-2-Clause
// inetCidrRouteTable, 1.3.6.1.2.1.4.24.7 (RFC 4292): IPv4 and IPv6 routes, one row a next
// hop.
#include "columns.h"
#include "routes.h"
#include "tables.h"

static bool
read_type(const struct cell *cell, struct value *ret)
{
	static const uint8_t types[] = {
		[ROUTE_REJECT] = 2,
		[ROUTE_LOCAL] = 3,
		[ROUTE_REMOTE] = 4,
		[ROUTE_BLACKHOLE] = 5,
	};

	ret->integer = types[route_type(cell->row)];
	return true;
}

static const struct label types[] = {
	{ 1, "other" },
	{ 2, "reject" },
	{ 3, "local" },
	{ 4, "remote" },
	{ 5, "blackhole" },
	{ 0, NULL },
};

static const struct index_part index_parts[] = {
	{ .kind = INDEX_INET, .inet = route_destination },
	{ .kind = INDEX_UINT16, .number = route_length },
	{ .kind = INDEX_OBJECT_ID, .object_id = route_policy },
	{ .kind = INDEX_INET, .inet = route_next_hop },
};

#define LAST_PROTOCOL 20 /* ttdp */

static const struct column columns[] = {
	{
	    .number = 7,
	    .name = "inetCidrRouteIfIndex",
	    .type = VALUE_INTEGER,
	    .read = route_read_ifindex,
	},
	{
	    .number = 8,
	    .name = "inetCidrRouteType",
	    .type = VALUE_INTEGER,
	    .read = read_type,
	    .labels = types,
	},
	{
	    .number = 9,
	    .name = "inetCidrRouteProto",
	    .type = VALUE_INTEGER,
	    .read = route_read_protocol,
	    .argument = LAST_PROTOCOL,
	    .labels = route_protocols,
	},
	{
	    .number = 10,
	    .name = "inetCidrRouteAge",
	    .type = VALUE_GAUGE32,
	    .read = route_read_age,
	},
	{
	    .number = 11,
	    .name = "inetCidrRouteNextHopAS",
	    .type = VALUE_GAUGE32,
	    .read = column_constant,
	    .argument = 0,
	},
	{
	    .number = 12,
	    .name = "inetCidrRouteMetric1",
	    .type = VALUE_INTEGER,
	    .read = route_read_metric,
	},
	{
	    .number = 13,
	    .name = "inetCidrRouteMetric2",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROUTE_UNUSED_METRIC,
	},
	{
	    .number = 14,
	    .name = "inetCidrRouteMetric3",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROUTE_UNUSED_METRIC,
	},
	{
	    .number = 15,
	    .name = "inetCidrRouteMetric4",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROUTE_UNUSED_METRIC,
	},
	{
	    .number = 16,
	    .name = "inetCidrRouteMetric5",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROUTE_UNUSED_METRIC,
	},
	{
	    .number = 17,
	    .name = "inetCidrRouteStatus",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = 1,
	    .labels = row_states,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 4, 24, 7 };

const struct table table_inet_cidr_route = {
	.name = "inetCidrRouteTable",
	.group = "route",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.source = &source_routes,
	.index = index_parts,
	.n_index = ARRAY_LENGTH(index_parts),
	.prefers = route_prefers,
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
