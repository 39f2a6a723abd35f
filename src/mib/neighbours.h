// SPDX-License-Identifier: BSD-2-Clause
// The source of neighbours, and what the tables over it have in common.
#ifndef NETMIB_MIB_NEIGHBOURS_H
#define NETMIB_MIB_NEIGHBOURS_H

#include "../kernel/neighbours.h"
#include "../table/source.h"
#include "../table/table.h"

/* Rows: struct neighbour_row, on the interfaces that are shown; side: struct pool_address.
 * Its settings are a struct link_settings. Read again when rtnetlink tells of a change, and
 * at maxAge while a neighbour may change without a word. */
extern const struct source_kind source_neighbours;

#endif
