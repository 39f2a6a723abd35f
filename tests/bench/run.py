#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# make bench: runs netmib side by side with snmpd in paired rounds and prints the ratios.

import argparse
import collections
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import hosts
from hosts import BIN, CONNECTIONS, PROCESS, STATE, Broken, Lab

CURR_ESTAB = "1.3.6.1.2.1.6.9.0"
OURS = ("standalone", "plugin", "agentx")
MEGABYTE = 1_000_000

Row = collections.namedtuple("Row", "count work goal measured ratio verdict")


def ok(met):
    return "ok" if met else "short"


class Report:
    """The rows of the table, and every number behind them."""

    def __init__(self, counted="sockets"):
        self.counted = counted
        self.rows = []
        self.raw = []

    def add(self, count, work, goal, measured, ratio="", verdict=""):
        row = Row(f"{count:,}", work, goal, measured, ratio, verdict)
        self.rows.append(row)
        print("# " + "  ".join(cell for cell in row if cell), flush=True)

    def keep(self, count, section, numbers):
        self.raw.append({self.counted: count, "section": section, "numbers": numbers})

    def table(self):
        heads = Row(self.counted, "work", "goal", "median", "ratio", "")
        rows = [heads, *self.rows]
        widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
        rows.insert(1, Row(*("-" * width for width in widths)))
        for row in rows:
            yield "  ".join(cell.ljust(w) for cell, w in zip(row, widths)).rstrip()


def fields(line):
    """'wall 0.2 cpu 0.1' to a dictionary."""
    words = line.split()
    return {name: float(value) for name, value in zip(words[::2], words[1::2])}


def median_ratio(rounds, name, base, what):
    return statistics.median(r[name][what] / r[base][what] for r in rounds)


def median(rounds, name, what):
    return statistics.median(r[name][what] for r in rounds)


def percentile(samples, share):
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def available():
    """Our hosts, as far as they are built."""
    names = [name for name in OURS if name != "plugin" and hosts.NETMIBD.exists()]
    return names + (["plugin"] if hosts.NETMIB_SO.exists() else [])


# --- the walk -----------------------------------------------------------------------------


def timed_walk(lab, host, cpu=None):
    """Walks; returns seconds a varbind: on the clock, and of the agent's processor time."""
    # What is warm stays warm: the walk itself is measured, not a reading of the kernel.
    host.ask("next", host.table, 1, 0)
    before = host.cpu()
    walks = [fields(host.ask("walk", root, lab.repetitions, cpu=cpu))
             for root in lab.subject.walked]
    used = host.cpu() - before
    for walk in walks:
        # Whole columns; how many a table has differs from agent to agent.
        if walk["varbinds"] == 0 or walk["varbinds"] % lab.rows:
            raise Broken(f"{host.name}: {walk['varbinds']:.0f} varbinds of {lab.rows} rows")
    varbinds = sum(walk["varbinds"] for walk in walks)
    return {"varbinds": varbinds, "wall": sum(walk["wall"] for walk in walks) / varbinds,
            "agent cpu": used / varbinds}


WALK_GOALS = (
    # Whose walk, against whose, the goal, and whether that is a rate (else a time).
    ("snmpd", "snmpd", None, True),
    ("plugin", "snmpd", 3, True),
    ("standalone", "snmpd", 3, True),
    ("nothing", "nothing", None, False),
    ("snmpd -X", "nothing", None, False),
    ("agentx", "nothing", 1.25, False),
    ("agentx", "snmpd -X", 0.8, False),
)


def walk_row(report, count, rounds, placed, name, base, limit, by_rate):
    rate = 1 / median(rounds, name, "wall")
    cost = median(rounds, name, "agent cpu")
    time_ratio = median_ratio(rounds, name, base, "wall")
    ratio = 1 / time_ratio if by_rate else time_ratio
    goal = verdict = ""
    if limit:
        goal = f">= {limit} x rate of {base}" if by_rate else f"<= {limit} x time of {base}"
        verdict = ok(ratio >= limit if by_rate else ratio <= limit)
    report.add(count, f"walk, {name}{placed}", goal,
               f"{rate:,.0f}/s, {cost * 1e6:.1f} us cpu each",
               f"{ratio:.2f} {base}" if name != base else "", verdict)


def walk_rounds(lab, report, options, started, placed="", client=None):
    rounds = []
    for _ in range(options.rounds):
        rounds.append({name: timed_walk(lab, host, client)
                       for name, host in started.items()})
    report.keep(lab.rows, f"walk{placed}", rounds)
    # Of master and subagent on two processors the walk mostly measures how long they take
    # to wake each other, and whether the scheduler puts both on one: told, not judged.
    lottery = client is None and os.cpu_count() > 1
    for name, base, limit, by_rate in WALK_GOALS:
        if name in started and base in started:
            judged = None if lottery and len(started[name].children) > 1 else limit
            walk_row(report, lab.rows, rounds, placed, name, base, judged, by_rate)


def measure_walk(lab, report, options, beside=("snmpd", "snmpd -X", "nothing")):
    with lab.hosts(*beside, *available()) as started:
        # The end of a walk runs on into the next column: owners of sockets, read once here.
        for host in started.values():
            timed_walk(lab, host)
        walk_rounds(lab, report, options, started)
        if os.cpu_count() < 2:
            return
        pairs = {name: host for name, host in started.items() if len(host.children) > 1}
        for host in pairs.values():
            host.place({0})
        walk_rounds(lab, report, options, pairs, ", one cpu", client=1)


# --- the first request after an idle minute -----------------------------------------------


def first_after_idle(names, started, idle, stagger):
    """A request, an idle stretch, and a second one, timed; host after host, not at once."""
    clients = []
    for name in names:
        if clients:
            time.sleep(stagger)
        clients.append(started[name].walker("next", started[name].table, 2, idle))
    took = {}
    for name, client in zip(names, clients):
        out, error = client.communicate()
        if client.returncode:
            raise Broken(f"{name}: {error.strip()}")
        took[name] = {"wall": float(out.splitlines()[1].split()[1])}
    return took


def measure_idle(lab, report, options):
    ours = available()
    rounds = []
    with lab.hosts(*ours) as started:
        for _ in range(min(options.rounds, 3)):
            rounds.append(first_after_idle(ours, started, options.idle, 8))
    with lab.hosts("snmpd") as started:
        base = first_after_idle(["snmpd"], started, options.idle, 0)["snmpd"]
    report.keep(lab.rows, "idle", {"ours": rounds, "snmpd": base})
    work = f"first GETNEXT after {options.idle:g} s"
    report.add(lab.rows, f"{work}, snmpd", "", f"{base['wall'] * 1000:,.1f} ms")
    for name in ours:
        wall = median(rounds, name, "wall")
        report.add(lab.rows, f"{work}, {name}", "<= 20 ms", f"{wall * 1000:.1f} ms",
                   f"{wall / base['wall']:.4f}", ok(wall <= 0.020))


# --- the price of a refresh ---------------------------------------------------------------


class Collector:
    """Watches the collector thread of a netmib host, or another one."""

    def __init__(self, host, thread="collector"):
        self.host = host
        self.name = thread
        self.child = host.data_process
        self.tid = self.child.thread(thread)

    def cpu(self):
        return self.child.thread_cpu(self.tid)

    def settle(self, quiet=0.3):
        """Waits until it has used nothing for a while; returns its processor time."""
        last, since = self.cpu(), time.monotonic()
        end = since + 120
        while time.monotonic() - since < quiet:
            time.sleep(0.02)
            now = self.cpu()
            if now - last > 0.0005:
                last, since = now, time.monotonic()
            if since > end:
                raise Broken(f"thread {self.name} never rests")
        return last

    def refresh(self, least):
        """Makes it read the table's source once; returns the processor time that took. What
        stays below `least` seconds was only a wake-up."""
        before = self.settle()
        end = time.monotonic() + 120
        while self.cpu() - before < least:
            if time.monotonic() > end:
                raise Broken("no refresh within 120 s")
            self.host.ask("next", self.host.table, 1, 0)
            time.sleep(0.1)
        return self.settle() - before


def bare_dump(form):
    done = subprocess.run([BIN / "baredump", form], check=True, stdout=subprocess.PIPE,
                          text=True)
    return fields(done.stdout)


def measure_refresh(lab, report, options):
    if "standalone" not in available():
        return
    rounds = []
    with lab.hosts("standalone") as started:
        collector = Collector(started["standalone"])
        for _ in range(options.rounds):
            bare = {"one pass": bare_dump("-1"), "two passes": bare_dump("-2")}
            cost = collector.refresh(bare["one pass"]["cpu"] / 2)
            rounds.append({**bare, "netmibd": {"cpu": cost}})
    report.keep(lab.rows, "refresh", rounds)
    cost = median(rounds, "netmibd", "cpu")
    for base, limit in (("one pass", 0), ("two passes", 1.5)):
        ratio = median_ratio(rounds, "netmibd", base, "cpu")
        report.add(lab.rows, f"cpu of a refresh, against a bare dump in {base}",
                   f"<= {limit} x" if limit else "",
                   f"{cost * 1000:.1f} ms of {median(rounds, base, 'cpu') * 1000:.1f} ms",
                   f"{ratio:.2f}", ok(ratio <= limit) if limit else "")


# --- memory -------------------------------------------------------------------------------


def use_table(host, repetitions):
    for column in (STATE, PROCESS, STATE, PROCESS):
        host.ask("walk", column, repetitions)


def measure_memory(lab, report, options):
    peaks = {}
    for name in [*(n for n in ("standalone",) if n in available()), "snmpd"]:
        with lab.hosts(name) as started:
            host = started[name]
            if name != "snmpd":
                collector = Collector(host)
                for _ in range(3):
                    collector.refresh(bare_dump("-1")["cpu"] / 2)
            use_table(host, options.repetitions)
            peaks[name] = host.data_process.peak_memory()
    report.keep(lab.rows, "memory", peaks)
    base = peaks["snmpd"]
    report.add(lab.rows, "resident memory, peak, snmpd", "",
               f"{base / MEGABYTE:,.0f} MB")
    for name, peak in peaks.items():
        if name != "snmpd":
            report.add(lab.rows, f"resident memory, peak, {name}", "<= 100 MB",
                       f"{peak / MEGABYTE:,.0f} MB", f"{peak / base:.2f}",
                       ok(peak <= 100 * MEGABYTE))


def measure_peaks(lab, report, change, pause):
    """Of every host that walks what it has read after each of three changes."""
    peaks = {}
    for name in ("snmpd", *available()):
        with lab.hosts(name) as started:
            for number in range(3):
                change(number)
                timed_walk(lab, started[name])
                time.sleep(pause)
            peaks[name] = started[name].data_process.peak_memory()
    report.keep(lab.rows, "memory", peaks)
    for name, peak in peaks.items():
        report.add(lab.rows, f"resident memory, peak, {name}", "",
                   f"{peak / MEGABYTE:.1f} MB",
                   f"{peak / peaks['snmpd']:.2f}" if name != "snmpd" else "")


# --- other requests meanwhile -------------------------------------------------------------


class BusySpells(threading.Thread):
    """Notes when a thread of another process was at work, in steps of 10 ms."""

    def __init__(self, collector):
        super().__init__(daemon=True)
        self.collector = collector
        self.spells = []
        self.done = threading.Event()

    def run(self):
        used, then = self.collector.cpu(), time.monotonic()
        while not self.done.wait(0.01):
            now_used, now = self.collector.cpu(), time.monotonic()
            if now_used - used > 0.2 * (now - then):
                self.spells.append((then, now))
            used, then = now_used, now

    def covers(self, start, took):
        return any(begin < start + took and start < end for begin, end in self.spells)


def poll_while_reading(host, seconds, pause):
    """GETs a scalar in a loop while another client reads the table: (start, took) each."""
    count = int(seconds / pause)
    with host.walker("next", CONNECTIONS, int(seconds / 0.1), 0.1) as reader:
        polled = host.ask("get", CURR_ESTAB, count, pause, prepare=hosts.in_real_time)
        reader.kill()
    return [tuple(map(float, line.split())) for line in polled.splitlines()]


def measure_latency(lab, report, options):
    seconds = options.poll or (20 if lab.rows < 500_000 else 60)
    for name in available():
        with lab.hosts(name) as started:
            collector = Collector(started[name])
            collector.settle()
            busy = BusySpells(collector)
            busy.start()
            samples = poll_while_reading(started[name], seconds, 0.005)
            busy.done.set()
            busy.join()
        during = [took for start, took in samples if busy.covers(start, took)]
        if not during:
            raise Broken("no request met a refresh")
        report.keep(lab.rows, f"latency, {name}", {"all": samples, "during": during})
        worst = percentile(during, 0.99)
        report.add(lab.rows, f"GET tcpCurrEstab.0 during refreshes, 99 %, {name}",
                   "<= 5 ms", f"{worst * 1000:.1f} ms of {len(during)}, median "
                   f"{statistics.median(during) * 1000:.2f}, longest "
                   f"{max(took for _, took in samples) * 1000:.1f}", "", ok(worst <= 0.005))


# --- nobody asks --------------------------------------------------------------------------


def measure_quiet(lab, report, options):
    seconds = options.quiet or 60
    names = [name for name in available() if name != "plugin"] + ["snmpd"]
    # Not even the readiness of an agent may be asked for: its sources would be wanted.
    with lab.hosts(*names, asked=False) as started:
        before = {name: host.data_process.cpu() for name, host in started.items()}
        time.sleep(seconds)
        used = {name: host.data_process.cpu() - before[name]
                for name, host in started.items()}
    report.keep(lab.rows, "quiet", used)
    for name, cpu in used.items():
        ours = name != "snmpd"
        report.add(lab.rows, f"processor time, {seconds} s without requests, {name}",
                   "<= 0.01 ms/s" if ours else "", f"{cpu / seconds * 1000:.3f} ms/s", "",
                   ok(cpu / seconds <= 1e-5) if ours else "")


SECTIONS = {
    "walk": measure_walk,
    "refresh": measure_refresh,
    "idle": measure_idle,
    "memory": measure_memory,
    "latency": measure_latency,
    "quiet": measure_quiet,
}


def sections_for(sockets, options):
    if options.only:
        return options.only
    chosen = ["walk", "refresh"] if sockets < 100_000 else ["refresh", "idle", "memory",
                                                            "latency"]
    return chosen + (["quiet"] if options.quiet else [])


def measure_section(section, function, lab, report, options):
    print(f"# {section}; load of the machine: {os.getloadavg()[0]:.1f}", flush=True)
    try:
        function(lab, report, options)
    except (Broken, subprocess.CalledProcessError) as error:
        report.add(lab.rows, section, "", f"broken: {error}", "", "BROKEN")


def measure(sockets, options, report, directory):
    hosts.enter_new_namespace()
    with hosts.held_sockets(sockets, directory):
        lab = Lab(directory, sockets, options.repetitions)
        for section in sections_for(sockets, options):
            measure_section(section, SECTIONS[section], lab, report, options)


def even_number(text):
    number = int(text)
    if not 2 <= number <= 1_000_000 or number % 2:
        raise argparse.ArgumentTypeError("an even number from 2 to 1000000")
    return number


def parse_sections(parser, sections):
    """Adds what scripts of sections have in common; parses. only is a list then."""
    parser.epilog = f"sections: {', '.join(sections)}"
    parser.add_argument("--only", metavar="SECTION,…", help="only these sections")
    parser.add_argument("--rounds", type=int, default=7, help="paired rounds (default 7)")
    parser.add_argument("--repetitions", type=int, default=100,
                        help="max-repetitions of GETBULK (default 100)")
    options = parser.parse_args()
    options.only = options.only.split(",") if options.only else []
    for section in options.only:
        if section not in sections:
            parser.error(f"no section {section}: there are {', '.join(sections)}")
    return options


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sockets", type=even_number, action="append", metavar="N",
                        help="this many; may be repeated (default 20000 and 100000)")
    parser.add_argument("--all", action="store_true", help="20,000, 100,000 and 1,000,000")
    parser.add_argument("--idle", type=float, default=61, metavar="SECONDS")
    parser.add_argument("--poll", type=float, metavar="SECONDS",
                        help="how long the latency is sampled")
    parser.add_argument("--quiet", type=int, metavar="SECONDS",
                        help="also measure processor time this long without requests")
    parser.add_argument("--json", metavar="FILE", help="write every number here")
    options = parse_sections(parser, SECTIONS)
    if options.all:
        options.sockets = [20_000, 100_000, 1_000_000]
    options.sockets = options.sockets or [20_000, 100_000]
    return options


def find_what_is_missing():
    missing = [name for name in ("snmpd", "ip", "taskset") if not shutil.which(name)]
    missing += [str(BIN / name) for name in ("sockets", "nothing", "baredump", "walker")
                if not (BIN / name).exists()]
    if os.geteuid() != 0:
        missing.append("root (for network namespaces and their sockets)")
    return missing


def print_head(options):
    version = subprocess.run(["snmpd", "-v"], stdout=subprocess.PIPE, text=True, check=True)
    snmpd = version.stdout.split("\n")[1].split()[-1]
    print(f"# Linux {platform.release()}, {os.cpu_count()} processors, snmpd {snmpd}\n"
          f"# {options.rounds} paired rounds; GETBULK with {options.repetitions} "
          f"repetitions of one column,\n"
          f"# maxGetbulkResponses {options.repetitions} in every agent, "
          f"agentXTimeout 120 in every master;\n"
          f"# 'one cpu': AgentX master and subagent share a processor, the client has "
          f"another", flush=True)
    if len(available()) < len(OURS):
        print(f"# not built, left out: {sorted(set(OURS) - set(available()))}", flush=True)


def stop(*_):
    raise KeyboardInterrupt


def run(options, report):
    """Returns the exit status: how fast anything is does not matter to it."""
    with tempfile.TemporaryDirectory(prefix="nm-bench-") as directory:
        try:
            for sockets in options.sockets:
                measure(sockets, options, report, Path(directory))
        except KeyboardInterrupt:
            print("# interrupted", flush=True)
            return 130
        except Broken as error:
            print(f"# broken: {error}", flush=True)
            return 1
    return int(any(row.verdict == "BROKEN" for row in report.rows))


def main():
    options = parse_arguments()
    missing = find_what_is_missing()
    if missing:
        print(f"bench: needs {', '.join(missing)}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, stop)
    report = Report()
    print_head(options)
    status = run(options, report)
    print("\n" + "\n".join(report.table()))
    if options.json:
        Path(options.json).write_text(json.dumps(report.raw))
    return status


if __name__ == "__main__":
    sys.exit(main())
