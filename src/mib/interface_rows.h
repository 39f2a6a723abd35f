// SPDX-License-Identifier: BSD-2-Clause
// Making rows of interfaces of what the kernel tells, and comparing them with older ones.
#ifndef NETMIB_MIB_INTERFACE_ROWS_H
#define NETMIB_MIB_INTERFACE_ROWS_H

#include "../kernel/ethtool.h"
#include "interfaces.h"

/* Appends the row of a device to rows, and its octets to side. What its driver tells, and
 * the watch, is not in it yet. Returns 0 or -ENOMEM. */
int interface_add(struct array *rows, struct array *side, const struct link *);

/* Puts rows in the order of their ifIndex; of one that was told twice (see links_read())
 * one is left. */
void interface_sort(struct array *rows);

/* The row of an interface; NULL: there is none. rows are in order; *hint is where it may
 * be, and where the next one may be afterwards: dumps have the same order, mostly. */
struct interface_row *
interface_find(const struct array *rows, uint32_t ifindex, size_t *hint);

/* Sets the counters; all of them count as Ucast that are not received multicasts. */
void interface_count(struct interface_row *, const struct link_counters *);

/* Splits the counters that were just set. */
void interface_split(struct interface_row *, const struct ethtool_frames *);

/* Compares the counters with those of an older row of the same device: that they went back
 * is a discontinuity, which happened at `now`; a difference of two counters, which are not
 * read at one moment, goes on where it was. */
void
interface_compare(const struct interface_row *old, struct interface_row *, int64_t now);

/* Makes the rows of ifStackTable, into an empty array: one for each relation of two of the
 * interfaces; 0 is above what has nothing above it, and below likewise. Sets IF_ABOVE and
 * IF_BELOW in rows. Returns 0 or -ENOMEM. (if_stack.c) */
int interface_stack(struct array *rows, struct array *ret_stack);

#endif
