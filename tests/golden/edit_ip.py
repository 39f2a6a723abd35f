#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes recordings for the golden tests from those of record_ip.py, or writes them.

    edit_ip.py FOLDER

Writes no-ipv6.* and old.files (kernels that say less), odd.files (statistics in another
form), broken-ip.route and broken-udp.* (what makes no sense).
"""

import socket
import struct
import sys

from record import (MAIN, NLM_F_MULTI, NLM_F_REQUEST, changed, kind_of, message, messages,
                    write)
from record_links import (DONE, MAC, NDA_DST, NDA_LLADDR, NUD_REACHABLE, attribute,
                          attributes, cut, device, ifindex_of, lie, neighbour, number)

RTM_NEWLINK, RTM_NEWADDR, RTM_NEWROUTE, RTM_NEWNEIGHTBL = 16, 20, 24, 64
IFLA_AF_SPEC, NDTA_PARMS, NDA_CACHEINFO, NTF_PROXY = 26, 6, 3, 8
IFA_ADDRESS, IFA_LOCAL, IFA_CACHEINFO, IFA_FLAGS, IFA_PROTO = 1, 2, 6, 8, 11
RTA_OIF, RTA_GATEWAY, RTA_CACHEINFO, RTA_VIA, RTA_PREF = 4, 5, 12, 18, 20
INET, INET6, AF_BRIDGE = socket.AF_INET, socket.AF_INET6, 7


def dumps(recorded):
    """The requests and their answers, [request, *messages], that were recorded first."""
    found = []
    for msg in messages(recorded):
        if struct.unpack_from("=H", msg, 6)[0] & NLM_F_REQUEST:
            found.append([])
        found[-1].append(msg)
    return found[:len(found) // 2]


def load(path):
    with open(path, "rb") as file:
        return file.read()


def first_files(folder):
    """The text of each file in ip.files, as it was first, by its path."""
    texts = {}
    for part in load(f"{folder}/ip.files").decode().split("==> ")[1:]:
        path, _, text = part.partition(" <==\n")
        if path in texts:
            break
        texts[path] = text
    return texts


def write_files(path, texts):
    write(path, "".join(f"==> {name} <==\n{text}" for name, text in texts.items()))


def join(found):
    return b"".join(msg for dump in found for msg in dump)


# Without IPv6: nobody answers requests of that family, and rtnl_dump_all() tells what there
# is of others, addresses and routes of IPv4.

def without_ipv6(msg):
    """A message of a device that tells of IPv4 only."""
    told = [(kind, payload if kind != IFLA_AF_SPEC else
             [attribute(*one) for one in attributes(payload) if one[0] != INET6])
            for kind, payload in attributes(msg[32:])]
    return message(RTM_NEWLINK, NLM_F_MULTI, msg[16:32] + b"".join(
        attribute(*one) for one in told))


def no_ipv6(folder):
    links, addresses, addresses6, *others = dumps(load(f"{folder}/ip.route"))
    neighbours, neighbours6, retrans, nexthops, routes, routes6 = others
    links[1:] = [without_ipv6(msg) if kind_of(msg) == RTM_NEWLINK else msg
                 for msg in links[1:]]
    addresses[1:] = [msg for msg in addresses[1:]
                     if kind_of(msg) != RTM_NEWADDR or msg[16] == INET]
    routes[1:] = [msg for msg in routes[1:] if RTA_VIA not in dict(attributes(msg[28:]))]
    write(f"{folder}/no-ipv6.route", join((
        links, addresses, [addresses6[0], *addresses[1:]], neighbours,
        [neighbours6[0], DONE], retrans, nexthops, routes, [routes6[0], *routes[1:]])))
    texts = first_files(folder)
    write_files(f"{folder}/no-ipv6.files", {name: text for name, text in texts.items()
                                            if "6" not in name})


# Columns and lines that kernels before 6.7 do not have.

def old_text(text):
    """A file of counters without OutTransmits, which is the last column of its group."""
    lines = [line for line in text.splitlines() if "Ip6OutTransmits" not in line]
    for i, line in enumerate(lines):
        if line.endswith(" OutTransmits"):
            lines[i:i + 2] = [words.rpartition(" ")[0] for words in lines[i:i + 2]]
    return "".join(f"{line}\n" for line in lines)


def old_files(folder):
    write_files(f"{folder}/old.files", {name: old_text(text) for name, text in
                                        first_files(folder).items()})


MOST = 2**64 - 1

# Columns in another order, twice, missing, unknown; numbers that are none, negative, or as
# large as there are; a line of 70000 octets; halves of a group; what has no values.
ODD_FILES = {
    "/proc/net/snmp": f"""\
Ip: OutTransmits InDelivers InReceives Unknown InReceives DefaultTTL Forwarding
Ip: {MOST} {2**32 + 5} 7 99 {2**32} 255 2
Icmp: InMsgs InErrors OutMsgs OutErrors
Icmp: 5 6
IcmpMsg: InType0 InType255 InType256 InType-1 InType8x InType OutType3 OutType0
IcmpMsg: 1 {MOST} 3 4 5 6 {2**32 + 7} 0
Udp: InDatagrams
Udp: 1 2 3
Udp: NoPorts OutDatagrams
UdpLite: InDatagrams NoPorts
UdpLite: 8 9

Tcp: ActiveOpens {"x" * 70_000} PassiveOpens AttemptFails EstabResets InSegs OutSegs MaxConn
Tcp: 1 2 3 12x +5 0x10 - -1
Icmp: InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs
Icmp: --1 {10**30} \t 17 18
Udp: InErrors NoPorts
Udp: 3 4
Udp: InErrors
""",
    "/proc/net/netstat": f"""\
IpExt: OutOctets InOctets InBcastPkts
IpExt: {MOST} {MOST - 1} {2**63}
TcpExt: InOctets
TcpExt: 1
""",
    "/proc/net/snmp6": f"""\
Ip6OutOctets {MOST}
Ip6InReceives\t{2**32}
Ip6InReceives                   \t8
Ip6InDelivers
Ip6InDiscards x
Ip6FragOKs 3
Ip6FragFails 4
 Ip6FragCreates {2**32 + 9}
Unknown 1
Ip: 5 6
Icmp6InType300 1
Icmp6OutType128 {2**32 + 1}
Icmp6InMsgs 77
Udp6InDatagrams {MOST}
Udp6OutDatagrams {2**32}
Icmp6OutMsgs 78""",
    "/proc/net/dev_snmp6/near": f"""\
ifIndex                         \t7
Ip6InReceives                   \t{MOST}
Ip6OutRequests                  \t{2**32}
Ip6OutForwDatagrams             \t3
Ip6InDelivers 1 2""",
    # None of these is a row: no ifIndex, another's, none, no counter.
    "/proc/net/dev_snmp6/lo": "Ip6InReceives 1\nifIndex 1\n",
    "/proc/net/dev_snmp6/gone": f"ifIndex {2**32 + 5}\nIp6InReceives 1\n",
    "/proc/net/dev_snmp6/void": "ifIndex 15\nIp6InReceives 1\n",
    "/proc/net/dev_snmp6/auto": "ifIndex 0\nIp6InReceives 1\n",
    "/proc/net/dev_snmp6/dull": "ifIndex 13\nIp6Unknown 1\n",
    "/proc/net/dev_snmp6/four": "ifIndex\nIp6InReceives 1\n",
    "/proc/net/dev_snmp6/small": "",
    "/proc/sys/net/ipv4/ipfrag_time": "29 30\n",
    "/proc/sys/net/ipv6/conf/all/forwarding": "-1\n",
    "/proc/sys/net/ipv6/conf/default/hop_limit": "",
}


# Netlink messages that make no sense.

def told_address(family, ifindex, *more, length=24, flags=0x80, kind=RTM_NEWADDR):
    """struct ifaddrmsg."""
    body = struct.pack("=BBBBI", family, length, flags, 0, ifindex)
    return message(kind, NLM_F_MULTI, body + b"".join(more))


def local(text, kind=IFA_LOCAL):
    return attribute(kind, socket.inet_pton(INET6 if ":" in text else INET, text))


def broken_addresses():
    """Each is skipped, and counted."""
    ten, six = local("10.0.0.66"), local("2001:db8::66", IFA_ADDRESS)
    good = told_address(INET, 7, ten)
    return [
        cut(good, 16 + 4), cut(good, 16), cut(good, len(good) - 3),
        told_address(INET, 0, ten), told_address(99, 7, ten),
        told_address(AF_BRIDGE, 7, ten), told_address(INET, 7, ten, length=33),
        told_address(INET, 7, ten, length=200),
        told_address(INET6, 7, six, length=129), told_address(INET6, 7, six, length=200),
        told_address(INET6, 7, ten, length=64), told_address(INET, 7),
        told_address(INET, 7, attribute(IFA_LOCAL, b"\x0a\0\0")),
        told_address(INET, 7, lie(IFA_LOCAL, bytes(4), 8))]


def odd_addresses():
    """Rows, all but the first two, with less than there should be, or more."""
    def times(octets):
        return attribute(IFA_CACHEINFO, octets)

    def flags_of(octets):
        return attribute(IFA_FLAGS, octets)

    return [
        told_address(INET, 7, local("10.0.0.1"), kind=RTM_NEWADDR + 1),
        told_address(INET, 97, local("10.0.0.2")),
        told_address(INET, 7, local("10.0.0.3"), length=32, flags=0),
        told_address(INET, 7, local("10.0.0.4", IFA_ADDRESS), length=0),
        told_address(INET, 7, local("10.0.0.5"), times(bytes(15))),
        told_address(INET, 7, local("10.0.0.6"), times(bytes(16)), flags=0),
        told_address(INET, 7, local("10.0.0.7"), flags_of(b"\x40\0"), flags=0x20),
        told_address(INET, 7, local("10.0.0.8"), flags_of(number(0x40)), flags=0x20),
        told_address(INET, 7, local("10.0.0.9"), local("10.0.0.10"), attribute(99, b"")),
        told_address(INET, 7, local("10.0.0.11"), times(b"\xff" * 32)),
        told_address(INET, 7, local("2001:db8::4"), length=8),      # the first four octets
        told_address(INET6, 7, local("2001:db8::1"), length=0),
        told_address(INET6, 7, local("2001:db8::1"), length=128),   # one row
        told_address(INET6, 7, local("::", IFA_ADDRESS), length=128),
        told_address(INET6, 7, local("::ffff:10.0.0.1"), attribute(IFA_PROTO, b"\2"),
                     length=96)]


def told_neighbour(text, mac="66", ifindex=7, state=2, more=b"", **values):
    """A neighbour; None: it does not tell its address, or has no physical one."""
    values = {"flags": 0, "family": INET6 if text and ":" in text else INET, **values}
    return neighbour(ifindex, mac and f"{MAC}{mac}", state=state,
                     more=(local(text, NDA_DST) if text else b"") + more, **values)


def broken_neighbours():
    good = told_neighbour("10.0.0.66")
    return [
        cut(good, 16 + 8), cut(good, len(good) - 3), told_neighbour("10.0.0.66", ifindex=0),
        told_neighbour("10.0.0.66", ifindex=-1), told_neighbour(None),
        told_neighbour("10.0.0.66", family=INET6),
        told_neighbour(None, more=attribute(NDA_DST, bytes(3))),
        told_neighbour("10.0.0.66", more=lie(NDA_LLADDR, bytes(6), 20)),
        told_neighbour("10.0.0.66", None, more=attribute(NDA_LLADDR, bytes(33)))]


def odd_neighbours():
    """The first four are no rows; states of a later kernel are."""
    return [
        told_neighbour("10.0.0.1", family=AF_BRIDGE), told_neighbour("10.0.0.2", family=99),
        told_neighbour("10.0.0.3", flags=NTF_PROXY), told_neighbour("10.0.0.4", state=0),
        told_neighbour("10.0.0.5", state=0x100), told_neighbour("10.0.0.6", state=0x06),
        told_neighbour("10.0.0.7", None), told_neighbour("10.0.0.8", None, more=attribute(
            NDA_LLADDR, bytes(range(32)))),
        told_neighbour("10.0.0.9", None, more=attribute(NDA_LLADDR, b"")),
        told_neighbour("10.0.0.10", more=attribute(NDA_CACHEINFO, bytes(15))),
        told_neighbour("10.0.0.11", more=attribute(NDA_CACHEINFO, b"\xff" * 16)),
        told_neighbour("10.0.0.12", ifindex=2**31 - 1),
        told_neighbour("10.0.0.12", "67"), told_neighbour("10.0.0.12", "68"),   # one row
        told_neighbour("::"), told_neighbour("10.0.0.13", more=attribute(99, bytes(4)))]


def spec(*told):
    return attribute(IFLA_AF_SPEC, list(told))


def inet6_spec(flags=0x80000000, conf=27, info=16, more=b""):
    """What IPv6 tells of a device; numbers are sizes."""
    return attribute(INET6, [attribute(1, number(flags)), attribute(2, bytes(4 * conf)),
                             attribute(5, bytes(info)), more])


def odd_links():
    """Skipped are the first five, of all that IP tells."""
    ipv4 = attribute(INET, [attribute(1, bytes(4))])
    return [
        device(50, "spec", more=lie(IFLA_AF_SPEC, bytes(8), 9)),
        device(51, "inet6", more=spec(ipv4, lie(INET6, bytes(8), 40))),
        device(52, "token", more=spec(ipv4, inet6_spec(more=lie(7, bytes(8), 40)))),
        device(0, "zero", more=spec(ipv4)), device(53, None, more=spec(ipv4)),
        device(54, "none"), device(55, "bridge", family=AF_BRIDGE, more=spec(ipv4)),
        device(56, "short-conf", more=spec(ipv4, inet6_spec(conf=26))),
        device(57, "short-info", more=spec(ipv4, inet6_spec(info=15))),
        device(58, "short-token", more=spec(inet6_spec(more=attribute(7, b"\1" * 15)))),
        device(59, "right", more=spec(ipv4, inet6_spec(more=attribute(7, b"\1" * 16)))),
        device(60, "not-ready", more=spec(inet6_spec(flags=0)))]


def retrans_of(ifindex, milliseconds, family=INET, size=8):
    """struct ndtmsg, and the parameters of a device in its table of neighbours."""
    told = [attribute(1, number(ifindex))] if ifindex is not None else []
    told.append(attribute(5, struct.pack("=Q", milliseconds)[:size]))
    return message(RTM_NEWNEIGHTBL, NLM_F_MULTI,
                   struct.pack("=B3x", family) + attribute(NDTA_PARMS, told))


def odd_retrans():
    """The first three are skipped; the next four tell of no device; the last has most."""
    good = retrans_of(7, 1)
    return [
        cut(good, 18), cut(good, len(good) - 5),
        message(RTM_NEWNEIGHTBL, NLM_F_MULTI, struct.pack("=B3x", INET) + attribute(
            NDTA_PARMS, [lie(1, number(7), 20)])),
        retrans_of(7, 2, family=INET6), retrans_of(None, 3), retrans_of(7, 4, size=7),
        retrans_of(99, 5), retrans_of(59, 2**40)]


def told_default(family, *more, length=0, kind=1):
    """struct rtmsg, of a default route in the main table."""
    body = struct.pack("=BBBBBBBBI", family, length, 0, 0, MAIN, 3, 0, kind, 0)
    return message(RTM_NEWROUTE, NLM_F_MULTI, body + b"".join(more))


def gateway(text, size=16):
    octets = socket.inet_pton(INET6 if ":" in text else INET, text)
    return attribute(RTA_GATEWAY, octets[:size])


def odd_routers():
    """Of these two families: what is skipped, or has no gateway; then lifetimes and
    preferences as they should not be."""
    out = attribute(RTA_OIF, number(7))
    good = told_default(INET, out, gateway("10.0.0.66"))

    def expires(hundredths, size=32):
        info = struct.pack("=IIi20x", 0, 0, hundredths)
        return attribute(RTA_CACHEINFO, info[:size])

    return [
        [cut(good, 16 + 11), cut(good, len(good) - 2),
         told_default(INET, gateway("10.0.0.66")),
         told_default(AF_BRIDGE, out, gateway("10.0.0.66")),
         told_default(INET, out, gateway("10.0.0.66"), length=33),
         told_default(INET, out, lie(RTA_GATEWAY, bytes(4), 8)),
         told_default(INET, out, gateway("10.0.0.66", 3)), told_default(INET, out),
         told_default(INET, out, gateway("10.0.0.66"), kind=7),
         told_default(INET, out, gateway("10.0.0.1"))],
        [told_default(INET6, out, gateway("fe80::66", 15)),
         told_default(INET6, out, gateway("fe80::1"), attribute(RTA_PREF, b"\2")),
         told_default(INET6, out, gateway("fe80::2"), attribute(RTA_PREF, b"\xff")),
         told_default(INET6, out, gateway("fe80::3"), attribute(RTA_PREF, b"")),
         told_default(INET6, out, gateway("fe80::4"), expires(150)),
         told_default(INET6, out, gateway("fe80::5"), expires(150, 31)),
         told_default(INET6, out, gateway("fe80::6"), expires(-100))]]


def broken_ip(folder):
    """Between what is right: near and void with one address and one neighbour each."""
    links, addresses, addresses6, *others = dumps(load(f"{folder}/ip.route"))
    neighbours, neighbours6, retrans, nexthops, routes, routes6 = others
    right = [msg for msg in links[1:-1] if ifindex_of(msg) in (7, 9)]
    first, *_, last = (msg for msg in addresses[1:-1] if msg[20] in (7, 9))
    near = next(msg for msg in neighbours[1:-1] if msg[24] == NUD_REACHABLE)
    ipv4, ipv6 = odd_routers()
    write(f"{folder}/broken-ip.route", join((
        [links[0], right[0], *odd_links(), right[1], DONE],
        [addresses[0], first, *broken_addresses(), *odd_addresses(), last, DONE],
        [addresses6[0], *broken_addresses(), *odd_addresses(), last, DONE],
        [neighbours[0], *broken_neighbours(), *odd_neighbours(), near, DONE],
        [neighbours6[0], told_neighbour("fe80::1"), DONE],
        [retrans[0], *odd_retrans(), DONE], nexthops, [routes[0], *ipv4, DONE],
        [routes6[0], *ipv6, DONE])))


def broken_udp(folder):
    """Sockets that make no sense, between two that do; one twice."""
    ipv4, ipv6 = dumps(load(f"{folder}/udp.per-family"))
    good, other = ipv4[1:3]
    wild = next(msg for msg in ipv6[1:] if not any(msg[24:56]))
    odd = [cut(good, 16 + 71), cut(good, 16), changed(good, family=99),
           changed(good, family=AF_BRIDGE), changed(good, state=32),
           changed(good, state=255), cut(wild, len(wild) - 5)]
    # States that UDP does not have, and another kind of message: no rows, no errors.
    others = [changed(good, state=state) for state in (0, 2, 10, 12)]
    others.append(good[:4] + struct.pack("=H", 99) + good[6:])
    write(f"{folder}/broken-udp.per-family", b"".join((
        ipv4[0], good, *odd, *others, other, changed(other, inode=1), DONE,
        ipv6[0], wild, cut(wild, 16 + 72), changed(wild, cookie=2**64 - 1), DONE)))


HEADING = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n"
REST = "00000000:00000000 00:00000000 00000000     0        0"
BROKEN_UDP = f"""\
{HEADING}    1: 010200C0:0035 00000000:0000 07 {REST} 11 2 0000000000000000 0
    2: 010200C0:0036 00000000:0000 07 {REST}
    3: 010200C:0037 00000000:0000 07 {REST} 13 2
    4: 010200C0:0038 00000000:0000 00 {REST} 14 2
    5: 010200C0:0039 00000000:0000 0C {REST} 15 2
    6: 010200c0:003A 00000000:0000 07 {REST} 16 2

    7: 010200C0:003B 00000000000000000000000000000000:0000 07 {REST} 17 2
    8: 010200C0:003C 00000000:0000 07 {REST} 18 {"x" * 600}
    9: 010200C0:003D 020200C0:0035 01 {REST} 19 2
   10: 010200C0:003D 020200C0:0035 01 {REST} 20 2
garbage
   11: 010200C0:FFFF 00000000:0000 07 {REST} 21"""


def edits(folder):
    no_ipv6(folder)
    old_files(folder)
    write_files(f"{folder}/odd.files", ODD_FILES)
    broken_ip(folder)
    broken_udp(folder)
    write(f"{folder}/broken-udp.udp", BROKEN_UDP)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    edits(sys.argv[1])
