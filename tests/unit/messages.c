// SPDX-License-Identifier: BSD-2-Clause
// rtnetlink messages, built attribute by attribute, and what is made of them.
#include "messages.h"

#include <stdarg.h>
#include <setjmp.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>

/* Zeroed room behind what is there, padded to four octets. */
static void *
append(struct message *message, size_t size)
{
	size_t at = NLMSG_ALIGN(message->header.nlmsg_len);

	assert_true(at + NLMSG_ALIGN(size) <= MESSAGE_SIZE);
	message->header.nlmsg_len = (uint32_t)(at + NLMSG_ALIGN(size));
	memset(message->octets + at, 0, NLMSG_ALIGN(size));
	return message->octets + at;
}

void
message_start(struct message *message, uint16_t type, const void *body, size_t size)
{
	message->header = (struct nlmsghdr){
		.nlmsg_len = NLMSG_HDRLEN,
		.nlmsg_type = type,
		.nlmsg_flags = NLM_F_MULTI,
		.nlmsg_seq = 1,
	};
	memcpy(append(message, size), body, size);
}

void
message_start_route(struct message *message, uint8_t family, uint8_t length)
{
	const struct rtmsg body = {
		.rtm_family = family,
		.rtm_dst_len = length,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_type = RTN_UNICAST,
	};

	message_start(message, RTM_NEWROUTE, &body, sizeof(body));
}

struct rtmsg *
message_route(struct message *message)
{
	return NLMSG_DATA(&message->header);
}

void
message_start_link(
    struct message *message, uint16_t type, uint32_t ifindex, const char *name)
{
	const struct ifinfomsg body = { .ifi_index = (int)ifindex };

	message_start(message, type, &body, sizeof(body));
	if (name)
		message_put_text(message, IFLA_IFNAME, name);
}

struct ifinfomsg *
message_link(struct message *message)
{
	return NLMSG_DATA(&message->header);
}

void
message_start_generic(struct message *message, uint16_t family, uint8_t command)
{
	const struct genlmsghdr body = { .cmd = command, .version = 1 };

	message_start(message, family, &body, sizeof(body));
}

void
message_put(struct message *message, uint16_t type, const void *payload, size_t size)
{
	struct nlattr *attribute = append(message, NLA_HDRLEN + size);

	attribute->nla_len = (uint16_t)(NLA_HDRLEN + size);
	attribute->nla_type = type;
	if (size > 0)
		memcpy((char *)attribute + NLA_HDRLEN, payload, size);
}

void
message_put_u8(struct message *message, uint16_t type, uint8_t number)
{
	message_put(message, type, &number, sizeof(number));
}

void
message_put_u32(struct message *message, uint16_t type, uint32_t number)
{
	message_put(message, type, &number, sizeof(number));
}

void
message_put_text(struct message *message, uint16_t type, const char *text)
{
	message_put(message, type, text, strlen(text) + 1);
}

uint8_t
address_family(const char *text)
{
	return strchr(text, ':') ? AF_INET6 : AF_INET;
}

size_t
address_octets(const char *text, uint8_t octets[16])
{
	int family = address_family(text);

	assert_int_equal(inet_pton(family, text, octets), 1);
	return family == AF_INET6 ? 16 : 4;
}

void
message_put_address(struct message *message, uint16_t type, const char *text)
{
	uint8_t octets[16];

	message_put(message, type, octets, address_octets(text, octets));
}

void
message_put_via(struct message *message, const char *text)
{
	uint8_t via[sizeof(struct rtvia) + 16];
	uint16_t family = AF_INET6;

	memcpy(via, &family, sizeof(family));
	assert_int_equal(address_octets(text, via + sizeof(struct rtvia)), 16);
	message_put(message, RTA_VIA, via, sizeof(via));
}

size_t
message_begin(struct message *message, uint16_t type)
{
	size_t nest = message->header.nlmsg_len;

	message_put(message, type, NULL, 0);
	return nest;
}

void
message_end(struct message *message, size_t nest)
{
	struct nlattr *attribute = (void *)(message->octets + nest);

	attribute->nla_len = (uint16_t)(message->header.nlmsg_len - nest);
}

size_t
message_begin_leg(struct message *message, uint32_t ifindex, uint8_t flags)
{
	size_t at = message->header.nlmsg_len;
	struct rtnexthop *leg = append(message, sizeof(*leg));

	leg->rtnh_len = sizeof(*leg);
	leg->rtnh_flags = flags;
	leg->rtnh_ifindex = (int)ifindex;
	return at;
}

void
message_end_leg(struct message *message, size_t at)
{
	struct rtnexthop *leg = (void *)(message->octets + at);

	leg->rtnh_len = (uint16_t)(message->header.nlmsg_len - at);
}

void
message_put_leg(
    struct message *message, uint32_t ifindex, uint8_t flags, const char *gateway)
{
	size_t leg = message_begin_leg(message, ifindex, flags);

	if (gateway)
		message_put_address(message, RTA_GATEWAY, gateway);
	message_end_leg(message, leg);
}

struct nlmsghdr *
message_cut(const struct message *message, size_t n)
{
	struct nlmsghdr *copy = malloc(n);

	assert_non_null(copy);
	memcpy(copy, message->octets, n);
	copy->nlmsg_len = (uint32_t)n;
	return copy;
}

int
message_hand_over(const struct message *message, size_t n,
    int (*take)(const struct nlmsghdr *, void *argument), void *argument)
{
	struct nlmsghdr *copy = message_cut(message, n);
	int result = take(copy, argument);

	free(copy);
	return result;
}

void
parser_take(const struct parser *parser, const struct message *message)
{
	parser_take_cut(parser, message, message->header.nlmsg_len);
}

void
parser_take_cut(const struct parser *parser, const struct message *message, size_t n)
{
	assert_int_equal(
	    message_hand_over(message, n, parser->message, parser->argument), 0);
}

void
parser_counts(const struct parser *parser, size_t rows, size_t malformed)
{
	assert_int_equal(parser->rows->n, rows);
	assert_int_equal(*parser->malformed, malformed);
}

const void *
parser_row(const struct parser *parser, const struct message *message)
{
	size_t before = parser->rows->n;

	parser_take(parser, message);
	parser_counts(parser, before + 1, 0);
	return array_at(parser->rows, before);
}

void
message_check_dump(
    int bus, const struct nlmsghdr *request, uint16_t type, const void *body, size_t size)
{
	assert_int_equal(bus, NETLINK_ROUTE);
	assert_int_equal(request->nlmsg_type, type);
	assert_int_equal(request->nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(request->nlmsg_len, NLMSG_LENGTH(size));
	assert_memory_equal(NLMSG_DATA(request), body, size);
}
