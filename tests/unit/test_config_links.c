// SPDX-License-Identifier: BSD-2-Clause
// Tests of the configuration's tokens about interfaces, and of netmibIdle.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "lines.h"
#include "mib/interfaces.h"
#include "mib/sources.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static struct config config;

static int
start(void **state)
{
	(void)state;
	config_defaults(&config);
	return 0;
}

/* The patterns are exactly these; there is no trace of others. */
static void
patterns_are(const struct link_patterns *patterns, const char *const *text, uint32_t n)
{
	struct link_patterns expected;

	memset(&expected, 0, sizeof(expected));
	for (uint32_t i = 0; i < n; i++)
		strcpy(expected.text[expected.n++], text[i]);
	assert_int_equal(patterns->n, n);
	assert_memory_equal(patterns, &expected, sizeof(expected));
}

#define PATTERNS_ARE(patterns, ...) \
	patterns_are(&config.links.patterns, (const char *const[]){ __VA_ARGS__ }, \
	    LENGTH(((const char *const[]){ __VA_ARGS__ })))
#define NO_PATTERNS(patterns) patterns_are(&config.links.patterns, NULL, 0)

#define THIRTY_ONE "0123456789012345678901234567890"
#define SIXTEEN "a b c d e f g h i j k l m n o p"

static void
test_defaults(void **state)
{
	struct link_settings settings;

	(void)state;
	link_settings_init(&settings);
	assert_memory_equal(&config.links, &settings, sizeof(settings));
	assert_true(config_serves(&config, "interface"));
	assert_int_equal(config.idle, 3600);
	for (size_t i = 0; sources_all[i]; i++)
		if (sources_all[i] == &source_interfaces ||
		    sources_all[i] == &source_receive_addresses)
			assert_int_equal(config.max_age[i], 1000);
}

/* --- netmibInterface
 * ----------------------------------------------------------------------------- */

static void
test_interface(void **state)
{
	(void)state;
	accepts(&config, "netmibInterface", "include eth*");
	PATTERNS_ARE(include, "eth*");
	NO_PATTERNS(exclude);
	accepts(&config, "netmibInterface", " \tEXCLUDE\tveth* docker0 ");
	PATTERNS_ARE(include, "eth*");
	PATTERNS_ARE(exclude, "veth*", "docker0");
	/* Lines add up. */
	accepts(&config, "NETMIBINTERFACE", "Include wlan? include");
	PATTERNS_ARE(include, "eth*", "wlan?", "include");
	accepts(&config, "netmibInterface", "exclude [!a-z]*");
	PATTERNS_ARE(exclude, "veth*", "docker0", "[!a-z]*");
	assert_true(link_is_shown(&config.links, "eth0"));
	assert_false(link_is_shown(&config.links, "veth0"));
	assert_false(link_is_shown(&config.links, "br0"));
	/* Nothing else has changed. */
	NO_PATTERNS(notify);
	assert_false(config.links.notify_named);
}

static void
test_bad_interface(void **state)
{
	static const char *const bad[] = { "", " \t ", "include", "exclude \t", "eth*",
		"includes eth*", "in eth*", "eth* include", "yes", "no",
		"include " THIRTY_ONE "x", "include eth0 " THIRTY_ONE "x" };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		refuses(&config, "netmibInterface", bad[i], -EINVAL);
	accepts(&config, "netmibInterface", "include eth*");
	accepts(&config, "netmibInterface", "exclude veth*");
	for (size_t i = 0; i < LENGTH(bad); i++)
		refuses(&config, "netmibInterface", bad[i], -EINVAL);
}

/* Sixteen of each, in however many lines. */
static void
test_room_for_interfaces(void **state)
{
	(void)state;
	refuses(&config, "netmibInterface", "include " SIXTEEN " q", -EINVAL);
	accepts(&config, "netmibInterface", "include " SIXTEEN);
	assert_int_equal(config.links.include.n, 16);
	refuses(&config, "netmibInterface", "include q", -EINVAL);
	accepts(&config, "netmibInterface", "exclude " THIRTY_ONE);
	accepts(&config, "netmibInterface", "exclude b c d e f g h i j k l m n o");
	/* As it stands: the one that would fit is not taken either. */
	refuses(&config, "netmibInterface", "exclude p q", -EINVAL);
	accepts(&config, "netmibInterface", "exclude p");
	refuses(&config, "netmibInterface", "exclude q", -EINVAL);
	assert_int_equal(config.links.exclude.n, 16);
	assert_string_equal(config.links.exclude.text[0], THIRTY_ONE);
	assert_string_equal(config.links.exclude.text[15], "p");
}

/* --- netmibLinkNotify
 * ---------------------------------------------------------------------------- */

static void
test_notify_yes_and_no(void **state)
{
	(void)state;
	accepts(&config, "netmibLinkNotify", "no");
	assert_true(config.links.notify_named);
	for (int below = 0; below < 2; below++) {
		assert_false(link_notifies(&config.links, "eth0", below));
		assert_false(link_notifies(&config.links, "no", below));
	}
	accepts(&config, "netmibLinkNotify", " YES ");
	assert_true(config.links.notify_named);
	for (int below = 0; below < 2; below++)
		assert_true(link_notifies(&config.links, "eth0", below));
	accepts(&config, "netmibLinkNotify", "No");
	assert_false(link_notifies(&config.links, "eth0", false));
}

/* Each line replaces the one before. */
static void
test_notify_patterns(void **state)
{
	(void)state;
	accepts(&config, "netmibLinkNotify", "\teth* wlan0");
	assert_true(config.links.notify_named);
	PATTERNS_ARE(notify, "eth*", "wlan0");
	assert_true(link_notifies(&config.links, "eth7", true));
	assert_false(link_notifies(&config.links, "br0", false));
	accepts(&config, "netmibLinkNotify", "br0");
	PATTERNS_ARE(notify, "br0");
	accepts(&config, "netmibLinkNotify", THIRTY_ONE);
	PATTERNS_ARE(notify, THIRTY_ONE);
	accepts(&config, "netmibLinkNotify", SIXTEEN);
	assert_int_equal(config.links.notify.n, 16);
	accepts(&config, "netmibLinkNotify", "eth0");
	PATTERNS_ARE(notify, "eth0");
	/* What begins like a word is none. */
	accepts(&config, "netmibLinkNotify", "yes0 nobody");
	PATTERNS_ARE(notify, "yes0", "nobody");
	NO_PATTERNS(include);
	NO_PATTERNS(exclude);
}

static void
test_bad_notify(void **state)
{
	static const char *const bad[] = { "", " \t ", "yes yes", "no no", "yes eth0",
		"no eth0", SIXTEEN " q", THIRTY_ONE "x", "eth0 " THIRTY_ONE "x" };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		refuses(&config, "netmibLinkNotify", bad[i], -EINVAL);
	accepts(&config, "netmibLinkNotify", "eth* br0");
	for (size_t i = 0; i < LENGTH(bad); i++)
		refuses(&config, "netmibLinkNotify", bad[i], -EINVAL);
}

/* Settings are compared as bytes: no trace of an earlier line may stay. */
static void
test_no_trace(void **state)
{
	struct link_settings once;

	(void)state;
	accepts(&config, "netmibLinkNotify", "yes");
	once = config.links;
	accepts(&config, "netmibLinkNotify", SIXTEEN);
	assert_memory_not_equal(&config.links, &once, sizeof(once));
	accepts(&config, "netmibLinkNotify", "no");
	assert_memory_not_equal(&config.links, &once, sizeof(once));
	accepts(&config, "netmibLinkNotify", "yes");
	assert_memory_equal(&config.links, &once, sizeof(once));
}

/* --- netmibIdle
 * ---------------------------------------------------------------------------------- */

static void
test_idle(void **state)
{
	static const char *const bad[] = { "", " \t ", "0", "-1", "+1", "86401", "1.5",
		"1h", "3600 1", "yes", "0x10", "99999999999999999999" };

	(void)state;
	accepts(&config, "netmibIdle", "1");
	assert_int_equal(config.idle, 1);
	accepts(&config, "netmibidle", "\t86400 ");
	assert_int_equal(config.idle, 86400);
	accepts(&config, "netmibIdle", "007");
	assert_int_equal(config.idle, 7);
	for (size_t i = 0; i < LENGTH(bad); i++)
		refuses(&config, "netmibIdle", bad[i], -EINVAL);
}

/* --- the rest
 * ------------------------------------------------------------------------------------ */

static void
test_max_age(void **state)
{
	(void)state;
	accepts(&config, "netmibMaxAge", "links 0.25");
	accepts(&config, "netmibMaxAge", "rcvaddresses 60");
	for (size_t i = 0; sources_all[i]; i++) {
		if (sources_all[i] == &source_interfaces)
			assert_int_equal(config.max_age[i], 250);
		if (sources_all[i] == &source_receive_addresses)
			assert_int_equal(config.max_age[i], 60000);
	}
	accepts(&config, "netmibServe", "interface");
	assert_true(config_serves(&config, "interface"));
	assert_false(config_serves(&config, "tcp"));
}

static void
test_explain(void **state)
{
	char text[256];

	(void)state;
	config_explain("netmibInterface", text, sizeof(text));
	assert_string_equal(text,
	    "netmibInterface accepts include or exclude, and at most 16 PATTERN of at "
	    "most 31 characters");
	config_explain("netmiblinknotify", text, sizeof(text));
	assert_string_equal(text,
	    "netmibLinkNotify accepts yes, no, or at most 16 PATTERN of at most 31 "
	    "characters");
	config_explain("netmibIdle", text, sizeof(text));
	assert_string_equal(text, "netmibIdle accepts SECONDS, 1 to 86400");
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_defaults),
		TEST(test_interface),
		TEST(test_bad_interface),
		TEST(test_room_for_interfaces),
		TEST(test_notify_yes_and_no),
		TEST(test_notify_patterns),
		TEST(test_bad_notify),
		TEST(test_no_trace),
		TEST(test_idle),
		TEST(test_max_age),
		TEST(test_explain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
