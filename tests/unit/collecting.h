// SPDX-License-Identifier: BSD-2-Clause
// A collector with one source.
#ifndef NETMIB_TESTS_COLLECTING_H
#define NETMIB_TESTS_COLLECTING_H

#include "patience.h"

/* What the collector is made with; patient unless the test says otherwise before run(). */
extern struct freshness freshness;

extern struct collector *collector;
extern struct source *source;

/* For the setup of a test and its teardown. */
void collecting_start(void);
void collecting_stop(void);

/* A collector without a thread: what is asked for is done at once. */
void run(const struct source_kind *);

/* One with its thread. */
void run_threaded(const struct source_kind *);

#endif
