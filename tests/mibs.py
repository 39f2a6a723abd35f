#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks that smilint and net-snmp read mibs/, and that it says what is registered.

TABLES is a program that prints a line for each registered object, tab separated:
name, OID, type and, for an enumerated INTEGER, name(number),... ; MIBDIR is the
folder of the modules. Prints TAP.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
MIBDIR = pathlib.Path(os.environ.get("MIBDIR") or HERE.parent / "mibs")

# smilint has the base types built in and cannot hold the ranges that define them; it
# asks for a size of each index, which an OBJECT IDENTIFIER (inetCidrRoutePolicy) and a
# PhysAddress (ifRcvAddressAddress) have not.
ALLOWED = {
    "SNMPv2-SMI": {"range-bounds", "range-exchanged"},
    "RFC1155-SMI": {"range-bounds"},
    "IF-MIB": {"index-element-no-size"},
    "IP-FORWARD-MIB": {"index-element-no-size"},
}
# Said of nearly every textual convention, so not worth a line each.
UNTOLD = {"type-unref", "type-without-format"}
# smilint's severities: 0 to 3 are errors, 4 to 6 advice.
FIRST_ADVICE = 4

# How net-snmp names a syntax, and how TABLES names what is sent for it.
SENT_AS = {
    "INTEGER": "INTEGER",
    "Integer32": "INTEGER",
    "Counter32": "Counter32",
    "Gauge32": "Gauge32",
    "Unsigned32": "Gauge32",
    "Counter64": "Counter64",
    "TimeTicks": "TimeTicks",
    "IpAddress": "IpAddress",
    "OCTET STRING": "OCTET-STRING",
    "BITS": "OCTET-STRING",
    "OBJECT IDENTIFIER": "OID",
}

# Instances in the form a reader of snmpwalk has to see: module, OID, text.
ZEROS = ".0" * 16
LINK_LOCAL = "254.128" + ".0" * 13 + ".1.0.0.0.2"
LINK_LOCAL_TEXT = '"fe:80' + ":00" * 13 + ':01%2"'
DOC = "32.1.13.184" + ".0" * 11
DOC_TEXT = '"20:01:0d:b8' + ":00" * 11
NOWHERE_TEXT = '"00' + ":00" * 15 + '"'
IP = "1.3.6.1.2.1.4"
ROUTE = f"{IP}.24.7.1"
ENDPOINT = "1.3.6.1.2.1.7.7.1.8"
IFX = "1.3.6.1.2.1.31.1"
INSTANCES = (
    ("TCP-MIB", "1.3.6.1.2.1.6.19.1.7.1.4.127.0.0.1.22.1.4.127.0.0.1.51234",
     'tcpConnectionState.ipv4."127.0.0.1".22.ipv4."127.0.0.1".51234'),
    ("TCP-MIB", f"1.3.6.1.2.1.6.19.1.8.4.20.{LINK_LOCAL}.22.4.20.{LINK_LOCAL}.9",
     f"tcpConnectionProcess.ipv6z.{LINK_LOCAL_TEXT}.22.ipv6z.{LINK_LOCAL_TEXT}.9"),
    ("TCP-MIB", "1.3.6.1.2.1.6.20.1.4.0.0.22", 'tcpListenerProcess.unknown."".22'),
    ("TCP-MIB", "1.3.6.1.2.1.6.20.1.4.1.4.0.0.0.0.22",
     'tcpListenerProcess.ipv4."0.0.0.0".22'),
    ("TCP-MIB", f"1.3.6.1.2.1.6.20.1.4.2.16{ZEROS}.22",
     'tcpListenerProcess.ipv6."00' + ":00" * 15 + '".22'),
    ("TCP-MIB", "1.3.6.1.2.1.6.13.1.1.127.0.0.1.22.0.0.0.0.0",
     "tcpConnState.127.0.0.1.22.0.0.0.0.0"),
    ("IP-FORWARD-MIB", f"{ROUTE}.7.1.4.10.0.0.0.8.2.0.0.1.4.192.0.2.1",
     'inetCidrRouteIfIndex.ipv4."10.0.0.0".8.2.0.0.ipv4."192.0.2.1"'),
    ("IP-FORWARD-MIB", f"{ROUTE}.8.1.4.10.0.0.0.8.3.0.0.5.1.4.0.0.0.0",
     'inetCidrRouteType.ipv4."10.0.0.0".8.3.0.0.5.ipv4."0.0.0.0"'),
    ("IP-FORWARD-MIB", f"{ROUTE}.12.1.4.10.0.0.0.8.6.0.0.5.100.20.0.0.0",
     'inetCidrRouteMetric1.ipv4."10.0.0.0".8.6.0.0.5.100.20.0.unknown.""'),
    ("IP-FORWARD-MIB", f"{ROUTE}.9.2.16.{DOC}.0.32.2.0.0.2.16.{DOC}.1",
     f'inetCidrRouteProto.ipv6.{DOC_TEXT}:00".32.2.0.0.ipv6.{DOC_TEXT}:01"'),
    ("IP-FORWARD-MIB", f"{ROUTE}.10.2.16.{DOC}.0.64.3.0.0.5.2.16{ZEROS}",
     f'inetCidrRouteAge.ipv6.{DOC_TEXT}:00".64.3.0.0.5.ipv6.{NOWHERE_TEXT}'),
    ("IP-FORWARD-MIB", f"{ROUTE}.17.2.16{ZEROS}.0.2.0.0.4.20.{LINK_LOCAL}",
     f"inetCidrRouteStatus.ipv6.{NOWHERE_TEXT}.0.2.0.0.ipv6z.{LINK_LOCAL_TEXT}"),
    ("IP-FORWARD-MIB", f"{ROUTE}.7.1.4.0.0.0.0.0.2.0.0.2.16.{DOC}.1",
     f'inetCidrRouteIfIndex.ipv4."0.0.0.0".0.2.0.0.ipv6.{DOC_TEXT}:01"'),
    ("IP-FORWARD-MIB", "1.3.6.1.2.1.4.24.4.1.5.10.0.0.0.255.0.0.0.0.192.0.2.1",
     "ipCidrRouteIfIndex.10.0.0.0.255.0.0.0.0.192.0.2.1"),
    ("RFC1213-MIB", "1.3.6.1.2.1.4.21.1.8.10.0.0.0", "ipRouteType.10.0.0.0"),
    ("UDP-MIB", f"{ENDPOINT}.0.0.53.0.0.0.1",
     'udpEndpointProcess.unknown."".53.unknown."".0.1'),
    ("UDP-MIB", f"{ENDPOINT}.1.4.127.0.0.1.5353.1.4.192.0.2.1.53.4294967295",
     'udpEndpointProcess.ipv4."127.0.0.1".5353.ipv4."192.0.2.1".53.4294967295'),
    ("UDP-MIB", f"{ENDPOINT}.4.20.{LINK_LOCAL}.546.0.0.0.2",
     f'udpEndpointProcess.ipv6z.{LINK_LOCAL_TEXT}.546.unknown."".0.2'),
    ("UDP-MIB", "1.3.6.1.2.1.7.5.1.2.127.0.0.1.53", "udpLocalPort.127.0.0.1.53"),
    ("IP-MIB", f"{IP}.34.1.3.1.4.192.0.2.1", 'ipAddressIfIndex.ipv4."192.0.2.1"'),
    ("IP-MIB", f"{IP}.34.1.3.4.20.{LINK_LOCAL}",
     f"ipAddressIfIndex.ipv6z.{LINK_LOCAL_TEXT}"),
    ("IP-MIB", f"{IP}.35.1.4.2.1.4.192.0.2.1",
     'ipNetToPhysicalPhysAddress.2.ipv4."192.0.2.1"'),
    ("IP-MIB", f"{IP}.31.1.1.6.2", "ipSystemStatsHCInOctets.ipv6"),
    ("IP-MIB", f"{IP}.31.3.1.47.1.7", "ipIfStatsRefreshRate.ipv4.7"),
    ("IP-MIB", f"{IP}.32.1.5.2.2.16.{DOC}.0.64",
     f'ipAddressPrefixOrigin.2.ipv6.{DOC_TEXT}:00".64'),
    ("IP-MIB", f"{IP}.37.1.4.4.20.{LINK_LOCAL}.2",
     f"ipDefaultRouterLifetime.ipv6z.{LINK_LOCAL_TEXT}.2"),
    ("IP-MIB", "1.3.6.1.2.1.5.30.1.3.2.128", "icmpMsgStatsInPkts.ipv6.128"),
    ("IP-MIB", f"{IP}.20.1.3.192.0.2.1", "ipAdEntNetMask.192.0.2.1"),
    ("IP-MIB", f"{IP}.22.1.2.2.192.0.2.1", "ipNetToMediaPhysAddress.2.192.0.2.1"),
    ("IF-MIB", "1.3.6.1.2.1.2.1.0", "ifNumber.0"),
    ("IF-MIB", "1.3.6.1.2.1.2.2.1.2.1", "ifDescr.1"),
    ("IF-MIB", "1.3.6.1.2.1.2.2.1.22.2147483647", "ifSpecific.2147483647"),
    ("IF-MIB", f"{IFX}.1.1.6.7", "ifHCInOctets.7"),
    ("IF-MIB", f"{IFX}.1.1.19.7", "ifCounterDiscontinuityTime.7"),
    ("IF-MIB", f"{IFX}.2.1.3.3.2", "ifStackStatus.3.2"),
    ("IF-MIB", f"{IFX}.2.1.3.0.1", "ifStackStatus.0.1"),
    # net-snmp shows an address in an index as text, with a dot for what is not printable.
    ("IF-MIB", f"{IFX}.4.1.2.2.6.1.0.94.0.0.1", 'ifRcvAddressStatus.2."..^..."'),
    ("IF-MIB", f"{IFX}.4.1.3.5.4.192.0.2.65", 'ifRcvAddressType.5."...A"'),
    ("IF-MIB", f"{IFX}.5.0", "ifTableLastChange.0"),
    ("IF-MIB", f"{IFX}.6.0", "ifStackLastChange.0"),
    ("IF-MIB", "1.3.6.1.6.3.1.1.5.3", "linkDown"),
    ("IF-MIB", "1.3.6.1.6.3.1.1.5.4", "linkUp"),
)


class Skip(Exception):
    """A check that cannot run here, and why."""


class Failed(Exception):
    """A check that found something wrong; one line of text each."""

    def __init__(self, lines):
        super().__init__("\n".join(lines))


def run(command, **environment):
    """Runs a tool and returns its result, with nothing of the user's set-up in the way."""
    if not shutil.which(command[0]):
        raise Skip(f"no {command[0]}")
    keep = {key: os.environ[key] for key in ("PATH", "HOME", "LD_LIBRARY_PATH")
            if key in os.environ}
    return subprocess.run(command, env=keep | {"LC_ALL": "C"} | environment, text=True,
                          capture_output=True, timeout=60, check=False)


def translate(module, *arguments):
    """Runs snmptranslate on one module, or ALL: its output and its complaints."""
    with tempfile.TemporaryDirectory() as state:
        # net-snmp tells that it made this directory, which is no complaint.
        os.mkdir(f"{state}/cert_indexes")
        result = run(["snmptranslate", "-Pw", "-M", str(MIBDIR), "-m", module, *arguments],
                     SNMPCONFPATH=state, SNMP_PERSISTENT_DIR=state)
    complaints = [line for line in result.stderr.splitlines()
                  if not line.endswith("parsed and ignored).")]
    if result.returncode:
        complaints.append(f"snmptranslate ended with {result.returncode}")
    return result.stdout, complaints


def check_smilint(module):
    """smilint finds no error; its advice is told."""
    result = run(["smilint", "-c", "/dev/null", "-l", "6", "-m", "-s",
                  str(MIBDIR / f"{module}.txt")], SMIPATH=str(MIBDIR))
    wrong, remarks = [], []
    for line in (result.stdout + result.stderr).splitlines():
        found = re.search(r": \[(\d)\] \{([\w-]+)\} ", line)
        if not found:
            wrong.append(line)
        elif int(found[1]) < FIRST_ADVICE and found[2] not in ALLOWED.get(module, ()):
            wrong.append(line)
        elif found[2] not in UNTOLD:
            remarks.append(line)
    if result.returncode:
        wrong.append(f"smilint ended with {result.returncode}")
    if wrong:
        raise Failed(wrong)
    return remarks


def check_parsed(module):
    """net-snmp reads the module, or all of them together, without a word."""
    _, complaints = translate(module, ".1.3")
    if complaints:
        raise Failed(complaints)
    return []


def check_instance(module, oid, text):
    """An instance is shown as people know it."""
    shown, complaints = translate(module, f".{oid}")
    if complaints or shown.strip() != f"{module}::{text}":
        raise Failed([*complaints, f"got  {shown.strip()}", f"want {module}::{text}"])
    return []


def enumeration(text):
    """{number: name} of name(number),..."""
    pairs = re.findall(r"([\w-]+)\((-?\d+)\)", text)
    return {int(number): name for name, number in pairs}


def definition(module, name):
    """What the module says of an object: OID, type as sent, access, enumeration."""
    shown, complaints = translate(module, "-On", "-Td", f"{module}::{name}")
    syntax = re.search(r"^  SYNTAX\t(OCTET STRING|OBJECT IDENTIFIER|\w+)(.*)$", shown, re.M)
    access = re.search(r"^  MAX-ACCESS\t(\S+)", shown, re.M)
    if complaints or not syntax or not access:
        raise Failed([*complaints, f"{module} gives no object of this name"])
    oid = shown.split("\n", 1)[0].lstrip(".")
    values = enumeration(syntax[2]) if syntax[1] == "INTEGER" else {}
    return oid, SENT_AS.get(syntax[1], syntax[1]), access[1], values


def check_object(modules, name, oid, kind, values):
    """One line of TABLES against the module that defines the name."""
    if name not in modules:
        raise Failed(["no module defines it"])
    real_oid, real_kind, access, real_values = definition(modules[name], name)
    wrong = []
    if oid.lstrip(".") != real_oid:
        wrong.append(f"OID {oid}, but {real_oid} in {modules[name]}")
    if kind != real_kind:
        wrong.append(f"type {kind}, but {real_kind} in {modules[name]}")
    if access not in ("read-only", "read-write", "read-create"):
        wrong.append(f"is {access} in {modules[name]}")
    if values:
        wrong += compare_values(enumeration(values), real_values)
    if wrong:
        raise Failed(wrong)
    if real_values and not values:
        return ["its enumeration is not told by TABLES"]
    return []


def compare_values(told, real):
    """Lines on each number that TABLES and the module do not name alike."""
    return [f"value {number} is {told.get(number, 'missing')}, "
            f"but {real.get(number, 'missing')} in the module"
            for number in sorted(told.keys() | real.keys())
            if told.get(number) != real.get(number)]


def read_tables():
    """The lines of TABLES, each padded to four fields, and what is wrong with them."""
    try:
        result = subprocess.run([os.environ["TABLES"]], text=True, capture_output=True,
                                timeout=60, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        return [], [str(error)]
    wrong = result.stderr.splitlines()
    if result.returncode:
        wrong.append(f"ended with {result.returncode}")
    rows, seen = [], set()
    for line in result.stdout.splitlines():
        fields = line.split("\t")
        if len(fields) not in (3, 4):
            wrong.append(f"not 3 or 4 fields: {line}")
            continue
        wrong += [f"told twice: {field}" for field in fields[:2] if field in seen]
        seen.update(fields[:2])
        rows.append((fields + [""])[:4])
    if not rows:
        wrong.append("tells no object")
    return rows, wrong


def defining_modules(modules):
    """{name of an object: module}, by the text of the modules."""
    found = {}
    for module in modules:
        text = (MIBDIR / f"{module}.txt").read_text(encoding="ascii", errors="replace")
        for name in re.findall(r"^\s*([a-z][\w-]*)\s+OBJECT-TYPE\b", text, re.M):
            found[name] = module
    return found


def table_checks(modules):
    """The checks of what is registered: (text, function, arguments)."""
    text = "TABLES tells what is registered"
    if not os.environ.get("TABLES"):
        return [(text, give_up, (Skip("TABLES is not set"),))]
    rows, wrong = read_tables()
    checks = [(text, give_up, (Failed(wrong) if wrong else None,))]
    known = defining_modules(modules)
    checks += [(f"{row[0]} is registered as its module says", check_object, (known, *row))
               for row in rows]
    return checks


def give_up(error):
    """A check whose outcome is known already."""
    if error:
        raise error
    return []


def all_checks():
    """Every check: (text, function, arguments)."""
    modules = sorted(path.stem for path in MIBDIR.glob("*.txt"))
    if not modules:
        return [("there are modules", give_up, (Failed([f"none in {MIBDIR}"]),))]
    checks = [(f"smilint passes {module}", check_smilint, (module,)) for module in modules]
    checks += [(f"net-snmp reads {module}", check_parsed, (module,)) for module in modules]
    checks.append(("net-snmp reads all modules together", check_parsed, ("ALL",)))
    checks += [(f"an instance reads {text}", check_instance, (module, oid, text))
               for module, oid, text in INSTANCES if module in modules]
    return checks + table_checks(modules)


def report(number, check):
    """Runs one check and prints its line; false if it failed."""
    text, function, arguments = check
    text = text.replace("#", r"\#")
    try:
        notes, verdict, skipped = function(*arguments), "ok", ""
    except Skip as reason:
        notes, verdict, skipped = [], "ok", f" # SKIP {reason}"
    except (Failed, OSError, subprocess.SubprocessError) as error:
        notes, verdict, skipped = str(error).splitlines(), "not ok", ""
    print(f"{verdict} {number} - {text}{skipped}")
    for note in notes:
        print(f"# {note}")
    sys.stdout.flush()
    return verdict == "ok"


def main():
    """Prints the plan, runs the checks, and ends with 1 if one failed."""
    checks = all_checks()
    print(f"1..{len(checks)}")
    passed = [report(number, check) for number, check in enumerate(checks, 1)]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
