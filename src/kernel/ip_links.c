// SPDX-License-Identifier: BSD-2-Clause
// What IPv4 and IPv6 keep of each network device: inet_fill_link_af() in
// net/ipv4/devinet.c, inet6_fill_ifla6_attrs() in net/ipv6/addrconf.c,
// neightbl_fill_param_info() in net/core/neighbour.c.
#include "ip_links.h"

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "links.h"
#include "netlink.h"

/* Indexes of IFLA_INET6_CONF (include/uapi/linux/ipv6.h), 32-bit numbers. */
#define CONF_FORWARDING 0
#define CONF_DISABLE_IPV6 26

#define IF_READY 0x80000000u /* include/net/if_inet6.h */

/* The least payloads that are of use. */
static const uint8_t link_sizes[] = {
	[IFLA_IFNAME] = 1,
	[IFLA_AF_SPEC] = 1,
};
static const uint8_t family_sizes[] = { [AF_INET] = 1, [AF_INET6] = 1 };
static const uint8_t inet6_sizes[] = {
	[IFLA_INET6_FLAGS] = 4,
	[IFLA_INET6_CONF] = 4 * (CONF_DISABLE_IPV6 + 1),
	[IFLA_INET6_CACHEINFO] = sizeof(struct ifla_cacheinfo),
	[IFLA_INET6_TOKEN] = 16,
};

/* A number of IFLA_INET6_CONF. */
static uint32_t
conf(const struct nlattr *attribute, size_t i)
{
	uint32_t number;

	memcpy(
	    &number, (const char *)mnl_attr_get_payload(attribute) + 4 * i, sizeof(number));
	return number;
}

/* Reads what IPv6 tells; false when it makes no sense. */
static bool
parse_ipv6(const struct nlattr *nest, struct ip_link *link)
{
	static const uint8_t none[8];
	const struct nlattr *inet6[sizeof(inet6_sizes)];
	struct ifla_cacheinfo info;
	const uint8_t *token;
	uint32_t flags;

	if (!netlink_nest(nest, inet6_sizes, sizeof(inet6_sizes), inet6))
		return false;
	/* A device that IPv6 has left tells of none of these. */
	if (!inet6[IFLA_INET6_FLAGS] || !inet6[IFLA_INET6_CONF] ||
	    !inet6[IFLA_INET6_CACHEINFO])
		return true;
	flags = mnl_attr_get_u32(inet6[IFLA_INET6_FLAGS]);
	memcpy(&info, mnl_attr_get_payload(inet6[IFLA_INET6_CACHEINFO]), sizeof(info));
	link->ipv6 = true;
	link->ipv6_enabled = flags & IF_READY &&
	    conf(inet6[IFLA_INET6_CONF], CONF_DISABLE_IPV6) == 0;
	link->forwarding = conf(inet6[IFLA_INET6_CONF], CONF_FORWARDING) != 0;
	link->max_reasm = info.max_reasm_len;
	link->reachable = info.reachable_time;
	link->retrans = info.retrans_time;
	link->changed = info.tstamp;
	if (inet6[IFLA_INET6_TOKEN]) {
		token = (const uint8_t *)mnl_attr_get_payload(inet6[IFLA_INET6_TOKEN]) + 8;
		if (memcmp(token, none, sizeof(none)) != 0)
			link->token = (struct octets){ token, 8 };
	}
	return true;
}

/* Reads a message of a device; false when it makes no sense. */
static bool
parse_link(const struct nlmsghdr *header, struct ip_link *ret)
{
	const size_t body = MNL_ALIGN(sizeof(struct ifinfomsg));
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(header);
	const struct nlattr *attributes[sizeof(link_sizes)], *family[sizeof(family_sizes)];
	const char *name;

	if (info->ifi_index <= 0 ||
	    !netlink_attributes((const char *)info + body,
		mnl_nlmsg_get_payload_len(header) - body, link_sizes, sizeof(link_sizes),
		attributes) ||
	    !attributes[IFLA_IFNAME])
		return false;
	name = mnl_attr_get_payload(attributes[IFLA_IFNAME]);
	*ret = (struct ip_link){
		.ifindex = (uint32_t)info->ifi_index,
		.name = { (const uint8_t *)name,
		    strnlen(name, mnl_attr_get_payload_len(attributes[IFLA_IFNAME])) },
	};
	if (!attributes[IFLA_AF_SPEC])
		return true;
	if (!netlink_nest(
		attributes[IFLA_AF_SPEC], family_sizes, sizeof(family_sizes), family))
		return false;
	ret->ipv4 = family[AF_INET];
	return !family[AF_INET6] || parse_ipv6(family[AF_INET6], ret);
}

int
ip_links_message(const struct nlmsghdr *header, void *argument)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(header);
	struct ip_link_reader *reader = argument;
	struct ip_link link;

	if (header->nlmsg_type != RTM_NEWLINK)
		return 0;
	if (mnl_nlmsg_get_payload_len(header) < MNL_ALIGN(sizeof(*info))) {
		reader->malformed++;
		return 0;
	}
	if (info->ifi_family != AF_UNSPEC)
		return 0;
	if (!parse_link(header, &link)) {
		reader->malformed++;
		return 0;
	}
	return reader->link(&link, reader->argument);
}

int
ip_links_retrans_message(const struct nlmsghdr *header, void *argument)
{
	static const uint8_t sizes[] = { [NDTA_PARMS] = 1 };
	static const uint8_t parameter_sizes[] = {
		[NDTPA_IFINDEX] = 4,
		[NDTPA_RETRANS_TIME] = 8,
	};
	const size_t body = MNL_ALIGN(sizeof(struct ndtmsg));
	const struct ndtmsg *msg = mnl_nlmsg_get_payload(header);
	const struct nlattr *attributes[sizeof(sizes)],
	    *parameters[sizeof(parameter_sizes)];
	struct ip_link_reader *reader = argument;

	if (header->nlmsg_type != RTM_NEWNEIGHTBL)
		return 0;
	if (mnl_nlmsg_get_payload_len(header) < body ||
	    !netlink_attributes((const char *)msg + body,
		mnl_nlmsg_get_payload_len(header) - body, sizes, sizeof(sizes),
		attributes) ||
	    (attributes[NDTA_PARMS] &&
		!netlink_nest(attributes[NDTA_PARMS], parameter_sizes,
		    sizeof(parameter_sizes), parameters))) {
		reader->malformed++;
		return 0;
	}
	/* The table's own defaults have no device. */
	if (msg->ndtm_family != AF_INET || !attributes[NDTA_PARMS] ||
	    !parameters[NDTPA_IFINDEX] || !parameters[NDTPA_RETRANS_TIME])
		return 0;
	return reader->retrans(mnl_attr_get_u32(parameters[NDTPA_IFINDEX]),
	    mnl_attr_get_u64(parameters[NDTPA_RETRANS_TIME]), reader->argument);
}

static void
tell_again(void *argument)
{
	struct ip_link_reader *reader = argument;

	reader->again(reader->argument);
}

int
ip_links_read(struct ip_link_reader *reader)
{
	struct netlink_reader netlink_reader = {
		.message = ip_links_message,
		.argument = reader,
		.again = reader->again ? tell_again : NULL,
	};

	return links_dump(&netlink_reader, &reader->malformed);
}

int
ip_links_read_retrans(struct ip_link_reader *reader)
{
	struct {
		struct nlmsghdr header;
		struct ndtmsg body;
	} request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_type = RTM_GETNEIGHTBL,
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.body.ndtm_family = AF_INET,
	};
	struct netlink_reader netlink_reader = {
		.message = ip_links_retrans_message,
		.argument = reader,
	};

	return netlink_dump(
	    NETLINK_ROUTE, &request.header, &netlink_reader, &reader->malformed);
}
