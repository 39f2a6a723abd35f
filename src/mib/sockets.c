// SPDX-License-Identifier: BSD-2-Clause
// What the tables of TCP-MIB and UDP-MIB have in common: the source of TCP sockets, and
// columns over sockets.
#include "sockets.h"

#include <netinet/in.h>
#include <string.h>

#include "../log.h"
#include "inet.h"

int
sockets_source_read(struct reading *reading, uint8_t protocol, struct sockets *ret_sockets)
{
	const struct pause pause = { reading_pause, reading };
	struct sockets_state *state = reading->state;
	bool tcp = protocol == IPPROTO_TCP;
	int error;

	sockets_init(ret_sockets, protocol);
	error = sockets_read(ret_sockets, &state->method, &pause);
	reading->malformed = ret_sockets->malformed;
	if (error) {
		sockets_free(ret_sockets);
		return error;
	}
	if (state->method == SOCKETS_PROC && !state->told) {
		log_warning("sock_diag is refused here, reading /proc/net/%s and %s6: "
			    "IPv6-only %s are shown as dual-stack",
		    tcp ? "tcp" : "udp", tcp ? "tcp" : "udp",
		    tcp ? "listeners" : "endpoints");
		state->told = true;
	}
	return 0;
}

static int
read_sockets(struct reading *reading)
{
	struct sockets sockets;
	int error = sockets_source_read(reading, IPPROTO_TCP, &sockets);

	if (error)
		return error;
	reading->new->rows = sockets.rows;
	reading->new->side = sockets.pool.addresses;
	return 0;
}

const struct source_kind source_sockets = {
	.name = "sockets",
	.max_age = 2000,
	.state_size = sizeof(struct sockets_state),
	.read = read_sockets,
};

bool
socket_read_process(const struct cell *cell, struct value *ret)
{
	ret->number = process_of(cell);
	return true;
}

uint32_t
socket_local_port(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct socket_row *)row)->local_port;
}

uint32_t
socket_remote_port(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct socket_row *)row)->remote_port;
}

void
socket_put_address(const struct snapshot *snapshot, const struct socket_row *row,
    uint32_t address, struct inet_address *ret)
{
	if (row->flags & SOCKET_IPV6)
		inet_put_ipv6(snapshot, address, inet_ipv6(snapshot, address)->scope, ret);
	else
		inet_put_ipv4(address, ret);
}

bool
socket_is_on_any(const struct array *side, const struct socket_row *row)
{
	static const uint8_t any[16];
	const struct pool_address *local;

	if (row->flags != SOCKET_IPV6)
		return false;
	local = array_at(side, row->local);
	return memcmp(local->octets, any, sizeof(any)) == 0;
}
