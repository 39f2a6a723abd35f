// SPDX-License-Identifier: BSD-2-Clause
// The list of all tables.
#include "tables.h"

const struct table *const tables_all[] = {
	&table_ip_route,
	&table_ip_cidr_route_number,
	&table_ip_cidr_route,
	&table_inet_cidr_route_number,
	&table_inet_cidr_route,
	&table_inet_cidr_route_discards,
	&table_tcp_scalars,
	&table_tcp_conn,
	&table_tcp_connection,
	&table_tcp_listener,
	NULL,
};
