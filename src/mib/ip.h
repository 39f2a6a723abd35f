// SPDX-License-Identifier: BSD-2-Clause
// What the tables of IP-MIB (RFC 4293) have in common: their sources, and the links they
// show.
#ifndef NETMIB_MIB_IP_H
#define NETMIB_MIB_IP_H

#include <stdbool.h>
#include <stdint.h>

#include "../table/source.h"
#include "../table/table.h"
#include "links.h"

/* ipForwarding and its like. */
enum {
	IP_IS_FORWARDING = 1,
	IP_IS_NOT_FORWARDING = 2,
};

static inline int32_t
ip_forwarding(bool forwarding)
{
	return forwarding ? IP_IS_FORWARDING : IP_IS_NOT_FORWARDING;
}

extern const struct label ip_forwarding_labels[];

/* The scalars that no file of counters tells; rows are private to it. */
extern const struct source_kind source_ip_settings;

/* The sources below are of the interfaces that netmibInterface shows: their settings are a
 * struct link_settings. */

/* Rows: struct ip_statistics of IPv6, by ifindex; set IP_IF_STATS_CHANGE: one int64_t, when
 * a row came or went last, as struct value has a moment. */
extern const struct source_kind source_ip_if_stats;
enum {
	IP_IF_STATS_CHANGE = 1,
};

/* Rows: struct ip_interface, by ifindex; set IP_INTERFACE_TIMES: one struct
 * ip_interface_times. */
extern const struct source_kind source_ip_interfaces;
enum {
	IP_INTERFACE_TIMES = 1,
};

/* What IPv4 and IPv6 are set to on an interface. */
struct ip_interface {
	uint32_t ifindex;
	bool ipv4, ipv6; /* attached to it */
	bool ipv6_enabled;
	bool forwarding;      /* of IPv6 */
	uint32_t arp_retrans; /* ms; 0: not known */
	uint32_t max_reasm, reachable, retrans;
	uint8_t identifier_length;
	uint8_t identifier[8];
};

/* When the tables of interfaces changed last; CLOCK_MONOTONIC, ns; 0: before the agent. */
struct ip_interface_times {
	int64_t ipv4, ipv6;
};

/* An interface that is shown, of those that are there. */
struct shown_link {
	uint32_t ifindex;
	bool operational; /* its ifOperStatus is up, or not known */
	char name[LINK_NAME_SIZE];
};

/* Reads them, by ifindex, into an empty array of struct shown_link, which is the caller's.
 * Returns 0 or -errno. */
int
shown_links_read(struct array *links, const struct link_settings *, const struct pause *);

/* NULL: it is not shown. */
const struct shown_link *shown_links_find(const struct array *links, uint32_t ifindex);

#endif
