// SPDX-License-Identifier: BSD-2-Clause
// The source of interfaces: when to read devices, when their counters alone, and what goes
// on from one reading to the next.
#include <errno.h>

#include "../kernel/ethtool.h"
#include "../kernel/wireless.h"
#include "interface_rows.h"
#include "interfaces.h"
#include "link_watch.h"

#define SAFETY \
	INT64_C(300000000000) /* ns; even without an event devices are read so often */

struct interfaces_state {
	struct link_watch *watch; /* NULL: nobody asked for one */
	struct snapshot *last;	  /* what was made last: it lives on when nobody asks */
	uint64_t drivers;	  /* the watch's number when drivers were asked last */
	int64_t read_at;	  /* when devices were read last */
	bool splits;		  /* some driver tells broadcasts */
};

/* One reading as it goes on. */
struct gathering {
	struct reading *reading;
	struct interfaces_state *state;
	const struct link_settings *settings;
	struct array *rows, *side; /* of the new snapshot */
	size_t hint;		   /* where the next row that is looked for may be */
	size_t counted;		   /* rows whose counters were told */
	size_t malformed;
};

struct link_watch *
interfaces_watch(struct collector *collector)
{
	struct source *source = collector_source(collector, &source_interfaces);
	struct interfaces_state *state;

	if (!source)
		return NULL;
	state = source_state(source);
	if (!state->watch)
		state->watch = link_watch_new();
	return state->watch;
}

static void
free_state(void *argument)
{
	struct interfaces_state *state = argument;

	link_watch_free(state->watch);
	snapshot_release(state->last);
}

static uint64_t
watch_changes(const struct interfaces_state *state)
{
	return state->watch ? link_watch_changes(state->watch) : 0;
}

static bool
is_outdated(const void *argument, const struct snapshot *snapshot)
{
	const struct interfaces_state *state = argument;
	uint64_t changes = watch_changes(state);

	return changes != 0 && changes != snapshot->version;
}

/* The row of an interface; NULL: it is not shown. */
static struct interface_row *
find_row(struct gathering *gathering, uint32_t ifindex)
{
	return interface_find(gathering->rows, ifindex, &gathering->hint);
}

/* --- counters --- */

static int
take_frames(uint32_t ifindex, const struct ethtool_frames *frames, void *argument)
{
	struct gathering *gathering = argument;
	struct interface_row *row = find_row(gathering, ifindex);

	gathering->state->splits = true;
	if (row)
		interface_split(row, frames);
	return 0;
}

/* Splits what drivers split; those that do not, and a kernel that cannot tell, leave it. */
static void
split_counters(struct gathering *gathering)
{
	struct ethtool_reader reader = { .frames = take_frames, .argument = gathering };

	gathering->hint = 0;
	(void)ethtool_read_frames(&reader);
	gathering->malformed += reader.malformed;
}

/* --- devices --- */

static int
take_link(const struct link *link, void *argument)
{
	struct gathering *gathering = argument;
	char name[LINK_NAME_SIZE];

	if (!link_shown_as(gathering->settings, link, name))
		return 0;
	return interface_add(gathering->rows, gathering->side, link);
}

static void
forget_links(void *argument)
{
	struct gathering *gathering = argument;

	gathering->rows->n = gathering->side->n = 0;
}

static int
read_links(struct gathering *gathering)
{
	struct link_reader reader = {
		.link = take_link,
		.again = forget_links,
		.argument = gathering,
		.pause = { reading_pause, gathering->reading },
	};
	const struct snapshot *last = gathering->state->last;
	int error;

	/* As much as last time: to grow step by step moves pages again and again. */
	if (last &&
	    (array_reserve(gathering->rows, last->rows.n) < 0 ||
		array_reserve(gathering->side, last->side.n) < 0))
		return -ENOMEM;
	forget_links(gathering); /* what counting them may have left */
	error = links_read(&reader);
	gathering->malformed += reader.malformed;
	interface_sort(gathering->rows);
	return error;
}

static int
take_speed(uint32_t ifindex, uint32_t speed, void *gathering)
{
	struct interface_row *row = find_row(gathering, ifindex);

	if (row)
		row->speed = speed;
	return 0;
}

static int
take_wireless(uint32_t ifindex, void *gathering)
{
	struct interface_row *row = find_row(gathering, ifindex);

	if (row && row->type == IF_TYPE_ETHERNET)
		row->type = IF_TYPE_WIRELESS;
	return 0;
}

/* Asks the drivers: their answers are not in the dump. Without one nothing is known. */
static void
ask_drivers(struct gathering *gathering)
{
	struct ethtool_reader speeds = { .speed = take_speed, .argument = gathering };

	gathering->hint = 0;
	(void)ethtool_read_speeds(&speeds);
	(void)wireless_read(take_wireless, gathering, &gathering->malformed);
	gathering->malformed += speeds.malformed;
	gathering->state->splits = false; /* until one says so */
	split_counters(gathering);
}

/* Whether a device has come since the last reading: what had its ifIndex then was another.
 * Known from add_history() on. */
static bool
is_new(const struct interface_row *row, const struct snapshot *last)
{
	return row->discontinuity > last->time;
}

/* Whether the devices are those of the last reading, and no driver has reason to answer
 * otherwise. That of a bridge has when a port changes its state. */
static bool
is_as_before(const struct snapshot *last, const struct array *rows)
{
	bool same = last->rows.n == rows->n;

	for (size_t i = 0; same && i < rows->n; i++) {
		const struct interface_row *old = array_at(&last->rows, i);
		const struct interface_row *new = array_at(rows, i);

		same = old->ifindex == new->ifindex && old->admin == new->admin &&
		    old->oper == new->oper && old->carrier_ups == new->carrier_ups &&
		    old->above == new->above && !is_new(new, last);
	}
	return same;
}

/* Takes over what drivers said to the last reading. */
static void
keep_answers(struct gathering *gathering, const struct array *old_rows)
{
	for (size_t i = 0; i < old_rows->n; i++) {
		const struct interface_row *old = array_at(old_rows, i);
		struct interface_row *new = array_at(gathering->rows, i);

		new->speed = old->speed;
		if (old->type == IF_TYPE_WIRELESS && new->type == IF_TYPE_ETHERNET)
			new->type = old->type;
	}
	if (gathering->state->splits)
		split_counters(gathering);
}

/* Compares the devices with those of the last reading. */
static void
compare_all(struct gathering *gathering)
{
	const struct snapshot *last = gathering->state->last;
	size_t hint = 0;

	for (size_t i = 0; last && i < gathering->rows->n; i++) {
		struct interface_row *new = array_at(gathering->rows, i);
		const struct interface_row *old = interface_find(
		    &last->rows, new->ifindex, &hint);

		if (old && !is_new(new, last))
			interface_compare(old, new, gathering->reading->new->time);
	}
}

/* Whether linkUp and linkDown are sent of them, which is a matter of what is below. */
static void
set_traps(struct gathering *gathering)
{
	for (size_t i = 0; i < gathering->rows->n; i++) {
		struct interface_row *row = array_at(gathering->rows, i);

		if (link_notifies(gathering->settings, row->name, row->flags & IF_BELOW))
			row->flags |= IF_TRAPS;
	}
}

/* --- history --- */

/* What the watch knows of an interface. What it has not heard yet happened just now. */
static void
remember(const struct link_history *history, struct interface_row *row, int64_t now)
{
	const struct link_entry *entry = link_history_find(history, row->ifindex);
	int64_t appeared = entry ? entry->appeared : now;

	row->last_change = entry && entry->oper == row->oper ? entry->last_change : now;
	row->discontinuity = appeared;
}

static int
add_history(struct gathering *gathering)
{
	struct array *all = &gathering->reading->new->more[INTERFACE_TIMES - 1];
	const struct link_history *history = NULL;
	struct interface_times *times;

	*all = ARRAY_OF(struct interface_times);
	times = array_append(all, 1);
	if (!times)
		return -ENOMEM;
	if (gathering->state->watch)
		history = link_watch_lock(gathering->state->watch);
	if (!history)
		return 0;
	times->table = history->table_changed;
	times->stack = history->stack_changed;
	for (size_t i = 0; i < gathering->rows->n; i++)
		remember(
		    history, array_at(gathering->rows, i), gathering->reading->new->time);
	link_watch_unlock(gathering->state->watch);
	return 0;
}

/* --- reading --- */

static int
read_devices(struct gathering *gathering)
{
	struct interfaces_state *state = gathering->state;
	uint64_t changes = watch_changes(state);
	uint64_t drivers = changes ? link_watch_drivers(state->watch) : 0;
	int64_t now = gathering->reading->new->time;
	int error;

	error = read_links(gathering);
	if (error == 0)
		error = add_history(gathering);
	if (error)
		return error;
	if (state->last && now - state->read_at < SAFETY && drivers == state->drivers &&
	    is_as_before(state->last, gathering->rows))
		keep_answers(gathering, &state->last->rows);
	else
		ask_drivers(gathering);
	compare_all(gathering);
	error = interface_stack(
	    gathering->rows, &gathering->reading->new->more[INTERFACE_STACK - 1]);
	if (error)
		return error;
	set_traps(gathering);
	gathering->reading->new->version = changes;
	state->drivers = drivers;
	state->read_at = now;
	return 0;
}

static int
take_counters(uint32_t ifindex, const struct link_counters *counters, void *argument)
{
	struct gathering *gathering = argument;
	struct interface_row *row = find_row(gathering, ifindex);

	if (!row)
		return 0;
	interface_count(row, counters);
	gathering->counted++;
	return 0;
}

/* A copy of the last reading with new counters. Returns 0; -EAGAIN: the devices are not
 * those of the last reading; or another -errno. */
static int
read_counters(struct gathering *gathering)
{
	struct link_reader reader = {
		.counters = take_counters,
		.argument = gathering,
		.pause = { reading_pause, gathering->reading },
	};
	const struct snapshot *last = gathering->state->last;
	struct snapshot *new = gathering->reading->new;
	int error;

	for (size_t i = 0; i < SNAPSHOT_MORE; i++) {
		new->more[i] = (struct array){ .size = last->more[i].size };
		if (array_copy(&new->more[i], &last->more[i]) < 0)
			return -ENOMEM;
	}
	new->version = last->version;
	if (array_copy(&new->rows, &last->rows) < 0 ||
	    array_copy(&new->side, &last->side) < 0)
		return -ENOMEM;
	error = link_counters_read(&reader);
	gathering->malformed += reader.malformed;
	if (error == -EINTR || (error == 0 && gathering->counted < new->rows.n))
		return -EAGAIN;
	if (error == 0 && gathering->state->splits)
		split_counters(gathering);
	if (error == 0)
		compare_all(gathering);
	return error;
}

/* Whether the devices are known to be those of the last reading, and as they were. */
static bool
is_known(const struct interfaces_state *state, const struct snapshot *reading)
{
	return state->last && watch_changes(state) != 0 &&
	    !is_outdated(state, state->last) &&
	    state->last->settings == reading->settings &&
	    reading->time - state->read_at < SAFETY;
}

static int
read_interfaces(struct reading *reading)
{
	struct interfaces_state *state = reading->state;
	struct gathering gathering = {
		.reading = reading,
		.state = state,
		.settings = reading->settings,
		.rows = &reading->new->rows,
		.side = &reading->new->side,
	};
	int error = -EAGAIN;

	reading->new->rows = ARRAY_OF(struct interface_row);
	reading->new->side = ARRAY_OF(uint8_t);
	if (is_known(state, reading->new))
		error = read_counters(&gathering);
	if (error == -EAGAIN) {
		for (size_t i = 0; i < SNAPSHOT_MORE; i++)
			array_free(&reading->new->more[i]);
		error = read_devices(&gathering);
	}
	reading->malformed = gathering.malformed;
	if (error)
		return error;
	snapshot_release(state->last);
	state->last = snapshot_hold(reading->new);
	return 0;
}

const struct source_kind source_interfaces = {
	.name = "links",
	.max_age = 1000,
	.state_size = sizeof(struct interfaces_state),
	.settings_size = sizeof(struct link_settings),
	.init_settings = link_settings_init,
	.read = read_interfaces,
	.outdated = is_outdated,
	.free_state = free_state,
};
