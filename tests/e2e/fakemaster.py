#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""AgentX masters that misbehave: each one a socket with a thread behind it."""

import os
import queue
import socket
import struct
import threading

HEADER = 20
GET, NOTIFY, RESPONSE = 5, 12, 18
NETWORK_ORDER = 0x10
INTEGER, OBJECT_IDENTIFIER = 2, 6


def _order(pdu):
    return "!" if pdu[2] & NETWORK_ORDER else "<"


def _response(request, error=0):
    """An AgentX Response to a request's header, as RFC 2741 section 6.2.16 lays it out."""
    order = _order(request)
    session, transaction, packet = struct.unpack_from(order + "III", request, 4)
    body = struct.pack(order + "IHH", 0, error, 1 if error else 0)
    return struct.pack(order + "BBBBIIII", 1, RESPONSE, request[2], 0, session or 7,
                       transaction, packet, len(body)) + body


def close_at_once(_connection):
    """Accepts and closes."""


def say_nothing(connection):
    """Accepts and never answers."""
    while connection.recv(4096):
        pass


def send_rubbish(connection):
    """Bytes that are no AgentX."""
    connection.sendall(bytes(range(256)) * 16)


def send_text(connection):
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")


def claim_too_much(connection):
    """A good header that announces a payload of four gigabytes."""
    request = connection.recv(4096)
    connection.sendall(_response(request)[:HEADER - 4] + b"\xff\xff\xff\xfc" + b"\0" * 64)
    say_nothing(connection)


def send_half(connection):
    """Half an answer, then the end."""
    connection.sendall(_response(connection.recv(4096))[:HEADER + 3])


def answer_then_close(connection):
    """Opens the session as it should, and closes on the first registration."""
    connection.sendall(_response(connection.recv(4096)))


def answer_then_nothing(connection):
    """Opens the session as it should, and says nothing more."""
    connection.sendall(_response(connection.recv(4096)))
    say_nothing(connection)


def answer_then_rubbish(connection):
    """Opens the session as it should; whatever comes next gets bytes without sense."""
    connection.sendall(_response(connection.recv(4096)))
    if connection.recv(4096):
        connection.sendall(b"\1\x12\x10\0" + b"\xee" * 60)


def ask_nonsense(connection):
    """Opens the session, agrees to everything, and asks with broken requests."""
    connection.settimeout(1)
    try:
        while request := connection.recv(65536):
            connection.sendall(_response(request))
    except TimeoutError:
        pass
    for kind in (5, 6, 7, 8, 99):
        connection.sendall(struct.pack("!BBBBIIII", 1, kind, NETWORK_ORDER, 0, 7, 1, 1, 8)
                           + b"\xff\xff\xff\xff\0\0\0\1")


def _receive(connection):
    """One whole PDU; nothing at the end."""
    pdu = connection.recv(HEADER, socket.MSG_WAITALL)
    if len(pdu) < HEADER:
        return b""
    length, = struct.unpack_from(_order(pdu) + "I", pdu, HEADER - 4)
    return pdu + (connection.recv(length, socket.MSG_WAITALL) if length else b"")


def _take_oid(order, data):
    """An object identifier at the front of data (RFC 2741, 5.1), and what is behind it."""
    n, prefix = data[0], data[1]
    oid = struct.unpack_from(f"{order}{n}I", data, 4)
    return ((1, 3, 6, 1, prefix) if prefix else ()) + oid, data[4 + 4 * n:]


def varbinds(pdu, skip=0):
    """The varbinds of a PDU as [(oid, integer or oid)], `skip` octets into its payload;
    any other type has the value None, and ends the list."""
    order, data, found = _order(pdu), pdu[HEADER + skip:], []
    while data:
        kind, = struct.unpack_from(order + "H", data)
        name, data = _take_oid(order, data[4:])
        value, rest = None, b""
        if kind == INTEGER:
            value, rest = struct.unpack_from(order + "i", data)[0], data[4:]
        elif kind == OBJECT_IDENTIFIER:
            value, rest = _take_oid(order, data)
        found.append((name, value))
        data = rest
    return found


class Notified:
    """A behaviour: agrees to everything, and asks; but notifications are only kept, or
    refused with an error (RFC 2741, 6.2.16)."""

    def __init__(self, error=None):
        self.error = error
        self.notifications = []     # their varbinds
        self.answers = queue.Queue()
        self.connection = None

    def __call__(self, connection):
        self.connection = connection
        while pdu := _receive(connection):
            if pdu[1] == RESPONSE:
                self.answers.put(varbinds(pdu, 8))
            elif pdu[1] != NOTIFY:
                connection.sendall(_response(pdu))
            else:
                self.notifications.append(varbinds(pdu))
                if self.error:
                    connection.sendall(_response(pdu, self.error))

    def get(self, oid):
        """The value of a Get; an exception if there is no answer within a second."""
        payload = struct.pack(f"!BBBB{len(oid)}IBBBB", len(oid), 0, 0, 0, *oid, 0, 0, 0, 0)
        self.connection.sendall(struct.pack("!BBBBIIII", 1, GET, NETWORK_ORDER, 0, 7, 1, 1,
                                            len(payload)) + payload)
        return self.answers.get(timeout=1)[0][1]


BEHAVIOURS = (close_at_once, say_nothing, send_rubbish, send_text, claim_too_much,
              send_half, answer_then_close, answer_then_nothing, answer_then_rubbish,
              ask_nonsense)


class FakeMaster:
    """Listens at `path` and treats everyone who connects with `behaviour`."""

    def __init__(self, path, behaviour):
        self.path = path
        self.behaviour = behaviour
        self.met = 0
        self.open = []
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.bind(path)
        self.sock.listen(5)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.sock.accept()
            except OSError:
                return
            self.met += 1
            self.open.append(connection)
            threading.Thread(target=self._treat, args=(connection,), daemon=True).start()

    def _treat(self, connection):
        try:
            self.behaviour(connection)
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        connection.close()

    def close(self):
        """Takes the socket away and ends every connection."""
        os.unlink(self.path)
        for sock in [self.sock, *self.open]:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()
