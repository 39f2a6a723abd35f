// SPDX-License-Identifier: BSD-2-Clause
// What IPv4 and IPv6 keep of each network device of this namespace, from rtnetlink.
#ifndef NETMIB_IP_LINKS_H
#define NETMIB_IP_LINKS_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../octets.h"

/* One device. What is told of a version of IP is meaningful where that is attached. */
struct ip_link {
	uint32_t ifindex; /* not 0 */
	struct octets name;
	bool ipv4, ipv6;    /* attached to the device */
	bool ipv6_enabled;  /* ready, and not switched off by disable_ipv6 */
	bool forwarding;    /* of IPv6 */
	uint32_t max_reasm; /* octets, of IPv6 */
	uint32_t reachable; /* ms, of IPv6: the random time in use */
	uint32_t retrans;   /* ms, of IPv6 */
	/* When IPv6's parameters changed: hundredths of a second since the host was
	 * started. */
	uint32_t changed;
	struct octets token; /* the identifier that was set by hand; 8 octets, or none */
};

/* Who is told; the devices belong to the caller for as long as the call lasts. */
struct ip_link_reader {
	/* Either returns 0, or -errno to give up. */
	int (*link)(const struct ip_link *, void *argument);
	int (*retrans)(uint32_t ifindex, uint64_t ms, void *argument); /* of ARP */
	void *argument;
	size_t malformed; /* messages that made no sense and were skipped: is added to */
	void (*again)(void *argument); /* as netlink_reader.again, for ip_links_read() */
};

/* Tells of every device: an RTM_GETLINK dump. Returns as netlink_dump(). */
int ip_links_read(struct ip_link_reader *);

/* Tells how long ARP waits for an answer on each device: an RTM_GETNEIGHTBL dump. Returns
 * as netlink_dump(). */
int ip_links_read_retrans(struct ip_link_reader *);

/* For netlink_reader.message; argument is a struct ip_link_reader. */
int ip_links_message(const struct nlmsghdr *, void *reader);
int ip_links_retrans_message(const struct nlmsghdr *, void *reader);

#endif
