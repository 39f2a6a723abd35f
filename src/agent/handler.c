// SPDX-License-Identifier: BSD-2-Clause
// The one handler that serves every table to net-snmp.
#include "handler.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>

#include "../table/reader.h"
#include "../table/source.h"
#include "uptime.h"

void
handler_init(struct served *served, struct reader *reader, struct uptime *uptime)
{
	const struct table *table = reader_table(reader);

	*served = (struct served){
		.reader = reader,
		.uptime = uptime,
		.root_length = table->root_length,
	};
	for (size_t i = 0; i < table->root_length; i++)
		served->root[i] = table->root[i];
	served->n_regions = table->by_column ? table->n_columns : 1;
}

size_t
handler_region(const struct served *served, size_t i, oid region[HANDLER_OID_MAX])
{
	const struct table *table = reader_table(served->reader);
	size_t n = served->root_length;

	memcpy(region, served->root, n * sizeof(oid));
	if (table->scalars && (table->by_column || table->n_columns == 1)) {
		/*
		 * As net-snmp's helpers register scalars: one by itself with its instance;
		 * those of a group without. Behind one of these that was registered with
		 * its instance, snmpd's own group is not found any more, not even when that
		 * was given back.
		 */
		region[n++] = table->columns[i].number;
		if (!table->by_column)
			region[n++] = 0;
	} else if (table->by_column) {
		region[n++] = 1;
		region[n++] = table->columns[i].number;
	}
	return n;
}

/* net-snmp's name of a type. */
static const u_char asn_types[] = {
	[VALUE_INTEGER] = ASN_INTEGER,
	[VALUE_COUNTER32] = ASN_COUNTER,
	[VALUE_GAUGE32] = ASN_GAUGE,
	[VALUE_COUNTER64] = ASN_COUNTER64,
	[VALUE_IPADDRESS] = ASN_IPADDRESS,
	[VALUE_OBJECT_ID] = ASN_OBJECT_ID,
	[VALUE_OCTETS] = ASN_OCTET_STR,
	[VALUE_TIMETICKS] = ASN_TIMETICKS,
};

static void
set_object_id(netsnmp_variable_list *varbind, const struct object_id *object_id)
{
	oid name[sizeof(object_id->subid) / sizeof(object_id->subid[0])];

	for (size_t i = 0; i < object_id->n; i++)
		name[i] = object_id->subid[i];
	snmp_set_var_typed_value(varbind, ASN_OBJECT_ID, name, object_id->n * sizeof(oid));
}

/* The sysUpTime of a moment. The clock of this process is at hand; what a master's says, is
 * told by who speaks with it. */
static uint32_t
time_stamp(struct uptime *uptime, int64_t moment)
{
	int64_t now;

	if (!uptime->others) {
		now = monotonic_now();
		uptime_heard(uptime, (uint32_t)netsnmp_get_agent_uptime(), now, now);
	}
	return uptime_at(uptime, moment);
}

static void
set_value(
    const struct served *served, netsnmp_variable_list *varbind, const struct value *value)
{
	u_char type = asn_types[value->type];
	struct counter64 counter;
	in_addr_t address;

	switch (value->type) {
	case VALUE_INTEGER:
		snmp_set_var_typed_integer(varbind, type, value->integer);
		break;
	case VALUE_COUNTER32:
	case VALUE_GAUGE32:
		snmp_set_var_typed_integer(varbind, type, value->number);
		break;
	case VALUE_COUNTER64:
		counter.high = value->counter64 >> 32;
		counter.low = value->counter64 & 0xffffffff;
		snmp_set_var_typed_value(varbind, type, &counter, sizeof(counter));
		break;
	case VALUE_IPADDRESS:
		address = htonl(value->number);
		snmp_set_var_typed_value(varbind, type, &address, sizeof(address));
		break;
	case VALUE_OBJECT_ID:
		set_object_id(varbind, &value->object_id);
		break;
	case VALUE_OCTETS:
		snmp_set_var_typed_value(varbind, type, value->octets.at, value->octets.n);
		break;
	case VALUE_TIMETICKS:
		snmp_set_var_typed_integer(
		    varbind, type, time_stamp(served->uptime, value->moment));
		break;
	}
}

/*
 * The sub-identifiers of a name below the root of a table. A name that is not below it is
 * before it (none) or cannot occur: net-snmp asks us for our own region only. Returns their
 * number.
 */
static size_t
below_root(const struct served *served, const netsnmp_variable_list *varbind,
    uint32_t subid[MAX_OID_LEN])
{
	size_t n = 0;

	if (varbind->name_length <= served->root_length ||
	    snmp_oidtree_compare(
		varbind->name, served->root_length, served->root, served->root_length) != 0)
		return 0;
	for (size_t i = served->root_length; i < varbind->name_length && n < MAX_OID_LEN;
	     i++)
		subid[n++] = (uint32_t)varbind->name[i];
	return n;
}

static void
set_name(const struct served *served, netsnmp_variable_list *varbind,
    const struct instance *instance)
{
	oid name[HANDLER_OID_MAX + INDEX_MAX + 2];
	size_t n = served->root_length;

	memcpy(name, served->root, n * sizeof(oid));
	for (size_t i = 0; i < instance->n; i++)
		name[n++] = instance->subid[i];
	snmp_set_var_objid(varbind, name, n);
}

int
handler_answer_get(struct served *served, netsnmp_variable_list *varbind)
{
	uint32_t subid[MAX_OID_LEN];
	size_t n = below_root(served, varbind, subid);
	struct value value;

	switch (reader_get(served->reader, subid, n, &value)) {
	case READ_FOUND:
		set_value(served, varbind, &value);
		return SNMP_ERR_NOERROR;
	case READ_NO_DATA:
		return SNMP_ERR_GENERR;
	case READ_NO_OBJECT:
		snmp_set_var_typed_value(varbind, SNMP_NOSUCHOBJECT, NULL, 0);
		return SNMP_ERR_NOERROR;
	default:
		snmp_set_var_typed_value(varbind, SNMP_NOSUCHINSTANCE, NULL, 0);
		return SNMP_ERR_NOERROR;
	}
}

int
handler_answer_next(struct served *served, netsnmp_variable_list *varbind, bool inclusive)
{
	uint32_t subid[MAX_OID_LEN];
	size_t n = below_root(served, varbind, subid);
	struct instance instance;
	struct value value;

	switch (reader_next(served->reader, subid, n, inclusive, &instance, &value)) {
	case READ_FOUND:
		set_name(served, varbind, &instance);
		set_value(served, varbind, &value);
		return SNMP_ERR_NOERROR;
	case READ_NO_DATA:
		return SNMP_ERR_GENERR;
	default:
		return SNMP_ENDOFMIBVIEW;
	}
}

/* Whether a name is still in the range that net-snmp wants from us. */
static bool
in_range(const netsnmp_request_info *request)
{
	return snmp_oid_compare(request->requestvb->name, request->requestvb->name_length,
		   request->range_end, request->range_end_len) < 0;
}

/*
 * All repetitions of a GETBULK, or the one of a GETNEXT. What is left untouched, or is
 * behind the end of the range, net-snmp takes to the next registration; so does a
 * repetition of type ASN_NULL, from the name it has.
 */
static int
answer_repetitions(struct served *served, netsnmp_request_info *request)
{
	bool inclusive = request->inclusive;
	netsnmp_variable_list *next;
	int status;

	for (;;) {
		status = handler_answer_next(served, request->requestvb, inclusive);
		if (status == SNMP_ENDOFMIBVIEW) {
			request->requestvb->type = ASN_NULL;
			return SNMP_ERR_NOERROR;
		}
		next = request->requestvb->next_variable;
		if (status != SNMP_ERR_NOERROR || request->repeat <= 0 || !next ||
		    !in_range(request))
			return status;
		request->repeat--;
		snmp_set_var_objid(
		    next, request->requestvb->name, request->requestvb->name_length);
		request->requestvb = next;
		request->inclusive = inclusive = false;
	}
}

static int
handle(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
    netsnmp_agent_request_info *info, netsnmp_request_info *requests)
{
	struct served *served = handler->myvoid;
	int status;

	(void)registration;
	reader_begin(served->reader);
	for (netsnmp_request_info *request = requests; request; request = request->next) {
		if (request->processed)
			continue;
		if (info->mode == MODE_GET)
			status = handler_answer_get(served, request->requestvb);
		else
			status = answer_repetitions(served, request);
		if (status != SNMP_ERR_NOERROR)
			netsnmp_set_request_error(info, request, status);
	}
	reader_end(served->reader);
	return SNMP_ERR_NOERROR;
}

/* Registers one region; NULL when that fails. */
static netsnmp_handler_registration *
register_region(struct served *served, size_t i)
{
	netsnmp_handler_registration *registration;
	oid region[HANDLER_OID_MAX];
	size_t n = handler_region(served, i, region);

	/* GETBULK filled at once; SET refused with notWritable by the library. */
	registration = netsnmp_create_handler_registration(
	    reader_table(served->reader)->name, handle, region, n,
	    HANDLER_CAN_GETANDGETNEXT | HANDLER_CAN_GETBULK);
	if (!registration)
		return NULL;
	registration->priority = HANDLER_PRIORITY;
	/* Not registration->my_reg_void: copies for the parts around a longer OID lose it.
	 */
	registration->handler->myvoid = served;
	/* Frees the registration when it fails. */
	if (netsnmp_register_handler(registration) != MIB_REGISTERED_OK)
		return NULL;
	return registration;
}

int
handler_register(struct served *served)
{
	if (served->registered)
		return 0;
	served->registered = true;
	for (size_t i = 0; i < served->n_regions; i++) {
		served->registrations[i] = register_region(served, i);
		if (!served->registrations[i]) {
			handler_unregister(served);
			return -EIO;
		}
	}
	DEBUGMSGTL(("netmib", "serving %s\n", reader_table(served->reader)->name));
	return 0;
}

void
handler_unregister(struct served *served)
{
	if (!served->registered)
		return;
	DEBUGMSGTL(
	    ("netmib", "no longer serving %s\n", reader_table(served->reader)->name));
	for (size_t i = 0; i < served->n_regions; i++) {
		if (served->registrations[i])
			netsnmp_unregister_handler(served->registrations[i]);
		served->registrations[i] = NULL;
	}
	served->registered = false;
}
