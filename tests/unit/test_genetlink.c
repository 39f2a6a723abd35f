// SPDX-License-Identifier: BSD-2-Clause
// Tests of families of generic netlink, made up and real, and of the one that tells which
// devices are Wi-Fi.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/nl80211.h>
#include <stdbool.h>
#include <string.h>

#include "kernel/genetlink.h"
#include "kernel/netlink.h"
#include "kernel/wireless.h"
#include "messages.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define NL80211 31 /* the number of that family here */

/* The kernel, if it is made up. */
static struct {
	bool real;
	/* What it answers when it is asked for families. */
	struct message families[8];
	size_t n_families;
	size_t cut; /* octets of the first of them; 0: all */
	int family_error;
	/* What it answers when it is asked for interfaces. */
	struct message interfaces[8];
	size_t n_interfaces;
	int error;
	size_t dumps;
} kernel;

/* It is asked for all families, and never for one by its name: it would load a module. */
static int
answer_families(const struct nlmsghdr *request, const struct netlink_reader *reader)
{
	struct message expected;
	int error = 0;

	message_start_generic(&expected, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	expected.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	expected.header.nlmsg_seq = request->nlmsg_seq;
	assert_int_equal(request->nlmsg_len, expected.header.nlmsg_len);
	assert_memory_equal(request, &expected, request->nlmsg_len);
	for (size_t i = 0; error == 0 && i < kernel.n_families; i++) {
		const struct message *family = &kernel.families[i];
		bool cut = i == 0 && kernel.cut > 0;

		error = message_hand_over(family,
		    cut ? kernel.cut : family->header.nlmsg_len, reader->message,
		    reader->argument);
	}
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
		error = message_hand_over(&kernel.interfaces[i],
		    kernel.interfaces[i].header.nlmsg_len, reader->message,
		    reader->argument);
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
		return answer_families(request, reader);
	*malformed += 10; /* messages that were cut off */
	return answer_interfaces(request, reader);
}

/* A family about which nothing is told yet. */
static struct message *
add_empty(void)
{
	struct message *message = &kernel.families[kernel.n_families++];

	assert_true(kernel.n_families <= LENGTH(kernel.families));
	message_start_generic(message, GENL_ID_CTRL, CTRL_CMD_NEWFAMILY);
	return message;
}

static struct message *
add_family(const char *name, uint16_t number)
{
	struct message *message = add_empty();

	message_put_text(message, CTRL_ATTR_FAMILY_NAME, name);
	message_put(message, CTRL_ATTR_FAMILY_ID, &number, sizeof(number));
	message_put_u32(message, CTRL_ATTR_VERSION, 1);
	return message;
}

/* --- families ------------------------------------------------------------------------- */

#define UNSET 4711

static int
start_families(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	return 0;
}

static void
finds(const char *name, uint16_t expected)
{
	uint16_t number = UNSET;

	assert_int_equal(genetlink_find(name, &number), 0);
	assert_int_equal(number, expected);
}

/* The number is written when it is known, and only then. */
static void
finds_none(const char *name, int error)
{
	uint16_t number = UNSET;

	assert_int_equal(genetlink_find(name, &number), error);
	assert_int_equal(number, UNSET);
}

static void
test_find(void **state)
{
	static const uint16_t numbers[] = { GENL_MIN_ID, 31, 1023, UINT16_MAX };

	for (size_t i = 0; i < LENGTH(numbers); i++) {
		start_families(state);
		add_family("nlctrl", GENL_ID_CTRL);
		add_family("ethtool", numbers[i]);
		add_family("nl80211", 40);
		finds("nlctrl", GENL_ID_CTRL);
		finds("ethtool", numbers[i]);
		finds("nl80211", 40);
	}
}

static void
test_find_unknown(void **state)
{
	(void)state;
	finds_none("ethtool", -ENOENT);
	add_family("nlctrl", GENL_ID_CTRL);
	add_family("ethtoo", 31);
	add_family("ethtool2", 32);
	add_family("Ethtool", 33);
	add_family("", 34);
	finds_none("ethtool", -ENOENT);
}

static void
test_find_errors(void **state)
{
	static const int errors[] = { -ENOENT, -EPERM, -ETIMEDOUT };

	for (size_t i = 0; i < LENGTH(errors); i++) {
		start_families(state);
		kernel.family_error = errors[i];
		finds_none("ethtool", errors[i]);
		add_family("ethtool", 31);
		finds_none("ethtool", errors[i]);
	}
}

/* Other families that come or go meanwhile do not matter. */
static void
test_find_interrupted(void **state)
{
	(void)state;
	kernel.family_error = -EINTR;
	finds_none("ethtool", -ENOENT);
	add_family("ethtool", 31);
	finds("ethtool", 31);
	finds_none("nl80211", -ENOENT);
}

static void
test_find_cut_off_anywhere(void **state)
{
	size_t name_end = NLMSG_HDRLEN + 4 + 12, id_end = name_end + 8;

	(void)state;
	assert_int_equal(add_family("ethtool", 31)->header.nlmsg_len, id_end + 8);
	add_family("nl80211", 40);
	for (size_t n = NLMSG_HDRLEN; n <= id_end + 8; n++) {
		kernel.cut = n;
		if (n == id_end + 8 || (n >= id_end - 2 && n <= id_end))
			finds("ethtool", 31);
		else
			finds_none("ethtool", -ENOENT);
		finds("nl80211", 40);
	}
}

/* What lacks its name or its number, or has a number that is none. */
static void
test_find_passes_over(void **state)
{
	static const uint16_t number = 32;
	struct message *message;

	(void)state;
	add_family("ethtool", 0);
	message_put(add_empty(), CTRL_ATTR_FAMILY_ID, &number, sizeof(number));
	message_put_text(add_empty(), CTRL_ATTR_FAMILY_NAME, "ethtool");
	for (size_t n = 0; n < sizeof(number); n++) {
		message = add_empty();
		message_put_text(message, CTRL_ATTR_FAMILY_NAME, "ethtool");
		message_put(message, CTRL_ATTR_FAMILY_ID, &number, n);
	}
	message = add_empty();
	message_put(message, CTRL_ATTR_FAMILY_NAME, NULL, 0);
	message_put(message, CTRL_ATTR_FAMILY_ID, &number, sizeof(number));
	finds_none("ethtool", -ENOENT);
	finds_none("", -ENOENT);
	add_family("ethtool", 31);
	finds("ethtool", 31);
}

/* The family of families is always there, with a number that is fixed. */
static void
test_find_real(void **state)
{
	(void)state;
	kernel.real = true;
	finds("nlctrl", GENL_ID_CTRL);
	finds_none("netmib-no-such", -ENOENT);
	finds_none("", -ENOENT);
}

/* --- groups --------------------------------------------------------------------------- */

static void
finds_group(const char *name, const char *group, uint32_t expected)
{
	uint32_t number = UNSET;

	assert_int_equal(genetlink_find_group(name, group, &number), 0);
	assert_int_equal(number, expected);
}

static void
finds_no_group(const char *name, const char *group, int error)
{
	uint32_t number = UNSET;

	assert_int_equal(genetlink_find_group(name, group, &number), error);
	assert_int_equal(number, UNSET);
}

/* The kernel counts its groups: their nests have the types 1, 2 … */
static void
put_group(struct message *message, uint16_t type, const char *group, uint32_t number)
{
	size_t nest = message_begin(message, type | NLA_F_NESTED);

	message_put_text(message, CTRL_ATTR_MCAST_GRP_NAME, group);
	message_put_u32(message, CTRL_ATTR_MCAST_GRP_ID, number);
	message_end(message, nest);
}

static size_t
begin_groups(struct message *message)
{
	return message_begin(message, CTRL_ATTR_MCAST_GROUPS | NLA_F_NESTED);
}

/* Makes an attribute say that it has more octets than it has. */
static void
lie(struct message *message, size_t attribute, uint16_t more)
{
	struct nlattr *nest = (void *)(message->octets + attribute);

	nest->nla_len = (uint16_t)(nest->nla_len + more);
}

/* A family with a single group, between two that have one of that name, too. */
static void
start_groups(uint32_t number)
{
	static const char *const names[] = { "nlctrl", "ethtool", "nl80211" };

	for (size_t i = 0; i < LENGTH(names); i++) {
		struct message *message = add_family(names[i], (uint16_t)(20 + i));
		size_t groups = begin_groups(message);

		put_group(message, 1, "monitor", i == 1 ? number : (uint32_t)(100 + i));
		message_end(message, groups);
	}
}

static void
test_find_group(void **state)
{
	static const uint32_t numbers[] = { 1, 5, 65536, UINT32_MAX };

	for (size_t i = 0; i < LENGTH(numbers); i++) {
		start_families(state);
		start_groups(numbers[i]);
		finds_group("ethtool", "monitor", numbers[i]);
		finds("ethtool", 21);
	}
}

static void
test_find_group_of_several(void **state)
{
	struct message *message = add_family("nl80211", NL80211);
	size_t groups = begin_groups(message);

	(void)state;
	put_group(message, 1, "config", 6);
	put_group(message, 2, "scan", 7);
	put_group(message, 3, "regulatory", 8);
	message_end(message, groups);
	finds_group("nl80211", "config", 6);
	finds_group("nl80211", "scan", 7);
	finds_group("nl80211", "regulatory", 8);
	finds_no_group("nl80211", "sca", -ENOENT);
	finds_no_group("nl80211", "scan2", -ENOENT);
	finds_no_group("nl80211", "", -ENOENT);
}

/* No family, one without groups, one with none. */
static void
test_find_group_unknown(void **state)
{
	struct message *message;

	(void)state;
	finds_no_group("ethtool", "monitor", -ENOENT);
	add_family("ethtool", 21);
	finds_no_group("ethtool", "monitor", -ENOENT);
	message = add_family("nl80211", NL80211);
	message_end(message, begin_groups(message));
	finds_no_group("nl80211", "monitor", -ENOENT);
	start_families(state);
	start_groups(5);
	finds_no_group("no-such", "monitor", -ENOENT);
}

static void
test_find_group_errors(void **state)
{
	static const int errors[] = { -ENOENT, -EPERM, -ETIMEDOUT };

	(void)state;
	start_groups(5);
	for (size_t i = 0; i < LENGTH(errors); i++) {
		kernel.family_error = errors[i];
		finds_no_group("ethtool", "monitor", errors[i]);
	}
	kernel.family_error = -EINTR;
	finds_group("ethtool", "monitor", 5);
	finds_no_group("ethtool", "no-such", -ENOENT);
}

/* Groups that lack their name or their number, or have a number that is none. */
static void
test_find_group_passes_over(void **state)
{
	static const uint32_t number = 6;
	struct message *message = add_family("ethtool", 21);
	size_t groups = begin_groups(message), nest;

	(void)state;
	put_group(message, 1, "monitor", 0);
	message_end(message, message_begin(message, 2));
	nest = message_begin(message, 3);
	message_put_text(message, CTRL_ATTR_MCAST_GRP_NAME, "monitor");
	message_end(message, nest);
	nest = message_begin(message, 4);
	message_put_u32(message, CTRL_ATTR_MCAST_GRP_ID, number);
	message_end(message, nest);
	for (size_t n = 0; n < sizeof(number); n++) {
		nest = message_begin(message, (uint16_t)(5 + n));
		message_put_text(message, CTRL_ATTR_MCAST_GRP_NAME, "monitor");
		message_put(message, CTRL_ATTR_MCAST_GRP_ID, &number, n);
		message_end(message, nest);
	}
	message_end(message, groups);
	finds_no_group("ethtool", "monitor", -ENOENT);
	put_group(message, 9, "monitor", 5);
	message_end(message, groups);
	finds_group("ethtool", "monitor", 5);
}

/* In a group, an attribute that is longer than the group; the groups around it are good. */
static void
test_find_group_lies_inside(void **state)
{
	static const uint16_t lies[] = { 1, 8, 1000, UINT16_MAX - 8 };

	for (size_t i = 0; i < LENGTH(lies); i++) {
		struct message *message;
		size_t groups, group, number;

		start_families(state);
		message = add_family("ethtool", 21);
		groups = begin_groups(message);
		put_group(message, 1, "first", 4);
		group = message_begin(message, 2);
		message_put_text(message, CTRL_ATTR_MCAST_GRP_NAME, "monitor");
		number = message->header.nlmsg_len;
		message_put_u32(message, CTRL_ATTR_MCAST_GRP_ID, 5);
		message_end(message, group);
		put_group(message, 3, "last", 6);
		message_end(message, groups);
		lie(message, number, lies[i]);
		finds_no_group("ethtool", "monitor", -ENOENT);
		finds_group("ethtool", "first", 4);
		finds_group("ethtool", "last", 6);
		finds("ethtool", 21);
	}
}

/* A group that is longer than the groups: where the next begins is not known. */
static void
test_find_group_lies(void **state)
{
	static const uint16_t lies[] = { 25, 28, 1000, UINT16_MAX - 24 };

	for (size_t i = 0; i < LENGTH(lies); i++) {
		struct message *message;
		size_t groups, group;

		start_families(state);
		message = add_family("ethtool", 21);
		groups = begin_groups(message);
		put_group(message, 1, "first", 4);
		group = message->header.nlmsg_len;
		put_group(message, 2, "monitor", 5);
		put_group(message, 3, "behind", 6);
		message_end(message, groups);
		lie(message, group, lies[i]);
		finds_no_group("ethtool", "monitor", -ENOENT);
		finds_no_group("ethtool", "behind", -ENOENT);
		finds_group("ethtool", "first", 4);
		finds("ethtool", 21);
	}
}

/* Groups that are longer than the message: it is cut off. */
static void
test_find_groups_lie(void **state)
{
	static const uint16_t lies[] = { 1, 8, 1000, UINT16_MAX - 32 };

	for (size_t i = 0; i < LENGTH(lies); i++) {
		struct message *message;
		size_t groups;

		start_families(state);
		message = add_family("ethtool", 21);
		groups = begin_groups(message);
		put_group(message, 1, "monitor", 5);
		message_end(message, groups);
		finds_group("ethtool", "monitor", 5);
		lie(message, groups, lies[i]);
		finds_no_group("ethtool", "monitor", -ENOENT);
		finds_none("ethtool", -ENOENT);
	}
}

static void
test_find_group_cut_off_anywhere(void **state)
{
	size_t whole, without;

	(void)state;
	start_groups(5);
	kernel.families[0] = kernel.families[1];
	kernel.n_families = 1;
	whole = kernel.families[0].header.nlmsg_len;
	/* The groups, the group, its name, its number. */
	without = whole - (4 + 4 + 12 + 8);
	for (size_t n = NLMSG_HDRLEN; n < whole; n++) {
		kernel.cut = n;
		finds_no_group("ethtool", "monitor", -ENOENT);
	}
	kernel.cut = without;
	finds("ethtool", 21);
	kernel.cut = whole;
	finds_group("ethtool", "monitor", 5);
}

/* The group that tells of families has their number; numbers of others are as they come. */
static void
test_find_group_real(void **state)
{
	uint32_t number = 0;
	int error;

	(void)state;
	kernel.real = true;
	finds_group("nlctrl", "notify", GENL_ID_CTRL);
	finds_no_group("nlctrl", "netmib-no-such", -ENOENT);
	finds_no_group("nlctrl", "", -ENOENT);
	finds_no_group("netmib-no-such", "notify", -ENOENT);
	error = genetlink_find_group(
	    ETHTOOL_GENL_NAME, ETHTOOL_MCGRP_MONITOR_NAME, &number);
	if (error == -ENOENT)
		skip(); /* before Linux 5.6, or built without */
	assert_int_equal(error, 0);
	assert_true(number > 0 && number != GENL_ID_CTRL);
	finds_no_group(ETHTOOL_GENL_NAME, "notify", -ENOENT);
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
	start_families(state);
	add_family(NL80211_GENL_NAME, NL80211);
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
	kernel.family_error = 0;
	kernel.n_families = 0;
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

#define TEST(name) cmocka_unit_test_setup(name, start_families)
#define TEST_WIRELESS(name) cmocka_unit_test_setup(name, start_wireless)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_find),
		TEST(test_find_unknown),
		TEST(test_find_errors),
		TEST(test_find_interrupted),
		TEST(test_find_cut_off_anywhere),
		TEST(test_find_passes_over),
		TEST(test_find_real),
		TEST(test_find_group),
		TEST(test_find_group_of_several),
		TEST(test_find_group_unknown),
		TEST(test_find_group_errors),
		TEST(test_find_group_passes_over),
		TEST(test_find_group_lies_inside),
		TEST(test_find_group_lies),
		TEST(test_find_groups_lie),
		TEST(test_find_group_cut_off_anywhere),
		TEST(test_find_group_real),
		TEST_WIRELESS(test_wireless),
		TEST_WIRELESS(test_wireless_malformed),
		TEST_WIRELESS(test_wireless_gives_up),
		TEST_WIRELESS(test_wireless_errors),
		TEST_WIRELESS(test_wireless_real),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
