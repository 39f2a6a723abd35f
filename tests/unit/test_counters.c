// SPDX-License-Identifier: BSD-2-Clause
// Tests of the counters of /proc/net/snmp.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "kernel/counters.h"

#define HEADS \
	"Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails " \
	"EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors\n"
#define OTHER "UdpLite: InDatagrams NoPorts\nUdpLite: 1 64\n"

static int64_t
value(const struct counters *counters, enum counter counter)
{
	assert_true(counters->present[counter]);
	return counters->value[counter];
}

/* A sample of this text alone. */
static int
counters_text(const char *text, struct counters *ret_counters)
{
	struct counters counters = { 0 };

	if (!counters_pairs(&counters, text))
		return -EPROTO;
	*ret_counters = counters;
	return 0;
}

/* Text without one known counter: refused, and nothing is written. */
static void
refuses(const char *text)
{
	struct counters counters, before;

	memset(&counters, 0x11, sizeof(counters));
	memcpy(&before, &counters, sizeof(before));
	assert_int_equal(counters_text(text, &counters), -EPROTO);
	assert_memory_equal(&counters, &before, sizeof(before));
}

static void
test_all(void **state)
{
	struct counters counters = { 0 };

	(void)state;
	assert_int_equal(counters_text(OTHER HEADS
	    "Tcp: 1 200 120000 -1 11 12 13 14 15 16 17 18 19 20 21\n"
	    "UdpLite: InDatagrams\nUdpLite: 99\n", &counters), 0);
	assert_int_equal(value(&counters, TCP_RTO_ALGORITHM), 1);
	assert_int_equal(value(&counters, TCP_RTO_MIN), 200);
	assert_int_equal(value(&counters, TCP_RTO_MAX), 120000);
	assert_int_equal(value(&counters, TCP_MAX_CONN), -1);
	for (enum counter counter = TCP_ACTIVE_OPENS; counter <= TCP_OUT_RSTS; counter++)
		assert_int_equal(
		    value(&counters, counter), 11 + counter - TCP_ACTIVE_OPENS);
}

static void
test_reordered_added_and_missing(void **state)
{
	struct counters counters = { 0 };

	(void)state;
	assert_int_equal(counters_text("Tcp: OutRsts New InSegs MaxConn\nTcp: 7 1 8 -1\n",
	    &counters), 0);
	assert_int_equal(value(&counters, TCP_OUT_RSTS), 7);
	assert_int_equal(value(&counters, TCP_IN_SEGS), 8);
	assert_int_equal(value(&counters, TCP_MAX_CONN), -1);
	assert_false(counters.present[TCP_OUT_SEGS]);
	assert_false(counters.present[TCP_CURR_ESTAB]);
	assert_false(counters.present[TCP_RTO_ALGORITHM]);
}

static void
test_repeated_pair(void **state)
{
	struct counters counters = { 0 };

	(void)state;
	assert_int_equal(counters_text("Tcp: InSegs OutSegs\nTcp: 1 2\n" OTHER
	    "Tcp: OutSegs InErrs\nTcp: 3 4\n", &counters), 0);
	assert_int_equal(value(&counters, TCP_IN_SEGS), 1);
	assert_int_equal(value(&counters, TCP_OUT_SEGS), 3);
	assert_int_equal(value(&counters, TCP_IN_ERRS), 4);
}

static void
test_64_bits(void **state)
{
	struct counters counters = { 0 };

	(void)state;
	assert_int_equal(counters_text("Tcp: InSegs OutSegs RetransSegs\n"
	    "Tcp: 4294967296 9223372036854775808 18446744073709551615\n", &counters), 0);
	assert_true(value(&counters, TCP_IN_SEGS) == INT64_C(4294967296));
	assert_true((uint64_t)value(&counters, TCP_OUT_SEGS) == UINT64_C(1) << 63);
	assert_true((uint64_t)value(&counters, TCP_RETRANS_SEGS) == UINT64_MAX);
}

static void
test_few_and_many_values(void **state)
{
	struct counters counters = { 0 };

	(void)state;
	assert_int_equal(
	    counters_text("Tcp: InSegs OutSegs InErrs\nTcp: 1 2\n", &counters), 0);
	assert_int_equal(value(&counters, TCP_OUT_SEGS), 2);
	assert_false(counters.present[TCP_IN_ERRS]);
	assert_int_equal(counters_text("Tcp: InSegs\nTcp: 1 2 3\n", &counters), 0);
	assert_int_equal(value(&counters, TCP_IN_SEGS), 1);
}

static void
test_names_are_whole(void **state)
{
	struct counters counters = { 0 };

	(void)state;
	assert_int_equal(counters_text("Tcp: InSegsX InSeg OutSegs\nTcp: 1 2 3\n"
	    "TcpExt: InSegs\nTcpExt: 4\n", &counters), 0);
	assert_false(counters.present[TCP_IN_SEGS]);
	assert_int_equal(value(&counters, TCP_OUT_SEGS), 3);
}

static void
test_refused(void **state)
{
	(void)state;
	refuses("");
	refuses("\n");
	refuses("\n\n\n");
	refuses("Tcp: InSegs");
	refuses("Tcp: InSegs\n");
	refuses("Tcp: InSegs\nUdp: 1\n");
	refuses("Tcp:\nTcp:\n");
	refuses(OTHER);
	refuses("Tcp: InSegs\n\nTcp: 1");
}

/* What does not match is skipped, not what comes behind it. */
static void
test_odd_line_is_skipped(void **state)
{
	struct counters counters = { 0 };

	(void)state;
	assert_int_equal(
	    counters_text("# a heading\nTcp: InSegs OutSegs\nTcp: 1 2\n", &counters), 0);
	assert_int_equal(value(&counters, TCP_IN_SEGS), 1);
	assert_int_equal(
	    counters_text(OTHER "Icmp: InMsgs\nTcp: InSegs\nTcp: 5\n", &counters), 0);
	assert_int_equal(value(&counters, TCP_IN_SEGS), 5);
}

/* What is no number is no value. */
static void
test_no_number(void **state)
{
	struct counters counters = { 0 };

	(void)state;
	assert_int_equal(
	    counters_text("Tcp: InSegs OutSegs InErrs\nTcp: x 2 -\n", &counters), 0);
	assert_int_equal(value(&counters, TCP_OUT_SEGS), 2);
	assert_false(counters.present[TCP_IN_SEGS]);
	assert_false(counters.present[TCP_IN_ERRS]);
}

/* Cut off anywhere: the values before the cut are right. */
static void
test_cut_off(void **state)
{
	static const char text[] = OTHER "Tcp: InSegs OutSegs\nTcp: 11 22\n";
	size_t first = strlen(OTHER "Tcp: InSegs OutSegs\nTcp: 11");
	char cut[sizeof(text)];
	struct counters counters = { 0 };

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		int error;

		memcpy(cut, text, n);
		cut[n] = '\0';
		error = counters_text(cut, &counters);
		assert_true(error == 0 || error == -EPROTO);
		assert_true(n < first || error == 0);
		if (n >= first)
			assert_int_equal(value(&counters, TCP_IN_SEGS), 11);
	}
	assert_int_equal(value(&counters, TCP_OUT_SEGS), 22);
}

static void
test_real_file(void **state)
{
	struct counters counters = { 0 };

	(void)state;
	assert_int_equal(counters_read(&counters), 0);
	for (enum counter counter = 0; counter < COUNTERS; counter++)
		if (counter != IPV6_COUNTERS + IP_IN_BCAST_PKTS &&
		    counter != IPV6_COUNTERS + IP_OUT_BCAST_PKTS)
			assert_true(counters.present[counter]);
	assert_int_equal(counters.value[TCP_MAX_CONN], -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_reordered_added_and_missing),
		cmocka_unit_test(test_repeated_pair),
		cmocka_unit_test(test_64_bits),
		cmocka_unit_test(test_few_and_many_values),
		cmocka_unit_test(test_names_are_whole),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_odd_line_is_skipped),
		cmocka_unit_test(test_no_number),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_real_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
