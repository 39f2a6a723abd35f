// SPDX-License-Identifier: BSD-2-Clause
// Families of generic netlink, whose numbers the kernel gives out as they come.
#ifndef NETMIB_GENETLINK_H
#define NETMIB_GENETLINK_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdint.h>

/* The head of every request to a family. */
struct genetlink_request {
	struct nlmsghdr header;
	struct genlmsghdr body;
};

/*
 * Finds the number of a family, which is the nlmsg_type of its messages. No module is
 * loaded for it. Returns 0; -ENOENT: this kernel does not have it, or has not loaded it; or
 * another -errno.
 */
int genetlink_find(const char *family, uint16_t *ret_number);

/* Finds the number of one of its multicast groups. Returns as genetlink_find(). */
int genetlink_find_group(const char *family, const char *group, uint32_t *ret_number);

#endif
