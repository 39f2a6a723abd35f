// SPDX-License-Identifier: BSD-2-Clause
// The link-layer addresses that devices take frames for, beside their own and the broadcast
// one.
#ifndef NETMIB_LINK_ADDRESSES_H
#define NETMIB_LINK_ADDRESSES_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

#include "../octets.h"

/* Who is told; the octets belong to the caller for as long as the call lasts. */
struct link_address_reader {
	/* Returns 0, or -errno to give up. */
	int (*address)(uint32_t ifindex, struct octets, void *argument);
	void *argument;
	size_t malformed; /* messages or lines that made no sense: is added to */
};

/* Tells every multicast address: /proc/net/dev_mcast. Returns 0 or -errno. */
int link_addresses_read_multicast(struct link_address_reader *);

/*
 * Tells every further unicast address (dev->uc: that of a macvlan is one of the device
 * below it): those of an RTM_GETNEIGH dump of family AF_BRIDGE that are the device's own,
 * not what a bridge or a tunnel has learned. Returns 0 or -errno.
 */
int link_addresses_read_unicast(struct link_address_reader *);

/* For netlink_reader.message; argument is a struct link_address_reader. */
int link_addresses_message(const struct nlmsghdr *, void *reader);

/* Takes one line of /proc/net/dev_mcast. Returns 0 or what reader->address() returned. */
int link_addresses_line(const char *line, struct link_address_reader *);

#endif
