// SPDX-License-Identifier: BSD-2-Clause
// Fuzzes what tells of network devices: the netlink parts of dumps and events, each message
// given to every reader there is, what drivers say among them; the history that becomes of
// it; and the text of /proc/net/dev_mcast.
//
// A message with NLM_F_MULTI is one of a dump, another is an event. It comes nlmsg_seq
// milliseconds after the one before; with an odd nlmsg_pid the clock is looked at neither
// in between nor then.
#include <limits.h>
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "kernel/ethtool.h"
#include "kernel/link_addresses.h"
#include "kernel/links.h"
#include "kernel/netlink.h"
#include "log.h"
#include "mib/link_history.h"

#define MS INT64_C(1000000)
#define STEP_MAX 600000 /* ms */
#define CALM (3600 * 1000 * MS)

/* The rate limit: so many notices of a device in a row, each to be paid by so much time. */
#define BURST 10
#define PRICE (6000 * MS)

/* One input. */
struct subject {
	const uint8_t *begin, *end; /* of the message at hand, or the line */
	const struct nlmsghdr *header;
	bool late;     /* nobody looks at the clock */
	unsigned told; /* by the reader at hand */
	struct link_history history;
	int64_t now;
	bool in_dump;
};

static void
check_octets(const struct subject *subject, struct octets octets)
{
	if (octets.n == 0)
		return;
	CHECK(octets.at >= subject->begin && octets.at <= subject->end);
	CHECK(octets.n <= (size_t)(subject->end - octets.at));
}

static void
check_text(const struct subject *subject, struct octets text)
{
	check_octets(subject, text);
	CHECK(text.n == 0 || !memchr(text.at, '\0', text.n));
}

/* --- the history ---------------------------------------------------------------------- */

static void
check_entry(const struct subject *subject, const struct link_entry *entry)
{
	const struct link_history *history = &subject->history;

	CHECK(entry->ifindex > 0 && entry->ifindex <= INT_MAX);
	CHECK(link_history_find(history, entry->ifindex) == entry);
	CHECK(memchr(entry->name, '\0', sizeof(entry->name)));
	CHECK(link_is_shown(&history->settings, entry->name));
	CHECK(entry->admin == ADMIN_UP || entry->admin == ADMIN_DOWN);
	CHECK(entry->oper >= OPER_UP && entry->oper <= OPER_LOWER_LAYER_DOWN);
	CHECK(entry->appeared >= 0 && entry->appeared <= entry->last_change);
	CHECK(entry->last_change <= subject->now);
	CHECK(entry->due == 0 || (history->next_due && history->next_due <= entry->due));
	CHECK(!entry->held_back || entry->due);
	CHECK(entry->paid_until <= subject->now + BURST * PRICE);
}

static void
check_history(const struct subject *subject)
{
	const struct link_history *history = &subject->history;
	uint32_t last = 0;

	CHECK(history->table_changed >= 0);
	CHECK(history->table_changed <= history->stack_changed);
	CHECK(history->stack_changed <= subject->now);
	for (size_t i = 0; i < history->entries.n; i++) {
		const struct link_entry *entry = array_at(&history->entries, i);

		CHECK(entry->ifindex > last);
		last = entry->ifindex;
		check_entry(subject, entry);
	}
}

static void
check_notice(const struct link_notice *notice, void *argument)
{
	const struct subject *subject = argument;
	const struct link_entry *entry = link_history_find(
	    &subject->history, notice->ifindex);

	CHECK(entry);
	CHECK(notice->oper == entry->oper && notice->admin == entry->admin);
	CHECK(notice->up == (notice->oper != OPER_DOWN));
	CHECK(notice->oper != OPER_NOT_PRESENT);
	CHECK(entry->told_down == !notice->up);
	CHECK(entry->paid_until > subject->now);
}

/* Does what is due. Returns when something will be, 0 for never. */
static int64_t
tick(struct subject *subject)
{
	int64_t then = link_history_tick(&subject->history, subject->now);

	CHECK(then == subject->history.next_due);
	CHECK(then == 0 || then > subject->now);
	check_history(subject);
	return then;
}

/* Does all that is due until then, in time. */
static void
let_pass(struct subject *subject, int64_t until)
{
	int64_t then = subject->late ? 0 : subject->history.next_due;

	while (then && then <= until) {
		if (then > subject->now)
			subject->now = then;
		then = tick(subject);
	}
	subject->now = until;
}

static void
switch_dump(struct subject *subject, bool in_dump)
{
	struct link_history *history = &subject->history;

	if (in_dump == subject->in_dump)
		return;
	subject->in_dump = in_dump;
	if (in_dump) {
		link_history_begin(history);
		return;
	}
	link_history_end(history, subject->now);
	CHECK(history->begun);
	for (size_t i = 0; i < history->entries.n; i++)
		CHECK(((struct link_entry *)array_at(&history->entries, i))->seen);
	check_history(subject);
}

/* When nothing happens any more, what was told of each is what it is. */
static void
check_calm(struct subject *subject)
{
	const struct link_history *history = &subject->history;

	switch_dump(subject, false);
	subject->late = false;
	let_pass(subject, subject->now + CALM);
	CHECK(history->next_due == 0);
	for (size_t i = 0; i < history->entries.n; i++) {
		const struct link_entry *entry = array_at(&history->entries, i);

		CHECK(entry->due == 0 && !entry->held_back);
		CHECK(entry->told_down == (entry->oper == OPER_DOWN) ||
		    entry->oper == OPER_NOT_PRESENT);
	}
}

/* --- the readers ---------------------------------------------------------------------- */

static void
check_link(const struct subject *subject, const struct link *link)
{
	static const struct link_counters none;
	enum oper_status oper = link_oper_status(link);

	CHECK(link->ifindex > 0 && link->ifindex <= INT_MAX);
	CHECK(link->other != link->ifindex);
	CHECK(link->has_counters || memcmp(&link->counters, &none, sizeof(none)) == 0);
	check_text(subject, link->name);
	check_text(subject, link->kind);
	check_text(subject, link->alias);
	check_octets(subject, link->address);
	check_octets(subject, link->broadcast);
	check_octets(subject, link_address(link));
	CHECK(oper >= OPER_UP && oper <= OPER_LOWER_LAYER_DOWN);
	CHECK(link_type(link) >= IF_TYPE_OTHER);
	CHECK(link_below(link) == 0 || link_below(link) == link->other);
	CHECK(link_above(link) == (link->vrf_port ? 0 : link->master));
}

static int
take_link(const struct link *link, void *argument)
{
	struct subject *subject = argument;
	struct link_history *history = &subject->history;
	bool gone = subject->header->nlmsg_type == RTM_DELLINK;
	const struct link_entry *entry;
	char name[LINK_NAME_SIZE];

	subject->told++;
	check_link(subject, link);
	link_history_event(history, link, gone, subject->now);
	octets_to_text(link->name, name, sizeof(name));
	entry = link_history_find(history, link->ifindex);
	CHECK((entry != NULL) == (!gone && link_is_shown(&history->settings, name)));
	if (entry) {
		CHECK(entry->seen && strcmp(entry->name, name) == 0);
		CHECK(entry->oper == link_oper_status(link));
		CHECK(entry->admin == link_admin_status(link));
		CHECK(entry->above == link_above(link) && entry->below == link_below(link));
	}
	return 0;
}

static int
take_counters(uint32_t ifindex, const struct link_counters *counters, void *argument)
{
	struct subject *subject = argument;

	(void)counters;
	subject->told++;
	CHECK(ifindex != 0);
	return 0;
}

static int
take_speed(uint32_t ifindex, uint32_t speed, void *argument)
{
	struct subject *subject = argument;

	subject->told++;
	CHECK(ifindex != 0);
	CHECK(speed != 0 && speed != (uint32_t)SPEED_UNKNOWN);
	return 0;
}

static int
take_frames(uint32_t ifindex, const struct ethtool_frames *frames, void *argument)
{
	struct subject *subject = argument;

	(void)frames;
	subject->told++;
	CHECK(ifindex != 0);
	return 0;
}

static int
take_neighbour(uint32_t ifindex, struct octets octets, void *argument)
{
	struct subject *subject = argument;

	subject->told++;
	CHECK(ifindex > 0 && ifindex <= INT_MAX);
	CHECK(octets.n > 0 && octets.at[0] % 2 == 0);
	check_octets(subject, octets);
	return 0;
}

/* Gives a message to a reader: it tells one thing, or none, or that it makes no sense. */
static void
give(struct subject *subject, int (*message)(const struct nlmsghdr *, void *), void *reader,
    const size_t *malformed)
{
	size_t before = *malformed;

	subject->told = 0;
	CHECK(message(subject->header, reader) == 0);
	CHECK(subject->told + (*malformed - before) <= 1);
}

static int
take_message(const struct nlmsghdr *header, void *argument)
{
	struct subject *subject = argument;
	struct link_reader links = {
		.link = take_link,
		.counters = take_counters,
		.argument = subject,
	};
	struct ethtool_reader drivers = {
		.speed = take_speed,
		.frames = take_frames,
		.argument = subject,
	};
	struct link_address_reader addresses = { take_neighbour, subject, 0 };

	subject->begin = (const uint8_t *)header;
	subject->end = subject->begin + header->nlmsg_len;
	subject->header = header;
	subject->late = header->nlmsg_pid % 2;
	let_pass(subject, subject->now + header->nlmsg_seq % STEP_MAX * MS);
	switch_dump(subject, header->nlmsg_flags & NLM_F_MULTI);
	give(subject, links_message, &links, &links.malformed);
	give(subject, link_counters_message, &links, &links.malformed);
	give(subject, ethtool_speed_message, &drivers, &drivers.malformed);
	give(subject, ethtool_frames_message, &drivers, &drivers.malformed);
	give(subject, link_addresses_message, &addresses, &addresses.malformed);
	check_history(subject);
	if (!subject->late)
		tick(subject);
	return 0;
}

static int
take_group(uint32_t ifindex, struct octets octets, void *argument)
{
	struct subject *subject = argument;

	subject->told++;
	CHECK(ifindex != 0);
	CHECK(octets.n > 0 && octets.n <= 32);
	return 0;
}

/* Takes the bytes for lines of text. */
static void
take_lines(struct subject *subject, const uint8_t *data, size_t size)
{
	struct link_address_reader reader = { take_group, subject, 0 };
	char *text = malloc(size + 1), *line = text, *end;

	memcpy(text, data, size);
	text[size] = '\0';
	while (line) {
		size_t before = reader.malformed;

		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		subject->told = 0;
		CHECK(link_addresses_line(line, &reader) == 0);
		CHECK(subject->told + (reader.malformed - before) <= 1);
		line = end;
	}
	free(text);
}

static void
drop_line(int priority, const char *line)
{
	(void)priority;
	(void)line;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct subject subject = { .now = 1000 * MS };
	struct netlink_reader reader = { .message = take_message, .argument = &subject };
	struct link_settings *settings = &subject.history.settings;
	struct netlink_dump dump = { 0 };

	log_to(drop_line);
	link_history_init(&subject.history, check_notice, &subject);
	if (size % 2) {
		settings->notify_named = true;
		CHECK(link_patterns_add(&settings->notify, "*[0-9]"));
		CHECK(link_patterns_add(&settings->exclude, "mv*"));
	}
	netlink_part(&dump, &reader, data, size);
	CHECK(dump.error <= 0);
	CHECK(dump.error == 0 || dump.done);
	check_calm(&subject);
	link_history_free(&subject.history);
	take_lines(&subject, data, size);
	return 0;
}
