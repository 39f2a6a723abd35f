// SPDX-License-Identifier: BSD-2-Clause
// The main loop of the daemon: net-snmp's, and signals as events in it.
#include "loop.h"

#include <errno.h>
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>
#include <net-snmp/library/fd_event_manager.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "../log.h"

static void
take_signal(int fd, void *running)
{
	struct signalfd_siginfo signal;

	if (read(fd, &signal, sizeof(signal)) != sizeof(signal))
		return;
	if (signal.ssi_signo == SIGHUP) {
		log_info("reading the configuration again");
		update_config();
	} else {
		*(bool *)running = false;
	}
}

static sigset_t
signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	return set;
}

int
loop_prepare(void)
{
	sigset_t set = signals();

	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	/* A master may close while we write; the write says so. */
	signal(SIGPIPE, SIG_IGN);
	/* Alarms run from the loop, not from SIGALRM. */
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_ALARM_DONT_USE_SIG, 1);
	return 0;
}

void
loop_run(void)
{
	sigset_t set = signals();
	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	bool running = true;

	if (fd < 0 || register_readfd(fd, take_signal, &running) != FD_REGISTERED_OK) {
		log_error("cannot listen for signals: %s", strerror(errno));
		return;
	}
	while (running)
		agent_check_and_process(1);
	unregister_readfd(fd);
	close(fd);
}
