// SPDX-License-Identifier: BSD-2-Clause
// rtnetlink messages, built attribute by attribute, and what is made of them.
#ifndef NETMIB_TESTS_MESSAGES_H
#define NETMIB_TESTS_MESSAGES_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "array.h"
#include "kernel/netlink.h"

#define MESSAGE_SIZE 1024

/* A message that grows; its nlmsg_len is right at any time. */
struct message {
	union {
		struct nlmsghdr header;
		uint8_t octets[MESSAGE_SIZE];
	};
};

/* Starts a message with a body (struct rtmsg and so on) of this size. */
void message_start(struct message *, uint16_t type, const void *body, size_t size);

/* The same for a route: RTM_NEWROUTE, unicast, in the main table, protocol static. */
void message_start_route(struct message *, uint8_t family, uint8_t length);

/* The struct rtmsg behind the header. */
struct rtmsg *message_route(struct message *);

/* The same for a device, of family AF_UNSPEC; name NULL: without one. */
void
message_start_link(struct message *, uint16_t type, uint32_t ifindex, const char *name);

/* The struct ifinfomsg behind the header. */
struct ifinfomsg *message_link(struct message *);

/* A message of a family of generic netlink, whose number is the type. */
void message_start_generic(struct message *, uint16_t family, uint8_t command);

/* Appends an attribute, with padding. */
void message_put(struct message *, uint16_t type, const void *payload, size_t size);
void message_put_u8(struct message *, uint16_t type, uint8_t number);
void message_put_u32(struct message *, uint16_t type, uint32_t number);

/* Appends an attribute that is a string, with its NUL. */
void message_put_text(struct message *, uint16_t type, const char *text);

/* Appends an attribute that is an address, from its text; IPv6 if there is a colon. */
void message_put_address(struct message *, uint16_t type, const char *text);

/* RTA_VIA with an IPv6 address. */
void message_put_via(struct message *, const char *text);

/* Begins an attribute that holds others; message_end() takes what this returned and sets
 * its length. */
size_t message_begin(struct message *, uint16_t type);
void message_end(struct message *, size_t nest);

/* Appends a struct rtnexthop; its attributes follow. message_end_leg() takes what this
 * returned. */
size_t message_begin_leg(struct message *, uint32_t ifindex, uint8_t flags);
void message_end_leg(struct message *, size_t leg);

/* A whole leg; gateway NULL: none. */
void
message_put_leg(struct message *, uint32_t ifindex, uint8_t flags, const char *gateway);

/* The first n octets of the message, in memory of just that size, with an nlmsg_len that
 * says so; the caller frees it. n is at least NLMSG_HDRLEN. */
struct nlmsghdr *message_cut(const struct message *, size_t n);

/* Hands over the first n octets, in memory that ends there. Returns what the taker says. */
int message_hand_over(const struct message *, size_t n,
    int (*take)(const struct nlmsghdr *, void *argument), void *argument);

/* A parser of messages, and the rows it makes of them. */
struct parser {
	int (*message)(const struct nlmsghdr *, void *argument);
	void *argument;
	const struct array *rows;
	const size_t *malformed;
};

/* Hands a message over, or the first n octets of one, and checks that all goes well. */
void parser_take(const struct parser *, const struct message *);
void parser_take_cut(const struct parser *, const struct message *, size_t n);

/* Checks how many rows there are, and how many messages made no sense. */
void parser_counts(const struct parser *, size_t rows, size_t malformed);

/* The row of this message, which is one, where none was malformed; good until the next. */
const void *parser_row(const struct parser *, const struct message *);

/* netlink_dump(), for tests that stand in for it. */
int __real_netlink_dump(
    int bus, struct nlmsghdr *request, const struct netlink_reader *, size_t *malformed);
int __wrap_netlink_dump(
    int bus, struct nlmsghdr *request, const struct netlink_reader *, size_t *malformed);

/* Checks that it is asked for a dump of rtnetlink, with this body and nothing behind it. */
void message_check_dump(
    int bus, const struct nlmsghdr *request, uint16_t type, const void *body, size_t size);

/* The family of an address, from its text. */
uint8_t address_family(const char *text);

/* The octets of an IPv4 or IPv6 address; returns how many. */
size_t address_octets(const char *text, uint8_t ret_octets[16]);

#endif
