// SPDX-License-Identifier: BSD-2-Clause
// What source.c, refresh.c and collector.c share, and nobody else may see.
#ifndef NETMIB_SOURCE_INTERNAL_H
#define NETMIB_SOURCE_INTERNAL_H

#include <pthread.h>

#include "source.h"

#define SOURCES_MAX 16
#define MS INT64_C(1000000)
#define SECOND (1000 * MS)
#define NEVER INT64_MAX

/* Time, ns: on the clock, and of the processor. They differ where a reading has to wait,
 * for the RTNL lock say. */
struct spent {
	int64_t wall, cpu;
};

/* All but kind, base and state is guarded by collector->mutex; current is replaced by the
 * collector alone. */
struct source {
	struct collector *collector;
	const struct source_kind *kind;
	struct source *base; /* or NULL */
	void *state;
	void *settings;
	void *settings_in_use; /* the collector's, for the read that runs */
	uint64_t settings_version;
	const struct table *tables[SNAPSHOT_VIEWS];
	int64_t table_asked[SNAPSHOT_VIEWS]; /* when last; 0: never */
	int n_tables;

	struct snapshot *current;
	int64_t verified;  /* when it was found unchanged; 0: not since it was read */
	int64_t unsettled; /* when a change was seen; 0: long ago. The collector's */
	int64_t max_age;
	int64_t asked;	      /* when last; 0: never */
	int64_t cost;	      /* how long the last refresh took, ns */
	int64_t next_allowed; /* the spacing */
	uint64_t generation;
	uint64_t attempts; /* refreshes that have ended, well or not */
	bool wanted;	   /* a request found it too old */
	bool urgent;	   /* a request has nothing to be served from: no spacing */
	bool running;
	bool failed;	     /* the last one; it was logged */
	bool told_malformed; /* the collector's */
};

struct collector {
	pthread_mutex_t mutex;
	pthread_cond_t work;  /* for the thread: wanted, or stop */
	pthread_cond_t ended; /* for requests: a refresh has ended */
	pthread_t thread;
	bool threaded, stop;
	const struct source *busy; /* whose refresh runs and need not be cheap; or NULL */
	struct spent other;	   /* on other sources inside the refresh that runs */
	unsigned options;
	struct freshness freshness;
	struct source *sources[SOURCES_MAX];
	size_t n_sources;
};

/* Somebody asked within the last hour. */
static inline bool
is_asked(const struct source *source, int64_t asked, int64_t now)
{
	return asked > 0 && now - asked < source->collector->freshness.idle;
}

/* Its last refresh took no longer than a request may wait. */
static inline bool
is_cheap(const struct source *source)
{
	return source->attempts > 0 && source->cost <= source->collector->freshness.cheap;
}

/* Is there a snapshot that can serve this request at all? The mutex is held. */
static inline bool
is_usable(const struct source *source, int view)
{
	const struct snapshot *current = source->current;

	return current && current->options == source->collector->options &&
	    current->settings == source->settings_version &&
	    (view < 0 || current->views[view].built);
}

/* When what is published was the truth. The mutex is held. */
static inline int64_t
truth_time(const struct source *source)
{
	return source->verified > source->current->time ? source->verified
							: source->current->time;
}

/* Waits until then at most, with the mutex held. Returns ETIMEDOUT, or 0 when woken. */
int collector_wait(struct collector *, pthread_cond_t *, int64_t then);

/* Reads a source once and publishes what it found, or finds that nothing has changed. In
 * the collector's thread; the mutex is not held. Returns 0 or -errno, which has been
 * logged. */
int source_refresh(struct source *);

#endif
