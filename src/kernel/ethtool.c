// SPDX-License-Identifier: BSD-2-Clause
// What drivers tell of their devices, from ethtool netlink (linkmodes_fill_reply() in
// net/ethtool/linkmodes.c, stats_fill_reply() in net/ethtool/stats.c). No device of the
// machine it was written on counts frames: that part is from the kernel's source.
#include "ethtool.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <stdbool.h>
#include <string.h>

#include "genetlink.h"

#define REQUEST_SIZE 128

/* The attributes of a message behind its two headers; false when it makes no sense. */
static bool
open_message(const struct nlmsghdr *header, const uint8_t *sizes, size_t n,
    const struct nlattr **ret_attributes)
{
	const size_t body = MNL_ALIGN(sizeof(struct genlmsghdr));

	return mnl_nlmsg_get_payload_len(header) >= body &&
	    netlink_attributes(mnl_nlmsg_get_payload_offset(header, body),
		mnl_nlmsg_get_payload_len(header) - body, sizes, n, ret_attributes);
}

/* Whose message it is, by its ETHTOOL_A_HEADER_…; false when that is not told. */
static bool
find_device(const struct nlattr *nest, uint32_t *ret_ifindex)
{
	static const uint8_t sizes[] = { [ETHTOOL_A_HEADER_DEV_INDEX] = 4 };
	const struct nlattr *attributes[sizeof(sizes)];
	uint32_t ifindex;

	if (!netlink_nest(nest, sizes, sizeof(sizes), attributes) ||
	    !attributes[ETHTOOL_A_HEADER_DEV_INDEX])
		return false;
	ifindex = mnl_attr_get_u32(attributes[ETHTOOL_A_HEADER_DEV_INDEX]);
	if (ifindex == 0)
		return false;
	*ret_ifindex = ifindex;
	return true;
}

int
ethtool_speed_message(const struct nlmsghdr *header, void *argument)
{
	static const uint8_t sizes[] = {
		[ETHTOOL_A_LINKMODES_HEADER] = 4, [ETHTOOL_A_LINKMODES_SPEED] = 4
	};
	const struct nlattr *attributes[sizeof(sizes)];
	struct ethtool_reader *reader = argument;
	uint32_t ifindex, speed;

	if (!open_message(header, sizes, sizeof(sizes), attributes) ||
	    !find_device(attributes[ETHTOOL_A_LINKMODES_HEADER], &ifindex)) {
		reader->malformed++;
		return 0;
	}
	if (!attributes[ETHTOOL_A_LINKMODES_SPEED])
		return 0;
	speed = mnl_attr_get_u32(attributes[ETHTOOL_A_LINKMODES_SPEED]);
	if (speed == 0 || speed == (uint32_t)SPEED_UNKNOWN)
		return 0;
	return reader->speed(ifindex, speed, reader->argument);
}

/* One counter: an ETHTOOL_A_STATS_GRP_STAT, a nest around a single attribute. */
static void
take_counter(const struct nlattr *nest, uint64_t *counters, bool *present)
{
	const struct nlattr *attribute = mnl_attr_get_payload(nest);
	unsigned type;

	if (!mnl_attr_ok(attribute, mnl_attr_get_payload_len(nest)))
		return;
	type = mnl_attr_get_type(attribute);
	if (type >= __ETHTOOL_A_STATS_ETH_MAC_CNT ||
	    mnl_attr_get_payload_len(attribute) < sizeof(uint64_t))
		return;
	memcpy(&counters[type], mnl_attr_get_payload(attribute), sizeof(uint64_t));
	present[type] = true;
}

/* Takes the counters of an ETHTOOL_A_STATS_GRP; false when some are missing. */
static bool
take_group(const struct nlattr *group, struct ethtool_frames *ret)
{
	uint64_t counters[__ETHTOOL_A_STATS_ETH_MAC_CNT];
	bool present[__ETHTOOL_A_STATS_ETH_MAC_CNT] = { false };
	const struct nlattr *attribute;

	mnl_attr_for_each_nested (attribute, group)
		if (mnl_attr_get_type(attribute) == ETHTOOL_A_STATS_GRP_STAT)
			take_counter(attribute, counters, present);
	if (!present[ETHTOOL_A_STATS_ETH_MAC_22_RX_BCAST] ||
	    !present[ETHTOOL_A_STATS_ETH_MAC_18_TX_MCAST] ||
	    !present[ETHTOOL_A_STATS_ETH_MAC_19_TX_BCAST])
		return false;
	*ret = (struct ethtool_frames){
		.rx_broadcast = counters[ETHTOOL_A_STATS_ETH_MAC_22_RX_BCAST],
		.tx_multicast = counters[ETHTOOL_A_STATS_ETH_MAC_18_TX_MCAST],
		.tx_broadcast = counters[ETHTOOL_A_STATS_ETH_MAC_19_TX_BCAST],
	};
	return true;
}

int
ethtool_frames_message(const struct nlmsghdr *header, void *argument)
{
	static const uint8_t sizes[] = {
		[ETHTOOL_A_STATS_HEADER] = 4, [ETHTOOL_A_STATS_GRP] = 4
	};
	const struct nlattr *attributes[sizeof(sizes)];
	struct ethtool_reader *reader = argument;
	struct ethtool_frames frames;
	uint32_t ifindex;

	if (!open_message(header, sizes, sizeof(sizes), attributes) ||
	    !find_device(attributes[ETHTOOL_A_STATS_HEADER], &ifindex)) {
		reader->malformed++;
		return 0;
	}
	if (!attributes[ETHTOOL_A_STATS_GRP] ||
	    !take_group(attributes[ETHTOOL_A_STATS_GRP], &frames))
		return 0;
	return reader->frames(ifindex, &frames, reader->argument);
}

/* Starts a dump of one of ethtool's commands. Returns 0 or -errno. */
static int
start_request(char *buffer, uint8_t command, struct nlmsghdr **ret_request)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *body = mnl_nlmsg_put_extra_header(request, sizeof(*body));
	uint16_t family;
	int error = genetlink_find(ETHTOOL_GENL_NAME, &family);

	if (error)
		return error;
	request->nlmsg_type = family;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	body->cmd = command;
	body->version = ETHTOOL_GENL_VERSION;
	*ret_request = request;
	return 0;
}

static int
dump(struct ethtool_reader *reader, struct nlmsghdr *request,
    int (*message)(const struct nlmsghdr *, void *))
{
	struct netlink_reader netlink_reader = {
		.message = message,
		.argument = reader,
		.pause = reader->pause,
	};

	return netlink_dump(NETLINK_GENERIC, request, &netlink_reader, &reader->malformed);
}

int
ethtool_read_speeds(struct ethtool_reader *reader)
{
	char buffer[REQUEST_SIZE];
	struct nlmsghdr *request;
	struct nlattr *nest;
	int error = start_request(buffer, ETHTOOL_MSG_LINKMODES_GET, &request);

	if (error)
		return error;
	/* Not the names of all modes. */
	nest = mnl_attr_nest_start(request, ETHTOOL_A_LINKMODES_HEADER);
	mnl_attr_put_u32(request, ETHTOOL_A_HEADER_FLAGS, ETHTOOL_FLAG_COMPACT_BITSETS);
	mnl_attr_nest_end(request, nest);
	return dump(reader, request, ethtool_speed_message);
}

int
ethtool_read_frames(struct ethtool_reader *reader)
{
	char buffer[REQUEST_SIZE];
	struct nlmsghdr *request;
	struct nlattr *nest;
	int error = start_request(buffer, ETHTOOL_MSG_STATS_GET, &request);

	if (error)
		return error;
	nest = mnl_attr_nest_start(request, ETHTOOL_A_STATS_HEADER);
	mnl_attr_nest_end(request, nest);
	/* Of all groups of counters the one of the MAC. */
	nest = mnl_attr_nest_start(request, ETHTOOL_A_STATS_GROUPS);
	mnl_attr_put(request, ETHTOOL_A_BITSET_NOMASK, 0, NULL);
	mnl_attr_put_u32(request, ETHTOOL_A_BITSET_SIZE, ETHTOOL_STATS_ETH_MAC + 1);
	mnl_attr_put_u32(request, ETHTOOL_A_BITSET_VALUE, 1U << ETHTOOL_STATS_ETH_MAC);
	mnl_attr_nest_end(request, nest);
	return dump(reader, request, ethtool_frames_message);
}
