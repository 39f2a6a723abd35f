#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the routing tables should hold, told by `ip -j`, and their rows out of a walk."""

import ipaddress
import json
import re
import socket
import time
from collections import Counter, namedtuple

from harness import run
from oracle import IPV4, IPV6, IPV6Z, UNKNOWN

IP = (1, 3, 6, 1, 2, 1, 4)
OLD_TABLE = IP + (21,)              # ipRouteTable
FORWARD = IP + (24,)
CIDR_NUMBER = FORWARD + (3, 0)
CIDR_TABLE = FORWARD + (4,)
INET_NUMBER = FORWARD + (6, 0)
INET_TABLE = FORWARD + (7,)
DISCARDS = FORWARD + (8, 0)         # snmpd has none of its own
AGES = {INET_TABLE: 10, CIDR_TABLE: 8, OLD_TABLE: 10}

MAIN, LOCAL = 254, 255
MAX_METRIC = 0x7FFFFFFF
UNICAST, RTN_LOCAL, BLACKHOLE, UNREACHABLE, PROHIBIT = 1, 2, 6, 7, 8
REJECTS = (BLACKHOLE, UNREACHABLE, PROHIBIT)
REJECT, LOCAL_ROUTE, REMOTE, BLACKHOLE_ROUTE = 2, 3, 4, 5
OTHER, DIRECT, INDIRECT = 1, 3, 4         # ipRouteType
OTHER, NETMGMT, DHCP, LAST_OLD, LAST_CIDR = 1, 3, 19, 14, 16
# rtm_protocol: IANAipRouteProtocol; all others are other(1)
PROTOCOLS = {1: 4, 2: 2, 3: NETMGMT, 4: NETMGMT, 16: DHCP, 186: 14, 187: 9, 188: 13,
             189: 8, 190: 8, 192: 16, 196: NETMGMT}
UNNUMBERED = ipaddress.ip_network("169.254.0.0/16")
LOOK_INTERVAL = 0.1                 # netmibMaxAge of routes, in seconds

# one next hop of a route; destination a network, gateway an address or None
Leg = namedtuple("Leg", "destination gateway ifindex table tos metric type protocol onlink",
                 defaults=(False,))


def batch(*lines):
    """Runs `ip` on these lines, all of which must succeed."""
    run("ip", "-batch", "-", input="\n".join(lines) + "\n")


def sysctl(name, value):
    with open(f"/proc/sys/net/{name}", "w", encoding="ascii") as file:
        file.write(str(value))


def rest():
    """Waits until the next request is one for which the agent looks for changes."""
    time.sleep(LOOK_INTERVAL * 1.2)


def _ip(*words):
    return json.loads(run("ip", "-N", "-j", *words).stdout.strip() or "[]")


def _ifindex(name):
    gone = re.fullmatch(r"if(\d+)", name)
    return int(gone[1]) if gone else socket.if_nametoindex(name)


def _gateway(hop):
    text = hop.get("gateway") or hop.get("via", {}).get("host")
    return ipaddress.ip_address(text) if text else None


def _destination(text, version):
    if text == "default":
        text = "0.0.0.0/0" if version == 4 else "::/0"
    return ipaddress.ip_network(text)


def _object_hops(objects, number):
    """The hops of a next-hop object; of a group, those of its members."""
    found = objects.get(number)
    if found is None:
        return []
    if "group" in found:
        return [x for member in found["group"]
                for x in _object_hops(objects, member["id"])]
    return [found]


def _hops(route, objects):
    if "nexthops" in route:
        return route["nexthops"]
    if "nhid" in route and "dev" not in route and int(route["type"]) not in REJECTS:
        return _object_hops(objects, route["nhid"])
    return [route]


def _legs(route, version, objects):
    common = {"destination": _destination(route["dst"], version),
              "table": int(route["table"]), "tos": int(route.get("tos", "0"), 0),
              "metric": route.get("metric", 0), "protocol": int(route["protocol"])}
    for hop in _hops(route, objects):
        if "dead" in hop["flags"]:
            continue
        kind = BLACKHOLE if "blackhole" in hop else int(route["type"])
        if kind in REJECTS:
            yield Leg(gateway=None, ifindex=0, type=kind, **common)
        elif kind in (UNICAST, RTN_LOCAL):
            yield Leg(gateway=_gateway(hop), ifindex=_ifindex(hop["dev"]), type=kind,
                      onlink="onlink" in hop["flags"], **common)


def _look(tables):
    objects = {x["id"]: x for x in _ip("nexthop")}
    return [leg for version in (4, 6)
            for route in _ip("-d", f"-{version}", "route", "show", "table", "all")
            for leg in _legs(route, version, objects)
            if tables is None or leg.table in tables]


def legs(tables=(MAIN,)):
    """Every next hop in these tables (None: in all), in the kernel's order."""
    for _ in range(20):
        try:
            return _look(tables)
        except OSError:     # a device that went away between two looks
            pass
    return _look(tables)


def standstill(tables=(MAIN,)):
    """legs() once the kernel has nothing more to do, such as announcing addresses."""
    last = legs(tables)
    for _ in range(100):
        time.sleep(0.05)
        now = legs(tables)
        if now == last:
            return now
        last = now
    raise RuntimeError("the routes of this namespace do not come to rest")


def _protocol(leg, protocols, last):
    """The values that may stand for a protocol in a table that ends at `last`."""
    value = {**PROTOCOLS, **(protocols or {})}.get(leg.protocol, OTHER)
    if value <= last:
        return (value,)
    return (OTHER, NETMGMT) if value == DHCP else (OTHER,)


def _usual_metric(leg):
    if leg.destination.version == 4 or leg.type == RTN_LOCAL:
        return 0
    return 1024 if leg.gateway or leg.type in REJECTS else 256


def _is_link_local(address):
    return address is not None and address.version == 6 and address.is_link_local


def _policy(leg, strict):
    local = _is_link_local(leg.gateway) or _is_link_local(leg.destination.network_address)
    if local:
        vague = not strict
    else:
        vague = leg.onlink or leg.gateway is not None and leg.gateway in UNNUMBERED
    wants_link = leg.type not in REJECTS and (leg.gateway is None or vague)
    if leg.table == MAIN and leg.tos == 0 and leg.metric == _usual_metric(leg):
        return (0, 0, leg.ifindex) if wants_link else (0, 0)
    return (0, 0, leg.ifindex if wants_link else 0, leg.table, leg.metric, leg.tos)


def _inet(address, zone, strict):
    """The sub-identifiers of an InetAddressType and InetAddress in an index."""
    if address is None:
        return (UNKNOWN, 0)
    if strict and _is_link_local(address):
        return (IPV6Z, 20, *address.packed, *zone.to_bytes(4, "big"))
    return (IPV4 if address.version == 4 else IPV6, len(address.packed), *address.packed)


def _inet_index(leg, strict):
    hop = leg.gateway
    if hop is None and not strict:
        hop = ipaddress.ip_address("0.0.0.0" if leg.destination.version == 4 else "::")
    policy = _policy(leg, strict)
    return (*_inet(leg.destination.network_address, leg.ifindex, strict),
            leg.destination.prefixlen, len(policy), *policy,
            *_inet(hop, leg.ifindex, strict))


def _inet_type(leg):
    if leg.type in REJECTS:
        return BLACKHOLE_ROUTE if leg.type == BLACKHOLE else REJECT
    return REMOTE if leg.gateway else LOCAL_ROUTE


def inet_rows(found, strict=False, protocols=None):
    """{index: [columns]} of inetCidrRouteTable: what each row may be, without its age.

    There is more than one answer where two next hops share an index.
    """
    rows = {}
    for leg in found:
        rows.setdefault(_inet_index(leg, strict), []).append(
            {7: leg.ifindex, 8: _inet_type(leg), 9: _protocol(leg, protocols, 99)[0],
             11: 0, 12: min(leg.metric, MAX_METRIC), 13: -1, 14: -1, 15: -1, 16: -1, 17: 1})
    return rows


def _old_hop(leg):
    """The gateway as the IPv4-only tables can show it."""
    if leg.gateway is None or leg.gateway.version == 6:
        return ipaddress.IPv4Address(0)
    return leg.gateway


def _best(found, index, rank):
    """{index: [legs]} of those IPv4 legs that rank first under their index."""
    rows = {}
    for leg in found:
        if leg.destination.version == 4:
            rows.setdefault(index(leg), []).append(leg)
    return {key: [x for x in some if rank(x) == min(map(rank, some))]
            for key, some in rows.items()}


def _preference(leg):
    """Of routes that share a row of an older table, the one to show has the least."""
    return (leg.table != MAIN, leg.metric)


def _cidr_index(leg):
    return (*leg.destination.network_address.packed, *leg.destination.netmask.packed,
            leg.tos, *_old_hop(leg).packed)


def cidr_rows(found, protocols=None):
    """{index: [columns]} of ipCidrRouteTable, as inet_rows() does."""
    best = _best([x for x in found if not x.destination.is_multicast], _cidr_index,
                 _preference)
    return {index: [
        {1: str(leg.destination.network_address), 2: str(leg.destination.netmask),
         3: leg.tos, 4: str(_old_hop(leg)), 5: leg.ifindex,
         6: min(_inet_type(leg), 4) if leg.type not in REJECTS else REJECT,
         7: value, 9: ".0.0", 10: 0, 11: min(leg.metric, MAX_METRIC),
         12: -1, 13: -1, 14: -1, 15: -1, 16: 1}
        for leg in some for value in _protocol(leg, protocols, LAST_CIDR)]
            for index, some in best.items()}


def _old_type(leg):
    if leg.type in REJECTS:
        return OTHER
    return INDIRECT if leg.gateway else DIRECT


def old_rows(found, protocols=None):
    """{index: [columns]} of ipRouteTable, as inet_rows() does."""
    best = _best(found, lambda x: tuple(x.destination.network_address.packed),
                 lambda x: (-x.destination.prefixlen, *_preference(x)))
    return {index: [
        {1: str(leg.destination.network_address), 2: leg.ifindex,
         3: min(leg.metric, MAX_METRIC), 4: -1, 5: -1, 6: -1, 7: str(_old_hop(leg)),
         8: _old_type(leg), 9: value, 11: str(leg.destination.netmask), 12: -1, 13: ".0.0"}
        for leg in some for value in _protocol(leg, protocols, LAST_OLD)]
            for index, some in best.items()}


def expected(found, strict=False, protocols=None):
    """{table: rows} of all three tables."""
    return {INET_TABLE: inet_rows(found, strict, protocols),
            CIDR_TABLE: cidr_rows(found, protocols), OLD_TABLE: old_rows(found, protocols)}


def rows_of(walk, table):
    """{index: {column: value}} of the instances of `table` in a walk of numbers."""
    rows = {}
    for oid, value in walk.items():
        if oid[:len(table)] == table:
            if oid[len(table)] != 1:
                raise ValueError(f"not under the entry: {oid}")
            rows.setdefault(oid[len(table) + 2:], {})[oid[len(table) + 1]] = value
    return rows


def ages_of(walk, table):
    return {index: row.get(AGES[table]) for index, row in rows_of(walk, table).items()}


def ageless(walk, table):
    """rows_of() without the age, which no command tells."""
    return {index: {column: value for column, value in row.items()
                    if column != AGES[table]}
            for index, row in rows_of(walk, table).items()}


def wrong_rows(got, want, columns=None):
    """Lines that say how rows differ from what they may be; of all columns or of these."""
    lines = [f"unexpected: {x}: {got[x]}" for x in sorted(got.keys() - want.keys())]
    lines += [f"missing: {x}: {want[x][0]}" for x in sorted(want.keys() - got.keys())]
    for index in sorted(got.keys() & want.keys()):
        may_be = [{column: value for column, value in row.items()
                   if columns is None or column in columns} for row in want[index]]
        if got[index] not in may_be:
            lines.append(f"{index}: got {got[index]}, want {may_be}")
    return lines


def _flags(leg):
    return (f"<U{'H' if leg.destination.prefixlen == leg.destination.max_prefixlen else ''}"
            f"{'D' if PROTOCOLS.get(leg.protocol) == 4 else ''}"
            f"{'G' if leg.gateway else ''}>")


def _name(leg):
    return socket.if_indextoname(leg.ifindex) if leg.ifindex else ""


def _netstat_words(leg):
    network = leg.destination.network_address
    hop = leg.gateway or ipaddress.ip_address(bytes(len(network.packed)))
    # snmpnetstat reads as many octets of the next hop as the destination has
    hop = ipaddress.ip_address(hop.packed[:len(network.packed)])
    host = leg.destination.prefixlen == leg.destination.max_prefixlen
    return ("default" if int(network) == 0 else str(network if host else leg.destination),
            str(hop), _flags(leg), _name(leg))


def _unique(found, index):
    return {index(x): x for x in reversed(found)}.values()


def netstat(found):
    """The lines of `snmpnetstat -Cn -Cr` as a Counter of tuples of words."""
    return Counter(_netstat_words(x)
                   for x in _unique(found, lambda x: _inet_index(x, False)))


def _short(leg):
    """An IPv4 network the way snmpnetstat shortens it."""
    octets = [str(x) for x in leg.destination.network_address.packed]
    length = leg.destination.prefixlen
    return f"{'.'.join(octets[:max((length + 7) // 8, 1)])}/{length}"


def _older_words(leg):
    network, host = leg.destination.network_address, leg.destination.prefixlen == 32
    return ("default" if int(network) == 0 else str(network) if host else _short(leg),
            str(_old_hop(leg)) if int(_old_hop(leg)) else "*", _flags(leg), _name(leg))


def older_netstat(found):
    """The lines of `snmpnetstat -CL -Cn -Cr`; of legs that share a row, the first."""
    best = _best([x for x in found if not x.destination.is_multicast], _cidr_index,
                 _preference)
    return Counter(_older_words(some[0]) for some in best.values())
