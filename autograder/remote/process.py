"""The grader's end of the wire: one process for a submission, and names that are remote.

A remote name feels like a local one: arrays changed in place, Generators, warnings, `np.errstate`, callbacks and
exceptions cross in both directions. What comes back is rebuilt here and compared here.
"""

import math
import secrets
import warnings
from contextlib import contextmanager

import numpy as np

from autograder.jail.frames import WireError, receive, send
from autograder.jail.wire import Decoder, Encoder
from autograder.remote.allowance import Allowance, Excess
from autograder.remote.deadline import Deadline, queue_of
from autograder.remote.endings import CALLING, ENDED, LOOKING, PROBING, RUNNING, STARTING, STOPPED, USED_UP, worded
from autograder.remote.remote_errors import checked_error
from autograder.remote.remote_names import RemoteFunction
from autograder.remote.replies import checked_observations, unpacked
from helpers.running import Unreachable

MOST_STALE = 100


class Process:
    """One submission's process: run cells, look at names, call answers. `death` says how it ended, if it did.

    `end` (of `time.monotonic`) is when the submission's time as a whole is used up; it is put off, until `latest`, by
    what the process waited for a processor. `knows` says whether it has been asked by a hidden check.
    """

    def __init__(self, zygote, connection, pid, number=0):
        self._zygote, self._connection, self.pid = zygote, connection, pid
        self._queued = queue_of(number)
        self._waited, self._allowance = 0.0, Allowance()
        self.death, self.end, self.latest, self.saw_hidden = "", math.inf, math.inf, False
        self._id, self._past = "", set()
        self._changed = []

    def close(self):
        """End the process and everything that it started."""
        if self._connection:
            self.hang_up()
            self._zygote.end(self)

    def hang_up(self):
        """Close the connection only; the zygote is about to end, and the process with it."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def begin(self):
        """Begin a cell or a check, with a new allowance of what the process may say."""
        self._allowance.renew()

    def close_modules(self, names, seconds=60.0):
        """Close modules of helpers that would answer the lesson's exercises."""
        with self._guarded(STARTING, seconds):
            self._ask({"close": list(names)})
            self._receive()

    def run(self, text, name, seconds):
        """Run a cell; return None, or the description of what it raised (types, message, note)."""
        self.begin()
        with self._guarded(RUNNING, seconds):
            self._ask({"run": text, "name": name})
            return checked_error(self._receive()[0]["ran"])

    def look(self, name, seconds):
        """Return what the submission has under a name: `...` for nothing or the starter, a value, a RemoteFunction."""
        with self._guarded(LOOKING, seconds, name):
            self._ask({"look": name})
            message, body = self._receive()
            if message["kind"] == "function":
                return RemoteFunction(self, name, seconds)
            return ... if message["kind"] == "starter" else self._allowance.decoded(Decoder(body), message["value"])

    def call(self, name, seconds, args, kwargs):
        """Call an answer with arguments of ours, serve its callbacks, and return or raise what it does."""
        with self._guarded(CALLING, seconds, name):
            encoder = Encoder()
            message, body = self._asked({"call": name, **_encoded(encoder, args, kwargs)}, encoder)
            result, error, caught = unpacked(message, body, encoder, self._changed, self._allowance)
        for category, text in caught:
            warnings.warn(text, category, stacklevel=3)
        if error:
            raise error
        return result

    def observe(self, name, seconds, calls):
        """Let the other side call an answer as `helpers.probing.observe` does, and return what it saw."""
        with self._guarded(PROBING, seconds, name):
            encoder = Encoder()
            nodes = [_encoded(encoder, call.args, call.kwargs) for call in calls]
            message, body = self._asked({"observe": name, "calls": nodes}, encoder)
            return checked_observations(self._allowance.decoded(Decoder(body), message["seen"]), calls)

    def _asked(self, message, encoder):
        """Ask for calls of an answer and serve its callbacks until the reply is there."""
        self._ask({**message, "errstate": np.geterr()}, encoder)
        message, body = self._receive()
        while "callback" in message:
            self._serve_callback(message, body, encoder)
            message, body = self._receive()
        return message, body

    def restore(self):
        """Give the arguments that calls have changed in place their values back, and say whether there were any."""
        changed, self._changed = self._changed or (), []
        for array, before in reversed(changed):
            np.copyto(array, before)
        return bool(changed)

    @contextmanager
    def unchanged_arguments(self):
        """Within this, what calls do to their arguments in place stays over there."""
        self._changed = None
        try:
            yield
        finally:
            self._changed = []

    def _serve_callback(self, message, body, encoder):
        function = encoder.functions[message["callback"]]
        decoder, reply = Decoder(body), Encoder()
        args = [self._allowance.decoded(decoder, node) for node in message["args"]]
        kwargs = {str(key): self._allowance.decoded(decoder, node) for key, node in message["kwargs"].items()}
        try:
            answer = {"value": reply.encode(function(*args, **kwargs))}
        except Exception as error:
            answer, reply = {"error": f"{type(error).__name__}: {error}"}, None
        self._send(answer, reply)

    def _send(self, message, encoder=None):
        send(self._connection, message, encoder, self._deadline)

    def _ask(self, message, encoder=None):
        """Send a request under a number that cannot be guessed, so that no reply can be prepared in advance."""
        self._past.add(self._id)
        self._id = secrets.token_hex(8)
        self._send({**message, "id": self._id}, encoder)

    def _receive(self):
        """The reply to the last request; a second reply to an earlier one is passed over, anything else is a fault."""
        for _ in range(MOST_STALE):
            message, body = receive(self._connection, self._deadline)
            self._allowance.message(body)
            if message.get("id") == self._id:
                return message, body
            if message.get("id") not in self._past:
                break
        raise WireError("a reply to nothing that was asked")

    def _look_around(self):
        excess = self._zygote.excess()
        if excess:
            raise Excess(excess)

    @contextmanager
    def _guarded(self, words, seconds, name=""):
        """Whatever goes wrong on the wire ends the process, and says why in one sentence."""
        if self._connection is None:
            raise Unreachable(self.death)
        clock = {"queued": self._queued, "before": self._waited, "look": self._look_around}
        self._deadline = Deadline(seconds, self.end, self.latest, **clock)
        try:
            yield
        except TimeoutError:
            in_all = self._deadline.in_all()
            self._die(STOPPED.format(told=USED_UP if in_all else worded(words, seconds, name)[0]))
        except Excess as excess:
            self._die(f"Stopped: {worded(words, seconds, name)[1]}, {excess}.")
        except (EOFError, OSError):
            self._die(ENDED.format(told=worded(words, seconds, name)[1]))
        except Exception as error:
            reason = str(error) if isinstance(error, WireError) else "a message is not of the agreed form"
            doing = worded(words, seconds, name)[1]
            self._die(f"Stopped: {doing}, something came that the grader cannot read ({reason}).")
        finally:
            self._deadline.settle()
            self.end, self._waited = self._deadline.end, self._deadline.before

    def _die(self, sentence):
        self.death = sentence
        self.close()
        raise Unreachable(sentence) from None


def _encoded(encoder, args, kwargs):
    nodes = [encoder.encode(arg) for arg in args]
    return {"args": nodes, "kwargs": {key: encoder.encode(arg) for key, arg in kwargs.items()}}
