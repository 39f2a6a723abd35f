// SPDX-License-Identifier: BSD-2-Clause
// One netlink dump: send the request, hand every message on, know whether it was whole.
#ifndef NETMIB_NETLINK_H
#define NETMIB_NETLINK_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The receive buffer. The kernel fills dumps in parts of just under 32 KiB when the reader
 * offers that much (netlink_dump() in net/netlink/af_netlink.c); a link with many VFs needs
 * more.
 */
#define NETLINK_BUFFER_SIZE 65536

/* What a long read calls between two parts, so that short work need not wait for it. */
struct pause {
	void (*call)(void *argument); /* NULL: nobody waits */
	void *argument;
};

void pause_now(const struct pause *);

/* Who receives the messages of a dump. */
struct netlink_reader {
	/* Called for every message but NLMSG_DONE, NLMSG_ERROR and NLMSG_NOOP. The message
	 * is whole (nlmsg_len bytes are there) and belongs to the caller. Returns 0, or
	 * -errno to give up. */
	int (*message)(const struct nlmsghdr *, void *argument);
	void *argument;
	struct pause pause;
	/* Called before a dump is run once more because the objects changed during it: what
	 * came is to be forgotten. NULL: it is run once, and -EINTR says so. */
	void (*again)(void *argument);
};

/* The state of a dump over its parts; all zero at the start. */
struct netlink_dump {
	bool done;	  /* NLMSG_DONE was seen */
	bool interrupted; /* NLM_F_DUMP_INTR was seen: the objects changed meanwhile */
	int error; /* what NLMSG_DONE or NLMSG_ERROR said, or message(): 0 or -errno */
	size_t malformed; /* messages that were cut off */
};

/* Hands the messages of one part (length bytes of one datagram, or of a recorded dump) to
 * the reader and notes in *dump how the dump stands. No system calls. */
void netlink_part(
    struct netlink_dump *, const struct netlink_reader *, const void *part, size_t length);

/*
 * Sorts the attributes in length bytes at first into ret_attributes[n], by type; of a type
 * that occurs twice the last counts. min_size[type] is the least payload an attribute must
 * have to be taken; types without a size there (0), and shorter ones, are left out (NULL).
 * Returns false when the bytes are not a whole number of attributes: the message is cut off
 * or lies.
 */
bool netlink_attributes(const void *first, size_t length, const uint8_t *min_size, size_t n,
    const struct nlattr **ret_attributes);

/* The same for the attributes that an attribute holds; false also for NULL. */
bool netlink_nest(const struct nlattr *nest, const uint8_t *min_size, size_t n,
    const struct nlattr **ret_attributes);

/* Whether a string attribute, with or without its NUL, says this. NULL says nothing. */
bool netlink_says(const struct nlattr *, const char *text);

/*
 * Runs one dump on a socket of its own, with strict checking where the bus knows it: bus is
 * NETLINK_SOCK_DIAG, NETLINK_ROUTE …; request is whole but for nlmsg_seq, and has
 * NLM_F_REQUEST | NLM_F_DUMP. Messages cut off are added to *malformed.
 * Returns 0 when the dump ended with NLMSG_DONE and no error; -EINTR when it was whole but
 * the kernel flagged it as changed in between (NLM_F_DUMP_INTR); else the error of the
 * socket, the kernel or the reader. -ETIMEDOUT: no part came for five seconds.
 * A reader with again() never sees -EINTR: the dump is run up to three times, and what came
 * last counts, for under steady change none is clean.
 */
int netlink_dump(
    int bus, struct nlmsghdr *request, const struct netlink_reader *, size_t *malformed);

#endif
