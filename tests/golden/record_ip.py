#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Records what the running kernel says of UDP sockets and of IP, for the golden tests.

    record_ip.py udp FOLDER    udp.*: sockets in namespaces made for it (root)
    record_ip.py ip FOLDER     no-ip.* and ip.*: addresses, neighbours, routers, counters,
                               in the same way (root)

Writes PREFIX.per-family (sock_diag requests, each with the messages that were answered),
PREFIX.udp, .udp6 (the files of /proc/net), PREFIX.owners (lines "INODE PID"), PREFIX.route
(rtnetlink), PREFIX.files (counters and settings, each file behind a line that names it);
also PREFIX.ss and PREFIX.ip (what ss, ip and nstat say at the same time; no test reads
them). All but PREFIX.udp and .udp6 hold a second answer to each question behind the first,
from after a few changes; PREFIX-later.* is what was said then.
"""

import json
import os
import socket
import struct
import subprocess
import sys
import time
from contextlib import ExitStack

from record import (FAR, LINKS, MAIN, NEAR, NETLINK_ROUTE, NLM_F_DUMP, NLM_F_REQUEST,
                    PROC_NET, address, ask, bound, family_request, files, inside, ip,
                    message, namespaces, nexthops_request, owners, read, routes_request,
                    told_by_ip, told_by_ss, write)
from record_links import MAC, links_request

RTM_GETADDR, RTM_GETNEIGH, RTM_GETNEIGHTBL = 22, 30, 66
UDP_STATES = 1 << 1 | 1 << 7
INET, INET6 = socket.AF_INET, socket.AF_INET6


# --- recording ---

def request(kind, family, size):
    """A dump; family is the first octet of a body of this size."""
    body = struct.pack("=B", family).ljust(size, b"\0")
    return message(kind, NLM_F_REQUEST | NLM_F_DUMP, body)


def ip_requests():
    """struct ifaddrmsg has 8 octets, struct ndmsg 12, struct ndtmsg 4."""
    return [links_request(), request(RTM_GETADDR, socket.AF_UNSPEC, 8),
            request(RTM_GETADDR, INET6, 8),
            request(RTM_GETNEIGH, socket.AF_UNSPEC, 12),
            request(RTM_GETNEIGHTBL, INET, 4), nexthops_request(), routes_request(INET, MAIN), routes_request(INET6, MAIN)]


def udp_request(family):
    return family_request(family, socket.IPPROTO_UDP, UDP_STATES)


SETTINGS = ("/proc/sys/net/ipv4/ipfrag_time", "/proc/sys/net/ipv6/conf/all/forwarding",
            "/proc/sys/net/ipv6/conf/default/hop_limit")


def counter_files():
    names = sorted(os.listdir(f"{PROC_NET}/dev_snmp6"))
    return files("/proc/net/snmp", "/proc/net/netstat", "/proc/net/snmp6", *SETTINGS,
                 *(f"/proc/net/dev_snmp6/{name}" for name in names))


def told_by_nstat():
    """Lines "NAME NUMBER", of what is not 0."""
    told = subprocess.run(["nstat", "-asj"], check=True, text=True, capture_output=True)
    return "".join(f"{name} {value}\n"
                   for name, value in json.loads(told.stdout)["kernel"].items())


def look_at_ip():
    return (b"".join(ask(asked, NETLINK_ROUTE) for asked in ip_requests()), "".join((
        told_by_ip("address", "show"), told_by_ip("-s", "neighbour", "show", "nud", "all"),
        told_by_ip("-4", "route", "show", "default"),
        told_by_ip("-6", "route", "show", "default"), told_by_ip("ntable", "show"),
        told_by_ip("-6", "netconf", "show"), told_by_ip("token", "list"), told_by_nstat())))


def while_still():
    """What is said while the counters stay as they are, and they."""
    deadline = time.monotonic() + 20
    counted = None
    while counted != counter_files():
        if time.monotonic() > deadline:
            sys.exit("the counters do not stand still")
        counted = counter_files()
        route, told = look_at_ip()
    return route, counted, told


def record_ip(prefix):
    """What this namespace has now; returns it."""
    route, counted, told = while_still()
    write(f"{prefix}.route", route)
    write(f"{prefix}.files", counted)
    write(f"{prefix}.ip", told)
    return route, counted


def record_ip_later(prefix, before):
    """The same, behind what was said before."""
    route, counted, told = while_still()
    write(f"{prefix}.route", before[0] + route)
    write(f"{prefix}.files", before[1] + counted)
    write(f"{prefix}-later.ip", told)


def look_at_sockets():
    return b"".join(ask(udp_request(family)) for family in (INET, INET6))


def record_udp(prefix):
    """The sockets of this namespace; returns what was said."""
    told = look_at_sockets(), owners("udp", "udp6")
    write(f"{prefix}.per-family", told[0])
    write(f"{prefix}.owners", told[1])
    write(f"{prefix}.ss", told_by_ss("-uanepO"))
    for name in "udp", "udp6":
        write(f"{prefix}.{name}", read(f"/proc/net/{name}"))
    return told


def record_udp_later(prefix, before):
    write(f"{prefix}.per-family", before[0] + look_at_sockets())
    write(f"{prefix}.owners", before[1] + owners("udp", "udp6"))
    write(f"{prefix}-later.ss", told_by_ss("-uanepO"))


# --- the scene of sockets ---

def endpoint(text, port, there=None, far_port=0, device=None, **options):
    """A UDP socket; options as bound() has them."""
    sock = bound(text, port, kind=socket.SOCK_DGRAM, device=device, **options)
    if there:
        sock.connect(address(there, far_port))
    return sock


def unconnected():
    """Every kind of local address."""
    return [
        endpoint("0.0.0.0", 5353), endpoint("::", 5355, v6only=0),
        endpoint("::", 5356, v6only=1),
        endpoint("0.0.0.0", 5357), endpoint("::", 5357, v6only=1),
        endpoint("127.0.0.1", 53), endpoint("::1", 53), endpoint("192.0.2.1", 123),
        endpoint("2001:db8::1", 123), endpoint("::ffff:192.0.2.1", 5001, v6only=0),
        endpoint("224.0.0.251", 5353), endpoint("192.0.2.255", 137),
        endpoint("ff02::fb%7", 5353),
        # One address on two links: two rows, one tuple where the type has no zone.
        endpoint("fe80::1%7", 546), endpoint("fe80::1%9", 546),
        # One tuple on two devices.
        endpoint("0.0.0.0", 67, device="near"), endpoint("0.0.0.0", 67, device="void"),
        endpoint("0.0.0.0", 65535), endpoint("::", 1, v6only=0)]


def connected():
    return [
        endpoint("192.0.2.1", 6001, "192.0.2.2", 53),
        endpoint("2001:db8::1", 6002, "2001:db8::2", 53),
        endpoint("fe80::1%7", 6003, "fe80::2%7", 547),
        endpoint("fe80::1%9", 6003, "fe80::2%9", 547),
        # AF_INET6 sockets that talk IPv4.
        endpoint("::ffff:192.0.2.1", 6004, "::ffff:192.0.2.2", 53, v6only=0),
        endpoint("::", 6005, "::ffff:192.0.2.2", 53, v6only=0),
        endpoint("::", 6006, "2001:db8::2", 53, v6only=1),
        endpoint("127.0.0.1", 6007, "127.0.0.1", 53), endpoint("::1", 6008, "::1", 53),
        # One local address, two peers and none.
        endpoint("192.0.2.1", 6010, "192.0.2.2", 53),
        endpoint("192.0.2.1", 6010, "192.0.2.2", 65535), endpoint("192.0.2.1", 6010),
        # One tuple.
        endpoint("192.0.2.1", 6011, "192.0.2.2", 53, group=True),
        endpoint("192.0.2.1", 6011, "192.0.2.2", 53, group=True)]


def no_rows():
    """Sockets without a port, and of another protocol."""
    return [socket.socket(INET, socket.SOCK_DGRAM),
            socket.socket(INET6, socket.SOCK_DGRAM), bound("192.0.2.1", 6020)]


def told_of(socks):
    """The same; a socket gets its cookie when it is first told of."""
    look_at_sockets()
    return socks


def groups():
    """Two members of each, in the order of their cookies."""
    return [sock for _ in range(2) for sock in told_of([
        endpoint("192.0.2.1", 7001, group=True), endpoint("0.0.0.0", 7002, group=True),
        endpoint("::", 7003, v6only=0, group=True),
        endpoint("2001:db8::1", 7004, group=True)])]


def other_process(open_all):
    """A process that holds what open_all() opens; returns what ends it."""
    ready, told = os.pipe()
    wait, end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(end)
        with inside(NEAR):
            kept = open_all()
        os.write(told, b"." * len(kept))
        os.read(wait, 1)
        os._exit(0)
    os.read(ready, 1)
    return lambda: (os.close(end), os.waitpid(pid, 0))


# The kernel's own socket, which no process has.
VXLAN = f"""
-n {NEAR} link add vxlan index 21 type vxlan id 7 dev near remote 192.0.2.2 dstport 4789
-n {NEAR} link set vxlan up
"""


def newcomers():
    return [sock for _ in range(2)
            for sock in told_of([endpoint("192.0.2.1", 7001, group=True)])]


def udp(folder):
    with namespaces(), ExitStack() as stack:
        ip(LINKS + VXLAN)
        with inside(NEAR):
            shared = endpoint("0.0.0.0", 7000)
        # Older members of the groups, and a socket that is also ours.
        stack.callback(other_process(lambda: groups() + [shared]))
        with inside(NEAR):
            first, *rest = told_of(groups())
            kept = rest + unconnected() + connected() + no_rows()
            before = record_udp(f"{folder}/udp")
            # The others of its group keep their numbers; the first newcomer takes its.
            first.close()
            stack.callback(other_process(newcomers))
            record_udp_later(f"{folder}/udp", before)
        for sock in kept + [shared]:
            sock.close()


# --- the scene of addresses, neighbours, routers ---

PAIRS = (("gone", 5, "off"), ("near", 7, "far"), ("void", 9, "sink"), ("auto", 11, "other"),
         ("dull", 13, "cut"), ("four", 15, "vier"), ("small", 17, "klein"))

IP_LINKS = "".join(f"""
link add {name} index {number} address {MAC}{number:02x} netns {NEAR} type veth \
peer name {peer} index {number + 1} address {MAC}{number + 1:02x} netns {FAR}
-n {NEAR} link set {name} addrgenmode {"eui64" if name == "auto" else "none"}
-n {FAR} link set {peer} addrgenmode none
-n {FAR} link set {peer} up
""" for name, number, peer in PAIRS) + f"""
-n {FAR} link set cut down
-n {FAR} link set lo up
-n {FAR} address add 192.0.2.2/24 dev far
-n {FAR} address add 2001:db8:7::2/64 dev far nodad
-n {FAR} address add 2001:db8:7::dd/64 dev far nodad
-n {FAR} address add fe80::2/64 dev far nodad
-n {FAR} route add 198.18.0.0/24 via 192.0.2.1
-n {FAR} route add 2001:db8:18::/64 via 2001:db8:7::1
-n {NEAR} link set void arp off
-n {NEAR} link set small mtu 1000
"""

# What is written below /proc/sys/net in NEAR before anything is up.
FIRST_SETTINGS = {
    "ipv6/conf/all/forwarding": 1,
    "ipv6/conf/void/stable_secret": "2001:db8::5ec:1e7",
    "ipv6/conf/near/accept_ra": 2,
    "ipv6/conf/auto/accept_ra": 2,
    "ipv6/conf/near/use_tempaddr": 2,
    "ipv6/conf/near/optimistic_dad": 1,
    "ipv6/conf/four/disable_ipv6": 1,
    "ipv4/ip_forward": 1,
    "ipv4/ip_default_ttl": 63,
    "ipv4/ipfrag_time": 29,
    "ipv6/conf/default/hop_limit": 61,
    "ipv4/icmp_ratelimit": 0,
}

# … and when addresses are there: neighbours stay in their states.
LATER_SETTINGS = {
    "ipv6/conf/void/forwarding": 0,
    "ipv6/conf/near/dad_transmits": 1000,
    "ipv4/neigh/near/retrans_time_ms": 61_000,
    "ipv6/neigh/near/retrans_time_ms": 62_000,
    "ipv4/neigh/dull/retrans_time_ms": 500,
    **{f"{family}/neigh/near/{name}": value for family in ("ipv4", "ipv6")
       for name, value in (("base_reachable_time_ms", 3_600_000), ("mcast_solicit", 1000),
                           ("ucast_solicit", 1000), ("delay_first_probe_time", 1000))},
}

ADDRESSES = """
link set lo up
link set gone up
link set near up
link set void up
link set auto up
link set dull up
link set four up
link set small up
address add 10.99.0.1/32 dev lo
address add 192.0.2.1/24 broadcast + dev near
address add 192.0.2.3/24 dev near
address add 10.9.0.1/32 dev near
address add 10.10.0.1 peer 10.10.0.2/32 dev near
address add 10.11.0.1 peer 10.11.0.254/24 dev near
address add 198.51.100.1/25 dev near valid_lft 36000 preferred_lft 18000
address add 203.0.113.1/24 dev near valid_lft 36000 preferred_lft 0
address add 169.254.7.7/16 dev near scope link
address add 192.0.3.1/24 broadcast 192.0.3.0 dev near
address add 10.77.0.1/24 dev gone
address add 10.77.0.1/24 dev near
address add 10.78.0.1/24 dev void
address add 10.78.0.1/24 dev near
address add 10.79.0.1/8 dev dull
address add 0.0.0.1/0 dev void
address add 10.80.0.1/24 dev four
address add 10.81.0.1/24 dev small
address add 198.18.0.1/24 dev void
address add 2001:db8:7::1/64 dev near nodad
address add 2001:db8:7::dd/64 dev near
address add 2001:db8:7::d/64 dev near nodad valid_lft 36000 preferred_lft 0
address add 2001:db8:7::e/64 dev near nodad valid_lft 36000 preferred_lft 18000
address add 2001:db8:8::1/128 dev near nodad
address add 2001:db8:9::1/64 dev near nodad mngtmpaddr
address add 2001:db8:10::1 peer 2001:db8:10::2/128 dev near nodad
address add 2001:db8:18::1/64 dev void
address add 2001:db8:77::1/64 dev dull
address add fe80::1/64 dev near nodad
address add fe80::1/64 dev void nodad
token set ::7:7:7:7 dev auto
link set gone down
"""

# Duplicate address detection goes on with these.
TENTATIVE = """
address add 2001:db8:7::7e/64 dev near
address add 2001:db8:7::0f/64 dev near optimistic
"""

# What is sent to …10 brings it to the state delay.
NEIGHBOURS = "".join(f"""
neighbour replace {net}01 lladdr {MAC}a1 dev near nud permanent
neighbour replace {net}02 lladdr {MAC}a2 dev near nud reachable
neighbour replace {net}03 lladdr {MAC}a3 dev near nud stale
neighbour replace {net}04 lladdr {MAC}a4 dev near nud probe
neighbour replace {net}05 dev near nud failed
neighbour replace {net}06 dev near nud incomplete
neighbour replace {net}07 lladdr {MAC}a7 dev near nud noarp
neighbour replace {net}08 lladdr {MAC}a8 dev near nud none
neighbour replace {net}09 lladdr {MAC}a9 dev near nud stale extern_learn
neighbour replace {net}10 lladdr {MAC}d1 dev near nud stale
neighbour add proxy {net}11 dev near
neighbour replace {net}01 lladdr {MAC}b1 dev void nud permanent
neighbour replace {net}01 lladdr {MAC}c1 dev auto nud stale
""" for net in ("192.0.2.1", "2001:db8:7::1")) + f"""
neighbour replace fe80::101 lladdr {MAC}e1 dev near nud stale router
neighbour replace fe80::101 lladdr {MAC}e2 dev auto nud stale
"""

ROUTERS = """
route add default via 192.0.2.2
route add default via 198.18.0.254 metric 100
-4 route add default via inet6 fe80::5 dev near metric 200
-4 route add default via inet6 fe80::2 dev near metric 2000
route add default metric 300 nexthop via 192.0.2.7 nexthop via 198.18.0.7 dev void
route add default via 192.0.2.2 metric 400
route add default dev void metric 500
route add default via 10.79.0.2 dev dull metric 600
route add unreachable default metric 700
route add 0.0.0.0/1 via 192.0.2.8
-6 route add default via fe80::3 dev near metric 512 pref low
-6 route add default via fe80::3 dev void metric 513
-6 route add default via 2001:db8:7::2 metric 2048 pref high
-6 route add default via 2001:db8:7::3 metric 2049 expires 30000
-6 route add default dev void metric 3000
"""


def set_kernel(settings):
    """Settings below /proc/sys/net, of the namespace this thread is in."""
    for name, value in settings.items():
        with open(f"/proc/sys/net/{name}", "w", encoding="ascii") as file:
            file.write(str(value))


def advertise():
    """A router's advertisement from FAR: itself for 9000 s, a prefix (RFC 4861, 4.2)."""
    head = struct.pack("!BBHBBHII", 134, 0, 0, 64, 1 << 3, 9000, 0, 0)
    own = b"\1\1" + bytes.fromhex(f"{MAC}08".replace(":", ""))
    prefix = struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 86400, 14400, 0)
    with inside(FAR), socket.socket(INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6) as sock:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
        sock.bind(("fe80::2", 0, 0, 8))
        sock.sendto(head + own + prefix + socket.inet_pton(INET6, "2001:db8:aa::"),
                    ("ff02::1", 0, 0, 8))


def flags_told():
    """(address, its flags) of those of IPv6."""
    links = map(json.loads, told_by_ip("-6", "address", "show").splitlines())
    return {(told["local"], flag) for link in links for told in link["addr_info"]
            for flag in ("tentative", "dadfailed", "temporary") if told.get(flag)}


def wait_for(what, holds):
    deadline = time.monotonic() + 20
    while not holds():
        if time.monotonic() > deadline:
            sys.exit(f"{what}: {flags_told()}")
        time.sleep(0.1)


def is_settled():
    """Who is tentative failed, or has no carrier; two prefixes have temporary addresses."""
    told = flags_told()
    tentative = {text for text, flag in told if flag == "tentative"}
    temporary = [text for text, flag in told if flag == "temporary"]
    return (("2001:db8:7::dd", "dadfailed") in told and len(temporary) == 2
            and tentative <= {"2001:db8:7::dd", "2001:db8:77::1"})


def datagrams(here, there, port, size=8, n=3):
    """Sends a few; what comes back is not heard."""
    with bound(here, 0, kind=socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        for _ in range(n):
            sock.sendto(bytes(size), address(there, port))


def to_self(host, n):
    """Sends some, and hears them."""
    with bound(host, 9001, kind=socket.SOCK_DGRAM) as sock:
        datagrams(host, host, 9001, n=n)
        for _ in range(n):
            sock.recv(100)


def echo(here, there):
    """Asks for two echoes; the kernel makes the checksum of IPv6."""
    protocol, head = ((socket.IPPROTO_ICMPV6, b"\x80\0\0\0") if ":" in there
                      else (socket.IPPROTO_ICMP, b"\x08\0\xf7\xfe"))
    with socket.socket(INET6 if ":" in there else INET, socket.SOCK_RAW, protocol) as sock:
        sock.bind(address(here, 0))
        for _ in range(2):
            sock.sendto(head + b"\0\1\0\0", address(there, 0))
        time.sleep(0.2)


def talk():
    """Traffic of many kinds; this thread is in NEAR."""
    to_self("127.0.0.1", 3)
    to_self("::1", 4)
    for here, there in (("192.0.2.1", "192.0.2.2"), ("2001:db8:7::1", "2001:db8:7::2")):
        echo(here, there)
        datagrams(here, there, 9002)                # nobody listens there
        datagrams(here, there, 9002, size=4000, n=2)
        with inside(FAR):
            datagrams(there, here, 9003, n=5)       # nor here
            datagrams(there, here, 9003, size=4000, n=1)
            echo(there, here)
    for host, name, n in (("192.0.2.2", FAR, 2), ("192.0.2.1", NEAR, 1)):
        with inside(name):
            datagrams(host, "224.0.0.1", 9006, n=n)
            datagrams(host, "192.0.2.255", 9006, n=n + 2)
    with inside(FAR):                               # to be forwarded
        datagrams("192.0.2.2", "198.18.0.9", 9004)
        datagrams("2001:db8:7::2", "2001:db8:18::9", 9004, n=2)


def delay():
    """Brings two neighbours to that state."""
    datagrams("192.0.2.1", "192.0.2.110", 9005, n=1)
    datagrams("2001:db8:7::1", "2001:db8:7::110", 9005, n=1)


CHANGES = f"""
-n {NEAR} neighbour replace 192.0.2.103 lladdr {MAC}f3 dev near nud reachable
-n {NEAR} neighbour replace 2001:db8:7::105 lladdr {MAC}f5 dev near nud permanent
-n {NEAR} neighbour delete 192.0.2.101 dev near
-n {NEAR} neighbour delete 2001:db8:7::102 dev near
-n {NEAR} neighbour add 192.0.2.90 lladdr {MAC}90 dev near nud permanent
-n {NEAR} address delete 10.9.0.1/32 dev near
-n {NEAR} address add 10.12.0.1/16 dev four
-n {NEAR} link delete auto
link add new index 25 address {MAC}19 netns {NEAR} type veth peer name neu netns {FAR}
-n {NEAR} link set new up
-n {NEAR} link set gone up
-n {NEAR} route delete default via 198.18.0.254
-n {NEAR} -6 route add default via fe80::4 dev near metric 4000
"""


def set_up():
    """This thread is in NEAR."""
    set_kernel(FIRST_SETTINGS)
    ip(ADDRESSES)
    time.sleep(1)
    advertise()
    wait_for("addresses", is_settled)
    set_kernel(LATER_SETTINGS)
    ip(TENTATIVE + ROUTERS)
    talk()
    ip(NEIGHBOURS)
    delay()


def scene(folder):
    with namespaces():
        with inside(NEAR):
            record_ip(f"{folder}/no-ip")
        ip(IP_LINKS)
        with inside(NEAR):
            set_up()
            before = record_ip(f"{folder}/ip")
            ip(CHANGES)
            talk()
            record_ip_later(f"{folder}/ip", before)


COMMANDS = {"udp": udp, "ip": scene}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]](sys.argv[2])
