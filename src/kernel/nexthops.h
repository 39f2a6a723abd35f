// SPDX-License-Identifier: BSD-2-Clause
// Next-hop objects (ip nexthop), which routes may refer to by number only.
#ifndef NETMIB_NEXTHOPS_H
#define NETMIB_NEXTHOPS_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "../array.h"
#include "netlink.h"

/* Where a packet goes next: of an object, a route or a leg of it. */
struct hop {
	uint32_t ifindex;
	int family; /* of the gateway: AF_INET, AF_INET6; 0: none */
	bool blackhole;
	bool dead;	     /* RTNH_F_DEAD: its device is down */
	bool onlink;	     /* RTNH_F_ONLINK: the gateway is behind this link for sure */
	uint8_t gateway[16]; /* network order */
};

/* An object that is a hop of its own. */
struct nexthop {
	uint32_t id; /* first: sorted and found by it */
	struct hop hop;
};

/* One member of an object that is a group. */
struct nexthop_member {
	uint32_t group; /* first: sorted by it */
	uint32_t id;
};

struct nexthops {
	struct array objects; /* of struct nexthop */
	struct array members; /* of struct nexthop_member */
	size_t malformed;
};

void nexthops_init(struct nexthops *);
void nexthops_free(struct nexthops *);

/* Reads all objects (RTM_GETNEXTHOP) into *nexthops, which is empty. A kernel without them,
 * before 5.3, has none. Returns 0 or -errno. */
int nexthops_read(struct nexthops *, const struct pause *);

/* Takes one RTM_NEWNEXTHOP message. For netlink_reader.message. Returns 0 or -ENOMEM. */
int nexthops_message(const struct nlmsghdr *, void *nexthops);

/* Sorts what the messages brought, so that it can be found. */
void nexthops_sort(struct nexthops *);

/* Calls each() for every hop of object id, a single one or all of a group's; an unknown id
 * has none. Ends at once when each() returns an error, and returns that; else 0. */
int nexthops_each(const struct nexthops *, uint32_t id,
    int (*each)(const struct hop *, void *argument), void *argument);

#endif
