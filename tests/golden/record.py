#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Records what the running kernel says about TCP sockets and routes, for the golden tests.

    record.py here PREFIX     the sockets in this network namespace
    record.py scenes FOLDER   empty.* and mix.*: sockets in namespaces made for it (root)
    record.py edits FOLDER    duplicates.* and malformed.*: made from mix.one-pass
    record.py routes FOLDER   no-routes.* and routes*.*: routes, in the same way (root)

Writes PREFIX.one-pass and PREFIX.per-family (sock_diag requests, each with the messages
that were answered), PREFIX.tcp, .tcp6 (the files of /proc/net), PREFIX.files (that of the
counters, behind a line that names it), PREFIX.owners (lines "INODE PID") and PREFIX.ss
(what ss says of the same sockets; no test reads it); of routes PREFIX.route (rtnetlink) and
PREFIX.ip (what ip says of them; no test reads it). Network devices are recorded by
record_links.py, UDP sockets and what IP-MIB tells by record_ip.py.
"""

import ctypes
import json
import os
import re
import socket
import struct
import subprocess
import sys
import time
from contextlib import contextmanager

NETLINK_ROUTE, NETLINK_SOCK_DIAG = 0, 4
SOL_NETLINK, NETLINK_GET_STRICT_CHK = 270, 12
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLM_F_REQUEST, NLM_F_MULTI, NLM_F_DUMP = 0x1, 0x2, 0x300
TCPDIAG_GETSOCK, SOCK_DIAG_BY_FAMILY = 18, 20
RTM_GETROUTE, RTM_GETNEXTHOP = 26, 106
RTA_TABLE, ALL, MAIN, LOCAL = 15, 0, 254, 255
WANTED_STATES = 0xF7E
ESTABLISHED, SYN_RECV, TIME_WAIT, CLOSE_WAIT = 1, 3, 6, 8
CLONE_NEWNET = 0x40000000
SO_BINDTODEVICE = 25
LIBC = ctypes.CDLL(None, use_errno=True)
PROC_NET = "/proc/thread-self/net"


# --- recording ---

def message(kind, flags, body):
    return struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body


def one_pass_request():
    """struct inet_diag_req: family to ext, the socket's identity, states, dbs."""
    body = bytes(4) + bytes(48) + struct.pack("=II", WANTED_STATES, 0)
    return message(TCPDIAG_GETSOCK, NLM_F_REQUEST | NLM_F_DUMP, body)


def family_request(family, protocol=socket.IPPROTO_TCP, states=WANTED_STATES):
    """struct inet_diag_req_v2."""
    head = struct.pack("=BBBBI", family, protocol, 0, 0, states)
    return message(SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, head + bytes(48))


def routes_request(family, table):
    """struct rtmsg, and RTA_TABLE unless it is all tables."""
    wanted = struct.pack("=HHI", 8, RTA_TABLE, table) if table else b""
    body = struct.pack("=B11x", family) + wanted
    return message(RTM_GETROUTE, NLM_F_REQUEST | NLM_F_DUMP, body)


def nexthops_request():
    """struct nhmsg."""
    return message(RTM_GETNEXTHOP, NLM_F_REQUEST | NLM_F_DUMP, bytes(8))


def messages(data):
    """The netlink messages in some bytes, each with its padding."""
    while len(data) >= 16:
        size = struct.unpack_from("=I", data)[0] + 3 & ~3
        yield data[:size]
        data = data[size:]


def kind_of(msg):
    return struct.unpack_from("=H", msg, 4)[0]


def anonymous(msg):
    """The message with the sender's port number, another in each run, set to 0."""
    return msg[:12] + bytes(4) + msg[16:]


def ask(request, number=NETLINK_SOCK_DIAG):
    """The request and all that is answered on the bus of this number."""
    answer = []
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, number) as bus:
        bus.settimeout(5)
        if number == NETLINK_ROUTE:
            bus.setsockopt(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1)
        bus.bind((0, 0))
        bus.send(request)
        while not answer or kind_of(answer[-1]) not in (NLMSG_DONE, NLMSG_ERROR):
            answer += [anonymous(msg) for msg in messages(bus.recv(65536))]
    return request + b"".join(answer)


def inodes(names):
    """Of the sockets in this namespace that these files of /proc/net tell."""
    found = set()
    for name in names:
        with open(f"{PROC_NET}/{name}", encoding="ascii") as file:
            found |= {int(line.split()[9]) for line in file.readlines()[1:]}
    return found - {0}


def link(path):
    try:
        return os.readlink(path)
    except OSError:     # closed meanwhile
        return ""


def owners(*names):
    """Lines "INODE PID" of each of them, as often as a process holds it."""
    wanted, found = inodes(names), set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            links = [link(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
        except OSError:
            continue
        numbers = (re.fullmatch(r"socket:\[(\d+)\]", text) for text in links)
        found |= {(int(n[1]), int(pid)) for n in numbers if n and int(n[1]) in wanted}
    return "".join(f"{inode} {pid}\n" for inode, pid in sorted(found))


def read(path):
    """A file of /proc, of the network namespace that this thread is in."""
    with open(path.replace("/proc/net", PROC_NET), encoding="ascii") as file:
        return file.read()


def files(*paths):
    """These files, each behind a line that names it."""
    return "".join(f"==> {path} <==\n{read(path)}" for path in paths)


def told_by_ss(*words):
    told = subprocess.run(["ss", *words], check=True, text=True, capture_output=True)
    return "".join(f"{line.rstrip()}\n" for line in told.stdout.splitlines())


def write(path, content):
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    print(f"{path}: {len(content)}")


def record(prefix):
    """Everything about the namespace this thread is in."""
    write(f"{prefix}.one-pass", ask(one_pass_request()))
    write(f"{prefix}.per-family",
          ask(family_request(socket.AF_INET)) + ask(family_request(socket.AF_INET6)))
    for name in "tcp", "tcp6":
        write(f"{prefix}.{name}", read(f"/proc/net/{name}"))
    write(f"{prefix}.files", files("/proc/net/snmp"))
    write(f"{prefix}.owners", owners("tcp", "tcp6"))
    write(f"{prefix}.ss", told_by_ss("-tanepO"))


def told_by_ip(*words):
    """What ip says, an object a line."""
    told = subprocess.run(["ip", "-j", "-d", *words], check=True, text=True,
                          capture_output=True)
    objects = json.loads(told.stdout.strip() or "[]")
    return "".join(f"{json.dumps(thing)}\n" for thing in objects)


def record_routes(prefix):
    """The routes and the next-hop objects of the namespace this thread is in."""
    requests = [nexthops_request()] + [
        routes_request(family, table)
        for table in (ALL, MAIN, LOCAL) for family in (socket.AF_INET, socket.AF_INET6)]
    write(f"{prefix}.route", b"".join(ask(request, NETLINK_ROUTE) for request in requests))
    links = "".join(f"{number}: {name}\n" for number, name in socket.if_nameindex())
    write(f"{prefix}.ip", "".join((
        links, told_by_ip("nexthop", "show"),
        told_by_ip("-4", "route", "show", "table", "all"),
        told_by_ip("-6", "route", "show", "table", "all"))))


# --- the scenes ---

NEAR, FAR = f"nm-golden-{os.getpid()}-near", f"nm-golden-{os.getpid()}-far"

# What goes out by "void" has no receiver's address, and is lost: these hear nothing from
# us, while we may hear from them. DEAF… do at first, so that they can be connected to.
DEAF4, DEAF6 = "198.51.100.2", "2001:db8:2::2"
NOBODY4, NOBODY6 = "203.0.113.9", "2001:db8:3::9"

LINKS = f"""
link add near index 7 netns {NEAR} type veth peer name far index 8 netns {FAR}
link add void index 9 netns {NEAR} type veth peer name sink index 10 netns {FAR}
-n {NEAR} link set near addrgenmode none
-n {NEAR} link set void addrgenmode none
-n {FAR} link set far addrgenmode none
-n {FAR} link set sink addrgenmode none
-n {NEAR} link set void arp off
-n {NEAR} link set lo up
-n {NEAR} link set near up
-n {NEAR} link set void up
-n {FAR} link set lo up
-n {FAR} link set far up
-n {FAR} link set sink up
-n {NEAR} address add 192.0.2.1/24 dev near
-n {NEAR} address add 2001:db8::1/64 dev near nodad
-n {NEAR} address add fe80::1/64 dev near nodad
-n {NEAR} address add fe80::1/64 dev void nodad
-n {FAR} address add 192.0.2.2/24 dev far
-n {FAR} address add 2001:db8::2/64 dev far nodad
-n {FAR} address add fe80::2/64 dev far nodad
-n {FAR} address add {DEAF4}/32 dev lo
-n {FAR} address add {DEAF6}/128 dev lo nodad
-n {FAR} address add {NOBODY4}/32 dev lo
-n {FAR} address add {NOBODY6}/128 dev lo nodad
-n {NEAR} route add {DEAF4} via 192.0.2.2
-n {NEAR} route add {DEAF6} via 2001:db8::2
-n {NEAR} route add {NOBODY4} dev void
-n {NEAR} route add {NOBODY6} dev void
"""
DEAFEN = f"""
-n {NEAR} route replace {DEAF4} dev void
-n {NEAR} route replace {DEAF6} dev void
"""


def ip(lines):
    for line in filter(None, lines.splitlines()):
        subprocess.run(["ip", *line.split()], check=True)


def enter(fd):
    if LIBC.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


@contextmanager
def inside(name):
    """This thread in a namespace; what is opened meanwhile belongs there."""
    with open("/proc/thread-self/ns/net", "rb") as before, \
            open(f"/run/netns/{name}", "rb") as there:
        enter(there.fileno())
        try:
            yield
        finally:
            enter(before.fileno())


@contextmanager
def namespaces():
    try:
        for name in NEAR, FAR:
            subprocess.run(["ip", "netns", "add", name], check=True)
        with inside(NEAR):
            for name in "all", "default":
                with open(f"/proc/sys/net/ipv4/conf/{name}/rp_filter", "w") as file:
                    file.write("0")
        yield
    finally:
        for name in NEAR, FAR:
            subprocess.run(["ip", "netns", "delete", name], check=True)


def address(text, port):
    """A socket address from "192.0.2.1", "fe80::1%7"."""
    if ":" not in text:
        return (text, port)
    host, _, scope = text.partition("%")
    return (host, port, 0, int(scope or 0))


def bound(text, port, v6only=None, group=False, kind=socket.SOCK_STREAM, device=None):
    sock = socket.socket(socket.AF_INET6 if ":" in text else socket.AF_INET, kind)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if device:
        sock.setsockopt(socket.SOL_SOCKET, SO_BINDTODEVICE, device.encode())
    if group:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if v6only is not None:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
    sock.bind(address(text, port))
    return sock


def listener(text, port, **options):
    sock = bound(text, port, **options)
    sock.listen(8)
    return sock


def connection(here, port, there, far_port):
    """Connects and does not wait."""
    sock = bound(here, port)
    sock.setblocking(False)
    sock.connect_ex(address(there, far_port))
    return sock


def joined(listening, there, far_port, to, name=FAR):
    """A connection to one of our listeners; returns its two ends, ours first."""
    with inside(name):
        far = bound(there, far_port)
        far.connect(address(to, listening.getsockname()[1]))
    return listening.accept()[0], far


class Scene:
    """The sockets of the scene "mix", all of them in NEAR or their peers in FAR."""

    def __init__(self):
        self.kept = []
        with inside(NEAR):
            self.listeners()
            self.established()
            self.half_closed()
            self.unanswered()

    def keep(self, *socks):
        self.kept += socks
        return socks

    def listeners(self):
        self.any4, = self.keep(listener("0.0.0.0", 8022))
        self.dual, = self.keep(listener("::", 8080, v6only=0))
        self.link, = self.keep(listener("fe80::1%7", 8547))
        self.keep(
            listener("127.0.0.1", 8025),
            listener("::", 8443, v6only=1),
            listener("0.0.0.0", 8081), listener("::", 8081, v6only=1),
            listener("::1", 8631),
            listener("::ffff:192.0.2.1", 8082, v6only=0),
            listener("2001:db8::1", 8091),
            # One address on two links: two rows, or one where the type has no zone.
            listener("fe80::1%9", 8547),
            # Groups: the other members are another process's, and older.
            listener("192.0.2.1", 8090, group=True),
            listener("0.0.0.0", 8092, group=True),
            # Bound and no more: no row.
            bound("192.0.2.1", 8093))

    def established(self):
        self.keep(*joined(self.any4, "192.0.2.2", 40001, "192.0.2.1"))
        self.keep(*joined(self.dual, "192.0.2.2", 40003, "192.0.2.1"))
        self.keep(*joined(self.dual, "2001:db8::2", 40004, "2001:db8::1"))
        self.keep(*joined(self.link, "fe80::2%8", 40005, "fe80::1%8"))
        self.keep(*joined(self.any4, "127.0.0.1", 40006, "127.0.0.1", name=NEAR))
        self.keep(*joined(self.dual, "::1", 40007, "::1", name=NEAR))
        with inside(FAR):
            server, = self.keep(listener("0.0.0.0", 9000))
        # An AF_INET6 socket that talks IPv4.
        self.keep(connection("::ffff:192.0.2.1", 40008, "::ffff:192.0.2.2", 9000))
        self.keep(server.accept()[0])

    def half_closed(self):
        for listening, there, to, port in (
                (self.any4, "192.0.2.2", "192.0.2.1", 40010),
                (self.dual, "2001:db8::2", "2001:db8::1", 40020)):
            near, _ = self.keep(*joined(listening, there, port + 1, to))
            near.shutdown(socket.SHUT_WR)                       # FIN_WAIT2
            _, far = self.keep(*joined(listening, there, port + 2, to))
            far.shutdown(socket.SHUT_WR)                        # CLOSE_WAIT
        for listening, there, to, port in (
                (self.any4, "192.0.2.2", "192.0.2.1", 40013),
                (self.dual, "192.0.2.2", "192.0.2.1", 40014),   # v4-mapped
                (self.dual, "2001:db8::2", "2001:db8::1", 40023),
                (self.link, "fe80::2%8", "fe80::1%8", 40033)):
            near, far = joined(listening, there, port, to)
            near.close()
            far.recv(1)
            far.close()                                         # TIME_WAIT

    def unanswered(self):
        """States that last because nothing of ours arrives any more."""
        ends = {port: joined(listening, there, port, to) for listening, there, to, port in (
            (self.any4, DEAF4, "192.0.2.1", 40041),
            (self.any4, DEAF4, "192.0.2.1", 40042),
            (self.any4, DEAF4, "192.0.2.1", 40043),
            (self.dual, DEAF6, "2001:db8::1", 40051),
            (self.dual, DEAF6, "2001:db8::1", 40052),
            (self.dual, DEAF6, "2001:db8::1", 40053))}
        for port in 40042, 40052:
            ends[port][1].shutdown(socket.SHUT_WR)
            ends[port][0].recv(1)
        ip(DEAFEN)
        for port, (near, far) in ends.items():
            self.keep(far)
            near.close()            # …1: FIN_WAIT1, …2: LAST_ACK
            if port % 10 == 3:
                far.shutdown(socket.SHUT_WR)                    # CLOSING
        self.keep(connection("192.0.2.1", 40061, NOBODY4, 9),   # SYN_SENT
                  connection("2001:db8::1", 40062, NOBODY6, 9))
        with inside(FAR):                                       # SYN_RECV
            self.keep(connection(NOBODY4, 40063, "192.0.2.1", 8022),
                      connection(NOBODY4, 40064, "192.0.2.1", 8080),
                      connection(NOBODY6, 40065, "2001:db8::1", 8080))
            # Last, since it stays in the queue: established, but no process has it.
            self.keep(connection("192.0.2.2", 40002, "192.0.2.1", 8022))


def other_process():
    """A process that holds older members of the REUSEPORT groups; returns what ends it."""
    ready, told = os.pipe()
    wait, end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(end)
        with inside(NEAR):
            kept = [listener("192.0.2.1", 8090, group=True),
                    listener("::", 8092, v6only=0, group=True)]
            ask(one_pass_request())     # a socket gets its cookie when it is first told of
        os.write(told, b"." * len(kept))
        os.read(wait, 1)
        os._exit(0)
    os.read(ready, 1)
    return lambda: (os.close(end), os.waitpid(pid, 0))


# By the kernel's numbers; 12 and above are never told.
STATES = {number: name for number, name in enumerate(
    "ESTAB SYN-SENT SYN-RECV FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT UNCONN CLOSE-WAIT LAST-ACK "
    "LISTEN CLOSING".split(), 1)}


def states():
    """How many sockets there are in each state, from sock_diag."""
    found = {}
    for msg in messages(ask(one_pass_request())):
        if kind_of(msg) == TCPDIAG_GETSOCK and len(msg) >= 88:
            found[STATES[msg[17]]] = found.get(STATES[msg[17]], 0) + 1
    return found


WANTED = {"ESTAB": 10, "SYN-SENT": 2, "SYN-RECV": 3, "FIN-WAIT-1": 2, "FIN-WAIT-2": 2,
          "TIME-WAIT": 4, "CLOSE-WAIT": 2, "LAST-ACK": 2, "LISTEN": 15, "CLOSING": 2}


def settle():
    """Waits until every socket is in the state it is to stay in."""
    deadline = time.monotonic() + 10
    while states() != WANTED:
        if time.monotonic() > deadline:
            sys.exit(f"states are {states()}, not {WANTED}")
        time.sleep(0.05)


def scenes(folder):
    socket.setdefaulttimeout(5)
    with namespaces():
        with inside(NEAR):
            record(f"{folder}/empty")
        ip(LINKS)
        end_other = other_process()
        try:
            scene = Scene()
            with inside(NEAR):
                settle()
                record(f"{folder}/mix")
            for sock in scene.kept:
                sock.close()
        finally:
            end_other()


# --- routes ---

# Links: near 7, void 9; gone 11, which goes down; dull 13, which loses its carrier.
ROUTE_LINKS = f"""
link add near index 7 netns {NEAR} type veth peer name far index 8 netns {FAR}
link add void index 9 netns {NEAR} type veth peer name sink index 10 netns {FAR}
link add gone index 11 netns {NEAR} type veth peer name off index 12 netns {FAR}
link add dull index 13 netns {NEAR} type veth peer name cut index 14 netns {FAR}
-n {FAR} link set far up
-n {FAR} link set sink up
-n {FAR} link set off up
-n {FAR} link set cut up
-n {NEAR} link set lo up
""" + "".join(f"""
-n {NEAR} link set {name} addrgenmode none
-n {NEAR} link set {name} up
-n {NEAR} address add 192.0.{number}.1/24 dev {name}
-n {NEAR} address add 2001:db8:{number}::1/64 dev {name} nodad
-n {NEAR} address add fe80::1/64 dev {name} nodad
""" for name, number in (("near", 7), ("void", 9), ("gone", 11), ("dull", 13)))

ROUTES = """
route add default via 192.0.7.2
route add default via 192.0.9.2 metric 100
route add 10.1.0.0/16 proto ospf nexthop via 192.0.7.2 nexthop via 192.0.9.2
route add 10.2.0.0/16 via inet6 fe80::2 dev near
route add 10.3.0.0/16 nexthop via inet6 fe80::2 dev near nexthop via inet6 fe80::2 dev void
route add 10.3.0.0/16 metric 9 nexthop via inet6 2001:db8:7::2 nexthop via 192.0.9.2
route add blackhole 10.4.0.0/16
route add unreachable 10.5.0.0/16
route add prohibit 10.6.0.0/16 metric 7
route add throw 10.7.0.0/16
route add 10.8.0.0/16 via 192.0.7.2
route add 10.8.0.0/16 via 192.0.7.2 tos 0x10
route add 10.9.0.0/16 via 192.0.7.2 proto bgp
route add 10.9.0.0/17 via 192.0.9.2 proto isis
route add 10.9.0.0/24 dev void proto dhcp
route add 10.9.0.0/24 via 192.0.9.2 proto eigrp metric 20
route add 10.10.0.0/16 via 192.0.7.2 proto 99 metric 4294967295
route add 10.11.0.0/16 nexthop via 192.0.7.2 nexthop via 192.0.11.2
route add 10.12.0.0/16 nexthop via 192.0.7.2 nexthop via 192.0.13.2
route add 10.13.0.0/16 via 192.0.13.2
route add 10.14.0.0/16 via 192.0.11.2
route add 239.1.0.0/16 dev near
route add 10.8.0.0/16 via 192.0.7.2 table 100
route add default dev void table 1000
route add 10.3.0.0/16 via inet6 fe80::2 dev near table 1000 metric 5
route add local 10.15.0.0/16 dev lo
-6 route add default nexthop via fe80::2 dev near nexthop via fe80::2 dev void
-6 route add default via fe80::3 dev near metric 512
-6 route add 2001:db8:101::/48 via 2001:db8:7::2 proto bgp
-6 route add 2001:db8:102::/48 nexthop via 2001:db8:7::2 nexthop via 2001:db8:9::2
-6 route add 2001:db8:103::/48 dev near metric 77
-6 route add blackhole 2001:db8:104::/48
-6 route add unreachable 2001:db8:105::/48
-6 route add prohibit 2001:db8:106::/48 metric 7
-6 route add throw 2001:db8:107::/48
-6 route add 2001:db8:108::/48 nexthop via 2001:db8:7::2 nexthop via 2001:db8:11::2
-6 route add 2001:db8:109::/48 via 2001:db8:13::2 proto 190
-6 route add fe80:10::/64 via fe80::2 dev void
-6 route add 2001:db8:101::/48 via fe80::2 dev near table 1000
-6 route add 2001:db8:110::1 dev lo
nexthop add id 1 via 192.0.7.2 dev near
nexthop add id 2 via 192.0.9.2 dev void
nexthop add id 3 via fe80::2 dev near
nexthop add id 4 blackhole
nexthop add id 5 dev void
nexthop add id 6 via fe80::2 dev void
nexthop add id 7 via 192.0.13.2 dev dull
-6 nexthop add id 8 blackhole
nexthop add id 10 group 1/2/7
nexthop add id 11 group 3/6
nexthop add id 12 group 1/6
route add 10.20.0.0/16 nhid 1
route add 10.21.0.0/16 nhid 10 proto static
route add 10.22.0.0/16 nhid 3
route add 10.23.0.0/16 nhid 4
route add 10.24.0.0/16 nhid 5
route add 10.25.0.0/16 nhid 11
route add 10.26.0.0/16 nhid 12
-6 route add 2001:db8:120::/48 nhid 3
-6 route add 2001:db8:121::/48 nhid 11
-6 route add 2001:db8:122::/48 nhid 8
"""

CHANGES = f"""
-n {FAR} link set cut down
-n {NEAR} link set gone down
"""


def forward():
    """Makes the kernel add anycast routes for itself."""
    with open("/proc/sys/net/ipv6/conf/all/forwarding", "w") as file:
        file.write("1")


def settle_routes():
    """Waits until the kernel has told that dull has no carrier."""
    deadline = time.monotonic() + 10
    while "linkdown" not in told_by_ip("-6", "route", "show", "2001:db8:109::/48"):
        if time.monotonic() > deadline:
            sys.exit("dull has its carrier still")
        time.sleep(0.05)


def record_compat(prefix, mode):
    with open("/proc/sys/net/ipv4/nexthop_compat_mode", "w") as file:
        file.write(mode)
    record_routes(prefix)


def routes(folder):
    with namespaces():
        with inside(NEAR):
            record_routes(f"{folder}/no-routes")
            forward()
        ip(ROUTE_LINKS)
        ip("".join(f"-n {NEAR} {line}\n" for line in filter(None, ROUTES.splitlines())))
        ip(CHANGES)
        with inside(NEAR):
            settle_routes()
            # With and without the hops of next-hop objects spelled out.
            record_compat(f"{folder}/routes", "1")
            record_compat(f"{folder}/routes-objects", "0")


# --- what is made from recordings by changing octets ---

OFFSETS = {"family": (16, "B"), "state": (17, "B"), "cookie": (60, "Q"), "inode": (84, "I")}


def changed(msg, **fields):
    """A copy of a socket's message in which fields of struct inet_diag_msg are others."""
    copy = bytearray(msg)
    for name, value in fields.items():
        offset, form = OFFSETS[name]
        struct.pack_into("=" + form, copy, offset, value)
    return bytes(copy)


class Recorded:
    """A one-pass recording, to choose from."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.request, *self.sockets, self.done = messages(file.read())

    def socket(self, local_port, remote_port=0):
        return next(msg for msg in self.sockets
                    if struct.unpack_from("!HH", msg, 20) == (local_port, remote_port))

    def write(self, path, *parts):
        write(path, b"".join((self.request, *parts, self.done)))


def duplicates(folder, mix):
    """Tuples that are met twice, as when a socket moves while the kernel dumps."""
    successor = mix.socket(8022, 40001)
    embryo = mix.socket(8080, 40004)
    other = mix.socket(8022, 40006)
    twice = mix.socket(8080, 40007)
    member = mix.socket(8025)
    group = [changed(member, cookie=1000 + i, inode=100 + i) for i in range(30)]
    mix.write(
        f"{folder}/duplicates.one-pass", *group,
        # An old TIME_WAIT does not count, on either side of its successor.
        changed(successor, state=TIME_WAIT, cookie=1, inode=0),
        changed(successor, inode=11),
        changed(successor, state=TIME_WAIT, cookie=2, inode=0),
        # Nor does a request whose connection is there already.
        changed(embryo, state=SYN_RECV, cookie=3, inode=0), changed(embryo, inode=12),
        # Of two full ones the older; of their processes the lowest.
        changed(other, state=ESTABLISHED, cookie=5, inode=13),
        changed(other, state=CLOSE_WAIT, cookie=4, inode=14),
        changed(twice, inode=15), changed(twice, inode=15))
    write(f"{folder}/duplicates.owners",
          "11 511\n12 512\n13 513\n14 514\n15 515\n120 620\n125 602\n125 601\n")


def malformed(folder, mix):
    """Messages that make no sense between two that do."""
    good, listening = mix.socket(8022, 40001), mix.socket(8443)
    short = struct.pack("=I", 16 + 71) + good[4:88]
    mix.write(
        f"{folder}/malformed.one-pass", changed(good, inode=0),
        short, message(TCPDIAG_GETSOCK, NLM_F_MULTI, b""),
        changed(good, family=99), changed(good, state=32), changed(good, state=255),
        # A state that was not asked for, and a message of another kind: no errors, no rows.
        changed(good, state=12), good[:4] + struct.pack("=H", 99) + good[6:],
        listening)


def edits(folder):
    mix = Recorded(f"{folder}/mix.one-pass")
    duplicates(folder, mix)
    malformed(folder, mix)


COMMANDS = {"here": record, "scenes": scenes, "edits": edits, "routes": routes}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]](sys.argv[2])
