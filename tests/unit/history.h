// SPDX-License-Identifier: BSD-2-Clause
// A history of network devices whose clock, events and listener are the test's.
#ifndef NETMIB_TESTS_HISTORY_H
#define NETMIB_TESTS_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mib/link_history.h"

#define MS INT64_C(1000000)
#define SECOND (1000 * MS)
#define HISTORY_SETTLE (100 * MS)	   /* a linkUp waits so long for up(1) */
#define HISTORY_SETTLE_UNKNOWN (1500 * MS) /* and in unknown(4) so long */
#define HISTORY_BURST 10		   /* notices of a device in a row */
#define HISTORY_INTERVAL (6 * SECOND)	   /* between the others */

extern struct link_history history;

/* The clock. */
extern int64_t now;

/* What was told, and when; all of it, and how much of it was looked at by silence() and
 * is_told(). */
struct told {
	struct link_notice notice;
	int64_t at;
};

#define TOLD_MAX 20000

extern struct told_list {
	struct told all[TOLD_MAX];
	size_t n, seen;
} told;

/* For cmocka: before and after each test. */
int history_start(void **state);
int history_stop(void **state);

/* Nothing was told since this was asked last. */
void silence(void);

/* Exactly this was told since then, and it was told now. */
void is_told(uint32_t ifindex, bool up, enum oper_status);

/* The log has said exactly this since it was looked at last. */
void log_is(const char *text);

struct octets text(const char *characters);

/* A device in a state of the kernel's (IF_OPER_…); IFF_UP unless that is down. */
struct link device(uint32_t ifindex, const char *name, uint8_t operstate);

/* An event: it has come, or is like that now. */
void tell(const struct link *);

/* The same of a device "eth" and its ifindex. */
void set(uint32_t ifindex, uint8_t operstate);

/* The same: it has gone. */
void unset(uint32_t ifindex);

/* A dump, the first one or another: eth1 … n, all in one state; a second passes. */
void begin_with(uint32_t n, uint8_t operstate);

/* The device, which must be there. */
const struct link_entry *entry(uint32_t ifindex);

/* Lets time pass; whatever is due by then is told when it is due. */
void pass(int64_t time);

#endif
