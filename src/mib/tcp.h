// SPDX-License-Identifier: BSD-2-Clause
// What the tables of TCP-MIB (RFC 4022) have in common: sockets seen as the RFC sees them.
#ifndef NETMIB_TCP_H
#define NETMIB_TCP_H

#include <stdbool.h>
#include <stdint.h>

#include "sockets.h"

/* Functions for INDEX parts and table.shows over source_sockets. */

/* InetAddressType and InetAddress of one end. Types as the packets have them; unknown(0)
 * for a listener on :: that takes IPv4, too; link-local ones by SNAPSHOT_STRICT_ADDRESSES.
 */
void tcp_local_address(const struct snapshot *, const void *row, struct inet_address *ret);
void tcp_remote_address(const struct snapshot *, const void *row, struct inet_address *ret);

bool tcp_is_listener(const struct snapshot *, const void *row);
bool tcp_is_connection(const struct snapshot *, const void *row);

/* A listener on :: without IPV6_V6ONLY: it takes IPv4 and IPv6 on every address. */
bool tcp_is_dual_stack(const struct snapshot *, const void *row);

/* For table.prefers: a full socket before a TIME_WAIT or SYN_RECV one with its tuple, then
 * the older (lower cookie). */
bool tcp_prefers(const void *a, const void *b);

/* A column. */
bool tcp_read_state(const struct cell *, struct value *ret);
extern const struct label tcp_states[];

#endif
