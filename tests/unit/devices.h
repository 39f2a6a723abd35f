// SPDX-License-Identifier: BSD-2-Clause
// A kernel whose network devices are made up, a watch that is the test's, and the source of
// interfaces, read when the test says so.
#ifndef NETMIB_TESTS_DEVICES_H
#define NETMIB_TESTS_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/ethtool.h"
#include "kernel/links.h"
#include "mib/interfaces.h"
#include "mib/link_history.h"

/* A device of that kernel. */
struct made_up {
	struct link link;
	uint32_t speed; /* 0: the driver does not tell */
	bool wireless;
	bool splits; /* the driver tells frames */
	struct ethtool_frames frames;
	bool uncounted; /* it has gone when counters are read */
};

#define DEVICES_MAX 64

extern struct made_up_kernel {
	struct made_up devices[DEVICES_MAX]; /* in the order of a dump */
	size_t n;
	int links_errors[8];	 /* of the next readings of devices; 0 ends them */
	int counters_error;	 /* of all readings of counters */
	size_t malformed;	 /* in each reading of devices */
	void (*meanwhile)(void); /* called at the end of each of them; or NULL */
	unsigned links, counters, speeds, frames, wireless; /* how often each was read */
} kernel;

/* What the watch says. */
extern struct watched {
	uint64_t changes; /* 0: it does not watch */
	struct link_history history;
	bool locked;
} watched;

/* What the source is told, of the next reading. */
extern struct link_settings settings;
extern uint64_t settings_version;
extern int64_t now;

/* The last reading. */
extern struct snapshot *snapshot;
extern size_t read_malformed; /* of the last reading */

/* For cmocka: before and after each test. Nobody has asked for the watch yet. */
int devices_start(void **state);
int devices_stop(void **state);

/* A device, which is up, behind the others; name stays the caller's. */
struct made_up *add_device(uint32_t ifindex, const char *name);
struct made_up *find_device(uint32_t ifindex);
void remove_device(uint32_t ifindex);

/* From now on there is a watch, which has heard of all devices; an event comes. */
void watch_devices(void);
void event_of(uint32_t ifindex);
void event_of_removed(uint32_t ifindex);

bool is_outdated(void);

/* Reads, a second after the last time. Returns what read() did; *snapshot is another one
 * when that is 0. */
int read_devices(void);

/* The same; it must succeed. */
void read_again(void);

/* A row of the last reading; NULL: there is none. */
const struct interface_row *find_row(uint32_t ifindex);

/* The same; it must be there. */
const struct interface_row *row(uint32_t ifindex);

#endif
