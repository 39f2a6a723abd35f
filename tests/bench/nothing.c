// SPDX-License-Identifier: BSD-2-Clause
// An AgentX subagent that looks nothing up: the floor for any subagent made with net-snmp.

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PER_HIGH 50000
#define NAME_MAX_LENGTH 24

/* A table whose rows are numbered in their index. */
struct shape {
	const char *name;
	oid first[NAME_MAX_LENGTH]; /* table . entry . column . index of the first row */
	size_t length, table_length;
	oid last_column;
	size_t high, low; /* where the number is: as two sub-identifiers, or (0) as one */
};

static const struct shape shapes[] = {
	{
	    /* Of which netmibd's column of states is walked, with IPv4 addresses. */
	    .name = "tcpConnectionTable",
	    .first = { 1, 3, 6, 1, 2, 1, 6, 19, 1, 7, 1, 4, 127, 0, 0, 1, 0, 1, 4, 127, 0,
		0, 1, 0 },
	    .length = 24,
	    .table_length = 8,
	    .last_column = 7,
	    .high = 16,
	    .low = 23,
	},
	{
	    .name = "ifTable",
	    .first = { 1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 0 },
	    .length = 11,
	    .table_length = 8,
	    .last_column = 22,
	    .low = 10,
	},
	{
	    .name = "ifXTable",
	    .first = { 1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1, 0 },
	    .length = 12,
	    .table_length = 9,
	    .last_column = 19,
	    .low = 11,
	},
};

static unsigned long rows;

static unsigned long
row_number(const struct shape *shape, const oid *name)
{
	return (shape->high ? name[shape->high] * PER_HIGH : 0) + name[shape->low];
}

/* Finds the column and row after the ones named; false when there is none. */
static bool
find_next(const struct shape *shape, const oid *name, size_t length, oid *ret_column,
    unsigned long *ret_row)
{
	const size_t at = shape->table_length + 1;

	*ret_column = shape->first[at];
	*ret_row = 0;
	if (length > at && name[at] >= *ret_column) {
		*ret_column = name[at];
		if (length >= shape->length)
			*ret_row = row_number(shape, name) + 1;
		if (*ret_row >= rows) {
			++*ret_column;
			*ret_row = 0;
		}
	}
	return *ret_column <= shape->last_column;
}

static void
answer(const struct shape *shape, netsnmp_variable_list *variable)
{
	oid name[NAME_MAX_LENGTH];
	unsigned long row;
	oid column;

	if (!find_next(shape, variable->name, variable->name_length, &column, &row))
		return;
	memcpy(name, shape->first, sizeof(name));
	name[shape->table_length + 1] = column;
	if (shape->high)
		name[shape->high] = row / PER_HIGH;
	name[shape->low] = shape->high ? row % PER_HIGH : row;
	snmp_set_var_objid(variable, name, shape->length);
	snmp_set_var_typed_integer(variable, ASN_INTEGER, 5);
}

static int
handle(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
    netsnmp_agent_request_info *info, netsnmp_request_info *requests)
{
	(void)handler;
	for (; requests != NULL; requests = requests->next)
		if (info->mode == MODE_GETNEXT && !requests->processed)
			answer(registration->my_reg_void, requests->requestvb);
	return SNMP_ERR_NOERROR;
}

/* Returns false for the name of a table that has no shape here. */
static bool
serve(const char *name)
{
	netsnmp_handler_registration *registration;
	size_t i;

	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		if (strcmp(shapes[i].name, name) != 0)
			continue;
		registration = netsnmp_create_handler_registration(name, handle,
		    shapes[i].first, shapes[i].table_length, HANDLER_CAN_RONLY);
		registration->my_reg_void = (void *)&shapes[i];
		netsnmp_register_handler(registration);
		return true;
	}
	fprintf(stderr, "nothing: no such table: %s\n", name);
	return false;
}

int
main(int argc, char **argv)
{
	int i;

	if (argc < 4) {
		fprintf(stderr, "usage: nothing AGENTX_ADDRESS ROWS TABLE...\n");
		return 2;
	}
	rows = strtoul(argv[2], NULL, 10);
	snmp_enable_stderrlog();
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_ROLE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_string(
	    NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_X_SOCKET, argv[1]);
	init_agent("nothing");
	for (i = 3; i < argc; i++)
		if (!serve(argv[i]))
			return 2;
	init_snmp("nothing");
	for (;;)
		agent_check_and_process(1);
}
