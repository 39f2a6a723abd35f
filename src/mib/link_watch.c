// SPDX-License-Identifier: BSD-2-Clause
// The watch over network devices: a thread that keeps their history, event by event, and
// the queue of the linkUp and linkDown that are to be sent. A thread of its own, since
// neither a long reading of the kernel nor a master that hangs may hold it up.
#include "link_watch.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "../kernel/link_events.h"
#include "../log.h"
#include "../table/source.h"
#include "../thread.h"

#define MS INT64_C(1000000)
#define RETRY (1000 * MS) /* after devices could not be read */

struct link_watch {
	pthread_t thread;
	bool running;
	struct link_events events; /* the thread's */
	int64_t resync_at;	   /* when to read all devices; 0: not. The thread's */
	int wake;		   /* eventfd, for the thread: stop, or settings */
	atomic_ullong changes;	   /* counted, or 0 */
	atomic_ullong drivers;

	pthread_mutex_t mutex; /* guards all below */
	bool stop, reread;
	struct link_history history;
	uint64_t counted; /* changes, ever: no number comes twice */
	int notices_fd;	  /* eventfd */
	struct link_notice notices[LINK_NOTICES_MAX];
	size_t n_notices;
	uint64_t first_notice; /* the number of the oldest, which is at it % MAX */
	unsigned dropped;
};

static void
raise_fd(int fd)
{
	const uint64_t one = 1;

	/* Fails only when it is raised as high as can be. */
	if (write(fd, &one, sizeof(one)) < 0)
		return;
}

static void
lower_fd(int fd)
{
	uint64_t count;

	if (read(fd, &count, sizeof(count)) < 0)
		return;
}

/* --- the queue --- */

/* For the history, whose functions run with the mutex held. */
static void
push(const struct link_notice *notice, void *argument)
{
	struct link_watch *watch = argument;

	if (watch->n_notices == LINK_NOTICES_MAX) {
		watch->first_notice++;
		watch->n_notices--;
		watch->dropped++;
	}
	watch->notices[(watch->first_notice + watch->n_notices++) % LINK_NOTICES_MAX] =
	    *notice;
	raise_fd(watch->notices_fd);
}

int
link_watch_fd(const struct link_watch *watch)
{
	return watch->notices_fd;
}

bool
link_watch_peek(struct link_watch *watch, struct link_notice *ret, uint64_t *ret_number)
{
	bool any;

	pthread_mutex_lock(&watch->mutex);
	lower_fd(watch->notices_fd);
	any = watch->n_notices > 0;
	if (any) {
		*ret = watch->notices[watch->first_notice % LINK_NOTICES_MAX];
		*ret_number = watch->first_notice;
	}
	pthread_mutex_unlock(&watch->mutex);
	return any;
}

void
link_watch_pop(struct link_watch *watch, uint64_t number)
{
	pthread_mutex_lock(&watch->mutex);
	if (watch->n_notices > 0 && watch->first_notice == number) {
		watch->first_notice++;
		watch->n_notices--;
	}
	pthread_mutex_unlock(&watch->mutex);
}

unsigned
link_watch_take_dropped(struct link_watch *watch)
{
	unsigned dropped;

	pthread_mutex_lock(&watch->mutex);
	dropped = watch->dropped;
	watch->dropped = 0;
	pthread_mutex_unlock(&watch->mutex);
	return dropped;
}

/* --- the thread --- */

/* To be called before a notice of the change can be seen, so that who asks then is not
 * given older rows; the mutex is held. What happens before all devices were read for the
 * first time is not known to be a change. */
static void
count_change(struct link_watch *watch)
{
	if (watch->history.begun)
		atomic_store(&watch->changes, ++watch->counted);
}

static void
take_event(const struct link *link, bool gone, void *argument)
{
	struct link_watch *watch = argument;

	pthread_mutex_lock(&watch->mutex);
	count_change(watch);
	link_history_event(&watch->history, link, gone, monotonic_now());
	pthread_mutex_unlock(&watch->mutex);
}

static int
take_link(const struct link *link, void *argument)
{
	struct link_watch *watch = argument;

	pthread_mutex_lock(&watch->mutex);
	link_history_event(&watch->history, link, false, monotonic_now());
	pthread_mutex_unlock(&watch->mutex);
	return 0;
}

static void
begin(void *argument)
{
	struct link_watch *watch = argument;

	pthread_mutex_lock(&watch->mutex);
	count_change(watch);
	link_history_begin(&watch->history);
	pthread_mutex_unlock(&watch->mutex);
}

/* Reads all devices. What is in the socket by now is older than that, and thrown away: what
 * comes meanwhile is taken behind it, and ends in the same. */
static void
resync(struct link_watch *watch)
{
	struct link_reader reader = {
		.link = take_link,
		.again = begin,
		.argument = watch,
	};

	link_events_drain(&watch->events);
	begin(watch);
	if (links_read(&reader) < 0) {
		watch->resync_at = monotonic_now() + RETRY;
		return;
	}
	watch->resync_at = 0;
	pthread_mutex_lock(&watch->mutex);
	link_history_end(&watch->history, monotonic_now());
	count_change(watch);
	pthread_mutex_unlock(&watch->mutex);
}

/* Takes all events there are. */
static void
take_events(struct link_watch *watch)
{
	int taken;

	do
		taken = link_events_take(&watch->events, take_event, watch);
	while (taken > 0);
	if (taken == -ENOBUFS)
		watch->resync_at = monotonic_now();
	else if (taken < 0)
		watch->resync_at = monotonic_now() + RETRY;
}

static void
take_drivers_event(struct link_watch *watch)
{
	if (!link_events_drivers_changed(&watch->events))
		return;
	atomic_fetch_add(&watch->drivers, 1);
	pthread_mutex_lock(&watch->mutex);
	count_change(watch);
	pthread_mutex_unlock(&watch->mutex);
}

/* Does what is due. Returns when something will be, 0 for never. */
static int64_t
tick(struct link_watch *watch)
{
	int64_t now = monotonic_now(), then;

	if (watch->resync_at && watch->resync_at <= now)
		resync(watch);
	pthread_mutex_lock(&watch->mutex);
	then = link_history_tick(&watch->history, now);
	pthread_mutex_unlock(&watch->mutex);
	return watch->resync_at && (then == 0 || watch->resync_at < then) ? watch->resync_at
									  : then;
}

/* Sleeps until an event, a wake-up, or then (0: never). */
static void
wait(struct link_watch *watch, int64_t then)
{
	struct pollfd fds[] = {
		{ .fd = link_events_fd(&watch->events), .events = POLLIN },
		{ .fd = watch->wake, .events = POLLIN },
		{ .fd = link_events_drivers_fd(&watch->events), .events = POLLIN },
	};
	int64_t left = then - monotonic_now();
	int timeout = -1;

	if (then != 0)
		timeout = left > 0 ? (int)((left + MS - 1) / MS % INT_MAX) : 0;
	(void)poll(fds, 3, timeout); /* -1 is passed over */
	if (fds[1].revents & POLLIN)
		lower_fd(watch->wake);
}

/* Whether to go on; sees to what a wake-up was for. */
static bool
goes_on(struct link_watch *watch)
{
	bool stop;

	pthread_mutex_lock(&watch->mutex);
	stop = watch->stop;
	if (watch->reread)
		watch->resync_at = monotonic_now();
	watch->reread = false;
	pthread_mutex_unlock(&watch->mutex);
	return !stop;
}

static void *
run(void *argument)
{
	struct link_watch *watch = argument;

	while (goes_on(watch)) {
		wait(watch, tick(watch));
		take_events(watch);
		take_drivers_event(watch);
	}
	return NULL;
}

/* --- from other threads --- */

struct link_watch *
link_watch_new(void)
{
	struct link_watch *watch = calloc(1, sizeof(*watch));

	if (!watch)
		return NULL;
	pthread_mutex_init(&watch->mutex, NULL);
	link_history_init(&watch->history, push, watch);
	watch->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	watch->notices_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (watch->wake < 0 || watch->notices_fd < 0) {
		link_watch_free(watch);
		return NULL;
	}
	return watch;
}

void
link_watch_free(struct link_watch *watch)
{
	if (!watch)
		return;
	link_watch_stop(watch);
	link_history_free(&watch->history);
	if (watch->wake >= 0)
		close(watch->wake);
	if (watch->notices_fd >= 0)
		close(watch->notices_fd);
	pthread_mutex_destroy(&watch->mutex);
	free(watch);
}

/* A new start begins a new history. */
static void
forget(struct link_watch *watch)
{
	struct link_settings settings;

	pthread_mutex_lock(&watch->mutex);
	settings = watch->history.settings;
	link_history_free(&watch->history);
	link_history_init(&watch->history, push, watch);
	watch->history.settings = settings;
	atomic_store(&watch->changes, 0);
	pthread_mutex_unlock(&watch->mutex);
}

int
link_watch_start(struct link_watch *watch)
{
	int error;

	if (watch->running)
		return 0;
	error = link_events_open(&watch->events);
	if (error)
		return error;
	watch->stop = watch->reread = false;
	/* Here, not in the thread: the caller goes on to say that it is there. */
	resync(watch);
	error = thread_start(&watch->thread, "links", run, watch);
	watch->running = error == 0;
	if (error) {
		link_events_close(&watch->events);
		forget(watch);
	}
	return error;
}

void
link_watch_stop(struct link_watch *watch)
{
	if (!watch->running)
		return;
	pthread_mutex_lock(&watch->mutex);
	watch->stop = true;
	pthread_mutex_unlock(&watch->mutex);
	raise_fd(watch->wake);
	pthread_join(watch->thread, NULL);
	link_events_close(&watch->events);
	watch->running = false;
	forget(watch);
}

void
link_watch_set(struct link_watch *watch, const struct link_settings *settings)
{
	pthread_mutex_lock(&watch->mutex);
	if (memcmp(&watch->history.settings, settings, sizeof(*settings)) != 0) {
		watch->history.settings = *settings;
		watch->reread = true;
	}
	pthread_mutex_unlock(&watch->mutex);
	raise_fd(watch->wake);
}

uint64_t
link_watch_changes(const struct link_watch *watch)
{
	return atomic_load(&watch->changes);
}

uint64_t
link_watch_drivers(const struct link_watch *watch)
{
	return atomic_load(&watch->drivers);
}

const struct link_history *
link_watch_lock(struct link_watch *watch)
{
	pthread_mutex_lock(&watch->mutex);
	if (watch->history.begun)
		return &watch->history;
	pthread_mutex_unlock(&watch->mutex);
	return NULL;
}

void
link_watch_unlock(struct link_watch *watch)
{
	pthread_mutex_unlock(&watch->mutex);
}
