#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Each kind of address gets the InetAddressType and the octets that RFC 4022 gives it."""

import socket

import agents
import oracle
import peer
from harness import difference, run, test_main, wait_for
from oracle import Look, IPV4, IPV6, IPV6Z, UNKNOWN

ANY4, ANY6 = b"\0" * 4, b"\0" * 16
ONE4, ONE6 = b"\x7f\0\0\1", b"\0" * 15 + b"\1"
NEAR4 = bytes((10, 77, 0, 1))
STRICT_PORT = 1164


def listen(family, address, port=0, only6=None, reuse=False, device=None):
    """A listener, as bound as the test wants it."""
    sock = socket.socket(family, socket.SOCK_STREAM)
    if only6 is not None:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(only6))
    if reuse:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if device:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
    sock.bind((address, port))
    sock.listen(5)
    return sock


def port_of(sock):
    return sock.getsockname()[1]


class World:
    """All the sockets, and the rows written down by hand that must be among the others."""

    def __init__(self):
        self.keep = []
        self.player = peer.Peer()
        self.second = peer.Peer("nmtun1")
        self.connections = {}       # name: index
        self.listeners = {}
        self.absent = {}            # name: index of a listener row that must not be there
        self.compatible = {}        # what only one of the two settings has
        self.strict = {}

    def add(self, *socks):
        self.keep += socks
        return socks[0]

    def connect(self, name, listener, address, kind, octets):
        """Connects on loopback; both ends get a row."""
        near = self.add(socket.create_connection((address, port_of(listener))))
        self.add(listener.accept()[0])
        ends = (kind, octets, port_of(near)), (kind, octets, port_of(listener))
        self.connections[f"{name}, the client's end"] = ends[0] + ends[1]
        self.connections[f"{name}, the server's end"] = ends[1] + ends[0]

    def loopback(self):
        four = self.add(listen(socket.AF_INET, "127.0.0.1"))
        self.listeners["IPv4 listener"] = (IPV4, ONE4, port_of(four))
        self.connect("IPv4 connection", four, "127.0.0.1", IPV4, ONE4)
        six = self.add(listen(socket.AF_INET6, "::1"))
        self.listeners["IPv6 listener"] = (IPV6, ONE6, port_of(six))
        self.connect("IPv6 connection", six, "::1", IPV6, ONE6)

    def wildcards(self):
        dual = self.add(listen(socket.AF_INET6, "::", only6=False))
        self.listeners["dual-stack listener"] = (UNKNOWN, b"", port_of(dual))
        self.absent["dual-stack listener as ::"] = (IPV6, ANY6, port_of(dual))
        self.connect("v4-mapped connection", dual, "127.0.0.1", IPV4, ONE4)
        only6 = self.add(listen(socket.AF_INET6, "::", only6=True))
        self.listeners["IPv6-only listener"] = (IPV6, ANY6, port_of(only6))
        self.add(listen(socket.AF_INET, "0.0.0.0", port_of(only6)))
        self.listeners["IPv4 listener on its port"] = (IPV4, ANY4, port_of(only6))
        bound = self.add(listen(socket.AF_INET6, "::", only6=False, device="nmtun0"))
        self.listeners["dual-stack listener on a device"] = (UNKNOWN, b"", port_of(bound))

    def mapped_listeners(self):
        sock = self.add(listen(socket.AF_INET6, "::ffff:10.77.0.1", only6=False))
        self.listeners["v4-mapped listener"] = (IPV4, NEAR4, port_of(sock))
        sock = self.add(listen(socket.AF_INET6, "::ffff:0.0.0.0", only6=False))
        self.listeners["v4-mapped wildcard listener"] = (IPV4, ANY4, port_of(sock))

    def groups(self):
        first = self.add(listen(socket.AF_INET, "0.0.0.0", reuse=True))
        for _ in range(3):
            self.add(listen(socket.AF_INET, "0.0.0.0", port_of(first), reuse=True))
        self.listeners["SO_REUSEPORT group of four"] = (IPV4, ANY4, port_of(first))
        dual = self.add(listen(socket.AF_INET6, "::", only6=False, reuse=True))
        self.add(listen(socket.AF_INET6, "::", port_of(dual), only6=False, reuse=True))
        self.listeners["dual-stack SO_REUSEPORT group"] = (UNKNOWN, b"", port_of(dual))

    def link_local(self):
        kind = peer.KINDS[3]
        flow = self.player.established(kind)
        near, far = peer.on_wire(kind.near).packed, peer.on_wire(kind.far).packed
        self._both("link-local connection", near, flow.near_port, far, flow.far_port,
                   self.player)
        one = self.player.syn_sent(kind, 7001, 7002)
        self.second.syn_sent(kind, one.near_port, one.far_port)
        for player in (self.player, self.second):
            self._both(f"link-local connection on {player.device}, the same on another",
                       near, 7001, far, 7002, player)
        port = port_of(self.player.listener(kind))
        zone = self.player.ifindex.to_bytes(4, "big")
        self.compatible["link-local listener"] = (IPV6, near, port)
        self.strict["link-local listener"] = (IPV6Z, near + zone, port)

    def _both(self, name, near, near_port, far, far_port, player):
        zone = player.ifindex.to_bytes(4, "big")
        self.compatible[name] = (IPV6, near, near_port, IPV6, far, far_port)
        self.strict[name] = (IPV6Z, near + zone, near_port, IPV6Z, far + zone, far_port)

    def twice(self):
        """One IPv4 tuple on two devices: TCP-MIB has room for one row."""
        for player in (self.player, self.second):
            sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE,
                            player.device.encode())
            sock.bind(("10.77.0.1", 7003))
            sock.connect_ex(("10.77.0.2", 7004))
            self.add(sock)
        self.connections["IPv4 connection met twice"] = \
            (IPV4, NEAR4, 7003, IPV4, bytes((10, 77, 0, 2)), 7004)


def make_world():
    world = World()
    for step in (world.loopback, world.wildcards, world.mapped_listeners, world.groups,
                 world.link_local, world.twice):
        step()
    return world


def check_sets(tap, name, walk, strict):
    """The index sets of the three tables against ss."""
    checks = (
        ("tcpConnectionTable", lambda: set(oracle.connection_rows(walk())),
         lambda: set(Look().connections(strict))),
        ("tcpListenerTable", lambda: set(oracle.listener_rows(walk())),
         lambda: Look().listeners(strict)),
        ("tcpConnTable", lambda: oracle.column(oracle.conn_rows(walk()), 1),
         lambda: Look().conn_table()))
    for table, got, want in checks:
        good = wait_for(lambda got=got, want=want: got() == want(), 8, 0.2)
        tap.ok(good, f"{name}: the index of {table} is what ss says",
               *([] if good else difference(got(), want())))


def check_rows(tap, name, walk, world, own, other):
    rows = walk()
    connections = oracle.connection_rows(rows)
    listeners = oracle.listener_rows(rows)
    for what, index in {**world.connections, **world.listeners, **own}.items():
        tap.ok(index in connections or index in listeners, f"{name}: {what}", index)
    for what, index in {**world.absent, **other}.items():
        tap.ok(index not in connections and index not in listeners,
               f"{name}: no other row of {what}", index)


def check_reader(tap, name, walk, world, strict):
    check_sets(tap, name, walk, strict)
    own, other = world.compatible, world.strict
    if strict:
        own, other = other, own
    check_rows(tap, name, walk, world, own, other)


def main(script):
    tap = script.tap
    hosts = agents.start_all(script)
    strict = agents.start_standalone(script, "netmibInetAddress strict\n", "strict",
                                     STRICT_PORT).wait_ready()
    world = make_world()
    tap.ok(len(run("ss", "-Htan", "sport", "=", ":7003").stdout.splitlines()) == 2,
           "the kernel has one tuple twice")
    for host in hosts:
        check_reader(tap, host.kind, host.numbers, world, False)
    check_reader(tap, "strict", strict.numbers, world, True)
    check_reader(tap, "netmibd -p", lambda: agents.printed(script, "tcp"), world, False)


if __name__ == "__main__":
    test_main(main, agents.PROGRAMS, (peer.need_tun,))
