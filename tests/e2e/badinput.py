#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Any OID a client can send gets the right next row or none; SET gets notWritable."""

import bisect
import os
import random
import socket

import agents
import oracle
import peer
from harness import test_main, wait_for
from oracle import TCP

BIG = 0xFFFFFFFF
MAX_LENGTH = 128            # sub-identifiers, the most that SMIv2 allows
STRANGE = (0, 1, 2, 3, 4, 5, 15, 16, 17, 127, 128, 255, 256, 65535, 65536, BIG - 1, BIG)
BATCH = 500                 # sub-identifiers in one request
RANDOM_OIDS = 300
TABLES = {oracle.CONN_TABLE: range(1, 6), oracle.CONNECTION_TABLE: (7, 8),
          oracle.LISTENER_TABLE: (4,)}


def make_sockets():
    """Rows of every shape, none of which changes during the test."""
    player = peer.Peer()
    kept = [player]
    for kind in peer.KINDS:
        player.established(kind)
        player.syn_sent(kind)
        player.listener(kind)
    for only6 in (0, 1):
        sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only6)
        sock.bind(("::", 0))
        sock.listen(1)
        kept.append(sock)
    kept.append(socket.create_server(("0.0.0.0", 0)))
    return kept


class Model:
    """What GET and GETNEXT must say, from the sorted OIDs of one whole walk."""

    def __init__(self, walk):
        self.oids = sorted(walk)
        self.known = set(walk)

    def next(self, oid):
        """The first OID after this one, or None at the end of the group."""
        place = bisect.bisect_right(self.oids, oid)
        return self.oids[place] if place < len(self.oids) else None

    def repeated(self, oid, count):
        """The OIDs of `count` repetitions, up to the end of the group."""
        place = bisect.bisect_right(self.oids, oid)
        return self.oids[place:place + count]


def around_tables():
    """Table, entry and column arcs that are not there."""
    found = [TCP, TCP + (0,), TCP + (16,), TCP + (16, 0), TCP + (21,), TCP + (BIG,)]
    for scalar in range(1, 19):
        found += [TCP + (scalar,), TCP + (scalar, 0), TCP + (scalar, 0, 0),
                  TCP + (scalar, 1), TCP + (scalar, BIG)]
    for table, columns in TABLES.items():
        found += [table, table + (0,), table + (1,), table + (2,), table + (BIG,)]
        for column in {*range(11), *columns, 255, 256, BIG}:
            found += [table + (1, column), table + (1, column, 0),
                      table + (2, column, 0), table + (1, column, BIG)]
    return found


def around_instance(oid):
    """One instance, cut, lengthened, and changed in each place."""
    found = [oid[:x] for x in range(10, len(oid) + 1)]
    for tail in ((0,), (1,), (BIG,), (0, 0), (4, 10, 0, 0, 1)):
        found.append(oid + tail)
    for filler in (0, 255, BIG):
        found.append(oid + (filler,) * (MAX_LENGTH - len(oid)))
        found.append(oid[:10] + (filler,) * (MAX_LENGTH - 10))
    for place in range(10, len(oid)):
        near = (max(oid[place] - 1, 0), min(oid[place] + 1, BIG))
        for value in (*STRANGE, *near):
            found.append(oid[:place] + (value,) + oid[place + 1:])
            found.append(oid[:place] + (value,))
    return found


def addresses():
    """Address types and lengths that do not fit each other."""
    found = []
    for column in (7, 8):
        for kind in (0, 1, 2, 3, 4, 16, 255, BIG):
            for length in (0, 3, 4, 5, 8, 16, 17, 20, 255, BIG):
                index = (kind, length) + (10,) * min(length, 40)
                found.append(oracle.CONNECTION_TABLE + (1, column) + index)
                found.append(oracle.CONNECTION_TABLE + (1, column) + index + (80,) + index)
                found.append(oracle.LISTENER_TABLE + (1, 4) + index + (80,))
    return [x[:MAX_LENGTH] for x in found]


def at_random(model, seed):
    """Real instances with a few places changed at random."""
    source = random.Random(seed)
    found = []
    for _ in range(RANDOM_OIDS):
        oid = list(source.choice(model.oids))
        for _ in range(source.randint(1, 3)):
            oid[source.randrange(7, len(oid))] = source.choice(
                (*STRANGE, source.randrange(65536)))
        cut = source.choice((len(oid), len(oid), source.randrange(8, len(oid) + 1)))
        found.append(tuple(oid[:cut]))
    return found


def sample(model):
    """The first and the last instance of each column."""
    found = []
    for table, columns in TABLES.items():
        for column in columns:
            rows = [x for x in model.oids if x[:10] == table + (1, column)]
            found += [rows[0], rows[-1]]
    return found


def batches(oids, limit=BATCH):
    batch, size = [], 0
    for oid in oids:
        if batch and size + len(oid) > limit:
            yield batch
            batch, size = [], 0
        batch.append(oid)
        size += len(oid)
    if batch:
        yield batch


def outside(oid, value):
    return oid[:len(TCP)] != TCP or value.type == agents.NONE[2]


def wrong_nexts(host, model, oids):
    wrong = []
    for batch in batches(oids):
        for oid, (got, value) in zip(batch, host.get(*batch, program="snmpgetnext")):
            want = model.next(oid)
            if not (outside(got, value) if want is None else got == want):
                wrong.append(f"after {oid}: {got} {value}, want {want}")
    return wrong


def wrong_gets(host, model, oids):
    wrong = []
    for batch in batches(oids):
        for oid, (got, value) in zip(batch, host.get(*batch)):
            absent = value.type in agents.NONE[:2]
            if got != oid or absent == (oid in model.known):
                wrong.append(f"{oid}: got {got} {value}")
    return wrong


def wrong_bulks(host, model, oids, count=4):
    """GETBULK of three OIDs at a time, and of one non-repeater with two repeaters."""
    wrong = []
    for place in range(0, len(oids) - 2, 3):
        group = oids[place:place + 3]
        for first in (0, 1):
            got = host.get(*group, program="snmpbulkget",
                           options=(f"-Cn{first}", f"-Cr{count}"))
            head, tail = got[:first], got[first:]
            columns = [[head[0]]] if first else []
            columns += [tail[x::3 - first] for x in range(3 - first)]
            for oid, column in zip(group, columns):
                want = model.repeated(oid, 1 if first and oid is group[0] else count)
                seen = [x for x, value in column if not outside(x, value)]
                if seen != want[:len(seen)] or (len(seen) < len(want)
                                                and len(seen) == len(column)
                                                and len(column) >= count):
                    wrong.append(f"bulk {first} after {oid}: {seen}, want {want}")
    return wrong


def check_requests(tap, host, model, seed):
    """Every strange OID by GETNEXT, GET and GETBULK."""
    kinds = {"arcs around the tables": around_tables(),
             "addresses that do not fit their type": addresses(),
             "random changes": at_random(model, seed),
             "instances changed in each place": [
                 x for oid in sample(model) for x in around_instance(oid)]}
    for what, oids in kinds.items():
        oids = list(dict.fromkeys(oids))
        wrong = wrong_nexts(host, model, oids)
        tap.ok(not wrong, f"{host.kind}: GETNEXT, {what} ({len(oids)})", *wrong)
        wrong = wrong_gets(host, model, oids)
        tap.ok(not wrong, f"{host.kind}: GET, {what} ({len(oids)})", *wrong)
    few = random.Random(seed).sample(sum(kinds.values(), []), 60)
    wrong = wrong_bulks(host, model, few)
    tap.ok(not wrong, f"{host.kind}: GETBULK ({len(few)})", *wrong)


def check_repetitions(tap, host, model):
    """Repetition counts beyond reason give rows, not a failure."""
    for options in (("-Cr0",), ("-Cr1000",), ("-Cr2147483647",)):
        got = host.get(TCP, program="snmpbulkget", options=options)
        oids = [x for x, value in got if not outside(x, value)]
        tap.ok(oids == model.oids[:len(oids)] and (oids or options == ("-Cr0",)),
               f"{host.kind}: GETBULK {' '.join(options)}", len(oids))


def check_set(tap, host, model):
    """Nothing is writable, be it there or not."""
    state = next(x for x in model.oids if x[:10] == oracle.CONNECTION_TABLE + (1, 7))
    older = next(x for x in model.oids if x[:10] == oracle.CONN_TABLE + (1, 1))
    targets = {"tcpConnectionState to deleteTCB": (state, "i", "12"),
               "tcpConnState to deleteTCB": (older, "i", "12"),
               "tcpConnectionState to a string": (state, "s", "deleteTCB"),
               "tcpConnectionProcess": (state[:9] + (8,) + state[10:], "u", "1"),
               "tcpCurrEstab": (TCP + (9, 0), "u", "1"),
               "tcpHCInSegs": (TCP + (17, 0), "u", "1"),
               "a row that is not there": (state[:-1] + (0,), "i", "12"),
               "the table itself": (oracle.CONNECTION_TABLE, "i", "12")}
    for what, (oid, *value) in targets.items():
        done = host.client("snmpset", agents.dotted(oid), *value, community="private")
        tap.ok(done.returncode != 0 and "notWritable" in done.stderr,
               f"{host.kind}: SET of {what} is notWritable", done.stdout, done.stderr)
    tap.ok(host.value(state) == 5 or host.value(state) == 3,
           f"{host.kind}: and the connection is as it was")


def tlv(tag, body):
    """One BER element; the length always in the long form of two octets."""
    return bytes((tag, 0x82)) + len(body).to_bytes(2, "big") + body


def sub_identifiers(numbers):
    out = b""
    for number in numbers:
        octets = [number & 127]
        while number := number >> 7:
            octets.append(number & 127 | 128)
        out += bytes(reversed(octets))
    return out


def message(oid_body, kind=0xA1, varbinds=1, fields=(1, 0, 0)):
    """A SNMPv2c request around the raw body of an OID."""
    one = tlv(0x30, tlv(6, oid_body) + b"\5\0")
    pdu = b"".join(tlv(2, x.to_bytes(4, "big")) for x in fields)
    return tlv(0x30, b"\2\1\1" + tlv(4, b"public")
               + tlv(kind, pdu + tlv(0x30, one * varbinds)))


def packets(seed):
    """Datagrams that are no proper SNMP, or ask for OIDs that no client can write."""
    base = b"\x2b" + sub_identifiers(oracle.CONNECTION_TABLE[2:] + (1, 7))
    good = message(base)
    found = [good[:x] for x in range(0, len(good), 3)]
    found += [message(base + sub_identifiers((1,) * 200)), message(b""),
              message(base + b"\x9f\xff\xff\xff\xff\xff\x7f"), message(base + b"\x80"),
              message(base + b"\xff" * 12), message(base, varbinds=0),
              message(base, varbinds=300), message(base, 0xA5, fields=(1, 0x80000000, 1)),
              message(base, 0xA5, fields=(1, 0, 0x80000000)), message(base, 0xAA)]
    source = random.Random(seed)
    for _ in range(200):
        broken = bytearray(good)
        for _ in range(source.randint(1, 4)):
            broken[source.randrange(len(broken))] = source.randrange(256)
        found.append(bytes(broken))
    return found


def check_packets(tap, host, seed):
    """Broken datagrams are dropped, and the agent goes on."""
    port = int(host.address.rpartition(":")[2])
    (host.snmpd or host.daemon).allow(r"^Bad PDU type received", r"^bad type returned")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for packet in packets(seed):
            sock.sendto(packet, ("127.0.0.1", port))
    tap.ok(wait_for(lambda: host.dead() or host.answers(), 10) and not host.dead(),
           f"{host.kind}: broken datagrams do no harm")


def main(script):
    tap = script.tap
    seed = int(os.environ.get("NETMIB_SEED") or random.randrange(1 << 30))
    tap.note(f"NETMIB_SEED={seed}")
    kept = make_sockets()
    hosts = agents.start_all(script)
    for host in hosts:
        wait_for(lambda host=host: set(oracle.connection_rows(host.walk()))
                 == set(oracle.Look().connections()))
        model = Model(host.walk())
        check_requests(tap, host, model, seed)
        check_repetitions(tap, host, model)
        check_set(tap, host, model)
        check_packets(tap, host, seed)
        tap.equal(list(host.walk()), model.oids, f"{host.kind}: the walk is as before")
    kept[0].close()


if __name__ == "__main__":
    test_main(main, agents.PROGRAMS, (peer.need_tun,))
