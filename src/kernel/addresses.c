// SPDX-License-Identifier: BSD-2-Clause
// The IP addresses of this network namespace's interfaces: inet_fill_ifaddr() in
// net/ipv4/devinet.c, inet6_fill_ifaddr() in net/ipv6/addrconf.c.
#include "addresses.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#define PROTOCOL 11 /* IFA_PROTO, since 5.18 */

/* The least payloads that are of use. */
static const uint8_t sizes[] = {
	[IFA_ADDRESS] = 4,
	[IFA_LOCAL] = 4,
	[IFA_BROADCAST] = 4,
	[IFA_CACHEINFO] = sizeof(struct ifa_cacheinfo),
	[IFA_FLAGS] = 4,
	[PROTOCOL] = 1,
};

void
addresses_init(struct addresses *addresses)
{
	*addresses = (struct addresses){ .rows = ARRAY_OF(struct address_row) };
	address_pool_init(&addresses->pool);
}

void
addresses_free(struct addresses *addresses)
{
	array_free(&addresses->rows);
	address_pool_free(&addresses->pool);
}

/* Zeroes the bits behind a prefix of so many. */
static void
mask(uint8_t *octets, size_t n_octets, unsigned length)
{
	for (size_t i = 0; i < n_octets; i++) {
		unsigned bits = length > 8 * i ? length - 8 * (unsigned)i : 0;

		octets[i] &= bits >= 8 ? 0xff : (uint8_t)(0xff00 >> bits);
	}
}

/* Sets local, prefix and broadcast. Returns 0, -ENOMEM, or -EBADMSG: they make no sense. */
static int
set_addresses(struct addresses *addresses, const struct ifaddrmsg *msg,
    const struct nlattr *const *attributes, struct address_row *row)
{
	const struct nlattr *far = attributes[IFA_ADDRESS], *near = attributes[IFA_LOCAL];
	size_t length = msg->ifa_family == AF_INET6 ? 16 : 4;
	uint8_t octets[16];

	/* Each stands for the other where one is not there. */
	far = far ? far : near;
	near = near ? near : far;
	if (!far || mnl_attr_get_payload_len(far) < length ||
	    mnl_attr_get_payload_len(near) < length || msg->ifa_prefixlen > 8 * length)
		return -EBADMSG;
	memcpy(octets, mnl_attr_get_payload(far), length);
	mask(octets, length, msg->ifa_prefixlen);
	if (msg->ifa_family == AF_INET && attributes[IFA_BROADCAST]) {
		row->broadcast = ipv4_of(mnl_attr_get_payload(attributes[IFA_BROADCAST]));
		row->options |= ADDRESS_BROADCAST;
	}
	if (address_pool_put(&addresses->pool, msg->ifa_family, mnl_attr_get_payload(near),
		row->ifindex, &row->local) < 0)
		return -ENOMEM;
	return address_pool_put(
	    &addresses->pool, msg->ifa_family, octets, row->ifindex, &row->prefix);
}

static void
set_times(const struct nlattr *attribute, struct address_row *row)
{
	struct ifa_cacheinfo info;

	row->preferred = row->valid = ADDRESS_FOREVER;
	if (!attribute)
		return;
	memcpy(&info, mnl_attr_get_payload(attribute), sizeof(info));
	row->created = info.cstamp;
	row->changed = info.tstamp;
	row->preferred = info.ifa_prefered;
	row->valid = info.ifa_valid;
}

int
addresses_message(const struct nlmsghdr *header, void *argument)
{
	const size_t body = MNL_ALIGN(sizeof(struct ifaddrmsg));
	const struct ifaddrmsg *msg = mnl_nlmsg_get_payload(header);
	const struct nlattr *attributes[sizeof(sizes)];
	struct addresses *addresses = argument;
	struct address_row row, *added;
	int error;

	if (header->nlmsg_type != RTM_NEWADDR)
		return 0;
	if (mnl_nlmsg_get_payload_len(header) < body || msg->ifa_index == 0 ||
	    (msg->ifa_family != AF_INET && msg->ifa_family != AF_INET6) ||
	    !netlink_attributes((const char *)msg + body,
		mnl_nlmsg_get_payload_len(header) - body, sizes, sizeof(sizes),
		attributes)) {
		addresses->malformed++;
		return 0;
	}
	row = (struct address_row){
		.ifindex = msg->ifa_index,
		.length = msg->ifa_prefixlen,
		.flags = msg->ifa_flags,
		.options = msg->ifa_family == AF_INET6 ? ADDRESS_IPV6 : 0,
	};
	if (attributes[IFA_FLAGS])
		row.flags = mnl_attr_get_u32(attributes[IFA_FLAGS]);
	if (attributes[PROTOCOL])
		row.protocol = mnl_attr_get_u8(attributes[PROTOCOL]);
	set_times(attributes[IFA_CACHEINFO], &row);
	error = set_addresses(addresses, msg, attributes, &row);
	if (error == -EBADMSG) {
		addresses->malformed++;
		return 0;
	}
	added = error ? NULL : array_append(&addresses->rows, 1);
	if (!added)
		return -ENOMEM;
	*added = row;
	return 0;
}

static void
forget(void *argument)
{
	struct addresses *addresses = argument;

	addresses->rows.n = 0;
}

int
addresses_read(struct addresses *addresses, uint8_t family, const struct pause *pause)
{
	struct {
		struct nlmsghdr header;
		struct ifaddrmsg body;
	} request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_type = RTM_GETADDR,
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.body.ifa_family = family,
	};
	struct netlink_reader reader = {
		.message = addresses_message,
		.argument = addresses,
		.pause = *pause,
		.again = forget,
	};
	int error = netlink_dump(
	    NETLINK_ROUTE, &request.header, &reader, &addresses->malformed);

	address_pool_seal(&addresses->pool);
	return error;
}
