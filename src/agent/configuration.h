// SPDX-License-Identifier: BSD-2-Clause
// Our tokens in net-snmp's configuration files.
#ifndef NETMIB_CONFIGURATION_H
#define NETMIB_CONFIGURATION_H

#include <stdbool.h>

struct config;

/* Tells net-snmp our tokens, for the files of the application that init_agent() named. */
void configuration_register(void);
void configuration_unregister(void);

/* What net-snmp has read last: the good lines, and the defaults. Changed by the next
 * reading. */
const struct config *configuration(void);

/* Whether all lines of ours were good. A bad one has been logged, with the file, the line
 * and what is accepted. */
bool configuration_is_good(void);

#endif
