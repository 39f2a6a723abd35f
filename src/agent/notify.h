// SPDX-License-Identifier: BSD-2-Clause
// Sending linkUp and linkDown (RFC 2863) to whom the host sends notifications.
#ifndef NETMIB_NOTIFY_H
#define NETMIB_NOTIFY_H

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <stdbool.h>
#include <stdint.h>

struct link_watch;

enum delivery {
	DELIVERED,     /* done with */
	DELIVERY_RUNS, /* notify_done() will tell how it ended */
	NOBODY_THERE,  /* to be tried again with notify_flush() */
};

/* One at a time, so that they arrive in order. */
struct notifier {
	struct link_watch *watch;
	/* Hands a notification on; varbinds begins with snmpTrapOID.0 and is deliver's to
	 * free. */
	enum delivery (*deliver)(netsnmp_variable_list *varbinds, struct notifier *);
	bool running;	 /* a delivery */
	uint64_t number; /* the watch's, of the notice that is being delivered */
};

/* Begins to send what the watch finds, to the trap sinks of this process until
 * notifier->deliver is set to something else. Returns 0 or -EIO. */
int notify_start(struct notifier *, struct link_watch *);
void notify_stop(struct notifier *);

/* Sends what waits, as far as it can be. */
void notify_flush(struct notifier *);

/* How a delivery that was running has ended; if not well, it is made again when there is
 * somebody. A no-op when none was running. */
void notify_done(struct notifier *, bool delivered);

#endif
