// SPDX-License-Identifier: BSD-2-Clause
// The daemon around the first two hosts: start, serve, stop.
#ifndef NETMIB_DAEMON_H
#define NETMIB_DAEMON_H

#include <stdbool.h>

struct daemon_options {
	bool foreground;    /* -f */
	bool only_file;	    /* -C */
	const char *master; /* -x; NULL: net-snmp's default */
	const char *listen; /* -l; NULL: be a subagent */
	const char *file;   /* -c; or NULL */
	char *debug;	    /* -D; or NULL */
};

/* Runs until a signal ends it. Returns 0, or -errno for what has been told in one line. */
int daemon_run(const struct daemon_options *);

const char *daemon_library_version(void);

#endif
