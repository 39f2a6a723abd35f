// SPDX-License-Identifier: BSD-2-Clause
// Tests of TCP-MIB's tables over sockets and counters made by hand.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <string.h>

#include "checks.h"
#include "kernel/counters.h"
#include "mib/sources.h"
#include "mib/tables.h"
#include "mib/tcp.h"
#include "table/view.h"

#define ESTABLISHED 1
#define SYN_SENT 2
#define SYN_RECV 3
#define TIME_WAIT 6
#define LISTEN 10

/* Sockets that become a snapshot. */
static struct sockets sockets;

static int
start(void **state)
{
	(void)state;
	sockets_init(&sockets, IPPROTO_TCP);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	sockets_free(&sockets);
	return 0;
}

/* Adds a socket; returns its row, good until the next is added. */
static struct socket_row *
add(int family, uint8_t state, const char *local, uint16_t port, const char *remote,
    uint16_t remote_port)
{
	struct socket_row row = {
		.cookie = { (uint32_t)sockets.rows.n + 1, 0 },
		.local_port = port,
		.remote_port = remote_port,
		.state = state,
	};
	uint8_t from[16], to[16];

	assert_int_equal(inet_pton(family, local, from), 1);
	assert_int_equal(inet_pton(family, remote, to), 1);
	assert_int_equal(sockets_add(&sockets, row, family, from, to, 0x01020304), 0);
	return array_at(&sockets.rows, sockets.rows.n - 1);
}

static struct snapshot
as_snapshot(unsigned options)
{
	return (struct snapshot){
		.rows = sockets.rows,
		.side = sockets.pool.addresses,
		.options = options,
	};
}

/* The INDEX of the last socket added is exactly these sub-identifiers. */
static void
has_index(const struct table *table, unsigned options, const uint32_t *subid, size_t n)
{
	struct snapshot snapshot = as_snapshot(options);

	check_index(
	    table, &snapshot, array_at(&sockets.rows, sockets.rows.n - 1), subid, n);
}

#define HAS_INDEX(table, options, ...) \
	has_index(table, options, (const uint32_t[]){ __VA_ARGS__ }, \
	    sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static size_t
count_rows(const struct table *table, size_t *ret_duplicates)
{
	struct snapshot snapshot = as_snapshot(0);
	struct view view;
	size_t n;

	assert_int_equal(view_build(table, &snapshot, &view), 0);
	n = view.order.n;
	*ret_duplicates = view.duplicates;
	array_free(&view.order);
	return n;
}

#define V4_LOCAL 1, 4, 192, 0, 2, 1
#define V6(x) 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, x
#define LINK_LOCAL 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
#define ANY6 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0

static void
test_connection_index(void **state)
{
	const struct table *table = &table_tcp_connection;

	(void)state;
	add(AF_INET, ESTABLISHED, "192.0.2.1", 22, "127.0.0.1", 51234);
	HAS_INDEX(table, 0, V4_LOCAL, 22, 1, 4, 127, 0, 0, 1, 51234);
	add(AF_INET6, ESTABLISHED, "::ffff:192.0.2.1", 22, "::ffff:127.0.0.1", 51234);
	HAS_INDEX(table, 0, V4_LOCAL, 22, 1, 4, 127, 0, 0, 1, 51234);
	add(AF_INET6, ESTABLISHED, "2001:db8::1", 443, "2001:db8::2", 65535);
	HAS_INDEX(table, 0, 2, 16, V6(1), 443, 2, 16, V6(2), 65535);
	HAS_INDEX(table, SNAPSHOT_STRICT_ADDRESSES, 2, 16, V6(1), 443, 2, 16, V6(2), 65535);
}

static void
test_link_local(void **state)
{
	const struct table *table = &table_tcp_connection;

	(void)state;
	add(AF_INET6, ESTABLISHED, "fe80::1", 1, "fe80::1", 2);
	HAS_INDEX(table, 0, 2, 16, LINK_LOCAL, 1, 2, 16, LINK_LOCAL, 2);
	HAS_INDEX(table, SNAPSHOT_STRICT_ADDRESSES, 4, 20, LINK_LOCAL, 1, 2, 3, 4, 1, 4, 20,
	    LINK_LOCAL, 1, 2, 3, 4, 2);
	add(AF_INET6, ESTABLISHED, "fe80::1", 1, "2001:db8::2", 2);
	HAS_INDEX(table, SNAPSHOT_STRICT_ADDRESSES, 4, 20, LINK_LOCAL, 1, 2, 3, 4, 1, 2, 16,
	    V6(2), 2);
	add(AF_INET6, LISTEN, "fe80::1", 80, "::", 0);
	HAS_INDEX(&table_tcp_listener, SNAPSHOT_STRICT_ADDRESSES, 4, 20, LINK_LOCAL, 1, 2,
	    3, 4, 80);
}

static void
test_listener_index(void **state)
{
	const struct table *table = &table_tcp_listener;

	(void)state;
	for (unsigned options = 0; options <= SNAPSHOT_STRICT_ADDRESSES; options++) {
		add(AF_INET, LISTEN, "0.0.0.0", 80, "0.0.0.0", 0);
		HAS_INDEX(table, options, 1, 4, 0, 0, 0, 0, 80);
		add(AF_INET6, LISTEN, "::", 80, "::", 0);
		HAS_INDEX(table, options, 0, 0, 80);
		add(AF_INET6, LISTEN, "::", 80, "::", 0)->flags |= SOCKET_V6ONLY;
		HAS_INDEX(table, options, 2, 16, ANY6, 80);
		add(AF_INET6, LISTEN, "2001:db8::1", 80, "::", 0);
		HAS_INDEX(table, options, 2, 16, V6(1), 80);
		add(AF_INET6, LISTEN, "::ffff:192.0.2.1", 80, "::", 0);
		HAS_INDEX(table, options, V4_LOCAL, 80);
	}
}

/* Only a listener can be of both families. */
static void
test_any_address_of_a_connection(void **state)
{
	(void)state;
	add(AF_INET6, SYN_SENT, "::", 1, "2001:db8::2", 2);
	HAS_INDEX(&table_tcp_connection, 0, 2, 16, ANY6, 1, 2, 16, V6(2), 2);
}

static void
test_old_table_index(void **state)
{
	const struct table *table = &table_tcp_conn;

	(void)state;
	add(AF_INET, ESTABLISHED, "192.0.2.1", 22, "127.0.0.1", 51234);
	HAS_INDEX(table, 0, 192, 0, 2, 1, 22, 127, 0, 0, 1, 51234);
	add(AF_INET6, LISTEN, "::ffff:192.0.2.1", 22, "::", 0);
	HAS_INDEX(table, 0, 192, 0, 2, 1, 22, 0, 0, 0, 0, 0);
	/* Its elements of the addresses must not show. */
	add(AF_INET6, ESTABLISHED, "2001:db8::1", 1, "2001:db8::2", 2);
	add(AF_INET6, LISTEN, "::", 22, "::", 0);
	HAS_INDEX(table, 0, 0, 0, 0, 0, 22, 0, 0, 0, 0, 0);
}

static void
test_which_rows(void **state)
{
	size_t duplicates;

	(void)state;
	add(AF_INET, LISTEN, "127.0.0.1", 1, "0.0.0.0", 0);
	add(AF_INET, ESTABLISHED, "127.0.0.1", 1, "127.0.0.1", 2);
	add(AF_INET6, LISTEN, "::", 3, "::", 0);
	add(AF_INET6, LISTEN, "::", 3, "::", 0)->flags |= SOCKET_V6ONLY;
	add(AF_INET6, LISTEN, "::1", 1, "::", 0);
	add(AF_INET6, TIME_WAIT, "::1", 1, "::1", 2);
	add(AF_INET6, ESTABLISHED, "::ffff:127.0.0.1", 9, "::ffff:127.0.0.1", 2);
	assert_int_equal(count_rows(&table_tcp_listener, &duplicates), 4);
	assert_int_equal(duplicates, 0);
	assert_int_equal(count_rows(&table_tcp_connection, &duplicates), 3);
	assert_int_equal(duplicates, 0);
	assert_int_equal(count_rows(&table_tcp_conn, &duplicates), 4);
	assert_int_equal(duplicates, 0);
}

static void
test_groups_are_one_row(void **state)
{
	size_t duplicates;

	(void)state;
	for (int i = 0; i < 3; i++) {
		add(AF_INET, LISTEN, "0.0.0.0", 53, "0.0.0.0", 0);
		add(AF_INET6, LISTEN, "::", 53, "::", 0);
	}
	assert_int_equal(count_rows(&table_tcp_listener, &duplicates), 6);
	assert_int_equal(duplicates, 4);
	/* In the old table both families listen on 0.0.0.0. */
	assert_int_equal(count_rows(&table_tcp_conn, &duplicates), 6);
	assert_int_equal(duplicates, 5);
}

static void
test_states(void **state)
{
	/* By the kernel's numbers, CLOSE (7) standing for what it is called in the MIB. */
	static const struct {
		uint8_t kernel;
		int32_t number;
		const char *name;
	} states[] = {
		{ 1, 5, "established" },
		{ 2, 3, "synSent" },
		{ 3, 4, "synReceived" },
		{ 4, 6, "finWait1" },
		{ 5, 7, "finWait2" },
		{ 6, 11, "timeWait" },
		{ 7, 1, "closed" },
		{ 8, 8, "closeWait" },
		{ 9, 9, "lastAck" },
		{ 10, 2, "listen" },
		{ 11, 10, "closing" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(states); i++) {
		struct socket_row row = { .state = states[i].kernel };
		struct cell cell = { .row = &row };
		struct value value = { .type = VALUE_INTEGER };
		const struct label *label = tcp_states;

		assert_true(tcp_read_state(&cell, &value));
		assert_int_equal(value.integer, states[i].number);
		while (label->name && label->value != value.integer)
			label++;
		assert_string_equal(label->name, states[i].name);
	}
}

static void
test_prefers(void **state)
{
	struct socket_row full = { .state = ESTABLISHED, .cookie = { 9, 9 } };
	struct socket_row older = { .state = ESTABLISHED, .cookie = { 10, 8 } };
	struct socket_row oldest = { .state = ESTABLISHED, .cookie = { 9, 8 } };
	struct socket_row waiting = { .state = TIME_WAIT, .cookie = { 1, 0 } };
	struct socket_row request = { .state = SYN_RECV, .cookie = { 0, 0 } };

	(void)state;
	assert_true(tcp_prefers(&full, &waiting));
	assert_false(tcp_prefers(&waiting, &full));
	assert_true(tcp_prefers(&full, &request));
	assert_false(tcp_prefers(&request, &full));
	assert_true(tcp_prefers(&older, &full));
	assert_false(tcp_prefers(&full, &older));
	assert_true(tcp_prefers(&oldest, &older));
	assert_false(tcp_prefers(&older, &oldest));
	assert_false(tcp_prefers(&full, &full));
	assert_true(tcp_prefers(&request, &waiting));
}

/* The row that stands for a tuple met in two states is the live one. */
static void
test_tuple_met_twice(void **state)
{
	struct snapshot snapshot;
	struct value value;
	struct view view;

	(void)state;
	add(AF_INET, TIME_WAIT, "127.0.0.1", 1, "127.0.0.1", 2);
	add(AF_INET, ESTABLISHED, "127.0.0.1", 1, "127.0.0.1", 2);
	add(AF_INET, SYN_RECV, "127.0.0.1", 1, "127.0.0.1", 2);
	snapshot = as_snapshot(0);
	assert_int_equal(view_build(&table_tcp_connection, &snapshot, &view), 0);
	assert_int_equal(view.duplicates, 2);
	assert_true(check_column(&table_tcp_connection, &snapshot, &view, 0, 7, &value));
	assert_int_equal(value.integer, 5);
	array_free(&view.order);
}

static void
test_old_table_columns(void **state)
{
	static const uint32_t expected[2][6] = {
		{ 0, 2, 0, 80, 0, 0 },
		{ 0, 5, 0xc0000201, 65535, 0x7f000001, 51234 },
	};
	struct snapshot snapshot;
	struct value value;
	struct view view;

	(void)state;
	add(AF_INET, ESTABLISHED, "192.0.2.1", 65535, "127.0.0.1", 51234);
	add(AF_INET6, LISTEN, "::", 80, "::", 0);
	snapshot = as_snapshot(0);
	assert_int_equal(view_build(&table_tcp_conn, &snapshot, &view), 0);
	assert_int_equal(view.order.n, 2);
	for (size_t row = 0; row < 2; row++) {
		for (uint32_t column = 1; column < 6; column++) {
			assert_true(check_column(
			    &table_tcp_conn, &snapshot, &view, row, column, &value));
			assert_int_equal(value.type == VALUE_INTEGER
				? (uint32_t)value.integer
				: value.number,
			    expected[row][column]);
		}
	}
	array_free(&view.order);
}

/* Without the second source the owner is nobody, and still has a value. */
static void
test_process_without_join(void **state)
{
	struct snapshot snapshot;
	struct value value;
	struct view view;

	(void)state;
	add(AF_INET, LISTEN, "127.0.0.1", 1, "0.0.0.0", 0)->inode = 4711;
	snapshot = as_snapshot(0);
	assert_int_equal(view_build(&table_tcp_listener, &snapshot, &view), 0);
	assert_true(check_column(&table_tcp_listener, &snapshot, &view, 0, 4, &value));
	assert_int_equal(value.type, VALUE_GAUGE32);
	assert_int_equal(value.number, 0);
	array_free(&view.order);
}

/* --- scalars -------------------------------------------------------------------------- */

/* A scalar of one sample. */
static bool
read_scalar(struct counters *counters, uint32_t number, struct value *ret)
{
	struct snapshot snapshot = {
		.rows = { .data = counters, .n = 1, .size = sizeof(*counters) },
	};
	uint32_t entry = 0;
	struct view view = { .order = { .data = &entry, .n = 1, .size = sizeof(entry) } };

	return check_column(&table_tcp_scalars, &snapshot, &view, 0, number, ret);
}

static void
test_scalars(void **state)
{
	static const struct {
		uint32_t number;
		enum value_type type;
		enum counter counter;
	} scalars[] = {
		{ 1, VALUE_INTEGER, TCP_RTO_ALGORITHM },
		{ 2, VALUE_INTEGER, TCP_RTO_MIN },
		{ 3, VALUE_INTEGER, TCP_RTO_MAX },
		{ 4, VALUE_INTEGER, TCP_MAX_CONN },
		{ 5, VALUE_COUNTER32, TCP_ACTIVE_OPENS },
		{ 6, VALUE_COUNTER32, TCP_PASSIVE_OPENS },
		{ 7, VALUE_COUNTER32, TCP_ATTEMPT_FAILS },
		{ 8, VALUE_COUNTER32, TCP_ESTAB_RESETS },
		{ 9, VALUE_GAUGE32, TCP_CURR_ESTAB },
		{ 10, VALUE_COUNTER32, TCP_IN_SEGS },
		{ 11, VALUE_COUNTER32, TCP_OUT_SEGS },
		{ 12, VALUE_COUNTER32, TCP_RETRANS_SEGS },
		{ 14, VALUE_COUNTER32, TCP_IN_ERRS },
		{ 15, VALUE_COUNTER32, TCP_OUT_RSTS },
		{ 17, VALUE_COUNTER64, TCP_IN_SEGS },
		{ 18, VALUE_COUNTER64, TCP_OUT_SEGS },
	};
	struct counters counters = { 0 };

	(void)state;
	assert_int_equal(table_tcp_scalars.n_columns, ARRAY_LENGTH(scalars));
	for (enum counter counter = 0; counter < COUNTERS; counter++)
		counters.value[counter] = 100 + counter;
	for (size_t i = 0; i < ARRAY_LENGTH(scalars); i++) {
		struct value value = { .counter64 = 0 };

		assert_false(read_scalar(&counters, scalars[i].number, &value));
		counters.present[scalars[i].counter] = true;
		assert_true(read_scalar(&counters, scalars[i].number, &value));
		counters.present[scalars[i].counter] = false;
		assert_int_equal(value.type, scalars[i].type);
		if (value.type == VALUE_COUNTER64)
			assert_int_equal(value.counter64, 100 + scalars[i].counter);
		else
			assert_int_equal(value.number, 100 + scalars[i].counter);
	}
}

static void
test_large_scalars(void **state)
{
	struct counters counters = { 0 };
	struct value value;

	(void)state;
	memset(counters.present, 1, sizeof(counters.present));
	counters.value[TCP_MAX_CONN] = -1;
	counters.value[TCP_IN_SEGS] = INT64_C(0x123456789a);
	counters.value[TCP_OUT_SEGS] = -1; /* 2^64 - 1 */
	counters.value[TCP_CURR_ESTAB] = INT64_C(0x100000001);
	assert_true(read_scalar(&counters, 4, &value));
	assert_int_equal(value.integer, -1);
	/* The low half of the same sample. */
	assert_true(read_scalar(&counters, 10, &value));
	assert_int_equal(value.number, 0x3456789a);
	assert_true(read_scalar(&counters, 17, &value));
	assert_true(value.counter64 == UINT64_C(0x123456789a));
	assert_true(read_scalar(&counters, 11, &value));
	assert_int_equal(value.number, UINT32_MAX);
	assert_true(read_scalar(&counters, 18, &value));
	assert_true(value.counter64 == UINT64_MAX);
	/* A gauge stays at its highest value (RFC 2578, 7.1.7). */
	assert_true(read_scalar(&counters, 9, &value));
	assert_int_equal(value.number, UINT32_MAX);
}

/* --- the list of tables --------------------------------------------------------------- */

static void
test_tables_are_whole(void **state)
{
	(void)state;
	for (const struct table *const *table = tables_all; *table; table++) {
		assert_non_null((*table)->name);
		assert_non_null((*table)->group);
		assert_non_null((*table)->source);
		assert_true((*table)->n_columns > 0);
		assert_true((*table)->scalars == ((*table)->n_index == 0));
		for (size_t i = 0; i < (*table)->n_columns; i++) {
			const struct column *column = &(*table)->columns[i];

			assert_non_null(column->name);
			assert_non_null(column->read);
			assert_true(i == 0 || column->number > column[-1].number);
			assert_true(!column->joins || (*table)->join);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_connection_index, start, stop),
		cmocka_unit_test_setup_teardown(test_link_local, start, stop),
		cmocka_unit_test_setup_teardown(test_listener_index, start, stop),
		cmocka_unit_test_setup_teardown(
		    test_any_address_of_a_connection, start, stop),
		cmocka_unit_test_setup_teardown(test_old_table_index, start, stop),
		cmocka_unit_test_setup_teardown(test_which_rows, start, stop),
		cmocka_unit_test_setup_teardown(test_groups_are_one_row, start, stop),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_prefers),
		cmocka_unit_test_setup_teardown(test_tuple_met_twice, start, stop),
		cmocka_unit_test_setup_teardown(test_old_table_columns, start, stop),
		cmocka_unit_test_setup_teardown(test_process_without_join, start, stop),
		cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_large_scalars),
		cmocka_unit_test(test_tables_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
