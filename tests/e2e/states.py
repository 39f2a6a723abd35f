#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Every TCP state, made for real, is the same in ss and in the tables of each host."""

import agents
import oracle
import peer
from harness import difference, test_main, wait_for
from oracle import Look


def check_made(tap, made):
    """ss itself must see what the peer made, else the rest proves nothing."""
    seen = Look().states()
    for wanted in dict.fromkeys(state for state, _ in made):
        wrong = [(x.kind.name, seen.get((x.near_port, x.far_port))) for state, x in made
                 if state == wanted and seen.get((x.near_port, x.far_port)) != wanted]
        tap.ok(not wrong, f"the kernel has {wanted} with every kind of address", wrong)


def check_equal(tap, read, want, name):
    """Polls until read() is what want() says: the agent may be two seconds behind."""
    good = wait_for(lambda: read() == want(), 8, 0.2)
    tap.ok(good, name, *([] if good else difference(read(), want())))


def check_reader(tap, name, walk, player, bound_port):
    """One source of walks against the oracle, table by table and state by state."""
    for kind in peer.KINDS:
        player.time_wait(kind)      # the earlier ones may be gone, after a minute
    def connections():
        return oracle.column(oracle.connection_rows(walk(oracle.CONNECTION_TABLE)), 7)

    check_equal(tap, connections, lambda: Look().connections(),
                f"{name}: tcpConnectionState is what ss -Htan says")
    states = set(connections().values())
    tap.equal(states, set(oracle.STATES.values()), f"{name}: all states of connections")
    check_equal(tap, lambda: set(oracle.listener_rows(walk(oracle.LISTENER_TABLE))),
                lambda: Look().listeners(),
                f"{name}: tcpListenerTable is what ss -Htln says")
    check_equal(tap, lambda: oracle.column(oracle.conn_rows(walk(oracle.CONN_TABLE)), 1),
                lambda: Look().conn_table(),
                f"{name}: tcpConnState is what ss says of IPv4, listeners included")
    check_index_columns(tap, name, walk)
    check_no_row(tap, name, walk, bound_port)


def check_index_columns(tap, name, walk):
    rows = oracle.conn_rows(walk(oracle.CONN_TABLE))
    wrong = {key: row for key, row in rows.items()
             if tuple(row.get(x) for x in (2, 3, 4, 5)) != key}
    tap.ok(rows and not wrong, f"{name}: tcpConnTable's index columns repeat the index",
           wrong)


def check_no_row(tap, name, walk, port):
    """A bound socket and a closed one are no connections."""
    rows = walk(oracle.TCP)
    found = [key for key in [*oracle.connection_rows(rows), *oracle.listener_rows(rows)]
             if key[2] == port]
    found += [key for key in oracle.conn_rows(rows) if key[1] == port]
    tap.ok(not found, f"{name}: a socket that is only bound has no row", found)


def main(script):
    tap = script.tap
    hosts = agents.start_all(script)
    player = peer.Peer()
    bound = player.bound(peer.KINDS[0], 19)
    check_made(tap, peer.make_all(player))
    for host in hosts:
        check_reader(tap, host.kind, host.numbers, player, bound.getsockname()[1])
    check_reader(tap, "netmibd -p", lambda oid: {
        x: y for x, y in agents.printed(script, "tcp").items()
        if x[:len(oid)] == oid}, player, bound.getsockname()[1])
    bound.close()
    player.close()


if __name__ == "__main__":
    test_main(main, agents.PROGRAMS, (peer.need_tun,))
