// SPDX-License-Identifier: BSD-2-Clause
// What all hosts have in common: the tables, their collector, the configuration that rules
// them.
#include "agent.h"

#include <errno.h>
#include <malloc.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>
#include <net-snmp/library/fd_event_manager.h>

#include "../config.h"
#include "../log.h"
#include "../mib/interfaces.h"
#include "../mib/link_watch.h"
#include "../mib/sources.h"
#include "../mib/tables.h"
#include "../table/reader.h"
#include "../table/source.h"
#include "configuration.h"

#define HEAP_KEPT (1024 * 1024)

static void
log_to_netsnmp(int priority, const char *line)
{
	snmp_log(priority, "%s\n", line);
}

static void
flush_log(int fd, void *unused)
{
	(void)fd;
	(void)unused;
	log_flush();
}

/* Watches devices while the interfaces are served. */
static void
apply_watch(struct agent *agent, const struct config *config)
{
	int error;

	link_watch_set(agent->watch, &config->links);
	if (!config_serves(config, table_if.group)) {
		link_watch_stop(agent->watch);
		return;
	}
	error = link_watch_start(agent->watch);
	if (error)
		log_error("cannot watch links, no linkUp and linkDown will be sent: %s",
		    strerror(-error));
}

/* Makes the configuration that was read the one in force. */
static void
apply(struct agent *agent)
{
	const struct config *config = configuration();

	apply_watch(agent, config);
	collector_set_idle(agent->collector, config->idle);
	for (size_t i = 0; sources_all[i]; i++) {
		const void *settings = config_settings(config, sources_all[i]);

		collector_set_max_age(
		    agent->collector, sources_all[i]->name, config->max_age[i]);
		if (settings)
			collector_set_settings(agent->collector, sources_all[i], settings);
	}
	collector_set_options(
	    agent->collector, config->strict_addresses ? SNAPSHOT_STRICT_ADDRESSES : 0);
	for (struct served *served = agent->tables;
	     served < agent->tables + agent->n_tables; served++) {
		const struct table *table = reader_table(served->reader);

		reader_set_joins(served->reader, config->processes);
		if (!config_serves(config, table->group))
			handler_unregister(served);
		else if (handler_register(served) < 0)
			log_error("cannot register %s", table->name);
	}
}

/* net-snmp has read its files, before agent_start() or after SIGHUP. */
static int
reconfigure(int major, int minor, void *unused, void *argument)
{
	struct agent *agent = argument;

	(void)major;
	(void)minor;
	(void)unused;
	if (!agent->started)
		return SNMPERR_SUCCESS;
	if (!configuration_is_good())
		log_error("configuration not changed");
	else
		apply(agent);
	return SNMPERR_SUCCESS;
}

struct agent *
agent_new(void)
{
	struct agent *agent = calloc(1, sizeof(*agent));

	log_to(log_to_netsnmp);
	if (!agent || !(agent->collector = collector_new(&freshness_default)))
		goto fail;
	for (const struct table *const *table = tables_all; *table; table++) {
		struct reader *reader = reader_new(agent->collector, *table);

		if (!reader || agent->n_tables == AGENT_TABLES_MAX)
			goto fail;
		handler_init(&agent->tables[agent->n_tables++], reader, &agent->uptime);
	}
	agent->watch = interfaces_watch(agent->collector);
	if (!agent->watch)
		goto fail;
	configuration_register();
	snmp_register_callback(
	    SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_POST_READ_CONFIG, reconfigure, agent);
	return agent;
fail:
	log_error("out of memory");
	agent_free(agent);
	return NULL;
}

int
agent_start(struct agent *agent)
{
	int error = collector_start(agent->collector);

	if (error) {
		log_error("cannot start the collector: %s", strerror(-error));
		return error;
	}
	/* What an answer to GETBULK takes and frees is more than glibc leaves at the top of
	 * the heap: given back and fetched again for each, with a second thread to be told,
	 * that costs more than the answer. */
	mallopt(M_TRIM_THRESHOLD, HEAP_KEPT);
	if (register_readfd(log_fd(), flush_log, NULL) != FD_REGISTERED_OK)
		log_warning("log lines of the collector may come late");
	if (notify_start(&agent->notifier, agent->watch) < 0)
		log_warning("linkUp and linkDown may come late");
	apply(agent);
	agent->started = true;
	return 0;
}

void
agent_free(struct agent *agent)
{
	if (!agent)
		return;
	snmp_unregister_callback(
	    SNMP_CALLBACK_LIBRARY, SNMP_CALLBACK_POST_READ_CONFIG, reconfigure, agent, 1);
	configuration_unregister();
	unregister_readfd(log_fd());
	notify_stop(&agent->notifier);
	for (size_t i = 0; i < agent->n_tables; i++) {
		handler_unregister(&agent->tables[i]);
		reader_free(agent->tables[i].reader);
	}
	collector_free(agent->collector);
	log_end();
	free(agent);
}
