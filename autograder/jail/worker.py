"""A submission's process: it runs cells and answers calls until the grader hangs up.

Nothing here is trusted by the other side, and nothing here knows a check, a reference or a score. Student code may
change anything in this process; it can only spoil its own answers.
"""

import __future__

import ast
import asyncio
import functools
import inspect
import linecache
import operator
import sys
import types
import warnings

import numpy as np

from autograder.jail.event_loop import Loop
from autograder.jail.frames import WireError, receive, send
from autograder.jail.wire import Decoder, Encoder, generator_state
from helpers.at_grading import CLOSED_SENTENCE
from helpers.first_calls import Call
from helpers.probing import observe
from helpers.running import is_starter

TEXT_LIMIT = 500
FUTURE = functools.reduce(
    operator.or_, (getattr(__future__, one).compiler_flag for one in __future__.all_feature_names)
)


class Worker:
    """Serves one connection with one namespace."""

    def __init__(self, connection, shell):
        self._connection, self._shell, self._names = connection, shell, shell.user_ns
        self._loop = asyncio.Runner(loop_factory=Loop)
        self._future = 0  # what cells have imported from __future__ holds in the cells after them

    def serve(self):
        """Answer messages until the connection closes."""
        while True:
            try:
                message, body = receive(self._connection)
            except EOFError:
                return
            self._id = message["id"]
            if "close" in message:
                close_modules(message["close"])
                self._reply({})
            elif "run" in message:
                self._reply({"ran": self._run(message["run"], message["name"])})
            elif "look" in message:
                self._look(message["look"])
            elif "call" in message:
                self._call(message, body)
            elif "observe" in message:
                self._observe(message, body)

    def _run(self, text, name):
        """Run one cell; return None, or what it raised."""
        filename = f"<cell {name}>"
        linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
        try:
            source = self._shell.transform_cell(text)
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | self._future
            code = compile(source, filename, "exec", flags, dont_inherit=True)
            self._future |= code.co_flags & FUTURE
            if code.co_flags & inspect.CO_COROUTINE:
                self._loop.run(eval(code, self._names))
            else:
                exec(code, self._names)
        except BaseException as error:
            return _described(error)

    def _look(self, name):
        value = self._names.get(name, ...)
        encoder = Encoder()
        try:
            kind = "starter" if is_starter(value) else "function" if callable(value) else "value"
            node = encoder.encode(value) if kind == "value" else None
        except BaseException:
            kind, node, encoder = "value", {"o": type(value).__name__}, Encoder()
        self._reply({"kind": kind, "value": node}, encoder)

    def _call(self, message, body):
        decoder = Decoder(body, self._callback)
        args = [decoder.decode(node) for node in message["args"]]
        kwargs = {name: decoder.decode(node) for name, node in message["kwargs"].items()}
        before = [array.copy() for array in decoder.arrays]
        encoder, reply = Encoder(), {"warnings": []}
        with warnings.catch_warnings(record=True) as caught, np.errstate(**message["errstate"]):
            warnings.simplefilter("always")
            try:
                reply["result"] = encoder.encode(self._names[message["call"]](*args, **kwargs))
            except BaseException as error:
                reply["error"], encoder = _described(error), Encoder()
        reply["warnings"] = [[type(one.message).__name__, str(one.message)[:TEXT_LIMIT]] for one in caught[:20]]
        pairs = enumerate(zip(before, decoder.arrays, strict=True))
        reply["after"] = [[i, encoder.encode(now)] for i, (old, now) in pairs if old.tobytes() != now.tobytes()]
        reply["generators"] = [generator_state(generator) for generator in decoder.generators]
        self._reply(reply, encoder)

    def _observe(self, message, body):
        """Make several calls of an answer, each in several ways, and tell what was seen."""
        decoder, encoder = Decoder(body, self._callback), Encoder()
        calls = [
            Call(
                tuple(decoder.decode(node) for node in one["args"]),
                {name: decoder.decode(node) for name, node in one["kwargs"].items()},
            )
            for one in message["calls"]
        ]
        with warnings.catch_warnings(), np.errstate(**message["errstate"]):
            warnings.simplefilter("ignore")
            seen = encoder.encode(observe(self._names[message["observe"]], calls))
        self._reply({"seen": seen}, encoder)

    def _callback(self, number):
        """What stands here for a function argument: it calls the grader back."""

        def function(*args, **kwargs):
            encoder = Encoder()
            nodes = [encoder.encode(arg) for arg in args]
            named = {name: encoder.encode(arg) for name, arg in kwargs.items()}
            self._reply({"callback": number, "args": nodes, "kwargs": named}, encoder)
            message, body = receive(self._connection)
            if "error" in message:
                raise RuntimeError(message["error"])
            return Decoder(body).decode(message["value"])

        return function

    def _reply(self, reply, encoder=None):
        """Send a reply under the number of what it replies to."""
        try:
            send(self._connection, {**reply, "id": self._id}, encoder)
        except WireError:
            refusal = {"types": ["ValueError"], "message": "the result is too large", "note": ""}
            send(self._connection, {"error": refusal, "id": self._id})


EMPTY = """
def closed(*args, **kwargs):
    raise RuntimeError({sentence!r})
"""


def close_modules(names):
    """Empty every function of these modules, so that an alias taken earlier or later is empty too."""
    for name in names:
        for function in map(_undecorated, vars(sys.modules[name]).values()):
            if isinstance(function, types.FunctionType) and function.__module__ == name:
                namespace = {}
                exec(EMPTY.format(sentence=CLOSED_SENTENCE.format(name=function.__name__)), namespace)
                function.__code__ = namespace["closed"].__code__
                function.__defaults__ = function.__kwdefaults__ = None


def _undecorated(value):
    """What a decorator hides: emptied, it empties what is around it too."""
    return inspect.unwrap(value) if isinstance(value, types.FunctionType) else value


def _described(error):
    """What left a cell or a call: the names of its type and its bases, its message, and the student's line."""
    try:
        message = str(error)[:TEXT_LIMIT]
    except BaseException:
        message = ""
    types = [kind.__name__ for kind in type(error).__mro__]
    return {"types": types, "message": message, "note": _line_of(error)}


def _line_of(error):
    where, traceback = None, error.__traceback__
    while traceback:
        if traceback.tb_frame.f_code.co_filename.startswith("<cell "):
            where = traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next
    if isinstance(error, SyntaxError) and str(error.filename).startswith("<cell "):
        where = error.filename, error.lineno
    if where is None:
        return ""
    text = linecache.getline(*where).strip()[:TEXT_LIMIT]
    return f"Line {where[1]} of its cell" + (f": {text}" if text else "")
