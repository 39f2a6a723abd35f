#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What happens to network devices is in IF-MIB of all hosts at once, and when it did."""

import os
import time

import agents
import links_oracle as oracle
import links_scene as scene
import peer
from harness import Elsewhere, test_main
from links_oracle import (DORMANT, DOWN, IF_NUMBER, IF_TABLE, IFX_TABLE, LOWER_LAYER_DOWN,
                          STACK_TABLE, SYS_UPTIME, TESTING, UP)
from routes_oracle import batch

MODULES = (*agents.TCP_MODULES, "ifTable", "ifXTable")      # snmpd's own
AT_ONCE = 0.3           # seconds from the first request until it is what ip says
SOON = 10.0             # the same for counters and addresses, which have no events
TOLERANCE = 15          # hundredths of a second that a time may be off
LATE = 0.6              # seconds until a first request that is late
PROMPT = (IF_TABLE, IFX_TABLE, STACK_TABLE)
ALIAS = "an alias of 65 octets, of which the last two are one letter: 62 \u00e4 and on"
WRAP = 1 << 32
PATIENT = "netmibMaxAge links 60\n"
MANY = [f"m{x}" for x in range(12)]


class Span:
    """sysUpTime of the hosts before a change, and at any moment after it."""

    def __init__(self, hosts):
        self.before = {}
        for host in hosts:
            begin = time.monotonic()
            # ifNumber is asked for as well, so that its rows are as new as can be
            answer = host.get(SYS_UPTIME, IF_NUMBER)
            self.before[host.kind] = begin, oracle.plain(answer[0][1])

    def bounds(self, kind, moment):
        """What a time between the beginning and a moment may be on a host."""
        begin, ticks = self.before[kind]
        return ticks - TOLERANCE, ticks + 100 * (moment - begin) + TOLERANCE


class Change:
    """From one look at the devices to another, with the moments when a change was made
    and when all of its effects were seen. `renewed` are devices that others of their name
    and index have taken the place of."""

    def __init__(self, old, new, made, seen, renewed=()):
        fresh = {i for i, x in new.links.items()
                 if i not in old.links or x.name.decode() in renewed}
        self.old, self.new = old, new
        self.moments = {("discontinuity", i): made for i in fresh}
        self.moments.update({("change", i): seen for i, x in new.links.items()
                             if i in fresh or x.oper != old.links[i].oper})
        if fresh or old.links.keys() != new.links.keys():
            self.moments["table", 0] = made
        if renewed or old.stack() != new.stack():
            self.moments["stack", 0] = made

    def wrong_times(self, kind, span, before, after):
        """Lines that say which times of a host did not move as they should."""
        lines = []
        for key, value in after.items():
            if key in self.moments:
                low, high = span.bounds(kind, self.moments[key])
            else:
                low = high = before.get(key)
            if value is None or low is None or not low <= value <= high:
                lines.append(f"{key}: {value}, not {low} to {high}")
        return lines


def at_once(host, look):
    """What is wrong with the first walk after a change, the walk, and how many it took: a
    machine that has much else to do is let off the first one."""
    begin, walks = time.monotonic(), 0
    while True:
        found = oracle.walk(host)
        lines = oracle.wrong_rows(found, look, PROMPT)
        walks += 1
        if not lines or walks > 1 and time.monotonic() >= begin + AT_ONCE:
            return lines, found, walks


class Course:
    """The hosts, change by change, with the devices and the times as they were last."""

    def __init__(self, tap, hosts):
        self.tap = tap
        self.hosts = hosts
        self.look = oracle.at_rest()
        answers = oracle.settled(hosts, self.look, SOON)
        self.times = {x.kind: oracle.times_of(found) for x, (_, found) in answers.items()}

    def step(self, name, change, until=lambda look: True, renewed=(), late=False):
        """Makes a change, lines for ip or a function, and checks what becomes of it.

        `late` is whether nobody asks the hosts for a while.
        """
        span = Span(self.hosts)
        if callable(change):
            change()
        else:
            batch(*change)
        made = time.monotonic()
        look = oracle.at_rest(until=until)
        seen = time.monotonic()
        if late:
            time.sleep(max(0, made + LATE - seen))
        change = Change(self.look, look, made, seen, renewed)
        walks = {host: self._first(name, host, look) for host in self.hosts}
        answers = oracle.settled(self.hosts, look, SOON, walks=walks)
        for host, (lines, found) in answers.items():
            self.tap.ok(not lines, f"{host.kind}: {name}: all is what ip shows", *lines)
            self._check_times(f"{host.kind}: {name}", change, span, host,
                              (walks[host], found))
        self.look = look

    def _first(self, name, host, look):
        """The first walk after a change knows it, but for what has no events."""
        lines, found, walks = at_once(host, look)
        self.tap.took(walks)
        self.tap.ok(not lines, f"{host.kind}: {name}: the first request knows", *lines)
        return found

    def _check_times(self, name, change, span, host, walks):
        """The times of a host have moved as they should, and stay from walk to walk."""
        times, later = map(oracle.times_of, walks)
        lines = change.wrong_times(host.kind, span, self.times[host.kind], times)
        lines += [f"{x}: {y} and then {later.get(x)}" for x, y in times.items()
                  if y != later.get(x)]
        self.tap.ok(not lines, f"{name}: the times are right", *lines)
        self.times[host.kind] = times


def is_oper(**wanted):
    """For until: devices by name with the state they shall have."""
    return lambda look: all(look.oper(x) == y for x, y in wanted.items())


def all_above_va(state):
    """For is_oper: a device and what is up on top of it, which the kernel has follow it, when
    it is busy as much as a second later."""
    return dict.fromkeys(("va", "mv0"), state)


def has(name, **wanted):
    """For until: a device with these attributes."""
    def fits(look):
        link = look.named(name)
        return link and all(getattr(link, x) == y for x, y in wanted.items())
    return fits


def check_states(course):
    """Every state, from the device itself and from what is below it."""
    step = course.step
    step("a device is set up", ["link set ifb0 up"], is_oper(ifb0=UP))
    step("down", ["link set ifb0 down"], is_oper(ifb0=DOWN))
    step("the peer goes down", ["link set vb down"],
         is_oper(vb=DOWN, **all_above_va(LOWER_LAYER_DOWN)))
    step("the peer comes up", ["link set vb up"], is_oper(vb=UP, **all_above_va(UP)))
    step("dormant", ["link set va mode dormant", "link set va state dormant"],
         is_oper(**all_above_va(DORMANT)))
    step("no longer dormant", ["link set va state up", "link set va mode default"],
         is_oper(**all_above_va(UP)))
    step("testing", ["link set va state testing"], is_oper(**all_above_va(TESTING)))
    step("no longer testing", ["link set va state up"], is_oper(**all_above_va(UP)))
    step("held down", ["link set mv0 protodown on"], is_oper(mv0=DOWN))
    step("no longer held down", ["link set mv0 protodown off"], is_oper(mv0=UP))


def check_attributes(course):
    """What an administrator sets, none of which moves a time."""
    step = course.step
    step("a new name", ["link set ifb0 name a-longer-name-x"], lambda x: x.named(
        "a-longer-name-x"))
    step("the old name", ["link set a-longer-name-x name ifb0"], lambda x: x.named("ifb0"))
    step("an alias", ["link set va alias uplink"], has("va", alias=b"uplink"))
    step("a long alias", [f'link set va alias "{ALIAS}"'],
         lambda x: len(x.named("va").alias) > 60)
    step("no alias", ['link set va alias ""'], has("va", alias=b""))
    step("another MTU", ["link set va mtu 1400"], has("va", mtu=1400))
    step("another address", ["link set va address 02:00:5e:10:00:01"],
         has("va", address=bytes.fromhex("02005e100001")))
    step("promiscuous", ["link set ta promisc on"], has("ta", promiscuous=True))
    step("no longer promiscuous", ["link set ta promisc off"], has("ta", promiscuous=False))


def check_bridge(course):
    """Ports come and go, and go down; the speed of a bridge is that of its fastest port."""
    step, number = course.step, course.look.named("br0").ifindex
    step("a port leaves its bridge", ["link set qb nomaster"], has("qb", above=None))
    step("its last port is dormant", ["link set pb mode dormant",
                                      "link set pb state dormant"],
         is_oper(pb=DORMANT, br0=DOWN))
    step("no longer", ["link set pb state up", "link set pb mode default"],
         is_oper(pb=UP, br0=UP))
    step("a port goes down", ["link set pa down"],
         is_oper(pb=LOWER_LAYER_DOWN, br0=DOWN))
    step("a port joins a bridge", ["link set qb master br0"],
         lambda x: x.named("qb").above == number and x.oper("br0") == UP)
    step("the other port comes up", ["link set pa up"], is_oper(pb=UP))
    step("a macvlan joins a bridge", ["link set mv0 master br0"], has("mv0", above=number))
    step("and leaves it", ["link set mv0 nomaster"], has("mv0", above=None))


def check_carrier(course):
    """A tap device has a carrier while somebody has it open, and the speed it is given."""
    ends = []
    course.step("a tap device is opened", lambda: ends.append(scene.Tun("tap0")),
                is_oper(tap0=UP))
    course.step("a tap device is closed", lambda: ends.pop().close(), is_oper(tap0=DOWN))
    for name, speed in (("another speed", 2500), ("more than ifSpeed can tell", 400000),
                        ("no speed", 0)):
        course.step(name, lambda speed=speed: oracle.set_speed("tap0", speed),
                    has("tap0", speed=speed))


def check_lives(course):
    """Devices come and go, with other names and indexes, or the same."""
    step = course.step
    step("a device is deleted", ["link del mv0"], lambda x: not x.named("mv0"))
    step("and made again", ["link add mv0 link va type macvlan", "link set mv0 up"],
         is_oper(mv0=UP))
    for late in (False, True):
        number = course.look.named("mv0").ifindex
        step("frames arrive", lambda: scene.send("vb", scene.ALL_HOSTS, 9),
             lambda x: x.named("mv0").counters["in multicast"] >= 9)
        step("one in the place of another" + ", and nobody asks" * late,
             ["link del mv0", f"link add mv0 index {number} link va type macvlan",
              "link set mv0 up"], has("mv0", oper=UP, ifindex=number), ["mv0"], late)
    step("a pair", ["link add xa type veth peer xb"], has("xa", speed=10000))
    numbers = {x: course.look.named(x).ifindex for x in ("xa", "xb")}
    step("other kinds in the places of others", ["link del xa"] + [
        f"link add {x} index {i} type ifb" for x, i in numbers.items()],
         has("xa", speed=0, ifindex=numbers["xa"]), numbers)
    step("many at once", [f"link add {x} type veth peer name p{x}" for x in MANY],
         lambda x: x.named(f"p{MANY[-1]}"))
    step("many are gone at once", [f"link del {x}" for x in MANY],
         lambda x: not x.named(f"p{MANY[-1]}"))
    step("a whole stack is gone", ["link del vb"], lambda x: not x.named("mv0"))


def check_namespaces(course):
    """Devices move to another namespace and back, and reach into it."""
    there = Elsewhere()
    course.step("a device moves away", [f"link set tb netns {there.pid}"],
                lambda x: not x.named("tb"))
    course.step("one comes that is above it", lambda: there.batch(
        "link add far link tb type macvlan", f"link set far netns {os.getpid()}"),
        has("far", below=None))
    course.step("it comes back", lambda: there.batch(f"link set tb netns {os.getpid()}"),
                lambda x: x.named("tb"))
    there.close()


def check_counters(tap, hosts):
    """Every counter there is moves, and those of lo beyond 32 bits."""
    before = oracle.Look()
    tap_end, tun_end = scene.Tun("tap0"), scene.Tun("tun0")
    batch("link set tap0 up")
    oracle.at_rest(until=is_oper(tap0=UP))
    scene.flood_lo(WRAP)
    va, mv0 = (before.named(x).address for x in ("va", "mv0"))
    for destination in (va, mv0, scene.ALL_HOSTS):
        scene.send("vb", destination, 20)
    scene.send("vx1", va, 5)
    scene.send_congested(before.named("vx1").address, 8)
    tun_end.write(b"not IP")
    scene.send("tap0", scene.ALL_HOSTS, 1200)       # more than wait to be read
    look = oracle.at_rest()
    moved = {name for i, x in look.links.items() for name, count in x.counters.items()
             if count != before.links[i].counters[name]}
    tap.equal(moved, set(oracle.COUNTERS), "every counter has moved")
    tap.ok(look.named("lo").counters["in octets"] > WRAP, "one beyond 32 bits")
    for host, (lines, _) in oracle.settled(hosts, look, SOON).items():
        tap.ok(not lines, f"{host.kind}: the counters are what ip shows", *lines)
    for end in (tap_end, tun_end):
        end.close()
    oracle.at_rest(until=is_oper(tap0=DOWN, tun0=DOWN))


def check_beginning(tap, hosts, look):
    """What was there before the agent: no time is known."""
    for host, (lines, found) in oracle.settled(hosts, look, SOON).items():
        tap.ok(not lines, f"{host.kind}: at first all is what ip shows", *lines)
        times = oracle.times_of(found)
        tap.equal(times, dict.fromkeys(times, 0),
                  f"{host.kind}: and all times are before the agent's")


def check_patient(tap, script):
    """Changes are seen at once also where readings may be a minute old."""
    host = agents.start_standalone(script, PATIENT, "patient", 1164).wait_ready()
    for name, lines, until in (
            ("a new name", ["link set qa name qc"], lambda x: x.named("qc")),
            ("down", ["link set qc down"], is_oper(qc=DOWN, qb=LOWER_LAYER_DOWN)),
            ("another MTU", ["link set qc mtu 1300"], has("qc", mtu=1300)),
            ("gone", ["link del qc"], lambda x: not x.named("qc"))):
        oracle.walk(host)
        batch(*lines)
        wrong, _, _ = at_once(host, oracle.at_rest(until=until))
        tap.ok(not wrong, f"netmibMaxAge links 60: {name}: the first request knows", *wrong)
    host.daemon.stop()


def main(script):
    tap = script.tap
    look = scene.make()
    hosts = agents.start_all(script, without=MODULES)
    check_beginning(tap, hosts, look)
    check_counters(tap, hosts)
    course = Course(tap, hosts)
    for check in (check_states, check_attributes, check_bridge, check_carrier,
                  check_namespaces, check_lives):
        begin = time.monotonic()
        check(course)
        tap.note(f"{check.__name__}: {time.monotonic() - begin:.1f} s")
    tap.most_at_once()
    check_patient(tap, script)


if __name__ == "__main__":
    test_main(main, (*agents.PROGRAMS, "bridge", "nsenter", "unshare"), (peer.need_tun,))
