// SPDX-License-Identifier: BSD-2-Clause
// The protocol counters of /proc/net/snmp, netstat and snmp6, found by name:
// snmp_seq_show() and netstat_seq_show() in net/ipv4/proc.c, snmp6_seq_show() in
// net/ipv6/proc.c.
#include "counters.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text_file.h"

#define BLANKS " \t"

/* Names in the order of the files, mostly: the next one is looked for behind the last.
 * Lines of snmp6 have no group. */
static const struct {
	const char *group, *column;
} names[COUNTERS] = {
	[TCP_RTO_ALGORITHM] = { "Tcp:", "RtoAlgorithm" },
	[TCP_RTO_MIN] = { "Tcp:", "RtoMin" },
	[TCP_RTO_MAX] = { "Tcp:", "RtoMax" },
	[TCP_MAX_CONN] = { "Tcp:", "MaxConn" },
	[TCP_ACTIVE_OPENS] = { "Tcp:", "ActiveOpens" },
	[TCP_PASSIVE_OPENS] = { "Tcp:", "PassiveOpens" },
	[TCP_ATTEMPT_FAILS] = { "Tcp:", "AttemptFails" },
	[TCP_ESTAB_RESETS] = { "Tcp:", "EstabResets" },
	[TCP_CURR_ESTAB] = { "Tcp:", "CurrEstab" },
	[TCP_IN_SEGS] = { "Tcp:", "InSegs" },
	[TCP_OUT_SEGS] = { "Tcp:", "OutSegs" },
	[TCP_RETRANS_SEGS] = { "Tcp:", "RetransSegs" },
	[TCP_IN_ERRS] = { "Tcp:", "InErrs" },
	[TCP_OUT_RSTS] = { "Tcp:", "OutRsts" },
	[UDP_IN_DATAGRAMS] = { "Udp:", "InDatagrams" },
	[UDP_NO_PORTS] = { "Udp:", "NoPorts" },
	[UDP_IN_ERRORS] = { "Udp:", "InErrors" },
	[UDP_OUT_DATAGRAMS] = { "Udp:", "OutDatagrams" },
	[UDP6_IN_DATAGRAMS] = { "", "Udp6InDatagrams" },
	[UDP6_NO_PORTS] = { "", "Udp6NoPorts" },
	[UDP6_IN_ERRORS] = { "", "Udp6InErrors" },
	[UDP6_OUT_DATAGRAMS] = { "", "Udp6OutDatagrams" },
	[ICMP_IN_MSGS] = { "Icmp:", "InMsgs" },
	[ICMP_IN_ERRORS] = { "Icmp:", "InErrors" },
	[ICMP_OUT_MSGS] = { "Icmp:", "OutMsgs" },
	[ICMP_OUT_ERRORS] = { "Icmp:", "OutErrors" },
	[ICMP6_IN_MSGS] = { "", "Icmp6InMsgs" },
	[ICMP6_IN_ERRORS] = { "", "Icmp6InErrors" },
	[ICMP6_OUT_MSGS] = { "", "Icmp6OutMsgs" },
	[ICMP6_OUT_ERRORS] = { "", "Icmp6OutErrors" },
	[ICMP_IN_DEST_UNREACHS] = { "Icmp:", "InDestUnreachs" },
	[ICMP_IN_TIME_EXCDS] = { "Icmp:", "InTimeExcds" },
	[ICMP_IN_PARM_PROBS] = { "Icmp:", "InParmProbs" },
	[ICMP_IN_SRC_QUENCHS] = { "Icmp:", "InSrcQuenchs" },
	[ICMP_IN_REDIRECTS] = { "Icmp:", "InRedirects" },
	[ICMP_IN_ECHOS] = { "Icmp:", "InEchos" },
	[ICMP_IN_ECHO_REPS] = { "Icmp:", "InEchoReps" },
	[ICMP_IN_TIMESTAMPS] = { "Icmp:", "InTimestamps" },
	[ICMP_IN_TIMESTAMP_REPS] = { "Icmp:", "InTimestampReps" },
	[ICMP_IN_ADDR_MASKS] = { "Icmp:", "InAddrMasks" },
	[ICMP_IN_ADDR_MASK_REPS] = { "Icmp:", "InAddrMaskReps" },
	[ICMP_OUT_DEST_UNREACHS] = { "Icmp:", "OutDestUnreachs" },
	[ICMP_OUT_TIME_EXCDS] = { "Icmp:", "OutTimeExcds" },
	[ICMP_OUT_PARM_PROBS] = { "Icmp:", "OutParmProbs" },
	[ICMP_OUT_SRC_QUENCHS] = { "Icmp:", "OutSrcQuenchs" },
	[ICMP_OUT_REDIRECTS] = { "Icmp:", "OutRedirects" },
	[ICMP_OUT_ECHOS] = { "Icmp:", "OutEchos" },
	[ICMP_OUT_ECHO_REPS] = { "Icmp:", "OutEchoReps" },
	[ICMP_OUT_TIMESTAMPS] = { "Icmp:", "OutTimestamps" },
	[ICMP_OUT_TIMESTAMP_REPS] = { "Icmp:", "OutTimestampReps" },
	[ICMP_OUT_ADDR_MASKS] = { "Icmp:", "OutAddrMasks" },
	[ICMP_OUT_ADDR_MASK_REPS] = { "Icmp:", "OutAddrMaskReps" },
	[IP_FORWARDING] = { "Ip:", "Forwarding" },
	[IP_DEFAULT_TTL] = { "Ip:", "DefaultTTL" },
	[IPV4_COUNTERS + IP_IN_RECEIVES] = { "Ip:", "InReceives" },
	[IPV4_COUNTERS + IP_IN_HDR_ERRORS] = { "Ip:", "InHdrErrors" },
	[IPV4_COUNTERS + IP_IN_NO_ROUTES] = { "IpExt:", "InNoRoutes" },
	[IPV4_COUNTERS + IP_IN_ADDR_ERRORS] = { "Ip:", "InAddrErrors" },
	[IPV4_COUNTERS + IP_IN_UNKNOWN_PROTOS] = { "Ip:", "InUnknownProtos" },
	[IPV4_COUNTERS + IP_IN_TRUNCATED_PKTS] = { "IpExt:", "InTruncatedPkts" },
	[IPV4_COUNTERS + IP_IN_DISCARDS] = { "Ip:", "InDiscards" },
	[IPV4_COUNTERS + IP_IN_DELIVERS] = { "Ip:", "InDelivers" },
	[IPV4_COUNTERS + IP_FORW_DATAGRAMS] = { "Ip:", "ForwDatagrams" },
	[IPV4_COUNTERS + IP_OUT_REQUESTS] = { "Ip:", "OutRequests" },
	[IPV4_COUNTERS + IP_OUT_DISCARDS] = { "Ip:", "OutDiscards" },
	[IPV4_COUNTERS + IP_OUT_NO_ROUTES] = { "Ip:", "OutNoRoutes" },
	[IPV4_COUNTERS + IP_REASM_REQDS] = { "Ip:", "ReasmReqds" },
	[IPV4_COUNTERS + IP_REASM_OKS] = { "Ip:", "ReasmOKs" },
	[IPV4_COUNTERS + IP_REASM_FAILS] = { "Ip:", "ReasmFails" },
	[IPV4_COUNTERS + IP_FRAG_OKS] = { "Ip:", "FragOKs" },
	[IPV4_COUNTERS + IP_FRAG_FAILS] = { "Ip:", "FragFails" },
	[IPV4_COUNTERS + IP_FRAG_CREATES] = { "Ip:", "FragCreates" },
	[IPV4_COUNTERS + IP_IN_MCAST_PKTS] = { "IpExt:", "InMcastPkts" },
	[IPV4_COUNTERS + IP_OUT_MCAST_PKTS] = { "IpExt:", "OutMcastPkts" },
	[IPV4_COUNTERS + IP_IN_BCAST_PKTS] = { "IpExt:", "InBcastPkts" },
	[IPV4_COUNTERS + IP_OUT_BCAST_PKTS] = { "IpExt:", "OutBcastPkts" },
	[IPV4_COUNTERS + IP_IN_OCTETS] = { "IpExt:", "InOctets" },
	[IPV4_COUNTERS + IP_OUT_OCTETS] = { "IpExt:", "OutOctets" },
	[IPV4_COUNTERS + IP_IN_MCAST_OCTETS] = { "IpExt:", "InMcastOctets" },
	[IPV4_COUNTERS + IP_OUT_MCAST_OCTETS] = { "IpExt:", "OutMcastOctets" },
	[IPV4_COUNTERS + IP_OUT_TRANSMITS] = { "Ip:", "OutTransmits" },
	[IPV6_COUNTERS + IP_IN_RECEIVES] = { "", "Ip6InReceives" },
	[IPV6_COUNTERS + IP_IN_HDR_ERRORS] = { "", "Ip6InHdrErrors" },
	[IPV6_COUNTERS + IP_IN_NO_ROUTES] = { "", "Ip6InNoRoutes" },
	[IPV6_COUNTERS + IP_IN_ADDR_ERRORS] = { "", "Ip6InAddrErrors" },
	[IPV6_COUNTERS + IP_IN_UNKNOWN_PROTOS] = { "", "Ip6InUnknownProtos" },
	[IPV6_COUNTERS + IP_IN_TRUNCATED_PKTS] = { "", "Ip6InTruncatedPkts" },
	[IPV6_COUNTERS + IP_IN_DISCARDS] = { "", "Ip6InDiscards" },
	[IPV6_COUNTERS + IP_IN_DELIVERS] = { "", "Ip6InDelivers" },
	[IPV6_COUNTERS + IP_FORW_DATAGRAMS] = { "", "Ip6OutForwDatagrams" },
	[IPV6_COUNTERS + IP_OUT_REQUESTS] = { "", "Ip6OutRequests" },
	[IPV6_COUNTERS + IP_OUT_DISCARDS] = { "", "Ip6OutDiscards" },
	[IPV6_COUNTERS + IP_OUT_NO_ROUTES] = { "", "Ip6OutNoRoutes" },
	[IPV6_COUNTERS + IP_REASM_REQDS] = { "", "Ip6ReasmReqds" },
	[IPV6_COUNTERS + IP_REASM_OKS] = { "", "Ip6ReasmOKs" },
	[IPV6_COUNTERS + IP_REASM_FAILS] = { "", "Ip6ReasmFails" },
	[IPV6_COUNTERS + IP_FRAG_OKS] = { "", "Ip6FragOKs" },
	[IPV6_COUNTERS + IP_FRAG_FAILS] = { "", "Ip6FragFails" },
	[IPV6_COUNTERS + IP_FRAG_CREATES] = { "", "Ip6FragCreates" },
	[IPV6_COUNTERS + IP_IN_MCAST_PKTS] = { "", "Ip6InMcastPkts" },
	[IPV6_COUNTERS + IP_OUT_MCAST_PKTS] = { "", "Ip6OutMcastPkts" },
	/* The kernel counts no broadcasts of IPv6: there are none. */
	[IPV6_COUNTERS + IP_IN_OCTETS] = { "", "Ip6InOctets" },
	[IPV6_COUNTERS + IP_OUT_OCTETS] = { "", "Ip6OutOctets" },
	[IPV6_COUNTERS + IP_IN_MCAST_OCTETS] = { "", "Ip6InMcastOctets" },
	[IPV6_COUNTERS + IP_OUT_MCAST_OCTETS] = { "", "Ip6OutMcastOctets" },
	[IPV6_COUNTERS + IP_OUT_TRANSMITS] = { "", "Ip6OutTransmits" },
};

/* One text as it is taken. */
struct taking {
	struct counters *counters;
	size_t next; /* where the next name may be */
	bool any;    /* something was known */
};

/* A run of characters between blanks. */
struct word {
	const char *text;
	size_t length;
};

/* Takes the next word of a line; false at its end. */
static bool
next_word(const char **line, struct word *ret_word)
{
	const char *text = *line + strspn(*line, BLANKS);

	*ret_word = (struct word){ text, strcspn(text, BLANKS "\n") };
	*line = text + ret_word->length;
	return ret_word->length > 0;
}

static bool
is_word(const struct word *word, const char *text)
{
	return text && strlen(text) == word->length &&
	    memcmp(word->text, text, word->length) == 0;
}

/* Whether a word begins so; what is behind it is left in *word then. */
static bool
skip_prefix(struct word *word, const char *prefix)
{
	size_t length = strlen(prefix);

	if (word->length < length || memcmp(word->text, prefix, length) != 0)
		return false;
	word->text += length;
	word->length -= length;
	return true;
}

/* The number a word is; false for other words. One column is signed; the others may use all
 * 64 bits. */
static bool
parse_number(const struct word *word, int64_t *ret_number)
{
	size_t sign = word->length > 0 && word->text[0] == '-';
	char *end;

	if (strspn(word->text + sign, "0123456789") != word->length - sign ||
	    word->length == sign)
		return false;
	*ret_number = sign ? strtoll(word->text, &end, 10)
			   : (int64_t)strtoull(word->text, &end, 10);
	return true;
}

/* ICMP messages of one type, "InType8" behind the prefix. Whether the name is of that kind.
 */
static bool
take_messages(struct taking *taking, struct word name, int version, int64_t number)
{
	uint64_t(*counts)[256] = taking->counters->icmp_in;
	int64_t type;

	if (!skip_prefix(&name, "InType")) {
		if (!skip_prefix(&name, "OutType"))
			return false;
		counts = taking->counters->icmp_out;
	}
	if (!parse_number(&name, &type) || type < 0 || type > 255)
		return false;
	counts[version][type] = (uint64_t)number;
	taking->any = true;
	return true;
}

static void
take(struct taking *taking, const struct word *group, struct word column,
    const struct word *number)
{
	int64_t value;

	if (!parse_number(number, &value))
		return;
	for (size_t i = 0; i < COUNTERS; i++) {
		size_t at = (taking->next + i) % COUNTERS;

		if (!is_word(&column, names[at].column) || !is_word(group, names[at].group))
			continue;
		taking->counters->value[at] = value;
		taking->counters->present[at] = true;
		taking->any = true;
		taking->next = at + 1;
		return;
	}
	if (is_word(group, "IcmpMsg:"))
		take_messages(taking, column, COUNTED_IPV4, value);
	else if (is_word(group, "") && skip_prefix(&column, "Icmp6"))
		take_messages(taking, column, COUNTED_IPV6, value);
}

static bool
knows_group(const struct word *group)
{
	for (size_t i = 0; i < COUNTERS; i++)
		if (is_word(group, names[i].group))
			return true;
	return is_word(group, "IcmpMsg:");
}

/* Takes two lines of one group; false when they are not. */
static bool
take_pair(struct taking *taking, const char *heads, const char *values)
{
	struct word group, same, column, number;

	if (!next_word(&heads, &group) || !next_word(&values, &same) ||
	    group.length != same.length || memcmp(group.text, same.text, group.length) != 0)
		return false;
	if (!knows_group(&group))
		return true;
	while (next_word(&heads, &column) && next_word(&values, &number))
		take(taking, &group, column, &number);
	return true;
}

bool
counters_pairs(struct counters *counters, const char *text)
{
	struct taking taking = { .counters = counters };
	const char *heads = text, *values;

	while (heads && (values = text_next_line(heads)))
		heads = take_pair(&taking, heads, values) ? text_next_line(values) : values;
	return taking.any;
}

/* Takes the lines that begin so. */
static bool
take_lines(struct counters *counters, const char *text, const char *prefix)
{
	static const struct word no_group = { "", 0 };
	struct taking taking = { .counters = counters };
	struct word name, number;

	for (; text; text = text_next_line(text)) {
		const char *line = text;

		if (strncmp(line, prefix, strlen(prefix)) == 0 && next_word(&line, &name) &&
		    next_word(&line, &number))
			take(&taking, &no_group, name, &number);
	}
	return taking.any;
}

bool
counters_lines(struct counters *counters, const char *text)
{
	return take_lines(counters, text, "");
}

/* Takes one file; a file that is not there has nothing. */
static int
take_file(const char *path, bool (*take_text)(struct counters *, const char *),
    struct counters *counters, bool *any)
{
	char *text;
	int error = text_file_read(path, &text);

	if (error)
		return error == -ENOENT ? 0 : error;
	*any |= take_text(counters, text);
	free(text);
	return 0;
}

int
counters_read(struct counters *ret_counters)
{
	struct counters counters = { 0 };
	bool any = false;
	int error = take_file("/proc/net/snmp", counters_pairs, &counters, &any);

	if (error == 0)
		error = take_file("/proc/net/netstat", counters_pairs, &counters, &any);
	if (error == 0)
		error = take_file("/proc/net/snmp6", counters_lines, &counters, &any);
	if (error == 0 && !any)
		error = -EPROTO;
	if (error == 0)
		*ret_counters = counters;
	return error;
}

int
counters_read_device(const char *name, uint32_t *ret_ifindex, struct counters *ret_counters)
{
	struct counters counters = { 0 };
	char path[PATH_MAX], *text;
	struct word head, number;
	const char *line;
	int64_t ifindex;
	int error;

	snprintf(path, sizeof(path), "/proc/net/dev_snmp6/%s", name);
	error = text_file_read(path, &text);
	if (error)
		return error;
	line = text;
	/* Not what ICMP counts: it is the longer half, and there may be thousands of
	 * devices. */
	if (next_word(&line, &head) && is_word(&head, "ifIndex") &&
	    next_word(&line, &number) && parse_number(&number, &ifindex) && ifindex > 0 &&
	    ifindex <= INT32_MAX && take_lines(&counters, text, "Ip6")) {
		*ret_ifindex = (uint32_t)ifindex;
		*ret_counters = counters;
	} else {
		error = -EPROTO;
	}
	free(text);
	return error;
}
