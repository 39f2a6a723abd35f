// SPDX-License-Identifier: BSD-2-Clause
// sysUpTime of the agent that answers, and moments told in it (TimeStamp, RFC 2579).
#ifndef NETMIB_UPTIME_H
#define NETMIB_UPTIME_H

#include <stdint.h>

/* When sysUpTime was 0, as it was found last; all zero at first. */
struct uptime {
	int64_t origin; /* CLOCK_MONOTONIC, ns; may be negative. 0: not known yet */
};

/*
 * The sysUpTime (hundredths of a second, RFC 3418) at which something happened: moment is
 * CLOCK_MONOTONIC in ns. 0 for a moment of 0, and for one before the agent, which may be
 * the AgentX master, was started. The same moment has the same sysUpTime in every answer,
 * though the library sets its clock by the master's now and then, a few hundredths off:
 * only what is more than that moves the origin.
 */
uint32_t uptime_at(struct uptime *, int64_t moment);

#endif
