// SPDX-License-Identifier: BSD-2-Clause
// The source of what IPv6 counts on each interface; Linux counts nothing of IPv4 there.
#include <errno.h>

#include "counters.h"
#include "ip.h"

struct if_stats_state {
	struct snapshot *last; /* what was made last: it lives on when nobody asks */
};

static void
free_state(void *state)
{
	snapshot_release(((struct if_stats_state *)state)->last);
}

static int
read_link(const struct shown_link *link, struct array *rows)
{
	struct ip_statistics statistics, *row;
	struct counters counters;
	uint32_t ifindex;
	int error = counters_read_device(link->name, &ifindex, &counters);

	/* IPv6 is not on it, or the device has gone or been renamed meanwhile. */
	if (error == -ENOENT || error == -EPROTO)
		return 0;
	if (error)
		return error;
	if (ifindex != link->ifindex ||
	    !ip_statistics_take(&counters, IP_VERSION_IPV6, &statistics))
		return 0;
	statistics.ifindex = ifindex;
	row = array_append(rows, 1);
	if (!row)
		return -ENOMEM;
	*row = statistics;
	return 0;
}

static bool
went_back(const struct ip_statistics *old, const struct ip_statistics *new)
{
	for (size_t i = 0; i < IP_STATISTICS; i++)
		if (new->value[i] < old->value[i])
			return true;
	return false;
}

/* Compares with the last reading; both are in order. Returns whether a row came or
 * went. */
static bool
compare(const struct array *old, const struct array *rows, int64_t now)
{
	size_t i = 0, k = 0;
	bool same = true;

	while (i < old->n || k < rows->n) {
		const struct ip_statistics *before = i < old->n ? array_at(old, i) : NULL;
		struct ip_statistics *row = k < rows->n ? array_at(rows, k) : NULL;
		bool gone = !row || (before && before->ifindex < row->ifindex);
		bool came = !before || (row && row->ifindex < before->ifindex);

		if (came)
			row->discontinuity = now;
		else if (!gone)
			row->discontinuity = went_back(before, row) ? now
								    : before->discontinuity;
		same = same && !gone && !came;
		i += !came;
		k += !gone;
	}
	return !same;
}

static int
read_if_stats(struct reading *reading)
{
	const struct pause pause = { reading_pause, reading };
	struct if_stats_state *state = reading->state;
	struct snapshot *new = reading->new;
	struct array links, *times = &new->more[IP_IF_STATS_CHANGE - 1];
	const struct snapshot *last = state->last;
	int64_t *changed;
	int error;

	new->rows = ARRAY_OF(struct ip_statistics);
	*times = ARRAY_OF(int64_t);
	changed = array_append(times, 1);
	if (!changed)
		return -ENOMEM;
	error = shown_links_read(&links, reading->settings, &pause);
	for (size_t i = 0; error == 0 && i < links.n; i++) {
		error = read_link(array_at(&links, i), &new->rows);
		pause_now(&pause);
	}
	array_free(&links);
	if (error)
		return error;
	if (last && compare(&last->rows, &new->rows, new->time))
		*changed = new->time;
	else if (last)
		*changed = *(const int64_t *)array_at(
		    &last->more[IP_IF_STATS_CHANGE - 1], 0);
	snapshot_release(state->last);
	state->last = snapshot_hold(new);
	return 0;
}

const struct source_kind source_ip_if_stats = {
	.name = "ipcounters",
	.max_age = 1000,
	.state_size = sizeof(struct if_stats_state),
	.settings_size = sizeof(struct link_settings),
	.init_settings = link_settings_init,
	.read = read_if_stats,
	.free_state = free_state,
};
