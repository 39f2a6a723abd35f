#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Network devices of every kind that can be made here, and traffic through them."""

import fcntl
import os
import socket
import struct

import links_oracle as oracle
from routes_oracle import batch, sysctl

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_TAP, IFF_NO_PI = 0x0001, 0x0002, 0x1000
TEST_TYPE = b"\x88\xb5"                 # of local experiments (IEEE 802)
ALL_HOSTS = bytes.fromhex("01005e000001")
VXLAN_PORT, VXLAN_FLAGS = 4789, 0x08000000
CONGESTED = 3                           # the ECN bits of a packet that met congestion
HUGE = 65000                            # octets of a datagram over lo

VETHS = ("va", "pa", "qa", "ta")        # each with a peer that ends in b
SCENE = (
    "link set lo up",
    *(f"link add {x} type veth peer name {x[0]}b" for x in VETHS),
    "link add br0 type bridge", "link set pb master br0", "link set qb master br0",
    "link add mv0 link va type macvlan", "link add mt0 link va type macvtap",
    "link add vx0 type vxlan id 7 dev va dstport 4789",
    "link add vx1 type vxlan id 8 remote 198.51.100.1 dstport 4789",
    "link add ifb0 type ifb", "tuntap add tap0 mode tap", "tuntap add tun0 mode tun",
    *(f"link set {x} up" for x in (*VETHS, *(f"{x[0]}b" for x in VETHS), "br0", "mv0",
                                   "vx0", "vx1", "tap0", "tun0")))


class Tun:
    """The other end of a tun or tap device: it has a carrier while this is open."""

    def __init__(self, name):
        self.name = name
        kind = IFF_TAP if name.startswith("tap") else IFF_TUN
        self.fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.fd, TUNSETIFF, struct.pack("16sH22x", name.encode(),
                                                    kind | IFF_NO_PI))

    def write(self, data):
        """Hands a packet to the kernel, which may refuse it."""
        try:
            os.write(self.fd, data)
        except OSError:
            return False
        return True

    def close(self):
        os.close(self.fd)


def make():
    """The devices; all are what they will be when this returns."""
    for family in ("all", "default"):
        sysctl(f"ipv6/conf/{family}/accept_dad", 0)
        sysctl(f"ipv6/conf/{family}/router_solicitations", 0)
    batch(*SCENE)
    return oracle.at_rest(until=lambda x: x.oper("br0") == x.oper("mv0") == oracle.UP
                          and x.oper("tap0") == oracle.DOWN)


def send(name, destination, count=1, size=100, source=None):
    """Sends frames of `size` octets out of a device."""
    address = oracle.Look(lambda x: x == name).named(name).address
    frame = (destination + (source or address) + TEST_TYPE).ljust(size, b"\0")
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
        sock.bind((name, 0))
        for _ in range(count):
            sock.send(frame)


def flood_lo(octets):
    """Sends as many octets over lo, and to nobody."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sink, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sink.bind(("127.0.0.1", 0))
        sink.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        sock.connect(sink.getsockname())
        data = bytes(HUGE)
        for _ in range(octets // HUGE + 1):
            sock.send(data)


def send_congested(address, identifier):
    """A packet to a VXLAN device that no tunnel may take out of its envelope (RFC 6040)."""
    inner = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20, 0, 0, 64, 17, 0, b"\x0a\0\0\1",
                        b"\x0a\0\0\2")
    frame = address + b"\2" + bytes(5) + b"\x08\0" + inner
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, CONGESTED)
        sock.sendto(struct.pack("!II", VXLAN_FLAGS, identifier << 8) + frame,
                    ("127.0.0.1", VXLAN_PORT))
