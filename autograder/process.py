"""The grader's end of the wire: one process for a submission, and names that are remote.

A remote name feels like a local one: arrays changed in place, Generators, warnings, `np.errstate`, callbacks and
exceptions cross in both directions. What comes back is rebuilt here and compared here.
"""

import builtins
import math
import time
import warnings
from contextlib import contextmanager

import numpy as np

from autograder.jail.frames import WireError, bound, receive, send
from autograder.jail.wire import Decoder, Encoder, set_generator_state
from helpers.running import Unreachable

MOST_WARNINGS = 20


class Process:
    """One submission's process: run cells, look at names, call answers. `death` says how it ended, if it did.

    `end` (of `time.monotonic`) is when the submission's time as a whole is used up.
    """

    def __init__(self, zygote, connection, pid):
        self._zygote, self._connection, self.pid = zygote, connection, pid
        self.death, self.end = "", math.inf

    def close(self):
        """End the process and everything that it started."""
        if self._connection:
            self._connection.close()
            self._connection = None
            self._zygote.end(self)

    def close_modules(self, names, seconds=60.0):
        """Close modules of helpers that would answer the lesson's exercises."""
        with self._guarded("the process was not ready in time", "before the first cell", seconds):
            self._send({"close": list(names)})
            self._receive()

    def run(self, text, name, seconds):
        """Run a cell; return None, or the description of what it raised (types, message, note)."""
        with self._guarded(f"the cell did not finish within {seconds:g} s", "while running the cell", seconds):
            self._send({"run": text, "name": name})
            return _checked_error(self._receive()[0]["ran"])

    def look(self, name, seconds):
        """Return what the submission has under a name: `...` for nothing or the starter, a value, a RemoteFunction."""
        with self._guarded(f"'{name}' could not be read within {seconds:g} s", f"while reading '{name}'", seconds):
            self._send({"look": name})
            message, body = self._receive()
            if message["kind"] == "function":
                return RemoteFunction(self, name, seconds)
            return ... if message["kind"] == "starter" else Decoder(body).decode(message["value"])

    def call(self, name, seconds, args, kwargs):
        """Call an answer with arguments of ours, serve its callbacks, and return or raise what it does."""
        with self._guarded(
            f"a call of {name} did not return within {seconds:g} s", f"during a call of {name}", seconds
        ):
            encoder = Encoder()
            nodes = [encoder.encode(arg) for arg in args]
            named = {key: encoder.encode(arg) for key, arg in kwargs.items()}
            self._send({"call": name, "args": nodes, "kwargs": named, "errstate": np.geterr()}, encoder)
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
        self._send(answer, reply)

    def _send(self, message, encoder=None):
        bound(self._connection, self._deadline)
        send(self._connection, message, encoder)

    def _receive(self):
        return receive(self._connection, self._deadline)

    @contextmanager
    def _guarded(self, too_long, doing, seconds):
        """Whatever goes wrong on the wire ends the process, and says why in one sentence."""
        if self._connection is None:
            raise Unreachable(self.death)
        self._deadline = min(time.monotonic() + seconds, self.end)
        try:
            yield
        except TimeoutError:
            in_all = self._deadline == self.end
            self._die(f"Stopped: {'the time for the whole submission is used up' if in_all else too_long}.")
        except (EOFError, OSError):
            self._die(f"Python itself ended {doing} (as os._exit or a crash do).")
        except Exception as error:
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
    told = list(message.get("warnings", ()))[:MOST_WARNINGS]
    caught = [(builtin_type([str(kind)], Warning, UserWarning), str(text)) for kind, text in told]
    described = _checked_error(message.get("error"))
    if described is None:
        return decoder.decode(message["result"]), None, caught
    return None, _exception(described), caught


def _checked_error(error):
    if error is None:
        return None
    return {
        "types": [str(name) for name in error["types"]],
        "message": _whole(error["message"]),
        "note": _whole(error["note"]),
    }


def _whole(text):
    """A text without halves of characters, which cannot be hashed, printed or kept."""
    return str(text).encode("utf-8", "replace").decode()


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
