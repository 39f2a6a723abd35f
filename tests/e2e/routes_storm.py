#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Thousands of routes replaced again and again: walks stay in order and end up right."""

import os
import signal
import subprocess
import threading
import time
from contextlib import ExitStack

import agents
import routes
import routes_oracle as oracle
from harness import die_with_parent, run, test_main, wait_for
from routes_oracle import INET_NUMBER, INET_TABLE, batch

IPV4_ROUTES, IPV6_ROUTES = 3000, 1000
STORM = 6.0                 # seconds of change while clients walk
CAUGHT_UP = 0.5             # seconds until a change is seen with 10,000 routes
OVERFLOW_TRIES = 60         # full replacements, more than any socket buffer holds
IF_INDEX = INET_TABLE + (1, 7)

LINKS = [x for name in "ab" for x in (
    f"link add {name}0 type veth peer name {name}1", f"link set {name}1 up",
    f"link set {name}0 up")] + [
    "addr add 10.1.0.1/24 dev a0", "addr add 10.2.0.1/24 dev b0",
    "addr add 2001:db8:1::1/64 dev a0", "addr add 2001:db8:2::1/64 dev b0"]


def prefix4(number):
    return f"10.{100 + number // 250}.{number % 250}.0/24"


def prefix6(number):
    return f"2001:db8:1000:{number:x}::/64"


def phase(number):
    """One of several whole sets of routes: other gateways, protocols, lengths, gaps."""
    side, lines = 1 + number % 2, []
    for route in range(IPV4_ROUTES):
        if route % 7 == number % 7:
            lines.append(f"route del {prefix4(route)}" if number else "")
        else:
            lines.append(f"route replace {prefix4(route)} via 10.{side}.0.{9 + number % 5} "
                         f"proto {('bgp', 'ospf', 'static')[number % 3]}")
    for route in range(IPV6_ROUTES):
        lines.append(f"route replace {prefix6(route)} via 2001:db8:{side}::9 proto bgp")
    lines.append(f"route {'add' if number % 2 else 'del'} 10.99.0.0/16 "
                 "nexthop via 10.1.0.9 nexthop via 10.2.0.9")
    return "\n".join(filter(None, lines)) + "\n"


class Storm:
    """Feeds whole sets of routes to `ip -batch` until it is told to stop."""

    def __init__(self, script):
        self.files = [script.write(f"phase{x}", phase(x)) for x in range(6)]
        self.count = 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def once(self):
        """One whole set; deleting what is not there is no failure here."""
        subprocess.run(["ip", "-force", "-batch", self.files[self.count % len(self.files)]],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
                       preexec_fn=die_with_parent)
        self.count += 1

    def run(self):
        while not self.stopping.is_set():
            self.once()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()


class Walker:
    """Walks one host again and again; a walk that fails or goes backwards is kept."""

    def __init__(self, host, root):
        self.host, self.root = host, root
        self.walks, self.rows, self.errors = 0, [], []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while not self.stopping.is_set():
            try:
                walk = self.host.walk(self.root, options=("-Cr50",))
                self.rows.append(sum(x[:len(IF_INDEX)] == IF_INDEX for x in walk))
                self.walks += 1
            except (RuntimeError, ValueError) as error:
                self.errors.append(str(error)[:300])

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()


def check_end(tap, host, when):
    """One walk of every table, once the last change is as old as the contract says."""
    want = oracle.expected(oracle.legs())
    wait_for(lambda: host.value(INET_NUMBER) == len(want[INET_TABLE]), CAUGHT_UP, 0.05)
    if host.kind == agents.AGENTX:      # a column is enough where each row is a round trip
        walk = host.numbers(IF_INDEX)
        wrong = oracle.wrong_rows(oracle.rows_of(walk, INET_TABLE), want[INET_TABLE], (7,))
    else:
        walk = routes.as_numbers(routes.routing(host))
        wrong = [line for table, rows in want.items()
                 for line in oracle.wrong_rows(oracle.ageless(walk, table), rows)]
    tap.ok(not wrong, f"{host.kind}: {when} a walk is what ip shows "
           f"({len(want[INET_TABLE])} rows)", *wrong)


def check_storm(tap, hosts, storm):
    """Walks while the table is replaced, on each host; the rows are right after it."""
    walkers = [Walker(host, oracle.FORWARD if host.kind == agents.PLUGIN else IF_INDEX)
               for host in hosts]
    with ExitStack() as stack:
        for each in (storm, *walkers):
            stack.enter_context(each)
        time.sleep(STORM)       # the length of the test, not a wait for something
    tap.note(f"{storm.count} whole sets of routes, walks: {[x.walks for x in walkers]}")
    tap.ok(storm.count > 3, "the routes were replaced many times", storm.count)
    for walker in walkers:
        kind = walker.host.kind
        tap.ok(walker.walks > 0 and not walker.errors,
               f"{kind}: every walk in the storm succeeds, its OIDs rising",
               *walker.errors)
        tap.ok(min(walker.rows, default=0) >= IPV4_ROUTES // 2,
               f"{kind}: no walk in the storm shows half a table", walker.rows)
    time.sleep(CAUGHT_UP)       # the contract: by then a change is seen
    for host in hosts:
        check_end(tap, host, "after the storm")


def drops(process):
    """How many messages the netlink sockets of a process have lost, and how many it has."""
    inodes = set()
    for name in os.listdir(f"/proc/{process.pid}/fd"):
        try:
            target = os.readlink(f"/proc/{process.pid}/fd/{name}")
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    with open("/proc/self/net/netlink", encoding="ascii") as file:
        rows = [x.split() for x in file][1:]
    mine = [x for x in rows if x[-1] in inodes and x[1] == "0"]
    return sum(int(x[-2]) for x in mine), len(mine)


def check_overflow(tap, host, storm):
    """A daemon that was held up loses messages, and knows it."""
    daemon = host.daemon or host.snmpd
    host.value(INET_NUMBER)
    before, sockets = drops(daemon)
    daemon.send(signal.SIGSTOP)
    for _ in range(OVERFLOW_TRIES):
        storm.once()
        if drops(daemon)[0] > before:
            break
    lost = drops(daemon)[0] - before
    daemon.send(signal.SIGCONT)
    if not lost:
        tap.skip(f"{host.kind}: after an overflow",
                 f"{sockets} netlink sockets lost nothing")
        return
    tap.note(f"{host.kind}: {lost} messages lost")
    check_end(tap, host, "after an overflow")
    check_single(tap, host, "after an overflow")


def check_single(tap, host, when):
    """A single route is seen when it comes and when it goes."""
    legs = oracle.legs()
    for words in ("add", "del"):
        batch(f"route {words} 10.98.0.0/16 via 10.1.0.9")
        want = len(oracle.inet_rows(oracle.legs()))
        got = wait_for(lambda want=want: host.value(INET_NUMBER) == want, CAUGHT_UP, 0.02)
        tap.ok(got, f"{host.kind}: {when} one route more or less ({words}) is seen "
               f"within {CAUGHT_UP} s", host.value(INET_NUMBER), want)
    tap.ok(oracle.legs() == legs,
           f"{host.kind}: {when} the routes are those of before")


def check_flushed(tap, hosts):
    """All routes gone at once."""
    run("ip", "route", "flush", "table", "main", "via", "10.1.0.9")
    batch("link del a0", "link del b0")
    time.sleep(CAUGHT_UP)
    for host in hosts:
        check_end(tap, host, "after all went")


def main(script):
    tap = script.tap
    for family in ("all", "default"):
        oracle.sysctl(f"ipv6/conf/{family}/accept_dad", 0)
    batch(*LINKS)
    storm = Storm(script)
    storm.once()
    hosts = routes.ready(routes.start(script, "", routes.MODULES))
    for host in hosts:
        if host.snmpd:
            host.snmpd.allow(r"^IfIndex of an interface changed")   # its own IF-MIB
    check_storm(tap, hosts, storm)
    for host in hosts:
        check_single(tap, host, "after the storm")
        check_overflow(tap, host, storm)
    check_flushed(tap, hosts)


if __name__ == "__main__":
    test_main(main, agents.PROGRAMS)
