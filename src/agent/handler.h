// SPDX-License-Identifier: BSD-2-Clause
// The one handler that serves every table to net-snmp.
#ifndef NETMIB_HANDLER_H
#define NETMIB_HANDLER_H

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <stdbool.h>

struct reader;
struct uptime;

/* snmpd registers its own modules at 127; the lower number wins (RFC 2741, 7.1.4.1). */
#define HANDLER_PRIORITY 100

/* Root OIDs of tables, and what a region has more, are short; SNMP allows 128 in all. */
#define HANDLER_OID_MAX 16
#define HANDLER_REGIONS_MAX 24

/* A table as net-snmp knows it. */
struct served {
	struct reader *reader;
	struct uptime *uptime;	   /* the agent's */
	oid root[HANDLER_OID_MAX]; /* the table's OID, or that of the scalars' parent */
	size_t root_length;
	/* What is registered: exactly the OIDs that snmpd registers for its own, since a
	 * longer one of its would win (RFC 2741, 7.1.4.1). Mostly one, the root. */
	size_t n_regions;
	struct netsnmp_handler_registration_s *registrations[HANDLER_REGIONS_MAX];
	bool registered;
};

/* Fills in *served for a reader, which it then owns, and for the agent's clock; nothing is
 * registered yet. */
void handler_init(struct served *, struct reader *, struct uptime *);

/* The OID of region i, which begins with the root. Returns its length. */
size_t handler_region(const struct served *, size_t i, oid region[HANDLER_OID_MAX]);

/* Registers the table in this process, or takes the registration back; either is a no-op
 * when it is so already. Returns 0, or -EIO, which net-snmp has logged. */
int handler_register(struct served *);
void handler_unregister(struct served *);

/* One request over a table is a begin, any number of answers, and an end. */

/* Sets the value of exactly the varbind's name, or the exception it deserves.
 * Returns SNMP_ERR_NOERROR or SNMP_ERR_GENERR (nothing is set). */
int handler_answer_get(struct served *, netsnmp_variable_list *varbind);

/* Sets name and value of what follows the varbind's name (or is there, with inclusive).
 * Returns SNMP_ERR_NOERROR; SNMP_ENDOFMIBVIEW when nothing follows in this table, or
 * SNMP_ERR_GENERR: then the varbind is as it was. */
int handler_answer_next(struct served *, netsnmp_variable_list *varbind, bool inclusive);

#endif
