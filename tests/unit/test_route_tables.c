// SPDX-License-Identifier: BSD-2-Clause
// Tests of the route tables over routes made by hand.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "messages.h"
#include "mib/routes.h"
#include "mib/tables.h"
#include "table/view.h"

#define COMPATIBLE 0
#define STRICT SNAPSHOT_STRICT_ADDRESSES

static struct random chance;

/* Routes that become a snapshot. */
static struct routes routes;
static const struct route_tables every_table = { .all = true };

static int
start(void **state)
{
	(void)state;
	routes_init(&routes, &every_table);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	routes_free(&routes);
	return 0;
}

static void
put_address(const char *text, uint8_t ipv6_flag, uint8_t *flags, uint32_t *ret_address)
{
	uint8_t octets[16];

	if (address_octets(text, octets) == 4) {
		*ret_address = ipv4_of(octets);
		return;
	}
	*flags |= ipv6_flag;
	assert_int_equal(address_pool_add(&routes.pool, octets, 0, ret_address), 0);
}

/* Adds a route in the main table, with the metric that is usual; gateway NULL: none.
 * Returns its row, good until the next is added. */
static struct route_row *
add(const char *destination, uint8_t length, const char *gateway, uint32_t ifindex)
{
	struct route_row *row = array_append(&routes.rows, 1);

	assert_non_null(row);
	*row = (struct route_row){
		.table = ROUTE_TABLE_MAIN,
		.ifindex = ifindex,
		.length = length,
		.type = ifindex ? RTN_UNICAST : RTN_UNREACHABLE,
		.protocol = 3,
	};
	put_address(destination, ROUTE_IPV6, &row->flags, &row->destination);
	if (gateway) {
		row->flags |= ROUTE_GATEWAY;
		put_address(gateway, ROUTE_GATEWAY_IPV6, &row->flags, &row->gateway);
	}
	if (row->flags & ROUTE_IPV6)
		row->metric = gateway || !ifindex ? 1024 : 256;
	return row;
}

static struct snapshot
as_snapshot(unsigned options)
{
	return (struct snapshot){
		.rows = routes.rows,
		.side = routes.pool.addresses,
		.options = options,
	};
}

/* The INDEX of the route added last is exactly these sub-identifiers. */
static void
has_index(const struct table *table, unsigned options, const uint32_t *subid, size_t n)
{
	struct snapshot snapshot = as_snapshot(options);

	check_index(table, &snapshot, array_at(&routes.rows, routes.rows.n - 1), subid, n);
}

#define HAS_INDEX(options, ...) \
	has_index(&table_inet_cidr_route, options, (const uint32_t[]){ __VA_ARGS__ }, \
	    sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

/* A table over the routes, in order; free_rows() when done. */
static struct rows {
	const struct table *table;
	struct snapshot snapshot;
	struct view view;
} shown;

static void
show(const struct table *table)
{
	shown.table = table;
	shown.snapshot = as_snapshot(COMPATIBLE);
	assert_int_equal(view_build(table, &shown.snapshot, &shown.view), 0);
}

static void
hide(void)
{
	array_free(&shown.view.order);
}

static size_t
count_shown(const struct table *table)
{
	size_t n;

	show(table);
	n = shown.view.order.n - shown.view.duplicates;
	hide();
	return n;
}

/* A column of a row at a position in the view. */
static struct value
column_at(size_t position, uint32_t number)
{
	struct value value;

	assert_true(position < shown.view.order.n);
	assert_true(check_column(
	    shown.table, &shown.snapshot, &shown.view, position, number, &value));
	return value;
}

/* A column of the only route there is. */
static int32_t
integer(const struct table *table, uint32_t number)
{
	struct value value;

	show(table);
	assert_int_equal(shown.view.order.n, 1);
	value = column_at(0, number);
	hide();
	assert_int_equal(value.type, VALUE_INTEGER);
	return value.integer;
}

#define V6(x) 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, x
#define LINK_LOCAL(x) 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, x
#define ANY6 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
#define D4 1, 4, 10, 0, 0, 0, 8
#define D6 2, 16, V6(0), 32
#define ZERO4 1, 4, 0, 0, 0, 0
#define ZERO6 2, 16, ANY6
#define ZONE 0, 0, 1, 2 /* link 258 */

/* --- inetCidrRouteTable's index
 * ------------------------------------------------------------------ */

static void
test_gateway(void **state)
{
	(void)state;
	for (unsigned options = COMPATIBLE; options <= STRICT; options++) {
		add("10.0.0.0", 8, "192.0.2.2", 7);
		HAS_INDEX(options, D4, 2, 0, 0, 1, 4, 192, 0, 2, 2);
		add("2001:db8::", 32, "2001:db8::2", 7);
		HAS_INDEX(options, D6, 2, 0, 0, 2, 16, V6(2));
		add("10.0.0.0", 8, "2001:db8::2", 7);
		HAS_INDEX(options, D4, 2, 0, 0, 2, 16, V6(2));
		add("0.0.0.0", 0, "192.0.2.2", 7);
		HAS_INDEX(options, ZERO4, 0, 2, 0, 0, 1, 4, 192, 0, 2, 2);
	}
}

static void
test_link_local_gateway(void **state)
{
	(void)state;
	add("2001:db8::", 32, "fe80::2", 258);
	HAS_INDEX(COMPATIBLE, D6, 3, 0, 0, 258, 2, 16, LINK_LOCAL(2));
	HAS_INDEX(STRICT, D6, 2, 0, 0, 4, 20, LINK_LOCAL(2), ZONE);
	add("10.0.0.0", 8, "fe80::2", 258);
	HAS_INDEX(COMPATIBLE, D4, 3, 0, 0, 258, 2, 16, LINK_LOCAL(2));
	HAS_INDEX(STRICT, D4, 2, 0, 0, 4, 20, LINK_LOCAL(2), ZONE);
}

static void
test_on_link(void **state)
{
	(void)state;
	add("10.0.0.0", 8, NULL, 7);
	HAS_INDEX(COMPATIBLE, D4, 3, 0, 0, 7, ZERO4);
	HAS_INDEX(STRICT, D4, 3, 0, 0, 7, 0, 0);
	add("2001:db8::", 32, NULL, 7);
	HAS_INDEX(COMPATIBLE, D6, 3, 0, 0, 7, ZERO6);
	HAS_INDEX(STRICT, D6, 3, 0, 0, 7, 0, 0);
	add("fe80::", 64, NULL, 258);
	HAS_INDEX(COMPATIBLE, 2, 16, LINK_LOCAL(0), 64, 3, 0, 0, 258, ZERO6);
	HAS_INDEX(STRICT, 4, 20, LINK_LOCAL(0), ZONE, 64, 3, 0, 0, 258, 0, 0);
}

/* A link-local destination does not tell its link either, whatever the gateway. */
static void
test_link_local_destination(void **state)
{
	(void)state;
	add("fe80::", 64, "2001:db8::2", 258);
	HAS_INDEX(COMPATIBLE, 2, 16, LINK_LOCAL(0), 64, 3, 0, 0, 258, 2, 16, V6(2));
	HAS_INDEX(STRICT, 4, 20, LINK_LOCAL(0), ZONE, 64, 2, 0, 0, 2, 16, V6(2));
}

/* Nothing is sent anywhere: no link. */
static void
test_reject(void **state)
{
	static const uint8_t types[] = { RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_PROHIBIT };

	(void)state;
	for (size_t i = 0; i < sizeof(types); i++) {
		add("10.0.0.0", 8, NULL, 0)->type = types[i];
		HAS_INDEX(COMPATIBLE, D4, 2, 0, 0, ZERO4);
		HAS_INDEX(STRICT, D4, 2, 0, 0, 0, 0);
		add("2001:db8::", 32, NULL, 0)->type = types[i];
		HAS_INDEX(COMPATIBLE, D6, 2, 0, 0, ZERO6);
		HAS_INDEX(STRICT, D6, 2, 0, 0, 0, 0);
	}
	add("2001:db8::", 32, NULL, 0)->metric = UINT32_MAX;
	HAS_INDEX(COMPATIBLE, D6, 6, 0, 0, 0, 254, UINT32_MAX, 0, ZERO6);
}

static void
test_policy_of_the_unusual(void **state)
{
	(void)state;
	add("10.0.0.0", 8, "192.0.2.2", 7)->metric = 100;
	HAS_INDEX(COMPATIBLE, D4, 6, 0, 0, 0, 254, 100, 0, 1, 4, 192, 0, 2, 2);
	add("10.0.0.0", 8, "192.0.2.2", 7)->tos = 0x10;
	HAS_INDEX(COMPATIBLE, D4, 6, 0, 0, 0, 254, 0, 16, 1, 4, 192, 0, 2, 2);
	add("10.0.0.0", 8, "192.0.2.2", 7)->table = 255;
	HAS_INDEX(COMPATIBLE, D4, 6, 0, 0, 0, 255, 0, 0, 1, 4, 192, 0, 2, 2);
	add("10.0.0.0", 8, NULL, 7)->table = UINT32_MAX;
	HAS_INDEX(COMPATIBLE, D4, 6, 0, 0, 7, UINT32_MAX, 0, 0, ZERO4);
	add("2001:db8::", 32, "fe80::2", 258)->metric = 256;
	HAS_INDEX(COMPATIBLE, D6, 6, 0, 0, 258, 254, 256, 0, 2, 16, LINK_LOCAL(2));
	HAS_INDEX(STRICT, D6, 6, 0, 0, 0, 254, 256, 0, 4, 20, LINK_LOCAL(2), ZONE);
	add("2001:db8::", 32, NULL, 7)->metric = 1024;
	HAS_INDEX(COMPATIBLE, D6, 6, 0, 0, 7, 254, 1024, 0, ZERO6);
}

/* What the kernel does by itself is plain: IPv6 local routes have metric 0. */
static void
test_policy_of_local(void **state)
{
	struct route_row *row = add("2001:db8::1", 128, NULL, 1);

	(void)state;
	row->type = RTN_LOCAL;
	row->metric = 0;
	HAS_INDEX(COMPATIBLE, 2, 16, V6(1), 128, 3, 0, 0, 1, ZERO6);
	row->table = ROUTE_TABLE_LOCAL;
	HAS_INDEX(COMPATIBLE, 2, 16, V6(1), 128, 6, 0, 0, 1, 255, 0, 0, ZERO6);
}

/* --- the policy, against random routes
 * ----------------------------------------------------------- */

/* A route as the kernel could have it, of few values. A global gateway is on one link. */
static void
add_random(void)
{
	static const char *const destinations[] = { "10.0.0.0", "10.0.0.0",
		"2001:db8::", "fe80::" };
	static const char *const gateways4[] = { "192.0.2.2", "198.51.100.2" };
	static const char *const gateways6[] = { "2001:db8:7::2", "2001:db8:8::2" };
	static const char *const links[] = { "fe80::2", "fe80::3" };
	static const uint32_t tables[] = { 254, 254, 255, 100, UINT32_MAX };
	static const uint32_t metrics[] = { 0, 256, 1024, 5, UINT32_MAX };
	const char *destination = destinations[random_below(&chance, 4)];
	uint32_t which = random_below(&chance, 2);
	struct route_row *row;

	switch (random_below(&chance, 5)) {
	case 0:
		row = add(destination, 8, NULL, 7 + random_below(&chance, 2));
		break;
	case 1:
		row = add(destination, 8, NULL, 0);
		row->type = (uint8_t)(RTN_BLACKHOLE + random_below(&chance, 3));
		break;
	case 2:
		row = add(destination, 8, links[which], 7 + random_below(&chance, 2));
		break;
	case 3:
		row = add(destination, 8, gateways6[which], 7 + which);
		break;
	default:
		row = strchr(destination, ':')
		    ? add(destination, 8, gateways6[which], 7 + which)
		    : add(destination, 8, gateways4[which], 7 + which);
	}
	row->table = tables[random_below(&chance, 5)];
	row->tos = random_below(&chance, 2) ? 0 : (uint8_t)(random_below(&chance, 4) * 4);
	if (random_below(&chance, 2))
		row->metric = metrics[random_below(&chance, 5)];
}

/* What must tell rows apart. */
static bool
is_alike(const struct route_row *a, const struct route_row *b)
{
	return a->table == b->table && a->metric == b->metric && a->tos == b->tos &&
	    a->ifindex == b->ifindex && a->destination == b->destination &&
	    a->flags == b->flags && a->gateway == b->gateway;
}

static void
test_no_two_share_an_index(void **state)
{
	size_t alike = 0;

	(void)state;
	while (routes.rows.n < 1500)
		add_random();
	for (unsigned options = COMPATIBLE; options <= STRICT; options++) {
		struct snapshot snapshot = as_snapshot(options);
		struct index_key *keys = calloc(routes.rows.n, sizeof(*keys));

		for (size_t i = 0; i < routes.rows.n; i++)
			table_key(&table_inet_cidr_route, &snapshot,
			    array_at(&routes.rows, i), &keys[i]);
		for (size_t i = 0; i < routes.rows.n; i++) {
			for (size_t k = 0; k < i; k++) {
				bool same = index_compare(
						&keys[i], keys[k].subid, keys[k].n) == 0;

				alike += same;
				assert_int_equal(same,
				    is_alike(array_at(&routes.rows, i),
					array_at(&routes.rows, k)));
			}
		}
		free(keys);
	}
	assert_true(alike > 100);
}

/* Other routes, before and behind, change no index; other addresses change only numbers. */
static void
test_no_other_renames_it(void **state)
{
	struct index_key before[200], after;
	struct random once = chance;
	struct snapshot snapshot;

	(void)state;
	for (unsigned options = COMPATIBLE; options <= STRICT; options++) {
		stop(NULL);
		start(NULL);
		chance = once;
		while (routes.rows.n < 200)
			add_random();
		snapshot = as_snapshot(options);
		for (size_t i = 0; i < 200; i++)
			table_key(&table_inet_cidr_route, &snapshot,
			    array_at(&routes.rows, i), &before[i]);
		stop(NULL);
		start(NULL);
		for (uint8_t i = 0; i < 100; i++)
			add("2001:db8:ffff::", i, i % 2 ? "fe80::2" : "2001:db8:ffff::1",
			    7);
		chance = once;
		while (routes.rows.n < 300)
			add_random();
		snapshot = as_snapshot(options);
		for (size_t i = 0; i < 200; i++) {
			table_key(&table_inet_cidr_route, &snapshot,
			    array_at(&routes.rows, 100 + i), &after);
			assert_int_equal(
			    index_compare(&after, before[i].subid, before[i].n), 0);
		}
	}
}

/* --- columns
 * ------------------------------------------------------------------------------------- */

static void
test_types(void **state)
{
	static const struct {
		uint8_t type;
		const char *gateway;
		uint32_t ifindex;
		int32_t inet, cidr, old;
	} cases[] = {
		{ RTN_UNICAST, NULL, 7, 3, 3, 3 },
		{ RTN_UNICAST, "192.0.2.2", 7, 4, 4, 4 },
		{ RTN_UNICAST, "fe80::2", 7, 4, 4, 4 },
		{ RTN_LOCAL, NULL, 7, 3, 3, 3 },
		{ RTN_BLACKHOLE, NULL, 0, 5, 2, 1 },
		{ RTN_UNREACHABLE, NULL, 0, 2, 2, 1 },
		{ RTN_PROHIBIT, NULL, 0, 2, 2, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		stop(NULL);
		start(NULL);
		add("10.0.0.0", 8, cases[i].gateway, cases[i].ifindex)->type =
		    cases[i].type;
		assert_int_equal(integer(&table_inet_cidr_route, 8), cases[i].inet);
		assert_int_equal(integer(&table_ip_cidr_route, 6), cases[i].cidr);
		assert_int_equal(integer(&table_ip_route, 8), cases[i].old);
		assert_int_equal(integer(&table_inet_cidr_route, 7), cases[i].ifindex);
		assert_int_equal(integer(&table_ip_cidr_route, 5), cases[i].ifindex);
		assert_int_equal(integer(&table_ip_route, 2), cases[i].ifindex);
	}
}

/* The older tables end at ciscoEigrp(16) and at bgp(14). */
static void
test_protocols(void **state)
{
	(void)state;
	add("10.0.0.0", 8, NULL, 7);
	for (uint8_t protocol = 1; protocol <= 20; protocol++) {
		int32_t other = protocol == 19 ? 3
					       : 1; /* dhcp is configured by a manager */

		((struct route_row *)array_at(&routes.rows, 0))->protocol = protocol;
		assert_int_equal(integer(&table_inet_cidr_route, 9), protocol);
		assert_int_equal(
		    integer(&table_ip_cidr_route, 7), protocol <= 16 ? protocol : other);
		assert_int_equal(
		    integer(&table_ip_route, 9), protocol <= 14 ? protocol : other);
	}
}

static void
test_metrics(void **state)
{
	static const struct {
		uint32_t metric;
		int32_t shown;
	} cases[] = { { 0, 0 }, { 1024, 1024 }, { INT32_MAX, INT32_MAX },
		{ INT32_MAX + 1u, INT32_MAX }, { UINT32_MAX, INT32_MAX } };
	static const uint32_t inet[] = { 13, 14, 15, 16 }, cidr[] = { 12, 13, 14, 15 };
	static const uint32_t old[] = { 4, 5, 6, 12 };

	(void)state;
	add("10.0.0.0", 8, NULL, 7);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		((struct route_row *)array_at(&routes.rows, 0))->metric = cases[i].metric;
		assert_int_equal(integer(&table_inet_cidr_route, 12), cases[i].shown);
		assert_int_equal(integer(&table_ip_cidr_route, 11), cases[i].shown);
		assert_int_equal(integer(&table_ip_route, 3), cases[i].shown);
	}
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(integer(&table_inet_cidr_route, inet[i]), -1);
		assert_int_equal(integer(&table_ip_cidr_route, cidr[i]), -1);
		assert_int_equal(integer(&table_ip_route, old[i]), -1);
	}
}

static void
test_constants(void **state)
{
	struct value value;

	(void)state;
	add("10.0.0.0", 8, NULL, 7)->tos = 0x1c;
	assert_int_equal(integer(&table_inet_cidr_route, 17), 1);
	assert_int_equal(integer(&table_ip_cidr_route, 16), 1);
	assert_int_equal(integer(&table_ip_cidr_route, 10), 0);
	assert_int_equal(integer(&table_ip_cidr_route, 3), 0x1c);
	show(&table_inet_cidr_route);
	value = column_at(0, 11);
	assert_int_equal(value.type, VALUE_GAUGE32);
	assert_int_equal(value.number, 0);
	hide();
	for (int i = 0; i < 2; i++) {
		show(i ? &table_ip_route : &table_ip_cidr_route);
		value = column_at(0, i ? 13 : 9);
		assert_int_equal(value.type, VALUE_OBJECT_ID);
		assert_int_equal(value.object_id.n, 2);
		assert_int_equal(value.object_id.subid[0], 0);
		assert_int_equal(value.object_id.subid[1], 0);
		hide();
	}
}

static void
test_age(void **state)
{
	static const struct {
		const struct table *table;
		uint32_t column;
		enum value_type type;
	} ages[] = {
		{ &table_inet_cidr_route, 10, VALUE_GAUGE32 },
		{ &table_ip_cidr_route, 8, VALUE_INTEGER },
		{ &table_ip_route, 10, VALUE_INTEGER },
	};
	uint32_t before = (uint32_t)(monotonic_now() / 1000000000), after;

	(void)state;
	add("10.0.0.0", 8, NULL, 7)->seen = before - 1000;
	for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++) {
		struct value value;

		show(ages[i].table);
		value = column_at(0, ages[i].column);
		hide();
		after = (uint32_t)(monotonic_now() / 1000000000);
		assert_int_equal(value.type, ages[i].type);
		assert_in_range(value.number, 1000, 1000 + after - before);
	}
}

/* --- the older tables
 * ---------------------------------------------------------------------------- */

static void
test_masks(void **state)
{
	(void)state;
	add("10.0.0.0", 8, NULL, 7);
	for (uint8_t length = 0; length <= 32; length++) {
		uint32_t mask = 0;

		for (uint8_t bit = 0; bit < length; bit++)
			mask |= 1u << (31 - bit);
		((struct route_row *)array_at(&routes.rows, 0))->length = length;
		show(&table_ip_cidr_route);
		assert_true(column_at(0, 2).number == mask);
		hide();
		show(&table_ip_route);
		assert_true(column_at(0, 11).number == mask);
		hide();
	}
}

#define CIDR_INDEX(...) \
	has_index(&table_ip_cidr_route, COMPATIBLE, (const uint32_t[]){ __VA_ARGS__ }, \
	    sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static void
test_ip_cidr_index(void **state)
{
	(void)state;
	add("10.1.0.0", 17, "192.0.2.2", 7)->tos = 16;
	CIDR_INDEX(10, 1, 0, 0, 255, 255, 128, 0, 16, 192, 0, 2, 2);
	add("10.1.0.0", 17, NULL, 7);
	CIDR_INDEX(10, 1, 0, 0, 255, 255, 128, 0, 0, 0, 0, 0, 0);
	add("10.1.0.0", 17, "fe80::2", 7);
	CIDR_INDEX(10, 1, 0, 0, 255, 255, 128, 0, 0, 0, 0, 0, 0);
}

/* IPv4 only; of multicast destinations only the oldest table speaks. */
static void
test_which_are_shown(void **state)
{
	(void)state;
	add("2001:db8::", 32, NULL, 7);
	add("10.0.0.0", 8, NULL, 7);
	add("223.255.255.255", 32, NULL, 7);
	add("224.0.0.0", 4, NULL, 7);
	add("239.1.2.3", 32, NULL, 7);
	add("240.0.0.0", 4, NULL, 7);
	assert_int_equal(count_shown(&table_inet_cidr_route), 6);
	assert_int_equal(count_shown(&table_ip_cidr_route), 3);
	assert_int_equal(count_shown(&table_ip_route), 5);
}

/* The only row shown in a table goes over this link. */
static void
is_over(const struct table *table, uint32_t ifindex, size_t duplicates)
{
	show(table);
	assert_int_equal(shown.view.duplicates, duplicates);
	assert_int_equal(shown.view.order.n, duplicates + 1);
	assert_false(table_is_duplicate(&shown.view, 0));
	assert_int_equal(column_at(0, table == &table_ip_route ? 2 : 5).integer, ifindex);
	hide();
}

/* Links tell which of the routes with one index is shown. */
static void
test_ip_cidr_shows_the_best(void **state)
{
	(void)state;
	add("10.0.0.0", 8, NULL, 9)->metric = 10;
	add("10.0.0.0", 8, NULL, 8)->metric = 5;
	add("10.0.0.0", 8, NULL, 7)->metric = 7;
	is_over(&table_ip_cidr_route, 8, 2);
	is_over(&table_ip_route, 8, 2);
	/* Another table does not count, however good; of two equal ones the lower link
	 * does. */
	add("10.0.0.0", 8, NULL, 2)->table = 100;
	is_over(&table_ip_cidr_route, 8, 3);
	is_over(&table_ip_route, 8, 3);
	add("10.0.0.0", 8, NULL, 6)->metric = 5;
	is_over(&table_ip_cidr_route, 6, 4);
	is_over(&table_ip_route, 6, 4);
}

static void
test_ip_cidr_without_main(void **state)
{
	(void)state;
	add("10.0.0.0", 8, NULL, 9)->table = 100;
	add("10.0.0.0", 8, NULL, 8)->table = 255;
	((struct route_row *)array_at(&routes.rows, 1))->metric = 1;
	is_over(&table_ip_cidr_route, 9, 1);
}

/* One row a destination: the most specific one, then the best. */
static void
test_ip_route_shows_one(void **state)
{
	(void)state;
	add("10.0.0.0", 8, "192.0.2.2", 5);
	add("10.0.0.0", 24, "192.0.2.3", 7)->metric = 100;
	add("10.0.0.0", 16, NULL, 4);
	add("10.0.0.0", 24, "192.0.2.3", 6)->metric = 50;
	is_over(&table_ip_route, 6, 3);
	assert_int_equal(count_shown(&table_ip_cidr_route), 3);
	add("10.0.0.0", 32, NULL, 9)->table = 100;
	is_over(&table_ip_route, 9, 4);
	add("0.0.0.0", 0, "192.0.2.2", 5);
	assert_int_equal(count_shown(&table_ip_route), 2);
}

static void
test_next_hops(void **state)
{
	static const struct {
		const char *gateway;
		uint32_t shown;
	} cases[] = { { NULL, 0 }, { "192.0.2.2", 0xc0000202 }, { "fe80::2", 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		stop(NULL);
		start(NULL);
		add("10.0.0.0", 8, cases[i].gateway, 7);
		show(&table_ip_cidr_route);
		assert_true(column_at(0, 4).number == cases[i].shown);
		assert_true(column_at(0, 1).number == 0x0a000000);
		hide();
		show(&table_ip_route);
		assert_true(column_at(0, 7).number == cases[i].shown);
		assert_true(column_at(0, 1).number == 0x0a000000);
		hide();
	}
}

/* --- scalars
 * ------------------------------------------------------------------------------------- */

static void
test_numbers(void **state)
{
	static const struct {
		const struct table *scalar, *counted;
		uint32_t number;
		enum value_type type;
		uint32_t value;
	} cases[] = {
		{ &table_inet_cidr_route_number, &table_inet_cidr_route, 6, VALUE_GAUGE32,
		    4 },
		{ &table_ip_cidr_route_number, &table_ip_cidr_route, 3, VALUE_GAUGE32, 2 },
		{ &table_inet_cidr_route_discards, &table_inet_cidr_route, 8,
		    VALUE_COUNTER32, 0 },
	};

	(void)state;
	add("10.0.0.0", 8, NULL, 7);
	add("10.0.0.0", 8, NULL, 7);
	add("10.0.0.0", 8, NULL, 8);
	add("2001:db8::", 32, NULL, 8);
	add("10.0.0.0", 8, "192.0.2.2", 8);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct column *column = cases[i].scalar->columns;
		struct value value = { .type = column->type };
		struct cell cell = { .column = column };

		assert_true(cases[i].scalar->scalars);
		assert_ptr_equal(cases[i].scalar->counted, cases[i].counted);
		assert_int_equal(cases[i].scalar->n_columns, 1);
		assert_int_equal(column->number, cases[i].number);
		assert_int_equal(column->type, cases[i].type);
		show(cases[i].counted);
		cell.snapshot = &shown.snapshot;
		cell.view = &shown.view;
		value.number = 77;
		assert_true(column->read(&cell, &value));
		hide();
		assert_int_equal(value.number, cases[i].value);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_gateway),
		TEST(test_link_local_gateway),
		TEST(test_on_link),
		TEST(test_link_local_destination),
		TEST(test_reject),
		TEST(test_policy_of_the_unusual),
		TEST(test_policy_of_local),
		TEST(test_no_two_share_an_index),
		TEST(test_no_other_renames_it),
		TEST(test_types),
		TEST(test_protocols),
		TEST(test_metrics),
		TEST(test_constants),
		TEST(test_age),
		TEST(test_masks),
		TEST(test_ip_cidr_index),
		TEST(test_which_are_shown),
		TEST(test_ip_cidr_shows_the_best),
		TEST(test_ip_cidr_without_main),
		TEST(test_ip_route_shows_one),
		TEST(test_next_hops),
		TEST(test_numbers),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
