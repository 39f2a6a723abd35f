// SPDX-License-Identifier: BSD-2-Clause
// ifXTable, 1.3.6.1.2.1.31.1.1 (RFC 2863): what ifTable has no columns for.
#include "columns.h"
#include "interfaces.h"
#include "tables.h"

static bool
read_trap_enable(const struct cell *cell, struct value *ret)
{
	const struct interface_row *row = cell->row;

	ret->integer = row->flags & IF_TRAPS ? TRUTH_TRUE : TRUTH_FALSE;
	return true;
}

static bool
read_high_speed(const struct cell *cell, struct value *ret)
{
	ret->number = ((const struct interface_row *)cell->row)->speed;
	return true;
}

static bool
read_alias(const struct cell *cell, struct value *ret)
{
	const struct interface_row *row = cell->row;

	ret->octets.n = row->alias_length;
	ret->octets.at = row->alias_length > 0
	    ? array_at(&cell->snapshot->side, row->octets + row->address_length)
	    : NULL;
	return true;
}

static bool
read_discontinuity(const struct cell *cell, struct value *ret)
{
	ret->moment = ((const struct interface_row *)cell->row)->discontinuity;
	return true;
}

static const struct label trap_states[] = {
	{ 1, "enabled" },
	{ 2, "disabled" },
	{ 0, NULL },
};

#define COUNTER(arc, object, syntax, counter) \
	{ \
		.number = (arc), .name = (object), .type = (syntax), \
		.read = interface_counter, .argument = (counter) \
	}

static const struct column columns[] = {
	{ .number = 1, .name = "ifName", .type = VALUE_OCTETS, .read = interface_name },
	COUNTER(2, "ifInMulticastPkts", VALUE_COUNTER32, IF_IN_MULTICAST),
	COUNTER(3, "ifInBroadcastPkts", VALUE_COUNTER32, IF_IN_BROADCAST),
	COUNTER(4, "ifOutMulticastPkts", VALUE_COUNTER32, IF_OUT_MULTICAST),
	COUNTER(5, "ifOutBroadcastPkts", VALUE_COUNTER32, IF_OUT_BROADCAST),
	COUNTER(6, "ifHCInOctets", VALUE_COUNTER64, IF_IN_OCTETS),
	COUNTER(7, "ifHCInUcastPkts", VALUE_COUNTER64, IF_IN_UCAST),
	COUNTER(8, "ifHCInMulticastPkts", VALUE_COUNTER64, IF_IN_MULTICAST),
	COUNTER(9, "ifHCInBroadcastPkts", VALUE_COUNTER64, IF_IN_BROADCAST),
	COUNTER(10, "ifHCOutOctets", VALUE_COUNTER64, IF_OUT_OCTETS),
	COUNTER(11, "ifHCOutUcastPkts", VALUE_COUNTER64, IF_OUT_UCAST),
	COUNTER(12, "ifHCOutMulticastPkts", VALUE_COUNTER64, IF_OUT_MULTICAST),
	COUNTER(13, "ifHCOutBroadcastPkts", VALUE_COUNTER64, IF_OUT_BROADCAST),
	{
	    .number = 14,
	    .name = "ifLinkUpDownTrapEnable",
	    .type = VALUE_INTEGER,
	    .read = read_trap_enable,
	    .labels = trap_states,
	},
	{
	    .number = 15,
	    .name = "ifHighSpeed",
	    .type = VALUE_GAUGE32,
	    .read = read_high_speed,
	},
	{
	    .number = 16,
	    .name = "ifPromiscuousMode",
	    .type = VALUE_INTEGER,
	    .read = interface_flag,
	    .argument = IF_PROMISCUOUS,
	    .labels = truth_values,
	},
	{
	    .number = 17,
	    .name = "ifConnectorPresent",
	    .type = VALUE_INTEGER,
	    .read = interface_flag,
	    .argument = IF_CONNECTOR,
	    .labels = truth_values,
	},
	{ .number = 18, .name = "ifAlias", .type = VALUE_OCTETS, .read = read_alias },
	{
	    .number = 19,
	    .name = "ifCounterDiscontinuityTime",
	    .type = VALUE_TIMETICKS,
	    .read = read_discontinuity,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 31, 1, 1 };

const struct table table_ifx = {
	.name = "ifXTable",
	.group = "interface",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.source = &source_interfaces,
	.augments = &table_if,
	.index = interface_index,
	.n_index = ARRAY_LENGTH(interface_index),
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
