// SPDX-License-Identifier: BSD-2-Clause
// The sources of sockets and of their owners, and what the tables of TCP-MIB and UDP-MIB
// have in common.
#ifndef NETMIB_MIB_SOCKETS_H
#define NETMIB_MIB_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "../kernel/sockets.h"
#include "../table/source.h"
#include "../table/table.h"

/* TCP. Rows: struct socket_row; side: struct pool_address. Closed and bound-only sockets
 * are left out. The order is the kernel's. */
extern const struct source_kind source_sockets;

/* UDP. Rows: struct endpoint_row; side: struct pool_address. */
extern const struct source_kind source_endpoints;

/* What reading sockets needs to know from one time to the next: the state of a source. */
struct sockets_state {
	enum sockets_method method;
	bool told; /* that sock_diag is refused */
};

/* Reads the sockets of a protocol for a source with that state. They are the caller's.
 * Returns 0, or -errno and there is nothing. */
int sockets_source_read(struct reading *, uint8_t protocol, struct sockets *ret_sockets);

/* A UDP socket, 32 bytes. */
struct endpoint_row {
	struct socket_row socket;
	/* udpEndpointInstance, from 1: tells sockets with the same addresses and ports
	 * apart, and is a socket's while it has them. */
	uint32_t instance;
};

/* Puts the endpoints of a reading in order and numbers them, whose instance is 0; side has
 * their IPv6 addresses. old is the last reading, which has been through this, or NULL.
 * Returns 0 or -ENOMEM. (endpoint_source.c) */
int
endpoints_number(struct array *rows, const struct array *side, const struct snapshot *old);

/* Made from source_sockets, and from source_endpoints: which process holds a socket. Rows
 * are private to them. */
extern const struct source_kind source_processes;
extern const struct source_kind source_endpoint_processes;

/*
 * The lowest process that holds one of the sockets behind this row of a table over
 * source_sockets or source_endpoints, several being a REUSEPORT group. 0: none, or none
 * known; also when cell->joined, a snapshot of the processes, is NULL.
 */
uint32_t process_of(const struct cell *);

/* A column: process_of(). */
bool socket_read_process(const struct cell *, struct value *ret);

/* Functions for INDEX parts: ports, in host order. */
uint32_t socket_local_port(const struct snapshot *, const void *row);
uint32_t socket_remote_port(const struct snapshot *, const void *row);

/* InetAddressType and InetAddress of an end: row->local or row->remote. Types as the
 * packets have them; link-local ones by SNAPSHOT_STRICT_ADDRESSES. */
void socket_put_address(const struct snapshot *, const struct socket_row *,
    uint32_t address, struct inet_address *ret);

/* Bound to :: without IPV6_V6ONLY: it takes IPv4 and IPv6 on every address. Of sockets
 * without a peer; side has their IPv6 addresses. */
bool socket_is_on_any(const struct array *side, const struct socket_row *);

#endif
