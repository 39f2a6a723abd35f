// SPDX-License-Identifier: BSD-2-Clause
// A network namespace of one's own, and changes made in it.
#include "namespace.h"

#include <stdarg.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/veth.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool
namespace_enter(void)
{
	bool permitted = unshare(CLONE_NEWNET) == 0;

	assert_true(permitted || errno == EPERM);
	return permitted;
}

int
namespace_request(struct message *message, uint16_t flags)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct nlmsgerr *answer;
	struct message received;

	assert_true(fd >= 0);
	message->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	assert_int_equal(
	    send(fd, message, message->header.nlmsg_len, 0), message->header.nlmsg_len);
	assert_true(recv(fd, &received, sizeof(received), 0) >=
	    (ssize_t)NLMSG_LENGTH(sizeof(*answer)));
	close(fd);
	assert_int_equal(received.header.nlmsg_type, NLMSG_ERROR);
	answer = NLMSG_DATA(&received.header);
	return answer->error;
}

int
namespace_add_veth(uint32_t ifindex, const char *name, uint32_t peer, const char *peer_name)
{
	struct {
		struct ifinfomsg body;
		struct nlattr name_header;
		char name[IFNAMSIZ];
	} other = {
		.body.ifi_index = (int)peer,
		.name_header = { sizeof(other.name_header) + sizeof(other.name),
		    IFLA_IFNAME },
	};
	struct message message;
	size_t info, data;

	strncpy(other.name, peer_name, sizeof(other.name) - 1);
	message_start_link(&message, RTM_NEWLINK, ifindex, name);
	info = message_begin(&message, IFLA_LINKINFO);
	message_put(&message, IFLA_INFO_KIND, "veth", 4);
	data = message_begin(&message, IFLA_INFO_DATA);
	message_put(&message, VETH_INFO_PEER, &other, sizeof(other));
	message_end(&message, data);
	message_end(&message, info);
	return namespace_request(&message, NLM_F_CREATE | NLM_F_EXCL);
}

void
namespace_enter_with_veth(
    uint32_t ifindex, const char *name, uint32_t peer, const char *peer_name)
{
	int error;

	if (!namespace_enter())
		skip();
	error = namespace_add_veth(ifindex, name, peer, peer_name);
	if (error == -EOPNOTSUPP)
		skip();
	assert_int_equal(error, 0);
}

int
namespace_add_link(uint32_t ifindex, const char *name, const char *kind)
{
	struct message message;
	size_t info;

	message_start_link(&message, RTM_NEWLINK, ifindex, name);
	info = message_begin(&message, IFLA_LINKINFO);
	message_put(&message, IFLA_INFO_KIND, kind, strlen(kind));
	message_end(&message, info);
	return namespace_request(&message, NLM_F_CREATE | NLM_F_EXCL);
}

int
namespace_set_up(uint32_t ifindex, bool up)
{
	struct message message;

	message_start_link(&message, RTM_NEWLINK, ifindex, NULL);
	message_link(&message)->ifi_flags = up ? IFF_UP : 0;
	message_link(&message)->ifi_change = IFF_UP;
	return namespace_request(&message, 0);
}

int
namespace_delete_link(uint32_t ifindex)
{
	struct message message;

	message_start_link(&message, RTM_DELLINK, ifindex, NULL);
	return namespace_request(&message, 0);
}
