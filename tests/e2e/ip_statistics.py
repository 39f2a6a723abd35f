#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What IP, ICMP and UDP count: the figures are nstat's, and move as they do."""

import json
import os
import socket
import struct

import agents
from harness import Elsewhere, difference, run, test_main, wait_for
from routes_oracle import batch, sysctl

IP, ICMP, UDP = ((1, 3, 6, 1, 2, 1, x) for x in (4, 5, 7))
SYSTEM, IF_STATS = IP + (31, 1, 1), IP + (31, 3, 1)
ICMP_STATS, ICMP_MESSAGES = ICMP + (29, 1), ICMP + (30, 1)
AT_ONCE = 3             # requests until it is the kernel's: the first may not wait for it
FRESH = "netmibMaxAge counters 0\nnetmibMaxAge ipcounters 0\nnetmibMaxAge settings 0\n"
BIG = 4000              # octets of a datagram that has to be cut in pieces
COUNT = 7               # datagrams of each kind

# Columns of ipSystemStatsTable and ipIfStatsTable: what the kernel calls them, of IPv4 and
# of IPv6; those with a second number have a twin of 64 bits there.
STATISTICS = (
    (3, 4, "IpInReceives", "Ip6InReceives"),
    (5, 6, "IpExtInOctets", "Ip6InOctets"),
    (7, None, "IpInHdrErrors", "Ip6InHdrErrors"),
    (8, None, "IpExtInNoRoutes", "Ip6InNoRoutes"),
    (9, None, "IpInAddrErrors", "Ip6InAddrErrors"),
    (10, None, "IpInUnknownProtos", "Ip6InUnknownProtos"),
    (11, None, "IpExtInTruncatedPkts", "Ip6InTruncatedPkts"),
    (12, 13, "IpForwDatagrams", "Ip6OutForwDatagrams"),
    (14, None, "IpReasmReqds", "Ip6ReasmReqds"),
    (15, None, "IpReasmOKs", "Ip6ReasmOKs"),
    (16, None, "IpReasmFails", "Ip6ReasmFails"),
    (17, None, "IpInDiscards", "Ip6InDiscards"),
    (18, 19, "IpInDelivers", "Ip6InDelivers"),
    (20, 21, "IpOutRequests", "Ip6OutRequests"),
    (22, None, "IpOutNoRoutes", "Ip6OutNoRoutes"),
    (23, 24, "IpForwDatagrams", "Ip6OutForwDatagrams"),
    (25, None, "IpOutDiscards", "Ip6OutDiscards"),
    (26, None, "IpFragOKs IpFragFails", "Ip6FragOKs Ip6FragFails"),
    (27, None, "IpFragOKs", "Ip6FragOKs"),
    (28, None, "IpFragFails", "Ip6FragFails"),
    (29, None, "IpFragCreates", "Ip6FragCreates"),
    (30, 31, "IpOutTransmits", "Ip6OutTransmits"),
    (32, 33, "IpExtOutOctets", "Ip6OutOctets"),
    (34, 35, "IpExtInMcastPkts", "Ip6InMcastPkts"),
    (36, 37, "IpExtInMcastOctets", "Ip6InMcastOctets"),
    (38, 39, "IpExtOutMcastPkts", "Ip6OutMcastPkts"),
    (40, 41, "IpExtOutMcastOctets", "Ip6OutMcastOctets"),
    (42, 43, "IpExtInBcastPkts", None),
    (44, 45, "IpExtOutBcastPkts", None),
)
NOT_OF_INTERFACES = (12, 13, 22)        # Linux counts nothing of the kind there
OLD_TRANSMITS = {"IpOutTransmits": "IpOutRequests",     # kernels before 6.7
                 "Ip6OutTransmits": "Ip6OutRequests Ip6OutForwDatagrams"}

IP_SCALARS = dict(zip((*range(3, 13), *range(14, 20)), (
    "InReceives", "InHdrErrors", "InAddrErrors", "ForwDatagrams", "InUnknownProtos",
    "InDiscards", "InDelivers", "OutRequests", "OutDiscards", "OutNoRoutes", "ReasmReqds",
    "ReasmOKs", "ReasmFails", "FragOKs", "FragFails", "FragCreates")))
ICMP_SCALARS = ("Msgs", "Errors", "DestUnreachs", "TimeExcds", "ParmProbs", "SrcQuenchs",
                "Redirects", "Echos", "EchoReps", "Timestamps", "TimestampReps",
                "AddrMasks", "AddrMaskReps")
UDP_SCALARS = {1: "InDatagrams", 2: "NoPorts", 3: "InErrors", 4: "OutDatagrams",
               8: "InDatagrams", 9: "OutDatagrams"}

# Sends datagrams: argv is family, address, port, count, octets, hop limit or 0.
SEND = """
import socket, sys
family, address, port, count, octets, hops = sys.argv[1:]
ipv6 = family == "6"
sock = socket.socket(socket.AF_INET6 if ipv6 else socket.AF_INET, socket.SOCK_DGRAM)
if int(hops):
    sock.setsockopt(*((socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS) if ipv6
                      else (socket.IPPROTO_IP, socket.IP_TTL)), int(hops))
for _ in range(int(count)):
    try:
        sock.sendto(bytes(int(octets)), (address, int(port)))
    except OSError:
        pass                            # told of the one before
"""


class Kernel(dict):
    """A look at all counters, by nstat's names; what it does not know is 0."""

    def __init__(self):
        done = run("nstat", "-asz", "--json")
        super().__init__(json.loads(done.stdout)["kernel"])

    def sum(self, names):
        if names in OLD_TRANSMITS and names not in self:
            names = OLD_TRANSMITS[names]
        return sum(self.get(x, 0) for x in names.split())


def sender(address, octets=100, hops=0):
    """The command that sends COUNT datagrams to where nobody listens."""
    return ("python3", "-c", SEND, "6" if ":" in address else "4", address, "9",
            str(COUNT), str(octets), str(hops))


class Host(Elsewhere):
    """Another host, behind a veth: 10.N.0.2 and 2001:db8:N::2, here it is .1 and ::1."""

    def __init__(self, number):
        super().__init__()
        near, far = f"n{number}", f"f{number}"
        batch(f"link add {near} type veth peer name {far} netns {self.pid}",
              f"link set {near} up", f"addr add 10.{number}.0.1/24 dev {near}",
              f"addr add 2001:db8:{number}::1/64 dev {near} nodad")
        self.batch("link set lo up", f"link set {far} up",
                   f"addr add 10.{number}.0.2/24 dev {far}",
                   f"addr add 2001:db8:{number}::2/64 dev {far} nodad",
                   f"route add default via 10.{number}.0.1",
                   f"route add default via 2001:db8:{number}::1")

    def send(self, address, **options):
        self.run(*sender(address, **options))



def echo(address):
    """ICMP echo requests to another host."""
    ipv6 = ":" in address
    family, protocol = ((socket.AF_INET6, socket.IPPROTO_ICMPV6) if ipv6
                        else (socket.AF_INET, socket.IPPROTO_ICMP))
    with socket.socket(family, socket.SOCK_RAW, protocol) as sock:
        for number in range(COUNT):
            head = struct.pack("!BBHHH", 128 if ipv6 else 8, 0, 0, 1, number)
            # of IPv6 the kernel fills it in
            check = 0 if ipv6 else ~(sum(struct.unpack("!4H", head)) % 0xFFFF) & 0xFFFF
            sock.sendto(struct.pack("!BBHHH", head[0], 0, check, 1, number), (address, 0))


def here(address, **options):
    """Sends from here."""
    run(*sender(address, **options))


# What is sent, and which counters of the kernel it has to move by how much at the least.
def steps(near, far):
    return (
        ("forwarded", lambda: near.send("10.2.0.2"), {"IpForwDatagrams": COUNT}),
        ("forwarded IPv6", lambda: near.send("2001:db8:2::2"),
         {"Ip6OutForwDatagrams": COUNT}),
        ("time exceeded", lambda: near.send("10.2.0.2", hops=1),
         {"IpInHdrErrors": COUNT, "IcmpOutTimeExcds": 1, "IcmpMsgOutType11": 1}),
        ("time exceeded IPv6", lambda: near.send("2001:db8:2::2", hops=1),
         {"Ip6InHdrErrors": COUNT, "Icmp6OutTimeExcds": 1, "Icmp6OutType3": 1}),
        ("no port", lambda: near.send("10.1.0.1"),
         {"UdpNoPorts": COUNT, "IcmpOutDestUnreachs": 1, "IcmpMsgOutType3": 1}),
        ("no port IPv6", lambda: near.send("2001:db8:1::1"),
         {"Udp6NoPorts": COUNT, "Icmp6OutDestUnreachs": 1, "Icmp6OutType1": 1}),
        ("no route", lambda: near.send("192.0.2.1"), {"IcmpOutDestUnreachs": 1}),
        ("cut in pieces", lambda: here("10.2.0.2", octets=BIG),
         {"IpFragOKs": COUNT, "IpFragCreates": 3 * COUNT, "UdpOutDatagrams": COUNT}),
        ("cut in pieces IPv6", lambda: here("2001:db8:2::2", octets=BIG),
         {"Ip6FragOKs": COUNT, "Ip6FragCreates": 3 * COUNT, "Udp6OutDatagrams": COUNT}),
        ("put together", lambda: far.send("10.2.0.1", octets=BIG),
         {"IpReasmReqds": 3 * COUNT, "IpReasmOKs": COUNT}),
        ("put together IPv6", lambda: far.send("2001:db8:2::1", octets=BIG),
         {"Ip6ReasmReqds": 3 * COUNT, "Ip6ReasmOKs": COUNT}),
        ("to a group", lambda: near.send("224.0.0.1"), {"IpExtInMcastPkts": COUNT}),
        ("to a group IPv6", lambda: near.send("ff02::1%f1"), {"Ip6InMcastPkts": COUNT}),
        ("echo", lambda: echo("10.1.0.2"), {"IcmpOutEchos": COUNT, "IcmpInEchoReps": COUNT}),
        ("echo IPv6", lambda: echo("2001:db8:1::2"),
         {"Icmp6OutEchos": COUNT, "Icmp6InEchoReplies": COUNT}),
    )


def expected(kernel):
    """{oid: figure} of all that comes from the kernel's one set of counters."""
    figures = {}
    for column, twin, *names in STATISTICS:
        for version, name in enumerate(names, 1):
            for number in (column, twin) if name else ():
                if number:
                    figures[SYSTEM + (number, version)] = kernel.sum(name)
    for number, name in IP_SCALARS.items():
        figures[IP + (number, 0)] = kernel["Ip" + name]
    for number, name in UDP_SCALARS.items():
        figures[UDP + (number, 0)] = kernel["Udp" + name] + kernel["Udp6" + name]
    for way, first in (("In", 1), ("Out", 14)):
        for number, name in enumerate(ICMP_SCALARS, first):
            figures[ICMP + (number, 0)] = kernel[f"Icmp{way}{name}"]
        for version, name in ((1, "Icmp"), (2, "Icmp6")):
            for number, what in ((2, "Msgs"), (3, "Errors")):
                figures[ICMP_STATS + (number + (2 if way == "Out" else 0), version)] = \
                    kernel[f"{name}{way}{what}"]
    for version, name in ((1, "IcmpMsg"), (2, "Icmp6")):
        for kind in range(256):
            both = [kernel.get(f"{name}{way}Type{kind}", 0) for way in ("In", "Out")]
            for column, figure in enumerate(both, 3):
                if any(both):
                    figures[ICMP_MESSAGES + (column, version, kind)] = figure
    return figures


def figures_of(host):
    """What expected() tells of in a walk, as numbers."""
    walked = {}
    for root in (IP, ICMP, UDP):
        walked.update(host.numbers(root))
    return {x: y for x, y in walked.items() if is_counter(x)}


def is_counter(oid):
    """Whether an instance is one that expected() tells of."""
    if oid[:len(SYSTEM)] == SYSTEM:
        return oid[len(SYSTEM)] < 46
    if oid[:7] == IP:
        return len(oid) == 9 and oid[7] in IP_SCALARS
    return oid[:7] == ICMP or len(oid) == 9


def is_between(before, got, after):
    """No figure is older than the look before, nor newer than the one behind."""
    low, high = expected(before), expected(after)
    wrong = [f"{agents.dotted(x)}: {low.get(x)} <= {got.get(x)} <= {high.get(x)}"
             for x in sorted(set(high) | set(got))
             if x not in got or x not in high
             or not low.get(x, 0) <= got[x] <= high[x]]
    return wrong


def check_all(tap, host, what):
    for number in range(1, AT_ONCE + 1):
        before = Kernel()
        got = figures_of(host)
        wrong = is_between(before, got, Kernel())
        if not wrong:
            break
    tap.took(number)
    tap.ok(not wrong and len(got) > 130, f"{host.kind}: {what}: all figures are nstat's",
           len(got), *wrong)


def check_twins(tap, host):
    """A counter and its twin of 64 bits come of one sample."""
    pairs = [(SYSTEM + (x[0], 1), SYSTEM + (x[1], 1)) for x in STATISTICS if x[1]]
    got = dict(host.get(*(x for pair in pairs for x in pair)))
    wrong = [(agents.dotted(a), got[a], got[b]) for a, b in pairs
             if int(got[a].text) != int(got[b].text) % 2**32
             or (got[a].type, got[b].type) != ("Counter32", "Counter64")]
    tap.ok(not wrong, f"{host.kind}: 32 and 64 bits are of one sample", *wrong)
    rates = host.numbers(SYSTEM + (47,))
    tap.equal(rates, {SYSTEM + (47, 1): 0, SYSTEM + (47, 2): 0},
              f"{host.kind}: ipSystemStatsRefreshRate is what netmibMaxAge says")


def device_figures():
    """{oid: figure} of /proc/net/dev_snmp6."""
    figures = {}
    for name in os.listdir("/proc/net/dev_snmp6"):
        with open(f"/proc/net/dev_snmp6/{name}", encoding="ascii") as file:
            read = Kernel.__new__(Kernel)
            read.update((x.split()[0], int(x.split()[1])) for x in file)
        for column, twin, _, name6 in STATISTICS:
            for number in (column, twin):
                if name6 and number and number not in NOT_OF_INTERFACES:
                    figures[IF_STATS + (number, 2, read["ifIndex"])] = read.sum(name6)
    return figures


def check_interfaces(tap, host):
    def walked():
        return {x: y for x, y in host.numbers(IF_STATS).items() if x[10] < 46}

    tap.ok(wait_for(lambda: walked() == device_figures(), 5),
           f"{host.kind}: ipIfStatsTable is what /proc/net/dev_snmp6 says",
           *difference(walked(), device_figures()))


def check_steps(tap, hosts, near, far):
    """Each kind of traffic moves the kernel's counters, and the agents' with them."""
    for name, act, least in steps(near, far):
        before = Kernel()
        act()
        moved = wait_for(lambda before=before, least=least: all(
            Kernel()[x] - before.get(x, 0) >= y for x, y in least.items()), 5)
        tap.ok(moved, f"{name}: the kernel counts it",
               *(f"{x} {before.get(x)} {Kernel().get(x)}" for x in least))
        for host in hosts:
            check_all(tap, host, name)


def check_settings(tap, host):
    for oid, name, values in (
            ((1, 0), "ipv4/ip_forward", {0: 2, 1: 1}),
            ((2, 0), "ipv4/ip_default_ttl", {33: 33, 64: 64}),
            ((13, 0), "ipv4/ipfrag_time", {17: 17, 30: 30}),
            ((25, 0), "ipv6/conf/all/forwarding", {0: 2, 1: 1}),
            ((26, 0), "ipv6/conf/default/hop_limit", {55: 55, 64: 64})):
        for value, shown in values.items():
            sysctl(name, value)
            got = [host.value(IP + oid) for _ in range(AT_ONCE)]
            tap.took(1 + (got[0] != shown))
            tap.ok(got[-1] == shown, f"{host.kind}: {name} is {value}", got)


def printed_figures(text):
    """{words: figure} of what snmpnetstat -Cs prints; equal words of two blocks add up."""
    figures = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) > 1 and words[0].isdigit():
            figures.setdefault(" ".join(words[1:]), []).append(int(words[0]))
    return figures


def check_snmpnetstat(tap, host, *options):
    """Every figure that is printed is one of the kernel's, none of which moves but those
    that asking moves."""
    before = Kernel()
    done = host.script.run("snmpnetstat", "-v2c", "-c", "public", *options, "-Cs",
                           host.address)
    after = Kernel()
    figures = printed_figures(done.stdout)
    known = [(before.sum(x), after.sum(x)) for x in (
        *before, "UdpInDatagrams Udp6InDatagrams", "UdpNoPorts Udp6NoPorts",
        "UdpOutDatagrams Udp6OutDatagrams", "UdpInErrors Udp6InErrors",
        "IpFragOKs IpFragFails", "Ip6FragOKs Ip6FragFails")]
    strange = [(words, x) for words, all_of in figures.items() for x in all_of
               if not any(low <= x <= high for low, high in known)]
    tap.ok(done.returncode == 0 and not done.stderr and len(figures) > 25 and not strange,
           f"{host.kind}: snmpnetstat {' '.join((*options, '-Cs'))} prints the kernel's "
           "figures", done.stderr, len(figures), *strange)
    noted = {"IpForwDatagrams": before["IpForwDatagrams"],
             "IpReasmReqds": before["IpReasmReqds"], "IpFragCreates": before["IpFragCreates"]}
    missing = {x: y for x, y in noted.items()
               if y == 0 or not any(y in z for z in figures.values())}
    tap.ok(not missing, f"{host.kind}: snmpnetstat {' '.join((*options, '-Cs'))} tells of "
           "what was forwarded and cut", missing, done.stdout)


def main(script):
    tap = script.tap
    near, far = Host(1), Host(2)
    script.closers += [near.close, far.close]
    for name in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
        sysctl(name, 1)
    hosts = agents.start_all(script, FRESH)
    for host in hosts:
        check_all(tap, host, "at first")
        check_settings(tap, host)
    check_steps(tap, hosts, near, far)
    for host in hosts:
        check_twins(tap, host)
        check_interfaces(tap, host)
        check_snmpnetstat(tap, host)
        check_snmpnetstat(tap, host, "-CL")
    tap.most_at_once()


if __name__ == "__main__":
    test_main(main, (*agents.PROGRAMS, "nstat", "nsenter", "unshare"))
