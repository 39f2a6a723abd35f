// SPDX-License-Identifier: BSD-2-Clause
// What the route tables have in common: routes as IP-FORWARD-MIB (RFC 4292) sees them.
#include "routes.h"

#include "inet.h"

/* rtm_type (include/uapi/linux/rtnetlink.h), those that are shown. */
enum {
	KERNEL_UNICAST = 1,
	KERNEL_LOCAL = 2,
	KERNEL_BLACKHOLE = 6,
	KERNEL_UNREACHABLE = 7,
	KERNEL_PROHIBIT = 8,
};

enum {
	PROTOCOL_OTHER = 1,
	PROTOCOL_NETMGMT = 3,
	PROTOCOL_DHCP = 19,
};

const struct label route_protocols[] = {
	{ PROTOCOL_OTHER, "other" },
	{ 2, "local" },
	{ PROTOCOL_NETMGMT, "netmgmt" },
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
	{ 17, "dvmrp" },
	{ 18, "rpl" },
	{ PROTOCOL_DHCP, "dhcp" },
	{ 20, "ttdp" },
	{ 0, NULL },
};

static const struct route_row *
as_route(const void *row)
{
	return row;
}

static bool
is_strict(const struct snapshot *snapshot)
{
	return snapshot->options & SNAPSHOT_STRICT_ADDRESSES;
}

void
route_destination(
    const struct snapshot *snapshot, const void *row, struct inet_address *ret)
{
	const struct route_row *route = row;

	if (route->flags & ROUTE_IPV6)
		inet_put_ipv6(snapshot, route->destination, route->ifindex, ret);
	else
		inet_put_ipv4(route->destination, ret);
}

void
route_next_hop(const struct snapshot *snapshot, const void *row, struct inet_address *ret)
{
	const struct route_row *route = row;

	if (route->flags & ROUTE_GATEWAY_IPV6)
		inet_put_ipv6(snapshot, route->gateway, route->ifindex, ret);
	else if (route->flags & ROUTE_GATEWAY)
		inet_put_ipv4(route->gateway, ret);
	else if (is_strict(snapshot))
		*ret = (struct inet_address){ .type = INET_ADDRESS_UNKNOWN };
	else if (route->flags & ROUTE_IPV6)
		*ret = (struct inet_address){ .type = INET_ADDRESS_IPV6, .length = 16 };
	else
		inet_put_ipv4(0, ret);
}

uint32_t
route_length(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return as_route(row)->length;
}

enum route_type
route_type(const struct route_row *route)
{
	switch (route->type) {
	case KERNEL_BLACKHOLE:
		return ROUTE_BLACKHOLE;
	case KERNEL_UNREACHABLE:
	case KERNEL_PROHIBIT:
		return ROUTE_REJECT;
	default:
		return route->flags & ROUTE_GATEWAY ? ROUTE_REMOTE : ROUTE_LOCAL;
	}
}

/* The metric a route has when nobody asks for another. */
static uint32_t
usual_metric(const struct route_row *route)
{
	if (!(route->flags & ROUTE_IPV6) || route->type == KERNEL_LOCAL)
		return 0;
	return route_type(route) == ROUTE_LOCAL ? 256 : 1024;
}

static bool
is_ipv6_link_local(const struct snapshot *snapshot, bool ipv6, uint32_t address)
{
	return ipv6 && is_link_local(inet_ipv6(snapshot, address)->octets);
}

/* 169.254.0.0/16, which some daemons give every unnumbered neighbour. */
static bool
is_ipv4_link_local(uint32_t address)
{
	return address >> 16 == 0xa9fe;
}

/* Whether the index says over which link the route goes, beside the policy. */
static bool
tells_link(const struct snapshot *snapshot, const struct route_row *route)
{
	bool ipv6_gateway = route->flags & ROUTE_GATEWAY_IPV6;

	if (route->ifindex == 0)
		return true;
	if (!(route->flags & ROUTE_GATEWAY))
		return false;
	if (is_ipv6_link_local(snapshot, ipv6_gateway, route->gateway) ||
	    is_ipv6_link_local(snapshot, route->flags & ROUTE_IPV6, route->destination))
		return is_strict(snapshot); /* by its zone */
	return !(route->flags & ROUTE_ONLINK) &&
	    (ipv6_gateway || !is_ipv4_link_local(route->gateway));
}

void
route_policy(const struct snapshot *snapshot, const void *row, struct object_id *ret)
{
	const struct route_row *route = row;
	bool plain = route->table == ROUTE_TABLE_MAIN && route->tos == 0 &&
	    route->metric == usual_metric(route);
	uint32_t link = tells_link(snapshot, route) ? 0 : route->ifindex;

	ret->subid[0] = ret->subid[1] = 0;
	ret->subid[2] = link;
	ret->subid[3] = route->table;
	ret->subid[4] = route->metric;
	ret->subid[5] = route->tos;
	ret->n = !plain ? 6 : link ? 3 : 2;
}

bool
route_is_ipv4(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return !(as_route(row)->flags & ROUTE_IPV6);
}

uint32_t
route_destination4(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return as_route(row)->destination;
}

uint32_t
route_mask4(const struct snapshot *snapshot, const void *row)
{
	uint8_t length = as_route(row)->length;

	(void)snapshot;
	return length ? UINT32_MAX << (32 - length) : 0;
}

uint32_t
route_tos(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return as_route(row)->tos;
}

uint32_t
route_next_hop4(const struct snapshot *snapshot, const void *row)
{
	const struct route_row *route = row;

	(void)snapshot;
	return (route->flags & (ROUTE_GATEWAY | ROUTE_GATEWAY_IPV6)) == ROUTE_GATEWAY
	    ? route->gateway
	    : 0;
}

bool
route_prefers(const void *row, const void *other)
{
	const struct route_row *a = row, *b = other;

	if ((a->table == ROUTE_TABLE_MAIN) != (b->table == ROUTE_TABLE_MAIN))
		return a->table == ROUTE_TABLE_MAIN;
	if (a->metric != b->metric)
		return a->metric < b->metric;
	if (a->ifindex != b->ifindex)
		return a->ifindex < b->ifindex;
	return a->seen < b->seen;
}

bool
route_read_ifindex(const struct cell *cell, struct value *ret)
{
	ret->integer = (int32_t)as_route(cell->row)->ifindex;
	return true;
}

bool
route_read_age(const struct cell *cell, struct value *ret)
{
	uint32_t now = (uint32_t)(monotonic_now() / 1000000000);

	ret->number = now - as_route(cell->row)->seen;
	return true;
}

bool
route_read_metric(const struct cell *cell, struct value *ret)
{
	uint32_t metric = as_route(cell->row)->metric;

	ret->integer = metric > INT32_MAX ? INT32_MAX : (int32_t)metric;
	return true;
}

bool
route_read_protocol(const struct cell *cell, struct value *ret)
{
	uint8_t protocol = as_route(cell->row)->protocol;

	if (protocol <= cell->column->argument)
		ret->integer = protocol;
	else
		ret->integer = protocol == PROTOCOL_DHCP ? PROTOCOL_NETMGMT
							 : PROTOCOL_OTHER;
	return true;
}

bool
route_read_destination4(const struct cell *cell, struct value *ret)
{
	ret->number = route_destination4(cell->snapshot, cell->row);
	return true;
}

bool
route_read_mask4(const struct cell *cell, struct value *ret)
{
	ret->number = route_mask4(cell->snapshot, cell->row);
	return true;
}

bool
route_read_next_hop4(const struct cell *cell, struct value *ret)
{
	ret->number = route_next_hop4(cell->snapshot, cell->row);
	return true;
}
