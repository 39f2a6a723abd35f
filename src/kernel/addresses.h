// SPDX-License-Identifier: BSD-2-Clause
// The IP addresses of this network namespace's interfaces as packed rows, from rtnetlink.
#ifndef NETMIB_ADDRESSES_H
#define NETMIB_ADDRESSES_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "../array.h"
#include "address_pool.h"
#include "netlink.h"

#define ADDRESS_IPV6 0x01
#define ADDRESS_BROADCAST 0x02 /* there is one */

/* What the kernel says of an address: IFA_F_… (include/uapi/linux/if_addr.h). */
#define ADDRESS_TEMPORARY 0x01 /* of IPv6; of IPv4 it is secondary */
#define ADDRESS_OPTIMISTIC 0x04
#define ADDRESS_DAD_FAILED 0x08
#define ADDRESS_DEPRECATED 0x20
#define ADDRESS_TENTATIVE 0x40
#define ADDRESS_PERMANENT 0x80
#define ADDRESS_HAS_TEMPORARY 0x100 /* IFA_F_MANAGETEMPADDR: by autoconfiguration */
#define ADDRESS_STABLE_PRIVACY 0x800

/* Who made it: IFAPROT_KERNEL_…, since 5.18. */
#define ADDRESS_BY_RA 2
#define ADDRESS_FOR_LINK 3

#define ADDRESS_FOREVER UINT32_MAX /* a lifetime without an end */

/* An address of an interface, 52 bytes. IPv4 addresses are in host order, IPv6 ones are
 * numbers in addresses.pool. */
struct address_row {
	uint32_t ifindex;
	uint32_t local;
	uint32_t prefix; /* with the octets behind its length zero; of the peer on a
			    point-to-point link */
	uint32_t broadcast;
	uint32_t flags; /* ADDRESS_TEMPORARY … */
	/* When it was made and changed: hundredths of a second since the host was started,
	 * the low 32 bits (cstamp and tstamp of struct ifa_cacheinfo). */
	uint32_t created, changed;
	uint32_t preferred, valid; /* lifetimes left when it was read, s */
	uint8_t length;		   /* of the prefix: 0 to 32, 128 */
	uint8_t protocol;	   /* ADDRESS_BY_RA …; 0: not told */
	uint8_t options;	   /* ADDRESS_IPV6, ADDRESS_BROADCAST */
	uint8_t inaccessible;	   /* for the caller: its link is not up; 0 as it is read */
};

/* Where addresses are gathered. rows and pool are the caller's, who takes or frees them. */
struct addresses {
	struct array rows; /* of struct address_row, in the kernel's order */
	struct address_pool pool;
	size_t malformed; /* messages that made no sense and were skipped */
};

void addresses_init(struct addresses *);
void addresses_free(struct addresses *);

/* Reads the addresses of a family, AF_UNSPEC for both, into *addresses, which is empty.
 * Returns 0 or -errno; after an error the rows are not to be used. */
int addresses_read(struct addresses *, uint8_t family, const struct pause *);

/* Takes one RTM_NEWADDR message; others are passed over, malformed ones counted. For
 * netlink_reader.message; argument is a struct addresses. Returns 0 or -ENOMEM. */
int addresses_message(const struct nlmsghdr *, void *addresses);

#endif
