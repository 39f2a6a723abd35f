// SPDX-License-Identifier: BSD-2-Clause
// Multicast messages as a hint: did anything change since the last look?
#include "events.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <sys/socket.h>

/* Joins the groups, on a socket of their own: an overflow must not touch a dump. */
static struct mnl_socket *
join(const int *groups, size_t n_groups)
{
	struct mnl_socket *socket = mnl_socket_open2(
	    NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	bool joined = socket && mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0;

	for (size_t i = 0; joined && i < n_groups; i++) {
		int group = groups[i];

		/* A kernel that does not know a group has nothing to tell of it. */
		joined = mnl_socket_setsockopt(
			     socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) == 0 ||
		    errno == EINVAL;
	}
	if (joined)
		return socket;
	if (socket)
		mnl_socket_close(socket);
	return NULL;
}

bool
events_happened(struct events *events, const int *groups, size_t n_groups)
{
	bool happened = false;
	char byte;

	if (!events->socket) {
		events->socket = join(groups, n_groups);
		return true;
	}
	/*
	 * To the very end: after an overflow the kernel drops all until the queue is empty.
	 */
	while (
	    recv(mnl_socket_get_fd(events->socket), &byte, sizeof(byte), MSG_TRUNC) >= 0 ||
	    errno == ENOBUFS || errno == EINTR)
		happened = true;
	return happened;
}

void
events_close(struct events *events)
{
	if (events->socket)
		mnl_socket_close(events->socket);
	events->socket = NULL;
}
