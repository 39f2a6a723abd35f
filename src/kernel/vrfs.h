// SPDX-License-Identifier: BSD-2-Clause
// The routing table of a VRF device.
#ifndef NETMIB_VRFS_H
#define NETMIB_VRFS_H

#include <stdint.h>

/* Finds the table (IFLA_VRF_TABLE) of the VRF device of that name. Returns 0, -ENOENT when
 * there is no such device or it is no VRF, or another -errno. */
int vrfs_find_table(const char *name, uint32_t *ret_table);

#endif
