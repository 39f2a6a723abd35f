// SPDX-License-Identifier: BSD-2-Clause
// What time it is, and how much of the processor this process has used.
#include "clocks.h"

#include <sys/resource.h>
#include <time.h>

double
wall_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

double
cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
	    (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}
