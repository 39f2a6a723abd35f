// SPDX-License-Identifier: BSD-2-Clause
// The neighbours of this network namespace: neigh_fill_info() in net/core/neighbour.c.
#include "neighbours.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#define TICK INT64_C(10000000) /* ns; clock_t is in hundredths of a second */

/* The least payloads that are of use. */
static const uint8_t sizes[] = {
	[NDA_DST] = 4,
	[NDA_LLADDR] = 1,
	[NDA_CACHEINFO] = sizeof(struct nda_cacheinfo),
};

void
neighbours_init(struct neighbours *neighbours, int64_t now)
{
	*neighbours = (struct neighbours){
		.rows = ARRAY_OF(struct neighbour_row),
		.now = now,
	};
	address_pool_init(&neighbours->pool);
}

void
neighbours_free(struct neighbours *neighbours)
{
	array_free(&neighbours->rows);
	address_pool_free(&neighbours->pool);
}

/* Sets what the attributes say. Returns 0, -ENOMEM, or -EBADMSG: they make no sense. */
static int
set_row(struct neighbours *neighbours, uint8_t family,
    const struct nlattr *const *attributes, struct neighbour_row *row)
{
	const struct nlattr *address = attributes[NDA_DST];
	const struct nlattr *physical = attributes[NDA_LLADDR];
	struct nda_cacheinfo info;

	if (!address ||
	    mnl_attr_get_payload_len(address) < (family == AF_INET6 ? 16u : 4u) ||
	    (physical && mnl_attr_get_payload_len(physical) > sizeof(row->physical)))
		return -EBADMSG;
	if (physical) {
		row->length = (uint8_t)mnl_attr_get_payload_len(physical);
		memcpy(row->physical, mnl_attr_get_payload(physical), row->length);
	}
	if (attributes[NDA_CACHEINFO]) {
		memcpy(
		    &info, mnl_attr_get_payload(attributes[NDA_CACHEINFO]), sizeof(info));
		row->updated = neighbours->now - info.ndm_updated * TICK;
	}
	return address_pool_put(&neighbours->pool, family, mnl_attr_get_payload(address),
	    row->ifindex, &row->address);
}

int
neighbours_message(const struct nlmsghdr *header, void *argument)
{
	const size_t body = MNL_ALIGN(sizeof(struct ndmsg));
	const struct ndmsg *msg = mnl_nlmsg_get_payload(header);
	const struct nlattr *attributes[sizeof(sizes)];
	struct neighbours *neighbours = argument;
	struct neighbour_row row, *added;
	int error;

	if (header->nlmsg_type != RTM_NEWNEIGH)
		return 0;
	if (mnl_nlmsg_get_payload_len(header) < body || msg->ndm_ifindex <= 0 ||
	    !netlink_attributes((const char *)msg + body,
		mnl_nlmsg_get_payload_len(header) - body, sizes, sizeof(sizes),
		attributes)) {
		neighbours->malformed++;
		return 0;
	}
	/* Bridges keep theirs in the same place, and proxied ones are no neighbours. */
	if ((msg->ndm_family != AF_INET && msg->ndm_family != AF_INET6) ||
	    msg->ndm_flags & NTF_PROXY || msg->ndm_state == NUD_NONE ||
	    msg->ndm_state & NUD_NOARP)
		return 0;
	row = (struct neighbour_row){
		.ifindex = (uint32_t)msg->ndm_ifindex,
		.state = msg->ndm_state,
		.ipv6 = msg->ndm_family == AF_INET6,
	};
	error = set_row(neighbours, msg->ndm_family, attributes, &row);
	if (error == -EBADMSG) {
		neighbours->malformed++;
		return 0;
	}
	added = error ? NULL : array_append(&neighbours->rows, 1);
	if (!added)
		return -ENOMEM;
	*added = row;
	return 0;
}

static void
forget(void *argument)
{
	struct neighbours *neighbours = argument;

	neighbours->rows.n = 0;
}

int
neighbours_read(struct neighbours *neighbours, const struct pause *pause)
{
	struct {
		struct nlmsghdr header;
		struct ndmsg body;
	} request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_type = RTM_GETNEIGH,
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
	};
	struct netlink_reader reader = {
		.message = neighbours_message,
		.argument = neighbours,
		.pause = *pause,
		.again = forget,
	};
	int error = netlink_dump(
	    NETLINK_ROUTE, &request.header, &reader, &neighbours->malformed);

	address_pool_seal(&neighbours->pool);
	return error;
}
