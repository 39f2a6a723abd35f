// SPDX-License-Identifier: BSD-2-Clause
// Tests of sysUpTime: what answers that took long, and an agent started anew, make of it.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "agent/uptime.h"

#define TICK INT64_C(10000000)
#define BORN (12345 * TICK + 6789) /* of the agent */
#define BOTH(ticks, late) BORN + (ticks)*TICK, BORN + ((ticks) + (late)) * TICK

static struct uptime uptime;

static int
start(void **state)
{
	(void)state;
	uptime = (struct uptime){ 0 };
	return 0;
}

/* What the agent is told to have said at the moment `at` ticks of its life. */
static int64_t
told(int64_t at)
{
	return uptime_at(&uptime, BORN + at * TICK);
}

static void
test_nothing_known(void **state)
{
	(void)state;
	assert_int_equal(told(100), 0);
}

static void
test_no_moment(void **state)
{
	(void)state;
	uptime_heard(&uptime, 500, BOTH(500, 0));
	assert_int_equal(uptime_at(&uptime, 0), 0);
	assert_int_equal(told(-1), 0);
	assert_int_equal(told(0), 0);
	assert_int_equal(told(123), 123);
}

/* An answer on its way for two seconds, after a good one and before one. */
static void
test_late_answer(void **state)
{
	(void)state;
	uptime_heard(&uptime, 500, BOTH(500, 1));
	assert_int_equal(told(400), 399);
	uptime_heard(&uptime, 2000, BOTH(2000, 200));
	assert_int_equal(told(400), 399);
	uptime_heard(&uptime, 3500, BOTH(3500, 0));
	assert_int_equal(told(400), 399);
}

/* The first answers were late: the first good one sets that right. */
static void
test_late_first(void **state)
{
	(void)state;
	uptime_heard(&uptime, 500, BOTH(500, 100));
	assert_int_equal(told(400), 300);
	uptime_heard(&uptime, 600, BOTH(600, 0));
	assert_int_equal(told(400), 400);
}

/* Clocks of whole ticks say now more, now less: the same moment stays what it was. */
static void
test_same_moment(void **state)
{
	int64_t first;

	(void)state;
	uptime_heard(&uptime, 100, BOTH(100, 0));
	first = told(77);
	for (int i = 1; i < 1000; i++) {
		int64_t now = BORN + (100 + i) * TICK + i * (TICK / 1000);

		uptime_heard(&uptime, (uint32_t)(100 + i), now, now);
		assert_int_equal(told(77), first);
	}
}

static void
test_started_anew(void **state)
{
	const int64_t later = 90000 * TICK;

	(void)state;
	uptime_heard(&uptime, 500, BOTH(500, 0));
	uptime_heard(&uptime, 3, BORN + later + 3 * TICK, BORN + later + 4 * TICK);
	assert_int_equal(uptime_at(&uptime, BORN + 400 * TICK), 0);
	assert_in_range(uptime_at(&uptime, BORN + later + 400 * TICK), 398, 400);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_nothing_known, start),
		cmocka_unit_test_setup(test_no_moment, start),
		cmocka_unit_test_setup(test_late_answer, start),
		cmocka_unit_test_setup(test_late_first, start),
		cmocka_unit_test_setup(test_same_moment, start),
		cmocka_unit_test_setup(test_started_anew, start),
	};

	return cmocka_run_group_tests_name("uptime", tests, NULL, NULL);
}
