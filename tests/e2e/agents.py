#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The three hosts of netmib (standalone, AgentX, snmpd plugin) and the SNMP clients."""

import re
from collections import namedtuple

from harness import MIBDIR, NETMIB_SO, NETMIBD, run, wait_for
from oracle import TCP

PROGRAMS = ("snmpd", "snmpwalk", "snmpbulkwalk", "snmpget", "snmpgetnext", "snmpbulkget",
            "snmpset", "snmptable", "snmpnetstat")
STANDALONE, AGENTX, PLUGIN = "standalone", "agentx", "plugin"
PORTS = {STANDALONE: 1161, AGENTX: 1162, PLUGIN: 1163}
COMMUNITY = "rocommunity public\nrwcommunity private\n"
QUIET = "dontLogTCPWrappersConnects yes\n"     # no log line for every request
# snmpd's own TCP modules; smux is never wanted: it listens on a TCP port
TCP_MODULES = ("tcp", "tcpTable", "tcpConnectionTable", "tcpListenerTable")
SYS_UPTIME = (1, 3, 6, 1, 2, 1, 1, 3, 0)
READY = TCP + (17, 0)       # tcpHCInSegs.0: snmpd has none of its own

SNMPD_LOG = [
    r"^NET-SNMP version 5\.", r"^Turning on AgentX master support",
    r"^Received TERM or STOP signal\.\.\. +shutting down",
]
# A snmpd that has just started may take longer for its own tables than netmibd waits.
SUBAGENT_LOG = [r"^connected to the AgentX master at ",
                r"^no AgentX master at .* yet, trying again"]

Value = namedtuple("Value", "type text")
NONE = ("noSuchInstance", "noSuchObject", "endOfMibView")
_ABSENT = {
    "No Such Instance currently exists at this OID": NONE[0],
    "No Such Object available on this agent at this OID": NONE[1],
    "No more variables left in this MIB View (It is past the end of the MIB tree)": NONE[2],
}


def dotted(oid):
    return "." + ".".join(map(str, oid))


def undotted(text):
    return tuple(int(x) for x in text.strip(".").split("."))


def parse(text):
    """The varbinds in the output of a client run with -On: [(oid, Value)]."""
    found = []
    for line in text.splitlines():
        match = re.match(r"(\.[\d.]+) = (.*)", line)
        if not match:
            raise ValueError(f"not a varbind: {line}")
        absent = _ABSENT.get(match[2])
        kind, _, value = match[2].partition(": ")
        found.append((undotted(match[1]), Value(absent or kind, "" if absent else value)))
    return found


class Agent:
    """One SNMP agent under test and the processes it is made of."""

    def __init__(self, script, kind, port):
        self.script = script
        self.kind = kind
        self.address = f"udp:127.0.0.1:{port}"
        self.daemon = None      # netmibd, if it is part of this host
        self.snmpd = None

    def client(self, program, *args, version="2c", options=(), community="public",
               wait=None):
        """Runs a net-snmp client on this agent; the CompletedProcess.

        It asks twice, or once if it shall `wait` so many seconds.
        """
        patience = ("-t", str(wait), "-r", "0") if wait else ("-t", "5", "-r", "1")
        return self.script.run(program, f"-v{version}", "-c", community, *patience,
                               *options, self.address, *args)

    def _values(self, program, *args, **options):
        options["options"] = ("-On", "-Oe", *options.get("options", ()))
        done = self.client(program, *args, **options)
        if done.returncode != 0 or done.stderr:
            raise RuntimeError(f"{self.kind}: {program}: {done.stderr.strip()} "
                               f"{done.stdout.strip()[-300:]}")
        return parse(done.stdout)

    def walk(self, oid=TCP, program="snmpbulkwalk", **options):
        """{oid: Value} in the order of the walk; an OID that does not rise raises."""
        found = self._values(program, dotted(oid), **options)
        if len(found) == 1 and found[0][1].type in NONE:
            return {}
        oids = [x for x, _ in found]
        if oids != sorted(set(oids)):
            raise ValueError(f"{self.kind}: the OIDs of a walk of {oid} do not rise")
        return dict(found)

    def numbers(self, oid=TCP, **options):
        """A walk with its INTEGER, Counter and Gauge values as int."""
        return {x: as_number(y) for x, y in self.walk(oid, **options).items()}

    def get(self, *oids, program="snmpget", **options):
        """[(oid, Value)] of one GET, or GETNEXT with program="snmpgetnext"."""
        return self._values(program, *map(dotted, oids), **options)

    def value(self, oid, **options):
        return as_number(self.get(oid, **options)[0][1])

    def answers(self):
        """True when the agent serves what only netmib has."""
        done = self.client("snmpget", dotted(READY), options=("-On",), wait=1)
        return "Counter64" in done.stdout

    def dead(self):
        return [x for x in (self.daemon, self.snmpd) if x and not x.running()]

    def wait_master(self):
        """Until snmpd itself answers: then it listens for subagents, too."""
        wait_for(lambda: "Timeticks" in self.client(
            "snmpget", dotted(SYS_UPTIME), options=("-On",), wait=1).stdout)

    def wait_ready(self, timeout=15.0):
        if not wait_for(lambda: self.dead() or self.answers(), timeout) or self.dead():
            raise RuntimeError(f"{self.kind}: does not serve the TCP-MIB")
        return self


def as_number(value):
    """An int for the numeric types; the text of any other."""
    if value.type in ("INTEGER", "Counter32", "Gauge32", "Counter64"):
        return int(value.text)
    return value.text or value.type


def sanitizer():
    """What snmpd needs in its environment to load a plugin built with sanitizers."""
    found = re.search(r"=> (\S+/lib[at]san\.so\S*)", run("ldd", NETMIB_SO).stdout)
    # the leaks of snmpd itself are its own business
    return {"LD_PRELOAD": found[1], "ASAN_OPTIONS": "detect_leaks=0"} if found else {}


def library_leaks(script):
    """The environment of a netmibd whose master dies: net-snmp leaks an address then, which
    a build with sanitizers tells."""
    leaks = script.write("leaks.txt", "leak:libnetsnmp.so\n")
    return {"LSAN_OPTIONS": f"suppressions={leaks}:print_suppressions=0"}


def start_snmpd(script, name, port, config, without=(), allowed=(), env=()):
    """A snmpd that reads nothing but `config`, less the modules in `without`."""
    file = script.write(f"{name}.conf", COMMUNITY + QUIET + config)
    return script.start(name, ["snmpd", "-f", "-Lo", "-C", "-c", file, "-I",
                               ",".join(("-smux", *without)), f"udp:127.0.0.1:{port}"],
                        allowed=SNMPD_LOG + list(allowed), env=env)


def start_netmibd(script, name, config="", args=(), allowed=(), **options):
    file = script.write(f"{name}.conf", config)
    usual = SUBAGENT_LOG if "-x" in args else []
    return script.start(name, [NETMIBD, "-f", "-C", "-c", file, *args],
                        allowed=usual + list(allowed), **options)


def start_standalone(script, config="", name="standalone", port=PORTS[STANDALONE], args=(),
                     **options):
    agent = Agent(script, STANDALONE, port)
    agent.daemon = start_netmibd(script, name, COMMUNITY + QUIET + config,
                                 ("-l", f"udp:127.0.0.1:{port}", *args), **options)
    return agent


def start_master(script, socket, name="master", port=PORTS[AGENTX], config="", **options):
    """The AgentX master alone."""
    return start_snmpd(script, name, port,
                       f"master agentx\nagentXSocket {socket}\n{config}", **options)


def start_agentx(script, config="", without=TCP_MODULES, master="", **options):
    """A netmibd with this configuration at a snmpd with that of `master`."""
    agent = Agent(script, AGENTX, PORTS[AGENTX])
    socket = script.path("agentx")
    agent.snmpd = start_master(script, socket, config=master, without=without)
    agent.wait_master()
    agent.daemon = start_netmibd(script, "subagent", config, ("-x", socket),
                                 **{"env": library_leaks(script), **options})
    return agent


def start_plugin(script, config="", without=TCP_MODULES, allowed=()):
    agent = Agent(script, PLUGIN, PORTS[PLUGIN])
    agent.snmpd = start_snmpd(script, "plugin", PORTS[PLUGIN],
                              f"dlmod netmib {NETMIB_SO}\n{config}", without, allowed,
                              sanitizer())
    return agent


def start_all(script, config="", without=TCP_MODULES):
    """All three hosts side by side, ready; snmpd is `without` these modules."""
    agents = [start_standalone(script, config), start_agentx(script, config, without),
              start_plugin(script, config, without)]
    return [agent.wait_ready() for agent in agents]


def printed(script, *names, **options):
    """What `netmibd -p` prints, as {oid: number or text}."""
    done = script.run(NETMIBD, "-p", *names, **options)
    if done.returncode != 0:
        raise RuntimeError(f"netmibd -p: {done.returncode}: {done.stderr}")
    return {oid: as_number(value) for oid, value in parse(done.stdout)}


def with_mibs():
    """Options for a client that shall read the project's MIB modules."""
    return ("-M", MIBDIR, "-m", "TCP-MIB")
