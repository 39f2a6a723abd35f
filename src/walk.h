// SPDX-License-Identifier: BSD-2-Clause
// Walking tables once, to a stream, in the form of snmpwalk -On.
#ifndef NETMIB_WALK_H
#define NETMIB_WALK_H

#include <stdio.h>

struct reader;

#define WALK_READERS_MAX 64

/* Writes every instance of n tables (at most WALK_READERS_MAX), in the order of their OIDs,
 * one a line: ".1.3.6.1.2.1.6.9.0 = Gauge32: 3". Returns 0, -EAGAIN when the kernel could
 * not be read, or -EIO when the stream failed. */
int walk_print(struct reader *const *readers, size_t n, FILE *);

#endif
