// SPDX-License-Identifier: BSD-2-Clause
// Sources: what there is to read, and how a request gets at it.
#include "source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "source_internal.h"

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

int
collector_wait(struct collector *collector, pthread_cond_t *condition, int64_t then)
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

void
collector_set_idle(struct collector *collector, unsigned idle)
{
	pthread_mutex_lock(&collector->mutex);
	collector->freshness.idle = idle * SECOND;
	/* The thread may be waiting for the end of another hour. */
	pthread_cond_signal(&collector->work);
	pthread_mutex_unlock(&collector->mutex);
}

void *
source_state(struct source *source)
{
	return source->state;
}

static bool
is_fresh(const struct source *source, uint64_t base, int64_t now)
{
	if (source->kind->outdated &&
	    source->kind->outdated(source->state, source->current))
		return false;
	return now - truth_time(source) <= source->max_age && source->current->base >= base;
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
		if (collector_wait(collector, &collector->ended, until) == ETIMEDOUT)
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
	source_refresh(source);
	pthread_mutex_lock(&collector->mutex);
}

struct snapshot *
source_acquire(struct source *source, int view, uint64_t base)
{
	struct collector *collector = source->collector;
	struct snapshot *snapshot = NULL;
	int64_t now = monotonic_now();
	bool running;

	pthread_mutex_lock(&collector->mutex);
	running = source->running;
	source->asked = now;
	if (view >= 0)
		source->table_asked[view] = now;
	/* A base lives as long as what is made from it. */
	if (source->base)
		source->base->asked = now;
	if (!is_usable(source, view) || !is_fresh(source, base, now))
		demand(source, view, now);
	/* The refresh that ran may have read before what made the last one too old. */
	if (running && is_usable(source, view) && !is_fresh(source, base, now))
		demand(source, view, now);
	if (is_usable(source, view))
		snapshot = snapshot_hold(source->current);
	pthread_mutex_unlock(&collector->mutex);
	return snapshot;
}
