#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the MIBs say of each object, and where an instance is not what they say."""

import os
import re
from collections import namedtuple

from agents import dotted, undotted
from harness import HERE
from links_oracle import plain

FILE = os.path.join(HERE, "objects.tsv")
SCALAR = "scalar"
MAX_ARCS = 128                      # of an OID (RFC 2578)
# octets of an InetAddress by its InetAddressType, and the most bits of a prefix
LENGTHS = {0: (0,), 1: (4,), 2: (16,), 3: (8,), 4: (20,), 16: range(1, 256)}
BITS = {1: 32, 2: 128, 3: 32, 4: 128}
# how the clients write what is sent
PRINTED = {"OCTET-STRING": ("Hex-STRING", '""'), "TimeTicks": ("Timeticks",)}
TIMES = ("TimeStamp", "TimeTicks")
TICK = 1                            # hundredths by which an age may be rounded
NOWHERE = ".0.0"
GROUP = 7                           # arcs of a group of mib-2

Object = namedtuple("Object", "module oid name table syntax sent values access status")
Table = namedtuple("Table", "module oid name status index")


def _ranges(text):
    """[(least, most)] of the values of an object, whose names are not kept."""
    numbers = re.findall(r"\((-?\d+)\)", text)
    if numbers:
        return [(int(x), int(x)) for x in numbers]
    pairs = [x.split("..") for x in text.split("|") if x]
    return [(int(x[0]), int(x[-1])) for x in pairs]


def _within(number, ranges):
    return not ranges or any(least <= number <= most for least, most in ranges)


class Objects:
    """The lines of objects.tsv, by name and by OID."""

    def __init__(self, path=FILE):
        self.objects = {}
        self.tables = {}
        with open(path, encoding="utf-8") as file:
            for line in file:
                kind, *fields = line.rstrip("\n").split("\t")
                if kind == "object":
                    found = Object(*fields)
                    self.objects[found.name] = found._replace(
                        oid=undotted(found.oid), values=_ranges(found.values))
                elif kind == "table":
                    found = Table(*fields)
                    self.tables[found.name] = found._replace(
                        oid=undotted(found.oid), index=found.index.split(","))
        self.by_oid = {x.oid: x for x in self.objects.values()}

    def of(self, oid):
        """The object that an instance belongs to, or None."""
        return next((self.by_oid[oid[:x]] for x in range(len(oid), 0, -1)
                     if oid[:x] in self.by_oid), None)

    # --- values ---

    def wrong_type(self, oid, value):
        """What is wrong with the type of an agents.Value, or None."""
        want = PRINTED.get(self.of(oid).sent, (self.of(oid).sent,))
        return None if value.type in want else f"{value.type}, want {want[0]}"

    def wrong_value(self, oid, value, walk, now):
        """What is wrong with a value of the right type, in a walk that was over when
        sysUpTime was `now`; None if nothing is."""
        found, what = self.of(oid), plain(value)
        if found.sent == "IpAddress":
            octets = undotted(what)
            return None if len(octets) == 4 and max(octets) < 256 else "not four octets"
        if found.sent == "OID":
            if found.syntax == "RowPointer" and what != NOWHERE and \
                    undotted(what) not in walk:
                return f"{what} points at no instance"
            return None if 2 <= len(undotted(what)) <= MAX_ARCS else f"{what} is no OID"
        if found.syntax in TIMES and what > now:
            return f"{what} is later than sysUpTime, {now}"
        size = len(what) if found.sent == "OCTET-STRING" else what
        return None if _within(size, found.values) else f"{size} is none of its values"

    # --- indexes ---

    def _take_part(self, found, index):
        """Decodes one object of an INDEX: its value, and what is left of the index."""
        if found.sent == "IpAddress":
            part, rest = index[:4], index[4:]
            if len(part) < 4 or max(part) > 255:
                raise ValueError(f"{found.name}: {part} is no IpAddress")
            return ".".join(map(str, part)), rest
        if not index:
            raise ValueError(f"{found.name} is missing")
        first, rest = index[0], index[1:]
        if found.sent not in ("OCTET-STRING", "OID"):
            if not _within(first, found.values):
                raise ValueError(f"{found.name}: {first} is none of its values")
            return first, rest
        part, rest = rest[:first], rest[first:]
        if len(part) < first:
            raise ValueError(f"{found.name}: {len(part)} left of {first}")
        if found.sent == "OID":
            return dotted(part), rest
        if not _within(first, found.values) or any(x > 255 for x in part):
            raise ValueError(f"{found.name}: {part} is none of its values")
        return bytes(part), rest

    def decode(self, table, index):
        """{name: value} of an index; ValueError if it is not what the INDEX says."""
        values, kind = {}, None
        for name in self.tables[table].index:
            found = self.objects[name]
            value, index = self._take_part(found, index)
            if found.syntax == "InetAddressType":
                kind = value
            elif found.syntax == "InetAddress" and len(value) not in LENGTHS[kind]:
                raise ValueError(f"{name}: {len(value)} octets of the type {kind}")
            elif found.syntax == "InetAddressPrefixLength" and value > BITS.get(kind, 0):
                raise ValueError(f"{name}: {value} bits of the type {kind}")
            values[name] = value
        if index:
            raise ValueError(f"{index} is left over")
        return values

    def wrong_index(self, oid, value):
        """What is wrong with the index of an instance, or with a column that repeats a
        part of it; None if nothing is."""
        found = self.of(oid)
        index = oid[len(found.oid):]
        if len(oid) > MAX_ARCS:
            return f"{len(oid)} sub-identifiers"
        if found.table == SCALAR:
            return None if index == (0,) else "not the .0 of a scalar"
        try:
            values = self.decode(found.table, index)
        except ValueError as error:
            return str(error)
        if plain(value) != values.get(found.name, plain(value)):
            return f"{plain(value)}, but {values[found.name]} in the index"
        return None


class Served:
    """The objects that netmib serves, and what objects.tsv says of them."""

    def __init__(self, lines, objects):
        self.objects = objects
        self.types = {}
        for line in lines:
            name, oid, kind, *_ = line.split("\t")
            self.types[name] = undotted(oid), kind
        self.known = [objects.objects[x] for x in self.types if x in objects.objects]
        self.tables = {objects.tables[x.table].oid: x.table for x in self.known
                       if x.table != SCALAR}

    def wrong_objects(self):
        """Lines on what is served and should not be, or not so."""
        lines = []
        for name, (oid, kind) in self.types.items():
            found = self.objects.objects.get(name)
            if not found:
                lines.append(f"{name} is in no MIB")
            elif (oid, kind) != (found.oid, found.sent):
                lines.append(f"{name} is {dotted(oid)} {kind}, not {dotted(found.oid)} "
                             f"{found.sent}")
            elif found.access == "not-accessible" or found.status == "obsolete":
                lines.append(f"{name} is {found.access}, {found.status}")
        return lines

    def owner(self, oid):
        """The name of the served object an instance is of, or None."""
        found = self.objects.of(oid)
        return found.name if found and found.name in self.types else None

    def strangers(self, walk, alone):
        """Lines on instances of no served object: in a served table, or, in a host that
        netmib is `alone` in, in a group of any of the MIBs."""
        groups = {x[:GROUP] for x in self.objects.by_oid} if alone else self.tables
        return [dotted(x) for x in walk
                if any(x[:len(y)] == y for y in groups) and not self.owner(x)]

    def absent(self, walk):
        """The served tables and scalars that a walk has nothing of."""
        seen = {self.owner(x) for x in walk} - {None}
        tables = {self.objects.objects[x].table for x in seen}
        scalars = {x.name for x in self.known if x.table == SCALAR}
        return sorted({*self.tables.values()} - tables | scalars - seen)


# --- checks: each gives the lines that tell what is wrong ---

def not_rising(oids):
    return [f"{dotted(y)} after {dotted(x)}" for x, y in zip(oids, oids[1:]) if x >= y]


def wrong_types(objects, walk):
    found = {x: objects.wrong_type(x, y) for x, y in walk.items()}
    return [f"{dotted(x)}: {y}" for x, y in found.items() if y]


def wrong_values(objects, walk, whole, now):
    found = {x: objects.wrong_value(x, y, whole, now) for x, y in walk.items()
             if not objects.wrong_type(x, y)}
    return [f"{dotted(x)}: {y}" for x, y in found.items() if y]


def wrong_indexes(objects, walk):
    found = {x: objects.wrong_index(x, y) for x, y in walk.items()}
    return [f"{dotted(x)}: {y}" for x, y in found.items() if y]


def fits(found, got, before, after):
    """Whether a value is what it was in the walk before or after, or, as a number, between
    the two."""
    values = [plain(x) for x in (before, got, after)]
    numbers = all(isinstance(x, int) for x in values)
    if got in (before, after) or not numbers or got.type != before.type:
        return got in (before, after)
    slack = TICK if found.syntax in TIMES else 0
    low, high = sorted(values[::2])
    return low - slack <= values[1] <= high + slack


def wrong_gets(objects, got, before, after):
    """Where the answers to GET are not between the two walks."""
    return [f"{dotted(x)}: {got.get(x)}, but {y} in the walk" for x, y in before.items()
            if x not in got or not fits(objects.of(x), got[x], y, after.get(x, y))]


def wrong_nexts(oids, following, judged):
    """Where GETNEXT of the OID before does not give an instance; `following` is what it
    gave for each of `oids`."""
    return [f"{dotted(y)}: GETNEXT of {dotted(x)} gives {dotted(z)}"
            for x, y, z in zip(oids, oids[1:], following) if y in judged and y != z]


def wrong_sets(answers):
    """Where SET did not get notWritable: {(oid, value): what snmpset said}."""
    return [f"{dotted(x)} {' '.join(y)}: {z}" for (x, y), z in answers.items()
            if "Reason: notWritable" not in z]
