// SPDX-License-Identifier: BSD-2-Clause
// Addresses of rows as InetAddressType and InetAddress (RFC 4001).
#include "inet.h"

#include <string.h>

#include "../kernel/address_pool.h"

static void
put_big_endian(uint32_t number, uint8_t *octets)
{
	for (int i = 0; i < 4; i++)
		octets[i] = (uint8_t)(number >> (24 - 8 * i));
}

void
inet_put_ipv4(uint32_t address, struct inet_address *ret)
{
	ret->type = INET_ADDRESS_IPV4;
	ret->length = 4;
	put_big_endian(address, ret->octets);
}

const struct pool_address *
inet_ipv6(const struct snapshot *snapshot, uint32_t number)
{
	return array_at(&snapshot->side, number);
}

static void
put_ipv6(const struct snapshot *snapshot, uint32_t number, uint32_t zone, bool with_zone,
    struct inet_address *ret)
{
	const struct pool_address *address = inet_ipv6(snapshot, number);

	ret->type = INET_ADDRESS_IPV6;
	ret->length = 16;
	memcpy(ret->octets, address->octets, 16);
	if (!with_zone || !is_link_local(address->octets))
		return;
	ret->type = INET_ADDRESS_IPV6Z;
	ret->length = 20;
	put_big_endian(zone, ret->octets + 16);
}

void
inet_put_ipv6(const struct snapshot *snapshot, uint32_t number, uint32_t zone,
    struct inet_address *ret)
{
	put_ipv6(
	    snapshot, number, zone, snapshot->options & SNAPSHOT_STRICT_ADDRESSES, ret);
}

void
inet_put_ipv6z(const struct snapshot *snapshot, uint32_t number, uint32_t zone,
    struct inet_address *ret)
{
	put_ipv6(snapshot, number, zone, true, ret);
}
