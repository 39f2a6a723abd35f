// SPDX-License-Identifier: BSD-2-Clause
// Tests of what IPv4 and IPv6 keep of devices: messages made up, and those of a network
// namespace.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <stdbool.h>
#include <string.h>

#include "kernel/ip_links.h"
#include "kernel/sysctls.h"
#include "namespace.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define READY 0x80000000u /* IF_READY */
#define CONFS 27	  /* up to disable_ipv6, the last that is of use */

/* What the reader was told last. */
static struct {
	size_t n;
	struct ip_link link;
	char name[32];
	uint8_t token[8];
	uint32_t ifindex;
	uint64_t ms;
	int result;
} told;

static struct ip_link_reader reader;

static int
take_link(const struct ip_link *link, void *argument)
{
	assert_ptr_equal(argument, &told);
	told.n++;
	told.link = *link;
	octets_to_text(link->name, told.name, sizeof(told.name));
	assert_true(link->token.n == 0 || link->token.n == sizeof(told.token));
	if (link->token.n > 0)
		memcpy(told.token, link->token.at, sizeof(told.token));
	return told.result;
}

static int
take_retrans(uint32_t ifindex, uint64_t ms, void *argument)
{
	assert_ptr_equal(argument, &told);
	told.n++;
	told.ifindex = ifindex;
	told.ms = ms;
	return told.result;
}

static int
start(void **state)
{
	(void)state;
	memset(&told, 0, sizeof(told));
	reader = (struct ip_link_reader){
		.link = take_link,
		.retrans = take_retrans,
		.argument = &told,
	};
	return 0;
}

static void
counts(size_t n, size_t malformed)
{
	assert_int_equal(told.n, n);
	assert_int_equal(reader.malformed, malformed);
}

/* Hands over the first n octets, in memory that ends there. */
static void
take_cut(
    int (*take)(const struct nlmsghdr *, void *), const struct message *message, size_t n)
{
	assert_int_equal(message_hand_over(message, n, take, &reader), told.result);
}

/* Tells of a device, which makes sense. */
static void
tells(const struct message *message)
{
	start(NULL);
	take_cut(ip_links_message, message, message->header.nlmsg_len);
	counts(1, 0);
}

/* What IPv6 is told to have. */
struct ipv6 {
	uint32_t flags;
	int32_t conf[CONFS];
	struct ifla_cacheinfo info;
	const uint8_t *token; /* 16 octets; NULL: none */
};

static const struct ipv6 usual = {
	.flags = READY,
	.info = { .max_reasm_len = 65535,
	    .tstamp = 1234567,
	    .reachable_time = 31000,
	    .retrans_time = 1000 },
};

static void
put_ipv6(struct message *message, const struct ipv6 *ipv6)
{
	size_t nest = message_begin(message, AF_INET6 | NLA_F_NESTED);

	message_put_u32(message, IFLA_INET6_FLAGS, ipv6->flags);
	message_put(message, IFLA_INET6_CONF, ipv6->conf, sizeof(ipv6->conf));
	message_put(message, IFLA_INET6_CACHEINFO, &ipv6->info, sizeof(ipv6->info));
	if (ipv6->token)
		message_put(message, IFLA_INET6_TOKEN, ipv6->token, 16);
	message_end(message, nest);
}

/* Device 7 "one"; NULL: without IPv6. */
static struct message
device(bool ipv4, const struct ipv6 *ipv6)
{
	struct message message;
	size_t nest, inner;

	message_start_link(&message, RTM_NEWLINK, 7, "one");
	nest = message_begin(&message, IFLA_AF_SPEC);
	if (ipv4) {
		inner = message_begin(&message, AF_INET);
		message_put(&message, IFLA_INET_CONF, "what there is", 12);
		message_end(&message, inner);
	}
	if (ipv6)
		put_ipv6(&message, ipv6);
	message_end(&message, nest);
	return message;
}

/* --- devices -------------------------------------------------------------------------- */

static void
test_versions(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct message message = device(i & 1, i & 2 ? &usual : NULL);

		tells(&message);
		assert_int_equal(told.link.ifindex, 7);
		assert_string_equal(told.name, "one");
		assert_int_equal(told.link.ipv4, i & 1);
		assert_int_equal(told.link.ipv6, i >> 1);
		assert_int_equal(told.link.ipv6_enabled, i >> 1);
	}
}

static void
test_ipv6(void **state)
{
	struct message message = device(true, &usual);

	(void)state;
	tells(&message);
	assert_int_equal(told.link.max_reasm, 65535);
	assert_int_equal(told.link.reachable, 31000);
	assert_int_equal(told.link.retrans, 1000);
	assert_int_equal(told.link.changed, 1234567);
	assert_int_equal(told.link.token.n, 0);
	assert_false(told.link.forwarding);
}

/* Ready, and not switched off. */
static void
test_enabled(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct ipv6 ipv6 = usual;
		struct message message;

		ipv6.flags = i & 1 ? READY : ~READY;
		ipv6.conf[26] = i & 2;
		message = device(true, &ipv6);
		tells(&message);
		assert_true(told.link.ipv6);
		assert_int_equal(told.link.ipv6_enabled, i == 1);
	}
}

/* Each number of its settings by itself: one of them says that it forwards. */
static void
test_forwarding(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CONFS; i++) {
		struct ipv6 ipv6 = usual;
		struct message message;

		ipv6.conf[i] = 2;
		message = device(true, &ipv6);
		tells(&message);
		assert_int_equal(told.link.forwarding, i == 0);
	}
}

/* Its last eight octets; all zero is none. */
static void
test_token(void **state)
{
	uint8_t token[16] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct ipv6 ipv6 = usual;
	struct message message;

	(void)state;
	ipv6.token = token;
	message = device(true, &ipv6);
	tells(&message);
	assert_int_equal(told.link.token.n, 0);
	token[15] = 0x34;
	message = device(true, &ipv6);
	tells(&message);
	assert_int_equal(told.link.token.n, 8);
	assert_memory_equal(told.token, token + 8, 8);
}

/* A device that IPv6 has left: an attribute without what is in it, or with a part. */
static void
test_left(void **state)
{
	(void)state;
	for (unsigned without = 0; without < 4; without++) {
		struct message message;
		size_t nest, inner;

		message_start_link(&message, RTM_NEWLINK, 7, "one");
		nest = message_begin(&message, IFLA_AF_SPEC);
		inner = message_begin(&message, AF_INET6);
		if (without != 1)
			message_put_u32(&message, IFLA_INET6_FLAGS, READY);
		if (without != 2)
			message_put(&message, IFLA_INET6_CONF, usual.conf,
			    sizeof(usual.conf) - (without == 0 ? 4 : 0));
		if (without != 3)
			message_put(&message, IFLA_INET6_CACHEINFO, &usual.info,
			    sizeof(usual.info));
		message_end(&message, inner);
		message_end(&message, nest);
		tells(&message);
		assert_false(told.link.ipv6 || told.link.ipv6_enabled);
	}
}

/* Without a word about IP at all. */
static void
test_bare(void **state)
{
	struct message message;

	(void)state;
	message_start_link(&message, RTM_NEWLINK, 7, "one");
	tells(&message);
	assert_false(told.link.ipv4 || told.link.ipv6);
}

static void
test_passed_over(void **state)
{
	struct message message = device(true, &usual);

	(void)state;
	for (unsigned type = NLMSG_MIN_TYPE; type < 256; type++) {
		start(NULL);
		message.header.nlmsg_type = (uint16_t)type;
		take_cut(ip_links_message, &message, message.header.nlmsg_len);
		counts(type == RTM_NEWLINK, 0);
	}
	message.header.nlmsg_type = RTM_NEWLINK;
	for (unsigned family = 0; family < 256; family++) {
		start(NULL);
		message_link(&message)->ifi_family = (uint8_t)family;
		take_cut(ip_links_message, &message, message.header.nlmsg_len);
		counts(family == AF_UNSPEC, 0);
	}
}

static void
test_malformed(void **state)
{
	static const int bad[] = { 0, -1, INT32_MIN };
	struct message message = device(true, &usual);

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		message_link(&message)->ifi_index = bad[i];
		take_cut(ip_links_message, &message, message.header.nlmsg_len);
		counts(0, i + 1);
	}
	message_start_link(&message, RTM_NEWLINK, 7, NULL);
	take_cut(ip_links_message, &message, message.header.nlmsg_len);
	counts(0, 4);
}

/* Cut off anywhere it is told with what was there, or makes no sense. */
static void
test_cut_off_anywhere(void **state)
{
	struct message message = device(true, &usual);
	const size_t named = NLMSG_LENGTH(sizeof(struct ifinfomsg)) + 8;

	(void)state;
	for (size_t n = NLMSG_HDRLEN; n < message.header.nlmsg_len; n++) {
		start(NULL);
		take_cut(ip_links_message, &message, n);
		counts(n == named, n != named);
		assert_false(told.link.ipv6);
	}
}

/* What is in an attribute ends before it does. */
static void
test_cut_off_inside(void **state)
{
	struct message message;
	size_t nest, inner;

	(void)state;
	for (size_t n = 1; n < 4; n++) {
		message_start_link(&message, RTM_NEWLINK, 7, "one");
		nest = message_begin(&message, IFLA_AF_SPEC);
		inner = message_begin(&message, AF_INET6);
		message_put(&message, IFLA_INET6_FLAGS, "1234", 4);
		message.octets[message.header.nlmsg_len - 8] = (uint8_t)(8 + n);
		message_end(&message, inner);
		message_end(&message, nest);
		take_cut(ip_links_message, &message, message.header.nlmsg_len);
		counts(0, n);
	}
}

static void
test_gives_up(void **state)
{
	struct message message = device(true, &usual);

	(void)state;
	told.result = -ECANCELED;
	take_cut(ip_links_message, &message, message.header.nlmsg_len);
	counts(1, 0);
}

/* --- ARP ------------------------------------------------------------------------------ */

/* The parameters of a family's table; ifindex 0: its defaults. */
static struct message
parameters(uint8_t family, uint32_t ifindex, uint64_t ms)
{
	const struct ndtmsg body = { .ndtm_family = family };
	struct message message;
	size_t nest;

	message_start(&message, RTM_NEWNEIGHTBL, &body, sizeof(body));
	message_put_text(&message, NDTA_NAME, "a cache");
	nest = message_begin(&message, NDTA_PARMS);
	if (ifindex)
		message_put_u32(&message, NDTPA_IFINDEX, ifindex);
	message_put(&message, NDTPA_RETRANS_TIME, &ms, sizeof(ms));
	message_end(&message, nest);
	return message;
}

static void
test_retrans(void **state)
{
	struct message message = parameters(AF_INET, 7, UINT64_C(5000000000));

	(void)state;
	take_cut(ip_links_retrans_message, &message, message.header.nlmsg_len);
	counts(1, 0);
	assert_int_equal(told.ifindex, 7);
	assert_true(told.ms == UINT64_C(5000000000));
	told.result = -ECANCELED;
	take_cut(ip_links_retrans_message, &message, message.header.nlmsg_len);
	counts(2, 0);
}

static void
test_retrans_passed_over(void **state)
{
	const struct ndtmsg body = { .ndtm_family = AF_INET };
	struct message message = parameters(AF_INET, 0, 1000);

	(void)state;
	take_cut(ip_links_retrans_message, &message, message.header.nlmsg_len);
	message = parameters(AF_INET6, 7, 1000);
	take_cut(ip_links_retrans_message, &message, message.header.nlmsg_len);
	message_start(&message, RTM_NEWNEIGHTBL, &body, sizeof(body));
	take_cut(ip_links_retrans_message, &message, message.header.nlmsg_len);
	message = parameters(AF_INET, 7, 1000);
	message.header.nlmsg_type = RTM_NEWNEIGH;
	take_cut(ip_links_retrans_message, &message, message.header.nlmsg_len);
	counts(0, 0);
}

static void
test_retrans_cut_off_anywhere(void **state)
{
	struct message message = parameters(AF_INET, 7, 1000);
	const size_t body = NLMSG_LENGTH(sizeof(struct ndtmsg));

	(void)state;
	for (size_t n = NLMSG_HDRLEN; n < message.header.nlmsg_len; n++) {
		/* Behind the body, and behind the name, it only says less. */
		bool whole = n == body || n == body + 12;

		start(NULL);
		take_cut(ip_links_retrans_message, &message, n);
		counts(0, !whole);
	}
}

/* --- a whole reading ------------------------------------------------------------------ */

static struct ip_link found[8];
static uint64_t found_ms;

static int
keep_link(const struct ip_link *link, void *argument)
{
	(void)argument;
	if (link->ifindex >= 70 && link->ifindex < 78)
		found[link->ifindex - 70] = *link;
	return 0;
}

static int
keep_retrans(uint32_t ifindex, uint64_t ms, void *argument)
{
	(void)argument;
	if (ifindex == 70)
		found_ms = ms;
	return 0;
}

/* The settings of this kernel are the oracle. */
static void
test_real(void **state)
{
	int64_t value;

	(void)state;
	namespace_enter_with_veth(70, "one", 71, "other");
	assert_int_equal(namespace_set_up(70, true), 0);
	assert_int_equal(namespace_set_up(71, true), 0);
	assert_int_equal(namespace_set_up(71, false), 0);
	reader = (struct ip_link_reader){ .link = keep_link, .retrans = keep_retrans };
	assert_int_equal(ip_links_read(&reader), 0);
	assert_int_equal(ip_links_read_retrans(&reader), 0);
	assert_int_equal(reader.malformed, 0);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(found[i].ifindex, 70 + i);
		assert_true(found[i].ipv4 && found[i].ipv6);
		assert_true(found[i].max_reasm == 65535);
		assert_in_range(found[i].reachable, 15000, 45000);
		assert_int_equal(found[i].token.n, 0);
		assert_true(found[i].changed != 0);
	}
	assert_false(found[1].ipv6_enabled);
	assert_int_equal(sysctls_read("ipv6/neigh/one/retrans_time_ms", &value), 0);
	assert_int_equal(found[0].retrans, value);
	assert_int_equal(sysctls_read("ipv6/conf/one/forwarding", &value), 0);
	assert_int_equal(found[0].forwarding, value);
	assert_int_equal(sysctls_read("ipv4/neigh/one/retrans_time_ms", &value), 0);
	assert_int_equal(found_ms, value);
}

#define TEST(name) cmocka_unit_test_setup(name, start)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_versions),
		TEST(test_ipv6),
		TEST(test_enabled),
		TEST(test_forwarding),
		TEST(test_token),
		TEST(test_left),
		TEST(test_bare),
		TEST(test_passed_over),
		TEST(test_malformed),
		TEST(test_cut_off_anywhere),
		TEST(test_cut_off_inside),
		TEST(test_gives_up),
		TEST(test_retrans),
		TEST(test_retrans_passed_over),
		TEST(test_retrans_cut_off_anywhere),
		TEST(test_real),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
