// SPDX-License-Identifier: BSD-2-Clause
// ifStackTable, 1.3.6.1.2.1.31.1.2 (RFC 2863): which interface runs on top of which; with
// the making of its rows.
#include <errno.h>

#include "columns.h"
#include "interface_rows.h"
#include "interfaces.h"
#include "tables.h"

static int
add(struct array *stack, uint32_t higher, uint32_t lower)
{
	struct interface_stack_row *row = array_append(stack, 1);

	if (!row)
		return -ENOMEM;
	*row = (struct interface_stack_row){ higher, lower };
	return 0;
}

/* One runs on top of the other, if both are there. */
static int
relate(const struct array *rows, struct array *stack, uint32_t higher, uint32_t lower)
{
	size_t hint = 0;
	struct interface_row *top = interface_find(rows, higher, &hint);
	struct interface_row *bottom = interface_find(rows, lower, &hint);

	if (!top || !bottom)
		return 0;
	top->flags |= IF_BELOW;
	bottom->flags |= IF_ABOVE;
	return add(stack, higher, lower);
}

int
interface_stack(struct array *rows, struct array *stack)
{
	int error;

	*stack = ARRAY_OF(struct interface_stack_row);
	/* Most have nothing above them, and nothing below. */
	error = array_reserve(stack, 2 * rows->n);
	for (size_t i = 0; error == 0 && i < rows->n; i++) {
		const struct interface_row *row = array_at(rows, i);

		if (row->above)
			error = relate(rows, stack, row->above, row->ifindex);
		if (error == 0 && row->below)
			error = relate(rows, stack, row->ifindex, row->below);
	}
	for (size_t i = 0; error == 0 && i < rows->n; i++) {
		const struct interface_row *row = array_at(rows, i);

		if (!(row->flags & IF_ABOVE))
			error = add(stack, 0, row->ifindex);
		if (error == 0 && !(row->flags & IF_BELOW))
			error = add(stack, row->ifindex, 0);
	}
	return error;
}

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
