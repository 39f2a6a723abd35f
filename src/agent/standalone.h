// SPDX-License-Identifier: BSD-2-Clause
// Host 2: an SNMP agent of its own, with net-snmp's access control and no MIB but ours and
// its own.
#ifndef NETMIB_STANDALONE_H
#define NETMIB_STANDALONE_H

/*
 * To be called before init_agent(); addresses as of snmpd's -l list, with commas between.
 */
void standalone_prepare(const char *addresses);

/* Between init_agent() and init_snmp(): starts the few MIB modules an agent cannot do
 * without. Returns 0, or -ENOMEM, which is logged. */
int standalone_add_modules(void);

/* Behind init_snmp(): opens the addresses. Returns 0, or -EADDRNOTAVAIL, which net-snmp has
 * logged. */
int standalone_open(void);

#endif
