#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the tables of IF-MIB should hold, told by `ip`, `bridge` and ethtool's ioctl."""

import array
import fcntl
import json
import re
import socket
import struct
import time
from collections import namedtuple

from agents import SYS_UPTIME
from harness import run, wait_for

INTERFACES = (1, 3, 6, 1, 2, 1, 2)
IF_NUMBER = INTERFACES + (1, 0)
IF_TABLE = INTERFACES + (2,)
IF_MIB = (1, 3, 6, 1, 2, 1, 31)
IFX_TABLE = IF_MIB + (1, 1)
STACK_TABLE = IF_MIB + (1, 2)
RCV_TABLE = IF_MIB + (1, 4)
TABLE_CHANGE = IF_MIB + (1, 5, 0)       # ifTableLastChange
STACK_CHANGE = IF_MIB + (1, 6, 0)       # ifStackLastChange
TABLES = {"ifTable": IF_TABLE, "ifXTable": IFX_TABLE, "ifStackTable": STACK_TABLE,
          "ifRcvAddressTable": RCV_TABLE}
# the columns of times: ifLastChange and ifCounterDiscontinuityTime
TIMES = {"change": (IF_TABLE, 9), "discontinuity": (IFX_TABLE, 19)}

# columns of ifXTable for which none of the drivers here has a counter
HOLES = (3, 4, 5, 9, 12, 13)
# ifTable's and ifXTable's 32-bit column of a counter, and ifXTable's with 64 bits
COUNTERS = {"in octets": (10, None, 6), "in ucast": (11, None, 7),
            "in multicast": (12, 2, 8), "in discards": (13, None, None),
            "in errors": (14, None, None), "out octets": (16, None, 10),
            "out ucast": (17, None, 11), "out discards": (19, None, None),
            "out errors": (20, None, None)}

UP, DOWN, TESTING, UNKNOWN, DORMANT, NOT_PRESENT, LOWER_LAYER_DOWN = range(1, 8)
STATES = {"UP": UP, "DOWN": DOWN, "TESTING": TESTING, "DORMANT": DORMANT,
          "NOTPRESENT": NOT_PRESENT, "LOWERLAYERDOWN": LOWER_LAYER_DOWN}
# IANAifType by the kind of a device, else by its hardware
KINDS = {"bridge": 209, "ifb": 53, "vxlan": 131}
HARDWARE = {"ether": 6, "loopback": 24, "none": 131}
LAYERED = ("macvlan", "macvtap")
ACTIVE, VOLATILE, TRUE, FALSE, ENABLED, DISABLED = 1, 2, 1, 2, 1, 2
ALIAS_MAX = 64
GAUGE_MAX = 0xFFFFFFFF
LOW_HALF = 0xFFFFFFFF

NO_SPEED = 0xFFFFFFFF
SIOCETHTOOL, ETHTOOL_GSET, ETHTOOL_SSET = 0x8946, 1, 2
# struct ethtool_cmd: command, supported, advertising, speed, six octets, maxtxpkt,
# maxrxpkt, speed_hi, two octets, lp_advertising, reserved
ETHTOOL_CMD = struct.Struct("=IIIH6BIIHBBI2I")
ETHTOOL_FIELDS, SPEED, SPEED_HIGH = 18, 3, 12

# below and above: ifindexes of devices in this namespace, or None; counters: {name: count}
Link = namedtuple("Link", "ifindex name type mtu speed address broadcast admin oper "
                          "promiscuous connector alias below above counters")


def _ethtool(name, fields):
    """SIOCETHTOOL with a struct ethtool_cmd; its fields after that, or None."""
    command = array.array("B", ETHTOOL_CMD.pack(*fields))
    request = struct.pack("16sP16x", name.encode(), command.buffer_info()[0])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            fcntl.ioctl(sock, SIOCETHTOOL, request)
        except OSError:
            return None
    return list(ETHTOOL_CMD.unpack(command.tobytes()))


def _settings(name):
    return _ethtool(name, [ETHTOOL_GSET] + [0] * (ETHTOOL_FIELDS - 1))


def speed_of(name):
    """What the driver says, in Mb/s; 0 when it says nothing."""
    fields = _settings(name)
    speed = fields[SPEED] | fields[SPEED_HIGH] << 16 if fields else 0
    return 0 if speed in (0xFFFF, NO_SPEED) else speed


def set_speed(name, speed):
    """Sets the speed of a device whose driver lets one, in Mb/s; 0: it is not known."""
    fields = _settings(name)
    speed = speed or NO_SPEED
    fields[0], fields[SPEED], fields[SPEED_HIGH] = ETHTOOL_SSET, speed & 0xFFFF, speed >> 16
    if not _ethtool(name, fields):
        raise RuntimeError(f"{name} takes no speed of {speed} Mb/s")


def _octets(text):
    return bytes.fromhex(text.replace(":", "")) if text else b""


def _cut(text):
    """As much of an alias as fits, without a part of a character."""
    return text.encode()[:ALIAS_MAX].decode(errors="ignore").encode()


def _oper(entry):
    if entry["operstate"] in STATES:
        return STATES[entry["operstate"]]
    if "UP" not in entry["flags"]:
        return DOWN
    return UP if "LOWER_UP" in entry["flags"] else UNKNOWN


def _below(entry, kind, by_name):
    """What a device runs on top of: never the peer of a veth."""
    if kind == "vxlan":
        name = entry["linkinfo"].get("info_data", {}).get("link")
    else:
        name = entry.get("link") if kind in LAYERED else None
    return by_name.get(name)


def _counters(stats):
    received, sent = stats["rx"], stats["tx"]
    return {"in octets": received["bytes"],
            "in ucast": received["packets"] - received["multicast"],
            "in multicast": received["multicast"],
            "in discards": received["dropped"] + received["missed_errors"],
            "in errors": received["errors"], "out octets": sent["bytes"],
            "out ucast": sent["packets"], "out discards": sent["dropped"],
            "out errors": sent["errors"]}


def _link(entry, by_name):
    kind = entry.get("linkinfo", {}).get("info_kind")
    return Link(
        ifindex=entry["ifindex"], name=entry["ifname"].encode(),
        type=KINDS.get(kind, HARDWARE[entry["link_type"]]), mtu=entry["mtu"],
        speed=speed_of(entry["ifname"]),
        address=b"" if entry["link_type"] == "loopback" else _octets(entry.get("address")),
        broadcast=_octets(entry.get("broadcast")) if "BROADCAST" in entry["flags"] else b"",
        admin=UP if "UP" in entry["flags"] else DOWN, oper=_oper(entry),
        promiscuous=entry["promiscuity"] > 0, connector="parentdev" in entry,
        alias=_cut(entry.get("ifalias", "")), below=_below(entry, kind, by_name),
        above=by_name.get(entry.get("master")), counters=_counters(entry["stats64"]))


def _multicast():
    """{(ifindex, address)} of the groups that devices listen to."""
    with open("/proc/self/net/dev_mcast", encoding="ascii") as file:
        words = [line.split() for line in file]
    return {(int(x[0]), bytes.fromhex(x[4])) for x in words}


def _further(by_name):
    """{(ifindex, address)} of what devices take frames for beside their own address."""
    return {(by_name[x["ifname"]], _octets(x["mac"]))
            for x in json.loads(run("bridge", "-j", "fdb").stdout or "[]")
            if x["flags"] == ["self"] and x["state"] == "permanent"
            and "dst" not in x and "master" not in x and not _octets(x["mac"])[0] & 1}


class Look:
    """The devices of this namespace at one moment; of those only what is `shown`."""

    def __init__(self, shown=lambda name: True):
        entries = json.loads(run("ip", "-j", "-d", "-s", "-s", "link").stdout)
        by_name = {x["ifname"]: x["ifindex"] for x in entries}
        links = [_link(x, by_name) for x in entries if shown(x["ifname"])]
        self.links = {x.ifindex: x for x in links}
        self._addresses = {x for x in _multicast() | _further(by_name)
                           if x[0] in self.links}

    def named(self, name):
        """The device of this name, or None."""
        return next((x for x in self.links.values() if x.name == name.encode()), None)

    def oper(self, name):
        link = self.named(name)
        return link and link.oper

    def relations(self):
        """{(higher, lower)} of those that are both shown."""
        found = {(x.above, i) for i, x in self.links.items()}
        found |= {(i, x.below) for i, x in self.links.items()}
        return {x for x in found if x[0] in self.links and x[1] in self.links}

    def stack(self):
        """{(higher, lower)} of ifStackTable, with 0 above and below the outermost."""
        found = self.relations()
        above, below = {x for _, x in found}, {x for x, _ in found}
        return (found | {(0, x) for x in self.links if x not in above}
                | {(x, 0) for x in self.links if x not in below})

    def addresses(self):
        """{(ifindex, address)} of ifRcvAddressTable."""
        return self._addresses | {(i, address) for i, x in self.links.items()
                                  for address in (x.address, x.broadcast) if address}

    def rows(self):
        """{table: {index: {column: value}}}, without the counters and the times."""
        on_top = {higher for higher, _ in self.relations()}
        return {
            IF_TABLE: {(i,): _if_row(x) for i, x in self.links.items()},
            IFX_TABLE: {(i,): _ifx_row(x, i in on_top) for i, x in self.links.items()},
            STACK_TABLE: {x: {3: ACTIVE} for x in self.stack()},
            RCV_TABLE: {(i, len(address), *address): {2: ACTIVE, 3: VOLATILE}
                        for i, address in self.addresses()}}


def _if_row(link):
    return {1: link.ifindex, 2: link.name, 3: link.type, 4: link.mtu,
            5: min(link.speed * 1000000, GAUGE_MAX), 6: link.address, 7: link.admin,
            8: link.oper, 15: 0, 18: 0, 21: 0, 22: ".0.0"}


def _ifx_row(link, on_top):
    return {1: link.name, 14: DISABLED if on_top else ENABLED, 15: link.speed,
            16: TRUE if link.promiscuous else FALSE,
            17: TRUE if link.connector else FALSE, 18: link.alias}


def at_rest(shown=lambda name: True, until=lambda look: True, timeout=8.0):
    """A Look that fulfils `until`, once the kernel has nothing more to do."""
    last = None

    def is_calm():
        nonlocal last
        now = Look(shown)
        calm = until(now) and last is not None and now.rows() == last.rows()
        last = now
        return calm
    if not wait_for(is_calm, timeout):
        raise RuntimeError("the devices of this namespace do not come to what is wanted: "
                           f"{sorted(last.links.values())}")
    return last


# --- what agents say ---

PLAIN = ("-Ox", "--hexOutputLength=0")      # of clients: octets in hexadecimal, on one line


def plain(value):
    """An agents.Value as int, bytes or text; a TimeTicks is a number of hundredths."""
    if value.type == "Timeticks":
        return int(re.match(r"\((\d+)\)", value.text)[1])
    if value.type == '""':
        return b""
    if value.type == "Hex-STRING":
        return bytes.fromhex(value.text)
    if value.type in ("INTEGER", "Counter32", "Gauge32", "Counter64"):
        return int(value.text)
    return value.text or value.type


def uptime_since(host):
    """The moments (time.monotonic()) between which the agent's sysUpTime was 0; the clock
    of an agent goes in whole hundredths."""
    before = time.monotonic()
    ticks = plain(host.get(SYS_UPTIME)[0][1])
    return before - (ticks + 1) / 100, time.monotonic() - ticks / 100


def walk(agent, *roots, **options):
    """{oid: value} of everything under these OIDs: by default, of the whole IF-MIB."""
    many = () if options.get("program") else ("-Cr50",)
    options["options"] = (*PLAIN, *many, *options.get("options", ()))
    return {oid: plain(value) for root in roots or (INTERFACES, IF_MIB)
            for oid, value in agent.walk(root, **options).items()}


def rows_of(found, table):
    """{index: {column: value}} of the instances of a table in a walk."""
    rows = {}
    for oid, value in found.items():
        if oid[:len(table)] == table:
            if oid[len(table)] != 1:
                raise ValueError(f"not under the entry: {oid}")
            rows.setdefault(oid[len(table) + 2:], {})[oid[len(table) + 1]] = value
    return rows


def times_of(found):
    """{(name, ifIndex): hundredths} of all times in a walk; "table" and "stack", which are
    of no interface, have 0."""
    times = {("table", 0): found.get(TABLE_CHANGE), ("stack", 0): found.get(STACK_CHANGE)}
    for name, (table, column) in TIMES.items():
        times.update({(name, index[0]): row.get(column)
                      for index, row in rows_of(found, table).items()})
    return times


def _columns_of_counters(table):
    return {x for y in COUNTERS.values() for x in (y[:1] if table == IF_TABLE else y[1:])}


def _told(table, row):
    """A row without its counters and times."""
    left_out = _columns_of_counters(table) if table in (IF_TABLE, IFX_TABLE) else set()
    left_out |= {column for where, column in TIMES.values() if where == table}
    return {column: value for column, value in row.items() if column not in left_out}


def wrong_rows(found, look, tables=tuple(TABLES.values())):
    """Lines that say where a walk is not what `look` saw, counters and times apart."""
    lines = []
    for table, want in look.rows().items():
        if table not in tables:
            continue
        got = {index: _told(table, row) for index, row in rows_of(found, table).items()}
        where = next(name for name, root in TABLES.items() if root == table)
        lines += [f"{where}: unexpected: {x}: {got[x]}" for x in got.keys() - want.keys()]
        lines += [f"{where}: missing: {x}: {want[x]}" for x in want.keys() - got.keys()]
        lines += [f"{where}: {x}: got {got[x]}, want {want[x]}"
                  for x in got.keys() & want.keys() if got[x] != want[x]]
    if found.get(IF_NUMBER) != len(look.links):
        lines.append(f"ifNumber {found.get(IF_NUMBER)}, want {len(look.links)}")
    return lines


def _wrong_counter(name, values, low, high):
    """What is wrong with the columns of one counter, which is from low to high."""
    narrow, narrow_too, wide = values
    if wide is None:        # none of these comes near 2^32
        return [] if low <= narrow <= high else [f"{name}: {narrow}, not {low} to {high}"]
    lines = [] if low <= wide <= high else [f"{name}: {wide}, not {low} to {high}"]
    lines += [f"{name}: {x} is not the low half of {wide}" for x in (narrow, narrow_too)
              if x is not None and x != wide & LOW_HALF]
    return lines


def wrong_counters(found, before, after):
    """Lines that say which counters of a walk are not between two looks, and where the
    columns of one counter are at odds."""
    lines = []
    narrow, wide = rows_of(found, IF_TABLE), rows_of(found, IFX_TABLE)
    for i in before.links.keys() & after.links.keys():
        low, high = before.links[i].counters, after.links[i].counters
        for name, columns in COUNTERS.items():
            values = [(narrow if x == 0 else wide)[i,].get(y) if y else None
                      for x, y in enumerate(columns)]
            # a multicast between the two readings may be in the packets alone
            slack = (high["in multicast"] - low["in multicast"]) * (name == "in ucast")
            lines += [f"{i}: {x}" for x in _wrong_counter(
                name, values, low[name] - slack, high[name] + slack)]
    return lines


def wrong(found, before, after):
    """Lines that say where a walk between two looks is not what they saw."""
    return wrong_rows(found, after) or wrong_counters(found, before, after)


def settled(agents, before, seconds, shown=lambda name: True, walks=None):
    """Walks the agents until all is right with each or the time is up: for each what is
    wrong then, and its walk. The first of each may be given."""
    answers = {}
    end = time.monotonic() + seconds
    while True:
        found = walks or {x: walk(x) for x in agents if not answers or answers[x][0]}
        after, walks = Look(shown), None
        answers.update({x: (wrong(y, before, after), y) for x, y in found.items()})
        if time.monotonic() >= end or not any(lines for lines, _ in answers.values()):
            return answers
        time.sleep(0.05)
