"""The grader's end of the wire: the zygote, one process for a submission, and names that are remote.

A remote name feels like a local one: arrays changed in place, Generators, warnings, `np.errstate`, callbacks and
exceptions cross in both directions. What comes back is rebuilt here and compared here.
"""

import builtins
import json
import os
import socket
import subprocess
import sys
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from autograder.jail.wire import Decoder, Encoder, WireError, receive, send, set_generator_state
from autograder.problems import CourseError
from helpers.running import Unreachable

ENVIRONMENT = {
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "DEEP_LEARNING_BY_HAND_GRADING": "1",
    "PYTHONHASHSEED": "0",
}
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "HOME", "MPLCONFIGDIR", "TMPDIR")


@dataclass(frozen=True)
class Limits:
    """How long things may take, in seconds: one cell, one call of an answer, a whole submission."""

    cell: float = 5.0
    call: float = 5.0
    submission: float = 120.0


class Zygote:
    """A warm Python that forks processes for submissions; a context manager."""

    def __enter__(self):
        self._control, theirs = socket.socketpair()
        self._open = set()
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        command = [sys.executable, "-I", "-m", "autograder.jail.zygote", str(theirs.fileno())]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], env={**kept, **ENVIRONMENT}, stdin=subprocess.DEVNULL
        )
        theirs.close()
        if not self._control.recv(6):
            raise CourseError("The grader's own Python did not start; see the lines above for its reason.")
        return self

    def __exit__(self, *_):
        for process in list(self._open):
            process.close()
        self._control.close()
        self._process.wait()

    def fork(self):
        """Return a fresh process for a submission."""
        ours, theirs = socket.socketpair()
        socket.send_fds(self._control, [b'{"fork": 1}'], [theirs.fileno()])
        theirs.close()
        process = Process(self, ours, self._reply()["pid"])
        self._open.add(process)
        return process

    def end(self, process):
        """Kill a submission's process with its group and return the status with which it ended."""
        self._open.discard(process)
        self._control.sendall(json.dumps({"end": process.pid}).encode())
        return self._reply()["status"]

    def _reply(self):
        text = self._control.recv(4096)
        if not text:
            raise CourseError("The grader's own Python is gone; run the command again.")
        return json.loads(text)


class Process:
    """One submission's process: run cells, look at names, call answers. `death` says how it ended, if it did."""

    def __init__(self, zygote, connection, pid):
        self._zygote, self._connection, self.pid = zygote, connection, pid
        self.death = ""

    def close(self):
        """End the process and everything that it started."""
        if self._connection:
            self._connection.close()
            self._connection = None
            self._zygote.end(self)

    def run(self, text, name, seconds):
        """Run a cell; return None, or the description of what it raised (types, message, note)."""
        with self._guarded(f"the cell did not finish within {seconds:g} s", "while running the cell"):
            self._deadline = time.monotonic() + seconds
            send(self._connection, {"run": text, "name": name})
            return _checked_error(self._receive()[0]["ran"])

    def look(self, name, seconds):
        """Return what the submission has under a name: `...` for nothing or the starter, a value, a RemoteFunction."""
        with self._guarded(f"'{name}' could not be read within {seconds:g} s", f"while reading '{name}'"):
            self._deadline = time.monotonic() + seconds
            send(self._connection, {"look": name})
            message, body = self._receive()
            if message["kind"] == "function":
                return RemoteFunction(self, name, seconds)
            return ... if message["kind"] == "starter" else Decoder(body).decode(message["value"])

    def call(self, name, seconds, args, kwargs):
        """Call an answer with arguments of ours, serve its callbacks, and return or raise what it does."""
        with self._guarded(f"a call of {name} did not return within {seconds:g} s", f"during a call of {name}"):
            self._deadline = time.monotonic() + seconds
            encoder = Encoder()
            nodes = [encoder.encode(arg) for arg in args]
            named = {key: encoder.encode(arg) for key, arg in kwargs.items()}
            send(self._connection, {"call": name, "args": nodes, "kwargs": named, "errstate": np.geterr()}, encoder)
            message, body = self._receive()
            while "callback" in message:
                self._serve_callback(message, body, encoder)
                message, body = self._receive()
            result, error, caught = _unpacked(message, body, encoder)
        for category, text in caught:
            warnings.warn(text, category, stacklevel=3)
        if error:
            raise error
        return result

    def _serve_callback(self, message, body, encoder):
        function = encoder.functions[message["callback"]]
        decoder, reply = Decoder(body), Encoder()
        args = [decoder.decode(node) for node in message["args"]]
        kwargs = {str(key): decoder.decode(node) for key, node in message["kwargs"].items()}
        try:
            answer = {"value": reply.encode(function(*args, **kwargs))}
        except Exception as error:
            answer, reply = {"error": f"{type(error).__name__}: {error}"}, None
        send(self._connection, answer, reply)

    def _receive(self):
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return receive(self._connection)

    @contextmanager
    def _guarded(self, too_long, doing):
        """Whatever goes wrong on the wire ends the process, and says why in one sentence."""
        if self._connection is None:
            raise Unreachable(self.death)
        try:
            yield
        except TimeoutError:
            self._die(f"Stopped: {too_long}.")
        except (EOFError, OSError):
            self._die(f"Python itself ended {doing} (as os._exit or a crash do).")
        except (WireError, LookupError, TypeError, ValueError, AttributeError) as error:
            reason = str(error) if isinstance(error, WireError) else "a message is not of the agreed form"
            self._die(f"Stopped: {doing}, something came that the grader cannot read ({reason}).")

    def _die(self, sentence):
        self.death = sentence
        self.close()
        raise Unreachable(sentence) from None


class RemoteFunction:
    """An answer that lives in a submission's process."""

    def __init__(self, process, name, seconds):
        self._process, self.__name__, self._seconds = process, name, seconds

    def __call__(self, *args, **kwargs):
        return self._process.call(self.__name__, self._seconds, args, kwargs)


def _unpacked(message, body, encoder):
    """Read a reply: write changed arguments back, and return the result, the exception and the warnings."""
    decoder = Decoder(body)
    for index, node in message.get("after", ()):
        target, now = encoder.arrays[index], decoder.decode(node)
        if type(now) is not np.ndarray or (now.shape, now.dtype) != (target.shape, target.dtype):
            raise WireError("an argument came back as something else")
        np.copyto(target, now)
    for generator, state in zip(encoder.generators, message.get("generators", ()), strict=False):
        set_generator_state(generator, state)
    caught = [(builtin_type([str(kind)], Warning, UserWarning), str(text)) for kind, text in message.get("warnings", ())]
    described = _checked_error(message.get("error"))
    if described is None:
        return decoder.decode(message["result"]), None, caught
    return None, _exception(described), caught


def _checked_error(error):
    if error is None:
        return None
    return {
        "types": [str(name) for name in error["types"]],
        "message": str(error["message"]),
        "note": str(error["note"]),
    }


def _exception(described):
    """Rebuild an exception as its nearest built-in type, with the student's line as a note."""
    kind = builtin_type(described["types"], (Exception, SystemExit), RuntimeError)
    try:
        error = kind(described["message"])
    except Exception:
        error = RuntimeError(f"{described['types'][:1]}: {described['message']}")
    error.add_note(described["note"])
    return error


def builtin_type(names, bases, default):
    """The first of these type names that is built in and a subclass of `bases`."""
    for name in names:
        kind = getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, bases):
            return kind
    return default
