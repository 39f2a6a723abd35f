// SPDX-License-Identifier: BSD-2-Clause
// Tests of the history of network devices: what has come and gone, and when.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <linux/if.h>
#include <string.h>

#include "history.h"

/* --- times
 * ---------------------------------------------------------------------------------------
 */

static void
test_beginning(void **state)
{
	struct link port = device(7, "eth7", IF_OPER_LOWERLAYERDOWN);

	(void)state;
	port.master = 3;
	assert_null(link_history_find(&history, 3));
	link_history_begin(&history);
	tell(&port);
	set(3, IF_OPER_UP);
	set(5, IF_OPER_DOWN);
	link_history_end(&history, now);
	assert_int_equal(history.entries.n, 3);
	for (uint32_t i = 3; i <= 7; i += 2) {
		assert_true(entry(i)->appeared == 0);
		assert_true(entry(i)->last_change == 0);
		assert_int_equal(entry(i)->below, 0);
		assert_int_equal(entry(i)->above, i == 7 ? 3 : 0);
		assert_int_equal(entry(i)->admin, i == 5 ? ADMIN_DOWN : ADMIN_UP);
	}
	assert_string_equal(entry(7)->name, "eth7");
	assert_int_equal(entry(3)->oper, OPER_UP);
	assert_int_equal(entry(5)->oper, OPER_DOWN);
	assert_int_equal(entry(7)->oper, OPER_LOWER_LAYER_DOWN);
	assert_true(history.table_changed == 0);
	assert_true(history.stack_changed == 0);
	pass(1000 * SECOND);
	assert_true(link_history_tick(&history, now) == 0);
	silence();
	for (uint32_t i = 0; i < 10; i++)
		assert_int_equal(
		    link_history_find(&history, i) != NULL, i == 3 || i == 5 || i == 7);
}

static void
test_empty_beginning(void **state)
{
	(void)state;
	begin_with(0, IF_OPER_UP);
	assert_true(history.begun);
	assert_int_equal(history.entries.n, 0);
	assert_true(history.table_changed == 0);
	set(1, IF_OPER_UP);
	assert_true(entry(1)->appeared == now);
}

/* In whatever state it comes: nothing has gone up or down. */
static void
test_comes(void **state)
{
	(void)state;
	begin_with(1, IF_OPER_UP);
	history.settings.notify_named = true; /* no linkUp of what comes up */
	for (uint8_t operstate = IF_OPER_UNKNOWN; operstate <= IF_OPER_UP; operstate++) {
		uint32_t ifindex = 10 + operstate;

		set(ifindex, operstate);
		assert_true(entry(ifindex)->appeared == now);
		assert_true(entry(ifindex)->last_change == now);
		assert_true(history.table_changed == now);
		assert_true(history.stack_changed == now);
		now += SECOND;
	}
	assert_true(entry(1)->appeared == 0);
	assert_true(entry(1)->last_change == 0);
	pass(SECOND);
	silence();
}

static void
test_goes(void **state)
{
	(void)state;
	begin_with(3, IF_OPER_UP);
	unset(9); /* one that nobody heard of */
	assert_true(history.table_changed == 0);
	unset(2);
	assert_null(link_history_find(&history, 2));
	assert_int_equal(history.entries.n, 2);
	assert_true(history.table_changed == now);
	assert_true(history.stack_changed == now);
	assert_string_equal(entry(3)->name, "eth3");
	pass(SECOND);
	silence();
	/* It is another one that comes. */
	set(2, IF_OPER_DOWN);
	assert_true(entry(2)->appeared == now);
	assert_true(history.table_changed == now);
	pass(SECOND);
	silence();
}

/* What was due of one that goes is not told. */
static void
test_goes_meanwhile(void **state)
{
	(void)state;
	begin_with(2, IF_OPER_DOWN);
	set(1, IF_OPER_DORMANT);
	set(2, IF_OPER_DORMANT);
	now += 10 * MS;
	unset(1);
	pass(HISTORY_SETTLE - 10 * MS);
	is_told(2, true, OPER_DORMANT);
	assert_true(link_history_tick(&history, now) == 0);
}

/* Names are no identity. */
static void
test_renamed(void **state)
{
	struct link link = device(1, "wan", IF_OPER_UP);

	(void)state;
	begin_with(2, IF_OPER_UP);
	tell(&link);
	assert_string_equal(entry(1)->name, "wan");
	assert_true(entry(1)->appeared == 0);
	assert_true(entry(1)->last_change == 0);
	assert_true(history.table_changed == 0);
	assert_true(history.stack_changed == 0);
	/* A shorter name leaves no trace of the longer one; the longest fits. */
	link.name = text("w");
	tell(&link);
	assert_memory_equal(entry(1)->name, "w\0\0", 4);
	link.name = text("0123456789abcdefgh");
	tell(&link);
	assert_string_equal(entry(1)->name, "0123456789abcde");
	silence();
}

/* A device that is not shown is as if it were not there. */
static void
test_hidden(void **state)
{
	struct link hidden = device(8, "veth8", IF_OPER_DOWN);

	(void)state;
	assert_true(link_patterns_add(&history.settings.exclude, "veth*"));
	link_history_begin(&history);
	tell(&hidden);
	set(1, IF_OPER_UP);
	link_history_end(&history, now);
	now += SECOND;
	assert_int_equal(history.entries.n, 1);
	hidden.operstate = IF_OPER_UP;
	tell(&hidden);
	link_history_event(&history, &hidden, true, now);
	assert_int_equal(history.entries.n, 1);
	assert_true(history.table_changed == 0);
	silence();
}

/* By its name it comes and goes. */
static void
test_renamed_out_of_sight(void **state)
{
	struct link link = device(1, "veth1", IF_OPER_DOWN);

	(void)state;
	assert_true(link_patterns_add(&history.settings.exclude, "veth*"));
	begin_with(2, IF_OPER_UP);
	tell(&link);
	assert_null(link_history_find(&history, 1));
	assert_true(history.table_changed == now);
	now += SECOND;
	set(1, IF_OPER_DOWN);
	assert_true(entry(1)->appeared == now);
	assert_true(history.table_changed == now);
	silence();
}

static void
test_last_change(void **state)
{
	struct link link = device(1, "eth1", IF_OPER_UP);
	int64_t changed = 0;

	(void)state;
	begin_with(1, IF_OPER_UP);
	for (uint8_t operstate = IF_OPER_UNKNOWN; operstate <= IF_OPER_UP; operstate++) {
		link.operstate = operstate;
		now += SECOND;
		tell(&link);
		changed = now;
		assert_true(entry(1)->last_change == changed);
		/* The same again, and whatever else changes. */
		now += SECOND;
		tell(&link);
		link.mtu++;
		link.flags ^= IFF_PROMISC;
		link.master ^= 2;
		link.carrier_ups++;
		tell(&link);
		assert_true(entry(1)->last_change == changed);
	}
	assert_true(entry(1)->appeared == 0);
	assert_true(history.table_changed == 0);
}

/* ifAdminStatus is another thing, but new with every event. */
static void
test_admin(void **state)
{
	struct link link = device(1, "eth1", IF_OPER_DOWN);

	(void)state;
	begin_with(1, IF_OPER_DOWN);
	link.flags = IFF_UP;
	tell(&link);
	assert_int_equal(entry(1)->admin, ADMIN_UP);
	assert_true(entry(1)->last_change == 0);
	link.operstate = IF_OPER_UP;
	tell(&link);
	assert_int_equal(told.all[0].notice.admin, ADMIN_UP);
	link.operstate = IF_OPER_DOWN;
	tell(&link);
	assert_int_equal(told.all[1].notice.admin, ADMIN_UP);
	link.operstate = IF_OPER_UP;
	tell(&link);
	link.operstate = IF_OPER_DOWN;
	link.flags = 0;
	tell(&link);
	assert_int_equal(told.all[3].notice.admin, ADMIN_DOWN);
	assert_int_equal(told.n, 4);
}

static void
test_stack(void **state)
{
	struct link link = device(1, "eth1", IF_OPER_UP);
	int64_t changed;

	(void)state;
	begin_with(3, IF_OPER_UP);
	link.master = 2;
	tell(&link);
	assert_true(history.stack_changed == now);
	assert_int_equal(entry(1)->above, 2);
	changed = now;
	now += SECOND;
	tell(&link);
	link.other = 3; /* of no kind that runs on top of another */
	tell(&link);
	assert_true(history.stack_changed == changed);
	link.kind = text("vlan");
	tell(&link);
	assert_true(history.stack_changed == now);
	assert_int_equal(entry(1)->below, 3);
	now += SECOND;
	link.other = 2;
	tell(&link);
	assert_true(history.stack_changed == now);
	now += SECOND;
	link.vrf_port = true;
	tell(&link);
	assert_true(history.stack_changed == now);
	assert_int_equal(entry(1)->above, 0);
	changed = now;
	now += SECOND;
	link.master = 3;
	tell(&link);
	assert_true(history.stack_changed == changed);
	assert_true(history.table_changed == 0);
}

/* --- resynchronization
 * --------------------------------------------------------------------------- */

/* Events were lost: a dump tells how things have become. */
static void
test_resync(void **state)
{
	int64_t lost;

	(void)state;
	begin_with(5, IF_OPER_UP);
	set(3, IF_OPER_DOWN);
	is_told(3, false, OPER_DOWN);
	lost = now += SECOND;
	/* 1 has gone, 2 is down, 3 as it was, 4 is dormant, 6 is new. */
	link_history_begin(&history);
	set(6, IF_OPER_UP);
	set(4, IF_OPER_DORMANT);
	set(2, IF_OPER_DOWN);
	is_told(2, false, OPER_DOWN);
	set(3, IF_OPER_DOWN);
	set(5, IF_OPER_UP);
	now += 5 * MS;
	assert_non_null(link_history_find(&history, 1));
	link_history_end(&history, now);
	assert_null(link_history_find(&history, 1));
	assert_true(history.table_changed == now);
	assert_true(history.stack_changed == now);
	assert_true(entry(2)->last_change == lost);
	assert_true(entry(3)->last_change == lost - SECOND);
	assert_true(entry(4)->last_change == lost);
	assert_true(entry(5)->last_change == 0);
	assert_true(entry(6)->last_change == lost);
	assert_true(entry(6)->appeared == lost);
	for (uint32_t i = 2; i < 6; i++)
		assert_true(entry(i)->appeared == 0);
	pass(SECOND);
	silence();
}

static void
test_resync_of_nothing_new(void **state)
{
	(void)state;
	begin_with(5, IF_OPER_UP);
	for (int i = 0; i < 3; i++)
		begin_with(5, IF_OPER_UP);
	assert_true(history.table_changed == 0);
	assert_true(history.stack_changed == 0);
	for (uint32_t i = 1; i <= 5; i++)
		assert_true(entry(i)->last_change == 0);
	begin_with(0, IF_OPER_UP);
	assert_int_equal(history.entries.n, 0);
	assert_true(history.table_changed == now - SECOND);
	silence();
}

/* A dump that failed is begun again: what only that one told of has gone. */
static void
test_resync_begun_twice(void **state)
{
	(void)state;
	begin_with(3, IF_OPER_UP);
	link_history_begin(&history);
	set(1, IF_OPER_UP);
	set(2, IF_OPER_UP);
	link_history_begin(&history);
	set(2, IF_OPER_UP);
	set(3, IF_OPER_UP);
	link_history_end(&history, now);
	assert_null(link_history_find(&history, 1));
	assert_int_equal(history.entries.n, 2);
}

/* An event within the dump says that the device is there. */
static void
test_event_within_a_dump(void **state)
{
	(void)state;
	begin_with(1, IF_OPER_UP);
	link_history_begin(&history);
	set(2, IF_OPER_UP);
	set(1, IF_OPER_UP);
	unset(2);
	link_history_end(&history, now);
	assert_int_equal(history.entries.n, 1);
	assert_string_equal(entry(1)->name, "eth1");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, history_start, history_stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_beginning),
		TEST(test_empty_beginning),
		TEST(test_comes),
		TEST(test_goes),
		TEST(test_goes_meanwhile),
		TEST(test_renamed),
		TEST(test_hidden),
		TEST(test_renamed_out_of_sight),
		TEST(test_last_change),
		TEST(test_admin),
		TEST(test_stack),
		TEST(test_resync),
		TEST(test_resync_of_nothing_new),
		TEST(test_resync_begun_twice),
		TEST(test_event_within_a_dump),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
