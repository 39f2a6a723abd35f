// SPDX-License-Identifier: BSD-2-Clause
// Fuzzes the text of /proc/net/snmp, or, behind a #, that of snmp6.
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "kernel/counters.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct counters counters = { 0 };
	bool any = false, found;
	char *text;

	text = malloc(size + 1);
	memcpy(text, data, size);
	text[size] = '\0';
	found = size > 0 && data[0] == '#' ? counters_lines(&counters, text)
					   : counters_pairs(&counters, text);
	free(text);
	for (size_t i = 0; i < COUNTERS; i++) {
		any |= counters.present[i];
		CHECK(counters.present[i] || counters.value[i] == 0);
	}
	for (size_t i = 0; i < 256; i++)
		for (int version = 0; version < COUNTED_VERSIONS; version++)
			any |= counters.icmp_in[version][i] || counters.icmp_out[version][i];
	CHECK(found || !any);
	return 0;
}
