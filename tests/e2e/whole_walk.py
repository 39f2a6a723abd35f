#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A walk of all of mib-2 holds nothing but what the MIBs allow, and GET and SET agree.

What the MIBs allow is told by objects.tsv, which was not made of the project's own modules;
which objects netmib serves is told by TABLES, the program that tests/mibs.py asks too.
"""

import os
import socket

import agents
import badinput
import links_scene as scene
import peer
from agents import Value, dotted
from harness import HERE, Skip, run, test_main, wait_for
from links_oracle import PLAIN, plain
from objects import (SCALAR, Objects, Served, not_rising, wrong_gets, wrong_indexes,
                     wrong_nexts, wrong_sets, wrong_types, wrong_values)
from oracle import TCP
from routes_oracle import batch

TABLES = os.environ.get("TABLES") or os.path.join(HERE, "../tables")
MIB_2 = (1, 3, 6, 1, 2, 1)
SYS_UPTIME = MIB_2 + (1, 3, 0)
# snmpd's own of the groups that netmib serves; and those that tell of packages, which are
# many, and of processes, which are never the same twice
MODULES = (*agents.TCP_MODULES, "udp", "udpTable", "udpEndpointTable", "icmp", "ip", "at",
           "ip_scalars", "ipSystemStatsTable", "ipIfStatsTable", "ipAddressTable",
           "ipAddressPrefixTable", "inetNetToMediaTable", "ipv6ScopeZoneIndexTable",
           "ipDefaultRouterTable", "ipCidrRouteTable", "inetCidrRouteTable", "ipv6",
           "var_route", "ifTable", "ifXTable", "hrSWInstalledTable", "hrSWRunTable",
           "hrSWRunPerfTable")
BATCH = 128 * 9             # sub-identifiers in one request; clients take 128 OIDs
# The clients have rows of their own in the tables of UDP, which come and go; so that it is
# known which, all of them use one port.
CLIENT_PORT = 5300
CLIENT = (f"--clientaddr=127.0.0.1:{CLIENT_PORT}", "--clientaddrUsesPort=yes")
CLIENT_ROWS = {MIB_2 + (7, 5, 1, 1, 127, 0, 0, 1, CLIENT_PORT),
               MIB_2 + (7, 5, 1, 2, 127, 0, 0, 1, CLIENT_PORT),
               MIB_2 + (7, 7, 1, 8, 1, 4, 127, 0, 0, 1, CLIENT_PORT, 0, 0, 0, 1)}
# snmpset's letter for what a client prints
LETTERS = {"INTEGER": "i", "Gauge32": "u", "IpAddress": "a", "OID": "o", "Hex-STRING": "x",
           '""': "s"}
# what to set where nothing is there, or nothing that a manager may set; snmpset knows no
# counters
MADE_UP = {"INTEGER": ("i", "1"), "Gauge32": ("u", "1"), "IpAddress": ("a", "192.0.2.1"),
           "OID": ("o", ".0.0"), "OCTET-STRING": ("x", "00"), "TimeTicks": ("t", "1"),
           "Counter32": ("u", "1"), "Counter64": ("u", "1")}

ADDRESSES = (
    "addr add 10.1.0.1/24 dev va", "addr add 10.1.0.2/24 dev va",
    "addr add 10.3.0.1/24 dev br0", "addr add 192.0.2.1 peer 192.0.2.2/32 dev qa",
    "addr add 169.254.3.1/16 dev br0", "addr add 2001:db8:1::1/64 dev va",
    "addr add 2001:db8:1::2/64 dev va preferred_lft 0 valid_lft 900",
    "addr add 2001:db8:3::1/64 dev br0", "addr add fe80::1/64 dev va",
    "addr add fe80::1/64 dev br0")
NEIGHBOURS = (
    # the VXLAN devices send by way of these two, for whom nobody answers
    "neigh add 10.1.0.254 lladdr 02:00:00:00:00:fe dev va nud permanent",
    "neigh add 10.3.0.254 lladdr 02:00:00:00:00:fe dev br0 nud permanent",
    "neigh add 10.1.0.9 lladdr 02:00:00:00:00:09 dev va nud permanent",
    "neigh add 10.1.0.8 lladdr 02:00:00:00:00:08 dev va nud stale",
    "neigh add 2001:db8:1::9 lladdr 02:00:00:00:00:09 dev va nud permanent",
    "neigh add 2001:db8:1::8 lladdr 02:00:00:00:00:08 dev va nud stale",
    "neigh add fe80::9 lladdr 02:00:00:00:00:09 dev va nud permanent router",
    "neigh add fe80::9 lladdr 02:00:00:00:00:09 dev br0 nud permanent")
ROUTES = (
    "default via 10.1.0.254", "default via 10.3.0.254 metric 100",
    "10.9.0.0/16 via 10.1.0.9", "10.9.0.0/24 via 10.1.0.9 metric 50",
    "10.9.0.0/24 via 10.1.0.9 tos 0x10", "10.9.2.0/23 dev br0",
    "10.10.0.0/16 nexthop via 10.1.0.9 weight 3 nexthop via 10.3.0.9",
    "10.10.4.0/24 dev va metric 4294967295",
    "10.11.0.0/16 via inet6 fe80::9 dev va", "blackhole 10.20.0.0/24",
    "unreachable 10.20.1.0/24", "prohibit 10.20.2.0/24",
    "default via fe80::9 dev va pref high",
    "default via fe80::9 dev br0 metric 1025",
    "2001:db8:9::/48 via 2001:db8:1::9",
    "2001:db8:10::/64 nexthop via fe80::9 dev va nexthop via 2001:db8:3::9",
    "blackhole 2001:db8:20::/64")


# --- the scene ---

def udp(family, address, to=None, only6=None, reuse=False, device=None):
    """A UDP socket, as bound and as connected as the test wants it."""
    sock = socket.socket(family, socket.SOCK_DGRAM)
    if only6 is not None:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(only6))
    if reuse:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if device:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
    sock.bind(address)
    if to:
        sock.connect(to)
    return sock


def make_udp():
    """Endpoints of every kind, twins among them."""
    four, six, va = socket.AF_INET, socket.AF_INET6, socket.if_nametoindex("va")
    return [
        udp(four, ("0.0.0.0", 0)), udp(four, ("127.0.0.1", 5301)),
        udp(four, ("127.0.0.1", 0), ("127.0.0.1", 9)), udp(six, ("::", 0), only6=False),
        udp(six, ("::", 5302), only6=True), udp(six, ("::1", 0), ("::1", 9)),
        udp(six, ("::ffff:127.0.0.1", 5303)), udp(six, ("fe80::1", 5304, 0, va)),
        udp(six, ("fe80::1", 0, 0, va), ("fe80::9", 9, 0, va)),
        udp(four, ("0.0.0.0", 5305), reuse=True), udp(four, ("0.0.0.0", 5305), reuse=True),
        udp(six, ("::", 5306), only6=False, device="va"),
        udp(six, ("::", 5306), only6=False, device="br0")]


def make_tcp():
    """Connections and listeners of every kind, none of which changes by itself."""
    player = peer.Peer()
    kept = [player]
    for kind in player.kinds:
        for maker in (peer.Peer.established, peer.Peer.syn_sent, peer.Peer.close_wait,
                      peer.Peer.syn_recv, peer.Peer.time_wait):
            maker(player, kind)
    for only6 in (0, 1):
        sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only6)
        sock.bind(("::", 0))
        sock.listen(1)
        kept.append(sock)
    kept.append(socket.create_server(("0.0.0.0", 0)))
    return kept


def ask_nobody():
    """A datagram to a closed port of each IP version: ICMP tells that nobody is there."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"", (address, 1))


def make_scene():
    scene.make()
    batch(*ADDRESSES, *NEIGHBOURS, *(f"route add {x}" for x in ROUTES))
    ask_nobody()
    return make_tcp() + make_udp()


# --- requests ---

def walk_of(host, program="snmpbulkwalk", **options):
    """A walk of mib-2 as it came, without the rows of the client: [(oid, Value)]."""
    many = ("-Cr50",) if program == "snmpbulkwalk" else ()
    found = host.get(MIB_2, program=program, options=(*CLIENT, *PLAIN, "-Cc", *many),
                     **options)
    return [x for x in found if x[0] not in CLIENT_ROWS]


def requests(host, oids, program="snmpget"):
    """[(oid, Value)] of the answers for all of these, in few requests."""
    return [y for x in badinput.batches(oids, BATCH)
            for y in host.get(*x, program=program, options=(*CLIENT, *PLAIN))]


def next_oids(host, oids):
    """{oid: the one that GETNEXT gives}; it passes over the rows of the client."""
    if not oids:
        return {}
    found = [x for x, _ in requests(host, oids, "snmpgetnext")]
    further = next_oids(host, sorted(set(found) & CLIENT_ROWS))
    return {x: further.get(y, y) for x, y in zip(oids, found)}


class Look:
    """Two walks of a host, and in between each instance by GET and by GETNEXT."""

    def __init__(self, host, served):
        varbinds = walk_of(host)
        self.now = plain(host.get(SYS_UPTIME, options=CLIENT)[0][1])
        self.oids = [x for x, _ in varbinds]
        self.whole = dict(varbinds)
        self.judged = {x: y for x, y in varbinds if served.owner(x)}
        self.got = dict(requests(host, list(self.judged)))
        nexts = next_oids(host, [x for x, y in zip(self.oids, self.oids[1:])
                                 if y in self.judged])
        self.following = [nexts.get(x) for x in self.oids]
        self.narrow = dict(walk_of(host, "snmpwalk", version="1"))
        self.after = dict(walk_of(host))

    def wrong_narrow(self, served):
        """Where the walk of SNMPv1 has other instances than that of SNMPv2c."""
        want = {x for x, y in self.judged.items() if y.type != "Counter64"}
        got = {x for x in self.narrow if served.owner(x)}
        return [f"unexpected: {dotted(x)}" for x in sorted(got - want)] + \
            [f"missing: {dotted(x)}" for x in sorted(want - got)]

    def wrong(self, served, alone):
        """{what is checked: lines on what is wrong} of the first walk."""
        objects = served.objects
        return {
            "the OIDs of a walk rise": not_rising(self.oids),
            "no instance of what is not served": served.strangers(self.whole, alone),
            "each served table and scalar is there": served.absent(self.whole),
            "each value has its type": wrong_types(objects, self.judged),
            "each value is one of its object's": wrong_values(objects, self.judged,
                                                              self.whole, self.now),
            "each index is what INDEX says": wrong_indexes(objects, self.judged)}

    def differences(self, served):
        """The same of what the other requests give."""
        return {
            "GET of each instance": wrong_gets(served.objects, self.got, self.judged,
                                               self.after),
            "GETNEXT of each instance": wrong_nexts(self.oids, self.following, self.judged),
            "a walk of SNMPv1 has all but the 64-bit counters": self.wrong_narrow(served)}


def targets(served, walk):
    """What to set: {oid: (letter, value)}. An instance of each column that its MIB lets
    managers write, or a made-up one, and of each table and group one that it does not."""
    first, found, read_only = {}, {}, set()
    for oid in walk:
        first.setdefault(served.owner(oid), oid)
    for thing in served.known:
        group = thing.table if thing.table != SCALAR else thing.oid[:-1]
        oid = first.get(thing.name)
        if thing.access in ("read-write", "read-create"):
            found[oid or thing.oid + (1,)] = as_set(walk[oid]) if oid else \
                MADE_UP[thing.sent]
        elif oid and group not in read_only:
            found[oid] = MADE_UP[thing.sent]
            read_only.add(group)
    return found


def as_set(value):
    """The letter and the text with which snmpset sets this value."""
    text = value.text.replace(" ", "") if value.type == "Hex-STRING" else value.text
    return LETTERS[value.type], text


def check_set(tap, host, served, walk):
    """Nothing can be written, not even what is there already."""
    answers = {}
    for oid, (letter, text) in targets(served, walk).items():
        done = host.client("snmpset", dotted(oid), letter, text, community="private",
                           options=CLIENT)
        answers[oid, (letter, text)] = done.stderr + done.stdout
    tap.note(f"{host.kind}: {len(answers)} instances to set")
    lines = wrong_sets(answers)
    tap.ok(answers and not lines, f"{host.kind}: SET is notWritable", *lines)


def check_host(tap, host, served):
    wait_for(lambda: not served.absent(dict(walk_of(host))), 8, 0.3)
    look = Look(host, served)
    wrong = look.wrong(served, host.kind == agents.STANDALONE)
    differences = look.differences(served)
    if any(differences.values()):       # something moved in between
        differences = Look(host, served).differences(served)
    tap.note(f"{host.kind}: {len(look.judged)} of {len(look.oids)} instances are netmib's")
    for name, lines in (wrong | differences).items():
        tap.ok(not lines, f"{host.kind}: {name}", *lines)
    check_set(tap, host, served, look.judged)


# --- the checks themselves ---

CONNECTION = TCP + (19, 1)
LOOPBACK = (1, 4, 127, 0, 0, 1)
ROUTE = MIB_2 + (4, 24, 7, 1)
PREFIX = MIB_2 + (4, 32, 1, 5)
ENTRY = MIB_2 + (2, 2, 1)
NOW = 5000                  # sysUpTime of what is made up
# one varbind each that is right
RIGHT = {
    TCP + (4, 0): Value("INTEGER", "-1"), TCP + (17, 0): Value("Counter64", "1"),
    CONNECTION + (7, *LOOPBACK, 22, *LOOPBACK, 9): Value("INTEGER", "5"),
    TCP + (20, 1, 4, 0, 0, 22): Value("Gauge32", "1"),
    TCP + (13, 1, 2, 10, 0, 0, 1, 22, 0, 0, 0, 0, 0): Value("IpAddress", "10.0.0.1"),
    ROUTE + (7, 1, 4, 10, 0, 0, 0, 8, 2, 0, 0, 0, 0): Value("INTEGER", "0"),
    PREFIX + (2, 1, 4, 10, 0, 0, 0, 8): Value("INTEGER", "2"),
    MIB_2 + (4, 34, 1, 5, *LOOPBACK): Value(
        "OID", dotted(PREFIX + (2, 1, 4, 10, 0, 0, 0, 8))),
    MIB_2 + (31, 1, 4, 1, 2, 2, 6, 1, 0, 94, 0, 0, 1): Value("INTEGER", "1"),
    ENTRY + (1, 7): Value("INTEGER", "7"), ENTRY + (2, 7): Value("Hex-STRING", "6C 6F"),
    ENTRY + (6, 7): Value('""', ""),
    ENTRY + (9, 7): Value("Timeticks", "(5000) 0:00:50.00"),
    MIB_2 + (31, 1, 1, 1, 18, 7): Value("Hex-STRING", "61 " * 64),
    MIB_2 + (4, 37, 1, 5, *LOOPBACK, 2): Value("INTEGER", "-2")}
WRONG_TYPES = {
    TCP + (4, 0): Value("Gauge32", "1"), TCP + (17, 0): Value("Counter32", "1"),
    ENTRY + (6, 7): Value("INTEGER", "0"), ENTRY + (9, 7): Value("INTEGER", "0"),
    TCP + (20, 1, 4, 0, 0, 22): Value("INTEGER", "1"),
    ENTRY + (22, 7): Value('""', ""), TCP + (1, 0): Value("noSuchInstance", "")}
WRONG_VALUES = {
    TCP + (4, 0): Value("INTEGER", "-2"), TCP + (1, 0): Value("INTEGER", "6"),
    CONNECTION + (7, *LOOPBACK, 22, *LOOPBACK, 9): Value("INTEGER", "0"),
    MIB_2 + (31, 1, 1, 1, 18, 7): Value("Hex-STRING", "61 " * 65),
    ENTRY + (9, 7): Value("Timeticks", "(5001) 0:00:50.01"),
    ENTRY + (22, 7): Value("OID", ".0"),
    MIB_2 + (31, 1, 2, 1, 3, 0, 7): Value("INTEGER", "4"),
    MIB_2 + (4, 34, 1, 6, *LOOPBACK): Value("INTEGER", "3"),
    MIB_2 + (4, 34, 1, 5, *LOOPBACK): Value("OID", dotted(PREFIX + (9,))),
    MIB_2 + (4, 37, 1, 4, *LOOPBACK, 2): Value("Gauge32", "65536")}
WRONG_INDEXES = {
    TCP + (4, 1): Value("INTEGER", "-1"), TCP + (4,): Value("INTEGER", "-1"),
    TCP + (20, 1, 4, 0, 4, 0, 0, 0, 0, 22): Value("Gauge32", "1"),
    TCP + (20, 1, 4, 2, 4, 0, 0, 0, 0, 22): Value("Gauge32", "1"),
    TCP + (20, 1, 4, 5, 4, 0, 0, 0, 0, 22): Value("Gauge32", "1"),
    TCP + (20, 1, 4, 1, 4, 0, 0, 0, 256, 22): Value("Gauge32", "1"),
    TCP + (20, 1, 4, *LOOPBACK, 65536): Value("Gauge32", "1"),
    TCP + (20, 1, 4, *LOOPBACK): Value("Gauge32", "1"),
    TCP + (20, 1, 4, *LOOPBACK, 22, 0): Value("Gauge32", "1"),
    CONNECTION + (7, *LOOPBACK, 22, 1, 4, 127, 0): Value("INTEGER", "5"),
    TCP + (13, 1, 2, 10, 0, 0, 1, 22, 0, 0, 0, 0, 0): Value("IpAddress", "10.0.0.2"),
    TCP + (13, 1, 1, 10, 0, 0, 256, 22, 0, 0, 0, 0, 0): Value("INTEGER", "2"),
    ROUTE + (7, 1, 4, 10, 0, 0, 0, 33, 2, 0, 0, 0, 0): Value("INTEGER", "1"),
    ROUTE + (7, 1, 4, 10, 0, 0, 0, 8, 9, 0, 0, 0, 0): Value("INTEGER", "1"),
    MIB_2 + (31, 1, 4, 1, 2, 2, 7, 1, 0, 94, 0, 0, 1): Value("INTEGER", "1"),
    PREFIX + (0, 1, 4, 10, 0, 0, 0, 8): Value("INTEGER", "2"),
    ENTRY + (1, 7): Value("INTEGER", "8"), ENTRY + (2, 0): Value('""', ""),
    MIB_2 + (7, 7, 1, 8, 0, 0, 53, 0, 0, 0, 0): Value("Gauge32", "1")}
# lines of TABLES
WRONG_OBJECTS = (
    "tcpNothing\t1.3.6.1.2.1.6.16\tCounter32\t", "tcpMaxConn\t1.3.6.1.2.1.6.5\tINTEGER\t",
    "tcpRtoMin\t1.3.6.1.2.1.6.2\tGauge32\t",
    "ipForwardNumber\t1.3.6.1.2.1.4.24.1\tGauge32\t",
    "tcpConnectionLocalPort\t1.3.6.1.2.1.6.19.1.3\tGauge32\t")
COUNTER, NAME = ENTRY + (10, 7), ENTRY + (2, 7)


def count(value):
    return Value("Counter32", str(value))


def check_checks(tap, objects):
    """Each check finds what is wrong in varbinds that were made up, and nothing else."""
    walk = dict(RIGHT)
    found = wrong_types(objects, walk) + wrong_values(objects, walk, walk, NOW) + \
        wrong_indexes(objects, walk)
    tap.equal(found, [], "checks: nothing is wrong with what is right")
    for name, wrong, check in (
            ("type", WRONG_TYPES, wrong_types),
            ("value", WRONG_VALUES, lambda x, y: wrong_values(x, y, walk, NOW)),
            ("index", WRONG_INDEXES, wrong_indexes)):
        missed = [f"{dotted(x)}: {y}" for x, y in wrong.items()
                  if not check(objects, {x: y})]
        tap.ok(not missed, f"checks: a wrong {name} is found", *missed)


def check_other_checks(tap, objects):
    """The same of the checks that compare answers."""
    got = {COUNTER: count(5), NAME: Value('""', "")}
    before, after = dict(got), {**got, COUNTER: count(7)}
    tests = {
        "falling OIDs": (not_rising([COUNTER, NAME]), not_rising([NAME, COUNTER])),
        "the same OID twice": (not_rising([NAME, NAME]), not_rising([NAME])),
        "a counter that is not between": (
            wrong_gets(objects, {**got, COUNTER: count(8)}, before, after),
            wrong_gets(objects, {**got, COUNTER: count(6)}, before, after)),
        "another type": (
            wrong_gets(objects, {**got, COUNTER: Value("INTEGER", "6")}, before, after),
            wrong_gets(objects, {**got, COUNTER: count(7)}, before, after)),
        "another value": (
            wrong_gets(objects, {**got, NAME: Value("Hex-STRING", "6C")}, before, after),
            wrong_gets(objects, got, before, after)),
        "no answer": (wrong_gets(objects, {NAME: got[NAME]}, before, after),
                      wrong_gets(objects, got, before, before)),
        "an instance passed over": (
            wrong_nexts([MIB_2, NAME, COUNTER], [COUNTER, None, None], {NAME}),
            wrong_nexts([MIB_2, NAME, COUNTER], [NAME, None, None], {NAME})),
        "a SET that succeeds": (
            wrong_sets({(NAME, ("x", "00")): "STRING: lo"}),
            wrong_sets({(NAME, ("x", "00")): "Reason: notWritable"}))}
    served = Served(["ifDescr\t1.3.6.1.2.1.2.2.1.2\tOCTET-STRING\t",
                     "tcpMaxConn\t1.3.6.1.2.1.6.4\tINTEGER\t"], objects)
    tests["a column that is not served"] = (served.strangers(got, False),
                                            served.strangers([NAME, TCP + (5, 0)], False))
    tests["a scalar that is not served"] = (served.strangers([TCP + (5, 0)], True),
                                            served.strangers([NAME, SYS_UPTIME], True))
    tests["a table without rows"] = (served.absent([TCP + (4, 0)]),
                                     served.absent([TCP + (4, 0), NAME]))
    tests["a scalar that is not there"] = (served.absent([NAME]), served.wrong_objects())
    for line in WRONG_OBJECTS:
        tests[line.split("\t", 1)[0]] = (Served([line], objects).wrong_objects(), [])
    missed = [x for x, (wrong, right) in tests.items() if not wrong or right]
    tap.ok(not missed, "checks: wrong answers are found", *missed)


# --- the script ---

def need_tables():
    if not os.access(TABLES, os.X_OK):
        raise Skip("tests/tables is not built")


def main(script):
    tap = script.tap
    objects = Objects()
    check_checks(tap, objects)
    check_other_checks(tap, objects)
    served = Served(run(TABLES).stdout.splitlines(), objects)
    lines = served.wrong_objects()
    tap.ok(served.types and not lines, "each served object is as its MIB says", *lines)
    kept = make_scene()
    for host in agents.start_all(script, without=MODULES):
        check_host(tap, host, served)
    kept[0].close()


if __name__ == "__main__":
    test_main(main, (*agents.PROGRAMS, "bridge"), (peer.need_tun, need_tables))
