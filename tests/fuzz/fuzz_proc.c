// SPDX-License-Identifier: BSD-2-Clause
// Fuzzes the text of /proc/net/tcp and tcp6; the first octet says which of them it is.
#include <netinet/in.h>
#include <string.h>

#include "fuzz.h"
#include "kernel/sockets.h"

#define TCP_CLOSE 7
#define LAST_STATE 11

static size_t
count_lines(const char *text)
{
	size_t n = 0;

	for (; (text = strchr(text, '\n')); text++)
		n += text[1] != '\0';
	return n;
}

static void
check_rows(const struct sockets *sockets)
{
	for (size_t i = 0; i < sockets->rows.n; i++) {
		const struct socket_row *row = array_at(&sockets->rows, i);

		CHECK(
		    row->state >= 1 && row->state <= LAST_STATE && row->state != TCP_CLOSE);
		CHECK(row->cookie[0] == row->inode && row->cookie[1] == 0);
		if (row->flags & SOCKET_IPV6) {
			CHECK(row->local < sockets->pool.addresses.n);
			CHECK(row->remote < sockets->pool.addresses.n);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sockets sockets;
	char *text;

	if (size == 0)
		return 0;
	text = malloc(size);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	sockets_init(&sockets, IPPROTO_TCP);
	CHECK(sockets_text(&sockets, text, data[0] & 1) == 0);
	/* One line is one socket, or none, or malformed. */
	CHECK(sockets.rows.n + sockets.malformed <= count_lines(text));
	check_rows(&sockets);
	sockets_free(&sockets);
	free(text);
	return 0;
}
