// SPDX-License-Identifier: BSD-2-Clause
// Which process holds a socket: a scan of /proc/PID/fd.
#ifndef NETMIB_PROCESSES_H
#define NETMIB_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../array.h"
#include "netlink.h"

/* A socket by the inode of its file, and the process that was found. */
struct socket_owner {
	uint32_t inode;
	uint32_t pid; /* 0: none found */
};

/* Lists the processes of /proc in rising order into pids (of uint32_t, empty).
 * Returns 0 or -errno. */
int processes_list(struct array *pids);

/*
 * Fills in the lowest process that holds each socket. owners[n] rises by inode, each once,
 * pid 0. pids rises. Ends as soon as every owner is found; a process that is gone or may
 * not be read (other users' need CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE) is passed over.
 * Costs 3 to 5 us a descriptor of each process looked into. Threads that unshared their
 * descriptors are not seen. Returns 0 or -errno.
 */
int processes_find(
    struct socket_owner *owners, size_t n, const struct array *pids, const struct pause *);

#endif
