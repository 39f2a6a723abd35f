#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Records what the running kernel says about UDP sockets and about IP, for the golden tests.

    record_ip.py udp FOLDER      udp.*: sockets in namespaces made for it (root)
    record_ip.py ip FOLDER       no-ip.* and ip.*: addresses, neighbours, routers, counters,
                                 in the same way (root)
    record_ip.py edits FOLDER    no-ipv6.*, old.files, broken-ip.*, broken-udp.*: made from
                                 those recordings; odd.files: written

Writes PREFIX.per-family (sock_diag requests, each with the messages that were answered),
PREFIX.udp, .udp6 (the files of /proc/net), PREFIX.owners (lines "INODE PID"), PREFIX.route
(rtnetlink), PREFIX.files (counters and settings, each file behind a line that names it); also
PREFIX.ss and PREFIX.ip (what ss, ip and nstat say at the same time; no test reads them).
All but PREFIX.udp and .udp6 hold a second answer to each question behind the first, from after
a few changes; PREFIX-later.* is what was said then.
"""

import json
import os
import re
import socket
import struct
import subprocess
import sys
import time
from contextlib import ExitStack

from record import (FAR, LINKS, MAIN, NEAR, NETLINK_ROUTE, NLM_F_DUMP, NLM_F_MULTI,
                    NLM_F_REQUEST, PROC_NET, address, ask, bound, changed,
                    family_request, files, inside, ip, kind_of, message, messages, namespaces,
                    nexthops_request, owners, read, routes_request, told_by_ip, told_by_ss,
                    write)
from record_links import (DONE, MAC, NDA_DST, NDA_LLADDR, NUD_REACHABLE, attribute, attributes, cut,
                          device, lie, links_request, neighbour, number)

RTM_NEWLINK, RTM_NEWADDR, RTM_NEWROUTE, RTM_NEWNEIGH, RTM_NEWNEIGHTBL = 16, 20, 24, 28, 64
RTM_GETADDR, RTM_GETNEIGH, RTM_GETNEIGHTBL = 22, 30, 66
AF_BRIDGE = 7
IFLA_AF_SPEC, NDTA_PARMS, NDA_CACHEINFO, NTF_PROXY = 26, 6, 3, 8
IFA_ADDRESS, IFA_LOCAL, IFA_CACHEINFO, IFA_FLAGS, IFA_PROTO = 1, 2, 6, 8, 11
RTA_OIF, RTA_GATEWAY, RTA_CACHEINFO, RTA_VIA, RTA_PREF = 4, 5, 12, 18, 20
UDP_STATES = 1 << 1 | 1 << 7
INET, INET6 = socket.AF_INET, socket.AF_INET6


# --- recording ---

def request(kind, family, size):
    """A dump; family is the first octet of a body of this size."""
    return message(kind, NLM_F_REQUEST | NLM_F_DUMP, struct.pack("=B", family).ljust(size, b"\0"))


def ip_requests():
    """struct ifaddrmsg has 8 octets, struct ndmsg 12, struct ndtmsg 4."""
    return [links_request(), request(RTM_GETADDR, socket.AF_UNSPEC, 8),
            request(RTM_GETADDR, INET6, 8), request(RTM_GETNEIGH, INET, 12),
            request(RTM_GETNEIGH, INET6, 12), request(RTM_GETNEIGHTBL, INET, 4),
            nexthops_request(), routes_request(INET, MAIN), routes_request(INET6, MAIN)]


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
    tcp = bound("192.0.2.1", 6020)
    return [socket.socket(INET, socket.SOCK_DGRAM), socket.socket(INET6, socket.SOCK_DGRAM), tcp]


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
} | {f"{family}/neigh/near/{name}": value for family in ("ipv4", "ipv6") for name, value in {
    "base_reachable_time_ms": 3_600_000, "delay_first_probe_time": 1000,
    "mcast_solicit": 1000, "ucast_solicit": 1000}.items()} | {
    "ipv4/neigh/near/retrans_time_ms": 61_000,
    "ipv6/neigh/near/retrans_time_ms": 62_000,
    "ipv4/neigh/dull/retrans_time_ms": 500}

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
    """A router's advertisement from FAR: itself for 1800 s, and a prefix (RFC 4861, 4.2)."""
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
    return {(told["local"], flag) for link in told_by_ip("-6", "address", "show").splitlines()
            for told in json.loads(link)["addr_info"]
            for flag in ("tentative", "dadfailed", "temporary", "dynamic") if told.get(flag)}


def wait_for(what, holds):
    deadline = time.monotonic() + 20
    while not holds():
        if time.monotonic() > deadline:
            sys.exit(f"{what}: {flags_told()}")
        time.sleep(0.1)


def is_settled():
    """Who is tentative failed, or has no carrier; both prefixes have temporary addresses."""
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


# --- what is made from recordings, or written ---

def dumps(recorded):
    """The requests and their answers, [request, *messages], that were recorded first."""
    found = []
    for msg in messages(recorded):
        if struct.unpack_from("=H", msg, 6)[0] & NLM_F_REQUEST:
            found.append([])
        found[-1].append(msg)
    return found[:len(found) // 2]


def load(path):
    with open(path, "rb") as file:
        return file.read()


def first_files(folder):
    """The text of each file in ip.files, as it was first, by its path."""
    texts = {}
    for part in load(f"{folder}/ip.files").decode().split("==> ")[1:]:
        path, _, text = part.partition(" <==\n")
        if path in texts:
            break
        texts[path] = text
    return texts


def write_files(path, texts):
    write(path, "".join(f"==> {name} <==\n{text}" for name, text in texts.items()))


def join(found):
    return b"".join(msg for dump in found for msg in dump)


# Without IPv6: nobody answers requests of that family, and rtnl_dump_all() tells what there
# is of others, addresses and routes of IPv4.

def without_ipv6(msg):
    """A message of a device that tells of IPv4 only."""
    told = [(kind, payload if kind != IFLA_AF_SPEC else
             [attribute(*one) for one in attributes(payload) if one[0] != INET6])
            for kind, payload in attributes(msg[32:])]
    return message(RTM_NEWLINK, NLM_F_MULTI, msg[16:32] + b"".join(
        attribute(*one) for one in told))


def no_ipv6(folder):
    links, addresses, addresses6, *others = dumps(load(f"{folder}/ip.route"))
    neighbours, neighbours6, retrans, nexthops, routes, routes6 = others
    links[1:] = [without_ipv6(msg) if kind_of(msg) == RTM_NEWLINK else msg
                 for msg in links[1:]]
    addresses[1:] = [msg for msg in addresses[1:]
                     if kind_of(msg) != RTM_NEWADDR or msg[16] == INET]
    routes[1:] = [msg for msg in routes[1:] if RTA_VIA not in dict(attributes(msg[28:]))]
    write(f"{folder}/no-ipv6.route", join((
        links, addresses, [addresses6[0], *addresses[1:]], neighbours, [neighbours6[0], DONE],
        retrans, nexthops, routes, [routes6[0], *routes[1:]])))
    texts = first_files(folder)
    write_files(f"{folder}/no-ipv6.files", {name: text for name, text in texts.items()
                                            if "6" not in name})


# Columns and lines that kernels before 6.7 do not have.

def old_text(text):
    """A file of counters without OutTransmits, which is the last column of its group."""
    lines = [line for line in text.splitlines() if "Ip6OutTransmits" not in line]
    for i, line in enumerate(lines):
        if line.endswith(" OutTransmits"):
            lines[i:i + 2] = [words.rpartition(" ")[0] for words in lines[i:i + 2]]
    return "".join(f"{line}\n" for line in lines)


def old_files(folder):
    write_files(f"{folder}/old.files", {name: old_text(text) for name, text in
                                        first_files(folder).items()})


MOST = 2**64 - 1

# Columns in another order, twice, missing, unknown; numbers that are none, negative, or as
# large as there are; a line of 70000 octets; halves of a group; what has no values.
ODD_FILES = {
    "/proc/net/snmp": f"""\
Ip: OutTransmits InDelivers InReceives Unknown InReceives DefaultTTL Forwarding
Ip: {MOST} {2**32 + 5} 7 99 {2**32} 255 2
Icmp: InMsgs InErrors OutMsgs OutErrors
Icmp: 5 6
IcmpMsg: InType0 InType255 InType256 InType-1 InType8x InType OutType3 OutType0
IcmpMsg: 1 {MOST} 3 4 5 6 {2**32 + 7} 0
Udp: InDatagrams
Udp: 1 2 3
Udp: NoPorts OutDatagrams
UdpLite: InDatagrams NoPorts
UdpLite: 8 9

Tcp: ActiveOpens {"x" * 70_000} PassiveOpens AttemptFails EstabResets InSegs OutSegs MaxConn
Tcp: 1 2 3 12x +5 0x10 - -1
Icmp: InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs
Icmp: --1 {10**30} \t 17 18
Udp: InErrors NoPorts
Udp: 3 4
Udp: InErrors
""",
    "/proc/net/netstat": f"""\
IpExt: OutOctets InOctets InBcastPkts
IpExt: {MOST} {MOST - 1} {2**63}
TcpExt: InOctets
TcpExt: 1
""",
    "/proc/net/snmp6": f"""\
Ip6OutOctets {MOST}
Ip6InReceives\t{2**32}
Ip6InReceives                   \t8
Ip6InDelivers
Ip6InDiscards x
Ip6FragOKs 3
Ip6FragFails 4
 Ip6FragCreates {2**32 + 9}
Unknown 1
Ip: 5 6
Icmp6InType300 1
Icmp6OutType128 {2**32 + 1}
Icmp6InMsgs 77
Udp6InDatagrams {MOST}
Udp6OutDatagrams {2**32}
Icmp6OutMsgs 78""",
    "/proc/net/dev_snmp6/near": f"""\
ifIndex                         \t7
Ip6InReceives                   \t{MOST}
Ip6OutRequests                  \t{2**32}
Ip6OutForwDatagrams             \t3
Ip6InDelivers 1 2""",
    # None of these is a row: no ifIndex, another's, none, no counter.
    "/proc/net/dev_snmp6/lo": "Ip6InReceives 1\nifIndex 1\n",
    "/proc/net/dev_snmp6/gone": f"ifIndex {2**32 + 5}\nIp6InReceives 1\n",
    "/proc/net/dev_snmp6/void": "ifIndex 7\nIp6InReceives 1\n",
    "/proc/net/dev_snmp6/auto": "ifIndex 0\nIp6InReceives 1\n",
    "/proc/net/dev_snmp6/dull": "ifIndex 13\nIp6Unknown 1\n",
    "/proc/net/dev_snmp6/four": "ifIndex\nIp6InReceives 1\n",
    "/proc/net/dev_snmp6/small": "",
    "/proc/sys/net/ipv4/ipfrag_time": "29 30\n",
    "/proc/sys/net/ipv6/conf/all/forwarding": "-1\n",
    "/proc/sys/net/ipv6/conf/default/hop_limit": "",
}


# Netlink messages that make no sense.

def told_address(family, ifindex, *more, length=24, flags=0x80, kind=RTM_NEWADDR):
    """struct ifaddrmsg."""
    body = struct.pack("=BBBBI", family, length, flags, 0, ifindex)
    return message(kind, NLM_F_MULTI, body + b"".join(more))


def local(text, kind=IFA_LOCAL):
    return attribute(kind, socket.inet_pton(INET6 if ":" in text else INET, text))


def broken_addresses():
    """Each is skipped, and counted."""
    ten, six = local("10.0.0.66"), local("2001:db8::66", IFA_ADDRESS)
    good = told_address(INET, 7, ten)
    return [
        cut(good, 16 + 4), cut(good, 16), cut(good, len(good) - 3),
        told_address(INET, 0, ten), told_address(99, 7, ten), told_address(AF_BRIDGE, 7, ten),
        told_address(INET, 7, ten, length=33), told_address(INET, 7, ten, length=200),
        told_address(INET6, 7, six, length=129), told_address(INET6, 7, six, length=200),
        told_address(INET6, 7, ten, length=64), told_address(INET, 7),
        told_address(INET, 7, attribute(IFA_LOCAL, b"\x0a\0\0")),
        told_address(INET, 7, lie(IFA_LOCAL, bytes(4), 8))]


def odd_addresses():
    """Rows, all but the first two, with less than there should be, or more."""
    forever = struct.pack("=IIII", 2**32 - 1, 2**32 - 1, 2**32 - 1, 2**32 - 1)
    return [
        told_address(INET, 7, local("10.0.0.1"), kind=RTM_NEWADDR + 1),
        told_address(INET, 97, local("10.0.0.2")),
        told_address(INET, 7, local("10.0.0.3"), length=32, flags=0),
        told_address(INET, 7, local("10.0.0.4", IFA_ADDRESS), length=0),
        told_address(INET, 7, local("10.0.0.5"), attribute(IFA_CACHEINFO, bytes(15))),
        told_address(INET, 7, local("10.0.0.6"), attribute(IFA_CACHEINFO, bytes(16)), flags=0),
        told_address(INET, 7, local("10.0.0.7"), attribute(IFA_FLAGS, b"\x20\0"), flags=0x20),
        told_address(INET, 7, local("10.0.0.8"), attribute(IFA_FLAGS, number(0x40)), flags=0),
        told_address(INET, 7, local("10.0.0.9"), local("10.0.0.10"), attribute(99, b"")),
        told_address(INET, 7, local("10.0.0.11"), attribute(IFA_CACHEINFO, forever + forever)),
        told_address(INET, 7, local("2001:db8::4"), length=8),      # the first four octets
        told_address(INET6, 7, local("2001:db8::1"), length=0),
        told_address(INET6, 7, local("2001:db8::1"), length=128),   # one row
        told_address(INET6, 7, local("::", IFA_ADDRESS), length=128),
        told_address(INET6, 7, local("::ffff:10.0.0.1"), attribute(IFA_PROTO, b"\2"),
                     length=96)]


def told_neighbour(text, mac="66", ifindex=7, state=2, more=b"", **values):
    """A neighbour in a state; None: it does not tell its address, or has no physical one."""
    values = {"flags": 0, "family": INET6 if text and ":" in text else INET, **values}
    return neighbour(ifindex, mac and f"{MAC}{mac}", state=state,
                     more=(local(text, NDA_DST) if text else b"") + more, **values)


def broken_neighbours():
    good = told_neighbour("10.0.0.66")
    return [
        cut(good, 16 + 8), cut(good, len(good) - 3), told_neighbour("10.0.0.66", ifindex=0),
        told_neighbour("10.0.0.66", ifindex=-1), told_neighbour(None),
        told_neighbour("10.0.0.66", family=INET6),
        told_neighbour(None, more=attribute(NDA_DST, bytes(3))),
        told_neighbour("10.0.0.66", more=lie(NDA_LLADDR, bytes(6), 20)),
        told_neighbour("10.0.0.66", None, more=attribute(NDA_LLADDR, bytes(33)))]


def odd_neighbours():
    """The first four are no rows; states of a later kernel are."""
    return [
        told_neighbour("10.0.0.1", family=AF_BRIDGE), told_neighbour("10.0.0.2", family=99),
        told_neighbour("10.0.0.3", flags=NTF_PROXY), told_neighbour("10.0.0.4", state=0),
        told_neighbour("10.0.0.5", state=0x100), told_neighbour("10.0.0.6", state=0x06),
        told_neighbour("10.0.0.7", None), told_neighbour("10.0.0.8", None, more=attribute(
            NDA_LLADDR, bytes(range(32)))),
        told_neighbour("10.0.0.9", None, more=attribute(NDA_LLADDR, b"")),
        told_neighbour("10.0.0.10", more=attribute(NDA_CACHEINFO, bytes(15))),
        told_neighbour("10.0.0.11", more=attribute(NDA_CACHEINFO, b"\xff" * 16)),
        told_neighbour("10.0.0.12", ifindex=2**31 - 1),
        told_neighbour("10.0.0.12", "67"), told_neighbour("10.0.0.12", "68"),   # one row
        told_neighbour("::"), told_neighbour("10.0.0.13", more=attribute(99, bytes(4)))]


def spec(*told):
    return attribute(IFLA_AF_SPEC, list(told))


def inet6_spec(flags=0x80000000, conf=27, info=16, more=b""):
    """What IPv6 tells of a device; numbers are sizes."""
    return attribute(INET6, [attribute(1, number(flags)), attribute(2, bytes(4 * conf)),
                             attribute(5, bytes(info)), more])


def odd_links():
    """Skipped are the first five, of all that IP tells."""
    ipv4 = attribute(INET, [attribute(1, bytes(4))])
    return [
        device(50, "spec", more=lie(IFLA_AF_SPEC, bytes(8), 9)),
        device(51, "inet6", more=spec(ipv4, lie(INET6, bytes(8), 40))),
        device(52, "token", more=spec(ipv4, inet6_spec(more=lie(7, bytes(8), 40)))),
        device(0, "zero", more=spec(ipv4)), device(53, None, more=spec(ipv4)),
        device(54, "none"), device(55, "bridge", family=AF_BRIDGE, more=spec(ipv4)),
        device(56, "short-conf", more=spec(ipv4, inet6_spec(conf=26))),
        device(57, "short-info", more=spec(ipv4, inet6_spec(info=15))),
        device(58, "short-token", more=spec(inet6_spec(more=attribute(7, b"\1" * 15)))),
        device(59, "right", more=spec(ipv4, inet6_spec(more=attribute(7, b"\1" * 16)))),
        device(60, "not-ready", more=spec(inet6_spec(flags=0)))]


def retrans_of(ifindex, milliseconds, family=INET, size=8):
    """struct ndtmsg, and the parameters of a device in its table of neighbours."""
    told = [attribute(1, number(ifindex))] if ifindex is not None else []
    told.append(attribute(5, struct.pack("=Q", milliseconds)[:size]))
    return message(RTM_NEWNEIGHTBL, NLM_F_MULTI,
                   struct.pack("=B3x", family) + attribute(NDTA_PARMS, told))


def odd_retrans():
    """The first three are skipped; the next four tell of no device; the last has most."""
    good = retrans_of(7, 1)
    return [
        cut(good, 18), cut(good, len(good) - 5),
        message(RTM_NEWNEIGHTBL, NLM_F_MULTI, struct.pack("=B3x", INET) + attribute(
            NDTA_PARMS, [lie(1, number(7), 20)])),
        retrans_of(7, 2, family=INET6), retrans_of(None, 3), retrans_of(7, 4, size=7),
        retrans_of(99, 5), retrans_of(59, 2**40)]


def told_default(family, *more, length=0, kind=1):
    """struct rtmsg, of a default route in the main table."""
    body = struct.pack("=BBBBBBBBI", family, length, 0, 0, MAIN, 3, 0, kind, 0)
    return message(RTM_NEWROUTE, NLM_F_MULTI, body + b"".join(more))


def gateway(text, size=16):
    return attribute(RTA_GATEWAY, socket.inet_pton(INET6 if ":" in text else INET, text)[:size])


def odd_routers():
    """Of these two families: what is skipped, or has no gateway; then lifetimes and
    preferences as they should not be."""
    out = attribute(RTA_OIF, number(7))
    good = told_default(INET, out, gateway("10.0.0.66"))
    expires = struct.pack("=IIi20x", 0, 0, 150)
    return [
        [cut(good, 16 + 11), cut(good, len(good) - 2), told_default(INET, gateway("10.0.0.66")),
         told_default(AF_BRIDGE, out, gateway("10.0.0.66")),
         told_default(INET, out, gateway("10.0.0.66"), length=33),
         told_default(INET, out, lie(RTA_GATEWAY, bytes(4), 8)),
         told_default(INET, out, gateway("10.0.0.66", 3)), told_default(INET, out),
         told_default(INET, out, gateway("10.0.0.66"), kind=7),
         told_default(INET, out, gateway("10.0.0.1"))],
        [told_default(INET6, out, gateway("fe80::66", 15)),
         told_default(INET6, out, gateway("fe80::1"), attribute(RTA_PREF, b"\2")),
         told_default(INET6, out, gateway("fe80::2"), attribute(RTA_PREF, b"\xff")),
         told_default(INET6, out, gateway("fe80::3"), attribute(RTA_PREF, b"")),
         told_default(INET6, out, gateway("fe80::4"), attribute(RTA_CACHEINFO, expires)),
         told_default(INET6, out, gateway("fe80::5"), attribute(RTA_CACHEINFO, expires[:31])),
         told_default(INET6, out, gateway("fe80::6"), attribute(RTA_CACHEINFO, struct.pack(
             "=IIi20x", 0, 0, -100)))]]


def broken_ip(folder):
    """Between what is right: near and void with one address and one neighbour each."""
    links, addresses, addresses6, *others = dumps(load(f"{folder}/ip.route"))
    neighbours, neighbours6, retrans, nexthops, routes, routes6 = others
    right = [msg for msg in links[1:-1] if struct.unpack_from("=i", msg, 20)[0] in (7, 9)]
    first, *_, last = (msg for msg in addresses[1:-1] if msg[20] in (7, 9))
    near = next(msg for msg in neighbours[1:-1] if msg[24] == NUD_REACHABLE)
    ipv4, ipv6 = odd_routers()
    write(f"{folder}/broken-ip.route", join((
        [links[0], right[0], *odd_links(), right[1], DONE],
        [addresses[0], first, *broken_addresses(), *odd_addresses(), last, DONE],
        [addresses6[0], *broken_addresses(), *odd_addresses(), last, DONE],
        [neighbours[0], *broken_neighbours(), *odd_neighbours(), near, DONE],
        [neighbours6[0], told_neighbour("fe80::1"), DONE],
        [retrans[0], *odd_retrans(), DONE], nexthops, [routes[0], *ipv4, DONE],
        [routes6[0], *ipv6, DONE])))


def broken_udp(folder):
    """Sockets that make no sense, between two that do; one twice."""
    ipv4, ipv6 = dumps(load(f"{folder}/udp.per-family"))
    good, other = ipv4[1:3]
    wild = next(msg for msg in ipv6[1:] if not any(msg[24:56]))
    odd = [cut(good, 16 + 71), cut(good, 16), changed(good, family=99),
           changed(good, family=AF_BRIDGE), changed(good, state=32), changed(good, state=255),
           cut(wild, len(wild) - 5)]
    # States that UDP does not have, and another kind of message: no rows, no errors.
    others = [changed(good, state=state) for state in (0, 2, 10, 12)]
    others.append(good[:4] + struct.pack("=H", 99) + good[6:])
    write(f"{folder}/broken-udp.per-family", b"".join((
        ipv4[0], good, *odd, *others, other, changed(other, inode=1), DONE,
        ipv6[0], wild, cut(wild, 16 + 72), changed(wild, cookie=2**64 - 1), DONE)))


HEADING = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
REST = "00000000:00000000 00:00000000 00000000     0        0"
BROKEN_UDP = f"""\
{HEADING}    1: 010200C0:0035 00000000:0000 07 {REST} 11 2 0000000000000000 0
    2: 010200C0:0036 00000000:0000 07 {REST}
    3: 010200C:0037 00000000:0000 07 {REST} 13 2
    4: 010200C0:0038 00000000:0000 00 {REST} 14 2
    5: 010200C0:0039 00000000:0000 0C {REST} 15 2
    6: 010200c0:003A 00000000:0000 07 {REST} 16 2

    7: 010200C0:003B 00000000000000000000000000000000:0000 07 {REST} 17 2
    8: 010200C0:003C 00000000:0000 07 {REST} 18 {"x" * 600}
    9: 010200C0:003D 020200C0:0035 01 {REST} 19 2
   10: 010200C0:003D 020200C0:0035 01 {REST} 20 2
garbage
   11: 010200C0:FFFF 00000000:0000 07 {REST} 21"""


def edits(folder):
    no_ipv6(folder)
    old_files(folder)
    write_files(f"{folder}/odd.files", ODD_FILES)
    broken_ip(folder)
    broken_udp(folder)
    write(f"{folder}/broken-udp.udp", BROKEN_UDP)


COMMANDS = {"udp": udp, "ip": scene, "edits": edits}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]](sys.argv[2])
