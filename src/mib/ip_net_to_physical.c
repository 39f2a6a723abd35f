// SPDX-License-Identifier: BSD-2-Clause
// ipNetToPhysicalTable and ipNetToMediaTable, 1.3.6.1.2.1.4.35 and .22 (RFC 4293): the
// neighbours, the older table those of IPv4 alone.
#include "columns.h"
#include "inet.h"
#include "neighbours.h"
#include "tables.h"

/* ipNetToPhysicalType. */
enum {
	TYPE_OTHER = 1,
	TYPE_INVALID = 2,
	TYPE_DYNAMIC = 3,
	TYPE_STATIC = 4,
};

/* ipNetToPhysicalState. */
enum {
	STATE_REACHABLE = 1,
	STATE_STALE = 2,
	STATE_DELAY = 3,
	STATE_PROBE = 4,
	STATE_INVALID = 5,
	STATE_UNKNOWN = 6,
	STATE_INCOMPLETE = 7,
};

static const struct {
	uint16_t kernel;
	uint8_t state, type;
} states[] = {
	{ NEIGHBOUR_INCOMPLETE, STATE_INCOMPLETE, TYPE_INVALID },
	{ NEIGHBOUR_REACHABLE, STATE_REACHABLE, TYPE_DYNAMIC },
	{ NEIGHBOUR_STALE, STATE_STALE, TYPE_DYNAMIC },
	{ NEIGHBOUR_DELAY, STATE_DELAY, TYPE_DYNAMIC },
	{ NEIGHBOUR_PROBE, STATE_PROBE, TYPE_DYNAMIC },
	{ NEIGHBOUR_FAILED, STATE_INVALID, TYPE_INVALID },
	{ NEIGHBOUR_PERMANENT, STATE_REACHABLE, TYPE_STATIC },
};

static const struct neighbour_row *
as_neighbour(const void *row)
{
	return row;
}

/* Where in states[] a row's is; a state of a later kernel is in none. */
static size_t
find_state(const struct neighbour_row *row)
{
	size_t i = 0;

	while (i < ARRAY_LENGTH(states) && states[i].kernel != row->state)
		i++;
	return i;
}

static uint32_t
ifindex(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return as_neighbour(row)->ifindex;
}

static bool
read_physical(const struct cell *cell, struct value *ret)
{
	const struct neighbour_row *row = cell->row;

	ret->octets = (struct octets){ row->physical, row->length };
	return true;
}

static bool
read_type(const struct cell *cell, struct value *ret)
{
	size_t i = find_state(cell->row);

	ret->integer = i < ARRAY_LENGTH(states) ? states[i].type : TYPE_OTHER;
	return true;
}

/* --- ipNetToPhysicalTable --- */

static void
net_address(const struct snapshot *snapshot, const void *row, struct inet_address *ret)
{
	const struct neighbour_row *neighbour = row;

	if (neighbour->ipv6)
		inet_put_ipv6(snapshot, neighbour->address, neighbour->ifindex, ret);
	else
		inet_put_ipv4(neighbour->address, ret);
}

static bool
read_updated(const struct cell *cell, struct value *ret)
{
	ret->moment = as_neighbour(cell->row)->updated;
	return true;
}

static bool
read_state(const struct cell *cell, struct value *ret)
{
	size_t i = find_state(cell->row);

	ret->integer = i < ARRAY_LENGTH(states) ? states[i].state : STATE_UNKNOWN;
	return true;
}

static const struct label physical_types[] = {
	{ TYPE_OTHER, "other" },
	{ TYPE_INVALID, "invalid" },
	{ TYPE_DYNAMIC, "dynamic" },
	{ TYPE_STATIC, "static" },
	{ 5, "local" },
	{ 0, NULL },
};

static const struct label state_labels[] = {
	{ STATE_REACHABLE, "reachable" },
	{ STATE_STALE, "stale" },
	{ STATE_DELAY, "delay" },
	{ STATE_PROBE, "probe" },
	{ STATE_INVALID, "invalid" },
	{ STATE_UNKNOWN, "unknown" },
	{ STATE_INCOMPLETE, "incomplete" },
	{ 0, NULL },
};

static const struct index_part physical_index[] = {
	{ .kind = INDEX_UINT32, .number = ifindex },
	{ .kind = INDEX_INET, .inet = net_address },
};

static const struct column physical_columns[] = {
	{
	    .number = 4,
	    .name = "ipNetToPhysicalPhysAddress",
	    .type = VALUE_OCTETS,
	    .read = read_physical,
	},
	{
	    .number = 5,
	    .name = "ipNetToPhysicalLastUpdated",
	    .type = VALUE_TIMETICKS,
	    .read = read_updated,
	},
	{
	    .number = 6,
	    .name = "ipNetToPhysicalType",
	    .type = VALUE_INTEGER,
	    .read = read_type,
	    .labels = physical_types,
	},
	{
	    .number = 7,
	    .name = "ipNetToPhysicalState",
	    .type = VALUE_INTEGER,
	    .read = read_state,
	    .labels = state_labels,
	},
	{
	    .number = 8,
	    .name = "ipNetToPhysicalRowStatus",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROW_STATUS_ACTIVE,
	    .labels = row_states,
	},
};

/* --- ipNetToMediaTable --- */

/* An entry without a physical address has no place here. */
static bool
is_media(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return !as_neighbour(row)->ipv6 && as_neighbour(row)->length > 0;
}

static uint32_t
media_address(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return as_neighbour(row)->address;
}

static bool
read_ifindex(const struct cell *cell, struct value *ret)
{
	ret->integer = (int32_t)as_neighbour(cell->row)->ifindex;
	return true;
}

static bool
read_media_address(const struct cell *cell, struct value *ret)
{
	ret->number = as_neighbour(cell->row)->address;
	return true;
}

static const struct label media_types[] = {
	{ TYPE_OTHER, "other" },
	{ TYPE_INVALID, "invalid" },
	{ TYPE_DYNAMIC, "dynamic" },
	{ TYPE_STATIC, "static" },
	{ 0, NULL },
};

static const struct index_part media_index[] = {
	{ .kind = INDEX_UINT32, .number = ifindex },
	{ .kind = INDEX_IPADDRESS, .number = media_address },
};

static const struct column media_columns[] = {
	{
	    .number = 1,
	    .name = "ipNetToMediaIfIndex",
	    .type = VALUE_INTEGER,
	    .read = read_ifindex,
	},
	{
	    .number = 2,
	    .name = "ipNetToMediaPhysAddress",
	    .type = VALUE_OCTETS,
	    .read = read_physical,
	},
	{
	    .number = 3,
	    .name = "ipNetToMediaNetAddress",
	    .type = VALUE_IPADDRESS,
	    .read = read_media_address,
	},
	{
	    .number = 4,
	    .name = "ipNetToMediaType",
	    .type = VALUE_INTEGER,
	    .read = read_type,
	    .labels = media_types,
	},
};

static const uint32_t physical_root[] = { 1, 3, 6, 1, 2, 1, 4, 35 };
static const uint32_t media_root[] = { 1, 3, 6, 1, 2, 1, 4, 22 };

const struct table table_ip_net_to_physical = {
	.name = "ipNetToPhysicalTable",
	.group = "ip",
	.root = physical_root,
	.root_length = ARRAY_LENGTH(physical_root),
	.source = &source_neighbours,
	.index = physical_index,
	.n_index = ARRAY_LENGTH(physical_index),
	.columns = physical_columns,
	.n_columns = ARRAY_LENGTH(physical_columns),
};

const struct table table_ip_net_to_media = {
	.name = "ipNetToMediaTable",
	.group = "ip",
	.root = media_root,
	.root_length = ARRAY_LENGTH(media_root),
	.by_column = true,
	.source = &source_neighbours,
	.index = media_index,
	.n_index = ARRAY_LENGTH(media_index),
	.shows = is_media,
	.columns = media_columns,
	.n_columns = ARRAY_LENGTH(media_columns),
};
