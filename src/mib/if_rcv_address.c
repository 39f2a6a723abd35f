// SPDX-License-Identifier: BSD-2-Clause
// ifRcvAddressTable, 1.3.6.1.2.1.31.1.4 (RFC 2863): the addresses an interface takes frames
// for; with the source of its rows.
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "../kernel/link_addresses.h"
#include "columns.h"
#include "interfaces.h"
#include "tables.h"

#define ADDRESS_MAX 32 /* MAX_ADDR_LEN of the kernel */

struct receive_address {
	uint32_t ifindex;
	uint8_t length;
	uint8_t octets[ADDRESS_MAX];
};

struct gathering {
	const struct link_settings *settings;
	struct array *rows;
	struct array shown; /* of uint32_t: the ifindexes */
};

static int
add_address(struct gathering *gathering, uint32_t ifindex, struct octets octets)
{
	struct receive_address *row;

	if (octets.n == 0 || octets.n > ADDRESS_MAX)
		return 0;
	row = array_append(gathering->rows, 1);
	if (!row)
		return -ENOMEM;
	row->ifindex = ifindex;
	row->length = (uint8_t)octets.n;
	memcpy(row->octets, octets.at, octets.n);
	return 0;
}

/* Its own address, and the one of all. */
static int
take_link(const struct link *link, void *argument)
{
	struct gathering *gathering = argument;
	char name[LINK_NAME_SIZE];
	uint32_t *ifindex;
	int error;

	if (!link_shown_as(gathering->settings, link, name))
		return 0;
	ifindex = array_append(&gathering->shown, 1);
	if (!ifindex)
		return -ENOMEM;
	*ifindex = link->ifindex;
	error = add_address(gathering, link->ifindex, link_address(link));
	if (error == 0 && link->flags & IFF_BROADCAST)
		error = add_address(gathering, link->ifindex, link->broadcast);
	return error;
}

static int
compare_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int
take_address(uint32_t ifindex, struct octets octets, void *argument)
{
	struct gathering *gathering = argument;
	const struct array *shown = &gathering->shown;

	if (shown->n == 0 ||
	    !bsearch(&ifindex, shown->data, shown->n, shown->size, compare_numbers))
		return 0;
	return add_address(gathering, ifindex, octets);
}

static void
forget_links(void *argument)
{
	struct gathering *gathering = argument;

	gathering->shown.n = gathering->rows->n = 0;
}

static int
read_addresses(struct reading *reading)
{
	struct gathering gathering = {
		.settings = reading->settings,
		.rows = &reading->new->rows,
		.shown = ARRAY_OF(uint32_t),
	};
	struct link_reader links = {
		.link = take_link,
		.again = forget_links,
		.argument = &gathering,
	};
	struct link_address_reader addresses = { take_address, &gathering, 0 };
	int error;

	reading->new->rows = ARRAY_OF(struct receive_address);
	error = links_read(&links);
	if (gathering.shown.n > 1)
		qsort(gathering.shown.data, gathering.shown.n, gathering.shown.size,
		    compare_numbers);
	if (error == 0)
		error = link_addresses_read_multicast(&addresses);
	if (error == 0)
		error = link_addresses_read_unicast(&addresses);
	/* Those about devices are the matter of source_interfaces, which reads the same. */
	reading->malformed = addresses.malformed;
	array_free(&gathering.shown);
	return error;
}

/* Twice the same is one row. */
const struct source_kind source_receive_addresses = {
	.name = "rcvaddresses",
	.max_age = 1000,
	.settings_size = sizeof(struct link_settings),
	.init_settings = link_settings_init,
	.read = read_addresses,
};

static uint32_t
ifindex(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct receive_address *)row)->ifindex;
}

static void
address(const struct snapshot *snapshot, const void *row, struct octets *ret)
{
	const struct receive_address *receive_address = row;

	(void)snapshot;
	*ret = (struct octets){ receive_address->octets, receive_address->length };
}

static const struct index_part index_parts[] = {
	{ .kind = INDEX_UINT32, .number = ifindex },
	{ .kind = INDEX_OCTETS, .octets = address },
};

#define VOLATILE 2 /* the kernel forgets them when it ends */

static const struct label types[] = {
	{ 1, "other" },
	{ VOLATILE, "volatile" },
	{ 3, "nonVolatile" },
	{ 0, NULL },
};

static const struct column columns[] = {
	{
	    .number = 2,
	    .name = "ifRcvAddressStatus",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROW_STATUS_ACTIVE,
	    .labels = row_states,
	},
	{
	    .number = 3,
	    .name = "ifRcvAddressType",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = VOLATILE,
	    .labels = types,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 31, 1, 4 };

const struct table table_if_rcv_address = {
	.name = "ifRcvAddressTable",
	.group = "interface",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.source = &source_receive_addresses,
	.index = index_parts,
	.n_index = ARRAY_LENGTH(index_parts),
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
