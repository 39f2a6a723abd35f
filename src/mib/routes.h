// SPDX-License-Identifier: BSD-2-Clause
// What the route tables have in common: the source of routes, and routes as IP-FORWARD-MIB
// sees them.
#ifndef NETMIB_MIB_ROUTES_H
#define NETMIB_MIB_ROUTES_H

#include <stdbool.h>
#include <stdint.h>

#include "../kernel/routes.h"
#include "../table/source.h"
#include "../table/table.h"

#define ROUTE_VRFS_MAX 4
#define ROUTE_VRF_NAME 16 /* IFNAMSIZ */

/* The settings of source_routes: netmibRouteTable and netmibRouteProtocol. */
struct route_settings {
	struct route_tables tables;
	uint32_t n_vrfs;
	char vrfs[ROUTE_VRFS_MAX][ROUTE_VRF_NAME];
	uint8_t protocols[256]; /* rtm_protocol to IANAipRouteProtocol */
};

/* The defaults, into a struct route_settings: the main table, and the protocols that are
 * known. */
void route_settings_init(void *settings);

/* IANAipRouteProtocol (IANA-RTPROTO-MIB). */
extern const struct label route_protocols[];

/* Rows: struct route_row, with protocol an IANAipRouteProtocol and seen set; set
 * ROUTE_ROUTERS: struct router_row; side: struct pool_address. Read again only when
 * rtnetlink tells of a change. */
extern const struct source_kind source_routes;
enum {
	ROUTE_ROUTERS = 1,
};

/* Functions for INDEX parts over source_routes. */
void route_destination(const struct snapshot *, const void *row, struct inet_address *ret);
void route_next_hop(const struct snapshot *, const void *row, struct inet_address *ret);
uint32_t route_length(const struct snapshot *, const void *row);

/*
 * inetCidrRoutePolicy, made of the route's own values alone, so that no other route renames
 * it: {0 0} in the plain case; {0 0 ifIndex} when the next hop does not tell the link
 * (there is none, or it is onlink, or link-local without a zone); and {0 0 ifIndex-or-0
 * table metric tos} outside the main table, or with a tos, or another metric than the usual
 * one (IPv4: 0; IPv6: 1024 by a gateway or rejected, 256 on link, 0 local).
 */
void route_policy(const struct snapshot *, const void *row, struct object_id *ret);

/* The old tables know IPv4 only. */
bool route_is_ipv4(const struct snapshot *, const void *row);
uint32_t route_destination4(const struct snapshot *, const void *row);
uint32_t route_mask4(const struct snapshot *, const void *row);
uint32_t route_tos(const struct snapshot *, const void *row);
/* 0 without a gateway, or with an IPv6 one, which does not fit. */
uint32_t route_next_hop4(const struct snapshot *, const void *row);

/* For table.prefers: the main table, then the better metric, then the lower ifindex, then
 * what was seen first. */
bool route_prefers(const void *a, const void *b);

/* Columns. */
bool route_read_ifindex(const struct cell *, struct value *ret);
bool route_read_age(const struct cell *, struct value *ret); /* s; INTEGER or GAUGE32 */
bool route_read_metric(const struct cell *, struct value *ret);
/* The protocol; values above column->argument, which an older table lacks, are other(1),
 * and dhcp(19) is netmgmt(3) there. */
bool route_read_protocol(const struct cell *, struct value *ret);
bool route_read_destination4(const struct cell *, struct value *ret);
bool route_read_mask4(const struct cell *, struct value *ret);
bool route_read_next_hop4(const struct cell *, struct value *ret);
#define ROUTE_UNUSED_METRIC (unsigned)-1

/* What the kernel calls the route, in three words. */
enum route_type {
	ROUTE_LOCAL,
	ROUTE_REMOTE,
	ROUTE_REJECT,
	ROUTE_BLACKHOLE,
};
enum route_type route_type(const struct route_row *);

#endif
