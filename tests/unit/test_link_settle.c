// SPDX-License-Identifier: BSD-2-Clause
// Tests of the history of network devices: how long a linkUp waits for up(1), and of what
// comes up with its first event.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <linux/if.h>
#include <string.h>

#include "mib/link_history.h"

#define MS INT64_C(1000000)
#define SETTLE (100 * MS)
#define KERNEL (1000 * MS) /* the kernel looks at carriers so often */

static struct link_history history;
static int64_t now;
static struct link_notice told[100];
static size_t n_told;

static void
note(const struct link_notice *notice, void *unused)
{
	(void)unused;
	assert_true(n_told < sizeof(told) / sizeof(told[0]));
	told[n_told++] = *notice;
}

static int
start(void **state)
{
	(void)state;
	now = 1000 * KERNEL;
	n_told = 0;
	link_history_init(&history, note, NULL);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	link_history_free(&history);
	return 0;
}

/* An event of a device in a state of the kernel's (IF_OPER_…), that one with IFF_UP unless
 * it is down. */
static void
set(uint32_t ifindex, uint8_t operstate)
{
	const struct link link = {
		.ifindex = ifindex,
		.name = { (const uint8_t *)"eth", 3 },
		.operstate = operstate,
		.flags = operstate == IF_OPER_DOWN ? 0 : IFF_UP,
	};

	link_history_event(&history, &link, false, now);
}

static void
dump(uint32_t ifindex, uint8_t operstate)
{
	link_history_begin(&history);
	set(ifindex, operstate);
	link_history_end(&history, now);
}

/* Lets time pass, as the thread does. */
static void
pass(int64_t time)
{
	const int64_t end = now + time;
	int64_t then;

	while ((then = link_history_tick(&history, now)) != 0 && then <= end)
		now = then > now ? then : now;
	now = end;
	link_history_tick(&history, now);
}

static void
is_told(bool up, enum oper_status oper)
{
	assert_int_equal(n_told, 1);
	assert_int_equal(told[0].up, up);
	assert_int_equal(told[0].oper, oper);
	n_told = 0;
}

/* One state after the other: the wait does not begin anew. */
static void
test_settles_once(void **state)
{
	(void)state;
	dump(1, IF_OPER_DOWN);
	set(1, IF_OPER_LOWERLAYERDOWN);
	for (int i = 0; i < 4; i++) {
		pass(SETTLE / 5);
		set(1, i % 2 ? IF_OPER_LOWERLAYERDOWN : IF_OPER_DORMANT);
	}
	pass(SETTLE / 5 - 1);
	assert_int_equal(n_told, 0);
	pass(1);
	is_told(true, OPER_LOWER_LAYER_DOWN);
	set(1, IF_OPER_UP);
	pass(2 * KERNEL);
	assert_int_equal(n_told, 0);
}

/* Down in between: another way up, another wait. */
static void
test_settles_anew_after_down(void **state)
{
	(void)state;
	dump(1, IF_OPER_DOWN);
	set(1, IF_OPER_DORMANT);
	pass(SETTLE - 1);
	set(1, IF_OPER_DOWN);
	set(1, IF_OPER_DORMANT);
	pass(SETTLE - 1);
	assert_int_equal(n_told, 0);
	pass(1);
	is_told(true, OPER_DORMANT);
}

/* A tap that nobody has open: the kernel sees only later that it has no carrier. */
static void
test_seems_to_come_up(void **state)
{
	(void)state;
	dump(1, IF_OPER_DOWN);
	set(1, IF_OPER_UNKNOWN);
	pass(KERNEL);
	assert_int_equal(n_told, 0);
	set(1, IF_OPER_DOWN);
	pass(2 * KERNEL);
	assert_int_equal(n_told, 0);
	assert_true(link_history_tick(&history, now) == 0);
}

/* A veth whose peer is down, likewise: it is told when the kernel has seen it. */
static void
test_unknown_at_first(void **state)
{
	(void)state;
	dump(1, IF_OPER_DOWN);
	set(1, IF_OPER_UNKNOWN);
	pass(KERNEL);
	set(1, IF_OPER_LOWERLAYERDOWN);
	is_told(true, OPER_LOWER_LAYER_DOWN);
}

static void
test_stays_unknown(void **state)
{
	(void)state;
	dump(1, IF_OPER_DOWN);
	set(1, IF_OPER_UNKNOWN);
	pass(2 * KERNEL);
	is_told(true, OPER_UNKNOWN);
}

/* Made and set up in one. */
static void
test_comes_up_as_it_comes(void **state)
{
	(void)state;
	dump(1, IF_OPER_UP);
	set(2, IF_OPER_UP);
	is_told(true, OPER_UP);
	set(3, IF_OPER_LOWERLAYERDOWN);
	pass(SETTLE - 1);
	assert_int_equal(n_told, 0);
	pass(1);
	is_told(true, OPER_LOWER_LAYER_DOWN);
	set(4, IF_OPER_DOWN);
	set(5, IF_OPER_NOTPRESENT);
	pass(2 * KERNEL);
	assert_int_equal(n_told, 0);
}

/* What only a dump shows was so before: events were lost, or it was not shown. */
static void
test_dump_shows_it(void **state)
{
	(void)state;
	dump(1, IF_OPER_UP);
	dump(2, IF_OPER_UP);
	dump(3, IF_OPER_LOWERLAYERDOWN);
	pass(2 * KERNEL);
	assert_int_equal(n_told, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_settles_once, start, stop),
		cmocka_unit_test_setup_teardown(test_settles_anew_after_down, start, stop),
		cmocka_unit_test_setup_teardown(test_seems_to_come_up, start, stop),
		cmocka_unit_test_setup_teardown(test_unknown_at_first, start, stop),
		cmocka_unit_test_setup_teardown(test_stays_unknown, start, stop),
		cmocka_unit_test_setup_teardown(test_comes_up_as_it_comes, start, stop),
		cmocka_unit_test_setup_teardown(test_dump_shows_it, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
