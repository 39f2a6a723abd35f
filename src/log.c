// SPDX-License-Identifier: BSD-2-Clause
// Log lines from any thread, written by one.
#include "log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define LINE_SIZE 512
#define QUEUE_LINES 32

struct line {
	int priority;
	char text[LINE_SIZE];
};

/* One process has one log, as it has one stderr. */
static struct {
	pthread_mutex_t mutex;
	void (*sink)(int priority, const char *line);
	pthread_t writer;
	int event;
	unsigned queued, dropped;
	struct line queue[QUEUE_LINES];
} the_log = { .mutex = PTHREAD_MUTEX_INITIALIZER, .event = -1 };

void
log_to(void (*sink)(int priority, const char *line))
{
	pthread_mutex_lock(&the_log.mutex);
	the_log.sink = sink;
	the_log.writer = pthread_self();
	if (the_log.event < 0)
		the_log.event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_unlock(&the_log.mutex);
}

void
log_end(void)
{
	log_flush();
	pthread_mutex_lock(&the_log.mutex);
	the_log.sink = NULL;
	if (the_log.event >= 0)
		close(the_log.event);
	the_log.event = -1;
	pthread_mutex_unlock(&the_log.mutex);
}

int
log_fd(void)
{
	return the_log.event;
}

static void
enqueue(const struct line *line)
{
	uint64_t one = 1;

	if (the_log.queued == QUEUE_LINES) {
		the_log.dropped++;
		return;
	}
	the_log.queue[the_log.queued++] = *line;
	/* A full counter is readable already, and that is all it is for. */
	if (write(the_log.event, &one, sizeof(one)) < 0)
		return;
}

void
log_line(int priority, const char *fmt, ...)
{
	void (*sink)(int, const char *) = NULL;
	struct line line = { .priority = priority };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line.text, sizeof(line.text), fmt, ap);
	va_end(ap);

	pthread_mutex_lock(&the_log.mutex);
	if (!the_log.sink)
		fprintf(stderr, "%s\n", line.text);
	else if (pthread_equal(the_log.writer, pthread_self()))
		sink = the_log.sink;
	else
		enqueue(&line);
	pthread_mutex_unlock(&the_log.mutex);
	if (sink)
		sink(priority, line.text);
}

/* Takes the oldest queued line; false when there is none. */
static bool
dequeue(struct line *ret_line)
{
	bool any = the_log.queued > 0;

	if (any) {
		*ret_line = the_log.queue[0];
		the_log.queued--;
		for (unsigned i = 0; i < the_log.queued; i++)
			the_log.queue[i] = the_log.queue[i + 1];
	}
	return any;
}

void
log_flush(void)
{
	struct line line;
	unsigned dropped;
	uint64_t count;
	bool any;

	if (read(the_log.event, &count, sizeof(count)) < 0)
		return;
	do {
		pthread_mutex_lock(&the_log.mutex);
		any = dequeue(&line);
		dropped = any ? 0 : the_log.dropped;
		if (dropped)
			the_log.dropped = 0;
		pthread_mutex_unlock(&the_log.mutex);
		if (any)
			the_log.sink(line.priority, line.text);
	} while (any);
	if (dropped)
		log_warning("%u log lines were dropped", dropped);
}
