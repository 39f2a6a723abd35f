// SPDX-License-Identifier: BSD-2-Clause
// What dumps do not tell of network devices: when they came, when their state changed, and
// which linkUp and linkDown that makes due.
#include "link_history.h"

#include <string.h>

#include "../log.h"

#define MS INT64_C(1000000)

/* A device that comes up is in other states for a few milliseconds (the kernel first sets
 * IFF_UP, then the carrier counts); a linkUp that tells up(1) is worth waiting for, but not
 * longer than this, however many other states there are. Of unknown(4) the kernel has yet
 * to look at the carrier, and that it does once a second (net/core/link_watch.c): a device
 * without one turns out to be down(2) still. */
#define SETTLE (100 * MS)
#define SETTLE_UNKNOWN (1500 * MS)

/* The rate limit of one device: so many notices in a row, then one an interval. */
#define BURST 10
#define INTERVAL (6000 * MS)

void
link_history_init(struct link_history *history,
    void (*notify)(const struct link_notice *, void *argument), void *argument)
{
	*history = (struct link_history){
		.entries = ARRAY_OF(struct link_entry),
		.notify = notify,
		.argument = argument,
	};
	link_settings_init(&history->settings);
}

void
link_history_free(struct link_history *history)
{
	array_free(&history->entries);
}

/* The place of the first entry that is not before this ifindex. */
static size_t
lower_bound(const struct link_history *history, uint32_t ifindex)
{
	size_t low = 0, high = history->entries.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct link_entry *entry = array_at(&history->entries, middle);

		if (entry->ifindex < ifindex)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct link_entry *
find(const struct link_history *history, uint32_t ifindex)
{
	size_t i = lower_bound(history, ifindex);
	struct link_entry *entry = i < history->entries.n ? array_at(&history->entries, i)
							  : NULL;

	return entry && entry->ifindex == ifindex ? entry : NULL;
}

const struct link_entry *
link_history_find(const struct link_history *history, uint32_t ifindex)
{
	return find(history, ifindex);
}

/* --- notices --- */

static bool
has_below(const struct link_history *history, const struct link_entry *entry)
{
	if (entry->below && find(history, entry->below))
		return true;
	for (size_t i = 0; i < history->entries.n; i++)
		if (((const struct link_entry *)array_at(&history->entries, i))->above ==
		    entry->ifindex)
			return true;
	return false;
}

/* To be looked at again then. */
static void
set_due(struct link_history *history, struct link_entry *entry, int64_t then)
{
	entry->due = then;
	if (history->next_due == 0 || then < history->next_due)
		history->next_due = then;
}

/* Whether the device may be told of now, as far as the rate limit goes. */
static bool
is_allowed(const struct link_entry *entry, int64_t now)
{
	return entry->paid_until - now <= (BURST - 1) * INTERVAL;
}

static void
hold_back(struct link_history *history, struct link_entry *entry)
{
	if (!entry->held_back) {
		log_warning("%s goes up and down too often: until it is calm, one linkUp "
			    "or linkDown in %d seconds is sent",
		    entry->name, (int)(INTERVAL / 1000 / MS));
		entry->untold = 1;
	}
	entry->held_back = true;
	set_due(history, entry, entry->paid_until - (BURST - 1) * INTERVAL);
}

static void
send(struct link_history *history, struct link_entry *entry, int64_t now)
{
	bool down = entry->oper == OPER_DOWN;
	const struct link_notice notice = {
		.up = !down,
		.ifindex = entry->ifindex,
		.admin = entry->admin,
		.oper = entry->oper,
	};

	entry->told_down = down;
	entry->untold -= entry->untold > 0;
	if (!link_notifies(&history->settings, entry->name, has_below(history, entry)))
		return;
	entry->paid_until = (entry->paid_until > now ? entry->paid_until : now) + INTERVAL;
	history->notify(&notice, history->argument);
}

/* Until when to wait whether the device comes to be up(1). */
static int64_t
settle_end(const struct link_entry *entry)
{
	return entry->left_down + (entry->oper == OPER_UNKNOWN ? SETTLE_UNKNOWN : SETTLE);
}

/* Looks whether something is to be told of the device. notPresent(6) is neither up nor
 * down. */
static void
consider(struct link_history *history, struct link_entry *entry, int64_t now)
{
	bool down = entry->oper == OPER_DOWN;

	if (down == entry->told_down || entry->oper == OPER_NOT_PRESENT)
		return;
	if (!is_allowed(entry, now))
		hold_back(history, entry);
	else if (!down && entry->oper != OPER_UP && now < settle_end(entry))
		set_due(history, entry, settle_end(entry));
	else
		send(history, entry, now);
}

/* Ends the holding back of a device that has been calm for as long as a burst takes. */
static void
release(struct link_history *history, struct link_entry *entry, int64_t now)
{
	if (!entry->held_back || entry->due)
		return;
	if (entry->paid_until > now) {
		set_due(history, entry, entry->paid_until);
		return;
	}
	log_info("%s is calm again, %u changes were not told", entry->name, entry->untold);
	entry->held_back = false;
}

int64_t
link_history_tick(struct link_history *history, int64_t now)
{
	if (history->next_due == 0 || history->next_due > now)
		return history->next_due;
	history->next_due = 0;
	for (size_t i = 0; i < history->entries.n; i++) {
		struct link_entry *entry = array_at(&history->entries, i);

		if (entry->due == 0)
			continue;
		if (entry->due > now) {
			set_due(history, entry, entry->due);
			continue;
		}
		entry->due = 0;
		consider(history, entry, now);
		release(history, entry, now);
	}
	return history->next_due;
}

/* --- events --- */

/* A new entry in its place; NULL without memory. */
static struct link_entry *
insert(struct link_history *history, uint32_t ifindex)
{
	size_t i = lower_bound(history, ifindex), behind = history->entries.n - i;
	struct link_entry *entry;

	if (!array_append(&history->entries, 1))
		return NULL;
	entry = array_at(&history->entries, i);
	memmove(entry + 1, entry, behind * sizeof(*entry));
	*entry = (struct link_entry){ .ifindex = ifindex };
	return entry;
}

static void
remove_at(struct link_history *history, size_t i, int64_t now)
{
	struct link_entry *entry = array_at(&history->entries, i);

	history->entries.n--;
	memmove(entry, entry + 1, (history->entries.n - i) * sizeof(*entry));
	history->table_changed = history->stack_changed = now;
}

static void
add(struct link_history *history, const struct link *link, const char *name, int64_t now)
{
	struct link_entry *entry = insert(history, link->ifindex);

	/* Without memory the device stays unheard of: its times are unknown, no more. */
	if (!entry)
		return;
	entry->above = link_above(link);
	entry->below = link_below(link);
	entry->admin = link_admin_status(link);
	entry->oper = link_oper_status(link);
	entry->seen = true;
	entry->told_down = entry->oper == OPER_DOWN;
	memcpy(entry->name, name, sizeof(entry->name));
	if (!history->begun)
		return;
	entry->appeared = entry->last_change = now;
	history->table_changed = history->stack_changed = now;
	if (history->dumping)
		return;
	/* It may be made and set up in one; its first event is that of coming up then. */
	entry->told_down = true;
	entry->left_down = now;
	consider(history, entry, now);
}

/* Whether a linkUp follows when it leaves this state for another one. */
static bool
is_off(uint8_t oper)
{
	return oper == OPER_DOWN || oper == OPER_NOT_PRESENT;
}

static void
change(struct link_history *history, struct link_entry *entry, const struct link *link,
    const char *name, int64_t now)
{
	enum oper_status oper = link_oper_status(link);
	uint32_t above = link_above(link), below = link_below(link);

	if (above != entry->above || below != entry->below)
		history->stack_changed = now;
	entry->above = above;
	entry->below = below;
	entry->admin = link_admin_status(link);
	entry->seen = true;
	memcpy(entry->name, name, sizeof(entry->name));
	if (oper == entry->oper)
		return;
	if (oper == OPER_DOWN && entry->oper == OPER_NOT_PRESENT)
		entry->told_down = true; /* of this there is no linkDown (RFC 2863) */
	else if ((oper == OPER_DOWN) != (entry->oper == OPER_DOWN))
		entry->untold++;
	if (is_off(entry->oper) && !is_off(oper))
		entry->left_down = now;
	entry->oper = oper;
	entry->last_change = now;
	consider(history, entry, now);
}

void
link_history_event(
    struct link_history *history, const struct link *link, bool gone, int64_t now)
{
	struct link_entry *entry = find(history, link->ifindex);
	char name[LINK_NAME_SIZE];

	gone = !link_shown_as(&history->settings, link, name) || gone;
	if (entry && gone)
		remove_at(history, lower_bound(history, link->ifindex), now);
	else if (entry)
		change(history, entry, link, name, now);
	else if (!gone)
		add(history, link, name, now);
}

void
link_history_begin(struct link_history *history)
{
	history->dumping = true;
	for (size_t i = 0; i < history->entries.n; i++)
		((struct link_entry *)array_at(&history->entries, i))->seen = false;
}

void
link_history_end(struct link_history *history, int64_t now)
{
	for (size_t i = history->entries.n; i-- > 0;)
		if (!((struct link_entry *)array_at(&history->entries, i))->seen)
			remove_at(history, i, now);
	history->begun = true;
	history->dumping = false;
}
