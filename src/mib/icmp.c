// SPDX-License-Identifier: BSD-2-Clause
// The icmp group of IP-MIB, 1.3.6.1.2.1.5 (RFC 4293): the old scalars, which are of IPv4,
// icmpStatsTable and icmpMsgStatsTable.
#include "counters.h"
#include "tables.h"

static const struct column scalars[] = {
	COUNTER(1, "icmpInMsgs", VALUE_COUNTER32, ICMP_IN_MSGS),
	COUNTER(2, "icmpInErrors", VALUE_COUNTER32, ICMP_IN_ERRORS),
	COUNTER(3, "icmpInDestUnreachs", VALUE_COUNTER32, ICMP_IN_DEST_UNREACHS),
	COUNTER(4, "icmpInTimeExcds", VALUE_COUNTER32, ICMP_IN_TIME_EXCDS),
	COUNTER(5, "icmpInParmProbs", VALUE_COUNTER32, ICMP_IN_PARM_PROBS),
	COUNTER(6, "icmpInSrcQuenchs", VALUE_COUNTER32, ICMP_IN_SRC_QUENCHS),
	COUNTER(7, "icmpInRedirects", VALUE_COUNTER32, ICMP_IN_REDIRECTS),
	COUNTER(8, "icmpInEchos", VALUE_COUNTER32, ICMP_IN_ECHOS),
	COUNTER(9, "icmpInEchoReps", VALUE_COUNTER32, ICMP_IN_ECHO_REPS),
	COUNTER(10, "icmpInTimestamps", VALUE_COUNTER32, ICMP_IN_TIMESTAMPS),
	COUNTER(11, "icmpInTimestampReps", VALUE_COUNTER32, ICMP_IN_TIMESTAMP_REPS),
	COUNTER(12, "icmpInAddrMasks", VALUE_COUNTER32, ICMP_IN_ADDR_MASKS),
	COUNTER(13, "icmpInAddrMaskReps", VALUE_COUNTER32, ICMP_IN_ADDR_MASK_REPS),
	COUNTER(14, "icmpOutMsgs", VALUE_COUNTER32, ICMP_OUT_MSGS),
	COUNTER(15, "icmpOutErrors", VALUE_COUNTER32, ICMP_OUT_ERRORS),
	COUNTER(16, "icmpOutDestUnreachs", VALUE_COUNTER32, ICMP_OUT_DEST_UNREACHS),
	COUNTER(17, "icmpOutTimeExcds", VALUE_COUNTER32, ICMP_OUT_TIME_EXCDS),
	COUNTER(18, "icmpOutParmProbs", VALUE_COUNTER32, ICMP_OUT_PARM_PROBS),
	COUNTER(19, "icmpOutSrcQuenchs", VALUE_COUNTER32, ICMP_OUT_SRC_QUENCHS),
	COUNTER(20, "icmpOutRedirects", VALUE_COUNTER32, ICMP_OUT_REDIRECTS),
	COUNTER(21, "icmpOutEchos", VALUE_COUNTER32, ICMP_OUT_ECHOS),
	COUNTER(22, "icmpOutEchoReps", VALUE_COUNTER32, ICMP_OUT_ECHO_REPS),
	COUNTER(23, "icmpOutTimestamps", VALUE_COUNTER32, ICMP_OUT_TIMESTAMPS),
	COUNTER(24, "icmpOutTimestampReps", VALUE_COUNTER32, ICMP_OUT_TIMESTAMP_REPS),
	COUNTER(25, "icmpOutAddrMasks", VALUE_COUNTER32, ICMP_OUT_ADDR_MASKS),
	COUNTER(26, "icmpOutAddrMaskReps", VALUE_COUNTER32, ICMP_OUT_ADDR_MASK_REPS),
};

/* --- icmpStatsTable --- */

/* column->argument is the counter of IPv4; that of IPv6 is as far behind for each. */
static bool
read_stats(const struct cell *cell, struct value *ret)
{
	const struct counters *counters = array_at(&cell->snapshot->rows, 0);
	const struct ip_statistics *row = cell->row;
	enum counter counter = cell->column->argument;

	if (row->version == IP_VERSION_IPV6)
		counter += ICMP6_IN_MSGS - ICMP_IN_MSGS;
	counter_put((uint64_t)counters->value[counter], ret);
	return counters->present[counter];
}

#define STATS(arc, object, source) \
	{ \
		.number = (arc), .name = (object), .type = VALUE_COUNTER32, \
		.read = read_stats, .argument = (source) \
	}

static const struct index_part stats_index[] = {
	{ .kind = INDEX_UINT32, .number = ip_statistics_version },
};

static const struct column stats[] = {
	STATS(2, "icmpStatsInMsgs", ICMP_IN_MSGS),
	STATS(3, "icmpStatsInErrors", ICMP_IN_ERRORS),
	STATS(4, "icmpStatsOutMsgs", ICMP_OUT_MSGS),
	STATS(5, "icmpStatsOutErrors", ICMP_OUT_ERRORS),
};

/* --- icmpMsgStatsTable --- */

static uint32_t
messages_version(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct icmp_messages *)row)->version;
}

static uint32_t
messages_type(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct icmp_messages *)row)->type;
}

static bool
read_in(const struct cell *cell, struct value *ret)
{
	counter_put(((const struct icmp_messages *)cell->row)->in, ret);
	return true;
}

static bool
read_out(const struct cell *cell, struct value *ret)
{
	counter_put(((const struct icmp_messages *)cell->row)->out, ret);
	return true;
}

static const struct index_part messages_index[] = {
	{ .kind = INDEX_UINT32, .number = messages_version },
	{ .kind = INDEX_UINT32, .number = messages_type },
};

static const struct column messages[] = {
	{
	    .number = 3,
	    .name = "icmpMsgStatsInPkts",
	    .type = VALUE_COUNTER32,
	    .read = read_in,
	},
	{
	    .number = 4,
	    .name = "icmpMsgStatsOutPkts",
	    .type = VALUE_COUNTER32,
	    .read = read_out,
	},
};

static const uint32_t icmp_root[] = { 1, 3, 6, 1, 2, 1, 5 };
static const uint32_t stats_root[] = { 1, 3, 6, 1, 2, 1, 5, 29 };
static const uint32_t messages_root[] = { 1, 3, 6, 1, 2, 1, 5, 30 };

const struct table table_icmp_scalars = {
	.name = "icmpScalars",
	.group = "ip",
	.root = icmp_root,
	.root_length = ARRAY_LENGTH(icmp_root),
	.scalars = true,
	.source = &source_counters,
	.columns = scalars,
	.n_columns = ARRAY_LENGTH(scalars),
};

const struct table table_icmp_stats = {
	.name = "icmpStatsTable",
	.group = "ip",
	.root = stats_root,
	.root_length = ARRAY_LENGTH(stats_root),
	.source = &source_counters,
	.set = COUNTERS_VERSIONS,
	.index = stats_index,
	.n_index = ARRAY_LENGTH(stats_index),
	.columns = stats,
	.n_columns = ARRAY_LENGTH(stats),
};

const struct table table_icmp_msg_stats = {
	.name = "icmpMsgStatsTable",
	.group = "ip",
	.root = messages_root,
	.root_length = ARRAY_LENGTH(messages_root),
	.source = &source_counters,
	.set = COUNTERS_MESSAGES,
	.index = messages_index,
	.n_index = ARRAY_LENGTH(messages_index),
	.columns = messages,
	.n_columns = ARRAY_LENGTH(messages),
};
