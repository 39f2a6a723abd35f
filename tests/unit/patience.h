// SPDX-License-Identifier: BSD-2-Clause
// Waiting for what other threads do, and what the log says of it.
#ifndef NETMIB_TESTS_PATIENCE_H
#define NETMIB_TESTS_PATIENCE_H

#include <stdint.h>

#include "table/source.h"

#define MS INT64_C(1000000)
#define SECOND (1000 * MS)
#define PATIENCE (20 * SECOND) /* for what must happen, on a busy machine */
#define LONG (1000 * SECOND)   /* for what must not */

/* Nothing happens by itself, everything is cheap, requests wait as long as it takes. */
extern const struct freshness patient;

void nap(int64_t ns);

/* Uses the processor for so long. */
void toil(int64_t ns);

/* Waits until a condition holds. */
#define AWAIT(condition) \
	do { \
		int64_t end_ = monotonic_now() + PATIENCE; \
\
		while (!(condition)) { \
			assert_true(monotonic_now() < end_); \
			nap(MS / 2); \
		} \
	} while (0)

/* What the log has said since hear_log(), a line each; log_flush() brings it up to date. */
extern char told[4096];

void hear_log(void);

#endif
