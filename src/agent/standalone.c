// SPDX-License-Identifier: BSD-2-Clause
// Host 2: an SNMP agent of its own, with net-snmp's access control and no MIB but ours and
// its own.
#include "standalone.h"

#include <errno.h>
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>
#include <net-snmp/agent/mib_modules.h>

#include "../log.h"
#include "libnetsnmpagent.h"

/* VACM and its configuration, USM and its users, the engine, the system and snmp groups. */
#define MODULES \
	"vacm_conf,vacm_vars,usmConf,usmUser,usmStats,snmpEngine,system_mib,sysORTable," \
	"snmp_mib," \
	"snmpMPDStats,vacm_context,setSerialNo"

void
standalone_prepare(const char *addresses)
{
	netsnmp_ds_set_boolean(
	    NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_ROLE, 0 /* master */);
	netsnmp_ds_set_string(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_PORTS, addresses);
	/* Or every datagram would be a log line. */
	netsnmp_ds_set_boolean(
	    NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_DONT_LOG_TCPWRAPPERS_CONNECTS, 1);
}

int
standalone_add_modules(void)
{
	char *modules = strdup(MODULES);

	if (!modules) {
		log_error("out of memory");
		return -ENOMEM;
	}
	add_to_init_list(modules);
	free(modules);
	init_mib_modules();
	return 0;
}

int
standalone_open(void)
{
	return init_master_agent() == 0 ? 0 : -EADDRNOTAVAIL;
}
