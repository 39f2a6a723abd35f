// SPDX-License-Identifier: BSD-2-Clause
// The scalars of IP-FORWARD-MIB (RFC 4292): how many rows the route tables have.
#include "columns.h"
#include "routes.h"
#include "tables.h"

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 4, 24 };

static const struct column ip_cidr_route_number[] = {
	{
	    .number = 3,
	    .name = "ipCidrRouteNumber",
	    .type = VALUE_GAUGE32,
	    .read = column_count,
	},
};

static const struct column inet_cidr_route_number[] = {
	{
	    .number = 6,
	    .name = "inetCidrRouteNumber",
	    .type = VALUE_GAUGE32,
	    .read = column_count,
	},
};

/* Linux throws no valid route away. */
static const struct column inet_cidr_route_discards[] = {
	{
	    .number = 8,
	    .name = "inetCidrRouteDiscards",
	    .type = VALUE_COUNTER32,
	    .read = column_constant,
	},
};

const struct table table_ip_cidr_route_number = {
	.name = "ipCidrRouteNumber",
	.group = "route",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.scalars = true,
	.source = &source_routes,
	.counted = &table_ip_cidr_route,
	.columns = ip_cidr_route_number,
	.n_columns = 1,
};

const struct table table_inet_cidr_route_number = {
	.name = "inetCidrRouteNumber",
	.group = "route",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.scalars = true,
	.source = &source_routes,
	.counted = &table_inet_cidr_route,
	.columns = inet_cidr_route_number,
	.n_columns = 1,
};

const struct table table_inet_cidr_route_discards = {
	.name = "inetCidrRouteDiscards",
	.group = "route",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.scalars = true,
	.source = &source_routes,
	.counted = &table_inet_cidr_route,
	.columns = inet_cidr_route_discards,
	.n_columns = 1,
};
