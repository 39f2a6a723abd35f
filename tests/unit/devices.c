// SPDX-License-Identifier: BSD-2-Clause
// A kernel whose network devices are made up, a watch that is the test's, and the source of
// interfaces, read when the test says so.
#include "devices.h"

#include <stdarg.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <string.h>

#include "kernel/wireless.h"
#include "mib/link_watch.h"

#define SECOND INT64_C(1000000000)

struct made_up_kernel kernel;
struct watched watched;
struct link_settings settings;
uint64_t settings_version;
int64_t now;
struct snapshot *snapshot;

static struct collector *collector;
static void *state_of_source;

/* --- in place of the real ones
 * ------------------------------------------------------------------- */

int __wrap_links_read(struct link_reader *);
int __wrap_link_counters_read(struct link_reader *);
int __wrap_ethtool_read_speeds(struct ethtool_reader *);
int __wrap_ethtool_read_frames(struct ethtool_reader *);
int __wrap_wireless_read(
    int (*found)(uint32_t ifindex, void *argument), void *argument, size_t *malformed);
uint64_t __wrap_link_watch_changes(const struct link_watch *);
const struct link_history *__wrap_link_watch_lock(struct link_watch *);
void __wrap_link_watch_unlock(struct link_watch *);

int
__wrap_links_read(struct link_reader *reader)
{
	int error = kernel.links_errors[0];

	memmove(kernel.links_errors, kernel.links_errors + 1,
	    sizeof(kernel.links_errors) - sizeof(int));
	kernel.links++;
	for (size_t i = 0; i < kernel.n; i++)
		assert_int_equal(
		    reader->link(&kernel.devices[i].link, reader->argument), 0);
	reader->malformed += kernel.malformed;
	if (kernel.meanwhile)
		kernel.meanwhile();
	if (error != -EINTR)
		return error;
	reader->again(reader->argument);
	return __wrap_links_read(reader);
}

int
__wrap_link_counters_read(struct link_reader *reader)
{
	kernel.counters++;
	for (size_t i = 0; i < kernel.n; i++) {
		const struct made_up *device = &kernel.devices[i];

		if (!device->uncounted)
			assert_int_equal(reader->counters(device->link.ifindex,
					     &device->link.counters, reader->argument),
			    0);
	}
	return kernel.counters_error;
}

int
__wrap_ethtool_read_speeds(struct ethtool_reader *reader)
{
	kernel.speeds++;
	for (size_t i = 0; i < kernel.n; i++) {
		const struct made_up *device = &kernel.devices[i];

		if (device->speed)
			assert_int_equal(reader->speed(device->link.ifindex, device->speed,
					     reader->argument),
			    0);
	}
	return 0;
}

int
__wrap_ethtool_read_frames(struct ethtool_reader *reader)
{
	kernel.frames++;
	for (size_t i = 0; i < kernel.n; i++) {
		const struct made_up *device = &kernel.devices[i];

		if (device->splits)
			assert_int_equal(reader->frames(device->link.ifindex,
					     &device->frames, reader->argument),
			    0);
	}
	return 0;
}

int
__wrap_wireless_read(
    int (*found)(uint32_t ifindex, void *argument), void *argument, size_t *malformed)
{
	(void)malformed;
	kernel.wireless++;
	for (size_t i = 0; i < kernel.n; i++)
		if (kernel.devices[i].wireless)
			assert_int_equal(
			    found(kernel.devices[i].link.ifindex, argument), 0);
	return 0;
}

uint64_t
__wrap_link_watch_changes(const struct link_watch *watch)
{
	assert_non_null(watch);
	return watched.changes;
}

const struct link_history *
__wrap_link_watch_lock(struct link_watch *watch)
{
	assert_non_null(watch);
	assert_false(watched.locked);
	watched.locked = watched.changes != 0;
	return watched.locked ? &watched.history : NULL;
}

void
__wrap_link_watch_unlock(struct link_watch *watch)
{
	assert_non_null(watch);
	assert_true(watched.locked);
	watched.locked = false;
}

/* --- devices and events
 * -------------------------------------------------------------------------- */

struct made_up *
add_device(uint32_t ifindex, const char *name)
{
	struct made_up *device = &kernel.devices[kernel.n++];

	assert_true(kernel.n <= DEVICES_MAX);
	*device = (struct made_up){
		.link = {
		    .ifindex = ifindex,
		    .name = { (const uint8_t *)name, strlen(name) },
		    .flags = IFF_UP | IFF_LOWER_UP,
		    .operstate = IF_OPER_UP,
		    .hardware = ARPHRD_ETHER,
		    .mtu = 1500,
		    .has_counters = true,
		},
	};
	return device;
}

struct made_up *
find_device(uint32_t ifindex)
{
	for (size_t i = 0; i < kernel.n; i++)
		if (kernel.devices[i].link.ifindex == ifindex)
			return &kernel.devices[i];
	fail_msg("there is no device %u", ifindex);
	return NULL;
}

void
remove_device(uint32_t ifindex)
{
	struct made_up *device = find_device(ifindex);
	size_t behind = (size_t)(&kernel.devices[--kernel.n] - device);

	memmove(device, device + 1, behind * sizeof(*device));
}

static void
ignore_notice(const struct link_notice *notice, void *argument)
{
	(void)notice;
	(void)argument;
}

void
watch_devices(void)
{
	assert_non_null(interfaces_watch(collector));
	assert_ptr_equal(interfaces_watch(collector), interfaces_watch(collector));
	watched.history.settings = settings;
	link_history_begin(&watched.history);
	for (size_t i = 0; i < kernel.n; i++)
		link_history_event(&watched.history, &kernel.devices[i].link, false, now);
	link_history_end(&watched.history, now);
	watched.changes++;
}

void
event_of(uint32_t ifindex)
{
	link_history_event(&watched.history, &find_device(ifindex)->link, false, now);
	watched.changes++;
}

void
event_of_removed(uint32_t ifindex)
{
	const struct link link = { .ifindex = ifindex };

	link_history_event(&watched.history, &link, true, now);
	watched.changes++;
}

/* --- reading
 * ------------------------------------------------------------------------------------ */

int
devices_start(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	memset(&watched, 0, sizeof(watched));
	link_history_init(&watched.history, ignore_notice, NULL);
	now = 1000 * SECOND;
	settings_version = 0;
	link_settings_init(&settings);
	snapshot = NULL;
	collector = collector_new(&freshness_default);
	if (!collector)
		return -1;
	state_of_source = source_state(collector_source(collector, &source_interfaces));
	return 0;
}

int
devices_stop(void **state)
{
	(void)state;
	snapshot_release(snapshot);
	link_history_free(&watched.history);
	collector_free(collector);
	return 0;
}

bool
is_outdated(void)
{
	return source_interfaces.outdated(state_of_source, snapshot);
}

size_t read_malformed;

int
read_devices(void)
{
	struct snapshot *new = snapshot_new();
	struct reading reading = {
		.state = state_of_source,
		.settings = &settings,
		.new = new,
		.collector = collector,
	};
	int error;

	assert_non_null(new);
	now += SECOND;
	new->time = now;
	new->settings = settings_version;
	error = source_interfaces.read(&reading);
	read_malformed = reading.malformed;
	assert_false(watched.locked);
	if (error) {
		snapshot_release(new);
		return error;
	}
	snapshot_release(snapshot);
	snapshot = new;
	return 0;
}

void
read_again(void)
{
	assert_int_equal(read_devices(), 0);
}

const struct interface_row *
find_row(uint32_t ifindex)
{
	const struct interface_row *found = NULL;

	for (size_t i = 0; i < snapshot->rows.n; i++) {
		const struct interface_row *one = array_at(&snapshot->rows, i);

		if (one->ifindex != ifindex)
			continue;
		assert_null(found);
		found = one;
	}
	return found;
}

const struct interface_row *
row(uint32_t ifindex)
{
	const struct interface_row *found = find_row(ifindex);

	assert_non_null(found);
	return found;
}
