"""Frames on the wire: a JSON message and the raw bytes of its arrays, with their sizes in front."""

import json
import struct
import time

PREFIX = struct.Struct(">IQ")
MAX_HEADER, MAX_BODY = 8 << 20, 64 << 20


class WireError(Exception):
    """A frame that is too large or not of the agreed form."""


def send(connection, message, encoder=None):
    """Send one frame: a JSON-able message, and the bytes that an encoder gathered for it."""
    header = json.dumps(message).encode()
    body = b"".join(encoder.body) if encoder else b""
    if len(header) > MAX_HEADER or len(body) > MAX_BODY:
        raise WireError("the value is too large to cross")
    connection.sendall(PREFIX.pack(len(header), len(body)) + header + body)


def receive(connection, deadline=None):
    """Receive one frame: the message (a dict) and its body. EOFError when the other side is gone.

    TimeoutError at the `deadline` (of `time.monotonic`), however slowly the frame drips in.
    """
    header_size, body_size = PREFIX.unpack(_exactly(connection, PREFIX.size, deadline))
    if header_size > MAX_HEADER or body_size > MAX_BODY:
        raise WireError("a frame is too large")
    frame = _exactly(connection, header_size + body_size, deadline)
    try:
        message = json.loads(frame[:header_size])
    except (ValueError, RecursionError):
        raise WireError("a frame is not JSON") from None
    if type(message) is not dict:
        raise WireError("a frame is not a message")
    return message, memoryview(frame)[header_size:]


def _exactly(connection, size, deadline):
    buffer = bytearray(size)
    rest = memoryview(buffer)
    while rest:
        if deadline is not None:
            bound(connection, deadline)
        received = connection.recv_into(rest)
        if not received:
            raise EOFError
        rest = rest[received:]
    return buffer


def bound(connection, deadline):
    """Let the next operation on a socket end at the deadline."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)
