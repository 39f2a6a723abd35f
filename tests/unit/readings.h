// SPDX-License-Identifier: BSD-2-Clause
// Readings of one source, one after the other, by a clock that is the test's.
#ifndef NETMIB_TESTS_READINGS_H
#define NETMIB_TESTS_READINGS_H

#include "mib/links.h"
#include "table/source.h"

#define SECOND INT64_C(1000000000)

/* The clock, 1000 s at first. */
extern int64_t now;

/* What the source is told, where it has settings. */
extern struct link_settings settings;

/* What was read last, or NULL; a test may drop it, as a source that nobody asks. */
extern struct snapshot *last;

/* For the setup of a test and its teardown. Returns 0, or -1 without memory. */
int readings_start(const struct source_kind *);
void readings_stop(void);

/* Reads, so much later. Returns what read() did; last stays what it was after an error. */
int read_after(int64_t passed);

/* Whether the source says that nothing has changed. */
bool readings_unchanged(void);

#endif
