#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Where the kernel refuses sock_diag the same rows come from /proc, and the log says so."""

import ctypes
import errno
import os
import platform
import socket
import struct

import addresses
import agents
import oracle
import peer
from harness import LIBC, Skip, difference, test_main, wait_for
from oracle import Look

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
RET_ALLOW, RET_ERRNO = 0x7FFF0000, 0x00050000
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06      # BPF: ld word, jeq, ret
NUMBER, ARGUMENT0, ARGUMENT2 = 0, 16, 32         # offsets in struct seccomp_data
NETLINK_SOCK_DIAG = 4
SOCKET_CALL = {"x86_64": 41, "aarch64": 198, "riscv64": 198, "s390x": 359, "ppc64le": 326}


class Program(ctypes.Structure):
    """struct sock_fprog"""
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def _instruction(code, true, false, value):
    return struct.pack("=HBBI", code, true, false, value)


def refuse_sock_diag():
    """From here on socket(AF_NETLINK, ..., NETLINK_SOCK_DIAG) fails in this process."""
    low = 4 if struct.pack("=H", 1) == b"\0\1" else 0
    code = b"".join((
        _instruction(LOAD, 0, 0, NUMBER),
        _instruction(JUMP_EQUAL, 0, 5, SOCKET_CALL[platform.machine()]),
        _instruction(LOAD, 0, 0, ARGUMENT0 + low),
        _instruction(JUMP_EQUAL, 0, 3, socket.AF_NETLINK),
        _instruction(LOAD, 0, 0, ARGUMENT2 + low),
        _instruction(JUMP_EQUAL, 0, 1, NETLINK_SOCK_DIAG),
        _instruction(RETURN, 0, 0, RET_ERRNO | errno.EPROTONOSUPPORT),
        _instruction(RETURN, 0, 0, RET_ALLOW)))
    buffer = ctypes.create_string_buffer(code, len(code))
    program = Program(len(code) // 8, ctypes.addressof(buffer))
    if (LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or
            LIBC.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program)) != 0):
        raise OSError(ctypes.get_errno(), "no seccomp filter")


def is_refused():
    """Tries the filter in a child; True when sock_diag fails there."""
    pid = os.fork()
    if pid == 0:
        try:
            refuse_sock_diag()
            socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG)
        except OSError as error:
            os._exit(0 if error.errno == errno.EPROTONOSUPPORT else 2)
        os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def need_filter():
    """For test_main()."""
    if platform.machine() not in SOCKET_CALL or not is_refused():
        raise Skip("no seccomp filter here")


def without_v6only(rows):
    """From /proc a listener on :: is always taken for a dual-stack one."""
    any6 = (oracle.IPV6, b"\0" * 16)
    return {(oracle.UNKNOWN, b"", key[2]) if key[:2] == any6 else key for key in rows}


def conn_table():
    """Seen from /proc, the IPv6-only listeners are among those of the older table."""
    look = Look()
    rows = look.conn_table()
    for key in without_v6only(look.listeners()):
        if key[0] == oracle.UNKNOWN:
            rows.setdefault(("0.0.0.0", key[2], "0.0.0.0", 0), oracle.LISTEN)
    return rows


def check_equal(tap, name, got, want):
    good = wait_for(lambda: got() == want(), 8, 0.2)
    tap.ok(good, name, *([] if good else difference(got(), want())))


def check_reader(tap, name, walk):
    check_equal(tap, f"{name}: tcpConnectionState is what ss says",
                lambda: oracle.column(oracle.connection_rows(walk()), 7),
                lambda: Look().connections())
    check_equal(tap, f"{name}: tcpConnectionProcess is what ss -p says",
                lambda: oracle.column(oracle.connection_rows(walk()), 8),
                lambda: Look(True).processes())
    check_equal(tap, f"{name}: tcpListenerTable is what ss says, less IPV6_V6ONLY",
                lambda: set(oracle.listener_rows(walk())),
                lambda: without_v6only(Look().listeners()))
    check_equal(tap, f"{name}: tcpConnTable is what ss says of IPv4",
                lambda: oracle.column(oracle.conn_rows(walk()), 1), conn_table)


def main(script):
    tap = script.tap
    player = peer.Peer()
    peer.make_all(player)
    kept = [addresses.listen(socket.AF_INET6, "::", only6=x) for x in (False, True)]
    kept.append(addresses.listen(socket.AF_INET, "0.0.0.0"))
    agent = agents.start_standalone(script, preexec=refuse_sock_diag,
                                    allowed=[r"/proc/net/tcp", r"/proc/net/udp"]).wait_ready()
    check_reader(tap, "refused sock_diag", agent.numbers)
    tap.ok(len(agent.daemon.lines(r"/proc/net/tcp")) == 1, "the log says so once",
           agent.daemon.log())
    check_reader(tap, "refused sock_diag, netmibd -p", lambda: printed(script))
    for sock in kept:
        sock.close()
    player.close()


def printed(script):
    return agents.printed(script, "tcp", preexec_fn=refuse_sock_diag)


if __name__ == "__main__":
    test_main(main, agents.PROGRAMS, (peer.need_tun, need_filter))
