// SPDX-License-Identifier: BSD-2-Clause
// The source of interfaces: when to read devices, when their counters alone, and what goes
// on from one reading to the next.
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../kernel/ethtool.h"
#include "../kernel/wireless.h"
#include "../log.h"
#include "interfaces.h"
#include "link_watch.h"

#define DUMPS_MAX 3 /* while devices come and go, none may be clean */
#define SAFETY \
	INT64_C(300000000000) /* ns; even without an event devices are read so often */
#define ALIAS_MAX 64	      /* ifAlias, SIZE (0..64) */

/* Of rows only while reading: something runs on top of it, or below. */
#define HAS_ABOVE 0x40
#define HAS_BELOW 0x80

struct interfaces_state {
	struct link_watch *watch; /* NULL: nobody asked for one */
	atomic_ullong changes;	  /* the watch's number when devices were read last */
	struct snapshot *last;	  /* what was made last: it lives on when nobody asks */
	uint64_t drivers;	  /* the watch's number when drivers were asked last */
	int64_t read_at;	  /* when devices were read last */
	bool splits;		  /* some driver tells broadcasts */
	bool told_malformed;
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
is_outdated(const void *argument)
{
	const struct interfaces_state *state = argument;
	uint64_t changes = watch_changes(state);

	return changes != 0 && changes != atomic_load(&state->changes);
}

/* The row of an interface, rows being in order; NULL: it is not shown. */
static struct interface_row *
find_row(struct gathering *gathering, uint32_t ifindex)
{
	const struct array *rows = gathering->rows;
	size_t low = 0, high = rows->n;

	/* Dumps have the same order, mostly. */
	if (gathering->hint < rows->n) {
		struct interface_row *row = array_at(rows, gathering->hint);

		if (row->ifindex == ifindex) {
			gathering->hint++;
			return row;
		}
	}
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct interface_row *row = array_at(rows, middle);

		if (row->ifindex == ifindex) {
			gathering->hint = middle + 1;
			return row;
		}
		if (row->ifindex < ifindex)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* --- counters --- */

static uint64_t
less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* What the driver does not split counts as Ucast. */
static void
set_counters(struct interface_row *row, const struct link_counters *counters)
{
	const uint64_t values[IF_COUNTERS] = {
		[IF_IN_OCTETS] = counters->rx_bytes,
		[IF_IN_UCAST] = less(counters->rx_packets, counters->multicast),
		[IF_IN_MULTICAST] = counters->multicast,
		[IF_IN_DISCARDS] = counters->rx_dropped + counters->rx_missed_errors,
		[IF_IN_ERRORS] = counters->rx_errors,
		[IF_OUT_OCTETS] = counters->tx_bytes,
		[IF_OUT_UCAST] = counters->tx_packets,
		[IF_OUT_DISCARDS] = counters->tx_dropped,
		[IF_OUT_ERRORS] = counters->tx_errors,
	};

	memcpy(row->counter, values, sizeof(values));
	row->flags &= (uint8_t)~IF_SPLIT;
}

static int
take_frames(uint32_t ifindex, const struct ethtool_frames *frames, void *argument)
{
	struct gathering *gathering = argument;
	struct interface_row *row = find_row(gathering, ifindex);
	uint64_t *counter = row ? row->counter : NULL;

	gathering->state->splits = true;
	if (!row)
		return 0;
	counter[IF_IN_BROADCAST] = frames->rx_broadcast;
	counter[IF_IN_UCAST] = less(counter[IF_IN_UCAST], frames->rx_broadcast);
	counter[IF_OUT_MULTICAST] = frames->tx_multicast;
	counter[IF_OUT_BROADCAST] = frames->tx_broadcast;
	counter[IF_OUT_UCAST] = less(
	    counter[IF_OUT_UCAST], frames->tx_multicast + frames->tx_broadcast);
	row->flags |= IF_SPLIT;
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

/* A difference of two counters that are not read at one moment: it may fall behind. */
static bool
is_difference(enum interface_counter counter)
{
	return counter == IF_IN_UCAST || counter == IF_OUT_UCAST;
}

/* Compares the counters with those of the last reading. */
static void
compare_counters(const struct interface_row *old, struct interface_row *new, int64_t now)
{
	bool back = (old->flags ^ new->flags) & IF_SPLIT;

	for (enum interface_counter i = 0; i < IF_COUNTERS; i++)
		if (!is_difference(i) && new->counter[i] < old->counter[i])
			back = true;
	if (back)
		new->discontinuity = now;
	else if (old->discontinuity > new->discontinuity)
		new->discontinuity = old->discontinuity;
	for (enum interface_counter i = 0; !back && i < IF_COUNTERS; i++)
		if (is_difference(i) && new->counter[i] < old->counter[i])
			new->counter[i] = old->counter[i];
}

/* --- devices --- */

/* Appends octets, at most max of them; returns how many. A character of UTF-8 is not cut.
 */
static size_t
keep(struct array *side, struct octets octets, size_t max)
{
	size_t n = octets.n < max ? octets.n : max;
	void *place;

	while (n > 0 && n < octets.n && (octets.at[n] & 0xc0) == 0x80)
		n--;
	place = n > 0 ? array_append(side, n) : NULL;
	if (!place)
		return 0;
	memcpy(place, octets.at, n);
	return n;
}

static int
take_link(const struct link *link, void *argument)
{
	struct gathering *gathering = argument;
	char name[LINK_NAME_SIZE] = { 0 };
	struct interface_row *row;

	octets_to_text(link->name, name, sizeof(name));
	if (!link_is_shown(gathering->settings, name))
		return 0;
	row = array_append(gathering->rows, 1);
	if (!row)
		return -ENOMEM;
	row->ifindex = link->ifindex;
	row->mtu = link->mtu;
	row->above = link_above(link);
	row->below = link_below(link);
	row->carrier_ups = link->carrier_ups;
	row->type = (uint16_t)link_type(link);
	row->admin = link_admin_status(link);
	row->oper = link_oper_status(link);
	row->flags = (link->promiscuity > 0 ? IF_PROMISCUOUS : 0) |
	    (link->has_parent ? IF_CONNECTOR : 0);
	memcpy(row->name, name, sizeof(row->name));
	row->octets = (uint32_t)gathering->side->n;
	row->address_length = (uint8_t)keep(gathering->side, link_address(link), UINT8_MAX);
	row->alias_length = (uint8_t)keep(gathering->side, link->alias, ALIAS_MAX);
	set_counters(row, &link->counters);
	return 0;
}

static int
compare_rows(const void *a, const void *b)
{
	uint32_t x = ((const struct interface_row *)a)->ifindex;
	uint32_t y = ((const struct interface_row *)b)->ifindex;

	return (x > y) - (x < y);
}

static bool
is_sorted(const struct array *rows)
{
	size_t i = 1;

	while (i < rows->n && compare_rows(array_at(rows, i - 1), array_at(rows, i)) < 0)
		i++;
	return i >= rows->n;
}

/* Puts rows in order; of one that was told twice (see links_read()) one is left. */
static void
sort_rows(struct array *rows)
{
	size_t n = 0;

	/* Kernels since 6.9 tell of them in order. */
	if (is_sorted(rows))
		return;
	if (rows->n > 1)
		qsort(rows->data, rows->n, rows->size, compare_rows);
	for (size_t i = 0; i < rows->n; i++)
		if (n == 0 || compare_rows(array_at(rows, n - 1), array_at(rows, i)) != 0)
			memmove(array_at(rows, n++), array_at(rows, i), rows->size);
	rows->n = n;
}

static int
read_links(struct gathering *gathering)
{
	struct link_reader reader = {
		.link = take_link,
		.argument = gathering,
		.pause = { reading_pause, gathering->reading },
	};
	const struct snapshot *last = gathering->state->last;
	int error = -EINTR;

	/* As much as last time: to grow step by step moves pages again and again. */
	if (last &&
	    (array_reserve(gathering->rows, last->rows.n) < 0 ||
		array_reserve(gathering->side, last->side.n) < 0))
		return -ENOMEM;
	for (int i = 0; i < DUMPS_MAX && error == -EINTR; i++) {
		gathering->rows->n = gathering->side->n = 0;
		error = links_read(&reader);
	}
	gathering->malformed += reader.malformed;
	sort_rows(gathering->rows);
	return error == -EINTR ? 0 : error;
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
	const struct array *rows = gathering->rows;
	size_t k = 0;

	if (!last)
		return;
	for (size_t i = 0; i < rows->n; i++) {
		struct interface_row *new = array_at(rows, i);

		while (k < last->rows.n && compare_rows(array_at(&last->rows, k), new) < 0)
			k++;
		if (k < last->rows.n && !is_new(new, last) &&
		    compare_rows(array_at(&last->rows, k), new) == 0)
			compare_counters(
			    array_at(&last->rows, k), new, gathering->reading->new->time);
	}
}

/* --- what runs on top of what --- */

static int
add_stack(struct array *stack, uint32_t higher, uint32_t lower)
{
	struct interface_stack_row *row = array_append(stack, 1);

	if (!row)
		return -ENOMEM;
	*row = (struct interface_stack_row){ higher, lower };
	return 0;
}

/* Notes that one interface runs on top of another, if both are shown. */
static int
relate(struct gathering *gathering, uint32_t higher, uint32_t lower)
{
	struct interface_row *top = find_row(gathering, higher),
			     *bottom = find_row(gathering, lower);

	if (!top || !bottom)
		return 0;
	top->flags |= HAS_BELOW;
	bottom->flags |= HAS_ABOVE;
	return add_stack(
	    &gathering->reading->new->more[INTERFACE_STACK - 1], higher, lower);
}

/* Makes the rows of ifStackTable: one each relation; 0 is above what has nothing above it,
 * and below likewise. */
static int
build_stack(struct gathering *gathering)
{
	struct array *stack = &gathering->reading->new->more[INTERFACE_STACK - 1];
	const struct array *rows = gathering->rows;
	int error = 0;

	*stack = ARRAY_OF(struct interface_stack_row);
	/* Most have nothing above them, and nothing below. */
	if (array_reserve(stack, 2 * rows->n) < 0)
		return -ENOMEM;
	for (size_t i = 0; error == 0 && i < rows->n; i++) {
		struct interface_row *row = array_at(rows, i);

		if (row->above)
			error = relate(gathering, row->above, row->ifindex);
		if (error == 0 && row->below)
			error = relate(gathering, row->ifindex, row->below);
	}
	for (size_t i = 0; error == 0 && i < rows->n; i++) {
		struct interface_row *row = array_at(rows, i);

		if (!(row->flags & HAS_ABOVE))
			error = add_stack(stack, 0, row->ifindex);
		if (error == 0 && !(row->flags & HAS_BELOW))
			error = add_stack(stack, row->ifindex, 0);
		if (link_notifies(gathering->settings, row->name, row->flags & HAS_BELOW))
			row->flags |= IF_TRAPS;
		row->flags &= (uint8_t) ~(HAS_ABOVE | HAS_BELOW);
	}
	return error;
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
	error = build_stack(gathering);
	if (error)
		return error;
	atomic_store(&state->changes, changes);
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
	set_counters(row, counters);
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
is_known(const struct interfaces_state *state, const struct snapshot *new)
{
	return state->last && watch_changes(state) != 0 && !is_outdated(state) &&
	    state->last->settings == new->settings &&new->time - state->read_at < SAFETY;
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
	if (gathering.malformed > 0 && !state->told_malformed) {
		log_warning(
		    "skipped %zu malformed messages about links", gathering.malformed);
		state->told_malformed = true;
	}
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
