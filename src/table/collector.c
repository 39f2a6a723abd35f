// SPDX-License-Identifier: BSD-2-Clause
// The collector's thread: which source is due, and when.
#include "../thread.h"
#include "source_internal.h"

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
			collector_wait(collector, &collector->work, then);
			continue;
		}
		collector->busy = source && !is_cheap(source) ? source : NULL;
		pthread_mutex_unlock(&collector->mutex);
		if (source)
			source_refresh(source);
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
		source_refresh(due);
}

int
collector_start(struct collector *collector)
{
	int error = thread_start(&collector->thread, "collector", collect, collector);

	if (error == 0)
		collector->threaded = true;
	return error;
}
