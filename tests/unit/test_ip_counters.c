// SPDX-License-Identifier: BSD-2-Clause
// Tests of what IP and ICMP count and are set to, from files of /proc that are made up to
// the objects that show it.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/text_file.h"
#include "mib/counters.h"
#include "mib/ip.h"
#include "mib/tables.h"
#include "readings.h"
#include "shown.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* --- files that are made up ----------------------------------------------------------- */

int __wrap_text_file_read(const char *path, char **ret_text);

#define SNMP "/proc/net/snmp"
#define NETSTAT "/proc/net/netstat"
#define SNMP6 "/proc/net/snmp6"

static struct file {
	const char *path;
	char text[512];
	int error;
} files[4];
static size_t n_files;

int
__wrap_text_file_read(const char *path, char **ret_text)
{
	for (size_t i = 0; i < n_files; i++) {
		if (strcmp(files[i].path, path) != 0)
			continue;
		if (files[i].error)
			return files[i].error;
		*ret_text = strdup(files[i].text);
		return *ret_text ? 0 : -ENOMEM;
	}
	return -ENOENT;
}

static struct file *
add_file(const char *path, const char *text)
{
	struct file *file = &files[n_files++];

	assert_true(n_files <= LENGTH(files));
	*file = (struct file){ .path = path };
	assert_true(strlen(text) < sizeof(file->text));
	strcpy(file->text, text);
	return file;
}

/* One counter, in the two lines of its group. */
static void
add_pair(const char *path, const char *group, const char *column, uint64_t number)
{
	char text[256];

	snprintf(text, sizeof(text), "%s: Odd %s\n%s: 1 %ju\n", group, column, group,
	    (uintmax_t)number);
	add_file(path, text);
}

static int
start(const struct source_kind *kind)
{
	n_files = 0;
	snapshot = NULL;
	view = (struct view){ .order = ARRAY_OF(uint32_t) };
	return readings_start(kind);
}

static int
start_counters(void **state)
{
	(void)state;
	return start(&source_counters);
}

static int
start_settings(void **state)
{
	(void)state;
	return start(&source_ip_settings);
}

static int
stop(void **state)
{
	(void)state;
	show_end();
	readings_stop();
	return 0;
}

/* Reads the files, and shows a table of that. */
static void
show_files(const struct table *table)
{
	assert_int_equal(read_after(SECOND), 0);
	snapshot_release(snapshot);
	snapshot = snapshot_hold(last);
	show(table);
}

static size_t
rows(void)
{
	return view.order.n - view.duplicates;
}

/* A column of numbers, of any type. */
static uint64_t
number_at(size_t position, uint32_t column)
{
	struct value value;

	assert_true(read_at(position, column, &value));
	if (value.type == VALUE_COUNTER64)
		return value.counter64;
	return value.type == VALUE_INTEGER ? (uint32_t)value.integer : value.number;
}

static bool
is_hole(size_t position, uint32_t column)
{
	struct value value;

	return !read_at(position, column, &value);
}

static bool
begins(const char **text, const char *with)
{
	size_t length = strlen(with);

	if (strncmp(*text, with, length) != 0)
		return false;
	*text += length;
	return true;
}

/* --- scalars -------------------------------------------------------------------------- */

/* Each is named as the kernel's counter, which alone is there; and of that it has the low
 * 32 bits. */
static void
check_scalars(const struct table *table, const char *prefix, const char *group)
{
	for (size_t i = 0; i < table->n_columns; i++) {
		const char *name = table->columns[i].name;

		assert_true(begins(&name, prefix));
		if (strcmp(name, "RoutingDiscards") == 0)
			continue;
		n_files = 0;
		add_pair(SNMP, group, name, (UINT64_C(1) << 32) + 7);
		show_files(table);
		for (size_t k = 0; k < table->n_columns; k++) {
			uint32_t number = table->columns[k].number;

			if (k == i)
				assert_int_equal(number_at(0, number), 7);
			else if (number != 23 || table != &table_ip_scalars)
				assert_true(is_hole(0, number));
		}
		add_pair(NETSTAT, group, name, UINT64_MAX);
		show_files(table);
		assert_int_equal(number_at(0, table->columns[i].number), UINT32_MAX);
	}
}

static void
test_icmp_scalars(void **state)
{
	(void)state;
	assert_int_equal(table_icmp_scalars.n_columns, 26);
	check_scalars(&table_icmp_scalars, "icmp", "Icmp");
}

/* Linux throws no valid route away, whatever it counts. */
static void
test_ip_scalars(void **state)
{
	(void)state;
	assert_int_equal(table_ip_scalars.n_columns, 19);
	check_scalars(&table_ip_scalars, "ip", "Ip");
	assert_int_equal(number_at(0, 23), 0);
}

/* --- icmpStatsTable ------------------------------------------------------------------- */

static void
test_icmp_stats(void **state)
{
	static const uint32_t ipv4[] = { 1 }, ipv6[] = { 2 };

	(void)state;
	add_file(SNMP,
	    "Icmp: OutErrors OutMsgs InErrors InMsgs\nIcmp: 4 4294967299 2 1\n"
	    "Ip: InReceives\nIp: 0\n");
	add_file(SNMP6,
	    "Icmp6OutMsgs 7\nIcmp6InErrors 18446744073709551615\nIcmp6InMsgs 5\n"
	    "Ip6InReceives 0\n");
	show_files(&table_icmp_stats);
	assert_int_equal(rows(), 2);
	check_index(shown, snapshot, table_row(snapshot, &view, 0), ipv4, LENGTH(ipv4));
	check_index(shown, snapshot, table_row(snapshot, &view, 1), ipv6, LENGTH(ipv6));
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(number_at(0, 2 + i), i + 1);
	assert_int_equal(number_at(1, 2), 5);
	assert_int_equal(number_at(1, 3), UINT32_MAX);
	assert_int_equal(number_at(1, 4), 7);
	assert_true(is_hole(1, 5));
}

/* IPv6 is switched off: it has no file. */
static void
test_icmp_stats_without_ipv6(void **state)
{
	(void)state;
	add_file(SNMP, "Icmp: InMsgs\nIcmp: 1\nIp: InReceives\nIp: 0\n");
	show_files(&table_icmp_stats);
	assert_int_equal(rows(), 1);
	assert_int_equal(number_at(0, 2), 1);
	show_files(&table_ip_system_stats);
	assert_int_equal(rows(), 1);
}

/* --- icmpMsgStatsTable ---------------------------------------------------------------- */

/* By version and type, whatever the order they were told in; of either direction. */
static void
test_messages(void **state)
{
	static const struct {
		uint32_t index[2];
		uint32_t in, out;
	} expected[] = {
		{ { 1, 0 }, 5, 0 },
		{ { 1, 3 }, 7, UINT32_MAX },
		{ { 1, 8 }, 0, 0 }, /* 2^32 of them */
		{ { 1, 255 }, 0, 1 },
		{ { 2, 0 }, 3, 0 },
		{ { 2, 128 }, 2, 9 },
		{ { 2, 255 }, 0, 4 },
	};

	(void)state;
	add_file(SNMP,
	    "IcmpMsg: InType8 OutType255 InType3 OutType3 InType4 InType0\n"
	    "IcmpMsg: 4294967296 1 7 18446744073709551615 0 5\n");
	add_file(SNMP6,
	    "Icmp6OutType255 4\nIcmp6InType128 2\nIcmp6OutType128 9\nIcmp6InType0 3\n");
	show_files(&table_icmp_msg_stats);
	assert_int_equal(rows(), LENGTH(expected));
	for (size_t i = 0; i < LENGTH(expected); i++) {
		check_index(
		    shown, snapshot, table_row(snapshot, &view, i), expected[i].index, 2);
		assert_int_equal(number_at(i, 3), expected[i].in);
		assert_int_equal(number_at(i, 4), expected[i].out);
	}
}

/* A row comes with the first message of its type, and stays. */
static void
test_messages_come(void **state)
{
	(void)state;
	add_file(SNMP, "Icmp: InMsgs\nIcmp: 0\n");
	show_files(&table_icmp_msg_stats);
	assert_int_equal(rows(), 0);
	add_file(NETSTAT, "IcmpMsg: OutType13\nIcmpMsg: 1\n");
	show_files(&table_icmp_msg_stats);
	assert_int_equal(rows(), 1);
	assert_int_equal(number_at(0, 3), 0);
	assert_int_equal(number_at(0, 4), 1);
}

/* --- ipSystemStatsTable --------------------------------------------------------------- */

/* The kernel's name of what a column counts, but for the version. */
static const char *
kernel_name(const char *name)
{
	assert_true(begins(&name, "ipSystemStats"));
	begins(&name, "HC");
	if (strncmp(name, "OutFrag", 7) == 0)
		return name + 3;
	return strcmp(name, "InForwDatagrams") == 0 ? "OutForwDatagrams" : name;
}

/* What is made of others. */
static bool
is_made(const char *name)
{
	return strcmp(name, "FragReqds") == 0 || strcmp(name, "OutTransmits") == 0;
}

/* Of each pair the one is the low half of the other; nothing else is there. */
static void
check_statistics(const char *only)
{
	for (size_t i = 0; i < shown->n_columns; i++) {
		const struct column *column = &shown->columns[i];
		const char *name = kernel_name(column->name);

		if (column->number >= 46 || is_made(name))
			continue;
		if (strcmp(name, only) != 0)
			assert_true(is_hole(0, column->number));
		else if (column->type == VALUE_COUNTER64)
			assert_true(number_at(0, column->number) == UINT64_MAX - 1);
		else
			assert_true(number_at(0, column->number) == UINT32_MAX - 1);
	}
}

/* Of IPv4, in one of two files. */
static void
test_system_stats(void **state)
{
	(void)state;
	for (size_t i = 0; i < table_ip_system_stats.n_columns; i++) {
		const struct column *column = &table_ip_system_stats.columns[i];
		const char *name = kernel_name(column->name), *there = name;

		if (column->number >= 46 || is_made(name))
			continue;
		if (strcmp(name, "OutForwDatagrams") == 0)
			there = "ForwDatagrams";
		n_files = 0;
		add_pair(SNMP, "Ip", there, UINT64_MAX - 1);
		add_pair(NETSTAT, "IpExt", there, UINT64_MAX - 1);
		show_files(&table_ip_system_stats);
		assert_int_equal(rows(), 1);
		assert_int_equal(
		    ((const struct ip_statistics *)table_row(snapshot, &view, 0))->version,
		    IP_VERSION_IPV4);
		check_statistics(name);
	}
}

/* Of IPv6 the same, but for broadcasts. */
static void
test_system_stats_of_ipv6(void **state)
{
	(void)state;
	for (size_t i = 0; i < table_ip_system_stats.n_columns; i++) {
		const struct column *column = &table_ip_system_stats.columns[i];
		const char *name = kernel_name(column->name);
		char text[64];

		if (column->number >= 46 || is_made(name) || strstr(name, "Bcast"))
			continue;
		n_files = 0;
		snprintf(text, sizeof(text), "Ip6%s 18446744073709551614\n", name);
		add_file(SNMP6, text);
		show_files(&table_ip_system_stats);
		assert_int_equal(rows(), 1);
		assert_int_equal(
		    ((const struct ip_statistics *)table_row(snapshot, &view, 0))->version,
		    IP_VERSION_IPV6);
		check_statistics(name);
	}
}

/* Of the host there is no discontinuity; another look helps when the snapshot is old. */
static void
test_rest_of_system_stats(void **state)
{
	(void)state;
	add_file(SNMP6, "Ip6InReceives 1\n");
	show_files(&table_ip_system_stats);
	assert_true(at(0, 46, VALUE_TIMETICKS).moment == 0);
	snapshot->max_age = 1234;
	assert_int_equal(at(0, 47, VALUE_GAUGE32).number, 1234);
}

/* --- settings ------------------------------------------------------------------------- */

#define FRAG_TIME "/proc/sys/net/ipv4/ipfrag_time"
#define FORWARDING "/proc/sys/net/ipv6/conf/all/forwarding"
#define HOP_LIMIT "/proc/sys/net/ipv6/conf/default/hop_limit"

/* ipReasmTimeout, ipv6IpForwarding, ipv6IpDefaultHopLimit. */
static void
test_settings(void **state)
{
	static const struct {
		const char *text;
		int32_t forwarding;
	} cases[] = { { "0\n", 2 }, { "1\n", 1 }, { "2\n", 1 }, { "-1\n", 1 } };

	for (size_t i = 0; i < LENGTH(cases); i++) {
		stop(state);
		start_settings(state);
		add_file(FRAG_TIME, "30\n");
		add_file(FORWARDING, cases[i].text);
		add_file(HOP_LIMIT, "255\n");
		show_files(&table_ip_settings);
		assert_int_equal(integer(13), 30);
		assert_int_equal(integer(25), cases[i].forwarding);
		assert_int_equal(integer(26), 255);
	}
	files[0] = files[--n_files];
	add_file(FRAG_TIME, "2147483647");
	show_files(&table_ip_settings);
	assert_int_equal(integer(13), INT32_MAX);
}

/* IPv6 is switched off: there are no settings of it. They are not those of before. */
static void
test_settings_without_ipv6(void **state)
{
	(void)state;
	add_file(FRAG_TIME, "30\n");
	add_file(FORWARDING, "1\n");
	add_file(HOP_LIMIT, "64\n");
	show_files(&table_ip_settings);
	n_files = 1;
	show_files(&table_ip_settings);
	assert_int_equal(integer(13), 30);
	assert_true(is_hole(0, 25));
	assert_true(is_hole(0, 26));
	n_files = 0;
	show_files(&table_ip_settings);
	assert_true(is_hole(0, 13));
}

/* One that is no number is not there; the next ones are. */
static void
test_odd_settings(void **state)
{
	static const char *const texts[] = { "", "\n", "many\n", "30 s\n",
		"18446744073709551615\n", "-9223372036854775809\n" };

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		n_files = 0;
		add_file(FRAG_TIME, texts[i]);
		add_file(FORWARDING, texts[i]);
		add_file(HOP_LIMIT, "64\n");
		show_files(&table_ip_settings);
		assert_true(is_hole(0, 13));
		assert_true(is_hole(0, 25));
		assert_int_equal(integer(26), 64);
	}
}

/* Any other error is one of the reading, wherever it comes. */
static void
test_settings_errors(void **state)
{
	(void)state;
	add_file(FRAG_TIME, "30\n");
	add_file(FORWARDING, "0\n");
	add_file(HOP_LIMIT, "64\n");
	for (size_t i = 0; i < n_files; i++) {
		files[i].error = -EMFILE;
		assert_int_equal(read_after(SECOND), -EMFILE);
		files[i].error = 0;
	}
	show_files(&table_ip_settings);
	assert_int_equal(integer(26), 64);
}

#define TEST(name, kind) cmocka_unit_test_setup_teardown(name, start_##kind, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_icmp_scalars, counters),
		TEST(test_ip_scalars, counters),
		TEST(test_icmp_stats, counters),
		TEST(test_icmp_stats_without_ipv6, counters),
		TEST(test_messages, counters),
		TEST(test_messages_come, counters),
		TEST(test_system_stats, counters),
		TEST(test_system_stats_of_ipv6, counters),
		TEST(test_rest_of_system_stats, counters),
		TEST(test_settings, settings),
		TEST(test_settings_without_ipv6, settings),
		TEST(test_odd_settings, settings),
		TEST(test_settings_errors, settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
