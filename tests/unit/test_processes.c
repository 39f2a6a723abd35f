// SPDX-License-Identifier: BSD-2-Clause
// Tests of the scan of /proc/PID/fd with sockets of this process and of its children.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "holders.h"
#include "kernel/processes.h"

static void
count(void *argument)
{
	++*(int *)argument;
}

static int
compare_owners(const void *a, const void *b)
{
	const struct socket_owner *x = a, *y = b;

	return (x->inode > y->inode) - (x->inode < y->inode);
}

/* Looks for n owners in these processes. Returns the number of pauses. */
static int
find(struct socket_owner *owners, size_t n, const struct array *pids)
{
	int pauses = 0;
	const struct pause pause = { count, &pauses };

	qsort(owners, n, sizeof(*owners), compare_owners);
	assert_int_equal(processes_find(owners, n, pids, &pause), 0);
	return pauses;
}

static uint32_t
owner_of(const struct socket_owner *owners, size_t n, uint32_t inode)
{
	for (size_t i = 0; i < n; i++)
		if (owners[i].inode == inode)
			return owners[i].pid;
	fail_msg("inode %u is not among the owners", inode);
	return 0;
}

static void
append(struct array *pids, uint32_t pid)
{
	*(uint32_t *)array_append(pids, 1) = pid;
}

/* Other processes of this machine may hold very many descriptors: only ours are looked
 * into. */
static void
append_both(struct array *pids, pid_t a, pid_t b)
{
	append(pids, (uint32_t)(a < b ? a : b));
	append(pids, (uint32_t)(a < b ? b : a));
}

static void
test_list(void **state)
{
	struct array pids = ARRAY_OF(uint32_t);
	pid_t child = holder_fork();
	bool self = false, children = false;

	(void)state;
	assert_int_equal(processes_list(&pids), 0);
	holder_end(child);
	for (size_t i = 0; i < pids.n; i++) {
		uint32_t pid = *(uint32_t *)array_at(&pids, i);

		assert_true(pid > 0);
		assert_true(i == 0 || pid > *(uint32_t *)array_at(&pids, i - 1));
		self |= pid == (uint32_t)getpid();
		children |= pid == (uint32_t)child;
	}
	assert_true(self && children);
	array_free(&pids);
}

/* Own sockets, a child's, and one that nobody holds. */
static void
test_find(void **state)
{
	struct array pids = ARRAY_OF(uint32_t);
	uint32_t mine, theirs;
	int mine_fd = open_socket(&mine), fd = open_socket(&theirs);
	struct socket_owner owners[] = { { mine, 0 }, { theirs, 0 }, { UINT32_MAX, 0 } };
	pid_t child;

	(void)state;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(mine_fd);
		for (;;)
			pause();
	}
	close(fd);
	append_both(&pids, getpid(), child);
	find(owners, 3, &pids);
	holder_end(child);
	assert_int_equal(owner_of(owners, 3, mine), getpid());
	assert_int_equal(owner_of(owners, 3, theirs), child);
	assert_int_equal(owner_of(owners, 3, UINT32_MAX), 0);
	close(mine_fd);
	array_free(&pids);
}

static void
test_lowest_process(void **state)
{
	struct array pids = ARRAY_OF(uint32_t);
	uint32_t inode;
	int fd = open_socket(&inode);
	struct socket_owner owner = { inode, 0 };
	pid_t one = holder_fork(), two = holder_fork(), lower = one < two ? one : two;

	(void)state;
	append_both(&pids, one, two);
	find(&owner, 1, &pids);
	assert_int_equal(owner.pid, lower);
	holder_end(lower);
	owner.pid = 0;
	find(&owner, 1, &pids);
	assert_int_equal(owner.pid, one + two - lower);
	holder_end(one + two - lower);
	owner.pid = 0;
	find(&owner, 1, &pids);
	assert_int_equal(owner.pid, 0);
	close(fd);
	array_free(&pids);
}

/* Many sockets of one process, of which each is found. */
static void
test_many(void **state)
{
	enum { SOCKETS = 500 };
	struct socket_owner owners[SOCKETS];
	struct array pids = ARRAY_OF(uint32_t);
	int fds[SOCKETS];

	(void)state;
	for (int i = 0; i < SOCKETS; i++) {
		fds[i] = open_socket(&owners[i].inode);
		owners[i].pid = 0;
	}
	append(&pids, (uint32_t)getpid());
	find(owners, SOCKETS, &pids);
	for (int i = 0; i < SOCKETS; i++) {
		assert_int_equal(owners[i].pid, getpid());
		close(fds[i]);
	}
	array_free(&pids);
}

/* Processes behind the last owner are not looked into. */
static void
test_early_end(void **state)
{
	struct array pids = ARRAY_OF(uint32_t);
	uint32_t inode;
	int fd = open_socket(&inode);
	struct socket_owner owner = { inode, 0 };

	(void)state;
	append(&pids, (uint32_t)getpid());
	for (uint32_t i = 0; i < 1000; i++)
		append(&pids, UINT32_MAX - 1000 + i);
	assert_int_equal(find(&owner, 1, &pids), 1);
	assert_int_equal(owner.pid, getpid());
	owner = (struct socket_owner){ UINT32_MAX, 0 };
	assert_true(find(&owner, 1, &pids) >= 1001);
	assert_int_equal(find(&owner, 0, &pids), 0);
	close(fd);
	array_free(&pids);
}

static void
test_process_is_gone(void **state)
{
	struct array pids = ARRAY_OF(uint32_t);
	uint32_t inode;
	int fd = open_socket(&inode);
	struct socket_owner owner = { inode, 0 };
	pid_t child = holder_fork();

	(void)state;
	holder_end(child);
	append(&pids, (uint32_t)child);
	append(&pids, UINT32_MAX);
	find(&owner, 1, &pids);
	assert_int_equal(owner.pid, 0);
	close(fd);
	array_free(&pids);
}

/* A node of a local socket on disk has an inode of its own file system's numbering. */
static void
test_socket_on_disk(void **state)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	char folder[] = "/tmp/netmib-unit-XXXXXX";
	struct array pids = ARRAY_OF(uint32_t);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), node;
	struct socket_owner owner = { 0, 0 };
	struct stat status;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(name.sun_path, sizeof(name.sun_path), "%s/s", folder);
	assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	node = open(name.sun_path, O_PATH | O_CLOEXEC);
	assert_true(node >= 0);
	assert_int_equal(fstat(node, &status), 0);
	assert_true(S_ISSOCK(status.st_mode));
	owner.inode = (uint32_t)status.st_ino;
	append(&pids, (uint32_t)getpid());
	find(&owner, 1, &pids);
	assert_int_equal(owner.pid, 0);
	close(node);
	close(fd);
	unlink(name.sun_path);
	rmdir(folder);
	array_free(&pids);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_lowest_process),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_early_end),
		cmocka_unit_test(test_process_is_gone),
		cmocka_unit_test(test_socket_on_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
