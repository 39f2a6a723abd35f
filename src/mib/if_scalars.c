// SPDX-License-Identifier: BSD-2-Clause
// The scalars of IF-MIB (RFC 2863): ifNumber, and when the tables changed last.
#include "columns.h"
#include "interfaces.h"
#include "tables.h"

static const struct column if_number[] = {
	{
	    .number = 1,
	    .name = "ifNumber",
	    .type = VALUE_INTEGER,
	    .read = column_count,
	},
};

static bool
read_table_change(const struct cell *cell, struct value *ret)
{
	ret->moment = ((const struct interface_times *)cell->row)->table;
	return true;
}

static bool
read_stack_change(const struct cell *cell, struct value *ret)
{
	ret->moment = ((const struct interface_times *)cell->row)->stack;
	return true;
}

static const struct column if_table_last_change[] = {
	{
	    .number = 5,
	    .name = "ifTableLastChange",
	    .type = VALUE_TIMETICKS,
	    .read = read_table_change,
	},
};

static const struct column if_stack_last_change[] = {
	{
	    .number = 6,
	    .name = "ifStackLastChange",
	    .type = VALUE_TIMETICKS,
	    .read = read_stack_change,
	},
};

static const uint32_t interfaces[] = { 1, 3, 6, 1, 2, 1, 2 };
static const uint32_t if_mib_objects[] = { 1, 3, 6, 1, 2, 1, 31, 1 };

const struct table table_if_number = {
	.name = "ifNumber",
	.group = "interface",
	.root = interfaces,
	.root_length = ARRAY_LENGTH(interfaces),
	.scalars = true,
	.source = &source_interfaces,
	.counted = &table_if,
	.columns = if_number,
	.n_columns = 1,
};

const struct table table_if_table_last_change = {
	.name = "ifTableLastChange",
	.group = "interface",
	.root = if_mib_objects,
	.root_length = ARRAY_LENGTH(if_mib_objects),
	.scalars = true,
	.source = &source_interfaces,
	.set = INTERFACE_TIMES,
	.columns = if_table_last_change,
	.n_columns = 1,
};

const struct table table_if_stack_last_change = {
	.name = "ifStackLastChange",
	.group = "interface",
	.root = if_mib_objects,
	.root_length = ARRAY_LENGTH(if_mib_objects),
	.scalars = true,
	.source = &source_interfaces,
	.set = INTERFACE_TIMES,
	.columns = if_stack_last_change,
	.n_columns = 1,
};
