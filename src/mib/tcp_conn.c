// SPDX-License-Identifier: BSD-2-Clause
// tcpConnTable, 1.3.6.1.2.1.6.13 (RFC 4022, deprecated): IPv4 connections and listeners.
#include "tables.h"
#include "tcp.h"

/* A listener that takes both families is a listener on 0.0.0.0 here. */
static bool
is_ipv4(const struct snapshot *snapshot, const void *row)
{
	return !(((const struct socket_row *)row)->flags & SOCKET_IPV6) ||
	    tcp_is_dual_stack(snapshot, row);
}

static uint32_t
local_address(const struct snapshot *snapshot, const void *row)
{
	return tcp_is_dual_stack(snapshot, row) ? 0
						: ((const struct socket_row *)row)->local;
}

static uint32_t
remote_address(const struct snapshot *snapshot, const void *row)
{
	return tcp_is_dual_stack(snapshot, row) ? 0
						: ((const struct socket_row *)row)->remote;
}

static bool
read_local_address(const struct cell *cell, struct value *ret)
{
	ret->number = local_address(cell->snapshot, cell->row);
	return true;
}

static bool
read_remote_address(const struct cell *cell, struct value *ret)
{
	ret->number = remote_address(cell->snapshot, cell->row);
	return true;
}

static bool
read_local_port(const struct cell *cell, struct value *ret)
{
	ret->integer = (int32_t)socket_local_port(cell->snapshot, cell->row);
	return true;
}

static bool
read_remote_port(const struct cell *cell, struct value *ret)
{
	ret->integer = (int32_t)socket_remote_port(cell->snapshot, cell->row);
	return true;
}

static const struct index_part index_parts[] = {
	{ .kind = INDEX_IPADDRESS, .number = local_address },
	{ .kind = INDEX_UINT16, .number = socket_local_port },
	{ .kind = INDEX_IPADDRESS, .number = remote_address },
	{ .kind = INDEX_UINT16, .number = socket_remote_port },
};

/* The columns of the INDEX are accessible here. */
static const struct column columns[] = {
	{
	    .number = 1,
	    .name = "tcpConnState",
	    .type = VALUE_INTEGER,
	    .read = tcp_read_state,
	    .labels = tcp_states,
	},
	{
	    .number = 2,
	    .name = "tcpConnLocalAddress",
	    .type = VALUE_IPADDRESS,
	    .read = read_local_address,
	},
	{
	    .number = 3,
	    .name = "tcpConnLocalPort",
	    .type = VALUE_INTEGER,
	    .read = read_local_port,
	},
	{
	    .number = 4,
	    .name = "tcpConnRemAddress",
	    .type = VALUE_IPADDRESS,
	    .read = read_remote_address,
	},
	{
	    .number = 5,
	    .name = "tcpConnRemPort",
	    .type = VALUE_INTEGER,
	    .read = read_remote_port,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 6, 13 };

const struct table table_tcp_conn = {
	.name = "tcpConnTable",
	.group = "tcp",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.source = &source_sockets,
	.index = index_parts,
	.n_index = ARRAY_LENGTH(index_parts),
	.shows = is_ipv4,
	.prefers = tcp_prefers,
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
