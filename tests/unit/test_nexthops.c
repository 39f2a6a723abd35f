// SPDX-License-Identifier: BSD-2-Clause
// Tests of next-hop objects: RTM_NEWNEXTHOP messages built octet by octet.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/nexthop.h>
#include <string.h>

#include "kernel/nexthops.h"
#include "messages.h"

static struct nexthops nexthops;

static int
start(void **state)
{
	(void)state;
	nexthops_init(&nexthops);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	nexthops_free(&nexthops);
	return 0;
}

static void
take_cut(const struct message *message, size_t n)
{
	assert_int_equal(message_hand_over(message, n, nexthops_message, &nexthops), 0);
}

static void
take(const struct message *message)
{
	take_cut(message, message->header.nlmsg_len);
}

static struct message
object(uint8_t family, uint32_t flags, uint32_t id)
{
	struct nhmsg body = { .nh_family = family, .nh_flags = flags };
	struct message message;

	message_start(&message, RTM_NEWNEXTHOP, &body, sizeof(body));
	message_put_u32(&message, NHA_ID, id);
	return message;
}

/* An object over a link, and no more. */
static void
take_device(uint32_t id, uint32_t ifindex)
{
	struct message message = object(AF_INET, 0, id);

	message_put_u32(&message, NHA_OIF, ifindex);
	take(&message);
}

static void
take_group(uint32_t id, const uint32_t *members, size_t n)
{
	struct nexthop_grp entries[64] = { { 0 } };
	struct message message = object(AF_UNSPEC, 0, id);

	assert_true(n <= 64);
	for (size_t i = 0; i < n; i++)
		entries[i] = (struct nexthop_grp){ .id = members[i], .weight = 1 };
	message_put(&message, NHA_GROUP, entries, n * sizeof(entries[0]));
	take(&message);
}

/* The hops that were met. */
struct met {
	size_t n;
	struct hop hops[80];
	size_t give_up; /* after so many; 0: never */
};

static int
meet(const struct hop *hop, void *argument)
{
	struct met *met = argument;

	assert_true(met->n < 80);
	met->hops[met->n++] = *hop;
	return met->n == met->give_up ? -ECANCELED : 0;
}

static struct met
meet_all(uint32_t id)
{
	struct met met = { 0 };

	nexthops_sort(&nexthops);
	assert_int_equal(nexthops_each(&nexthops, id, meet, &met), 0);
	return met;
}

/* Object id is one hop over this link with this gateway; NULL: none. */
static struct hop
is_hop(uint32_t id, uint32_t ifindex, const char *gateway)
{
	struct met met = meet_all(id);
	uint8_t octets[16] = { 0 };

	assert_int_equal(met.n, 1);
	assert_int_equal(met.hops[0].ifindex, ifindex);
	if (gateway)
		assert_int_equal(met.hops[0].family,
		    address_octets(gateway, octets) == 16 ? AF_INET6 : AF_INET);
	else
		assert_int_equal(met.hops[0].family, 0);
	assert_memory_equal(met.hops[0].gateway, octets, 16);
	return met.hops[0];
}

static void
test_objects(void **state)
{
	struct message message = object(AF_INET, 0, 3);
	struct hop hop;

	(void)state;
	message_put_u32(&message, NHA_OIF, 7);
	message_put_address(&message, NHA_GATEWAY, "192.0.2.2");
	take(&message);
	message = object(AF_INET6, RTNH_F_DEAD | RTNH_F_LINKDOWN, 2);
	message_put_u32(&message, NHA_OIF, 9);
	message_put_address(&message, NHA_GATEWAY, "fe80::2");
	take(&message);
	message = object(AF_INET6, RTNH_F_LINKDOWN | RTNH_F_ONLINK, 1);
	message_put_u32(&message, NHA_OIF, 8);
	take(&message);
	message = object(AF_INET, 0, UINT32_MAX);
	message_put(&message, NHA_BLACKHOLE, NULL, 0);
	take(&message);
	hop = is_hop(3, 7, "192.0.2.2");
	assert_false(hop.dead || hop.blackhole);
	hop = is_hop(2, 9, "fe80::2");
	assert_true(hop.dead && !hop.blackhole);
	hop = is_hop(1, 8, NULL);
	assert_false(hop.dead || hop.blackhole);
	hop = is_hop(UINT32_MAX, 0, NULL);
	assert_true(hop.blackhole && !hop.dead);
	assert_int_equal(meet_all(4).n, 0);
	assert_int_equal(meet_all(0).n, 0);
	assert_int_equal(nexthops.malformed, 0);
}

static void
test_empty(void **state)
{
	(void)state;
	assert_int_equal(meet_all(1).n, 0);
	take_group(5, (const uint32_t[]){ 1, 2 }, 2);
	assert_int_equal(meet_all(5).n, 0);
	take_device(2, 7);
	assert_int_equal(meet_all(5).n, 1);
}

static void
test_groups(void **state)
{
	struct met met;
	unsigned sum = 0;

	(void)state;
	take_group(50, (const uint32_t[]){ 3, 1, 99, 2 }, 4);
	take_group(10, (const uint32_t[]){ 2 }, 1);
	take_group(60, (const uint32_t[]){ 1, 3 }, 2);
	for (uint32_t id = 1; id <= 3; id++)
		take_device(id, 1u << id);
	met = meet_all(50);
	assert_int_equal(met.n, 3);
	for (size_t i = 0; i < met.n; i++)
		sum += met.hops[i].ifindex;
	assert_int_equal(sum, 2 + 4 + 8);
	is_hop(10, 4, NULL);
	assert_int_equal(meet_all(60).n, 2);
	assert_int_equal(meet_all(55).n, 0);
}

/* each() that gives up ends the group, and its error is handed back. */
static void
test_each_gives_up(void **state)
{
	uint32_t members[60];

	(void)state;
	for (uint32_t i = 0; i < 60; i++) {
		members[i] = i + 1;
		take_device(i + 1, 100 + i);
	}
	take_group(1000, members, 60);
	assert_int_equal(meet_all(1000).n, 60);
	for (size_t n = 1; n <= 60; n++) {
		struct met met = { .give_up = n };

		assert_int_equal(nexthops_each(&nexthops, 1000, meet, &met), -ECANCELED);
		assert_int_equal(met.n, n);
	}
}

/* Many of both, in no order: each has its own. */
static void
test_many(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		uint32_t id = i * 7919 % 1000;

		take_device(id + 1, id + 10000);
		take_group(id + 5001, (const uint32_t[]){ id + 1, (id + 1) % 1000 + 1 }, 2);
	}
	for (uint32_t id = 0; id < 1000; id++) {
		struct met met = meet_all(id + 5001);

		is_hop(id + 1, id + 10000, NULL);
		assert_int_equal(met.n, 2);
		assert_int_equal(met.hops[0].ifindex + met.hops[1].ifindex,
		    id + 10000 + (id + 1) % 1000 + 10000);
	}
}

static void
test_left_out(void **state)
{
	struct message message = object(AF_INET, 0, 1);

	(void)state;
	message_put(&message, NHA_FDB, NULL, 0);
	message_put_address(&message, NHA_GATEWAY, "192.0.2.2");
	take(&message);
	message = object(AF_INET, 0, 2);
	message.header.nlmsg_type = RTM_DELNEXTHOP;
	take(&message);
	message.header.nlmsg_type = RTM_NEWROUTE;
	take_cut(&message, NLMSG_HDRLEN);
	assert_int_equal(nexthops.objects.n + nexthops.members.n, 0);
	assert_int_equal(nexthops.malformed, 0);
}

static void
test_without_id(void **state)
{
	struct nhmsg body = { .nh_family = AF_INET };
	struct message message;

	(void)state;
	message_start(&message, RTM_NEWNEXTHOP, &body, sizeof(body));
	message_put_u32(&message, NHA_OIF, 7);
	take(&message);
	message_put(&message, NHA_ID, "\1\0", 2);
	take(&message);
	assert_int_equal(nexthops.objects.n, 0);
	assert_int_equal(nexthops.malformed, 2);
}

/* A gateway that is too short for its family is none. */
static void
test_short_gateway(void **state)
{
	static const uint8_t octets[16] = { 0xfe, 0x80, [15] = 2 };

	(void)state;
	for (uint32_t size = 0; size <= sizeof(octets); size++) {
		struct message message = object(AF_INET6, 0, size + 1);

		message_put_u32(&message, NHA_OIF, 7);
		message_put(&message, NHA_GATEWAY, octets, size);
		take(&message);
		is_hop(size + 1, 7, size == 16 ? "fe80::2" : NULL);
	}
}

/* A group that is no whole number of members: what is whole counts. */
static void
test_odd_group(void **state)
{
	static const uint32_t words[] = { 1, 0, 2, 0 };

	(void)state;
	take_device(1, 7);
	take_device(2, 8);
	for (uint32_t size = 8; size <= sizeof(words); size++) {
		struct message message = object(AF_UNSPEC, 0, 100 + size);

		message_put(&message, NHA_GROUP, words, size);
		take(&message);
		assert_int_equal(meet_all(100 + size).n, size / 8);
	}
}

static void
test_cut_off_anywhere(void **state)
{
	struct message message = object(AF_INET6, 0, 1);
	size_t malformed = 0;

	(void)state;
	message_put_u32(&message, NHA_OIF, 7);
	message_put_address(&message, NHA_GATEWAY, "2001:db8::2");
	assert_int_equal(message.header.nlmsg_len, 24 + 8 + 8 + 20);
	for (size_t n = NLMSG_HDRLEN; n <= message.header.nlmsg_len; n++) {
		bool good = n == 32 || n == 40 ||
		    n == 60; /* between attributes, behind the id */

		stop(NULL);
		start(NULL);
		nexthops.malformed = malformed;
		take_cut(&message, n);
		malformed += !good;
		assert_int_equal(nexthops.objects.n, good);
		assert_int_equal(nexthops.malformed, malformed);
	}
}

/* --- a whole reading
 * ---------------------------------------------------------------------------- */

static int dump_error;

int
__wrap_netlink_dump(int bus, struct nlmsghdr *request, const struct netlink_reader *reader,
    size_t *malformed)
{
	assert_int_equal(bus, NETLINK_ROUTE);
	assert_int_equal(request->nlmsg_type, RTM_GETNEXTHOP);
	assert_int_equal(request->nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(request->nlmsg_len, NLMSG_LENGTH(sizeof(struct nhmsg)));
	for (uint32_t id = 18; id > 0; id--) {
		struct message message = object(AF_INET, 0, (id - 1) % 9 + 1);

		message_put_u32(&message, NHA_OIF, id);
		assert_int_equal(reader->message(&message.header, reader->argument), 0);
		if (id == 10) /* of what came before nothing is left */
			reader->again(reader->argument);
	}
	*malformed += 2;
	return dump_error;
}

static void
test_read(void **state)
{
	static const struct {
		int dumped, returned;
	} cases[] = {
		{ 0, 0 },
		{ -EOPNOTSUPP, 0 }, /* a kernel without them */
		{ -ENOBUFS, -ENOBUFS },
	};
	const struct pause nobody = { NULL, NULL };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct met met = { 0 };

		stop(NULL);
		start(NULL);
		dump_error = cases[i].dumped;
		assert_int_equal(nexthops_read(&nexthops, &nobody), cases[i].returned);
		assert_int_equal(nexthops.malformed, 2);
		/* They can be found at once. */
		assert_int_equal(nexthops_each(&nexthops, 8, meet, &met), 0);
		assert_int_equal(met.n, 1);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_objects),
		TEST(test_empty),
		TEST(test_groups),
		TEST(test_each_gives_up),
		TEST(test_many),
		TEST(test_left_out),
		TEST(test_without_id),
		TEST(test_short_gateway),
		TEST(test_odd_group),
		TEST(test_cut_off_anywhere),
		TEST(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
