// SPDX-License-Identifier: BSD-2-Clause
// Readings of one source, one after the other, by a clock that is the test's.
#include "readings.h"

#include <stdarg.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>

int64_t now;
struct link_settings settings;
struct snapshot *last;

static const struct source_kind *source;
static struct collector *collector; /* without a source: a pause is short */
static void *the_state;

int
readings_start(const struct source_kind *kind)
{
	source = kind;
	collector = collector_new(&freshness_default);
	the_state = calloc(1, source->state_size);
	if (source->init_settings)
		source->init_settings(&settings);
	last = NULL;
	now = 1000 * SECOND;
	return collector && the_state ? 0 : -1;
}

void
readings_stop(void)
{
	snapshot_release(last);
	if (source->free_state)
		source->free_state(the_state);
	free(the_state);
	collector_free(collector);
}

int
read_after(int64_t passed)
{
	struct snapshot *new = snapshot_new();
	struct reading reading = {
		.state = the_state,
		.settings = &settings,
		.old = last,
		.new = new,
		.collector = collector,
	};
	int error;

	assert_non_null(new);
	new->time = now += passed;
	error = source->read(&reading);
	if (error) {
		snapshot_release(new);
		return error;
	}
	snapshot_release(last);
	last = new;
	return 0;
}

bool
readings_unchanged(void)
{
	return source->unchanged(the_state);
}
