// SPDX-License-Identifier: BSD-2-Clause
// sysUpTime of the agent that answers, and moments told in it (TimeStamp, RFC 2579).
#include "uptime.h"

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>

#include "../table/source.h"

#define TICK INT64_C(10000000)	     /* ns */
#define TOLERANCE INT64_C(500000000) /* ns */

uint32_t
uptime_at(struct uptime *uptime, int64_t moment)
{
	int64_t origin = monotonic_now() - (int64_t)netsnmp_get_agent_uptime() * TICK;
	int64_t off = origin - uptime->origin;

	if (uptime->origin == 0 || off > TOLERANCE || off < -TOLERANCE)
		uptime->origin = origin;
	if (moment == 0 || moment <= uptime->origin)
		return 0;
	return (uint32_t)((moment - uptime->origin) / TICK);
}
