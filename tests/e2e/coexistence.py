#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""netmib beside a stock snmpd: whose rows win, and what a master may do to it."""

import signal
import socket
import subprocess
import time

import agents
import fakemaster
import oracle
import peer
from harness import NETMIBD, test_main, wait_for

MIB_2 = (1, 3, 6, 1, 2, 1)
GROUPS = (2, 4, 5, 6, 7, 31)
MANY = 600              # connections of a walk that is cut in the middle
BACK_WITHIN = 4.0       # seconds from a master that answers until netmib's rows are back
STOP_WITHIN = 2.0
LOST = r"^(lost|no answer from) the AgentX master"
CONNECTED = r"^connected to the AgentX master"


class World:
    """Listeners, a connection of each state, and many plain ones."""

    def __init__(self):
        self.player = peer.Peer()
        self.dual = self.listener(0)
        self.only6 = self.listener(1)
        for kind in peer.KINDS:
            self.player.established(kind)
        server = socket.create_server(("127.0.0.1", 0), backlog=MANY)
        self.kept = [server]
        for _ in range(MANY // 2):
            self.kept.append(socket.create_connection(server.getsockname()))
            self.kept.append(server.accept()[0])

    def listener(self, only6):
        sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only6)
        sock.bind(("::", 0))
        sock.listen(5)
        return sock


def is_whole(agent, strict=False):
    """True when the three tables are what ss says."""
    rows, look = agent.numbers(), oracle.Look()
    return (set(oracle.connection_rows(rows)) == set(look.connections(strict))
            and set(oracle.listener_rows(rows)) == look.listeners(strict)
            and oracle.column(oracle.conn_rows(rows), 1) == look.conn_table())


def check_rows_win(tap, host, world):
    """snmpd's own modules are on, and nothing of them is seen."""
    tap.ok(wait_for(lambda: is_whole(host), 8, 0.3),
           f"{host.kind}: beside snmpd's own modules the tables are netmib's")
    any6 = (oracle.IPV6, 16) + (0,) * 16
    port = world.dual.getsockname()[1]
    theirs = oracle.LISTENER_TABLE + (1, 4) + any6 + (port,)
    ours = oracle.LISTENER_TABLE + (1, 4, 0, 0, port)
    listing = host.walk(oracle.LISTENER_TABLE)
    tap.ok(theirs not in listing and ours in listing,
           f"{host.kind}: a dual-stack listener has netmib's row alone")
    tap.ok(host.value(agents.READY) > 0, f"{host.kind}: tcpHCInSegs, which snmpd has not")


def check_duplicate(script, agent, oids):
    """A second netmibd at one master is told that it is one too many, and says so."""
    tap = script.tap
    agent.snmpd.allow(r"^duplicate registration: MIB modules AgentX subagent")
    second = agents.start_netmibd(script, "second", "", ("-x", script.path("agentx")),
                                  allowed=[r"duplicateRegistration.*netmibServe"])
    for oid in oids:
        wanted = rf"[.]3[.]6[.]1[.]2[.]1[.]{oid} .*duplicateRegistration.*netmibServe"
        wait_for(lambda wanted=wanted: second.lines(wanted), 5)
        tap.equal(len(second.lines(wanted)), 1,
                  f"a second netmibd has one line on .{oid}, and what to do about it")
    tap.ok(second.stop() < STOP_WITHIN, "a second netmibd ends at once")


def master_of(script, agent, **options):
    """(Re)starts the master of an AgentX agent and waits until snmpd itself answers."""
    agent.snmpd = agents.start_master(script, script.path("agentx"), **options)
    agent.wait_master()


def check_back(tap, agent, begin, what):
    """netmib's rows are back soon."""
    back = wait_for(agent.answers, 20)
    took = time.monotonic() - begin
    tap.note(f"{what}: served again {took:.2f} s after the master answered")
    tap.ok(back and took < BACK_WITHIN, f"{what}: netmib serves again within "
           f"{BACK_WITHIN:.0f} s", took)
    tap.ok(wait_for(lambda: is_whole(agent), 8, 0.3), f"{what}: and its rows are right")


def check_quiet(tap, agent, what, count=1):
    """One line for each time lost, one for each time back, after the first connection."""
    wait_for(lambda: len(agent.daemon.lines(CONNECTED)) > count, 3)
    lost, back = agent.daemon.lines(LOST), agent.daemon.lines(CONNECTED)
    tap.ok(len(lost) == count and len(back) == count + 1,
           f"{what}: one log line when the master is lost and one when it is back",
           agent.daemon.log())


def check_restart(script, agent):
    agent.daemon.allow(LOST)
    agent.snmpd.stop()
    master_of(script, agent, name="master2")
    check_back(script.tap, agent, time.monotonic(), "master restarted")
    check_quiet(script.tap, agent, "master restarted")


def check_death_in_walk(script, agent):
    """The master is killed while a walk of hundreds of rows goes on."""
    walk = subprocess.Popen(
        ["snmpwalk", "-v2c", "-c", "public", "-t", "1", "-r", "0", "-On", agent.address,
         agents.dotted(oracle.CONNECTION_TABLE)],
        env=script.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    walk.stdout.readline()
    agent.snmpd.kill()
    walk.stdout.read()
    walk.wait(10)
    master_of(script, agent, name="master3")
    check_back(script.tap, agent, time.monotonic(), "master died in a walk")
    check_quiet(script.tap, agent, "master died in a walk", 2)


def check_frozen(script, agent):
    """The master stands still for three seconds and goes on."""
    agent.snmpd.send(signal.SIGSTOP)
    done = agent.client("snmpget", agents.dotted(agents.READY), wait=3)
    agent.snmpd.send(signal.SIGCONT)
    script.tap.ok("Timeout" in done.stderr, "master stopped: nobody answers")
    check_back(script.tap, agent, time.monotonic(), "master stopped for 3 s")


def check_stop(script, agent):
    """Signals end netmibd at once, even when its master stands still."""
    tap = script.tap
    socket_path = script.path("agentx")
    took = agent.daemon.stop(signal.SIGTERM)
    tap.ok(took < STOP_WITHIN, "SIGTERM ends netmibd", took)
    for number in (signal.SIGINT, signal.SIGTERM):
        name = signal.Signals(number).name
        agent.daemon = agents.start_netmibd(script, f"to-{name}", "", ("-x", socket_path))
        agent.wait_ready()
        agent.snmpd.send(signal.SIGSTOP)
        took = agent.daemon.stop(number)
        tap.ok(took < STOP_WITHIN, f"{name} ends netmibd while its master hangs", took)
        agent.snmpd.send(signal.SIGCONT)
        agent.wait_master()


def check_together(script):
    """A netmibd and its master are ended at the same moment, as when a host goes down."""
    for turn in range(4):
        agent = agents.Agent(script, agents.AGENTX, 1190 + turn)
        path = script.path(f"together{turn}")
        agent.snmpd = agents.start_master(script, path, f"ending{turn}", 1190 + turn)
        agent.wait_master()
        agent.daemon = agents.start_netmibd(script, f"with-it{turn}", "", ("-x", path),
                                            allowed=[LOST],
                                            env=agents.library_leaks(script))
        agent.wait_ready()
        both = [agent.daemon, agent.snmpd][::1 if turn % 2 else -1]
        for process in both:
            process.send(signal.SIGTERM)
        for process in both:
            process.end()
        script.tap.ok(not agent.daemon.problems, f"both end at once, turn {turn}: netmibd "
                      "ends well and quietly", *agent.daemon.problems)


def served(agent):
    """The scalars and columns that walks of what both serve meet."""
    return {oid[:10] for group in GROUPS for oid in agent.walk(MIB_2 + (group,))}


def check_left(script, agent):
    """What snmpd served before netmibd came it serves when netmibd has gone."""
    left = served(agent)
    agent.snmpd.stop()
    master_of(script, agent, name="alone")
    script.tap.equal(left, served(agent), "netmibd has gone: snmpd serves its own anew")


def check_before(script, agent):
    """netmibd is there before its master."""
    agent.snmpd.stop()
    agent.daemon = agents.start_netmibd(script, "early", "",
                                        ("-x", script.path("agentx")))
    tried = wait_for(lambda: agent.daemon.lines() or not agent.daemon.running(), 3)
    script.tap.ok(agent.daemon.running() and tried,
                  "netmibd waits for a master that is not there, and says so",
                  agent.daemon.log())
    master_of(script, agent, name="master4")
    check_back(script.tap, agent, time.monotonic(), "netmibd started before snmpd")
    agent.daemon.stop()
    check_left(script, agent)


def check_reload(script, host, config_name):
    """SIGHUP: a bad line changes nothing, a good one does."""
    tap = script.tap
    process = host.daemon or host.snmpd
    path = script.path(config_name)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    process.allow(r"netmibInetAddress.*(strict|compatible)", r"netmibInetAddress",
                  r"^Reconfiguring daemon",
                  r"^reading the configuration again", r"^configuration not changed",
                  r"^duplicate registration: MIB modules ipAddressTable and ipAddressTable")
    script.write(config_name, text + "netmibInetAddress sideways\n")
    process.send(signal.SIGHUP)
    told = wait_for(lambda: process.lines("sideways|netmibInetAddress"), 5)
    tap.ok(told, f"{host.kind}: SIGHUP with a bad line is told", process.log())
    tap.ok(wait_for(lambda: host.answers() and is_whole(host), 8, 0.3),
           f"{host.kind}: and changes nothing", process.log())
    script.write(config_name, text + "netmibInetAddress strict\n")
    process.send(signal.SIGHUP)
    tap.ok(wait_for(lambda: host.answers() and is_whole(host, True), 8, 0.3),
           f"{host.kind}: SIGHUP with netmibInetAddress strict changes the rows",
           process.log())
    script.write(config_name, text)
    process.send(signal.SIGHUP)
    tap.ok(wait_for(lambda: host.answers() and is_whole(host), 8, 0.3),
           f"{host.kind}: SIGHUP without it changes them back", process.log())


class Ordeal:
    """One netmibd at one master that misbehaves, and then at a good one."""

    def __init__(self, script, number, behaviour):
        self.name = behaviour.__name__
        self.path = script.path(self.name)
        self.fake = fakemaster.FakeMaster(self.path, behaviour)
        self.agent = agents.Agent(script, self.name, 1170 + number)
        self.agent.daemon = agents.start_netmibd(
            script, f"at-{self.name}", "", ("-x", self.path), allowed=[r""],
            env=agents.library_leaks(script))

    def replace(self, script, number):
        self.fake.close()
        self.agent.snmpd = agents.start_master(script, self.path, f"good-{self.name}",
                                               1170 + number, without=agents.TCP_MODULES)


def check_ordeals(script):
    """Masters that close, hang or send rubbish cost nothing but a reconnect."""
    tap = script.tap
    ordeals = [Ordeal(script, *x) for x in enumerate(fakemaster.BEHAVIOURS)]
    for ordeal in ordeals:
        tap.ok(wait_for(lambda ordeal=ordeal: ordeal.fake.met, 5),
               f"fake master, {ordeal.name}: netmibd connects")
    wait_for(lambda: sum(x.fake.met for x in ordeals) > 2 * len(ordeals), 4)
    for number, ordeal in enumerate(ordeals):
        ordeal.replace(script, number)
    for ordeal in ordeals:
        tap.ok(wait_for(lambda ordeal=ordeal: ordeal.agent.dead()
                        or ordeal.agent.answers(), 20) and not ordeal.agent.dead(),
               f"fake master, {ordeal.name}: netmibd serves at a good one later",
               ordeal.agent.daemon.log())
        lines = ordeal.agent.daemon.lines()
        tap.ok(len(lines) <= 8, f"fake master, {ordeal.name}: a short log", *lines)
    for ordeal in ordeals:
        ordeal.agent.daemon.stop()
        ordeal.agent.snmpd.stop()


def check_stop_while_connecting(script):
    """Signals end netmibd also in the middle of opening and registering."""
    for behaviour in (fakemaster.say_nothing, fakemaster.answer_then_nothing):
        path = script.path(f"stop-{behaviour.__name__}")
        fake = fakemaster.FakeMaster(path, behaviour)
        daemon = agents.start_netmibd(script, f"stopped-{behaviour.__name__}", "",
                                      ("-x", path), allowed=[r""])
        wait_for(lambda fake=fake: fake.met, 5)
        took = daemon.stop()
        script.tap.ok(took < STOP_WITHIN, f"fake master, {behaviour.__name__}: "
                      "SIGTERM ends netmibd at once", took)
        fake.close()


def main(script):
    tap = script.tap
    tap.note(f"netmibd is {NETMIBD}")
    world = World()
    hosts = agents.start_all(script, without=())
    for host in hosts[1:]:
        check_rows_win(tap, host, world)
    for host, name in zip(hosts, ("standalone.conf", "subagent.conf", "plugin.conf")):
        check_reload(script, host, name)
    hosts[0].daemon.stop()
    agent = hosts[1]
    check_duplicate(script, agent, ("6", "6.13", "6.19", "6.20"))
    check_restart(script, agent)
    check_death_in_walk(script, agent)
    check_frozen(script, agent)
    check_stop(script, agent)
    check_before(script, agent)
    check_together(script)
    check_stop_while_connecting(script)
    check_ordeals(script)


if __name__ == "__main__":
    test_main(main, agents.PROGRAMS, (peer.need_tun,))
