"""How long the grader waits for a submission's process: wall-clock time, less the time it had to wait for a processor.

A neighbor with a hundred busy threads must cost an honest submission nothing. Linux tells how long a thread stood in
the queue for a processor; that much is given back, within bounds, so that one who crowds itself out gains little.
"""

import contextlib
import math
import time

SLICE = 0.1  # seconds between two looks at what a process is doing
MOST_FORGIVEN = 4  # times the limit of a cell or a call


class Deadline:
    """Ends `seconds` from now, and no later than `end` (of `time.monotonic`); `look` is called now and then until then.

    `queued` tells how long the process has stood in the queue in its life, `before` what that was when the grader last
    asked. The end of all, `end`, is put off by what is given back too, but never beyond `latest`.
    """

    def __init__(self, seconds, end=math.inf, latest=math.inf, *, queued=lambda: 0.0, before=0.0, look=lambda: None):
        self._started = time.monotonic()
        self._own, self.end, self._latest = self._started + seconds, end, latest
        self._queued, self.before, self._look = queued, before, look
        self._to_forgive, self._next_look = MOST_FORGIVEN * seconds, self._started + SLICE

    def left(self):
        """Seconds until the next look at the latest; `TimeoutError` when the time is up."""
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + SLICE
            self._look()
        if now >= min(self._own, self.end):
            self._forgive()
        if now >= min(self._own, self.end):
            raise TimeoutError
        return max(min(self._own, self.end, self._next_look) - now, 1e-3)

    def in_all(self):
        """Whether it is the time of the whole submission that is up."""
        return time.monotonic() >= self.end

    def settle(self):
        """Give back what a slow operation has waited; quick ones are not worth the question."""
        if time.monotonic() - self._started > SLICE:
            self._forgive()

    def _forgive(self):
        queued = self._queued()
        waited, self.before = max(queued - self.before, 0.0), queued
        forgiven = min(waited, self._to_forgive)
        self._to_forgive -= forgiven
        self._own += forgiven
        self.end = max(self.end, min(self.end + waited, self._latest))


def queue_of(pid):
    """A function that tells how long (s) the first thread of a process has waited for a processor; 0.0 if unknown."""
    path = f"/proc/{pid}/schedstat"

    def queued():
        with contextlib.suppress(OSError, ValueError, IndexError), open(path, encoding="ascii") as file:
            return int(file.read().split()[1]) / 1e9
        return 0.0

    return queued
