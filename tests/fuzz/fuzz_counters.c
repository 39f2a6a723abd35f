// SPDX-License-Identifier: BSD-2-Clause
// Fuzzes the text of /proc/net/snmp.
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "kernel/counters.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct counters counters, before;
	bool any = false;
	char *text;
	int error;

	memset(&counters, 0x5a, sizeof(counters));
	memset(counters.present, 0, sizeof(counters.present));
	before = counters;
	text = malloc(size + 1);
	memcpy(text, data, size);
	text[size] = '\0';
	error = counters_text(text, &counters);
	free(text);
	CHECK(error == 0 || error == -EPROTO);
	for (size_t i = 0; i < COUNTERS; i++) {
		any |= counters.present[i];
		CHECK(error || counters.present[i] || counters.value[i] == 0);
		CHECK(!error || counters.value[i] == before.value[i]);
	}
	CHECK(any == (error == 0));
	return 0;
}
