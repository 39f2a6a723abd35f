// SPDX-License-Identifier: BSD-2-Clause
// The main loop of the daemon: net-snmp's, and signals as events in it.
#ifndef NETMIB_LOOP_H
#define NETMIB_LOOP_H

/* Blocks SIGTERM, SIGINT and SIGHUP, which loop_run() takes, and ignores SIGPIPE; to be
 * called before any thread is started. Returns 0 or -errno. */
int loop_prepare(void);

/* Serves until SIGTERM or SIGINT; SIGHUP reads the configuration again. */
void loop_run(void);

#endif
