// SPDX-License-Identifier: BSD-2-Clause
// tcpListenerTable, 1.3.6.1.2.1.6.20 (RFC 4022): every listener; a REUSEPORT group is one
// row.
#include "tables.h"
#include "tcp.h"

static const struct index_part index_parts[] = {
	{ .kind = INDEX_INET, .inet = tcp_local_address },
	{ .kind = INDEX_UINT16, .number = socket_local_port },
};

static const struct column columns[] = {
	{
	    .number = 4,
	    .name = "tcpListenerProcess",
	    .type = VALUE_GAUGE32,
	    .read = socket_read_process,
	    .joins = true,
	},
};

static const uint32_t root[] = { 1, 3, 6, 1, 2, 1, 6, 20 };

const struct table table_tcp_listener = {
	.name = "tcpListenerTable",
	.group = "tcp",
	.root = root,
	.root_length = ARRAY_LENGTH(root),
	.source = &source_sockets,
	.join = &source_processes,
	.index = index_parts,
	.n_index = ARRAY_LENGTH(index_parts),
	.shows = tcp_is_listener,
	.prefers = tcp_prefers,
	.columns = columns,
	.n_columns = ARRAY_LENGTH(columns),
};
