// SPDX-License-Identifier: BSD-2-Clause
// INDEX clauses as data: a row's instance identifier, and its place among the others.
#ifndef NETMIB_INDEX_H
#define NETMIB_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "../octets.h"

struct snapshot;

/*
 * Sub-identifiers an INDEX can have here; SNMP allows 128 in a whole OID (RFC 3416, 4.1).
 */
#define INDEX_MAX 96

/* InetAddressType and InetAddress (RFC 4001). */
enum inet_address_type {
	INET_ADDRESS_UNKNOWN = 0,
	INET_ADDRESS_IPV4 = 1,
	INET_ADDRESS_IPV6 = 2,
	INET_ADDRESS_IPV6Z = 4,
};

struct inet_address {
	uint8_t type;	/* enum inet_address_type */
	uint8_t length; /* a function of type: 0, 4, 16, 20 */
	uint8_t octets[20];
};

/* An OBJECT IDENTIFIER: a policy, or a RowPointer to what has an address in its INDEX. */
#define OBJECT_ID_MAX 40
struct object_id {
	uint8_t n;
	uint32_t subid[OBJECT_ID_MAX];
};

/* What one part of an INDEX clause is. */
enum index_kind {
	INDEX_UINT16,	 /* INTEGER of at most 65535: one sub-identifier */
	INDEX_UINT32,	 /* any other INTEGER or Unsigned32: one sub-identifier */
	INDEX_IPADDRESS, /* IpAddress: four, no length (RFC 2578, 7.7) */
	INDEX_INET,	 /* InetAddressType and InetAddress: type, length, octets */
	INDEX_OBJECT_ID, /* OBJECT IDENTIFIER: length, sub-identifiers */
	INDEX_OCTETS,	 /* OCTET STRING of at most 64 octets: length, octets */
};

/*
 * One part: its kind, and how it is got from a row. Only the function of its kind is set.
 */
struct index_part {
	enum index_kind kind;
	union {
		uint32_t (*number)(const struct snapshot *,
		    const void *row); /* UINT16, UINT32, IPADDRESS */
		void (*inet)(
		    const struct snapshot *, const void *row, struct inet_address *ret);
		void (*object_id)(
		    const struct snapshot *, const void *row, struct object_id *ret);
		void (*octets)(
		    const struct snapshot *, const void *row, struct octets *ret);
	};
};

/* A row's instance identifier. width is how many octets of the sort key a sub-identifier
 * takes: 0 for a length that follows from what stands before it. */
struct index_key {
	uint8_t n;
	uint16_t octets; /* of the sort form, as far as it is encoded */
	uint8_t width[INDEX_MAX];
	uint32_t subid[INDEX_MAX];
};

/* Encodes the row's INDEX, which must not exceed INDEX_MAX sub-identifiers: all of it, or
 * as many parts as make `enough` octets of the sort form. */
void index_encode(const struct index_part *parts, size_t n_parts, const struct snapshot *,
    const void *row, size_t enough, struct index_key *ret_key);

/* Compares a key with what a client sent, sub-identifier by sub-identifier, the shorter
 * first: < 0, 0, > 0. Any n is allowed. */
int index_compare(const struct index_key *, const uint32_t *subid, size_t n);

/*
 * Octets [from, from + size) of the key's sort form, padded with zeros: big-endian numbers
 * without the lengths that follow from the types. Two rows of one clause are in the same
 * order by memcmp() of this form as by index_compare(). Returns the octets of the whole
 * form.
 */
size_t
index_window(const struct index_key *, size_t from, uint8_t *ret_window, size_t size);

#endif
