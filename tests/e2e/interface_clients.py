#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The usual clients read IF-MIB from all hosts; which interfaces are shown; whose rows win
beside snmpd's own modules."""

import signal

import agents
import badinput
import links_oracle as oracle
import links_scene as scene
import peer
from agents import dotted
from harness import MIBDIR, test_main, wait_for
from links_oracle import (IF_MIB, IF_NUMBER, IF_TABLE, IFX_TABLE, INTERFACES, RCV_TABLE,
                          STACK_TABLE, TABLE_CHANGE)
from routes_oracle import batch, sysctl

MODULES = ("ifTable", "ifXTable")       # snmpd's own
SOON = 6.0
COUNTED = (10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20)      # ifTable's Counter32
WIDE = (6, 7, 8, 10, 11)                                    # ifXTable's Counter64
TYPES = {
    IF_TABLE: {2: "Hex-STRING", 5: "Gauge32", 6: "Hex-STRING", 9: "Timeticks",
               21: "Gauge32", 22: "OID", **dict.fromkeys(COUNTED, "Counter32")},
    IFX_TABLE: {1: "Hex-STRING", 2: "Counter32", 15: "Gauge32", 18: "Hex-STRING",
                19: "Timeticks", **dict.fromkeys(WIDE, "Counter64")},
    STACK_TABLE: {}, RCV_TABLE: {}}
SCALAR_TYPES = {IF_NUMBER: "INTEGER", TABLE_CHANGE: "Timeticks",
                oracle.STACK_CHANGE: "Timeticks"}
WITH_MIBS = ("-M", MIBDIR, "-m", "IF-MIB")
STATES = {oracle.UP: "up", oracle.DOWN: "down", oracle.LOWER_LAYER_DOWN: "lowerLayerDown"}
KINDS = {6: "ethernetCsmacd", 24: "softwareLoopback", 53: "propVirtual", 131: "tunnel",
         209: "bridge"}
LO = 1                                  # its counters move with each request


def make_scene():
    """Devices that do nothing by themselves, with counts, an alias, and each state."""
    for family in ("all", "default"):
        sysctl(f"ipv6/conf/{family}/disable_ipv6", 1)
    # a bridge tells of the group it is in, once more some seconds later
    sysctl("ipv4/igmp_link_local_mcast_reports", 0)
    scene.make()
    batch("link set va alias uplink", "link set ta down", "link set br0 promisc on")
    oracle.at_rest(until=lambda x: x.oper("tb") == oracle.LOWER_LAYER_DOWN)
    va = oracle.Look().named("va").address
    scene.send("vb", va, 11)
    scene.send("vb", scene.ALL_HOSTS, 7, 1000)
    scene.send("vx1", va, 5)
    scene.send("tb", va, 3)
    return oracle.at_rest()


# --- requests ---

def at_rest(found):
    """A walk without the counters of lo."""
    moving = {(IF_TABLE, x) for x in COUNTED} | {(IFX_TABLE, x) for x in (2, *WIDE)}
    left_out = {table + (1, column, LO) for table, column in moving}
    return {oid: value for oid, value in found.items() if oid not in left_out}


def whole(host, **options):
    """A walk of all there is, types included."""
    found = {}
    for root in (INTERFACES, IF_MIB):
        found.update(host.walk(root, options=oracle.PLAIN, **options))
    return found


def check_types(tap, host, found):
    wrong = []
    for oid, value in found.items():
        table = next((x for x in TYPES if oid[:len(x)] == x), None)
        want = TYPES[table].get(oid[len(table) + 1], "INTEGER") if table \
            else SCALAR_TYPES.get(oid)
        if value.type != want and (want, value.type) != ("Hex-STRING", '""'):
            wrong.append(f"{dotted(oid)}: {value.type}, want {want}")
    tap.ok(not wrong and found.keys() >= SCALAR_TYPES.keys(),
           f"{host.kind}: each value has its type", *wrong)


def check_walks(tap, host, found):
    """Walks of each kind give the same; those of SNMPv1 all but 64-bit counters."""
    narrow = {oid: value for oid, value in found.items() if value.type != "Counter64"}
    for options, want in (({"program": "snmpwalk"}, found),
                          ({"program": "snmpwalk", "version": "1"}, narrow)):
        tap.equal(at_rest(whole(host, **options)), at_rest(want),
                  f"{host.kind}: {' '.join(map(str, options.values()))}: the same")


def check_instances(tap, host, found):
    """GET of each instance, and GETNEXT of the one before it."""
    oids = list(found)
    got, following = {}, []
    for some in badinput.batches(oids):
        got.update(host.get(*some, options=oracle.PLAIN))
        following += [x for x, _ in host.get(*some, program="snmpgetnext")]
    tap.equal(at_rest(got), at_rest(found), f"{host.kind}: GET of each instance")
    # the last one of the first part is followed by what is between the two
    last = max(x for x in oids if x[:len(INTERFACES)] == INTERFACES)
    pairs = [(x, y, z) for x, y, z in zip(oids, following, oids[1:])
             if y != z and x != last]
    tap.equal(pairs, [], f"{host.kind}: GETNEXT of each instance")


def check_holes(tap, host, look):
    """What no driver counts is not there, instead of 0."""
    holes = [IFX_TABLE + (1, x, i) for x in oracle.HOLES for i in look.links]
    answers = {value.type for some in badinput.batches(holes)
               for _, value in host.get(*some)}
    tap.equal(answers, {"noSuchInstance"}, f"{host.kind}: holes are noSuchInstance")
    before = [IFX_TABLE + (1, x) for x in oracle.HOLES]
    after = [x[len(IFX_TABLE) + 1] for x, _ in host.get(*before, program="snmpgetnext")]
    tap.equal(after, [6, 6, 6, 10, 14, 14], f"{host.kind}: GETNEXT passes over holes")


def check_set(tap, host, look):
    """Nothing is writable, be it there or not."""
    i, bridge = look.named("va").ifindex, look.named("br0").ifindex
    targets = {
        "ifAdminStatus": (IF_TABLE + (1, 7, i), "i", "2"),
        "ifAdminStatus of none": (IF_TABLE + (1, 7, 9999), "i", "2"),
        "ifAlias": (IFX_TABLE + (1, 18, i), "s", "x"),
        "ifLinkUpDownTrapEnable": (IFX_TABLE + (1, 14, i), "i", "2"),
        "ifPromiscuousMode": (IFX_TABLE + (1, 16, i), "i", "1"),
        "ifDescr": (IF_TABLE + (1, 2, i), "s", "x"),
        "a hole": (IFX_TABLE + (1, 3, i), "u", "1"),
        "ifStackStatus": (STACK_TABLE + (1, 3, bridge, i), "i", "4"),
        "ifRcvAddressStatus": (RCV_TABLE + (1, 2, i, 6, 2, 0, 0, 0, 0, 9), "i", "4"),
        "ifNumber": (IF_NUMBER, "i", "1"), "ifTableLastChange": (TABLE_CHANGE, "t", "1")}
    for what, (oid, *value) in targets.items():
        done = host.client("snmpset", dotted(oid), *value, community="private")
        tap.ok(done.returncode != 0 and "notWritable" in done.stderr,
               f"{host.kind}: SET of {what} is notWritable", done.stdout, done.stderr)


def check_requests(tap, host, look):
    """All that one host serves, the kernel being at rest."""
    lines, _ = oracle.settled([host], look, SOON)[host]
    tap.ok(not lines, f"{host.kind}: all is what ip shows", *lines)
    found = whole(host)
    check_types(tap, host, found)
    check_walks(tap, host, found)
    check_instances(tap, host, found)
    check_holes(tap, host, look)
    check_set(tap, host, look)


# --- clients ---

def netstat(tap, host, *options):
    """snmpnetstat's lines: {name: [numbers]}, without networks and addresses."""
    done = host.script.run("snmpnetstat", "-v2c", "-c", "public", "-t", "5", "-Cn",
                           *options, host.address)
    tap.ok(done.returncode == 0 and not done.stderr,
           f"{host.kind}: {' '.join(('snmpnetstat', *options))} succeeds", done.stderr)
    lines = [x.split() for x in done.stdout.splitlines()]
    return {x[0]: [int(y) for y in x[1:] if y.isdecimal()] for x in lines
            if x and x[0] != "Name"}


def netstat_numbers(link, *options):
    """What snmpnetstat prints of a device."""
    counts = link.counters
    received, sent = counts["in ucast"] + counts["in multicast"], counts["out ucast"]
    if "-Co" in options:
        return [link.mtu, counts["in octets"], counts["out octets"]]
    in_octets, out_octets = ([counts[x]] if "-Cb" in options else []
                             for x in ("in octets", "out octets"))
    drops = [counts["out discards"]] if "-Cd" in options else []
    return [link.mtu, received, counts["in errors"], *in_octets, sent,
            counts["out errors"], *out_octets, 0, *drops]


def check_netstat(tap, host, look):
    for options in (("-Ci",), ("-Ci", "-Cb", "-Cd"), ("-Ci", "-Co"), ("-CI", "va"),
                    ("-CI", "br0", "-Cb")):
        got = netstat(tap, host, *options)
        want = {x.name.decode(): netstat_numbers(x, *options) for x in look.links.values()
                if options[0] == "-Ci" or x.name.decode() == options[1]}
        for lines in (got, want):
            lines["lo"] = lines.get("lo", [])[:1]
        tap.equal(got, want, f"{host.kind}: snmpnetstat {' '.join(options)}")


def table_rows(host, name):
    """A table as snmptable prints it: {index: [columns]}, and what it complains of."""
    done = host.client("snmptable", f"IF-MIB::{name}", options=(
        *WITH_MIBS, "-CH", "-Ci", "-Cf", "|", "-Obet"))
    lines = [x.split("|") for x in done.stdout.splitlines() if "|" in x]
    return {agents.undotted(x[0]): x[1:] for x in lines}, done.stderr


def printed(value):
    """A value of a walk as snmptable prints it; an address has no leading zeros."""
    if isinstance(value, bytes):
        return value.decode() if value.isascii() and value.isalnum() or not value \
            else ":".join(f"{x:x}" for x in value)
    return "SNMPv2-SMI::zeroDotZero" if value == ".0.0" else str(value)


def check_table(tap, host, found):
    """snmptable prints each row whole, with a mark in the holes."""
    for name, table, columns in (("ifTable", IF_TABLE, range(1, 23)),
                                 ("ifXTable", IFX_TABLE, range(1, 20)),
                                 ("ifStackTable", STACK_TABLE, (3,)),
                                 ("ifRcvAddressTable", RCV_TABLE, (2, 3))):
        want = {index: [printed(row.get(x, "?")) for x in columns]
                for index, row in oracle.rows_of(found, table).items()}
        got, errors = table_rows(host, name)
        for rows in (got, want):
            if table in (IF_TABLE, IFX_TABLE):
                del rows[LO,]
        tap.equal(got, want, f"{host.kind}: snmptable of {name}")
        tap.equal(errors, "", f"{host.kind}: snmptable of {name} has no complaint")


def names_of(link):
    """Some lines of a walk with the MIB files."""
    i = link.ifindex
    return {f"IF-MIB::ifDescr.{i} = STRING: {link.name.decode()}",
            f"IF-MIB::ifType.{i} = INTEGER: {KINDS[link.type]}({link.type})",
            f"IF-MIB::ifPhysAddress.{i} = STRING: "
            f"{':'.join(f'{x:x}' for x in link.address)}",
            f"IF-MIB::ifAdminStatus.{i} = INTEGER: {STATES[link.admin]}({link.admin})",
            f"IF-MIB::ifOperStatus.{i} = INTEGER: {STATES[link.oper]}({link.oper})",
            f"IF-MIB::ifName.{i} = STRING: {link.name.decode()}",
            f"IF-MIB::ifAlias.{i} = STRING: {link.alias.decode()}",
            f"IF-MIB::ifPromiscuousMode.{i} = INTEGER: "
            f"{'true(1)' if link.promiscuous else 'false(2)'}"}


def check_names(tap, host, look):
    """With the project's MIB modules a walk reads as text."""
    lines = set()
    for root in ("interfaces", "ifMIB"):
        done = host.client("snmpwalk", f"IF-MIB::{root}", options=WITH_MIBS)
        tap.equal(done.stderr, "", f"{host.kind}: the MIB files load without a word")
        lines |= set(done.stdout.splitlines())
    want = set().union(*map(names_of, look.links.values()))
    want |= {f"IF-MIB::ifStackStatus.{x}.{y} = INTEGER: active(1)" for x, y in look.stack()}
    tap.equal(want - lines, set(), f"{host.kind}: snmpwalk reads as text")


def check_clients(tap, host, look):
    check_netstat(tap, host, look)
    check_table(tap, host, oracle.walk(host))
    check_names(tap, host, look)


# --- which are shown ---

# lines of configuration, and which of the devices they leave
FILTERS = (
    ("netmibInterface exclude lo v*\n", lambda x: x != "lo" and x[0] != "v"),
    ("netmibInterface include br0 [pq]b va\n", lambda x: x in ("br0", "pb", "qb", "va")),
    ("netmibInterface include br0 mv?\nnetmibInterface include [pq]*\n"
     "netmibInterface exclude q?\n", lambda x: x in ("br0", "mv0", "pa", "pb")),
    ("netmibInterface include nothing\n", lambda x: False),
    ("netmibInterface exclude *b\n", lambda x: x[-1] != "b"),
    ("", lambda x: True))


def reload(script, host, name, config):
    """Gives a host this configuration in the place of the last one."""
    process = host.daemon or host.snmpd
    process.allow(r"^Reconfiguring daemon", r"^reading the configuration again",
                  r"^duplicate registration: MIB modules ipAddressTable and ipAddressTable")
    with open(script.path(name), encoding="utf-8") as file:
        lines = [x for x in file if not x.startswith("netmibInterface")]
    script.write(name, "".join(lines) + config)
    process.send(signal.SIGHUP)


def check_shown(tap, hosts, shown, name):
    answers = oracle.settled(hosts, oracle.Look(shown), SOON, shown)
    for host, (lines, _) in answers.items():
        tap.ok(not lines, f"{host.kind}: {name}", *lines)
    return {host: found[TABLE_CHANGE] for host, (_, found) in answers.items()}


def check_filters(script, hosts):
    """SIGHUP with other filters; devices that come to be hidden, and to be shown."""
    tap = script.tap
    names = ("standalone.conf", "subagent.conf", "plugin.conf")
    last = check_shown(tap, hosts, lambda x: True, "everything is shown")
    for config, shown in FILTERS:
        for host, name in zip(hosts, names):
            reload(script, host, name, config)
        now = check_shown(tap, hosts, shown, config.replace("\n", ", ") or "no filter")
        for host in hosts[:2]:      # the plugin begins anew when snmpd does
            tap.ok(now[host] > last[host], f"{host.kind}: and ifTableLastChange tells",
                   last[host], now[host])
        last = now
        if "*b" in config:
            for what, line in (("hidden by its name", "link set pa name pbb"),
                               ("shown again", "link set pbb name pa")):
                batch(line)
                check_shown(tap, hosts, shown, what)


# --- whose rows win ---

def check_beside(script, look):
    """snmpd's own modules are on, and nothing of them is seen."""
    tap = script.tap
    hosts = [agents.start_agentx(script), agents.start_plugin(script)]
    for host in hosts:
        host.wait_ready()
        check_requests(tap, host, look)
    agentx = hosts[0]
    agentx.daemon.stop()
    hole = IFX_TABLE + (1, oracle.HOLES[0], LO)
    theirs = wait_for(lambda: agentx.get(hole)[0][1].type == "Counter32", 5)
    tap.ok(theirs, "agentx: snmpd has rows of its own, when netmibd has gone")
    stop(hosts)


def stop(hosts):
    for host in hosts:
        for process in (host.daemon, host.snmpd):
            if process:
                process.stop()


def main(script):
    tap = script.tap
    look = make_scene()
    check_beside(script, look)
    hosts = agents.start_all(script, without=(*agents.TCP_MODULES, *MODULES))
    for host in hosts:
        check_requests(tap, host, look)
        check_clients(tap, host, look)
    check_filters(script, hosts)


if __name__ == "__main__":
    test_main(main, (*agents.PROGRAMS, "bridge"), (peer.need_tun,))
