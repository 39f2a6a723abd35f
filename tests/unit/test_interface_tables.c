// SPDX-License-Identifier: BSD-2-Clause
// Tests of the tables of IF-MIB over rows made by hand.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/link_addresses.h"
#include "mib/interfaces.h"
#include "mib/tables.h"
#include "shown.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* --- a snapshot, and what a table shows of it
 * ---------------------------------------------------- */

static int
start(void **state)
{
	(void)state;
	if (show_nothing() != 0)
		return -1;
	snapshot->rows = ARRAY_OF(struct interface_row);
	snapshot->more[INTERFACE_STACK - 1] = ARRAY_OF(struct interface_stack_row);
	snapshot->more[INTERFACE_TIMES - 1] = ARRAY_OF(struct interface_times);
	snapshot->side = ARRAY_OF(uint8_t);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	show_end();
	return 0;
}

/* An interface; good until the next is added. */
static struct interface_row *
add(uint32_t ifindex, const char *name)
{
	struct interface_row *row = array_append(&snapshot->rows, 1);

	assert_non_null(row);
	row->ifindex = ifindex;
	row->octets = (uint32_t)snapshot->side.n;
	strcpy(row->name, name);
	return row;
}

static void
add_octets(const void *octets, size_t n)
{
	memcpy(array_append(&snapshot->side, n), octets, n);
}

static uint32_t
counter(uint32_t number)
{
	return at(0, number, VALUE_COUNTER32).number;
}

static uint64_t
counter64(uint32_t number)
{
	return at(0, number, VALUE_COUNTER64).counter64;
}

static uint32_t
gauge(uint32_t number)
{
	return at(0, number, VALUE_GAUGE32).number;
}

static void
octets_are_of(uint32_t number, const void *octets, size_t n)
{
	struct octets value = at(0, number, VALUE_OCTETS).octets;

	assert_int_equal(value.n, n);
	if (n > 0)
		assert_memory_equal(value.at, octets, n);
}

/* The instances that are shown are exactly these, in this order; each is as long as the
 * others. */
static void
instances_are(const uint32_t *subid, size_t length, size_t n)
{
	size_t k = 0;

	assert_int_equal(view.order.n - view.duplicates, n);
	for (size_t i = 0; i < view.order.n; i++) {
		if (table_is_duplicate(&view, i))
			continue;
		check_index(shown, snapshot, table_row(snapshot, &view, i),
		    subid + k++ * length, length);
	}
}

#define INSTANCES_ARE(length, ...) \
	instances_are((const uint32_t[]){ __VA_ARGS__ }, length, \
	    LENGTH(((const uint32_t[]){ __VA_ARGS__ })) / (length))

/* --- ifTable
 * ------------------------------------------------------------------------------------- */

#define BIG(low) (UINT64_C(0x500000000) + (low))

static void
add_full(void)
{
	struct interface_row *row = add(7, "eth0");

	for (uint32_t i = 0; i < IF_COUNTERS; i++)
		row->counter[i] = BIG(1000 + i);
	row->last_change = 12345;
	row->discontinuity = 67890;
	row->mtu = 1500;
	row->speed = 2500;
	row->type = 6;
	row->admin = ADMIN_UP;
	row->oper = OPER_DORMANT;
	row->address_length = 6;
	row->alias_length = 5;
	add_octets("\2\0\0\0\0\7alias", 11);
}

static void
test_if_table(void **state)
{
	struct value specific;

	(void)state;
	add_full();
	show(&table_if);
	assert_int_equal(integer(1), 7);
	octets_are_of(2, "eth0", 4);
	assert_int_equal(integer(3), 6);
	assert_int_equal(integer(4), 1500);
	assert_true(gauge(5) == 2500000000);
	octets_are_of(6, "\2\0\0\0\0\7", 6);
	assert_int_equal(integer(7), 1);
	assert_int_equal(integer(8), 5);
	assert_true(at(0, 9, VALUE_TIMETICKS).moment == 12345);
	assert_int_equal(counter(15), 0);
	assert_int_equal(gauge(21), 0);
	specific = at(0, 22, VALUE_OBJECT_ID);
	assert_int_equal(specific.object_id.n, 2);
	assert_int_equal(specific.object_id.subid[0], 0);
	assert_int_equal(specific.object_id.subid[1], 0);
}

/* A Counter32 is the low half of what the Counter64 is. */
static void
test_counters(void **state)
{
	static const struct {
		uint32_t column, number; /* of ifTable, ifXTable, or neither */
		uint32_t high;
		enum interface_counter counter;
	} counters[] = {
		{ 10, 0, 6, IF_IN_OCTETS },
		{ 11, 0, 7, IF_IN_UCAST },
		{ 0, 2, 8, IF_IN_MULTICAST },
		{ 0, 3, 9, IF_IN_BROADCAST },
		{ 13, 0, 0, IF_IN_DISCARDS },
		{ 14, 0, 0, IF_IN_ERRORS },
		{ 16, 0, 10, IF_OUT_OCTETS },
		{ 17, 0, 11, IF_OUT_UCAST },
		{ 0, 4, 12, IF_OUT_MULTICAST },
		{ 0, 5, 13, IF_OUT_BROADCAST },
		{ 19, 0, 0, IF_OUT_DISCARDS },
		{ 20, 0, 0, IF_OUT_ERRORS },
	};

	(void)state;
	add_full();
	((struct interface_row *)snapshot->rows.data)->flags = IF_SPLIT;
	for (size_t i = 0; i < LENGTH(counters); i++) {
		uint32_t low = 1000 + counters[i].counter;

		show(&table_if);
		if (counters[i].column)
			assert_int_equal(counter(counters[i].column), low);
		show(&table_ifx);
		if (counters[i].number)
			assert_int_equal(counter(counters[i].number), low);
		if (counters[i].high)
			assert_true(counter64(counters[i].high) == BIG(low));
	}
}

/* What is not Ucast, to groups or to all. */
static void
test_nucast(void **state)
{
	struct interface_row *row = add(1, "eth0");

	(void)state;
	show(&table_if);
	assert_int_equal(counter(12), 0);
	assert_int_equal(counter(18), 0);
	row->counter[IF_IN_MULTICAST] = 5;
	assert_int_equal(counter(12), 5);
	row->flags = IF_SPLIT;
	row->counter[IF_IN_BROADCAST] = 7;
	row->counter[IF_OUT_MULTICAST] = BIG(11);
	row->counter[IF_OUT_BROADCAST] = BIG(13);
	assert_int_equal(counter(12), 12);
	assert_int_equal(counter(18), 24);
	row->counter[IF_IN_MULTICAST] = UINT32_MAX;
	assert_int_equal(counter(12), 6);
}

static void
test_speeds(void **state)
{
	static const struct {
		uint32_t mega, speed;
	} cases[] = { { 0, 0 }, { 10, 10000000 }, { 1000, 1000000000 },
		{ 4294, 4294000000 }, { 4295, UINT32_MAX }, { 10000, UINT32_MAX },
		{ 400000, UINT32_MAX }, { UINT32_MAX, UINT32_MAX } };
	struct interface_row *row = add(1, "eth0");

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		row->speed = cases[i].mega;
		show(&table_if);
		assert_true(gauge(5) == cases[i].speed);
		show(&table_ifx);
		assert_true(gauge(15) == cases[i].mega);
	}
}

static void
test_mtu(void **state)
{
	static const struct {
		uint32_t mtu;
		int32_t shown;
	} cases[] = { { 0, 0 }, { 65536, 65536 }, { INT32_MAX, INT32_MAX },
		{ INT32_MAX + 1u, INT32_MAX }, { UINT32_MAX, INT32_MAX } };
	struct interface_row *row = add(1, "lo");

	(void)state;
	show(&table_if);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		row->mtu = cases[i].mtu;
		assert_int_equal(integer(4), cases[i].shown);
	}
}

/* Each state has its name. */
static void
test_states(void **state)
{
	static const char *const oper[] = { "up", "down", "testing", "unknown", "dormant",
		"notPresent", "lowerLayerDown" };
	struct interface_row *row = add(1, "eth0");

	(void)state;
	show(&table_if);
	for (uint8_t i = 1; i <= 7; i++) {
		const struct label *label = table_if.columns[7].labels;

		row->oper = i;
		row->admin = i % 2 ? ADMIN_UP : ADMIN_DOWN;
		assert_int_equal(integer(8), i);
		assert_int_equal(integer(7), i % 2 ? 1 : 2);
		for (; label->value != i; label++)
			assert_non_null(label->name);
		assert_string_equal(label->name, oper[i - 1]);
	}
}

/* --- octets
 * -------------------------------------------------------------------------------------- */

static void
test_octets(void **state)
{
	uint8_t many[255 + 64];

	(void)state;
	for (size_t i = 0; i < sizeof(many); i++)
		many[i] = (uint8_t)i;
	add_octets("before", 6);
	add(1, "012345678901234")->address_length = 255;
	((struct interface_row *)snapshot->rows.data)->alias_length = 64;
	add_octets(many, sizeof(many));
	show(&table_if);
	octets_are_of(2, "012345678901234", 15);
	octets_are_of(6, many, 255);
	show(&table_ifx);
	octets_are_of(1, "012345678901234", 15);
	octets_are_of(18, many + 255, 64);
}

/* The empty string is a value; it may be behind all that there is. */
static void
test_no_octets(void **state)
{
	struct interface_row *row = add(1, "");

	(void)state;
	for (int i = 0; i < 2; i++) {
		show(&table_if);
		octets_are_of(2, "", 0);
		octets_are_of(6, "", 0);
		show(&table_ifx);
		octets_are_of(1, "", 0);
		octets_are_of(18, "", 0);
		add_octets("of another", 10);
		row->octets = 10;
	}
	row->octets = 0;
	row->alias_length = 10;
	show(&table_if);
	octets_are_of(6, "", 0);
	show(&table_ifx);
	octets_are_of(18, "of another", 10);
}

/* --- ifXTable
 * ------------------------------------------------------------------------------------ */

static void
test_ifx_table(void **state)
{
	(void)state;
	add_full();
	show(&table_ifx);
	octets_are_of(1, "eth0", 4);
	assert_int_equal(integer(14), 2);
	assert_int_equal(gauge(15), 2500);
	assert_int_equal(integer(16), 2);
	assert_int_equal(integer(17), 2);
	octets_are_of(18, "alias", 5);
	assert_true(at(0, 19, VALUE_TIMETICKS).moment == 67890);
}

static void
test_flags(void **state)
{
	struct interface_row *row = add(1, "eth0");

	(void)state;
	show(&table_ifx);
	for (unsigned flags = 0; flags < 16; flags++) {
		row->flags = (uint8_t)flags;
		assert_int_equal(integer(14), flags & IF_TRAPS ? 1 : 2);
		assert_int_equal(integer(16), flags & IF_PROMISCUOUS ? 1 : 2);
		assert_int_equal(integer(17), flags & IF_CONNECTOR ? 1 : 2);
	}
}

/* What no driver tells is not 0: there is no such instance. */
static void
test_holes(void **state)
{
	static const uint32_t holes[] = { 3, 4, 5, 9, 12, 13 };
	const struct table *const tables[] = { &table_if, &table_ifx };

	(void)state;
	add(1, "eth0");
	for (size_t k = 0; k < 2; k++) {
		for (int split = 0; split < 2; split++) {
			size_t n = 0;

			((struct interface_row *)snapshot->rows.data)->flags = split
			    ? IF_SPLIT
			    : (uint8_t)~IF_SPLIT;
			show(tables[k]);
			for (size_t i = 0; i < shown->n_columns; i++) {
				uint32_t number = shown->columns[i].number;
				bool hole = k == 1 && !split && n < LENGTH(holes) &&
				    holes[n] == number;
				struct value value;

				n += hole;
				assert_int_equal(read_at(0, number, &value), !hole);
			}
			assert_int_equal(n, k == 1 && !split ? LENGTH(holes) : 0);
		}
	}
}

/* --- INDEX
 * ---------------------------------------------------------------------------------------
 */

static void
test_if_index(void **state)
{
	static const uint32_t indexes[] = { 300, 1, 70000, 2, INT32_MAX, 256, 255 };

	(void)state;
	for (size_t i = 0; i < LENGTH(indexes); i++)
		add(indexes[i], "eth0");
	assert_ptr_equal(table_ifx.augments, &table_if);
	for (int i = 0; i < 2; i++) {
		show(i ? &table_ifx : &table_if);
		INSTANCES_ARE(1, 1, 2, 255, 256, 300, 70000, INT32_MAX);
	}
	show(&table_if);
	assert_int_equal(at(6, 1, VALUE_INTEGER).integer, INT32_MAX);
	assert_int_equal(at(2, 1, VALUE_INTEGER).integer, 255);
}

static void
add_stack(uint32_t higher, uint32_t lower)
{
	struct interface_stack_row *row = array_append(
	    &snapshot->more[INTERFACE_STACK - 1], 1);

	*row = (struct interface_stack_row){ higher, lower };
}

static void
test_if_stack(void **state)
{
	(void)state;
	add_stack(300, 2);
	add_stack(300, 1);
	add_stack(1, 0);
	add_stack(0, 300);
	add_stack(2, 70000);
	add_stack(0, 7);
	add(1, "eth0"); /* is no row of this table */
	show(&table_if_stack);
	INSTANCES_ARE(2, 0, 7, 0, 300, 1, 0, 2, 70000, 300, 1, 300, 2);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(at(i, 3, VALUE_INTEGER).integer, 1);
}

/* --- scalars
 * ------------------------------------------------------------------------------------- */

static void
test_if_number(void **state)
{
	(void)state;
	assert_ptr_equal(table_if_number.counted, &table_if);
	for (uint32_t i = 1; i < 5; i++) {
		struct value value = { .type = VALUE_INTEGER };
		struct cell cell = { .snapshot = snapshot, .view = &view };

		add(i, "eth0");
		add_stack(i, 0);
		add_stack(0, i);
		show(&table_if);
		assert_int_equal(table_if_number.n_columns, 1);
		cell.column = table_if_number.columns;
		assert_int_equal(cell.column->number, 1);
		assert_int_equal(cell.column->type, VALUE_INTEGER);
		assert_true(cell.column->read(&cell, &value));
		assert_int_equal(value.integer, i);
	}
}

static void
test_last_changes(void **state)
{
	struct interface_times *times = array_append(
	    &snapshot->more[INTERFACE_TIMES - 1], 1);

	(void)state;
	for (int64_t i = 0; i < 3; i++) {
		*times = (struct interface_times){ .table = i * 1000, .stack = i * 2000 };
		assert_true(table_if_table_last_change.scalars);
		show(&table_if_table_last_change);
		assert_true(at(0, 5, VALUE_TIMETICKS).moment == i * 1000);
		assert_true(table_if_stack_last_change.scalars);
		show(&table_if_stack_last_change);
		assert_true(at(0, 6, VALUE_TIMETICKS).moment == i * 2000);
	}
}

/* --- ifRcvAddressTable: a kernel that is made up
 * ------------------------------------------------- */

int __wrap_links_read(struct link_reader *);
int __wrap_link_addresses_read_multicast(struct link_address_reader *);
int __wrap_link_addresses_read_unicast(struct link_address_reader *);

struct made_up {
	uint32_t ifindex;
	struct octets octets;
};

static struct {
	const struct link *links;
	const struct made_up *multicast, *unicast;
	size_t n_links, n_multicast, n_unicast;
	int links_error, multicast_error, unicast_error;
} kernel;

int
__wrap_links_read(struct link_reader *reader)
{
	for (size_t i = 0; i < kernel.n_links; i++)
		assert_int_equal(reader->link(&kernel.links[i], reader->argument), 0);
	reader->again(reader->argument);
	for (size_t i = 0; i < kernel.n_links; i++)
		assert_int_equal(reader->link(&kernel.links[i], reader->argument), 0);
	return kernel.links_error;
}

static int
tell_addresses(struct link_address_reader *reader, const struct made_up *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(
		    reader->address(all[i].ifindex, all[i].octets, reader->argument), 0);
	return 0;
}

int
__wrap_link_addresses_read_multicast(struct link_address_reader *reader)
{
	tell_addresses(reader, kernel.multicast, kernel.n_multicast);
	return kernel.multicast_error;
}

int
__wrap_link_addresses_read_unicast(struct link_address_reader *reader)
{
	tell_addresses(reader, kernel.unicast, kernel.n_unicast);
	return kernel.unicast_error;
}

static struct link_settings settings;

static int
start_addresses(void **state)
{
	memset(&kernel, 0, sizeof(kernel));
	link_settings_init(&settings);
	return start(state);
}

static int
read_addresses(void)
{
	struct reading reading = { .settings = &settings, .new = snapshot };

	return source_receive_addresses.read(&reading);
}

/* Reads, and shows what was found. */
static void
show_addresses(void)
{
	assert_int_equal(read_addresses(), 0);
	show(&table_if_rcv_address);
}

#define OCTETS(text) \
	{ \
		(const uint8_t *)(text), sizeof(text) - 1 \
	}
#define MAC(last) 2, 0, 0, 0, 0, last
#define ALL 255, 255, 255, 255, 255, 255

static void
test_own_addresses(void **state)
{
	static const struct link links[] = {
		{ .ifindex = 9,
		    .name = OCTETS("eth0"),
		    .hardware = ARPHRD_ETHER,
		    .flags = IFF_BROADCAST,
		    .address = OCTETS("\2\0\0\0\0\1"),
		    .broadcast = OCTETS("\377\377\377\377\377\377") },
		{ .ifindex = 1,
		    .name = OCTETS("lo"),
		    .hardware = ARPHRD_LOOPBACK,
		    .address = OCTETS("\0\0\0\0\0\0"),
		    .broadcast = OCTETS("\0\0\0\0\0\0") },
		{ .ifindex = 3,
		    .name = OCTETS("tun0"),
		    .hardware = ARPHRD_TUNNEL,
		    .flags = IFF_POINTOPOINT,
		    .address = OCTETS("\12\0\0\1"),
		    .broadcast = OCTETS("\12\0\0\2") },
		/* Without IFF_BROADCAST. */
		{ .ifindex = 300,
		    .name = OCTETS("eth1"),
		    .hardware = ARPHRD_ETHER,
		    .address = OCTETS("\2\0\0\0\0\2"),
		    .broadcast = OCTETS("\377\377\377\377\377\377") },
		/* With it, and without any address. */
		{ .ifindex = 4,
		    .name = OCTETS("tun1"),
		    .hardware = ARPHRD_NONE,
		    .flags = IFF_BROADCAST },
	};

	(void)state;
	kernel.links = links;
	kernel.n_links = LENGTH(links);
	show_addresses();
	INSTANCES_ARE(8, 9, 6, MAC(1), 9, 6, ALL, 300, 6, MAC(2));
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(at(i, 2, VALUE_INTEGER).integer, 1);
		assert_int_equal(at(i, 3, VALUE_INTEGER).integer, 2);
	}
}

/* Of those that are shown; twice the same is one row. */
static void
test_other_addresses(void **state)
{
	static const struct link links[] = {
		{ .ifindex = 3,
		    .name = OCTETS("eth1"),
		    .hardware = ARPHRD_ETHER,
		    .address = OCTETS("\2\0\0\0\0\1") },
		{ .ifindex = 2,
		    .name = OCTETS("eth0"),
		    .hardware = ARPHRD_ETHER,
		    .address = OCTETS("\2\0\0\0\0\1") },
		{ .ifindex = 4,
		    .name = OCTETS("veth0"),
		    .hardware = ARPHRD_ETHER,
		    .address = OCTETS("\2\0\0\0\0\1") },
	};
	static const struct made_up multicast[] = { { 2, OCTETS("\1\0\136\0\0\1") },
		{ 3, OCTETS("\1\0\136\0\0\1") }, { 2, OCTETS("\1\0\136\0\0\1") },
		{ 4, OCTETS("\1\0\136\0\0\1") }, { 77, OCTETS("\1\0\136\0\0\1") } };
	static const struct made_up unicast[] = { { 2, OCTETS("\2\0\0\0\0\1") },
		{ 2, OCTETS("\2\0\0\0\0\7") }, { 4, OCTETS("\2\0\0\0\0\7") },
		{ 1, OCTETS("\2\0\0\0\0\7") } };

	(void)state;
	kernel.links = links;
	kernel.n_links = LENGTH(links);
	kernel.multicast = multicast;
	kernel.n_multicast = LENGTH(multicast);
	kernel.unicast = unicast;
	kernel.n_unicast = LENGTH(unicast);
	assert_true(link_patterns_add(&settings.exclude, "veth*"));
	show_addresses();
	INSTANCES_ARE(8, 2, 6, 1, 0, 94, 0, 0, 1, 2, 6, MAC(1), 2, 6, MAC(7), 3, 6, 1, 0,
	    94, 0, 0, 1, 3, 6, MAC(1));
}

/* The length comes first: the shorter address is before the longer one. The kernel has none
 * of more than 32 octets. */
static void
test_long_addresses(void **state)
{
	static const char longest[] = "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20"
				      "\21\22\23\24\25\26\27\30\31\32\33\34\35\36\37\377";
	static const struct link links[] = {
		{ .ifindex = 5,
		    .name = OCTETS("ib0"),
		    .hardware = ARPHRD_INFINIBAND,
		    .flags = IFF_BROADCAST,
		    .address = { (const uint8_t *)longest, 32 },
		    .broadcast = OCTETS("\377") },
	};
	static const struct made_up multicast[] = { { 5, OCTETS("\377\377") },
		{ 5, OCTETS("123456789012345678901234567890123") }, { 5, OCTETS("") },
		{ 5, OCTETS("\1\0") } };
	struct index_key key;

	(void)state;
	assert_int_equal(sizeof(longest), 33);
	kernel.links = links;
	kernel.n_links = 1;
	kernel.multicast = multicast;
	kernel.n_multicast = LENGTH(multicast);
	show_addresses();
	assert_int_equal(view.order.n, 4);
	assert_int_equal(view.duplicates, 0);
	for (size_t i = 0; i < 4; i++) {
		static const uint32_t lengths[] = { 1, 2, 2, 32 };

		table_key(shown, snapshot, table_row(snapshot, &view, i), &key);
		assert_int_equal(key.n, lengths[i] + 2);
		assert_int_equal(key.subid[0], 5);
		assert_int_equal(key.subid[1], lengths[i]);
	}
	for (size_t i = 0; i < 32; i++)
		assert_int_equal(key.subid[2 + i], (uint8_t)longest[i]);
}

static void
test_no_devices(void **state)
{
	static const struct made_up multicast[] = { { 1, OCTETS("\1\0\136\0\0\1") } };

	(void)state;
	kernel.multicast = multicast;
	kernel.n_multicast = 1;
	show_addresses();
	assert_int_equal(view.order.n, 0);
}

static void
test_errors(void **state)
{
	static const struct link links[] = {
		{ .ifindex = 2,
		    .name = OCTETS("eth0"),
		    .hardware = ARPHRD_ETHER,
		    .address = OCTETS("\2\0\0\0\0\1") },
	};

	kernel.links = links;
	kernel.n_links = 1;
	kernel.links_error = -ENOBUFS;
	assert_int_equal(read_addresses(), -ENOBUFS);
	stop(state);
	start(state);
	kernel.links_error = 0;
	show_addresses();
	INSTANCES_ARE(8, 2, 6, MAC(1));
	stop(state);
	start(state);
	kernel.multicast_error = -EACCES;
	assert_int_equal(read_addresses(), -EACCES);
	stop(state);
	start(state);
	kernel.multicast_error = 0;
	kernel.unicast_error = -ETIMEDOUT;
	assert_int_equal(read_addresses(), -ETIMEDOUT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)
#define ADDRESSES(name) cmocka_unit_test_setup_teardown(name, start_addresses, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_if_table),
		TEST(test_counters),
		TEST(test_nucast),
		TEST(test_speeds),
		TEST(test_mtu),
		TEST(test_states),
		TEST(test_octets),
		TEST(test_no_octets),
		TEST(test_ifx_table),
		TEST(test_flags),
		TEST(test_holes),
		TEST(test_if_index),
		TEST(test_if_stack),
		TEST(test_if_number),
		TEST(test_last_changes),
		ADDRESSES(test_own_addresses),
		ADDRESSES(test_other_addresses),
		ADDRESSES(test_long_addresses),
		ADDRESSES(test_no_devices),
		ADDRESSES(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
