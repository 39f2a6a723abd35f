// SPDX-License-Identifier: BSD-2-Clause
// Host 1: the AgentX subagent (RFC 2741).
#ifndef NETMIB_AGENTX_H
#define NETMIB_AGENTX_H

struct agent;

/*
 * To be called around net-snmp's start: before init_agent(); behind it; and when the agent
 * has started, which connects to the master, or goes on trying. One agent a process.
 */
void agentx_prepare(const char *address); /* of the master; NULL: net-snmp's default */
void agentx_take_over(void);
void agentx_start(struct agent *);

/* Forgets the agent; the session itself is closed by snmp_shutdown(). */
void agentx_stop(void);

#endif
