// SPDX-License-Identifier: BSD-2-Clause
// Tests of the sources of IP-MIB that remember: since when a neighbour is in its state, and
// since when an interface's counters have only risen.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/events.h"
#include "messages.h"
#include "mib/counters.h"
#include "mib/ip.h"
#include "mib/neighbours.h"
#include "readings.h"

#define MS (SECOND / 1000)

/* --- a kernel that is made up --------------------------------------------------------- */

int __wrap_links_read(struct link_reader *);
bool __wrap_events_happened(struct events *, const int *groups, size_t n_groups);
int __wrap_counters_read_device(
    const char *name, uint32_t *ret_ifindex, struct counters *ret_counters);
int64_t __wrap_monotonic_now(void);

/* A device; its name is one letter. */
struct device {
	char name[2];
	uint32_t ifindex;
	uint32_t named; /* the ifindex that its file tells */
	uint64_t packets, octets;
	int error; /* of its counters */
};

struct neighbour {
	const char *address;
	uint32_t ifindex;
	uint16_t nud;
	uint32_t age; /* hundredths of a second */
};

static struct {
	struct device devices[8];
	struct neighbour neighbours[8];
	size_t n_devices, n_neighbours;
	int error;     /* of dumps of neighbours */
	int64_t takes; /* ns, until a dump of neighbours comes to them */
	bool happened;
} kernel;

int64_t
__wrap_monotonic_now(void)
{
	return now;
}

int
__wrap_netlink_dump(int bus, struct nlmsghdr *request, const struct netlink_reader *reader,
    size_t *malformed)
{
	(void)malformed;
	assert_int_equal(bus, NETLINK_ROUTE);
	assert_int_equal(request->nlmsg_type, RTM_GETNEIGH);
	now += kernel.takes;
	for (size_t i = 0; i < kernel.n_neighbours; i++) {
		const struct neighbour *neighbour = &kernel.neighbours[i];
		const struct ndmsg body = {
			.ndm_family = address_family(neighbour->address),
			.ndm_ifindex = (int)neighbour->ifindex,
			.ndm_state = neighbour->nud,
		};
		const struct nda_cacheinfo info = { .ndm_updated = neighbour->age };
		struct message message;

		message_start(&message, RTM_NEWNEIGH, &body, sizeof(body));
		message_put_address(&message, NDA_DST, neighbour->address);
		message_put(&message, NDA_CACHEINFO, &info, sizeof(info));
		assert_int_equal(reader->message(&message.header, reader->argument), 0);
	}
	return kernel.error;
}

int
__wrap_links_read(struct link_reader *reader)
{
	for (size_t i = 0; i < kernel.n_devices; i++) {
		const struct link link = {
			.ifindex = kernel.devices[i].ifindex,
			.name = { (const uint8_t *)kernel.devices[i].name, 1 },
		};

		assert_int_equal(reader->link(&link, reader->argument), 0);
	}
	return 0;
}

bool
__wrap_events_happened(struct events *events, const int *groups, size_t n_groups)
{
	bool happened = kernel.happened;

	(void)events;
	assert_int_equal(n_groups, 1);
	assert_int_equal(groups[0], RTNLGRP_NEIGH);
	kernel.happened = false;
	return happened;
}

int
__wrap_counters_read_device(
    const char *name, uint32_t *ret_ifindex, struct counters *ret_counters)
{
	for (size_t i = 0; i < kernel.n_devices; i++) {
		const struct device *device = &kernel.devices[i];

		if (strcmp(device->name, name) != 0)
			continue;
		if (device->error)
			return device->error;
		*ret_ifindex = device->named;
		memset(ret_counters, 0, sizeof(*ret_counters));
		ret_counters->value[IPV6_COUNTERS + IP_IN_RECEIVES] = (int64_t)
									  device->packets;
		ret_counters->present[IPV6_COUNTERS + IP_IN_RECEIVES] = true;
		ret_counters->value[IPV6_COUNTERS + IP_IN_OCTETS] = (int64_t)device->octets;
		ret_counters->present[IPV6_COUNTERS + IP_IN_OCTETS] = true;
		return 0;
	}
	return -ENOENT;
}

static int
start(const struct source_kind *kind)
{
	memset(&kernel, 0, sizeof(kernel));
	return readings_start(kind);
}

static int
start_neighbours(void **state)
{
	(void)state;
	return start(&source_neighbours);
}

static int
start_counters(void **state)
{
	(void)state;
	return start(&source_ip_if_stats);
}

static int
stop(void **state)
{
	(void)state;
	readings_stop();
	return 0;
}

/* --- neighbours ----------------------------------------------------------------------- */

static struct neighbour *
add_neighbour(const char *address, uint32_t ifindex, uint16_t nud, uint32_t age)
{
	struct neighbour *neighbour = &kernel.neighbours[kernel.n_neighbours++];

	*neighbour = (struct neighbour){ address, ifindex, nud, age };
	return neighbour;
}

static const struct neighbour_row *
neighbour_at(size_t i)
{
	assert_true(i < last->rows.n);
	return array_at(&last->rows, i);
}

/* What did not change keeps the time it had, however its age is rounded. */
static void
test_times_are_kept(void **state)
{
	static const int jitters[] = { 0, 1, -1, 5, -5 };
	struct neighbour *ipv4 = add_neighbour("192.0.2.9", 2, NUD_REACHABLE, 500);
	struct neighbour *ipv6 = add_neighbour("fe80::9", 2, NUD_PERMANENT, 90000);
	int64_t was4, was6;

	(void)state;
	assert_int_equal(read_after(0), 0);
	was4 = neighbour_at(0)->updated;
	was6 = neighbour_at(1)->updated;
	assert_true(was4 == now - 5 * SECOND && was6 == now - 900 * SECOND);
	for (size_t i = 0; i < 50; i++) {
		ipv4->age = (uint32_t)((now + SECOND - was4) / (10 * MS)) +
		    (uint32_t)jitters[i % 5];
		ipv6->age = (uint32_t)((now + SECOND - was6) / (10 * MS)) -
		    (uint32_t)jitters[i % 5];
		assert_int_equal(read_after(SECOND + (int64_t)i % 3 * MS), 0);
		assert_true(neighbour_at(0)->updated == was4);
		assert_true(neighbour_at(1)->updated == was6);
		now -= (int64_t)i % 3 * MS;
	}
}

/* However long a dump takes: once the reader had to wait for half a second. */
static void
test_times_after_a_wait(void **state)
{
	struct neighbour *neighbour = add_neighbour("192.0.2.9", 2, NUD_REACHABLE, 500);
	int64_t was;

	(void)state;
	assert_int_equal(read_after(0), 0);
	was = neighbour_at(0)->updated;
	for (int i = 1; i <= 6; i++) {
		kernel.takes = i % 3 == 1 ? SECOND / 4 : 0;
		neighbour->age = (uint32_t)((now + SECOND + kernel.takes - was) /
		    (10 * MS));
		assert_int_equal(read_after(SECOND), 0);
		assert_true(neighbour_at(0)->updated == was);
	}
}

/* A tenth of a second is another time, and so is another state. */
static void
test_times_that_change(void **state)
{
	struct neighbour *neighbour = add_neighbour("192.0.2.9", 2, NUD_REACHABLE, 500);
	int64_t was;

	(void)state;
	assert_int_equal(read_after(0), 0);
	was = neighbour_at(0)->updated;
	neighbour->age = 590;
	assert_int_equal(read_after(SECOND), 0);
	assert_true(neighbour_at(0)->updated == was + SECOND / 10);
	was = neighbour_at(0)->updated;
	neighbour->age = 687;
	neighbour->nud = NUD_STALE;
	assert_int_equal(read_after(SECOND), 0);
	assert_true(neighbour_at(0)->updated == was + 30 * MS);
}

/* Others come and go around it; another of its address is on another link. */
static void
test_times_of_others(void **state)
{
	int64_t was;

	(void)state;
	add_neighbour("fe80::9", 3, NUD_REACHABLE, 100);
	assert_int_equal(read_after(0), 0);
	was = neighbour_at(0)->updated;
	kernel.n_neighbours = 0;
	add_neighbour("fe80::9", 4, NUD_REACHABLE, 201);
	add_neighbour("2001:db8::1", 3, NUD_REACHABLE, 201);
	add_neighbour("fe80::9", 3, NUD_REACHABLE, 201);
	add_neighbour("fe80::9", 2, NUD_REACHABLE, 201);
	add_neighbour("192.0.2.9", 3, NUD_REACHABLE, 201);
	assert_int_equal(read_after(SECOND), 0);
	assert_int_equal(last->rows.n, 5);
	/* By interface, IPv4 first. */
	for (size_t i = 0; i < 5; i++) {
		static const uint32_t ifindexes[] = { 2, 3, 3, 3, 4 };
		const struct neighbour_row *row = neighbour_at(i);

		assert_int_equal(row->ifindex, ifindexes[i]);
		assert_int_equal(row->ipv6, i != 1);
		assert_true(row->updated == (i == 3 ? was : was - 10 * MS));
	}
	kernel.neighbours[0] = kernel.neighbours[2];
	kernel.neighbours[0].age = 302;
	kernel.n_neighbours = 1;
	assert_int_equal(read_after(SECOND), 0);
	assert_true(neighbour_at(0)->updated == was);
}

/* After an error what was read is still there to be compared with. */
static void
test_neighbours_error(void **state)
{
	int64_t was;

	(void)state;
	add_neighbour("192.0.2.9", 2, NUD_REACHABLE, 500);
	assert_int_equal(read_after(0), 0);
	was = neighbour_at(0)->updated;
	kernel.error = -ETIMEDOUT;
	assert_int_equal(read_after(SECOND), -ETIMEDOUT);
	kernel.error = 0;
	kernel.neighbours[0].age = 699;
	assert_int_equal(read_after(SECOND), 0);
	assert_true(neighbour_at(0)->updated == was);
}

/* From stale(0x04) a neighbour goes on to delay without a word. */
static void
test_unchanged(void **state)
{
	static const uint16_t others[] = { NUD_REACHABLE, NUD_DELAY, NUD_PROBE, NUD_FAILED,
		NUD_INCOMPLETE, NUD_PERMANENT };
	struct neighbour *neighbour = add_neighbour("192.0.2.9", 2, NUD_STALE, 1);

	(void)state;
	assert_int_equal(read_after(0), 0);
	assert_false(readings_unchanged());
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		neighbour->nud = others[i];
		assert_int_equal(read_after(SECOND), 0);
		assert_true(readings_unchanged());
		kernel.happened = true;
		assert_false(readings_unchanged());
		assert_true(readings_unchanged());
	}
}

static void
add_device(const char *name, uint32_t ifindex)
{
	struct device *device = &kernel.devices[kernel.n_devices++];

	*device = (struct device){ .ifindex = ifindex, .named = ifindex };
	strcpy(device->name, name);
	device->packets = 100 * ifindex;
	device->octets = 1000 * ifindex;
}

/* Only on the interfaces that are shown. */
static void
test_shown_neighbours(void **state)
{
	(void)state;
	add_device("a", 2);
	add_device("b", 3);
	add_neighbour("192.0.2.9", 2, NUD_REACHABLE, 1);
	add_neighbour("192.0.2.9", 3, NUD_REACHABLE, 1);
	add_neighbour("fe80::9", 2, NUD_REACHABLE, 1);
	assert_true(link_patterns_add(&settings.exclude, "b"));
	assert_int_equal(read_after(0), 0);
	assert_int_equal(last->rows.n, 2);
	assert_int_equal(neighbour_at(0)->ifindex, 2);
	assert_int_equal(neighbour_at(1)->ifindex, 2);
}

/* --- counters of interfaces ----------------------------------------------------------- */

static const struct ip_statistics *
statistics_at(size_t i)
{
	assert_true(i < last->rows.n);
	return array_at(&last->rows, i);
}

static int64_t
changed(void)
{
	return *(const int64_t *)array_at(&last->more[IP_IF_STATS_CHANGE - 1], 0);
}

/* What was there when the agent began has no discontinuity. */
static void
test_first(void **state)
{
	(void)state;
	add_device("c", 7);
	add_device("a", 2);
	assert_int_equal(read_after(0), 0);
	assert_int_equal(last->rows.n, 2);
	assert_int_equal(statistics_at(0)->ifindex, 2);
	assert_int_equal(statistics_at(1)->ifindex, 7);
	assert_int_equal(statistics_at(1)->version, IP_VERSION_IPV6);
	assert_true(statistics_at(1)->value[IP_IN_RECEIVES] == 700);
	assert_true(statistics_at(1)->value[IP_IN_OCTETS] == 7000);
	assert_true(statistics_at(0)->discontinuity == 0);
	assert_true(statistics_at(1)->discontinuity == 0);
	assert_true(changed() == 0);
}

/* Counters that go back, whichever it is, have begun anew; the row is the same one. */
static void
test_went_back(void **state)
{
	int64_t then;

	(void)state;
	add_device("a", 2);
	add_device("b", 3);
	assert_int_equal(read_after(0), 0);
	kernel.devices[0].packets++;
	assert_int_equal(read_after(SECOND), 0);
	assert_true(statistics_at(0)->discontinuity == 0);
	kernel.devices[0].packets += 10;
	kernel.devices[0].octets--;
	assert_int_equal(read_after(SECOND), 0);
	then = now;
	assert_true(statistics_at(0)->discontinuity == then);
	assert_true(statistics_at(1)->discontinuity == 0);
	kernel.devices[0].octets++;
	assert_int_equal(read_after(SECOND), 0);
	assert_true(statistics_at(0)->discontinuity == then);
	/* Counters of 64 bits are compared as they are, without a sign. */
	kernel.devices[1].packets = UINT64_MAX;
	assert_int_equal(read_after(SECOND), 0);
	assert_true(statistics_at(1)->discontinuity == 0);
	assert_true(changed() == 0);
}

static void
test_came_and_went(void **state)
{
	int64_t came, went;

	(void)state;
	add_device("b", 3);
	assert_int_equal(read_after(0), 0);
	add_device("a", 2);
	add_device("c", 4);
	assert_int_equal(read_after(SECOND), 0);
	came = now;
	assert_true(statistics_at(0)->discontinuity == came);
	assert_true(statistics_at(1)->discontinuity == 0);
	assert_true(statistics_at(2)->discontinuity == came);
	assert_true(changed() == came);
	assert_int_equal(read_after(SECOND), 0);
	assert_true(statistics_at(0)->discontinuity == came);
	assert_true(changed() == came);
	kernel.devices[0] = kernel.devices[--kernel.n_devices];
	assert_int_equal(read_after(SECOND), 0);
	went = now;
	assert_int_equal(last->rows.n, 2);
	assert_true(statistics_at(0)->discontinuity == came);
	assert_true(statistics_at(1)->discontinuity == came);
	assert_true(changed() == went);
	/* One goes and another comes: there are as many as before. */
	kernel.devices[0].ifindex = kernel.devices[0].named = 9;
	assert_int_equal(read_after(SECOND), 0);
	assert_int_equal(last->rows.n, 2);
	assert_int_equal(statistics_at(1)->ifindex, 9);
	assert_true(statistics_at(1)->discontinuity == now);
	assert_true(changed() == now);
	kernel.n_devices = 0;
	assert_int_equal(read_after(SECOND), 0);
	assert_int_equal(last->rows.n, 0);
	assert_true(changed() == now);
}

/* Not of IPv6, renamed meanwhile, without sense; anything else is an error. */
static void
test_odd_devices(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 4; i++)
		add_device((const char *[]){ "a", "b", "c", "d" }[i], i + 1);
	kernel.devices[0].error = -ENOENT;
	kernel.devices[1].error = -EPROTO;
	kernel.devices[2].named = 99;
	assert_int_equal(read_after(0), 0);
	assert_int_equal(last->rows.n, 1);
	assert_int_equal(statistics_at(0)->ifindex, 4);
	kernel.devices[3].error = -EMFILE;
	assert_int_equal(read_after(SECOND), -EMFILE);
	/* The last reading is what the next one is compared with. */
	kernel.devices[3].error = 0;
	assert_int_equal(read_after(SECOND), 0);
	assert_true(statistics_at(0)->discontinuity == 0);
	assert_true(changed() == 0);
}

/* Nobody asked, and what was published is gone: the source remembers. */
static void
test_remembered(void **state)
{
	(void)state;
	add_device("a", 2);
	assert_int_equal(read_after(0), 0);
	kernel.devices[0].packets = 0;
	assert_int_equal(read_after(SECOND), 0);
	snapshot_release(last);
	last = NULL;
	kernel.devices[0].packets = 50;
	assert_int_equal(read_after(100 * SECOND), 0);
	assert_true(statistics_at(0)->discontinuity == now - 100 * SECOND);
	snapshot_release(last);
	last = NULL;
	kernel.devices[0].packets = 49;
	assert_int_equal(read_after(100 * SECOND), 0);
	assert_true(statistics_at(0)->discontinuity == now);
}

static void
test_shown_counters(void **state)
{
	(void)state;
	add_device("a", 2);
	add_device("b", 3);
	assert_true(link_patterns_add(&settings.include, "b"));
	assert_int_equal(read_after(0), 0);
	assert_int_equal(last->rows.n, 1);
	assert_int_equal(statistics_at(0)->ifindex, 3);
}

#define TEST(name, kind) cmocka_unit_test_setup_teardown(name, start_##kind, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_times_are_kept, neighbours),
		TEST(test_times_after_a_wait, neighbours),
		TEST(test_times_that_change, neighbours),
		TEST(test_times_of_others, neighbours),
		TEST(test_neighbours_error, neighbours),
		TEST(test_unchanged, neighbours),
		TEST(test_shown_neighbours, neighbours),
		TEST(test_first, counters),
		TEST(test_went_back, counters),
		TEST(test_came_and_went, counters),
		TEST(test_odd_devices, counters),
		TEST(test_remembered, counters),
		TEST(test_shown_counters, counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
