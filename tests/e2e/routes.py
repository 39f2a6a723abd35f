#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Routes of every kind are in the routing tables of all hosts, as `ip` shows them."""

import os
import random
import re
from collections import Counter

import agents
import badinput
import commandline
import routes_oracle as oracle
from agents import dotted
from harness import MIBDIR, SCRIPT_LIMIT, test_main, wait_for
from routes_oracle import (CIDR_NUMBER, CIDR_TABLE, DISCARDS, FORWARD, INET_NUMBER,
                           INET_TABLE, OLD_TABLE, batch)

TABLES = {"inetCidrRouteTable": INET_TABLE, "ipCidrRouteTable": CIDR_TABLE,
          "ipRouteTable": OLD_TABLE}
SCALARS = {"ipCidrRouteNumber": CIDR_NUMBER, "inetCidrRouteNumber": INET_NUMBER,
           "inetCidrRouteDiscards": DISCARDS}
MODULES = ("ip", "ipCidrRouteTable", "inetCidrRouteTable")      # snmpd's own
TYPES = {
    INET_TABLE: {10: "Gauge32", 11: "Gauge32"},
    CIDR_TABLE: {1: "IpAddress", 2: "IpAddress", 4: "IpAddress", 9: "OID"},
    OLD_TABLE: {1: "IpAddress", 7: "IpAddress", 11: "IpAddress", 13: "OID"},
}
# IANAipRouteProtocol for a number that nobody uses, and another one for BIRD's
OWN_PROTOCOLS = {250: 13, 12: 14}
STRICT = "netmibInetAddress strict\nnetmibRouteTable all\nnetmibRouteProtocol 250 ospf\n" \
         "netmibRouteProtocol 12 bgp\n"
BIG = badinput.BIG
SAMPLES = 1                 # instances of inetCidrRouteTable to change in each place

LINKS = [x for name in "abcd" for x in (
    f"link add {name}0 type veth peer name {name}1", f"link set {name}0 up",
    f"link set {name}1 up")]
ADDRESSES = (
    "addr add 10.1.0.1/24 dev a0", "addr add 10.1.0.2/24 dev b0",   # the same prefix
    "addr add 10.3.0.1/24 dev c0", "addr add 169.254.3.1/16 dev c0",
    "addr add 10.4.0.1/24 dev d0",
    "addr add 2001:db8:1::1/64 dev a0", "addr add 2001:db8:1::2/64 dev b0",
    "addr add 2001:db8:3::1/64 dev c0", "addr add 2001:db8:4::1/64 dev d0")
IPV4_ROUTES = (
    "default via 10.1.0.254", "default via 10.3.0.254 metric 100",
    "10.9.0.0/24 via 10.1.0.9", "10.9.0.0/16 via 10.3.0.9", "10.9.1.1 via 10.1.0.9",
    "10.9.0.0/24 via 10.1.0.9 metric 50", "10.9.0.0/24 via 10.1.0.9 tos 0x10",
    "10.9.0.0/24 via 10.3.0.9 tos 0x10 metric 7", "10.9.2.0/23 dev c0",
    "10.9.4.0/24 dev c0 metric 4294967295", "10.9.5.0/24 via 10.1.0.9 src 10.1.0.1",
    "10.9.6.128/25 via 10.77.0.1 dev c0 onlink", "239.1.0.0/16 dev c0",
    "local 10.9.7.0/24 dev lo table main", "10.9.8.0/24 via 10.4.0.9",
    "10.10.0.0/16 nexthop via 10.1.0.9 weight 3 nexthop via 10.3.0.9",
    "10.10.1.0/24 nexthop dev a0 nexthop dev c0",
    "10.10.2.0/24 nexthop via 10.1.0.9 dev a0 nexthop via 10.1.0.9 dev b0",
    "10.10.3.0/24 nexthop via 169.254.0.1 dev a0 onlink "
    "nexthop via 169.254.0.1 dev b0 onlink",
    "10.10.4.0/24 nexthop via 192.0.2.9 dev a0 onlink nexthop via 192.0.2.9 dev b0 onlink",
    "10.11.0.0/16 via inet6 fe80::9 dev a0", "10.11.1.0/24 via inet6 2001:db8:3::9",
    "10.11.2.0/24 nexthop via inet6 fe80::9 dev a0 nexthop via inet6 fe80::9 dev c0",
    "blackhole 10.20.0.0/24", "unreachable 10.20.1.0/24", "prohibit 10.20.2.0/24",
    "throw 10.20.3.0/24", "blackhole 10.20.4.0/24 metric 9",
    "multicast 239.0.0.0/8 dev a0", "broadcast 10.20.5.255 dev a0",
    "10.40.0.0/24 via 10.1.0.9 table 100", "10.9.0.0/24 via 10.1.0.9 table 100",
    "unreachable default table 100", "10.40.1.0/24 dev c0 table 70000")
IPV6_ROUTES = (
    "default via fe80::1 dev a0", "default via fe80::1 dev b0 metric 1025",
    "2001:db8:9::/48 via 2001:db8:1::9", "2001:db8:9::/64 via 2001:db8:3::9",
    "2001:db8:9::1 via 2001:db8:3::9", "2001:db8:9::/64 via 2001:db8:3::9 metric 50",
    "2001:db8:9:1::/64 dev c0", "2001:db8:9:2::/64 dev c0 metric 256",
    "2001:db8:9:3::/64 via 2001:db8:1::9 metric 4294967295",
    "fe80:1::/64 via fe80::1 dev c0",
    "fe80:2::/64 via 2001:db8:3::9", "blackhole fe80:3::/64",
    "2001:db8:10::/64 nexthop via 2001:db8:1::9 dev a0 nexthop via 2001:db8:3::9",
    "2001:db8:10:1::/64 nexthop via fe80::9 dev a0 nexthop via fe80::9 dev c0",
    "2001:db8:10:2::/64 via 2001:db8:4::9", "local 2001:db8:10:3::/64 dev lo table main",
    "blackhole 2001:db8:20::/64", "unreachable 2001:db8:20:1::/64",
    "prohibit 2001:db8:20:2::/64", "throw 2001:db8:20:3::/64",
    "blackhole 2001:db8:20:4::/64 metric 9", "anycast 2001:db8:20:5::/64 dev a0",
    "2001:db8:40::/64 via 2001:db8:1::9 table 100", "2001:db8:40:1::/64 dev c0 table 70000")
# every rtm_protocol that has a name somewhere, and one that has none
NUMBERS = (1, 2, 3, 4, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 42, 84, 99, 186, 187, 188,
           189, 190, 191, 192, 193, 194, 195, 196, 197, 198, 250)
OBJECTS = (
    "nexthop add id 1 via 10.1.0.9 dev a0", "nexthop add id 2 via 10.3.0.9 dev c0",
    "nexthop add id 3 group 1/2,3", "nexthop add id 4 blackhole",
    "nexthop add id 5 via fe80::9 dev a0", "nexthop add id 6 via 2001:db8:3::9 dev c0",
    "nexthop add id 7 group 5/6", "nexthop add id 8 dev c0", "nexthop add id 9 dev a0",
    "nexthop add id 10 group 8/9", "nexthop add id 11 blackhole",
    "nexthop add id 12 via 10.4.0.9 dev d0")
OBJECT_ROUTES = (
    "10.50.1.0/24 nhid 1", "10.50.3.0/24 nhid 3", "10.50.4.0/24 nhid 4",
    "10.50.5.0/24 nhid 5", "10.50.7.0/24 nhid 7", "10.50.8.0/24 nhid 8",
    "10.50.10.0/24 nhid 10", "10.50.12.0/24 nhid 12", "10.50.1.0/24 nhid 1 metric 3",
    "2001:db8:50:5::/64 nhid 5", "2001:db8:50:6::/64 nhid 6", "2001:db8:50:7::/64 nhid 7")
# added one after the other, then taken away again; none may rename another row
STEPS = (
    "route {} 0.0.0.0/1 via 10.1.0.9", "route {} ::/1 via 2001:db8:1::9",
    "route {} 10.1.0.0/24 dev c0 metric 5", "route {} 10.9.0.0/24 via 10.1.0.9 metric 60",
    "route {} 10.9.0.0/24 via 10.1.0.9 tos 8", "route {} 10.1.0.0/25 dev b0",
    "route {} 10.9.5.0/24 via 10.3.0.9 metric 1",
    "route {} 2001:db8:9::/48 via 2001:db8:1::8 metric 1",
    "route {} fe80::/64 dev c0 metric 300",
    "route {} default via fe80::1 dev c0 metric 1026",
    "route {} blackhole 10.20.1.0/24 metric 8", "addr {} 10.1.0.3/24 dev c0",
    "addr {} 2001:db8:1::3/64 dev c0")
# the names of IANAipRouteProtocol, from 1 on
NAMES = ("other", "local", "netmgmt", "icmp", "egp", "ggp", "hello", "rip", "isIs", "esIs",
         "ciscoIgrp", "bbnSpfIgp", "ospf", "bgp", "idpr", "ciscoEigrp", "dvmrp", "rpl",
         "dhcp", "ttdp")
# a bad line and words of what is accepted, all of which the message must hold
BAD_LINES = (
    ("netmibRouteTable", ("main", "local", "all")),
    ("netmibRouteTable nosuch", ("main", "local", "all")),
    ("netmibRouteTable main nosuch", ("main", "local", "all")),
    ("netmibRouteTable -1", ("main", "local", "all")),
    ("netmibRouteTable 4294967296", ("main", "local", "all")),
    ("netmibRouteTable 100x", ("main", "local", "all")),
    ("netmibRouteTable 0", ("main", "local", "all")),
    ("netmibRouteTable vrf", ("vrf",)),
    ("netmibRouteTable vrf name-too-long-for-a-link", ("vrf",)),
    ("netmibRouteProtocol", ("bgp", "ospf", "isIs")),
    ("netmibRouteProtocol 186", ("bgp", "ospf", "isIs")),
    ("netmibRouteProtocol 186 nosuch", ("bgp", "ospf", "isIs")),
    ("netmibRouteProtocol bgp 186", ("bgp", "ospf", "isIs")),
    ("netmibRouteProtocol 256 bgp", ("bgp", "ospf", "isIs")),
    ("netmibRouteProtocol -1 bgp", ("bgp", "ospf", "isIs")),
    ("netmibRouteProtocol 1.5 bgp", ("bgp", "ospf", "isIs")),
    ("netmibRouteProtocol 186 bgp ospf", ("bgp", "ospf", "isIs")),
    ("netmibMaxAge routes", ("seconds", "routes")),
    ("netmibMaxAge routes -1", ("seconds", "routes")),
)


def is_listening(host):
    """Whether the host has its port; a request before that is one that nobody answers."""
    with open("/proc/self/net/udp", encoding="ascii") as file:
        return f":{int(host.address.rpartition(':')[2]):04X} " in file.read()


def ready(hosts):
    """The hosts once they serve the routes."""
    for host in hosts:
        if host.kind == agents.AGENTX:
            host.daemon.allow(r"^no AgentX master at .* yet")   # before it listens
        wait_for(lambda host=host: is_listening(host) or host.dead(), 10)
        host.wait_ready()
        wait_for(lambda host=host: host.get(DISCARDS)[0][1].type == "Counter32", 10)
    return hosts


def make_routes():
    """Links, addresses and routes of every kind; d0 has no carrier in the end."""
    for family in ("all", "default"):
        oracle.sysctl(f"ipv6/conf/{family}/accept_dad", 0)
    batch(*LINKS, *ADDRESSES)
    batch(*(f"route add {x}" for x in IPV4_ROUTES))
    batch(*(f"route add {x}" for x in IPV6_ROUTES))
    batch(*(f"route add 10.30.{x}.0/24 via 10.1.0.9 proto {x}" for x in NUMBERS))
    batch(*(f"route add 2001:db8:30:{x:x}::/64 via 2001:db8:1::9 proto {x}"
            for x in NUMBERS))
    batch(*OBJECTS)
    batch(*(f"route add {x}" for x in OBJECT_ROUTES))
    batch("route append blackhole 10.20.1.0/24", "link set d1 down",
          "route append default via fe80::1 dev c0",
          "route append 2001:db8:9::/48 via 2001:db8:3::9")


def routing(agent, **options):
    """A walk of all three tables and the scalars beside them."""
    return {**agent.walk(OLD_TABLE, **options), **agent.walk(FORWARD, **options)}


def as_numbers(walk):
    return {oid: agents.as_number(value) for oid, value in walk.items()}


def without_ages(walk):
    return {oid: value for oid, value in walk.items()
            if not any(oid[:len(table) + 2] == table + (1, column)
                       for table, column in oracle.AGES.items())}


def check_rows(tap, who, walk, want):
    """Every row and column of each table in a walk of numbers."""
    for name, table in TABLES.items():
        wrong = oracle.wrong_rows(oracle.ageless(walk, table), want[table])
        tap.ok(not wrong and want[table], f"{who}: {name} is what ip shows", *wrong)


def check_scalars(tap, who, walk):
    """The scalars in a walk that has all rows as well."""
    got = {name: walk.get(oid) for name, oid in SCALARS.items()}
    want = {name: len(oracle.rows_of(walk, table)) for name, table in (
        ("ipCidrRouteNumber", CIDR_TABLE), ("inetCidrRouteNumber", INET_TABLE))}
    tap.equal(got, {**want, "inetCidrRouteDiscards": 0},
              f"{who}: the scalars count the rows, and nothing was discarded")


def check_types(tap, host, walk):
    wrong = []
    for oid, value in walk.items():
        table = next((x for x in TABLES.values() if oid[:len(x)] == x), None)
        want = (TYPES[table].get(oid[len(table) + 1], "INTEGER") if table
                else "Counter32" if oid == DISCARDS else "Gauge32")
        if value.type != want:
            wrong.append(f"{dotted(oid)}: {value.type}, want {want}")
    tap.ok(not wrong, f"{host.kind}: each value has its type", *wrong)


def check_ways(tap, host, walk):
    """Other clients and GET read what snmpbulkwalk reads."""
    walk = without_ages(walk)
    for options in ({"program": "snmpwalk"}, {"program": "snmpwalk", "version": "1"},
                    {"options": ("-Cr60",)}):
        tap.equal(without_ages(routing(host, **options)), walk,
                  f"{host.kind}: {' '.join(map(str, options.values()))}: the same rows")
    got = {}
    for some in badinput.batches(list(walk)):
        got.update(host.get(*some))
    tap.equal(got, walk, f"{host.kind}: GET of each instance equals the walk")


def netstat_lines(tap, host, *options):
    """The lines of snmpnetstat as a Counter of tuples of words, headings left out."""
    done = host.script.run("snmpnetstat", "-v2c", "-c", "public", "-t", "5", *options,
                           "-Cn", "-Cr", host.address)
    tap.ok(done.returncode == 0 and not done.stderr,
           f"{host.kind}: {' '.join(('snmpnetstat -Cr', *options))} succeeds",
           done.returncode, done.stderr)
    lines = [x for x in done.stdout.splitlines() if "<" in x]
    return Counter((*x.split()[:3], " ".join(x.split()[3:])) for x in lines)


def nameless(lines):
    """Lines without the interface, which only a host with an IF-MIB can tell."""
    found = Counter()
    for words, count in lines.items():
        found[words[:3]] += count
    return found


def check_netstat(tap, host, legs):
    fit = nameless if host.kind == agents.STANDALONE else Counter
    tap.equal(dict(fit(netstat_lines(tap, host))), dict(fit(oracle.netstat(legs))),
              f"{host.kind}: snmpnetstat -Cn -Cr prints every route")
    # where two next hops share a row of the older table, any one may be told
    tap.equal(dict(nameless(netstat_lines(tap, host, "-CL"))),
              dict(nameless(oracle.older_netstat(legs))),
              f"{host.kind}: snmpnetstat -CL -Cn -Cr prints every IPv4 route")
    lines = netstat_lines(tap, host, "-Cf", "inet6")
    tap.equal(dict(fit(lines)), dict(fit(Counter(
        {x: n for x, n in oracle.netstat(legs).items()
         if x in oracle.netstat([y for y in legs if y.destination.version == 6])}))),
              f"{host.kind}: snmpnetstat -Cf inet6 prints every IPv6 route")


def table_rows(host, name):
    """A table as snmptable prints it: {index: [columns]}."""
    done = host.client("snmptable", f"IP-FORWARD-MIB::{name}", options=(
        "-M", MIBDIR, "-m", "IP-FORWARD-MIB", "-CH", "-Ci", "-Cf", "|", "-Obe"))
    lines = [x.split("|") for x in done.stdout.splitlines() if "|" in x]
    return {agents.undotted(x[0]): x[1:] for x in lines}, done.stderr


def check_table(tap, host, walk):
    """snmptable prints each row whole."""
    for name, table, age in (("inetCidrRouteTable", INET_TABLE, 3),
                             ("ipCidrRouteTable", CIDR_TABLE, 7)):
        got, errors = table_rows(host, name)
        got = {index: [x.replace("SNMPv2-SMI::zeroDotZero", ".0.0")
                       for x in row[:age] + row[age + 1:]] for index, row in got.items()}
        want = {index: [str(row[x]) for x in sorted(row)]
                for index, row in oracle.ageless(walk, table).items()}
        tap.equal(got, want, f"{host.kind}: snmptable of {name}")
        tap.equal(errors, "", f"{host.kind}: snmptable of {name} has no complaint")


def check_host(tap, host, legs):
    """All that a client reads from one host, the kernel being at rest."""
    walk = routing(host)
    numbers = as_numbers(walk)
    check_rows(tap, host.kind, numbers, oracle.expected(legs))
    check_scalars(tap, host.kind, numbers)
    check_types(tap, host, walk)
    check_ways(tap, host, walk)
    check_netstat(tap, host, legs)
    check_table(tap, host, numbers)


def check_compat_mode(tap, hosts):
    """Routes that carry no more than the number of a next-hop object."""
    oracle.sysctl("ipv4/nexthop_compat_mode", 0)
    batch("route add 10.60.0.0/24 nhid 7")      # a change, so that there is a new dump
    legs = oracle.legs()
    oracle.rest()
    for host in hosts:
        check_rows(tap, f"{host.kind}, nexthop_compat_mode=0", as_numbers(routing(host)),
                   oracle.expected(legs))
    oracle.sysctl("ipv4/nexthop_compat_mode", 1)
    batch("route del 10.60.0.0/24 nhid 7")


def age_oid(legs, destination):
    """inetCidrRouteAge of the plain route to this destination."""
    leg = next(x for x in legs if str(x.destination) == destination
               and x.metric == x.tos == 0)
    return INET_TABLE + (1, 10) + next(iter(oracle.inet_rows([leg])))


def check_ages(tap, hosts, legs):
    """The age of a route counts from the last change of the route itself."""
    changed, other = age_oid(legs, "10.9.0.0/24"), age_oid(legs, "10.9.0.0/16")
    good = wait_for(lambda: all(min(x.value(changed), x.value(other)) >= 2
                                for x in hosts), 6, 0.2)
    tap.ok(good, "the ages of routes rise", [x.value(changed) for x in hosts])
    before = [x.value(other) for x in hosts]
    batch("route replace 10.9.0.0/24 via 10.1.0.9 proto bgp")
    oracle.rest()
    for host, old in zip(hosts, before):
        ages = [host.value(x) for x in (changed, other)]
        tap.ok(ages[0] <= 1, f"{host.kind}: the age of a changed route restarts", ages)
        tap.ok(ages[1] >= old, f"{host.kind}: that of another goes on", ages, old)
        tap.equal(host.value(changed[:len(INET_TABLE) + 1] + (9,)
                             + changed[len(INET_TABLE) + 2:]), 14,
                  f"{host.kind}: and its protocol is the new one")
    tap.ok(wait_for(lambda: all(x.value(changed) >= 1 for x in hosts), 4, 0.2),
           "the age of the changed route rises again")
    for host in hosts:
        walk = as_numbers(routing(host))
        wrong = [(table, index, age) for table in TABLES.values()
                 for index, age in oracle.ages_of(walk, table).items()
                 if not (isinstance(age, int) and 0 <= age < SCRIPT_LIMIT)]
        tap.ok(not wrong, f"{host.kind}: every row of every table has an age", *wrong)
    batch("route replace 10.9.0.0/24 via 10.1.0.9")


def check_names_stay(tap, host):
    """No row is renamed when another route comes or goes."""
    before = set(oracle.rows_of(host.walk(INET_TABLE), INET_TABLE))
    first = set(before)
    for words, other in (("add", "del"), ("del", "add")):
        for step in STEPS:
            batch(step.format(words))
            want = oracle.inet_rows(oracle.standstill())
            oracle.rest()
            got = oracle.ageless(host.numbers(INET_TABLE), INET_TABLE)
            wrong = oracle.wrong_rows(got, want)
            lost = before - set(got) if other == "del" else set(got) - before
            tap.ok(not wrong and not lost,
                   f"{host.kind}: '{step.format(words)}' renames no row", *wrong,
                   *(f"renamed: {x}" for x in lost))
            before = set(got)
    tap.equal(before, first, f"{host.kind}: in the end the rows are those of the beginning")


def check_print(script):
    """-p has each table and scalar by its name, and together as `route`."""
    tap = script.tap
    everything = agents.printed(script, "route")
    tap.ok(list(everything) == sorted(everything), "-p route: the OIDs rise")
    check_rows(tap, "-p route", everything, oracle.expected(oracle.legs()))
    check_scalars(tap, "-p route", everything)
    for name, start in {**TABLES, **SCALARS}.items():
        got, want = (without_ages(x) for x in (agents.printed(script, name), {
            x: y for x, y in everything.items() if x[:len(start)] == start}))
        tap.equal(got, want, f"-p {name}")


def configured(script, config):
    """A walk of numbers with this configuration."""
    host = agents.start_standalone(script, config)
    ready([host])
    walk = as_numbers(routing(host))
    stop([host])
    return walk


def check_configured(script):
    """Which tables are read, how addresses are typed, and what protocols are called."""
    tap = script.tap
    kinds = {"main": (254,), "local": (255,), "100": (100,), "70000": (70000,),
             "main local": (254, 255), "all": None, "100 main 70000": (254, 100, 70000),
             "100 100": (100,), "100\nnetmibInetAddress strict": (100,),
             "local\nnetmibInetAddress strict": (255,)}
    for words, tables in kinds.items():
        line = f"netmibRouteTable {words}"
        want = oracle.expected(oracle.legs(tables), "strict" in words)
        check_rows(tap, line.replace("\n", ", "), configured(script, f"{line}\n"), want)
    walk = configured(script, "netmibRouteTable 4242\n")
    tap.equal(walk, dict.fromkeys(SCALARS.values(), 0), "a table that is not there: empty")
    config = "".join(f"netmibRouteProtocol {x} dhcp\n" for x in NUMBERS)
    check_rows(tap, "netmibRouteProtocol for every number", configured(script, config),
               oracle.expected(oracle.legs(), False, dict.fromkeys(NUMBERS, oracle.DHCP)))


def check_protocol_names(script):
    """Each name of IANAipRouteProtocol is known."""
    wanted = dict(zip(NUMBERS, range(1, 21)))
    config = "".join(f"netmibRouteProtocol {x} {NAMES[value - 1]}\n"
                     for x, value in wanted.items())
    check_rows(script.tap, "netmibRouteProtocol with every name",
               configured(script, config),
               oracle.expected(oracle.legs(), False, wanted))


def check_bad_lines(script):
    """A wrong line ends the start with one line that names it and says what is accepted."""
    for line, accepted in BAD_LINES:
        path = script.write("bad.conf", f"{agents.COMMUNITY}{line}\n")
        done = commandline.netmibd(script, "-f", "-C", "-c", path, "-l", commandline.LISTEN)
        commandline.check(script.tap, f"'{line}' ends the start", done, 1,
                          err=re.escape(path) + r".*\b3\b",
                          lines=1 if " " in line else commandline.BLANK_LINES)
        absent = [x for x in accepted if x not in done.stderr]
        script.tap.ok(not absent, f"'{line}': the message says what is accepted", absent,
                      done.stderr)


class Region(badinput.Model):
    """What is served under one OID, and the instance that follows."""

    def __init__(self, host, root):
        super().__init__(host.walk(root))
        self.root = root
        self.served = list(self.oids)
        after, value = host.get(self.oids[-1], program="snmpgetnext")[0]
        if value.type not in agents.NONE:
            self.oids.append(after)

    def columns(self):
        """{(table, column): its instances}"""
        found = {}
        for oid in self.served:
            for table in TABLES.values():
                if oid[:len(table)] == table:
                    found.setdefault((table, oid[len(table) + 1]), []).append(oid)
        return found


def arcs(region):
    """Table, entry and column arcs that are not there, and scalars with odd tails."""
    found = [region.root, region.root + (0,)]
    if region.root == FORWARD:
        found += [FORWARD + (x, *tail) for x in (*range(1, 9), BIG)
                  for tail in ((), (0,), (0, 0), (1,), (BIG,))]
    for table in {x for x, _ in region.columns()}:
        found += [table + (x,) for x in (0, 1, 2, BIG)]
        for column in (*range(20), 255, 256, BIG):
            found += [table + (1, column), table + (1, column, 0),
                      table + (2, column, 0), table + (1, column, BIG)]
    return [x for x in found if x <= region.served[-1] or x[:len(FORWARD)] == FORWARD]


def ill_fitting():
    """Indices whose types, lengths, prefix lengths and policies lie about what follows."""
    found = []
    address = (10, 9, 0, 0) + (0,) * 16
    for kind in (0, 1, 2, 3, 4, 16, BIG):
        for length in (0, 3, 4, 5, 16, 17, 20, 255, BIG):
            head = (kind, length) + address[:min(length, 20)]
            for prefix in (0, 24, 33, 128, 129, 256, BIG):
                found.append(head + (prefix, 2, 0, 0, kind, length)
                             + address[:min(length, 20)])
    head = (1, 4, 10, 9, 0, 0, 24)
    for length in (0, 1, 2, 3, 4, 5, 6, 7, 40, 255, BIG):
        for real in (0, 1, 2, 3, 6, 7):
            found.append(head + (length,) + (0,) * real + (1, 4, 10, 1, 0, 9))
    found += [head + (2, 0, 0) + tail for tail in (
        (), (1,), (1, 4), (1, 4, 10), (1, 4, 10, 1, 0), (1, 4, 10, 1, 0, 9, 0),
        (1, 5, 10, 1, 0, 9), (1, 3, 10, 1, 0), (1, BIG, 10), (2, 16, 10, 1, 0, 9))]
    return found + [
        (256, 9, 0, 0), (10, 9, 0, 0, 255, 255, 255, 0, 0, 10, 1, 0),
        (10, 9, 0, 0, 255, 0, 255, 0, 0, 10, 1, 0, 9),
        (10, 9, 0, 0, 255, 255, 255, 0, BIG, 10, 1, 0, 9),
        (10, 9, 0, 0, 255, 255, 255, 256, 0, 10, 1, 0, 9)]


def changed_instances(region, source):
    """A few instances of each table, changed in each place."""
    found = []
    for (table, column), rows in region.columns().items():
        if column in (7, 17) and table == INET_TABLE:
            picked = [rows[0], rows[-1]] + source.sample(rows, SAMPLES)
        elif column in (5, 16) and table != INET_TABLE:
            picked = [rows[0], source.choice(rows)]
        else:
            picked = []
        found += [x for oid in picked for x in badinput.around_instance(oid)]
    return [x for x in found if x > region.root]


def wrong_bulks(host, region, oids, count=7):
    """GETBULK after each OID, compared up to the end of the region."""
    wrong = []
    for oid in oids:
        got = host.get(oid, program="snmpbulkget", options=("-Cn0", f"-Cr{count}"))
        seen = [x for x, value in got if value.type not in agents.NONE]
        want = region.repeated(oid, count)
        # a GETBULK may be answered with fewer repetitions, but not with others
        if seen[:len(want)] != want[:len(seen)] or not seen and want:
            wrong.append(f"bulk after {oid}: {seen}, want {want}")
    return wrong


def check_requests(tap, host, region, seed):
    """Strange OIDs by GETNEXT, GET and GETBULK."""
    source = random.Random(seed)
    tables = {x for x, _ in region.columns()}
    kinds = {
        "arcs around the tables": arcs(region),
        "indices that lie": [table + (1, column) + index for table in tables
                             for column in (7, 11) for index in ill_fitting()],
        "random changes": [x for x in badinput.at_random(region, seed)
                           if x[:len(region.root)] == region.root],
        "instances changed in each place": changed_instances(region, source)}
    name = f"{host.kind}, under {dotted(region.root)}"
    for what, oids in kinds.items():
        oids = list(dict.fromkeys(oids))
        wrong = badinput.wrong_nexts(host, region, oids)
        tap.ok(not wrong, f"{name}: GETNEXT, {what} ({len(oids)})", *wrong)
        wrong = badinput.wrong_gets(host, region, oids)
        tap.ok(not wrong, f"{name}: GET, {what} ({len(oids)})", *wrong)
    few = source.sample(sum(kinds.values(), []), 40)
    wrong = wrong_bulks(host, region, few)
    tap.ok(not wrong, f"{name}: GETBULK ({len(few)})", *wrong)


def check_set(tap, host, legs):
    """Nothing is writable, be it there or not."""
    plain = age_oid(legs, "10.9.0.0/16")[len(INET_TABLE) + 2:]
    absent = plain[:-1] + (77,)
    targets = {
        "inetCidrRouteStatus to destroy": (INET_TABLE + (1, 17) + plain, "i", "6"),
        "a new row": (INET_TABLE + (1, 17) + absent, "i", "4"),
        "inetCidrRouteIfIndex": (INET_TABLE + (1, 7) + plain, "i", "1"),
        "inetCidrRouteMetric1 to a string": (INET_TABLE + (1, 12) + plain, "s", "x"),
        "ipCidrRouteStatus": (CIDR_TABLE + (1, 16, 10, 9, 0, 0, 255, 255, 0, 0, 0,
                                            10, 3, 0, 9), "i", "6"),
        "ipRouteType to invalid": (OLD_TABLE + (1, 8, 10, 9, 1, 1), "i", "2"),
        "inetCidrRouteNumber": (INET_NUMBER, "u", "1"),
        "the table itself": (INET_TABLE, "i", "1")}
    for what, (oid, *value) in targets.items():
        done = host.client("snmpset", dotted(oid), *value, community="private")
        tap.ok(done.returncode != 0 and "notWritable" in done.stderr,
               f"{host.kind}: SET of {what} is notWritable", done.stdout, done.stderr)


def start(script, config="", without=()):
    return [agents.start_standalone(script, config),
            agents.start_agentx(script, config, without),
            agents.start_plugin(script, config, without)]


def stop(hosts):
    for host in hosts:
        for process in (host.daemon, host.snmpd):
            if process:
                process.stop()


def check_beside(script):
    """The three hosts as they are by default, beside all that snmpd has of its own."""
    legs = oracle.standstill()
    hosts = ready(start(script))
    for host in hosts:
        check_host(script.tap, host, legs)
    check_compat_mode(script.tap, hosts)
    check_ages(script.tap, hosts, legs)
    check_names_stay(script.tap, hosts[0])
    stop(hosts)


def check_strict(script, seed):
    """The three hosts with all tables and strict addresses, and any OID sent to them."""
    tap = script.tap
    legs = oracle.standstill(None)
    hosts = ready(start(script, STRICT, MODULES))
    for host in hosts:
        walk = as_numbers(routing(host))
        check_rows(tap, f"{host.kind}, strict", walk,
                   oracle.expected(legs, True, OWN_PROTOCOLS))
        check_scalars(tap, f"{host.kind}, strict", walk)
        for root in (OLD_TABLE, FORWARD):
            check_requests(tap, host, Region(host, root), seed)
        check_set(tap, host, legs)
        tap.equal(without_ages(as_numbers(routing(host))), without_ages(walk),
                  f"{host.kind}, strict: the walk is as before")


def main(script):
    seed = int(os.environ.get("NETMIB_SEED") or random.randrange(1 << 30))
    script.tap.note(f"NETMIB_SEED={seed}")
    make_routes()
    check_bad_lines(script)
    check_print(script)
    check_configured(script)
    check_protocol_names(script)
    check_beside(script)
    check_strict(script, seed)


if __name__ == "__main__":
    test_main(main, agents.PROGRAMS)
