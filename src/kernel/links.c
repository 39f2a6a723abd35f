// SPDX-License-Identifier: BSD-2-Clause
// The network devices of this namespace, from rtnetlink (rtnl_fill_ifinfo() and
// rtnl_fill_statsinfo() in net/core/rtnetlink.c).
#include "links.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

/* The counters up to the last one that is wanted; later kernels append. */
#define STATS_SIZE (offsetof(struct rtnl_link_stats64, rx_missed_errors) + sizeof(uint64_t))

static const uint8_t link_sizes[] = {
	[IFLA_ADDRESS] = 1,
	[IFLA_BROADCAST] = 1,
	[IFLA_IFNAME] = 2,
	[IFLA_MTU] = 4,
	[IFLA_LINK] = 4,
	[IFLA_MASTER] = 4,
	[IFLA_OPERSTATE] = 1,
	[IFLA_LINKINFO] = 4,
	[IFLA_IFALIAS] = 1,
	[IFLA_STATS64] = STATS_SIZE,
	[IFLA_PROMISCUITY] = 4,
	[IFLA_LINK_NETNSID] = 4,
	[IFLA_CARRIER_UP_COUNT] = 4,
	[IFLA_PARENT_DEV_NAME] = 1,
};

static const uint8_t info_sizes[] = {
	[IFLA_INFO_KIND] = 1,
	[IFLA_INFO_DATA] = 4,
	[IFLA_INFO_SLAVE_KIND] = 1,
};

static const uint8_t vxlan_sizes[] = { [IFLA_VXLAN_LINK] = 4 };

static uint32_t
number(const struct nlattr *attribute)
{
	return attribute ? mnl_attr_get_u32(attribute) : 0;
}

static struct octets
payload(const struct nlattr *attribute)
{
	struct octets octets = { NULL, 0 };

	if (attribute) {
		octets.at = mnl_attr_get_payload(attribute);
		octets.n = mnl_attr_get_payload_len(attribute);
	}
	return octets;
}

/* A string, which may or may not end with a NUL. */
static struct octets
text(const struct nlattr *attribute)
{
	struct octets text = payload(attribute);

	if (text.n > 0)
		text.n = strnlen((const char *)text.at, text.n);
	return text;
}

static void
copy_counters(const struct nlattr *attribute, struct link_counters *ret)
{
	struct rtnl_link_stats64 stats;

	/* 64 bits that may be aligned to 32. */
	memcpy(&stats, mnl_attr_get_payload(attribute), STATS_SIZE);
	*ret = (struct link_counters){
		.rx_packets = stats.rx_packets,
		.tx_packets = stats.tx_packets,
		.rx_bytes = stats.rx_bytes,
		.tx_bytes = stats.tx_bytes,
		.rx_errors = stats.rx_errors,
		.tx_errors = stats.tx_errors,
		.rx_dropped = stats.rx_dropped,
		.tx_dropped = stats.tx_dropped,
		.multicast = stats.multicast,
		.rx_missed_errors = stats.rx_missed_errors,
	};
}

/* Reads the nest IFLA_LINKINFO; false when it makes no sense. */
static bool
parse_info(const struct nlattr *nest, struct link *link)
{
	const struct nlattr *info[sizeof(info_sizes)], *vxlan[sizeof(vxlan_sizes)];

	if (!nest)
		return true;
	if (!netlink_nest(nest, info_sizes, sizeof(info_sizes), info))
		return false;
	link->kind = text(info[IFLA_INFO_KIND]);
	link->vrf_port = netlink_says(info[IFLA_INFO_SLAVE_KIND], "vrf");
	if (!netlink_says(info[IFLA_INFO_KIND], "vxlan") || !info[IFLA_INFO_DATA])
		return true;
	if (!netlink_nest(info[IFLA_INFO_DATA], vxlan_sizes, sizeof(vxlan_sizes), vxlan))
		return false;
	link->other = number(vxlan[IFLA_VXLAN_LINK]);
	return true;
}

int
links_parse(const struct nlmsghdr *header, struct link *ret)
{
	const size_t body = MNL_ALIGN(sizeof(struct ifinfomsg));
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(header);
	const struct nlattr *attributes[sizeof(link_sizes)];
	struct link link;

	if (header->nlmsg_type != RTM_NEWLINK && header->nlmsg_type != RTM_DELLINK)
		return 0;
	if (mnl_nlmsg_get_payload_len(header) < body)
		return -EBADMSG;
	if (info->ifi_family != AF_UNSPEC)
		return 0;
	if (info->ifi_index <= 0 ||
	    !netlink_attributes((const char *)info + body,
		mnl_nlmsg_get_payload_len(header) - body, link_sizes, sizeof(link_sizes),
		attributes) ||
	    !attributes[IFLA_IFNAME])
		return -EBADMSG;
	link = (struct link){
		.ifindex = (uint32_t)info->ifi_index,
		.flags = info->ifi_flags,
		.hardware = info->ifi_type,
		.mtu = number(attributes[IFLA_MTU]),
		.master = number(attributes[IFLA_MASTER]),
		.other = number(attributes[IFLA_LINK]),
		.promiscuity = number(attributes[IFLA_PROMISCUITY]),
		.carrier_ups = number(attributes[IFLA_CARRIER_UP_COUNT]),
		.has_parent = attributes[IFLA_PARENT_DEV_NAME],
		.name = text(attributes[IFLA_IFNAME]),
		.alias = text(attributes[IFLA_IFALIAS]),
		.address = payload(attributes[IFLA_ADDRESS]),
		.broadcast = payload(attributes[IFLA_BROADCAST]),
		.has_counters = attributes[IFLA_STATS64],
	};
	if (!parse_info(attributes[IFLA_LINKINFO], &link))
		return -EBADMSG;
	if (attributes[IFLA_OPERSTATE])
		link.operstate = mnl_attr_get_u8(attributes[IFLA_OPERSTATE]);
	if (attributes[IFLA_LINK_NETNSID] || link.other == link.ifindex)
		link.other = 0;
	if (link.has_counters)
		copy_counters(attributes[IFLA_STATS64], &link.counters);
	*ret = link;
	return 1;
}

int
links_message(const struct nlmsghdr *header, void *argument)
{
	struct link_reader *reader = argument;
	struct link link;
	int found = links_parse(header, &link);

	if (found < 0)
		reader->malformed++;
	return found > 0 ? reader->link(&link, reader->argument) : 0;
}

int
link_counters_message(const struct nlmsghdr *header, void *argument)
{
	static const uint8_t sizes[] = { [IFLA_STATS_LINK_64] = STATS_SIZE };
	const size_t body = MNL_ALIGN(sizeof(struct if_stats_msg));
	const struct if_stats_msg *stats = mnl_nlmsg_get_payload(header);
	const struct nlattr *attributes[sizeof(sizes)];
	struct link_reader *reader = argument;
	struct link_counters counters;

	if (header->nlmsg_type != RTM_NEWSTATS)
		return 0;
	if (mnl_nlmsg_get_payload_len(header) < body ||
	    !netlink_attributes((const char *)stats + body,
		mnl_nlmsg_get_payload_len(header) - body, sizes, sizeof(sizes),
		attributes) ||
	    stats->ifindex == 0 || !attributes[IFLA_STATS_LINK_64]) {
		reader->malformed++;
		return 0;
	}
	copy_counters(attributes[IFLA_STATS_LINK_64], &counters);
	return reader->counters(stats->ifindex, &counters, reader->argument);
}

int
links_dump(const struct netlink_reader *reader, size_t *malformed)
{
	/* Without the statistics of IPv6, which are as long as all the rest. */
	struct {
		struct nlmsghdr header;
		struct ifinfomsg body;
		struct nlattr mask_header;
		uint32_t mask;
	} request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_type = RTM_GETLINK,
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.mask_header = { .nla_len = NLA_HDRLEN + sizeof(uint32_t),
		    .nla_type = IFLA_EXT_MASK },
		.mask = RTEXT_FILTER_SKIP_STATS,
	};

	return netlink_dump(NETLINK_ROUTE, &request.header, reader, malformed);
}

static void
tell_again(void *argument)
{
	struct link_reader *reader = argument;

	reader->again(reader->argument);
}

int
links_read(struct link_reader *reader)
{
	struct netlink_reader netlink_reader = {
		.message = links_message,
		.argument = reader,
		.pause = reader->pause,
		.again = reader->again ? tell_again : NULL,
	};

	return links_dump(&netlink_reader, &reader->malformed);
}

int
link_counters_read(struct link_reader *reader)
{
	struct {
		struct nlmsghdr header;
		struct if_stats_msg body;
	} request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_type = RTM_GETSTATS,
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.body.filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64),
	};
	struct netlink_reader netlink_reader = {
		.message = link_counters_message,
		.argument = reader,
		.pause = reader->pause,
	};

	return netlink_dump(
	    NETLINK_ROUTE, &request.header, &netlink_reader, &reader->malformed);
}
