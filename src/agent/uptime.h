// SPDX-License-Identifier: BSD-2-Clause
// sysUpTime of the agent that answers, and moments told in it (TimeStamp, RFC 2579).
#ifndef NETMIB_UPTIME_H
#define NETMIB_UPTIME_H

#include <stdbool.h>
#include <stdint.h>

/* When sysUpTime was 0: CLOCK_MONOTONIC in ns, may be negative. All zero at first: not
 * known. */
struct uptime {
	bool told;	   /* what follows is known */
	bool others;	   /* the clock is that of an AgentX master, not this process's */
	int64_t low, high; /* it lies between these */
	int64_t origin;	   /* and is taken to be this */
};

/*
 * Takes what the agent said its sysUpTime (ticks, hundredths of a second, RFC 3418) was at
 * a moment between asked and heard (CLOCK_MONOTONIC, ns). An answer that was long on its
 * way says little, and moves nothing. The origin moves only when it is proven wrong, by
 * better answers or by an agent that was started anew, so that a moment has the same
 * sysUpTime in every answer.
 */
void uptime_heard(struct uptime *, uint32_t ticks, int64_t asked, int64_t heard);

/*
 * The sysUpTime (hundredths of a second) at which something happened: moment is
 * CLOCK_MONOTONIC in ns. 0 for a moment of 0, for one before the agent was started, and
 * while nothing is known.
 */
uint32_t uptime_at(const struct uptime *, int64_t moment);

#endif
