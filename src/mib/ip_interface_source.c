// SPDX-License-Identifier: BSD-2-Clause
// The source of what IPv4 and IPv6 are set to on each interface, and when that changed.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "../kernel/addresses.h"
#include "../kernel/ip_links.h"
#include "columns.h"
#include "ip.h"

struct interfaces_state {
	struct snapshot *last; /* what was made last: it lives on when nobody asks */
};

struct gathering {
	const struct link_settings *settings;
	struct array *rows;
	struct ip_interface_times *times;
	int64_t now;
};

static void
free_state(void *state)
{
	snapshot_release(((struct interfaces_state *)state)->last);
}

static void
set_identifier(struct ip_interface *row, const uint8_t octets[8])
{
	memcpy(row->identifier, octets, sizeof(row->identifier));
	row->identifier_length = sizeof(row->identifier);
}

static int
take_link(const struct ip_link *link, void *argument)
{
	struct gathering *gathering = argument;
	struct ip_interface *row;
	char name[LINK_NAME_SIZE];
	int64_t changed;

	octets_to_text(link->name, name, sizeof(name));
	if (!link_is_shown(gathering->settings, name) || !(link->ipv4 || link->ipv6))
		return 0;
	row = array_append(gathering->rows, 1);
	if (!row)
		return -ENOMEM;
	*row = (struct ip_interface){
		.ifindex = link->ifindex,
		.ipv4 = link->ipv4,
		.ipv6 = link->ipv6,
		.ipv6_enabled = link->ipv6_enabled,
		.forwarding = link->forwarding,
		.max_reasm = link->max_reasm,
		.reachable = link->reachable,
		.retrans = link->retrans,
	};
	if (!link->ipv6)
		return 0;
	if (link->token.n > 0)
		set_identifier(row, link->token.at);
	changed = column_moment(link->changed, gathering->now);
	if (changed > gathering->times->ipv6)
		gathering->times->ipv6 = changed;
	return 0;
}

static int
compare(const void *a, const void *b)
{
	uint32_t x = ((const struct ip_interface *)a)->ifindex;
	uint32_t y = ((const struct ip_interface *)b)->ifindex;

	return (x > y) - (x < y);
}

static struct ip_interface *
find_row(const struct gathering *gathering, uint32_t ifindex)
{
	const struct array *rows = gathering->rows;
	const struct ip_interface key = { .ifindex = ifindex };

	return rows->n ? bsearch(&key, rows->data, rows->n, rows->size, compare) : NULL;
}

static int
take_retrans(uint32_t ifindex, uint64_t ms, void *argument)
{
	struct ip_interface *row = find_row(argument, ifindex);

	if (row)
		row->arp_retrans = ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms;
	return 0;
}

/* The low half of a link-local address, where there is no token. */
static void
take_address(const struct gathering *gathering, const struct addresses *addresses,
    const struct address_row *address)
{
	struct ip_interface *row = find_row(gathering, address->ifindex);
	const struct pool_address *local;

	if (!row || !row->ipv6 || row->identifier_length > 0 ||
	    !(address->options & ADDRESS_IPV6))
		return;
	local = array_at(&addresses->pool.addresses, address->local);
	if (is_link_local(local->octets))
		set_identifier(row, local->octets + 8);
}

static int
read_identifiers(struct gathering *gathering, size_t *malformed)
{
	const struct pause no_pause = { NULL, NULL };
	struct addresses addresses;
	int error;

	addresses_init(&addresses);
	error = addresses_read(&addresses, AF_INET6, &no_pause);
	/* The one that IPv6 made itself before those that were added. */
	for (int others = 0; error == 0 && others < 2; others++) {
		for (size_t i = 0; i < addresses.rows.n; i++) {
			const struct address_row *address = array_at(&addresses.rows, i);

			if (others || address->protocol == ADDRESS_FOR_LINK)
				take_address(gathering, &addresses, address);
		}
	}
	*malformed += addresses.malformed;
	addresses_free(&addresses);
	return error;
}

/* Whether the rows of one version are what they were, as far as its LastChange is of them.
 * The random reachable time is not: the kernel tells when its base changes. */
static bool
is_as_before(const struct ip_interface *old, const struct ip_interface *new, bool ipv6)
{
	if (!ipv6)
		return old->ipv4 == new->ipv4;
	return old->ipv6 == new->ipv6 && old->ipv6_enabled == new->ipv6_enabled &&
	    old->forwarding == new->forwarding && old->retrans == new->retrans &&
	    old->identifier_length ==
	    new->identifier_length &&memcmp(
		old->identifier, new->identifier, sizeof(old->identifier)) == 0;
}

static bool
has_changed(const struct array *old, const struct array *new, bool ipv6)
{
	static const struct ip_interface none;
	size_t i = 0, k = 0;

	while (i < old->n || k < new->n) {
		const struct ip_interface *a = i < old->n ? array_at(old, i) : NULL;
		const struct ip_interface *b = k < new->n ? array_at(new, k) : NULL;
		int order = !a ? 1 : !b ? -1 : compare(a, b);

		if (!is_as_before(order <= 0 ? a : &none, order >= 0 ? b : &none, ipv6))
			return true;
		i += order <= 0;
		k += order >= 0;
	}
	return false;
}

/* Sets when the tables changed: just now, if they differ from the last ones. */
static void
set_times(const struct gathering *gathering, const struct snapshot *last)
{
	struct ip_interface_times *times = gathering->times;
	const struct ip_interface_times *before;

	if (!last)
		return;
	before = array_at(&last->more[IP_INTERFACE_TIMES - 1], 0);
	times->ipv4 = has_changed(&last->rows, gathering->rows, false) ? gathering->now
								       : before->ipv4;
	if (has_changed(&last->rows, gathering->rows, true))
		times->ipv6 = gathering->now;
	else if (before->ipv6 > times->ipv6)
		times->ipv6 = before->ipv6;
}

static void
forget_links(void *argument)
{
	struct gathering *gathering = argument;

	gathering->rows->n = 0;
	gathering->times->ipv6 = 0;
}

static int
read_interfaces(struct reading *reading)
{
	struct interfaces_state *state = reading->state;
	struct array *times = &reading->new->more[IP_INTERFACE_TIMES - 1];
	struct gathering gathering = {
		.settings = reading->settings,
		.rows = &reading->new->rows,
		.now = reading->new->time,
	};
	struct ip_link_reader reader = {
		.link = take_link,
		.retrans = take_retrans,
		.again = forget_links,
		.argument = &gathering,
	};
	int error;

	*times = ARRAY_OF(struct ip_interface_times);
	*gathering.rows = ARRAY_OF(struct ip_interface);
	gathering.times = array_append(times, 1);
	if (!gathering.times)
		return -ENOMEM;
	error = ip_links_read(&reader);
	if (gathering.rows->n > 1)
		qsort(
		    gathering.rows->data, gathering.rows->n, gathering.rows->size, compare);
	if (error == 0)
		error = ip_links_read_retrans(&reader);
	/* Devices came or went: those that were told of are there. */
	if (error == 0 || error == -EINTR)
		error = read_identifiers(&gathering, &reader.malformed);
	reading->malformed = reader.malformed;
	if (error)
		return error;
	set_times(&gathering, state->last);
	snapshot_release(state->last);
	state->last = snapshot_hold(reading->new);
	return 0;
}

const struct source_kind source_ip_interfaces = {
	.name = "ipinterfaces",
	.max_age = 1000,
	.state_size = sizeof(struct interfaces_state),
	.settings_size = sizeof(struct link_settings),
	.init_settings = link_settings_init,
	.read = read_interfaces,
	.free_state = free_state,
};
