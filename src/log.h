// SPDX-License-Identifier: BSD-2-Clause
// Log lines from any thread, written by one.
#ifndef NETMIB_LOG_H
#define NETMIB_LOG_H

#include <syslog.h>

/*
 * net-snmp's logging belongs to the thread that runs net-snmp. Lines of other threads wait
 * in a short queue until that thread calls log_flush(). Before log_to() every line goes to
 * stderr.
 */

/* Sends every line to sink(priority, line) from now on. The calling thread becomes the
 * writer: its own lines are written at once. priority is one of syslog(3)'s; line ends
 * without a newline. */
void log_to(void (*sink)(int priority, const char *line));

/* A descriptor that is readable while lines of other threads wait; -1 before log_to().
 * Owned by the log. */
int log_fd(void);

/* Writes what other threads left. Only for the thread that called log_to(). */
void log_flush(void);

/* Lets go of the sink and the descriptor: lines go to stderr again. No other thread may log
 * now. */
void log_end(void);

/* Logs one line; fmt has no newline. Any thread. Never fails: a full queue drops and
 * counts. */
void log_line(int priority, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)

#endif
