// SPDX-License-Identifier: BSD-2-Clause
// TCP-MIB scalars, 1.3.6.1.2.1.6.1 to .18 (RFC 4022): the kernel's one block for both
// families.
#include "counters.h"
#include "tables.h"

static const struct label rto_algorithms[] = {
	{ 1, "other" },
	{ 2, "constant" },
	{ 3, "rsre" },
	{ 4, "vanj" },
	{ 5, "rfc2988" },
	{ 0, NULL },
};

static const struct column columns[] = {
	{
	    .number = 1,
	    .name = "tcpRtoAlgorithm",
	    .type = VALUE_INTEGER,
	    .read = counter_read,
	    .argument = TCP_RTO_ALGORITHM,
	    .labels = rto_algorithms,
	},
	COUNTER(2, "tcpRtoMin", VALUE_INTEGER, TCP_RTO_MIN),
	COUNTER(3, "tcpRtoMax", VALUE_INTEGER, TCP_RTO_MAX),
	COUNTER(4, "tcpMaxConn", VALUE_INTEGER, TCP_MAX_CONN),
	COUNTER(5, "tcpActiveOpens", VALUE_COUNTER32, TCP_ACTIVE_OPENS),
	COUNTER(6, "tcpPassiveOpens", VALUE_COUNTER32, TCP_PASSIVE_OPENS),
	COUNTER(7, "tcpAttemptFails", VALUE_COUNTER32, TCP_ATTEMPT_FAILS),
	COUNTER(8, "tcpEstabResets", VALUE_COUNTER32, TCP_ESTAB_RESETS),
	COUNTER(9, "tcpCurrEstab", VALUE_GAUGE32, TCP_CURR_ESTAB),
	COUNTER(10, "tcpInSegs", VALUE_COUNTER32, TCP_IN_SEGS),
	COUNTER(11, "tcpOutSegs", VALUE_COUNTER32, TCP_OUT_SEGS),
	COUNTER(12, "tcpRetransSegs", VALUE_COUNTER32, TCP_RETRANS_SEGS),
	COUNTER(14, "tcpInErrs", VALUE_COUNTER32, TCP_IN_ERRS),
	COUNTER(15, "tcpOutRsts", VALUE_COUNTER32, TCP_OUT_RSTS),
	COUNTER(17, "tcpHCInSegs", VALUE_COUNTER64, TCP_IN_SEGS),
	COUNTER(18, "tcpHCOutSegs", VALUE_COUNTER64, TCP_OUT_SEGS),
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 6 };

const struct table table_tcp_scalars = {
	.name = "tcpScalars",
	.group = "tcp",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.scalars = true,
	.source = &source_counters,
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
