// SPDX-License-Identifier: BSD-2-Clause
// What a fuzz target is, and how it says that something is wrong.
#ifndef NETMIB_TESTS_FUZZ_H
#define NETMIB_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The target, in libFuzzer's form: any size bytes. Returns 0; ends the program by
 * CHECK(). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, \
			    #condition); \
			abort(); \
		} \
	} while (0)

#endif
