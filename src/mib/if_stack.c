// SPDX-License-Identifier: BSD-2-Clause
// ifStackTable, 1.3.6.1.2.1.31.1.2 (RFC 2863): which interface runs on top of which.
#include "columns.h"
#include "interfaces.h"
#include "tables.h"

static uint32_t
higher(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct interface_stack_row *)row)->higher;
}

static uint32_t
lower(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct interface_stack_row *)row)->lower;
}

static const struct index_part index_parts[] = {
	{ .kind = INDEX_UINT32, .number = higher },
	{ .kind = INDEX_UINT32, .number = lower },
};

static const struct column columns[] = {
	{
	    .number = 3,
	    .name = "ifStackStatus",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ROW_STATUS_ACTIVE,
	    .labels = row_states,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 31, 1, 2 };

const struct table table_if_stack = {
	.name = "ifStackTable",
	.group = "interface",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.source = &source_interfaces,
	.set = INTERFACE_STACK,
	.index = index_parts,
	.n_index = ARRAY_LENGTH(index_parts),
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
