// SPDX-License-Identifier: BSD-2-Clause
// Addresses of rows as InetAddressType and InetAddress (RFC 4001).
#ifndef NETMIB_INET_H
#define NETMIB_INET_H

#include <stdint.h>

#include "../table/index.h"
#include "../table/snapshot.h"

/* ipv4(1); the address is in host order. */
void inet_put_ipv4(uint32_t address, struct inet_address *ret);

/* ipv6(2), of an address of snapshot->side, an array of struct pool_address; with
 * SNAPSHOT_STRICT_ADDRESSES a link-local one is ipv6z(4), with this zone (ifindex). */
void inet_put_ipv6(
    const struct snapshot *, uint32_t number, uint32_t zone, struct inet_address *ret);

/* The same, but ipv6z(4) for a link-local address in any case: where the INDEX does not
 * tell the link otherwise. */
void inet_put_ipv6z(
    const struct snapshot *, uint32_t number, uint32_t zone, struct inet_address *ret);

/* The address in snapshot->side. */
const struct pool_address *inet_ipv6(const struct snapshot *, uint32_t number);

#endif
