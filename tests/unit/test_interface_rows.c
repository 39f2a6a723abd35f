// SPDX-License-Identifier: BSD-2-Clause
// Tests of the source of interfaces: what one reading makes of the kernel's devices.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices.h"
#include "helpers.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND INT64_C(1000000000)

static struct random chance;

static struct octets
text(const char *characters)
{
	return (struct octets){ (const uint8_t *)characters, strlen(characters) };
}

/* The octets of a row are these: of the address, then of the alias. */
static void
has_octets(uint32_t ifindex, struct octets address, struct octets alias)
{
	const struct interface_row *found = row(ifindex);
	const uint8_t *side = snapshot->side.data;

	assert_int_equal(found->address_length, address.n);
	assert_int_equal(found->alias_length, alias.n);
	assert_true(found->octets + address.n + alias.n <= snapshot->side.n);
	if (address.n > 0)
		assert_memory_equal(side + found->octets, address.at, address.n);
	if (alias.n > 0)
		assert_memory_equal(side + found->octets + address.n, alias.at, alias.n);
}

/* --- rows
 * ----------------------------------------------------------------------------------------
 */

static void
test_no_devices(void **state)
{
	(void)state;
	read_again();
	assert_int_equal(snapshot->rows.n, 0);
	assert_int_equal(snapshot_set(snapshot, INTERFACE_STACK)->n, 0);
	assert_int_equal(snapshot_set(snapshot, INTERFACE_TIMES)->n, 1);
	watch_devices();
	read_again();
	read_again();
	assert_int_equal(snapshot->rows.n, 0);
	assert_int_equal(kernel.counters, 1);
}

static void
test_row(void **state)
{
	static const uint8_t mac[] = { 2, 0, 0, 0, 0, 7 };
	struct made_up *device = add_device(7, "wan0");
	const struct interface_row *found;

	(void)state;
	device->link.mtu = 9000;
	device->link.carrier_ups = 3;
	device->link.master = 9;
	device->link.other = 8;
	device->link.kind = text("vlan");
	device->link.operstate = IF_OPER_DORMANT;
	device->link.address = (struct octets){ mac, 6 };
	device->link.alias = text("to the world");
	device->speed = 2500;
	read_again();
	found = row(7);
	assert_int_equal(snapshot->rows.n, 1);
	assert_string_equal(found->name, "wan0");
	assert_int_equal(found->mtu, 9000);
	assert_int_equal(found->carrier_ups, 3);
	assert_int_equal(found->above, 9);
	assert_int_equal(found->below, 8);
	assert_int_equal(found->type, 135);
	assert_int_equal(found->admin, ADMIN_UP);
	assert_int_equal(found->oper, OPER_DORMANT);
	assert_int_equal(found->speed, 2500);
	assert_int_equal(found->flags, IF_TRAPS); /* 8 is not there */
	has_octets(7, device->link.address, device->link.alias);
}

static void
test_flags(void **state)
{
	(void)state;
	add_device(1, "lo")->link.promiscuity = 1;
	add_device(2, "eth0")->link.has_parent = true;
	find_device(2)->link.promiscuity = 1000;
	add_device(3, "eth1")->link.flags |= IFF_PROMISC; /* not what counts */
	settings.notify_named = true;
	read_again();
	assert_int_equal(row(1)->flags, IF_PROMISCUOUS);
	assert_int_equal(row(2)->flags, IF_PROMISCUOUS | IF_CONNECTOR);
	assert_int_equal(row(3)->flags, 0);
}

/* Whatever the order of the dump, and though a device was told twice. */
static void
test_order(void **state)
{
	static char names[40][LINK_NAME_SIZE];

	(void)state;
	for (uint32_t i = 0; i < 40; i++) {
		snprintf(names[i], sizeof(names[i]), "eth%u", i);
		add_device(1 + i * 7 % 41, names[i])->speed = 10 + i;
	}
	add_device(5, "twice");
	add_device(41, "twice");
	add_device(1, "twice");
	read_again();
	assert_int_equal(snapshot->rows.n, 40);
	for (size_t i = 1; i < 40; i++)
		assert_true(
		    ((const struct interface_row *)array_at(&snapshot->rows, i))->ifindex >
		    ((const struct interface_row *)array_at(&snapshot->rows, i - 1))
			->ifindex);
	for (uint32_t i = 0; i < 40; i++)
		assert_int_equal(row(1 + i * 7 % 41)->speed, 10 + i);
}

static void
test_hidden(void **state)
{
	(void)state;
	add_device(1, "lo")->speed = 1;
	add_device(2, "veth0")->speed = 2;
	add_device(3, "eth0")->speed = 3;
	find_device(2)->wireless = find_device(2)->splits = true;
	assert_true(link_patterns_add(&settings.exclude, "veth*"));
	read_again();
	assert_int_equal(snapshot->rows.n, 2);
	assert_null(find_row(2));
	assert_int_equal(row(1)->speed, 1);
	assert_int_equal(row(3)->speed, 3);
	assert_true(link_patterns_add(&settings.include, "eth*"));
	settings_version++;
	read_again();
	assert_int_equal(snapshot->rows.n, 1);
	assert_int_equal(row(3)->speed, 3);
}

/* Names may have all 15 characters that the kernel lets them have. */
static void
test_long_name(void **state)
{
	(void)state;
	add_device(1, "012345678901234");
	read_again();
	assert_string_equal(row(1)->name, "012345678901234");
}

static void
test_wireless(void **state)
{
	(void)state;
	add_device(1, "wlan0")->wireless = true;
	add_device(2, "eth0");
	/* nl80211 knows of devices that are no Ethernet: they are more than that. */
	add_device(3, "mon0")->wireless = true;
	find_device(3)->link.kind = text("bridge");
	read_again();
	assert_int_equal(row(1)->type, IF_TYPE_WIRELESS);
	assert_int_equal(row(2)->type, IF_TYPE_ETHERNET);
	assert_int_equal(row(3)->type, 209);
}

/* --- octets
 * -------------------------------------------------------------------------------------- */

static void
test_octets(void **state)
{
	static uint8_t octets[40][32];
	struct octets address[40], alias[40];

	(void)state;
	for (size_t i = 0; i < 40; i++) {
		for (size_t k = 0; k < 32; k++)
			octets[i][k] = (uint8_t)(random_next(&chance) & 0x7f);
		address[i] = (struct octets){ octets[i], random_below(&chance, 33) };
		alias[i] = (struct octets){ octets[i],
			random_below(&chance, 2) ? random_below(&chance, 33) : 0 };
		add_device(40 - (uint32_t)i, "eth0")->link.address = address[i];
		kernel.devices[i].link.alias = alias[i];
	}
	read_again();
	for (size_t i = 0; i < 40; i++)
		has_octets(40 - (uint32_t)i, address[i], alias[i]);
}

static void
test_no_address(void **state)
{
	static const uint8_t zero[6];

	(void)state;
	add_device(1, "lo")->link.hardware = ARPHRD_LOOPBACK;
	add_device(2, "tun0")->link.hardware = ARPHRD_TUNNEL;
	for (uint32_t i = 1; i <= 2; i++) {
		find_device(i)->link.address = (struct octets){ zero, 6 };
		find_device(i)->link.alias = text("alias");
	}
	add_device(3, "eth0")->link.address = (struct octets){ zero, 6 };
	read_again();
	has_octets(1, text(""), text("alias"));
	has_octets(2, text(""), text("alias"));
	has_octets(3, find_device(3)->link.address, text(""));
}

/* ifAlias has at most 64 octets; what is cut is cut between characters of UTF-8. */
static void
test_long_alias(void **state)
{
	static const char *const characters[] = { "x", "\u00fc", "\u20ac", "\U0001f600" };

	(void)state;
	for (size_t before = 60; before <= 66; before++) {
		for (size_t i = 0; i < LENGTH(characters); i++) {
			size_t size = strlen(characters[i]);
			size_t whole = before + size <= 64 ? before + size : before;
			char alias[80];

			memset(alias, 'a', sizeof(alias));
			memcpy(alias + before, characters[i], size);
			devices_stop(NULL);
			devices_start(NULL);
			/* It ends with that character, or goes on. */
			add_device(1, "eth0")->link.alias = (struct octets){
				(const uint8_t *)alias, before + size
			};
			add_device(2, "eth1")->link.alias = (struct octets){
				(const uint8_t *)alias, sizeof(alias)
			};
			read_again();
			assert_int_equal(row(1)->alias_length, whole > 64 ? 64 : whole);
			if (before <= 64 && before + size > 64)
				assert_int_equal(row(2)->alias_length, before);
			else
				assert_int_equal(row(2)->alias_length, 64);
			has_octets(2, text(""),
			    (struct octets){
				(const uint8_t *)alias, row(2)->alias_length });
		}
	}
}

/* The kernel takes any octets for an alias. */
static void
test_alias_of_no_characters(void **state)
{
	uint8_t octets[255];

	(void)state;
	memset(octets, 0xbf, sizeof(octets));
	add_device(1, "eth0")->link.alias = (struct octets){ octets, 64 };
	add_device(2, "eth1")->link.alias = (struct octets){ octets, 65 };
	add_device(3, "eth2")->link.alias = (struct octets){ octets, 255 };
	read_again();
	assert_int_equal(row(1)->alias_length, 64);
	assert_int_equal(row(2)->alias_length, 0);
	assert_int_equal(row(3)->alias_length, 0);
}

/* --- counters
 * ------------------------------------------------------------------------------------ */

static void
has_counters(uint32_t ifindex, const uint64_t expected[IF_COUNTERS])
{
	const struct interface_row *found = row(ifindex);

	for (int i = 0; i < IF_COUNTERS; i++)
		if (found->counter[i] != expected[i])
			fail_msg(
			    "counter %d is %llu", i, (unsigned long long)found->counter[i]);
}

static const struct link_counters some_counters = {
	.rx_packets = UINT64_C(1) << 40,
	.tx_packets = 2000,
	.rx_bytes = UINT64_C(3) << 50,
	.tx_bytes = 40000,
	.rx_errors = 5,
	.tx_errors = 6,
	.rx_dropped = 70,
	.tx_dropped = 8,
	.multicast = 900,
	.rx_missed_errors = 7,
};

static void
test_counters(void **state)
{
	static const uint64_t expected[IF_COUNTERS] = {
		[IF_IN_OCTETS] = UINT64_C(3) << 50,
		[IF_IN_UCAST] = (UINT64_C(1) << 40) - 900,
		[IF_IN_MULTICAST] = 900,
		[IF_IN_DISCARDS] = 77,
		[IF_IN_ERRORS] = 5,
		[IF_OUT_OCTETS] = 40000,
		[IF_OUT_UCAST] = 2000,
		[IF_OUT_DISCARDS] = 8,
		[IF_OUT_ERRORS] = 6,
	};

	(void)state;
	add_device(1, "eth0")->link.counters = some_counters;
	read_again();
	has_counters(1, expected);
	assert_false(row(1)->flags & IF_SPLIT);
	/* The same from their own message. */
	watch_devices();
	read_again();
	read_again();
	assert_int_equal(kernel.counters, 1);
	has_counters(1, expected);
}

static void
test_split_counters(void **state)
{
	static const uint64_t expected[IF_COUNTERS] = {
		[IF_IN_OCTETS] = UINT64_C(3) << 50,
		[IF_IN_UCAST] = (UINT64_C(1) << 40) - 900 - 11,
		[IF_IN_MULTICAST] = 900,
		[IF_IN_BROADCAST] = 11,
		[IF_IN_DISCARDS] = 77,
		[IF_IN_ERRORS] = 5,
		[IF_OUT_OCTETS] = 40000,
		[IF_OUT_UCAST] = 2000 - 120 - 130,
		[IF_OUT_MULTICAST] = 120,
		[IF_OUT_BROADCAST] = 130,
		[IF_OUT_DISCARDS] = 8,
		[IF_OUT_ERRORS] = 6,
	};
	struct made_up *device = add_device(2, "eth0");

	(void)state;
	add_device(1, "lo");
	device->link.counters = some_counters;
	device->splits = true;
	device->frames = (struct ethtool_frames){
		.rx_broadcast = 11, .tx_multicast = 120, .tx_broadcast = 130
	};
	read_again();
	has_counters(2, expected);
	assert_true(row(2)->flags & IF_SPLIT);
	assert_false(row(1)->flags & IF_SPLIT);
	watch_devices();
	read_again();
	read_again();
	assert_int_equal(kernel.counters, 1);
	has_counters(2, expected);
	assert_true(row(2)->flags & IF_SPLIT);
	assert_false(row(1)->flags & IF_SPLIT);
}

/* Counters of one device that are not read at one moment: no difference is below 0. */
static void
test_more_groups_than_frames(void **state)
{
	struct made_up *device = add_device(1, "eth0");

	(void)state;
	device->link.counters.rx_packets = 10;
	device->link.counters.multicast = 11;
	device->link.counters.tx_packets = 10;
	device->splits = true;
	device->frames = (struct ethtool_frames){ 5, 6, 5 };
	read_again();
	assert_true(row(1)->counter[IF_IN_UCAST] == 0);
	assert_true(row(1)->counter[IF_OUT_UCAST] == 0);
}

/* --- what runs on top of what
 * -------------------------------------------------------------------- */

/* The rows of ifStackTable are exactly these pairs. */
static void
stack_is(const uint32_t (*pairs)[2], size_t n)
{
	const struct array *stack = snapshot_set(snapshot, INTERFACE_STACK);

	assert_int_equal(stack->n, n);
	for (size_t i = 0; i < n; i++) {
		int found = 0;

		for (size_t k = 0; k < n; k++) {
			const struct interface_stack_row *pair = array_at(stack, k);

			found += pair->higher == pairs[i][0] && pair->lower == pairs[i][1];
		}
		if (found != 1)
			fail_msg("%u over %u: %d times", pairs[i][0], pairs[i][1], found);
	}
}

#define STACK_IS(...) \
	stack_is((const uint32_t[][2]){ __VA_ARGS__ }, \
	    LENGTH(((const uint32_t[][2]){ __VA_ARGS__ })))

static void
test_single(void **state)
{
	(void)state;
	add_device(1, "lo");
	add_device(2, "eth0");
	read_again();
	STACK_IS({ 0, 1 }, { 1, 0 }, { 0, 2 }, { 2, 0 });
}

/* A bridge, its ports, and a VLAN on top of it. */
static void
test_bridge(void **state)
{
	(void)state;
	add_device(2, "eth0")->link.master = 5;
	add_device(3, "eth1")->link.master = 5;
	add_device(5, "br0")->link.kind = text("bridge");
	add_device(4, "br0.7")->link.kind = text("vlan");
	find_device(4)->link.other = 5;
	read_again();
	STACK_IS({ 5, 2 }, { 5, 3 }, { 2, 0 }, { 3, 0 }, { 4, 5 }, { 0, 4 });
}

/* A VLAN in a bridge, on top of a port of a bond. */
static void
test_deep(void **state)
{
	(void)state;
	add_device(1, "eth0")->link.master = 2;
	add_device(2, "bond0")->link.kind = text("bond");
	add_device(3, "bond0.9")->link.kind = text("vlan");
	find_device(3)->link.other = 2;
	find_device(3)->link.master = 4;
	add_device(4, "br0")->link.kind = text("bridge");
	read_again();
	STACK_IS({ 2, 1 }, { 3, 2 }, { 4, 3 }, { 0, 4 }, { 1, 0 });
}

/* The peer of a veth is not below it, a VRF not above its ports. */
static void
test_no_relation(void **state)
{
	(void)state;
	add_device(1, "left")->link.kind = text("veth");
	add_device(2, "right")->link.kind = text("veth");
	find_device(1)->link.other = 2;
	find_device(2)->link.other = 1;
	find_device(1)->link.master = 3;
	find_device(1)->link.vrf_port = true;
	add_device(3, "red")->link.kind = text("vrf");
	read_again();
	STACK_IS({ 0, 1 }, { 1, 0 }, { 0, 2 }, { 2, 0 }, { 0, 3 }, { 3, 0 });
}

/* Nothing is on top of what is not shown, nor is that below. */
static void
test_relation_with_the_hidden(void **state)
{
	(void)state;
	add_device(1, "veth0")->link.master = 2;
	add_device(2, "br0");
	add_device(3, "mac0")->link.kind = text("macvlan");
	find_device(3)->link.other = 1;
	add_device(4, "mac1")->link.kind = text("macvlan");
	find_device(4)->link.other = 77; /* which is not there */
	assert_true(link_patterns_add(&settings.exclude, "veth*"));
	read_again();
	STACK_IS({ 0, 2 }, { 2, 0 }, { 0, 3 }, { 3, 0 }, { 0, 4 }, { 4, 0 });
	for (uint32_t i = 2; i <= 4; i++)
		assert_true(row(i)->flags & IF_TRAPS);
}

/* ifLinkUpDownTrapEnable: of those with nothing below, unless they are named. */
static void
test_traps(void **state)
{
	(void)state;
	add_device(2, "eth0")->link.master = 5;
	add_device(5, "br0")->link.kind = text("bridge");
	add_device(4, "br0.7")->link.kind = text("vlan");
	find_device(4)->link.other = 5;
	read_again();
	assert_int_equal(row(2)->flags & IF_TRAPS, IF_TRAPS);
	assert_int_equal(row(4)->flags & IF_TRAPS, 0);
	assert_int_equal(row(5)->flags & IF_TRAPS, 0);
	settings.notify_named = true;
	settings_version++;
	assert_true(link_patterns_add(&settings.notify, "br0*"));
	read_again();
	assert_int_equal(row(2)->flags & IF_TRAPS, 0);
	assert_int_equal(row(4)->flags & IF_TRAPS, IF_TRAPS);
	assert_int_equal(row(5)->flags & IF_TRAPS, IF_TRAPS);
}

/* --- times
 * ---------------------------------------------------------------------------------------
 */

static void
times_are(int64_t table, int64_t stack)
{
	const struct array *all = snapshot_set(snapshot, INTERFACE_TIMES);
	const struct interface_times *times = array_at(all, 0);

	assert_int_equal(all->n, 1);
	assert_true(times->table == table);
	assert_true(times->stack == stack);
}

static void
test_without_a_watch(void **state)
{
	(void)state;
	for (uint32_t i = 1; i < 5; i++) {
		add_device(i, "eth0")->link.operstate = (uint8_t)i;
		read_again();
		times_are(0, 0);
		for (uint32_t k = 1; k <= i; k++) {
			assert_true(row(k)->last_change == 0);
			assert_true(row(k)->discontinuity == 0);
		}
	}
}

/* A watch that does not watch yet, or not any more, is as none. */
static void
test_watch_does_not_watch(void **state)
{
	(void)state;
	add_device(1, "eth0");
	watch_devices();
	watched.changes = 0;
	read_again();
	times_are(0, 0);
	assert_true(row(1)->last_change == 0);
	assert_true(row(1)->discontinuity == 0);
}

static void
test_times(void **state)
{
	int64_t added, changed;

	(void)state;
	add_device(1, "lo");
	add_device(2, "eth0");
	watch_devices();
	read_again();
	times_are(0, 0);
	assert_true(row(1)->last_change == 0);
	added = now;
	add_device(3, "eth1");
	event_of(3);
	read_again();
	times_are(added, added);
	assert_true(row(3)->last_change == added);
	assert_true(row(3)->discontinuity == added);
	assert_true(row(2)->last_change == 0);
	assert_true(row(2)->discontinuity == 0);
	changed = now;
	find_device(2)->link.operstate = IF_OPER_DOWN;
	find_device(1)->link.master = 3;
	event_of(2);
	event_of(1);
	read_again();
	times_are(added, changed);
	assert_true(row(2)->last_change == changed);
	assert_true(row(2)->discontinuity == 0);
	assert_true(row(3)->last_change == added);
	/* Other counters, the same times. */
	read_again();
	assert_int_equal(kernel.counters, 1);
	times_are(added, changed);
	assert_true(row(2)->last_change == changed);
	assert_true(row(3)->discontinuity == added);
}

/* What the watch has not heard of yet has happened just now. */
static void
test_ahead_of_the_watch(void **state)
{
	(void)state;
	add_device(1, "eth0");
	add_device(2, "eth1");
	watch_devices();
	add_device(3, "eth2");
	find_device(2)->link.operstate = IF_OPER_LOWERLAYERDOWN;
	read_again();
	assert_true(row(1)->last_change == 0);
	assert_true(row(2)->last_change == now);
	assert_true(row(2)->discontinuity == 0);
	assert_true(row(3)->last_change == now);
	assert_true(row(3)->discontinuity == now);
	/* Then it has, a little later. */
	now += SECOND / 2;
	event_of(2);
	event_of(3);
	read_again();
	assert_true(row(2)->last_change == now - SECOND);
	assert_true(row(3)->last_change == now - SECOND);
	assert_true(row(3)->discontinuity == now - SECOND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, devices_start, devices_stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_no_devices),
		TEST(test_row),
		TEST(test_flags),
		TEST(test_order),
		TEST(test_hidden),
		TEST(test_long_name),
		TEST(test_wireless),
		TEST(test_octets),
		TEST(test_no_address),
		TEST(test_long_alias),
		TEST(test_alias_of_no_characters),
		TEST(test_counters),
		TEST(test_split_counters),
		TEST(test_more_groups_than_frames),
		TEST(test_single),
		TEST(test_bridge),
		TEST(test_deep),
		TEST(test_no_relation),
		TEST(test_relation_with_the_hidden),
		TEST(test_traps),
		TEST(test_without_a_watch),
		TEST(test_watch_does_not_watch),
		TEST(test_times),
		TEST(test_ahead_of_the_watch),
	};

	chance = random_from_environment();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
