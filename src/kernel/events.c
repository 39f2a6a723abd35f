// SPDX-License-Identifier: BSD-2-Clause
// Multicast messages as a hint: did anything change since the last look?
#include "events.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <sys/socket.h>

/* More come only where somebody fills the queue as fast as it is read. */
#define MESSAGES_MAX 100000

struct mnl_socket *
events_join(int bus, const int *groups, size_t n_groups)
{
	struct mnl_socket *socket = mnl_socket_open2(bus, SOCK_CLOEXEC | SOCK_NONBLOCK);
	bool joined = socket && mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0;
	int error;

	for (size_t i = 0; joined && i < n_groups; i++) {
		int group = groups[i];

		/* A kernel that does not know a group has nothing to tell of it. */
		joined = mnl_socket_setsockopt(
			     socket, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) == 0 ||
		    errno == EINVAL;
	}
	if (joined)
		return socket;
	error = errno;
	if (socket)
		mnl_socket_close(socket);
	errno = error;
	return NULL;
}

/* Takes one message, or the news that some were lost; false: there is none. */
static bool
has_message(struct mnl_socket *socket)
{
	char byte;

	return recv(mnl_socket_get_fd(socket), &byte, sizeof(byte), MSG_TRUNC) >= 0 ||
	    errno == ENOBUFS || errno == EINTR;
}

bool
events_drain(struct mnl_socket *socket)
{
	unsigned left = MESSAGES_MAX;
	bool any = false;

	while (left-- > 0 && has_message(socket))
		any = true;
	return any;
}

bool
events_happened(struct events *events, const int *groups, size_t n_groups)
{
	if (!events->socket) {
		events->socket = events_join(NETLINK_ROUTE, groups, n_groups);
		return true;
	}
	return events_drain(events->socket);
}

void
events_close(struct events *events)
{
	if (events->socket)
		mnl_socket_close(events->socket);
	events->socket = NULL;
}
