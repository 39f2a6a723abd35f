// SPDX-License-Identifier: BSD-2-Clause
// Opens a wanted number of TCP or UDP sockets over loopback and holds them until stdin
// ends.

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_SOCKETS 1000000
#define MAX_WORKERS 1000
#define WORKER_SOCKETS 19000
/* A worker's own: stdin, stdout, stderr, the listener, both pipes, and some to spare. */
#define WORKER_SPARE 100
#define FIRST_LISTEN_PORT 4000
#define PORT_RANGE "10000 65535"
#define PORT_RANGE_FILE "/proc/sys/net/ipv4/ip_local_port_range"

enum kind {
	TCP_IPV4,
	TCP_IPV6,
	UDP,
};

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "sockets: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Says whether an interface besides loopback is up: then the namespace serves somebody. */
static bool
namespace_is_in_use(void)
{
	struct ifaddrs *all, *each;
	bool used = false;

	if (getifaddrs(&all))
		die("getifaddrs");
	for (each = all; each != NULL; each = each->ifa_next)
		if ((each->ifa_flags & IFF_UP) && !(each->ifa_flags & IFF_LOOPBACK))
			used = true;
	freeifaddrs(all);
	return used;
}

/*
 * The port range is a setting of the network namespace: it is changed in one made for this
 * purpose, never in the one the machine lives in.
 */
static void
widen_port_range(void)
{
	int fd;

	if (namespace_is_in_use()) {
		fprintf(stderr, "sockets: refused: this network namespace has more than"
		    " loopback, start me in one of my own (ip netns exec, unshare -n)\n");
		exit(1);
	}
	fd = open(PORT_RANGE_FILE, O_WRONLY);
	if (fd < 0 || write(fd, PORT_RANGE, strlen(PORT_RANGE)) < 0)
		die(PORT_RANGE_FILE);
	close(fd);
}

/* Returns how many sockets one worker may hold. */
static unsigned int
raise_descriptor_limit(void)
{
	struct rlimit limit;
	unsigned int share;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		die("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		die("setrlimit");
	if (limit.rlim_cur <= WORKER_SPARE + 2) {
		fprintf(stderr, "sockets: a limit of %llu descriptors a process is too"
		    " low\n", (unsigned long long)limit.rlim_cur);
		exit(1);
	}
	share = WORKER_SOCKETS;
	if (limit.rlim_cur - WORKER_SPARE < share)
		share = (limit.rlim_cur - WORKER_SPARE) & ~1U;
	return share;
}

/* IPv4: each worker its own address and port; IPv6: ::1 with a port for each worker. */
static socklen_t
worker_address(bool ipv6, unsigned int worker, struct sockaddr_storage *address)
{
	struct sockaddr_in *in = (struct sockaddr_in *)address;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)address;

	memset(address, 0, sizeof(*address));
	if (ipv6) {
		in6->sin6_family = AF_INET6;
		in6->sin6_addr = in6addr_loopback;
		in6->sin6_port = htons(FIRST_LISTEN_PORT + worker);
		return sizeof(*in6);
	}
	in->sin_family = AF_INET;
	in->sin_addr.s_addr = htonl(0x7f010000U | (worker / 250 << 8) | (worker % 250 + 1));
	in->sin_port = htons(FIRST_LISTEN_PORT + worker);
	return sizeof(*in);
}

/* Closing answers with a reset, so that no TIME_WAIT stays behind. */
static void
close_by_reset(int fd)
{
	const struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)))
		die("SO_LINGER");
}

static void
open_connections(bool ipv6, unsigned int worker, unsigned int connections)
{
	const int family = ipv6 ? AF_INET6 : AF_INET;
	struct sockaddr_storage address;
	const socklen_t length = worker_address(ipv6, worker, &address);
	const struct sockaddr *to = (const struct sockaddr *)&address;
	const int listener = socket(family, SOCK_STREAM, 0);
	unsigned int i;
	int fd;

	if (listener < 0)
		die("socket");
	close_by_reset(listener);
	if (bind(listener, to, length) || listen(listener, 16))
		die("bind or listen");
	for (i = 0; i < connections; i++) {
		fd = socket(family, SOCK_STREAM, 0);
		if (fd < 0)
			die("socket");
		close_by_reset(fd);
		if (connect(fd, to, length))
			die("connect");
		if (accept(listener, NULL, NULL) < 0)
			die("accept");
	}
	/* The accepted ends stay: what is left is exactly the number asked for. */
	close(listener);
}

static int
open_endpoint(const struct sockaddr_in *address)
{
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0)
		die("socket");
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)))
		die("bind");
	return fd;
}

/* Of each pair one is connected to the other, all with ports of their own. */
static void
open_endpoints(unsigned int worker, unsigned int pairs)
{
	struct sockaddr_storage address;
	struct sockaddr_in here, there;
	unsigned int i;

	worker_address(false, worker, &address);
	memcpy(&here, &address, sizeof(here));
	there = here;
	for (i = 0; i < pairs; i++) {
		there.sin_port = htons(FIRST_LISTEN_PORT + 2 * i);
		here.sin_port = htons(FIRST_LISTEN_PORT + 2 * i + 1);
		open_endpoint(&there);
		if (connect(open_endpoint(&here), (const struct sockaddr *)&there,
			sizeof(there)))
			die("connect");
	}
}

static _Noreturn void
work(enum kind kind, unsigned int worker, unsigned int pairs, pid_t parent, int report)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(1);
	if (kind == UDP)
		open_endpoints(worker, pairs);
	else
		open_connections(kind == TCP_IPV6, worker, pairs);
	if (write(report, "+", 1) != 1)
		_exit(1);
	close(report);
	for (;;)
		pause();
}

static void
wait_for_stdin_to_end(void)
{
	char buffer[256];
	ssize_t n;

	do
		n = read(STDIN_FILENO, buffer, sizeof(buffer));
	while (n > 0 || (n < 0 && errno == EINTR));
}

static unsigned int
start_workers(
    enum kind kind, unsigned int sockets, unsigned int share, int report[2], pid_t *pids)
{
	const pid_t self = getpid();
	unsigned int pairs = sockets / 2;
	unsigned int n = 0;
	unsigned int part;

	while (pairs > 0) {
		if (n == MAX_WORKERS) {
			fprintf(stderr, "sockets: %u sockets at %u a process need more"
			    " than %d processes\n", sockets, share, MAX_WORKERS);
			exit(1);
		}
		part = pairs < share / 2 ? pairs : share / 2;
		pids[n] = fork();
		if (pids[n] < 0)
			die("fork");
		if (pids[n] == 0) {
			close(report[0]);
			work(kind, n, part, self, report[1]);
		}
		pairs -= part;
		n++;
	}
	return n;
}

static void
stop_workers(const pid_t *pids, unsigned int workers)
{
	unsigned int i;

	for (i = 0; i < workers; i++)
		kill(pids[i], SIGKILL);
	for (i = 0; i < workers; i++)
		waitpid(pids[i], NULL, 0);
}

int
main(int argc, char **argv)
{
	static pid_t pids[MAX_WORKERS];
	enum kind kind = TCP_IPV4;
	unsigned int sockets, workers, ready;
	int report[2];
	char *end, c;

	if (argc == 3 && strcmp(argv[2], "ipv6") == 0)
		kind = TCP_IPV6;
	else if (argc == 3 && strcmp(argv[2], "udp") == 0)
		kind = UDP;
	sockets = argc > 1 ? strtoul(argv[1], &end, 10) : 0;
	if (argc < 2 || argc > 3 || (argc == 3 && kind == TCP_IPV4) || *end ||
	    sockets < 2 || sockets > MAX_SOCKETS || sockets % 2) {
		fprintf(stderr, "usage: sockets N [ipv6|udp]   (N even, 2 to %d)\n",
		    MAX_SOCKETS);
		return 2;
	}
	widen_port_range();
	if (pipe(report))
		die("pipe");
	workers = start_workers(kind, sockets, raise_descriptor_limit(), report, pids);
	close(report[1]);
	/* The pipe ends early when a worker dies: it has said on stderr what stopped it. */
	for (ready = 0; ready < workers && read(report[0], &c, 1) == 1; ready++)
		;
	if (ready == workers) {
		printf("ready %u\n", sockets);
		fflush(stdout);
		wait_for_stdin_to_end();
	}
	stop_workers(pids, workers);
	return ready == workers ? 0 : 1;
}
