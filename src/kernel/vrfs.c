// SPDX-License-Identifier: BSD-2-Clause
// The routing table of a VRF device (vrf_fillinfo() in drivers/net/vrf.c). Written from the
// kernel's documentation and source: the machine it was written on has no VRF devices to
// test it with.
#include "vrfs.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "netlink.h"

struct wanted {
	const char *name;
	uint32_t table;
	bool found;
};

static int
take_link(const struct nlmsghdr *header, void *argument)
{
	static const uint8_t link_sizes[] = { [IFLA_IFNAME] = 1, [IFLA_LINKINFO] = 4 };
	static const uint8_t info_sizes[] = { [IFLA_INFO_KIND] = 1, [IFLA_INFO_DATA] = 4 };
	static const uint8_t vrf_sizes[] = { [IFLA_VRF_TABLE] = 4 };
	const struct nlattr *link[sizeof(link_sizes)], *info[sizeof(info_sizes)],
	    *vrf[sizeof(vrf_sizes)];
	const size_t body = MNL_ALIGN(sizeof(struct ifinfomsg));
	struct wanted *wanted = argument;

	if (header->nlmsg_type != RTM_NEWLINK || mnl_nlmsg_get_payload_len(header) < body ||
	    !netlink_attributes(mnl_nlmsg_get_payload_offset(header, body),
		mnl_nlmsg_get_payload_len(header) - body, link_sizes, sizeof(link_sizes),
		link) ||
	    !netlink_says(link[IFLA_IFNAME], wanted->name) ||
	    !netlink_nest(link[IFLA_LINKINFO], info_sizes, sizeof(info_sizes), info) ||
	    !netlink_says(info[IFLA_INFO_KIND], "vrf") ||
	    !netlink_nest(info[IFLA_INFO_DATA], vrf_sizes, sizeof(vrf_sizes), vrf) ||
	    !vrf[IFLA_VRF_TABLE])
		return 0;
	wanted->table = mnl_attr_get_u32(vrf[IFLA_VRF_TABLE]);
	wanted->found = true;
	return 0;
}

int
vrfs_find_table(const char *name, uint32_t *ret_table)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg body;
	} request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_type = RTM_GETLINK,
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
	};
	struct wanted wanted = { .name = name };
	struct netlink_reader reader = { .message = take_link, .argument = &wanted };
	size_t malformed = 0;
	int error = netlink_dump(NETLINK_ROUTE, &request.header, &reader, &malformed);

	/* A device that is there in a dump that changed in between is there. */
	if (error && error != -EINTR)
		return error;
	if (!wanted.found)
		return -ENOENT;
	*ret_table = wanted.table;
	return 0;
}
