// SPDX-License-Identifier: BSD-2-Clause
// Tests of the IP addresses of interfaces: messages made up, and those of a network
// namespace.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <stdbool.h>
#include <string.h>

#include "kernel/addresses.h"
#include "namespace.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define PROTOCOL 11 /* IFA_PROTO, which older headers do not have */

static struct addresses addresses;
static const struct parser parser = { addresses_message, &addresses, &addresses.rows,
	&addresses.malformed };

static int
start(void **state)
{
	(void)state;
	addresses_init(&addresses);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	addresses_free(&addresses);
	return 0;
}

/* A message of device 7 without attributes. */
static struct message
bare(uint8_t family, uint8_t length)
{
	const struct ifaddrmsg body = {
		.ifa_family = family,
		.ifa_prefixlen = length,
		.ifa_index = 7,
	};
	struct message message;

	message_start(&message, RTM_NEWADDR, &body, sizeof(body));
	return message;
}

static struct ifaddrmsg *
body_of(struct message *message)
{
	return NLMSG_DATA(&message->header);
}

/* The same with addresses; NULL: without. */
static struct message
made_of(const char *address, const char *local, uint8_t length)
{
	const char *any = address ? address : local;
	struct message message = bare(address_family(any), length);

	if (address)
		message_put_address(&message, IFA_ADDRESS, address);
	if (local)
		message_put_address(&message, IFA_LOCAL, local);
	return message;
}

/* The row of this message, which is one; good until the next. */
static const struct address_row *
row_of(const struct message *message)
{
	return parser_row(&parser, message);
}

static void
is_address(const struct address_row *row, uint32_t address, const char *text)
{
	const struct pool_address *pooled;
	uint8_t octets[16];

	if (address_octets(text, octets) == 4) {
		assert_false(row->options & ADDRESS_IPV6);
		assert_int_equal(address, ipv4_of(octets));
		return;
	}
	assert_true(row->options & ADDRESS_IPV6);
	assert_true(address < addresses.pool.addresses.n);
	pooled = array_at(&addresses.pool.addresses, address);
	assert_memory_equal(pooled->octets, octets, 16);
	assert_int_equal(pooled->scope, is_link_local(octets) ? row->ifindex : 0);
}

/* --- addresses and prefixes ----------------------------------------------------------- */

/* Of IPv4 the kernel sends both; of IPv6 IFA_ADDRESS alone, unless there is a peer. */
static void
test_local_and_peer(void **state)
{
	static const struct {
		const char *address, *local;
		uint8_t length;
		const char *is, *prefix;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1", 24, "192.0.2.1", "192.0.2.0" },
		{ "10.0.0.2", "10.0.0.1", 32, "10.0.0.1", "10.0.0.2" },
		{ "198.51.100.9", "10.0.0.1", 24, "10.0.0.1", "198.51.100.0" },
		{ NULL, "192.0.2.1", 25, "192.0.2.1", "192.0.2.0" },
		{ "192.0.2.129", NULL, 25, "192.0.2.129", "192.0.2.128" },
		{ "2001:db8::1", NULL, 64, "2001:db8::1", "2001:db8::" },
		{ NULL, "2001:db8::1", 64, "2001:db8::1", "2001:db8::" },
		{ "2001:db8::2", "2001:db8:1::1", 128, "2001:db8:1::1", "2001:db8::2" },
		{ "fe80::1", NULL, 64, "fe80::1", "fe80::" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct message message = made_of(
		    cases[i].address, cases[i].local, cases[i].length);
		const struct address_row *row = row_of(&message);

		assert_int_equal(row->ifindex, 7);
		assert_int_equal(row->length, cases[i].length);
		is_address(row, row->local, cases[i].is);
		is_address(row, row->prefix, cases[i].prefix);
		assert_int_equal(row->inaccessible, 0);
	}
}

/* IPv4 addresses of which all bits are set, masked by shifting. */
static void
test_every_length(void **state)
{
	(void)state;
	for (unsigned length = 0; length <= 32; length++) {
		struct message message = made_of("255.255.255.255", NULL, (uint8_t)length);
		const struct address_row *row = row_of(&message);

		assert_int_equal(row->length, length);
		assert_true(
		    row->prefix == (uint32_t)(UINT64_C(0xffffffff00000000) >> length));
		assert_true(row->local == UINT32_MAX);
	}
}

static void
test_every_length_of_ipv6(void **state)
{
	(void)state;
	for (unsigned length = 0; length <= 128; length++) {
		struct message message = made_of(
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL, (uint8_t)length);
		const struct address_row *row = row_of(&message);
		const struct pool_address *prefix = array_at(
		    &addresses.pool.addresses, row->prefix);

		assert_int_equal(row->length, length);
		for (unsigned bit = 0; bit < 128; bit++)
			assert_int_equal(
			    prefix->octets[bit / 8] >> (7 - bit % 8) & 1, bit < length);
	}
}

static void
test_too_long(void **state)
{
	(void)state;
	for (unsigned length = 0; length < 256; length++) {
		struct message ipv4 = made_of("192.0.2.1", NULL, (uint8_t)length);
		struct message ipv6 = made_of("2001:db8::1", NULL, (uint8_t)length);

		stop(NULL);
		start(NULL);
		parser_take(&parser, &ipv4);
		parser_counts(&parser, length <= 32, length > 32);
		parser_take(&parser, &ipv6);
		parser_counts(&parser, (length <= 32) + (length <= 128),
		    (length > 32) + (length > 128));
	}
}

/* One link-local address on two links is two; and a global one on two links is one. */
static void
test_pool(void **state)
{
	struct message message = made_of("fe80::1", NULL, 128);
	uint32_t first = row_of(&message)->local;

	(void)state;
	assert_int_equal(row_of(&message)->local, first);
	body_of(&message)->ifa_index = 8;
	assert_int_not_equal(row_of(&message)->local, first);
	message = made_of("2001:db8::1", NULL, 128);
	first = row_of(&message)->local;
	body_of(&message)->ifa_index = 9;
	assert_int_equal(row_of(&message)->local, first);
	assert_int_equal(addresses.pool.addresses.n, 3);
}

/* --- what else is told ---------------------------------------------------------------- */

/* Eight bits in the header; since 3.14 all of them in an attribute. */
static void
test_flags(void **state)
{
	struct message message = made_of("2001:db8::1", NULL, 64);
	const struct address_row *row;

	(void)state;
	body_of(&message)->ifa_flags = IFA_F_PERMANENT | IFA_F_TENTATIVE;
	row = row_of(&message);
	assert_int_equal(row->flags, ADDRESS_PERMANENT | ADDRESS_TENTATIVE);
	message_put_u32(&message, IFA_FLAGS, 0xdeadbe00 | IFA_F_DEPRECATED);
	assert_true(row_of(&message)->flags == (0xdeadbe00 | ADDRESS_DEPRECATED));
}

/* The names stand for the kernel's bits. */
static void
test_names_of_flags(void **state)
{
	(void)state;
	assert_int_equal(ADDRESS_TEMPORARY, IFA_F_TEMPORARY);
	assert_int_equal(ADDRESS_TEMPORARY, IFA_F_SECONDARY);
	assert_int_equal(ADDRESS_OPTIMISTIC, IFA_F_OPTIMISTIC);
	assert_int_equal(ADDRESS_DAD_FAILED, IFA_F_DADFAILED);
	assert_int_equal(ADDRESS_DEPRECATED, IFA_F_DEPRECATED);
	assert_int_equal(ADDRESS_TENTATIVE, IFA_F_TENTATIVE);
	assert_int_equal(ADDRESS_PERMANENT, IFA_F_PERMANENT);
	assert_int_equal(ADDRESS_HAS_TEMPORARY, IFA_F_MANAGETEMPADDR);
	assert_int_equal(ADDRESS_STABLE_PRIVACY, IFA_F_STABLE_PRIVACY);
}

static void
test_times(void **state)
{
	const struct ifa_cacheinfo info = {
		.ifa_prefered = 1800,
		.ifa_valid = 3600,
		.cstamp = 123456789,
		.tstamp = UINT32_MAX,
	};
	struct message message = made_of("192.0.2.1", NULL, 24);
	const struct address_row *row = row_of(&message);

	(void)state;
	assert_true(row->preferred == ADDRESS_FOREVER && row->valid == ADDRESS_FOREVER);
	assert_int_equal(row->created, 0);
	assert_int_equal(row->changed, 0);
	message_put(&message, IFA_CACHEINFO, &info, sizeof(info));
	row = row_of(&message);
	assert_int_equal(row->preferred, 1800);
	assert_int_equal(row->valid, 3600);
	assert_int_equal(row->created, 123456789);
	assert_true(row->changed == UINT32_MAX);
}

static void
test_broadcast(void **state)
{
	struct message message = made_of("192.0.2.1", NULL, 24);
	const struct address_row *row = row_of(&message);

	(void)state;
	assert_int_equal(row->options, 0);
	assert_int_equal(row->broadcast, 0);
	message_put_address(&message, IFA_BROADCAST, "192.0.2.255");
	row = row_of(&message);
	assert_int_equal(row->options, ADDRESS_BROADCAST);
	assert_true(row->broadcast == 0xc00002ff);
	/* IPv6 has none. */
	message = made_of("2001:db8::1", NULL, 64);
	message_put_address(&message, IFA_BROADCAST, "2001:db8::ff");
	row = row_of(&message);
	assert_int_equal(row->options, ADDRESS_IPV6);
	assert_int_equal(row->broadcast, 0);
}

static void
test_protocol(void **state)
{
	struct message message = made_of("2001:db8::1", NULL, 64);

	(void)state;
	assert_int_equal(row_of(&message)->protocol, 0);
	message_put_u8(&message, PROTOCOL, ADDRESS_BY_RA);
	assert_int_equal(row_of(&message)->protocol, ADDRESS_BY_RA);
}

/* --- messages that are odd ------------------------------------------------------------ */

/* Only new addresses are of interest. */
static void
test_other_messages(void **state)
{
	struct message message = made_of("192.0.2.1", NULL, 24);

	(void)state;
	for (unsigned type = NLMSG_MIN_TYPE; type < 256; type++) {
		message.header.nlmsg_type = (uint16_t)type;
		parser_take(&parser, &message);
		parser_counts(&parser, type >= RTM_NEWADDR, 0);
	}
}

static void
test_malformed(void **state)
{
	struct message message;
	size_t n = 0;

	(void)state;
	message = made_of("192.0.2.1", NULL, 24);
	body_of(&message)->ifa_index = 0;
	parser_take(&parser, &message);
	parser_counts(&parser, 0, ++n);
	message = bare(AF_INET, 24);
	parser_take(&parser, &message);
	parser_counts(&parser, 0, ++n);
	/* IPv6 in four octets, in either place. */
	message = made_of("192.0.2.1", NULL, 24);
	body_of(&message)->ifa_family = AF_INET6;
	parser_take(&parser, &message);
	parser_counts(&parser, 0, ++n);
	message = made_of("2001:db8::1", NULL, 24);
	message_put_address(&message, IFA_LOCAL, "192.0.2.1");
	parser_take(&parser, &message);
	parser_counts(&parser, 0, ++n);
	message = bare(AF_INET, 24);
	message_put(&message, IFA_ADDRESS, "\300\0\2", 3);
	parser_take(&parser, &message);
	parser_counts(&parser, 0, ++n);
	/* What comes behind them is taken. */
	message = made_of("192.0.2.1", NULL, 24);
	parser_take(&parser, &message);
	parser_counts(&parser, 1, n);
}

static void
test_families(void **state)
{
	struct message message = made_of("2001:db8::1", NULL, 24);
	size_t malformed = 0;

	(void)state;
	for (unsigned family = 0; family < 256; family++) {
		stop(NULL);
		start(NULL);
		body_of(&message)->ifa_family = (uint8_t)family;
		parser_take(&parser, &message);
		malformed += addresses.malformed;
		assert_int_equal(addresses.rows.n + addresses.malformed, 1);
	}
	assert_int_equal(malformed, 254);
}

/* A time, flags or a broadcast that is too short is not told. */
static void
test_short_attributes(void **state)
{
	struct message message = made_of("192.0.2.1", NULL, 24);
	const struct address_row *row;

	(void)state;
	message_put(&message, IFA_CACHEINFO, "123456789012345", 15);
	message_put(&message, IFA_FLAGS, "123", 3);
	message_put(&message, IFA_BROADCAST, "123", 3);
	message_put(&message, PROTOCOL, NULL, 0);
	row = row_of(&message);
	assert_true(row->valid == ADDRESS_FOREVER);
	assert_int_equal(row->created, 0);
	assert_int_equal(row->flags, 0);
	assert_int_equal(row->options, 0);
	assert_int_equal(row->protocol, 0);
}

static void
test_cut_off_anywhere(void **state)
{
	struct message message = made_of("192.0.2.1", "192.0.2.1", 24);
	const size_t body = NLMSG_LENGTH(sizeof(struct ifaddrmsg));

	(void)state;
	for (size_t n = NLMSG_HDRLEN; n <= message.header.nlmsg_len; n++) {
		bool whole = n == body + 8 || n == body + 16;

		stop(NULL);
		start(NULL);
		parser_take_cut(&parser, &message, n);
		parser_counts(&parser, whole, !whole);
	}
}

/* --- a whole reading ------------------------------------------------------------------ */

static const struct pause pause_never = { NULL, NULL };

/* What the kernel says to each dump, and how often it was asked; if it is made up. */
static struct {
	bool on;
	int error;
	unsigned asked;
} kernel;

int
__wrap_netlink_dump(int bus, struct nlmsghdr *request, const struct netlink_reader *reader,
    size_t *malformed)
{
	const struct ifaddrmsg expected = { .ifa_family = AF_INET6 };
	struct message message = made_of("2001:db8::1", NULL, 64);

	if (!kernel.on)
		return __real_netlink_dump(bus, request, reader, malformed);
	message_check_dump(bus, request, RTM_GETADDR, &expected, sizeof(expected));
	assert_int_equal(reader->message(&message.header, reader->argument), 0);
	reader->again(reader->argument);
	assert_int_equal(reader->message(&message.header, reader->argument), 0);
	*malformed += 10;
	kernel.asked++;
	return kernel.error;
}

static int
stop_kernel(void **state)
{
	memset(&kernel, 0, sizeof(kernel));
	return stop(state);
}

/* Of a dump that was disturbed nothing is left. */
static void
test_read(void **state)
{
	static const int errors[] = { 0, -ETIMEDOUT, -EPERM };

	for (size_t i = 0; i < LENGTH(errors); i++) {
		stop_kernel(state);
		start(state);
		kernel.on = true;
		kernel.error = errors[i];
		assert_int_equal(
		    addresses_read(&addresses, AF_INET6, &pause_never), errors[i]);
		assert_int_equal(kernel.asked, 1);
		parser_counts(&parser, 1, 10);
		assert_int_equal(addresses.pool.slots.n, 0);
	}
}

/* Gives a device an address, for ever unless valid is not 0. */
static void
add_address(
    uint32_t ifindex, const char *local, const char *peer, uint8_t length, uint32_t valid)
{
	const struct ifa_cacheinfo info = { .ifa_prefered = valid / 2, .ifa_valid = valid };
	struct message message = bare(address_family(local), length);

	body_of(&message)->ifa_index = ifindex;
	message_put_address(&message, IFA_LOCAL, local);
	message_put_address(&message, IFA_ADDRESS, peer);
	message_put_u32(&message, IFA_FLAGS, IFA_F_NODAD);
	if (valid)
		message_put(&message, IFA_CACHEINFO, &info, sizeof(info));
	assert_int_equal(namespace_request(&message, NLM_F_CREATE | NLM_F_EXCL), 0);
}

/* The row with this address. */
static const struct address_row *
find(const char *text)
{
	uint8_t octets[16];
	size_t length = address_octets(text, octets);

	for (size_t i = 0; i < addresses.rows.n; i++) {
		const struct address_row *row = array_at(&addresses.rows, i);
		const struct pool_address *pooled = row->options & ADDRESS_IPV6
		    ? array_at(&addresses.pool.addresses, row->local)
		    : NULL;

		if (pooled ? length == 16 && memcmp(pooled->octets, octets, 16) == 0
			   : length == 4 && row->local == ipv4_of(octets))
			return row;
	}
	fail_msg("no %s", text);
	return NULL;
}

static void
test_real(void **state)
{
	const struct address_row *row;

	(void)state;
	if (!namespace_enter())
		skip();
	assert_int_equal(namespace_set_up(LOOPBACK, true), 0);
	add_address(LOOPBACK, "192.0.2.1", "192.0.2.1", 24, 0);
	add_address(LOOPBACK, "10.0.0.1", "10.0.0.2", 32, 0);
	add_address(LOOPBACK, "2001:db8::1", "2001:db8::1", 49, 3600);
	add_address(LOOPBACK, "2001:db8:1::1", "2001:db8:1::2", 128, 0);
	assert_int_equal(addresses_read(&addresses, AF_UNSPEC, &pause_never), 0);
	parser_counts(&parser, 6, 0);
	row = find("127.0.0.1");
	is_address(row, row->prefix, "127.0.0.0");
	assert_int_equal(row->length, 8);
	is_address(find("::1"), find("::1")->prefix, "::1");
	row = find("192.0.2.1");
	is_address(row, row->prefix, "192.0.2.0");
	assert_true(row->flags & ADDRESS_PERMANENT && row->valid == ADDRESS_FOREVER);
	assert_true(row->created != 0);
	row = find("10.0.0.1");
	is_address(row, row->prefix, "10.0.0.2");
	row = find("2001:db8::1");
	is_address(row, row->prefix, "2001:db8::");
	assert_int_equal(row->length, 49);
	assert_in_range(row->valid, 3590, 3600);
	assert_in_range(row->preferred, 1790, 1800);
	assert_false(row->flags & ADDRESS_PERMANENT);
	row = find("2001:db8:1::1");
	is_address(row, row->prefix, "2001:db8:1::2");
	stop(NULL);
	start(NULL);
	assert_int_equal(addresses_read(&addresses, AF_INET, &pause_never), 0);
	parser_counts(&parser, 3, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_local_and_peer),
		TEST(test_every_length),
		TEST(test_every_length_of_ipv6),
		TEST(test_too_long),
		TEST(test_pool),
		TEST(test_flags),
		TEST(test_names_of_flags),
		TEST(test_times),
		TEST(test_broadcast),
		TEST(test_protocol),
		TEST(test_other_messages),
		TEST(test_malformed),
		TEST(test_families),
		TEST(test_short_attributes),
		TEST(test_cut_off_anywhere),
		cmocka_unit_test_setup_teardown(test_read, start, stop_kernel),
		TEST(test_real),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
