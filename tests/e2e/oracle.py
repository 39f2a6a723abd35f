#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the TCP-MIB's tables should hold, told by ss and /proc, and rows out of a walk."""

import ipaddress
import re
import socket
from collections import namedtuple

from harness import run

STATES = {"SYN-SENT": 3, "SYN-RECV": 4, "ESTAB": 5, "FIN-WAIT-1": 6, "FIN-WAIT-2": 7,
          "CLOSE-WAIT": 8, "LAST-ACK": 9, "CLOSING": 10, "TIME-WAIT": 11}
LISTEN = 2
MINIATURES = (4, 11)    # SYN-RECV and TIME-WAIT: no full socket, it gives way to one
UNKNOWN, IPV4, IPV6, IPV6Z = 0, 1, 2, 4

TCP = (1, 3, 6, 1, 2, 1, 6)
CONN_TABLE = TCP + (13,)
CONNECTION_TABLE = TCP + (19,)
LISTENER_TABLE = TCP + (20,)

# address None is ss's "*": every address of both IP versions
Endpoint = namedtuple("Endpoint", "address zone port")
Socket = namedtuple("Socket", "state local remote pids")


def endpoint(text):
    """An address and port as ss prints them."""
    address, port = text.rsplit(":", 1)
    match = re.fullmatch(r"\[?([^\]%]*)(?:%([^\]]+))?\]?(?:%(.+))?", address)
    zone = match[2] or match[3]
    return Endpoint(None if match[1] == "*" else ipaddress.ip_address(match[1]),
                    socket.if_nametoindex(zone) if zone else 0,
                    0 if port == "*" else int(port))


def sockets(processes=False):
    """What `ss -Htan` prints, as Socket tuples; with `processes` what `ss -Htanp` does."""
    found = []
    for line in run("ss", "-HtanO", *(["-p"] if processes else [])).stdout.splitlines():
        state, _, _, local, remote, *rest = line.split(None, 5)
        pids = [int(x) for x in re.findall(r"pid=(\d+)", rest[0] if rest else "")]
        found.append(Socket(state, endpoint(local), endpoint(remote), pids))
    return found


def ipv4_of(endpoint):
    """The IPv4 address the older table shows, or None where it has no row."""
    if endpoint.address is None:
        return ipaddress.IPv4Address(0)
    if endpoint.address.version == 4:
        return endpoint.address
    return endpoint.address.ipv4_mapped


def inet(endpoint, strict=False):
    """(InetAddressType, octets) as RFC 4001 and 4022 want them for this end."""
    address = endpoint.address
    if address is None:
        return UNKNOWN, b""
    if address.version == 4 or address.ipv4_mapped:
        return IPV4, ipv4_of(endpoint).packed
    if strict and address.is_link_local:
        return IPV6Z, address.packed + endpoint.zone.to_bytes(4, "big")
    return IPV6, address.packed


def _connection_key(sock, strict):
    remote = sock.remote._replace(zone=sock.local.zone)     # ss tells it once
    return (*inet(sock.local, strict), sock.local.port, *inet(remote, strict), remote.port)


def _lowest(pids):
    return min((x for x in pids if x), default=0)


class Look:
    """One look at the kernel with ss, and the rows each table should have after it."""

    def __init__(self, processes=False):
        seen = sockets(processes)
        self._listeners = [x for x in seen if x.state == "LISTEN"]
        self._connections = [x for x in seen if x.state in STATES]

    def states(self):
        """{(local port, remote port): ss's name of the state}"""
        return {(x.local.port, x.remote.port): x.state for x in self._connections}

    def connections(self, strict=False):
        """{(type, octets, port, type, octets, port): state} of tcpConnectionTable."""
        rows = {}
        for sock in self._connections:
            key = _connection_key(sock, strict)
            if rows.get(key, MINIATURES[0]) in MINIATURES:
                rows[key] = STATES[sock.state]
        return rows

    def processes(self):
        """{index: pid} of tcpConnectionTable."""
        return {_connection_key(x, False): _lowest(x.pids) for x in self._connections}

    def listeners(self, strict=False):
        """{(type, octets, port)} of tcpListenerTable."""
        return {(*inet(x.local, strict), x.local.port) for x in self._listeners}

    def listener_processes(self):
        """{index: pid} of tcpListenerTable, the lowest of all that share a row."""
        pids = {}
        for sock in self._listeners:
            pids.setdefault((*inet(sock.local), sock.local.port), []).extend(sock.pids)
        return {key: _lowest(value) for key, value in pids.items()}

    def conn_table(self):
        """{(address, port, address, port): state} of tcpConnTable."""
        rows = {(str(ipv4_of(x.local)), x.local.port, "0.0.0.0", 0): LISTEN
                for x in self._listeners if ipv4_of(x.local) is not None}
        for sock in self._connections:
            if ipv4_of(sock.local) is not None:
                key = (str(ipv4_of(sock.local)), sock.local.port,
                       str(ipv4_of(sock.remote)), sock.remote.port)
                if rows.get(key, MINIATURES[0]) in MINIATURES:
                    rows[key] = STATES[sock.state]
        return rows


def take_inet(index):
    """An InetAddressType, InetAddress and InetPortNumber, and what of an index follows."""
    kind, length, *rest = index
    if length > len(rest):
        raise ValueError(f"an address of {length} octets in {index}")
    return (kind, bytes(rest[:length]), rest[length]), rest[length + 1:]


def _columns(walk, table, decode):
    """{row: {column: value}} of the instances of `table` in a walk, index decoded."""
    rows = {}
    for oid, value in walk.items():
        if oid[:len(table)] != table:
            continue
        entry, column, *index = oid[len(table):]
        if entry != 1:
            raise ValueError(f"not under the entry: {oid}")
        rows.setdefault(decode(index), {})[column] = value
    return rows


def _decode_connection(index):
    local, rest = take_inet(index)
    remote, rest = take_inet(rest)
    if rest:
        raise ValueError(f"too long an index: {index}")
    return local + remote


def _decode_listener(index):
    local, rest = take_inet(index)
    if rest:
        raise ValueError(f"too long an index: {index}")
    return local


def _decode_conn(index):
    if len(index) != 10:
        raise ValueError(f"not ten sub-identifiers: {index}")
    return (".".join(map(str, index[:4])), index[4],
            ".".join(map(str, index[5:9])), index[9])


def connection_rows(walk):
    """tcpConnectionTable in a walk: {index: {7: state, 8: process}}."""
    return _columns(walk, CONNECTION_TABLE, _decode_connection)


def listener_rows(walk):
    """tcpListenerTable in a walk: {index: {4: process}}."""
    return _columns(walk, LISTENER_TABLE, _decode_listener)


def conn_rows(walk):
    """tcpConnTable in a walk: {index: {1: state, 2..5: index columns}}."""
    return _columns(walk, CONN_TABLE, _decode_conn)


def column(rows, number):
    return {key: row.get(number) for key, row in rows.items()}


def counters():
    """The Tcp: pair of lines of /proc/net/snmp by name."""
    with open("/proc/self/net/snmp", encoding="ascii") as file:
        lines = [x.split()[1:] for x in file if x.startswith("Tcp:")]
    return {name: int(value) for name, value in zip(*lines)}
