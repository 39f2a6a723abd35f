// SPDX-License-Identifier: BSD-2-Clause
// Tests of what the kernel tells of devices the moment it happens, on the real bus of a
// network namespace made for each.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "kernel/link_events.h"
#include "namespace.h"

#define WAIT_MS 5000 /* what the kernel does in its own time takes up to a second */

#define ONE 70
#define OTHER 71
#define BRIDGE 72

static struct link_events events;
static bool permitted;

/* The last that was told of some device. */
struct heard {
	unsigned n; /* how often it was told of */
	unsigned gone;
	struct link link; /* its octets are in a message that is no more */
	char name[IFNAMSIZ];
};

/* What was told of all, in a namespace whose devices have these numbers. */
static struct heard heard[BRIDGE + 1];

static int
start(void **state)
{
	(void)state;
	permitted = namespace_enter();
	memset(heard, 0, sizeof(heard));
	events = (struct link_events){ 0 };
	assert_int_equal(link_events_open(&events), 0);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	link_events_close(&events);
	return 0;
}

static void
hear(const struct link *link, bool gone, void *argument)
{
	struct heard *one = &heard[link->ifindex];

	assert_ptr_equal(argument, &events);
	assert_true(link->ifindex <= BRIDGE);
	/* They are in the message, which is there for as long as this lasts. */
	assert_true((const char *)link->name.at > events.buffer &&
	    (const char *)link->name.at < events.buffer + NETLINK_BUFFER_SIZE);
	one->n++;
	one->gone += gone;
	one->link = *link;
	octets_to_text(link->name, one->name, sizeof(one->name));
}

/* Takes all there are; returns how many. */
static unsigned
take_all(void)
{
	unsigned n = 0;
	int taken;

	while ((taken = link_events_take(&events, hear, &events)) > 0)
		n++;
	assert_int_equal(taken, 0);
	return n;
}

/* Takes all there are, as what came before does not matter. */
static void
forget(void)
{
	take_all();
	memset(heard, 0, sizeof(heard));
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Waits until a device is in an operational state. */
static bool
becomes(uint32_t ifindex, uint8_t operstate)
{
	int64_t end = now_ms() + WAIT_MS, left;

	for (;;) {
		struct pollfd fd = { link_events_fd(&events), POLLIN, 0 };

		take_all();
		if (heard[ifindex].n > 0 && heard[ifindex].link.operstate == operstate)
			return true;
		left = end - now_ms();
		if (left <= 0)
			return false;
		assert_true(poll(&fd, 1, (int)left) >= 0);
	}
}

/* A pair of veth, of which nothing has been taken yet; skips the test without. */
static void
add_veth(void)
{
	int error;

	if (!permitted)
		skip();
	error = namespace_add_veth(ONE, "one", OTHER, "other");
	if (error == -EOPNOTSUPP)
		skip();
	assert_int_equal(error, 0);
}

/* --- the socket ----------------------------------------------------------------------- */

static void
test_open(void **state)
{
	struct pollfd fd = { link_events_fd(&events), POLLIN, 0 };

	(void)state;
	if (!permitted)
		skip();
	assert_true(fcntl(fd.fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(link_events_take(&events, hear, &events), 0);
	assert_int_equal(poll(&fd, 1, 0), 0);
	assert_int_equal(namespace_set_up(LOOPBACK, true), 0);
	assert_int_equal(poll(&fd, 1, 0), 1);
	assert_true(take_all() > 0);
	assert_int_equal(poll(&fd, 1, 0), 0);
}

static void
test_close(void **state)
{
	int fd = link_events_fd(&events);

	(void)state;
	link_events_close(&events);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_null(events.socket);
	assert_null(events.buffer);
	link_events_close(&events);
	assert_int_equal(link_events_open(&events), 0);
}

static void
test_open_fails(void **state)
{
	struct rlimit before, none;

	(void)state;
	link_events_close(&events);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	memset(&events, 0xa5, sizeof(events));
	assert_int_equal(link_events_open(&events), -EMFILE);
	assert_null(events.socket);
	assert_null(events.drivers);
	assert_null(events.buffer);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

/* --- what happens --------------------------------------------------------------------- */

static void
test_added(void **state)
{
	(void)state;
	add_veth();
	take_all();
	assert_true(heard[ONE].n > 0 && heard[OTHER].n > 0);
	assert_string_equal(heard[ONE].name, "one");
	assert_string_equal(heard[OTHER].name, "other");
	assert_int_equal(heard[ONE].link.other, OTHER);
	assert_int_equal(heard[ONE].gone + heard[OTHER].gone, 0);
	assert_false(heard[ONE].link.flags & IFF_UP);
	assert_int_equal(heard[LOOPBACK].n, 0);
}

static void
test_up_and_down(void **state)
{
	(void)state;
	add_veth();
	forget();
	assert_int_equal(namespace_set_up(ONE, true), 0);
	take_all();
	assert_true(heard[ONE].link.flags & IFF_UP);
	assert_true(becomes(ONE, IF_OPER_LOWERLAYERDOWN));
	assert_int_equal(namespace_set_up(OTHER, true), 0);
	assert_true(becomes(ONE, IF_OPER_UP));
	assert_true(becomes(OTHER, IF_OPER_UP));
	assert_true(heard[ONE].link.flags & IFF_LOWER_UP);
	assert_int_equal(namespace_set_up(ONE, false), 0);
	assert_true(becomes(ONE, IF_OPER_DOWN));
	assert_false(heard[ONE].link.flags & IFF_UP);
	assert_int_equal(heard[ONE].gone, 0);
}

static void
test_renamed(void **state)
{
	struct message message;

	(void)state;
	add_veth();
	forget();
	message_start_link(&message, RTM_NEWLINK, ONE, "another");
	assert_int_equal(namespace_request(&message, 0), 0);
	take_all();
	assert_true(heard[ONE].n > 0);
	assert_string_equal(heard[ONE].name, "another");
	assert_int_equal(heard[ONE].gone, 0);
	assert_int_equal(heard[OTHER].n, 0);
}

/* A device that is deleted takes its peer with it; each is gone once. */
static void
test_deleted(void **state)
{
	(void)state;
	add_veth();
	assert_int_equal(namespace_set_up(ONE, true), 0);
	forget();
	assert_int_equal(namespace_delete_link(ONE), 0);
	take_all();
	assert_int_equal(heard[ONE].gone, 1);
	assert_int_equal(heard[OTHER].gone, 1);
	assert_string_equal(heard[ONE].name, "one");
	assert_string_equal(heard[OTHER].name, "other");
}

/* One that goes to another namespace is gone from this one. */
static void
test_moved_away(void **state)
{
	int here, there;
	struct message message;

	(void)state;
	add_veth();
	forget();
	here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	assert_true(here >= 0 && namespace_enter());
	there = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	assert_true(there >= 0);
	assert_int_equal(setns(here, CLONE_NEWNET), 0);
	message_start_link(&message, RTM_NEWLINK, ONE, NULL);
	message_put_u32(&message, IFLA_NET_NS_FD, (uint32_t)there);
	assert_int_equal(namespace_request(&message, 0), 0);
	close(here);
	close(there);
	take_all();
	assert_int_equal(heard[ONE].gone, 1);
	assert_string_equal(heard[ONE].name, "one");
	assert_int_equal(heard[OTHER].gone, 0);
	/* What its number is there is another matter. */
	assert_int_equal(namespace_set_up(OTHER, true), 0);
	take_all();
	assert_true(heard[OTHER].n > 0);
	assert_int_equal(heard[OTHER].link.other, 0);
}

/* Puts a device into a bridge, or takes it out with 0. */
static void
set_master(uint32_t ifindex, uint32_t master)
{
	struct message message;

	message_start_link(&message, RTM_NEWLINK, ifindex, NULL);
	message_put_u32(&message, IFLA_MASTER, master);
	assert_int_equal(namespace_request(&message, 0), 0);
}

/* Of a port that leaves a bridge the kernel says RTM_DELLINK, of family AF_BRIDGE: it is
 * there as before. */
static void
test_bridge(void **state)
{
	int error;

	(void)state;
	add_veth();
	error = namespace_add_link(BRIDGE, "br", "bridge");
	if (error == -EOPNOTSUPP)
		skip();
	assert_int_equal(error, 0);
	forget();
	set_master(ONE, BRIDGE);
	take_all();
	assert_int_equal(heard[ONE].link.master, BRIDGE);
	forget();
	set_master(ONE, 0);
	take_all();
	assert_true(heard[ONE].n > 0);
	assert_int_equal(heard[ONE].link.master, 0);
	assert_int_equal(heard[ONE].gone, 0);
	assert_int_equal(namespace_delete_link(BRIDGE), 0);
	take_all();
	assert_int_equal(heard[BRIDGE].gone, 1);
	assert_int_equal(heard[ONE].gone, 0);
}

/* Without anybody who takes them, a good number is kept, and nothing is lost; as far as the
 * socket may have a large buffer. */
static void
test_many(void **state)
{
	socklen_t length = sizeof(int);
	int size;

	(void)state;
	if (!permitted)
		skip();
	assert_int_equal(
	    getsockopt(link_events_fd(&events), SOL_SOCKET, SO_RCVBUF, &size, &length), 0);
	if (size < 4 * 1024 * 1024)
		skip();
	for (int i = 0; i < 500; i++) {
		assert_int_equal(namespace_set_up(LOOPBACK, true), 0);
		assert_int_equal(namespace_set_up(LOOPBACK, false), 0);
	}
	assert_true(take_all() >= 1000);
	assert_true(heard[LOOPBACK].n >= 1000);
	assert_false(heard[LOOPBACK].link.flags & IFF_UP);
}

/* --- what is lost --------------------------------------------------------------------- */

/* So much happens that the socket cannot hold it. */
static void
overflow(void)
{
	int small = 1;

	assert_int_equal(setsockopt(link_events_fd(&events), SOL_SOCKET, SO_RCVBUF, &small,
			     sizeof(small)),
	    0);
	for (int i = 0; i < 50; i++) {
		assert_int_equal(namespace_set_up(LOOPBACK, true), 0);
		assert_int_equal(namespace_set_up(LOOPBACK, false), 0);
	}
}

/* It says so; what is left is thrown away, and then all is as before. */
static void
test_overflow(void **state)
{
	(void)state;
	if (!permitted)
		skip();
	for (int round = 0; round < 3; round++) {
		overflow();
		assert_int_equal(link_events_take(&events, hear, &events), -ENOBUFS);
		link_events_drain(&events);
		assert_int_equal(take_all(), 0);
		assert_int_equal(heard[LOOPBACK].n, 0);
		assert_int_equal(namespace_set_up(LOOPBACK, true), 0);
		assert_true(take_all() > 0);
		assert_true(heard[LOOPBACK].link.flags & IFF_UP);
		assert_int_equal(namespace_set_up(LOOPBACK, false), 0);
		forget();
	}
}

/* Without throwing it away: what is left is told, and then all is as before. */
static void
test_after_overflow(void **state)
{
	(void)state;
	if (!permitted)
		skip();
	overflow();
	assert_int_equal(link_events_take(&events, hear, &events), -ENOBUFS);
	assert_int_equal(heard[LOOPBACK].n, 0);
	assert_int_equal(link_events_take(&events, hear, &events), 1);
	assert_int_equal(heard[LOOPBACK].n, 1);
	forget();
	assert_int_equal(namespace_set_up(LOOPBACK, true), 0);
	take_all();
	assert_true(heard[LOOPBACK].n > 0);
	assert_true(heard[LOOPBACK].link.flags & IFF_UP);
}

static void
test_drain(void **state)
{
	(void)state;
	if (!permitted)
		skip();
	link_events_drain(&events); /* nothing */
	for (int i = 0; i < 100; i++) {
		assert_int_equal(namespace_set_up(LOOPBACK, true), 0);
		assert_int_equal(namespace_set_up(LOOPBACK, false), 0);
	}
	link_events_drain(&events);
	assert_int_equal(take_all(), 0);
	/* The news of a loss is thrown away, too. */
	overflow();
	link_events_drain(&events);
	assert_int_equal(take_all(), 0);
	assert_int_equal(namespace_set_up(LOOPBACK, true), 0);
	assert_true(take_all() > 0);
}

/* --- drivers -------------------------------------------------------------------------- */

/* A tap device, which is there while this is open; negative: they cannot be made here. */
static int
open_tap(void)
{
	struct ifreq request = { .ifr_name = "tap", .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	if (fd >= 0 && ioctl(fd, TUNSETIFF, &request) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Has the driver of the tap device tell another speed, as ethtool -s does. */
static void
set_speed(uint16_t speed)
{
	struct ethtool_cmd command = { .cmd = ETHTOOL_SSET, .speed = speed };
	struct ifreq request = { .ifr_name = "tap", .ifr_data = (char *)&command };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(ioctl(fd, SIOCETHTOOL, &request), 0);
	close(fd);
}

/* It is told that a driver was given other settings, not which; and that is no event of the
 * device. */
static void
test_drivers(void **state)
{
	struct pollfd fd = { link_events_drivers_fd(&events), POLLIN, 0 };
	int tap;

	(void)state;
	if (!permitted || fd.fd < 0)
		skip(); /* before Linux 5.6, or built without */
	tap = open_tap();
	if (tap < 0)
		skip();
	assert_true(fcntl(fd.fd, F_GETFD) & FD_CLOEXEC);
	link_events_drivers_changed(&events); /* what it took to make the device */
	take_all();
	for (uint16_t speed = 100; speed < 103; speed++) {
		assert_false(link_events_drivers_changed(&events));
		assert_int_equal(poll(&fd, 1, 0), 0);
		set_speed(speed);
		assert_int_equal(poll(&fd, 1, 0), 1);
		assert_true(link_events_drivers_changed(&events));
	}
	assert_int_equal(take_all(), 0);
	close(tap);
}

/* On a kernel that does not tell, nothing is ever told. */
static void
test_without_drivers(void **state)
{
	(void)state;
	link_events_close(&events);
	assert_int_equal(link_events_drivers_fd(&events), -1);
	assert_false(link_events_drivers_changed(&events));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_open),
		TEST(test_close),
		TEST(test_open_fails),
		TEST(test_added),
		TEST(test_up_and_down),
		TEST(test_renamed),
		TEST(test_deleted),
		TEST(test_moved_away),
		TEST(test_bridge),
		TEST(test_many),
		TEST(test_overflow),
		TEST(test_after_overflow),
		TEST(test_drain),
		TEST(test_drivers),
		TEST(test_without_drivers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
