// SPDX-License-Identifier: BSD-2-Clause
// Which devices are Wi-Fi, from nl80211.
#ifndef NETMIB_WIRELESS_H
#define NETMIB_WIRELESS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Tells the ifindex of every Wi-Fi device: to rtnetlink they are Ethernet. found returns 0,
 * or -errno to give up. Returns 0, also on a kernel without nl80211, or -errno. Messages
 * that made no sense are added to *malformed.
 */
int wireless_read(
    int (*found)(uint32_t ifindex, void *argument), void *argument, size_t *malformed);

#endif
