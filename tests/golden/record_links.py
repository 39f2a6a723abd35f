#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Records what the running kernel says about network devices, for the golden tests.

    record_links.py scene FOLDER    no-links.* and links.*: a namespace made for it (root)
    record_links.py edits FOLDER    more-links.*: written; broken-links.*: from links.*

Writes PREFIX.route and PREFIX.generic (requests of rtnetlink and of generic netlink, each
with the messages that were answered) and PREFIX.dev-mcast (that file of /proc/net); of what
is recorded also PREFIX.ip (what ip, bridge and an ioctl say of the same devices) and
PREFIX-later.ip (what ip said when the counters were asked for, which was after more
traffic). No test reads what ends in .ip.
"""

import ctypes
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import time
from contextlib import ExitStack, suppress

from record import (FAR, NEAR, NETLINK_ROUTE, NLM_F_DUMP, NLM_F_MULTI, NLM_F_REQUEST,
                    NLMSG_DONE, PROC_NET, ask, inside, ip, kind_of, message, messages,
                    namespaces, told_by_ip, write)

NETLINK_GENERIC = 16
NESTED = 0x8000
RTM_GETLINK, RTM_GETNEIGH, RTM_GETSTATS = 18, 30, 94
IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS = 29, 8
IFLA_STATS_FILTER_LINK_64 = 1
GENL_ID_CTRL, CTRL_CMD_NEWFAMILY, CTRL_CMD_GETFAMILY = 16, 1, 3
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME, CTRL_ATTR_MCAST_GROUPS = 1, 2, 7
LINKMODES_GET, STATS_GET = 4, 32
NL80211_GET_INTERFACE = 5
SIOCETHTOOL, ETHTOOL_GSET = 0x8946, 1


# --- recording ---

def attribute(kind, payload):
    """One attribute, padded; the payload of a nest is a list of them."""
    if isinstance(payload, list):
        kind, payload = kind | NESTED, b"".join(payload)
    return struct.pack("=HH", 4 + len(payload), kind) + payload + bytes(-len(payload) % 4)


def number(value):
    return struct.pack("=I", value)


def generic_message(family, command, *more, version=1, flags=NLM_F_REQUEST | NLM_F_DUMP):
    """struct genlmsghdr, and attributes."""
    return message(family, flags, struct.pack("=BBH", command, version, 0) + b"".join(more))


def links_request():
    """struct ifinfomsg, and a mask: without the statistics of IPv6."""
    mask = struct.pack("=HHI", 8, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
    return message(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, bytes(16) + mask)


def counters_request():
    """struct if_stats_msg."""
    body = struct.pack("=4xII", 0, IFLA_STATS_FILTER_LINK_64)
    return message(RTM_GETSTATS, NLM_F_REQUEST | NLM_F_DUMP, body)


def addresses_request():
    """struct ndmsg."""
    body = struct.pack("=B11x", socket.AF_BRIDGE)
    return message(RTM_GETNEIGH, NLM_F_REQUEST | NLM_F_DUMP, body)


def families_request():
    """Asks for all: for one by its name that it does not know the kernel loads a module."""
    return generic_message(GENL_ID_CTRL, CTRL_CMD_GETFAMILY)


def speeds_request(family):
    """Asks for bits in their short form."""
    return generic_message(family, LINKMODES_GET, attribute(1, [attribute(3, number(1))]))


def frames_request(family):
    """Asks for the group of counters number 1, by a bit set of two."""
    groups = [attribute(1, b""), attribute(2, number(2)), attribute(4, number(1 << 1))]
    return generic_message(family, STATS_GET, attribute(2, []), attribute(3, groups))


def wireless_request(family):
    return generic_message(family, NL80211_GET_INTERFACE, version=0)


def attributes(data):
    """The kinds and payloads of attributes."""
    while len(data) >= 4:
        size, kind = struct.unpack_from("=HH", data)
        yield kind & ~NESTED, data[4:size]
        data = data[size + 3 & ~3:]


def family_numbers(answered):
    """Of the request for families and its answer: their numbers by their names."""
    _, *answer = messages(answered)
    told = [dict(attributes(msg[20:])) for msg in answer if kind_of(msg) == GENL_ID_CTRL]
    return {family[CTRL_ATTR_FAMILY_NAME].rstrip(b"\0").decode():
            struct.unpack("=H", family[CTRL_ATTR_FAMILY_ID])[0] for family in told}


def ask_drivers():
    """What is asked on the generic bus."""
    found = [ask(families_request(), NETLINK_GENERIC)]
    numbers = family_numbers(found[0])
    for name, request in (("ethtool", speeds_request), ("ethtool", frames_request),
                          ("nl80211", wireless_request)):
        if name in numbers:
            found.append(ask(request(numbers[name]), NETLINK_GENERIC))
    return b"".join(found)


def told_by_bridge():
    told = subprocess.run(["bridge", "-j", "fdb", "show"], check=True, text=True,
                          capture_output=True)
    return "".join(f"{json.dumps(thing)}\n" for thing in json.loads(told.stdout or "[]"))


def told_speeds():
    """Lines "NAME: SPEED", of the devices whose driver tells one to the old ioctl, in struct
    ethtool_cmd; 4294967295: it does not know."""
    lines = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for _, name in socket.if_nameindex():
            told = ctypes.create_string_buffer(struct.pack("=I40x", ETHTOOL_GSET), 44)
            asked = struct.pack("@16sP16x", name.encode(), ctypes.addressof(told))
            with suppress(OSError):
                fcntl.ioctl(sock, SIOCETHTOOL, asked)
                low, high = struct.unpack_from("=12xH14xH", told)
                lines.append(f"{name}: {high << 16 | low}\n")
    return "".join(lines)


def told_links():
    """What ip says, without the timers of bridges and the like."""
    lines = []
    for thing in map(json.loads, told_by_ip("-s", "link", "show").splitlines()):
        info = thing.get("linkinfo", {})
        below = info.pop("info_data", {}).get("link")
        info.pop("info_slave_data", None)
        lines.append(f"{json.dumps({**thing, 'vxlan_link': below} if below else thing)}\n")
    return "".join(lines)


def while_still(look):
    """What look() finds while the devices and their counters stay as they are, and what ip
    says of them."""
    deadline = time.monotonic() + 10
    told = None
    while told != told_links():
        if time.monotonic() > deadline:
            sys.exit("the counters do not stand still")
        told, found = told_links(), look()
    return found, told


def look_at_all():
    with open(f"{PROC_NET}/dev_mcast", "rb") as file:
        multicast = file.read()
    route = ask(links_request(), NETLINK_ROUTE) + ask(addresses_request(), NETLINK_ROUTE)
    return route, ask_drivers(), multicast


def record_links(prefix):
    """The devices of the namespace this thread is in; returns what was answered of them."""
    (route, generic, multicast), told = while_still(look_at_all)
    write(f"{prefix}.route", route)
    write(f"{prefix}.generic", generic)
    write(f"{prefix}.dev-mcast", multicast)
    write(f"{prefix}.ip", "".join((
        told, told_by_bridge(), told_by_ip("maddress", "show"), told_speeds())))
    return route


def record_later(prefix, route):
    """The counters, behind what was answered before."""
    counted, told = while_still(lambda: ask(counters_request(), NETLINK_ROUTE))
    write(f"{prefix}.route", route + counted)
    write(f"{prefix}-later.ip", told)


# --- the scene ---

MAC = "00:00:5e:00:53:"     # and the ifindex, for those in NEAR

# Pairs with one end in FAR, and pairs with both in NEAR.
PAIRS = f"""
link add near index 2 netns {NEAR} type veth peer name far netns {FAR}
link add left index 3 netns {NEAR} type veth peer name right index 4 netns {NEAR}
link add east index 5 netns {NEAR} type veth peer name west index 6 netns {NEAR}
link add sleepy index 16 netns {NEAR} type veth peer name awake netns {FAR}
link add drowsy index 17 netns {NEAR} type veth peer name sober netns {FAR}
link add tested index 18 netns {NEAR} type veth peer name tester netns {FAR}
link add temporary index 19 netns {NEAR} type veth peer name other netns {FAR}
-n {FAR} link set far address {MAC}f2
-n {FAR} link set far up
-n {FAR} link set awake up
-n {FAR} link set sober up
-n {FAR} link set tester up
"""

TAPS = (("tap", 12, True), ("unplugged", 13, False), ("tun", 14, True))

LAYERS = f"""
-n {NEAR} link add bridge index 7 type bridge
-n {NEAR} link set east master bridge
-n {NEAR} link set tap master bridge
-n {NEAR} link add macvlan index 8 link near type macvlan mode bridge
-n {NEAR} link add macvtap index 9 link near type macvtap mode bridge
-n {NEAR} link add vxlan index 10 type vxlan id 42 dev near remote 192.0.2.10 dstport 4789
-n {NEAR} link add floating index 11 type vxlan id 43 remote 192.0.2.10 dstport 4790
-n {NEAR} link add büro index 15 address {MAC}0f type ifb
-n {NEAR} link add upstairs index 20 link bridge type macvlan mode bridge
-n {NEAR} link add asleep index 22 link near type macvlan mode bridge
-n {FAR} link add guest index 21 link far type macvlan mode bridge
-n {FAR} link set guest netns {NEAR}
"""

PROPERTIES = f"""
-n {NEAR} link set left mtu 1400
-n {NEAR} link set west mtu 9000
-n {NEAR} link set east mtu 65535
-n {NEAR} link set tun mtu 1280
-n {NEAR} link set tap txqueuelen 4
-n {NEAR} link set sleepy mode dormant
-n {NEAR} link set temporary name fifteen-letters
-n {NEAR} link property add dev near altname an-alternative-name
-n {NEAR} link set west promisc on
-n {NEAR} link set macvtap allmulticast on
-n {NEAR} maddress add 01:00:5e:00:00:42 dev near
-n {NEAR} maddress add 33:33:00:00:00:42 dev tap
"""

# All but right, fifteen-letters and asleep.
RAISED = ("lo near left east west bridge macvlan macvtap vxlan floating tap unplugged tun "
          "büro sleepy drowsy tested upstairs guest").split()

# At most 64 octets are told, and no part of a character.
ALIASES = {
    "near": 'a "quoted" alias with a \\ in it',
    "left": "x" * 62 + "ü",             # 64 octets
    "right": "x" * 63 + "ü",            # cut at 63
    "east": "x" * 62 + "→ and more",    # cut at 62
    "west": "x" * 61 + "😀 and more",   # cut at 61
    "bridge": "x" * 60 + "😀 and more", # cut at 64, behind a character
    "tun": "0123456789abcdef" * 15 + "0123456789abcde",     # all the kernel takes
    "lo": "Rückschleife",
}

# Addresses beside those that a macvlan gives to the device below it.
ENTRIES = """\
fdb add 00:00:5e:00:53:72 dev near self permanent
fdb add 01:00:5e:00:00:43 dev near self permanent
fdb add 00:00:5e:00:53:75 dev east master static
fdb add 00:00:5e:00:53:77 dev bridge self permanent
fdb append 00:00:5e:00:53:7a dev vxlan dst 192.0.2.11"""

STATES = {"near": "UP", "left": "LOWERLAYERDOWN", "right": "DOWN", "bridge": "UP",
          "macvlan": "UP", "macvtap": "UP", "tap": "UNKNOWN", "unplugged": "DOWN",
          "tun": "UNKNOWN", "sleepy": "DORMANT", "drowsy": "DORMANT", "tested": "TESTING",
          "fifteen-letters": "DOWN", "upstairs": "UP", "guest": "UP", "asleep": "DOWN"}

TUNSETIFF, TUNSETPERSIST, TUNSETIFINDEX = 0x400454CA, 0x400454CB, 0x400454DA
IFF_TUN, IFF_TAP, IFF_NO_PI = 1, 2, 0x1000


def add_tap(name, ifindex):
    """A tap, or a tun where it is called so, and the file that is its other side."""
    file = open("/dev/net/tun", "r+b", buffering=0)
    kind = (IFF_TUN if name == "tun" else IFF_TAP) | IFF_NO_PI
    fcntl.ioctl(file, TUNSETIFINDEX, struct.pack("=I", ifindex))
    fcntl.ioctl(file, TUNSETIFF, struct.pack("=16sH22x", name.encode(), kind))
    return file


def add_taps():
    """Returns the files of those that stay plugged in."""
    files = {}
    for name, ifindex, plugged in TAPS:
        file = add_tap(name, ifindex)
        if plugged:
            files[name] = file
        else:
            fcntl.ioctl(file, TUNSETPERSIST, 1)
            file.close()
    return files


def settle(wanted):
    """Waits until these devices are in these states."""
    deadline = time.monotonic() + 10
    while True:
        found = {thing["ifname"]: thing["operstate"]
                 for thing in map(json.loads, told_links().splitlines())}
        wrong = {name: found[name] for name in wanted if found[name] != wanted[name]}
        if not wrong:
            return
        if time.monotonic() > deadline:
            sys.exit(f"states are {wrong}")
        time.sleep(0.05)


def quiet(name):
    """Keeps the kernel from giving devices addresses, and from sending for them."""
    with inside(name), open("/proc/sys/net/ipv6/conf/default/addr_gen_mode", "w") as file:
        file.write("1")


def set_up():
    """Builds the scene; this thread is in NEAR. Returns the files of taps."""
    ip(PAIRS)
    files = add_taps()
    ip(LAYERS)
    for index, name in socket.if_nameindex():
        if name not in ("lo", "tun", "büro"):
            ip(f"link set {name} address {MAC}{index:02x}")
    ip(PROPERTIES)
    for name, alias in ALIASES.items():
        subprocess.run(["ip", "link", "set", name, "alias", alias], check=True)
    ip("".join(f"link set {name} up\n" for name in RAISED))
    for line in ENTRIES.split("\n"):
        subprocess.run(["bridge", *line.split()], check=True)
    return files


def change_states():
    """What the kernel takes to be so until the next event."""
    settle({**STATES, "drowsy": "UP", "tested": "UP"})
    ip("link set drowsy state dormant\nlink set tested state testing")
    settle(STATES)


# --- traffic ---

ALL, GROUP = "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:42"
NO_PROTOCOL = 0x88B5    # nobody takes it: it is dropped


def frame(receiver):
    octets = (bytes.fromhex(text.replace(":", "")) for text in (receiver, f"{MAC}ee"))
    return b"".join(octets) + struct.pack("!H", NO_PROTOCOL) + bytes(86)


def send(device, *receivers):
    """A frame to each of them, out of the device."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0) as sock:
        sock.bind((device, 0))
        for receiver in receivers:
            sock.send(frame(receiver))


def talk_to_self():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        for size in 10, 20, 30:
            sock.sendto(bytes(size), sock.getsockname())


def listen(file):
    """Takes the frames that wait there; the kernel counts them as sent now."""
    os.set_blocking(file.fileno(), False)
    while file.read(2048):
        pass


def talk(files):
    """Frames of every kind, and some that fail; this thread is in NEAR."""
    talk_to_self()
    with inside(FAR):
        send("far", *[f"{MAC}02"] * 5, *[GROUP] * 3, *[ALL] * 2)
        send("far", *[f"{MAC}08"] * 4, f"{MAC}09", f"{MAC}72")
        send("sober", *[f"{MAC}11"] * 3)
    send("near", *[f"{MAC}f2"] * 6, ALL)
    send("west", *[f"{MAC}07"] * 4, *[GROUP] * 3, *[ALL] * 2, f"{MAC}14")
    send("bridge", *[ALL] * 2)
    send("macvlan", *[f"{MAC}f2"] * 2)
    send("upstairs", GROUP)
    for name in "vxlan", "floating":    # no route
        send(name, *[f"{MAC}ee"] * 3)
    for _ in range(3):
        files["tap"].write(frame(f"{MAC}07"))
        files["tun"].write(b"\x40" + bytes(19))
    with suppress(OSError):             # of no family
        files["tun"].write(bytes(20))
    listen(files["tap"])                # what its queue could hold


def scene(folder):
    with namespaces(), ExitStack() as stack:
        with inside(NEAR):
            record_links(f"{folder}/no-links")
        quiet(NEAR)
        quiet(FAR)
        with inside(NEAR):
            files = set_up()
            for file in files.values():
                stack.enter_context(file)
            change_states()
            talk(files)
            route = record_links(f"{folder}/links")
            talk(files)
            record_later(f"{folder}/links", route)


# --- what is written, and not recorded ---

ETHERNET, INFINIBAND, CAN, PPP, LOOPBACK, SIT, GRE = 1, 32, 280, 512, 772, 776, 778
NONE, VOID = 0xFFFE, 0xFFFF
UP, BROADCAST, POINTOPOINT, RUNNING, LOWER_UP = 0x1, 0x2, 0x10, 0x40, 0x10000
ON = UP | BROADCAST | RUNNING | LOWER_UP
NLM_F_DUMP_INTR = 0x10
RTM_NEWLINK, RTM_NEWADDR, RTM_NEWNEIGH, RTM_NEWSTATS = 16, 20, 28, 92
NTF_SELF, NTF_MASTER, NUD_REACHABLE, NUD_PERMANENT = 2, 4, 2, 128
NTF_EXT_LEARNED = 0x10
NDA_DST, NDA_LLADDR, NDA_MASTER = 1, 2, 9

IFLA = {"address": 1, "broadcast": 2, "name": 3, "mtu": 4, "link": 5, "master": 10,
        "operstate": 16, "info": 18, "alias": 20, "counters": 23, "promiscuity": 30,
        "netnsid": 37, "parent": 56}
INFO_KIND, INFO_DATA, INFO_SLAVE_KIND, VXLAN_LINK = 1, 2, 4, 3
DONE = struct.pack("=IHHIIi", 20, NLMSG_DONE, NLM_F_MULTI, 1, 0, 0)

# In the order of struct rtnl_link_stats64, of which 16 words are wanted.
COUNTERS = ("rx_packets tx_packets rx_bytes tx_bytes rx_errors tx_errors rx_dropped "
            "tx_dropped multicast").split()
MISSED, WORDS = 15, 25


def counters(missed=0, **values):
    """A number in every word, also in those that nobody reads."""
    words = [900 + i for i in range(WORDS)]
    words[:len(COUNTERS)] = [values.get(name, 0) for name in COUNTERS]
    words[MISSED] = missed
    return struct.pack(f"={WORDS}Q", *words)


def octets(text):
    return bytes.fromhex(text.replace(":", ""))


def info(kind=None, slave=None, data=None):
    """IFLA_LINKINFO."""
    return ([attribute(INFO_KIND, kind.encode())] if kind else []) + (
        [attribute(INFO_DATA, data)] if data else []) + (
        [attribute(INFO_SLAVE_KIND, slave.encode())] if slave else [])


def device(ifindex, name, hardware=ETHERNET, flags=ON, family=0, more=b"", told=0,
           **values):
    """RTM_NEWLINK. Numbers are of 32 bits, but for operstate; texts have a NUL."""
    found = {"name": name, "mtu": 1500, "operstate": b"\6",
             "address": octets(f"{MAC}{ifindex & 0xff:02x}"), "broadcast": octets(ALL),
             **values}
    body = struct.pack("=BxHiII", family, hardware, ifindex, flags, 0)
    for key, value in found.items():
        if isinstance(value, int):
            value = number(value)
        elif isinstance(value, str):
            value = value.encode() + b"\0"
        if value is not None:
            body += attribute(IFLA[key], value)
    return message(RTM_NEWLINK, NLM_F_MULTI | told, body + more)


# What devices count first, and then: more packets, but of those still more to groups; less
# than before; the same.
FIRST = {
    2: counters(rx_packets=5_000_000_007, tx_packets=6_000_000_011, rx_bytes=2**63,
                tx_bytes=2**64 - 1, rx_errors=13, tx_errors=17, rx_dropped=19,
                tx_dropped=23, multicast=1_000_000_000, missed=31),
    3: counters(rx_packets=100, tx_packets=50, rx_bytes=10_000, tx_bytes=5_000,
                multicast=10),
    4: counters(rx_packets=1, multicast=2),
    8: counters(rx_packets=9, multicast=4, tx_packets=5)}
LATER = {
    **FIRST,
    2: counters(rx_packets=5_000_000_107, tx_packets=6_000_000_111, rx_bytes=2**63 + 1,
                tx_bytes=2**64 - 1, rx_errors=14, tx_errors=18, rx_dropped=20,
                tx_dropped=24, multicast=1_000_001_000, missed=32),
    3: counters(rx_packets=10, tx_packets=5, rx_bytes=1_000, tx_bytes=500, multicast=1)}


def ordinary_devices():
    """Kinds that the recording machine does not have."""
    twenty = octets("80:00:00:48:fe:80:00:00:00:00:00:00:00:00:5e:00:53:00:00:0a")
    return [
        device(1, "lo", LOOPBACK, UP | LOWER_UP | 8, operstate=b"\0", mtu=65536,
               address=bytes(6), broadcast=bytes(6)),
        device(2, "eth0", parent="0000:00:1f.6", master=4, counters=FIRST[2],
               info=info(slave="bond")),
        device(3, "eth1", parent="0000:01:00.0", master=4, counters=FIRST[3],
               info=info(slave="bond"), promiscuity=2),
        device(4, "bond0", info=info("bond"), counters=FIRST[4]),
        device(5, "bond0.7", link=4, info=info("vlan")),
        device(6, "wlan0", parent="phy0", operstate=b"\5"),
        device(7, "blue", info=info("vrf"), mtu=65575),
        device(8, "eth2", master=7, info=info(slave="vrf"), counters=FIRST[8]),
        device(9, "eth3", master=4, info=info(slave="bond")),
        device(10, "ib0", INFINIBAND, address=twenty, broadcast=b"\0" + twenty[1:]),
        device(11, "sit0", SIT, UP | LOWER_UP, link=0, info=info("sit"),
               address=bytes((192, 0, 2, 1)), broadcast=bytes(4), operstate=b"\0"),
        device(12, "gre1", GRE, UP | POINTOPOINT | LOWER_UP, link=2, info=info("gre"),
               address=bytes((192, 0, 2, 1)), broadcast=bytes((192, 0, 2, 2)),
               operstate=b"\0"),
        device(13, "ppp0", PPP, UP | POINTOPOINT | LOWER_UP, info=info("ppp"),
               address=None, broadcast=None, operstate=b"\0"),
        device(14, "wg0", NONE, UP | POINTOPOINT | LOWER_UP, info=info("wireguard"),
               address=b"", broadcast=b"", operstate=b"\0"),
        device(15, "can0", CAN, UP | LOWER_UP, address=None, broadcast=None, mtu=16,
               operstate=b"\0"),
        device(16, "dummy0", info=info("dummy"), operstate=b"\0"),
        device(17, "ipvlan0", link=3, info=info("ipvlan")),
        device(18, "macsec0", link=5, info=info("macsec"))]


def strange_devices():
    """States that do not last, and what does not fit."""
    return [
        device(30, "waiting", flags=UP | BROADCAST, operstate=None),
        device(31, "silent", operstate=b"\0"),
        device(32, "absent", flags=BROADCAST, operstate=b"\1"),
        device(33, "tested", operstate=b"\4"),
        device(34, "off", flags=BROADCAST, operstate=b"\x09"),
        device(35, "new", operstate=b"\x09"),
        device(36, "fancy", info=info("no-such-kind")),
        device(37, "nothing", VOID),
        # Below it: what is in another namespace, itself, a peer, and what is not there.
        device(38, "elsewhere", link=2, netnsid=1, info=info("vlan")),
        device(39, "own", link=39, info=info("vlan")),
        device(40, "pair", link=2, info=info("veth")),
        device(41, "lost", link=98, master=99, info=info("vlan", slave="bridge")),
        device(42, "tunnel", info=info("vxlan", data=[attribute(VXLAN_LINK, number(9))])),
        device(43, "large", mtu=2**32 - 1),
        # No NULs, 15 octets; an alias of one octet too many.
        device(44, b"fifteen-octets.", alias=b"y" * 65),
        device(2**31 - 1, "last", flags=ON & ~BROADCAST)]


def neighbour(ifindex, address, flags=NTF_SELF, state=NUD_PERMANENT,
              family=socket.AF_BRIDGE, more=b""):
    """RTM_NEWNEIGH, struct ndmsg."""
    told = attribute(NDA_LLADDR, octets(address)) if address else b""
    body = struct.pack("=B3xiHBB", family, ifindex, state, flags, 0) + told + more
    return message(RTM_NEWNEIGH, NLM_F_MULTI, body)


def neighbours():
    """Two make a row, and one of them is the device's own."""
    return [
        neighbour(2, f"{MAC}71"), neighbour(2, f"{MAC}02"),
        neighbour(2, f"{MAC}72", flags=NTF_MASTER),
        neighbour(2, f"{MAC}73", state=NUD_REACHABLE),
        neighbour(2, f"{MAC}74", family=socket.AF_INET),
        neighbour(2, f"{MAC}75", more=attribute(NDA_DST, bytes(4))),
        neighbour(2, f"{MAC}77", more=attribute(NDA_MASTER, number(4))),
        neighbour(2, f"{MAC}78", flags=NTF_SELF | NTF_EXT_LEARNED),
        neighbour(2, "01:00:5e:00:00:50"), neighbour(2, None),
        neighbour(97, f"{MAC}76")]


def counters_messages(told):
    """RTM_NEWSTATS, struct if_stats_msg."""
    return [message(RTM_NEWSTATS, NLM_F_MULTI,
                    struct.pack("=4xII", ifindex, 1) + attribute(1, words))
            for ifindex, words in told.items()]


ETHTOOL, NL80211 = 21, 30       # the numbers of the families, as good as any
LINKMODES_REPLY, STATS_REPLY, NEW_INTERFACE = 4, 33, 7
FRAMES = {"tx_multicast": 14, "tx_broadcast": 15, "rx_broadcast": 18}


def family(name, value, *more):
    """What tells of a family; None: it does not tell that."""
    told = [attribute(CTRL_ATTR_FAMILY_NAME, name.encode() + b"\0")] if name else []
    if value is not None:
        told.append(attribute(CTRL_ATTR_FAMILY_ID, struct.pack("=H", value)))
    return generic_message(GENL_ID_CTRL, CTRL_CMD_NEWFAMILY, *told, *more,
                           flags=NLM_F_MULTI)


def whose(ifindex):
    """ETHTOOL_A_LINKMODES_HEADER or ETHTOOL_A_STATS_HEADER, as to what is in it."""
    return [attribute(1, number(ifindex))]


def speed(ifindex, megabits):
    told = [attribute(5, number(megabits))] if megabits is not None else []
    return generic_message(ETHTOOL, LINKMODES_REPLY, attribute(1, whose(ifindex)), *told,
                           flags=NLM_F_MULTI)


def frames(ifindex, **values):
    """Counts of frames by their kind: the group of the MAC, each count in a nest."""
    told = [attribute(4, [attribute(kind, struct.pack("=Q", values[key]))])
            for key, kind in FRAMES.items() if key in values]
    group = [attribute(2, number(1)), attribute(3, number(5)), *told]
    return generic_message(ETHTOOL, STATS_REPLY, attribute(2, whose(ifindex)),
                           attribute(4, group), flags=NLM_F_MULTI)


def wireless(ifindex):
    told = [attribute(3, number(ifindex))] if ifindex else []
    return generic_message(NL80211, NEW_INTERFACE, attribute(1, number(0)), *told,
                           flags=NLM_F_MULTI)


def drivers():
    """What drivers say; some of it is of a device that is not there."""
    speeds = [speed(2, 1000), speed(3, 2500), speed(4, 3500), speed(6, 2**32 - 1),
              speed(8, 4294), speed(9, 4295), speed(10, 400_000), speed(16, 0),
              speed(17, None), speed(97, 10)]
    told = [frames(2, rx_broadcast=70_000_000, tx_multicast=2_000_000_000,
                   tx_broadcast=3_000_000_000),
            # Some are not counted; more than there were packets; nobody's.
            frames(3, rx_broadcast=5, tx_multicast=6), frames(4),
            frames(8, rx_broadcast=6, tx_multicast=3, tx_broadcast=4),
            frames(97, rx_broadcast=1, tx_multicast=1, tx_broadcast=1)]
    return b"".join((
        families_request(), family("nlctrl", GENL_ID_CTRL), family("ethtool", ETHTOOL),
        family("nl80211", NL80211), DONE,
        speeds_request(ETHTOOL), *speeds, DONE, frames_request(ETHTOOL), *told, DONE,
        # A device for peer-to-peer has no ifindex; dummy0 is what its kind says.
        wireless_request(NL80211), wireless(6), wireless(0), wireless(16), DONE))


MULTICAST = """\
2    eth0            1     0     333300000001
2    eth0            2     0     01005e000001
10   ib0             1     0     00ffffffff12401bffff00000000000000000001
97   nobody          1     0     01005e000001
2147483647 last      1     0     3333000000fb
"""


def ifindex_of(msg):
    """Of a link's message."""
    return struct.unpack_from("=i", msg, 20)[0]


def more_links(folder):
    """Devices in the wrong order, and one twice, while they come and go."""
    first, *others = ordinary_devices() + strange_devices()
    counted = {ifindex_of(msg): counters() for msg in (first, *others)}
    twice = device(35, "new", operstate=b"\x09", told=NLM_F_DUMP_INTR)
    write(f"{folder}/more-links.route", b"".join((
        links_request(), *reversed(others), twice, first, DONE,
        addresses_request(), *neighbours(), DONE,
        counters_request(),
        *counters_messages({**counted, **LATER}), DONE)))
    write(f"{folder}/more-links.generic", drivers())
    write(f"{folder}/more-links.dev-mcast", MULTICAST)


# --- what makes no sense ---

def cut(msg, size):
    """A message that ends too early."""
    return struct.pack("=I", size) + msg[4:size] + bytes(-size % 4)


def lie(kind, payload, more=1):
    """An attribute that says it is longer than what it is in."""
    return struct.pack("=HH", 4 + len(payload) + more, kind) + attribute(0, payload)[4:]


def broken_devices(good):
    """Each is skipped, and counted. good: a device that will not be met."""
    return [
        cut(good, 16 + 12), cut(good, len(good) - 5),
        good[:20] + struct.pack("=i", 0) + good[24:],
        good[:20] + struct.pack("=i", -1) + good[24:],
        device(50, None), device(51, ""), device(52, b"x"),
        device(53, "overrun", more=lie(IFLA["alias"], b"abcd")),
        device(54, "nest", info=lie(INFO_KIND, b"veth", 4)),
        device(55, "inner", info=info("vxlan", data=[lie(VXLAN_LINK, number(2), 4)]))]


def other_messages(good):
    """Each is passed over, being of no device; the last one is of a device that tells less
    than it should."""
    return [
        device(60, "port", family=socket.AF_BRIDGE),
        device(61, "six", family=socket.AF_INET6),
        device(62, "port-nest", family=socket.AF_BRIDGE, info=lie(INFO_KIND, b"veth", 4)),
        good[:4] + struct.pack("=H", RTM_NEWADDR) + good[6:],
        device(70, "short", mtu=b"\1\2", counters=counters(rx_packets=1)[:-104], link=b"\2",
               master=b"\7\0\0", operstate=b"", promiscuity=b"\1", address=b"", parent=b"")]


def broken_counters():
    good, = counters_messages({7: counters(rx_packets=1)})
    return [cut(good, 16 + 8), cut(good, len(good) - 100), cut(good, 28)]


def nobodys(command, kind):
    """Messages that do not tell their device."""
    return [generic_message(ETHTOOL, command, attribute(kind, nest),
                            attribute(5, number(7)), flags=NLM_F_MULTI)
            for nest in ([], lie(1, number(2), 4))]


def broken_families():
    """Of these the last two alone are there."""
    good = family("nl80211", NL80211)
    return [cut(good, 18), cut(good, len(good) - 4), family("nl80211", None),
            family(None, NL80211), family("nl80211", 0), family("nl8021", NL80211),
            family("nl80211", NL80211, lie(CTRL_ATTR_MCAST_GROUPS, bytes(4))),
            family("ethtool", ETHTOOL), good]


def broken_drivers():
    # A group whose counters lie has none.
    lying = generic_message(ETHTOOL, STATS_REPLY, attribute(2, whose(2)),
                            attribute(4, lie(4, b"", 12)), flags=NLM_F_MULTI)
    return b"".join((
        families_request(), *broken_families(), DONE, speeds_request(ETHTOOL), speed(7, 100),
        *nobodys(LINKMODES_REPLY, 1), cut(speed(2, 7), 18), cut(speed(2, 7), 34),
        speed(2, 1000), DONE,
        frames_request(ETHTOOL), cut(frames(2), 18), *nobodys(STATS_REPLY, 2), lying, DONE,
        wireless_request(NL80211), cut(wireless(7), 18), cut(wireless(7), 34), wireless(2),
        DONE))


def broken_neighbours():
    good = neighbour(2, f"{MAC}71")
    return [cut(good, 16 + 8), cut(good, len(good) - 4), neighbour(0, f"{MAC}71"),
            neighbour(-1, f"{MAC}71"),
            neighbour(2, f"{MAC}71", more=lie(NDA_DST, bytes(4))), good]


BROKEN_MULTICAST = """\
2    near            1     0
near            1     0     333300000001
2    near            1     0     -
2    near            1     0     333300000001
"""


def broken_links(folder):
    """What makes no sense, between the first and the last of devices that do."""
    with open(f"{folder}/links.route", "rb") as file:
        links = [msg for msg in messages(file.read()) if kind_of(msg) == RTM_NEWLINK]
    good = {ifindex_of(msg): msg for msg in links}
    stats = counters_messages({index: counters(rx_packets=77) for index in (2, 7)})
    write(f"{folder}/broken-links.route", b"".join((
        links_request(), good[2], *broken_devices(good[22]), *other_messages(good[22]),
        good[7], DONE, addresses_request(), *broken_neighbours(), DONE,
        counters_request(), stats[0], *broken_counters(), stats[1], DONE)))
    write(f"{folder}/broken-links.generic", broken_drivers())
    write(f"{folder}/broken-links.dev-mcast", BROKEN_MULTICAST)


def edits(folder):
    more_links(folder)
    broken_links(folder)


COMMANDS = {"scene": scene, "edits": edits}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]](sys.argv[2])
