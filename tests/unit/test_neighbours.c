// SPDX-License-Identifier: BSD-2-Clause
// Tests of the neighbours of IP: messages made up, and those of a network namespace.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <stdbool.h>
#include <string.h>

#include "kernel/neighbours.h"
#include "namespace.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define NOW INT64_C(5000000000000)
#define MAC "\2\0\0\0\0\1"

static struct neighbours neighbours;
static const struct parser parser = { neighbours_message, &neighbours, &neighbours.rows,
	&neighbours.malformed };

static int
start(void **state)
{
	(void)state;
	neighbours_init(&neighbours, NOW);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	neighbours_free(&neighbours);
	return 0;
}

/* A message of device 7 without attributes. */
static struct message
bare(uint8_t family, uint16_t nud)
{
	const struct ndmsg body = {
		.ndm_family = family,
		.ndm_ifindex = 7,
		.ndm_state = nud,
	};
	struct message message;

	message_start(&message, RTM_NEWNEIGH, &body, sizeof(body));
	return message;
}

/* The same with an address. */
static struct message
made_of(const char *address, uint16_t nud)
{
	struct message message = bare(address_family(address), nud);

	message_put_address(&message, NDA_DST, address);
	return message;
}

static struct ndmsg *
body_of(struct message *message)
{
	return NLMSG_DATA(&message->header);
}

/* The row of this message, which is one; good until the next. */
static const struct neighbour_row *
row_of(const struct message *message)
{
	return parser_row(&parser, message);
}

/* --- what is told --------------------------------------------------------------------- */

static void
test_ipv4(void **state)
{
	struct message message = made_of("192.0.2.9", NUD_REACHABLE);
	const struct neighbour_row *row;

	(void)state;
	message_put(&message, NDA_LLADDR, MAC, 6);
	row = row_of(&message);
	assert_int_equal(row->ifindex, 7);
	assert_int_equal(row->ipv6, 0);
	assert_true(row->address == 0xc0000209);
	assert_int_equal(row->state, NEIGHBOUR_REACHABLE);
	assert_int_equal(row->length, 6);
	assert_memory_equal(row->physical, MAC, 6);
	assert_int_equal(neighbours.pool.addresses.n, 0);
}

/* One link-local address on two links is two. */
static void
test_ipv6(void **state)
{
	struct message message = made_of("fe80::9", NUD_STALE);
	const struct neighbour_row *row = row_of(&message);
	const struct pool_address *pooled;

	(void)state;
	assert_int_equal(row->ipv6, 1);
	assert_int_equal(row->length, 0);
	assert_int_equal(row->address, 0);
	pooled = array_at(&neighbours.pool.addresses, 0);
	assert_memory_equal(pooled->octets, "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\11", 16);
	assert_int_equal(pooled->scope, 7);
	body_of(&message)->ndm_ifindex = 8;
	assert_int_equal(row_of(&message)->address, 1);
	message = made_of("2001:db8::9", NUD_STALE);
	assert_int_equal(row_of(&message)->address, 2);
	body_of(&message)->ndm_ifindex = 8;
	assert_int_equal(row_of(&message)->address, 2);
}

/* Every set of bits: left out are those without one, and NUD_NOARP. */
static void
test_states(void **state)
{
	(void)state;
	assert_int_equal(NEIGHBOUR_INCOMPLETE, NUD_INCOMPLETE);
	assert_int_equal(NEIGHBOUR_REACHABLE, NUD_REACHABLE);
	assert_int_equal(NEIGHBOUR_STALE, NUD_STALE);
	assert_int_equal(NEIGHBOUR_DELAY, NUD_DELAY);
	assert_int_equal(NEIGHBOUR_PROBE, NUD_PROBE);
	assert_int_equal(NEIGHBOUR_FAILED, NUD_FAILED);
	assert_int_equal(NEIGHBOUR_PERMANENT, NUD_PERMANENT);
	for (unsigned bits = 0; bits < 256; bits++) {
		struct message message = made_of("192.0.2.9", (uint16_t)bits);
		bool shown = bits != 0 && !(bits & NUD_NOARP);

		stop(NULL);
		start(NULL);
		parser_take(&parser, &message);
		parser_counts(&parser, shown, 0);
		if (shown)
			assert_int_equal(
			    ((struct neighbour_row *)neighbours.rows.data)->state, bits);
	}
}

/* Up to 32 octets; one more than the kernel has makes no sense. */
static void
test_physical_lengths(void **state)
{
	uint8_t octets[NEIGHBOUR_ADDRESS_MAX + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(0xf0 - i);
	for (size_t n = 0; n <= sizeof(octets); n++) {
		struct message message = made_of("192.0.2.9", NUD_REACHABLE);
		const struct neighbour_row *row;

		message_put(&message, NDA_LLADDR, octets, n);
		if (n == sizeof(octets)) {
			parser_take(&parser, &message);
			parser_counts(&parser, n, 1);
			continue;
		}
		row = row_of(&message);
		assert_int_equal(row->length, n);
		assert_memory_equal(row->physical, octets, n);
	}
}

/* Ages are in hundredths of a second before now. */
static void
test_updated(void **state)
{
	struct nda_cacheinfo info = { .ndm_confirmed = 1, .ndm_used = 2, .ndm_refcnt = 3 };
	struct message message = made_of("192.0.2.9", NUD_REACHABLE);

	(void)state;
	assert_true(row_of(&message)->updated == 0);
	message_put(&message, NDA_CACHEINFO, &info, sizeof(info));
	assert_true(row_of(&message)->updated == NOW);
	info.ndm_updated = 250;
	message_put(&message, NDA_CACHEINFO, &info, sizeof(info));
	assert_true(row_of(&message)->updated == NOW - INT64_C(2500000000));
	/* Before the host was started, as it seems: an entry can be that old. */
	info.ndm_updated = UINT32_MAX;
	message_put(&message, NDA_CACHEINFO, &info, sizeof(info));
	assert_true(row_of(&message)->updated == NOW - INT64_C(10000000) * UINT32_MAX);
}

/* --- what is passed over -------------------------------------------------------------- */

/* What a bridge has learned, and whom the host answers for. */
static void
test_families_and_flags(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		struct message message = made_of("2001:db8::9", NUD_REACHABLE);

		stop(NULL);
		start(NULL);
		body_of(&message)->ndm_family = (uint8_t)i;
		parser_take(&parser, &message);
		parser_counts(&parser, i == AF_INET || i == AF_INET6, 0);
		stop(NULL);
		start(NULL);
		body_of(&message)->ndm_family = AF_INET6;
		body_of(&message)->ndm_flags = (uint8_t)i;
		parser_take(&parser, &message);
		parser_counts(&parser, !(i & NTF_PROXY), 0);
	}
}

static void
test_other_messages(void **state)
{
	struct message message = made_of("192.0.2.9", NUD_REACHABLE);

	(void)state;
	for (unsigned type = NLMSG_MIN_TYPE; type < 256; type++) {
		message.header.nlmsg_type = (uint16_t)type;
		parser_take(&parser, &message);
		parser_counts(&parser, type >= RTM_NEWNEIGH, 0);
	}
}

static void
test_malformed(void **state)
{
	static const int bad[] = { 0, -1, INT32_MIN };
	struct message message = made_of("192.0.2.9", NUD_REACHABLE);
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		body_of(&message)->ndm_ifindex = bad[i];
		parser_take(&parser, &message);
		parser_counts(&parser, 0, ++n);
	}
	message = bare(AF_INET, NUD_REACHABLE);
	parser_take(&parser, &message);
	parser_counts(&parser, 0, ++n);
	message_put(&message, NDA_DST, "\300\0\2", 3);
	parser_take(&parser, &message);
	parser_counts(&parser, 0, ++n);
	message = made_of("192.0.2.9", NUD_REACHABLE);
	body_of(&message)->ndm_family = AF_INET6;
	parser_take(&parser, &message);
	parser_counts(&parser, 0, ++n);
	/* What comes behind them is taken. */
	message = made_of("192.0.2.9", NUD_REACHABLE);
	parser_take(&parser, &message);
	parser_counts(&parser, 1, n);
}

static void
test_cut_off_anywhere(void **state)
{
	struct message message = made_of("192.0.2.9", NUD_REACHABLE);
	const size_t body = NLMSG_LENGTH(sizeof(struct ndmsg));

	(void)state;
	message_put(&message, NDA_LLADDR, MAC, 6);
	for (size_t n = NLMSG_HDRLEN; n <= message.header.nlmsg_len; n++) {
		/* The last two octets are padding. */
		bool whole = n == body + 8 || n >= body + 18;

		stop(NULL);
		start(NULL);
		parser_take_cut(&parser, &message, n);
		parser_counts(&parser, whole, !whole);
	}
}

/* --- a whole reading ------------------------------------------------------------------ */

static const struct pause pause_never = { NULL, NULL };

/* What the kernel says to each dump, and the families it was asked for; if it is made up.
 */
static struct {
	bool on;
	int error;
	unsigned asked;
} kernel;

int
__wrap_netlink_dump(int bus, struct nlmsghdr *request, const struct netlink_reader *reader,
    size_t *malformed)
{
	const struct ndmsg expected = { .ndm_family = AF_UNSPEC };
	struct message ipv4 = made_of("192.0.2.9", NUD_STALE);
	struct message ipv6 = made_of("2001:db8::9", NUD_STALE);

	if (!kernel.on)
		return __real_netlink_dump(bus, request, reader, malformed);
	message_check_dump(bus, request, RTM_GETNEIGH, &expected, sizeof(expected));
	assert_int_equal(reader->message(&ipv4.header, reader->argument), 0);
	reader->again(reader->argument);
	assert_int_equal(reader->message(&ipv4.header, reader->argument), 0);
	assert_int_equal(reader->message(&ipv6.header, reader->argument), 0);
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
		assert_int_equal(neighbours_read(&neighbours, &pause_never), errors[i]);
		assert_int_equal(kernel.asked, 1);
		parser_counts(&parser, 2, 0);
		assert_int_equal(neighbours.pool.slots.n, 0);
	}
}

static void
add_neighbour(uint32_t ifindex, const char *address, uint16_t nud)
{
	struct message message = made_of(address, nud);

	body_of(&message)->ndm_ifindex = (int)ifindex;
	message_put(&message, NDA_LLADDR, MAC, 6);
	assert_int_equal(namespace_request(&message, NLM_F_CREATE | NLM_F_EXCL), 0);
}

static void
test_real(void **state)
{
	const struct neighbour_row *row;

	(void)state;
	namespace_enter_with_veth(70, "one", 71, "other");
	assert_int_equal(namespace_set_up(70, true), 0);
	add_neighbour(70, "192.0.2.9", NUD_PERMANENT);
	add_neighbour(70, "192.0.2.10", NUD_NOARP);
	add_neighbour(70, "2001:db8::9", NUD_STALE);
	assert_int_equal(neighbours_read(&neighbours, &pause_never), 0);
	parser_counts(&parser, 2, 0);
	row = array_at(&neighbours.rows, 0);
	assert_true(row->address == 0xc0000209 && !row->ipv6);
	assert_int_equal(row->state, NEIGHBOUR_PERMANENT);
	assert_int_equal(row->ifindex, 70);
	assert_memory_equal(row->physical, MAC, 6);
	row = array_at(&neighbours.rows, 1);
	assert_int_equal(row->ipv6, 1);
	assert_int_equal(row->state, NEIGHBOUR_STALE);
	assert_in_range(NOW - row->updated, 0, INT64_C(10000000000));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_ipv4),
		TEST(test_ipv6),
		TEST(test_states),
		TEST(test_physical_lengths),
		TEST(test_updated),
		TEST(test_families_and_flags),
		TEST(test_other_messages),
		TEST(test_malformed),
		TEST(test_cut_off_anywhere),
		cmocka_unit_test_setup_teardown(test_read, start, stop_kernel),
		TEST(test_real),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
