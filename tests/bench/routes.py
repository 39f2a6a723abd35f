#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# The route half of make bench: netmib beside snmpd, with a full routing table.

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hosts import (BIN, Broken, Lab, add_devices, enter_new_namespace, ip, ip_batch,
                   wait_until)
from run import Report, fields, ok

ROUTES = "1.3.6.1.2.1.4.24.7"
NUMBER = "1.3.6.1.2.1.4.24.6"
GATEWAYS = 200
MEGABYTE = 1_000_000


def make_routes(count):
    """A namespace's routing table of so many /24 routes over a pair of veth devices."""
    enter_new_namespace()
    add_devices(2)
    ip("addr", "add", "10.255.0.1/24", "dev", "bench0")
    ip_batch(f"route add {16 + (n >> 16)}.{n >> 8 & 255}.{n & 255}.0/24 "
             f"via 10.255.0.{2 + n % GATEWAYS}" for n in range(count))


def ask_once(host, seconds):
    """Seconds until one GETNEXT of the table is answered; None: not in that time."""
    client = host.walker("next", ROUTES, 1, 0)
    try:
        out, error = client.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        client.kill()
        client.communicate()
        return None
    if client.returncode:
        raise Broken(f"{host.name}: {error.strip()}")
    return float(out.split()[1])


def measure_first(lab, report, count, options):
    """The very first request, which waits for its data, and one after an idle minute."""
    with lab.hosts("standalone", "agentx", "plugin", asked=False) as started:
        cold = {name: ask_once(host, 60) for name, host in started.items()}
        time.sleep(options.idle)
        warm = {name: ask_once(host, 60) for name, host in started.items()}
    with lab.hosts("snmpd", asked=False) as started:
        own = ask_once(started["snmpd"], options.patience)
    told = f"{own * 1000:,.0f} ms" if own else f"no answer in {options.patience} s"
    report.add(count, "first GETNEXT, snmpd", "", told)
    for name, wall in cold.items():
        report.add(count, f"first GETNEXT ever, {name}", "", f"{wall * 1000:.1f} ms",
                   f"{wall / own:.4f}" if own else "")
    for name, wall in warm.items():
        report.add(count, f"first GETNEXT after {options.idle} s, {name}", "<= 20 ms",
                   f"{wall * 1000:.1f} ms", f"{wall / own:.4f}" if own else "",
                   ok(wall <= 0.020))


def refresh(host, collector, number):
    """Processor seconds of the reading that a change of one route makes necessary."""
    ip("route", "replace", f"9.{number}.0.0/16", "via", "10.255.0.2")
    settled = before = host.data_process.thread_cpu(collector)

    def at_rest():
        nonlocal settled
        host.ask("next", NUMBER, 1, 0)
        last, settled = settled, host.data_process.thread_cpu(collector)
        return settled - last < 0.0005 and settled - before > 0.002

    # The spacing of readings, ten times their cost, passes first; then two are made: at
    # once, and when what the change brought with it has settled.
    time.sleep(1)
    wait_until(at_rest, 60, "a refresh ends")
    time.sleep(12 if settled - before > 0.1 else 2)
    host.ask("next", NUMBER, 1, 0)
    time.sleep(2)
    return (host.data_process.thread_cpu(collector) - before) / 2


def measure_refresh(lab, report, count, options):
    bare, ours = [], []
    with lab.hosts("standalone", asked=False) as started:
        host = started["standalone"]
        host.ask("next", ROUTES, 1, 0)
        collector = host.data_process.thread("collector")
        for number in range(options.rounds):
            dump = subprocess.run([BIN / "baredump", "-r"], check=True, text=True,
                                  capture_output=True)
            bare.append(fields(dump.stdout)["cpu"])
            ours.append(refresh(host, collector, number))
        peak = host.data_process.peak_memory()
    ratio = statistics.median(a / b for a, b in zip(ours, bare))
    report.add(count, "cpu of a refresh, against a bare dump", "<= 1.5 x",
               f"{statistics.median(ours) * 1000:.1f} ms of "
               f"{statistics.median(bare) * 1000:.1f} ms", f"{ratio:.2f}", ok(ratio <= 1.5))
    report.add(count, "peak resident memory, standalone", "", f"{peak / MEGABYTE:.1f} MB")


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--routes", type=int, action="append", metavar="N",
                        help="this many; may be repeated (default 100000)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--idle", type=int, default=61, metavar="SECONDS")
    parser.add_argument("--patience", type=int, default=60, metavar="SECONDS",
                        help="how long snmpd may take for its first answer")
    return parser.parse_args()


def main():
    options = parse_arguments()
    report = Report("routes")
    try:
        for count in options.routes or [100_000]:
            with tempfile.TemporaryDirectory(prefix="nm-bench-") as directory:
                make_routes(count)
                lab = Lab(Path(directory), count, 100)
                measure_first(lab, report, count, options)
                measure_refresh(lab, report, count, options)
    except Broken as broken:
        print(f"routes.py: {broken}", file=sys.stderr)
        return 1
    finally:
        print()
        print("\n".join(report.table()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
