#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Routes that the kernel drops without a word are gone from the very next walk."""

import os
import socket
import threading
import time
from collections import namedtuple

import agents
import badinput
import routes
import routes_oracle as oracle
from harness import run, test_main, wait_for
from routes_oracle import INET_TABLE, batch, sysctl

NAMESPACE = f"nm-silent-{os.getpid()}"
MANY = 3000                 # routes that one change takes away while a client polls
ROUNDS = 6
SETTLED = 0.25              # seconds after a change until a host reads no second time

# two links with both kinds of addresses; their other ends are in the same namespace
LINKS = [x for name in "ab" for x in (
    f"link add {name}0 type veth peer name {name}1", f"link set {name}1 up",
    f"link set {name}0 up")]
IPV4_BASE = LINKS + ["addr add 10.1.0.1/24 dev a0", "addr add 10.2.0.1/24 dev b0"]
BASE = IPV4_BASE + ["addr add 2001:db8:1::1/64 dev a0 nodad",
                    "addr add 2001:db8:2::1/64 dev b0 nodad"]
ROUTES = (
    "route add 10.9.0.0/24 via 10.1.0.9", "route add 10.9.1.0/24 dev a0",
    "route add 10.9.2.0/24 via inet6 fe80::9 dev a0",
    "route add 10.9.3.0/24 via 10.1.0.9 metric 50", "route add 10.9.3.0/24 via 10.2.0.9",
    "route add 10.9.4.0/24 via 10.2.0.9", "route add blackhole 10.9.5.0/24",
    "route add 2001:db8:9::/64 via 2001:db8:1::9", "route add 2001:db8:9:1::/64 dev a0",
    "route add 2001:db8:9:2::/64 via fe80::9 dev a0",
    "route add 2001:db8:9:4::/64 via 2001:db8:2::9",
    "route add default via 10.1.0.254", "route add default via fe80::1 dev a0")
LEGS = (
    "route add 10.10.0.0/24 nexthop via 10.1.0.9 nexthop via 10.2.0.9",
    "route add 10.10.1.0/24 nexthop via 10.1.0.9 nexthop via 10.1.0.8",
    "route add 10.10.2.0/24 nexthop dev a0 nexthop dev b0",
    "route add 10.10.3.0/24 nexthop via inet6 fe80::9 dev a0 nexthop via 10.2.0.9",
    "route add 2001:db8:10::/64 nexthop via 2001:db8:1::9 nexthop via 2001:db8:2::9",
    "route add 2001:db8:10:1::/64 nexthop via fe80::9 dev a0 nexthop via fe80::9 dev b0")
SOURCES = (
    "addr add 10.1.7.1/24 dev a0", "addr add 2001:db8:1:7::1/64 dev a0 nodad",
    "route add 10.9.7.0/24 via 10.2.0.9 src 10.1.7.1",
    "route add 10.9.8.0/24 via 10.1.0.9 src 10.1.7.1",
    "route add 2001:db8:9:7::/64 via 2001:db8:2::9 src 2001:db8:1:7::1")
OBJECTS = (
    "nexthop add id 1 via 10.1.0.9 dev a0", "nexthop add id 2 via 10.2.0.9 dev b0",
    "nexthop add id 3 group 1/2", "nexthop add id 4 via 2001:db8:1::9 dev a0",
    "nexthop add id 5 via 2001:db8:2::9 dev b0", "nexthop add id 6 group 4/5",
    "nexthop add id 7 blackhole", "nexthop add id 8 group 1",
    "nexthop add id 9 via 10.2.0.7 dev b0", "route add 10.50.9.0/24 nhid 9",
    "route add 10.50.1.0/24 nhid 1", "route add 10.50.2.0/24 nhid 2",
    "route add 10.50.3.0/24 nhid 3", "route add 10.50.4.0/24 nhid 4",
    "route add 10.50.6.0/24 nhid 6", "route add 10.50.7.0/24 nhid 7",
    "route add 10.50.8.0/24 nhid 8", "route add 2001:db8:50:4::/64 nhid 4",
    "route add 2001:db8:50:6::/64 nhid 6")


def disable_ipv6():
    sysctl("ipv6/conf/a0/disable_ipv6", 1)


def move_away():
    """a0 leaves for another network namespace."""
    batch(f"link set a0 netns {NAMESPACE}")


def remove_moved():
    run("ip", "-n", NAMESPACE, "link", "del", "a0")


# setup and change are lines for `ip -batch`, or functions
Case = namedtuple("Case", "name setup change objects", defaults=(False,))
DOWN, DELETE, NO_CARRIER = ("link set a0 down",), ("link del a0",), ("link set a1 down",)
PLAIN = (
    Case("a link goes down", ROUTES, DOWN),
    Case("a link goes down and up again", ROUTES, DOWN + ("link set a0 up",)),
    Case("a link is deleted", ROUTES, DELETE),
    Case("a link loses its carrier", ROUTES + LEGS, NO_CARRIER),
    Case("a link leaves for another namespace", ROUTES + LEGS, move_away),
    Case("the link of a leg goes down", LEGS, DOWN),
    Case("the link of a leg is deleted", LEGS, DELETE),
    Case("the links of all legs go down", LEGS, DOWN + ("link set b0 down",)),
    Case("a leg's link goes down, the other's is deleted", LEGS, DOWN + ("link del b0",)),
    Case("a link gets its carrier back", ROUTES + LEGS + NO_CARRIER, ("link set a1 up",)),
    Case("the last IPv4 address goes", ROUTES + LEGS, ("addr del 10.1.0.1/24 dev a0",)),
    Case("one of two IPv4 addresses goes", ROUTES + ("addr add 10.1.0.2/24 dev a0",),
         ("addr del 10.1.0.1/24 dev a0",)),
    Case("all addresses go", ROUTES + LEGS, ("addr flush dev a0",)),
    Case("the IPv6 address goes", ROUTES + LEGS, ("addr del 2001:db8:1::1/64 dev a0",)),
    Case("an IPv6 address comes", ROUTES, ("addr add 2001:db8:77::1/64 dev a0",)),
    Case("an IPv4 address comes", ROUTES, ("addr add 10.77.0.1/24 dev a0",)),
    Case("a preferred source goes", SOURCES, ("addr del 10.1.7.1/24 dev a0",)),
    Case("an IPv6 preferred source goes", SOURCES,
         ("addr del 2001:db8:1:7::1/64 dev a0",)),
    Case("IPv6 is switched off on a link", ROUTES + LEGS, disable_ipv6),
    Case("the MTU is too small for IPv6", ROUTES + LEGS, ("link set a0 mtu 1000",)),
)
WITH_OBJECTS = (
    Case("a next-hop object is deleted", OBJECTS, ("nexthop del id 1",), True),
    Case("an IPv6 next-hop object is deleted", OBJECTS, ("nexthop del id 4",), True),
    Case("a group is deleted", OBJECTS, ("nexthop del id 3",), True),
    Case("all next-hop objects are deleted", OBJECTS, ("nexthop flush",), True),
    Case("the link of a next-hop object goes down", OBJECTS, DOWN, True),
    Case("the link of a next-hop object is deleted", OBJECTS, DELETE, True),
    Case("the link of a next-hop object loses its carrier", OBJECTS, NO_CARRIER, True),
    Case("a next-hop object is replaced", OBJECTS,
         ("nexthop replace id 1 via 10.1.0.77 dev a0",), True),
    Case("an IPv6 next-hop object is replaced", OBJECTS,
         ("nexthop replace id 4 via 2001:db8:1::77 dev a0",), True),
    Case("a next-hop object becomes a blackhole", OBJECTS,
         ("nexthop replace id 9 blackhole",), True),
    Case("a group is replaced", OBJECTS, ("nexthop replace id 3 group 2",), True),
    Case("an IPv6 group is replaced", OBJECTS, ("nexthop replace id 6 group 5",), True),
    Case("the address of a next-hop object goes", OBJECTS,
         ("addr del 10.1.0.1/24 dev a0",), True),
)


class Bus:
    """What the kernel tells of links, addresses, routes and next-hop objects."""

    GROUPS = (1, 5, 7, 9, 11, 32)

    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self.sock.bind((0, sum(1 << (x - 1) for x in self.GROUPS)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def is_quiet(self, seconds):
        """Waits so long; whether nothing was told meanwhile, nor since the last call."""
        end, told = time.monotonic() + seconds, False
        while (left := end - time.monotonic()) > 0:
            self.sock.settimeout(left)
            try:
                self.sock.recv(65536)
                told = True
            except TimeoutError:
                pass
            except OSError:     # it overflowed
                told = True
        return not told


def do(action):
    if callable(action):
        action()
    else:
        batch(*action)


def clear():
    """Takes away what a case made."""
    names = {name for _, name in socket.if_nameindex()}
    batch("nexthop flush", *(f"link del {x}" for x in ("a0", "b0") if x in names),
          "route flush table main")
    if "a0" in run("ip", "-n", NAMESPACE, "-br", "link").stdout:
        remove_moved()
    run("ip", "-6", "route", "flush", "table", "main", check=False)


def problems(host, want):
    """One walk of all tables, compared with what they may hold."""
    walk = routes.as_numbers(routes.routing(host))
    return [line for table, rows in want.items()
            for line in oracle.wrong_rows(oracle.ageless(walk, table), rows)]


def at_once(host):
    """The problems of one walk, which counts only while the kernel stays as it is."""
    for _ in range(10):
        before = oracle.legs()
        found = problems(host, oracle.expected(before))
        if oracle.legs() == before:
            return found
        oracle.rest()
    return ["the routes of this namespace do not come to rest"]


def settle(tap, hosts, bus, name):
    """Has every host read what there is, with nothing left to make it read again.

    Otherwise it would see the change even if it did not know that there was one.
    """
    oracle.standstill()
    for _ in range(20):
        for host in hosts:
            host.value(oracle.INET_NUMBER)
        if not bus.is_quiet(SETTLED):
            continue
        wrong = [(host.kind, at_once(host)) for host in hosts]
        if bus.is_quiet(oracle.LOOK_INTERVAL * 1.2):
            break
    for kind, lines in wrong:
        if lines:
            tap.ok(False, f"{kind}: before {name}: the walk is what ip shows", *lines)


def check_case(tap, hosts, case, mode=1, base=BASE):
    """One change, and one walk of each host after it."""
    name = f"{case.name}{f', nexthop_compat_mode={mode}' if case.objects else ''}"
    batch(*base)
    do(case.setup)
    with Bus() as bus:
        settle(tap, hosts, bus, name)
    legs = oracle.legs()
    do(case.change)
    if oracle.legs() == legs:
        tap.note(f"{name}: changed nothing")
    for host in hosts:
        wrong = at_once(host)
        tap.ok(not wrong, f"{host.kind}: {name}: the next walk is what ip shows", *wrong)
    clear()


def check_ignored_linkdown(tap, hosts):
    """With ignore_routes_with_linkdown a leg without carrier counts as dead."""
    for family in ("ipv4", "ipv6"):
        sysctl(f"{family}/conf/all/ignore_routes_with_linkdown", 1)
        sysctl(f"{family}/conf/default/ignore_routes_with_linkdown", 1)
    check_case(tap, hosts, Case("no carrier, with ignore_routes_with_linkdown",
                                ROUTES + LEGS, NO_CARRIER))
    for family in ("ipv4", "ipv6"):
        sysctl(f"{family}/conf/all/ignore_routes_with_linkdown", 0)
        sysctl(f"{family}/conf/default/ignore_routes_with_linkdown", 0)


def check_quiet_ipv6(tap, hosts):
    """skip_notify_on_dev_down keeps the kernel from telling of IPv6 routes as well."""
    sysctl("ipv6/route/skip_notify_on_dev_down", 1)
    for change in (DOWN, DELETE):
        check_case(tap, hosts, Case(f"'{change[0]}' with skip_notify_on_dev_down",
                                    ROUTES + LEGS, change))
    sysctl("ipv6/route/skip_notify_on_dev_down", 0)


def check_without_ipv6(tap, hosts):
    """Where nothing has IPv6, none of its messages tells what happens to a link."""
    lines = tuple(x for x in (*ROUTES, *LEGS) if ":" not in x)
    for family in ("all", "default"):
        sysctl(f"ipv6/conf/{family}/disable_ipv6", 1)
    for change in (DOWN, DELETE, NO_CARRIER, move_away, ("addr del 10.1.0.1/24 dev a0",)):
        name = change.__name__ if callable(change) else change[0]
        check_case(tap, hosts, Case(f"'{name}' without IPv6", lines, change), 1, IPV4_BASE)
    for family in ("all", "default"):
        sysctl(f"ipv6/conf/{family}/disable_ipv6", 0)


def check_vrf(tap, hosts):
    """A link that joins a VRF takes its routes out of the main table."""
    if run("ip", "link", "add", "v0", "type", "vrf", "table", "10",
           check=False).returncode != 0:
        tap.skip("a link joins and leaves a VRF", "no VRF devices in this kernel")
        return
    batch("link set v0 up")
    check_case(tap, hosts, Case("a link joins a VRF", ROUTES + LEGS,
                                ("link set a0 master v0",)))
    check_case(tap, hosts, Case("a link leaves a VRF", ("link set a0 master v0",) + LEGS,
                                ("link set a0 nomaster",)))
    batch("link del v0")


class Poller:
    """Asks one host without a pause, so that it looks in the middle of every change."""

    def __init__(self, host):
        self.port = int(host.address.rpartition(":")[2])
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        oid = b"\x2b" + badinput.sub_identifiers(INET_TABLE[2:] + (1, 7))
        packet = badinput.message(oid)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.connect(("127.0.0.1", self.port))
            sock.settimeout(0.2)
            while not self.stopping.is_set():
                try:
                    sock.send(packet)
                    sock.recv(65536)
                except OSError:     # nothing came in time, or nobody listens yet
                    pass

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()


def many_routes():
    return [f"route add 10.{100 + x // 250}.{x % 250}.0/24 via 10.1.0.9 dev a0"
            for x in range(MANY)]


# the kernel tells of each of these before it drops the routes
TOLD_EARLY = {
    "a link goes down": ((), DOWN),
    "the last address goes": ((), ("addr del 10.1.0.1/24 dev a0",)),
    "a next-hop object is deleted": (
        ("nexthop add id 1 via 10.1.0.9 dev a0",), ("nexthop del id 1",)),
}


def make_many(before):
    batch(*IPV4_BASE, *before)
    disable_ipv6()          # no late IPv6 message shall repair what was read too early
    lines = many_routes()
    if before:
        lines = [x.replace("via 10.1.0.9 dev a0", "nhid 1") for x in lines]
    batch(*lines)


def check_polled(tap, host):
    """A client that polls all the time sees a dump begin before the routes are dropped."""
    for name, (before, change) in TOLD_EARLY.items():
        wrong = []
        for _ in range(ROUNDS):
            make_many(before)
            oracle.rest()
            with Poller(host):
                oracle.rest()
                do(change)
                # long enough for a refresh that had to wait for its turn
                wait_for(lambda: not count_wrong(host), 1.0, oracle.LOOK_INTERVAL)
            wrong += count_wrong(host)
            clear()
        tap.ok(not wrong, f"{host.kind}: polled while {name}: no route stays", *wrong)


def count_wrong(host):
    """How inetCidrRouteNumber differs from the rows that there should be."""
    want = len(oracle.inet_rows(oracle.legs()))
    got = host.value(oracle.INET_NUMBER)
    return [] if got == want else [f"{got} rows, want {want}"]


def main(script):
    tap = script.tap
    for family in ("all", "default"):
        sysctl(f"ipv6/conf/{family}/accept_dad", 0)
    run("ip", "netns", "add", NAMESPACE)
    script.closers.append(lambda: run("ip", "netns", "del", NAMESPACE, check=False))
    hosts = routes.ready([
        agents.start_standalone(script),
        agents.start_agentx(script, "netmibMaxAge routes 0\n", routes.MODULES)])
    hosts[1].snmpd.allow(r"^IfIndex of an interface changed")   # its own IF-MIB
    for mode in (1, 0):
        sysctl("ipv4/nexthop_compat_mode", mode)
        for case in (*(PLAIN if mode else ()), *WITH_OBJECTS):
            check_case(tap, hosts, case, mode)
    sysctl("ipv4/nexthop_compat_mode", 1)
    for check in (check_ignored_linkdown, check_quiet_ipv6, check_without_ipv6,
                  check_vrf):
        check(tap, hosts)
    check_polled(tap, hosts[1])


if __name__ == "__main__":
    test_main(main, agents.PROGRAMS)
