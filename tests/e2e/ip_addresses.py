#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""IP addresses, what IP is set to on interfaces and default routers are what ip and sysctl
say, on all hosts; changes of addresses are known at once, and when they were made."""

import ipaddress
import itertools
import json
import time

import agents
import links_oracle
from harness import MIBDIR, difference, run, test_main, wait_for
from oracle import IPV4, IPV6, IPV6Z
from routes_oracle import IP, batch, sysctl

ADDRESS_TABLE, PREFIX_TABLE, OLD_TABLE = IP + (34,), IP + (32,), IP + (20,)
IPV4_TABLE, IPV6_TABLE, ZONE_TABLE = IP + (28,), IP + (30,), IP + (36,)
ROUTER_TABLE = IP + (37,)
LAST_CHANGES = (IP + (27, 0), IP + (29, 0), IP + (31, 2, 0))
ADDRESSES = (ADDRESS_TABLE, PREFIX_TABLE, OLD_TABLE)
SETTINGS = (IPV4_TABLE, IPV6_TABLE, ZONE_TABLE)
CREATED, CHANGED = 8, 9                 # of ipAddressTable
REACHABLE_TIME = 6                      # of ipv6InterfaceTable: random around its base
LIFETIMES = ((PREFIX_TABLE, 8), (PREFIX_TABLE, 9), (ROUTER_TABLE, 4))
MODULES = ("ip", "at", "ipv6", "ip_scalars", "ipAddressTable", "ipAddressPrefixTable",
           "ipDefaultRouterTable", "ipv6ScopeZoneIndexTable", "ifTable",
           "ifXTable")                  # snmpd's own

MANUAL, DHCP, LINKLAYER, RANDOM = 2, 4, 5, 6
PREFERRED, DEPRECATED, INACCESSIBLE, TENTATIVE, DUPLICATE = 1, 2, 4, 6, 7
WELLKNOWN = 3
UP, DOWN, FORWARDING, NOT_FORWARDING = 1, 2, 1, 2
FOREVER, MAX_LIFETIME = 0xFFFFFFFF, 65535
PREFERENCES = {"high": 1, "medium": 0, "low": -1}

AT_ONCE = 3             # walks until it is what ip says: the first request may not wait
SOON = 10.0             # seconds, the same for what has no events
TOLERANCE = 30          # hundredths of a second that a time may be off
DRIFT = 3               # seconds between the lifetimes of two looks
FILTERED, STRICT = 1164, 1165           # ports


# --- what the kernel says ---

def _links():
    """ip's devices with their addresses."""
    return json.loads(run("ip", "-j", "-d", "addr").stdout)


def _key(address, ifindex, zoned=True):
    """InetAddressType and InetAddress of an INDEX."""
    if address.version == 4:
        return (IPV4, 4, *address.packed)
    if zoned and address.is_link_local:
        return (IPV6Z, 20, *address.packed, *ifindex.to_bytes(4, "big"))
    return (IPV6, 16, *address.packed)


def _eui64(mac):
    octets = bytes.fromhex(mac.replace(":", ""))
    return bytes((octets[0] ^ 2,)) + octets[1:3] + b"\xff\xfe" + octets[3:]


def _origin(link, entry, address):
    if address.version == 4 and address.is_link_local:
        return RANDOM
    if address.version == 6 and address.is_link_local \
            and address.packed[8:] == _eui64(link["address"]):
        return LINKLAYER
    return DHCP if entry.get("dynamic") else MANUAL


def _status(link, entry):
    for flag, status in (("dadfailed", DUPLICATE), ("tentative", TENTATIVE),
                         ("deprecated", DEPRECATED)):
        if entry.get(flag):
            return status
    return PREFERRED if link["operstate"] in ("UP", "UNKNOWN") else INACCESSIBLE


def _prefix_key(link, entry, strict):
    far = entry.get("address", entry["local"])
    prefix = ipaddress.ip_interface(f"{far}/{entry['prefixlen']}").network
    return (link["ifindex"], *_key(prefix.network_address, link["ifindex"], strict),
            prefix.prefixlen)


def _address_row(link, entry, address, strict):
    pointer = PREFIX_TABLE + (1, 5) + _prefix_key(link, entry, strict)
    return {3: link["ifindex"], 4: 1, 5: agents.dotted(pointer),
            6: _origin(link, entry, address), 7: _status(link, entry), 10: 1, 11: 2}


def _prefix_row(entry, address):
    origin = WELLKNOWN if address.is_link_local else \
        DHCP if entry.get("dynamic") else MANUAL
    return {5: origin, 6: 1, 7: 2, 8: entry["preferred_life_time"],
            9: entry["valid_life_time"]}


def _old_row(link, entry):
    interface = ipaddress.ip_interface(f"{entry['local']}/{entry['prefixlen']}")
    broadcast = ipaddress.ip_address(entry.get("broadcast", "0.0.0.0"))
    return {1: entry["local"], 2: link["ifindex"], 3: str(interface.netmask),
            4: int(broadcast) & 1, 5: 65535}


def _rank(pair):
    """Of what has one index, what can be reached is shown, then the lower ifIndex; of one
    prefix, the longest lifetimes."""
    link, entry = pair
    return (link["operstate"] not in ("UP", "UNKNOWN") or entry.get("dadfailed", False),
            link["ifindex"], -entry["valid_life_time"], -entry["preferred_life_time"])


def addresses(shown=lambda name: True, strict=False):
    """{table: {index: {column: value}}} of the tables of addresses, without the times."""
    rows = {x: {} for x in ADDRESSES}
    pairs = [(link, entry) for link in _links() if shown(link["ifname"])
             for entry in link["addr_info"]]
    for link, entry in sorted(pairs, key=_rank):
        address = ipaddress.ip_address(entry["local"])
        rows[ADDRESS_TABLE].setdefault(_key(address, link["ifindex"]),
                                       _address_row(link, entry, address, strict))
        rows[PREFIX_TABLE].setdefault(_prefix_key(link, entry, strict),
                                      _prefix_row(entry, address))
        if address.version == 4:
            rows[OLD_TABLE].setdefault(tuple(address.packed), _old_row(link, entry))
    return rows


def _sysctl(name):
    with open(f"/proc/sys/net/{name}", encoding="ascii") as file:
        return int(file.read())


def _has(name):
    try:
        return _sysctl(name) is not None
    except OSError:
        return False


def _tokens():
    return {x["ifname"]: ipaddress.ip_address(x["token"]).packed[8:]
            for x in json.loads(run("ip", "-j", "token").stdout or "[]") if "token" in x}


def _identifier(link, tokens):
    token = tokens.get(link["ifname"], bytes(8))
    if any(token):
        return token
    near = [ipaddress.ip_address(x["local"]).packed[8:] for x in link["addr_info"]
            if x["family"] == "inet6" and x["scope"] == "link"]
    own = _eui64(link["address"])
    return own if own in near else near[0] if near else b""


def settings(shown=lambda name: True):
    """The same of the tables of interfaces; the reachable time is its base."""
    rows, tokens = {x: {} for x in SETTINGS}, _tokens()
    for link in (x for x in _links() if shown(x["ifname"])):
        name, index = link["ifname"], (link["ifindex"],)
        rows[IPV4_TABLE][index] = {2: 65535, 3: UP,
                                   4: _sysctl(f"ipv4/neigh/{name}/retrans_time_ms")}
        if not _has(f"ipv6/conf/{name}/forwarding"):
            continue
        # whether there is a carrier does not matter, once there was one
        enabled = "UP" in link["flags"] and not _sysctl(f"ipv6/conf/{name}/disable_ipv6")
        rows[IPV6_TABLE][index] = {
            2: 65535, 3: _identifier(link, tokens), 5: UP if enabled else DOWN,
            REACHABLE_TIME: _sysctl(f"ipv6/neigh/{name}/base_reachable_time_ms"),
            7: _sysctl(f"ipv6/neigh/{name}/retrans_time_ms"),
            8: FORWARDING if _sysctl(f"ipv6/conf/{name}/forwarding") else NOT_FORWARDING}
        rows[ZONE_TABLE][index] = {2: index[0], **dict.fromkeys(range(3, 14), 0)}
    return rows


def routers(strict=False):
    """The same of ipDefaultRouterTable, from the default routes."""
    rows, index = {}, {x["ifname"]: x["ifindex"] for x in _links()}
    for family in ("-4", "-6"):
        for route in json.loads(run("ip", family, "-j", "route", "show",
                                    "default").stdout or "[]"):
            if "gateway" in route:
                ifindex = index[route["dev"]]
                key = (*_key(ipaddress.ip_address(route["gateway"]), ifindex, strict),
                       ifindex)
                rows[key] = {4: min(route.get("expires", MAX_LIFETIME), MAX_LIFETIME),
                             5: PREFERENCES[route.get("pref", "medium")]}
    return {ROUTER_TABLE: rows}


# --- what an agent says ---

def walk(host, tables):
    """{table: {index: {column: value}}} of some tables."""
    found = links_oracle.walk(host, *tables)
    return {x: links_oracle.rows_of(found, x) for x in tables}


def _near(table, column, got, want):
    """Whether a value is as good as what the kernel said a moment before or after."""
    if table == IPV6_TABLE and column == REACHABLE_TIME:
        return want / 2 <= got <= want * 3 / 2
    if (table, column) in LIFETIMES:
        return got == want or FOREVER not in (got, want) and abs(got - want) <= DRIFT
    return got == want


def _told(table, row):
    return {x: y for x, y in row.items()
            if table != ADDRESS_TABLE or x not in (CREATED, CHANGED)}


def wrong(found, want):
    """Lines that say where a walk is not what the kernel says."""
    lines = []
    for table, rows in want.items():
        got = {x: _told(table, y) for x, y in found[table].items()}
        lines += [f"{table[-1]}: {x}" for x in difference(set(got), set(rows))
                  if set(got) != set(rows)]
        for index in got.keys() & rows.keys():
            good = got[index].keys() == rows[index].keys() and all(
                _near(table, x, y, rows[index][x]) for x, y in got[index].items())
            lines += [] if good else [f"{table[-1]}: {index}: got {got[index]}, "
                                      f"want {rows[index]}"]
    return lines


def settled(tap, host, name, want, walks=None):
    """A walk that is what want() says, which must come before so many were made, or before
    the time is up."""
    end = time.monotonic() + SOON
    for number in itertools.count(1):
        expected = want()
        found = walk(host, expected)
        lines = wrong(found, expected)
        over = number >= walks if walks else time.monotonic() >= end
        if not lines or over:
            if walks:
                tap.took(number)
            tap.ok(not lines, f"{host.kind}: {name}", *lines)
            return found


def times_of(found):
    return {x: (y[CREATED], y[CHANGED]) for x, y in found[ADDRESS_TABLE].items()}


class Course:
    """The hosts, change by change, with the times of addresses as they were last."""

    def __init__(self, tap, hosts):
        self.tap, self.hosts = tap, hosts
        self.times = {}
        self.bounds = {}        # {(host, name of the step): of its times}
        for host in hosts:
            found = settled(tap, host, "at first all is what ip shows", addresses)
            self.times[host] = times_of(found)
            tap.equal(set(self.times[host].values()), {(0, 0)},
                      f"{host.kind}: and is from before the agent")

    def step(self, name, *lines, changed=(), since=None, until=lambda: True):
        """Runs lines of ip and checks what becomes of it. `changed` are the addresses
        which are there before and after, but not the same; `since` tells of an address that
        was hidden by another the name of the step that made it; the others are new, or
        gone, or as they were."""
        begins = {x: links_oracle.uptime_since(x) for x in self.hosts}
        begin = time.monotonic()
        batch(*lines)
        if not wait_for(until):
            raise RuntimeError(f"{name}: the kernel does not do it")
        end = time.monotonic()
        changed = {_key(ipaddress.ip_address(x), 0) for x in changed}
        since = {_key(ipaddress.ip_address(x), 0): y for x, y in (since or {}).items()}
        for host in self.hosts:
            found = settled(self.tap, host, f"{name}: the first requests know", addresses,
                            AT_ONCE)
            low, high = begins[host]
            self.bounds[host, name] = (100 * (begin - high) - TOLERANCE,
                                       100 * (end - low) + TOLERANCE)
            self._check_times(name, host, found, changed, since)

    def _check_times(self, name, host, found, changed, since):
        """The times are those of the command, and stay from walk to walk."""
        old, new = self.times[host], times_of(found)
        lines = []
        for key, (created, last) in new.items():
            low, high = self.bounds[host, since.get(key, name)]
            fresh = key not in old or key in since
            good = low <= created <= high if fresh else created == old[key][0]
            good = good and (low <= last <= high if fresh or key in changed
                             else last == old[key][1])
            if not good:
                lines.append(f"{key}: {created} {last}, was {old.get(key)}, "
                             f"bounds {low:.0f} to {high:.0f}")
        later = times_of(walk(host, (ADDRESS_TABLE,)))
        lines += [f"{x}: {y}, and then {later.get(x)}" for x, y in new.items()
                  if y != later.get(x)]
        self.tap.ok(not lines, f"{host.kind}: {name}: the times are right", *lines)
        self.times[host] = new


# --- addresses ---

def shows(device, *words):
    """For until: whether ip shows these words of a device."""
    def fits():
        text = run("ip", "addr", "show", "dev", device).stdout
        return all(x in text for x in words)
    return fits


def hides(device, *words):
    return lambda: not any(x in run("ip", "addr", "show", "dev", device).stdout
                           for x in words)


def make_scene():
    """Two pairs of devices; only one end makes addresses of its own."""
    for name, value in (("accept_dad", 1), ("dad_transmits", 1),
                        ("router_solicitations", 0)):
        sysctl(f"ipv6/conf/default/{name}", value)
    batch("link add va type veth peer name vb", "link add wa type veth peer name wb",
          *(f"link set {x} addrgenmode none" for x in ("va", "vb", "wb")),
          *(f"link set {x} up" for x in ("va", "vb", "wa", "wb")),
          "addr add 10.1.0.1/24 brd + dev va", "addr add fd01::1/64 dev va nodad")
    wait_for(shows("wa", "fe80"))
    wait_for(hides("wa", "tentative"))


def check_kinds(course):
    """Addresses of every kind and state."""
    step = course.step
    step("secondary", "addr add 10.1.0.2/24 dev va")
    step("point-to-point", "addr add 10.2.0.1 peer 10.2.9.1/32 dev va",
         "addr add fd02::1 peer fd02::9/128 dev va nodad")
    step("with an end", "addr add 10.3.0.1/25 dev va valid_lft 900 preferred_lft 500",
         "addr add fd03::1/64 dev va nodad valid_lft 900 preferred_lft 500")
    step("deprecated", "addr change 10.3.0.1/25 dev va valid_lft 900 preferred_lft 0",
         "addr change fd03::1/64 dev va valid_lft 900 preferred_lft 0",
         changed=("10.3.0.1", "fd03::1"), until=shows("va", "deprecated"))
    step("without an end again",
         "addr change 10.3.0.1/25 dev va valid_lft forever preferred_lft forever",
         "addr change fd03::1/64 dev va valid_lft forever preferred_lft forever",
         changed=("10.3.0.1", "fd03::1"), until=hides("va", "deprecated"))
    step("of the link", "addr add 169.254.7.7/16 dev va",
         "addr add fe80::5/64 dev va nodad")
    step("the same on two interfaces", "addr add fe80::5/64 dev wb nodad",
         "addr add 10.1.0.1/16 dev wb")
    step("IPv4 is gone from the first", "addr del 10.1.0.1/24 dev va",
         since={"10.1.0.1": "the same on two interfaces"}, until=hides("va", "10.1.0.1"))
    step("and from the other", "addr del 10.1.0.1/16 dev wb")


def check_duplicates(course):
    """Addresses that are not verified, and some that two have."""
    sysctl("ipv6/conf/wb/dad_transmits", 1000)
    course.step("tentative", "addr add fd04::1/64 dev wb", until=shows("wb", "tentative"))
    sysctl("ipv6/conf/wb/dad_transmits", 1)
    course.step("the one that has it", "addr add fd05::1/64 dev va nodad")
    batch("addr add fd05::1/64 dev vb")
    if not wait_for(shows("vb", "dadfailed")):
        raise RuntimeError("the kernel finds no duplicate")
    for host in course.hosts:
        settled(course.tap, host, "a duplicate on another interface is not shown",
                addresses, AT_ONCE)
    batch("addr del fd05::1/64 dev va")
    for host in course.hosts:
        found = settled(course.tap, host, "duplicate", addresses, AT_ONCE)
        key = _key(ipaddress.ip_address("fd05::1"), 0)
        course.tap.equal(found[ADDRESS_TABLE].get(key, {}).get(7), DUPLICATE,
                         f"{host.kind}: and its status tells")
        course.times[host] = times_of(found)


def check_links(course):
    """An interface goes down, and comes up again."""
    step = course.step
    step("down", "link set wa down", until=hides("wa", "fe80"))
    step("up again", "link set wa up", until=lambda: shows("wa", "fe80")()
         and hides("wa", "tentative")())
    step("down with IPv4 addresses", "link set va down", until=hides("va", "fd0"))
    step("up with them", "link set va up", until=shows("va", "state UP"))
    step("the peer down", "link set vb down", until=shows("va", "LOWERLAYERDOWN"))
    step("the peer up", "link set vb up", until=shows("va", "state UP"))
    step("a new interface", "link add xa type veth peer name xb",
         "addr add 10.8.0.1/24 dev xa")
    step("is gone", "link del xa")


def check_restart(script, course, agentx):
    """The times are of the new master's clock, once it is another."""
    tap = script.tap
    course.step("before the master ends", "addr add 10.6.0.1/24 dev va")
    agentx.daemon.allow(r"^lost the AgentX master", r"^disconnected")
    agentx.snmpd.stop()
    agentx.snmpd = agents.start_master(script, script.path("agentx"), "master2",
                                       without=(*agents.TCP_MODULES, *MODULES))
    agentx.wait_ready(20)
    found = settled(tap, agentx, "after a restart of the master", addresses)
    times = times_of(found)
    tap.equal(set(times.values()), {(0, 0)},
              f"{agentx.kind}: what is older than the new master has no time")
    course.times[agentx] = times
    course.step("after the restart", "addr add 10.6.0.2/25 dev va")


# --- interfaces, routers ---

def check_all(tap, hosts, name, want):
    for host in hosts:
        settled(tap, host, name, want)


def check_interfaces(tap, hosts):
    """What IP is set to on the interfaces."""
    def set_to(name, value):
        sysctl(name, value)
        check_all(tap, hosts, f"{name} {value}", settings)

    sysctl("ipv6/conf/wa/router_solicitations", 1)      # or there can be no token
    check_all(tap, hosts, "the tables of interfaces are what sysctl says", settings)
    for name, value in (("ipv6/conf/va/forwarding", 1), ("ipv6/conf/all/forwarding", 1),
                        ("ipv6/conf/all/forwarding", 0),
                        ("ipv6/neigh/va/retrans_time_ms", 700),
                        ("ipv4/neigh/va/retrans_time_ms", 300),
                        ("ipv6/neigh/wa/base_reachable_time_ms", 4000),
                        ("ipv6/conf/va/disable_ipv6", 1), ("ipv6/conf/va/disable_ipv6", 0)):
        set_to(name, value)
    for lines in (("link set va down",), ("link set va up",), ("link set wb mtu 1000",),
                  ("link set wb mtu 1500",), ("addr add fe80::77/64 dev wa nodad",),
                  ("token set ::7:8:9:a dev wa",)):
        batch(*lines)
        check_all(tap, hosts, lines[0], settings)


def check_routers(tap, hosts):
    """The gateways of default routes."""
    batch("addr replace 10.9.0.1/24 dev va", "addr replace fd09::1/64 dev va nodad")
    for line in ("route add default via 10.9.0.2",
                 "route add default via 10.9.0.3 metric 9",
                 "-6 route add default via fd09::2 pref high",
                 "-6 route add default via fe80::9 dev va metric 77 pref low",
                 "-6 route add default via fd09::3 metric 99 expires 500",
                 "route del default via 10.9.0.2"):
        run("ip", *line.split())
        check_all(tap, hosts, line, routers)


# --- requests ---

def check_clients(tap, host):
    """snmpnetstat -Ci and snmptable print IPv4 addresses."""
    rows = addresses()[OLD_TABLE]
    names = {x["ifindex"]: x["ifname"] for x in _links()}
    done = host.script.run("snmpnetstat", "-v2c", "-c", "public", "-t", "5", "-Cn", "-Ci",
                           host.address)
    printed = {x.split()[0]: x.split()[3] for x in done.stdout.splitlines()[1:]
               if x.split()[3].count(".") == 3}
    tap.equal(set(printed), {names[x[2]] for x in rows.values()},
              f"{host.kind}: snmpnetstat -Ci prints the interfaces that have addresses")
    tap.equal([x for x in printed.items()
               if x not in {(names[y[2]], y[1]) for y in rows.values()}], [],
              f"{host.kind}: and addresses of theirs")
    done = host.client("snmptable", "IP-MIB::ipAddrTable", options=(
        "-M", MIBDIR, "-m", "IP-MIB", "-CH", "-Cf", "|"))
    tap.equal({tuple(x.split("|")) for x in done.stdout.splitlines() if "|" in x},
              {tuple(str(x[y]) for y in range(1, 6)) for x in rows.values()},
              f"{host.kind}: snmptable prints ipAddrTable")


def check_set(tap, host):
    index = _key(ipaddress.ip_address("127.0.0.1"), 0)
    for name, oid in (("ipAddressIfIndex", ADDRESS_TABLE + (1, 3) + index),
                      ("ipAddressRowStatus", ADDRESS_TABLE + (1, 10) + index),
                      ("a new row", ADDRESS_TABLE + (1, 10, 1, 4, 10, 9, 9, 9)),
                      ("ipAdEntIfIndex", OLD_TABLE + (1, 2, 127, 0, 0, 1)),
                      ("ipv4InterfaceEnableStatus", IPV4_TABLE + (1, 3, 1)),
                      ("ipv6InterfaceForwarding", IPV6_TABLE + (1, 8, 1))):
        done = host.client("snmpset", agents.dotted(oid), "i", "1", community="private")
        tap.ok(done.returncode != 0 and "notWritable" in done.stderr,
               f"{host.kind}: SET of {name} is notWritable", done.stdout, done.stderr)


def check_filter(script):
    """What is not shown has no rows in any of the tables."""
    host = agents.start_standalone(script, "netmibInterface exclude v* lo\n", "filtered",
                                   FILTERED).wait_ready()

    def shown(name):
        return name != "lo" and name[0] != "v"
    settled(script.tap, host, "netmibInterface: addresses", lambda: addresses(shown))
    settled(script.tap, host, "netmibInterface: interfaces", lambda: settings(shown))
    host.daemon.stop()


def check_strict(script):
    """With its setting the zone of link-local addresses is told in all tables."""
    host = agents.start_standalone(script, "netmibInetAddress strict\n", "strict",
                                   STRICT).wait_ready()
    settled(script.tap, host, "strict: addresses", lambda: addresses(strict=True))
    found = settled(script.tap, host, "strict: routers", lambda: routers(strict=True))
    script.tap.ok(any(x[0] == IPV6Z for x in found[ROUTER_TABLE]),
                  "strict: one of them has a zone")
    host.daemon.stop()


def check_last_changes(tap, hosts):
    """An interface comes, and goes: the tables tell when that was noticed."""
    def last(host):
        return [links_oracle.plain(x) for _, x in host.get(*LAST_CHANGES)]

    def now(host):
        return links_oracle.plain(host.get(agents.SYS_UPTIME)[0][1])

    for line in ("link add ya type veth peer name yb", "link del ya"):
        before = {x: (now(x), last(x)) for x in hosts}
        batch(line)
        for host, (begin, old) in before.items():
            wait_for(lambda host=host, old=old: all(
                x > y for x, y in zip(last(host), old)), SOON)
            new, end = last(host), now(host)
            tap.ok(all(max(y + 1, begin - TOLERANCE) <= x <= end
                       for x, y in zip(new, old)),
                   f"{host.kind}: {line}: the tables of interfaces tell that they changed",
                   old, new, begin, end)
            tap.equal(last(host), new, f"{host.kind}: {line}: and stay with that")


def check_without(tap, hosts):
    """With IPv6 switched off there is nothing of it, and that is no error."""
    sysctl("ipv6/conf/all/disable_ipv6", 1)
    wait_for(lambda: "inet6" not in run("ip", "addr").stdout)
    for host in hosts:
        found = settled(tap, host, "without IPv6", addresses)
        tap.equal({x[0] for x in found[ADDRESS_TABLE]}, {IPV4},
                  f"{host.kind}: without IPv6 there are no addresses of it")
        settled(tap, host, "interfaces without IPv6", settings)
        settled(tap, host, "routers without IPv6", routers)


def main(script):
    tap = script.tap
    make_scene()
    hosts = agents.start_all(script, "", (*agents.TCP_MODULES, *MODULES))
    course = Course(tap, hosts)
    for check in (check_kinds, check_duplicates, check_links):
        begin = time.monotonic()
        check(course)
        tap.note(f"{check.__name__}: {time.monotonic() - begin:.1f} s")
    tap.most_at_once()
    check_restart(script, course, hosts[1])
    check_interfaces(tap, hosts)
    check_routers(tap, hosts)
    for host in hosts:
        check_clients(tap, host)
        check_set(tap, host)
    check_last_changes(tap, hosts)
    check_filter(script)
    check_strict(script)
    check_without(tap, hosts)


if __name__ == "__main__":
    test_main(main, agents.PROGRAMS)
