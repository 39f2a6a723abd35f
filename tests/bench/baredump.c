// SPDX-License-Identifier: BSD-2-Clause
// Dumps TCP sockets, routes or interfaces without looking at them: the floor for a refresh.

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BUFFER_SIZE 32768
/* All eleven states of netstat and SYN_RECV of either kind; not the merely bound. */
#define STATES 0xf7eU

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

static void
dump(int fd, const void *request, size_t size, struct total *total)
{
	static char buffer[BUFFER_SIZE];
	ssize_t n;

	if (send(fd, request, size, 0) != (ssize_t)size)
		die("send", errno);
	do {
		n = recv(fd, buffer, sizeof(buffer), 0);
		if (n < 0)
			die("recv", errno);
	} while (count_messages(buffer, n, total));
}

static void
dump_family(int fd, unsigned char family, struct total *total)
{
	const struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 body;
	} request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.body = {
			.sdiag_family = family,
			.sdiag_protocol = IPPROTO_TCP,
			.idiag_states = STATES,
		},
	};

	dump(fd, &request, sizeof(request), total);
}

static void
dump_one_pass(int fd, struct total *total)
{
	const struct {
		struct nlmsghdr header;
		struct inet_diag_req body;
	} request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = TCPDIAG_GETSOCK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.body = {
			.idiag_family = AF_INET,
			.idiag_states = STATES,
		},
	};

	dump(fd, &request, sizeof(request), total);
}

/* The main table of both families, as netmibd asks for it. */
static void
dump_routes(int fd, unsigned char family, struct total *total)
{
	const struct {
		struct nlmsghdr header;
		struct rtmsg body;
	} request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_GETROUTE,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.body = {
			.rtm_family = family,
			.rtm_table = RT_TABLE_MAIN,
		},
	};

	dump(fd, &request, sizeof(request), total);
}

/* All devices, as netmibd asks for them after an event: without the statistics of IPv6. */
static void
dump_links(int fd, struct total *total)
{
	const struct {
		struct nlmsghdr header;
		struct ifinfomsg body;
		struct nlattr mask_header;
		uint32_t mask;
	} request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.mask_header = {
			.nla_len = NLA_HDRLEN + sizeof(uint32_t),
			.nla_type = IFLA_EXT_MASK,
		},
		.mask = RTEXT_FILTER_SKIP_STATS,
	};

	dump(fd, &request, sizeof(request), total);
}

/* Their counters alone, as it asks in between. */
static void
dump_counters(int fd, struct total *total)
{
	const struct {
		struct nlmsghdr header;
		struct if_stats_msg body;
	} request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_GETSTATS,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.body.filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64),
	};

	dump(fd, &request, sizeof(request), total);
}

/* The number of ethtool's family of generic netlink. */
static uint16_t
find_ethtool(int fd)
{
	const struct {
		struct nlmsghdr header;
		struct genlmsghdr body;
		struct nlattr name_header;
		char name[sizeof(ETHTOOL_GENL_NAME)];
	} request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = GENL_ID_CTRL,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.body.cmd = CTRL_CMD_GETFAMILY,
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

	if (send(fd, &request, sizeof(request), 0) != (ssize_t)sizeof(request))
		die("send", errno);
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
		struct nlmsghdr header;
		struct genlmsghdr body;
		struct nlattr nest, flags_header;
		uint32_t flags;
	} request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = ethtool,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.body = {
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

	dump(fd, &request, sizeof(request), total);
}

/* The counters of frames that drivers keep, likewise. */
static void
dump_frames(int fd, uint16_t ethtool, struct total *total)
{
	const struct {
		struct nlmsghdr header;
		struct genlmsghdr body;
		struct nlattr nest, groups, no_mask, size_header;
		uint32_t size;
		struct nlattr value_header;
		uint32_t value;
	} request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = ethtool,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.body = {
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

	dump(fd, &request, sizeof(request), total);
}

static void
dump_drivers(int fd, struct total *total)
{
	const uint16_t ethtool = find_ethtool(fd);

	dump_speeds(fd, ethtool, total);
	dump_frames(fd, ethtool, total);
}

static int
bus_of(char option)
{
	if (option == '1' || option == '2')
		return NETLINK_SOCK_DIAG;
	return option == 'e' ? NETLINK_GENERIC : NETLINK_ROUTE;
}

static double
cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
	    (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double
wall_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Makes the dumps that the option names. */
static void
dump_all(char option, struct total *total)
{
	int on = 1;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, bus_of(option));

	/* Strict checking: without it rtnetlink dumps every table. */
	if (fd < 0 ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on)) < 0)
		die("socket", errno);
	if (option == '1') {
		dump_one_pass(fd, total);
	} else if (option == '2') {
		dump_family(fd, AF_INET, total);
		dump_family(fd, AF_INET6, total);
	} else if (option == 'e') {
		dump_drivers(fd, total);
	} else if (option == 'l') {
		dump_links(fd, total);
	} else if (option == 's') {
		dump_counters(fd, total);
	} else {
		dump_routes(fd, AF_INET, total);
		dump_routes(fd, AF_INET6, total);
	}
	close(fd);
}

int
main(int argc, char **argv)
{
	struct total total = { 0 };
	double cpu, wall;

	if (argc != 2 || argv[1][0] != '-' || strlen(argv[1]) != 2 ||
	    !strchr("12elrs", argv[1][1])) {
		fprintf(stderr,
		    "usage: baredump -1 | -2 | -e | -l | -r | -s\n"
		    "  -1  sockets of both families in one pass (TCPDIAG_GETSOCK)\n"
		    "  -2  sockets, one dump a family (SOCK_DIAG_BY_FAMILY)\n"
		    "  -e  what drivers tell of interfaces (ethtool LINKMODES, STATS)\n"
		    "  -l  interfaces (RTM_GETLINK)\n"
		    "  -r  routes of the main table, one dump a family (RTM_GETROUTE)\n"
		    "  -s  the counters of interfaces (RTM_GETSTATS)\n");
		return 2;
	}
	cpu = cpu_seconds();
	wall = wall_seconds();
	dump_all(argv[1][1], &total);
	cpu = cpu_seconds() - cpu;
	wall = wall_seconds() - wall;
	printf("messages %lu bytes %lu cpu %.6f wall %.6f\n", total.messages, total.bytes,
	    cpu, wall);
	return 0;
}
