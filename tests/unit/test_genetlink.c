// SPDX-License-Identifier: BSD-2-Clause
// Tests of families of generic netlink, made up and real, and of the one that tells which
// devices are Wi-Fi.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/nl80211.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/genetlink.h"
#include "kernel/netlink.h"
#include "kernel/wireless.h"
#include "messages.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define NL80211 31 /* the number of that family here */

int __real_netlink_dump(
    int bus, struct nlmsghdr *request, const struct netlink_reader *, size_t *malformed);
int __wrap_netlink_dump(
    int bus, struct nlmsghdr *request, const struct netlink_reader *, size_t *malformed);

/* The kernel, if it is made up. */
static struct {
	bool real;
	/* What it answers when it is asked for a family. */
	const char *family; /* that it is asked for */
	struct message answer;
	size_t answer_cut; /* octets of it; 0: it does not answer */
	int family_error;
	/* What it answers when it is asked for interfaces. */
	struct message interfaces[8];
	size_t n_interfaces;
	int error;
	size_t dumps;
} kernel;

/* A message in memory that ends where it ends. */
static int
hand_over(const struct netlink_reader *reader, const struct message *message, size_t n)
{
	struct nlmsghdr *copy = message_cut(message, n);
	int result = reader->message(copy, reader->argument);

	free(copy);
	return result;
}

/* It is asked for one family by its name, and to say so when there is none. */
static int
answer_family(const struct nlmsghdr *request, const struct netlink_reader *reader)
{
	struct message expected;
	int error = 0;

	message_start_generic(&expected, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	message_put_text(&expected, CTRL_ATTR_FAMILY_NAME, kernel.family);
	expected.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	expected.header.nlmsg_seq = request->nlmsg_seq;
	assert_int_equal(request->nlmsg_len, expected.header.nlmsg_len);
	assert_memory_equal(request, &expected, request->nlmsg_len);
	if (kernel.answer_cut)
		error = hand_over(reader, &kernel.answer, kernel.answer_cut);
	return error ? error : kernel.family_error;
}

static int
answer_interfaces(const struct nlmsghdr *request, const struct netlink_reader *reader)
{
	const struct genlmsghdr *body = NLMSG_DATA(request);
	int error = 0;

	kernel.dumps++;
	assert_int_equal(request->nlmsg_type, NL80211);
	assert_int_equal(request->nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(request->nlmsg_len, NLMSG_LENGTH(sizeof(*body)));
	assert_int_equal(body->cmd, NL80211_CMD_GET_INTERFACE);
	for (size_t i = 0; error == 0 && i < kernel.n_interfaces; i++)
		error = hand_over(
		    reader, &kernel.interfaces[i], kernel.interfaces[i].header.nlmsg_len);
	return error ? error : kernel.error;
}

int
__wrap_netlink_dump(int bus, struct nlmsghdr *request, const struct netlink_reader *reader,
    size_t *malformed)
{
	if (kernel.real)
		return __real_netlink_dump(bus, request, reader, malformed);
	assert_int_equal(bus, NETLINK_GENERIC);
	if (request->nlmsg_type == GENL_ID_CTRL)
		return answer_family(request, reader);
	*malformed += 10; /* messages that were cut off */
	return answer_interfaces(request, reader);
}

/* The family that is asked for is there. */
static void
has_family(const char *name, uint16_t number)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.family = name;
	message_start_generic(&kernel.answer, GENL_ID_CTRL, CTRL_CMD_NEWFAMILY);
	message_put_text(&kernel.answer, CTRL_ATTR_FAMILY_NAME, name);
	message_put(&kernel.answer, CTRL_ATTR_FAMILY_ID, &number, sizeof(number));
	message_put_u32(&kernel.answer, CTRL_ATTR_VERSION, 1);
	kernel.answer_cut = kernel.answer.header.nlmsg_len;
}

/* --- families ------------------------------------------------------------------------- */

#define UNSET 4711

static void
test_find(void **state)
{
	static const uint16_t numbers[] = { GENL_MIN_ID, 31, 1023, UINT16_MAX };

	(void)state;
	for (size_t i = 0; i < LENGTH(numbers); i++) {
		uint16_t number = UNSET;

		has_family("ethtool", numbers[i]);
		assert_int_equal(genetlink_find("ethtool", &number), 0);
		assert_int_equal(number, numbers[i]);
	}
}

/* The number is written when it is known, and only then. */
static void
test_find_errors(void **state)
{
	static const int errors[] = { -ENOENT, -EPERM, -ETIMEDOUT };
	uint16_t number = UNSET;

	(void)state;
	for (size_t i = 0; i < LENGTH(errors); i++) {
		has_family("nl80211", 31);
		kernel.family_error = errors[i];
		assert_int_equal(genetlink_find("nl80211", &number), errors[i]);
		kernel.answer_cut = 0;
		assert_int_equal(genetlink_find("nl80211", &number), errors[i]);
	}
	/* No answer, and no error. */
	kernel.family_error = 0;
	assert_int_equal(genetlink_find("nl80211", &number), -EBADMSG);
	/* Families begin with 16, and 0 is the number of none. */
	has_family("nl80211", 0);
	assert_int_equal(genetlink_find("nl80211", &number), -EBADMSG);
	assert_int_equal(number, UNSET);
}

static void
test_find_cut_off_anywhere(void **state)
{
	size_t name_end = NLMSG_HDRLEN + 4 + 12, id_end = name_end + 8;

	(void)state;
	has_family("ethtool", 31);
	assert_int_equal(kernel.answer_cut, id_end + 8);
	for (size_t n = NLMSG_HDRLEN; n <= id_end + 8; n++) {
		uint16_t number = UNSET;
		bool good = n == id_end + 8 || (n >= id_end - 2 && n <= id_end);

		kernel.answer_cut = n;
		assert_int_equal(genetlink_find("ethtool", &number), good ? 0 : -EBADMSG);
		assert_int_equal(number, good ? 31 : UNSET);
	}
}

static void
test_find_short_number(void **state)
{
	uint16_t number = UNSET;

	(void)state;
	for (size_t n = 0; n < 2; n++) {
		has_family("ethtool", 31);
		message_start_generic(&kernel.answer, GENL_ID_CTRL, CTRL_CMD_NEWFAMILY);
		message_put(&kernel.answer, CTRL_ATTR_FAMILY_ID, "\1", n);
		kernel.answer_cut = kernel.answer.header.nlmsg_len;
		assert_int_equal(genetlink_find("ethtool", &number), -EBADMSG);
	}
	assert_int_equal(number, UNSET);
}

/* The family of families is always there, with a number that is fixed. */
static void
test_find_real(void **state)
{
	uint16_t number = UNSET;

	(void)state;
	kernel.real = true;
	assert_int_equal(genetlink_find("netmib-no-such", &number), -ENOENT);
	assert_int_equal(number, UNSET);
	assert_int_equal(genetlink_find("nlctrl", &number), 0);
	assert_int_equal(number, GENL_ID_CTRL);
	assert_int_equal(genetlink_find("", &number), -ENOENT);
}

/* --- Wi-Fi ---------------------------------------------------------------------------- */

static struct {
	size_t n;
	uint32_t ifindex[8];
	int result;
} told;

static int
take_wireless(uint32_t ifindex, void *argument)
{
	assert_ptr_equal(argument, &told);
	assert_true(told.n < LENGTH(told.ifindex));
	told.ifindex[told.n++] = ifindex;
	return told.result;
}

static int
start_wireless(void **state)
{
	(void)state;
	has_family(NL80211_GENL_NAME, NL80211);
	memset(&told, 0, sizeof(told));
	return 0;
}

static struct message *
add_interface(void)
{
	struct message *message = &kernel.interfaces[kernel.n_interfaces++];

	assert_true(kernel.n_interfaces <= LENGTH(kernel.interfaces));
	message_start_generic(message, NL80211, NL80211_CMD_NEW_INTERFACE);
	return message;
}

static void
put_wireless(struct message *message, uint32_t ifindex)
{
	message_put_u32(message, NL80211_ATTR_IFINDEX, ifindex);
	message_put_text(message, NL80211_ATTR_IFNAME, "wlan0");
	message_put_u32(message, NL80211_ATTR_WIPHY, 0);
	message_put(message, NL80211_ATTR_WDEV, "12345678", 8);
}

static void
test_wireless(void **state)
{
	static const int errors[] = { 0,
		-EINTR }; /* what changed meanwhile does not matter */

	for (size_t i = 0; i < LENGTH(errors); i++) {
		size_t malformed = 5;

		start_wireless(state);
		put_wireless(add_interface(), 3);
		/* One that is no network device: for P2P, say. */
		message_put(add_interface(), NL80211_ATTR_WDEV, "12345678", 8);
		put_wireless(add_interface(), 70000);
		kernel.error = errors[i];
		assert_int_equal(wireless_read(take_wireless, &told, &malformed), 0);
		assert_int_equal(told.n, 2);
		assert_int_equal(told.ifindex[0], 3);
		assert_int_equal(told.ifindex[1], 70000);
		assert_int_equal(malformed, 15);
	}
}

static void
test_wireless_malformed(void **state)
{
	size_t malformed = 5;
	struct message *message;

	(void)state;
	/* Without the head of generic netlink. */
	add_interface()->header.nlmsg_len = NLMSG_HDRLEN;
	add_interface()->header.nlmsg_len = NLMSG_HDRLEN + 3;
	/* Cut off in an attribute. */
	message = add_interface();
	put_wireless(message, 3);
	message->header.nlmsg_len -= 4;
	/* A number that is too short is none. */
	message_put(add_interface(), NL80211_ATTR_IFINDEX, "\1\0\0", 3);
	put_wireless(add_interface(), 4);
	assert_int_equal(wireless_read(take_wireless, &told, &malformed), 0);
	assert_int_equal(told.n, 1);
	assert_int_equal(told.ifindex[0], 4);
	assert_int_equal(malformed, 5 + 3 + 10);
}

static void
test_wireless_gives_up(void **state)
{
	size_t malformed = 0;

	(void)state;
	put_wireless(add_interface(), 3);
	put_wireless(add_interface(), 4);
	told.result = -ENOMEM;
	assert_int_equal(wireless_read(take_wireless, &told, &malformed), -ENOMEM);
	assert_int_equal(told.n, 1);
}

static void
test_wireless_errors(void **state)
{
	static const int errors[] = { -EPERM, -ETIMEDOUT, -EOPNOTSUPP };
	size_t malformed = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(errors); i++) {
		kernel.error = errors[i];
		assert_int_equal(
		    wireless_read(take_wireless, &told, &malformed), errors[i]);
	}
	assert_int_equal(kernel.dumps, LENGTH(errors));
	for (size_t i = 0; i < LENGTH(errors); i++) {
		kernel.family_error = errors[i];
		assert_int_equal(
		    wireless_read(take_wireless, &told, &malformed), errors[i]);
	}
	/* A kernel without Wi-Fi has no such devices. */
	kernel.family_error = -ENOENT;
	assert_int_equal(wireless_read(take_wireless, &told, &malformed), 0);
	assert_int_equal(kernel.dumps, LENGTH(errors));
	assert_int_equal(told.n, 0);
}

/* Whatever this machine has: it can be read. */
static void
test_wireless_real(void **state)
{
	size_t malformed = 0;

	(void)state;
	kernel.real = true;
	assert_int_equal(wireless_read(take_wireless, &told, &malformed), 0);
	assert_int_equal(malformed, 0);
	for (size_t i = 0; i < told.n; i++)
		assert_true(told.ifindex[i] > 0);
}

#define TEST_WIRELESS(name) cmocka_unit_test_setup(name, start_wireless)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_find_errors),
		cmocka_unit_test(test_find_cut_off_anywhere),
		cmocka_unit_test(test_find_short_number),
		cmocka_unit_test(test_find_real),
		TEST_WIRELESS(test_wireless),
		TEST_WIRELESS(test_wireless_malformed),
		TEST_WIRELESS(test_wireless_gives_up),
		TEST_WIRELESS(test_wireless_errors),
		TEST_WIRELESS(test_wireless_real),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
