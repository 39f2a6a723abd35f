// SPDX-License-Identifier: BSD-2-Clause
// Which devices are Wi-Fi, from nl80211 (nl80211_send_iface() in net/wireless/nl80211.c).
// Written from the kernel's source: the machine it was written on has no Wi-Fi.
#include "wireless.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/nl80211.h>

#include "genetlink.h"
#include "netlink.h"

struct wireless {
	int (*found)(uint32_t ifindex, void *argument);
	void *argument;
	size_t *malformed;
};

static int
take_interface(const struct nlmsghdr *header, void *argument)
{
	static const uint8_t sizes[] = { [NL80211_ATTR_IFINDEX] = 4 };
	const size_t body = MNL_ALIGN(sizeof(struct genlmsghdr));
	const struct nlattr *attributes[sizeof(sizes)];
	struct wireless *wireless = argument;

	if (mnl_nlmsg_get_payload_len(header) < body ||
	    !netlink_attributes(mnl_nlmsg_get_payload_offset(header, body),
		mnl_nlmsg_get_payload_len(header) - body, sizes, sizeof(sizes),
		attributes)) {
		(*wireless->malformed)++;
		return 0;
	}
	/* Those without a network device have no ifindex. */
	if (!attributes[NL80211_ATTR_IFINDEX])
		return 0;
	return wireless->found(
	    mnl_attr_get_u32(attributes[NL80211_ATTR_IFINDEX]), wireless->argument);
}

int
wireless_read(
    int (*found)(uint32_t ifindex, void *argument), void *argument, size_t *malformed)
{
	struct genetlink_request request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.body.cmd = NL80211_CMD_GET_INTERFACE,
	};
	struct wireless wireless = { found, argument, malformed };
	struct netlink_reader reader = { .message = take_interface, .argument = &wireless };
	int error = genetlink_find(NL80211_GENL_NAME, &request.header.nlmsg_type);

	if (error)
		return error == -ENOENT ? 0 : error;
	error = netlink_dump(NETLINK_GENERIC, &request.header, &reader, malformed);
	return error == -EINTR ? 0 : error;
}
