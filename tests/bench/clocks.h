// SPDX-License-Identifier: BSD-2-Clause
// What time it is, and how much of the processor this process has used.
#ifndef NETMIB_BENCH_CLOCKS_H
#define NETMIB_BENCH_CLOCKS_H

/* In seconds, since some time in the past. */
double wall_seconds(void);

/* In seconds, by this process and the kernel on its behalf. */
double cpu_seconds(void);

#endif
