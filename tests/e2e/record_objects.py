#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes objects.tsv of a reference of MIB objects: record_objects.py FILE > objects.tsv

FILE, in Markdown, was extracted from the published MIB modules, so that nothing of what
objects.tsv holds comes from the modules of this project. A "## " begins a module in it and
a "### " a table; each object is a line of a table of Markdown: number of the column (not
of a scalar), name, OID, SYNTAX, MAX-ACCESS, STATUS, notes.
"""

import re
import sys

MODULES = ("TCP-MIB", "IP-FORWARD-MIB", "IF-MIB", "UDP-MIB", "IP-MIB", "RFC1213-MIB")
SIGNED, UNSIGNED = "-2147483648..2147483647", "0..4294967295"
# what is sent for a type, and the range, the sizes or the names of its values
TYPES = {
    "INTEGER": ("INTEGER", SIGNED),
    "Integer32": ("INTEGER", SIGNED),
    "InterfaceIndex": ("INTEGER", "1..2147483647"),
    "InterfaceIndexOrZero": ("INTEGER", "0..2147483647"),
    "TestAndIncr": ("INTEGER", "0..2147483647"),
    "TruthValue": ("INTEGER", "true(1),false(2)"),
    # the other three are for managers to write
    "RowStatus": ("INTEGER", "active(1),notInService(2),notReady(3)"),
    "StorageType": ("INTEGER",
                    "other(1),volatile(2),nonVolatile(3),permanent(4),readOnly(5)"),
    "InetAddressType": ("INTEGER",
                        "unknown(0),ipv4(1),ipv6(2),ipv4z(3),ipv6z(4),dns(16)"),
    "InetVersion": ("INTEGER", "unknown(0),ipv4(1),ipv6(2)"),
    "Counter32": ("Counter32", UNSIGNED),
    "Counter64": ("Counter64", "0..18446744073709551615"),
    "Gauge32": ("Gauge32", UNSIGNED),
    "Unsigned32": ("Gauge32", UNSIGNED),
    "InetPortNumber": ("Gauge32", "0..65535"),
    "InetAddressPrefixLength": ("Gauge32", "0..2040"),
    "InetZoneIndex": ("Gauge32", UNSIGNED),
    "InetAutonomousSystemNumber": ("Gauge32", UNSIGNED),
    "TimeTicks": ("TimeTicks", UNSIGNED),
    "TimeStamp": ("TimeTicks", UNSIGNED),
    "IpAddress": ("IpAddress", ""),
    "OCTET STRING": ("OCTET-STRING", "0..65535"),
    "DisplayString": ("OCTET-STRING", "0..255"),
    "OwnerString": ("OCTET-STRING", "0..255"),
    "PhysAddress": ("OCTET-STRING", "0..65535"),
    "InetAddress": ("OCTET-STRING", "0..255"),
    "OBJECT IDENTIFIER": ("OID", ""),
    "RowPointer": ("OID", ""),
    "AutonomousType": ("OID", ""),
}
# The reference leaves out what no later module took over of RFC 1213.
IP_ROUTE_COLUMNS = (
    ("ipRouteDest", "IpAddress", "read-write"),
    ("ipRouteIfIndex", "INTEGER", "read-write"),
    ("ipRouteMetric1", "INTEGER", "read-write"),
    ("ipRouteMetric2", "INTEGER", "read-write"),
    ("ipRouteMetric3", "INTEGER", "read-write"),
    ("ipRouteMetric4", "INTEGER", "read-write"),
    ("ipRouteNextHop", "IpAddress", "read-write"),
    ("ipRouteType", "INTEGER { other(1), invalid(2), direct(3), indirect(4) }",
     "read-write"),
    ("ipRouteProto", "INTEGER { other(1), local(2), netmgmt(3), icmp(4), egp(5), ggp(6), "
     "hello(7), rip(8), is-is(9), es-is(10), ciscoIgrp(11), bbnSpfIgp(12), ospf(13), "
     "bgp(14) }", "read-only"),
    ("ipRouteAge", "INTEGER", "read-write"),
    ("ipRouteMask", "IpAddress", "read-write"),
    ("ipRouteMetric5", "INTEGER", "read-write"),
    ("ipRouteInfo", "OBJECT IDENTIFIER", "read-only"))
IP_ROUTE_TABLE = """
## RFC1213-MIB
### ipRouteTable — 1.3.6.1.2.1.4.21
Entry `ipRouteEntry` 1.3.6.1.2.1.4.21.1; INDEX { ipRouteDest }; table STATUS mandatory.
""" + "\n".join(
    f"| {i} | {name} | 1.3.6.1.2.1.4.21.1.{i} | {syntax} | {access} | mandatory ||"
    for i, (name, syntax, access) in enumerate(IP_ROUTE_COLUMNS, 1))
HEAD = """# SPDX-License-Identifier: BSD-2-Clause
# The objects of TCP-MIB (RFC 4022), IP-FORWARD-MIB (RFC 4292), IF-MIB (RFC 2863), UDP-MIB
# (RFC 4113), IP-MIB (RFC 4293) and the ipRouteTable of RFC 1213.
#
# Made by record_objects.py, which see, of a reference that was extracted mechanically from
# the published MIB modules; none of it was read from the modules of this project.
#
# Fields of a table: "table", module, OID, name, STATUS, INDEX.
# Fields of an object: "object", module, OID, name, its table or "scalar", SYNTAX, what is
# sent for that, its values (ranges; for octets, of their number), MAX-ACCESS, STATUS."""


def names_in(text):
    return ",".join(dict.fromkeys(re.findall(r"[\w-]+\(-?\d+\)", text)))


def add_conventions(text):
    """Adds to TYPES the textual conventions that the reference writes out."""
    for name, words in re.findall(r"^- (\w+TC): (.*)$", text, re.M):
        size = re.match(r"OCTET STRING \(([\d.]+)\)", words)
        TYPES[name] = ("OCTET-STRING", size[1]) if size else ("INTEGER", names_in(words))
    for name, words in re.findall(r"^## Appendix \d+: (\w+) .*\n([^#]*)", text, re.M):
        TYPES[name] = ("INTEGER", names_in(words))


def resolve(syntax):
    """(type, what is sent for it, its values)"""
    match = re.fullmatch(r"([A-Za-z][\w ]*?)(?: (\{.*\}|\(.*\)))?", syntax)
    name, refined = match[1], match[2] or ""
    sent, values = TYPES[name]
    if refined.startswith("{"):
        values = names_in(refined)
    elif refined:
        values = re.sub(r"[() ]|SIZE", "", refined).replace("'ffffffff'h", "4294967295")
    return name, sent, values


def cells(line):
    """The fields of a line of a Markdown table, "\\|" being a bar inside of one."""
    fields = [x.strip().replace(r"\|", "|") for x in re.split(r"(?<!\\)\|", line)]
    return fields[1:-1]


def lines_of(module, text):
    """The lines that the text about a module gives."""
    table, entries = "scalar", {}
    for line in text.splitlines():
        if line.startswith(("### ", "**")):
            table, oid = "scalar", None
            found = re.match(r"### (\w+) — ([\d.]+)$", line)
            if found:
                table, oid = found.groups()
        elif line.startswith("Entry "):
            entry, clause, names, status = re.match(
                r"Entry `(\w+)` .*?(INDEX|AUGMENTS) \{ (.*?) \}.* STATUS (\w+)", line
            ).groups()
            index = names.replace(" ", "") if clause == "INDEX" else entries[names]
            entries[entry] = index
            yield "table", module, oid, table, status, index
        fields = cells(line)
        if table != "scalar" and fields and fields[0].isdecimal():
            del fields[0]
        if len(fields) == 6 and re.fullmatch(r"[\d.]+", fields[1]):
            name, where, syntax, access, status, _ = fields
            yield ("object", module, where, name, table, *resolve(syntax), access, status)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    add_conventions(text)
    parts = re.split(r"^## ", text + IP_ROUTE_TABLE, flags=re.M)
    print(HEAD)
    for part in parts:
        module = part.split(None, 1)[0]
        if module in MODULES:
            for line in lines_of(module, part):
                print("\t".join(line))


if __name__ == "__main__":
    main()
