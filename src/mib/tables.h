// SPDX-License-Identifier: BSD-2-Clause
// The list of all tables.
#ifndef NETMIB_TABLES_H
#define NETMIB_TABLES_H

#include "../table/table.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

extern const struct table table_if_number;
extern const struct table table_if;
extern const struct table table_ip_scalars;
extern const struct table table_ip_settings;
extern const struct table table_ip_addr;
extern const struct table table_ip_route;
extern const struct table table_ip_net_to_media;
extern const struct table table_ip_cidr_route_number;
extern const struct table table_ip_cidr_route;
extern const struct table table_inet_cidr_route_number;
extern const struct table table_inet_cidr_route;
extern const struct table table_inet_cidr_route_discards;
extern const struct table table_ipv4_interface_last_change;
extern const struct table table_ipv4_interface;
extern const struct table table_ipv6_interface_last_change;
extern const struct table table_ipv6_interface;
extern const struct table table_ip_system_stats;
extern const struct table table_ip_if_stats_last_change;
extern const struct table table_ip_if_stats;
extern const struct table table_ip_address_prefix;
extern const struct table table_ip_address;
extern const struct table table_ip_net_to_physical;
extern const struct table table_ipv6_scope_zone_index;
extern const struct table table_ip_default_router;
extern const struct table table_icmp_scalars;
extern const struct table table_icmp_stats;
extern const struct table table_icmp_msg_stats;
extern const struct table table_tcp_scalars;
extern const struct table table_tcp_conn;
extern const struct table table_tcp_connection;
extern const struct table table_tcp_listener;
extern const struct table table_udp_scalars;
extern const struct table table_udp;
extern const struct table table_udp_endpoint;
extern const struct table table_ifx;
extern const struct table table_if_stack;
extern const struct table table_if_rcv_address;
extern const struct table table_if_table_last_change;
extern const struct table table_if_stack_last_change;

/* Every table, in the order of their OIDs; ends with NULL. */
extern const struct table *const tables_all[];

/* Whether a place in tables_all[] is the first one of its group. */
bool tables_begin_group(const struct table *const *table);

#endif
