// SPDX-License-Identifier: BSD-2-Clause
// The source of protocol counters: one reading of the kernel's files for every table.
#include "counters.h"

#include <errno.h>

bool
ip_statistics_take(
    const struct counters *counters, enum ip_version version, struct ip_statistics *ret)
{
	size_t first = version == IP_VERSION_IPV4 ? IPV4_COUNTERS : IPV6_COUNTERS;
	const uint32_t fragments = 1u << IP_FRAG_OKS | 1u << IP_FRAG_FAILS;

	*ret = (struct ip_statistics){ .version = version };
	for (size_t i = 0; i < IP_COUNTERS; i++) {
		ret->value[i] = (uint64_t)counters->value[first + i];
		ret->present |= counters->present[first + i] ? 1u << i : 0;
	}
	if ((ret->present & fragments) == fragments) {
		ret->value[IP_OUT_FRAG_REQDS] = ret->value[IP_FRAG_OKS] +
		    ret->value[IP_FRAG_FAILS];
		ret->present |= 1u << IP_OUT_FRAG_REQDS;
	}
	/* Kernels before 6.7: what IPv4 sends is counted as a request, forwarded or not. */
	if (!(ret->present & 1u << IP_OUT_TRANSMITS) &&
	    ret->present & 1u << IP_OUT_REQUESTS) {
		ret->value[IP_OUT_TRANSMITS] = ret->value[IP_OUT_REQUESTS];
		if (version == IP_VERSION_IPV6)
			ret->value[IP_OUT_TRANSMITS] += ret->value[IP_FORW_DATAGRAMS];
		ret->present |= 1u << IP_OUT_TRANSMITS;
	}
	return ret->present != 0;
}

static int
add_version(struct snapshot *new, enum ip_version version)
{
	struct ip_statistics statistics, *row;

	if (!ip_statistics_take(array_at(&new->rows, 0), version, &statistics))
		return 0;
	row = array_append(&new->more[COUNTERS_VERSIONS - 1], 1);
	if (!row)
		return -ENOMEM;
	*row = statistics;
	return 0;
}

static int
add_messages(struct snapshot *new, enum ip_version version)
{
	const struct counters *counters = array_at(&new->rows, 0);
	const uint64_t *in = counters->icmp_in[version - IP_VERSION_IPV4];
	const uint64_t *out = counters->icmp_out[version - IP_VERSION_IPV4];

	for (uint32_t type = 0; type < 256; type++) {
		struct icmp_messages *row;

		if (in[type] == 0 && out[type] == 0)
			continue;
		row = array_append(&new->more[COUNTERS_MESSAGES - 1], 1);
		if (!row)
			return -ENOMEM;
		*row = (struct icmp_messages){ in[type], out[type], version, type };
	}
	return 0;
}

static int
read_counters(struct reading *reading)
{
	struct snapshot *new = reading->new;
	struct counters *counters;
	int error;

	new->rows = ARRAY_OF(struct counters);
	new->more[COUNTERS_VERSIONS - 1] = ARRAY_OF(struct ip_statistics);
	new->more[COUNTERS_MESSAGES - 1] = ARRAY_OF(struct icmp_messages);
	counters = array_append(&new->rows, 1);
	if (!counters)
		return -ENOMEM;
	error = counters_read(counters);
	for (uint32_t version = IP_VERSION_IPV4; version <= IP_VERSION_IPV6; version++) {
		if (error == 0)
			error = add_version(new, version);
		if (error == 0)
			error = add_messages(new, version);
	}
	return error;
}

const struct source_kind source_counters = {
	.name = "counters",
	.max_age = 1000,
	.read = read_counters,
};

uint32_t
ip_statistics_version(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct ip_statistics *)row)->version;
}

void
counter_put(uint64_t value, struct value *ret)
{
	if (ret->type == VALUE_INTEGER)
		ret->integer = (int32_t)value;
	else if (ret->type == VALUE_COUNTER64)
		ret->counter64 = value;
	else if (ret->type == VALUE_GAUGE32)
		ret->number = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
	else
		ret->number = (uint32_t)value;
}

bool
counter_read(const struct cell *cell, struct value *ret)
{
	const struct counters *counters = cell->row;
	enum counter counter = cell->column->argument;

	counter_put((uint64_t)counters->value[counter], ret);
	return counters->present[counter];
}
