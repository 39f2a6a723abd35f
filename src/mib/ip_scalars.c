// SPDX-License-Identifier: BSD-2-Clause
// The scalars of the ip group, 1.3.6.1.2.1.4.1 to .26 (RFC 4293): the counters of IPv4, and
// what IP is set to do; with the source of the settings that no counters file tells.
#include "columns.h"
#include "counters.h"
#include "ip.h"
#include "tables.h"

#include <errno.h>

#include "../kernel/sysctls.h"

const struct label ip_forwarding_labels[] = {
	{ IP_IS_FORWARDING, "forwarding" },
	{ IP_IS_NOT_FORWARDING, "notForwarding" },
	{ 0, NULL },
};

static const struct column counters[] = {
	{
	    .number = 1,
	    .name = "ipForwarding",
	    .type = VALUE_INTEGER,
	    .read = counter_read,
	    .argument = IP_FORWARDING,
	    .labels = ip_forwarding_labels,
	},
	COUNTER(2, "ipDefaultTTL", VALUE_INTEGER, IP_DEFAULT_TTL),
	COUNTER(3, "ipInReceives", VALUE_COUNTER32, IPV4_COUNTERS + IP_IN_RECEIVES),
	COUNTER(4, "ipInHdrErrors", VALUE_COUNTER32, IPV4_COUNTERS + IP_IN_HDR_ERRORS),
	COUNTER(5, "ipInAddrErrors", VALUE_COUNTER32, IPV4_COUNTERS + IP_IN_ADDR_ERRORS),
	COUNTER(6, "ipForwDatagrams", VALUE_COUNTER32, IPV4_COUNTERS + IP_FORW_DATAGRAMS),
	COUNTER(
	    7, "ipInUnknownProtos", VALUE_COUNTER32, IPV4_COUNTERS + IP_IN_UNKNOWN_PROTOS),
	COUNTER(8, "ipInDiscards", VALUE_COUNTER32, IPV4_COUNTERS + IP_IN_DISCARDS),
	COUNTER(9, "ipInDelivers", VALUE_COUNTER32, IPV4_COUNTERS + IP_IN_DELIVERS),
	COUNTER(10, "ipOutRequests", VALUE_COUNTER32, IPV4_COUNTERS + IP_OUT_REQUESTS),
	COUNTER(11, "ipOutDiscards", VALUE_COUNTER32, IPV4_COUNTERS + IP_OUT_DISCARDS),
	COUNTER(12, "ipOutNoRoutes", VALUE_COUNTER32, IPV4_COUNTERS + IP_OUT_NO_ROUTES),
	COUNTER(14, "ipReasmReqds", VALUE_COUNTER32, IPV4_COUNTERS + IP_REASM_REQDS),
	COUNTER(15, "ipReasmOKs", VALUE_COUNTER32, IPV4_COUNTERS + IP_REASM_OKS),
	COUNTER(16, "ipReasmFails", VALUE_COUNTER32, IPV4_COUNTERS + IP_REASM_FAILS),
	COUNTER(17, "ipFragOKs", VALUE_COUNTER32, IPV4_COUNTERS + IP_FRAG_OKS),
	COUNTER(18, "ipFragFails", VALUE_COUNTER32, IPV4_COUNTERS + IP_FRAG_FAILS),
	COUNTER(19, "ipFragCreates", VALUE_COUNTER32, IPV4_COUNTERS + IP_FRAG_CREATES),
	/* Linux throws no valid route away. */
	{
	    .number = 23,
	    .name = "ipRoutingDiscards",
	    .type = VALUE_COUNTER32,
	    .read = column_constant,
	},
};

/* --- settings --- */

enum {
	REASM_TIMEOUT, /* s */
	IPV6_FORWARDING,
	IPV6_HOP_LIMIT,
	SETTINGS,
};

static const char *const names[SETTINGS] = {
	[REASM_TIMEOUT] = "ipv4/ipfrag_time",
	[IPV6_FORWARDING] = "ipv6/conf/all/forwarding",
	[IPV6_HOP_LIMIT] = "ipv6/conf/default/hop_limit",
};

struct settings {
	int64_t value[SETTINGS];
	bool present[SETTINGS];
};

/* What the kernel does not have is not shown. */
static int
read_settings(struct reading *reading)
{
	struct settings *settings;
	int error = 0;

	reading->new->rows = ARRAY_OF(struct settings);
	settings = array_append(&reading->new->rows, 1);
	if (!settings)
		return -ENOMEM;
	for (size_t i = 0; i < SETTINGS && error == 0; i++) {
		error = sysctls_read(names[i], &settings->value[i]);
		settings->present[i] = error == 0;
		if (error == -ENOENT || error == -EPROTO)
			error = 0;
	}
	return error;
}

const struct source_kind source_ip_settings = {
	.name = "settings",
	.max_age = 1000,
	.read = read_settings,
};

static bool
read_setting(const struct cell *cell, struct value *ret)
{
	const struct settings *settings = cell->row;

	ret->integer = (int32_t)settings->value[cell->column->argument];
	return settings->present[cell->column->argument];
}

static bool
read_forwarding(const struct cell *cell, struct value *ret)
{
	const struct settings *settings = cell->row;

	ret->integer = ip_forwarding(settings->value[cell->column->argument] != 0);
	return settings->present[cell->column->argument];
}

static const struct column settings[] = {
	{
	    .number = 13,
	    .name = "ipReasmTimeout",
	    .type = VALUE_INTEGER,
	    .read = read_setting,
	    .argument = REASM_TIMEOUT,
	},
	{
	    .number = 25,
	    .name = "ipv6IpForwarding",
	    .type = VALUE_INTEGER,
	    .read = read_forwarding,
	    .argument = IPV6_FORWARDING,
	    .labels = ip_forwarding_labels,
	},
	{
	    .number = 26,
	    .name = "ipv6IpDefaultHopLimit",
	    .type = VALUE_INTEGER,
	    .read = read_setting,
	    .argument = IPV6_HOP_LIMIT,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 4 };

const struct table table_ip_scalars = {
	.name = "ipScalars",
	.group = "ip",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.scalars = true,
	.by_column = true,
	.source = &source_counters,
	.columns = counters,
	.n_columns = ARRAY_LENGTH(counters),
};

const struct table table_ip_settings = {
	.name = "ipSettings",
	.group = "ip",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.scalars = true,
	.by_column = true,
	.source = &source_ip_settings,
	.columns = settings,
	.n_columns = ARRAY_LENGTH(settings),
};
