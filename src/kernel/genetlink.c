// SPDX-License-Identifier: BSD-2-Clause
// Families of generic netlink (net/netlink/genetlink.c), whose numbers the kernel gives out
// as they come.
#include "genetlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>

#include "netlink.h"

#define REQUEST_SIZE 128

static int
take_family(const struct nlmsghdr *header, void *number)
{
	static const uint8_t sizes[] = { [CTRL_ATTR_FAMILY_ID] = 2 };
	const size_t body = MNL_ALIGN(sizeof(struct genlmsghdr));
	const struct nlattr *attributes[sizeof(sizes)];

	if (mnl_nlmsg_get_payload_len(header) < body ||
	    !netlink_attributes(mnl_nlmsg_get_payload_offset(header, body),
		mnl_nlmsg_get_payload_len(header) - body, sizes, sizeof(sizes),
		attributes) ||
	    !attributes[CTRL_ATTR_FAMILY_ID])
		return -EBADMSG;
	*(uint16_t *)number = mnl_attr_get_u16(attributes[CTRL_ATTR_FAMILY_ID]);
	return 0;
}

int
genetlink_find(const char *family, uint16_t *ret_number)
{
	char buffer[REQUEST_SIZE];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *body = mnl_nlmsg_put_extra_header(request, sizeof(*body));
	uint16_t number = 0;
	struct netlink_reader reader = { take_family, &number, { NULL, NULL } };
	size_t malformed = 0;
	int error;

	request->nlmsg_type = GENL_ID_CTRL;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	body->cmd = CTRL_CMD_GETFAMILY;
	body->version = 1;
	mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, family);
	error = netlink_dump(NETLINK_GENERIC, request, &reader, &malformed);
	if (error == 0 && number == 0)
		error = -EBADMSG;
	if (error == 0)
		*ret_number = number;
	return error;
}
