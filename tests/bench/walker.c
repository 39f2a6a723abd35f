// SPDX-License-Identifier: BSD-2-Clause
// A small SNMPv2c client over UDP that costs little: walks a column, or times requests.

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "clocks.h"

#define MAX_SUBIDS 128
#define MAX_PACKET 65536
#define COMMUNITY "public"
/* The slowest agent measured needs 40 s for one answer; nothing is ever sent twice. */
#define TIMEOUT_SECONDS 300

enum {
	TAG_INTEGER = 0x02,
	TAG_OCTETS = 0x04,
	TAG_NULL = 0x05,
	TAG_OID = 0x06,
	TAG_SEQUENCE = 0x30,
	TAG_NO_SUCH_OBJECT = 0x80,
	TAG_END_OF_MIB = 0x82,
	TAG_GET = 0xa0,
	TAG_GETNEXT = 0xa1,
	TAG_RESPONSE = 0xa2,
	TAG_GETBULK = 0xa5,
};

struct oid_value {
	size_t length;
	uint32_t subids[MAX_SUBIDS];
};

/* Bytes of a packet being read, or of one being written backwards from its end. */
struct bytes {
	uint8_t *at;
	uint8_t *end;
};

struct agent {
	int fd;
	uint32_t request_id;
	uint8_t packet[MAX_PACKET];
};

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "walker: %s\n", what);
	exit(1);
}

static bool
parse_oid(const char *text, struct oid_value *oid)
{
	char *end;

	oid->length = 0;
	if (*text == '.')
		text++;
	do {
		if (oid->length == MAX_SUBIDS)
			return false;
		oid->subids[oid->length++] = strtoul(text, &end, 10);
		if (end == text)
			return false;
		text = end + 1;
	} while (*end == '.');
	return *end == '\0' && oid->length >= 2;
}

static void
put(struct bytes *out, uint8_t byte)
{
	*--out->at = byte;
}

/* Puts tag and length before what has been written since the end was at `end`. */
static void
put_header(struct bytes *out, uint8_t tag, const uint8_t *end)
{
	const size_t length = end - out->at;

	put(out, length);
	if (length > 255) {
		put(out, length >> 8);
		put(out, 0x82);
	} else if (length > 127) {
		put(out, 0x81);
	}
	put(out, tag);
}

static void
put_integer(struct bytes *out, uint32_t value)
{
	const uint8_t *end = out->at;

	do {
		put(out, value);
		value >>= 8;
	} while (value > 0);
	if (*out->at & 0x80)
		put(out, 0);
	put_header(out, TAG_INTEGER, end);
}

static void
put_oid(struct bytes *out, const struct oid_value *oid)
{
	const uint8_t *end = out->at;
	uint32_t value;
	size_t i;

	for (i = oid->length - 1; i >= 2; i--) {
		value = oid->subids[i];
		put(out, value & 0x7f);
		while (value >>= 7)
			put(out, 0x80 | (value & 0x7f));
	}
	put(out, oid->subids[0] * 40 + oid->subids[1]);
	put_header(out, TAG_OID, end);
}

/* Writes a request at the end of the packet buffer and returns where it begins. */
static uint8_t *
write_request(
    struct agent *agent, uint8_t pdu, const struct oid_value *oid, uint32_t repeats)
{
	struct bytes out = { .at = agent->packet + MAX_PACKET };
	const uint8_t *const end = out.at;
	size_t i;

	put(&out, 0);
	put(&out, TAG_NULL);
	put_oid(&out, oid);
	put_header(&out, TAG_SEQUENCE, end);
	put_header(&out, TAG_SEQUENCE, end);
	put_integer(&out, pdu == TAG_GETBULK ? repeats : 0);
	put_integer(&out, 0);
	put_integer(&out, agent->request_id);
	put_header(&out, pdu, end);
	for (i = sizeof(COMMUNITY) - 1; i > 0; i--)
		put(&out, COMMUNITY[i - 1]);
	put(&out, sizeof(COMMUNITY) - 1);
	put(&out, TAG_OCTETS);
	put_integer(&out, 1);
	put_header(&out, TAG_SEQUENCE, end);
	return out.at;
}

/* Returns what is inside the element that begins here and moves behind it. */
static struct bytes
get_element(struct bytes *in, uint8_t *ret_tag)
{
	struct bytes inside;
	size_t length;
	int more;

	if (in->end - in->at < 2)
		die("answer is cut short");
	*ret_tag = *in->at++;
	length = *in->at++;
	if (length & 0x80) {
		more = length & 0x7f;
		for (length = 0; more > 0 && in->at < in->end; more--)
			length = length << 8 | *in->at++;
	}
	if ((size_t)(in->end - in->at) < length)
		die("answer is cut short");
	inside.at = in->at;
	inside.end = in->at += length;
	return inside;
}

static struct bytes
expect(struct bytes *in, uint8_t wanted)
{
	uint8_t tag;
	struct bytes inside = get_element(in, &tag);

	if (tag != wanted)
		die("answer is not SNMPv2c");
	return inside;
}

static uint32_t
get_integer(struct bytes *in)
{
	struct bytes inside = expect(in, TAG_INTEGER);
	uint32_t value = 0;

	while (inside.at < inside.end)
		value = value << 8 | *inside.at++;
	return value;
}

static void
get_oid(struct bytes *in, struct oid_value *oid)
{
	struct bytes inside = expect(in, TAG_OID);
	uint32_t value = 0;

	if (inside.at == inside.end)
		die("empty OID");
	oid->subids[0] = *inside.at / 40;
	oid->subids[1] = *inside.at++ % 40;
	oid->length = 2;
	for (; inside.at < inside.end; inside.at++) {
		value = value << 7 | (*inside.at & 0x7f);
		if (*inside.at & 0x80)
			continue;
		if (oid->length == MAX_SUBIDS)
			die("OID too long");
		oid->subids[oid->length++] = value;
		value = 0;
	}
}

/* Returns the bindings of the answer to the last request; an error status is fatal. */
static struct bytes
receive_answer(struct agent *agent)
{
	struct bytes message, pdu;
	uint32_t request_id, status;
	ssize_t n;

	do {
		n = recv(agent->fd, agent->packet, MAX_PACKET, 0);
		if (n < 0)
			die(errno == EAGAIN ? "no answer" : strerror(errno));
		message = (struct bytes){ .at = agent->packet, .end = agent->packet + n };
		message = expect(&message, TAG_SEQUENCE);
		get_integer(&message);
		expect(&message, TAG_OCTETS);
		pdu = expect(&message, TAG_RESPONSE);
		request_id = get_integer(&pdu);
	} while (request_id != agent->request_id);
	status = get_integer(&pdu);
	get_integer(&pdu);
	if (status != 0) {
		fprintf(stderr, "walker: error status %u\n", status);
		exit(1);
	}
	return expect(&pdu, TAG_SEQUENCE);
}

static struct bytes
ask(struct agent *agent, uint8_t pdu, const struct oid_value *oid, uint32_t repeats)
{
	const uint8_t *request;
	size_t length;

	agent->request_id = (agent->request_id + 1) & 0x7fffffff;
	request = write_request(agent, pdu, oid, repeats);
	length = agent->packet + MAX_PACKET - request;
	if (send(agent->fd, request, length, 0) != (ssize_t)length)
		die(strerror(errno));
	return receive_answer(agent);
}

/* Reads one binding; returns the tag of its value. */
static uint8_t
get_binding(struct bytes *list, struct oid_value *oid)
{
	struct bytes binding = expect(list, TAG_SEQUENCE);
	uint8_t tag;

	get_oid(&binding, oid);
	get_element(&binding, &tag);
	return tag;
}

static int
compare_oid(const struct oid_value *a, const struct oid_value *b)
{
	size_t i;

	for (i = 0; i < a->length && i < b->length; i++)
		if (a->subids[i] != b->subids[i])
			return a->subids[i] < b->subids[i] ? -1 : 1;
	return (a->length > b->length) - (a->length < b->length);
}

static bool
is_below(const struct oid_value *root, const struct oid_value *oid)
{
	return oid->length > root->length &&
	    memcmp(oid->subids, root->subids, root->length * sizeof(root->subids[0])) == 0;
}

/* Counts the bindings below root in one answer; false when the walk has come to its end. */
static bool
count_bindings(struct bytes list, const struct oid_value *root, struct oid_value *last,
    unsigned long *count)
{
	struct oid_value next;

	if (list.at == list.end)
		die("empty answer");
	while (list.at < list.end) {
		if (get_binding(&list, &next) == TAG_END_OF_MIB || !is_below(root, &next))
			return false;
		if (compare_oid(&next, last) <= 0)
			die("OID not increasing");
		*last = next;
		++*count;
	}
	return true;
}

static int
walk(struct agent *agent, const struct oid_value *root, uint32_t repeats)
{
	struct oid_value last = *root;
	unsigned long count = 0;
	unsigned long requests = 1;
	double cpu = cpu_seconds();
	double wall = wall_seconds();

	while (count_bindings(ask(agent, TAG_GETBULK, &last, repeats), root, &last, &count))
		requests++;
	printf("varbinds %lu requests %lu wall %.6f cpu %.6f\n", count, requests,
	    wall_seconds() - wall, cpu_seconds() - cpu);
	return 0;
}

/*
 * Prints a line for each request: when it was sent (CLOCK_MONOTONIC) and how long it took,
 * in seconds. The pause is counted from the answer.
 */
static int
poll_agent(struct agent *agent, uint8_t pdu, const struct oid_value *oid,
    unsigned long count, double pause_seconds)
{
	const struct timespec pause = {
		.tv_sec = pause_seconds,
		.tv_nsec = (pause_seconds - (time_t)pause_seconds) * 1e9,
	};
	struct oid_value answered;
	struct bytes list;
	double start, took;
	unsigned long i;
	uint8_t tag;

	for (i = 0; i < count; i++) {
		if (i > 0)
			nanosleep(&pause, NULL);
		start = wall_seconds();
		list = ask(agent, pdu, oid, 0);
		took = wall_seconds() - start;
		tag = get_binding(&list, &answered);
		if (tag >= TAG_NO_SUCH_OBJECT ||
		    (pdu == TAG_GETNEXT && !is_below(oid, &answered)))
			die("nothing there");
		printf("%.6f %.6f\n", start, took);
	}
	return 0;
}

static void
open_agent(struct agent *agent, const char *port)
{
	const struct timeval timeout = { .tv_sec = TIMEOUT_SECONDS };
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(strtoul(port, NULL, 10)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	agent->request_id = getpid() << 8;
	agent->fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (agent->fd < 0 || connect(agent->fd, (const struct sockaddr *)&to, sizeof(to)) ||
	    setsockopt(agent->fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)))
		die(strerror(errno));
}

int
main(int argc, char **argv)
{
	static struct agent agent;
	struct oid_value oid;

	if (argc >= 5 && parse_oid(argv[3], &oid)) {
		open_agent(&agent, argv[2]);
		if (argc == 5 && strcmp(argv[1], "walk") == 0)
			return walk(&agent, &oid, strtoul(argv[4], NULL, 10));
		if (argc == 6 && strcmp(argv[1], "get") == 0)
			return poll_agent(&agent, TAG_GET, &oid, strtoul(argv[4], NULL, 10),
			    strtod(argv[5], NULL));
		if (argc == 6 && strcmp(argv[1], "next") == 0)
			return poll_agent(&agent, TAG_GETNEXT, &oid,
			    strtoul(argv[4], NULL, 10), strtod(argv[5], NULL));
	}
	fprintf(stderr,
	    "usage: walker walk PORT OID REPETITIONS\n"
	    "       walker get|next PORT OID COUNT PAUSE_SECONDS\n");
	return 2;
}
