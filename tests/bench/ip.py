#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# The part of make bench that is about neighbours, UDP sockets and what IPv6 counts on
# interfaces: netmib beside snmpd.

import argparse
import collections
import contextlib
import signal
import sys
import tempfile
from pathlib import Path

from hosts import (ENDPOINTS, IF_STATS, NEIGHBOURS, Broken, Lab, add_devices,
                   enter_new_namespace, held_sockets, ip, ip_batch, set_ipv6)
from run import (Collector, Report, bare_dump, find_what_is_missing, measure_peaks,
                 measure_section, measure_walk, median, median_ratio, ok,
                 parse_sections, print_head, stop)

UDP_TABLE = "1.3.6.1.2.1.7.5"
NO_ADDRESS = "1"  # addr_gen_mode

# What is counted, a context that has so many, what is walked, what changes it, and how it
# is read.
Scene = collections.namedtuple("Scene", "counted hold subject change readings")
# After which event is read, for which table, and what baredump reads beside it.
Reading = collections.namedtuple("Reading", "work event table beside option")


# --- neighbours ---------------------------------------------------------------------------


@contextlib.contextmanager
def held_neighbours(count, _):
    """So many permanent ones: of others the kernel drops some. Yields the rows they make."""
    enter_new_namespace()
    set_ipv6("disable_ipv6", "1")
    add_devices(2)
    ip_batch(f"neigh add 10.{1 + (n >> 16)}.{n >> 8 & 255}.{n & 255} "
             f"lladdr 02:00:5e:00:{n >> 8 & 255:02x}:{n & 255:02x} "
             "nud permanent dev bench0" for n in range(count))
    yield count


def change_neighbour(number):
    ip("neigh", "replace", "10.1.0.0", "lladdr", f"02:00:5e:01:00:{number:02x}",
       "nud", "permanent", "dev", "bench0")


# --- UDP sockets --------------------------------------------------------------------------


@contextlib.contextmanager
def held_endpoints(count, directory):
    enter_new_namespace()
    with held_sockets(count, directory, "udp"):
        yield count


# --- what IPv6 counts on interfaces -------------------------------------------------------


@contextlib.contextmanager
def held_interfaces(count, _):
    """Up, but without addresses: each would first have to find out who else has it."""
    enter_new_namespace()
    set_ipv6("addr_gen_mode", NO_ADDRESS)
    add_devices(count)
    yield count + 1  # lo


def nothing_changes(_):
    """What has no events is read when it is old."""


SCENES = {
    "neighbours": Scene("neighbours", held_neighbours, NEIGHBOURS, change_neighbour, (
        Reading("after a change", change_neighbour, NEIGHBOURS.table, "a bare dump", "-n"),
    )),
    "endpoints": Scene("UDP sockets", held_endpoints, ENDPOINTS, nothing_changes, (
        Reading("of sockets", nothing_changes, UDP_TABLE, "a bare dump", "-u"),
        Reading("of sockets and owners", nothing_changes, ENDPOINTS.table, "a bare dump",
                "-u"),
    )),
    "interfaces": Scene("interfaces", held_interfaces, IF_STATS, nothing_changes, (
        Reading("of IPv6 counters", nothing_changes, IF_STATS.table,
                "the bare reading of their files", "-6"),
    )),
}


# --- what is measured ---------------------------------------------------------------------


def measure_scene_walk(_, lab, report, options):
    measure_walk(lab, report, options, ("snmpd", "snmpd -X"))


def measure_reading(reading, lab, report, options):
    asked = Lab(lab.directory, lab.rows, lab.repetitions,
                lab.subject._replace(table=reading.table))
    rounds = []
    with asked.hosts("standalone") as started:
        collector = Collector(started["standalone"])
        for number in range(options.rounds):
            bare = bare_dump(reading.option)
            collector.settle()
            reading.event(number)
            rounds.append({"bare": bare,
                           "netmibd": {"cpu": collector.refresh(bare["cpu"] / 2)}})
    report.keep(lab.rows, f"refresh {reading.work}", rounds)
    ratio = median_ratio(rounds, "netmibd", "bare", "cpu")
    report.add(lab.rows, f"cpu of a refresh {reading.work}, against {reading.beside}",
               "<= 1.5 x",
               f"{median(rounds, 'netmibd', 'cpu') * 1000:.1f} ms of "
               f"{median(rounds, 'bare', 'cpu') * 1000:.1f} ms",
               f"{ratio:.2f}", ok(ratio <= 1.5))


def measure_refresh(scene, lab, report, options):
    for reading in scene.readings:
        measure_reading(reading, lab, report, options)


def measure_memory(scene, lab, report, _):
    measure_peaks(lab, report, scene.change, 3.5)


SECTIONS = {
    "walk": measure_scene_walk,
    "refresh": measure_refresh,
    "memory": measure_memory,
}


def even_number(text):
    number = int(text)
    if not 0 <= number <= 100_000 or number % 2:
        raise argparse.ArgumentTypeError("an even number up to 100000")
    return number


def parse_arguments():
    parser = argparse.ArgumentParser()
    for name, default in (("neighbours", 50_000), ("endpoints", 15_000),
                          ("interfaces", 2_000)):
        parser.add_argument(f"--{name}", type=even_number, default=default, metavar="N",
                            help=f"this many (default {default}); 0: leave them out")
    return parse_sections(parser, SECTIONS)


def measure_scene(scene, count, options):
    """Returns the report."""
    report = Report(scene.counted)
    with tempfile.TemporaryDirectory(prefix="nm-bench-") as directory, \
            scene.hold(count, Path(directory)) as rows:
        lab = Lab(Path(directory), rows, options.repetitions, scene.subject)
        for section in options.only or SECTIONS:
            measure_section(section, lambda *rest, section=section: SECTIONS[section](
                scene, *rest), lab, report, options)
    return report


def main():
    options = parse_arguments()
    missing = find_what_is_missing()
    if missing:
        print(f"ip.py: needs {', '.join(missing)}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, stop)
    print_head(options)
    reports = []
    try:
        for name, scene in SCENES.items():
            if vars(options)[name]:
                reports.append(measure_scene(scene, vars(options)[name], options))
    except Broken as broken:
        print(f"ip.py: {broken}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        for report in reports:
            print("\n" + "\n".join(report.table()))
    return int(any(row.verdict == "BROKEN" for report in reports for row in report.rows))


if __name__ == "__main__":
    sys.exit(main())
