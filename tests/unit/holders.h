// SPDX-License-Identifier: BSD-2-Clause
// Sockets, and processes that hold them.
#ifndef NETMIB_TESTS_HOLDERS_H
#define NETMIB_TESTS_HOLDERS_H

#include <stdint.h>
#include <sys/types.h>

/* A socket of this process; the caller closes it. */
int open_socket(uint32_t *ret_inode);

/* A child that only holds what it inherited; holder_end() ends it. */
pid_t holder_fork(void);
void holder_end(pid_t);

#endif
