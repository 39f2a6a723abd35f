// SPDX-License-Identifier: BSD-2-Clause
// What tests of tables check alike; all of it fails a test by cmocka's assertions.
#ifndef NETMIB_TESTS_CHECKS_H
#define NETMIB_TESTS_CHECKS_H

#include "helpers.h"

/* Checks that a walk of a table, from its beginning to its end, meets these instances. */
void model_check_walk(const struct table *, const struct array *instances);

/* Checks what a table answers to so many random OIDs, for GET and for GETNEXT. */
void model_check_any_oid(
    const struct table *, const struct array *instances, struct random *, unsigned times);

/* Checks that the INDEX of a row is exactly these sub-identifiers. */
void check_index(const struct table *, const struct snapshot *, const void *row,
    const uint32_t *subid, size_t n);

/* Reads a column of the row at a position in a table's view. Octets of *ret that it does
 * not set are 0xff. Returns false when there is no such instance. */
bool check_column(const struct table *, const struct snapshot *, const struct view *,
    size_t position, uint32_t number, struct value *ret);

#endif
