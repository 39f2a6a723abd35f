// SPDX-License-Identifier: BSD-2-Clause
// Columns that are the same in many tables.
#include "columns.h"

#include "../table/source.h"

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

#define HUNDREDTH INT64_C(10000000) /* ns */
#define AHEAD 6000		    /* hundredths, a minute */

int64_t
column_moment(uint32_t hundredths, int64_t now)
{
	uint32_t age = (uint32_t)(now / HUNDREDTH) - hundredths;

	/* The kernel's two clocks differ a little; all else is an age, of up to 497 days.
	 */
	if (age > UINT32_MAX - AHEAD)
		age = 0;
	return (now / HUNDREDTH - age) * HUNDREDTH;
}

uint32_t
column_left(uint32_t seconds, const struct snapshot *snapshot)
{
	int64_t passed = (monotonic_now() - snapshot->time) / INT64_C(1000000000);

	if (seconds == UINT32_MAX)
		return seconds;
	return passed < seconds ? seconds - (uint32_t)passed : 0;
}

const struct label truth_values[] = {
	{ TRUTH_TRUE, "true" },
	{ TRUTH_FALSE, "false" },
	{ 0, NULL },
};

const struct label storage_types[] = {
	{ 1, "other" },
	{ STORAGE_VOLATILE, "volatile" },
	{ 3, "nonVolatile" },
	{ 4, "permanent" },
	{ 5, "readOnly" },
	{ 0, NULL },
};

const struct label row_states[] = {
	{ ROW_STATUS_ACTIVE, "active" },
	{ 2, "notInService" },
	{ 3, "notReady" },
	{ 4, "createAndGo" },
	{ 5, "createAndWait" },
	{ 6, "destroy" },
	{ 0, NULL },
};
