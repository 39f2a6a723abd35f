// SPDX-License-Identifier: BSD-2-Clause
// ipCidrRouteTable, 1.3.6.1.2.1.4.24.4 (RFC 4292, deprecated): IPv4 routes for older
// managers.
#include "columns.h"
#include "routes.h"
#include "tables.h"

/* Multicast destinations have no place here. */
static bool
shows(const struct snapshot *snapshot, const void *row)
{
	return route_is_ipv4(snapshot, row) &&
	    route_destination4(snapshot, row) >> 28 != 0xe;
}

static bool
read_type(const struct cell *cell, struct value *ret)
{
	static const uint8_t types[] = {
		[ROUTE_REJECT] = 2,
		[ROUTE_BLACKHOLE] = 2, /* there is no blackhole(5) */
		[ROUTE_LOCAL] = 3,
		[ROUTE_REMOTE] = 4,
	};

	ret->integer = types[route_type(cell->row)];
	return true;
}

static const struct label types[] = {
	{ 1, "other" },
	{ 2, "reject" },
	{ 3, "local" },
	{ 4, "remote" },
	{ 0, NULL },
};

/* The first sixteen of IANAipRouteProtocol. */
static const struct label protocols[] = {
	{ 1, "other" },
	{ 2, "local" },
	{ 3, "netmgmt" },
	{ 4, "icmp" },
	{ 5, "egp" },
	{ 6, "ggp" },
	{ 7, "hello" },
	{ 8, "rip" },
	{ 9, "isIs" },
	{ 10, "esIs" },
	{ 11, "ciscoIgrp" },
	{ 12, "bbnSpfIgp" },
	{ 13, "ospf" },
	{ 14, "bgp" },
	{ 15, "idpr" },
	{ 16, "ciscoEigrp" },
	{ 0, NULL },
};

#define LAST_PROTOCOL 16

static bool
read_tos(const struct cell *cell, struct value *ret)
{
	ret->integer = (int32_t)route_tos(cell->snapshot, cell->row);
	return true;
}

static const struct index_part index_parts[] = {
	{ .kind = INDEX_IPADDRESS, .number = route_destination4 },
	{ .kind = INDEX_IPADDRESS, .number = route_mask4 },
	{ .kind = INDEX_UINT16, .number = route_tos },
	{ .kind = INDEX_IPADDRESS, .number = route_next_hop4 },
};

static const struct column columns[] = {
	{
	    .number = 1,
	    .name = "ipCidrRouteDest",
	    .type = VALUE_IPADDRESS,
	    .read = route_read_destination4,
	},
	{
	    .number = 2,
	    .name = "ipCidrRouteMask",
	    .type = VALUE_IPADDRESS,
	    .read = route_read_mask4,
	},
	{
	    .number = 3,
	    .name = "ipCidrRouteTos",
	    .type = VALUE_INTEGER,
	    .read = read_tos,
	},
	{
	    .number = 4,
	    .name = "ipCidrRouteNextHop",
	    .type = VALUE_IPADDRESS,
	    .read = route_read_next_hop4,
	},
	{
	    .number = 5,
	    .name = "ipCidrRouteIfIndex",
	    .type = VALUE_INTEGER,
	    .read = route_read_ifindex,
	},
	{
	    .number = 6,
	    .name = "ipCidrRouteType",
	    .type = VALUE_INTEGER,
	    .read = read_type,
	    .labels = types,
	},
	{
	    .number = 7,
	    .name = "ipCidrRouteProto",
	    .type = VALUE_INTEGER,
	    .read = route_read_protocol,
	    .argument = LAST_PROTOCOL,
	    .labels = protocols,
	},
	{
	    .number = 8,
	    .name = "ipCidrRouteAge",
	    .type = VALUE_INTEGER,
	    .read = route_read_age,
	},
	{
	    .number = 9,
	    .name = "ipCidrRouteInfo",
	    .type = VALUE_OBJECT_ID,
	    .read = column_zero_object_id,
	},
	{
	    .number = 10,
	    .name = "ipCidrRouteNextHopAS",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = 0,
	},
	{
	    .number = 11,
	    .name = "ipCidrRouteMetric1",
	    .type = VALUE_INTEGER,
	    .read = route_read_metric,
	},
	{
	    .number = 12,
	    .name = "ipCidrRouteMetric2",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROUTE_UNUSED_METRIC,
	},
	{
	    .number = 13,
	    .name = "ipCidrRouteMetric3",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROUTE_UNUSED_METRIC,
	},
	{
	    .number = 14,
	    .name = "ipCidrRouteMetric4",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROUTE_UNUSED_METRIC,
	},
	{
	    .number = 15,
	    .name = "ipCidrRouteMetric5",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROUTE_UNUSED_METRIC,
	},
	{
	    .number = 16,
	    .name = "ipCidrRouteStatus",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = 1,
	    .labels = row_states,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 4, 24, 4 };

const struct table table_ip_cidr_route = {
	.name = "ipCidrRouteTable",
	.group = "route",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.source = &source_routes,
	.index = index_parts,
	.n_index = ARRAY_LENGTH(index_parts),
	.shows = shows,
	.prefers = route_prefers,
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
