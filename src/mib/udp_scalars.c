// SPDX-License-Identifier: BSD-2-Clause
// UDP-MIB scalars, 1.3.6.1.2.1.7.1 to .9 (RFC 4113): both versions of IP together.
#include "counters.h"
#include "tables.h"

#define TO_IPV6 (UDP6_IN_DATAGRAMS - UDP_IN_DATAGRAMS)

/* The kernel counts each version of IP by itself; RFC 4113 does not tell them apart. */
static bool
read_both(const struct cell *cell, struct value *ret)
{
	const struct counters *counters = cell->row;
	enum counter ipv4 = cell->column->argument, ipv6 = ipv4 + TO_IPV6;

	counter_put((uint64_t)counters->value[ipv4] + (uint64_t)counters->value[ipv6], ret);
	return counters->present[ipv4] || counters->present[ipv6];
}

#define BOTH(arc, object, syntax, source) \
	{ \
		.number = (arc), .name = (object), .type = (syntax), .read = read_both, \
		.argument = (source) \
	}

static const struct column columns[] = {
	BOTH(1, "udpInDatagrams", VALUE_COUNTER32, UDP_IN_DATAGRAMS),
	BOTH(2, "udpNoPorts", VALUE_COUNTER32, UDP_NO_PORTS),
	BOTH(3, "udpInErrors", VALUE_COUNTER32, UDP_IN_ERRORS),
	BOTH(4, "udpOutDatagrams", VALUE_COUNTER32, UDP_OUT_DATAGRAMS),
	BOTH(8, "udpHCInDatagrams", VALUE_COUNTER64, UDP_IN_DATAGRAMS),
	BOTH(9, "udpHCOutDatagrams", VALUE_COUNTER64, UDP_OUT_DATAGRAMS),
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 7 };

const struct table table_udp_scalars = {
	.name = "udpScalars",
	.group = "udp",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.scalars = true,
	.source = &source_counters,
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
