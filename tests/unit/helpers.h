// SPDX-License-Identifier: BSD-2-Clause
// Made-up tables with random rows, and a naive model of what they must answer.
#ifndef NETMIB_TESTS_HELPERS_H
#define NETMIB_TESTS_HELPERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "array.h"
#include "table/reader.h"
#include "table/source.h"
#include "table/table.h"

#define OID_MAX 128 /* what SNMP allows */

/* A generator whose whole future follows from its state. */
struct random {
	uint64_t state;
};

uint64_t random_next(struct random *);

/* 0 … n - 1; n is not 0. */
uint32_t random_below(struct random *, uint32_t n);

/* A generator seeded by NETMIB_SEED, else by the clock; the seed is printed as a TAP
 * comment. */
struct random random_from_environment(void);

/* A row of every made-up table. */
struct fake_row {
	struct inet_address local, remote;
	uint32_t local_ipv4, remote_ipv4;
	uint16_t local_port, remote_port;
	uint32_t value; /* a column is value + its argument */
	uint32_t rank;	/* of two with one index the lower is shown; each has its own */
	uint8_t holes;	/* bit n: the n-th column has no value */
	bool hidden;	/* is no row of the table */
};

/* The made-up tables, by their INDEX. */
enum fake_table {
	FAKE_CONNECTION, /* address, port, address, port */
	FAKE_IPV4,	 /* the same with IpAddress */
	FAKE_ENDPOINT,	 /* address, port */
	FAKE_PORT,	 /* port */
	FAKE_STATION,	 /* remote_ipv4 as a number, octets of the remote address */
	FAKE_SCALARS,	 /* none */
	FAKE_TABLES,
};

#define FAKE_COLUMNS 3

extern const struct table fake_tables[FAKE_TABLES];

/* The source of them all; never too old. */
extern const struct source_kind fake_source;

/* What fake_source reads from now on: n rows that stay the caller's, or an error
 * (-errno). */
void fake_source_set(const struct fake_row *rows, size_t n, int error);

/* How rows resemble each other. */
enum fake_style {
	FAKE_RANDOM,	/* not at all */
	FAKE_POOL,	/* few addresses and ports: many indexes are met again and again */
	FAKE_ONE_LOCAL, /* one local IPv6 endpoint, neighbours as peers: long common
			   prefixes */
	FAKE_IDENTICAL, /* one index */
	FAKE_STYLES,
};

/* n rows into an empty array of struct fake_row. */
void fake_make_rows(struct random *, enum fake_style, size_t n, struct array *rows);

/* What a table must answer. */
struct model_instance {
	struct instance name;
	uint32_t value;
};

/* All instances of a made-up table over these rows, in order, into an empty array of struct
 * model_instance. */
void model_build(
    enum fake_table, const struct fake_row *rows, size_t n, struct array *instances);

/* The OID below a table's root that a row's index is, the slow and plain way. Returns its
 * length. */
size_t model_index(enum fake_table, const struct fake_row *, uint32_t *ret_subid);

/* The first instance behind an OID, or at it with inclusive; the number of instances if
 * there is none. */
size_t model_after(
    const struct array *instances, const uint32_t *subid, size_t n, bool inclusive);

/* < 0, 0, > 0, as OIDs are ordered. */
int model_compare(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b);

/* An OID a client could send: an instance's with a few things wrong with it, or noise.
 * Returns its length, at most OID_MAX. */
size_t model_random_oid(
    struct random *, const struct array *instances, uint32_t *ret_subid);

#endif
