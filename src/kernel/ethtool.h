// SPDX-License-Identifier: BSD-2-Clause
// What drivers tell of their devices: speeds, and counters of broadcasts and multicasts,
// from ethtool netlink (Linux 5.6).
#ifndef NETMIB_ETHTOOL_H
#define NETMIB_ETHTOOL_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

#include "netlink.h"

/* Frames by the kind of their receiver (IEEE 802.3, 30.3.1.1), as the hardware counts them.
 */
struct ethtool_frames {
	uint64_t rx_broadcast;
	uint64_t tx_multicast, tx_broadcast;
};

/* Who is told. Devices whose driver says nothing are left out. */
struct ethtool_reader {
	/* speed in Mb/s, not 0. Either returns 0, or -errno to give up. */
	int (*speed)(uint32_t ifindex, uint32_t speed, void *argument);
	int (*frames)(uint32_t ifindex, const struct ethtool_frames *, void *argument);
	void *argument;
	struct pause pause;
	size_t malformed; /* messages that made no sense and were skipped: is added to */
};

/*
 * Tells the speed of every device that has one. Takes the RTNL lock, and asks each driver,
 * which may take it a millisecond. Returns 0, or -errno; -ENOENT: this kernel has no
 * ethtool netlink; -EINTR as links_read().
 */
int ethtool_read_speeds(struct ethtool_reader *);

/* Tells the frames of every device whose driver counts all of them (Linux 5.13). Returns as
 * ethtool_read_speeds(). */
int ethtool_read_frames(struct ethtool_reader *);

/* For netlink_reader.message; argument is a struct ethtool_reader. */
int ethtool_speed_message(const struct nlmsghdr *, void *reader);
int ethtool_frames_message(const struct nlmsghdr *, void *reader);

#endif
