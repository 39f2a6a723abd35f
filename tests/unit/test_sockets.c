// SPDX-License-Identifier: BSD-2-Clause
// Tests of the socket rows: sock_diag messages built octet by octet, and real sockets.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/sockets.h"

#define ESTABLISHED 1
#define TIME_WAIT 6
#define CLOSE 7
#define LISTEN 10

/* One sock_diag message with room for an attribute. */
struct message {
	struct nlmsghdr header;
	struct inet_diag_msg body;
	uint8_t attributes[16];
};

static struct message
make_message(int family, uint8_t state, const char *local, uint16_t port,
    const char *remote, uint16_t remote_port)
{
	struct message message = {
		.header.nlmsg_len = NLMSG_LENGTH(sizeof(struct inet_diag_msg)),
		.header.nlmsg_type = SOCK_DIAG_BY_FAMILY,
		.body.idiag_family = (uint8_t)family,
		.body.idiag_state = state,
		.body.idiag_inode = 4711,
		.body.id.idiag_sport = htons(port),
		.body.id.idiag_dport = htons(remote_port),
		.body.id.idiag_cookie = { 0x11223344, 0x55667788 },
	};

	assert_int_equal(inet_pton(family, local, message.body.id.idiag_src), 1);
	assert_int_equal(inet_pton(family, remote, message.body.id.idiag_dst), 1);
	return message;
}

static void
add_attribute(struct message *message, uint16_t type, uint16_t length, uint8_t value)
{
	struct nlattr attribute = { .nla_len = length, .nla_type = type };
	size_t at = message->header.nlmsg_len - NLMSG_LENGTH(sizeof(struct inet_diag_msg));

	memcpy(message->attributes + at, &attribute, sizeof(attribute));
	message->attributes[at + sizeof(attribute)] = value;
	message->header.nlmsg_len += 8;
}

/* Takes a message from memory that ends where it does. Returns the result. */
static int
take(struct sockets *sockets, const struct message *message)
{
	struct nlmsghdr *copy = malloc(message->header.nlmsg_len);
	int error;

	memcpy(copy, message, message->header.nlmsg_len);
	error = sockets_message(copy, sockets);
	free(copy);
	return error;
}

/* Takes a message that yields a row, which is returned. */
static const struct socket_row *
take_row(struct sockets *sockets, const struct message *message)
{
	size_t n = sockets->rows.n;

	assert_int_equal(take(sockets, message), 0);
	assert_int_equal(sockets->rows.n, n + 1);
	assert_int_equal(sockets->malformed, 0);
	return array_at(&sockets->rows, n);
}

static void
assert_address(
    const struct sockets *sockets, uint32_t element, const char *text, uint32_t scope)
{
	const struct pool_address *address = array_at(&sockets->pool.addresses, element);
	uint8_t octets[16];

	assert_true(element < sockets->pool.addresses.n);
	assert_int_equal(inet_pton(AF_INET6, text, octets), 1);
	assert_memory_equal(address->octets, octets, 16);
	assert_int_equal(address->scope, scope);
}

static void
test_size(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct socket_row), 28);
	assert_int_equal(sizeof(struct pool_address), 20);
}

static void
test_ipv4(void **state)
{
	struct message message =
	    make_message(AF_INET, ESTABLISHED, "192.0.2.1", 22, "203.0.113.254", 65535);
	const struct socket_row *row;
	struct sockets sockets;

	(void)state;
	sockets_init(&sockets, IPPROTO_TCP);
	row = take_row(&sockets, &message);
	assert_int_equal(row->local, 0xc0000201);
	assert_int_equal(row->remote, 0xcb0071fe);
	assert_int_equal(row->local_port, 22);
	assert_int_equal(row->remote_port, 65535);
	assert_int_equal(row->state, ESTABLISHED);
	assert_int_equal(row->flags, 0);
	assert_int_equal(row->inode, 4711);
	assert_int_equal(row->cookie[0], 0x11223344);
	assert_int_equal(row->cookie[1], 0x55667788);
	assert_int_equal(sockets.pool.addresses.n, 0);
	message.header.nlmsg_type = TCPDIAG_GETSOCK;
	take_row(&sockets, &message);
	sockets_free(&sockets);
}

static void
test_ipv6(void **state)
{
	struct message message =
	    make_message(AF_INET6, TIME_WAIT, "2001:db8::1", 443, "2001:db8:ffff::2", 1024);
	const struct socket_row *row;
	struct sockets sockets;

	(void)state;
	sockets_init(&sockets, IPPROTO_TCP);
	/* Bound to an interface: of no meaning to this address. */
	message.body.id.idiag_if = 7;
	row = take_row(&sockets, &message);
	assert_int_equal(row->flags, SOCKET_IPV6);
	assert_int_equal(row->state, TIME_WAIT);
	assert_address(&sockets, row->local, "2001:db8::1", 0);
	assert_address(&sockets, row->remote, "2001:db8:ffff::2", 0);
	sockets_free(&sockets);
}

static void
test_link_local(void **state)
{
	struct message message =
	    make_message(AF_INET6, ESTABLISHED, "fe80::1", 1, "febf::2", 2);
	struct message other =
	    make_message(AF_INET6, ESTABLISHED, "fe80::1", 1, "fec0::2", 2);
	const struct socket_row *row;
	struct sockets sockets;

	(void)state;
	sockets_init(&sockets, IPPROTO_TCP);
	message.body.id.idiag_if = 3;
	row = take_row(&sockets, &message);
	assert_address(&sockets, row->local, "fe80::1", 3);
	assert_address(&sockets, row->remote, "febf::2", 3);
	/* The same octets on another link are another address. */
	other.body.id.idiag_if = 4;
	row = take_row(&sockets, &other);
	assert_address(&sockets, row->local, "fe80::1", 4);
	assert_address(&sockets, row->remote, "fec0::2", 0);
	assert_int_equal(sockets.pool.addresses.n, 4);
	sockets_free(&sockets);
}

static void
test_mapped(void **state)
{
	struct message connection = make_message(
	    AF_INET6, ESTABLISHED, "::ffff:192.0.2.1", 22, "::ffff:192.0.2.9", 99);
	struct message listener =
	    make_message(AF_INET6, LISTEN, "::ffff:192.0.2.1", 22, "::", 0);
	const struct socket_row *row;
	struct sockets sockets;

	(void)state;
	sockets_init(&sockets, IPPROTO_TCP);
	row = take_row(&sockets, &connection);
	assert_int_equal(row->flags & SOCKET_IPV6, 0);
	assert_int_equal(row->local, 0xc0000201);
	assert_int_equal(row->remote, 0xc0000209);
	row = take_row(&sockets, &listener);
	assert_int_equal(row->flags & SOCKET_IPV6, 0);
	assert_int_equal(row->local, 0xc0000201);
	assert_int_equal(row->remote, 0);
	assert_int_equal(sockets.pool.addresses.n, 0);
	sockets_free(&sockets);
}

static void
test_v6only(void **state)
{
	struct message dual = make_message(AF_INET6, LISTEN, "::", 80, "::", 0),
		       only = dual, told = dual,
		       ipv4 = make_message(AF_INET, LISTEN, "0.0.0.0", 80, "0.0.0.0", 0);
	struct sockets sockets;

	(void)state;
	sockets_init(&sockets, IPPROTO_TCP);
	assert_int_equal(take_row(&sockets, &dual)->flags, SOCKET_IPV6);
	add_attribute(&told, INET_DIAG_SKV6ONLY, 5, 0);
	assert_int_equal(take_row(&sockets, &told)->flags, SOCKET_IPV6);
	add_attribute(&only, INET_DIAG_SHUTDOWN, 5, 3);
	add_attribute(&only, INET_DIAG_SKV6ONLY, 5, 1);
	assert_int_equal(take_row(&sockets, &only)->flags, SOCKET_IPV6 | SOCKET_V6ONLY);
	add_attribute(&ipv4, INET_DIAG_SKV6ONLY, 5, 1);
	assert_int_equal(take_row(&sockets, &ipv4)->flags, 0);
	/* All of them share the one address there is. */
	assert_int_equal(sockets.pool.addresses.n, 1);
	sockets_free(&sockets);
}

/* Attributes that are cut off, or lie about their length: the message is skipped and
 * counted. */
static void
test_bad_attributes(void **state)
{
	struct message good = make_message(AF_INET6, LISTEN, "::", 80, "::", 0);
	static const uint16_t lengths[] = { 0, 3, 9, 100, 65535 };
	struct sockets sockets;
	size_t count = 0;
	uint32_t whole;

	(void)state;
	sockets_init(&sockets, IPPROTO_TCP);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct message message = good;

		add_attribute(&message, INET_DIAG_SKV6ONLY, lengths[i], 1);
		assert_int_equal(take(&sockets, &message), 0);
		assert_int_equal(sockets.malformed, ++count);
	}
	add_attribute(&good, INET_DIAG_SKV6ONLY, 5, 1);
	whole = good.header.nlmsg_len;
	for (uint32_t cut = 4; cut < 8; cut++) {
		good.header.nlmsg_len = whole - cut;
		assert_int_equal(take(&sockets, &good), 0);
		assert_int_equal(sockets.malformed, ++count);
	}
	assert_int_equal(sockets.rows.n, 0);
	sockets.malformed = 0;
	good.header.nlmsg_len = whole - 3; /* without the padding */
	assert_int_equal(take_row(&sockets, &good)->flags, SOCKET_IPV6 | SOCKET_V6ONLY);
	sockets_free(&sockets);
}

static void
test_states(void **state)
{
	struct sockets sockets;

	(void)state;
	sockets_init(&sockets, IPPROTO_TCP);
	for (unsigned kernel = 0; kernel < 256; kernel++) {
		struct message message =
		    make_message(AF_INET, (uint8_t)kernel, "127.0.0.1", 1, "127.0.0.1", 2);
		size_t n = sockets.rows.n;

		assert_int_equal(take(&sockets, &message), 0);
		assert_int_equal(sockets.rows.n - n,
		    kernel >= 1 && kernel <= 11 && kernel != CLOSE);
	}
	sockets_free(&sockets);
}

static void
test_malformed(void **state)
{
	struct message message =
	    make_message(AF_INET, ESTABLISHED, "127.0.0.1", 1, "127.0.0.1", 2);
	uint32_t whole = message.header.nlmsg_len;
	struct sockets sockets;
	size_t count = 0;

	(void)state;
	sockets_init(&sockets, IPPROTO_TCP);
	for (uint32_t length = NLMSG_HDRLEN; length < whole; length++) {
		message.header.nlmsg_len = length;
		assert_int_equal(take(&sockets, &message), 0);
		assert_int_equal(sockets.malformed, ++count);
	}
	message.header.nlmsg_len = whole;
	message.body.idiag_family = AF_UNIX;
	assert_int_equal(take(&sockets, &message), 0);
	assert_int_equal(sockets.malformed, ++count);
	assert_int_equal(sockets.rows.n, 0);
	/* What is no answer to the request is none of ours. */
	message.body.idiag_family = AF_INET;
	message.header.nlmsg_type = SOCK_DIAG_BY_FAMILY + 1;
	assert_int_equal(take(&sockets, &message), 0);
	assert_int_equal(sockets.malformed, count);
	assert_int_equal(sockets.rows.n, 0);
	sockets_free(&sockets);
}

/* Each of n addresses stands there once, however often it is met. */
static void
test_interning(void **state)
{
	enum { DISTINCT = 2000 };
	uint8_t local[16] = { 0x20, 1, 0xd, 0xb8 }, remote[16] = { 0x20, 1, 0xd, 0xb8, 1 };
	struct socket_row row = { .state = ESTABLISHED };
	struct sockets sockets;

	(void)state;
	sockets_init(&sockets, IPPROTO_TCP);
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < DISTINCT; i++) {
			remote[14] = (uint8_t)(i >> 8);
			remote[15] = (uint8_t)i;
			assert_int_equal(
			    sockets_add(&sockets, row, AF_INET6, local, remote, 0), 0);
		}
		assert_int_equal(sockets.pool.addresses.n, DISTINCT + 1);
	}
	assert_int_equal(sockets.rows.n, 2 * DISTINCT);
	for (unsigned i = 0; i < 2 * DISTINCT; i++) {
		const struct socket_row *added = array_at(&sockets.rows, i);
		const struct pool_address *address =
		    array_at(&sockets.pool.addresses, added->remote);

		assert_int_equal(added->local, 0);
		assert_int_equal(address->octets[4], 1);
		assert_int_equal(
		    address->octets[14] << 8 | address->octets[15], i % DISTINCT);
	}
	sockets_free(&sockets);
}

/* --- real sockets --------------------------------------------------------------------- */

union any_address {
	struct sockaddr any;
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
};

/* A listener on a port of the kernel's choice; -1 without that family. */
static int
open_listener(int family, const char *address, bool v6only, uint16_t *ret_port)
{
	union any_address name = { .any.sa_family = (sa_family_t)family };
	socklen_t length = family == AF_INET ? sizeof(name.ipv4) : sizeof(name.ipv6);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0), only = v6only;

	if (fd < 0)
		return -1;
	assert_int_equal(inet_pton(family, address,
	    family == AF_INET ? (void *)&name.ipv4.sin_addr : &name.ipv6.sin6_addr), 1);
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only));
	if (bind(fd, &name.any, length) < 0 || listen(fd, 5) < 0) {
		close(fd);
		return -1;
	}
	assert_int_equal(getsockname(fd, &name.any, &length), 0);
	*ret_port = ntohs(family == AF_INET ? name.ipv4.sin_port : name.ipv6.sin6_port);
	return fd;
}

/* The one row with this inode. */
static const struct socket_row *
find_row(const struct sockets *sockets, int fd)
{
	const struct socket_row *found = NULL;
	struct stat status;

	assert_int_equal(fstat(fd, &status), 0);
	for (size_t i = 0; i < sockets->rows.n; i++) {
		const struct socket_row *row = array_at(&sockets->rows, i);

		if (row->inode != status.st_ino)
			continue;
		assert_null(found);
		found = row;
	}
	assert_non_null(found);
	return found;
}

/* Reads the sockets of this machine starting with a method, and looks for two listeners. */
static void
check_real(
    enum sockets_method method, int ipv4, uint16_t ipv4_port, int ipv6, uint16_t ipv6_port)
{
	const struct pause pause = { NULL, NULL };
	enum sockets_method used = method;
	const struct socket_row *row;
	struct sockets sockets;

	sockets_init(&sockets, IPPROTO_TCP);
	assert_int_equal(sockets_read(&sockets, &used, &pause), 0);
	assert_true(used >= method);
	row = find_row(&sockets, ipv4);
	assert_int_equal(row->local, INADDR_LOOPBACK);
	assert_int_equal(row->local_port, ipv4_port);
	assert_int_equal(row->state, LISTEN);
	assert_int_equal(row->flags, 0);
	assert_true(row->cookie[0] | row->cookie[1]);
	if (ipv6 >= 0) {
		row = find_row(&sockets, ipv6);
		assert_int_equal(row->local_port, ipv6_port);
		assert_int_equal(row->flags,
		    used == SOCKETS_PROC ? SOCKET_IPV6 : SOCKET_IPV6 | SOCKET_V6ONLY);
		assert_address(&sockets, row->local, "::", 0);
	}
	sockets_free(&sockets);
}

static void
test_real_sockets(void **state)
{
	uint16_t ipv4_port = 0, ipv6_port = 0;
	int ipv4 = open_listener(AF_INET, "127.0.0.1", false, &ipv4_port);
	int ipv6 = open_listener(AF_INET6, "::", true, &ipv6_port);

	(void)state;
	assert_true(ipv4 >= 0);
	check_real(SOCKETS_ONE_PASS, ipv4, ipv4_port, ipv6, ipv6_port);
	check_real(SOCKETS_PER_FAMILY, ipv4, ipv4_port, ipv6, ipv6_port);
	check_real(SOCKETS_PROC, ipv4, ipv4_port, ipv6, ipv6_port);
	close(ipv4);
	if (ipv6 >= 0)
		close(ipv6);
}

static void
test_real_dual_stack(void **state)
{
	const struct pause pause = { NULL, NULL };
	enum sockets_method method = SOCKETS_ONE_PASS;
	struct sockets sockets;
	uint16_t port;
	int fd = open_listener(AF_INET6, "::", false, &port);

	(void)state;
	if (fd < 0)
		skip();
	sockets_init(&sockets, IPPROTO_TCP);
	assert_int_equal(sockets_read(&sockets, &method, &pause), 0);
	assert_int_equal(find_row(&sockets, fd)->flags, SOCKET_IPV6);
	sockets_free(&sockets);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_ipv4),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_link_local),
		cmocka_unit_test(test_mapped),
		cmocka_unit_test(test_v6only),
		cmocka_unit_test(test_bad_attributes),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_interning),
		cmocka_unit_test(test_real_sockets),
		cmocka_unit_test(test_real_dual_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
