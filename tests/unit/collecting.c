// SPDX-License-Identifier: BSD-2-Clause
// A collector with one source.
#include "collecting.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>

#include <cmocka.h>

struct freshness freshness;
struct collector *collector;
struct source *source;

void
collecting_start(void)
{
	freshness = patient;
	collector = NULL;
	hear_log();
}

void
collecting_stop(void)
{
	collector_free(collector);
}

void
run(const struct source_kind *kind)
{
	collector = collector_new(&freshness);
	assert_non_null(collector);
	source = collector_source(collector, kind);
	assert_non_null(source);
}

void
run_threaded(const struct source_kind *kind)
{
	run(kind);
	assert_int_equal(collector_start(collector), 0);
}
