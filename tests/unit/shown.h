// SPDX-License-Identifier: BSD-2-Clause
// What one table shows of a snapshot made by hand.
#ifndef NETMIB_TESTS_SHOWN_H
#define NETMIB_TESTS_SHOWN_H

#include "checks.h"
#include "table/view.h"

/* The snapshot; its rows are the test's to fill. */
extern struct snapshot *snapshot;

/* The table that show() was called with last, and its view of the snapshot. */
extern const struct table *shown;
extern struct view view;

/* For the setup of a test: an empty snapshot. Returns 0, or -1 without memory. */
int show_nothing(void);

/* For its teardown. */
void show_end(void);

void show(const struct table *);

/* Reads a column of the row at a position; false: there is no such instance. */
bool read_at(size_t position, uint32_t number, struct value *ret);

/* The same, of a column that has a value of this type. */
struct value at(size_t position, uint32_t number, enum value_type);

/* A column of the first row. */
int32_t integer(uint32_t number);

#endif
