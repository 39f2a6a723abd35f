// SPDX-License-Identifier: BSD-2-Clause
// Columns that are the same in many tables.
#include "columns.h"

bool
column_constant(const struct cell *cell, struct value *ret)
{
	ret->integer = (int32_t)cell->column->argument;
	return true;
}

bool
column_zero_object_id(const struct cell *cell, struct value *ret)
{
	(void)cell;
	ret->object_id = (struct object_id){ .n = 2 };
	return true;
}

bool
column_count(const struct cell *cell, struct value *ret)
{
	ret->number = (uint32_t)(cell->view->order.n - cell->view->duplicates);
	return true;
}

const struct label row_states[] = {
	{ ROW_STATUS_ACTIVE, "active" },
	{ 2, "notInService" },
	{ 3, "notReady" },
	{ 4, "createAndGo" },
	{ 5, "createAndWait" },
	{ 6, "destroy" },
	{ 0, NULL },
};
