// SPDX-License-Identifier: BSD-2-Clause
// Starting a thread that leaves signals to others.
#ifndef NETMIB_THREAD_H
#define NETMIB_THREAD_H

#include <pthread.h>

/* Starts run(argument) in a thread of this name (at most 15 characters) with all signals
 * blocked; to be joined. Returns 0 or -errno. */
int
thread_start(pthread_t *ret_thread, const char *name, void *(*run)(void *), void *argument);

#endif
