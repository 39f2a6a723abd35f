// SPDX-License-Identifier: BSD-2-Clause
// ifTable, 1.3.6.1.2.1.2.2 (RFC 2863): the interfaces.
#include "columns.h"
#include "interfaces.h"
#include "tables.h"

static const struct interface_row *
as_interface(const struct cell *cell)
{
	return cell->row;
}

static bool
read_index(const struct cell *cell, struct value *ret)
{
	ret->integer = (int32_t)as_interface(cell)->ifindex;
	return true;
}

static bool
read_type(const struct cell *cell, struct value *ret)
{
	ret->integer = as_interface(cell)->type;
	return true;
}

static bool
read_mtu(const struct cell *cell, struct value *ret)
{
	uint32_t mtu = as_interface(cell)->mtu;

	ret->integer = mtu > INT32_MAX ? INT32_MAX : (int32_t)mtu;
	return true;
}

/* In bit/s; what does not fit is as much as fits, and ifHighSpeed tells it. */
static bool
read_speed(const struct cell *cell, struct value *ret)
{
	uint64_t speed = as_interface(cell)->speed * UINT64_C(1000000);

	ret->number = speed > UINT32_MAX ? UINT32_MAX : (uint32_t)speed;
	return true;
}

static bool
read_address(const struct cell *cell, struct value *ret)
{
	const struct interface_row *row = cell->row;

	ret->octets.n = row->address_length;
	ret->octets.at = row->address_length > 0
	    ? array_at(&cell->snapshot->side, row->octets)
	    : NULL;
	return true;
}

static bool
read_admin(const struct cell *cell, struct value *ret)
{
	ret->integer = as_interface(cell)->admin;
	return true;
}

static bool
read_oper(const struct cell *cell, struct value *ret)
{
	ret->integer = as_interface(cell)->oper;
	return true;
}

static bool
read_last_change(const struct cell *cell, struct value *ret)
{
	ret->moment = as_interface(cell)->last_change;
	return true;
}

/* The two counters of what is not Ucast; a part that the driver does not tell is 0, being
 * in Ucast. */
static bool
read_nucast(const struct cell *cell, struct value *ret)
{
	const uint64_t *counters = &as_interface(cell)->counter[cell->column->argument];

	ret->number = (uint32_t)(counters[0] + counters[1]);
	return true;
}

static const struct label admin_states[] = {
	{ ADMIN_UP, "up" },
	{ ADMIN_DOWN, "down" },
	{ 3, "testing" },
	{ 0, NULL },
};

static const struct label oper_states[] = {
	{ OPER_UP, "up" },
	{ OPER_DOWN, "down" },
	{ OPER_TESTING, "testing" },
	{ OPER_UNKNOWN, "unknown" },
	{ OPER_DORMANT, "dormant" },
	{ OPER_NOT_PRESENT, "notPresent" },
	{ OPER_LOWER_LAYER_DOWN, "lowerLayerDown" },
	{ 0, NULL },
};

#define COUNTER(arc, object, counter) \
	{ \
		.number = (arc), .name = (object), .type = VALUE_COUNTER32, \
		.read = interface_counter, .argument = (counter) \
	}

static const struct column columns[] = {
	{ .number = 1, .name = "ifIndex", .type = VALUE_INTEGER, .read = read_index },
	{ .number = 2, .name = "ifDescr", .type = VALUE_OCTETS, .read = interface_name },
	{ .number = 3, .name = "ifType", .type = VALUE_INTEGER, .read = read_type },
	{ .number = 4, .name = "ifMtu", .type = VALUE_INTEGER, .read = read_mtu },
	{ .number = 5, .name = "ifSpeed", .type = VALUE_GAUGE32, .read = read_speed },
	{
	    .number = 6,
	    .name = "ifPhysAddress",
	    .type = VALUE_OCTETS,
	    .read = read_address,
	},
	{
	    .number = 7,
	    .name = "ifAdminStatus",
	    .type = VALUE_INTEGER,
	    .read = read_admin,
	    .labels = admin_states,
	},
	{
	    .number = 8,
	    .name = "ifOperStatus",
	    .type = VALUE_INTEGER,
	    .read = read_oper,
	    .labels = oper_states,
	},
	{
	    .number = 9,
	    .name = "ifLastChange",
	    .type = VALUE_TIMETICKS,
	    .read = read_last_change,
	},
	COUNTER(10, "ifInOctets", IF_IN_OCTETS),
	COUNTER(11, "ifInUcastPkts", IF_IN_UCAST),
	{
	    .number = 12,
	    .name = "ifInNUcastPkts",
	    .type = VALUE_COUNTER32,
	    .read = read_nucast,
	    .argument = IF_IN_MULTICAST,
	},
	COUNTER(13, "ifInDiscards", IF_IN_DISCARDS),
	COUNTER(14, "ifInErrors", IF_IN_ERRORS),
	/* They are among the discards; the kernel does not count them apart. */
	{
	    .number = 15,
	    .name = "ifInUnknownProtos",
	    .type = VALUE_COUNTER32,
	    .read = column_constant,
	},
	COUNTER(16, "ifOutOctets", IF_OUT_OCTETS),
	COUNTER(17, "ifOutUcastPkts", IF_OUT_UCAST),
	{
	    .number = 18,
	    .name = "ifOutNUcastPkts",
	    .type = VALUE_COUNTER32,
	    .read = read_nucast,
	    .argument = IF_OUT_MULTICAST,
	},
	COUNTER(19, "ifOutDiscards", IF_OUT_DISCARDS),
	COUNTER(20, "ifOutErrors", IF_OUT_ERRORS),
	{
	    .number = 21,
	    .name = "ifOutQLen",
	    .type = VALUE_GAUGE32,
	    .read = column_constant,
	},
	{
	    .number = 22,
	    .name = "ifSpecific",
	    .type = VALUE_OBJECT_ID,
	    .read = column_zero_object_id,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 2, 2 };

const struct table table_if = {
	.name = "ifTable",
	.group = "interface",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.source = &source_interfaces,
	.set = INTERFACE_ROWS,
	.index = interface_index,
	.n_index = ARRAY_LENGTH(interface_index),
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
