// SPDX-License-Identifier: BSD-2-Clause
// Tests of the link-layer addresses that devices take frames for: lines and messages made
// up, and the real ones of a network namespace.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/neighbour.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/link_addresses.h"
#include "kernel/netlink.h"
#include "namespace.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define TOLD_MAX 64

/* What the reader was told. */
static struct {
	size_t n;
	struct told {
		uint32_t ifindex;
		size_t length;
		uint8_t octets[40];
	} of[TOLD_MAX];
	int result;
} told;

static struct link_address_reader reader;

static int
take_address(uint32_t ifindex, struct octets octets, void *argument)
{
	assert_ptr_equal(argument, &told);
	assert_true(told.n < TOLD_MAX);
	assert_true(octets.n > 0 && octets.n <= sizeof(told.of[0].octets));
	told.of[told.n].ifindex = ifindex;
	told.of[told.n].length = octets.n;
	memcpy(told.of[told.n].octets, octets.at, octets.n);
	told.n++;
	return told.result;
}

static int
start(void **state)
{
	(void)state;
	memset(&told, 0, sizeof(told));
	reader = (struct link_address_reader){ take_address, &told, 0 };
	return 0;
}

/* How many addresses were told, and how much made no sense. */
static void
counts(size_t n, size_t malformed)
{
	assert_int_equal(told.n, n);
	assert_int_equal(reader.malformed, malformed);
}

static void
is_told(size_t i, uint32_t ifindex, const void *octets, size_t n)
{
	assert_true(i < told.n);
	assert_int_equal(told.of[i].ifindex, ifindex);
	assert_int_equal(told.of[i].length, n);
	assert_memory_equal(told.of[i].octets, octets, n);
}

/* --- /proc/net/dev_mcast -------------------------------------------------------------- */

/* Hands over a line, in memory that ends where it ends. */
static void
take_line(const char *line)
{
	char *copy = strdup(line);

	assert_non_null(copy);
	assert_int_equal(link_addresses_line(copy, &reader), told.result);
	free(copy);
}

static void
test_lines(void **state)
{
	(void)state;
	take_line("2    eth0            1     0     333300000001\n");
	take_line("10   a-name-of-15-ch 12345 1     01005e00006a\n");
	take_line("2147483647 \377:\001/       1     -1    01005e0000FB");
	take_line("123456 123             1     0     e0000001\n");
	counts(4, 0);
	is_told(0, 2, "\x33\x33\0\0\0\1", 6);
	is_told(1, 10, "\1\0\x5e\0\0\x6a", 6);
	is_told(2, INT32_MAX, "\1\0\x5e\0\0\xfb", 6);
	is_told(3, 123456, "\xe0\0\0\1", 4);
}

/* Addresses of up to 32 octets, as InfiniBand's 20. */
static void
test_lengths(void **state)
{
	char line[200] = "7 ib0 1 0 ";
	uint8_t octets[32];
	size_t at = strlen(line);

	(void)state;
	for (size_t n = 1; n <= sizeof(octets); n++) {
		octets[n - 1] = (uint8_t)(0xf8 + n);
		at += (size_t)sprintf(line + at, "%02x", octets[n - 1]);
		take_line(line);
		counts(n, 0);
		is_told(n - 1, 7, octets, n);
	}
	/* More than the kernel has. */
	strcpy(line + at, "00\n");
	take_line(line);
	counts(32, 1);
}

/* A device without addresses may be in a group: one that has none. */
static void
test_no_address(void **state)
{
	(void)state;
	take_line("5    tun0            1     0     \n");
	take_line("5    tun0            1     0     ");
	counts(0, 0);
}

static void
test_bad_lines(void **state)
{
	static const char *const lines[] = {
		"",
		"\n",
		"2\n",
		"2    eth0\n",
		"2    eth0            1\n",
		"2    eth0            x     0     333300000001\n",
		"2    eth0            1     x     333300000001\n",
		"eth0 2               1     0     333300000001\n",
		"0    eth0            1     0     333300000001\n",
		"2    eth0            1     0     3\n",
		"2    eth0            1     0     33330000000\n",
		"2    eth0            1     0     33330000000g\n",
		"2    eth0            1     0     3333000000 1\n",
		"2    eth0            1     0     0x3333000001\n",
		"2    eth0            1     0     33:33:00:00:00:01\n",
		"2    eth0            1     0     -33330000001\n",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(lines); i++) {
		take_line(lines[i]);
		counts(0, i + 1);
	}
}

/* A line that ends anywhere says nothing that is not in it. */
static void
test_line_cut_off_anywhere(void **state)
{
	static const char line[] = "2    eth0            1     0     0123456789ab\n";
	const size_t address = strlen(line) - 13;
	char cut[sizeof(line)];

	(void)state;
	for (size_t n = 0; n < strlen(line); n++) {
		size_t digits = n > address ? n - address : 0;

		start(NULL);
		memcpy(cut, line, n);
		cut[n] = '\0';
		take_line(cut);
		assert_int_equal(told.n, digits > 0 && digits % 2 == 0);
		assert_true(reader.malformed <= 1);
		assert_int_equal(reader.malformed == 1, n < address - 5 || digits % 2);
		if (told.n > 0)
			is_told(0, 2, "\x01\x23\x45\x67\x89\xab", digits / 2);
	}
}

static void
test_line_gives_up(void **state)
{
	(void)state;
	told.result = -ECANCELED;
	take_line("2 eth0 1 0 333300000001\n");
	counts(1, 0);
}

/* --- neighbours ----------------------------------------------------------------------- */

/* What a bridge, a tunnel or the device itself has at an address; complete but for that. */
static struct message
neighbour(uint8_t family, uint32_t ifindex, uint16_t state, uint8_t flags)
{
	const struct ndmsg body = {
		.ndm_family = family,
		.ndm_ifindex = (int)ifindex,
		.ndm_state = state,
		.ndm_flags = flags,
	};
	struct message message;

	message_start(&message, RTM_NEWNEIGH, &body, sizeof(body));
	return message;
}

/* An address of the device itself, as ndo_dflt_fdb_dump() tells of it. */
static struct message
own_address(void)
{
	struct message message = neighbour(AF_BRIDGE, 7, NUD_PERMANENT, NTF_SELF);

	message_put(&message, NDA_LLADDR, "\2\0\0\0\0\1", 6);
	return message;
}

/* Hands over the first n octets, in memory that ends there. */
static void
take_cut(const struct message *message, size_t n)
{
	assert_int_equal(
	    message_hand_over(message, n, link_addresses_message, &reader), told.result);
}

static void
take(const struct message *message)
{
	take_cut(message, message->header.nlmsg_len);
}

/* bridge fdb of a device below a macvlan, as it is sent, little-endian. */
static void
test_octets(void **state)
{
	static const uint8_t octets[] = {
		40, 0, 0, 0, 28, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0,      /* header */
		7, 0, 0, 0, 2, 0, 0, 0, 128, 0, 2, 0,		       /* permanent, self */
		10, 0, 2, 0, 0x8a, 0x41, 0xdb, 0xea, 0x44, 0x9a, 0, 0, /* NDA_LLADDR */
	};
	struct message message;

	(void)state;
	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		skip();
	memcpy(message.octets, octets, sizeof(octets));
	assert_int_equal(message.header.nlmsg_len, sizeof(octets));
	take(&message);
	counts(1, 0);
	is_told(0, 2, "\x8a\x41\xdb\xea\x44\x9a", 6);
}

static void
test_neighbour(void **state)
{
	struct message message = own_address();

	(void)state;
	message_put(&message, NDA_VLAN, "\5\0", 2);
	message_put(&message, NDA_CACHEINFO, "what else there is", 16);
	take(&message);
	/* Of another length; and of two the last counts. */
	message = own_address();
	message_put(&message, NDA_LLADDR, "\2\0\0\0\0\2\0\0", 8);
	take(&message);
	counts(2, 0);
	is_told(0, 7, "\2\0\0\0\0\1", 6);
	is_told(1, 7, "\2\0\0\0\0\2\0\0", 8);
}

/* What a bridge has learned on its ports, and what it was told: it says whose it is. */
static void
test_bridge_neighbours(void **state)
{
	static const uint16_t states[] = { NUD_REACHABLE, NUD_PERMANENT, NUD_NOARP,
		NUD_PERMANENT | NUD_NOARP };
	static const uint8_t flags[] = { 0, NTF_SELF, NTF_MASTER, NTF_SELF | NTF_MASTER };

	(void)state;
	for (size_t i = 0; i < LENGTH(states); i++)
		for (size_t k = 0; k < LENGTH(flags); k++) {
			struct message message = neighbour(
			    AF_BRIDGE, 7, states[i], flags[k]);

			message_put(&message, NDA_LLADDR, "\2\0\0\0\0\1", 6);
			message_put_u32(&message, NDA_MASTER, 9);
			take(&message);
		}
	counts(0, 0);
}

/* Where a tunnel sends frames for an address: to an address of IP, or to a next-hop object.
 */
static void
test_tunnel_neighbours(void **state)
{
	struct message message = own_address();

	(void)state;
	message_put_address(&message, NDA_DST, "192.0.2.1");
	take(&message);
	message = own_address();
	message_put_address(&message, NDA_DST, "2001:db8::1");
	take(&message);
	message = own_address();
	message_put_u32(&message, NDA_NH_ID, 10);
	take(&message);
	counts(0, 0);
}

/* Only permanent ones, and only the device's own. */
static void
test_states_and_flags(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 256; bits++) {
		struct message message = neighbour(AF_BRIDGE, 7, (uint16_t)bits, NTF_SELF);

		start(NULL);
		message_put(&message, NDA_LLADDR, "\2\0\0\0\0\1", 6);
		take(&message);
		counts((bits & NUD_PERMANENT) != 0, 0);
		start(NULL);
		message = neighbour(AF_BRIDGE, 7, NUD_PERMANENT, (uint8_t)bits);
		message_put(&message, NDA_LLADDR, "\2\0\0\0\0\1", 6);
		take(&message);
		counts(bits == NTF_SELF, 0);
	}
}

/* Those of IP are no addresses of the device. */
static void
test_families(void **state)
{
	(void)state;
	for (unsigned family = 0; family < 256; family++) {
		struct message message = neighbour(
		    (uint8_t)family, 7, NUD_PERMANENT, NTF_SELF);

		start(NULL);
		message_put(&message, NDA_LLADDR, "\2\0\0\0\0\1", 6);
		take(&message);
		counts(family == AF_BRIDGE, 0);
	}
}

/* The multicast ones are in /proc; without an address there is nothing to tell. */
static void
test_addresses(void **state)
{
	struct message message;

	(void)state;
	for (unsigned first = 0; first < 256; first++) {
		uint8_t octets[6] = { (uint8_t)first };

		start(NULL);
		message = neighbour(AF_BRIDGE, 7, NUD_PERMANENT, NTF_SELF);
		message_put(&message, NDA_LLADDR, octets, sizeof(octets));
		take(&message);
		counts(first % 2 == 0, 0);
	}
	start(NULL);
	message = neighbour(AF_BRIDGE, 7, NUD_PERMANENT, NTF_SELF);
	take(&message);
	message_put(&message, NDA_LLADDR, NULL, 0);
	take(&message);
	counts(0, 0);
}

static void
test_other_messages(void **state)
{
	struct message message = own_address();

	(void)state;
	for (unsigned type = NLMSG_MIN_TYPE; type < 256; type++) {
		message.header.nlmsg_type = (uint16_t)type;
		start(NULL);
		take(&message);
		counts(type == RTM_NEWNEIGH, 0);
	}
}

static void
test_no_ifindex(void **state)
{
	static const uint32_t bad[] = { 0, UINT32_MAX, UINT32_C(1) << 31 };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct message message = neighbour(
		    AF_BRIDGE, bad[i], NUD_PERMANENT, NTF_SELF);

		message_put(&message, NDA_LLADDR, "\2\0\0\0\0\1", 6);
		take(&message);
		counts(0, i + 1);
	}
}

static void
test_cut_off_anywhere(void **state)
{
	struct message message = own_address();
	size_t body = NLMSG_LENGTH(sizeof(struct ndmsg));

	(void)state;
	for (size_t n = NLMSG_HDRLEN; n <= message.header.nlmsg_len; n++) {
		bool whole = n >= body + 10; /* the rest is padding */

		start(NULL);
		take_cut(&message, n);
		counts(whole, !whole && n != body);
	}
}

static void
test_lying_address(void **state)
{
	static const uint16_t lies[] = { 0, 1, 3, 13, 256, UINT16_MAX };

	(void)state;
	for (size_t i = 0; i < LENGTH(lies); i++) {
		struct message message = own_address();

		memcpy(message.octets + NLMSG_LENGTH(sizeof(struct ndmsg)), &lies[i],
		    sizeof(lies[i]));
		take(&message);
		counts(0, i + 1);
	}
}

static void
test_message_gives_up(void **state)
{
	struct message message = own_address();

	(void)state;
	told.result = -ECANCELED;
	take(&message);
	counts(1, 0);
}

/* --- a whole reading ------------------------------------------------------------------ */

/* The kernel, if it is made up. */
static struct {
	bool real;
	int error;
} kernel;

int
__wrap_netlink_dump(int bus, struct nlmsghdr *request, const struct netlink_reader *taker,
    size_t *malformed)
{
	const struct ndmsg expected = { .ndm_family = AF_BRIDGE };
	struct message message = own_address();
	int error;

	if (kernel.real)
		return __real_netlink_dump(bus, request, taker, malformed);
	message_check_dump(bus, request, RTM_GETNEIGH, &expected, sizeof(expected));
	error = taker->message(&message.header, taker->argument);
	*malformed += 10; /* messages that were cut off */
	return error ? error : kernel.error;
}

static int
start_kernel(void **state)
{
	memset(&kernel, 0, sizeof(kernel));
	return start(state);
}

static void
test_read_unicast(void **state)
{
	static const struct {
		int dumped, returned;
	} cases[] = {
		{ 0, 0 },
		{ -EINTR, 0 }, /* what was told was there */
		{ -ETIMEDOUT, -ETIMEDOUT },
		{ -EOPNOTSUPP, -EOPNOTSUPP },
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		start_kernel(state);
		kernel.error = cases[i].dumped;
		assert_int_equal(link_addresses_read_unicast(&reader), cases[i].returned);
		counts(1, 10);
		is_told(0, 7, "\2\0\0\0\0\1", 6);
	}
	told.result = -ENOMEM;
	assert_int_equal(link_addresses_read_unicast(&reader), -ENOMEM);
}

/* Whether this address of this device was told, once. */
static bool
was_told(uint32_t ifindex, const void *octets)
{
	size_t n = 0;

	for (size_t i = 0; i < told.n; i++)
		n += told.of[i].ifindex == ifindex && told.of[i].length == 6 &&
		    memcmp(told.of[i].octets, octets, 6) == 0;
	assert_true(n <= 1);
	return n == 1;
}

/* The kernel's devices 70 and 71, and a socket for add_address(). */
static int
open_real(void)
{
	int fd;

	kernel.real = true;
	namespace_enter_with_veth(70, "one", 71, "other");
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	return fd;
}

/* Has a device take frames for an address, for as long as the socket is open. */
static void
add_address(int fd, uint32_t ifindex, uint16_t type, const void *octets)
{
	struct packet_mreq request = {
		.mr_ifindex = (int)ifindex,
		.mr_type = type,
		.mr_alen = 6,
	};

	memcpy(request.mr_address, octets, 6);
	assert_int_equal(
	    setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof(request)),
	    0);
}

static const uint8_t group[] = { 0x03, 0, 0, 0, 0, 9 }, further[] = { 2, 0, 0, 0, 0, 9 };

static int
read_all(void)
{
	int error;

	start(NULL);
	error = link_addresses_read_multicast(&reader);
	return error ? error : link_addresses_read_unicast(&reader);
}

/* The kernel tells what was added, and of which device, until it is taken away. */
static void
test_real(void **state)
{
	int fd = open_real();

	(void)state;
	add_address(fd, 70, PACKET_MR_MULTICAST, group);
	add_address(fd, 71, PACKET_MR_UNICAST, further);
	assert_int_equal(read_all(), 0);
	assert_int_equal(reader.malformed, 0);
	assert_true(was_told(70, group) && was_told(71, further));
	assert_false(was_told(71, group) || was_told(70, further));
	close(fd);
	assert_int_equal(read_all(), 0);
	assert_false(was_told(70, group) || was_told(71, further));
	assert_int_equal(reader.malformed, 0);
}

/* Either reading ends when the reader has had enough. */
static void
test_real_given_up(void **state)
{
	int fd = open_real();

	(void)state;
	for (uint32_t ifindex = 70; ifindex <= 71; ifindex++) {
		add_address(fd, ifindex, PACKET_MR_MULTICAST, group);
		add_address(fd, ifindex, PACKET_MR_UNICAST, further);
	}
	told.result = -ENOMEM;
	assert_int_equal(link_addresses_read_multicast(&reader), -ENOMEM);
	counts(1, 0);
	assert_int_equal(link_addresses_read_unicast(&reader), -ENOMEM);
	counts(2, 0);
	close(fd);
}

#define TEST(name) cmocka_unit_test_setup(name, start)
#define TEST_READ(name) cmocka_unit_test_setup(name, start_kernel)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_lines),
		TEST(test_lengths),
		TEST(test_no_address),
		TEST(test_bad_lines),
		TEST(test_line_cut_off_anywhere),
		TEST(test_line_gives_up),
		TEST(test_octets),
		TEST(test_neighbour),
		TEST(test_bridge_neighbours),
		TEST(test_tunnel_neighbours),
		TEST(test_states_and_flags),
		TEST(test_families),
		TEST(test_addresses),
		TEST(test_other_messages),
		TEST(test_no_ifindex),
		TEST(test_cut_off_anywhere),
		TEST(test_lying_address),
		TEST(test_message_gives_up),
		TEST_READ(test_read_unicast),
		TEST_READ(test_real),
		TEST_READ(test_real_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
