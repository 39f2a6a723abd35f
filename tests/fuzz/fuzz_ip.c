// SPDX-License-Identifier: BSD-2-Clause
// Fuzzes the netlink parts of dumps of addresses and neighbours, up to the tables, and of
// what IP keeps of devices. The first octet tells of which; the part is behind it.
#include <limits.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "kernel/addresses.h"
#include "kernel/ip_links.h"
#include "kernel/neighbours.h"
#include "kernel/netlink.h"
#include "mib/tables.h"
#include "table/view.h"

#define NOW INT64_C(5000000000000)

/* --- tables --------------------------------------------------------------------------- */

static bool
has_label(const struct label *label, int32_t value)
{
	while (label->name && label->value != value)
		label++;
	return label->name;
}

/* Every column of a row can be read, and an enumeration has only what it names. */
static void
check_columns(const struct table *table, const struct snapshot *snapshot,
    const struct view *view, size_t position)
{
	struct cell cell = {
		.snapshot = snapshot,
		.view = view,
		.position = position,
		.row = table_row(snapshot, view, position),
	};

	for (size_t i = 0; i < table->n_columns; i++) {
		struct value value = { .type = table->columns[i].type };

		cell.column = &table->columns[i];
		CHECK(cell.column->read(&cell, &value));
		if (cell.column->labels)
			CHECK(has_label(cell.column->labels, value.integer));
		if (value.type == VALUE_OBJECT_ID)
			CHECK(value.object_id.n <= ARRAY_LENGTH(value.object_id.subid));
		if (value.type == VALUE_OCTETS)
			CHECK(value.octets.n <= VALUE_OCTETS_MAX);
		if (value.type == VALUE_TIMETICKS)
			CHECK(value.moment <= NOW);
	}
}

/* What the table shows rises, and only what is marked is met twice. */
static void
check_table(const struct table *table, const struct snapshot *snapshot)
{
	struct index_key last = { 0 }, key;
	struct view view;

	CHECK(view_build(table, snapshot, &view) == 0);
	for (size_t i = 0; i < view.order.n; i++) {
		int order;

		table_key(table, snapshot, table_row(snapshot, &view, i), &key);
		order = i > 0 ? index_compare(&last, key.subid, key.n) : -1;
		CHECK(table_is_duplicate(&view, i) ? order == 0 : order < 0);
		check_columns(table, snapshot, &view, i);
		last = key;
	}
	array_free(&view.order);
}

static void
check_tables(
    const struct table *const *tables, struct array rows, const struct address_pool *pool)
{
	for (unsigned options = 0; options <= SNAPSHOT_STRICT_ADDRESSES; options++) {
		const struct snapshot snapshot = {
			.time = NOW,
			.rows = rows,
			.side = pool->addresses,
			.options = options,
		};

		for (size_t i = 0; tables[i]; i++)
			check_table(tables[i], &snapshot);
	}
}

/* An address of IPv6 in a row of this interface. */
static void
check_pooled(const struct address_pool *pool, uint32_t number, uint32_t ifindex)
{
	const struct pool_address *address;

	CHECK(number < pool->addresses.n);
	address = array_at(&pool->addresses, number);
	CHECK(address->scope == (is_link_local(address->octets) ? ifindex : 0));
}

/* --- addresses ------------------------------------------------------------------------ */

/* The bits behind the prefix are zero. */
static void
check_masked(const uint8_t *octets, size_t n, unsigned length)
{
	for (unsigned bit = length; bit < 8 * n; bit++)
		CHECK(!(octets[bit / 8] & 0x80 >> bit % 8));
}

static void
check_address(const struct addresses *addresses, const struct address_row *row)
{
	const struct address_pool *pool = &addresses->pool;
	uint8_t ipv4[4];

	CHECK(row->ifindex != 0);
	CHECK(row->inaccessible == 0);
	CHECK(!(row->options & ~(ADDRESS_IPV6 | ADDRESS_BROADCAST)));
	CHECK(row->options & ADDRESS_BROADCAST || row->broadcast == 0);
	if (row->options & ADDRESS_IPV6) {
		CHECK(row->length <= 128);
		CHECK(!(row->options & ADDRESS_BROADCAST));
		check_pooled(pool, row->local, row->ifindex);
		check_pooled(pool, row->prefix, row->ifindex);
		check_masked(
		    ((struct pool_address *)array_at(&pool->addresses, row->prefix))
			->octets,
		    16, row->length);
		return;
	}
	CHECK(row->length <= 32);
	for (int i = 0; i < 4; i++)
		ipv4[i] = (uint8_t)(row->prefix >> (24 - 8 * i));
	check_masked(ipv4, sizeof(ipv4), row->length);
}

/* A message of an address is a row, or makes no sense. */
static int
take_address(const struct nlmsghdr *header, void *argument)
{
	struct addresses *addresses = argument;
	size_t rows = addresses->rows.n, malformed = addresses->malformed;

	CHECK(addresses_message(header, addresses) == 0);
	CHECK(addresses->rows.n - rows + addresses->malformed - malformed ==
	    (header->nlmsg_type == RTM_NEWADDR));
	if (addresses->rows.n > rows)
		check_address(addresses, array_at(&addresses->rows, rows));
	return 0;
}

static void
read_addresses(const void *part, size_t size)
{
	static const struct table *const tables[] = { &table_ip_address,
		&table_ip_address_prefix, &table_ip_addr, NULL };
	struct netlink_dump dump = { 0 };
	struct addresses addresses;
	struct netlink_reader reader = { .message = take_address, .argument = &addresses };

	addresses_init(&addresses);
	netlink_part(&dump, &reader, part, size);
	check_tables(tables, addresses.rows, &addresses.pool);
	addresses_free(&addresses);
}

/* --- neighbours ----------------------------------------------------------------------- */

static void
check_neighbour(const struct neighbours *neighbours, const struct neighbour_row *row)
{
	static const uint8_t none[NEIGHBOUR_ADDRESS_MAX];

	CHECK(row->ifindex > 0 && row->ifindex <= INT_MAX);
	CHECK(!(row->state & NUD_NOARP));
	CHECK(row->updated <= NOW);
	CHECK(row->ipv6 <= 1);
	CHECK(row->length <= NEIGHBOUR_ADDRESS_MAX);
	CHECK(memcmp(row->physical + row->length, none, sizeof(none) - row->length) == 0);
	if (row->ipv6)
		check_pooled(&neighbours->pool, row->address, row->ifindex);
}

/* A message of a neighbour is a row, or makes no sense, or is of none that is shown. */
static int
take_neighbour(const struct nlmsghdr *header, void *argument)
{
	struct neighbours *neighbours = argument;
	size_t rows = neighbours->rows.n, malformed = neighbours->malformed;

	CHECK(neighbours_message(header, neighbours) == 0);
	CHECK(neighbours->rows.n - rows + neighbours->malformed - malformed <=
	    (header->nlmsg_type == RTM_NEWNEIGH));
	if (neighbours->rows.n > rows)
		check_neighbour(neighbours, array_at(&neighbours->rows, rows));
	return 0;
}

static void
read_neighbours(const void *part, size_t size)
{
	static const struct table *const tables[] = { &table_ip_net_to_physical,
		&table_ip_net_to_media, NULL };
	struct netlink_dump dump = { 0 };
	struct neighbours neighbours;
	struct netlink_reader reader = {
		.message = take_neighbour,
		.argument = &neighbours,
	};

	neighbours_init(&neighbours, NOW);
	netlink_part(&dump, &reader, part, size);
	check_tables(tables, neighbours.rows, &neighbours.pool);
	neighbours_free(&neighbours);
}

/* --- devices -------------------------------------------------------------------------- */

/* What a reader of devices is told, of the message at hand. */
struct telling {
	const struct nlmsghdr *header;
	unsigned told;
	int (*message)(const struct nlmsghdr *, void *reader);
	struct ip_link_reader *reader;
};

static void
check_octets(const struct telling *telling, struct octets octets)
{
	const uint8_t *begin = (const uint8_t *)telling->header;
	const uint8_t *end = begin + telling->header->nlmsg_len;

	if (octets.n == 0)
		return;
	CHECK(octets.at >= begin && octets.at <= end);
	CHECK(octets.n <= (size_t)(end - octets.at));
}

static int
take_link(const struct ip_link *link, void *argument)
{
	struct telling *telling = argument;

	telling->told++;
	CHECK(link->ifindex > 0 && link->ifindex <= INT_MAX);
	check_octets(telling, link->name);
	CHECK(link->name.n == 0 || !memchr(link->name.at, '\0', link->name.n));
	check_octets(telling, link->token);
	CHECK(link->token.n == 0 || link->token.n == 8);
	if (link->ipv6)
		return 0;
	CHECK(!link->ipv6_enabled && !link->forwarding && link->token.n == 0);
	CHECK(link->max_reasm == 0 && link->reachable == 0);
	CHECK(link->retrans == 0 && link->changed == 0);
	return 0;
}

static int
take_retrans(uint32_t ifindex, uint64_t ms, void *argument)
{
	struct telling *telling = argument;

	(void)ifindex;
	(void)ms;
	telling->told++;
	return 0;
}

/* A message tells one thing, or none, or that it makes no sense. */
static int
take_telling(const struct nlmsghdr *header, void *argument)
{
	struct telling *telling = argument;
	size_t malformed = telling->reader->malformed;

	telling->header = header;
	telling->told = 0;
	CHECK(telling->message(header, telling->reader) == 0);
	CHECK(telling->told + (telling->reader->malformed - malformed) <= 1);
	return 0;
}

static void
read_links(
    const void *part, size_t size, int (*message)(const struct nlmsghdr *, void *reader))
{
	struct telling telling = { .message = message };
	struct ip_link_reader links = {
		.link = take_link,
		.retrans = take_retrans,
		.argument = &telling,
	};
	struct netlink_reader reader = { .message = take_telling, .argument = &telling };
	struct netlink_dump dump = { 0 };

	telling.reader = &links;
	netlink_part(&dump, &reader, part, size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *part;

	if (size == 0)
		return 0;
	/* Behind an octet nothing is aligned. */
	part = malloc(size);
	memcpy(part, data + 1, size - 1);
	switch (data[0] % 4) {
	case 0:
		read_addresses(part, size - 1);
		break;
	case 1:
		read_neighbours(part, size - 1);
		break;
	case 2:
		read_links(part, size - 1, ip_links_message);
		break;
	case 3:
		read_links(part, size - 1, ip_links_retrans_message);
		break;
	}
	free(part);
	return 0;
}
