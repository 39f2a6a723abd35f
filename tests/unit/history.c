// SPDX-License-Identifier: BSD-2-Clause
// A history of network devices whose clock, events and listener are the test's.
#include "history.h"

#include <stdarg.h>
#include <setjmp.h>

#include <cmocka.h>
#include <linux/if.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

struct link_history history;
int64_t now;
struct told_list told;

static void
hear_notice(const struct link_notice *notice, void *argument)
{
	assert_ptr_equal(argument, &told);
	assert_true(told.n < TOLD_MAX);
	told.all[told.n++] = (struct told){ *notice, now };
}

static char lines[4096];

static void
hear_line(int priority, const char *line)
{
	(void)priority;
	snprintf(lines + strlen(lines), sizeof(lines) - strlen(lines), "%s\n", line);
}

void
log_is(const char *text)
{
	assert_string_equal(lines, text);
	lines[0] = '\0';
}

void
silence(void)
{
	assert_int_equal(told.n, told.seen);
}

void
is_told(uint32_t ifindex, bool up, enum oper_status oper)
{
	const struct told *last = &told.all[told.seen];

	assert_int_equal(told.n, told.seen + 1);
	assert_int_equal(last->notice.ifindex, ifindex);
	assert_int_equal(last->notice.up, up);
	assert_int_equal(last->notice.oper, oper);
	assert_true(last->at == now);
	told.seen = told.n;
}

int
history_start(void **state)
{
	(void)state;
	now = 1000 * SECOND;
	told.n = told.seen = 0;
	log_to(hear_line);
	lines[0] = '\0';
	link_history_init(&history, hear_notice, &told);
	return 0;
}

int
history_stop(void **state)
{
	(void)state;
	link_history_free(&history);
	log_end();
	return 0;
}

struct octets
text(const char *characters)
{
	return (struct octets){ (const uint8_t *)characters, strlen(characters) };
}

struct link
device(uint32_t ifindex, const char *name, uint8_t operstate)
{
	return (struct link){
		.ifindex = ifindex,
		.name = text(name),
		.operstate = operstate,
		.flags = operstate == IF_OPER_DOWN ? 0 : IFF_UP,
	};
}

void
tell(const struct link *link)
{
	link_history_event(&history, link, false, now);
}

void
set(uint32_t ifindex, uint8_t operstate)
{
	char name[LINK_NAME_SIZE];
	struct link link;

	snprintf(name, sizeof(name), "eth%u", ifindex);
	link = device(ifindex, name, operstate);
	tell(&link);
}

void
unset(uint32_t ifindex)
{
	const struct link link = device(ifindex, "eth", IF_OPER_DOWN);

	link_history_event(&history, &link, true, now);
}

void
begin_with(uint32_t n, uint8_t operstate)
{
	link_history_begin(&history);
	for (uint32_t i = 1; i <= n; i++)
		set(i, operstate);
	link_history_end(&history, now);
	now += SECOND;
}

const struct link_entry *
entry(uint32_t ifindex)
{
	const struct link_entry *found = link_history_find(&history, ifindex);

	assert_non_null(found);
	assert_int_equal(found->ifindex, ifindex);
	return found;
}

void
pass(int64_t time)
{
	int64_t end = now + time, then;

	while ((then = link_history_tick(&history, now)) != 0 && then <= end) {
		/* It never asks to be called again at once. */
		assert_true(then > now);
		now = then;
	}
	now = end;
}
