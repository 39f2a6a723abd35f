// SPDX-License-Identifier: BSD-2-Clause
// Tests of what drivers tell: messages of ethtool netlink built octet by octet, and the
// real ones of a network namespace.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <string.h>

#include "kernel/ethtool.h"
#include "namespace.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define FAMILY 20 /* the kernel gives them out as they come */

/* What the reader was told. */
static struct {
	size_t speeds, frames;
	uint32_t ifindex, speed;
	struct ethtool_frames last;
	int result;
} told;

static struct ethtool_reader reader;

static int
take_speed(uint32_t ifindex, uint32_t speed, void *argument)
{
	assert_ptr_equal(argument, &told);
	told.speeds++;
	told.ifindex = ifindex;
	told.speed = speed;
	return told.result;
}

static int
take_frames(uint32_t ifindex, const struct ethtool_frames *frames, void *argument)
{
	assert_ptr_equal(argument, &told);
	told.frames++;
	told.ifindex = ifindex;
	told.last = *frames;
	return told.result;
}

static int
start(void **state)
{
	(void)state;
	memset(&told, 0, sizeof(told));
	reader = (struct ethtool_reader){
		.speed = take_speed,
		.frames = take_frames,
		.argument = &told,
	};
	return 0;
}

/* How often the reader was told of something, and how many messages made no sense. */
static void
counts(size_t n, size_t malformed)
{
	assert_int_equal(told.speeds + told.frames, n);
	assert_int_equal(reader.malformed, malformed);
}

static void
take_speed_message(const struct message *message)
{
	assert_int_equal(message_hand_over(message, message->header.nlmsg_len,
			     ethtool_speed_message, &reader),
	    0);
}

static void
take_frames_message(const struct message *message)
{
	assert_int_equal(message_hand_over(message, message->header.nlmsg_len,
			     ethtool_frames_message, &reader),
	    0);
}

/* Adds a header, as every message has one: the device it is about. */
static void
put_device(struct message *message, uint16_t type, uint32_t ifindex)
{
	size_t nest = message_begin(message, type);

	message_put_u32(message, ETHTOOL_A_HEADER_DEV_INDEX, ifindex);
	message_put_text(message, ETHTOOL_A_HEADER_DEV_NAME, "eth0");
	message_end(message, nest);
}

/* --- speeds --------------------------------------------------------------------------- */

/* The modes of a device, complete but for its speed. */
static struct message
modes_of(uint32_t ifindex)
{
	struct message message;

	message_start_generic(&message, FAMILY, ETHTOOL_MSG_LINKMODES_GET_REPLY);
	put_device(&message, ETHTOOL_A_LINKMODES_HEADER | NLA_F_NESTED, ifindex);
	message_put_u8(&message, ETHTOOL_A_LINKMODES_AUTONEG, 1);
	message_put_u8(&message, ETHTOOL_A_LINKMODES_DUPLEX, DUPLEX_FULL);
	return message;
}

/* Of a veth as it is sent, little-endian. */
static void
test_octets(void **state)
{
	static const uint8_t octets[] = {
		128, 0, 0, 0, 21, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, /* header */
		4, 1, 0, 0,					   /* command, version */
		24, 0, 1, 128, 8, 0, 1, 0, 2, 0, 0, 0,		   /* HEADER: ifindex */
		10, 0, 2, 0, 'v', 'e', 't', 'h', '1', 0, 0, 0,	   /* … name */
		5, 0, 2, 0, 0, 0, 0, 0,				   /* AUTONEG: no */
		52, 0, 3, 128, 8, 0, 2, 0, 121, 0, 0, 0,	   /* OURS, compact */
		20, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,   /* … */
		0, 0, 0, 0, 20, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0,   /* … */
		0, 0, 0, 0, 0, 0, 0, 0,				   /* … */
		8, 0, 5, 0, 16, 39, 0, 0,			   /* SPEED: 10,000 */
		5, 0, 6, 0, 1, 0, 0, 0, 5, 0, 10, 0, 0, 0, 0, 0,   /* DUPLEX and so on */
	};
	struct message message;

	(void)state;
	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		skip();
	memcpy(message.octets, octets, sizeof(octets));
	assert_int_equal(message.header.nlmsg_len, sizeof(octets));
	take_speed_message(&message);
	counts(1, 0);
	assert_int_equal(told.ifindex, 2);
	assert_int_equal(told.speed, 10000);
}

static void
test_speeds(void **state)
{
	static const uint32_t speeds[] = { 1, 10, 1000, 65536, 800000, INT32_MAX,
		UINT32_MAX - 1 };

	(void)state;
	for (size_t i = 0; i < LENGTH(speeds); i++) {
		struct message message = modes_of(7);

		message_put_u32(&message, ETHTOOL_A_LINKMODES_SPEED, speeds[i]);
		take_speed_message(&message);
		counts(i + 1, 0);
		assert_int_equal(told.ifindex, 7);
		assert_int_equal(told.speed, speeds[i]);
	}
	assert_int_equal(told.frames, 0);
}

/* Of a device that is down, or is no hardware, the driver does not know. */
static void
test_unknown_speeds(void **state)
{
	static const uint32_t unknown[] = { 0, (uint32_t)SPEED_UNKNOWN };
	struct message message = modes_of(7);

	(void)state;
	take_speed_message(&message);
	for (size_t i = 0; i < LENGTH(unknown); i++) {
		message = modes_of(7);
		message_put_u32(&message, ETHTOOL_A_LINKMODES_SPEED, unknown[i]);
		take_speed_message(&message);
	}
	for (size_t size = 0; size < 4; size++) {
		message = modes_of(7);
		message_put(&message, ETHTOOL_A_LINKMODES_SPEED, "\1\1\1", size);
		take_speed_message(&message);
	}
	counts(0, 0);
}

static void
test_speed_gives_up(void **state)
{
	struct message message = modes_of(7);

	(void)state;
	told.result = -ECANCELED;
	message_put_u32(&message, ETHTOOL_A_LINKMODES_SPEED, 100);
	assert_int_equal(ethtool_speed_message(&message.header, &reader), -ECANCELED);
	counts(1, 0);
}

/* --- whose it is ---------------------------------------------------------------------- */

/* A message with a nest of these octets in place of its device; with a speed and, since the
 * numbers of the attributes are others, a group of counters that is none. */
static struct message
with_header(const void *octets, size_t n)
{
	struct message message;

	message_start_generic(&message, FAMILY, ETHTOOL_MSG_LINKMODES_GET_REPLY);
	message_put(&message, ETHTOOL_A_LINKMODES_HEADER, octets, n);
	message_put(&message, ETHTOOL_A_STATS_HEADER, octets, n);
	message_put_u32(&message, ETHTOOL_A_LINKMODES_SPEED, 100);
	return message;
}

/* Neither kind of message is taken. */
static void
is_refused(const struct message *message)
{
	size_t before = reader.malformed;

	take_speed_message(message);
	take_frames_message(message);
	counts(0, before + 2);
}

/* The one attribute of a header that is read. */
struct device_number {
	struct nlattr head;
	uint32_t number;
};

static void
test_no_header(void **state)
{
	struct device_number device = { { 8, ETHTOOL_A_HEADER_DEV_INDEX }, 7 };
	struct message message;

	(void)state;
	message = with_header(&device, sizeof(device));
	take_speed_message(&message);
	counts(1, 0);
	start(NULL);
	message_start_generic(&message, FAMILY, ETHTOOL_MSG_LINKMODES_GET_REPLY);
	message_put_u32(&message, ETHTOOL_A_LINKMODES_SPEED, 100);
	is_refused(&message);
	message = with_header(NULL, 0);
	is_refused(&message);
	/* No device has that number; it is too short; it is a name. */
	device.number = 0;
	message = with_header(&device, sizeof(device));
	is_refused(&message);
	device.number = 7;
	device.head.nla_len = 7;
	message = with_header(&device, sizeof(device));
	is_refused(&message);
	device.head = (struct nlattr){ 8, ETHTOOL_A_HEADER_DEV_NAME };
	message = with_header(&device, sizeof(device));
	is_refused(&message);
}

/* The number says it is longer than the nest, or shorter than its head. */
static void
test_header_lies(void **state)
{
	static const uint16_t lies[] = { 0, 1, 3, 9, 20, 4096, UINT16_MAX };
	struct device_number device = { { 0, ETHTOOL_A_HEADER_DEV_INDEX }, 7 };

	(void)state;
	for (size_t i = 0; i < LENGTH(lies); i++) {
		struct message message;

		device.head.nla_len = lies[i];
		message = with_header(&device, sizeof(device));
		is_refused(&message);
	}
}

static void
test_cut_off_anywhere(void **state)
{
	struct message message = modes_of(7);
	size_t end = message.header.nlmsg_len;

	(void)state;
	message_put_u32(&message, ETHTOOL_A_LINKMODES_SPEED, 100);
	assert_int_equal(end, NLMSG_HDRLEN + 4 + 24 + 8 + 8);
	for (size_t n = NLMSG_HDRLEN; n <= message.header.nlmsg_len; n++) {
		/* Behind the header; behind an octet, with or without its padding. */
		bool good = n == end - 16 || (n >= end - 11 && n <= end - 8) ||
		    (n >= end - 3 && n <= end) || n == end + 8;

		start(NULL);
		assert_int_equal(
		    message_hand_over(&message, n, ethtool_speed_message, &reader), 0);
		counts(n == end + 8, !good);
	}
}

/* --- frames --------------------------------------------------------------------------- */

/* Begins the counters of a device; *ret_group is for end_frames(). */
static struct message
begin_frames(uint32_t ifindex, size_t *ret_group)
{
	struct message message;

	message_start_generic(&message, FAMILY, ETHTOOL_MSG_STATS_GET_REPLY);
	put_device(&message, ETHTOOL_A_STATS_HEADER | NLA_F_NESTED, ifindex);
	*ret_group = message_begin(&message, ETHTOOL_A_STATS_GRP | NLA_F_NESTED);
	message_put_u32(&message, ETHTOOL_A_STATS_GRP_ID, ETHTOOL_STATS_ETH_MAC);
	message_put_u32(&message, ETHTOOL_A_STATS_GRP_SS_ID, 18);
	return message;
}

/* Adds a counter of this size, which is in a nest of its own. */
static void
put_counter(struct message *message, uint16_t type, const void *value, size_t size)
{
	size_t nest = message_begin(message, ETHTOOL_A_STATS_GRP_STAT | NLA_F_NESTED);

	message_put(message, type, value, size);
	message_end(message, nest);
}

static void
put_number(struct message *message, uint16_t type, uint64_t number)
{
	put_counter(message, type, &number, sizeof(number));
}

/* Those that are looked for. */
static const uint16_t wanted[] = { ETHTOOL_A_STATS_ETH_MAC_22_RX_BCAST,
	ETHTOOL_A_STATS_ETH_MAC_18_TX_MCAST, ETHTOOL_A_STATS_ETH_MAC_19_TX_BCAST };

/* All three, but for one; 3: none is missing. */
static void
put_wanted(struct message *message, size_t missing)
{
	for (size_t i = 0; i < LENGTH(wanted); i++)
		if (i != missing)
			put_number(message, wanted[i], (UINT64_C(1) << 63) + i);
}

static void
are_wanted(void)
{
	assert_true(told.last.rx_broadcast == UINT64_C(1) << 63);
	assert_true(told.last.tx_multicast == (UINT64_C(1) << 63) + 1);
	assert_true(told.last.tx_broadcast == (UINT64_C(1) << 63) + 2);
}

/* At any alignment: the kernel pads outside of the nests, so that numbers are at eight
 * octets, or not, where the machine does not care. */
static void
test_frames(void **state)
{
	(void)state;
	for (int shifted = 0; shifted < 2; shifted++) {
		size_t group;
		struct message message = begin_frames(7, &group);

		if (shifted)
			message_put(&message, ETHTOOL_A_STATS_GRP_PAD, NULL, 0);
		put_wanted(&message, LENGTH(wanted));
		message_end(&message, group);
		take_frames_message(&message);
		counts((size_t)shifted + 1, 0);
		assert_int_equal(told.ifindex, 7);
		are_wanted();
		memset(&told.last, 0, sizeof(told.last));
	}
	assert_int_equal(told.speeds, 0);
}

/* Among all the others that the MAC has, and some it will have. */
static void
test_frames_among_others(void **state)
{
	size_t group;
	struct message message = begin_frames(7, &group);

	(void)state;
	for (uint16_t type = 0; type < ETHTOOL_A_STATS_ETH_MAC_MAX + 3; type++) {
		bool is_wanted = false;

		for (size_t i = 0; i < LENGTH(wanted); i++)
			is_wanted = is_wanted || type == wanted[i];
		if (!is_wanted)
			put_number(&message, type, 5);
	}
	put_wanted(&message, LENGTH(wanted));
	put_number(&message, 0x3fff, 5);
	message_end(&message, group);
	take_frames_message(&message);
	counts(1, 0);
	are_wanted();
}

/* A driver that does not count all of them: as if it counted none. */
static void
test_frames_missing(void **state)
{
	(void)state;
	for (size_t missing = 0; missing < LENGTH(wanted); missing++) {
		size_t group;
		struct message message = begin_frames(7, &group);

		put_wanted(&message, missing);
		message_end(&message, group);
		take_frames_message(&message);
		/* The same number at another place is none, either. */
		message = begin_frames(7, &group);
		put_wanted(&message, missing);
		message_put(&message, wanted[missing], "12345678", 8);
		message_end(&message, group);
		take_frames_message(&message);
	}
	counts(0, 0);
}

/* Without a group at all, as every device here; and with one of nothing. */
static void
test_frames_without_group(void **state)
{
	struct message message;
	size_t group;

	(void)state;
	message_start_generic(&message, FAMILY, ETHTOOL_MSG_STATS_GET_REPLY);
	put_device(&message, ETHTOOL_A_STATS_HEADER | NLA_F_NESTED, 7);
	take_frames_message(&message);
	message_put(&message, ETHTOOL_A_STATS_GRP, NULL, 0);
	take_frames_message(&message);
	message = begin_frames(7, &group);
	message_end(&message, group);
	take_frames_message(&message);
	counts(0, 0);
}

/* A counter of another size than 64 bits: too short is none, longer is one. */
static void
test_frames_sizes(void **state)
{
	static const uint64_t number[2] = { 5, 6 };

	(void)state;
	for (size_t size = 0; size <= sizeof(number); size++) {
		size_t group;
		struct message message = begin_frames(7, &group);

		start(NULL);
		put_wanted(&message, 0);
		put_counter(&message, wanted[0], number, size);
		message_end(&message, group);
		take_frames_message(&message);
		counts(size >= 8, 0);
		assert_true(told.last.rx_broadcast == (size >= 8 ? 5 : 0));
	}
}

/* A counter's nest that holds nothing, or what is no attribute. */
static void
test_frames_empty_counters(void **state)
{
	static const uint8_t zeros[8];

	(void)state;
	for (size_t n = 0; n <= sizeof(zeros); n++) {
		size_t group;
		struct message message = begin_frames(7, &group);

		start(NULL);
		message_put(&message, ETHTOOL_A_STATS_GRP_STAT, zeros, n);
		put_wanted(&message, LENGTH(wanted));
		message_put(&message, ETHTOOL_A_STATS_GRP_STAT, zeros, n);
		message_end(&message, group);
		take_frames_message(&message);
		counts(1, 0);
		are_wanted();
	}
}

/* A counter that says it is longer than its nest, or shorter than its head: it is none. */
static void
test_frames_counter_lies(void **state)
{
	static const uint16_t lies[] = { 0, 1, 3, 13, 16, 28, 4096, UINT16_MAX };

	(void)state;
	for (size_t i = 0; i < LENGTH(lies); i++) {
		size_t group, at;
		struct message message = begin_frames(7, &group);

		at = message.header.nlmsg_len + NLA_HDRLEN;
		put_wanted(&message, LENGTH(wanted));
		message_end(&message, group);
		start(NULL);
		take_frames_message(&message);
		counts(1, 0);
		memcpy(message.octets + at, &lies[i], sizeof(lies[i]));
		start(NULL);
		take_frames_message(&message);
		counts(0, 0);
	}
}

/* A counter's nest that lies: what is behind cannot be found. */
static void
test_frames_nest_lies(void **state)
{
	static const uint16_t lies[] = { 0, 1, 3, 49, 4096, UINT16_MAX };

	(void)state;
	for (size_t i = 0; i < LENGTH(lies); i++) {
		size_t group, at;
		struct message message = begin_frames(7, &group);

		at = message.header.nlmsg_len;
		put_wanted(&message, LENGTH(wanted));
		message_end(&message, group);
		memcpy(message.octets + at, &lies[i], sizeof(lies[i]));
		take_frames_message(&message);
	}
	counts(0, 0);
}

/* The group lies: the message makes no sense. */
static void
test_frames_group_lies(void **state)
{
	(void)state;
	for (uint16_t more = 1; more < 600; more++) {
		size_t group;
		struct message message = begin_frames(7, &group);
		uint16_t length;

		put_wanted(&message, LENGTH(wanted));
		message_end(&message, group);
		memcpy(&length, message.octets + group, sizeof(length));
		length = (uint16_t)(length + more);
		memcpy(message.octets + group, &length, sizeof(length));
		take_frames_message(&message);
		counts(0, more);
	}
}

static void
test_frames_cut_off_anywhere(void **state)
{
	struct message message;
	size_t group, start_of_group;

	(void)state;
	message = begin_frames(7, &group);
	start_of_group = group;
	put_wanted(&message, LENGTH(wanted));
	message_end(&message, group);
	for (size_t n = NLMSG_HDRLEN; n <= message.header.nlmsg_len; n++) {
		bool whole = n == message.header.nlmsg_len;

		start(NULL);
		assert_int_equal(
		    message_hand_over(&message, n, ethtool_frames_message, &reader), 0);
		counts(whole, !whole && n != start_of_group);
	}
}

static void
test_frames_give_up(void **state)
{
	size_t group;
	struct message message = begin_frames(7, &group);

	(void)state;
	told.result = -ECANCELED;
	put_wanted(&message, LENGTH(wanted));
	message_end(&message, group);
	assert_int_equal(ethtool_frames_message(&message.header, &reader), -ECANCELED);
	counts(1, 0);
}

/* --- a whole reading ------------------------------------------------------------------ */

/* The kernel, if it is made up. */
static struct {
	bool real;
	int family_error, error; /* of the dump of families, and of the other */
	size_t dumps, pauses;
} kernel;

static void
count_pause(void *argument)
{
	(void)argument;
	kernel.pauses++;
}

/* Answers which number the family has. */
static int
answer_family(const struct netlink_reader *taker)
{
	struct message message;
	uint16_t number = FAMILY;

	if (kernel.family_error)
		return kernel.family_error;
	message_start_generic(&message, GENL_ID_CTRL, CTRL_CMD_NEWFAMILY);
	message_put_text(&message, CTRL_ATTR_FAMILY_NAME, ETHTOOL_GENL_NAME);
	message_put(&message, CTRL_ATTR_FAMILY_ID, &number, sizeof(number));
	return taker->message(&message.header, taker->argument);
}

static int
answer_speeds(const struct netlink_reader *taker)
{
	struct message message = modes_of(7);
	int error;

	message_put_u32(&message, ETHTOOL_A_LINKMODES_SPEED, 2500);
	error = taker->message(&message.header, taker->argument);
	message_start_generic(&message, FAMILY, ETHTOOL_MSG_LINKMODES_GET_REPLY);
	return error ? error : taker->message(&message.header, taker->argument);
}

static int
answer_frames(const struct netlink_reader *taker)
{
	size_t group;
	struct message message = begin_frames(7, &group);
	int error;

	put_wanted(&message, LENGTH(wanted));
	message_end(&message, group);
	error = taker->message(&message.header, taker->argument);
	message_start_generic(&message, FAMILY, ETHTOOL_MSG_STATS_GET_REPLY);
	return error ? error : taker->message(&message.header, taker->argument);
}

/* The request for the speeds, without the names of modes; and the one for the counters of
 * the MAC (bit 1: ETHTOOL_STATS_ETH_MAC). */
static void
is_request(const struct nlmsghdr *request, uint8_t command)
{
	struct message expected;
	size_t nest;

	message_start_generic(&expected, FAMILY, command);
	expected.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	expected.header.nlmsg_seq = request->nlmsg_seq;
	if (command == ETHTOOL_MSG_LINKMODES_GET) {
		nest = message_begin(&expected, ETHTOOL_A_LINKMODES_HEADER | NLA_F_NESTED);
		message_put_u32(
		    &expected, ETHTOOL_A_HEADER_FLAGS, ETHTOOL_FLAG_COMPACT_BITSETS);
		message_end(&expected, nest);
	} else {
		assert_int_equal(command, ETHTOOL_MSG_STATS_GET);
		nest = message_begin(&expected, ETHTOOL_A_STATS_HEADER | NLA_F_NESTED);
		message_end(&expected, nest);
		nest = message_begin(&expected, ETHTOOL_A_STATS_GROUPS | NLA_F_NESTED);
		message_put(&expected, ETHTOOL_A_BITSET_NOMASK, NULL, 0);
		message_put_u32(&expected, ETHTOOL_A_BITSET_SIZE, 2);
		message_put_u32(&expected, ETHTOOL_A_BITSET_VALUE, 1 << 1);
		message_end(&expected, nest);
	}
	assert_int_equal(request->nlmsg_len, expected.header.nlmsg_len);
	assert_memory_equal(request, &expected, request->nlmsg_len);
}

int
__wrap_netlink_dump(int bus, struct nlmsghdr *request, const struct netlink_reader *taker,
    size_t *malformed)
{
	const struct genlmsghdr *body = NLMSG_DATA(request);
	int error;

	if (kernel.real)
		return __real_netlink_dump(bus, request, taker, malformed);
	assert_int_equal(bus, NETLINK_GENERIC);
	if (request->nlmsg_type == GENL_ID_CTRL)
		return answer_family(taker);
	kernel.dumps++;
	is_request(request, body->cmd);
	error = body->cmd == ETHTOOL_MSG_STATS_GET ? answer_frames(taker)
						   : answer_speeds(taker);
	pause_now(&taker->pause);
	*malformed += 10; /* messages that were cut off */
	return error ? error : kernel.error;
}

static int
start_kernel(void **state)
{
	memset(&kernel, 0, sizeof(kernel));
	start(state);
	reader.pause.call = count_pause;
	return 0;
}

static void
test_read(void **state)
{
	static const int errors[] = { 0, -EINTR, -EOPNOTSUPP, -ETIMEDOUT };

	for (size_t i = 0; i < LENGTH(errors); i++) {
		start_kernel(state);
		kernel.error = errors[i];
		assert_int_equal(ethtool_read_speeds(&reader), errors[i]);
		counts(1, 1 + 10);
		assert_int_equal(told.ifindex, 7);
		assert_int_equal(told.speed, 2500);
		start_kernel(state);
		kernel.error = errors[i];
		assert_int_equal(ethtool_read_frames(&reader), errors[i]);
		counts(1, 1 + 10);
		assert_int_equal(told.ifindex, 7);
		are_wanted();
		assert_int_equal(kernel.dumps, 1);
		assert_int_equal(kernel.pauses, 1);
	}
}

static void
test_read_given_up(void **state)
{
	(void)state;
	told.result = -ENOMEM;
	assert_int_equal(ethtool_read_speeds(&reader), -ENOMEM);
	assert_int_equal(ethtool_read_frames(&reader), -ENOMEM);
}

/* A kernel without ethtool netlink is asked nothing. */
static void
test_read_without_family(void **state)
{
	static const int errors[] = { -ENOENT, -EPERM };

	(void)state;
	for (size_t i = 0; i < LENGTH(errors); i++) {
		kernel.family_error = errors[i];
		assert_int_equal(ethtool_read_speeds(&reader), errors[i]);
		assert_int_equal(ethtool_read_frames(&reader), errors[i]);
	}
	assert_int_equal(kernel.dumps, 0);
	counts(0, 0);
}

/* The kernel's veth says it does 10 Gb/s, and counts no frames; lo says nothing. */
static void
test_real(void **state)
{
	int error;

	(void)state;
	kernel.real = true;
	namespace_enter_with_veth(70, "one", 71, "other");
	error = ethtool_read_speeds(&reader);
	if (error == -ENOENT)
		skip(); /* before Linux 5.6, or built without */
	assert_int_equal(error, 0);
	counts(2, 0);
	assert_true(told.ifindex == 70 || told.ifindex == 71);
	assert_int_equal(told.speed, 10000);
	error = ethtool_read_frames(&reader);
	if (error == -EOPNOTSUPP)
		skip(); /* before Linux 5.13 */
	assert_int_equal(error, 0);
	counts(2, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, start)
#define TEST_READ(name) cmocka_unit_test_setup(name, start_kernel)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_octets),
		TEST(test_speeds),
		TEST(test_unknown_speeds),
		TEST(test_speed_gives_up),
		TEST(test_no_header),
		TEST(test_header_lies),
		TEST(test_cut_off_anywhere),
		TEST(test_frames),
		TEST(test_frames_among_others),
		TEST(test_frames_missing),
		TEST(test_frames_without_group),
		TEST(test_frames_sizes),
		TEST(test_frames_empty_counters),
		TEST(test_frames_counter_lies),
		TEST(test_frames_nest_lies),
		TEST(test_frames_group_lies),
		TEST(test_frames_cut_off_anywhere),
		TEST(test_frames_give_up),
		TEST_READ(test_read),
		TEST_READ(test_read_given_up),
		TEST_READ(test_read_without_family),
		TEST_READ(test_real),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
