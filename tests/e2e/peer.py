#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The far end of TCP connections, played by hand over a tun device: makes every TCP state.

The kernel's own TCP is at the near end of the device. What comes out of it is read here as
IP packets, and each segment it gets is written here, so that an answer can be left out.
"""

import fcntl
import ipaddress
import os
import select
import socket
import struct
import time
from collections import namedtuple

from harness import Skip, run

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
FIN, SYN, ACK = 0x01, 0x02, 0x10

# a kind of address: the family of the kernel's socket, its address, the peer's on the wire
Kind = namedtuple("Kind", "name family near far connect_to")
KINDS = [
    Kind("IPv4", socket.AF_INET, "10.77.0.1", "10.77.0.2", "10.77.0.2"),
    Kind("IPv6", socket.AF_INET6, "fd77::1", "fd77::2", "fd77::2"),
    Kind("v4-mapped", socket.AF_INET6, "::ffff:10.77.0.1", "10.77.0.2", "::ffff:10.77.0.2"),
    Kind("link-local", socket.AF_INET6, "fe80::77:1", "fe80::77:2", "fe80::77:2"),
]
Segment = namedtuple("Segment", "src sport dst dport seq ack flags length")


def on_wire(address):
    """The address as it is in the packets: v4-mapped is IPv4 there."""
    address = ipaddress.ip_address(address)
    return getattr(address, "ipv4_mapped", None) or address


def _checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def build(segment):
    """An IP packet around the segment."""
    src, dst = on_wire(segment.src), on_wire(segment.dst)
    tcp = struct.pack("!HHIIBBHHH", segment.sport, segment.dport,
                      segment.seq & 0xFFFFFFFF, segment.ack & 0xFFFFFFFF,
                      5 << 4, segment.flags, 65535, 0, 0)
    pseudo = src.packed + dst.packed + struct.pack("!II", len(tcp), socket.IPPROTO_TCP)
    tcp = tcp[:16] + struct.pack("!H", _checksum(pseudo + tcp)) + tcp[18:]
    if src.version == 6:
        return struct.pack("!IHBB", 6 << 28, len(tcp), socket.IPPROTO_TCP, 64) + \
            src.packed + dst.packed + tcp
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64,
                       socket.IPPROTO_TCP, 0) + src.packed + dst.packed
    return head[:10] + struct.pack("!H", _checksum(head)) + head[12:] + tcp


def parse(packet):
    """The TCP segment in an IP packet, or None when there is none."""
    version = packet[0] >> 4
    if version == 4 and packet[9] == socket.IPPROTO_TCP:
        begin = (packet[0] & 15) * 4
        src, dst = packet[12:16], packet[16:20]
    elif version == 6 and packet[6] == socket.IPPROTO_TCP:
        begin = 40
        src, dst = packet[8:24], packet[24:40]
    else:
        return None
    sport, dport, seq, ack, offset, flags = struct.unpack_from("!HHIIBB", packet, begin)
    length = len(packet) - begin - (offset >> 4) * 4
    return Segment(ipaddress.ip_address(src), sport, ipaddress.ip_address(dst), dport,
                   seq, ack, flags, length)


def open_tun(device):
    """The descriptor of a new tun device."""
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    try:
        fcntl.ioctl(tun, TUNSETIFF,
                    struct.pack("16sH22x", device.encode(), IFF_TUN | IFF_NO_PI))
    except OSError:
        os.close(tun)
        raise
    return tun


def need_tun():
    """For test_main()."""
    try:
        os.close(open_tun("nmtest"))
    except OSError as error:
        raise Skip(f"no tun device: {error.strerror}") from error


class Flow:
    """One connection: the kernel's socket, if it has one, and the peer's numbers."""

    def __init__(self, peer, kind, near_port, far_port, sock=None):
        self.peer = peer
        self.kind = kind
        self.sock = sock
        self.near_port = near_port
        self.far_port = far_port
        self.seq = 1000         # the next one the peer sends
        self.ack = 0            # the next one the peer expects

    def send(self, flags, ack=None):
        """The peer sends a segment without data; SYN and FIN take their place."""
        ack = (self.ack if ack is None else ack) if flags & ACK else 0
        self.peer.write(Segment(self.kind.far, self.far_port, self.kind.near,
                                self.near_port, self.seq, ack, flags, 0))
        self.seq += 1 if flags & (SYN | FIN) else 0

    def expect(self, flags):
        """Waits for the kernel's segment with all these flags; notes its end."""
        segment = self.peer.read(lambda x: x.flags & flags == flags
                                 and (x.sport, x.dport) == (self.near_port, self.far_port)
                                 and x.src == on_wire(self.kind.near))
        self.ack = segment.seq + segment.length + (1 if flags & (SYN | FIN) else 0)
        return segment


class Peer:
    """A tun device with a near address of every kind, and all the flows over it."""

    def __init__(self, device="nmtun0", kinds=tuple(KINDS)):
        self.device = device
        self.kinds = kinds
        self.flows = []
        self.listeners = {}
        self.far_port = 2000
        self.tun = open_tun(device)
        run("ip", "link", "set", device, "addrgenmode", "none")
        for kind in kinds:
            if kind.name != "v4-mapped":
                self._address(kind)
        run("ip", "link", "set", device, "up")
        self.ifindex = socket.if_nametoindex(device)
        self._long_timers()

    def _address(self, kind):
        nodad = ["nodad"] if kind.family == socket.AF_INET6 else []
        bits = "/24" if kind.family == socket.AF_INET else "/64"
        run("ip", "address", "add", kind.near + bits, "dev", self.device, *nodad)

    def _long_timers(self):
        """States that the kernel ends by a timer should outlive the script."""
        for name, value in (("tcp_fin_timeout", 120), ("tcp_synack_retries", 7),
                            ("tcp_syn_retries", 7), ("tcp_orphan_retries", 9)):
            with open(f"/proc/sys/net/ipv4/{name}", "w", encoding="ascii") as file:
                file.write(str(value))

    def write(self, segment):
        os.write(self.tun, build(segment))

    def read(self, wanted, timeout=5.0):
        """The next segment from the kernel that is `wanted`; others are dropped."""
        end = time.monotonic() + timeout
        while select.select([self.tun], [], [], max(0.0, end - time.monotonic()))[0]:
            segment = parse(os.read(self.tun, 65536))
            if segment and wanted(segment):
                return segment
        raise RuntimeError("the kernel did not send the segment waited for")

    def _socket(self, kind):
        sock = socket.socket(kind.family, socket.SOCK_STREAM)
        sock.setblocking(False)
        if kind.family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        return sock

    def _name(self, kind, address, port):
        if kind.name == "link-local":
            return (address, port, 0, self.ifindex)
        return (address, port)

    def bound(self, kind, port=0):
        """A socket that is bound and nothing more."""
        sock = self._socket(kind)
        sock.bind(self._name(kind, kind.near, port))
        return sock

    def listener(self, kind):
        """A listener on the near address; one of a kind is enough."""
        if kind not in self.listeners:
            self.listeners[kind] = self.bound(kind)
            self.listeners[kind].listen(50)
        return self.listeners[kind]

    def next_port(self):
        self.far_port += 1
        return self.far_port

    def syn_sent(self, kind, near_port=0, far_port=0):
        """The kernel connects, the peer says nothing."""
        sock = self.bound(kind, near_port)
        far_port = far_port or self.next_port()
        sock.connect_ex(self._name(kind, kind.connect_to, far_port))
        flow = Flow(self, kind, sock.getsockname()[1], far_port, sock)
        flow.expect(SYN)
        self.flows.append(flow)
        return flow

    def syn_recv(self, kind):
        """The peer connects and never acknowledges the answer."""
        port = self.listener(kind).getsockname()[1]
        flow = Flow(self, kind, port, self.next_port())
        flow.send(SYN)
        flow.expect(SYN | ACK)
        self.flows.append(flow)
        return flow

    def not_accepted(self, kind):
        """The peer connects; nobody calls accept()."""
        flow = self.syn_recv(kind)
        flow.send(ACK)
        return flow

    def established(self, kind):
        flow = self.syn_sent(kind)
        flow.send(SYN | ACK)
        flow.expect(ACK)
        return flow

    def fin_wait1(self, kind, orphan=False):
        """The kernel's FIN is not acknowledged; `orphan`: nobody holds the socket."""
        flow = self.established(kind)
        self.end(flow, orphan)
        return flow

    def fin_wait2(self, kind, orphan=False):
        flow = self.fin_wait1(kind, orphan)
        flow.send(ACK)
        return flow

    def time_wait(self, kind):
        flow = self.fin_wait2(kind)
        flow.send(FIN | ACK)
        flow.expect(ACK)
        return flow

    def close_wait(self, kind):
        flow = self.established(kind)
        flow.send(FIN | ACK)
        flow.expect(ACK)
        return flow

    def last_ack(self, kind, orphan=False):
        flow = self.close_wait(kind)
        self.end(flow, orphan)
        return flow

    def closing(self, kind, orphan=False):
        """Both close at once, and the peer does not acknowledge the kernel's FIN."""
        flow = self.fin_wait1(kind, orphan)
        flow.send(FIN | ACK, ack=flow.ack - 1)
        flow.expect(ACK)
        return flow

    def end(self, flow, orphan):
        """The near end sends its FIN, by close() or by shutdown()."""
        if orphan:
            flow.sock.close()
        else:
            flow.sock.shutdown(socket.SHUT_WR)
        flow.expect(FIN)

    def close(self):
        for flow in self.flows:
            if flow.sock:
                flow.sock.close()
        for sock in self.listeners.values():
            sock.close()
        os.close(self.tun)


STATES = [
    ("SYN-SENT", Peer.syn_sent), ("SYN-RECV", Peer.syn_recv),
    ("ESTAB", Peer.established), ("FIN-WAIT-1", Peer.fin_wait1),
    ("FIN-WAIT-2", Peer.fin_wait2), ("CLOSE-WAIT", Peer.close_wait),
    ("LAST-ACK", Peer.last_ack), ("CLOSING", Peer.closing), ("TIME-WAIT", Peer.time_wait),
]
ORPHANS = [("FIN-WAIT-1", Peer.fin_wait1), ("FIN-WAIT-2", Peer.fin_wait2),
           ("LAST-ACK", Peer.last_ack), ("CLOSING", Peer.closing)]


def make_all(peer):
    """Every state with every kind of address: [(state, flow)]."""
    made = []
    for kind in peer.kinds:
        for state, maker in STATES:
            made.append((state, maker(peer, kind)))
        for state, maker in ORPHANS:
            made.append((state, maker(peer, kind, orphan=True)))
    return made
