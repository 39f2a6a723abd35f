// SPDX-License-Identifier: BSD-2-Clause
// Tests of udpEndpointInstance: which number each of the sockets with one tuple gets, and
// for how long.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "helpers.h"
#include "messages.h"
#include "mib/sockets.h"
#include "mib/tables.h"
#include "table/view.h"

#define SOCKETS_MAX 60
#define STEPS 1500

static struct random chance;

/* A socket of a kernel that is made up. */
struct made_up {
	uint64_t cookie;
	const char *local, *remote; /* remote NULL: it has no peer */
	uint32_t link;		    /* of link-local addresses */
	uint16_t local_port, remote_port;
	bool v6only;
	/* The model's: the tuple it had at the last reading, and its number. */
	struct tuple {
		uint8_t type, local[16], remote[16];
		bool connected;
		uint16_t local_port, remote_port;
	} tuple;
	uint32_t instance; /* 0: it was not there */
};

static struct made_up sockets[SOCKETS_MAX];
static size_t n_sockets;

/* The last reading. */
static struct snapshot reading;
static struct address_pool pool;

static int
start(void **state)
{
	(void)state;
	n_sockets = 0;
	memset(&reading, 0, sizeof(reading));
	reading.rows = ARRAY_OF(struct endpoint_row);
	address_pool_init(&pool);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	array_free(&reading.rows);
	address_pool_free(&pool);
	return 0;
}

static struct made_up *
add(uint64_t cookie, const char *local, const char *remote)
{
	struct made_up *socket = &sockets[n_sockets++];

	assert_true(n_sockets <= SOCKETS_MAX);
	*socket = (struct made_up){
		.cookie = cookie,
		.local = local,
		.remote = remote,
		.link = 2,
		.local_port = 53,
		.remote_port = 1024,
	};
	return socket;
}

static struct made_up *
with_cookie(uint64_t cookie)
{
	for (size_t i = 0; i < n_sockets; i++)
		if (sockets[i].cookie == cookie)
			return &sockets[i];
	fail_msg("no socket %u", (unsigned)cookie);
	return NULL;
}

static void
drop(struct made_up *socket)
{
	*socket = sockets[--n_sockets];
}

/* --- a reading ------------------------------------------------------------------------ */

static uint32_t
put_address(struct address_pool *into, const char *text, uint32_t link)
{
	uint8_t octets[16];
	uint32_t number;
	int family = address_octets(text, octets) == 16 ? AF_INET6 : AF_INET;

	assert_int_equal(address_pool_put(into, family, octets, link, &number), 0);
	return number;
}

static void
put_row(const struct made_up *socket, struct array *rows, struct address_pool *into)
{
	struct endpoint_row *row = array_append(rows, 1);
	bool ipv6 = strchr(socket->local, ':');

	assert_non_null(row);
	row->socket = (struct socket_row){
		.cookie = { (uint32_t)socket->cookie, (uint32_t)(socket->cookie >> 32) },
		.local = put_address(into, socket->local, socket->link),
		.local_port = socket->local_port,
		.state = socket->remote ? SOCKET_CONNECTED : SOCKET_UNCONNECTED,
		.flags = (uint8_t)((ipv6 ? SOCKET_IPV6 : 0) |
		    (socket->v6only && !socket->remote ? SOCKET_V6ONLY : 0)),
	};
	/* Without a peer this is of no meaning. */
	row->socket.remote = socket->remote
	    ? put_address(into, socket->remote, socket->link)
	    : (uint32_t)socket->cookie;
	row->socket.remote_port = socket->remote ? socket->remote_port
						 : (uint16_t)socket->cookie;
}

/* What the kernel has, in another order each time, numbered. twice: so many of them, the
 * first ones, are told of again. */
static void
read_sockets(size_t twice)
{
	struct array rows = ARRAY_OF(struct endpoint_row);
	struct address_pool new;
	size_t n = n_sockets + twice;
	uint32_t first = n ? random_below(&chance, (uint32_t)n) : 0;

	address_pool_init(&new);
	for (size_t i = 0; i < n; i++)
		put_row(
		    &sockets[(first + i) % n % (n_sockets ? n_sockets : 1)], &rows, &new);
	assert_int_equal(
	    endpoints_number(&rows, &new.addresses, reading.time ? &reading : NULL), 0);
	stop(NULL);
	pool = new;
	reading = (struct snapshot){ .time = 1, .rows = rows, .side = new.addresses };
}

/* The number of a socket in the last reading; the same wherever it was told. */
static uint32_t
number_of(uint64_t cookie)
{
	uint32_t number = 0;

	for (size_t i = 0; i < reading.rows.n; i++) {
		const struct endpoint_row *row = array_at(&reading.rows, i);

		if (((uint64_t)row->socket.cookie[1] << 32 | row->socket.cookie[0]) !=
		    cookie)
			continue;
		assert_true(number == 0 || number == row->instance);
		number = row->instance;
	}
	return number;
}

static void
has_number(uint64_t cookie, uint32_t number)
{
	assert_int_equal(number_of(cookie), number);
}

/* No two rows of the table have one index, but for what was told twice. */
static void
is_unique(size_t twice)
{
	for (unsigned options = 0; options <= SNAPSHOT_STRICT_ADDRESSES; options++) {
		struct view view;

		reading.options = options;
		assert_int_equal(view_build(&table_udp_endpoint, &reading, &view), 0);
		assert_int_equal(view.order.n, reading.rows.n);
		assert_int_equal(view.duplicates, twice);
		array_free(&view.order);
	}
}

/* --- one thing at a time -------------------------------------------------------------- */

static void
test_none(void **state)
{
	(void)state;
	read_sockets(0);
	read_sockets(0);
	assert_int_equal(reading.rows.n, 0);
}

/* By their cookies, all 64 bits of them, not by the order in which they are told. */
static void
test_by_cookie(void **state)
{
	(void)state;
	add(UINT64_C(1) << 33, "192.0.2.1", NULL);
	add(UINT64_C(0xffffffff), "192.0.2.1", NULL);
	add(9, "192.0.2.1", NULL);
	add(8, "192.0.2.2", NULL);
	add(UINT64_MAX, "192.0.2.1", NULL);
	read_sockets(0);
	has_number(8, 1);
	has_number(9, 1);
	has_number(UINT64_C(0xffffffff), 2);
	has_number(UINT64_C(1) << 33, 3);
	has_number(UINT64_MAX, 4);
	is_unique(0);
}

/* Who was there keeps its number; a newcomer gets the lowest that is free, though its
 * cookie is lower. */
static void
test_kept(void **state)
{
	(void)state;
	for (uint64_t cookie = 11; cookie <= 14; cookie++)
		add(cookie, "192.0.2.1", NULL);
	read_sockets(0);
	drop(with_cookie(11));
	drop(with_cookie(13));
	read_sockets(0);
	has_number(12, 2);
	has_number(14, 4);
	add(5, "192.0.2.1", NULL);
	add(6, "192.0.2.1", NULL);
	add(99, "192.0.2.1", NULL);
	read_sockets(0);
	has_number(5, 1);
	has_number(6, 3);
	has_number(99, 5);
	has_number(12, 2);
	has_number(14, 4);
	/* The last one that is left keeps its own as well. */
	for (uint64_t cookie = 5; cookie <= 6; cookie++)
		drop(with_cookie(cookie));
	drop(with_cookie(12));
	drop(with_cookie(99));
	read_sockets(0);
	has_number(14, 4);
}

/* A socket that gets a peer is another endpoint, and again when it loses it. */
static void
test_connecting(void **state)
{
	(void)state;
	for (uint64_t cookie = 1; cookie <= 3; cookie++)
		add(cookie, "192.0.2.1", NULL);
	read_sockets(0);
	with_cookie(2)->remote = "192.0.2.9";
	with_cookie(3)->remote = "192.0.2.9";
	read_sockets(0);
	has_number(1, 1);
	has_number(2, 1);
	has_number(3, 2);
	/* To another port of the peer, and to another peer. */
	with_cookie(3)->remote_port = 1025;
	read_sockets(0);
	has_number(3, 1);
	with_cookie(2)->remote = "192.0.2.8";
	read_sockets(0);
	has_number(2, 1);
	with_cookie(3)->remote = NULL;
	add(4, "192.0.2.1", NULL);
	read_sockets(0);
	has_number(1, 1);
	has_number(3, 2);
	has_number(4, 3);
	is_unique(0);
}

/* A cookie that comes back after a reading without it is a new socket. */
static void
test_gone_for_a_while(void **state)
{
	(void)state;
	add(1, "192.0.2.1", NULL);
	add(2, "192.0.2.1", NULL);
	read_sockets(0);
	drop(with_cookie(2));
	drop(with_cookie(1));
	read_sockets(0);
	add(2, "192.0.2.1", NULL);
	read_sockets(0);
	has_number(2, 1);
}

/* The INDEX need not have the link. */
static void
test_link_local(void **state)
{
	(void)state;
	add(1, "fe80::1", NULL)->link = 2;
	add(2, "fe80::1", NULL)->link = 3;
	add(3, "fe80::1", "fe80::9")->link = 2;
	add(4, "fe80::1", "fe80::9")->link = 3;
	read_sockets(0);
	has_number(1, 1);
	has_number(2, 2);
	has_number(3, 1);
	has_number(4, 2);
	is_unique(0);
	with_cookie(1)->link = 4;
	read_sockets(0);
	has_number(1, 1);
	has_number(2, 2);
}

/* The one takes both families and has an empty address, the other IPv6 alone. */
static void
test_dual_stack(void **state)
{
	(void)state;
	add(1, "::", NULL)->v6only = true;
	add(2, "::", NULL);
	add(3, "0.0.0.0", NULL);
	add(4, "::", NULL);
	add(5, "::", NULL)->v6only = true;
	read_sockets(0);
	has_number(1, 1);
	has_number(5, 2);
	has_number(2, 1);
	has_number(4, 2);
	has_number(3, 1);
	is_unique(0);
	/* Bound to one address it makes no difference. */
	with_cookie(1)->local = with_cookie(2)->local = "2001:db8::1";
	read_sockets(0);
	has_number(1, 1);
	has_number(2, 2);
	has_number(5, 2);
	has_number(4, 2);
	is_unique(0);
}

static void
test_told_twice(void **state)
{
	(void)state;
	add(7, "192.0.2.1", NULL);
	read_sockets(1);
	has_number(7, 1);
	add(6, "192.0.2.1", NULL);
	add(8, "192.0.2.1", NULL);
	read_sockets(3);
	has_number(7, 1);
	has_number(6, 2);
	has_number(8, 3);
	is_unique(3);
	read_sockets(2);
	has_number(7, 1);
	has_number(6, 2);
	has_number(8, 3);
	is_unique(2);
}

/* --- anything ------------------------------------------------------------------------- */

/* What tells sockets apart but for the number, as udpEndpointTable has it. */
static struct tuple
tuple_of(const struct made_up *socket)
{
	struct tuple tuple;

	memset(&tuple, 0, sizeof(tuple));
	tuple.type = strchr(socket->local, ':') ? 2 : 1;
	if (!socket->remote && !socket->v6only && strcmp(socket->local, "::") == 0)
		tuple.type = 0;
	address_octets(socket->local, tuple.local);
	tuple.local_port = socket->local_port;
	if (socket->remote) {
		tuple.connected = true;
		address_octets(socket->remote, tuple.remote);
		tuple.remote_port = socket->remote_port;
	}
	return tuple;
}

static bool
same(const struct tuple *a, const struct tuple *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static bool
is_taken(const struct tuple *tuple, uint32_t instance)
{
	for (size_t i = 0; i < n_sockets; i++)
		if (sockets[i].instance == instance && same(&sockets[i].tuple, tuple))
			return true;
	return false;
}

static int
by_cookie(const void *a, const void *b)
{
	uint64_t x = ((const struct made_up *)a)->cookie;
	uint64_t y = ((const struct made_up *)b)->cookie;

	return (x > y) - (x < y);
}

/* What the numbers must be from now on. */
static void
number_model(void)
{
	for (size_t i = 0; i < n_sockets; i++) {
		struct tuple tuple = tuple_of(&sockets[i]);

		if (!same(&tuple, &sockets[i].tuple))
			sockets[i].instance = 0;
		sockets[i].tuple = tuple;
	}
	qsort(sockets, n_sockets, sizeof(sockets[0]), by_cookie);
	for (size_t i = 0; i < n_sockets; i++) {
		uint32_t instance = 1;

		if (sockets[i].instance != 0)
			continue;
		while (is_taken(&sockets[i].tuple, instance))
			instance++;
		sockets[i].instance = instance;
	}
}

/* Few values: many sockets are alike. */
static void
draw(struct made_up *socket)
{
	static const char *const ipv4[] = { "0.0.0.0", "127.0.0.1" };
	static const char *const ipv6[] = { "::", "fe80::1", "2001:db8::1" };
	bool is_ipv6 = random_below(&chance, 2);

	socket->local = is_ipv6 ? ipv6[random_below(&chance, 3)]
				: ipv4[random_below(&chance, 2)];
	socket->remote = NULL;
	if (random_below(&chance, 3) == 0)
		socket->remote = is_ipv6 ? ipv6[1 + random_below(&chance, 2)] : ipv4[1];
	socket->link = 2 + random_below(&chance, 2);
	socket->local_port = (uint16_t)(53 + random_below(&chance, 2));
	socket->remote_port = (uint16_t)(1024 + random_below(&chance, 2));
	socket->v6only = random_below(&chance, 2);
}

static void
change_something(void)
{
	/* Times an odd number it is in no order, and none comes twice. */
	static uint64_t serial;
	uint32_t what = random_below(&chance, 4);

	if (what <= 1 && n_sockets < SOCKETS_MAX)
		draw(add(++serial * 0x9e3779b97f4a7c15u, "::", NULL));
	else if (n_sockets > 0 && what == 2)
		drop(&sockets[random_below(&chance, (uint32_t)n_sockets)]);
	else if (n_sockets > 0)
		draw(&sockets[random_below(&chance, (uint32_t)n_sockets)]);
}

static void
test_random(void **state)
{
	(void)state;
	for (int step = 0; step < STEPS; step++) {
		size_t twice;

		for (uint32_t n = random_below(&chance, 8); n > 0; n--)
			change_something();
		twice = n_sockets ? random_below(&chance, (uint32_t)n_sockets) / 4 : 0;
		number_model();
		read_sockets(twice);
		for (size_t i = 0; i < n_sockets; i++)
			has_number(sockets[i].cookie, sockets[i].instance);
		if (step % 16 == 0)
			is_unique(twice);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_none),
		TEST(test_by_cookie),
		TEST(test_kept),
		TEST(test_connecting),
		TEST(test_gone_for_a_while),
		TEST(test_link_local),
		TEST(test_dual_stack),
		TEST(test_told_twice),
		TEST(test_random),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
