// SPDX-License-Identifier: BSD-2-Clause
// Host 3: the snmpd plugin, "dlmod netmib …/netmib.so". snmpd finds the two functions by
// name.
#include <errno.h>
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/fd_event_manager.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "../log.h"
#include "agent.h"

void init_netmib(void);
void deinit_netmib(void);

/* dlmod passes no context. */
static struct {
	struct agent *agent;
	int start; /* eventfd, readable: the agent is to be started; -1: it was */
} the_plugin = { .start = -1 };

static void
end_start(void)
{
	if (the_plugin.start < 0)
		return;
	unregister_readfd(the_plugin.start);
	close(the_plugin.start);
	the_plugin.start = -1;
}

/* What snmpd's loop finds to do first. By then snmpd has read its configuration, our lines
 * behind dlmod included, and it has gone into the background: a thread that was there
 * before would not be in the process that stays. Bad lines are logged and left out, as it
 * does with its own; at SIGHUP it loads the plugin anew. */
static void
start(int fd, void *agent)
{
	(void)fd;
	end_start();
	if (agent_start(agent) < 0)
		log_error("netmib serves nothing");
}

void
init_netmib(void)
{
	the_plugin.agent = agent_new();
	if (!the_plugin.agent)
		return;
	the_plugin.start = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	if (the_plugin.start < 0)
		log_error("netmib serves nothing: %s", strerror(errno));
	else if (register_readfd(the_plugin.start, start, the_plugin.agent) !=
	    FD_REGISTERED_OK)
		log_error("netmib serves nothing: too many descriptors in snmpd's loop");
}

void
deinit_netmib(void)
{
	end_start();
	agent_free(the_plugin.agent);
	the_plugin.agent = NULL;
}
