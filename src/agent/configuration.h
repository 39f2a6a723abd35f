// SPDX-License-Identifier: BSD-2-Clause
// Our tokens in net-snmp's configuration files.
#ifndef NETMIB_CONFIGURATION_H
#define NETMIB_CONFIGURATION_H

#include <stdbool.h>

struct config;

/* Tells net-snmp our tokens, for the files of the application that init_agent() named. */
void configuration_register(void);
void configuration_unregister(void);

/* What net-snmp has read last; NULL if a line of ours was bad, which has been logged with the file,
 * the line and what is accepted. Ours for ever, changed by the next reading. */
const struct config *configuration_read(void);

#endif
