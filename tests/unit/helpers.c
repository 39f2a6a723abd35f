// SPDX-License-Identifier: BSD-2-Clause
// Made-up tables with random rows, and a naive model of what they must answer.
#include "helpers.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Steele, Lea, Flood: "Fast splittable pseudorandom number generators" (2014). */
uint64_t
random_next(struct random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint32_t
random_below(struct random *random, uint32_t n)
{
	return (uint32_t)(random_next(random) % n);
}

struct random
random_from_environment(void)
{
	const char *text = getenv("NETMIB_SEED");
	uint64_t seed = text ? strtoull(text, NULL, 10) : (uint64_t)monotonic_now();

	printf("# seed %" PRIu64 " (NETMIB_SEED repeats it)\n", seed);
	fflush(stdout);
	return (struct random){ seed };
}

/* --- the tables ----------------------------------------------------------------------- */

static void
local_inet(const struct snapshot *snapshot, const void *row, struct inet_address *ret)
{
	(void)snapshot;
	*ret = ((const struct fake_row *)row)->local;
}

static void
remote_inet(const struct snapshot *snapshot, const void *row, struct inet_address *ret)
{
	(void)snapshot;
	*ret = ((const struct fake_row *)row)->remote;
}

static uint32_t
local_ipv4(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct fake_row *)row)->local_ipv4;
}

static uint32_t
remote_ipv4(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct fake_row *)row)->remote_ipv4;
}

static uint32_t
local_port(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct fake_row *)row)->local_port;
}

static uint32_t
remote_port(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return ((const struct fake_row *)row)->remote_port;
}

static void
remote_octets(const struct snapshot *snapshot, const void *row, struct octets *ret)
{
	const struct inet_address *remote = &((const struct fake_row *)row)->remote;

	(void)snapshot;
	*ret = (struct octets){ remote->octets, remote->length };
}

static bool
is_shown(const struct snapshot *snapshot, const void *row)
{
	(void)snapshot;
	return !((const struct fake_row *)row)->hidden;
}

static bool
has_lower_rank(const void *a, const void *b)
{
	return ((const struct fake_row *)a)->rank < ((const struct fake_row *)b)->rank;
}

static bool
read_column(const struct cell *cell, struct value *ret)
{
	const struct fake_row *row = cell->row;

	ret->number = row->value + cell->column->argument;
	return !(row->holes >> cell->column->argument & 1);
}

/* Not 1, 2, 3: there are numbers before, between and behind. */
static const struct column columns[FAKE_COLUMNS] = {
	{ .number = 2,
	    .name = "two",
	    .type = VALUE_GAUGE32,
	    .read = read_column,
	    .argument = 0 },
	{ .number = 7,
	    .name = "seven",
	    .type = VALUE_GAUGE32,
	    .read = read_column,
	    .argument = 1 },
	{ .number = 8,
	    .name = "eight",
	    .type = VALUE_GAUGE32,
	    .read = read_column,
	    .argument = 2 },
};

static const struct index_part connection[] = {
	{ .kind = INDEX_INET, .inet = local_inet },
	{ .kind = INDEX_UINT16, .number = local_port },
	{ .kind = INDEX_INET, .inet = remote_inet },
	{ .kind = INDEX_UINT16, .number = remote_port },
};

static const struct index_part ipv4[] = {
	{ .kind = INDEX_IPADDRESS, .number = local_ipv4 },
	{ .kind = INDEX_UINT16, .number = local_port },
	{ .kind = INDEX_IPADDRESS, .number = remote_ipv4 },
	{ .kind = INDEX_UINT16, .number = remote_port },
};

static const struct index_part station[] = {
	{ .kind = INDEX_UINT32, .number = remote_ipv4 },
	{ .kind = INDEX_OCTETS, .octets = remote_octets },
};

static const uint32_t root[] = { 1, 3, 6, 1, 4, 1, 8072, 9999 };

#define FAKE(text, parts, count) \
	{ \
		.name = (text), .group = "fake", .root = root, \
		.root_length = LENGTH(root), .source = &fake_source, .index = (parts), \
		.n_index = (count), .shows = is_shown, .prefers = has_lower_rank, \
		.columns = columns, .n_columns = FAKE_COLUMNS, \
	}

const struct table fake_tables[FAKE_TABLES] = {
	[FAKE_CONNECTION] = FAKE("connection", connection, 4),
	[FAKE_IPV4] = FAKE("ipv4", ipv4, 4),
	[FAKE_ENDPOINT] = FAKE("endpoint", connection, 2),
	[FAKE_PORT] = FAKE("port", connection + 1, 1),
	[FAKE_STATION] = FAKE("station", station, 2),
	[FAKE_SCALARS] = {
	    .name = "scalars",
	    .group = "fake",
	    .root = root,
	    .root_length = LENGTH(root),
	    .scalars = true,
	    .source = &fake_source,
	    .columns = columns,
	    .n_columns = FAKE_COLUMNS,
	},
};

/* read() is given nothing of the test's. */
static struct {
	const struct fake_row *rows;
	size_t n;
	int error;
} what_is_read;

void
fake_source_set(const struct fake_row *rows, size_t n, int error)
{
	what_is_read.rows = rows;
	what_is_read.n = n;
	what_is_read.error = error;
}

static int
read_fake(struct reading *reading)
{
	size_t n = what_is_read.n;

	reading->new->rows = ARRAY_OF(struct fake_row);
	if (n > 0 && !array_append(&reading->new->rows, n))
		return -ENOMEM;
	if (n > 0)
		memcpy(reading->new->rows.data, what_is_read.rows,
		    n * sizeof(struct fake_row));
	return what_is_read.error;
}

const struct source_kind fake_source = {
	.name = "fake",
	.max_age = 3600 * 1000,
	.read = read_fake,
};

/* --- random rows ---------------------------------------------------------------------- */

static void
fill(struct random *random, uint8_t *octets, size_t n)
{
	for (size_t i = 0; i < n; i++)
		octets[i] = (uint8_t)random_next(random);
}

static struct inet_address
make_address(struct random *random)
{
	static const struct inet_address forms[] = {
		{ .type = INET_ADDRESS_UNKNOWN, .length = 0 },
		{ .type = INET_ADDRESS_IPV4, .length = 4 },
		{ .type = INET_ADDRESS_IPV6, .length = 16 },
		{ .type = INET_ADDRESS_IPV6Z, .length = 20 },
	};
	struct inet_address address = forms[random_below(random, LENGTH(forms))];

	fill(random, address.octets, address.length);
	return address;
}

static void
make_index(struct random *random, struct fake_row *row)
{
	row->local = make_address(random);
	row->remote = make_address(random);
	row->local_ipv4 = (uint32_t)random_next(random);
	row->remote_ipv4 = (uint32_t)random_next(random);
	row->local_port = (uint16_t)random_next(random);
	row->remote_port = (uint16_t)random_next(random);
}

/* Parts of the index from the few in a pool, each by itself. */
static void
draw_index(
    struct random *random, const struct fake_row *pool, uint32_t n, struct fake_row *row)
{
	row->local = pool[random_below(random, n)].local;
	row->remote = pool[random_below(random, n)].remote;
	row->local_ipv4 = pool[random_below(random, n)].local_ipv4;
	row->remote_ipv4 = pool[random_below(random, n)].remote_ipv4;
	row->local_port = pool[random_below(random, n)].local_port;
	row->remote_port = pool[random_below(random, n)].remote_port;
}

/* One busy server: the peers differ at the far end of the index. */
static void
make_peer(struct random *random, const struct fake_row *server, struct fake_row *row)
{
	*row = *server;
	row->local.type = row->remote.type = INET_ADDRESS_IPV6;
	row->local.length = row->remote.length = 16;
	row->remote.octets[15] = (uint8_t)random_below(random, 4);
	row->remote_ipv4 = server->remote_ipv4 ^ random_below(random, 4);
	row->local_port = (uint16_t)(server->local_port ^ random_below(random, 2));
	row->remote_port = (uint16_t)random_below(random, 2000);
}

void
fake_make_rows(struct random *random, enum fake_style style, size_t n, struct array *rows)
{
	struct fake_row pool[6] = { 0 }, *row;
	bool holes = random_below(random, 2), hides = random_below(random, 2);

	for (size_t i = 0; i < LENGTH(pool); i++)
		make_index(random, &pool[i]);
	*rows = ARRAY_OF(struct fake_row);
	row = n > 0 ? array_append(rows, n) : NULL;
	for (size_t i = 0; i < n; i++, row++) {
		if (style == FAKE_RANDOM)
			make_index(random, row);
		else if (style == FAKE_POOL)
			draw_index(random, pool, LENGTH(pool), row);
		else if (style == FAKE_ONE_LOCAL)
			make_peer(random, pool, row);
		else
			*row = pool[0];
		row->value = (uint32_t)i * 16;
		row->rank = (uint32_t)i * 2654435761u; /* odd: no two are equal */
		row->holes = holes && random_below(random, 3) == 0 ?
		    (uint8_t)random_below(random, 1 << FAKE_COLUMNS) : 0;
		row->hidden = hides && random_below(random, 4) == 0;
	}
}

/* --- the model ------------------------------------------------------------------------ */

static size_t
append_octets(uint32_t *subid, size_t n, const uint8_t *octets, size_t length)
{
	subid[n++] = (uint32_t)length;
	for (size_t i = 0; i < length; i++)
		subid[n++] = octets[i];
	return n;
}

static size_t
append_inet(uint32_t *subid, size_t n, const struct inet_address *address)
{
	subid[n++] = address->type;
	return append_octets(subid, n, address->octets, address->length);
}

static size_t
append_ipv4(uint32_t *subid, size_t n, uint32_t address)
{
	subid[n++] = address >> 24;
	subid[n++] = address >> 16 & 255;
	subid[n++] = address >> 8 & 255;
	subid[n++] = address & 255;
	return n;
}

size_t
model_index(enum fake_table table, const struct fake_row *row, uint32_t *subid)
{
	size_t n = 0;

	if (table == FAKE_SCALARS) {
		subid[n++] = 0;
		return n;
	}
	if (table == FAKE_STATION) {
		subid[n++] = row->remote_ipv4;
		return append_octets(subid, n, row->remote.octets, row->remote.length);
	}
	if (table == FAKE_CONNECTION || table == FAKE_ENDPOINT)
		n = append_inet(subid, n, &row->local);
	if (table == FAKE_IPV4)
		n = append_ipv4(subid, n, row->local_ipv4);
	subid[n++] = row->local_port;
	if (table == FAKE_CONNECTION)
		n = append_inet(subid, n, &row->remote);
	if (table == FAKE_IPV4)
		n = append_ipv4(subid, n, row->remote_ipv4);
	if (table == FAKE_CONNECTION || table == FAKE_IPV4)
		subid[n++] = row->remote_port;
	return n;
}

int
model_compare(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
	for (size_t i = 0; i < n_a && i < n_b; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return n_a < n_b ? -1 : n_a > n_b;
}

/* A row and its place. */
struct placed {
	struct instance index;
	const struct fake_row *row;
};

static int
compare_placed(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	int order = model_compare(x->index.subid, x->index.n, y->index.subid, y->index.n);

	if (order != 0)
		return order;
	return x->row->rank < y->row->rank ? -1 : x->row->rank > y->row->rank;
}

static void
add_instance(struct array *instances, enum fake_table table, size_t column,
    const struct placed *placed)
{
	struct model_instance *instance;
	size_t n = 0;

	if (placed->row->holes >> column & 1)
		return;
	instance = array_append(instances, 1);
	if (table != FAKE_SCALARS)
		instance->name.subid[n++] = 1;
	instance->name.subid[n++] = columns[column].number;
	memcpy(instance->name.subid + n, placed->index.subid,
	    placed->index.n * sizeof(uint32_t));
	instance->name.n = n + placed->index.n;
	instance->value = placed->row->value + (uint32_t)column;
}

void
model_build(
    enum fake_table table, const struct fake_row *rows, size_t n, struct array *instances)
{
	struct placed *placed = calloc(n + 1, sizeof(*placed));
	size_t shown = 0;

	*instances = ARRAY_OF(struct model_instance);
	for (size_t i = 0; i < n; i++) {
		if (table != FAKE_SCALARS && rows[i].hidden)
			continue;
		placed[shown].row = &rows[i];
		placed[shown].index.n =
		    model_index(table, &rows[i], placed[shown].index.subid);
		shown++;
	}
	qsort(placed, shown, sizeof(*placed), compare_placed);
	for (size_t column = 0; column < FAKE_COLUMNS; column++)
		for (size_t i = 0; i < shown; i++)
			if (i == 0 ||
			    model_compare(placed[i].index.subid, placed[i].index.n,
				placed[i - 1].index.subid, placed[i - 1].index.n) != 0)
				add_instance(instances, table, column, &placed[i]);
	free(placed);
}

size_t
model_after(const struct array *instances, const uint32_t *subid, size_t n, bool inclusive)
{
	size_t i;

	for (i = 0; i < instances->n; i++) {
		const struct model_instance *instance = array_at(instances, i);
		int order = model_compare(instance->name.subid, instance->name.n, subid, n);

		if (order > 0 || (order == 0 && inclusive))
			break;
	}
	return i;
}

/* Does one thing to an OID that clients do, or should not do. Returns its new length. */
static size_t
spoil(struct random *random, uint32_t *subid, size_t n)
{
	size_t at = n > 0 ? random_below(random, (uint32_t)n) : 0;

	switch (random_below(random, 8)) {
	case 0:
		return at;
	case 1:
		while (n < OID_MAX && random_below(random, 4) > 0)
			subid[n++] =
			    random_below(random, 2) ? 0 : (uint32_t)random_next(random);
		return n;
	case 2:
		subid[at] += n > 0;
		return n;
	case 3:
		subid[at] -= n > 0;
		return n;
	case 4:
		subid[at] = UINT32_MAX;
		return n > 0 ? n : 1;
	case 5:
		subid[at] = (uint32_t)random_next(random);
		return n > 0 ? n : 1;
	case 6:
		subid[at] = random_below(random, 300);
		return n > 0 ? n : 1;
	default:
		return n;
	}
}

size_t
model_random_oid(struct random *random, const struct array *instances, uint32_t *subid)
{
	const struct model_instance *instance;
	size_t n = 0;

	memset(subid, 0, OID_MAX * sizeof(*subid));
	if (instances->n > 0 && random_below(random, 16) > 0) {
		instance =
		    array_at(instances, random_below(random, (uint32_t)instances->n));
		n = instance->name.n;
		memcpy(subid, instance->name.subid, n * sizeof(*subid));
	} else {
		n = random_below(random, OID_MAX + 1);
		for (size_t i = 0; i < n; i++)
			subid[i] = random_below(random, 10);
	}
	for (uint32_t i = random_below(random, 4); i > 0; i--)
		n = spoil(random, subid, n);
	return n;
}
