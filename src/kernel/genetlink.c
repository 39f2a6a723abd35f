// SPDX-License-Identifier: BSD-2-Clause
// Families of generic netlink (net/netlink/genetlink.c), whose numbers the kernel gives out
// as they come.
#include "genetlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>

#include "netlink.h"

#define REQUEST_SIZE 128

/* What is looked for. */
struct family {
	uint16_t number; /* 0: not told */
	const char *group;
	uint32_t group_number; /* 0: not told */
};

/* Looks for the group among CTRL_ATTR_MCAST_GROUPS, nests in a nest. */
static void
take_groups(const struct nlattr *groups, struct family *family)
{
	static const uint8_t sizes[] = {
		[CTRL_ATTR_MCAST_GRP_NAME] = 1, [CTRL_ATTR_MCAST_GRP_ID] = 4
	};
	const struct nlattr *group, *attributes[sizeof(sizes)];

	mnl_attr_for_each_nested (group, groups)
		if (netlink_nest(group, sizes, sizeof(sizes), attributes) &&
		    attributes[CTRL_ATTR_MCAST_GRP_ID] &&
		    netlink_says(attributes[CTRL_ATTR_MCAST_GRP_NAME], family->group))
			family->group_number = mnl_attr_get_u32(
			    attributes[CTRL_ATTR_MCAST_GRP_ID]);
}

static int
take_family(const struct nlmsghdr *header, void *argument)
{
	static const uint8_t sizes[] = {
		[CTRL_ATTR_FAMILY_ID] = 2, [CTRL_ATTR_MCAST_GROUPS] = 4
	};
	const size_t body = MNL_ALIGN(sizeof(struct genlmsghdr));
	const struct nlattr *attributes[sizeof(sizes)];
	struct family *family = argument;

	if (mnl_nlmsg_get_payload_len(header) < body ||
	    !netlink_attributes(mnl_nlmsg_get_payload_offset(header, body),
		mnl_nlmsg_get_payload_len(header) - body, sizes, sizeof(sizes),
		attributes) ||
	    !attributes[CTRL_ATTR_FAMILY_ID])
		return -EBADMSG;
	family->number = mnl_attr_get_u16(attributes[CTRL_ATTR_FAMILY_ID]);
	if (family->group && attributes[CTRL_ATTR_MCAST_GROUPS])
		take_groups(attributes[CTRL_ATTR_MCAST_GROUPS], family);
	return 0;
}

/* Asks for a family by its name. Returns 0 or -errno. */
static int
ask(const char *name, struct family *family)
{
	char buffer[REQUEST_SIZE];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *body = mnl_nlmsg_put_extra_header(request, sizeof(*body));
	struct netlink_reader reader = { take_family, family, { NULL, NULL } };
	size_t malformed = 0;
	int error;

	request->nlmsg_type = GENL_ID_CTRL;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	body->cmd = CTRL_CMD_GETFAMILY;
	body->version = 1;
	mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, name);
	error = netlink_dump(NETLINK_GENERIC, request, &reader, &malformed);
	return error == 0 && family->number == 0 ? -EBADMSG : error;
}

int
genetlink_find(const char *name, uint16_t *ret_number)
{
	struct family family = { 0 };
	int error = ask(name, &family);

	if (error == 0)
		*ret_number = family.number;
	return error;
}

int
genetlink_find_group(const char *name, const char *group, uint32_t *ret_number)
{
	struct family family = { .group = group };
	int error = ask(name, &family);

	if (error)
		return error;
	if (family.group_number == 0)
		return -ENOENT;
	*ret_number = family.group_number;
	return 0;
}
