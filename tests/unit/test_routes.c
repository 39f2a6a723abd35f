// SPDX-License-Identifier: BSD-2-Clause
// Tests of reading routes: RTM_NEWROUTE messages built octet by octet.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/nexthop.h>
#include <string.h>

#include "kernel/routes.h"
#include "messages.h"

static struct routes routes;
static const struct parser parser = { routes_message, &routes, &routes.rows,
	&routes.malformed };
static struct route_tables tables;

static int
start(void **state)
{
	(void)state;
	tables = (struct route_tables){ .all = true };
	routes_init(&routes, &tables);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	routes_free(&routes);
	return 0;
}

static const struct route_row *
row_at(size_t i)
{
	assert_true(i < routes.rows.n);
	return array_at(&routes.rows, i);
}

/* An address of a row is this one. */
static void
is_address(uint32_t address, const char *text)
{
	uint8_t octets[16];
	const struct pool_address *known;

	if (address_octets(text, octets) == 4) {
		assert_int_equal(address, ipv4_of(octets));
		return;
	}
	assert_true(address < routes.pool.addresses.n);
	known = array_at(&routes.pool.addresses, address);
	assert_memory_equal(known->octets, octets, 16);
	assert_int_equal(known->scope, 0);
}

/* Row i goes to this destination over this hop; gateway NULL: none. */
static void
is_row(size_t i, const char *destination, uint8_t length, const char *gateway,
    uint32_t ifindex)
{
	const struct route_row *row = row_at(i);
	uint8_t flags = strchr(destination, ':') ? ROUTE_IPV6 : 0;

	if (gateway)
		flags |= strchr(gateway, ':') ? ROUTE_GATEWAY | ROUTE_GATEWAY_IPV6
					      : ROUTE_GATEWAY;
	is_address(row->destination, destination);
	assert_int_equal(row->length, length);
	assert_int_equal(row->flags & ~ROUTE_ONLINK, flags);
	assert_int_equal(row->ifindex, ifindex);
	if (gateway)
		is_address(row->gateway, gateway);
	else
		assert_int_equal(row->gateway, 0);
}

/* A route, complete but for what the test adds. */
static struct message
route_to(const char *destination, uint8_t length)
{
	struct message message;

	message_start_route(&message, address_family(destination), length);
	message_put_u32(&message, RTA_TABLE, RT_TABLE_MAIN);
	message_put_address(&message, RTA_DST, destination);
	return message;
}

/* --- one hop -------------------------------------------------------------------------- */

/* A message as the kernel sends it, little-endian. */
static void
take_octets(const uint8_t *octets, size_t n)
{
	struct message message;

	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		skip();
	memcpy(message.octets, octets, n);
	assert_int_equal(message.header.nlmsg_len, n);
	parser_take(&parser, &message);
}

/* ip route add 10.1.0.0/16 via 192.0.2.2 dev 7 metric 50 proto bgp */
static void
test_octets_ipv4(void **state)
{
	static const uint8_t octets[] = {
		68, 0, 0, 0, 24, 0, 2, 0,  /* length, RTM_NEWROUTE, MULTI */
		1, 0, 0, 0, 0, 0, 0, 0,	   /* sequence, port */
		2, 16, 0, 0, 254, 186,	   /* AF_INET, /16, table, protocol */
		0, 1, 0, 0, 0, 0,	   /* scope, unicast, flags */
		8, 0, 15, 0, 254, 0, 0, 0, /* RTA_TABLE */
		8, 0, 1, 0, 10, 1, 0, 0,   /* RTA_DST */
		8, 0, 6, 0, 50, 0, 0, 0,   /* RTA_PRIORITY */
		8, 0, 5, 0, 192, 0, 2, 2,  /* RTA_GATEWAY */
		8, 0, 4, 0, 7, 0, 0, 0,	   /* RTA_OIF */
	};
	const struct route_row *row;

	(void)state;
	take_octets(octets, sizeof(octets));
	parser_counts(&parser, 1, 0);
	is_row(0, "10.1.0.0", 16, "192.0.2.2", 7);
	row = row_at(0);
	assert_int_equal(row->table, 254);
	assert_int_equal(row->metric, 50);
	assert_int_equal(row->tos, 0);
	assert_int_equal(row->type, RTN_UNICAST);
	assert_int_equal(row->protocol, 186);
	assert_int_equal(row->seen, 0);
}

/* ip route add 2001:db8:1::/48 via fe80::2 dev 9, with attributes that are not read. */
static void
test_octets_ipv6(void **state)
{
	static const uint8_t octets[] = {
		136, 0, 0, 0, 24, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, /* header */
		10, 48, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0,		   /* struct rtmsg */
		8, 0, 15, 0, 254, 0, 0, 0,			   /* RTA_TABLE */
		20, 0, 1, 0, 0x20, 1, 0xd, 0xb8, 0, 1,		   /* RTA_DST */
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0,			   /* … */
		8, 0, 6, 0, 0, 4, 0, 0,				   /* RTA_PRIORITY */
		20, 0, 5, 0, 0xfe, 0x80, 0, 0, 0, 0,		   /* RTA_GATEWAY */
		0, 0, 0, 0, 0, 0, 0, 0, 0, 2,			   /* … */
		8, 0, 4, 0, 9, 0, 0, 0,				   /* RTA_OIF */
		36, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0,		   /* RTA_CACHEINFO */
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,		   /* … */
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,		   /* … */
		5, 0, 20, 0, 0, 0, 0, 0, /* RTA_PREF: one octet, and padding */
	};

	(void)state;
	take_octets(octets, sizeof(octets));
	parser_counts(&parser, 1, 0);
	is_row(0, "2001:db8:1::", 48, "fe80::2", 9);
	assert_int_equal(row_at(0)->table, 254);
	assert_int_equal(row_at(0)->metric, 1024);
	assert_int_equal(row_at(0)->protocol, RTPROT_BOOT);
}

static void
test_row_is_small(void **state)
{
	(void)state;
	assert_int_equal(sizeof(struct route_row), 32);
}

static void
test_on_link(void **state)
{
	struct message message = route_to("192.0.2.0", 24);

	(void)state;
	message_put_address(&message, RTA_PREFSRC, "192.0.2.1");
	message_put_u32(&message, RTA_OIF, 7);
	parser_take(&parser, &message);
	message = route_to("2001:db8::", 64);
	message_put_u32(&message, RTA_OIF, 7);
	parser_take(&parser, &message);
	parser_counts(&parser, 2, 0);
	is_row(0, "192.0.2.0", 24, NULL, 7);
	is_row(1, "2001:db8::", 64, NULL, 7);
}

/* A default route has no RTA_DST. */
static void
test_default(void **state)
{
	struct message message;

	(void)state;
	message_start_route(&message, AF_INET, 0);
	message_put_address(&message, RTA_GATEWAY, "192.0.2.2");
	message_put_u32(&message, RTA_OIF, 7);
	parser_take(&parser, &message);
	message_start_route(&message, AF_INET6, 0);
	message_put_address(&message, RTA_GATEWAY, "fe80::2");
	message_put_u32(&message, RTA_OIF, 7);
	parser_take(&parser, &message);
	parser_counts(&parser, 2, 0);
	is_row(0, "0.0.0.0", 0, "192.0.2.2", 7);
	is_row(1, "::", 0, "fe80::2", 7);
	assert_int_equal(row_at(0)->table, RT_TABLE_MAIN);
}

static void
test_values(void **state)
{
	struct message message = route_to("10.0.0.0", 8);

	(void)state;
	message_route(&message)->rtm_tos = 0x10;
	message_route(&message)->rtm_protocol = 255;
	message_put_u32(&message, RTA_PRIORITY, UINT32_MAX);
	message_put_u32(&message, RTA_OIF, UINT32_MAX);
	parser_take(&parser, &message);
	parser_counts(&parser, 1, 0);
	assert_int_equal(row_at(0)->tos, 0x10);
	assert_int_equal(row_at(0)->protocol, 255);
	assert_true(row_at(0)->metric == UINT32_MAX);
	assert_true(row_at(0)->ifindex == UINT32_MAX);
}

/* rtm_table has no room for more than 255; RTA_TABLE tells, where there is one. */
static void
test_tables(void **state)
{
	struct message message;

	(void)state;
	message_start_route(&message, AF_INET, 0);
	message_route(&message)->rtm_table = 252;
	message_put_u32(&message, RTA_TABLE, 1000);
	message_put_u32(&message, RTA_OIF, 7);
	parser_take(&parser, &message);
	message_start_route(&message, AF_INET, 0);
	message_route(&message)->rtm_table = 100;
	message_put_u32(&message, RTA_OIF, 7);
	parser_take(&parser, &message);
	parser_counts(&parser, 2, 0);
	assert_int_equal(row_at(0)->table, 1000);
	assert_int_equal(row_at(1)->table, 100);
}

static void
test_wanted_tables(void **state)
{
	static const uint32_t sent[] = { 254, 255, 100, 1000, 252 };
	struct message message;

	(void)state;
	tables = (struct route_tables){ .n = 2, .id = { 1000, 254 } };
	for (size_t i = 0; i < sizeof(sent) / sizeof(sent[0]); i++) {
		message_start_route(&message, AF_INET, 0);
		message_route(&message)->rtm_table = sent[i] > 255 ? 252 : (uint8_t)sent[i];
		message_put_u32(&message, RTA_TABLE, sent[i]);
		message_put_u32(&message, RTA_OIF, 7);
		parser_take(&parser, &message);
	}
	parser_counts(&parser, 2, 0);
	assert_int_equal(row_at(0)->table, 254);
	assert_int_equal(row_at(1)->table, 1000);
	tables.n = 0;
	parser_take(&parser, &message);
	parser_counts(&parser, 2, 0);
}

static void
test_via(void **state)
{
	static const uint8_t via_short[] = { AF_INET6, 0, 0xfe, 0x80, 0, 0, 0, 0, 0, 2 };
	static const uint8_t via_ipv4[] = { AF_INET, 0, 192, 0, 2, 2 };
	struct message message = route_to("10.0.0.0", 8);

	(void)state;
	message_put_via(&message, "fe80::2");
	message_put_u32(&message, RTA_OIF, 7);
	parser_take(&parser, &message);
	/* One that is too short for its family, or of another family: no gateway. */
	message = route_to("10.0.0.0", 8);
	message_put(&message, RTA_VIA, via_short, sizeof(via_short));
	message_put_u32(&message, RTA_OIF, 7);
	parser_take(&parser, &message);
	message = route_to("10.0.0.0", 8);
	message_put(&message, RTA_VIA, via_ipv4, sizeof(via_ipv4));
	message_put_u32(&message, RTA_OIF, 7);
	parser_take(&parser, &message);
	parser_counts(&parser, 3, 0);
	is_row(0, "10.0.0.0", 8, "fe80::2", 7);
	is_row(1, "10.0.0.0", 8, NULL, 7);
	is_row(2, "10.0.0.0", 8, NULL, 7);
}

static void
test_dead_hop(void **state)
{
	struct message message = route_to("10.0.0.0", 8);

	(void)state;
	message_put_u32(&message, RTA_OIF, 7);
	message_route(&message)->rtm_flags = RTNH_F_DEAD | RTNH_F_LINKDOWN;
	parser_take(&parser, &message);
	parser_counts(&parser, 0, 0);
	message_route(&message)->rtm_flags = RTNH_F_LINKDOWN | RTNH_F_ONLINK;
	parser_take(&parser, &message);
	parser_counts(&parser, 1, 0);
}

/* --- which routes --------------------------------------------------------------------- */

static void
test_types(void **state)
{
	static const uint8_t shown[] = { RTN_UNICAST, RTN_LOCAL, RTN_BLACKHOLE,
		RTN_UNREACHABLE, RTN_PROHIBIT };
	struct message message = route_to("10.0.0.0", 8);
	size_t n = 0;

	(void)state;
	message_put_u32(&message, RTA_OIF, 7);
	for (unsigned type = 0; type < 256; type++) {
		message_route(&message)->rtm_type = (uint8_t)type;
		parser_take(&parser, &message);
		if (n < sizeof(shown) && type == shown[n])
			assert_int_equal(row_at(n++)->type, type);
		parser_counts(&parser, n, 0);
	}
	assert_int_equal(n, sizeof(shown));
}

/* IPv6 says they go to lo, and may name a gateway: nothing is sent there. */
static void
test_rejects_have_no_link(void **state)
{
	static const uint8_t types[] = { RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_PROHIBIT };

	(void)state;
	for (size_t i = 0; i < sizeof(types); i++) {
		struct message message = route_to("2001:db8::", 32);

		message_route(&message)->rtm_type = types[i];
		message_put_u32(&message, RTA_OIF, 1);
		message_put_address(&message, RTA_GATEWAY, "fe80::2");
		message_put_u32(&message, RTA_PRIORITY, 1024);
		parser_take(&parser, &message);
		is_row(i, "2001:db8::", 32, NULL, 0);
	}
	parser_counts(&parser, 3, 0);
}

static void
test_cloned(void **state)
{
	struct message message = route_to("2001:db8::1", 128);

	(void)state;
	message_put_u32(&message, RTA_OIF, 7);
	message_route(&message)->rtm_flags = RTM_F_CLONED;
	parser_take(&parser, &message);
	parser_counts(&parser, 0, 0);
}

static void
test_other_messages(void **state)
{
	struct message message = route_to("10.0.0.0", 8);

	(void)state;
	message_put_u32(&message, RTA_OIF, 7);
	message.header.nlmsg_type = RTM_DELROUTE;
	parser_take(&parser, &message);
	message.header.nlmsg_type = RTM_NEWLINK;
	parser_take_cut(&parser, &message, NLMSG_HDRLEN);
	parser_counts(&parser, 0, 0);
	message.header.nlmsg_type = RTM_NEWROUTE;
	message_route(&message)->rtm_family = AF_MPLS;
	parser_take(&parser, &message);
	message_route(&message)->rtm_family = RTNL_FAMILY_IPMR;
	parser_take(&parser, &message);
	parser_counts(&parser, 0, 2);
}

/* --- lengths -------------------------------------------------------------------------- */

static void
test_prefix_lengths(void **state)
{
	size_t n = 0;

	(void)state;
	for (unsigned length = 0; length < 256; length++) {
		struct message message = route_to("10.0.0.0", (uint8_t)length);

		message_put_u32(&message, RTA_OIF, 7);
		parser_take(&parser, &message);
		n += length <= 32;
		parser_counts(&parser, n, length + 1 - n);
	}
	for (unsigned length = 0; length < 256; length++) {
		struct message message = route_to("2001:db8::", (uint8_t)length);

		message_put_u32(&message, RTA_OIF, 7);
		parser_take(&parser, &message);
		n += length <= 128;
		parser_counts(&parser, n, 256 + length + 1 - n);
	}
	assert_int_equal(n, 33 + 129);
}

/* An RTA_DST that is too short for the family: of four octets and more it is seen and
 * refused; less is as if there were none. */
static void
test_short_destination(void **state)
{
	static const uint8_t octets[20] = { 10, 1, 2, 3 };

	(void)state;
	for (size_t size = 0; size <= sizeof(octets); size++) {
		struct message message;

		start(NULL);
		message_start_route(&message, AF_INET6, 64);
		message_put(&message, RTA_DST, octets, size);
		message_put_u32(&message, RTA_OIF, 7);
		parser_take(&parser, &message);
		parser_counts(&parser, size < 4 || size >= 16, size >= 4 && size < 16);
		message_route(&message)->rtm_family = AF_INET;
		message_route(&message)->rtm_dst_len = 8;
		parser_take(&parser, &message);
		assert_int_equal(routes.malformed, size >= 4 && size < 16);
		assert_int_equal(
		    row_at(routes.rows.n - 1)->destination, size < 4 ? 0 : 0x0a010203);
		routes_free(&routes);
	}
	start(NULL);
}

/* A gateway that is too short for the family does not count, nor does anything behind its
 * end. */
static void
test_short_gateway(void **state)
{
	static const uint8_t octets[16] = { 0xfe, 0x80, [15] = 2 };

	(void)state;
	for (size_t size = 0; size <= sizeof(octets); size++) {
		struct message message = route_to("2001:db8::", 32);

		message_put_u32(&message, RTA_OIF, 7);
		message_put(&message, RTA_GATEWAY, octets, size);
		parser_take(&parser, &message);
		is_row(size, "2001:db8::", 32, size < 16 ? NULL : "fe80::2", 7);
	}
	parser_counts(&parser, 17, 0);
}

/* A message that is cut off between two attributes is one of its own, and a route when it
 * still has its link; any other is counted. */
static void
test_cut_off_anywhere(void **state)
{
	struct message message = route_to("2001:db8::", 32);
	bool whole[MESSAGE_SIZE] = { false };

	(void)state;
	message_put_u32(&message, RTA_OIF, 7);
	message_put_u32(&message, RTA_PRIORITY, 1024);
	message_put_address(&message, RTA_GATEWAY, "fe80::2");
	whole[64] = whole[72] = whole[92] = true;
	assert_int_equal(message.header.nlmsg_len, 92);
	for (size_t n = NLMSG_HDRLEN; n <= message.header.nlmsg_len; n++) {
		start(NULL);
		parser_take_cut(&parser, &message, n);
		parser_counts(&parser, whole[n], !whole[n]);
		routes_free(&routes);
	}
	start(NULL);
}

/* Attribute lengths that lie. */
static void
test_lying_attribute(void **state)
{
	static const uint16_t lies[] = { 0, 1, 3, 9, 12, 0x7fff, 0xffff };

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct message message = route_to("10.0.0.0", 8);
		size_t at = message.header.nlmsg_len;

		message_put_u32(&message, RTA_OIF, 7);
		memcpy(message.octets + at, &lies[i], sizeof(lies[i]));
		parser_take(&parser, &message);
		parser_counts(&parser, 0, i + 1);
	}
}

/* --- several hops --------------------------------------------------------------------- */

static void
test_multipath_ipv4(void **state)
{
	struct message message = route_to("10.0.0.0", 8);
	size_t nest = message_begin(&message, RTA_MULTIPATH), leg;

	(void)state;
	message_put_leg(&message, 7, 0, "192.0.2.2");
	message_put_leg(&message, 9, RTNH_F_DEAD | RTNH_F_LINKDOWN, "192.0.2.3");
	message_put_leg(&message, 8, RTNH_F_LINKDOWN, "192.0.2.4");
	message_put_leg(&message, 10, 0, NULL);
	leg = message_begin_leg(&message, 11, RTNH_F_ONLINK);
	message_put_via(&message, "2001:db8::2");
	message_end_leg(&message, leg);
	message_end(&message, nest);
	message_put_u32(&message, RTA_PRIORITY, 20);
	parser_take(&parser, &message);
	parser_counts(&parser, 4, 0);
	is_row(0, "10.0.0.0", 8, "192.0.2.2", 7);
	is_row(1, "10.0.0.0", 8, "192.0.2.4", 8);
	is_row(2, "10.0.0.0", 8, NULL, 10);
	is_row(3, "10.0.0.0", 8, "2001:db8::2", 11);
	assert_false(row_at(1)->flags & ROUTE_ONLINK);
	assert_true(row_at(3)->flags & ROUTE_ONLINK);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(row_at(i)->metric, 20);
}

static void
test_multipath_ipv6(void **state)
{
	struct message message = route_to("2001:db8:1::", 48);
	size_t nest = message_begin(&message, RTA_MULTIPATH | NLA_F_NESTED);

	(void)state;
	message_put_leg(&message, 7, 0, "fe80::2");
	message_put_leg(&message, 9, 0, "fe80::2");
	message_put_leg(&message, 9, RTNH_F_DEAD, "fe80::3");
	message_put_leg(&message, 7, 0, "2001:db8::2");
	message_end(&message, nest);
	parser_take(&parser, &message);
	parser_counts(&parser, 3, 0);
	is_row(0, "2001:db8:1::", 48, "fe80::2", 7);
	is_row(1, "2001:db8:1::", 48, "fe80::2", 9);
	is_row(2, "2001:db8:1::", 48, "2001:db8::2", 7);
	assert_int_equal(row_at(0)->gateway, row_at(1)->gateway);
	assert_int_equal(row_at(0)->destination, row_at(2)->destination);
	/* The destination, two gateways; fe80::3 is not shown. */
	assert_int_equal(routes.pool.addresses.n, 3);
}

/* The legs before the one that lies are good; those behind it cannot be found. */
static void
test_multipath_lying_leg(void **state)
{
	static const uint16_t lies[] = { 0, 1, 7, 17, 20, 24, 33, 100, 0xffff };

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct message message = route_to("10.0.0.0", 8);
		size_t nest = message_begin(&message, RTA_MULTIPATH), second;
		struct rtnexthop *leg;

		start(NULL);
		message_put_leg(&message, 7, 0, "192.0.2.2");
		second = message.header.nlmsg_len;
		message_put_leg(&message, 8, 0, "192.0.2.3");
		message_end(&message, nest);
		leg = (void *)(message.octets + second);
		assert_int_equal(leg->rtnh_len, 16);
		leg->rtnh_len = lies[i];
		parser_take(&parser, &message);
		parser_counts(&parser, 1, 1);
		is_row(0, "10.0.0.0", 8, "192.0.2.2", 7);
		routes_free(&routes);
	}
	start(NULL);
}

/* A leg whose attribute goes beyond its end does not look into the next leg. */
static void
test_multipath_attribute_too_long(void **state)
{
	struct message message = route_to("10.0.0.0", 8);
	size_t nest = message_begin(&message, RTA_MULTIPATH), at;

	(void)state;
	at = message.header.nlmsg_len;
	message_put_leg(&message, 7, 0, "192.0.2.2");
	message_put_leg(&message, 8, 0, "192.0.2.3");
	message_end(&message, nest);
	message.octets[at + sizeof(struct rtnexthop)] = 24; /* nla_len; there are 8 */
	parser_take(&parser, &message);
	parser_counts(&parser, 0, 1);
}

/* RTA_MULTIPATH that ends anywhere: only whole legs are rows. */
static void
test_multipath_cut_off_anywhere(void **state)
{
	uint8_t legs[3 * 16];
	struct message whole = route_to("10.0.0.0", 8);
	size_t nest = message_begin(&whole, RTA_MULTIPATH);

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		message_put_leg(&whole, 7 + i, 0, "192.0.2.2");
	message_end(&whole, nest);
	memcpy(legs, whole.octets + nest + NLA_HDRLEN, sizeof(legs));
	for (size_t n = sizeof(struct rtnexthop); n <= sizeof(legs); n++) {
		struct message message = route_to("10.0.0.0", 8);

		start(NULL);
		message_put(&message, RTA_MULTIPATH, legs, n);
		parser_take(&parser, &message);
		parser_counts(&parser, n / 16, n % 16 >= sizeof(struct rtnexthop));
		for (size_t i = 0; i < n / 16; i++)
			is_row(i, "10.0.0.0", 8, "192.0.2.2", (uint32_t)(7 + i));
		routes_free(&routes);
	}
	start(NULL);
}

/* The whole message cut off inside RTA_MULTIPATH: no leg of it. */
static void
test_message_cut_off_in_multipath(void **state)
{
	struct message message = route_to("10.0.0.0", 8);
	size_t nest = message_begin(&message, RTA_MULTIPATH);

	(void)state;
	message_put_leg(&message, 7, 0, "192.0.2.2");
	message_put_leg(&message, 8, 0, "192.0.2.3");
	message_end(&message, nest);
	for (size_t n = nest + 1; n < message.header.nlmsg_len; n++) {
		parser_take_cut(&parser, &message, n);
		parser_counts(&parser, 0, n - nest);
	}
	parser_take(&parser, &message);
	assert_int_equal(routes.rows.n, 2);
}

/* --- next-hop objects ----------------------------------------------------------------- */

/* An object with a gateway (or NULL) over a link; flags are RTNH_F_…. */
static void
add_object(uint32_t id, const char *gateway, uint32_t ifindex, uint32_t flags)
{
	struct nhmsg body = { .nh_family = AF_INET, .nh_flags = flags };
	struct message message;

	if (gateway && strchr(gateway, ':'))
		body.nh_family = AF_INET6;
	message_start(&message, RTM_NEWNEXTHOP, &body, sizeof(body));
	message_put_u32(&message, NHA_ID, id);
	if (ifindex)
		message_put_u32(&message, NHA_OIF, ifindex);
	else
		message_put(&message, NHA_BLACKHOLE, NULL, 0);
	if (gateway)
		message_put_address(&message, NHA_GATEWAY, gateway);
	assert_int_equal(nexthops_message(&message.header, &routes.nexthops), 0);
}

static void
add_group(uint32_t id, const uint32_t *members, size_t n)
{
	struct nhmsg body = { .nh_family = AF_UNSPEC };
	struct nexthop_grp entries[8] = { { 0 } };
	struct message message;

	for (size_t i = 0; i < n; i++)
		entries[i].id = members[i];
	message_start(&message, RTM_NEWNEXTHOP, &body, sizeof(body));
	message_put_u32(&message, NHA_ID, id);
	message_put(&message, NHA_GROUP, entries, n * sizeof(entries[0]));
	assert_int_equal(nexthops_message(&message.header, &routes.nexthops), 0);
}

static void
add_objects(void)
{
	add_object(1, "192.0.2.2", 7, 0);
	add_object(2, "fe80::2", 9, 0);
	add_object(3, NULL, 7, 0);
	add_object(4, NULL, 0, 0); /* blackhole */
	add_object(5, "192.0.2.5", 8, RTNH_F_DEAD);
	add_object(6, "192.0.2.6", 8, RTNH_F_LINKDOWN);
	add_group(10, (const uint32_t[]){ 2, 1, 5, 99 }, 4);
	nexthops_sort(&routes.nexthops);
}

static struct message
route_over(uint32_t id)
{
	struct message message = route_to("10.0.0.0", 8);

	message_put_u32(&message, RTA_NH_ID, id);
	return message;
}

/* With net.ipv4.nexthop_compat_mode=0 the number is all there is. */
static void
test_objects(void **state)
{
	struct message message;

	(void)state;
	add_objects();
	for (uint32_t id = 1; id <= 6; id++) {
		message = route_over(id);
		parser_take(&parser, &message);
	}
	parser_counts(&parser, 5, 0);
	is_row(0, "10.0.0.0", 8, "192.0.2.2", 7);
	is_row(1, "10.0.0.0", 8, "fe80::2", 9);
	is_row(2, "10.0.0.0", 8, NULL, 7);
	is_row(3, "10.0.0.0", 8, NULL, 0);
	assert_int_equal(row_at(2)->type, RTN_UNICAST);
	assert_int_equal(row_at(3)->type, RTN_BLACKHOLE);
	is_row(4, "10.0.0.0", 8, "192.0.2.6", 8);
}

static void
test_object_ipv6(void **state)
{
	struct message message = route_to("2001:db8::", 32);

	(void)state;
	add_objects();
	message_put_u32(&message, RTA_NH_ID, 2);
	parser_take(&parser, &message);
	message = route_to("2001:db8::", 32);
	message_put_u32(&message, RTA_NH_ID, 3);
	parser_take(&parser, &message);
	parser_counts(&parser, 2, 0);
	is_row(0, "2001:db8::", 32, "fe80::2", 9);
	is_row(1, "2001:db8::", 32, NULL, 7);
}

/* Members that are dead or unknown are no hops. */
static void
test_group(void **state)
{
	struct message message = route_over(10);

	(void)state;
	add_objects();
	parser_take(&parser, &message);
	parser_counts(&parser, 2, 0);
	assert_int_equal(row_at(0)->ifindex + row_at(1)->ifindex, 7 + 9);
	if (row_at(0)->ifindex == 7) {
		is_row(0, "10.0.0.0", 8, "192.0.2.2", 7);
		is_row(1, "10.0.0.0", 8, "fe80::2", 9);
	}
}

static void
test_unknown_object(void **state)
{
	struct message message = route_over(77);

	(void)state;
	parser_take(&parser, &message);
	add_objects();
	parser_take(&parser, &message);
	parser_counts(&parser, 0, 0);
}

/* With the hops spelled out beside the number, as it is by default, those count. */
static void
test_objects_spelled_out(void **state)
{
	struct message message = route_over(1);
	size_t nest;

	(void)state;
	add_objects();
	message_put_address(&message, RTA_GATEWAY, "192.0.2.77");
	message_put_u32(&message, RTA_OIF, 77);
	parser_take(&parser, &message);
	message = route_over(10);
	nest = message_begin(&message, RTA_MULTIPATH);
	message_put_leg(&message, 70, 0, "192.0.2.70");
	message_put_leg(&message, 71, 0, "192.0.2.71");
	message_end(&message, nest);
	parser_take(&parser, &message);
	/* The kernel tells a route over a blackhole object as a blackhole. */
	message = route_over(4);
	message_route(&message)->rtm_type = RTN_BLACKHOLE;
	parser_take(&parser, &message);
	parser_counts(&parser, 4, 0);
	is_row(0, "10.0.0.0", 8, "192.0.2.77", 77);
	is_row(1, "10.0.0.0", 8, "192.0.2.70", 70);
	is_row(2, "10.0.0.0", 8, "192.0.2.71", 71);
	is_row(3, "10.0.0.0", 8, NULL, 0);
}

/* A blackhole route over an object that is none is one all the same, and one row. */
static void
test_blackhole_over_group(void **state)
{
	struct message message = route_over(10);

	(void)state;
	add_objects();
	message_route(&message)->rtm_type = RTN_BLACKHOLE;
	parser_take(&parser, &message);
	parser_counts(&parser, 1, 0);
	is_row(0, "10.0.0.0", 8, NULL, 0);
}

/* --- a whole reading, of a kernel that is made up ------------------------------------- */

/* What the kernel is asked, and says. */
static struct {
	int nexthops, routes; /* how often it was asked */
	int nexthop_errors[8];
	uint8_t families[40]; /* of each request for routes */
	uint32_t tables[40];  /* 0: all */
	int errors[40];	      /* by request; 0 gives one route */
} kernel;

static uint32_t
requested_table(const struct nlmsghdr *request)
{
	const struct nlattr *attribute = (const void *)((const char *)NLMSG_DATA(request) +
	    NLMSG_ALIGN(sizeof(struct rtmsg)));
	uint32_t table;

	if (request->nlmsg_len == NLMSG_LENGTH(sizeof(struct rtmsg)))
		return 0;
	assert_int_equal(request->nlmsg_len, NLMSG_LENGTH(sizeof(struct rtmsg)) + 8);
	assert_int_equal(attribute->nla_len, 8);
	assert_int_equal(attribute->nla_type, RTA_TABLE);
	memcpy(&table, attribute + 1, sizeof(table));
	return table;
}

int
__wrap_netlink_dump(int bus, struct nlmsghdr *request, const struct netlink_reader *reader,
    size_t *malformed)
{
	const struct rtmsg *body = NLMSG_DATA(request);
	struct message message;

	assert_int_equal(bus, NETLINK_ROUTE);
	assert_int_equal(request->nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	if (request->nlmsg_type == RTM_GETNEXTHOP) {
		struct nhmsg object = { .nh_family = AF_INET };

		message_start(&message, RTM_NEWNEXTHOP, &object, sizeof(object));
		message_put_u32(&message, NHA_ID, 1);
		message_put_u32(&message, NHA_OIF, 5);
		assert_int_equal(reader->message(&message.header, reader->argument), 0);
		++*malformed;
		return kernel.nexthop_errors[kernel.nexthops++];
	}
	assert_int_equal(request->nlmsg_type, RTM_GETROUTE);
	assert_true(kernel.routes < 40);
	kernel.families[kernel.routes] = body->rtm_family;
	kernel.tables[kernel.routes] = requested_table(request);
	message_start_route(&message, body->rtm_family, 0);
	message_put_u32(&message, RTA_TABLE, kernel.tables[kernel.routes]);
	message_put_u32(&message, RTA_NH_ID, 1);
	if (!kernel.errors[kernel.routes])
		assert_int_equal(reader->message(&message.header, reader->argument), 0);
	*malformed += 10;
	return kernel.errors[kernel.routes++];
}

static int
start_kernel(void **state)
{
	memset(&kernel, 0, sizeof(kernel));
	return start(state);
}

static const struct pause nobody = { NULL, NULL };

static void
test_read_all(void **state)
{
	(void)state;
	assert_int_equal(routes_read(&routes, &nobody), 0);
	assert_int_equal(kernel.nexthops, 1);
	assert_int_equal(kernel.routes, 2);
	assert_int_equal(kernel.families[0], AF_INET);
	assert_int_equal(kernel.families[1], AF_INET6);
	assert_int_equal(kernel.tables[0], 0);
	assert_int_equal(kernel.tables[1], 0);
	parser_counts(&parser, 2, 21);
	assert_int_equal(row_at(0)->ifindex, 5);
	/* What only reading needs is gone. */
	assert_int_equal(routes.pool.slots.n, 0);
	assert_int_equal(routes.nexthops.objects.n, 0);
}

static void
test_read_tables(void **state)
{
	(void)state;
	tables = (struct route_tables){ .n = 3, .id = { 254, 1000, UINT32_MAX } };
	kernel.errors[1] = -ENOENT; /* the kernel's word for a table it does not have */
	kernel.errors[3] = -EAFNOSUPPORT; /* … and for a family */
	assert_int_equal(routes_read(&routes, &nobody), 0);
	assert_int_equal(kernel.routes, 6);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(kernel.families[i], i < 3 ? AF_INET : AF_INET6);
		assert_true(kernel.tables[i] == tables.id[i % 3]);
	}
	assert_int_equal(routes.rows.n, 4);
}

static void
test_read_errors(void **state)
{
	static const int errors[] = { -ENOBUFS, -ETIMEDOUT, -EPERM, -ENOMEM };

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		for (int which = 0; which < 2; which++) {
			start_kernel(state);
			kernel.errors[which] = errors[i];
			assert_int_equal(routes_read(&routes, &nobody), errors[i]);
			assert_int_equal(kernel.routes, which + 1);
			routes_free(&routes);
		}
		start_kernel(state);
		kernel.nexthop_errors[0] = errors[i];
		assert_int_equal(routes_read(&routes, &nobody), errors[i]);
		assert_int_equal(kernel.routes, 0);
		routes_free(&routes);
	}
	start_kernel(state);
}

/* A kernel without them. */
static void
test_read_without_nexthops(void **state)
{
	(void)state;
	kernel.nexthop_errors[0] = -EOPNOTSUPP;
	assert_int_equal(routes_read(&routes, &nobody), 0);
	assert_int_equal(kernel.routes, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
#define TEST_READ(name) cmocka_unit_test_setup_teardown(name, start_kernel, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_octets_ipv4),
		TEST(test_octets_ipv6),
		TEST(test_row_is_small),
		TEST(test_on_link),
		TEST(test_default),
		TEST(test_values),
		TEST(test_tables),
		TEST(test_wanted_tables),
		TEST(test_via),
		TEST(test_dead_hop),
		TEST(test_types),
		TEST(test_rejects_have_no_link),
		TEST(test_cloned),
		TEST(test_other_messages),
		TEST(test_prefix_lengths),
		TEST(test_short_destination),
		TEST(test_short_gateway),
		TEST(test_cut_off_anywhere),
		TEST(test_lying_attribute),
		TEST(test_multipath_ipv4),
		TEST(test_multipath_ipv6),
		TEST(test_multipath_lying_leg),
		TEST(test_multipath_attribute_too_long),
		TEST(test_multipath_cut_off_anywhere),
		TEST(test_message_cut_off_in_multipath),
		TEST(test_objects),
		TEST(test_object_ipv6),
		TEST(test_group),
		TEST(test_unknown_object),
		TEST(test_objects_spelled_out),
		TEST(test_blackhole_over_group),
		TEST_READ(test_read_all),
		TEST_READ(test_read_tables),
		TEST_READ(test_read_errors),
		TEST_READ(test_read_without_nexthops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
