// SPDX-License-Identifier: BSD-2-Clause
// The network devices of this namespace, from rtnetlink: what they are, and their counters.
#ifndef NETMIB_LINKS_H
#define NETMIB_LINKS_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../octets.h"
#include "netlink.h"

/* What IFLA_STATS64 counts, as far as it is of use (struct rtnl_link_stats64). */
struct link_counters {
	uint64_t rx_packets, tx_packets;
	uint64_t rx_bytes, tx_bytes;
	uint64_t rx_errors, tx_errors;
	uint64_t rx_dropped, tx_dropped;
	uint64_t multicast; /* received */
	uint64_t rx_missed_errors;
};

/* One device, as a message of family AF_UNSPEC tells of it. Numbers that are not told are
 * 0, octets empty. */
struct link {
	uint32_t ifindex; /* not 0 */
	uint32_t flags;	  /* ifi_flags: IFF_… */
	uint32_t mtu;
	uint32_t master; /* ifindex of the device it is a port of */
	/* ifindex of the device it is made on, or of its peer: IFLA_LINK, and that of
	 * vxlan, which has an attribute of its own. 0 also when that is itself, or in
	 * another namespace. */
	uint32_t other;
	uint32_t promiscuity; /* how many want all packets */
	uint32_t carrier_ups; /* IFLA_CARRIER_UP_COUNT */
	uint16_t hardware;    /* ARPHRD_… */
	uint8_t operstate;    /* IF_OPER_… */
	bool has_parent;      /* it is a device of a bus, PCI say */
	bool vrf_port;	      /* its master is a VRF */
	bool has_counters;
	struct octets name; /* without a NUL; of any bytes */
	struct octets kind; /* IFLA_INFO_KIND: "bridge", "veth" …; without a NUL */
	struct octets alias;
	struct octets address, broadcast; /* of the link layer */
	struct link_counters counters;
};

/* Who is told; the devices belong to the caller for as long as the call lasts. */
struct link_reader {
	/* Either returns 0, or -errno to give up. */
	int (*link)(const struct link *, void *argument);
	int (*counters)(uint32_t ifindex, const struct link_counters *, void *argument);
	void *argument;
	struct pause pause;
	size_t malformed; /* messages that made no sense and were skipped: is added to */
	/* Called before all devices are told of once more, because some came or went
	 * meanwhile; NULL: see netlink_reader.again. Of use to links_read() alone. */
	void (*again)(void *argument);
};

/*
 * Reads one RTM_NEWLINK or RTM_DELLINK. Returns 1, and *ret is set, its octets in the
 * message; 0 for another message, those of other families (a bridge's or IPv6's, of devices
 * which have messages of AF_UNSPEC besides) among them; -EBADMSG for one that makes no
 * sense.
 */
int links_parse(const struct nlmsghdr *, struct link *ret);

/*
 * Tells of every device: an RTM_GETLINK dump, which takes the RTNL lock. Returns as
 * netlink_dump(); when devices came or went meanwhile, on an old kernel one may have been
 * told twice or not.
 */
int links_read(struct link_reader *);

/* Tells the counters of every device: an RTM_GETSTATS dump, a fifth of the above's cost.
 * Returns as netlink_dump(). */
int link_counters_read(struct link_reader *);

/* The dump of links_read(), for another reader of its messages. */
int links_dump(const struct netlink_reader *, size_t *malformed);

/* For netlink_reader.message; argument is a struct link_reader. */
int links_message(const struct nlmsghdr *, void *reader);
int link_counters_message(const struct nlmsghdr *, void *reader);

#endif
