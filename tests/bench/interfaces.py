#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# The interface third of make bench: netmib beside snmpd, with many network devices.

import argparse
import collections
import signal
import sys
import tempfile
import time
from pathlib import Path

from hosts import (INTERFACES, Broken, Lab, add_devices, enter_new_namespace, ip, set_ipv6,
                   wait_until)
from run import (Collector, Report, available, bare_dump, find_what_is_missing,
                 measure_idle, measure_peaks, measure_section, measure_walk, median,
                 median_ratio, ok, parse_sections, print_head, stop)

CHANGED = "bench0"
# linkwatch tells of carriers at most once a second.
LINKWATCH = 1.2


def make_interfaces(count):
    """A namespace of so many veth devices, all up. They have no addresses: those of IPv6
    snmpd would read too, each time, and be slower still."""
    enter_new_namespace()
    set_ipv6("disable_ipv6", "1")
    add_devices(count)


# --- the price of a refresh ---------------------------------------------------------------


def change_mtu(number):
    ip("link", "set", CHANGED, "mtu", str(1400 + number))


def change_state(number):
    ip("link", "set", CHANGED, "up" if number % 2 else "down")


# What is read, after which event; a driver is asked again when its device goes up or down.
Reading = collections.namedtuple("Reading", "work event")
COUNTERS = Reading("of counters", None)
DEVICES = Reading("after a new mtu", change_mtu)
DRIVERS = Reading("after one up or down", change_state)


def refresh(collector, links, reading, number, least):
    """Processor seconds of a reading, and of the thread that takes the event before it."""
    before = links.settle()
    if reading.event:
        reading.event(number)
        wait_until(lambda: links.cpu() > before, 10, "an event is taken")
    taken = links.settle(LINKWATCH if reading.event else 0.1) - before
    return {"cpu": collector.refresh(least), "links": taken}


def refresh_rounds(collector, links, count):
    rounds = []
    for number in range(count):
        numbers = {"links": bare_dump("-l"), "counters": bare_dump("-s")}
        numbers["links and drivers"] = {
            "cpu": numbers["links"]["cpu"] + bare_dump("-e")["cpu"]}
        for reading in (COUNTERS, DEVICES, DRIVERS):
            floor = numbers["links" if reading.event else "counters"]["cpu"]
            numbers[reading.work] = refresh(collector, links, reading, number, floor / 2)
        rounds.append(numbers)
    return rounds


def refresh_row(report, count, rounds, reading, base, limit):
    ratio = median_ratio(rounds, reading.work, base, "cpu")
    report.add(count, f"cpu of a refresh {reading.work}, against a bare dump of {base}",
               f"<= {limit} x" if limit else "",
               f"{median(rounds, reading.work, 'cpu') * 1000:.1f} ms of "
               f"{median(rounds, base, 'cpu') * 1000:.1f} ms",
               f"{ratio:.2f}", ok(ratio <= limit) if limit else "")


def measure_refresh(lab, report, options):
    with lab.hosts("standalone") as started:
        host = started["standalone"]
        links = Collector(host, "links")
        at_start = links.settle()
        rounds = refresh_rounds(Collector(host), links, options.rounds)
    report.keep(lab.rows, "refresh", {"links at start": at_start, "rounds": rounds})
    for reading, base, limit in ((COUNTERS, "counters", 0), (COUNTERS, "links", 1.5),
                                 (DEVICES, "links", 1.5), (DRIVERS, "links", 0),
                                 (DRIVERS, "links and drivers", 1.5)):
        refresh_row(report, lab.rows, rounds, reading, base, limit)
    report.add(lab.rows, "cpu of the thread that hears events, its own first reading", "",
               f"{at_start * 1000:.1f} ms")
    for reading in (DEVICES, DRIVERS):
        report.add(lab.rows, f"the same, {reading.work}", "",
                   f"{median(rounds, reading.work, 'links') * 1000:.2f} ms")


# --- nobody asks --------------------------------------------------------------------------


def measure_quiet(lab, report, options):
    names = [name for name in available() if name != "plugin"] + ["snmpd"]
    with lab.hosts(*names, ours=["netmibIdle 2"]) as started:
        time.sleep(10)  # netmibIdle, and what still goes on then
        before = {name: host.data_process.cpu() for name, host in started.items()}
        time.sleep(options.quiet)
        used = {name: host.data_process.cpu() - before[name]
                for name, host in started.items()}
    report.keep(lab.rows, "quiet", used)
    for name, cpu in used.items():
        ours = name != "snmpd"
        report.add(lab.rows, f"processor time once nobody polls, {name}",
                   "<= 0.01 ms/s" if ours else "",
                   f"{cpu / options.quiet * 1000:.3f} ms/s", "",
                   ok(cpu / options.quiet <= 1e-5) if ours else "")


# --- memory -------------------------------------------------------------------------------


def measure_memory(lab, report, options):
    # snmpd reads every 3 s
    measure_peaks(lab, report, change_mtu, 3.5)


SECTIONS = {
    "walk": measure_walk,
    "refresh": measure_refresh,
    "idle": measure_idle,
    "quiet": measure_quiet,
    "memory": measure_memory,
}


def even_number(text):
    number = int(text)
    if not 2 <= number <= 20_000 or number % 2:
        raise argparse.ArgumentTypeError("an even number from 2 to 20000")
    return number


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--interfaces", type=even_number, action="append", metavar="N",
                        help="this many, and lo; may be repeated (default 2000)")
    parser.add_argument("--idle", type=float, default=61, metavar="SECONDS")
    parser.add_argument("--quiet", type=int, default=60, metavar="SECONDS")
    return parse_sections(parser, SECTIONS)


def run(options, report):
    for count in options.interfaces or [2000]:
        with tempfile.TemporaryDirectory(prefix="nm-bench-") as directory:
            make_interfaces(count)
            lab = Lab(Path(directory), count + 1, options.repetitions, INTERFACES)
            for section in options.only or SECTIONS:
                measure_section(section, SECTIONS[section], lab, report, options)


def main():
    options = parse_arguments()
    missing = find_what_is_missing()
    if missing:
        print(f"interfaces.py: needs {', '.join(missing)}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, stop)
    report = Report("interfaces")
    print_head(options)
    try:
        run(options, report)
    except Broken as broken:
        print(f"interfaces.py: {broken}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        print("\n" + "\n".join(report.table()))
    return int(any(row.verdict == "BROKEN" for row in report.rows))


if __name__ == "__main__":
    sys.exit(main())
