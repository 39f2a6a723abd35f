// SPDX-License-Identifier: BSD-2-Clause
// What dumps do not tell of network devices: when they came, when their state changed, and
// which linkUp and linkDown that makes due. From events, as they are handed in.
#ifndef NETMIB_MIB_LINK_HISTORY_H
#define NETMIB_MIB_LINK_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "../array.h"
#include "links.h"

/* Times are CLOCK_MONOTONIC, ns; 0: before the history began. */

/* A linkDown or linkUp (RFC 2863, 6; RFC 3418) that is due. */
struct link_notice {
	bool up;
	uint32_t ifindex;
	enum admin_status admin;
	enum oper_status oper; /* the new state */
};

/* A device, as the last event left it. */
struct link_entry {
	uint32_t ifindex, above, below;
	uint8_t admin, oper; /* enum admin_status, enum oper_status */
	bool seen;	     /* in the dump that goes on */
	char name[LINK_NAME_SIZE];
	int64_t appeared;
	int64_t last_change; /* of oper */
	int64_t left_down;   /* when oper was down(2) or notPresent(6) last */

	bool told_down;	    /* what the last notice, or the beginning, made known */
	bool held_back;	    /* it changes too often */
	unsigned untold;    /* how often it went down or came up without a notice */
	int64_t due;	    /* when to look at it again; 0: not */
	int64_t paid_until; /* the rate limit: each notice pushes it further */
};

struct link_history {
	struct link_settings settings;
	struct array entries; /* of struct link_entry, by ifindex; only those shown */
	int64_t table_changed, stack_changed;
	int64_t next_due; /* the least entry.due, or earlier; 0: none */
	bool begun;	  /* the first dump has ended */
	bool dumping;	  /* a dump has begun, and not ended */
	void (*notify)(const struct link_notice *, void *argument);
	void *argument;
};

/* notify is called from within the functions below whenever a notice is due. */
void link_history_init(struct link_history *,
    void (*notify)(const struct link_notice *, void *argument), void *argument);
void link_history_free(struct link_history *);

/* An event, as links_parse() gives it: a device has come or changed, or has gone. One that
 * comes is taken to have been down before. */
void link_history_event(struct link_history *, const struct link *, bool gone, int64_t now);

/* A dump of all devices: begin, an event for each, end. What it has not told of has gone,
 * and what it tells of for the first time is in the state it was in before. The first dump
 * is the beginning: nothing in it has changed or is told. */
void link_history_begin(struct link_history *);
void link_history_end(struct link_history *, int64_t now);

/* Sends the notices that were not sent at once and are due now. Returns when to call it
 * again, 0 for never; an event may make that earlier. */
int64_t link_history_tick(struct link_history *, int64_t now);

/* The device; NULL: not shown, or not heard of yet. Valid until the next event. */
const struct link_entry *link_history_find(const struct link_history *, uint32_t ifindex);

#endif
