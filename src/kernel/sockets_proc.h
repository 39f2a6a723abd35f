// SPDX-License-Identifier: BSD-2-Clause
// Sockets from /proc/net/tcp and tcp6, or udp and udp6, for where sock_diag is refused.
#ifndef NETMIB_SOCKETS_PROC_H
#define NETMIB_SOCKETS_PROC_H

struct pause;
struct sockets;

/* Reads both files of sockets->protocol; a missing second one is a kernel without IPv6.
 * Returns 0 or -errno. */
int sockets_read_proc(struct sockets *, const struct pause *);

#endif
