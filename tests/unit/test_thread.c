// SPDX-License-Identifier: BSD-2-Clause
// Tests of starting a thread that leaves signals to others.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>

#include "thread.h"

int __wrap_pthread_create(
    pthread_t *, const pthread_attr_t *, void *(*run)(void *), void *argument);
int __real_pthread_create(
    pthread_t *, const pthread_attr_t *, void *(*run)(void *), void *argument);

static int error_of_create;

int
__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
    void *(*run)(void *), void *argument)
{
	if (error_of_create)
		return error_of_create;
	return __real_pthread_create(thread, attributes, run, argument);
}

/* What a thread found. */
struct found {
	pthread_mutex_t named; /* held until it has its name */
	sigset_t blocked;
	char name[32];
};

static void *
look(void *argument)
{
	struct found *found = argument;

	pthread_mutex_lock(&found->named);
	pthread_getname_np(pthread_self(), found->name, sizeof(found->name));
	pthread_mutex_unlock(&found->named);
	pthread_sigmask(SIG_BLOCK, NULL, &found->blocked);
	return argument;
}

static struct found
look_in_thread(const char *name)
{
	struct found found = { .named = PTHREAD_MUTEX_INITIALIZER };
	pthread_t thread;
	void *result;

	pthread_mutex_lock(&found.named);
	assert_int_equal(thread_start(&thread, name, look, &found), 0);
	pthread_mutex_unlock(&found.named);
	assert_int_equal(pthread_join(thread, &result), 0);
	assert_ptr_equal(result, &found);
	return found;
}

static void
test_name(void **state)
{
	(void)state;
	assert_string_equal(look_in_thread("links").name, "links");
	assert_string_equal(look_in_thread("fifteen letters").name, "fifteen letters");
}

static bool
is_blocked(const sigset_t *set, int signal)
{
	return sigismember(set, signal) == 1;
}

/* All that can be blocked are; the caller's are as they were. */
static void
test_signals(void **state)
{
	sigset_t before, after, some;
	struct found found;

	(void)state;
	sigemptyset(&some);
	sigaddset(&some, SIGUSR1);
	pthread_sigmask(SIG_SETMASK, &some, &before);
	found = look_in_thread("signals");
	pthread_sigmask(SIG_SETMASK, &before, &after);
	/* Behind these the C library keeps two for itself. */
	for (int signal = 1; signal < 32; signal++) {
		assert_int_equal(is_blocked(&found.blocked, signal),
		    signal != SIGKILL && signal != SIGSTOP);
		assert_int_equal(is_blocked(&after, signal), signal == SIGUSR1);
	}
	assert_true(is_blocked(&found.blocked, SIGRTMIN));
	assert_true(is_blocked(&found.blocked, SIGRTMAX));
}

static void
test_no_thread(void **state)
{
	sigset_t before, after;
	pthread_t thread;

	(void)state;
	pthread_sigmask(SIG_BLOCK, NULL, &before);
	error_of_create = EAGAIN;
	assert_int_equal(thread_start(&thread, "none", look, NULL), -EAGAIN);
	error_of_create = 0;
	pthread_sigmask(SIG_BLOCK, NULL, &after);
	for (int signal = 1; signal < 32; signal++)
		assert_int_equal(is_blocked(&after, signal), is_blocked(&before, signal));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_no_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
