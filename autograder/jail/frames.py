"""Frames on the wire: a JSON message and the raw bytes of its arrays, with their sizes in front."""

import json
import struct

PREFIX = struct.Struct(">IQ")
# The course's references send 3 MB in a frame at most. JSON takes 20 times its length when it is read.
MAX_HEADER, MAX_BODY = 2 << 20, 8 << 20


class WireError(Exception):
    """A frame that is too large or not of the agreed form."""


def send(connection, message, encoder=None, deadline=None):
    """Send one frame: a JSON-able message and the bytes that an encoder gathered for it, by the deadline."""
    header = json.dumps(message).encode()
    body = b"".join(encoder.body) if encoder else b""
    if len(header) > MAX_HEADER or len(body) > MAX_BODY:
        raise WireError("the value is too large to cross")
    frame = memoryview(PREFIX.pack(len(header), len(body)) + header + body)
    while frame:
        frame = frame[_patiently(connection, deadline, connection.send, frame) :]


def receive(connection, deadline=None):
    """Receive one frame: the message (a dict) and its body. EOFError when the other side is gone.

    A `deadline` says how long the next operation may take (`left`); it raises TimeoutError when the time is up, however
    slowly the frame drips in.
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
        received = _patiently(connection, deadline, connection.recv_into, rest)
        if not received:
            raise EOFError
        rest = rest[received:]
    return buffer


def _patiently(connection, deadline, operation, *args):
    """Try an operation on a socket until it is done or the deadline says that the time is up."""
    while True:
        if deadline is not None:
            connection.settimeout(deadline.left())
        try:
            return operation(*args)
        except TimeoutError:
            if deadline is None:
                raise
