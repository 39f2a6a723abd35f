// SPDX-License-Identifier: BSD-2-Clause
// Host 3: the snmpd plugin, "dlmod netmib …/netmib.so". snmpd finds the two functions by
// name.
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include "../log.h"
#include "agent.h"

void init_netmib(void);
void deinit_netmib(void);

/* dlmod passes no context. */
static struct {
	struct agent *agent;
	bool tried;
} the_plugin;

/* snmpd has read its configuration, our lines behind dlmod included. Bad ones are logged
 * and left out, as it does with its own; at SIGHUP it loads the plugin anew. */
static int
configured(int major, int minor, void *unused, void *argument)
{
	(void)major;
	(void)minor;
	(void)unused;
	(void)argument;
	if (the_plugin.agent && !the_plugin.tried && agent_start(the_plugin.agent) < 0)
		log_error("netmib serves nothing");
	the_plugin.tried = true;
	return SNMPERR_SUCCESS;
}

void
init_netmib(void)
{
	the_plugin.agent = agent_new();
	the_plugin.tried = false;
	snmp_register_callback(
	    SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_POST_READ_CONFIG, configured, NULL);
}

void
deinit_netmib(void)
{
	snmp_unregister_callback(
	    SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_POST_READ_CONFIG, configured, NULL, 1);
	agent_free(the_plugin.agent);
	the_plugin.agent = NULL;
}
