// SPDX-License-Identifier: BSD-2-Clause
// udpEndpointTable and udpTable, 1.3.6.1.2.1.7.7 and .5 (RFC 4113): every UDP socket that
// has a port, the older table those of IPv4 without a number.
#include "sockets.h"
#include "tables.h"

static const struct socket_row *
as_socket(const void *row)
{
	return &((const struct endpoint_row *)row)->socket;
}

static bool
is_connected(const void *row)
{
	return as_socket(row)->state == SOCKET_CONNECTED;
}

static bool
is_dual_stack(const struct snapshot *snapshot, const void *row)
{
	return !is_connected(row) && socket_is_on_any(&snapshot->side, as_socket(row));
}

static void
local_address(const struct snapshot *snapshot, const void *row, struct inet_address *ret)
{
	if (is_dual_stack(snapshot, row))
		*ret = (struct inet_address){ .type = INET_ADDRESS_UNKNOWN };
	else
		socket_put_address(snapshot, as_socket(row), as_socket(row)->local, ret);
}

static void
remote_address(const struct snapshot *snapshot, const void *row, struct inet_address *ret)
{
	if (is_connected(row))
		socket_put_address(snapshot, as_socket(row), as_socket(row)->remote, ret);
	else
		*ret = (struct inet_address){ .type = INET_ADDRESS_UNKNOWN };
}

static uint32_t
remote_port(const struct snapshot *snapshot, const void *row)
{
	return is_connected(row) ? socket_remote_port(snapshot, row) : 0;
}

static uint32_t
instance(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct endpoint_row *)row)->instance;
}

static const struct index_part endpoint_index[] = {
	{ .kind = INDEX_INET, .inet = local_address },
	{ .kind = INDEX_UINT16, .number = socket_local_port },
	{ .kind = INDEX_INET, .inet = remote_address },
	{ .kind = INDEX_UINT16, .number = remote_port },
	{ .kind = INDEX_UINT32, .number = instance },
};

static const struct column endpoint_columns[] = {
	{
	    .number = 8,
	    .name = "udpEndpointProcess",
	    .type = VALUE_GAUGE32,
	    .read = socket_read_process,
	    .joins = true,
	},
};

/* --- udpTable --- */

/* A socket that takes both families is one on 0.0.0.0 here. */
static bool
is_ipv4(const struct snapshot *snapshot, const void *row)
{
	return !(as_socket(row)->flags & SOCKET_IPV6) || is_dual_stack(snapshot, row);
}

static uint32_t
ipv4_address(const struct snapshot *snapshot, const void *row)
{
	return is_dual_stack(snapshot, row) ? 0 : as_socket(row)->local;
}

static bool
read_local_address(const struct cell *cell, struct value *ret)
{
	ret->number = ipv4_address(cell->snapshot, cell->row);
	return true;
}

static bool
read_local_port(const struct cell *cell, struct value *ret)
{
	ret->integer = (int32_t)socket_local_port(cell->snapshot, cell->row);
	return true;
}

static const struct index_part udp_index[] = {
	{ .kind = INDEX_IPADDRESS, .number = ipv4_address },
	{ .kind = INDEX_UINT16, .number = socket_local_port },
};

static const struct column udp_columns[] = {
	{
	    .number = 1,
	    .name = "udpLocalAddress",
	    .type = VALUE_IPADDRESS,
	    .read = read_local_address,
	},
	{
	    .number = 2,
	    .name = "udpLocalPort",
	    .type = VALUE_INTEGER,
	    .read = read_local_port,
	},
};

static const uint32_t endpoint_root[] = { 1, 3, 6, 1, 2, 1, 7, 7 };
static const uint32_t udp_root[] = { 1, 3, 6, 1, 2, 1, 7, 5 };

const struct table table_udp_endpoint = {
	.name = "udpEndpointTable",
	.group = "udp",
	.root = endpoint_root,
	.root_length = ARRAY_LENGTH(endpoint_root),
	.source = &source_endpoints,
	.join = &source_endpoint_processes,
	.index = endpoint_index,
	.n_index = ARRAY_LENGTH(endpoint_index),
	.columns = endpoint_columns,
	.n_columns = ARRAY_LENGTH(endpoint_columns),
};

const struct table table_udp = {
	.name = "udpTable",
	.group = "udp",
	.root = udp_root,
	.root_length = ARRAY_LENGTH(udp_root),
	.source = &source_endpoints,
	.index = udp_index,
	.n_index = ARRAY_LENGTH(udp_index),
	.shows = is_ipv4,
	.columns = udp_columns,
	.n_columns = ARRAY_LENGTH(udp_columns),
};
