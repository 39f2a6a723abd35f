// SPDX-License-Identifier: BSD-2-Clause
// What the kernel tells of network devices the moment it happens (rtmsg_ifinfo_event() in
// net/core/rtnetlink.c).
#include "link_events.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool_netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "events.h"
#include "genetlink.h"

/* A message counts with some 4 KiB: a thousand devices that change at once. */
#define SOCKET_BUFFER (4 * 1024 * 1024)

/* NULL: this kernel has no such group, or there is no memory. */
static struct mnl_socket *
join_drivers(void)
{
	uint32_t number;
	int group;

	if (genetlink_find_group(ETHTOOL_GENL_NAME, ETHTOOL_MCGRP_MONITOR_NAME, &number) <
	    0)
		return NULL;
	group = (int)number;
	return events_join(NETLINK_GENERIC, &group, 1);
}

int
link_events_open(struct link_events *events)
{
	static const int group = RTNLGRP_LINK, size = SOCKET_BUFFER;
	int fd, error;

	*events = (struct link_events){ 0 };
	events->buffer = malloc(NETLINK_BUFFER_SIZE);
	events->socket = events_join(NETLINK_ROUTE, &group, 1);
	if (!events->buffer || !events->socket) {
		error = events->buffer ? -errno : -ENOMEM;
		link_events_close(events);
		return error;
	}
	events->drivers = join_drivers();
	/* As much as is granted: the first takes CAP_NET_ADMIN, the other has a limit. */
	fd = link_events_fd(events);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return 0;
}

void
link_events_close(struct link_events *events)
{
	if (events->socket)
		mnl_socket_close(events->socket);
	if (events->drivers)
		mnl_socket_close(events->drivers);
	free(events->buffer);
	*events = (struct link_events){ 0 };
}

int
link_events_fd(const struct link_events *events)
{
	return mnl_socket_get_fd(events->socket);
}

int
link_events_drivers_fd(const struct link_events *events)
{
	return events->drivers ? mnl_socket_get_fd(events->drivers) : -1;
}

bool
link_events_drivers_changed(struct link_events *events)
{
	return events->drivers && events_drain(events->drivers);
}

struct taker {
	void (*event)(const struct link *, bool gone, void *argument);
	void *argument;
};

static int
take_message(const struct nlmsghdr *header, void *argument)
{
	struct taker *taker = argument;
	struct link link;

	if (links_parse(header, &link) > 0)
		taker->event(&link, header->nlmsg_type == RTM_DELLINK, taker->argument);
	return 0;
}

int
link_events_take(struct link_events *events,
    void (*event)(const struct link *, bool gone, void *argument), void *argument)
{
	struct taker taker = { event, argument };
	struct netlink_reader reader = { .message = take_message, .argument = &taker };
	struct netlink_dump dump = { 0 };
	ssize_t n = mnl_socket_recvfrom(
	    events->socket, events->buffer, NETLINK_BUFFER_SIZE);

	if (n >= 0) {
		netlink_part(&dump, &reader, events->buffer, (size_t)n);
		return 1;
	}
	if (errno == EAGAIN)
		return 0;
	if (errno == EINTR)
		return 1;
	/* ENOSPC: one that was larger than the buffer, and is lost like the others. */
	return errno == ENOSPC ? -ENOBUFS : -errno;
}

void
link_events_drain(struct link_events *events)
{
	(void)events_drain(events->socket);
}
