// SPDX-License-Identifier: BSD-2-Clause
// What the tables of IF-MIB (RFC 2863) have in common: their INDEX, and columns.
#include "interfaces.h"

#include <string.h>

#include "columns.h"

static uint32_t
ifindex(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct interface_row *)row)->ifindex;
}

const struct index_part interface_index[1] = {
	{ .kind = INDEX_UINT32, .number = ifindex },
};

static bool
is_of_split(enum interface_counter counter)
{
	return counter == IF_IN_BROADCAST || counter == IF_OUT_MULTICAST ||
	    counter == IF_OUT_BROADCAST;
}

bool
interface_counter(const struct cell *cell, struct value *ret)
{
	const struct interface_row *row = cell->row;
	enum interface_counter counter = cell->column->argument;

	if (ret->type == VALUE_COUNTER64)
		ret->counter64 = row->counter[counter];
	else
		ret->number = (uint32_t)row->counter[counter];
	return !is_of_split(counter) || row->flags & IF_SPLIT;
}

bool
interface_flag(const struct cell *cell, struct value *ret)
{
	const struct interface_row *row = cell->row;

	ret->integer = row->flags & cell->column->argument ? TRUTH_TRUE : TRUTH_FALSE;
	return true;
}

bool
interface_name(const struct cell *cell, struct value *ret)
{
	const struct interface_row *row = cell->row;

	ret->octets.at = (const uint8_t *)row->name;
	ret->octets.n = strlen(row->name);
	return true;
}
