// SPDX-License-Identifier: BSD-2-Clause
// Tests of multicast messages as a hint, on the real bus of a network namespace made for
// each.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/nexthop.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/events.h"
#include "namespace.h"

static const int all[] = { RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE,
	RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV6_ROUTE, RTNLGRP_NEXTHOP };
static const int link_only[] = { RTNLGRP_LINK };
static const int nexthop_only[] = { RTNLGRP_NEXTHOP };
static const int routes_only[] = { RTNLGRP_IPV4_ROUTE };

static struct events events;
static bool permitted;

#define HAPPENED(groups) \
	events_happened(&events, groups, sizeof(groups) / sizeof((groups)[0]))

/* A namespace of its own, with nothing but lo, which is down. */
static int
start(void **state)
{
	(void)state;
	permitted = namespace_enter();
	events = (struct events){ NULL };
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	events_close(&events);
	return 0;
}

/* --- changes
 * ------------------------------------------------------------------------------------ */

static void
set_link(bool up)
{
	assert_int_equal(namespace_set_up(LOOPBACK, up), 0);
}

/* An unreachable route to this destination, IPv4 or IPv6, comes or goes. */
static int
change_route(uint16_t type, const char *destination, uint8_t length)
{
	struct message message;
	uint8_t octets[16];

	message_start_route(&message,
	    address_octets(destination, octets) == 16 ? AF_INET6 : AF_INET, length);
	message.header.nlmsg_type = type;
	message_route(&message)->rtm_type = RTN_UNREACHABLE;
	message_put_address(&message, RTA_DST, destination);
	return namespace_request(
	    &message, type == RTM_NEWROUTE ? NLM_F_CREATE | NLM_F_EXCL : 0);
}

static int
change_nexthop(uint16_t type)
{
	struct nhmsg body = { .nh_family = type == RTM_NEWNEXTHOP ? AF_INET : AF_UNSPEC };
	struct message message;

	message_start(&message, type, &body, sizeof(body));
	message_put_u32(&message, NHA_ID, 5);
	if (type == RTM_NEWNEXTHOP)
		message_put(&message, NHA_BLACKHOLE, NULL, 0);
	return namespace_request(
	    &message, type == RTM_NEWNEXTHOP ? NLM_F_CREATE | NLM_F_EXCL : 0);
}

/* Something happened since the last look, and nothing since this one. */
#define HAPPENED_ONCE(groups) \
	do { \
		assert_true(HAPPENED(groups)); \
		assert_false(HAPPENED(groups)); \
	} while (0)

/* --- tests
 * -------------------------------------------------------------------------------------- */

static void
test_first_look(void **state)
{
	(void)state;
	if (!permitted)
		skip();
	HAPPENED_ONCE(all);
	assert_false(HAPPENED(all));
	assert_non_null(events.socket);
}

static void
test_changes(void **state)
{
	(void)state;
	if (!permitted)
		skip();
	HAPPENED(all);
	set_link(true);
	HAPPENED_ONCE(all);
	assert_int_equal(change_route(RTM_NEWROUTE, "10.0.0.0", 8), 0);
	HAPPENED_ONCE(all);
	assert_int_equal(change_route(RTM_DELROUTE, "10.0.0.0", 8), 0);
	HAPPENED_ONCE(all);
	set_link(false);
	HAPPENED_ONCE(all);
}

static void
test_changes_ipv6(void **state)
{
	int error;

	(void)state;
	if (!permitted)
		skip();
	HAPPENED(all);
	error = change_route(RTM_NEWROUTE, "2001:db8::", 32);
	if (error == -EAFNOSUPPORT || error == -EOPNOTSUPP)
		skip(); /* a kernel without IPv6 */
	assert_int_equal(error, 0);
	HAPPENED_ONCE(all);
}

static void
test_nexthops(void **state)
{
	int error;

	(void)state;
	if (!permitted)
		skip();
	set_link(true); /* a blackhole is on lo */
	HAPPENED(nexthop_only);
	error = change_nexthop(RTM_NEWNEXTHOP);
	if (error == -EOPNOTSUPP)
		skip(); /* before Linux 5.3 */
	assert_int_equal(error, 0);
	HAPPENED_ONCE(nexthop_only);
	assert_int_equal(change_nexthop(RTM_DELNEXTHOP), 0);
	HAPPENED_ONCE(nexthop_only);
}

/* What is refused, and what only asks, changes nothing. */
static void
test_no_change(void **state)
{
	(void)state;
	if (!permitted)
		skip();
	assert_int_equal(change_route(RTM_NEWROUTE, "10.0.0.0", 8), 0);
	HAPPENED_ONCE(all);
	assert_int_equal(change_route(RTM_NEWROUTE, "10.0.0.0", 8), -EEXIST);
	assert_int_equal(change_route(RTM_DELROUTE, "10.1.0.0", 16), -ESRCH);
	assert_false(HAPPENED(all));
}

/* Only the groups that were joined are heard; one the kernel does not know is no hindrance.
 */
static void
test_groups(void **state)
{
	static const int unknown[] = { RTNLGRP_IPV4_ROUTE, 30000 };

	(void)state;
	if (!permitted)
		skip();
	HAPPENED_ONCE(link_only);
	assert_int_equal(change_route(RTM_NEWROUTE, "10.0.0.0", 8), 0);
	assert_false(HAPPENED(link_only));
	set_link(true);
	HAPPENED_ONCE(link_only);
	events_close(&events);
	HAPPENED_ONCE(unknown);
	assert_int_equal(change_route(RTM_DELROUTE, "10.0.0.0", 8), 0);
	HAPPENED_ONCE(unknown);
}

static unsigned
drops(void)
{
	uint32_t memory[16] = { 0 }; /* SK_MEMINFO_… */
	socklen_t size = sizeof(memory);

	assert_int_equal(getsockopt(mnl_socket_get_fd(events.socket), SOL_SOCKET,
			     SO_MEMINFO, memory, &size),
	    0);
	return memory[8]; /* SK_MEMINFO_DROPS */
}

/* More than the socket can hold: messages are lost, but not that there were some; then all
 * is as before. */
static void
test_overflow(void **state)
{
	int small = 1;

	(void)state;
	if (!permitted)
		skip();
	HAPPENED(routes_only);
	assert_int_equal(setsockopt(mnl_socket_get_fd(events.socket), SOL_SOCKET, SO_RCVBUF,
			     &small, sizeof(small)),
	    0);
	for (int round = 0; round < 3; round++) {
		unsigned before = drops();

		for (int i = 0; i < 100; i++) {
			assert_int_equal(change_route(RTM_NEWROUTE, "10.0.0.0", 8), 0);
			assert_int_equal(change_route(RTM_DELROUTE, "10.0.0.0", 8), 0);
		}
		assert_true(drops() > before);
		HAPPENED_ONCE(routes_only);
		assert_int_equal(change_route(RTM_NEWROUTE, "10.0.0.0", 8), 0);
		HAPPENED_ONCE(routes_only);
		assert_int_equal(change_route(RTM_DELROUTE, "10.0.0.0", 8), 0);
		HAPPENED_ONCE(routes_only);
	}
}

/* Nothing is known while the groups cannot be joined, nor of the time before they are. */
static void
test_join_fails(void **state)
{
	struct rlimit before, none;

	(void)state;
	if (!permitted)
		skip();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	for (int i = 0; i < 3; i++) {
		assert_true(HAPPENED(all));
		assert_null(events.socket);
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	HAPPENED_ONCE(all);
}

/* The socket itself: it does not block, and is closed in programs that are run. */
static void
test_join(void **state)
{
	struct mnl_socket *socket = events_join(
	    NETLINK_ROUTE, all, sizeof(all) / sizeof(all[0]));
	int fd;

	(void)state;
	assert_non_null(socket);
	fd = mnl_socket_get_fd(socket);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	if (permitted)
		assert_false(events_drain(socket));
	mnl_socket_close(socket);
}

/* Groups are joined from then on, and each by itself; none at all is no error. */
static void
test_join_groups(void **state)
{
	struct mnl_socket *links, *routes, *none;

	(void)state;
	if (!permitted)
		skip();
	set_link(true);
	links = events_join(NETLINK_ROUTE, link_only, 1);
	routes = events_join(NETLINK_ROUTE, routes_only, 1);
	none = events_join(NETLINK_ROUTE, NULL, 0);
	assert_true(links && routes && none);
	assert_false(events_drain(links));
	set_link(false);
	assert_true(events_drain(links));
	assert_int_equal(change_route(RTM_NEWROUTE, "10.0.0.0", 8), 0);
	assert_false(events_drain(links));
	assert_true(events_drain(routes));
	assert_false(events_drain(routes));
	assert_false(events_drain(none));
	mnl_socket_close(links);
	mnl_socket_close(routes);
	mnl_socket_close(none);
}

/* It says why, and keeps no socket. */
static void
test_join_error(void **state)
{
	struct rlimit before, none;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_null(events_join(NETLINK_ROUTE, link_only, 1));
	assert_int_equal(errno, EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

/* To the end, however many there are; the news of a loss is one, and not the end. */
static void
test_drain(void **state)
{
	struct mnl_socket *socket;
	int small = 1;

	(void)state;
	if (!permitted)
		skip();
	socket = events_join(NETLINK_ROUTE, routes_only, 1);
	assert_non_null(socket);
	for (int overflow = 0; overflow < 2; overflow++) {
		for (int i = 0; i < 50; i++) {
			assert_int_equal(change_route(RTM_NEWROUTE, "10.0.0.0", 8), 0);
			assert_int_equal(change_route(RTM_DELROUTE, "10.0.0.0", 8), 0);
		}
		assert_true(events_drain(socket));
		assert_false(events_drain(socket));
		assert_int_equal(setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET,
				     SO_RCVBUF, &small, sizeof(small)),
		    0);
	}
	mnl_socket_close(socket);
}

static void
test_close(void **state)
{
	int fd;

	(void)state;
	events_close(&events); /* before the first look */
	assert_true(HAPPENED(all));
	fd = mnl_socket_get_fd(events.socket);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	events_close(&events);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_null(events.socket);
	events_close(&events);
	assert_true(HAPPENED(all));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_first_look),
		TEST(test_changes),
		TEST(test_changes_ipv6),
		TEST(test_nexthops),
		TEST(test_no_change),
		TEST(test_groups),
		TEST(test_overflow),
		TEST(test_join_fails),
		TEST(test_join),
		TEST(test_join_groups),
		TEST(test_join_error),
		TEST(test_drain),
		TEST(test_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
