// SPDX-License-Identifier: BSD-2-Clause
// The link-layer addresses that devices take frames for: dev_mc_seq_show() in
// net/core/net-procfs.c, ndo_dflt_fdb_dump() in net/core/rtnetlink.c.
#include "link_addresses.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "netlink.h"

#define ADDRESS_MAX 32 /* MAX_ADDR_LEN */
#define LINE_SIZE 160

/* Reads octets in hexadecimal, which are the rest of the line. Returns how many, or -1:
 * they make no sense. */
static int
read_hex(const char *text, uint8_t octets[ADDRESS_MAX])
{
	size_t digits = strspn(text, "0123456789abcdefABCDEF");
	unsigned octet;

	if (digits > 2 * ADDRESS_MAX || digits % 2 ||
	    (text[digits] != '\n' && text[digits] != '\0'))
		return -1;
	for (size_t i = 0; i < digits / 2; i++) {
		(void)sscanf(text + 2 * i, "%2x", &octet);
		octets[i] = (uint8_t)octet;
	}
	return (int)(digits / 2);
}

int
link_addresses_line(const char *line, struct link_address_reader *reader)
{
	uint8_t address[ADDRESS_MAX];
	unsigned ifindex;
	int at = 0, n = -1;

	/* ifindex, name, users, global users, address */
	if (sscanf(line, "%u %*s %*d %*d %n", &ifindex, &at) == 1 && at && ifindex)
		n = read_hex(line + at, address);
	if (n < 0)
		reader->malformed++;
	/* A device without addresses may be in a group all the same, which has none. */
	if (n <= 0)
		return 0;
	return reader->address(
	    ifindex, (struct octets){ address, (size_t)n }, reader->argument);
}

int
link_addresses_read_multicast(struct link_address_reader *reader)
{
	FILE *file = fopen("/proc/net/dev_mcast", "re");
	char line[LINE_SIZE];
	int error = 0;

	if (!file)
		return -errno;
	while (error == 0 && fgets(line, sizeof(line), file))
		error = link_addresses_line(line, reader);
	if (error == 0 && ferror(file))
		error = -EIO;
	fclose(file);
	return error;
}

int
link_addresses_message(const struct nlmsghdr *header, void *argument)
{
	static const uint8_t sizes[] = {
		[NDA_DST] = 1, [NDA_LLADDR] = 1, [NDA_MASTER] = 1, [NDA_NH_ID] = 1
	};
	const size_t body = MNL_ALIGN(sizeof(struct ndmsg));
	const struct ndmsg *neighbour = mnl_nlmsg_get_payload(header);
	const struct nlattr *attributes[sizeof(sizes)], *address;
	struct link_address_reader *reader = argument;
	struct octets octets;

	if (header->nlmsg_type != RTM_NEWNEIGH)
		return 0;
	if (mnl_nlmsg_get_payload_len(header) < body || neighbour->ndm_ifindex <= 0 ||
	    !netlink_attributes((const char *)neighbour + body,
		mnl_nlmsg_get_payload_len(header) - body, sizes, sizeof(sizes),
		attributes)) {
		reader->malformed++;
		return 0;
	}
	address = attributes[NDA_LLADDR];
	if (neighbour->ndm_family != AF_BRIDGE || neighbour->ndm_flags != NTF_SELF ||
	    !(neighbour->ndm_state & NUD_PERMANENT) || attributes[NDA_DST] ||
	    attributes[NDA_NH_ID] || attributes[NDA_MASTER] || !address)
		return 0;
	octets.at = mnl_attr_get_payload(address);
	octets.n = mnl_attr_get_payload_len(address);
	/* The multicast ones are in /proc, too, where those that are not Ethernet are. */
	if (octets.at[0] & 1)
		return 0;
	return reader->address((uint32_t)neighbour->ndm_ifindex, octets, reader->argument);
}

int
link_addresses_read_unicast(struct link_address_reader *reader)
{
	struct {
		struct nlmsghdr header;
		struct ndmsg body;
	} request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_type = RTM_GETNEIGH,
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.body.ndm_family = AF_BRIDGE,
	};
	struct netlink_reader netlink_reader = {
		.message = link_addresses_message,
		.argument = reader,
	};
	int error = netlink_dump(
	    NETLINK_ROUTE, &request.header, &netlink_reader, &reader->malformed);

	return error == -EINTR ? 0 : error;
}
