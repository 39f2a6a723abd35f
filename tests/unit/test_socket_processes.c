// SPDX-License-Identifier: BSD-2-Clause
// Tests of the source of socket owners: what it keeps, what it looks for again.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "holders.h"
#include "kernel/sockets.h"
#include "mib/sockets.h"
#include "table/table.h"

#define SECOND INT64_C(1000000000)

/* The source between its refreshes, which the test makes by itself, at times of its own. */
struct subject {
	struct collector *collector;
	void *state;
	struct snapshot *sockets;   /* what it is made from */
	struct snapshot *processes; /* NULL at first */
	int64_t time;
};

static struct subject
open_subject(void)
{
	struct subject subject = {
		.collector = collector_new(&freshness_default),
		.state = calloc(1, source_processes.state_size),
		.sockets = snapshot_new(),
		.time = 1000 * SECOND,
	};

	subject.sockets->rows = ARRAY_OF(struct socket_row);
	subject.sockets->views[0].order = ARRAY_OF(uint32_t);
	return subject;
}

static void
close_subject(struct subject *subject)
{
	snapshot_release(subject->processes);
	snapshot_release(subject->sockets);
	if (source_processes.free_state)
		source_processes.free_state(subject->state);
	free(subject->state);
	collector_free(subject->collector);
}

static void
add_row(struct subject *subject, uint32_t cookie, uint32_t inode, bool duplicate)
{
	struct socket_row *row = array_append(&subject->sockets->rows, 1);
	uint32_t *entry = array_append(&subject->sockets->views[0].order, 1);

	row->cookie[0] = cookie;
	row->inode = inode;
	*entry = (uint32_t)(subject->sockets->rows.n - 1) |
	    (duplicate ? VIEW_DUPLICATE : 0);
}

/* A refresh so many seconds after the last one. */
static void
refresh(struct subject *subject, int seconds)
{
	struct snapshot *new = snapshot_new();
	struct reading reading = {
		.state = subject->state,
		.old = subject->processes,
		.base = subject->sockets,
		.new = new,
		.collector = subject->collector,
	};

	subject->time += seconds * SECOND;
	new->time = subject->time;
	assert_int_equal(source_processes.read(&reading), 0);
	snapshot_release(subject->processes);
	subject->processes = new;
}

/* What a column says about a row. */
static uint32_t
process_at(const struct subject *subject, size_t position)
{
	struct cell cell = {
		.snapshot = subject->sockets,
		.view = &subject->sockets->views[0],
		.position = position,
		.row = table_row(subject->sockets, &subject->sockets->views[0], position),
		.joined = subject->processes,
	};

	return process_of(&cell);
}

static void
test_found(void **state)
{
	struct subject subject = open_subject();
	uint32_t inode;
	int fd = open_socket(&inode);

	(void)state;
	add_row(&subject, 9, inode, false);
	add_row(&subject, 3, 0, false);		 /* TIME_WAIT */
	add_row(&subject, 1, UINT32_MAX, false); /* nobody's */
	assert_int_equal(process_at(&subject, 0), 0);
	refresh(&subject, 1);
	assert_int_equal(process_at(&subject, 0), getpid());
	assert_int_equal(process_at(&subject, 1), 0);
	assert_int_equal(process_at(&subject, 2), 0);
	close(fd);
	close_subject(&subject);
}

static void
test_nothing_to_look_for(void **state)
{
	struct subject subject = open_subject();

	(void)state;
	refresh(&subject, 1);
	add_row(&subject, 3, 0, false);
	refresh(&subject, 1);
	assert_int_equal(process_at(&subject, 0), 0);
	close_subject(&subject);
}

/* A socket that is not among those of the second snapshot has no known owner. */
static void
test_unknown_socket(void **state)
{
	struct subject subject = open_subject();
	uint32_t inode;
	int fd = open_socket(&inode);

	(void)state;
	refresh(&subject, 1);
	add_row(&subject, 9, inode, false);
	assert_int_equal(process_at(&subject, 0), 0);
	close(fd);
	close_subject(&subject);
}

/* What is known stays known while the process lives, and is looked for anew after a
 * minute. */
static void
test_kept_and_verified(void **state)
{
	struct subject subject = open_subject();
	uint32_t inode;
	int fd = open_socket(&inode);
	pid_t child = holder_fork();

	(void)state;
	add_row(&subject, 9, inode, false);
	refresh(&subject, 1);
	assert_int_equal(process_at(&subject, 0), getpid() < child ? getpid() : child);
	close(fd);
	refresh(&subject, 2);
	if (getpid() < child)
		assert_int_equal(process_at(&subject, 0), getpid());
	refresh(&subject, 61);
	assert_int_equal(process_at(&subject, 0), child);
	holder_end(child);
	refresh(&subject, 2);
	refresh(&subject, 2);
	assert_int_equal(process_at(&subject, 0), 0);
	close_subject(&subject);
}

/* When the process ends, the next one is found without waiting for the minute. */
static void
test_owner_ends(void **state)
{
	struct subject subject = open_subject();
	uint32_t inode;
	int fd = open_socket(&inode);
	pid_t one = holder_fork(), two = holder_fork();
	pid_t first = one < two ? one : two, second = one < two ? two : one;

	(void)state;
	close(fd);
	add_row(&subject, 9, inode, false);
	refresh(&subject, 1);
	assert_int_equal(process_at(&subject, 0), first);
	holder_end(first);
	refresh(&subject, 1);
	assert_int_equal(process_at(&subject, 0), second);
	holder_end(second);
	close_subject(&subject);
}

/*
 * A socket that was missed may just have been accepted: it is looked for once more, and is
 * then taken to be nobody's until the minute is over.
 */
static void
test_missed_once_and_twice(void **state)
{
	struct subject subject = open_subject();
	uint32_t inode;
	int fd = open_socket(&inode);

	(void)state;
	/* Cookies are what a socket is known by: another inode stands for the accept(). */
	add_row(&subject, 9, UINT32_MAX, false);
	add_row(&subject, 10, UINT32_MAX - 1, false);
	refresh(&subject, 1);
	((struct socket_row *)array_at(&subject.sockets->rows, 0))->inode = inode;
	refresh(&subject, 1);
	assert_true(process_at(&subject, 0) == (uint32_t)getpid());
	assert_int_equal(process_at(&subject, 1), 0);
	((struct socket_row *)array_at(&subject.sockets->rows, 1))->inode = inode;
	refresh(&subject, 1);
	assert_int_equal(process_at(&subject, 1), 0);
	refresh(&subject, 60);
	assert_true(process_at(&subject, 1) == (uint32_t)getpid());
	close(fd);
	close_subject(&subject);
}

/* A REUSEPORT group: the lowest process of all of its sockets. */
static void
test_group(void **state)
{
	struct subject subject = open_subject();
	uint32_t theirs, mine, other;
	int fd = open_socket(&theirs), mine_fd, other_fd;
	pid_t child = holder_fork();

	(void)state;
	close(fd);
	mine_fd = open_socket(&mine);
	other_fd = open_socket(&other);
	add_row(&subject, 1, theirs, false);
	add_row(&subject, 2, UINT32_MAX, true);
	add_row(&subject, 3, mine, true);
	add_row(&subject, 4, theirs, false);
	add_row(&subject, 5, other, false);
	refresh(&subject, 1);
	assert_int_equal(process_at(&subject, 0), getpid() < child ? getpid() : child);
	assert_int_equal(process_at(&subject, 3), child);
	assert_int_equal(process_at(&subject, 4), getpid());
	holder_end(child);
	close(mine_fd);
	close(other_fd);
	close_subject(&subject);
}

/* Two rows with one inode (MPTCP), and one cookie met twice in a dump. */
static void
test_shared_inode_and_cookie(void **state)
{
	struct subject subject = open_subject();
	uint32_t inode;
	int fd = open_socket(&inode);

	(void)state;
	add_row(&subject, 7, inode, false);
	add_row(&subject, 5, inode, false);
	add_row(&subject, 5, inode, false);
	for (int i = 0; i < 3; i++) {
		refresh(&subject, 1);
		for (size_t k = 0; k < 3; k++)
			assert_int_equal(process_at(&subject, k), getpid());
	}
	close(fd);
	close_subject(&subject);
}

/* The high word of a cookie counts. */
static void
test_wide_cookies(void **state)
{
	struct subject subject = open_subject();
	uint32_t inode;
	int fd = open_socket(&inode);

	(void)state;
	add_row(&subject, 7, UINT32_MAX, false);
	add_row(&subject, 7, inode, false);
	((struct socket_row *)array_at(&subject.sockets->rows, 1))->cookie[1] = 1;
	refresh(&subject, 1);
	assert_int_equal(process_at(&subject, 0), 0);
	assert_int_equal(process_at(&subject, 1), getpid());
	close(fd);
	close_subject(&subject);
}

/* Ends as a child does. */
static void
follow(pid_t pid)
{
	int status = 0;

	waitpid(pid, &status, 0);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}

/*
 * Goes on in a process that sees only those it started: others may hold very many
 * descriptors, and the source looks into all. Where that is not allowed, goes on here.
 */
static void
leave_others_behind(void)
{
	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return;
	/* The second child, so as not to be the first process there, which signals
	 * spare. */
	for (int i = 0; i < 2; i++) {
		pid_t pid;

		if (i == 0 && unshare(CLONE_NEWPID) < 0)
			return;
		pid = fork();
		if (pid > 0)
			follow(pid);
		if (pid < 0)
			_exit(EXIT_FAILURE);
	}
	if (mount("proc", "/proc", "proc", 0, NULL) < 0)
		perror("# cannot be alone");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_nothing_to_look_for),
		cmocka_unit_test(test_unknown_socket),
		cmocka_unit_test(test_kept_and_verified),
		cmocka_unit_test(test_owner_ends),
		cmocka_unit_test(test_missed_once_and_twice),
		cmocka_unit_test(test_group),
		cmocka_unit_test(test_shared_inode_and_cookie),
		cmocka_unit_test(test_wide_cookies),
	};

	leave_others_behind();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
