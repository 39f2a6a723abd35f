// SPDX-License-Identifier: BSD-2-Clause
// The protocol counters of /proc/net/snmp, found by name.
#ifndef NETMIB_COUNTERS_H
#define NETMIB_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

/* A counter of /proc/net/snmp, named after its group and column there. */
enum counter {
	TCP_RTO_ALGORITHM,
	TCP_RTO_MIN,
	TCP_RTO_MAX,
	TCP_MAX_CONN,
	TCP_ACTIVE_OPENS,
	TCP_PASSIVE_OPENS,
	TCP_ATTEMPT_FAILS,
	TCP_ESTAB_RESETS,
	TCP_CURR_ESTAB,
	TCP_IN_SEGS,
	TCP_OUT_SEGS,
	TCP_RETRANS_SEGS,
	TCP_IN_ERRS,
	TCP_OUT_RSTS,
	COUNTERS,
};

/* One sample of them all. A counter this kernel does not print is absent. */
struct counters {
	int64_t value[COUNTERS]; /* unsigned but for TCP_MAX_CONN; cast before use */
	bool present[COUNTERS];
};

/* Reads one sample. Returns 0 or -errno; -EPROTO: the file had not one known counter. */
int counters_read(struct counters *ret_counters);

/* The same from text in the form of the file: pairs of lines, "Tcp: names", "Tcp: values".
 * Pairs that do not match are skipped. */
int counters_text(const char *text, struct counters *ret_counters);

#endif
