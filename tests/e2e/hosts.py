#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The usual clients get the same rows and scalars from each of the three hosts."""

import re
import socket

import agents
import oracle
import peer
from agents import dotted
from harness import test_main, wait_for
from oracle import Look

# scalar: column of /proc/net/snmp
SCALARS = {1: "RtoAlgorithm", 2: "RtoMin", 3: "RtoMax", 4: "MaxConn", 5: "ActiveOpens",
           6: "PassiveOpens", 7: "AttemptFails", 8: "EstabResets", 9: "CurrEstab",
           10: "InSegs", 11: "OutSegs", 12: "RetransSegs", 14: "InErrs", 15: "OutRsts",
           17: "InSegs", 18: "OutSegs"}
TYPES = {**dict.fromkeys((1, 2, 3, 4), "INTEGER"), 9: "Gauge32",
         **dict.fromkeys((5, 6, 7, 8, 10, 11, 12, 14, 15), "Counter32"),
         **dict.fromkeys((17, 18), "Counter64")}
COLUMN_TYPES = {(13, 1): "INTEGER", (13, 2): "IpAddress", (13, 3): "INTEGER",
                (13, 4): "IpAddress", (13, 5): "INTEGER", (19, 7): "INTEGER",
                (19, 8): "Gauge32", (20, 4): "Gauge32"}
# how snmpnetstat and the MIB write the states
NETSTAT = {2: "LISTEN", 3: "SYNSENT", 4: "SYNRECEIVED", 5: "ESTABLISHED", 6: "FINWAIT1",
           7: "FINWAIT2", 8: "CLOSEWAIT", 9: "LASTACK", 10: "CLOSING", 11: "TIMEWAIT"}
NAMES = {2: "listen", 3: "synSent", 4: "synReceived", 5: "established", 6: "finWait1",
         7: "finWait2", 8: "closeWait", 9: "lastAck", 10: "closing", 11: "timeWait"}
TABLES = (oracle.CONNECTION_TABLE, oracle.LISTENER_TABLE, oracle.CONN_TABLE)
USER = ("-u", "reader", "-l", "authPriv", "-a", "SHA", "-A", "secret-auth",
        "-x", "AES", "-X", "secret-priv")


def make_sockets():
    """A few of each table, with addresses short enough for snmpnetstat's columns."""
    player = peer.Peer()
    kept = [player]
    for kind in peer.KINDS[:3]:
        for maker in (peer.Peer.established, peer.Peer.syn_sent, peer.Peer.close_wait,
                      peer.Peer.syn_recv):
            maker(player, kind)
    for address, only6 in (("::", 0), ("::", 1), ("::1", 1)):
        sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only6)
        sock.bind((address, 0))
        sock.listen(5)
        kept.append(sock)
    kept.append(socket.create_server(("0.0.0.0", 0)))
    server = socket.create_server(("127.0.0.1", 0))
    kept += [server, socket.create_connection(server.getsockname()), server.accept()[0]]
    return kept


def table_rows(agent, **options):
    """All three tables of an agent in one dict of varbinds."""
    rows = {}
    for table in TABLES:
        rows.update(agent.walk(table, **options))
    return rows


def expected_rows():
    """All three tables as ss has them; no socket changes during this script."""
    look = Look(True)
    states = look.connections()
    connections = {key: {7: states[key], 8: pid} for key, pid in look.processes().items()}
    listeners = {key: {4: pid} for key, pid in look.listener_processes().items()}
    return connections, listeners, look.conn_table()


def read_rows(rows):
    rows = {oid: agents.as_number(value) for oid, value in rows.items()}
    return (oracle.connection_rows(rows), oracle.listener_rows(rows),
            oracle.column(oracle.conn_rows(rows), 1))


def check_walkers(tap, host, want):
    """snmpwalk, snmpbulkwalk and SNMPv1 see what ss sees."""
    ways = {"snmpwalk": {"program": "snmpwalk"}, "snmpbulkwalk": {},
            "snmpbulkwalk -Cr50": {"options": ("-Cr50",)},
            "snmpwalk -v1": {"program": "snmpwalk", "version": "1"}}
    for name, options in ways.items():
        good = wait_for(lambda options=options: read_rows(table_rows(host, **options))
                        == want, 8, 0.2)
        tap.ok(good, f"{host.kind}: {name} of the three tables gives what ss says")


def check_whole(tap, host):
    """A walk over everything, its types, and each instance by GET."""
    walk = host.walk(program="snmpwalk")
    scalars = [oid for oid in walk if oid[:8] not in TABLES]
    tap.equal(scalars, [oracle.TCP + (x, 0) for x in SCALARS],
              f"{host.kind}: a walk of the whole group rises and has each scalar once")
    wrong = [(dotted(oid), value.type) for oid, value in walk.items() if value.type !=
             (COLUMN_TYPES.get((oid[7], oid[9])) if oid[:8] in TABLES else TYPES[oid[7]])]
    tap.ok(not wrong, f"{host.kind}: each value has its type", wrong)
    rows = {oid: value for oid, value in walk.items() if oid[:8] in TABLES}
    oids = list(rows)
    got = {}
    for begin in range(0, len(oids), 40):
        got.update(host.get(*oids[begin:begin + 40]))
    tap.equal(got, rows, f"{host.kind}: GET of each instance equals the walk")


def check_version1(tap, host):
    walk = host.walk(program="snmpwalk", version="1")
    seen = [oid[7] for oid in walk if oid[:8] not in TABLES]
    tap.equal(seen, [x for x in SCALARS if x < 17],
              f"{host.kind}: a SNMPv1 walk passes over the Counter64 scalars")


def check_scalars(tap, host):
    """Each counter is between what /proc says before and after."""
    oids = [oracle.TCP + (x, 0) for x in SCALARS]
    before = oracle.counters()

    def fits():
        got = {oid[7]: agents.as_number(value) for oid, value in host.get(*oids)}
        after = oracle.counters()
        return [(x, got[x], before[name], after[name]) for x, name in SCALARS.items()
                if not min(before[name], after[name]) <= got[x]
                <= max(before[name], after[name])]
    wait_for(lambda: not fits(), 5, 0.2)
    wrong = fits()
    tap.ok(not wrong, f"{host.kind}: the scalars are what /proc/net/snmp says", wrong)
    got = {oid[7]: agents.as_number(value) for oid, value in host.get(*oids)}
    tap.ok(got[17] & 0xFFFFFFFF == got[10] and got[18] & 0xFFFFFFFF == got[11],
           f"{host.kind}: the 32-bit counters are the low halves of the 64-bit ones", got)


def textual(kind, octets):
    """An InetAddress in an index as the display hints print it."""
    if kind == oracle.UNKNOWN:
        return 'unknown.""'
    if kind == oracle.IPV4:
        return f'ipv4."{".".join(map(str, octets))}"'
    return f'ipv6."{":".join(f"{x:02x}" for x in octets)}"'


def check_names(tap, host, want):
    """With the project's MIB modules a walk reads as text."""
    done = host.client("snmpwalk", "TCP-MIB::tcpConnectionState",
                       options=agents.with_mibs())
    want = {f"TCP-MIB::tcpConnectionState.{textual(*key[:2])}.{key[2]}."
            f"{textual(*key[3:5])}.{key[5]} = INTEGER: {NAMES[row[7]]}({row[7]})"
            for key, row in want[0].items()}
    tap.equal(set(done.stdout.splitlines()), want,
              f"{host.kind}: tcpConnectionState reads as text with the MIB files")
    tap.equal(done.stderr, "", f"{host.kind}: the MIB files load without a word")


def table_lines(host, table, *options):
    done = host.client("snmptable", f"TCP-MIB::{table}",
                       options=(*agents.with_mibs(), "-CH", "-Cf", "|", *options))
    return {tuple(x.split("|")) for x in done.stdout.splitlines() if "|" in x}


def check_table(tap, host, rows):
    """snmptable prints each row whole."""
    connections, listeners, conn = rows
    want = {(f"{textual(*key[:2])}.{key[2]}.{textual(*key[3:5])}.{key[5]}",
             NAMES[row[7]], str(row[8])) for key, row in connections.items()}
    tap.equal(table_lines(host, "tcpConnectionTable", "-Ci"), want,
              f"{host.kind}: snmptable of tcpConnectionTable")
    want = {(f"{textual(*key[:2])}.{key[2]}", str(row[4]))
            for key, row in listeners.items()}
    tap.equal(table_lines(host, "tcpListenerTable", "-Ci"), want,
              f"{host.kind}: snmptable of tcpListenerTable")
    want = {(NAMES[state], *map(str, key)) for key, state in conn.items()}
    tap.equal(table_lines(host, "tcpConnTable"), want,
              f"{host.kind}: snmptable of tcpConnTable")


def name(octets, port):
    """An address as snmpnetstat -Cn prints it."""
    text = ""
    if octets:
        family = socket.AF_INET if len(octets) == 4 else socket.AF_INET6
        text = socket.inet_ntop(family, octets)
    return f"{'*' if not any(octets) else text}.{port if port else '*'}"


def netstat(tap, host, *options):
    """The lines of snmpnetstat as tuples of words, headings and UDP left out."""
    done = host.script.run("snmpnetstat", "-v2c", "-c", "public", "-t", "5", *options,
                           "-Cn", "-Ca", "-Cp", "tcp", host.address)
    lines = [tuple(x.split()) for x in done.stdout.splitlines()]
    tap.ok(done.returncode == 0 and not done.stderr,
           f"{host.kind}: {' '.join(('snmpnetstat', *options))} succeeds", done.returncode,
           done.stderr)
    return {x for x in lines if x and re.match("tcp|unknown", x[0])}


def check_netstat(tap, host, rows):
    """snmpnetstat lists connections and listeners, with the newer and the older tables."""
    connections, listeners, conn = rows
    want = {(f"tcp{6 if key[0] == oracle.IPV6 else 4}", name(*key[1:3]), name(*key[4:6]),
             NETSTAT[row[7]], str(row[8])) for key, row in connections.items()}
    # snmpnetstat has no better words than these for the type unknown(0)
    want |= {(f"tcp{6 if key[0] == oracle.IPV6 else 4}",
              name(*key[1:3]) if key[0] else "*.*", str(row[4]))
             for key, row in listeners.items()}
    got = netstat(tap, host)
    tap.equal(got, want, f"{host.kind}: snmpnetstat -Cn -Ca -Cp tcp lists what ss lists")
    want = {("tcp", name(socket.inet_aton(key[0]), key[1]),
             name(socket.inet_aton(key[2]), key[3]), NETSTAT[state])
            for key, state in conn.items()}
    got = netstat(tap, host, "-CL")
    tap.equal(got, want, f"{host.kind}: snmpnetstat -CL lists what ss lists of IPv4")


def check_version3(tap, script, host, rows):
    """A SNMPv3 user of netmibd's own configuration file reads the same."""
    def walk(*user):
        return script.run("snmpbulkwalk", "-v3", *user, "-On", "-Oe", "-r", "1",
                          host.address, dotted(oracle.CONNECTION_TABLE))
    done = walk(*USER)
    tap.equal(done.stderr, "", "standalone: the SNMPv3 user is let in")
    got = oracle.connection_rows({oid: agents.as_number(value) for oid, value
                                  in agents.parse(done.stdout)})
    tap.equal(got, rows[0], "standalone: and reads what ss says")
    host.daemon.allow(r"^Authentication failed for reader")
    wrong = [x.replace("secret-auth", "wrong-secret") for x in USER]
    tap.ok(walk(*wrong).returncode != 0, "standalone: a wrong pass phrase is refused")
    done = host.client("snmpget", dotted(agents.READY), community="unheard", wait=1)
    tap.ok("Timeout" in done.stderr, "standalone: an unknown community gets no answer",
           done.stdout, done.stderr)


def main(script):
    tap = script.tap
    kept = make_sockets()
    rows = expected_rows()
    user = 'createUser reader SHA "secret-auth" AES "secret-priv"\nrouser reader priv\n'
    hosts = [agents.start_standalone(script, user), agents.start_agentx(script),
             agents.start_plugin(script)]
    for host in hosts:
        host.wait_ready()
        for check in (check_walkers, check_names, check_table, check_netstat):
            check(tap, host, rows)
        for check in (check_whole, check_version1, check_scalars):
            check(tap, host)
    check_version3(tap, script, hosts[0], rows)
    kept[0].close()


if __name__ == "__main__":
    test_main(main, agents.PROGRAMS, (peer.need_tun,))
