// SPDX-License-Identifier: BSD-2-Clause
// Tests of reading /proc/net/tcp and tcp6.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/sockets.h"
#include "kernel/sockets_proc.h"

#define HEAD \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt" \
	"   uid  timeout inode\n"
#define BEHIND " 00000000:00000000 00:00000000 00000000     0        0 "
#define LISTENER \
	"   0: 0100007F:0016 00000000:0000 0A" BEHIND "4711 1 0000000000000000 100 0\n"
#define CONNECTION \
	"   1: 0100007F:0016 020010AC:FFFF 01" BEHIND "4294967295 1 0000000000000000\n"
#define TIME_WAITING \
	"   2: 0100007F:0016 020010AC:D431 06 00000000:00000000 03:00000EB3 00000000" \
	"     0        0 0 3 0000000000000000\n"
#define ANY "00000000000000000000000000000000"
#define DUAL "   0: " ANY ":0050 " ANY ":0000 0A" BEHIND "99 1 0000000000000000\n"
#define MAPPED \
	"   1: 0000000000000000FFFF00000100007F:0050 " \
	"0000000000000000FFFF00000200007F:C000 01" BEHIND "98 1\n"
#define GLOBAL \
	"   2: B80D0120000000000000000001000000:01BB " \
	"B80D0120FFFF00000000000002000000:0400 05" BEHIND "97 1\n"

/* Reads text into fresh sockets, which the caller frees. */
static struct sockets
read_text(const char *text, bool ipv6)
{
	struct sockets sockets;

	sockets_init(&sockets, IPPROTO_TCP);
	assert_int_equal(sockets_text(&sockets, text, ipv6), 0);
	return sockets;
}

static const struct socket_row *
row_at(const struct sockets *sockets, size_t i)
{
	assert_true(i < sockets->rows.n);
	return array_at(&sockets->rows, i);
}

/* The files print words in the order of this host: these texts are a little-endian
 * one's. */
static void
test_ipv4(void **state)
{
	struct sockets sockets = read_text(HEAD LISTENER CONNECTION TIME_WAITING, false);
	const struct socket_row *row = row_at(&sockets, 0);

	(void)state;
	if (htonl(1) == 1)
		skip();
	assert_int_equal(sockets.rows.n, 3);
	assert_int_equal(sockets.malformed, 0);
	assert_int_equal(row->local, INADDR_LOOPBACK);
	assert_int_equal(row->remote, 0);
	assert_int_equal(row->local_port, 22);
	assert_int_equal(row->state, 10);
	assert_int_equal(row->flags, 0);
	assert_int_equal(row->inode, 4711);
	assert_int_equal(row->cookie[0], 4711);
	assert_int_equal(row->cookie[1], 0);
	row = row_at(&sockets, 1);
	assert_int_equal(row->remote, 0xac100002);
	assert_int_equal(row->remote_port, 65535);
	assert_int_equal(row->state, 1);
	assert_int_equal(row->inode, 4294967295);
	row = row_at(&sockets, 2);
	assert_int_equal(row->state, 6);
	assert_int_equal(row->inode, 0);
	sockets_free(&sockets);
}

static void
test_ipv6(void **state)
{
	struct sockets sockets = read_text(HEAD DUAL MAPPED GLOBAL, true);
	const struct pool_address *address;
	const struct socket_row *row;
	char text[INET6_ADDRSTRLEN];

	(void)state;
	if (htonl(1) == 1)
		skip();
	assert_int_equal(sockets.rows.n, 3);
	assert_int_equal(sockets.malformed, 0);
	row = row_at(&sockets, 0);
	assert_int_equal(row->flags, SOCKET_IPV6);
	assert_int_equal(row->local, row->remote);
	row = row_at(&sockets, 1);
	assert_int_equal(row->flags, 0);
	assert_int_equal(row->local, INADDR_LOOPBACK);
	assert_int_equal(row->remote, INADDR_LOOPBACK + 1);
	row = row_at(&sockets, 2);
	assert_int_equal(row->flags, SOCKET_IPV6);
	address = array_at(&sockets.pool.addresses, row->remote);
	assert_string_equal(inet_ntop(AF_INET6, address->octets, text, sizeof(text)),
	    "2001:db8:0:ffff::2");
	assert_int_equal(sockets.pool.addresses.n, 3);
	sockets_free(&sockets);
}

static void
test_states(void **state)
{
	(void)state;
	for (unsigned kernel = 0; kernel < 256; kernel++) {
		char text[512];
		struct sockets sockets;
		bool is_state = kernel >= 1 && kernel <= 11;

		snprintf(text, sizeof(text),
		    HEAD "   0: 0100007F:0016 00000000:0000 %02X" BEHIND "4711 1\n",
		    kernel);
		sockets = read_text(text, false);
		assert_int_equal(sockets.rows.n, is_state && kernel != 7);
		assert_int_equal(sockets.malformed, !is_state);
		sockets_free(&sockets);
	}
}

static void
test_nothing(void **state)
{
	static const char *const texts[] = { "", "\n", HEAD, "no end of the heading" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct sockets sockets = read_text(texts[i], false);

		assert_int_equal(sockets.rows.n, 0);
		assert_int_equal(sockets.malformed, 0);
		sockets_free(&sockets);
	}
}

/* Lines that are counted and skipped, the good one behind each being read. */
static void
test_malformed_lines(void **state)
{
	static const char *const lines[] = {
		"",
		" ",
		"   0",
		"   0: 0100007F:0016 00000000:0000",
		"   0: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000 "
		"00000000     0        0",
		"   0: 0100007:0016 00000000:0000 0A" BEHIND "1 1",
		"   0: 0100007F5:0016 00000000:0000 0A" BEHIND "1 1",
		"   0: 0100007F 00000000:0000 0A" BEHIND "1 1",
		"   0: 0100007G:0016 00000000:0000 0A" BEHIND "1 1",
		"   0: " ANY ":0050 " ANY ":0000 0A" BEHIND "99 1",
		"   x: 0100007F:0016 00000000:0000 0A" BEHIND "1 1",
		"   0: 0100007F:0016 00000000:0000 0A" BEHIND "- 1",
		"   0: 0100007F:-001 00000000:0000 0A" BEHIND "1 1",
		"   0: 0100007F:0016 00000000:+001 0A" BEHIND "1 1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char text[1024];
		struct sockets sockets;

		snprintf(text, sizeof(text), HEAD "%s\n" LISTENER, lines[i]);
		sockets = read_text(text, false);
		if (sockets.rows.n != 1 || sockets.malformed != 1)
			printf("# line %zu: %s\n", i, lines[i]);
		assert_int_equal(sockets.rows.n, 1);
		assert_int_equal(sockets.malformed, 1);
		assert_int_equal(row_at(&sockets, 0)->inode, 4711);
		sockets_free(&sockets);
	}
}

/* A line that ends early is not completed from the next one. */
static void
test_cut_off_line(void **state)
{
	size_t needed = strlen("   1: 0100007F:0016 020010AC:FFFF 01" BEHIND "4");

	(void)state;
	for (size_t n = 0; n < strlen(CONNECTION); n++) {
		char text[1024];
		struct sockets sockets;

		snprintf(text, sizeof(text), HEAD "%.*s\n" LISTENER, (int)n, CONNECTION);
		sockets = read_text(text, false);
		if (sockets.malformed != (n < needed))
			printf("# cut off behind %zu characters\n", n);
		assert_int_equal(sockets.malformed, n < needed);
		assert_int_equal(sockets.rows.n, n < needed ? 1 : 2);
		assert_int_equal(row_at(&sockets, sockets.rows.n - 1)->inode, 4711);
		sockets_free(&sockets);
	}
}

static void
test_no_newline_at_the_end(void **state)
{
	char text[] = HEAD LISTENER CONNECTION;
	struct sockets sockets;

	(void)state;
	text[strlen(text) - 1] = '\0';
	sockets = read_text(text, false);
	assert_int_equal(sockets.rows.n, 2);
	sockets_free(&sockets);
}

/* --- files ---------------------------------------------------------------------------- */

#define CHILD_SKIP 77

static void
write_file(const char *folder, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		_exit(CHILD_SKIP);
}

/* What a child of ours finds at /proc/net from now on. */
static void
put_in_place(const char *tcp, const char *tcp6)
{
	char folder[] = "/tmp/netmib-proc-XXXXXX";

	if (!mkdtemp(folder) || unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", folder, "tmpfs", 0, "size=64k") < 0)
		_exit(CHILD_SKIP);
	if (tcp)
		write_file(folder, "tcp", tcp);
	if (tcp6)
		write_file(folder, "tcp6", tcp6);
	if (mount(folder, "/proc/self/net", NULL, MS_BIND, NULL) < 0)
		_exit(CHILD_SKIP);
	rmdir(folder);
}

/* Reads these files in a child. It must end in this error, or in so many rows. */
static void
check_files(const char *tcp, const char *tcp6, int error, size_t rows)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		const struct pause pause = { NULL, NULL };
		struct sockets sockets;
		bool good;

		put_in_place(tcp, tcp6);
		sockets_init(&sockets, IPPROTO_TCP);
		good = sockets_read_proc(&sockets, &pause) == error &&
		    (error || sockets.rows.n == rows);
		sockets_free(&sockets);
		_exit(good ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == CHILD_SKIP)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
test_files(void **state)
{
	(void)state;
	check_files(HEAD LISTENER CONNECTION, HEAD DUAL, 0, 3);
	check_files(HEAD, HEAD, 0, 0);
}

static void
test_kernel_without_ipv6(void **state)
{
	(void)state;
	check_files(HEAD LISTENER, NULL, 0, 1);
}

/* No socket is no reason to call a missing tcp6 an error. */
static void
test_kernel_without_ipv6_and_sockets(void **state)
{
	(void)state;
	check_files(HEAD, NULL, 0, 0);
}

static void
test_no_files(void **state)
{
	(void)state;
	check_files(NULL, NULL, -ENOENT, 0);
	check_files(NULL, HEAD DUAL, -ENOENT, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_malformed_lines),
		cmocka_unit_test(test_cut_off_line),
		cmocka_unit_test(test_no_newline_at_the_end),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_kernel_without_ipv6),
		cmocka_unit_test(test_kernel_without_ipv6_and_sockets),
		cmocka_unit_test(test_no_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
