#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The neighbours are what ip says, on all hosts: in each state, and when they changed; and
50,000 of them."""

import ipaddress
import json
import socket
import time

import agents
import links_oracle
from harness import Elsewhere, difference, run, test_main, wait_for
from oracle import IPV4, IPV6, IPV6Z
from routes_oracle import IP, batch, sysctl

PHYSICAL_TABLE, MEDIA_TABLE = IP + (35,), IP + (22,)
UPDATED = 5
MODULES = ("at", "ip")                  # snmpd's own
ACTIVE = 1
INVALID, DYNAMIC, STATIC = 2, 3, 4
# ip's states: ipNetToPhysicalState, and ipNetToPhysicalType
STATES = {"REACHABLE": (1, DYNAMIC), "STALE": (2, DYNAMIC), "DELAY": (3, DYNAMIC),
          "PROBE": (4, DYNAMIC), "FAILED": (5, INVALID), "INCOMPLETE": (7, INVALID),
          "PERMANENT": (1, STATIC)}
# what keeps each state from ending by a timer, for both versions
TIMERS = {"delay_first_probe_time": 100, "ucast_solicit": 1000, "mcast_solicit": 1000,
          "base_reachable_time_ms": 3600000, "gc_stale_time": 3600}
MACS = [f"02:00:5e:00:00:{x:02x}" for x in range(16)]
SOON = 10.0             # seconds until a change is seen, at most
TOLERANCE = 30          # hundredths of a second that a time may be off
STRICT_PORT = 1164
MANY = 50000


# --- what the kernel says ---

def neighbours():
    return json.loads(run("ip", "-j", "-s", "neigh").stdout or "[]")


def _key(entry, index, strict):
    address, ifindex = ipaddress.ip_address(entry["dst"]), index[entry["dev"]]
    if address.version == 4:
        return (ifindex, IPV4, 4, *address.packed)
    if strict and address.is_link_local:
        return (ifindex, IPV6Z, 20, *address.packed, *ifindex.to_bytes(4, "big"))
    return (ifindex, IPV6, 16, *address.packed)


def expected(strict=False):
    """{table: {index: {column: value}}}, without the times."""
    index = {name: number for number, name in socket.if_nameindex()}
    rows = {PHYSICAL_TABLE: {}, MEDIA_TABLE: {}}
    for entry in neighbours():
        key = _key(entry, index, strict)
        state, kind = STATES[entry["state"][0]]
        mac = bytes.fromhex(entry.get("lladdr", "").replace(":", ""))
        rows[PHYSICAL_TABLE][key] = {4: mac, 6: kind, 7: state, 8: ACTIVE}
        if key[1] == IPV4 and mac:
            rows[MEDIA_TABLE][key[0], *key[3:]] = {1: key[0], 2: mac, 3: entry["dst"],
                                                  4: kind}
    return rows


def state_of(address):
    """ip's name of a neighbour's state, or None."""
    return next((x["state"][0] for x in neighbours() if x["dst"] == address), None)


# --- what an agent says ---

def walk(host):
    """The tables, and {index: ipNetToPhysicalLastUpdated}."""
    found = links_oracle.walk(host, PHYSICAL_TABLE, MEDIA_TABLE)
    rows = {x: links_oracle.rows_of(found, x) for x in (PHYSICAL_TABLE, MEDIA_TABLE)}
    times = {x: y.pop(UPDATED, None) for x, y in rows[PHYSICAL_TABLE].items()}
    return rows, times


def settled(tap, host, name, strict=False):
    """The times when a walk is what ip says, which must come before the time is up. A walk
    is no moment: only after it are all columns of one reading."""
    end = time.monotonic() + SOON
    while True:
        rows, want = walk(host)[0], expected(strict)
        good = rows == want
        if good or time.monotonic() >= end:
            lines = [f"{table[-1]}: {x}" for table in rows if rows[table] != want[table]
                     for x in difference(rows[table], want[table])]
            tap.ok(good, f"{host.kind}: {name}", *lines)
            return walk(host)[1]


class Course:
    """The hosts, change by change, with the times as they were last."""

    def __init__(self, tap, hosts):
        self.tap, self.hosts = tap, hosts
        self.times = {x: settled(tap, x, "at first all is what ip shows") for x in hosts}
        for host, times in self.times.items():
            tap.equal(set(times.values()), {0},
                      f"{host.kind}: and is from before the agent")

    def step(self, name, act, changed=(), until=lambda: True):
        """Makes a change, lines for ip or a function. `changed` are the addresses of
        neighbours which are there before and after, but not the same; the others are new,
        or gone, or as they were."""
        begins = {x: links_oracle.uptime_since(x) for x in self.hosts}
        begin = time.monotonic()
        if callable(act):
            act()
        else:
            batch(*act)
        if not wait_for(until):
            raise RuntimeError(f"{name}: the kernel does not do it: {neighbours()}")
        end = time.monotonic()
        changed = {tuple(ipaddress.ip_address(x).packed) for x in changed}
        for host in self.hosts:
            low, high = begins[host]
            self._check(name, host, changed, (100 * (begin - high), 100 * (end - low)))

    def _check(self, name, host, changed, span):
        """All is what ip shows, what did not change keeps its time, from walk to walk."""
        old, new = self.times[host], settled(self.tap, host, f"{name}: it is what ip shows")
        low, high = span[0] - TOLERANCE, span[1] + TOLERANCE
        lines = []
        for key, updated in new.items():
            fresh = key not in old or key[3:] in changed
            if not (low <= updated <= high if fresh else updated == old[key]):
                lines.append(f"{key}: {updated}, was {old.get(key)}, "
                             f"bounds {low:.0f} to {high:.0f}")
        later = walk(host)[1]
        lines += [f"{x}: {y}, and then {later.get(x)}" for x, y in new.items()
                  if y != later.get(x)]
        self.tap.ok(not lines, f"{host.kind}: {name}: the times are right", *lines)
        self.times[host] = new


# --- scene and states ---

class Scene:
    """A pair of devices here, and one that leads to another namespace."""

    def __init__(self):
        self.there = Elsewhere()
        batch("link add va type veth peer name vb", "link set va addrgenmode none",
              "link set vb addrgenmode none", "link set va up", "link set vb up",
              f"link add wa type veth peer name wb netns {self.there.pid}",
              "link set wa addrgenmode none", "link set wa up",
              "addr add 10.1.0.1/16 dev va", "addr add fd01::1/64 dev va nodad",
              "addr add fe80::1/64 dev va nodad",
              "addr add 10.2.0.1/24 dev wa", "addr add fd02::1/64 dev wa nodad")
        self.there.batch("link set wb addrgenmode none", "link set wb up",
                         "addr add 10.2.0.2/24 dev wb", "addr add fd02::2/64 dev wb nodad")
        for version in ("ipv4", "ipv6"):
            for device in ("va", "wa"):
                for name, value in TIMERS.items():
                    sysctl(f"{version}/neigh/{device}/{name}", value)
        batch(f"neigh add 10.1.9.1 lladdr {MACS[0]} nud permanent dev va",
              f"neigh add fd01::9:1 lladdr {MACS[0]} nud permanent dev va",
              f"neigh add fe80::9 lladdr {MACS[0]} nud permanent dev va")


def send(*addresses):
    """A datagram to each, for which its neighbour is asked."""
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"x", (address, 9))


def are(state, *addresses):
    """For until: neighbours in this state."""
    return lambda: all(state_of(x) == state for x in addresses)


def check_set_states(course):
    """The states that one can set and that stay."""
    for number, state in enumerate(("permanent", "reachable", "stale", "probe", "failed",
                                    "incomplete"), 1):
        mac = "" if state in ("failed", "incomplete") else f"lladdr {MACS[number]}"
        pair = f"10.1.1.{number}", f"fd01::1:{number}"
        course.step(f"set to {state}",
                    [f"neigh add {x} {mac} nud {state} dev va" for x in pair],
                    until=are(state.upper(), *pair))
    course.step("what needs no resolving",
                [f"neigh add 10.1.1.9 lladdr {MACS[9]} nud noarp dev va",
                 "neigh add 10.1.1.10 nud none dev va"])


def check_changes(course):
    """From state to state, another address, gone."""
    pair = "10.1.1.1", "fd01::1:1"
    for state in ("stale", "reachable", "permanent"):
        course.step(f"from one state to {state}",
                    [f"neigh replace {x} lladdr {MACS[1]} nud {state} dev va"
                     for x in pair], pair, are(state.upper(), *pair))
    course.step("another physical address",
                [f"neigh replace {x} lladdr {MACS[14]} nud permanent dev va" for x in pair],
                pair)
    course.step("gone", [f"neigh del {x} dev va" for x in pair])


def ask_no_more():
    for version in ("ipv4", "ipv6"):
        sysctl(f"{version}/neigh/wa/mcast_solicit", 1)


def replace_machine(scene, addresses):
    """The kernel forgets neighbours once it has seen that the carrier is lost."""
    scene.there.batch("link set wb down")
    wait_for(are(None, *addresses))
    scene.there.batch(f"link set wb address {MACS[15]}", "link set wb up",
                      "addr replace fd02::2/64 dev wb nodad")


def check_traffic(course, scene):
    """What traffic makes of neighbours."""
    pair, nobody = ("10.2.0.2", "fd02::2"), ("10.2.0.77", "fd02::77")
    course.step("traffic, and an answer", lambda: send(*pair),
                until=are("REACHABLE", *pair))
    course.step("traffic, and no answer", lambda: send(*nobody),
                until=are("INCOMPLETE", *nobody))
    course.step("no answer in the end", ask_no_more, nobody, are("FAILED", *nobody))
    course.step("stale", [f"neigh change {x} nud stale dev wa" for x in pair], pair)
    # of this the kernel tells nobody
    course.step("traffic when it is stale", lambda: send(*pair), pair, are("DELAY", *pair))
    course.step("the other one is another machine", lambda: replace_machine(scene, pair),
                until=are(None, *pair))
    course.step("and answers", lambda: send(*pair), until=are("REACHABLE", *pair))
    course.step("the device goes down", ["link set wa down"], until=are(None, *pair))


# --- requests ---

def check_set(tap, host):
    here = (socket.if_nametoindex("va"), 1, 4, 10, 1, 9, 1)
    for name, oid in (("ipNetToPhysicalType", PHYSICAL_TABLE + (1, 6) + here),
                      ("ipNetToPhysicalRowStatus", PHYSICAL_TABLE + (1, 8) + here),
                      ("a new row", PHYSICAL_TABLE + (1, 8) + here[:-1] + (99,)),
                      ("ipNetToMediaType", MEDIA_TABLE + (1, 4, here[0], 10, 1, 9, 1))):
        done = host.client("snmpset", agents.dotted(oid), "i", "2", community="private")
        tap.ok(done.returncode != 0 and "notWritable" in done.stderr,
               f"{host.kind}: SET of {name} is notWritable", done.stdout, done.stderr)


def check_filter(tap, script):
    """Neighbours on an interface that is hidden are hidden."""
    host = agents.start_standalone(script, "netmibInterface exclude va\n", "filtered",
                                   STRICT_PORT).wait_ready()
    batch(f"neigh add 10.9.9.9 lladdr {MACS[3]} nud permanent dev vb")
    hidden = socket.if_nametoindex("va")
    want = {table: {x: y for x, y in rows.items() if x[0] != hidden}
            for table, rows in expected().items()}
    wait_for(lambda: walk(host)[0] == want, SOON)
    found = walk(host)[0]
    for table, rows in want.items():
        tap.ok(rows and found[table] == rows,
               f"netmibInterface: table {table[-1]} has the neighbours of what is shown",
               *difference(found[table], rows))
    host.daemon.stop()


def check_many(tap, hosts):
    """So many are walked in order, and all of them."""
    octets = [(10, 1, 16 + x // 250, x % 250 + 1) for x in range(MANY)]
    # of those that are not permanent the kernel drops some when there are too many
    batch("link set va down", "link set va up",
          *(f"neigh add {'.'.join(map(str, x))} lladdr {MACS[5]} nud permanent dev va"
            for x in octets))
    want = set(expected()[PHYSICAL_TABLE])
    tap.ok(len(want) >= MANY, f"the kernel has {len(want)} neighbours")
    states = PHYSICAL_TABLE + (1, 7)
    for host in hosts:
        begin = time.monotonic()
        wait_for(lambda host=host: host.get(states + (
            socket.if_nametoindex("va"), 1, 4, *octets[-1]))[0][1].type == "INTEGER", SOON)
        found = host.walk(states, options=("-Cr50",))     # raises when it is out of order
        tap.equal({x[len(states):] for x in found}, want,
                  f"{host.kind}: all of {MANY} neighbours are walked in order")
        tap.note(f"{host.kind}: {time.monotonic() - begin:.1f} s")


def main(script):
    tap = script.tap
    scene = Scene()
    script.closers.append(scene.there.close)
    hosts = agents.start_all(script, "", (*agents.TCP_MODULES, *MODULES))
    course = Course(tap, hosts)
    check_set_states(course)
    check_changes(course)
    check_traffic(course, scene)
    strict = agents.start_standalone(script, "netmibInetAddress strict\n", "strict",
                                     STRICT_PORT).wait_ready()
    settled(tap, strict, "strict: link-local addresses have their zone", strict=True)
    strict.daemon.stop()
    for host in hosts:
        check_set(tap, host)
    check_filter(tap, script)
    check_many(tap, hosts)


if __name__ == "__main__":
    test_main(main, (*agents.PROGRAMS, "nsenter", "unshare"))
