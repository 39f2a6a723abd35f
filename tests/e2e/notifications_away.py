#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""linkUp and linkDown while there is nobody to send them to, and in a snmpd that forks."""

import os
import re
import signal

import agents
import commandline
import fakemaster
import trapd
from harness import NETMIBD, NETMIB_SO, run, test_main, wait_for
from trapd import IF_ENTRY, Trapd, came_up, make, same, set_up, sink_line, went_down

SINK_PORT = 2162
KEPT = 256                  # notices that are kept while there is no master
DEVICES, BURST = 30, 10     # each may be told of so often in a row
BACK = 20.0                 # seconds until a new master has been told everything
MODULES = agents.TCP_MODULES + ("ifTable", "ifXTable")
LOG = [r"^(lost|no answer from) the AgentX master", r"^no AgentX master at .* trying again",
       r"^dropped \d+ linkUp and linkDown, the oldest"]
REFUSED = 5                 # genErr
STOP = 5.0                  # seconds a snmpd may take to end


class Place:
    """A netmibd, the place of its master, and a snmptrapd behind that."""

    def __init__(self, script, name, port, sink):
        self.script, self.name, self.port, self.sink = script, name, port, sink
        self.socket = script.path(name)
        self.masters = 0
        self.agent = agents.Agent(script, name, port)

    def start_daemon(self):
        self.agent.daemon = agents.start_netmibd(self.script, f"at-{self.name}", "",
                                                 ("-x", self.socket), LOG,
                                                 env=agents.library_leaks(self.script))

    def start_master(self):
        self.masters += 1
        self.agent.snmpd = agents.start_master(
            self.script, self.socket, f"{self.name}{self.masters}", self.port,
            sink_line(self.sink), without=MODULES)

    def has_unread(self):
        """Whether there is something for the master to read."""
        lines = run("ss", "-Hxn", "src", self.socket).stdout.splitlines()
        return any(x.split()[1] == "ESTAB" and int(x.split()[2]) > 0 for x in lines)

    def told(self, want, what, good=None):
        """The sink was told exactly this since the last call, or what is good(got, want).
        Returns what it was told."""
        sink = self.sink
        there = wait_for(lambda: len(sink.arrivals) - sink.taken >= len(want), BACK)
        (name, mark), = devices(f"{self.name}{sink.taken}mark", 1)
        set_up(name, True)
        got = sink.take(mark, {mark})
        same(self.script.tap, what, got, got if good and good(got, want) else want)
        self.script.tap.ok(there and not sink.strange, f"{what}: by themselves, and nothing "
                           "odd", there, *sink.strange)
        return got


def devices(name, count=DEVICES):
    """New devices that are up at once when they are set up; [(name, ifIndex)]."""
    names = [f"{name}{x}" for x in range(count)]
    return list(zip(names, make("ifb", *names)))


def change(pairs, ups):
    """Sets them all up, or down, one after the other, for each of `ups`; what that makes
    due."""
    due = []
    for up in ups:
        for name, ifindex in pairs:
            set_up(name, up)
            due.append(came_up(ifindex) if up else went_down(ifindex))
    return due


def check_early(place):
    """No master yet."""
    daemon = place.agent.daemon
    wait_for(lambda: daemon.lines("^no AgentX master"))
    due = change(devices("early", 3), (True, False, True))
    place.start_master()
    place.told(due, "no master at the start: kept until there is one")


def check_restarted(place):
    """The master is stopped and started."""
    pairs = devices("again", 3)
    for lost in range(2):
        place.agent.snmpd.stop()
        wait_for(lambda lost=lost: len(place.agent.daemon.lines("^lost")) > lost)
        due = change(pairs, (True, False))
        place.start_master()
        place.told(due, "snmpd stopped and started: what was meanwhile arrives, in order")


def check_killed_frozen(place):
    """The master hangs with a notification before it, and is killed."""
    pairs = devices("frozen", 4)
    place.agent.snmpd.send(signal.SIGSTOP)
    due = change(pairs, (True, False))
    wait_for(place.has_unread)
    place.agent.snmpd.kill()
    due += change(pairs, (True,))
    place.start_master()
    place.told(due, "snmpd hung and was killed: none is lost")


def is_but_for_a_double(got, want):
    """Whether these are the same, but for one that came twice in a row."""
    twice = [i for i in range(1, len(got)) if got[i] == got[i - 1]]
    return got == want or (len(twice) == 1
                           and got[:twice[0]] + got[twice[0] + 1:] == want)


def check_killed(place):
    """The master is killed in the middle of it."""
    pairs = devices("killed", 20)
    begin = len(place.sink.arrivals)
    due = change(pairs, (True, False))
    wait_for(lambda: len(place.sink.arrivals) > begin + 3, interval=0.001)
    place.agent.snmpd.kill()
    there = len(place.sink.arrivals) - begin
    due += change(pairs, (True, False))
    place.start_master()
    got = place.told(due, "snmpd killed: none is lost, one at most comes twice",
                     is_but_for_a_double)
    place.script.tap.note(f"{there} of {len(due)} before it was killed, "
                          f"{len(got) - len(due)} twice")


def check_many(place):
    """More than are kept."""
    daemon, pairs = place.agent.daemon, devices("many")
    lost = len(daemon.lines("^lost"))
    place.agent.snmpd.stop()
    wait_for(lambda: len(daemon.lines("^lost")) > lost)
    due = change(pairs, (True, False) * (BURST // 2))
    place.start_master()
    place.told(due[-KEPT:], f"{len(due)} without a master: the newest {KEPT} arrive")
    wait_for(lambda: daemon.lines("^dropped"))
    place.script.tap.equal([x.split()[1] for x in daemon.lines("^dropped")],
                           [str(len(due) - KEPT)], "the log says how many were dropped")


def check_silent_master(script, sink):
    """A master that never answers a notification holds up nothing else."""
    tap, place = script.tap, Place(script, "silent", 1172, sink)
    behaviour = fakemaster.Notified()
    fake = fakemaster.FakeMaster(place.socket, behaviour)
    place.start_daemon()
    wait_for(lambda: place.agent.daemon.lines("^connected"))
    (name, ifindex), = pairs = devices("silent", 1)
    due = change(pairs, (True,))
    wait_for(lambda: behaviour.notifications)
    want = [trapd.TRAP_OID] + [IF_ENTRY + (x, ifindex) for x in trapd.COLUMNS]
    tap.equal([[x for x, _ in y] for y in behaviour.notifications], [want],
              "a master that is silent on a notification gets one")
    for up in (False, True, False):
        due += change(pairs, (up,))
        oper = trapd.UP if up else trapd.DOWN
        got = wait_for(lambda oper=oper: behaviour.get(IF_ENTRY + (8, ifindex)) == oper, 5)
        tap.ok(got, f"it asks meanwhile, and is told that {name} is "
               f"{'up' if up else 'down'}")
    tap.equal(len(behaviour.notifications), 1, "and gets no second one meanwhile")
    fake.close()
    place.start_master()
    place.told(due, "a good master in its place gets all of them, once")
    place.agent.daemon.stop()
    place.agent.snmpd.stop()


def check_refusing_master(script):
    """A master that refuses one gets the next one."""
    tap, path = script.tap, script.path("refusing")
    behaviour = fakemaster.Notified(REFUSED)
    fake = fakemaster.FakeMaster(path, behaviour)
    daemon = agents.start_netmibd(
        script, "at-refusing", "", ("-x", path),
        [*LOG, rf"^the AgentX master refused a notification: error {REFUSED}$"])
    wait_for(lambda: daemon.lines("^connected"))
    change(devices("refused", 1), (True, False))
    wait_for(lambda: len(daemon.lines("refused a notification")) >= 2)
    got = [dict(x)[trapd.TRAP_OID] for x in behaviour.notifications]
    tap.equal([trapd.LINK_TRAPS[x] for x in got], [True, False],
              "a master that refuses notifications gets each of them once")
    tap.equal(len(daemon.lines("refused a notification")), 2, "and the log says so")
    daemon.stop()
    fake.close()


def read_pid(path):
    try:
        with open(path, encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):
        return 0


def is_there(pid):
    return os.path.exists(f"/proc/{pid}")


def end(pid):
    if is_there(pid):
        os.kill(pid, signal.SIGKILL)


def check_forked_plugin(script, sink):
    """A snmpd without -f goes into the background after it has loaded the plugin."""
    tap, port = script.tap, agents.PORTS[agents.PLUGIN]
    pidfile, log = script.path("forked.pid"), script.path("forked.log")
    config = script.write("forked.conf", agents.COMMUNITY + agents.QUIET
                          + f"dlmod netmib {NETMIB_SO}\n{sink_line(sink)}")
    env = {**script.env, **agents.sanitizer(),
           "SNMP_PERSISTENT_DIR": script.persistent("forked")}
    done = run("snmpd", "-Lf", log, "-C", "-c", config, "-p", pidfile, "-I",
               ",".join(("-smux", *MODULES)), f"udp:127.0.0.1:{port}", check=False, env=env)
    tap.ok(done.returncode == 0 and not done.stdout + done.stderr,
           "snmpd without -f starts", done.returncode, done.stdout, done.stderr)
    pid = wait_for(lambda: read_pid(pidfile))
    script.closers.append(lambda: end(pid))
    agent = agents.Agent(script, agents.PLUGIN, port)
    tap.ok(wait_for(agent.answers, BACK), "snmpd without -f serves the plugin's tables")
    marks, pairs = trapd.Marks([sink]), devices("forked", 2)
    marks.collect()
    for what in ("without -f", "without -f, after SIGHUP"):
        due = change(pairs, (True, False))
        same(tap, f"snmpd {what}: linkUp and linkDown, once each", marks.collect()[0], due)
        wait_for(lambda: agent.value(IF_ENTRY + (8, pairs[0][1])) == trapd.DOWN, 5)
        tap.equal(agent.value(IF_ENTRY + (8, pairs[0][1])), trapd.DOWN,
                  f"snmpd {what}: a GET answers")
        os.kill(pid, signal.SIGHUP)
        wait_for(lambda: agent.answers() and "restarted" in read(log))
        marks.collect()
    os.kill(pid, signal.SIGTERM)
    # with the thread sanitizer snmpd hears the signal when a request comes
    tap.ok(wait_for(lambda: not (is_there(pid) and agent.answers()), STOP)
           and wait_for(lambda: not is_there(pid), STOP), "SIGTERM ends it")
    allowed = agents.SNMPD_LOG + [r"^Reconfiguring daemon", r"^$",
                                  r"^duplicate registration: MIB modules ipAddressTable"]
    tap.equal([x for x in read(log).splitlines()
               if not any(re.search(y, x) for y in allowed)], [],
              "its log says nothing odd")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def check_forked_daemon(script, sink):
    """netmibd without -f."""
    tap, listen = script.tap, f"udp:127.0.0.1:{commandline.PORT}"
    script.closers.append(lambda: commandline.end(commandline.daemons()))
    config = script.write("background.conf", agents.COMMUNITY + sink_line(sink))
    done = script.run(NETMIBD, "-C", "-c", config, "-l", listen)
    tap.equal(done.returncode, 0, "netmibd without -f starts")
    agents.Agent(script, "background", commandline.PORT).wait_ready()
    marks = trapd.Marks([sink])
    marks.collect()
    due = change(devices("back", 2), (True, False))
    same(tap, "netmibd without -f: linkUp and linkDown, once each", marks.collect()[0], due)
    for pid in commandline.daemons():
        os.kill(pid, signal.SIGTERM)
    tap.ok(wait_for(lambda: not commandline.daemons(), STOP), "SIGTERM ends it")


def main(script):
    place = Place(script, "place", agents.PORTS[agents.AGENTX],
                  Trapd(script, "trapd", SINK_PORT))
    place.start_daemon()
    for check in (check_early, check_restarted, check_killed_frozen, check_killed,
                  check_many):
        check(place)
    place.agent.daemon.stop()
    check_silent_master(script, Trapd(script, "trapd-silent", SINK_PORT + 1))
    check_refusing_master(script)
    check_forked_plugin(script, Trapd(script, "trapd-forked", SINK_PORT + 2))
    check_forked_daemon(script, Trapd(script, "trapd-back", SINK_PORT + 3))


if __name__ == "__main__":
    test_main(main, (*agents.PROGRAMS, "snmptrapd"))
