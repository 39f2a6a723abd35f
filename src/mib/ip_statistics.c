// SPDX-License-Identifier: BSD-2-Clause
// ipSystemStatsTable and ipIfStatsTable, 1.3.6.1.2.1.4.31 (RFC 4293): the same counters, of
// the host and of its interfaces.
#include "counters.h"
#include "ip.h"
#include "tables.h"

static bool
read_statistic(const struct cell *cell, struct value *ret)
{
	const struct ip_statistics *row = cell->row;

	counter_put(row->value[cell->column->argument], ret);
	return row->present & 1u << cell->column->argument;
}

static bool
read_discontinuity(const struct cell *cell, struct value *ret)
{
	ret->moment = ((const struct ip_statistics *)cell->row)->discontinuity;
	return true;
}

/* How soon another look may find something new, ms. */
static bool
read_refresh_rate(const struct cell *cell, struct value *ret)
{
	ret->number = cell->snapshot->max_age;
	return true;
}

#define STATISTIC(arc, object, syntax, source) \
	{ \
		.number = (arc), .name = (object), .type = (syntax), \
		.read = read_statistic, .argument = (source) \
	}
#define ONE(arc, object, source) STATISTIC(arc, object, VALUE_COUNTER32, source)
/* A counter and its twin of 64 bits, whose name has HC in the middle. */
#define TWO(arc, table, object, source) \
	STATISTIC(arc, table object, VALUE_COUNTER32, source), \
	    STATISTIC((arc) + 1, table "HC" object, VALUE_COUNTER64, source)

/* clang-format off */
#define COLUMNS_3_TO_11(table) \
	TWO(3, table, "InReceives", IP_IN_RECEIVES), \
	TWO(5, table, "InOctets", IP_IN_OCTETS), \
	ONE(7, table "InHdrErrors", IP_IN_HDR_ERRORS), \
	ONE(8, table "InNoRoutes", IP_IN_NO_ROUTES), \
	ONE(9, table "InAddrErrors", IP_IN_ADDR_ERRORS), \
	ONE(10, table "InUnknownProtos", IP_IN_UNKNOWN_PROTOS), \
	ONE(11, table "InTruncatedPkts", IP_IN_TRUNCATED_PKTS)
#define COLUMNS_14_TO_21(table) \
	ONE(14, table "ReasmReqds", IP_REASM_REQDS), \
	ONE(15, table "ReasmOKs", IP_REASM_OKS), \
	ONE(16, table "ReasmFails", IP_REASM_FAILS), \
	ONE(17, table "InDiscards", IP_IN_DISCARDS), \
	TWO(18, table, "InDelivers", IP_IN_DELIVERS), \
	TWO(20, table, "OutRequests", IP_OUT_REQUESTS)
#define COLUMNS_23_TO_47(table) \
	TWO(23, table, "OutForwDatagrams", IP_FORW_DATAGRAMS), \
	ONE(25, table "OutDiscards", IP_OUT_DISCARDS), \
	ONE(26, table "OutFragReqds", IP_OUT_FRAG_REQDS), \
	ONE(27, table "OutFragOKs", IP_FRAG_OKS), \
	ONE(28, table "OutFragFails", IP_FRAG_FAILS), \
	ONE(29, table "OutFragCreates", IP_FRAG_CREATES), \
	TWO(30, table, "OutTransmits", IP_OUT_TRANSMITS), \
	TWO(32, table, "OutOctets", IP_OUT_OCTETS), \
	TWO(34, table, "InMcastPkts", IP_IN_MCAST_PKTS), \
	TWO(36, table, "InMcastOctets", IP_IN_MCAST_OCTETS), \
	TWO(38, table, "OutMcastPkts", IP_OUT_MCAST_PKTS), \
	TWO(40, table, "OutMcastOctets", IP_OUT_MCAST_OCTETS), \
	TWO(42, table, "InBcastPkts", IP_IN_BCAST_PKTS), \
	TWO(44, table, "OutBcastPkts", IP_OUT_BCAST_PKTS), \
	{ \
		.number = 46, .name = table "DiscontinuityTime", \
		.type = VALUE_TIMETICKS, .read = read_discontinuity, \
	}, \
	{ \
		.number = 47, .name = table "RefreshRate", \
		.type = VALUE_GAUGE32, .read = read_refresh_rate, \
	}
/* clang-format on */

static const struct column system_columns[] = {
	COLUMNS_3_TO_11("ipSystemStats"),
	/* Linux counts what it forwards once, when a path was found. */
	TWO(12, "ipSystemStats", "InForwDatagrams", IP_FORW_DATAGRAMS),
	COLUMNS_14_TO_21("ipSystemStats"),
	ONE(22, "ipSystemStatsOutNoRoutes", IP_OUT_NO_ROUTES),
	COLUMNS_23_TO_47("ipSystemStats"),
};

/* What is forwarded is counted at the interface it leaves by: there is no
 * ipIfStatsInForwDatagrams. */
static const struct column if_columns[] = {
	COLUMNS_3_TO_11("ipIfStats"),
	COLUMNS_14_TO_21("ipIfStats"),
	COLUMNS_23_TO_47("ipIfStats"),
};

static bool
read_change(const struct cell *cell, struct value *ret)
{
	ret->moment = *(const int64_t *)cell->row;
	return true;
}

static const struct column if_change[] = {
	{
	    .number = 2,
	    .name = "ipIfStatsTableLastChange",
	    .type = VALUE_TIMETICKS,
	    .read = read_change,
	},
};

static uint32_t
ifindex(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct ip_statistics *)row)->ifindex;
}

static const struct index_part index_parts[] = {
	{ .kind = INDEX_UINT32, .number = ip_statistics_version },
	{ .kind = INDEX_UINT32, .number = ifindex },
};

static const uint32_t traffic_root[] = { 1, 3, 6, 1, 2, 1, 4, 31 };
static const uint32_t system_root[] = { 1, 3, 6, 1, 2, 1, 4, 31, 1 };
static const uint32_t if_root[] = { 1, 3, 6, 1, 2, 1, 4, 31, 3 };

const struct table table_ip_system_stats = {
	.name = "ipSystemStatsTable",
	.group = "ip",
	.root = system_root,
	.root_length = ARRAY_LENGTH(system_root),
	.source = &source_counters,
	.set = COUNTERS_VERSIONS,
	.index = index_parts,
	.n_index = 1,
	.columns = system_columns,
	.n_columns = ARRAY_LENGTH(system_columns),
};

const struct table table_ip_if_stats_last_change = {
	.name = "ipIfStatsTableLastChange",
	.group = "ip",
	.root = traffic_root,
	.root_length = ARRAY_LENGTH(traffic_root),
	.scalars = true,
	.source = &source_ip_if_stats,
	.set = IP_IF_STATS_CHANGE,
	.columns = if_change,
	.n_columns = 1,
};

const struct table table_ip_if_stats = {
	.name = "ipIfStatsTable",
	.group = "ip",
	.root = if_root,
	.root_length = ARRAY_LENGTH(if_root),
	.source = &source_ip_if_stats,
	.index = index_parts,
	.n_index = ARRAY_LENGTH(index_parts),
	.columns = if_columns,
	.n_columns = ARRAY_LENGTH(if_columns),
};
