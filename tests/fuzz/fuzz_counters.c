// SPDX-License-Identifier: BSD-2-Clause
// Fuzzes the text of /proc/net/snmp and netstat, or, behind a #, that of snmp6.
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "kernel/counters.h"

/* Whether there are messages of this version of IP. */
static bool
any_message(const struct counters *counters, int version)
{
	for (size_t i = 0; i < 256; i++)
		if (counters->icmp_in[version][i] || counters->icmp_out[version][i])
			return true;
	return false;
}

/* What a text does not tell of is as it was: absent, and 0. */
static bool
any_counter(const struct counters *counters, size_t first, size_t end)
{
	bool any = false;

	for (size_t i = first; i < end; i++) {
		any |= counters->present[i];
		CHECK(counters->present[i] || counters->value[i] == 0);
	}
	return any;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool lines = size > 0 && data[0] == '#', any, found;
	struct counters counters = { 0 };
	char *text = malloc(size + 1);

	memcpy(text, data + lines, size - lines);
	text[size - lines] = '\0';
	found = lines ? counters_lines(&counters, text) : counters_pairs(&counters, text);
	free(text);
	any = any_counter(&counters, 0, COUNTERS);
	CHECK(found || !any);
	/* Each form has the counters of its files alone. */
	CHECK(!any_message(&counters, lines ? COUNTED_IPV4 : COUNTED_IPV6));
	if (lines) {
		CHECK(!any_counter(&counters, TCP_RTO_ALGORITHM, UDP6_IN_DATAGRAMS));
		CHECK(!any_counter(&counters, ICMP_IN_DEST_UNREACHS, IPV6_COUNTERS));
	} else {
		CHECK(!any_counter(&counters, UDP6_IN_DATAGRAMS, ICMP_IN_MSGS));
		CHECK(!any_counter(&counters, ICMP6_IN_MSGS, ICMP_IN_DEST_UNREACHS));
		CHECK(!any_counter(&counters, IPV6_COUNTERS, COUNTERS));
	}
	return 0;
}
