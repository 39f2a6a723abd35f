// SPDX-License-Identifier: BSD-2-Clause
// Our tokens in net-snmp's configuration files.
#include "configuration.h"

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>

#include "../config.h"
#include "../log.h"

/* net-snmp hands its parsers no context: what they have read waits here. */
static struct {
	struct config config;
	bool bad;
	netsnmp_log_handler *watcher;
} the_parsed;

static void
parse_line(const char *token, char *rest)
{
	char accepts[256];

	if (config_line(&the_parsed.config, token, rest) == 0)
		return;
	config_explain(token, accepts, sizeof(accepts));
	config_perror(accepts);
	the_parsed.bad = true;
}

/* net-snmp itself refuses a token with nothing behind it, and tells its log only:
 * "FILE: line N: Error: Blank line following TOKEN token." */
static int
watch_log(netsnmp_log_handler *handler, int priority, const char *line)
{
	char nothing[] = "", accepts[256];

	(void)handler;
	(void)priority;
	if (!strstr(line, "Blank line following netmib"))
		return 1;
	for (const struct config_token *token = config_tokens; token->name; token++) {
		if (!strstr(line, token->name) ||
		    config_line(&the_parsed.config, token->name, nothing) == 0)
			continue;
		config_explain(token->name, accepts, sizeof(accepts));
		if (!the_parsed.bad) /* the files are read twice */
			log_error("%s", accepts);
		the_parsed.bad = true;
	}
	return 1;
}

/* Called before the files are read again. */
static void
forget_lines(void)
{
	config_defaults(&the_parsed.config);
	the_parsed.bad = false;
}

void
configuration_register(void)
{
	forget_lines();
	for (const struct config_token *token = config_tokens; token->name; token++)
		snmpd_register_config_handler(
		    token->name, parse_line, forget_lines, token->accepts);
	the_parsed.watcher = netsnmp_register_loghandler(
	    NETSNMP_LOGHANDLER_CALLBACK, LOG_ERR);
	if (the_parsed.watcher)
		the_parsed.watcher->handler = watch_log;
}

void
configuration_unregister(void)
{
	if (the_parsed.watcher)
		netsnmp_remove_loghandler(the_parsed.watcher);
	the_parsed.watcher = NULL;
	for (const struct config_token *token = config_tokens; token->name; token++)
		snmpd_unregister_config_handler(token->name);
}

const struct config *
configuration(void)
{
	return &the_parsed.config;
}

bool
configuration_is_good(void)
{
	return !the_parsed.bad;
}
