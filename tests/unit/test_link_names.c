// SPDX-License-Identifier: BSD-2-Clause
// Tests of network devices as IF-MIB sees them: which are shown and told of, states, types,
// what is above and below.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>

#include "mib/links.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define LOWER_UP 0x10000	    /* IFF_LOWER_UP */
#define RUNNING (IFF_UP | LOWER_UP) /* with a carrier */

static struct octets
text(const char *characters)
{
	return (struct octets){ (const uint8_t *)characters, strlen(characters) };
}

/* --- which are shown, and told of
 * ---------------------------------------------------------------- */

static struct link_settings settings;

static int
start(void **state)
{
	(void)state;
	link_settings_init(&settings);
	return 0;
}

static void
include(const char *pattern)
{
	assert_true(link_patterns_add(&settings.include, pattern));
}

static void
exclude(const char *pattern)
{
	assert_true(link_patterns_add(&settings.exclude, pattern));
}

static void
test_defaults(void **state)
{
	struct link_settings dirty, zero;

	(void)state;
	memset(&dirty, 0xff, sizeof(dirty));
	memset(&zero, 0, sizeof(zero));
	link_settings_init(&dirty);
	/* They are compared as bytes. */
	assert_memory_equal(&dirty, &zero, sizeof(zero));
	assert_true(link_is_shown(&dirty, "lo"));
	assert_true(link_is_shown(&dirty, ""));
	assert_true(link_notifies(&dirty, "lo", false));
	assert_false(link_notifies(&dirty, "lo", true));
}

static void
test_include(void **state)
{
	(void)state;
	include("eth*");
	include("wlan0");
	assert_true(link_is_shown(&settings, "eth0"));
	assert_true(link_is_shown(&settings, "eth"));
	assert_true(link_is_shown(&settings, "eth0.100"));
	assert_true(link_is_shown(&settings, "wlan0"));
	assert_false(link_is_shown(&settings, "wlan01"));
	assert_false(link_is_shown(&settings, "wlan"));
	assert_false(link_is_shown(&settings, "veth0"));
	assert_false(link_is_shown(&settings, "ETH0"));
	assert_false(link_is_shown(&settings, ""));
}

static void
test_exclude(void **state)
{
	(void)state;
	exclude("veth*");
	exclude("docker?");
	assert_true(link_is_shown(&settings, "eth0"));
	assert_true(link_is_shown(&settings, "docker"));
	assert_true(link_is_shown(&settings, "docker10"));
	assert_false(link_is_shown(&settings, "docker0"));
	assert_false(link_is_shown(&settings, "veth"));
	assert_false(link_is_shown(&settings, "veth12ab"));
}

/* What is excluded is so whatever includes it. */
static void
test_include_and_exclude(void **state)
{
	(void)state;
	include("e*");
	include("eth7");
	exclude("*7");
	assert_true(link_is_shown(&settings, "eth0"));
	assert_false(link_is_shown(&settings, "eth7"));
	assert_false(link_is_shown(&settings, "br0"));
	assert_false(link_is_shown(&settings, "br7"));
	exclude("*");
	assert_false(link_is_shown(&settings, "eth0"));
}

/* As glob(7) has them, but no character of a name is special: not the dot, not the slash,
 * which no name can have. */
static void
test_patterns(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool matches;
	} cases[] = {
		{ "*", "eth0", true },
		{ "*", ".hidden", true },
		{ "?", "a", true },
		{ "?", "ab", false },
		{ "eth[0-3]", "eth3", true },
		{ "eth[0-3]", "eth4", false },
		{ "eth[!0-3]", "eth4", true },
		{ "eth[!0-3]", "eth0", false },
		{ "*.100", "eth0.100", true },
		{ "*.100", "eth0.1000", false },
		{ "e\\*", "e*", true },
		{ "e\\*", "eth0", false },
		{ "eth[", "eth[", true },
		{ "eth[", "eth0", false },
		{ "", "", true },
		{ "", "eth0", false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		start(NULL);
		include(cases[i].pattern);
		if (link_is_shown(&settings, cases[i].name) != cases[i].matches)
			fail_msg("%s and %s", cases[i].pattern, cases[i].name);
		start(NULL);
		exclude(cases[i].pattern);
		assert_int_equal(
		    link_is_shown(&settings, cases[i].name), !cases[i].matches);
	}
}

static void
test_room_for_patterns(void **state)
{
	static const char longest[] = "0123456789012345678901234567890";
	char too_long[LINK_PATTERN_SIZE + 1];
	struct link_patterns before;

	(void)state;
	assert_int_equal(strlen(longest), LINK_PATTERN_SIZE - 1);
	memset(too_long, 'x', LINK_PATTERN_SIZE);
	too_long[LINK_PATTERN_SIZE] = '\0';
	assert_false(link_patterns_add(&settings.include, too_long));
	assert_int_equal(settings.include.n, 0);
	include(longest);
	assert_string_equal(settings.include.text[0], longest);
	for (int i = 1; i < LINK_PATTERNS_MAX; i++)
		include("eth0");
	memcpy(&before, &settings.include, sizeof(before));
	assert_false(link_patterns_add(&settings.include, "eth1"));
	assert_memory_equal(&settings.include, &before, sizeof(before));
	assert_true(link_is_shown(&settings, "eth0"));
	assert_false(link_is_shown(&settings, "eth1"));
}

/* Once names are given, they alone count. */
static void
test_notifies(void **state)
{
	(void)state;
	settings.notify_named = true;
	for (int below = 0; below < 2; below++)
		assert_false(link_notifies(&settings, "eth0", below));
	assert_true(link_patterns_add(&settings.notify, "eth*"));
	for (int below = 0; below < 2; below++) {
		assert_true(link_notifies(&settings, "eth0", below));
		assert_false(link_notifies(&settings, "br0", below));
	}
	settings.notify_named = false;
	assert_true(link_notifies(&settings, "br0", false));
	assert_false(link_notifies(&settings, "eth0", true));
}

/* --- states
 * -------------------------------------------------------------------------------------- */

static void
test_admin_status(void **state)
{
	struct link link = { .flags = 0 };

	(void)state;
	assert_int_equal(link_admin_status(&link), 2);
	link.flags = ~(uint32_t)IFF_UP;
	assert_int_equal(link_admin_status(&link), 2);
	link.flags = IFF_UP;
	assert_int_equal(link_admin_status(&link), 1);
	link.flags = UINT32_MAX;
	assert_int_equal(link_admin_status(&link), 1);
}

/* IF_OPER_… of linux/if.h, and the numbers of RFC 2863. */
static void
test_oper_status(void **state)
{
	static const struct {
		uint8_t operstate;
		enum oper_status status;
		int number;
	} cases[] = {
		{ 1, OPER_NOT_PRESENT, 6 },
		{ 2, OPER_DOWN, 2 },
		{ 3, OPER_LOWER_LAYER_DOWN, 7 },
		{ 4, OPER_TESTING, 3 },
		{ 5, OPER_DORMANT, 5 },
		{ 6, OPER_UP, 1 },
	};
	static const uint32_t flags[] = { 0, IFF_UP, LOWER_UP, RUNNING, UINT32_MAX };

	(void)state;
	/* Whatever the flags are: the kernel has considered them. */
	for (size_t i = 0; i < LENGTH(cases); i++) {
		assert_int_equal(cases[i].status, cases[i].number);
		for (size_t k = 0; k < LENGTH(flags); k++) {
			const struct link link = { .operstate = cases[i].operstate,
				.flags = flags[k] };

			assert_int_equal(link_oper_status(&link), cases[i].status);
		}
	}
}

/* IF_OPER_UNKNOWN, and what no kernel says yet. */
static void
test_unknown_oper_status(void **state)
{
	(void)state;
	for (unsigned operstate = 0; operstate < 256; operstate++) {
		struct link link = { .operstate = (uint8_t)operstate };

		if (operstate >= 1 && operstate <= 6)
			continue;
		assert_int_equal(link_oper_status(&link), OPER_DOWN);
		link.flags = LOWER_UP;
		assert_int_equal(link_oper_status(&link), OPER_DOWN);
		link.flags = IFF_UP;
		assert_int_equal(link_oper_status(&link), OPER_UNKNOWN);
		link.flags = ~(uint32_t)LOWER_UP;
		assert_int_equal(link_oper_status(&link), OPER_UNKNOWN);
		link.flags = RUNNING;
		assert_int_equal(link_oper_status(&link), OPER_UP);
	}
}

/* --- types
 * ---------------------------------------------------------------------------------------
 */

static uint32_t
type_of(const char *kind, uint16_t hardware)
{
	const struct link link = { .kind = text(kind), .hardware = hardware };

	return link_type(&link);
}

/* IANAifType, by its numbers. */
static void
test_types_by_kind(void **state)
{
	static const struct {
		uint32_t type;
		const char *kinds[24];
	} cases[] = {
		{ 6, { "macvlan", "macvtap" } },
		{ 23, { "ppp" } },
		{ 53, { "dummy", "hsr", "ifb", "ipvlan", "ipvtap", "nlmon", "vrf" } },
		{ 131,
		    { "amt", "bareudp", "erspan", "geneve", "gre", "gretap", "ip6erspan",
			"ip6gre", "ip6gretap", "ip6tnl", "ipip", "ovpn", "pfcp", "sit",
			"vti", "vti6", "vxlan", "wireguard", "xfrm" } },
		{ 135, { "vlan" } },
		{ 161, { "bond", "team" } },
		{ 199, { "ipoib" } },
		{ 209, { "bridge" } },
		{ 216, { "gtp" } },
		{ 231, { "macsec" } },
		{ 243, { "rmnet", "wwan" } },
	};
	static const uint16_t hardware[] = { ARPHRD_ETHER, ARPHRD_NONE, ARPHRD_LOOPBACK,
		ARPHRD_VOID };

	(void)state;
	/* Whatever hardware they pretend to be. */
	for (size_t i = 0; i < LENGTH(cases); i++)
		for (const char *const *kind = cases[i].kinds; *kind; kind++)
			for (size_t k = 0; k < LENGTH(hardware); k++)
				if (type_of(*kind, hardware[k]) != cases[i].type)
					fail_msg(
					    "%s is %u", *kind, type_of(*kind, hardware[k]));
}

static void
test_types_by_hardware(void **state)
{
	static const struct {
		uint16_t hardware;
		uint32_t type;
	} cases[] = {
		{ 1, 6 },     /* Ethernet */
		{ 3, 298 },   /* AX.25 */
		{ 6, 9 },     /* IEEE 802 */
		{ 7, 35 },    /* ARCnet */
		{ 15, 32 },   /* DLCI */
		{ 19, 37 },   /* ATM */
		{ 24, 144 },  /* IEEE 1394 */
		{ 32, 199 },  /* InfiniBand */
		{ 256, 28 },  /* SLIP */
		{ 257, 28 },  /* CSLIP */
		{ 258, 28 },  /* SLIP6 */
		{ 259, 28 },  /* CSLIP6 */
		{ 271, 5 },   /* X.25 */
		{ 280, 1 },   /* CAN */
		{ 290, 1 },   /* MCTP */
		{ 512, 23 },  /* PPP */
		{ 513, 118 }, /* HDLC */
		{ 516, 16 },  /* LAPB */
		{ 518, 118 }, /* raw HDLC */
		{ 519, 243 }, /* raw IP */
		{ 768, 131 }, /* IPIP */
		{ 769, 131 }, /* IP6IP6 */
		{ 770, 32 },  /* FRAD */
		{ 772, 24 },  /* loopback */
		{ 774, 15 },  /* FDDI */
		{ 776, 131 }, /* SIT */
		{ 778, 131 }, /* GRE */
		{ 780, 47 },  /* HIPPI */
		{ 784, 56 },  /* Fibre Channel */
		{ 785, 56 },
		{ 786, 56 },
		{ 787, 56 },
		{ 800, 9 },  /* token ring */
		{ 801, 71 }, /* Wi-Fi */
		{ 802, 71 },
		{ 803, 71 },
		{ 804, 259 }, /* IEEE 802.15.4 */
		{ 805, 259 },
		{ 823, 131 }, /* GRE over IPv6 */
		{ 824, 1 },   /* netlink */
		{ 825, 1 },   /* 6LoWPAN */
		{ 826, 1 },   /* vsock */
		{ 0xfffe, 131 },
		{ 0xffff, 1 },
	};
	static const char *const kinds[] = { "", "veth", "tun", "netdevsim", "batadv",
		"bridg", "bridges", "BRIDGE" };

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		for (size_t k = 0; k < LENGTH(kinds); k++)
			if (type_of(kinds[k], cases[i].hardware) != cases[i].type)
				fail_msg("hardware %u is %u", cases[i].hardware,
				    type_of(kinds[k], cases[i].hardware));
}

/* No kind and no hardware has a type that does not fit, or is none. */
static void
test_all_hardware_has_a_type(void **state)
{
	(void)state;
	for (uint32_t hardware = 0; hardware <= UINT16_MAX; hardware++)
		assert_in_range(type_of("", (uint16_t)hardware), 1, 299);
}

/* --- above and below
 * ----------------------------------------------------------------------------- */

static void
test_above(void **state)
{
	struct link link = { .ifindex = 5, .other = 6 };

	(void)state;
	assert_int_equal(link_above(&link), 0);
	link.master = 9;
	assert_int_equal(link_above(&link), 9);
	link.kind = text("vlan");
	assert_int_equal(link_above(&link), 9);
	/* A VRF is not above its ports. */
	link.vrf_port = true;
	assert_int_equal(link_above(&link), 0);
}

static void
test_below(void **state)
{
	static const char *const layered[] = { "amt", "erspan", "gre", "gretap",
		"ip6erspan", "ip6gre", "ip6gretap", "ip6tnl", "ipip", "ipoib", "ipvlan",
		"ipvtap", "macsec", "macvlan", "macvtap", "rmnet", "sit", "vlan", "vti",
		"vti6", "vxlan", "xfrm" };
	/* IFLA_LINK of a veth is its peer. */
	static const char *const others[] = { "veth", "", "bridge", "bond", "team", "dummy",
		"ifb", "vrf", "tun", "wireguard", "netkit", "vxcan", "vla", "vlans" };
	struct link link = { .ifindex = 5, .other = 7 };

	(void)state;
	for (size_t i = 0; i < LENGTH(layered); i++) {
		link.kind = text(layered[i]);
		if (link_below(&link) != 7)
			fail_msg("%s", layered[i]);
		/* In another network namespace, or nothing: links_parse() says 0. */
		link.other = 0;
		assert_int_equal(link_below(&link), 0);
		link.other = 7;
	}
	for (size_t i = 0; i < LENGTH(others); i++) {
		link.kind = text(others[i]);
		if (link_below(&link) != 0)
			fail_msg("%s", others[i]);
	}
}

/* A port may have a device below as well: a VLAN in a bridge. */
static void
test_between(void **state)
{
	const struct link link = {
		.ifindex = 5, .master = 3, .other = 7, .kind = text("vlan")
	};

	(void)state;
	assert_int_equal(link_above(&link), 3);
	assert_int_equal(link_below(&link), 7);
}

/* --- addresses
 * ----------------------------------------------------------------------------------- */

static void
test_address(void **state)
{
	static const uint8_t octets[32] = { 2, 0, 0, 0, 0, 1 };
	static const uint16_t without[] = { ARPHRD_LOOPBACK, ARPHRD_TUNNEL, ARPHRD_TUNNEL6,
		ARPHRD_SIT, ARPHRD_IPGRE, 823 };
	static const uint16_t with[] = { ARPHRD_ETHER, ARPHRD_INFINIBAND, ARPHRD_NONE,
		ARPHRD_IEEE1394, ARPHRD_IEEE80211, ARPHRD_PPP };
	struct link link = { .address = { octets, 32 } };
	struct octets address;

	(void)state;
	for (size_t i = 0; i < LENGTH(with); i++) {
		link.hardware = with[i];
		address = link_address(&link);
		assert_ptr_equal(address.at, octets);
		assert_int_equal(address.n, 32);
	}
	for (size_t i = 0; i < LENGTH(without); i++) {
		link.hardware = without[i];
		assert_int_equal(link_address(&link).n, 0);
	}
	link = (struct link){ .hardware = ARPHRD_ETHER };
	assert_int_equal(link_address(&link).n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test_setup(test_include, start),
		cmocka_unit_test_setup(test_exclude, start),
		cmocka_unit_test_setup(test_include_and_exclude, start),
		cmocka_unit_test(test_patterns),
		cmocka_unit_test_setup(test_room_for_patterns, start),
		cmocka_unit_test_setup(test_notifies, start),
		cmocka_unit_test(test_admin_status),
		cmocka_unit_test(test_oper_status),
		cmocka_unit_test(test_unknown_oper_status),
		cmocka_unit_test(test_types_by_kind),
		cmocka_unit_test(test_types_by_hardware),
		cmocka_unit_test(test_all_hardware_has_a_type),
		cmocka_unit_test(test_above),
		cmocka_unit_test(test_below),
		cmocka_unit_test(test_between),
		cmocka_unit_test(test_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
