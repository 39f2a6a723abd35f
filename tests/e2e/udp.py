#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""UDP-MIB is what ss and the kernel's counters say, on all hosts."""

import re
import socket
import time
from collections import Counter, namedtuple

import agents
import oracle
from harness import difference, run, test_main, wait_for
from oracle import IPV4, IPV6, IPV6Z, UNKNOWN
from processes import Worker
from routes_oracle import batch, sysctl

UDP = (1, 3, 6, 1, 2, 1, 7)
ENDPOINT_TABLE, UDP_TABLE = UDP + (7,), UDP + (5,)
PROCESS = ENDPOINT_TABLE + (1, 8)
# the scalars, their names in /proc/net/snmp and with Udp6 before it in snmp6
SCALARS = {"InDatagrams": UDP + (1, 0), "NoPorts": UDP + (2, 0), "InErrors": UDP + (3, 0),
           "OutDatagrams": UDP + (4, 0)}
WIDE = {"InDatagrams": UDP + (8, 0), "OutDatagrams": UDP + (9, 0)}
TYPES = {**dict.fromkeys(SCALARS.values(), "Counter32"),
         **dict.fromkeys(WIDE.values(), "Counter64")}
LOW_HALF = 0xFFFFFFFF

MODULES = ("udp", "udpTable", "udpEndpointTable")       # snmpd's own
CONFIG = "netmibMaxAge processes 1\nnetmibMaxAge endpoints 0.5\nnetmibMaxAge counters 0.5\n"
SOON = 8.0
STRICT_PORT = 1164
EPHEMERAL = range(61000, 61500)     # of the clients, which are left out of all comparisons
CLIENTS = set(map(str, EPHEMERAL))
NEAR, FAR = "fe80::77:1", "fe80::77:2"
GROUP_PORT = 5300
SENT = 300                          # datagrams of each kind

# an endpoint as ss tells it
Endpoint = namedtuple("Endpoint", "local remote pid cookie")


# --- what the kernel says ---

def look():
    """The UDP sockets that have a port, as ss prints them."""
    found = []
    for line in run("ss", "-HuanpeO").stdout.splitlines():
        _, _, _, local, remote, rest = line.split(None, 5)
        local, remote = oracle.endpoint(local), oracle.endpoint(remote)
        pids = [int(x) for x in re.findall(r"pid=(\d+)", rest)]
        if local.port not in EPHEMERAL:
            found.append(Endpoint(local, remote, min(pids, default=0),
                                  int(re.search(r"\bsk:([0-9a-f]+)", rest)[1], 16)))
    return sorted(found, key=lambda x: x.cookie)


def tuple_of(sock, strict=False):
    """The INDEX without the instance."""
    local = (*oracle.inet(sock.local, strict), sock.local.port)
    if sock.remote.port == 0:
        return (*local, UNKNOWN, b"", 0)
    remote = sock.remote._replace(zone=sock.local.zone)
    return (*local, *oracle.inet(remote, strict), remote.port)


def endpoints(strict=False):
    """{index: pid}: equal tuples are numbered in the order of their cookies."""
    seen, rows = Counter(), {}
    for sock in look():
        key = tuple_of(sock, strict)
        seen[key] += 1
        rows[(*key, seen[key])] = sock.pid
    return rows


def old_endpoints():
    """{(address, port)} of udpTable."""
    return {(str(oracle.ipv4_of(x.local)), x.local.port) for x in look()
            if oracle.ipv4_of(x.local) is not None}


def counters():
    """The sums of both versions, by name."""
    with open("/proc/self/net/snmp", encoding="ascii") as file:
        lines = [x.split()[1:] for x in file if x.startswith("Udp:")]
    four = dict(zip(*lines))
    with open("/proc/self/net/snmp6", encoding="ascii") as file:
        six = dict(x.split() for x in file)
    return {x: int(four[x]) + int(six[f"Udp6{x}"]) for x in SCALARS}


# --- what an agent says ---

def endpoint_rows(walk):
    """{index: pid} of udpEndpointTable in a walk, without the clients."""
    rows = {}
    for oid, pid in walk.items():
        if oid[:len(PROCESS)] != PROCESS:
            if oid[:len(ENDPOINT_TABLE)] == ENDPOINT_TABLE:
                raise ValueError(f"not a column: {oid}")
            continue
        local, rest = oracle.take_inet(oid[len(PROCESS):])
        remote, instance = oracle.take_inet(rest)
        if len(instance) != 1:
            raise ValueError(f"not an instance: {oid}")
        if local[2] not in EPHEMERAL:
            rows[(*local, *remote, *instance)] = pid
    return rows


def old_rows(walk):
    """{(address, port): (address, port)} of udpTable: the index, and the columns."""
    rows = {}
    for oid, value in walk.items():
        if oid[:len(UDP_TABLE)] == UDP_TABLE:
            entry, column, *octets, port = oid[len(UDP_TABLE):]
            if entry != 1 or column not in (1, 2) or len(octets) != 4:
                raise ValueError(f"not an instance: {oid}")
            if port not in EPHEMERAL:
                rows.setdefault((".".join(map(str, octets)), port), []).append(value)
    return {x: tuple(y) for x, y in rows.items()}


# --- sockets ---

def bound(family, address, port, *, only6=None, device=None, reuse=False, to=None):
    """A socket on an address and a port, connected `to` another."""
    sock = socket.socket(family, socket.SOCK_DGRAM)
    zone = (0, socket.if_nametoindex("va")) if address == NEAR else ()
    if only6 is not None:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(only6))
    if reuse:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if device:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
    sock.bind((address, port, *zone))
    if to:
        sock.connect((*to, *zone))
    return sock


class World:
    """A socket of every kind, with the row that each must have, written down by hand."""

    def __init__(self):
        self.keep = []
        self.rows, self.compatible, self.strict = {}, {}, {}
        self.wildcards()
        self.addresses()
        self.connected()
        self.devices()
        self.group = [Worker(lambda: bound(socket.AF_INET, "0.0.0.0", GROUP_PORT,
                                           reuse=True)) for _ in range(4)]
        self.dual_group = [Worker(lambda: bound(socket.AF_INET6, "::", GROUP_PORT + 1,
                                                only6=False, reuse=True))
                           for _ in range(2)]
        # without a port there is no endpoint
        self.keep.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.keep.append(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))

    def _add(self, name, kind, octets, family, address, port, **options):
        self.keep.append(bound(family, address, port, **options))
        self.rows[name] = (kind, octets, port, UNKNOWN, b"", 0, 1)

    def wildcards(self):
        any4, any6 = bytes(4), bytes(16)
        self._add("IPv4 wildcard", IPV4, any4, socket.AF_INET, "0.0.0.0", 5000)
        self._add("dual-stack", UNKNOWN, b"", socket.AF_INET6, "::", 5001, only6=False)
        self._add("IPv6 only", IPV6, any6, socket.AF_INET6, "::", 5002, only6=True)
        self._add("IPv4 on the same port", IPV4, any4, socket.AF_INET, "0.0.0.0", 5002)
        self._add("v4-mapped wildcard", IPV4, any4, socket.AF_INET6, "::ffff:0.0.0.0", 5003,
                  only6=False)

    def addresses(self):
        one4, one6 = b"\x7f\0\0\1", bytes(15) + b"\1"
        self._add("IPv4 address", IPV4, one4, socket.AF_INET, "127.0.0.1", 5010)
        self._add("IPv6 address", IPV6, one6, socket.AF_INET6, "::1", 5011)
        self._add("v4-mapped address", IPV4, one4, socket.AF_INET6, "::ffff:127.0.0.1",
                  5012, only6=False)
        self.keep.append(bound(socket.AF_INET6, NEAR, 5013))
        self._near("link-local", 5013, (UNKNOWN, b"", 0, 1), (UNKNOWN, b"", 0, 1))

    def _near(self, name, port, compatible, strict):
        octets = socket.inet_pton(socket.AF_INET6, NEAR)
        zone = socket.if_nametoindex("va").to_bytes(4, "big")
        self.compatible[name] = (IPV6, octets, port, *compatible)
        self.strict[name] = (IPV6Z, octets + zone, port, *strict)

    def connected(self):
        one4, one6 = b"\x7f\0\0\1", bytes(15) + b"\1"
        for name, family, address, port, to, kind, octets in (
                ("IPv4", socket.AF_INET, "127.0.0.1", 5020, "127.0.0.1", IPV4, one4),
                ("IPv6", socket.AF_INET6, "::1", 5021, "::1", IPV6, one6),
                ("v4-mapped", socket.AF_INET6, "::", 5022, "::ffff:127.0.0.1", IPV4, one4)):
            self.keep.append(bound(family, address, port, to=(to, 5099),
                                   only6=None if family == socket.AF_INET else False))
            self.rows[f"connected, {name}"] = (kind, octets, port, kind, octets, 5099, 1)
        self.keep.append(bound(socket.AF_INET6, NEAR, 5023, to=(FAR, 5099)))
        far = socket.inet_pton(socket.AF_INET6, FAR)
        zone = socket.if_nametoindex("va").to_bytes(4, "big")
        self._near("connected, link-local", 5023, (IPV6, far, 5099, 1),
                   (IPV6Z, far + zone, 5099, 1))

    def devices(self):
        for device in ("va", "vb"):
            for family, address, port, only6 in ((socket.AF_INET, "0.0.0.0", 5030, None),
                                                 (socket.AF_INET6, "::", 5031, False),
                                                 (socket.AF_INET6, "::", 5032, True)):
                self.keep.append(bound(family, address, port, only6=only6, device=device))
        for i in (1, 2):
            self.rows.update({
                f"IPv4 on device {i}": (IPV4, bytes(4), 5030, UNKNOWN, b"", 0, i),
                f"dual-stack on device {i}": (UNKNOWN, b"", 5031, UNKNOWN, b"", 0, i),
                f"IPv6 on device {i}": (IPV6, bytes(16), 5032, UNKNOWN, b"", 0, i)})

    def close(self):
        for worker in self.group + self.dual_group:
            worker.stop()


def make_world():
    sysctl("ipv4/ip_local_port_range", f"{EPHEMERAL[0]} {EPHEMERAL[-1]}")
    batch("link add va type veth peer name vb", "link set va addrgenmode none",
          f"address add {NEAR}/64 dev va nodad", "link set va up", "link set vb up")
    return World()


# --- the tables ---

def check_set(tap, name, got, want):
    good = wait_for(lambda: got() == want(), SOON, 0.1)
    tap.ok(good, name, *([] if good else difference(got(), want())))


def check_tables(tap, name, walk, world, strict):
    """The tables against ss, and each kind of socket."""
    check_set(tap, f"{name}: udpEndpointTable is what ss -p says",
              lambda: endpoint_rows(walk(ENDPOINT_TABLE)), lambda: endpoints(strict))
    check_set(tap, f"{name}: udpTable is what ss says of IPv4",
              lambda: old_rows(walk(UDP_TABLE)), lambda: {x: x for x in old_endpoints()})
    rows = endpoint_rows(walk(ENDPOINT_TABLE))
    own, other = (world.strict, world.compatible) if strict \
        else (world.compatible, world.strict)
    missing = {x: y for x, y in {**world.rows, **own}.items() if y not in rows}
    tap.equal(missing, {}, f"{name}: each kind of socket has its row")
    tap.equal([x for x, y in other.items() if y in rows], [], f"{name}: and no other")
    tap.equal([x for x in rows if x[2] == 0], [], f"{name}: an endpoint has a port")


def check_group(tap, host, world):
    """An instance stays with its socket while others of the same tuple come and go."""
    def shown():
        return {x[-1]: pid for x, pid in endpoint_rows(host.numbers(ENDPOINT_TABLE)).items()
                if x[2] == GROUP_PORT}

    def becomes(name, want):
        good = wait_for(lambda: shown() == want, SOON, 0.1)
        tap.ok(good, f"{host.kind}: {name}", *([] if good else difference(shown(), want)))

    want = shown()
    tap.equal(set(want.values()), {x.pid for x in world.group},
              f"{host.kind}: a SO_REUSEPORT group has a row for each process")
    for number in (1, 3):
        gone = next(x for x in world.group if x.pid == want[number])
        gone.stop()
        world.group.remove(gone)
        del want[number]
        becomes(f"instance {number} goes, the others stay", want)
    for number in (1, 3, 5):
        world.group.append(Worker(lambda: bound(socket.AF_INET, "0.0.0.0", GROUP_PORT,
                                                reuse=True)))
        want[number] = world.group[-1].pid
        becomes(f"a new one is instance {number}, the others stay", want)
    world.group.pop().stop()
    del want[5]
    becomes("the last one goes", want)


def check_life(tap, host):
    """A socket gets a row when it is bound, another when it is connected, then none."""
    def has(*ends):
        return wait_for(lambda: any(x[2:6] == ends for x in endpoint_rows(
            host.numbers(ENDPOINT_TABLE))), SOON, 0.1)

    def gone():
        return wait_for(lambda: not any(x[2] == 5040 for x in endpoint_rows(
            host.numbers(ENDPOINT_TABLE))), SOON, 0.1)

    one4 = b"\x7f\0\0\1"
    sock = bound(socket.AF_INET, "127.0.0.1", 5040)
    tap.ok(has(5040, UNKNOWN, b"", 0), f"{host.kind}: a socket is bound")
    sock.connect(("127.0.0.1", 5099))
    tap.ok(has(5040, IPV4, one4, 5099), f"{host.kind}: and connected")
    sock.close()
    tap.ok(gone(), f"{host.kind}: and closed")


# --- the scalars ---

def scalars(host):
    """One GET of all; {name: value} of the narrow ones, and what is odd between them."""
    found = host.get(*TYPES)
    lines = [f"{x}: {y.type}" for x, y in found if y.type != TYPES[x]]
    values = {x: int(y.text) for x, y in found if y.text.isdecimal()}
    lines += [f"{x}: {values.get(SCALARS[x])}, but {values.get(y)} in 64 bits"
              for x, y in WIDE.items()
              if values.get(SCALARS[x]) != values.get(y, -1) & LOW_HALF]
    return {x: values.get(y) for x, y in SCALARS.items()}, lines


def newest(host):
    """Counters that are no older than this call, with what the kernel said before and
    after: what a host shows may be as old as its maximal age."""
    low = counters()

    def ask():
        values, lines = scalars(host)
        return (values, lines) if lines or values["OutDatagrams"] > low["OutDatagrams"] \
            else None
    values, lines = wait_for(ask, SOON, 0.1) or scalars(host)
    high = counters()
    lines += [f"{x}: {y}, not {low[x]} to {high[x]}" for x, y in values.items()
              if y is None or not low[x] <= y <= high[x]]
    return values, lines


def send(family, address):
    """SENT datagrams of each kind: received, to no port, and to a queue that is full."""
    with socket.socket(family, socket.SOCK_DGRAM) as sink, \
            socket.socket(family, socket.SOCK_DGRAM) as full, \
            socket.socket(family, socket.SOCK_DGRAM) as sock:
        sink.bind((address, 0))
        full.bind((address, 0))
        full.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        for _ in range(SENT):
            sock.sendto(b"x", sink.getsockname())
            sink.recv(1)
            sock.sendto(b"x", (address, 5098))
            sock.sendto(bytes(2000), full.getsockname())


def check_scalars(tap, hosts):
    before = counters()
    first = {}
    for host in hosts:
        first[host], lines = newest(host)
        tap.ok(not lines, f"{host.kind}: the counters are the kernel's", *lines)
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        send(family, address)
    moved = {x: y - before[x] for x, y in counters().items()}
    tap.equal(moved["NoPorts"], 2 * SENT, "the kernel counts what has no port")
    tap.ok(moved["InErrors"] > SENT and moved["InDatagrams"] >= 2 * SENT
           and moved["OutDatagrams"] >= 6 * SENT, "and the others", moved)
    for host in hosts:
        values, lines = newest(host)
        tap.ok(not lines, f"{host.kind}: and those are in the counters", *lines)
        tap.equal({x: values[x] - first[host][x] for x in ("NoPorts", "InErrors")},
                  {x: moved[x] for x in ("NoPorts", "InErrors")},
                  f"{host.kind}: those that no request moves, by exactly what was sent")


# --- clients and SET ---

def netstat(host, *options):
    """The lines of snmpnetstat as a Counter of tuples of words, without the clients."""
    done = host.script.run("snmpnetstat", "-v2c", "-c", "public", "-t", "5", "-Cn",
                           *options, "-Cp", "udp", host.address)
    lines = [tuple(x.split()) for x in done.stdout.splitlines()[2:]]
    return Counter(x for x in lines if x[1].rpartition(".")[2] not in CLIENTS), done


def _shown(kind, octets, port):
    if kind == UNKNOWN:
        return "*.*"
    address = str(socket.inet_ntop(socket.AF_INET if kind == IPV4 else socket.AF_INET6,
                                   octets)) if any(octets) else "*"
    return f"{address}.{port or '*'}"


def netstat_lines(old=False):
    """The same as the kernel has it."""
    if old:
        return Counter(("udp", f"{'*' if x == '0.0.0.0' else x}.{port}")
                       for x, port in old_endpoints())
    return Counter((f"udp{6 if x[0] == IPV6 else 4}", _shown(*x[:3]), _shown(*x[3:6]),
                    str(pid)) for x, pid in endpoints().items())


def check_netstat(tap, host):
    for options, old in (((), False), (("-Ca",), False), (("-CL", "-Ca"), True)):
        name = f"{host.kind}: snmpnetstat {' '.join((*options, '-Cp udp'))}"
        wait_for(lambda options=options, old=old:
                 netstat(host, *options)[0] == netstat_lines(old), SOON, 0.2)
        lines, done = netstat(host, *options)
        tap.ok(done.returncode == 0 and not done.stderr, f"{name} succeeds",
               done.returncode, done.stderr)
        tap.equal(dict(lines), dict(netstat_lines(old)), f"{name} prints what ss does")


def check_set_refused(tap, host):
    for name, oid in (
            ("udpEndpointProcess", PROCESS + (0, 0, 5001, 0, 0, 0, 1)),
            ("udpEndpointProcess of none", PROCESS + (0, 0, 9, 0, 0, 0, 1)),
            ("udpLocalPort", UDP_TABLE + (1, 2, 0, 0, 0, 0, 5000)),
            ("udpInDatagrams", SCALARS["InDatagrams"]),
            ("udpHCInDatagrams", WIDE["InDatagrams"])):
        done = host.client("snmpset", agents.dotted(oid), "u", "1", community="private")
        tap.ok(done.returncode != 0 and "notWritable" in done.stderr,
               f"{host.kind}: SET of {name} is notWritable", done.stdout, done.stderr)


def main(script):
    tap = script.tap
    world = make_world()
    script.closers.append(world.close)
    hosts = agents.start_all(script, CONFIG, (*agents.TCP_MODULES, *MODULES))
    strict = agents.start_standalone(script, CONFIG + "netmibInetAddress strict\n",
                                     "strict", STRICT_PORT).wait_ready()
    begin = time.monotonic()
    for host in hosts:
        check_tables(tap, host.kind, host.numbers, world, False)
    check_tables(tap, "strict", strict.numbers, world, True)
    check_tables(tap, "netmibd -p", lambda oid: {
        x: y for x, y in agents.printed(script, "udp").items() if x[:len(oid)] == oid},
        world, False)
    tap.note(f"tables: {time.monotonic() - begin:.1f} s")
    check_scalars(tap, hosts)
    for host in hosts:
        check_netstat(tap, host)
        check_set_refused(tap, host)
    for host in hosts:
        check_life(tap, host)
        check_group(tap, host, world)


if __name__ == "__main__":
    test_main(main, agents.PROGRAMS)
