#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The process columns are what `ss -p` says, however many sockets there are."""

import os
import signal
import socket
import sys
import traceback

import agents
import oracle
import peer
from harness import die_with_parent, difference, test_main, wait_for
from oracle import Look

WORKERS, PAIRS = 4, 250     # each pair is two sockets: 2,000 in all
ONE4 = b"\x7f\0\0\1"
WITHOUT_PORT = 1164
HANDOVER = 70               # seconds; what is known of a socket is verified once a minute


class Worker:
    """A child process that runs prepare() and then holds what it opened until stopped."""

    def __init__(self, prepare):
        ready, told = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            self._child(prepare, told)
        os.close(told)
        with os.fdopen(ready, "rb") as pipe:
            if pipe.read(5) != b"ready":
                raise RuntimeError("a worker failed")

    def _child(self, prepare, told):
        try:
            die_with_parent()
            signal.alarm(0)
            kept = prepare()
            os.write(told, b"ready")
            os.close(told)
            while kept is not told:
                signal.pause()
        except BaseException:       # pylint: disable=broad-except
            print(traceback.format_exc(), file=sys.stderr)
        os._exit(1)

    def stop(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0


def listener(reuse=None):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if reuse is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind(("127.0.0.1", reuse or 0))
    sock.listen(PAIRS)
    return sock


def pairs():
    """Connections of a process with itself."""
    here = listener()
    kept = [here]
    for _ in range(PAIRS):
        kept.append(socket.create_connection(here.getsockname()))
        kept.append(here.accept()[0])
    return kept


class World:
    """Processes with sockets of their own, shared ones, and sockets of nobody."""

    def __init__(self):
        self.many = [Worker(pairs) for _ in range(WORKERS)]
        self.group = [Worker(lambda: listener(7100)) for _ in range(3)]
        shared = listener()
        self.shared_port = shared.getsockname()[1]
        self.sharers = sorted((Worker(lambda: shared) for _ in range(2)),
                              key=lambda x: x.pid)
        shared.close()
        self.player = peer.Peer()

    def ownerless(self):
        """New sockets that belong to no process, by name."""
        kind = peer.KINDS[0]
        return {"TIME_WAIT": self.player.time_wait(kind),
                "SYN_RECV": self.player.syn_recv(kind),
                "a connection nobody accepted": self.player.not_accepted(kind),
                "FIN_WAIT1 after close()": self.player.fin_wait1(kind, orphan=True)}

    def close(self):
        for worker in self.many + self.group + self.sharers:
            worker.stop()
        self.player.close()


def connection_processes(walk):
    return oracle.column(oracle.connection_rows(walk(oracle.CONNECTION_TABLE + (1, 8))), 8)


def listener_processes(walk):
    return oracle.column(oracle.listener_rows(walk(oracle.LISTENER_TABLE + (1, 4))), 4)


def check_column(tap, name, read, want):
    good = wait_for(lambda: read() == want, 15, 0.3)
    tap.ok(good, name, *([] if good else difference(read(), want)))


def check_reader(tap, name, walk, world):
    ownerless = world.ownerless()
    look = Look(True)
    check_column(tap, f"{name}: tcpListenerProcess is the lowest pid of ss -p",
                 lambda: listener_processes(walk), look.listener_processes())
    check_column(tap, f"{name}: tcpConnectionProcess is what ss -p says of "
                 f"{2 * WORKERS * PAIRS} sockets",
                 lambda: connection_processes(walk), look.processes())
    rows = connection_processes(walk)
    near = peer.on_wire(peer.KINDS[0].near).packed
    far = peer.on_wire(peer.KINDS[0].far).packed
    for what, flow in ownerless.items():
        key = (oracle.IPV4, near, flow.near_port, oracle.IPV4, far, flow.far_port)
        tap.equal(rows.get(key), 0, f"{name}: {what} has process 0")
    tap.equal(listener_processes(walk).get((oracle.IPV4, ONE4, 7100)),
              min(x.pid for x in world.group),
              f"{name}: a SO_REUSEPORT group shows its lowest process")


def shared_instance(world):
    return oracle.LISTENER_TABLE + (1, 4, oracle.IPV4, 4, *ONE4, world.shared_port)


def check_shared(tap, hosts, world):
    """When the lowest of two processes ends, the other is shown, within a bounded time."""
    low, high = world.sharers
    oid = shared_instance(world)
    for host in hosts:
        tap.equal(host.value(oid), low.pid,
                  f"{host.kind}: a shared socket shows its lowest process")
    low_pid = low.pid
    low.stop()
    for host in hosts:
        tap.ok(wait_for(lambda host=host: host.value(oid) == high.pid, HANDOVER, 0.3),
               f"{host.kind}: and the other process when that has ended",
               f"shows {host.value(oid)}, had {low_pid}, want {high.pid}")


def check_columns_off(tap, agent):
    tap.equal(set(connection_processes(agent.numbers).values()), {0},
              "netmibProcesses no: tcpConnectionProcess is 0 in every row")
    tap.equal(set(listener_processes(agent.numbers).values()), {0},
              "netmibProcesses no: tcpListenerProcess is 0 in every row")
    tap.equal(set(connection_processes(agent.numbers)), set(Look().connections()),
              "netmibProcesses no: and every row is there")


def main(script):
    tap = script.tap
    world = World()
    script.closers.append(world.close)
    tap.ok(len(Look().connections()) >= 2 * WORKERS * PAIRS, "they are open")
    hosts = agents.start_all(script, "netmibMaxAge processes 1\n")
    without = agents.start_standalone(script, "netmibProcesses no\n", "without",
                                      WITHOUT_PORT).wait_ready()
    for host in hosts:
        check_reader(tap, host.kind, host.numbers, world)
    check_reader(tap, "netmibd -p", lambda oid: {
        x: y for x, y in agents.printed(script, "tcp").items()
        if x[:len(oid)] == oid}, world)
    check_columns_off(tap, without)
    check_shared(tap, hosts, world)


if __name__ == "__main__":
    test_main(main, agents.PROGRAMS, (peer.need_tun,))
