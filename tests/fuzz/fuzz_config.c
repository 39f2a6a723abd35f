// SPDX-License-Identifier: BSD-2-Clause
// Fuzzes lines of the configuration: "TOKEN WORDS".
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "config.h"
#include "fuzz.h"
#include "mib/tables.h"

static bool
is_group(const char *name)
{
	for (const struct table *const *table = tables_all; *table; table++)
		if (strcmp((*table)->group, name) == 0)
			return true;
	return false;
}

static void
check_config(const struct config *config)
{
	size_t n = 0;

	while (n < CONFIG_GROUPS_MAX && config->groups[n])
		CHECK(is_group(config->groups[n++]));
	CHECK(n > 0 && !config->groups[n]);
	for (size_t i = 0; i < CONFIG_SOURCES_MAX; i++)
		CHECK(config->max_age[i] <= 60000);
}

static void
take_line(struct config *config, char *line)
{
	size_t length = strcspn(line, " \t");
	char *rest = line + length + (line[length] != '\0'), text[64];
	struct config before;
	int error;

	line[length] = '\0';
	memcpy(&before, config, sizeof(before));
	error = config_line(config, line, rest);
	CHECK(error == 0 || error == -ENOENT || error == -EINVAL);
	if (error)
		CHECK(memcmp(&before, config, sizeof(before)) == 0);
	check_config(config);
	config_explain(line, text, sizeof(text));
	CHECK(strlen(text) < sizeof(text));
	CHECK((text[0] == '\0') == (error == -ENOENT));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *line = text, *end;
	struct config config;

	memcpy(text, data, size);
	text[size] = '\0';
	config_defaults(&config);
	while (line) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		take_line(&config, line);
		line = end;
	}
	free(text);
	return 0;
}
