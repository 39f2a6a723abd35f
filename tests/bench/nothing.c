// SPDX-License-Identifier: BSD-2-Clause
// An AgentX subagent that looks nothing up: the floor for any subagent made with net-snmp.

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <stdio.h>
#include <stdlib.h>

/* As long as the index of tcpConnectionTable with two IPv4 addresses. */
#define INDEX_LENGTH 14
#define ROW_HIGH 6
#define ROW_LOW 13
#define PER_HIGH 50000
#define COLUMN 7

static const oid table_oid[] = { 1, 3, 6, 1, 2, 1, 6, 19 };
#define TABLE_LENGTH OID_LENGTH(table_oid)
/* table . entry . column . index */
#define ROW_LENGTH (TABLE_LENGTH + 2 + INDEX_LENGTH)

static unsigned long rows;

/* The number of the row after the one named, or rows when there is none. */
static unsigned long
row_after(const oid *name, size_t length)
{
	const oid *index = name + TABLE_LENGTH + 2;

	if (length < TABLE_LENGTH + 2 || name[TABLE_LENGTH + 1] < COLUMN)
		return 0;
	if (name[TABLE_LENGTH + 1] > COLUMN)
		return rows;
	if (length < ROW_LENGTH)
		return 0;
	return index[ROW_HIGH] * PER_HIGH + index[ROW_LOW] + 1;
}

static void
answer(netsnmp_variable_list *variable)
{
	oid name[ROW_LENGTH] = {
		1, 3, 6, 1, 2, 1, 6, 19, 1, COLUMN,
		1, 4, 127, 0, 0, 1, 0, 1, 4, 127, 0, 0, 1, 0,
	};
	const unsigned long row = row_after(variable->name, variable->name_length);

	if (row >= rows)
		return;
	name[TABLE_LENGTH + 2 + ROW_HIGH] = row / PER_HIGH;
	name[TABLE_LENGTH + 2 + ROW_LOW] = row % PER_HIGH;
	snmp_set_var_objid(variable, name, ROW_LENGTH);
	snmp_set_var_typed_integer(variable, ASN_INTEGER, 5);
}

static int
handle(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
    netsnmp_agent_request_info *info, netsnmp_request_info *requests)
{
	(void)handler;
	(void)registration;
	for (; requests != NULL; requests = requests->next)
		if (info->mode == MODE_GETNEXT && !requests->processed)
			answer(requests->requestvb);
	return SNMP_ERR_NOERROR;
}

int
main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: nothing AGENTX_ADDRESS ROWS\n");
		return 2;
	}
	rows = strtoul(argv[2], NULL, 10);
	snmp_enable_stderrlog();
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_ROLE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET,
	    argv[1]);
	init_agent("nothing");
	netsnmp_register_handler(netsnmp_create_handler_registration("nothing", handle,
	    table_oid, TABLE_LENGTH, HANDLER_CAN_RONLY));
	init_snmp("nothing");
	for (;;)
		agent_check_and_process(1);
}
