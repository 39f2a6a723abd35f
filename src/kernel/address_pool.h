// SPDX-License-Identifier: BSD-2-Clause
// Addresses in rows: IPv4 as a number, IPv6 in a pool that keeps each once.
#ifndef NETMIB_ADDRESS_POOL_H
#define NETMIB_ADDRESS_POOL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "../array.h"

/* An IPv4 address in host order, from four octets. */
static inline uint32_t
ipv4_of(const uint8_t *octets)
{
	return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 |
	    (uint32_t)octets[2] << 8 | octets[3];
}

/* fe80::/10 */
static inline bool
is_link_local(const uint8_t octets[16])
{
	return octets[0] == 0xfe && (octets[1] & 0xc0) == 0x80;
}

/* An address; a link-local one is told apart by its link. */
struct pool_address {
	uint8_t octets[16];
	uint32_t scope; /* ifindex, of link-local addresses; else 0 */
};

/* The order of two addresses of one family, as rows have them: less than 0, 0 or more. The
 * IPv6 ones are numbers in these arrays of struct pool_address; their scopes do not count.
 */
static inline int
address_compare(bool ipv6, const struct array *x_addresses, uint32_t x,
    const struct array *y_addresses, uint32_t y)
{
	if (!ipv6)
		return (x > y) - (x < y);
	return memcmp(((const struct pool_address *)array_at(x_addresses, x))->octets,
	    ((const struct pool_address *)array_at(y_addresses, y))->octets, 16);
}

struct address_pool {
	struct array addresses; /* of struct pool_address */
	struct array slots;	/* of uint32_t: a hash, of use while reading only */
};

void address_pool_init(struct address_pool *);
void address_pool_free(struct address_pool *);

/* A hash of which the low bits are as good as any. */
uint32_t address_hash(const struct pool_address *);

/* Gives back what only adding needs. */
void address_pool_seal(struct address_pool *);

/* The number of this address in addresses, a new one if need be; scope counts for
 * link-local ones only. Returns 0 or -ENOMEM. */
int address_pool_add(
    struct address_pool *, const uint8_t octets[16], uint32_t scope, uint32_t *ret_number);

/* An address as rows have it: AF_INET (4 octets) in host order, AF_INET6 by its number in
 * the pool. Returns 0 or -ENOMEM. */
int address_pool_put(struct address_pool *, int family, const uint8_t *octets,
    uint32_t scope, uint32_t *ret_address);

#endif
