// SPDX-License-Identifier: BSD-2-Clause
// Tests of the configuration's tokens.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "lines.h"
#include "mib/sources.h"

static unsigned
max_age_of(const struct config *config, const char *name)
{
	for (size_t i = 0; sources_all[i]; i++)
		if (strcmp(sources_all[i]->name, name) == 0)
			return config->max_age[i];
	fail_msg("there is no source %s", name);
	return 0;
}

static void
test_defaults(void **state)
{
	struct config config;

	(void)state;
	memset(&config, 0xff, sizeof(config));
	config_defaults(&config);
	assert_true(config_serves(&config, "tcp"));
	assert_false(config_serves(&config, "tc"));
	assert_false(config_serves(&config, ""));
	assert_true(config.processes);
	assert_false(config.strict_addresses);
	for (size_t i = 0; sources_all[i]; i++)
		assert_int_equal(config.max_age[i], sources_all[i]->max_age);
	assert_int_equal(max_age_of(&config, "sockets"), 2000);
	assert_int_equal(max_age_of(&config, "counters"), 1000);
}

static void
test_serve(void **state)
{
	struct config config;

	(void)state;
	config_defaults(&config);
	config.groups[0] = NULL;
	assert_false(config_serves(&config, "tcp"));
	refuses(&config, "netmibServe", "", -EINVAL);
	refuses(&config, "netmibServe", " \t ", -EINVAL);
	refuses(&config, "netmibServe", "tcp snow", -EINVAL);
	refuses(&config, "netmibServe", "TCP", -EINVAL);
	refuses(&config, "netmibServe",
	    "tcp tcp tcp tcp tcp tcp tcp tcp tcp tcp tcp tcp tcp tcp tcp tcp tcp", -EINVAL);
	accepts(&config, "netmibServe", " \ttcp ");
	assert_true(config_serves(&config, "tcp"));
}

static void
test_max_age(void **state)
{
	struct config config;

	(void)state;
	config_defaults(&config);
	accepts(&config, "netmibMaxAge", "sockets 0.5");
	assert_int_equal(max_age_of(&config, "sockets"), 500);
	assert_int_equal(max_age_of(&config, "counters"), 1000);
	accepts(&config, "netmibMaxAge", "\tcounters\t60");
	assert_int_equal(max_age_of(&config, "counters"), 60000);
	accepts(&config, "netmibMaxAge", "processes 0");
	assert_int_equal(max_age_of(&config, "processes"), 0);
}

static void
test_bad_max_age(void **state)
{
	static const char *const bad[] = { "", "sockets", "5", "sockets x", "sockets 5s",
		"sockets -1", "sockets 60.1", "sockets nan", "sockets inf", "sockets 1e99",
		"snow 5", "Sockets 5", "sockets 5 6", "5 sockets" };
	struct config config;

	(void)state;
	config_defaults(&config);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuses(&config, "netmibMaxAge", bad[i], -EINVAL);
}

static void
test_choices(void **state)
{
	struct config config;

	(void)state;
	config_defaults(&config);
	accepts(&config, "netmibInetAddress", "strict");
	assert_true(config.strict_addresses);
	accepts(&config, "netmibInetAddress", "Compatible");
	assert_false(config.strict_addresses);
	accepts(&config, "netmibProcesses", "no");
	assert_false(config.processes);
	accepts(&config, "netmibProcesses", " YES ");
	assert_true(config.processes);
	refuses(&config, "netmibInetAddress", "", -EINVAL);
	refuses(&config, "netmibInetAddress", "yes", -EINVAL);
	refuses(&config, "netmibInetAddress", "strict strict", -EINVAL);
	refuses(&config, "netmibProcesses", "", -EINVAL);
	refuses(&config, "netmibProcesses", "1", -EINVAL);
	refuses(&config, "netmibProcesses", "yess", -EINVAL);
}

static void
test_tokens(void **state)
{
	struct config config;

	(void)state;
	config_defaults(&config);
	/* net-snmp's own tokens do not mind the case either. */
	accepts(&config, "NETMIBPROCESSES", "no");
	assert_false(config.processes);
	refuses(&config, "netmibSnow", "yes", -ENOENT);
	refuses(&config, "netmib", "yes", -ENOENT);
	refuses(&config, "", "", -ENOENT);
	for (const struct config_token *token = config_tokens; token->name; token++)
		assert_memory_equal(token->name, "netmib", 6);
}

static void
test_explain(void **state)
{
	char text[256];

	(void)state;
	config_explain("netmibServe", text, sizeof(text));
	assert_ptr_equal(strstr(text, "netmibServe accepts one or more of "), text);
	assert_non_null(strstr(text, " tcp"));
	config_explain("netmibInetAddress", text, sizeof(text));
	assert_string_equal(text, "netmibInetAddress accepts compatible or strict");
	config_explain("netmibMaxAge", text, sizeof(text));
	for (size_t i = 0; sources_all[i]; i++)
		assert_non_null(strstr(text, sources_all[i]->name));
	config_explain("netmibSnow", text, sizeof(text));
	assert_string_equal(text, "");
}

static void
test_explain_in_little_room(void **state)
{
	char text[128], whole[128];

	(void)state;
	config_explain("netmibMaxAge", whole, sizeof(whole));
	for (size_t size = 1; size < sizeof(text); size++) {
		memset(text, 'x', sizeof(text));
		config_explain("netmibMaxAge", text, size);
		assert_true(strlen(text) < size);
		assert_memory_equal(text, whole, strlen(text));
		assert_int_equal(text[size], 'x');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_serve),
		cmocka_unit_test(test_max_age),
		cmocka_unit_test(test_bad_max_age),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_explain_in_little_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
