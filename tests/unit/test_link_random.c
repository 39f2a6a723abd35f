// SPDX-License-Identifier: BSD-2-Clause
// Tests of the history of network devices against a naive model: random events.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <linux/if.h>
#include <string.h>

#include "helpers.h"
#include "history.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static struct random chance;

/* --- the model
 * ------------------------------------------------------------------------------------ */

#define DEVICES 12

/* A device as the kernel has it. */
static struct {
	bool there;
	uint8_t operstate;
	bool admin_up, vrf_port;
	uint32_t master, other;
	const char *name, *kind;
} kernel[DEVICES + 1];

/* What the model knows of it. tokens are milliseconds: a notice costs 6000, and there are
 * never more than 60000. */
static struct known {
	bool there, told_down;
	enum oper_status oper;
	enum admin_status admin;
	uint32_t above, below;
	const char *name;
	int64_t appeared, last_change, left_down, tokens;
} model[DEVICES + 1];

static struct {
	struct told all[TOLD_MAX];
	size_t n;
	int64_t table_changed, stack_changed;
	bool begun, dumping;
} expected;

static bool
is_off(enum oper_status oper)
{
	return oper == OPER_DOWN || oper == OPER_NOT_PRESENT;
}

static struct link
kernel_link(uint32_t i)
{
	return (struct link){
		.ifindex = i,
		.name = text(kernel[i].name),
		.kind = text(kernel[i].kind),
		.operstate = kernel[i].operstate,
		.flags = kernel[i].admin_up ? IFF_UP : 0,
		.master = kernel[i].master,
		.other = kernel[i].other,
		.vrf_port = kernel[i].vrf_port,
	};
}

static bool
model_has_below(uint32_t i)
{
	bool below = model[i].below && model[model[i].below].there;

	for (uint32_t k = 1; k <= DEVICES; k++)
		below = below || (model[k].there && model[k].above == i);
	return below;
}

/* The rule, looked at whenever something happens and every millisecond. */
static void
model_look(uint32_t i)
{
	struct known *known = &model[i];
	bool down = known->oper == OPER_DOWN;
	int64_t settle = known->oper == OPER_UNKNOWN ? HISTORY_SETTLE_UNKNOWN
						     : HISTORY_SETTLE;
	bool settled = down || known->oper == OPER_UP || now - known->left_down >= settle;

	if (!known->there || down == known->told_down || known->oper == OPER_NOT_PRESENT ||
	    known->tokens < 6000 || !settled)
		return;
	known->told_down = down;
	if (!link_notifies(&history.settings, known->name, model_has_below(i)))
		return;
	known->tokens -= 6000;
	assert_true(expected.n < LENGTH(expected.all));
	expected.all[expected.n++] = (struct told){
		.notice = { !down, i, known->admin, known->oper }, .at = now
	};
}

static void
model_remove(uint32_t i)
{
	if (model[i].there)
		expected.table_changed = expected.stack_changed = now;
	model[i].there = false;
}

/* The model hears of a device as it is in the kernel now. */
static void
model_hear(uint32_t i)
{
	const struct link link = kernel_link(i);
	struct known *known = &model[i], before = *known;

	if (!kernel[i].there || !link_is_shown(&history.settings, kernel[i].name)) {
		model_remove(i);
		return;
	}
	/* What comes with an event was down before; what a dump shows was as it is. */
	if (!before.there)
		*known = (struct known){
			.tokens = 60000,
			.told_down = !expected.dumping ||
			    link_oper_status(&link) == OPER_DOWN,
			.appeared = expected.begun ? now : 0,
			.left_down = now,
		};
	known->there = true;
	known->name = kernel[i].name;
	known->oper = link_oper_status(&link);
	known->admin = link_admin_status(&link);
	known->above = link_above(&link);
	known->below = link_below(&link);
	if (before.there ? before.oper != known->oper : expected.begun)
		known->last_change = now;
	if (!before.there && expected.begun)
		expected.table_changed = expected.stack_changed = now;
	if (before.there && (before.above != known->above || before.below != known->below))
		expected.stack_changed = now;
	if (before.there && before.oper == OPER_NOT_PRESENT && known->oper == OPER_DOWN)
		known->told_down = true;
	if (before.there && is_off(before.oper) && !is_off(known->oper))
		known->left_down = now;
	if (before.there ? before.oper != known->oper : !expected.dumping)
		model_look(i);
}

/* Both hear of it. */
static void
hear(uint32_t i)
{
	const struct link link = kernel_link(i);

	link_history_event(&history, &link, !kernel[i].there, now);
	model_hear(i);
}

/* All is as the model has it. */
static void
compare(void)
{
	size_t n = 0;

	for (uint32_t i = 1; i <= DEVICES; i++) {
		const struct link_entry *found = link_history_find(&history, i);

		assert_int_equal(found != NULL, model[i].there);
		if (!found)
			continue;
		assert_ptr_equal(found, array_at(&history.entries, n++));
		assert_string_equal(found->name, model[i].name);
		assert_int_equal(found->oper, model[i].oper);
		assert_int_equal(found->admin, model[i].admin);
		assert_int_equal(found->above, model[i].above);
		assert_int_equal(found->below, model[i].below);
		assert_true(found->appeared == model[i].appeared);
		assert_true(found->last_change == model[i].last_change);
	}
	assert_int_equal(history.entries.n, n);
	assert_true(history.table_changed == expected.table_changed);
	assert_true(history.stack_changed == expected.stack_changed);
}

/* The same was told of each device, at the same times. */
static void
compare_told(void)
{
	assert_int_equal(told.n, expected.n);
	for (uint32_t i = 1; i <= DEVICES; i++) {
		size_t k = 0;

		for (size_t j = 0; j < told.n; j++) {
			const struct link_notice *notice = &told.all[j].notice;

			if (notice->ifindex != i)
				continue;
			while (k < expected.n && expected.all[k].notice.ifindex != i)
				k++;
			assert_true(k < expected.n);
			assert_true(told.all[j].at == expected.all[k].at);
			assert_int_equal(notice->up, expected.all[k].notice.up);
			assert_int_equal(notice->admin, expected.all[k].notice.admin);
			assert_int_equal(notice->oper, expected.all[k].notice.oper);
			k++;
		}
	}
}

/* --- events
 * ---------------------------------------------------------------------------------------
 */

/* Another state; mostly up or down, some that no kernel has. */
static void
change_oper(uint32_t i)
{
	kernel[i].operstate = (uint8_t)random_below(&chance, 8);
	if (random_below(&chance, 2))
		kernel[i].operstate = random_below(&chance, 2) ? IF_OPER_UP : IF_OPER_DOWN;
	kernel[i].admin_up = kernel[i].operstate != IF_OPER_DOWN ||
	    random_below(&chance, 2);
}

/* Something happens to a device. */
static void
change(uint32_t i)
{
	static const char *const names[] = { "eth0", "eth1", "veth0", "wlan0", "br0" };
	static const char *const kinds[] = { "", "", "veth", "vlan", "macvlan" };

	switch (kernel[i].there ? random_below(&chance, 20) : 0) {
	case 0:
		kernel[i].there = true;
		kernel[i].name = names[random_below(&chance, LENGTH(names))];
		kernel[i].kind = kinds[random_below(&chance, LENGTH(kinds))];
		kernel[i].other = random_below(&chance, DEVICES + 1);
		kernel[i].master = 0;
		change_oper(i);
		break;
	case 1:
		kernel[i].there = false;
		break;
	case 2:
		kernel[i].name = names[random_below(&chance, LENGTH(names))];
		break;
	case 3:
		kernel[i].master = random_below(&chance, DEVICES + 1);
		kernel[i].vrf_port = random_below(&chance, 4) == 0;
		break;
	case 4:
		kernel[i].admin_up = !kernel[i].admin_up;
		break;
	default:
		change_oper(i);
	}
}

/* Events were lost: a dump, in any order. */
static void
resync(void)
{
	uint32_t first = random_below(&chance, DEVICES);
	bool is_first = !expected.begun;

	link_history_begin(&history);
	expected.dumping = true;
	for (uint32_t k = 0; k < DEVICES; k++) {
		uint32_t i = 1 + (first + k) % DEVICES;

		if (kernel[i].there)
			hear(i);
	}
	link_history_end(&history, now);
	expected.dumping = false;
	for (uint32_t i = 1; i <= DEVICES; i++)
		if (!kernel[i].there)
			model_remove(i);
	expected.begun = true;
	assert_true(!is_first || (history.table_changed == 0 && told.n == 0));
}

/* A millisecond: some changes, of which both hear at once or not, and what is due. The tick
 * comes after events, and when it has asked for it. */
static void
step(uint32_t changes, bool lost, int64_t *then)
{
	for (; changes > 0; changes--) {
		uint32_t i = 1 + random_below(&chance, DEVICES);

		change(i);
		if (!lost)
			hear(i);
		*then = now;
	}
	for (uint32_t i = 1; i <= DEVICES; i++)
		model_look(i);
	if (*then != 0 && *then <= now)
		*then = link_history_tick(&history, now);
	assert_true(*then == 0 || *then > now);
	now += MS;
	for (uint32_t i = 1; i <= DEVICES; i++)
		model[i].tokens += model[i].tokens < 60000;
}

/* Some seconds of one kind: calm, a few changes, many; some of them lost. */
static void
run_period(void)
{
	static const uint32_t odds[] = { 0, 3000, 300, 30, 2 };
	uint32_t odd = odds[random_below(&chance, LENGTH(odds))];
	uint32_t left = 1 + random_below(&chance, odd == 2 ? 500 : 15000);
	bool lost = random_below(&chance, 5) == 0;
	int64_t then = now;

	for (; left > 0; left--)
		step(odd > 0 && random_below(&chance, odd) == 0, lost, &then);
	if (lost)
		resync();
	compare();
	compare_told();
}

static void
test_random(void **state)
{
	(void)state;
	memset(kernel, 0, sizeof(kernel));
	memset(model, 0, sizeof(model));
	memset(&expected, 0, sizeof(expected));
	assert_true(link_patterns_add(&history.settings.exclude, "veth*"));
	for (uint32_t i = 1; i <= DEVICES; i += 2)
		change(i);
	resync();
	for (int i = 0; i < 200; i++) {
		if (random_below(&chance, 20) == 0)
			history.settings.notify_named = !history.settings.notify_named;
		if (random_below(&chance, 20) == 0)
			link_patterns_add(&history.settings.notify, "eth?");
		run_period();
	}
	assert_true(told.n > 500);
}

/* --- rules that need no model
 * ------------------------------------------------------------------------ */

/* Whatever happens to one device: linkUp and linkDown take turns, no more are sent than the
 * limit allows, and in the end it is known how it is. */
static void
test_random_turns(void **state)
{
	static const uint8_t states[] = { IF_OPER_UNKNOWN, IF_OPER_DOWN, IF_OPER_DOWN,
		IF_OPER_LOWERLAYERDOWN, IF_OPER_TESTING, IF_OPER_DORMANT, IF_OPER_UP,
		IF_OPER_UP };

	(void)state;
	begin_with(1, IF_OPER_UP);
	for (int round = 0; round < 100; round++) {
		int64_t most = MS << random_below(&chance, 14);

		for (uint32_t left = random_below(&chance, 200); left > 0; left--) {
			pass((int64_t)(random_next(&chance) % (uint64_t)most));
			set(1, states[random_below(&chance, LENGTH(states))]);
		}
		pass(2 * HISTORY_INTERVAL + HISTORY_SETTLE);
		if (told.n > 0)
			assert_int_equal(
			    told.all[told.n - 1].notice.up, entry(1)->oper != OPER_DOWN);
	}
	assert_true(told.n > 500);
	assert_false(told.all[0].notice.up);
	for (size_t i = 1; i < told.n; i++)
		assert_int_not_equal(told.all[i].notice.up, told.all[i - 1].notice.up);
	for (size_t i = 0; i + HISTORY_BURST < told.n; i++)
		assert_true(
		    told.all[i + HISTORY_BURST].at - told.all[i].at >= HISTORY_INTERVAL);
	assert_true((int64_t)told.n <=
	    HISTORY_BURST + 1 + (now - 1000 * SECOND) / HISTORY_INTERVAL);
}

/* Many devices: the entries stay in order, whatever comes and goes. */
static void
test_many(void **state)
{
	static bool there[2000];
	size_t n = 0;

	(void)state;
	begin_with(0, IF_OPER_UP);
	memset(there, 0, sizeof(there));
	for (int i = 0; i < 20000; i++) {
		uint32_t ifindex = random_below(&chance, LENGTH(there) - 1) + 1;

		if (there[ifindex])
			unset(ifindex);
		else
			set(ifindex, IF_OPER_UP);
		n = there[ifindex] ? n - 1 : n + 1;
		there[ifindex] = !there[ifindex];
		assert_int_equal(history.entries.n, n);
	}
	for (uint32_t i = 1; i < LENGTH(there); i++)
		assert_int_equal(link_history_find(&history, i) != NULL, there[i]);
	for (size_t i = 1; i < n; i++)
		assert_true(
		    ((const struct link_entry *)array_at(&history.entries, i))->ifindex >
		    ((const struct link_entry *)array_at(&history.entries, i - 1))
			->ifindex);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, history_start, history_stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_random),
		TEST(test_random_turns),
		TEST(test_many),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
