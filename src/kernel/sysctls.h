// SPDX-License-Identifier: BSD-2-Clause
// Settings of the kernel's network protocols: numbers below /proc/sys/net.
#ifndef NETMIB_SYSCTLS_H
#define NETMIB_SYSCTLS_H

#include <stdint.h>

/* Reads one, "ipv4/ipfrag_time" say. Returns 0 or -errno; -ENOENT: this kernel does not
 * have it; -EPROTO: it is no number. */
int sysctls_read(const char *name, int64_t *ret_value);

#endif
