// SPDX-License-Identifier: BSD-2-Clause
// Walks tables over recordings of the kernel: what asks it is replaced in linking.

/*
 * The linker gives every call of the functions below (--wrap in golden.am) to the __wrap_…
 * ones here, which hand what was recorded to the same parsers. All above is as it is in the
 * daemon: sources, the choice of the way to read, tables, their order, the processes.
 */
#include <errno.h>
#include <getopt.h>
#include <libmnl/libmnl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "kernel/events.h"
#include "kernel/link_addresses.h"
#include "kernel/netlink.h"
#include "kernel/processes.h"
#include "kernel/sockets.h"
#include "kernel/sockets_proc.h"
#include "kernel/text_file.h"
#include "mib/columns.h"
#include "mib/interfaces.h"
#include "mib/link_watch.h"
#include "mib/sources.h"
#include "mib/tables.h"
#include "table/reader.h"
#include "table/source.h"
#include "walk.h"

#define EXIT_USAGE 2
#define EXIT_SKIP 77
#define FILE_MAX (1 << 20)
#define PERTINENT 2 /* octets of a sock_diag request that count: family, protocol */
#define LINE_SIZE 160

/* Link-time optimization does not see these calls, nor does it leave all of them to the
 * linker: main() finds out. */
#define USED __attribute__((used))

USED int __wrap_netlink_dump(
    int bus, struct nlmsghdr *request, const struct netlink_reader *, size_t *malformed);
USED int __wrap_sockets_read_proc(struct sockets *, const struct pause *);
USED int __wrap_text_file_read(const char *path, char **ret_text);
USED int __wrap_link_addresses_read_multicast(struct link_address_reader *);
USED uint64_t __wrap_link_watch_changes(const struct link_watch *);
USED int __wrap_processes_list(struct array *pids);
USED bool __wrap_events_happened(struct events *, const int *groups, size_t n_groups);
USED bool __wrap_route_read_age(const struct cell *, struct value *ret);
USED bool __real_route_read_age(const struct cell *, struct value *ret);
USED uint32_t __wrap_column_left(uint32_t seconds, const struct snapshot *);
USED uint32_t __real_column_left(uint32_t seconds, const struct snapshot *);
USED int __wrap_processes_find(
    struct socket_owner *owners, size_t n, const struct array *pids, const struct pause *);

enum recorded {
	SOCK_DIAG, /* requests of that bus, each with the messages the kernel answered */
	ROUTE,
	GENERIC,
	TCP, /* /proc/net/tcp and so on */
	TCP6,
	UDP,
	UDP6,
	FILES, /* what is read whole, each behind a line "==> PATH <==" */
	DEV_MCAST,
	OWNERS, /* lines "INODE PID": who holds a socket */
	RECORDED,
};

enum {
	CONFIG = RECORDED, /* a line of the configuration */
	AGAIN,		   /* all is read twice, and nothing happened to links in between */
};

static const struct option options[] = {
	[SOCK_DIAG] = { "sock-diag", required_argument, NULL, SOCK_DIAG },
	[ROUTE] = { "route", required_argument, NULL, ROUTE },
	[GENERIC] = { "generic", required_argument, NULL, GENERIC },
	[TCP] = { "tcp", required_argument, NULL, TCP },
	[TCP6] = { "tcp6", required_argument, NULL, TCP6 },
	[UDP] = { "udp", required_argument, NULL, UDP },
	[UDP6] = { "udp6", required_argument, NULL, UDP6 },
	[FILES] = { "files", required_argument, NULL, FILES },
	[DEV_MCAST] = { "dev-mcast", required_argument, NULL, DEV_MCAST },
	[OWNERS] = { "owners", required_argument, NULL, OWNERS },
	[CONFIG] = { "config", required_argument, NULL, CONFIG },
	[AGAIN] = { "again", no_argument, NULL, AGAIN },
	{ NULL, 0, NULL, 0 },
};

/* A file in memory, a NUL behind it. text NULL: not given, what was recorded lacks it. */
struct recording {
	char *text;
	size_t size;
	bool asked; /* something wanted to read it */
};

static struct recording recordings[RECORDED];
static bool watch_wanted, watch_asked;
static bool later; /* all was read once before: what was recorded last is given */

static int
load(const char *path, struct recording *ret_recording)
{
	FILE *file = fopen(path, "re");
	char *text;
	size_t n;

	if (!file)
		return -errno;
	text = malloc(FILE_MAX + 1);
	n = text ? fread(text, 1, FILE_MAX + 1, file) : 0;
	fclose(file);
	if (!text || n > FILE_MAX) {
		free(text);
		return text ? -EFBIG : -ENOMEM;
	}
	text[n] = '\0';
	*ret_recording = (struct recording){ .text = text, .size = n };
	return 0;
}

/* What was recorded; NULL: nothing. */
static const char *
recorded_text(enum recorded which)
{
	recordings[which].asked = true;
	return recordings[which].text;
}

/* --- in the place of what asks the kernel --- */

static bool
is_request(const struct nlmsghdr *header)
{
	return header->nlmsg_flags & NLM_F_REQUEST;
}

static enum recorded
recorded_of(int bus)
{
	return bus == NETLINK_SOCK_DIAG ? SOCK_DIAG
	    : bus == NETLINK_GENERIC	? GENERIC
					: ROUTE;
}

/* Requests tell what is wanted in their body and behind it; those for sockets tell what a
 * kernel is free to say more or less of. */
static bool
is_same_request(enum recorded which, const struct nlmsghdr *a, const struct nlmsghdr *b)
{
	size_t size = mnl_nlmsg_get_payload_len(a), other = mnl_nlmsg_get_payload_len(b);

	if (which == SOCK_DIAG)
		size = other = size < PERTINENT || other < PERTINENT ? 0 : PERTINENT;
	return a->nlmsg_type == b->nlmsg_type && size > 0 && size == other &&
	    memcmp(mnl_nlmsg_get_payload(a), mnl_nlmsg_get_payload(b), size) == 0;
}

/* Finds what was answered to the request, the first or the last time: all up to the next
 * one, or to the end. NULL: nothing. */
static const struct nlmsghdr *
find_reply(enum recorded which, const struct nlmsghdr *request, size_t *ret_length)
{
	const struct recording *recording = &recordings[which];
	const struct nlmsghdr *header = (const void *)recording->text, *reply = NULL;
	int left = (int)recording->size;
	bool open = false; /* the end of the reply was not met yet */

	for (; mnl_nlmsg_ok(header, left); header = mnl_nlmsg_next(header, &left)) {
		if (!is_request(header))
			continue;
		if (open)
			*ret_length -= (size_t)left;
		open = is_same_request(which, header, request) && (!reply || later);
		if (open) {
			size_t size = NLMSG_ALIGN(header->nlmsg_len);

			reply = (const void *)((const char *)header + size);
			*ret_length = (size_t)left - size;
		}
	}
	/* Of sockets one of two requests is recorded, and the other refused. */
	if (!reply && which != SOCK_DIAG)
		fprintf(stderr, "replay: no answer to request %u was recorded\n",
		    request->nlmsg_type);
	return reply;
}

int
__wrap_netlink_dump(int bus, struct nlmsghdr *request, const struct netlink_reader *reader,
    size_t *malformed)
{
	enum recorded which = recorded_of(bus);
	struct netlink_dump dump = { 0 };
	const struct nlmsghdr *reply;
	size_t length;
	void *part;

	if (!recorded_text(which) || !(reply = find_reply(which, request, &length)))
		return -ENOENT;
	/* Of exactly this size, for a sanitizer to see what is read behind it. */
	part = malloc(length);
	if (!part)
		return -ENOMEM;
	memcpy(part, reply, length);
	netlink_part(&dump, reader, part, length);
	free(part);
	*malformed += dump.malformed;
	if (dump.error == 0 && !dump.done)
		return -ETIMEDOUT;
	/* Another try would be answered with the same. */
	if (dump.error == 0 && dump.interrupted && !reader->again)
		return -EINTR;
	return dump.error;
}

/* Nothing is known of changes of routes … */
bool
__wrap_events_happened(struct events *events, const int *groups, size_t n_groups)
{
	(void)events;
	(void)groups;
	(void)n_groups;
	return true;
}

/* … and the watch over links, which is there with --again only, hears of none. */
uint64_t
__wrap_link_watch_changes(const struct link_watch *watch)
{
	(void)watch;
	watch_asked = true;
	return 1;
}

/* All routes were first seen just now; how long the walk takes must not be in the text. */
bool
__wrap_route_read_age(const struct cell *cell, struct value *ret)
{
	if (!__real_route_read_age(cell, ret) ||
	    ret->number > (monotonic_now() - cell->snapshot->time) / 1000000000 + 1)
		return false;
	ret->number = 0;
	return true;
}

/* Lifetimes are what they were when they were recorded, however long the walk takes. */
uint32_t
__wrap_column_left(uint32_t seconds, const struct snapshot *snapshot)
{
	uint32_t left = __real_column_left(seconds, snapshot);
	int64_t passed = (monotonic_now() - snapshot->time) / 1000000000 + 1;

	return left <= seconds && seconds - left <= passed ? seconds : left;
}

int
__wrap_sockets_read_proc(struct sockets *sockets, const struct pause *pause)
{
	bool udp = sockets->protocol == IPPROTO_UDP;
	const char *ipv4 = recorded_text(udp ? UDP : TCP);
	const char *ipv6 = recorded_text(udp ? UDP6 : TCP6);
	int error = ipv4 ? sockets_text(sockets, ipv4, false) : -ENOENT;

	if (error == 0 && ipv6)
		error = sockets_text(sockets, ipv6, true);
	pause_now(pause);
	return error;
}

/* Finds a file in --files, the first or the last of this path: all behind its line up to
 * the next such one, or to the end. NULL: it is not there. */
static const char *
find_file(const char *path, size_t *ret_length)
{
	static const char begin[] = "==> ", end[] = " <==\n";
	const char *at = recorded_text(FILES), *text = NULL;
	size_t length = strlen(path);

	while (at && (at = strstr(at, begin))) {
		const char *name = at + strlen(begin);

		at = strstr(name, begin);
		if (strncmp(name, path, length) != 0 ||
		    strncmp(name + length, end, strlen(end)) != 0 || (text && !later))
			continue;
		text = name + length + strlen(end);
		*ret_length = at ? (size_t)(at - text) : strlen(text);
	}
	return text;
}

int
__wrap_text_file_read(const char *path, char **ret_text)
{
	size_t length;
	const char *text = find_file(path, &length);

	if (!text)
		return -ENOENT;
	*ret_text = strndup(text, length);
	return *ret_text ? 0 : -ENOMEM;
}

int
__wrap_link_addresses_read_multicast(struct link_address_reader *reader)
{
	const char *text = recorded_text(DEV_MCAST);
	char line[LINE_SIZE];
	int error = text ? 0 : -ENOENT, n;

	for (; error == 0 && sscanf(text, "%159[^\n] %n", line, &n) == 1; text += n)
		error = link_addresses_line(line, reader);
	return error;
}

/* Takes the next line of --owners; false behind the last. */
static bool
next_owner(const char **text, struct socket_owner *ret_owner)
{
	int n = 0;

	if (!*text || sscanf(*text, "%u %u %n", &ret_owner->inode, &ret_owner->pid, &n) < 2)
		return false;
	*text += n;
	return true;
}

static int
compare_pids(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

int
__wrap_processes_list(struct array *pids)
{
	const char *text = recorded_text(OWNERS);
	struct socket_owner owner;

	while (next_owner(&text, &owner)) {
		uint32_t *pid = array_append(pids, 1);

		if (!pid)
			return -ENOMEM;
		*pid = owner.pid;
	}
	if (pids->n > 1)
		qsort(pids->data, pids->n, pids->size, compare_pids);
	return 0;
}

int
__wrap_processes_find(struct socket_owner *owners, size_t n, const struct array *pids,
    const struct pause *pause)
{
	const char *text = recorded_text(OWNERS);
	struct socket_owner owner;

	(void)pids;
	while (next_owner(&text, &owner))
		for (size_t i = 0; i < n; i++)
			if (owners[i].inode == owner.inode &&
			    (owners[i].pid == 0 || owner.pid < owners[i].pid))
				owners[i].pid = owner.pid;
	pause_now(pause);
	return 0;
}

/* --- what must hold for every walk --- */

/* An instance that was met, and its value. */
struct met {
	struct instance instance;
	struct value value;
};

static int
compare_instances(const struct instance *a, const struct instance *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (a->subid[i] != b->subid[i])
			return a->subid[i] < b->subid[i] ? -1 : 1;
	return (a->n > b->n) - (a->n < b->n);
}

static bool
is_same_value(const struct value *a, const struct value *b)
{
	if (a->type != b->type)
		return false;
	if (a->type == VALUE_COUNTER64)
		return a->counter64 == b->counter64;
	if (a->type == VALUE_OCTETS)
		return a->octets.n == b->octets.n &&
		    (a->octets.n == 0 ||
			memcmp(a->octets.at, b->octets.at, a->octets.n) == 0);
	if (a->type == VALUE_TIMETICKS)
		return a->moment == b->moment;
	return a->number == b->number;
}

static int
complain(const char *what, const struct reader *reader, const struct instance *instance)
{
	fprintf(stderr, "replay: %s: %s at", reader_table(reader)->name, what);
	for (size_t i = 0; i < instance->n; i++)
		fprintf(stderr, ".%u", instance->subid[i]);
	fputc('\n', stderr);
	return -EBADMSG;
}

/* Walks a table; each instance must be behind the one before it. */
static int
check_order(struct reader *reader, struct array *all)
{
	struct met step = { 0 };
	struct instance last;

	for (;;) {
		struct met *met;

		last = step.instance;
		if (reader_next(reader, last.subid, last.n, false, &step.instance,
			&step.value) != READ_FOUND)
			return 0;
		if (compare_instances(&last, &step.instance) >= 0)
			return complain("the walk does not rise", reader, &step.instance);
		met = array_append(all, 1);
		if (!met)
			return -ENOMEM;
		*met = step;
	}
}

/* Gets each instance, the last one first: a reader looks near the last request, to no avail
 * here. */
static int
check_gets(struct reader *reader, const struct array *all)
{
	for (size_t i = all->n; i-- > 0;) {
		const struct met *met = array_at(all, i);
		const struct instance *instance = &met->instance;
		struct value value;

		if (reader_get(reader, instance->subid, instance->n, &value) != READ_FOUND)
			return complain("GET finds nothing", reader, instance);
		if (!is_same_value(&value, &met->value))
			return complain("GET and GETNEXT differ", reader, instance);
	}
	return 0;
}

static int
check_reader(struct reader *reader, size_t *instances)
{
	struct array all = ARRAY_OF(struct met);
	int error;

	reader_begin(reader);
	error = check_order(reader, &all);
	if (error == 0)
		error = check_gets(reader, &all);
	reader_end(reader);
	*instances += all.n;
	array_free(&all);
	return error;
}

/* Takes the sub-identifiers a printed line begins with. */
static void
parse_instance(const char *line, struct instance *ret_instance)
{
	char *end;

	size_t n = 0;

	while (*line == '.' && n < ARRAY_LENGTH(ret_instance->subid)) {
		ret_instance->subid[n++] = (uint32_t)strtoul(line + 1, &end, 10);
		line = end;
	}
	ret_instance->n = n;
}

/* The printed lines, of all tables together, must rise, and be as many as the instances. */
static int
check_text(const char *text, size_t instances)
{
	struct instance last = { 0 }, here;
	size_t lines = 0;

	for (; *text; text = strchr(text, '\n') + 1, lines++) {
		parse_instance(text, &here);
		if (compare_instances(&last, &here) >= 0) {
			fprintf(stderr, "replay: what is printed does not rise: %.*s\n",
			    (int)strcspn(text, "\n"), text);
			return -EBADMSG;
		}
		last = here;
	}
	if (lines == instances)
		return 0;
	fprintf(stderr, "replay: %zu lines printed for %zu instances\n", lines, instances);
	return -EBADMSG;
}

/* --- the walk --- */

struct arguments {
	struct config config;
	bool again;
	char *const *names; /* of tables and groups; ends with NULL */
};

/* Prints and checks. Returns 0 or -errno. */
static int
walk(struct reader *const *readers, size_t n)
{
	char *text = NULL;
	size_t size, instances = 0;
	FILE *out = open_memstream(&text, &size);
	int error;

	if (!out)
		return -errno;
	error = walk_print(readers, n, out);
	fclose(out);
	for (size_t i = 0; error == 0 && i < n; i++)
		error = check_reader(readers[i], &instances);
	if (error == 0)
		error = check_text(text, instances);
	fputs(text, stdout);
	free(text);
	return error;
}

static bool
is_any_named(const struct table *table, char *const *names)
{
	for (; *names; names++)
		if (strcmp(*names, table->name) == 0 || strcmp(*names, table->group) == 0)
			return true;
	return false;
}

static void
configure(struct collector *collector, const struct config *config)
{
	collector_set_options(
	    collector, config->strict_addresses ? SNAPSHOT_STRICT_ADDRESSES : 0);
	for (size_t i = 0; sources_all[i]; i++) {
		const void *settings = config_settings(config, sources_all[i]);

		if (settings)
			collector_set_settings(collector, sources_all[i], settings);
	}
}

/* Reads all a first time, and makes every reading from now on another. */
static void
read_before(struct collector *collector, struct reader *const *readers, size_t n)
{
	const struct source_kind *source;
	struct met step = { 0 };

	for (size_t i = 0; i < n; i++) {
		reader_begin(readers[i]);
		(void)reader_next(readers[i], NULL, 0, false, &step.instance, &step.value);
		reader_end(readers[i]);
	}
	for (size_t i = 0; (source = sources_all[i]); i++)
		collector_set_max_age(collector, source->name, 0);
	later = true;
}

static int
walk_named(struct collector *collector, const struct arguments *arguments)
{
	bool again = arguments->again && interfaces_watch(collector);
	struct reader *readers[WALK_READERS_MAX];
	size_t n = 0;
	int error = 0;

	for (const struct table *const *table = tables_all; error == 0 && *table; table++) {
		if (!is_any_named(*table, arguments->names))
			continue;
		if (n == WALK_READERS_MAX || !(readers[n] = reader_new(collector, *table)))
			error = -ENOMEM;
		else
			n++;
		watch_wanted |= again && (*table)->source == &source_interfaces;
	}
	if (error == 0 && n == 0) {
		fprintf(stderr, "replay: no table or group has such a name\n");
		error = -EINVAL;
	}
	configure(collector, &arguments->config);
	if (error == 0 && again)
		read_before(collector, readers, n);
	if (error == 0)
		error = walk(readers, n);
	while (n > 0)
		reader_free(readers[--n]);
	return error;
}

/* Takes "TOKEN WORDS", which is cut up. Returns 0 or -errno. */
static int
take_line(struct config *config, char *line)
{
	char *words = line + strcspn(line, " ");

	if (*words)
		*words++ = '\0';
	return config_line(config, line, words);
}

/* Loads what the options name. Returns 0 or an exit status. */
static int
take_options(int argc, char **argv, struct arguments *arguments)
{
	int option, error;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case '?':
			return EXIT_USAGE;
		case AGAIN:
			arguments->again = true;
			continue;
		case CONFIG:
			error = take_line(&arguments->config, optarg);
			break;
		default:
			error = load(optarg, &recordings[option]);
		}
		if (error) {
			fprintf(stderr, "replay: %s: %s\n", optarg, strerror(-error));
			return EXIT_FAILURE;
		}
	}
	arguments->names = argv + optind;
	return 0;
}

/* Was all read that was given? If not, what was printed may be this machine's. */
static bool
is_all_asked(void)
{
	if (watch_wanted && !watch_asked) {
		fprintf(stderr, "replay: nothing asked the watch over links\n");
		return false;
	}
	for (size_t i = 0; i < RECORDED; i++) {
		if (recordings[i].text && !recordings[i].asked) {
			fprintf(stderr,
			    "replay: nothing asked for --%s (with link-time "
			    "optimization it cannot be replayed)\n",
			    options[i].name);
			return false;
		}
	}
	return true;
}

int
main(int argc, char **argv)
{
	struct collector *collector = collector_new(&freshness_default);
	struct arguments arguments = { 0 };
	int error, status;

	config_defaults(&arguments.config);
	status = collector ? take_options(argc, argv, &arguments) : EXIT_FAILURE;
	if (status == 0 && !*arguments.names) {
		fprintf(stderr,
		    "usage: replay [--again] [--config LINE]... [--RECORDED FILE]... "
		    "TABLE...\n");
		status = EXIT_USAGE;
	}
	if (status == 0) {
		error = walk_named(collector, &arguments);
		if (error)
			fprintf(stderr, "replay: %s\n", strerror(-error));
		status = error ? EXIT_FAILURE : is_all_asked() ? EXIT_SUCCESS : EXIT_SKIP;
	}
	collector_free(collector);
	for (size_t i = 0; i < RECORDED; i++)
		free(recordings[i].text);
	return status;
}
