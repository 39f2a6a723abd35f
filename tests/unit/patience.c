// SPDX-License-Identifier: BSD-2-Clause
// Waiting for what other threads do, and what the log says of it.
#include "patience.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "log.h"

const struct freshness patient = {
	.max_stale = LONG,
	.idle = LONG,
	.cheap = LONG,
	.wait = PATIENCE,
	.first_wait = PATIENCE,
	.settle = LONG,
	.safety = LONG,
};

char told[4096];

void
nap(int64_t ns)
{
	const struct timespec time = { .tv_sec = ns / SECOND, .tv_nsec = ns % SECOND };

	nanosleep(&time, NULL);
}

void
toil(int64_t ns)
{
	struct timespec now, start;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);
	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	while ((now.tv_sec - start.tv_sec) * SECOND + now.tv_nsec - start.tv_nsec < ns);
}

static void
hear(int priority, const char *line)
{
	(void)priority;
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s\n", line);
}

void
hear_log(void)
{
	log_to(hear);
	log_flush();
	told[0] = '\0';
}
