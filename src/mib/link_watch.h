// SPDX-License-Identifier: BSD-2-Clause
// The watch over network devices: a thread that keeps their history, event by event, and
// the queue of the linkUp and linkDown that are to be sent.
#ifndef NETMIB_MIB_LINK_WATCH_H
#define NETMIB_MIB_LINK_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "link_history.h"

/* Notices that wait to be sent; then the oldest are dropped. */
#define LINK_NOTICES_MAX 256

struct link_watch;

/* A watch that does not watch yet; NULL without memory or descriptors. */
struct link_watch *link_watch_new(void);
void link_watch_free(struct link_watch *);

/*
 * Reads all devices and starts the thread, named "links"; and stops it. Either is a no-op
 * when it is so already. What happens from the return of start on is noticed, unless
 * devices could not be read: then once they have been. A device that was there before has
 * no history. Returns 0 or -errno.
 */
int link_watch_start(struct link_watch *);
void link_watch_stop(struct link_watch *);

/* Replaces what is shown and told. */
void link_watch_set(struct link_watch *, const struct link_settings *);

/* A number that rises with every event: another one means that a device has come, gone or
 * changed. It is there before a notice of it is, and never comes again. 0: it does not
 * watch, or has not read all devices yet, and nothing is known. In any thread. */
uint64_t link_watch_changes(const struct link_watch *);

/* How often a driver was given other settings, which the kernel tells of no device; is
 * among the changes. In any thread. */
uint64_t link_watch_drivers(const struct link_watch *);

/* The history as it is now; it stays so until link_watch_unlock(), which is to come soon.
 * NULL: nothing is known; nothing is to be unlocked then. */
const struct link_history *link_watch_lock(struct link_watch *);
void link_watch_unlock(struct link_watch *);

/* --- the queue --- */

/* A descriptor that is readable while there are notices that were not looked at. Owned by
 * the watch. */
int link_watch_fd(const struct link_watch *);

/* The oldest notice, which stays, and a number for it; false: there is none. The descriptor
 * is not readable then. */
bool link_watch_peek(struct link_watch *, struct link_notice *ret, uint64_t *ret_number);

/* Takes the notice with this number away, unless that has happened. */
void link_watch_pop(struct link_watch *, uint64_t number);

/* How many notices were dropped since this was asked last. */
unsigned link_watch_take_dropped(struct link_watch *);

#endif
