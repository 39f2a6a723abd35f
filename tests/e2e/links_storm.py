#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Five thousand interfaces come and go while clients walk: no wrong row, and no growth."""

import json
import os
import re
import subprocess
import threading
import time
from contextlib import ExitStack

import agents
from harness import die_with_parent, run, test_main, wait_for

PAIRS = 2500                # of veth: twice as many interfaces
CYCLES = 4
GROUP = "7"
IF_ENTRY = (1, 3, 6, 1, 2, 1, 2, 2, 1)
IFX_ENTRY = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
IF_NUMBER = (1, 3, 6, 1, 2, 1, 2, 1, 0)
STACK = (1, 3, 6, 1, 2, 1, 31, 1, 2, 1, 3)
INDEX, DESCR, TYPE, MTU, NAME = (IF_ENTRY + (1,), IF_ENTRY + (2,), IF_ENTRY + (3,),
                                 IF_ENTRY + (4,), IFX_ENTRY + (1,))
# snmpd's own modules that read interfaces, and complain of those that are gone
MODULES = agents.TCP_MODULES + ("ifTable", "ifXTable", "ipIfStatsTable")
# the room that the allocator and the stack of a thread may take once more, in KiB
GROWTH = 3000


def mtu_of(name):
    """The MTU an interface was made with tells its number once more."""
    return 1000 + int(name[1:]) % 400 if name != "lo" else 65536


def text(value):
    """A DisplayString without its quotes."""
    return value.text.strip('"')


class Storm:
    """Makes all interfaces and takes them away, CYCLES times."""

    def __init__(self, script):
        lines = (f"link add a{n} mtu {mtu_of(f'a{n}')} group {GROUP} type veth "
                 f"peer name b{n} mtu {mtu_of(f'b{n}')} group {GROUP}" for n in range(PAIRS))
        self.file = script.write("storm", "\n".join(lines) + "\n")
        self.cycles = 0
        self.thread = threading.Thread(target=self.run, daemon=True)

    def make(self):
        subprocess.run(["ip", "-batch", self.file], check=True,
                       preexec_fn=die_with_parent)

    def run(self):
        for _ in range(CYCLES):
            self.make()
            run("ip", "link", "del", "group", GROUP)
            self.cycles += 1


def wrong_in_walk(walk):
    """What cannot be true of a walk of ifIndex, ifDescr, ifType, ifMtu and ifName."""
    wrong = []
    for oid, value in walk.items():
        column, index = oid[:-1], oid[-1]
        if column == INDEX and int(value.text) != index:
            wrong.append(f"ifIndex.{index} is {value.text}")
        elif column in (DESCR, NAME) and not re.fullmatch(r"lo|[ab]\d+", text(value)):
            wrong.append(f"{column}.{index} is {value}")
        elif column == TYPE and value.text not in ("6", "24"):
            wrong.append(f"ifType.{index} is {value.text}")
    return wrong


def wrong_in_row(values):
    """What cannot be true of one interface's columns, asked for at once."""
    if any(x.type in agents.NONE for x in values):
        # all of them or none: a row is not there by halves
        return [] if all(x.type in agents.NONE for x in values) else [values]
    index, descr, mtu, name = values
    good = (text(descr) == text(name) and int(mtu.text) == mtu_of(text(name))
            and int(index.text) > 0)
    return [] if good else [values]


class Walker:
    """Walks one host again and again, and looks at single rows; keeps what is wrong."""

    def __init__(self, host):
        self.host = host
        self.walks, self.rows, self.wrong = 0, 0, []
        self.most = 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def look_at(self, index):
        got = self.host.get(*(x + (index,) for x in (INDEX, DESCR, MTU, NAME)))
        self.wrong += wrong_in_row([x for _, x in got])
        self.rows += 1

    def once(self):
        seen = {}
        for column in (INDEX, DESCR, TYPE, NAME):
            seen.update(self.host.walk(column, options=("-Cr50",)))
        self.wrong += wrong_in_walk(seen)
        indexes = [x[-1] for x in seen if x[:-1] == INDEX]
        self.most = max(self.most, len(indexes))
        for index in indexes[::max(1, len(indexes) // 10)]:
            self.look_at(index)
        self.walks += 1

    def run(self):
        while not self.stopping.is_set():
            try:
                self.once()
            except (RuntimeError, ValueError) as error:
                self.wrong.append(str(error)[:300])

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()


def memory(process):
    """Resident KiB, and how many descriptors are open."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        resident = int(re.search(r"VmRSS:\s+(\d+)", file.read())[1])
    return resident, len(os.listdir(f"/proc/{process.pid}/fd"))


def interfaces():
    """{index: name} as ip has them."""
    return {x["ifindex"]: x["ifname"] for x in json.loads(run("ip", "-j", "link").stdout)}


def is_right(host):
    want = interfaces()
    return (host.value(IF_NUMBER) == len(want) and
            {x[-1]: text(y) for x, y in host.walk(NAME, options=("-Cr50",)).items()} == want)


def check_calm(tap, hosts, when):
    for host in hosts:
        tap.ok(wait_for(lambda host=host: is_right(host), 5, 0.1),
               f"{host.kind}: {when} the interfaces are those of ip", host.value(IF_NUMBER))
        want = {oid for n in interfaces() for oid in (STACK + (0, n), STACK + (n, 0))}
        tap.equal(set(host.walk(STACK, options=("-Cr50",))), want,
                  f"{host.kind}: {when} ifStackTable has two rows for each")


def check_storm(tap, hosts, storm):
    """Walks while interfaces come and go."""
    walkers = [Walker(host) for host in hosts]
    storm.thread.start()
    with ExitStack() as stack:
        for walker in walkers:
            stack.enter_context(walker)
        storm.thread.join()
    tap.equal(storm.cycles, CYCLES, f"{2 * PAIRS} interfaces came and went so often")
    for walker in walkers:
        kind = walker.host.kind
        tap.note(f"{kind}: {walker.walks} walks of up to {walker.most} interfaces, "
                 f"{walker.rows} single rows")
        tap.ok(walker.walks > 0 and walker.rows > 0 and not walker.wrong,
               f"{kind}: every walk rises, no row is wrong", *walker.wrong)


def process_of(host):
    """The process that has the rows."""
    return host.daemon or host.snmpd


def main(script):
    tap = script.tap
    hosts = agents.start_all(script, "", MODULES)
    for host in hosts:
        if host.snmpd:
            host.snmpd.allow(r"^IfIndex of an interface changed")   # its own IF-MIB
    # A bulk walk of few rows runs on into the routes, which keep a socket from then on.
    for host in hosts:
        host.walk(INDEX, options=("-Cr50",))
    storm = Storm(script)
    storm.make()
    check_calm(tap, hosts, "with all of them there,")
    run("ip", "link", "del", "group", GROUP)
    check_calm(tap, hosts, "with all of them gone,")
    before = [memory(process_of(x)) for x in hosts]
    begin = time.monotonic()
    check_storm(tap, hosts, storm)
    tap.note(f"the storm took {time.monotonic() - begin:.1f} s")
    check_calm(tap, hosts, "after the storm")
    for host, (resident, descriptors) in zip(hosts, before):
        process = process_of(host)
        # a reading that goes on has a socket of its own
        tap.ok(wait_for(lambda p=process, n=descriptors: memory(p)[1] == n, 5),
               f"{host.kind}: as many descriptors are open", memory(process), descriptors)
        now = memory(process)[0]
        tap.note(f"{host.kind}: {resident} KiB before, {now} after")
        if host.kind != agents.PLUGIN:      # snmpd's own growth is not ours
            tap.ok(now <= resident + GROWTH, f"{host.kind}: the memory did not grow",
                   resident, now)


if __name__ == "__main__":
    test_main(main, agents.PROGRAMS)
