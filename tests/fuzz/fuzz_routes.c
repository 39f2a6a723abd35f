// SPDX-License-Identifier: BSD-2-Clause
// Fuzzes the netlink parts of dumps of routes and next-hop objects, up to the tables.
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "fuzz.h"
#include "kernel/netlink.h"
#include "kernel/routes.h"
#include "mib/tables.h"
#include "table/view.h"

#define KNOWN_FLAGS (ROUTE_IPV6 | ROUTE_GATEWAY | ROUTE_GATEWAY_IPV6 | ROUTE_ONLINK)

static const struct route_tables tables[] = {
	{ .all = true },
	{ .n = 2, .id = { ROUTE_TABLE_MAIN, 1000 } },
};

static bool
is_reject(uint8_t type)
{
	return type == RTN_BLACKHOLE || type == RTN_UNREACHABLE || type == RTN_PROHIBIT;
}

static void
check_row(const struct routes *routes, const struct route_row *row)
{
	CHECK(row->type == RTN_UNICAST || row->type == RTN_LOCAL || is_reject(row->type));
	CHECK(!(row->flags & ~KNOWN_FLAGS));
	CHECK(row->seen == 0);
	CHECK(row->length <= (row->flags & ROUTE_IPV6 ? 128 : 32));
	CHECK(routes->tables->all || row->table == ROUTE_TABLE_MAIN || row->table == 1000);
	if (row->flags & ROUTE_IPV6)
		CHECK(row->destination < routes->pool.addresses.n);
	if (row->flags & ROUTE_GATEWAY_IPV6)
		CHECK(
		    row->flags & ROUTE_GATEWAY && row->gateway < routes->pool.addresses.n);
	if (!(row->flags & ROUTE_GATEWAY))
		CHECK(row->gateway == 0);
	if (is_reject(row->type))
		CHECK(row->ifindex == 0 && !(row->flags & ROUTE_GATEWAY));
	/* An IPv6 route has no IPv4 gateway; only a next-hop object could say so. */
	CHECK((row->flags & ~ROUTE_ONLINK) != (ROUTE_IPV6 | ROUTE_GATEWAY) ||
	    routes->nexthops.objects.n > 0);
}

/* What the table shows rises, and only what is marked is met twice. */
static void
check_table(const struct table *table, const struct snapshot *snapshot)
{
	struct index_key last = { 0 }, key;
	struct view view;

	CHECK(view_build(table, snapshot, &view) == 0);
	for (size_t i = 0; i < view.order.n; i++) {
		table_key(table, snapshot, table_row(snapshot, &view, i), &key);
		if (i > 0 && table_is_duplicate(&view, i))
			CHECK(index_compare(&last, key.subid, key.n) == 0);
		else
			CHECK(i == 0 || index_compare(&last, key.subid, key.n) < 0);
		last = key;
	}
	array_free(&view.order);
}

static void
check_tables(const struct routes *routes)
{
	for (unsigned options = 0; options <= SNAPSHOT_STRICT_ADDRESSES; options++) {
		struct snapshot snapshot = {
			.rows = routes->rows,
			.side = routes->pool.addresses,
			.options = options,
		};

		check_table(&table_inet_cidr_route, &snapshot);
		check_table(&table_ip_cidr_route, &snapshot);
		check_table(&table_ip_route, &snapshot);
	}
}

/* One part has both kinds of messages here: the objects are read first, as in a reading. */
static void
read_part(const uint8_t *data, size_t size, struct routes *routes)
{
	struct netlink_reader objects = {
		.message = nexthops_message,
		.argument = &routes->nexthops,
	};
	struct netlink_reader reader = { .message = routes_message, .argument = routes };
	struct netlink_dump dump = { 0 };

	netlink_part(&dump, &objects, data, size);
	CHECK(dump.error <= 0);
	nexthops_sort(&routes->nexthops);
	dump = (struct netlink_dump){ 0 };
	netlink_part(&dump, &reader, data, size);
	CHECK(dump.error <= 0);
	CHECK(dump.error != -ENOMEM || dump.done);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct routes routes;

	routes_init(&routes, &tables[size % 2]);
	read_part(data, size, &routes);
	for (size_t i = 0; i < routes.rows.n; i++)
		check_row(&routes, array_at(&routes.rows, i));
	check_tables(&routes);
	routes_free(&routes);
	return 0;
}
