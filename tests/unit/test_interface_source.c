// SPDX-License-Identifier: BSD-2-Clause
// Tests of the source of interfaces, where events are late: devices come and go without a
// word.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "kernel/ethtool.h"
#include "kernel/links.h"
#include "kernel/wireless.h"
#include "mib/interfaces.h"
#include "mib/link_watch.h"

/* --- a kernel that is made up --- */

int __wrap_links_read(struct link_reader *);
int __wrap_link_counters_read(struct link_reader *);
int __wrap_ethtool_read_speeds(struct ethtool_reader *);
int __wrap_ethtool_read_frames(struct ethtool_reader *);
int __wrap_wireless_read(
    int (*found)(uint32_t ifindex, void *argument), void *argument, size_t *malformed);
uint64_t __wrap_link_watch_changes(const struct link_watch *);

#define DEVICES_MAX 4

static struct {
	struct {
		uint32_t ifindex, speed; /* speed 0: its driver tells none */
	} devices[DEVICES_MAX];
	size_t n;
	unsigned dumps; /* of devices, not of counters */
} kernel;

int
__wrap_links_read(struct link_reader *reader)
{
	int error = 0;

	kernel.dumps++;
	for (size_t i = 0; error == 0 && i < kernel.n; i++) {
		const struct link link = {
			.ifindex = kernel.devices[i].ifindex,
			.name = { (const uint8_t *)"eth", 3 },
			.has_counters = true,
		};

		error = reader->link(&link, reader->argument);
	}
	return error;
}

int
__wrap_link_counters_read(struct link_reader *reader)
{
	const struct link_counters counters = { .rx_packets = 1 };
	int error = 0;

	for (size_t i = 0; error == 0 && i < kernel.n; i++)
		error = reader->counters(
		    kernel.devices[i].ifindex, &counters, reader->argument);
	return error;
}

int
__wrap_ethtool_read_speeds(struct ethtool_reader *reader)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < kernel.n; i++)
		if (kernel.devices[i].speed)
			error = reader->speed(kernel.devices[i].ifindex,
			    kernel.devices[i].speed, reader->argument);
	return error;
}

int
__wrap_ethtool_read_frames(struct ethtool_reader *reader)
{
	(void)reader;
	return 0;
}

int
__wrap_wireless_read(
    int (*found)(uint32_t ifindex, void *argument), void *argument, size_t *malformed)
{
	(void)found;
	(void)argument;
	(void)malformed;
	return 0;
}

/* The watch watches, and has heard of nothing new. */
uint64_t
__wrap_link_watch_changes(const struct link_watch *watch)
{
	(void)watch;
	return 1;
}

/* --- reading --- */

static struct collector *collector;
static struct source *source;

static int
start(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	collector = collector_new(&freshness_default);
	if (!collector || !interfaces_watch(collector))
		return -1;
	source = collector_source(collector, &source_interfaces);
	/* Each request reads. */
	collector_set_max_age(collector, source_interfaces.name, 0);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	collector_free(collector);
	return 0;
}

static void
add(uint32_t ifindex, uint32_t speed)
{
	kernel.devices[kernel.n].ifindex = ifindex;
	kernel.devices[kernel.n++].speed = speed;
}

/* Reads, and compares ifIndex and speed of the only rows. */
static void
expect(size_t n, const uint32_t (*rows)[2])
{
	struct snapshot *snapshot = source_acquire(source, -1, 0);

	assert_non_null(snapshot);
	assert_int_equal(snapshot->rows.n, n);
	for (size_t i = 0; i < n; i++) {
		const struct interface_row *row = array_at(&snapshot->rows, i);

		assert_int_equal(row->ifindex, rows[i][0]);
		assert_int_equal(row->speed, rows[i][1]);
	}
	snapshot_release(snapshot);
}

static void
test_gone_while_counters_are_read(void **state)
{
	static const uint32_t three[][2] = { { 1, 0 }, { 2, 10000 }, { 3, 0 } };
	static const uint32_t two[][2] = { { 1, 0 }, { 3, 0 } };

	(void)state;
	add(1, 0);
	add(2, 10000);
	add(3, 0);
	expect(3, three);
	assert_int_equal(kernel.dumps, 1);
	expect(3, three); /* the counters alone */
	assert_int_equal(kernel.dumps, 1);
	kernel.devices[1] = kernel.devices[2];
	kernel.n = 2;
	expect(2, two); /* nothing of the second is left, where the third is now */
	assert_int_equal(kernel.dumps, 2);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_gone_while_counters_are_read, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
