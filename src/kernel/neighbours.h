// SPDX-License-Identifier: BSD-2-Clause
// The neighbours of this network namespace (ARP and ND caches) as packed rows, from
// rtnetlink.
#ifndef NETMIB_NEIGHBOURS_H
#define NETMIB_NEIGHBOURS_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "../array.h"
#include "address_pool.h"
#include "netlink.h"

/* NUD_… (include/uapi/linux/neighbour.h). */
#define NEIGHBOUR_INCOMPLETE 0x01
#define NEIGHBOUR_REACHABLE 0x02
#define NEIGHBOUR_STALE 0x04
#define NEIGHBOUR_DELAY 0x08
#define NEIGHBOUR_PROBE 0x10
#define NEIGHBOUR_FAILED 0x20
#define NEIGHBOUR_PERMANENT 0x80

#define NEIGHBOUR_ADDRESS_MAX 32 /* MAX_ADDR_LEN */

/* A neighbour, 56 bytes. An IPv4 address is in host order, an IPv6 one the number in
 * neighbours.pool. */
struct neighbour_row {
	int64_t updated; /* CLOCK_MONOTONIC, ns: when its state changed last, to 10 ms */
	uint32_t ifindex;
	uint32_t address;
	uint16_t state; /* NEIGHBOUR_INCOMPLETE … */
	uint8_t ipv6;
	uint8_t length; /* of the physical address; 0: none is known */
	uint8_t physical[NEIGHBOUR_ADDRESS_MAX];
};

/* Where neighbours are gathered. rows and pool are the caller's, who takes or frees them.
 */
struct neighbours {
	struct array rows; /* of struct neighbour_row, in the kernel's order */
	struct address_pool pool;
	int64_t now;	  /* CLOCK_MONOTONIC, ns: the kernel tells ages */
	size_t malformed; /* messages that made no sense and were skipped */
};

void neighbours_init(struct neighbours *, int64_t now);
void neighbours_free(struct neighbours *);

/*
 * Reads the neighbours of both families into *neighbours, which is empty. Left out are
 * those without a state, and those that need no resolving (NUD_NOARP: groups, broadcasts),
 * as ip(8) leaves them out. Returns 0 or -errno; after an error the rows are not to be
 * used.
 */
int neighbours_read(struct neighbours *, const struct pause *);

/* Takes one RTM_NEWNEIGH message; others are passed over, malformed ones counted. For
 * netlink_reader.message; argument is a struct neighbours. Returns 0 or -ENOMEM. */
int neighbours_message(const struct nlmsghdr *, void *neighbours);

#endif
