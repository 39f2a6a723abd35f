#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A real snmptrapd, and the linkUp and linkDown that arrive at it, each with its time."""

import fcntl
import itertools
import os
import re
import socket
import struct
import threading
import time
from collections import namedtuple

from agents import SYS_UPTIME, Value, undotted
from harness import run, wait_for

SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
UP, DOWN, UNKNOWN, LOWER_LAYER_DOWN = 1, 2, 4, 7    # ifAdminStatus, ifOperStatus

TRAP_OID = (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
ENTERPRISE = (1, 3, 6, 1, 6, 3, 1, 1, 4, 3, 0)      # net-snmp may append it
IF_ENTRY = (1, 3, 6, 1, 2, 1, 2, 2, 1)
COLUMNS = (1, 7, 8)                         # ifIndex, ifAdminStatus, ifOperStatus
LINK_TRAPS = {(1, 3, 6, 1, 6, 3, 1, 1, 5, 3): False, (1, 3, 6, 1, 6, 3, 1, 1, 5, 4): True}
GENERIC = {2: False, 3: True}               # linkDown and linkUp of SNMPv1
CONFIG = "disableAuthorization yes\n"
FORMAT = r"netmib %P|%w|%v\n"
LINE = re.compile(r"netmib (TRAP2?|INFORM), SNMP v(\S+), community public\|(\d+)\|(.*)")
NEWS = r"NET-SNMP version|^Stopping snmptrapd"      # its other lines
LIMIT = 10.0                                # seconds until what is due must be there

Notice = namedtuple("Notice", "up ifindex admin oper")
Arrival = namedtuple("Arrival", "time uptime notice")   # uptime in ticks, None in SNMPv1


def went_down(ifindex, admin=DOWN):
    return Notice(False, ifindex, admin, DOWN)


def came_up(ifindex, oper=UP):
    return Notice(True, ifindex, UP, oper)


def ip(*lines):
    """Runs `ip` on these lines, all of which must succeed."""
    run("ip", "-batch", "-", input="\n".join(lines) + "\n")


def indexes(*names):
    return [socket.if_nametoindex(x) for x in names]


def make(kind, *names):
    """New devices of a kind that needs no more words; their ifIndex in a list."""
    ip(*(f"link add {x} type {kind}" for x in names))
    return indexes(*names)


def set_up(name, up):
    """`ip link set NAME up` or down, without the time that a process takes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack("16sH22x", name.encode(), 0)
        flags = struct.unpack_from("H", fcntl.ioctl(sock, SIOCGIFFLAGS, request), 16)[0]
        flags = flags | IFF_UP if up else flags & ~IFF_UP
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sH22x", name.encode(), flags))


def _varbinds(text):
    found = []
    for part in text.split("\t"):
        name, _, value = part.partition(" = ")
        kind, _, value = value.partition(": ")
        found.append((undotted(name), Value(kind, value)))
    return found


def _head(version, generic, varbinds):
    """What precedes the interface's own varbinds: (linkUp?, sysUpTime, the others)."""
    if version == "1":
        return GENERIC[generic], None, varbinds
    (uptime_name, uptime), (trap_name, trap), *rest = varbinds
    if (uptime_name, uptime.type, trap_name, trap.type) != (SYS_UPTIME, "Timeticks",
                                                           TRAP_OID, "OID"):
        raise ValueError("does not begin with sysUpTime.0 and snmpTrapOID.0")
    return (LINK_TRAPS[undotted(trap.text)],
            int(re.match(r"\((\d+)\)", uptime.text)[1]), rest)


def read_link(version, generic, varbinds):
    """(sysUpTime, Notice) of a linkUp or linkDown; ValueError if it is not exactly one."""
    up, uptime, rest = _head(version, generic, varbinds)
    if rest and rest[-1][0] == ENTERPRISE:
        rest = rest[:-1]
    ifindex = rest[0][0][-1]
    names = [x for x, _ in rest]
    if names != [IF_ENTRY + (x, ifindex) for x in COLUMNS]:
        raise ValueError(f"other varbinds, or another order: {names}")
    if {x.type for _, x in rest} != {"INTEGER"} or int(rest[0][1].text) != ifindex:
        raise ValueError("other types, or another ifIndex")
    return uptime, Notice(up, ifindex, *(int(x.text) for _, x in rest[1:]))


def is_link(version, generic, varbinds):
    """Whether it wants to be a linkUp or linkDown; coldStart and the like do not."""
    if version == "1":
        return generic in GENERIC
    return any(oid == TRAP_OID and undotted(value.text) in LINK_TRAPS
               for oid, value in varbinds)


class Trapd:
    """snmptrapd at a port. What it prints is read, and timed, the moment it does so."""

    def __init__(self, script, name, port):
        self.arrivals = []      # linkUp and linkDown, as they come
        self.kinds = set()      # of PDUs: TRAP, TRAP2, INFORM
        self.strange = []       # lines that should not be
        self.taken = 0
        self.address = f"127.0.0.1:{port}"
        path = script.path(f"{name}.pipe")
        os.mkfifo(path)
        # both ends, so that neither has to wait for the other
        self.pipe = os.fdopen(os.open(path, os.O_RDWR), encoding="utf-8", errors="replace")
        threading.Thread(target=self._read, daemon=True).start()
        self.process = script.start(name, [
            "snmptrapd", "-f", "-n", "-X", "-Lf", path, "-C", "-c",
            script.write(f"{name}.conf", CONFIG), "-On", "-Oe", "-F", FORMAT,
            f"udp:{self.address}"])
        wait_for(lambda: self._listens(port) or not self.process.running())

    @staticmethod
    def _listens(port):
        with open("/proc/thread-self/net/udp", encoding="ascii") as file:
            return f":{port:04X} " in file.read()

    def _read(self):
        for line in self.pipe:
            now = time.monotonic()
            try:
                self._take(now, line.rstrip("\n"))
            except (ValueError, KeyError, IndexError, TypeError) as error:
                self.strange.append(f"{line.strip()}: {error!r}")

    def _take(self, now, line):
        match = LINE.match(line)
        if not match:
            if line and not re.search(NEWS, line):
                raise ValueError("unexpected")
            return
        varbinds = _varbinds(match[4])
        if is_link(match[2], int(match[3]), varbinds):
            self.kinds.add(match[1])
            self.arrivals.append(
                Arrival(now, *read_link(match[2], int(match[3]), varbinds)))

    def notices(self, *ifindexes):
        """All that came, of these interfaces if any is named."""
        return [x.notice for x in list(self.arrivals)
                if not ifindexes or x.notice.ifindex in ifindexes]

    def wait(self, notice, since=0, timeout=LIMIT):
        """The arrival of this notice behind the first `since` ones; None in vain."""
        def find():
            return next((x for x in self.arrivals[since:] if x.notice == notice), None)
        return wait_for(find, timeout, 0.003)

    def take(self, mark, marks):
        """The notices since the last call up to that of this mark, without any of marks;
        [None] if this one never came."""
        if not wait_for(lambda: self.notices(mark), LIMIT / 2):
            return [None]
        begin, new = self.taken, self.notices()
        self.taken = 1 + next(i for i, x in enumerate(new) if x.ifindex == mark)
        return [x for x in new[begin:self.taken] if x.ifindex not in marks]


class Marks:
    """Devices whose linkUp says: whatever was due before has been told by now.

    The linkUp of a device without a carrier is the last of all, since it waits for one.
    """

    numbers = itertools.count()

    def __init__(self, sinks):
        self.sinks = sinks
        self.made = set()

    def _make(self):
        name = f"mark{next(self.numbers)}"
        ip(f"link add {name} type veth peer name {name}far", f"link set {name} up")
        mark = socket.if_nametoindex(name)
        self.made.add(mark)
        return mark

    def collect(self):
        """What each sink was told since the last call.

        An agent that has just read its configuration again may find the first mark where
        it is, and not tell of it. It tells of the second one.
        """
        for _ in range(2):
            mark = self._make()
            got = [sink.take(mark, self.made) for sink in self.sinks]
            if [None] not in got:
                break
        return got


def settled(notices):
    """The same, but unknown(4) as lowerLayerDown(7): the kernel may say UNKNOWN of a veth
    whose peer is down for a while, before it has looked."""
    return [x._replace(oper=LOWER_LAYER_DOWN) if x and x.up and x.oper == UNKNOWN else x
            for x in notices]


def lines(notices):
    """Notices as text, for diagnostics."""
    return [f"{'linkUp' if x.up else 'linkDown'} of {x.ifindex}, ifAdminStatus {x.admin}, "
            f"ifOperStatus {x.oper}" if x else "nothing, not even the mark"
            for x in notices]


def same(tap, name, got, want):
    """One test: these were told, and no others."""
    return tap.ok(got == want, name, "told:", *lines(got), "due:", *lines(want))


def sink_line(trapd, token="trap2sink"):
    """The configuration line that makes it somebody's sink."""
    return f"{token} {trapd.address} public\n"


def status_oids(ifindex):
    """ifAdminStatus and ifOperStatus of an interface."""
    return [IF_ENTRY + (x, ifindex) for x in COLUMNS[1:]]
