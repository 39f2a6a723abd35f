// SPDX-License-Identifier: BSD-2-Clause
// Tests of the source of what IPv4 and IPv6 are set to on interfaces: three dumps make one
// reading, and devices come, go and are renamed between them.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <stdbool.h>
#include <string.h>

#include "kernel/addresses.h"
#include "messages.h"
#include "mib/ip.h"
#include "readings.h"

#define HUNDREDTH (SECOND / 100)
#define READY 0x80000000u /* IF_READY */
#define CONFS 27	  /* up to disable_ipv6, the last that is of use */

/* --- a kernel that is made up --------------------------------------------------------- */

/* A device; its name is one letter. */
struct device {
	char name[2];
	uint32_t ifindex;
	bool ipv4, ipv6;
	bool disabled, forwarding;
	uint32_t changed; /* hundredths of a second */
	uint32_t reachable, retrans;
	const char *token;
	uint64_t arp; /* ms */
};

struct address {
	const char *text;
	uint32_t ifindex;
	uint8_t protocol;
};

struct kernel {
	struct device devices[8];
	struct address addresses[16];
	size_t n_devices, n_addresses;
};

static struct kernel kernel;

/* What happens to it before the next dump of this type; and what that ends with. */
static struct {
	uint16_t before;
	void (*happens)(void);
	uint16_t type;
	int error;
	bool again; /* it is run again because of what happens at its end */
} script;

static void
put_ipv6(struct message *message, const struct device *device)
{
	const int32_t conf[CONFS] = { [0] = device->forwarding, [26] = device->disabled };
	const struct ifla_cacheinfo info = {
		.max_reasm_len = 65535,
		.tstamp = device->changed,
		.reachable_time = device->reachable,
		.retrans_time = device->retrans,
	};
	size_t nest = message_begin(message, AF_INET6);

	message_put_u32(message, IFLA_INET6_FLAGS, READY);
	message_put(message, IFLA_INET6_CONF, conf, sizeof(conf));
	message_put(message, IFLA_INET6_CACHEINFO, &info, sizeof(info));
	message_put_address(
	    message, IFLA_INET6_TOKEN, device->token ? device->token : "::");
	message_end(message, nest);
}

static void
make_device(const struct device *device, struct message *message)
{
	size_t nest;

	message_start_link(message, RTM_NEWLINK, device->ifindex, device->name);
	nest = message_begin(message, IFLA_AF_SPEC);
	if (device->ipv4)
		message_put_u32(message, AF_INET, 0);
	if (device->ipv6)
		put_ipv6(message, device);
	message_end(message, nest);
}

static void
make_parameters(const struct device *device, struct message *message)
{
	const struct ndtmsg body = { .ndtm_family = AF_INET };
	size_t nest;

	message_start(message, RTM_NEWNEIGHTBL, &body, sizeof(body));
	nest = message_begin(message, NDTA_PARMS);
	message_put_u32(message, NDTPA_IFINDEX, device->ifindex);
	message_put(message, NDTPA_RETRANS_TIME, &device->arp, sizeof(device->arp));
	message_end(message, nest);
}

static void
make_address(const struct address *address, struct message *message)
{
	const struct ifaddrmsg body = {
		.ifa_family = address_family(address->text),
		.ifa_prefixlen = 24,
		.ifa_index = address->ifindex,
	};

	message_start(message, RTM_NEWADDR, &body, sizeof(body));
	message_put_address(message, IFA_ADDRESS, address->text);
	message_put_u8(message, 11 /* IFA_PROTO */, address->protocol);
}

/* The messages of one dump. */
static void
dump(uint16_t type, const struct netlink_reader *reader)
{
	size_t n = type == RTM_GETADDR ? kernel.n_addresses : kernel.n_devices;
	struct message message;

	for (size_t i = 0; i < n; i++) {
		if (type == RTM_GETLINK)
			make_device(&kernel.devices[i], &message);
		else if (type == RTM_GETNEIGHTBL)
			make_parameters(&kernel.devices[i], &message);
		else
			make_address(&kernel.addresses[i], &message);
		assert_int_equal(reader->message(&message.header, reader->argument), 0);
	}
}

int
__wrap_netlink_dump(int bus, struct nlmsghdr *request, const struct netlink_reader *reader,
    size_t *malformed)
{
	uint16_t type = request->nlmsg_type;

	(void)malformed;
	assert_int_equal(bus, NETLINK_ROUTE);
	if (type == script.before)
		script.happens();
	dump(type, reader);
	if (type != script.type)
		return 0;
	if (script.again) {
		script.happens();
		reader->again(reader->argument);
		dump(type, reader);
	}
	return script.error;
}

static int
start(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	memset(&script, 0, sizeof(script));
	return readings_start(&source_ip_interfaces);
}

static int
stop(void **state)
{
	(void)state;
	readings_stop();
	return 0;
}

/* A device with both versions; IPv6 was set up on it ten seconds ago. */
static struct device *
add_device(const char *name, uint32_t ifindex)
{
	struct device *device = &kernel.devices[kernel.n_devices++];

	*device = (struct device){
		.ifindex = ifindex,
		.ipv4 = true,
		.ipv6 = true,
		.changed = (uint32_t)(now / HUNDREDTH) - 1000,
		.reachable = 30000 + ifindex,
		.retrans = 1000,
		.arp = 1000 + ifindex,
	};
	strcpy(device->name, name);
	return device;
}

static void
add_address(const char *text, uint32_t ifindex, uint8_t protocol)
{
	kernel.addresses[kernel.n_addresses++] = (struct address){ text, ifindex,
		protocol };
}

/* --- what was read -------------------------------------------------------------------- */

static const struct ip_interface *
row(size_t i)
{
	assert_true(i < last->rows.n);
	return array_at(&last->rows, i);
}

/* Reads again, a second later; all is well, and there are so many rows. */
static void
reads(size_t n)
{
	assert_int_equal(read_after(SECOND), 0);
	assert_int_equal(last->rows.n, n);
}

static void
changed(int64_t ipv4, int64_t ipv6)
{
	const struct ip_interface_times *times = array_at(
	    &last->more[IP_INTERFACE_TIMES - 1], 0);

	assert_int_equal(last->more[IP_INTERFACE_TIMES - 1].n, 1);
	assert_true(times->ipv4 == ipv4);
	assert_true(times->ipv6 == ipv6);
}

static void
identifier(size_t i, const char *octets)
{
	assert_int_equal(row(i)->identifier_length, octets ? 8 : 0);
	if (octets)
		assert_memory_equal(row(i)->identifier, octets, 8);
}

/* --- rows ----------------------------------------------------------------------------- */

/* By ifindex, whatever the kernel's order is, and each with what is its own. */
static void
test_rows(void **state)
{
	static const uint32_t ifindexes[] = { 2, 7, INT32_MAX };

	(void)state;
	add_device("c", 7)->forwarding = true;
	add_device("a", INT32_MAX);
	add_device("b", 2)->disabled = true;
	reads(3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(row(i)->ifindex, ifindexes[i]);
		assert_true(row(i)->ipv4 && row(i)->ipv6);
		assert_int_equal(row(i)->ipv6_enabled, i != 0);
		assert_int_equal(row(i)->forwarding, i == 1);
		assert_int_equal(row(i)->arp_retrans, 1000 + ifindexes[i]);
		assert_int_equal(row(i)->reachable, 30000 + ifindexes[i]);
		assert_int_equal(row(i)->max_reasm, 65535);
		assert_int_equal(row(i)->retrans, 1000);
	}
}

/* A device of neither version is none; of one it has what that one keeps. */
static void
test_versions(void **state)
{
	struct device *device;

	(void)state;
	device = add_device("a", 2);
	device->ipv4 = device->ipv6 = false;
	add_device("b", 3)->ipv6 = false;
	add_device("c", 4)->ipv4 = false;
	reads(2);
	assert_true(row(0)->ipv4 && !row(0)->ipv6);
	assert_int_equal(row(0)->max_reasm, 0);
	assert_true(!row(1)->ipv4 && row(1)->ipv6);
}

/* IPv6 is switched off: there is no device with it, and asked for its addresses the kernel
 * tells of those of IPv4. */
static void
test_no_ipv6(void **state)
{
	(void)state;
	add_device("a", 2)->ipv6 = false;
	add_address("169.254.0.1", 2, ADDRESS_FOR_LINK);
	add_address("192.0.2.1", 2, 0);
	reads(1);
	assert_false(row(0)->ipv6);
	identifier(0, NULL);
	changed(0, 0);
	reads(1);
	changed(0, 0);
	kernel.n_devices = kernel.n_addresses = 0;
	reads(0);
	changed(now, 0);
}

/* ARP's time has 64 bits. */
static void
test_arp_retrans(void **state)
{
	static const struct {
		uint64_t ms;
		uint32_t shown;
	} cases[] = {
		{ 0, 0 },
		{ UINT32_MAX, UINT32_MAX },
		{ UINT64_C(1) << 32, UINT32_MAX },
		{ (UINT64_C(1) << 32) + 7, UINT32_MAX },
		{ UINT64_MAX, UINT32_MAX },
	};
	struct device *device = add_device("a", 2);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		device->arp = cases[i].ms;
		reads(1);
		assert_true(row(0)->arp_retrans == cases[i].shown);
		changed(0, HUNDREDTH * device->changed);
	}
}

static void
test_shown(void **state)
{
	(void)state;
	add_device("a", 2);
	add_device("b", 3);
	add_address("fe80::2:2", 2, ADDRESS_FOR_LINK);
	add_address("fe80::3:3", 3, ADDRESS_FOR_LINK);
	assert_true(link_patterns_add(&settings.exclude, "a"));
	reads(1);
	assert_int_equal(row(0)->ifindex, 3);
	assert_int_equal(row(0)->arp_retrans, 1003);
	identifier(0, "\0\0\0\0\0\3\0\3");
}

/* --- identifiers ---------------------------------------------------------------------- */

/* A token that was set by hand; what IPv6 made for the link; any other that is link-local.
 */
static void
test_identifiers(void **state)
{
	(void)state;
	add_device("a", 2)->token = "::1:2:3:4";
	add_device("b", 3);
	add_device("c", 4);
	add_device("d", 5);
	add_device("e", 6);
	add_address("fe80::a", 2, ADDRESS_FOR_LINK);
	add_address("fe80::b", 3, 0);
	add_address("fe80::c", 3, ADDRESS_FOR_LINK);
	add_address("fe80::d", 3, ADDRESS_FOR_LINK);
	add_address("2001:db8::e", 4, ADDRESS_BY_RA);
	add_address("fe80::f", 4, 0);
	add_address("febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 5, 0);
	add_address("fec0::1", 6, 0);
	add_address("0.0.0.0", 6, 0); /* as a row has it, the number of the first above */
	reads(5);
	identifier(0, "\0\1\0\2\0\3\0\4");
	identifier(1, "\0\0\0\0\0\0\0\x0c");
	identifier(2, "\0\0\0\0\0\0\0\x0f");
	identifier(3, "\xff\xff\xff\xff\xff\xff\xff\xff");
	identifier(4, NULL);
}

/* --- when the tables changed ---------------------------------------------------------- */

/* At first, and while nothing happens, it is what IPv6 tells: the latest. */
static void
test_times_first(void **state)
{
	(void)state;
	add_device("a", 2)->changed -= 50;
	add_device("b", 3);
	add_device("c", 4)->changed -= 20;
	reads(3);
	changed(0, 990 * SECOND);
	reads(3);
	changed(0, 990 * SECOND);
	/* IPv6 tells of something that no column here shows. */
	kernel.devices[0].changed = (uint32_t)(now / HUNDREDTH);
	reads(3);
	changed(0, 1002 * SECOND);
	reads(3);
	changed(0, 1002 * SECOND);
}

static void
forwards(struct device *device)
{
	device->forwarding = true;
}

static void
is_disabled(struct device *device)
{
	device->disabled = true;
}

static void
asks_later(struct device *device)
{
	device->retrans = UINT32_MAX;
}

static void
gets_token(struct device *device)
{
	device->token = "::5";
}

static void
loses_ipv6(struct device *device)
{
	device->ipv6 = false;
}

/* Each column of IPv6, though IPv6 does not tell of it. */
static void
test_times_of_columns(void **state)
{
	void (*const changes[])(struct device *) = { forwards, is_disabled, asks_later,
		gets_token, loses_ipv6 };
	struct device *device = add_device("b", 3);

	(void)state;
	add_device("a", 2);
	reads(2);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		int64_t then;

		changes[i](device);
		reads(2);
		then = now;
		changed(0, then);
		reads(2);
		changed(0, then);
	}
}

/* What is random, and ARP's time, are no changes. */
static void
test_times_of_others(void **state)
{
	struct device *device = add_device("a", 2);

	(void)state;
	reads(1);
	device->reachable++;
	device->arp++;
	reads(1);
	assert_int_equal(row(0)->reachable, 30003);
	assert_int_equal(row(0)->arp_retrans, 1003);
	changed(0, 990 * SECOND);
}

/* One goes and another comes: as many as before, with all else alike. */
static void
test_times_of_rows(void **state)
{
	int64_t then;

	(void)state;
	add_device("b", 3);
	reads(1);
	kernel.devices[0].ifindex = 4;
	reads(1);
	changed(now, now);
	add_device("a", 2)->ipv6 = false;
	then = now;
	reads(2);
	changed(now, then);
	add_device("c", 5)->ipv4 = false;
	then = now;
	reads(3);
	changed(then, now);
	/* All that is 0 of it is of none, too. */
	*add_device("d", 6) = (struct device){ "d", 6, .ipv6 = true, .disabled = true };
	reads(4);
	changed(then, now);
	kernel.n_devices = 0;
	reads(0);
	changed(now, now);
	then = now;
	reads(0);
	changed(then, then);
}

/* Nobody asked, and what was published is gone: the source remembers. */
static void
test_remembered(void **state)
{
	int64_t then;

	(void)state;
	add_device("a", 2);
	reads(1);
	kernel.devices[0].forwarding = true;
	reads(1);
	then = now;
	snapshot_release(last);
	last = NULL;
	assert_int_equal(read_after(100 * SECOND), 0);
	changed(0, then);
	snapshot_release(last);
	last = NULL;
	add_device("b", 3);
	assert_int_equal(read_after(100 * SECOND), 0);
	changed(now, now);
}

/* --- between two dumps ---------------------------------------------------------------- */

static void
last_goes(void)
{
	kernel.n_devices--;
}

/* Its addresses go with it: the row that was read stands alone, and is whole. */
static void
test_goes_before_parameters(void **state)
{
	(void)state;
	add_device("a", 2);
	add_device("b", 3);
	script.before = RTM_GETNEIGHTBL;
	script.happens = last_goes;
	script.type = RTM_GETNEIGHTBL;
	script.error = -EINTR; /* the kernel has seen it, too */
	reads(2);
	assert_int_equal(row(0)->arp_retrans, 1002);
	assert_int_equal(row(1)->ifindex, 3);
	assert_int_equal(row(1)->arp_retrans, 0);
	identifier(1, NULL);
	memset(&script, 0, sizeof(script));
	reads(1);
	changed(now, now);
}

static void
another_comes(void)
{
	add_device("c", 1);
	add_address("fe80::9", 1, ADDRESS_FOR_LINK);
}

/* It is not there until the next reading, with what it has. */
static void
test_comes_before(void **state)
{
	static const uint16_t dumps[] = { RTM_GETNEIGHTBL, RTM_GETADDR };

	for (size_t i = 0; i < sizeof(dumps) / sizeof(dumps[0]); i++) {
		stop(state);
		start(state);
		add_device("a", 2);
		script.before = dumps[i];
		script.happens = another_comes;
		reads(1);
		assert_int_equal(row(0)->ifindex, 2);
		identifier(0, NULL);
		script.before = 0;
		reads(2);
		assert_int_equal(row(0)->arp_retrans, 1001);
		identifier(0, "\0\0\0\0\0\0\0\x09");
		changed(now, now);
	}
}

static void
changes_name(void)
{
	strcpy(kernel.devices[0].name, "z");
}

/* A row is of an ifindex; the name says only whether it is shown. */
static void
test_renamed(void **state)
{
	(void)state;
	add_device("a", 2);
	add_address("fe80::9", 2, ADDRESS_FOR_LINK);
	assert_true(link_patterns_add(&settings.exclude, "z"));
	script.before = RTM_GETNEIGHTBL;
	script.happens = changes_name;
	reads(1);
	assert_int_equal(row(0)->arp_retrans, 1002);
	identifier(0, "\0\0\0\0\0\0\0\x09");
	reads(0);
	changed(now, now);
	script.before = 0;
	strcpy(kernel.devices[0].name, "b");
	reads(1);
	changed(now, now);
}

static void
gets_ipv6(void)
{
	kernel.devices[0].ipv6 = true;
	add_address("fe80::9", 2, ADDRESS_FOR_LINK);
}

/* The row that IPv6 has not is none of its table: the table changes when it comes. */
static void
test_gets_ipv6_before_addresses(void **state)
{
	(void)state;
	add_device("a", 2)->ipv6 = false;
	reads(1);
	script.before = RTM_GETADDR;
	script.happens = gets_ipv6;
	reads(1);
	assert_false(row(0)->ipv6);
	changed(0, 0);
	script.before = 0;
	reads(1);
	assert_true(row(0)->ipv6);
	identifier(0, "\0\0\0\0\0\0\0\x09");
	changed(0, now);
}

/* The dump of devices is run again: what it told first is forgotten, all of it. */
static void
test_again(void **state)
{
	int64_t then;

	(void)state;
	add_device("a", 2)->changed -= 100;
	add_device("b", 3);
	script.type = RTM_GETLINK;
	script.again = true;
	script.happens = last_goes;
	reads(1);
	assert_int_equal(row(0)->ifindex, 2);
	then = HUNDREDTH * kernel.devices[0].changed;
	changed(0, then);
	script.again = false;
	reads(1);
	changed(0, then);
}

/* --- errors --------------------------------------------------------------------------- */

/* Of any dump: the last reading is what the next is compared with. */
static void
test_errors(void **state)
{
	static const uint16_t dumps[] = { RTM_GETLINK, RTM_GETNEIGHTBL, RTM_GETADDR };

	(void)state;
	add_device("a", 2);
	reads(1);
	for (size_t i = 0; i < sizeof(dumps) / sizeof(dumps[0]); i++) {
		script.type = dumps[i];
		script.error = -ENOBUFS;
		kernel.devices[0].ifindex = 9;
		assert_int_equal(read_after(SECOND), -ENOBUFS);
		kernel.devices[0].ifindex = 2;
		script.type = 0;
		reads(1);
		changed(0, 990 * SECOND);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows),
		TEST(test_versions),
		TEST(test_no_ipv6),
		TEST(test_arp_retrans),
		TEST(test_shown),
		TEST(test_identifiers),
		TEST(test_times_first),
		TEST(test_times_of_columns),
		TEST(test_times_of_others),
		TEST(test_times_of_rows),
		TEST(test_remembered),
		TEST(test_goes_before_parameters),
		TEST(test_comes_before),
		TEST(test_renamed),
		TEST(test_gets_ipv6_before_addresses),
		TEST(test_again),
		TEST(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
