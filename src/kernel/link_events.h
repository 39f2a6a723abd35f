// SPDX-License-Identifier: BSD-2-Clause
// What the kernel tells of network devices the moment it happens (RTNLGRP_LINK), and that a
// driver was given other settings (ethtool's group "monitor").
#ifndef NETMIB_LINK_EVENTS_H
#define NETMIB_LINK_EVENTS_H

#include <stdbool.h>

#include "links.h"

struct mnl_socket;

struct link_events {
	struct mnl_socket *socket;
	struct mnl_socket *drivers; /* NULL: this kernel does not tell */
	char *buffer;
};

/* Joins the groups, on sockets that do not block. Events from now on are kept by the
 * kernel, as far as its buffer goes. Returns 0 or -errno. */
int link_events_open(struct link_events *);
void link_events_close(struct link_events *);

/* Readable when something has happened. Owned by *events. */
int link_events_fd(const struct link_events *);

/* Readable when a driver was given other settings, its speed say; -1: that is not told. */
int link_events_drivers_fd(const struct link_events *);

/* Whether a driver was, since this was asked last. */
bool link_events_drivers_changed(struct link_events *);

/*
 * Takes the next message: event is told of the device it is about, gone with RTM_DELLINK
 * (which comes also for one that went to another namespace); of messages of other families
 * it is not. Returns 1; 0: there is none left; -ENOBUFS: some were lost, what is known must
 * be read anew, once all that is left has been thrown away by link_events_drain(); or
 * another -errno of the socket.
 */
int link_events_take(struct link_events *,
    void (*event)(const struct link *, bool gone, void *argument), void *argument);

/* Throws away what is left: the kernel drops all after a loss until nothing is. */
void link_events_drain(struct link_events *);

#endif
