// SPDX-License-Identifier: BSD-2-Clause
// Network devices as IF-MIB sees them: which are shown, what state and type they have, what
// is above and below.
#ifndef NETMIB_MIB_LINKS_H
#define NETMIB_MIB_LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "../kernel/links.h"

#define LINK_NAME_SIZE 16 /* IFNAMSIZ */
#define LINK_PATTERNS_MAX 16
#define LINK_PATTERN_SIZE 32

/* Patterns of names, as glob(7) has them. */
struct link_patterns {
	uint32_t n;
	char text[LINK_PATTERNS_MAX][LINK_PATTERN_SIZE];
};

/* netmibInterface and netmibLinkNotify. Compared as bytes. */
struct link_settings {
	struct link_patterns include, exclude;
	/* Whether notify says of which devices linkUp and linkDown are sent; else it is of
	 * those with nothing below them (RFC 2863, ifLinkUpDownTrapEnable). */
	uint32_t notify_named;
	struct link_patterns notify;
};

/* The defaults, into a struct link_settings: everything is shown. */
void link_settings_init(void *settings);

/* Adds a pattern. Returns false when it is too long, or there is no room. */
bool link_patterns_add(struct link_patterns *, const char *pattern);

/* Whether a device with this name is shown: it matches an include, or there is none, and it
 * matches no exclude. */
bool link_is_shown(const struct link_settings *, const char *name);

/* The same of a device, whose name is set in any case, with zeros behind it. */
bool link_shown_as(
    const struct link_settings *, const struct link *, char ret_name[LINK_NAME_SIZE]);

/* Whether linkUp and linkDown are to be sent of it. */
bool link_notifies(const struct link_settings *, const char *name, bool has_below);

enum admin_status {
	ADMIN_UP = 1,
	ADMIN_DOWN = 2,
};

/* ifOperStatus. */
enum oper_status {
	OPER_UP = 1,
	OPER_DOWN = 2,
	OPER_TESTING = 3,
	OPER_UNKNOWN = 4,
	OPER_DORMANT = 5,
	OPER_NOT_PRESENT = 6,
	OPER_LOWER_LAYER_DOWN = 7,
};

enum admin_status link_admin_status(const struct link *);

/* The kernel's IF_OPER_UNKNOWN, which drivers without a state of their own leave it at, is
 * up(1) while there is a carrier. */
enum oper_status link_oper_status(const struct link *);

#define IF_TYPE_OTHER 1
#define IF_TYPE_ETHERNET 6
#define IF_TYPE_LOOPBACK 24
#define IF_TYPE_WIRELESS 71
#define IF_TYPE_TUNNEL 131

/* IANAifType, by the kind of the device, then by its hardware. */
uint32_t link_type(const struct link *);

/* The device that runs on top of this one, being its master, and the one this runs on top
 * of (ifStackTable): 0 for none. A VRF is a matter of routing, and not above its ports; the
 * peer of a veth is not below it. */
uint32_t link_above(const struct link *);
uint32_t link_below(const struct link *);

/* The address it has itself: none for loopback, nor for a tunnel, where the kernel has that
 * of an end in its place. */
struct octets link_address(const struct link *);

#endif
