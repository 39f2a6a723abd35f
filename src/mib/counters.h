// SPDX-License-Identifier: BSD-2-Clause
// The source of protocol counters, and the columns over it.
#ifndef NETMIB_MIB_COUNTERS_H
#define NETMIB_MIB_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "../kernel/counters.h"
#include "../table/source.h"
#include "../table/table.h"

/* The sets of rows of a snapshot of source_counters. */
enum {
	COUNTERS_ALL,	   /* one struct counters, all from one reading */
	COUNTERS_VERSIONS, /* struct ip_statistics, one a version of IP */
	COUNTERS_MESSAGES, /* struct icmp_messages */
};

extern const struct source_kind source_counters;

/* What is made of the kernel's counters of IP, behind them. */
enum {
	IP_OUT_FRAG_REQDS = IP_COUNTERS, /* those that were, and those that could not be */
	IP_STATISTICS,
};

/* InetVersion. */
enum ip_version {
	IP_VERSION_IPV4 = 1,
	IP_VERSION_IPV6 = 2,
};

/* The counters of a version of IP, of the host or of one interface. */
struct ip_statistics {
	uint64_t value[IP_STATISTICS];
	int64_t discontinuity; /* CLOCK_MONOTONIC, ns; 0: never */
	uint32_t version;      /* enum ip_version */
	uint32_t ifindex;      /* 0: of the host */
	uint32_t present;      /* 1 << counter */
};

/* ICMP messages of a type, since one was seen. */
struct icmp_messages {
	uint64_t in, out;
	uint32_t version, type;
};

/* Takes a version's counters. Returns false if there is none: the host does not have it. */
bool ip_statistics_take(const struct counters *, enum ip_version, struct ip_statistics *);

/* For INDEX parts over rows of struct ip_statistics. */
uint32_t ip_statistics_version(const struct snapshot *, const void *row);

/* Column over COUNTERS_ALL: column->argument is an enum counter. The 32-bit counters are
 * the low halves of the same sample's 64 bits; a gauge saturates. */
bool counter_read(const struct cell *, struct value *ret);

/* A value of 64 bits as the column's type has it. */
void counter_put(uint64_t value, struct value *ret);

/* A column of counter_read(). */
#define COUNTER(arc, object, syntax, source) \
	{ \
		.number = (arc), .name = (object), .type = (syntax), .read = counter_read, \
		.argument = (source) \
	}

#endif
