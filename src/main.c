// SPDX-License-Identifier: BSD-2-Clause
// netmibd: the order of start and stop.
#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/daemon.h"
#include "mib/tables.h"
#include "table/reader.h"
#include "table/source.h"
#include "walk.h"

#define EXIT_USAGE 2

static void
print_usage(FILE *out)
{
	fprintf(out,
	    "usage: netmibd [-f] [-x ADDRESS | -l ADDRESS[,ADDRESS]] [-c FILE] [-C] [-D "
	    "TOKENS]\n"
	    "       netmibd -p NAME ...\n"
	    "       netmibd -V | -h\n"
	    "  -f          stay in the foreground and log to stderr\n"
	    "  -x ADDRESS  be a subagent of the AgentX master there (the default)\n"
	    "  -l ADDRESS  be an SNMP agent that listens there, udp:127.0.0.1:1161 say\n"
	    "  -c FILE     read this configuration, too\n"
	    "  -C          read no other configuration\n"
	    "  -D TOKENS   print net-snmp's debugging output for these\n"
	    "  -p NAME     print tables or groups once, from the kernel, without SNMP\n"
	    "  -V          print the version\n"
	    "  -h          print this\n");
}

static int
usage_error(void)
{
	fprintf(stderr, "netmibd: try 'netmibd -h'\n");
	return EXIT_USAGE;
}

static bool
is_named(const struct table *table, const char *name)
{
	return strcmp(table->name, name) == 0 || strcmp(table->group, name) == 0;
}

static bool
is_any_named(const struct table *table, char *const *names)
{
	for (; *names; names++)
		if (is_named(table, *names))
			return true;
	return false;
}

/* The first of the names that is no table's and no group's; NULL: all are known. */
static const char *
find_unknown(char *const *names)
{
	for (; *names; names++) {
		const struct table *const *table = tables_all;

		while (*table && !is_named(*table, *names))
			table++;
		if (!*table)
			return *names;
	}
	return NULL;
}

static void
print_names(FILE *out)
{
	for (const struct table *const *table = tables_all; *table; table++) {
		if (tables_begin_group(table))
			fprintf(out, " %s", (*table)->group);
		fprintf(out, " %s", (*table)->name);
	}
	fputc('\n', out);
}

/* Walks the named tables straight from the kernel. Returns 0 or -errno. */
static int
walk_named(struct collector *collector, char *const *names)
{
	struct reader *readers[WALK_READERS_MAX];
	size_t n = 0;
	int error = 0;

	for (const struct table *const *table = tables_all; error == 0 && *table; table++) {
		if (!is_any_named(*table, names))
			continue;
		if (n == WALK_READERS_MAX || !(readers[n] = reader_new(collector, *table)))
			error = -ENOMEM;
		else
			n++;
	}
	if (error == 0)
		error = walk_print(readers, n, stdout);
	while (n > 0)
		reader_free(readers[--n]);
	return error;
}

/* -p. Returns an exit status. */
static int
print_tables(const struct daemon_options *options, char *const *names)
{
	const char *unknown = find_unknown(names);
	struct collector *collector;
	int error;

	if (!*names) {
		fprintf(stderr, "netmibd: -p needs the name of a table or group\n");
		return usage_error();
	}
	if (options->file || options->only_file || options->master || options->listen) {
		fprintf(stderr,
		    "netmibd: -p reads no configuration and serves nobody: no -c, "
		    "-C, -x, -l with it\n");
		return usage_error();
	}
	if (unknown) {
		fprintf(stderr, "netmibd: -p: no table or group %s; there are", unknown);
		print_names(stderr);
		return EXIT_USAGE;
	}
	collector = collector_new(&freshness_default);
	error = collector ? walk_named(collector, names) : -ENOMEM;
	collector_free(collector);
	if (error)
		fprintf(stderr, "netmibd: cannot print tables: %s\n", strerror(-error));
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
	struct daemon_options options = { 0 };
	int option;

	while ((option = getopt(argc, argv, "fx:l:c:CD:pVh")) != -1) {
		switch (option) {
		case 'f':
			options.foreground = true;
			break;
		case 'x':
			options.master = optarg;
			break;
		case 'l':
			options.listen = optarg;
			break;
		case 'c':
			options.file = optarg;
			break;
		case 'C':
			options.only_file = true;
			break;
		case 'D':
			options.debug = optarg;
			break;
		case 'p':
			return print_tables(&options, argv + optind);
		case 'V':
			printf("netmibd %s, with net-snmp %s\n", PACKAGE_VERSION,
			    daemon_library_version());
			return EXIT_SUCCESS;
		case 'h':
			print_usage(stdout);
			return EXIT_SUCCESS;
		default:
			return usage_error();
		}
	}
	if (optind < argc) {
		fprintf(stderr, "netmibd: unexpected argument %s\n", argv[optind]);
		return usage_error();
	}
	if (options.master && options.listen) {
		fprintf(stderr, "netmibd: -x and -l exclude each other\n");
		return usage_error();
	}
	/* What is freed goes back to the system; glibc would keep ever more of it. */
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	return daemon_run(&options) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
