// SPDX-License-Identifier: BSD-2-Clause
// INDEX clauses as data: a row's instance identifier, and its place among the others.
#include "index.h"

#include <string.h>

static void
put(struct index_key *key, uint32_t subid, uint8_t width)
{
	key->octets += width;
	key->width[key->n] = width;
	key->subid[key->n++] = subid;
}

static void
put_inet(struct index_key *key, const struct inet_address *address)
{
	put(key, address->type, 1);
	put(key, address->length, 0);
	for (unsigned i = 0; i < address->length; i++)
		put(key, address->octets[i], 1);
}

/* A length and so many octets. */
static void
put_octets(struct index_key *key, const struct octets *octets)
{
	put(key, (uint32_t)octets->n, 1);
	for (size_t i = 0; i < octets->n; i++)
		put(key, octets->at[i], 1);
}

static void
put_object_id(struct index_key *key, const struct object_id *object_id)
{
	put(key, object_id->n, 1);
	for (unsigned i = 0; i < object_id->n; i++)
		put(key, object_id->subid[i], 4);
}

void
index_encode(const struct index_part *parts, size_t n_parts,
    const struct snapshot *snapshot, const void *row, size_t enough, struct index_key *key)
{
	struct inet_address address;
	struct object_id object_id;
	struct octets octets;
	uint32_t number;

	key->n = 0;
	key->octets = 0;
	for (size_t i = 0; i < n_parts && key->octets < enough; i++) {
		const struct index_part *part = &parts[i];

		switch (part->kind) {
		case INDEX_UINT16:
			put(key, part->number(snapshot, row), 2);
			break;
		case INDEX_UINT32:
			put(key, part->number(snapshot, row), 4);
			break;
		case INDEX_IPADDRESS:
			number = part->number(snapshot, row);
			for (int shift = 24; shift >= 0; shift -= 8)
				put(key, number >> shift & 0xff, 1);
			break;
		case INDEX_INET:
			part->inet(snapshot, row, &address);
			put_inet(key, &address);
			break;
		case INDEX_OBJECT_ID:
			part->object_id(snapshot, row, &object_id);
			put_object_id(key, &object_id);
			break;
		case INDEX_OCTETS:
			part->octets(snapshot, row, &octets);
			put_octets(key, &octets);
			break;
		}
	}
}

int
index_compare(const struct index_key *key, const uint32_t *subid, size_t n)
{
	size_t common = key->n < n ? key->n : n;

	for (size_t i = 0; i < common; i++)
		if (key->subid[i] != subid[i])
			return key->subid[i] < subid[i] ? -1 : 1;
	return (key->n > n) - (key->n < n);
}

size_t
index_window(const struct index_key *key, size_t from, uint8_t *window, size_t size)
{
	size_t at = 0;

	memset(window, 0, size);
	for (size_t i = 0; i < key->n && at < from + size; i++) {
		for (int left = key->width[i] - 1; left >= 0; left--, at++)
			if (at >= from && at < from + size)
				window[at - from] = (uint8_t)(key->subid[i] >> 8 * left);
	}
	return key->octets;
}
