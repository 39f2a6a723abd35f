// SPDX-License-Identifier: BSD-2-Clause
// Tests of the configuration's tokens about routes.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lines.h"
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

/* After a netmibRouteTable line the tables are exactly these. */
static void
tables_are(const char *words, bool all, const uint32_t *id, uint32_t n)
{
	accepts(&config, "netmibRouteTable", words);
	assert_int_equal(config.routes.tables.all, all);
	assert_int_equal(config.routes.tables.n, n);
	if (n > 0)
		assert_memory_equal(config.routes.tables.id, id, n * sizeof(*id));
}

#define TABLES_ARE(words, ...) \
	tables_are(words, false, (const uint32_t[]){ __VA_ARGS__ }, \
	    LENGTH(((const uint32_t[]){ __VA_ARGS__ })))

static void
test_defaults(void **state)
{
	struct route_settings settings;

	(void)state;
	route_settings_init(&settings);
	assert_memory_equal(&config.routes, &settings, sizeof(settings));
	assert_true(config_serves(&config, "route"));
	for (size_t i = 0; sources_all[i]; i++)
		if (sources_all[i] == &source_routes)
			assert_int_equal(config.max_age[i], 100);
}

static void
test_tables(void **state)
{
	(void)state;
	TABLES_ARE("main", 254);
	TABLES_ARE("local", 255);
	TABLES_ARE(" \tMain\tLOCAL ", 254, 255);
	TABLES_ARE("1", 1);
	TABLES_ARE("100 4294967295 main", 100, UINT32_MAX, 254);
	TABLES_ARE("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
	    11, 12, 13, 14, 15, 16);
	tables_are("all", true, NULL, 0);
	tables_are("main All", true, (const uint32_t[]){ 254 }, 1);
	/* Each line replaces the one before. */
	TABLES_ARE("main", 254);
}

static void
test_vrfs(void **state)
{
	(void)state;
	tables_are("vrf red", false, NULL, 0);
	assert_int_equal(config.routes.n_vrfs, 1);
	assert_string_equal(config.routes.vrfs[0], "red");
	TABLES_ARE("main VRF red vrf vrf vrf abcdefghijklmno 100 vrf main", 254, 100);
	assert_int_equal(config.routes.n_vrfs, 4);
	assert_string_equal(config.routes.vrfs[0], "red");
	assert_string_equal(config.routes.vrfs[1], "vrf");
	assert_string_equal(config.routes.vrfs[2], "abcdefghijklmno");
	assert_string_equal(config.routes.vrfs[3], "main");
	TABLES_ARE("main", 254);
	assert_int_equal(config.routes.n_vrfs, 0);
}

/* Settings are compared as bytes: no trace of an earlier line may stay. */
static void
test_no_trace(void **state)
{
	struct route_settings before = config.routes;

	(void)state;
	accepts(&config, "netmibRouteTable", "all 1 2 3 vrf red vrf blue");
	assert_memory_not_equal(&config.routes, &before, sizeof(before));
	accepts(&config, "netmibRouteTable", "main");
	assert_memory_equal(&config.routes, &before, sizeof(before));
}

static void
test_bad_tables(void **state)
{
	static const char *const bad[] = { "", " \t ", "0", "-1", "+1", "4294967296",
		"99999999999999999999", "1x", "0x10", "1.5", "snow", "main snow", "mainly",
		"vrf", "main vrf", "vrf abcdefghijklmnop", "vrf a vrf b vrf c vrf d vrf e",
		"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", "main,local" };

	(void)state;
	TABLES_ARE("7 vrf red", 7);
	for (size_t i = 0; i < LENGTH(bad); i++)
		refuses(&config, "netmibRouteTable", bad[i], -EINVAL);
}

static void
test_protocols(void **state)
{
	(void)state;
	for (const struct label *label = route_protocols; label->name; label++) {
		char words[64];

		snprintf(words, sizeof(words), "%d %s", 100 + label->value, label->name);
		accepts(&config, "netmibRouteProtocol", words);
		assert_int_equal(config.routes.protocols[100 + label->value], label->value);
	}
	accepts(&config, "netmibRouteProtocol", "0 local");
	assert_int_equal(config.routes.protocols[0], 2);
	accepts(&config, "netmibRouteProtocol", "\t255  isIs ");
	assert_int_equal(config.routes.protocols[255], 9);
	/* What is known may be overridden, and the rest stays. */
	accepts(&config, "netmibRouteProtocol", "186 other");
	assert_int_equal(config.routes.protocols[186], 1);
	assert_int_equal(config.routes.protocols[188], 13);
	/* A netmibRouteTable line does not touch them. */
	accepts(&config, "netmibRouteTable", "local");
	assert_int_equal(config.routes.protocols[255], 9);
}

/* The names are those of IANAipRouteProtocol. */
static void
test_protocol_names(void **state)
{
	static const char *const names[] = { "other", "local", "netmgmt", "icmp", "egp",
		"ggp", "hello", "rip", "isIs", "esIs", "ciscoIgrp", "bbnSpfIgp", "ospf",
		"bgp", "idpr", "ciscoEigrp", "dvmrp", "rpl", "dhcp", "ttdp" };

	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++) {
		assert_int_equal(route_protocols[i].value, i + 1);
		assert_string_equal(route_protocols[i].name, names[i]);
	}
	assert_null(route_protocols[LENGTH(names)].name);
}

static void
test_bad_protocols(void **state)
{
	static const char *const bad[] = { "", "186", "bgp", "bgp 186", "256 bgp", "-1 bgp",
		"+1 bgp", "1x bgp", "186 snow", "186 BGP", "186 14", "186 bgp ospf",
		"99999999999999999999 bgp" };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		refuses(&config, "netmibRouteProtocol", bad[i], -EINVAL);
}

static void
test_explain(void **state)
{
	char text[512];

	(void)state;
	config_explain("netmibRouteTable", text, sizeof(text));
	assert_string_equal(
	    text, "netmibRouteTable accepts main, local, all, NUMBER, vrf NAME");
	config_explain("netmibrouteprotocol", text, sizeof(text));
	assert_ptr_equal(strstr(text, "netmibRouteProtocol accepts NUMBER NAME"), text);
	for (const struct label *label = route_protocols; label->name; label++)
		assert_non_null(strstr(text, label->name));
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_defaults),
		TEST(test_tables),
		TEST(test_vrfs),
		TEST(test_no_trace),
		TEST(test_bad_tables),
		TEST(test_protocols),
		TEST(test_protocol_names),
		TEST(test_bad_protocols),
		TEST(test_explain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
