// SPDX-License-Identifier: BSD-2-Clause
// Reads one thing from the kernel without looking at it: the floor for a refresh.

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/inet_diag.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "clocks.h"

#define BUFFER_SIZE 32768
/* All eleven states of netstat and SYN_RECV of either kind; not the merely bound. */
#define STATES 0xf7eU
/* Connected and not, as netmibd asks for them. */
#define UDP_STATES 0x82U
#define COUNTER_FILES "/proc/net/dev_snmp6"

struct total {
	unsigned long messages;
	unsigned long bytes;
};

static _Noreturn void
die(const char *what, int error)
{
	fprintf(stderr, "baredump: %s: %s\n", what, strerror(error));
	exit(1);
}

/* Returns false when the dump has ended. */
static bool
count_messages(const char *buffer, ssize_t length, struct total *total)
{
	const struct nlmsghdr *header;
	ssize_t left = length;

	total->bytes += length;
	for (header = (const void *)buffer; NLMSG_OK(header, left);
	     header = NLMSG_NEXT(header, left)) {
		if (header->nlmsg_type == NLMSG_DONE)
			return false;
		if (header->nlmsg_type == NLMSG_ERROR)
			die("dump refused",
			    -((const struct nlmsgerr *)NLMSG_DATA(header))->error);
		total->messages++;
	}
	return true;
}

/* Sends a request that has this body; its size is right to the octet. */
static void
ask(int fd, uint16_t type, uint16_t flags, const void *body, size_t size)
{
	struct nlmsghdr header = {
		.nlmsg_len = NLMSG_LENGTH(size),
		.nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST | flags,
	};
	const struct iovec parts[] = { { &header, sizeof(header) },
		{ (void *)body, size } };

	if (writev(fd, parts, 2) != header.nlmsg_len)
		die("send", errno);
}

static void
dump(int fd, uint16_t type, const void *body, size_t size, struct total *total)
{
	static char buffer[BUFFER_SIZE];
	ssize_t n;

	ask(fd, type, NLM_F_DUMP, body, size);
	do {
		n = recv(fd, buffer, sizeof(buffer), 0);
		if (n < 0)
			die("recv", errno);
	} while (count_messages(buffer, n, total));
}

static void
dump_family(int fd, unsigned char family, unsigned char protocol, unsigned int states,
    struct total *total)
{
	const struct inet_diag_req_v2 body = {
		.sdiag_family = family,
		.sdiag_protocol = protocol,
		.idiag_states = states,
	};

	dump(fd, SOCK_DIAG_BY_FAMILY, &body, sizeof(body), total);
}

static void
dump_tcp(int fd, struct total *total)
{
	dump_family(fd, AF_INET, IPPROTO_TCP, STATES, total);
	dump_family(fd, AF_INET6, IPPROTO_TCP, STATES, total);
}

static void
dump_udp(int fd, struct total *total)
{
	dump_family(fd, AF_INET, IPPROTO_UDP, UDP_STATES, total);
	dump_family(fd, AF_INET6, IPPROTO_UDP, UDP_STATES, total);
}

static void
dump_one_pass(int fd, struct total *total)
{
	const struct inet_diag_req body = {
		.idiag_family = AF_INET,
		.idiag_states = STATES,
	};

	dump(fd, TCPDIAG_GETSOCK, &body, sizeof(body), total);
}

/* A family's routes in the main table, as netmibd asks for them. */
static void
dump_family_routes(int fd, unsigned char family, struct total *total)
{
	const struct rtmsg body = {
		.rtm_family = family,
		.rtm_table = RT_TABLE_MAIN,
	};

	dump(fd, RTM_GETROUTE, &body, sizeof(body), total);
}

static void
dump_routes(int fd, struct total *total)
{
	dump_family_routes(fd, AF_INET, total);
	dump_family_routes(fd, AF_INET6, total);
}

static void
dump_neighbours(int fd, struct total *total)
{
	const struct ndmsg body = { 0 };

	dump(fd, RTM_GETNEIGH, &body, sizeof(body), total);
}

/* All devices, as netmibd asks for them after an event: without the statistics of IPv6. */
static void
dump_links(int fd, struct total *total)
{
	const struct {
		struct ifinfomsg device;
		struct nlattr mask_header;
		uint32_t mask;
	} body = {
		.mask_header = {
			.nla_len = NLA_HDRLEN + sizeof(uint32_t),
			.nla_type = IFLA_EXT_MASK,
		},
		.mask = RTEXT_FILTER_SKIP_STATS,
	};

	dump(fd, RTM_GETLINK, &body, sizeof(body), total);
}

/* Their counters alone, as it asks in between. */
static void
dump_counters(int fd, struct total *total)
{
	const struct if_stats_msg body = {
		.filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64),
	};

	dump(fd, RTM_GETSTATS, &body, sizeof(body), total);
}

/* The number of ethtool's family of generic netlink. */
static uint16_t
find_ethtool(int fd)
{
	const struct {
		struct genlmsghdr command;
		struct nlattr name_header;
		char name[sizeof(ETHTOOL_GENL_NAME)];
	} body = {
		.command.cmd = CTRL_CMD_GETFAMILY,
		.name_header = {
			.nla_len = NLA_HDRLEN + sizeof(ETHTOOL_GENL_NAME),
			.nla_type = CTRL_ATTR_FAMILY_NAME,
		},
		.name = ETHTOOL_GENL_NAME,
	};
	static char answer[BUFFER_SIZE];
	const struct nlattr *attribute;
	ssize_t n, at = NLMSG_HDRLEN + GENL_HDRLEN;
	uint16_t number;

	ask(fd, GENL_ID_CTRL, 0, &body, sizeof(body));
	n = recv(fd, answer, sizeof(answer), 0);
	if (n < at || ((const struct nlmsghdr *)answer)->nlmsg_type == NLMSG_ERROR)
		die("ethtool", n < 0 ? errno : ENOENT);
	for (; at < n; at += NLA_ALIGN(attribute->nla_len)) {
		attribute = (const void *)(answer + at);
		if (attribute->nla_type == CTRL_ATTR_FAMILY_ID) {
			memcpy(&number, answer + at + NLA_HDRLEN, sizeof(number));
			return number;
		}
	}
	die("ethtool", EBADMSG);
}

/* The speeds of all devices, as netmibd asks for them. */
static void
dump_speeds(int fd, uint16_t ethtool, struct total *total)
{
	const struct {
		struct genlmsghdr command;
		struct nlattr nest, flags_header;
		uint32_t flags;
	} body = {
		.command = {
			.cmd = ETHTOOL_MSG_LINKMODES_GET,
			.version = ETHTOOL_GENL_VERSION,
		},
		.nest = {
			.nla_len = 2 * NLA_HDRLEN + sizeof(uint32_t),
			.nla_type = NLA_F_NESTED | ETHTOOL_A_LINKMODES_HEADER,
		},
		.flags_header = {
			.nla_len = NLA_HDRLEN + sizeof(uint32_t),
			.nla_type = ETHTOOL_A_HEADER_FLAGS,
		},
		.flags = ETHTOOL_FLAG_COMPACT_BITSETS,
	};

	dump(fd, ethtool, &body, sizeof(body), total);
}

/* The counters of frames that drivers keep, likewise. */
static void
dump_frames(int fd, uint16_t ethtool, struct total *total)
{
	const struct {
		struct genlmsghdr command;
		struct nlattr nest, groups, no_mask, size_header;
		uint32_t size;
		struct nlattr value_header;
		uint32_t value;
	} body = {
		.command = {
			.cmd = ETHTOOL_MSG_STATS_GET,
			.version = ETHTOOL_GENL_VERSION,
		},
		.nest = {
			.nla_len = NLA_HDRLEN,
			.nla_type = NLA_F_NESTED | ETHTOOL_A_STATS_HEADER,
		},
		.groups = {
			.nla_len = 4 * NLA_HDRLEN + 2 * sizeof(uint32_t),
			.nla_type = NLA_F_NESTED | ETHTOOL_A_STATS_GROUPS,
		},
		.no_mask = {
			.nla_len = NLA_HDRLEN,
			.nla_type = ETHTOOL_A_BITSET_NOMASK,
		},
		.size_header = {
			.nla_len = NLA_HDRLEN + sizeof(uint32_t),
			.nla_type = ETHTOOL_A_BITSET_SIZE,
		},
		.size = ETHTOOL_STATS_ETH_MAC + 1,
		.value_header = {
			.nla_len = NLA_HDRLEN + sizeof(uint32_t),
			.nla_type = ETHTOOL_A_BITSET_VALUE,
		},
		.value = 1U << ETHTOOL_STATS_ETH_MAC,
	};

	dump(fd, ethtool, &body, sizeof(body), total);
}

static void
dump_drivers(int fd, struct total *total)
{
	const uint16_t ethtool = find_ethtool(fd);

	dump_speeds(fd, ethtool, total);
	dump_frames(fd, ethtool, total);
}

/* What IPv6 counts on each device, which no netlink is needed for. */
static void
read_counter_files(int fd, struct total *total)
{
	static char buffer[BUFFER_SIZE];
	const struct dirent *entry;
	DIR *directory = opendir(COUNTER_FILES);
	ssize_t n;

	(void)fd;
	if (!directory)
		die(COUNTER_FILES, errno);
	while ((entry = readdir(directory)) != NULL) {
		int file;

		if (entry->d_name[0] == '.')
			continue;
		file = openat(dirfd(directory), entry->d_name, O_RDONLY | O_CLOEXEC);
		if (file < 0)
			die(entry->d_name, errno);
		while ((n = read(file, buffer, sizeof(buffer))) > 0)
			total->bytes += n;
		if (n < 0)
			die(entry->d_name, errno);
		close(file);
		total->messages++;
	}
	closedir(directory);
}

static const struct source {
	char option;
	int bus;
	void (*read)(int fd, struct total *total);
	const char *what;
} sources[] = {
	{ '1', NETLINK_SOCK_DIAG, dump_one_pass,
	    "TCP sockets of both families in one pass (TCPDIAG_GETSOCK)" },
	{ '2', NETLINK_SOCK_DIAG, dump_tcp,
	    "TCP sockets, one dump a family (SOCK_DIAG_BY_FAMILY)" },
	{ '6', NETLINK_ROUTE, read_counter_files,
	    "what IPv6 counts on interfaces (" COUNTER_FILES ")" },
	{ 'e', NETLINK_GENERIC, dump_drivers,
	    "what drivers tell of interfaces (ethtool LINKMODES, STATS)" },
	{ 'l', NETLINK_ROUTE, dump_links, "interfaces (RTM_GETLINK)" },
	{ 'n', NETLINK_ROUTE, dump_neighbours, "neighbours (RTM_GETNEIGH)" },
	{ 'r', NETLINK_ROUTE, dump_routes,
	    "routes of the main table, one dump a family (RTM_GETROUTE)" },
	{ 's', NETLINK_ROUTE, dump_counters, "the counters of interfaces (RTM_GETSTATS)" },
	{ 'u', NETLINK_SOCK_DIAG, dump_udp,
	    "UDP sockets, one dump a family (SOCK_DIAG_BY_FAMILY)" },
};
#define SOURCES (sizeof(sources) / sizeof(sources[0]))

static void
read_source(const struct source *source, struct total *total)
{
	int on = 1;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, source->bus);

	/* Strict checking: without it rtnetlink dumps every table. */
	if (fd < 0 ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on)) < 0)
		die("socket", errno);
	source->read(fd, total);
	close(fd);
}

/* Returns the source that the arguments name, or NULL. */
static const struct source *
find_source(int argc, char **argv)
{
	if (argc != 2 || argv[1][0] != '-' || strlen(argv[1]) != 2)
		return NULL;
	for (size_t i = 0; i < SOURCES; i++)
		if (sources[i].option == argv[1][1])
			return &sources[i];
	return NULL;
}

int
main(int argc, char **argv)
{
	const struct source *source = find_source(argc, argv);
	struct total total = { 0 };
	double cpu, wall;

	if (!source) {
		fprintf(stderr, "usage: baredump OPTION, one of\n");
		for (size_t i = 0; i < SOURCES; i++)
			fprintf(stderr, "  -%c  %s\n", sources[i].option, sources[i].what);
		return 2;
	}
	cpu = cpu_seconds();
	wall = wall_seconds();
	read_source(source, &total);
	cpu = cpu_seconds() - cpu;
	wall = wall_seconds() - wall;
	printf("messages %lu bytes %lu cpu %.6f wall %.6f\n", total.messages, total.bytes,
	    cpu, wall);
	return 0;
}
