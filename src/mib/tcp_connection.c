// SPDX-License-Identifier: BSD-2-Clause
// tcpConnectionTable, 1.3.6.1.2.1.6.19 (RFC 4022): every connection, listeners left out.
#include "tables.h"
#include "tcp.h"

static const struct index_part index_parts[] = {
	{ .kind = INDEX_INET, .inet = tcp_local_address },
	{ .kind = INDEX_UINT16, .number = socket_local_port },
	{ .kind = INDEX_INET, .inet = tcp_remote_address },
	{ .kind = INDEX_UINT16, .number = socket_remote_port },
};

static const struct column columns[] = {
	{
	    .number = 7,
	    .name = "tcpConnectionState",
	    .type = VALUE_INTEGER,
	    .read = tcp_read_state,
	    .labels = tcp_states,
	},
	{
	    .number = 8,
	    .name = "tcpConnectionProcess",
	    .type = VALUE_GAUGE32,
	    .read = socket_read_process,
	    .joins = true,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 6, 19 };

const struct table table_tcp_connection = {
	.name = "tcpConnectionTable",
	.group = "tcp",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.source = &source_sockets,
	.join = &source_processes,
	.index = index_parts,
	.n_index = ARRAY_LENGTH(index_parts),
	.shows = tcp_is_connection,
	.prefers = tcp_prefers,
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
