// SPDX-License-Identifier: BSD-2-Clause
// Tests of the watch over network devices: its thread and its queue, on the real bus of a
// network namespace made for each.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/veth.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/link_events.h"
#include "messages.h"
#include "mib/link_watch.h"
#include "patience.h"

#define LOOPBACK 1 /* lo has this ifindex in every namespace */

static struct link_watch *watch;
static bool permitted;
static bool locked; /* by the test */

/* --- the kernel's devices, as they are or as the test wants them
 * --------------------------------- */

int __wrap_links_read(struct link_reader *);
int __real_links_read(struct link_reader *);
int __wrap_link_events_take(struct link_events *,
    void (*event)(const struct link *, bool gone, void *argument), void *argument);
int __real_link_events_take(struct link_events *,
    void (*event)(const struct link *, bool gone, void *argument), void *argument);

static struct {
	atomic_int reads;
	atomic_int failures;	/* so many will fail from now on */
	atomic_int interrupted; /* so many will say that devices came or went */
	atomic_bool stays;	/* what has told of a device does not return yet */
} reading;

int
__wrap_links_read(struct link_reader *reader)
{
	int error = 0;

	if (reading.failures > 0) {
		reading.failures--;
		error = -ENOBUFS;
	} else {
		for (; reading.interrupted > 0; reading.interrupted--) {
			__real_links_read(reader);
			reader->again(reader->argument);
			reading.reads++;
		}
		error = __real_links_read(reader);
	}
	reading.reads++;
	while (reading.stays)
		nap(MS / 2);
	return error;
}

int
__wrap_link_events_take(struct link_events *events,
    void (*event)(const struct link *, bool gone, void *argument), void *argument)
{
	int taken = __real_link_events_take(events, event, argument);

	while (taken > 0 && reading.stays)
		nap(MS / 2);
	return taken;
}

/* A namespace of its own, with nothing but lo, which is down. */
static int
start(void **state)
{
	(void)state;
	permitted = unshare(CLONE_NEWNET) == 0;
	if (!permitted && errno != EPERM)
		return -1;
	memset(&reading, 0, sizeof(reading));
	watch = link_watch_new();
	return watch ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	reading.stays = false;
	if (locked)
		link_watch_unlock(watch);
	locked = false;
	link_watch_free(watch);
	return 0;
}

/* Sends a request and waits for the kernel's word; returns that, 0 or -errno. */
static int
request(struct message *message, uint16_t flags)
{
	struct mnl_socket *socket = mnl_socket_open(NETLINK_ROUTE);
	char buffer[8192];

	assert_non_null(socket);
	message->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	assert_true(mnl_socket_sendto(socket, message, message->header.nlmsg_len) > 0);
	assert_true(mnl_socket_recvfrom(socket, buffer, sizeof(buffer)) > 0);
	mnl_socket_close(socket);
	assert_int_equal(((struct nlmsghdr *)buffer)->nlmsg_type, NLMSG_ERROR);
	return ((struct nlmsgerr *)NLMSG_DATA(buffer))->error;
}

static void
set_up(uint32_t ifindex, bool up)
{
	const struct ifinfomsg body = {
		.ifi_index = (int)ifindex,
		.ifi_flags = up ? IFF_UP : 0,
		.ifi_change = IFF_UP,
	};
	struct message message;

	message_start(&message, RTM_NEWLINK, &body, sizeof(body));
	assert_int_equal(request(&message, 0), 0);
}

static void
rename_device(uint32_t ifindex, const char *name)
{
	const struct ifinfomsg body = { .ifi_index = (int)ifindex };
	struct message message;

	message_start(&message, RTM_NEWLINK, &body, sizeof(body));
	message_put(&message, IFLA_IFNAME, name, strlen(name) + 1);
	assert_int_equal(request(&message, 0), 0);
}

/* Makes a device, which is down. Returns what the kernel did. */
static int
make(const char *kind, uint32_t ifindex, const char *name)
{
	const struct ifinfomsg body = { .ifi_index = (int)ifindex };
	struct message message;
	size_t info;

	message_start(&message, RTM_NEWLINK, &body, sizeof(body));
	message_put(&message, IFLA_IFNAME, name, strlen(name) + 1);
	info = message_begin(&message, IFLA_LINKINFO);
	message_put(&message, IFLA_INFO_KIND, kind, strlen(kind));
	message_end(&message, info);
	return request(&message, NLM_F_CREATE | NLM_F_EXCL);
}

/* Makes a device that is up as soon as it is set up. Skips the test where there is none. */
static void
make_simple(uint32_t ifindex)
{
	char name[IFNAMSIZ];
	int error;

	snprintf(name, sizeof(name), "one%u", ifindex);
	error = make("dummy", ifindex, name);
	if (error == -EOPNOTSUPP)
		error = make("ifb", ifindex, name);
	if (error == -EOPNOTSUPP)
		skip();
	assert_int_equal(error, 0);
}

/* A pair of devices, which are down. */
static void
make_veth(uint32_t ifindex, uint32_t peer)
{
	const struct ifinfomsg body = { .ifi_index = (int)ifindex };
	const struct ifinfomsg peer_body = { .ifi_index = (int)peer };
	struct message message;
	size_t info, data;
	int error;

	message_start(&message, RTM_NEWLINK, &body, sizeof(body));
	message_put(&message, IFLA_IFNAME, "left", 5);
	info = message_begin(&message, IFLA_LINKINFO);
	message_put(&message, IFLA_INFO_KIND, "veth", 4);
	data = message_begin(&message, IFLA_INFO_DATA);
	message_put(&message, VETH_INFO_PEER, &peer_body, sizeof(peer_body));
	message_end(&message, data);
	message_end(&message, info);
	error = request(&message, NLM_F_CREATE | NLM_F_EXCL);
	if (error == -EOPNOTSUPP)
		skip();
	assert_int_equal(error, 0);
}

static void
remove_device(uint32_t ifindex)
{
	const struct ifinfomsg body = { .ifi_index = (int)ifindex };
	struct message message;

	message_start(&message, RTM_DELLINK, &body, sizeof(body));
	assert_int_equal(request(&message, 0), 0);
}

/* --- what the watch knows
 * ------------------------------------------------------------------------ */

/* Starts it and waits until it knows the devices; skips the test where it may not. */
static void
run(void)
{
	if (!permitted)
		skip();
	assert_int_equal(link_watch_start(watch), 0);
	AWAIT(link_watch_changes(watch) > 0);
}

static const struct link_history *
lock(void)
{
	const struct link_history *history = link_watch_lock(watch);

	assert_non_null(history);
	locked = true;
	return history;
}

static void
unlock(void)
{
	locked = false;
	link_watch_unlock(watch);
}

/* A copy of what it knows of a device; false: nothing. */
static bool
find(uint32_t ifindex, struct link_entry *ret)
{
	const struct link_entry *entry = link_history_find(lock(), ifindex);

	if (entry)
		*ret = *entry;
	unlock();
	return entry != NULL;
}

static bool
is_known(uint32_t ifindex)
{
	struct link_entry entry;

	return find(ifindex, &entry);
}

static bool
is_named(uint32_t ifindex, const char *name)
{
	struct link_entry entry;

	return find(ifindex, &entry) && strcmp(entry.name, name) == 0;
}

static bool
is_readable(void)
{
	struct pollfd fd = { .fd = link_watch_fd(watch), .events = POLLIN };

	return poll(&fd, 1, 0) == 1;
}

static bool
is_empty(void)
{
	struct link_notice notice;
	uint64_t number;

	return !link_watch_peek(watch, &notice, &number);
}

/* Waits for a notice and takes it. */
static struct link_notice
take(void)
{
	struct pollfd fd = { .fd = link_watch_fd(watch), .events = POLLIN };
	struct link_notice notice;
	uint64_t number;

	while (!link_watch_peek(watch, &notice, &number))
		assert_int_equal(poll(&fd, 1, (int)(PATIENCE / MS)), 1);
	link_watch_pop(watch, number);
	return notice;
}

/* The next notice is this. */
static void
takes(uint32_t ifindex, bool up, enum oper_status oper)
{
	struct link_notice notice = take();

	assert_int_equal(notice.ifindex, ifindex);
	assert_int_equal(notice.up, up);
	assert_int_equal(notice.admin, oper == OPER_DOWN ? ADMIN_DOWN : ADMIN_UP);
	assert_int_equal(notice.oper, oper);
}

/* --- before it is started
 * ------------------------------------------------------------------------ */

static void
test_not_started(void **state)
{
	const struct link_settings settings = { .notify_named = true };

	(void)state;
	assert_true(link_watch_changes(watch) == 0);
	assert_null(link_watch_lock(watch));
	assert_true(is_empty());
	assert_false(is_readable());
	assert_int_equal(link_watch_take_dropped(watch), 0);
	link_watch_pop(watch, 0);
	link_watch_stop(watch);
	link_watch_set(watch, &settings);
	assert_true(link_watch_changes(watch) == 0);
	assert_null(link_watch_lock(watch));
	assert_true(fcntl(link_watch_fd(watch), F_GETFD) & FD_CLOEXEC);
	link_watch_free(NULL);
}

/* --- the beginning, and events
 * ------------------------------------------------------------------- */

/* How many threads of this process have this name. */
static int
count_threads(const char *name)
{
	DIR *tasks = opendir("/proc/self/task");
	int n = 0;

	assert_non_null(tasks);
	for (struct dirent *task; (task = readdir(tasks));) {
		char path[300], comm[32] = "";
		FILE *file;

		snprintf(path, sizeof(path), "/proc/self/task/%s/comm", task->d_name);
		file = fopen(path, "re");
		if (file && fgets(comm, sizeof(comm), file))
			comm[strcspn(comm, "\n")] = '\0';
		if (file)
			fclose(file);
		n += strcmp(comm, name) == 0;
	}
	closedir(tasks);
	return n;
}

static void
test_beginning(void **state)
{
	struct link_entry entry;

	(void)state;
	run();
	assert_int_equal(count_threads("links"), 1);
	assert_true(find(LOOPBACK, &entry));
	assert_string_equal(entry.name, "lo");
	assert_int_equal(entry.oper, OPER_DOWN);
	assert_true(entry.appeared == 0);
	assert_true(entry.last_change == 0);
	assert_true(is_empty());
	/* Once is enough. */
	assert_int_equal(link_watch_start(watch), 0);
	assert_int_equal(count_threads("links"), 1);
	link_watch_stop(watch);
	assert_int_equal(count_threads("links"), 0);
	link_watch_stop(watch);
}

/* What happens once it has been started is noticed, however soon. */
static void
test_goes_up_at_once(void **state)
{
	(void)state;
	if (!permitted)
		skip();
	for (int i = 0; i < 30; i++) {
		assert_int_equal(link_watch_start(watch), 0);
		set_up(LOOPBACK, true);
		takes(LOOPBACK, true, OPER_UP);
		link_watch_stop(watch);
		set_up(LOOPBACK, false);
	}
}

static void
test_goes_up_and_down(void **state)
{
	int64_t before;
	struct link_entry entry;

	(void)state;
	run();
	for (int i = 0; i < 5; i++) {
		before = monotonic_now();
		set_up(LOOPBACK, true);
		takes(LOOPBACK, true, OPER_UP);
		assert_true(find(LOOPBACK, &entry));
		assert_int_equal(entry.oper, OPER_UP);
		assert_in_range(entry.last_change, before, monotonic_now());
		assert_true(entry.appeared == 0);
		set_up(LOOPBACK, false);
		takes(LOOPBACK, false, OPER_DOWN);
	}
	assert_true(is_empty());
	assert_int_equal(link_watch_take_dropped(watch), 0);
}

static void
test_comes_and_goes(void **state)
{
	int64_t before = monotonic_now();
	struct link_entry entry;

	(void)state;
	run();
	make_simple(7);
	AWAIT(is_known(7));
	assert_true(find(7, &entry));
	assert_string_equal(entry.name, "one7");
	assert_in_range(entry.appeared, before, monotonic_now());
	rename_device(7, "renamed");
	AWAIT(is_named(7, "renamed"));
	remove_device(7);
	AWAIT(!is_known(7));
	assert_true(lock()->table_changed > entry.appeared);
	unlock();
	assert_true(is_empty());
}

/* Whoever hears of something finds that there is something new: what is answered after a
 * notice is not from before it. */
static void
test_changes_come_before_notices(void **state)
{
	uint64_t changes;

	(void)state;
	run();
	changes = link_watch_changes(watch);
	reading.stays = true;
	set_up(LOOPBACK, true);
	AWAIT(!is_empty());
	assert_true(link_watch_changes(watch) > changes);
	reading.stays = false;
	takes(LOOPBACK, true, OPER_UP);
}

/* A veth whose peer is down comes up without a carrier: unknown, and some time later
 * lowerLayerDown. That is told when it stays so; by then nothing may happen any more: the
 * thread wakes up by itself. */
static void
test_settles(void **state)
{
	struct link_notice notice;
	int64_t before;

	(void)state;
	run();
	make_veth(5, 6);
	AWAIT(is_known(5) && is_known(6));
	before = monotonic_now();
	set_up(5, true);
	notice = take();
	assert_true(monotonic_now() - before >= 100 * MS);
	assert_int_equal(notice.ifindex, 5);
	assert_true(notice.up);
	assert_int_equal(notice.admin, ADMIN_UP);
	assert_true(notice.oper == OPER_UNKNOWN || notice.oper == OPER_LOWER_LAYER_DOWN);
	/* With its peer there is a carrier; of the other one nothing is told again. */
	set_up(6, true);
	notice = take();
	assert_int_equal(notice.ifindex, 6);
	assert_true(notice.up);
	set_up(6, false);
	takes(6, false, OPER_DOWN);
	assert_true(is_empty());
}

/* --- the queue
 * ----------------------------------------------------------------------------------- */

static void
test_peek_and_pop(void **state)
{
	struct link_notice first, again;
	uint64_t number, same;

	(void)state;
	run();
	set_up(LOOPBACK, true);
	set_up(LOOPBACK, false);
	AWAIT(is_readable());
	assert_true(link_watch_peek(watch, &first, &number));
	assert_true(first.up);
	/* It stays. */
	assert_true(link_watch_peek(watch, &again, &same));
	assert_true(same == number);
	assert_true(again.up);
	/* Another number is not it. */
	link_watch_pop(watch, number + 1);
	link_watch_pop(watch, number - 1);
	assert_true(link_watch_peek(watch, &again, &same));
	assert_true(same == number);
	link_watch_pop(watch, number);
	/* Nor is it there twice. */
	link_watch_pop(watch, number);
	takes(LOOPBACK, false, OPER_DOWN);
	assert_true(is_empty());
	assert_false(is_readable());
	link_watch_pop(watch, number + 2);
	set_up(LOOPBACK, true);
	takes(LOOPBACK, true, OPER_UP);
}

/* The descriptor tells of what was not looked at, not of what was not taken. */
static void
test_descriptor(void **state)
{
	struct link_notice notice;
	uint64_t number;

	(void)state;
	run();
	assert_false(is_readable());
	set_up(LOOPBACK, true);
	AWAIT(is_readable());
	assert_true(link_watch_peek(watch, &notice, &number));
	assert_false(is_readable());
	set_up(LOOPBACK, false);
	AWAIT(is_readable());
	assert_true(link_watch_peek(watch, &notice, &number));
	assert_true(notice.up);
	assert_false(is_readable());
}

#define DEVICES 30
#define ROUND (2 * DEVICES)

/* Devices 10 … go up and down, each ten times in all: so many are told at once. What was
 * told is in the queue when this returns. */
static void
tell_many(int rounds)
{
	for (int i = 0; i < rounds; i++) {
		for (uint32_t ifindex = 10; ifindex < 10 + DEVICES; ifindex++) {
			set_up(ifindex, true);
			set_up(ifindex, false);
		}
	}
	rename_device(10, "last");
	AWAIT(is_named(10, "last"));
	rename_device(10, "one10");
	AWAIT(is_named(10, "one10"));
}

/* The n-th notice of tell_many() from the beginning. */
static void
is_nth(const struct link_notice *notice, int n)
{
	assert_int_equal(notice->ifindex, 10 + n % ROUND / 2);
	assert_int_equal(notice->up, n % 2 == 0);
}

/* More than there is room for: the oldest are dropped, and counted. */
static void
test_overflow(void **state)
{
	struct link_notice notice;
	uint64_t number, first = 0;

	(void)state;
	run();
	for (uint32_t i = 10; i < 10 + DEVICES; i++)
		make_simple(i);
	tell_many(4); /* 240 */
	assert_int_equal(link_watch_take_dropped(watch), 0);
	assert_true(link_watch_peek(watch, &notice, &number));
	is_nth(&notice, 0);
	tell_many(1); /* 300 */
	assert_int_equal(link_watch_take_dropped(watch), 5 * ROUND - LINK_NOTICES_MAX);
	assert_int_equal(link_watch_take_dropped(watch), 0);
	/* What was being sent is gone: nothing else is taken in its place. */
	link_watch_pop(watch, number);
	for (int i = 5 * ROUND - LINK_NOTICES_MAX; i < 5 * ROUND; i++) {
		assert_true(link_watch_peek(watch, &notice, &number));
		is_nth(&notice, i);
		assert_true(first == 0 || number == first + 1);
		first = number;
		link_watch_pop(watch, number);
	}
	assert_true(is_empty());
	assert_int_equal(link_watch_take_dropped(watch), 0);
}

/* --- starting again, and other settings
 * ---------------------------------------------------------- */

/* A new history; what was not sent stays. */
static void
test_start_again(void **state)
{
	uint64_t changes;
	struct link_entry entry;

	(void)state;
	run();
	set_up(LOOPBACK, true);
	AWAIT(is_readable());
	changes = link_watch_changes(watch);
	link_watch_stop(watch);
	assert_true(link_watch_changes(watch) == 0);
	assert_null(link_watch_lock(watch));
	set_up(LOOPBACK, false);
	run();
	/* Whoever knows how things were by then, does not know how they are. */
	assert_true(link_watch_changes(watch) > changes);
	assert_true(find(LOOPBACK, &entry));
	assert_int_equal(entry.oper, OPER_DOWN);
	assert_true(entry.last_change == 0);
	takes(LOOPBACK, true, OPER_UP);
	assert_true(is_empty());
	set_up(LOOPBACK, true);
	takes(LOOPBACK, true, OPER_UP);
}

/* The same number would mean that nothing has changed. */
static void
test_numbers_do_not_come_again(void **state)
{
	uint64_t last = 0;

	(void)state;
	for (int i = 0; i < 20; i++) {
		run();
		assert_true(link_watch_changes(watch) > last);
		last = link_watch_changes(watch);
		link_watch_stop(watch);
	}
}

static void
test_settings(void **state)
{
	struct link_settings settings;

	(void)state;
	link_settings_init(&settings);
	assert_true(link_patterns_add(&settings.exclude, "lo"));
	link_watch_set(watch, &settings);
	run();
	assert_false(is_known(LOOPBACK));
	/* At once, without an event. */
	link_settings_init(&settings);
	link_watch_set(watch, &settings);
	AWAIT(is_known(LOOPBACK));
	settings.notify_named = true;
	link_watch_set(watch, &settings);
	set_up(LOOPBACK, true);
	rename_device(LOOPBACK, "loop");
	AWAIT(is_named(LOOPBACK, "loop"));
	assert_true(is_empty());
	/* They outlast a start. */
	link_watch_stop(watch);
	run();
	set_up(LOOPBACK, false);
	rename_device(LOOPBACK, "lo");
	AWAIT(is_named(LOOPBACK, "lo"));
	assert_true(is_empty());
	settings.notify_named = false;
	link_watch_set(watch, &settings);
	set_up(LOOPBACK, true);
	takes(LOOPBACK, true, OPER_UP);
}

/* --- when devices cannot be read, or events are lost
 * --------------------------------------------- */

/* Nothing is known until all devices have been read once, whatever happens by then. */
static void
test_fails_at_first(void **state)
{
	(void)state;
	if (!permitted)
		skip();
	reading.failures = 1000;
	assert_int_equal(link_watch_start(watch), 0);
	AWAIT(reading.reads >= 1);
	set_up(LOOPBACK, true);
	AWAIT(reading.reads >= 2); /* a second later: by then it has heard */
	assert_true(link_watch_changes(watch) == 0);
	assert_null(link_watch_lock(watch));
	reading.failures = 0;
	AWAIT(link_watch_changes(watch) > 0);
	assert_true(is_known(LOOPBACK));
}

/* Devices come or go during the first dump. */
static void
test_clean_in_the_end(void **state)
{
	(void)state;
	reading.interrupted = 1;
	run();
	assert_int_equal(reading.reads, 2);
	assert_true(is_known(LOOPBACK));
}

/* How many messages sockets of this namespace have lost. */
static unsigned
drops(void)
{
	FILE *file = fopen("/proc/thread-self/net/netlink", "re");
	char line[256];
	unsigned sum = 0, n;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%*s %*s %*s %*s %*s %*s %*s %*s %u", &n) == 1)
			sum += n;
	fclose(file);
	return sum;
}

/* More happens than the socket can hold: what the events would have told is read. */
static void
test_events_are_lost(void **state)
{
	const struct link_history *history;

	(void)state;
	run();
	make_simple(7);
	AWAIT(is_known(7));
	/* It waits for this from the first event on. */
	history = lock();
	for (int i = 0; i < 200000 && drops() == 0; i++) {
		set_up(LOOPBACK, true);
		set_up(LOOPBACK, false);
	}
	assert_true(drops() > 0);
	remove_device(7);
	make_simple(8);
	set_up(LOOPBACK, true);
	assert_non_null(link_history_find(history, 7));
	unlock();
	AWAIT(!is_known(7) && is_known(8));
	/* And goes on. */
	rename_device(8, "after");
	AWAIT(is_named(8, "after"));
	make_simple(9);
	AWAIT(is_known(9));
}

/* --- threads
 * ------------------------------------------------------------------------------------- */

static atomic_bool enough;

static void *
ask_on(void *argument)
{
	(void)argument;
	while (!atomic_load(&enough)) {
		const struct link_history *history = link_watch_lock(watch);
		struct link_notice notice;
		uint64_t number;

		if (history) {
			const struct link_entry *entry = link_history_find(
			    history, LOOPBACK);

			if (entry && entry->oper != OPER_UP && entry->oper != OPER_DOWN)
				abort();
			link_watch_unlock(watch);
		}
		if (link_watch_peek(watch, &notice, &number))
			link_watch_pop(watch, number);
		link_watch_changes(watch);
		link_watch_take_dropped(watch);
	}
	return NULL;
}

/* Others ask while things happen, settings change, and it is stopped and started. */
static void
test_while_others_ask(void **state)
{
	struct link_settings settings;
	pthread_t threads[2];

	(void)state;
	if (!permitted)
		skip();
	enough = false;
	link_settings_init(&settings);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask_on, NULL), 0);
	for (int i = 0; i < 200; i++) {
		set_up(LOOPBACK, i % 2 == 0);
		settings.notify_named = i % 3 == 0;
		link_watch_set(watch, &settings);
		if (i % 10 < 7)
			assert_int_equal(link_watch_start(watch), 0);
		else
			link_watch_stop(watch);
	}
	enough = true;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

static void
test_free_while_it_runs(void **state)
{
	(void)state;
	if (!permitted)
		skip();
	for (int i = 0; i < 50; i++) {
		assert_int_equal(link_watch_start(watch), 0);
		set_up(LOOPBACK, i % 2 == 0);
		link_watch_free(watch);
		assert_int_equal(count_threads("links"), 0);
		watch = link_watch_new();
		assert_non_null(watch);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_not_started),
		TEST(test_beginning),
		TEST(test_goes_up_at_once),
		TEST(test_goes_up_and_down),
		TEST(test_comes_and_goes),
		TEST(test_changes_come_before_notices),
		TEST(test_settles),
		TEST(test_peek_and_pop),
		TEST(test_descriptor),
		TEST(test_overflow),
		TEST(test_start_again),
		TEST(test_numbers_do_not_come_again),
		TEST(test_settings),
		TEST(test_fails_at_first),
		TEST(test_clean_in_the_end),
		TEST(test_events_are_lost),
		TEST(test_while_others_ask),
		TEST(test_free_while_it_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
