// SPDX-License-Identifier: BSD-2-Clause
// One netlink dump: send the request, hand every message on, know whether it was whole.
#include "netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define DUMPS_MAX 3
#define RECEIVE_TIMEOUT 5 /* seconds; a dump may have to wait for the RTNL lock */

void
pause_now(const struct pause *pause)
{
	if (pause->call)
		pause->call(pause->argument);
}

/*
 * The errno in NLMSG_DONE and NLMSG_ERROR, which libmnl's own handler passes over for DONE.
 */
static int
message_errno(const struct nlmsghdr *header)
{
	int error = 0;

	if (mnl_nlmsg_get_payload_len(header) >= sizeof(error))
		memcpy(&error, mnl_nlmsg_get_payload(header), sizeof(error));
	return error > 0 ? 0 : error;
}

/* Not mnl_nlmsg_ok(), which takes a length above INT_MAX for a small one. */
static bool
is_whole(const struct nlmsghdr *header, int left)
{
	return left >= (int)sizeof(*header) && header->nlmsg_len >= sizeof(*header) &&
	    header->nlmsg_len <= (unsigned)left;
}

void
netlink_part(struct netlink_dump *dump, const struct netlink_reader *reader,
    const void *part, size_t length)
{
	const struct nlmsghdr *header = part;
	int left = (int)length;

	for (; is_whole(header, left); header = mnl_nlmsg_next(header, &left)) {
		if (header->nlmsg_flags & NLM_F_DUMP_INTR)
			dump->interrupted = true;
		switch (header->nlmsg_type) {
		case NLMSG_NOOP:
			break;
		case NLMSG_ERROR:
		case NLMSG_DONE:
			dump->done = true;
			if (dump->error == 0)
				dump->error = message_errno(header);
			return;
		default:
			/*
			 * After an error the rest is only read to keep the count of parts.
			 */
			if (dump->error == 0)
				dump->error = reader->message(header, reader->argument);
		}
	}
	if (left > 0)
		dump->malformed++;
}

bool
netlink_attributes(const void *first, size_t length, const uint8_t *min_size, size_t n,
    const struct nlattr **ret_attributes)
{
	const char *end = (const char *)first + length;
	const struct nlattr *attribute;

	for (size_t i = 0; i < n; i++)
		ret_attributes[i] = NULL;
	for (attribute = first;
	     mnl_attr_ok(attribute, (int)(end - (const char *)attribute));
	     attribute = mnl_attr_next(attribute)) {
		uint16_t type = mnl_attr_get_type(attribute);

		if (type < n && min_size[type] > 0 &&
		    mnl_attr_get_payload_len(attribute) >= min_size[type])
			ret_attributes[type] = attribute;
	}
	return (const char *)attribute >= end;
}

bool
netlink_nest(const struct nlattr *nest, const uint8_t *min_size, size_t n,
    const struct nlattr **ret_attributes)
{
	return nest &&
	    netlink_attributes(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest),
		min_size, n, ret_attributes);
}

bool
netlink_says(const struct nlattr *attribute, const char *text)
{
	size_t length = attribute ? mnl_attr_get_payload_len(attribute) : 0;

	return attribute &&
	    strnlen(mnl_attr_get_payload(attribute), length) == strlen(text) &&
	    memcmp(mnl_attr_get_payload(attribute), text, strlen(text)) == 0;
}

static struct mnl_socket *
open_socket(int bus)
{
	int on = 1;
	struct timeval timeout = { .tv_sec = RECEIVE_TIMEOUT };
	struct mnl_socket *socket = mnl_socket_open2(bus, SOCK_CLOEXEC);

	if (!socket)
		return NULL;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &timeout,
		sizeof(timeout)) < 0) {
		int error = errno;

		mnl_socket_close(socket);
		errno = error;
		return NULL;
	}
	/* Without it rtnetlink does not filter dumps; sock_diag does not know it. */
	(void)mnl_socket_setsockopt(socket, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	return socket;
}

/* Receives parts until the dump is done. A reader's error ends it at once: the socket is
 * closed next, and the kernel's half of the dump with it. */
static int
receive(struct mnl_socket *socket, struct netlink_dump *dump,
    const struct netlink_reader *reader, char *buffer)
{
	while (!dump->done && dump->error == 0) {
		ssize_t n = mnl_socket_recvfrom(socket, buffer, NETLINK_BUFFER_SIZE);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		netlink_part(dump, reader, buffer, (size_t)n);
		pause_now(&reader->pause);
	}
	if (dump->error == 0 && dump->interrupted)
		return -EINTR;
	return dump->error;
}

static int
dump_once(int bus, struct nlmsghdr *request, const struct netlink_reader *reader,
    size_t *malformed)
{
	struct netlink_dump dump = { 0 };
	struct mnl_socket *socket;
	char *buffer;
	int error;

	socket = open_socket(bus);
	if (!socket)
		return -errno;
	buffer = malloc(NETLINK_BUFFER_SIZE);
	request->nlmsg_seq = 1; /* one request a socket */
	if (!buffer)
		error = -ENOMEM;
	else if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
		error = -errno;
	else
		error = receive(socket, &dump, reader, buffer);
	*malformed += dump.malformed;
	free(buffer);
	mnl_socket_close(socket);
	return error;
}

int
netlink_dump(int bus, struct nlmsghdr *request, const struct netlink_reader *reader,
    size_t *malformed)
{
	int error = dump_once(bus, request, reader, malformed);

	if (!reader->again)
		return error;
	for (int i = 1; error == -EINTR && i < DUMPS_MAX; i++) {
		reader->again(reader->argument);
		error = dump_once(bus, request, reader, malformed);
	}
	return error == -EINTR ? 0 : error;
}
