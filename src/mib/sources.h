// SPDX-License-Identifier: BSD-2-Clause
// The sources that tables stand on: what kernel/ reads, as the engine wants it.
#ifndef NETMIB_SOURCES_H
#define NETMIB_SOURCES_H

#include <stdbool.h>
#include <stdint.h>

#include "../table/source.h"

struct cell;

/* One row: struct counters, all from one reading of /proc/net/snmp. */
extern const struct source_kind source_counters;

/* Rows: struct socket_row; side: struct pool_address. Closed and bound-only sockets are
 * left out. The order is the kernel's. */
extern const struct source_kind source_sockets;

/* Made from source_sockets: which process holds a socket. Rows are private to it. */
extern const struct source_kind source_processes;

/*
 * The lowest process that holds one of the sockets behind this row of a table over
 * source_sockets, several being a REUSEPORT group. 0: none, or none known; also when
 * cell->joined, a snapshot of source_processes, is NULL.
 */
uint32_t process_of(const struct cell *);

/* Every source, those of routes.h and interfaces.h among them; ends with NULL. */
extern const struct source_kind *const sources_all[];

#endif
