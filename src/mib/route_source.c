// SPDX-License-Identifier: BSD-2-Clause
// The source of routes: when it is to be read, which tables, and how long each route has
// been there.
#include <errno.h>
#include <string.h>

#include "../kernel/events.h"
#include "../kernel/vrfs.h"
#include "routes.h"

/* Multicast groups of rtnetlink (enum rtnetlink_groups). Routes go without a word when a
 * link goes down, an address or a next-hop object goes: those count, too. */
static const int groups[] = {
	1,  /* RTNLGRP_LINK */
	5,  /* RTNLGRP_IPV4_IFADDR */
	7,  /* RTNLGRP_IPV4_ROUTE */
	9,  /* RTNLGRP_IPV6_IFADDR */
	11, /* RTNLGRP_IPV6_ROUTE */
	32, /* RTNLGRP_NEXTHOP */
};

struct routes_state {
	struct events events;
};

/*
 * rtm_protocol (rtnetlink.h, and FRR's in /etc/iproute2/rt_protos) to IANAipRouteProtocol.
 */
static const struct {
	uint8_t kernel, iana;
} protocols[] = {
	{ 1, 4 },    /* redirect: icmp */
	{ 2, 2 },    /* kernel: local */
	{ 3, 3 },    /* boot, what ip route adds: netmgmt */
	{ 4, 3 },    /* static: netmgmt */
	{ 16, 19 },  /* dhcp */
	{ 186, 14 }, /* bgp */
	{ 187, 9 },  /* isis */
	{ 188, 13 }, /* ospf */
	{ 189, 8 },  /* rip */
	{ 190, 8 },  /* ripng: rip */
	{ 192, 16 }, /* eigrp */
	{ 196, 3 },  /* FRR's static: netmgmt */
};

void
route_settings_init(void *settings)
{
	struct route_settings *route_settings = settings;

	memset(route_settings, 0, sizeof(*route_settings)); /* they are compared as bytes */
	route_settings->tables.n = 1;
	route_settings->tables.id[0] = ROUTE_TABLE_MAIN;
	memset(route_settings->protocols, 1, sizeof(route_settings->protocols)); /* other */
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		route_settings->protocols[protocols[i].kernel] = protocols[i].iana;
}

static bool
routes_unchanged(void *state)
{
	struct routes_state *routes_state = state;

	return !events_happened(
	    &routes_state->events, groups, sizeof(groups) / sizeof(groups[0]));
}

static void
free_routes_state(void *state)
{
	struct routes_state *routes_state = state;

	events_close(&routes_state->events);
}

/* --- how long a route has been there --- */

/* The routes of the last reading, found by what they are. */
struct history {
	const struct array *rows, *side; /* of the last reading */
	const struct array *new_side;
	/* A hash of uint32_t, row number + 1, or 0; built when it is needed. */
	struct array slots;
};

static bool
is_same_address(const struct history *history, bool ipv6, uint32_t old, uint32_t new)
{
	return address_compare(ipv6, history->side, old, history->new_side, new) == 0;
}

/* The same route, unchanged. */
static bool
is_same(
    const struct history *history, const struct route_row *old, const struct route_row *new)
{
	return old->table == new->table && old->metric == new->metric &&
	    old->ifindex == new->ifindex && old->length == new->length &&
	    old->tos == new->tos && old->type == new->type &&
	    old->protocol == new->protocol && (old->flags == new->flags) &&
	    is_same_address(
		history, old->flags & ROUTE_IPV6, old->destination, new->destination) &&
	    is_same_address(
		history, old->flags & ROUTE_GATEWAY_IPV6, old->gateway, new->gateway);
}

static uint32_t
hash_address(const struct array *side, bool ipv6, uint32_t address)
{
	uint32_t sum = address * 2654435761u;

	return ipv6 ? address_hash(array_at(side, address)) : sum ^ sum >> 16;
}

static size_t
hash(const struct array *side, const struct route_row *row)
{
	uint32_t sum = hash_address(side, row->flags & ROUTE_IPV6, row->destination);

	sum ^= hash_address(side, row->flags & ROUTE_GATEWAY_IPV6, row->gateway) * 31;
	sum ^= row->table * 7919 ^ row->metric * 104729 ^ row->ifindex * 1299709;
	sum = (sum + row->length) * 2246822519u;
	return sum ^ sum >> 15;
}

/* Builds the hash of the old rows from one number up to before another. */
static int
build_slots(struct history *history, size_t from, size_t to)
{
	size_t n = 16;
	uint32_t *slots;

	while (n < (to - from) * 2)
		n *= 2;
	slots = array_append(&history->slots, n);
	if (!slots)
		return -ENOMEM;
	for (size_t i = from; i < to; i++) {
		size_t slot = hash(history->side, array_at(history->rows, i)) & (n - 1);

		while (slots[slot])
			slot = (slot + 1) & (n - 1);
		slots[slot] = (uint32_t)i + 1;
	}
	return 0;
}

/* The old row that is the same; NULL if it is not in the hash. */
static const struct route_row *
look_up(const struct history *history, const struct route_row *new)
{
	const uint32_t *slots = history->slots.data;
	size_t mask = history->slots.n - 1, slot = hash(history->new_side, new) & mask;

	for (; slots[slot]; slot = (slot + 1) & mask) {
		const struct route_row *old = array_at(history->rows, slots[slot] - 1);

		if (is_same(history, old, new))
			return old;
	}
	return NULL;
}

/* Whether an old row and a new one are the same; then it was seen when the old one was. */
static bool
take_seen(const struct history *history, size_t i, struct array *rows, size_t k)
{
	const struct route_row *old = array_at(history->rows, i);
	struct route_row *new = array_at(rows, k);

	if (!is_same(history, old, new))
		return false;
	new->seen = old->seen;
	return true;
}

/*
 * Sets when each route was seen first. Two readings mostly have the same order, and what
 * has changed stands together: rows are compared from both ends, and only those between the
 * first and the last change are looked for.
 */
static int
set_seen(struct history *history, struct array *rows, uint32_t now)
{
	size_t from = 0, old_to = history->rows ? history->rows->n : 0, to = rows->n;

	while (from < old_to && from < to && take_seen(history, from, rows, from))
		from++;
	while (old_to > from && to > from && take_seen(history, old_to - 1, rows, to - 1)) {
		old_to--;
		to--;
	}
	if (from < to && from < old_to && build_slots(history, from, old_to) < 0)
		return -ENOMEM;
	for (size_t i = from; i < to; i++) {
		struct route_row *row = array_at(rows, i);
		const struct route_row *old = from < old_to ? look_up(history, row) : NULL;

		row->seen = old ? old->seen : now;
	}
	return 0;
}

/* --- reading --- */

/* The tables of the settings, and those of the VRFs named there that exist now. */
static int
find_tables(const struct route_settings *settings, struct route_tables *ret_tables)
{
	*ret_tables = settings->tables;
	for (uint32_t i = 0; i < settings->n_vrfs; i++) {
		uint32_t table;
		int error = vrfs_find_table(settings->vrfs[i], &table);

		if (error && error != -ENOENT)
			return error;
		if (!error && !route_tables_add(ret_tables, table))
			return -ENOSPC;
	}
	return 0;
}

static int
read_routes(struct reading *reading)
{
	const struct route_settings *settings = reading->settings;
	const struct pause pause = { reading_pause, reading };
	struct history history = { .slots = ARRAY_OF(uint32_t) };
	struct route_tables tables;
	struct routes routes;
	int error = find_tables(settings, &tables);

	if (error)
		return error;
	routes_init(&routes, &tables);
	error = routes_read(&routes, &pause);
	reading->malformed = routes.malformed;
	for (size_t i = 0; error == 0 && i < routes.rows.n; i++) {
		struct route_row *row = array_at(&routes.rows, i);

		row->protocol = settings->protocols[row->protocol];
	}
	if (reading->old) {
		history.rows = &reading->old->rows;
		history.side = &reading->old->side;
		history.new_side = &routes.pool.addresses;
	}
	if (error == 0)
		error = set_seen(
		    &history, &routes.rows, (uint32_t)(reading->new->time / 1000000000));
	array_free(&history.slots);
	if (error) {
		routes_free(&routes);
		return error;
	}
	reading->new->rows = routes.rows;
	reading->new->more[ROUTE_ROUTERS - 1] = routes.routers;
	reading->new->side = routes.pool.addresses;
	return 0;
}

const struct source_kind source_routes = {
	.name = "routes",
	.max_age = 100,
	.state_size = sizeof(struct routes_state),
	.settings_size = sizeof(struct route_settings),
	.init_settings = route_settings_init,
	.read = read_routes,
	.unchanged = routes_unchanged,
	.free_state = free_routes_state,
};
