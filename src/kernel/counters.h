// SPDX-License-Identifier: BSD-2-Clause
// The protocol counters of /proc/net/snmp, netstat and snmp6, found by name.
#ifndef NETMIB_COUNTERS_H
#define NETMIB_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

/* What the kernel counts of one version of IP, of the host or of one device. */
enum ip_counter {
	IP_IN_RECEIVES,
	IP_IN_HDR_ERRORS,
	IP_IN_NO_ROUTES,
	IP_IN_ADDR_ERRORS,
	IP_IN_UNKNOWN_PROTOS,
	IP_IN_TRUNCATED_PKTS,
	IP_IN_DISCARDS,
	IP_IN_DELIVERS,
	IP_FORW_DATAGRAMS, /* those that went out; the kernel has no other count of them */
	IP_OUT_REQUESTS,
	IP_OUT_DISCARDS,
	IP_OUT_NO_ROUTES,
	IP_REASM_REQDS,
	IP_REASM_OKS,
	IP_REASM_FAILS,
	IP_FRAG_OKS,
	IP_FRAG_FAILS,
	IP_FRAG_CREATES,
	IP_IN_MCAST_PKTS,
	IP_OUT_MCAST_PKTS,
	IP_IN_BCAST_PKTS,
	IP_OUT_BCAST_PKTS,
	IP_IN_OCTETS,
	IP_OUT_OCTETS,
	IP_IN_MCAST_OCTETS,
	IP_OUT_MCAST_OCTETS,
	IP_OUT_TRANSMITS, /* since 6.7; before, OUT_REQUESTS of IPv4 has the forwarded */
	IP_COUNTERS,
};

/* A counter, named after its group and column in the file. */
enum counter {
	TCP_RTO_ALGORITHM,
	TCP_RTO_MIN,
	TCP_RTO_MAX,
	TCP_MAX_CONN,
	TCP_ACTIVE_OPENS,
	TCP_PASSIVE_OPENS,
	TCP_ATTEMPT_FAILS,
	TCP_ESTAB_RESETS,
	TCP_CURR_ESTAB,
	TCP_IN_SEGS,
	TCP_OUT_SEGS,
	TCP_RETRANS_SEGS,
	TCP_IN_ERRS,
	TCP_OUT_RSTS,
	/* Of IPv4; those of IPv6 stand as far behind. */
	UDP_IN_DATAGRAMS,
	UDP_NO_PORTS,
	UDP_IN_ERRORS,
	UDP_OUT_DATAGRAMS,
	UDP6_IN_DATAGRAMS,
	UDP6_NO_PORTS,
	UDP6_IN_ERRORS,
	UDP6_OUT_DATAGRAMS,
	ICMP_IN_MSGS,
	ICMP_IN_ERRORS,
	ICMP_OUT_MSGS,
	ICMP_OUT_ERRORS,
	ICMP6_IN_MSGS,
	ICMP6_IN_ERRORS,
	ICMP6_OUT_MSGS,
	ICMP6_OUT_ERRORS,
	/* Of IPv4 alone. */
	ICMP_IN_DEST_UNREACHS,
	ICMP_IN_TIME_EXCDS,
	ICMP_IN_PARM_PROBS,
	ICMP_IN_SRC_QUENCHS,
	ICMP_IN_REDIRECTS,
	ICMP_IN_ECHOS,
	ICMP_IN_ECHO_REPS,
	ICMP_IN_TIMESTAMPS,
	ICMP_IN_TIMESTAMP_REPS,
	ICMP_IN_ADDR_MASKS,
	ICMP_IN_ADDR_MASK_REPS,
	ICMP_OUT_DEST_UNREACHS,
	ICMP_OUT_TIME_EXCDS,
	ICMP_OUT_PARM_PROBS,
	ICMP_OUT_SRC_QUENCHS,
	ICMP_OUT_REDIRECTS,
	ICMP_OUT_ECHOS,
	ICMP_OUT_ECHO_REPS,
	ICMP_OUT_TIMESTAMPS,
	ICMP_OUT_TIMESTAMP_REPS,
	ICMP_OUT_ADDR_MASKS,
	ICMP_OUT_ADDR_MASK_REPS,
	IP_FORWARDING, /* 1 or 2, as ipForwarding has it */
	IP_DEFAULT_TTL,
	IPV4_COUNTERS, /* + enum ip_counter */
	IPV6_COUNTERS = IPV4_COUNTERS + IP_COUNTERS,
	COUNTERS = IPV6_COUNTERS + IP_COUNTERS,
};

/* Which version of IP, as an index. */
enum {
	COUNTED_IPV4,
	COUNTED_IPV6,
	COUNTED_VERSIONS,
};

/* One sample of them all. A counter this kernel does not print is absent. */
struct counters {
	int64_t value[COUNTERS]; /* unsigned but for TCP_MAX_CONN; cast before use */
	bool present[COUNTERS];
	/* ICMP messages by type; the kernel prints what is not 0. */
	uint64_t icmp_in[COUNTED_VERSIONS][256], icmp_out[COUNTED_VERSIONS][256];
};

/* Reads one sample. A kernel without IPv6 has no snmp6. Returns 0 or -errno; -EPROTO: the
 * files had not one known counter. */
int counters_read(struct counters *ret_counters);

/* Reads what IPv6 counts on one device, from /proc/net/dev_snmp6/NAME: IPV6_COUNTERS, not
 * those of ICMP, and the device's ifindex. Returns 0 or -errno; -EPROTO: it makes no
 * sense. */
int counters_read_device(
    const char *name, uint32_t *ret_ifindex, struct counters *ret_counters);

/* Takes text in the form of /proc/net/snmp and netstat: pairs of lines, "Tcp: names",
 * "Tcp: values"; pairs that do not match are skipped. Of a counter that occurs twice the
 * last counts. Whether there was a known one. */
bool counters_pairs(struct counters *, const char *text);

/* The same in the form of /proc/net/snmp6: "Ip6InReceives 7", a line each. */
bool counters_lines(struct counters *, const char *text);

#endif
