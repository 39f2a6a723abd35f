// SPDX-License-Identifier: BSD-2-Clause
// The TCP or UDP sockets of this network namespace as packed rows, from sock_diag or
// /proc/net.
#ifndef NETMIB_SOCKETS_H
#define NETMIB_SOCKETS_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "../array.h"
#include "address_pool.h"
#include "netlink.h"

#define SOCKET_IPV6 0x01   /* the addresses are IPv6 and stand in sockets.pool */
#define SOCKET_V6ONLY 0x02 /* IPV6_V6ONLY; told while there is no peer */

/* The states a UDP socket can have. */
#define SOCKET_CONNECTED 1   /* it has a peer */
#define SOCKET_UNCONNECTED 7 /* it has none: remote is of no meaning */

/*
 * One socket, 28 bytes. An AF_INET6 socket that carries IPv4 (v4-mapped addresses) is a row
 * of IPv4 addresses: its packets are IPv4.
 */
struct socket_row {
	uint32_t cookie[2]; /* identity over the socket's life, low word first; from /proc:
			       inode, 0 */
	uint32_t inode;	    /* of the socket's file; 0: no process holds it */
	uint32_t local;	    /* IPv4 address in host order, or the number in sockets.pool */
	uint32_t remote;
	uint16_t local_port; /* host order */
	uint16_t remote_port;
	uint8_t state; /* the kernel's TCP_ESTABLISHED (1) … TCP_CLOSING (11),
			  include/net/tcp_states.h */
	uint8_t flags; /* SOCKET_… */
	uint8_t unused[2];
};

/* Where rows are gathered. rows and pool are the caller's, who takes or frees them. */
struct sockets {
	struct array rows; /* of struct socket_row, in the kernel's order */
	struct address_pool pool;
	uint8_t protocol; /* IPPROTO_TCP or IPPROTO_UDP */
	size_t malformed; /* messages or lines that made no sense and were skipped */
};

void sockets_init(struct sockets *, uint8_t protocol);
void sockets_free(struct sockets *);

/* How the kernel lets itself be read; found out once and kept by the caller. */
enum sockets_method {
	SOCKETS_ONE_PASS,   /* TCPDIAG_GETSOCK: both families in one walk; TCP only */
	SOCKETS_PER_FAMILY, /* SOCK_DIAG_BY_FAMILY */
	SOCKETS_PROC,	    /* /proc/net/tcp and its like: no cookies, no SKV6ONLY */
};

/*
 * Reads every socket but closed and bound-only ones of TCP (states mask 0xf7e) into
 * *sockets, which is empty; a UDP socket without a port is in no list of the kernel. Starts
 * with *method and goes on to the next one where the kernel refuses; the one that worked is
 * left in *method. Calls the pause between parts. Returns 0 or -errno; after an error the
 * rows are not to be used.
 */
int sockets_read(struct sockets *, enum sockets_method *method, const struct pause *);

/* Takes one sock_diag message (struct inet_diag_msg and attributes); other and malformed
 * ones are skipped, malformed ones counted. For netlink_reader.message; argument is a
 * struct sockets. Returns 0 or -ENOMEM. */
int sockets_message(const struct nlmsghdr *, void *sockets);

/* Takes the text of /proc/net/tcp or udp (ipv6 false), or tcp6 or udp6, heading included.
 * Returns 0 or -ENOMEM. text is read to its NUL. */
int sockets_text(struct sockets *, const char *text, bool ipv6);

/* Adds one socket. Addresses are in network order, family is AF_INET (first 4 octets) or
 * AF_INET6; v4-mapped ones become IPv4. row has everything but local, remote and
 * SOCKET_IPV6. Returns 0 or -ENOMEM. */
int sockets_add(struct sockets *, struct socket_row row, int family,
    const uint8_t local[16], const uint8_t remote[16], uint32_t scope);

#endif
