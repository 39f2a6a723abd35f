// SPDX-License-Identifier: BSD-2-Clause
// What libnetsnmpagent 5.9 exports for its AgentX subagent without installing a header.
#ifndef NETMIB_LIBNETSNMPAGENT_H
#define NETMIB_LIBNETSNMPAGENT_H

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

/* PDU types and flags (RFC 2741, 6.1). */
#define AGENTX_MSG_GET ((u_char)5)
#define AGENTX_MSG_GETNEXT ((u_char)6)
#define AGENTX_MSG_NOTIFY ((u_char)12)
#define AGENTX_MSG_PING ((u_char)13)
#define AGENTX_MSG_RESPONSE ((u_char)18)
#define AGENTX_CLOSE_SHUTDOWN 5
#define AGENTX_MSG_FLAG_NON_DEFAULT_CONTEXT 0x08

/*
 * The session with the master; NULL while there is none. agent/mibgroup/agentx/subagent.c
 */
extern netsnmp_session *main_session;

/* Connects and opens main_session, for at most the session's timeout. 0, or -1. It
 * registers the callbacks below, and logs. */
int subagent_open_master_session(void);

/* Its POST_READ_CONFIG callback, which would connect by itself. */
int subagent_startup(int major, int minor, void *serverarg, void *clientarg);

/* The session's callback: serves a request, or cleans up after a lost master. */
int handle_agentx_packet(
    int operation, netsnmp_session *, int reqid, netsnmp_pdu *, void *magic);

/* Its REGISTER_OID callback, which passes every registration on, and drops the answer. */
int agentx_registration_callback(int major, int minor, void *serverarg, void *clientarg);
void agentx_unregister_callbacks(netsnmp_session *);

/* Sends agentx-Register-PDU and waits for the answer. 1: done; 0: refused, or no answer.
 * agent/mibgroup/agentx/client.c */
int agentx_register(netsnmp_session *, oid start[], size_t startlen, int priority,
    int range_subid, oid range_ubound, int timeout, u_char flags, const char *contextName);
int agentx_unregister(netsnmp_session *, oid start[], size_t startlen, int priority,
    int range_subid, oid range_ubound, const char *contextName);

/* Sends agentx-Close-PDU and waits for the answer. 1: done; 0: no answer. */
int agentx_close_session(netsnmp_session *, int reason);

/* Leaves out all MIB modules but the named ones, "a,b,c"; writes into its argument.
 * agent/snmp_vars.c */
void add_to_init_list(char *module_list);

#endif
