#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""linkUp and linkDown from each of the three hosts: at once, once, of the right devices."""

import fcntl
import json
import os
import signal
import struct
import time

import agents
import peer
from harness import run, test_main, wait_for
from trapd import (IF_ENTRY, LOWER_LAYER_DOWN, SYS_UPTIME, UP, Marks, Trapd, came_up,
                   indexes, ip, make, same, set_up, settled, sink_line, status_oids,
                   went_down)

PROMPT = 0.2                # seconds from a change until it is told
TRIES = 3                   # to measure that on a machine that does other things, too
KERNEL = 5.0                # seconds the kernel may take for a carrier; it takes one
FRESH = 10.0                # seconds until a GET sees what was changed, at the most
MODULES = agents.TCP_MODULES + ("ifTable", "ifXTable")      # snmpd's own
IFX_ENTRY = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
TRAP_ENABLE, ALIAS = 14, 18
ENABLED, DISABLED = 1, 2
FLAPS = 100
FLAP_SOON, FLAP_MAX = 5.0, 12   # in so many seconds not more than so many
FLAP_END = 7.0                  # seconds until the final state is told
TUNSETIFF, TUNSETCARRIER = 0x400454CA, 0x400454E2
IFF_TAP, IFF_NO_PI = 2, 0x1000
FLAPPING = r"^flap\d goes up and down too often: "
LOG = [FLAPPING, r"^flap\d is calm again, \d+ changes were not told",
       r"^reading the configuration again", r"^Reconfiguring daemon",
       r"^duplicate registration: MIB modules ipAddressTable and ipAddressTable"]


class World:
    """Hosts, and for each host a snmptrapd that it sends its notifications to."""

    def __init__(self, script, hosts, sinks):
        self.script, self.tap = script, script.tap
        self.hosts, self.sinks = hosts, sinks
        self.marks = Marks(sinks)
        for host in hosts:
            host.wait_ready()

    def told(self, want, what, ordered=True):
        """Each sink was told exactly this since the last call."""
        for host, sink, got in zip(self.hosts, self.sinks, self.marks.collect()):
            got = settled(got)
            if not ordered and None not in got:
                got, want = sorted(got), sorted(want)
            same(self.tap, f"{host.kind}: {what}", got, want)
            self.tap.ok(not sink.strange, f"{host.kind}: {what}: nothing odd arrived",
                        *sink.strange)
            sink.strange.clear()

    def says(self, want, what):
        """A GET of these OIDs gives these values on each host, if not at once then when it
        has come to read them."""
        def got(host):
            try:
                return {x: agents.as_number(y) for x, y in host.get(*want)}
            except RuntimeError as error:   # one that is busy with its configuration
                return {None: error}
        for host in self.hosts:
            wait_for(lambda host=host: got(host) == want, FRESH)
            self.tap.equal(got(host), want, f"{host.kind}: {what}")

    def wait(self, notice):
        """Waits until all sinks were told of what the kernel takes its time for."""
        for sink in self.sinks:
            sink.wait(notice, sink.taken, KERNEL)


def start(script):
    """The three hosts side by side."""
    sinks = [Trapd(script, f"trapd-{kind}", port + 1000)
             for kind, port in agents.PORTS.items()]
    to = [sink_line(x) for x in sinks]
    hosts = [agents.start_standalone(script, to[0]),
             agents.start_agentx(script, "", MODULES, to[1]),
             agents.start_plugin(script, to[2], MODULES)]
    for host in hosts:
        process_of(host).allow(*LOG)
    return World(script, hosts, sinks)


def process_of(host):
    """The process that netmib is in."""
    return host.daemon or host.snmpd


def change_timed(world, name, ifindex, up):
    """Sets it up or down. Returns the seconds until each host told, and what is wrong with
    a GET that follows at once."""
    notice = came_up(ifindex) if up else went_down(ifindex)
    oids, took, wrong = [*status_oids(ifindex), SYS_UPTIME], [], []
    since = [len(x.arrivals) for x in world.sinks]
    for host in world.hosts:    # so that each has a reading that is not old
        host.get(*oids)
    begin = time.monotonic()
    set_up(name, up)
    for host, sink, first in zip(world.hosts, world.sinks, since):
        arrival = sink.wait(notice, first)
        got = [x.text for _, x in host.get(*oids)]
        took.append(arrival.time - begin if arrival else float("inf"))
        if got[:2] != [str(notice.admin), str(notice.oper)]:
            wrong.append(f"{host.kind}: GET says {got}, not {notice}")
        now = int(got[2].partition(")")[0].strip("("))
        if arrival and not now - 1000 <= arrival.uptime <= now:
            wrong.append(f"{host.kind}: sysUpTime {arrival.uptime}, GET says {now}")
    return took, wrong


def check_prompt(world):
    """Each is told at once; a manager that asks then sees what it was told."""
    tap, want = world.tap, []
    ifindex, = make("ifb", "prompt")
    for up, what in ((True, "linkUp"), (False, "linkDown")):
        for attempt in range(TRIES):
            if attempt:
                change_timed(world, "prompt", ifindex, not up)
                want.append(went_down(ifindex) if up else came_up(ifindex))
            took, wrong = change_timed(world, "prompt", ifindex, up)
            want.append(came_up(ifindex) if up else went_down(ifindex))
            tap.note(f"{what} after {', '.join(f'{x * 1000:.1f}' for x in took)} ms")
            tap.note(wrong or "and a GET says the same")
            if max(took) <= PROMPT and not wrong:
                break
        for host, seconds in zip(world.hosts, took):
            tap.ok(seconds <= PROMPT, f"{host.kind}: {what} within {PROMPT} s", seconds)
        tap.ok(not wrong, f"a GET right after a {what} says the same", *wrong)
    world.told(want, "a device going up and down is told each time once, with ifIndex, "
               "ifAdminStatus and ifOperStatus")


def check_veth(world):
    """lowerLayerDown(7) is not down(2): RFC 2863, 3.1.12."""
    ip("link add near type veth peer name far")
    near, far = indexes("near", "far")
    world.told([], "devices that were made are not told of until they come up")
    ip("link set far up")
    world.told([came_up(far, LOWER_LAYER_DOWN)],
               "linkUp of one end of a veth pair, lowerLayerDown(7)")
    set_up("near", True)
    world.told([came_up(near)], "linkUp of the other end; that its peer leaves "
               "lowerLayerDown is not told")
    set_up("far", False)
    world.told([went_down(far)], "one end goes down: the other has no carrier, and that is "
               "not told")
    world.says({IF_ENTRY + (8, near): LOWER_LAYER_DOWN}, "it is lowerLayerDown(7)")
    ip("link set near down", "link set near up")
    world.told([went_down(near), came_up(near, LOWER_LAYER_DOWN)],
               "down(2) from lowerLayerDown(7), and back, is told")
    set_up("far", True)
    world.told([came_up(far)], "the first end comes up: told once")


def check_silent(world):
    """What changes no state is not told."""
    ip("link add still type veth peer name stillfar", "link set stillfar up",
       "link add above type bridge")
    set_up("still", True)
    world.marks.collect()
    ip("link set still mtu 1400", "link set still alias another", "link set still txqlen 9",
       "link set still promisc on", "link set still group 5",
       "link set still address 02:00:00:00:00:07", "addr add 192.0.2.1/24 dev still",
       "link set still master above", "link set still nomaster",
       "link set still promisc off", "link set still multicast off",
       "link set still name other", "link set other name still", "link del above")
    world.told([], "MTU, alias, address, queue, group, flags, a bridge above, another "
               "name: none is told")
    index, = indexes("still")
    world.says({IFX_ENTRY + (ALIAS, index): '"another"'}, "it has seen them")
    ip("link set still name renamed")
    set_up("renamed", False)
    world.told([went_down(index)], "a device with another name is told of")


def check_deleted(world):
    """A device that was up is told of when it goes."""
    up, _ = make("ifb", "goes", "gone")
    set_up("goes", True)
    world.told([came_up(up)], "linkUp")
    ip("link del goes")
    world.told([went_down(up)], "a device that goes while it is up: one linkDown")
    ip("link del gone")
    world.told([], "a device that goes while it is down: none")
    ip("link add pair0 type veth peer name pair1", "link set pair0 up")
    first, second = indexes("pair0", "pair1")
    world.told([came_up(first, LOWER_LAYER_DOWN)], "linkUp of one of a pair")
    set_up("pair1", True)
    world.told([came_up(second)], "linkUp of the other one")
    ip("link del pair0")
    world.told([went_down(first), went_down(second)], "a pair that goes: one linkDown each",
               ordered=False)
    ip("link add born up type ifb")
    born, = indexes("born")
    world.told([came_up(born)], "a device that is made and up in one: one linkUp")


def check_default(world):
    """ifLinkUpDownTrapEnable is disabled where something is below."""
    ip("link add low type veth peer name lowfar", "link set lowfar up", "link set low up",
       "link add high link low type macvlan", "link add bridge type bridge",
       "link add port type ifb")
    low, high, bridge, port = indexes("low", "high", "bridge", "port")
    world.marks.collect()
    set_up("bridge", True)
    world.told([came_up(bridge)], "a bridge without ports is told of")
    ip("link set port master bridge")
    world.says(enabled({low: ENABLED, port: ENABLED, high: DISABLED, bridge: DISABLED}),
               "ifLinkUpDownTrapEnable of a veth, a port, a macvlan, a bridge")
    for up in (False, True):
        set_up("high", not up)
        set_up("bridge", up)
    world.told([], "neither a macvlan nor a bridge with ports is told of")
    set_up("low", False)
    set_up("port", True)
    world.told([went_down(low), came_up(port)], "what is below them is")
    ip("link set port nomaster")
    world.says(enabled({bridge: ENABLED}), "a bridge whose last port has left: enabled")
    ip("link del bridge", "link del low", "link del port")
    world.marks.collect()


def enabled(values):
    """ifLinkUpDownTrapEnable of interfaces as OIDs and values; None is no such instance."""
    return {IFX_ENTRY + (TRAP_ENABLE, x): agents.NONE[0] if y is None else y
            for x, y in values.items()}


def configure(world, text, values):
    """Each host reads its configuration again, with these lines added, and has it in force
    when ifLinkUpDownTrapEnable is as in `values`."""
    for name, host in zip(("standalone.conf", "subagent.conf", "plugin.conf"), world.hosts):
        path = world.script.path(name)
        with open(path, encoding="utf-8") as file:
            base = file.read().partition("# again\n")[0]
        world.script.write(name, f"{base}# again\n{text}")
        process_of(host).send(signal.SIGHUP)
    world.says(enabled(values), "ifLinkUpDownTrapEnable after SIGHUP with "
               + ", ".join(text.splitlines()))


def cycle(*names):
    """Each of these devices down and up."""
    for name in names:
        set_up(name, False)
        set_up(name, True)


def check_configured(world):
    """netmibLinkNotify and netmibInterface, and SIGHUP, on all hosts."""
    ip("link add con0 type ifb", "link set con0 up", "link add con1 type ifb",
       "link set con1 up", "link add exc0 type ifb", "link set exc0 up",
       "link add con2 link exc0 type macvlan", "link set con2 up")
    con0, con1, exc0, con2 = indexes("con0", "con1", "exc0", "con2")
    world.marks.collect()
    cycled = {x: [went_down(x), came_up(x)] for x in (con0, con1, exc0, con2)}
    configure(world, "netmibLinkNotify no\n", dict.fromkeys(cycled, DISABLED))
    cycle("con0", "exc0", "con2")
    world.says({IF_ENTRY + (8, x): UP for x in (con0, exc0, con2)}, "up again")
    configure(world, "netmibLinkNotify con[02] mark*\n",
              {con0: ENABLED, con1: DISABLED, exc0: DISABLED, con2: ENABLED})
    world.told([], "netmibLinkNotify no: none")
    cycle("con0", "con1", "con2")
    world.told(cycled[con0] + cycled[con2], "netmibLinkNotify with patterns: those that "
               "match, with something below or without")
    configure(world, "netmibLinkNotify yes\nnetmibInterface exclude exc* con1\n",
              {con0: ENABLED, con1: None, exc0: None, con2: ENABLED})
    world.marks.collect()
    cycle("con1", "con2", "con0")
    world.told(cycled[con2] + cycled[con0], "netmibInterface exclude: none of these")
    configure(world, "netmibInterface include con0 exc* mark*\n",
              {con0: ENABLED, con1: None, exc0: ENABLED, con2: None})
    world.marks.collect()
    cycle("con0", "con1")
    world.told(cycled[con0], "netmibInterface include: these alone")
    configure(world, "netmibLinkNotify yes\n", dict.fromkeys(cycled, ENABLED))
    world.marks.collect()
    cycle("con1", "con2")
    world.told(cycled[con1] + cycled[con2], "netmibLinkNotify yes: all")


def check_bridge(world):
    """A bridge goes as its ports go. All are told of: netmibLinkNotify yes."""
    bridge, = make("bridge", "bridge")
    port, = make("ifb", "port")
    ip("link set port master bridge", "link set port up", "link set bridge up")
    world.wait(came_up(bridge))
    world.told([came_up(port), came_up(bridge)], "linkUp of a bridge and its port")
    set_up("port", False)
    world.wait(went_down(bridge, UP))
    world.told([went_down(port), went_down(bridge, UP)],
               "a bridge whose last port goes down has a linkDown, ifAdminStatus up(1)")
    set_up("port", True)
    world.wait(came_up(bridge))
    world.told([came_up(port), came_up(bridge)], "and a linkUp when that comes back")


def operstate(name):
    """What the kernel says. It looks at the carrier only then, when asked for it alone."""
    links = json.loads(run("ip", "-j", "link").stdout)
    return next(x["operstate"] for x in links if x["ifname"] == name)


def check_tap(world):
    """A tap has a carrier while somebody has it open, and as that one says."""
    # the kernel looks at carriers once a second: before, the second one is UNKNOWN
    ip("tuntap add tap0 mode tap", "tuntap add tap mode tap")
    index, = indexes("tap")
    set_up("tap", True)
    wait_for(lambda: operstate("tap") == "DOWN", KERNEL)
    world.told([], "a tap that nobody has open comes up: down(2) it stays")
    tap = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"tap", IFF_TAP | IFF_NO_PI))
    for carrier, notice in ((None, came_up(index)), (0, went_down(index, UP)),
                            (1, came_up(index))):
        if carrier is not None:
            fcntl.ioctl(tap, TUNSETCARRIER, struct.pack("i", carrier))
        world.wait(notice)
        world.told([notice], "a tap " + {None: "is opened: linkUp", 0: "loses its carrier: "
                   "linkDown, ifAdminStatus up(1)", 1: "has it again: linkUp"}[carrier])
    os.close(tap)
    world.wait(went_down(index, UP))
    world.told([went_down(index, UP)], "a tap is closed: linkDown")


def check_sinks(script):
    """A configuration from the start, and sinks of every kind, standalone."""
    sinks = [Trapd(script, f"trapd-{x}", 2171 + x) for x in range(3)]
    tokens = ("trap2sink", "trapsink", "informsink")
    host = agents.start_standalone(
        script, "netmibLinkNotify sin* mark*\nnetmibInterface exclude *2\n"
        + "".join(map(sink_line, sinks, tokens)), "sinks", 1171)
    sin0, _, _ = make("ifb", "sin0", "exc2", "sin2")
    unnamed, = make("ifb", "unnamed")
    world = World(script, [host] * 3, sinks)
    for up in (True, False):
        for name in ("sin0", "exc2", "sin2", "unnamed"):
            set_up(name, up)
    marked = world.marks.collect()
    for token, got in zip(tokens, marked):
        same(world.tap, f"{token}: those that netmibLinkNotify and netmibInterface of the "
             "first configuration name", got, [came_up(sin0), went_down(sin0)])
    world.tap.ok(not any(x.strange for x in sinks), "nothing odd arrived",
                 *(x.strange for x in sinks))
    world.tap.equal([x.kinds for x in sinks], [{"TRAP2"}, {"TRAP"}, {"INFORM"}],
                    "each in its own kind of message")
    World(script, [host], sinks[:1]).says(
        enabled({unnamed: DISABLED}), "ifLinkUpDownTrapEnable of one that is not named")
    host.daemon.stop()


def check_flapping(world):
    """A device that goes up and down again and again is told of now and then."""
    final = {"flap0": False, "flap1": True, "flap2": False}
    ip("link add flap0 type ifb", "link add flap1 type ifb",
       "link add flap2 type veth peer name farflap", "link set farflap up")
    for name in final:
        set_up(name, True)
    world.marks.collect()
    begin = time.monotonic()
    for name, up in final.items():
        for _ in range(FLAPS):
            cycle(name)
        set_up(name, up)
    end = time.monotonic()
    world.tap.note(f"{FLAPS} times down and up in {(end - begin) / len(final):.2f} s")
    for host, sink in zip(world.hosts, world.sinks):
        for ifindex, (name, up) in zip(indexes(*final), final.items()):
            check_flapped(world.tap, host, sink, (name, ifindex, up), (begin, end))


def check_flapped(tap, host, sink, device, times):
    """One of these devices at one host."""
    (name, ifindex, up), (begin, end) = device, times
    last = came_up(ifindex) if up else went_down(ifindex)
    told = wait_for(lambda: sink.notices(ifindex)[-1] == last,
                    end + FLAP_END - time.monotonic())
    arrivals = [x for x in sink.arrivals if x.notice.ifindex == ifindex]
    tap.ok(told, f"{host.kind}: {name}: the state it ends in is told", *arrivals)
    early = [x for x in arrivals if x.time < begin + FLAP_SOON]
    tap.ok(len(early) <= FLAP_MAX, f"{host.kind}: {name}: few are told", *early)
    tap.ok(all(x.notice.up != y.notice.up for x, y in zip(arrivals, arrivals[1:])),
           f"{host.kind}: {name}: down and up in turn", *arrivals)
    wait_for(lambda: process_of(host).lines(f"^{name} goes"))
    tap.equal(len(process_of(host).lines(f"^{name} ")), 1,
              f"{host.kind}: {name}: one log line when that begins")


def main(script):
    check_sinks(script)
    world = start(script)
    for check in (check_prompt, check_veth, check_silent, check_deleted, check_default,
                  check_configured, check_bridge, check_tap, check_flapping):
        check(world)


if __name__ == "__main__":
    test_main(main, (*agents.PROGRAMS, "snmptrapd"), (peer.need_tun,))
