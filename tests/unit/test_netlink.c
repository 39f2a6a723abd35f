// SPDX-License-Identifier: BSD-2-Clause
// Tests of netlink dumps: parts built octet by octet, and real ones.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/netlink.h"
#include "messages.h"

#define TYPE 42 /* of a message that says something */

/* Messages one behind another. */
struct part {
	size_t length;
	uint32_t data[256];
};

/* What the reader was handed. */
struct handed {
	int n;
	uint32_t first[16]; /* of each payload */
	size_t length[16];
	int result; /* of message() */
	int pauses;
};

static int
take(const struct nlmsghdr *header, void *argument)
{
	struct handed *handed = argument;
	size_t length = header->nlmsg_len - NLMSG_HDRLEN;

	assert_true(handed->n < 16);
	handed->length[handed->n] = length;
	if (length >= sizeof(uint32_t))
		memcpy(&handed->first[handed->n], NLMSG_DATA(header), sizeof(uint32_t));
	handed->n++;
	return handed->result;
}

static void
count_pause(void *argument)
{
	((struct handed *)argument)->pauses++;
}

/* Adds a message; returns its header. */
static struct nlmsghdr *
add(struct part *part, uint16_t type, uint16_t flags, const void *payload, size_t length)
{
	struct nlmsghdr *header = (void *)((char *)part->data + part->length);

	assert_true(part->length + NLMSG_SPACE(length) <= sizeof(part->data));
	memset(header, 0, NLMSG_SPACE(length));
	header->nlmsg_len = (uint32_t)NLMSG_LENGTH(length);
	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_MULTI | flags;
	header->nlmsg_seq = 1;
	if (length > 0)
		memcpy(NLMSG_DATA(header), payload, length);
	part->length += NLMSG_SPACE(length);
	return header;
}

static struct nlmsghdr *
add_number(struct part *part, uint16_t type, uint16_t flags, int32_t number)
{
	return add(part, type, flags, &number, sizeof(number));
}

/* Reads the first length octets of a part, from memory that ends there. */
static struct netlink_dump
read_part(const struct part *part, size_t length, struct handed *handed)
{
	struct netlink_reader reader = { .message = take, .argument = handed };
	struct netlink_dump dump = { 0 };
	void *copy = malloc(length ? length : 1);

	memcpy(copy, part->data, length);
	netlink_part(&dump, &reader, copy, length);
	free(copy);
	return dump;
}

static void
test_messages_and_done(void **state)
{
	struct handed handed = { 0 };
	struct part part = { 0 };
	struct netlink_dump dump;

	(void)state;
	add_number(&part, TYPE, 0, 7);
	add(&part, NLMSG_NOOP, 0, NULL, 0);
	add(&part, TYPE, 0, "12345", 5);
	add(&part, TYPE, 0, NULL, 0);
	add_number(&part, NLMSG_DONE, 0, 0);
	add_number(&part, TYPE, 0, 8);
	dump = read_part(&part, part.length, &handed);
	assert_true(dump.done);
	assert_false(dump.interrupted);
	assert_int_equal(dump.error, 0);
	assert_int_equal(dump.malformed, 0);
	/* What is behind DONE is not of this dump. */
	assert_int_equal(handed.n, 3);
	assert_int_equal(handed.first[0], 7);
	assert_int_equal(handed.length[1], 5);
	assert_int_equal(handed.length[2], 0);
}

static void
test_over_parts(void **state)
{
	struct handed handed = { 0 };
	struct netlink_reader reader = { .message = take, .argument = &handed };
	struct netlink_dump dump = { 0 };
	struct part part = { 0 }, last = { 0 };

	(void)state;
	add_number(&part, TYPE, NLM_F_DUMP_INTR, 1);
	netlink_part(&dump, &reader, part.data, part.length);
	assert_false(dump.done);
	assert_true(dump.interrupted);
	add_number(&last, TYPE, 0, 2);
	add_number(&last, NLMSG_DONE, 0, 0);
	netlink_part(&dump, &reader, last.data, last.length);
	assert_true(dump.done);
	assert_true(dump.interrupted);
	assert_int_equal(dump.error, 0);
	assert_int_equal(handed.n, 2);
}

static void
test_interrupted_by_done(void **state)
{
	struct handed handed = { 0 };
	struct part part = { 0 };

	(void)state;
	add_number(&part, NLMSG_DONE, NLM_F_DUMP_INTR, 0);
	assert_true(read_part(&part, part.length, &handed).interrupted);
}

static void
test_errors(void **state)
{
	static const struct {
		uint16_t type;
		int32_t number;
		int error;
	} cases[] = {
		{ NLMSG_DONE, -ENOMEM, -ENOMEM },
		{ NLMSG_DONE, 0, 0 },
		{ NLMSG_DONE, 12, 0 }, /* some dumps leave a length there */
		{ NLMSG_ERROR, -EPERM, -EPERM },
		{ NLMSG_ERROR, 0, 0 },
	};
	struct handed handed = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct part part = { 0 };
		struct netlink_dump dump;

		add_number(&part, cases[i].type, 0, cases[i].number);
		dump = read_part(&part, part.length, &handed);
		assert_true(dump.done);
		assert_int_equal(dump.error, cases[i].error);
		assert_int_equal(dump.malformed, 0);
	}
	assert_int_equal(handed.n, 0);
}

static void
test_done_without_number(void **state)
{
	struct handed handed = { 0 };

	(void)state;
	for (size_t n = 0; n < sizeof(int); n++) {
		struct part part = { 0 };
		struct netlink_dump dump;

		add(&part, NLMSG_DONE, 0, "\xff\xff\xff", n);
		dump = read_part(&part, NLMSG_LENGTH(n), &handed);
		assert_true(dump.done);
		assert_int_equal(dump.error, 0);
	}
}

/* The reader's error is kept, and it is not called again. */
static void
test_reader_gives_up(void **state)
{
	struct handed handed = { .result = -ENOMEM };
	struct part part = { 0 };
	struct netlink_dump dump;

	(void)state;
	add_number(&part, TYPE, 0, 1);
	add_number(&part, TYPE, 0, 2);
	add_number(&part, NLMSG_DONE, 0, -EPERM);
	dump = read_part(&part, part.length, &handed);
	assert_int_equal(handed.n, 1);
	assert_int_equal(dump.error, -ENOMEM);
}

static void
test_cut_off_anywhere(void **state)
{
	struct part part = { 0 };
	size_t second;

	(void)state;
	add(&part, TYPE, 0, "one message", 12);
	second = part.length;
	add_number(&part, TYPE, 0, 2);
	for (size_t n = 0; n <= part.length; n++) {
		struct handed handed = { 0 };
		struct netlink_dump dump = read_part(&part, n, &handed);

		assert_false(dump.done);
		assert_int_equal(dump.error, 0);
		assert_int_equal(handed.n, n == part.length ? 2 : n >= second ? 1 : 0);
		assert_int_equal(dump.malformed, n != 0 && n != second && n != part.length);
	}
}

/* A length that is too small or too large ends the part: where the next begins is not
 * known. */
static void
test_lying_length(void **state)
{
	static const uint32_t lies[] = { 0, 1, 15, 21, 24, 1000, 65536, 0x7fffffff,
		0x80000000, 0x80000010, 0xfffffff0, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct handed handed = { 0 };
		struct part part = { 0 };
		struct netlink_dump dump;

		add_number(&part, TYPE, 0, 1);
		add_number(&part, TYPE, 0, 2)->nlmsg_len = lies[i];
		dump = read_part(&part, part.length, &handed);
		assert_int_equal(handed.n, 1);
		assert_int_equal(dump.malformed, 1);
		assert_false(dump.done);
	}
}

/* --- attributes ----------------------------------------------------------------------- */

#define NEST 9

/* What an attribute of a message can be: 1 has two octets or more, 2 and 3 any, 4 and those
 * behind 5 are not looked for. */
static const uint8_t sizes[] = { [1] = 2, [2] = 1, [3] = 1, [5] = 4 };

#define SIZES sizeof(sizes)

static const struct nlattr *found[SIZES];

/* An attribute that holds these, which is all there is in a message. */
static struct message
nest_message(uint16_t flags)
{
	struct message message;
	size_t nest;

	message_start(&message, TYPE, "body", 4);
	nest = message_begin(&message, NEST | flags);
	message_put(&message, 1, "12", 2);
	message_put(&message, 2, "123", 3);
	message_put_u32(&message, 5, 7);
	message_end(&message, nest);
	return message;
}

static const struct nlattr *
nest_of(const struct nlmsghdr *header)
{
	return (const void *)((const char *)header + NLMSG_LENGTH(4));
}

static void
test_nest(void **state)
{
	static const uint16_t flags[] = { 0, NLA_F_NESTED, NLA_F_NET_BYTEORDER };

	(void)state;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		struct message message = nest_message(flags[i]);
		const struct nlattr *nest = nest_of(&message.header);

		memset(found, 0xff, sizeof(found));
		assert_true(netlink_nest(nest, sizes, SIZES, found));
		assert_ptr_equal(found[1], nest + 1);
		assert_ptr_equal(found[2], nest + 3);
		assert_ptr_equal(found[5], nest + 5);
		assert_null(found[0]);
		assert_null(found[3]);
		assert_null(found[4]);
	}
}

static void
test_no_nest(void **state)
{
	struct message message;

	(void)state;
	assert_false(netlink_nest(NULL, sizes, SIZES, found));
	message_start(&message, TYPE, "body", 4);
	message_put(&message, NEST, NULL, 0);
	memset(found, 0xff, sizeof(found));
	assert_true(netlink_nest(nest_of(&message.header), sizes, SIZES, found));
	for (size_t i = 0; i < SIZES; i++)
		assert_null(found[i]);
}

/* Too short ones, those nobody asked for and those of a higher number are passed over; of
 * two the last counts, if it is long enough. */
static void
test_nest_passes_over(void **state)
{
	struct message message;
	size_t nest, last;

	(void)state;
	message_start(&message, TYPE, "body", 4);
	nest = message_begin(&message, NEST);
	message_put(&message, 2, "a", 1);
	message_put(&message, 4, "four", 4);
	message_put(&message, 6, "six", 3);
	message_put(&message, 0x3fff, "far", 3);
	last = message.header.nlmsg_len;
	message_put(&message, 2, "b", 1);
	message_put(&message, 2, NULL, 0);
	message_put(&message, 1, "1", 1);
	message_put(&message, 5, "123", 3);
	message_end(&message, nest);
	assert_true(netlink_nest(nest_of(&message.header), sizes, SIZES, found));
	assert_ptr_equal(found[2], message.octets + last);
	assert_null(found[0]);
	assert_null(found[1]);
	assert_null(found[3]);
	assert_null(found[4]);
	assert_null(found[5]);
}

/* A nest that ends anywhere, in memory that ends there: it is whole at the end of an
 * attribute, with its padding or without. */
static void
test_nest_cut_off_anywhere(void **state)
{
	struct message message = nest_message(0);
	size_t start = NLMSG_LENGTH(4);

	(void)state;
	assert_int_equal(message.header.nlmsg_len - start, 4 + 8 + 8 + 8);
	for (size_t n = 4; n <= 28; n++) {
		struct nlmsghdr *copy = message_cut(&message, start + n);
		bool whole = n == 4 || (n >= 10 && n <= 12) || (n >= 19 && n <= 20) ||
		    n == 28;

		((struct nlattr *)nest_of(copy))->nla_len = (uint16_t)n;
		assert_int_equal(netlink_nest(nest_of(copy), sizes, SIZES, found), whole);
		if (whole) {
			assert_int_equal(found[1] != NULL, n >= 10);
			assert_int_equal(found[2] != NULL, n >= 19);
			assert_int_equal(found[5] != NULL, n >= 28);
		}
		free(copy);
	}
}

/* An attribute inside that says it is shorter than its head or longer than the nest. */
static void
test_nest_lies(void **state)
{
	static const uint16_t lies[] = { 0, 1, 3, 9, 12, 256, 0x7fff, 0x8000, UINT16_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct message message = nest_message(0);
		const struct nlattr *nest = nest_of(&message.header);

		((struct nlattr *)nest)[5].nla_len = lies[i];
		assert_false(netlink_nest(nest, sizes, SIZES, found));
	}
}

/* Whether an attribute of these octets says this. */
static bool
says(const void *octets, size_t n, const char *text)
{
	struct message message;
	struct nlmsghdr *copy;
	bool result;

	message_start(&message, TYPE, "body", 4);
	message_put(&message, 1, octets, n);
	copy = message_cut(&message, NLMSG_LENGTH(4) + NLA_HDRLEN + n);
	result = netlink_says(nest_of(copy), text);
	free(copy);
	return result;
}

static void
test_says(void **state)
{
	(void)state;
	assert_true(says("veth", 5, "veth"));
	assert_true(says("veth", 4, "veth"));
	assert_true(says("veth\0more", 9, "veth"));
	assert_true(says("", 1, ""));
	assert_true(says(NULL, 0, ""));
	assert_false(says("veth", 3, "veth"));
	assert_false(says("vet", 4, "veth"));
	assert_false(says("veth0", 6, "veth"));
	assert_false(says("veth0", 5, "veth"));
	assert_false(says("Veth", 5, "veth"));
	assert_false(says("\0veth", 6, "veth"));
	assert_false(says("", 1, "veth"));
	assert_false(says(NULL, 0, "veth"));
	assert_false(says("veth", 5, ""));
	assert_false(netlink_says(NULL, "veth"));
	assert_false(netlink_says(NULL, ""));
}

/* --- real dumps ----------------------------------------------------------------------- */

/* What the socket receives in place of what the kernel says. */
static struct {
	const int *ends; /* of each dump; NULL: the kernel speaks */
	unsigned asked;
} kernel;

ssize_t __real_mnl_socket_recvfrom(const struct mnl_socket *, void *buffer, size_t size);
ssize_t __wrap_mnl_socket_recvfrom(const struct mnl_socket *, void *buffer, size_t size);

/* The number of the dump, and its end. */
ssize_t
__wrap_mnl_socket_recvfrom(const struct mnl_socket *socket, void *buffer, size_t size)
{
	struct part part = { 0 };
	int end;

	if (!kernel.ends)
		return __real_mnl_socket_recvfrom(socket, buffer, size);
	end = kernel.ends[kernel.asked++];
	add_number(&part, TYPE, end == -EINTR ? NLM_F_DUMP_INTR : 0, (int)kernel.asked);
	add_number(&part, NLMSG_DONE, 0, end == -EINTR ? 0 : end);
	assert_true(part.length <= size);
	memcpy(buffer, part.data, part.length);
	return (ssize_t)part.length;
}

static void
forget(void *argument)
{
	((struct handed *)argument)->n = 0;
}

struct request {
	struct nlmsghdr header;
	struct ifinfomsg body;
};

static struct request
links_request(void)
{
	return (struct request){
		.header.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
		.header.nlmsg_type = RTM_GETLINK,
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
	};
}

static int
dump(int bus, struct request *request, struct handed *handed)
{
	struct netlink_reader reader = {
		.message = take,
		.argument = handed,
		.pause = { count_pause, handed },
	};
	size_t malformed = 3;
	int error = netlink_dump(bus, &request->header, &reader, &malformed);

	assert_int_equal(malformed, 3);
	return error;
}

static void
test_dump(void **state)
{
	struct request request = links_request();
	struct handed handed = { 0 };

	(void)state;
	assert_int_equal(dump(NETLINK_ROUTE, &request, &handed), 0);
	assert_true(handed.n > 0); /* lo at least */
	assert_true(handed.pauses > 0);
}

/* Each try ends with what it is told to; a reader that can forget has no part of one that
 * was disturbed. */
static void
test_dump_again(void **state)
{
	static const struct {
		int ends[4]; /* -EINTR: disturbed */
		unsigned once, again;
		int returned_once, returned;
	} cases[] = {
		{ { 0 }, 1, 1, 0, 0 },
		{ { -EINTR, 0 }, 1, 2, -EINTR, 0 },
		{ { -EINTR, -EINTR, 0 }, 1, 3, -EINTR, 0 },
		{ { -EINTR, -EINTR, -EINTR, 0 }, 1, 3, -EINTR, 0 },
		{ { -EINTR, -ENOBUFS }, 1, 2, -EINTR, -ENOBUFS },
		{ { -EPERM }, 1, 1, -EPERM, -EPERM },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (int can_forget = 0; can_forget < 2; can_forget++) {
			struct handed handed = { 0 };
			struct netlink_reader reader = {
				.message = take,
				.argument = &handed,
				.again = can_forget ? forget : NULL,
			};
			struct request request = links_request();
			size_t malformed = 0;

			kernel.ends = cases[i].ends;
			kernel.asked = 0;
			assert_int_equal(netlink_dump(NETLINK_ROUTE, &request.header,
					     &reader, &malformed),
			    can_forget ? cases[i].returned : cases[i].returned_once);
			assert_int_equal(
			    kernel.asked, can_forget ? cases[i].again : cases[i].once);
			assert_int_equal(handed.n, 1);
			assert_int_equal(handed.first[0], kernel.asked);
		}
	}
	kernel.ends = NULL;
}

static void
test_dump_given_up(void **state)
{
	struct request request = links_request();
	struct handed handed = { .result = -ENOSPC };

	(void)state;
	assert_int_equal(dump(NETLINK_ROUTE, &request, &handed), -ENOSPC);
	assert_int_equal(handed.n, 1);
}

static void
test_dump_refused(void **state)
{
	struct request request = links_request();
	struct handed handed = { 0 };

	(void)state;
	request.header.nlmsg_type = RTM_GETLINK + 3 + 4 * 200; /* there is no such object */
	assert_int_equal(dump(NETLINK_ROUTE, &request, &handed), -EOPNOTSUPP);
	request.header.nlmsg_type = 1234; /* sock_diag knows 18 to 21 */
	assert_int_equal(dump(NETLINK_SOCK_DIAG, &request, &handed), -EINVAL);
	assert_int_equal(dump(31, &request, &handed), -EPROTONOSUPPORT);
	assert_int_equal(handed.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages_and_done),
		cmocka_unit_test(test_over_parts),
		cmocka_unit_test(test_interrupted_by_done),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_done_without_number),
		cmocka_unit_test(test_reader_gives_up),
		cmocka_unit_test(test_cut_off_anywhere),
		cmocka_unit_test(test_lying_length),
		cmocka_unit_test(test_nest),
		cmocka_unit_test(test_no_nest),
		cmocka_unit_test(test_nest_passes_over),
		cmocka_unit_test(test_nest_cut_off_anywhere),
		cmocka_unit_test(test_nest_lies),
		cmocka_unit_test(test_says),
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_dump_again),
		cmocka_unit_test(test_dump_given_up),
		cmocka_unit_test(test_dump_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
