// SPDX-License-Identifier: BSD-2-Clause
// The routes of this network namespace as packed rows, one a next hop, from rtnetlink.
#ifndef NETMIB_ROUTES_H
#define NETMIB_ROUTES_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "../array.h"
#include "address_pool.h"
#include "netlink.h"
#include "nexthops.h"

#define ROUTE_IPV6 0x01		/* destination is IPv6 */
#define ROUTE_GATEWAY 0x02	/* there is a gateway */
#define ROUTE_GATEWAY_IPV6 0x04 /* … and it is IPv6, of an IPv4 route perhaps (RTA_VIA) */

#define ROUTE_ONLINK 0x08 /* … and is behind this link, whatever the routes to it say */

#define ROUTE_TABLE_MAIN 254
#define ROUTE_TABLE_LOCAL 255
#define ROUTE_TABLES_MAX 20

/* A route over one next hop, 32 bytes. IPv4 addresses are in host order, IPv6 ones are
 * numbers in routes.pool. */
struct route_row {
	uint32_t destination;
	uint32_t gateway;
	uint32_t table;
	uint32_t metric;  /* RTA_PRIORITY */
	uint32_t ifindex; /* 0: blackhole, unreachable, prohibit */
	uint32_t seen;	  /* for the caller: when it was first seen, s; 0 as it is read */
	uint8_t length;	  /* of the prefix: 0 to 32, 128 */
	uint8_t tos;
	uint8_t type; /* RTN_UNICAST, LOCAL, BLACKHOLE, UNREACHABLE, PROHIBIT; others are
			 left out */
	uint8_t protocol; /* RTPROT_… */
	uint8_t flags;	  /* ROUTE_… */
	uint8_t unused[3];
};

#define ROUTER_FOREVER UINT32_MAX /* a lifetime without an end */

/* A gateway of a default route, 24 bytes. */
struct router_row {
	uint32_t gateway; /* as route_row has it */
	uint32_t table;
	uint32_t metric;
	uint32_t ifindex;
	uint32_t lifetime;  /* left when it was read, s: of what a router advertised */
	uint8_t flags;	    /* ROUTE_GATEWAY_IPV6, or 0 */
	uint8_t preference; /* RTA_PREF: 0 medium, 1 high, 3 low (RFC 4191) */
};

/* Which tables are read. */
struct route_tables {
	bool all;
	uint32_t n;
	uint32_t id[ROUTE_TABLES_MAX];
};

/* Adds a table, once. Returns false when there is no room. */
bool route_tables_add(struct route_tables *, uint32_t id);

/* Where routes are gathered. rows, routers and pool are the caller's, who takes or frees
 * them. */
struct routes {
	struct array rows; /* of struct route_row; by family and table, and there by rising
			      destination */
	struct array routers; /* of struct router_row, one a default route's gateway */
	struct address_pool pool;
	struct nexthops nexthops; /* while reading */
	const struct route_tables *tables;
	size_t malformed; /* messages that made no sense and were skipped */
};

void routes_init(struct routes *, const struct route_tables *);
void routes_free(struct routes *);

/*
 * Reads the routes of both families in the tables of *routes, which is empty. Left out are
 * cached exceptions, broadcast, anycast, multicast and throw routes, and legs whose device
 * is down. Next-hop objects are resolved. Returns 0 or -errno; after an error the rows are
 * not to be used.
 */
int routes_read(struct routes *, const struct pause *);

/* Takes one RTM_NEWROUTE message; others are passed over, malformed ones counted. For
 * netlink_reader.message; argument is a struct routes. Returns 0 or -ENOMEM. */
int routes_message(const struct nlmsghdr *, void *routes);

#endif
