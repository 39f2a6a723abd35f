// SPDX-License-Identifier: BSD-2-Clause
// Tests of the source of routes: what it reads, and how long each route has been there.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helpers.h"
#include "kernel/events.h"
#include "messages.h"
#include "mib/routes.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define NANOSECONDS 1000000000

static struct random chance;

/* --- a kernel that is made up
 * -------------------------------------------------------------------- */

bool __wrap_events_happened(struct events *, const int *groups, size_t n_groups);

/* A route of that kernel; all of it is its identity. No padding. */
struct made_up {
	uint8_t destination[16], gateway[16];
	uint32_t table, metric, ifindex;
	uint8_t family, length, gateway_family, tos; /* gateway_family 0: none */
	uint8_t type, protocol, unused[2];
};

#define ROUTES_MAX 6000

static struct {
	struct made_up routes[ROUTES_MAX];
	size_t n;
	int error;	  /* of dumps of IPv6 routes */
	size_t malformed; /* in each dump of routes */
	bool happened;
	uint32_t groups; /* bit n: group n was asked for */
} kernel;

static void
dump_route(const struct made_up *route, const struct netlink_reader *reader)
{
	size_t size = route->family == AF_INET6 ? 16 : 4;
	struct message message;
	uint8_t via[sizeof(struct rtvia) + 16] = { AF_INET6 };

	message_start_route(&message, route->family, route->length);
	message_route(&message)->rtm_tos = route->tos;
	message_route(&message)->rtm_type = route->type;
	message_route(&message)->rtm_protocol = route->protocol;
	message_put_u32(&message, RTA_TABLE, route->table);
	message_put(&message, RTA_DST, route->destination, size);
	message_put_u32(&message, RTA_PRIORITY, route->metric);
	message_put_u32(&message, RTA_OIF, route->ifindex);
	if (route->gateway_family && route->gateway_family == route->family) {
		message_put(&message, RTA_GATEWAY, route->gateway, size);
	} else if (route->gateway_family) {
		memcpy(via + sizeof(struct rtvia), route->gateway, 16);
		message_put(&message, RTA_VIA, via, sizeof(via));
	}
	assert_int_equal(reader->message(&message.header, reader->argument), 0);
}

/* Strict checking, as the kernel knows it: only the table that was asked for. */
static uint32_t
wanted_table(const struct nlmsghdr *request)
{
	const char *body = NLMSG_DATA(request);
	uint32_t table = 0;

	if (request->nlmsg_len > NLMSG_LENGTH(sizeof(struct rtmsg)))
		memcpy(&table, body + sizeof(struct rtmsg) + NLA_HDRLEN, sizeof(table));
	return table;
}

/* The links: lo; a VRF "red" with table 100; "dummy", which is of another kind; a VRF that
 * does not tell its table. */
static void
dump_links(const struct netlink_reader *reader)
{
	static const struct {
		const char *name, *kind;
		uint32_t table;
	} links[] = { { "lo", NULL, 0 }, { "dummy", "dummy", 77 }, { "red", "vrf", 100 },
		{ "odd", "vrf", 0 }, { "redder", "vrf", 101 } };

	for (size_t i = 0; i < LENGTH(links); i++) {
		const struct ifinfomsg body = { .ifi_index = (int)i + 1 };
		struct message message;
		size_t info, data;

		message_start(&message, RTM_NEWLINK, &body, sizeof(body));
		message_put(
		    &message, IFLA_IFNAME, links[i].name, strlen(links[i].name) + 1);
		info = message_begin(&message, IFLA_LINKINFO);
		if (links[i].kind)
			message_put(
			    &message, IFLA_INFO_KIND, links[i].kind, strlen(links[i].kind));
		data = message_begin(&message, IFLA_INFO_DATA);
		if (links[i].table)
			message_put_u32(&message, IFLA_VRF_TABLE, links[i].table);
		message_end(&message, data);
		message_end(&message, info);
		assert_int_equal(reader->message(&message.header, reader->argument), 0);
	}
}

int
__wrap_netlink_dump(int bus, struct nlmsghdr *request, const struct netlink_reader *reader,
    size_t *malformed)
{
	uint8_t family = ((const struct rtmsg *)NLMSG_DATA(request))->rtm_family;
	uint32_t table;

	assert_int_equal(bus, NETLINK_ROUTE);
	if (request->nlmsg_type == RTM_GETNEXTHOP)
		return -EOPNOTSUPP;
	if (request->nlmsg_type == RTM_GETLINK) {
		dump_links(reader);
		return 0;
	}
	assert_int_equal(request->nlmsg_type, RTM_GETROUTE);
	table = wanted_table(request);
	if (family == AF_INET6 && kernel.error)
		return kernel.error;
	for (size_t i = 0; i < kernel.n; i++)
		if (kernel.routes[i].family == family &&
		    (table == 0 || kernel.routes[i].table == table))
			dump_route(&kernel.routes[i], reader);
	*malformed += kernel.malformed;
	return 0;
}

bool
__wrap_events_happened(struct events *events, const int *groups, size_t n_groups)
{
	bool happened = kernel.happened;

	assert_null(events->socket);
	for (size_t i = 0; i < n_groups; i++)
		if (groups[i] < 32)
			kernel.groups |= 1u << groups[i];
	if (n_groups > 0 && groups[n_groups - 1] == RTNLGRP_NEXTHOP)
		kernel.groups |= 1;
	kernel.happened = false;
	return happened;
}

/* --- reading
 * ------------------------------------------------------------------------------------ */

static void *the_state;
static struct route_settings settings;
static struct snapshot *old;
static uint32_t now; /* s, of the last reading */

static int
start(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	the_state = calloc(1, source_routes.state_size);
	old = NULL;
	source_routes.init_settings(&settings);
	settings.tables.all = true;
	return the_state ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	snapshot_release(old);
	source_routes.free_state(the_state);
	free(the_state);
	return 0;
}

static size_t malformed; /* of the last reading */

/* Reads what the kernel has, as the collector does, into *ret. Returns what read() did. */
static int
read_into(struct snapshot **ret)
{
	struct snapshot *new = snapshot_new();
	struct reading reading = {
		.state = the_state,
		.settings = &settings,
		.old = old,
		.new = new,
	};
	int error;

	assert_non_null(new);
	new->time = monotonic_now();
	now = (uint32_t)(new->time / NANOSECONDS);
	error = source_routes.read(&reading);
	malformed = reading.malformed;
	if (error)
		snapshot_release(new);
	else
		*ret = new;
	return error;
}

/* Reads, and makes that the old one. */
static struct snapshot *
read_again(void)
{
	struct snapshot *new;

	assert_int_equal(read_into(&new), 0);
	snapshot_release(old);
	old = new;
	return old;
}

static struct route_row *
row_at(size_t i)
{
	assert_true(i < old->rows.n);
	return array_at(&old->rows, i);
}

/* Marks the rows, so that it is seen from which one a time came: no clock is there yet. */
#define MARK 0xf0000000u

static void
mark_rows(void)
{
	for (size_t i = 0; i < old->rows.n; i++)
		row_at(i)->seen = MARK + (uint32_t)i;
}

/* Row i was row `before` in the last reading; NEW: it was not there. */
#define NEW UINT32_MAX

static void
was(size_t i, uint32_t before)
{
	assert_int_equal(row_at(i)->seen, before == NEW ? now : MARK + before);
}

#define WAS(...) \
	do { \
		static const uint32_t rows_were[] = { __VA_ARGS__ }; \
		assert_int_equal(old->rows.n, LENGTH(rows_were)); \
		for (size_t row = 0; row < LENGTH(rows_were); row++) \
			was(row, rows_were[row]); \
		mark_rows(); \
	} while (0)

/* A route through gateway (NULL: none), from texts. */
static struct made_up
make(const char *destination, uint8_t length, const char *gateway, uint32_t ifindex)
{
	struct made_up route = {
		.table = RT_TABLE_MAIN,
		.ifindex = ifindex,
		.length = length,
		.type = RTN_UNICAST,
		.protocol = RTPROT_STATIC,
	};

	route.family = address_octets(destination, route.destination) == 16 ? AF_INET6
									    : AF_INET;
	if (gateway)
		route.gateway_family = address_octets(gateway, route.gateway) == 16
		    ? AF_INET6
		    : AF_INET;
	return route;
}

/* Puts a route at a place in the kernel's order. */
static void
insert(size_t at, struct made_up route)
{
	assert_true(kernel.n < ROUTES_MAX);
	memmove(
	    &kernel.routes[at + 1], &kernel.routes[at], (kernel.n - at) * sizeof(route));
	kernel.routes[at] = route;
	kernel.n++;
}

static void
erase(size_t at)
{
	kernel.n--;
	memmove(&kernel.routes[at], &kernel.routes[at + 1],
	    (kernel.n - at) * sizeof(kernel.routes[0]));
}

static void
swap(size_t a, size_t b)
{
	struct made_up route = kernel.routes[a];

	kernel.routes[a] = kernel.routes[b];
	kernel.routes[b] = route;
}

/* Four IPv4 routes, which are rows 0 to 3, and four IPv6 ones, 4 to 7. */
static void
make_eight(void)
{
	insert(0, make("0.0.0.0", 0, "192.0.2.2", 7));
	insert(1, make("10.0.0.0", 8, "192.0.2.3", 7));
	insert(2, make("10.1.0.0", 16, "fe80::2", 7));
	insert(3, make("192.0.2.0", 24, NULL, 7));
	insert(4, make("::", 0, "fe80::2", 7));
	insert(5, make("2001:db8:1::", 48, "2001:db8::2", 9));
	insert(6, make("2001:db8:2::", 48, "2001:db8::3", 9));
	insert(7, make("2001:db8::", 64, NULL, 9));
}

/* --- how long a route has been there
 * ------------------------------------------------------------- */

static void
test_first_reading(void **state)
{
	(void)state;
	make_eight();
	read_again();
	WAS(NEW, NEW, NEW, NEW, NEW, NEW, NEW, NEW);
}

static void
test_unchanged(void **state)
{
	(void)state;
	make_eight();
	read_again();
	mark_rows();
	for (int i = 0; i < 3; i++) {
		read_again();
		WAS(0, 1, 2, 3, 4, 5, 6, 7);
	}
}

/* Numbers of IPv6 addresses are others when another address comes first. */
static void
test_other_pool(void **state)
{
	(void)state;
	make_eight();
	read_again();
	mark_rows();
	insert(4, make("2001:db8:ffff::", 48, "2001:db8::ff", 9));
	read_again();
	assert_int_not_equal(row_at(6)->destination, 3);
	WAS(0, 1, 2, 3, NEW, 4, 5, 6, 7);
	erase(4);
	erase(4);
	read_again();
	WAS(0, 1, 2, 3, 6, 7, 8);
}

static void
test_reordered(void **state)
{
	(void)state;
	make_eight();
	read_again();
	mark_rows();
	swap(0, 3);
	swap(4, 6);
	read_again();
	WAS(3, 1, 2, 0, 6, 5, 4, 7);
	for (size_t i = 0; i < 2; i++) {
		swap(i, 3 - i);
		swap(4 + i, 7 - i);
	}
	read_again();
	WAS(3, 2, 1, 0, 7, 6, 5, 4);
}

static void
test_inserted(void **state)
{
	(void)state;
	make_eight();
	read_again();
	mark_rows();
	insert(0, make("0.0.0.0", 0, "192.0.2.9", 7));
	insert(3, make("10.0.128.0", 17, "192.0.2.3", 7));
	insert(10, make("2001:db8:3::", 48, NULL, 9));
	read_again();
	WAS(NEW, 0, 1, NEW, 2, 3, 4, 5, 6, 7, NEW);
}

static void
test_deleted(void **state)
{
	(void)state;
	make_eight();
	read_again();
	mark_rows();
	erase(7);
	erase(2);
	erase(0);
	read_again();
	WAS(1, 3, 4, 5, 6);
	kernel.n = 0;
	read_again();
	assert_int_equal(old->rows.n, 0);
	make_eight();
	read_again();
	WAS(NEW, NEW, NEW, NEW, NEW, NEW, NEW, NEW);
}

/* Any change of a route makes it another one. */
static void
test_changed(void **state)
{
	static const struct {
		size_t offset, size;
		uint32_t value;
	} changes[] = {
#define CHANGE(field, to) \
	{ offsetof(struct made_up, field), sizeof(((struct made_up *)0)->field), to }
		CHANGE(table, 1000),
		CHANGE(metric, 5),
		CHANGE(ifindex, 8),
		CHANGE(length, 32),
		CHANGE(tos, 8),
		CHANGE(type, RTN_LOCAL),
		CHANGE(type, RTN_UNREACHABLE),
		CHANGE(protocol, 186),
		CHANGE(destination[15], 77),
		CHANGE(gateway[15], 77),
		CHANGE(gateway_family, 0),
	};

	(void)state;
	make_eight();
	for (size_t i = 0; i < LENGTH(changes); i++) {
		size_t which = 5; /* IPv6, with a gateway */
		struct made_up before = kernel.routes[which];

		read_again();
		mark_rows();
		memcpy((char *)&kernel.routes[which] + changes[i].offset, &changes[i].value,
		    changes[i].size < 4 ? 1 : changes[i].size);
		read_again();
		WAS(0, 1, 2, 3, 4, NEW, 6, 7);
		kernel.routes[which] = before;
	}
}

static void
test_changed_ipv4(void **state)
{
	(void)state;
	make_eight();
	read_again();
	mark_rows();
	kernel.routes[0].gateway[3] = 99;
	kernel.routes[1].destination[0] = 11;
	kernel.routes[2].gateway[15] = 99; /* by an IPv6 gateway */
	kernel.routes[3].type = RTN_BLACKHOLE;
	read_again();
	WAS(NEW, NEW, NEW, NEW, 4, 5, 6, 7);
}

/* An IPv4 address that looks like the number of an IPv6 one is not the same. */
static void
test_numbers_are_no_addresses(void **state)
{
	(void)state;
	insert(0, make("10.0.0.0", 8, "0.0.0.0", 7));
	insert(1, make("10.0.0.0", 8, "0.0.0.1", 7));
	read_again();
	mark_rows();
	kernel.n = 0;
	insert(0, make("10.0.0.0", 8, "fe80::1", 7)); /* number 0 */
	insert(1, make("10.0.0.0", 8, "fe80::2", 7));
	read_again();
	assert_int_equal(row_at(1)->gateway, 1);
	WAS(NEW, NEW);
}

/* A route that comes back is new. */
static void
test_gone_for_once(void **state)
{
	struct made_up route;

	(void)state;
	make_eight();
	read_again();
	mark_rows();
	route = kernel.routes[1];
	erase(1);
	read_again();
	WAS(0, 2, 3, 4, 5, 6, 7);
	insert(1, route);
	read_again();
	WAS(0, NEW, 1, 2, 3, 4, 5, 6);
}

/* Two of one kind, as when a table is read while it changes: one of them is what was there
 * before, and route_prefers() shows the elder. */
static void
test_twice(void **state)
{
	(void)state;
	make_eight();
	read_again();
	mark_rows();
	insert(2, kernel.routes[1]);
	insert(8, kernel.routes[7]);
	read_again();
	WAS(0, 1, NEW, 2, 3, 4, 5, NEW, 6, 7);
	row_at(2)->ifindex = row_at(1)->ifindex;
	row_at(1)->seen = row_at(2)->seen - 1;
	assert_true(route_prefers(row_at(1), row_at(2)));
	assert_false(route_prefers(row_at(2), row_at(1)));
}

/* --- churn, against a naive model
 * ---------------------------------------------------------------- */

/* What a route is, and its mark; sorted by what it is. */
struct noted {
	struct made_up route;
	uint32_t mark;
};

static int
compare_noted(const void *a, const void *b)
{
	return memcmp(&((const struct noted *)a)->route, &((const struct noted *)b)->route,
	    sizeof(struct made_up));
}

/* Of few values, so that routes are alike; unlike all that are there. */
static struct made_up
make_random(uint32_t serial)
{
	struct made_up route = {
		.table = random_below(&chance, 4) ? RT_TABLE_MAIN
						  : 1000 + random_below(&chance, 3),
		.metric = random_below(&chance, 3) ? 0 : random_below(&chance, 4) * 1024,
		.ifindex = 7 + random_below(&chance, 3),
		.family = random_below(&chance, 2) ? AF_INET : AF_INET6,
		.length = (uint8_t)(8 + random_below(&chance, 16)),
		.tos = random_below(&chance, 8) ? 0 : 0x10,
		.type = RTN_UNICAST,
		.protocol = random_below(&chance, 2) ? RTPROT_STATIC : 186,
	};

	memcpy(route.destination, &serial, 3);
	if (route.family == AF_INET6)
		route.destination[15] = (uint8_t)random_below(&chance, 2);
	if (random_below(&chance, 4) == 0)
		return route;
	route.gateway_family = random_below(&chance, 8) ? route.family : AF_INET6;
	route.gateway[0] = 0xfe;
	route.gateway[route.gateway_family == AF_INET6 ? 15 : 3] = (uint8_t)random_below(
	    &chance, 5);
	return route;
}

static void
shuffle(size_t n)
{
	while (n-- > 0)
		swap(random_below(&chance, (uint32_t)kernel.n),
		    random_below(&chance, (uint32_t)kernel.n));
}

/* One to a few changes of the kernel's routes. */
static void
churn(uint32_t *serial)
{
	uint32_t changes = 1 + random_below(&chance, random_below(&chance, 3) ? 20 : 600);

	for (; changes > 0; changes--) {
		size_t at = random_below(&chance, (uint32_t)kernel.n);

		switch (random_below(&chance, 4)) {
		case 0:
			if (kernel.n > 100)
				erase(at);
			break;
		case 1:
			if (kernel.n < ROUTES_MAX)
				insert(at, make_random((*serial)++));
			break;
		case 2:
			kernel.routes[at] = make_random((*serial)++);
			break;
		case 3:
			kernel.routes[at].metric += 100;
			break;
		}
	}
	if (random_below(&chance, 4) == 0)
		shuffle(random_below(&chance, (uint32_t)kernel.n));
}

/* The kernel's routes in the order in which they become rows: IPv4 first. */
static size_t
list_routes(const struct made_up **list)
{
	size_t n = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < kernel.n; i++)
			if ((kernel.routes[i].family == AF_INET6) == pass)
				list[n++] = &kernel.routes[i];
	return n;
}

static void
test_churn(void **state)
{
	static const struct made_up *list[ROUTES_MAX];
	static struct noted noted[ROUTES_MAX];
	uint32_t serial = 0;
	size_t n_noted, n, kept = 0, made = 0;

	(void)state;
	while (kernel.n < 4000)
		insert(kernel.n, make_random(serial++));
	read_again();
	for (int round = 0; round < 60; round++) {
		mark_rows();
		n_noted = list_routes(list);
		assert_int_equal(n_noted, old->rows.n);
		for (size_t i = 0; i < n_noted; i++)
			noted[i] = (struct noted){ *list[i], MARK + (uint32_t)i };
		qsort(noted, n_noted, sizeof(noted[0]), compare_noted);
		churn(&serial);
		read_again();
		n = list_routes(list);
		assert_int_equal(n, old->rows.n);
		for (size_t i = 0; i < n; i++) {
			struct noted key = { .route = *list[i] };
			const struct noted *found = bsearch(
			    &key, noted, n_noted, sizeof(key), compare_noted);

			assert_int_equal(row_at(i)->seen, found ? found->mark : now);
			kept += found != NULL;
			made += found == NULL;
		}
	}
	assert_true(kept > 100000 && made > 1000);
}

/* --- settings, events, errors
 * -------------------------------------------------------------------- */

static void
test_settings(void **state)
{
	struct route_settings defaults, again;

	(void)state;
	memset(&defaults, 0xff, sizeof(defaults));
	memset(&again, 0, sizeof(again));
	route_settings_init(&defaults);
	route_settings_init(&again);
	assert_int_equal(source_routes.settings_size, sizeof(defaults));
	assert_memory_equal(&defaults, &again, sizeof(defaults));
	assert_false(defaults.tables.all);
	assert_int_equal(defaults.tables.n, 1);
	assert_int_equal(defaults.tables.id[0], 254);
	assert_int_equal(defaults.n_vrfs, 0);
}

static void
test_chosen_tables(void **state)
{
	(void)state;
	make_eight();
	kernel.routes[1].table = 1000;
	kernel.routes[6].table = 255;
	source_routes.init_settings(&settings);
	read_again();
	assert_int_equal(old->rows.n, 6);
	settings.tables = (struct route_tables){ .n = 3, .id = { 1000, 255, 77 } };
	read_again();
	assert_int_equal(old->rows.n, 2);
	settings.tables = (struct route_tables){ .all = true };
	read_again();
	assert_int_equal(old->rows.n, 8);
}

/* The table of a VRF is that of its device; a name without one, or of another kind, has
 * none. */
static void
test_vrfs(void **state)
{
	(void)state;
	make_eight();
	kernel.routes[1].table = 100;
	kernel.routes[6].table = 101;
	kernel.routes[7].table = 77;
	settings.tables = (struct route_tables){ .n = 0 };
	settings.n_vrfs = 4;
	strcpy(settings.vrfs[0], "snow");
	strcpy(settings.vrfs[1], "red");
	strcpy(settings.vrfs[2], "dummy");
	strcpy(settings.vrfs[3], "odd");
	read_again();
	assert_int_equal(old->rows.n, 1);
	assert_int_equal(row_at(0)->table, 100);
	strcpy(settings.vrfs[0], "redder");
	read_again();
	assert_int_equal(old->rows.n, 2);
	settings.n_vrfs = 0;
	read_again();
	assert_int_equal(old->rows.n, 0);
}

static void
test_protocols(void **state)
{
	static const struct {
		uint8_t kernel, shown;
	} pairs[] = {
		{ 0, 1 },
		{ 1, 4 },
		{ 2, 2 },
		{ 3, 3 },
		{ 4, 3 },
		{ 5, 1 },
		{ 8, 1 },
		{ 9, 1 },
		{ 11, 1 },
		{ 12, 1 },
		{ 16, 19 },
		{ 17, 1 },
		{ 42, 1 },
		{ 186, 14 },
		{ 187, 9 },
		{ 188, 13 },
		{ 189, 8 },
		{ 190, 8 },
		{ 192, 16 },
		{ 196, 3 },
		{ 200, 1 },
		{ 255, 1 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(pairs); i++) {
		insert(i, make("10.0.0.0", 8, "192.0.2.2", 7));
		kernel.routes[i].protocol = pairs[i].kernel;
	}
	read_again();
	for (size_t i = 0; i < LENGTH(pairs); i++)
		assert_int_equal(row_at(i)->protocol, pairs[i].shown);
	settings.protocols[42] = 17;
	settings.protocols[186] = 1;
	read_again();
	for (size_t i = 0; i < LENGTH(pairs); i++)
		assert_int_equal(row_at(i)->protocol,
		    pairs[i].kernel == 42	 ? 17
			: pairs[i].kernel == 186 ? 1
						 : pairs[i].shown);
}

static void
test_events(void **state)
{
	(void)state;
	kernel.happened = true;
	assert_false(source_routes.unchanged(the_state));
	assert_true(source_routes.unchanged(the_state));
	kernel.happened = true;
	assert_false(source_routes.unchanged(the_state));
	/* Links, addresses and routes of both families, next-hop objects (noted as bit 0).
	 */
	assert_int_equal(kernel.groups,
	    1 | 1 << RTNLGRP_LINK | 1 << RTNLGRP_IPV4_IFADDR | 1 << RTNLGRP_IPV4_ROUTE |
		1 << RTNLGRP_IPV6_IFADDR | 1 << RTNLGRP_IPV6_ROUTE);
}

static void
test_errors(void **state)
{
	struct snapshot *new = NULL;

	(void)state;
	make_eight();
	kernel.error = -ENOBUFS;
	assert_int_equal(read_into(&new), -ENOBUFS);
	assert_null(new);
	kernel.error = 0;
	read_again();
	mark_rows();
	kernel.error = -ETIMEDOUT;
	assert_int_equal(read_into(&new), -ETIMEDOUT);
	assert_null(new);
	kernel.error = -EAFNOSUPPORT; /* a kernel without IPv6 */
	read_again();
	WAS(0, 1, 2, 3);
}

/* The collector tells of them. */
static void
test_malformed_are_counted(void **state)
{
	(void)state;
	read_again();
	assert_int_equal(malformed, 0);
	kernel.malformed = 2;
	read_again();
	assert_int_equal(malformed, 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_first_reading),
		TEST(test_unchanged),
		TEST(test_other_pool),
		TEST(test_reordered),
		TEST(test_inserted),
		TEST(test_deleted),
		TEST(test_changed),
		TEST(test_changed_ipv4),
		TEST(test_numbers_are_no_addresses),
		TEST(test_gone_for_once),
		TEST(test_twice),
		TEST(test_churn),
		TEST(test_settings),
		TEST(test_chosen_tables),
		TEST(test_vrfs),
		TEST(test_protocols),
		TEST(test_events),
		TEST(test_errors),
		TEST(test_malformed_are_counted),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
