// SPDX-License-Identifier: BSD-2-Clause
// Multicast messages as a hint: did anything change since the last look?
#ifndef NETMIB_EVENTS_H
#define NETMIB_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

struct mnl_socket;

/* Joins groups of a bus (RTNLGRP_… of NETLINK_ROUTE), on a socket of their own that does
 * not block: an overflow must not touch a dump. NULL, and errno is set. */
struct mnl_socket *events_join(int bus, const int *groups, size_t n_groups);

/* Throws away what such a socket has, to the end: after an overflow the kernel drops all
 * until its queue is empty. Whether there was anything, the news of a loss included. */
bool events_drain(struct mnl_socket *);

/* Membership in some groups of one bus; all zero at first. What the messages say is not
 * read: the truth comes from a dump. */
struct events {
	struct mnl_socket *socket; /* NULL until the first look */
};

/*
 * Looks what came since the last look; never waits. The first look joins the groups
 * (RTNLGRP_…) of NETLINK_ROUTE, and says true, as does every look while that fails: then
 * nothing is known. A socket that overflowed (ENOBUFS) has lost messages: true. The kernel
 * keeps at most a socket buffer of messages, so a look is short however much has happened.
 */
bool events_happened(struct events *, const int *groups, size_t n_groups);

void events_close(struct events *);

#endif
