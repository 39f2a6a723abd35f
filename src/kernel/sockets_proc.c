// SPDX-License-Identifier: BSD-2-Clause
// Sockets from /proc/net/tcp and tcp6, or udp and udp6 (get_tcp4_sock() in
// net/ipv4/tcp_ipv4.c, udp4_format_sock() in net/ipv4/udp.c, and their twins).
#include "sockets_proc.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockets.h"

#define TCP_CLOSE 7
#define LAST_STATE 11
#define PAUSE_LINES 256
#define LINE_MAX_LENGTH 512 /* about 180 in tcp6 */

/* An address as the file prints it: each 32-bit word of it as a number of this host's
 * order. */
static bool
parse_address(const char *text, unsigned words, uint8_t ret_octets[16])
{
	for (unsigned i = 0; i < words; i++) {
		uint32_t word;

		if (sscanf(text + 8 * i, "%8x", &word) != 1)
			return false;
		memcpy(ret_octets + 4 * i, &word, sizeof(word));
	}
	return true;
}

/* One line: "sl: local:port remote:port st tx:rx tr:when retrnsmt uid timeout inode …". */
static bool
parse_line(const char *line, bool ipv6, struct socket_row *ret_row, uint8_t ret_local[16],
    uint8_t ret_remote[16])
{
	unsigned words = ipv6 ? 4 : 1;
	char local[33], remote[33], local_port[5], remote_port[5], state[3];
	unsigned inode;

	/* Not %x, which takes signs, too. */
	if (sscanf(line,
		" %*u: %32[0-9A-F]:%4[0-9A-F] %32[0-9A-F]:%4[0-9A-F] %2[0-9A-F] "
		"%*x:%*x %*x:%*x %*x %*u %*u %u",
		local, local_port, remote, remote_port, state, &inode) != 6)
		return false;
	if (strlen(local) != 8 * words || strlen(remote) != 8 * words)
		return false;
	*ret_row = (struct socket_row){
		.cookie = { inode, 0 },
		.inode = inode,
		.local_port = (uint16_t)strtoul(local_port, NULL, 16),
		.remote_port = (uint16_t)strtoul(remote_port, NULL, 16),
		.state = (uint8_t)strtoul(state, NULL, 16),
	};
	return ret_row->state >= 1 && ret_row->state <= LAST_STATE &&
	    parse_address(local, words, ret_local) &&
	    parse_address(remote, words, ret_remote);
}

static int
add_line(struct sockets *sockets, const char *line, bool ipv6)
{
	uint8_t local[16], remote[16];
	struct socket_row row;

	if (!parse_line(line, ipv6, &row, local, remote)) {
		sockets->malformed++;
		return 0;
	}
	if (sockets->protocol == IPPROTO_TCP && row.state == TCP_CLOSE)
		return 0;
	return sockets_add(sockets, row, ipv6 ? AF_INET6 : AF_INET, local, remote, 0);
}

int
sockets_text(struct sockets *sockets, const char *text, bool ipv6)
{
	const char *line = text + strcspn(text, "\n"); /* behind the heading */
	int error = 0;

	while (error == 0 && *line && *++line) {
		size_t length = strcspn(line, "\n");
		char copy[LINE_MAX_LENGTH];

		/* By itself: sscanf() would read on in the next line where this one is cut
		 * off. */
		snprintf(copy, sizeof(copy), "%.*s",
		    (int)(length < sizeof(copy) ? length : 0), line);
		error = add_line(sockets, copy, ipv6);
		line += length;
	}
	return error;
}

static int
read_file(struct sockets *sockets, const char *path, bool ipv6, const struct pause *pause)
{
	FILE *file = fopen(path, "re");
	size_t size = 0, lines = 0;
	char *line = NULL;
	int error = 0;

	if (!file)
		return -errno;
	while (error == 0 && getline(&line, &size, file) > 0) {
		if (lines++ > 0)
			error = add_line(sockets, line, ipv6);
		if (lines % PAUSE_LINES == 0)
			pause_now(pause);
	}
	if (error == 0 && ferror(file))
		error = -EIO;
	free(line);
	fclose(file);
	return error;
}

int
sockets_read_proc(struct sockets *sockets, const struct pause *pause)
{
	bool udp = sockets->protocol == IPPROTO_UDP;
	int error = read_file(
	    sockets, udp ? "/proc/net/udp" : "/proc/net/tcp", false, pause);

	if (error)
		return error;
	error = read_file(sockets, udp ? "/proc/net/udp6" : "/proc/net/tcp6", true, pause);
	return error == -ENOENT ? 0 : error; /* a kernel without IPv6 */
}
