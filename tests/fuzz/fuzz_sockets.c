// SPDX-License-Identifier: BSD-2-Clause
// Fuzzes the netlink parts of a sock_diag dump.
#include <netinet/in.h>
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "kernel/netlink.h"
#include "kernel/sockets.h"

/* Every state that is asked for, one bit each. */
#define WANTED_STATES 0xf7e

static void
check_rows(const struct sockets *sockets)
{
	for (size_t i = 0; i < sockets->rows.n; i++) {
		const struct socket_row *row = array_at(&sockets->rows, i);

		CHECK(row->state < 12 && 1 << row->state & WANTED_STATES);
		CHECK(!(row->flags & ~(SOCKET_IPV6 | SOCKET_V6ONLY)));
		if (row->flags & SOCKET_IPV6) {
			CHECK(row->local < sockets->pool.addresses.n);
			CHECK(row->remote < sockets->pool.addresses.n);
		}
	}
}

static void
check_addresses(const struct sockets *sockets)
{
	for (size_t i = 0; i < sockets->pool.addresses.n; i++)
		for (size_t k = 0; k < i; k++)
			CHECK(memcmp(array_at(&sockets->pool.addresses, i),
			    array_at(&sockets->pool.addresses, k),
			    sizeof(struct pool_address)) != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct netlink_dump dump = { 0 };
	struct netlink_reader reader = { .message = sockets_message };
	struct sockets sockets;

	sockets_init(&sockets, IPPROTO_TCP);
	reader.argument = &sockets;
	netlink_part(&dump, &reader, data, size);
	CHECK(dump.error <= 0);
	CHECK(dump.error != -ENOMEM || dump.done);
	check_rows(&sockets);
	check_addresses(&sockets);
	sockets_free(&sockets);
	return 0;
}
