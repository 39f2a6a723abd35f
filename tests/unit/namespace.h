// SPDX-License-Identifier: BSD-2-Clause
// A network namespace of one's own, and changes made in it.
#ifndef NETMIB_TESTS_NAMESPACE_H
#define NETMIB_TESTS_NAMESPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "messages.h"

#define LOOPBACK 1 /* lo has this ifindex in every namespace */

/* Moves this process into a new one, with nothing but lo, which is down. Returns false when
 * that is not permitted. */
bool namespace_enter(void);

/* The same, with a veth as namespace_add_veth() makes it; skips the test where either is
 * not to be had. */
void namespace_enter_with_veth(
    uint32_t ifindex, const char *name, uint32_t peer, const char *peer_name);

/* Sends a request of rtnetlink, which needs no more than these flags, and waits for the
 * kernel's word; returns that, 0 or -errno. */
int namespace_request(struct message *, uint16_t flags);

/* The following return what the kernel says, 0 or -errno. */

/* Two devices that are each other's peer, both down. */
int namespace_add_veth(
    uint32_t ifindex, const char *name, uint32_t peer, const char *peer_name);

/* A device of a kind that needs to be told nothing else. */
int namespace_add_link(uint32_t ifindex, const char *name, const char *kind);

int namespace_set_up(uint32_t ifindex, bool up);
int namespace_delete_link(uint32_t ifindex);

#endif
