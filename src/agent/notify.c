// SPDX-License-Identifier: BSD-2-Clause
// Sending linkUp and linkDown (RFC 2863) to whom the host sends notifications.
#include "notify.h"

#include <errno.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>
#include <net-snmp/library/fd_event_manager.h>

#include "../log.h"
#include "../mib/link_watch.h"

static const oid snmp_trap_oid[] = { 1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0 };
static const oid link_down[] = { 1, 3, 6, 1, 6, 3, 1, 1, 5, 3 };
static const oid link_up[] = { 1, 3, 6, 1, 6, 3, 1, 1, 5, 4 };
static const oid if_entry[] = { 1, 3, 6, 1, 2, 1, 2, 2, 1 };

#define IF_INDEX 1
#define IF_ADMIN_STATUS 7
#define IF_OPER_STATUS 8

/* Appends an INTEGER of ifTable. */
static void
add_column(netsnmp_variable_list **varbinds, oid column, const struct link_notice *notice,
    long value)
{
	oid name[OID_LENGTH(if_entry) + 2];

	memcpy(name, if_entry, sizeof(if_entry));
	name[OID_LENGTH(if_entry)] = column;
	name[OID_LENGTH(if_entry) + 1] = notice->ifindex;
	snmp_varlist_add_variable(
	    varbinds, name, OID_LENGTH(name), ASN_INTEGER, &value, sizeof(value));
}

/* NULL: no memory. sysUpTime.0, which comes first, is added by whoever sends it. */
static netsnmp_variable_list *
make_varbinds(const struct link_notice *notice)
{
	netsnmp_variable_list *varbinds = NULL;

	if (notice->up)
		snmp_varlist_add_variable(&varbinds, snmp_trap_oid,
		    OID_LENGTH(snmp_trap_oid), ASN_OBJECT_ID, link_up, sizeof(link_up));
	else
		snmp_varlist_add_variable(&varbinds, snmp_trap_oid,
		    OID_LENGTH(snmp_trap_oid), ASN_OBJECT_ID, link_down, sizeof(link_down));
	add_column(&varbinds, IF_INDEX, notice, notice->ifindex);
	add_column(&varbinds, IF_ADMIN_STATUS, notice, notice->admin);
	add_column(&varbinds, IF_OPER_STATUS, notice, notice->oper);
	return varbinds;
}

/* To the trap sinks of this process. */
static enum delivery
deliver_here(netsnmp_variable_list *varbinds, struct notifier *notifier)
{
	(void)notifier;
	send_v2trap(varbinds);
	snmp_free_varbind(varbinds);
	return DELIVERED;
}

static void
take_away(struct notifier *notifier)
{
	unsigned dropped = link_watch_take_dropped(notifier->watch);

	link_watch_pop(notifier->watch, notifier->number);
	if (dropped > 0)
		log_warning("dropped %u linkUp and linkDown, the oldest: they could not be "
			    "sent, and no more than %d are kept",
		    dropped, LINK_NOTICES_MAX);
}

void
notify_flush(struct notifier *notifier)
{
	netsnmp_variable_list *varbinds;
	struct link_notice notice;
	enum delivery delivery = DELIVERED;

	while (!notifier->running && delivery == DELIVERED &&
	    link_watch_peek(notifier->watch, &notice, &notifier->number)) {
		DEBUGMSGTL(("netmib", "%s of interface %u\n",
		    notice.up ? "linkUp" : "linkDown", notice.ifindex));
		varbinds = make_varbinds(&notice);
		if (!varbinds)
			return;
		delivery = notifier->deliver(varbinds, notifier);
		notifier->running = delivery == DELIVERY_RUNS;
		if (delivery == DELIVERED)
			take_away(notifier);
	}
}

void
notify_done(struct notifier *notifier, bool delivered)
{
	if (!notifier->running)
		return;
	notifier->running = false;
	if (delivered)
		take_away(notifier);
	notify_flush(notifier);
}

static void
on_readable(int fd, void *notifier)
{
	(void)fd;
	notify_flush(notifier);
}

int
notify_start(struct notifier *notifier, struct link_watch *watch)
{
	*notifier = (struct notifier){ .watch = watch, .deliver = deliver_here };
	return register_readfd(link_watch_fd(watch), on_readable, notifier) ==
		FD_REGISTERED_OK
	    ? 0
	    : -EIO;
}

void
notify_stop(struct notifier *notifier)
{
	if (notifier->watch)
		unregister_readfd(link_watch_fd(notifier->watch));
	notifier->watch = NULL;
}
