// SPDX-License-Identifier: BSD-2-Clause
// ipDefaultRouterTable, 1.3.6.1.2.1.4.37 (RFC 4293): the gateways of default routes.
#include "columns.h"
#include "inet.h"
#include "routes.h"
#include "tables.h"

#define LIFETIME_MAX 65535 /* s; also of what was not advertised, and has no end */

/* RTA_PREF (RFC 4191, 2.1), two bits, to ipDefaultRouterPreference. */
static const int8_t preferences[] = { 0, 1, -2, -1 };

static void
address(const struct snapshot *snapshot, const void *row, struct inet_address *ret)
{
	const struct router_row *router = row;

	if (router->flags & ROUTE_GATEWAY_IPV6)
		inet_put_ipv6(snapshot, router->gateway, router->ifindex, ret);
	else
		inet_put_ipv4(router->gateway, ret);
}

static uint32_t
ifindex(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct router_row *)row)->ifindex;
}

/* The main table's, then what the router itself advertised, then the better metric: a route
 * of IPv4 may have the same gateway. */
static bool
prefers(const void *row, const void *other)
{
	const struct router_row *a = row, *b = other;

	if ((a->table == ROUTE_TABLE_MAIN) != (b->table == ROUTE_TABLE_MAIN))
		return a->table == ROUTE_TABLE_MAIN;
	if ((a->lifetime == ROUTER_FOREVER) != (b->lifetime == ROUTER_FOREVER))
		return b->lifetime == ROUTER_FOREVER;
	return a->metric < b->metric;
}

static bool
read_lifetime(const struct cell *cell, struct value *ret)
{
	const struct router_row *row = cell->row;
	uint32_t left = column_left(row->lifetime, cell->snapshot);

	ret->number = left < LIFETIME_MAX ? left : LIFETIME_MAX;
	return true;
}

static bool
read_preference(const struct cell *cell, struct value *ret)
{
	ret->integer = preferences[((const struct router_row *)cell->row)->preference & 3];
	return true;
}

static const struct label preference_labels[] = {
	{ -2, "reserved" },
	{ -1, "low" },
	{ 0, "medium" },
	{ 1, "high" },
	{ 0, NULL },
};

static const struct index_part index_parts[] = {
	{ .kind = INDEX_INET, .inet = address },
	{ .kind = INDEX_UINT32, .number = ifindex },
};

static const struct column columns[] = {
	{
	    .number = 4,
	    .name = "ipDefaultRouterLifetime",
	    .type = VALUE_GAUGE32,
	    .read = read_lifetime,
	},
	{
	    .number = 5,
	    .name = "ipDefaultRouterPreference",
	    .type = VALUE_INTEGER,
	    .read = read_preference,
	    .labels = preference_labels,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 4, 37 };

const struct table table_ip_default_router = {
	.name = "ipDefaultRouterTable",
	.group = "ip",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.source = &source_routes,
	.set = ROUTE_ROUTERS,
	.index = index_parts,
	.n_index = ARRAY_LENGTH(index_parts),
	.prefers = prefers,
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
