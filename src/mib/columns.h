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

/* The moment, as struct value has it, of a time that the kernel tells in hundredths of a
 * second since the host was started, of which it has the low 32 bits. now: CLOCK_MONOTONIC,
 * ns, when it was told. */
int64_t column_moment(uint32_t hundredths, int64_t now);

/* TruthValue (RFC 2579). */
#define TRUTH_TRUE 1
#define TRUTH_FALSE 2
extern const struct label truth_values[];

/* What is left now of so many seconds that were left when the snapshot was read; UINT32_MAX
 * is without an end. */
uint32_t column_left(uint32_t seconds, const struct snapshot *);

#define STORAGE_VOLATILE 2		   /* the kernel forgets it when it ends */
extern const struct label storage_types[]; /* StorageType (RFC 2579) */

#define ROW_STATUS_ACTIVE 1
extern const struct label row_states[]; /* RowStatus (RFC 2579) */

#endif
