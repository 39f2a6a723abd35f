// SPDX-License-Identifier: BSD-2-Clause
// What the tables of TCP-MIB and UDP-MIB have in common: the source of TCP sockets, and
// columns over sockets.
#include "sockets.h"

#include <netinet/in.h>
#include <string.h>

#include "../log.h"
#include "inet.h"

/* What reading sockets needs to know from one time to the next. */
struct sockets_state {
	enum sockets_method method;
	bool told; /* that sock_diag is refused */
	bool told_malformed;
};

static void
tell(struct sockets_state *state, const struct sockets *sockets)
{
	if (state->method == SOCKETS_PROC && !state->told) {
		log_warning(
		    "sock_diag is refused here, reading /proc/net/tcp and tcp6: IPv6-only "
		    "listeners are shown as dual-stack");
		state->told = true;
	}
	if (sockets->malformed > 0 && !state->told_malformed) {
		log_warning(
		    "skipped %zu malformed messages about sockets", sockets->malformed);
		state->told_malformed = true;
	}
}

static int
read_sockets(struct reading *reading)
{
	const struct pause pause = { reading_pause, reading };
	struct sockets_state *state = reading->state;
	struct sockets sockets;
	int error;

	sockets_init(&sockets, IPPROTO_TCP);
	error = sockets_read(&sockets, &state->method, &pause);
	if (error) {
		sockets_free(&sockets);
		return error;
	}
	tell(state, &sockets);
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
socket_is_on_any(const struct snapshot *snapshot, const struct socket_row *row)
{
	static const uint8_t any[16];

	return row->flags == SOCKET_IPV6 &&
	    memcmp(inet_ipv6(snapshot, row->local)->octets, any, sizeof(any)) == 0;
}
