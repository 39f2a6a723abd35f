// SPDX-License-Identifier: BSD-2-Clause
// What all hosts have in common: the tables, their collector, the configuration that rules
// them.
#ifndef NETMIB_AGENT_H
#define NETMIB_AGENT_H

#include "handler.h"
#include "notify.h"
#include "uptime.h"

#define AGENT_TABLES_MAX 64

/*
 * One a process. The order: init_agent(); agent_new(); init_snmp(), which reads the
 * configuration; agent_start(); at the end agent_free().
 */
struct agent {
	struct collector *collector;
	struct served tables[AGENT_TABLES_MAX]; /* in the order of tables_all[] */
	size_t n_tables;
	struct uptime uptime;
	struct link_watch *watch; /* the collector's */
	struct notifier notifier;
	bool started;
};

/* Sends log lines to net-snmp, makes readers of all tables, and tells net-snmp our tokens.
 * The calling thread must be the one that runs net-snmp. NULL: no memory, which was logged.
 */
struct agent *agent_new(void);

/*
 * Starts the collector, registers the tables the configuration names, and from now on
 * applies every configuration net-snmp reads again; one with a bad line is logged and
 * leaves all as it was. Returns 0 or -errno, logged.
 */
int agent_start(struct agent *);

/* Unregisters everything, ends the collector and lets go of the log. NULL is allowed. */
void agent_free(struct agent *);

#endif
