"""Frames on the wire: a JSON message and the raw bytes of its arrays, with their sizes in front."""

import json
import struct

PREFIX = struct.Struct(">IQ")
MAX_HEADER, MAX_BODY = 8 << 20, 256 << 20


class WireError(Exception):
    """A frame that is too large or not of the agreed form."""


def send(connection, message, encoder=None):
    """Send one frame: a JSON-able message, and the bytes that an encoder gathered for it."""
    header = json.dumps(message).encode()
    body = b"".join(encoder.body) if encoder else b""
    if len(header) > MAX_HEADER or len(body) > MAX_BODY:
        raise WireError("the value is too large to cross")
    connection.sendall(PREFIX.pack(len(header), len(body)) + header + body)


def receive(connection):
    """Receive one frame: the message (a dict) and its body. EOFError when the other side is gone."""
    header_size, body_size = PREFIX.unpack(_exactly(connection, PREFIX.size))
    if header_size > MAX_HEADER or body_size > MAX_BODY:
        raise WireError("a frame is too large")
    header, body = _exactly(connection, header_size), _exactly(connection, body_size)
    try:
        message = json.loads(header)
    except (ValueError, RecursionError):
        raise WireError("a frame is not JSON") from None
    if type(message) is not dict:
        raise WireError("a frame is not a message")
    return message, body


def _exactly(connection, size):
    pieces = []
    while size:
        piece = connection.recv(min(size, 1 << 20))
        if not piece:
            raise EOFError
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
