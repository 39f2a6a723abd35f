// SPDX-License-Identifier: BSD-2-Clause
// sysUpTime of the agent that answers, and moments told in it (TimeStamp, RFC 2579).
#include "uptime.h"

#define TICK INT64_C(10000000) /* ns */

void
uptime_heard(struct uptime *uptime, uint32_t ticks, int64_t asked, int64_t heard)
{
	/* ticks are whole ones: the clock may have been almost one further. */
	int64_t low = asked - ((int64_t)ticks + 1) * TICK;
	int64_t high = heard - (int64_t)ticks * TICK;

	if (!uptime->told || low > uptime->high || high < uptime->low) {
		/* The first, or the agent has set its clock. */
		uptime->low = low;
		uptime->high = high;
	} else {
		uptime->low = low > uptime->low ? low : uptime->low;
		uptime->high = high < uptime->high ? high : uptime->high;
	}
	if (!uptime->told || uptime->origin < uptime->low - TICK ||
	    uptime->origin > uptime->high + TICK)
		uptime->origin = uptime->high;
	uptime->told = true;
}

uint32_t
uptime_at(const struct uptime *uptime, int64_t moment)
{
	if (!uptime->told || moment == 0 || moment <= uptime->origin)
		return 0;
	return (uint32_t)((moment - uptime->origin) / TICK);
}
