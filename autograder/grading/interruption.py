"""What ends a run before its time: Ctrl-C, a signal to end, a terminal or a pipe that is gone.

It ends the command and nothing else: it is no outcome of a student's, what is in flight is not recorded, what is
recorded is whole, and no process or folder is left. The same command goes on later.
"""

import contextlib
import os
import signal
import sys
import threading
from functools import partial
from multiprocessing import active_children

from autograder.remote.undisturbed import undisturbed

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
CLOSED_PIPE = 13  # SIGPIPE, which Windows does not name
WORDS = {
    signal.SIGINT: "Interrupted",
    signal.SIGTERM: "Asked to end",
}


class Interrupted(BaseException):
    """A signal came, with this number; not a KeyboardInterrupt, which a check would take for the student's."""

    def told(self):
        """Say so, if somebody is there, and return the exit code that a shell expects of a command so ended."""
        if self.args[0] == CLOSED_PIPE:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left to say is for nobody
        else:
            words = WORDS.get(self.args[0], "The terminal is gone")
            with contextlib.suppress(OSError):
                said = f"course: {words}; what is recorded is kept, and the same command goes on from there."
                print(said, file=sys.stderr, flush=True)
        return 128 + int(self.args[0])


@contextlib.contextmanager
def heeded():
    """Within this, the first signal to end is an `Interrupted`; later ones do not disturb the cleaning up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    interrupt = partial(_interrupt, os.getpid())
    before = {number: signal.signal(number, interrupt) for number in ENDING}
    try:
        yield
    except BrokenPipeError:
        raise Interrupted(CLOSED_PIPE) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(owner, number, frame):
    if os.getpid() != owner:
        os._exit(128 + number)  # a worker that was forked a moment ago and has nothing to let go of yet
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)
    if not undisturbed.postpones(partial(_interrupt, owner, number, frame)):
        raise Interrupted(number)


class Stop:
    """A worker's own ear: the grader tells it with SIGTERM to let go; what a terminal says is not for it.

    The signal interrupts a submission that is being graded, and lets none begin. Between submissions it interrupts
    nothing: the pool is being closed, and the worker leaves by itself.
    """

    def __init__(self):
        self.asked, self._busy = False, False

    def listen(self):
        """Take signals from now on."""
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._hear)

    def _hear(self, number, _frame):
        self.asked = True
        if self._busy and not undisturbed.postpones(partial(self._hear, number, _frame)):
            raise Interrupted(number)

    @contextlib.contextmanager
    def busy(self):
        """Within this a submission is being graded."""
        self._busy = True
        try:
            if self.asked:
                raise Interrupted(signal.SIGTERM)
            yield
        finally:
            self._busy = False


def stop_workers():
    """Tell every worker of this process to let go of what it is grading."""
    for worker in active_children():
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGTERM)
