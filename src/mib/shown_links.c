// SPDX-License-Identifier: BSD-2-Clause
// The interfaces that are shown, for the sources of what is kept per interface.
#include <errno.h>
#include <stdlib.h>

#include "ip.h"

struct gathering {
	const struct link_settings *settings;
	struct array *links;
};

static int
take_link(const struct link *link, void *argument)
{
	struct gathering *gathering = argument;
	enum oper_status status = link_oper_status(link);
	char name[LINK_NAME_SIZE];
	struct shown_link *shown;

	if (!link_shown_as(gathering->settings, link, name))
		return 0;
	shown = array_append(gathering->links, 1);
	if (!shown)
		return -ENOMEM;
	shown->ifindex = link->ifindex;
	shown->operational = status == OPER_UP || status == OPER_UNKNOWN;
	memcpy(shown->name, name, sizeof(name));
	return 0;
}

static int
compare(const void *a, const void *b)
{
	uint32_t x = ((const struct shown_link *)a)->ifindex;
	uint32_t y = ((const struct shown_link *)b)->ifindex;

	return (x > y) - (x < y);
}

static void
forget(void *argument)
{
	struct gathering *gathering = argument;

	gathering->links->n = 0;
}

int
shown_links_read(
    struct array *links, const struct link_settings *settings, const struct pause *pause)
{
	struct gathering gathering = { settings, links };
	struct link_reader reader = {
		.link = take_link,
		.again = forget,
		.argument = &gathering,
		.pause = *pause,
	};
	int error;

	*links = ARRAY_OF(struct shown_link);
	/* Messages that make no sense are the matter of source_interfaces. */
	error = links_read(&reader);
	if (links->n > 1)
		qsort(links->data, links->n, links->size, compare);
	return error;
}

const struct shown_link *
shown_links_find(const struct array *links, uint32_t ifindex)
{
	const struct shown_link key = { .ifindex = ifindex };

	return links->n ? bsearch(&key, links->data, links->n, links->size, compare) : NULL;
}
