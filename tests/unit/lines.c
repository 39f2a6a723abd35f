// SPDX-License-Identifier: BSD-2-Clause
// Lines of a configuration, which are constants.
#include "lines.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

/* config_line() writes into what it is given. */
static int
line(struct config *config, const char *token, const char *rest)
{
	char words[1024];

	snprintf(words, sizeof(words), "%s", rest);
	return config_line(config, token, words);
}

void
accepts(struct config *config, const char *token, const char *rest)
{
	assert_int_equal(line(config, token, rest), 0);
}

void
refuses(struct config *config, const char *token, const char *rest, int error)
{
	struct config before;

	memcpy(&before, config, sizeof(before));
	assert_int_equal(line(config, token, rest), error);
	assert_memory_equal(config, &before, sizeof(before));
}
