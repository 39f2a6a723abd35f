// SPDX-License-Identifier: BSD-2-Clause
// A run of octets that lives elsewhere: in a message, in a snapshot.
#ifndef NETMIB_OCTETS_H
#define NETMIB_OCTETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct octets {
	const uint8_t *at; /* may be NULL when n is 0 */
	size_t n;
};

/* Whether they are the characters of a string. */
static inline bool
octets_are(struct octets octets, const char *text)
{
	return strlen(text) == octets.n && memcmp(text, octets.at, octets.n) == 0;
}

/* Copies what fits into size - 1 characters, and a NUL behind it. */
static inline void
octets_to_text(struct octets octets, char *text, size_t size)
{
	size_t n = octets.n < size ? octets.n : size - 1;

	if (n > 0)
		memcpy(text, octets.at, n);
	text[n] = '\0';
}

#endif
