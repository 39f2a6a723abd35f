// SPDX-License-Identifier: BSD-2-Clause
// Sources and the collector: who reads the kernel, when, and how old an answer may be.
#include "source.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../log.h"
#include "table.h"
#include "view.h"

#define SOURCES_MAX 16
#define MS INT64_C(1000000)
#define SECOND (1000 * MS)
#define NEVER INT64_MAX

const struct freshness freshness_default = {
	.max_stale = 60 * SECOND,
	.idle = 3600 * SECOND,
	.cheap = 20 * MS,
	.wait = 100 * MS,
	.first_wait = 5 * SECOND,
	.retry = 1 * SECOND,
	.settle = 200 * MS,
	.safety = 300 * SECOND,
	.spacing = 10,
};

/* All but kind, base and state is guarded by collector->mutex; current is replaced by the
 * collector alone. */
struct source {
	struct collector *collector;
	const struct source_kind *kind;
	struct source *base; /* or NULL */
	void *state;
	void *settings,
	    *settings_in_use; /* the latter is the collector's, for the read that runs */
	uint64_t settings_version;
	const struct table *tables[SNAPSHOT_VIEWS];
	int64_t table_asked[SNAPSHOT_VIEWS]; /* when last; 0: never */
	int n_tables;

	struct snapshot *current;
	int64_t verified;  /* when it was found unchanged; 0: not since it was read */
	int64_t unsettled; /* when a change was seen; 0: long ago. The collector's */
	int64_t max_age;
	int64_t asked;	      /* when last; 0: never */
	int64_t cost;	      /* of the last refresh, ns */
	int64_t next_allowed; /* the spacing */
	uint64_t generation;
	uint64_t attempts; /* refreshes that have ended, well or not */
	bool wanted;	   /* a request found it too old */
	bool urgent; /* a request has nothing to be served from: the spacing does not count
		      */
	bool running;
	bool failed; /* the last one; it was logged */
};

struct collector {
	pthread_mutex_t mutex;
	pthread_cond_t work;  /* for the thread: wanted, or stop */
	pthread_cond_t ended; /* for requests: a refresh has ended */
	pthread_t thread;
	bool threaded, stop;
	const struct source *busy; /* whose refresh runs and need not be cheap; or NULL */
	int64_t other; /* ns spent on other sources inside the refresh that runs */
	unsigned options;
	struct freshness freshness;
	struct source *sources[SOURCES_MAX];
	size_t n_sources;
};

int64_t
monotonic_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

/* A condition that is waited for by the monotonic clock. */
static void
init_condition(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
}

/* Waits until then at most. Returns ETIMEDOUT, or 0 when woken. */
static int
wait_until(struct collector *collector, pthread_cond_t *condition, int64_t then)
{
	struct timespec time = { .tv_sec = then / SECOND, .tv_nsec = then % SECOND };

	if (then == NEVER)
		return pthread_cond_wait(condition, &collector->mutex);
	return pthread_cond_timedwait(condition, &collector->mutex, &time);
}

struct collector *
collector_new(const struct freshness *freshness)
{
	struct collector *collector = calloc(1, sizeof(*collector));

	if (!collector)
		return NULL;
	pthread_mutex_init(&collector->mutex, NULL);
	init_condition(&collector->work);
	init_condition(&collector->ended);
	collector->freshness = *freshness;
	return collector;
}

static void
source_free(struct source *source)
{
	snapshot_release(source->current);
	if (source->kind->free_state && source->state)
		source->kind->free_state(source->state);
	free(source->state);
	free(source->settings);
	free(source->settings_in_use);
	free(source);
}

void
collector_free(struct collector *collector)
{
	if (!collector)
		return;
	if (collector->threaded) {
		pthread_mutex_lock(&collector->mutex);
		collector->stop = true;
		pthread_cond_signal(&collector->work);
		pthread_mutex_unlock(&collector->mutex);
		pthread_join(collector->thread, NULL);
	}
	for (size_t i = 0; i < collector->n_sources; i++)
		source_free(collector->sources[i]);
	pthread_cond_destroy(&collector->work);
	pthread_cond_destroy(&collector->ended);
	pthread_mutex_destroy(&collector->mutex);
	free(collector);
}

/* Memory for what a kind wants to keep; NULL without memory, and for nothing. */
static int
allocate(void **ret_memory, size_t size)
{
	*ret_memory = size ? calloc(1, size) : NULL;
	return size && !*ret_memory ? -ENOMEM : 0;
}

static struct source *
source_new(struct collector *collector, const struct source_kind *kind, struct source *base)
{
	struct source *source = calloc(1, sizeof(*source));

	if (!source)
		return NULL;
	source->collector = collector;
	source->kind = kind;
	source->base = base;
	source->max_age = kind->max_age * MS;
	if (allocate(&source->state, kind->state_size) < 0 ||
	    allocate(&source->settings, kind->settings_size) < 0 ||
	    allocate(&source->settings_in_use, kind->settings_size) < 0) {
		free(source->settings);
		free(source->state);
		free(source);
		return NULL;
	}
	if (kind->settings_size)
		kind->init_settings(source->settings);
	return source;
}

struct source *
collector_source(struct collector *collector, const struct source_kind *kind)
{
	struct source *source, *base = NULL;

	for (size_t i = 0; i < collector->n_sources; i++)
		if (collector->sources[i]->kind == kind)
			return collector->sources[i];
	if (kind->base && !(base = collector_source(collector, kind->base)))
		return NULL;
	if (collector->n_sources == SOURCES_MAX)
		return NULL;
	source = source_new(collector, kind, base);
	if (source)
		collector->sources[collector->n_sources++] = source;
	return source;
}

int
source_add_table(struct source *source, const struct table *table)
{
	for (int i = 0; i < source->n_tables; i++)
		if (source->tables[i] == table)
			return i;
	if (source->n_tables == SNAPSHOT_VIEWS)
		return -ENOSPC;
	source->tables[source->n_tables] = table;
	return source->n_tables++;
}

void
collector_set_options(struct collector *collector, unsigned options)
{
	pthread_mutex_lock(&collector->mutex);
	collector->options = options;
	pthread_mutex_unlock(&collector->mutex);
}

void
collector_set_settings(
    struct collector *collector, const struct source_kind *kind, const void *settings)
{
	pthread_mutex_lock(&collector->mutex);
	for (size_t i = 0; i < collector->n_sources; i++) {
		struct source *source = collector->sources[i];

		if (source->kind != kind ||
		    memcmp(source->settings, settings, kind->settings_size) == 0)
			continue;
		memcpy(source->settings, settings, kind->settings_size);
		source->settings_version++;
	}
	pthread_mutex_unlock(&collector->mutex);
}

void
collector_set_max_age(struct collector *collector, const char *name, unsigned max_age)
{
	pthread_mutex_lock(&collector->mutex);
	for (size_t i = 0; i < collector->n_sources; i++)
		if (strcmp(collector->sources[i]->kind->name, name) == 0)
			collector->sources[i]->max_age = max_age * MS;
	pthread_mutex_unlock(&collector->mutex);
}

/* Somebody asked within the last hour. */
static bool
is_asked(const struct source *source, int64_t asked, int64_t now)
{
	return asked > 0 && now - asked < source->collector->freshness.idle;
}

/* Its last refresh took no longer than a request may wait. */
static bool
is_cheap(const struct source *source)
{
	return source->attempts > 0 && source->cost <= source->collector->freshness.cheap;
}

/* Is there a snapshot that can serve this request at all? The mutex is held. */
static bool
is_usable(const struct source *source, int view)
{
	const struct snapshot *current = source->current;

	return current && current->options == source->collector->options &&
	    current->settings == source->settings_version &&
	    (view < 0 || current->views[view].built);
}

/* When what is published was the truth. The mutex is held. */
static int64_t
truth_time(const struct source *source)
{
	return source->verified > source->current->time ? source->verified
							: source->current->time;
}

static bool
is_fresh(const struct source *source, uint64_t base, int64_t now)
{
	return now - truth_time(source) <= source->max_age && source->current->base >= base;
}

static struct snapshot *
hold_current(struct source *source)
{
	struct snapshot *current;

	pthread_mutex_lock(&source->collector->mutex);
	current = source->current ? snapshot_hold(source->current) : NULL;
	pthread_mutex_unlock(&source->collector->mutex);
	return current;
}

static int
build_views(struct source *source, struct snapshot *new)
{
	int64_t asked[SNAPSHOT_VIEWS];
	int error = 0;

	pthread_mutex_lock(&source->collector->mutex);
	memcpy(asked, source->table_asked, sizeof(asked));
	pthread_mutex_unlock(&source->collector->mutex);
	for (int i = 0; error == 0 && i < source->n_tables; i++)
		if (is_asked(source, asked[i], new->time))
			error = view_build(source->tables[i], new, &new->views[i]);
	return error;
}

/* Reads a source into a new snapshot, with views. */
static int
read_source(struct source *source, struct snapshot *base, struct snapshot **ret_new)
{
	struct snapshot *old = hold_current(source), *new = snapshot_new();
	struct reading reading = {
		.state = source->state,
		.settings = source->settings_in_use,
		.old = old,
		.base = base,
		.new = new,
		.collector = source->collector,
	};
	int error = new ? 0 : -ENOMEM;

	if (new) {
		pthread_mutex_lock(&source->collector->mutex);
		new->options = source->collector->options;
		new->settings = source->settings_version;
		if (source->settings)
			memcpy(source->settings_in_use, source->settings,
			    source->kind->settings_size);
		pthread_mutex_unlock(&source->collector->mutex);
		new->time = monotonic_now();
		new->base = base ? base->generation : 0;
		error = source->kind->read(&reading);
	}
	if (error == 0)
		error = build_views(source, new);
	if (error == 0) {
		array_trim(&new->rows);
		array_trim(&new->side);
		*ret_new = new;
	} else {
		snapshot_release(new);
	}
	snapshot_release(old);
	return error;
}

/* Says once that a source cannot be read, and once that it can again. */
static void
report(const struct source *source, int error)
{
	if (error && !source->failed)
		log_warning("cannot read %s: %s", source->kind->name, strerror(-error));
	else if (!error && source->failed)
		log_info("reading %s again", source->kind->name);
}

/* Puts the new snapshot in the place of the old one; the mutex is held. Returns the old
 * one. */
static struct snapshot *
publish(struct source *source, struct snapshot *new)
{
	struct snapshot *old = source->current;

	new->generation = ++source->generation;
	source->current = new;
	return old;
}

/* Whether every view that is asked for is in the snapshot. The mutex is held. */
static bool
has_views(const struct source *source, int64_t now)
{
	for (int i = 0; i < source->n_tables; i++)
		if (is_asked(source, source->table_asked[i], now) && !is_usable(source, i))
			return false;
	return is_usable(source, -1);
}

/*
 * Whether what is published goes on being the truth, as the source itself says. What a
 * change brings with it may come late and without a word (routes of a device that goes
 * down): once things have settled the source is read again.
 */
static bool
is_unchanged(struct source *source, int64_t now)
{
	const struct freshness *freshness = &source->collector->freshness;
	bool unchanged = source->kind->unchanged && source->kind->unchanged(source->state);

	if (!unchanged) {
		source->unsettled = now;
	} else if (source->unsettled && now - source->unsettled >= freshness->settle) {
		source->unsettled = 0;
		unchanged = false;
	}
	pthread_mutex_lock(&source->collector->mutex);
	unchanged = unchanged && has_views(source, now) &&
	    now - source->current->time < freshness->safety;
	if (unchanged)
		source->verified = now;
	pthread_mutex_unlock(&source->collector->mutex);
	return unchanged;
}

static int refresh(struct source *);

/* A snapshot of the source's base that is there, or is made now. */
static int
read_base(struct source *source, struct snapshot **ret_base)
{
	int error = 0;

	*ret_base = hold_current(source->base);
	if (!*ret_base) {
		error = refresh(source->base);
		*ret_base = error ? NULL : hold_current(source->base);
	}
	return error;
}

/* Ends a refresh. Returns the snapshot that was replaced, or NULL. */
static struct snapshot *
end_refresh(struct source *source, int error, struct snapshot *new, int64_t start)
{
	struct collector *collector = source->collector;
	const struct freshness *freshness = &collector->freshness;
	struct snapshot *old = NULL;
	int64_t now = monotonic_now();

	pthread_mutex_lock(&collector->mutex);
	if (error || new) {
		source->cost = now - start - collector->other;
		source->next_allowed = error ? now + freshness->retry
					     : start + freshness->spacing * source->cost;
	}
	if (new)
		old = publish(source, new);
	source->failed = error != 0;
	source->running = false;
	source->attempts++;
	if (collector->busy == source)
		collector->busy = NULL;
	pthread_cond_broadcast(&collector->ended);
	pthread_mutex_unlock(&collector->mutex);
	return old;
}

/* Reads a source once and publishes what it found, or finds that nothing has changed. In
 * the collector's thread; the mutex is not held. Returns 0 or -errno, which has been
 * logged. */
static int
refresh(struct source *source)
{
	struct collector *collector = source->collector;
	struct snapshot *base = NULL, *new = NULL;
	int64_t start = monotonic_now(), outer = collector->other;
	int error = 0;

	pthread_mutex_lock(&collector->mutex);
	source->wanted = source->urgent = false;
	source->running = true;
	pthread_mutex_unlock(&collector->mutex);

	collector->other = 0;
	if (!is_unchanged(source, start)) {
		if (source->base)
			error = read_base(source, &base);
		if (error == 0)
			error = read_source(source, base, &new);
		report(source, error);
		snapshot_release(base);
	}
	snapshot_release(end_refresh(source, error, new, start));
	collector->other = outer + (monotonic_now() - start);
	return error;
}

/*
 * When the source is to be read next: at once, when the spacing allows, before its snapshot
 * becomes too old, or never. The mutex is held.
 */
static int64_t
due_time(const struct source *source, int64_t now)
{
	int64_t then;

	if (source->running || !is_asked(source, source->asked, now))
		return NEVER;
	if (source->urgent && !source->failed)
		return now;
	if (source->wanted)
		return source->next_allowed;
	if (!source->current)
		return NEVER;
	/* Twice its cost early, so that the new one is there in time. */
	then = truth_time(source) + source->collector->freshness.max_stale -
	    2 * source->cost;
	return then > source->next_allowed ? then : source->next_allowed;
}

/* Takes the snapshot of a source that nobody asked for in an hour. The mutex is held. */
static struct snapshot *
take_idle(struct collector *collector, int64_t now)
{
	for (size_t i = 0; i < collector->n_sources; i++) {
		struct source *source = collector->sources[i];
		struct snapshot *idle = source->current;

		if (idle && !is_asked(source, source->asked, now)) {
			source->current = NULL;
			return idle;
		}
	}
	return NULL;
}

/*
 * The source that is due first, and when something is to be done at all. The mutex is held.
 */
static struct source *
next_due(struct collector *collector, int64_t now, int64_t *ret_then)
{
	struct source *next = NULL;

	*ret_then = NEVER;
	for (size_t i = 0; i < collector->n_sources; i++) {
		struct source *source = collector->sources[i];
		int64_t then = due_time(source, now);
		int64_t drop = source->current ? source->asked + collector->freshness.idle
					       : NEVER;

		if (then <= now && (!next || source->cost < next->cost))
			next = source;
		if (then < *ret_then)
			*ret_then = then;
		if (drop < *ret_then)
			*ret_then = drop;
	}
	return next;
}

static void *
collect(void *argument)
{
	struct collector *collector = argument;
	struct snapshot *idle;
	struct source *source;
	int64_t now, then;

	pthread_mutex_lock(&collector->mutex);
	while (!collector->stop) {
		now = monotonic_now();
		source = next_due(collector, now, &then);
		idle = source ? NULL : take_idle(collector, now);
		if (!source && !idle) {
			wait_until(collector, &collector->work, then);
			continue;
		}
		collector->busy = source && !is_cheap(source) ? source : NULL;
		pthread_mutex_unlock(&collector->mutex);
		if (source)
			refresh(source);
		snapshot_release(idle);
		pthread_mutex_lock(&collector->mutex);
	}
	pthread_mutex_unlock(&collector->mutex);
	return NULL;
}

void
reading_pause(void *argument)
{
	struct collector *collector = ((struct reading *)argument)->collector;
	struct source *source, *due = NULL;
	int64_t now = monotonic_now();

	pthread_mutex_lock(&collector->mutex);
	for (size_t i = 0; i < collector->n_sources; i++) {
		source = collector->sources[i];
		if (is_cheap(source) && due_time(source, now) <= now &&
		    !(source->base && source->base->running))
			due = source;
	}
	pthread_mutex_unlock(&collector->mutex);
	if (due)
		refresh(due);
}

int
collector_start(struct collector *collector)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&collector->thread, NULL, collect, collector);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error)
		return -error;
	pthread_setname_np(collector->thread, "collector");
	collector->threaded = true;
	return 0;
}

/* Waits for the end of the next refresh, or of the one that runs. The mutex is held. */
static void
wait_for_refresh(struct source *source, int view, int64_t now)
{
	struct collector *collector = source->collector;
	const struct freshness *freshness = &collector->freshness;
	uint64_t attempts = source->attempts;
	bool first = !is_usable(source, view);
	int64_t until = now + (first ? freshness->first_wait : freshness->wait);

	/* A refresh that is not cheap, or that comes too late, is not waited for. */
	if (!first &&
	    (!is_cheap(source) || collector->busy || source->next_allowed > until))
		return;
	while (source->attempts == attempts ||
	    (first && !is_usable(source, view) && !source->failed))
		if (wait_until(collector, &collector->ended, until) == ETIMEDOUT)
			return;
}

/* Asks for a refresh and waits as long as it is worth. The mutex is held. */
static void
demand(struct source *source, int view, int64_t now)
{
	struct collector *collector = source->collector;

	source->wanted = true;
	source->urgent = !is_usable(source, view);
	if (collector->threaded) {
		pthread_cond_signal(&collector->work);
		wait_for_refresh(source, view, now);
		return;
	}
	pthread_mutex_unlock(&collector->mutex);
	refresh(source);
	pthread_mutex_lock(&collector->mutex);
}

struct snapshot *
source_acquire(struct source *source, int view, uint64_t base)
{
	struct collector *collector = source->collector;
	struct snapshot *snapshot = NULL;
	int64_t now = monotonic_now();

	pthread_mutex_lock(&collector->mutex);
	source->asked = now;
	if (view >= 0)
		source->table_asked[view] = now;
	/* A base lives as long as what is made from it. */
	if (source->base)
		source->base->asked = now;
	if (!is_usable(source, view) || !is_fresh(source, base, now))
		demand(source, view, now);
	if (is_usable(source, view))
		snapshot = snapshot_hold(source->current);
	pthread_mutex_unlock(&collector->mutex);
	return snapshot;
}
