// SPDX-License-Identifier: BSD-2-Clause
// Tests of the history of network devices: which linkUp and linkDown are due, and when.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <linux/if.h>
#include <string.h>

#include "history.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* --- what is told
 * -------------------------------------------------------------------------------- */

/* Every way from one state to another (RFC 2863, linkDown and linkUp). */
/* How long a linkUp waits that would tell another state than up(1). */
static int64_t
settle_time(uint8_t operstate)
{
	return operstate == IF_OPER_UNKNOWN ? HISTORY_SETTLE_UNKNOWN : HISTORY_SETTLE;
}

static void
test_transitions(void **state)
{
	(void)state;
	for (uint8_t from = IF_OPER_UNKNOWN; from <= IF_OPER_UP; from++) {
		for (uint8_t to = IF_OPER_UNKNOWN; to <= IF_OPER_UP; to++) {
			struct link link = device(1, "eth1", to);
			enum oper_status oper = link_oper_status(&link);

			history_stop(NULL);
			history_start(NULL);
			begin_with(1, from);
			set(1, to);
			if (from == to || from == IF_OPER_NOTPRESENT ||
			    to == IF_OPER_NOTPRESENT) {
				pass(SECOND);
				silence();
			} else if (to == IF_OPER_DOWN) {
				is_told(1, false, OPER_DOWN);
			} else if (from == IF_OPER_DOWN && to == IF_OPER_UP) {
				is_told(1, true, OPER_UP);
			} else if (from == IF_OPER_DOWN) {
				silence();
				pass(settle_time(to) - 1);
				silence();
				pass(1);
				link_history_tick(&history, now);
				is_told(1, true, oper);
			}
			pass(SECOND);
			silence();
		}
	}
}

/* A veth whose peer goes down is lowerLayerDown, which is not down. */
static void
test_lower_layer_down(void **state)
{
	(void)state;
	begin_with(1, IF_OPER_UP);
	for (int i = 0; i < 20; i++) {
		set(1, IF_OPER_LOWERLAYERDOWN);
		pass(SECOND);
		set(1, IF_OPER_UP);
		pass(SECOND);
	}
	silence();
	set(1, IF_OPER_LOWERLAYERDOWN);
	set(1, IF_OPER_DOWN);
	is_told(1, false, OPER_DOWN);
}

/* The usual way up: some milliseconds in another state, of which nobody hears. */
static void
test_up_within_the_settle_time(void **state)
{
	static const uint8_t between[] = { IF_OPER_UNKNOWN, IF_OPER_LOWERLAYERDOWN,
		IF_OPER_TESTING, IF_OPER_DORMANT };

	(void)state;
	begin_with(1, IF_OPER_DOWN);
	for (size_t i = 0; i < LENGTH(between); i++) {
		set(1, between[i]);
		assert_true(
		    link_history_tick(&history, now) == now + settle_time(between[i]));
		pass(HISTORY_SETTLE - MS);
		silence();
		set(1, IF_OPER_UP);
		is_told(1, true, OPER_UP);
		pass(SECOND);
		silence();
		set(1, IF_OPER_DOWN);
		is_told(1, false, OPER_DOWN);
		pass(60 * SECOND);
	}
}

/* It is told of the state that it is in then, since when is no matter. */
static void
test_settles_in_the_last_state(void **state)
{
	(void)state;
	begin_with(1, IF_OPER_DOWN);
	set(1, IF_OPER_LOWERLAYERDOWN);
	pass(60 * MS);
	set(1, IF_OPER_DORMANT);
	pass(HISTORY_SETTLE - 60 * MS - 1);
	silence();
	pass(1);
	link_history_tick(&history, now);
	is_told(1, true, OPER_DORMANT);
	/* It was up already, as far as notices go. */
	set(1, IF_OPER_UP);
	pass(SECOND);
	silence();
}

static void
test_back_within_the_settle_time(void **state)
{
	(void)state;
	begin_with(1, IF_OPER_DOWN);
	set(1, IF_OPER_LOWERLAYERDOWN);
	pass(HISTORY_SETTLE - 1);
	set(1, IF_OPER_DOWN);
	pass(SECOND);
	silence();
	assert_true(link_history_tick(&history, now) == 0);
	/* Nothing of it is left for the next time. */
	set(1, IF_OPER_LOWERLAYERDOWN);
	pass(HISTORY_SETTLE - 1);
	silence();
	pass(SECOND);
	assert_int_equal(told.n, 1);
	assert_true(told.all[0].at == now - SECOND + 1);
}

/* Down, gone, and there again: what was told last goes on from there. */
static void
test_not_present(void **state)
{
	(void)state;
	begin_with(1, IF_OPER_UP);
	set(1, IF_OPER_NOTPRESENT);
	set(1, IF_OPER_UP);
	pass(SECOND);
	silence();
	set(1, IF_OPER_DOWN);
	is_told(1, false, OPER_DOWN);
	set(1, IF_OPER_NOTPRESENT);
	pass(SECOND);
	silence();
	set(1, IF_OPER_DOWN);
	pass(SECOND);
	silence();
	set(1, IF_OPER_NOTPRESENT);
	set(1, IF_OPER_UP);
	is_told(1, true, OPER_UP);
	/* Into down from there is no linkDown; out of that down is a linkUp. */
	set(1, IF_OPER_NOTPRESENT);
	set(1, IF_OPER_DOWN);
	pass(SECOND);
	silence();
	set(1, IF_OPER_UP);
	is_told(1, true, OPER_UP);
}

/* A linkUp that waits is not told of one that is not there any more. */
static void
test_not_present_while_it_settles(void **state)
{
	(void)state;
	begin_with(1, IF_OPER_DOWN);
	set(1, IF_OPER_DORMANT);
	pass(50 * MS);
	set(1, IF_OPER_NOTPRESENT);
	pass(SECOND);
	silence();
	set(1, IF_OPER_DOWN);
	pass(SECOND);
	silence();
}

/* Each for itself, in one tick. */
static void
test_many_settle(void **state)
{
	(void)state;
	begin_with(50, IF_OPER_DOWN);
	for (uint32_t i = 50; i > 0; i--) {
		set(i, IF_OPER_DORMANT);
		now += MS;
	}
	pass(SECOND);
	assert_int_equal(told.n, 50);
	for (uint32_t i = 0; i < 50; i++) {
		assert_int_equal(told.all[i].notice.ifindex, 50 - i);
		assert_true(told.all[i].at == 1001 * SECOND + i * MS + HISTORY_SETTLE);
	}
}

/* --- of which devices
 * ---------------------------------------------------------------------------- */

/* RFC 2863: of those with nothing below. */
static void
test_default_is_by_what_is_below(void **state)
{
	struct link port = device(1, "eth1", IF_OPER_UP);
	struct link vlan = device(9, "eth3.100", IF_OPER_UP);

	(void)state;
	port.master = 2; /* a bridge */
	vlan.other = 3;
	vlan.kind = text("vlan");
	link_history_begin(&history);
	tell(&port);
	set(2, IF_OPER_UP);
	set(3, IF_OPER_UP);
	tell(&vlan);
	link_history_end(&history, now);
	set(2, IF_OPER_DOWN);
	silence();
	vlan.operstate = IF_OPER_DOWN;
	tell(&vlan);
	silence();
	port.operstate = IF_OPER_DOWN;
	tell(&port);
	is_told(1, false, OPER_DOWN);
	set(3, IF_OPER_DOWN);
	is_told(3, false, OPER_DOWN);
	/* The bridge loses its port, and is down already: nothing is made up for. */
	port.master = 0;
	tell(&port);
	pass(SECOND);
	silence();
	set(2, IF_OPER_UP);
	is_told(2, true, OPER_UP);
	/* So the VLAN, whose device goes away. */
	unset(3);
	vlan.operstate = IF_OPER_UP;
	tell(&vlan);
	is_told(9, true, OPER_UP);
}

/* What is not shown is not below either. */
static void
test_hidden_is_not_below(void **state)
{
	struct link port = device(1, "veth1", IF_OPER_UP);
	struct link macvlan = device(3, "mac3", IF_OPER_UP);

	(void)state;
	assert_true(link_patterns_add(&history.settings.exclude, "veth*"));
	port.master = 2;
	macvlan.other = 1;
	macvlan.kind = text("macvlan");
	link_history_begin(&history);
	tell(&port);
	set(2, IF_OPER_UP);
	tell(&macvlan);
	link_history_end(&history, now);
	set(2, IF_OPER_DOWN);
	is_told(2, false, OPER_DOWN);
	macvlan.operstate = IF_OPER_DOWN;
	tell(&macvlan);
	is_told(3, false, OPER_DOWN);
}

/* A VRF is not above its ports. */
static void
test_vrf_has_nothing_below(void **state)
{
	struct link port = device(1, "eth1", IF_OPER_UP);

	(void)state;
	port.master = 2;
	port.vrf_port = true;
	link_history_begin(&history);
	tell(&port);
	set(2, IF_OPER_UP);
	link_history_end(&history, now);
	set(2, IF_OPER_DOWN);
	is_told(2, false, OPER_DOWN);
}

static void
test_named(void **state)
{
	struct link port = device(1, "eth1", IF_OPER_UP);

	(void)state;
	port.master = 2;
	link_history_begin(&history);
	tell(&port);
	set(2, IF_OPER_UP);
	set(3, IF_OPER_UP);
	link_history_end(&history, now);
	history.settings.notify_named = true;
	set(2, IF_OPER_DOWN);
	set(3, IF_OPER_DOWN);
	silence();
	assert_true(link_patterns_add(&history.settings.notify, "*[12]"));
	set(2, IF_OPER_UP);
	is_told(2, true, OPER_UP);
	port.operstate = IF_OPER_DOWN;
	tell(&port);
	is_told(1, false, OPER_DOWN);
	set(3, IF_OPER_UP);
	silence();
	/* By the name it has now. */
	port.name = text("eth7");
	port.operstate = IF_OPER_UP;
	tell(&port);
	silence();
}

/* --- the rate limit
 * ------------------------------------------------------------------------------ */

#define TOO_OFTEN(name) \
	name " goes up and down too often: until it is calm, one linkUp or linkDown in 6 " \
	     "seconds is sent\n"

/* The device goes up or down, n times, with so much time before each. Returns in which
 * state it is. */
static uint8_t
flap(uint32_t ifindex, uint8_t operstate, int n, int64_t time)
{
	for (; n > 0; n--) {
		pass(time);
		operstate = operstate == IF_OPER_UP ? IF_OPER_DOWN : IF_OPER_UP;
		set(ifindex, operstate);
	}
	return operstate;
}

static void
test_burst(void **state)
{
	(void)state;
	begin_with(2, IF_OPER_UP);
	assert_int_equal(flap(1, IF_OPER_UP, HISTORY_BURST, MS), IF_OPER_UP);
	assert_int_equal(told.n, HISTORY_BURST);
	log_is("");
	told.seen = told.n;
	set(1, IF_OPER_DOWN);
	silence();
	log_is(TOO_OFTEN("eth1"));
	/* The others have a burst of their own. */
	flap(2, IF_OPER_UP, HISTORY_BURST, MS);
	assert_int_equal(told.n, 2 * HISTORY_BURST);
	told.seen = told.n;
	log_is("");
	/* The first of the burst is paid after six seconds: then it is told how it is. */
	now = told.all[0].at + HISTORY_INTERVAL - 1;
	link_history_tick(&history, now);
	silence();
	now++;
	link_history_tick(&history, now);
	is_told(1, false, OPER_DOWN);
}

/* As long as it goes on: one in six seconds, each of the state that is then. */
static void
test_held_back(void **state)
{
	int64_t first;

	(void)state;
	begin_with(1, IF_OPER_UP);
	flap(1, IF_OPER_UP, 60 * 100, 10 * MS); /* a minute */
	log_is(TOO_OFTEN("eth1"));
	first = told.all[0].at;
	/* In the burst, and 9 more: at 6, 12 … 54 s. At each look it was up and had been
	 * told so, or had not; it goes down or up within 10 ms. */
	assert_int_equal(told.n, HISTORY_BURST + 9);
	for (size_t i = 0; i < 9; i++)
		assert_in_range(told.all[HISTORY_BURST + i].at,
		    first + (1 + (int64_t)i) * HISTORY_INTERVAL,
		    first + (1 + (int64_t)i) * HISTORY_INTERVAL + 20 * MS);
	for (size_t i = 1; i < told.n; i++)
		assert_int_not_equal(told.all[i].notice.up, told.all[i - 1].notice.up);
}

/* However it ends, the last notice is of the state it stays in. */
static void
test_final_state_is_told(void **state)
{
	(void)state;
	for (int n = 1; n < 200; n++) {
		uint8_t last;

		history_stop(NULL);
		history_start(NULL);
		begin_with(1, IF_OPER_UP);
		last = flap(1, IF_OPER_UP, n, MS);
		pass(3 * HISTORY_INTERVAL);
		assert_int_equal(told.all[told.n - 1].notice.up, last == IF_OPER_UP);
		assert_true(told.n <= HISTORY_BURST + 1);
		told.seen = told.n;
		pass(1000 * SECOND);
		silence();
		assert_true(link_history_tick(&history, now) == 0);
	}
}

static void
test_calm_again(void **state)
{
	(void)state;
	begin_with(1, IF_OPER_UP);
	flap(1, IF_OPER_UP, HISTORY_BURST + 6, MS);
	assert_int_equal(told.n, HISTORY_BURST);
	log_is(TOO_OFTEN("eth1"));
	/* A minute after the first one, all are paid. */
	pass(10 * HISTORY_INTERVAL - 16 * MS);
	log_is("");
	pass(MS);
	link_history_tick(&history, now);
	log_is("eth1 is calm again, 6 changes were not told\n");
	assert_int_equal(told.n, HISTORY_BURST);
	assert_true(link_history_tick(&history, now) == 0);
	/* And it has a new burst. */
	flap(1, IF_OPER_UP, HISTORY_BURST, MS);
	assert_int_equal(told.n, 2 * HISTORY_BURST);
	log_is("");
	flap(1, IF_OPER_UP, 1, MS);
	assert_int_equal(told.n, 2 * HISTORY_BURST);
	log_is(TOO_OFTEN("eth1"));
}

/* What is told late counts as told; what nobody had to be told of does not count. */
static void
test_untold_are_counted(void **state)
{
	(void)state;
	begin_with(1, IF_OPER_DOWN);
	for (int i = 0; i < 3; i++) {
		set(1, IF_OPER_DORMANT);
		set(1, IF_OPER_DOWN);
	}
	silence();
	set(1, IF_OPER_UP);
	flap(1, IF_OPER_UP, HISTORY_BURST + 4, MS); /* up, and told down */
	pass(100 * SECOND);
	assert_int_equal(told.n, HISTORY_BURST + 1);
	assert_true(told.all[told.n - 1].notice.up);
	log_is(TOO_OFTEN("eth1") "eth1 is calm again, 4 changes were not told\n");
}

/* It is held back on while it goes on, even slowly. */
static void
test_not_calm_yet(void **state)
{
	(void)state;
	begin_with(1, IF_OPER_UP);
	flap(1, IF_OPER_UP, HISTORY_BURST + 1, MS);
	log_is(TOO_OFTEN("eth1"));
	flap(1, IF_OPER_DOWN, 100, HISTORY_INTERVAL);
	log_is("");
	pass(20 * HISTORY_INTERVAL);
	assert_int_equal(told.n, HISTORY_BURST + 1 + 100);
	log_is("eth1 is calm again, 0 changes were not told\n");
}

/* Slow changes are never held back. */
static void
test_slow(void **state)
{
	(void)state;
	begin_with(1, IF_OPER_UP);
	flap(1, IF_OPER_UP, 1000, HISTORY_INTERVAL);
	assert_int_equal(told.n, 1000);
	log_is("");
}

/* Of what is not told anyway, there are never too many. */
static void
test_silent_devices_are_not_limited(void **state)
{
	(void)state;
	begin_with(1, IF_OPER_UP);
	history.settings.notify_named = true;
	flap(1, IF_OPER_UP, 1000, MS);
	pass(SECOND);
	silence();
	log_is("");
	assert_true(link_history_tick(&history, now) == 0);
}

/* A linkUp that is held back waits for up(1) as well. */
static void
test_held_back_and_unsettled(void **state)
{
	(void)state;
	begin_with(1, IF_OPER_UP);
	flap(1, IF_OPER_UP, HISTORY_BURST - 1, MS); /* down */
	flap(1, IF_OPER_DOWN, 1, MS);		    /* up: the tenth */
	flap(1, IF_OPER_UP, 1, MS);		    /* down: held back */
	told.seen = HISTORY_BURST;
	silence();
	now = 1001 * SECOND + MS + HISTORY_INTERVAL;
	link_history_tick(&history, now);
	is_told(1, false, OPER_DOWN);
	pass(HISTORY_INTERVAL - 50 * MS);
	set(1, IF_OPER_DORMANT);
	pass(50 * MS);
	link_history_tick(&history, now);
	silence();
	pass(50 * MS);
	link_history_tick(&history, now);
	is_told(1, true, OPER_DORMANT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, history_start, history_stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_transitions),
		TEST(test_lower_layer_down),
		TEST(test_up_within_the_settle_time),
		TEST(test_settles_in_the_last_state),
		TEST(test_back_within_the_settle_time),
		TEST(test_not_present),
		TEST(test_not_present_while_it_settles),
		TEST(test_many_settle),
		TEST(test_default_is_by_what_is_below),
		TEST(test_hidden_is_not_below),
		TEST(test_vrf_has_nothing_below),
		TEST(test_named),
		TEST(test_burst),
		TEST(test_held_back),
		TEST(test_final_state_is_told),
		TEST(test_calm_again),
		TEST(test_untold_are_counted),
		TEST(test_not_calm_yet),
		TEST(test_slow),
		TEST(test_silent_devices_are_not_limited),
		TEST(test_held_back_and_unsettled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
