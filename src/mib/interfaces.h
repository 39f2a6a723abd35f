// SPDX-License-Identifier: BSD-2-Clause
// What the tables of IF-MIB (RFC 2863) have in common: the source of interfaces, and their
// columns.
#ifndef NETMIB_MIB_INTERFACES_H
#define NETMIB_MIB_INTERFACES_H

#include <stdbool.h>
#include <stdint.h>

#include "../table/source.h"
#include "../table/table.h"
#include "links.h"

struct link_watch;

/* The counters of an interface. Frames that are neither to a group nor to all are Ucast. */
enum interface_counter {
	IF_IN_OCTETS,
	IF_IN_UCAST,
	IF_IN_MULTICAST,
	IF_IN_BROADCAST, /* directly behind multicast; the two together are NUcast */
	IF_IN_DISCARDS,
	IF_IN_ERRORS,
	IF_OUT_OCTETS,
	IF_OUT_UCAST,
	IF_OUT_MULTICAST,
	IF_OUT_BROADCAST,
	IF_OUT_DISCARDS,
	IF_OUT_ERRORS,
	IF_COUNTERS,
};

#define IF_PROMISCUOUS 0x01
#define IF_CONNECTOR 0x02
#define IF_TRAPS 0x04 /* linkUp and linkDown are sent of it */
#define IF_SPLIT 0x08 /* the driver tells broadcasts and what groups were sent */
#define IF_ABOVE 0x10 /* another interface runs on top of it */
#define IF_BELOW 0x20 /* it runs on top of another interface */

/* An interface; octets are in the snapshot's side, those of the address first. */
struct interface_row {
	uint64_t counter[IF_COUNTERS]; /* of one sample */
	int64_t last_change;	       /* CLOCK_MONOTONIC, ns; 0: before the agent */
	int64_t discontinuity;	       /* the same */
	uint32_t ifindex;
	uint32_t mtu;
	uint32_t speed; /* Mb/s; 0: not known */
	uint32_t above, below;
	uint32_t carrier_ups;
	uint32_t octets; /* where in side */
	uint16_t type;	 /* IANAifType */
	uint8_t admin, oper;
	uint8_t flags; /* IF_PROMISCUOUS … */
	uint8_t address_length, alias_length;
	char name[LINK_NAME_SIZE];
};

/* One runs on top of the other: a row of ifStackTable. 0: nothing does. */
struct interface_stack_row {
	uint32_t higher, lower;
};

/* When what the tables are made of changed last; CLOCK_MONOTONIC, ns; 0: before the agent.
 */
struct interface_times {
	int64_t table, stack;
};

/* The sets of rows of a snapshot of source_interfaces. */
enum {
	INTERFACE_ROWS,	 /* struct interface_row, by ifindex */
	INTERFACE_STACK, /* struct interface_stack_row */
	INTERFACE_TIMES, /* one struct interface_times */
};

/* Its settings are a struct link_settings. */
extern const struct source_kind source_interfaces;

/* Rows: those of ifRcvAddressTable, private to it; settings as source_interfaces. */
extern const struct source_kind source_receive_addresses;

/* The watch that gives the interfaces of a collector their history; made when it is asked
 * for first, before collector_start(), and the collector's. NULL without memory. */
struct link_watch *interfaces_watch(struct collector *);

/* INDEX { ifIndex }, of ifTable and what augments it. */
extern const struct index_part interface_index[1];

/* Columns over INTERFACE_ROWS. */

/* A counter, column->argument being an enum interface_counter; COUNTER32 is the low half of
 * COUNTER64. What the driver does not split has no broadcasts, and no groups sent. */
bool interface_counter(const struct cell *, struct value *ret);
/* Whether row->flags has column->argument: TruthValue. */
bool interface_flag(const struct cell *, struct value *ret);
bool interface_name(const struct cell *, struct value *ret);

#endif
