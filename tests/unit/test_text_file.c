// SPDX-License-Identifier: BSD-2-Clause
// Tests of files that are read as one text, and of the kernel's settings, which are read
// so.
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
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/sysctls.h"
#include "kernel/text_file.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* The room that there is at first. */
#define FIRST_SIZE 16384

int __real_text_file_read(const char *path, char **ret_text);
int __wrap_text_file_read(const char *path, char **ret_text);

ssize_t __real_read(int fd, void *buffer, size_t size);
ssize_t __wrap_read(int fd, void *buffer, size_t size);

static int read_error; /* of every file, once it is open */

ssize_t
__wrap_read(int fd, void *buffer, size_t size)
{
	if (!read_error)
		return __real_read(fd, buffer, size);
	errno = read_error;
	return -1;
}

static const char *setting; /* what every file says; NULL: the real ones are read */

int
__wrap_text_file_read(const char *path, char **ret_text)
{
	if (!setting)
		return __real_text_file_read(path, ret_text);
	*ret_text = strdup(setting);
	return *ret_text ? 0 : -ENOMEM;
}

/* --- files ---------------------------------------------------------------------------- */

static char path[] = "/tmp/netmib-text-XXXXXX";

static int
start(void **state)
{
	int fd;

	(void)state;
	strcpy(path + sizeof(path) - 7, "XXXXXX");
	fd = mkstemp(path);
	if (fd < 0)
		return -1;
	return close(fd);
}

static int
stop(void **state)
{
	(void)state;
	return unlink(path);
}

/* Octet n of every file here: no two places near each other are alike. */
static char
octet_at(size_t n)
{
	return n % 80 == 79 ? '\n' : (char)('!' + n * 2654435761u % 90);
}

static void
write_octets(size_t n)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	for (size_t i = 0; i < n; i++)
		assert_true(fputc(octet_at(i), file) != EOF);
	assert_int_equal(fclose(file), 0);
}

static void
reads_octets(size_t n)
{
	char *text = NULL;

	assert_int_equal(text_file_read(path, &text), 0);
	assert_int_equal(strlen(text), n);
	for (size_t i = 0; i < n; i++)
		if (text[i] != octet_at(i))
			fail_msg("octet %zu of %zu is %d", i, n, text[i]);
	free(text);
}

static void
test_empty(void **state)
{
	(void)state;
	reads_octets(0);
}

static void
test_every_size_around_the_first(void **state)
{
	(void)state;
	write_octets(1);
	reads_octets(1);
	for (size_t n = FIRST_SIZE - 4; n <= FIRST_SIZE + 4; n++) {
		write_octets(n);
		reads_octets(n);
	}
}

/* It grows more than once. */
static void
test_large(void **state)
{
	(void)state;
	write_octets(5 * FIRST_SIZE + 123);
	reads_octets(5 * FIRST_SIZE + 123);
}

/* The kernel hands out files of /proc a page at a time: /proc/net/… is made anew for each.
 */
static void
test_proc(void **state)
{
	char *text = NULL;

	(void)state;
	assert_int_equal(text_file_read("/proc/net/snmp", &text), 0);
	assert_non_null(strstr(text, "\nTcp: RtoAlgorithm "));
	free(text);
}

/* What has no end. */
static void
test_too_large(void **state)
{
	char *text = NULL;

	(void)state;
	assert_int_equal(text_file_read("/dev/zero", &text), -EFBIG);
	assert_null(text);
	assert_int_equal(truncate(path, 2 * TEXT_FILE_MAX), 0);
	assert_int_equal(text_file_read(path, &text), -EFBIG);
	assert_null(text);
}

static void
test_not_to_be_read(void **state)
{
	char *text = NULL, behind[sizeof(path) + 2];

	(void)state;
	assert_int_equal(text_file_read("/no/such/file", &text), -ENOENT);
	assert_int_equal(text_file_read("", &text), -ENOENT);
	assert_int_equal(text_file_read("/proc", &text), -EISDIR);
	snprintf(behind, sizeof(behind), "%s/x", path);
	assert_int_equal(text_file_read(behind, &text), -ENOTDIR);
	assert_int_equal(chmod(path, 0), 0);
	if (geteuid() != 0)
		assert_int_equal(text_file_read(path, &text), -EACCES);
	assert_null(text);
}

/* A file of a device that goes while it is open says EIO. */
static void
test_gone_meanwhile(void **state)
{
	char *text = NULL;

	(void)state;
	read_error = EIO;
	assert_int_equal(text_file_read(path, &text), -ENOENT);
	read_error = EPERM;
	assert_int_equal(text_file_read(path, &text), -EPERM);
	read_error = 0;
	assert_null(text);
}

static void
test_next_line(void **state)
{
	static const char text[] = "one\n\nthree\nfour";

	(void)state;
	assert_ptr_equal(text_next_line(text), text + 4);
	assert_ptr_equal(text_next_line(text + 1), text + 4);
	assert_ptr_equal(text_next_line(text + 4), text + 5);
	assert_ptr_equal(text_next_line(text + 5), text + 11);
	assert_null(text_next_line(text + 11));
	/* Nothing is no line. */
	assert_null(text_next_line("one\n"));
	assert_null(text_next_line("\n"));
	assert_null(text_next_line(""));
}

/* --- settings ------------------------------------------------------------------------- */

static int
stop_settings(void **state)
{
	(void)state;
	setting = NULL;
	return 0;
}

static void
test_real_setting(void **state)
{
	int64_t value = -1;

	(void)state;
	assert_int_equal(sysctls_read("ipv4/ip_forward", &value), 0);
	assert_true(value == 0 || value == 1);
	assert_int_equal(sysctls_read("ipv4/ip_default_ttl", &value), 0);
	assert_in_range(value, 1, 255);
	/* Not there; not one number; a folder. */
	value = 99;
	assert_int_equal(sysctls_read("ipv4/no_such_setting", &value), -ENOENT);
	assert_int_equal(sysctls_read("ipv4/ip_local_port_range", &value), -EPROTO);
	assert_int_equal(
	    sysctls_read("ipv4/tcp_available_congestion_control", &value), -EPROTO);
	assert_int_equal(sysctls_read("ipv4", &value), -EISDIR);
	assert_int_equal(value, 99);
}

static void
test_numbers(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} numbers[] = {
		{ "0", 0 },
		{ "1\n", 1 },
		{ "-1\n", -1 },
		{ "  64 \t\n", 64 },
		{ "4294967296\n", INT64_C(4294967296) },
		{ "9223372036854775807\n", INT64_MAX },
		{ "-9223372036854775808\n", INT64_MIN },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(numbers); i++) {
		int64_t value = 99;

		setting = numbers[i].text;
		assert_int_equal(sysctls_read("made/up", &value), 0);
		assert_true(value == numbers[i].value);
	}
}

static void
test_no_numbers(void **state)
{
	static const char *const texts[] = { "", "\n", "-", "x", "1x\n", "1 2\n", "0x1\n",
		"1.5\n", "9223372036854775808\n", "-9223372036854775809\n" };
	int64_t value = 99;

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		setting = texts[i];
		assert_int_equal(sysctls_read("made/up", &value), -EPROTO);
		assert_int_equal(value, 99);
	}
}

#define FILE_TEST(test) cmocka_unit_test_setup_teardown(test, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(test_empty),
		FILE_TEST(test_every_size_around_the_first),
		FILE_TEST(test_large),
		cmocka_unit_test(test_proc),
		FILE_TEST(test_too_large),
		FILE_TEST(test_not_to_be_read),
		FILE_TEST(test_gone_meanwhile),
		cmocka_unit_test(test_next_line),
		cmocka_unit_test(test_real_setting),
		cmocka_unit_test_teardown(test_numbers, stop_settings),
		cmocka_unit_test_teardown(test_no_numbers, stop_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
