// SPDX-License-Identifier: BSD-2-Clause
// What the tables of TCP-MIB (RFC 4022) have in common: sockets seen as the RFC sees them.
#include "tcp.h"

/* Kernel states (include/net/tcp_states.h) and what TCP-MIB calls them. */
enum {
	KERNEL_ESTABLISHED = 1,
	KERNEL_SYN_SENT,
	KERNEL_SYN_RECV,
	KERNEL_FIN_WAIT1,
	KERNEL_FIN_WAIT2,
	KERNEL_TIME_WAIT,
	KERNEL_CLOSE,
	KERNEL_CLOSE_WAIT,
	KERNEL_LAST_ACK,
	KERNEL_LISTEN,
	KERNEL_CLOSING,
};

enum {
	STATE_CLOSED = 1,
	STATE_LISTEN,
	STATE_SYN_SENT,
	STATE_SYN_RECEIVED,
	STATE_ESTABLISHED,
	STATE_FIN_WAIT1,
	STATE_FIN_WAIT2,
	STATE_CLOSE_WAIT,
	STATE_LAST_ACK,
	STATE_CLOSING,
	STATE_TIME_WAIT,
	STATE_DELETE_TCB,
};

static const uint8_t state_of[] = {
	[KERNEL_ESTABLISHED] = STATE_ESTABLISHED,
	[KERNEL_SYN_SENT] = STATE_SYN_SENT,
	[KERNEL_SYN_RECV] = STATE_SYN_RECEIVED,
	[KERNEL_FIN_WAIT1] = STATE_FIN_WAIT1,
	[KERNEL_FIN_WAIT2] = STATE_FIN_WAIT2,
	[KERNEL_TIME_WAIT] = STATE_TIME_WAIT,
	[KERNEL_CLOSE] = STATE_CLOSED,
	[KERNEL_CLOSE_WAIT] = STATE_CLOSE_WAIT,
	[KERNEL_LAST_ACK] = STATE_LAST_ACK,
	[KERNEL_LISTEN] = STATE_LISTEN,
	[KERNEL_CLOSING] = STATE_CLOSING,
};

const struct label tcp_states[] = {
	{ STATE_CLOSED, "closed" },
	{ STATE_LISTEN, "listen" },
	{ STATE_SYN_SENT, "synSent" },
	{ STATE_SYN_RECEIVED, "synReceived" },
	{ STATE_ESTABLISHED, "established" },
	{ STATE_FIN_WAIT1, "finWait1" },
	{ STATE_FIN_WAIT2, "finWait2" },
	{ STATE_CLOSE_WAIT, "closeWait" },
	{ STATE_LAST_ACK, "lastAck" },
	{ STATE_CLOSING, "closing" },
	{ STATE_TIME_WAIT, "timeWait" },
	{ STATE_DELETE_TCB, "deleteTCB" },
	{ 0, NULL },
};

void
tcp_local_address(
    const struct snapshot *snapshot, const void *row, struct inet_address *ret)
{
	if (tcp_is_dual_stack(snapshot, row))
		*ret = (struct inet_address){ .type = INET_ADDRESS_UNKNOWN };
	else
		socket_put_address(
		    snapshot, row, ((const struct socket_row *)row)->local, ret);
}

void
tcp_remote_address(
    const struct snapshot *snapshot, const void *row, struct inet_address *ret)
{
	socket_put_address(snapshot, row, ((const struct socket_row *)row)->remote, ret);
}

bool
tcp_is_listener(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct socket_row *)row)->state == KERNEL_LISTEN;
}

bool
tcp_is_connection(const struct snapshot *snapshot, const void *row)
{
	return !tcp_is_listener(snapshot, row);
}

bool
tcp_is_dual_stack(const struct snapshot *snapshot, const void *row)
{
	return tcp_is_listener(snapshot, row) && socket_is_on_any(&snapshot->side, row);
}

static bool
is_full(const struct socket_row *row)
{
	return row->state != KERNEL_TIME_WAIT && row->state != KERNEL_SYN_RECV;
}

bool
tcp_prefers(const void *socket, const void *other)
{
	const struct socket_row *a = socket, *b = other;

	if (is_full(a) != is_full(b))
		return is_full(a);
	if (a->cookie[1] != b->cookie[1])
		return a->cookie[1] < b->cookie[1];
	return a->cookie[0] < b->cookie[0];
}

bool
tcp_read_state(const struct cell *cell, struct value *ret)
{
	ret->integer = state_of[((const struct socket_row *)cell->row)->state];
	return true;
}
