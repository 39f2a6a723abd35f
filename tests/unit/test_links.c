// SPDX-License-Identifier: BSD-2-Clause
// Tests of reading network devices: RTM_NEWLINK and RTM_NEWSTATS messages built octet by
// octet, and the real ones of a network namespace.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <limits.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/links.h"
#include "namespace.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Octets of a string, without its NUL. */
#define OCTETS(text) ((struct octets){ (const uint8_t *)(text), sizeof(text) - 1 })

/* struct rtnl_link_stats64 up to what is read, and some of what newer kernels append. */
#define STATS_READ 16
#define STATS_ALL 25

/* The message that was parsed last: what it told points into it. */
static struct nlmsghdr *copy;

static int
stop(void **state)
{
	(void)state;
	free(copy);
	copy = NULL;
	return 0;
}

/* Parses the first n octets, in memory that ends there. */
static int
parse_cut(const struct message *message, size_t n, struct link *ret)
{
	free(copy);
	copy = message_cut(message, n);
	return links_parse(copy, ret);
}

/* Parses one that makes sense. */
static struct link
parse(const struct message *message)
{
	struct link link;

	memset(&link, 0xa5, sizeof(link));
	assert_int_equal(parse_cut(message, message->header.nlmsg_len, &link), 1);
	return link;
}

/* What it returns for one that tells of no device: 0 or -errno. */
static int
refusal(const struct message *message)
{
	struct link link, before;
	int result;

	memset(&link, 0xa5, sizeof(link));
	before = link;
	result = parse_cut(message, message->header.nlmsg_len, &link);
	assert_true(result <= 0);
	assert_memory_equal(&link, &before, sizeof(link));
	return result;
}

static void
is_octets(struct octets octets, struct octets expected)
{
	assert_int_equal(octets.n, expected.n);
	if (octets.n > 0)
		assert_memory_equal(octets.at, expected.at, octets.n);
}

static void
is_link(const struct link *link, const struct link *expected)
{
	assert_int_equal(link->ifindex, expected->ifindex);
	assert_int_equal(link->flags, expected->flags);
	assert_int_equal(link->mtu, expected->mtu);
	assert_int_equal(link->master, expected->master);
	assert_int_equal(link->other, expected->other);
	assert_int_equal(link->promiscuity, expected->promiscuity);
	assert_int_equal(link->carrier_ups, expected->carrier_ups);
	assert_int_equal(link->hardware, expected->hardware);
	assert_int_equal(link->operstate, expected->operstate);
	assert_int_equal(link->has_parent, expected->has_parent);
	assert_int_equal(link->vrf_port, expected->vrf_port);
	assert_int_equal(link->has_counters, expected->has_counters);
	is_octets(link->name, expected->name);
	is_octets(link->kind, expected->kind);
	is_octets(link->alias, expected->alias);
	is_octets(link->address, expected->address);
	is_octets(link->broadcast, expected->broadcast);
	assert_memory_equal(
	    &link->counters, &expected->counters, sizeof(struct link_counters));
}

/* Counters that are all different: 2^63 + 1 and so on. */
static void
make_stats(uint64_t stats[STATS_ALL])
{
	for (uint64_t i = 0; i < STATS_ALL; i++)
		stats[i] = (UINT64_C(1) << 63) + i + 1;
}

/* Those of make_stats() that are read. */
static struct link_counters
made_counters(void)
{
	const uint64_t base = UINT64_C(1) << 63;

	return (struct link_counters){
		.rx_packets = base + 1,
		.tx_packets = base + 2,
		.rx_bytes = base + 3,
		.tx_bytes = base + 4,
		.rx_errors = base + 5,
		.tx_errors = base + 6,
		.rx_dropped = base + 7,
		.tx_dropped = base + 8,
		.multicast = base + 9,
		.rx_missed_errors = base + 16,
	};
}

static struct message
device(uint32_t ifindex, const char *name)
{
	struct message message;

	message_start_link(&message, RTM_NEWLINK, ifindex, name);
	return message;
}

/* --- what is told --------------------------------------------------------------------- */

/* ip link add v0 type veth peer name v1; ip link set v0 up master br0 … as it is sent,
 * little-endian and without most of what is not read. */
static void
test_octets(void **state)
{
	static const uint8_t octets[] = {
		132, 0, 0, 0, 16, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, /* header */
		0, 0, 1, 0, 3, 0, 0, 0,		     /* ARPHRD_ETHER, ifindex 3 */
		0x43, 0x10, 1, 0, 0, 0, 0, 0,	     /* flags, change */
		7, 0, 3, 0, 'v', '0', 0, 0,	     /* IFLA_IFNAME */
		8, 0, 13, 0, 232, 3, 0, 0,	     /* IFLA_TXQLEN */
		5, 0, 16, 0, 6, 0, 0, 0,	     /* IFLA_OPERSTATE: up */
		8, 0, 4, 0, 220, 5, 0, 0,	     /* IFLA_MTU */
		8, 0, 10, 0, 4, 0, 0, 0,	     /* IFLA_MASTER */
		10, 0, 1, 0, 2, 0, 0, 0, 0, 3, 0, 0, /* IFLA_ADDRESS */
		10, 0, 2, 0, 255, 255, 255, 255, 255, 255, 0, 0, /* IFLA_BROADCAST */
		28, 0, 18, 0,					 /* IFLA_LINKINFO */
		9, 0, 1, 0, 'v', 'e', 't', 'h', 0, 0, 0, 0,	 /* … KIND */
		11, 0, 4, 0, 'b', 'r', 'i', 'd', 'g', 'e', 0, 0, /* … SLAVE_KIND */
		8, 0, 5, 0, 2, 0, 0, 0,				 /* IFLA_LINK */
	};
	const struct link expected = {
		.ifindex = 3,
		.flags = 0x11043,
		.mtu = 1500,
		.master = 4,
		.other = 2,
		.hardware = ARPHRD_ETHER,
		.operstate = IF_OPER_UP,
		.name = OCTETS("v0"),
		.kind = OCTETS("veth"),
		.address = OCTETS("\2\0\0\0\0\3"),
		.broadcast = OCTETS("\377\377\377\377\377\377"),
	};
	struct message message;
	struct link link;

	(void)state;
	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		skip();
	memcpy(message.octets, octets, sizeof(octets));
	assert_int_equal(message.header.nlmsg_len, sizeof(octets));
	link = parse(&message);
	is_link(&link, &expected);
}

/* One that tells its name alone: the rest is 0 or empty. */
static void
test_least(void **state)
{
	const struct link expected = { .ifindex = 7, .name = OCTETS("eth0") };
	struct message message = device(7, "eth0");
	struct link link = parse(&message);

	(void)state;
	is_link(&link, &expected);
}

static void
test_body(void **state)
{
	struct link expected = { .name = OCTETS("eth0") };
	struct message message = device(INT_MAX, "eth0");
	struct link link;

	(void)state;
	message_link(&message)->ifi_type = UINT16_MAX;
	message_link(&message)->ifi_flags = UINT_MAX;
	message_link(&message)->ifi_change = UINT_MAX;
	link = parse(&message);
	expected.ifindex = INT_MAX;
	expected.hardware = UINT16_MAX;
	expected.flags = UINT_MAX;
	is_link(&link, &expected);
}

static uint64_t all_stats[STATS_ALL];

/* Every attribute of a device that is read, where it goes, and some that are not. */
static const struct {
	uint16_t type;
	const void *payload;
	size_t size;
	size_t field, field_size; /* in struct link; 0: there is none */
} attributes[] = {
#define FIELD(name) offsetof(struct link, name), sizeof(((struct link *)NULL)->name)
	{ IFLA_ADDRESS, "\2\0\0\0\0\1", 6, FIELD(address) },
	{ IFLA_BROADCAST, "\377\377\377\377\377\377", 6, FIELD(broadcast) },
	{ IFLA_MTU, "\1\2\3\4", 4, FIELD(mtu) },
	{ IFLA_LINK, "\2\3\4\5", 4, FIELD(other) },
	{ IFLA_QDISC, "noqueue", 8, 0, 0 },
	{ IFLA_STATS, "not these", 9, 0, 0 },
	{ IFLA_MASTER, "\3\4\5\6", 4, FIELD(master) },
	{ IFLA_TXQLEN, "\7\7\7\7", 4, 0, 0 },
	{ IFLA_OPERSTATE, "\5", 1, FIELD(operstate) },
	{ IFLA_LINKMODE, "\1", 1, 0, 0 },
	{ IFLA_IFALIAS, "to the roof", 12, FIELD(alias) },
	{ IFLA_STATS64, all_stats, sizeof(all_stats), FIELD(has_counters) },
	{ IFLA_PROMISCUITY, "\4\5\6\7", 4, FIELD(promiscuity) },
	{ IFLA_CARRIER_UP_COUNT, "\5\6\7\10", 4, FIELD(carrier_ups) },
	{ IFLA_PARENT_DEV_NAME, "0000:00:02.0", 13, FIELD(has_parent) },
	{ IFLA_PARENT_DEV_BUS_NAME, "pci", 4, 0, 0 },
#undef FIELD
};

static uint32_t
number_of(const char *octets)
{
	uint32_t number;

	memcpy(&number, octets, sizeof(number));
	return number;
}

/* What a device with all of these is. */
static struct link
whole_link(void)
{
	return (struct link){
		.ifindex = 7,
		.mtu = number_of("\1\2\3\4"),
		.other = number_of("\2\3\4\5"),
		.master = number_of("\3\4\5\6"),
		.promiscuity = number_of("\4\5\6\7"),
		.carrier_ups = number_of("\5\6\7\10"),
		.operstate = IF_OPER_DORMANT,
		.has_parent = true,
		.has_counters = true,
		.name = OCTETS("eth0"),
		.alias = OCTETS("to the roof"),
		.address = OCTETS("\2\0\0\0\0\1"),
		.broadcast = OCTETS("\377\377\377\377\377\377"),
		.counters = made_counters(),
	};
}

/* Every attribute there is; then each of them missing by itself. */
static void
test_every_attribute(void **state)
{
	(void)state;
	make_stats(all_stats);
	for (size_t missing = 0; missing <= LENGTH(attributes); missing++) {
		struct message message = device(7, "eth0");
		struct link expected = whole_link(), link;

		for (size_t i = 0; i < LENGTH(attributes); i++)
			if (i != missing)
				message_put(&message, attributes[i].type,
				    attributes[i].payload, attributes[i].size);
		if (missing < LENGTH(attributes))
			memset((char *)&expected + attributes[missing].field, 0,
			    attributes[missing].field_size);
		if (!expected.has_counters)
			expected.counters = (struct link_counters){ 0 };
		link = parse(&message);
		is_link(&link, &expected);
	}
}

/* A number that is too short is none; one that is longer is its first four octets. */
static void
test_sizes_of_numbers(void **state)
{
	static const uint16_t types[] = { IFLA_MTU, IFLA_LINK, IFLA_MASTER,
		IFLA_PROMISCUITY, IFLA_CARRIER_UP_COUNT };

	(void)state;
	for (size_t i = 0; i < LENGTH(types); i++)
		for (size_t size = 0; size <= 9; size++) {
			struct message message = device(7, "eth0");
			struct link link;

			message_put(&message, types[i], "\1\2\3\4\5\6\7\10\11", size);
			link = parse(&message);
			assert_int_equal(link.mtu + link.other + link.master +
				link.promiscuity + link.carrier_ups,
			    size >= 4 ? number_of("\1\2\3\4") : 0);
		}
}

/* Others without an octet are none. */
static void
test_without_an_octet(void **state)
{
	static const uint16_t types[] = { IFLA_ADDRESS, IFLA_BROADCAST, IFLA_IFALIAS,
		IFLA_OPERSTATE, IFLA_PARENT_DEV_NAME, IFLA_LINKINFO };
	const struct link expected = { .ifindex = 7, .name = OCTETS("eth0") };

	(void)state;
	for (size_t i = 0; i < LENGTH(types); i++) {
		struct message message = device(7, "eth0");
		struct link link;

		message_put(&message, types[i], NULL, 0);
		link = parse(&message);
		is_link(&link, &expected);
	}
}

/* Of two of a type the last counts. */
static void
test_twice(void **state)
{
	struct message message = device(7, "old");
	struct link link;

	(void)state;
	message_put_u32(&message, IFLA_MTU, 1);
	message_put_text(&message, IFLA_IFNAME, "new");
	message_put_u32(&message, IFLA_MTU, 2);
	link = parse(&message);
	is_octets(link.name, OCTETS("new"));
	assert_int_equal(link.mtu, 2);
}

/* --- names and addresses -------------------------------------------------------------- */

/* A device with a name of these octets. */
static struct message
named(const void *octets, size_t n)
{
	struct message message = device(7, NULL);

	message_put(&message, IFLA_IFNAME, octets, n);
	return message;
}

static void
test_names(void **state)
{
	char every[255], long_name[300];
	struct message message;

	(void)state;
	/* Without a NUL. */
	message = named("eth0", 4);
	is_octets(parse(&message).name, OCTETS("eth0"));
	/* The NUL is the end, whatever is behind. */
	message = named("eth0\0\0\0\0", 8);
	is_octets(parse(&message).name, OCTETS("eth0"));
	message = named("eth\0zero", 8);
	is_octets(parse(&message).name, OCTETS("eth"));
	/* As long as the kernel has them, and longer. */
	message = named("0123456789abcde", 16);
	is_octets(parse(&message).name, OCTETS("0123456789abcde"));
	memset(long_name, 'x', sizeof(long_name));
	message = named(long_name, sizeof(long_name));
	is_octets(parse(&message).name,
	    (struct octets){ (uint8_t *)long_name, sizeof(long_name) });
	/* Any octets but NUL. */
	for (size_t i = 0; i < sizeof(every); i++)
		every[i] = (char)(i + 1);
	message = named(every, sizeof(every));
	is_octets(parse(&message).name, (struct octets){ (uint8_t *)every, sizeof(every) });
}

/* A device has a name. */
static void
test_no_name(void **state)
{
	struct message message = device(7, NULL);

	(void)state;
	assert_int_equal(refusal(&message), -EBADMSG);
	message_put_u32(&message, IFLA_MTU, 1500);
	assert_int_equal(refusal(&message), -EBADMSG);
	message = named("", 0);
	assert_int_equal(refusal(&message), -EBADMSG);
	message = named("", 1);
	assert_int_equal(refusal(&message), -EBADMSG);
}

/* An alias is text, too; one that was taken away is not sent, or is empty. */
static void
test_aliases(void **state)
{
	static const char utf8[] = "d\303\251j\303\240 vu";
	char long_alias[255];
	struct message message;

	(void)state;
	memset(long_alias, 'y', sizeof(long_alias));
	message = device(7, "eth0");
	message_put(&message, IFLA_IFALIAS, long_alias, sizeof(long_alias));
	is_octets(parse(&message).alias,
	    (struct octets){ (uint8_t *)long_alias, sizeof(long_alias) });
	message_put(&message, IFLA_IFALIAS, utf8, sizeof(utf8));
	is_octets(parse(&message).alias, OCTETS(utf8));
	message_put_text(&message, IFLA_IFALIAS, "");
	is_octets(parse(&message).alias, OCTETS(""));
}

/* Of any length the kernel has (MAX_ADDR_LEN is 32), and others; NULs are part of it. */
static void
test_addresses(void **state)
{
	uint8_t octets[40] = { 0 };

	(void)state;
	for (size_t n = 1; n <= sizeof(octets); n++) {
		struct message message = device(7, "ib0");
		struct link link;

		octets[n - 1] = (uint8_t)(n % 2); /* some end with zeros */
		message_put(&message, IFLA_ADDRESS, octets, n);
		message_put(&message, IFLA_BROADCAST, octets, n);
		link = parse(&message);
		is_octets(link.address, (struct octets){ octets, n });
		is_octets(link.broadcast, (struct octets){ octets, n });
		assert_true(link.address.at > (uint8_t *)copy &&
		    link.address.at + n <= (uint8_t *)copy + copy->nlmsg_len);
	}
}

/* --- counters ------------------------------------------------------------------------- */

/* IFLA_STATS64 of any size: one without all that is read is none. At any alignment the
 * kernel has: attributes are aligned to four octets only. */
static void
test_counters(void **state)
{
	uint64_t stats[STATS_ALL];

	(void)state;
	make_stats(stats);
	for (int shifted = 0; shifted < 2; shifted++)
		for (size_t size = 0; size <= sizeof(stats); size++) {
			struct link_counters expected = made_counters();
			struct message message = device(7, "eth0");
			struct link link;

			if (shifted)
				message_put(&message, IFLA_TXQLEN, NULL, 0);
			message_put(&message, IFLA_STATS64, stats, size);
			link = parse(&message);
			assert_int_equal(link.has_counters, size >= 8 * STATS_READ);
			if (!link.has_counters)
				memset(&expected, 0, sizeof(expected));
			assert_memory_equal(&link.counters, &expected, sizeof(expected));
		}
}

/* --- below and above ------------------------------------------------------------------ */

static void
test_other(void **state)
{
	struct message message = device(7, "v0");

	(void)state;
	message_put_u32(&message, IFLA_LINK, 6);
	assert_int_equal(parse(&message).other, 6);
	/* The number is one of another namespace. */
	message_put_u32(&message, IFLA_LINK_NETNSID, 0);
	assert_int_equal(parse(&message).other, 0);
	message = device(7, "v0");
	message_put(&message, IFLA_LINK_NETNSID, "\377\377\377\377", 4);
	message_put_u32(&message, IFLA_LINK, 6);
	assert_int_equal(parse(&message).other, 0);
	/* Itself is no other. */
	message = device(7, "sit0");
	message_put_u32(&message, IFLA_LINK, 7);
	assert_int_equal(parse(&message).other, 0);
	message_put_u32(&message, IFLA_LINK, 8);
	assert_int_equal(parse(&message).other, 8);
	message_put_u32(&message, IFLA_LINK, 0);
	assert_int_equal(parse(&message).other, 0);
}

/* Adds IFLA_LINKINFO with a kind (n octets of it) and, of its data, an attribute 1 that is
 * a number; flags are those of the nests. */
static void
put_info(
    struct message *message, const char *kind, size_t n, uint32_t number, uint16_t flags)
{
	size_t info = message_begin(message, IFLA_LINKINFO | flags), data;

	message_put(message, IFLA_INFO_KIND, kind, n);
	data = message_begin(message, IFLA_INFO_DATA | flags);
	message_put_u32(message, IFLA_VXLAN_ID, 5);
	message_put_u32(message, IFLA_VXLAN_LINK, number);
	message_end(message, data);
	message_end(message, info);
}

static void
test_kinds(void **state)
{
	static const uint16_t flags[] = { 0, NLA_F_NESTED };

	(void)state;
	for (size_t i = 0; i < LENGTH(flags); i++) {
		struct message message = device(7, "br0");
		struct link link;

		put_info(&message, "bridge", 7, 3, flags[i]);
		link = parse(&message);
		is_octets(link.kind, OCTETS("bridge"));
		assert_int_equal(link.other, 0);
		/* Without its NUL, as newer kernels might. */
		message = device(7, "br0");
		put_info(&message, "bridge", 6, 3, flags[i]);
		is_octets(parse(&message).kind, OCTETS("bridge"));
	}
}

/* A device that has no kind: one of hardware. Its nest may tell of its master's kind. */
static void
test_no_kind(void **state)
{
	struct message message = device(7, "eth0");
	size_t info = message_begin(&message, IFLA_LINKINFO);
	struct link link;

	(void)state;
	message_put_text(&message, IFLA_INFO_SLAVE_KIND, "bridge");
	message_end(&message, info);
	message_put_u32(&message, IFLA_LINK, 6);
	link = parse(&message);
	is_octets(link.kind, OCTETS(""));
	assert_int_equal(link.other, 6);
	/* An empty nest. */
	message = device(7, "eth0");
	message_end(&message, message_begin(&message, IFLA_LINKINFO));
	is_octets(parse(&message).kind, OCTETS(""));
}

/* What vxlan is made on is told by an attribute of its own. */
static void
test_vxlan(void **state)
{
	static const uint16_t flags[] = { 0, NLA_F_NESTED };
	struct message message;

	(void)state;
	for (size_t i = 0; i < LENGTH(flags); i++) {
		message = device(7, "vx0");
		put_info(&message, "vxlan", 6, 3, flags[i]);
		assert_int_equal(parse(&message).other, 3);
		message_put_u32(&message, IFLA_LINK, 4);
		assert_int_equal(parse(&message).other, 3);
		message_put_u32(&message, IFLA_LINK_NETNSID, 0);
		assert_int_equal(parse(&message).other, 0);
	}
	message = device(7, "vx0");
	put_info(&message, "vxlan", 5, 3, 0);
	assert_int_equal(parse(&message).other, 3);
	message = device(7, "vx0");
	put_info(&message, "vxlan", 6, 7, 0);
	assert_int_equal(parse(&message).other, 0);
}

/* A vxlan that is made on no device. */
static void
test_vxlan_without_link(void **state)
{
	struct message message = device(7, "vx0");
	size_t info = message_begin(&message, IFLA_LINKINFO), data;

	(void)state;
	message_put_text(&message, IFLA_INFO_KIND, "vxlan");
	message_end(&message, info);
	assert_int_equal(parse(&message).other, 0);
	data = message_begin(&message, IFLA_INFO_DATA);
	message_put_u32(&message, IFLA_VXLAN_ID, 5);
	message_put(&message, IFLA_VXLAN_LINK, "\1\0\0", 3);
	message_end(&message, data);
	message_end(&message, info);
	assert_int_equal(parse(&message).other, 0);
}

/* Other kinds have other things in their data. */
static void
test_data_of_others(void **state)
{
	static const char *const kinds[] = { "vlan", "vxla", "vxlanx", "Vxlan", "",
		"veth" };

	(void)state;
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		struct message message = device(7, "x");

		put_info(&message, kinds[i], strlen(kinds[i]) + 1, 3, 0);
		assert_int_equal(parse(&message).other, 0);
		message_put_u32(&message, IFLA_LINK, 4);
		assert_int_equal(parse(&message).other, 4);
	}
}

static void
test_vrf_port(void **state)
{
	static const struct {
		const char *octets;
		size_t n;
		bool is_vrf;
	} kinds[] = {
		{ "vrf", 4, true },
		{ "vrf", 3, true },
		{ "vrf\0x", 5, true },
		{ "vr", 3, false },
		{ "vrf1", 5, false },
		{ "bridge", 7, false },
		{ "", 1, false },
		{ "", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		struct message message = device(7, "eth0");
		size_t info = message_begin(&message, IFLA_LINKINFO);
		struct link link;

		message_put_text(&message, IFLA_INFO_KIND, "veth");
		message_put(&message, IFLA_INFO_SLAVE_KIND, kinds[i].octets, kinds[i].n);
		message_end(&message, info);
		message_put_u32(&message, IFLA_MASTER, 9);
		link = parse(&message);
		assert_int_equal(link.vrf_port, kinds[i].is_vrf);
		assert_int_equal(link.master, 9);
		is_octets(link.kind, OCTETS("veth"));
	}
}

/* The VRF itself is none of its ports. */
static void
test_vrf(void **state)
{
	struct message message = device(7, "blue");

	(void)state;
	put_info(&message, "vrf", 4, 3, 0);
	assert_false(parse(&message).vrf_port);
}

/* --- which messages ------------------------------------------------------------------- */

static void
test_types(void **state)
{
	struct message message = device(7, "eth0");
	struct link link;

	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		message.header.nlmsg_type = (uint16_t)type;
		if (type != RTM_NEWLINK && type != RTM_DELLINK) {
			assert_int_equal(refusal(&message), 0);
			continue;
		}
		link = parse(&message);
		assert_int_equal(link.ifindex, 7);
		is_octets(link.name, OCTETS("eth0"));
	}
	message.header.nlmsg_type = NLMSG_NOOP;
	assert_int_equal(parse_cut(&message, NLMSG_HDRLEN, &link), 0);
}

/* A bridge's ports and IPv6 have messages of their own about devices: they may have no
 * name, and DELLINK does not mean that the device is gone. */
static void
test_families(void **state)
{
	static const uint16_t types[] = { RTM_NEWLINK, RTM_DELLINK };

	(void)state;
	for (size_t i = 0; i < LENGTH(types); i++)
		for (unsigned family = 0; family < 256; family++) {
			struct message message;

			message_start_link(&message, types[i], 7, "eth0");
			message_link(&message)->ifi_family = (uint8_t)family;
			if (family == AF_UNSPEC)
				assert_int_equal(parse(&message).ifindex, 7);
			else
				assert_int_equal(refusal(&message), 0);
			message_start_link(&message, types[i], 7, NULL);
			message_link(&message)->ifi_family = (uint8_t)family;
			assert_int_equal(
			    refusal(&message), family == AF_UNSPEC ? -EBADMSG : 0);
		}
}

static void
test_no_ifindex(void **state)
{
	static const int bad[] = { 0, -1, INT_MIN };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct message message = device((uint32_t)bad[i], "eth0");

		assert_int_equal(refusal(&message), -EBADMSG);
	}
}

/* --- messages that are cut off, or lie ------------------------------------------------ */

/* A device with nests, and where its attributes end: with their padding, and without. */
static struct message
nested_device(size_t ends[8], size_t *n_ends)
{
	struct message message = device(7, "a-name7");

	*n_ends = 0;
	ends[(*n_ends)++] = message.header.nlmsg_len; /* eight octets: no padding */
	message_put_u32(&message, IFLA_MTU, 1500);
	ends[(*n_ends)++] = message.header.nlmsg_len;
	put_info(&message, "vxlan12", 7, 3, 0);
	ends[(*n_ends)++] = message.header.nlmsg_len;
	message_put(&message, IFLA_ADDRESS, "\2\0\0\0\0\1", 6);
	ends[(*n_ends)++] = message.header.nlmsg_len - 2;
	ends[(*n_ends)++] = message.header.nlmsg_len - 1;
	ends[(*n_ends)++] = message.header.nlmsg_len;
	return message;
}

static void
test_cut_off_anywhere(void **state)
{
	size_t ends[8], n_ends;
	struct message message = nested_device(ends, &n_ends);
	struct link link;

	(void)state;
	for (size_t n = NLMSG_HDRLEN; n <= message.header.nlmsg_len; n++) {
		bool good = false;

		for (size_t i = 0; i < n_ends; i++)
			good = good || n == ends[i];
		memset(&link, 0, sizeof(link));
		assert_int_equal(parse_cut(&message, n, &link), good ? 1 : -EBADMSG);
		if (!good)
			continue;
		is_octets(link.name, OCTETS("a-name7"));
		assert_int_equal(link.mtu, n >= ends[1] ? 1500 : 0);
		is_octets(link.kind, n >= ends[2] ? OCTETS("vxlan12") : OCTETS(""));
		is_octets(link.address, n >= ends[3] ? OCTETS("\2\0\0\0\0\1") : OCTETS(""));
	}
}

/* The length of an attribute, at this place of a vxlan's message and the last in what it is
 * in, is a lie. */
static void
check_lies(size_t at, size_t size)
{
	static const uint16_t shorts[] = { 0, 1, 3 };
	struct message message = device(7, "vx0"), lying;
	uint16_t length;

	put_info(&message, "vxlan", 6, 3, 0);
	assert_int_equal(parse(&message).other, 3);
	memcpy(&length, message.octets + at, sizeof(length));
	assert_int_equal(length, size);
	for (size_t i = 0; i < LENGTH(shorts); i++) {
		lying = message;
		memcpy(lying.octets + at, &shorts[i], sizeof(length));
		assert_int_equal(refusal(&lying), -EBADMSG);
	}
	/* Longer than what it is in. */
	while (length < UINT16_MAX) {
		lying = message;
		length++;
		memcpy(lying.octets + at, &length, sizeof(length));
		assert_int_equal(refusal(&lying), -EBADMSG);
	}
}

/* Attributes, and those inside of others, that say they are shorter than their head or
 * longer than what they are in. */
static void
test_lying_lengths(void **state)
{
	size_t info = NLMSG_LENGTH(sizeof(struct ifinfomsg)) + 8;
	size_t data = info + NLA_HDRLEN + 12;

	(void)state;
	check_lies(info, 4 + 12 + 20);
	check_lies(data, 4 + 8 + 8);
	check_lies(data + NLA_HDRLEN + 8, 8);
}

/* A kind that says it is as long as the rest of its nest: it is the data's octets that
 * are read as a kind, not anything behind. */
static void
test_lying_kind(void **state)
{
	size_t kind = NLMSG_LENGTH(sizeof(struct ifinfomsg)) + 8 + NLA_HDRLEN;
	struct message message = device(7, "vx0");
	struct link link;

	(void)state;
	put_info(&message, "vxlan\0\0", 8, 3, 0);
	message.octets[kind] = 12 + 20;
	link = parse(&message);
	is_octets(link.kind, OCTETS("vxlan"));
	assert_int_equal(link.other, 0);
	message.octets[kind] = 12 + 20 + 1;
	assert_int_equal(refusal(&message), -EBADMSG);
}

/* The data of a kind that is not known may be anything. */
static void
test_data_that_is_none(void **state)
{
	struct message message = device(7, "x");
	size_t info = message_begin(&message, IFLA_LINKINFO);

	(void)state;
	message_put_text(&message, IFLA_INFO_KIND, "other");
	message_put(&message, IFLA_INFO_DATA, "\377\377\377\377\377", 5);
	message_end(&message, info);
	is_octets(parse(&message).kind, OCTETS("other"));
}

/* --- readers -------------------------------------------------------------------------- */

/* What a reader was told. */
static struct {
	size_t links, counters;
	struct link link;     /* the last one; its octets may be gone */
	char name[IFNAMSIZ];  /* … which is why this is here */
	uint32_t ifindex[16]; /* of each device whose counters were told */
	struct link_counters last;
	int result;
} told;

static int
take_link(const struct link *link, void *argument)
{
	assert_ptr_equal(argument, &told);
	told.links++;
	told.link = *link;
	octets_to_text(link->name, told.name, sizeof(told.name));
	return told.result;
}

static int
take_counters(uint32_t ifindex, const struct link_counters *counters, void *argument)
{
	assert_ptr_equal(argument, &told);
	assert_true(told.counters < LENGTH(told.ifindex));
	told.ifindex[told.counters++] = ifindex;
	told.last = *counters;
	return told.result;
}

static struct link_reader
new_reader(void)
{
	memset(&told, 0, sizeof(told));
	return (struct link_reader){
		.link = take_link,
		.counters = take_counters,
		.argument = &told,
		.malformed = 5,
	};
}

static void
test_links_message(void **state)
{
	struct link_reader reader = new_reader();
	struct message message = device(7, "eth0");

	(void)state;
	assert_int_equal(links_message(&message.header, &reader), 0);
	assert_int_equal(told.links, 1);
	assert_int_equal(told.link.ifindex, 7);
	assert_string_equal(told.name, "eth0");
	/* Of another family, and one that makes no sense. */
	message_link(&message)->ifi_family = AF_BRIDGE;
	assert_int_equal(links_message(&message.header, &reader), 0);
	assert_int_equal(reader.malformed, 5);
	message = device(0, "eth0");
	assert_int_equal(links_message(&message.header, &reader), 0);
	assert_int_equal(reader.malformed, 6);
	assert_int_equal(told.links, 1);
	/* What link() returns is returned. */
	told.result = -ECANCELED;
	message = device(7, "eth0");
	assert_int_equal(links_message(&message.header, &reader), -ECANCELED);
	assert_int_equal(told.links, 2);
	assert_int_equal(told.counters, 0);
}

static struct message
counters_of(uint32_t ifindex)
{
	const struct if_stats_msg body = { .ifindex = ifindex, .filter_mask = 1 };
	struct message message;

	message_start(&message, RTM_NEWSTATS, &body, sizeof(body));
	return message;
}

static void
test_counters_message(void **state)
{
	static const uint32_t numbers[] = { 1, 7, INT_MAX };
	const struct link_counters expected = made_counters();
	struct link_reader reader = new_reader();
	uint64_t stats[STATS_ALL];

	(void)state;
	make_stats(stats);
	for (size_t i = 0; i < LENGTH(numbers); i++) {
		struct message message = counters_of(numbers[i]);

		message_put(&message, IFLA_STATS_LINK_64, stats, sizeof(stats));
		message_put(&message, IFLA_STATS_LINK_XSTATS, "x", 1);
		assert_int_equal(link_counters_message(&message.header, &reader), 0);
		assert_int_equal(told.counters, i + 1);
		assert_int_equal(told.ifindex[i], numbers[i]);
		assert_memory_equal(&told.last, &expected, sizeof(expected));
		memset(&told.last, 0, sizeof(told.last));
	}
	assert_int_equal(reader.malformed, 5);
}

/* What counters() returns is returned; messages of other types are passed over. */
static void
test_counters_message_others(void **state)
{
	static const uint16_t others[] = { RTM_NEWLINK, RTM_GETSTATS, RTM_NEWROUTE, 20 };
	struct link_reader reader = new_reader();
	struct message message = counters_of(7);
	uint64_t stats[STATS_ALL] = { 0 };

	(void)state;
	message_put(&message, IFLA_STATS_LINK_64, stats, sizeof(stats));
	told.result = -ECANCELED;
	assert_int_equal(link_counters_message(&message.header, &reader), -ECANCELED);
	assert_int_equal(told.counters, 1);
	for (size_t i = 0; i < LENGTH(others); i++) {
		message.header.nlmsg_type = others[i];
		assert_int_equal(link_counters_message(&message.header, &reader), 0);
	}
	assert_int_equal(told.counters, 1);
	assert_int_equal(told.links, 0);
	assert_int_equal(reader.malformed, 5);
}

/* Counters of no device. */
static void
test_counters_message_no_ifindex(void **state)
{
	struct link_reader reader = new_reader();
	struct message message = counters_of(0);
	uint64_t stats[STATS_ALL] = { 0 };

	(void)state;
	message_put(&message, IFLA_STATS_LINK_64, stats, sizeof(stats));
	assert_int_equal(link_counters_message(&message.header, &reader), 0);
	assert_int_equal(told.counters, 0);
	assert_int_equal(reader.malformed, 6);
}

/* Without all that is read, or without any: it makes no sense. */
static void
test_counters_message_sizes(void **state)
{
	const struct link_counters expected = made_counters();
	uint64_t stats[STATS_ALL];

	(void)state;
	make_stats(stats);
	for (size_t size = 0; size <= sizeof(stats); size++) {
		struct link_reader reader = new_reader();
		struct message message = counters_of(7);
		bool good = size >= 8 * STATS_READ;

		message_put(&message, IFLA_STATS_LINK_64, stats, size);
		assert_int_equal(link_counters_message(&message.header, &reader), 0);
		assert_int_equal(told.counters, good);
		assert_int_equal(reader.malformed, 5 + !good);
		if (good)
			assert_memory_equal(&told.last, &expected, sizeof(expected));
	}
}

static void
test_counters_message_cut_off(void **state)
{
	struct message message = counters_of(7);
	uint64_t stats[STATS_READ];
	size_t end;

	(void)state;
	memset(stats, 1, sizeof(stats));
	message_put(&message, IFLA_STATS_LINK_64, stats, sizeof(stats));
	end = message.header.nlmsg_len;
	message_put_u32(&message, IFLA_STATS_LINK_XSTATS, 1);
	for (size_t n = NLMSG_HDRLEN; n <= message.header.nlmsg_len; n++) {
		bool good = n == end || n == message.header.nlmsg_len;
		struct link_reader reader = new_reader();

		free(copy);
		copy = message_cut(&message, n);
		assert_int_equal(link_counters_message(copy, &reader), 0);
		assert_int_equal(told.counters, good);
		assert_int_equal(reader.malformed, 5 + !good);
	}
}

/* --- a whole reading ------------------------------------------------------------------ */

/* The kernel, if it is made up. */
static struct {
	bool real;
	size_t requests;
	int error;
	size_t pauses;
} kernel;

static void
count_pause(void *argument)
{
	(void)argument;
	kernel.pauses++;
}

/* One of everything, and one that makes no sense. */
static int
answer_links(const struct nlmsghdr *request, const struct netlink_reader *reader)
{
	const struct ifinfomsg *body = NLMSG_DATA(request);
	const struct nlattr *mask = (const void *)(body + 1);
	struct message message = device(7, "eth0");
	int error;

	assert_int_equal(request->nlmsg_len, NLMSG_LENGTH(sizeof(*body)) + NLA_HDRLEN + 4);
	assert_int_equal(body->ifi_family, AF_UNSPEC);
	assert_int_equal(body->ifi_index | body->ifi_flags | body->ifi_change, 0);
	assert_int_equal(mask->nla_len, NLA_HDRLEN + 4);
	assert_int_equal(mask->nla_type, IFLA_EXT_MASK);
	assert_int_equal(number_of((const char *)(mask + 1)), RTEXT_FILTER_SKIP_STATS);
	error = reader->message(&message.header, reader->argument);
	message = device(8, NULL);
	return error ? error : reader->message(&message.header, reader->argument);
}

static int
answer_counters(const struct nlmsghdr *request, const struct netlink_reader *reader)
{
	const struct if_stats_msg *body = NLMSG_DATA(request);
	struct message message = counters_of(7);
	uint64_t stats[STATS_READ] = { 0 };
	int error;

	assert_int_equal(request->nlmsg_len, NLMSG_LENGTH(sizeof(*body)));
	assert_int_equal(body->ifindex, 0);
	assert_int_equal(body->filter_mask, IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64));
	message_put(&message, IFLA_STATS_LINK_64, stats, sizeof(stats));
	error = reader->message(&message.header, reader->argument);
	message = counters_of(8);
	return error ? error : reader->message(&message.header, reader->argument);
}

int
__wrap_netlink_dump(int bus, struct nlmsghdr *request, const struct netlink_reader *reader,
    size_t *malformed)
{
	int error;

	if (kernel.real)
		return __real_netlink_dump(bus, request, reader, malformed);
	kernel.requests++;
	assert_int_equal(bus, NETLINK_ROUTE);
	assert_int_equal(request->nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	if (request->nlmsg_type == RTM_GETLINK) {
		error = answer_links(request, reader);
	} else {
		assert_int_equal(request->nlmsg_type, RTM_GETSTATS);
		error = answer_counters(request, reader);
	}
	pause_now(&reader->pause);
	*malformed += 10; /* messages that were cut off */
	return error ? error : kernel.error;
}

static int
start_kernel(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	return 0;
}

/* Errors come as they are, -EINTR too: what was told was told. */
static void
test_read(void **state)
{
	static const int errors[] = { 0, -EINTR, -ENOBUFS, -ETIMEDOUT };

	(void)state;
	for (size_t i = 0; i < LENGTH(errors); i++) {
		struct link_reader reader = new_reader();

		start_kernel(NULL);
		reader.pause.call = count_pause;
		kernel.error = errors[i];
		assert_int_equal(links_read(&reader), errors[i]);
		assert_int_equal(told.links, 1);
		assert_int_equal(told.counters, 0);
		assert_int_equal(reader.malformed, 5 + 1 + 10);
		assert_int_equal(link_counters_read(&reader), errors[i]);
		assert_int_equal(told.links, 1);
		assert_int_equal(told.counters, 1);
		assert_int_equal(reader.malformed, 5 + 2 + 20);
		assert_int_equal(kernel.requests, 2);
		assert_int_equal(kernel.pauses, 2);
	}
}

static void
test_read_given_up(void **state)
{
	struct link_reader reader = new_reader();

	(void)state;
	told.result = -ENOMEM;
	assert_int_equal(links_read(&reader), -ENOMEM);
	assert_int_equal(link_counters_read(&reader), -ENOMEM);
}

/* --- the real ones -------------------------------------------------------------------- */

static bool permitted;

static int
start_real(void **state)
{
	start_kernel(state);
	kernel.real = true;
	permitted = namespace_enter();
	return 0;
}

static int
check_loopback(const struct link *link, void *argument)
{
	take_link(link, argument);
	assert_int_equal(link->ifindex, LOOPBACK);
	assert_int_equal(link->hardware, ARPHRD_LOOPBACK);
	assert_true(link->flags & IFF_LOOPBACK);
	assert_false(link->flags & IFF_UP);
	assert_true(link->mtu > 0);
	assert_true(link->has_counters);
	assert_int_equal(link->master | link->other | link->promiscuity, 0);
	assert_false(link->has_parent || link->vrf_port);
	is_octets(link->kind, OCTETS(""));
	is_octets(link->alias, OCTETS(""));
	is_octets(link->address, OCTETS("\0\0\0\0\0\0"));
	return 0;
}

static void
test_real_loopback(void **state)
{
	struct link_reader reader = new_reader();

	(void)state;
	if (!permitted)
		skip();
	reader.link = check_loopback;
	assert_int_equal(links_read(&reader), 0);
	assert_int_equal(told.links, 1);
	assert_string_equal(told.name, "lo");
	assert_int_equal(link_counters_read(&reader), 0);
	assert_int_equal(told.counters, 1);
	assert_int_equal(told.ifindex[0], LOOPBACK);
	assert_int_equal(reader.malformed, 5);
}

static int
check_veth(const struct link *link, void *argument)
{
	take_link(link, argument);
	if (link->ifindex == LOOPBACK)
		return 0;
	assert_true(link->ifindex == 70 || link->ifindex == 71);
	assert_int_equal(link->other, link->ifindex == 70 ? 71 : 70);
	assert_string_equal(told.name, link->ifindex == 70 ? "one-end" : "\377\1other");
	is_octets(link->kind, OCTETS("veth"));
	assert_int_equal(link->hardware, ARPHRD_ETHER);
	assert_int_equal(link->address.n, 6);
	is_octets(link->broadcast, OCTETS("\377\377\377\377\377\377"));
	return 0;
}

/* Names may be any octets but white space, '/' and ':'. */
static void
test_real_veth(void **state)
{
	struct link_reader reader = new_reader();
	int error;

	(void)state;
	if (!permitted)
		skip();
	assert_int_equal(namespace_add_veth(70, "one end", 71, "other"), -EINVAL);
	error = namespace_add_veth(70, "one-end", 71, "\377\1other");
	if (error == -EOPNOTSUPP)
		skip();
	assert_int_equal(error, 0);
	reader.link = check_veth;
	assert_int_equal(links_read(&reader), 0);
	assert_int_equal(told.links, 3);
	assert_int_equal(link_counters_read(&reader), 0);
	assert_int_equal(told.counters, 3);
	assert_int_equal(reader.malformed, 5);
}

#define TEST(name) cmocka_unit_test_teardown(name, stop)
#define TEST_READ(name) cmocka_unit_test_setup(name, start_kernel)
#define TEST_REAL(name) cmocka_unit_test_setup(name, start_real)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_octets),
		TEST(test_least),
		TEST(test_body),
		TEST(test_every_attribute),
		TEST(test_sizes_of_numbers),
		TEST(test_without_an_octet),
		TEST(test_twice),
		TEST(test_names),
		TEST(test_no_name),
		TEST(test_aliases),
		TEST(test_addresses),
		TEST(test_counters),
		TEST(test_other),
		TEST(test_kinds),
		TEST(test_no_kind),
		TEST(test_vxlan),
		TEST(test_vxlan_without_link),
		TEST(test_data_of_others),
		TEST(test_vrf_port),
		TEST(test_vrf),
		TEST(test_types),
		TEST(test_families),
		TEST(test_no_ifindex),
		TEST(test_cut_off_anywhere),
		TEST(test_lying_lengths),
		TEST(test_lying_kind),
		TEST(test_data_that_is_none),
		TEST(test_links_message),
		TEST(test_counters_message),
		TEST(test_counters_message_others),
		TEST(test_counters_message_no_ifindex),
		TEST(test_counters_message_sizes),
		TEST(test_counters_message_cut_off),
		TEST_READ(test_read),
		TEST_READ(test_read_given_up),
		TEST_REAL(test_real_loopback),
		TEST_REAL(test_real_veth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
