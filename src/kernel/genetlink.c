// SPDX-License-Identifier: BSD-2-Clause
// Families of generic netlink (net/netlink/genetlink.c), whose numbers the kernel gives out
// as they come.
#include "genetlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>

#include "netlink.h"

/* What is looked for, and what was found. */
struct search {
	const char *name;
	const char *group;     /* NULL: none is looked for */
	uint16_t number;       /* 0: not found */
	uint32_t group_number; /* 0: not found */
};

/* Looks for the group among CTRL_ATTR_MCAST_GROUPS, nests in a nest. */
static void
take_groups(const struct nlattr *groups, struct search *search)
{
	static const uint8_t sizes[] = {
		[CTRL_ATTR_MCAST_GRP_NAME] = 1, [CTRL_ATTR_MCAST_GRP_ID] = 4
	};
	const struct nlattr *group, *attributes[sizeof(sizes)];

	mnl_attr_for_each_nested (group, groups)
		if (netlink_nest(group, sizes, sizeof(sizes), attributes) &&
		    attributes[CTRL_ATTR_MCAST_GRP_ID] &&
		    netlink_says(attributes[CTRL_ATTR_MCAST_GRP_NAME], search->group))
			search->group_number = mnl_attr_get_u32(
			    attributes[CTRL_ATTR_MCAST_GRP_ID]);
}

/* Passes over other families, and what makes no sense. */
static int
take_family(const struct nlmsghdr *header, void *argument)
{
	static const uint8_t sizes[] = {
		[CTRL_ATTR_FAMILY_ID] = 2,
		[CTRL_ATTR_FAMILY_NAME] = 1,
		[CTRL_ATTR_MCAST_GROUPS] = 4,
	};
	const size_t body = MNL_ALIGN(sizeof(struct genlmsghdr));
	const struct nlattr *attributes[sizeof(sizes)];
	struct search *search = argument;

	if (mnl_nlmsg_get_payload_len(header) < body ||
	    !netlink_attributes(mnl_nlmsg_get_payload_offset(header, body),
		mnl_nlmsg_get_payload_len(header) - body, sizes, sizeof(sizes),
		attributes) ||
	    !attributes[CTRL_ATTR_FAMILY_ID] ||
	    !netlink_says(attributes[CTRL_ATTR_FAMILY_NAME], search->name))
		return 0;
	search->number = mnl_attr_get_u16(attributes[CTRL_ATTR_FAMILY_ID]);
	if (search->group && attributes[CTRL_ATTR_MCAST_GROUPS])
		take_groups(attributes[CTRL_ATTR_MCAST_GROUPS], search);
	return 0;
}

/*
 * Looks for a family among all there are. The kernel could be asked for just the one, but
 * tries to load a module for a name it does not know (ctrl_getfamily()): a question must
 * not bring Wi-Fi to a server that has none. A dump loads nothing.
 * Returns 0 or -errno.
 */
static int
look(struct search *search)
{
	struct genetlink_request request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_type = GENL_ID_CTRL,
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.body.cmd = CTRL_CMD_GETFAMILY,
		.body.version = 1,
	};
	struct netlink_reader reader = { .message = take_family, .argument = search };
	size_t malformed = 0;
	int error = netlink_dump(NETLINK_GENERIC, &request.header, &reader, &malformed);

	/* EINTR: families came or went meanwhile; what was found counts. */
	if (error && error != -EINTR)
		return error;
	return search->number == 0 ? -ENOENT : 0;
}

int
genetlink_find(const char *name, uint16_t *ret_number)
{
	struct search search = { .name = name };
	int error = look(&search);

	if (error == 0)
		*ret_number = search.number;
	return error;
}

int
genetlink_find_group(const char *name, const char *group, uint32_t *ret_number)
{
	struct search search = { .name = name, .group = group };
	int error = look(&search);

	if (error)
		return error;
	if (search.group_number == 0)
		return -ENOENT;
	*ret_number = search.group_number;
	return 0;
}
