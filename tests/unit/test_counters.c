// SPDX-License-Identifier: BSD-2-Clause
// Tests of the protocol counters: texts in the forms of /proc/net/snmp, netstat and snmp6,
// files made up, and the real ones.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/counters.h"
#include "kernel/text_file.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

int __real_text_file_read(const char *path, char **ret_text);
int __wrap_text_file_read(const char *path, char **ret_text);

/* Files below /proc/net that are made up. */
static struct {
	bool on; /* else the real ones are read */
	struct made_up {
		const char *path, *text; /* text NULL: it cannot be read */
		int error;
	} of[4];
} files;

int
__wrap_text_file_read(const char *path, char **ret_text)
{
	if (!files.on)
		return __real_text_file_read(path, ret_text);
	for (size_t i = 0; i < LENGTH(files.of) && files.of[i].path; i++) {
		if (strcmp(files.of[i].path, path) != 0)
			continue;
		*ret_text = files.of[i].text ? strdup(files.of[i].text) : NULL;
		return files.of[i].error;
	}
	return -ENOENT;
}

static int
start(void **state)
{
	(void)state;
	memset(&files, 0, sizeof(files));
	return 0;
}

static int64_t
value(const struct counters *counters, enum counter counter)
{
	assert_true(counters->present[counter]);
	return counters->value[counter];
}

static void
is(const struct counters *counters, enum counter counter, int64_t expected)
{
	assert_true(value(counters, counter) == expected);
}

static size_t
count_present(const struct counters *counters)
{
	size_t n = 0;

	for (size_t i = 0; i < COUNTERS; i++)
		n += counters->present[i];
	return n;
}

/* What the text says, in memory that ends where it ends; it must say something. */
static struct counters
read_text(bool (*take)(struct counters *, const char *), const char *text)
{
	struct counters counters = { 0 };
	char *copy = strdup(text);

	assert_non_null(copy);
	assert_true(take(&counters, copy));
	free(copy);
	return counters;
}

static struct counters
pairs(const char *text)
{
	return read_text(counters_pairs, text);
}

static struct counters
lines(const char *text)
{
	return read_text(counters_lines, text);
}

/* Text without one known counter: it says so, and nothing is written. */
static void
says_nothing(bool (*take)(struct counters *, const char *), const char *text)
{
	struct counters counters, before;

	memset(&counters, 0x11, sizeof(counters));
	memcpy(&before, &counters, sizeof(before));
	assert_false(take(&counters, text));
	assert_memory_equal(&counters, &before, sizeof(before));
}

/* --- every counter -------------------------------------------------------------------- */

/* The columns of Linux 6.18. A value is a hundred, the file's or the group's, and where the
 * column stands. */
static const char snmp[] =
    "Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors "
    "ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests "
    "OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails "
    "FragOKs FragFails FragCreates OutTransmits\n"
    "Ip: 101 102 103 104 105 106 107 108 109 110 111 112 113 114 115 116 117 "
    "118 119 120\n"
    "Icmp: InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds InParmProbs "
    "InSrcQuenchs InRedirects InEchos InEchoReps InTimestamps InTimestampReps "
    "InAddrMasks InAddrMaskReps OutMsgs OutErrors OutRateLimitGlobal "
    "OutRateLimitHost OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs "
    "OutRedirects OutEchos OutEchoReps OutTimestamps OutTimestampReps "
    "OutAddrMasks OutAddrMaskReps\n"
    "Icmp: 201 202 203 204 205 206 207 208 209 210 211 212 213 214 215 216 217 "
    "218 219 220 221 222 223 224 225 226 227 228 229\n"
    "Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens "
    "AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs "
    "OutRsts InCsumErrors\n"
    "Tcp: 301 302 303 -1 305 306 307 308 309 310 311 312 313 314 315\n"
    "Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors "
    "InCsumErrors IgnoredMulti MemErrors\n"
    "Udp: 401 402 403 404 405 406 407 408 409\n";

static const char netstat[] =
    "IpExt: InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts InBcastPkts "
    "OutBcastPkts InOctets OutOctets InMcastOctets OutMcastOctets "
    "InBcastOctets OutBcastOctets InCsumErrors InNoECTPkts InECT1Pkts "
    "InECT0Pkts InCEPkts ReasmOverlaps\n"
    "IpExt: 501 502 503 504 505 506 507 508 509 510 511 512 513 514 515 516 "
    "517 518\n";

static const char snmp6[] = "Ip6InReceives                   \t601\n"
			    "Ip6InHdrErrors                  \t602\n"
			    "Ip6InTooBigErrors               \t603\n"
			    "Ip6InNoRoutes                   \t604\n"
			    "Ip6InAddrErrors                 \t605\n"
			    "Ip6InUnknownProtos              \t606\n"
			    "Ip6InTruncatedPkts              \t607\n"
			    "Ip6InDiscards                   \t608\n"
			    "Ip6InDelivers                   \t609\n"
			    "Ip6OutForwDatagrams             \t610\n"
			    "Ip6OutRequests                  \t611\n"
			    "Ip6OutDiscards                  \t612\n"
			    "Ip6OutNoRoutes                  \t613\n"
			    "Ip6ReasmTimeout                 \t614\n"
			    "Ip6ReasmReqds                   \t615\n"
			    "Ip6ReasmOKs                     \t616\n"
			    "Ip6ReasmFails                   \t617\n"
			    "Ip6FragOKs                      \t618\n"
			    "Ip6FragFails                    \t619\n"
			    "Ip6FragCreates                  \t620\n"
			    "Ip6InMcastPkts                  \t621\n"
			    "Ip6OutMcastPkts                 \t622\n"
			    "Ip6InOctets                     \t623\n"
			    "Ip6OutOctets                    \t624\n"
			    "Ip6InMcastOctets                \t625\n"
			    "Ip6OutMcastOctets               \t626\n"
			    "Ip6InBcastOctets                \t627\n"
			    "Ip6OutBcastOctets               \t628\n"
			    "Ip6InNoECTPkts                  \t629\n"
			    "Ip6InECT1Pkts                   \t630\n"
			    "Ip6InECT0Pkts                   \t631\n"
			    "Ip6InCEPkts                     \t632\n"
			    "Ip6OutTransmits                 \t633\n"
			    "Icmp6InMsgs                     \t634\n"
			    "Icmp6InErrors                   \t635\n"
			    "Icmp6OutMsgs                    \t636\n"
			    "Icmp6OutErrors                  \t637\n"
			    "Icmp6InCsumErrors               \t638\n"
			    "Icmp6OutRateLimitHost           \t639\n"
			    "Icmp6InDestUnreachs             \t640\n"
			    "Icmp6InPktTooBigs               \t641\n"
			    "Icmp6InTimeExcds                \t642\n"
			    "Icmp6InParmProblems             \t643\n"
			    "Icmp6InEchos                    \t644\n"
			    "Icmp6InEchoReplies              \t645\n"
			    "Icmp6InGroupMembQueries         \t646\n"
			    "Icmp6InGroupMembResponses       \t647\n"
			    "Icmp6InGroupMembReductions      \t648\n"
			    "Icmp6InRouterSolicits           \t649\n"
			    "Icmp6InRouterAdvertisements     \t650\n"
			    "Icmp6InNeighborSolicits         \t651\n"
			    "Icmp6InNeighborAdvertisements   \t652\n"
			    "Icmp6InRedirects                \t653\n"
			    "Icmp6InMLDv2Reports             \t654\n"
			    "Icmp6OutDestUnreachs            \t655\n"
			    "Icmp6OutPktTooBigs              \t656\n"
			    "Icmp6OutTimeExcds               \t657\n"
			    "Icmp6OutParmProblems            \t658\n"
			    "Icmp6OutEchos                   \t659\n"
			    "Icmp6OutEchoReplies             \t660\n"
			    "Icmp6OutGroupMembQueries        \t661\n"
			    "Icmp6OutGroupMembResponses      \t662\n"
			    "Icmp6OutGroupMembReductions     \t663\n"
			    "Icmp6OutRouterSolicits          \t664\n"
			    "Icmp6OutRouterAdvertisements    \t665\n"
			    "Icmp6OutNeighborSolicits        \t666\n"
			    "Icmp6OutNeighborAdvertisements  \t667\n"
			    "Icmp6OutRedirects               \t668\n"
			    "Icmp6OutMLDv2Reports            \t669\n"
			    "Udp6InDatagrams                 \t670\n"
			    "Udp6NoPorts                     \t671\n"
			    "Udp6InErrors                    \t672\n"
			    "Udp6OutDatagrams                \t673\n"
			    "Udp6RcvbufErrors                \t674\n"
			    "Udp6SndbufErrors                \t675\n"
			    "Udp6InCsumErrors                \t676\n"
			    "Udp6IgnoredMulti                \t677\n"
			    "Udp6MemErrors                   \t678\n";

static const struct {
	enum counter counter;
	int64_t value;
} every[] = {
	{ TCP_RTO_ALGORITHM, 301 },
	{ TCP_RTO_MIN, 302 },
	{ TCP_RTO_MAX, 303 },
	{ TCP_MAX_CONN, -1 },
	{ TCP_ACTIVE_OPENS, 305 },
	{ TCP_PASSIVE_OPENS, 306 },
	{ TCP_ATTEMPT_FAILS, 307 },
	{ TCP_ESTAB_RESETS, 308 },
	{ TCP_CURR_ESTAB, 309 },
	{ TCP_IN_SEGS, 310 },
	{ TCP_OUT_SEGS, 311 },
	{ TCP_RETRANS_SEGS, 312 },
	{ TCP_IN_ERRS, 313 },
	{ TCP_OUT_RSTS, 314 },
	{ UDP_IN_DATAGRAMS, 401 },
	{ UDP_NO_PORTS, 402 },
	{ UDP_IN_ERRORS, 403 },
	{ UDP_OUT_DATAGRAMS, 404 },
	{ UDP6_IN_DATAGRAMS, 670 },
	{ UDP6_NO_PORTS, 671 },
	{ UDP6_IN_ERRORS, 672 },
	{ UDP6_OUT_DATAGRAMS, 673 },
	{ ICMP_IN_MSGS, 201 },
	{ ICMP_IN_ERRORS, 202 },
	{ ICMP_OUT_MSGS, 215 },
	{ ICMP_OUT_ERRORS, 216 },
	{ ICMP6_IN_MSGS, 634 },
	{ ICMP6_IN_ERRORS, 635 },
	{ ICMP6_OUT_MSGS, 636 },
	{ ICMP6_OUT_ERRORS, 637 },
	{ ICMP_IN_DEST_UNREACHS, 204 },
	{ ICMP_IN_TIME_EXCDS, 205 },
	{ ICMP_IN_PARM_PROBS, 206 },
	{ ICMP_IN_SRC_QUENCHS, 207 },
	{ ICMP_IN_REDIRECTS, 208 },
	{ ICMP_IN_ECHOS, 209 },
	{ ICMP_IN_ECHO_REPS, 210 },
	{ ICMP_IN_TIMESTAMPS, 211 },
	{ ICMP_IN_TIMESTAMP_REPS, 212 },
	{ ICMP_IN_ADDR_MASKS, 213 },
	{ ICMP_IN_ADDR_MASK_REPS, 214 },
	{ ICMP_OUT_DEST_UNREACHS, 219 },
	{ ICMP_OUT_TIME_EXCDS, 220 },
	{ ICMP_OUT_PARM_PROBS, 221 },
	{ ICMP_OUT_SRC_QUENCHS, 222 },
	{ ICMP_OUT_REDIRECTS, 223 },
	{ ICMP_OUT_ECHOS, 224 },
	{ ICMP_OUT_ECHO_REPS, 225 },
	{ ICMP_OUT_TIMESTAMPS, 226 },
	{ ICMP_OUT_TIMESTAMP_REPS, 227 },
	{ ICMP_OUT_ADDR_MASKS, 228 },
	{ ICMP_OUT_ADDR_MASK_REPS, 229 },
	{ IP_FORWARDING, 101 },
	{ IP_DEFAULT_TTL, 102 },
	{ IPV4_COUNTERS + IP_IN_RECEIVES, 103 },
	{ IPV4_COUNTERS + IP_IN_HDR_ERRORS, 104 },
	{ IPV4_COUNTERS + IP_IN_NO_ROUTES, 501 },
	{ IPV4_COUNTERS + IP_IN_ADDR_ERRORS, 105 },
	{ IPV4_COUNTERS + IP_IN_UNKNOWN_PROTOS, 107 },
	{ IPV4_COUNTERS + IP_IN_TRUNCATED_PKTS, 502 },
	{ IPV4_COUNTERS + IP_IN_DISCARDS, 108 },
	{ IPV4_COUNTERS + IP_IN_DELIVERS, 109 },
	{ IPV4_COUNTERS + IP_FORW_DATAGRAMS, 106 },
	{ IPV4_COUNTERS + IP_OUT_REQUESTS, 110 },
	{ IPV4_COUNTERS + IP_OUT_DISCARDS, 111 },
	{ IPV4_COUNTERS + IP_OUT_NO_ROUTES, 112 },
	{ IPV4_COUNTERS + IP_REASM_REQDS, 114 },
	{ IPV4_COUNTERS + IP_REASM_OKS, 115 },
	{ IPV4_COUNTERS + IP_REASM_FAILS, 116 },
	{ IPV4_COUNTERS + IP_FRAG_OKS, 117 },
	{ IPV4_COUNTERS + IP_FRAG_FAILS, 118 },
	{ IPV4_COUNTERS + IP_FRAG_CREATES, 119 },
	{ IPV4_COUNTERS + IP_IN_MCAST_PKTS, 503 },
	{ IPV4_COUNTERS + IP_OUT_MCAST_PKTS, 504 },
	{ IPV4_COUNTERS + IP_IN_BCAST_PKTS, 505 },
	{ IPV4_COUNTERS + IP_OUT_BCAST_PKTS, 506 },
	{ IPV4_COUNTERS + IP_IN_OCTETS, 507 },
	{ IPV4_COUNTERS + IP_OUT_OCTETS, 508 },
	{ IPV4_COUNTERS + IP_IN_MCAST_OCTETS, 509 },
	{ IPV4_COUNTERS + IP_OUT_MCAST_OCTETS, 510 },
	{ IPV4_COUNTERS + IP_OUT_TRANSMITS, 120 },
	{ IPV6_COUNTERS + IP_IN_RECEIVES, 601 },
	{ IPV6_COUNTERS + IP_IN_HDR_ERRORS, 602 },
	{ IPV6_COUNTERS + IP_IN_NO_ROUTES, 604 },
	{ IPV6_COUNTERS + IP_IN_ADDR_ERRORS, 605 },
	{ IPV6_COUNTERS + IP_IN_UNKNOWN_PROTOS, 606 },
	{ IPV6_COUNTERS + IP_IN_TRUNCATED_PKTS, 607 },
	{ IPV6_COUNTERS + IP_IN_DISCARDS, 608 },
	{ IPV6_COUNTERS + IP_IN_DELIVERS, 609 },
	{ IPV6_COUNTERS + IP_FORW_DATAGRAMS, 610 },
	{ IPV6_COUNTERS + IP_OUT_REQUESTS, 611 },
	{ IPV6_COUNTERS + IP_OUT_DISCARDS, 612 },
	{ IPV6_COUNTERS + IP_OUT_NO_ROUTES, 613 },
	{ IPV6_COUNTERS + IP_REASM_REQDS, 615 },
	{ IPV6_COUNTERS + IP_REASM_OKS, 616 },
	{ IPV6_COUNTERS + IP_REASM_FAILS, 617 },
	{ IPV6_COUNTERS + IP_FRAG_OKS, 618 },
	{ IPV6_COUNTERS + IP_FRAG_FAILS, 619 },
	{ IPV6_COUNTERS + IP_FRAG_CREATES, 620 },
	{ IPV6_COUNTERS + IP_IN_MCAST_PKTS, 621 },
	{ IPV6_COUNTERS + IP_OUT_MCAST_PKTS, 622 },
	{ IPV6_COUNTERS + IP_IN_OCTETS, 623 },
	{ IPV6_COUNTERS + IP_OUT_OCTETS, 624 },
	{ IPV6_COUNTERS + IP_IN_MCAST_OCTETS, 625 },
	{ IPV6_COUNTERS + IP_OUT_MCAST_OCTETS, 626 },
	{ IPV6_COUNTERS + IP_OUT_TRANSMITS, 633 },
};

static void
make_files(void)
{
	files.on = true;
	files.of[0] = (struct made_up){ "/proc/net/snmp", snmp, 0 };
	files.of[1] = (struct made_up){ "/proc/net/netstat", netstat, 0 };
	files.of[2] = (struct made_up){ "/proc/net/snmp6", snmp6, 0 };
}

static void
test_every_counter(void **state)
{
	struct counters counters;

	(void)state;
	make_files();
	assert_int_equal(counters_read(&counters), 0);
	for (size_t i = 0; i < LENGTH(every); i++)
		is(&counters, every[i].counter, every[i].value);
	assert_int_equal(count_present(&counters), LENGTH(every));
	/* All but the broadcasts of IPv6, which there are none of. */
	assert_int_equal(LENGTH(every), COUNTERS - 2);
}

/* A kernel without IPv6, and one that has nothing. */
static void
test_missing_files(void **state)
{
	struct counters counters, before;

	(void)state;
	make_files();
	files.of[2].path = NULL;
	assert_int_equal(counters_read(&counters), 0);
	is(&counters, TCP_IN_SEGS, 310);
	is(&counters, IPV4_COUNTERS + IP_IN_OCTETS, 507);
	assert_false(counters.present[IPV6_COUNTERS + IP_IN_RECEIVES]);
	files.of[0].path = NULL;
	memcpy(&before, &counters, sizeof(before));
	assert_int_equal(counters_read(&counters), -EPROTO);
	make_files();
	for (size_t i = 0; i < 3; i++)
		files.of[i].text = "Other: A\nOther: 1\n";
	assert_int_equal(counters_read(&counters), -EPROTO);
	for (size_t i = 0; i < 3; i++) {
		make_files();
		files.of[i] = (struct made_up){ files.of[i].path, NULL, -EACCES };
		assert_int_equal(counters_read(&counters), -EACCES);
	}
	assert_memory_equal(&counters, &before, sizeof(before));
}

/* The files of this kernel, which is not older than the columns above. */
/* Kernels before 6.7 do not have it. */
static bool
is_new(enum counter counter)
{
	return counter == IPV4_COUNTERS + IP_OUT_TRANSMITS ||
	    counter == IPV6_COUNTERS + IP_OUT_TRANSMITS;
}

static void
test_real_files(void **state)
{
	struct counters counters;

	(void)state;
	assert_int_equal(counters_read(&counters), 0);
	for (size_t i = 0; i < LENGTH(every); i++)
		assert_true(
		    counters.present[every[i].counter] || is_new(every[i].counter));
	is(&counters, TCP_MAX_CONN, -1);
}

/* --- pairs of lines ------------------------------------------------------------------- */

#define OTHER "UdpLite: InDatagrams NoPorts\nUdpLite: 1 64\n"

static void
test_reordered_added_and_missing(void **state)
{
	struct counters counters = pairs(
	    "Tcp: OutRsts New InSegs MaxConn\nTcp: 7 1 8 -1\n");

	(void)state;
	is(&counters, TCP_OUT_RSTS, 7);
	is(&counters, TCP_IN_SEGS, 8);
	is(&counters, TCP_MAX_CONN, -1);
	assert_int_equal(count_present(&counters), 3);
}

/* The same columns, the last first. */
static void
test_backwards(void **state)
{
	struct counters counters = pairs(
	    "Udp: OutDatagrams InErrors NoPorts InDatagrams\nUdp: 4 3 2 1\n"
	    "IpExt: OutOctets InOctets InNoRoutes\nIpExt: 7 6 5\n");

	(void)state;
	is(&counters, UDP_IN_DATAGRAMS, 1);
	is(&counters, UDP_NO_PORTS, 2);
	is(&counters, UDP_IN_ERRORS, 3);
	is(&counters, UDP_OUT_DATAGRAMS, 4);
	is(&counters, IPV4_COUNTERS + IP_IN_NO_ROUTES, 5);
	is(&counters, IPV4_COUNTERS + IP_IN_OCTETS, 6);
	is(&counters, IPV4_COUNTERS + IP_OUT_OCTETS, 7);
}

/* Of a counter that occurs twice, in a pair or in two, the last counts. */
static void
test_repeated(void **state)
{
	struct counters counters = pairs("Tcp: InSegs OutSegs\nTcp: 1 2\n" OTHER
					 "Tcp: OutSegs InErrs InErrs\nTcp: 3 4 5\n");

	(void)state;
	is(&counters, TCP_IN_SEGS, 1);
	is(&counters, TCP_OUT_SEGS, 3);
	is(&counters, TCP_IN_ERRS, 5);
}

/* Columns of one name in several groups. */
static void
test_groups(void **state)
{
	struct counters counters = pairs("Udp: InErrors\nUdp: 1\nIcmp: InErrors\nIcmp: 2\n"
					 "UdpLite: InErrors\nUdpLite: 3\n"
					 "Ip: InDiscards\nIp: 4\nIpExt: InDiscards\n"
					 "IpExt: 5\nMPTcpExt: InErrors\nMPTcpExt: 6\n");

	(void)state;
	is(&counters, UDP_IN_ERRORS, 1);
	is(&counters, ICMP_IN_ERRORS, 2);
	is(&counters, IPV4_COUNTERS + IP_IN_DISCARDS, 4);
	assert_int_equal(count_present(&counters), 3);
}

/* Up to the largest there is; what is beyond it, which no kernel says, is that. */
static void
test_64_bits(void **state)
{
	struct counters counters = pairs(
	    "Tcp: InSegs OutSegs RetransSegs InErrs OutRsts\nTcp: 4294967296 "
	    "9223372036854775808 18446744073709551615 18446744073709551616 "
	    "99999999999999999999999999999999\n");

	(void)state;
	is(&counters, TCP_IN_SEGS, INT64_C(4294967296));
	is(&counters, TCP_OUT_SEGS, INT64_MIN);
	is(&counters, TCP_RETRANS_SEGS, -1);
	is(&counters, TCP_IN_ERRS, -1);
	is(&counters, TCP_OUT_RSTS, -1);
}

static void
test_few_and_many_values(void **state)
{
	struct counters counters = pairs("Tcp: InSegs OutSegs InErrs\nTcp: 1 2\n");

	(void)state;
	is(&counters, TCP_OUT_SEGS, 2);
	assert_false(counters.present[TCP_IN_ERRS]);
	counters = pairs("Tcp: InSegs\nTcp: 1 2 3\n");
	is(&counters, TCP_IN_SEGS, 1);
	assert_int_equal(count_present(&counters), 1);
}

static void
test_names_are_whole(void **state)
{
	struct counters counters = pairs("Tcp: InSegsX InSeg nSegs OutSegs\nTcp: 1 2 3 4\n"
					 "TcpExt: InSegs\nTcpExt: 5\n");

	(void)state;
	is(&counters, TCP_OUT_SEGS, 4);
	assert_int_equal(count_present(&counters), 1);
}

static void
test_pairs_that_say_nothing(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"\n\n\n",
		"Tcp: InSegs",
		"Tcp: InSegs\n",
		"Tcp: InSegs\nUdp: 1\n",
		"Tcp:\nTcp:\n",
		"Tcp: InSegs\nTcp:\n",
		OTHER,
		"Tcp: InSegs\n\nTcp: 1",
		"InSegs\n1\n",
		": InSegs\n: 1\n",
		"Ip6InReceives 7\nIp6InReceives 7\n",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++)
		says_nothing(counters_pairs, texts[i]);
}

/* What does not match is skipped, not what comes behind it. */
static void
test_odd_line_is_skipped(void **state)
{
	struct counters counters = pairs("# a heading\nTcp: InSegs OutSegs\nTcp: 1 2\n");

	(void)state;
	is(&counters, TCP_IN_SEGS, 1);
	counters = pairs(OTHER "Icmp: InMsgs\nTcp: InSegs\nTcp: 5\n");
	is(&counters, TCP_IN_SEGS, 5);
	assert_int_equal(count_present(&counters), 1);
}

/* What is no number is no value. */
static void
test_no_number(void **state)
{
	struct counters counters = pairs(
	    "Tcp: InSegs OutSegs InErrs OutRsts RtoMin RtoMax CurrEstab\n"
	    "Tcp: x 2 - 3x 0x4 +5 --6\n");

	(void)state;
	is(&counters, TCP_OUT_SEGS, 2);
	assert_int_equal(count_present(&counters), 1);
}

/* Cut off anywhere: the values before the cut are right. */
static void
test_cut_off(void **state)
{
	static const char text[] = OTHER "Tcp: InSegs OutSegs\nTcp: 11 22\n";
	const size_t first = strlen(OTHER "Tcp: InSegs OutSegs\nTcp: 1");

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		struct counters counters = { 0 };
		char *cut = strndup(text, n);

		assert_non_null(cut);
		assert_int_equal(counters_pairs(&counters, cut), n >= first);
		if (n >= first)
			is(&counters, TCP_IN_SEGS, n == first ? 1 : 11);
		/* Also without the final newline. */
		if (n >= sizeof(text) - 2)
			is(&counters, TCP_OUT_SEGS, 22);
		free(cut);
	}
}

/* Lines of 64 KiB, as a kernel could have them that counts a lot. */
static void
test_long_lines(void **state)
{
	char *text = NULL;
	struct counters counters;
	FILE *file;
	size_t size;

	(void)state;
	file = open_memstream(&text, &size);
	assert_non_null(file);
	fputs("IpExt:", file);
	for (int i = 0; i < 8000; i++)
		fprintf(file, " New%04d", i);
	fputs(" InOctets\nIpExt:", file);
	for (int i = 0; i < 8000; i++)
		fprintf(file, " %07d", i);
	fputs(" 77\nTcp: InSegs\nTcp: 78", file);
	assert_int_equal(fclose(file), 0);
	assert_true(size > 2 * 64000);
	counters = pairs(text);
	is(&counters, IPV4_COUNTERS + IP_IN_OCTETS, 77);
	is(&counters, TCP_IN_SEGS, 78);
	assert_int_equal(count_present(&counters), 2);
	free(text);
}

/* --- messages of ICMP ----------------------------------------------------------------- */

/* Whether these are all messages of a version that there are: of this type, so many. */
static void
is_only(const uint64_t counts[256], unsigned type, uint64_t count)
{
	for (unsigned i = 0; i < 256; i++)
		assert_true(counts[i] == (i == type ? count : 0));
}

static void
test_messages(void **state)
{
	struct counters counters = pairs("IcmpMsg: InType3 InType0 OutType255 OutType3\n"
					 "IcmpMsg: 7 0 18446744073709551615 9\n");

	(void)state;
	is_only(counters.icmp_in[COUNTED_IPV4], 3, 7);
	assert_true(counters.icmp_out[COUNTED_IPV4][255] == UINT64_MAX);
	counters.icmp_out[COUNTED_IPV4][255] = 0;
	is_only(counters.icmp_out[COUNTED_IPV4], 3, 9);
	is_only(counters.icmp_in[COUNTED_IPV6], 0, 0);
	is_only(counters.icmp_out[COUNTED_IPV6], 0, 0);
	assert_int_equal(count_present(&counters), 0);
	counters = lines("Icmp6InType1 2\nIcmp6OutType143\t4\nIcmp6InMsgs 5\n");
	is_only(counters.icmp_in[COUNTED_IPV6], 1, 2);
	is_only(counters.icmp_out[COUNTED_IPV6], 143, 4);
	is_only(counters.icmp_in[COUNTED_IPV4], 0, 0);
	is_only(counters.icmp_out[COUNTED_IPV4], 0, 0);
	is(&counters, ICMP6_IN_MSGS, 5);
}

/* The kernel begins two lines anew after 16 types: icmpmsg_put(). */
static void
test_every_message(void **state)
{
	char *text = NULL;
	struct counters counters;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	(void)state;
	assert_non_null(file);
	fputs(OTHER, file);
	for (int at = 0; at < 512; at += 16) {
		fputs("IcmpMsg:", file);
		for (int i = at; i < at + 16; i++)
			fprintf(file, " %sType%d", i < 256 ? "In" : "Out", i % 256);
		fputs("\nIcmpMsg:", file);
		for (int i = at; i < at + 16; i++)
			fprintf(file, " %d", 1000 + i);
		fputs("\n", file);
	}
	assert_int_equal(fclose(file), 0);
	counters = pairs(text);
	for (unsigned i = 0; i < 256; i++) {
		assert_int_equal(counters.icmp_in[COUNTED_IPV4][i], 1000 + i);
		assert_int_equal(counters.icmp_out[COUNTED_IPV4][i], 1256 + i);
	}
	free(text);
}

static void
test_odd_messages(void **state)
{
	(void)state;
	says_nothing(counters_pairs,
	    "IcmpMsg: InType256 InType InType-1 InTypex Type3\n"
	    "IcmpMsg: 1 2 3 4 5\n");
	says_nothing(counters_pairs,
	    "IcmpMsg: InType18446744073709551616 OutType1x\n"
	    "IcmpMsg: 1 2\n");
	says_nothing(counters_pairs, "Icmp: InType3\nIcmp: 1\n");
	says_nothing(counters_lines, "InType3 1\nIcmpInType3 1\nIcmp6InType256 1\n");
}

/* --- lines of snmp6 ------------------------------------------------------------------- */

/* In any order, with or without a final newline; the last of two counts. */
static void
test_lines(void **state)
{
	struct counters counters = lines("Udp6OutDatagrams  1\n"
					 "New6Thing         2\n"
					 "\n"
					 "Ip6InOctets\t \t18446744073709551615 behind\n"
					 "Ip6OutForwDatagrams 3\n"
					 "Ip6OutForwDatagrams 4\n"
					 "Ip6InReceives 5");

	(void)state;
	is(&counters, UDP6_OUT_DATAGRAMS, 1);
	is(&counters, IPV6_COUNTERS + IP_IN_OCTETS, -1);
	is(&counters, IPV6_COUNTERS + IP_FORW_DATAGRAMS, 4);
	is(&counters, IPV6_COUNTERS + IP_IN_RECEIVES, 5);
	assert_int_equal(count_present(&counters), 4);
}

static void
test_lines_that_say_nothing(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"Ip6InReceives",
		"Ip6InReceives\n7\n",
		"Ip6InReceives x\n",
		"Ip6InReceivesX 7\n",
		"ip6InReceives 7\n",
		"7 Ip6InReceives\n",
		"InReceives 7\n",
		"Ip: InReceives\nIp: 7\n",
		"Tcp: InSegs\nTcp: 7\n",
		"UdpLite6InDatagrams 7\n",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++)
		says_nothing(counters_lines, texts[i]);
}

static void
test_long_names(void **state)
{
	char *text = malloc(65536 + 64);
	struct counters counters;

	(void)state;
	assert_non_null(text);
	memset(text, 'I', 65536);
	strcpy(text + 65536, " 7\nIp6InReceives 8\n");
	counters = lines(text);
	is(&counters, IPV6_COUNTERS + IP_IN_RECEIVES, 8);
	assert_int_equal(count_present(&counters), 1);
	free(text);
}

/* --- one device ----------------------------------------------------------------------- */

/* lo is device 1 of every network namespace. */
static void
test_real_device(void **state)
{
	struct counters counters;
	uint32_t ifindex = 0;

	(void)state;
	assert_int_equal(counters_read_device("lo", &ifindex, &counters), 0);
	assert_int_equal(ifindex, 1);
	for (unsigned i = 0; i < IP_COUNTERS; i++)
		if (!is_new(IPV6_COUNTERS + i))
			assert_int_equal(counters.present[IPV6_COUNTERS + i],
			    i != IP_IN_BCAST_PKTS && i != IP_OUT_BCAST_PKTS);
	/* Nothing of the host. */
	assert_false(counters.present[TCP_IN_SEGS]);
	assert_false(counters.present[IPV4_COUNTERS + IP_IN_RECEIVES]);
	assert_int_equal(
	    counters_read_device("no-such-device", &ifindex, &counters), -ENOENT);
}

/* Reads a device whose file has this text. */
static int
read_device(const char *text, uint32_t *ret_ifindex, struct counters *ret_counters)
{
	files.on = true;
	files.of[0] = (struct made_up){ "/proc/net/dev_snmp6/a.1:2", text, 0 };
	return counters_read_device("a.1:2", ret_ifindex, ret_counters);
}

static void
test_device(void **state)
{
	struct counters counters;
	uint32_t ifindex;

	(void)state;
	assert_int_equal(
	    read_device("ifIndex  \t2147483647\nIp6InReceives 7\n"
			"Icmp6InMsgs 8\nIp6InOctets 9\n",
		&ifindex, &counters),
	    0);
	assert_int_equal(ifindex, INT32_MAX);
	is(&counters, IPV6_COUNTERS + IP_IN_RECEIVES, 7);
	is(&counters, IPV6_COUNTERS + IP_IN_OCTETS, 9);
	/* Not what ICMP counts, wherever it stands. */
	assert_int_equal(count_present(&counters), 2);
}

static void
test_device_makes_no_sense(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"ifIndex 1\n",
		"ifIndex 1\nOther 7\n",
		"ifIndex 1\nIcmp6InMsgs 7\n",
		"ifIndex\nIp6InReceives 7\n",
		"ifIndex 0\nIp6InReceives 7\n",
		"ifIndex -1\nIp6InReceives 7\n",
		"ifIndex 2147483648\nIp6InReceives 7\n",
		"ifIndex 4294967297\nIp6InReceives 7\n",
		"ifIndex 18446744073709551617\nIp6InReceives 7\n",
		"ifIndex x\nIp6InReceives 7\n",
		"ifIndexes 1\nIp6InReceives 7\n",
		"Ip6InReceives 7\n",
		"Ip6InReceives 7\nifIndex 1\n",
		"\nifIndex 1\nIp6InReceives 7\n",
	};
	struct counters counters, before;
	uint32_t ifindex = 99;

	(void)state;
	memset(&counters, 0x11, sizeof(counters));
	memcpy(&before, &counters, sizeof(before));
	for (size_t i = 0; i < LENGTH(texts); i++) {
		assert_int_equal(read_device(texts[i], &ifindex, &counters), -EPROTO);
		assert_int_equal(ifindex, 99);
		assert_memory_equal(&counters, &before, sizeof(before));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_every_counter, start),
		cmocka_unit_test_setup(test_missing_files, start),
		cmocka_unit_test_setup(test_real_files, start),
		cmocka_unit_test(test_reordered_added_and_missing),
		cmocka_unit_test(test_backwards),
		cmocka_unit_test(test_repeated),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_64_bits),
		cmocka_unit_test(test_few_and_many_values),
		cmocka_unit_test(test_names_are_whole),
		cmocka_unit_test(test_pairs_that_say_nothing),
		cmocka_unit_test(test_odd_line_is_skipped),
		cmocka_unit_test(test_no_number),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_every_message),
		cmocka_unit_test(test_odd_messages),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_lines_that_say_nothing),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test_setup(test_real_device, start),
		cmocka_unit_test_setup(test_device, start),
		cmocka_unit_test_setup(test_device_makes_no_sense, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
