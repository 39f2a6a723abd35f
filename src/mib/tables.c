// SPDX-License-Identifier: BSD-2-Clause
// The list of all tables.
#include "tables.h"

#include <string.h>

const struct table *const tables_all[] = {
	&table_if_number,
	&table_if,
	&table_ip_scalars,
	&table_ip_settings,
	&table_ip_addr,
	&table_ip_route,
	&table_ip_net_to_media,
	&table_ip_cidr_route_number,
	&table_ip_cidr_route,
	&table_inet_cidr_route_number,
	&table_inet_cidr_route,
	&table_inet_cidr_route_discards,
	&table_ipv4_interface_last_change,
	&table_ipv4_interface,
	&table_ipv6_interface_last_change,
	&table_ipv6_interface,
	&table_ip_system_stats,
	&table_ip_if_stats_last_change,
	&table_ip_if_stats,
	&table_ip_address_prefix,
	&table_ip_address,
	&table_ip_net_to_physical,
	&table_ipv6_scope_zone_index,
	&table_ip_default_router,
	&table_icmp_scalars,
	&table_icmp_stats,
	&table_icmp_msg_stats,
	&table_tcp_scalars,
	&table_tcp_conn,
	&table_tcp_connection,
	&table_tcp_listener,
	&table_udp_scalars,
	&table_udp,
	&table_udp_endpoint,
	&table_ifx,
	&table_if_stack,
	&table_if_rcv_address,
	&table_if_table_last_change,
	&table_if_stack_last_change,
	NULL,
};

bool
tables_begin_group(const struct table *const *table)
{
	for (const struct table *const *before = tables_all; before < table; before++)
		if (strcmp((*before)->group, (*table)->group) == 0)
			return false;
	return true;
}
