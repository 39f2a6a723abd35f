// SPDX-License-Identifier: BSD-2-Clause
// Columns that are the same in many tables.
#ifndef NETMIB_MIB_COLUMNS_H
#define NETMIB_MIB_COLUMNS_H

#include "../table/table.h"

/* An INTEGER, GAUGE32 or COUNTER32 that is the same for all rows: column->argument, as
 * int32_t. */
bool column_constant(const struct cell *, struct value *ret);

bool column_zero_object_id(const struct cell *, struct value *ret); /* { 0 0 } */

/* How many rows the counted table has. */
bool column_count(const struct cell *, struct value *ret);

#define ROW_STATUS_ACTIVE 1
extern const struct label row_states[]; /* RowStatus (RFC 2579) */

#endif
