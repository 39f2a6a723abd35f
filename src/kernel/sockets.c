// SPDX-License-Identifier: BSD-2-Clause
// TCP and UDP sockets by sock_diag (net/ipv4/inet_diag.c), and the rows every reader of
// sockets fills.
#include "sockets.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>

#include "sockets_proc.h"

/*
 * 1 << state: all states but CLOSE (7, bound only) and the request-only ones above 11.
 * SYN_RECV (3) brings the request sockets.
 */
#define TCP_STATES 0xf7e

/* UDP has no more. */
#define UDP_STATES (1u << SOCKET_CONNECTED | 1u << SOCKET_UNCONNECTED)

static uint32_t
wanted_states(const struct sockets *sockets)
{
	return sockets->protocol == IPPROTO_UDP ? UDP_STATES : TCP_STATES;
}

void
sockets_init(struct sockets *sockets, uint8_t protocol)
{
	*sockets = (struct sockets){
		.rows = ARRAY_OF(struct socket_row),
		.protocol = protocol,
	};
	address_pool_init(&sockets->pool);
}

void
sockets_free(struct sockets *sockets)
{
	array_free(&sockets->rows);
	address_pool_free(&sockets->pool);
}

static bool
is_mapped(const uint8_t octets[16])
{
	static const uint8_t prefix[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(octets, prefix, sizeof(prefix)) == 0;
}

int
sockets_add(struct sockets *sockets, struct socket_row row, int family,
    const uint8_t local[16], const uint8_t remote[16], uint32_t scope)
{
	struct socket_row *added;

	if (family == AF_INET) {
		row.local = ipv4_of(local);
		row.remote = ipv4_of(remote);
	} else if (is_mapped(local)) {
		/* The last four octets of :: are right for a listener, too. */
		row.local = ipv4_of(local + 12);
		row.remote = ipv4_of(remote + 12);
	} else {
		row.flags |= SOCKET_IPV6;
		if (address_pool_add(&sockets->pool, local, scope, &row.local) < 0 ||
		    address_pool_add(&sockets->pool, remote, scope, &row.remote) < 0)
			return -ENOMEM;
	}
	added = array_append(&sockets->rows, 1);
	if (!added)
		return -ENOMEM;
	*added = row;
	return 0;
}

/* Reads INET_DIAG_SKV6ONLY, a byte, 1 when IPV6_V6ONLY is set; only AF_INET6 sockets
 * without a peer have it. Returns false when the attributes make no sense. */
static bool
read_v6only(const struct nlmsghdr *header, uint8_t *ret_flags)
{
	static const uint8_t sizes[INET_DIAG_SKV6ONLY + 1] = { [INET_DIAG_SKV6ONLY] = 1 };
	const struct nlattr *attributes[INET_DIAG_SKV6ONLY + 1];
	const size_t body = MNL_ALIGN(sizeof(struct inet_diag_msg));

	if (!netlink_attributes(mnl_nlmsg_get_payload_offset(header, body),
		mnl_nlmsg_get_payload_len(header) - body, sizes, INET_DIAG_SKV6ONLY + 1,
		attributes))
		return false;
	if (attributes[INET_DIAG_SKV6ONLY] &&
	    mnl_attr_get_u8(attributes[INET_DIAG_SKV6ONLY]))
		*ret_flags |= SOCKET_V6ONLY;
	return true;
}

int
sockets_message(const struct nlmsghdr *header, void *argument)
{
	const struct inet_diag_msg *msg = mnl_nlmsg_get_payload(header);
	struct sockets *sockets = argument;
	struct socket_row row;

	if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY &&
	    header->nlmsg_type != TCPDIAG_GETSOCK)
		return 0;
	if (mnl_nlmsg_get_payload_len(header) < sizeof(*msg) ||
	    (msg->idiag_family != AF_INET && msg->idiag_family != AF_INET6) ||
	    msg->idiag_state >= 32) {
		sockets->malformed++;
		return 0;
	}
	if (!(1u << msg->idiag_state & wanted_states(sockets)))
		return 0;
	row = (struct socket_row){
		.cookie = { msg->id.idiag_cookie[0], msg->id.idiag_cookie[1] },
		.inode = msg->idiag_inode,
		.local_port = ntohs(msg->id.idiag_sport),
		.remote_port = ntohs(msg->id.idiag_dport),
		.state = msg->idiag_state,
	};
	if (msg->idiag_family == AF_INET6 && !read_v6only(header, &row.flags)) {
		sockets->malformed++;
		return 0;
	}
	return sockets_add(sockets, row, msg->idiag_family,
	    (const uint8_t *)msg->id.idiag_src, (const uint8_t *)msg->id.idiag_dst,
	    msg->id.idiag_if);
}

/* A sock_diag request; the two forms differ in type and body. */
struct request {
	struct nlmsghdr header;
	union {
		struct inet_diag_req_v2 by_family;
		struct inet_diag_req both;
	};
};

static int
dump(struct sockets *sockets, struct request *request, const struct pause *pause)
{
	struct netlink_reader reader = {
		.message = sockets_message,
		.argument = sockets,
		.pause = *pause,
	};

	request->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	return netlink_dump(
	    NETLINK_SOCK_DIAG, &request->header, &reader, &sockets->malformed);
}

/* The message type of 2.4 days; the only form that takes both families in one walk. */
static int
read_one_pass(struct sockets *sockets, const struct pause *pause)
{
	struct request request = {
		.header.nlmsg_len = NLMSG_LENGTH(sizeof(request.both)),
		.header.nlmsg_type = TCPDIAG_GETSOCK,
		.both.idiag_states = wanted_states(sockets),
	};

	return dump(sockets, &request, pause);
}

static int
read_family(struct sockets *sockets, uint8_t family, const struct pause *pause)
{
	struct request request = {
		.header.nlmsg_len = NLMSG_LENGTH(sizeof(request.by_family)),
		.header.nlmsg_type = SOCK_DIAG_BY_FAMILY,
		.by_family.sdiag_family = family,
		.by_family.sdiag_protocol = sockets->protocol,
		.by_family.idiag_states = wanted_states(sockets),
	};

	return dump(sockets, &request, pause);
}

static int
read_per_family(struct sockets *sockets, const struct pause *pause)
{
	int error = read_family(sockets, AF_INET, pause);

	return error ? error : read_family(sockets, AF_INET6, pause);
}

/*
 * What a kernel without the module, or a sandbox, answers; anything else is a failed dump.
 */
static bool
is_refusal(int error)
{
	static const int refusals[] = { EPROTONOSUPPORT, EAFNOSUPPORT, ENOENT, EINVAL,
		EOPNOTSUPP, EPERM, EACCES };

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (error == -refusals[i])
			return true;
	return false;
}

int
sockets_read(
    struct sockets *sockets, enum sockets_method *method, const struct pause *pause)
{
	static int (*const read[])(struct sockets *, const struct pause *) = {
		[SOCKETS_ONE_PASS] = read_one_pass,
		[SOCKETS_PER_FAMILY] = read_per_family,
		[SOCKETS_PROC] = sockets_read_proc,
	};
	int error;

	if (sockets->protocol != IPPROTO_TCP && *method == SOCKETS_ONE_PASS)
		*method = SOCKETS_PER_FAMILY;
	for (;;) {
		error = read[*method](sockets, pause);
		if (*method == SOCKETS_PROC || !is_refusal(error))
			break;
		sockets_free(sockets);
		++*method;
	}
	address_pool_seal(&sockets->pool);
	return error;
}
