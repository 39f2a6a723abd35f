// SPDX-License-Identifier: BSD-2-Clause
// What one table shows of a snapshot made by hand.
#include "shown.h"

#include <stdarg.h>
#include <setjmp.h>

#include <cmocka.h>

struct snapshot *snapshot;
const struct table *shown;
struct view view;

int
show_nothing(void)
{
	snapshot = snapshot_new();
	view = (struct view){ .order = ARRAY_OF(uint32_t) };
	return snapshot ? 0 : -1;
}

void
show_end(void)
{
	array_free(&view.order);
	snapshot_release(snapshot);
}

void
show(const struct table *table)
{
	array_free(&view.order);
	shown = table;
	assert_int_equal(view_build(table, snapshot, &view), 0);
}

bool
read_at(size_t position, uint32_t number, struct value *ret)
{
	return check_column(shown, snapshot, &view, position, number, ret);
}

struct value
at(size_t position, uint32_t number, enum value_type type)
{
	struct value value;

	assert_true(read_at(position, number, &value));
	assert_int_equal(value.type, type);
	return value;
}

int32_t
integer(uint32_t number)
{
	return at(0, number, VALUE_INTEGER).integer;
}
