// SPDX-License-Identifier: BSD-2-Clause
// Sources and the collector: who reads the kernel, when, and how old an answer may be.
#ifndef NETMIB_SOURCE_H
#define NETMIB_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "snapshot.h"

struct collector;
struct source;
struct table;

/* What a source's read() is given. */
struct reading {
	void *state; /* the source's own, of kind->state_size bytes, zeroed at first */
	const void *settings;	     /* of kind->settings_size bytes */
	const struct snapshot *old;  /* what is published; NULL at first */
	const struct snapshot *base; /* of kind->base; never NULL where a base is named */
	struct snapshot *new;	     /* to fill: rows, side */
	struct collector *collector; /* for reading_pause() */
	/* To set: messages of the kernel that made no sense and were skipped. */
	size_t malformed;
};

/* Lets sources that are cheap to read have their turn; to be called now and then in a long
 * read(). argument is the struct reading, so that it can be handed to a reader of the
 * kernel as it is. */
void reading_pause(void *reading);

/* A kind of source; constant data. */
struct source_kind {
	const char *name; /* the SOURCE of netmibMaxAge, and in the log */
	unsigned max_age; /* ms, unless configured otherwise */
	/* Read from its snapshot, not from the kernel alone; or NULL. */
	const struct source_kind *base;
	size_t state_size;
	/* What the configuration says about it; its meaning is between the configuration
	 * and read(). */
	size_t settings_size;
	void (*init_settings)(void *settings); /* sets the defaults */
	/* Fills reading->new, in the collector's thread. Returns 0 or -errno; on error
	 * nothing of what it filled in is kept. */
	int (*read)(struct reading *);
	/* For a source that can tell: has nothing changed since this was asked last? Then
	 * what is published goes on being the truth. Asked first before the first read.
	 * NULL: it cannot. */
	bool (*unchanged)(void *state);
	/* Is it known that something has changed since this was read? Then it is too old
	 * whatever its age. In any thread. NULL: it is never known. */
	bool (*outdated)(const void *state, const struct snapshot *);
	void (*free_state)(void *state); /* NULL: nothing to free */
};

/* The freshness contract (netmibd(8), FRESHNESS), in ns. One constant set; tests shorten
 * it. */
struct freshness {
	int64_t max_stale;  /* while asked for, nothing older than this is served */
	int64_t idle;	    /* unasked for so long, a source is dropped and not read */
	int64_t cheap;	    /* a refresh that cost no more than this is worth waiting for */
	int64_t wait;	    /* for a cheap refresh */
	int64_t first_wait; /* for the first data */
	int64_t retry;	    /* after a read that failed */
	int64_t settle;	    /* what a change brings with it may go on for so long */
	int64_t safety;	    /* even an unchanged source is read so often, while asked for */
	/* A refresh starts at least so many times the processor time of the last after it:
	 * a tenth of a core is all that collecting takes. */
	unsigned spacing;
};

extern const struct freshness freshness_default;

/* A collector without sources or thread; NULL without memory. freshness is copied. */
struct collector *collector_new(const struct freshness *freshness);

/* Ends the thread, if there is one, and frees all. Snapshots that are held live on. */
void collector_free(struct collector *);

/* Starts the collector's thread, named "collector", with all signals blocked. Without a
 * thread a refresh is made in the thread that asks, however long it takes. Returns 0 or
 * -errno. */
int collector_start(struct collector *);

/* The source of this kind, added when it is met first. Before collector_start(). Owned by
 * the collector; NULL without memory. */
struct source *collector_source(struct collector *, const struct source_kind *);

/* Makes every snapshot from now on be built with these SNAPSHOT_… options; what was built
 * with others is not served any more. */
void collector_set_options(struct collector *, unsigned options);

/* Replaces the settings of a source of this kind, if there is one; settings has
 * kind->settings_size bytes and is copied. What was read with others is not served any
 * more. */
void collector_set_settings(
    struct collector *, const struct source_kind *, const void *settings);

/* Changes how old (ms) a snapshot of the named source may be before a request starts a
 * refresh. Names without a source are passed over. */
void collector_set_max_age(struct collector *, const char *name, unsigned max_age);

/* Changes after how long (s) without a request a source is dropped and not read. */
void collector_set_idle(struct collector *, unsigned idle);

/* The state of a source, of kind->state_size bytes; what a thread other than the
 * collector's may do with it is up to the kind. */
void *source_state(struct source *);

/* The view of a table on its source: its place in snapshot.views; the same again for a
 * table that is known. Before collector_start(). Returns 0 … SNAPSHOT_VIEWS - 1, or
 * -ENOSPC. */
int source_add_table(struct source *, const struct table *);

/*
 * The snapshot to answer from, with a reference for the caller; it has the view asked for.
 * view is -1 for none; base is the least generation of the base's snapshot it must know, 0
 * for any. Starts a refresh if it is older than the maxAge, and waits as the contract says:
 * at most freshness.wait for a cheap one, freshness.first_wait if there is none at all.
 * NULL: no data within that time. A snapshot whose base is too old is better than none, and
 * is returned.
 */
struct snapshot *source_acquire(struct source *, int view, uint64_t base);

/* CLOCK_MONOTONIC in ns. */
int64_t monotonic_now(void);

#endif
