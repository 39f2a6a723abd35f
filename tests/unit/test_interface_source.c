// SPDX-License-Identifier: BSD-2-Clause
// Tests of the source of interfaces: when it reads devices, when their counters alone, when
// it asks drivers; and what goes on from one reading to the next.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/if.h>
#include <stdio.h>
#include <string.h>

#include "devices.h"
#include "helpers.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND INT64_C(1000000000)
#define SAFETY (300 * SECOND)

static struct random chance;

static struct octets
text(const char *characters)
{
	return (struct octets){ (const uint8_t *)characters, strlen(characters) };
}

/* Since this was asked last, devices, counters, speeds and frames were read so often. */
static void
was_read(unsigned links, unsigned counters, unsigned speeds, unsigned frames)
{
	assert_int_equal(kernel.links, links);
	assert_int_equal(kernel.counters, counters);
	assert_int_equal(kernel.speeds, speeds);
	assert_int_equal(kernel.wireless, speeds);
	assert_int_equal(kernel.frames, frames);
	kernel.links = kernel.counters = kernel.speeds = kernel.wireless = kernel.frames =
	    0;
}

/* lo, eth0 and eth1 with ifindexes 1, 2, 3, read once, with a watch. */
static void
begin(void)
{
	add_device(1, "lo");
	add_device(2, "eth0")->speed = 1000;
	add_device(3, "eth1")->speed = 100;
	watch_devices();
	read_again();
	was_read(1, 0, 1, 1);
}

/* --- when
 * ----------------------------------------------------------------------------------------
 */

/* Nobody says that nothing has changed. */
static void
test_without_a_watch(void **state)
{
	(void)state;
	add_device(1, "lo");
	assert_false(is_outdated());
	read_again();
	was_read(1, 0, 1, 1);
	for (int i = 0; i < 5; i++) {
		assert_false(is_outdated());
		read_again();
		was_read(1, 0, 0, 0);
	}
	add_device(2, "eth0");
	assert_false(is_outdated());
	read_again();
	was_read(1, 0, 1, 1);
	assert_int_equal(snapshot->rows.n, 2);
}

/* While nothing happens the counters are all there is to read; the rest stays. */
static void
test_counters_alone(void **state)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 2 };
	struct interface_row old, new;

	(void)state;
	add_device(1, "lo");
	add_device(2, "eth0")->link.alias = text("alias");
	find_device(2)->link.address = (struct octets){ mac, 6 };
	find_device(2)->link.master = 1;
	find_device(2)->speed = 1000;
	watch_devices();
	read_again();
	was_read(1, 0, 1, 1);
	for (uint64_t i = 1; i < 10; i++) {
		size_t stack = snapshot_set(snapshot, INTERFACE_STACK)->n;

		old = *row(2);
		find_device(2)->link.counters.rx_bytes += 1000;
		assert_false(is_outdated());
		read_again();
		was_read(0, 1, 0, 0);
		new = *row(2);
		assert_true(new.counter[IF_IN_OCTETS] == i * 1000);
		new.counter[IF_IN_OCTETS] -= 1000;
		assert_memory_equal(&new, &old, sizeof(new));
		assert_int_equal(snapshot_set(snapshot, INTERFACE_STACK)->n, stack);
		assert_int_equal(snapshot_set(snapshot, INTERFACE_TIMES)->n, 1);
		assert_int_equal(snapshot->side.n, 11);
		assert_memory_equal(
		    array_at(&snapshot->side, new.octets), "\2\0\0\0\0\2alias", 11);
	}
}

/* What a reading found is its own: a later one changes nothing of it. */
static void
test_snapshots_are_their_own(void **state)
{
	struct snapshot *first;

	(void)state;
	begin();
	first = snapshot_hold(snapshot);
	find_device(2)->link.counters.rx_bytes = 77;
	read_again();
	read_again();
	was_read(0, 2, 0, 0);
	assert_true(row(2)->counter[IF_IN_OCTETS] == 77);
	assert_true(((const struct interface_row *)array_at(&first->rows, 1))
			->counter[IF_IN_OCTETS] == 0);
	snapshot_release(first);
}

static void
test_after_an_event(void **state)
{
	(void)state;
	begin();
	find_device(3)->link.mtu = 9000;
	read_again();
	assert_int_equal(row(3)->mtu, 1500); /* nobody told */
	was_read(0, 1, 0, 0);
	event_of(3);
	assert_true(is_outdated());
	assert_true(is_outdated());
	read_again();
	was_read(1, 0, 0, 0);
	assert_int_equal(row(3)->mtu, 9000);
	assert_false(is_outdated());
	read_again();
	was_read(0, 1, 0, 0);
}

static void
happen(void)
{
	event_of(1);
}

/* What happens while devices are read may be in the reading or not. */
static void
test_event_meanwhile(void **state)
{
	(void)state;
	begin();
	event_of(2);
	kernel.meanwhile = happen;
	read_again();
	was_read(1, 0, 0, 0);
	assert_true(is_outdated());
	kernel.meanwhile = NULL;
	read_again();
	was_read(1, 0, 0, 0);
	assert_false(is_outdated());
}

/* Without a watch that watches nothing is known, and nothing is outdated. */
static void
test_watch_ends(void **state)
{
	uint64_t changes;

	(void)state;
	begin();
	changes = watched.changes;
	watched.changes = 0;
	assert_false(is_outdated());
	read_again();
	was_read(1, 0, 0, 0);
	read_again();
	was_read(1, 0, 0, 0);
	watched.changes = changes + 1;
	assert_true(is_outdated());
	read_again();
	was_read(1, 0, 0, 0);
	read_again();
	was_read(0, 1, 0, 0);
}

/* Events may be missed; even without one all is read now and then. */
static void
test_safety(void **state)
{
	(void)state;
	begin();
	find_device(2)->link.mtu = 9000;
	find_device(2)->speed = 2500;
	now += SAFETY - 2 * SECOND;
	read_again();
	was_read(0, 1, 0, 0);
	read_again();
	was_read(1, 0, 1, 1);
	assert_int_equal(row(2)->mtu, 9000);
	assert_int_equal(row(2)->speed, 2500);
	read_again();
	was_read(0, 1, 0, 0);
}

static void
test_settings(void **state)
{
	(void)state;
	begin();
	assert_true(link_patterns_add(&settings.exclude, "eth1"));
	settings_version++;
	read_again();
	was_read(1, 0, 1, 1);
	assert_int_equal(snapshot->rows.n, 2);
	read_again();
	was_read(0, 1, 0, 0); /* though there are counters of more */
	assert_int_equal(snapshot->rows.n, 2);
}

/* --- when reading fails
 * -------------------------------------------------------------------------- */

/* Devices come or go: the last of several dumps counts. */
static void
test_interrupted(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 4; n++) {
		devices_stop(NULL);
		devices_start(NULL);
		for (unsigned i = 0; i < n; i++)
			kernel.links_errors[i] = -EINTR;
		add_device(1, "lo");
		add_device(2, "eth0")->link.alias = text("alias");
		find_device(2)->speed = 10;
		read_again();
		was_read(n + 1, 0, 1, 1);
		assert_int_equal(snapshot->rows.n, 2);
		assert_int_equal(snapshot->side.n, 5);
		assert_int_equal(row(2)->speed, 10);
	}
}

static void
remove_eth0(void)
{
	kernel.meanwhile = NULL;
	remove_device(2);
}

/* Nothing is left of a dump that was not the last. */
static void
test_goes_between_two_dumps(void **state)
{
	(void)state;
	add_device(1, "lo");
	add_device(2, "eth0");
	add_device(3, "eth1");
	kernel.meanwhile = remove_eth0;
	kernel.links_errors[0] = -EINTR;
	read_again();
	was_read(2, 0, 1, 1);
	assert_int_equal(snapshot->rows.n, 2);
	assert_null(find_row(2));
	assert_string_equal(row(3)->name, "eth1");
}

static void
test_errors(void **state)
{
	static const int errors[] = { -ENOBUFS, -ETIMEDOUT, -ENOMEM, -EAGAIN };

	(void)state;
	begin();
	for (size_t i = 0; i < LENGTH(errors); i++) {
		event_of(2);
		find_device(2)->link.mtu++;
		kernel.links_errors[0] = errors[i];
		assert_int_equal(read_devices(), errors[i]);
		assert_int_equal(row(2)->mtu, 1500 + i);
		/* It is not forgotten that something happened. */
		assert_true(is_outdated());
		was_read(1, 0, 0, 0);
		kernel.links_errors[0] = -EINTR;
		kernel.links_errors[1] = errors[i];
		assert_int_equal(read_devices(), errors[i]);
		was_read(2, 0, 0, 0);
		read_again();
		was_read(1, 0, 0, 0);
		assert_int_equal(row(2)->mtu, 1500 + i + 1);
	}
}

static void
test_errors_of_counters(void **state)
{
	(void)state;
	begin();
	kernel.counters_error = -ENOBUFS;
	assert_int_equal(read_devices(), -ENOBUFS);
	was_read(0, 1, 0, 0);
	kernel.counters_error = 0;
	find_device(2)->link.counters.tx_bytes = 5;
	read_again();
	was_read(0, 1, 0, 0);
	assert_true(row(2)->counter[IF_OUT_OCTETS] == 5);
	/* Devices came or went: all of them are read. */
	kernel.counters_error = -EINTR;
	read_again();
	was_read(1, 1, 0, 0);
	assert_int_equal(snapshot->rows.n, 3);
	kernel.counters_error = 0;
	read_again();
	was_read(0, 1, 0, 0);
}

/* A device has gone of which no event has told yet. What was read so far leaves no trace in
 * the rows of the others. */
static void
test_gone_when_counted(void **state)
{
	(void)state;
	add_device(2, "eth0")->speed = 1000;
	add_device(3, "br0")->link.alias = text("bridge");
	add_device(4, "eth1")->speed = 10;
	watch_devices();
	read_again();
	find_device(2)->link.counters.rx_bytes = 100;
	read_again();
	find_device(2)->link.counters.rx_bytes = 0; /* of eth0 alone */
	read_again();
	assert_true(row(2)->discontinuity == now);
	kernel.links = kernel.counters = kernel.speeds = kernel.wireless = kernel.frames =
	    0;
	remove_device(2);
	read_again();
	was_read(1, 1, 1, 1);
	assert_int_equal(snapshot->rows.n, 2);
	assert_int_equal(row(3)->speed, 0);
	assert_int_equal(row(4)->speed, 10);
	assert_true(row(3)->discontinuity == 0);
	assert_true(row(4)->discontinuity == 0);
	assert_int_equal(snapshot->side.n, 6);
	assert_memory_equal(array_at(&snapshot->side, row(3)->octets), "bridge", 6);
	assert_int_equal(snapshot_set(snapshot, INTERFACE_STACK)->n, 4);
	assert_int_equal(snapshot_set(snapshot, INTERFACE_TIMES)->n, 1);
}

/* The same, and another one has come in its place. */
static void
test_another_when_counted(void **state)
{
	(void)state;
	begin();
	find_device(2)->link.counters.rx_bytes = 100;
	read_again();
	find_device(2)->link.counters.rx_bytes = 0;
	read_again();
	was_read(0, 2, 0, 0);
	find_device(3)->uncounted = true;
	find_device(2)->link.ifindex = 9;
	find_device(9)->speed = 0;
	read_again();
	was_read(1, 1, 1, 1);
	assert_int_equal(snapshot->rows.n, 3);
	assert_int_equal(row(9)->speed, 0);
	assert_int_equal(row(3)->speed, 100);
	assert_true(row(3)->discontinuity == 0);
	assert_true(row(9)->discontinuity == now); /* the watch has not heard of it */
}

/* --- what drivers say
 * ---------------------------------------------------------------------------- */

/* They are asked when they may have changed their mind. */
static void
test_drivers_are_asked(void **state)
{
	(void)state;
	begin();
	find_device(2)->speed = 2500;
	event_of(2);
	read_again();
	was_read(1, 0, 0, 0);
	assert_int_equal(row(2)->speed, 1000);
	assert_int_equal(row(3)->speed, 100);
	/* A carrier that has come. */
	find_device(2)->link.carrier_ups++;
	event_of(2);
	read_again();
	was_read(1, 0, 1, 1);
	assert_int_equal(row(2)->speed, 2500);
	assert_int_equal(row(3)->speed, 100);
	/* Set up or down. */
	find_device(2)->speed = 0;
	find_device(2)->link.flags &= ~(uint32_t)IFF_UP;
	event_of(2);
	read_again();
	was_read(1, 0, 1, 1);
	assert_int_equal(row(2)->speed, 0);
	/* A port of something else, whose speed may be that of its ports. */
	find_device(3)->speed = 25000;
	find_device(2)->link.master = 3;
	event_of(2);
	read_again();
	was_read(1, 0, 1, 1);
	assert_int_equal(row(3)->speed, 25000);
	/* Come, gone, or another one. */
	add_device(4, "eth2")->speed = 10;
	event_of(4);
	read_again();
	was_read(1, 0, 1, 1);
	assert_int_equal(row(4)->speed, 10);
	remove_device(4);
	event_of_removed(4);
	read_again();
	was_read(1, 0, 1, 1);
	find_device(3)->link.ifindex = 4;
	event_of_removed(3);
	event_of(4);
	read_again();
	was_read(1, 0, 1, 1);
	assert_int_equal(row(4)->speed, 25000);
}

/* What has nothing to do with them. */
static void
test_drivers_are_not_asked(void **state)
{
	struct made_up *device;

	(void)state;
	begin();
	device = find_device(2);
	device->link.name = text("wan0");
	device->link.alias = text("alias");
	device->link.mtu = 9000;
	device->link.promiscuity = 1;
	device->link.counters.rx_bytes = 1;
	device->link.address = text("mac");
	event_of(2);
	read_again();
	was_read(1, 0, 0, 0);
	assert_int_equal(row(2)->speed, 1000);
	assert_string_equal(row(2)->name, "wan0");
	assert_int_equal(row(2)->alias_length, 5);
}

static void
test_wireless_goes_on(void **state)
{
	(void)state;
	add_device(1, "wlan0")->wireless = true;
	add_device(2, "eth0");
	watch_devices();
	for (int i = 0; i < 3; i++) {
		read_again();
		assert_int_equal(row(1)->type, IF_TYPE_WIRELESS);
		assert_int_equal(row(2)->type, IF_TYPE_ETHERNET);
		if (i % 2 == 1)
			event_of(1);
	}
	was_read(2, 1, 1, 1);
	/* Until it is another device. */
	find_device(1)->wireless = false;
	find_device(1)->link.carrier_ups++;
	event_of(1);
	read_again();
	assert_int_equal(row(1)->type, IF_TYPE_ETHERNET);
}

/* --- counters, from one reading to the next
 * ------------------------------------------------------ */

/* A counter that falls behind: which, and where it is shown. */
static const struct {
	size_t offset;
	enum interface_counter counter;
} whole_counters[] = {
#define WHOLE(field, shown) \
	{ \
		offsetof(struct link_counters, field), shown \
	}
	WHOLE(rx_bytes, IF_IN_OCTETS),
	WHOLE(tx_bytes, IF_OUT_OCTETS),
	WHOLE(rx_errors, IF_IN_ERRORS),
	WHOLE(tx_errors, IF_OUT_ERRORS),
	WHOLE(rx_dropped, IF_IN_DISCARDS),
	WHOLE(rx_missed_errors, IF_IN_DISCARDS),
	WHOLE(tx_dropped, IF_OUT_DISCARDS),
	WHOLE(multicast, IF_IN_MULTICAST),
};

/* Reads again, the counters alone or, after an event, all. */
static void
read_either(bool all)
{
	if (all)
		event_of(2);
	read_again();
	was_read(all, !all, 0, 0);
}

static void
test_discontinuity(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * LENGTH(whole_counters); i++) {
		bool all = i % 2;
		uint64_t *counter;
		int64_t then;

		devices_stop(NULL);
		devices_start(NULL);
		begin();
		counter = (uint64_t *)((char *)&find_device(2)->link.counters +
		    whole_counters[i / 2].offset);
		*counter = 100;
		read_either(all);
		assert_true(row(2)->discontinuity == 0);
		read_either(all);
		assert_true(row(2)->discontinuity == 0);
		*counter = 99;
		read_either(all);
		then = now;
		assert_true(row(2)->discontinuity == then);
		assert_true(row(2)->counter[whole_counters[i / 2].counter] == 99);
		/* It stays, and is nobody else's. */
		*counter = 200;
		read_either(all);
		read_either(!all);
		assert_true(row(2)->discontinuity == then);
		assert_true(row(1)->discontinuity == 0);
		assert_true(row(3)->discontinuity == 0);
		*counter = 0;
		read_either(all);
		assert_true(row(2)->discontinuity == now);
	}
}

/* A difference of two counters may fall behind without anything having been reset: then it
 * stands still. */
static void
test_ucast_never_goes_back(void **state)
{
	struct link_counters *counters;

	(void)state;
	for (int all = 0; all < 2; all++) {
		devices_stop(NULL);
		devices_start(NULL);
		begin();
		counters = &find_device(2)->link.counters;
		counters->rx_packets = 100;
		read_either(all);
		assert_true(row(2)->counter[IF_IN_UCAST] == 100);
		counters->multicast = 30;
		read_either(all);
		read_either(!all);
		assert_true(row(2)->counter[IF_IN_UCAST] == 100);
		counters->rx_packets = 130;
		read_either(all);
		assert_true(row(2)->counter[IF_IN_UCAST] == 100);
		counters->rx_packets = 131;
		read_either(all);
		assert_true(row(2)->counter[IF_IN_UCAST] == 101);
		counters->rx_packets = 120;
		read_either(all);
		assert_true(row(2)->counter[IF_IN_UCAST] == 101);
		assert_true(row(2)->discontinuity == 0);
		/* Reset: all counters begin anew. */
		memset(counters, 0, sizeof(*counters));
		counters->rx_packets = 7;
		read_either(all);
		assert_true(row(2)->discontinuity == now);
		assert_true(row(2)->counter[IF_IN_UCAST] == 7);
	}
}

/* The counters of a device are compared with its own, wherever its row is. */
static void
test_counters_of_a_moving_row(void **state)
{
	(void)state;
	begin();
	for (uint32_t i = 1; i <= 3; i++)
		find_device(i)->link.counters.rx_bytes = 1000 / i;
	read_again();
	add_device(5, "eth5")->link.counters.rx_bytes = 1;
	remove_device(1);
	event_of(5);
	event_of_removed(1);
	read_again();
	assert_true(row(2)->discontinuity == 0);
	assert_true(row(3)->discontinuity == 0);
	find_device(3)->link.counters.rx_bytes--;
	add_device(4, "eth4");
	event_of(4);
	read_again();
	assert_true(row(2)->discontinuity == 0);
	assert_true(row(3)->discontinuity == now);
	assert_true(row(5)->counter[IF_IN_OCTETS] == 1);
}

/* A device with the ifindex of another: it has just come. */
static void
test_ifindex_comes_again(void **state)
{
	int64_t came;

	(void)state;
	begin();
	find_device(2)->link.counters.rx_bytes = 1000;
	read_again();
	remove_device(2);
	event_of_removed(2);
	came = ++now;
	add_device(2, "new")->link.counters.rx_bytes = 2000;
	event_of(2);
	read_again();
	assert_string_equal(row(2)->name, "new");
	assert_true(row(2)->discontinuity == came);
	assert_true(row(2)->last_change == came);
}

/* --- counters that a driver splits, or does so no more
 * ------------------------------------------- */

static void
test_splits_appear_and_vanish(void **state)
{
	int64_t appeared;

	(void)state;
	begin();
	find_device(2)->link.counters.rx_packets = 100;
	find_device(2)->link.counters.tx_packets = 100;
	read_again();
	was_read(0, 1, 0, 0);
	/* It says so when it is asked, not before. */
	find_device(2)->splits = true;
	find_device(2)->frames = (struct ethtool_frames){ 10, 20, 30 };
	read_again();
	was_read(0, 1, 0, 0);
	assert_false(row(2)->flags & IF_SPLIT);
	find_device(2)->link.carrier_ups++;
	event_of(2);
	read_again();
	was_read(1, 0, 1, 1);
	appeared = now;
	assert_true(row(2)->flags & IF_SPLIT);
	assert_true(row(2)->discontinuity == appeared);
	assert_true(row(2)->counter[IF_IN_UCAST] == 90);
	assert_true(row(2)->counter[IF_OUT_UCAST] == 50);
	/* From now on it is asked for that, with every reading. */
	for (unsigned i = 0; i < 6; i++) {
		find_device(2)->frames.rx_broadcast++;
		if (i >= 3)
			event_of(2);
		read_again();
		was_read(i >= 3, i < 3, 0, 1);
		assert_true(row(2)->flags & IF_SPLIT);
		assert_true(row(2)->counter[IF_IN_BROADCAST] == 11 + i);
		assert_true(row(2)->counter[IF_IN_UCAST] == 90); /* no more packets */
		assert_true(row(2)->discontinuity == appeared);
	}
	find_device(2)->splits = false;
	read_again();
	assert_false(row(2)->flags & IF_SPLIT);
	assert_true(row(2)->discontinuity == now);
	assert_true(row(2)->counter[IF_IN_UCAST] == 100);
	assert_true(row(2)->counter[IF_IN_BROADCAST] == 0);
	assert_true(row(2)->counter[IF_OUT_MULTICAST] == 0);
	/* When drivers are asked next and none does, it is over. */
	find_device(3)->link.carrier_ups++;
	event_of(3);
	read_again();
	kernel.frames = kernel.links = kernel.counters = kernel.speeds = kernel.wireless =
	    0;
	read_again();
	was_read(0, 1, 0, 0);
}

static void
test_split_counters_go_back(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		uint64_t *counter;

		devices_stop(NULL);
		devices_start(NULL);
		add_device(1, "eth0")->splits = true;
		find_device(1)->frames = (struct ethtool_frames){ 10, 20, 30 };
		find_device(1)->link.counters.tx_packets = 1000;
		find_device(1)->link.counters.rx_packets = 1000;
		watch_devices();
		read_again();
		read_again();
		assert_true(row(1)->discontinuity == 0);
		counter = i == 0 ? &find_device(1)->frames.rx_broadcast
		    : i == 1	 ? &find_device(1)->frames.tx_multicast
				 : &find_device(1)->frames.tx_broadcast;
		--*counter;
		read_again();
		assert_true(row(1)->discontinuity == now);
	}
}

/* --- random counters, against a naive model
 * ------------------------------------------------------ */

/* What was shown last, and when a counter went back. */
struct shown {
	uint64_t counter[IF_COUNTERS];
	int64_t discontinuity;
	bool splits;
};

static uint64_t
less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

static void
show(const struct made_up *device, struct shown *shown)
{
	const struct link_counters *in = &device->link.counters;
	const uint64_t frames = device->splits ? 1 : 0;
	const uint64_t rx_broadcast = frames * device->frames.rx_broadcast;
	const uint64_t tx_multicast = frames * device->frames.tx_multicast;
	const uint64_t tx_broadcast = frames * device->frames.tx_broadcast;
	const uint64_t new[IF_COUNTERS] = {
		in->rx_bytes,
		less(less(in->rx_packets, in->multicast), rx_broadcast),
		in->multicast,
		rx_broadcast,
		in->rx_dropped + in->rx_missed_errors,
		in->rx_errors,
		in->tx_bytes,
		less(in->tx_packets, tx_multicast + tx_broadcast),
		tx_multicast,
		tx_broadcast,
		in->tx_dropped,
		in->tx_errors,
	};
	bool back = device->splits != shown->splits;

	for (int i = 0; i < IF_COUNTERS; i++)
		back = back ||
		    (i != IF_IN_UCAST && i != IF_OUT_UCAST && new[i] < shown->counter[i]);
	for (int i = 0; i < IF_COUNTERS; i++)
		if (back || new[i] > shown->counter[i])
			shown->counter[i] = new[i];
	if (back)
		shown->discontinuity = now;
	shown->splits = device->splits;
}

/* Counters count, some faster than others; seldom one goes back. */
static void
count_on(struct made_up *device)
{
	uint64_t *counters = (uint64_t *)&device->link.counters;

	for (size_t i = 0; i < sizeof(device->link.counters) / sizeof(uint64_t); i++)
		if (random_below(&chance, 3) == 0)
			counters[i] += random_below(&chance, 100);
	device->frames.rx_broadcast += random_below(&chance, 20);
	device->frames.tx_multicast += random_below(&chance, 20);
	device->frames.tx_broadcast += random_below(&chance, 20);
	if (random_below(&chance, 30) == 0)
		memset(&device->link.counters, 0, sizeof(device->link.counters));
	if (random_below(&chance, 30) == 0)
		device->frames.tx_multicast /= 2;
}

static void
test_random_counters(void **state)
{
	static struct shown shown[20];

	(void)state;
	memset(shown, 0, sizeof(shown));
	for (uint32_t i = 0; i < 20; i++) {
		add_device(i + 1, "eth0")->splits = i < 10;
		shown[i].splits = i < 10;
	}
	watch_devices();
	read_again();
	for (int round = 0; round < 2000; round++) {
		for (uint32_t i = 0; i < 20; i++)
			count_on(&kernel.devices[i]);
		if (random_below(&chance, 4) == 0)
			event_of(1 + random_below(&chance, 20));
		if (random_below(&chance, 50) == 0)
			kernel.devices[19].link.carrier_ups++;
		/* Not all of them: then nobody would be asked any more. */
		if (random_below(&chance, 50) == 0)
			kernel.devices[5].splits = !kernel.devices[5].splits;
		read_again();
		for (uint32_t i = 0; i < 20; i++) {
			show(&kernel.devices[i], &shown[i]);
			assert_memory_equal(row(i + 1)->counter, shown[i].counter,
			    sizeof(shown[i].counter));
			assert_true(row(i + 1)->discontinuity == shown[i].discontinuity);
		}
	}
	assert_true(kernel.links > 100 && kernel.counters > 1000);
}

/* The collector tells of them. */
static void
test_malformed_are_counted(void **state)
{
	(void)state;
	read_again();
	assert_int_equal(read_malformed, 0);
	kernel.malformed = 2;
	read_again();
	assert_int_equal(read_malformed, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, devices_start, devices_stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_without_a_watch),
		TEST(test_counters_alone),
		TEST(test_snapshots_are_their_own),
		TEST(test_after_an_event),
		TEST(test_event_meanwhile),
		TEST(test_watch_ends),
		TEST(test_safety),
		TEST(test_settings),
		TEST(test_interrupted),
		TEST(test_goes_between_two_dumps),
		TEST(test_errors),
		TEST(test_errors_of_counters),
		TEST(test_gone_when_counted),
		TEST(test_another_when_counted),
		TEST(test_drivers_are_asked),
		TEST(test_drivers_are_not_asked),
		TEST(test_wireless_goes_on),
		TEST(test_discontinuity),
		TEST(test_ucast_never_goes_back),
		TEST(test_counters_of_a_moving_row),
		TEST(test_ifindex_comes_again),
		TEST(test_splits_appear_and_vanish),
		TEST(test_split_counters_go_back),
		TEST(test_random_counters),
		TEST(test_malformed_are_counted),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
