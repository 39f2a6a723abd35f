// SPDX-License-Identifier: BSD-2-Clause
// ipv4InterfaceTable, ipv6InterfaceTable and ipv6ScopeZoneIndexTable, 1.3.6.1.2.1.4.28, .30
// and .36 (RFC 4293), and when the first two changed.
#include "columns.h"
#include "ip.h"
#include "tables.h"

#define REASM_MAX 65535 /* octets: all that IPv4 can carry */

/* ipv4InterfaceEnableStatus. */
enum {
	ENABLE_UP = 1,
	ENABLE_DOWN = 2,
};

static const struct ip_interface *
as_interface(const void *row)
{
	return row;
}

static bool
has_ipv4(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return as_interface(row)->ipv4;
}

static bool
has_ipv6(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return as_interface(row)->ipv6;
}

static uint32_t
ifindex(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return as_interface(row)->ifindex;
}

static const struct index_part index_parts[] = {
	{ .kind = INDEX_UINT32, .number = ifindex },
};

static const struct label enable_statuses[] = {
	{ ENABLE_UP, "up" },
	{ ENABLE_DOWN, "down" },
	{ 0, NULL },
};

static bool
read_arp_retrans(const struct cell *cell, struct value *ret)
{
	ret->number = as_interface(cell->row)->arp_retrans;
	return ret->number > 0;
}

static bool
read_max_reasm(const struct cell *cell, struct value *ret)
{
	ret->number = as_interface(cell->row)->max_reasm;
	return true;
}

static bool
read_identifier(const struct cell *cell, struct value *ret)
{
	const struct ip_interface *row = cell->row;

	ret->octets = (struct octets){ row->identifier, row->identifier_length };
	return true;
}

static bool
read_enabled(const struct cell *cell, struct value *ret)
{
	ret->integer = as_interface(cell->row)->ipv6_enabled ? ENABLE_UP : ENABLE_DOWN;
	return true;
}

static bool
read_reachable(const struct cell *cell, struct value *ret)
{
	ret->number = as_interface(cell->row)->reachable;
	return true;
}

static bool
read_retrans(const struct cell *cell, struct value *ret)
{
	ret->number = as_interface(cell->row)->retrans;
	return true;
}

static bool
read_forwarding(const struct cell *cell, struct value *ret)
{
	ret->integer = ip_forwarding(as_interface(cell->row)->forwarding);
	return true;
}

static const struct column ipv4_columns[] = {
	{
	    .number = 2,
	    .name = "ipv4InterfaceReasmMaxSize",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = REASM_MAX,
	},
	/* It is attached to the interfaces that are shown here. */
	{
	    .number = 3,
	    .name = "ipv4InterfaceEnableStatus",
	    .type = VALUE_INTEGER,
	    .read = column_constant,
	    .argument = ENABLE_UP,
	    .labels = enable_statuses,
	},
	{
	    .number = 4,
	    .name = "ipv4InterfaceRetransmitTime",
	    .type = VALUE_GAUGE32,
	    .read = read_arp_retrans,
	},
};

static const struct column ipv6_columns[] = {
	{
	    .number = 2,
	    .name = "ipv6InterfaceReasmMaxSize",
	    .type = VALUE_GAUGE32,
	    .read = read_max_reasm,
	},
	{
	    .number = 3,
	    .name = "ipv6InterfaceIdentifier",
	    .type = VALUE_OCTETS,
	    .read = read_identifier,
	},
	{
	    .number = 5,
	    .name = "ipv6InterfaceEnableStatus",
	    .type = VALUE_INTEGER,
	    .read = read_enabled,
	    .labels = enable_statuses,
	},
	{
	    .number = 6,
	    .name = "ipv6InterfaceReachableTime",
	    .type = VALUE_GAUGE32,
	    .read = read_reachable,
	},
	{
	    .number = 7,
	    .name = "ipv6InterfaceRetransmitTime",
	    .type = VALUE_GAUGE32,
	    .read = read_retrans,
	},
	{
	    .number = 8,
	    .name = "ipv6InterfaceForwarding",
	    .type = VALUE_INTEGER,
	    .read = read_forwarding,
	    .labels = ip_forwarding_labels,
	},
};

/* --- ipv6ScopeZoneIndexTable --- */

/* Each link is a zone by itself, and for the other scopes there is one, the default. */
static bool
read_link_zone(const struct cell *cell, struct value *ret)
{
	ret->number = as_interface(cell->row)->ifindex;
	return true;
}

#define DEFAULT_ZONE(arc, scope) \
	{ \
		.number = (arc), .name = "ipv6ScopeZoneIndex" scope, \
		.type = VALUE_GAUGE32, .read = column_constant, .argument = 0 \
	}

static const struct column zone_columns[] = {
	{
	    .number = 2,
	    .name = "ipv6ScopeZoneIndexLinkLocal",
	    .type = VALUE_GAUGE32,
	    .read = read_link_zone,
	},
	DEFAULT_ZONE(3, "3"),
	DEFAULT_ZONE(4, "AdminLocal"),
	DEFAULT_ZONE(5, "SiteLocal"),
	DEFAULT_ZONE(6, "6"),
	DEFAULT_ZONE(7, "7"),
	DEFAULT_ZONE(8, "OrganizationLocal"),
	DEFAULT_ZONE(9, "9"),
	DEFAULT_ZONE(10, "A"),
	DEFAULT_ZONE(11, "B"),
	DEFAULT_ZONE(12, "C"),
	DEFAULT_ZONE(13, "D"),
};

/* --- when they changed --- */

static bool
read_ipv4_change(const struct cell *cell, struct value *ret)
{
	ret->moment = ((const struct ip_interface_times *)cell->row)->ipv4;
	return true;
}

static bool
read_ipv6_change(const struct cell *cell, struct value *ret)
{
	ret->moment = ((const struct ip_interface_times *)cell->row)->ipv6;
	return true;
}

static const struct column ipv4_change[] = {
	{
	    .number = 27,
	    .name = "ipv4InterfaceTableLastChange",
	    .type = VALUE_TIMETICKS,
	    .read = read_ipv4_change,
	},
};

static const struct column ipv6_change[] = {
	{
	    .number = 29,
	    .name = "ipv6InterfaceTableLastChange",
	    .type = VALUE_TIMETICKS,
	    .read = read_ipv6_change,
	},
};

static const uint32_t ip[] = { 1, 3, 6, 1, 2, 1, 4 };
static const uint32_t ipv4_root[] = { 1, 3, 6, 1, 2, 1, 4, 28 };
static const uint32_t ipv6_root[] = { 1, 3, 6, 1, 2, 1, 4, 30 };
static const uint32_t zone_root[] = { 1, 3, 6, 1, 2, 1, 4, 36 };

const struct table table_ipv4_interface_last_change = {
	.name = "ipv4InterfaceTableLastChange",
	.group = "ip",
	.root = ip,
	.root_length = ARRAY_LENGTH(ip),
	.scalars = true,
	.source = &source_ip_interfaces,
	.set = IP_INTERFACE_TIMES,
	.columns = ipv4_change,
	.n_columns = 1,
};

const struct table table_ipv4_interface = {
	.name = "ipv4InterfaceTable",
	.group = "ip",
	.root = ipv4_root,
	.root_length = ARRAY_LENGTH(ipv4_root),
	.source = &source_ip_interfaces,
	.index = index_parts,
	.n_index = 1,
	.shows = has_ipv4,
	.columns = ipv4_columns,
	.n_columns = ARRAY_LENGTH(ipv4_columns),
};

const struct table table_ipv6_interface_last_change = {
	.name = "ipv6InterfaceTableLastChange",
	.group = "ip",
	.root = ip,
	.root_length = ARRAY_LENGTH(ip),
	.scalars = true,
	.source = &source_ip_interfaces,
	.set = IP_INTERFACE_TIMES,
	.columns = ipv6_change,
	.n_columns = 1,
};

const struct table table_ipv6_interface = {
	.name = "ipv6InterfaceTable",
	.group = "ip",
	.root = ipv6_root,
	.root_length = ARRAY_LENGTH(ipv6_root),
	.source = &source_ip_interfaces,
	.index = index_parts,
	.n_index = 1,
	.shows = has_ipv6,
	.columns = ipv6_columns,
	.n_columns = ARRAY_LENGTH(ipv6_columns),
};

const struct table table_ipv6_scope_zone_index = {
	.name = "ipv6ScopeZoneIndexTable",
	.group = "ip",
	.root = zone_root,
	.root_length = ARRAY_LENGTH(zone_root),
	.source = &source_ip_interfaces,
	.index = index_parts,
	.n_index = 1,
	.shows = has_ipv6,
	.columns = zone_columns,
	.n_columns = ARRAY_LENGTH(zone_columns),
};
