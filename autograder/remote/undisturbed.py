"""Moments in which no signal may cut in: a folder is made and remembered, a zygote ended, a worker forked.

Whoever handles signals asks here first; what comes in such a moment is done right after it.
"""

import contextlib


class Undisturbed:
    """Knows whether it is such a moment, and keeps what shall be done after it."""

    def __init__(self):
        self._depth, self._later = 0, None

    def postpones(self, act):
        """Whether it is one now; then `act` is called when it is over."""
        if self._depth:
            self._later = act
        return self._depth > 0

    def begin_anew(self):
        """Forget what was going on: a process that was forked in such a moment is not in it."""
        self._depth, self._later = 0, None

    @contextlib.contextmanager
    def __call__(self):
        """Within this, what signals would do is postponed."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if self._depth == 0 and self._later:
                act, self._later = self._later, None
                act()


undisturbed = Undisturbed()  # one for the process, as its signals are
