// SPDX-License-Identifier: BSD-2-Clause
// One refresh: a source is read into a new snapshot, which takes the place of the old one.
#include <errno.h>
#include <string.h>
#include <time.h>

#include "../log.h"
#include "source_internal.h"
#include "table.h"
#include "view.h"

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
	bool asked[SNAPSHOT_VIEWS];
	int error = 0;

	pthread_mutex_lock(&source->collector->mutex);
	for (int i = 0; i < source->n_tables; i++)
		asked[i] = is_asked(source, source->table_asked[i], new->time);
	pthread_mutex_unlock(&source->collector->mutex);
	for (int i = 0; error == 0 && i < source->n_tables; i++)
		if (asked[i])
			error = view_build(source->tables[i], new, &new->views[i]);
	return error;
}

/* Says once that there were messages that had to be skipped. */
static void
tell_malformed(struct source *source, size_t malformed)
{
	if (malformed == 0 || source->told_malformed)
		return;
	log_warning(
	    "skipped %zu malformed messages about %s", malformed, source->kind->name);
	source->told_malformed = true;
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
		new->max_age = (unsigned)(source->max_age / MS);
		if (source->settings)
			memcpy(source->settings_in_use, source->settings,
			    source->kind->settings_size);
		pthread_mutex_unlock(&source->collector->mutex);
		new->time = monotonic_now();
		new->base = base ? base->generation : 0;
		error = source->kind->read(&reading);
		tell_malformed(source, reading.malformed);
	}
	if (error == 0)
		error = build_views(source, new);
	if (error == 0) {
		array_trim(&new->rows);
		for (size_t i = 0; i < SNAPSHOT_MORE; i++)
			array_trim(&new->more[i]);
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
	unchanged = unchanged && !source->failed && has_views(source, now) &&
	    now - source->current->time < freshness->safety;
	if (unchanged)
		source->verified = now;
	pthread_mutex_unlock(&source->collector->mutex);
	return unchanged;
}

/* A snapshot of the source's base that is there, or is made now. */
static int
read_base(struct source *source, struct snapshot **ret_base)
{
	int error = 0;

	*ret_base = hold_current(source->base);
	if (!*ret_base) {
		error = source_refresh(source->base);
		*ret_base = error ? NULL : hold_current(source->base);
	}
	return error;
}

/* This moment, and what the thread has used of the processor so far. */
static struct spent
spent_now(void)
{
	struct timespec cpu;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
	return (struct spent){
		.wall = monotonic_now(),
		.cpu = cpu.tv_sec * SECOND + cpu.tv_nsec,
	};
}

/* Ends a refresh. Returns the snapshot that was replaced, or NULL. */
static struct snapshot *
end_refresh(struct source *source, int error, struct snapshot *new, struct spent start)
{
	struct collector *collector = source->collector;
	const struct freshness *freshness = &collector->freshness;
	struct snapshot *old = NULL;
	struct spent now = spent_now();
	int64_t cpu = now.cpu - start.cpu - collector->other.cpu;

	pthread_mutex_lock(&collector->mutex);
	if (error || new) {
		source->cost = now.wall - start.wall - collector->other.wall;
		source->next_allowed = error ? now.wall + freshness->retry
					     : start.wall + freshness->spacing * cpu;
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

int
source_refresh(struct source *source)
{
	struct collector *collector = source->collector;
	struct snapshot *base = NULL, *new = NULL;
	struct spent start = spent_now(), outer = collector->other, now;
	int error = 0;

	pthread_mutex_lock(&collector->mutex);
	source->wanted = source->urgent = false;
	source->running = true;
	pthread_mutex_unlock(&collector->mutex);

	collector->other = (struct spent){ 0, 0 };
	if (!is_unchanged(source, start.wall)) {
		if (source->base)
			error = read_base(source, &base);
		if (error == 0)
			error = read_source(source, base, &new);
		report(source, error);
		snapshot_release(base);
	}
	snapshot_release(end_refresh(source, error, new, start));
	now = spent_now();
	collector->other.wall = outer.wall + (now.wall - start.wall);
	collector->other.cpu = outer.cpu + (now.cpu - start.cpu);
	return error;
}
