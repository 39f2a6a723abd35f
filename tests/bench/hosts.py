#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
# The processes of a benchmark: sockets held open, and the agents that are compared.

import collections
import contextlib
import ctypes
import os
import signal
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = Path(os.environ.get("BENCH_BIN", HERE))
NETMIBD = Path(os.environ.get("NETMIBD", HERE / "../../src/netmibd")).resolve()
NETMIB_SO = Path(os.environ.get("NETMIB_SO", HERE / "../../src/.libs/netmib.so")).resolve()

CONNECTIONS = "1.3.6.1.2.1.6.19"
STATE = CONNECTIONS + ".1.7"
PROCESS = CONNECTIONS + ".1.8"

OFF_ALWAYS = "-smux,mteTrigger,mteTriggerConf"  # as in Debian

# What is measured: the table that is asked for, what of it a walk walks, snmpd's own modules
# for the objects netmib serves, and the tables the subagent that does nothing has.
Subject = collections.namedtuple("Subject", "table walked modules nothing")
TCP = Subject(CONNECTIONS, (STATE,), "tcp,tcpTable,tcpConnectionTable,tcpListenerTable",
              ("tcpConnectionTable",))
IF_TABLE = "1.3.6.1.2.1.2.2"
IFX_TABLE = "1.3.6.1.2.1.31.1.1"
INTERFACES = Subject(IF_TABLE, (IF_TABLE, IFX_TABLE), "ifTable,ifXTable",
                     ("ifTable", "ifXTable"))
NEIGHBOUR_TABLE = "1.3.6.1.2.1.4.35"
NEIGHBOURS = Subject(NEIGHBOUR_TABLE, (NEIGHBOUR_TABLE + ".1.4",), "inetNetToMediaTable",
                     ())
# The agents and their clients have UDP sockets, too: only those of held_sockets() are
# walked.
ENDPOINTS = Subject("1.3.6.1.2.1.7.7", ("1.3.6.1.2.1.7.7.1.8.1.4.127.1",),
                    "udp,udpTable,udpEndpointTable", ())
IF_STATS_TABLE = "1.3.6.1.2.1.4.31.3"
IF_STATS = Subject(IF_STATS_TABLE, (IF_STATS_TABLE,), "ipIfStatsTable", ())

CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True)


class Broken(Exception):
    """A measurement that could not be made."""


def ip(*words, **options):
    subprocess.run(["ip", *words], check=True, **options)


def ip_batch(lines):
    ip("-batch", "-", input="\n".join(lines) + "\n", text=True)


def enter_new_namespace():
    """Moves this process, and so all it starts, to a network namespace without a name: it
    vanishes with its last process, however that ends."""
    if libc.unshare(CLONE_NEWNET) != 0:
        raise Broken(f"no network namespace: {os.strerror(ctypes.get_errno())} (be root)")
    ip("link", "set", "lo", "up")


def set_ipv6(setting, value):
    """For all devices, those to come as well; a kernel without IPv6 has no settings."""
    for name in ("all", "default"):
        path = Path(f"/proc/sys/net/ipv6/conf/{name}/{setting}")
        if path.exists():
            path.write_text(value)


def add_devices(count):
    """Pairs of veth devices, all up: bench0 and on."""
    ip_batch([*(f"link add bench{n} type veth peer name bench{n + 1}"
                for n in range(0, count, 2)),
              *(f"link set bench{n} up" for n in range(count))])


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def in_real_time():
    """For a client that times answers: its own waits for a processor shall not count."""
    die_with_parent()
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))


def wait_until(ready, seconds, what):
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise Broken(f"{what}: not after {seconds} s")
        time.sleep(0.05)


class Child:
    """A process that is ended when the with statement is left."""

    def __init__(self, arguments, log, env):
        self.log = log
        self.name = Path(arguments[0]).name
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                [str(a) for a in arguments], stdin=subprocess.PIPE, stdout=out, stderr=out,
                env=env, preexec_fn=die_with_parent)
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def check(self):
        if self.process.poll() is not None:
            raise Broken(f"{self.name} ended with {self.process.returncode}: "
                         f"{self.last_words()}")

    def last_words(self):
        return " / ".join(self.log.read_text(errors="replace").splitlines()[-3:])

    def threads(self):
        return [int(t) for t in os.listdir(f"/proc/{self.pid}/task")]

    def thread(self, name):
        for tid in self.threads():
            if Path(f"/proc/{self.pid}/task/{tid}/comm").read_text().strip() == name:
                return tid
        raise Broken(f"{self.name} has no thread named {name}")

    def thread_cpu(self, tid):
        """Processor seconds of a thread; to the nanosecond, unlike utime and stime."""
        path = Path(f"/proc/{self.pid}/task/{tid}/schedstat")
        return int(path.read_text().split()[0]) / 1e9

    def cpu(self):
        return sum(self.thread_cpu(tid) for tid in self.threads())

    def peak_memory(self):
        """Resident bytes at the peak."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        raise Broken("no VmHWM")


@contextlib.contextmanager
def held_sockets(count, directory, *kind):
    log = directory / "sockets.out"
    start = time.monotonic()
    with Child([BIN / "sockets", count, *kind], log, os.environ) as child:
        wait_until(lambda: "ready" in log.read_text() or child.check(), 300, "sockets open")
        print(f"# {count:,} sockets open after {time.monotonic() - start:.1f} s",
              flush=True)
        # Ended by the end of its stdin: that closes every socket before it returns.
        yield
        child.process.stdin.close()
        child.process.wait(120)


class Host:
    """An agent that answers SNMP on a port of loopback, in one process or two."""

    def __init__(self, name, port, table, start):
        self.name = name
        self.port = port
        self.table = table
        self.start = start
        self.children = []

    @property
    def data_process(self):
        """The process that has the rows."""
        return self.children[-1]

    def cpu(self):
        return sum(child.cpu() for child in self.children)

    def walker(self, *arguments, cpu=None, prepare=die_with_parent):
        """A client process; what it prints is one or more lines."""
        words = [str(BIN / "walker"), arguments[0], str(self.port)]
        words += [str(a) for a in arguments[1:]]
        if cpu is not None:
            words[:0] = ["taskset", "-c", str(cpu)]
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, preexec_fn=prepare)

    def ask(self, *arguments, cpu=None, prepare=die_with_parent):
        with self.walker(*arguments, cpu=cpu, prepare=prepare) as client:
            out, error = client.communicate()
        for child in self.children:
            child.check()
        if client.returncode:
            raise Broken(f"{self.name}: {error.strip()}: {self.data_process.last_words()}")
        return out

    def answers(self):
        with self.walker("next", self.table, 1, 0) as client:
            client.communicate()
        for child in self.children:
            child.check()
        return client.returncode == 0

    def place(self, cpus):
        for child in self.children:
            for tid in child.threads():
                os.sched_setaffinity(tid, cpus)


class Lab:
    """Makes hosts; everything they read and write is below one temporary directory."""

    def __init__(self, directory, rows, repetitions, subject=TCP):
        self.directory = directory
        self.rows = rows
        self.repetitions = repetitions
        self.subject = subject
        self.port = 1160
        self.ours = ()
        empty = directory / "empty"
        empty.mkdir(exist_ok=True)
        self.env = dict(os.environ, SNMPCONFPATH=str(empty), SNMP_PERSISTENT_DIR=str(empty),
                        MIBS="", MIBDIRS=str(empty))
        self.makers = {
            "snmpd": self.own,
            "snmpd -X": self.snmpd_x,
            "nothing": self.nothing,
            "agentx": self.agentx,
            "standalone": self.standalone,
            "plugin": self.plugin,
        }

    @contextlib.contextmanager
    def hosts(self, *names, asked=True, ours=()):
        """Starts them all, waits until each serves the table (or, not asked, leaves them
        alone for five seconds), yields them by name; ours are lines for netmib's
        configuration."""
        self.ours = ours
        with contextlib.ExitStack() as stack:
            hosts = {}
            for name in names:
                self.port += 1
                host = Host(name, self.port, self.subject.table,
                            stack.enter_context)
                self.makers[name](host)
                if asked:
                    wait_until(host.answers, 300, f"{name} answers")
                hosts[name] = host
            if not asked:
                time.sleep(5)
            yield hosts

    def file(self, host, suffix):
        return self.directory / f"{host.name.replace(' ', '')}-{host.port}{suffix}"

    def configuration(self, host, *lines):
        path = self.file(host, ".conf")
        common = ["rocommunity public", f"maxGetbulkResponses {self.repetitions}",
                  "dontLogTCPWrappersConnects yes"]
        path.write_text("\n".join([*common, *lines, ""]))
        return path

    def run(self, host, *arguments):
        log = self.file(host, f"-{len(host.children)}.log")
        host.children.append(host.start(Child(arguments, log, self.env)))

    def snmpd(self, host, off, *lines):
        self.run(host, "snmpd", "-f", "-Lo", "-C", "-c", self.configuration(host, *lines),
                 "-I", off, f"udp:127.0.0.1:{host.port}")

    def master(self, host):
        address = f"unix:{self.file(host, '.agentx')}"
        # A subagent of snmpd's own kind needs more than the usual second to read its table.
        self.snmpd(host, f"{OFF_ALWAYS},{self.subject.modules}", "master agentx",
                   f"agentXSocket {address}", "agentXTimeout 120")
        wait_until(self.file(host, ".agentx").exists, 10, "AgentX master listens")
        return address

    def own(self, host):
        self.snmpd(host, OFF_ALWAYS)

    def snmpd_x(self, host):
        address = self.master(host)
        nothing = self.directory / "empty.conf"
        nothing.touch()
        self.run(host, "snmpd", "-f", "-Lo", "-X", "-C", "-c", nothing,
                 "-I", self.subject.modules, "-x", address)

    def nothing(self, host):
        self.run(host, BIN / "nothing", self.master(host), self.rows,
                 *self.subject.nothing)

    def agentx(self, host):
        address = self.master(host)
        lines = self.file(host, "-netmibd.conf")
        lines.write_text("".join(f"{line}\n" for line in self.ours))
        self.run(host, NETMIBD, "-f", "-C", "-c", lines, "-x", address)

    def standalone(self, host):
        self.run(host, NETMIBD, "-f", "-C", "-c", self.configuration(host, *self.ours),
                 "-l", f"udp:127.0.0.1:{host.port}")

    def plugin(self, host):
        self.snmpd(host, f"{OFF_ALWAYS},{self.subject.modules}",
                   f"dlmod netmib {NETMIB_SO}", *self.ours)
