// SPDX-License-Identifier: BSD-2-Clause
// The source of IP addresses: of which interfaces, and whether they can be reached.
#include <errno.h>
#include <sys/socket.h>

#include "../kernel/events.h"
#include "addresses.h"
#include "ip.h"

/* Multicast groups of rtnetlink (enum rtnetlink_groups). An address can be reached while
 * its link is up. */
static const int groups[] = {
	1, /* RTNLGRP_LINK */
	5, /* RTNLGRP_IPV4_IFADDR */
	9, /* RTNLGRP_IPV6_IFADDR */
};

struct addresses_state {
	struct events events;
};

static bool
addresses_unchanged(void *state)
{
	struct addresses_state *addresses_state = state;

	return !events_happened(
	    &addresses_state->events, groups, sizeof(groups) / sizeof(groups[0]));
}

static void
free_state(void *state)
{
	struct addresses_state *addresses_state = state;

	events_close(&addresses_state->events);
}

/* Leaves the addresses of interfaces that are shown. */
static void
keep_shown(struct array *rows, const struct array *links)
{
	struct address_row *row = rows->data;
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		const struct shown_link *link = shown_links_find(links, row[i].ifindex);

		if (!link)
			continue;
		row[n] = row[i];
		row[n++].inaccessible = !link->operational;
	}
	rows->n = n;
}

static int
read_addresses(struct reading *reading)
{
	const struct pause pause = { reading_pause, reading };
	struct addresses addresses;
	struct array links;
	int error;

	addresses_init(&addresses);
	error = shown_links_read(&links, reading->settings, &pause);
	if (error == 0)
		error = addresses_read(&addresses, AF_UNSPEC, &pause);
	if (error == 0)
		keep_shown(&addresses.rows, &links);
	array_free(&links);
	reading->malformed = addresses.malformed;
	if (error) {
		addresses_free(&addresses);
		return error;
	}
	reading->new->rows = addresses.rows;
	reading->new->side = addresses.pool.addresses;
	return 0;
}

const struct source_kind source_addresses = {
	.name = "addresses",
	.max_age = 100,
	.state_size = sizeof(struct addresses_state),
	.settings_size = sizeof(struct link_settings),
	.init_settings = link_settings_init,
	.read = read_addresses,
	.unchanged = addresses_unchanged,
	.free_state = free_state,
};
