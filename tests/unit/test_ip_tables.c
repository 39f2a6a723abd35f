// SPDX-License-Identifier: BSD-2-Clause
// Tests of the tables of IP-MIB, and of UDP-MIB's scalars, over rows made by hand.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <linux/neighbour.h>
#include <stdlib.h>
#include <string.h>

#include "messages.h"
#include "mib/addresses.h"
#include "mib/columns.h"
#include "mib/counters.h"
#include "mib/neighbours.h"
#include "mib/routes.h"
#include "mib/tables.h"
#include "shown.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND INT64_C(1000000000)
#define TICK (SECOND / 100)
#define DAY (INT64_C(86400) * SECOND)

/* --- a snapshot, and what a table shows of it ----------------------------------------- */

static struct address_pool pool;

static int
start(void **state)
{
	(void)state;
	if (show_nothing() != 0)
		return -1;
	snapshot->time = monotonic_now();
	address_pool_init(&pool);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	array_free(&pool.slots);
	show_end();
	return 0;
}

static int
start_addresses(void **state)
{
	int error = start(state);

	snapshot->rows = ARRAY_OF(struct address_row);
	return error;
}

static int
start_neighbours(void **state)
{
	int error = start(state);

	snapshot->rows = ARRAY_OF(struct neighbour_row);
	return error;
}

static int
start_routers(void **state)
{
	int error = start(state);

	snapshot->more[ROUTE_ROUTERS - 1] = ARRAY_OF(struct router_row);
	return error;
}

static int
start_counters(void **state)
{
	int error = start(state);

	snapshot->rows = ARRAY_OF(struct counters);
	assert_non_null(array_append(&snapshot->rows, 1));
	return error;
}

/* An address as rows have it. Returns whether it is of IPv6. */
static bool
put(const char *text, uint32_t ifindex, uint32_t *ret_address)
{
	uint8_t octets[16];
	int family = address_octets(text, octets) == 16 ? AF_INET6 : AF_INET;

	assert_int_equal(address_pool_put(&pool, family, octets, ifindex, ret_address), 0);
	snapshot->side = pool.addresses;
	return family == AF_INET6;
}

/* --- ipAddressTable and ipAddressPrefixTable ------------------------------------------ */

#define IF_INDEX 3
#define PREFIX 5
#define ORIGIN 6
#define STATUS 7
#define CREATED 8

/* An address of device 258; good until the next is added. */
static struct address_row *
add_address(const char *local, const char *prefix, uint8_t length)
{
	struct address_row *row = array_append(&snapshot->rows, 1);

	assert_non_null(row);
	row->ifindex = 258;
	row->length = length;
	row->flags = ADDRESS_PERMANENT;
	row->valid = row->preferred = ADDRESS_FOREVER;
	row->options = put(local, 258, &row->local) ? ADDRESS_IPV6 : 0;
	put(prefix, 258, &row->prefix);
	return row;
}

/* Failed, then tentative, then deprecated, then not to be reached. */
static void
test_status(void **state)
{
	static const struct {
		uint32_t flags;
		int32_t up, down;
	} cases[] = {
		{ 0, 1, 4 },
		{ ADDRESS_PERMANENT, 1, 4 },
		{ ADDRESS_DEPRECATED, 2, 2 },
		{ ADDRESS_TENTATIVE, 6, 6 },
		{ ADDRESS_TENTATIVE | ADDRESS_DEPRECATED, 6, 6 },
		{ ADDRESS_TENTATIVE | ADDRESS_OPTIMISTIC, 8, 8 },
		{ ADDRESS_OPTIMISTIC, 1, 4 },
		{ ADDRESS_DAD_FAILED, 7, 7 },
		{ ADDRESS_DAD_FAILED | ADDRESS_TENTATIVE | ADDRESS_DEPRECATED, 7, 7 },
	};
	struct address_row *row = add_address("2001:db8::1", "2001:db8::", 64);

	(void)state;
	show(&table_ip_address);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		row->flags = cases[i].flags;
		row->inaccessible = 0;
		assert_int_equal(integer(STATUS), cases[i].up);
		row->inaccessible = 1;
		assert_int_equal(integer(STATUS), cases[i].down);
	}
}

/* manual(2), dhcp(4), linklayer(5), random(6). */
static void
test_origin(void **state)
{
	static const struct {
		const char *local;
		uint32_t flags;
		uint8_t protocol;
		int32_t origin;
	} cases[] = {
		{ "192.0.2.1", ADDRESS_PERMANENT, 0, 2 },
		{ "192.0.2.1", 0, 0, 4 },
		/* Of IPv4 this bit says that it is secondary. */
		{ "192.0.2.1", ADDRESS_PERMANENT | ADDRESS_TEMPORARY, 0, 2 },
		{ "169.254.3.4", ADDRESS_PERMANENT, 0, 6 },
		{ "169.255.3.4", ADDRESS_PERMANENT, 0, 2 },
		{ "2001:db8::1", ADDRESS_PERMANENT, 0, 2 },
		{ "2001:db8::1", 0, 0, 4 },
		{ "2001:db8::1", 0, ADDRESS_BY_RA, 5 },
		{ "2001:db8::1", ADDRESS_HAS_TEMPORARY, 0, 5 },
		{ "2001:db8::1", ADDRESS_TEMPORARY, ADDRESS_BY_RA, 6 },
		{ "2001:db8::1", ADDRESS_STABLE_PRIVACY, ADDRESS_BY_RA, 6 },
		{ "fe80::1", ADDRESS_PERMANENT, ADDRESS_FOR_LINK, 5 },
		{ "fe80::1", ADDRESS_PERMANENT | ADDRESS_STABLE_PRIVACY, ADDRESS_FOR_LINK,
		    6 },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct address_row *row;

		stop(state);
		start_addresses(state);
		row = add_address(cases[i].local, cases[i].local, 64);
		row->flags = cases[i].flags;
		row->protocol = cases[i].protocol;
		show(&table_ip_address);
		if (integer(ORIGIN) != cases[i].origin)
			fail_msg("case %zu is %d", i, integer(ORIGIN));
	}
}

/* Link-local ones always have their link: two links may have one of them. */
static void
test_index_of_addresses(void **state)
{
	static const uint32_t ipv4[] = { 1, 4, 192, 0, 2, 1 };
	static const uint32_t link_local[] = { 4, 20, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 1, 0, 0, 1, 2 };
	static const uint32_t global[] = { 2, 16, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 1 };

	(void)state;
	add_address("192.0.2.1", "192.0.2.0", 24);
	add_address("fe80::1", "fe80::", 64);
	add_address("2001:db8::1", "2001:db8::", 64);
	for (unsigned i = 0; i <= SNAPSHOT_STRICT_ADDRESSES; i++) {
		snapshot->options = i;
		check_index(&table_ip_address, snapshot, array_at(&snapshot->rows, 0), ipv4,
		    LENGTH(ipv4));
		check_index(&table_ip_address, snapshot, array_at(&snapshot->rows, 1),
		    link_local, LENGTH(link_local));
		check_index(&table_ip_address, snapshot, array_at(&snapshot->rows, 2),
		    global, LENGTH(global));
	}
}

/* The pointer is to the first column of this row of ipAddressPrefixTable. */
static void
points_to(const uint32_t *subid, size_t n)
{
	static const uint32_t first[] = { 1, 3, 6, 1, 2, 1, 4, 32, 1, 5 };
	struct object_id pointer;

	show(&table_ip_address);
	pointer = at(0, PREFIX, VALUE_OBJECT_ID).object_id;
	assert_int_equal(pointer.n, LENGTH(first) + n);
	assert_memory_equal(pointer.subid, first, sizeof(first));
	assert_memory_equal(pointer.subid + LENGTH(first), subid, n * sizeof(*subid));
	show(&table_ip_address_prefix);
	assert_int_equal(view.order.n, 1);
	check_index(shown, snapshot, table_row(snapshot, &view, 0), subid, n);
	assert_int_equal(shown->columns[0].number, first[LENGTH(first) - 1]);
	assert_memory_equal(shown->root, first, 8 * sizeof(first[0]));
}

static void
test_pointer(void **state)
{
	static const uint32_t ipv4[] = { 258, 1, 4, 192, 0, 2, 0, 24 };
	static const uint32_t ipv6[] = { 258, 2, 16, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 64 };
	static const uint32_t strict[] = { 258, 4, 20, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 64 };

	add_address("192.0.2.1", "192.0.2.0", 24);
	points_to(ipv4, LENGTH(ipv4));
	snapshot->options = SNAPSHOT_STRICT_ADDRESSES;
	points_to(ipv4, LENGTH(ipv4));
	stop(state);
	start_addresses(state);
	add_address("fe80::1", "fe80::", 64);
	points_to(ipv6, LENGTH(ipv6));
	snapshot->options = SNAPSHOT_STRICT_ADDRESSES;
	points_to(strict, LENGTH(strict));
}

/* Of an address on two interfaces the one is shown that can be reached, then the lower. */
static void
test_address_on_two(void **state)
{
	(void)state;
	add_address("192.0.2.1", "192.0.2.0", 24)->ifindex = 9;
	add_address("192.0.2.1", "192.0.2.0", 25)->ifindex = 7;
	add_address("192.0.2.1", "192.0.2.0", 26)->ifindex = 8;
	show(&table_ip_address);
	assert_int_equal(view.order.n - view.duplicates, 1);
	assert_int_equal(integer(IF_INDEX), 7);
	((struct address_row *)array_at(&snapshot->rows, 1))->inaccessible = 1;
	show(&table_ip_address);
	assert_int_equal(integer(IF_INDEX), 8);
	show(&table_ip_address_prefix);
	assert_int_equal(view.order.n - view.duplicates, 3);
}

/* Another host had it first on the link with the lower ifIndex. */
static void
test_duplicate_on_two(void **state)
{
	struct address_row *row = add_address("2001:db8::1", "2001:db8::", 64);

	(void)state;
	row->ifindex = 7;
	row->flags |= ADDRESS_DAD_FAILED;
	add_address("2001:db8::1", "2001:db8::", 64)->ifindex = 8;
	show(&table_ip_address);
	assert_int_equal(view.order.n - view.duplicates, 1);
	assert_int_equal(integer(IF_INDEX), 8);
	assert_int_equal(integer(STATUS), 1);
}

/* Of addresses with one prefix the one that lives longest tells of it. */
static void
test_prefix_of_two(void **state)
{
	struct address_row *row;

	(void)state;
	row = add_address("2001:db8::1", "2001:db8::", 64);
	row->valid = 100;
	row->preferred = 90;
	row = add_address("2001:db8::2", "2001:db8::", 64);
	row->valid = 2000;
	row->preferred = 10;
	row = add_address("2001:db8::3", "2001:db8::", 64);
	row->valid = 2000;
	row->preferred = 1000;
	show(&table_ip_address_prefix);
	assert_int_equal(view.order.n - view.duplicates, 1);
	assert_in_range(at(0, 8, VALUE_GAUGE32).number, 990, 1000);
	assert_in_range(at(0, 9, VALUE_GAUGE32).number, 1990, 2000);
	add_address("2001:db8::4", "2001:db8::", 64);
	show(&table_ip_address_prefix);
	assert_true(at(0, 8, VALUE_GAUGE32).number == UINT32_MAX);
	assert_true(at(0, 9, VALUE_GAUGE32).number == UINT32_MAX);
}

static void
test_created(void **state)
{
	struct address_row *row = add_address("192.0.2.1", "192.0.2.0", 24);

	(void)state;
	row->created = (uint32_t)(snapshot->time / TICK) - 500;
	show(&table_ip_address);
	assert_true(at(0, CREATED, VALUE_TIMETICKS).moment ==
	    snapshot->time / TICK * TICK - 5 * SECOND);
}

/* --- times ---------------------------------------------------------------------------- */

static void
test_moment(void **state)
{
	const int64_t wrap = (INT64_C(1) << 32) * TICK; /* 497 days */
	static const int64_t ages[] = { 0, TICK, SECOND, DAY, 200 * DAY, 300 * DAY,
		490 * DAY };

	(void)state;
	for (size_t i = 0; i < LENGTH(ages); i++)
		for (int64_t now = 495 * DAY; now < 3 * wrap; now += 100 * DAY) {
			int64_t then = now - ages[i];

			assert_true(column_moment((uint32_t)(then / TICK), now) == then);
		}
	/* Around where 32 bits end. */
	assert_true(column_moment(UINT32_MAX, wrap + TICK) == wrap - TICK);
	assert_true(column_moment(0, wrap + TICK) == wrap);
	assert_true(column_moment(1, wrap + TICK) == wrap + TICK);
}

/* The clock it was told by is a little ahead: it is now, and not 497 days ago. */
static void
test_moment_ahead(void **state)
{
	(void)state;
	assert_true(column_moment(101, SECOND) == SECOND);
	assert_true(column_moment(150, SECOND) == SECOND);
	assert_true(column_moment(5, (INT64_C(1) << 32) * TICK - TICK) ==
	    (INT64_C(1) << 32) * TICK - TICK);
	/* And to a tick, however the clock stands within one. */
	assert_true(column_moment(100, SECOND + TICK - 1) == SECOND);
}

static void
test_left(void **state)
{
	(void)state;
	assert_in_range(column_left(1000, snapshot), 998, 1000);
	snapshot->time -= 100 * SECOND;
	assert_in_range(column_left(1000, snapshot), 898, 900);
	assert_int_equal(column_left(100, snapshot), 0);
	assert_int_equal(column_left(1, snapshot), 0);
	assert_int_equal(column_left(0, snapshot), 0);
	assert_true(column_left(UINT32_MAX, snapshot) == UINT32_MAX);
	assert_in_range(
	    column_left(UINT32_MAX - 1, snapshot), UINT32_MAX - 103, UINT32_MAX - 101);
}

/* --- ipNetToPhysicalTable and ipNetToMediaTable --------------------------------------- */

static struct neighbour_row *
add_neighbour(const char *address)
{
	struct neighbour_row *row = array_append(&snapshot->rows, 1);

	assert_non_null(row);
	row->ifindex = 258;
	row->state = NUD_REACHABLE;
	row->ipv6 = put(address, 258, &row->address);
	row->length = 6;
	memcpy(row->physical, "\2\0\0\0\0\1", 6);
	return row;
}

/* Every state, and what a later kernel may say: unknown(6), other(1). */
static void
test_states(void **state)
{
	static const struct {
		uint8_t nud;
		int32_t state, type;
	} cases[] = {
		{ NUD_REACHABLE, 1, 3 },
		{ NUD_STALE, 2, 3 },
		{ NUD_DELAY, 3, 3 },
		{ NUD_PROBE, 4, 3 },
		{ NUD_FAILED, 5, 2 },
		{ NUD_INCOMPLETE, 7, 2 },
		{ NUD_PERMANENT, 1, 4 },
		{ NUD_REACHABLE | NUD_STALE, 6, 1 },
		{ 0, 6, 1 },
	};
	struct neighbour_row *row = add_neighbour("192.0.2.9");

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		row->state = cases[i].nud;
		show(&table_ip_net_to_physical);
		assert_int_equal(integer(7), cases[i].state);
		assert_int_equal(integer(6), cases[i].type);
		show(&table_ip_net_to_media);
		assert_int_equal(integer(4), cases[i].type);
	}
}

static void
test_index_of_neighbours(void **state)
{
	static const uint32_t link_local[] = { 258, 2, 16, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 9 };
	static const uint32_t strict[] = { 258, 4, 20, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 9, 0, 0, 1, 2 };
	const struct neighbour_row *row = add_neighbour("fe80::9");

	(void)state;
	check_index(
	    &table_ip_net_to_physical, snapshot, row, link_local, LENGTH(link_local));
	snapshot->options = SNAPSHOT_STRICT_ADDRESSES;
	check_index(&table_ip_net_to_physical, snapshot, row, strict, LENGTH(strict));
}

/* The older table has those of IPv4 whose physical address is known. */
static void
test_media(void **state)
{
	struct octets physical;

	(void)state;
	add_neighbour("fe80::9");
	add_neighbour("192.0.2.10")->length = 0;
	add_neighbour("192.0.2.9")->updated = 12345;
	show(&table_ip_net_to_media);
	assert_int_equal(view.order.n, 1);
	assert_int_equal(integer(1), 258);
	assert_true(at(0, 3, VALUE_IPADDRESS).number == 0xc0000209);
	physical = at(0, 2, VALUE_OCTETS).octets;
	assert_int_equal(physical.n, 6);
	assert_memory_equal(physical.at, "\2\0\0\0\0\1", 6);
	show(&table_ip_net_to_physical);
	assert_int_equal(view.order.n, 3);
	assert_true(at(0, 5, VALUE_TIMETICKS).moment == 12345);
	assert_int_equal(at(1, 4, VALUE_OCTETS).octets.n, 0);
}

/* --- ipDefaultRouterTable ------------------------------------------------------------- */

static struct router_row *
add_router(const char *gateway)
{
	struct router_row *row = array_append(&snapshot->more[ROUTE_ROUTERS - 1], 1);

	assert_non_null(row);
	row->table = ROUTE_TABLE_MAIN;
	row->ifindex = 258;
	row->lifetime = ROUTER_FOREVER;
	row->flags = put(gateway, 258, &row->gateway) ? ROUTE_GATEWAY_IPV6 : 0;
	return row;
}

/* RFC 4191, 2.1: 01 high, 00 medium, 11 low, 10 reserved. */
static void
test_preference(void **state)
{
	static const int32_t expected[] = { 0, 1, -2, -1 };
	struct router_row *row = add_router("fe80::1");

	(void)state;
	show(&table_ip_default_router);
	for (uint8_t i = 0; i < LENGTH(expected); i++) {
		row->preference = i;
		assert_int_equal(integer(5), expected[i]);
	}
}

static void
test_lifetime(void **state)
{
	struct router_row *row = add_router("fe80::1");

	(void)state;
	show(&table_ip_default_router);
	assert_int_equal(at(0, 4, VALUE_GAUGE32).number, 65535);
	row->lifetime = 70000;
	assert_int_equal(at(0, 4, VALUE_GAUGE32).number, 65535);
	row->lifetime = 1800;
	assert_in_range(at(0, 4, VALUE_GAUGE32).number, 1798, 1800);
	snapshot->time -= 1800 * SECOND;
	assert_int_equal(at(0, 4, VALUE_GAUGE32).number, 0);
}

/* One gateway of two routes: the main table's, then the better metric's. */
static void
test_router_of_two(void **state)
{
	struct router_row *row;

	(void)state;
	row = add_router("192.0.2.1");
	row->table = 100;
	row->preference = 1;
	row = add_router("192.0.2.1");
	row->metric = 200;
	row->preference = 3;
	show(&table_ip_default_router);
	assert_int_equal(view.order.n - view.duplicates, 1);
	assert_int_equal(integer(5), -1);
	add_router("192.0.2.1")->metric = 100;
	show(&table_ip_default_router);
	assert_int_equal(integer(5), 0);
	add_router("192.0.2.1")->ifindex = 3;
	show(&table_ip_default_router);
	assert_int_equal(view.order.n - view.duplicates, 2);
}

/* --- counters ------------------------------------------------------------------------- */

static void
set(struct counters *counters, unsigned counter, uint64_t number)
{
	counters->value[counter] = (int64_t)number;
	counters->present[counter] = true;
}

static void
statistic_is(const struct ip_statistics *statistics, unsigned counter, uint64_t number)
{
	assert_true(statistics->present & 1u << counter);
	assert_true(statistics->value[counter] == number);
}

/* Each counter where it belongs, and none of the other version's. */
static void
test_statistics(void **state)
{
	for (unsigned i = 0; i < IP_COUNTERS; i++) {
		struct counters *counters;
		struct ip_statistics statistics;

		stop(state);
		start_counters(state);
		counters = array_at(&snapshot->rows, 0);
		set(counters, IPV6_COUNTERS + i, 77);
		assert_false(ip_statistics_take(counters, IP_VERSION_IPV4, &statistics));
		assert_true(ip_statistics_take(counters, IP_VERSION_IPV6, &statistics));
		assert_int_equal(statistics.version, IP_VERSION_IPV6);
		assert_int_equal(statistics.ifindex, 0);
		statistic_is(&statistics, i, 77);
		if (i != IP_OUT_REQUESTS)
			assert_true(statistics.present == 1u << i);
	}
}

/* Kernels before 6.7 do not count what is sent: IPv4's requests have what is forwarded,
 * IPv6's have not. */
static void
test_transmits(void **state)
{
	struct counters *counters = array_at(&snapshot->rows, 0);
	struct ip_statistics statistics;

	(void)state;
	for (unsigned first = IPV4_COUNTERS; first <= IPV6_COUNTERS; first += IP_COUNTERS) {
		set(counters, first + IP_OUT_REQUESTS, 100);
		set(counters, first + IP_FORW_DATAGRAMS, 7);
	}
	ip_statistics_take(counters, IP_VERSION_IPV4, &statistics);
	statistic_is(&statistics, IP_OUT_TRANSMITS, 100);
	ip_statistics_take(counters, IP_VERSION_IPV6, &statistics);
	statistic_is(&statistics, IP_OUT_TRANSMITS, 107);
	set(counters, IPV4_COUNTERS + IP_OUT_TRANSMITS, 55);
	set(counters, IPV6_COUNTERS + IP_OUT_TRANSMITS, 0);
	ip_statistics_take(counters, IP_VERSION_IPV4, &statistics);
	statistic_is(&statistics, IP_OUT_TRANSMITS, 55);
	ip_statistics_take(counters, IP_VERSION_IPV6, &statistics);
	statistic_is(&statistics, IP_OUT_TRANSMITS, 0);
}

static void
test_fragments(void **state)
{
	struct counters *counters = array_at(&snapshot->rows, 0);
	struct ip_statistics statistics;

	(void)state;
	set(counters, IPV4_COUNTERS + IP_FRAG_OKS, UINT64_C(0xffffffff));
	ip_statistics_take(counters, IP_VERSION_IPV4, &statistics);
	assert_false(statistics.present & 1u << IP_OUT_FRAG_REQDS);
	set(counters, IPV4_COUNTERS + IP_FRAG_FAILS, 2);
	ip_statistics_take(counters, IP_VERSION_IPV4, &statistics);
	statistic_is(&statistics, IP_OUT_FRAG_REQDS, UINT64_C(0x100000001));
}

/* A counter of 32 bits is the low half of that of 64. */
static void
test_halves(void **state)
{
	struct counters *counters = array_at(&snapshot->rows, 0);
	struct array *rows = &snapshot->more[COUNTERS_VERSIONS - 1];
	struct value value;

	(void)state;
	set(counters, IPV4_COUNTERS + IP_IN_RECEIVES, UINT64_C(0x123456789a));
	*rows = ARRAY_OF(struct ip_statistics);
	ip_statistics_take(counters, IP_VERSION_IPV4, array_append(rows, 1));
	show(&table_ip_system_stats);
	assert_true(at(0, 3, VALUE_COUNTER32).number == 0x3456789a);
	assert_true(at(0, 4, VALUE_COUNTER64).counter64 == UINT64_C(0x123456789a));
	assert_false(read_at(0, 5, &value));
	assert_false(read_at(0, 6, &value));
}

/* Both versions together; of a kernel without IPv6 that of IPv4. */
static void
test_udp(void **state)
{
	static const struct {
		uint32_t column;
		enum counter counter;
	} both[] = { { 1, UDP_IN_DATAGRAMS }, { 2, UDP_NO_PORTS }, { 3, UDP_IN_ERRORS },
		{ 4, UDP_OUT_DATAGRAMS } };
	static const enum counter ipv6[] = { UDP6_IN_DATAGRAMS, UDP6_NO_PORTS,
		UDP6_IN_ERRORS, UDP6_OUT_DATAGRAMS };
	struct counters *counters = array_at(&snapshot->rows, 0);
	struct value value;

	(void)state;
	show(&table_udp_scalars);
	for (size_t i = 0; i < LENGTH(both); i++) {
		assert_false(read_at(0, both[i].column, &value));
		set(counters, both[i].counter, 0xfffffff0 + i);
		assert_true(
		    at(0, both[i].column, VALUE_COUNTER32).number == 0xfffffff0 + i);
		set(counters, ipv6[i], 0x20);
		assert_true(at(0, both[i].column, VALUE_COUNTER32).number == 0x10 + i);
	}
	assert_true(at(0, 8, VALUE_COUNTER64).counter64 == UINT64_C(0x100000010));
	assert_true(at(0, 9, VALUE_COUNTER64).counter64 == UINT64_C(0x100000013));
}

#define TEST(name, kind) cmocka_unit_test_setup_teardown(name, start_##kind, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_status, addresses),
		TEST(test_origin, addresses),
		TEST(test_index_of_addresses, addresses),
		TEST(test_pointer, addresses),
		TEST(test_address_on_two, addresses),
		TEST(test_duplicate_on_two, addresses),
		TEST(test_prefix_of_two, addresses),
		TEST(test_created, addresses),
		cmocka_unit_test(test_moment),
		cmocka_unit_test(test_moment_ahead),
		cmocka_unit_test_setup_teardown(test_left, start, stop),
		TEST(test_states, neighbours),
		TEST(test_index_of_neighbours, neighbours),
		TEST(test_media, neighbours),
		TEST(test_preference, routers),
		TEST(test_lifetime, routers),
		TEST(test_router_of_two, routers),
		TEST(test_statistics, counters),
		TEST(test_transmits, counters),
		TEST(test_fragments, counters),
		TEST(test_halves, counters),
		TEST(test_udp, counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
