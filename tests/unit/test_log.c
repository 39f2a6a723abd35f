// SPDX-License-Identifier: BSD-2-Clause
// Tests of the log's queue between threads.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

#define LINES_MAX 512

/* What the sink was given. */
static struct {
	int n;
	int priority[LINES_MAX];
	char text[LINES_MAX][600];
	pthread_t thread[LINES_MAX];
} got;

static void
sink(int priority, const char *line)
{
	if (got.n == LINES_MAX)
		return;
	got.priority[got.n] = priority;
	got.thread[got.n] = pthread_self();
	snprintf(got.text[got.n], sizeof(got.text[0]), "%s", line);
	got.n++;
}

static bool
is_readable(void)
{
	struct pollfd poll_fd = { .fd = log_fd(), .events = POLLIN };

	return poll(&poll_fd, 1, 0) == 1;
}

/* Logs lines 0 … n - 1. */
static void *
log_numbers(void *n)
{
	for (int i = 0; i < *(int *)n; i++)
		log_info("number %d", i);
	return NULL;
}

static void
run_thread(int n)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, log_numbers, &n), 0);
	pthread_join(thread, NULL);
}

static int
start(void **state)
{
	(void)state;
	log_to(sink);
	log_flush();
	got.n = 0;
	return 0;
}

/* What a line looks like that goes to stderr. */
static void
check_stderr(void)
{
	char text[64] = "", path[] = "/tmp/netmib-log-XXXXXX";
	int file = mkstemp(path), before = dup(STDERR_FILENO);

	assert_true(file >= 0);
	fflush(stderr);
	dup2(file, STDERR_FILENO);
	log_error("early %s", "bird");
	fflush(stderr);
	dup2(before, STDERR_FILENO);
	close(before);
	unlink(path);
	assert_true(pread(file, text, sizeof(text) - 1, 0) > 0);
	close(file);
	assert_string_equal(text, "early bird\n");
}

/* Runs first: nobody has called log_to() yet. */
static void
test_stderr_at_first(void **state)
{
	(void)state;
	assert_int_equal(log_fd(), -1);
	log_flush();
	check_stderr();
}

static void
test_own_lines_at_once(void **state)
{
	(void)state;
	log_warning("%d of %s", 1, "mine");
	assert_int_equal(got.n, 1);
	assert_int_equal(got.priority[0], LOG_WARNING);
	assert_string_equal(got.text[0], "1 of mine");
	assert_false(is_readable());
	log_flush();
	assert_int_equal(got.n, 1);
}

static void
test_other_threads_wait_in_order(void **state)
{
	char text[32];

	(void)state;
	run_thread(20);
	assert_int_equal(got.n, 0);
	assert_true(is_readable());
	log_flush();
	assert_int_equal(got.n, 20);
	assert_false(is_readable());
	for (int i = 0; i < 20; i++) {
		snprintf(text, sizeof(text), "number %d", i);
		assert_string_equal(got.text[i], text);
		assert_int_equal(got.priority[i], LOG_INFO);
		assert_true(pthread_equal(got.thread[i], pthread_self()));
	}
	log_flush();
	assert_int_equal(got.n, 20);
}

static void
test_full_queue_counts(void **state)
{
	unsigned dropped = 0;

	(void)state;
	run_thread(200);
	log_flush();
	assert_true(got.n > 1 && got.n < 200);
	assert_string_equal(got.text[0], "number 0");
	assert_int_equal(got.priority[got.n - 1], LOG_WARNING);
	assert_int_equal(
	    sscanf(got.text[got.n - 1], "%u log lines were dropped", &dropped), 1);
	assert_int_equal(got.n - 1 + (int)dropped, 200);
	/* It is told once, and there is room again. */
	got.n = 0;
	run_thread(1);
	log_flush();
	assert_int_equal(got.n, 1);
	assert_string_equal(got.text[0], "number 0");
}

static void
test_long_line_is_cut(void **state)
{
	char line[5000];

	(void)state;
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	log_error("%s", line);
	assert_int_equal(got.n, 1);
	assert_true(strlen(got.text[0]) > 400 && strlen(got.text[0]) < 600);
}

static void
test_percent_is_text(void **state)
{
	(void)state;
	log_info("%s", "%s%n%d");
	assert_string_equal(got.text[0], "%s%n%d");
}

/* Threads log while the writer flushes; nothing is lost unless it is counted. */
static void
test_many_threads(void **state)
{
	pthread_t threads[4];
	unsigned dropped, lost = 0;
	int n = 50, lines = 0;

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, log_numbers, &n), 0);
	for (int i = 0; i < 1000; i++)
		log_flush();
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	log_flush();
	for (int i = 0; i < got.n; i++) {
		if (sscanf(got.text[i], "%u log lines were dropped", &dropped) == 1)
			lost += dropped;
		else
			lines++;
	}
	assert_int_equal(lines + (int)lost, 200);
}

static void
test_end(void **state)
{
	(void)state;
	run_thread(3);
	log_end();
	assert_int_equal(got.n, 3);
	assert_int_equal(log_fd(), -1);
	check_stderr();
	assert_int_equal(got.n, 3);
	/* And from the start again. */
	log_to(sink);
	run_thread(1);
	log_flush();
	assert_int_equal(got.n, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stderr_at_first),
		cmocka_unit_test_setup(test_own_lines_at_once, start),
		cmocka_unit_test_setup(test_other_threads_wait_in_order, start),
		cmocka_unit_test_setup(test_full_queue_counts, start),
		cmocka_unit_test_setup(test_long_line_is_cut, start),
		cmocka_unit_test_setup(test_percent_is_text, start),
		cmocka_unit_test_setup(test_many_threads, start),
		cmocka_unit_test_setup(test_end, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
