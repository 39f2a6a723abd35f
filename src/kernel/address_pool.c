// SPDX-License-Identifier: BSD-2-Clause
// Addresses in rows: IPv4 as a number, IPv6 in a pool that keeps each once.
#include "address_pool.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define FIRST_SLOTS 256
#define EMPTY 0 /* slots hold number + 1 */

void
address_pool_init(struct address_pool *pool)
{
	*pool = (struct address_pool){
		.addresses = ARRAY_OF(struct pool_address),
		.slots = ARRAY_OF(uint32_t),
	};
}

void
address_pool_free(struct address_pool *pool)
{
	array_free(&pool->addresses);
	array_free(&pool->slots);
}

void
address_pool_seal(struct address_pool *pool)
{
	array_free(&pool->slots);
}

uint32_t
address_hash(const struct pool_address *address)
{
	uint64_t word[2], sum;

	/* Neighbours differ in the last octets, the high bits here: they must reach the low
	 * ones. */
	memcpy(word, address->octets, sizeof(word));
	sum = (word[0] ^ address->scope) * 0x9e3779b97f4a7c15u;
	sum = (sum ^ sum >> 32 ^ word[1]) * 0xff51afd7ed558ccdu;
	sum = (sum ^ sum >> 32) * 0xc4ceb9fe1a85ec53u;
	return (uint32_t)(sum >> 32);
}

/*
 * The slot where address is, or the empty one where it belongs. slots.n is a power of two.
 */
static uint32_t *
find_slot(const struct address_pool *pool, const struct pool_address *address)
{
	uint32_t *slots = pool->slots.data;
	const struct pool_address *known = pool->addresses.data;
	size_t mask = pool->slots.n - 1, i = address_hash(address) & mask;

	while (slots[i] != EMPTY &&
	    memcmp(&known[slots[i] - 1], address, sizeof(*address)) != 0)
		i = (i + 1) & mask;
	return &slots[i];
}

/* Doubles the hash before it is half full. */
static int
grow(struct address_pool *pool)
{
	size_t n = pool->slots.n ? pool->slots.n * 2 : FIRST_SLOTS;
	struct array slots = ARRAY_OF(uint32_t);

	if (!array_append(&slots, n))
		return -ENOMEM;
	array_free(&pool->slots);
	pool->slots = slots;
	for (size_t i = 0; i < pool->addresses.n; i++)
		*find_slot(pool, array_at(&pool->addresses, i)) = (uint32_t)i + 1;
	return 0;
}

int
address_pool_add(struct address_pool *pool, const uint8_t octets[16], uint32_t scope,
    uint32_t *ret_number)
{
	struct pool_address address, *added;
	uint32_t *slot;

	memcpy(address.octets, octets, sizeof(address.octets));
	address.scope = is_link_local(octets) ? scope : 0;
	if (pool->addresses.n * 2 >= pool->slots.n && grow(pool) < 0)
		return -ENOMEM;
	slot = find_slot(pool, &address);
	if (*slot == EMPTY) {
		added = array_append(&pool->addresses, 1);
		if (!added)
			return -ENOMEM;
		*added = address;
		*slot = (uint32_t)pool->addresses.n;
	}
	*ret_number = *slot - 1;
	return 0;
}

int
address_pool_put(struct address_pool *pool, int family, const uint8_t *octets,
    uint32_t scope, uint32_t *ret_address)
{
	if (family == AF_INET6)
		return address_pool_add(pool, octets, scope, ret_address);
	*ret_address = ipv4_of(octets);
	return 0;
}
