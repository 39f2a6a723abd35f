// SPDX-License-Identifier: BSD-2-Clause
// Host 1: the AgentX subagent (RFC 2741). Requests are answered where they arrive; the
// library's own way round, through an internal session, costs nine system calls a request.
#include "agentx.h"

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/agent_callbacks.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>

#include "../log.h"
#include "../table/reader.h"
#include "../table/source.h"
#include "agent.h"
#include "libnetsnmpagent.h"

#define TIMEOUT 1	   /* s; how long connecting to a hung master may hold us up */
#define PING_INTERVAL 15   /* s */
#define PINGS_LOST_MAX 4   /* a master may be busy for a minute before it is given up */
#define RETRIES_AT_ONCE 30 /* one a second; then further and further apart */
#define RETRY_MAX 15	   /* s */
/* s; a notification is not sent twice while the master may only be slow: it is given up
 * before this. */
#define NOTIFY_TIMEOUT ((PINGS_LOST_MAX + 2) * PING_INTERVAL)

/* net-snmp's main_session is one a process, and so is what belongs to it. */
static struct {
	struct agent *agent;
	bool told_absent; /* logged that there is no master */
	unsigned retries; /* since the master was lost */
	unsigned delay;	  /* s until the next one */
	unsigned alarm;	  /* of the next retry or ping */
	unsigned pings_lost;
	int ping;	/* the number of the last one */
	int64_t pinged; /* when it was sent (CLOCK_MONOTONIC, ns) */
} the_session;

static void try_to_connect(unsigned alarm, void *unused);
static void ping(unsigned alarm, void *unused);

/* The library's own lines about connecting repeat themselves; ours are told once. */
static void
quiet(bool on)
{
	for (netsnmp_log_handler *handler = get_logh_head(); handler;
	     handler = handler->next)
		handler->enabled = !on;
}

static const char *
master_address(void)
{
	const char *address = netsnmp_ds_get_string(
	    NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET);

	return address ? address : NETSNMP_AGENTX_SOCKET;
}

static void
set_alarm(unsigned seconds, void (*call)(unsigned, void *))
{
	if (the_session.alarm)
		snmp_alarm_unregister(the_session.alarm);
	the_session.alarm = snmp_alarm_register(seconds, 0, call, NULL);
}

static void
retry_later(void)
{
	if (++the_session.retries > RETRIES_AT_ONCE && the_session.delay < RETRY_MAX)
		the_session.delay *= 2;
	if (the_session.delay > RETRY_MAX)
		the_session.delay = RETRY_MAX;
	set_alarm(the_session.delay, try_to_connect);
}

static void
lost(const char *why)
{
	log_warning("%s the AgentX master at %s, reconnecting", why, master_address());
	the_session.told_absent = true;
	the_session.retries = 0;
	the_session.delay = 1;
	retry_later();
	notify_done(&the_session.agent->notifier, false);
}

/* Whether a name is in a region of the table. Returns the length of the region, or 0. */
static size_t
match_region(const struct served *served, const netsnmp_variable_list *varbind)
{
	size_t root = served->root_length;
	oid region[HANDLER_OID_MAX];

	if (!served->registered || varbind->name_length < root ||
	    snmp_oidtree_compare(varbind->name, root, served->root, root) != 0)
		return 0;
	for (size_t i = 0; i < served->n_regions; i++) {
		size_t n = handler_region(served, i, region);

		if (varbind->name_length >= n &&
		    snmp_oidtree_compare(varbind->name, n, region, n) == 0)
			return n;
	}
	return 0;
}

/* The table a name belongs to: that with the longest region around it. */
static struct served *
find_table(const netsnmp_variable_list *varbind)
{
	struct agent *agent = the_session.agent;
	struct served *found = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < agent->n_tables; i++) {
		size_t n = match_region(&agent->tables[i], varbind);

		if (n > longest) {
			found = &agent->tables[i];
			longest = n;
		}
	}
	return found;
}

/* The name was found behind the end of the SearchRange; an end of 0.0 is none (RFC
 * 2741, 5.2). */
static bool
is_beyond(const netsnmp_variable_list *varbind, const oid *end, size_t n)
{
	if (n == 0 || (n == 2 && end[0] == 0 && end[1] == 0))
		return false;
	return snmp_oid_compare(varbind->name, varbind->name_length, end, n) >= 0;
}

/* Answers one SearchRange: the name is its start, the value its end. */
static int
answer_range(struct served *served, netsnmp_variable_list *varbind)
{
	bool inclusive = varbind->type == ASN_PRIV_INCL_RANGE;
	oid start[MAX_OID_LEN], end[MAX_OID_LEN];
	size_t n_start = varbind->name_length, n_end = varbind->val_len / sizeof(oid);
	int status;

	memcpy(start, varbind->name, n_start * sizeof(oid));
	memcpy(end, varbind->val.objid, n_end * sizeof(oid));
	status = handler_answer_next(served, varbind, inclusive);
	if (status == SNMP_ERR_NOERROR && is_beyond(varbind, end, n_end)) {
		snmp_set_var_objid(varbind, start, n_start);
		status = SNMP_ENDOFMIBVIEW;
	}
	if (status != SNMP_ENDOFMIBVIEW)
		return status;
	snmp_set_var_typed_value(varbind, SNMP_ENDOFMIBVIEW, NULL, 0);
	return SNMP_ERR_NOERROR;
}

/* Fills in the varbinds of a request; response->errstat says if that went wrong. */
static void
answer(netsnmp_pdu *response, u_char command)
{
	long index = 1;

	for (netsnmp_variable_list *varbind = response->variables; varbind;
	     varbind = varbind->next_variable, index++) {
		struct served *served = find_table(varbind);
		int status;

		if (command == AGENTX_MSG_GET)
			status = handler_answer_get(served, varbind);
		else
			status = answer_range(served, varbind);
		if (status != SNMP_ERR_NOERROR && response->errstat == SNMP_ERR_NOERROR) {
			response->errstat = status;
			response->errindex = index;
		}
	}
}

/* Every reader takes its snapshot once a request. */
static void
for_each_reader(void (*call)(struct reader *))
{
	struct agent *agent = the_session.agent;

	for (size_t i = 0; i < agent->n_tables; i++)
		call(agent->tables[i].reader);
}

/* Whether we can answer this ourselves: Get and GetNext of our own tables, no context. */
static bool
is_ours(const netsnmp_pdu *pdu)
{
	if (pdu->command != AGENTX_MSG_GET && pdu->command != AGENTX_MSG_GETNEXT)
		return false;
	if (pdu->flags & AGENTX_MSG_FLAG_NON_DEFAULT_CONTEXT)
		return false;
	for (const netsnmp_variable_list *varbind = pdu->variables; varbind;
	     varbind = varbind->next_variable)
		if (!find_table(varbind) || varbind->name_length > MAX_OID_LEN ||
		    varbind->val_len > MAX_OID_LEN * sizeof(oid))
			return false;
	return true;
}

static void
respond(netsnmp_session *session, netsnmp_pdu *pdu)
{
	netsnmp_pdu *response = snmp_pdu_create(AGENTX_MSG_RESPONSE);

	if (!response)
		return;
	response->version = session->version;
	response->flags = pdu->flags;
	response->reqid = pdu->reqid;
	response->msgid = pdu->msgid;
	response->transid = pdu->transid;
	response->sessid = pdu->sessid;
	response->errstat = SNMP_ERR_NOERROR; /* -1 at first */
	response->errindex = 0;
	/* The varbinds are answered in place; the request is done with them. */
	response->variables = pdu->variables;
	pdu->variables = NULL;
	for_each_reader(reader_begin);
	answer(response, pdu->command);
	for_each_reader(reader_end);
	if (!snmp_send(session, response))
		snmp_free_pdu(response);
}

/* The callback of the session with the master. */
static int
on_message(
    int operation, netsnmp_session *session, int reqid, netsnmp_pdu *pdu, void *magic)
{
	int result;

	the_session.pings_lost = 0;
	if (operation == NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE && is_ours(pdu)) {
		respond(session, pdu);
		return 1;
	}
	if (operation != NETSNMP_CALLBACK_OP_DISCONNECT)
		return handle_agentx_packet(operation, session, reqid, pdu, magic);
	quiet(true);
	result = handle_agentx_packet(operation, session, reqid, pdu, magic);
	quiet(false);
	lost("lost");
	return result;
}

/* Closes a session whose master does not answer, without asking it. */
static void
drop_session(void)
{
	netsnmp_session *session = main_session;

	agentx_unregister_callbacks(session);
	snmp_call_callbacks(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_INDEX_STOP, session);
	remove_trap_session(session);
	register_mib_detach();
	main_session = NULL;
	snmp_close(session);
}

/* The answer to a ping, which also tells the master's sysUpTime. */
static int
on_pong(int operation, netsnmp_session *session, int reqid, netsnmp_pdu *pdu, void *unused)
{
	if (operation == NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE &&
	    pdu->command != AGENTX_MSG_RESPONSE)
		return on_message(operation, session, reqid, pdu, unused);
	if (operation != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE)
		return 1;
	if (reqid == the_session.ping)
		uptime_heard(&the_session.agent->uptime, (uint32_t)pdu->time,
		    the_session.pinged, monotonic_now());
	the_session.pings_lost = 0;
	return 1;
}

/* The answer to a notification: the master has it, and what it says of it is final. */
static int
on_notified(
    int operation, netsnmp_session *session, int reqid, netsnmp_pdu *pdu, void *notifier)
{
	if (operation == NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE &&
	    pdu->command != AGENTX_MSG_RESPONSE)
		return on_message(operation, session, reqid, pdu, NULL);
	if (operation == NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE && pdu->errstat != 0)
		log_warning(
		    "the AgentX master refused a notification: error %ld", pdu->errstat);
	notify_done(notifier, operation == NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE);
	return 1;
}

/* Sends a notification by way of the master (RFC 2741, 6.2.10). The library's own way does
 * not tell whether it arrived. */
static enum delivery
deliver(netsnmp_variable_list *varbinds, struct notifier *notifier)
{
	netsnmp_pdu *pdu = main_session ? snmp_pdu_create(AGENTX_MSG_NOTIFY) : NULL;
	long timeout;
	int sent;

	if (!pdu) {
		snmp_free_varbind(varbinds);
		return NOBODY_THERE;
	}
	pdu->variables = varbinds;
	pdu->sessid = main_session->sessid;
	timeout = main_session->timeout;
	main_session->timeout = NOTIFY_TIMEOUT * ONE_SEC;
	sent = snmp_async_send(main_session, pdu, on_notified, notifier);
	main_session->timeout = timeout;
	if (sent)
		return DELIVERY_RUNS;
	snmp_free_pdu(pdu);
	return NOBODY_THERE;
}

static void
ping(unsigned alarm, void *unused)
{
	netsnmp_pdu *pdu;

	(void)alarm;
	(void)unused;
	the_session.alarm = 0;
	/* Lost inside a synchronous call, whose own callback does not tell on_message(). */
	if (!main_session) {
		lost("lost");
		return;
	}
	if (the_session.pings_lost++ >= PINGS_LOST_MAX) {
		drop_session();
		lost("no answer from");
		return;
	}
	pdu = snmp_pdu_create(AGENTX_MSG_PING);
	if (pdu) {
		pdu->sessid = main_session->sessid;
		the_session.pinged = monotonic_now();
		the_session.ping = snmp_async_send(main_session, pdu, on_pong, NULL);
		if (!the_session.ping)
			snmp_free_pdu(pdu);
	}
	set_alarm(PING_INTERVAL, ping);
}

/* Registers one region with the master. Returns false when that did not answer: the session
 * is of no use then, or gone. */
static bool
offer(oid *region, size_t n, const char *name)
{
	char text[SPRINT_MAX_LEN];
	int done;

	quiet(true);
	done = agentx_register(main_session, region, n, HANDLER_PRIORITY, 0, 0, 0, 0, NULL);
	quiet(false);
	if (done)
		return true;
	if (!main_session || main_session->s_snmp_errno != SNMPERR_SUCCESS)
		return false;
	snprint_objid(text, sizeof(text), region, n);
	log_error(
	    "the AgentX master refused %s (%s): most likely another subagent serves it "
	    "at priority %d (duplicateRegistration, 263); stop that one, or leave the "
	    "group out with netmibServe",
	    text, name, HANDLER_PRIORITY);
	return true;
}

/* Registers all of a table. Returns as offer(). */
static bool
offer_table(struct served *served)
{
	const char *name = reader_table(served->reader)->name;
	oid region[HANDLER_OID_MAX];

	for (size_t i = 0; served->registered && i < served->n_regions; i++)
		if (!offer(region, handler_region(served, i, region), name))
			return false;
	return true;
}

/* A region was registered or taken back in this process while the master is there. */
static int
on_registration(int major, int minor, void *parameters, void *unused)
{
	struct register_parameters *region = parameters;

	(void)major;
	(void)unused;
	if (!main_session || !the_session.agent)
		return 0;
	if (minor == SNMPD_CALLBACK_REGISTER_OID)
		return offer(region->name, region->namelen, "a table");
	return agentx_unregister(main_session, region->name, region->namelen,
	    region->priority, region->range_subid, region->range_ubound,
	    region->contextName);
}

/* Opens a session and makes it ours. Returns false when there is none afterwards. */
static bool
connect_master(void)
{
	struct agent *agent = the_session.agent;
	int64_t asked = monotonic_now();
	bool open;

	quiet(true);
	open = subagent_open_master_session() == 0;
	quiet(false);
	if (!open)
		return false;
	/* Our own callback does this, and listens to the answer. */
	snmp_unregister_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_REGISTER_OID,
	    agentx_registration_callback, main_session->myvoid, 1);
	snmp_unregister_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_UNREGISTER_OID,
	    agentx_registration_callback, main_session->myvoid, 1);
	for (size_t i = 0; i < agent->n_tables; i++) {
		if (offer_table(&agent->tables[i]))
			continue;
		if (main_session)
			drop_session();
		return false;
	}
	main_session->callback = on_message;
	/* The library has set its clock by the last answer. */
	uptime_heard(
	    &agent->uptime, (uint32_t)netsnmp_get_agent_uptime(), asked, monotonic_now());
	return true;
}

static void
try_to_connect(unsigned alarm, void *unused)
{
	(void)alarm;
	(void)unused;
	the_session.alarm = 0;
	if (connect_master()) {
		log_info("connected to the AgentX master at %s", master_address());
		the_session.told_absent = false;
		the_session.pings_lost = 0;
		ping(0, NULL);
		notify_flush(&the_session.agent->notifier);
		return;
	}
	if (!the_session.told_absent)
		log_warning("no AgentX master at %s yet, trying again", master_address());
	the_session.told_absent = true;
	retry_later();
}

/* Sessions of this process do not wait long, and do not ask twice. */
static int
limit_session(int major, int minor, void *session, void *unused)
{
	(void)major;
	(void)minor;
	(void)unused;
	((netsnmp_session *)session)->timeout = TIMEOUT * ONE_SEC;
	((netsnmp_session *)session)->retries = 0;
	return 0;
}

/* The library must neither ping nor reconnect beside us. Its start, and every reading of
 * the configuration, set its interval again. */
static int
stop_library_pings(int major, int minor, void *unused, void *argument)
{
	(void)major;
	(void)minor;
	(void)unused;
	(void)argument;
	netsnmp_ds_set_int(
	    NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_AGENTX_PING_INTERVAL, 0);
	return SNMPERR_SUCCESS;
}

void
agentx_prepare(const char *address)
{
	netsnmp_enable_subagent();
	if (address)
		netsnmp_ds_set_string(
		    NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET, address);
	/* A subagent has no state worth keeping. */
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	snmp_register_callback(
	    SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_SESSION_INIT, limit_session, NULL);
}

void
agentx_take_over(void)
{
	snmp_register_callback(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_POST_READ_CONFIG,
	    stop_library_pings, NULL);
	snmp_unregister_callback(SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_POST_READ_CONFIG,
	    subagent_startup, NULL, 1);
}

void
agentx_start(struct agent *agent)
{
	the_session.agent = agent;
	the_session.delay = 1;
	agent->notifier.deliver = deliver;
	agent->uptime.others = true;
	snmp_register_callback(
	    SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_REGISTER_OID, on_registration, NULL);
	snmp_register_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_UNREGISTER_OID,
	    on_registration, NULL);
	try_to_connect(0, NULL);
}

/* Takes leave of the master. The library would do so inside its own callbacks of the end,
 * where a master that goes at the same time has it wait for a lock it holds itself. */
static void
close_session(void)
{
	quiet(true);
	agentx_close_session(main_session, AGENTX_CLOSE_SHUTDOWN);
	if (main_session)
		drop_session();
	quiet(false);
}

void
agentx_stop(void)
{
	snmp_unregister_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_REGISTER_OID,
	    on_registration, NULL, 1);
	snmp_unregister_callback(SNMP_CALLBACK_APPLICATION, SNMPD_CALLBACK_UNREGISTER_OID,
	    on_registration, NULL, 1);
	if (the_session.alarm)
		snmp_alarm_unregister(the_session.alarm);
	if (main_session)
		close_session();
	the_session.agent = NULL;
}
